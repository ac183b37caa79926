// SPDX-License-Identifier: MIT
// A network's seals in memory: keys, anchors, and a Bitcoin chain that is only hashes.
#pragma once

#include "core/seal/history.h"

#include <map>

namespace bowline::seal::test {

[[nodiscard]] crypto::PrivateKey sequencerKey();
[[nodiscard]] crypto::PrivateKey committeeKey();
/// Standing in for a network: the committee is one key.
[[nodiscard]] SealTerms makeTerms();
/// Of block `height` on the branch `branch`.
[[nodiscard]] BlockHash blockHash(std::uint32_t height, std::uint8_t branch = 0);

class HashChain final : public l2::BestChain {
public:
    /// Blocks 0 to `tip` of branch 0.
    explicit HashChain(std::uint32_t tip) { grow(tip); }
    [[nodiscard]] Height tip() const override { return {static_cast<std::uint32_t>(m_hashes.size()) - 1}; }
    [[nodiscard]] std::optional<BlockHash> hashAt(Height height) const override;
    void grow(std::uint32_t tip, std::uint8_t branch = 0);
    /// Back to this height.
    void cut(std::uint32_t tip) { m_hashes.resize(tip + 1); }

private:
    std::vector<BlockHash> m_hashes;
};

/// A history of batches 0 to `last`; batch n rests on the Bitcoin block `l1 + n`. Another `salt` is another history.
[[nodiscard]] std::map<BatchNumber, l2::BatchHeader> makeHistory(std::uint64_t last, std::uint32_t l1 = 0,
                                                                 std::uint64_t salt = 0);
[[nodiscard]] SealedHistory::HeaderOf headersOf(const std::map<BatchNumber, l2::BatchHeader>& history);
/// Spends the follower's open seal.
[[nodiscard]] bitcoin::Transaction anchorOf(const SealFollower& follower, const l2::BatchHeader& header);

} // namespace bowline::seal::test
