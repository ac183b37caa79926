// SPDX-License-Identifier: MIT
// What the tests of the light client between a real bitcoind and hostile peers have in common: the node with a history
// in which one script is paid and spent from, the same chain for scripted peers to lie about, and what has to be true
// in the end whatever the peers did.
#pragma once

#include "tests/integration/chain/probe.h"
#include "tests/support/bitcoind.h"
#include "tests/support/memory.h"
#include "tests/support/scripted_peer.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

#include <cmath>

namespace bowline::test {

inline constexpr std::size_t kMegabyte = 1'000'000;

/// One client with one follower of the script.
struct Scene {
    Scene(chain::P2pOptions options, const bitcoin::Script& script)
        : client(std::move(options)), follower(client.follow(log, {{}, {1}, {script}}))
    {
        since.start();
    }
    QElapsedTimer since;
    EventLog log;
    Client client;
    std::unique_ptr<chain::Follower> follower;
};

class HostileGround : public QObject {
protected:
    using PeerList = std::vector<const ScriptedPeer*>;

    void startNode()
    {
        m_node = Bitcoind::start();
        const std::string address = m_node->newAddress();
        const auto info = m_node->json({"getaddressinfo", address}).as_object();
        m_script = base::fromHex(boost::json::value_to<std::string>(info.at("scriptPubKey"))).value();
        m_node->mine(101);
        const std::string first = m_node->send(address, "1.5");
        m_node->mine(1);
        m_paid = truth().height();
        m_node->send(address, "0.25");
        m_node->mine(3);
        spend(first);
        m_node->mine(1);
        m_spent = truth().height();
        m_node->mine(6);
        truth();
    }
    /// The node's chain as scripted peers serve it.
    const ScriptedChain& truth()
    {
        m_truth.spacing = 1; // forks begin at the time of now
        const auto height = static_cast<std::uint32_t>(m_node->height());
        if (height > m_truth.height()) catchUp(height);
        return m_truth;
    }
    [[nodiscard]] chain::P2pOptions options(const PeerList& hostile, bool withHonest = true) const
    {
        chain::P2pOptions out;
        out.params = regtest();
        out.storePath = m_dir->filePath("chain.sqlite").toStdString();
        for (const ScriptedPeer* peer : hostile) out.peers.push_back(peer->address());
        if (withHonest) out.peers.push_back(m_node->p2pAddress());
        out.timeouts = {chain::Millis(2000), chain::Millis(1500), chain::Millis(1500), chain::Millis(60'000)};
        out.retryFirst = chain::Millis(50);
        return out;
    }
    [[nodiscard]] static chain::PeerInfo infoOf(Scene& scene, const std::string& address)
    {
        const chain::StatusPtr status = scene.client->status();
        for (const chain::PeerInfo& peer : status->peers) {
            if (peer.address == address) return peer;
        }
        return {};
    }
    [[nodiscard]] static bool waitForVerdict(Scene& scene, const ScriptedPeer& peer,
                                             chain::PeerVerdict verdict, int patience = 20'000)
    {
        return scene.client.waitStatus(
            [&](const chain::ChainStatus&) {
                const chain::PeerInfo info = infoOf(scene, peer.address());
                return info.verdict == verdict && !info.connected;
            },
            patience);
    }
    [[nodiscard]] static bool waitForWhole(Scene& scene, std::size_t height, int patience)
    {
        return scene.log.waitUntil(
            [&](const std::vector<chain::BlockEvent>& events) {
                return std::any_of(events.begin(), events.end(), [&](const chain::BlockEvent& event) {
                    const auto* come = std::get_if<chain::BlockConnected>(&event);
                    return come != nullptr && come->block && come->height.value == height;
                });
            },
            std::chrono::milliseconds(patience));
    }
    [[nodiscard]] static bool isBanned(Scene& scene, const ScriptedPeer& peer)
    {
        return infoOf(scene, peer.address()).bannedUntil != 0;
    }
    /// What the script holds by the blocks that came whole.
    [[nodiscard]] std::int64_t balance(const EventLog& log) const
    {
        std::map<std::pair<base::ByteArray<32>, std::uint32_t>, std::int64_t> coins;
        std::map<std::uint32_t, chain::BlockPtr> blocks;
        for (const chain::BlockEvent& event : log.all()) {
            const auto* gone = std::get_if<chain::BlockDisconnected>(&event);
            if (gone != nullptr) blocks.erase(gone->height.value);
            const auto* come = std::get_if<chain::BlockConnected>(&event);
            if (come != nullptr && come->block) blocks[come->height.value] = come->block;
        }
        const auto each = [&](const auto& fn) {
            for (const auto& [height, block] : blocks) {
                for (const bitcoin::Transaction& transaction : block->transactions) fn(transaction);
            }
        };
        each([&](const bitcoin::Transaction& transaction) {
            for (std::uint32_t i = 0; i < transaction.outputs.size(); ++i) {
                const bitcoin::TxOut& out = transaction.outputs[i];
                if (out.scriptPubKey == m_script) coins[{transaction.txid().bytes, i}] = out.value.sat();
            }
        });
        each([&](const bitcoin::Transaction& transaction) {
            for (const bitcoin::TxIn& in : transaction.inputs)
                coins.erase({in.prevout.txid.bytes, in.prevout.index});
        });
        std::int64_t sum = 0;
        for (const auto& [coin, value] : coins) sum += value;
        return sum;
    }
    /// The same by the node.
    [[nodiscard]] std::int64_t trueBalance()
    {
        const std::string best = m_node->bestBlock();
        if (best == m_balanceAt) return m_balance;
        const std::string descriptor = "[\"raw(" + base::toHex(m_script) + ")\"]";
        const auto answer = m_node->json({"scantxoutset", "start", descriptor}).as_object();
        m_balanceAt = best;
        m_balance = std::llround(answer.at("total_amount").to_number<double>() * 1e8);
        return m_balance;
    }
    /// The client has the node's chain and balance, and the node is neither banned nor lost. Empty when it is so.
    [[nodiscard]] QString trouble(Scene& scene, int patience = 30'000)
    {
        const auto best = base::BlockHash::fromDisplayHex(m_node->bestBlock()).value();
        const std::int64_t sats = trueBalance();
        const bool there = QTest::qWaitFor(
            [&] {
                const std::vector<chain::BlockConnected> come = scene.log.connected();
                const bool walked = !come.empty() && come.back().hash == best;
                return scene.client->tip().hash == best && walked && balance(scene.log) == sats;
            },
            patience);
        if (!there) {
            return QString("height %1 of %2, balance %3 of %4")
                .arg(scene.client->tip().height.value)
                .arg(m_node->height())
                .arg(balance(scene.log))
                .arg(sats);
        }
        const auto honest = [&] { return infoOf(scene, m_node->p2pAddress()); };
        // The picture of the peers may be a moment older than the chain.
        if (!QTest::qWaitFor([&] { return honest().connected; }, 3000) || honest().bannedUntil != 0)
            return "the honest node is lost: " + QString::fromStdString(honest().reason);
        return {};
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Bitcoind> m_node;
    bitcoin::Script m_script;
    std::size_t m_paid = 0;  // height of the first payment to the script
    std::size_t m_spent = 0; // height at which that payment is spent

private:
    [[nodiscard]] bitcoin::BlockFilter filterOf(const base::BlockHash& hash) const
    {
        const auto answer = m_node->json({"getblockfilter", hash.displayHex()}).as_object();
        const std::string encoded = boost::json::value_to<std::string>(answer.at("filter"));
        return {hash, base::fromHex(encoded).value()};
    }
    /// Over the peer-to-peer port, because a bitcoin-cli for each block takes long.
    void catchUp(std::uint32_t height)
    {
        if (m_truth.height() == 0) m_truth.filters[0] = filterOf(regtest().genesisHash);
        const QTemporaryDir folder;
        Client client(folder.path().toStdString(), {m_node->p2pAddress()});
        if (!client.waitSynced(height)) qFatal("no chain to lie about");
        for (std::uint32_t at = std::uint32_t(m_truth.height()) + 1; at <= height; ++at) {
            const base::BlockHash hash = client->headerAt({at})->hash;
            const chain::BlockPtr block = chain::blockOf(*client, hash).get().value();
            const std::vector<bitcoin::Script> nothingSpent;
            const bool spends = block->transactions.size() > 1;
            m_truth.append(*block, spends ? filterOf(hash) : bitcoin::buildBasicFilter(*block, nothingSpent));
        }
    }
    void spend(const std::string& txid)
    {
        const auto answer = m_node->json({"-named", "gettransaction", "txid=" + txid, "verbose=true"});
        int index = -1;
        for (const auto& output : answer.at("decoded").at("vout").as_array()) {
            const auto& script = output.at("scriptPubKey").at("hex");
            if (boost::json::value_to<std::string>(script) == base::toHex(m_script))
                index = boost::json::value_to<int>(output.at("n"));
        }
        const std::string input =
            R"({"inputs":[{"txid":")" + txid + R"(","vout":)" + std::to_string(index) + "}]}";
        m_node->cli({"send", "{\"" + m_node->newAddress() + "\":1}", "null", "unset", "10", input});
    }
    ScriptedChain m_truth;
    std::string m_balanceAt; // the block for which m_balance was asked
    std::int64_t m_balance = 0;
};

} // namespace bowline::test

/// The client ends on the honest chain with the right balance, within this time since it started.
#define ENDS_WELL(scene, withinMillis)                                                                       \
    do {                                                                                                     \
        const QString wrong = trouble(scene);                                                                \
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));                                                        \
        const qint64 taken = (scene).since.elapsed();                                                        \
        QVERIFY2(taken <= (withinMillis), qPrintable(QString("it took %1 ms").arg(taken)));                  \
    } while (false)
