// SPDX-License-Identifier: MIT
#include "core/keys/secure_text.h"

#include "core/bitcoin/base58.h"
#include "core/crypto/hash.h"

#include <algorithm>

namespace bowline::keys {

namespace {
using base::ByteView;
using base::SecureBytes;

constexpr std::string_view kDigits = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t kChecksumSize = 4;

/// value = value * from + digit in base `to`, little-endian. `value` never grows past its reserved capacity,
/// so that no copy of it is left behind.
void multiplyAdd(SecureBytes& value, unsigned from, unsigned digit, unsigned to)
{
    unsigned carry = digit;
    for (std::uint8_t& place : value) {
        carry += place * from;
        place = static_cast<std::uint8_t>(carry % to);
        carry /= to;
    }
    for (; carry > 0; carry /= to) value.push_back(static_cast<std::uint8_t>(carry % to));
}
} // namespace

SecureBytes encodeSecretBase58Check(ByteView payload)
{
    const base::Digest checksum = crypto::sha256d(payload);
    SecureBytes bytes = base::toSecure(payload);
    bytes.insert(bytes.end(), checksum.bytes.begin(), checksum.bytes.begin() + kChecksumSize);
    SecureBytes digits;
    digits.reserve(bytes.size() * 2);
    for (const std::uint8_t byte : bytes) multiplyAdd(digits, 256, byte, 58);
    const auto firstNonZero = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b != 0; });
    digits.insert(digits.end(), static_cast<std::size_t>(firstNonZero - bytes.begin()), 0);
    std::reverse(digits.begin(), digits.end());
    for (std::uint8_t& digit : digits) digit = static_cast<std::uint8_t>(kDigits[digit]);
    return digits;
}

base::Result<SecureBytes> decodeSecretBase58Check(std::string_view text)
{
    if (text.size() > bitcoin::kMaxBase58Length) return base::makeError(bitcoin::kBase58BadLength);
    SecureBytes bytes;
    bytes.reserve(text.size() + 1);
    for (const char character : text) {
        const std::size_t digit = kDigits.find(character);
        if (digit == std::string_view::npos) return base::makeError(bitcoin::kBase58BadCharacter);
        multiplyAdd(bytes, 58, static_cast<unsigned>(digit), 256);
    }
    bytes.insert(bytes.end(), std::min(text.find_first_not_of('1'), text.size()), 0);
    std::reverse(bytes.begin(), bytes.end());
    if (bytes.size() < kChecksumSize) return base::makeError(bitcoin::kBase58BadLength);
    const ByteView payload = ByteView(bytes).first(bytes.size() - kChecksumSize);
    const base::Digest checksum = crypto::sha256d(payload);
    if (!std::equal(payload.end(), ByteView(bytes).end(), checksum.bytes.begin())) {
        return base::makeError(bitcoin::kBase58BadChecksum);
    }
    bytes.resize(payload.size());
    return bytes;
}

} // namespace bowline::keys
