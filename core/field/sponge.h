// SPDX-License-Identifier: MIT
// The tagged Poseidon2 sponge of docs/protocol.md, section 2, and its digests.
//
// A digest is 8 elements as little-endian 32-bit words, each below p: 32 bytes of which not all are digests.
// Bytes enter the sponge as 16-bit little-endian limbs, one per element, behind their length.
#pragma once

#include "core/base/serial.h"
#include "core/field/poseidon2.h"

#include <initializer_list>
#include <span>

namespace bowline::field {

/// A word of a digest is not below p.
inline constexpr base::ErrorCode kBadDigest{"field.bad-digest"};

using FieldDigest = base::Hash256<struct FieldDigestTag>;

/// What a sponge is for; numbers of the protocol, never reused.
enum class SpongeTag : std::uint32_t {
    Key = 1,
    Value = 2,
    Leaf = 3,
    Node = 4,
    History = 5,
    ProofRow = 16,        ///< a row of committed columns
    ProofTranscript = 17, ///< the capacity that a proof's transcript starts with
    ProofConstraints = 18,
    ProofParameters = 19,
    ProofKey = 20,
};

/// A digest as elements.
using DigestWords = std::array<Element, 8>;

/// Every word is below p.
[[nodiscard]] bool isCanonical(base::ByteView digest);
[[nodiscard]] base::Result<FieldDigest> parseDigest(base::ByteView bytes);
/// The 8 elements of a canonical digest. Words that are not below p are a bug of the caller: they are
/// reduced.
[[nodiscard]] DigestWords elementsOf(base::ByteView digest);

[[nodiscard]] DigestWords spongeOf(SpongeTag tag, std::span<const Element> elements);
/// Of two digests, by one permutation: the second half of P(left, right) + (left, right). The sponge gives
/// a first half, so no row's digest is a pair's; and the sum makes the permutation one-way.
[[nodiscard]] DigestWords compressPair(const DigestWords& left, const DigestWords& right);
/// spongeOf as bytes.
[[nodiscard]] FieldDigest hashElements(SpongeTag tag, std::span<const Element> elements);
/// The two length elements, then the limbs. At most 2^32 - 1 bytes.
[[nodiscard]] FieldDigest hashBytes(SpongeTag tag, base::ByteView bytes);
/// Two digests, 16 elements: leaves and inner nodes of the state tree.
[[nodiscard]] FieldDigest hashPair(SpongeTag tag, base::ByteView left, base::ByteView right);
/// A digest and then the limbs of bytes of a fixed length, without length elements: history accumulators.
[[nodiscard]] FieldDigest hashDigestAndBytes(SpongeTag tag, base::ByteView digest, base::ByteView bytes);

} // namespace bowline::field
