// SPDX-License-Identifier: MIT
// An open wallet with nodes that are away, that refuse, that lie and that lose messages, and with a process that dies
// between two writes: what the user is told, what is asked again, and that nothing is shown that was not asked for.
#include "app/services/local/bridge_service.h"
#include "tests/support/faulty_disk.h"
#include "tests/support/patience.h"
#include "tests/unit/proven/fixture.h"
#include "tests/unit/services/session_fixture.h"

using namespace bowline;
using namespace bowline::services;
using namespace bowline::services::test;
using bowline::bridge::test::must;
using bowline::test::sat;

namespace {
/// A draft of one vault of 0.01 BTC, as a quote makes it.
DepositDraft oneVault(Session& session)
{
    const auto account = must(session.wallet().layerTwoAccount());
    const auto key = must(session.wallet().specialPublicKey(wallet::kBridgeRefundAccount, 0));
    DepositDraft draft;
    draft.vaults = {sat(1'000'000)};
    wallet::Recipient recipient;
    const auto output =
        must(bridge::requestOutputFor(*session.around().context, key.xOnly(), account, draft.vaults[0]));
    recipient.script = output.scriptPubKey;
    recipient.amount = output.value;
    draft.request.recipients = {recipient};
    draft.request.fixedOrder = true;
    return draft;
}

struct Request {
    std::vector<DepositRecord> records;
    wallet::SignedSpend spend;
};
Request signedRequest(Session& session)
{
    DepositDraft draft = oneVault(session);
    const std::uint32_t index = must(session.wallet().takeRefundIndex());
    const auto key = must(session.wallet().specialPublicKey(wallet::kBridgeRefundAccount, index));
    const auto account = must(session.wallet().layerTwoAccount());
    Request out{
        {},
        must(wallet::signDraft(session.wallet(), must(wallet::draftSpend(session.wallet(), draft.request)),
                               wallet::FeeConsent::Refuse))};
    DepositRecord record;
    record.terms = {{out.spend.transaction.txid(), 0}, key.xOnly(), account, draft.vaults[0]};
    record.refundIndex = index;
    record.createdAt = session.around().backend.tip().height;
    out.records = {record};
    return out;
}

std::vector<ActivityView> activities(const Snapshot& snapshot, const std::string& kind)
{
    std::vector<ActivityView> out;
    for (const ActivityView& row : snapshot.recentActivity) {
        if (row.kind == kind) out.push_back(row);
    }
    return out;
}
std::vector<ActivityView> onLayerTwo(const Snapshot& snapshot) { return activities(snapshot, "layer2-sent"); }

bool needs(const Snapshot& snapshot, const std::string& kind)
{
    return std::any_of(snapshot.needsYou.begin(), snapshot.needsYou.end(),
                       [&](const NeedsYou& need) { return need.kind == kind; });
}

/// Signs a payment of one satoshi and has the node take it.
l2::TxHash pay(SessionFixture& fixture)
{
    std::promise<l2::TxHash> done;
    fixture.on([&] {
        Session& session = *fixture.session;
        const auto payment = must(session.signLayerTwo(l2::Transfer{{}, sat(1)}, sat(100)));
        session.own().submit(payment, OwnTransactions::Unanswered::Forget,
                             [&, payment](base::Result<l2::TxHash> hash) {
                                 if (!session.transfers().add(payment, fixture.clock.now()).ok())
                                     qFatal("not kept");
                                 done.set_value(must(std::move(hash)));
                             });
        return 0;
    });
    return done.get_future().get();
}

base::Result<json::value> statusIs(const char* status, const char* reason = "")
{
    return json::value(json::object{{"status", status}, {"reason", reason}});
}
} // namespace

class TestSession : public QObject {
    Q_OBJECT
private slots:
    void nothingCountsAsKnownBeforeTheNodeWasAsked();
    void aNodeThatComesBackIsAskedAtOnce();
    void aRefusalThatMakesNoBatchIsToldAllTheSame();
    void whatWaitsBehindARefusedOneIsTold();
    void aPaymentIsSentAgainAfterARestart();
    void aNodeThatSaysRefusedHidesNoEscrow();
    void anAnswerFromThePastIsNotBelieved();
    void theAccountIsProvenNoLongerThanItsProof();
    void headersTakenInAdvanceAreKept();
    void aDepositAndItsRequestAreWrittenTogetherOrNotAtAll();
    void aDepositThatCannotBeWrittenIsNotThere();
    void aRefundOnItsWayIsNotOfferedAgain();
    void aRefundThatCannotBeWrittenLeavesTheOneBefore();
    void aWithdrawalThatCannotBeWrittenIsNotSent();
    void aMintAuthorisationIsToldOfOnlyWhenItIsKept();
    void aDraftOfAnotherTimeIsNotUsed();
    void aDraftThatFailedCanBeTriedAgain();
    void aDepositThatBecameDearerIsNotStarted();
    void blocksAreReadFromADayBeforeTheFirstRecord();
};

void TestSession::nothingCountsAsKnownBeforeTheNodeWasAsked()
{
    SessionFixture fixture;
    std::promise<void> open;
    const std::shared_future<void> opened = open.get_future().share();
    fixture.node.script("state_get", [opened](const json::object&) {
        opened.wait();
        return std::nullopt;
    });
    fixture.commitAccount(0, 1'000);
    QTest::qWait(100);
    QVERIFY(!fixture.isSettled());
    open.set_value();
    EVENTUALLY(fixture.isSettled());
    QCOMPARE(fixture.snapshot().layerTwo.available.sat(), std::int64_t{1'000});
}

void TestSession::aNodeThatComesBackIsAskedAtOnce()
{
    SessionFixture fixture;
    const auto away = [](const json::object&) -> std::optional<base::Result<json::value>> {
        return base::makeError(base::ErrorCode{"test.away"});
    };
    fixture.node.script("state_get", away);
    fixture.node.script("chain_head", away);
    fixture.restart(); // opened while the node gives no answer
    EVENTUALLY(fixture.on([&] { return fixture.nodeView->asked; }));
    QVERIFY(!fixture.on([&] { return fixture.nodeView->reachable; }));
    QVERIFY(!fixture.on([&] { return fixture.session->account().has_value(); }));
    fixture.node.script("state_get", [](const json::object&) { return std::nullopt; });
    fixture.node.script("chain_head", [](const json::object&) { return std::nullopt; });
    fixture.link->poke(); // no batch was made meanwhile
    EVENTUALLY(fixture.on([&] { return fixture.session->account().has_value(); }));
}

void TestSession::aRefusalThatMakesNoBatchIsToldAllTheSame()
{
    SessionFixture fixture;
    fixture.commitAccount(0, 1'000);
    EVENTUALLY(fixture.isSettled());
    const l2::TxHash hash = pay(fixture);
    auto rows = onLayerTwo(fixture.snapshot());
    QCOMPARE(rows.size(), std::size_t{1});
    QCOMPARE(rows[0].id, hash.hex());
    QCOMPARE(rows[0].state, std::string("pending"));
    QCOMPARE(rows[0].delta.sat(), std::int64_t{-101});
    fixture.node.script("tx_status",
                        [](const json::object&) { return statusIs("rejected", "displaced-by-fee"); });
    fixture.link->poke();
    EVENTUALLY_EQUAL(onLayerTwo(fixture.snapshot())[0].state, std::string("refused"));
    rows = onLayerTwo(fixture.snapshot());
    QCOMPARE(rows[0].note, std::string("displaced-by-fee"));
    QCOMPARE(rows[0].delta.sat(), std::int64_t{0});
    // Still known to the next run.
    fixture.restart();
    QCOMPARE(onLayerTwo(fixture.snapshot())[0].state, std::string("refused"));
}

void TestSession::whatWaitsBehindARefusedOneIsTold()
{
    SessionFixture fixture;
    fixture.commitAccount(0, 1'000);
    EVENTUALLY(fixture.isSettled());
    const l2::TxHash first = pay(fixture);
    pay(fixture);
    QVERIFY(!needs(fixture.snapshot(), "layer2-gap"));
    fixture.node.script("tx_status", [first](const json::object& params) {
        const bool isFirst = params.at("hash").as_string() == first.hex();
        return isFirst ? statusIs("rejected", "balance-low") : statusIs("pending");
    });
    fixture.link->poke();
    EVENTUALLY(needs(fixture.snapshot(), "layer2-gap"));
    pay(fixture); // takes the free nonce
    QVERIFY(!needs(fixture.snapshot(), "layer2-gap"));
}

void TestSession::aPaymentIsSentAgainAfterARestart()
{
    SessionFixture fixture;
    fixture.commitAccount(0, 1'000);
    EVENTUALLY(fixture.isSettled());
    pay(fixture);
    QCOMPARE(fixture.node.asked("tx_submit").size(), std::size_t{1});
    fixture.node.script("tx_status", [](const json::object&) { return statusIs("unknown"); });
    fixture.restart();
    EVENTUALLY(fixture.node.asked("tx_submit").size() >= 2);
    QVERIFY(fixture.node.asked("tx_submit")[0] == fixture.node.asked("tx_submit")[1]);
    QCOMPARE(onLayerTwo(fixture.snapshot()).size(), std::size_t{1});
}

void TestSession::aNodeThatSaysRefusedHidesNoEscrow()
{
    SessionFixture fixture;
    fixture.commitAccount(0, 1'000'000);
    EVENTUALLY(fixture.isSettled());
    const auto request = fixture.on([&] {
        WithdrawalRecord record;
        record.transaction = must(
            fixture.session->signLayerTwo(l2::WithdrawRequest{sat(100'000), sat(1'000), {0x51}}, sat(100)));
        record.request = record.transaction.hash();
        record.amount = sat(100'000);
        record.operatorFee = sat(1'000);
        record.script = {0x51};
        if (!fixture.session->withdrawals().add(record).ok()) qFatal("not kept");
        return record.transaction;
    });
    // The lie: it was refused, and so nobody needs to look for it any more.
    fixture.node.script("tx_status", [](const json::object&) { return statusIs("rejected", "balance-low"); });
    fixture.commitAccount(0, 1'000'000);
    EVENTUALLY_EQUAL(activities(fixture.snapshot(), "withdrawal").at(0).state, std::string("refused"));
    // The truth comes with a later batch.
    l2::Withdrawal withdrawal;
    withdrawal.owner = fixture.account;
    withdrawal.amount = sat(100'000);
    withdrawal.operatorFee = sat(1'000);
    withdrawal.script = {0x51};
    for (int i = 0; i < 2; ++i) {
        fixture.commitAccount(0, 1'000'000);
        EVENTUALLY(fixture.isSettled());
    }
    fixture.node.commit({{l2::withdrawalId(l2::withdrawalNumber(request.hash())), withdrawal.encode()}});
    fixture.commitAccount(1, 898'900);
    EVENTUALLY_EQUAL(fixture.snapshot().layerTwo.inEscrow.sat(), std::int64_t{101'000});
    QVERIFY(!fixture.snapshot().bridge.front().failed);
}

void TestSession::anAnswerFromThePastIsNotBelieved()
{
    SessionFixture fixture;
    fixture.commitAccount(0, 1'000);
    EVENTUALLY_EQUAL(fixture.snapshot().layerTwo.available.sat(), std::int64_t{1'000});
    fixture.node.script(
        "state_get", [&fixture](const json::object& params) -> std::optional<base::Result<json::value>> {
            return json::value(fixture.node.stateAt(0, params)); // before the account had anything
        });
    fixture.commitAccount(1, 500);
    EVENTUALLY_EQUAL(fixture.snapshot().layerTwo.verdict.reason, std::string("stale"));
    QCOMPARE(fixture.snapshot().layerTwo.available.sat(), std::int64_t{1'000});
}

/// Whatever the node answers, or does not.
void TestSession::theAccountIsProvenNoLongerThanItsProof()
{
    SessionFixture fixture;
    fixture.close();
    fixture.checker = std::make_shared<proven::test::FakeChecker>();
    fixture.restart();
    fixture.chain.mine();
    const auto block = MadeUpChain::ref(fixture.chain.tip().height.value);
    l2::Account value;
    value.btc = base::Amount::fromSat(1'000);
    fixture.node.commit({{l2::accountId(fixture.account), value.encode()}},
                        std::pair{block.height, block.hash});
    fixture.link->poke();
    const auto finality = [&] { return fixture.snapshot().layerTwo.verdict.finality; };
    EVENTUALLY(fixture.snapshot().layerTwo.available.sat() == 1'000);
    QCOMPARE(finality(), std::string("root-not-proven"));
    // A proof of that batch comes, and no new batch.
    proven::Head head = proven::test::headOf(fixture.on([&] { return fixture.nodeView->head; }).header);
    head.l1Work = {};
    fixture.node.script("chain_proof", [head](const json::object&) {
        return base::Result<json::value>(json::value{{"proof", base::toHex(proven::test::makeFile(head))}});
    });
    fixture.link->poke();
    EVENTUALLY_EQUAL(finality(), std::string("root-proven"));
    EVENTUALLY(fixture.snapshot().layerTwo.proven.has_value());
    // Its Bitcoin block leaves, and the node answers nothing any more.
    for (const char* method : {"state_get", "chain_head", "chain_proof"})
        fixture.node.script(method, [](const json::object&) {
            return base::Result<json::value>(base::makeError(base::ErrorCode{"node.not-here"}));
        });
    fixture.chain.replaceTip();
    fixture.link->poke();
    EVENTUALLY(fixture.snapshot().layerTwo.verdict.kind != Verdict::Kind::Verified);
    QCOMPARE(fixture.snapshot().layerTwo.verdict.reason, std::string("l1-elsewhere"));
    EVENTUALLY(!fixture.snapshot().layerTwo.proven.has_value());
}

void TestSession::headersTakenInAdvanceAreKept()
{
    SessionFixture fixture;
    EVENTUALLY(fixture.on([&] { return fixture.nodeView->asked; }));
    // Two batches on a Bitcoin block that the own chain does not have yet.
    const auto ahead = MadeUpChain::ref(3);
    fixture.node.commit({}, std::pair{ahead.height, ahead.hash});
    fixture.node.commit({});
    const auto head = [&] { return fixture.on([&] { return fixture.nodeView->head.header.height.value; }); };
    EVENTUALLY((fixture.link->poke(), head() == 2)); // one at a time, each of them waits for that block
    fixture.chain.mine();
    fixture.link->poke(); // as the services do for every block of the own chain
    EVENTUALLY(fixture.isSettled());
    const auto asked = [&] {
        return fixture.node.asked("chain_header").size() + fixture.node.asked("chain_headers").size();
    };
    const std::size_t before = asked();
    fixture.restart();
    EVENTUALLY(fixture.isSettled());
    QCOMPARE(head(), std::uint64_t{2});
    QCOMPARE(asked(), before); // nothing is fetched again
}

void TestSession::aDepositAndItsRequestAreWrittenTogetherOrNotAtAll()
{
    SessionFixture fixture;
    EVENTUALLY(fixture.isSettled());
    // Dies between the two: what an enclosing transaction loses is what a killed process loses.
    fixture.on([&] {
        Session& session = *fixture.session;
        auto batch = must(session.wallet().store().begin());
        const Request request = signedRequest(session);
        if (!session.deposits().start(request.records, request.spend).ok()) qFatal("not started");
        return 0;
    });
    fixture.restart();
    QVERIFY(fixture.snapshot().bridge.empty());
    QVERIFY(fixture.on([&] { return must(fixture.session->wallet().pendingTransactions()).empty(); }));

    const base::Txid sent = fixture.on([&] {
        const Request request = signedRequest(*fixture.session);
        if (!fixture.session->deposits().start(request.records, request.spend).ok()) qFatal("not started");
        return request.spend.transaction.txid();
    });
    fixture.restart();
    QCOMPARE(fixture.snapshot().bridge.size(), std::size_t{1});
    QCOMPARE(fixture.snapshot().bridge[0].steps.at(0).txid, sent.displayHex());
    const auto pending = fixture.on([&] { return must(fixture.session->wallet().pendingTransactions()); });
    QCOMPARE(pending.size(), std::size_t{1});
    QVERIFY(pending[0].txid() == sent);
    QVERIFY(fixture.chain.sent().back().txid() == sent); // and is sent again
}

void TestSession::aDepositThatCannotBeWrittenIsNotThere()
{
    SessionFixture fixture;
    EVENTUALLY(fixture.isSettled());
    const auto status = fixture.on([&] {
        Request request = signedRequest(*fixture.session);
        // A transaction that the wallet refuses to keep.
        request.spend.transaction = MadeUpChain::payment(MadeUpChain::foreignScript(), sat(1'000), 9);
        return fixture.session->deposits().start(request.records, request.spend);
    });
    QVERIFY(!status.ok());
    QVERIFY(fixture.snapshot().bridge.empty());
    fixture.restart();
    QVERIFY(fixture.snapshot().bridge.empty());
}

void TestSession::aRefundOnItsWayIsNotOfferedAgain()
{
    SessionFixture fixture;
    EVENTUALLY(fixture.isSettled());
    const auto request = fixture.on([&] {
        Request made = signedRequest(*fixture.session);
        if (!fixture.session->deposits().start(made.records, made.spend).ok()) qFatal("not started");
        fixture.session->watchNewScripts();
        return made.spend.transaction;
    });
    fixture.chain.mine({request});
    for (std::uint32_t i = 0; i < fixture.context->params().refundBlocks; ++i) fixture.chain.mine();
    EVENTUALLY(fixture.isSettled());
    const std::string id = fixture.snapshot().bridge.at(0).id;
    QCOMPARE(fixture.snapshot().bridge[0].nextAction, std::string("refund"));
    QVERIFY(needs(fixture.snapshot(), "refund-available"));

    const auto refund = [&](std::int64_t rate) {
        return fixture.on([&] { return fixture.session->deposits().refund(id, base::FeeRate{rate}); });
    };
    const base::Txid first = must(refund(1'000));
    const BridgeItem item = fixture.snapshot().bridge[0];
    QCOMPARE(item.nextAction, std::string("wait"));
    QCOMPARE(item.state, std::string("deposit.refund"));
    QCOMPARE(item.steps.back().note, std::string("sent"));
    QCOMPARE(item.steps.back().txid, first.displayHex());
    QVERIFY(!needs(fixture.snapshot(), "refund-available"));

    COMPARE_ERROR(refund(1'000), kRefundOnItsWay);
    const base::Txid second = must(refund(5'000));
    QVERIFY(second != first);
    QCOMPARE(fixture.snapshot().bridge[0].steps.back().txid, second.displayHex());
    // Given up by the wallet: it is offered again.
    QVERIFY(fixture.on([&] { return fixture.session->sync().abandon(second).ok(); }));
    QCOMPARE(fixture.snapshot().bridge[0].nextAction, std::string("refund"));
}

void TestSession::aRefundThatCannotBeWrittenLeavesTheOneBefore()
{
    bowline::test::FaultyDisk disk;
    disk.setScope("w.wallet");
    SessionFixture fixture;
    EVENTUALLY(fixture.isSettled());
    const auto request = fixture.on([&] {
        Request made = signedRequest(*fixture.session);
        if (!fixture.session->deposits().start(made.records, made.spend).ok()) qFatal("not started");
        fixture.session->watchNewScripts();
        return made.spend.transaction;
    });
    fixture.chain.mine({request});
    for (std::uint32_t i = 0; i < fixture.context->params().refundBlocks; ++i) fixture.chain.mine();
    EVENTUALLY(fixture.isSettled());
    const std::string id = fixture.snapshot().bridge.at(0).id;
    const auto refund = [&](std::int64_t rate) {
        return fixture.on([&] { return fixture.session->deposits().refund(id, base::FeeRate{rate}); });
    };
    const auto shown = [&] {
        const BridgeItem item = fixture.snapshot().bridge.at(0);
        return item.nextAction + ' ' + (item.steps.empty() ? "" : item.steps.back().txid);
    };
    const base::Txid first = must(refund(1'000));
    const std::string waiting = "wait " + first.displayHex();
    QCOMPARE(shown(), waiting);
    const std::size_t sent = fixture.chain.sent().size();
    // Wherever the disk is full: an error, and nothing else.
    for (std::uint64_t at = 1;; ++at) {
        disk.fillUpAt(at);
        const auto second = refund(5'000);
        disk.heal();
        if (second.ok()) { // written: then it is sent, whatever else cannot be
            QVERIFY(at > 3);
            QCOMPARE(shown(), "wait " + second->displayHex());
            QVERIFY(fixture.chain.sent().back().txid() == *second);
            break;
        }
        COMPARE_ERROR(second, store::kFull);
        QCOMPARE(shown(), waiting);
        QCOMPARE(fixture.chain.sent().size(), sent);
    }
    fixture.close();
}

void TestSession::aWithdrawalThatCannotBeWrittenIsNotSent()
{
    bowline::test::FaultyDisk disk;
    disk.setScope("w.wallet");
    SessionFixture fixture;
    fixture.commitAccount(0, 10'000'000);
    EVENTUALLY(fixture.isSettled());
    fixture.node.script("tx_status", [](const json::object&) { return statusIs("unknown"); });
    const auto ask = [&] {
        return fixture.on([&]() -> base::Status {
            Session& session = *fixture.session;
            const bitcoin::Script script = MadeUpChain::foreignScript();
            const l2::WithdrawRequest wanted{sat(1'000'000), sat(2'000), script};
            WithdrawalRecord record;
            record.transaction = must(session.signLayerTwo(wanted, sat(100)));
            record.request = record.transaction.hash();
            record.amount = wanted.amount;
            record.operatorFee = wanted.operatorFee;
            record.script = script;
            return session.withdrawals().add(record);
        });
    };
    disk.fillUpAt(1);
    const base::Status refused = ask();
    COMPARE_ERROR(refused, store::kFull);
    QVERIFY(!refused.error().detail.empty());
    disk.heal();
    QVERIFY(fixture.snapshot().bridge.empty());
    const auto look = [&](std::int64_t balance) {
        fixture.commitAccount(0, balance);
        EVENTUALLY(fixture.isSettled() && fixture.session->account()->btc == sat(balance));
        fixture.on([&] { return fixture.session->nodeLookedAt(fixture.nodeView), 0; });
    };
    for (std::int64_t batch = 0; batch < 3; ++batch) look(10'000'000 + batch);
    QCOMPARE(fixture.node.asked("tx_submit").size(), std::size_t{0});
    // Whoever was told of the error asks again: one request is sent, not two.
    VERIFY_OK(ask());
    for (std::int64_t batch = 3; batch < 6; ++batch) look(10'000'000 + batch);
    EVENTUALLY(!fixture.node.asked("tx_submit").empty());
    std::set<std::string> sent;
    for (const json::object& call : fixture.node.asked("tx_submit")) sent.emplace(call.at("hex").as_string());
    QCOMPARE(sent.size(), std::size_t{1});
    QCOMPARE(fixture.snapshot().bridge.size(), std::size_t{1});
    fixture.close();
}

/// Rule A3: who says that it holds the mint authorisation lets the committee sign the vault; it must not be lost then.
void TestSession::aMintAuthorisationIsToldOfOnlyWhenItIsKept()
{
    bowline::test::FaultyDisk disk;
    disk.setScope("w.wallet");
    SessionFixture fixture;
    EVENTUALLY(fixture.isSettled());
    const Request request = fixture.on([&] {
        Request made = signedRequest(*fixture.session);
        if (!fixture.session->deposits().start(made.records, made.spend).ok()) qFatal("not started");
        return made;
    });
    fixture.chain.mine({request.spend.transaction});
    fixture.chain.mine();
    bridge::test::Party party(bridge::test::makeNetwork(3, 2), request.records[0].terms, fixture.on([&] {
        return must(fixture.session->wallet().refundKey(request.records[0].refundIndex));
    }));
    party.postOffers();
    QVERIFY(party.run());
    const auto relayAnswers = [&fixture](std::vector<base::Bytes> board) {
        fixture.node.script("relay_list", [board = std::move(board)](const json::object& asked) {
            json::array rows;
            for (auto at = asked.at("after").to_number<std::size_t>(); at < board.size(); ++at)
                rows.push_back(json::object{{"number", at + 1}, {"message", base::toHex(board[at])}});
            return base::Result<json::value>(json::object{{"messages", std::move(rows)}});
        });
    };
    const auto holdings = [&fixture] {
        const auto posts = fixture.node.asked("relay_post");
        return std::count_if(posts.begin(), posts.end(), [](const json::object& post) {
            const auto bytes = must(base::fromHex(post.at("hex").as_string()));
            return must(bridge::parseMessage(bytes)).type == bridge::MessageType::Holding;
        });
    };
    const auto hear = [&fixture] { fixture.on([&] { return fixture.session->relayChanged(), 0; }); };

    disk.fillUpAt(1);
    relayAnswers(party.relay.messages());
    hear();
    EVENTUALLY(disk.hasStruck());
    fixture.chain.mine(); // tried again with each block
    fixture.on([] { return 0; });
    QTest::qWait(300);
    QCOMPARE(holdings(), std::ptrdiff_t{0});
    disk.heal();
    fixture.chain.mine();
    EVENTUALLY(holdings() > 0);

    // Another run, to which the relay says nothing any more, has it.
    relayAnswers({});
    fixture.restart();
    fixture.chain.mine({party.broadcast.at(0)});
    for (std::uint32_t i = 0; i < fixture.network.params.depth; ++i) fixture.chain.mine();
    EVENTUALLY(!fixture.node.asked("tx_submit").empty());
    const auto hex = std::string(fixture.node.asked("tx_submit").back().at("hex").as_string());
    const auto sent = must(l2::parseTransaction(must(base::fromHex(hex))));
    const auto* mint = std::get_if<l2::Mint>(&sent.payload);
    QVERIFY(mint != nullptr && mint->depositId == party.deposit.id());
    QVERIFY(mint->committeeSignature == party.authorisation->signature);
    fixture.close();
}

void TestSession::aDraftOfAnotherTimeIsNotUsed()
{
    SessionFixture fixture;
    const auto taken = [&](std::int64_t jump) {
        return fixture.on([&] {
            const auto id = fixture.session->addDraft(LayerTwoDraft{{}, sat(1), sat(1)});
            fixture.clock.set(fixture.clock.now() + jump);
            const bool isTaken = fixture.session->takeDraft<LayerTwoDraft>(id).ok();
            fixture.clock.set(fixture.clock.now() - jump);
            return isTaken;
        });
    };
    QVERIFY(taken(0));
    QVERIFY(taken(-2)); // as clocks are kept right
    QVERIFY(!taken(-3'600));
    QVERIFY(!taken(365 * 24 * 3'600));
    QVERIFY(taken(0));
}

void TestSession::aDraftThatFailedCanBeTriedAgain()
{
    SessionFixture fixture;
    const auto id = fixture.on([&] { return fixture.session->addDraft(LayerTwoDraft{{}, sat(1), sat(1)}); });
    const auto tried = [&](bool works) {
        return fixture.on([&] {
            return fixture.session->withDraft<LayerTwoDraft, int>(
                id, [works](const LayerTwoDraft&) -> base::Result<int> {
                    if (works) return 1;
                    return base::makeError(kAccountUnknown);
                });
        });
    };
    COMPARE_ERROR(tried(false), kAccountUnknown);
    COMPARE_ERROR(tried(false), kAccountUnknown);
    // While it is in use, a second press finds nothing to press on.
    QVERIFY(fixture.on([&] { return fixture.session->takeDraft<LayerTwoDraft>(id).ok(); }));
    COMPARE_ERROR(tried(true), kNoSuchDraft);
    fixture.on([&] {
        fixture.session->returnDraft(id, false);
        return 0;
    });
    QCOMPARE(must(tried(true)), 1);
    COMPARE_ERROR(tried(true), kNoSuchDraft);
}

void TestSession::aDepositThatBecameDearerIsNotStarted()
{
    SessionFixture fixture;
    EVENTUALLY(fixture.isSettled());
    const auto id =
        fixture.on([&] { return must(quoteDepositIn(*fixture.session, sat(2'000'000), 2'000)).draftId; });
    const auto start = [&](std::int64_t reviewed) {
        return fixture.on([&] {
            using Ids = std::vector<std::string>;
            return fixture.session->withDraft<DepositDraft, Ids>(
                id, [&](DepositDraft& draft) -> base::Result<Ids> {
                    const base::Amount quoted = draft.fee;
                    if (reviewed > 0) draft.fee = sat(reviewed); // as if the coins had been cheaper ones
                    auto ids = startDepositIn(*fixture.session, draft);
                    draft.fee = quoted;
                    return ids;
                });
        });
    };
    // However often it is pressed: no refund key is used up, and nothing is written.
    for (int i = 0; i < 30; ++i) COMPARE_ERROR(start(1), kFeeAboveReview);
    QVERIFY(fixture.snapshot().bridge.empty());
    QCOMPARE(must(start(0)).size(), std::size_t{2});
    QCOMPARE(fixture.snapshot().bridge.size(), std::size_t{2});
}

void TestSession::blocksAreReadFromADayBeforeTheFirstRecord()
{
    QCOMPARE(followStart({1'000}, {0}).value, 856U);
    QCOMPARE(followStart({100}, {0}).value, 0U);
    QCOMPARE(followStart({1'000}, {900}).value, 900U);
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
