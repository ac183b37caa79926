// SPDX-License-Identifier: MIT
// The lookup tables: every question that they answer is true, and their counts come from the askers' messages.
#include "core/chips/lookups.h"
#include "core/stark/check.h"
#include "core/zkvm/layout.h"
#include "tests/unit/stark/example.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::chips;

namespace {
/// Asks each table once a row.
struct Asker : stark::Air {
    [[nodiscard]] std::string name() const override { return "asker"; }
    [[nodiscard]] std::size_t width() const override { return 8; }
    void eval(AirBuilder& b) const override
    {
        const Expr real = b.main(0);
        b.assertBoolean(real, "real");
        RowConstraints row(b, real, b.constant(0U));
        row.limb(b.main(1), "limb");
        row.bits(b.main(2), 7, "bits");
        row.bytes(b.main(3), b.main(4), "bytes");
        b.send(kByteBus, real, {b.constant(std::uint32_t{kXorBytes}), b.main(3), b.main(4), b.main(5)},
               "xor");
        b.send(kAddressBus, real, {b.main(6)}, "address");
        b.send(kFieldBus, real, {b.main(7)}, "field");
    }
};

struct Asked {
    stark::System system;
    stark::Traces traces;
};

Asked ask(const std::array<std::uint32_t, 7>& values)
{
    const Asker asker;
    const RangeTable range;
    const ByteTable bytes;
    const std::vector<const stark::Air*> airs{&asker, &range, &bytes};
    auto system = stark::System::make(test::kTestParameters, 0, airs);
    stark::Matrix trace(asker.width(), 5);
    for (std::size_t row = 0; row < 3; ++row) {
        trace.at(row, 0) = Element::from(1);
        for (std::size_t i = 0; i < values.size(); ++i) trace.at(row, i + 1) = Element::from(values[i]);
    }
    LookupCounter counter;
    counter.count(system->chips[0], trace, field::kernels().backend);
    return {std::move(system).value(), {std::move(trace), counter.range(), counter.bytes()}};
}

bool holds(const std::array<std::uint32_t, 7>& values)
{
    const Asked asked = ask(values);
    return stark::findViolations(asked.system, asked.traces, {}, 1).empty();
}
} // namespace

class TestChipsTables : public QObject {
    Q_OBJECT
private slots:
    void whatIsTrueIsFound_data()
    {
        QTest::addColumn<std::size_t>("place");
        QTest::addColumn<std::uint32_t>("last");
        QTest::newRow("limb") << std::size_t{0} << 0xffffU;
        QTest::newRow("seven bits") << std::size_t{1} << 127U;
        QTest::newRow("first byte") << std::size_t{2} << 0U;
        QTest::newRow("address") << std::size_t{5} << (zkvm::kMemoryEnd >> 16U) - 1;
        QTest::newRow("field element") << std::size_t{6} << 0x7f00U;
    }
    void whatIsTrueIsFound()
    {
        QFETCH(std::size_t, place);
        QFETCH(std::uint32_t, last);
        std::array<std::uint32_t, 7> values{1, 1, 0, 0x5a, 0x5a, 1, 0};
        QVERIFY(holds(values));
        values[place] = last;
        QVERIFY(holds(values));
        values[place] = last + 1;
        QVERIFY(!holds(values));
        values[place] = 0x7f000000U; // -1
        QVERIFY(!holds(values));
    }
    void zeroIsNoAddress() { QVERIFY(!holds({1, 1, 0, 0x5a, 0x5a, 0, 0})); }
    void everyPairOfBytesHasItsFourResults()
    {
        const stark::Matrix table = ByteTable().preprocessed();
        for (std::uint32_t a = 0; a < 256; ++a) {
            for (std::uint32_t b = 0; b < 256; ++b) {
                const std::size_t row = ByteTable::row(a, b);
                const std::array<std::uint32_t, 6> expected{a, b, a & b, a | b, a ^ b, ~(a | b) & 0xffU};
                for (std::size_t c = 0; c < expected.size(); ++c)
                    QCOMPARE(table.at(row, c).value(), expected[c]);
            }
        }
    }
    void numbersOfBitsHaveExactlyTheirRows()
    {
        const stark::Matrix table = RangeTable().preprocessed();
        for (std::uint32_t n = 1; n <= 15; ++n) {
            for (std::uint32_t x = 0; x < 1U << n; ++x) {
                QCOMPARE(table.at(RangeTable::bitsRow(x, n), 1).value(), x);
                QCOMPARE(table.at(RangeTable::bitsRow(x, n), 2).value(), n);
            }
        }
        QCOMPARE(table.at(0, 1).value(), 0U);
        QCOMPARE(table.at(0, 2).value(), 0U);
    }
    void countsAreThoseOfTheMessages()
    {
        const Asked asked = ask({7, 3, 0x12, 0x34, 0x26, 1, 0});
        QCOMPARE(asked.traces[1]->at(7, RangeTable::kLimbs).value(), 3U);
        QCOMPARE(asked.traces[1]->at(RangeTable::bitsRow(3, 7), RangeTable::kBits).value(), 3U);
        QCOMPARE(asked.traces[2]->at(ByteTable::row(0x12, 0x34), ByteTable::kXors).value(), 3U);
        std::uint64_t sum = 0;
        for (const Element x : asked.traces[1]->data) sum += x.value();
        QCOMPARE(sum, std::uint64_t{12});
    }
};

QTEST_GUILESS_MAIN(TestChipsTables)
#include "tst_chips_tables.moc"
