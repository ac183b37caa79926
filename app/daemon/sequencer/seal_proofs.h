// SPDX-License-Identifier: MIT
// Shows the layer 2's program how its seals were spent: one transaction for each link of the chain of seals, in its order,
// as soon as its block is confirmed in the program's own view (docs/protocol.md, section 8).
//
// Lives on the node's strand; what the backend answers is carried over to it.
#pragma once

#include "app/daemon/node/role.h"
#include "app/daemon/sequencer/producer.h"

#include <memory>

namespace bowline::daemon {

class SealProofs {
public:
    /// Both outlive it.
    SealProofs(const RoleContext& context, Producer& producer) : m_context(context), m_producer(producer) {}
    ~SealProofs() { *m_self = nullptr; }
    SealProofs(const SealProofs&) = delete;
    SealProofs& operator=(const SealProofs&) = delete;

    /// Does what is due; on the node's executor, again and again.
    [[nodiscard]] base::Status turn();
    /// The program's next link, when the program can judge it now.
    [[nodiscard]] base::Result<std::optional<seal::Link>> due() const;

private:
    void fetch(const seal::Link& link);
    void take(const seal::Link& link, const bitcoin::Block& block);

    const RoleContext& m_context;
    Producer& m_producer;
    std::optional<seal::Link> m_link;         // that m_encoded shows, or whose block is on its way
    base::Bytes m_encoded;                    // empty while it is on its way
    std::optional<l2::BatchHash> m_refusedAt; // the head behind which it was not taken
    std::shared_ptr<SealProofs*> m_self = std::make_shared<SealProofs*>(this); // null once this is gone
};

} // namespace bowline::daemon
