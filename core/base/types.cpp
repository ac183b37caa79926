// SPDX-License-Identifier: MIT
#include "core/base/types.h"

namespace bowline::base {

namespace {
bool isDigit(char c) { return c >= '0' && c <= '9'; }
} // namespace

Result<Amount> parseBtc(std::string_view text)
{
    const auto dot = text.find('.');
    const std::string_view whole = text.substr(0, dot);
    const std::string_view fraction =
        dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    if (whole.empty() && fraction.empty()) return makeError(kBadAmount, "no digits");
    if (dot != std::string_view::npos && fraction.empty())
        return makeError(kBadAmount, "no digit after the dot");
    if (whole.size() > 8) return makeError(kBadAmount, "too large");
    if (fraction.size() > 8) return makeError(kBadAmount, "more than 8 decimals");
    std::int64_t sat = 0;
    for (const char c : whole) {
        if (!isDigit(c)) return makeError(kBadAmount, "not a decimal number");
        sat = sat * 10 + (c - '0');
    }
    for (std::size_t i = 0; i < 8; ++i) {
        const char c = i < fraction.size() ? fraction[i] : '0';
        if (!isDigit(c)) return makeError(kBadAmount, "not a decimal number");
        sat = sat * 10 + (c - '0');
    }
    const Amount amount = Amount::fromSat(sat);
    if (!amount.isValidMoney()) return makeError(kBadAmount, "more than 21 million BTC");
    return amount;
}

std::string formatBtc(Amount amount)
{
    const bool negative = amount.sat() < 0;
    // Through unsigned, so that the smallest value has a magnitude too.
    const std::uint64_t magnitude =
        negative ? ~static_cast<std::uint64_t>(amount.sat()) + 1 : static_cast<std::uint64_t>(amount.sat());
    const std::string fraction = std::to_string(magnitude % Amount::kSatPerBtc);
    std::string out = negative ? "-" : "";
    out += std::to_string(magnitude / Amount::kSatPerBtc) + '.' + std::string(8 - fraction.size(), '0') +
           fraction;
    return out;
}

} // namespace bowline::base
