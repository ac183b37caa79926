// SPDX-License-Identifier: MIT
// The steps of prove(), in the order of the transcript; each takes what it reads and returns what it commits to.
#pragma once

#include "core/stark/blake3.h"
#include "core/stark/challenger.h"
#include "core/stark/native.h"
#include "core/stark/program.h"
#include "core/stark/prover.h"

#include <atomic>

namespace bowline::stark {

template <typename Hash>
using NativeChallenger = Challenger<Native, typename Hash::Sponge>;

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

/// Opens every batch: values out of the domain, FRI, queries. Fills the rest of the proof. Hash is Poseidon2Hash<Native> or
/// Blake3Hash<Native>.
template <typename Hash>
void openAndFold(Workshop& workshop, const VerifyingKey& key, const Shape& shape,
                 std::span<const CommittedBatch* const> batches, const Extension& point,
                 NativeChallenger<Hash>& challenger, const ProverHooks& hooks, Proof& proof);

/// The least nonce below `to`, and not below `from`, that does a work of the bits of `mask`; `to` if there is none.
[[nodiscard]] std::uint32_t findNonce(const Workshop& workshop, const Poseidon2Sponge<Native>& sponge,
                                      std::uint32_t mask, std::uint32_t from, std::uint32_t to);
[[nodiscard]] std::uint32_t findNonce(const Workshop& workshop, const Blake3Sponge<Native>& sponge,
                                      std::uint32_t mask, std::uint32_t from, std::uint32_t to);

/// Does the work that a step asks for and absorbs its nonce: the least one there is, whatever the number of threads.
template <typename Transcript>
[[nodiscard]] Element doWork(const Workshop& workshop, Step step, unsigned bits, const ProverHooks& hooks,
                             Transcript& challenger)
{
    Element nonce;
    if (bits != 0 && hooks.work) {
        challenger.sponge().startWork();
        const std::uint32_t mask = (1U << bits) - 1;
        // 2^31 tries miss 27 bits of work with a chance of e^-16, 24 bits with one of e^-128.
        constexpr std::uint32_t kEnd = Element::kModulus - 1;
        constexpr std::uint32_t kPiece = 1U << 12U;
        std::atomic<std::uint32_t> found = kEnd;
        takePieces(workshop.threads(), kEnd, kPiece, [&](std::size_t begin, std::size_t end) {
            const auto last = static_cast<std::uint32_t>(end);
            const std::uint32_t n =
                findNonce(workshop, challenger.sponge(), mask, static_cast<std::uint32_t>(begin), last);
            std::uint32_t least = found;
            while (n < last && n < least && !found.compare_exchange_weak(least, n)) {
            }
            return found == kEnd && !workshop.canceled();
        });
        nonce = Element::from(found == kEnd ? 0 : found.load());
    }
    challenger.checkWork(step, nonce, bits);
    return nonce;
}

/// An extension value as the kernels take it.
[[nodiscard]] inline std::array<std::uint32_t, 4> wordsOf(const Extension& x)
{
    return {x[0].residue(), x[1].residue(), x[2].residue(), x[3].residue()};
}
/// 1, x, x^2, ... below `count`, four words each.
[[nodiscard]] std::vector<std::uint32_t> powerWords(const Extension& first, const Extension& x,
                                                    std::size_t count);

} // namespace bowline::stark
