// SPDX-License-Identifier: MIT
// Machine::run for any tracer. Include this where a tracer of one's own is passed; run(limit) alone needs
// machine.h only.
#pragma once

#include "core/zkvm/execute.h"

namespace bowline::zkvm {

namespace detail {

template <typename Tracer>
class Runner {
public:
    Runner(Core& core, Tracer& tracer, std::uint64_t limit)
        : m(core), m_tracer(tracer), m_semantics{core, tracer}, m_left(limit)
    {
    }

    [[nodiscard]] Stop run()
    {
        while (m_left > 0) {
            const Op* op = m.text.find(m.pc);
            if (op == nullptr) return {StopReason::Fault, Fault::BadJump, 0};
            const bool whole = m.npc == m.pc + 4 && op->run <= m_left;
            const Step step = whole ? runBlocks(op) : runOne(*op);
            if (step != Step::Next) return stopFor(step);
        }
        return {};
    }

private:
    void retire(std::uint64_t count)
    {
        m_left -= count;
        m.cycles += count;
    }
    void moveTo(std::uint32_t pc, std::uint32_t npc)
    {
        m.pc = pc;
        m.npc = npc;
    }
    void enterKernel(std::uint32_t returnTo)
    {
        m.r[27] = returnTo;
        m.r[kReservation] = 0;
        moveTo(kKernelVector, kKernelVector + 4);
    }
    [[nodiscard]] Stop stopFor(Step step) const
    {
        switch (step) {
        case Step::Halt: return {StopReason::Halted, Fault::None, m.exitCode};
        case Step::BeforeHint: return {StopReason::BeforeHint, Fault::None, 0};
        case Step::OutOfMemory: return {StopReason::OutOfMemory, Fault::None, 0};
        default: return {StopReason::Fault, m.fault, 0};
        }
    }
    [[gnu::always_inline]] Step execute(const Op& op, std::uint32_t pc)
    {
        if constexpr (Tracer::kActive) m_tracer.before(pc, op, m.r);
        return m_semantics(op);
    }
    // Both parts of a branch's effect that need its address.
    void link(const Op& op, std::uint32_t pc)
    {
        if (op.code == Code::Jal || op.code == Code::Jalr || op.code == Code::Bgezal ||
            op.code == Code::Bltzal)
            m.r[op.rd] = pc + 8;
    }
    void traceAfter(std::uint32_t next)
    {
        if constexpr (Tracer::kActive) m_tracer.after(next, m.r);
    }

    // Exactly one instruction, from any pc and npc: delay slots, ends of a limit.
    [[gnu::noinline]] Step runOne(const Op& op)
    {
        const std::uint32_t pc = m.pc;
        const std::uint32_t next = m.npc;
        // A jump into the place before a branch's slot cannot be: the loader refused branches in slots, but a
        // branch at the end of a range followed by a foreign word could still lead here.
        if (isBranch(op.code) && next != pc + 4) {
            m.fault = Fault::BadInstruction;
            return Step::Fault;
        }
        const Step step = execute(op, pc);
        switch (step) {
        case Step::Next:
        case Step::Primitive:
        case Step::NotTaken: moveTo(next, next + 4); break;
        case Step::Taken: moveTo(next, m.target); break;
        case Step::Trap: enterKernel(next); break;
        case Step::Halt: moveTo(0, 0); break;
        default: return step;
        }
        if (isBranch(op.code)) link(op, pc);
        retire(1);
        traceAfter(m.pc);
        return step == Step::Halt ? step : Step::Next;
    }

    // Whole basic blocks for as long as they fit into the limit.
    [[nodiscard]] Step runBlocks(const Op* op)
    {
        const Op* begin = op;
        std::uint32_t pc = m.pc; // of *op when tracing, of *begin otherwise
        for (;;) {
            const Step step = execute(*op, pc);
            if (step == Step::Next) [[likely]] {
                ++op;
                if constexpr (Tracer::kActive) {
                    pc += 4;
                    traceAfter(pc);
                }
                continue;
            }
            const auto done = static_cast<std::uint32_t>(op - begin);
            const std::uint32_t at = Tracer::kActive ? pc : pc + 4 * done;
            if (step != Step::Taken && step != Step::NotTaken) return leaveBlock(step, at, done);
            const std::uint32_t next = step == Step::Taken ? m.target : at + 8;
            link(*op, at);
            traceAfter(at + 4);
            retire(done + 1);
            moveTo(at + 4, next);
            if (op[1].code != Code::Nop || Tracer::kActive) {
                const Step slot = runOne(op[1]);
                if (slot != Step::Next) return slot;
                if (m.pc != next) return Step::Next; // a trap
            } else {
                retire(1);
                moveTo(next, next + 4);
            }
            op = m.text.find(next);
            if (op == nullptr || op->run > m_left) return Step::Next;
            begin = op;
            pc = next;
        }
    }
    // A block that ends in something else than a branch.
    [[gnu::noinline]] Step leaveBlock(Step step, std::uint32_t at, std::uint32_t done)
    {
        retire(done);
        moveTo(at, at + 4);
        if (step == Step::Trap) {
            enterKernel(at + 4);
        } else if (step == Step::Primitive) {
            moveTo(at + 4, at + 8);
        } else if (step == Step::Halt) {
            moveTo(0, 0);
        } else {
            return step;
        }
        retire(1);
        traceAfter(m.pc);
        return step == Step::Halt ? step : Step::Next;
    }

    Core& m;
    Tracer& m_tracer;
    Semantics<Tracer> m_semantics;
    std::uint64_t m_left;
};

} // namespace detail

template <typename Tracer>
Stop Machine::run(std::uint64_t limit, Tracer& tracer)
{
    return detail::Runner<Tracer>(*m_core, tracer, limit).run();
}

} // namespace bowline::zkvm
