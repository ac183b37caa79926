// SPDX-License-Identifier: MIT
// A sequencer, or somebody between it and the others, that lies: to a wallet (bowline-cli) and to signers and
// operators, all of them real processes. The test holds the sequencer's key, so what it makes up is signed as the truth
// is. Nothing of it may be shown as verified, followed or acted upon, and nobody gains or loses.
#include "core/l2/address.h"
#include "core/l2/state_tree.h"
#include "tests/integration/attacks/forge.h"
#include "tests/integration/attacks/judge.h"
#include "tests/support/devnet.h"
#include "tests/unit/proven/fixture.h"
#include "tests/unit/proven/real_proofs.h"

#include <QDir>
#include <QFile>

#include <filesystem>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

namespace {

constexpr std::int64_t kAliceHas = 600'000;

/// bowline-cli with a data folder of its own, behind a proxy that can lie to it.
class LiedTo {
public:
    LiedTo(const World& world, const std::string& name)
        : front(world.sequencer->endpoint()),
          wallet(prepare(world, front.address(), m_folder.filePath(QString::fromStdString(name))),
                 "a password")
    {
        if (wallet.run({"wallet", "create"}).exitCode != 0) qFatal("no wallet");
        const CliAnswer info = wallet.run({"wallet", "info"});
        address = json::value_to<std::string>(info.json.at("layer2_address"));
        key = take(l2::accountFromText(address, bitcoin::Network::Regtest));
    }
    [[nodiscard]] CliAnswer account() const
    {
        return wallet.run({"l2", "account", QString::fromStdString(key.hex())});
    }
    /// "verified", or the reason why not.
    static std::string verdictOf(const CliAnswer& answer)
    {
        const json::value* verdict = answer.json.if_contains("verdict");
        if (verdict == nullptr) return "error " + answer.errorCode();
        const auto& fields = verdict->as_object();
        const std::string kind = json::value_to<std::string>(fields.at("verdict"));
        return kind == "verified" ? kind : kind + ' ' + json::value_to<std::string>(fields.at("reason"));
    }
    /// What the wallet says of the node after it asked.
    [[nodiscard]] json::object sync() const { return wallet.run({"sync", "wait"}).json; }

private:
    static std::string prepare(const World& world, const std::string& node, const QString& folder)
    {
        QDir().mkpath(folder);
        QFile client(folder + QStringLiteral("/client.json"));
        if (!client.open(QIODevice::WriteOnly)) qFatal("no client file");
        client.write(json::serialize(json::object{{"network_file", world.network.file()},
                                                  {"bitcoin", json::array{world.bitcoin->p2pAddress()}},
                                                  {"node", "http://" + node}})
                         .c_str());
        return folder.toStdString();
    }
    QTemporaryDir m_folder;

public:
    NodeProxy front;
    CliWallet wallet;
    std::string address;
    base::XOnlyPublicKey key;
};

/// The true answer, changed.
NodeProxy::Lie changing(const std::string& what, std::function<void(json::object&)> change)
{
    return [what, change = std::move(change)](const std::string& method, const json::object& params,
                                              const NodeProxy::Ask& ask) {
        NodeProxy::Answer answer = ask(method, params);
        if (method == what && answer.ok()) change(answer->as_object());
        return answer;
    };
}

/// Nothing for what is no account: the wallet asks for other objects too.
std::optional<l2::Account> richer(const json::value& hex)
{
    if (hex.is_null()) return std::nullopt;
    auto out = l2::parseAccount(take(base::fromHex(json::value_to<std::string>(hex))));
    if (!out.ok()) return std::nullopt;
    out->btc += Amount::fromSat(100'000'000);
    return *out;
}

} // namespace

class TestLyingSequencer : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void cleanupTestCase();
    void aForgedValueUnderTheTrueHeader();
    void anAccountIsLeftOut();
    void aHeaderOfTheTrueKeyWithAForgedRoot();
    void aSignatureOfAnotherKey();
    void anOldStateIsReplayed();
    void anOldHistoryIsReplayed();
    void anotherBatchThanWasAskedFor();
    void aProofThatIsNoneOrOfAnUnknownKey();
    void aHeadThatNobodyHasMade();
    void batchesAreWithheld();
    void aNodeThatNamesItsOwnCommittee();
    void followersRefuseAStateThatTheRulesDoNotMake();
    void twoSignedHeadersAreKeptByTheWallet();
    void twoValidHistoriesStopSignersAndOperators();

private:
    /// The wallet sees the truth, and knows the head.
    void seeTheTruth();
    void judge();

    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_depositor; // 0.01 BTC, minted
    std::unique_ptr<LiedTo> m_alice;
    std::unique_ptr<Judge> m_judge;
    Books m_before;
    Scenarios m_scenarios{"lying sequencer"};
};

void TestLyingSequencer::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    World::Options options;
    options.fronts = World::Fronts::OfEach;
    m_world = std::make_unique<World>(options);
    m_depositor = std::make_unique<Depositor>(*m_world, Amount::fromSat(1'000'000));
    QVERIFY(m_depositor->finish());
    m_alice = std::make_unique<LiedTo>(*m_world, "alice");
    m_world->send(m_depositor->account, l2::Transfer{m_alice->key, Amount::fromSat(kAliceHas)});
    m_judge = std::make_unique<Judge>(*m_world);
    m_judge->know(m_depositor->account.xOnlyPublicKey());
    m_judge->know(m_alice->key);
    QVERIFY(m_world->allAgree());
    QCOMPARE(m_judge->wrongNow(), std::string());
    m_before = m_judge->books();
    QCOMPARE(m_before.vaults, std::int64_t{1'000'000});
}

void TestLyingSequencer::cleanup()
{
    if (!m_world) return;
    if (!QTest::currentTestFailed()) return m_scenarios.pass();
    for (const auto& node : m_world->signers) qInfo("%s", node->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

void TestLyingSequencer::cleanupTestCase()
{
    m_alice.reset();
    m_depositor.reset();
    m_world.reset();
}

void TestLyingSequencer::seeTheTruth()
{
    m_scenarios.begin(QTest::currentTestFunction());
    m_alice->front.tellTheTruth();
    const CliAnswer truth = m_alice->account();
    QCOMPARE(LiedTo::verdictOf(truth), std::string("verified"));
    QCOMPARE(m_alice->sync().at("layer2_head").to_number<std::uint64_t>(), m_world->sequencer->head());
}

void TestLyingSequencer::judge()
{
    QCOMPARE(m_judge->changedSince(m_before), std::string());
    QVERIFY(m_world->allAgree());
}

void TestLyingSequencer::aForgedValueUnderTheTrueHeader()
{
    seeTheTruth();
    m_alice->front.lie(changing("state_get", [](json::object& answer) {
        if (const auto rich = richer(answer.at("value"))) answer["value"] = base::toHex(rich->encode());
    }));
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("invalid bad-proof"));
    // More than there is cannot be spent: what was not proven is no balance.
    const CliAnswer spent = m_alice->wallet.run(
        {"l2", "send", QString::fromStdString(m_depositor->account.xOnlyPublicKey().hex()), "0.5"});
    QVERIFY(spent.exitCode != 0);
    QVERIFY2(!spent.errorCode().empty(), spent.text.c_str());
    judge();
}

void TestLyingSequencer::anAccountIsLeftOut()
{
    seeTheTruth();
    m_alice->front.lie(changing("state_get", [](json::object& answer) { answer["value"] = nullptr; }));
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("invalid bad-proof"));
    // With a true proof that another account is not there.
    const auto nobody = take(crypto::PrivateKey::generate()).xOnlyPublicKey();
    m_alice->front.lie(
        [nobody](const std::string& method, const json::object& params, const NodeProxy::Ask& ask) {
            if (method != "state_get") return ask(method, params);
            return ask(method, {{"kind", 1}, {"id", nobody.hex()}});
        });
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("invalid bad-proof"));
    judge();
}

void TestLyingSequencer::aHeaderOfTheTrueKeyWithAForgedRoot()
{
    seeTheTruth();
    const base::XOnlyPublicKey key = m_alice->key;
    const World& world = *m_world;
    const auto forge = [&world, key](json::object& answer) {
        const auto rich = richer(answer.at("value"));
        if (!rich) return;
        const l2::ObjectId id = l2::accountId(key);
        const l2::StateTree tree = l2::StateTree().with(id.key(), rich->encode());
        l2::SignedHeader head = signedHeaderOf(answer);
        head.header.stateRoot = tree.root();
        head = take(l2::signHeader(head.header, sequencerKey(world)));
        answer["header"] = base::toHex(head.header.encode());
        answer["signature"] = base::toHex(head.signature);
        answer["value"] = base::toHex(*tree.find(id.key()));
        answer["proof"] = base::toHex(tree.prove(id.key()).encode());
    };
    m_alice->front.lie(changing("state_get", forge));
    // Signed and proven, but not the header that this wallet holds.
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("unverified unknown-batch"));
    judge();
}

void TestLyingSequencer::aSignatureOfAnotherKey()
{
    seeTheTruth();
    const auto other = take(crypto::PrivateKey::generate());
    auto shown = forgedBatch(*m_world, {});
    shown.head = take(l2::signHeader(shown.head.header, other));
    m_alice->front.lie(showing(shown));
    const json::object sync = m_alice->sync();
    QCOMPARE(json::value_to<std::string>(sync.at("layer2_invalid")), std::string("bad-signature"));
    QCOMPARE(sync.at("layer2_head").to_number<std::uint64_t>(), m_world->sequencer->head());
    judge();
}

void TestLyingSequencer::anOldStateIsReplayed()
{
    seeTheTruth();
    const std::uint64_t old = m_world->sequencer->head() - 1;
    m_alice->front.lie([old](const std::string& method, json::object params, const NodeProxy::Ask& ask) {
        if (method == "state_get") params["batch"] = old;
        return ask(method, params);
    });
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("unverified stale"));
    judge();
}

void TestLyingSequencer::anOldHistoryIsReplayed()
{
    seeTheTruth();
    const auto history = [this] {
        return m_alice->wallet.run({"l2", "history", QString::fromStdString(m_alice->key.hex())});
    };
    QCOMPARE(LiedTo::verdictOf(history()), std::string("verified"));
    const std::uint64_t old = m_world->sequencer->head() - 1;
    m_alice->front.lie([old](const std::string& method, json::object params, const NodeProxy::Ask& ask) {
        if (method == "account_history") params["batch"] = old;
        return ask(method, params);
    });
    QCOMPARE(LiedTo::verdictOf(history()), std::string("unverified stale"));
    // Or with an entry left out.
    m_alice->front.lie(changing("account_history",
                                [](json::object& answer) { answer.at("entries").as_array().pop_back(); }));
    QCOMPARE(LiedTo::verdictOf(history()), std::string("invalid bad-history"));
    judge();
}

/// The wallet checks with the keys that are compiled in.
void TestLyingSequencer::aProofThatIsNoneOrOfAnUnknownKey()
{
    seeTheTruth();
    const CliAnswer before = m_alice->wallet.run({"balance"});
    const json::value truth = m_world->sequencer->must("chain_head");
    const auto header =
        take(l2::parseBatchHeader(take(base::fromHex(json::value_to<std::string>(truth.at("header"))))));
    const proven::test::RealProofs foreign(m_world->network.params()); // a good proof, under keys of its own
    for (const base::Bytes& file : {base::Bytes(2'000, 7), foreign.fileOf(proven::test::headOf(header))}) {
        json::object shown{
            {"n", header.height.value}, {"hash", header.hash().hex()}, {"proof", base::toHex(file)}};
        m_alice->front.lie(
            [shown](const std::string& method, const json::object& params, const NodeProxy::Ask& ask) {
                return method == "chain_proof" ? NodeProxy::Answer(json::value(shown)) : ask(method, params);
            });
        const json::object sync = m_alice->sync();
        QCOMPARE(json::value_to<std::string>(sync.at("layer2_invalid")), std::string("bad-chain-proof"));
        QVERIFY(sync.at("layer2_proven").is_null());
        const CliAnswer after = m_alice->wallet.run({"balance"});
        QVERIFY(after.json.at("layer2").at("proven").is_null());
        QCOMPARE(after.json.at("layer2").at("available_sat"), before.json.at("layer2").at("available_sat"));
    }
    judge();
}

void TestLyingSequencer::anotherBatchThanWasAskedFor()
{
    seeTheTruth();
    const std::uint64_t head = m_world->sequencer->head();
    m_alice->front.lie([](const std::string& method, json::object params, const NodeProxy::Ask& ask) {
        if (method == "chain_batch") params["n"] = params.at("n").to_number<std::uint64_t>() - 1;
        return ask(method, params);
    });
    const CliAnswer shown = m_alice->wallet.run({"l2", "batch", QString::number(head)});
    QCOMPARE(shown.errorCode(), std::string("services.node-bad-answer"));
    judge();
}

void TestLyingSequencer::aHeadThatNobodyHasMade()
{
    seeTheTruth();
    const l2::SignedHeader true_ = signedHeaderOf(m_world->sequencer->must("chain_head"));
    l2::SignedHeader far = true_;
    far.header.height.value = std::uint64_t{1} << 60U;
    // It has no such headers; the one that it has it shows for each.
    m_alice->front.lie([far, true_](const std::string& method, const json::object& params,
                                    const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        if (method == "chain_head") return json::value(jsonOf(far));
        if (method == "chain_header") return json::value(jsonOf(true_));
        return ask(method, params);
    });
    QElapsedTimer clock;
    clock.start();
    const CliAnswer answer = m_alice->account();
    QVERIFY2(clock.elapsed() < 60'000, "the wallet hangs");
    QCOMPARE(LiedTo::verdictOf(answer), std::string("verified")); // of what it knows and the node still shows
    QCOMPARE(json::value_to<std::string>(m_alice->sync().at("layer2_problem")),
             std::string("services.node-bad-answer"));
    judge();
}

void TestLyingSequencer::batchesAreWithheld()
{
    seeTheTruth();
    const std::uint64_t old = m_world->sequencer->head();
    const json::value frozen = m_world->sequencer->must("chain_head");
    const auto withhold = [old, frozen](const std::string& method, json::object params,
                                        const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        if (method == "chain_head") return frozen;
        if (method == "state_get" && !params.contains("batch")) params["batch"] = old;
        return ask(method, params);
    };
    // Money comes in that the wallet is not told of, and it has seen nothing of it: the old balance stands, with the
    // batch that it is of.
    m_world->send(m_depositor->account, l2::Transfer{m_alice->key, Amount::fromSat(1'000)});
    m_alice->front.lie(withhold, true);
    const CliAnswer shown = m_alice->account();
    QCOMPARE(LiedTo::verdictOf(shown), std::string("verified"));
    QCOMPARE(shown.json.at("verdict").at("batch").to_number<std::uint64_t>(), old);
    // Once it knows of a later batch, an answer of the earlier one is no answer.
    m_alice->front.tellTheTruth();
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("verified"));
    m_alice->front.lie(withhold, true);
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("unverified stale"));
    m_alice->front.tellTheTruth();
    QCOMPARE(m_judge->wrongNow(), std::string());
    m_before = m_judge->books();
}

void TestLyingSequencer::aNodeThatNamesItsOwnCommittee()
{
    seeTheTruth();
    // A whole layer 2 of somebody else's above the same Bitcoin, with a committee and a sequencer of its own.
    const TestNetwork theirs(*m_world->bitcoin, {.signers = 2, .operators = 2, .depth = 1});
    const auto node = Bowlined::start(theirs, *m_world->bitcoin, "sequencer");
    m_world->bitcoin->mine(2);
    QVERIFY(within(60, [&] { return node->head() > 0; }));
    m_alice->front.serve(node->endpoint());
    QCOMPARE(LiedTo::verdictOf(m_alice->account()), std::string("invalid foreign-chain"));
    const json::object sync = m_alice->sync();
    QCOMPARE(json::value_to<std::string>(sync.at("layer2_invalid")), std::string("foreign-chain"));
    // Neither is a signer led there.
    m_world->fronts.at("signer-1")->serve(node->endpoint());
    m_world->fronts.at("signer-1")->announceHead(node->must("chain_head").as_object());
    QVERIFY(within(60, [&] {
        const auto info = m_world->signers[0]->must("node_info");
        return json::value_to<std::string>(info.at("upstream").at(0).at("error")).find("node.other-chain") !=
               std::string::npos;
    }));
    m_alice->front.serve(m_world->sequencer->endpoint());
    m_world->fronts.at("signer-1")->serve(m_world->sequencer->endpoint());
    judge();
}

void TestLyingSequencer::followersRefuseAStateThatTheRulesDoNotMake()
{
    seeTheTruth();
    // The state that its transactions do not make: the depositor is as rich as it likes.
    const l2::ObjectId id = l2::accountId(m_depositor->account.xOnlyPublicKey());
    l2::Account rich = m_world->account(m_depositor->account.xOnlyPublicKey());
    rich.btc += Amount::fromSat(100'000'000);
    const auto tree = l2::StateTree().with(id.key(), rich.encode());
    QCOMPARE(notRefusedByFollowers(*m_world, forgedBatch(*m_world, {}, tree.root()), "node.invalid-batch"),
             std::string());
    // A withdrawal of money that is not there: no operator accepts what is in no batch of theirs.
    l2::Transaction theft;
    theft.nonce = rich.nonce;
    theft.fee = m_world->network.params().minFee;
    theft.payload = l2::WithdrawRequest{
        Amount::fromSat(50'000'000), Amount::fromSat(5'000),
        take(bitcoin::scriptFromAddress(m_world->bitcoin->newAddress(), bitcoin::Network::Regtest))};
    theft = take(l2::signTransaction(theft, m_world->network.params().chainId(), m_depositor->account));
    QCOMPARE(notRefusedByFollowers(*m_world, forgedBatch(*m_world, {theft}), "balance-low"), std::string());
    m_world->mine(2);
    judge();
}

void TestLyingSequencer::twoSignedHeadersAreKeptByTheWallet()
{
    seeTheTruth();
    l2::SignedHeader second = signedHeaderOf(m_world->sequencer->must("chain_head"));
    second.header.time += 1;
    second = take(l2::signHeader(second.header, sequencerKey(*m_world)));
    l2::SignedBatch shown;
    shown.head = second;
    m_alice->front.lie(showing(shown));
    const json::object sync = m_alice->sync();
    QCOMPARE(json::value_to<std::string>(sync.at("layer2_invalid")), std::string("equivocation"));
    QCOMPARE(sync.at("layer2_equivocations").to_number<int>(), 1);
    // Another process, when nobody lies any more: the proof is still there.
    m_alice->front.tellTheTruth();
    const json::object later = m_alice->sync();
    QCOMPARE(later.at("layer2_equivocations").to_number<int>(), 1);
    const json::value kept = m_alice->wallet.run({"l2", "evidence"}).json.at("evidence");
    QCOMPARE(kept.as_array().size(), std::size_t{1});
    QCOMPARE(json::value_to<std::string>(kept.at(0).at("kind")), std::string("both-signed"));
    QVERIFY(kept.at(0).at("facts").at("header") != kept.at(0).at("facts").at("second_header"));
    QCOMPARE(json::value_to<std::string>(later.at("layer2_invalid")), std::string());
    judge();
}

void TestLyingSequencer::twoValidHistoriesStopSignersAndOperators()
{
    seeTheTruth();
    // Operator 1 has a stake, and would take withdrawals.
    const auto oper = m_world->operatorKey(1);
    m_world->send(m_depositor->account, l2::Transfer{oper, Amount::fromSat(150'000)});
    QVERIFY(within(60, [&] { return m_world->operators[0]->must("node_info").at("registered").as_bool(); }));
    QVERIFY(m_world->allAgree());
    // The sequencer's folder is copied, and the copy goes on by itself: a second history, as valid as the first.
    m_world->sequencer->stop();
    const std::string twin = m_world->network.datadir("sequencer-b");
    std::filesystem::copy(m_world->network.datadir("sequencer"), twin,
                          std::filesystem::copy_options::recursive);
    m_world->sequencer->launch();
    const auto second = Bowlined::start({.role = "sequencer",
                                         .datadir = twin,
                                         .networkFile = m_world->network.file(),
                                         .bitcoin = m_world->bitcoin->p2pAddress(),
                                         .upstream = {},
                                         .extra = {}});
    const std::uint64_t fork = m_world->sequencer->head();
    m_world->send(m_depositor->account, l2::Transfer{m_alice->key, Amount::fromSat(2'000)});
    QVERIFY(m_world->allAgree());
    l2::Transaction other;
    other.nonce = m_world->account(m_depositor->account.xOnlyPublicKey()).nonce - 1;
    other.fee = m_world->network.params().minFee;
    other.payload = l2::Transfer{oper, Amount::fromSat(2'000)};
    other = take(l2::signTransaction(other, m_world->network.params().chainId(), m_depositor->account));
    QVERIFY(second->call("tx_submit", {{"hex", base::toHex(other.encode())}}).ok());
    QVERIFY(within(60, [&] { return second->head() > fork; }));

    std::vector<const Bowlined*> followers;
    for (const auto& node : m_world->signers) followers.push_back(node.get());
    for (const auto& node : m_world->operators) followers.push_back(node.get());
    for (const auto& [name, front] : m_world->fronts) {
        front->serve(second->endpoint());
        front->announceHead(second->must("chain_head").as_object());
    }
    for (const Bowlined* node : followers) {
        QVERIFY(within(60, [&] { return node->must("node_info").at("equivocations").to_number<int>() > 0; }));
    }
    for (const auto& [name, front] : m_world->fronts) front->serve(m_world->sequencer->endpoint());
    // Anybody can read the proof and check it.
    for (const Bowlined* node : followers) {
        const auto evidence = node->must("chain_evidence").at("equivocations").as_array();
        QVERIFY(!evidence.empty());
        const l2::SignedHeader one = signedHeaderOf(evidence[0].at("first"));
        const l2::SignedHeader two = signedHeaderOf(evidence[0].at("second"));
        QVERIFY(l2::checkHeaderSignature(one, m_world->network.params().sequencerKey).ok());
        QVERIFY(l2::checkHeaderSignature(two, m_world->network.params().sequencerKey).ok());
        QCOMPARE(one.header.height.value, two.header.height.value);
        QVERIFY(one.header != two.header);
    }
    // A withdrawal that operator 1 would have paid, and a deposit that would have been signed: neither happens.
    m_world->send(m_depositor->account,
                  l2::WithdrawRequest{Amount::fromSat(50'000), Amount::fromSat(5'000),
                                      take(bitcoin::scriptFromAddress(m_world->bitcoin->newAddress(),
                                                                      bitcoin::Network::Regtest))});
    Depositor late(*m_world, Amount::fromSat(1'000'000));
    const Books before = m_judge->books();
    for (int i = 0; i < 5; ++i) {
        m_world->bitcoin->mine(1);
        late.step();
        QThread::msleep(1'500);
    }
    QVERIFY(m_world->allAgree());
    QCOMPARE(m_world->withdrawal()->status, l2::WithdrawalStatus::Requested);
    QVERIFY(!late.isConfirmKnown());
    QVERIFY(m_world->isUnspent(late.deposit().terms().request));
    QCOMPARE(m_judge->changedSince(before), std::string());
    // The mark outlives the process.
    m_world->operators[0]->kill();
    m_world->operators[0]->launch();
    m_world->mine(2);
    QThread::msleep(2'000);
    QCOMPARE(m_world->withdrawal()->status, l2::WithdrawalStatus::Requested);
}

QTEST_GUILESS_MAIN(TestLyingSequencer)
#include "tst_lying_sequencer.moc"
