// SPDX-License-Identifier: MIT
// How far synchronisation has come, and with whom.
#pragma once

#include "app/services/local/hub.h"

namespace bowline::services {

class LocalNetworkService final : public NetworkService {
public:
    explicit LocalNetworkService(Hub& hub) : m_hub(hub) {}

    [[nodiscard]] SyncView sync() const override { return m_hub.syncView(); }
    [[nodiscard]] std::vector<PeerView> peers() const override { return m_hub.peerViews(); }
    Task waitSynced(Completion<SyncView> done) override;

private:
    void lookAgain(const Reply<SyncView>& reply);
    [[nodiscard]] bool isSessionDone() const;
    Hub& m_hub;
};

} // namespace bowline::services
