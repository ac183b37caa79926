// SPDX-License-Identifier: MIT
// core/bitcoin/sighash.h: Bitcoin Core's legacy vectors, BIP341's wallet vectors, and signatures that a real
// node made for every kind of input.
#include "core/bitcoin/sighash.h"
#include "core/bitcoin/taproot.h"
#include "core/crypto/hash.h"
#include "core/crypto/keys.h"
#include "tests/unit/bitcoin/fixtures.h"

#include <algorithm>

using namespace bowline;
using namespace bowline::bitcoin;
using bowline::test::bytesOf;
using bowline::test::hashOf;
using bowline::test::textOf;

namespace {
// A DER signature and its hash type byte, as they stand in a script or witness.
bool nodeSignedEcdsa(const Bytes& element, const Bytes& key, const Digest& hash)
{
    const auto publicKey = crypto::PublicKey::parse(key);
    return publicKey.ok() &&
           crypto::verifyEcdsa(*publicKey, hash, ByteView(element).first(element.size() - 1));
}

bool nodeSignedSchnorr(const Bytes& signature, ByteView key, const Digest& hash)
{
    const auto xOnly = base::toArray<32>(key);
    const auto bytes = base::toArray<64>(signature);
    return xOnly.ok() && bytes.ok() && crypto::verifySchnorr(XOnlyPublicKey{*xOnly}, hash.view(), *bytes);
}

std::vector<Bytes> pushesOf(ByteView script)
{
    std::vector<Bytes> out;
    ScriptReader reader(script);
    while (const auto op = reader.next()) out.push_back(base::toBytes(op->data));
    return out;
}

// One input of the recorded block that spends an output of this type, in the way asked for.
struct SignedInput {
    Transaction transaction;
    std::vector<TxOut> spent;
};
template <typename Predicate>
std::vector<SignedInput> inputsThat(Predicate predicate)
{
    std::vector<SignedInput> out;
    const Block block = test::parsedRecordedBlock();
    for (std::size_t i = 1; i < block.transactions.size(); ++i) {
        const std::vector<TxOut> spent = test::recordedSpentOutputs(i);
        if (spent.size() != 1) continue;
        if (predicate(outputTypeOf(spent[0].scriptPubKey), block.transactions[i].inputs[0])) {
            out.push_back({block.transactions[i], spent});
        }
    }
    return out;
}

Transaction twoByOne()
{
    Transaction out;
    out.inputs.resize(2);
    out.inputs[1].prevout.index = 1;
    out.outputs.push_back({Amount::fromSat(1), {}});
    return out;
}
} // namespace

class TestSighash : public QObject {
    Q_OBJECT
private slots:
    void legacyVectorsOfCore();
    void taprootVectorsOfBip341();
    void nodeSignsLegacyInputsAsWeHashThem();
    void nodeSignsKeyHashInputsAsWeHashThem();
    void nodeSignsNestedInputsAsWeHashThem();
    void nodeSignsWitnessScriptsAsWeHashThem();
    void nodeSignsTaprootKeysAsWeHashThem();
    void nodeSignsTaprootLeavesAsWeHashThem();
    void codeSeparatorsAreLeftOutOfLegacyScripts();
    void singleWithoutOutputSignsOneInLegacyAndNothingInTaproot();
    void hashTypesThatBip341ForbidsAreRefused();
    void taprootNeedsEverySpentOutput();
    void annexMustBeOne();
};

void TestSighash::legacyVectorsOfCore()
{
    SKIP_WITHOUT_VECTORS();
    int checked = 0;
    const auto vectors = test::readVectorJson("script/sighash.json");
    for (const auto& row : vectors.as_array()) {
        if (row.as_array().size() != 5) continue; // the heading
        const auto transaction = parseTransaction(bytesOf(row.at(0)));
        QVERIFY(transaction.ok());
        const auto input = static_cast<std::size_t>(row.at(2).as_int64());
        const auto hashType = static_cast<std::uint32_t>(row.at(3).as_int64());
        const Digest hash = legacySighash(*transaction, input, bytesOf(row.at(1)), hashType);
        QCOMPARE(hash.displayHex(), textOf(row.at(4)));
        ++checked;
    }
    QCOMPARE(checked, 500);
}

void TestSighash::taprootVectorsOfBip341()
{
    SKIP_WITHOUT_VECTORS();
    const auto vectors = test::readVectorJson("bip341/wallet-test-vectors.json");
    int checked = 0;
    for (const auto& spending : vectors.at("keyPathSpending").as_array()) {
        const auto transaction = parseTransaction(bytesOf(spending.at("given").at("rawUnsignedTx")));
        QVERIFY(transaction.ok());
        std::vector<TxOut> spent;
        for (const auto& output : spending.at("given").at("utxosSpent").as_array()) {
            const Amount value = Amount::fromSat(output.at("amountSats").as_int64());
            spent.push_back({value, bytesOf(output.at("scriptPubKey"))});
        }
        const SighashContext context(*transaction, spent);
        for (const auto& input : spending.at("inputSpending").as_array()) {
            const auto& given = input.at("given");
            const auto& steps = input.at("intermediary");
            const auto index = static_cast<std::size_t>(given.at("txinIndex").as_int64());
            const auto hashType = static_cast<std::uint8_t>(given.at("hashType").as_int64());
            const auto hash = context.taproot(index, hashType);
            QCOMPARE(hash.value().hex(), textOf(steps.at("sigHash")));
            QVERIFY(*hash == crypto::taggedHash("TapSighash", {bytesOf(steps.at("sigMsg"))}));

            const auto key = crypto::PrivateKey::fromBytes(bytesOf(given.at("internalPrivkey")));
            std::optional<Digest> root;
            if (given.at("merkleRoot").is_string()) root = hashOf(given.at("merkleRoot"));
            const Digest tweak = tapTweakHash(key.value().xOnlyPublicKey(), root);
            QCOMPARE(tweak.hex(), textOf(steps.at("tweak")));
            // The vectors are signed with auxiliary randomness of zeros.
            const auto signature =
                crypto::signSchnorrTweaked(*key, tweak.view(), hash->view(), ByteArray<32>{});
            Bytes element = base::toBytes(signature.value());
            if (hashType != kSighashDefault) element.push_back(hashType);
            QCOMPARE(base::toHex(element), textOf(input.at("expected").at("witness").at(0)));
            ++checked;
        }
    }
    QCOMPARE(checked, 7);
}

void TestSighash::nodeSignsLegacyInputsAsWeHashThem()
{
    const auto found =
        inputsThat([](OutputType type, const TxIn&) { return type == OutputType::PayToPublicKeyHash; });
    QVERIFY(!found.empty());
    for (const SignedInput& it : found) {
        const std::vector<Bytes> pushes = pushesOf(it.transaction.inputs[0].scriptSig);
        QCOMPARE(pushes.at(0).back(), kSighashAll);
        const Digest hash = legacySighash(it.transaction, 0, it.spent[0].scriptPubKey, kSighashAll);
        QVERIFY(nodeSignedEcdsa(pushes.at(0), pushes.at(1), hash));
    }
}

void TestSighash::nodeSignsKeyHashInputsAsWeHashThem()
{
    const auto found = inputsThat(
        [](OutputType type, const TxIn&) { return type == OutputType::PayToWitnessPublicKeyHash; });
    QVERIFY(!found.empty());
    for (const SignedInput& it : found) {
        const std::vector<Bytes>& witness = it.transaction.inputs[0].witness;
        const Script code = witnessKeyHashScriptCode(crypto::hash160(witness.at(1)));
        const auto hash = SighashContext(it.transaction).segwitV0(0, code, it.spent[0].value, kSighashAll);
        QVERIFY(nodeSignedEcdsa(witness.at(0), witness.at(1), hash.value()));
        const Amount other = it.spent[0].value + Amount::fromSat(1);
        const auto otherHash = SighashContext(it.transaction).segwitV0(0, code, other, kSighashAll);
        QVERIFY2(!nodeSignedEcdsa(witness.at(0), witness.at(1), otherHash.value()), "the value is signed");
    }
}

void TestSighash::nodeSignsNestedInputsAsWeHashThem()
{
    const auto found =
        inputsThat([](OutputType type, const TxIn&) { return type == OutputType::PayToScriptHash; });
    QVERIFY(!found.empty());
    for (const SignedInput& it : found) {
        const std::vector<Bytes>& witness = it.transaction.inputs[0].witness;
        const Script redeem = payToWitnessPublicKeyHash(crypto::hash160(witness.at(1)));
        QVERIFY(it.spent[0].scriptPubKey == payToScriptHash(crypto::hash160(redeem)));
        const Script code = witnessKeyHashScriptCode(crypto::hash160(witness.at(1)));
        const auto hash = SighashContext(it.transaction).segwitV0(0, code, it.spent[0].value, kSighashAll);
        QVERIFY(nodeSignedEcdsa(witness.at(0), witness.at(1), hash.value()));
    }
}

void TestSighash::nodeSignsWitnessScriptsAsWeHashThem()
{
    const auto found =
        inputsThat([](OutputType type, const TxIn&) { return type == OutputType::PayToWitnessScriptHash; });
    QVERIFY(!found.empty());
    for (const SignedInput& it : found) {
        const std::vector<Bytes>& witness = it.transaction.inputs[0].witness; // empty, two signatures, script
        const Script& script = witness.back();
        QVERIFY(it.spent[0].scriptPubKey == payToWitnessScriptHash(crypto::sha256(script)));
        const auto hash = SighashContext(it.transaction).segwitV0(0, script, it.spent[0].value, kSighashAll);
        const std::vector<Bytes> pushes = pushesOf(script); // 2 <key> <key> 2 CHECKMULTISIG
        QVERIFY(nodeSignedEcdsa(witness.at(1), pushes.at(1), hash.value()));
        QVERIFY(nodeSignedEcdsa(witness.at(2), pushes.at(2), hash.value()));
    }
}

void TestSighash::nodeSignsTaprootKeysAsWeHashThem()
{
    const auto found = inputsThat([](OutputType type, const TxIn& input) {
        return type == OutputType::PayToTaproot && input.witness.size() == 1;
    });
    QVERIFY(!found.empty());
    for (const SignedInput& it : found) {
        const auto hash = SighashContext(it.transaction, it.spent).taproot(0, kSighashDefault);
        const ByteView key = ByteView(it.spent[0].scriptPubKey).subspan(2);
        QVERIFY(nodeSignedSchnorr(it.transaction.inputs[0].witness.at(0), key, hash.value()));
    }
}

void TestSighash::nodeSignsTaprootLeavesAsWeHashThem()
{
    const auto found = inputsThat([](OutputType type, const TxIn& input) {
        return type == OutputType::PayToTaproot && input.witness.size() == 3;
    });
    QCOMPARE(found.size(), std::size_t{2});
    for (const SignedInput& it : found) {
        const std::vector<Bytes>& witness =
            it.transaction.inputs[0].witness; // signature, script, control block
        const TapscriptContext leaf{tapLeafHash(TapLeaf{witness.at(1)})};
        const auto hash = SighashContext(it.transaction, it.spent).taproot(0, kSighashDefault, leaf);
        QVERIFY(nodeSignedSchnorr(witness.at(0), pushesOf(witness.at(1)).at(0), hash.value()));
    }
}

void TestSighash::codeSeparatorsAreLeftOutOfLegacyScripts()
{
    const Transaction transaction = twoByOne();
    const Digest plain = legacySighash(transaction, 0, bytesOf("51ac"), kSighashAll);
    QVERIFY(legacySighash(transaction, 0, bytesOf("ab51abac"), kSighashAll) == plain);
    // 0xab within a push is data.
    QVERIFY(legacySighash(transaction, 0, bytesOf("01ab51ac"), kSighashAll) != plain);
}

void TestSighash::singleWithoutOutputSignsOneInLegacyAndNothingInTaproot()
{
    const Transaction transaction = twoByOne();
    const std::string one = std::string(63, '0') + "1";
    QCOMPARE(legacySighash(transaction, 1, {}, kSighashSingle).displayHex(), one);
    QCOMPARE(legacySighash(transaction, 2, {}, kSighashAll).displayHex(), one);
    const std::vector<TxOut> spent(2);
    const SighashContext context(transaction, spent);
    QVERIFY(context.taproot(0, kSighashSingle).ok());
    QVERIFY(context.taproot(1, kSighashSingle).error().code == kNoMatchingOutput);
    QVERIFY(context.taproot(2, kSighashAll).error().code == kBadInputIndex);
    QVERIFY(context.segwitV0(2, {}, Amount{}, kSighashAll).error().code == kBadInputIndex);
}

void TestSighash::hashTypesThatBip341ForbidsAreRefused()
{
    const Transaction transaction = twoByOne();
    const std::vector<TxOut> spent(2);
    const SighashContext context(transaction, spent);
    int allowed = 0;
    for (unsigned type = 0; type < 256; ++type) {
        const auto hash = context.taproot(0, static_cast<std::uint8_t>(type));
        if (hash.ok()) ++allowed;
        if (!hash.ok()) QVERIFY(hash.error().code == kBadSighashType);
    }
    QCOMPARE(allowed, 7);
    QVERIFY(context.taproot(0, 0x80).error().code == kBadSighashType);
}

void TestSighash::taprootNeedsEverySpentOutput()
{
    const Transaction transaction = twoByOne();
    const std::vector<TxOut> tooFew(1);
    QVERIFY(SighashContext(transaction, tooFew).taproot(0, 0).error().code == kMissingSpentOutputs);
    QVERIFY(SighashContext(transaction).taproot(0, 0).error().code == kMissingSpentOutputs);
}

void TestSighash::annexMustBeOne()
{
    const Transaction transaction = twoByOne();
    const std::vector<TxOut> spent(2);
    const SighashContext context(transaction, spent);
    const auto with = context.taproot(0, 0, std::nullopt, bytesOf("50"));
    QVERIFY(with.value() != context.taproot(0, 0).value());
    QVERIFY(context.taproot(0, 0, std::nullopt, bytesOf("51")).error().code == kBadAnnex);
    QVERIFY(context.taproot(0, 0, std::nullopt, Bytes{}).error().code == kBadAnnex);
}

QTEST_GUILESS_MAIN(TestSighash)
#include "tst_sighash.moc"
