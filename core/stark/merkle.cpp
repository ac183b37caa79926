// SPDX-License-Identifier: MIT
#include "core/stark/merkle.h"

namespace bowline::stark {

using field::wordsOf;

MerkleTree::MerkleTree(std::span<const LeafMatrix> matrices, unsigned logBlowup, const HashOptions& options)
    : m_logBlowup(logBlowup), m_options(options)
{
    unsigned top = 0;
    for (const LeafMatrix& matrix : matrices) top = std::max(top, matrix.logDomain);
    m_layers.resize(top + 1);
    hashLeaves(matrices, top, m_layers[top]);
    for (unsigned log = top; log-- > 0;) {
        hashPairs(log);
        Layer rows;
        hashLeaves(matrices, log, rows);
        if (rows.empty()) continue;
        Layer& nodes = m_layers[log];
        const std::size_t count = std::size_t{1} << log;
        m_options.kernels->compress(wordsOf(nodes.data()), wordsOf(rows.data()), count, wordsOf(nodes.data()),
                                    count, count);
    }
}

// The digests of the rows of the matrices of 2^log points; nothing if there is none.
void MerkleTree::hashLeaves(std::span<const LeafMatrix> matrices, unsigned log, Layer& out) const
{
    std::vector<const LeafMatrix*> chosen;
    std::size_t width = 0;
    for (const LeafMatrix& matrix : matrices) {
        if (matrix.logDomain != log) continue;
        chosen.push_back(&matrix);
        width += matrix.columns.size();
    }
    if (chosen.empty()) return;
    const std::size_t count = std::size_t{1} << log;
    const std::size_t coset = count >> m_logBlowup;
    out = Layer::unset(8 * count);
    const Element tag = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));
    const Element length = Element::from(static_cast<std::uint32_t>(width));
    for (std::size_t r = 0; r < count / coset; ++r) {
        parallelPieces(
            m_options.threads, coset, 8192, m_options.cancel, [&](std::size_t begin, std::size_t end) {
                std::vector<const std::uint32_t*> columns;
                for (const LeafMatrix* matrix : chosen) {
                    for (const Element* column : matrix->columns)
                        columns.push_back(wordsOf(column + r * matrix->cosetStride + begin));
                }
                m_options.kernels->hashRows(columns.data(), width, end - begin, tag.residue(),
                                            length.residue(), wordsOf(out.data() + r * coset + begin), count);
            });
    }
}

// Layer `log` out of the one twice as large.
void MerkleTree::hashPairs(unsigned log)
{
    const std::size_t count = std::size_t{1} << log;
    const Layer& below = m_layers[log + 1];
    Layer& out = m_layers[log];
    out = Layer::unset(8 * count);
    // While a coset has two halves, they are the pairs; then the cosets themselves are.
    const std::size_t cosets = log + 1 > m_logBlowup ? std::size_t{1} << m_logBlowup : 1;
    const std::size_t half = count / cosets;
    for (std::size_t r = 0; r < cosets; ++r) {
        parallelPieces(
            m_options.threads, half, 8192, m_options.cancel, [&](std::size_t begin, std::size_t end) {
                const std::uint32_t* left = wordsOf(below.data() + 2 * r * half + begin);
                m_options.kernels->compress(left, left + half, 2 * count,
                                            wordsOf(out.data() + r * half + begin), count, end - begin);
            });
    }
}

DigestWords MerkleTree::digest(unsigned log, std::size_t e) const
{
    const std::size_t count = std::size_t{1} << log;
    DigestWords out;
    for (std::size_t w = 0; w < 8; ++w) out[w] = m_layers[log][w * count + addressOf(e, log, m_logBlowup)];
    return out;
}

std::vector<DigestWords> MerkleTree::path(std::size_t e) const
{
    std::vector<DigestWords> out;
    for (unsigned log = logDomain(); log > 0; --log) {
        const std::size_t count = std::size_t{1} << log;
        out.push_back(digest(log, (e ^ (count / 2)) & (count - 1)));
        e &= count / 2 - 1;
    }
    return out;
}

} // namespace bowline::stark
