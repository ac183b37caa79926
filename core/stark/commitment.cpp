// SPDX-License-Identifier: MIT
#include "core/stark/commitment.h"

#include "core/field/batch_inverse.h"

namespace bowline::stark {

const CommittedMatrix* CommittedBatch::of(std::size_t chip) const
{
    for (const CommittedMatrix& matrix : matrices) {
        if (matrix.chip == chip) return &matrix;
    }
    return nullptr;
}

Workshop::Workshop(const Parameters& parameters, field::Backend backend, unsigned threads, Cancel cancel)
    : m_logBlowup(parameters.logBlowup), m_hash(parameters.hash), m_kernels(field::kernelsOf(backend)),
      m_starkKernels(starkKernelsOf(backend)), m_threads(threads), m_cancel(cancel)
{
}

const field::LowDegreeExtension& Workshop::extension(unsigned log, unsigned logBlowup)
{
    return m_extensions.try_emplace(std::pair(log, logBlowup), log, logBlowup, domainShift(), m_kernels)
        .first->second;
}

Matrix Workshop::extend(const Matrix& values)
{
    const field::LowDegreeExtension& lde = extension(values.log, keptLogBlowup());
    Matrix out = Matrix::unset(values.width, values.log + keptLogBlowup());
    parallelFor(m_threads, values.width, 1, [&](std::size_t begin, std::size_t end) {
        std::vector<Element> scratch(values.rows());
        for (std::size_t c = begin; c < end && !canceled(); ++c)
            lde.extend({values.column(c), values.rows()}, {out.column(c), out.rows()}, scratch);
    });
    return out;
}

Matrix Workshop::extendCoefficients(const Matrix& coefficients)
{
    return extendedBy(coefficients, keptLogBlowup());
}

Matrix Workshop::extendCoefficientsWholly(const Matrix& coefficients)
{
    return extendedBy(coefficients, m_logBlowup);
}

Matrix Workshop::extendedBy(const Matrix& coefficients, unsigned logBlowup)
{
    const field::LowDegreeExtension& lde = extension(coefficients.log, logBlowup);
    Matrix out = Matrix::unset(coefficients.width, coefficients.log + logBlowup);
    parallelFor(m_threads, coefficients.width, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t c = begin; c < end && !canceled(); ++c)
            lde.extendCoefficients({coefficients.column(c), coefficients.rows()},
                                   {out.column(c), out.rows()});
    });
    return out;
}

Matrix Workshop::coefficientsOf(const Matrix& kept) const
{
    Matrix out = Matrix::unset(kept.width, kept.log - keptLogBlowup());
    parallelFor(m_threads, out.width, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t c = begin; c < end && !canceled(); ++c) {
            std::copy_n(kept.column(c), out.rows(), out.column(c)); // the first coset
            field::coefficientsOf({out.column(c), out.rows()}, domainShift(), m_kernels);
        }
    });
    return out;
}

const std::vector<Element>& Workshop::points(unsigned log)
{
    std::vector<Element>& out = m_points[log];
    if (!out.empty()) return out;
    const std::size_t rows = std::size_t{1} << log;
    out.resize(rows << keptLogBlowup());
    const Element root = Element::rootOfUnity(log);
    Element coset = domainShift();
    for (std::size_t r = 0; r < std::size_t{1} << keptLogBlowup(); ++r) {
        Element x = coset;
        for (std::size_t i = 0; i < rows; ++i, x *= root) out[r * rows + i] = x;
        coset *= Element::rootOfUnity(log + keptLogBlowup());
    }
    return out;
}

void Workshop::commit(CommittedBatch& batch)
{
    std::vector<LeafMatrix> leaves;
    std::vector<Matrix> coefficients;
    for (const CommittedMatrix& matrix : batch.matrices) {
        const Matrix* columns = &matrix.columns;
        const unsigned log = columns->log - keptLogBlowup();
        LeafMatrix leaf{{}, log + m_logBlowup, std::size_t{1} << log, nullptr};
        if (!keepsAll()) {
            columns = &coefficients.emplace_back(coefficientsOf(*columns));
            leaf.extension = &extension(log, m_logBlowup);
        }
        for (std::size_t c = 0; c < columns->width; ++c) leaf.columns.push_back(columns->column(c));
        leaves.push_back(std::move(leaf));
    }
    batch.tree.emplace(leaves, m_logBlowup, hashOptions());
}

std::vector<std::vector<Element>> RowReader::rows(const CommittedMatrix& matrix)
{
    const Matrix& columns = matrix.columns;
    const unsigned log = columns.log - m_workshop.keptLogBlowup();
    const unsigned logDomain = log + m_workshop.logBlowup();
    std::vector<std::vector<Element>> out(m_positions.size(), std::vector<Element>(columns.width));
    if (m_workshop.keepsAll()) {
        for (std::size_t q = 0; q < out.size(); ++q) {
            const std::size_t e = m_positions[q] & ((std::size_t{1} << logDomain) - 1);
            const std::size_t at = addressOf(e, logDomain, m_workshop.logBlowup());
            for (std::size_t c = 0; c < columns.width; ++c) out[q][c] = columns.at(at, c);
        }
        return out;
    }
    const Matrix& by = weights(log);
    parallelFor(m_workshop.threads(), columns.width, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t c = begin; c < end && !m_workshop.canceled(); ++c) {
            for (std::size_t q = 0; q < out.size(); q += 4) {
                std::array<Element, 4> sums;
                m_workshop.starkKernels().dot(field::wordsOf(columns.column(c)), field::wordsOf(by.column(q)),
                                              by.rows(), by.rows(), field::wordsOf(sums.data()));
                for (std::size_t k = 0; k < 4 && q + k < out.size(); ++k) out[q + k][c] = sums[k];
            }
        }
    });
    return out;
}

// A column for each position x, filled up to whole groups of four: its sum with p's values on the first coset is p(x), which is
// ((x / s)^n - 1) / n * the sum of p(y) y / (x - y) over the points y of that coset.
const Matrix& RowReader::weights(unsigned log)
{
    const auto found = m_weights.find(log);
    if (found != m_weights.end()) return found->second;
    Matrix out((m_positions.size() + 3) / 4 * 4, log);
    const std::size_t n = out.rows();
    const unsigned logDomain = log + m_workshop.logBlowup();
    const std::vector<Element>& points = m_workshop.points(log);
    parallelFor(m_workshop.threads(), m_positions.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t q = begin; q < end; ++q) {
            const std::size_t e = m_positions[q] & ((std::size_t{1} << logDomain) - 1);
            if ((e & ((std::size_t{1} << m_workshop.logBlowup()) - 1)) == 0) {
                out.at(e >> m_workshop.logBlowup(), q) =
                    Element::from(1); // a point of the first coset itself
                continue;
            }
            const Element within = Element::rootOfUnity(logDomain).power(static_cast<std::uint32_t>(e));
            const Element scale = (within.power(static_cast<std::uint32_t>(n)) - Element::from(1)) *
                                  Element::from(static_cast<std::uint32_t>(n)).inverse();
            const std::span<Element> column(out.column(q), n);
            for (std::size_t i = 0; i < n; ++i) column[i] = domainShift() * within - points[i];
            field::invertAll<Element>(column);
            for (std::size_t i = 0; i < n; ++i) column[i] *= scale * points[i];
        }
    });
    return m_weights.emplace(log, std::move(out)).first->second;
}

} // namespace bowline::stark
