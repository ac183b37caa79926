// SPDX-License-Identifier: MIT
// The steps of prove(), in the order of the transcript; each takes what it reads and returns what it commits to.
#pragma once

#include "core/stark/challenger.h"
#include "core/stark/native.h"
#include "core/stark/program.h"
#include "core/stark/prover.h"

namespace bowline::stark {

using NativeChallenger = Challenger<Native>;

/// Where a dishonest prover would lie, for the tests that play one. All empty: the honest prover.
struct ProverHooks {
    std::function<void(BatchKind, CommittedBatch&)> columns; // before they are committed
    std::function<void(std::vector<Extension>&)> sums;       // of the chips, before they are absorbed
    std::function<void(Proof&)> values;                      // out of the domain, before they are absorbed
    std::function<void(std::size_t, std::span<Element>)>
        folded; // after folding step number .. and its roll-in
    std::function<void(std::vector<Extension>&)> finalPolynomial;
    bool work = true; // false: every nonce is 0
};
[[nodiscard]] base::Result<Proof> proveWith(const ProvingKey& key, const Traces& traces,
                                            std::span<const Element> publicValues,
                                            const ProverOptions& options, const ProverHooks& hooks);

/// LogUp's columns of one chip: 4 words a batch, the last the running sum; and what it sums to.
struct LogUpTrace {
    Matrix columns;
    Extension sum;
};
[[nodiscard]] LogUpTrace logUpTrace(Workshop& workshop, const Chip& chip, const Matrix& trace,
                                    std::span<const Element> publicValues, const LogUpChallenges& challenges);

/// A chip's columns on the larger domain.
struct ChipColumns {
    const Matrix* main = nullptr;
    const Matrix* preprocessed = nullptr; // may be absent
    const Matrix* logUp = nullptr;        // may be absent
    unsigned log = 0;                     // rows of the trace
};

/// The quotient's two halves as 8 columns of bit-reversed coefficients.
[[nodiscard]] Matrix quotientCoefficients(Workshop& workshop, const Chip& chip, const ChipColumns& columns,
                                          std::span<const Element> publicValues,
                                          const LogUpChallenges& challenges, const Extension& sum,
                                          const Extension& alpha);

/// Opens every batch: values out of the domain, FRI, queries. Fills the rest of the proof.
void openAndFold(Workshop& workshop, const VerifyingKey& key, const Shape& shape,
                 std::span<const CommittedBatch* const> batches, const Extension& point,
                 NativeChallenger& challenger, const ProverHooks& hooks, Proof& proof);

/// Does the work that a step asks for and absorbs its nonce.
[[nodiscard]] Element doWork(const Workshop& workshop, Step step, unsigned bits, const ProverHooks& hooks,
                             NativeChallenger& challenger);

/// An extension value as the kernels take it.
[[nodiscard]] inline std::array<std::uint32_t, 4> wordsOf(const Extension& x)
{
    return {x[0].residue(), x[1].residue(), x[2].residue(), x[3].residue()};
}
/// 1, x, x^2, ... below `count`, four words each.
[[nodiscard]] std::vector<std::uint32_t> powerWords(const Extension& first, const Extension& x,
                                                    std::size_t count);

} // namespace bowline::stark
