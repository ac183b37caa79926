// SPDX-License-Identifier: MIT
// Our signature hashes before a real node's consensus: every hash type, for legacy, witness and taproot inputs,
// with annex, tapscript leaves and code separators. No published vector covers these together; the node either
// takes all the spends into a block or none.
#include "core/bitcoin/address.h"
#include "core/bitcoin/sighash.h"
#include "core/bitcoin/taproot.h"
#include "core/crypto/hash.h"
#include "core/crypto/keys.h"
#include "tests/support/bitcoind.h"
#include "tests/unit/bitcoin/fixtures.h"

using namespace bowline;
using namespace bowline::bitcoin;

namespace {
constexpr std::array<std::uint8_t, 6> kOldTypes{0x01, 0x02, 0x03, 0x81, 0x82, 0x83};
constexpr std::array<std::uint8_t, 7> kTaprootTypes{0x00, 0x01, 0x02, 0x03, 0x81, 0x82, 0x83};

struct Coin {
    OutPoint outpoint;
    TxOut output;
};

// The key and the three scripts that the coins are locked with.
class Locks {
public:
    Locks()
        : m_key(crypto::PrivateKey::fromBytes(Bytes(32, 0x17)).value()),
          m_taproot(TaprootOutput::withTree(m_key.xOnlyPublicKey(), leaves()).value())
    {
    }
    [[nodiscard]] const crypto::PrivateKey& key() const { return m_key; }
    [[nodiscard]] const TaprootOutput& taproot() const { return m_taproot; }
    /// The code separator is executed, so that only what follows it is signed.
    [[nodiscard]] Script separated(ByteView key) const
    {
        return ScriptBuilder().op(OP_NOP).op(OP_CODESEPARATOR).code(signedPart(key)).take();
    }
    [[nodiscard]] static Script signedPart(ByteView key)
    {
        return ScriptBuilder().push(key).op(OP_CHECKSIG).take();
    }
    [[nodiscard]] Script oldScript() const { return separated(m_key.publicKey().view()); }

private:
    [[nodiscard]] TaprootTree leaves() const
    {
        const XOnlyPublicKey key = m_key.xOnlyPublicKey();
        return TaprootTree::balanced({{signedPart(key.view())}, {separated(key.view())}, {Script{OP_1}}});
    }
    crypto::PrivateKey m_key;
    TaprootOutput m_taproot;
};

// Mines coins to a script, one per block.
std::vector<Coin> mineCoins(const test::Bitcoind& node, const Script& script, std::size_t count)
{
    const std::string address = addressFromScript(script, Network::Regtest).value();
    std::vector<Coin> out;
    const auto hashes = node.json({"generatetoaddress", std::to_string(count), address});
    for (const auto& hash : hashes.as_array()) {
        const Bytes raw = test::bytesOf(node.cli({"getblock", test::textOf(hash), "0"}));
        const Transaction coinbase = parseBlock(raw).value().transactions[0];
        out.push_back({{coinbase.txid(), 0}, coinbase.outputs[0]});
    }
    return out;
}

Bytes withType(ByteView signature, std::uint8_t hashType)
{
    Bytes out = base::toBytes(signature);
    if (hashType != kSighashDefault) out.push_back(hashType);
    return out;
}

// Two inputs and two outputs, so that each hash type leaves something out. Input 1 is the one under test.
struct Spend {
    Spend(const Coin& helper, const Coin& tested)
    {
        for (const Coin& coin : {helper, tested}) {
            transaction.inputs.push_back({coin.outpoint, {}, kSequenceReplaceable, {}});
            transaction.outputs.push_back({coin.output.value - Amount::fromSat(1000), payToAnchor()});
            spent.push_back(coin.output);
        }
    }
    Transaction transaction;
    std::vector<TxOut> spent;
};

void signKeyPath(Spend& spend, const Locks& locks, std::size_t input, std::uint8_t hashType,
                 const std::optional<Bytes>& annex = std::nullopt)
{
    const SighashContext context(spend.transaction, spend.spent);
    const Digest hash = context.taproot(input, hashType, std::nullopt, annex).value();
    const auto signature =
        crypto::signSchnorrTweaked(locks.key(), locks.taproot().tweak().view(), hash.view());
    spend.transaction.inputs[input].witness = {withType(signature.value(), hashType)};
    if (annex) spend.transaction.inputs[input].witness.push_back(*annex);
}

void signLeaf(Spend& spend, const Locks& locks, std::size_t leaf, std::uint8_t hashType,
              const std::optional<Bytes>& annex)
{
    const TapLeaf& tapLeaf = locks.taproot().tree()->leafAt(leaf);
    TapscriptContext tapscript{tapLeafHash(tapLeaf)};
    if (leaf == 1) tapscript.codeSeparatorPosition = 1; // the second opcode
    const SighashContext context(spend.transaction, spend.spent);
    const Digest hash = context.taproot(1, hashType, tapscript, annex).value();
    const auto signature = crypto::signSchnorr(locks.key(), hash.view());
    spend.transaction.inputs[1].witness = {withType(signature.value(), hashType), tapLeaf.script,
                                           locks.taproot().controlBlock(leaf).serialize()};
    if (annex) spend.transaction.inputs[1].witness.push_back(*annex);
}

void signWitnessScript(Spend& spend, const Locks& locks, std::uint8_t hashType)
{
    const Script code = Locks::signedPart(locks.key().publicKey().view());
    const SighashContext context(spend.transaction, spend.spent);
    const Digest hash = context.segwitV0(1, code, spend.spent[1].value, hashType).value();
    const auto signature = crypto::signEcdsa(locks.key(), hash);
    spend.transaction.inputs[1].witness = {withType(signature.value(), hashType), locks.oldScript()};
}

void signScriptHash(Spend& spend, const Locks& locks, std::uint8_t hashType)
{
    const Script code = Locks::signedPart(locks.key().publicKey().view());
    const Digest hash = legacySighash(spend.transaction, 1, code, hashType);
    const auto signature = crypto::signEcdsa(locks.key(), hash);
    spend.transaction.inputs[1].scriptSig =
        ScriptBuilder().push(withType(signature.value(), hashType)).push(locks.oldScript()).take();
}

std::string asJsonArray(const std::vector<Transaction>& transactions)
{
    std::string out = "[";
    for (const Transaction& transaction : transactions) {
        if (out.size() > 1) out += ',';
        out += '"' + base::toHex(transaction.serialize()) + '"';
    }
    return out + ']';
}
} // namespace

class TestConsensus : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void nodeTakesSpendsOfEveryHashType();
    void cleanupTestCase() { m_node.reset(); }

private:
    // A spend of `tested` beside a taproot coin; `sign` signs input 1.
    template <typename Sign>
    void add(const Coin& tested, Sign sign)
    {
        Spend spend(take(m_taprootCoins), tested);
        sign(spend);
        signKeyPath(spend, m_locks, 0, kSighashDefault);
        m_spends.push_back(spend.transaction);
    }
    static Coin take(std::vector<Coin>& coins)
    {
        Coin out = coins.back();
        coins.pop_back();
        return out;
    }
    void addTaprootSpends(std::uint8_t hashType, const std::optional<Bytes>& annex);
    void addOldSpends(std::uint8_t hashType);
    [[nodiscard]] test::Bitcoind::Outcome mineSpends() const
    {
        return m_node->tryCli({"generateblock", m_node->newAddress(), asJsonArray(m_spends)});
    }

    std::unique_ptr<test::Bitcoind> m_node;
    Locks m_locks;
    std::vector<Coin> m_taprootCoins;
    std::vector<Coin> m_witnessCoins;
    std::vector<Coin> m_scriptHashCoins;
    std::vector<Transaction> m_spends;
};

void TestConsensus::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    m_node = test::Bitcoind::start();
    m_taprootCoins = mineCoins(*m_node, m_locks.taproot().scriptPubKey(), 96);
    const Script old = m_locks.oldScript();
    m_witnessCoins = mineCoins(*m_node, payToWitnessScriptHash(crypto::sha256(old)), kOldTypes.size());
    m_scriptHashCoins = mineCoins(*m_node, payToScriptHash(crypto::hash160(old)), kOldTypes.size());
    m_node->mine(100); // coinbases can be spent now
}

void TestConsensus::addTaprootSpends(std::uint8_t hashType, const std::optional<Bytes>& annex)
{
    add(take(m_taprootCoins), [&](Spend& spend) { signKeyPath(spend, m_locks, 1, hashType, annex); });
    for (const std::size_t leaf : {0U, 1U}) {
        add(take(m_taprootCoins), [&](Spend& spend) { signLeaf(spend, m_locks, leaf, hashType, annex); });
    }
}

void TestConsensus::addOldSpends(std::uint8_t hashType)
{
    add(take(m_witnessCoins), [&](Spend& spend) { signWitnessScript(spend, m_locks, hashType); });
    add(take(m_scriptHashCoins), [&](Spend& spend) { signScriptHash(spend, m_locks, hashType); });
}

void TestConsensus::nodeTakesSpendsOfEveryHashType()
{
    for (const std::uint8_t hashType : kTaprootTypes) {
        addTaprootSpends(hashType, std::nullopt);
        addTaprootSpends(hashType, test::bytesOf("50bbccdd"));
    }
    for (const std::uint8_t hashType : kOldTypes) addOldSpends(hashType);
    QCOMPARE(m_spends.size(), std::size_t{54});

    // The node looks at each of them: one changed byte in one signature, and the block is refused.
    Bytes& signature = m_spends[20].inputs[1].witness[0];
    signature[5] ^= 1U;
    const auto refused = mineSpends();
    QVERIFY(refused.exitCode != 0);
    QVERIFY2(refused.error.find("Schnorr") != std::string::npos, refused.error.c_str());
    signature[5] ^= 1U;

    const auto mined = mineSpends();
    QVERIFY2(mined.exitCode == 0, mined.error.c_str());
    const Block block =
        parseBlock(test::bytesOf(m_node->cli({"getblock", m_node->bestBlock(), "0"}))).value();
    QCOMPARE(block.transactions.size(), m_spends.size() + 1);
    QVERIFY(checkBlock(block).ok());
}

QTEST_GUILESS_MAIN(TestConsensus)
#include "tst_consensus.moc"
