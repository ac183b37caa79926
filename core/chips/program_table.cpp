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

Kind kindOf(Code code)
{
    switch (code) {
    case Code::Addiu:
    case Code::Lui:
    case Code::Mfhi:
    case Code::Mflo:
    case Code::Mthi:
    case Code::Mtlo:
    case Code::Rdhwr: return Kind::AddImmediate;
    case Code::Addu:
    case Code::Subu: return Kind::Add;
    case Code::Add:
    case Code::Sub:
    case Code::Addi: return Kind::CheckedAdd;
    case Code::Slt:
    case Code::Sltu:
    case Code::Slti:
    case Code::Sltiu: return Kind::Compare;
    case Code::And:
    case Code::Or:
    case Code::Xor:
    case Code::Nor:
    case Code::Andi:
    case Code::Ori:
    case Code::Xori: return Kind::Logic;
    case Code::Sll:
    case Code::Srl:
    case Code::Sra:
    case Code::Rotr:
    case Code::Sllv:
    case Code::Srlv:
    case Code::Srav:
    case Code::Rotrv: return Kind::Shift;
    case Code::Beq:
    case Code::Bne:
    case Code::Blez:
    case Code::Bgtz:
    case Code::Bltz:
    case Code::Bgez: return Kind::Branch;
    case Code::Bltzal:
    case Code::Bgezal: return Kind::BranchLink;
    case Code::J:
    case Code::Jal:
    case Code::Jr:
    case Code::Jalr: return Kind::Jump;
    case Code::Lw: return Kind::LoadWord;
    case Code::Sw: return Kind::StoreWord;
    case Code::Lb:
    case Code::Lbu:
    case Code::Lh:
    case Code::Lhu: return Kind::LoadPart;
    case Code::Sb:
    case Code::Sh: return Kind::StorePart;
    case Code::Lwl:
    case Code::Lwr:
    case Code::Swl:
    case Code::Swr: return Kind::Unaligned;
    case Code::Ll:
    case Code::Sc: return Kind::Linked;
    case Code::Mul: return Kind::Multiply;
    case Code::Mult:
    case Code::Multu:
    case Code::Madd:
    case Code::Maddu:
    case Code::Msub:
    case Code::Msubu: return Kind::MultiplyLong;
    case Code::Div:
    case Code::Divu: return Kind::Divide;
    case Code::Movz:
    case Code::Movn: return Kind::MoveIf;
    case Code::Teq:
    case Code::Tne:
    case Code::Tge:
    case Code::Tgeu:
    case Code::Tlt:
    case Code::Tltu:
    case Code::Teqi:
    case Code::Tnei:
    case Code::Tgei:
    case Code::Tgeiu:
    case Code::Tlti:
    case Code::Tltiu: return Kind::Trap;
    case Code::Clz:
    case Code::Clo:
    case Code::Seb:
    case Code::Seh:
    case Code::Wsbh:
    case Code::Ext:
    case Code::Ins: return Kind::Bits;
    case Code::Nop: return Kind::Nop;
    case Code::Syscall: return Kind::Primitive;
    case Code::Break:
    case Code::Illegal:
    case Code::End: break;
    }
    return Kind::None;
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
