// SPDX-License-Identifier: MIT
#include "app/services/local/transfer_book.h"

namespace bowline::services {

base::Status TransferBook::load()
{
    BOWLINE_TRY(const auto rows, m_wallet.store().records(TransferRecord::kKind)); // newest first
    std::size_t refused = 0;
    for (const wallet::BridgeRecord& row : rows) {
        BOWLINE_TRY(const TransferRecord record, parseTransferRecord(row.data));
        if (!record.refused.empty() && ++refused > kRefusedKept) {
            BOWLINE_CHECK(m_wallet.store().removeRecord(TransferRecord::kKind, row.id));
            continue;
        }
        if (record.refused.empty()) m_own.track(record.transaction);
        m_records.emplace(record.transaction.hash(), record);
    }
    return base::success();
}

base::Status TransferBook::keep(const TransferRecord& record)
{
    const l2::TxHash hash = record.transaction.hash();
    return m_wallet.store().putRecord(
        {std::string(TransferRecord::kKind), base::toBytes(hash.view()), encode(record), record.created});
}

base::Status TransferBook::add(const l2::Transaction& transfer, base::UnixTime now)
{
    const TransferRecord record{transfer, now, {}};
    m_records.insert_or_assign(transfer.hash(), record);
    return keep(record);
}

void TransferBook::included(const l2::TxHash& hash)
{
    if (m_records.erase(hash) == 0) return;
    // If it stays in the file, the next run finds it in a batch again.
    static_cast<void>(m_wallet.store().removeRecord(TransferRecord::kKind, hash.view()).ok());
}

void TransferBook::lost(const l2::TxHash& hash, const std::string& reason)
{
    const auto found = m_records.find(hash);
    if (found == m_records.end()) return;
    found->second.refused = refusalText(reason);
    static_cast<void>(keep(found->second).ok()); // found out again if it could not be kept
}

std::vector<ActivityView> TransferBook::activities() const
{
    std::vector<ActivityView> out;
    for (const auto& [hash, record] : m_records) {
        const auto* transfer = std::get_if<l2::Transfer>(&record.transaction.payload);
        if (transfer == nullptr) continue;
        ActivityView view;
        view.id = hash.hex();
        view.kind = "layer2-sent";
        view.time = record.created;
        view.state = record.refused.empty() ? "pending" : "refused";
        view.note = record.refused;
        // What was refused took nothing away.
        if (record.refused.empty()) view.delta = -(transfer->amount + record.transaction.fee);
        out.push_back(std::move(view));
    }
    return out;
}

} // namespace bowline::services
