// SPDX-License-Identifier: MIT
// A proof of the recursion machine inside of a circuit: its public values, its key's place in the set of keys, and the proof.
#pragma once

#include "core/aggregate/key_set.h"
#include "core/recursion/machine.h"
#include "core/recursion/witness.h"

namespace bowline::aggregate {

/// What proofs of one form have in common. Digest and commitment of the key stand for no program's.
struct ChildForm {
    stark::VerifyingKey key;
    stark::Shape shape;

    /// kTooTall (recursion) for a form without heights.
    [[nodiscard]] static Result<ChildForm> make(const recursion::MachineForm& form, std::size_t publicValues);
    /// The digest of the key with this commitment.
    [[nodiscard]] DigestWords keyDigest(const DigestWords& program) const;
};

/// A proof from outside: `program` is the commitment of its machine's preprocessed columns.
struct Child {
    std::vector<Element> values;
    const DigestWords* program = nullptr;
    const stark::Proof* proof = nullptr;
};

/// A child as it comes from the circuit's stream.
struct ChildWires {
    using Circuit = recursion::Circuit;
    std::vector<Circuit::Felt> values;
    Circuit::Digest program;
    std::vector<Circuit::Bit> place;
    std::vector<Circuit::Digest> path;
    recursion::ProofWires proof;

    [[nodiscard]] static ChildWires next(Circuit& circuit, const ChildForm& form);
    /// The child's key is in the set, and its proof is one under this key, whose digest is returned.
    [[nodiscard]] Circuit::Digest verify(Circuit& circuit, const ChildForm& form,
                                         const Circuit::Digest& keySet) const;
};

/// Elements from the stream, four to a word; and the other side of it.
[[nodiscard]] std::vector<recursion::Circuit::Felt> nextElements(recursion::Circuit& circuit,
                                                                 std::size_t count);
void appendElements(recursion::Stream& stream, const std::vector<Element>& elements);

/// The other side of ChildWires::next. kKeyNotInSet, or kBadWitness (recursion) for a proof of another form.
[[nodiscard]] base::Status appendChild(recursion::Stream& stream, const ChildForm& form, const KeySet& keys,
                                       const Child& child);

} // namespace bowline::aggregate
