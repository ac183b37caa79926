// SPDX-License-Identifier: MIT
// Where the instructions of an execution go: how many in each function of the program.
#pragma once

#include "core/zkvm/machine.h"

#include <boost/json.hpp>

namespace bowline::zkvm_cli {

/// Counts instructions by their place in the code, and by kind.
class ProfileTracer {
public:
    static constexpr bool kActive = true;
    explicit ProfileTracer(const zkvm::Image& image);

    void before(std::uint32_t pc, const zkvm::Op& op, const zkvm::Registers& registers)
    {
        opcodes.before(pc, op, registers);
        for (Range& range : m_ranges) {
            const std::uint32_t place = (pc - range.base) / 4;
            if (pc >= range.base && place < range.counts.size()) ++range.counts[place];
        }
    }
    void memory(std::uint32_t /*address*/, std::uint32_t /*before*/, std::uint32_t /*after*/) {}
    void after(std::uint32_t /*pc*/, const zkvm::Registers& /*registers*/) {}

    /// Instructions by function, most first; those in no named function count for "kernel" or "?". `elf` has the
    /// names: the symbols of code in its section .symtab.
    [[nodiscard]] boost::json::object byFunction(base::ByteView elf) const;

    zkvm::OpcodeCounter opcodes;

private:
    struct Range {
        std::uint32_t base = 0;
        std::vector<std::uint64_t> counts; // of each word
    };
    std::vector<Range> m_ranges;
};

struct Symbol {
    std::uint32_t address = 0;
    std::uint32_t size = 0;
    std::string name;
};
/// The functions that the file names, by address; none if it is no ELF file with symbols.
[[nodiscard]] std::vector<Symbol> functionsOf(base::ByteView elf);

} // namespace bowline::zkvm_cli
