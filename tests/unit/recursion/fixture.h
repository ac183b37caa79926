// SPDX-License-Identifier: MIT
// A proof of the example system and the program that verifies it.
#pragma once

#include "core/recursion/machine.h"
#include "core/recursion/witness.h"
#include "core/stark/verifier.h"
#include "tests/unit/stark/example.h"

namespace bowline::test {

struct VerifiedExample {
    Example example;
    stark::ProvingKey key;
    stark::Proof proof;
    stark::Shape shape;
    recursion::Program program;

    explicit VerifiedExample(Example e = makeExample())
        : example(std::move(e)), key(*stark::ProvingKey::make(example.system)),
          proof(*stark::prove(key, example.traces, example.publicValues)),
          shape(*stark::Shape::make(key.verifying(), proof.heights)),
          program(*recursion::verifierProgram(key.verifying(), shape))
    {
    }
    [[nodiscard]] recursion::Stream stream(const stark::Proof& p) const
    {
        recursion::Stream out;
        if (!recursion::appendProof(out, key.verifying(), shape, p).ok()) out.clear();
        return out;
    }
    /// Why the native verifier refuses it; "accepted" if it does not.
    [[nodiscard]] std::string native(const stark::Proof& p, const std::vector<Element>& values) const
    {
        const base::Status status = stark::verifyProof(key.verifying(), values, p);
        return status.ok() ? "accepted" : status.error().detail;
    }
    /// The same by the circuit.
    [[nodiscard]] std::string circuit(const stark::Proof& p, const std::vector<Element>& values) const
    {
        const auto execution = recursion::execute(program, stream(p), values);
        return execution.ok() ? "accepted" : execution.error().detail;
    }
};

} // namespace bowline::test
