// SPDX-License-Identifier: MIT
// A wallet that follows a real bitcoind through the light client, all of it owned by the test's thread.
#pragma once

#include "core/chain/p2p_client.h"
#include "core/wallet/sync.h"
#include "tests/support/bitcoind.h"
#include "tests/unit/wallet/wallet_fixture.h"

#include <QCoreApplication>

namespace bowline::test {

class LiveWallet {
public:
    LiveWallet(const Bitcoind& node, wallet::NewWallet options)
    {
        const std::string path = m_folder.filePath("live.wallet").toStdString();
        auto created = wallet::Wallet::create(path, options, m_clock);
        if (!created.ok()) qFatal("%s", describe(created.error()).c_str());
        m_wallet = std::move(created).value();
        chain::P2pOptions p2p;
        p2p.params = bitcoin::chainParams(bitcoin::Network::Regtest);
        p2p.storePath = m_folder.filePath("headers").toStdString();
        p2p.peers = {node.p2pAddress()};
        m_backend = chain::makeP2pClient(p2p);
        const base::Status started = m_backend->start();
        if (!started.ok()) qFatal("%s", describe(started.error()).c_str());
        m_sync = std::make_unique<wallet::WalletSync>(
            *m_wallet, *m_backend,
            [this](std::function<void()> task) {
                QMetaObject::invokeMethod(&m_context, std::move(task), Qt::QueuedConnection);
            },
            [] {}, [](const base::Error& error) { qFatal("%s", describe(error).c_str()); });
        m_sync->start();
    }
    ~LiveWallet()
    {
        m_sync.reset();
        m_backend->stop();
    }
    LiveWallet(const LiveWallet&) = delete;
    LiveWallet& operator=(const LiveWallet&) = delete;

    /// Runs events until the wallet has scanned to the node's tip and says that it is complete.
    bool catchUp(const Bitcoind& node)
    {
        const std::string best = node.bestBlock();
        return QTest::qWaitFor(
            [&] {
                const auto scanned = m_wallet->scannedTo();
                return scanned && scanned->hash.displayHex() == best && m_wallet->isSynced();
            },
            60'000);
    }
    std::string newAddress(wallet::AddressType type = wallet::AddressType::Taproot)
    {
        const auto address = m_wallet->nextAddress(type, {});
        if (!address.ok()) qFatal("%s", describe(address.error()).c_str());
        return address->address;
    }
    wallet::Balance balance()
    {
        const auto out = m_wallet->balance();
        if (!out.ok()) qFatal("%s", describe(out.error()).c_str());
        return *out;
    }
    /// Signs, stores and broadcasts.
    wallet::SignedSpend send(const base::Result<wallet::SpendDraft>& draft)
    {
        if (!draft.ok()) qFatal("%s", describe(draft.error()).c_str());
        auto spend = wallet::signDraft(*m_wallet, *draft, wallet::FeeConsent::Accept);
        if (!spend.ok()) qFatal("%s", describe(spend.error()).c_str());
        const base::Status submitted = m_sync->submit(spend->package);
        if (!submitted.ok()) qFatal("%s", describe(submitted.error()).c_str());
        return std::move(spend).value();
    }
    [[nodiscard]] wallet::Wallet& wallet() { return *m_wallet; }

private:
    QTemporaryDir m_folder;
    QObject m_context;
    base::SystemClock m_clock;
    std::unique_ptr<wallet::Wallet> m_wallet;
    std::unique_ptr<chain::Backend> m_backend;
    std::unique_ptr<wallet::WalletSync> m_sync;
};

} // namespace bowline::test
