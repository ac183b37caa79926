// SPDX-License-Identifier: MIT
// Aggregation of the members' keys, plain and per deposit.
#include "core/bridge/committee.h"

#include "core/bitcoin/taproot.h"
#include "core/l2/hashes.h"

#include <algorithm>
#include <set>

namespace bowline::bridge {

Result<Committee> Committee::create(std::vector<l2::Member> members)
{
    if (members.empty() || members.size() > kMaxMembers) {
        return base::makeError(kBadCommittee, std::to_string(members.size()) + " members");
    }
    // x-only: of two keys that differ in the sign alone, the veto leaves would be the same.
    std::set<XOnlyPublicKey> vaultKeys;
    std::set<XOnlyPublicKey> messageKeys;
    std::vector<PublicKey> keys;
    for (const l2::Member& member : members) {
        if (!vaultKeys.insert(member.vaultKey.xOnly()).second ||
            !messageKeys.insert(member.messageKey).second) {
            return base::makeError(kBadCommittee, "a key occurs twice");
        }
        if (!crypto::isOnCurve(member.messageKey)) {
            return base::makeError(kBadCommittee, "a message key is no key");
        }
        keys.push_back(member.vaultKey);
    }
    BOWLINE_TRY(auto aggregation, crypto::KeyAggregation::fromKeys(std::move(keys)));
    return Committee{std::move(members), std::move(aggregation)};
}

std::optional<std::size_t> Committee::indexOfMessageKey(const XOnlyPublicKey& key) const
{
    const auto found = std::find_if(m_members.begin(), m_members.end(),
                                    [&](const l2::Member& member) { return member.messageKey == key; });
    if (found == m_members.end()) return std::nullopt;
    return static_cast<std::size_t>(found - m_members.begin());
}

std::optional<std::size_t> Committee::indexOfVaultKey(const PublicKey& key) const
{
    const auto found = std::find_if(m_members.begin(), m_members.end(),
                                    [&](const l2::Member& member) { return member.vaultKey == key; });
    if (found == m_members.end()) return std::nullopt;
    return static_cast<std::size_t>(found - m_members.begin());
}

Result<crypto::KeyAggregation> Committee::depositKeys(const Digest& depositId) const
{
    const Digest tweak = l2::bowlineHash("deposit-key", {key().view(), depositId.view()});
    crypto::KeyAggregation keys = m_keys;
    BOWLINE_CHECK(keys.tweakPlain(tweak.view()));
    return keys;
}

Result<crypto::KeyAggregation> Committee::vaultKeys(const Digest& depositId) const
{
    BOWLINE_TRY(crypto::KeyAggregation keys, depositKeys(depositId));
    const Digest tweak = bitcoin::tapTweakHash(keys.xOnlyKey(), std::nullopt);
    BOWLINE_CHECK(keys.tweakXOnly(tweak.view()));
    return keys;
}

Digest depositId(const ChainId& chainId, const XOnlyPublicKey& refundKey, const XOnlyPublicKey& recipient,
                 Amount value)
{
    base::Writer writer;
    writer.amountLe(value);
    return l2::bowlineHash("deposit", {chainId.view(), refundKey.view(), recipient.view(), writer.data()});
}

} // namespace bowline::bridge
