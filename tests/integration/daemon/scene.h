// SPDX-License-Identifier: MIT
// What the tests of real nodes have in common: a bitcoind, a network, a sequencer with two followers, and people
// with keys.
#pragma once

#include "core/bitcoin/block.h"
#include "tests/support/bowlined.h"

#include <QTest>

namespace bowline::test {

class Person {
public:
    explicit Person(const l2::ChainId& chain) : m_key(*crypto::PrivateKey::generate()), m_chain(chain) {}
    [[nodiscard]] base::XOnlyPublicKey key() const { return m_key.xOnlyPublicKey(); }
    [[nodiscard]] l2::Transaction sign(std::uint64_t nonce, l2::Payload payload, std::int64_t fee = 100) const
    {
        l2::Transaction out;
        out.nonce = nonce;
        out.fee = base::Amount::fromSat(fee);
        out.payload = std::move(payload);
        return *l2::signTransaction(std::move(out), m_chain, m_key);
    }
    [[nodiscard]] l2::Transaction pay(std::uint64_t nonce, const base::XOnlyPublicKey& to,
                                      std::int64_t sat) const
    {
        return sign(nonce, l2::Transfer{to, base::Amount::fromSat(sat)});
    }

private:
    crypto::PrivateKey m_key;
    l2::ChainId m_chain;
};

struct Scene {
    explicit Scene(TestNetwork::Options options = {}) : bitcoin(start()), network(*bitcoin, options)
    {
        sequencer = Bowlined::start(network, *bitcoin, "sequencer");
    }
    void addFollowers()
    {
        signer = Bowlined::start(network, *bitcoin, "signer-1", {sequencer->address()});
        oper = Bowlined::start(network, *bitcoin, "operator-1", {sequencer->address()});
    }
    static std::unique_ptr<Bitcoind> start()
    {
        auto out = Bitcoind::start();
        out->mine(110);
        return out;
    }

    [[nodiscard]] base::Result<boost::json::value> submit(const l2::Transaction& tx) const
    {
        return sequencer->call("tx_submit", {{"hex", base::toHex(tx.encode())}});
    }
    [[nodiscard]] std::string statusOf(const Bowlined& node, const l2::Transaction& tx) const
    {
        const auto answer = node.call("tx_status", {{"hash", tx.hash().hex()}});
        return answer.ok() ? boost::json::value_to<std::string>(answer->at("status")) : "unreachable";
    }
    [[nodiscard]] bool included(const Bowlined& node, const l2::Transaction& tx) const
    {
        return within(20, [&] { return statusOf(node, tx) == "included"; });
    }
    /// The Bitcoin block that the head of the node has confirmed.
    [[nodiscard]] std::uint32_t confirmedHeight(const Bowlined& node) const
    {
        const auto head = node.must("chain_head");
        return headerOf(head).l1Height.value;
    }
    [[nodiscard]] bool reaches(const Bowlined& node, int bitcoinHeight) const
    {
        const auto wanted = static_cast<std::uint32_t>(bitcoinHeight) - network.params().depth;
        return within(20, [&] { return confirmedHeight(node) == wanted; });
    }
    static l2::BatchHeader headerOf(const boost::json::value& answer)
    {
        const auto bytes = base::fromHex(answer.at("header").as_string());
        return *l2::parseBatchHeader(*bytes);
    }
    /// Same head, which means the same state root and history.
    static bool agree(const Bowlined& a, const Bowlined& b)
    {
        return within(20, [&] { return a.must("chain_head").at("hash") == b.must("chain_head").at("hash"); });
    }
    [[nodiscard]] std::int64_t balance(const Bowlined& node, const base::XOnlyPublicKey& key) const
    {
        const auto answer = node.must("state_get", {{"kind", 1}, {"id", key.hex()}});
        if (answer.at("value").is_null()) return 0;
        const auto value = base::fromHex(answer.at("value").as_string());
        return l2::parseAccount(*value)->btc.sat();
    }

    std::unique_ptr<Bitcoind> bitcoin;
    TestNetwork network;
    std::unique_ptr<Bowlined> sequencer;
    std::unique_ptr<Bowlined> signer;
    std::unique_ptr<Bowlined> oper;
};

} // namespace bowline::test
