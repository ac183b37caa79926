// SPDX-License-Identifier: MIT
// What objects and transactions of the layer 2 say, field by field, for whoever shows them.
#pragma once

#include "core/l2/objects.h"
#include "core/l2/transaction.h"

#include <optional>
#include <string>
#include <vector>

namespace bowline::verify {

struct Fact {
    /// How the value is written.
    enum class Kind {
        Number, // decimal
        Amount, // satoshi, decimal
        Hash,   // hexadecimal; hashes of Bitcoin as Bitcoin shows them
        Code,   // a stable word
        Text,   // an address
        Time,   // seconds since 1970
    };
    std::string name; // a stable code
    std::string value;
    Kind kind = Kind::Hash;
    friend bool operator==(const Fact&, const Fact&) = default;
};
using Facts = std::vector<Fact>;

[[nodiscard]] Fact numberFact(std::string name, std::uint64_t value);
[[nodiscard]] Fact amountFact(std::string name, base::Amount value);
[[nodiscard]] Fact codeFact(std::string name, std::string_view code);
[[nodiscard]] Fact hashFact(std::string name, std::string hex);
template <typename Tag>
[[nodiscard]] Fact hashFact(std::string name, const base::Hash256<Tag>& hash)
{
    return hashFact(std::move(name), hash.hex());
}

/// "account", "vault", "withdrawal", ...; "object" for a kind that the protocol does not know.
[[nodiscard]] std::string_view nameOf(l2::ObjectKind kind);
/// "transfer", "mint", "withdraw-request", ...
[[nodiscard]] std::string_view nameOf(l2::TxType type);

/// What the object is called by, whether it is there, and its fields. A value that is none of its kind comes as "value".
[[nodiscard]] Facts factsOf(const l2::ObjectId& object, const std::optional<base::Bytes>& value,
                            bitcoin::Network network);
/// kBadL2Transaction for bytes that are none.
[[nodiscard]] base::Result<Facts> factsOf(base::ByteView transaction, bitcoin::Network network);
[[nodiscard]] Facts factsOf(const l2::Receipt& receipt);

} // namespace bowline::verify
