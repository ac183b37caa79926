// SPDX-License-Identifier: MIT
#include "core/bitcoin/uri.h"

#include <algorithm>

namespace bowline::bitcoin {

namespace {
constexpr std::string_view kScheme = "bitcoin:";

std::string toLower(std::string_view text)
{
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

// The bytes of one UTF-8 sequence at the start of `text`; 0 if there is none that Unicode allows (no
// surrogates, no longer forms than needed, nothing above U+10FFFF).
std::size_t utf8SequenceSize(std::string_view text)
{
    const auto byteAt = [text](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = byteAt(0);
    if (first < 0x80) return 1;
    std::size_t size = 0;
    if (first >= 0xc2 && first <= 0xdf) size = 2;
    if (first >= 0xe0 && first <= 0xef) size = 3;
    if (first >= 0xf0 && first <= 0xf4) size = 4;
    if (size == 0 || text.size() < size) return 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((byteAt(i) & 0xc0U) != 0x80) return 0;
    }
    const std::uint8_t second = byteAt(1);
    const bool bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
                     (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
    return bad ? 0 : size;
}

// UTF-8 that is safe to show on one line: no control characters.
bool isPlainText(std::string_view text)
{
    while (!text.empty()) {
        const std::size_t size = utf8SequenceSize(text);
        const auto first = static_cast<std::uint8_t>(text[0]);
        if (size == 0 || first < 0x20 || first == 0x7f) return false;
        if (size == 2 && first == 0xc2 && static_cast<std::uint8_t>(text[1]) < 0xa0)
            return false; // C1 controls
        text.remove_prefix(size);
    }
    return true;
}

Result<std::string> percentDecoded(std::string_view text)
{
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        const auto byte = base::fromHex(text.substr(i + 1, 2));
        if (!byte || byte->size() != 1) return makeError(kBadUri, "a percent sign without two digits");
        out += static_cast<char>(byte->front());
        i += 2;
    }
    if (!isPlainText(out)) return makeError(kBadUri, "not UTF-8, or with control characters");
    return out;
}

bool isUnreserved(char c) // RFC 3986 section 2.3
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("-._~").find(c) != std::string_view::npos;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<std::uint8_t>(c);
        if (isUnreserved(c)) {
            out += c;
        } else {
            out += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
        }
    }
    return out;
}

Result<Amount> parseUriAmount(std::string_view text)
{
    const auto amount = base::parseBtc(text);
    if (!amount) return makeError(kUriBadAmount, amount.error().detail);
    if (amount->sat() == 0) return makeError(kUriBadAmount, "zero");
    return *amount;
}

// One parameter of a link, once.
class ParameterReader {
public:
    explicit ParameterReader(PaymentUri& out) : m_out(out) {}

    Status take(std::string_view parameter)
    {
        const std::size_t equals = parameter.find('=');
        BOWLINE_TRY(const std::string rawKey, percentDecoded(parameter.substr(0, equals)));
        const std::string key = toLower(rawKey);
        const auto value =
            equals == std::string_view::npos ? std::string_view{} : parameter.substr(equals + 1);
        BOWLINE_TRY(std::string decoded, percentDecoded(value));
        if (std::find(m_seen.begin(), m_seen.end(), key) != m_seen.end()) {
            return makeError(kBadUri, "parameter given twice: " + key);
        }
        m_seen.push_back(key);
        return store(key, std::move(decoded));
    }

private:
    Status store(const std::string& key, std::string value)
    {
        if (key == "amount") {
            BOWLINE_TRY(m_out.amount, parseUriAmount(value));
        } else if (key == "label") {
            m_out.label = std::move(value);
        } else if (key == "message") {
            m_out.message = std::move(value);
        } else if (key.rfind("req-", 0) == 0) {
            return makeError(kUriRequirement, key);
        } else {
            m_out.others.emplace_back(key, std::move(value));
        }
        return base::success();
    }
    PaymentUri& m_out;
    std::vector<std::string> m_seen;
};

// Without zeros at the end, as people write amounts.
std::string shortAmount(Amount amount)
{
    std::string out = base::formatBtc(amount);
    out.erase(out.find_last_not_of('0') + 1);
    if (out.back() == '.') out.pop_back();
    return out;
}
} // namespace

Result<PaymentUri> parsePaymentUri(std::string_view text, Network network)
{
    if (text.size() > kMaxUriLength) return makeError(kBadUri, "too long");
    if (toLower(text.substr(0, kScheme.size())) != kScheme) return makeError(kBadUri, "not a bitcoin: link");
    if (text.find('#') != std::string_view::npos) return makeError(kBadUri, "a fragment has no meaning here");
    text.remove_prefix(kScheme.size());

    PaymentUri out;
    const std::size_t question = std::min(text.find('?'), text.size());
    out.address = std::string(text.substr(0, question));
    if (out.address.empty()) return makeError(kBadUri, "no address");
    BOWLINE_TRY(const Script script, scriptFromAddress(out.address, network));
    static_cast<void>(script);

    ParameterReader parameters(out);
    for (std::size_t at = question + 1; at < text.size();) {
        const std::size_t end = std::min(text.find('&', at), text.size());
        if (end != at) BOWLINE_CHECK(parameters.take(text.substr(at, end - at)));
        at = end + 1;
    }
    return out;
}

std::string formatPaymentUri(const PaymentUri& uri)
{
    std::string out = std::string(kScheme) + uri.address;
    char separator = '?';
    const auto add = [&out, &separator](std::string_view key, const std::string& encoded) {
        out += separator;
        out += key;
        out += '=';
        out += encoded;
        separator = '&';
    };
    if (uri.amount) add("amount", shortAmount(*uri.amount));
    if (!uri.label.empty()) add("label", percentEncoded(uri.label));
    if (!uri.message.empty()) add("message", percentEncoded(uri.message));
    for (const auto& [key, value] : uri.others) add(percentEncoded(key), percentEncoded(value));
    return out;
}

} // namespace bowline::bitcoin
