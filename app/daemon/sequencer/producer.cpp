// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/producer.h"

#include "app/daemon/bridge/bridge_state.h"
#include "app/daemon/sequencer/l1_section.h"
#include "core/base/log.h"
#include "core/crypto/hash.h"

#include <algorithm>

namespace bowline::daemon {

using base::BatchNumber;
using base::Bytes;
using base::ByteView;
using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

constexpr std::size_t kMaxTransactionsPerBatch =
    1'000; // what a batch's interval leaves time to run, see bench_l2
constexpr std::uint64_t kMaxNonceAhead = 64;

/// Refusals that say nothing about the transaction itself: it waits on.
bool isPassing(std::string_view reason, bool replay)
{
    return reason == "batch-full" || (reason == "nonce-high" && !replay);
}

bitcoin::OutPoint vaultOf(const l2::Mint& mint)
{
    return {{crypto::sha256d(mint.deposit.transaction).bytes}, 0};
}

} // namespace

Producer::Producer(L2Node& node, const BitcoinView& bitcoin, const crypto::PrivateKey& key,
                   const base::Clock& clock, PoolLimits limits)
    : m_node(node), m_bitcoin(bitcoin), m_key(key), m_clock(clock), m_limits(limits), m_pool(limits)
{
}

Status Producer::restore()
{
    m_pool = Mempool(m_limits);
    m_replays.clear();
    BOWLINE_TRY(std::vector<PendingRow> rows, loadPending(m_node.store().database()));
    for (PendingRow& row : rows) {
        if (row.replay) {
            m_replays.push_back(std::move(row));
            continue;
        }
        BOWLINE_TRY(const l2::Transaction tx, l2::parseTransaction(row.encoded));
        PoolEntry entry = entryOf(tx, std::move(row.encoded));
        entry.arrival = row.position;
        entry.since = row.since;
        const auto added = m_pool.add(std::move(entry));
        if (!added)
            base::logWarning("sequencer", "a waiting transaction was not taken back: " + row.hash.hex());
    }
    return success();
}

std::uint64_t Producer::nextNonce(const base::XOnlyPublicKey& account) const
{
    const auto found = m_node.account(account);
    return found ? found->nonce : 0;
}

Result<l2::TxHash> Producer::submit(ByteView encoded)
{
    BOWLINE_TRY(const l2::Transaction tx, l2::parseTransaction(encoded));
    const l2::TxHash hash = tx.hash();
    BOWLINE_TRY(const auto included, m_node.store().find(hash));
    const bool replayed = std::any_of(m_replays.begin(), m_replays.end(),
                                      [&hash](const PendingRow& row) { return row.hash == hash; });
    if (included || replayed || m_pool.has(hash)) return hash;
    PoolEntry entry = entryOf(tx, base::toBytes(encoded));
    BOWLINE_CHECK(checkNow(tx, entry));
    BOWLINE_CHECK(admit(std::move(entry)));
    return hash;
}

PoolEntry Producer::entryOf(const l2::Transaction& transaction, Bytes encoded) const
{
    PoolEntry out;
    out.hash = transaction.hash();
    out.sender = transaction.sender;
    out.nonce = transaction.nonce;
    out.fee = transaction.fee;
    out.outflow = outflowOf(transaction);
    out.encoded = std::move(encoded);
    out.since = m_node.head().header.height.value;
    // Whoever is next is executed before it is let in.
    out.judged = l2::hasOwnAuthority(transaction.type()) || out.nonce == nextNonce(out.sender);
    if (const auto* mint = std::get_if<l2::Mint>(&transaction.payload)) out.vault = vaultOf(*mint);
    return out;
}

base::Amount Producer::outflowOf(const l2::Transaction& transaction) const
{
    const auto& payload = transaction.payload;
    const auto valueAt = [this](const l2::ObjectId& id) { return m_node.state().find(id.key()); };
    if (const auto* transfer = std::get_if<l2::Transfer>(&payload)) return transfer->amount;
    if (const auto* request = std::get_if<l2::WithdrawRequest>(&payload))
        return request->amount + request->operatorFee;
    if (const auto* registration = std::get_if<l2::OperatorRegister>(&payload)) return registration->stake;
    if (const auto* accept = std::get_if<l2::WithdrawAccept>(&payload)) {
        const Bytes* value = valueAt(l2::withdrawalId(accept->id));
        if (value == nullptr) return {};
        const auto withdrawal = l2::parseWithdrawal(*value);
        return withdrawal.ok() ? m_node.params().bondFor(withdrawal->amount) : base::Amount();
    }
    if (const auto* claim = std::get_if<l2::ClaimVault>(&payload)) {
        const Bytes* value = valueAt(l2::vaultId(claim->vault));
        if (value == nullptr) return {};
        const auto vault = l2::parseVault(*value);
        return vault.ok() ? vault->value : base::Amount();
    }
    return {};
}

/// A reason for which the transaction is refused now and at any later nonce too: it speaks of what is not there.
std::optional<std::string_view> Producer::hopeless(const l2::Transaction& transaction) const
{
    const auto isThere = [this](const l2::ObjectId& id) { return m_node.state().find(id.key()) != nullptr; };
    if (const auto* accept = std::get_if<l2::WithdrawAccept>(&transaction.payload)) {
        if (!isThere(l2::withdrawalId(accept->id))) return "withdrawal-unknown";
    } else if (const auto* claim = std::get_if<l2::ClaimVault>(&transaction.payload)) {
        if (!isThere(l2::vaultId(claim->vault))) return "claim-vault-not-live";
    }
    return std::nullopt;
}

/// Cheap checks first; a transaction that could be next is executed on the head's state. What an account lets wait
/// must be covered by its balance all together: else money that is there once would hold many places, and displace
/// others by fees that nobody will pay.
Status Producer::checkNow(const l2::Transaction& transaction, const PoolEntry& entry)
{
    if (!l2::hasValidSignature(transaction, m_node.chainId())) return makeError(kTxRejected, "bad-signature");
    if (!l2::hasOwnAuthority(transaction.type())) {
        if (transaction.fee < m_node.params().minFee) return makeError(kTxRejected, "fee-low");
        const std::uint64_t next = nextNonce(transaction.sender);
        if (transaction.nonce < next) return makeError(kTxRejected, "nonce-low");
        if (transaction.nonce - next > kMaxNonceAhead) return makeError(kNonceFar);
        const auto account = m_node.account(transaction.sender);
        const base::Amount balance = account.ok() ? account->btc : base::Amount();
        if (m_pool.committedBeside(entry.sender, entry.nonce) + entry.fee + entry.outflow > balance) {
            return makeError(kTxRejected, "balance-low");
        }
        if (transaction.nonce > next) { // judged when its turn comes
            const auto reason = hopeless(transaction);
            return reason ? Status(makeError(kTxRejected, std::string(*reason))) : success();
        }
    }
    BOWLINE_TRY(const l2::L1View view, m_node.l1View());
    const l2::BatchBody alone{{view.tipHeight, {}}, {entry.encoded}};
    const l2::BatchHeader& parent = m_node.head().header;
    BOWLINE_TRY(const l2::ExecutionResult result,
                m_node.engine().propose(parent, m_node.state(), parent.time + 1, alone));
    if (const auto* invalid = std::get_if<l2::InvalidBatch>(&result))
        return makeError(kTxRejected, invalid->reason);
    const auto& rejected = std::get<l2::Execution>(result).rejected;
    return rejected.empty() ? success() : Status(makeError(kTxRejected, rejected.front().reason));
}

/// On disk before it waits in memory: the caller gives the hash out as a promise.
Status Producer::admit(PoolEntry entry)
{
    store::Database& db = m_node.store().database();
    const l2::TxHash hash = entry.hash;
    const Bytes encoded = entry.encoded;
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(db));
    BOWLINE_TRY(entry.arrival, addPending(db, hash, encoded, {entry.since}));
    BOWLINE_TRY(const std::vector<l2::TxHash> gone, m_pool.add(std::move(entry)));
    Status stored = removeRejected(db, hash);
    for (const l2::TxHash& left : gone) {
        if (stored.ok()) stored = removePending(db, left);
        if (stored.ok()) stored = addRejected(db, left, "displaced-by-fee");
    }
    if (stored.ok()) stored = transaction.commit();
    if (!stored.ok()) m_pool.remove(hash); // those displaced come back with the next restore()
    return stored;
}

Result<bool> Producer::step(bool mayMake)
{
    BOWLINE_CHECK(undoWhatLeft());
    BOWLINE_TRY(const bool tookBack, takeBack());
    if (tookBack || !mayMake) return tookBack;
    BOWLINE_TRY(const Candidate candidate, gather());
    if (!isTimeFor(candidate)) return false;

    const l2::BatchHeader parent = m_node.head().header;
    const std::uint64_t time =
        std::max(parent.time + 1, static_cast<std::uint64_t>(std::max<base::UnixTime>(m_clock.now(), 0)));
    BOWLINE_TRY(const l2::ExecutionResult result,
                m_node.engine().propose(parent, m_node.state(), time, candidate.body));
    if (const auto* invalid = std::get_if<l2::InvalidBatch>(&result)) {
        // Two reads of Bitcoin's chain may straddle a reorg: the next step sees it whole.
        if (m_lastRefusal != invalid->reason) base::logWarning("sequencer", "no batch: " + invalid->reason);
        m_lastRefusal = invalid->reason;
        return false;
    }
    m_lastRefusal.clear();
    const auto& execution = std::get<l2::Execution>(result);
    std::vector<l2::RejectedTransaction> dropped;
    for (const l2::RejectedTransaction& rejected : execution.rejected) {
        if (!isPassing(rejected.reason, rejected.index < candidate.replays)) dropped.push_back(rejected);
    }
    if (candidate.lost && !execution.receipts.empty() &&
        execution.receipts.back().transaction == candidate.hashes.back()) {
        dropped.push_back({0, *candidate.lost, "proof-other-block"});
    }
    if (execution.body.transactions.empty() && execution.body.l1.headers.empty()) {
        BOWLINE_CHECK(drop(dropped));
        return false;
    }
    BOWLINE_CHECK(keep(execution, dropped));
    return true;
}

Status Producer::undoWhatLeft()
{
    BOWLINE_TRY(const BatchNumber standing, m_node.lastStanding());
    const BatchNumber head = m_node.head().header.height;
    if (standing == head) return success();
    std::vector<l2::SignedBatch> undone;
    std::vector<Bytes> replays;
    for (std::uint64_t number = standing.value + 1; number <= head.value; ++number) {
        BOWLINE_TRY(l2::SignedBatch batch, m_node.store().batch({number}));
        replays.insert(replays.end(), batch.body.transactions.begin(), batch.body.transactions.end());
        undone.push_back(std::move(batch));
    }
    const base::Height until = m_bitcoin.tip() + replayHold(m_node.params());
    BOWLINE_CHECK(m_node.rollbackTo(standing, [&](store::Database& db) -> Status {
        for (const l2::SignedBatch& batch : undone) BOWLINE_CHECK(addUndone(db, batch));
        BOWLINE_CHECK(putHold(db, until));
        return addReplays(db, replays);
    }));
    return restore();
}

/// Bitcoin came back to a block on which a batch stood that was undone: no other may be signed at its place, so
/// the old one is applied again, with its old signature.
Result<bool> Producer::takeBack()
{
    const l2::BatchHeader head = m_node.head().header;
    BOWLINE_TRY(const auto undone, undoneAt(m_node.store().database(), {head.height.value + 1}));
    for (const l2::SignedBatch& batch : undone) {
        const l2::BatchHeader& header = batch.head.header;
        if (header.parent != head.hash() || m_node.placeOf(header) != L1Place::Stands) continue;
        BOWLINE_CHECK(m_node.applyBatch(batch, [&batch](store::Database& db) -> Status {
            for (const Bytes& encoded : batch.body.transactions) {
                const l2::TxHash hash = l2::hashOfEncoded(encoded);
                BOWLINE_CHECK(removePending(db, hash));
                BOWLINE_CHECK(removeRejected(db, hash));
            }
            return removeUndone(db, batch.head.header);
        }));
        BOWLINE_CHECK(restore());
        BOWLINE_CHECK(dropOld());
        return true;
    }
    return false;
}

/// The vault of a mint whose proof does not speak of a block that the state knows.
std::optional<bitcoin::OutPoint> Producer::lostMint(const PendingRow& row) const
{
    const auto tx = l2::parseTransaction(row.encoded);
    const auto* mint = tx.ok() ? std::get_if<l2::Mint>(&tx->payload) : nullptr;
    if (mint == nullptr) return std::nullopt;
    const Bytes* value = m_node.state().find(l2::l1BlockId(mint->deposit.height).key());
    const auto known =
        value != nullptr ? l2::parseL1Block(*value) : Result<base::BlockHash>(makeError(kNotHere));
    const bool isKnown = known.ok() && known->bytes == crypto::sha256d(mint->deposit.header).bytes;
    return isKnown ? std::nullopt : std::optional(vaultOf(*mint));
}

Result<Producer::Candidate> Producer::gather()
{
    BOWLINE_TRY(const l2::L1View view, m_node.l1View());
    BOWLINE_TRY(const base::Height until, holdUntil(m_node.store().database()));
    const bool isHeld = m_bitcoin.tip() < until;
    Candidate out;
    out.body.l1 = nextL1Section(view, m_bitcoin);
    std::size_t bytes = 0;
    const auto take = [&out, &bytes](const l2::TxHash& hash, const Bytes& encoded) {
        bytes += encoded.size();
        out.hashes.push_back(hash);
        out.body.transactions.push_back(encoded);
    };
    for (const PendingRow& row : m_replays) {
        const bool full =
            out.hashes.size() >= kMaxTransactionsPerBatch || bytes + row.encoded.size() > l2::kGasLimit;
        if (full) return out;
        // Payments that live on a mint fall with it, so nothing that followed it goes before it.
        if (const auto vault = isHeld ? lostMint(row) : std::nullopt) {
            const PoolEntry* anew = m_pool.mintOf(*vault);
            if (anew == nullptr) return out;
            take(anew->hash, anew->encoded);
            out.lost = row.hash;
            return out;
        }
        take(row.hash, row.encoded);
        ++out.replays;
    }
    const auto next = [this](const base::XOnlyPublicKey& account) { return nextNonce(account); };
    for (const PoolEntry* entry :
         m_pool.select(next, kMaxTransactionsPerBatch - out.hashes.size(), l2::kGasLimit - bytes)) {
        take(entry->hash, entry->encoded);
    }
    return out;
}

/// Somebody sent something in it: not only the sequencer itself, which shows the program its seals.
bool Producer::Candidate::isAwaited() const
{
    const auto isAwaited = [](const Bytes& encoded) {
        const auto transaction = l2::parseTransaction(encoded);
        return !transaction.ok() || transaction->type() != l2::TxType::Seal;
    };
    return std::any_of(body.transactions.begin(), body.transactions.end(), isAwaited);
}

bool Producer::isTimeFor(const Candidate& candidate)
{
    const base::UnixTime now = m_clock.now();
    const bool isGathering = !candidate.isEmpty() && m_gatherBlocks.count() > 0 && !candidate.isAwaited();
    if (!isGathering) {
        m_gatheringSince.reset();
        return !candidate.isEmpty();
    }
    // A clock that was set back must not make it wait for ever.
    if (!m_gatheringSince || now < *m_gatheringSince) m_gatheringSince = now;
    if (now - *m_gatheringSince < m_gatherBlocks.count()) return false;
    m_gatheringSince.reset();
    return true;
}

Status Producer::checkMaySign(const l2::BatchHeader& header)
{
    BOWLINE_TRY(const auto before, signedAt(m_node.store().database(), header.height));
    for (const l2::BatchHeader& earlier : before) {
        if (m_node.placeOf(earlier) != L1Place::Left) {
            return makeError(kWouldSignTwice, "batch " + std::to_string(header.height.value));
        }
    }
    return success();
}

Status Producer::keep(const l2::Execution& execution, const std::vector<l2::RejectedTransaction>& dropped)
{
    BOWLINE_CHECK(checkMaySign(execution.header));
    BOWLINE_TRY(const l2::SignedHeader head, l2::signHeader(execution.header, m_key));
    const auto remember = [&](store::Database& db) -> Status {
        BOWLINE_CHECK(addSigned(db, head.header));
        for (const l2::Receipt& receipt : execution.receipts) {
            BOWLINE_CHECK(removePending(db, receipt.transaction));
        }
        for (const l2::RejectedTransaction& rejected : dropped) {
            BOWLINE_CHECK(removePending(db, rejected.hash));
            BOWLINE_CHECK(addRejected(db, rejected.hash, rejected.reason));
        }
        return success();
    };
    BOWLINE_CHECK(m_node.commit(head, execution, remember));
    for (const l2::Receipt& receipt : execution.receipts) forget(receipt.transaction);
    for (const l2::RejectedTransaction& rejected : dropped) forget(rejected.hash);
    return dropOld();
}

Status Producer::dropOld()
{
    const auto next = [this](const base::XOnlyPublicKey& account) { return nextNonce(account); };
    const std::uint64_t head = m_node.head().header.height.value;
    std::vector<l2::RejectedTransaction> old;
    for (const l2::TxHash& hash : m_pool.stale(next)) old.push_back({0, hash, "nonce-low"});
    if (head > m_limits.maxBatchesWaited) {
        for (const l2::TxHash& hash : m_pool.olderThan(head - m_limits.maxBatchesWaited)) {
            old.push_back({0, hash, "expired"});
        }
    }
    return old.empty() ? success() : drop(old);
}

Status Producer::drop(const std::vector<l2::RejectedTransaction>& dropped)
{
    store::Database& db = m_node.store().database();
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(db));
    for (const l2::RejectedTransaction& rejected : dropped) {
        BOWLINE_CHECK(removePending(db, rejected.hash));
        BOWLINE_CHECK(addRejected(db, rejected.hash, rejected.reason));
    }
    BOWLINE_CHECK(transaction.commit());
    for (const l2::RejectedTransaction& rejected : dropped) forget(rejected.hash);
    return success();
}

void Producer::forget(const l2::TxHash& hash)
{
    m_pool.remove(hash);
    const auto same = [&hash](const PendingRow& row) { return row.hash == hash; };
    m_replays.erase(std::remove_if(m_replays.begin(), m_replays.end(), same), m_replays.end());
}

Result<TxVerdict> Producer::verdictOf(const l2::TxHash& hash)
{
    const bool replayed = std::any_of(m_replays.begin(), m_replays.end(),
                                      [&hash](const PendingRow& row) { return row.hash == hash; });
    if (replayed || m_pool.has(hash)) return TxVerdict{TxState::Pending, {}};
    BOWLINE_TRY(const auto reason, rejectionOf(m_node.store().database(), hash));
    return reason ? TxVerdict{TxState::Rejected, *reason} : TxVerdict{};
}

} // namespace bowline::daemon
