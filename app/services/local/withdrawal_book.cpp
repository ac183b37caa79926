// SPDX-License-Identifier: MIT
#include "app/services/local/withdrawal_book.h"

#include "app/services/local/bridge_view.h"
#include "core/bitcoin/address.h"

#include <algorithm>

namespace bowline::services {

struct WithdrawalBook::Entry {
    Entry(WithdrawalRecord r, const bridge::ContextPtr& context)
        : record(std::move(r)), states(context, record.request, record.amount, record.script)
    {
        if (!record.refused.empty()) states.requestRefused();
        if (record.reclaim) states.reclaimSubmitted(record.reclaim->hash());
    }
    [[nodiscard]] bool isOpen() const
    {
        return latest && (latest->status == l2::WithdrawalStatus::Requested ||
                          latest->status == l2::WithdrawalStatus::Accepted);
    }
    WithdrawalRecord record;
    bridge::WithdrawalStates states;
    std::optional<l2::Withdrawal> latest; // as verified last
    Freshness freshness;
    bool isSettled = false; // nothing changes any more, unless batches are replaced
};

WithdrawalBook::WithdrawalBook(const Surroundings& around, wallet::Wallet& wallet, OwnTransactions& own)
    : m_around(around), m_wallet(wallet), m_own(own)
{
}

WithdrawalBook::~WithdrawalBook() { *m_alive = false; }

base::Status WithdrawalBook::load()
{
    BOWLINE_TRY(const auto rows, m_wallet.store().records(WithdrawalRecord::kKind));
    for (const wallet::BridgeRecord& row : rows) {
        BOWLINE_TRY(const WithdrawalRecord record, parseWithdrawalRecord(row.data));
        insert(record);
    }
    return base::success();
}

void WithdrawalBook::insert(const WithdrawalRecord& record)
{
    m_entries[record.request] = std::make_unique<Entry>(record, m_around.context);
    m_newScripts.emplace_back(record.script, record.createdAt);
}

base::Status WithdrawalBook::add(const WithdrawalRecord& record)
{
    // Known only when it is kept: what is known is sent until the node has it, and who asked for it was told of an
    // error and asks again.
    BOWLINE_CHECK(keep(record));
    insert(record);
    return base::success();
}

base::Status WithdrawalBook::adopt(const l2::Transaction& request, const l2::BatchHeader& batch)
{
    const auto* asked = std::get_if<l2::WithdrawRequest>(&request.payload);
    if (asked == nullptr || m_entries.contains(request.hash())) return base::success();
    WithdrawalRecord record;
    record.request = request.hash();
    record.transaction = request;
    record.amount = asked->amount;
    record.operatorFee = asked->operatorFee;
    record.script = asked->script;
    const auto address = bitcoin::addressFromScript(asked->script, m_wallet.network());
    if (address.ok()) record.address = *address;
    record.created = static_cast<base::UnixTime>(batch.time);
    record.createdAt = batch.l1Height;
    BOWLINE_CHECK(add(record));
    askState(*m_entries.at(record.request));
    return base::success();
}

base::Status WithdrawalBook::forget(const l2::TxHash& request)
{
    m_entries.erase(request);
    return m_wallet.store().removeRecord(WithdrawalRecord::kKind, request.view());
}

base::Status WithdrawalBook::keep(const WithdrawalRecord& record)
{
    return m_wallet.store().putRecord({std::string(WithdrawalRecord::kKind),
                                       base::toBytes(record.request.view()), encode(record),
                                       m_around.clock.now()});
}

std::vector<base::Bytes> WithdrawalBook::scripts() const
{
    std::vector<base::Bytes> out;
    for (const auto& [hash, entry] : m_entries) out.push_back(entry->record.script);
    return out;
}

std::optional<base::Height> WithdrawalBook::firstHeight() const
{
    std::optional<base::Height> first;
    for (const auto& [hash, entry] : m_entries) {
        if (!first || entry->record.createdAt < *first) first = entry->record.createdAt;
    }
    return first;
}

std::vector<std::pair<base::Bytes, base::Height>> WithdrawalBook::takeNewScripts()
{
    return std::exchange(m_newScripts, {});
}

void WithdrawalBook::blockConnected(const chain::BlockConnected& block)
{
    static const std::vector<bitcoin::Transaction> kNone;
    for (auto& [hash, entry] : m_entries) {
        const auto& transactions = block.block ? block.block->transactions : kNone;
        if (!block.again) {
            entry->states.blockConnected(block.height, transactions);
        } else if (block.block) {
            entry->states.blockSeenAgain(block.height, transactions, m_around.backend.tip().height);
        }
    }
    m_around.changed();
}

void WithdrawalBook::blockDisconnected(base::Height height)
{
    for (auto& [hash, entry] : m_entries) entry->states.blockDisconnected(height);
    m_around.changed();
}

void WithdrawalBook::headChanged(const NodeView& view)
{
    const auto isBefore = [this](const JudgedHeader& judged) { return judged.header == m_head; };
    const bool grown = std::any_of(view.recent.begin(), view.recent.end(), isBefore);
    const base::BatchNumber head = view.head.header.height;
    if (!grown) m_account.reset();
    for (auto& [hash, entry] : m_entries) {
        if (head < m_head.header.height) entry->states.batchesReplaced(head);
        if (!grown) entry->isSettled = false; // batches were replaced, or so many came that nobody knows
        entry->freshness.headMoved();
    }
    m_head = view.head;
    lookAgain();
}

void WithdrawalBook::lookAgain()
{
    for (auto& [hash, entry] : m_entries) {
        if (!entry->isSettled) askState(*entry);
    }
}

bool WithdrawalBook::isAnswered() const
{
    return std::all_of(m_entries.begin(), m_entries.end(), [](const auto& row) {
        return row.second->isSettled || row.second->freshness.wasTried();
    });
}

void WithdrawalBook::accountIs(std::uint64_t nonce, base::BatchNumber batch)
{
    if (m_account && m_account->first == nonce) return; // since the earlier batch
    m_account = {nonce, batch};
}

/// Whether a state as of this batch shows everything that the request can ever have done.
bool WithdrawalBook::hasPassed(const Entry& entry, base::BatchNumber batch) const
{
    return m_account && m_account->first > entry.record.transaction.nonce && m_account->second <= batch;
}

void WithdrawalBook::askState(Entry& entry)
{
    if (!entry.freshness.begin()) return;
    const l2::TxHash request = entry.record.request;
    m_around.node.state(l2::withdrawalId(l2::withdrawalNumber(request)),
                        [this, alive = m_alive, request](base::Result<StateValue> value) {
                            if (!*alive || !m_entries.contains(request)) return;
                            Entry& found = *m_entries.at(request);
                            const bool verified =
                                value.ok() && std::holds_alternative<l2::Verified>(value->verdict);
                            if (verified) takeState(found, *value);
                            if (found.freshness.answered(verified)) askState(found);
                            m_around.changed();
                        });
}

void WithdrawalBook::takeState(Entry& entry, const StateValue& value)
{
    std::optional<l2::Withdrawal> withdrawal;
    if (value.answer.value) {
        const auto parsed = l2::parseWithdrawal(*value.answer.value);
        if (!parsed.ok()) return; // of a program that this one does not know
        withdrawal = *parsed;
    }
    const base::BatchNumber batch = value.answer.batch.header.height;
    entry.latest = withdrawal;
    entry.states.batch(batch, withdrawal);
    if (!withdrawal) {
        // Not in a batch yet, or no longer: whoever tracks it finds out, and sends it again if it must. That it was
        // refused is the node's word; that it is over shows the account, whose nonce has moved past it.
        const bool refused = !entry.record.refused.empty();
        entry.isSettled = refused && hasPassed(entry, batch);
        if (!refused) m_own.track(entry.record.transaction);
    } else {
        entry.isSettled = !entry.isOpen();
        if (entry.isOpen() && entry.record.reclaim) m_own.track(*entry.record.reclaim);
    }
}

void WithdrawalBook::lost(const l2::TxHash& hash, const std::string& reason)
{
    for (auto& [request, entry] : m_entries) {
        if (request == hash) {
            entry->record.refused = refusalText(reason);
            entry->states.requestRefused();
        } else if (entry->record.reclaim && entry->record.reclaim->hash() == hash) {
            entry->record.reclaim.reset();
            entry->states.reclaimLost();
        } else {
            continue;
        }
        static_cast<void>(keep(entry->record).ok()); // found out again if it could not be kept
        m_around.changed();
    }
}

const WithdrawalBook::Entry* WithdrawalBook::find(const std::string& id) const
{
    const auto hash = l2::TxHash::fromHex(id);
    if (!hash.ok()) return nullptr;
    const auto found = m_entries.find(*hash);
    return found == m_entries.end() ? nullptr : found->second.get();
}

bool WithdrawalBook::knows(const std::string& id) const { return find(id) != nullptr; }

std::vector<BridgeItem> WithdrawalBook::items() const
{
    std::vector<BridgeItem> out;
    for (const auto& [hash, entry] : m_entries) {
        BridgeItem item;
        item.id = hash.hex();
        item.kind = BridgeItem::Kind::Withdrawal;
        item.amount = entry->record.amount;
        item.created = entry->record.created;
        item.destination = entry->record.address;
        fillFromTimeline(item, entry->states.timeline());
        out.push_back(std::move(item));
    }
    return out;
}

base::Amount WithdrawalBook::inEscrow() const
{
    base::Amount sum;
    for (const auto& [hash, entry] : m_entries) {
        if (entry->isOpen()) sum += entry->latest->amount + entry->latest->operatorFee;
    }
    return sum;
}

base::Result<std::uint64_t> WithdrawalBook::reclaimable(const std::string& id) const
{
    const Entry* entry = find(id);
    if (entry == nullptr) return base::makeError(kNothingToReclaim);
    const std::string action = entry->states.timeline().nextAction;
    if (action == "reclaim" || action == "cancel") return l2::withdrawalNumber(entry->record.request);
    const auto opens = entry->states.reclaimHeight();
    if (opens && !entry->record.reclaim) {
        return base::makeError(kReclaimTooEarly,
                               "possible once block " + std::to_string(opens->value) + " is there");
    }
    return base::makeError(kNothingToReclaim, entry->states.timeline().state);
}

base::Status WithdrawalBook::reclaimSubmitted(const std::string& id, const l2::Transaction& reclaim)
{
    const auto request = l2::TxHash::fromHex(id);
    if (!request.ok() || !m_entries.contains(*request)) return base::makeError(kNothingToReclaim);
    Entry& entry = *m_entries.at(*request);
    entry.record.reclaim = reclaim;
    entry.states.reclaimSubmitted(reclaim.hash());
    return keep(entry.record);
}

} // namespace bowline::services
