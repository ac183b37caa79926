// SPDX-License-Identifier: MIT
#include "core/l2/params.h"

#include "core/bitcoin/block.h"
#include "core/crypto/hash.h"
#include "core/crypto/musig.h"
#include "core/l2/hashes.h"

namespace bowline::l2 {

namespace {
constexpr std::uint32_t kMaxDepth = 100;
constexpr std::size_t kMaxDenominations = 16;
constexpr std::uint32_t kMaxLockBlocks = 65'535; // of a relative lock time (BIP68)
constexpr std::uint32_t kAllBps = 10'000;

Status bad(std::string detail) { return base::makeError(kBadParams, std::move(detail)); }

Status checkDenominations(const std::vector<Amount>& all)
{
    if (all.empty() || all.size() > kMaxDenominations) return bad("number of denominations");
    Amount last;
    for (const Amount amount : all) {
        if (amount <= last || !amount.isValidMoney()) return bad("denominations");
        last = amount;
    }
    return base::success();
}

bitcoin::BlockHeader checkpointOf(const NetworkParams& params)
{
    base::Reader reader(params.checkpointHeader);
    return bitcoin::readBlockHeader(reader);
}
} // namespace

Bytes NetworkParams::encode() const
{
    base::Writer writer;
    writer.u16le(version);
    writer.u8(static_cast<std::uint8_t>(bitcoinNetwork));
    writer.hash(committeeKey);
    writer.hash(committeeHash);
    writer.hash(operatorsHash);
    writer.hash(sequencerKey);
    bitcoin::writeOutPoint(writer, firstSeal);
    writer.hash(sealKey);
    for (const std::uint32_t blocks : {depth, payWindow, reclaimMargin, refundBlocks, takeBlocks}) {
        writer.u32le(blocks);
    }
    writer.u8(static_cast<std::uint8_t>(denominations.size()));
    for (const Amount amount : denominations) writer.amountLe(amount);
    for (const Amount amount :
         {requestFee, kickoffStake, connectorValue, kickoffFee, takeFee, minWithdrawal, operatorStake}) {
        writer.amountLe(amount);
    }
    writer.u32le(bondBps);
    writer.amountLe(minFee);
    writer.u32le(checkpointHeight.value);
    writer.bytes(checkpointHeader);
    writer.bytes(checkpointWork);
    writer.u32le(epochStartTime);
    for (const std::uint32_t time : lastTimes) writer.u32le(time);
    writer.u64le(genesisTime);
    return writer.take();
}

Result<NetworkParams> parseParams(ByteView encoding)
{
    base::Reader reader(encoding);
    NetworkParams out;
    out.version = reader.u16le();
    const std::uint8_t network = reader.u8();
    if (network > static_cast<std::uint8_t>(bitcoin::Network::Regtest)) reader.fail(kBadParams, "network");
    out.bitcoinNetwork = static_cast<bitcoin::Network>(network);
    readHash(reader, out.committeeKey);
    readHash(reader, out.committeeHash);
    readHash(reader, out.operatorsHash);
    readHash(reader, out.sequencerKey);
    out.firstSeal = bitcoin::readOutPoint(reader);
    readHash(reader, out.sealKey);
    for (std::uint32_t* blocks :
         {&out.depth, &out.payWindow, &out.reclaimMargin, &out.refundBlocks, &out.takeBlocks}) {
        *blocks = reader.u32le();
    }
    out.denominations.clear();
    const std::size_t count = reader.u8();
    for (std::size_t i = 0; i < count && !reader.failed(); ++i)
        out.denominations.push_back(readAmount(reader));
    for (Amount* amount : {&out.requestFee, &out.kickoffStake, &out.connectorValue, &out.kickoffFee,
                           &out.takeFee, &out.minWithdrawal, &out.operatorStake}) {
        *amount = readAmount(reader);
    }
    out.bondBps = reader.u32le();
    out.minFee = readAmount(reader);
    out.checkpointHeight.value = reader.u32le();
    out.checkpointHeader = reader.array<80>();
    out.checkpointWork = reader.array<32>();
    out.epochStartTime = reader.u32le();
    for (std::uint32_t& time : out.lastTimes) time = reader.u32le();
    out.genesisTime = reader.u64le();
    BOWLINE_CHECK(reader.finish());
    BOWLINE_CHECK(checkParams(out));
    return out;
}

Status checkParams(const NetworkParams& params)
{
    if (params.version != 1) return bad("version");
    if (params.bitcoinNetwork != bitcoin::Network::Regtest) return bad("only regtest while rule A1 stands");
    if (params.depth == 0 || params.depth > kMaxDepth) return bad("depth_k");
    if (params.payWindow == 0) return bad("pay_window");
    for (const std::uint32_t blocks : {params.refundBlocks, params.takeBlocks}) {
        if (blocks == 0 || blocks > kMaxLockBlocks) return bad("refund_blocks or take_blocks");
    }
    BOWLINE_CHECK(checkDenominations(params.denominations));
    for (const Amount amount :
         {params.requestFee, params.kickoffStake, params.connectorValue, params.kickoffFee, params.takeFee,
          params.minWithdrawal, params.operatorStake, params.minFee}) {
        if (!amount.isValidMoney()) return bad("amount");
    }
    if (params.bondBps > kAllBps) return bad("bond_bps");
    if (checkpointOf(params).time != params.lastTimes[0]) return bad("l1_last_times");
    return base::success();
}

ChainId NetworkParams::chainId() const { return ChainId{bowlineHash("params", {encode()}).bytes}; }

BlockHash NetworkParams::checkpointHash() const { return BlockHash{crypto::sha256d(checkpointHeader).bytes}; }

Amount NetworkParams::bondFor(Amount amount) const
{
    // In two parts, so that no step leaves 64 bits; the same way as the program.
    const std::int64_t bps = bondBps;
    const std::int64_t all = kAllBps;
    return Amount::fromSat(amount.sat() / all * bps + (amount.sat() % all * bps + all - 1) / all);
}

std::uint32_t NetworkParams::leastProgramDelay() const
{
    const std::uint64_t exit = std::uint64_t{payWindow} + depth + reclaimMargin;
    return static_cast<std::uint32_t>(
        std::min<std::uint64_t>(std::uint64_t{refundBlocks} + 2 * exit, kMaxProgramDelay));
}

bool NetworkParams::isDenomination(Amount value) const
{
    return std::find(denominations.begin(), denominations.end(), value) != denominations.end();
}

Digest possessionMessage(const crypto::PublicKey& vaultKey, const XOnlyPublicKey& messageKey)
{
    return bowlineHash("possession", {vaultKey.view(), messageKey.view()});
}

Digest committeeHash(std::span<const Member> members, const SealParams& seal)
{
    crypto::Sha256 sha;
    for (const Member& member : members) sha.update(member.vaultKey.view()).update(member.messageKey.view());
    base::Writer writer;
    bitcoin::writeOutPoint(writer, seal.outpoint);
    writer.amountLe(seal.value);
    writer.u32le(seal.recoveryBlocks);
    sha.update(writer.data());
    return sha.finish();
}

Digest operatorsHash(std::span<const XOnlyPublicKey> operators)
{
    crypto::Sha256 sha;
    for (const XOnlyPublicKey& key : operators) sha.update(key.view());
    return sha.finish();
}

Result<XOnlyPublicKey> committeeKey(std::span<const Member> members)
{
    std::vector<crypto::PublicKey> keys;
    for (const Member& member : members) keys.push_back(member.vaultKey);
    BOWLINE_TRY(const crypto::KeyAggregation aggregate, crypto::KeyAggregation::fromKeys(std::move(keys)));
    return aggregate.xOnlyKey();
}

Result<bitcoin::TaprootOutput> sealOutput(const XOnlyPublicKey& sequencer, const XOnlyPublicKey& committee,
                                          std::uint32_t recoveryBlocks)
{
    if (recoveryBlocks == 0 || recoveryBlocks > kMaxLockBlocks)
        return base::makeError(kBadParams, "recovery_blocks");
    bitcoin::Script leaf = bitcoin::ScriptBuilder()
                               .number(recoveryBlocks)
                               .op(bitcoin::OP_CHECKSEQUENCEVERIFY)
                               .op(bitcoin::OP_DROP)
                               .push(committee.view())
                               .op(bitcoin::OP_CHECKSIG)
                               .take();
    return bitcoin::TaprootOutput::withTree(sequencer, bitcoin::TaprootTree::leaf(std::move(leaf)));
}

Status pinLists(Network& network)
{
    NetworkParams& params = network.params;
    BOWLINE_TRY(params.committeeKey, committeeKey(network.members));
    BOWLINE_TRY(const bitcoin::TaprootOutput seal,
                sealOutput(params.sequencerKey, params.committeeKey, network.seal.recoveryBlocks));
    params.committeeHash = committeeHash(network.members, network.seal);
    params.operatorsHash = operatorsHash(network.operators);
    params.firstSeal = network.seal.outpoint;
    params.sealKey = seal.outputKey();
    return base::success();
}

namespace {
Status checkSeal(const SealParams& seal)
{
    if (seal.outpoint.isNull() || seal.value <= Amount() || !seal.value.isValidMoney()) return bad("seal");
    if (seal.recoveryBlocks == 0 || seal.recoveryBlocks > kMaxLockBlocks) return bad("recovery_blocks");
    return base::success();
}

/// Messages are told apart by their senders' keys: with another's one a member would speak for it, or have it seem silent.
Status checkMessageKeys(const std::vector<Member>& members)
{
    std::vector<XOnlyPublicKey> keys;
    for (const Member& member : members) keys.push_back(member.messageKey);
    std::sort(keys.begin(), keys.end());
    return std::adjacent_find(keys.begin(), keys.end()) == keys.end()
               ? base::success()
               : Status(base::makeError(kNetworkMismatch, "two members have one message key"));
}
} // namespace

Status checkNetwork(const Network& network)
{
    const NetworkParams& params = network.params;
    BOWLINE_CHECK(checkParams(params));
    BOWLINE_CHECK(checkSeal(network.seal));
    if (committeeHash(network.members, network.seal) != params.committeeHash) {
        return base::makeError(kNetworkMismatch, "members or seal");
    }
    if (operatorsHash(network.operators) != params.operatorsHash) {
        return base::makeError(kNetworkMismatch, "operators");
    }
    if (std::adjacent_find(network.operators.begin(), network.operators.end(), std::greater_equal<>{}) !=
        network.operators.end()) {
        return base::makeError(kNetworkMismatch, "operators are not ascending");
    }
    BOWLINE_TRY(const XOnlyPublicKey aggregate, committeeKey(network.members));
    if (aggregate != params.committeeKey) return base::makeError(kNetworkMismatch, "committee_key");
    BOWLINE_TRY(const bitcoin::TaprootOutput seal,
                sealOutput(params.sequencerKey, aggregate, network.seal.recoveryBlocks));
    if (params.firstSeal != network.seal.outpoint || params.sealKey != seal.outputKey())
        return base::makeError(kNetworkMismatch, "seal");
    BOWLINE_CHECK(checkMessageKeys(network.members));
    for (const Member& member : network.members) {
        const Digest message = possessionMessage(member.vaultKey, member.messageKey);
        if (!crypto::verifySchnorr(member.vaultKey.xOnly(), message.view(), member.possession)) {
            return base::makeError(kNoPossession, base::toHex(member.vaultKey.view()));
        }
    }
    return base::success();
}

} // namespace bowline::l2
