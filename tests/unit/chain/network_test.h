// SPDX-License-Identifier: MIT
// What the tests of the light client among scripted nodes have in common.
#pragma once

#include "core/chain/chain_store.h"
#include "tests/integration/chain/probe.h"
#include "tests/support/scripted_peer.h"

#include <QTemporaryDir>
#include <QTest>

namespace bowline::test {

class NetworkTest : public QObject {
protected:
    /// For init(): each test begins with an empty store.
    void freshFolder() { m_dir = std::make_unique<QTemporaryDir>(); }
    [[nodiscard]] chain::P2pOptions options(const std::vector<const ScriptedPeer*>& nodes) const
    {
        chain::P2pOptions out;
        out.params = regtest();
        out.storePath = m_dir->filePath("chain.sqlite").toStdString();
        for (const ScriptedPeer* node : nodes) out.peers.push_back(node->address());
        out.timeouts = {chain::Millis(2000), chain::Millis(1500), chain::Millis(1500), chain::Millis(60'000)};
        out.retryFirst = chain::Millis(50);
        return out;
    }
    static bool waitForVerdict(Client& client, const ScriptedPeer& node, chain::PeerVerdict verdict)
    {
        return client.waitStatus([&](const chain::ChainStatus& status) {
            for (const chain::PeerInfo& peer : status.peers) {
                if (peer.address == node.address() && peer.verdict == verdict && !peer.connected) return true;
            }
            return false;
        });
    }
    static chain::PeerInfo infoOf(Client& client, const ScriptedPeer& node)
    {
        const chain::StatusPtr status = client->status();
        for (const chain::PeerInfo& peer : status->peers) {
            if (peer.address == node.address()) return peer;
        }
        return {};
    }
    static bool waitForWhole(EventLog& log, std::uint32_t height,
                             std::chrono::milliseconds patience = std::chrono::seconds(30))
    {
        const auto came = [&](const auto& events) {
            return std::any_of(events.begin(), events.end(), [&](const chain::BlockEvent& event) {
                const auto* connected = std::get_if<chain::BlockConnected>(&event);
                return connected != nullptr && connected->height.value == height && connected->block;
            });
        };
        return log.waitUntil(came, patience);
    }
    /// Ten blocks; the fourth pays to m_mine, the eighth spends that.
    [[nodiscard]] ScriptedChain honestChain() const
    {
        ScriptedChain out;
        out.mineEmpty(3);
        out.mine({m_mine});
        const bitcoin::OutPoint coin{out.blocks[4].transactions[0].txid(), 1};
        out.mineEmpty(3);
        out.mine({}, coin, m_mine);
        out.mineEmpty(2);
        return out;
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    bitcoin::Script m_mine{bitcoin::payToTaproot(base::XOnlyPublicKey{{0x11}})};
    bitcoin::Script m_filler{bitcoin::payToTaproot(base::XOnlyPublicKey{{0x22}})};
};

} // namespace bowline::test
