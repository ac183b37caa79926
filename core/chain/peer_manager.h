// SPDX-License-Identifier: MIT
// Which peers to be connected to: keeps the wanted number of connections, tries again with growing pauses, and
// holds the bans. Only PeerVerdict::Invalid bans, for a day; a ban is kept with its evidence across restarts.
#pragma once

#include "core/chain/chain_store.h"
#include "core/chain/header_chain.h"
#include "core/chain/peer.h"

namespace bowline::chain {

struct PeerManagerConfig {
    std::vector<std::string> addresses; // host:port, all of them wanted
    std::vector<std::string> dnsSeeds;  // asked for more when the addresses are fewer than `wanted`
    std::uint16_t defaultPort = 0;
    std::size_t wanted = 8;
    PeerConfig peer; // ourHeight is filled in
    Millis retryFirst{500};
    Millis retryMost{30'000}; // after lost connections; four times as much after other verdicts
};

class PeerManager {
public:
    /// `changed` is notified whenever a peer comes or goes.
    PeerManager(asio::any_io_executor executor, PeerManagerConfig config, const HeaderChain& chain,
                ChainStore& store, const base::Clock& clock, PeerEvents& events, Signal& changed);

    void start();
    /// Closes all connections and lets go of them. Only when the client's thread has ended.
    void stop();

    /// Connected, hands shaken.
    [[nodiscard]] std::vector<PeerPtr> ready() const;
    /// The height up to which the peer is believed to have our best chain: by the last header it showed, else
    /// by its own claim at the start.
    [[nodiscard]] base::Height heightOf(const Peer& peer) const;
    /// The highest that any peer claims or shows. A claim that it did not live up to counts no more when it is back.
    [[nodiscard]] base::Height bestClaim() const;
    [[nodiscard]] std::vector<PeerInfo> infos() const;
    [[nodiscard]] std::size_t wanted() const;

private:
    struct Candidate {
        std::string address;
        bool manual = false;
        PeerPtr peer; // while connecting or connected
        PeerEnd lastEnd;
        PeerInfo lastInfo;
        std::uint32_t failures = 0;
        Steady::time_point nextTry;
        base::UnixTime bannedUntil = 0;
        /// It went without having lived up to the height that it claimed.
        bool claimUnmet = false;
    };

    Task<void> maintain();
    Task<void> resolveSeeds();
    Task<void> converse(std::size_t index);
    void loadBans();
    void settle(Candidate& candidate, PeerEnd end, bool lasted);
    /// The next candidate to connect to, if one is due.
    [[nodiscard]] std::optional<std::size_t> due() const;
    [[nodiscard]] Millis untilNextTry() const;
    [[nodiscard]] std::size_t active() const;

    asio::any_io_executor m_executor;
    PeerManagerConfig m_config;
    const HeaderChain& m_chain;
    ChainStore& m_store;
    const base::Clock& m_clock;
    PeerEvents& m_events;
    Signal& m_changed;
    std::vector<Candidate> m_candidates;
    bool m_stopped = false;
};

} // namespace bowline::chain
