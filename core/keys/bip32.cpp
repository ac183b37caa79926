// SPDX-License-Identifier: MIT
#include "core/keys/bip32.h"

#include "core/base/serial.h"
#include "core/bitcoin/base58.h"
#include "core/crypto/hash.h"
#include "core/keys/secure_text.h"

#include <charconv>

namespace bowline::keys {

using base::makeError;
using base::SecureArray;
using base::SecureBytes;

namespace {

constexpr std::size_t kSerializedSize = 78;

ByteArray<4> bigEndian(std::uint32_t value)
{
    return {static_cast<std::uint8_t>(value >> 24U), static_cast<std::uint8_t>(value >> 16U),
            static_cast<std::uint8_t>(value >> 8U), static_cast<std::uint8_t>(value)};
}

std::uint32_t fromBigEndian(ByteView bytes)
{
    std::uint32_t out = 0;
    for (const std::uint8_t byte : bytes) out = (out << 8U) | byte;
    return out;
}

/// The fields of the 78 bytes, as views into them.
struct Fields {
    std::uint32_t version = 0;
    std::uint8_t depth = 0;
    Fingerprint parentFingerprint{};
    std::uint32_t childNumber = 0;
    ByteView chainCode;
    ByteView key;
};

Result<Fields> readFields(ByteView bytes, std::uint32_t expectedVersion)
{
    if (bytes.size() != kSerializedSize) return makeError(kBadExtendedKey, "length");
    Fields out;
    out.version = fromBigEndian(bytes.first(4));
    if (out.version != expectedVersion) return makeError(kExtendedKeyVersion);
    out.depth = bytes[4];
    std::copy_n(bytes.begin() + 5, 4, out.parentFingerprint.begin());
    out.childNumber = fromBigEndian(bytes.subspan(9, 4));
    out.chainCode = bytes.subspan(13, 32);
    out.key = bytes.subspan(45, 33);
    if (out.depth == 0 && (out.parentFingerprint != Fingerprint{} || out.childNumber != 0)) {
        return makeError(kBadExtendedKey, "a master key with a parent");
    }
    return out;
}

/// version || depth || parent fingerprint || child number || chain code || key
template <typename Buffer>
void writeFields(Buffer& out, const Fields& fields)
{
    const auto add = [&out](ByteView bytes) { out.insert(out.end(), bytes.begin(), bytes.end()); };
    out.reserve(kSerializedSize);
    add(bigEndian(fields.version));
    out.push_back(fields.depth);
    add(fields.parentFingerprint);
    add(bigEndian(fields.childNumber));
    add(fields.chainCode);
    add(fields.key);
}

/// The left half of HMAC-SHA512 tweaks the key, the right half is the child's chain code.
struct Split {
    SecureArray<32> left;
    SecureArray<32> right;
};
Split splitHmac(ByteView key, ByteView data)
{
    ByteArray<64> both = crypto::hmacSha512(key, data);
    Split out;
    std::copy_n(both.begin(), 32, out.left.data());
    std::copy_n(both.begin() + 32, 32, out.right.data());
    base::secureZero(both.data(), both.size());
    return out;
}

/// The same for a public key, where everything is as public as the extended key itself: no locked memory, which
/// would take longer than the derivation.
ByteArray<64> publicHmac(const crypto::PublicKey& key, const ByteArray<32>& chainCode, std::uint32_t index)
{
    base::Writer data;
    data.bytes(key.view());
    data.bytes(bigEndian(index));
    return crypto::hmacSha512(chainCode, data.data());
}

} // namespace

Fingerprint fingerprintOf(const crypto::PublicKey& key)
{
    const ByteArray<20> hash = crypto::hash160(key.view());
    Fingerprint out;
    std::copy_n(hash.begin(), out.size(), out.begin());
    return out;
}

Result<std::uint32_t> parsePathStep(std::string_view text)
{
    const bool hardened = !text.empty() && (text.back() == 'h' || text.back() == '\'');
    if (hardened) text.remove_suffix(1);
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool plain = error == std::errc{} && end == text.data() + text.size();
    if (!plain || (text.size() > 1 && text.front() == '0') || value >= kHardened) return makeError(kBadPath);
    return hardened ? value + kHardened : value;
}

Result<DerivationPath> parsePath(std::string_view text)
{
    if (text == "m") return DerivationPath{};
    if (text.starts_with("m/")) text.remove_prefix(2);
    DerivationPath out;
    for (;;) {
        const std::size_t slash = text.find('/');
        BOWLINE_TRY(const std::uint32_t step, parsePathStep(text.substr(0, slash)));
        if (out.size() == kMaxDepth) return makeError(kTooDeep);
        out.push_back(step);
        if (slash == std::string_view::npos) return out;
        text.remove_prefix(slash + 1);
    }
}

std::string formatSteps(const DerivationPath& path)
{
    std::string out;
    for (const std::uint32_t step : path) {
        out += '/' + std::to_string(step & ~kHardened);
        if (step >= kHardened) out += 'h';
    }
    return out;
}

std::string formatPath(const DerivationPath& path) { return 'm' + formatSteps(path); }

Result<ExtendedPublicKey> ExtendedPublicKey::parse(std::string_view text, bitcoin::Network network)
{
    BOWLINE_TRY(const base::Bytes bytes, bitcoin::decodeBase58Check(text));
    BOWLINE_TRY(const Fields fields,
                readFields(bytes, bitcoin::chainParams(network).extendedPublicKeyVersion));
    BOWLINE_TRY(const crypto::PublicKey key, crypto::PublicKey::parse(fields.key));
    ExtendedPublicKey out(key, *base::toArray<32>(fields.chainCode));
    out.m_depth = fields.depth;
    out.m_parentFingerprint = fields.parentFingerprint;
    out.m_childNumber = fields.childNumber;
    return out;
}

std::string ExtendedPublicKey::toString(bitcoin::Network network) const
{
    base::Bytes bytes;
    writeFields(bytes, Fields{bitcoin::chainParams(network).extendedPublicKeyVersion, m_depth,
                              m_parentFingerprint, m_childNumber, m_chainCode, m_key.view()});
    return bitcoin::encodeBase58Check(bytes);
}

Result<ByteArray<32>> ExtendedPublicKey::childTweak(std::uint32_t index) const
{
    if (index >= kHardened) return makeError(kHardenedNeedsPrivateKey);
    return base::toArray<32>(ByteView(publicHmac(m_key, m_chainCode, index)).first(32));
}

Result<ExtendedPublicKey> ExtendedPublicKey::child(std::uint32_t index) const
{
    if (index >= kHardened) return makeError(kHardenedNeedsPrivateKey);
    if (m_depth == kMaxDepth) return makeError(kTooDeep);
    const ByteArray<64> both = publicHmac(m_key, m_chainCode, index);
    const auto key = m_key.tweakAdd(ByteView(both).first(32));
    if (!key.ok()) return makeError(kUnusableIndex);
    ExtendedPublicKey out(*key, *base::toArray<32>(ByteView(both).subspan(32)));
    out.m_depth = static_cast<std::uint8_t>(m_depth + 1);
    out.m_parentFingerprint = fingerprint();
    out.m_childNumber = index;
    return out;
}

Result<ExtendedPublicKey> ExtendedPublicKey::derive(const DerivationPath& path) const
{
    ExtendedPublicKey out = *this;
    for (const std::uint32_t index : path) {
        BOWLINE_TRY(out, out.child(index));
    }
    return out;
}

Result<ExtendedPrivateKey> ExtendedPrivateKey::fromSeed(ByteView seed)
{
    if (seed.size() < 16 || seed.size() > 64) return makeError(kBadSeed);
    Split split = splitHmac(base::viewOf("Bitcoin seed"), seed);
    auto key = crypto::PrivateKey::fromBytes(split.left.view());
    if (!key.ok()) return makeError(kBadSeed, "yields no key");
    return ExtendedPrivateKey{std::move(key).value(), std::move(split.right)};
}

Result<ExtendedPrivateKey> ExtendedPrivateKey::parse(std::string_view text, bitcoin::Network network)
{
    BOWLINE_TRY(const SecureBytes bytes, decodeSecretBase58Check(text));
    BOWLINE_TRY(const Fields fields,
                readFields(base::viewOf(bytes), bitcoin::chainParams(network).extendedPrivateKeyVersion));
    if (fields.key[0] != 0) return makeError(kBadExtendedKey, "private key prefix");
    BOWLINE_TRY(crypto::PrivateKey key, crypto::PrivateKey::fromBytes(fields.key.subspan(1)));
    SecureArray<32> chainCode;
    std::copy(fields.chainCode.begin(), fields.chainCode.end(), chainCode.data());
    ExtendedPrivateKey out(std::move(key), std::move(chainCode));
    out.m_depth = fields.depth;
    out.m_parentFingerprint = fields.parentFingerprint;
    out.m_childNumber = fields.childNumber;
    return out;
}

SecureBytes ExtendedPrivateKey::toText(bitcoin::Network network) const
{
    SecureArray<33> key; // a zero byte, then the number
    std::copy(m_key.secret().begin(), m_key.secret().end(), key.data() + 1);
    SecureBytes bytes;
    writeFields(bytes, Fields{bitcoin::chainParams(network).extendedPrivateKeyVersion, m_depth,
                              m_parentFingerprint, m_childNumber, m_chainCode.view(), key.view()});
    return encodeSecretBase58Check(base::viewOf(bytes));
}

ExtendedPrivateKey ExtendedPrivateKey::clone() const
{
    ExtendedPrivateKey out(m_key.clone(), m_chainCode.clone());
    out.m_depth = m_depth;
    out.m_parentFingerprint = m_parentFingerprint;
    out.m_childNumber = m_childNumber;
    return out;
}

Result<ExtendedPrivateKey> ExtendedPrivateKey::child(std::uint32_t index) const
{
    if (m_depth == kMaxDepth) return makeError(kTooDeep);
    const crypto::PublicKey publicKey = m_key.publicKey();
    SecureBytes data;
    data.reserve(37);
    if (index >= kHardened) {
        data.push_back(0);
        data.insert(data.end(), m_key.secret().begin(), m_key.secret().end());
    } else {
        data.insert(data.end(), publicKey.bytes().begin(), publicKey.bytes().end());
    }
    const ByteArray<4> number = bigEndian(index);
    data.insert(data.end(), number.begin(), number.end());
    Split split = splitHmac(m_chainCode.view(), base::viewOf(data));
    auto key = m_key.tweakAdd(split.left.view());
    if (!key.ok()) return makeError(kUnusableIndex);
    ExtendedPrivateKey out(std::move(key).value(), std::move(split.right));
    out.m_depth = static_cast<std::uint8_t>(m_depth + 1);
    out.m_parentFingerprint = fingerprintOf(publicKey);
    out.m_childNumber = index;
    return out;
}

Result<ExtendedPrivateKey> ExtendedPrivateKey::derive(const DerivationPath& path) const
{
    ExtendedPrivateKey out = clone();
    for (const std::uint32_t index : path) {
        BOWLINE_TRY(out, out.child(index));
    }
    return out;
}

ExtendedPublicKey ExtendedPrivateKey::extendedPublicKey() const
{
    ExtendedPublicKey out(m_key.publicKey(), *base::toArray<32>(m_chainCode.view()));
    out.m_depth = m_depth;
    out.m_parentFingerprint = m_parentFingerprint;
    out.m_childNumber = m_childNumber;
    return out;
}

} // namespace bowline::keys
