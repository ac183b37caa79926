// SPDX-License-Identifier: MIT
#include "core/aggregate/chain_state.h"

#include "core/proving/verifier.h"
#include "core/zkvm/machine.h"

#include <algorithm>

namespace bowline::aggregate {

namespace {
[[nodiscard]] std::uint64_t numberOf(base::ByteView bytes)
{
    std::uint64_t out = 0;
    for (std::size_t i = bytes.size(); i-- > 0;) out = out << 8U | bytes[i];
    return out;
}

[[nodiscard]] base::ByteView viewOf(const base::Bytes& journal, const JournalField& field)
{
    return base::ByteView(journal).subspan(field.at, field.bytes);
}

[[nodiscard]] bool equal(base::ByteView a, base::ByteView b)
{
    return std::equal(a.begin(), a.end(), b.begin(), b.end());
}
} // namespace

std::vector<Element> ChainState::publicValues() const
{
    std::vector<Element> out;
    for (const DigestWords* digest : {&keySet, &chainKey, &program})
        out.insert(out.end(), digest->begin(), digest->end());
    for (std::size_t i = 0; i < kept.size(); i += 2)
        out.push_back(Element::from(static_cast<std::uint32_t>(numberOf({kept.data() + i, 2}))));
    return out;
}

base::ByteView ChainState::field(Kept field) const
{
    return {kept.data() + keptOffset(field), kKeptFields.at(std::size_t(field)).bytes};
}

std::uint64_t ChainState::number(Kept field) const { return numberOf(this->field(field)); }

DigestWords ChainState::nextProgram() const
{
    if (number(Kept::Activation) != number(Kept::Batch) + 1) return program;
    return field::elementsOf(field(Kept::NextProgram));
}

DigestWords programOf(const Span& span)
{
    proving::ProgramCommitment out;
    out.tables = span.tables;
    out.programLog = span.programLog;
    out.root = span.shard.rootBefore;
    out.pc = span.shard.pcBefore;
    out.npc = span.shard.npcBefore;
    out.kernelVersion = zkvm::kKernelVersion;
    return field::elementsOf(out.id().view());
}

Result<ChainState> advanced(const ChainState& before, const BatchProof& batch)
{
    const auto fail = [](const char* why) { return base::makeError(kDoesNotFollow, why); };
    const chips::Statement& shard = batch.span.span.shard;
    if (batch.span.span.keySet != before.keySet) return fail(reasons::kKeySet);
    if (!shard.halted || shard.exitCode != 0) return fail(reasons::kUnfinished);
    ChainState out = before;
    if (batch.journal.size() != kJournalBytes) return fail(reasons::kVersion);
    if (!proving::checkResult(batch.result, shard.rootAfter, batch.journal).ok())
        return fail(reasons::kResult);
    if (numberOf(viewOf(batch.journal, kVersionField)) != 1) return fail(reasons::kVersion);
    for (std::size_t i = 0; i < kKeptFields.size(); ++i) {
        const base::ByteView from = viewOf(batch.journal, kKeptFields[i]);
        std::copy(from.begin(), from.end(), out.kept.begin() + std::ptrdiff_t(keptOffset(Kept(i))));
    }
    for (const Kept field : {Kept::ChainId, Kept::GenesisHash}) {
        if (!equal(out.field(field), before.field(field))) return fail(reasons::kNetwork);
    }
    const std::uint64_t first = numberOf(viewOf(batch.journal, kFirstField));
    if (first == 0 || first - 1 != before.number(Kept::Batch) || out.number(Kept::Batch) != first)
        return fail(reasons::kNumber);
    if (!equal(viewOf(batch.journal, kPrevHashField), before.field(Kept::BatchHash)) ||
        !equal(viewOf(batch.journal, kPrevStateField), before.field(Kept::State)))
        return fail(reasons::kState);
    out.program = programOf(batch.span.span);
    // An announced id that is not written as one is nobody's.
    const bool due = before.number(Kept::Activation) == before.number(Kept::Batch) + 1;
    if (out.program != before.nextProgram() || (due && !field::isCanonical(before.field(Kept::NextProgram))))
        return fail(reasons::kProgram);
    return out;
}

} // namespace bowline::aggregate
