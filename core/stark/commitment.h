// SPDX-License-Identifier: MIT
// The prover's side of a commitment: columns on the larger domain under one Merkle tree.
#pragma once

#include "core/field/ntt.h"
#include "core/stark/kernels.h"
#include "core/stark/merkle.h"

#include <map>

namespace bowline::stark {

/// Columns of one chip on the kept part of the larger domain, 2^columns.log points, coset by coset.
struct CommittedMatrix {
    std::size_t chip = 0;
    Matrix columns;
};

struct CommittedBatch {
    std::vector<CommittedMatrix> matrices;
    std::optional<MerkleTree> tree;

    [[nodiscard]] const CommittedMatrix* of(std::size_t chip) const;
};

/// How much of a domain the prover keeps: a domain of the same shift.
[[nodiscard]] constexpr unsigned keptLogBlowupOf(unsigned logBlowup) { return logBlowup > 2 ? 1 : logBlowup; }

/// What all steps of one proof share: kernels, threads, and tables of each height.
///
/// Of a domain of more than 4 n points two cosets are kept, those that the quotient is worked out on: the n points of one fix
/// a polynomial. The rest is computed while it is hashed, and where a query looks (RowReader). With a blowup of 128 everything
/// would be gigabytes, which take longer to get from the system than to compute.
class Workshop {
public:
    Workshop(const Parameters& parameters, field::Backend backend, unsigned threads, Cancel cancel = nullptr);

    [[nodiscard]] unsigned logBlowup() const { return m_logBlowup; }
    [[nodiscard]] unsigned keptLogBlowup() const { return keptLogBlowupOf(m_logBlowup); }
    [[nodiscard]] bool keepsAll() const { return keptLogBlowup() == m_logBlowup; }
    [[nodiscard]] unsigned threads() const { return m_threads; }
    [[nodiscard]] const field::Kernels& kernels() const { return m_kernels; }
    [[nodiscard]] const StarkKernels& starkKernels() const { return m_starkKernels; }
    [[nodiscard]] HashOptions hashOptions() const { return {&m_kernels, m_threads, m_cancel, m_hash}; }
    /// Everything computed since then is incomplete.
    [[nodiscard]] bool canceled() const { return isCanceled(m_cancel); }

    /// The columns on the part that is kept.
    [[nodiscard]] Matrix extend(const Matrix& values);
    /// The same for columns of bit-reversed coefficients.
    [[nodiscard]] Matrix extendCoefficients(const Matrix& coefficients);
    /// All of the larger domain.
    [[nodiscard]] Matrix extendCoefficientsWholly(const Matrix& coefficients);
    /// The points for 2^log rows that are kept, coset by coset.
    [[nodiscard]] const std::vector<Element>& points(unsigned log);
    /// To all of the larger domain.
    void commit(CommittedBatch& batch);

private:
    [[nodiscard]] const field::LowDegreeExtension& extension(unsigned log, unsigned logBlowup);
    [[nodiscard]] Matrix extendedBy(const Matrix& coefficients, unsigned logBlowup);
    [[nodiscard]] Matrix coefficientsOf(const Matrix& kept) const;

    unsigned m_logBlowup;
    HashKind m_hash;
    const field::Kernels& m_kernels;
    const StarkKernels& m_starkKernels;
    unsigned m_threads;
    Cancel m_cancel;
    std::map<std::pair<unsigned, unsigned>, field::LowDegreeExtension> m_extensions;
    std::map<unsigned, std::vector<Element>> m_points;
};

/// The rows of committed columns at some positions of the larger domain.
class RowReader {
public:
    RowReader(Workshop& workshop, std::vector<std::size_t> positions)
        : m_workshop(workshop), m_positions(std::move(positions))
    {
    }
    /// Of a matrix of 2^log rows by position, which of larger domains stands for its remainder.
    [[nodiscard]] std::vector<std::vector<Element>> rows(const CommittedMatrix& matrix);

private:
    [[nodiscard]] const Matrix& weights(unsigned log);

    Workshop& m_workshop;
    std::vector<std::size_t> m_positions;
    std::map<unsigned, Matrix> m_weights;
};

/// Committed domains are cosets by this element: never a trace domain.
[[nodiscard]] constexpr Element domainShift() { return Element::from(Element::kGenerator); }

} // namespace bowline::stark
