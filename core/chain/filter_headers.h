// SPDX-License-Identifier: MIT
// The chain of filter headers (BIP157): fetched from all peers that serve filters, compared between them, and
// where they differ decided by the block itself as far as it proves anything (filter_proof.h). Never by majority.
//
// A peer whose filter contradicts the block is Invalid. If no peer's does, the height is disputed: filters are
// used below it only, blocks from it on are downloaded whole (Follower), until a peer has gone or another came.
// What one peer alone has said is used, and said to be so (SyncProgress), and compared when a second one comes.
#pragma once

#include "core/chain/block_fetcher.h"

#include <map>

namespace bowline::chain {

class FilterHeaderSync {
public:
    FilterHeaderSync(asio::any_io_executor executor, HeaderChain& chain, PeerManager& peers,
                     BlockFetcher& blocks, Signal& changed, Millis answerPatience);

    void start();
    /// Height of the first block whose filter cannot be relied on: missing, or disputed.
    [[nodiscard]] base::Height usableEnd() const;
    [[nodiscard]] std::optional<base::Height> disputed() const;
    /// A peer whose filter headers equal ours below `end`.
    [[nodiscard]] PeerPtr peerAgreeingTo(base::Height end) const;
    void releasePeers() { m_dispute.reset(); }

private:
    /// The block whose filter header is in question, and what its filter header builds on.
    struct Place {
        base::Height height;
        base::BlockHash hash;
        base::FilterHeader previous;
        friend bool operator==(const Place&, const Place&) = default;
    };
    /// What some peers say the filter header at a height is.
    struct Claim {
        base::FilterHeader header;
        std::vector<PeerPtr> peers;
        bool proven = false; // a peer showed the filter, and the block does not contradict it
        bool refuted = false;
    };
    struct Dispute {
        base::Height height;
        std::vector<PeerPtr> among; // the peers connected then: others may settle it
    };
    struct Answer {
        PeerPtr peer;
        std::vector<base::FilterHeader> headers;
    };
    struct Gathering;

    enum class Step { Idle, NoAnswer, Progress, NotStored };

    Task<void> run();
    /// Idle is only returned without having waited for anything, so that no change goes unnoticed.
    Task<Step> step();
    void noticeCuts();
    /// Begins to compare with every peer that is behind, each in its own time: a slow one holds up nobody.
    void compareAll();
    Task<void> compareOne(PeerPtr peer, base::Height end);
    /// Compares what a peer says with what is stored below `end`.
    Task<Step> compare(PeerPtr peer, base::Height end);
    /// Where comparing one by one has to begin; empty without an answer.
    Task<std::optional<base::Height>> compareCheckpoints(PeerPtr peer, base::Height from, base::Height end);
    Task<Step> compareRange(PeerPtr peer, base::Height from, base::Height end);
    Task<Step> contradicted(PeerPtr peer, base::Height height, base::FilterHeader theirs);
    /// Fetches the next headers.
    Task<Step> extend();
    Task<void> disagreed(std::vector<Answer> answers, base::Height first, std::size_t equal);
    Task<std::vector<Answer>> askAll(std::vector<PeerPtr> peers, base::Height first, base::Height last);
    Task<void> askOne(PeerPtr peer, base::Height first, base::Height last, std::shared_ptr<Gathering> into);
    Task<base::Result<Answer>> ask(PeerPtr peer, base::Height first, base::Height last);
    base::Status append(const std::vector<Answer>& answers, base::Height first, std::size_t count);
    /// Sets proven and refuted of each claim, and closes those who are refuted. False without the block, or when
    /// the chain has moved meanwhile.
    Task<bool> decide(base::Height height, std::vector<Claim>& claims);
    Task<bool> examine(Claim& claim, Place place, BlockPtr block);
    [[nodiscard]] std::optional<Place> placeAt(base::Height height) const;
    /// Grows with every failure to store, so that a full disk is no reason to keep asking the network.
    [[nodiscard]] Millis nextStorePause();
    void agreed(const PeerPtr& peer, base::Height end);
    void setDispute(base::Height height);
    [[nodiscard]] std::vector<PeerPtr> filterPeers() const;

    asio::any_io_executor m_executor;
    HeaderChain& m_chain;
    PeerManager& m_peers;
    BlockFetcher& m_blocks;
    Signal& m_changed;
    Millis m_answerPatience;
    std::optional<Dispute> m_dispute;
    std::size_t m_seenCuts = 0;
    Millis m_storePause{0};
    mutable std::size_t m_turn = 0;
    /// Who said the same as we have stored, below which height, since the start.
    std::map<std::string, base::Height> m_agreedByAddress;
};

} // namespace bowline::chain
