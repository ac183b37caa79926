// SPDX-License-Identifier: MIT
// Loads and stores of words, halves and bytes. The word at the address is accessed whole; parts of it are chosen by a
// one-hot position.
#include "core/chips/instruction.h"

namespace bowline::chips {

namespace {

class LoadWord final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "load word"; }
    void eval(AirBuilder& b) const override
    {
        const Expr real = b.main(m_real);
        b.assertBoolean(real, "real");
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr offset = row.word(m_offset);
        m_frame.constrain(row, {b.constant(numberOf(Code::Lw)), b.main(m_rd), b.main(m_rs), b.constant(0U),
                                offset, b.constant(0U)});
        row.read(m_base, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        const WordExpr address = m_address.constrain(row, row.word(m_base.value), offset, b.constant(0U));
        row.read(m_loaded, kAtMemory, address, real, "memory");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_rd)), row.word(m_loaded.value), real, "rd");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        row.set(m_real, 1U);
        m_frame.set(row, step);
        row.set(m_rd, 4U * step.rd);
        row.set(m_rs, 4U * step.rs);
        m_offset.set(row, step.immediate);
        m_base.set(row, step.time + kAtRs, step.atRs);
        m_address.set(row, step.address);
        m_loaded.set(row, step.time + kAtMemory, step.atMemory);
        m_old.set(row, step.time + kAtRd, step.atRd);
    }

private:
    std::size_t m_real = layout().take();
    Frame m_frame{layout()};
    std::size_t m_rd = layout().take();
    std::size_t m_rs = layout().take();
    Word m_offset{layout()};
    ReadPort m_base{layout()};
    AddressColumns m_address{layout()};
    ReadPort m_loaded{layout()};
    WritePort m_old{layout()};
};

class StoreWord final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "store word"; }
    void eval(AirBuilder& b) const override
    {
        const Expr real = b.main(m_real);
        b.assertBoolean(real, "real");
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr offset = row.word(m_offset);
        m_frame.constrain(row, {b.constant(numberOf(Code::Sw)), b.constant(0U), b.main(m_rs), b.main(m_rt),
                                offset, b.constant(0U)});
        row.read(m_base, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        row.read(m_stored, kAtRt, row.registerAddress(b.main(m_rt)), real, "rt");
        const WordExpr address = m_address.constrain(row, row.word(m_base.value), offset, b.constant(0U));
        row.write(m_old, kAtMemory, address, row.word(m_stored.value), real, "memory");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        row.set(m_real, 1U);
        m_frame.set(row, step);
        row.set(m_rs, 4U * step.rs);
        row.set(m_rt, 4U * step.rt);
        m_offset.set(row, step.immediate);
        m_base.set(row, step.time + kAtRs, step.atRs);
        m_stored.set(row, step.time + kAtRt, step.atRt);
        m_address.set(row, step.address);
        m_old.set(row, step.time + kAtMemory, step.atMemory);
    }

private:
    std::size_t m_real = layout().take();
    Frame m_frame{layout()};
    std::size_t m_rs = layout().take();
    std::size_t m_rt = layout().take();
    Word m_offset{layout()};
    ReadPort m_base{layout()};
    ReadPort m_stored{layout()};
    AddressColumns m_address{layout()};
    WritePort m_old{layout()};
};

/// The position of a byte in its word, one-hot.
struct Position {
    std::size_t first;

    explicit Position(Layout& layout) : first(layout.take(4)) {}
    void set(const Row& row, std::uint32_t address) const { row.set(first + address % 4, 1U); }
    [[nodiscard]] Expr is(AirBuilder& b, std::size_t i) const { return b.main(first + i); }
    /// One of the four in real rows; yields its number.
    [[nodiscard]] Expr constrain(RowConstraints& row) const
    {
        AirBuilder& b = row.builder();
        Expr sum = b.constant(0U);
        Expr number = b.constant(0U);
        for (std::uint32_t i = 0; i < 4; ++i) {
            b.assertBoolean(is(b, i), "position " + std::to_string(i));
            sum += is(b, i);
            number += is(b, i) * i;
        }
        b.assertEqual(sum, row.real(), "one position");
        return number;
    }
};

/// LB, LBU, LH, LHU.
class LoadPart final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "load part"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr offset = row.word(m_offset);
        m_frame.constrain(
            row, {m_flags.operation(b), b.main(m_rd), b.main(m_rs), b.constant(0U), offset, b.constant(0U)});
        row.read(m_base, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        const WordExpr address =
            m_address.constrain(row, row.word(m_base.value), offset, m_position.constrain(row));
        const WordExpr loaded = row.word(m_loaded);
        row.access(m_port, kAtMemory, address, loaded, loaded, real, "memory");
        row.bytes(m_loaded, "loaded");
        const Expr halves = m_flags.anyOf(b, {Code::Lh, Code::Lhu});
        const Expr bytes = m_flags.anyOf(b, {Code::Lb, Code::Lbu});
        const Expr isSigned = m_flags.anyOf(b, {Code::Lb, Code::Lh});
        b.assertZero(halves * (m_position.is(b, 1) + m_position.is(b, 3)), "half at an even position");
        // `low` is the byte at the address, `top` the most significant byte of what is loaded.
        Expr low = b.constant(0U);
        for (std::size_t i = 0; i < 4; ++i) low += m_position.is(b, i) * b.main(m_loaded[i]);
        const Expr high =
            m_position.is(b, 0) * b.main(m_loaded[1]) + m_position.is(b, 2) * b.main(m_loaded[3]);
        const Expr sign = b.main(m_sign);
        b.assertEqual(b.main(m_low), low, "byte at the address");
        b.assertEqual(b.main(m_top), bytes * b.main(m_low) + halves * high, "top byte");
        b.assertBoolean(sign, "sign is a bit");
        b.assertZero((real - isSigned) * sign, "no sign");
        row.bits(b.main(m_top) - sign * 128U, 7, isSigned, "sign");
        const WordExpr result = row.word(m_result);
        b.assertEqual(result.lo, b.main(m_low) + halves * b.main(m_top) * 256U + bytes * sign * 0xff00U,
                      "result low");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_rd)), result, real, "rd");
        b.assertEqual(result.hi, sign * 0xffffU, "result high");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool half = step.code == Code::Lh || step.code == Code::Lhu;
        const bool isSigned = step.code == Code::Lh || step.code == Code::Lb;
        const std::uint32_t shifted = step.atMemory.before >> 8 * (step.address % 4);
        const std::uint32_t top = (half ? shifted >> 8U : shifted) & 0xffU;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        row.set(m_rd, 4U * step.rd);
        row.set(m_rs, 4U * step.rs);
        m_offset.set(row, step.immediate);
        m_base.set(row, step.time + kAtRs, step.atRs);
        m_address.set(row, step.address);
        m_position.set(row, step.address);
        m_loaded.set(row, step.atMemory.before);
        m_port.set(row, step.time + kAtMemory, step.atMemory);
        row.set(m_low, shifted & 0xffU);
        row.set(m_top, top);
        row.set(m_sign, isSigned ? top >> 7U : 0U);
        m_old.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
    }

private:
    Flags m_flags{layout(), {Code::Lb, Code::Lbu, Code::Lh, Code::Lhu}};
    Frame m_frame{layout()};
    std::size_t m_rd = layout().take();
    std::size_t m_rs = layout().take();
    Word m_offset{layout()};
    ReadPort m_base{layout()};
    AddressColumns m_address{layout()};
    Position m_position{layout()};
    Bytes4 m_loaded{layout()};
    Port m_port{layout()};
    std::size_t m_low = layout().take();
    std::size_t m_top = layout().take();
    std::size_t m_sign = layout().take();
    WritePort m_old{layout()};
    Word m_result{layout()};
};

/// SB and SH.
class StorePart final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "store part"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr offset = row.word(m_offset);
        m_frame.constrain(
            row, {m_flags.operation(b), b.constant(0U), b.main(m_rs), b.main(m_rt), offset, b.constant(0U)});
        row.read(m_base, kAtRs, row.registerAddress(b.main(m_rs)), real, "rs");
        const WordExpr address =
            m_address.constrain(row, row.word(m_base.value), offset, m_position.constrain(row));
        const WordExpr stored{b.main(m_low) + b.main(m_second) * 256U, b.main(m_high)};
        row.access(m_portRt, kAtRt, row.registerAddress(b.main(m_rt)), stored, stored, real, "rt");
        row.bytes(b.main(m_low), b.main(m_second), "stored");
        row.bytes(m_before, "word before");
        const WordExpr after = row.word(m_after);
        row.access(m_port, kAtMemory, address, row.word(m_before), after, real, "memory");
        const Expr half = m_flags.is(b, Code::Sh);
        b.assertZero(half * (m_position.is(b, 1) + m_position.is(b, 3)), "half at an even position");
        b.assertEqual(after.lo, limb(b, half, 0), "word after, low");
        b.assertEqual(after.hi, limb(b, half, 2), "word after, high");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        row.set(m_rs, 4U * step.rs);
        row.set(m_rt, 4U * step.rt);
        m_offset.set(row, step.immediate);
        m_base.set(row, step.time + kAtRs, step.atRs);
        row.set(m_low, step.atRt.before & 0xffU);
        row.set(m_second, step.atRt.before >> 8U & 0xffU);
        row.set(m_high, step.atRt.before >> 16U);
        m_portRt.set(row, step.time + kAtRt, step.atRt);
        m_address.set(row, step.address);
        m_position.set(row, step.address);
        m_before.set(row, step.atMemory.before);
        m_after.set(row, step.atMemory.after);
        m_port.set(row, step.time + kAtMemory, step.atMemory);
    }

private:
    // The limb of bytes `at` and `at` + 1 after the store.
    [[nodiscard]] Expr limb(AirBuilder& b, Expr half, std::size_t at) const
    {
        const Expr here = m_position.is(b, at);
        const Expr behind = m_position.is(b, at + 1);
        const Expr first = b.main(m_before[at]);
        const Expr second = b.main(m_before[at + 1]);
        const Expr low = b.main(m_low);
        const Expr newSecond = half * (b.main(m_second) - second);
        return first + second * 256U + here * (low - first + newSecond * 256U) +
               behind * (low - second) * 256U;
    }

    Flags m_flags{layout(), {Code::Sb, Code::Sh}};
    Frame m_frame{layout()};
    std::size_t m_rs = layout().take();
    std::size_t m_rt = layout().take();
    Word m_offset{layout()};
    ReadPort m_base{layout()};
    std::size_t m_low = layout().take();
    std::size_t m_second = layout().take();
    std::size_t m_high = layout().take();
    Port m_portRt{layout()};
    AddressColumns m_address{layout()};
    Position m_position{layout()};
    Bytes4 m_before{layout()};
    Word m_after{layout()};
    Port m_port{layout()};
};

/// LWL, LWR, SWL, SWR: with the address's position in the word, one of four ways to join two words' bytes each.
class Unaligned final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "unaligned"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr offset = row.word(m_offset);
        const Expr loads = m_flags.anyOf(b, {Code::Lwl, Code::Lwr});
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), offset, b.constant(0U)});
        row.read(m_base, kAtRs, row.registerAddress(b.main(m_registers.rs)), real, "rs");
        const WordExpr address =
            m_address.constrain(row, row.word(m_base.value), offset, m_position.constrain(row));
        const WordExpr fromRegister = row.word(m_register);
        const WordExpr fromMemory = row.word(m_memory);
        row.access(m_portRt, kAtRt, row.registerAddress(b.main(m_registers.rt)), fromRegister, fromRegister,
                   real, "rt");
        row.bytes(m_register, "register");
        row.bytes(m_memory, "memory");
        const WordExpr joined{joinedLimb(b, 0), joinedLimb(b, 2)};
        const WordExpr result = row.word(m_result);
        b.assertEqual(result.lo, joined.lo, "result low");
        b.assertEqual(result.hi, joined.hi, "result high");
        const WordExpr after = row.word(m_after);
        b.assertEqual(after.lo, result.lo + loads * (fromMemory.lo - result.lo), "memory after, low");
        b.assertEqual(after.hi, result.hi + loads * (fromMemory.hi - result.hi), "memory after, high");
        row.access(m_port, kAtMemory, address, fromMemory, after, real, "memory");
        row.write(m_old, kAtRd, row.registerAddress(b.main(m_registers.rd)), result, loads, "rd");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool loads = step.code == Code::Lwl || step.code == Code::Lwr;
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_offset.set(row, step.immediate);
        m_base.set(row, step.time + kAtRs, step.atRs);
        m_address.set(row, step.address);
        m_position.set(row, step.address);
        m_register.set(row, step.atRt.before);
        m_portRt.set(row, step.time + kAtRt, step.atRt);
        m_memory.set(row, step.atMemory.before);
        m_port.set(row, step.time + kAtMemory, step.atMemory);
        m_after.set(row, step.atMemory.after);
        m_result.set(row, loads ? step.atRd.after : step.atMemory.after);
        m_old.set(row, step.time + kAtRd, step.atRd);
        if (!loads) m_old.port.skip(row, step.time + kAtRd);
    }

private:
    // Byte i of the result. From where the low bytes come: position p, LWL puts memory byte j at j + 3 - p, LWR at
    // j - p; the stores put register bytes the other way round.
    [[nodiscard]] Expr joinedByte(AirBuilder& b, std::size_t i) const
    {
        Expr out = b.constant(0U);
        for (std::size_t p = 0; p < 4; ++p) {
            const Expr here = m_position.is(b, p);
            const auto reg = [&](std::size_t j) { return b.main(m_register[j]); };
            const auto mem = [&](std::size_t j) { return b.main(m_memory[j]); };
            const Expr loadLeft = i + p >= 3 ? mem(i + p - 3) : reg(i);
            const Expr loadRight = i + p < 4 ? mem(i + p) : reg(i);
            const Expr storeLeft = i <= p ? reg(i + 3 - p) : mem(i);
            const Expr storeRight = i >= p ? reg(i - p) : mem(i);
            out += here * (m_flags.is(b, Code::Lwl) * loadLeft + m_flags.is(b, Code::Lwr) * loadRight +
                           m_flags.is(b, Code::Swl) * storeLeft + m_flags.is(b, Code::Swr) * storeRight);
        }
        return out;
    }
    [[nodiscard]] Expr joinedLimb(AirBuilder& b, std::size_t first) const
    {
        return joinedByte(b, first) + joinedByte(b, first + 1) * 256U;
    }

    Flags m_flags{layout(), {Code::Lwl, Code::Lwr, Code::Swl, Code::Swr}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Word m_offset{layout()};
    ReadPort m_base{layout()};
    AddressColumns m_address{layout()};
    Position m_position{layout()};
    Bytes4 m_register{layout()};
    Port m_portRt{layout()};
    Bytes4 m_memory{layout()};
    Port m_port{layout()};
    Word m_after{layout()};
    Word m_result{layout()};
    WritePort m_old{layout()};
};

/// LL and SC. The reservation is the word's address with bit 0 set; SC stores if it still stands, and clears it.
class Linked final : public InstructionChip {
public:
    [[nodiscard]] std::string name() const override { return "linked"; }
    void eval(AirBuilder& b) const override
    {
        m_flags.constrain(b);
        const Expr real = m_flags.any(b);
        const Expr stores = m_flags.is(b, Code::Sc);
        const Expr loads = m_flags.is(b, Code::Ll);
        RowConstraints row(b, real, b.main(m_frame.time));
        const WordExpr offset = row.word(m_offset);
        m_frame.constrain(row, {m_flags.operation(b), b.main(m_registers.rd), b.main(m_registers.rs),
                                b.main(m_registers.rt), offset, b.constant(0U)});
        row.read(m_base, kAtRs, row.registerAddress(b.main(m_registers.rs)), real, "rs");
        row.read(m_stored, kAtRt, row.registerAddress(b.main(m_registers.rt)), stores, "rt");
        const WordExpr address = m_address.constrain(row, row.word(m_base.value), offset, b.constant(0U));
        // Whether the reservation stands: equal limbs, by the same test as a branch.
        const WordExpr reserved = row.word(m_reservation.before);
        const Expr low = reserved.lo - address.lo - 1;
        const Expr high = reserved.hi - address.hi;
        const Expr holds = b.main(m_holds);
        b.assertBoolean(holds, "holds is a bit");
        b.assertZero(holds * low, "holds low");
        b.assertZero(holds * high, "holds high");
        b.assertEqual(low * b.main(m_inverses) + high * b.main(m_inverses + 1), real - holds,
                      "does not hold");
        const Expr does = b.main(m_does);
        b.assertEqual(does, stores * holds, "stores");
        const WordExpr before = row.word(m_old.before);
        const WordExpr stored = row.word(m_stored.value);
        const WordExpr after = row.word(m_after);
        b.assertEqual(after.lo, before.lo + does * (stored.lo - before.lo), "memory after, low");
        b.assertEqual(after.hi, before.hi + does * (stored.hi - before.hi), "memory after, high");
        row.write(m_old, kAtMemory, address, after, real, "memory");
        const WordExpr result = row.word(m_result);
        b.assertEqual(result.lo, does + loads * before.lo, "result low");
        b.assertEqual(result.hi, loads * before.hi, "result high");
        row.write(m_oldRd, kAtRd, row.registerAddress(b.main(m_registers.rd)), result, real, "rd");
        const WordExpr reservation = row.word(m_newReservation);
        b.assertEqual(reservation.lo, loads * (address.lo + 1), "reservation low");
        b.assertEqual(reservation.hi, loads * address.hi, "reservation high");
        row.write(m_reservation, kAtExtra, row.registerAddress(zkvm::kReservation), reservation, real,
                  "reservation");
        row.finish();
    }
    void fill(const Row& row, const Step& step) const override
    {
        const bool stores = step.code == Code::Sc;
        const std::uint32_t reserved = step.atExtra.before;
        const std::uint32_t wanted = step.address | 1U;
        const auto difference = [&](unsigned shift) {
            return static_cast<std::int32_t>(reserved >> shift & 0xffffU) -
                   static_cast<std::int32_t>(wanted >> shift & 0xffffU);
        };
        m_flags.set(row, step.code);
        m_frame.set(row, step);
        m_registers.set(row, step);
        m_offset.set(row, step.immediate);
        m_base.set(row, step.time + kAtRs, step.atRs);
        m_stored.set(row, step.time + kAtRt, step.atRt);
        if (!stores) m_stored.port.skip(row, step.time + kAtRt);
        m_address.set(row, step.address);
        row.set(m_holds, reserved == wanted ? 1U : 0U);
        row.set(m_inverses, smallInverse(difference(0)));
        if (difference(0) == 0) row.set(m_inverses + 1, smallInverse(difference(16)));
        row.set(m_does, stores && reserved == wanted ? 1U : 0U);
        m_old.set(row, step.time + kAtMemory, step.atMemory);
        m_after.set(row, step.atMemory.after);
        m_oldRd.set(row, step.time + kAtRd, step.atRd);
        m_result.set(row, step.atRd.after);
        m_reservation.set(row, step.time + kAtExtra, step.atExtra);
        m_newReservation.set(row, step.atExtra.after);
    }

private:
    Flags m_flags{layout(), {Code::Ll, Code::Sc}};
    Frame m_frame{layout()};
    RegisterColumns m_registers{layout()};
    Word m_offset{layout()};
    ReadPort m_base{layout()};
    ReadPort m_stored{layout()};
    AddressColumns m_address{layout()};
    std::size_t m_holds = layout().take();
    std::size_t m_inverses = layout().take(2);
    std::size_t m_does = layout().take();
    WritePort m_old{layout()};
    Word m_after{layout()};
    WritePort m_oldRd{layout()};
    Word m_result{layout()};
    WritePort m_reservation{layout()};
    Word m_newReservation{layout()};
};

} // namespace

InstructionChipPtr makeLoadWord() { return std::make_unique<LoadWord>(); }
InstructionChipPtr makeStoreWord() { return std::make_unique<StoreWord>(); }
InstructionChipPtr makeLoadPart() { return std::make_unique<LoadPart>(); }
InstructionChipPtr makeStorePart() { return std::make_unique<StorePart>(); }
InstructionChipPtr makeUnaligned() { return std::make_unique<Unaligned>(); }
InstructionChipPtr makeLinked() { return std::make_unique<Linked>(); }

} // namespace bowline::chips
