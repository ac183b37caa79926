// SPDX-License-Identifier: MIT
// The chain's proof as a node shows it: checked here, told to the light client, and kept, so that a restart goes on from
// it. Lives on the node thread.
#pragma once

#include "core/l2/light_client.h"
#include "core/proven/follower.h"
#include "core/store/database.h"

#include <boost/json.hpp>

namespace bowline::services {

/// The newest batch that is proven, with what it took to know that.
struct ProvenHead {
    proven::Head head;
    std::size_t bytes = 0;
    std::chrono::microseconds checkTime{};
    friend bool operator==(const ProvenHead&, const ProvenHead&) = default;
};

class ChainProof {
public:
    /// Tables `proof` and `proven_otherwise` in a database of the client's.
    static constexpr const char* kTables =
        "CREATE TABLE proof(only INTEGER PRIMARY KEY CHECK(only = 1), file BLOB NOT NULL) STRICT;"
        "CREATE TABLE proven_otherwise(header BLOB NOT NULL, signature BLOB NOT NULL, hash BLOB NOT NULL, "
        "file BLOB NOT NULL, "
        "PRIMARY KEY(header, hash)) STRICT, WITHOUT ROWID;";
    /// The step after it: who showed the proof.
    static constexpr const char* kProviderStep =
        "ALTER TABLE proven_otherwise ADD COLUMN provider TEXT NOT NULL DEFAULT ''";

    /// All given by reference outlive it. Without a checker nothing is taken for proven.
    ChainProof(store::Database& db, std::shared_ptr<const proven::Checker> checker,
               const proven::WorkChain& bitcoin, l2::LightClient& client);

    /// After the headers. What was kept; no proof any more: it is dropped. And what contradicts this provider's headers: a
    /// restart makes no liar honest.
    [[nodiscard]] base::Status load(const std::string& provider);
    /// After headers or the own Bitcoin chain changed: tells the light client what is proven now.
    void look();
    [[nodiscard]] std::optional<ProvenHead> head() const;
    /// The file that says so; empty when nothing is proven now.
    [[nodiscard]] base::Bytes file() const;

    /// Parameters of chain_proof: what is held need not be sent.
    [[nodiscard]] boost::json::object question() const;
    /// Its answer. kNodeInvalid when it is shown to be wrong, kNodeBadAnswer; proven::kUnknownProgram, proven::kL1Elsewhere when
    /// it cannot be judged here. What is old, or comes later, is no error.
    [[nodiscard]] base::Status take(const boost::json::value& answer, const std::string& provider);

private:
    [[nodiscard]] proven::Surroundings around() const;
    base::Status loadProof();
    base::Status loadContradictions(const std::string& provider);
    base::Status keep(const base::Bytes& file);
    base::Status contradict(const proven::CheckedFile& file, const std::optional<l2::SignedHeader>& theirs,
                            const std::string& provider);

    store::Database& m_db;
    std::shared_ptr<const proven::Checker> m_checker;
    proven::Follower m_follower;
    const proven::WorkChain& m_bitcoin;
    l2::LightClient& m_client;
};

} // namespace bowline::services
