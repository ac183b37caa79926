// SPDX-License-Identifier: MIT
// SipHash-2-4 with 64-bit output: the keyed hash of BIP158.
#pragma once

#include "core/bitcoin/types.h"

#include <bit>

namespace bowline::bitcoin {

/// Words of the 128-bit key, little-endian.
struct SipKey {
    std::uint64_t k0 = 0;
    std::uint64_t k1 = 0;
};

/// The hash word by word, for callers that lay out their data once and hash it under many keys. The last word
/// holds the bytes left over (at most seven, little-endian) and the length modulo 256 in its top byte.
class SipHash {
public:
    explicit SipHash(const SipKey& key)
        : m_v0(key.k0 ^ 0x736f6d6570736575U), m_v1(key.k1 ^ 0x646f72616e646f6dU),
          m_v2(key.k0 ^ 0x6c7967656e657261U), m_v3(key.k1 ^ 0x7465646279746573U)
    {
    }
    void absorb(std::uint64_t word)
    {
        m_v3 ^= word;
        round();
        round();
        m_v0 ^= word;
    }
    [[nodiscard]] std::uint64_t finish()
    {
        m_v2 ^= 0xffU;
        for (int i = 0; i < 4; ++i) round();
        return m_v0 ^ m_v1 ^ m_v2 ^ m_v3;
    }

private:
    void round()
    {
        m_v0 += m_v1;
        m_v2 += m_v3;
        m_v1 = std::rotl(m_v1, 13) ^ m_v0;
        m_v3 = std::rotl(m_v3, 16) ^ m_v2;
        m_v0 = std::rotl(m_v0, 32) + m_v3;
        m_v2 += m_v1;
        m_v3 = std::rotl(m_v3, 21) ^ m_v0;
        m_v1 = std::rotl(m_v1, 17) ^ m_v2;
        m_v2 = std::rotl(m_v2, 32);
    }
    std::uint64_t m_v0;
    std::uint64_t m_v1;
    std::uint64_t m_v2;
    std::uint64_t m_v3;
};

/// The words that SipHash::absorb() wants for these bytes.
[[nodiscard]] std::vector<std::uint64_t> sipWords(ByteView data);
[[nodiscard]] std::uint64_t sipHash24(const SipKey& key, ByteView data);

} // namespace bowline::bitcoin
