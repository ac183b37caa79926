// SPDX-License-Identifier: MIT
// Modular multiplication: what the reference computes is proven, and nothing else.
#include "core/chips/mulmod.h"
#include "core/zkvm/abi.h"
#include "core/zkvm/precompiles.h"
#include "tests/unit/chips/call_attacks.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::chips;
using namespace bowline::test;
using zkvm::U256;

namespace {

constexpr std::uint32_t kX = 0x10000;
constexpr std::uint32_t kY = 0x20000;
constexpr std::uint32_t kM = 0x30000;
constexpr U256 kAll{~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U, ~0U};

struct Operands {
    U256 x{};
    U256 y{};
    U256 m{};
};

void put(CallMemory& memory, std::uint32_t address, const U256& value)
{
    for (std::uint32_t i = 0; i < 8; ++i) memory.words[address + 4 * i] = value[i];
}
U256 get(const CallMemory& memory, std::uint32_t address)
{
    U256 out{};
    for (std::uint32_t i = 0; i < 8; ++i) out[i] = memory.words.at(address + 4 * i);
    return out;
}

// The call on what memory holds; `times` may bend the result.
OwnedCall multiply(CallMemory& memory, std::uint32_t time, std::array<std::uint32_t, 3> at,
                   const std::function<void(U256&)>& bend = {})
{
    U256 x = get(memory, at[0]);
    static_cast<void>(zkvm::multiplyModulo256(x, get(memory, at[1]), get(memory, at[2])));
    if (bend) bend(x);
    return memory.call(BOWLINE_MULMOD, time, at, x, 8, 8);
}

OwnedCall multiply(const Operands& o, std::array<std::uint32_t, 3> at = {kX, kY, kM},
                   const std::function<void(U256&)>& bend = {})
{
    CallMemory memory;
    put(memory, at[0], o.x);
    put(memory, at[1], o.y);
    put(memory, at[2], o.m);
    return multiply(memory, 1000, at, bend);
}

U256 anyNumber(std::mt19937& random, std::size_t words = 8)
{
    U256 out{};
    for (std::size_t i = 0; i < words; ++i) out[i] = static_cast<std::uint32_t>(random());
    return out;
}

std::vector<Operands> allOperands()
{
    const std::vector<U256> edges{{}, {1}, {2}, {0, 0, 0, 0, 0, 0, 0, 1U << 31U}, kAll};
    std::vector<Operands> out;
    for (const U256& x : edges) {
        for (const U256& m : {U256{1}, U256{2}, U256{255}, U256{0, 1}, kAll}) out.push_back({x, kAll, m});
    }
    std::mt19937 random(1);
    out.push_back({kAll, {}, kAll});
    out.push_back({{6}, {7}, {42}}); // the result is 0
    out.push_back({{6}, {7}, {43}}); // the quotient is 0
    for (std::size_t words = 1; words <= 8; ++words)
        out.push_back({anyNumber(random), anyNumber(random), anyNumber(random, words)});
    for (int i = 0; i < 8; ++i) out.push_back({anyNumber(random), anyNumber(random), anyNumber(random)});
    return out;
}

constexpr U256 kSomeX{0x89abcdef, 0x01234567, 0x55555555, 0xdeadbeef, 5, 6, 0x77777777, 0x12345678};
constexpr U256 kSomeY{0x11223344, 0x55667788, 0x99aabbcc, 0xddeeff00, 1, 2, 0x33333333, 0x44444444};
constexpr U256 kSomeM{0x2468ace1, 0x13579bdf, 0xfedcba98, 0x76543210, 9, 8, 0x70000007, 0x00600000};
const Operands kSome{kSomeX, kSomeY, kSomeM};

U256 plus(U256 a, const U256& b)
{
    std::uint64_t carry = 0;
    for (std::size_t i = 0; i < 8; ++i) {
        carry += std::uint64_t{a[i]} + b[i];
        a[i] = static_cast<std::uint32_t>(carry);
        carry >>= 32U;
    }
    return a;
}

// Attacks on one call; row 0 is the call's.
class Attack {
public:
    Attack(const Operands& o, const std::function<void(U256&)>& bend = {})
        : call(multiply(o, {kX, kY, kM}, bend))
    {
    }

    MulModChip chip;
    OwnedCall call;

    [[nodiscard]] CallWitness filled(const std::string& name) const
    {
        return {name, callTable(chip, {call}, {call})};
    }
    // After the honest filling, `change` and then all carries anew.
    [[nodiscard]] CallWitness bent(const std::string& name,
                                   const std::function<void(const Row&)>& change) const
    {
        CallWitness out = filled(name);
        edit(out.table.trace, 0, [&](const Row& row) {
            change(row);
            chip.columns().product.fill(row);
        });
        return out;
    }
};

// r + m beside q - 1: right modulo m, but not reduced. `flags` sets the comparison.
CallWitness notReduced(const std::string& name, const Operands& o,
                       const std::function<void(const Row&)>& compare)
{
    Attack attack(o, [&o](U256& r) { r = plus(r, o.m); });
    return attack.bent(name, [&](const Row& row) {
        const MulModChip::Columns& c = attack.chip.columns();
        auto q = zkvm::divideProduct(o.x, o.y, o.m).quotient;
        for (std::uint32_t& word : q) {
            if (word-- != 0) break;
        }
        c.quotient.set(row, q);
        for (std::size_t i = 0; i < 16; ++i) row.set(c.reduced.flag(i), 0U);
        row.set(c.reduced.difference(), 0U);
        if (compare) compare(row);
    });
}

// A byte and 256 more, and one less of the byte above it.
void alias(const Row& row, const Digits& digits)
{
    for (std::size_t i = 0; i < digits.count(); i += 2) {
        const std::uint32_t above = row.get(digits.column(i + 1));
        if (above == 0) continue;
        row.set(digits.column(i), row.get(digits.column(i)) + 256);
        row.set(digits.column(i + 1), above - 1);
        return;
    }
}

std::vector<CallWitness> resultWitnesses()
{
    std::vector<CallWitness> out;
    const MulModChip chip;
    const MulModChip::Columns& c = chip.columns();
    const Attack some(kSome);
    out.push_back(Attack(kSome, [](U256& r) { r[0] ^= 1U; }).filled("another result"));
    out.push_back(some.bent("alias byte of x", [&](const Row& row) { alias(row, c.x); }));
    out.push_back(some.bent("alias byte of y", [&](const Row& row) { alias(row, c.y); }));
    out.push_back(some.bent("alias byte of m", [&](const Row& row) { alias(row, c.m); }));
    out.push_back(some.bent("alias byte of the quotient", [&](const Row& row) { alias(row, c.quotient); }));
    const Attack high({{}, {}, {256}});
    out.push_back(
        high.bent("quotient beyond 512 bits", [&](const Row& row) { row.set(c.quotient.column(63), 1U); }));

    // r + p: carries that are merely quotients in the field swallow it.
    CallWitness modP =
        Attack(kSome, [](U256& r) { r = plus(r, {Element::kModulus}); }).filled("result and p more");
    solveInField(modP.table, 0, "product", c.product.carries());
    out.push_back(std::move(modP));

    // m's limbs are chosen so that r + m, compared by false flags, seems to be less.
    const auto flag = [&c](const Row& row, std::size_t limb, std::uint32_t value) {
        row.set(c.reduced.flag(limb), value);
    };
    const auto difference = [&c](const Row& row, std::uint32_t value) {
        row.set(c.reduced.difference(), value);
    };
    constexpr std::uint32_t p = Element::kModulus;
    // x = m + 1 and y = 1, so r + m = m + 1, and only limb 0 differs: b - a = -1.
    const Operands one{{6, 0, 7}, {1}, {5, 0, 7}};
    out.push_back(notReduced("not reduced", one, [&](const Row& row) {
        flag(row, 0, 1);
        difference(row, p - 2);
    }));
    out.push_back(notReduced("difference from nowhere", one, [&](const Row& row) { flag(row, 0, 1); }));
    out.push_back(notReduced("flags that are no bits", one, [&](const Row& row) {
        flag(row, 0, p - 1);
        flag(row, 4, 2);
    }));
    // x = m + 2^16: limb 1 of m is ffff and becomes 0, limb 2 is 0 and becomes 1.
    const Operands carried{{5, 1, 7}, {1}, {0xffff0005, 0, 7}};
    out.push_back(notReduced("flag below a limb that differs", carried, [&](const Row& row) {
        flag(row, 1, 1);
        difference(row, 0xfffe);
    }));
    return out;
}

// One row for two calls that are the same.
CallWitness twice()
{
    const MulModChip chip;
    const OwnedCall call = multiply({{1}, {1}, {5, 0, 7}});
    CallWitness out{"one row for two calls", callTable(chip, {call, call}, {call})};
    edit(out.table.trace, 0, [&](const Row& row) {
        row.set(chip.columns().call.real, 2U);
        row.set(chip.columns().reduced.flag(15), 1U);
        row.set(chip.columns().reduced.difference(), 5U);
    });
    return out;
}

// The result's lower limb and 2^16 more, its upper limb and one less.
CallWitness resultOfLargeLimbs()
{
    const Attack some(kSome);
    const MulModChip::Columns& c = some.chip.columns();
    CallWitness out = some.bent("limbs of the result above 2^16", [&](const Row& row) {
        row.set(c.result.column(0), row.get(c.result.column(0)) + 65536);
        row.set(c.result.column(1), row.get(c.result.column(1)) - 1);
    });
    // The boundary's accesses: 16 messages for y, 16 for m, then before and after for each word of x.
    bendBoundary(out.table, kMemoryBus, 33, 1, 2, [](Element x) { return x + Element::from(65536); });
    bendBoundary(out.table, kMemoryBus, 33, 1, 3, [](Element x) { return x - Element::from(1); });
    return out;
}

std::vector<CallWitness> allWitnesses()
{
    const MulModChip chip;
    const MulModChip::Columns& c = chip.columns();
    std::vector<CallWitness> out = resultWitnesses();
    const OwnedCall some = multiply(kSome);
    for (CallWitness& w : bindingWitnesses(callTable(chip, {some}, {some}))) out.push_back(std::move(w));
    const std::vector<OperandUnderAttack> operands{
        {"y", 1, 0, &c.second}, {"m", 2, 16, &c.third}, {"x", 0, 32, &c.first}};
    for (CallWitness& w :
         operandWitnesses(chip, operands, {kX, kY, kM}, [](const auto& at) { return multiply(kSome, at); }))
        out.push_back(std::move(w));
    out.push_back(twice());
    out.push_back(resultOfLargeLimbs());
    return out;
}

} // namespace

class TestChipsMulMod : public QObject {
    Q_OBJECT
private slots:
    void everyProductIsProven();
    void everyOtherResultIsRefused();
    void noModulusOfZero();
    void overlappingOperands();
    void everyColumnMatters();
    void paddingTakesNoCall();
    void proofsAgree();
    void everyPieceIsKilled();
};

void TestChipsMulMod::everyProductIsProven()
{
    const MulModChip chip;
    std::vector<OwnedCall> calls;
    CallMemory memory;
    std::uint32_t time = 4;
    for (const Operands& o : allOperands()) {
        // Each at its own place, some across a multiple of 2^16.
        const auto offset = static_cast<std::uint32_t>(0x100000 + 0xffe4 * calls.size());
        const std::array<std::uint32_t, 3> at{offset, offset + 0x1000020, offset + 0x2000040};
        put(memory, at[0], o.x);
        put(memory, at[1], o.y);
        put(memory, at[2], o.m);
        calls.push_back(multiply(memory, time += 4, at));
    }
    const CallExample example = makeCallExample(chip, calls);
    const auto violations = stark::findViolations(example.system, example.traces, {});
    QVERIFY2(violations.empty(), violations.empty() ? "" : violations.front().what.c_str());
    const auto key = stark::ProvingKey::make(example.system);
    QVERIFY(key.ok());
    const auto proof = stark::prove(*key, example.traces, {});
    QVERIFY(proof.ok());
    QVERIFY(stark::verifyProof(key->verifying(), {}, *proof).ok());
    const stark::Constraints& constraints = example.system.chips[0].constraints;
    qInfo() << calls.size() << "calls;" << chip.width() << "columns and" << constraints.logUpWidth()
            << "of messages a call," << constraints.interactions.size() << "messages,"
            << constraints.nodes.size() << "nodes";
}

void TestChipsMulMod::everyOtherResultIsRefused()
{
    const MulModChip chip;
    std::mt19937 random(7);
    for (const Operands& o : allOperands()) {
        const OwnedCall honest = multiply(o);
        QVERIFY(faultsOf(callTable(chip, {honest}, {honest})).empty());
        const std::size_t word = random() % 8;
        const OwnedCall bad = multiply(o, {kX, kY, kM}, [&](U256& r) { r[word] ^= 1U << random() % 32; });
        QVERIFY(!faultsOf(callTable(chip, {bad}, {bad})).empty());
        const OwnedCall unreduced = multiply(o, {kX, kY, kM}, [&](U256& r) { r = plus(r, o.m); });
        QVERIFY(!faultsOf(callTable(chip, {unreduced}, {unreduced})).empty());
    }
}

void TestChipsMulMod::noModulusOfZero()
{
    const MulModChip chip;
    for (const U256& result : {U256{}, U256{1}, kSomeX}) {
        const OwnedCall call = multiply({kSomeX, {1}, {}}, {kX, kY, kM}, [&](U256& r) { r = result; });
        QVERIFY(!faultsOf(callTable(chip, {call}, {call})).empty());
    }
}

void TestChipsMulMod::overlappingOperands()
{
    const MulModChip chip;
    CallMemory memory;
    put(memory, kX, kSomeX);
    put(memory, kM, kSomeM);
    std::vector<OwnedCall> calls;
    calls.push_back(multiply(memory, 8, {kX, kX, kM}));
    calls.push_back(multiply(memory, 12, {kX, kX, kX})); // 0
    QVERIFY(zkvm::isZero(get(memory, kX)));
    put(memory, kX, kSomeX);
    calls.clear();
    CallMemory shifted;
    for (std::uint32_t i = 0; i < 32; ++i) shifted.words[kX + 4 * i] = 0x01010101U * i + 1;
    calls.push_back(multiply(shifted, 8, {kX, kX + 4, kX + 12}));
    calls.push_back(multiply(shifted, 12, {kX + 8, kX, kX + 4}));
    calls.push_back(multiply(shifted, 16, {kX, kX, kX + 32}));
    calls.push_back(multiply(shifted, 20, {kX, kX, kX}));
    QVERIFY(faultsOf(callTable(chip, calls, calls)).empty());
    // Which of two calls comes first is told by the times alone.
    std::swap(calls[0], calls[1]);
    QVERIFY(faultsOf(callTable(chip, calls, calls)).empty());
}

void TestChipsMulMod::everyColumnMatters()
{
    const MulModChip chip;
    // In the second m has 34 bits, so that its upper bytes are 0 and the quotient's are not.
    const std::vector<OwnedCall> calls{multiply(kSome), multiply({kAll, kSomeY, {0x10001, 3}})};
    std::size_t tried = 0;
    for (std::size_t i = 0; i < calls.size(); ++i) {
        const CallTable alone = callTable(chip, {calls[i]}, {calls[i]});
        QVERIFY(faultsOf(alone).empty());
        const Corruptions out = corruptColumns(alone, 0, static_cast<std::uint32_t>(i));
        tried += out.tried;
        for (const std::size_t column : out.unnoticed) qWarning() << "unnoticed: column" << column;
        QVERIFY(out.unnoticed.empty());
    }
    qInfo() << tried << "corruptions noticed";
}

void TestChipsMulMod::paddingTakesNoCall()
{
    const MulModChip chip;
    const OwnedCall call = multiply(kSome);
    CallTable table = callTable(chip, {call, call}, {call});
    QVERIFY(!faultsOf(table).empty()); // nobody takes the second call
    table.trace.at(1, chip.columns().call.real) = Element::from(1);
    QVERIFY(!faultsOf(table).empty());
    for (std::size_t c = 0; c < chip.width(); ++c) table.trace.at(1, c) = table.trace.at(0, c);
    QVERIFY(faultsOf(table).empty()); // it is a whole row that takes it
}

void TestChipsMulMod::proofsAgree()
{
    const MulModChip chip;
    const OwnedCall call = multiply(kSome);
    QVERIFY(proofAcceptsCalls(chip, callTable(chip, {call}, {call})));
    const std::vector<CallWitness> witnesses = resultWitnesses();
    for (const std::size_t i : {std::size_t{0}, witnesses.size() - 1}) {
        QVERIFY(!faultsOf(witnesses[i].table).empty());
        QVERIFY(!proofAcceptsCalls(chip, witnesses[i].table));
    }
}

void TestChipsMulMod::everyPieceIsKilled()
{
    const CallKillReport report = killCalls(allWitnesses());
    qInfo().noquote() << "\n" << report.table;
    qInfo() << report.pieces - report.survivors.size() << "of" << report.pieces << "killed";
    for (const std::string& name : report.acceptedByWhole) qWarning() << "not false:" << name.c_str();
    QVERIFY(report.acceptedByWhole.empty());
    QVERIFY(report.survivors.empty());
}

QTEST_APPLESS_MAIN(TestChipsMulMod)
#include "tst_chips_mulmod.moc"
