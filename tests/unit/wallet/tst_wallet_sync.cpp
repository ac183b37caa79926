// SPDX-License-Identifier: MIT
// The wallet in step with a backend, here one whose every event the test decides: gaps that grow during a
// scan, crashes between an address found and the second look, reorganisations, what is sent and what is not.
#include "core/wallet/sync.h"
#include "tests/support/faulty_disk.h"

#include <algorithm>
#include <deque>
#include <map>
#include <set>

#include "wallet_fixture.h"

using namespace bowline;
using namespace bowline::wallet;
using bowline::test::MadeUpChain;
using bowline::test::sat;
using bowline::test::WalletFixture;

namespace {

/// A chain of made-up blocks that walks its follower along by the contract of chain::Backend. Everything
/// happens in the caller's thread.
class FakeBackend final : public chain::Backend {
public:
    struct Walk final : chain::Follower {
        explicit Walk(FakeBackend& owner) : backend(owner) {}
        ~Walk() override { backend.m_walk = nullptr; }
        void watch(std::vector<base::Bytes> more, Height from) override
        {
            const std::size_t before = scripts.size();
            scripts.insert(more.begin(), more.end());
            if (scripts.size() == before) return;
            again = again ? std::min(*again, from) : from;
        }
        FakeBackend& backend;
        std::function<void(const chain::BlockEvent&)> callback;
        std::set<base::Bytes> scripts;
        std::optional<Height> again;
        std::vector<BlockRef> delivered;
        std::uint32_t next = 0;
    };

    void extend(std::vector<bitcoin::Transaction> transactions, std::uint32_t salt = 0,
                std::uint32_t time = 0)
    {
        auto block = std::make_shared<bitcoin::Block>(MadeUpChain::block(std::move(transactions)));
        block->header.time = time;
        blocks.push_back(
            {MadeUpChain::ref(static_cast<std::uint32_t>(blocks.size()), salt), std::move(block)});
    }
    void cutTo(std::size_t size) { blocks.resize(size); }
    /// The filters that hid blocks turn out to be lies: from there on everything is looked at once more.
    void correctFilters(Height from)
    {
        hidden.clear();
        m_walk->again = from;
    }

    /// Lets the follower have all there is.
    void walk()
    {
        if (m_walk == nullptr) return;
        Walk& at = *m_walk;
        while (!at.delivered.empty() &&
               (at.delivered.back().height.value >= blocks.size() ||
                !(blocks[at.delivered.back().height.value].ref == at.delivered.back()))) {
            at.callback(chain::BlockDisconnected{at.delivered.back().height, at.delivered.back().hash});
            at.next = at.delivered.back().height.value;
            at.delivered.pop_back();
        }
        lookBack(at);
        while (m_walk == &at && at.next < blocks.size()) {
            deliver(at, at.next, false);
            at.delivered.push_back(blocks[at.next].ref);
            ++at.next;
            lookBack(at);
        }
        if (status()->progress.synced != m_saidSynced) publish();
    }
    /// Whether it believes to know the whole chain. Tells its subscriber.
    void setSynced(bool synced)
    {
        m_knowsAll = synced;
        publish();
    }

    base::Status start() override { return base::success(); }
    void stop() override {}
    void post(std::function<void()> task) override { task(); }
    chain::ChainBlock tip() const override
    {
        return *headerAt({static_cast<std::uint32_t>(blocks.size() - 1)});
    }
    std::optional<chain::ChainBlock> headerAt(Height height) const override
    {
        if (height.value >= blocks.size()) return std::nullopt;
        const Entry& entry = blocks[height.value];
        return chain::ChainBlock{height, entry.ref.hash, entry.block->header, {}};
    }
    std::optional<Height> heightOf(const BlockHash&) const override { return std::nullopt; }
    std::unique_ptr<chain::Follower> follow(chain::FollowFrom from,
                                            std::function<void(const chain::BlockEvent&)> fn) override
    {
        auto out = std::make_unique<Walk>(*this);
        out->callback = std::move(fn);
        out->scripts.insert(from.scripts.begin(), from.scripts.end());
        out->delivered.assign(from.processed.rbegin(), from.processed.rend());
        out->next = out->delivered.empty() ? from.birthday.value : out->delivered.back().height.value + 1;
        birthday = from.birthday;
        m_walk = out.get();
        return out;
    }
    chain::StatusPtr status() const override
    {
        auto out = std::make_shared<chain::ChainStatus>();
        const bool scanned = m_walk != nullptr && !m_walk->again && m_walk->next == blocks.size();
        out->progress.synced = m_knowsAll && scanned;
        const std::uint64_t headers = m_knowsAll || m_headersKnown ? blocks.size() : 0;
        out->progress.headers = {headers, blocks.size(), 0, 0};
        return out;
    }
    void setHeadersKnown()
    {
        m_headersKnown = true;
        publish();
    }
    std::unique_ptr<chain::Handler> handleStatus(std::function<void(chain::StatusPtr)> fn) override
    {
        m_onStatus = std::move(fn);
        publish();
        return std::make_unique<chain::Handler>();
    }
    void fetchBlock(const BlockHash&, std::function<void(Result<chain::BlockPtr>)>) override {}
    void broadcast(std::vector<Transaction> transactions) override
    {
        for (const Transaction& transaction : transactions) sent.push_back(transaction.txid());
    }
    void forget(const Txid& txid) override { forgotten.insert(txid); }
    std::optional<chain::BroadcastStatus> broadcastStatus(const Txid&) const override { return std::nullopt; }
    std::unique_ptr<chain::Handler>
    handleBroadcast(std::function<void(const chain::BroadcastStatus&)>) override
    {
        return std::make_unique<chain::Handler>();
    }

    struct Entry {
        BlockRef ref;
        std::shared_ptr<const bitcoin::Block> block;
    };
    std::vector<Entry> blocks; // by height
    std::vector<Txid> sent;
    std::set<Txid> forgotten;
    std::set<std::uint32_t> hidden; // heights whose filters say that nothing of interest is there
    Height birthday;
    int handedOut = 0;

private:
    void deliver(Walk& walk, std::uint32_t height, bool again)
    {
        const Entry& entry = blocks[height];
        // Only what pays a watched script: what spends is matched by real filters, here by the test's choice.
        bool matches = false;
        for (const Transaction& transaction : entry.block->transactions) {
            for (const TxOut& output : transaction.outputs)
                matches |= walk.scripts.contains(output.scriptPubKey);
        }
        matches = matches && !hidden.contains(height);
        if (again && !matches) return;
        handedOut += matches ? 1 : 0;
        walk.callback(chain::BlockConnected{entry.ref.height, entry.ref.hash, entry.block->header,
                                            matches ? entry.block : nullptr, again});
    }
    void lookBack(Walk& walk)
    {
        while (m_walk == &walk && walk.again) {
            const Height from = *std::exchange(walk.again, std::nullopt);
            for (std::uint32_t height = from.value; height < walk.next; ++height) deliver(walk, height, true);
        }
    }
    Walk* m_walk = nullptr;
    void publish()
    {
        const chain::StatusPtr now = status();
        m_saidSynced = now->progress.synced;
        if (m_onStatus) m_onStatus(now);
    }
    bool m_saidSynced = false;
    bool m_knowsAll = false;
    bool m_headersKnown = false;
    std::function<void(const chain::StatusPtr&)> m_onStatus;
};

/// Which of our addresses are paid at which height.
using Payments = std::multimap<std::uint32_t, std::uint32_t>;

struct SyncFixture : WalletFixture {
    explicit SyncFixture(const NewWallet& options = test::newWallet()) : WalletFixture(options)
    {
        backend.extend({}); // genesis
        connect();
    }
    void connect()
    {
        sync = std::make_unique<WalletSync>(
            *wallet, backend, [this](std::function<void()> task) { tasks.push_back(std::move(task)); },
            [this] { ++changes; },
            [this](const base::Error& error) { failures.push_back(test::describe(error)); });
        sync->start();
    }
    /// As if the process had ended here: what was on its way is lost.
    void crash()
    {
        sync.reset();
        tasks.clear();
        reopen();
        unlock();
    }
    void settle()
    {
        for (backend.walk(); !tasks.empty(); backend.walk()) {
            while (!tasks.empty()) runOne();
        }
    }
    void runOne()
    {
        const std::function<void()> task = std::move(tasks.front());
        tasks.pop_front();
        task();
    }
    Script receiveScript(std::uint32_t index)
    {
        const auto descriptor = keys::Descriptor::parse(
            *wallet->descriptor(AddressType::Taproot, Branch::Receive), bitcoin::Network::Regtest);
        return *descriptor->scriptAt(index);
    }

    /// Blocks up to `tip`, each of these with a payment of 1,000 sat to the address of that index.
    void extendTo(std::uint32_t tip, const Payments& indexByHeight)
    {
        for (auto height = static_cast<std::uint32_t>(backend.blocks.size()); height <= tip; ++height) {
            std::vector<bitcoin::Transaction> found;
            const auto [first, last] = indexByHeight.equal_range(height);
            for (auto at = first; at != last; ++at) {
                found.push_back(MadeUpChain::payment(receiveScript(at->second), sat(1'000), at->second));
            }
            backend.extend(std::move(found));
        }
    }

    FakeBackend backend;
    std::deque<std::function<void()>> tasks;
    std::unique_ptr<WalletSync> sync;
    int changes = 0;
    std::vector<std::string> failures;
};

} // namespace

class TestWalletSync : public QObject {
    Q_OBJECT
private slots:
    void theGapGrowsWhileScanning();
    void aCrashBeforeTheSecondLookIsMadeUpFor();
    void theBalanceIsPartialUntilTheEndIsReached();
    void theBalanceIsPartialUntilTheSecondLookIsDone();
    void handingOutAddressesAsksForNoSecondLook();
    void aReorganisationIsFollowed();
    void whatIsPendingIsSentAgainAtTheStart();
    void whatIsDeadIsNotSentAnyMore();
    void aPackageIsStoredBeforeItIsSent();
    void aBirthdayByTimeWaitsForHeaders();
    void aBirthdayOfAClockThatRanAheadHidesNothing();
    void aDiskThatHasRoomAgainIsGoneOnWith();
    void eventsAfterTheEndDoNothing();
    void aNewAddressIsLookedFor();
    void aLieOfLongAgoHidesNothingOnceItIsCorrected();
    void aRestoreFindsPaymentsInWhateverOrder_data();
    void aRestoreFindsPaymentsInWhateverOrder();
};

void TestWalletSync::theGapGrowsWhileScanning()
{
    SyncFixture fixture;
    // Index 45 was paid first, 30 later, 15 last: each comes into sight only by the one after it.
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(45), sat(1'000), 1)});
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(30), sat(20'000), 2)});
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(15), sat(300'000), 3)});
    for (int i = 0; i < 10; ++i) fixture.backend.extend({});
    fixture.settle();
    QCOMPARE(fixture.failures, std::vector<std::string>());
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{321'000});
    QCOMPARE(fixture.wallet->tipHeight().value, 13U);
    QCOMPARE(fixture.wallet->currentAddress(AddressType::Taproot)->key.index, 46U);
}

void TestWalletSync::aCrashBeforeTheSecondLookIsMadeUpFor()
{
    SyncFixture fixture;
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(30), sat(20'000), 2)});
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(15), sat(300'000), 3)});
    fixture.backend.walk();
    // The wallet takes the blocks in, asks for the second look, and dies before it comes.
    for (std::size_t tasks = fixture.tasks.size(); tasks > 0; --tasks) fixture.runOne();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{300'000});
    fixture.crash();
    fixture.connect();
    fixture.settle();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{320'000});
    // Once the chain has gone on, it is not repeated.
    for (int i = 0; i < 10; ++i) fixture.backend.extend({});
    fixture.settle();
    QVERIFY(!fixture.wallet->rescanFrom().has_value());
    const int before = fixture.backend.handedOut;
    fixture.crash();
    fixture.connect();
    fixture.settle();
    QCOMPARE(fixture.backend.handedOut, before);
}

void TestWalletSync::theBalanceIsPartialUntilTheEndIsReached()
{
    SyncFixture fixture;
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(0), sat(20'000), 2)});
    QVERIFY(fixture.balance().partial);
    fixture.settle();
    QVERIFY(fixture.balance().partial); // the backend itself does not know the end yet
    fixture.backend.setSynced(true);
    fixture.settle();
    QVERIFY(!fixture.balance().partial);
    fixture.backend.extend({}); // there, not looked at yet
    fixture.backend.setSynced(true);
    fixture.runOne();
    QVERIFY(fixture.balance().partial);
    fixture.settle();
    QVERIFY(!fixture.balance().partial);
    fixture.backend.setSynced(false);
    fixture.settle();
    QVERIFY(fixture.balance().partial);
}

void TestWalletSync::theBalanceIsPartialUntilTheSecondLookIsDone()
{
    SyncFixture fixture;
    fixture.backend.setSynced(true);
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(30), sat(20'000), 2)});
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(15), sat(300'000), 3)});
    // At no moment is a part of the money told as the whole of it.
    fixture.backend.walk();
    while (!fixture.tasks.empty()) {
        fixture.runOne();
        const Balance balance = fixture.balance();
        QVERIFY(balance.partial || balance.confirmed == sat(320'000));
        if (fixture.tasks.empty()) fixture.backend.walk();
    }
    QVERIFY(!fixture.balance().partial);
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{320'000});
}

void TestWalletSync::handingOutAddressesAsksForNoSecondLook()
{
    SyncFixture fixture;
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(0), sat(100'000), 1)});
    for (int i = 0; i < 20; ++i) fixture.backend.extend({});
    fixture.backend.setSynced(true);
    fixture.settle();
    QVERIFY(!fixture.wallet->rescanFrom().has_value());
    const int before = fixture.backend.handedOut;
    VERIFY_OK(fixture.wallet->nextAddress(AddressType::Taproot, {}));
    VERIFY_OK(fixture.wallet->takeRefundIndex());
    SpendRequest request;
    request.recipients = {{MadeUpChain::foreignScript(), sat(10'000), false, {}}};
    const auto spend = signDraft(*fixture.wallet, *draftSpend(*fixture.wallet, request), FeeConsent::Refuse);
    VERIFY_OK(spend);
    VERIFY_OK(fixture.sync->submit(spend->package));
    fixture.settle();
    QCOMPARE(fixture.backend.handedOut, before);
    QVERIFY(!fixture.balance().partial);
    QVERIFY(!fixture.wallet->rescanFrom().has_value());
}

void TestWalletSync::aReorganisationIsFollowed()
{
    SyncFixture fixture;
    const bitcoin::Transaction payment = MadeUpChain::payment(fixture.receiveScript(0), sat(20'000), 2);
    fixture.backend.extend({payment});
    fixture.backend.extend({});
    fixture.settle();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{20'000});
    fixture.backend.cutTo(1);
    fixture.backend.extend({}, 5);
    fixture.settle();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{0});
    QCOMPARE(fixture.balance().pendingIncoming.sat(), std::int64_t{20'000});
    QVERIFY(std::find(fixture.backend.sent.begin(), fixture.backend.sent.end(), payment.txid()) !=
            fixture.backend.sent.end());
    fixture.backend.extend({payment}, 5);
    fixture.settle();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{20'000});
    // Also when it happens while the wallet is closed.
    fixture.crash();
    fixture.backend.cutTo(2);
    fixture.backend.extend({}, 6);
    fixture.backend.extend({}, 6);
    fixture.connect();
    fixture.settle();
    QCOMPARE(fixture.balance().pendingIncoming.sat(), std::int64_t{20'000});
    QCOMPARE(fixture.wallet->tipHeight().value, 3U);
    QCOMPARE(fixture.failures, std::vector<std::string>());
}

void TestWalletSync::whatIsPendingIsSentAgainAtTheStart()
{
    SyncFixture fixture;
    const bitcoin::Transaction payment = MadeUpChain::payment(fixture.receiveScript(0), sat(20'000), 2);
    VERIFY_OK(fixture.wallet->addUnconfirmed(payment));
    fixture.crash();
    fixture.connect();
    QCOMPARE(fixture.backend.sent, std::vector<Txid>{payment.txid()});
}

void TestWalletSync::whatIsDeadIsNotSentAnyMore()
{
    SyncFixture fixture;
    const bitcoin::Transaction funding = MadeUpChain::payment(fixture.receiveScript(0), sat(100'000), 1);
    fixture.backend.extend({funding});
    fixture.settle();
    const Script mine = fixture.receiveScript(1);
    Transaction first;
    first.inputs.push_back({{funding.txid(), 0}, {}, 0xfffffffd, {}});
    first.outputs = {{sat(99'000), mine}};
    Transaction second = first;
    second.outputs[0].value = sat(98'000);
    VERIFY_OK(fixture.sync->submit({first}));
    QVERIFY(fixture.backend.forgotten.empty());
    VERIFY_OK(fixture.sync->submit({second}));
    QCOMPARE(fixture.backend.forgotten, std::set<Txid>{first.txid()});
    fixture.backend.extend({first}); // the miner had not heard of the second
    fixture.settle();
    QVERIFY(fixture.backend.forgotten.contains(second.txid()));
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{99'000});
}

void TestWalletSync::aPackageIsStoredBeforeItIsSent()
{
    SyncFixture fixture;
    const bitcoin::Transaction foreign = MadeUpChain::payment(MadeUpChain::foreignScript(), sat(5'000), 1);
    const bitcoin::Transaction ours = MadeUpChain::payment(fixture.receiveScript(0), sat(20'000), 2);
    bitcoin::Transaction broken = MadeUpChain::payment(fixture.receiveScript(1), sat(20'000), 3);
    broken.outputs[0].value = sat(-5);
    QVERIFY(!fixture.sync->submit({ours, broken}).ok());
    QVERIFY(fixture.backend.sent.empty());
    QVERIFY(fixture.wallet->pendingTransactions()->empty());
    VERIFY_OK(fixture.sync->submit({foreign, ours}));
    QCOMPARE(fixture.backend.sent, (std::vector<Txid>{foreign.txid(), ours.txid()}));
    QCOMPARE(fixture.wallet->pendingTransactions()->size(), std::size_t{1});
    VERIFY_OK(fixture.sync->abandon(ours.txid()));
    QVERIFY(fixture.backend.forgotten.contains(ours.txid()));
}

void TestWalletSync::aBirthdayByTimeWaitsForHeaders()
{
    SyncFixture fixture;
    fixture.sync.reset();
    test::WalletFixture other; // only for its folder
    NewWallet options = test::newWallet();
    options.birthday = {std::nullopt, 1'000'000};
    auto created = Wallet::create(other.path + "2", options, fixture.clock);
    VERIFY_OK(created);
    fixture.wallet = std::move(created).value();
    for (std::uint32_t i = 1; i <= 50; ++i)
        fixture.backend.extend({}, 0, i * 40'000); // 25 are before the birthday
    fixture.connect();
    fixture.settle();
    QVERIFY(!fixture.wallet->birthday().height.has_value());
    fixture.backend.setHeadersKnown();
    fixture.settle();
    QVERIFY(fixture.wallet->birthday().height.has_value());
    // Two days before: 172,800 s are 4.32 blocks of this chain.
    QCOMPARE(fixture.backend.birthday.value, 20U);
    QCOMPARE(fixture.wallet->tipHeight().value, 50U);
    QCOMPARE(fixture.wallet->processedBlocks().back().height.value, 20U);
}

void TestWalletSync::aBirthdayOfAClockThatRanAheadHidesNothing()
{
    SyncFixture fixture;
    fixture.sync.reset();
    test::WalletFixture other; // only for its folder
    NewWallet options = test::newWallet();
    options.birthday = {std::nullopt, 365 * 24 * 3600}; // of a chain whose blocks are all of the first weeks
    auto created = Wallet::create(other.path + "2", options, fixture.clock);
    VERIFY_OK(created);
    fixture.wallet = std::move(created).value();
    const Script script = fixture.wallet->nextAddress(AddressType::Taproot, {})->script;
    // Paid before the wallet saw the chain for the first time.
    fixture.backend.extend({MadeUpChain::payment(script, sat(7'000), 1)}, 0, 40'000);
    for (std::uint32_t i = 2; i <= 50; ++i) fixture.backend.extend({}, 0, i * 40'000);
    fixture.connect();
    fixture.backend.setHeadersKnown();
    fixture.settle();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{7'000});
}

void TestWalletSync::aDiskThatHasRoomAgainIsGoneOnWith()
{
    test::FaultyDisk disk;
    SyncFixture fixture;
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(0), sat(1'000), 1)});
    fixture.settle();
    disk.fillUpAt(1);
    for (std::uint32_t index = 1; index <= 3; ++index) {
        fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(index), sat(1'000), index + 1)});
        fixture.backend.setSynced(true); // the news with which it tries again
        fixture.settle();
    }
    // Told once, with its name, and the balance is not given out as the last word.
    QCOMPARE(fixture.failures.size(), std::size_t{1});
    QVERIFY(fixture.failures[0].find("store.full") == 0);
    QVERIFY(!fixture.wallet->isSynced());
    QVERIFY(fixture.balance().partial);
    disk.heal();
    fixture.backend.extend({});
    fixture.backend.setSynced(true);
    fixture.settle();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{4'000});
    QVERIFY(fixture.wallet->isSynced());
    fixture.sync.reset();
    fixture.reopen();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{4'000});
    fixture.wallet.reset();
}

void TestWalletSync::eventsAfterTheEndDoNothing()
{
    SyncFixture fixture;
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(0), sat(20'000), 2)});
    fixture.backend.walk();
    fixture.sync.reset();
    const int changes = fixture.changes;
    while (!fixture.tasks.empty()) fixture.runOne();
    QCOMPARE(fixture.changes, changes);
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{0});
    VERIFY_OK(fixture.wallet->nextAddress(AddressType::Taproot, {})); // nobody listens: nothing happens
}

void TestWalletSync::aNewAddressIsLookedFor()
{
    SyncFixture fixture;
    fixture.backend.extend({});
    fixture.settle();
    // Handing out address 0 brings address 20 into sight; it is paid at once.
    VERIFY_OK(fixture.wallet->nextAddress(AddressType::Taproot, {}));
    fixture.backend.extend({MadeUpChain::payment(fixture.receiveScript(20), sat(7'000), 9)});
    fixture.settle();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{7'000});
}

void TestWalletSync::aLieOfLongAgoHidesNothingOnceItIsCorrected()
{
    SyncFixture fixture;
    fixture.extendTo(10'000, {{500, 19}, {600, 39}});
    fixture.backend.hidden = {500, 600};
    fixture.backend.setSynced(true);
    fixture.settle();
    QCOMPARE(fixture.wallet->tipHeight().value, 10'000U);
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{0});
    fixture.backend.correctFilters({500});
    fixture.settle();
    // Address 39 comes into sight by the payment to 19 only: it has to be looked for around that block.
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{2'000});
    QVERIFY(!fixture.balance().partial);
}

void TestWalletSync::aRestoreFindsPaymentsInWhateverOrder_data()
{
    QTest::addColumn<Payments>("payments");
    QTest::newRow("from the last to the first") << Payments{{1, 45}, {5'000, 30}, {9'000, 15}};
    QTest::newRow("one that is out of sight at first") << Payments{{1, 75}, {6'000, 45}};
    QTest::newRow("out of sight twice") << Payments{{1, 120}, {2, 100}, {3'000, 59}, {9'000, 7}};
}

void TestWalletSync::aRestoreFindsPaymentsInWhateverOrder()
{
    QFETCH(Payments, payments);
    NewWallet options = test::newWallet();
    options.restored = true;
    SyncFixture fixture(options);
    fixture.extendTo(2'500, payments);
    fixture.settle();
    // Ended before it had seen all of the chain: the next time it is still a restore.
    fixture.crash();
    fixture.connect();
    fixture.extendTo(10'000, payments);
    fixture.backend.setSynced(true);
    fixture.settle();
    QVERIFY(!fixture.balance().partial);
    QCOMPARE(fixture.balance().confirmed.sat(), 1'000 * static_cast<std::int64_t>(payments.size()));
    fixture.extendTo(10'010, {});
    fixture.settle();
    QVERIFY(!fixture.wallet->rescanFrom().has_value());
    // From then on it looks no further back than any other wallet.
    fixture.crash();
    std::uint32_t last = 0;
    while (fixture.wallet->ownerOf(fixture.receiveScript(last + 1))) ++last;
    fixture.mine({MadeUpChain::payment(fixture.receiveScript(last), sat(1'000), 999)});
    QVERIFY(fixture.wallet->ownerOf(fixture.receiveScript(last + 20)).has_value());
    QVERIFY(!fixture.wallet->ownerOf(fixture.receiveScript(last + 21)).has_value());
    QCOMPARE(fixture.wallet->rescanFrom()->value, 10'010U - Wallet::kRescanDepth);
}

QTEST_GUILESS_MAIN(TestWalletSync)
#include "tst_wallet_sync.moc"
