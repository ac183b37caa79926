// SPDX-License-Identifier: MIT
#include "app/services/local/layer_two_log.h"

#include <algorithm>
#include <set>

namespace bowline::services {

LayerTwoLog::LayerTwoLog(const Surroundings& around, base::XOnlyPublicKey account)
    : m_around(around), m_account(account)
{
}

LayerTwoLog::~LayerTwoLog()
{
    *m_alive = false;
}

void LayerTwoLog::refresh()
{
    using Answer = std::pair<StateValue, std::vector<l2::HistoryEntry>>;
    m_around.node.history(m_account, [this, alive = m_alive](base::Result<Answer> answer) {
        if (!*alive || !answer.ok()) return;
        if (!std::holds_alternative<l2::Verified>(answer->first.verdict)) return;
        takeHistory(std::move(answer->second));
    });
}

void LayerTwoLog::takeHistory(std::vector<l2::HistoryEntry> entries)
{
    if (entries.size() > kKept) entries.erase(entries.begin(), entries.end() - kKept);
    m_entries = std::move(entries);
    std::set<base::BatchNumber> wanted;
    for (const l2::HistoryEntry& entry : m_entries) {
        if (!m_known.contains(entry.transaction)) wanted.insert(entry.batch);
    }
    for (const base::BatchNumber number : wanted) {
        m_around.node.batch(number, [this, alive = m_alive](base::Result<std::pair<l2::SignedBatch, l2::Verdict>> answer) {
            if (!*alive || !answer.ok() || !std::holds_alternative<l2::Verified>(answer->second)) return;
            takeBatch(answer->first);
        });
    }
    m_around.changed();
}

void LayerTwoLog::takeBatch(const l2::SignedBatch& batch)
{
    for (const base::Bytes& encoded : batch.body.transactions) {
        const auto transaction = l2::parseTransaction(encoded);
        if (!transaction.ok()) continue;
        auto activity = activityOf(*transaction, static_cast<base::UnixTime>(batch.head.header.time));
        if (activity) m_known[transaction->hash()] = std::move(*activity);
    }
    m_around.changed();
}

std::optional<ActivityView> LayerTwoLog::activityOf(const l2::Transaction& transaction, base::UnixTime time) const
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
