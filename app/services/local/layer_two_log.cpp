// SPDX-License-Identifier: MIT
#include "app/services/local/layer_two_log.h"

#include "core/base/log.h"
#include "core/base/serial.h"

#include <algorithm>

namespace bowline::services {

namespace {
// How far the history was read: its length then, and the last entry's hash.
constexpr std::string_view kMarkKind = "history";
constexpr std::string_view kMarkId = "read";
} // namespace

LayerTwoLog::LayerTwoLog(const Surroundings& around, wallet::Wallet& wallet, base::XOnlyPublicKey account,
                         Events events)
    : m_around(around), m_wallet(wallet), m_account(account), m_events(std::move(events))
{
}

LayerTwoLog::~LayerTwoLog() { *m_alive = false; }

void LayerTwoLog::refresh()
{
    using Answer = std::pair<StateValue, std::vector<l2::HistoryEntry>>;
    ++m_callsOpen;
    m_around.node.history(m_account, [this, alive = m_alive](base::Result<Answer> answer) {
        if (!*alive) return;
        --m_callsOpen;
        const bool verified = answer.ok() && std::holds_alternative<l2::Verified>(answer->first.verdict);
        m_hasFailed = !verified;
        if (verified) takeHistory(std::move(answer->second));
        m_around.changed();
    });
}

void LayerTwoLog::lookAgain()
{
    if (m_hasFailed && isIdle()) refresh();
}

void LayerTwoLog::takeHistory(std::vector<l2::HistoryEntry> entries)
{
    std::set<base::BatchNumber> wanted;
    m_unread.clear();
    for (std::size_t i = readBefore(entries); i < entries.size(); ++i) {
        m_unread.insert(entries[i].transaction);
        wanted.insert(entries[i].batch);
    }
    m_end.reset();
    if (!entries.empty()) m_end = {entries.size(), entries.back().transaction};
    if (entries.size() > kKept) entries.erase(entries.begin(), entries.end() - kKept);
    m_entries = std::move(entries);
    for (const l2::HistoryEntry& entry : m_entries) {
        if (!m_known.contains(entry.transaction)) wanted.insert(entry.batch);
    }
    for (const base::BatchNumber number : wanted) askBatch(number);
}

/// How many entries of this history were read already; 0 when it is another one.
std::size_t LayerTwoLog::readBefore(const std::vector<l2::HistoryEntry>& entries)
{
    const auto mark = m_wallet.store().record(kMarkKind, base::viewOf(kMarkId));
    if (!mark.ok() || !*mark) return 0;
    base::Reader in((*mark)->data);
    const std::uint64_t count = in.u64le();
    const auto last = in.hash<l2::TxHash>();
    const bool fits = in.finish().ok() && count > 0 && count <= entries.size() &&
                      entries[static_cast<std::size_t>(count) - 1].transaction == last;
    return fits ? static_cast<std::size_t>(count) : 0;
}

void LayerTwoLog::noteRead()
{
    base::Writer out;
    out.u64le(m_end->first);
    out.hash(m_end->second);
    const base::Status noted = m_wallet.store().putRecord(
        {std::string(kMarkKind), base::toBytes(base::viewOf(kMarkId)), out.take(), m_around.clock.now()});
    if (!noted.ok()) base::logWarning("services", "history: " + noted.error().detail); // it is read again
    m_events.complete();
}

void LayerTwoLog::askBatch(base::BatchNumber number)
{
    ++m_callsOpen;
    m_around.node.batch(
        number, [this, alive = m_alive](base::Result<std::pair<l2::SignedBatch, l2::Verdict>> answer) {
            if (!*alive) return;
            --m_callsOpen;
            if (answer.ok() && std::holds_alternative<l2::Verified>(answer->second)) {
                takeBatch(answer->first);
            } else {
                m_hasFailed = true;
            }
            m_around.changed();
        });
}

void LayerTwoLog::takeBatch(const l2::SignedBatch& batch)
{
    const bool wasUnread = !m_unread.empty();
    for (const base::Bytes& encoded : batch.body.transactions) {
        const auto transaction = l2::parseTransaction(encoded);
        if (!transaction.ok()) continue;
        const l2::TxHash hash = transaction->hash();
        auto activity = activityOf(*transaction, static_cast<base::UnixTime>(batch.head.header.time));
        if (activity) m_known[hash] = std::move(*activity);
        m_unread.erase(hash);
        if (transaction->sender == m_account) m_events.own(*transaction, batch.head.header);
    }
    if (wasUnread && m_unread.empty()) noteRead();
}

std::optional<ActivityView> LayerTwoLog::activityOf(const l2::Transaction& transaction,
                                                    base::UnixTime time) const
{
    ActivityView out;
    out.id = transaction.hash().hex();
    out.time = time;
    out.state = "sequenced";
    if (const auto* transfer = std::get_if<l2::Transfer>(&transaction.payload)) {
        const bool sent = transaction.sender == m_account;
        if (!sent && transfer->to != m_account) return std::nullopt;
        out.kind = sent ? "layer2-sent" : "layer2-received";
        out.delta = sent ? -(transfer->amount + transaction.fee) : transfer->amount;
        return out;
    }
    // Mints and withdrawals are told by the bridge's own timelines.
    return std::nullopt;
}

std::vector<ActivityView> LayerTwoLog::activities() const
{
    std::vector<ActivityView> out;
    for (auto entry = m_entries.rbegin(); entry != m_entries.rend(); ++entry) {
        const auto found = m_known.find(entry->transaction);
        if (found != m_known.end()) out.push_back(found->second);
    }
    return out;
}

} // namespace bowline::services
