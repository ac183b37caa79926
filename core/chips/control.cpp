// SPDX-License-Identifier: MIT
// Branches and jumps. One whose slot holds a NOP does that one as well (fused), so that it goes on two instructions
// later. A branch is never in a slot: its npc is pc + 4.
#include "core/chips/instruction.h"

namespace bowline::chips {

namespace {

/// Where a branch stands and where it goes on.
struct Leap {
    std::size_t pc;
    std::size_t time;
    std::size_t fused;
    std::size_t target; // in the program, 0 if a register tells it
    std::size_t next;   // the address behind the slot
    std::size_t first;  // the address that comes next: the slot's, or `next` if it is fused

    explicit Leap(Layout& layout)
        : pc(layout.take()), time(layout.take()), fused(layout.take()), target(layout.take()),
          next(layout.take()), first(layout.take())
    {
    }
    void set(const Row& row, const Step& step) const
    {
        row.set(pc, step.pc);
        row.set(time, step.time);
        row.set(fused, step.fused ? 1U : 0U);
        row.set(target, step.target);
        row.set(next, step.next);
        row.set(first, step.fused ? step.next : step.pc + 4);
    }
    void constrain(RowConstraints& row, const Fetched& op) const
    {
        AirBuilder& b = row.builder();
        const Expr isFused = b.main(fused);
        const Expr slot = b.main(pc) + 4;
        b.assertBoolean(isFused, "fused");
        b.assertEqual(b.main(first), row.real() * slot + isFused * (b.main(next) - slot), "what comes next");
        Fetched whole = op;
        whole.operation = op.operation + isFused * kFused;
        whole.target = b.main(target);
        fetch(row, b.main(pc), whole);
        receiveState(row, b.main(pc), slot);
        // Unfused: the slot, then `next`. Fused: `next`, then the instruction behind it.
        const Expr second = b.main(next) + isFused * 4U;
        sendState(row, b.main(first), second, row.time() + kTimeStep + isFused * kTimeStep);
    }
};

class Branch final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "branch"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_leap.time));
        m_leap.constrain(row, {m_flags.operation(b), b.constant(0U), b.main(m_rs), b.main(m_rt),
                               row.number(0), b.constant(0U)});
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        row.read(m_b, kAtRt, row.registerAddress(b.main(m_rt)), real, "rt");
        const WordExpr a = row.word(m_a.value);
        const WordExpr second = row.word(m_b.value);
        const Expr low = a.lo - second.lo;
        const Expr high = a.hi - second.hi;
        const Expr equal = b.main(m_equal);
        b.assertBoolean(equal, "equal is a bit");
        b.assertZero(equal * low, "equal low");
        b.assertZero(equal * high, "equal high");
        b.assertEqual(low * b.main(m_inverses) + high * b.main(m_inverses + 1), real - equal, "not equal");
        const Expr negative = b.main(m_negative);
        const Expr ordered = m_flags.anyOf(b, {Code::Blez, Code::Bgtz, Code::Bltz, Code::Bgez});
        topBit(row, a.hi, negative, ordered, "sign");
        const auto is = [&](Code code) { return m_flags.is(b, code); };
        // BLEZ and BGTZ compare with register 0. A negative word is not equal to it.
        b.assertEqual(b.main(m_taken),
                      is(Code::Beq) * equal + is(Code::Bne) * (1U - equal) +
                          is(Code::Blez) * (negative + equal) + is(Code::Bgtz) * (1U - negative - equal) +
                          is(Code::Bltz) * negative + is(Code::Bgez) * (1U - negative),
                      "taken");
        const Expr behind = b.main(m_leap.pc) + 8;
        b.assertEqual(b.main(m_leap.next), real * behind + b.main(m_taken) * (b.main(m_leap.target) - behind),
                      "next");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const std::uint32_t a = step.atRs.before;
        const std::uint32_t second = step.atRt.before;
        const auto low = static_cast<std::int32_t>(a & 0xffffU) - static_cast<std::int32_t>(second & 0xffffU);
        const auto high = static_cast<std::int32_t>(a >> 16U) - static_cast<std::int32_t>(second >> 16U);
        m_flags.set(row, step.code);
        m_leap.set(row, step);
        row.set(m_rs, 4U * step.rs);
        row.set(m_rt, 4U * step.rt);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_b.set(row, step.time + kAtRt, step.atRt);
        row.set(m_equal, a == second ? 1U : 0U);
        row.set(m_inverses, smallInverse(low));
        if (low == 0) row.set(m_inverses + 1, smallInverse(high));
        if (step.code != Code::Beq && step.code != Code::Bne) row.set(m_negative, a >> 31U);
        row.set(m_taken, step.taken ? 1U : 0U);
    }

private:
    Flags m_flags{layout(), {Code::Beq, Code::Bne, Code::Blez, Code::Bgtz, Code::Bltz, Code::Bgez}};
    Leap m_leap{layout()};
    std::size_t m_rs = layout().take();
    std::size_t m_rt = layout().take();
    ReadPort m_a{layout()};
    ReadPort m_b{layout()};
    std::size_t m_equal = layout().take();
    std::size_t m_inverses = layout().take(2);
    std::size_t m_negative = layout().take();
    std::size_t m_taken = layout().take();
};

/// BLTZAL and BGEZAL.
class BranchLink final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "branch and link"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_leap.time));
        const WordExpr link = row.word(m_link);
        m_leap.constrain(
            row, {m_flags.operation(b), b.main(m_rd), b.main(m_rs), b.constant(0U), link, b.constant(0U)});
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_rd)), link, real, "rd");
        const Expr negative = b.main(m_negative);
        topBit(row, b.main(m_a.value.hi), negative, real, "sign");
        const Expr taken = b.main(m_taken);
        b.assertEqual(taken,
                      m_flags.is(b, Code::Bltzal) * negative + m_flags.is(b, Code::Bgezal) * (1U - negative),
                      "taken");
        const Expr behind = b.main(m_leap.pc) + 8;
        b.assertEqual(b.main(m_leap.next), real * behind + taken * (b.main(m_leap.target) - behind), "next");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        m_flags.set(row, step.code);
        m_leap.set(row, step);
        row.set(m_rd, 4U * step.rd);
        row.set(m_rs, 4U * step.rs);
        m_link.set(row, step.immediate);
        m_a.set(row, step.time + kAtRs, step.atRs);
        m_old.set(row, step.time + kAtRd, step.atRd);
        row.set(m_negative, step.atRs.before >> 31U);
        row.set(m_taken, step.taken ? 1U : 0U);
    }

private:
    Flags m_flags{layout(), {Code::Bltzal, Code::Bgezal}};
    Leap m_leap{layout()};
    std::size_t m_rd = layout().take();
    std::size_t m_rs = layout().take();
    Word m_link{layout()};
    ReadPort m_a{layout()};
    WritePort m_old{layout()};
    std::size_t m_negative = layout().take();
    std::size_t m_taken = layout().take();
};

/// J, JAL, JR, JALR. An address in a register is below p, so that it is the same number in the field.
class Jump final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "jump"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        const Expr byRegister = m_flags.anyOf(b, {Code::Jr, Code::Jalr});
        const Expr links = m_flags.anyOf(b, {Code::Jal, Code::Jalr});
        RowConstraints row(b, real, b.main(m_leap.time));
        const WordExpr link = row.word(m_link);
        m_leap.constrain(
            row, {m_flags.operation(b), b.main(m_rd), b.main(m_rs), b.constant(0U), link, b.constant(0U)});
        const WordExpr a = row.word(m_a.value);
        row.read(m_a, kAtRs, row.registerAddress(b.main(m_rs)), byRegister, "rs");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_rd)), link, links, "rd");
        row.bits(dividedByPower(a.lo, 2), 14, byRegister, "address of a word");
        b.send(kAddressBus, byRegister, {a.hi}, "address in range");
        // The target in the program is 0 when a register tells it.
        b.assertEqual(b.main(m_leap.next), b.main(m_leap.target) + byRegister * (a.lo + a.hi * 0x10000U),
                      "next");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        m_flags.set(row, step.code);
        m_leap.set(row, step);
        row.set(m_rd, 4U * step.rd);
        row.set(m_rs, 4U * step.rs);
        m_link.set(row, step.immediate);
        m_a.set(row, step.time + kAtRs, step.atRs);
        if (step.code == Code::J || step.code == Code::Jal) m_a.port.skip(row, step.time + kAtRs);
        m_old.set(row, step.time + kAtRd, step.atRd);
        if (step.code == Code::J || step.code == Code::Jr) m_old.port.skip(row, step.time + kAtRd);
    }

private:
    Flags m_flags{layout(), {Code::J, Code::Jal, Code::Jr, Code::Jalr}};
    Leap m_leap{layout()};
    std::size_t m_rd = layout().take();
    std::size_t m_rs = layout().take();
    Word m_link{layout()};
    ReadPort m_a{layout()};
    WritePort m_old{layout()};
};

class Nop final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "nop"; }
    void eval(AirBuilder& b) const override
    {
        const Expr real = b.main(m_real);
        b.assertBoolean(real, "real");
        RowConstraints row(b, real, b.main(m_frame.time));
        const Expr zero = b.constant(0U);
        m_frame.constrain(row, {b.constant(numberOf(Code::Nop)), zero, zero, zero, row.number(0), zero});
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        row.set(m_real, 1U);
        m_frame.set(row, step);
    }

private:
    std::size_t m_real = layout().take();
    Frame m_frame{layout()};
};

} // namespace

InstructionChipPtr makeBranch() { return std::make_unique<Branch>(); }
InstructionChipPtr makeBranchLink() { return std::make_unique<BranchLink>(); }
InstructionChipPtr makeJump() { return std::make_unique<Jump>(); }
InstructionChipPtr makeNop() { return std::make_unique<Nop>(); }

} // namespace bowline::chips
