// SPDX-License-Identifier: MIT
// core/field: arithmetic of KoalaBear, the published known answer of Poseidon2, and the sponge's domains.
#include "core/field/sponge.h"
#include "tests/support/vectors.h"

#include <QTest>

#include <set>

using namespace bowline;
using namespace bowline::field;

class TestField : public QObject {
    Q_OBJECT
private slots:
    void arithmeticAgreesWithPlainIntegers();
    void publishedKnownAnswerOfPoseidon2();
    void tagLengthAndPaddingSeparateInputs();
    void wordsNotBelowTheModulusAreNoDigest();
};

void TestField::arithmeticAgreesWithPlainIntegers()
{
    const std::uint64_t p = Element::kModulus;
    std::vector<std::uint32_t> values{0,          1,          2,          3,     0x7f000000,
                                      0x7effffff, 0x3f800000, 0x3f800001, 65535, 65536};
    std::uint32_t seed = 1;
    for (int i = 0; i < 60; ++i) values.push_back((seed = seed * 1664525U + 1013904223U) % Element::kModulus);
    for (const std::uint32_t a : values) {
        const Element x = Element::from(a);
        QCOMPARE(x.value(), a);
        QCOMPARE(x.doubled(), x + x);
        QCOMPARE(x.halved().doubled(), x);
        if (a != 0) QCOMPARE((x * x.power(Element::kModulus - 2)).value(), 1U);
        for (const std::uint32_t b : values) {
            const Element y = Element::from(b);
            QCOMPARE(std::uint64_t{(x + y).value()}, (std::uint64_t{a} + b) % p);
            QCOMPARE(std::uint64_t{(x - y).value()}, (std::uint64_t{a} + p - b) % p);
            QCOMPARE(std::uint64_t{(x * y).value()}, std::uint64_t{a} * b % p);
        }
    }
    QCOMPARE(Element::from(Element::kModulus), Element::from(0));
    QCOMPARE(Element::from(0xffffffffU).value(), static_cast<std::uint32_t>(0xffffffffULL % p));
}

void TestField::publishedKnownAnswerOfPoseidon2()
{
    SKIP_WITHOUT_VECTORS();
    const auto vector = test::readVectorJson("poseidon2/koalabear16.json");
    const auto& answer = vector.at("known_answer");
    State state;
    for (std::size_t i = 0; i < 16; ++i)
        state[i] = Element::from(answer.at("input").at(i).to_number<std::uint32_t>());
    permute(state);
    for (std::size_t i = 0; i < 16; ++i) {
        QCOMPARE(state[i].value(), answer.at("output").at(i).to_number<std::uint32_t>());
    }
}

void TestField::tagLengthAndPaddingSeparateInputs()
{
    std::set<FieldDigest> seen;
    const base::Bytes zeros(40, 0);
    std::size_t inputs = 0;
    for (const SpongeTag tag :
         {SpongeTag::Key, SpongeTag::Value, SpongeTag::Leaf, SpongeTag::Node, SpongeTag::History}) {
        for (std::size_t length = 0; length <= zeros.size(); ++length, ++inputs) {
            seen.insert(hashBytes(tag, base::ByteView(zeros).first(length)));
        }
    }
    QCOMPARE(seen.size(), inputs);
}

void TestField::wordsNotBelowTheModulusAreNoDigest()
{
    base::ByteArray<32> bytes{};
    QVERIFY(isCanonical(bytes));
    bytes[31] = 0x7f; // the last word is 0x7f000000, the largest element
    QVERIFY(isCanonical(bytes));
    bytes[28] = 0x01;
    QVERIFY(!isCanonical(bytes));
    QCOMPARE(parseDigest(bytes).error().code, kBadDigest);
    QVERIFY(!isCanonical(base::ByteView(bytes).first(28)));
}

QTEST_APPLESS_MAIN(TestField)
#include "tst_field.moc"
