// SPDX-License-Identifier: MIT
// Attacks on rules of the protocol by people, operators and a sequencer that helps them: mints without the whole
// committee's word, payments claimed by others, two burns for one vault, an exit that its operator destroyed, a node of
// a block's Merkle tree sold as a transaction. The honest sequencer refuses each by its reason; put into a batch that the
// sequencer signs all the same, every signer and operator refuses it too. All processes are the real ones.
#include "core/bitcoin/merkle.h"
#include "core/bitcoin/sighash.h"
#include "core/bridge/operator.h"
#include "core/bridge/scripts.h"
#include "tests/integration/attacks/forge.h"
#include "tests/integration/attacks/judge.h"

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

namespace {

constexpr std::int64_t kRich = 10'000'000;

struct Mined {
    bitcoin::Block block;
    base::Height height;
};

Mined blockOf(const World& world, const base::Txid& txid)
{
    const int height = *world.minedAt(txid.displayHex());
    const std::string hash = world.bitcoin->cli({"getblockhash", std::to_string(height)});
    return {take(bitcoin::parseBlock(take(base::fromHex(world.bitcoin->cli({"getblock", hash, "0"}))))),
            {static_cast<std::uint32_t>(height)}};
}

l2::TxProof proofOf(const World& world, const base::Txid& txid)
{
    const Mined mined = blockOf(world, txid);
    std::uint32_t index = 0;
    while (mined.block.transactions.at(index).txid() != txid) ++index;
    return take(l2::buildTxProof(mined.block, mined.height, index));
}

/// Pays output 0 from the node's wallet and mines it k deep.
base::Txid pay(const World& world, const bitcoin::Script& script, Amount value)
{
    const std::string address = take(bitcoin::addressFromScript(script, bitcoin::Network::Regtest));
    const std::string outputs = "{\"" + address + "\":" + base::formatBtc(value) + "}";
    const std::string raw = world.bitcoin->cli({"createrawtransaction", "[]", outputs});
    const auto funded = world.bitcoin->json({"fundrawtransaction", raw, R"({"changePosition":1})"});
    const auto done =
        world.bitcoin->json({"signrawtransactionwithwallet", json::value_to<std::string>(funded.at("hex"))});
    const std::string txid =
        world.bitcoin->cli({"sendrawtransaction", json::value_to<std::string>(done.at("hex"))});
    world.mine(2);
    return take(base::Txid::fromDisplayHex(txid));
}

} // namespace

class TestRuleAttacks : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init() { m_scenarios.begin(QTest::currentTestFunction()); }
    void cleanup();
    void cleanupTestCase();
    void a3NobodyMintsFromARequest();
    void a3NobodyChangesWhatTheCommitteeSigned();
    void a3AVaultIsMintedOnce();
    void a4APaymentToTheCommitteesScriptIsNoVault();
    void a16ANodeOfTheMerkleTreeIsNoTransaction();
    void a19OddAmountsAreNoVaults();
    void a10APaymentIsItsOperatorsAndPaysOnce();
    void a12OneVaultIsBurnedForOnce();
    void a13AnExitThatItsOperatorDestroyed();
    void a1AVaultThatIsGoneIsNotBurnedFor();

private:
    /// By the sequencer, and by everybody when the sequencer takes it.
    void refused(const l2::Transaction& transaction, const std::string& reason);
    [[nodiscard]] l2::Transaction signedBy(const crypto::PrivateKey& key, const l2::Payload& payload) const;
    [[nodiscard]] l2::Transaction mintOf(const base::Txid& txid, const bridge::Deposit& deposit,
                                         const bridge::MintAuthorisation& authorisation) const;
    [[nodiscard]] crypto::PrivateKey operatorSecret(int number) const
    {
        return m_world->network.keys("operator-" + std::to_string(number), daemon::NodeRole::Operator)
            .key("operator")
            .clone();
    }
    void stopOperator(int number) { m_world->operators[static_cast<std::size_t>(number) - 1]->stop(); }
    [[nodiscard]] std::optional<l2::Withdrawal> withdrawal(std::uint64_t id) const
    {
        const auto value = m_world->object(l2::withdrawalId(id));
        return value ? std::optional(take(l2::parseWithdrawal(*value))) : std::nullopt;
    }
    [[nodiscard]] std::uint64_t ask(const bitcoin::Script& script);
    /// The layer 2 has confirmed all blocks that it can, and everybody has its head.
    [[nodiscard]] bool settled() const
    {
        const auto confirmed = [this] {
            const auto head = signedHeaderOf(m_world->sequencer->must("chain_head")).header;
            return static_cast<int>(head.l1Height.value + m_world->network.params().depth) ==
                   m_world->bitcoin->height();
        };
        return within(60, confirmed) && m_world->allAgree();
    }

    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_rich;  // 0.1 BTC, minted
    std::unique_ptr<Depositor> m_small; // 0.01 BTC, minted
    std::unique_ptr<Judge> m_judge;
    Scenarios m_scenarios{"rules"};
};

void TestRuleAttacks::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    World::Options options;
    options.fronts = World::Fronts::OfEach;
    m_world = std::make_unique<World>(options);
    m_rich = std::make_unique<Depositor>(*m_world, Amount::fromSat(kRich));
    m_small = std::make_unique<Depositor>(*m_world, Amount::fromSat(1'000'000));
    const auto done = [&] {
        const bool rich = m_rich->vaultIsSent();
        return m_small->vaultIsSent() && rich;
    };
    QVERIFY(m_world->mineUntil(12, done));
    QVERIFY(m_world->mineUntil(6, [&] { return m_rich->isMinted() && m_small->isMinted(); }));
    m_rich->step();
    m_small->step();
    m_judge = std::make_unique<Judge>(*m_world);
    m_judge->know(m_rich->account.xOnlyPublicKey());
    m_judge->know(m_small->account.xOnlyPublicKey());
    QCOMPARE(m_judge->wrongNow(), std::string());
}

void TestRuleAttacks::cleanup()
{
    if (!m_world) return;
    if (!QTest::currentTestFailed()) return m_scenarios.pass();
    for (const auto& node : m_world->signers) qInfo("%s", node->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

void TestRuleAttacks::cleanupTestCase()
{
    m_rich.reset();
    m_small.reset();
    m_world.reset();
}

void TestRuleAttacks::refused(const l2::Transaction& transaction, const std::string& reason)
{
    const auto answer = m_world->sequencer->call("tx_submit", {{"hex", base::toHex(transaction.encode())}});
    QVERIFY(!answer.ok());
    QCOMPARE(std::string(answer.error().code.name()), std::string("sequencer.tx-rejected"));
    QCOMPARE(answer.error().detail, reason);
    QCOMPARE(notRefusedByFollowers(*m_world, forgedBatch(*m_world, {transaction}), reason), std::string());
}

l2::Transaction TestRuleAttacks::signedBy(const crypto::PrivateKey& key, const l2::Payload& payload) const
{
    l2::Transaction out;
    out.nonce = m_world->account(key.xOnlyPublicKey()).nonce;
    out.fee = m_world->network.params().minFee;
    out.payload = payload;
    return take(l2::signTransaction(out, m_world->network.params().chainId(), key));
}

l2::Transaction TestRuleAttacks::mintOf(const base::Txid& txid, const bridge::Deposit& deposit,
                                        const bridge::MintAuthorisation& authorisation) const
{
    l2::Mint mint;
    mint.recipient = deposit.terms().recipient;
    mint.graphRoot = authorisation.graphRoot;
    mint.depositId = deposit.id();
    mint.committeeSignature = authorisation.signature;
    mint.deposit = proofOf(*m_world, txid);
    l2::Transaction out;
    out.payload = mint;
    return out;
}

void TestRuleAttacks::a3NobodyMintsFromARequest()
{
    const Books before = m_judge->books();
    // With the committee's true word about the vault: a request has another value, and another outpoint.
    refused(mintOf(m_small->deposit().terms().request.txid, m_small->deposit(), *m_small->authorisation()),
            "mint-not-a-denomination");
    QCOMPARE(m_judge->changedSince(before), std::string());
}

void TestRuleAttacks::a3NobodyChangesWhatTheCommitteeSigned()
{
    const auto thief = take(crypto::PrivateKey::generate()).xOnlyPublicKey();
    // A vault that nobody has minted yet, and the whole committee's signature for it.
    const l2::Transaction honest = m_world->network.mint(*m_world->bitcoin, Amount::fromSat(1'000'000),
                                                         m_small->account.xOnlyPublicKey());
    QVERIFY(settled());
    const Books before = m_judge->books();
    const auto changed = [&](const std::function<void(l2::Mint&)>& change) {
        l2::Transaction out = honest;
        change(std::get<l2::Mint>(out.payload));
        return out;
    };
    refused(changed([&](l2::Mint& mint) { mint.recipient = thief; }), "mint-bad-committee-signature");
    refused(changed([](l2::Mint& mint) { mint.graphRoot.bytes[0] ^= 1; }), "mint-bad-committee-signature");
    refused(changed([](l2::Mint& mint) { mint.depositId.bytes[0] ^= 1; }), "mint-bad-committee-signature");
    QCOMPARE(m_judge->changedSince(before), std::string());
    QCOMPARE(m_world->account(thief).btc.sat(), std::int64_t{0});
}

void TestRuleAttacks::a3AVaultIsMintedOnce()
{
    const Books before = m_judge->books();
    const bridge::Deposit& deposit = m_small->deposit();
    l2::Transaction again = mintOf(deposit.confirmTxid(), deposit, *m_small->authorisation());
    // The very same transaction is in a batch: the sequencer says so, and makes nothing of it.
    const auto answer = m_world->sequencer->call("tx_submit", {{"hex", base::toHex(again.encode())}});
    QVERIFY(answer.ok());
    QCOMPARE(notRefusedByFollowers(*m_world, forgedBatch(*m_world, {again}), "mint-twice"), std::string());
    // Another, with a second signature of the whole committee.
    auto& mint = std::get<l2::Mint>(again.payload);
    mint.committeeSignature = m_world->network.committeeSign(
        l2::mintMessage(m_world->network.params().chainId(), deposit.vault(), deposit.terms().value,
                        mint.recipient, mint.graphRoot, mint.depositId));
    refused(again, "mint-twice");
    QCOMPARE(m_judge->changedSince(before), std::string());
}

void TestRuleAttacks::a4APaymentToTheCommitteesScriptIsNoVault()
{
    // Exactly a vault's script and value, without a ceremony; one member signs what only all of them may.
    const base::Txid naked =
        pay(*m_world, m_small->deposit().vaultOutput().scriptPubKey, Amount::fromSat(1'000'000));
    QVERIFY(settled());
    const Books before = m_judge->books();
    l2::Transaction forged = mintOf(naked, m_small->deposit(), *m_small->authorisation());
    refused(forged, "mint-bad-committee-signature");
    auto& mint = std::get<l2::Mint>(forged.payload);
    const auto message =
        l2::mintMessage(m_world->network.params().chainId(), {naked, 0}, Amount::fromSat(1'000'000),
                        mint.recipient, mint.graphRoot, mint.depositId);
    const daemon::NodeKeys member = m_world->network.keys("signer-1", daemon::NodeRole::Signer);
    mint.committeeSignature = take(crypto::signSchnorr(member.key("vault"), message.view()));
    refused(forged, "mint-bad-committee-signature");
    QCOMPARE(m_judge->changedSince(before), std::string());
}

void TestRuleAttacks::a16ANodeOfTheMerkleTreeIsNoTransaction()
{
    // A block of four transactions: two of its leaves, put together, are 64 bytes whose hash is a node of its tree.
    for (int i = 0; i < 3; ++i) m_world->bitcoin->send(m_world->bitcoin->newAddress(), "0.01");
    const std::string hash = m_world->bitcoin->mine(1);
    const auto height = static_cast<std::uint32_t>(m_world->bitcoin->height());
    m_world->mine(2);
    QVERIFY(settled());
    const bitcoin::Block block =
        take(bitcoin::parseBlock(take(base::fromHex(m_world->bitcoin->cli({"getblock", hash, "0"})))));
    QVERIFY(block.transactions.size() >= 4);
    const Books before = m_judge->books();

    l2::Transaction forged =
        mintOf(m_small->deposit().confirmTxid(), m_small->deposit(), *m_small->authorisation());
    l2::TxProof& proof = std::get<l2::Mint>(forged.payload).deposit;
    proof = take(l2::buildTxProof(block, {height}, 2));
    const base::Txid left = block.transactions[2].txid();
    const base::Txid right = block.transactions[3].txid();
    proof.transaction.assign(left.bytes.begin(), left.bytes.end());
    proof.transaction.insert(proof.transaction.end(), right.bytes.begin(), right.bytes.end());
    QCOMPARE(proof.transaction.size(), std::size_t{64});
    proof.path.siblings.erase(proof.path.siblings.begin());
    proof.path.index = 1;
    refused(forged, "proof-path-length");
    QCOMPARE(m_judge->changedSince(before), std::string());
}

void TestRuleAttacks::a19OddAmountsAreNoVaults()
{
    // Even the whole committee cannot make one: no operator's graph would ever match it.
    const l2::Transaction odd = m_world->network.mint(*m_world->bitcoin, Amount::fromSat(1'500'000),
                                                      m_small->account.xOnlyPublicKey());
    QVERIFY(settled());
    const Books before = m_judge->books();
    refused(odd, "mint-not-a-denomination");
    QCOMPARE(m_judge->changedSince(before), std::string());
}

/// A withdrawal by the rich one; its number.
std::uint64_t TestRuleAttacks::ask(const bitcoin::Script& script)
{
    const l2::Transaction asked = signedBy(
        m_rich->account, l2::WithdrawRequest{Amount::fromSat(500'000), Amount::fromSat(5'000), script});
    if (!m_world->sequencer->call("tx_submit", {{"hex", base::toHex(asked.encode())}}).ok())
        qFatal("not taken");
    const std::uint64_t id = l2::withdrawalNumber(asked.hash());
    if (!within(60, [&] { return withdrawal(id).has_value(); })) qFatal("not included");
    return id;
}

void TestRuleAttacks::a10APaymentIsItsOperatorsAndPaysOnce()
{
    const auto first = operatorSecret(1);
    const auto second = operatorSecret(2);
    m_world->send(m_rich->account, l2::Transfer{first.xOnlyPublicKey(), Amount::fromSat(200'000)});
    QVERIFY(within(60, [&] { return m_world->operators[0]->must("node_info").at("registered").as_bool(); }));
    const std::string address = m_world->bitcoin->newAddress();
    const auto script = take(bitcoin::scriptFromAddress(address, bitcoin::Network::Regtest));
    const std::uint64_t one = ask(script);
    const auto payment = [&]() -> std::optional<base::Txid> {
        const json::value waiting = m_world->bitcoin->json({"getrawmempool"});
        for (const json::value& txid : waiting.as_array()) {
            const auto raw = m_world->bitcoin->cli({"getrawtransaction", json::value_to<std::string>(txid)});
            const auto transaction = take(bitcoin::parseTransaction(take(base::fromHex(raw))));
            if (transaction.outputs[0] == bitcoin::TxOut{Amount::fromSat(500'000), script})
                return transaction.txid();
        }
        return std::nullopt;
    };
    std::optional<base::Txid> paid;
    QVERIFY(m_world->mineUntil(10, [&] { return (paid = payment()).has_value(); }));
    // It has paid, and cannot say so: the others have its payment before their eyes.
    stopOperator(1);
    m_world->send(m_rich->account, l2::Transfer{second.xOnlyPublicKey(), Amount::fromSat(200'000)});
    QVERIFY(within(60, [&] { return m_world->operators[1]->must("node_info").at("registered").as_bool(); }));
    stopOperator(2);
    m_world->mine(2);
    QVERIFY(within(60, [&] {
        return signedHeaderOf(m_world->sequencer->must("chain_head")).header.l1Height.value + 1 ==
               static_cast<std::uint32_t>(m_world->bitcoin->height());
    }));
    QVERIFY(m_world->minedAt(paid->displayHex()).has_value());

    // The second accepts the same amount to the same script and shows the first one's payment.
    const std::uint64_t two = ask(script);
    m_world->send(second, l2::WithdrawAccept{two, {}});
    const l2::WithdrawProve stolen{two, proofOf(*m_world, *paid)};
    const auto refuse = [&](const l2::Transaction& transaction, const std::string& reason) {
        const auto answer =
            m_world->sequencer->call("tx_submit", {{"hex", base::toHex(transaction.encode())}});
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().detail, reason);
    };
    const Books before = m_judge->books();
    refuse(signedBy(second, stolen), "payment-wrong-tag");
    QCOMPARE(m_judge->changedSince(before), std::string());

    // Whoever shows it for the withdrawal that it is for: escrow and bond are the first one's.
    const l2::Withdrawal accepted = *withdrawal(one);
    m_world->send(second, l2::WithdrawProve{one, stolen.payment});
    const Books after = m_judge->books();
    const auto gained = [&](const crypto::PrivateKey& key) {
        return after.accounts.at(key.xOnlyPublicKey()) - before.accounts.at(key.xOnlyPublicKey());
    };
    QCOMPARE(gained(first), (accepted.amount + accepted.operatorFee + accepted.bond).sat());
    QCOMPARE(gained(second), -m_world->network.params().minFee.sat());
    QCOMPARE(m_judge->wrongNow(), std::string());
    refuse(signedBy(second, l2::WithdrawProve{one, stolen.payment}), "withdrawal-not-accepted");
    refuse(signedBy(second, stolen), "payment-wrong-tag");

    // Both come back: the first pays nothing again, the second what it accepted.
    for (const auto& oper : m_world->operators) oper->launch();
    const auto received = [&] {
        return std::llround(std::stod(m_world->bitcoin->cli({"getreceivedbyaddress", address, "1"})) * 1e8);
    };
    QVERIFY(m_world->mineUntil(8 + kSealBlocks,
                               [&] { return withdrawal(two)->status == l2::WithdrawalStatus::Paid; }));
    QCOMPARE(received(), 2 * 500'000);
    QVERIFY(m_world->allAgree());
    QCOMPARE(m_judge->wrongNow(), std::string());
}

void TestRuleAttacks::a12OneVaultIsBurnedForOnce()
{
    const auto first = operatorSecret(1);
    const auto second = operatorSecret(2);
    stopOperator(1);
    stopOperator(2);
    for (const auto& key : {first.xOnlyPublicKey(), second.xOnlyPublicKey()})
        m_world->send(m_rich->account, l2::Transfer{key, Amount::fromSat(2'200'000)});
    const bridge::DepositGraph& graph = m_small->log().signedAttempt()->graph();
    m_world->send(first, take(bridge::claimPayload(graph, first.xOnlyPublicKey())));
    QCOMPARE(m_world->vaultStatus(m_small->deposit().vault()), std::optional(l2::VaultStatus::Claimed));
    const Books before = m_judge->books();
    for (const auto* key : {&first, &second}) {
        const l2::Transaction again =
            signedBy(*key, take(bridge::claimPayload(graph, key->xOnlyPublicKey())));
        const auto answer = m_world->sequencer->call("tx_submit", {{"hex", base::toHex(again.encode())}});
        QVERIFY(!answer.ok());
        QCOMPARE(answer.error().detail, std::string("claim-vault-not-live"));
    }
    // Another graph than that of the vault, with the true operator's key.
    auto other = take(bridge::claimPayload(m_rich->log().signedAttempt()->graph(), first.xOnlyPublicKey()));
    other.kickoff.bytes[0] ^= 1;
    const auto answer =
        m_world->sequencer->call("tx_submit", {{"hex", base::toHex(signedBy(first, other).encode())}});
    QVERIFY(!answer.ok());
    QCOMPARE(m_judge->changedSince(before), std::string());
}

void TestRuleAttacks::a13AnExitThatItsOperatorDestroyed()
{
    const bitcoin::OutPoint vault = m_small->deposit().vault();
    QCOMPARE(m_world->vaultStatus(vault), std::optional(l2::VaultStatus::Claimed));
    const Books before = m_judge->books();
    // The first has burned, and spends its funding otherwise: its exit is gone for ever.
    const auto first = operatorSecret(1);
    const bridge::OperatorGraph& own = *m_small->log().signedAttempt()->graph().find(first.xOnlyPublicKey());
    bitcoin::Transaction elsewhere;
    elsewhere.version = 2;
    elsewhere.inputs = {bitcoin::TxIn{own.offer().funding, {}, bitcoin::kSequenceReplaceable, {}}};
    elsewhere.outputs = {
        bitcoin::TxOut{own.fundingOutput().value - Amount::fromSat(1'000), own.offer().payoutScript}};
    const auto scripts = take(bridge::kickoffFundingOutput(first.xOnlyPublicKey()));
    const std::vector<bitcoin::TxOut> spent{own.fundingOutput()};
    const bitcoin::TapscriptContext leaf{bitcoin::tapLeafHash(scripts.tree()->leafAt(0))};
    const auto sighash =
        take(bitcoin::SighashContext(elsewhere, spent).taproot(0, bitcoin::kSighashDefault, leaf));
    elsewhere.inputs[0].witness =
        bridge::leafWitness(scripts, 0, take(crypto::signSchnorr(first, sighash.view())));
    m_world->bitcoin->cli({"sendrawtransaction", base::toHex(elsewhere.serialize())});
    m_world->mine(2);

    // The second says so on the layer 2, and claims the vault itself. The burn goes back.
    m_world->operators[1]->launch();
    const auto second = operatorSecret(2).xOnlyPublicKey();
    const auto claimant = [&]() -> std::optional<base::XOnlyPublicKey> {
        const auto object = take(l2::parseVault(*m_world->object(l2::vaultId(vault))));
        if (object.status != l2::VaultStatus::Claimed) return std::nullopt;
        return take(l2::parseClaim(*m_world->object(l2::claimObjectId(object.claimIndex)))).operatorKey;
    };
    QVERIFY(m_world->mineUntil(8, [&] { return claimant() == second; }));
    QVERIFY(m_world->isUnspent(vault));
    QCOMPARE(m_world->account(first.xOnlyPublicKey()).btc.sat() +
                 m_world->account(first.xOnlyPublicKey()).staked.sat(),
             before.accounts.at(first.xOnlyPublicKey()) + 1'000'000);
    const Books after = m_judge->books();
    QCOMPARE(after.vaults, before.vaults);
    QCOMPARE(after.takes, 0);
    QCOMPARE(before.operators[0] - after.operators[0], std::int64_t{1'000}); // the fee of its own deed
    m_world->operators[0]->launch();
    QVERIFY(m_world->allAgree());
    QCOMPARE(m_judge->wrongNow(), std::string());
}

/// All members sleep through the window of a Kickoff without a burn: the vault is taken, and the layer 2, which hears of
/// burns only, still calls it live. An honest operator that burned for it would lose the burn. Comes last: what was stolen
/// stays stolen.
void TestRuleAttacks::a1AVaultThatIsGoneIsNotBurnedFor()
{
    Depositor third(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(m_world->mineUntil(12, [&] { return third.vaultIsSent(); }));
    stopOperator(1);
    stopOperator(2);
    QVERIFY(m_world->mineUntil(6, [&] { return third.isMinted(); }));
    third.step();
    for (const auto& signer : m_world->signers) signer->stop();

    const auto second = operatorSecret(2);
    const bridge::SignedGraph graph = *third.log().signedAttempt()->signedGraph();
    const auto& operators = third.log().signedAttempt()->graph().operators();
    const auto own = std::find_if(operators.begin(), operators.end(), [&](const auto& each) {
        return each.offer().operatorKey == second.xOnlyPublicKey();
    });
    const auto send = [this](const bitcoin::Transaction& transaction) {
        m_world->bitcoin->cli({"sendrawtransaction", base::toHex(transaction.serialize())});
    };
    send(take(bridge::makeKickoff(*own, second)));
    m_world->bitcoin->mine(static_cast<int>(m_world->network.params().takeBlocks));
    send(take(
        bridge::makeTake(*own, graph.takes.at(static_cast<std::size_t>(own - operators.begin())), second)));
    m_world->mine(2);
    QVERIFY(!m_world->isUnspent(third.deposit().vault()));

    for (const auto& signer : m_world->signers) signer->launch();
    m_world->operators[0]->launch();
    const auto first = operatorSecret(1).xOnlyPublicKey();
    const Amount balance = m_world->account(first).btc;
    QVERIFY(balance > Amount::fromSat(1'100'000)); // it could pay for it
    for (int block = 0; block < 8; ++block) {
        m_world->bitcoin->mine(1);
        QThread::msleep(1'500);
    }
    QVERIFY(within(60, [&] {
        return m_world->operators[0]->must("chain_head").at("hash") ==
               m_world->sequencer->must("chain_head").at("hash");
    }));
    QCOMPARE(m_world->vaultStatus(third.deposit().vault()), std::optional(l2::VaultStatus::Live));
    QCOMPARE(m_world->account(first).btc.sat(), balance.sat());
}

QTEST_GUILESS_MAIN(TestRuleAttacks)
#include "tst_rule_attacks.moc"
