// SPDX-License-Identifier: MIT
#include "core/aggregate/verify.h"

#include "core/stark/verifier.h"

#include <algorithm>

namespace bowline::aggregate {

using base::makeError;

Result<SpanVerifier> SpanVerifier::make(const KeySet& keys, std::span<const recursion::MachineForm> forms)
{
    SpanVerifier out(keys);
    for (const recursion::MachineForm& form : forms) {
        Form known;
        BOWLINE_TRY(known.key, recursion::keyOfForm(form, Span::kValues));
        known.heights = {form.heights->begin(), form.heights->end()};
        out.m_forms.push_back(std::move(known));
    }
    return out;
}

base::Status SpanVerifier::verify(const SpanProof& proof) const
{
    if (proof.span.keySet != m_keys.root()) return makeError(kRejected, "under another set of keys");
    if (!proof.span.isCanonical()) return makeError(kRejected, "a number that is no element");
    const auto form = std::find_if(m_forms.begin(), m_forms.end(),
                                   [&](const Form& known) { return known.heights == proof.proof.heights; });
    if (form == m_forms.end()) return makeError(kRejected, "a proof of another form");
    const stark::VerifyingKey key = recursion::withCommitment(form->key, proof.program);
    if (!m_keys.contains(key.digest)) return makeError(kRejected, "a key that is not in the set");
    const base::Status status = stark::verifyProof(key, proof.span.publicValues(), proof.proof);
    if (!status.ok()) return makeError(kRejected, status.error().detail);
    return base::success();
}

base::Status SpanVerifier::verifyExecution(const SpanProof& proof, const proving::ProgramCommitment& program,
                                           std::uint32_t exitCode) const
{
    const chips::Statement& shard = proof.span.shard;
    if (proof.span.tables != program.tables || proof.span.programLog != program.programLog)
        return makeError(kRejected, "of another program");
    if (program.kernelVersion != zkvm::kKernelVersion)
        return makeError(kRejected, "a program with another kernel version");
    if (shard.rootBefore != program.root || shard.pcBefore != program.pc || shard.npcBefore != program.npc)
        return makeError(kRejected, "not from the program's start");
    if (!shard.halted) return makeError(kRejected, "the execution is not at its end");
    if (shard.exitCode != exitCode) return makeError(kRejected, "another exit code");
    return verify(proof);
}

} // namespace bowline::aggregate
