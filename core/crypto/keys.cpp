// SPDX-License-Identifier: MIT
#include "core/crypto/keys.h"

#include "core/crypto/random.h"
#include "core/crypto/secp.h"

#include <secp256k1_schnorrsig.h>

#include <cstring>

namespace bowline::crypto {

using base::ByteArray;
using base::ByteView;
using base::makeError;
using base::Result;

namespace {

/// The key pair of `key`, tweaked as BIP341 asks when there is a tweak.
base::Status makeKeyPair(SecureKeyPair& out, const PrivateKey& key, std::optional<ByteView> tweak)
{
    if (secp256k1_keypair_create(secpContext(), out.get(), key.secret().data()) != 1)
        return makeError(kBadPrivateKey);
    if (!tweak) return base::success();
    if (tweak->size() != 32 ||
        secp256k1_keypair_xonly_tweak_add(secpContext(), out.get(), tweak->data()) != 1) {
        return makeError(kBadTweak);
    }
    return base::success();
}

Result<Signature64> signWith(SecureKeyPair& pair, ByteView message, const ByteArray<32>& auxiliary)
{
    ByteArray<32> random = auxiliary; // the library's interface is not const
    secp256k1_schnorrsig_extraparams extra = SECP256K1_SCHNORRSIG_EXTRAPARAMS_INIT;
    extra.ndata = random.data();
    Signature64 out;
    if (secp256k1_schnorrsig_sign_custom(secpContext(), out.data(), message.data(), message.size(),
                                         pair.get(), &extra) != 1) {
        return makeError(kSigningFailed, "schnorr");
    }
    // BIP340 asks for this check: a computation fault in signing could reveal the key.
    secp256k1_xonly_pubkey key;
    if (secp256k1_keypair_xonly_pub(secpContext(), &key, nullptr, pair.get()) != 1 ||
        secp256k1_schnorrsig_verify(secpContext(), out.data(), message.data(), message.size(), &key) != 1) {
        return makeError(kSigningFailed, "the schnorr signature does not verify");
    }
    return out;
}

Result<ByteArray<32>> freshAuxiliary()
{
    ByteArray<32> out;
    BOWLINE_CHECK(randomBytes(out));
    return out;
}

} // namespace

Result<PublicKey> PublicKey::parse(ByteView bytes)
{
    secp256k1_pubkey point;
    if (bytes.size() != 33 ||
        secp256k1_ec_pubkey_parse(secpContext(), &point, bytes.data(), bytes.size()) != 1) {
        return makeError(kBadPublicKey);
    }
    ByteArray<33> copy;
    std::copy(bytes.begin(), bytes.end(), copy.begin());
    return PublicKey{copy};
}

Result<PublicKey> PublicKey::fromXOnly(const XOnlyPublicKey& key)
{
    ByteArray<33> bytes;
    bytes[0] = 0x02;
    std::copy(key.bytes.begin(), key.bytes.end(), bytes.begin() + 1);
    return parse(bytes);
}

XOnlyPublicKey PublicKey::xOnly() const
{
    XOnlyPublicKey out;
    std::copy(m_bytes.begin() + 1, m_bytes.end(), out.bytes.begin());
    return out;
}

Result<PublicKey> PublicKey::tweakAdd(ByteView tweak) const
{
    secp256k1_pubkey point = toSecp(*this);
    if (tweak.size() != 32 || secp256k1_ec_pubkey_tweak_add(secpContext(), &point, tweak.data()) != 1) {
        return makeError(kBadTweak);
    }
    return PublicKey{serialize(point)};
}

Result<PrivateKey> PrivateKey::fromBytes(ByteView bytes)
{
    if (bytes.size() != 32 || secp256k1_ec_seckey_verify(secpContext(), bytes.data()) != 1) {
        return makeError(kBadPrivateKey);
    }
    base::SecureArray<32> secret;
    std::copy(bytes.begin(), bytes.end(), secret.data());
    return PrivateKey{std::move(secret)};
}

Result<PrivateKey> PrivateKey::generate()
{
    for (;;) { // one in 2^128 random strings is no key
        BOWLINE_TRY(base::SecureArray<32> secret, randomSecret());
        if (secp256k1_ec_seckey_verify(secpContext(), secret.data()) == 1)
            return PrivateKey{std::move(secret)};
    }
}

PublicKey PrivateKey::publicKey() const
{
    secp256k1_pubkey point;
    // Only a key that was moved away can fail here.
    if (m_secret.view().size() != 32 ||
        secp256k1_ec_pubkey_create(secpContext(), &point, m_secret.data()) != 1) {
        std::abort();
    }
    return PublicKey{serialize(point)};
}

Result<PrivateKey> PrivateKey::tweakAdd(ByteView tweak) const
{
    base::SecureArray<32> sum = m_secret.clone();
    if (tweak.size() != 32 || secp256k1_ec_seckey_tweak_add(secpContext(), sum.data(), tweak.data()) != 1) {
        return makeError(kBadTweak);
    }
    return PrivateKey{std::move(sum)};
}

bool isOnCurve(const XOnlyPublicKey& key)
{
    secp256k1_xonly_pubkey point;
    return secp256k1_xonly_pubkey_parse(secpContext(), &point, key.bytes.data()) == 1;
}

Result<TweakedKey> tweakXOnly(const XOnlyPublicKey& key, ByteView tweak)
{
    secp256k1_xonly_pubkey internal;
    if (secp256k1_xonly_pubkey_parse(secpContext(), &internal, key.bytes.data()) != 1)
        return makeError(kBadPublicKey);
    secp256k1_pubkey tweaked;
    if (tweak.size() != 32 ||
        secp256k1_xonly_pubkey_tweak_add(secpContext(), &tweaked, &internal, tweak.data()) != 1) {
        return makeError(kBadTweak);
    }
    const ByteArray<33> bytes = serialize(tweaked);
    TweakedKey out;
    std::copy(bytes.begin() + 1, bytes.end(), out.key.bytes.begin());
    out.oddY = bytes[0] == 0x03;
    return out;
}

Result<base::Bytes> signEcdsa(const PrivateKey& key, const Digest& hash)
{
    secp256k1_ecdsa_signature signature;
    ByteArray<32> counter{}; // extra input of RFC 6979; none at the first try
    for (std::uint32_t attempt = 0;; ++attempt) {
        std::memcpy(counter.data(), &attempt, sizeof attempt);
        if (secp256k1_ecdsa_sign(secpContext(), &signature, hash.bytes.data(), key.secret().data(),
                                 secp256k1_nonce_function_rfc6979,
                                 attempt == 0 ? nullptr : counter.data()) != 1) {
            return makeError(kSigningFailed, "ecdsa");
        }
        ByteArray<64> compact;
        secp256k1_ecdsa_signature_serialize_compact(secpContext(), compact.data(), &signature);
        if (compact[0] < 0x80) break; // every second nonce: fees are computed for this length
    }
    base::Bytes der(72);
    std::size_t size = der.size();
    if (secp256k1_ecdsa_signature_serialize_der(secpContext(), der.data(), &size, &signature) != 1) {
        return makeError(kSigningFailed, "ecdsa encoding");
    }
    der.resize(size);
    if (!verifyEcdsa(key.publicKey(), hash, der)) {
        return makeError(kSigningFailed, "the ecdsa signature does not verify");
    }
    return der;
}

bool verifyEcdsa(const PublicKey& key, const Digest& hash, ByteView der)
{
    secp256k1_ecdsa_signature signature;
    if (der.empty() ||
        secp256k1_ecdsa_signature_parse_der(secpContext(), &signature, der.data(), der.size()) != 1) {
        return false;
    }
    const bool highS = secp256k1_ecdsa_signature_normalize(secpContext(), nullptr, &signature) == 1;
    const secp256k1_pubkey point = toSecp(key);
    return !highS && secp256k1_ecdsa_verify(secpContext(), &signature, hash.bytes.data(), &point) == 1;
}

Result<Signature64> signSchnorr(const PrivateKey& key, ByteView message, const ByteArray<32>& auxiliary)
{
    SecureKeyPair pair;
    BOWLINE_CHECK(makeKeyPair(pair, key, std::nullopt));
    return signWith(pair, message, auxiliary);
}

Result<Signature64> signSchnorr(const PrivateKey& key, ByteView message)
{
    BOWLINE_TRY(const auto auxiliary, freshAuxiliary());
    return signSchnorr(key, message, auxiliary);
}

Result<Signature64> signSchnorrTweaked(const PrivateKey& key, ByteView tweak, ByteView message,
                                       const ByteArray<32>& auxiliary)
{
    SecureKeyPair pair;
    BOWLINE_CHECK(makeKeyPair(pair, key, tweak));
    return signWith(pair, message, auxiliary);
}

Result<Signature64> signSchnorrTweaked(const PrivateKey& key, ByteView tweak, ByteView message)
{
    BOWLINE_TRY(const auto auxiliary, freshAuxiliary());
    return signSchnorrTweaked(key, tweak, message, auxiliary);
}

bool verifySchnorr(const XOnlyPublicKey& key, ByteView message, const Signature64& signature)
{
    secp256k1_xonly_pubkey point;
    return secp256k1_xonly_pubkey_parse(secpContext(), &point, key.bytes.data()) == 1 &&
           secp256k1_schnorrsig_verify(secpContext(), signature.data(), message.data(), message.size(),
                                       &point) == 1;
}

} // namespace bowline::crypto
