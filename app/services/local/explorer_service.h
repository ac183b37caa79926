// SPDX-License-Identifier: MIT
// The explorer as the window and the command line ask for it. What was answered is kept for a while, so that exactly that can
// be saved or held against another node.
#pragma once

#include "app/services/local/explorer.h"
#include "app/services/local/hub.h"
#include "app/services/local/proof_export.h"

#include <deque>

namespace bowline::services {

/// What the number named was answered too long ago, or never.
inline constexpr base::ErrorCode kEvidenceGone{"services.evidence-gone"};
/// The address of the other node has not the form of one, or is the node that was asked already.
inline constexpr base::ErrorCode kBadOtherNode{"services.bad-other-node"};

class LocalExplorerService final : public ExplorerService {
public:
    explicit LocalExplorerService(Hub& hub) : m_hub(hub) {}
    /// Waits for a file that is being made or checked. After Hub::shutDown().
    ~LocalExplorerService() override { m_files.stop(); }
    LocalExplorerService(const LocalExplorerService&) = delete;
    LocalExplorerService& operator=(const LocalExplorerService&) = delete;

    Task batches(std::optional<std::uint64_t> before, std::size_t count,
                 Completion<std::vector<BatchView>> done) override;
    Task find(std::string query, Completion<FoundView> done) override;
    Task list(std::string kind, std::string after, Completion<ListView> done) override;
    Task compare(std::uint64_t evidence, std::string node, Completion<ComparisonView> done) override;
    Task saveProof(std::uint64_t evidence, std::string path, Completion<std::uint64_t> done) override;
    Task evidence(Completion<std::vector<EvidenceView>> done) override;
    Task checkFile(std::string path, Completion<FileReport> done) override;

private:
    static constexpr std::size_t kKept = 64;
    [[nodiscard]] std::string ownVault(const std::string& query);
    [[nodiscard]] std::uint64_t keep(Shown shown);
    [[nodiscard]] base::Result<Shown> keptUnder(std::uint64_t evidence) const;
    void save(ExportParts parts, const std::string& path, const Reply<std::uint64_t>& reply);

    Hub& m_hub;
    std::uint64_t m_next = 1;
    std::deque<std::pair<std::uint64_t, Shown>> m_kept; // newest last; services' thread
    Worker m_files;                                     // makes and checks proof files
};

} // namespace bowline::services
