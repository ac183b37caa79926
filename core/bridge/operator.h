// SPDX-License-Identifier: MIT
// The operator's side, as pure functions: offers, payments of withdrawals, choosing a vault to claim, Kickoff
// and Take1 with their signatures, and the child that bumps a stuck transaction.
#pragma once

#include "core/bridge/graph.h"
#include "core/bridge/messages.h"
#include "core/l2/objects.h"

namespace bowline::bridge {

/// The coin does not pay for the child.
inline constexpr ErrorCode kCoinTooSmall{"bridge.coin-too-small"};
inline constexpr ErrorCode kNoAnchor{"bridge.no-anchor"};
/// The key is not that of the graph.
inline constexpr ErrorCode kNotOurGraph{"bridge.not-our-graph"};

/// The whole of what an offer promises: stake, connector, the fee of the Kickoff and its anchor.
[[nodiscard]] Amount kickoffFundingValue(const l2::NetworkParams& params);
[[nodiscard]] Result<TxOut> kickoffFunding(const l2::NetworkParams& params,
                                           const XOnlyPublicKey& operatorKey);
/// Fails when the offer does not build a graph for this deposit.
[[nodiscard]] Result<Message> makeOffer(const Deposit& deposit, const OperatorOffer& offer,
                                        const PrivateKey& operatorKey);

/// Output 0 pays the withdrawal, output 1 binds the payment to withdrawal, operator and acceptance (A10).
/// They must be the first two outputs of the transaction, in this order.
[[nodiscard]] std::vector<TxOut> paymentOutputs(const ChainId& chainId, std::uint64_t id,
                                                const l2::Withdrawal& withdrawal);
[[nodiscard]] bool isPayment(const Transaction& transaction, const ChainId& chainId, std::uint64_t id,
                             const l2::Withdrawal& withdrawal);

/// The layer-2 transaction's payload that burns for the vault.
[[nodiscard]] Result<l2::ClaimVault> claimPayload(const DepositGraph& graph,
                                                  const XOnlyPublicKey& operatorKey);

/// A vault that the operator could claim.
struct ClaimCandidate {
    OutPoint vault;
    Amount value;
    friend bool operator==(const ClaimCandidate&, const ClaimCandidate&) = default;
};
/// The most valuable vault that `balance` pays for after `reserve` (fees and bonds to come) is set aside; of
/// equal ones the first by outpoint.
[[nodiscard]] std::optional<ClaimCandidate> chooseClaim(std::vector<ClaimCandidate> candidates,
                                                        Amount balance, Amount reserve);

[[nodiscard]] Result<Transaction> makeKickoff(const OperatorGraph& graph, const PrivateKey& operatorKey);
[[nodiscard]] Result<Transaction> makeTake(const OperatorGraph& graph, const TakeSignatures& committee,
                                           const PrivateKey& operatorKey);
/// A member's veto of the graph's Kickoff.
[[nodiscard]] Result<Transaction> makeVeto(const OperatorGraph& graph, std::size_t member,
                                           const PrivateKey& vaultKey);
/// The first block that can hold Take1 after a Kickoff confirmed at `kickoff`.
[[nodiscard]] Height takeHeight(const l2::NetworkParams& params, Height kickoff);

/// A coin with a BIP86-like key path, to pay for a child.
struct BumpCoin {
    OutPoint outpoint;
    TxOut output;
};
/// An unsigned version 3 child that spends the parent's P2A output (input 0) and `coin` (input 1), with one
/// output to `change`, whose fee lifts parent and child together to `rate`. `parentFee` is what the parent
/// pays.
[[nodiscard]] Result<Transaction> anchorChild(const Transaction& parent, Amount parentFee,
                                              const BumpCoin& coin, const Script& change, base::FeeRate rate);
/// The index of the transaction's P2A output.
[[nodiscard]] std::optional<std::uint32_t> anchorIndex(const Transaction& transaction);

} // namespace bowline::bridge
