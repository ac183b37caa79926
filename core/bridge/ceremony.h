// SPDX-License-Identifier: MIT
// A committee member's part in one deposit, as a pure state machine: facts of the chain and messages go in;
// what to keep, what to post and what to broadcast comes out (docs/protocol.md, section 6).
//
// Order of effects: the caller first makes everything in `Effects` that is to be kept durable, in one
// transaction, and only then posts and broadcasts. Whatever happens in between, a restart is safe:
// - Secret nonces exist in this object only, one per signing slot, bound to session, sighash and aggregate
//   key, and are consumed by signing. A member that restarts joins a next attempt with new ones.
// - A member signs for one graph root per deposit, ever: once partial signatures went out, another graph of
//   the same deposit is refused.
// - The partial signature of T1 leaves only when the mint authorisation and every Take1 signature are
//   verified and kept here and every member and the depositor said that they hold theirs (rule A3), the
//   request still stands k deep, and not half of the refund time has passed (rule A14).
#pragma once

#include "core/bridge/ceremony_log.h"

namespace bowline::bridge {

/// An output on the best chain as the caller's own view of Bitcoin has it.
struct OutputFact {
    TxOut output;
    Height height;
    std::optional<Txid> spentBy; // by a transaction on the best chain
};

/// One moment of the best chain. Outputs that are not listed are not there.
struct ChainFacts {
    Height tip;
    std::map<OutPoint, OutputFact> outputs;
    /// Fundings in graphs that partial signatures went out for, with the request of their deposit. One Kickoff spends
    /// one funding: a second deposit with the same one would have no exit once the first is claimed (A13).
    std::map<OutPoint, OutPoint> boundFundings;

    [[nodiscard]] const OutputFact* find(const OutPoint& outpoint) const;
    /// Bound to another deposit than that of `request`.
    [[nodiscard]] bool isBoundElsewhere(const OutPoint& funding, const OutPoint& request) const;
};
/// At least k blocks stand on top of the block at `height`.
[[nodiscard]] bool isDeep(Height height, Height tip, std::uint32_t k);
/// A14: whether a request confirmed at `height` is too old for the committee.
[[nodiscard]] bool halfOfRefundTimePassed(const l2::NetworkParams& params, Height request, Height tip);

/// What a member remembers of a deposit across restarts.
struct MemberMemory {
    std::uint32_t joinedAttempt = 0;  // the highest one joined
    std::optional<Digest> boundRoot;  // partial signatures for this graph went out
    std::optional<Bytes> ownProposal; // member 0: the signed message
    std::optional<SignedGraph> signedGraph;
    std::optional<Signature64> confirmSignature;
};

/// A session in which partial signatures went out, kept before they do.
struct ReleasedRecord {
    Digest session;
    std::uint32_t attempt = 0;
    Digest graphRoot;
    bool confirm = false;           // the partial signature of T1
    std::vector<OutPoint> fundings; // of the graph: bound to this deposit from now on
};

struct Effects {
    // To be kept, before anything below happens.
    std::optional<std::uint32_t> joinedAttempt;
    std::optional<Bytes> ownProposal;
    std::vector<ReleasedRecord> released;
    std::optional<SignedGraph> signedGraph;
    std::optional<Signature64> confirmSignature;
    std::vector<Evidence> evidence;
    // To be done.
    std::vector<Bytes> post;
    std::vector<Transaction> broadcast;

    [[nodiscard]] bool empty() const;
};

enum class CeremonyPhase {
    WaitingForRequest, // not on the chain, or not deep enough
    WaitingForOffers,
    Joining,
    Nonces,
    Partials,
    Holding,
    Confirming,
    Signed,    // T1 is signed
    Confirmed, // T1 is on the chain
    Refused,   // see refusal()
    Refunded,  // the request was spent otherwise
};
[[nodiscard]] std::string_view phaseName(CeremonyPhase phase);

class MemberCeremony {
public:
    /// The member's keys must be those of the committee at `index`. Both are cloned.
    [[nodiscard]] static Result<MemberCeremony> create(Deposit deposit, std::size_t index,
                                                       const PrivateKey& vaultKey,
                                                       const PrivateKey& messageKey, MemberMemory memory);

    /// Takes in a message; its effects come with the next step().
    Intake add(const Message& message) { return m_log.add(message); }
    /// Goes as far as messages and chain allow. Call after messages and after each block.
    [[nodiscard]] Result<Effects> step(const ChainFacts& facts);
    /// The own messages of the running attempt once more, for a relay that lost them.
    [[nodiscard]] std::vector<Bytes> repost() const { return m_posted; }
    /// What the chain must be asked about.
    [[nodiscard]] std::vector<std::pair<OutPoint, TxOut>> outputsOfInterest() const;

    /// T1 with its witness, once it is signed: to be broadcast until it is confirmed.
    [[nodiscard]] Result<std::optional<Transaction>> confirmTransaction() const;

    [[nodiscard]] CeremonyPhase phase() const { return m_phase; }
    [[nodiscard]] const std::optional<RefusalPayload>& refusal() const { return m_refusal; }
    [[nodiscard]] const CeremonyLog& log() const { return m_log; }
    [[nodiscard]] const MemberMemory& memory() const { return m_memory; }

private:
    /// The secrets of one attempt. Destroyed with it.
    struct Live {
        std::uint32_t attempt = 0;
        Digest root;
        std::vector<std::optional<crypto::SecretNonce>> nonces; // one per slot, until they signed
        bool sentNonces = false;
        bool sentPartials = false;
        bool sentHolding = false;
        bool sentConfirm = false;
    };
    MemberCeremony(Deposit deposit, std::size_t index, PrivateKey vaultKey, PrivateKey messageKey,
                   MemberMemory memory);

    /// Whether the ceremony may go on.
    [[nodiscard]] Result<bool> checkRequest(const ChainFacts& facts, Effects& effects);
    [[nodiscard]] Status runAttempt(const ChainFacts& facts, Effects& effects);
    [[nodiscard]] Status propose(const ChainFacts& facts, Effects& effects);
    [[nodiscard]] Status join(const ChainFacts& facts, Effects& effects);
    [[nodiscard]] bool hasFinishedPart() const;
    [[nodiscard]] Status sendNonces(const Attempt& attempt, Effects& effects);
    [[nodiscard]] Status sendPartials(const Attempt& attempt, Effects& effects);
    [[nodiscard]] Status sendHolding(const Attempt& attempt, Effects& effects);
    [[nodiscard]] Status sendConfirm(const Attempt& attempt, Effects& effects);
    [[nodiscard]] Status finish(Effects& effects);
    [[nodiscard]] bool fundingsStand(const DepositGraph& graph, const ChainFacts& facts) const;
    [[nodiscard]] bool fundingStands(const OutPoint& funding, const TxOut& expected,
                                     const ChainFacts& facts) const;
    [[nodiscard]] Result<crypto::PartialSignature> signSlot(const Attempt& attempt, std::size_t slot);
    [[nodiscard]] Status post(const Digest& session, const Payload& payload, Effects& effects);
    [[nodiscard]] Status refuse(RefusalCode code, std::string text, Effects& effects);

    CeremonyLog m_log;
    std::size_t m_index;
    PrivateKey m_vaultKey;
    PrivateKey m_messageKey;
    MemberMemory m_memory;
    std::optional<Live> m_live;
    std::optional<Height> m_offersSince; // member 0: when two offers were there
    std::vector<Bytes> m_posted;
    CeremonyPhase m_phase = CeremonyPhase::WaitingForRequest;
    std::optional<RefusalPayload> m_refusal;
};

/// What a member's own re-executed state says of the burn that a Kickoff needs.
enum class Burn : std::uint8_t {
    None,
    Undone, // it was there; a rollback took it away and its replay may still come (decision 64)
    There,
};
/// Whether a member must spend the challenge connector now (rule A1). `view`: the tip of Bitcoin in the member's state.
/// A burn may still come in the first half of the window; from then on its absence is decided. A member whose state
/// has not come to the kickoff yet, because it was off for long or because batches are kept from it, waits until a
/// quarter is left, and more than k blocks, before it assumes the worst; so does one that has seen the burn undone (A8),
/// for replays are held up while deposits are mined again.
[[nodiscard]] bool vetoIsDue(const l2::NetworkParams& params, Height kickoff, Height tip, Burn burn,
                             Height view);

} // namespace bowline::bridge
