// SPDX-License-Identifier: MIT
// Kept proof that somebody broke the protocol: the signed messages themselves, so that a third party who
// trusts neither us nor the relay comes to the same verdict by reading them again.
#pragma once

#include "core/bridge/graph.h"
#include "core/bridge/messages.h"

namespace bowline::bridge {

/// The messages do not show what the evidence says.
inline constexpr ErrorCode kEvidenceDoesNotHold{"bridge.evidence-does-not-hold"};

enum class Fault : std::uint8_t {
    Malformed = 1,    // a signed message that its type does not allow, a nonce that is no point included
    Equivocation = 2, // two different messages where there may be one
    BadProposal = 3,  // offers or graph root that no honest member 0 proposes
    BadPartial = 4,   // a partial signature that does not verify
    BadHolding = 5,   // "I hold" with a wrong root or mint signature
};
[[nodiscard]] std::string_view faultName(Fault fault);

struct Evidence {
    Fault fault = Fault::Malformed;
    XOnlyPublicKey accused;      // message key of a member, operator key or refund key
    DepositTerms terms;          // of the deposit whose ceremony it was
    std::vector<Bytes> messages; // everything needed to judge it, the offending ones last

    [[nodiscard]] Bytes serialize() const;
    [[nodiscard]] static Result<Evidence> parse(ByteView bytes);
    friend bool operator==(const Evidence&, const Evidence&) = default;
};

/// Reads the messages into a fresh log; success when that accuses the same key of the same fault.
[[nodiscard]] Status checkEvidence(const ContextPtr& context, const Evidence& evidence);

} // namespace bowline::bridge
