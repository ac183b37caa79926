// SPDX-License-Identifier: MIT
#include "app/daemon/committee/round.h"

#include "core/l2/hashes.h"

#include <algorithm>

namespace bowline::daemon {

using base::Bytes;
using base::ByteView;
using base::Digest;
using base::makeError;
using base::Result;
using base::Status;
using base::success;
using crypto::PartialSignature;
using crypto::PublicNonce;

namespace {

// version u8 | kind u8 | chain_id 32 | session 32 | message key 32 | payload | signature 64
constexpr std::uint8_t kVersion = 1;
constexpr std::uint8_t kNonce = 1;   // payload: 66
constexpr std::uint8_t kPartial = 2; // payload: view 32, partial signature 32
constexpr std::size_t kSignature = 64;

Digest signedPart(ByteView body) { return l2::bowlineHash("committee", {body}); }

Result<Bytes> signedMessage(base::Writer body, const crypto::PrivateKey& key)
{
    BOWLINE_TRY(const auto signature, crypto::signSchnorr(key, signedPart(body.data()).view()));
    body.bytes(signature);
    return body.take();
}

base::Writer startMessage(std::uint8_t kind, const l2::ChainId& chain, const Digest& session,
                          const base::XOnlyPublicKey& sender)
{
    base::Writer out;
    out.u8(kVersion);
    out.u8(kind);
    out.hash(chain);
    out.hash(session);
    out.hash(sender);
    return out;
}

} // namespace

std::string_view nameOf(RoundFault fault)
{
    switch (fault) {
    case RoundFault::TwoNonces: return "two nonces";
    case RoundFault::TwoPartials: return "two partial signatures";
    case RoundFault::WrongPartial: return "a wrong partial signature";
    }
    return "";
}

Round::Round(crypto::KeyAggregation keys, const Proposal& proposal, const Digest& message)
    : m_keys(std::move(keys)), m_chainId(proposal.chainId), m_session(proposal.session()), m_message(message)
{
}

Result<Round> Round::begin(const l2::Network& network, const Proposal& proposal)
{
    BOWLINE_TRY(const Digest message, messageOf(proposal, network));
    std::vector<crypto::PublicKey> keys;
    for (const l2::Member& member : network.members) keys.push_back(member.vaultKey);
    BOWLINE_TRY(auto aggregate, crypto::KeyAggregation::fromKeys(std::move(keys)));
    Round out(std::move(aggregate), proposal, message);
    for (const l2::Member& member : network.members)
        out.m_members.push_back({member.vaultKey, member.messageKey, {}, {}, {}});
    return out;
}

Status Round::take(ByteView message)
{
    if (message.size() <= kSignature) return makeError(kBadRoundMessage, "length");
    base::Reader reader(message);
    const std::uint8_t version = reader.u8();
    const std::uint8_t kind = reader.u8();
    const auto chain = reader.hash<l2::ChainId>();
    const auto session = reader.hash<Digest>();
    const auto sender = reader.hash<base::XOnlyPublicKey>();
    const bool isNonce = kind == kNonce;
    const ByteView payload = reader.bytes(isNonce ? 66 : 64);
    const auto signature = reader.array<kSignature>();
    BOWLINE_CHECK(reader.finish());
    if (version != kVersion || (!isNonce && kind != kPartial)) return makeError(kBadRoundMessage, "form");
    if (chain != m_chainId || session != m_session) return makeError(kBadRoundMessage, "another session");
    const auto known = std::find_if(m_members.begin(), m_members.end(),
                                    [&sender](const Member& member) { return member.messageKey == sender; });
    const ByteView body = message.first(message.size() - kSignature);
    if (known == m_members.end() || !crypto::verifySchnorr(sender, signedPart(body).view(), signature))
        return makeError(kBadRoundMessage, "signature");
    const auto index = static_cast<std::size_t>(known - m_members.begin());
    if (isNonce) {
        BOWLINE_TRY(const PublicNonce nonce, PublicNonce::parse(payload));
        takeNonce(index, nonce);
        return success();
    }
    Digest view;
    std::copy_n(payload.begin(), view.bytes.size(), view.bytes.begin());
    BOWLINE_TRY(const PartialSignature partial, PartialSignature::parse(payload.subspan(view.bytes.size())));
    takePartial(index, view, partial);
    return success();
}

void Round::takeNonce(std::size_t member, const PublicNonce& nonce)
{
    auto& held = m_members[member].nonce;
    if (held && *held != nonce) m_faults.emplace(member, RoundFault::TwoNonces);
    if (!held) held = nonce;
    judge();
}

void Round::takePartial(std::size_t member, const Digest& view, const PartialSignature& partial)
{
    Member& from = m_members[member];
    if (from.partial && (*from.partial != partial || *from.view != view))
        m_faults.emplace(member, RoundFault::TwoPartials);
    if (!from.partial) {
        from.partial = partial;
        from.view = view;
    }
    judge();
}

/// Partial signatures may come before the last nonce does.
void Round::judge()
{
    if (!awaitedNonces().empty()) return;
    const auto running = session();
    if (!running.ok()) return;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        const Member& from = m_members[i];
        if (!from.partial || *from.view != view()) continue;
        if (!running->verifyPartial(*from.partial, from.vaultKey, *from.nonce).ok())
            m_faults.emplace(i, RoundFault::WrongPartial);
    }
}

std::vector<std::size_t> Round::awaitedNonces() const
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        if (!m_members[i].nonce) out.push_back(i);
    }
    return out;
}

std::vector<std::size_t> Round::awaitedPartials() const
{
    std::vector<std::size_t> out;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        if (!m_members[i].partial) out.push_back(i);
    }
    return out;
}

std::vector<std::size_t> Round::sawOthers() const
{
    std::vector<std::size_t> out;
    if (!awaitedNonces().empty()) return out;
    for (std::size_t i = 0; i < m_members.size(); ++i) {
        if (m_members[i].view && *m_members[i].view != view()) out.push_back(i);
    }
    return out;
}

Digest Round::view() const
{
    base::Writer writer;
    for (const Member& member : m_members) writer.bytes(member.nonce->bytes());
    return l2::bowlineHash("nonce-view", {m_session.view(), writer.data()});
}

Result<crypto::Session> Round::session() const
{
    std::vector<PublicNonce> nonces;
    for (const Member& member : m_members) nonces.push_back(*member.nonce);
    BOWLINE_TRY(const auto together, crypto::AggregateNonce::fromNonces(nonces));
    return crypto::Session::start(m_keys, together, m_message, m_session);
}

Result<crypto::Signature64> Round::signature() const
{
    if (!m_faults.empty() || !sawOthers().empty()) return makeError(kRoundFailed);
    if (!awaitedNonces().empty() || !awaitedPartials().empty()) return makeError(kNotComplete);
    BOWLINE_TRY(const crypto::Session running, session());
    std::vector<PartialSignature> partials;
    for (const Member& member : m_members) partials.push_back(*member.partial);
    return running.aggregate(partials);
}

Result<MemberPart> MemberPart::begin(Round round, const crypto::PrivateKey& vault,
                                     const crypto::PrivateKey& message)
{
    const auto own = std::find_if(round.m_members.begin(), round.m_members.end(), [&](const auto& member) {
        return member.vaultKey == vault.publicKey() && member.messageKey == message.xOnlyPublicKey();
    });
    if (own == round.m_members.end()) return makeError(kNotAMember);
    const auto index = static_cast<std::size_t>(own - round.m_members.begin());
    BOWLINE_TRY(auto secret,
                crypto::SecretNonce::generate(vault, round.m_keys, round.m_message, round.m_session));
    base::Writer body = startMessage(kNonce, round.m_chainId, round.m_session, message.xOnlyPublicKey());
    body.bytes(secret.publicNonce().bytes());
    MemberPart out(std::move(round), index, std::move(secret));
    BOWLINE_TRY(out.m_nonceMessage, signedMessage(std::move(body), message));
    BOWLINE_CHECK(out.m_round.take(out.m_nonceMessage));
    return out;
}

Result<Bytes> MemberPart::partialMessage(const crypto::PrivateKey& vault, const crypto::PrivateKey& message)
{
    if (!m_round.m_faults.empty()) return makeError(kRoundFailed);
    if (!m_round.awaitedNonces().empty()) return makeError(kNotComplete);
    BOWLINE_TRY(const crypto::Session running, m_round.session());
    BOWLINE_TRY(const PartialSignature partial, running.sign(std::move(m_secret), vault));
    base::Writer body =
        startMessage(kPartial, m_round.m_chainId, m_round.m_session, message.xOnlyPublicKey());
    body.hash(m_round.view());
    body.bytes(partial.bytes());
    BOWLINE_TRY(Bytes out, signedMessage(std::move(body), message));
    BOWLINE_CHECK(m_round.take(out));
    return out;
}

} // namespace bowline::daemon
