// SPDX-License-Identifier: MIT
#include "core/stark/commitment.h"

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

const field::LowDegreeExtension& Workshop::extension(unsigned log)
{
    return m_extensions.try_emplace(log, log, m_logBlowup, domainShift(), m_kernels).first->second;
}

Matrix Workshop::extend(const Matrix& values)
{
    const field::LowDegreeExtension& lde = extension(values.log);
    Matrix out = Matrix::unset(values.width, values.log + m_logBlowup);
    parallelFor(m_threads, values.width, 1, [&](std::size_t begin, std::size_t end) {
        std::vector<Element> scratch(values.rows());
        for (std::size_t c = begin; c < end && !canceled(); ++c)
            lde.extend({values.column(c), values.rows()}, {out.column(c), out.rows()}, scratch);
    });
    return out;
}

Matrix Workshop::extendCoefficients(const Matrix& coefficients)
{
    const field::LowDegreeExtension& lde = extension(coefficients.log);
    Matrix out = Matrix::unset(coefficients.width, coefficients.log + m_logBlowup);
    parallelFor(m_threads, coefficients.width, 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t c = begin; c < end && !canceled(); ++c)
            lde.extendCoefficients({coefficients.column(c), coefficients.rows()},
                                   {out.column(c), out.rows()});
    });
    return out;
}

const std::vector<Element>& Workshop::points(unsigned log)
{
    std::vector<Element>& out = m_points[log];
    if (!out.empty()) return out;
    const std::size_t rows = std::size_t{1} << log;
    out.resize(rows << m_logBlowup);
    const Element root = Element::rootOfUnity(log);
    Element coset = domainShift();
    for (std::size_t r = 0; r < std::size_t{1} << m_logBlowup; ++r) {
        Element x = coset;
        for (std::size_t i = 0; i < rows; ++i, x *= root) out[r * rows + i] = x;
        coset *= Element::rootOfUnity(log + m_logBlowup);
    }
    return out;
}

void Workshop::commit(CommittedBatch& batch) const
{
    std::vector<LeafMatrix> leaves;
    for (const CommittedMatrix& matrix : batch.matrices) {
        LeafMatrix leaf{{}, matrix.columns.log, matrix.columns.rows() >> m_logBlowup};
        for (std::size_t c = 0; c < matrix.columns.width; ++c)
            leaf.columns.push_back(matrix.columns.column(c));
        leaves.push_back(std::move(leaf));
    }
    batch.tree.emplace(leaves, m_logBlowup, hashOptions());
}

} // namespace bowline::stark
