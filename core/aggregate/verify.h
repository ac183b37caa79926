// SPDX-License-Identifier: MIT
// Checks proofs of spans outside of a circuit: lifts and joins alike.
#pragma once

#include "core/aggregate/form.h"
#include "core/aggregate/span.h"
#include "core/proving/verifier.h"

#include <span>

namespace bowline::aggregate {

class SpanVerifier {
public:
    /// Accepts proofs under these keys alone; that they are the right ones is the caller's business.
    [[nodiscard]] static Result<SpanVerifier> make(const KeySet& keys,
                                                   std::span<const recursion::MachineForm> forms = kForms);

    /// What a join's circuit checks of each child, and that the span is written in the one way that it has.
    [[nodiscard]] base::Status verify(const SpanProof& proof) const;
    /// And that it is a whole execution of this program: from its first state until it halts, with this exit code (rule B11).
    /// Its public values hang on the root after it: proving::checkResult.
    [[nodiscard]] base::Status verifyExecution(const SpanProof& proof,
                                               const proving::ProgramCommitment& program,
                                               std::uint32_t exitCode = 0) const;

private:
    struct Form {
        stark::Heights heights;
        stark::VerifyingKey key; // digest and commitment are nobody's
    };
    explicit SpanVerifier(KeySet keys) : m_keys(std::move(keys)) {}

    KeySet m_keys;
    std::vector<Form> m_forms;
};

} // namespace bowline::aggregate
