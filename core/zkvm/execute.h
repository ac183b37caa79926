// SPDX-License-Identifier: MIT
// The meaning of every instruction but branches' delay slots, as one function for each. Included by the machine's
// loop only (machine_run.h). Source: MIPS32 Architecture For Programmers, volume II, release 2.
#pragma once

#include "core/zkvm/machine.h"
#include "core/zkvm/precompiles.h"

#include <bit>

namespace bowline::zkvm::detail {

// Taken: to Core::target, behind the delay slot. NotTaken: a branch all the same, its slot comes next. Primitive:
// done, and its block ends here.
enum class Step : std::uint8_t {
    Next,
    Taken,
    NotTaken,
    Primitive,
    Trap,
    Halt,
    Fault,
    BeforeHint,
    OutOfMemory
};

[[nodiscard]] constexpr std::int32_t asSigned(std::uint32_t x) { return static_cast<std::int32_t>(x); }
[[nodiscard]] constexpr std::uint32_t asUnsigned(std::int32_t x) { return static_cast<std::uint32_t>(x); }

template <typename Tracer>
struct Semantics {
    Core& m;
    Tracer& tracer;

    // --- helpers -----------------------------------------------------------------------------------------

    [[nodiscard]] std::uint32_t rs(const Op& o) const { return m.r[o.rs]; }
    [[nodiscard]] std::uint32_t rt(const Op& o) const { return m.r[o.rt]; }
    Step put(const Op& o, std::uint32_t value)
    {
        m.r[o.rd] = value;
        return Step::Next;
    }
    [[gnu::cold]] Step fault(Fault why)
    {
        m.fault = why;
        return Step::Fault;
    }
    Step failed(Access access)
    {
        switch (access) {
        case Access::OutOfMemory: return Step::OutOfMemory;
        case Access::WriteToText: return fault(Fault::WriteToText);
        default: return fault(Fault::BadAddress);
        }
    }
    // The word at a multiple of 4, and the same with a new value: each is one access of the proof.
    Access load(std::uint32_t address, std::uint32_t& word)
    {
        const Access access = m.memory.load(address, word);
        if constexpr (Tracer::kActive) {
            if (access == Access::Ok) tracer.memory(address, word, word);
        }
        return access;
    }
    Access store(std::uint32_t address, std::uint32_t word)
    {
        if constexpr (Tracer::kActive) {
            std::uint32_t before = 0;
            static_cast<void>(m.memory.load(address, before));
            const Access access = m.memory.store(address, word);
            if (access == Access::Ok) tracer.memory(address, before, word);
            return access;
        }
        return m.memory.store(address, word);
    }
    [[nodiscard]] static std::uint64_t signedProduct(std::uint32_t a, std::uint32_t b)
    {
        return static_cast<std::uint64_t>(std::int64_t{asSigned(a)} * asSigned(b));
    }
    Step putHiLo(std::uint64_t value)
    {
        m.r[kHi] = static_cast<std::uint32_t>(value >> 32U);
        m.r[kLo] = static_cast<std::uint32_t>(value);
        return Step::Next;
    }
    [[nodiscard]] std::uint64_t hiLo() const { return std::uint64_t{m.r[kHi]} << 32U | m.r[kLo]; }
    Step trapIf(bool condition) { return condition ? fault(Fault::Trap) : Step::Next; }
    Step branchIf(const Op& o, bool condition)
    {
        m.target = o.imm;
        return condition ? Step::Taken : Step::NotTaken;
    }

    // --- arithmetic and logic ----------------------------------------------------------------------------

    Step opAddu(const Op& o) { return put(o, rs(o) + rt(o)); }
    Step opSubu(const Op& o) { return put(o, rs(o) - rt(o)); }
    Step addTrapping(const Op& o, std::uint32_t a, std::uint32_t b)
    {
        const std::uint32_t sum = a + b;
        if (((a ^ sum) & (b ^ sum)) >> 31U != 0) return fault(Fault::Overflow);
        return put(o, sum);
    }
    Step opAdd(const Op& o) { return addTrapping(o, rs(o), rt(o)); }
    Step opSub(const Op& o)
    {
        const std::uint32_t difference = rs(o) - rt(o);
        if (((rs(o) ^ rt(o)) & (rs(o) ^ difference)) >> 31U != 0) return fault(Fault::Overflow);
        return put(o, difference);
    }
    Step opAnd(const Op& o) { return put(o, rs(o) & rt(o)); }
    Step opOr(const Op& o) { return put(o, rs(o) | rt(o)); }
    Step opXor(const Op& o) { return put(o, rs(o) ^ rt(o)); }
    Step opNor(const Op& o) { return put(o, ~(rs(o) | rt(o))); }
    Step opSlt(const Op& o) { return put(o, asSigned(rs(o)) < asSigned(rt(o)) ? 1 : 0); }
    Step opSltu(const Op& o) { return put(o, rs(o) < rt(o) ? 1 : 0); }
    Step opAddiu(const Op& o) { return put(o, rs(o) + o.imm); }
    Step opAddi(const Op& o) { return addTrapping(o, rs(o), o.imm); }
    Step opAndi(const Op& o) { return put(o, rs(o) & o.imm); }
    Step opOri(const Op& o) { return put(o, rs(o) | o.imm); }
    Step opXori(const Op& o) { return put(o, rs(o) ^ o.imm); }
    Step opSlti(const Op& o) { return put(o, asSigned(rs(o)) < asSigned(o.imm) ? 1 : 0); }
    Step opSltiu(const Op& o) { return put(o, rs(o) < o.imm ? 1 : 0); }
    Step opLui(const Op& o) { return put(o, o.imm); }

    Step opSll(const Op& o) { return put(o, rt(o) << o.imm); }
    Step opSrl(const Op& o) { return put(o, rt(o) >> o.imm); }
    Step opSra(const Op& o) { return put(o, asUnsigned(asSigned(rt(o)) >> o.imm)); }
    Step opRotr(const Op& o) { return put(o, std::rotr(rt(o), asSigned(o.imm))); }
    Step opSllv(const Op& o) { return put(o, rt(o) << (rs(o) & 31U)); }
    Step opSrlv(const Op& o) { return put(o, rt(o) >> (rs(o) & 31U)); }
    Step opSrav(const Op& o) { return put(o, asUnsigned(asSigned(rt(o)) >> (rs(o) & 31U))); }
    Step opRotrv(const Op& o) { return put(o, std::rotr(rt(o), asSigned(rs(o) & 31U))); }

    Step opMovz(const Op& o) { return put(o, rt(o) == 0 ? rs(o) : m.r[o.rd]); }
    Step opMovn(const Op& o) { return put(o, rt(o) != 0 ? rs(o) : m.r[o.rd]); }
    Step opClz(const Op& o) { return put(o, asUnsigned(std::countl_zero(rs(o)))); }
    Step opClo(const Op& o) { return put(o, asUnsigned(std::countl_one(rs(o)))); }
    Step opSeb(const Op& o) { return put(o, asUnsigned(static_cast<std::int8_t>(rt(o)))); }
    Step opSeh(const Op& o) { return put(o, asUnsigned(static_cast<std::int16_t>(rt(o)))); }
    Step opWsbh(const Op& o) { return put(o, (rt(o) & 0x00ff00ffU) << 8U | (rt(o) >> 8U & 0x00ff00ffU)); }
    [[nodiscard]] static std::uint32_t fieldMask(const Op& o) { return 0xffffffffU >> (32 - (o.imm >> 8U)); }
    Step opExt(const Op& o) { return put(o, rs(o) >> (o.imm & 31U) & fieldMask(o)); }
    Step opIns(const Op& o)
    {
        const std::uint32_t mask = fieldMask(o) << (o.imm & 31U);
        return put(o, (rt(o) & ~mask) | (rs(o) << (o.imm & 31U) & mask));
    }

    // HI and LO stay as they are: the architecture leaves them open.
    Step opMul(const Op& o) { return put(o, rs(o) * rt(o)); }
    Step opMult(const Op& o) { return putHiLo(signedProduct(rs(o), rt(o))); }
    Step opMultu(const Op& o) { return putHiLo(std::uint64_t{rs(o)} * rt(o)); }
    Step opMadd(const Op& o) { return putHiLo(hiLo() + signedProduct(rs(o), rt(o))); }
    Step opMaddu(const Op& o) { return putHiLo(hiLo() + std::uint64_t{rs(o)} * rt(o)); }
    Step opMsub(const Op& o) { return putHiLo(hiLo() - signedProduct(rs(o), rt(o))); }
    Step opMsubu(const Op& o) { return putHiLo(hiLo() - std::uint64_t{rs(o)} * rt(o)); }
    // Division by zero has the quotient of all ones and the dividend as remainder, signed or not.
    Step opDiv(const Op& o)
    {
        const std::int64_t a = asSigned(rs(o));
        const std::int64_t b = asSigned(rt(o));
        m.r[kLo] = b == 0 ? 0xffffffffU : static_cast<std::uint32_t>(a / b);
        m.r[kHi] = b == 0 ? rs(o) : static_cast<std::uint32_t>(a % b);
        return Step::Next;
    }
    Step opDivu(const Op& o)
    {
        const std::uint32_t a = rs(o);
        const std::uint32_t b = rt(o);
        m.r[kLo] = b == 0 ? 0xffffffffU : a / b;
        m.r[kHi] = b == 0 ? a : a % b;
        return Step::Next;
    }
    Step opMfhi(const Op& o) { return put(o, rs(o)); }
    Step opMflo(const Op& o) { return put(o, rs(o)); }
    Step opMthi(const Op& o) { return put(o, rs(o)); }
    Step opMtlo(const Op& o) { return put(o, rs(o)); }
    Step opRdhwr(const Op& o) { return put(o, rs(o)); }
    Step opNop(const Op& /*o*/) { return Step::Next; }

    Step opTeq(const Op& o) { return trapIf(rs(o) == rt(o)); }
    Step opTne(const Op& o) { return trapIf(rs(o) != rt(o)); }
    Step opTge(const Op& o) { return trapIf(asSigned(rs(o)) >= asSigned(rt(o))); }
    Step opTgeu(const Op& o) { return trapIf(rs(o) >= rt(o)); }
    Step opTlt(const Op& o) { return trapIf(asSigned(rs(o)) < asSigned(rt(o))); }
    Step opTltu(const Op& o) { return trapIf(rs(o) < rt(o)); }
    Step opTeqi(const Op& o) { return trapIf(rs(o) == o.imm); }
    Step opTnei(const Op& o) { return trapIf(rs(o) != o.imm); }
    Step opTgei(const Op& o) { return trapIf(asSigned(rs(o)) >= asSigned(o.imm)); }
    Step opTgeiu(const Op& o) { return trapIf(rs(o) >= o.imm); }
    Step opTlti(const Op& o) { return trapIf(asSigned(rs(o)) < asSigned(o.imm)); }
    Step opTltiu(const Op& o) { return trapIf(rs(o) < o.imm); }

    // --- memory ------------------------------------------------------------------------------------------

    // `use(word, bit position of the addressed byte)` yields the register's new value.
    template <typename Use>
    Step loadPart(const Op& o, std::uint32_t alignment, const Use& use)
    {
        const std::uint32_t address = rs(o) + o.imm;
        if (address % alignment != 0) return fault(Fault::BadAddress);
        std::uint32_t word = 0;
        const Access access = load(address & ~3U, word);
        if (access != Access::Ok) [[unlikely]]
            return failed(access);
        return put(o, use(word, 8 * (address & 3U)));
    }
    Step opLb(const Op& o)
    {
        return loadPart(o, 1, [](auto w, auto at) { return asUnsigned(static_cast<std::int8_t>(w >> at)); });
    }
    Step opLbu(const Op& o)
    {
        return loadPart(o, 1, [](auto w, auto at) { return w >> at & 0xffU; });
    }
    Step opLh(const Op& o)
    {
        return loadPart(o, 2, [](auto w, auto at) { return asUnsigned(static_cast<std::int16_t>(w >> at)); });
    }
    Step opLhu(const Op& o)
    {
        return loadPart(o, 2, [](auto w, auto at) { return w >> at & 0xffffU; });
    }
    Step opLw(const Op& o)
    {
        return loadPart(o, 4, [](auto w, auto) { return w; });
    }
    // The addressed byte is the most significant one of LWL, the least significant one of LWR.
    Step opLwl(const Op& o)
    {
        const std::uint32_t old = rt(o);
        return loadPart(o, 1, [old](std::uint32_t w, std::uint32_t at) {
            return (old & 0x00ffffffU >> at) | w << (24 - at);
        });
    }
    Step opLwr(const Op& o)
    {
        const std::uint32_t old = rt(o);
        return loadPart(o, 1, [old](std::uint32_t w, std::uint32_t at) {
            return (old & ~(0xffffffffU >> at)) | w >> at;
        });
    }

    template <typename Use>
    Step storePart(const Op& o, std::uint32_t alignment, const Use& use)
    {
        const std::uint32_t address = rs(o) + o.imm;
        if (address % alignment != 0) return fault(Fault::BadAddress);
        std::uint32_t word = 0;
        Access access = m.memory.load(address & ~3U, word);
        if (access == Access::Ok) access = store(address & ~3U, use(word, 8 * (address & 3U)));
        return access == Access::Ok ? Step::Next : failed(access);
    }
    Step opSb(const Op& o)
    {
        const std::uint32_t value = rt(o) & 0xffU;
        return storePart(o, 1, [value](auto w, auto at) { return (w & ~(0xffU << at)) | value << at; });
    }
    Step opSh(const Op& o)
    {
        const std::uint32_t value = rt(o) & 0xffffU;
        return storePart(o, 2, [value](auto w, auto at) { return (w & ~(0xffffU << at)) | value << at; });
    }
    Step opSw(const Op& o)
    {
        const std::uint32_t address = rs(o) + o.imm;
        if (address % 4 != 0) return fault(Fault::BadAddress);
        const Access access = store(address, rt(o));
        return access == Access::Ok ? Step::Next : failed(access);
    }
    Step opSwl(const Op& o)
    {
        const std::uint32_t value = rt(o);
        return storePart(o, 1, [value](std::uint32_t w, std::uint32_t at) {
            return (w & ~(0xffffffffU >> (24 - at))) | value >> (24 - at);
        });
    }
    Step opSwr(const Op& o)
    {
        const std::uint32_t value = rt(o);
        return storePart(o, 1, [value](std::uint32_t w, std::uint32_t at) {
            return (w & ~(0xffffffffU << at)) | value << at;
        });
    }
    Step opLl(const Op& o)
    {
        const std::uint32_t address = rs(o) + o.imm;
        const Step step = opLw(o);
        if (step == Step::Next) m.r[kReservation] = address | 1U;
        return step;
    }
    // The word is accessed whether or not the reservation still holds.
    Step opSc(const Op& o)
    {
        const std::uint32_t address = rs(o) + o.imm;
        if (address % 4 != 0) return fault(Fault::BadAddress);
        const bool holds = m.r[kReservation] == (address | 1U);
        std::uint32_t word = 0;
        Access access = m.memory.load(address, word);
        if (access == Access::Ok) access = store(address, holds ? rt(o) : word);
        if (access != Access::Ok) return failed(access);
        m.r[kReservation] = 0;
        return put(o, holds ? 1 : 0);
    }

    // --- control -----------------------------------------------------------------------------------------

    Step opBeq(const Op& o) { return branchIf(o, rs(o) == rt(o)); }
    Step opBne(const Op& o) { return branchIf(o, rs(o) != rt(o)); }
    Step opBlez(const Op& o) { return branchIf(o, asSigned(rs(o)) <= 0); }
    Step opBgtz(const Op& o) { return branchIf(o, asSigned(rs(o)) > 0); }
    Step opBltz(const Op& o) { return branchIf(o, asSigned(rs(o)) < 0); }
    Step opBgez(const Op& o) { return branchIf(o, asSigned(rs(o)) >= 0); }
    // The link is written by the machine, which knows where it is, behind these.
    Step opBltzal(const Op& o) { return opBltz(o); }
    Step opBgezal(const Op& o) { return opBgez(o); }
    Step opJ(const Op& o) { return branchIf(o, true); }
    Step opJal(const Op& o) { return branchIf(o, true); }
    Step opJr(const Op& o)
    {
        m.target = rs(o);
        return Step::Taken;
    }
    Step opJalr(const Op& o) { return opJr(o); }
    Step opBreak(const Op& /*o*/) { return fault(Fault::BadInstruction); }
    Step opIllegal(const Op& /*o*/) { return fault(Fault::BadInstruction); }
    Step opEnd(const Op& /*o*/) { return fault(Fault::BadJump); }
    Step opSyscall(const Op& o) { return o.imm == 0 ? Step::Trap : primitive(o.imm); }

    // --- primitives (core/zkvm/abi.h) -----------------------------------------------------------------

    template <std::size_t N>
    [[nodiscard]] bool readWords(std::uint32_t address, std::array<std::uint32_t, N>& out)
    {
        if (address % 4 != 0) return false;
        for (std::uint32_t i = 0; i < N; ++i) {
            if (load(address + 4 * i, out[i]) != Access::Ok) return false;
        }
        return true;
    }
    template <std::size_t N>
    [[nodiscard]] Step writeWords(std::uint32_t address, const std::array<std::uint32_t, N>& words)
    {
        for (std::uint32_t i = 0; i < N; ++i) {
            const Access access = store(address + 4 * i, words[i]);
            if (access != Access::Ok) return failed(access);
        }
        return Step::Primitive;
    }
    // Reads N words at $4, lets `change` work on them, and writes them back.
    template <std::size_t N, typename Change>
    [[nodiscard]] Step inPlace(const Change& change)
    {
        std::array<std::uint32_t, N> words;
        if (!readWords(m.r[4], words) || !change(words)) return fault(Fault::BadPrimitive);
        return writeWords(m.r[4], words);
    }
    [[gnu::noinline]] Step primitive(std::uint32_t number)
    {
        switch (number) {
        case BOWLINE_HALT: m.exitCode = m.r[4]; return Step::Halt;
        case BOWLINE_HINT_LEN:
        case BOWLINE_HINT_WORD: return hint(number);
        case BOWLINE_SET_USER_LOCAL: m.r[kUserLocal] = m.r[4]; return Step::Primitive;
        case BOWLINE_DEBUG: return debug();
        case BOWLINE_POSEIDON2: return inPlace<16>(permutePoseidon2);
        case BOWLINE_SECP256K1_DOUBLE: return inPlace<16>(doubleSecp256k1);
        case BOWLINE_KECCAK_F:
            return inPlace<50>([](Words50& state) {
                permuteKeccak(state);
                return true;
            });
        case BOWLINE_SHA256:
            return inPlace<8>([this](Words8& state) {
                Words16 block;
                if (!readWords(m.r[5], block)) return false;
                compressSha256(state, block);
                return true;
            });
        case BOWLINE_MULMOD:
            return inPlace<8>([this](U256& x) {
                U256 y;
                U256 modulus;
                return readWords(m.r[5], y) && readWords(m.r[6], modulus) && multiplyModulo256(x, y, modulus);
            });
        case BOWLINE_SECP256K1_ADD:
            return inPlace<16>([this](Words16& point) {
                Words16 other;
                return readWords(m.r[5], other) && addSecp256k1(point, other);
            });
        default: return fault(Fault::BadPrimitive);
        }
    }
    Step hint(std::uint32_t number)
    {
        if (m.options.stopBeforeHint) return Step::BeforeHint;
        std::uint32_t value = 0;
        if (number == BOWLINE_HINT_LEN) {
            value = static_cast<std::uint32_t>(m.input.size() - m.inputAt);
        } else {
            for (unsigned i = 0; i < 4 && m.inputAt < m.input.size(); ++i)
                value |= std::uint32_t{m.input[m.inputAt++]} << 8 * i;
        }
        m.r[2] = value;
        return Step::Primitive;
    }
    Step debug()
    {
        constexpr std::uint32_t kMaxShown = 1U << 20U;
        if (m.options.debug) m.options.debug(m.r[4], m.memory.bytes(m.r[5], std::min(m.r[6], kMaxShown)));
        return Step::Primitive;
    }

    [[gnu::always_inline]] Step operator()(const Op& op)
    {
        switch (op.code) {
#define X(name, text)                                                                                        \
    case Code::name: return op##name(op);
            BOWLINE_ZKVM_CODES(X)
#undef X
        }
        return fault(Fault::BadInstruction);
    }
};

} // namespace bowline::zkvm::detail
