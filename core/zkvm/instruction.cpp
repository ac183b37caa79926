// SPDX-License-Identifier: MIT
#include "core/zkvm/instruction.h"

#include <array>

namespace bowline::zkvm {

namespace {

struct Fields {
    std::uint32_t word;
    std::uint32_t pc;

    [[nodiscard]] std::uint32_t opcode() const { return word >> 26U; }
    [[nodiscard]] std::uint8_t rs() const { return static_cast<std::uint8_t>(word >> 21U & 31U); }
    [[nodiscard]] std::uint8_t rt() const { return static_cast<std::uint8_t>(word >> 16U & 31U); }
    [[nodiscard]] std::uint8_t rd() const { return static_cast<std::uint8_t>(word >> 11U & 31U); }
    [[nodiscard]] std::uint32_t sa() const { return word >> 6U & 31U; }
    [[nodiscard]] std::uint32_t function() const { return word & 63U; }
    [[nodiscard]] std::uint32_t unsignedImm() const { return word & 0xffffU; }
    [[nodiscard]] std::uint32_t signedImm() const
    {
        return static_cast<std::uint32_t>(static_cast<std::int32_t>(static_cast<std::int16_t>(word)));
    }
    [[nodiscard]] std::uint32_t branchTarget() const { return pc + 4 + (signedImm() << 2U); }
    [[nodiscard]] std::uint32_t jumpTarget() const
    {
        return ((pc + 4) & 0xf0000000U) | (word & 0x03ffffffU) << 2U;
    }
};

[[nodiscard]] std::uint8_t destination(std::uint8_t index) { return index == 0 ? kSink : index; }

[[nodiscard]] Op threeRegisters(Code code, const Fields& f)
{
    return {code, destination(f.rd()), f.rs(), f.rt()};
}
[[nodiscard]] Op shiftByAmount(Code code, const Fields& f)
{
    return {code, destination(f.rd()), 0, f.rt(), f.sa()};
}
[[nodiscard]] Op twoSources(Code code, const Fields& f) { return {code, kSink, f.rs(), f.rt()}; }
[[nodiscard]] Op immediate(Code code, const Fields& f, std::uint32_t imm)
{
    return {code, destination(f.rt()), f.rs(), 0, imm};
}
[[nodiscard]] Op branch(Code code, const Fields& f)
{
    return {code, kSink, f.rs(), f.rt(), f.branchTarget()};
}
[[nodiscard]] Op load(Code code, const Fields& f)
{
    return {code, destination(f.rt()), f.rs(), f.rt(), f.signedImm()};
}
[[nodiscard]] Op store(Code code, const Fields& f) { return {code, kSink, f.rs(), f.rt(), f.signedImm()}; }

[[nodiscard]] Op decodeShift(const Fields& f)
{
    const bool rotate = (f.rs() & 1U) != 0;
    const bool rotateVariable = (f.sa() & 1U) != 0;
    switch (f.function()) {
    case 0x00:
        // The canonical no-operations are all `sll $0, $0, n`.
        if (f.rd() == 0 && f.rt() == 0) return {Code::Nop};
        return shiftByAmount(Code::Sll, f);
    case 0x02: return shiftByAmount(rotate ? Code::Rotr : Code::Srl, f);
    case 0x03: return shiftByAmount(Code::Sra, f);
    case 0x04: return threeRegisters(Code::Sllv, f);
    case 0x06: return threeRegisters(rotateVariable ? Code::Rotrv : Code::Srlv, f);
    case 0x07: return threeRegisters(Code::Srav, f);
    default: return {};
    }
}

[[nodiscard]] Op decodeHiLo(const Fields& f)
{
    switch (f.function()) {
    case 0x10: return {Code::Mfhi, destination(f.rd()), kHi};
    case 0x11: return {Code::Mthi, kHi, f.rs()};
    case 0x12: return {Code::Mflo, destination(f.rd()), kLo};
    case 0x13: return {Code::Mtlo, kLo, f.rs()};
    case 0x18: return twoSources(Code::Mult, f);
    case 0x19: return twoSources(Code::Multu, f);
    case 0x1a: return twoSources(Code::Div, f);
    case 0x1b: return twoSources(Code::Divu, f);
    default: return {};
    }
}

[[nodiscard]] Op decodeSpecial(const Fields& f)
{
    if (f.function() < 0x08) return decodeShift(f);
    if (f.function() >= 0x10 && f.function() < 0x20) return decodeHiLo(f);
    switch (f.function()) {
    case 0x08: return {Code::Jr, kSink, f.rs()};
    case 0x09: return {Code::Jalr, destination(f.rd()), f.rs()};
    case 0x0a: return threeRegisters(Code::Movz, f);
    case 0x0b: return threeRegisters(Code::Movn, f);
    case 0x0c: return {Code::Syscall, kSink, 0, 0, f.word >> 6U & 0xfffffU};
    case 0x0d: return {Code::Break};
    case 0x0f: return {Code::Nop};
    case 0x20: return threeRegisters(Code::Add, f);
    case 0x21: return threeRegisters(Code::Addu, f);
    case 0x22: return threeRegisters(Code::Sub, f);
    case 0x23: return threeRegisters(Code::Subu, f);
    case 0x24: return threeRegisters(Code::And, f);
    case 0x25: return threeRegisters(Code::Or, f);
    case 0x26: return threeRegisters(Code::Xor, f);
    case 0x27: return threeRegisters(Code::Nor, f);
    case 0x2a: return threeRegisters(Code::Slt, f);
    case 0x2b: return threeRegisters(Code::Sltu, f);
    case 0x30: return twoSources(Code::Tge, f);
    case 0x31: return twoSources(Code::Tgeu, f);
    case 0x32: return twoSources(Code::Tlt, f);
    case 0x33: return twoSources(Code::Tltu, f);
    case 0x34: return twoSources(Code::Teq, f);
    case 0x36: return twoSources(Code::Tne, f);
    default: return {};
    }
}

[[nodiscard]] Op decodeRegimm(const Fields& f)
{
    switch (f.rt()) {
    case 0x00: return {Code::Bltz, kSink, f.rs(), 0, f.branchTarget()};
    case 0x01: return {Code::Bgez, kSink, f.rs(), 0, f.branchTarget()};
    case 0x08: return {Code::Tgei, kSink, f.rs(), 0, f.signedImm()};
    case 0x09: return {Code::Tgeiu, kSink, f.rs(), 0, f.signedImm()};
    case 0x0a: return {Code::Tlti, kSink, f.rs(), 0, f.signedImm()};
    case 0x0b: return {Code::Tltiu, kSink, f.rs(), 0, f.signedImm()};
    case 0x0c: return {Code::Teqi, kSink, f.rs(), 0, f.signedImm()};
    case 0x0e: return {Code::Tnei, kSink, f.rs(), 0, f.signedImm()};
    case 0x10: return {Code::Bltzal, 31, f.rs(), 0, f.branchTarget()};
    case 0x11: return {Code::Bgezal, 31, f.rs(), 0, f.branchTarget()};
    default: return {};
    }
}

[[nodiscard]] Op decodeSpecial2(const Fields& f)
{
    switch (f.function()) {
    case 0x00: return twoSources(Code::Madd, f);
    case 0x01: return twoSources(Code::Maddu, f);
    case 0x02: return threeRegisters(Code::Mul, f);
    case 0x04: return twoSources(Code::Msub, f);
    case 0x05: return twoSources(Code::Msubu, f);
    case 0x20: return {Code::Clz, destination(f.rd()), f.rs()};
    case 0x21: return {Code::Clo, destination(f.rd()), f.rs()};
    default: return {};
    }
}

[[nodiscard]] Op decodeSpecial3(const Fields& f)
{
    const std::uint32_t low = f.sa();
    switch (f.function()) {
    case 0x00: { // rd holds size - 1
        const std::uint32_t size = f.rd() + 1U;
        if (low + size > 32) return {};
        return {Code::Ext, destination(f.rt()), f.rs(), 0, fieldImm(low, size)};
    }
    case 0x04: // rd holds the highest bit
        if (f.rd() < low) return {};
        return {Code::Ins, destination(f.rt()), f.rs(), f.rt(), fieldImm(low, f.rd() - low + 1U)};
    case 0x20:
        if (low == 0x02) return {Code::Wsbh, destination(f.rd()), 0, f.rt()};
        if (low == 0x10) return {Code::Seb, destination(f.rd()), 0, f.rt()};
        if (low == 0x18) return {Code::Seh, destination(f.rd()), 0, f.rt()};
        return {};
    case 0x3b:
        if (f.rd() != 29) return {};
        return {Code::Rdhwr, destination(f.rt()), kUserLocal};
    default: return {};
    }
}

[[nodiscard]] Op decodeMemory(const Fields& f)
{
    switch (f.opcode()) {
    case 0x20: return load(Code::Lb, f);
    case 0x21: return load(Code::Lh, f);
    case 0x22: return load(Code::Lwl, f);
    case 0x23: return load(Code::Lw, f);
    case 0x24: return load(Code::Lbu, f);
    case 0x25: return load(Code::Lhu, f);
    case 0x26: return load(Code::Lwr, f);
    case 0x28: return store(Code::Sb, f);
    case 0x29: return store(Code::Sh, f);
    case 0x2a: return store(Code::Swl, f);
    case 0x2b: return store(Code::Sw, f);
    case 0x2e: return store(Code::Swr, f);
    case 0x30: return load(Code::Ll, f);
    case 0x33: return {Code::Nop}; // pref
    case 0x38: return load(Code::Sc, f);
    default: return {};
    }
}

[[nodiscard]] bool isBranchLikely(const Fields& f)
{
    if (f.opcode() >= 0x14 && f.opcode() <= 0x17) return true;
    const std::uint32_t kind = f.rt() & 0x0fU;
    return f.opcode() == 0x01 && (f.rt() & 0x0cU) == 0 && (kind == 2 || kind == 3);
}

[[nodiscard]] bool isFloatingPoint(const Fields& f)
{
    switch (f.opcode()) {
    case 0x11:
    case 0x13:
    case 0x31:
    case 0x35:
    case 0x39:
    case 0x3d: return true;
    case 0x00: return f.function() == 0x01; // movf, movt
    default: return false;
    }
}

} // namespace

Op decode(std::uint32_t word, std::uint32_t pc)
{
    const Fields f{word, pc};
    switch (f.opcode()) {
    case 0x00: return decodeSpecial(f);
    case 0x01: return decodeRegimm(f);
    case 0x02: return {Code::J, kSink, 0, 0, f.jumpTarget()};
    case 0x03: return {Code::Jal, 31, 0, 0, f.jumpTarget()};
    case 0x04: return branch(Code::Beq, f);
    case 0x05: return branch(Code::Bne, f);
    case 0x06: return f.rt() == 0 ? branch(Code::Blez, f) : Op{};
    case 0x07: return f.rt() == 0 ? branch(Code::Bgtz, f) : Op{};
    case 0x08: return immediate(Code::Addi, f, f.signedImm());
    case 0x09: return immediate(Code::Addiu, f, f.signedImm());
    case 0x0a: return immediate(Code::Slti, f, f.signedImm());
    case 0x0b: return immediate(Code::Sltiu, f, f.signedImm());
    case 0x0c: return immediate(Code::Andi, f, f.unsignedImm());
    case 0x0d: return immediate(Code::Ori, f, f.unsignedImm());
    case 0x0e: return immediate(Code::Xori, f, f.unsignedImm());
    case 0x0f: return immediate(Code::Lui, f, f.unsignedImm() << 16U);
    case 0x1c: return decodeSpecial2(f);
    case 0x1f: return decodeSpecial3(f);
    default: return decodeMemory(f);
    }
}

Refusal refusalOf(std::uint32_t word)
{
    const Fields f{word, 0};
    if (isBranchLikely(f)) return Refusal::BranchLikely;
    if (isFloatingPoint(f)) return Refusal::FloatingPoint;
    return Refusal::None;
}

std::string_view mnemonic(Code code)
{
    static constexpr std::array<std::string_view, kCodeCount> kNames{
#define X(name, text) text,
        BOWLINE_ZKVM_CODES(X)
#undef X
    };
    return kNames[static_cast<std::size_t>(code)];
}

} // namespace bowline::zkvm
