// SPDX-License-Identifier: MIT
// The depositor's side: asking the committee, believing none of it, holding the mint authorisation before T1
// can exist (rule A3), minting, and the refund that needs nobody's consent.
#pragma once

#include "core/bridge/ceremony.h"

namespace bowline::bridge {

/// The request has not been there for refund_blocks yet.
inline constexpr ErrorCode kRefundTooEarly{"bridge.refund-too-early"};
/// The fee eats the refund.
inline constexpr ErrorCode kRefundTooSmall{"bridge.refund-too-small"};
/// The transaction of the proof is not this deposit's T1.
inline constexpr ErrorCode kNotTheVault{"bridge.not-the-vault"};

/// What the committee signed so that this deposit can be minted.
struct MintAuthorisation {
    Digest graphRoot;
    Signature64 signature{};
    friend bool operator==(const MintAuthorisation&, const MintAuthorisation&) = default;
};

struct DepositorEffects {
    /// To be kept before anything is posted.
    std::optional<MintAuthorisation> authorisation;
    std::vector<Evidence> evidence;
    std::vector<Bytes> post;
    /// T1, once the committee signed it: the depositor may send it as well as any member.
    std::vector<Transaction> broadcast;
};

class DepositorCeremony {
public:
    /// `kept`: what an earlier run was told to keep.
    DepositorCeremony(Deposit deposit, std::optional<MintAuthorisation> kept);

    Intake add(const Message& message) { return m_log.add(message); }
    /// `refundKey` may be null while the wallet is locked: nothing is posted then, and nothing is lost.
    [[nodiscard]] Result<DepositorEffects> step(const ChainFacts& facts, const PrivateKey* refundKey);
    [[nodiscard]] std::vector<Bytes> repost() const { return m_posted; }

    [[nodiscard]] const CeremonyLog& log() const { return m_log; }
    [[nodiscard]] const std::optional<MintAuthorisation>& authorisation() const { return m_authorisation; }
    /// A holding message waits for the refund key.
    [[nodiscard]] bool needsKey() const { return m_needsKey; }

private:
    [[nodiscard]] Status post(const PrivateKey& key, const Digest& session, const Payload& payload,
                              DepositorEffects& effects);
    [[nodiscard]] Status takeAuthorisation(const Attempt& attempt, DepositorEffects& effects);

    CeremonyLog m_log;
    std::optional<MintAuthorisation> m_authorisation;
    bool m_requested = false;
    std::set<Digest> m_heldSessions;
    std::vector<Bytes> m_posted;
    bool m_needsKey = false;
};

/// The mint, once T1 is confirmed in the program's view of Bitcoin.
[[nodiscard]] Result<l2::Transaction>
mintTransaction(const Deposit& deposit, const MintAuthorisation& authorisation, l2::TxProof proof);

/// The first block that can hold the refund of a request confirmed at `request`; nodes take it into their
/// mempool when the block before is their tip.
[[nodiscard]] Height refundHeight(const l2::NetworkParams& params, Height request);
/// The whole request, less the fee, to `payTo`: signed, version 2, replaceable. `refundKey` is the private
/// key of the deposit's refund key.
[[nodiscard]] Result<Transaction> refundTransaction(const Deposit& deposit, const Script& payTo,
                                                    base::FeeRate rate, const PrivateKey& refundKey);

} // namespace bowline::bridge
