// SPDX-License-Identifier: MIT
#include "core/chips/keccak.h"

#include "core/zkvm/abi.h"

#include <algorithm>
#include <bit>

namespace bowline::chips {

namespace {
constexpr std::size_t kRounds = KeccakColumns::kRows;
constexpr std::size_t kLast = kRounds - 1;
constexpr std::size_t kFirstAccess = KeccakColumns::kFirstAccess;
constexpr std::size_t kPorts = KeccakColumns::kPorts;
constexpr std::size_t kLimbs = 100;
constexpr std::size_t kWordLimbs = 2 * KeccakColumns::kWords;
using Lanes = KeccakChip::Lanes;

[[nodiscard]] constexpr std::size_t laneAt(std::size_t x, std::size_t y) { return x % 5 + 5 * (y % 5); }

// Where the lanes behind rho and pi come from.
struct Origin {
    std::size_t lane = 0;
    unsigned turned = 0;
};
[[nodiscard]] constexpr std::array<Origin, 25> originsOf()
{
    std::array<Origin, 25> out{};
    std::size_t x = 1;
    std::size_t y = 0;
    for (unsigned t = 0; t < 24; ++t) {
        out[laneAt(y, 2 * x + 3 * y)] = {laneAt(x, y), (t + 1) * (t + 2) / 2 % 64};
        const std::size_t nextX = y;
        y = (2 * x + 3 * y) % 5;
        x = nextX;
    }
    return out;
}
constexpr std::array<Origin, 25> kOrigins = originsOf();

// FIPS 202, algorithm 5: bit 2^j - 1 of round i's constant is the first bit of an 8-bit register that was clocked
// 7i + j times.
[[nodiscard]] constexpr std::array<std::uint64_t, kRounds> roundConstants()
{
    std::array<std::uint64_t, kRounds> out{};
    std::uint32_t state = 1;
    for (std::uint64_t& constant : out) {
        for (const unsigned z : KeccakColumns::kIotaBits) {
            if ((state & 1U) != 0) constant |= std::uint64_t{1} << z;
            state = (state << 1U ^ ((state >> 7U) * 0x171U)) & 0xffU;
        }
    }
    return out;
}
constexpr std::array<std::uint64_t, kRounds> kRoundConstants = roundConstants();

[[nodiscard]] Expr exclusiveOr(Expr x, Expr y) { return x + y - x * y * 2U; }

// Writes the constraints down.
class Rules {
public:
    Rules(AirBuilder& builder, const KeccakColumns& columns) : m_b(builder), m_c(columns) {}

    void all()
    {
        flags();
        for (std::size_t i = 0; i < 1600; ++i) m_b.assertBoolean(m_b.main(m_c.theta + i), "theta bit");
        for (std::size_t x = 0; x < 5; ++x) {
            for (std::size_t z = 0; z < 64; ++z) theta(x, z);
        }
        for (std::size_t i = 0; i < KeccakColumns::kIotaBits.size(); ++i)
            m_b.assertEqual(m_b.main(m_c.beforeIota + i), chi(0, KeccakColumns::kIotaBits[i]), "before iota");
        for (std::size_t limb = 0; limb < kLimbs; ++limb) round(limb);
        words();
        accesses();
    }

private:
    [[nodiscard]] Expr flag(std::size_t row) { return m_b.main(m_c.flag + row); }
    [[nodiscard]] Expr flagsFrom(std::size_t first, std::size_t last)
    {
        Expr out = flag(first);
        for (std::size_t i = first + 1; i <= last; ++i) out += flag(i);
        return out;
    }
    // Bit z of what belongs to x; both wrap around.
    [[nodiscard]] Expr bitOf(std::size_t first, std::size_t x, std::size_t z)
    {
        return m_b.main(first + 64 * (x % 5) + z % 64);
    }

    void flags()
    {
        Expr sum = m_b.constant(0U);
        for (std::size_t i = 0; i < kRounds; ++i) {
            m_b.assertBoolean(flag(i), "flag");
            sum += flag(i);
            if (i > 0) m_b.assertEqual(m_b.next(m_c.flag + i), flag(i - 1), "rows in order");
        }
        m_b.assertBoolean(sum, "one flag");
        m_b.assertZero(flagsFrom(0, kLast - 1) * (m_b.next(m_c.time) - m_b.main(m_c.time)), "one time");
    }

    void theta(std::size_t x, std::size_t z)
    {
        const Expr parity = bitOf(m_c.parity, x, z);
        const Expr change = bitOf(m_c.change, x, z);
        m_b.assertBoolean(change, "change bit");
        Expr odd = -parity;
        for (std::size_t y = 0; y < 5; ++y) odd += m_b.main(m_c.theta + 64 * laneAt(x, y) + z);
        m_b.assertZero(odd * (odd - 2) * (odd - 4), "parity");
        // D = P' xor D' xor P'' xor D'', the neighbours' C.
        const Expr changes =
            exclusiveOr(exclusiveOr(change, bitOf(m_c.change, x + 4, z)), bitOf(m_c.change, x + 1, z + 63));
        m_b.assertEqual(changes, exclusiveOr(bitOf(m_c.parity, x + 4, z), bitOf(m_c.parity, x + 1, z + 63)),
                        "change");
    }

    [[nodiscard]] Expr behindPi(std::size_t lane, std::size_t z)
    {
        const Origin& origin = kOrigins[lane];
        return m_b.main(m_c.theta + 64 * origin.lane + (z + 64 - origin.turned) % 64);
    }
    [[nodiscard]] Expr chi(std::size_t lane, std::size_t z)
    {
        const std::size_t y = lane / 5;
        const Expr both = (1U - behindPi(laneAt(lane + 1, y), z)) * behindPi(laneAt(lane + 2, y), z);
        return exclusiveOr(behindPi(lane, z), both);
    }
    [[nodiscard]] Expr behindIota(std::size_t lane, std::size_t z)
    {
        const auto& bits = KeccakColumns::kIotaBits;
        const auto* const found = std::find(bits.begin(), bits.end(), z);
        if (lane != 0 || found == bits.end()) return chi(lane, z);
        Expr constant = m_b.constant(0U);
        for (std::size_t i = 0; i < kRounds; ++i) {
            if ((kRoundConstants[i] >> z & 1U) != 0) constant += flag(i);
        }
        const auto index = static_cast<std::size_t>(found - bits.begin());
        return exclusiveOr(m_b.main(m_c.beforeIota + index), constant);
    }

    // A limb of A, from this row or the next one.
    [[nodiscard]] Expr start(std::size_t limb, bool next)
    {
        const std::size_t lane = limb / 4;
        const auto cell = [&](std::size_t column) { return next ? m_b.next(column) : m_b.main(column); };
        Expr out = m_b.constant(0U);
        for (std::size_t i = 0; i < 16; ++i) {
            const std::size_t z = limb % 4 * 16 + i;
            out += exclusiveOr(cell(m_c.theta + 64 * lane + z), cell(m_c.change + 64 * (lane % 5) + z)) *
                   (1U << i);
        }
        return out;
    }
    void round(std::size_t limb)
    {
        Expr result = m_b.constant(0U);
        for (std::size_t i = 0; i < 16; ++i) result += behindIota(limb / 4, limb % 4 * 16 + i) * (1U << i);
        const Expr out = m_b.main(m_c.out + limb);
        const Expr word = m_b.main(m_c.words + limb);
        m_b.assertEqual(out, result, "round");
        m_b.assertZero(flagsFrom(0, kLast - 1) * (out - start(limb, true)), "next round");
        m_b.assertZero(flag(0) * (word - start(limb, false)), "words before");
        m_b.assertZero(flag(kLast) * (word - out), "words after");
    }

    void words()
    {
        const Expr stay = flagsFrom(0, kFirstAccess - 1);
        const Expr shift = flagsFrom(kFirstAccess, kLast - 1);
        for (std::size_t i = 0; i < kWordLimbs; ++i) {
            const Expr next = m_b.next(m_c.words + i);
            m_b.assertZero(stay * (next - m_b.main(m_c.words + i)), "words stay");
            const std::size_t from = i + 2 * kPorts;
            if (from < kWordLimbs) m_b.assertZero(shift * (next - m_b.main(m_c.words + from)), "words move");
        }
        const Word& pointer = m_c.run.pointer();
        m_b.assertZero(stay * (m_b.next(pointer.lo) - m_b.main(pointer.lo)), "pointer low stays");
        m_b.assertZero(stay * (m_b.next(pointer.hi) - m_b.main(pointer.hi)), "pointer high stays");
    }

    void accesses()
    {
        RowConstraints row(m_b, flagsFrom(kFirstAccess, kLast - 1), m_b.main(m_c.time));
        const Expr butLast = flagsFrom(kFirstAccess, kLast - 2);
        m_c.run.constrain(row);
        m_c.run.follow(row, butLast);
        for (std::size_t i = 0; i < kPorts; ++i) {
            const WordExpr before{m_b.main(m_c.words + 2 * i), m_b.main(m_c.words + 2 * i + 1)};
            const std::size_t put = kWordLimbs - 2 * kPorts + 2 * i;
            const WordExpr after{m_b.next(m_c.words + put), m_b.next(m_c.words + put + 1)};
            row.access(m_c.ports[i], kAtFirst, m_c.run.address(row, i), before, after,
                       i + 1 < kPorts ? row.real() : butLast, "word");
        }
        row.finish();
        const WordExpr pointer = row.word(m_c.run.pointer());
        m_b.receive(kCallBus, flag(0),
                    {m_b.constant(std::uint32_t{BOWLINE_KECCAK_F}), row.time(), pointer.lo, pointer.hi,
                     m_b.main(m_c.ports[0].previousTime), m_b.main(m_c.ports[0].gap),
                     m_b.main(m_c.ports[1].previousTime), m_b.main(m_c.ports[1].gap)},
                    "call");
    }

    AirBuilder& m_b;
    const KeccakColumns& m_c;
};

struct Theta {
    std::array<std::uint64_t, 5> change{};
    std::array<std::uint64_t, 5> parity{};
    Lanes lanes{};

    explicit Theta(const Lanes& a)
    {
        std::array<std::uint64_t, 5> columns{};
        for (std::size_t i = 0; i < a.size(); ++i) columns[i % 5] ^= a[i];
        for (std::size_t x = 0; x < 5; ++x) {
            change[x] = columns[(x + 4) % 5] ^ std::rotl(columns[(x + 1) % 5], 1);
            parity[x] = columns[x] ^ change[x];
        }
        for (std::size_t i = 0; i < a.size(); ++i) lanes[i] = a[i] ^ change[i % 5];
    }
};

[[nodiscard]] Lanes chiOf(const Lanes& theta)
{
    Lanes b{};
    for (std::size_t i = 0; i < b.size(); ++i)
        b[i] = std::rotl(theta[kOrigins[i].lane], static_cast<int>(kOrigins[i].turned));
    Lanes out{};
    for (std::size_t i = 0; i < b.size(); ++i)
        out[i] = b[i] ^ (~b[laneAt(i + 1, i / 5)] & b[laneAt(i + 2, i / 5)]);
    return out;
}
} // namespace

KeccakColumns::KeccakColumns(Layout& layout)
    : flag(layout.take(kRows)), time(layout.take()), theta(layout.take(1600)), change(layout.take(320)),
      parity(layout.take(320)), beforeIota(layout.take(kIotaBits.size())), out(layout.take(kLimbs)),
      words(layout.take(kWordLimbs)), run(layout, kPorts, kPorts - 2)
{
    for (std::size_t i = 0; i < kPorts; ++i) ports.emplace_back(layout);
}

void KeccakChip::eval(AirBuilder& builder) const { Rules(builder, m_columns).all(); }

void KeccakChip::run(Rounds& rounds, std::size_t from)
{
    for (std::size_t i = from; i < rounds.size(); ++i) {
        rounds[i] = chiOf(Theta(rounds[i - 1]).lanes);
        rounds[i][0] ^= kRoundConstants[i - 1];
    }
}

KeccakChip::Rounds KeccakChip::roundsOf(const Call& call)
{
    Rounds out{};
    for (std::size_t i = 0; i < 25; ++i)
        out[0][i] = call.first[2 * i].before | std::uint64_t{call.first[2 * i + 1].before} << 32U;
    run(out, 1);
    return out;
}

void KeccakChip::fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call) const
{
    fill(data, log, first, call, roundsOf(call));
}

namespace {
void fillRound(const Row& row, const KeccakColumns& c, const Lanes& start, std::uint64_t constant)
{
    const Theta theta(start);
    Lanes out = chiOf(theta.lanes);
    const auto bitAt = [](std::uint64_t lane, std::size_t z) {
        return static_cast<std::uint32_t>(lane >> z & 1U);
    };
    for (std::size_t i = 0; i < KeccakColumns::kIotaBits.size(); ++i)
        row.set(c.beforeIota + i, bitAt(out[0], KeccakColumns::kIotaBits[i]));
    out[0] ^= constant;
    for (std::size_t z = 0; z < 64; ++z) {
        for (std::size_t i = 0; i < 25; ++i) row.set(c.theta + 64 * i + z, bitAt(theta.lanes[i], z));
        for (std::size_t x = 0; x < 5; ++x) {
            row.set(c.change + 64 * x + z, bitAt(theta.change[x], z));
            row.set(c.parity + 64 * x + z, bitAt(theta.parity[x], z));
        }
    }
    for (std::size_t limb = 0; limb < kLimbs; ++limb)
        row.set(c.out + limb, static_cast<std::uint32_t>(out[limb / 4] >> 16 * (limb % 4) & 0xffffU));
}

// Word i of `words` in that row: which of the call's, and whether it has been accessed.
[[nodiscard]] std::uint32_t wordIn(std::size_t row, std::size_t i, const Call& call)
{
    const std::size_t moved = row > kFirstAccess ? kPorts * (row - kFirstAccess) : 0;
    const std::size_t word = (i + moved) % KeccakColumns::kWords;
    if (word >= call.first.size()) return 0;
    return i + moved < KeccakColumns::kWords ? call.first[word].before : call.first[word].after;
}
} // namespace

void KeccakChip::fill(std::uint32_t* data, unsigned log, std::size_t first, const Call& call,
                      const Rounds& rounds) const
{
    const KeccakColumns& c = m_columns;
    const std::uint32_t now = call.time + kAtFirst;
    for (std::size_t i = 0; i < kRounds; ++i) {
        const Row row(data, log, first + i);
        row.set(c.flag + i, 1U);
        row.set(c.time, call.time);
        fillRound(row, c, rounds[i], kRoundConstants[i]);
        for (std::size_t word = 0; word < KeccakColumns::kWords; ++word) {
            const std::uint32_t value = wordIn(i, word, call);
            row.set(c.words + 2 * word, value & 0xffffU);
            row.set(c.words + 2 * word + 1, value >> 16U);
        }
        if (i <= kFirstAccess) {
            row.set(c.run.pointer().lo, call.pointers[0] & 0xffffU);
            row.set(c.run.pointer().hi, call.pointers[0] >> 16U);
        }
        if (i < kFirstAccess || i == kLast) continue;
        const std::size_t taken = kPorts * (i - kFirstAccess);
        c.run.set(row, call.pointers[0] + static_cast<std::uint32_t>(4 * taken));
        for (std::size_t port = 0; port < kPorts; ++port) {
            if (taken + port < call.first.size())
                c.ports[port].set(row, now, call.first[taken + port]);
            else
                c.ports[port].skip(row, now);
        }
    }
    for (std::size_t i = 0; i < 2; ++i) {
        const Row row(data, log, first);
        row.set(c.ports[i].previousTime, call.pointers[i + 1] & 0xffffU);
        row.set(c.ports[i].gap, call.pointers[i + 1] >> 16U);
    }
}

} // namespace bowline::chips
