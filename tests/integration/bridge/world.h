// SPDX-License-Identifier: MIT
// What the tests of the bridge's roles have in common: bitcoind, a sequencer, three signers and two operators with
// money, all of them real processes; and a depositor in the test's own hands.
#pragma once

#include "core/bitcoin/address.h"
#include "core/bridge/depositor.h"
#include "core/bridge/operator.h"
#include "tests/support/bowlined.h"
#include "tests/support/node_proxy.h"
#include "tests/support/patience.h"

#include <QTest>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <algorithm>

namespace bowline::test {

/// The value, or the end of the test program.
template <typename T>
T take(base::Result<T> result)
{
    if (!result.ok())
        qFatal("%s %s", std::string(result.error().code.name()).c_str(), result.error().detail.c_str());
    return std::move(result).value();
}

/// bitcoind, a sequencer, three signers and two operators with money.
class World {
public:
    /// Whether a proxy stands between each signer or operator and the sequencer, for the test to lie to it.
    enum class Fronts { None, OfEach };
    struct Options {
        std::vector<std::string> operatorPrograms{}; // of operator-1 and so on; bowlined where there is none
        std::vector<std::string> signerPrograms{};   // likewise
        Fronts fronts = Fronts::None;
        std::vector<std::string> bitcoind{}; // more arguments for it
        bool isPruned = false;               // the roles' only peer is a pruned node behind it
        TestNetwork::Options network = {.signers = 3, .operators = 2, .depth = 1}; // two operators run
    };
    World() : World(Options{}) {}
    explicit World(Options options)
        : bitcoin(startBitcoin(std::move(options.bitcoind))), network(*bitcoin, options.network)
    {
        if (options.isPruned) pruned = startPruned(*bitcoin);
        std::vector<std::string>& operatorPrograms = options.operatorPrograms;
        operatorPrograms.resize(2, "bowlined");
        options.signerPrograms.resize(3, "bowlined");
        context = take(bridge::makeContext(network.network()));
        sequencer = Bowlined::start(network, peer(), "sequencer");
        for (const char* name : {"signer-1", "signer-2", "signer-3", "operator-1", "operator-2"}) {
            if (options.fronts == Fronts::OfEach)
                fronts[name] = std::make_unique<NodeProxy>(sequencer->endpoint());
        }
        for (std::size_t i = 0; i < 3; ++i)
            signers.push_back(launch("signer-" + std::to_string(i + 1), options.signerPrograms[i]));
        for (std::size_t i = 0; i < 2; ++i) {
            operators.push_back(launch("operator-" + std::to_string(i + 1), operatorPrograms[i]));
        }
        for (const auto& oper : operators) {
            const auto address =
                boost::json::value_to<std::string>(oper->must("node_info").at("bitcoin_address"));
            operatorAddresses.push_back(address);
            for (int i = 0; i < 4; ++i) bitcoin->send(address, "0.5");
        }
        mine(static_cast<int>(network.params().depth) + 1);
    }
    static std::unique_ptr<Bitcoind> startBitcoin(std::vector<std::string> arguments)
    {
        auto out = Bitcoind::start({.extraArguments = std::move(arguments), .connectTo = {}});
        out->mine(120);
        return out;
    }
    /// Keeps what -prune keeps, and hands transactions on without the pauses that privacy asks for.
    static std::unique_ptr<Bitcoind> startPruned(const Bitcoind& full)
    {
        auto out = Bitcoind::start(
            {.extraArguments = {"-txindex=0", "-prune=1", "-fastprune", "-whitelist=noban@127.0.0.1"},
             .connectTo = {full.p2pAddress()}});
        if (!within(60, [&] { return out->bestBlock() == full.bestBlock(); })) qFatal("no pruned node");
        return out;
    }
    /// What the roles are connected to.
    [[nodiscard]] const Bitcoind& peer() const { return pruned ? *pruned : *bitcoin; }
    std::unique_ptr<Bowlined> launch(const std::string& name, const std::string& program = "bowlined") const
    {
        const auto front = fronts.find(name);
        const std::string upstream = front == fronts.end() ? sequencer->address() : front->second->address();
        return Bowlined::start(network, peer(), name, {upstream}, program);
    }
    void mine(int blocks) const
    {
        for (int i = 0; i < blocks; ++i) {
            bitcoin->mine(1);
            QThread::msleep(300); // nodes act on each block
        }
    }
    /// The last `depth` blocks give way to depth + 1 others that hold no transaction: what they held is unconfirmed
    /// again, as far as it is still valid.
    void replaceByEmptyBlocks(int depth) const
    {
        bitcoin->cli({"invalidateblock",
                      bitcoin->cli({"getblockhash", std::to_string(bitcoin->height() - depth + 1)})});
        for (int i = 0; i <= depth; ++i) bitcoin->cli({"generateblock", bitcoin->newAddress(), "[]"});
        QThread::msleep(500);
    }
    /// Height of the block that holds it; nothing when it is in none.
    [[nodiscard]] std::optional<int> minedAt(const std::string& txid) const
    {
        const auto found = bitcoin->tryCli({"getrawtransaction", txid, "1"});
        if (found.exitCode != 0) return std::nullopt;
        const auto shown = boost::json::parse(found.out).as_object();
        if (!shown.contains("blockhash")) return std::nullopt;
        const auto block =
            bitcoin->json({"getblockheader", boost::json::value_to<std::string>(shown.at("blockhash"))});
        if (block.at("confirmations").to_number<int>() < 0) return std::nullopt;
        return block.at("height").to_number<int>();
    }
    /// Every node has the sequencer's head: same state root, same history. And it is about to make no other by itself, to
    /// show the program a seal.
    [[nodiscard]] bool allAgree() const
    {
        const auto same = [this](const std::unique_ptr<Bowlined>& node) {
            return node->must("chain_head").at("hash") == sequencer->must("chain_head").at("hash");
        };
        const auto shown = [this] { return !sequencer->must("node_info").at("seal_to_show").as_bool(); };
        return within(60, shown) && within(30, [&] {
                   return std::all_of(signers.begin(), signers.end(), same) &&
                          std::all_of(operators.begin(), operators.end(), same);
               });
    }
    [[nodiscard]] base::XOnlyPublicKey operatorKey(int number) const
    {
        return network.keys("operator-" + std::to_string(number), daemon::NodeRole::Operator)
            .key("operator")
            .xOnlyPublicKey();
    }
    [[nodiscard]] std::optional<l2::VaultStatus> vaultStatus(const bitcoin::OutPoint& vault) const
    {
        const auto value = object(l2::vaultId(vault));
        if (!value) return std::nullopt;
        return take(l2::parseVault(*value)).status;
    }
    /// The only withdrawal that there is.
    [[nodiscard]] std::optional<l2::Withdrawal> withdrawal() const
    {
        const auto list = sequencer->must("withdrawals_list").as_array();
        if (list.size() != 1) return std::nullopt;
        const auto value = object(l2::withdrawalId(list[0].at("id").to_number<std::uint64_t>()));
        if (!value) return std::nullopt;
        return take(l2::parseWithdrawal(*value));
    }
    [[nodiscard]] bool inMempool(const std::string& txid) const
    {
        return bitcoin->tryCli({"getmempoolentry", txid}).exitCode == 0;
    }
    [[nodiscard]] bool isUnspent(const bitcoin::OutPoint& outpoint) const
    {
        return !bitcoin
                    ->cli({"gettxout", outpoint.txid.displayHex(), std::to_string(outpoint.index), "false"})
                    .empty();
    }
    /// Also by a transaction that is in no block yet.
    [[nodiscard]] bool isSpentInMempool(const bitcoin::OutPoint& outpoint) const
    {
        return bitcoin->cli({"gettxout", outpoint.txid.displayHex(), std::to_string(outpoint.index), "true"})
            .empty();
    }
    /// Mines while waiting.
    template <typename Condition>
    [[nodiscard]] bool mineUntil(int blocks, Condition condition) const
    {
        for (int i = 0; i < blocks; ++i) {
            if (within(2, condition)) return true;
            bitcoin->mine(1);
        }
        return within(10, condition);
    }
    [[nodiscard]] std::optional<base::Bytes> object(const l2::ObjectId& id) const
    {
        const auto answer =
            sequencer->must("state_get", {{"kind", static_cast<int>(id.kind)}, {"id", base::toHex(id.id)}});
        if (answer.at("value").is_null()) return std::nullopt;
        return take(base::fromHex(boost::json::value_to<std::string>(answer.at("value"))));
    }
    [[nodiscard]] l2::Account account(const base::XOnlyPublicKey& key) const
    {
        const auto value = object(l2::accountId(key));
        return value ? take(l2::parseAccount(*value)) : l2::Account{};
    }
    void send(const crypto::PrivateKey& key, const l2::Payload& payload) const
    {
        l2::Transaction transaction;
        transaction.nonce = account(key.xOnlyPublicKey()).nonce;
        transaction.fee = network.params().minFee;
        transaction.payload = payload;
        transaction = take(l2::signTransaction(transaction, network.params().chainId(), key));
        const auto answer = sequencer->call("tx_submit", {{"hex", base::toHex(transaction.encode())}});
        if (!answer.ok()) qFatal("tx_submit: %s", answer.error().detail.c_str());
        if (!within(20, [&] { return account(key.xOnlyPublicKey()).nonce > transaction.nonce; }))
            qFatal("not included");
    }

    std::unique_ptr<Bitcoind> bitcoin;
    std::unique_ptr<Bitcoind> pruned; // null unless asked for
    TestNetwork network;
    bridge::ContextPtr context;
    std::unique_ptr<Bowlined> sequencer;
    std::map<std::string, std::unique_ptr<NodeProxy>> fronts; // by the node's name
    std::vector<std::unique_ptr<Bowlined>> signers;
    std::vector<std::unique_ptr<Bowlined>> operators;
    std::vector<std::string> operatorAddresses; // that their first coins went to
};

/// A depositor: pays the request from the node's wallet and takes part in the ceremony.
class Depositor {
public:
    /// The request is paid and has `blocks` blocks, its own included. With none the caller mines, before anything else is.
    Depositor(const World& world, base::Amount value, int blocks = 2)
        : m_world(world), m_refund(take(crypto::PrivateKey::generate())),
          account(take(crypto::PrivateKey::generate())), m_deposit(pay(value, blocks)),
          m_ceremony(m_deposit, std::nullopt)
    {
    }
    [[nodiscard]] const bridge::Deposit& deposit() const { return m_deposit; }
    [[nodiscard]] const bridge::CeremonyLog& log() const { return m_ceremony.log(); }
    [[nodiscard]] const std::optional<bridge::MintAuthorisation>& authorisation() const
    {
        return m_ceremony.authorisation();
    }
    /// The block that confirmed the request.
    [[nodiscard]] base::Height height() const { return m_height; }
    [[nodiscard]] bitcoin::Transaction refundTo(const bitcoin::Script& script) const
    {
        return take(bridge::refundTransaction(m_deposit, script, base::FeeRate{2'000}, m_refund));
    }
    [[nodiscard]] const crypto::PrivateKey& refundKey() const { return m_refund; }

    /// One look at relay and chain. A sequencer that is down is asked again the next time.
    void step()
    {
        for (;;) {
            const auto answer = m_world.sequencer->call("relay_list", {{"after", m_after}});
            if (!answer.ok()) return;
            const auto& messages = answer->at("messages").as_array();
            if (messages.empty()) break;
            for (const auto& entry : messages) {
                m_after = boost::json::value_to<std::uint64_t>(entry.at("number"));
                const auto bytes =
                    take(base::fromHex(boost::json::value_to<std::string>(entry.at("message"))));
                m_ceremony.add(take(bridge::openMessage(bytes, m_world.context->chainId)));
            }
        }
        bridge::ChainFacts facts;
        facts.tip = {static_cast<std::uint32_t>(m_world.bitcoin->height())};
        // A request that a reorg has taken away is no output at all.
        const bool unspent = m_world.isUnspent(m_deposit.terms().request);
        if (unspent || isConfirmKnown()) {
            facts.outputs[m_deposit.terms().request] = {m_deposit.requestOutput(), m_height,
                                                        unspent ? std::nullopt
                                                                : std::optional(m_deposit.confirmTxid())};
        }
        const auto effects = take(m_ceremony.step(facts, &m_refund));
        m_unposted.insert(m_unposted.end(), effects.post.begin(), effects.post.end());
        while (!m_unposted.empty()) {
            const auto posted =
                m_world.sequencer->call("relay_post", {{"hex", base::toHex(m_unposted.front())}});
            if (!posted.ok()) return;
            m_unposted.erase(m_unposted.begin());
        }
    }
    [[nodiscard]] bool vaultIsSent()
    {
        step();
        return isConfirmKnown();
    }
    [[nodiscard]] bool isConfirmKnown() const
    {
        const std::string txid = m_deposit.confirmTxid().displayHex();
        return m_world.inMempool(txid) || m_world.minedAt(txid).has_value();
    }
    [[nodiscard]] bool isMinted() const { return m_world.object(l2::vaultId(m_deposit.vault())).has_value(); }
    /// From request to mint.
    [[nodiscard]] bool finish()
    {
        return m_world.mineUntil(12, [&] { return vaultIsSent(); }) &&
               m_world.mineUntil(6, [&] { return isMinted(); });
    }

private:
    bridge::Deposit pay(base::Amount value, int blocks)
    {
        bridge::DepositTerms terms{{}, m_refund.xOnlyPublicKey(), account.xOnlyPublicKey(), value};
        const bitcoin::TxOut output =
            take(bridge::requestOutputFor(*m_world.context, terms.refundKey, terms.recipient, value));
        const std::string txid = m_world.bitcoin->send(
            take(bitcoin::addressFromScript(output.scriptPubKey, bitcoin::Network::Regtest)),
            base::formatBtc(output.value));
        m_height = {static_cast<std::uint32_t>(m_world.bitcoin->height() + 1)};
        m_world.mine(blocks);
        const auto raw = m_world.bitcoin->cli({"getrawtransaction", txid});
        const bitcoin::Transaction transaction = take(bitcoin::parseTransaction(take(base::fromHex(raw))));
        for (std::uint32_t i = 0; i < transaction.outputs.size(); ++i) {
            if (transaction.outputs[i] == output) terms.request = {transaction.txid(), i};
        }
        return take(bridge::Deposit::create(m_world.context, terms));
    }

    const World& m_world;
    crypto::PrivateKey m_refund;

public:
    crypto::PrivateKey account;

private:
    base::Height m_height;
    bridge::Deposit m_deposit;
    bridge::DepositorCeremony m_ceremony;
    std::uint64_t m_after = 0;
    std::vector<base::Bytes> m_unposted;
};

} // namespace bowline::test
