// SPDX-License-Identifier: MIT
// The join: a proof by the recursion machine that two proofs of spans were verified and follow each other. One program for all
// pairs of children of two given forms: which program a child is a proof of is advice, and must be in the set of keys.
#pragma once

#include "core/aggregate/child.h"
#include "core/aggregate/form.h"
#include "core/aggregate/span.h"

#include <memory>

namespace bowline::aggregate {

/// The form of the left child, of the right one, and of the join's own proofs.
struct JoinForms {
    recursion::MachineForm left = kLiftForm;
    recursion::MachineForm right = kLiftForm;
    recursion::MachineForm own = kJoinForm;
};

/// The program that checks, for children of these forms (heights given):
/// - the key of each, worked out from the form and the child's commitment, is in the set of keys that is a public value;
/// - each child's proof is accepted;
/// - the left one has not halted, and the right one starts where it ended: root, pc, npc;
/// - both and the whole are of one program (commitment, rows of code) and under one set of keys;
/// - the whole begins as the left one and ends as the right one.
[[nodiscard]] Result<recursion::Program> joinProgram(const recursion::MachineForm& left,
                                                     const recursion::MachineForm& right);

class Join {
public:
    [[nodiscard]] static Result<std::unique_ptr<Join>> make(const JoinForms& forms = {},
                                                            const stark::ProverOptions& options = {});

    [[nodiscard]] const recursion::Program& program() const { return m_program; }
    [[nodiscard]] const recursion::Machine& machine() const { return *m_machine; }
    /// Of the left one (0) or the right one (1).
    [[nodiscard]] const ChildForm& child(std::size_t side) const { return m_children.at(side); }
    [[nodiscard]] const stark::VerifyingKey& key() const { return m_machine->key().verifying(); }

    /// What fills the program for these two, whatever they say. kKeyNotInSet, or kBadWitness for a proof of another form.
    [[nodiscard]] Result<recursion::Stream> stream(const KeySet& keys, const SpanProof& left,
                                                   const SpanProof& right) const;
    /// Verifies both as the circuit does. kDoNotJoin, or kRejected (recursion) with the reason.
    [[nodiscard]] Result<recursion::Execution> execute(const KeySet& keys, const SpanProof& left,
                                                       const SpanProof& right) const;
    [[nodiscard]] Result<SpanProof> prove(const KeySet& keys, const SpanProof& left, const SpanProof& right,
                                          const stark::ProverOptions& options = {}) const;

private:
    Join() = default;

    recursion::Program m_program;
    std::array<ChildForm, 2> m_children; // left, right
    std::optional<recursion::Machine> m_machine;
};

} // namespace bowline::aggregate
