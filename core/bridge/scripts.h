// SPDX-License-Identifier: MIT
// Every output script of the bridge with what is needed to spend it (docs/protocol.md, section 6).
//
// Script paths have no OP_IF, no push above 32 bytes and trees of depth 7 at most, so that all of them are
// standard for every node in use. Outputs that nobody may spend by key have BIP341's unspendable internal
// key.
#pragma once

#include "core/bitcoin/taproot.h"
#include "core/bridge/types.h"

#include <span>

namespace bowline::bridge {

/// Zero, or more blocks than BIP68 can count.
inline constexpr ErrorCode kBadRelativeLock{"bridge.bad-relative-lock"};

/// The least value of a P2A output that is no dust; also what a child wins back.
inline constexpr Amount kAnchorValue = Amount::fromSat(240);
[[nodiscard]] TxOut anchorOutput();

/// `<key> CHECKSIG`.
[[nodiscard]] Script signatureLeaf(const XOnlyPublicKey& key);
/// `<blocks> CSV DROP <key> CHECKSIG`.
[[nodiscard]] Result<Script> delayedSignatureLeaf(std::uint32_t blocks, const XOnlyPublicKey& key);

/// What the depositor pays to. Leaf kConfirmLeaf: the committee with the deposit key; leaf kRefundLeaf: the
/// depositor alone, once `refundBlocks` blocks have passed.
inline constexpr std::size_t kConfirmLeaf = 0;
inline constexpr std::size_t kRefundLeaf = 1;
[[nodiscard]] Result<bitcoin::TaprootOutput>
requestOutput(const XOnlyPublicKey& depositKey, const XOnlyPublicKey& refundKey, std::uint32_t refundBlocks);
/// The vault and the kickoff stake (k0): the deposit key's key path and nothing else.
[[nodiscard]] Result<bitcoin::TaprootOutput> vaultOutput(const XOnlyPublicKey& depositKey);
/// The operator alone (leaf 0), by script, so that a later disproof can add leaves beside.
[[nodiscard]] Result<bitcoin::TaprootOutput> kickoffFundingOutput(const XOnlyPublicKey& operatorKey);
/// The challenge connector (k1). Leaf kTakeLeaf: the operator after `takeBlocks`; leaf kFirstVetoLeaf + i:
/// member i at once.
inline constexpr std::size_t kTakeLeaf = 0;
inline constexpr std::size_t kFirstVetoLeaf = 1;
[[nodiscard]] Result<bitcoin::TaprootOutput> connectorOutput(const XOnlyPublicKey& operatorKey,
                                                             std::uint32_t takeBlocks,
                                                             std::span<const XOnlyPublicKey> vetoKeys);

/// The witness of a script path spend by one signature (SIGHASH_DEFAULT, 64 bytes).
[[nodiscard]] std::vector<Bytes> leafWitness(const bitcoin::TaprootOutput& output, std::size_t leaf,
                                             const Signature64& signature);
/// The witness of a key path spend (SIGHASH_DEFAULT).
[[nodiscard]] std::vector<Bytes> keyWitness(const Signature64& signature);

/// Output 1 of a withdrawal's payment: OP_RETURN of the hash that binds it to withdrawal, operator and
/// acceptance (rule A10).
[[nodiscard]] Script paymentCommitment(const ChainId& chainId, std::uint64_t withdrawalId,
                                       const XOnlyPublicKey& operatorKey, std::uint32_t acceptance);

/// Scripts that a payout may have: the standard witness outputs with a meaning today. Take1 pays there, and
/// with another script nodes would not relay it.
[[nodiscard]] bool isPayoutScript(ByteView script);

} // namespace bowline::bridge
