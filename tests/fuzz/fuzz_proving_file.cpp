// SPDX-License-Identifier: MIT
// Proof files: no bytes crash decoder or verifier, what decodes has one encoding, and nothing is accepted but the honest
// proof that the target makes at its start.
#include "core/proving/prover.h"
#include "core/proving/verifier.h"
#include "tests/unit/zkvm/assembler.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::proving;

namespace {
// Few queries, so that a proof is short.
constexpr stark::Parameters kParameters{1, 2, 1, 1, 1, 1, 1};

// A program that halts at once; without kernel there is no result, so that even its proof is refused at the end.
struct Honest {
    zkvm::Image image =
        *zkvm::bareImageFromElf(test::mips::elfOf({test::mips::trap(BOWLINE_HALT), test::mips::kNop}, {}, 0));
    std::unique_ptr<PreparedProgram> program = *PreparedProgram::make(image, kParameters, {});
    stark::VerifyingKey key = *verifyingKeyOf(program->commitment(), kParameters);
    base::Bytes shard;
    chips::Statement statement;

    Honest()
    {
        const auto machine = *zkvm::Machine::create(image, {}, {});
        zkvm::MemoryTree tree = program->tree();
        ProvingOptions options;
        options.parameters = kParameters;
        const auto executed = executeShard(*program, *machine, tree, options);
        statement = executed->statement;
        shard = stark::encode(
            key, *stark::prove(program->key(), executed->witness.traces, statement.publicValues()));
    }
    [[nodiscard]] base::Bytes file() const
    {
        ExecutionProof out;
        out.program = program->commitment();
        out.shards.push_back({statement, shard});
        return out.encode();
    }
};
} // namespace

// The input is laid over the honest file from a place that its first bytes tell, so that it gets past the header.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const Honest honest;
    static const base::Bytes file = honest.file();
    const base::ByteView input(data, size);
    base::Bytes bytes(input.begin(), input.end());
    if (size >= 4 && data[0] % 2 == 0) {
        const std::size_t at =
            (std::size_t{data[1]} | std::size_t{data[2]} << 8U | std::size_t{data[3]} << 16U) % file.size();
        bytes = file;
        for (std::size_t i = 4; i < size && at + i - 4 < bytes.size(); ++i) bytes[at + i - 4] = data[i];
    }
    const auto decoded = ExecutionProof::decode(bytes);
    if (!decoded.ok()) return 0;
    if (decoded->encode() != bytes) std::abort();
    if (verifyExecution(*decoded, decoded->program.id(), honest.key).ok()) std::abort();
    return 0;
}
