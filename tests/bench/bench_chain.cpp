// SPDX-License-Identifier: MIT
// How fast the light client follows a local bitcoind: headers, filter headers and filters of a fresh chain, from
// nothing to fully scanned for a thousand scripts. Usage: bench_chain [BLOCKS]; prints one JSON object.
#include "core/base/log.h"
#include "core/chain/p2p_client.h"
#include "tests/support/bitcoind.h"

#include <QCoreApplication>
#include <QElapsedTimer>
#include <QTemporaryDir>
#include <QThread>

#include <atomic>
#include <cstdio>

using namespace bowline;

namespace {

std::vector<base::Bytes> scripts(std::size_t count)
{
    std::vector<base::Bytes> out;
    for (std::size_t i = 0; i < count; ++i) {
        base::XOnlyPublicKey key;
        key.bytes[0] = static_cast<std::uint8_t>(i);
        key.bytes[1] = static_cast<std::uint8_t>(i >> 8U);
        key.bytes[2] = 1;
        out.push_back(bitcoin::payToTaproot(key));
    }
    return out;
}

std::unique_ptr<chain::Backend> startClient(const QTemporaryDir& folder, const test::Bitcoind& node)
{
    chain::P2pOptions options;
    options.params = bitcoin::chainParams(bitcoin::Network::Regtest);
    options.storePath = folder.filePath(QStringLiteral("chain.sqlite")).toStdString();
    options.peers = {node.p2pAddress()};
    auto client = chain::makeP2pClient(std::move(options));
    if (!client->start().ok()) qFatal("the client does not start");
    return client;
}

/// Milliseconds until the condition holds.
template <typename Condition>
qint64 timeUntil(Condition condition)
{
    QElapsedTimer timer;
    timer.start();
    while (!condition()) {
        if (timer.elapsed() > 300'000) qFatal("no progress");
        QThread::msleep(2);
    }
    return std::max<qint64>(timer.elapsed(), 1);
}

long long perSecond(int blocks, qint64 millis) { return blocks * 1000LL / std::max<qint64>(millis, 1); }

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    base::setLogLevel(base::LogLevel::Warning);
    const int blocks = argc > 1 ? std::atoi(argv[1]) : 6000;
    const auto node = test::Bitcoind::start();
    // In portions: bitcoin-cli gives up on calls that take minutes.
    const std::string address = node->newAddress();
    for (int mined = 0; mined < blocks; mined += 500) node->mine(std::min(500, blocks - mined), address);

    const QTemporaryDir folder;
    const auto height = static_cast<std::uint32_t>(blocks);
    // With everything that comes before the first header: store, connection, handshake.
    QElapsedTimer timer;
    timer.start();
    const auto client = startClient(folder, *node);
    timeUntil([&] { return client->tip().height.value >= height; });
    const qint64 headers = timer.restart();
    timeUntil([&] { return client->status()->progress.filterHeaders.done >= height; });
    const qint64 filterHeaders = timer.restart();
    std::atomic<std::uint32_t> reached = 0;
    const auto follower = client->follow({{}, {1}, scripts(1000)}, [&](const chain::BlockEvent& event) {
        if (const auto* block = std::get_if<chain::BlockConnected>(&event)) reached = block->height.value;
    });
    const qint64 scan = timeUntil([&] { return reached >= height; });
    std::printf("{\"blocks\":%d,\"header_sync_per_s\":%lld,\"filter_headers_per_s\":%lld,"
                "\"filter_scan_blocks_per_s\":%lld,\"scripts\":1000}\n",
                blocks, perSecond(blocks, headers), perSecond(blocks, filterHeaders),
                perSecond(blocks, scan));
    client->stop();
    return 0;
}
