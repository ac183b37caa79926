// SPDX-License-Identifier: MIT
#include "app/services/local/provider_compare.h"

#include <boost/json.hpp>

#include <algorithm>

namespace bowline::services {

namespace json = boost::json;

namespace {
std::string codeOf(const base::Error& error) { return std::string(error.code.name()); }

bool isSilence(const base::Error& error)
{
    const std::string_view code = error.code.name();
    return code.starts_with("net.") && code != "net.rate-limited";
}

class Comparer {
public:
    Comparer(NodeAccess& access, net::BlockingClient& other, const Shown& shown)
        : m_access(access), m_other(other), m_shown(shown)
    {
        m_view.first = access.provider;
        m_view.second = other.endpoint().text();
        m_view.batch = number().value;
    }

    ComparisonView run()
    {
        const auto answer = m_other.call("chain_header", {{"n", number().value}});
        if (!answer.ok()) return noHeader(answer.error());
        const auto theirs = signedHeaderOf(*answer);
        if (!theirs.ok() || theirs->header.height != number()) return end("no-answer", "bad-answer");
        row("batch-hash", m_shown.batch.header.hash().hex(), theirs->header.hash().hex());
        row("state-root", m_shown.batch.header.stateRoot.hex(), theirs->header.stateRoot.hex());
        if (theirs->header != m_shown.batch.header) return otherHeader(*theirs);
        // Said to be the same batch: the signature under it is an answer too.
        if (number().value > 0 && theirs->signature != m_shown.batch.signature &&
            verify::checkSignature(m_access.params, *theirs).outcome == verify::Outcome::Failed)
            return end("differ", std::string(l2::kReasonBadSignature));
        return std::visit([this](const auto& subject) { return compare(subject); }, m_shown.subject);
    }

private:
    [[nodiscard]] base::BatchNumber number() const { return m_shown.batch.header.height; }

    void row(std::string name, std::string first, std::string second)
    {
        m_view.rows.push_back({std::move(name), std::move(first), std::move(second)});
    }
    ComparisonView end(std::string outcome, std::string reason)
    {
        m_view.outcome = std::move(outcome);
        m_view.reason = std::move(reason);
        return std::move(m_view);
    }
    ComparisonView failed(const base::Error& error)
    {
        return end(isSilence(error) ? "unreachable" : "no-answer", codeOf(error));
    }

    ComparisonView noHeader(const base::Error& error)
    {
        if (isSilence(error)) return failed(error);
        const auto head = m_other.call("chain_head");
        if (!head.ok()) return failed(head.error());
        const auto theirs = signedHeaderOf(*head);
        if (!theirs.ok() || theirs->header.height >= number()) return failed(error);
        row("head", std::to_string(m_access.client.head().header.height.value),
            std::to_string(theirs->header.height.value));
        return end("behind", "second-behind");
    }

    /// The light client judges it as if our own node had shown it: it keeps what convicts the sequencer.
    ComparisonView otherHeader(const l2::SignedHeader& theirs)
    {
        const std::size_t before = m_access.client.evidence().size();
        const l2::Verdict verdict = m_access.client.addHeader(theirs, m_view.second);
        const auto* invalid = std::get_if<l2::Invalid>(&verdict);
        if (invalid != nullptr && invalid->reason == l2::kReasonEquivocation) {
            m_access.keep();
            m_view.evidenceKept = true;
            return end("both-signed", invalid->reason);
        }
        if (m_access.client.evidence().size() > before) m_access.keep();
        if (invalid != nullptr) return end("differ", invalid->reason);
        const auto* open = std::get_if<l2::Unverified>(&verdict);
        // Verified: our own batch's Bitcoin block has left, and the light client has gone over to theirs.
        return end("differ", open != nullptr ? open->reason : std::string(l2::kReasonL1Elsewhere));
    }

    ComparisonView judged(const l2::Verdict& verdict, bool same)
    {
        if (const auto* invalid = std::get_if<l2::Invalid>(&verdict)) return end("differ", invalid->reason);
        if (!same) return end("differ", "other-value");
        return end("agree", {});
    }

    ComparisonView compare(const verify::ShownState& mine)
    {
        const bool wantsHistory = mine.history.has_value();
        json::object params{{"batch", number().value}};
        if (wantsHistory) {
            params["key"] = base::toHex(mine.object.id);
        } else {
            params["kind"] = static_cast<int>(mine.object.kind);
            params["id"] = base::toHex(mine.object.id);
        }
        const auto answer = m_other.call(wantsHistory ? "account_history" : "state_get", params);
        if (!answer.ok()) return failed(answer.error());
        const auto theirs = stateAnswerOf(*answer, m_view.second);
        if (!theirs.ok()) return end("no-answer", codeOf(theirs.error()));
        const auto hexOf = [](const std::optional<base::Bytes>& value) {
            return value ? base::toHex(*value) : std::string("-");
        };
        row("value", hexOf(mine.value), hexOf(theirs->value));
        if (!wantsHistory)
            return judged(m_access.client.checkState(*theirs, mine.object), theirs->value == mine.value);
        const auto entries = historyOf(*answer);
        if (!entries.ok()) return end("no-answer", codeOf(entries.error()));
        row("entries", std::to_string(mine.history->size()), std::to_string(entries->size()));
        const base::XOnlyPublicKey key{*base::toArray<32>(mine.object.id)};
        return judged(m_access.client.checkHistory(*theirs, key, *entries),
                      theirs->value == mine.value && *entries == *mine.history);
    }

    ComparisonView compareShown(const base::Result<Shown>& theirs, std::string_view reason)
    {
        if (!theirs.ok()) return end("no-answer", codeOf(theirs.error()));
        const auto checks = verify::checkSubject(m_shown.batch.header, theirs->subject);
        const bool fits = std::none_of(checks.begin(), checks.end(), [](const verify::Check& check) {
            return check.outcome == verify::Outcome::Failed;
        });
        if (!fits) return end("differ", std::string(reason));
        return end(theirs->subject == m_shown.subject ? "agree" : "differ",
                   theirs->subject == m_shown.subject ? "" : "other-value");
    }

    ComparisonView compare(const verify::ShownTransaction& mine)
    {
        const l2::TxHash hash = l2::hashOfEncoded(mine.transaction);
        const auto answer = m_other.call("tx_proof", {{"hash", hash.hex()}});
        if (!answer.ok()) return failed(answer.error());
        const auto theirs = shownTransactionOf(*answer);
        if (theirs.ok()) {
            const auto& shown = std::get<verify::ShownTransaction>(theirs->subject);
            row("batch", std::to_string(number().value), std::to_string(theirs->batch.header.height.value));
            row("place", std::to_string(mine.path.index + 1), std::to_string(shown.path.index + 1));
        }
        return compareShown(theirs, l2::kReasonBadProof);
    }

    ComparisonView compare(const verify::ShownBatch& mine)
    {
        const auto batch = m_other.call("chain_batch", {{"n", number().value}});
        if (!batch.ok()) return failed(batch.error());
        const auto receipts = m_other.call("chain_receipts", {{"n", number().value}});
        if (!receipts.ok()) return failed(receipts.error());
        const auto theirs = shownBatchOf(*batch, *receipts);
        if (theirs.ok()) {
            const auto& shown = std::get<verify::ShownBatch>(theirs->subject);
            row("transactions", std::to_string(mine.body.transactions.size()),
                std::to_string(shown.body.transactions.size()));
        }
        return compareShown(theirs, l2::kReasonBadBody);
    }

    NodeAccess& m_access;
    net::BlockingClient& m_other;
    const Shown& m_shown;
    ComparisonView m_view;
};
} // namespace

ComparisonView compareWith(NodeAccess& access, net::BlockingClient& other, const Shown& shown)
{
    return Comparer(access, other, shown).run();
}

} // namespace bowline::services
