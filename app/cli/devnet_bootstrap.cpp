// SPDX-License-Identifier: MIT
#include "app/cli/devnet_bootstrap.h"

#include "app/devnet/needed_blocks.h"
#include "app/services/client_file.h"
#include "core/crypto/random.h"
#include "core/net/client.h"

#include <algorithm>
#include <fstream>
#include <thread>

namespace bowline::cli {

namespace {
constexpr std::uint64_t kFaucetScrypt = 1U << 15U; // regtest money
constexpr base::Amount kOperatorCoin = base::Amount::fromSat(50'000'000);
constexpr int kOperatorCoins = 4;
constexpr base::Amount kFirstDeposit = base::Amount::fromSat(20'000'000);
constexpr base::Amount kOperatorLayerTwo = base::Amount::fromSat(5'000'000);
constexpr std::chrono::seconds kLimit{300}; // batches may wait for proofs of those before

base::Result<json::object> nodeInfo(const devnet::Program& program)
{
    BOWLINE_TRY(const net::Endpoint endpoint, net::parseEndpoint(program.endpoint));
    net::BlockingClient client(endpoint);
    BOWLINE_TRY(const json::value answer, client.call("node_info"));
    if (!answer.is_object()) return base::makeError(kBootstrapFailed, "node_info is no object");
    return answer.get_object();
}

/// Calls `probe` until it is true; with `mine` set there are the blocks that something waits for in between.
base::Status until(const devnet::State& state, const std::string& what, bool mine,
                   const std::function<base::Result<bool>()>& probe)
{
    BOWLINE_TRY(devnet::NeededBlocks needed, devnet::NeededBlocks::on(state));
    const auto deadline = std::chrono::steady_clock::now() + kLimit;
    while (true) {
        BOWLINE_TRY(const bool done, probe());
        if (done) return base::success();
        if (std::chrono::steady_clock::now() > deadline) return base::makeError(kBootstrapFailed, what);
        std::this_thread::sleep_for(std::chrono::milliseconds(mine ? 500 : 100));
        if (mine) BOWLINE_CHECK(needed.step());
    }
}

std::vector<const devnet::Program*> operatorsOf(const devnet::State& state)
{
    std::vector<const devnet::Program*> out;
    for (const devnet::Program& program : state.programs) {
        if (program.name.rfind("operator-", 0) == 0) out.push_back(&program);
    }
    return out;
}

base::Status fundOperators(const devnet::State& state)
{
    for (const devnet::Program* program : operatorsOf(state)) {
        BOWLINE_TRY(const json::object info, nodeInfo(*program));
        const auto address = json::value_to<std::string>(info.at("bitcoin_address"));
        for (int i = 0; i < kOperatorCoins; ++i) BOWLINE_CHECK(devnet::pay(state, address, kOperatorCoin));
    }
    BOWLINE_CHECK(devnet::mine(state, 2));
    return base::success();
}

base::Result<base::SecureBytes> faucetPassword(const std::string& folder)
{
    BOWLINE_TRY(const auto secret, crypto::randomSecret());
    const std::string text = base::toHex(secret.view());
    std::ofstream out(folder + "/password", std::ios::trunc);
    out << text << '\n';
    if (!out) return base::makeError(kBootstrapFailed, "cannot write " + folder + "/password");
    return base::toSecure(base::viewOf(text));
}

/// The faucet: a wallet like every other, whose deposits are the first of the network.
class Faucet {
public:
    Faucet(Runner& runner, const devnet::State& state) : m_runner(runner), m_state(state) {}

    base::Status open()
    {
        services::ClientFile file;
        file.networkFile = m_state.networkFile;
        file.bitcoinPeers = {m_state.bitcoinPeer};
        file.node = m_state.find("sequencer")->endpoint;
        const std::string folder = m_state.dir + "/faucet";
        BOWLINE_CHECK(services::writeClientFile(folder, file));
        BOWLINE_TRY(services::LocalOptions options, services::clientOptions(folder, {}));
        options.scryptCost = kFaucetScrypt;
        BOWLINE_TRY(m_services, services::makeLocalServices(std::move(options)));
        BOWLINE_TRY(base::SecureBytes password, faucetPassword(folder));
        BOWLINE_TRY(const base::SecureBytes words, m_runner.wait<base::SecureBytes>([&](auto done) {
            return m_services->wallets().generateWords(12, std::move(done));
        }));
        BOWLINE_CHECK(m_runner.wait<services::WalletInfo>([&](auto done) {
            return m_services->wallets().create("faucet", words, {}, std::move(password), std::move(done));
        }));
        BOWLINE_TRY(const auto address, m_runner.wait<services::AddressView>([&](auto done) {
            return m_services->wallets().nextAddress(services::AddressType::Taproot, "", std::move(done));
        }));
        BOWLINE_CHECK(devnet::pay(m_state, address.address, kFirstDeposit * 2));
        BOWLINE_CHECK(devnet::mine(m_state, 1));
        return until(m_state, "the faucet's coins", false, [&]() -> base::Result<bool> {
            return m_services->snapshot()->bitcoin.confirmed >= kFirstDeposit * 2;
        });
    }

    base::Status deposit()
    {
        BOWLINE_TRY(const auto quote, m_runner.wait<services::DepositQuote>([&](auto done) {
            return m_services->bridge().quoteDeposit(kFirstDeposit, 2'000, std::move(done));
        }));
        BOWLINE_TRY(const auto ids, m_runner.wait<std::vector<std::string>>([&](auto done) {
            return m_services->bridge().startDeposit(quote.draftId, std::move(done));
        }));
        return until(m_state, "the first deposit", true, [&]() -> base::Result<bool> {
            const services::SnapshotPtr now = m_services->snapshot();
            return std::all_of(now->bridge.begin(), now->bridge.end(),
                               [](const auto& item) { return item.finished; }) &&
                   now->layerTwo.available >= kFirstDeposit;
        });
    }

    base::Status pay(const std::string& account)
    {
        BOWLINE_TRY(const auto review, m_runner.wait<services::LayerTwoReview>([&](auto done) {
            return m_services->spending().reviewLayerTwo(account, kOperatorLayerTwo, std::move(done));
        }));
        BOWLINE_CHECK(m_runner.wait<std::string>([&](auto done) {
            return m_services->spending().confirmLayerTwo(review.draftId, std::move(done));
        }));
        return base::success();
    }

private:
    Runner& m_runner;
    const devnet::State& m_state;
    std::unique_ptr<services::Services> m_services;
};
} // namespace

base::Status bootstrapDevnet(Runner& runner, const devnet::State& state, const devnet::Progress& progress)
{
    progress("operators' bitcoin");
    BOWLINE_CHECK(fundOperators(state));
    progress("the first deposit");
    Faucet faucet(runner, state);
    BOWLINE_CHECK(faucet.open());
    BOWLINE_CHECK(faucet.deposit());
    progress("operators' registration");
    for (const devnet::Program* program : operatorsOf(state)) {
        BOWLINE_TRY(const json::object info, nodeInfo(*program));
        BOWLINE_CHECK(faucet.pay(json::value_to<std::string>(info.at("layer2_account"))));
    }
    for (const devnet::Program* program : operatorsOf(state)) {
        BOWLINE_CHECK(until(state, program->name + " does not register", false, [&]() -> base::Result<bool> {
            BOWLINE_TRY(const json::object info, nodeInfo(*program));
            const json::value* registered = info.if_contains("registered");
            return registered != nullptr && registered->is_bool() && registered->get_bool();
        }));
    }
    return base::success();
}

} // namespace bowline::cli
