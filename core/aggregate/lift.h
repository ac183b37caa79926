// SPDX-License-Identifier: MIT
// The lift: a proof by the recursion machine that a shard's proof was verified. One program for all shards of one shape, of
// whatever guest program: what the core key hangs on of the guest is a public value.
#pragma once

#include "core/aggregate/form.h"
#include "core/aggregate/span.h"

#include <memory>

namespace bowline::aggregate {

/// A shard's shape that no verifier accepts, or a proof of another shape.
inline constexpr base::ErrorCode kBadShard{"aggregate.bad-shard"};

/// What the core key of a shard looks like: the guest's commitment aside, everything.
struct ShardShape {
    unsigned programLog = 0;
    stark::Heights heights;
    stark::Parameters parameters = stark::kCoreParameters;
};

/// Records the check of a shard's proof and of what proving::verifyExecution checks of each shard by itself. Refuses
/// shapes with tables too tall or times that could wrap.
[[nodiscard]] Result<recursion::Program> liftProgram(const ShardShape& shape);

class Lift {
public:
    [[nodiscard]] static Result<std::unique_ptr<Lift>> make(const ShardShape& shape,
                                                            const recursion::MachineForm& form = kLiftForm,
                                                            const stark::ProverOptions& options = {});

    [[nodiscard]] const recursion::Program& program() const { return m_program; }
    [[nodiscard]] const recursion::Machine& machine() const { return *m_machine; }
    [[nodiscard]] const stark::VerifyingKey& key() const { return m_machine->key().verifying(); }

    /// Verifies the shard's proof as the circuit does. kRejected (recursion) with the reason if it is none.
    [[nodiscard]] Result<recursion::Execution> execute(const Span& span, const stark::Proof& shard) const;
    [[nodiscard]] Result<SpanProof> prove(const Span& span, const stark::Proof& shard,
                                          const stark::ProverOptions& options = {}) const;

private:
    Lift() = default;

    recursion::Program m_program;
    stark::VerifyingKey m_core; // its digest and commitment stand for no program's
    stark::Shape m_shape;
    std::optional<recursion::Machine> m_machine;
};

} // namespace bowline::aggregate
