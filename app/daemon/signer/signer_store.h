// SPDX-License-Identifier: MIT
// What a signer must never forget: for which graph of a deposit it released partial signatures, what the
// ceremonies yielded, its vetoes, and the evidence it collected. One SQLite file with full durability; the
// effects of one step are kept in one transaction, before anything of that step leaves the process.
#pragma once

#include "core/bridge/ceremony.h"
#include "core/store/database.h"

namespace bowline::daemon {

struct KeptDeposit {
    bridge::DepositTerms terms;
    bridge::MemberMemory memory;
};

class SignerStore {
public:
    [[nodiscard]] static base::Result<SignerStore> open(const std::string& path);

    [[nodiscard]] base::Result<std::vector<KeptDeposit>> deposits();
    /// What an earlier life kept of the deposit; empty when there was none. Nobody may sign without having asked.
    [[nodiscard]] base::Result<bridge::MemberMemory> memoryOf(const bridge::DepositTerms& terms);
    /// Fundings of graphs that partial signatures went out for, with the deposit's request.
    [[nodiscard]] base::Result<std::map<bitcoin::OutPoint, bitcoin::OutPoint>> boundFundings();
    /// The deposit can come to nothing any more: its fundings are free for others.
    [[nodiscard]] base::Status releaseFundings(const bitcoin::OutPoint& request);
    [[nodiscard]] base::Status keep(const bridge::DepositTerms& terms, const bridge::Effects& effects);
    [[nodiscard]] base::Status keepVeto(const base::Txid& kickoff, const bitcoin::Transaction& veto);
    [[nodiscard]] base::Result<std::vector<bridge::Evidence>> evidence();
    [[nodiscard]] base::Result<std::uint64_t> countVetoes();

private:
    explicit SignerStore(store::Database db) : m_db(std::move(db)) {}
    [[nodiscard]] base::Status keepEvidence(const bridge::Evidence& evidence);
    store::Database m_db;
};

} // namespace bowline::daemon
