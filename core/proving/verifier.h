// SPDX-License-Identifier: MIT
// Checks proofs of executions.
#pragma once

#include "core/proving/proof.h"

namespace bowline::proving {

/// The proof proves nothing, or not this: the detail names the first check that failed.
inline constexpr base::ErrorCode kRejected{"proving.rejected"};

struct Verified {
    field::FieldDigest id;
    std::uint32_t exitCode = 0;
    base::Bytes journal;
    std::uint64_t instructions = 0;
};

/// Accepts if some answers to its hint primitives make the program with this id halt with the exit code and these
/// public values. That says nothing of programs that do not belong to you: see docs/zkvm.md, "What a proof says".
[[nodiscard]] Result<Verified> verifyExecution(base::ByteView file, const field::FieldDigest& id,
                                               const stark::Parameters& parameters = stark::kCoreParameters);

/// One shard by itself: the statement makes sense and the proof is one of it. `last`: it must have halted, or must not.
/// The detail names what is wrong.
[[nodiscard]] base::Status verifyShard(const chips::Statement& statement, base::ByteView proof, bool last,
                                       const stark::VerifyingKey& key);

/// The key can be used again for proofs of the same program.
[[nodiscard]] Result<Verified> verifyExecution(const ExecutionProof& proof, const field::FieldDigest& id,
                                               const stark::VerifyingKey& key);

/// The two leaves hang on a memory's root and hold digest and length of these public values.
[[nodiscard]] base::Status checkResult(const ResultOpening& result, const zkvm::NodeDigest& root,
                                       base::ByteView journal);

} // namespace bowline::proving
