// SPDX-License-Identifier: MIT
// The committee's signature between machines, in two rounds: every member shows a public nonce, then, having all of them, its
// partial signature. Messages are signed by their members, so whoever carries them can only lose them.
//
// Round is what anybody can see who has the proposal and the messages; MemberPart is one member with its keys. Secret nonces
// live in a MemberPart's memory alone: a member that ends before its partial signature cannot come back into this session.
#pragma once

#include "app/daemon/committee/proposal.h"
#include "core/crypto/musig.h"

#include <map>
#include <optional>

namespace bowline::daemon {

/// No message of this form, of this session, or not signed by the member that it names.
inline constexpr base::ErrorCode kBadRoundMessage{"committee.bad-message"};
/// The key file is not that of a member.
inline constexpr base::ErrorCode kNotAMember{"committee.not-a-member"};
/// Not all members have shown what is needed.
inline constexpr base::ErrorCode kNotComplete{"committee.not-complete"};
/// A member is convicted by its own messages, or members have seen different ones: nothing comes of this session.
inline constexpr base::ErrorCode kRoundFailed{"committee.failed"};

/// What convicts a member. The message and the others of the session are the evidence.
enum class RoundFault {
    TwoNonces,    // two nonces in one session
    TwoPartials,  // two partial signatures that differ
    WrongPartial, // one that does not fit its own nonce, judged by whoever saw the nonces that it names
};
[[nodiscard]] std::string_view nameOf(RoundFault fault);

class Round {
public:
    [[nodiscard]] static base::Result<Round> begin(const l2::Network& network, const Proposal& proposal);

    /// A message again changes nothing. kBadRoundMessage accuses nobody.
    [[nodiscard]] base::Status take(base::ByteView message);

    [[nodiscard]] std::size_t size() const { return m_members.size(); }
    /// Members, counted from 0, of whom there is none yet.
    [[nodiscard]] std::vector<std::size_t> awaitedNonces() const;
    [[nodiscard]] std::vector<std::size_t> awaitedPartials() const;
    [[nodiscard]] const std::map<std::size_t, RoundFault>& faults() const { return m_faults; }
    /// Members whose partial signature is for other nonces than those taken here: somebody showed two.
    [[nodiscard]] std::vector<std::size_t> sawOthers() const;
    /// kNotComplete, kRoundFailed.
    [[nodiscard]] base::Result<crypto::Signature64> signature() const;

private:
    friend class MemberPart;
    struct Member {
        crypto::PublicKey vaultKey;
        base::XOnlyPublicKey messageKey;
        std::optional<crypto::PublicNonce> nonce;
        std::optional<base::Digest> view; // of its partial signature
        std::optional<crypto::PartialSignature> partial;
    };
    Round(crypto::KeyAggregation keys, const Proposal& proposal, const base::Digest& message);
    void takeNonce(std::size_t member, const crypto::PublicNonce& nonce);
    void takePartial(std::size_t member, const base::Digest& view, const crypto::PartialSignature& partial);
    void judge();
    [[nodiscard]] base::Result<crypto::Session> session() const;
    [[nodiscard]] base::Digest view() const;

    crypto::KeyAggregation m_keys;
    l2::ChainId m_chainId;
    base::Digest m_session;
    base::Digest m_message;
    std::vector<Member> m_members;
    std::map<std::size_t, RoundFault> m_faults;
};

/// One member in one session.
class MemberPart {
public:
    /// kNotAMember. With fresh nonces: two parts of one member never have the same.
    [[nodiscard]] static base::Result<MemberPart> begin(Round round, const crypto::PrivateKey& vault,
                                                        const crypto::PrivateKey& message);

    [[nodiscard]] std::size_t index() const { return m_index; }
    [[nodiscard]] Round& round() { return m_round; }
    /// The own message of the first round.
    [[nodiscard]] const base::Bytes& nonceMessage() const { return m_nonceMessage; }
    /// That of the second, once, when all nonces are there and nobody is convicted; the secret nonce is gone then. It has
    /// to be on its way before the next try: kNotComplete, kRoundFailed.
    [[nodiscard]] base::Result<base::Bytes> partialMessage(const crypto::PrivateKey& vault,
                                                           const crypto::PrivateKey& message);

private:
    MemberPart(Round round, std::size_t index, crypto::SecretNonce secret)
        : m_round(std::move(round)), m_index(index), m_secret(std::move(secret))
    {
    }
    Round m_round;
    std::size_t m_index;
    crypto::SecretNonce m_secret;
    base::Bytes m_nonceMessage;
};

} // namespace bowline::daemon
