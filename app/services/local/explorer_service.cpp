// SPDX-License-Identifier: MIT
#include "app/services/local/explorer_service.h"

#include "app/services/local/provider_compare.h"

#include <algorithm>

namespace bowline::services {

using base::makeError;
using base::Result;

namespace {
constexpr std::chrono::seconds kOtherNodePatience{5};

std::optional<l2::ObjectKind> kindNamed(const std::string& name)
{
    for (const auto kind : {l2::ObjectKind::Vault, l2::ObjectKind::Withdrawal, l2::ObjectKind::Operator,
                            l2::ObjectKind::Claim}) {
        if (verify::nameOf(kind) == name) return kind;
    }
    return std::nullopt;
}
} // namespace

Task LocalExplorerService::batches(std::optional<std::uint64_t> before, std::size_t count,
                                   Completion<std::vector<BatchView>> done)
{
    using Batches = std::vector<BatchView>;
    return m_hub.request<Batches>(std::move(done), [this, before, count](const Reply<Batches>& reply) {
        const bool known = m_hub.areSealsKnown();
        m_hub.node().ask<Batches>(
            [this, before, count, known](NodeAccess& access) {
                return Explorer(access, m_hub.context()->params(), known).batches(before, count);
            },
            [reply](Result<Batches> answer) { reply(std::move(answer)); });
    });
}

/// An own deposit's id stands for the vault that came of it.
std::string LocalExplorerService::ownVault(const std::string& query)
{
    Session* session = m_hub.session();
    if (session == nullptr) return query;
    for (const BridgeItem& item : session->bridgeItems()) {
        if (item.kind != BridgeItem::Kind::Deposit || item.id != query) continue;
        for (const TimelineStep& step : item.steps) {
            if (step.id == "deposit.vault-confirmed" && !step.txid.empty())
                return "vault:" + step.txid + ":0";
        }
    }
    return query;
}

std::uint64_t LocalExplorerService::keep(Shown shown)
{
    m_kept.emplace_back(m_next, std::move(shown));
    if (m_kept.size() > kKept) m_kept.pop_front();
    return m_next++;
}

Result<Shown> LocalExplorerService::keptUnder(std::uint64_t evidence) const
{
    const auto found = std::find_if(m_kept.begin(), m_kept.end(),
                                    [evidence](const auto& kept) { return kept.first == evidence; });
    if (found == m_kept.end()) return makeError(kEvidenceGone);
    return found->second;
}

Task LocalExplorerService::find(std::string query, Completion<FoundView> done)
{
    return m_hub.request<FoundView>(std::move(done), [this, query](const Reply<FoundView>& reply) {
        const auto parsed = parseQuery(ownVault(query), m_hub.context()->params().bitcoinNetwork);
        if (!parsed.ok()) return reply(parsed.error());
        const bool known = m_hub.areSealsKnown();
        m_hub.node().ask<Found>(
            [this, known, asked = *parsed](NodeAccess& access) {
                return Explorer(access, m_hub.context()->params(), known).find(asked);
            },
            [this, reply](Result<Found> found) {
                if (!found.ok()) return reply(found.error());
                // What was shown to be wrong is no evidence of anything but of that.
                if (found->view.verdict.kind != Verdict::Kind::Invalid)
                    found->view.evidence = keep(std::move(found->shown));
                reply(std::move(found->view));
            });
    });
}

Task LocalExplorerService::list(std::string kind, std::string after, Completion<ListView> done)
{
    return m_hub.request<ListView>(std::move(done), [this, kind, after](const Reply<ListView>& reply) {
        const auto named = kindNamed(kind);
        if (!named) return reply(makeError(kBadQuery, kind));
        const bool known = m_hub.areSealsKnown();
        m_hub.node().ask<ListView>(
            [this, known, after, object = *named](NodeAccess& access) {
                return Explorer(access, m_hub.context()->params(), known).list(object, after);
            },
            [reply](Result<ListView> answer) { reply(std::move(answer)); });
    });
}

Task LocalExplorerService::compare(std::uint64_t evidence, std::string node, Completion<ComparisonView> done)
{
    return m_hub.request<ComparisonView>(
        std::move(done), [this, evidence, node](const Reply<ComparisonView>& reply) {
            const auto shown = keptUnder(evidence);
            if (!shown.ok()) return reply(shown.error());
            const auto endpoint = net::parseEndpoint(node);
            if (!endpoint.ok() || endpoint->port == 0 || *endpoint == m_hub.options().node)
                return reply(makeError(kBadOtherNode, node));
            m_hub.node().askWith<ComparisonView>(
                std::make_shared<net::BlockingClient>(*endpoint,
                                                      net::ClientOptions{.timeout = kOtherNodePatience}),
                [shown = *shown](NodeAccess& access, net::BlockingClient& other) -> Result<ComparisonView> {
                    return compareWith(access, other, shown);
                },
                [reply](Result<ComparisonView> answer) { reply(std::move(answer)); });
        });
}

Task LocalExplorerService::evidence(Completion<std::vector<EvidenceView>> done)
{
    using Kept = std::vector<EvidenceView>;
    return m_hub.request<Kept>(std::move(done), [this](const Reply<Kept>& reply) {
        m_hub.node().ask<Kept>([](NodeAccess& access) { return access.evidence(); },
                               [reply](Result<Kept> answer) { reply(std::move(answer)); });
    });
}

Task LocalExplorerService::saveProof(std::uint64_t evidence, std::string path, Completion<std::uint64_t> done)
{
    using Size = std::uint64_t;
    return m_hub.request<Size>(std::move(done), [this, evidence, path](const Reply<Size>& reply) {
        const auto shown = keptUnder(evidence);
        if (!shown.ok()) return reply(shown.error());
        m_hub.node().ask<ExportParts>(
            [this, shown = *shown](NodeAccess& access) {
                return exportParts(access, m_hub.context()->network, shown);
            },
            [this, path, reply](Result<ExportParts> parts) {
                if (!parts.ok()) return reply(parts.error());
                save(std::move(*parts), path, reply);
            });
    });
}

/// Blocks come from peers, and checking all of it takes a while: on a thread that nobody else waits for.
void LocalExplorerService::save(ExportParts parts, const std::string& path, const Reply<std::uint64_t>& reply)
{
    m_files.post([this, parts = std::move(parts), path, reply] {
        const verify::Terms terms{m_hub.context()->params().chainId(), m_hub.options().checker.get(),
                                  m_hub.clock().now()};
        const auto write = [&]() -> Result<std::uint64_t> {
            BOWLINE_TRY(const std::string text, exportText(parts, m_hub.backend(), terms));
            BOWLINE_CHECK(verify::writeText(path, text));
            return std::uint64_t{text.size()};
        };
        m_hub.worker().post([written = write(), reply] { reply(written); });
    });
}

Task LocalExplorerService::checkFile(std::string path, Completion<FileReport> done)
{
    return m_hub.request<FileReport>(std::move(done), [this, path](const Reply<FileReport>& reply) {
        m_files.post([this, path, reply] {
            const auto check = [&]() -> Result<FileReport> {
                BOWLINE_TRY(const std::string text, verify::readText(path));
                BOWLINE_TRY(const verify::Report report,
                            verify::checkText(text, m_hub.context()->params().chainId(), m_hub.clock().now(),
                                              m_hub.options().checker.get()));
                return fileReportOf(report);
            };
            m_hub.worker().post([report = check(), reply] { reply(report); });
        });
    });
}

} // namespace bowline::services
