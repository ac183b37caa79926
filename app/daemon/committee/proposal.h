// SPDX-License-Identifier: MIT
// What the whole committee signs beside deposits: the next program (rule B13), and the way on of a seal that stands still
// (rule A2). One member writes the proposal down; all others sign exactly its text, or nothing.
#pragma once

#include "core/l2/transaction.h"
#include "core/seal/anchor.h"

#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace bowline::daemon {

/// Not a proposal, or not in the one spelling that it has.
inline constexpr base::ErrorCode kBadProposal{"committee.bad-proposal"};
/// Of another network than the own one.
inline constexpr base::ErrorCode kProposalElsewhere{"committee.other-network"};
/// Nothing that nodes would accept: the detail says why.
inline constexpr base::ErrorCode kProposalRefused{"committee.refused"};

/// A zero `program` takes the announcement back; `number` is the chain object's count of announcements.
struct ProgramTerms {
    base::Digest program;
    std::uint32_t number = 0;
    std::uint32_t delay = 0;
    friend bool operator==(const ProgramTerms&, const ProgramTerms&) = default;
};

/// Valid recovery_blocks after the seal's own block. Without an address it pays to the next seal.
struct RecoveryTerms {
    seal::Seal seal;
    base::Amount fee;
    std::string address;
    friend bool operator==(const RecoveryTerms&, const RecoveryTerms&) = default;
};

struct Proposal {
    l2::ChainId chainId;
    base::ByteArray<32> fresh{}; // random: the same terms proposed again are another session
    std::variant<ProgramTerms, RecoveryTerms> terms;

    [[nodiscard]] static base::Result<Proposal> make(const l2::Network& network,
                                                     std::variant<ProgramTerms, RecoveryTerms> terms);
    /// Lines of "name value"; parse() takes no other spelling.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static base::Result<Proposal> parse(std::string_view text);
    /// Of the MuSig2 session: the text's hash, so that nonces and partial signatures are for it alone.
    [[nodiscard]] base::Digest session() const;
    friend bool operator==(const Proposal&, const Proposal&) = default;
};

/// What the aggregate key signs. kProposalElsewhere, kProposalRefused.
[[nodiscard]] base::Result<base::Digest> messageOf(const Proposal& proposal, const l2::Network& network);
/// For a member to read before it signs, a line each. The same errors.
[[nodiscard]] base::Result<std::vector<std::string>> describe(const Proposal& proposal,
                                                              const l2::Network& network);
/// The transaction with the signature, as hex: of the layer 2 for tx_submit, or of Bitcoin for sendrawtransaction.
[[nodiscard]] base::Result<std::string> finish(const Proposal& proposal, const l2::Network& network,
                                               const crypto::Signature64& signature);

} // namespace bowline::daemon
