// SPDX-License-Identifier: MIT
// False rows made by hand: for an assertion, the step that it is attacked in and the cells that are set. What else has to
// change follows by the search (false_step.h), which leaves these as they are.
#pragma once

#include "tests/unit/proving/false_scenes.h"

namespace bowline::test {

/// A column by what says it: a message that has it as a field, or an assertion that gives it or says that it is a bit.
inline std::size_t columnOf(const stark::Constraints& all, const std::string& name, std::size_t field = 0)
{
    const auto isMain = [&](std::uint32_t node) { return all.nodes[node].kind == stark::NodeKind::Main; };
    for (const stark::Interaction& i : all.interactions) {
        if (i.name == name && isMain(i.fields[field])) return all.nodes[i.fields[field]].a;
    }
    for (const stark::Assertion& assertion : all.assertions) {
        if (assertion.name != name) continue;
        const stark::Node& node = all.nodes[assertion.node];
        if (node.kind == stark::NodeKind::Subtract && isMain(node.a)) return all.nodes[node.a].a;
        const auto columns = FalseStepSearch::columnsOf(all, assertion.node);
        if (columns.size() == 1) return columns[0];
    }
    qFatal("no column: %s", name.c_str());
}

struct FalseRow {
    std::string chip;
    std::string assertion;
    std::string name;
    zkvm::Code code{};
    std::array<std::uint32_t, 2> operands{}; // registers 18 and 19 of the scene
    struct Cell {
        std::string column;
        field::Element value;
        std::size_t field = 0;
    };
    std::vector<Cell> cells;
    std::optional<std::uint32_t> immediate; // of the scene
};

namespace rows {
using field::Element;
using zkvm::Code;
using Cells2 = std::vector<FalseRow::Cell>;

inline Element number(std::int64_t x)
{
    const std::int64_t p = Element::kModulus;
    return Element::from(static_cast<std::uint32_t>((x % p + p) % p));
}
inline Element fraction(std::int64_t over, std::int64_t under)
{
    return number(over) * number(under).inverse();
}
inline Cells2 word(const std::string& name, std::uint32_t value)
{
    return {{name + " low", number(value & 0xffffU)}, {name + " high", number(value >> 16U)}};
}
inline Cells2 bytes(const std::string& name, std::uint32_t value)
{
    Cells2 out;
    for (std::size_t i = 0; i < 4; ++i)
        out.push_back({name + (i < 2 ? " low" : " high"), number(value >> 8 * i & 0xffU), i % 2});
    return out;
}
inline Cells2 operator+(Cells2 a, const Cells2& b)
{
    a.insert(a.end(), b.begin(), b.end());
    return a;
}
inline FalseRow::Cell bit(const std::string& name, std::int64_t value) { return {name, number(value)}; }

/// What a division's row says of magnitudes and result.
inline Cells2 division(std::uint32_t a, std::uint32_t b, std::uint32_t q, std::uint32_t r,
                       std::uint32_t quotient, std::uint32_t remainder)
{
    return word("|a|", a) + bytes("|b|", b) + bytes("|q|", q) + word("|r|", r) + word("quotient", quotient) +
           word("remainder", remainder);
}

inline std::vector<FalseRow> magnitudes()
{
    const std::string chip = "divide";
    static constexpr std::uint32_t kMinusSeven = 0U - 7;
    static constexpr std::uint32_t kMinusTwo = 0U - 2;
    const auto room = [](std::uint32_t x) { return word("room", x); };
    return {
        // The lower limbs add up to 1, whose carry is 2^-16 = -32512, and the upper ones to 98048.
        {chip,
         "a negated low",
         "|-0x3fffffff| = 0xbf000000",
         Code::Div,
         {0xc0000001, 1},
         division(0xbf000000, 1, 0xbf000000, 0, 0x41000000, 0),
         {}},
        {chip,
         "a negated high",
         "|-7| = 65543",
         Code::Div,
         {kMinusSeven, 2},
         division(65543, 2, 32771, 1, 0U - 32771, 0U - 1),
         {}},
        {chip, "a kept high", "|7| = 65543", Code::Divu, {7, 2}, division(65543, 2, 32771, 1, 32771, 1), {}},
        // 65537 and 98047.
        {chip,
         "b negated low",
         "|-2| = 0x7f000003",
         Code::Div,
         {7, kMinusTwo},
         division(7, 0x7f000003, 0, 7, 0, 7) + room(0x7f000003 - 8),
         {}},
        {chip,
         "b negated high",
         "|-2| = 0x50002",
         Code::Div,
         {7, kMinusTwo},
         division(7, 0x50002, 0, 7, 0, 7) + room(0x50002 - 8),
         {}},
        // 65535, whose carry is 1 + 32512, and 33023.
        {chip,
         "q negated low",
         "-3 = 0x80fffffc",
         Code::Div,
         {kMinusSeven, 2},
         division(7, 2, 3, 1, 0x80fffffc, 0U - 1),
         {}},
        {chip,
         "r negated low",
         "-1 = 0x80fffffe",
         Code::Div,
         {kMinusSeven, 2},
         division(7, 2, 3, 1, 0U - 3, 0x80fffffe),
         {}},
    };
}
inline std::vector<FalseRow> quotients()
{
    const std::string chip = "divide";
    static constexpr std::uint32_t kMinusSeven = 0U - 7;
    static constexpr std::uint32_t kMinusTwo = 0U - 2;
    const auto room = [](std::uint32_t x) { return word("room", x); };
    return {
        {chip,
         "divisor is zero",
         "7 / 2 as 7 / 0",
         Code::Divu,
         {7, 2},
         division(7, 2, 0, 7, 0xffffffff, 7) + Cells2{bit("zero is a bit", 1)},
         {}},
        {chip,
         "divides",
         "7 / 2 pinned by nothing",
         Code::Divu,
         {7, 2},
         word("quotient", 4) + Cells2{bit("divides", 0)},
         {}},
        {chip,
         "no sign of a",
         "4294967289 / 2 as -7 / 2",
         Code::Divu,
         {kMinusSeven, 2},
         division(7, 2, 3, 1, 0U - 3, 0U - 1) + room(0) + Cells2{bit("sign of a is a bit", 1)},
         {}},
        {chip,
         "no sign of b",
         "7 / 4294967294 as 7 / -2",
         Code::Divu,
         {7, kMinusTwo},
         division(7, 2, 3, 1, 0U - 3, 1) + room(0) + Cells2{bit("sign of b is a bit", 1)},
         {}},
        {chip,
         "sign of the quotient",
         "-7 / 2 = 3",
         Code::Div,
         {kMinusSeven, 2},
         division(7, 2, 3, 1, 3, 0U - 1) + Cells2{bit("sign of the quotient", 0)},
         {}},
        {chip,
         "product, fourth limb",
         "5 / 2^24 = 2^24",
         Code::Divu,
         {5, 0x1000000},
         division(5, 0x1000000, 0x1000000, 5, 0x1000000, 5),
         {}},
        {chip,
         "room low",
         "7 / 2 = 2, 3 left",
         Code::Divu,
         {7, 2},
         division(7, 2, 2, 3, 2, 3) + room(0) + Cells2{bit("borrow is a bit", 0)},
         {}},
        {chip,
         "borrow is a bit",
         "7 / 2 = 2, 3 left, borrowed 2^-15",
         Code::Divu,
         {7, 2},
         division(7, 2, 2, 3, 2, 3) + word("room", 65024U << 16U) +
             Cells2{{"borrow is a bit", fraction(2, 0x10000)}},
         {}},
    };
}

/// Bits of a register that are none: of EXT and INS with a size of 7, or of 24 for the upper limb.
inline void fractionalBits(std::vector<FalseRow>& out, std::size_t i)
{
    const std::size_t size = i < 16 ? 7 : 24;
    const std::size_t first = i < 16 ? 0 : 16;
    // One of the two is in the field, the other one is not: together they are zero.
    const std::size_t other = i < size ? size : first;
    const Element value = -fraction(std::int64_t{1} << (other - first), std::int64_t{1} << (i - first));
    for (const bool inserts : {false, true}) {
        const std::string name = inserts ? "bit of rt " : "bit of rs ";
        out.push_back({"bits",
                       name + std::to_string(i),
                       "0 = 2^n - 2^n",
                       inserts ? Code::Ins : Code::Ext,
                       {0, 0},
                       {{name + std::to_string(i), value}, {name + std::to_string(other), number(1)}},
                       zkvm::fieldImm(0, static_cast<std::uint32_t>(size))});
    }
}

inline std::vector<FalseRow> bits()
{
    std::vector<FalseRow> out;
    const std::string chip = "bits";
    const auto name = [](const char* stem, std::size_t i) { return stem + std::to_string(i); };
    static constexpr std::uint32_t kOnes = 0xffffffff;
    for (std::size_t i = 0; i < 32; ++i) {
        out.push_back({chip,
                       name("a one ends the zeros ", i),
                       "zeros of 0 end at a zero",
                       Code::Clz,
                       {0, 0},
                       {bit("none", 0), bit(name("place ", i), 1)},
                       {}});
        fractionalBits(out, i);
        // The last of the size's ones is a number.
        const std::size_t size = i < 6 || i > 7 ? 7 : 24;
        Cells2 cells;
        for (std::size_t j = 0; j < 32; ++j)
            cells.push_back(bit(name("size ", j),
                                j < i    ? 1
                                : j == i ? static_cast<std::int64_t>(size) - static_cast<std::int64_t>(i)
                                         : 0));
        const std::uint32_t field = zkvm::fieldImm(0, static_cast<std::uint32_t>(size));
        out.push_back({chip,
                       name("size ", i),
                       "a field of some ones and a number",
                       Code::Ext,
                       {kOnes, 0},
                       cells,
                       field});
        if (i == 0) continue;
        const std::size_t before = std::min<std::size_t>(6, i - 1);
        cells.clear();
        for (std::size_t j = 0; j < 32; ++j)
            cells.push_back(bit(name("size ", j), j < before || (j >= i && j < i + 7 - before) ? 1 : 0));
        out.push_back({chip,
                       name("size without gaps ", i),
                       "a field with a gap",
                       Code::Ext,
                       {kOnes, 0},
                       cells,
                       zkvm::fieldImm(0, 7)});
    }
    out.push_back({chip,
                   "all ones",
                   "zeros of a word of ones",
                   Code::Clo,
                   {0, 0},
                   {bit("none", 1), bit("place 31", 0)},
                   {}});
    for (std::size_t i = 0; i < 31; ++i) {
        const Cells2 lower{bit("place 31", 0), bit(name("place ", i), 1)};
        out.push_back(
            {chip, name("zeros above ", i), "a zero that is no first one", Code::Clz, {kOnes, 0}, lower, {}});
        out.push_back(
            {chip, name("ones above ", i), "a one that is no first zero", Code::Clo, {0, 0}, lower, {}});
    }
    for (std::size_t i = 0; i < 32; ++i)
        out.push_back({chip,
                       name("a zero ends the ones ", i),
                       "ones of only ones end at a one",
                       Code::Clo,
                       {kOnes, 0},
                       {bit("none", 0), bit(name("place ", i), 1)},
                       {}});
    out.push_back({chip,
                   "a field has a place",
                   "a field without place",
                   Code::Ext,
                   {kOnes, 0},
                   {bit("none", 1), bit("place 0", 0)},
                   zkvm::fieldImm(0, 7)});
    return out;
}

/// Comparisons with a sign of -x / 2^15, which adds 2 x to the upper limb; traps at which the machine stops.
inline std::vector<FalseRow> comparisons()
{
    const Element minus = fraction(-100, 0x8000);
    const auto d = [](std::uint32_t x) { return word("difference", x); };
    const auto sign = [&](const char* which) {
        return Cells2{{std::string("sign of ") + which + " is a bit", minus}};
    };
    const auto one = [](const char* which) {
        return Cells2{{std::string("sign of ") + which + " is a bit", number(1)}};
    };
    std::vector<FalseRow> out{
        {"compare",
         "sign of a is a bit",
         "1 is not below 2",
         Code::Slt,
         {1, 2},
         sign("a") + d((200U << 16U) - 1),
         {}},
        {"compare",
         "sign of b is a bit",
         "65537 is below 1",
         Code::Slt,
         {0x10001, 1},
         sign("b") + d(0x10000U - (200U << 16U)),
         {}},
        {"trap",
         "sign of a is a bit",
         "tlt 1, 2 goes on",
         Code::Tlt,
         {1, 2},
         sign("a") + d((200U << 16U) - 1),
         {}},
        {"trap",
         "sign of b is a bit",
         "tge 2, 1 goes on",
         Code::Tge,
         {2, 1},
         sign("b") + d(1 - (200U << 16U)),
         {}},
        {"trap", "no sign of a", "tgeu 2, 1 goes on", Code::Tgeu, {2, 1}, one("a"), {}},
        {"trap", "no sign of b", "tltu 1, 2 goes on", Code::Tltu, {1, 2}, one("b") + d(0xffffffff), {}},
        {"trap",
         "comparison carry high",
         "teq 1, 1 goes on",
         Code::Teq,
         {1, 1},
         d(5U << 16U) + Cells2{bit("equal is a bit", 0)},
         {}},
        {"trap",
         "immediate low",
         "teqi 5, 5 as teqi 5, 4",
         Code::Teqi,
         {5, 0},
         d(1) + Cells2{bit("equal is a bit", 0), {"rt before", number(4), 2}},
         {}},
        {"trap",
         "immediate high",
         "teqi 5, 5 as teqi 5, 65541",
         Code::Teqi,
         {5, 0},
         d(0xffff0000) + Cells2{bit("equal is a bit", 0), {"rt before", number(1), 3}},
         {}},
    };
    return out;
}

/// Addresses, reservations, products.
inline std::vector<FalseRow> others()
{
    std::vector<FalseRow> out;
    const auto carry = [&](const char* chip, Code code) {
        out.push_back({chip,
                       "address carry low",
                       "0xfffffff0 + 0xffff0010 = 0x3fefffc",
                       code,
                       {0xffff0010, 5},
                       {{"address in range", number(0x3fe)}},
                       {}});
    };
    carry("load word", Code::Lw);
    carry("store word", Code::Sw);
    carry("load part", Code::Lb);
    carry("store part", Code::Sb);
    carry("unaligned", Code::Lwl);
    carry("linked", Code::Ll);
    // 0x10000 * 32512 = -1.
    out.push_back({"multiply",
                   "bus 5, field 1",
                   "3 * 5 = 0x7f000010",
                   Code::Mul,
                   {3, 5},
                   word("result", 0x7f000010) + Cells2{{"carry low", number(32512)}},
                   {}});
    out.push_back(
        {"multiply",
         "bus 6, field 1",
         "3 = 4 + 256 (-1 / 256)",
         Code::Mul,
         {0x1000000, 3},
         word("result", 0x4000000) + Cells2{{"b low", number(4), 0}, {"b low", fraction(-1, 256), 1}},
         {}});
    out.push_back({"linked",
                   "holds low",
                   "a reservation of another word",
                   Code::Sc,
                   {mips::kDataBase, 5},
                   {bit("holds is a bit", 1)},
                   {}});
    out.push_back({"linked",
                   "holds high",
                   "a reservation 65536 bytes further",
                   Code::Sc,
                   {mips::kDataBase, 5},
                   {bit("holds is a bit", 1)},
                   {}});
    return out;
}

inline std::vector<FalseRow> all()
{
    std::vector<FalseRow> out;
    for (const auto& list : {magnitudes(), quotients(), bits(), comparisons(), others()})
        out.insert(out.end(), list.begin(), list.end());
    return out;
}
} // namespace rows

/// The row to search from, and the columns that stay; nothing if the scene is another one.
inline std::optional<std::pair<Cells, std::vector<std::size_t>>> startOf(const Scene& scene,
                                                                         const FalseRow& row)
{
    const auto& constraints = scene.oracle->constraints(scene.rows.front().chip);
    if (!scene.registers || scene.code != row.code || (*scene.registers)[18] != row.operands[0] ||
        (*scene.registers)[19] != row.operands[1])
        return std::nullopt;
    const auto step = stepOf(scene);
    if (!step || (row.immediate && step->immediate != *row.immediate)) return std::nullopt;
    if (!scene.isHonest && !scene.filled) return std::nullopt;
    Cells cells = scene.isHonest ? scene.rows.front().cells : *scene.filled;
    std::vector<std::size_t> fixed;
    for (const auto& [name, value, field] : row.cells) {
        fixed.push_back(columnOf(constraints, name, field));
        cells[fixed.back()] = value;
    }
    return std::pair{cells, fixed};
}

} // namespace bowline::test
