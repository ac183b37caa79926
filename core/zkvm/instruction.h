// SPDX-License-Identifier: MIT
// Decoded instructions of MIPS32 release 2, little-endian, without floating point.
//
// Decoding brings the many formats to one: `rd` is what is written, `rs` and `rt` what is read, `imm` the
// extended immediate, shift amount, absolute branch target or field position. A destination of register 0
// becomes kSink. Encodings that the architecture calls unpredictable are either given one meaning here or are
// no instruction (docs/decisions/0041): reaching one is a fault, which cannot be proven.
#pragma once

#include "core/zkvm/layout.h"

#include <string_view>

// Every code with its mnemonic. Order has no meaning outside of this process.
#define BOWLINE_ZKVM_CODES(X)                                                                                \
    X(Addu, "addu")                                                                                          \
    X(Subu, "subu")                                                                                          \
    X(Add, "add") X(Sub, "sub") X(And, "and") X(Or, "or") X(Xor, "xor") X(Nor, "nor") X(Slt, "slt") X(       \
        Sltu, "sltu") X(Addiu, "addiu") X(Addi, "addi") X(Andi, "andi") X(Ori, "ori") X(Xori, "xori")        \
        X(Slti, "slti") X(Sltiu, "sltiu") X(Lui, "lui") X(Sll, "sll") X(Srl, "srl") X(Sra, "sra") X(         \
            Rotr, "rotr") X(Sllv, "sllv") X(Srlv, "srlv") X(Srav, "srav") X(Rotrv, "rotrv") X(Movz, "movz")  \
            X(Movn, "movn") X(Mul, "mul") X(Clz, "clz") X(Clo, "clo") X(Seb, "seb")                          \
                X(Seh, "seh") X(Wsbh, "wsbh") X(Ext, "ext") X(Ins, "ins") X(Mult, "mult") X(Multu, "multu")  \
                    X(Div, "div") X(Divu, "divu") X(Madd, "madd") X(Maddu, "maddu") X(Msub, "msub")          \
                        X(Msubu, "msubu") X(Mfhi, "mfhi") X(Mflo, "mflo") X(Mthi, "mthi") X(Mtlo, "mtlo")    \
                            X(Teq, "teq") X(Tne, "tne") X(Tge, "tge") X(Tgeu, "tgeu") X(                     \
                                Tlt, "tlt") X(Tltu, "tltu") X(Teqi, "teqi") X(Tnei, "tnei") X(Tgei, "tgei")  \
                                X(Tgeiu, "tgeiu") X(Tlti, "tlti") X(Tltiu, "tltiu") X(Lb, "lb")              \
                                    X(Lbu, "lbu") X(Lh, "lh") X(Lhu, "lhu") X(Lw, "lw") X(Lwl, "lwl")        \
                                        X(Lwr, "lwr") X(Sb, "sb") X(Sh, "sh") X(Sw, "sw") X(Swl, "swl")      \
                                            X(Swr, "swr") X(Ll, "ll") X(Sc, "sc") X(Rdhwr, "rdhwr")          \
                                                X(Nop, "nop") X(Beq, "beq")                                  \
                                                    X(Bne, "bne") X(Blez, "blez") X(Bgtz, "bgtz") X(         \
                                                        Bltz, "bltz") X(Bgez, "bgez")                        \
                                                        X(Bltzal,                                            \
                                                          "bltzal") X(Bgezal, "bgezal")                      \
                                                            X(J, "j")                                        \
                                                                X(Jal, "jal") X(Jr, "jr") X(Jalr, "jalr")    \
                                                                    X(Syscall, "syscall") X(Break, "break")  \
                                                                        X(Illegal, "illegal") X(End, "end")

namespace bowline::zkvm {

enum class Code : std::uint8_t {
#define X(name, mnemonic) name,
    BOWLINE_ZKVM_CODES(X)
#undef X
};
inline constexpr std::size_t kCodeCount = static_cast<std::size_t>(Code::End) + 1;

struct Op {
    Code code = Code::Illegal;
    std::uint8_t rd = 0;
    std::uint8_t rs = 0;
    std::uint8_t rt = 0;
    std::uint32_t imm = 0;
    /// Instructions from here to the end of the basic block, the delay slot included. Set by Text.
    std::uint32_t run = 1;

    friend bool operator==(const Op&, const Op&) = default;
};

/// Why a program with this word in its code is not loaded.
enum class Refusal : std::uint8_t { None, BranchLikely, FloatingPoint, BranchInSlot };

[[nodiscard]] Op decode(std::uint32_t word, std::uint32_t pc);
/// BranchLikely, FloatingPoint or None, by the word alone.
[[nodiscard]] Refusal refusalOf(std::uint32_t word);
[[nodiscard]] std::string_view mnemonic(Code code);

/// Has a delay slot.
[[nodiscard]] constexpr bool isBranch(Code code) { return code >= Code::Beq && code <= Code::Jalr; }
/// Ends a basic block by itself.
[[nodiscard]] constexpr bool endsBlock(Code code) { return code >= Code::Syscall; }

/// EXT and INS keep both numbers in `imm`.
[[nodiscard]] constexpr std::uint32_t fieldImm(std::uint32_t position, std::uint32_t size)
{
    return position | size << 8U;
}

} // namespace bowline::zkvm
