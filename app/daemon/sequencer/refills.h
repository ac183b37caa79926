// SPDX-License-Identifier: MIT
// What the owner adds to the seal, out of which anchors pay their fees: any wallet pays to the seal's address, the owner
// names the transaction (admin_seal_refill), and the next anchor takes its outputs along as further inputs.
//
// Lives on the node's strand.
#pragma once

#include "app/daemon/node/role.h"

#include <memory>

namespace bowline::daemon {

/// The own chain has no block at that height.
inline constexpr base::ErrorCode kNoSuchBlock{"sequencer.no-such-block"};

class Refills {
public:
    explicit Refills(const RoleContext& context) : m_context(context) {}
    ~Refills() { *m_self = nullptr; }
    Refills(const Refills&) = delete;
    Refills& operator=(const Refills&) = delete;

    /// Looks for the transaction in the block at that height, and keeps what it pays to the seal's script. The block is
    /// fetched first: what came of it is in the log and in usable().
    [[nodiscard]] base::Status look(base::Height height, const base::Txid& txid);
    /// Those that no anchor in a block has taken along, oldest first and at most as many as one anchor takes. Not those
    /// whose block has left, and none that two anchors were replaced with: it may be spent, and is to be named again.
    [[nodiscard]] base::Result<std::vector<seal::Seal>> usable();
    /// In the database transaction that keeps the anchor.
    [[nodiscard]] static base::Status noteTaken(store::Database& db, const bitcoin::Transaction& anchor);

private:
    void take(const base::Txid& txid, const chain::BlockRef& block, const bitcoin::Block& content);
    [[nodiscard]] bool isSeal(const bitcoin::OutPoint& outpoint) const;
    [[nodiscard]] bool isLink(base::ByteView txid) const;
    const RoleContext& m_context;
    std::shared_ptr<Refills*> m_self = std::make_shared<Refills*>(this); // null once this is gone
};

} // namespace bowline::daemon
