// SPDX-License-Identifier: MIT
// The first shard of a guest with its proof: what benches of recursion begin with.
#pragma once

#include "core/aggregate/span.h"
#include "core/proving/prover.h"

#include <fstream>
#include <iterator>
#include <string>

namespace bowline::bench {

inline base::Bytes fileOf(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

struct Shard {
    aggregate::Span span;
    stark::Proof proof;
    stark::VerifyingKey key;
};

inline base::Result<Shard> firstShard(const std::string& guest, const std::string& input,
                                      std::uint64_t instructions, const stark::ProverOptions& prover)
{
    BOWLINE_TRY(const auto image, zkvm::imageFromElf(fileOf(BOWLINE_BINARY_DIR "/guests/" + guest)));
    proving::ProvingOptions options;
    options.prover = prover;
    options.shardInstructions = instructions;
    BOWLINE_TRY(const auto program, proving::PreparedProgram::make(image, options.parameters, prover));
    BOWLINE_TRY(const auto machine,
                zkvm::Machine::create(image, base::toBytes(base::viewOf(input)), options.machine));
    zkvm::MemoryTree tree = program->tree();
    BOWLINE_TRY(const auto executed, proving::executeShard(*program, *machine, tree, options));
    Shard out;
    BOWLINE_TRY(out.proof, stark::prove(program->key(), executed.witness.traces,
                                        executed.statement.publicValues(), prover));
    out.span = {executed.statement, program->commitment().tables, program->commitment().programLog, {}};
    out.key = program->key().verifying();
    return out;
}

} // namespace bowline::bench
