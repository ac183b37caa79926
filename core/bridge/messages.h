// SPDX-License-Identifier: MIT
// What depositor, operators and committee say to each other over the relay (docs/protocol.md, section 6).
//
// Every message is signed by its sender and names network, deposit and session (rule A15). The relay is
// trusted with nothing: it may drop, repeat and reorder. Decoding is strict and bounded; a message decodes in
// exactly one way, and what is posted twice is posted with the same bytes.
#pragma once

#include "core/bridge/graph.h"

#include <string>
#include <variant>
#include <vector>

namespace bowline::bridge {

/// Not a message of this version, of an unknown type, or with a payload that breaks its type's form.
inline constexpr ErrorCode kBadMessage{"bridge.bad-message"};
inline constexpr ErrorCode kOtherNetwork{"bridge.other-network"};
inline constexpr ErrorCode kBadMessageSignature{"bridge.bad-message-signature"};

/// Attempts are numbered from 1. Enough for every member to restart a few times.
inline constexpr std::uint32_t kMaxAttempts = 64;
inline constexpr std::size_t kMaxSlots = 2 + 2 * kMaxOffers;
inline constexpr std::size_t kMaxRefusalText = 200;
/// A proposal with kMaxOffers offers fits.
inline constexpr std::size_t kMaxPayload = 8192;

enum class MessageType : std::uint8_t {
    Request = 1,
    Offer = 2,
    Proposal = 3,
    Join = 4,
    Nonces = 5,
    Partials = 6,
    Holding = 7,
    ConfirmPartial = 8,
    Refusal = 9,
};

/// The envelope. `session` is zero for types 1 to 4, which come before there is one, not zero for 5 to 8, and
/// either for 9.
struct Message {
    MessageType type = MessageType::Request;
    ChainId chainId;
    Digest topic; // deposit id
    Digest session;
    XOnlyPublicKey sender;
    Bytes payload;
    Signature64 signature{};

    [[nodiscard]] Bytes serialize() const;
    /// What the sender signs.
    [[nodiscard]] Digest digest() const;
    [[nodiscard]] bool signatureIsValid() const;
    friend bool operator==(const Message&, const Message&) = default;
};

/// Exactly one message. The signature is not judged here.
[[nodiscard]] Result<Message> parseMessage(ByteView bytes);
/// parseMessage(), and network and signature are right: what relay and members take in.
[[nodiscard]] Result<Message> openMessage(ByteView bytes, const ChainId& chainId);

struct RequestPayload {
    OutPoint request;
    XOnlyPublicKey refundKey;
    XOnlyPublicKey recipient;
    Amount value; // of the vault, a denomination
    friend bool operator==(const RequestPayload&, const RequestPayload&) = default;
};

struct OfferPayload {
    OutPoint request;
    OutPoint funding;
    Script payoutScript;
    friend bool operator==(const OfferPayload&, const OfferPayload&) = default;
};

struct ProposalPayload {
    std::uint32_t attempt = 0;
    OutPoint request;
    std::vector<Message> offers; // whole, each with its operator's signature; ascending by operator key
    Digest graphRoot;
    friend bool operator==(const ProposalPayload&, const ProposalPayload&) = default;
};

struct JoinPayload {
    std::uint32_t attempt = 0;
    Digest graphRoot;
    ByteArray<32> fresh{};
    friend bool operator==(const JoinPayload&, const JoinPayload&) = default;
};

/// One public nonce per slot.
struct NoncesPayload {
    std::vector<crypto::PublicNonce> nonces;
    friend bool operator==(const NoncesPayload&, const NoncesPayload&) = default;
};

/// Partial signatures of every slot but the last. `view` is the hash of all members' nonces as the sender saw
/// them: a partial signature is judged only by somebody who saw the same ones, so that a member that showed
/// two sets of nonces cannot have another one blamed.
struct PartialsPayload {
    Digest view;
    std::vector<crypto::PartialSignature> partials;
    friend bool operator==(const PartialsPayload&, const PartialsPayload&) = default;
};

/// "I hold the mint authorisation and, being a member, every Take1 signature." (rule A3)
struct HoldingPayload {
    Digest graphRoot;
    Signature64 mintSignature{};
    friend bool operator==(const HoldingPayload&, const HoldingPayload&) = default;
};

/// The last slot: T1. Its `view` is that of the partials.
struct ConfirmPartialPayload {
    Digest view;
    crypto::PartialSignature partial;
    friend bool operator==(const ConfirmPartialPayload&, const ConfirmPartialPayload&) = default;
};

enum class RefusalCode : std::uint8_t {
    Other = 0,
    RequestInvalid = 1,  // the request is not what its message says
    TooLate = 2,         // half of the refund time has passed (rule A14)
    ProposalInvalid = 3, // an offer or the graph root
    FundingMissing = 4,  // an offer's funding is not there, not deep enough or spent
    BoundElsewhere = 5,  // partial signatures for another graph of this deposit went out before
    BadPartial = 6,      // a partial signature failed; the text names the member
};

struct RefusalPayload {
    RefusalCode code = RefusalCode::Other;
    std::string text; // printable ASCII
    friend bool operator==(const RefusalPayload&, const RefusalPayload&) = default;
};

using Payload = std::variant<RequestPayload, OfferPayload, ProposalPayload, JoinPayload, NoncesPayload,
                             PartialsPayload, HoldingPayload, ConfirmPartialPayload, RefusalPayload>;

[[nodiscard]] MessageType typeOf(const Payload& payload);
[[nodiscard]] Bytes encodePayload(const Payload& payload);
/// By the type of the envelope. Envelopes inside a proposal are parsed; their signatures are not judged here.
[[nodiscard]] Result<Payload> decodePayload(const Message& message);

/// A signed message. `session` is zero where the type has none.
[[nodiscard]] Result<Message> signMessage(const PrivateKey& sender, const ChainId& chainId,
                                          const Digest& topic, const Digest& session, const Payload& payload);

/// Named by everything that must not be shared between two sessions (rule A15). `fresh` holds the bytes of
/// each member's join, in the order of the committee.
[[nodiscard]] Digest sessionId(const OutPoint& request, const Digest& graphRoot, std::uint32_t attempt,
                               const std::vector<ByteArray<32>>& fresh);

} // namespace bowline::bridge
