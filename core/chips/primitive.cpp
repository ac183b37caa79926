// SPDX-License-Identifier: MIT
// SYSCALL: number 0 enters the kernel, the others are primitives of the machine (core/zkvm/abi.h).
#include "core/chips/instruction.h"
#include "core/zkvm/abi.h"

namespace bowline::chips {

namespace {

/// A number that is no primitive has no row: those of precompiles go to kCallBus, where a table must take them.
/// Hints are any words: they are the prover's private input.
class Primitive final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "primitive"; }
    void eval(AirBuilder& b) const override
    {
        Expr real = b.constant(0U);
        for (std::size_t i = 0; i < kKinds; ++i) {
            b.assertBoolean(b.main(m_kinds + i), "kind " + std::to_string(i));
            real += b.main(m_kinds + i);
        }
        b.assertBoolean(real, "one kind");
        RowConstraints row(b, real, b.main(m_frame.time));
        const Expr number = b.main(m_number);
        const Expr zero = b.constant(0U);
        fetch(row, b.main(m_frame.pc),
              {b.constant(numberOf(Code::Syscall)), zero, zero, zero, {number, zero}, zero});
        receiveState(row, b.main(m_frame.pc), b.main(m_frame.npc));
        sendState(row, b.main(m_nextPc), b.main(m_nextNpc), row.time() + kTimeStep);
        constrainNumber(b, number);
        constrainNext(row);
        constrainArguments(row, number);
        constrainResult(row);
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const std::size_t kind = kindOfNumber(step.immediate);
        row.set(m_kinds + kind, 1U);
        m_frame.set(row, step);
        row.set(m_number, step.immediate);
        const bool argument = kind == kHalt || kind == kLocal || kind == kCall;
        const bool writes = kind == kEnter || kind == kHint || kind == kLocal;
        if (kind == kEnter) {
            row.set(m_nextPc, zkvm::kKernelVector);
            row.set(m_nextNpc, zkvm::kKernelVector + 4);
        } else if (kind != kHalt) {
            row.set(m_nextPc, step.npc);
            row.set(m_nextNpc, step.npc + 4);
        }
        const auto read = [&](const ReadPort& port, std::uint32_t subTime, const Access& access, bool made) {
            if (made) {
                port.set(row, step.time + subTime, access);
            } else {
                port.port.skip(row, step.time + subTime);
            }
        };
        read(m_first, kAtRs, step.atRs, argument);
        read(m_second, kAtRt, step.atRt, kind == kCall);
        read(m_third, kAtMemory, step.atMemory, kind == kCall);
        m_result.set(row, writes ? step.atRd.after : 0);
        if (writes) {
            m_old.set(row, step.time + kAtRd, step.atRd);
        } else {
            m_old.port.skip(row, step.time + kAtRd);
        }
        if (kind == kEnter) {
            m_reservation.set(row, step.time + kAtExtra, step.atExtra);
        } else {
            m_reservation.port.skip(row, step.time + kAtExtra);
        }
    }

private:
    enum PrimitiveKind : std::size_t { kEnter, kHalt, kHint, kLocal, kDebug, kCall, kKinds };

    [[nodiscard]] static std::size_t kindOfNumber(std::uint32_t number)
    {
        switch (number) {
        case 0: return kEnter;
        case BOWLINE_HALT: return kHalt;
        case BOWLINE_HINT_LEN:
        case BOWLINE_HINT_WORD: return kHint;
        case BOWLINE_SET_USER_LOCAL: return kLocal;
        case BOWLINE_DEBUG: return kDebug;
        default: return kCall;
        }
    }
    void constrainNumber(AirBuilder& b, Expr number) const
    {
        b.assertZero(b.main(m_kinds + kEnter) * number, "number of a trap");
        b.assertZero(b.main(m_kinds + kHalt) * (number - BOWLINE_HALT), "number of HALT");
        b.assertZero(b.main(m_kinds + kHint) * (number - BOWLINE_HINT_LEN) * (number - BOWLINE_HINT_WORD),
                     "number of a hint");
        b.assertZero(b.main(m_kinds + kLocal) * (number - BOWLINE_SET_USER_LOCAL),
                     "number of the user local");
        b.assertZero(b.main(m_kinds + kDebug) * (number - BOWLINE_DEBUG), "number of the debug output");
    }
    void constrainNext(RowConstraints& row) const
    {
        AirBuilder& b = row.builder();
        const Expr enters = b.main(m_kinds + kEnter);
        const Expr goesOn = row.real() - enters - b.main(m_kinds + kHalt);
        const Expr npc = b.main(m_frame.npc);
        b.assertEqual(b.main(m_nextPc), goesOn * npc + enters * zkvm::kKernelVector, "next pc");
        b.assertEqual(b.main(m_nextNpc), goesOn * (npc + 4) + enters * (zkvm::kKernelVector + 4), "next npc");
        row.write(m_reservation, kAtExtra, row.registerAddress(zkvm::kReservation), row.number(0), enters,
                  "reservation");
    }
    void constrainArguments(RowConstraints& row, Expr number) const
    {
        AirBuilder& b = row.builder();
        const Expr halts = b.main(m_kinds + kHalt);
        const Expr calls = b.main(m_kinds + kCall);
        row.read(m_first, kAtRs, row.registerAddress(4), halts + b.main(m_kinds + kLocal) + calls, "$4");
        row.read(m_second, kAtRt, row.registerAddress(5), calls, "$5");
        row.read(m_third, kAtMemory, row.registerAddress(6), calls, "$6");
        const WordExpr first = row.word(m_first.value);
        const WordExpr second = row.word(m_second.value);
        const WordExpr third = row.word(m_third.value);
        b.send(kHaltBus, halts, {first.lo, first.hi}, "exit code");
        b.send(kCallBus, calls,
               {number, row.time(), first.lo, first.hi, second.lo, second.hi, third.lo, third.hi}, "call");
    }
    void constrainResult(RowConstraints& row) const
    {
        AirBuilder& b = row.builder();
        const Expr enters = b.main(m_kinds + kEnter);
        const Expr hints = b.main(m_kinds + kHint);
        const Expr local = b.main(m_kinds + kLocal);
        const WordExpr result = row.word(m_result);
        // $27 gets npc at a trap (rule B7), $2 a hint, the user local $4.
        const Expr index = enters * (4 * 27U) + hints * (4 * 2U) + local * (4U * zkvm::kUserLocal);
        row.write(m_old, kAtRd, row.registerAddress(index), result, enters + hints + local, "result");
        row.word(result, "result");
        b.assertZero(enters * (result.lo + result.hi * 0x10000U - b.main(m_frame.npc)), "npc of a trap");
        b.send(kAddressBus, enters, {result.hi}, "npc in range");
        b.assertZero(local * (result.lo - b.main(m_first.value.lo)), "user local low");
        b.assertZero(local * (result.hi - b.main(m_first.value.hi)), "user local high");
    }

    std::size_t m_kinds = layout().take(kKinds);
    Frame m_frame{layout()};
    std::size_t m_number = layout().take();
    std::size_t m_nextPc = layout().take();
    std::size_t m_nextNpc = layout().take();
    ReadPort m_first{layout()};
    ReadPort m_second{layout()};
    ReadPort m_third{layout()};
    WritePort m_old{layout()};
    Word m_result{layout()};
    WritePort m_reservation{layout()};
};

} // namespace

InstructionChipPtr makePrimitive() { return std::make_unique<Primitive>(); }

} // namespace bowline::chips
