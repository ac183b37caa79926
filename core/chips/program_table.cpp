// SPDX-License-Identifier: MIT
#include "core/chips/program_table.h"

#include "core/stark/parameters.h"

namespace bowline::chips {

using zkvm::Code;
using zkvm::Op;

namespace {
[[nodiscard]] bool links(Code code)
{
    return code == Code::Jal || code == Code::Jalr || code == Code::Bltzal || code == Code::Bgezal;
}

// Additions of a number: moves between registers, constants, HI and LO.
[[nodiscard]] std::optional<MicroOp> asAddition(const Op& op)
{
    const auto addition = [&op](std::uint8_t rs, std::uint32_t immediate) {
        return MicroOp{Code::Addiu, false, op.rd, rs, 0, immediate, 0};
    };
    switch (op.code) {
    case Code::Addiu: return addition(op.rs, op.imm);
    case Code::Lui: return addition(0, op.imm);
    case Code::Mfhi:
    case Code::Mflo:
    case Code::Mthi:
    case Code::Mtlo:
    case Code::Rdhwr: return addition(op.rs, 0);
    case Code::Ori:
        if (op.rs == 0) return addition(0, op.imm);
        break;
    case Code::Addu:
    case Code::Or:
        if (op.rt == 0) return addition(op.rs, 0);
        if (op.rs == 0) return addition(op.rt, 0);
        break;
    default: break;
    }
    return std::nullopt;
}
} // namespace

MicroOp microOf(const Op& op, std::uint32_t pc, bool nopFollows)
{
    if (const auto addition = asAddition(op)) return *addition;
    const Accesses accesses = accessesOf(op.code);
    MicroOp out;
    out.code = op.code;
    if (accesses.rs && op.code != Code::Syscall) out.rs = op.rs;
    if (accesses.rt && op.code != Code::Syscall) out.rt = op.rt;
    if (accesses.rd && op.code != Code::Syscall && kindOf(op.code) != Kind::MultiplyLong &&
        kindOf(op.code) != Kind::Divide)
        out.rd = op.rd;
    if (zkvm::isBranch(op.code)) {
        out.fused = nopFollows;
        if (op.code != Code::Jr && op.code != Code::Jalr) out.target = op.imm;
        if (links(op.code)) out.immediate = pc + 8;
    } else if (op.code != Code::Nop) {
        out.immediate = op.imm;
    }
    return out;
}

namespace {
// By code; what is named nowhere is no instruction.
constexpr auto kKindOfCode = [] {
    std::array<Kind, zkvm::kCodeCount> out{};
    for (Kind& kind : out) kind = Kind::None;
    const auto all = [&out](Kind kind, std::initializer_list<Code> codes) {
        for (const Code code : codes) out[static_cast<std::size_t>(code)] = kind;
    };
    all(Kind::AddImmediate,
        {Code::Addiu, Code::Lui, Code::Mfhi, Code::Mflo, Code::Mthi, Code::Mtlo, Code::Rdhwr});
    all(Kind::Add, {Code::Addu, Code::Subu});
    all(Kind::CheckedAdd, {Code::Add, Code::Sub, Code::Addi});
    all(Kind::Compare, {Code::Slt, Code::Sltu, Code::Slti, Code::Sltiu});
    all(Kind::Logic, {Code::And, Code::Or, Code::Xor, Code::Nor, Code::Andi, Code::Ori, Code::Xori});
    all(Kind::Shift,
        {Code::Sll, Code::Srl, Code::Sra, Code::Rotr, Code::Sllv, Code::Srlv, Code::Srav, Code::Rotrv});
    all(Kind::Branch, {Code::Beq, Code::Bne, Code::Blez, Code::Bgtz, Code::Bltz, Code::Bgez});
    all(Kind::BranchLink, {Code::Bltzal, Code::Bgezal});
    all(Kind::Jump, {Code::J, Code::Jal, Code::Jr, Code::Jalr});
    all(Kind::LoadWord, {Code::Lw});
    all(Kind::StoreWord, {Code::Sw});
    all(Kind::LoadPart, {Code::Lb, Code::Lbu, Code::Lh, Code::Lhu});
    all(Kind::StorePart, {Code::Sb, Code::Sh});
    all(Kind::Unaligned, {Code::Lwl, Code::Lwr, Code::Swl, Code::Swr});
    all(Kind::Linked, {Code::Ll, Code::Sc});
    all(Kind::Multiply, {Code::Mul});
    all(Kind::MultiplyLong, {Code::Mult, Code::Multu, Code::Madd, Code::Maddu, Code::Msub, Code::Msubu});
    all(Kind::Divide, {Code::Div, Code::Divu});
    all(Kind::MoveIf, {Code::Movz, Code::Movn});
    all(Kind::Trap, {Code::Teq, Code::Tne, Code::Tge, Code::Tgeu, Code::Tlt, Code::Tltu, Code::Teqi,
                     Code::Tnei, Code::Tgei, Code::Tgeiu, Code::Tlti, Code::Tltiu});
    all(Kind::Bits, {Code::Clz, Code::Clo, Code::Seb, Code::Seh, Code::Wsbh, Code::Ext, Code::Ins});
    all(Kind::Nop, {Code::Nop});
    all(Kind::Primitive, {Code::Syscall});
    all(Kind::None, {Code::Break, Code::Illegal, Code::End});
    return out;
}();
} // namespace

Kind kindOf(Code code) { return kKindOfCode[static_cast<std::size_t>(code)]; }

Step stepOf(const MicroOp& op, std::uint32_t pc, std::uint32_t npc, std::uint32_t time)
{
    Step out;
    out.pc = pc;
    out.npc = npc;
    out.time = time;
    out.code = op.code;
    out.fused = op.fused;
    out.rd = op.rd;
    out.rs = op.rs;
    out.rt = op.rt;
    out.immediate = op.immediate;
    out.target = op.target;
    return out;
}

Accesses accessesOf(Code code)
{
    switch (kindOf(code)) {
    case Kind::AddImmediate: return {true, false, false, true};
    case Kind::Add:
    case Kind::Multiply:
    case Kind::MoveIf: return {true, true, false, true};
    case Kind::CheckedAdd: return {true, code != Code::Addi, false, true};
    case Kind::Compare: return {true, code == Code::Slt || code == Code::Sltu, false, true};
    case Kind::Logic:
        return {true, code != Code::Andi && code != Code::Ori && code != Code::Xori, false, true};
    case Kind::Shift:
        return {code == Code::Sllv || code == Code::Srlv || code == Code::Srav || code == Code::Rotrv, true,
                false, true};
    case Kind::Branch: return {true, true};
    case Kind::BranchLink: return {true, false, false, true};
    case Kind::Jump:
        return {code == Code::Jr || code == Code::Jalr, false, false,
                code == Code::Jal || code == Code::Jalr};
    case Kind::LoadWord:
    case Kind::LoadPart: return {true, false, true, true};
    case Kind::StoreWord:
    case Kind::StorePart: return {true, true, true};
    case Kind::Unaligned: return {true, true, true, code == Code::Lwl || code == Code::Lwr};
    case Kind::Linked: return {true, code == Code::Sc, true, true, true};
    case Kind::MultiplyLong: return {true, true, false, true, true};
    case Kind::Divide: return {true, true, false, true, true};
    case Kind::Trap: return {true, code >= Code::Teq && code <= Code::Tltu};
    case Kind::Bits:
        // EXT, CLZ and CLO read rs alone, INS both, the others rt.
        return {code == Code::Ext || code == Code::Clz || code == Code::Clo || code == Code::Ins,
                code != Code::Ext && code != Code::Clz && code != Code::Clo, false, true};
    case Kind::Primitive:
    case Kind::Nop:
    case Kind::None: break;
    }
    return {};
}

ProgramTable::ProgramTable(const zkvm::Text& text) : m_text(&text)
{
    for (const zkvm::TextRange& range : text.ranges()) {
        m_firstRows.push_back(m_rows.size());
        for (std::size_t i = 0; i < range.words.size(); ++i) {
            const std::uint32_t pc = range.base + 4 * static_cast<std::uint32_t>(i);
            const bool nopFollows = i + 1 < range.words.size() && text.find(pc + 4)->code == Code::Nop;
            m_rows.push_back(microOf(*text.find(pc), pc, nopFollows));
        }
    }
    m_log = stark::kLogFinal;
    while ((std::size_t{1} << m_log) < m_rows.size()) ++m_log;
}

std::optional<std::size_t> ProgramTable::rowOf(std::uint32_t pc) const
{
    if (m_text == nullptr) return std::nullopt;
    const auto& ranges = m_text->ranges();
    for (std::size_t i = 0; i < ranges.size(); ++i) {
        if (pc >= ranges[i].base && pc < ranges[i].end()) return m_firstRows[i] + (pc - ranges[i].base) / 4;
    }
    return std::nullopt;
}

stark::Matrix ProgramTable::preprocessed() const
{
    if (m_text == nullptr) {
        stark::Matrix shape;
        shape.width = kFields;
        shape.log = m_log;
        return shape;
    }
    stark::Matrix out(kFields, m_log);
    const auto put = [&out](std::size_t row, const std::array<std::uint32_t, kFields>& fields) {
        for (std::size_t c = 0; c < kFields; ++c) out.at(row, c) = field::Element::from(fields[c]);
    };
    std::size_t row = 0;
    for (const zkvm::TextRange& range : m_text->ranges()) {
        for (std::size_t i = 0; i < range.words.size(); ++i, ++row) {
            const MicroOp& op = m_rows[row];
            const bool known = kindOf(op.code) != Kind::None;
            const std::uint32_t operation =
                known ? static_cast<std::uint32_t>(op.code) + (op.fused ? kFused : 0) : kNoOperation;
            put(row, {range.base + 4 * static_cast<std::uint32_t>(i), operation, 4U * op.rd, 4U * op.rs,
                      4U * op.rt, op.immediate & 0xffffU, op.immediate >> 16U, op.target});
        }
    }
    for (; row < out.rows(); ++row) put(row, {0, kNoOperation, 0, 0, 0, 0, 0, 0});
    return out;
}

void ProgramTable::eval(stark::AirBuilder& b) const
{
    std::vector<stark::Expr> fields;
    for (std::size_t c = 0; c < kFields; ++c) fields.push_back(b.preprocessed(c));
    b.receive(kProgramBus, b.main(0), fields, "executed");
}

} // namespace bowline::chips
