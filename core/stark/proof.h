// SPDX-License-Identifier: MIT
// A proof: what the prover commits to, the values out of the domain, and the openings that the queries ask for.
// Templated on the values' types, so that a circuit can hold the same proof as witnesses, and on how the queries' lists
// are kept.
#pragma once

#include "core/base/serial.h"
#include "core/field/extension.h"
#include "core/stark/key.h"

#include <algorithm>
#include <span>

namespace bowline::stark {

using field::Extension;

/// Each list of a query is a vector: it can be changed.
struct OwnLists {
    template <typename T>
    using List = std::vector<T>;
    template <typename T>
    using Rows = std::vector<std::vector<T>>;
};

/// Rows side by side in an array of somebody else's: row m ends where ends[m] says, counted from the first one.
class RowsView {
public:
    RowsView() = default;
    RowsView(const Element* first, std::span<const std::size_t> ends) : m_first(first), m_ends(ends) {}

    [[nodiscard]] std::size_t size() const { return m_ends.size(); }
    [[nodiscard]] std::span<const Element> operator[](std::size_t m) const
    {
        const std::size_t begin = m == 0 ? 0 : m_ends[m - 1];
        return {m_first + begin, m_ends[m] - begin};
    }

private:
    const Element* m_first = nullptr;
    std::span<const std::size_t> m_ends;
};

/// Digests, or elements of the extension, side by side in such an array: kWords elements each.
template <typename T, std::size_t kWords>
class GroupsView {
public:
    GroupsView() = default;
    explicit GroupsView(std::span<const Element> elements) : m_elements(elements) {}

    [[nodiscard]] std::size_t size() const { return m_elements.size() / kWords; }
    [[nodiscard]] T operator[](std::size_t i) const
    {
        std::array<Element, kWords> words;
        std::copy_n(m_elements.begin() + std::ptrdiff_t(kWords * i), kWords, words.begin());
        return T{words};
    }
    [[nodiscard]] const Element* data() const { return m_elements.data(); }

private:
    std::span<const Element> m_elements;
};

/// Each list of a query is a part of an array that all of them share (CompactProof).
struct SharedLists {
    template <typename T>
    using List = GroupsView<T, sizeof(T) / sizeof(Element)>;
    template <typename T>
    using Rows = RowsView;
};

template <typename Felt, typename Ext, typename Lists = OwnLists>
struct BasicProof {
    using Digest = std::array<Felt, 8>;

    /// One commitment at one position: the row of each matrix, in the order of the shape, and the siblings
    /// from the leaf up.
    struct Opening {
        typename Lists::template Rows<Felt> rows;
        typename Lists::template List<Digest> path;
    };
    /// One folding step at one position: the other values of the coset, in the order of their exponents.
    struct FoldOpening {
        typename Lists::template List<Ext> siblings;
        typename Lists::template List<Digest> path;
    };
    struct Query {
        std::vector<Opening> batches;
        std::vector<FoldOpening> folds;
    };
    struct FoldCommitment {
        Digest root{};
        Felt work{};
    };

    Heights heights;
    Digest mainRoot{};
    Felt logUpWork{};
    std::vector<Ext> sums; // of each chip that is there and has interactions
    Digest logUpRoot{};    // both only if the key has interactions
    Digest quotientRoot{};
    Felt deepWork{};
    std::vector<std::vector<std::vector<std::vector<Ext>>>> values; // batch, matrix, point, column
    Felt batchWork{};
    std::vector<FoldCommitment> folds;
    std::vector<Ext> finalPolynomial; // 2^Parameters::logFinal coefficients
    Felt queryWork{};
    std::vector<Query> queries;
};

using Proof = BasicProof<Element, Extension>;

/// A proof to be checked and forgotten. A proof of a shard has some 30,000 lists: making and releasing them took a
/// quarter of its verification.
struct CompactProof : BasicProof<Element, Extension, SharedLists> {
    CompactProof() = default;
    CompactProof(CompactProof&&) = default;
    CompactProof& operator=(CompactProof&&) = default;
    CompactProof(const CompactProof&) = delete;
    CompactProof& operator=(const CompactProof&) = delete;
    ~CompactProof() = default;

    // What the queries' lists are parts of.
    std::vector<Element> elements;
    std::vector<std::vector<std::size_t>> ends; // of each batch's rows
};

/// The bytes are not the encoding of a proof under this key.
inline constexpr base::ErrorCode kBadProof{"stark.bad-proof"};

/// docs/proofs.md, "Encoding". No lengths but the heights: everything else follows from key and heights.
[[nodiscard]] base::Bytes encode(const VerifyingKey& key, const Proof& proof);
/// Accepts exactly the encodings: right magic and version, elements below p, not a byte more or less. Allocates
/// nothing before the size is known to be right.
[[nodiscard]] base::Result<Proof> decode(const VerifyingKey& key, base::ByteView bytes);
[[nodiscard]] base::Result<CompactProof> decodeCompact(const VerifyingKey& key, base::ByteView bytes);
/// The number of bytes of every proof of this shape.
[[nodiscard]] std::size_t encodedSize(const VerifyingKey& key, const Shape& shape);

} // namespace bowline::stark
