// SPDX-License-Identifier: MIT
// Proofs hashed by BLAKE3 in their smallest form: no node of a tree twice, 31 bits an element. For the last proof of a
// chain, of systems whose every chip has preprocessed columns, so that the key alone gives the heights. docs/proofs.md,
// "Pruned proofs".
#pragma once

#include "core/stark/proof.h"
#include "core/stark/shared_paths.h"

namespace bowline::stark {

/// Lists are parts of arrays that all of them share; every path of a commitment is the same list of nodes.
struct PrunedLists {
    template <typename T>
    using List = std::conditional_t<std::is_same_v<T, Extension>, GroupsView<Extension, 4>, SharedNodes>;
    template <typename T>
    using Rows = RowsView;
};

struct PrunedProof : BasicProof<Element, Extension, PrunedLists> {
    PrunedProof() = default;
    PrunedProof(PrunedProof&&) = default;
    PrunedProof& operator=(PrunedProof&&) = default;
    PrunedProof(const PrunedProof&) = delete;
    PrunedProof& operator=(const PrunedProof&) = delete;
    ~PrunedProof() = default;

    // What the lists are parts of.
    std::vector<Element> elements;
    std::vector<std::vector<std::size_t>> ends;  // of each batch's rows
    std::vector<std::vector<DigestWords>> nodes; // of each batch, then of each fold
};

/// The key is none of a pruned proof: another hash, or a chip whose height is not in the key.
inline constexpr base::ErrorCode kNotPrunable{"stark.not-prunable"};

/// No list of nodes is longer; all that a decoder allocates follows from the key and the number of bytes.
inline constexpr std::size_t kMaxSharedNodes = 0xffff;

/// The heights that the key's preprocessed columns fix; kNotPrunable.
[[nodiscard]] base::Result<Shape> prunedShape(const VerifyingKey& key);

/// Verifies the proof, and encodes it: the numbers of nodes of each list (2 bytes, little-endian), and then all elements, 31
/// bits each, the least first, in one string of bits that zeros fill up to whole bytes.
[[nodiscard]] base::Result<base::Bytes>
encodePruned(const VerifyingKey& key, std::span<const Element> publicValues, const Proof& proof);
/// Accepts what encodePruned can make and nothing else, as far as form goes: elements below p, lists not longer than the
/// queries can need, not a bit more or less. kBadProof; base::kNotCanonical for elements and the last bits; kNotPrunable.
[[nodiscard]] base::Result<PrunedProof> decodePruned(const VerifyingKey& key, base::ByteView bytes);
/// Every node of the lists is used. kRejected; kBadProof if the number of public values is another, or if the proof was read
/// with a key of another form.
[[nodiscard]] base::Status verifyPruned(const VerifyingKey& key, std::span<const Element> publicValues,
                                        const PrunedProof& proof);

/// Elements of 31 bits, the least bit first.
class BitWriter {
public:
    void element(Element x);
    [[nodiscard]] base::Bytes take();

private:
    base::Bytes m_out;
    std::uint64_t m_bits = 0;
    unsigned m_count = 0;
};
/// Bytes of `elements` elements.
[[nodiscard]] constexpr std::size_t packedSize(std::size_t elements) { return (31 * elements + 7) / 8; }
/// The elements of exactly packedSize(count) bytes; kNotCanonical if one is not below p or a last bit is set.
[[nodiscard]] base::Result<std::vector<Element>> unpackElements(base::ByteView bytes, std::size_t count);

} // namespace bowline::stark
