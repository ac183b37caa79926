// SPDX-License-Identifier: MIT
// network.json: names and values of the canonical encoding for people to read, and the lists it commits to.
#include "core/l2/params.h"

#include <boost/json.hpp>

namespace bowline::l2 {

namespace json = boost::json;

namespace {
/// Blocks beside k that pay_window has to leave, for the seal of an acceptance and for its payment: operators that
/// accept and then wait for the seal would else lose their bonds (decision 100).
constexpr std::uint32_t kSealRoom = 6;

// Reads members of one object; the first failure sticks.
class ObjectReader {
public:
    explicit ObjectReader(const json::object& object) : m_object(object) {}

    [[nodiscard]] std::string text(std::string_view name)
    {
        const json::value* value = find(name);
        if (value != nullptr && value->is_string()) return std::string(value->get_string());
        fail(name);
        return {};
    }
    template <std::size_t N>
    void hex(std::string_view name, ByteArray<N>& out)
    {
        const auto bytes = base::arrayFromHex<N>(text(name));
        if (bytes) {
            out = *bytes;
        } else {
            fail(name);
        }
    }
    template <typename Integer>
    void number(std::string_view name, Integer& out)
    {
        const json::value* value = find(name);
        if (value == nullptr || !readNumber(*value, out)) fail(name);
    }
    void amount(std::string_view name, Amount& out)
    {
        std::uint64_t sat = 0;
        number(name, sat);
        out = toAmount(name, sat);
    }
    [[nodiscard]] const json::array& list(std::string_view name)
    {
        static const json::array kEmpty;
        const json::value* value = find(name);
        if (value != nullptr && value->is_array()) return value->get_array();
        fail(name);
        return kEmpty;
    }
    [[nodiscard]] Amount toAmount(std::string_view name, std::uint64_t sat)
    {
        if (sat <= static_cast<std::uint64_t>(Amount::kMaxSat)) {
            return Amount::fromSat(static_cast<std::int64_t>(sat));
        }
        fail(name);
        return {};
    }
    template <typename Integer>
    [[nodiscard]] static bool readNumber(const json::value& value, Integer& out)
    {
        json::error_code error;
        const auto wide = value.to_number<std::uint64_t>(error);
        if (error || wide > std::numeric_limits<Integer>::max()) return false;
        out = static_cast<Integer>(wide);
        return value.is_int64() || value.is_uint64();
    }
    void fail(std::string_view name)
    {
        if (m_failure.empty()) m_failure = name;
    }
    [[nodiscard]] Status status() const
    {
        if (m_failure.empty()) return base::success();
        return base::makeError(kBadNetworkFile, m_failure);
    }

private:
    [[nodiscard]] const json::value* find(std::string_view name) const { return m_object.if_contains(name); }
    const json::object& m_object;
    std::string m_failure;
};

void readLists(ObjectReader& reader, NetworkParams& out)
{
    out.denominations.clear();
    for (const json::value& value : reader.list("denominations")) {
        std::uint64_t sat = 0;
        if (!ObjectReader::readNumber(value, sat)) reader.fail("denominations");
        out.denominations.push_back(reader.toAmount("denominations", sat));
    }
    const json::array& times = reader.list("l1_last_times");
    if (times.size() != out.lastTimes.size()) reader.fail("l1_last_times");
    for (std::size_t i = 0; i < std::min(times.size(), out.lastTimes.size()); ++i) {
        if (!ObjectReader::readNumber(times[i], out.lastTimes[i])) reader.fail("l1_last_times");
    }
}

Result<NetworkParams> readParams(const json::object& object)
{
    ObjectReader reader(object);
    NetworkParams out;
    reader.number("version", out.version);
    const auto network = bitcoin::networkFromName(reader.text("bitcoin_network"));
    if (network) out.bitcoinNetwork = *network;
    if (!network) reader.fail("bitcoin_network");
    reader.hex("committee_key", out.committeeKey.bytes);
    reader.hex("committee_hash", out.committeeHash.bytes);
    reader.hex("operators_hash", out.operatorsHash.bytes);
    reader.hex("sequencer_key", out.sequencerKey.bytes);
    reader.hex("seal_key", out.sealKey.bytes);
    reader.number("depth_k", out.depth);
    reader.number("pay_window", out.payWindow);
    reader.number("reclaim_margin", out.reclaimMargin);
    reader.number("refund_blocks", out.refundBlocks);
    reader.number("take_blocks", out.takeBlocks);
    reader.amount("request_fee", out.requestFee);
    reader.amount("kickoff_stake", out.kickoffStake);
    reader.amount("connector_value", out.connectorValue);
    reader.amount("kickoff_fee", out.kickoffFee);
    reader.amount("take_fee", out.takeFee);
    reader.amount("min_withdrawal", out.minWithdrawal);
    reader.amount("operator_stake", out.operatorStake);
    reader.number("bond_bps", out.bondBps);
    reader.amount("min_fee", out.minFee);
    reader.number("l1_checkpoint_height", out.checkpointHeight.value);
    reader.hex("l1_checkpoint_header", out.checkpointHeader);
    reader.hex("l1_checkpoint_work", out.checkpointWork);
    reader.number("l1_epoch_start_time", out.epochStartTime);
    reader.number("genesis_time", out.genesisTime);
    readLists(reader, out);
    BOWLINE_CHECK(reader.status());
    return out;
}

Result<SealParams> readSeal(const json::object& object)
{
    const json::value* value = object.if_contains("seal");
    if (value == nullptr || !value->is_object()) return base::makeError(kBadNetworkFile, "seal");
    ObjectReader reader(value->get_object());
    SealParams out;
    const auto txid = base::Txid::fromDisplayHex(reader.text("txid"));
    if (txid) out.outpoint.txid = *txid;
    if (!txid) reader.fail("txid");
    reader.number("index", out.outpoint.index);
    reader.amount("value", out.value);
    reader.number("recovery_blocks", out.recoveryBlocks);
    BOWLINE_CHECK(reader.status());
    return out;
}

Result<Member> readMember(const json::value& value)
{
    if (!value.is_object()) return base::makeError(kBadNetworkFile, "members");
    ObjectReader reader(value.get_object());
    ByteArray<33> vaultKey{};
    XOnlyPublicKey messageKey;
    Signature64 possession{};
    reader.hex("vault_key", vaultKey);
    reader.hex("message_key", messageKey.bytes);
    reader.hex("possession", possession);
    BOWLINE_CHECK(reader.status());
    BOWLINE_TRY(const crypto::PublicKey key, crypto::PublicKey::parse(vaultKey));
    return Member{key, messageKey, possession};
}

json::object writeParams(const NetworkParams& p)
{
    json::object out;
    out["version"] = p.version;
    out["bitcoin_network"] = bitcoin::networkName(p.bitcoinNetwork);
    out["committee_key"] = p.committeeKey.hex();
    out["committee_hash"] = p.committeeHash.hex();
    out["operators_hash"] = p.operatorsHash.hex();
    out["sequencer_key"] = p.sequencerKey.hex();
    out["seal_key"] = p.sealKey.hex();
    out["depth_k"] = p.depth;
    out["pay_window"] = p.payWindow;
    out["reclaim_margin"] = p.reclaimMargin;
    out["refund_blocks"] = p.refundBlocks;
    out["take_blocks"] = p.takeBlocks;
    json::array& denominations = out["denominations"].emplace_array();
    for (const Amount amount : p.denominations) denominations.emplace_back(amount.sat());
    out["request_fee"] = p.requestFee.sat();
    out["kickoff_stake"] = p.kickoffStake.sat();
    out["connector_value"] = p.connectorValue.sat();
    out["kickoff_fee"] = p.kickoffFee.sat();
    out["take_fee"] = p.takeFee.sat();
    out["min_withdrawal"] = p.minWithdrawal.sat();
    out["operator_stake"] = p.operatorStake.sat();
    out["bond_bps"] = p.bondBps;
    out["min_fee"] = p.minFee.sat();
    out["l1_checkpoint_height"] = p.checkpointHeight.value;
    out["l1_checkpoint_header"] = base::toHex(p.checkpointHeader);
    out["l1_checkpoint_work"] = base::toHex(p.checkpointWork);
    out["l1_epoch_start_time"] = p.epochStartTime;
    json::array& times = out["l1_last_times"].emplace_array();
    for (const std::uint32_t time : p.lastTimes) times.emplace_back(time);
    out["genesis_time"] = p.genesisTime;
    return out;
}

// One member a line, so that people can read and compare the file.
std::string pretty(const json::object& object)
{
    std::string out = "{\n";
    for (auto it = object.begin(); it != object.end(); ++it) {
        out += "  " + json::serialize(json::value(it->key())) + ": " + json::serialize(it->value());
        out += std::next(it) == object.end() ? "\n" : ",\n";
    }
    return out + "}\n";
}
} // namespace

Result<Network> parseNetworkJson(std::string_view text)
{
    json::error_code error;
    const json::value root = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !root.is_object()) return base::makeError(kBadNetworkFile, "not a JSON object");
    const json::object& object = root.get_object();
    Network out;
    BOWLINE_TRY(NetworkParams params, readParams(object));
    out.params = std::move(params);
    ObjectReader reader(object);
    ChainId chain;
    reader.hex("chain_id", chain.bytes);
    for (const json::value& value : reader.list("members")) {
        BOWLINE_TRY(Member member, readMember(value));
        out.members.push_back(std::move(member));
    }
    for (const json::value& value : reader.list("operators")) {
        const auto key = value.is_string()
                             ? XOnlyPublicKey::fromHex(std::string_view(value.get_string()))
                             : Result<XOnlyPublicKey>(base::makeError(kBadNetworkFile, "operators"));
        if (!key) return base::makeError(kBadNetworkFile, "operators");
        out.operators.push_back(*key);
    }
    for (const json::value& value : reader.list("sequencer_urls")) {
        if (!value.is_string()) return base::makeError(kBadNetworkFile, "sequencer_urls");
        out.sequencerUrls.emplace_back(value.get_string());
    }
    BOWLINE_CHECK(reader.status());
    BOWLINE_TRY(out.seal, readSeal(object));
    out.params.firstSeal = out.seal.outpoint;
    BOWLINE_CHECK(checkNetwork(out));
    if (out.params.payWindow < out.params.depth + kSealRoom)
        return base::makeError(kBadParams, "pay_window leaves no room for a seal");
    if (chain != out.params.chainId()) return base::makeError(kNetworkMismatch, "chain_id");
    return out;
}

std::string toNetworkJson(const Network& network)
{
    json::object out = writeParams(network.params);
    out["chain_id"] = network.params.chainId().hex();
    json::array& members = out["members"].emplace_array();
    for (const Member& member : network.members) {
        members.push_back({{"vault_key", base::toHex(member.vaultKey.view())},
                           {"message_key", member.messageKey.hex()},
                           {"possession", base::toHex(member.possession)}});
    }
    out["seal"] = {{"txid", network.seal.outpoint.txid.displayHex()},
                   {"index", network.seal.outpoint.index},
                   {"value", network.seal.value.sat()},
                   {"recovery_blocks", network.seal.recoveryBlocks}};
    json::array& operators = out["operators"].emplace_array();
    for (const XOnlyPublicKey& key : network.operators) operators.emplace_back(key.hex());
    json::array& urls = out["sequencer_urls"].emplace_array();
    for (const std::string& url : network.sequencerUrls) urls.emplace_back(url);
    return pretty(out);
}

} // namespace bowline::l2
