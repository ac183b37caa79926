// SPDX-License-Identifier: MIT
// The operator's Bitcoin wallet with its records: fundings, graphs and payments lie in the wallet's own file,
// so that a record and the transaction it speaks of are written together or not at all.
#pragma once

#include "app/daemon/node/role.h"
#include "core/bridge/graph.h"
#include "core/wallet/bump.h"
#include "core/wallet/sync.h"

namespace bowline::daemon {

/// A funding output for a Kickoff: free, or bound to one deposit for as long as that may come to something.
struct FundingRecord {
    bitcoin::OutPoint outpoint;
    std::optional<bridge::DepositTerms> bound;
    base::Bytes offer; // the signed message, once bound

    [[nodiscard]] base::Bytes serialize() const;
    [[nodiscard]] static base::Result<FundingRecord> parse(const bitcoin::OutPoint& outpoint,
                                                           base::ByteView data);
};

/// A transaction made for an acceptance of a withdrawal. Those of one acceptance spend a coin in common, so that one
/// of them at most is mined: the payment, the same at higher rates, and what takes it back.
struct PaymentRecord {
    std::uint64_t id = 0;
    std::uint32_t acceptance = 0;
    bool takesBack = false;
    bitcoin::Transaction transaction;
};

class OperatorWallet {
public:
    /// Opens `wallet.sqlite` in the folder, or makes it from the node's wallet key.
    [[nodiscard]] static base::Result<std::unique_ptr<OperatorWallet>> open(const RoleContext& context,
                                                                            std::function<void()> changed);
    void start() { m_sync->start(); }
    void stop() { m_sync.reset(); }

    [[nodiscard]] wallet::Wallet& wallet() { return *m_wallet; }
    [[nodiscard]] base::Result<bitcoin::Script> payoutScript();
    /// Confirmed coins only, see pay().
    [[nodiscard]] base::Amount spendable();

    /// Pays these outputs, in this order, change after them, from confirmed coins: what nothing else waits for can be
    /// replaced and taken back at any time. `record` says what to write together with the transaction; only then it
    /// is sent.
    using Record = std::function<base::Status(wallet::WalletStore&, const bitcoin::Transaction&)>;
    [[nodiscard]] base::Result<bitcoin::Transaction> pay(const std::vector<bitcoin::TxOut>& outputs,
                                                         base::FeeRate rate, const Record& record);
    /// The same outputs at a higher rate, in place of an unconfirmed transaction, for `most` at the highest: it may
    /// take more coins.
    [[nodiscard]] base::Result<bitcoin::Transaction> replace(const base::Txid& txid, base::FeeRate rate,
                                                             base::Amount most, const Record& record);
    /// Everything back to the wallet, in place of an unconfirmed transaction.
    [[nodiscard]] base::Result<bitcoin::Transaction> takeBack(const base::Txid& txid, base::FeeRate rate,
                                                              const Record& record);
    /// The rate of a transaction of the wallet's own that may still be mined; none for all others.
    [[nodiscard]] base::Result<std::optional<base::FeeRate>> pendingRate(const base::Txid& txid);
    /// Where the best chain has it.
    [[nodiscard]] base::Result<std::optional<base::Height>> minedAt(const base::Txid& txid);
    /// Sends what is not the wallet's own work: a Kickoff, a Take1.
    [[nodiscard]] base::Status send(const bitcoin::Transaction& transaction);
    /// A child that lifts the unconfirmed transaction to `rate`.
    [[nodiscard]] base::Status bump(const bitcoin::Transaction& parent, base::Amount parentFee,
                                    base::FeeRate rate);

    [[nodiscard]] base::Result<std::vector<FundingRecord>> fundings();
    [[nodiscard]] base::Status putFunding(const FundingRecord& record);
    [[nodiscard]] base::Result<std::vector<bridge::SignedGraph>> graphs();
    [[nodiscard]] base::Status putGraph(const bridge::SignedGraph& graph);
    [[nodiscard]] base::Result<std::vector<PaymentRecord>> payments();
    static base::Status putPayment(wallet::WalletStore& store, const PaymentRecord& record);
    static base::Status putFunding(wallet::WalletStore& store, const FundingRecord& record);

private:
    OperatorWallet() = default;
    [[nodiscard]] base::Result<bitcoin::Transaction> finish(const wallet::SpendDraft& draft,
                                                            const Record& record);
    base::SystemClock m_clock;
    std::unique_ptr<wallet::Wallet> m_wallet;
    std::unique_ptr<wallet::WalletSync> m_sync;
};

} // namespace bowline::daemon
