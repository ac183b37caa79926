// SPDX-License-Identifier: MIT
#include "core/recursion/airs.h"

#include "core/recursion/columns.h"
#include "core/recursion/hashing.h"

namespace bowline::recursion {

using stark::AirBuilder;
using stark::Expr;

namespace {
using Words = std::vector<Expr>;

[[nodiscard]] Words mainColumns(AirBuilder& b, std::size_t first, std::size_t count)
{
    Words out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(b.main(first + i));
    return out;
}
[[nodiscard]] Words nextColumns(AirBuilder& b, std::size_t first, std::size_t count)
{
    Words out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(b.next(first + i));
    return out;
}

[[nodiscard]] std::string inSlot(std::size_t slot, const char* what)
{
    return "slot " + std::to_string(slot) + ", " + what;
}

// A word on the bus: address, then four elements.
[[nodiscard]] Words message(Expr address, const Words& elements, std::size_t first = 0)
{
    Words out{address};
    for (std::size_t i = 0; i < 4; ++i) out.push_back(elements[first + i]);
    return out;
}
[[nodiscard]] Words elementMessage(AirBuilder& b, Expr address, Expr element)
{
    const Expr zero = b.constant(0U);
    return {address, element, zero, zero, zero};
}

// Products in F[x] / (x^4 - 3).
[[nodiscard]] Words product(const Words& a, const Words& b)
{
    Words out;
    for (std::size_t k = 0; k < 4; ++k) {
        std::optional<Expr> low;
        std::optional<Expr> high;
        for (std::size_t i = 0; i < 4; ++i) {
            const std::size_t j = (k + 4 - i) % 4;
            std::optional<Expr>& sum = i + j == k ? low : high;
            const Expr term = a[i] * b[j];
            sum = sum ? *sum + term : term;
        }
        out.push_back(high ? *low + *high * field::Extension::kNonResidue : *low);
    }
    return out;
}
[[nodiscard]] Words sum(const Words& a, const Words& b)
{
    Words out;
    for (std::size_t i = 0; i < 4; ++i) out.push_back(a[i] + b[i]);
    return out;
}
[[nodiscard]] Words scaled(const Words& a, Expr by)
{
    Words out;
    for (const Expr& x : a) out.push_back(x * by);
    return out;
}
void assertWords(AirBuilder& b, const Words& left, const Words& right, const std::string& name)
{
    for (std::size_t i = 0; i < left.size(); ++i)
        b.assertEqual(left[i], right[i], name + " " + std::to_string(i));
}

// The columns of one permutation; yields input and output. Halved: of the output only the second half has columns.
struct Permutation {
    Words in;
    Words out;
};
[[nodiscard]] Permutation permutation(AirBuilder& b, std::size_t first, bool halved = false)
{
    Permutation out{mainColumns(b, first, 16), {}};
    out.out = out.in;
    std::size_t number = 0;
    field::permuteRounds(
        out.out, [&b](Element x) { return b.constant(x); },
        [&](Expr computed) {
            const std::size_t value = number++;
            if (!columns::isKept(value, halved)) return computed;
            const Expr kept = b.main(first + columns::roundColumn(value, halved));
            b.assertEqual(kept, computed, "round value " + std::to_string(value));
            return kept;
        });
    return out;
}

void evalWords(AirBuilder& b)
{
    using namespace columns::words;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const Words value = mainColumns(b, slot * MSlot + MValue, 4);
        const auto p = [&](std::size_t column) { return b.preprocessed(slot * PSlot + column); };
        for (std::size_t i = 0; i < 4; ++i) {
            b.assertZero(p(i == 0 ? PFixFirst : PFixRest) * (value[i] - p(PValue + i)),
                         inSlot(slot, "fixed element ") + std::to_string(i));
        }
        b.send(kMemoryBus, p(PTimes), message(p(PAddress), value), inSlot(slot, "word"));
    }
}

void evalAlu(AirBuilder& b)
{
    using namespace columns::alu;
    for (std::size_t slot = 0; slot < kSlots; ++slot) {
        const auto p = [&](std::size_t column) { return b.preprocessed(slot * PSlot + column); };
        const auto word = [&](std::size_t column) { return mainColumns(b, slot * MSlot + column, 4); };
        const Words left = word(MA);
        const Words right = word(MB);
        const Words summand = word(MC);
        const Words out = word(MOut);
        assertWords(b, out, sum(product(left, right), summand), inSlot(slot, "product and sum"));
        b.receive(kMemoryBus, p(PReal), message(p(PA), left), inSlot(slot, "a"));
        b.receive(kMemoryBus, p(PReal), message(p(PB), right), inSlot(slot, "b"));
        b.receive(kMemoryBus, p(PReal), message(p(PC), summand), inSlot(slot, "c"));
        b.send(kMemoryBus, p(PTimes), message(p(POut), out), inSlot(slot, "out"));
    }
}

void evalLanes(AirBuilder& b)
{
    using namespace columns::lanes;
    const Words value = mainColumns(b, MValue, 4);
    b.send(kMemoryBus, b.preprocessed(PWordTimes), message(b.preprocessed(PWord), value), "word");
    for (std::size_t i = 0; i < 4; ++i) {
        b.send(kMemoryBus, b.preprocessed(PTimes + i),
               elementMessage(b, b.preprocessed(PElements + i), value[i]), "element " + std::to_string(i));
    }
}

void evalBits(AirBuilder& b)
{
    using namespace columns::bits;
    const Words bit = mainColumns(b, MBits, kAll);
    const Words top = mainColumns(b, MTop, 3);
    Expr value = bit[0];
    Expr low = bit[0];
    for (std::size_t i = 0; i < kAll; ++i) {
        b.assertBoolean(bit[i], "bit " + std::to_string(i));
        if (i == 0) continue;
        value = value + bit[i] * (1U << i);
        if (i < 24) low = low + bit[i];
    }
    // p = 127 * 2^24 + 1: with the upper seven bits set, only 127 * 2^24 itself is below p.
    b.assertEqual(top[0], bit[24] * bit[25] * bit[26], "upper bits 0");
    b.assertEqual(top[1], top[0] * bit[27] * bit[28], "upper bits 1");
    b.assertEqual(top[2], top[1] * bit[29] * bit[30], "upper bits 2");
    b.assertZero(top[2] * low, "below p");
    b.receive(kMemoryBus, b.preprocessed(PReal), elementMessage(b, b.preprocessed(PIn), value), "element");
    for (std::uint32_t i = 0; i < kMaxBits; ++i) {
        b.send(kMemoryBus, b.preprocessed(PTimes + i), elementMessage(b, b.preprocessed(PFirst) + i, bit[i]),
               "bit " + std::to_string(i));
    }
}

void evalPermutes(AirBuilder& b)
{
    using namespace columns::permutes;
    const Permutation p = permutation(b, MState);
    for (std::size_t i = 0; i < 4; ++i) {
        b.receive(kMemoryBus, b.preprocessed(PReal), message(b.preprocessed(PIn + i), p.in, 4 * i),
                  "in " + std::to_string(i));
    }
    for (std::uint32_t i = 0; i < 4; ++i) {
        b.send(kMemoryBus, b.preprocessed(PTimes + i), message(b.preprocessed(POut) + i, p.out, 4 * i),
               "out " + std::to_string(i));
    }
}

// What a row's input is: the data on top of the row before it, or on top of the sponge's start.
void constrainSponge(AirBuilder& b, const Words& before)
{
    using namespace columns::rows;
    const Expr first = b.preprocessedNext(PFirst);
    for (std::size_t i = 0; i < 16; ++i) {
        Expr expected = (1U - first) * before[i];
        if (i < 8) expected = expected + b.next(MData + i);
        if (i == 8) expected = expected + first * b.constant(kRowTag);
        if (i == 9) expected = expected + first * b.preprocessedNext(PLength);
        b.assertEqual(b.next(MState + i), expected, "input " + std::to_string(i));
    }
}

// sum' = sum gamma^8 + d0 gamma^7 + ... + d7.
void constrainSum(AirBuilder& b)
{
    using namespace columns::rows;
    std::vector<Words> powers; // 1, 2, 3, 4, 8
    for (std::size_t k = 0; k < kPowers; ++k) powers.push_back(mainColumns(b, MGamma + 4 * k, 4));
    assertWords(b, powers[1], product(powers[0], powers[0]), "gamma squared");
    assertWords(b, powers[2], product(powers[1], powers[0]), "gamma cubed");
    assertWords(b, powers[3], product(powers[1], powers[1]), "gamma to the 4");
    assertWords(b, powers[4], product(powers[3], powers[3]), "gamma to the 8");
    std::vector<Words> next;
    for (std::size_t k = 0; k < kPowers; ++k) next.push_back(nextColumns(b, MGamma + 4 * k, 4));
    const auto four = [&](std::size_t from) {
        Words out = scaled(next[2], b.next(MData + from));
        out = sum(out, scaled(next[1], b.next(MData + from + 1)));
        out = sum(out, scaled(next[0], b.next(MData + from + 2)));
        out[0] = out[0] + b.next(MData + from + 3);
        return out;
    };
    const Words earlier = scaled(mainColumns(b, MSum, 4), 1U - b.preprocessedNext(PFirst));
    const Words expected = sum(product(earlier, next[4]), sum(product(four(0), next[3]), four(4)));
    assertWords(b, nextColumns(b, MSum, 4), expected, "sum");
}

void evalRows(AirBuilder& b)
{
    using namespace columns::rows;
    const Permutation p = permutation(b, MState);
    constrainSponge(b, p.out);
    constrainSum(b);
    const Words data = mainColumns(b, MData, 8);
    for (std::size_t i = 1; i < 8; ++i)
        b.assertZero(b.preprocessed(PAbsent + i - 1) * data[i], "behind the end " + std::to_string(i));
    b.receive(kMemoryBus, b.preprocessed(PReal), message(b.preprocessed(PGamma), mainColumns(b, MGamma, 4)),
              "gamma");
    for (std::size_t i = 0; i < 2; ++i) {
        b.receive(kMemoryBus, b.preprocessed(PRead), message(b.preprocessed(PData + i), data, 4 * i),
                  "data " + std::to_string(i));
    }
    for (std::uint32_t i = 0; i < 2; ++i) {
        b.send(kMemoryBus, b.preprocessed(PDigestTimes + i),
               message(b.preprocessed(PDigest) + i, p.out, 4 * i), "digest " + std::to_string(i));
    }
    b.send(kMemoryBus, b.preprocessed(PSumTimes),
           message(b.preprocessed(PDigest) + 2U, mainColumns(b, MSum, 4)), "sum");
}

void evalPaths(AirBuilder& b)
{
    using namespace columns::paths;
    const Permutation p = permutation(b, MState, true);
    const Expr bit = b.main(MBit);
    const Words digest = mainColumns(b, MDigest, 8);
    const Expr start = b.preprocessed(PStart);
    const Expr join = b.preprocessed(PJoin);
    b.assertZero((1U - b.preprocessed(PClimb)) * bit, "no bit");
    Words result;
    for (std::size_t i = 0; i < 8; ++i) {
        const std::string name = std::to_string(i);
        const Expr node = p.in[i] + bit * (p.in[8 + i] - p.in[i]);
        const Expr nextNode =
            b.next(MState + i) + b.next(MBit) * (b.next(MState + 8 + i) - b.next(MState + i));
        result.push_back(p.out[8 + i] + p.in[8 + i]);
        b.assertZero(start * (node - digest[i]), "start " + name);
        b.assertZero(join * (p.in[8 + i] - digest[i]), "joined row " + name);
        b.assertZero(b.preprocessedNext(PChained) * (nextNode - result[i]), "next node " + name);
    }
    b.receive(kMemoryBus, b.preprocessed(PClimb), elementMessage(b, b.preprocessed(PBit), bit), "bit");
    for (std::uint32_t i = 0; i < 2; ++i) {
        b.receive(kMemoryBus, start + join, message(b.preprocessed(PDigest) + i, digest, 4 * i),
                  "digest " + std::to_string(i));
    }
    for (std::size_t i = 0; i < 2; ++i) {
        b.receive(kMemoryBus, b.preprocessed(PEnd), message(b.preprocessed(PRoot + i), result, 4 * i),
                  "root " + std::to_string(i));
    }
}

struct Description {
    const char* name;
    std::size_t width;
    void (*eval)(AirBuilder&);
};
constexpr std::array<Description, kTables> kDescriptions{{
    {"words", columns::words::MWidth, evalWords},
    {"alu", columns::alu::MWidth, evalAlu},
    {"lanes", columns::lanes::MWidth, evalLanes},
    {"bits", columns::bits::MWidth, evalBits},
    {"permutes", columns::permutes::MWidth, evalPermutes},
    {"rows", columns::rows::MWidth, evalRows},
    {"paths", columns::paths::MWidth, evalPaths},
}};
} // namespace

std::string TableAir::name() const { return kDescriptions.at(m_table).name; }
std::size_t TableAir::width() const { return kDescriptions.at(m_table).width; }
void TableAir::eval(AirBuilder& b) const { kDescriptions.at(m_table).eval(b); }

} // namespace bowline::recursion
