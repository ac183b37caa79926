// SPDX-License-Identifier: MIT
// Making proofs. Nothing is hidden: a proof is short, but it is no zero-knowledge proof.
#pragma once

#include "core/stark/commitment.h"
#include "core/stark/proof.h"

namespace bowline::stark {

/// Traces or public values have not the form that the system asks for: the caller's mistake.
inline constexpr base::ErrorCode kBadTrace{"stark.bad-trace"};

struct ProverOptions {
    field::Backend backend = field::kernels().backend;
    unsigned threads = 1;
    Cancel cancel = nullptr; // once it is true, making keys and proofs ends within a fraction of a second
};

/// Left off because ProverOptions::cancel became true.
inline constexpr base::ErrorCode kCanceled{"stark.canceled"};

/// A system with its preprocessed columns committed.
class ProvingKey {
public:
    [[nodiscard]] static base::Result<ProvingKey> make(System system, const ProverOptions& options = {});

    [[nodiscard]] const System& system() const { return m_system; }
    [[nodiscard]] const VerifyingKey& verifying() const { return m_verifying; }
    [[nodiscard]] const CommittedBatch& preprocessed() const { return m_preprocessed; }

private:
    System m_system;
    VerifyingKey m_verifying;
    CommittedBatch m_preprocessed;
};

/// One matrix a chip, of its width; none leaves the chip out.
using Traces = std::vector<std::optional<Matrix>>;

/// The proof that the traces satisfy the system. Does not look whether they do: if not, the proof is refused.
[[nodiscard]] base::Result<Proof> prove(const ProvingKey& key, const Traces& traces,
                                        std::span<const Element> publicValues,
                                        const ProverOptions& options = {});

} // namespace bowline::stark
