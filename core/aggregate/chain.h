// SPDX-License-Identifier: MIT
// The chain: a proof by the recursion machine that a chain's proof, or the genesis, was verified, and a batch's proof, and that
// the batch follows. One proof for the whole history.
#pragma once

#include "core/aggregate/chain_state.h"
#include "core/aggregate/child.h"
#include "core/aggregate/form.h"

#include <memory>

namespace bowline::aggregate {

struct ChainProof {
    ChainState state;
    DigestWords program{}; // commitment to the preprocessed columns: of the chain's program, or the genesis's
    stark::Proof proof;
};

/// The first proof of a chain: its state is this one, word for word, but for the keys, which are whatever the chain has.
class Genesis {
public:
    /// `state`: batch 0. Its keys are not looked at.
    [[nodiscard]] static Result<std::unique_ptr<Genesis>>
    make(const ChainState& state, const recursion::MachineForm& form = kChainForm,
         const stark::ProverOptions& options = {});
    [[nodiscard]] const recursion::Program& program() const { return m_program; }
    [[nodiscard]] const stark::VerifyingKey& key() const { return m_machine->key().verifying(); }
    [[nodiscard]] Result<ChainProof> prove(const DigestWords& keySet, const DigestWords& chainKey,
                                           const stark::ProverOptions& options = {}) const;

private:
    Genesis() = default;

    ChainState m_state;
    recursion::Program m_program;
    std::optional<recursion::Machine> m_machine;
};

/// Of a chain's proofs, and of those of batches: whole executions that were joined at least once.
struct ChainForms {
    recursion::MachineForm chain = kChainForm;
    recursion::MachineForm batch = kJoinForm;
};

[[nodiscard]] Result<recursion::Program> chainProgram(const ChainForms& forms);

class Chain {
public:
    [[nodiscard]] static Result<std::unique_ptr<Chain>> make(const ChainForms& forms = {},
                                                             const stark::ProverOptions& options = {});
    [[nodiscard]] const recursion::Program& program() const { return m_program; }
    [[nodiscard]] const recursion::Machine& machine() const { return *m_machine; }
    [[nodiscard]] const stark::VerifyingKey& key() const { return m_machine->key().verifying(); }

    /// What fills the program for these two, whatever they say. kKeyNotInSet, or kBadWitness (recursion) for other forms or a
    /// journal of another length.
    [[nodiscard]] Result<recursion::Stream> stream(const KeySet& keys, const ChainProof& before,
                                                   const BatchProof& batch) const;
    /// kDoesNotFollow, or kRejected (recursion) with the reason.
    [[nodiscard]] Result<recursion::Execution> execute(const KeySet& keys, const ChainProof& before,
                                                       const BatchProof& batch) const;
    [[nodiscard]] Result<ChainProof> prove(const KeySet& keys, const ChainProof& before,
                                           const BatchProof& batch,
                                           const stark::ProverOptions& options = {}) const;

private:
    Chain() = default;

    recursion::Program m_program;
    ChildForm m_chain;
    ChildForm m_batch;
    std::optional<recursion::Machine> m_machine;
};

/// What a client pins.
struct ChainPins {
    DigestWords keySet{};
    DigestWords chainKey{};
    base::ByteArray<32> chainId{};
    base::ByteArray<32> genesisHash{};
};

class ChainVerifier {
public:
    [[nodiscard]] static Result<ChainVerifier> make(const ChainPins& pins,
                                                    const recursion::MachineForm& form = kChainForm);
    /// That it is a proof of the pinned chain. Which program, Bitcoin block and batch it names is the caller's to judge.
    [[nodiscard]] base::Status verify(const ChainProof& proof) const;

private:
    ChainVerifier(const ChainPins& pins, ChildForm form) : m_pins(pins), m_form(std::move(form)) {}

    ChainPins m_pins;
    ChildForm m_form;
};

} // namespace bowline::aggregate
