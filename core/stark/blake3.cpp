// SPDX-License-Identifier: MIT
#include "core/stark/blake3.h"

#include "core/crypto/blake3.h"

namespace bowline::stark {

using field::Element;

namespace {
using Key = std::array<std::uint8_t, 32>;

[[nodiscard]] constexpr Key keyOf(std::string_view text)
{
    Key out{};
    std::copy(text.begin(), text.end(), out.begin());
    return out;
}
constexpr std::array<Key, 3> kKeys{keyOf("bowline proof 1: row"), keyOf("bowline proof 1: pair"),
                                   keyOf("bowline proof 1: transcript")};

[[nodiscard]] constexpr std::array<std::uint32_t, 8> wordsOfBytes(const std::uint8_t* bytes)
{
    std::array<std::uint32_t, 8> out{};
    for (std::size_t i = 0; i < 32; ++i) out[i / 4] |= std::uint32_t{bytes[i]} << (8 * (i % 4));
    return out;
}
constexpr std::array<std::array<std::uint32_t, 8>, 3> kKeyWords{
    wordsOfBytes(kKeys[0].data()), wordsOfBytes(kKeys[1].data()), wordsOfBytes(kKeys[2].data())};

void appendWord(base::Bytes& out, std::uint32_t word)
{
    for (unsigned i = 0; i < 4; ++i) out.push_back(static_cast<std::uint8_t>(word >> (8 * i)));
}

[[nodiscard]] std::array<std::uint32_t, 8> hashed(Blake3Use use, const base::Bytes& message)
{
    return wordsOfBytes(crypto::blake3Keyed(kKeys[static_cast<std::size_t>(use)], message).bytes.data());
}
} // namespace

const std::array<std::uint32_t, 8>& blake3Key(Blake3Use use)
{
    return kKeyWords[static_cast<std::size_t>(use)];
}

field::DigestWords blake3Of(Blake3Use use, std::span<const Element> elements)
{
    base::Bytes message;
    message.reserve(4 * elements.size());
    for (const Element x : elements) appendWord(message, x.value());
    const std::array<std::uint32_t, 8> words = hashed(use, message);
    field::DigestWords out;
    for (std::size_t i = 0; i < 8; ++i) out[i] = Element::from(words[i] % Element::kModulus);
    return out;
}

void Blake3State::advance()
{
    base::Bytes message;
    message.reserve(36 + 4 * m_pending.size());
    for (const std::uint32_t word : m_state) appendWord(message, word);
    appendWord(message, static_cast<std::uint32_t>(m_pending.size()));
    for (const Element x : m_pending) appendWord(message, x.value());
    m_state = hashed(Blake3Use::Transcript, message);
    m_pending.clear();
    m_next = 0;
}

void Blake3State::settle()
{
    if (!m_pending.empty()) advance();
}

Element Blake3State::pull()
{
    settle();
    for (;;) {
        if (m_next == m_state.size()) advance();
        const std::uint32_t word = m_state[m_next++] & 0x7fffffffU;
        if (word < Element::kModulus) return Element::from(word);
    }
}

std::array<std::uint32_t, 9> Blake3State::beforeNonce() const
{
    std::array<std::uint32_t, 9> out{};
    std::copy(m_state.begin(), m_state.end(), out.begin());
    out[8] = 1;
    return out;
}

} // namespace bowline::stark
