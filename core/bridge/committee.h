// SPDX-License-Identifier: MIT
// The committee of n members that holds the vaults together (docs/protocol.md, sections 1 and 6).
//
// All members sign or nobody does: vault keys are MuSig2 aggregates (BIP327) of the members' keys in the
// order of the network parameters. Each deposit has a key of its own, the aggregate key with a plain tweak,
// so that a signature for one deposit can never serve another.
#pragma once

#include "core/bridge/types.h"
#include "core/crypto/musig.h"
#include "core/l2/params.h"

#include <optional>
#include <vector>

namespace bowline::bridge {

/// No member, more than kMaxMembers, or a key that occurs twice.
inline constexpr ErrorCode kBadCommittee{"bridge.bad-committee"};

/// Bounds the work that foreign messages can cause. The leaves of the challenge connector still fit a tree of
/// depth 7, which is as deep as nodes relay.
inline constexpr std::size_t kMaxMembers = 100;

class Committee {
public:
    [[nodiscard]] static Result<Committee> create(std::vector<l2::Member> members);

    [[nodiscard]] std::size_t size() const { return m_members.size(); }
    [[nodiscard]] const std::vector<l2::Member>& members() const { return m_members; }
    [[nodiscard]] std::optional<std::size_t> indexOfMessageKey(const XOnlyPublicKey& key) const;
    [[nodiscard]] std::optional<std::size_t> indexOfVaultKey(const PublicKey& key) const;
    /// What the member spends the challenge connector with.
    [[nodiscard]] XOnlyPublicKey vetoKey(std::size_t member) const
    {
        return m_members.at(member).vaultKey.xOnly();
    }
    /// The keys without tweak; its xOnlyKey() is the network's committee key.
    [[nodiscard]] const crypto::KeyAggregation& keys() const { return m_keys; }
    [[nodiscard]] XOnlyPublicKey key() const { return m_keys.xOnlyKey(); }

    /// The internal key of a deposit's outputs: this with the deposit's plain tweak. Signs T1 by script.
    [[nodiscard]] Result<crypto::KeyAggregation> depositKeys(const Digest& depositId) const;
    /// depositKeys() with BIP341's tweak of an output without scripts: the key of vault and kickoff stake.
    [[nodiscard]] Result<crypto::KeyAggregation> vaultKeys(const Digest& depositId) const;

private:
    Committee(std::vector<l2::Member> members, crypto::KeyAggregation keys)
        : m_members(std::move(members)), m_keys(std::move(keys))
    {
    }
    std::vector<l2::Member> m_members;
    crypto::KeyAggregation m_keys;
};

/// Names a deposit on the layer 2, on the relay and in its vault's key.
[[nodiscard]] Digest depositId(const ChainId& chainId, const XOnlyPublicKey& refundKey,
                               const XOnlyPublicKey& recipient, Amount value);

} // namespace bowline::bridge
