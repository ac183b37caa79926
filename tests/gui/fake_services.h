// SPDX-License-Identifier: MIT
// Services in memory for tests of the window: a wallet, a chain and a bridge whose state the test sets. Answers come
// from a thread of their own, as those of the real services do, and can be held back to see what the window does when
// they are late.
#pragma once

#include "app/services/interfaces/services.h"
#include "tests/gui/fake_prover.h"

#include <atomic>
#include <condition_variable>
#include <deque>
#include <list>
#include <mutex>
#include <set>
#include <thread>

namespace bowline::test {

using namespace services;

/// One thread that runs tasks in order. While held, it runs none.
class FakeWorker {
public:
    FakeWorker();
    ~FakeWorker();
    FakeWorker(const FakeWorker&) = delete;
    FakeWorker& operator=(const FakeWorker&) = delete;
    void post(std::function<void()> task);
    void hold(bool held);
    [[nodiscard]] std::size_t waiting() const;

private:
    void run();
    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_tasks;
    bool m_held = false;
    bool m_stop = false;
    std::thread m_thread;
};

class FakeServices final : public Services,
                           public WalletService,
                           public SpendService,
                           public BridgeService,
                           public LayerTwoService,
                           public ExplorerService,
                           public NetworkService {
public:
    FakeServices();
    ~FakeServices() override;

    // What a test does with the world.
    void addWallet(const std::string& name, const std::string& password);
    void update(const std::function<void(Snapshot&)>& change);
    void holdAnswers(bool held) { m_worker.hold(held); }
    [[nodiscard]] std::size_t heldAnswers() const { return m_worker.waiting(); }
    void failNext(base::ErrorCode code, std::string detail = "scripted");
    void payTo(const std::string& address, Amount amount);
    /// Confirms what is pending and moves deposits and withdrawals along.
    void mine(std::uint32_t blocks);
    void warnWith(std::vector<std::string> warnings) { m_warnings = std::move(warnings); }
    void stopCommittee() { m_committeeWorks = false; }
    void stopOperators() { m_operatorsWork = false; }
    /// Of the last refund, in sat/kvB.
    [[nodiscard]] std::int64_t refundRate() const { return m_refundRate; }
    [[nodiscard]] std::vector<Recipient> sentTo() const;
    [[nodiscard]] bool backupConfirmed() const { return m_backupConfirmed; }
    /// What create() was given, to compare with what was shown.
    [[nodiscard]] std::string wordsOf(const std::string& wallet) const;

    static const std::string kWords;

    // Services
    WalletService& wallets() override { return *this; }
    SpendService& spending() override { return *this; }
    BridgeService& bridge() override { return *this; }
    LayerTwoService& layerTwo() override { return *this; }
    ExplorerService& explorer() override { return *this; }
    NetworkService& network() override { return *this; }
    ProverService& prover() override { return m_prover; }
    [[nodiscard]] FakeProver& fakeProver() { return m_prover; }
    SnapshotPtr snapshot() const override;
    Subscription handleSnapshot(std::function<void(SnapshotPtr)> function) override;

    // WalletService
    Task listWallets(Completion<std::vector<WalletInfo>> done) override;
    Task generateWords(int count, Completion<base::SecureBytes> done) override;
    Task create(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                base::SecureBytes password, Completion<WalletInfo> done) override;
    Task restore(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                 base::SecureBytes password, UnixTime birthday, Completion<WalletInfo> done) override;
    Task open(std::string name, Completion<WalletInfo> done) override;
    Task unlock(std::string name, base::SecureBytes password, Completion<WalletInfo> done) override;
    void lock() override;
    Task confirmBackup(base::SecureBytes words, Completion<base::Unit> done) override;
    Task changePassword(base::SecureBytes before, base::SecureBytes after,
                        Completion<base::Unit> done) override;
    Task nextAddress(AddressType type, std::string label, Completion<AddressView> done) override;
    Task listTransactions(std::size_t offset, std::size_t count,
                          Completion<std::vector<TransactionView>> done) override;
    Task showTransaction(std::string txid, Completion<TransactionView> done) override;

    // SpendService
    Task review(std::vector<Recipient> recipients, std::int64_t feeSatPerKvb,
                Completion<SpendReview> done) override;
    Task confirm(std::string draftId, Completion<std::string> done) override;
    Task reviewBump(std::string txid, std::int64_t feeSatPerKvb, bool byChild,
                    Completion<SpendReview> done) override;
    Task reviewLayerTwo(std::string recipient, Amount amount, Completion<LayerTwoReview> done) override;
    Task confirmLayerTwo(std::string draftId, Completion<std::string> done) override;

    // BridgeService
    Task quoteDeposit(Amount amount, std::int64_t feeSatPerKvb, Completion<DepositQuote> done) override;
    Task startDeposit(std::string draftId, Completion<std::vector<std::string>> done) override;
    Task quoteWithdrawal(Amount amount, std::string address, Completion<WithdrawQuote> done) override;
    Task startWithdrawal(std::string draftId, Completion<std::string> done) override;
    Task refund(std::string bridgeId, std::int64_t feeSatPerKvb, Completion<std::string> done) override;
    Task reclaim(std::string bridgeId, Completion<std::string> done) override;
    Task list(Completion<std::vector<BridgeItem>> done) override;
    Task show(std::string bridgeId, Completion<BridgeItem> done) override;

    // LayerTwoService
    Task head(Completion<BatchView> done) override;
    Task batch(std::uint64_t number, Completion<BatchView> done) override;
    Task account(std::string keyOrAddress, Completion<ProvenValue> done) override;
    Task history(std::string keyOrAddress, Completion<ProvenValue> done) override;

    // ExplorerService (fake_explorer.cpp)
    Task batches(std::optional<std::uint64_t> before, std::size_t count,
                 Completion<std::vector<BatchView>> done) override;
    Task find(std::string query, Completion<FoundView> done) override;
    Task list(std::string kind, std::string after, Completion<ListView> done) override;
    Task compare(std::uint64_t evidence, std::string node, Completion<ComparisonView> done) override;
    Task saveProof(std::uint64_t evidence, std::string path, Completion<std::uint64_t> done) override;
    Task evidence(Completion<std::vector<EvidenceView>> done) override;
    Task checkFile(std::string path, Completion<FileReport> done) override;

    // NetworkService
    SyncView sync() const override;
    std::vector<PeerView> peers() const override;
    Task waitSynced(Completion<SyncView> done) override;

private:
    struct Listener {
        std::mutex mutex;
        std::function<void(SnapshotPtr)> function;
    };
    template <typename T>
    Task answer(Completion<T> done, std::function<base::Result<T>()> work);
    void publish();
    base::Result<WalletInfo> openWallet(const std::string& name);
    std::string addWalletFile(std::string name, const base::SecureBytes& words,
                              const base::SecureBytes& password);
    void addBatch();
    [[nodiscard]] FoundView foundAccount();
    [[nodiscard]] FoundView foundTransaction();
    [[nodiscard]] FoundView foundBatch(const BatchView& batch);
    [[nodiscard]] std::vector<CheckView> checksFor(const std::string& kind);
    void moveDeposit(BridgeItem& item, std::uint32_t tip);
    void moveWithdrawal(BridgeItem& item, std::uint32_t tip);
    /// Once a withdrawal is paid an operator claims the vault of a deposit.
    void claimAVault(std::uint32_t tip);
    void moveClaim(BridgeItem& item, std::uint32_t tip);
    [[nodiscard]] std::string nextId();

    mutable std::recursive_mutex m_mutex; // of everything below
    Snapshot m_state;
    SnapshotPtr m_snapshot;
    std::map<std::string, std::pair<std::string, std::string>> m_files; // name: password, words
    std::list<std::shared_ptr<Listener>> m_listeners;
    std::optional<base::Error> m_nextFailure;
    std::vector<TransactionView> m_transactions;
    std::vector<std::string> m_warnings;
    std::map<std::string, std::vector<Recipient>> m_drafts;
    std::map<std::string, DepositQuote> m_depositDrafts;
    std::map<std::string, WithdrawQuote> m_withdrawDrafts;
    std::vector<Recipient> m_sent;
    bool m_committeeWorks = true;
    bool m_operatorsWork = true;
    bool m_backupConfirmed = false;
    std::atomic<std::int64_t> m_refundRate = 0;
    std::uint64_t m_ids = 0;
    std::uint32_t m_addresses = 0;
    std::atomic<std::uint64_t> m_epoch = 1;
    FakeProver m_prover{[this](std::function<void()> task) { m_worker.post(std::move(task)); }};
    FakeWorker m_worker; // last: its thread uses the rest
};

template <typename T>
Task FakeServices::answer(Completion<T> done, std::function<base::Result<T>()> work)
{
    const std::uint64_t born = m_epoch;
    m_worker.post([this, born, done = std::move(done), work = std::move(work)] {
        base::Result<T> result = base::makeError(kCancelled);
        {
            const std::lock_guard lock(m_mutex);
            if (m_nextFailure)
                result = *std::exchange(m_nextFailure, std::nullopt);
            else if (born == m_epoch)
                result = work();
        }
        publish();
        done(std::move(result));
    });
    return {};
}

} // namespace bowline::test
