// SPDX-License-Identifier: MIT
#include "app/cli/runner.h"

#include "app/services/client_file.h"

namespace bowline::cli {

namespace {
/// A script's next command may start while the one before is still closing its files.
constexpr std::chrono::seconds kFolderPatience{2};
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
    return wait<services::WalletInfo>(
        [&](auto done) { return all->wallets().open(walletName(), std::move(done)); });
}

base::Result<services::WalletInfo> Runner::unlockWallet()
{
    BOWLINE_TRY(base::SecureBytes password, readSecret(m_arguments, passwordSource()));
    BOWLINE_TRY(services::Services * all, services());
    return wait<services::WalletInfo>(
        [&](auto done) { return all->wallets().unlock(walletName(), std::move(password), std::move(done)); });
}

base::Result<services::SyncView> Runner::waitSynced()
{
    BOWLINE_TRY(services::Services * all, services());
    return wait<services::SyncView>([&](auto done) { return all->network().waitSynced(std::move(done)); });
}

} // namespace bowline::cli
