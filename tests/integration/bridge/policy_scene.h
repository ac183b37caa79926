// SPDX-License-Identifier: MIT
// A deposit's whole transaction graph on a real bitcoind of its own, with all keys in the test's hands: what policy and
// consensus say of each transaction, without a process of ours between.
#pragma once

#include "core/bitcoin/address.h"
#include "core/bitcoin/sighash.h"
#include "tests/support/bitcoind.h"
#include "tests/unit/bridge/fixture.h"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>

namespace bowline::bridge::test {

using bowline::test::Bitcoind;

inline std::string hexOf(const Transaction& transaction) { return base::toHex(transaction.serialize()); }

/// A chain of its own, with a deposit whose request and fundings are on it.
class Scene {
public:
    explicit Scene(std::size_t members = 3, Bitcoind::Options options = {})
        : node(Bitcoind::start(std::move(options))), network(makeNetwork(members, 2))
    {
        node->mine(105);
    }

    /// Pays exactly this output from the node's wallet and confirms it.
    OutPoint pay(const TxOut& output) const
    {
        const std::string address =
            must(bitcoin::addressFromScript(output.scriptPubKey, bitcoin::Network::Regtest));
        const std::string txid = node->send(address, base::formatBtc(output.value));
        node->mine(1);
        const auto entry = node->json({"gettransaction", txid}).as_object();
        const auto raw = must(base::fromHex(boost::json::value_to<std::string>(entry.at("hex"))));
        const Transaction transaction = must(bitcoin::parseTransaction(raw));
        for (std::uint32_t i = 0; i < transaction.outputs.size(); ++i) {
            if (transaction.outputs[i] == output) return {transaction.txid(), i};
        }
        std::abort();
    }

    /// The request and the operators' fundings, paid for real.
    DepositGraph deposit() const
    {
        DepositTerms terms = standardTerms();
        terms.request =
            pay(must(requestOutputFor(*network.context, terms.refundKey, terms.recipient, terms.value)));
        std::vector<OperatorOffer> offers = standardOffers(network);
        for (OperatorOffer& offer : offers) {
            offer.funding = pay(must(kickoffFunding(network.context->params(), offer.operatorKey)));
        }
        return must(DepositGraph::create(must(Deposit::create(network.context, terms)), offers));
    }

    Transaction signedConfirm(const DepositGraph& graph) const
    {
        const Deposit& deposit = graph.deposit();
        return must(
            deposit.signedConfirm(committeeSigns(network, deposit.depositKeys(), deposit.confirmSighash())));
    }

    TakeSignatures takeSignatures(const DepositGraph& graph, std::size_t which) const
    {
        const OperatorGraph& own = graph.operators()[which];
        const crypto::KeyAggregation& keys = graph.deposit().vaultKeys();
        return {committeeSigns(network, keys, own.takeSighash(OperatorGraph::kTakeVaultInput)),
                committeeSigns(network, keys, own.takeSighash(OperatorGraph::kTakeStakeInput))};
    }

    /// Empty when the node's mempool would take it, else its reason.
    std::string refusal(const Transaction& transaction) const
    {
        const auto answer = node->json({"testmempoolaccept", "[\"" + hexOf(transaction) + "\"]"})
                                .as_array()
                                .at(0)
                                .as_object();
        if (answer.at("allowed").as_bool()) return {};
        return boost::json::value_to<std::string>(answer.at("reject-reason"));
    }

    void send(const Transaction& transaction) const
    {
        const std::string txid = node->cli({"sendrawtransaction", hexOf(transaction)});
        if (txid != transaction.txid().displayHex()) std::abort();
    }

    void confirm(const Transaction& transaction) const
    {
        send(transaction);
        node->mine(1);
        if (!isConfirmed(transaction)) std::abort();
    }

    bool isConfirmed(const Transaction& transaction) const
    {
        const std::string txid = transaction.txid().displayHex();
        const auto block = node->json({"getblock", node->bestBlock()}).as_object();
        for (const auto& entry : block.at("tx").as_array()) {
            if (boost::json::value_to<std::string>(entry) == txid) return true;
        }
        return false;
    }

    /// Whether the output is there and unspent, by the node's word.
    bool isUnspent(const OutPoint& outpoint) const
    {
        return !node->cli({"gettxout", outpoint.txid.displayHex(), std::to_string(outpoint.index)}).empty();
    }

    std::unique_ptr<Bitcoind> node;
    TestNetwork network;
};

/// A child of an anchored transaction that pays `rate` for both, its coin paid and signed by a key of the test.
inline Transaction bumpingChild(const Scene& scene, const Transaction& parent, Amount parentFee,
                                base::FeeRate rate)
{
    const PrivateKey key = keyOf("bump");
    const auto scripts = must(bitcoin::TaprootOutput::keyOnly(key.xOnlyPublicKey()));
    const TxOut output{Amount::fromSat(200'000), scripts.scriptPubKey()};
    const BumpCoin coin{scene.pay(output), output};
    Transaction child = must(anchorChild(parent, parentFee, coin, payoutOf("change"), rate));
    const std::vector<TxOut> spent{anchorOutput(), output};
    const Digest sighash = must(bitcoin::SighashContext(child, spent).taproot(1, bitcoin::kSighashDefault));
    child.inputs[1].witness =
        keyWitness(must(crypto::signSchnorrTweaked(key, scripts.tweak().view(), sighash.view())));
    return child;
}

} // namespace bowline::bridge::test
