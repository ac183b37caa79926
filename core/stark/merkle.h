// SPDX-License-Identifier: MIT
// A Merkle tree over matrices of different heights (a "mixed matrix commitment").
//
// All matrices lie on domains of 2^k points, stored coset by coset (core/field/ntt.h). The leaf of exponent e is
// the hash of the rows e of the matrices of the largest domain. A layer of M nodes becomes one of M / 2: node e is the
// hash of the pair (e, e + M / 2), which are the points x and -x; if there are matrices of M / 2 points, node e is the
// hash of that and of their rows e. So position e of the largest domain is position e mod M of each other.
//
// The hash is a template argument of the verifying side; the tree itself is built by the vector kernels of each.
#pragma once

#include "core/field/kernels.h"
#include "core/field/ntt.h"
#include "core/stark/kernels.h"
#include "core/stark/key.h"
#include "core/stark/parallel.h"

namespace bowline::stark {

/// Rows of a tree: column c of coset r begins at columns[c] + r * cosetStride.
struct LeafMatrix {
    std::vector<const Element*> columns;
    unsigned logDomain = 0;
    std::size_t cosetStride = 0;
    /// If there is one, the columns are coefficients, and their values on a coset are computed while it is hashed. All
    /// matrices of one height have one or none has.
    const field::LowDegreeExtension* extension = nullptr;
};

struct HashOptions {
    const field::Kernels* kernels = nullptr;
    unsigned threads = 1;
    Cancel cancel = nullptr; // the tree is incomplete then
    HashKind hash = HashKind::Poseidon2;
};

class MerkleTree {
public:
    /// At least one matrix; keeps the digests alone, not the columns.
    MerkleTree(std::span<const LeafMatrix> matrices, unsigned logBlowup, const HashOptions& options);

    [[nodiscard]] DigestWords root() const { return digest(0, 0); }
    [[nodiscard]] unsigned logDomain() const { return static_cast<unsigned>(m_layers.size() - 1); }
    /// The siblings of leaf e, from the leaf up.
    [[nodiscard]] std::vector<DigestWords> path(std::size_t e) const;

private:
    using Layer = field::Cells; // word w of the node at address a is at w * nodes + a

    [[nodiscard]] DigestWords digest(unsigned log, std::size_t e) const;
    void hashLeaves(std::span<const LeafMatrix> matrices, unsigned log, Layer& out) const;
    void hashCosets(std::span<const LeafMatrix* const> matrices, Layer& out) const;
    void hashExtended(std::span<const LeafMatrix* const> matrices, Layer& out) const;
    void hashPairs(unsigned log);
    // The hash's own loops: rows [0, rows) of the columns, and pairs; strides as in the kernels.
    void hashRows(std::span<const std::uint32_t* const> columns, std::size_t rows, std::uint32_t* out,
                  std::size_t stride) const;
    void compress(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                  std::uint32_t* out, std::size_t outStride, std::size_t count) const;

    unsigned m_logBlowup;
    HashOptions m_options;
    std::vector<Layer> m_layers; // by the log of their number of nodes
};

/// Where the point of exponent e stands in a domain of 2^log points.
[[nodiscard]] constexpr std::size_t addressOf(std::size_t e, unsigned log, unsigned logBlowup)
{
    if (log <= logBlowup) return e;
    return ((e & ((std::size_t{1} << logBlowup) - 1)) << (log - logBlowup)) + (e >> logBlowup);
}

} // namespace bowline::stark
