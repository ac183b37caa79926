// SPDX-License-Identifier: MIT
#include "core/chips/sha256.h"

#include "core/zkvm/abi.h"

#include <bit>

namespace bowline::chips {

namespace {
constexpr std::size_t kSlots = 8;
constexpr std::size_t kLast = Sha256Columns::kRows - 1;
constexpr std::uint32_t kLimb = 1U << 16U;

// FIPS 180-4, 4.2.2.
constexpr std::array<std::uint32_t, 64> kRoundConstants{
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

// FIPS 180-4, 4.1.2: three turned words, or two and a shifted one.
struct Sigma {
    std::array<unsigned, 3> by;
    bool shift; // the last one

    [[nodiscard]] std::uint32_t of(std::uint32_t x) const
    {
        const auto turned = [x](unsigned n) { return std::rotr(x, static_cast<int>(n)); };
        return turned(by[0]) ^ turned(by[1]) ^ (shift ? x >> by[2] : turned(by[2]));
    }
};
constexpr Sigma kBigSigma0{{2, 13, 22}, false};
constexpr Sigma kBigSigma1{{6, 11, 25}, false};
constexpr Sigma kSmallSigma0{{7, 18, 3}, true};
constexpr Sigma kSmallSigma1{{17, 19, 10}, true};

[[nodiscard]] std::uint32_t choose(std::uint32_t x, std::uint32_t y, std::uint32_t z)
{
    return (x & y) ^ (~x & z);
}
[[nodiscard]] std::uint32_t majority(std::uint32_t x, std::uint32_t y, std::uint32_t z)
{
    return (x & y) ^ (x & z) ^ (y & z);
}

[[nodiscard]] Expr exclusiveOr(Expr x, Expr y) { return x + y - x * y * 2U; }

// Where state word i is among the slots of a and e, in rows 0 and 8.
struct StatePlace {
    bool inA;
    std::size_t slot;
};
[[nodiscard]] constexpr StatePlace placeOf(std::size_t word) { return {word < 4, 7 - word % 4}; }

// Writes the constraints down. Slots -8 to -1 are those of this row, 0 to 7 those of the next one.
class Rules {
public:
    Rules(AirBuilder& builder, const Sha256Columns& columns) : m_b(builder), m_c(columns) {}

    void all()
    {
        flags();
        for (std::size_t i = 0; i < 32 * kSlots; ++i) {
            m_b.assertBoolean(m_b.main(m_c.a + i), "a bit");
            m_b.assertBoolean(m_b.main(m_c.e + i), "e bit");
            m_b.assertBoolean(m_b.main(m_c.w + i), "w bit");
        }
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            carryRanges(slot);
            sumE(static_cast<int>(slot));
            sumA(static_cast<int>(slot));
            sumW(static_cast<int>(slot));
            partialSums(static_cast<int>(slot));
        }
        accesses();
        calls();
    }

private:
    using Limbs = std::array<Expr, 2>;

    [[nodiscard]] Expr flag(std::size_t row) { return m_b.main(m_c.flag + row); }
    [[nodiscard]] Expr flagsFrom(std::size_t first, std::size_t last)
    {
        Expr out = flag(first);
        for (std::size_t i = first + 1; i <= last; ++i) out += flag(i);
        return out;
    }
    [[nodiscard]] Expr bit(std::size_t first, int slot, std::size_t z)
    {
        if (slot < 0) return m_b.main(m_c.bit(first, static_cast<std::size_t>(slot + 8), z % 32));
        return m_b.next(m_c.bit(first, static_cast<std::size_t>(slot), z % 32));
    }
    template <typename BitOf>
    [[nodiscard]] Limbs limbsOf(const BitOf& bitOf)
    {
        Limbs out{m_b.constant(0U), m_b.constant(0U)};
        for (std::size_t z = 0; z < 32; ++z) out[z / 16] += bitOf(z) * (1U << z % 16);
        return out;
    }
    [[nodiscard]] Limbs word(std::size_t first, int slot)
    {
        return limbsOf([&](std::size_t z) { return bit(first, slot, z); });
    }
    [[nodiscard]] Limbs sigma(const Sigma& which, std::size_t first, int slot)
    {
        return limbsOf([&](std::size_t z) {
            const Expr two =
                exclusiveOr(bit(first, slot, z + which.by[0]), bit(first, slot, z + which.by[1]));
            if (which.shift && z + which.by[2] >= 32) return two;
            return exclusiveOr(two, bit(first, slot, z + which.by[2]));
        });
    }
    [[nodiscard]] Limbs digits(std::size_t first, std::size_t slot, bool second)
    {
        const auto at = [&](std::size_t limb) {
            return m_b.main(m_c.digit(first, slot, limb, second ? 1 : 0));
        };
        return {at(0), at(1)};
    }

    void flags()
    {
        Expr sum = m_b.constant(0U);
        for (std::size_t i = 0; i <= kLast; ++i) {
            m_b.assertBoolean(flag(i), "flag");
            sum += flag(i);
            if (i > 0) m_b.assertEqual(m_b.next(m_c.flag + i), flag(i - 1), "rows in order");
        }
        m_b.assertBoolean(sum, "one flag");
        m_b.assertZero(flagsFrom(0, kLast - 1) * (m_b.next(m_c.time) - m_b.main(m_c.time)), "one time");
    }

    void carryRanges(std::size_t slot)
    {
        const Expr rounds = flagsFrom(0, kLast - 1);
        const Expr schedule = flagsFrom(1, kLast - 2);
        const auto booleanIf = [this](Expr gate, Expr x, const char* name) {
            m_b.assertZero(gate * x * (x - 1), name);
        };
        for (std::size_t limb = 0; limb < 2; ++limb) {
            booleanIf(rounds, digits(m_c.carryA, slot, false)[limb], "a carry, first");
            m_b.assertBoolean(digits(m_c.carryA, slot, true)[limb], "a carry, second");
            const Expr e = digits(m_c.carryE, slot, false)[limb];
            m_b.assertZero(e * (e - 1) * (e - 2), "e carry, first");
            booleanIf(rounds, digits(m_c.carryE, slot, true)[limb], "e carry, second");
            m_b.assertBoolean(digits(m_c.carryW, slot, false)[limb], "w carry, first");
            booleanIf(schedule, digits(m_c.carryW, slot, true)[limb], "w carry, second");
        }
    }

    // sum = result + 2^16 carry, limb by limb.
    void sum(const Limbs& terms, const Limbs& result, const Limbs& carry, const char* name)
    {
        m_b.assertZero(terms[0] - result[0] - carry[0] * kLimb, name + std::string(" low"));
        m_b.assertZero(terms[1] + carry[0] - result[1] - carry[1] * kLimb, name + std::string(" high"));
    }
    [[nodiscard]] static Limbs plus(const Limbs& x, const Limbs& y) { return {x[0] + y[0], x[1] + y[1]}; }

    // e = d + h + Sigma1(e) + Ch(e, f, g) + K + W, of the registers before the round.
    void sumE(int slot)
    {
        const auto e = [&](int before, std::size_t z) { return bit(m_c.e, slot - before, z); };
        Limbs terms = plus(word(m_c.a, slot - 4), word(m_c.e, slot - 4));
        terms = plus(terms, sigma(kBigSigma1, m_c.e, slot - 1));
        terms = plus(terms, limbsOf([&](std::size_t z) { return e(3, z) + e(1, z) * (e(2, z) - e(3, z)); }));
        for (std::size_t i = 0; i < kLast; ++i) {
            const std::uint32_t k = kRoundConstants[8 * i + static_cast<std::size_t>(slot)];
            terms = plus(terms, {flag(i) * (k & 0xffffU), flag(i) * (k >> 16U)});
        }
        terms = plus(terms, word(m_c.w, slot - 8));
        const auto at = static_cast<std::size_t>(slot);
        const Limbs x = digits(m_c.carryE, at, false);
        const Limbs y = digits(m_c.carryE, at, true);
        sum(terms, word(m_c.e, slot), {x[0] + y[0] * 3U, x[1] + y[1] * 3U}, "e sum");
    }
    // a + d = e + Sigma0(a) + Maj(a, b, c): what e holds already is not added again.
    void sumA(int slot)
    {
        const auto a = [&](int before, std::size_t z) { return bit(m_c.a, slot - before, z); };
        Limbs terms = plus(word(m_c.e, slot), sigma(kBigSigma0, m_c.a, slot - 1));
        terms = plus(terms, limbsOf([&](std::size_t z) {
                         const Expr bc = a(2, z) * a(3, z);
                         return bc + a(1, z) * (a(2, z) + a(3, z) - bc * 2U);
                     }));
        const Limbs d = word(m_c.a, slot - 4);
        terms = {terms[0] - d[0], terms[1] - d[1]};
        const auto at = static_cast<std::size_t>(slot);
        const Limbs x = digits(m_c.carryA, at, false);
        const Limbs y = digits(m_c.carryA, at, true);
        sum(terms, word(m_c.a, slot), {x[0] * 2U - y[0], x[1] * 2U - y[1]}, "a sum");
    }
    // w_t = (w_(t-16) + sigma0(w_(t-15))) + w_(t-7) + sigma1(w_(t-2)).
    void sumW(int slot)
    {
        const auto at = static_cast<std::size_t>(slot);
        Limbs terms{m_b.main(m_c.partial + 2 * at), m_b.main(m_c.partial + 2 * at + 1)};
        terms = plus(terms, plus(word(m_c.w, slot - 7), sigma(kSmallSigma1, m_c.w, slot - 2)));
        const Limbs x = digits(m_c.carryW, at, false);
        const Limbs y = digits(m_c.carryW, at, true);
        sum(terms, word(m_c.w, slot), {x[0] + y[0] * 2U, x[1] + y[1] * 2U}, "w sum");
    }
    void partialSums(int slot)
    {
        const Limbs terms = plus(word(m_c.w, slot - 8), sigma(kSmallSigma0, m_c.w, slot - 7));
        for (std::size_t limb = 0; limb < 2; ++limb)
            m_b.assertEqual(m_b.next(m_c.partial + 2 * static_cast<std::size_t>(slot) + limb), terms[limb],
                            "partial sum");
    }

    // The state before, from row 8 as this row (slot -8) or the next one (slot 0).
    [[nodiscard]] Limbs stateBefore(std::size_t i, int firstSlot)
    {
        const StatePlace place = placeOf(i);
        const Limbs after = word(m_c.w, firstSlot + static_cast<int>(i));
        const Limbs added = word(place.inA ? m_c.a : m_c.e, firstSlot + static_cast<int>(place.slot));
        const auto carry = [&](std::size_t limb) {
            const std::size_t column = m_c.digit(m_c.carryW, i, limb, 0);
            return firstSlot < 0 ? m_b.main(column) : m_b.next(column);
        };
        return {after[0] - added[0] + carry(0) * kLimb, after[1] - added[1] - carry(0) + carry(1) * kLimb};
    }

    void accesses()
    {
        const Expr block = flag(0) + flag(1);
        const Expr state = flag(kLast);
        // kAtSecond in rows 0 and 1, kAtFirst in row 8.
        RowConstraints row(m_b, block + state,
                           m_b.main(m_c.time) + kAtSecond + state * (kAtFirst - kAtSecond));
        m_c.words.constrain(row);
        m_c.words.follow(row, flag(0));
        for (std::size_t i = 0; i < kSlots; ++i) {
            const WordExpr at = m_c.words.address(row, i);
            const Limbs w = word(m_c.w, static_cast<int>(i) - 8);
            const Limbs before = stateBefore(i, -8);
            const Expr previous = row.at(m_c.ports[i].previousTime);
            m_b.receive(kMemoryBus, block, {at.lo, at.hi, w[0], w[1], previous}, "block word before");
            m_b.receive(kMemoryBus, state, {at.lo, at.hi, before[0], before[1], previous},
                        "state word before");
            m_b.send(kMemoryBus, row.real(), {at.lo, at.hi, w[0], w[1], row.time()}, "word after");
            row.limb(row.at(m_c.ports[i].gap), "gap low");
        }
        // As in RowConstraints::access.
        const auto gapHigh = [&](const Port& port) {
            return dividedBy65536(row.time() - row.at(port.previousTime) - 1 - row.at(port.gap));
        };
        for (std::size_t i = 0; i < kSlots; i += 2)
            row.bytes(gapHigh(m_c.ports[i]), gapHigh(m_c.ports[i + 1]), "gaps high");
    }

    void calls()
    {
        const Word& pointer = m_c.words.pointer();
        const auto portOf = [this](std::size_t i) {
            return std::array<Expr, 2>{m_b.main(m_c.ports[i].previousTime), m_b.main(m_c.ports[i].gap)};
        };
        const auto [secondLo, secondHi] = portOf(0);
        const auto [thirdLo, thirdHi] = portOf(1);
        const Expr time = m_b.main(m_c.time);
        std::vector<Expr> start{time, m_b.main(pointer.lo), m_b.main(pointer.hi)};
        std::vector<Expr> end{time, secondLo, secondHi};
        for (std::size_t i = 0; i < 8; ++i) {
            const StatePlace place = placeOf(i);
            for (const Expr limb : word(place.inA ? m_c.a : m_c.e, static_cast<int>(place.slot) - 8))
                start.push_back(limb);
            for (const Expr limb : stateBefore(i, 0)) end.push_back(limb);
        }
        m_b.send(kSha256Bus, flag(0), start, "start");
        m_b.receive(kSha256Bus, flag(kLast - 1), end, "end");
        m_b.receive(kCallBus, flag(kLast - 1),
                    {m_b.constant(std::uint32_t{BOWLINE_SHA256}), time, m_b.next(pointer.lo),
                     m_b.next(pointer.hi), secondLo, secondHi, thirdLo, thirdHi},
                    "call");
    }

    AirBuilder& m_b;
    const Sha256Columns& m_c;
};

// The words of a row, by slot.
struct RowWords {
    std::array<std::uint32_t, kSlots> a{};
    std::array<std::uint32_t, kSlots> e{};
    std::array<std::uint32_t, kSlots> w{};
};

// Two rows, one behind the other, while the columns that speak of both are filled.
class Seam {
public:
    Seam(const Sha256Columns& columns, std::uint32_t* data, unsigned log, std::size_t row)
        : m_c(columns), m_data(data), m_log(log), m_row(row),
          m_next((row + 1) & ((std::size_t{1} << log) - 1))
    {
    }

    void read()
    {
        m_now = wordsAt(m_row);
        m_then = wordsAt(m_next);
        for (std::size_t i = 0; i <= kLast; ++i) {
            if (cell(m_row, m_c.flag + i) == 1) m_index = i;
        }
    }
    void take(const RowWords& now, const RowWords& then, std::size_t index)
    {
        m_now = now;
        m_then = then;
        m_index = index;
    }
    /// Everything but the words themselves; this row's partial sums must be there.
    void close()
    {
        for (std::size_t i = 0; i < kSlots; ++i) {
            const int slot = static_cast<int>(i);
            set(m_next, m_c.partial + 2 * i, low(w(slot - 8)) + low(kSmallSigma0.of(w(slot - 7))));
            set(m_next, m_c.partial + 2 * i + 1, high(w(slot - 8)) + high(kSmallSigma0.of(w(slot - 7))));
            closeE(i);
            closeA(i);
            closeW(i);
        }
    }

private:
    using Sums = std::array<std::int64_t, 2>; // of limbs, less the result's

    [[nodiscard]] static std::uint32_t low(std::uint32_t x) { return x & 0xffffU; }
    [[nodiscard]] static std::uint32_t high(std::uint32_t x) { return x >> 16U; }
    [[nodiscard]] std::uint32_t& cell(std::size_t row, std::size_t column) const
    {
        return m_data[(column << m_log) + row];
    }
    void set(std::size_t row, std::size_t column, std::uint32_t value) const { cell(row, column) = value; }
    [[nodiscard]] RowWords wordsAt(std::size_t row) const
    {
        RowWords out;
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            for (std::size_t z = 0; z < 32; ++z) {
                out.a[slot] |= cell(row, m_c.bit(m_c.a, slot, z)) << z;
                out.e[slot] |= cell(row, m_c.bit(m_c.e, slot, z)) << z;
                out.w[slot] |= cell(row, m_c.bit(m_c.w, slot, z)) << z;
            }
        }
        return out;
    }
    [[nodiscard]] std::uint32_t at(std::array<std::uint32_t, kSlots> RowWords::*which, int slot) const
    {
        return slot < 0 ? (m_now.*which)[static_cast<std::size_t>(slot + 8)]
                        : (m_then.*which)[static_cast<std::size_t>(slot)];
    }
    [[nodiscard]] std::uint32_t a(int slot) const { return at(&RowWords::a, slot); }
    [[nodiscard]] std::uint32_t e(int slot) const { return at(&RowWords::e, slot); }
    [[nodiscard]] std::uint32_t w(int slot) const { return at(&RowWords::w, slot); }

    [[nodiscard]] static Sums sumOf(std::initializer_list<std::uint32_t> plus,
                                    std::initializer_list<std::uint32_t> minus)
    {
        Sums out{};
        for (const std::uint32_t x : plus) out = {out[0] + low(x), out[1] + high(x)};
        for (const std::uint32_t x : minus) out = {out[0] - low(x), out[1] - high(x)};
        return out;
    }
    // The carry out of a limb: a number if there is a small one, else what the field says.
    [[nodiscard]] static bool isWhole(std::int64_t sum) { return sum % kLimb == 0; }
    [[nodiscard]] static Element elementOf(std::int64_t x)
    {
        constexpr std::int64_t p = Element::kModulus;
        return Element::from(static_cast<std::uint32_t>((x % p + p) % p));
    }

    // Writes both limbs' carries. digitsOf: of a whole carry, the two digits; false if it is none of theirs.
    // Otherwise the one of the two that is free at seams, `slack` times its weight, is what the sum needs.
    template <typename DigitsOf>
    void carries(const Sums& sums, std::size_t first, std::size_t slot, std::size_t slack,
                 std::uint32_t weight, const DigitsOf& digitsOf) const
    {
        Element carried;
        for (std::size_t limb = 0; limb < 2; ++limb) {
            const std::array<std::size_t, 2> columns{m_c.digit(first, slot, limb, 0),
                                                     m_c.digit(first, slot, limb, 1)};
            const Element rest = elementOf(sums[limb]) + carried;
            // Whole carries are small, so that they can be told from others.
            const std::int64_t small =
                rest.value() < 8 * kLimb ? rest.value() : std::int64_t{rest.value()} - Element::kModulus;
            std::array<std::uint32_t, 2> digits{};
            if (isWhole(small) && digitsOf(small / kLimb, digits)) {
                carried = elementOf(small / kLimb);
            } else {
                carried = rest * Element::from(kLimb).inverse();
                digits = {};
                digits[slack] = (carried * Element::from(weight).inverse()).value();
            }
            set(m_row, columns[0], digits[0]);
            set(m_row, columns[1], digits[1]);
        }
    }

    void closeE(std::size_t i) const
    {
        const int slot = static_cast<int>(i);
        const std::uint32_t k = m_index < kLast ? kRoundConstants[8 * m_index + i] : 0;
        const Sums sums = sumOf({a(slot - 4), e(slot - 4), kBigSigma1.of(e(slot - 1)),
                                 choose(e(slot - 1), e(slot - 2), e(slot - 3)), k, w(slot - 8)},
                                {e(slot)});
        carries(sums, m_c.carryE, i, 1, 3, [](std::int64_t carry, auto& digits) {
            digits = {static_cast<std::uint32_t>(carry % 3), static_cast<std::uint32_t>(carry / 3)};
            return carry >= 0 && carry < 6;
        });
    }
    void closeA(std::size_t i) const
    {
        const int slot = static_cast<int>(i);
        const Sums sums =
            sumOf({e(slot), kBigSigma0.of(a(slot - 1)), majority(a(slot - 1), a(slot - 2), a(slot - 3))},
                  {a(slot - 4), a(slot)});
        carries(sums, m_c.carryA, i, 0, 2, [](std::int64_t carry, auto& digits) {
            digits = {carry > 0 ? 1U : 0U, carry == -1 || carry == 1 ? 1U : 0U};
            return carry >= -1 && carry <= 2;
        });
    }
    void closeW(std::size_t i) const
    {
        const int slot = static_cast<int>(i);
        Sums sums = sumOf({w(slot - 7), kSmallSigma1.of(w(slot - 2))}, {w(slot)});
        for (std::size_t limb = 0; limb < 2; ++limb) sums[limb] += cell(m_row, m_c.partial + 2 * i + limb);
        if (m_index != kLast) {
            carries(sums, m_c.carryW, i, 1, 2, [](std::int64_t carry, auto& digits) {
                digits = {static_cast<std::uint32_t>(carry & 1), static_cast<std::uint32_t>(carry >> 1)};
                return carry >= 0 && carry < 4;
            });
            return;
        }
        // The first digits are another sum's: the new state's.
        Element carried;
        for (std::size_t limb = 0; limb < 2; ++limb) {
            carried = (elementOf(sums[limb]) + carried) * Element::from(kLimb).inverse();
            const Element first = Element::from(cell(m_row, m_c.digit(m_c.carryW, i, limb, 0)));
            set(m_row, m_c.digit(m_c.carryW, i, limb, 1),
                ((carried - first) * Element::from(2).inverse()).value());
        }
    }

    const Sha256Columns& m_c;
    std::uint32_t* m_data;
    unsigned m_log;
    std::size_t m_row;
    std::size_t m_next;
    std::size_t m_index = kLast + 1; // none: padding
    RowWords m_now;
    RowWords m_then;
};
} // namespace

Sha256Columns::Sha256Columns(Layout& layout)
    : flag(layout.take(kRows)), time(layout.take()), a(layout.take(32 * kSlots)), e(layout.take(32 * kSlots)),
      w(layout.take(32 * kSlots)), partial(layout.take(2 * kSlots)), carryA(layout.take(4 * kSlots)),
      carryE(layout.take(4 * kSlots)), carryW(layout.take(4 * kSlots)), words(layout, kSlots, kSlots - 1)
{
    for (std::size_t i = 0; i < kSlots; ++i) ports.emplace_back(layout);
}

void Sha256Chip::eval(AirBuilder& builder) const { Rules(builder, m_columns).all(); }

void Sha256Chip::run(Words& words, std::size_t word, std::size_t round)
{
    auto& [a, e, w] = words;
    for (std::size_t t = word; t < 64; ++t)
        w[t] = kSmallSigma1.of(w[t - 2]) + w[t - 7] + kSmallSigma0.of(w[t - 15]) + w[t - 16];
    for (std::size_t n = round; n < a.size(); ++n) {
        e[n] = a[n - 4] + e[n - 4] + kBigSigma1.of(e[n - 1]) + choose(e[n - 1], e[n - 2], e[n - 3]) +
               kRoundConstants[n - 8] + w[n - 8];
        a[n] = e[n] - a[n - 4] + kBigSigma0.of(a[n - 1]) + majority(a[n - 1], a[n - 2], a[n - 3]);
    }
}

Sha256Chip::Words Sha256Chip::wordsOf(const Call& call)
{
    Words out;
    for (std::size_t i = 0; i < 8; ++i) {
        const StatePlace place = placeOf(i);
        (place.inA ? out.a : out.e)[place.slot] = call.first[i].before;
        out.w[64 + i] = call.first[i].after;
    }
    for (std::size_t t = 0; t < 16; ++t) out.w[t] = call.second[t].before;
    run(out, 16, 8);
    return out;
}

void Sha256Chip::fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const
{
    fill(data, log, first, call, wordsOf(call));
}

void Sha256Chip::fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call,
                      const Words& words) const
{
    const Sha256Columns& c = m_columns;
    const auto rowOf = [&](std::size_t i) { return Row(data, log, first + i); };
    std::array<RowWords, Sha256Columns::kRows> rows;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const Row row = rowOf(i);
        row.set(c.flag + i, 1U);
        row.set(c.time, call.time);
        for (std::size_t slot = 0; slot < kSlots; ++slot) {
            rows[i].a[slot] = words.a[8 * i + slot];
            rows[i].e[slot] = words.e[8 * i + slot];
            rows[i].w[slot] = words.w[8 * i + slot];
            for (std::size_t z = 0; z < 32; ++z) {
                row.set(c.bit(c.a, slot, z), rows[i].a[slot] >> z & 1U);
                row.set(c.bit(c.e, slot, z), rows[i].e[slot] >> z & 1U);
                row.set(c.bit(c.w, slot, z), rows[i].w[slot] >> z & 1U);
            }
        }
    }
    for (std::size_t i = 0; i < 2; ++i) {
        c.words.set(rowOf(i), call.pointers[1] + static_cast<std::uint32_t>(32 * i));
        for (std::size_t slot = 0; slot < kSlots; ++slot)
            c.ports[slot].set(rowOf(i), call.time + kAtSecond, call.second[8 * i + slot]);
    }
    for (std::size_t i = 1; i < 3; ++i) {
        rowOf(kLast - 1).set(c.ports[i - 1].previousTime, call.pointers[i] & 0xffffU);
        rowOf(kLast - 1).set(c.ports[i - 1].gap, call.pointers[i] >> 16U);
    }
    c.words.set(rowOf(kLast), call.pointers[0]);
    for (std::size_t i = 0; i < 8; ++i) {
        c.ports[i].set(rowOf(kLast), call.time + kAtFirst, call.first[i]);
        const StatePlace place = placeOf(i);
        const std::uint32_t before = call.first[i].before;
        const std::uint32_t added = (place.inA ? rows[kLast].a : rows[kLast].e)[place.slot];
        const std::uint32_t low = (before & 0xffffU) + (added & 0xffffU);
        rowOf(kLast).set(c.digit(c.carryW, i, 0, 0), low >> 16U);
        rowOf(kLast).set(c.digit(c.carryW, i, 1, 0),
                         ((before >> 16U) + (added >> 16U) + (low >> 16U)) >> 16U);
    }
    for (std::size_t i = 0; i < kLast; ++i) {
        Seam seam(c, data, log, first + i);
        seam.take(rows[i], rows[i + 1], i);
        seam.close();
    }
}

void Sha256Chip::fillRest(std::uint32_t* data, unsigned log, std::size_t first) const
{
    const std::size_t rows = std::size_t{1} << log;
    // A seam is where a row's partial sums change: what the row says of the one after it changes as well.
    const auto close = [&](std::size_t row) {
        for (const std::size_t at : {row, (row + 1) % rows}) {
            Seam seam(m_columns, data, log, at);
            seam.read();
            seam.close();
        }
    };
    for (std::size_t row = kLast; row < first; row += Sha256Columns::kRows) close(row);
    if (first > 0 && first < rows) close(rows - 1);
}

} // namespace bowline::chips
