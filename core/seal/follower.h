// SPDX-License-Identifier: MIT
// Follows the chain of seals through the blocks of a best chain, from the network's first seal on: a pure state machine
// whose every step can be undone. It believes nothing but the blocks; what an anchor says of batches is judged apart
// (core/seal/history.h).
#pragma once

#include "core/seal/anchor.h"

#include <map>
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
    /// What the inputs behind the first spend, each an output to the seals' script: none for most. Not set when one of them
    /// spends something else: it is not known what.
    std::optional<std::vector<Amount>> added = std::vector<Amount>{};
    friend bool operator==(const Link&, const Link&) = default;
};

class SealFollower {
public:
    explicit SealFollower(SealTerms terms) : m_terms(std::move(terms)) {}

    /// Outputs to the seals' script beside the seals: what anchors can take along. A transaction's hash fixes its outputs,
    /// so nothing of it is ever undone.
    using Paid = std::map<bitcoin::OutPoint, Amount>;

    /// What links() and paid() gave before, after a restart.
    void restore(std::vector<Link> links, Paid paid = {})
    {
        m_links = std::move(links);
        m_paid = std::move(paid);
    }
    /// The next block; whatever was known of this height and above is undone by it. Of its transactions those that spend
    /// a seal or pay to the seals' script are enough, in their order. True when links() changed.
    bool blockConnected(Height height, const BlockHash& block,
                        std::span<const bitcoin::Transaction> transactions);
    /// The block at this height left the best chain, and all above it. True when links() changed.
    bool blockDisconnected(Height height);

    [[nodiscard]] const SealTerms& terms() const { return m_terms; }
    /// In the order of the chain: each spends the seal that the one before it made.
    [[nodiscard]] const std::vector<Link>& links() const { return m_links; }
    [[nodiscard]] const Paid& paid() const { return m_paid; }
    /// The seal that is not spent yet; none when the chain has ended.
    [[nodiscard]] std::optional<Seal> open() const;

private:
    void notePaid(const bitcoin::Transaction& transaction, std::uint32_t first);
    [[nodiscard]] std::optional<std::vector<Amount>> addedBy(const bitcoin::Transaction& transaction) const;
    bool spend(Height height, const BlockHash& block, const bitcoin::Transaction& transaction);
    SealTerms m_terms;
    std::vector<Link> m_links;
    Paid m_paid;
};

} // namespace bowline::seal
