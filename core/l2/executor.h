// SPDX-License-Identifier: MIT
// Runs the state transition program (guest/stf), the only engine that executes batches. The executor prepares the
// part of the state that a batch touches, applies the changes that the program reports, and believes none of it
// before the root computed here equals the header's.
#pragma once

#include "core/l2/genesis.h"
#include "core/l2/statement.h"
#include "core/l2/stf_program.h"

#include <variant>

namespace bowline::l2 {

/// A transaction that a proposed batch left out.
struct RejectedTransaction {
    std::uint32_t index = 0; // in the proposal
    TxHash hash;
    std::string reason; // a stable code, such as "nonce-low"
};

/// The effect of one batch.
struct Execution {
    BatchHeader header;
    BatchBody body; // what the header commits to: in a proposal, without the rejected transactions
    std::vector<Receipt> receipts;
    std::vector<StateObject> changes;
    std::vector<RejectedTransaction> rejected;
    StateTree state; // after the batch
    Statement statement;
    unsigned runs = 0; // of the program, more than one when it asked for state that was not given
};

/// The batch breaks a rule; nothing was changed.
struct InvalidBatch {
    std::optional<std::uint32_t> transaction; // index, if it is a transaction's fault
    std::string reason;                       // a stable code
};
using ExecutionResult = std::variant<Execution, InvalidBatch>;

class StfExecutor {
public:
    StfExecutor(NetworkParams params, StfProgramPtr program);

    /// Batch 0 by the program; compared with genesisHeader().
    [[nodiscard]] Result<Execution> genesis() const;
    /// The sequencer's way: applies what can be applied and leaves the rest out. An InvalidBatch is the fault
    /// of the L1 section or of `time`, which must be later than the parent's.
    [[nodiscard]] Result<ExecutionResult> propose(const BatchHeader& parent, const StateTree& state,
                                                  std::uint64_t time, const BatchBody& candidate) const;
    /// The follower's way: every transaction must apply and the header must come out as given. Signatures of
    /// the sequencer are not checked here.
    [[nodiscard]] Result<ExecutionResult> apply(const BatchHeader& parent, const StateTree& state,
                                                const BatchHeader& header, const BatchBody& body) const;

    [[nodiscard]] const NetworkParams& params() const { return m_params; }

private:
    NetworkParams m_params;
    StfProgramPtr m_program;
};

/// The objects that a batch will most likely read, from its transactions and the state.
[[nodiscard]] std::vector<StateKey> touchedKeys(const NetworkParams& params, BatchNumber parent,
                                                const StateTree& state, const BatchBody& body);

} // namespace bowline::l2
