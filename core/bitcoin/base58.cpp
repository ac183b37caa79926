// SPDX-License-Identifier: MIT
#include "core/bitcoin/base58.h"

#include "core/crypto/hash.h"

#include <algorithm>

namespace bowline::bitcoin {

namespace {
constexpr std::string_view kAlphabet = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
constexpr std::size_t kChecksumSize = 4;

// number = number * factor + carry. Digits of the given base, least significant first.
void multiplyAdd(std::vector<std::uint8_t>& number, std::uint32_t base, std::uint32_t factor,
                 std::uint32_t carry)
{
    for (std::uint8_t& digit : number) {
        carry += digit * factor;
        digit = static_cast<std::uint8_t>(carry % base);
        carry /= base;
    }
    for (; carry != 0; carry /= base) number.push_back(static_cast<std::uint8_t>(carry % base));
}
} // namespace

std::string encodeBase58Check(ByteView payload)
{
    Bytes bytes = base::toBytes(payload);
    base::append(bytes, crypto::sha256d(payload).view().first(kChecksumSize));
    // Leading zero bytes have no value as a number; each is written as the digit zero, '1'.
    const auto firstNonZero = std::find_if(bytes.begin(), bytes.end(), [](std::uint8_t b) { return b != 0; });
    std::string out(static_cast<std::size_t>(firstNonZero - bytes.begin()), kAlphabet[0]);
    std::vector<std::uint8_t> digits;
    for (auto byte = firstNonZero; byte != bytes.end(); ++byte) multiplyAdd(digits, 58, 256, *byte);
    std::reverse(digits.begin(), digits.end());
    for (const std::uint8_t digit : digits) out += kAlphabet[digit];
    return out;
}

Result<Bytes> decodeBase58Check(std::string_view text)
{
    if (text.empty() || text.size() > kMaxBase58Length) return makeError(kBase58BadLength);
    const std::size_t zeros = std::min(text.find_first_not_of(kAlphabet[0]), text.size());
    Bytes number;
    for (const char c : text.substr(zeros)) {
        const std::size_t digit = kAlphabet.find(c);
        if (digit == std::string_view::npos) return makeError(kBase58BadCharacter);
        multiplyAdd(number, 256, 58, static_cast<std::uint32_t>(digit));
    }
    Bytes bytes(zeros, 0);
    bytes.insert(bytes.end(), number.rbegin(), number.rend());
    if (bytes.size() < kChecksumSize) return makeError(kBase58BadLength);

    const ByteView payload = ByteView(bytes).first(bytes.size() - kChecksumSize);
    const ByteView checksum = ByteView(bytes).last(kChecksumSize);
    const Digest expected = crypto::sha256d(payload);
    if (!std::equal(checksum.begin(), checksum.end(), expected.bytes.begin()))
        return makeError(kBase58BadChecksum);
    return base::toBytes(payload);
}

} // namespace bowline::bitcoin
