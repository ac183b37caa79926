// SPDX-License-Identifier: MIT
// The transcript: the duplex sponge's rules, its order against docs/proofs.md, and that every challenge depends on
// every object that is absorbed before it.
#include "core/stark/blake3.h"
#include "core/stark/challenger.h"
#include "core/stark/native.h"
#include "core/stark/verifier_core.h"
#include "tests/unit/stark/example.h"

#include <QtTest>

#include <set>

using namespace bowline;
using namespace bowline::stark;
using namespace bowline::test;

namespace {
std::vector<Element> numbers(std::size_t count, std::uint32_t first = 1)
{
    std::vector<Element> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(Element::from(first + static_cast<std::uint32_t>(i)));
    return out;
}

// A verifier that goes on after a failed check, so that the whole transcript of a changed proof is seen.
struct Obstinate : Native {
    [[nodiscard]] bool rejected() const { return false; }
};

using Log = TranscriptLog<Element>;

Log transcriptOf(const VerifyingKey& key, const std::vector<Element>& publicValues, const Proof& proof,
                 const std::vector<Element>* otherPublicValues = nullptr)
{
    const Shape shape = *Shape::make(key, proof.heights);
    Obstinate backend;
    Log log;
    const std::vector<Element>& values = otherPublicValues ? *otherPublicValues : publicValues;
    if (key.parameters.hash == HashKind::Blake3) {
        VerifierCore<Obstinate, Blake3Hash<Obstinate>>(backend, key, shape, proof, values, &log).run();
    } else {
        VerifierCore<Obstinate>(backend, key, shape, proof, values, &log).run();
    }
    return log;
}

// With the hash of the data row.
struct Setting {
    Example example = makeExample([] {
        QFETCH_GLOBAL(bool, blake3);
        Parameters out = kTestParameters;
        if (blake3) out.hash = HashKind::Blake3;
        return out;
    }());
    ProvingKey key = *ProvingKey::make(example.system);
    Proof proof = *prove(key, example.traces, example.publicValues);
};

// Samples before `first` are the same, every later one another.
bool changesFrom(const Log& before, const Log& after, std::size_t first)
{
    if (before.size() != after.size()) return false;
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (!before[i].sampled) continue;
        if ((before[i].values == after[i].values) != (i < first)) return false;
    }
    return true;
}
} // namespace

class TestStarkTranscript : public QObject {
    Q_OBJECT
private slots:
    void initTestCase_data();
    void absorptionNeverTouchesTheCapacity();
    void blocksOfDifferentLengthDiffer();
    void listsAreBoundToTheirLength();
    void samplesAreSpreadOverTheField();
    void workIsCheckedExactly();
    void theOrderIsTheSpecified();
    void everyAbsorbedObjectChangesWhatFollows();
    void publicValuesHeightsAndKeyAreBound();
    void theGoldenTranscriptStands();
};

void TestStarkTranscript::initTestCase_data()
{
    QTest::addColumn<bool>("blake3");
    QTest::newRow("Poseidon2") << false;
    QTest::newRow("BLAKE3") << true;
}

void TestStarkTranscript::absorptionNeverTouchesTheCapacity()
{
    Native native;
    Challenger<Native> challenger(native);
    // 7 elements stay in the rate until something is sampled.
    challenger.absorb(Step::MainRoot, numbers(6));
    const auto state = challenger.workState().state;
    QCOMPARE(challenger.workState().position, std::size_t{7});
    QCOMPARE(state[8], Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofTranscript)));
    QCOMPARE(state[9], Element::from(8)); // the count that the permutation would add, the nonce included
    for (std::size_t i = 10; i < 16; ++i) QCOMPARE(state[i], Element{});
}

void TestStarkTranscript::blocksOfDifferentLengthDiffer()
{
    // Every pair of short inputs, padded by zeros or not, gives another sample.
    std::set<std::uint32_t> seen;
    for (std::size_t length = 0; length <= 20; ++length) {
        Native native;
        Challenger<Native> challenger(native);
        const DigestWords zeros{};
        // Raw elements without a prefix: nonces of work of no bits.
        for (std::size_t i = 0; i < length; ++i) challenger.absorb(Step::MainRoot, zeros);
        seen.insert(challenger.sample(Step::Point)[0].value());
    }
    QCOMPARE(seen.size(), std::size_t{21});
    Native native;
    Challenger<Native> one(native);
    Challenger<Native> two(native);
    one.checkWork(Step::DeepWork, Element{}, 0);
    two.checkWork(Step::DeepWork, Element{}, 0);
    two.checkWork(Step::DeepWork, Element{}, 0);
    QVERIFY(one.sample(Step::Point) != two.sample(Step::Point));
}

void TestStarkTranscript::listsAreBoundToTheirLength()
{
    Native native;
    std::set<std::uint32_t> seen;
    for (std::size_t split = 0; split <= 5; ++split) {
        Challenger<Native> challenger(native);
        const std::vector<Element> all = numbers(5);
        challenger.absorb(Step::Values,
                          std::vector<Element>(all.begin(), all.begin() + std::ptrdiff_t(split)));
        challenger.absorb(Step::Values, std::vector<Element>(all.begin() + std::ptrdiff_t(split), all.end()));
        seen.insert(challenger.sample(Step::Point)[0].value());
    }
    QCOMPARE(seen.size(), std::size_t{6});
}

void TestStarkTranscript::samplesAreSpreadOverTheField()
{
    Native native;
    Challenger<Native> challenger(native);
    std::set<std::uint32_t> seen;
    std::array<int, 8> octants{};
    for (int i = 0; i < 2000; ++i) {
        const Extension x = challenger.sample(Step::Point);
        for (std::size_t c = 0; c < 4; ++c) {
            seen.insert(x[c].value());
            ++octants[x[c].value() / (Element::kModulus / 8 + 1)];
        }
    }
    QVERIFY(seen.size() > 7990);
    for (const int count : octants) QVERIFY(count > 850 && count < 1150);
}

void TestStarkTranscript::workIsCheckedExactly()
{
    for (const unsigned bits : {0U, 1U, 5U, 10U}) {
        int accepted = 0;
        for (std::uint32_t nonce = 0; nonce < 4096; ++nonce) {
            Native native;
            Challenger<Native> challenger(native);
            challenger.absorb(Step::MainRoot, numbers(3));
            challenger.checkWork(Step::QueryWork, Element::from(nonce), bits);
            accepted += native.rejected() ? 0 : 1;
        }
        const int expected = 4096 >> bits;
        QVERIFY2(accepted >= expected / 2 && accepted <= 2 * expected + 8,
                 qPrintable(QString::number(accepted)));
    }
}

void TestStarkTranscript::theOrderIsTheSpecified()
{
    const Setting s;
    const Log log = transcriptOf(s.key.verifying(), s.example.publicValues, s.proof);
    std::vector<std::pair<Step, bool>> expected{{Step::ParametersAndKey, false},
                                                {Step::PublicValues, false},
                                                {Step::ChipHeights, false},
                                                {Step::MainRoot, false},
                                                {Step::LogUpWork, false},
                                                {Step::LogUpChallenge, true},
                                                {Step::LogUpChallenge, true},
                                                {Step::Sums, false},
                                                {Step::LogUpRoot, false},
                                                {Step::ConstraintChallenge, true},
                                                {Step::QuotientRoot, false},
                                                {Step::DeepWork, false},
                                                {Step::Point, true}};
    // preprocessed (1 point); main of three chips (2 + 1 + 1); LogUp of three (2 each); quotient of three.
    for (int i = 0; i < 1 + 4 + 6 + 3; ++i) expected.push_back({Step::Values, false});
    expected.push_back({Step::BatchWork, false});
    expected.push_back({Step::BatchChallenge, true});
    for (int i = 0; i < 2; ++i) { // 2^8 rows to 2^6, to 2^5
        expected.push_back({Step::FoldRoot, false});
        expected.push_back({Step::FoldWork, false});
        expected.push_back({Step::FoldChallenge, true});
    }
    expected.push_back({Step::FinalPolynomial, false});
    expected.push_back({Step::QueryWork, false});
    for (int i = 0; i < 20; ++i) expected.push_back({Step::QueryPosition, true});
    QCOMPARE(log.size(), expected.size());
    for (std::size_t i = 0; i < log.size(); ++i) {
        QCOMPARE(int(log[i].step), int(expected[i].first));
        QCOMPARE(log[i].sampled, expected[i].second);
    }
}

void TestStarkTranscript::everyAbsorbedObjectChangesWhatFollows()
{
    const Setting s;
    const VerifyingKey& key = s.key.verifying();
    const Log before = transcriptOf(key, s.example.publicValues, s.proof);
    const auto placeOf = [&before](Step step, std::size_t number = 0) {
        for (std::size_t i = 0; i < before.size(); ++i) {
            if (before[i].step == step && number-- == 0) return i;
        }
        return before.size();
    };
    int objects = 0;
    const auto flips = [&](std::size_t place, const std::function<void(Proof&)>& change) {
        Proof other = s.proof;
        change(other);
        ++objects;
        return changesFrom(before, transcriptOf(key, s.example.publicValues, other), place);
    };
    const Element one = Element::from(1);
    const Extension unit{{Element{}, Element{}, one, Element{}}};
    for (std::size_t i = 0; i < 8; ++i) {
        QVERIFY(flips(placeOf(Step::MainRoot), [&](Proof& p) { p.mainRoot[i] += one; }));
        QVERIFY(flips(placeOf(Step::LogUpRoot), [&](Proof& p) { p.logUpRoot[i] += one; }));
        QVERIFY(flips(placeOf(Step::QuotientRoot), [&](Proof& p) { p.quotientRoot[i] += one; }));
        for (std::size_t f = 0; f < s.proof.folds.size(); ++f)
            QVERIFY(flips(placeOf(Step::FoldRoot, f), [&](Proof& p) { p.folds[f].root[i] += one; }));
    }
    QVERIFY(flips(placeOf(Step::LogUpWork), [&](Proof& p) { p.logUpWork += one; }));
    QVERIFY(flips(placeOf(Step::DeepWork), [&](Proof& p) { p.deepWork += one; }));
    QVERIFY(flips(placeOf(Step::BatchWork), [&](Proof& p) { p.batchWork += one; }));
    QVERIFY(flips(placeOf(Step::QueryWork), [&](Proof& p) { p.queryWork += one; }));
    for (std::size_t f = 0; f < s.proof.folds.size(); ++f)
        QVERIFY(flips(placeOf(Step::FoldWork, f), [&](Proof& p) { p.folds[f].work += one; }));
    for (std::size_t i = 0; i < s.proof.sums.size(); ++i)
        QVERIFY(flips(placeOf(Step::Sums), [&](Proof& p) { p.sums[i] += unit; }));
    for (std::size_t i = 0; i < s.proof.finalPolynomial.size(); ++i)
        QVERIFY(flips(placeOf(Step::FinalPolynomial), [&](Proof& p) { p.finalPolynomial[i] += unit; }));
    std::size_t number = 0;
    for (std::size_t b = 0; b < s.proof.values.size(); ++b) {
        for (std::size_t m = 0; m < s.proof.values[b].size(); ++m) {
            for (std::size_t k = 0; k < s.proof.values[b][m].size(); ++k, ++number) {
                for (std::size_t c = 0; c < s.proof.values[b][m][k].size(); ++c)
                    QVERIFY(flips(placeOf(Step::Values, number),
                                  [&](Proof& p) { p.values[b][m][k][c] += unit; }));
            }
        }
    }
    qInfo() << objects << "objects flipped";
    QVERIFY(objects > 150);
}

void TestStarkTranscript::publicValuesHeightsAndKeyAreBound()
{
    const Setting s;
    const VerifyingKey& key = s.key.verifying();
    const Log before = transcriptOf(key, s.example.publicValues, s.proof);
    for (std::size_t i = 0; i < s.example.publicValues.size(); ++i) {
        std::vector<Element> other = s.example.publicValues;
        other[i] += Element::from(1);
        QVERIFY(changesFrom(before, transcriptOf(key, s.example.publicValues, s.proof, &other), 0));
    }
    for (std::size_t i = 0; i < 8; ++i) {
        VerifyingKey other = key;
        other.digest[i] += Element::from(1);
        QVERIFY(changesFrom(before, transcriptOf(other, s.example.publicValues, s.proof), 0));
    }
    // A chip of another height, or left out: the first challenge differs.
    for (const auto& height :
         {std::optional<unsigned>(5), std::optional<unsigned>(6), std::optional<unsigned>()}) {
        const Shape shape = *Shape::make(key, {*s.proof.heights[0], 8U, height});
        Native native;
        Log log;
        Challenger<Native> challenger(native, &log);
        absorbStatement(challenger, key, shape, s.example.publicValues);
        const std::vector<Element> heights{Element::from(3), Element::from(6), Element::from(8),
                                           Element::from(height.value_or(255))};
        QVERIFY(log[2].values == heights);
    }
}

void TestStarkTranscript::theGoldenTranscriptStands()
{
    // Pins the format: whoever changes it, and so every proof and key, changes these words and the version.
    Native native;
    Challenger<Native> challenger(native);
    challenger.absorb(Step::PublicValues, numbers(3));
    challenger.absorb(Step::MainRoot, DigestWords{Element::from(7), Element::from(8)});
    const Extension first = challenger.sample(Step::Point);
    challenger.checkWork(Step::DeepWork, Element::from(5), 0);
    const Extension second = challenger.sample(Step::Point);
    QString out;
    for (const Extension& x : {first, second}) {
        for (std::size_t c = 0; c < 4; ++c) out += QString::number(x[c].value()) + " ";
    }
    QCOMPARE(out,
             QString("263366457 456442412 106713910 1511695367 1430406690 232348583 2016111533 1296431330 "));
}

QTEST_APPLESS_MAIN(TestStarkTranscript)
#include "tst_stark_transcript.moc"
