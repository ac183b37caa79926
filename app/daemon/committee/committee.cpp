// SPDX-License-Identifier: MIT
#include "app/daemon/committee/committee.h"

#include "core/crypto/musig.h"
#include "core/crypto/random.h"

#include <algorithm>

namespace bowline::daemon {

using base::Digest;
using base::makeError;
using base::Result;

Result<Committee> Committee::open(l2::Network network, const std::vector<std::string>& folders)
{
    std::vector<NodeKeys> given;
    for (const std::string& folder : folders) {
        BOWLINE_TRY(NodeKeys keys, NodeKeys::load(folder, NodeRole::Signer));
        given.push_back(std::move(keys));
    }
    std::vector<NodeKeys> ordered;
    for (const l2::Member& member : network.members) {
        const auto found = std::find_if(given.begin(), given.end(), [&member](const NodeKeys& keys) {
            return keys.key("vault").publicKey() == member.vaultKey;
        });
        if (found == given.end())
            return makeError(kNotTheCommittee, "no folder of " + base::toHex(member.vaultKey.view()));
        ordered.push_back(std::move(*found));
        given.erase(found);
    }
    if (!given.empty()) return makeError(kNotTheCommittee, "a folder of somebody else");
    return Committee(std::move(network), std::move(ordered));
}

Result<l2::Transaction> Committee::announce(const Digest& program, std::uint32_t number,
                                            std::uint32_t delay) const
{
    l2::ProgramChange change{number, program, delay, {}};
    BOWLINE_TRY(change.committeeSignature, sign(l2::programMessage(m_network.params.chainId(), change)));
    l2::Transaction out;
    out.payload = change;
    return out;
}

Result<bitcoin::Transaction> Committee::recover(const seal::Seal& seal, base::Amount fee,
                                                const std::optional<bitcoin::Script>& payTo) const
{
    BOWLINE_TRY(const seal::SealTerms terms, seal::SealTerms::create(m_network));
    BOWLINE_TRY(bitcoin::Transaction out, terms.recovery(seal, fee, payTo.value_or(terms.script())));
    BOWLINE_TRY(const Digest message, terms.recoverySighash(seal, out));
    BOWLINE_TRY(const crypto::Signature64 signature, sign(message));
    return terms.signedRecovery(std::move(out), signature);
}

Result<crypto::Signature64> Committee::sign(const Digest& message) const
{
    std::vector<crypto::PublicKey> members;
    for (const l2::Member& member : m_network.members) members.push_back(member.vaultKey);
    BOWLINE_TRY(const auto keys, crypto::KeyAggregation::fromKeys(std::move(members)));
    Digest session;
    BOWLINE_CHECK(crypto::randomBytes(session.bytes));
    std::vector<crypto::SecretNonce> secrets;
    std::vector<crypto::PublicNonce> nonces;
    for (const NodeKeys& member : m_members) {
        BOWLINE_TRY(auto secret, crypto::SecretNonce::generate(member.key("vault"), keys, message, session));
        nonces.push_back(secret.publicNonce());
        secrets.push_back(std::move(secret));
    }
    BOWLINE_TRY(const auto together, crypto::AggregateNonce::fromNonces(nonces));
    BOWLINE_TRY(const auto running, crypto::Session::start(keys, together, message, session));
    std::vector<crypto::PartialSignature> partials;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        BOWLINE_TRY(const auto partial, running.sign(std::move(secrets[i]), m_members[i].key("vault")));
        partials.push_back(partial);
    }
    return running.aggregate(partials);
}

} // namespace bowline::daemon
