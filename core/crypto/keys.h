// SPDX-License-Identifier: MIT
// Keys and signatures on secp256k1, through libsecp256k1: key derivation by tweaks (BIP32, BIP341), ECDSA as
// P2WPKH spends it, Schnorr signatures of BIP340.
//
// Public keys are 33 bytes, compressed (SEC1); x-only keys 32 bytes (BIP340); both big-endian. Every
// PublicKey that exists is a point on the curve. An XOnlyPublicKey is plain bytes that may be no point: see
// isOnCurve().
#pragma once

#include "core/base/secure.h"
#include "core/base/types.h"

namespace bowline::crypto {

using base::Digest;
using base::XOnlyPublicKey;
using Signature64 = base::ByteArray<64>;

/// Zero, or not below the group order, or not 32 bytes.
inline constexpr base::ErrorCode kBadPrivateKey{"crypto.bad-private-key"};
/// No compressed point on the curve.
inline constexpr base::ErrorCode kBadPublicKey{"crypto.bad-public-key"};
/// Not 32 bytes, not below the group order, or it would cancel the key.
inline constexpr base::ErrorCode kBadTweak{"crypto.bad-tweak"};
inline constexpr base::ErrorCode kSigningFailed{"crypto.signing-failed"};

class PublicKey {
public:
    /// 33 bytes, compressed. Refuses the uncompressed and hybrid forms.
    [[nodiscard]] static base::Result<PublicKey> parse(base::ByteView bytes);
    /// The point with even y of a BIP340 key.
    [[nodiscard]] static base::Result<PublicKey> fromXOnly(const XOnlyPublicKey& key);

    [[nodiscard]] const base::ByteArray<33>& bytes() const { return m_bytes; }
    [[nodiscard]] base::ByteView view() const { return m_bytes; }
    [[nodiscard]] XOnlyPublicKey xOnly() const;
    [[nodiscard]] bool hasOddY() const { return m_bytes[0] == 0x03; }
    /// this + tweak * G.
    [[nodiscard]] base::Result<PublicKey> tweakAdd(base::ByteView tweak) const;

    /// Byte order, which is also the order of BIP327's KeySort.
    friend auto operator<=>(const PublicKey&, const PublicKey&) = default;

private:
    explicit PublicKey(const base::ByteArray<33>& bytes) : m_bytes(bytes) {}
    friend class PrivateKey;
    base::ByteArray<33> m_bytes;
};

/// A secret scalar, in locked memory. Moved; copied only by clone().
class PrivateKey {
public:
    [[nodiscard]] static base::Result<PrivateKey> fromBytes(base::ByteView bytes);
    [[nodiscard]] static base::Result<PrivateKey> generate();
    [[nodiscard]] PrivateKey clone() const { return PrivateKey{m_secret.clone()}; }

    [[nodiscard]] PublicKey publicKey() const;
    [[nodiscard]] XOnlyPublicKey xOnlyPublicKey() const { return publicKey().xOnly(); }
    /// (this + tweak) mod n, the private key of publicKey().tweakAdd(tweak).
    [[nodiscard]] base::Result<PrivateKey> tweakAdd(base::ByteView tweak) const;
    /// 32 bytes, big-endian. A secret: valid while this key lives.
    [[nodiscard]] base::ByteView secret() const { return m_secret.view(); }

private:
    explicit PrivateKey(base::SecureArray<32> secret) : m_secret(std::move(secret)) {}
    base::SecureArray<32> m_secret;
};

/// Whether the 32 bytes are the x coordinate of a point (lift_x of BIP340).
[[nodiscard]] bool isOnCurve(const XOnlyPublicKey& key);

/// The result of an x-only tweak. `oddY` goes into the control block of a BIP341 script path.
struct TweakedKey {
    XOnlyPublicKey key;
    bool oddY = false;
    friend bool operator==(const TweakedKey&, const TweakedKey&) = default;
};
/// lift_x(key) + tweak * G: the output key of BIP341 when tweak is the TapTweak hash.
[[nodiscard]] base::Result<TweakedKey> tweakXOnly(const XOnlyPublicKey& key, base::ByteView tweak);

/// ECDSA over a 32-byte hash: RFC 6979 nonce, repeated until R is 32 bytes without padding (low R), low S;
/// DER, without a hash type byte; at most 70 bytes.
[[nodiscard]] base::Result<base::Bytes> signEcdsa(const PrivateKey& key, const Digest& hash);
/// Strict DER. A high S is refused, as nodes refuse to relay it (BIP146).
[[nodiscard]] bool verifyEcdsa(const PublicKey& key, const Digest& hash, base::ByteView der);

/// BIP340 with the auxiliary randomness given; the signature is checked before it is returned.
[[nodiscard]] base::Result<Signature64> signSchnorr(const PrivateKey& key, base::ByteView message,
                                                    const base::ByteArray<32>& auxiliary);
/// BIP340 with fresh auxiliary randomness.
[[nodiscard]] base::Result<Signature64> signSchnorr(const PrivateKey& key, base::ByteView message);
/// Signs for tweakXOnly(key.xOnlyPublicKey(), tweak): a BIP341 key path spend. Fresh auxiliary randomness.
[[nodiscard]] base::Result<Signature64> signSchnorrTweaked(const PrivateKey& key, base::ByteView tweak,
                                                           base::ByteView message);
/// As above with the auxiliary randomness given.
[[nodiscard]] base::Result<Signature64> signSchnorrTweaked(const PrivateKey& key, base::ByteView tweak,
                                                           base::ByteView message,
                                                           const base::ByteArray<32>& auxiliary);
/// BIP340; false also for a key that is not on the curve.
[[nodiscard]] bool verifySchnorr(const XOnlyPublicKey& key, base::ByteView message,
                                 const Signature64& signature);

} // namespace bowline::crypto
