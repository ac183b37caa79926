// SPDX-License-Identifier: MIT
// What the whole committee signs beside deposits: the next program (rule B13), and a seal that stands still (rule A2). All
// members' folders are read by one process, one MuSig2 session among them: for a devnet, and for members who bring their
// keys to one machine. A ceremony between machines, as deposits have it, is not there for these two yet.
#pragma once

#include "app/daemon/node/keys.h"
#include "core/bitcoin/transaction.h"
#include "core/l2/transaction.h"
#include "core/seal/anchor.h"

#include <string>
#include <vector>

namespace bowline::daemon {

/// The folders are not those of exactly the network's members.
inline constexpr base::ErrorCode kNotTheCommittee{"committee.not-the-members"};

class Committee {
public:
    /// `folders` of all members in any order, each with a signer's key file (NodeKeys).
    [[nodiscard]] static base::Result<Committee> open(l2::Network network,
                                                      const std::vector<std::string>& folders);

    /// A layer-2 transaction for tx_submit. A zero `program` takes the announcement back; `number` is the chain object's
    /// count of announcements.
    [[nodiscard]] base::Result<l2::Transaction> announce(const base::Digest& program, std::uint32_t number,
                                                         std::uint32_t delay) const;
    /// A Bitcoin transaction, valid recovery_blocks after the seal's own: to the next seal without a `payTo`.
    [[nodiscard]] base::Result<bitcoin::Transaction>
    recover(const seal::Seal& seal, base::Amount fee, const std::optional<bitcoin::Script>& payTo) const;

private:
    Committee(l2::Network network, std::vector<NodeKeys> members)
        : m_network(std::move(network)), m_members(std::move(members))
    {
    }
    [[nodiscard]] base::Result<crypto::Signature64> sign(const base::Digest& message) const;
    l2::Network m_network;
    std::vector<NodeKeys> m_members; // in the order of the aggregate
};

} // namespace bowline::daemon
