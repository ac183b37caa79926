// SPDX-License-Identifier: MIT
// The parameter sets that ship: at least 100 proven bits each, by unique decoding alone; the table is printed.
#include "core/stark/soundness.h"
#include "tests/unit/stark/example.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::stark;

namespace {
// A core shard of 2^21 rows in the tallest of 20 chips of up to 30 interactions, and a proof that verifies proofs.
constexpr ProofBounds kCore{21, 6.0 * (1 << 21), 6.0 * (1 << 21) * 18, 12, 3000, 3400};
constexpr ProofBounds kRecursion{17, 5.0 * (1 << 17), 5.0 * (1 << 17) * 12, 20, 1200, 1500};
} // namespace

class TestStarkSoundness : public QObject {
    Q_OBJECT
private slots:
    void shippedSetsReachTheProvenBits();
    void figuresAgreeWithHandWork();
    void everyParameterCounts();
    void openingsCountByTheirDomain();
    void foldsCountDownToTheFinalPolynomial();
    void workCountsByItsChance();
    void boundsCountTheWholeSystem();
    void testParametersAreNoReleaseSet();
};

void TestStarkSoundness::shippedSetsReachTheProvenBits()
{
    const SoundnessReport core = soundness(kCoreParameters, kCore);
    const SoundnessReport recursion = soundness(kRecursionParameters, kRecursion);
    qInfo().noquote() << "\n" << core.table("core: blowup 2, 195 queries").c_str();
    qInfo().noquote() << "\n" << recursion.table("recursion: blowup 4, 118 queries").c_str();
    QVERIFY(kCoreParameters.check().ok());
    QVERIFY(kRecursionParameters.check().ok());
    QVERIFY(core.unique >= kProvenBits);
    QVERIFY(recursion.unique >= kProvenBits);
}

void TestStarkSoundness::figuresAgreeWithHandWork()
{
    const SoundnessReport core = soundness(kCoreParameters, kCore);
    // 195 queries at distance 1/4: 195 * log2(4/3) = 80.93, and 20 bits of work.
    QVERIFY(qAbs(core.terms[5].unique - 100.93) < 0.01);
    // 2^21 * 6 * 18 * 12 / p^4 and 16 bits of work: 123.955 - 21 - 10.340 + 16.
    QVERIFY(qAbs(core.terms[0].unique - 108.61) < 0.05);
    // Johnson with m = 7 at blowup 4: 118 queries at 1 - 0.5 * (1 + 1/14), 0.9005 bits each.
    const SoundnessReport recursion = soundness(kRecursionParameters, kRecursion);
    QVERIFY(recursion.terms[5].johnson > recursion.terms[5].unique);
    // The total is below each of its terms.
    for (const SoundnessTerm& term : core.terms) QVERIFY(core.unique < term.unique);
    for (const SoundnessTerm& term : recursion.terms) QVERIFY(recursion.johnson < term.johnson);
}

void TestStarkSoundness::everyParameterCounts()
{
    const double before = soundness(kCoreParameters, kCore).unique;
    Parameters fewer = kCoreParameters;
    fewer.queries = 180;
    QVERIFY(soundness(fewer, kCore).unique < kProvenBits);
    for (unsigned Parameters::*work : {&Parameters::logUpWork, &Parameters::deepWork, &Parameters::batchWork,
                                       &Parameters::foldWork, &Parameters::queryWork}) {
        Parameters less = kCoreParameters;
        less.*work = 0;
        QVERIFY(soundness(less, kCore).unique < before);
    }
    // Without its work, LogUp alone falls below 100 bits: the finding that put the work there.
    Parameters less = kCoreParameters;
    less.logUpWork = 0;
    QVERIFY(soundness(less, kCore).terms[0].unique < kProvenBits);
}

void TestStarkSoundness::openingsCountByTheirDomain()
{
    // Of openings whose height is not known each counts as the tallest chip's.
    const SoundnessReport unknown = soundness(kCoreParameters, kCore);
    ProofBounds bounds = kCore;
    bounds.openingsOf[21] = bounds.openings;
    QVERIFY(qAbs(soundness(kCoreParameters, bounds).terms[3].unique - unknown.terms[3].unique) < 1e-9);
    // Three times lower by powers of two, three bits better.
    bounds.openingsOf[21] = 0;
    bounds.openingsOf[18] = bounds.openings;
    const SoundnessReport lower = soundness(kCoreParameters, bounds);
    QVERIFY(qAbs(lower.terms[3].unique - unknown.terms[3].unique - 3) < 0.01);
    QVERIFY(qAbs(lower.terms[3].johnson - unknown.terms[3].johnson - 3) < 0.01);
    // The rest is still the tallest's.
    bounds.openingsOf[18] = bounds.openings / 2;
    QVERIFY(soundness(kCoreParameters, bounds).terms[3].unique < unknown.terms[3].unique + 1);
}

void TestStarkSoundness::foldsCountDownToTheFinalPolynomial()
{
    Parameters parameters = kCoreParameters;
    double before = 0;
    for (unsigned logFinal = kLogFinal; logFinal <= kMaxLogFinal; ++logFinal) {
        parameters.logFinal = logFinal;
        const double folds = soundness(parameters, kCore).terms[4].unique;
        QVERIFY(folds >= before);
        before = folds;
    }
    // 21 down to 9 and to 6 are four and five folds of eight: the first alone has more than half of the error.
    parameters.logFinal = 18;
    const double one = soundness(parameters, kCore).terms[4].unique;
    QVERIFY(one > before && one - before < 1);
}

void TestStarkSoundness::workCountsByItsChance()
{
    // Of p = 127 * 2^24 + 1 samples 128 end in 24 zero bits, and 16 in 27.
    for (const auto& [work, hits] :
         std::vector<std::pair<unsigned, double>>{{0, 2130706433.0}, {24, 128}, {27, 16}}) {
        Parameters parameters = kCoreParameters;
        parameters.queryWork = 0;
        const double without = soundness(parameters, kCore).terms[5].unique;
        parameters.queryWork = work;
        const double with = soundness(parameters, kCore).terms[5].unique;
        QVERIFY(qAbs(with - without - std::log2(2130706433.0 / hits)) < 1e-9);
    }
}

void TestStarkSoundness::boundsCountTheWholeSystem()
{
    const test::Example example = test::makeExample();
    const auto key = ProvingKey::make(example.system);
    QVERIFY(key.ok());
    const ProofBounds bounds = ProofBounds::of(key->verifying(), {6U, 8U, 5U});
    QCOMPARE(bounds.maxLogHeight, 8U);
    QCOMPARE(bounds.rows, 64.0 + 256 + 32);
    QCOMPARE(bounds.messages, 1 + 3 * 64.0 + 256 + 32);
    QCOMPARE(bounds.messageSize, 4U);
    QCOMPARE(bounds.constraints, 6.0 + 2 + 0 + 1 + 1 + 1);
    // Rows filled up to 8, main opened twice as the first chip asks for it; LogUp twice; quotients.
    QCOMPARE(bounds.openings, (16 + 16 + 8.0) + (16 + 8 + 16 + 8) + (16 + 16 + 8));
    QCOMPARE(bounds.openingsOf[6], 16 + 16 + 8.0);
    QCOMPARE(bounds.openingsOf[8], 16 + 8 + 16 + 8.0);
    QCOMPARE(bounds.openingsOf[5], 16 + 16 + 8.0);
}

void TestStarkSoundness::testParametersAreNoReleaseSet()
{
    for (const Parameters& release : {kCoreParameters, kRecursionParameters}) {
        QVERIFY(!(release == test::kTestParameters));
        QVERIFY(release.digest() != test::kTestParameters.digest());
    }
    QVERIFY(soundness(test::kTestParameters, kCore).unique < 40);
}

QTEST_APPLESS_MAIN(TestStarkSoundness)
#include "tst_stark_soundness.moc"
