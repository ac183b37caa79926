// SPDX-License-Identifier: MIT
// BLAKE3 in proofs: the loops over lanes against one message after the other, the transcript's rules, and that proofs of one
// hash are none of the other.
#include "core/crypto/blake3.h"
#include "core/stark/blake3.h"
#include "core/stark/kernels.h"
#include "core/stark/verifier.h"
#include "core/stark/verifier_core.h"
#include "tests/unit/stark/example.h"

#include <QtTest>

#include <random>
#include <set>

using namespace bowline;
using namespace bowline::stark;
using namespace bowline::test;

namespace {
using Blake3Challenger = Challenger<Native, Blake3Sponge<Native>>;

std::vector<Element> numbers(std::size_t count, std::uint32_t first = 1)
{
    std::vector<Element> out;
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(Element::from(first + static_cast<std::uint32_t>(i)));
    return out;
}

Parameters blake3(unsigned logBlowup = 1, unsigned logFinal = kLogFinal)
{
    Parameters out = kTestParameters;
    out.logBlowup = logBlowup;
    out.hash = HashKind::Blake3;
    out.logFinal = logFinal;
    return out;
}
} // namespace

class TestStarkBlake3 : public QObject {
    Q_OBJECT
private slots:
    void hashesAreTheKeyedMode();
    void everyBackendHashesRowsAlike();
    void everyBackendHashesPairsAlike();
    void everyBackendFindsTheLeastNonce();
    void blocksOfDifferentLengthDiffer();
    void listsAreBoundToTheirLength();
    void samplesAreSpreadOverTheField();
    void workIsCheckedExactly();
    void theGoldenTranscriptStands();
    void honestProofsAreAccepted();
    void everyBackendAndThreadGivesTheSameBytes();
    void theGoldenProofStands();
    void everyFlippedByteIsRefused();
    void proofsOfOneHashAreNoneOfTheOther();
    void parametersTellTheHashesApart();
};

void TestStarkBlake3::hashesAreTheKeyedMode()
{
    std::array<std::uint8_t, 32> key{};
    const std::string text = "bowline proof 1: row";
    std::copy(text.begin(), text.end(), key.begin());
    base::Bytes message;
    std::vector<Element> elements;
    for (std::uint32_t i = 0; i < 20; ++i) {
        const std::uint32_t value = 0x7effff00U - 99991U * i;
        elements.push_back(Element::from(value));
        for (unsigned k = 0; k < 4; ++k) message.push_back(static_cast<std::uint8_t>(value >> (8 * k)));
    }
    const auto digest = crypto::blake3Keyed(key, message);
    const DigestWords words = blake3Of(Blake3Use::Row, elements);
    for (std::size_t w = 0; w < 8; ++w) {
        std::uint64_t word = 0;
        for (std::size_t k = 4; k-- > 0;) word = word << 8U | digest.bytes[4 * w + k];
        QCOMPARE(std::uint64_t{words[w].value()}, word % Element::kModulus);
    }
    // Each use is another function.
    const std::vector<Element> pair = numbers(16);
    QVERIFY(blake3Of(Blake3Use::Row, pair) != blake3Of(Blake3Use::Pair, pair));
    QVERIFY(blake3Of(Blake3Use::Pair, pair) != blake3Of(Blake3Use::Transcript, pair));
}

void TestStarkBlake3::everyBackendHashesRowsAlike()
{
    std::mt19937 random(5);
    // Around blocks of 16 elements and chunks of 256.
    constexpr std::array<std::size_t, 14> kWidths{1,   8,   15,  16,  17,  32,  255,
                                                  256, 257, 511, 512, 513, 769, 1500};
    constexpr std::array<std::size_t, 4> kRows{1, 3, 16, 37};
    for (const std::size_t width : kWidths) {
        for (const std::size_t rows : kRows) {
            std::vector<std::vector<Element>> columns(width, std::vector<Element>(rows));
            std::vector<const std::uint32_t*> pointers;
            for (auto& column : columns) {
                for (Element& x : column)
                    x = Element::from(static_cast<std::uint32_t>(random() % Element::kModulus));
                pointers.push_back(field::wordsOf(column.data()));
            }
            std::vector<DigestWords> expected;
            for (std::size_t j = 0; j < rows; ++j) {
                std::vector<Element> row;
                for (const auto& column : columns) row.push_back(column[j]);
                expected.push_back(blake3Of(Blake3Use::Row, row));
            }
            for (const field::Backend backend : field::availableBackends()) {
                std::vector<Element> out(8 * rows);
                starkKernelsOf(backend).blake3Rows(pointers.data(), width, rows,
                                                   blake3Key(Blake3Use::Row).data(),
                                                   field::wordsOf(out.data()), rows);
                for (std::size_t j = 0; j < rows; ++j) {
                    for (std::size_t w = 0; w < 8; ++w) QCOMPARE(out[w * rows + j], expected[j][w]);
                }
            }
        }
    }
}

void TestStarkBlake3::everyBackendHashesPairsAlike()
{
    std::mt19937 random(6);
    constexpr std::array<std::size_t, 5> kCounts{1, 2, 7, 16, 33};
    for (const std::size_t count : kCounts) {
        std::vector<Element> left(8 * count);
        std::vector<Element> right(8 * count);
        for (auto* side : {&left, &right}) {
            for (Element& x : *side)
                x = Element::from(static_cast<std::uint32_t>(random() % Element::kModulus));
        }
        for (const field::Backend backend : field::availableBackends()) {
            std::vector<Element> out = left; // in place, as a tree joins rows
            starkKernelsOf(backend).blake3Pairs(field::wordsOf(out.data()), field::wordsOf(right.data()),
                                                count, blake3Key(Blake3Use::Pair).data(),
                                                field::wordsOf(out.data()), count, count);
            for (std::size_t j = 0; j < count; ++j) {
                std::vector<Element> pair;
                for (std::size_t w = 0; w < 8; ++w) pair.push_back(left[w * count + j]);
                for (std::size_t w = 0; w < 8; ++w) pair.push_back(right[w * count + j]);
                const DigestWords expected = blake3Of(Blake3Use::Pair, pair);
                for (std::size_t w = 0; w < 8; ++w) QCOMPARE(out[w * count + j], expected[w]);
            }
        }
    }
}

void TestStarkBlake3::everyBackendFindsTheLeastNonce()
{
    Native native;
    for (const unsigned bits : {0U, 4U, 9U}) {
        Blake3Challenger challenger(native);
        challenger.absorb(Step::MainRoot, numbers(bits + 1));
        challenger.sponge().startWork();
        const auto message = challenger.sponge().state().beforeNonce();
        std::uint32_t expected = 0;
        for (;; ++expected) {
            Native judge;
            Blake3Challenger fresh(judge);
            fresh.absorb(Step::MainRoot, numbers(bits + 1));
            fresh.checkWork(Step::QueryWork, Element::from(expected), bits);
            if (!judge.rejected()) break;
        }
        for (const field::Backend backend : field::availableBackends()) {
            const auto grind = starkKernelsOf(backend).blake3Grind;
            const auto& key = blake3Key(Blake3Use::Transcript);
            const std::uint32_t mask = (1U << bits) - 1;
            const std::uint32_t found = grind(message.data(), key.data(), mask, 0, 1U << 20U);
            // The verifier takes a nonce whose first word is left out, too; the search does not look for those.
            QVERIFY(found >= expected && found < 1U << 20U);
            Native judge;
            Blake3Challenger fresh(judge);
            fresh.absorb(Step::MainRoot, numbers(bits + 1));
            fresh.checkWork(Step::QueryWork, Element::from(found), bits);
            QVERIFY(!judge.rejected());
            QCOMPARE(found, starkKernelsOf(field::Backend::Portable)
                                .blake3Grind(message.data(), key.data(), mask, 0, 1U << 20U));
            QCOMPARE(grind(message.data(), key.data(), mask, 0, found), found);
        }
    }
}

void TestStarkBlake3::blocksOfDifferentLengthDiffer()
{
    Native native;
    std::set<std::uint32_t> seen;
    for (std::size_t length = 0; length <= 20; ++length) {
        Blake3Challenger challenger(native);
        for (std::size_t i = 0; i < length; ++i) challenger.absorb(Step::MainRoot, DigestWords{});
        seen.insert(challenger.sample(Step::Point)[0].value());
    }
    QCOMPARE(seen.size(), std::size_t{21});
    Blake3Challenger one(native);
    Blake3Challenger two(native);
    one.checkWork(Step::DeepWork, Element{}, 0);
    two.checkWork(Step::DeepWork, Element{}, 0);
    two.checkWork(Step::DeepWork, Element{}, 0);
    QVERIFY(one.sample(Step::Point) != two.sample(Step::Point));
    // What was sampled before something is absorbed is not sampled again.
    Blake3Challenger three(native);
    three.absorb(Step::MainRoot, numbers(3));
    const Extension before = three.sample(Step::Point);
    three.absorb(Step::MainRoot, numbers(3));
    QVERIFY(three.sample(Step::Point) != before);
}

void TestStarkBlake3::listsAreBoundToTheirLength()
{
    Native native;
    std::set<std::uint32_t> seen;
    for (std::size_t split = 0; split <= 5; ++split) {
        Blake3Challenger challenger(native);
        const std::vector<Element> all = numbers(5);
        challenger.absorb(Step::Values,
                          std::vector<Element>(all.begin(), all.begin() + std::ptrdiff_t(split)));
        challenger.absorb(Step::Values, std::vector<Element>(all.begin() + std::ptrdiff_t(split), all.end()));
        seen.insert(challenger.sample(Step::Point)[0].value());
    }
    QCOMPARE(seen.size(), std::size_t{6});
}

void TestStarkBlake3::samplesAreSpreadOverTheField()
{
    Native native;
    Blake3Challenger challenger(native);
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

void TestStarkBlake3::workIsCheckedExactly()
{
    for (const unsigned bits : {0U, 1U, 5U, 10U}) {
        int accepted = 0;
        for (std::uint32_t nonce = 0; nonce < 4096; ++nonce) {
            Native native;
            Blake3Challenger challenger(native);
            challenger.absorb(Step::MainRoot, numbers(3));
            challenger.checkWork(Step::QueryWork, Element::from(nonce), bits);
            accepted += native.rejected() ? 0 : 1;
        }
        const int expected = 4096 >> bits;
        QVERIFY2(accepted >= expected / 2 && accepted <= 2 * expected + 8,
                 qPrintable(QString::number(accepted)));
    }
}

void TestStarkBlake3::theGoldenTranscriptStands()
{
    Native native;
    Blake3Challenger challenger(native);
    challenger.absorb(Step::PublicValues, numbers(3));
    challenger.absorb(Step::MainRoot, DigestWords{Element::from(7), Element::from(8)});
    const Extension first = challenger.sample(Step::Point);
    challenger.checkWork(Step::DeepWork, Element::from(5), 0);
    const Extension second = challenger.sample(Step::Point);
    QString out;
    for (const Extension& x : {first, second}) {
        for (std::size_t c = 0; c < 4; ++c) out += QString::number(x[c].value()) + " ";
    }
    // tests/unit/stark/data/blake3_transcript.py works these out by itself.
    QCOMPARE(
        out,
        QString("1718190965 176517369 1333535418 2104264648 1655209713 1864795360 58729079 1399443787 "));
}

void TestStarkBlake3::honestProofsAreAccepted()
{
    for (const unsigned logBlowup : {1U, 2U, 3U, 5U}) {
        for (const unsigned logFinal : {5U, 7U}) {
            for (const unsigned log : {7U, 11U}) {
                const Example example = makeExample(blake3(logBlowup, logFinal), log, 7);
                const ProvingKey key = *ProvingKey::make(example.system);
                const Proof proof = *prove(key, example.traces, example.publicValues);
                const base::Bytes bytes = encode(key.verifying(), proof);
                const auto status = verify(key.verifying(), example.publicValues, bytes);
                QVERIFY2(status.ok(), status.ok() ? "" : status.error().detail.c_str());
                QVERIFY(encode(key.verifying(), *decode(key.verifying(), bytes)) == bytes);
            }
        }
    }
}

void TestStarkBlake3::everyBackendAndThreadGivesTheSameBytes()
{
    const Example example = makeExample(blake3(3), 12, 9);
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

void TestStarkBlake3::theGoldenProofStands()
{
    // As tst_stark_proof pins proofs of Poseidon2.
    const Example example = makeExample(blake3(3, 6), 11, 6);
    const ProvingKey key = *ProvingKey::make(example.system);
    const auto digest =
        field::hashBytes(field::SpongeTag::ProofConstraints,
                         encode(key.verifying(), *prove(key, example.traces, example.publicValues)));
    QCOMPARE(QByteArray(reinterpret_cast<const char*>(digest.bytes.data()), 32).toHex(),
             QByteArray("172bc047f4a97a2d18bb441e83582014e8b2824f53b7ca79aea9496057bf8340"));
}

void TestStarkBlake3::everyFlippedByteIsRefused()
{
    const Example example = makeExample(blake3(2), 6, 5);
    const ProvingKey key = *ProvingKey::make(example.system);
    const base::Bytes bytes = encode(key.verifying(), *prove(key, example.traces, example.publicValues));
    std::mt19937 random(3);
    for (int i = 0; i < 1000; ++i) {
        base::Bytes other = bytes;
        other[random() % other.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        QVERIFY(!verify(key.verifying(), example.publicValues, other).ok());
    }
}

void TestStarkBlake3::proofsOfOneHashAreNoneOfTheOther()
{
    const Example one = makeExample(kTestParameters);
    const Example two = makeExample(blake3());
    const ProvingKey poseidon = *ProvingKey::make(one.system);
    const ProvingKey blake = *ProvingKey::make(two.system);
    const Proof ofPoseidon = *prove(poseidon, one.traces, one.publicValues);
    const Proof ofBlake = *prove(blake, two.traces, two.publicValues);
    const auto why = [](const VerifyingKey& key, const Example& e, const Proof& proof) {
        const auto status = verifyProof(key, e.publicValues, proof);
        return status.ok() ? std::string("accepted") : std::string(status.error().code.name());
    };
    QCOMPARE(why(poseidon.verifying(), one, ofPoseidon), std::string("accepted"));
    QCOMPARE(why(blake.verifying(), one, ofBlake), std::string("accepted"));
    QVERIFY(why(poseidon.verifying(), one, ofBlake) != "accepted");
    QVERIFY(why(blake.verifying(), one, ofPoseidon) != "accepted");
    // As files they are told at once.
    QVERIFY(!decode(blake.verifying(), encode(poseidon.verifying(), ofPoseidon)).ok());
    QVERIFY(!decode(poseidon.verifying(), encode(blake.verifying(), ofBlake)).ok());
    // Keys that say the other hash and nothing else, their digests left as they were.
    VerifyingKey confused = poseidon.verifying();
    confused.parameters.hash = HashKind::Blake3;
    QVERIFY(why(confused, one, ofPoseidon) != "accepted");
    confused = blake.verifying();
    confused.parameters.hash = HashKind::Poseidon2;
    QVERIFY(why(confused, one, ofBlake) != "accepted");
    // Even from the same key no challenge is the same.
    Native native;
    TranscriptLog<Element> first;
    TranscriptLog<Element> second;
    const Shape shape = *Shape::make(poseidon.verifying(), ofPoseidon.heights);
    Challenger<Native> a(native, &first);
    Blake3Challenger b(native, &second);
    absorbStatement(a, poseidon.verifying(), shape, one.publicValues);
    absorbStatement(b, poseidon.verifying(), shape, one.publicValues);
    QVERIFY(first.back().values == second.back().values);
    QVERIFY(a.sample(Step::Point) != b.sample(Step::Point));
}

void TestStarkBlake3::parametersTellTheHashesApart()
{
    // The defaults are not in the digest, so that keys from before are what they were; nothing else has these digests.
    std::set<std::uint32_t> seen;
    for (const HashKind hash : {HashKind::Poseidon2, HashKind::Blake3}) {
        for (unsigned logFinal = kLogFinal; logFinal <= kMaxLogFinal; ++logFinal) {
            Parameters parameters = kTestParameters;
            parameters.hash = hash;
            parameters.logFinal = logFinal;
            QVERIFY(parameters.check().ok());
            seen.insert(parameters.digest()[0].value());
        }
    }
    QCOMPARE(seen.size(), std::size_t{2 * (kMaxLogFinal - kLogFinal + 1)});
    Parameters parameters = kTestParameters;
    parameters.logFinal = kMaxLogFinal + 1;
    QCOMPARE(parameters.check().error().code, kBadParameters);
    parameters.logFinal = kLogFinal - 1;
    QCOMPARE(parameters.check().error().code, kBadParameters);
    parameters = kTestParameters;
    parameters.queryWork = kMaxWorkBits + 1;
    QCOMPARE(parameters.check().error().code, kBadParameters);
    parameters.hash = HashKind::Blake3;
    QVERIFY(parameters.check().ok());
    parameters.queryWork = kMaxWorkBitsOfBlake3 + 1;
    QCOMPARE(parameters.check().error().code, kBadParameters);
    // No table is lower than the final polynomial is long.
    const ProvingKey key = *ProvingKey::make(makeExample(blake3(1, 7), 7, 7).system);
    QCOMPARE(Shape::make(key.verifying(), {6U, 8U, 7U}).error().code, kBadShape);
    QVERIFY(Shape::make(key.verifying(), {7U, 8U, 7U}).ok());
}

QTEST_APPLESS_MAIN(TestStarkBlake3)
#include "tst_stark_blake3.moc"
