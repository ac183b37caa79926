// SPDX-License-Identifier: MIT
// Proofs end to end: honest ones are accepted and the same on every back end; any changed column, public value or byte
// is refused; there is one encoding.
#include "core/stark/check.h"
#include "core/stark/verifier.h"
#include "tests/unit/stark/example.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::stark;
using namespace bowline::test;

namespace {
struct Setting {
    Example example;
    ProvingKey key;
    Proof proof;
    base::Bytes bytes;

    explicit Setting(Example e)
        : example(std::move(e)), key(*ProvingKey::make(example.system)),
          proof(*prove(key, example.traces, example.publicValues)), bytes(encode(key.verifying(), proof))
    {
    }
    [[nodiscard]] base::Status verify(const base::Bytes& candidate) const
    {
        return stark::verify(key.verifying(), example.publicValues, candidate);
    }
};
} // namespace

class TestStarkProof : public QObject {
    Q_OBJECT
private slots:
    void honestProofsAreAccepted();
    void everyBackendAndThreadGivesTheSameBytes();
    void theGoldenProofStands();
    void everyColumnIsBound();
    void everyPublicValueIsBound();
    void anotherKeyIsRefused();
    void thereIsOneEncoding();
    void everyElementIsCanonical();
    void everyFlippedByteIsRefused();
    void wrongTracesAreTheCallersMistake();
};

void TestStarkProof::honestProofsAreAccepted()
{
    for (const unsigned logBlowup : {1U, 2U, 3U}) {
        Parameters parameters = kTestParameters;
        parameters.logBlowup = logBlowup;
        for (const unsigned log : {5U, 6U, 8U, 11U}) {
            for (const unsigned mirror : {0U, 5U, 7U}) {
                const Setting s(makeExample(parameters, log, mirror));
                QVERIFY(findViolations(s.example.system, s.example.traces, s.example.publicValues).empty());
                const base::Status status = s.verify(s.bytes);
                QVERIFY2(status.ok(), status.ok() ? "" : status.error().detail.c_str());
                QCOMPARE(s.bytes.size(),
                         encodedSize(s.key.verifying(), *Shape::make(s.key.verifying(), s.proof.heights)));
            }
        }
    }
}

void TestStarkProof::everyBackendAndThreadGivesTheSameBytes()
{
    const Example example = makeExample(kTestParameters, 12, 9);
    base::Bytes expected;
    for (const field::Backend backend : field::availableBackends()) {
        for (const unsigned threads : {1U, 2U}) {
            const ProverOptions options{backend, threads};
            const ProvingKey key = *ProvingKey::make(example.system, options);
            const base::Bytes bytes =
                encode(key.verifying(), *prove(key, example.traces, example.publicValues, options));
            if (expected.empty()) expected = bytes;
            QVERIFY(bytes == expected);
        }
    }
}

void TestStarkProof::theGoldenProofStands()
{
    // Pins the whole protocol, what prover and verifier would change alike included, such as the powers of the
    // challenges. Whoever changes it on purpose raises the versions of encoding and parameters.
    const Setting s(makeExample(kTestParameters, 11, 6));
    const auto digest = field::hashBytes(field::SpongeTag::ProofConstraints, s.bytes);
    QCOMPARE(QByteArray(reinterpret_cast<const char*>(digest.bytes.data()), 32).toHex(),
             QByteArray("332d5c6a12f57b0d34b3ec116c52fc7350f8ab32771b692cb7a8b961aca6ed38"));
}

void TestStarkProof::everyColumnIsBound()
{
    const Setting s(makeExample());
    std::mt19937 random(11);
    int corrupted = 0;
    for (std::size_t chip = 0; chip < s.example.traces.size(); ++chip) {
        const Matrix& honest = *s.example.traces[chip];
        for (std::size_t column = 0; column < honest.width; ++column) {
            for (const std::size_t row : {std::size_t{0}, std::size_t{1}, random() % honest.rows(),
                                          random() % honest.rows(), honest.rows() - 2, honest.rows() - 1}) {
                const Element before = honest.at(row, column);
                const std::array values{before + Element::from(1), before - Element::from(1), Element{},
                                        Element::from(static_cast<std::uint32_t>(random()))};
                for (const Element value : values) {
                    // In the mirror's rows that are not real nothing matters but the flag itself.
                    const bool free =
                        chip == 2 && column != MirrorAir::Real && honest.at(row, MirrorAir::Real).isZero();
                    if (value == before || free) continue;
                    Traces traces = s.example.traces;
                    traces[chip]->at(row, column) = value;
                    QVERIFY(!findViolations(s.example.system, traces, s.example.publicValues).empty());
                    const Proof forged = *prove(s.key, traces, s.example.publicValues);
                    QCOMPARE(verifyProof(s.key.verifying(), s.example.publicValues, forged).error().code,
                             kRejected);
                    ++corrupted;
                }
            }
        }
    }
    qInfo() << corrupted << "corrupted traces refused";
    QVERIFY(corrupted > 120);
}

void TestStarkProof::everyPublicValueIsBound()
{
    const Setting s(makeExample());
    for (std::size_t i = 0; i < s.example.publicValues.size(); ++i) {
        std::vector<Element> other = s.example.publicValues;
        other[i] += Element::from(1);
        QVERIFY(!verify(s.key.verifying(), other, s.bytes).ok());
        // A proof made for the other values does not help either.
        const Proof forged = *prove(s.key, s.example.traces, other);
        QCOMPARE(verifyProof(s.key.verifying(), other, forged).error().code, kRejected);
    }
    std::vector<Element> more = s.example.publicValues;
    more.push_back({});
    QCOMPARE(verify(s.key.verifying(), more, s.bytes).error().code, kBadProof);
    more.resize(2);
    QCOMPARE(verify(s.key.verifying(), more, s.bytes).error().code, kBadProof);
}

void TestStarkProof::anotherKeyIsRefused()
{
    const Setting s(makeExample());
    Parameters parameters = kTestParameters;
    parameters.deepWork += 1;
    const ProvingKey other = *ProvingKey::make(exampleSystem(parameters));
    QCOMPARE(verify(other.verifying(), s.example.publicValues, s.bytes).error().code, kBadProof);
    QCOMPARE(verifyProof(other.verifying(), s.example.publicValues, s.proof).error().code, kRejected);
    // The same form under another preprocessed table.
    System system = exampleSystem(kTestParameters);
    system.chips[1].preprocessed.at(255, 0) = Element::from(256);
    const ProvingKey table = *ProvingKey::make(system);
    QCOMPARE(verifyProof(table.verifying(), s.example.publicValues, s.proof).error().code, kRejected);
}

void TestStarkProof::thereIsOneEncoding()
{
    const Setting s(makeExample());
    const VerifyingKey& key = s.key.verifying();
    const Proof decoded = *decode(key, s.bytes);
    QVERIFY(encode(key, decoded) == s.bytes);
    base::Bytes longer = s.bytes;
    longer.push_back(0);
    QVERIFY(!decode(key, longer).ok());
    for (std::size_t length = 0; length < s.bytes.size(); length += length < 64 ? 1 : 97)
        QVERIFY(!decode(key, base::ByteView(s.bytes).first(length)).ok());
    QVERIFY(!decode(key, base::ByteView(s.bytes).first(s.bytes.size() - 1)).ok());
    // Magic, version, key, number of chips and every height.
    for (std::size_t i = 0; i < 4 + 2 + 8 + 1 + 3; ++i) {
        for (int value = 0; value < 256; ++value) {
            base::Bytes other = s.bytes;
            other[i] = static_cast<std::uint8_t>(value);
            if (other != s.bytes) QVERIFY(!s.verify(other).ok());
        }
    }
}

void TestStarkProof::everyElementIsCanonical()
{
    const Setting s(makeExample());
    constexpr std::size_t kHeader = 4 + 2 + 8 + 1 + 3;
    std::size_t tried = 0;
    for (std::size_t at = kHeader; at < s.bytes.size(); at += 4) {
        std::uint64_t word = 0;
        for (std::size_t i = 4; i-- > 0;) word = word << 8U | s.bytes[at + i];
        QVERIFY(word < Element::kModulus);
        word += Element::kModulus; // the same element, written otherwise
        if (word > 0xffffffffULL) continue;
        ++tried;
        base::Bytes other = s.bytes;
        for (std::size_t i = 0; i < 4; ++i) other[at + i] = static_cast<std::uint8_t>(word >> (8 * i));
        const auto result = decode(s.key.verifying(), other);
        QCOMPARE(result.error().code, base::kNotCanonical);
        at += 4 * 40; // every word would take long: every 41st
    }
    QVERIFY(tried > 100);
}

void TestStarkProof::everyFlippedByteIsRefused()
{
    const Setting s(makeExample());
    std::mt19937 random(3);
    for (int i = 0; i < 1500; ++i) {
        base::Bytes other = s.bytes;
        other[random() % other.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        QVERIFY(!s.verify(other).ok());
    }
    for (int i = 0; i < 300; ++i) {
        base::Bytes other(random() % s.bytes.size());
        for (auto& byte : other) byte = static_cast<std::uint8_t>(random());
        QVERIFY(!s.verify(other).ok());
        other = s.bytes; // the right start, then anything
        for (std::size_t k = 20; k < other.size(); ++k) other[k] = static_cast<std::uint8_t>(random() % 0x7f);
        QVERIFY(!s.verify(other).ok());
    }
}

void TestStarkProof::wrongTracesAreTheCallersMistake()
{
    const Setting s(makeExample());
    Traces traces = s.example.traces;
    traces.pop_back();
    QCOMPARE(prove(s.key, traces, s.example.publicValues).error().code, kBadTrace);
    traces = s.example.traces;
    traces[0]->width = 4;
    QCOMPARE(prove(s.key, traces, s.example.publicValues).error().code, kBadTrace);
    traces = s.example.traces;
    traces[0].reset();
    QCOMPARE(prove(s.key, traces, s.example.publicValues).error().code, kBadShape);
    QCOMPARE(prove(s.key, s.example.traces, {}).error().code, kBadTrace);
}

QTEST_APPLESS_MAIN(TestStarkProof)
#include "tst_stark_proof.moc"
