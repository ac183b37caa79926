// SPDX-License-Identifier: MIT
#include "core/crypto/musig.h"

#include "core/crypto/random.h"
#include "core/crypto/secp.h"

#include <algorithm>

namespace bowline::crypto {

using base::ByteArray;
using base::ByteView;
using base::makeError;
using base::Result;
using base::Status;

namespace {

template <typename T>
std::vector<const T*> pointersTo(const std::vector<T>& values)
{
    std::vector<const T*> out;
    out.reserve(values.size());
    for (const T& value : values) out.push_back(&value);
    return out;
}

// The wrapper types below hold bytes that were parsed once already, so parsing them again cannot fail.
void require(int ok)
{
    if (ok != 1) std::abort();
}

secp256k1_musig_pubnonce toSecp(const PublicNonce& nonce)
{
    secp256k1_musig_pubnonce out;
    require(secp256k1_musig_pubnonce_parse(secpContext(), &out, nonce.bytes().data()));
    return out;
}

secp256k1_musig_partial_sig toSecp(const PartialSignature& partial)
{
    secp256k1_musig_partial_sig out;
    require(secp256k1_musig_partial_sig_parse(secpContext(), &out, partial.bytes().data()));
    return out;
}

} // namespace

Result<KeyAggregation> KeyAggregation::fromKeys(std::vector<PublicKey> keys)
{
    if (keys.empty() || keys.size() > kMaxSigners) return makeError(kMusigBadKeys, "number of signers");
    std::vector<secp256k1_pubkey> points;
    points.reserve(keys.size());
    for (const PublicKey& key : keys) points.push_back(toSecp(key));
    const auto pointers = pointersTo(points);
    KeyAggregation out;
    if (secp256k1_musig_pubkey_agg(secpContext(), nullptr, &out.m_cache, pointers.data(), pointers.size()) !=
        1) {
        return makeError(kMusigBadKeys);
    }
    out.m_signers = std::move(keys);
    return out;
}

Result<KeyAggregation> KeyAggregation::fromSortedKeys(std::vector<PublicKey> keys)
{
    std::sort(keys.begin(), keys.end());
    return fromKeys(std::move(keys));
}

Status KeyAggregation::tweakPlain(ByteView tweak)
{
    secp256k1_musig_keyagg_cache changed = m_cache; // stays as it was when the tweak is refused
    if (tweak.size() != 32 ||
        secp256k1_musig_pubkey_ec_tweak_add(secpContext(), nullptr, &changed, tweak.data()) != 1) {
        return makeError(kBadTweak);
    }
    m_cache = changed;
    return base::success();
}

Status KeyAggregation::tweakXOnly(ByteView tweak)
{
    secp256k1_musig_keyagg_cache changed = m_cache;
    if (tweak.size() != 32 ||
        secp256k1_musig_pubkey_xonly_tweak_add(secpContext(), nullptr, &changed, tweak.data()) != 1) {
        return makeError(kBadTweak);
    }
    m_cache = changed;
    return base::success();
}

PublicKey KeyAggregation::key() const
{
    secp256k1_pubkey point;
    require(secp256k1_musig_pubkey_get(secpContext(), &point, &m_cache));
    return *PublicKey::parse(serialize(point));
}

Result<PublicNonce> PublicNonce::parse(ByteView bytes)
{
    BOWLINE_TRY(const auto raw, base::toArray<66>(bytes));
    secp256k1_musig_pubnonce parsed;
    if (secp256k1_musig_pubnonce_parse(secpContext(), &parsed, raw.data()) != 1)
        return makeError(kMusigBadNonce);
    return PublicNonce{raw};
}

Result<AggregateNonce> AggregateNonce::parse(ByteView bytes)
{
    BOWLINE_TRY(const auto raw, base::toArray<66>(bytes));
    secp256k1_musig_aggnonce parsed;
    if (secp256k1_musig_aggnonce_parse(secpContext(), &parsed, raw.data()) != 1)
        return makeError(kMusigBadNonce);
    return AggregateNonce{raw};
}

Result<AggregateNonce> AggregateNonce::fromNonces(std::span<const PublicNonce> nonces)
{
    if (nonces.empty() || nonces.size() > kMaxSigners) return makeError(kMusigBadNonce, "number of nonces");
    std::vector<secp256k1_musig_pubnonce> parsed;
    parsed.reserve(nonces.size());
    for (const PublicNonce& nonce : nonces) parsed.push_back(toSecp(nonce));
    const auto pointers = pointersTo(parsed);
    secp256k1_musig_aggnonce sum;
    if (secp256k1_musig_nonce_agg(secpContext(), &sum, pointers.data(), pointers.size()) != 1) {
        return makeError(kMusigBadNonce);
    }
    ByteArray<66> bytes;
    secp256k1_musig_aggnonce_serialize(secpContext(), bytes.data(), &sum);
    return AggregateNonce{bytes};
}

Result<SecretNonce> SecretNonce::generate(const PrivateKey& signer, const KeyAggregation& keys,
                                          const Digest& message, const Digest& sessionId)
{
    const PublicKey own = signer.publicKey();
    if (std::find(keys.m_signers.begin(), keys.m_signers.end(), own) == keys.m_signers.end()) {
        return makeError(kMusigNotASigner);
    }
    BOWLINE_TRY(base::SecureArray<32> random, randomSecret());
    const secp256k1_pubkey ownPoint = toSecp(own);
    SecretNonce out(own, MusigBinding{sessionId, message, keys.xOnlyKey()});
    out.m_secret.resize(sizeof(secp256k1_musig_secnonce));
    secp256k1_musig_pubnonce publicPart;
    if (secp256k1_musig_nonce_gen(secpContext(), out.raw(), &publicPart, random.data(),
                                  signer.secret().data(), &ownPoint, message.bytes.data(), &keys.m_cache,
                                  sessionId.bytes.data()) != 1) {
        return makeError(kSigningFailed, "musig nonce");
    }
    secp256k1_musig_pubnonce_serialize(secpContext(), out.m_public.m_bytes.data(), &publicPart);
    return out;
}

secp256k1_musig_secnonce* SecretNonce::raw()
{
    static_assert(alignof(secp256k1_musig_secnonce) == 1);
    return reinterpret_cast<secp256k1_musig_secnonce*>(m_secret.data()); // NOLINT(*-reinterpret-cast)
}

Result<PartialSignature> PartialSignature::parse(ByteView bytes)
{
    secp256k1_musig_partial_sig parsed;
    if (bytes.size() != 32 || secp256k1_musig_partial_sig_parse(secpContext(), &parsed, bytes.data()) != 1) {
        return makeError(kMusigBadPartial);
    }
    BOWLINE_TRY(const auto raw, base::toArray<32>(bytes));
    return PartialSignature{raw};
}

Result<Session> Session::start(const KeyAggregation& keys, const AggregateNonce& nonce, const Digest& message,
                               const Digest& sessionId)
{
    Session out(keys, MusigBinding{sessionId, message, keys.xOnlyKey()});
    secp256k1_musig_aggnonce parsed;
    require(secp256k1_musig_aggnonce_parse(secpContext(), &parsed, nonce.bytes().data()));
    if (secp256k1_musig_nonce_process(secpContext(), &out.m_session, &parsed, message.bytes.data(),
                                      &out.m_keys.m_cache) != 1) {
        return makeError(kMusigBadNonce);
    }
    return out;
}

Result<PartialSignature> Session::sign(SecretNonce nonce, const PrivateKey& signer) const
{
    if (nonce.m_secret.empty()) return makeError(kMusigNonceSpent);
    if (nonce.m_binding != m_binding || nonce.m_signer != signer.publicKey()) {
        return makeError(kMusigNonceBoundElsewhere);
    }
    SecureKeyPair pair;
    secp256k1_musig_partial_sig partial;
    if (secp256k1_keypair_create(secpContext(), pair.get(), signer.secret().data()) != 1 ||
        secp256k1_musig_partial_sign(secpContext(), &partial, nonce.raw(), pair.get(), &m_keys.m_cache,
                                     &m_session) != 1) {
        return makeError(kSigningFailed, "musig");
    }
    ByteArray<32> bytes;
    secp256k1_musig_partial_sig_serialize(secpContext(), bytes.data(), &partial);
    const PartialSignature out{bytes};
    // BIP327 asks for this check: a computation fault in signing could reveal the key.
    BOWLINE_CHECK(verifyPartial(out, nonce.m_signer, nonce.m_public));
    return out;
}

Status Session::verifyPartial(const PartialSignature& partial, const PublicKey& signer,
                              const PublicNonce& nonce) const
{
    if (std::find(m_keys.m_signers.begin(), m_keys.m_signers.end(), signer) == m_keys.m_signers.end()) {
        return makeError(kMusigNotASigner);
    }
    const secp256k1_musig_partial_sig parsed = toSecp(partial);
    const secp256k1_musig_pubnonce parsedNonce = toSecp(nonce);
    const secp256k1_pubkey point = toSecp(signer);
    if (secp256k1_musig_partial_sig_verify(secpContext(), &parsed, &parsedNonce, &point, &m_keys.m_cache,
                                           &m_session) != 1) {
        return makeError(kMusigWrongPartial);
    }
    return base::success();
}

Result<Signature64> Session::aggregate(std::span<const PartialSignature> partials) const
{
    if (partials.size() != m_keys.m_signers.size()) {
        return makeError(kMusigBadPartial, "one partial signature per signer is needed");
    }
    std::vector<secp256k1_musig_partial_sig> parsed;
    parsed.reserve(partials.size());
    for (const PartialSignature& partial : partials) parsed.push_back(toSecp(partial));
    const auto pointers = pointersTo(parsed);
    Signature64 out;
    if (secp256k1_musig_partial_sig_agg(secpContext(), out.data(), &m_session, pointers.data(),
                                        pointers.size()) != 1 ||
        !verifySchnorr(m_binding.aggregateKey, m_binding.message.view(), out)) {
        return makeError(kMusigInvalidSignature);
    }
    return out;
}

} // namespace bowline::crypto
