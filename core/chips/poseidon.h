// SPDX-License-Identifier: MIT
// The Poseidon2 precompile: one row a call, which accesses the 16 words and asks the table of permutations.
#pragma once

#include "core/chips/chip.h"

namespace bowline::chips {

/// Words are elements below p, before and after (rule B3): the upper limb is at most 0x7f00, and if it is 0x7f00 the
/// lower one is 0.
class PoseidonChip final : public CallChip {
public:
    PoseidonChip();
    [[nodiscard]] std::string name() const override { return "poseidon2"; }
    [[nodiscard]] std::size_t rowsPerCall() const override { return 1; }
    void eval(AirBuilder& b) const override;
    void fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const override;

private:
    static constexpr std::size_t kWords = 16;
    void constrainElement(RowConstraints& row, WordExpr word, Expr inverse, const std::string& name) const;

    std::size_t m_real;
    std::size_t m_time;
    std::vector<Word> m_pointers;
    std::size_t m_carries; // of the address of word i + 1 into the upper limb
    std::vector<WritePort> m_ports;
    std::vector<Word> m_after;
    std::size_t m_inverses; // of 0x7f00 - the upper limb, before and after
};

} // namespace bowline::chips
