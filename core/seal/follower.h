// SPDX-License-Identifier: MIT
// Follows the chain of seals through the blocks of a best chain, from the network's first seal on: a pure state machine
// whose every step can be undone. It believes nothing but the blocks; what an anchor says of batches is judged apart
// (core/seal/history.h).
#pragma once

#include "core/seal/anchor.h"

#include <span>
#include <vector>

namespace bowline::seal {

/// A seal's spend in a block.
struct Link {
    Height height;
    BlockHash block;
    Txid txid;
    SpendKind kind = SpendKind::Anchor;
    Amount value;          // of the next seal, output 0; zero when the chain ends here
    Commitment commitment; // of an anchor; else zeros
    friend bool operator==(const Link&, const Link&) = default;
};

class SealFollower {
public:
    explicit SealFollower(SealTerms terms) : m_terms(std::move(terms)) {}

    /// What links() gave before, after a restart.
    void restore(std::vector<Link> links) { m_links = std::move(links); }
    /// The next block; whatever was known of this height and above is undone by it. Of its transactions those that spend
    /// a seal are enough, in their order. True when links() changed.
    bool blockConnected(Height height, const BlockHash& block,
                        std::span<const bitcoin::Transaction> transactions);
    /// The block at this height left the best chain, and all above it. True when links() changed.
    bool blockDisconnected(Height height);

    [[nodiscard]] const SealTerms& terms() const { return m_terms; }
    /// In the order of the chain: each spends the seal that the one before it made.
    [[nodiscard]] const std::vector<Link>& links() const { return m_links; }
    /// The seal that is not spent yet; none when the chain has ended.
    [[nodiscard]] std::optional<Seal> open() const;

private:
    bool spend(Height height, const BlockHash& block, const bitcoin::Transaction& transaction);
    SealTerms m_terms;
    std::vector<Link> m_links;
};

} // namespace bowline::seal
