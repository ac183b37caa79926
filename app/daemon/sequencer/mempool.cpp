// SPDX-License-Identifier: MIT
#include "app/daemon/sequencer/mempool.h"

#include <queue>

#include <algorithm>

namespace bowline::daemon {

using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

/// Whether a pays more per byte than b; the earlier one wins a tie. Fees are below 2^51 and sizes below 2^18,
/// so the products do not fit 64 bits.
bool paysBetter(const PoolEntry& a, const PoolEntry& b)
{
    __extension__ using Wide = unsigned __int128;
    const Wide left = Wide(static_cast<std::uint64_t>(a.fee.sat())) * b.encoded.size();
    const Wide right = Wide(static_cast<std::uint64_t>(b.fee.sat())) * a.encoded.size();
    return left != right ? left > right : a.arrival < b.arrival;
}

/// Which of two stays when one must go.
bool isDearer(const PoolEntry& a, const PoolEntry& b)
{
    return a.judged != b.judged ? a.judged : paysBetter(a, b);
}

} // namespace

Result<std::vector<l2::TxHash>> Mempool::add(PoolEntry entry)
{
    if (has(entry.hash)) return std::vector<l2::TxHash>{};
    std::vector<PoolEntry> gone;
    Status status = replace(entry, gone);
    if (status.ok()) status = makeRoom(entry, gone);
    if (!status.ok()) {
        for (PoolEntry& kept : gone) insert(std::move(kept));
        return status.error();
    }
    insert(std::move(entry));
    std::vector<l2::TxHash> out;
    for (const PoolEntry& left : gone) out.push_back(left.hash);
    return out;
}

void Mempool::insert(PoolEntry entry)
{
    m_bytes += entry.encoded.size();
    if (entry.sender.isZero()) {
        m_mints.emplace(entry.arrival, entry.hash);
    } else {
        m_accounts[entry.sender].emplace(entry.nonce, entry.hash);
    }
    const l2::TxHash hash = entry.hash;
    m_entries.emplace(hash, std::move(entry));
}

void Mempool::remove(const l2::TxHash& hash)
{
    const auto found = m_entries.find(hash);
    if (found != m_entries.end()) extract(found->first);
}

PoolEntry Mempool::extract(l2::TxHash hash)
{
    PoolEntry out = std::move(m_entries.extract(hash).mapped());
    if (out.sender.isZero()) {
        m_mints.erase(out.arrival);
    } else {
        const auto account = m_accounts.find(out.sender);
        account->second.erase(out.nonce);
        if (account->second.empty()) m_accounts.erase(account);
    }
    m_bytes -= out.encoded.size();
    return out;
}

base::Amount Mempool::committedBeside(const base::XOnlyPublicKey& sender, std::uint64_t nonce) const
{
    base::Amount sum; // of at most maxPerAccount times twice the supply: it fits
    const auto account = m_accounts.find(sender);
    if (account == m_accounts.end()) return sum;
    for (const auto& [other, hash] : account->second) {
        if (other != nonce) sum += m_entries.at(hash).fee + m_entries.at(hash).outflow;
    }
    return sum;
}

/// A higher fee takes the place of the account's transaction with the same nonce.
Status Mempool::replace(const PoolEntry& entry, std::vector<PoolEntry>& gone)
{
    const auto account = m_accounts.find(entry.sender);
    if (entry.sender.isZero() || account == m_accounts.end()) return success();
    const auto same = account->second.find(entry.nonce);
    if (same == account->second.end()) {
        const bool full = account->second.size() >= m_limits.maxPerAccount;
        return full ? Status(makeError(kAccountFull)) : success();
    }
    const l2::TxHash old = same->second;
    if (entry.fee <= m_entries.at(old).fee) return makeError(kNonceTaken);
    gone.push_back(extract(old));
    return success();
}

Status Mempool::makeRoom(const PoolEntry& entry, std::vector<PoolEntry>& gone)
{
    while (m_entries.size() >= m_limits.maxCount || m_bytes + entry.encoded.size() > m_limits.maxBytes) {
        const PoolEntry* weakest = victim();
        if (weakest == nullptr || (!entry.sender.isZero() && !isDearer(entry, *weakest)))
            return makeError(kPoolFull);
        gone.push_back(extract(weakest->hash));
    }
    return success();
}

/// The least dear among the last transactions of each account: taking one from the middle would strand those
/// after it.
const PoolEntry* Mempool::victim() const
{
    const PoolEntry* out = nullptr;
    for (const auto& [sender, account] : m_accounts) {
        const PoolEntry& last = m_entries.at(account.rbegin()->second);
        if (out == nullptr || isDearer(*out, last)) out = &last;
    }
    return out;
}

std::vector<const PoolEntry*> Mempool::select(const NextNonce& nextNonce, std::size_t maxCount,
                                              std::size_t maxBytes) const
{
    std::vector<const PoolEntry*> out;
    std::size_t bytes = 0;
    const auto take = [&](const PoolEntry& entry) {
        if (out.size() >= maxCount || bytes + entry.encoded.size() > maxBytes) return false;
        out.push_back(&entry);
        bytes += entry.encoded.size();
        return true;
    };
    for (const auto& [arrival, hash] : m_mints) {
        if (!take(m_entries.at(hash))) return out;
    }
    const auto worse = [](const PoolEntry* a, const PoolEntry* b) { return paysBetter(*b, *a); };
    std::priority_queue<const PoolEntry*, std::vector<const PoolEntry*>, decltype(worse)> ready(worse);
    for (const auto& [sender, account] : m_accounts) {
        const auto first = account.find(nextNonce(sender));
        if (first != account.end()) ready.push(&m_entries.at(first->second));
    }
    while (!ready.empty()) {
        const PoolEntry* best = ready.top();
        ready.pop();
        if (!take(*best)) return out;
        const Account& account = m_accounts.at(best->sender);
        const auto next = account.find(best->nonce + 1);
        if (next != account.end()) ready.push(&m_entries.at(next->second));
    }
    return out;
}

std::vector<l2::TxHash> Mempool::stale(const NextNonce& nextNonce) const
{
    std::vector<l2::TxHash> out;
    for (const auto& [sender, account] : m_accounts) {
        const auto end = account.lower_bound(nextNonce(sender));
        for (auto entry = account.begin(); entry != end; ++entry) out.push_back(entry->second);
    }
    return out;
}

std::vector<l2::TxHash> Mempool::olderThan(std::uint64_t batch) const
{
    std::vector<l2::TxHash> out;
    for (const auto& [hash, entry] : m_entries) {
        if (entry.since < batch) out.push_back(hash);
    }
    return out;
}

const PoolEntry* Mempool::mintOf(const bitcoin::OutPoint& vault) const
{
    for (const auto& [arrival, hash] : m_mints) {
        const PoolEntry& mint = m_entries.at(hash);
        if (mint.vault == vault) return &mint;
    }
    return nullptr;
}

} // namespace bowline::daemon
