// SPDX-License-Identifier: MIT
// Seed words (BIP39): generating, checking, completing them; the seed that they and a passphrase stand for.
//
// The word lists come from Debian's python3-mnemonic at build time, checked against pinned hashes. Everything
// secret is in locked memory; texts are UTF-8. Errors name the position of a word, never the word.
#pragma once

#include "core/base/secure.h"

#include <span>
#include <string_view>
#include <vector>

namespace bowline::keys {

/// Not 12, 15, 18, 21 or 24 words (or 16, 20, 24, 28, 32 bytes of entropy).
inline constexpr base::ErrorCode kMnemonicLength{"keys.mnemonic-length"};
/// A word of no list, or words of different lists.
inline constexpr base::ErrorCode kMnemonicUnknownWord{"keys.mnemonic-unknown-word"};
/// All words are known but do not belong together: a wrong word or a wrong order.
inline constexpr base::ErrorCode kMnemonicChecksum{"keys.mnemonic-checksum"};

enum class Language {
    English,
    ChineseSimplified,
    ChineseTraditional,
    French,
    Italian,
    Japanese,
    Korean,
    Spanish,
};
inline constexpr std::size_t kLanguageCount = 8;

/// The 2,048 words in list order, composed (NFC) for display.
[[nodiscard]] std::span<const std::string_view> wordsOf(Language language);
/// At most `limit` words that begin with what was typed: capitals are taken as small letters, and accents may
/// be left out. In list order; empty when nothing fits. An empty prefix fits every word.
[[nodiscard]] std::vector<std::string_view> completeWord(std::string_view prefix, Language language,
                                                         std::size_t limit);
/// Whether the text, capitals and Unicode form aside, is a word of the list.
[[nodiscard]] bool isWord(std::string_view text, Language language);

/// A valid sentence of seed words. Moved, never copied.
class Mnemonic {
public:
    /// From the kernel's random bytes; 12, 15, 18, 21 or 24 words.
    [[nodiscard]] static base::Result<Mnemonic> generate(std::size_t wordCount,
                                                         Language language = Language::English);
    /// 16, 20, 24, 28 or 32 bytes.
    [[nodiscard]] static base::Result<Mnemonic> fromEntropy(base::ByteView entropy, Language language);
    /// Words divided by any white space, capitals allowed in ASCII. The language is found by itself. Should
    /// two lists fit, either is right: the seed depends on the words alone.
    [[nodiscard]] static base::Result<Mnemonic> parse(base::ByteView text);
    [[nodiscard]] static base::Result<Mnemonic> parse(base::ByteView text, Language language);

    [[nodiscard]] Language language() const { return m_language; }
    [[nodiscard]] std::size_t wordCount() const { return m_entropy.size() * 3 / 4; }
    /// A view into the word list; which words these are is the secret.
    [[nodiscard]] std::string_view word(std::size_t number) const;
    /// The sentence, divided by spaces (Japanese: U+3000), composed (NFC).
    [[nodiscard]] base::SecureBytes text() const;
    [[nodiscard]] base::ByteView entropy() const { return base::viewOf(m_entropy); }
    /// 64 bytes for ExtendedPrivateKey::fromSeed(). Every passphrase yields a seed: none is "wrong".
    [[nodiscard]] base::Result<base::SecureBytes> toSeed(base::ByteView passphrase) const;

private:
    Mnemonic(base::SecureBytes entropy, Language language);
    [[nodiscard]] std::size_t wordIndex(std::size_t number) const;
    base::SecureBytes m_entropy;
    std::uint8_t m_checksum = 0; // first byte of SHA-256(entropy)
    Language m_language;
};

/// PBKDF2-HMAC-SHA512 of BIP39 over NFKD of both texts, for sentences of any language, checked by nobody.
[[nodiscard]] base::Result<base::SecureBytes> seedFromSentence(base::ByteView sentence,
                                                               base::ByteView passphrase);

} // namespace bowline::keys
