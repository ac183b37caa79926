// SPDX-License-Identifier: MIT
// Payment links (BIP21): "bitcoin:<address>?amount=0.1&label=...".
#pragma once

#include "core/bitcoin/address.h"

#include <utility>

namespace bowline::bitcoin {

/// Not of the form of BIP21: scheme, percent signs, parameters given twice, too long, control characters.
inline constexpr ErrorCode kBadUri{"bitcoin.bad-uri"};
/// A parameter named req-... that we do not know: BIP21 says to refuse the whole link.
inline constexpr ErrorCode kUriRequirement{"bitcoin.uri-requirement"};
/// Not a decimal number of BTC, more than 8 decimals, zero or more than 21 million.
inline constexpr ErrorCode kUriBadAmount{"bitcoin.uri-bad-amount"};

inline constexpr std::size_t kMaxUriLength = 4096;

struct PaymentUri {
    std::string address;
    std::optional<Amount> amount;
    std::string label;   // whom to pay, UTF-8
    std::string message; // what for, UTF-8
    /// Parameters that we do not know, decoded, in the order given ("lightning", "pj", ...).
    std::vector<std::pair<std::string, std::string>> others;
    friend bool operator==(const PaymentUri&, const PaymentUri&) = default;
};

/// The address is checked against the network and fails with its codes.
[[nodiscard]] Result<PaymentUri> parsePaymentUri(std::string_view text, Network network);
/// Parameters that are empty are left out. The address is taken as it is.
[[nodiscard]] std::string formatPaymentUri(const PaymentUri& uri);

} // namespace bowline::bitcoin
