// SPDX-License-Identifier: MIT
#include "app/daemon/node/history_index.h"

#include <algorithm>
#include <map>

namespace bowline::daemon {

using base::makeError;
using base::Result;
using base::Status;
using base::success;
using base::XOnlyPublicKey;

namespace {

/// Walks the transactions of one batch in order and follows withdrawals and claims as they change.
class Indexer {
public:
    Indexer(const l2::StateTree& before, const l2::Execution& execution)
        : m_before(before), m_execution(execution)
    {
    }

    Result<BatchIndex> run()
    {
        const auto& transactions = m_execution.body.transactions;
        if (transactions.size() != m_execution.receipts.size()) return makeError(kIndexMismatch, "receipts");
        for (std::size_t i = 0; i < transactions.size(); ++i) {
            BOWLINE_TRY(const l2::Transaction tx, l2::parseTransaction(transactions[i]));
            m_touched.clear();
            if (!l2::hasOwnAuthority(tx.type())) touch(tx.sender);
            BOWLINE_CHECK(follow(tx, m_execution.receipts[i]));
            const l2::HistoryEntry entry{m_execution.receipts[i].transaction, m_execution.header.height,
                                         static_cast<std::uint32_t>(i)};
            for (const XOnlyPublicKey& account : m_touched) m_out.history.push_back({account, entry});
        }
        BOWLINE_CHECK(checkAccumulators());
        return std::move(m_out);
    }

private:
    void touch(const XOnlyPublicKey& account)
    {
        if (std::find(m_touched.begin(), m_touched.end(), account) == m_touched.end())
            m_touched.push_back(account);
    }

    Status follow(const l2::Transaction& tx, const l2::Receipt& receipt)
    {
        switch (tx.type()) {
        case l2::TxType::Transfer: touch(std::get<l2::Transfer>(tx.payload).to); return success();
        case l2::TxType::Mint: touch(std::get<l2::Mint>(tx.payload).recipient); return success();
        case l2::TxType::WithdrawRequest: {
            l2::Withdrawal created;
            created.owner = tx.sender;
            m_withdrawals[receipt.reference] = created;
            return success();
        }
        case l2::TxType::WithdrawAccept:
        case l2::TxType::WithdrawProve:
        case l2::TxType::WithdrawReclaim: return followWithdrawal(tx, receipt.reference);
        case l2::TxType::Claim: return followClaim(tx, receipt);
        case l2::TxType::ClaimVoid:
        case l2::TxType::ClaimSettle: {
            BOWLINE_TRY(const XOnlyPublicKey key, claimOperator(receipt.reference));
            touch(key);
            return success();
        }
        case l2::TxType::OperatorRegister:
        case l2::TxType::OperatorLeave:
        case l2::TxType::Seal:
        case l2::TxType::Program: return success();
        }
        return makeError(kIndexMismatch, "transaction type");
    }

    Status followWithdrawal(const l2::Transaction& tx, std::uint64_t id)
    {
        BOWLINE_TRY(l2::Withdrawal * withdrawal, withdrawalAt(id));
        touch(withdrawal->owner);
        // Whoever had accepted before is touched by the payment as well as by the loss of its bond.
        if (withdrawal->status == l2::WithdrawalStatus::Accepted) touch(withdrawal->operatorKey);
        if (tx.type() == l2::TxType::WithdrawAccept) {
            withdrawal->status = l2::WithdrawalStatus::Accepted;
            withdrawal->operatorKey = tx.sender;
        } else {
            withdrawal->status = l2::WithdrawalStatus::Paid; // or cancelled: closed, for this purpose
        }
        return success();
    }

    Status followClaim(const l2::Transaction& tx, const l2::Receipt& receipt)
    {
        const auto& claim = std::get<l2::ClaimVault>(tx.payload);
        if (claim.ownIndex >= claim.graphLeaves.size()) return makeError(kIndexMismatch, "claim");
        m_claimOperators[receipt.reference] = tx.sender;
        m_out.claimLeaves.push_back(
            l2::claimId(receipt.transaction, claim.depositId, tx.sender, claim.graphLeaves[claim.ownIndex]));
        return success();
    }

    Result<l2::Withdrawal*> withdrawalAt(std::uint64_t id)
    {
        const auto known = m_withdrawals.find(id);
        if (known != m_withdrawals.end()) return &known->second;
        const base::Bytes* value = m_before.find(l2::withdrawalId(id).key());
        if (value == nullptr) return makeError(kIndexMismatch, "withdrawal");
        BOWLINE_TRY(l2::Withdrawal parsed, l2::parseWithdrawal(*value));
        return &(m_withdrawals[id] = std::move(parsed));
    }

    Result<XOnlyPublicKey> claimOperator(std::uint64_t index) const
    {
        const auto known = m_claimOperators.find(index);
        if (known != m_claimOperators.end()) return known->second;
        const base::Bytes* value = m_before.find(l2::claimObjectId(index).key());
        if (value == nullptr) return makeError(kIndexMismatch, "claim");
        BOWLINE_TRY(const l2::Claim claim, l2::parseClaim(*value));
        return claim.operatorKey;
    }

    Result<field::FieldDigest> accumulatorIn(const l2::StateTree& state, const XOnlyPublicKey& account) const
    {
        const base::Bytes* value = state.find(l2::accountId(account).key());
        if (value == nullptr) return field::FieldDigest{};
        BOWLINE_TRY(const l2::Account parsed, l2::parseAccount(*value));
        return parsed.history;
    }

    Status checkAccumulators() const
    {
        std::map<XOnlyPublicKey, field::FieldDigest> folded;
        for (const l2::StateObject& object : m_execution.changes) {
            if (object.id.kind != l2::ObjectKind::Account) continue;
            BOWLINE_TRY(const auto key, base::toArray<32>(object.id.id));
            BOWLINE_TRY(folded[XOnlyPublicKey{key}], accumulatorIn(m_before, XOnlyPublicKey{key}));
        }
        for (const HistoryRow& row : m_out.history) {
            const auto account = folded.find(row.account);
            if (account == folded.end()) return makeError(kIndexMismatch, "account " + row.account.hex());
            account->second =
                l2::historyStep(account->second, row.entry.transaction, row.entry.batch, row.entry.index);
        }
        for (const auto& [account, accumulator] : folded) {
            BOWLINE_TRY(const field::FieldDigest expected, accumulatorIn(m_execution.state, account));
            if (accumulator != expected) return makeError(kIndexMismatch, "account " + account.hex());
        }
        return success();
    }

    const l2::StateTree& m_before;
    const l2::Execution& m_execution;
    std::vector<XOnlyPublicKey> m_touched;
    std::map<std::uint64_t, l2::Withdrawal> m_withdrawals;
    std::map<std::uint64_t, XOnlyPublicKey> m_claimOperators;
    BatchIndex m_out;
};

} // namespace

Result<BatchIndex> indexBatch(const l2::StateTree& before, const l2::Execution& execution)
{
    return Indexer(before, execution).run();
}

} // namespace bowline::daemon
