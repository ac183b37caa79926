// SPDX-License-Identifier: MIT
// MuSig2 of BIP327, through libsecp256k1's musig module: n signers, one 64-byte Schnorr signature.
//
//   KeyAggregation (everybody, same keys in the same order, then tweaks in the same order)
//   round 1: SecretNonce::generate() -> send the public nonce
//   round 2: AggregateNonce, Session::start(), Session::sign() -> send the partial signature
//   Session::verifyPartial() tells who cheated; Session::aggregate() yields the signature.
//
// A secret nonce that signs twice reveals the private key. Therefore a SecretNonce lives in locked memory
// only, has no serialised form and no copy, is bound to one session id, one message and one aggregate key,
// and Session::sign() takes it by value: it is gone afterwards, whether signing succeeded or not. After a
// restart a session starts over with new nonces.
#pragma once

#include "core/crypto/keys.h"

#include <secp256k1_musig.h>

#include <span>
#include <vector>

namespace bowline::crypto {

/// No keys, or more than kMaxSigners.
inline constexpr base::ErrorCode kMusigBadKeys{"crypto.musig-bad-keys"};
inline constexpr base::ErrorCode kMusigBadNonce{"crypto.musig-bad-nonce"};
/// Not 32 bytes or not below the group order.
inline constexpr base::ErrorCode kMusigBadPartial{"crypto.musig-bad-partial"};
/// The key is none of the aggregated keys.
inline constexpr base::ErrorCode kMusigNotASigner{"crypto.musig-not-a-signer"};
/// The nonce was generated for another session, message, aggregate key or signer.
inline constexpr base::ErrorCode kMusigNonceBoundElsewhere{"crypto.musig-nonce-bound-elsewhere"};
/// The nonce was moved away: it has signed already.
inline constexpr base::ErrorCode kMusigNonceSpent{"crypto.musig-nonce-spent"};
/// Well formed, but not this signer's signature in this session: this signer is to blame.
inline constexpr base::ErrorCode kMusigWrongPartial{"crypto.musig-wrong-partial"};
/// The partial signatures do not add up to a valid signature: at least one of them is wrong.
inline constexpr base::ErrorCode kMusigInvalidSignature{"crypto.musig-invalid-signature"};

/// More signers than any committee of ours; keeps work for foreign input bounded.
inline constexpr std::size_t kMaxSigners = 1000;

/// The aggregate of the signers' keys, with the tweaks applied so far.
class KeyAggregation {
public:
    /// In the order given: another order is another aggregate key. The same key may occur twice (BIP327).
    [[nodiscard]] static base::Result<KeyAggregation> fromKeys(std::vector<PublicKey> keys);
    /// KeySort first: the same set of keys in any order yields the same aggregate key.
    [[nodiscard]] static base::Result<KeyAggregation> fromSortedKeys(std::vector<PublicKey> keys);

    /// BIP32 derivation and the like: adds tweak * G to the key.
    [[nodiscard]] base::Status tweakPlain(base::ByteView tweak);
    /// BIP341: adds tweak * G to the key taken with even y.
    [[nodiscard]] base::Status tweakXOnly(base::ByteView tweak);

    /// The aggregate key after all tweaks, with its parity.
    [[nodiscard]] PublicKey key() const;
    [[nodiscard]] XOnlyPublicKey xOnlyKey() const { return key().xOnly(); }
    /// The signers' own keys, in aggregation order.
    [[nodiscard]] const std::vector<PublicKey>& signers() const { return m_signers; }

private:
    friend class SecretNonce;
    friend class Session;
    KeyAggregation() = default;
    secp256k1_musig_keyagg_cache m_cache{};
    std::vector<PublicKey> m_signers;
};

/// What a signer sends in round 1: two compressed points.
class PublicNonce {
public:
    [[nodiscard]] static base::Result<PublicNonce> parse(base::ByteView bytes);
    [[nodiscard]] const base::ByteArray<66>& bytes() const { return m_bytes; }
    friend auto operator<=>(const PublicNonce&, const PublicNonce&) = default;

private:
    friend class SecretNonce;
    explicit PublicNonce(const base::ByteArray<66>& bytes) : m_bytes(bytes) {}
    base::ByteArray<66> m_bytes;
};

/// The sum of all public nonces; either half may be the point at infinity (33 zero bytes).
class AggregateNonce {
public:
    [[nodiscard]] static base::Result<AggregateNonce> parse(base::ByteView bytes);
    [[nodiscard]] static base::Result<AggregateNonce> fromNonces(std::span<const PublicNonce> nonces);
    [[nodiscard]] const base::ByteArray<66>& bytes() const { return m_bytes; }
    friend auto operator<=>(const AggregateNonce&, const AggregateNonce&) = default;

private:
    explicit AggregateNonce(const base::ByteArray<66>& bytes) : m_bytes(bytes) {}
    base::ByteArray<66> m_bytes;
};

/// What a nonce is for. `sessionId` must be fresh for every run of the protocol.
struct MusigBinding {
    Digest sessionId;
    Digest message;
    XOnlyPublicKey aggregateKey; // after all tweaks
    friend bool operator==(const MusigBinding&, const MusigBinding&) = default;
};

/// One secret nonce, for one signature.
class SecretNonce {
public:
    /// From fresh randomness, mixed with the key, the message, the aggregate key and the session id (BIP327
    /// NonceGen with every optional argument), so that even a broken generator does not repeat a nonce across
    /// different sessions. `keys` must have its final tweaks already.
    [[nodiscard]] static base::Result<SecretNonce> generate(const PrivateKey& signer,
                                                            const KeyAggregation& keys, const Digest& message,
                                                            const Digest& sessionId);
    SecretNonce(SecretNonce&&) noexcept = default;
    SecretNonce& operator=(SecretNonce&&) noexcept = default;
    SecretNonce(const SecretNonce&) = delete;
    SecretNonce& operator=(const SecretNonce&) = delete;
    ~SecretNonce() = default;

    [[nodiscard]] const PublicNonce& publicNonce() const { return m_public; }
    [[nodiscard]] const MusigBinding& binding() const { return m_binding; }

private:
    friend class Session;
    SecretNonce(const PublicKey& signer, const MusigBinding& binding)
        : m_public(base::ByteArray<66>{}), m_signer(signer), m_binding(binding)
    {
    }
    [[nodiscard]] secp256k1_musig_secnonce* raw();
    base::SecureBytes m_secret; // a secp256k1_musig_secnonce; empty once moved from
    PublicNonce m_public;
    PublicKey m_signer;
    MusigBinding m_binding;
};

/// What a signer sends in round 2: a scalar, 32 bytes big-endian.
class PartialSignature {
public:
    [[nodiscard]] static base::Result<PartialSignature> parse(base::ByteView bytes);
    [[nodiscard]] const base::ByteArray<32>& bytes() const { return m_bytes; }
    friend auto operator<=>(const PartialSignature&, const PartialSignature&) = default;

private:
    friend class Session;
    explicit PartialSignature(const base::ByteArray<32>& bytes) : m_bytes(bytes) {}
    base::ByteArray<32> m_bytes;
};

/// One signing session: fixed keys, tweaks, aggregate nonce and message. Holds no secret.
class Session {
public:
    [[nodiscard]] static base::Result<Session> start(const KeyAggregation& keys, const AggregateNonce& nonce,
                                                     const Digest& message, const Digest& sessionId);

    /// Consumes the nonce. The partial signature is verified before it is returned.
    [[nodiscard]] base::Result<PartialSignature> sign(SecretNonce nonce, const PrivateKey& signer) const;
    /// kMusigWrongPartial, if `partial` is not what the holder of `signer` with `nonce` had to send.
    [[nodiscard]] base::Status verifyPartial(const PartialSignature& partial, const PublicKey& signer,
                                             const PublicNonce& nonce) const;
    /// One partial signature per signer, in any order. The sum is verified against the aggregate key.
    [[nodiscard]] base::Result<Signature64> aggregate(std::span<const PartialSignature> partials) const;

    [[nodiscard]] const MusigBinding& binding() const { return m_binding; }

private:
    Session(const KeyAggregation& keys, const MusigBinding& binding) : m_keys(keys), m_binding(binding) {}
    KeyAggregation m_keys;
    secp256k1_musig_session m_session{};
    MusigBinding m_binding;
};

} // namespace bowline::crypto
