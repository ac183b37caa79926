// SPDX-License-Identifier: MIT
// Key expressions of descriptors (BIP380, BIP389, BIP390). Internal to this library.
#pragma once

#include "core/keys/descriptor.h"

#include <variant>

namespace bowline::keys {

/// Where a key stands decides which forms are allowed.
enum class KeyPlace {
    Wpkh,        // no x-only keys, no musig()
    Taproot,     // everything
    Participant, // within musig(): no x-only keys, no musig()
};

/// The alternatives <a;b;...> seen so far in one descriptor: all must be equally many.
struct Multipath {
    std::size_t chosen = 0;
    std::size_t count = 1;
};
inline constexpr std::size_t kMaxAlternatives = 16;

enum class Wildcard { None, Plain, Hardened };

/// What follows a key: /0/1h/*
struct Steps {
    DerivationPath path;
    Wildcard wildcard = Wildcard::None;
};

struct ConstantKey {
    crypto::PublicKey key;
    bool xOnly = false; // written as 32 bytes
    std::optional<crypto::PrivateKey> secret;
};

struct ExtendedKey {
    ExtendedPublicKey root;
    std::optional<ExtendedPrivateKey> secretRoot;
    Steps steps;
    /// The key at the end of the path: so that an index costs one derivation. Absent when hardened steps
    /// start from a public key.
    std::optional<ExtendedPublicKey> base;
    std::optional<ExtendedPrivateKey> secretBase;
};

struct KeyExpression;
struct MusigKey {
    std::vector<KeyExpression> participants;
    Steps steps;
};

struct KeyExpression {
    std::optional<KeyOrigin> origin;
    std::variant<ConstantKey, ExtendedKey, MusigKey> kind;
};

/// A key expression at an index.
struct ExpandedExpression {
    crypto::PublicKey key;
    std::vector<ExpandedKey> singles; // the key itself, or the participants
    std::optional<ExpandedMusig> musig;
};

[[nodiscard]] Result<KeyExpression> parseKey(std::string_view text, bitcoin::Network network, KeyPlace place,
                                             Multipath& multipath);
[[nodiscard]] bool isRanged(const KeyExpression& key);
[[nodiscard]] bool hasSecret(const KeyExpression& key);
[[nodiscard]] Result<ExpandedExpression> expandKey(const KeyExpression& key, std::uint32_t index);
/// Appends the private keys that the expression holds.
[[nodiscard]] base::Status collectSecrets(const KeyExpression& key, std::uint32_t index,
                                          std::vector<crypto::PrivateKey>& out);
enum class Reveal { PublicKeys, PrivateKeys };
void printKey(base::SecureBytes& out, const KeyExpression& key, bitcoin::Network network, Reveal reveal);

/// "name(inside)" taken apart; nothing if the text is something else.
struct Call {
    std::string_view name;
    std::string_view inside;
};
[[nodiscard]] std::optional<Call> asCall(std::string_view text);
/// At commas that stand outside of all brackets.
[[nodiscard]] std::vector<std::string_view> splitArguments(std::string_view text);

} // namespace bowline::keys
