// SPDX-License-Identifier: MIT
// The explorer against a real node over a real socket, and against nodes that lie: what is found and how it was checked, a
// proof file made of it, and what two nodes say about one thing.
#include "app/daemon/node/api.h"
#include "app/services/local/proof_export.h"
#include "app/services/local/provider_compare.h"
#include "core/l2/address.h"
#include "tests/support/node_proxy.h"
#include "tests/support/patience.h"
#include "tests/unit/daemon/fixture.h"
#include "tests/unit/proven/fixture.h"
#include "tests/unit/verify/fixture.h"

#include <QTest>

#include <boost/asio/ip/tcp.hpp>

#include <future>

using namespace bowline;
using namespace bowline::services;
using namespace bowline::test;
namespace json = boost::json;
namespace asio = boost::asio;

namespace {
/// The wallet's Bitcoin: the chain of the layer, with its blocks.
class Blocks final : public chain::Backend {
public:
    explicit Blocks(const MinedChain& chain) : m_chain(chain) {}
    [[nodiscard]] chain::ChainBlock tip() const override { return *headerAt(m_chain.tip()); }
    [[nodiscard]] std::optional<chain::ChainBlock> headerAt(Height height) const override
    {
        const auto hash = m_chain.hashAt(height);
        if (!hash) return std::nullopt;
        const auto work = bitcoin::Uint256::fromLittleEndian(proven::test::regtestWork(height));
        return chain::ChainBlock{height, *hash, m_chain.at(height).header, work};
    }
    void fetchBlock(const BlockHash& hash, std::function<void(base::Result<chain::BlockPtr>)> fn) override
    {
        for (Height height{MinedChain::kCheckpoint}; height <= m_chain.tip(); height = height + 1) {
            if (m_chain.hashAt(height) != hash || withholds) continue;
            return fn(std::make_shared<const bitcoin::Block>(m_chain.at(height)));
        }
        fn(base::makeError(chain::kNoPeer));
    }
    std::atomic<bool> withholds = false;

    base::Status start() override { return base::success(); }
    void stop() override {}
    void post(std::function<void()> task) override { task(); }
    [[nodiscard]] std::optional<Height> heightOf(const BlockHash&) const override { return std::nullopt; }
    [[nodiscard]] std::unique_ptr<chain::Follower>
    follow(chain::FollowFrom, std::function<void(const chain::BlockEvent&)>) override
    {
        return nullptr;
    }
    [[nodiscard]] chain::StatusPtr status() const override { return std::make_shared<chain::ChainStatus>(); }
    [[nodiscard]] std::unique_ptr<chain::Handler> handleStatus(std::function<void(chain::StatusPtr)>) override
    {
        return nullptr;
    }
    void broadcast(std::vector<bitcoin::Transaction>) override {}
    void forget(const base::Txid&) override {}
    [[nodiscard]] std::optional<chain::BroadcastStatus> broadcastStatus(const base::Txid&) const override
    {
        return std::nullopt;
    }
    [[nodiscard]] std::unique_ptr<chain::Handler>
    handleBroadcast(std::function<void(const chain::BroadcastStatus&)>) override
    {
        return nullptr;
    }

private:
    const MinedChain& m_chain;
};

/// A real node that serves the sealed world.
class Node {
public:
    explicit Node(const SealedWorld& world) : m_node(world.layer.params, world.layer.chain)
    {
        for (std::size_t i = 1; i < world.layer.batches.size(); ++i) {
            const base::Status applied = m_node.node->applyBatch(world.layer.batches[i]);
            if (!applied.ok()) qFatal("a batch of the test: %s", applied.error().detail.c_str());
        }
        net::Dispatcher methods;
        daemon::addNodeMethods(methods, m_io.get_executor(), *m_node.node);
        methods.add("chain_proof", m_io.get_executor(),
                    [this](const json::object&) -> base::Result<json::value> {
                        const std::lock_guard lock(m_mutex);
                        return json::value(m_proof);
                    });
        m_server = std::make_unique<net::Server>(m_io.get_executor(), std::move(methods),
                                                 std::vector<std::string>{"heads", "relay"});
        endpoint = *m_server->listen({"127.0.0.1", 0});
        m_thread = std::thread([this] {
            const auto guard = asio::make_work_guard(m_io);
            m_io.run();
        });
    }
    ~Node()
    {
        m_server->stop();
        m_io.stop();
        m_thread.join();
    }
    Node(const Node&) = delete;
    Node& operator=(const Node&) = delete;
    void showProof(const base::Bytes& file)
    {
        const std::lock_guard lock(m_mutex);
        m_proof = {{"proof", base::toHex(file)}};
    }
    net::Endpoint endpoint;

private:
    std::mutex m_mutex;
    json::object m_proof;
    asio::io_context m_io{1};
    TestNode m_node;
    std::unique_ptr<net::Server> m_server;
    std::thread m_thread;
};

/// A wallet whose node may lie, and a second node.
class Ground {
public:
    Ground() : node(world), front(node.endpoint), other(node.endpoint), bitcoin(world.layer.chain)
    {
        NodeLink::Events events;
        events.view = [this](NodeViewPtr next) {
            const std::lock_guard lock(m_mutex);
            m_view = std::move(next);
        };
        events.relay = [] {};
        link = must(NodeLink::open(m_folder.filePath("layer2.sqlite").toStdString(), world.network, bitcoin,
                                   must(net::parseEndpoint(front.address())), m_owner, std::move(events),
                                   checker));
        link->setSeals(seals());
        link->start();
        if (!eventually([this] { return view()->head == world.layer.batches.back().head; }))
            qFatal("the wallet does not come to the head");
    }
    ~Ground() { link->stop(); }
    Ground(const Ground&) = delete;
    Ground& operator=(const Ground&) = delete;

    [[nodiscard]] NodeViewPtr view()
    {
        const std::lock_guard lock(m_mutex);
        return m_view;
    }
    template <typename T>
    base::Result<T> ask(std::function<base::Result<T>(NodeAccess&)> task)
    {
        auto promise = std::make_shared<std::promise<base::Result<T>>>();
        link->ask<T>(std::move(task),
                     [promise](base::Result<T> result) { promise->set_value(std::move(result)); });
        return promise->get_future().get();
    }
    base::Result<Found> find(const std::string& text)
    {
        return ask<Found>([this, text](NodeAccess& access) -> base::Result<Found> {
            BOWLINE_TRY(const Query query, parseQuery(text, bitcoin::Network::Regtest));
            return Explorer(access, world.network.params, true).find(query);
        });
    }
    base::Result<std::string> save(const Shown& shown)
    {
        BOWLINE_TRY(ExportParts parts, ask<ExportParts>([&](NodeAccess& access) {
                        return exportParts(access, world.network, shown);
                    }));
        return exportText(std::move(parts), bitcoin, terms());
    }
    ComparisonView compare(const Shown& shown)
    {
        return *ask<ComparisonView>([&](NodeAccess& access) -> base::Result<ComparisonView> {
            net::BlockingClient client(must(net::parseEndpoint(other.address())));
            return compareWith(access, client, shown);
        });
    }
    [[nodiscard]] verify::Terms terms() const
    {
        return {world.network.params.chainId(), checker.get(), SealedWorld::kNow};
    }
    /// The head is proven from now on.
    bool prove()
    {
        node.showProof(proven::test::makeFile(world.proof().head));
        link->poke();
        return eventually([this] { return view()->proven.has_value(); });
    }

    SealedWorld world;
    Node node;
    NodeProxy front; // before the node that the wallet asks
    NodeProxy other; // before the one that it is compared with
    Blocks bitcoin;
    std::shared_ptr<proven::test::FakeChecker> checker = std::make_shared<proven::test::FakeChecker>();
    std::unique_ptr<NodeLink> link;

private:
    [[nodiscard]] std::vector<seal::Link> seals() const
    {
        seal::SealFollower follower(must(seal::SealTerms::create(world.network)));
        const MinedChain& chain = world.layer.chain;
        for (Height height{MinedChain::kCheckpoint}; height <= chain.tip(); height = height + 1)
            follower.blockConnected(height, *chain.hashAt(height), chain.at(height).transactions);
        return follower.links();
    }
    QTemporaryDir m_folder;
    Worker m_owner;
    std::mutex m_mutex;
    NodeViewPtr m_view = std::make_shared<NodeView>();
};

std::string valueOf(const std::vector<FactView>& facts, const std::string& name)
{
    for (const FactView& fact : facts) {
        if (fact.name == name) return fact.value;
    }
    return "none";
}

const CheckView& checkIn(const FoundView& view, const std::string& name)
{
    for (const CheckView& check : view.checks) {
        if (check.name == name) return check;
    }
    qFatal("no check %s", name.c_str());
}

/// Names of what did not pass.
QString openChecks(const FoundView& view)
{
    QString out;
    for (const CheckView& check : view.checks) {
        if (check.outcome != CheckView::Outcome::Passed)
            out += QString::fromStdString(check.name + ' ' + check.reason + ';');
    }
    return out;
}

std::string codeOf(const base::Result<Found>& result)
{
    return result.ok() ? "found " + result->view.kind : std::string(result.error().code.name());
}

/// The other digit at this place of a field of an answer.
NodeProxy::Lie bending(std::string method, std::string field, std::size_t at)
{
    return [=](const std::string& asked, const json::object& params,
               const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        NodeProxy::Answer answer = ask(asked, params);
        if (asked != method || !answer.ok()) return answer;
        json::string* text = field.empty() ? answer->if_string() : answer->as_object()[field].if_string();
        if (text != nullptr && at < text->size()) (*text)[at] = (*text)[at] == '7' ? '8' : '7';
        return answer;
    };
}
} // namespace

class TestExplorer : public QObject {
    Q_OBJECT
private slots:
    void everythingIsFoundByWhatItIsCalled();
    void whatIsWrittenWrongOrIsNotThereIsSaid();
    void everyCheckIsMadeAndNamesWhatItCompared();
    void aBatchCountsItsTransactionsWithProof();
    void listsAreCheckedRowByRow();
    void whatIsFoundIsSavedAndCheckedElsewhere();
    void aFileIsNotWrittenWithoutItsBlocks();
    void whatIsProvenIsShownAndSaved();
    void aLyingNodeIsInvalidNeverAValue_data();
    void aLyingNodeIsInvalidNeverAValue();
    void aLeftOutTransactionIsNotHidden();
    void twoHonestNodesAgree();
    void aNodeThatIsBehindOrSilentIsNoLiar();
    void anotherValueIsHeldAgainstTheNode();
    void twoSignedBatchesAreKept();
    void aSilentSecondNodeHoldsUpNoEnd();
};

void TestExplorer::everythingIsFoundByWhatItIsCalled()
{
    Ground ground;
    const SealedWorld& world = ground.world;
    const std::string paid = std::to_string(world.paidIn);
    const std::string key = world.layer.alice.xOnlyPublicKey().hex();
    const std::string withdrawal = std::to_string(world.layer.id(1));
    const std::string vault = world.vault.outpoint.txid.displayHex();
    const std::vector<std::pair<std::string, std::string>> questions = {
        {paid, "batch"},
        {" batch:" + paid + '\n', "batch"},
        {world.layer.batches[world.paidIn].head.header.hash().hex(), "batch"},
        {world.layer.head().hash().hex(), "batch"},
        {"0", "batch"},
        {world.payments[1].hash().hex(), "transaction"},
        {"tx:" + world.payments[1].hash().hex(), "transaction"},
        {key, "account"},
        {"account:" + key, "account"},
        {l2::accountText(world.layer.alice.xOnlyPublicKey(), bitcoin::Network::Regtest), "account"},
        {vault + ":0", "vault"},
        {"vault:" + vault + ":0", "vault"},
        {vault, "vault"},
        {withdrawal, "withdrawal"},
        {"withdrawal:" + withdrawal, "withdrawal"},
        {"counters", "counters"}};
    for (const auto& [query, kind] : questions) {
        const auto found = ground.find(query);
        QCOMPARE(codeOf(found), "found " + kind);
        QCOMPARE(found->view.verdict.kind, services::Verdict::Kind::Verified);
        // It finds itself again.
        QCOMPARE(codeOf(ground.find(found->view.query)), "found " + kind);
    }
    const auto account = ground.find(key);
    QCOMPARE(valueOf(account->view.facts, "balance"),
             std::to_string(world.layer.balance(world.layer.alice).sat()));
    QCOMPARE(account->view.entryCount, std::uint64_t{5});
    QCOMPARE(account->view.entries.front().batch, world.layer.head().height.value); // newest first
    const auto payment = ground.find(world.payments[1].hash().hex());
    QCOMPARE(valueOf(payment->view.facts, "place"), std::string("2"));
    QCOMPARE(payment->view.batch.number, world.paidIn);
    const auto batch = ground.find(paid);
    QCOMPARE(batch->view.entryCount, std::uint64_t{3});
    QCOMPARE(batch->view.entries[1].amount->sat(), std::int64_t{7'000});
    // An account that is not there is an answer too, and proven.
    const auto absent = ground.find(keyOf(99).xOnlyPublicKey().hex());
    QCOMPARE(codeOf(absent), std::string("found account"));
    QCOMPARE(valueOf(absent->view.facts, "exists"), std::string("no"));
    QCOMPARE(absent->view.verdict.kind, services::Verdict::Kind::Verified);
}

void TestExplorer::whatIsWrittenWrongOrIsNotThereIsSaid()
{
    Ground ground;
    for (const char* text : {"", "  ", "hello", "vault:xyz", "tx:12", "claim:x", "-1", "1.5"})
        QVERIFY2(!ground.find(text).ok(), text);
    QCOMPARE(codeOf(ground.find("hello")), std::string("services.bad-query"));
    QCOMPARE(codeOf(ground.find("123456")), std::string("services.not-found"));
    QCOMPARE(codeOf(ground.find("tx:" + digestOf(200).hex())), std::string("services.not-found"));
}

void TestExplorer::everyCheckIsMadeAndNamesWhatItCompared()
{
    Ground ground;
    const auto found = ground.find("tx:" + ground.world.payments[2].hash().hex());
    const FoundView& view = found->view;
    QCOMPARE(openChecks(view), QStringLiteral("chain-proof no-proof-yet;"));
    QCOMPARE(valueOf(checkIn(view, "transaction-path").facts, "leaf"), ground.world.payments[2].hash().hex());
    const BatchHeader& header = ground.world.layer.batches[ground.world.paidIn].head.header;
    QCOMPARE(valueOf(checkIn(view, "transaction-path").facts, "transactions-root"), header.txsRoot.hex());
    QCOMPARE(valueOf(checkIn(view, "bitcoin-block").facts, "block-hash"), header.l1Hash.displayHex());
    QCOMPARE(valueOf(checkIn(view, "seal").facts, "confirmations"), std::string("3"));
    QCOMPARE(valueOf(checkIn(view, "batch-signature").facts, "batch-hash"), header.hash().hex());
    QCOMPARE(view.batch.finality, std::string("sealed"));
    QCOMPARE(view.batch.seal.confirmations, 3U);
}

void TestExplorer::aBatchCountsItsTransactionsWithProof()
{
    Ground ground;
    const auto batches = [&](std::optional<std::uint64_t> before, std::size_t count) {
        return *ground.ask<std::vector<BatchView>>([&, before, count](NodeAccess& access) {
            return Explorer(access, ground.world.network.params, true).batches(before, count);
        });
    };
    const auto all = batches(std::nullopt, 20);
    QCOMPARE(all.size(), ground.world.layer.batches.size());
    QCOMPARE(all.back().number, std::uint64_t{0});
    for (const BatchView& batch : all)
        QCOMPARE(batch.transactions, static_cast<std::uint32_t>(
                                         ground.world.layer.batches[batch.number].body.transactions.size()));
    const auto page = batches(all[1].number, 1);
    QCOMPARE(page.size(), std::size_t{1});
    QCOMPARE(page[0].number, all[2].number);
    // A number that the header does not confirm is not shown.
    ground.front.lie([](const std::string& method, const json::object& params,
                        const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        NodeProxy::Answer answer = ask(method, params);
        if (method != "batch_counts" || !answer.ok()) return answer;
        for (json::value& row : answer->as_array()) row.as_object()["transactions"] = 9;
        return answer;
    });
    for (const BatchView& batch : batches(std::nullopt, 20)) QCOMPARE(batch.transactions, 0U);
}

void TestExplorer::listsAreCheckedRowByRow()
{
    Ground ground;
    const auto list = [&](ObjectKind kind, const std::string& after) {
        return ground.ask<ListView>([&, kind, after](NodeAccess& access) {
            return Explorer(access, ground.world.network.params, true).list(kind, after);
        });
    };
    const auto vaults = list(ObjectKind::Vault, {});
    QVERIFY(vaults.ok());
    QCOMPARE(vaults->entries.size(), std::size_t{1});
    QCOMPARE(vaults->entries[0].status, std::string("live"));
    QCOMPARE(vaults->entries[0].amount->sat(), std::int64_t{10'000'000});
    QCOMPARE(vaults->entries[0].verdict.kind, services::Verdict::Kind::Verified);
    QVERIFY(vaults->next.empty());
    QCOMPARE(codeOf(ground.find(vaults->entries[0].query)), std::string("found vault"));
    const auto withdrawals = list(ObjectKind::Withdrawal, {});
    QCOMPARE(withdrawals->entries[0].status, std::string("requested"));
    QVERIFY(list(ObjectKind::Withdrawal, base::toHex(withdrawalId(ground.world.layer.id(1)).id))
                ->entries.empty());
    ground.front.lie([](const std::string& method, const json::object& params,
                        const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        NodeProxy::Answer answer = ask(method, params);
        if (method != "objects_list" || !answer.ok()) return answer;
        json::string& value = answer->as_object()["entries"].as_array()[0].as_object()["value"].as_string();
        value[0] = value[0] == '7' ? '8' : '7';
        return answer;
    });
    QCOMPARE(list(ObjectKind::Vault, {})->entries[0].verdict.kind, services::Verdict::Kind::Invalid);
}

void TestExplorer::whatIsFoundIsSavedAndCheckedElsewhere()
{
    Ground ground;
    const SealedWorld& world = ground.world;
    for (const std::string& query :
         {world.layer.alice.xOnlyPublicKey().hex(), keyOf(99).xOnlyPublicKey().hex(),
          "tx:" + world.payments[0].hash().hex(), std::to_string(world.paidIn), std::string("0"),
          "withdrawal:" + std::to_string(world.layer.id(1))}) {
        const auto found = ground.find(query);
        QVERIFY(found.ok());
        const auto text = ground.save(found->shown);
        QVERIFY2(text.ok(), text.ok() ? "" : (text.error().detail + ' ' + query).c_str());
        // On another machine: nothing but the text and the network.
        const auto report = verify::checkText(*text, world.network.params.chainId(), SealedWorld::kNow);
        QVERIFY(report.ok() && report->valid());
        QCOMPARE(report->subject, found->view.kind);
        QCOMPARE(report->batch.value, found->view.batch.number);
        QCOMPARE(report->finality, std::string("sealed"));
        QCOMPARE(report->tip, world.layer.chain.tip());
        QCOMPARE(report->find("batch-links")->outcome, verify::Outcome::Passed);
        for (const FactView& fact : found->view.facts) {
            const bool isKnown = std::any_of(report->says.begin(), report->says.end(), [&](const auto& said) {
                return said.name == fact.name && said.value == fact.value;
            });
            // What the window adds: another spelling of the key, and the place of a transaction.
            const bool isAdded = fact.name == "address" || fact.name == "place" || fact.name == "of" ||
                                 fact.name == "batch-hash";
            QVERIFY2(isKnown || isAdded, fact.name.c_str());
        }
    }
}

void TestExplorer::aFileIsNotWrittenWithoutItsBlocks()
{
    Ground ground;
    const auto found = ground.find("counters");
    ground.bitcoin.withholds = true;
    QCOMPARE(std::string(ground.save(found->shown).error().code.name()),
             std::string("services.block-missing"));
    Shown other = found->shown;
    other.batch.header.time += 1;
    QCOMPARE(std::string(ground.save(other).error().code.name()), std::string("services.batch-left"));
    // What would not stand up to its own checks is not written.
    ground.bitcoin.withholds = false;
    Shown forged = found->shown;
    std::get<verify::ShownState>(forged.subject).value->at(0) ^= 1U;
    const auto refused = ground.save(forged);
    QCOMPARE(std::string(refused.error().code.name()), std::string("services.proof-refused"));
    QCOMPARE(refused.error().detail, std::string("state-path l2.proof-wrong-root"));
}

void TestExplorer::whatIsProvenIsShownAndSaved()
{
    Ground ground;
    QVERIFY(ground.prove());
    const auto found = ground.find("tx:" + ground.world.payments[0].hash().hex());
    QCOMPARE(openChecks(found->view), QString());
    QCOMPARE(found->view.verdict.finality, std::string("root-proven"));
    QCOMPARE(found->view.batch.finality, std::string("withdrawable"));
    QCOMPARE(valueOf(checkIn(found->view, "chain-proof").facts, "proven-batch"),
             std::to_string(ground.world.layer.head().height.value));
    const auto text = ground.save(found->shown);
    QVERIFY(text.ok());
    const auto report = verify::checkText(*text, ground.world.network.params.chainId(), SealedWorld::kNow,
                                          ground.checker.get());
    QVERIFY(report.ok() && report->valid());
    QCOMPARE(report->finality, std::string("withdrawable"));
    // Its true checker believes no such file.
    const auto doubted = verify::checkText(*text, ground.world.network.params.chainId(), SealedWorld::kNow);
    QVERIFY(doubted.ok() && doubted->finality != "proven" && doubted->finality != "withdrawable");
}

void TestExplorer::aLyingNodeIsInvalidNeverAValue_data()
{
    QTest::addColumn<QString>("method");
    QTest::addColumn<QString>("field");
    QTest::addColumn<int>("at");
    QTest::addColumn<QString>("query");
    const auto row = [](const char* method, const char* field, int at, const char* query) {
        QTest::addRow("%s %s %d", method, field, at) << method << field << at << query;
    };
    row("account_history", "value", 17, "alice"); // the balance
    row("account_history", "proof", 10, "alice");
    row("state_get", "value", 3, "counters");
    row("tx_proof", "transaction", 150, "payment");
    row("tx_proof", "receipt", 70, "payment");
    row("tx_proof", "header", 300, "payment");
    row("chain_receipts", "", 70, "batch");
    row("chain_batch", "", 1200, "batch");
}

void TestExplorer::aLyingNodeIsInvalidNeverAValue()
{
    QFETCH(QString, method);
    QFETCH(QString, field);
    QFETCH(int, at);
    QFETCH(QString, query);
    Ground ground;
    ground.front.lie(bending(method.toStdString(), field.toStdString(), static_cast<std::size_t>(at)));
    std::string text = query.toStdString();
    if (query == "alice") text = ground.world.layer.alice.xOnlyPublicKey().hex();
    if (query == "payment") text = "tx:" + ground.world.payments[0].hash().hex();
    if (query == "batch") text = std::to_string(ground.world.paidIn);
    const auto found = ground.find(text);
    // Shown to be wrong, or not even an answer.
    QVERIFY2(!found.ok() || found->view.verdict.kind == services::Verdict::Kind::Invalid,
             found.ok() ? found->view.verdict.reason.c_str() : "");
    if (!found.ok()) QVERIFY(!(found.error().code == kNotFound));
}

void TestExplorer::aLeftOutTransactionIsNotHidden()
{
    Ground ground;
    ground.front.lie([](const std::string& method, const json::object& params,
                        const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        NodeProxy::Answer answer = ask(method, params);
        if (method == "account_history" && answer.ok()) answer->as_object()["entries"].as_array().pop_back();
        return answer;
    });
    const auto found = ground.find(ground.world.layer.alice.xOnlyPublicKey().hex());
    QCOMPARE(found->view.verdict.kind, services::Verdict::Kind::Invalid);
    QCOMPARE(found->view.verdict.reason, std::string("bad-history"));
    QCOMPARE(checkIn(found->view, "history-complete").outcome, CheckView::Outcome::Failed);
}

void TestExplorer::twoHonestNodesAgree()
{
    Ground ground;
    for (const std::string& query :
         {ground.world.layer.alice.xOnlyPublicKey().hex(), std::string("counters"),
          "tx:" + ground.world.payments[0].hash().hex(), std::to_string(ground.world.paidIn)}) {
        const auto found = ground.find(query);
        const ComparisonView view = ground.compare(found->shown);
        QVERIFY2(view.outcome == "agree", (view.outcome + ' ' + view.reason + ' ' + query).c_str());
        QVERIFY(!view.evidenceKept);
        for (const auto& row : view.rows) QCOMPARE(row.first, row.second);
    }
}

void TestExplorer::aNodeThatIsBehindOrSilentIsNoLiar()
{
    Ground ground;
    const auto found = ground.find("counters");
    const json::object early{{"n", 1}};
    ground.other.lie([early](const std::string& method, const json::object& params,
                             const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        if (method == "chain_header") return base::makeError(base::ErrorCode{"node.not-here"});
        if (method == "chain_head") return ask("chain_header", early);
        return ask(method, params);
    });
    const ComparisonView behind = ground.compare(found->shown);
    QCOMPARE(behind.outcome, std::string("behind"));
    QCOMPARE(behind.rows.at(0).second, std::string("1"));
    ground.other.lie([](const std::string& method, const json::object& params,
                        const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        if (method == "state_get") return base::makeError(base::ErrorCode{"node.state-not-kept"});
        return ask(method, params);
    });
    const ComparisonView forgot = ground.compare(found->shown);
    QCOMPARE(forgot.outcome, std::string("no-answer"));
    QCOMPARE(forgot.reason, std::string("node.state-not-kept"));
    const auto nobody = ground.ask<ComparisonView>([&](NodeAccess& access) -> base::Result<ComparisonView> {
        net::BlockingClient client(must(net::parseEndpoint("127.0.0.1:1")));
        return compareWith(access, client, found->shown);
    });
    QCOMPARE(nobody->outcome, std::string("unreachable"));
    QCOMPARE(ground.view()->equivocations, std::size_t{0});
}

void TestExplorer::anotherValueIsHeldAgainstTheNode()
{
    Ground ground;
    const auto account = ground.find(ground.world.layer.alice.xOnlyPublicKey().hex());
    ground.other.lie(bending("account_history", "value", 17));
    const ComparisonView forged = ground.compare(account->shown);
    QCOMPARE(forged.outcome, std::string("differ"));
    QCOMPARE(forged.reason, std::string("bad-proof"));
    const auto payment = ground.find("tx:" + ground.world.payments[0].hash().hex());
    ground.other.lie(bending("tx_proof", "transaction", 150));
    QCOMPARE(ground.compare(payment->shown).outcome, std::string("differ"));
    const auto batch = ground.find(std::to_string(ground.world.paidIn));
    ground.other.lie(bending("chain_receipts", "", 70));
    QCOMPARE(ground.compare(batch->shown).reason, std::string("bad-body"));
    // A header that the sequencer never signed convicts nobody but the node.
    ground.other.lie(bending("chain_header", "header", 200));
    const ComparisonView header = ground.compare(account->shown);
    QCOMPARE(header.outcome, std::string("differ"));
    QCOMPARE(header.reason, std::string("bad-signature"));
    QVERIFY(!header.evidenceKept);
}

void TestExplorer::twoSignedBatchesAreKept()
{
    Ground ground;
    BatchHeader second = ground.world.layer.head();
    second.time += 1;
    const SignedHeader signedToo = must(signHeader(second, ground.world.layer.sequencer));
    ground.other.lie([signedToo](const std::string& method, const json::object& params,
                                 const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        if (method == "chain_header") return json::value(daemon::headJson(signedToo));
        return ask(method, params);
    });
    const auto found = ground.find("counters");
    const ComparisonView view = ground.compare(found->shown);
    QCOMPARE(view.outcome, std::string("both-signed"));
    QCOMPARE(view.reason, std::string("equivocation"));
    QVERIFY(view.evidenceKept);
    QVERIFY(view.rows.at(0).first != view.rows.at(0).second);
    // Everybody sees it from now on.
    EVENTUALLY_EQUAL(ground.view()->equivocations, std::size_t{1});
}

/// It takes the connection and never answers.
void TestExplorer::aSilentSecondNodeHoldsUpNoEnd()
{
    Ground ground;
    asio::io_context io;
    asio::ip::tcp::acceptor silent(io, {asio::ip::address_v4::loopback(), 0});
    const net::Endpoint endpoint{"127.0.0.1", silent.local_endpoint().port()};
    const auto other = std::make_shared<net::BlockingClient>(
        endpoint, net::ClientOptions{.timeout = std::chrono::seconds(100)});
    std::atomic<bool> isAsking = false;
    const auto found = ground.find("counters");
    ground.link->askWith<ComparisonView>(
        other,
        [&](NodeAccess& access, net::BlockingClient& client) -> base::Result<ComparisonView> {
            isAsking = true;
            return compareWith(access, client, found->shown);
        },
        [](const base::Result<ComparisonView>&) {});
    EVENTUALLY(isAsking.load());
    QTest::qWait(200);
    QElapsedTimer clock;
    clock.start();
    ground.link->stop();
    QVERIFY2(clock.elapsed() < 30'000, "the end waits for the second node");
}

QTEST_GUILESS_MAIN(TestExplorer)
#include "tst_explorer.moc"
