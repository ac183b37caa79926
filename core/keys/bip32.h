// SPDX-License-Identifier: MIT
// Hierarchical keys (BIP32): derivation, the text form (xprv, xpub, tprv, tpub), paths and key origins.
#pragma once

#include "core/bitcoin/params.h"
#include "core/crypto/keys.h"

#include <vector>

namespace bowline::keys {

using base::ByteArray;
using base::ByteView;
using base::Result;

/// Not Base58Check of 78 bytes, or a field that contradicts another (BIP32, test vector 5).
inline constexpr base::ErrorCode kBadExtendedKey{"keys.bad-extended-key"};
/// A version that is neither private nor public of the network asked for.
inline constexpr base::ErrorCode kExtendedKeyVersion{"keys.extended-key-version"};
/// A seed shorter than 16 or longer than 64 bytes.
inline constexpr base::ErrorCode kBadSeed{"keys.bad-seed"};
/// A hardened step needs the private key.
inline constexpr base::ErrorCode kHardenedNeedsPrivateKey{"keys.hardened-needs-private-key"};
/// Deeper than 255 steps.
inline constexpr base::ErrorCode kTooDeep{"keys.too-deep"};
/// This index yields no key (probability 2^-127): go on with the next one.
inline constexpr base::ErrorCode kUnusableIndex{"keys.unusable-index"};
inline constexpr base::ErrorCode kBadPath{"keys.bad-path"};

/// Added to an index for hardened derivation.
inline constexpr std::uint32_t kHardened = 0x80000000;
inline constexpr std::size_t kMaxDepth = 255;

using DerivationPath = std::vector<std::uint32_t>;

/// "m", "m/86h/1h/0h/0/5", or without "m/"; a hardened step ends in h or '. Refuses everything else: empty
/// steps, signs, leading zeros, indexes above 2^31 - 1, more than 255 steps.
[[nodiscard]] Result<DerivationPath> parsePath(std::string_view text);
/// One step of a path: "0", "86h", "86'".
[[nodiscard]] Result<std::uint32_t> parsePathStep(std::string_view text);
/// "m/86h/1h/0h/0/5".
[[nodiscard]] std::string formatPath(const DerivationPath& path);
/// "/86h/1h", without "m"; empty for an empty path.
[[nodiscard]] std::string formatSteps(const DerivationPath& path);

/// The first four bytes of the hash160 of a compressed key.
using Fingerprint = ByteArray<4>;
[[nodiscard]] Fingerprint fingerprintOf(const crypto::PublicKey& key);

/// Where a key comes from: the fingerprint of the master key and the steps from there.
struct KeyOrigin {
    Fingerprint fingerprint{};
    DerivationPath path;
    friend auto operator<=>(const KeyOrigin&, const KeyOrigin&) = default;
};

class ExtendedPublicKey {
public:
    /// A key of depth 0 without parent (BIP328 builds such keys).
    ExtendedPublicKey(const crypto::PublicKey& key, const ByteArray<32>& chainCode)
        : m_key(key), m_chainCode(chainCode)
    {
    }
    /// xpub on the main network, tpub on all others.
    [[nodiscard]] static Result<ExtendedPublicKey> parse(std::string_view text, bitcoin::Network network);
    [[nodiscard]] std::string toString(bitcoin::Network network) const;

    /// CKDpub; refuses hardened indexes.
    [[nodiscard]] Result<ExtendedPublicKey> child(std::uint32_t index) const;
    [[nodiscard]] Result<ExtendedPublicKey> derive(const DerivationPath& path) const;
    /// What child(index) adds to the key: for signers that tweak instead (BIP328).
    [[nodiscard]] Result<ByteArray<32>> childTweak(std::uint32_t index) const;

    [[nodiscard]] const crypto::PublicKey& key() const { return m_key; }
    [[nodiscard]] const ByteArray<32>& chainCode() const { return m_chainCode; }
    [[nodiscard]] std::uint8_t depth() const { return m_depth; }
    [[nodiscard]] std::uint32_t childNumber() const { return m_childNumber; }
    [[nodiscard]] const Fingerprint& parentFingerprint() const { return m_parentFingerprint; }
    [[nodiscard]] Fingerprint fingerprint() const { return fingerprintOf(m_key); }
    friend bool operator==(const ExtendedPublicKey&, const ExtendedPublicKey&) = default;

private:
    friend class ExtendedPrivateKey;
    crypto::PublicKey m_key;
    ByteArray<32> m_chainCode{};
    std::uint8_t m_depth = 0;
    Fingerprint m_parentFingerprint{};
    std::uint32_t m_childNumber = 0;
};

/// Moved; copied only by clone(). Key and chain code are in locked memory.
class ExtendedPrivateKey {
public:
    /// The master key of a seed of 16 to 64 bytes.
    [[nodiscard]] static Result<ExtendedPrivateKey> fromSeed(ByteView seed);
    /// xprv on the main network, tprv on all others.
    [[nodiscard]] static Result<ExtendedPrivateKey> parse(std::string_view text, bitcoin::Network network);
    /// ASCII text in locked memory.
    [[nodiscard]] base::SecureBytes toText(bitcoin::Network network) const;
    [[nodiscard]] ExtendedPrivateKey clone() const;

    /// CKDpriv; any index.
    [[nodiscard]] Result<ExtendedPrivateKey> child(std::uint32_t index) const;
    [[nodiscard]] Result<ExtendedPrivateKey> derive(const DerivationPath& path) const;
    /// The public counterpart ("neutered").
    [[nodiscard]] ExtendedPublicKey extendedPublicKey() const;

    [[nodiscard]] const crypto::PrivateKey& key() const { return m_key; }
    [[nodiscard]] std::uint8_t depth() const { return m_depth; }
    [[nodiscard]] Fingerprint fingerprint() const { return fingerprintOf(m_key.publicKey()); }

private:
    ExtendedPrivateKey(crypto::PrivateKey key, base::SecureArray<32> chainCode)
        : m_key(std::move(key)), m_chainCode(std::move(chainCode))
    {
    }
    crypto::PrivateKey m_key;
    base::SecureArray<32> m_chainCode;
    std::uint8_t m_depth = 0;
    Fingerprint m_parentFingerprint{};
    std::uint32_t m_childNumber = 0;
};

} // namespace bowline::keys
