// SPDX-License-Identifier: MIT
// The transactions of one deposit, built from its terms and its operators' offers: a pure function that every
// member, the depositor and every operator evaluates alone and compares by its root (docs/protocol.md, 6).
//
//   request --T1--> vault ------------------------------+
//                                                       +--Take1--> operator's payout
//   kickoff funding --Kickoff--> k0 stake --------------+
//                           \--> k1 connector ----------+      (after take_blocks)
//                                             \--Veto--> nothing (inside take_blocks, any member)
//
// k0 and k1 keep index and meaning when a later challenge adds outputs behind them and leaves to k1.
// Transactions here are unsigned unless said otherwise. All are version 3 (BIP431) with lock time 0 and a P2A
// output, so that anybody can bump them by a child.
#pragma once

#include "core/bridge/committee.h"
#include "core/bridge/scripts.h"
#include "core/l2/transaction.h"

#include <memory>

namespace bowline::bridge {

// Why a deposit or a graph is refused.
inline constexpr ErrorCode kBadDenomination{"bridge.bad-denomination"};
inline constexpr ErrorCode kBadRefundKey{"bridge.bad-refund-key"};
inline constexpr ErrorCode kBadRecipient{"bridge.bad-recipient"};
inline constexpr ErrorCode kTooFewOperators{"bridge.too-few-operators"};
inline constexpr ErrorCode kTooManyOperators{"bridge.too-many-operators"};
inline constexpr ErrorCode kUnknownOperator{"bridge.unknown-operator"};
inline constexpr ErrorCode kDuplicateOperator{"bridge.duplicate-operator"};
inline constexpr ErrorCode kDuplicateFunding{"bridge.duplicate-funding"};
inline constexpr ErrorCode kBadPayoutScript{"bridge.bad-payout-script"};
inline constexpr ErrorCode kWrongGraphRoot{"bridge.wrong-graph-root"};
/// The network's time locks leave somebody no time to act.
inline constexpr ErrorCode kBadTimelocks{"bridge.bad-timelocks"};
/// The network's fees do not pay for relay, or its amounts are dust.
inline constexpr ErrorCode kBadFees{"bridge.bad-fees"};
inline constexpr ErrorCode kBadSignature{"bridge.bad-signature"};

/// A13: with one operator alone its refusal would lock the vault.
inline constexpr std::size_t kMinOperators = 2;
/// Bounds the size of proposals and the number of slots.
inline constexpr std::size_t kMaxOffers = 16;

/// The pinned network and its committee, shared by everything that belongs to it.
struct Context {
    l2::Network network;
    ChainId chainId;
    Committee committee;

    [[nodiscard]] const l2::NetworkParams& params() const { return network.params; }
    [[nodiscard]] bool isOperator(const XOnlyPublicKey& key) const;
};
using ContextPtr = std::shared_ptr<const Context>;
/// For a network that l2::checkNetwork() approves and whose checkRules() hold.
[[nodiscard]] Result<ContextPtr> makeContext(l2::Network network);

/// The margins between the time locks, all counted in blocks from one event each:
/// - request: half of refund_blocks is for the ceremony, and leaves T1 more than k blocks afterwards (A14);
/// - kickoff: a veto goes out at half of take_blocks at the latest and has more than k blocks left (A1).
/// And the fees: each pre-signed transaction pays 1 sat/vB by itself, no output is dust.
[[nodiscard]] Status checkRules(const ContextPtr& context);

/// Of all transactions here (BIP431: one unconfirmed child, and replaceable).
inline constexpr std::uint32_t kGraphVersion = 3;

/// The exact weights of the signed transactions of a network, in weight units: they depend on the size of the
/// committee alone (with payouts to P2TR).
struct TransactionWeights {
    std::int64_t confirm = 0;
    std::int64_t kickoff = 0;
    std::int64_t take = 0;
    std::int64_t veto = 0; // of the member whose leaf lies deepest
    friend bool operator==(const TransactionWeights&, const TransactionWeights&) = default;
};
[[nodiscard]] Result<TransactionWeights> transactionWeights(const ContextPtr& context);

/// What the depositor asks for.
struct DepositTerms {
    OutPoint request;
    XOnlyPublicKey refundKey;
    XOnlyPublicKey recipient; // layer-2 account
    Amount value;             // of the vault, a denomination
    friend auto operator<=>(const DepositTerms&, const DepositTerms&) = default;
};

/// request outpoint 36 | refund key 32 | recipient 32 | value u64.
void writeTerms(base::Writer& writer, const DepositTerms& terms);
[[nodiscard]] DepositTerms readTerms(base::Reader& reader);

/// What an operator brings into a deposit.
struct OperatorOffer {
    XOnlyPublicKey operatorKey;
    OutPoint funding;
    Script payoutScript;
    friend bool operator==(const OperatorOffer&, const OperatorOffer&) = default;
};

/// Everything that follows from the terms alone: keys, request output, T1.
class Deposit {
public:
    [[nodiscard]] static Result<Deposit> create(ContextPtr context, const DepositTerms& terms);

    [[nodiscard]] const Context& context() const { return *m_context; }
    [[nodiscard]] const ContextPtr& contextPtr() const { return m_context; }
    [[nodiscard]] const DepositTerms& terms() const { return m_terms; }
    [[nodiscard]] const Digest& id() const { return m_id; }
    [[nodiscard]] const crypto::KeyAggregation& depositKeys() const { return m_depositKeys; }
    [[nodiscard]] const crypto::KeyAggregation& vaultKeys() const { return m_vaultKeys; }

    [[nodiscard]] const bitcoin::TaprootOutput& requestScripts() const { return m_request; }
    /// What terms().request must be on the chain.
    [[nodiscard]] TxOut requestOutput() const;
    [[nodiscard]] const Transaction& confirm() const { return m_confirm; }
    [[nodiscard]] OutPoint vault() const { return {m_confirmTxid, 0}; }
    [[nodiscard]] const Txid& confirmTxid() const { return m_confirmTxid; }
    [[nodiscard]] const TxOut& vaultOutput() const { return m_confirm.outputs[0]; }
    [[nodiscard]] const Digest& confirmSighash() const { return m_confirmSighash; }
    /// T1 with its witness. Fails when the signature is not the committee's.
    [[nodiscard]] Result<Transaction> signedConfirm(const Signature64& signature) const;

    /// What the committee signs to allow the mint (rule A3).
    [[nodiscard]] Digest mintDigest(const Digest& graphRoot) const;
    /// Against the pinned committee key.
    [[nodiscard]] bool mintSignatureIsValid(const Digest& graphRoot, const Signature64& signature) const;

private:
    Deposit(ContextPtr context, const DepositTerms& terms, crypto::KeyAggregation depositKeys,
            crypto::KeyAggregation vaultKeys, bitcoin::TaprootOutput request);
    ContextPtr m_context;
    DepositTerms m_terms;
    Digest m_id;
    crypto::KeyAggregation m_depositKeys;
    crypto::KeyAggregation m_vaultKeys;
    bitcoin::TaprootOutput m_request;
    Transaction m_confirm;
    Txid m_confirmTxid;
    Digest m_confirmSighash;
};
/// The same without an outpoint, for the wallet that is about to pay: the output, and the deposit's id.
[[nodiscard]] Result<TxOut> requestOutputFor(const Context& context, const XOnlyPublicKey& refundKey,
                                             const XOnlyPublicKey& recipient, Amount value);

/// One operator's part: from its funding to its payout.
class OperatorGraph {
public:
    [[nodiscard]] static Result<OperatorGraph> create(const Deposit& deposit, const OperatorOffer& offer);

    static constexpr std::uint32_t kStakeIndex = 0;     // k0
    static constexpr std::uint32_t kConnectorIndex = 1; // k1
    static constexpr std::size_t kTakeVaultInput = 0;
    static constexpr std::size_t kTakeStakeInput = 1;
    static constexpr std::size_t kTakeConnectorInput = 2;

    [[nodiscard]] const OperatorOffer& offer() const { return m_offer; }
    [[nodiscard]] const bitcoin::TaprootOutput& fundingScripts() const { return m_funding; }
    [[nodiscard]] const bitcoin::TaprootOutput& connectorScripts() const { return m_connector; }
    /// What offer().funding must be on the chain.
    [[nodiscard]] const TxOut& fundingOutput() const { return m_fundingOutput; }
    [[nodiscard]] const Transaction& kickoff() const { return m_kickoff; }
    [[nodiscard]] const Txid& kickoffTxid() const { return m_kickoffTxid; }
    [[nodiscard]] const Transaction& take() const { return m_take; }
    [[nodiscard]] const Txid& takeTxid() const { return m_takeTxid; }
    /// Stands for this graph in the graph root and in claims.
    [[nodiscard]] const Digest& leaf() const { return m_leaf; }
    [[nodiscard]] Transaction veto() const;

    [[nodiscard]] Digest kickoffSighash() const;
    [[nodiscard]] const Digest& takeSighash(std::size_t input) const { return m_takeSighashes.at(input); }
    [[nodiscard]] Digest vetoSighash(std::size_t member) const;

    /// With witnesses. They fail with kBadSignature when one of the signatures is not valid.
    [[nodiscard]] Result<Transaction> signedKickoff(const Signature64& byOperator) const;
    [[nodiscard]] Result<Transaction> signedTake(const Signature64& vault, const Signature64& stake,
                                                 const Signature64& byOperator) const;
    [[nodiscard]] Result<Transaction> signedVeto(std::size_t member, const Signature64& byMember) const;

private:
    OperatorGraph(const Deposit& deposit, OperatorOffer offer, bitcoin::TaprootOutput funding,
                  bitcoin::TaprootOutput connector);
    void buildKickoff(const l2::NetworkParams& params);
    void buildTake(const Deposit& deposit);
    [[nodiscard]] std::vector<TxOut> takeSpends() const;

    OperatorOffer m_offer;
    bitcoin::TaprootOutput m_funding;
    bitcoin::TaprootOutput m_connector;
    std::vector<XOnlyPublicKey> m_vetoKeys;
    XOnlyPublicKey m_vaultKey; // output key of vault and k0
    TxOut m_vaultOutput;
    TxOut m_fundingOutput;
    Transaction m_kickoff;
    Txid m_kickoffTxid;
    Transaction m_take;
    Txid m_takeTxid;
    std::vector<Digest> m_takeSighashes;
    Digest m_leaf;
};

/// One signature that the committee makes, in the order of docs/protocol.md.
struct SigningSlot {
    enum class Role { Mint, TakeVault, TakeStake, Confirm };
    Role role = Role::Mint;
    std::size_t graph = 0; // of the roles TakeVault and TakeStake
    Digest message;
};

/// A deposit with the graphs of all its operators.
class DepositGraph {
public:
    /// The offers in any order.
    [[nodiscard]] static Result<DepositGraph> create(Deposit deposit, std::vector<OperatorOffer> offers);

    [[nodiscard]] const Deposit& deposit() const { return m_deposit; }
    /// Ascending by operator key.
    [[nodiscard]] const std::vector<OperatorGraph>& operators() const { return m_operators; }
    [[nodiscard]] const OperatorGraph* find(const XOnlyPublicKey& operatorKey) const;
    [[nodiscard]] const Digest& root() const { return m_root; }
    [[nodiscard]] std::vector<Digest> leaves() const;
    [[nodiscard]] std::vector<OutPoint> fundings() const;
    /// First the mint, last T1.
    [[nodiscard]] const std::vector<SigningSlot>& signingSlots() const { return m_slots; }
    [[nodiscard]] const crypto::KeyAggregation& keysOf(const SigningSlot& slot) const;

private:
    DepositGraph(Deposit deposit, std::vector<OperatorGraph> operators);
    Deposit m_deposit;
    std::vector<OperatorGraph> m_operators;
    Digest m_root;
    std::vector<SigningSlot> m_slots;
};

/// The committee's signatures for one operator's Take1.
struct TakeSignatures {
    Signature64 vault{};
    Signature64 stake{};
    friend bool operator==(const TakeSignatures&, const TakeSignatures&) = default;
};

/// A deposit with what its ceremony yielded: all that a member or an operator must keep, as bytes.
struct SignedGraph {
    DepositTerms terms;
    std::vector<OperatorOffer> offers; // ascending by operator key
    Signature64 mintSignature{};
    std::vector<TakeSignatures> takes; // one per offer

    [[nodiscard]] Bytes serialize() const;
    [[nodiscard]] static Result<SignedGraph> parse(ByteView bytes);
    /// Builds the graph anew and verifies every signature.
    [[nodiscard]] Result<DepositGraph> open(ContextPtr context) const;
    friend bool operator==(const SignedGraph&, const SignedGraph&) = default;
};

} // namespace bowline::bridge
