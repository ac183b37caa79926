// SPDX-License-Identifier: MIT
#include "app/devnet/genesis_plan.h"

#include "core/bitcoin/address.h"
#include "core/l2/params.h"
#include "core/seal/anchor.h"

#include <boost/json.hpp>

#include <algorithm>
#include <fstream>

namespace bowline::devnet {

namespace json = boost::json;

namespace {
/// Every anchor pays its fee out of it: about two hundred satoshi where blocks have room.
constexpr base::Amount kSealValue = base::Amount::fromSat(50'000'000);
/// Blocks come every few seconds here: room for the seal of an acceptance and for its payment.
constexpr std::uint32_t kPayWindow = 24;

base::Result<json::object> parseObject(const std::string& text)
{
    boost::system::error_code failure;
    json::value value = json::parse(text, failure);
    if (failure || !value.is_object()) return base::makeError(kBadState, "not a JSON object: " + text);
    return std::move(value.as_object());
}

base::Result<std::string> textAt(const json::object& object, std::string_view key)
{
    const json::value* value = object.if_contains(key);
    if (value == nullptr || !value->is_string()) return base::makeError(kBadState, "no " + std::string(key));
    return json::value_to<std::string>(*value);
}

base::Result<json::object> keygen(const State& state, const std::string& name, const std::string& role)
{
    BOWLINE_TRY(const std::string out, runCommand({state.programFolder + "/bowlined", "keygen", "--datadir",
                                                   state.dir + '/' + name, "--role", role}));
    return parseObject(out);
}

base::Result<l2::Member> memberOf(const json::object& keys)
{
    BOWLINE_TRY(const std::string vaultHex, textAt(keys, "vault_key"));
    BOWLINE_TRY(const base::Bytes vault, base::fromHex(vaultHex));
    BOWLINE_TRY(const crypto::PublicKey vaultKey, crypto::PublicKey::parse(vault));
    BOWLINE_TRY(const std::string messageHex, textAt(keys, "message_key"));
    BOWLINE_TRY(const auto messageKey, base::XOnlyPublicKey::fromHex(messageHex));
    BOWLINE_TRY(const std::string possessionHex, textAt(keys, "possession"));
    BOWLINE_TRY(const auto possession, base::arrayFromHex<64>(possessionHex));
    return l2::Member{vaultKey, messageKey, possession};
}

base::Result<json::object> headerAt(const State& state, std::uint32_t height)
{
    BOWLINE_TRY(const std::string hash, bitcoinCli(state, {"getblockhash", std::to_string(height)}));
    BOWLINE_TRY(const std::string text, bitcoinCli(state, {"getblockheader", hash}));
    return parseObject(text);
}

/// The checkpoint is the tip; its time is also the genesis time, so that two runs on one chain agree.
base::Status fillCheckpoint(const State& state, l2::NetworkParams& params)
{
    BOWLINE_TRY(const base::Height tip, mine(state, 0));
    params.checkpointHeight = tip;
    BOWLINE_TRY(const std::string hash, bitcoinCli(state, {"getblockhash", std::to_string(tip.value)}));
    BOWLINE_TRY(const std::string raw, bitcoinCli(state, {"getblockheader", hash, "false"}));
    BOWLINE_TRY(params.checkpointHeader, base::arrayFromHex<80>(raw));
    for (std::uint32_t i = 0; i < params.lastTimes.size() && i <= tip.value; ++i) {
        BOWLINE_TRY(const json::object header, headerAt(state, tip.value - i));
        params.lastTimes.at(i) = json::value_to<std::uint32_t>(header.at("time"));
        if (i == 0) {
            BOWLINE_TRY(const std::string work, textAt(header, "chainwork"));
            BOWLINE_TRY(params.checkpointWork, base::arrayFromHex<32>(work));
            std::reverse(params.checkpointWork.begin(), params.checkpointWork.end());
        }
    }
    constexpr std::uint32_t kPeriod = 2016;
    BOWLINE_TRY(const json::object first, headerAt(state, tip.value / kPeriod * kPeriod));
    params.epochStartTime = json::value_to<std::uint32_t>(first.at("time"));
    params.genesisTime = params.lastTimes.front();
    return base::success();
}
/// The first seal, paid by the miner and in a block of its own, so that the checkpoint knows it.
base::Status makeSeal(const State& state, l2::Network& network)
{
    BOWLINE_TRY(const seal::SealTerms terms, seal::SealTerms::create(network));
    BOWLINE_TRY(const std::string address,
                bitcoin::addressFromScript(terms.script(), network.params.bitcoinNetwork));
    network.seal.value = kSealValue;
    BOWLINE_TRY(const std::string txid, pay(state, address, kSealValue));
    BOWLINE_TRY(const std::string hex, bitcoinCli(state, {"getrawtransaction", txid}));
    BOWLINE_TRY(const base::Bytes raw, base::fromHex(hex));
    BOWLINE_TRY(const bitcoin::Transaction transaction, bitcoin::parseTransaction(raw));
    const bitcoin::TxOut wanted{kSealValue, terms.script()};
    const auto found = std::find(transaction.outputs.begin(), transaction.outputs.end(), wanted);
    if (found == transaction.outputs.end()) return base::makeError(kBadState, "no seal in " + txid);
    network.seal.outpoint = {transaction.txid(),
                             static_cast<std::uint32_t>(found - transaction.outputs.begin())};
    BOWLINE_CHECK(mine(state, 1));
    return base::success();
}
} // namespace

base::Status writeNetworkFile(const State& state, const std::string& sequencer, std::size_t signers,
                              std::size_t operators)
{
    l2::Network network;
    network.sequencerUrls = {"http://" + sequencer};
    for (std::size_t i = 1; i <= signers; ++i) {
        BOWLINE_TRY(const json::object keys, keygen(state, "signer-" + std::to_string(i), "signer"));
        BOWLINE_TRY(l2::Member member, memberOf(keys));
        network.members.push_back(member);
    }
    for (std::size_t i = 1; i <= operators; ++i) {
        BOWLINE_TRY(const json::object keys, keygen(state, "operator-" + std::to_string(i), "operator"));
        BOWLINE_TRY(const std::string hex, textAt(keys, "operator_key"));
        BOWLINE_TRY(const auto key, base::XOnlyPublicKey::fromHex(hex));
        network.operators.push_back(key);
    }
    std::sort(network.operators.begin(), network.operators.end());
    BOWLINE_TRY(const json::object sequencerKeys, keygen(state, "sequencer", "sequencer"));
    BOWLINE_TRY(const std::string sequencerHex, textAt(sequencerKeys, "sequencer_key"));
    BOWLINE_TRY(network.params.sequencerKey, base::XOnlyPublicKey::fromHex(sequencerHex));
    BOWLINE_TRY(network.params.committeeKey, l2::committeeKey(network.members));
    BOWLINE_CHECK(makeSeal(state, network));
    BOWLINE_CHECK(l2::pinLists(network));
    network.params.payWindow = kPayWindow;
    BOWLINE_CHECK(fillCheckpoint(state, network.params));
    BOWLINE_CHECK(l2::checkNetwork(network));

    std::ofstream out(state.networkFile, std::ios::trunc);
    out << l2::toNetworkJson(network) << '\n';
    if (!out) return base::makeError(kBadState, "cannot write " + state.networkFile);
    return base::success();
}

} // namespace bowline::devnet
