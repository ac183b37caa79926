// SPDX-License-Identifier: MIT
// MuSig2: the vectors of BIP327 through our wrapper, whole sessions, and what a cheating signer or a careless
// caller tries.
//
// Vectors that libsecp256k1's interface, or ours on purpose, cannot express:
//   nonce_gen     our interface takes fresh randomness only, so the library's own is asked. It takes 32-byte
//                 messages or none, and aggregate keys only with their parts: of the four cases it can run the
//                 last (nothing but randomness and public key). All four run against NonceGen written down
//                 here from the text of BIP327, which the library is then held against with every argument;
//   det_sign      deterministic signing is not in the library, and ours forbids it. The expected partial
//                 signatures are verified instead, but for the case with a message of 38 bytes;
//   sign_verify   "sign" from a given secret nonce: secret nonces have no serialised form. The expected
//   partial
//                 signatures are verified instead, which pins every value that enters them. Messages of other
//                 lengths than 32 bytes (2 cases), the invalid secret nonce and signing with a key that is
//                 not among the signers are left out likewise; the last has its own test below;
//   tweak         as sign_verify.
#include "core/crypto/hash.h"
#include "core/crypto/musig.h"
#include "core/crypto/secp.h"
#include "tests/support/vectors.h"

#include <QTest>

#include <boost/json.hpp>

#include <set>

using namespace bowline::crypto;
using namespace bowline::base;
namespace json = boost::json;

namespace {

Bytes hexOf(const json::value& value) { return *fromHex(std::string_view(value.as_string())); }
std::size_t indexOf(const json::value& value) { return static_cast<std::size_t>(value.as_int64()); }

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

Digest digestOf(const Bytes& bytes) { return Digest{*toArray<32>(bytes)}; }

/// What NonceGen of BIP327 takes; only the randomness and the public key must be there.
struct NonceInput {
    Bytes random;
    std::optional<Bytes> secretKey;
    Bytes publicKey;
    std::optional<Bytes> aggregateKey;
    std::optional<Bytes> message;
    std::optional<Bytes> extra;
};

/// The two secret scalars by the text of BIP327. A hash that is not below the group order is left out: nobody has
/// seen one.
std::array<Digest, 2> nonceByTheText(const NonceInput& input)
{
    Bytes random = input.random;
    if (input.secretKey) {
        const Digest mask = taggedHash("MuSig/aux", {input.random});
        for (std::size_t i = 0; i < random.size(); ++i) random[i] = (*input.secretKey)[i] ^ mask.bytes[i];
    }
    const auto withLength = [](const std::optional<Bytes>& bytes, std::size_t lengthBytes) {
        Bytes out;
        const std::size_t size = bytes ? bytes->size() : 0;
        for (std::size_t i = lengthBytes; i-- > 0;) {
            out.push_back(i < sizeof size ? static_cast<std::uint8_t>(size >> (8 * i)) : std::uint8_t{0});
        }
        if (bytes) out.insert(out.end(), bytes->begin(), bytes->end());
        return out;
    };
    Bytes message{0};
    if (input.message) {
        message = {1};
        const Bytes prefixed = withLength(input.message, 8);
        message.insert(message.end(), prefixed.begin(), prefixed.end());
    }
    const Bytes key = withLength(input.publicKey, 1);
    const Bytes aggregate = withLength(input.aggregateKey, 1);
    const Bytes extra = withLength(input.extra, 4);
    const auto half = [&](std::uint8_t number) {
        return taggedHash("MuSig/nonce", {random, key, aggregate, message, extra, Bytes{number}});
    };
    return {half(0), half(1)};
}

/// The public nonce of the two scalars, in hex.
std::string publicNonceOf(const std::array<Digest, 2>& scalars)
{
    std::string out;
    for (const Digest& scalar : scalars) {
        out += toHex(PrivateKey::fromBytes(scalar.view())->publicKey().bytes());
    }
    return out;
}

/// libsecp256k1's answer; `signers` are the parts of the aggregate key, if there is to be one.
std::string publicNonceOfTheLibrary(const NonceInput& input, const std::vector<PublicKey>& signers)
{
    secp256k1_musig_keyagg_cache cache{};
    std::vector<secp256k1_pubkey> points;
    std::vector<const secp256k1_pubkey*> pointers;
    for (const PublicKey& key : signers) points.push_back(toSecp(key));
    for (const secp256k1_pubkey& point : points) pointers.push_back(&point);
    if (!signers.empty() &&
        secp256k1_musig_pubkey_agg(secpContext(), nullptr, &cache, pointers.data(), pointers.size()) != 1) {
        return "no aggregate key";
    }
    Bytes random = input.random; // the library overwrites it
    secp256k1_musig_secnonce secret;
    secp256k1_musig_pubnonce nonce;
    const secp256k1_pubkey own = toSecp(*PublicKey::parse(input.publicKey));
    const auto given = [](const std::optional<Bytes>& bytes) { return bytes ? bytes->data() : nullptr; };
    if (secp256k1_musig_nonce_gen(secpContext(), &secret, &nonce, random.data(), given(input.secretKey), &own,
                                  given(input.message), signers.empty() ? nullptr : &cache,
                                  given(input.extra)) != 1) {
        return "no nonce";
    }
    ByteArray<66> out{};
    secp256k1_musig_pubnonce_serialize(secpContext(), out.data(), &nonce);
    return toHex(out);
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
    void nonceGenerationVectors();
    void theLibraryGeneratesNoncesByTheText();
    void deterministicSignatureVectors();
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

void TestMusig::nonceGenerationVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/nonce_gen_vectors.json");
    const auto given = [](const json::value& one, const char* key) {
        const json::value& value = one.at(key);
        return value.is_null() ? std::optional<Bytes>() : hexOf(value);
    };
    int byTheLibrary = 0;
    const json::array& cases = file.at("test_cases").as_array();
    QCOMPARE(cases.size(), std::size_t{4});
    for (const json::value& one : cases) {
        const NonceInput input{hexOf(one.at("rand_")), given(one, "sk"),  hexOf(one.at("pk")),
                               given(one, "aggpk"),    given(one, "msg"), given(one, "extra_in")};
        const auto scalars = nonceByTheText(input);
        QCOMPARE(scalars[0].hex() + scalars[1].hex() + toHex(input.publicKey),
                 toHex(hexOf(one.at("expected_secnonce"))));
        const std::string expected = toHex(hexOf(one.at("expected_pubnonce")));
        QCOMPARE(publicNonceOf(scalars), expected);
        if (input.aggregateKey || (input.message && input.message->size() != 32)) continue;
        QCOMPARE(publicNonceOfTheLibrary(input, {}), expected);
        ++byTheLibrary;
    }
    QCOMPARE(byTheLibrary, 1);
}

void TestMusig::theLibraryGeneratesNoncesByTheText()
{
    for (std::uint8_t round = 0; round < 8; ++round) {
        const Committee committee(3);
        NonceInput input;
        input.random = Bytes(32, static_cast<std::uint8_t>(round + 1));
        input.secretKey = toBytes(committee.privateKeys[0].secret());
        input.publicKey = toBytes(committee.privateKeys[0].publicKey().view());
        if ((round & 1U) != 0) input.aggregateKey = toBytes(committee.keys->xOnlyKey().view());
        if ((round & 2U) != 0) input.message = Bytes(32, 0x31);
        if ((round & 4U) != 0) input.extra = Bytes(32, 0x41);
        const auto signers = input.aggregateKey ? committee.keys->signers() : std::vector<PublicKey>();
        QCOMPARE(publicNonceOfTheLibrary(input, signers), publicNonceOf(nonceByTheText(input)));
    }
}

void TestMusig::deterministicSignatureVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = bowline::test::readVectorJson("bip327/det_sign_vectors.json");
    const auto tweaked = [](KeyAggregation& keys, const json::value& one) -> Status {
        for (std::size_t i = 0; i < one.at("tweaks").as_array().size(); ++i) {
            const Bytes tweak = hexOf(one.at("tweaks").at(i));
            BOWLINE_CHECK(one.at("is_xonly").at(i).as_bool() ? keys.tweakXOnly(tweak)
                                                             : keys.tweakPlain(tweak));
        }
        return success();
    };
    int verified = 0;
    for (const json::value& one : file.at("valid_test_cases").as_array()) {
        const Bytes message = hexOf(file.at("msgs").at(indexOf(one.at("msg_index"))));
        if (message.size() != 32) continue; // see the head of this file
        const auto points = *keysOf(file, one.at("key_indices"));
        auto keys = *KeyAggregation::fromKeys(points);
        QVERIFY(tweaked(keys, one).ok());
        const auto own = *PublicNonce::parse(hexOf(one.at("expected").at(0)));
        const std::vector<PublicNonce> nonces{*PublicNonce::parse(hexOf(one.at("aggothernonce"))), own};
        const auto session =
            *Session::start(keys, *AggregateNonce::fromNonces(nonces), digestOf(message), {});
        const auto partial = *PartialSignature::parse(hexOf(one.at("expected").at(1)));
        QVERIFY(session.verifyPartial(partial, points[indexOf(one.at("signer_index"))], own).ok());
        ++verified;
    }
    QCOMPARE(verified, 3);
    const PrivateKey signer = *PrivateKey::fromBytes(hexOf(file.at("sk")));
    for (const json::value& one : file.at("error_test_cases").as_array()) {
        const auto points = keysOf(file, one.at("key_indices"));
        const json::value* contribution = one.at("error").as_object().if_contains("contrib");
        if (contribution != nullptr && contribution->as_string() == "pubkey") {
            QVERIFY(points.error().code == kBadPublicKey);
            continue;
        }
        if (contribution != nullptr) { // aggothernonce
            QVERIFY(PublicNonce::parse(hexOf(one.at("aggothernonce"))).error().code == kMusigBadNonce);
            continue;
        }
        auto keys = *KeyAggregation::fromKeys(*points);
        if (!one.at("tweaks").as_array().empty()) {
            QVERIFY(tweaked(keys, one).error().code == kBadTweak);
            continue;
        }
        QVERIFY(SecretNonce::generate(signer, keys, {}, {}).error().code == kMusigNotASigner);
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
        QVERIFY(session.verifyPartial(*partial, keys[signer], nonces[signer]).error().code ==
                kMusigWrongPartial);
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
    QVERIFY(KeyAggregation::fromKeys(std::vector<PublicKey>(kMaxSigners + 1, stranger.publicKey()))
                .error()
                .code == kMusigBadKeys);
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
