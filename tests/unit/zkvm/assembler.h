// SPDX-License-Identifier: MIT
// Words of MIPS code and a small ELF file around them, so that a test says exactly which instructions it means.
#pragma once

#include "core/base/serial.h"
#include "core/zkvm/layout.h"

#include <vector>

namespace bowline::test::mips {

using Word = std::uint32_t;

constexpr Word rType(Word function, Word rd, Word rs, Word rt, Word sa = 0)
{
    return rs << 21U | rt << 16U | rd << 11U | sa << 6U | function;
}
constexpr Word iType(Word opcode, Word rt, Word rs, Word imm)
{
    return opcode << 26U | rs << 21U | rt << 16U | (imm & 0xffffU);
}
constexpr Word special2(Word function, Word rd, Word rs, Word rt)
{
    return 0x1cU << 26U | rType(function, rd, rs, rt);
}
constexpr Word special3(Word function, Word rd, Word rs, Word rt, Word sa)
{
    return 0x1fU << 26U | rType(function, rd, rs, rt, sa);
}
constexpr Word regimm(Word kind, Word rs, Word imm) { return iType(0x01, kind, rs, imm); }
constexpr Word jump(Word opcode, Word target) { return opcode << 26U | (target >> 2U & 0x03ffffffU); }

constexpr Word kNop = 0;
constexpr Word addiu(Word rt, Word rs, Word imm) { return iType(0x09, rt, rs, imm); }
constexpr Word lui(Word rt, Word imm) { return iType(0x0f, rt, 0, imm); }
constexpr Word ori(Word rt, Word rs, Word imm) { return iType(0x0d, rt, rs, imm); }
constexpr Word addu(Word rd, Word rs, Word rt) { return rType(0x21, rd, rs, rt); }
constexpr Word lw(Word rt, Word offset, Word base) { return iType(0x23, rt, base, offset); }
constexpr Word sw(Word rt, Word offset, Word base) { return iType(0x2b, rt, base, offset); }
constexpr Word ll(Word rt, Word offset, Word base) { return iType(0x30, rt, base, offset); }
constexpr Word sc(Word rt, Word offset, Word base) { return iType(0x38, rt, base, offset); }
/// `offset` counts instructions from the delay slot.
constexpr Word beq(Word rs, Word rt, Word offset) { return iType(0x04, rt, rs, offset); }
constexpr Word jr(Word rs) { return rType(0x08, 0, rs, 0); }
/// SYSCALL with a code: 0 enters the kernel, others are primitives.
constexpr Word trap(Word code = 0) { return code << 6U | 0x0cU; }

/// The two instructions of `li`.
inline void loadWord(std::vector<Word>& out, Word rt, Word value)
{
    out.push_back(lui(rt, value >> 16U));
    out.push_back(ori(rt, rt, value));
}

inline constexpr Word kTextBase = 0x00400000;
inline constexpr Word kDataBase = 0x10000000;

/// An executable: `code` at kTextBase, where it starts, and `dataBytes` zeros behind `data` at kDataBase.
inline base::Bytes elfOf(const std::vector<Word>& code, const std::vector<Word>& data, Word dataBytes)
{
    constexpr Word kHeader = 0x1000;
    const auto codeBytes = static_cast<Word>(4 * code.size());
    const auto filledBytes = static_cast<Word>(4 * data.size());
    const Word dataAt = (kHeader + codeBytes + 0xfffU) & ~0xfffU;
    base::Writer out;
    for (const int byte : {0x7f, 0x45, 0x4c, 0x46, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0})
        out.u8(static_cast<std::uint8_t>(byte));
    out.u16le(2);
    out.u16le(8);
    for (const Word word : {1U, kTextBase, 52U, 0U, 0x70001001U}) out.u32le(word);
    for (const int half : {52, 32, 2, 40, 0, 0}) out.u16le(static_cast<std::uint16_t>(half));
    for (const Word word : {1U, kHeader, kTextBase, kTextBase, codeBytes, codeBytes, 5U, 0x1000U})
        out.u32le(word);
    for (const Word word :
         {1U, dataAt, kDataBase, kDataBase, filledBytes, filledBytes + dataBytes, 6U, 0x1000U})
        out.u32le(word);
    base::Bytes file = out.take();
    const auto append = [&file](const std::vector<Word>& words, Word at) {
        file.resize(at);
        base::Writer writer;
        for (const Word word : words) writer.u32le(word);
        base::append(file, writer.data());
    };
    append(code, kHeader);
    append(data, dataAt);
    return file;
}

} // namespace bowline::test::mips
