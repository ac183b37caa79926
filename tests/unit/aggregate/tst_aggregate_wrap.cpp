// SPDX-License-Identifier: MIT
// Wrapped proofs: they say what the inner proof says, have one encoding, and nothing that is changed is accepted.
#include "core/stark/soundness.h"
#include "core/stark/verifier.h"
#include "tests/unit/aggregate/wrap_fixture.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::aggregate;
using namespace bowline::test;

namespace {
const Wrapped& wrapped()
{
    static const Wrapped out;
    return out;
}
constexpr std::size_t kHeader = 8 + 2 + 8 + 2;

std::string why(const base::Result<std::vector<Element>>& result)
{
    return result.ok() ? "accepted" : std::string(result.error().code.name());
}
} // namespace

class TestAggregateWrap : public QObject {
    Q_OBJECT
private slots:
    void aWrappedProofSaysWhatTheInnerOneSays();
    void theKeyCanBeMadeWithoutAProver();
    void everyPublicValueIsBound();
    void anotherInnerKeyIsRefused();
    void otherParametersAreRefused();
    void onlyProofsAreWrapped();
    void everyByteIsBound();
    void thereIsOneEncoding();
    void proofsOfOtherHashesAreRefused();
    void hashesHaveTheirPlaces();
    void heightsAreAligned();
    void theParametersReachTheProvenBits();
};

void TestAggregateWrap::aWrappedProofSaysWhatTheInnerOneSays()
{
    const Wrapped& w = wrapped();
    const auto values = w.verify(w.file);
    QVERIFY2(values.ok(), values.ok() ? "" : values.error().detail.c_str());
    QVERIFY(*values == w.example.publicValues);
    qInfo() << w.file.size() << "bytes, a few queries";
    // The same bytes whoever proves, with however many threads.
    const stark::ProverOptions options{field::kernels().backend, 2};
    QVERIFY(wanted(w.wrap->prove(w.example.publicValues, w.inner, options)) == w.file);
}

void TestAggregateWrap::theKeyCanBeMadeWithoutAProver()
{
    const Wrapped& w = wrapped();
    const WrapKey own = w.wrap->wrapKey();
    const auto key = verifyingKeyOf(own, kTestWrapParameters.last);
    QVERIFY(key.ok());
    QVERIFY(key->digest == w.wrap->key().digest);
    QVERIFY(verifyWrapped(*key, w.file).ok());
    // All of it is in the key.
    const auto other = [&](const std::function<void(WrapKey&)>& change) {
        WrapKey changed = own;
        change(changed);
        const auto made = verifyingKeyOf(changed, kTestWrapParameters.last);
        return made.ok() && made->digest != key->digest && !verifyWrapped(*made, w.file).ok();
    };
    QVERIFY(other([](WrapKey& k) { k.columns[3] += Element::from(1); }));
    QVERIFY(other([](WrapKey& k) { ++k.heights[2]; }));
    QVERIFY(other([](WrapKey& k) { ++k.publicValues; }));
}

void TestAggregateWrap::everyPublicValueIsBound()
{
    const Wrapped& w = wrapped();
    const base::ByteView body =
        base::ByteView(w.file).subspan(kHeader + stark::packedSize(w.example.publicValues.size()));
    QVERIFY(WrapFile::encode(w.wrap->key(), w.example.publicValues, body) == w.file);
    for (std::size_t i = 0; i < w.example.publicValues.size(); ++i) {
        std::vector<Element> other = w.example.publicValues;
        other[i] += Element::from(1);
        QCOMPARE(why(w.verify(WrapFile::encode(w.wrap->key(), other, body))), std::string("stark.rejected"));
        QCOMPARE(w.wrap->prove(other, w.inner).error().code, recursion::kRejected);
    }
    std::vector<Element> more = w.example.publicValues;
    more.push_back({});
    QCOMPARE(why(w.verify(WrapFile::encode(w.wrap->key(), more, body))), std::string("aggregate.bad-wrap"));
}

void TestAggregateWrap::anotherInnerKeyIsRefused()
{
    const Wrapped& w = wrapped();
    stark::Parameters parameters = kInnerParameters;
    ++parameters.deepWork;
    const Wrapped other(parameters);
    QVERIFY(other.wrap->key().digest != w.wrap->key().digest);
    QCOMPARE(why(w.verify(other.file)), std::string("aggregate.bad-wrap"));
    // Even under the right name.
    base::Bytes renamed = other.file;
    std::copy_n(w.file.begin(), kHeader, renamed.begin());
    QCOMPARE(why(w.verify(renamed)), std::string("stark.rejected"));
    QVERIFY(!w.wrap->prove(w.example.publicValues, other.inner).ok());
}

void TestAggregateWrap::otherParametersAreRefused()
{
    const Wrapped& w = wrapped();
    const std::vector<std::function<void(stark::Parameters&)>> changes{
        [](auto& p) { --p.queries; },     [](auto& p) { ++p.queries; },     [](auto& p) { ++p.logBlowup; },
        [](auto& p) { p.logUpWork = 0; }, [](auto& p) { p.deepWork = 0; },  [](auto& p) { p.batchWork = 0; },
        [](auto& p) { p.foldWork = 0; },  [](auto& p) { p.queryWork = 0; }, [](auto& p) { --p.logFinal; },
    };
    for (const auto& change : changes) {
        stark::Parameters parameters = kTestWrapParameters.last;
        change(parameters);
        const auto key = verifyingKeyOf(w.wrap->wrapKey(), parameters);
        QVERIFY(key.ok());
        QCOMPARE(why(verifyWrapped(*key, w.file)), std::string("aggregate.bad-wrap"));
        base::Bytes renamed = w.file; // under the right name
        for (std::size_t i = 0; i < 8; ++i)
            renamed[10 + i] = static_cast<std::uint8_t>(key->digest[i / 4].value() >> (8 * (i % 4)));
        const std::string reason = why(verifyWrapped(*key, renamed));
        QVERIFY2(reason == "stark.rejected" || reason == "stark.bad-proof", reason.c_str());
    }
}

void TestAggregateWrap::onlyProofsAreWrapped()
{
    const Wrapped& w = wrapped();
    stark::Proof bad = w.inner;
    bad.queries[1].batches[1].rows[0][0] += Element::from(1);
    QCOMPARE(w.wrap->prove(w.example.publicValues, bad).error().code, recursion::kRejected);
    const stark::Proof first = wanted(w.wrap->proveFirst(w.example.publicValues, w.inner));
    QVERIFY(stark::verifyProof(w.wrap->first().key().verifying(), w.example.publicValues, first).ok());
    bad = first;
    bad.values[0][0][0][0] += field::Extension::from(1);
    QCOMPARE(w.wrap->proveLast(w.example.publicValues, bad).error().code, recursion::kRejected);
    bad = first;
    bad.heights[1] = 5;
    QCOMPARE(w.wrap->proveLast(w.example.publicValues, bad).error().code, kBadWrap);
}

void TestAggregateWrap::everyByteIsBound()
{
    const Wrapped& w = wrapped();
    const auto verdict = [&](std::size_t at, unsigned bit) {
        base::Bytes other = w.file;
        other[at] ^= static_cast<std::uint8_t>(1U << bit);
        return why(w.verify(other));
    };
    // Header, public values and numbers of nodes wholly; of every region of the proof some.
    const std::size_t values = kHeader + stark::packedSize(w.example.publicValues.size());
    for (std::size_t at = 0; at < values + 40; ++at) {
        for (unsigned bit = 0; bit < 8; ++bit) {
            const std::string reason = verdict(at, bit);
            QVERIFY2(reason != "accepted", qPrintable(QString::number(at)));
            if (at < kHeader) QCOMPARE(reason, std::string("aggregate.bad-wrap"));
            if (at >= kHeader && at < values)
                QVERIFY(reason == "stark.rejected" || reason == "base.not-canonical");
        }
    }
    std::mt19937 random(12);
    std::map<std::string, int> reasons;
    std::size_t flipped = 0;
    for (std::size_t at = values + 40; at < w.file.size(); at += 1 + random() % 120, ++flipped)
        ++reasons[verdict(at, random() % 8)];
    for (std::size_t at = w.file.size() - 40; at < w.file.size(); ++at) ++reasons[verdict(at, 0)];
    // An element that is not below the modulus any more has another reason; there is no third one.
    QVERIFY(reasons.at("stark.rejected") > 100);
    QCOMPARE(reasons["stark.rejected"] + reasons["base.not-canonical"], int(flipped) + 40);
    qInfo() << flipped << "bytes flipped in the proof";
}

void TestAggregateWrap::thereIsOneEncoding()
{
    const Wrapped& w = wrapped();
    base::Bytes other = w.file;
    other.push_back(0);
    QCOMPARE(why(w.verify(other)), std::string("stark.bad-proof"));
    const std::size_t values = kHeader + stark::packedSize(w.example.publicValues.size());
    for (std::size_t length = 0; length < w.file.size(); length += length < 60 ? 1 : 499) {
        QCOMPARE(why(w.verify(base::ByteView(w.file).first(length))),
                 std::string(length < values ? "aggregate.bad-wrap" : "stark.bad-proof"));
    }
    QCOMPARE(why(w.verify(base::ByteView(w.file).first(w.file.size() - 1))), std::string("stark.bad-proof"));
    // A public value above the modulus: 31 bits set.
    other = w.file;
    for (std::size_t i = 0; i < 4; ++i)
        other[kHeader + i] = static_cast<std::uint8_t>(other[kHeader + i] | (i < 3 ? 0xffU : 0x7fU));
    QCOMPARE(why(w.verify(other)), std::string("base.not-canonical"));
    // A bit behind the public values, and one behind the proof, if there is room.
    other = w.file;
    std::uint8_t& last = other[kHeader + stark::packedSize(w.example.publicValues.size()) - 1];
    last = static_cast<std::uint8_t>(last | 0x80U);
    QCOMPARE(why(w.verify(other)), std::string("base.not-canonical"));
    other.assign(kMaxWrapBytes + 1, 0);
    std::copy(w.file.begin(), w.file.end(), other.begin());
    QCOMPARE(why(w.verify(other)), std::string("aggregate.bad-wrap"));
}

void TestAggregateWrap::proofsOfOtherHashesAreRefused()
{
    const Wrapped& w = wrapped();
    const stark::VerifyingKey& firstKey = w.wrap->first().key().verifying();
    const stark::Proof first = wanted(w.wrap->proveFirst(w.example.publicValues, w.inner));
    const base::Bytes poseidon = stark::encode(firstKey, first);
    QVERIFY(!w.verify(poseidon).ok());
    QVERIFY(!w.verify(WrapFile::encode(w.wrap->key(), w.example.publicValues, poseidon)).ok());
    QVERIFY(!verifyWrapped(firstKey, w.file).ok());
    QVERIFY(!stark::verify(firstKey, w.example.publicValues, w.file).ok());
    // A key that says Poseidon2 where all else is the wrap's.
    stark::VerifyingKey confused = w.wrap->key();
    confused.parameters.hash = stark::HashKind::Poseidon2;
    QVERIFY(!verifyWrapped(confused, w.file).ok());
}

void TestAggregateWrap::hashesHaveTheirPlaces()
{
    const Wrapped& w = wrapped();
    WrapParameters parameters = kTestWrapParameters;
    parameters.first.hash = stark::HashKind::Blake3;
    const auto refused = [&](const stark::VerifyingKey& inner) {
        const auto made = Wrap::make(inner, w.inner.heights, parameters);
        return made.ok() ? "" : made.error().code.name();
    };
    QCOMPARE(refused(w.innerKey.verifying()), kBadWrapKey.name());
    parameters = kTestWrapParameters;
    parameters.last.hash = stark::HashKind::Poseidon2;
    QCOMPARE(refused(w.innerKey.verifying()), kBadWrapKey.name());
    parameters = kTestWrapParameters;
    stark::VerifyingKey blake3 = w.innerKey.verifying();
    blake3.parameters.hash = stark::HashKind::Blake3;
    QCOMPARE(refused(blake3), kBadWrapKey.name());
}

void TestAggregateWrap::heightsAreAligned()
{
    using Logs = std::array<unsigned, recursion::kTables>;
    QVERIFY((alignedLogs({12, 15, 12, 6, 10, 13, 13}, 7) == Logs{13, 15, 13, 7, 10, 13, 13}));
    QVERIFY((alignedLogs({9, 9, 9, 9, 9, 9, 9}, 5) == Logs{9, 9, 9, 9, 9, 9, 9}));
    QVERIFY((alignedLogs({5, 14, 8, 5, 11, 12, 13}, 5) == Logs{7, 14, 10, 7, 13, 13, 13}));
    QVERIFY((alignedLogs({5, 5, 5, 5, 5, 5, 5}, 8) == Logs{8, 8, 8, 8, 8, 8, 8}));
}

void TestAggregateWrap::theParametersReachTheProvenBits()
{
    // At the heights that wraps of lifts have: docs/recursion.md, "Wrap".
    const stark::Heights first{12U, 14U, 12U, 9U, 12U, 14U, 14U};
    const stark::Heights last{12U, 13U, 12U, 9U, 12U, 13U, 13U};
    const auto bounds = [](const stark::VerifyingKey& key, const stark::Heights& heights) {
        return stark::ProofBounds::of(key, heights);
    };
    const stark::VerifyingKey& key = wrapped().wrap->key();
    const auto ofFirst = stark::soundness(kWrapParameters.first, bounds(key, first));
    const auto ofLast = stark::soundness(kWrapParameters.last, bounds(key, last));
    qInfo().noquote() << "\n" << ofFirst.table("wrap, first step: Poseidon2, blowup 16").c_str();
    qInfo().noquote() << "\n" << ofLast.table("wrap, last step: BLAKE3, blowup 128").c_str();
    QVERIFY(kWrapParameters.first.check().ok());
    QVERIFY(kWrapParameters.last.check().ok());
    QVERIFY(ofFirst.johnson >= stark::kProvenBits);
    QVERIFY(ofLast.johnson >= stark::kProvenBits);
    // These tests' own parameters are no release set.
    QVERIFY(stark::soundness(kTestWrapParameters.last, bounds(key, last)).johnson < 20);
    // One query less in either is too few, or would be within a bit of it: nothing is there by mistake.
    for (const stark::Parameters& shipped : {kWrapParameters.first, kWrapParameters.last}) {
        stark::Parameters fewer = shipped;
        fewer.queries -= 3;
        const auto heights = shipped == kWrapParameters.first ? first : last;
        QVERIFY(stark::soundness(fewer, bounds(key, heights)).johnson < stark::kProvenBits);
    }
}

QTEST_APPLESS_MAIN(TestAggregateWrap)
#include "tst_aggregate_wrap.moc"
