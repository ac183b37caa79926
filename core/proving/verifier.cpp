// SPDX-License-Identifier: MIT
#include "core/proving/verifier.h"

#include "core/stark/verifier.h"
#include "core/zkvm/machine.h"

namespace bowline::proving {

using base::makeError;

base::Status verifyShard(const chips::Statement& statement, base::ByteView bytes, bool last,
                         const stark::VerifyingKey& key)
{
    if (statement.halted != last)
        return makeError(kRejected, last ? "the execution is not at its end" : "shards behind the end");
    if (statement.halted && (statement.pcAfter != 0 || statement.npcAfter != 0))
        return makeError(kRejected, "halted, and yet somewhere");
    if (!statement.halted && statement.exitCode != 0)
        return makeError(kRejected, "an exit code before the end");
    BOWLINE_TRY(const stark::CompactProof proof, stark::decodeCompact(key, bytes));
    for (const auto& height : proof.heights) {
        if (height.value_or(0) > chips::kMaxTableLog) return makeError(kRejected, "a table is too tall");
    }
    if (!chips::timesAreSafe(proof.heights))
        return makeError(kRejected, "tables so tall that times could wrap");
    return stark::verifyProof(key, statement.publicValues(), proof);
}

base::Status checkResult(const ResultOpening& result, const zkvm::NodeDigest& root, base::ByteView journal)
{
    if (result.root() != root) return makeError(kRejected, "the result is not under the memory's root");
    const field::FieldDigest digest = field::hashBytes(zkvm::kJournalTag, journal);
    const auto words = field::elementsOf(digest.view());
    for (std::size_t i = 0; i < words.size(); ++i) {
        if (result.leaves[0][i] != words[i].value())
            return makeError(kRejected, "the public values are not those of the result");
    }
    if (result.leaves[1][0] != journal.size())
        return makeError(kRejected, "the public values have another length");
    return base::success();
}

Result<Verified> verifyExecution(const ExecutionProof& proof, const field::FieldDigest& id,
                                 const stark::VerifyingKey& key)
{
    if (proof.program.id() != id) return makeError(kRejected, "a proof of another program");
    if (proof.program.kernelVersion != zkvm::kKernelVersion)
        return makeError(kRejected, "a program with another kernel version");
    if (key.preprocessed != proof.program.tables) return makeError(kRejected, "the key is another program's");
    if (proof.shards.empty()) return makeError(kRejected, "no shards");
    chips::Statement before;
    before.pcAfter = proof.program.pc;
    before.npcAfter = proof.program.npc;
    before.rootAfter = proof.program.root;
    for (std::size_t i = 0; i < proof.shards.size(); ++i) {
        const chips::Statement& statement = proof.shards[i].statement;
        if (statement.pcBefore != before.pcAfter || statement.npcBefore != before.npcAfter ||
            statement.rootBefore != before.rootAfter)
            return makeError(kRejected,
                             "shard " + std::to_string(i) + " does not start where the last one ended");
        const base::Status status =
            verifyShard(statement, proof.shards[i].proof, i + 1 == proof.shards.size(), key);
        if (!status.ok())
            return makeError(kRejected, "shard " + std::to_string(i) + ": " + status.error().detail);
        before = statement;
    }
    BOWLINE_CHECK(checkResult(proof.result, proof.shards.back().statement.rootAfter, proof.journal));
    return Verified{id, proof.shards.back().statement.exitCode, proof.journal, proof.instructions()};
}

Result<Verified> verifyExecution(base::ByteView file, const field::FieldDigest& id,
                                 const stark::Parameters& parameters)
{
    BOWLINE_TRY(const ExecutionProof proof, ExecutionProof::decode(file));
    if (proof.program.id() != id) return makeError(kRejected, "a proof of another program");
    BOWLINE_TRY(const stark::VerifyingKey key, verifyingKeyOf(proof.program, parameters));
    return verifyExecution(proof, id, key);
}

} // namespace bowline::proving
