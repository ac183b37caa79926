// SPDX-License-Identifier: MIT
#include "app/cli/runner.h"

#include "app/services/client_file.h"

#include <algorithm>
#include <thread>

namespace bowline::cli {

namespace {
/// A script's next command may start while the one before is still closing its files.
constexpr std::chrono::seconds kFolderPatience{2};
constexpr std::chrono::seconds kAskPatience{4};
/// What waits is the newest.
constexpr std::size_t kMostWaiting = 100;
} // namespace

base::Result<services::Services*> Runner::services()
{
    if (m_services) return m_services.get();
    services::ClientFile given;
    given.networkFile = m_arguments.get("network-file");
    if (m_arguments.has("bitcoin")) given.bitcoinPeers = {m_arguments.get("bitcoin")};
    given.node = m_arguments.get("node");
    BOWLINE_TRY(services::LocalOptions options, services::clientOptions(m_arguments.datadir, given));
    const auto name = bitcoin::networkName(options.network.params.bitcoinNetwork);
    if (!m_arguments.network.empty() && m_arguments.network != name) {
        return base::makeError(kNoConnection, "the network file is for " + std::string(name));
    }
    options.patience = kFolderPatience;
    BOWLINE_TRY(m_services, services::makeLocalServices(std::move(options)));
    return m_services.get();
}

base::Result<services::WalletInfo> Runner::openWallet()
{
    BOWLINE_TRY(services::Services * all, services());
    BOWLINE_TRY(services::WalletInfo info, wait<services::WalletInfo>([&](auto done) {
                    return all->wallets().open(walletName(), std::move(done));
                }));
    m_isWalletOpen = true;
    return info;
}

base::Result<services::WalletInfo> Runner::unlockWallet()
{
    BOWLINE_TRY(base::SecureBytes password, readSecret(m_arguments, passwordSource()));
    BOWLINE_TRY(services::Services * all, services());
    BOWLINE_TRY(services::WalletInfo info, wait<services::WalletInfo>([&](auto done) {
                    return all->wallets().unlock(walletName(), std::move(password), std::move(done));
                }));
    m_isWalletOpen = true;
    return info;
}

base::Result<services::SyncView> Runner::waitSynced()
{
    BOWLINE_TRY(services::Services * all, services());
    BOWLINE_TRY(services::SyncView view, wait<services::SyncView>([&](auto done) {
                    return all->network().waitSynced(std::move(done));
                }));
    m_isSynced = true;
    return view;
}

void Runner::sendWhatWaits() const
{
    if (!m_isWalletOpen || !m_isSynced) return;
    const auto isAskedFor = [](const services::TransactionView& view) {
        return view.broadcastState != "sent"; // "": in a block, or not to be sent any more
    };
    const auto until = std::chrono::steady_clock::now() + kAskPatience;
    while (std::chrono::steady_clock::now() < until) {
        const auto all = wait<std::vector<services::TransactionView>>([this](auto done) {
            return m_services->wallets().listTransactions(0, kMostWaiting, std::move(done));
        });
        if (!all.ok() || std::all_of(all->begin(), all->end(), isAskedFor)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
}

} // namespace bowline::cli
