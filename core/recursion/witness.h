// SPDX-License-Identifier: MIT
// A proof as a circuit's wires, and as the stream of elements that they stand for: one walk makes both.
#pragma once

#include "core/recursion/circuit.h"
#include "core/stark/proof.h"

namespace bowline::recursion {

/// The proof's lists have other lengths than its shape says.
inline constexpr base::ErrorCode kBadWitness{"recursion.bad-witness"};

using ProofWires = stark::BasicProof<Circuit::Felt, Circuit::Ext>;

/// Takes the elements of a proof of this shape from the circuit's stream. Opened rows, siblings and paths are private.
[[nodiscard]] ProofWires proofWires(Circuit& circuit, const stark::VerifyingKey& key,
                                    const stark::Shape& shape);
/// Appends the same elements of a proof.
[[nodiscard]] base::Status appendProof(Stream& stream, const stark::VerifyingKey& key,
                                       const stark::Shape& shape, const stark::Proof& proof);

/// Records what stark::verifyProof checks of a proof of this shape for this very key.
[[nodiscard]] base::Result<Program> verifierProgram(const stark::VerifyingKey& key,
                                                    const stark::Shape& shape);

} // namespace bowline::recursion
