// SPDX-License-Identifier: MIT
// What a signer or operator knows of Bitcoin: the outputs of the scripts it asked for, who spent them, and a
// Merkle proof for each such transaction. Nothing of it is stored: after a start it is read from the chain
// again, from the network's checkpoint on, so that it cannot contradict the chain.
//
// Lives on the node's executor; events of the backend are carried over to it in order.
#pragma once

#include "core/bridge/ceremony.h"
#include "core/chain/backend.h"
#include "core/l2/transaction.h"

#include <boost/asio/any_io_executor.hpp>

namespace bowline::daemon {

namespace asio = boost::asio;

class ChainFeed {
public:
    struct Sighting {
        base::Height height;
        base::Txid txid;
        bitcoin::Transaction transaction;
        l2::TxProof proof;
    };

    /// `changed` runs after each block, connected or disconnected. `backend` outlives the feed.
    ChainFeed(const asio::any_io_executor& executor, chain::Backend& backend, base::Height birthday,
              std::function<void()> changed);
    ~ChainFeed();
    ChainFeed(const ChainFeed&) = delete;
    ChainFeed& operator=(const ChainFeed&) = delete;

    void start(std::vector<base::Bytes> scripts);
    void stop();
    /// Looks for more scripts, in blocks from `from` on.
    void watch(const std::vector<base::Bytes>& scripts, base::Height from);

    [[nodiscard]] const bridge::ChainFacts& facts() const { return m_facts; }
    [[nodiscard]] base::Height tip() const { return m_facts.tip; }
    /// The tip of the feed is the tip of the backend: nothing that is known of is missing.
    [[nodiscard]] bool isCurrent() const;
    [[nodiscard]] const Sighting* find(const base::Txid& txid) const;
    [[nodiscard]] const Sighting* spenderOf(const bitcoin::OutPoint& outpoint) const;

    /// Shows everything to a state machine (core/bridge/states.h).
    template <typename States>
    void replay(States& states) const
    {
        for (const auto& [height, sightings] : m_sightings) {
            std::vector<bitcoin::Transaction> transactions;
            for (const Sighting& sighting : sightings) transactions.push_back(sighting.transaction);
            states.blockConnected(height, transactions);
        }
        if (m_sightings.empty() || m_sightings.rbegin()->first < tip()) states.blockConnected(tip(), {});
    }

private:
    struct Link;
    void onEvent(const chain::BlockEvent& event);
    void onBlock(const chain::BlockConnected& event);
    void undoFrom(base::Height height);
    void scan(const bitcoin::Block& block, base::Height height);
    void apply(const Sighting& sighting);
    void rebuild();

    asio::any_io_executor m_executor;
    chain::Backend& m_backend;
    base::Height m_birthday;
    std::function<void()> m_changed;
    std::shared_ptr<Link> m_link; // what events on their way refer to
    std::unique_ptr<chain::Follower> m_follower;
    std::set<base::Bytes> m_scripts;
    std::map<base::Height, std::vector<Sighting>> m_sightings;
    bridge::ChainFacts m_facts;
};

} // namespace bowline::daemon
