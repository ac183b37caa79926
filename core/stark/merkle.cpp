// SPDX-License-Identifier: MIT
#include "core/stark/merkle.h"

#include "core/stark/blake3.h"

namespace bowline::stark {

using field::wordsOf;

namespace {
// A piece of a column is 4 KiB then, and the smallest tables of a proof are still work for two threads.
constexpr std::size_t kRowsAtOnce = 1024;
} // namespace

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
        parallelPieces(m_options.threads, count, kRowsAtOnce, m_options.cancel,
                       [&](std::size_t begin, std::size_t end) {
                           std::uint32_t* left = wordsOf(nodes.data() + begin);
                           compress(left, wordsOf(rows.data() + begin), count, left, count, end - begin);
                       });
    }
}

void MerkleTree::hashRows(std::span<const std::uint32_t* const> columns, std::size_t rows, std::uint32_t* out,
                          std::size_t stride) const
{
    const field::Kernels& kernels = *m_options.kernels;
    if (m_options.hash == HashKind::Blake3) {
        starkKernelsOf(kernels.backend)
            .blake3Rows(columns.data(), columns.size(), rows, blake3Key(Blake3Use::Row).data(), out, stride);
        return;
    }
    const Element tag = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));
    const Element length = Element::from(static_cast<std::uint32_t>(columns.size()));
    kernels.hashRows(columns.data(), columns.size(), rows, tag.residue(), length.residue(), out, stride);
}

void MerkleTree::compress(const std::uint32_t* left, const std::uint32_t* right, std::size_t inStride,
                          std::uint32_t* out, std::size_t outStride, std::size_t count) const
{
    const field::Kernels& kernels = *m_options.kernels;
    if (m_options.hash == HashKind::Blake3) {
        starkKernelsOf(kernels.backend)
            .blake3Pairs(left, right, inStride, blake3Key(Blake3Use::Pair).data(), out, outStride, count);
        return;
    }
    kernels.compress(left, right, inStride, out, outStride, count);
}

// The digests of the rows of the matrices of 2^log points; nothing if there is none.
void MerkleTree::hashLeaves(std::span<const LeafMatrix> matrices, unsigned log, Layer& out) const
{
    std::vector<const LeafMatrix*> chosen;
    for (const LeafMatrix& matrix : matrices) {
        if (matrix.logDomain == log) chosen.push_back(&matrix);
    }
    if (chosen.empty()) return;
    out = Layer::unset(std::size_t{8} << log);
    if (chosen.front()->extension != nullptr) {
        hashExtended(chosen, out);
    } else {
        hashCosets(chosen, out);
    }
}

void MerkleTree::hashCosets(std::span<const LeafMatrix* const> matrices, Layer& out) const
{
    const std::size_t count = out.size() / 8;
    const std::size_t coset = count >> m_logBlowup;
    for (std::size_t r = 0; r < count / coset; ++r) {
        parallelPieces(m_options.threads, coset, kRowsAtOnce, m_options.cancel,
                       [&](std::size_t begin, std::size_t end) {
                           std::vector<const std::uint32_t*> columns;
                           for (const LeafMatrix* matrix : matrices) {
                               for (const Element* column : matrix->columns)
                                   columns.push_back(wordsOf(column + r * matrix->cosetStride + begin));
                           }
                           hashRows(columns, end - begin, wordsOf(out.data() + r * coset + begin), count);
                       });
    }
}

void MerkleTree::hashExtended(std::span<const LeafMatrix* const> matrices, Layer& out) const
{
    const std::size_t count = out.size() / 8;
    const std::size_t coset = count >> m_logBlowup;
    std::vector<const Element*> coefficients;
    for (const LeafMatrix* matrix : matrices)
        coefficients.insert(coefficients.end(), matrix->columns.begin(), matrix->columns.end());
    const field::LowDegreeExtension& extension = *matrices.front()->extension;
    parallelFor(m_options.threads, count / coset, 1, [&](std::size_t begin, std::size_t end) {
        field::Cells values = field::Cells::unset(coefficients.size() * coset);
        std::vector<const std::uint32_t*> columns;
        for (std::size_t c = 0; c < coefficients.size(); ++c)
            columns.push_back(wordsOf(values.data() + c * coset));
        for (std::size_t r = begin; r < end && !isCanceled(m_options.cancel); ++r) {
            for (std::size_t c = 0; c < coefficients.size(); ++c)
                extension.extendToCoset(r, {coefficients[c], coset}, {values.data() + c * coset, coset});
            hashRows(columns, coset, wordsOf(out.data() + r * coset), count);
        }
    });
}

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
        parallelPieces(m_options.threads, half, kRowsAtOnce, m_options.cancel,
                       [&](std::size_t begin, std::size_t end) {
                           const std::uint32_t* left = wordsOf(below.data() + 2 * r * half + begin);
                           compress(left, left + half, 2 * count, wordsOf(out.data() + r * half + begin),
                                    count, end - begin);
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
