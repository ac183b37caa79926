// SPDX-License-Identifier: MIT
// MuSig2: the vectors of BIP327 through our wrapper, whole sessions, and what a cheating signer or a careless
// caller tries.
//
// Vectors that libsecp256k1's interface, or ours on purpose, cannot express:
//   nonce_gen     fixed randomness would have to be given, and aggregate keys without their parts: ours
//   always
//                 takes fresh randomness and a whole KeyAggregation;
//   det_sign      deterministic signing is not in the library, and ours forbids it;
//   sign_verify   "sign" from a given secret nonce: secret nonces have no serialised form. The expected
//   partial
//                 signatures are verified instead, which pins every value that enters them. Messages of other
//                 lengths than 32 bytes (2 cases), the invalid secret nonce and signing with a key that is
//                 not among the signers are left out likewise; the last has its own test below;
//   tweak         as sign_verify.
#include "core/crypto/hash.h"
#include "core/crypto/musig.h"
#include "tests/support/vectors.h"

#include <QtTest>

#include <boost/json.hpp>

#include <set>

using namespace bowline::crypto;
using namespace bowline::base;
namespace json = boost::json;

namespace {

Bytes hexOf(const json::value& value)
{
    return *fromHex(std::string_view(value.as_string()));
}
std::size_t indexOf(const json::value& value)
{
    return static_cast<std::size_t>(value.as_int64());
}

/// The keys of a case; the error of the first that is none.
Result<std::vector<PublicKey>> keysOf(const json::value& file, const json::value& indices)
{
    std::vector<PublicKey> out;
    for (const json::value& index : indices.as_array()) {
        BOWLINE_TRY(const PublicKey key, PublicKey::parse(hexOf(file.at("pubkeys").at(indexOf(index)))));
        out.push_back(key);
    }
    return out;
}

Status applyTweaks(KeyAggregation& keys, const json::value& file, const json::value& testCase)
{
    const json::array& indices = testCase.at("tweak_indices").as_array();
    for (std::size_t i = 0; i < indices.size(); ++i) {
        const Bytes tweak = hexOf(file.at("tweaks").at(indexOf(indices[i])));
        BOWLINE_CHECK(testCase.at("is_xonly").at(i).as_bool() ? keys.tweakXOnly(tweak)
                                                              : keys.tweakPlain(tweak));
    }
    return success();
}

Digest digestOf(const Bytes& bytes)
{
    return Digest{*toArray<32>(bytes)};
}

/// n signers with fresh keys, in one session.
struct Committee {
    std::vector<PrivateKey> privateKeys;
    std::optional<KeyAggregation> keys;
    Digest message = sha256(viewOf("the transaction"));
    Digest sessionId = sha256(viewOf("session 1"));

    explicit Committee(std::size_t size)
    {
        std::vector<PublicKey> publicKeys;
        for (std::size_t i = 0; i < size; ++i) {
            privateKeys.push_back(*PrivateKey::generate());
            publicKeys.push_back(privateKeys.back().publicKey());
        }
        keys = *KeyAggregation::fromSortedKeys(publicKeys);
    }
    [[nodiscard]] std::vector<SecretNonce> nonces() const
    {
        std::vector<SecretNonce> out;
        for (const PrivateKey& key : privateKeys) {
            out.push_back(*SecretNonce::generate(key, *keys, message, sessionId));
        }
        return out;
    }
    [[nodiscard]] Session session(const std::vector<SecretNonce>& nonces) const
    {
        std::vector<PublicNonce> sent;
        for (const SecretNonce& nonce : nonces) sent.push_back(nonce.publicNonce());
        return *Session::start(*keys, *AggregateNonce::fromNonces(sent), message, sessionId);
    }
};

} // namespace

class TestMusig : public QObject {
    Q_OBJECT
private slots:
    void keyAggregationVectors();
    void keySortVectors();
    void nonceAggregationVectors();
    void partialSignatureVectors();
    void wrongPartialSignatureVectors();
    void tweakVectors();
    void signatureAggregationVectors();
    void committeesOfAllSizesSign_data();
    void committeesOfAllSizesSign();
    void taprootTweakedCommitteeSignsForTheOutputKey();
    void theSignerWhoSentAWrongPartialIsNamed();
    void aSpentNonceSignsNoSecondTime();
    void aNonceSignsNothingElse();
    void aStrangerCannotTakePart();
    void noncesDifferEachTime();
    void refusedTweakLeavesTheKeyAsItWas();
};

void TestMusig::keyAggregationVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/key_agg_vectors.json");
    for (const json::value& one : file.at("valid_test_cases").as_array()) {
        const auto keys = KeyAggregation::fromKeys(*keysOf(file, one.at("key_indices")));
        QVERIFY(keys.ok());
        QCOMPARE(toHex(keys->xOnlyKey().view()), toHex(hexOf(one.at("expected"))));
    }
    for (const json::value& one : file.at("error_test_cases").as_array()) {
        const auto points = keysOf(file, one.at("key_indices"));
        if (one.at("error").at("type").as_string() == "invalid_contribution") {
            QVERIFY(points.error().code == kBadPublicKey);
            continue;
        }
        auto keys = *KeyAggregation::fromKeys(*points);
        QVERIFY(applyTweaks(keys, file, one).error().code == kBadTweak);
    }
}

void TestMusig::keySortVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/key_sort_vectors.json");
    std::vector<PublicKey> keys;
    for (const json::value& key : file.at("pubkeys").as_array())
        keys.push_back(*PublicKey::parse(hexOf(key)));
    const auto sorted = KeyAggregation::fromSortedKeys(keys)->signers();
    const json::array& expected = file.at("sorted_pubkeys").as_array();
    QCOMPARE(sorted.size(), expected.size());
    for (std::size_t i = 0; i < sorted.size(); ++i)
        QCOMPARE(toHex(sorted[i].bytes()), toHex(hexOf(expected[i])));
}

void TestMusig::nonceAggregationVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/nonce_agg_vectors.json");
    for (const json::value& one : file.at("valid_test_cases").as_array()) {
        std::vector<PublicNonce> nonces;
        for (const json::value& index : one.at("pnonce_indices").as_array()) {
            nonces.push_back(*PublicNonce::parse(hexOf(file.at("pnonces").at(indexOf(index)))));
        }
        QCOMPARE(toHex(AggregateNonce::fromNonces(nonces)->bytes()), toHex(hexOf(one.at("expected"))));
    }
    for (const json::value& one : file.at("error_test_cases").as_array()) {
        const json::array& indices = one.at("pnonce_indices").as_array();
        for (std::size_t i = 0; i < indices.size(); ++i) {
            const auto nonce = PublicNonce::parse(hexOf(file.at("pnonces").at(indexOf(indices[i]))));
            QCOMPARE(nonce.ok(), i != indexOf(one.at("error").at("signer")));
        }
    }
}

void TestMusig::partialSignatureVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/sign_verify_vectors.json");
    int verified = 0;
    for (const json::value& one : file.at("valid_test_cases").as_array()) {
        const Bytes message = hexOf(file.at("msgs").at(indexOf(one.at("msg_index"))));
        if (message.size() != 32) continue; // see the head of this file
        const auto keys = *keysOf(file, one.at("key_indices"));
        std::vector<PublicNonce> nonces;
        for (const json::value& index : one.at("nonce_indices").as_array()) {
            nonces.push_back(*PublicNonce::parse(hexOf(file.at("pnonces").at(indexOf(index)))));
        }
        const auto aggregate = *AggregateNonce::fromNonces(nonces);
        QCOMPARE(toHex(aggregate.bytes()),
                 toHex(hexOf(file.at("aggnonces").at(indexOf(one.at("aggnonce_index"))))));
        const auto session =
            *Session::start(*KeyAggregation::fromKeys(keys), aggregate, digestOf(message), {});
        const auto partial = *PartialSignature::parse(hexOf(one.at("expected")));
        const std::size_t signer = indexOf(one.at("signer_index"));
        QVERIFY(session.verifyPartial(partial, keys[signer], nonces[signer]).ok());
        ++verified;
    }
    QCOMPARE(verified, 4);
    for (const json::value& one : file.at("sign_error_test_cases").as_array()) {
        const json::object& error = one.at("error").as_object();
        if (error.at("type").as_string() != "invalid_contribution") continue;
        if (error.at("contrib").as_string() == "pubkey") {
            QVERIFY(keysOf(file, one.at("key_indices")).error().code == kBadPublicKey);
        } else {
            const auto nonce =
                AggregateNonce::parse(hexOf(file.at("aggnonces").at(indexOf(one.at("aggnonce_index")))));
            QVERIFY(nonce.error().code == kMusigBadNonce);
        }
    }
}

void TestMusig::wrongPartialSignatureVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/sign_verify_vectors.json");
    for (const json::value& one : file.at("verify_fail_test_cases").as_array()) {
        const auto partial = PartialSignature::parse(hexOf(one.at("sig")));
        if (one.at("comment").as_string() == "Signature exceeds group size") {
            QVERIFY(partial.error().code == kMusigBadPartial);
            continue;
        }
        const auto keys = *keysOf(file, one.at("key_indices"));
        std::vector<PublicNonce> nonces;
        for (const json::value& index : one.at("nonce_indices").as_array()) {
            nonces.push_back(*PublicNonce::parse(hexOf(file.at("pnonces").at(indexOf(index)))));
        }
        const auto message = digestOf(hexOf(file.at("msgs").at(indexOf(one.at("msg_index")))));
        const auto session = *Session::start(*KeyAggregation::fromKeys(keys),
                                             *AggregateNonce::fromNonces(nonces), message, {});
        const std::size_t signer = indexOf(one.at("signer_index"));
        QVERIFY(session.verifyPartial(*partial, keys[signer], nonces[signer]).error().code
                == kMusigWrongPartial);
    }
    for (const json::value& one : file.at("verify_error_test_cases").as_array()) {
        if (one.at("error").at("contrib").as_string() == "pubkey") {
            QVERIFY(keysOf(file, one.at("key_indices")).error().code == kBadPublicKey);
        } else {
            const std::size_t first = indexOf(one.at("nonce_indices").at(0));
            QVERIFY(PublicNonce::parse(hexOf(file.at("pnonces").at(first))).error().code == kMusigBadNonce);
        }
    }
}

void TestMusig::tweakVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/tweak_vectors.json");
    const auto aggregate = *AggregateNonce::parse(hexOf(file.at("aggnonce")));
    const Digest message = digestOf(hexOf(file.at("msg")));
    for (const json::value& one : file.at("valid_test_cases").as_array()) {
        const auto points = *keysOf(file, one.at("key_indices"));
        auto keys = *KeyAggregation::fromKeys(points);
        QVERIFY(applyTweaks(keys, file, one).ok());
        const auto session = *Session::start(keys, aggregate, message, {});
        const std::size_t signer = indexOf(one.at("signer_index"));
        const std::size_t nonceIndex = indexOf(one.at("nonce_indices").at(signer));
        const auto nonce = *PublicNonce::parse(hexOf(file.at("pnonces").at(nonceIndex)));
        const auto partial = *PartialSignature::parse(hexOf(one.at("expected")));
        QVERIFY(session.verifyPartial(partial, points[signer], nonce).ok());
    }
    for (const json::value& one : file.at("error_test_cases").as_array()) {
        auto keys = *KeyAggregation::fromKeys(*keysOf(file, one.at("key_indices")));
        QVERIFY(applyTweaks(keys, file, one).error().code == kBadTweak);
    }
}

void TestMusig::signatureAggregationVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/sig_agg_vectors.json");
    const Digest message = digestOf(hexOf(file.at("msg")));
    for (const json::value& one : file.at("valid_test_cases").as_array()) {
        auto keys = *KeyAggregation::fromKeys(*keysOf(file, one.at("key_indices")));
        QVERIFY(applyTweaks(keys, file, one).ok());
        const auto session =
            *Session::start(keys, *AggregateNonce::parse(hexOf(one.at("aggnonce"))), message, {});
        std::vector<PartialSignature> partials;
        for (const json::value& index : one.at("psig_indices").as_array()) {
            partials.push_back(*PartialSignature::parse(hexOf(file.at("psigs").at(indexOf(index)))));
        }
        const auto signature = session.aggregate(partials);
        QVERIFY(signature.ok());
        QCOMPARE(toHex(*signature), toHex(hexOf(one.at("expected"))));
        QVERIFY(verifySchnorr(keys.xOnlyKey(), message.view(), *signature));
    }
    for (const json::value& one : file.at("error_test_cases").as_array()) {
        const std::size_t blamed = indexOf(one.at("error").at("signer"));
        const std::size_t index = indexOf(one.at("psig_indices").at(blamed));
        QVERIFY(PartialSignature::parse(hexOf(file.at("psigs").at(index))).error().code == kMusigBadPartial);
    }
}

void TestMusig::committeesOfAllSizesSign_data()
{
    QTest::addColumn<int>("size");
    for (const int size : {1, 2, 3, 15, 100}) QTest::addRow("%d signers", size) << size;
}

void TestMusig::committeesOfAllSizesSign()
{
    QFETCH(int, size);
    const Committee committee(static_cast<std::size_t>(size));
    auto nonces = committee.nonces();
    const Session session = committee.session(nonces);
    std::vector<PartialSignature> partials;
    for (std::size_t i = 0; i < nonces.size(); ++i) {
        partials.push_back(*session.sign(std::move(nonces[i]), committee.privateKeys[i]));
    }
    const auto signature = session.aggregate(partials);
    QVERIFY(signature.ok());
    // An ordinary BIP340 verifier, which knows nothing of MuSig, accepts it.
    QVERIFY(verifySchnorr(committee.keys->xOnlyKey(), committee.message.view(), *signature));
}

void TestMusig::taprootTweakedCommitteeSignsForTheOutputKey()
{
    Committee committee(3);
    const XOnlyPublicKey internal = committee.keys->xOnlyKey();
    const Digest tweak = taggedHash("TapTweak", {internal.view()});
    QVERIFY(committee.keys->tweakXOnly(tweak.view()).ok());
    const TweakedKey output = *tweakXOnly(internal, tweak.view());
    QCOMPARE(committee.keys->xOnlyKey().hex(), output.key.hex());
    auto nonces = committee.nonces();
    const Session session = committee.session(nonces);
    std::vector<PartialSignature> partials;
    for (std::size_t i = 0; i < 3; ++i) {
        partials.push_back(*session.sign(std::move(nonces[i]), committee.privateKeys[i]));
    }
    QVERIFY(verifySchnorr(output.key, committee.message.view(), *session.aggregate(partials)));
}

void TestMusig::theSignerWhoSentAWrongPartialIsNamed()
{
    const Committee committee(4);
    auto nonces = committee.nonces();
    std::vector<PublicNonce> sent;
    for (const auto& nonce : nonces) sent.push_back(nonce.publicNonce());
    const Session session = committee.session(nonces);
    std::vector<PartialSignature> partials;
    for (std::size_t i = 0; i < 4; ++i) {
        partials.push_back(*session.sign(std::move(nonces[i]), committee.privateKeys[i]));
    }
    ByteArray<32> forged = partials[2].bytes();
    forged[31] ^= 1U;
    partials[2] = *PartialSignature::parse(forged);
    QVERIFY(session.aggregate(partials).error().code == kMusigInvalidSignature);
    for (std::size_t i = 0; i < 4; ++i) {
        const auto status = session.verifyPartial(partials[i], committee.privateKeys[i].publicKey(), sent[i]);
        QCOMPARE(status.ok(), i != 2);
    }
    partials.pop_back();
    QVERIFY(session.aggregate(partials).error().code == kMusigBadPartial);
}

void TestMusig::aSpentNonceSignsNoSecondTime()
{
    static_assert(!std::is_copy_constructible_v<SecretNonce> && !std::is_copy_assignable_v<SecretNonce>);
    const Committee committee(2);
    auto nonces = committee.nonces();
    const Session session = committee.session(nonces);
    QVERIFY(session.sign(std::move(nonces[0]), committee.privateKeys[0]).ok());
    // NOLINTNEXTLINE(bugprone-use-after-move): just what a careless caller would do
    QVERIFY(session.sign(std::move(nonces[0]), committee.privateKeys[0]).error().code == kMusigNonceSpent);
    // A refused attempt spends the nonce as well.
    QVERIFY(!session.sign(std::move(nonces[1]), committee.privateKeys[0]).ok());
    QVERIFY(session.sign(std::move(nonces[1]), committee.privateKeys[1]).error().code == kMusigNonceSpent);
}

void TestMusig::aNonceSignsNothingElse()
{
    Committee committee(2);
    const auto signWith = [&committee](const Committee& other) {
        auto nonces = committee.nonces();
        std::vector<PublicNonce> sent;
        for (const auto& nonce : nonces) sent.push_back(nonce.publicNonce());
        const auto session =
            *Session::start(*other.keys, *AggregateNonce::fromNonces(sent), other.message, other.sessionId);
        return session.sign(std::move(nonces[0]), committee.privateKeys[0]);
    };
    QVERIFY(signWith(committee).ok());
    Committee other = Committee(2);
    other.keys = committee.keys;
    QVERIFY(signWith(other).ok());
    other.message = sha256(viewOf("another transaction"));
    QVERIFY(signWith(other).error().code == kMusigNonceBoundElsewhere);
    other.message = committee.message;
    other.sessionId = sha256(viewOf("session 2"));
    QVERIFY(signWith(other).error().code == kMusigNonceBoundElsewhere);
    other.sessionId = committee.sessionId;
    QVERIFY(other.keys->tweakPlain(sha256(viewOf("tweak")).view()).ok());
    QVERIFY(signWith(other).error().code == kMusigNonceBoundElsewhere);
}

void TestMusig::aStrangerCannotTakePart()
{
    const Committee committee(2);
    const PrivateKey stranger = *PrivateKey::generate();
    const auto nonce =
        SecretNonce::generate(stranger, *committee.keys, committee.message, committee.sessionId);
    QVERIFY(nonce.error().code == kMusigNotASigner);
    auto nonces = committee.nonces();
    const Session session = committee.session(nonces);
    const PublicNonce sent = nonces[0].publicNonce();
    const auto partial = *session.sign(std::move(nonces[0]), committee.privateKeys[0]);
    QVERIFY(session.verifyPartial(partial, stranger.publicKey(), sent).error().code == kMusigNotASigner);
    QVERIFY(KeyAggregation::fromKeys({}).error().code == kMusigBadKeys);
    QVERIFY(
        KeyAggregation::fromKeys(std::vector<PublicKey>(kMaxSigners + 1, stranger.publicKey())).error().code
        == kMusigBadKeys);
}

void TestMusig::noncesDifferEachTime()
{
    const Committee committee(1);
    std::set<ByteArray<66>> seen;
    for (int i = 0; i < 50; ++i) seen.insert(committee.nonces()[0].publicNonce().bytes());
    QCOMPARE(seen.size(), std::size_t{50});
}

void TestMusig::refusedTweakLeavesTheKeyAsItWas()
{
    Committee committee(2);
    const PublicKey before = committee.keys->key();
    QVERIFY(!committee.keys->tweakPlain(Bytes(32, 0xff)).ok());
    QVERIFY(!committee.keys->tweakXOnly(Bytes(31, 0x01)).ok());
    QVERIFY(committee.keys->key() == before);
    auto nonces = committee.nonces();
    const Session session = committee.session(nonces);
    QVERIFY(session.sign(std::move(nonces[0]), committee.privateKeys[0]).ok());
}

QTEST_APPLESS_MAIN(TestMusig)
#include "tst_musig.moc"
