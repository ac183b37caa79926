// SPDX-License-Identifier: MIT
// What defines one layer 2: its parameters, whose hash is the chain id, and the file network.json that every
// client pins (docs/protocol.md, section 1; rule A5: never taken from a node).
#pragma once

#include "core/bitcoin/params.h"
#include "core/bitcoin/taproot.h"
#include "core/bitcoin/transaction.h"
#include "core/l2/types.h"

#include <array>
#include <string>
#include <vector>

namespace bowline::l2 {

/// The parameters contradict each other, or are outside what the protocol allows.
inline constexpr ErrorCode kBadParams{"l2.bad-params"};
/// A list in the file does not hash to what the parameters say, or the chain id is another one.
inline constexpr ErrorCode kNetworkMismatch{"l2.network-mismatch"};
/// A member did not prove that it holds its vault key.
inline constexpr ErrorCode kNoPossession{"l2.no-possession"};
inline constexpr ErrorCode kBadNetworkFile{"l2.bad-network-file"};

struct NetworkParams {
    std::uint16_t version = 1;
    bitcoin::Network bitcoinNetwork = bitcoin::Network::Regtest;
    XOnlyPublicKey committeeKey; // MuSig2 aggregate of the members' vault keys, in listed order
    Digest committeeHash;
    Digest operatorsHash;
    XOnlyPublicKey sequencerKey;
    bitcoin::OutPoint firstSeal; // where the chain of seals begins
    XOnlyPublicKey sealKey;      // output key of every seal: sealOutput()
    std::uint32_t depth = 1;     // k
    std::uint32_t payWindow = 12;
    std::uint32_t reclaimMargin = 6;
    std::uint32_t refundBlocks = 40;
    std::uint32_t takeBlocks = 10;
    std::vector<Amount> denominations{Amount::fromSat(1'000'000), Amount::fromSat(10'000'000),
                                      Amount::fromSat(100'000'000)}; // ascending
    Amount requestFee = Amount::fromSat(1'000);
    Amount kickoffStake = Amount::fromSat(100'000);
    Amount connectorValue = Amount::fromSat(10'000);
    Amount kickoffFee = Amount::fromSat(1'000);
    Amount takeFee = Amount::fromSat(1'000);
    Amount minWithdrawal = Amount::fromSat(10'000);
    Amount operatorStake = Amount::fromSat(100'000);
    std::uint32_t bondBps = 500;
    Amount minFee = Amount::fromSat(100);
    Height checkpointHeight;
    ByteArray<80> checkpointHeader{};
    ByteArray<32> checkpointWork{}; // cumulative, u256 little-endian
    std::uint32_t epochStartTime = 0;
    std::array<std::uint32_t, 11> lastTimes{}; // of the checkpoint and the 10 before it, newest first
    std::uint64_t genesisTime = 0;

    friend bool operator==(const NetworkParams&, const NetworkParams&) = default;

    [[nodiscard]] Bytes encode() const;
    [[nodiscard]] ChainId chainId() const;
    [[nodiscard]] BlockHash checkpointHash() const;
    /// amount * bondBps / 10000, rounded up.
    [[nodiscard]] Amount bondFor(Amount amount) const;
    /// Blocks that pass at least between an announcement and the first batch of its program (rule B13).
    [[nodiscard]] std::uint32_t leastProgramDelay() const;
    [[nodiscard]] bool isDenomination(Amount value) const;
};

/// Parses and judges: exactly one encoding, and checkParams() holds.
[[nodiscard]] Result<NetworkParams> parseParams(ByteView encoding);
/// kBadParams: another Bitcoin network than regtest (rule A1), k of 0 or above 100, no or unsorted
/// denominations, a checkpoint header whose time is not the first of lastTimes, and the like.
[[nodiscard]] Status checkParams(const NetworkParams& params);

/// Of a program that is announced.
inline constexpr std::uint32_t kMaxProgramDelay = 1'000'000;

/// One signer of the committee.
struct Member {
    crypto::PublicKey vaultKey;
    XOnlyPublicKey messageKey;
    Signature64 possession{}; // of vaultKey over possessionMessage()
};

/// Where the chain of seals begins by which the sequencer commits to its batches on Bitcoin (core/seal). Pinned by
/// committee_hash, since the committee may end the chain when it stands still.
struct SealParams {
    bitcoin::OutPoint outpoint; // the first seal
    Amount value;               // of that output; every anchor pays its fee out of it
    /// Blocks after which the committee may spend a seal that the sequencer has not used.
    std::uint32_t recoveryBlocks = 60;
    friend bool operator==(const SealParams&, const SealParams&) = default;
};

/// What every seal pays to: P2TR(sequencer key; {`<recovery_blocks> CSV DROP <committee key> CHECKSIG`}).
[[nodiscard]] Result<bitcoin::TaprootOutput>
sealOutput(const XOnlyPublicKey& sequencer, const XOnlyPublicKey& committee, std::uint32_t recoveryBlocks);

/// The content of network.json.
struct Network {
    NetworkParams params;
    std::vector<Member> members; // in the order of the aggregate
    SealParams seal;
    std::vector<XOnlyPublicKey> operators;  // ascending
    std::vector<std::string> sequencerUrls; // where to connect; not part of the chain id
};

/// What a member signs with its vault key to show that it is its own.
[[nodiscard]] Digest possessionMessage(const crypto::PublicKey& vaultKey, const XOnlyPublicKey& messageKey);
/// SHA-256 of all members' (vault key 33, message key 32), then the seal: outpoint 36, value u64, recovery_blocks u32.
[[nodiscard]] Digest committeeHash(std::span<const Member> members, const SealParams& seal);
[[nodiscard]] Digest operatorsHash(std::span<const XOnlyPublicKey> operators);
/// MuSig2 aggregate of the vault keys, in listed order.
[[nodiscard]] Result<XOnlyPublicKey> committeeKey(std::span<const Member> members);

/// Puts into the parameters what follows from lists and seal: hashes, aggregate key, first seal and its key.
[[nodiscard]] Status pinLists(Network& network);

/// Lists and seal hash to the parameters, the aggregate key is theirs, every proof of possession holds.
[[nodiscard]] Status checkNetwork(const Network& network);
/// Parses network.json and runs checkNetwork().
[[nodiscard]] Result<Network> parseNetworkJson(std::string_view text);
/// Readable, with the chain id for comparison; parseNetworkJson() reads it back.
[[nodiscard]] std::string toNetworkJson(const Network& network);

} // namespace bowline::l2
