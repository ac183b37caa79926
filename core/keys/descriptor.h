// SPDX-License-Identifier: MIT
// Output descriptors: text that says which scripts a wallet watches and with which keys it spends them.
//
// Supported: wpkh(KEY) (BIP382); tr(KEY), tr(KEY,TREE) (BIP386), rawtr(KEY); in trees {A,B} of
//   pk(KEY), pkh(KEY), and_v(v:pk(KEY),older(N)), multi_a(k,KEY,...), sortedmulti_a(k,KEY,...) (BIP387);
// KEY: compressed or x-only hexadecimal, WIF, xpub/xprv (tpub/tprv) with path and /*, /*h, each with origin
//   [fingerprint/path] (BIP380), multipath <a;b> (BIP389), in tr() and rawtr() also musig(KEY,...) with
//   unhardened path (BIP390, BIP328). Checksums of BIP380.
// All other expressions are refused with kDescriptorUnsupported (known elsewhere, not here) or
// kDescriptorSyntax.
//
// A Descriptor is immutable and cheap to copy; copies share their keys. Private keys stay in locked memory.
#pragma once

#include "core/bitcoin/taproot.h"
#include "core/crypto/musig.h"
#include "core/keys/bip32.h"

#include <memory>

namespace bowline::keys {

inline constexpr base::ErrorCode kDescriptorSyntax{"keys.descriptor-syntax"};
/// A descriptor function that exists, but not here.
inline constexpr base::ErrorCode kDescriptorUnsupported{"keys.descriptor-unsupported"};
inline constexpr base::ErrorCode kDescriptorChecksum{"keys.descriptor-checksum"};
inline constexpr base::ErrorCode kDescriptorNoChecksum{"keys.descriptor-no-checksum"};
/// A key that is malformed, uncompressed, of another network or not allowed at its place.
inline constexpr base::ErrorCode kDescriptorKey{"keys.descriptor-key"};
/// A number out of range: threshold, lock time, index.
inline constexpr base::ErrorCode kDescriptorNumber{"keys.descriptor-number"};
/// Describes several descriptors: use parseMultipath().
inline constexpr base::ErrorCode kDescriptorMultipath{"keys.descriptor-multipath"};

inline constexpr std::size_t kMaxDescriptorLength = 1U << 18U;

/// The eight characters after '#' (BIP380); refuses characters outside its set.
[[nodiscard]] Result<std::string> descriptorChecksum(std::string_view expression);

/// Whether text without a checksum is accepted. Required for what people paste: it catches typing errors.
enum class ChecksumRule { Optional, Required };

/// A single key (participants of musig() included) at an index.
struct ExpandedKey {
    crypto::PublicKey key; // even y where the descriptor names an x-only key
    /// From the master key where the descriptor tells, else from the outermost key it names.
    KeyOrigin origin;
    /// Taproot: the key is (a participant of) the internal key.
    bool internal = false;
    /// Taproot: hashes of the leaves that the key occurs in.
    std::vector<base::Digest> leaves;
};

/// A musig() expression at an index.
struct ExpandedMusig {
    std::vector<crypto::PublicKey> participants; // in aggregation order (KeySort)
    crypto::PublicKey aggregate;                 // of KeyAgg, before any derivation: the key of BIP373 fields
    DerivationPath path;                         // BIP328 steps on top, the index included
    crypto::PublicKey key;                       // after these steps
    bool internal = false;
    std::vector<base::Digest> leaves;
};

/// The output of a descriptor at an index, with all that spending it takes.
struct DescriptorOutput {
    bitcoin::Script script; // scriptPubKey
    /// tr() only: internal key, leaf scripts, control blocks, tweak.
    std::optional<bitcoin::TaprootOutput> taproot;
    std::vector<ExpandedKey> keys;
    std::vector<ExpandedMusig> musigs;
};

enum class DescriptorType { Wpkh, Tr, RawTr };

struct DescriptorData;

class Descriptor {
public:
    [[nodiscard]] static Result<Descriptor> parse(std::string_view text, bitcoin::Network network,
                                                  ChecksumRule rule = ChecksumRule::Optional);
    /// One descriptor per alternative of <a;b;...> (BIP389; the first is for receiving, the second for
    /// change); a single one for text without alternatives.
    [[nodiscard]] static Result<std::vector<Descriptor>>
    parseMultipath(std::string_view text, bitcoin::Network network,
                   ChecksumRule rule = ChecksumRule::Optional);

    [[nodiscard]] DescriptorType type() const;
    [[nodiscard]] bitcoin::Network network() const;
    /// Contains /*: every index below 2^31 is another output. Otherwise the index is ignored.
    [[nodiscard]] bool isRanged() const;
    [[nodiscard]] bool hasPrivateKeys() const;

    [[nodiscard]] Result<bitcoin::Script> scriptAt(std::uint32_t index) const;
    [[nodiscard]] Result<DescriptorOutput> outputAt(std::uint32_t index) const;
    /// The private keys that the descriptor itself holds, for this index.
    [[nodiscard]] Result<std::vector<crypto::PrivateKey>> privateKeysAt(std::uint32_t index) const;

    /// With "#checksum". Private keys are shown as their public keys; a hardened step below such a key then
    /// cannot be taken from the text alone. Hardened steps are written with h.
    [[nodiscard]] std::string toString() const;
    /// With private keys, in locked memory.
    [[nodiscard]] base::SecureBytes toPrivateText() const;

private:
    explicit Descriptor(std::shared_ptr<const DescriptorData> data) : m_data(std::move(data)) {}
    std::shared_ptr<const DescriptorData> m_data;
};

/// The key aggregation of a musig() output, derivation steps applied as plain tweaks (BIP328), ready for a
/// BIP341 tweak and for signing.
[[nodiscard]] Result<crypto::KeyAggregation> keyAggregationOf(const ExpandedMusig& musig);
/// The extended key of depth 0 that BIP328 derives from an aggregate key.
[[nodiscard]] ExtendedPublicKey syntheticXpub(const crypto::PublicKey& aggregate);

} // namespace bowline::keys
