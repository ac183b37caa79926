// SPDX-License-Identifier: MIT
// Small programs, prepared and executed shard by shard.
#pragma once

#include "core/proving/prover.h"
#include "core/proving/verifier.h"
#include "core/stark/check.h"
#include "tests/unit/stark/example.h"
#include "tests/unit/zkvm/fixture.h"

namespace bowline::test {

/// A program without kernel, at its first instruction; registers as given.
struct BareProgram {
    zkvm::Image image;
    std::unique_ptr<proving::PreparedProgram> prepared;

    BareProgram(const std::vector<mips::Word>& code, const std::vector<mips::Word>& data,
                const zkvm::Registers& registers)
        : image(expect(zkvm::bareImageFromElf(mips::elfOf(code, data, 0))))
    {
        image.registers = registers;
        image.registers[0] = 0;
        prepared = expect(proving::PreparedProgram::make(image, kTestParameters, {}));
    }
};

/// What the tables of a shard violate, each with its chip.
[[nodiscard]] inline std::string violationsOf(const stark::System& system,
                                              const proving::ExecutedShard& shard)
{
    std::string out;
    for (const auto& violation :
         stark::findViolations(system, shard.witness.traces, shard.statement.publicValues(), 5))
        out += violation.chip + ": " + violation.what + " in row " + std::to_string(violation.row) + "\n";
    return out;
}

} // namespace bowline::test
