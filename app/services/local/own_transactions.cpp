// SPDX-License-Identifier: MIT
#include "app/services/local/own_transactions.h"

#include "core/net/errors.h"

#include <algorithm>
#include <vector>

namespace bowline::services {

namespace json = boost::json;

namespace {
constexpr std::string_view kRefusedByProgram = "sequencer.tx-rejected";

/// Nobody said no: the transaction may have reached the node all the same.
bool mayHaveArrived(const base::Error& error)
{
    constexpr base::ErrorCode kOpen[] = {net::kCancelled, net::kBadResponse, net::kInternalError};
    return net::isConnectionFailure(error.code) ||
           std::find(std::begin(kOpen), std::end(kOpen), error.code) != std::end(kOpen);
}

std::string textField(const json::value& value, std::string_view key)
{
    const json::object* object = value.if_object();
    const json::value* field = object == nullptr ? nullptr : object->if_contains(key);
    return field == nullptr || !field->is_string() ? std::string() : std::string(field->get_string());
}
} // namespace

std::uint64_t OwnTransactions::nextNonce() const
{
    std::uint64_t nonce = m_accountNonce;
    const auto isHeld = [&] {
        return std::any_of(m_entries.begin(), m_entries.end(),
                           [nonce](const auto& entry) { return entry.second.nonce == nonce; });
    };
    while (isHeld()) ++nonce;
    return nonce;
}

void OwnTransactions::submit(const l2::Transaction& transaction, Unanswered unanswered,
                             std::function<void(base::Result<l2::TxHash>)> done)
{
    const l2::TxHash hash = transaction.hash();
    track(transaction);
    m_entries.at(hash).isAsked = true;
    m_call(
        "tx_submit", {{"hex", base::toHex(transaction.encode())}},
        [this, alive = m_alive, hash, unanswered, done = std::move(done)](base::Result<json::value> answer) {
            if (!*alive) return;
            if (const auto found = m_entries.find(hash); found != m_entries.end())
                found->second.isAsked = false;
            const bool insists = unanswered == Unanswered::Insist;
            if (answer.ok() || (insists && mayHaveArrived(answer.error()))) return done(hash);
            m_entries.erase(hash);
            done(answer.error());
        });
}

void OwnTransactions::track(const l2::Transaction& transaction)
{
    m_entries.try_emplace(transaction.hash(), Entry{transaction.nonce, transaction.encode()});
}

void OwnTransactions::accountIs(std::uint64_t nonce)
{
    m_accountNonce = nonce;
    lookAgain();
}

void OwnTransactions::lookAgain()
{
    std::vector<l2::TxHash> all;
    for (const auto& [hash, entry] : m_entries) all.push_back(hash);
    for (const l2::TxHash& hash : all) ask(hash);
}

std::optional<l2::TxHash> OwnTransactions::waitingBehindGap() const
{
    const std::uint64_t gap = nextNonce();
    const auto first =
        std::min_element(m_entries.begin(), m_entries.end(), [gap](const auto& a, const auto& b) {
            // Those before the gap count as the last of all.
            return std::pair(a.second.nonce < gap, a.second.nonce) <
                   std::pair(b.second.nonce < gap, b.second.nonce);
        });
    if (first == m_entries.end() || first->second.nonce < gap) return std::nullopt;
    return first->first;
}

void OwnTransactions::ask(const l2::TxHash& hash)
{
    const auto found = m_entries.find(hash);
    if (found == m_entries.end() || found->second.isAsked) return;
    found->second.isAsked = true;
    m_call("tx_status", {{"hash", hash.hex()}},
           [this, alive = m_alive, hash](base::Result<json::value> answer) {
               if (!*alive) return;
               const auto asked = m_entries.find(hash);
               if (asked == m_entries.end()) return;
               asked->second.isAsked = false;
               if (answer.ok()) takeStatus(hash, *answer);
           });
}

void OwnTransactions::takeStatus(const l2::TxHash& hash, const json::value& answer)
{
    const std::string status = textField(answer, "status");
    const bool isPassed = m_entries.at(hash).nonce < m_accountNonce;
    if (status == "included") {
        // Until the verified account has moved past it, its nonce is not free.
        if (isPassed) m_entries.erase(hash);
    } else if (status == "rejected") {
        lose(hash, textField(answer, "reason"));
    } else if (status == "unknown") {
        if (isPassed)
            lose(hash, "nonce-used");
        else
            sendAgain(hash);
    }
}

void OwnTransactions::sendAgain(const l2::TxHash& hash)
{
    Entry& entry = m_entries.at(hash);
    entry.isAsked = true;
    m_call("tx_submit", {{"hex", base::toHex(entry.encoded)}},
           [this, alive = m_alive, hash](base::Result<json::value> answer) {
               if (!*alive) return;
               const auto sent = m_entries.find(hash);
               if (sent == m_entries.end()) return;
               sent->second.isAsked = false;
               // A full pool or a nonce held by another is no last word: the next status is asked for anyway.
               if (!answer.ok() && answer.error().code.name() == kRefusedByProgram)
                   lose(hash, answer.error().detail);
           });
}

void OwnTransactions::lose(const l2::TxHash& hash, const std::string& reason)
{
    m_entries.erase(hash);
    m_lost(hash, reason);
}

} // namespace bowline::services
