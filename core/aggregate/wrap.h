// SPDX-License-Identifier: MIT
// The last layer: a small proof that a proof of the recursion machine was verified, for who checks it on a desktop.
//
// Two steps. The first verifies the given proof and is proven with Poseidon2 and a larger blowup, which halves what there is to
// verify; the second verifies that one and is proven with BLAKE3, as nothing verifies it in a circuit. The public values
// are those of the given proof. docs/recursion.md, "Wrap", has the figures.
#pragma once

#include "core/recursion/machine.h"
#include "core/stark/pruned.h"

#include <memory>

namespace bowline::aggregate {

using base::Result;
using field::DigestWords;
using field::Element;

/// The bytes are no wrapped proof, or one for another key.
inline constexpr base::ErrorCode kBadWrap{"aggregate.bad-wrap"};
/// The key asks for a proof that is none of a wrap.
inline constexpr base::ErrorCode kBadWrapKey{"aggregate.bad-wrap-key"};

struct WrapParameters {
    stark::Parameters first;
    stark::Parameters last;
};

/// Blowup 16, then 128. At least 100 proven bits each by Johnson's bound, for the heights that proofs of lifts come to.
inline constexpr WrapParameters kWrapParameters{
    {4, 45, 16, 12, 22, 18, 22},
    {7, 24, 20, 16, 26, 21, 26, stark::HashKind::Blake3, 7},
};

/// No wrapped proof is longer; far above what any has.
inline constexpr std::size_t kMaxWrapBytes = std::size_t{1} << 20U;

/// A wrapped proof as a file: magic "BWLWRAPP", version 1 (2 bytes), the first two words of the key's digest (8 bytes), number
/// of public values (2 bytes), the public values and then stark::encodePruned. Integers are little-endian, elements 31 bits.
struct WrapFile {
    std::vector<Element> publicValues;
    stark::PrunedProof proof;

    /// kBadWrap, or what decodePruned says. Nothing follows the proof, and there is one encoding.
    [[nodiscard]] static Result<WrapFile> decode(const stark::VerifyingKey& key, base::ByteView bytes);
    [[nodiscard]] static base::Bytes encode(const stark::VerifyingKey& key,
                                            std::span<const Element> publicValues, base::ByteView proof);
};

/// Decodes, verifies, and returns the public values: they are proven then, and say nothing about whose they are.
[[nodiscard]] Result<std::vector<Element>> verifyWrapped(const stark::VerifyingKey& key, base::ByteView file);

/// What the key of wrapped proofs is made of: all that a verifier has to know of the last step's program.
struct WrapKey {
    std::size_t publicValues = 0;
    recursion::MachineHeights heights{};
    DigestWords columns{}; // the commitment to the program's preprocessed columns
};
/// The same key as that of the wrap, made without a prover.
[[nodiscard]] Result<stark::VerifyingKey>
verifyingKeyOf(const WrapKey& wrap, const stark::Parameters& parameters = kWrapParameters.last);

/// Wraps proofs of one key and shape.
class Wrap {
public:
    /// The key is one of the recursion machine's or of any other system without chips left out.
    [[nodiscard]] static Result<std::unique_ptr<Wrap>>
    make(const stark::VerifyingKey& inner, const stark::Heights& heights,
         const WrapParameters& parameters = kWrapParameters, const stark::ProverOptions& options = {});

    /// The key of wrapped proofs, and what it can be made of (verifyingKeyOf).
    [[nodiscard]] const stark::VerifyingKey& key() const { return m_last.machine->key().verifying(); }
    [[nodiscard]] WrapKey wrapKey() const
    {
        return {key().publicValues, m_last.heights, *key().preprocessed};
    }
    [[nodiscard]] const recursion::Machine& first() const { return *m_first.machine; }
    [[nodiscard]] const recursion::Machine& last() const { return *m_last.machine; }

    /// kRejected (recursion) if the proof is none for these public values.
    [[nodiscard]] Result<stark::Proof> proveFirst(std::span<const Element> publicValues,
                                                  const stark::Proof& inner,
                                                  const stark::ProverOptions& options = {}) const;
    /// Of what proveFirst made.
    [[nodiscard]] Result<base::Bytes> proveLast(std::span<const Element> publicValues,
                                                const stark::Proof& first,
                                                const stark::ProverOptions& options = {}) const;
    /// Both: the file. It has been verified.
    [[nodiscard]] Result<base::Bytes> prove(std::span<const Element> publicValues, const stark::Proof& inner,
                                            const stark::ProverOptions& options = {}) const;

private:
    // Verifies proofs of one key and shape.
    struct Layer {
        stark::VerifyingKey inner;
        stark::Shape shape;
        std::unique_ptr<recursion::Program> program; // the machine refers to it
        recursion::MachineHeights heights{};         // of the machine's tables
        std::optional<recursion::Machine> machine;

        [[nodiscard]] static Result<Layer> make(const stark::VerifyingKey& inner,
                                                const stark::Heights& heights,
                                                const stark::Parameters& parameters,
                                                const stark::ProverOptions& options);
        [[nodiscard]] Result<stark::Proof> prove(std::span<const Element> publicValues,
                                                 const stark::Proof& proof,
                                                 const stark::ProverOptions& options) const;
    };

    Wrap() = default;

    Layer m_first;
    Layer m_last;
};

/// Heights to which a program's tables are filled up, so that FRI has fewer steps: the tallest one's, the next one's below
/// it, and from there on three less at a time, as FRI folds by eight. `logs` are the program's least.
[[nodiscard]] recursion::MachineHeights alignedLogs(const recursion::MachineHeights& logs, unsigned logFinal);

} // namespace bowline::aggregate
