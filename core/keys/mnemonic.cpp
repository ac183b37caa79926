// SPDX-License-Identifier: MIT
#include "core/keys/mnemonic.h"

#include "core/crypto/hash.h"
#include "core/crypto/kdf.h"
#include "core/crypto/random.h"
#include "core/keys/secure_text.h"
#include "core/keys/tables.h"
#include "core/keys/unicode.h"

#include <algorithm>
#include <unordered_map>

namespace bowline::keys {

using base::ByteView;
using base::makeError;
using base::Result;
using base::SecureBytes;

namespace {

constexpr std::size_t kListSize = 2048;
constexpr std::size_t kBitsPerWord = 11;
constexpr std::size_t kMaxWords = 24;
constexpr std::uint32_t kSeedIterations = 2048;
constexpr std::size_t kSeedSize = 64;
constexpr std::string_view kIdeographicSpace = "\u3000";

/// One language: words to show, words to compare (NFKD), and where each of these stands.
struct WordList {
    std::vector<std::string_view> composed;
    std::vector<std::string_view> decomposed;
    std::unordered_map<std::string_view, std::size_t> indexOf;
};

std::vector<std::string_view> linesOf(std::string_view text)
{
    std::vector<std::string_view> out;
    out.reserve(kListSize);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

const WordList& listOf(Language language)
{
    static const std::array<WordList, kLanguageCount> lists = [] {
        std::array<WordList, kLanguageCount> out;
        for (std::size_t i = 0; i < out.size(); ++i) {
            out[i].composed = linesOf(composedWords()[i]);
            out[i].decomposed = linesOf(decomposedWords()[i]);
            for (std::size_t w = 0; w < kListSize; ++w) out[i].indexOf.emplace(out[i].decomposed[w], w);
        }
        return out;
    }();
    return lists[static_cast<std::size_t>(language)];
}

/// NFKD, with capitals A to Z made small.
Result<SecureBytes> normalizeInput(ByteView text)
{
    BOWLINE_TRY(SecureBytes out, normalizeNfkd(text));
    for (std::uint8_t& byte : out) {
        if (byte >= 'A' && byte <= 'Z') byte = static_cast<std::uint8_t>(byte - 'A' + 'a');
    }
    return out;
}

/// NFKD has turned all spaces of Unicode into the ASCII one already.
std::vector<std::string_view> splitWords(std::string_view text)
{
    constexpr std::string_view kSpaces = " \t\r\n";
    std::vector<std::string_view> out;
    std::size_t at = text.find_first_not_of(kSpaces);
    while (at != std::string_view::npos) {
        const std::size_t end = std::min(text.find_first_of(kSpaces, at), text.size());
        out.push_back(text.substr(at, end - at));
        at = text.find_first_not_of(kSpaces, end);
    }
    return out;
}

bool isSentenceLength(std::size_t words) { return words >= 12 && words <= kMaxWords && words % 3 == 0; }

/// Entropy and checksum of a sentence whose words all stand in the list, or the number of the first that does
/// not.
struct Lookup {
    std::size_t firstUnknown = 0; // = number of words, if all are known
    SecureBytes bits;             // entropy, and one byte with the checksum bits on top
};
Lookup lookUp(const std::vector<std::string_view>& words, Language language)
{
    const auto& indexOf = listOf(language).indexOf;
    Lookup out;
    out.bits.assign(words.size() * 4 / 3 + 1, 0);
    for (; out.firstUnknown < words.size(); ++out.firstUnknown) {
        const auto found = indexOf.find(words[out.firstUnknown]);
        if (found == indexOf.end()) break;
        for (std::size_t bit = 0; bit < kBitsPerWord; ++bit) {
            if ((found->second >> (kBitsPerWord - 1 - bit) & 1U) == 0) continue;
            const std::size_t at = out.firstUnknown * kBitsPerWord + bit;
            out.bits[at / 8] |= static_cast<std::uint8_t>(0x80U >> (at % 8));
        }
    }
    return out;
}

/// Whether the checksum bits after the entropy are those of the entropy: one bit for every 32.
bool checksumFits(const SecureBytes& bits)
{
    const ByteView entropy = ByteView(bits).first(bits.size() - 1);
    const std::size_t count = entropy.size() / 4;
    const auto mask = static_cast<std::uint8_t>(0xff00U >> count);
    return (crypto::sha256(entropy).bytes[0] & mask) == bits.back();
}

Result<std::vector<std::string_view>> wordsIn(const SecureBytes& normalized)
{
    std::vector<std::string_view> words = splitWords(asText(normalized));
    if (!isSentenceLength(words.size())) {
        return makeError(kMnemonicLength, std::to_string(words.size()) + " words");
    }
    return words;
}

/// Without accents: U+0300 to U+036F, in UTF-8 cc 80 to cd af.
std::string withoutMarks(std::string_view word)
{
    std::string out;
    for (std::size_t i = 0; i < word.size(); ++i) {
        const auto byte = static_cast<std::uint8_t>(word[i]);
        const auto next = static_cast<std::uint8_t>(i + 1 < word.size() ? word[i + 1] : '\0');
        if (byte == 0xcc || (byte == 0xcd && next <= 0xaf)) {
            ++i;
        } else {
            out.push_back(word[i]);
        }
    }
    return out;
}

} // namespace

std::span<const std::string_view> wordsOf(Language language) { return listOf(language).composed; }

std::vector<std::string_view> completeWord(std::string_view prefix, Language language, std::size_t limit)
{
    std::vector<std::string_view> out;
    const auto typed = normalizeInput(base::viewOf(prefix));
    if (!typed.ok()) return out;
    const std::string_view start = asText(*typed);
    const WordList& list = listOf(language);
    for (std::size_t i = 0; i < kListSize && out.size() < limit; ++i) {
        const std::string_view word = list.decomposed[i];
        const bool fits = word.starts_with(start) || withoutMarks(word).starts_with(start);
        if (fits) out.push_back(list.composed[i]);
    }
    return out;
}

bool isWord(std::string_view text, Language language)
{
    const auto typed = normalizeInput(base::viewOf(text));
    return typed.ok() && listOf(language).indexOf.count(asText(*typed)) != 0;
}

Mnemonic::Mnemonic(SecureBytes entropy, Language language)
    : m_entropy(std::move(entropy)), m_checksum(crypto::sha256(base::viewOf(m_entropy)).bytes[0]),
      m_language(language)
{
}

Result<Mnemonic> Mnemonic::generate(std::size_t wordCount, Language language)
{
    if (!isSentenceLength(wordCount)) return makeError(kMnemonicLength);
    SecureBytes entropy(wordCount * 4 / 3);
    BOWLINE_CHECK(crypto::randomBytes(entropy));
    return Mnemonic{std::move(entropy), language};
}

Result<Mnemonic> Mnemonic::fromEntropy(ByteView entropy, Language language)
{
    if (entropy.size() % 4 != 0 || !isSentenceLength(entropy.size() * 3 / 4))
        return makeError(kMnemonicLength);
    return Mnemonic{base::toSecure(entropy), language};
}

Result<Mnemonic> Mnemonic::parse(ByteView text, Language language)
{
    BOWLINE_TRY(const SecureBytes normalized, normalizeInput(text));
    BOWLINE_TRY(const auto words, wordsIn(normalized));
    Lookup found = lookUp(words, language);
    if (found.firstUnknown < words.size()) {
        return makeError(kMnemonicUnknownWord, "word " + std::to_string(found.firstUnknown + 1));
    }
    if (!checksumFits(found.bits)) return makeError(kMnemonicChecksum);
    found.bits.pop_back();
    return Mnemonic{std::move(found.bits), language};
}

Result<Mnemonic> Mnemonic::parse(ByteView text)
{
    BOWLINE_TRY(const SecureBytes normalized, normalizeInput(text));
    BOWLINE_TRY(const auto words, wordsIn(normalized));
    // The language that knows the longest beginning names the word that is wrong.
    auto best = Language::English;
    std::size_t bestKnown = 0;
    for (std::size_t i = 0; i < kLanguageCount; ++i) {
        const auto language = static_cast<Language>(i);
        const Lookup found = lookUp(words, language);
        if (found.firstUnknown == words.size() && checksumFits(found.bits)) return parse(text, language);
        if (found.firstUnknown > bestKnown) {
            best = language;
            bestKnown = found.firstUnknown;
        }
    }
    return parse(text, best);
}

std::size_t Mnemonic::wordIndex(std::size_t number) const
{
    std::size_t index = 0;
    for (std::size_t at = number * kBitsPerWord; at < (number + 1) * kBitsPerWord; ++at) {
        const std::uint8_t byte = at / 8 < m_entropy.size() ? m_entropy[at / 8] : m_checksum;
        index = index << 1U | (byte >> (7 - at % 8) & 1U);
    }
    return index;
}

std::string_view Mnemonic::word(std::size_t number) const
{
    return number < wordCount() ? wordsOf(m_language)[wordIndex(number)] : std::string_view{};
}

SecureBytes Mnemonic::text() const
{
    SecureBytes out;
    out.reserve(kMaxWords * 40); // no word is longer: no reallocation
    for (std::size_t i = 0; i < wordCount(); ++i) {
        if (i > 0) appendText(out, m_language == Language::Japanese ? kIdeographicSpace : " ");
        appendText(out, word(i));
    }
    return out;
}

Result<SecureBytes> Mnemonic::toSeed(ByteView passphrase) const
{
    return seedFromSentence(base::viewOf(text()), passphrase);
}

Result<SecureBytes> seedFromSentence(ByteView sentence, ByteView passphrase)
{
    BOWLINE_TRY(const SecureBytes password, normalizeNfkd(sentence));
    BOWLINE_TRY(const SecureBytes normalized, normalizeNfkd(passphrase));
    SecureBytes salt;
    appendText(salt, "mnemonic");
    salt.insert(salt.end(), normalized.begin(), normalized.end());
    return crypto::pbkdf2HmacSha512(base::viewOf(password), base::viewOf(salt), kSeedIterations, kSeedSize);
}

} // namespace bowline::keys
