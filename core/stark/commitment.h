// SPDX-License-Identifier: MIT
// The prover's side of a commitment: columns on the larger domain under one Merkle tree.
#pragma once

#include "core/field/ntt.h"
#include "core/stark/kernels.h"
#include "core/stark/merkle.h"

#include <map>

namespace bowline::stark {

/// Columns of one chip on a domain of 2^columns.log points, coset by coset.
struct CommittedMatrix {
    std::size_t chip = 0;
    Matrix columns;
};

struct CommittedBatch {
    std::vector<CommittedMatrix> matrices;
    std::optional<MerkleTree> tree;

    [[nodiscard]] const CommittedMatrix* of(std::size_t chip) const;
};

/// What all steps of one proof share: kernels, threads, and tables of each height.
class Workshop {
public:
    Workshop(const Parameters& parameters, field::Backend backend, unsigned threads, Cancel cancel = nullptr);

    [[nodiscard]] unsigned logBlowup() const { return m_logBlowup; }
    [[nodiscard]] unsigned threads() const { return m_threads; }
    [[nodiscard]] const field::Kernels& kernels() const { return m_kernels; }
    [[nodiscard]] const StarkKernels& starkKernels() const { return m_starkKernels; }
    [[nodiscard]] HashOptions hashOptions() const { return {&m_kernels, m_threads, m_cancel, m_hash}; }
    /// Everything computed since then is incomplete.
    [[nodiscard]] bool canceled() const { return isCanceled(m_cancel); }

    /// The columns on the larger domain.
    [[nodiscard]] Matrix extend(const Matrix& values);
    /// The same for columns of bit-reversed coefficients.
    [[nodiscard]] Matrix extendCoefficients(const Matrix& coefficients);
    /// The points of the larger domain for 2^log rows, coset by coset.
    [[nodiscard]] const std::vector<Element>& points(unsigned log);
    void commit(CommittedBatch& batch) const;

private:
    [[nodiscard]] const field::LowDegreeExtension& extension(unsigned log);

    unsigned m_logBlowup;
    HashKind m_hash;
    const field::Kernels& m_kernels;
    const StarkKernels& m_starkKernels;
    unsigned m_threads;
    Cancel m_cancel;
    std::map<unsigned, field::LowDegreeExtension> m_extensions;
    std::map<unsigned, std::vector<Element>> m_points;
};

/// Committed domains are cosets by this element: never a trace domain.
[[nodiscard]] constexpr Element domainShift() { return Element::from(Element::kGenerator); }

} // namespace bowline::stark
