// SPDX-License-Identifier: MIT
// Code that uses every instruction, and its execution as one shard.
#pragma once

#include "tests/unit/proving/fixture.h"

#include <random>

namespace bowline::test::mips {

inline constexpr Word kBase = 16; // holds the data's address
/// Words of data, of which those from kElements on are below p.
inline constexpr std::size_t kDataWords = 128;
inline constexpr std::size_t kElements = 96;

inline std::uint32_t operand(std::mt19937& random)
{
    static constexpr std::uint32_t kEdges[] = {0,          1,          2,          0x7f,       0x80,
                                               0xff,       0x7fff,     0x8000,     0xffff,     0x10000,
                                               0x7fffffff, 0x80000000, 0x80000001, 0xfffffffe, 0xffffffff,
                                               0x7f000001, 0x7f000000, 0xffff0000};
    return random() % 2 == 0 ? kEdges[random() % std::size(kEdges)] : static_cast<std::uint32_t>(random());
}

inline std::vector<Word> randomData(std::uint32_t seed)
{
    std::vector<Word> out(kDataWords);
    std::mt19937 random(seed);
    for (Word& word : out) word = operand(random);
    for (std::size_t i = kElements; i < out.size(); ++i) out[i] &= 0x3fffffffU;
    return out;
}

/// Words of every kind of instruction, none of which faults, on the registers 1 to 15; 17 to 19 hold operands for a
/// while.
class RandomCode {
public:
    explicit RandomCode(std::uint32_t seed) : m_random(seed) {}

    std::vector<Word> code(std::size_t count)
    {
        std::vector<Word> out{kNop, iType(0x28, 1, kBase, 1)}; // sb: rarely drawn
        while (out.size() < count) add(out);
        out.push_back(trap(BOWLINE_HALT));
        out.push_back(kNop);
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
        switch (m_random() % 16) {
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
        case 12: checkedAdd(out); break;
        case 13: traps(out); break;
        case 14: primitives(out); break;
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
    // ADD, SUB and ADDI of numbers whose sum and difference have 31 bits.
    void checkedAdd(std::vector<Word>& out)
    {
        const auto small = [this] {
            return operand(m_random) % 0x40000000U - (m_random() % 2 ? 0x20000000U : 0U);
        };
        loadWord(out, 18, small());
        loadWord(out, 19, small());
        out.push_back(rType(m_random() % 2 ? 0x20 : 0x22, rd(), 18, 19));
        out.push_back(iType(0x08, rd(), 18, imm()));
    }
    // All conditional traps, none of which is taken: 18 is less than 19 both ways, or signed alone.
    void traps(std::vector<Word>& out)
    {
        const bool negative = m_random() % 2 != 0;
        const Word less =
            negative ? 0U - 1 - static_cast<Word>(m_random() % 9) : static_cast<Word>(m_random() % 9);
        loadWord(out, 18, less);
        loadWord(out, 19, 9 + static_cast<Word>(m_random() % 0x70000000U));
        out.push_back(rType(0x34, 0, 18, 19));                                     // teq
        out.push_back(rType(0x36, 0, 18, 18));                                     // tne
        out.push_back(rType(0x30, 0, 18, 19));                                     // tge
        out.push_back(rType(0x32, 0, 19, 18));                                     // tlt
        out.push_back(negative ? rType(0x31, 0, 19, 18) : rType(0x31, 0, 18, 19)); // tgeu
        out.push_back(negative ? rType(0x33, 0, 18, 19) : rType(0x33, 0, 19, 18)); // tltu
        out.push_back(regimm(0x0c, 18, less + 1));                                 // teqi
        out.push_back(regimm(0x0e, 18, less));                                     // tnei
        out.push_back(regimm(0x08, 18, 9));                                        // tgei
        out.push_back(regimm(0x0a, 18, less));                                     // tlti
        out.push_back(regimm(0x09, negative ? 19 : 18, negative ? 0xffff : 9));    // tgeiu
        out.push_back(regimm(0x0b, 18, less));                                     // tltiu
    }
    void primitives(std::vector<Word>& out)
    {
        switch (m_random() % 4) {
        case 0:
            out.push_back(trap(BOWLINE_HINT_LEN));
            out.push_back(trap(BOWLINE_HINT_WORD));
            break;
        case 1:
            out.push_back(trap(BOWLINE_SET_USER_LOCAL));
            out.push_back(special3(0x3b, 29, 0, any(), 0)); // rdhwr
            break;
        case 2: out.push_back(trap(BOWLINE_DEBUG)); break;
        default: // also where the address's lower limb overflows
            loadWord(out, 4, m_random() % 2 ? kDataBase + 4 * kElements : kDataBase + 0xffe0U);
            out.push_back(trap(BOWLINE_POSEIDON2));
        }
    }
    template <std::size_t N>
    Word pick(const Word (&list)[N])
    {
        return list[m_random() % N];
    }
    std::mt19937 m_random;
};

inline proving::ProvingOptions testOptions(std::uint64_t instructions = proving::kMaxShardInstructions)
{
    proving::ProvingOptions out;
    out.parameters = kTestParameters;
    out.shardInstructions = instructions;
    return out;
}

struct Executed {
    BareProgram program;
    proving::ExecutedShard shard;

    Executed(const std::vector<Word>& code, const std::vector<Word>& data, const zkvm::Registers& registers)
        : program(code, data, registers)
    {
        const auto machine = expect(zkvm::Machine::create(program.image, {}, {}));
        zkvm::MemoryTree tree = program.prepared->tree();
        shard = expect(proving::executeShard(*program.prepared, *machine, tree, testOptions()));
    }
    [[nodiscard]] std::string violations() const
    {
        return violationsOf(program.prepared->key().system(), shard);
    }
};

} // namespace bowline::test::mips
