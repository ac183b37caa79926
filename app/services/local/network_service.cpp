// SPDX-License-Identifier: MIT
#include "app/services/local/network_service.h"

namespace bowline::services {

Task LocalNetworkService::waitSynced(Completion<SyncView> done)
{
    return m_hub.request<SyncView>(std::move(done),
                                   [this](const Reply<SyncView>& reply) { lookAgain(reply); });
}

void LocalNetworkService::lookAgain(const Reply<SyncView>& reply)
{
    if (reply.isOver()) return reply(base::makeError(kCancelled));
    if (m_hub.syncView().synced && isSessionDone()) {
        m_hub.publish(); // whoever waited may read the snapshot next
        return reply(m_hub.syncView());
    }
    m_hub.worker().postAfter(std::chrono::milliseconds(50), [this, reply] { lookAgain(reply); });
}

/// The backend may be complete while the wallet still works through what it was given. What the layer 2 says counts
/// once everything the session asked was answered for the present head; a node that is known to be out of reach is
/// not waited for.
bool LocalNetworkService::isSessionDone() const
{
    const NodeView& node = *m_hub.nodeView();
    Session* session = m_hub.session();
    if (!node.asked) return false;
    if (session == nullptr) return true;
    if (!session->wallet().isSynced() || !session->isCaughtUp()) return false;
    return !node.reachable || session->isAnswered();
}

} // namespace bowline::services
