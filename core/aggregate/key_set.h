// SPDX-License-Identifier: MIT
// The set of verifying keys whose proofs a join takes: a Merkle tree over the keys' digests. Its root is a public value of
// every proof above a shard's and is handed on from child to parent, so a join's key can itself be in the set.
#pragma once

#include "core/base/result.h"
#include "core/field/sponge.h"
#include "core/stark/hash.h"

#include <vector>

namespace bowline::aggregate {

using base::Result;
using field::DigestWords;
using field::Element;

/// More keys than the tree has leaves, or a key twice.
inline constexpr base::ErrorCode kBadKeySet{"aggregate.bad-key-set"};
inline constexpr base::ErrorCode kKeyNotInSet{"aggregate.key-not-in-set"};

/// That a digest is in the set: its place, and the siblings from the leaf up.
struct KeyOpening {
    std::uint32_t place = 0;
    std::vector<DigestWords> path;
};

/// A leaf is the tagged sponge (ProofRow) of a key's digest, of eight zeros behind the last key. A layer of M nodes becomes one
/// of M / 2: node i is field::compressPair of the nodes i and i + M / 2, as in stark/merkle.h. All paths are kDepth long.
class KeySet {
public:
    static constexpr unsigned kDepth = 8;

    [[nodiscard]] static Result<KeySet> make(std::vector<DigestWords> keys);

    [[nodiscard]] const DigestWords& root() const { return m_layers.back().front(); }
    [[nodiscard]] const std::vector<DigestWords>& keys() const { return m_keys; }
    [[nodiscard]] bool contains(const DigestWords& key) const;
    [[nodiscard]] Result<KeyOpening> open(const DigestWords& key) const;

    /// The rows and levels that stark::requirePaths asks for.
    [[nodiscard]] static stark::PathForm form() { return {{kDepth, {0}}}; }

private:
    std::vector<DigestWords> m_keys;
    std::vector<std::vector<DigestWords>> m_layers; // leaves first
};

} // namespace bowline::aggregate
