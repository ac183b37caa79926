// SPDX-License-Identifier: MIT
// Seals the sequencer's batches on Bitcoin: one anchor at a time, in an order that a crash at any point leaves intact.
//
// An anchor is on disk before it leaves. The one that spends a seal is sent again for as long as that seal is open in the
// own view of Bitcoin: after a restart, and after a reorganisation that took it out. Another one for the same seal only
// replaces it, at a higher fee: because it is stuck, with the same batch, or because its batch was undone.
#pragma once

#include "app/daemon/node/role.h"
#include "app/daemon/node/seals.h"
#include "app/daemon/sequencer/refills.h"

#include <chrono>

namespace bowline::daemon {

class Anchors {
public:
    Anchors(const RoleContext& context, Refills& refills) : m_context(context), m_refills(refills) {}
    /// Does what is due; on the node's executor, again and again.
    [[nodiscard]] base::Status turn();
    /// The anchor that waits for a block, if there is one; for node_info.
    [[nodiscard]] std::optional<base::Txid> pending() const;

private:
    /// The anchor that was made for a seal, or the newest of those that replaced each other.
    struct Row {
        bitcoin::Transaction transaction;
        seal::Commitment commitment;
        base::Amount fee;
    };
    [[nodiscard]] bool isDue(bool withRefill);
    [[nodiscard]] base::Status make(const seal::Seal& open, const l2::BatchHeader& batch, base::Amount fee,
                                    const std::vector<seal::Seal>& added);
    [[nodiscard]] base::Status follow(const seal::Seal& open, const Row& row);
    [[nodiscard]] base::Result<std::optional<Row>> rowFor(const seal::Seal& open);
    [[nodiscard]] base::Status keep(const seal::Seal& open, const Row& row);
    void send(const Row& row);

    const RoleContext& m_context;
    Refills& m_refills;
    std::optional<base::Txid> m_sent; // handed to the backend for the open seal
    base::Height m_sentAt;
    std::chrono::steady_clock::time_point m_sentWhen;
    std::optional<l2::BatchHash> m_idleHead; // with nothing to seal up to it
};

} // namespace bowline::daemon
