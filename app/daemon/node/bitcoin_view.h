// SPDX-License-Identifier: MIT
// The node's own best header chain of Bitcoin, with headers: what followers judge batches by and the sequencer
// builds them from.
#pragma once

#include "core/chain/backend.h"
#include "core/proven/follower.h"

namespace bowline::daemon {

class BitcoinView : public proven::WorkChain {
public:
    using Header = base::ByteArray<80>;
    /// Nothing above the tip, or below where the chain begins.
    [[nodiscard]] virtual std::optional<Header> headerAt(base::Height height) const = 0;
};

/// A light client seen that way. Any thread; two calls may see two different chains.
class BackendView final : public BitcoinView {
public:
    explicit BackendView(const chain::Backend& backend) : m_backend(backend) {}
    [[nodiscard]] base::Height tip() const override { return m_backend.tip().height; }
    [[nodiscard]] std::optional<base::BlockHash> hashAt(base::Height height) const override
    {
        const auto block = m_backend.headerAt(height);
        return block ? std::optional(block->hash) : std::nullopt;
    }
    [[nodiscard]] std::optional<Block> blockAt(base::Height height) const override
    {
        const auto block = m_backend.headerAt(height);
        return block ? std::optional(Block{block->hash, block->work.littleEndian()}) : std::nullopt;
    }
    [[nodiscard]] std::optional<Header> headerAt(base::Height height) const override
    {
        const auto block = m_backend.headerAt(height);
        return block ? std::optional(block->header.serialize()) : std::nullopt;
    }

private:
    const chain::Backend& m_backend;
};

} // namespace bowline::daemon
