// SPDX-License-Identifier: MIT
// Holds a history of batches against the chain of seals. An anchor seals the batch that it names and, as headers name
// their parents, all before it; the first anchor that names another batch than the history's own ends what is sealed of it.
#pragma once

#include "core/l2/light_client.h"
#include "core/l2/objects.h"
#include "core/seal/follower.h"

#include <functional>

namespace bowline::seal {

enum class SealState {
    Sequenced, // no anchor yet: the sequencer's word alone
    Sealed,    // an anchor in a block names this batch or one that follows it
    Conflict,  // Bitcoin says that another batch counts, at this number or before it
};
/// "sequenced", "sealed", "conflict".
[[nodiscard]] std::string_view nameOf(SealState state);

struct SealVerdict {
    SealState state = SealState::Sequenced;
    Height height; // of the anchor's block; of the conflicting one's; zero when there is none
    std::uint32_t confirmations = 0; // of that block, 1 = it is the tip
    Txid anchor;
    friend bool operator==(const SealVerdict&, const SealVerdict&) = default;
    /// `depth` blocks stand on the anchor's block.
    [[nodiscard]] bool isSealedDeep(std::uint32_t depth) const
    {
        return state == SealState::Sealed && confirmations > depth;
    }
};

/// Not thread-safe.
class SealedHistory {
public:
    /// The history's own header of that number; none above its head.
    using HeaderOf = std::function<std::optional<l2::BatchHeader>(BatchNumber)>;

    /// Looks at what is new since the last time; after a reorganisation or a rollback at what changed. Anchors in blocks
    /// that `chain` does not have count for nothing, and so do those whose batch rests on a block that it does not have.
    void update(std::span<const Link> links, const l2::BestChain& chain, const HeaderOf& headerOf);

    [[nodiscard]] SealVerdict verdictOf(BatchNumber batch, const l2::BestChain& chain) const;
    /// The newest batch that is sealed; none when none is.
    [[nodiscard]] std::optional<BatchNumber> sealedTo() const;
    [[nodiscard]] bool hasConflict() const { return m_conflict.has_value(); }
    /// Nothing that the layer 2's program says of seals goes beyond what is known here. It follows k blocks later, so that it
    /// may know less; what it knows more of is in no block of the own chain.
    [[nodiscard]] bool bearsOut(const l2::ChainObject& program) const
    {
        const bool conflict = program.seals == l2::SealsStatus::Other;
        return program.sealedBatch <= sealedTo().value_or(BatchNumber{0}) && (!conflict || hasConflict());
    }
    /// The anchor of another batch than the history's own of that number.
    [[nodiscard]] const std::optional<Link>& conflict() const { return m_conflict; }

private:
    struct Entry {
        std::size_t link = 0; // its number in the chain of seals
        Link anchor;
    };
    [[nodiscard]] bool holds(const Entry& entry, std::span<const Link> links, const l2::BestChain& chain,
                             const HeaderOf& headerOf) const;
    std::vector<Entry> m_sealed; // ascending by batch and by height
    std::optional<Link> m_conflict;
};

} // namespace bowline::seal
