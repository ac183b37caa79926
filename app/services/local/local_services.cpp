// SPDX-License-Identifier: MIT
#include "app/services/local_services.h"

#include "app/services/local/bridge_service.h"
#include "app/services/local/explorer_service.h"
#include "app/services/local/layer_two_service.h"
#include "app/services/local/network_service.h"
#include "app/services/local/prover_service.h"
#include "app/services/local/spend_service.h"
#include "app/services/local/wallet_service.h"

#include <fstream>
#include <sstream>

namespace bowline::services {

namespace {
ProverSetup proverSetup(const LocalOptions& options)
{
    return {options.dataDir, options.proverProgram, options.node.url(), options.nodeTokenFile};
}

class LocalServices final : public Services {
public:
    LocalServices(LocalOptions options, bridge::ContextPtr context)
        : m_hub(std::move(options), std::move(context)), m_wallets(m_hub), m_spending(m_hub), m_bridge(m_hub),
          m_layerTwo(m_hub), m_explorer(m_hub), m_network(m_hub), m_prover(proverSetup(m_hub.options()))
    {
    }
    ~LocalServices() override
    {
        m_prover.shutDown();
        m_hub.shutDown();
    }
    LocalServices(const LocalServices&) = delete;
    LocalServices& operator=(const LocalServices&) = delete;
    base::Status start()
    {
        BOWLINE_CHECK(m_hub.start());
        if (m_hub.options().startsProver) m_prover.resume();
        return base::success();
    }
    void startBehind(StartFailed failed)
    {
        m_hub.startBehind(std::move(failed));
        if (!m_hub.options().startsProver) return;
        // Once the data folder is ours: its prover belongs to whoever has it.
        m_hub.request<base::Unit>([](const base::Result<base::Unit>&) {},
                                  [this](const Reply<base::Unit>&) { m_prover.resume(); });
    }

    WalletService& wallets() override { return m_wallets; }
    SpendService& spending() override { return m_spending; }
    BridgeService& bridge() override { return m_bridge; }
    LayerTwoService& layerTwo() override { return m_layerTwo; }
    ExplorerService& explorer() override { return m_explorer; }
    NetworkService& network() override { return m_network; }
    ProverService& prover() override { return m_prover; }
    SnapshotPtr snapshot() const override { return m_hub.snapshot(); }
    Subscription handleSnapshot(std::function<void(SnapshotPtr)> function) override
    {
        return m_hub.handleSnapshot(std::move(function));
    }

private:
    Hub m_hub;
    LocalWalletService m_wallets;
    LocalSpendService m_spending;
    LocalBridgeService m_bridge;
    LocalLayerTwoService m_layerTwo;
    LocalExplorerService m_explorer;
    LocalNetworkService m_network;
    LocalProverService m_prover;
};
} // namespace

base::Result<std::unique_ptr<Services>> makeLocalServices(LocalOptions options)
{
    BOWLINE_TRY(bridge::ContextPtr context, bridge::makeContext(options.network));
    auto services = std::make_unique<LocalServices>(std::move(options), std::move(context));
    BOWLINE_CHECK(services->start());
    return std::unique_ptr<Services>(std::move(services));
}

base::Result<std::unique_ptr<Services>> makeLocalServicesBehind(LocalOptions options, StartFailed failed)
{
    BOWLINE_TRY(bridge::ContextPtr context, bridge::makeContext(options.network));
    auto services = std::make_unique<LocalServices>(std::move(options), std::move(context));
    services->startBehind(std::move(failed));
    return std::unique_ptr<Services>(std::move(services));
}

base::Result<l2::Network> readNetworkFile(const std::string& path)
{
    std::ifstream in(path);
    if (!in) return base::makeError(l2::kBadNetworkFile, "cannot read " + path);
    std::ostringstream text;
    text << in.rdbuf();
    return l2::parseNetworkJson(text.str());
}

} // namespace bowline::services
