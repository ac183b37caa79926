// SPDX-License-Identifier: MIT
// Random programs on a bare machine: every kind of instruction, no loops, no faults, HALT at the end.
#pragma once

#include "core/zkvm/machine.h"
#include "tests/unit/zkvm/assembler.h"

#include <random>

namespace bowline::test {

using namespace mips;

inline constexpr Word kBase = 16; // the register that holds the data's address

/// Half of them at the edges of what limbs, signs and p can do.
inline std::uint32_t operand(std::mt19937& random)
{
    static constexpr std::uint32_t kEdges[] = {0,          1,          2,          0x7f,       0x80,
                                               0xff,       0x7fff,     0x8000,     0xffff,     0x10000,
                                               0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff,
                                               0x7f000001, 0x7f000000, 0xffff0000};
    return random() % 2 == 0 ? kEdges[random() % std::size(kEdges)] : static_cast<std::uint32_t>(random());
}

// Words of every kind of instruction that neither jumps nor faults, on the registers 1 to 15.
class RandomCode {
public:
    explicit RandomCode(std::uint32_t seed) : m_random(seed) {}

    std::vector<Word> code(std::size_t count)
    {
        std::vector<Word> out;
        while (out.size() < count) add(out);
        out.push_back(trap(BOWLINE_HALT));
        out.push_back(kNop);
        return out;
    }
    std::vector<Word> data(std::size_t words)
    {
        std::vector<Word> out(words);
        for (Word& word : out) word = operand(m_random);
        return out;
    }
    zkvm::Registers registers()
    {
        zkvm::Registers out{};
        for (std::size_t i = 1; i < 16; ++i) out[i] = operand(m_random);
        out[kBase] = kDataBase;
        out[zkvm::kHi] = operand(m_random);
        out[zkvm::kLo] = operand(m_random);
        return out;
    }

private:
    Word any() { return static_cast<Word>(m_random() % 16); }
    Word rd() { return any(); } // 0 too
    Word imm() { return operand(m_random) & 0xffffU; }
    void add(std::vector<Word>& out)
    {
        static constexpr Word kThree[] = {0x21, 0x23, 0x24, 0x25, 0x26, 0x27, 0x2a,
                                          0x2b, 0x0a, 0x0b, 0x04, 0x06, 0x07};
        static constexpr Word kImmediate[] = {0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f};
        static constexpr Word kLong[] = {0x18, 0x19, 0x1a, 0x1b};
        static constexpr Word kLong2[] = {0x00, 0x01, 0x04, 0x05};
        switch (m_random() % 13) {
        case 0:
        case 1: out.push_back(rType(pick(kThree), rd(), any(), any())); break;
        case 2: out.push_back(iType(pick(kImmediate), rd(), any(), imm())); break;
        case 3:
            out.push_back(
                rType(m_random() % 2 ? 0x02 : 0x03, rd(), m_random() % 2 ? 0 : 0, any(), m_random() % 32));
            break;
        case 4: shifts(out); break;
        case 5: out.push_back(rType(pick(kLong), 0, any(), any())); break;
        case 6: out.push_back(special2(pick(kLong2), 0, any(), any())); break;
        case 7: out.push_back(special2(0x02, rd(), any(), any())); break; // mul
        case 8: bits(out); break;
        case 9: out.push_back(rType(0x10U + static_cast<Word>(m_random() % 4), rd(), any(), 0)); break;
        case 10: memory(out); break;
        case 11: branch(out); break;
        default: linked(out); break;
        }
    }
    void shifts(std::vector<Word>& out)
    {
        const auto amount = static_cast<Word>(m_random() % 32);
        if (m_random() % 2) {
            out.push_back(rType(0x02, rd(), 1, any(), amount)); // rotr
        } else {
            out.push_back(rType(0x06, rd(), any(), any(), 1)); // rotrv
        }
        out.push_back(rType(0x00, 1 + any() % 15, 0, 1 + any() % 15, amount)); // sll
    }
    void bits(std::vector<Word>& out)
    {
        const auto low = static_cast<Word>(m_random() % 32);
        const auto size = static_cast<Word>(1 + m_random() % (32 - low));
        switch (m_random() % 5) {
        case 0: out.push_back(special2(0x20, rd(), any(), 0)); break;                    // clz
        case 1: out.push_back(special2(0x21, rd(), any(), 0)); break;                    // clo
        case 2: out.push_back(special3(0x00, size - 1, any(), any(), low)); break;       // ext
        case 3: out.push_back(special3(0x04, low + size - 1, any(), any(), low)); break; // ins
        default:
            static constexpr Word kKinds[] = {0x02, 0x10, 0x18};
            out.push_back(special3(0x20, rd(), 0, any(), pick(kKinds)));
        }
    }
    void memory(std::vector<Word>& out)
    {
        static constexpr Word kBytes[] = {0x20, 0x24, 0x28, 0x22, 0x26, 0x2a, 0x2e};
        static constexpr Word kHalves[] = {0x21, 0x25, 0x29};
        static constexpr Word kWords[] = {0x23, 0x2b};
        const auto place = static_cast<Word>(m_random() % 256);
        switch (m_random() % 3) {
        case 0: out.push_back(iType(pick(kBytes), rd(), kBase, place)); break;
        case 1: out.push_back(iType(pick(kHalves), rd(), kBase, place & ~1U)); break;
        default: out.push_back(iType(pick(kWords), rd(), kBase, place & ~3U));
        }
    }
    // Over one instruction or none, with a NOP or another instruction in the slot.
    void branch(std::vector<Word>& out)
    {
        static constexpr Word kOpcodes[] = {0x04, 0x05, 0x06, 0x07};
        static constexpr Word kRegimm[] = {0x00, 0x01, 0x10, 0x11};
        const Word slot = m_random() % 2 ? kNop : addiu(1 + any() % 15, any(), imm());
        const Word opcode = pick(kOpcodes);
        const Word offset = m_random() % 2 ? 1 : 2;
        if (m_random() % 3 == 0) {
            out.push_back(regimm(pick(kRegimm), any(), offset));
        } else {
            out.push_back(iType(opcode, opcode >= 6 ? 0 : any(), any(), offset));
        }
        out.push_back(slot);
        out.push_back(addiu(1 + any() % 15, any(), imm()));
        if (m_random() % 2) jumps(out);
    }
    void jumps(std::vector<Word>& out)
    {
        const auto here = static_cast<Word>(kTextBase + 4 * out.size());
        const Word slot = m_random() % 2 ? kNop : addiu(1 + any() % 15, any(), imm());
        if (m_random() % 2) {
            out.push_back(jump(m_random() % 2 ? 0x02 : 0x03, here + 12));
            out.push_back(slot);
        } else {
            loadWord(out, 17, here + 20);
            out.push_back(m_random() % 2 ? jr(17) : rType(0x09, 1 + any() % 15, 17, 0));
            out.push_back(slot);
        }
        out.push_back(addiu(1 + any() % 15, any(), imm()));
    }
    void linked(std::vector<Word>& out)
    {
        const auto place = static_cast<Word>(m_random() % 64) & ~3U;
        out.push_back(ll(rd(), place, kBase));
        if (m_random() % 3 == 0) out.push_back(sc(rd(), place ^ 4U, kBase));
        out.push_back(sc(rd(), place, kBase));
    }
    template <std::size_t N>
    Word pick(const Word (&list)[N])
    {
        return list[m_random() % N];
    }
    std::mt19937 m_random;
};

} // namespace bowline::test
