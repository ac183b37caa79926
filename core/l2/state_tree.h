// SPDX-License-Identifier: MIT
// The state: a compact binary sparse Merkle tree over Poseidon2 (docs/protocol.md, section 3).
//
// A StateTree is a value that never changes: with() yields another one that shares all untouched parts, so
// that a node keeps the roots of many batches at the price of what changed between them. Copies are cheap.
#pragma once

#include "core/l2/objects.h"

#include <memory>
#include <optional>

namespace bowline::l2 {

/// The bytes of the path are 248 bits of the key, most significant first within each of its 8 words of 31
/// bits.
inline constexpr std::size_t kKeyBits = 248;
/// Bit i (0 = next to the root) of a key's path.
[[nodiscard]] bool pathBit(const StateKey& key, std::size_t index);
[[nodiscard]] field::FieldDigest leafDigest(const StateKey& key, const field::FieldDigest& valueDigest);
[[nodiscard]] field::FieldDigest valueDigest(ByteView value);

inline constexpr ErrorCode kBadStateProof{"l2.bad-state-proof"};

/// How a path ends: nothing there, the leaf asked for, or a leaf with another key.
enum class ProofEnd : std::uint8_t { Empty = 0, Found = 1, Other = 2 };
/// depth u8 | siblings 32 each from the root down | end u8 | (Other: key 32, value digest 32)
struct StateProof {
    std::vector<field::FieldDigest> siblings;
    ProofEnd end = ProofEnd::Empty;
    StateKey otherKey;
    field::FieldDigest otherValue;
    [[nodiscard]] Bytes encode() const;
    friend bool operator==(const StateProof&, const StateProof&) = default;
};
[[nodiscard]] Result<StateProof> parseStateProof(ByteView bytes);

class StateTree {
public:
    StateTree() = default;
    [[nodiscard]] static StateTree fromObjects(std::span<const StateObject> objects);

    [[nodiscard]] StateRoot root() const;
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// The value, or null. Valid while any tree that shares the leaf lives.
    [[nodiscard]] const Bytes* find(const StateKey& key) const;
    [[nodiscard]] StateTree with(const StateKey& key, Bytes value) const;
    [[nodiscard]] StateTree with(std::span<const StateObject> objects) const;
    /// Inclusion or exclusion.
    [[nodiscard]] StateProof prove(const StateKey& key) const;
    /// The partial tree that holds these keys or shows their absence, in the pre-order of the program.
    [[nodiscard]] Bytes witness(std::span<const StateKey> keys) const;

    struct Node; // opaque
private:
    std::shared_ptr<const Node> m_root;
    std::size_t m_size = 0;
};

} // namespace bowline::l2
