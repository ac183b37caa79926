// SPDX-License-Identifier: MIT
#include "app/services/local/network_service.h"

namespace bowline::services {

Task LocalNetworkService::waitSynced(Completion<SyncView> done)
{
    return m_hub.request<SyncView>(std::move(done), [this](const Reply<SyncView>& reply) { lookAgain(reply); });
}

void LocalNetworkService::lookAgain(const Reply<SyncView>& reply)
{
    if (reply.isOver()) return reply(base::makeError(kCancelled));
    const SyncView view = m_hub.syncView();
    Session* session = m_hub.session();
    // The backend may be complete while the wallet still works through what it was given; the own layer-2
    // account counts as soon as it was verified against the head.
    const bool walletDone = session == nullptr || session->wallet().isSynced();
    const bool accountDone = session == nullptr || !view.layerTwoReachable || session->account().has_value();
    if (view.synced && walletDone && accountDone) return reply(view);
    m_hub.worker().postAfter(std::chrono::milliseconds(50), [this, reply] { lookAgain(reply); });
}

} // namespace bowline::services
