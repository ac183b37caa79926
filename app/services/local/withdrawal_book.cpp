// SPDX-License-Identifier: MIT
#include "app/services/local/withdrawal_book.h"

#include "app/services/local/bridge_view.h"

#include <boost/json.hpp>

namespace bowline::services {

namespace json = boost::json;

struct WithdrawalBook::Entry {
    Entry(WithdrawalRecord r, const bridge::ContextPtr& context)
        : record(std::move(r)), states(context, record.request, record.amount, record.script)
    {
        if (record.id) states.identified(*record.id);
        if (record.reclaim) states.reclaimSubmitted(*record.reclaim);
    }
    WithdrawalRecord record;
    bridge::WithdrawalStates states;
    std::optional<l2::Withdrawal> latest; // as verified last
    base::BatchNumber head;
    bool asked = false;
};

WithdrawalBook::WithdrawalBook(const Surroundings& around, wallet::Wallet& wallet) : m_around(around), m_wallet(wallet)
{
}

WithdrawalBook::~WithdrawalBook()
{
    *m_alive = false;
}

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
}

base::Status WithdrawalBook::add(const WithdrawalRecord& record)
{
    insert(record);
    return keep(*m_entries.at(record.request));
}

base::Status WithdrawalBook::forget(const l2::TxHash& request)
{
    m_entries.erase(request);
    return m_wallet.store().removeRecord(WithdrawalRecord::kKind, request.view());
}

base::Status WithdrawalBook::keep(const Entry& entry)
{
    return m_wallet.store().putRecord({std::string(WithdrawalRecord::kKind),
                                       base::toBytes(entry.record.request.view()), encode(entry.record),
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

void WithdrawalBook::blockConnected(const chain::BlockConnected& block)
{
    static const std::vector<bitcoin::Transaction> kNone;
    for (auto& [hash, entry] : m_entries) {
        if (block.again && !block.block) continue;
        entry->states.blockConnected(block.height, block.block ? block.block->transactions : kNone);
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
    for (auto& [hash, entry] : m_entries) {
        const base::BatchNumber head = view.head.header.height;
        if (head < entry->head) entry->states.batchesReplaced(head);
        entry->head = head;
        if (entry->record.id) {
            askState(*entry);
        } else {
            identify(*entry);
        }
    }
}

/// The node names the id that the request got; what it says is only believed once the proven object with that id
/// is ours and has our amount and script (askState).
void WithdrawalBook::identify(Entry& entry)
{
    const l2::TxHash request = entry.record.request;
    m_around.node.call("tx_status", {{"hash", request.hex()}},
                       [this, alive = m_alive, request](base::Result<json::value> answer) {
                           if (!*alive || !answer.ok() || !answer->is_object()) return;
                           const json::value* reference = answer->get_object().if_contains("reference");
                           if (reference == nullptr || !reference->is_number()) return;
                           boost::system::error_code failure;
                           const auto id = reference->to_number<std::uint64_t>(failure);
                           if (!failure && id != 0) takeIdentity(request, id);
                       });
}

void WithdrawalBook::takeIdentity(const l2::TxHash& request, std::uint64_t id)
{
    const auto found = m_entries.find(request);
    if (found == m_entries.end()) return;
    Entry& entry = *found->second;
    entry.record.id = id;
    entry.states.identified(id);
    askState(entry);
}

void WithdrawalBook::askState(Entry& entry)
{
    if (entry.asked) return;
    entry.asked = true;
    const l2::TxHash request = entry.record.request;
    m_around.node.state(
        l2::withdrawalId(*entry.record.id), [this, alive = m_alive, request](base::Result<StateValue> value) {
            if (!*alive || !m_entries.contains(request)) return;
            Entry& found = *m_entries.at(request);
            found.asked = false;
            if (!value.ok() || !std::holds_alternative<l2::Verified>(value->verdict) || !value->answer.value) return;
            const auto parsed = l2::parseWithdrawal(*value->answer.value);
            const auto own = m_wallet.layerTwoAccount();
            if (!parsed.ok() || !own.ok()) return;
            if (parsed->owner != *own || parsed->amount != found.record.amount || parsed->script != found.record.script) {
                found.record.id.reset(); // the node named another withdrawal
                return;
            }
            found.latest = *parsed;
            found.states.batch(value->answer.batch.header.height, *parsed);
            static_cast<void>(keep(found).ok()); // the id is found again if it could not be kept
            m_around.changed();
        });
}

const WithdrawalBook::Entry* WithdrawalBook::find(const std::string& id) const
{
    const auto hash = l2::TxHash::fromHex(id);
    if (!hash.ok()) return nullptr;
    const auto found = m_entries.find(*hash);
    return found == m_entries.end() ? nullptr : found->second.get();
}

bool WithdrawalBook::knows(const std::string& id) const
{
    return find(id) != nullptr;
}

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
        if (!entry->latest) continue;
        const auto status = entry->latest->status;
        if (status == l2::WithdrawalStatus::Requested || status == l2::WithdrawalStatus::Accepted) {
            sum += entry->latest->amount + entry->latest->operatorFee;
        }
    }
    return sum;
}

base::Result<std::uint64_t> WithdrawalBook::reclaimable(const std::string& id) const
{
    const Entry* entry = find(id);
    if (entry == nullptr || !entry->record.id) return base::makeError(kNothingToReclaim);
    const std::string action = entry->states.timeline().nextAction;
    if (action != "reclaim" && action != "cancel") return base::makeError(kNothingToReclaim, entry->states.timeline().state);
    return *entry->record.id;
}

base::Status WithdrawalBook::reclaimSubmitted(const std::string& id, const l2::TxHash& hash)
{
    const auto request = l2::TxHash::fromHex(id);
    if (!request.ok() || !m_entries.contains(*request)) return base::makeError(kNothingToReclaim);
    Entry& entry = *m_entries.at(*request);
    entry.record.reclaim = hash;
    entry.states.reclaimSubmitted(hash);
    return keep(entry);
}

} // namespace bowline::services
