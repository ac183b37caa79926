// SPDX-License-Identifier: MIT
// A layer 2 whose seals are spent in its Bitcoin blocks, seen by the program and by a node beside each other.
#pragma once

#include "core/seal/history.h"
#include "tests/unit/l2/fixture.h"

namespace bowline::test {

struct SealScene {
    explicit SealScene(std::uint32_t depth = 1)
        : layer(depth),
          follower(must(seal::SealTerms::create(
              layer.params, {layer.params.firstSeal, Amount::fromSat(1'000'000), kSealRecovery})))
    {
    }

    [[nodiscard]] static seal::Commitment naming(const BatchHeader& header)
    {
        return must(seal::Commitment::of(header));
    }
    /// Spends the open seal.
    [[nodiscard]] bitcoin::Transaction anchor(const seal::Commitment& said) const
    {
        return must(
            follower.terms().makeAnchor(*follower.open(), said, Amount::fromSat(400), layer.sequencer));
    }
    /// One block with these, and what a node makes of it.
    Height mine(const std::vector<bitcoin::Transaction>& transactions)
    {
        const Height height = layer.chain.mine(transactions, ++m_salt);
        (void)follower.blockConnected(height, *layer.chain.hashAt(height), transactions);
        return height;
    }
    /// The proof of the transaction at that place behind the coinbase.
    [[nodiscard]] Transaction proof(Height height, std::uint32_t index = 1) const
    {
        Transaction out;
        out.payload = SealProof{layer.chain.prove(height, index)};
        return out;
    }
    /// Mines, waits for k blocks and brings the proof.
    Execution bring(const bitcoin::Transaction& spend)
    {
        const Height height = mine({spend});
        layer.confirm();
        return layer.commit({proof(height)});
    }
    Execution sealHead() { return bring(anchor(naming(layer.head()))); }

    /// "" when the program says what a node says that has seen as many blocks as the program took for confirmed.
    [[nodiscard]] std::string difference() const
    {
        std::vector<seal::Link> links;
        for (const seal::Link& link : follower.links()) {
            if (link.height <= layer.view().confirmedHeight) links.push_back(link);
        }
        seal::SealedHistory history;
        history.update(links, layer.chain, [this](base::BatchNumber number) -> std::optional<BatchHeader> {
            if (number.value >= layer.batches.size()) return std::nullopt;
            return layer.batches[number.value].head.header;
        });
        const ChainObject said = layer.chainObject();
        if (said.sealedBatch != history.sealedTo().value_or(base::BatchNumber{0})) return "sealed batch";
        if ((said.seals == SealsStatus::Other) != history.hasConflict()) return "conflict";
        const bool ended = !links.empty() && !seal::goesOn(links.back().kind);
        if ((said.seals == SealsStatus::Ended) != ended) return "end";
        return {};
    }

    Layer layer;
    seal::SealFollower follower;

private:
    std::uint32_t m_salt = 1'000;
};

} // namespace bowline::test
