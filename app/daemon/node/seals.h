// SPDX-License-Identifier: MIT
// The node's own batches held against the chain of seals that its own Bitcoin blocks show (rule A2). This is the one
// place that says whether a promise may rest on what the layer 2 holds: sealed deep enough, and not contradicted.
//
// Lives on the node's strand.
#pragma once

#include "app/daemon/node/node.h"
#include "core/net/jsonrpc.h"
#include "core/seal/history.h"
#include "core/seal/watch.h"

#include <boost/asio/any_io_executor.hpp>

namespace bowline::daemon {

class Seals {
public:
    /// All given by reference outlive it.
    [[nodiscard]] static base::Result<std::unique_ptr<Seals>>
    open(const std::string& path, const l2::Network& network, chain::Backend& bitcoin,
         const boost::asio::any_io_executor& executor, L2Node& node);
    void start() { m_watch->start(); }
    void stop() { m_watch->stop(); }
    /// After each change of the chain of seals. Lives as long as the node.
    void onChange(std::function<void()> fn) { m_listeners.push_back(std::move(fn)); }

    [[nodiscard]] const seal::SealFollower& chain() const { return m_watch->follower(); }
    /// Every block up to the node's tip was looked at.
    [[nodiscard]] bool isCurrent() const { return m_watch->isCurrent(); }

    /// Of a batch of the own history, up to its head.
    [[nodiscard]] seal::SealVerdict verdictOf(base::BatchNumber batch);
    [[nodiscard]] std::optional<base::BatchNumber> sealedTo();
    /// Bitcoin says that another history than the own one counts.
    [[nodiscard]] bool hasConflict();

    /// What the layer 2's program says of seals is what the own blocks show; true as long as not all of them were looked at.
    [[nodiscard]] bool bearsOutTheProgram();

    /// The batch that holds the newest transaction of this kind with this reference (l2::Receipt): how it is sealed.
    [[nodiscard]] seal::SealVerdict verdictOf(l2::TxType kind, std::uint64_t reference);
    /// That batch is sealed, k deep: operators pay and kick off on nothing else.
    [[nodiscard]] bool isSealedDeep(l2::TxType kind, std::uint64_t reference);
    /// The sequencer signed two histories, or sealed another one than this, or the program takes for sealed what is not:
    /// nobody promises anything on it.
    [[nodiscard]] bool isHistoryInDoubt();

    /// For node_info.
    [[nodiscard]] net::json::object describe();

private:
    explicit Seals(L2Node& node) : m_node(node) {}
    void look();
    void keepEvidence(const seal::Link& anchor);
    L2Node& m_node;
    std::unique_ptr<seal::SealWatch> m_watch;
    seal::SealedHistory m_history;
    std::vector<std::function<void()>> m_listeners;
};

/// {state, height, confirmations, anchor}; without the last three while it is sequenced.
[[nodiscard]] net::json::object sealJson(const seal::SealVerdict& verdict);

} // namespace bowline::daemon
