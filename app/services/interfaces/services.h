// SPDX-License-Identifier: MIT
// What the window and the command line can ask for. Pure virtual, no Qt, no core types beyond core/base:
// the window never sees a lock, a database or a socket.
//
// Threads: every function may be called from any thread and returns at once; completions and subscription
// functions run on the services' own thread. Snapshots are immutable and shared.
#pragma once

#include "app/services/interfaces/explorer_views.h"
#include "app/services/interfaces/prover.h"
#include "app/services/interfaces/task.h"
#include "app/services/interfaces/views.h"
#include "core/base/secure.h"

#include <memory>

namespace bowline::services {

/// Everything the pages show of an open wallet, at one moment. Sent at most ten times a second.
struct Snapshot {
    std::uint64_t epoch = 0; // grows with every lock and unlock: results of an older epoch are dropped
    WalletInfo wallet;
    BitcoinBalance bitcoin;
    LayerTwoBalance layerTwo;
    SyncView sync;
    std::vector<PeerView> peers;
    std::vector<ActivityView> recentActivity; // newest first, at most 20
    std::vector<NeedsYou> needsYou;
    std::vector<BridgeItem> bridge; // newest first
    std::vector<BatchView> batches; // newest first, at most 20
};
using SnapshotPtr = std::shared_ptr<const Snapshot>;

class WalletService {
public:
    virtual ~WalletService() = default;
    virtual Task listWallets(Completion<std::vector<WalletInfo>> done) = 0;
    /// Fresh words for a new wallet, in English, one space between; shown once and confirmed by the user.
    virtual Task generateWords(int count, Completion<base::SecureBytes> done) = 0;
    virtual Task create(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                        base::SecureBytes password, Completion<WalletInfo> done) = 0;
    /// `birthday`: scan from blocks of about this time; 0 for all.
    virtual Task restore(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                         base::SecureBytes password, UnixTime birthday, Completion<WalletInfo> done) = 0;
    /// Watch-only: everything can be seen and kept in step with the chain, nothing signed.
    virtual Task open(std::string name, Completion<WalletInfo> done) = 0;
    virtual Task unlock(std::string name, base::SecureBytes password, Completion<WalletInfo> done) = 0;
    /// From its return on no result of the session is delivered any more (they become kCancelled); the keys are
    /// wiped by the services' thread as its next step.
    virtual void lock() = 0;
    virtual Task confirmBackup(base::SecureBytes words, Completion<base::Unit> done) = 0;
    virtual Task changePassword(base::SecureBytes before, base::SecureBytes after,
                                Completion<base::Unit> done) = 0;
    virtual Task nextAddress(AddressType type, std::string label, Completion<AddressView> done) = 0;
    virtual Task listTransactions(std::size_t offset, std::size_t count,
                                  Completion<std::vector<TransactionView>> done) = 0;
    virtual Task showTransaction(std::string txid, Completion<TransactionView> done) = 0;
};

class SpendService {
public:
    virtual ~SpendService() = default;
    virtual Task review(std::vector<Recipient> recipients, std::int64_t feeSatPerKvb,
                        Completion<SpendReview> done) = 0;
    virtual Task confirm(std::string draftId, Completion<std::string> done) = 0; // txid
    virtual Task reviewBump(std::string txid, std::int64_t feeSatPerKvb, bool byChild,
                            Completion<SpendReview> done) = 0;
    virtual Task reviewLayerTwo(std::string recipient, Amount amount, Completion<LayerTwoReview> done) = 0;
    virtual Task confirmLayerTwo(std::string draftId, Completion<std::string> done) = 0; // layer-2 hash
};

class BridgeService {
public:
    virtual ~BridgeService() = default;
    virtual Task quoteDeposit(Amount amount, std::int64_t feeSatPerKvb, Completion<DepositQuote> done) = 0;
    virtual Task startDeposit(std::string draftId,
                              Completion<std::vector<std::string>> done) = 0; // bridge ids
    virtual Task quoteWithdrawal(Amount amount, std::string address, Completion<WithdrawQuote> done) = 0;
    virtual Task startWithdrawal(std::string draftId, Completion<std::string> done) = 0; // bridge id
    virtual Task refund(std::string bridgeId, std::int64_t feeSatPerKvb, Completion<std::string> done) = 0;
    virtual Task reclaim(std::string bridgeId, Completion<std::string> done) = 0;
    virtual Task list(Completion<std::vector<BridgeItem>> done) = 0;
    virtual Task show(std::string bridgeId, Completion<BridgeItem> done) = 0;
};

class LayerTwoService {
public:
    virtual ~LayerTwoService() = default;
    virtual Task head(Completion<BatchView> done) = 0;
    virtual Task batch(std::uint64_t number, Completion<BatchView> done) = 0;
    virtual Task account(std::string keyOrAddress, Completion<ProvenValue> done) = 0;
    /// The own account's whole history, checked to be complete against its accumulator.
    virtual Task history(std::string keyOrAddress, Completion<ProvenValue> done) = 0;
};

/// Looking at all of the layer 2. Every answer is checked here, and comes with its checks; a node's answer that was shown to
/// be wrong comes as Verdict::Kind::Invalid, with the check that says so.
class ExplorerService {
public:
    virtual ~ExplorerService() = default;
    /// Newest first, those before `before` (the head included when there is none), at most `count` of at most 20.
    virtual Task batches(std::optional<std::uint64_t> before, std::size_t count,
                         Completion<std::vector<BatchView>> done) = 0;
    /// A batch by number or hash; a transaction by hash; an account by key or address; a deposit by the vault's outpoint
    /// (txid:index) or by an own deposit's id; a withdrawal by number or by the hash of its request; a payment by its txid.
    virtual Task find(std::string query, Completion<FoundView> done) = 0;
    /// `kind`: "vault", "withdrawal", "operator" or "claim". `after`: ListView::next of the page before.
    virtual Task list(std::string kind, std::string after, Completion<ListView> done) = 0;
    /// The same question to another node.
    virtual Task compare(std::uint64_t evidence, std::string node, Completion<ComparisonView> done) = 0;
    /// Writes a proof file about what find() gave, after it was checked as by whoever opens it. Its size in bytes.
    virtual Task saveProof(std::uint64_t evidence, std::string path, Completion<std::uint64_t> done) = 0;
    /// What convicts the sequencer or a node, and was kept.
    virtual Task evidence(Completion<std::vector<EvidenceView>> done) = 0;
    /// Anybody's proof file, held against this wallet's network.
    virtual Task checkFile(std::string path, Completion<FileReport> done) = 0;
};

class NetworkService {
public:
    virtual ~NetworkService() = default;
    virtual SyncView sync() const = 0;
    virtual std::vector<PeerView> peers() const = 0;
    /// Calls back once when every line of the progress is done, or with kCancelled.
    virtual Task waitSynced(Completion<SyncView> done) = 0;
};

/// The application's services. Closing order: the window goes first, then the services.
class Services {
public:
    virtual ~Services() = default;
    [[nodiscard]] virtual WalletService& wallets() = 0;
    [[nodiscard]] virtual SpendService& spending() = 0;
    [[nodiscard]] virtual BridgeService& bridge() = 0;
    [[nodiscard]] virtual LayerTwoService& layerTwo() = 0;
    [[nodiscard]] virtual ExplorerService& explorer() = 0;
    [[nodiscard]] virtual NetworkService& network() = 0;
    [[nodiscard]] virtual ProverService& prover() = 0;
    [[nodiscard]] virtual SnapshotPtr snapshot() const = 0; // never null
    [[nodiscard]] virtual Subscription handleSnapshot(std::function<void(SnapshotPtr)> function) = 0;
};

} // namespace bowline::services
