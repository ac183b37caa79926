// SPDX-License-Identifier: MIT
#include "core/prover/proofs.h"

#include "core/stark/verifier.h"
#include "core/tasks/service.h"

#include <algorithm>

namespace bowline::prover {

using aggregate::BatchProof;
using aggregate::ChainProof;
using aggregate::kForms;
using aggregate::ProofFile;
using aggregate::Span;
using aggregate::SpanProof;
using base::makeError;
using base::success;
using field::DigestWords;
using tasks::kWrongResult;

namespace {
constexpr std::size_t kJoined = kForms.size() - 1; // the place of kJoinForm
static_assert(kForms[kJoined].heights == aggregate::kJoinForm.heights);

// What an earlier task made. A file of another form is nobody's fault but the task graph's.
[[nodiscard]] Result<ProofFile> inputFile(ByteView bytes)
{
    auto file = ProofFile::decode(bytes);
    if (!file.ok()) return makeError(kBadInput, file.error().detail);
    return file;
}

struct SpanFile {
    std::size_t form = 0;
    SpanProof proof;
};
[[nodiscard]] Result<SpanFile> inputSpan(ByteView bytes)
{
    BOWLINE_TRY(ProofFile file, inputFile(bytes));
    if (file.form >= kForms.size()) return makeError(kBadInput, "no proof of a span");
    const auto span = aggregate::spanIn(file.values);
    if (!span.ok()) return makeError(kBadInput, span.error().detail);
    return SpanFile{file.form, {*span, file.program, std::move(file.proof)}};
}

[[nodiscard]] Result<ChainProof> inputChain(ByteView bytes)
{
    BOWLINE_TRY(ProofFile file, inputFile(bytes));
    if (file.form != ProofFile::kChain) return makeError(kBadInput, "no proof of a chain");
    const auto state = aggregate::chainStateIn(file.values);
    if (!state.ok()) return makeError(kBadInput, state.error().detail);
    return ChainProof{*state, file.program, std::move(file.proof)};
}

[[nodiscard]] Result<BatchProof> inputBatch(const ExecutionProof& plan, ByteView bytes)
{
    BOWLINE_TRY(SpanFile span, inputSpan(bytes));
    if (span.form != kJoined) return makeError(kBadInput, "a batch's proof is a join's");
    return BatchProof{std::move(span.proof), plan.result, plan.journal};
}

[[nodiscard]] Result<Span> spanUnder(const ProofNetwork& network, const ExecutionProof& plan,
                                     std::uint32_t index)
{
    BOWLINE_TRY(Span span, spanOf(plan, index));
    span.keySet = network.set.root();
    return span;
}

[[nodiscard]] Result<Bytes> fileOf(std::size_t form, const SpanProof& proof)
{
    return ProofFile{form, proof.program, proof.span.publicValues(), proof.proof}.encode();
}
} // namespace

Result<std::size_t> liftPlaceOf(const proven::ProofKeys& keys, const stark::Heights& heights)
{
    for (std::size_t i = 0; i < keys.lifts.size(); ++i) {
        if (keys.lifts[i].heights == heights) return i;
    }
    return makeError(kNoSuchShape, "a shard of a shape that has no lift");
}

Result<const stark::VerifyingKey*> ProofMaker::coreKey(const proving::ProgramCommitment& program)
{
    if (!m_core || m_core->first.tables != program.tables || m_core->first.programLog != program.programLog) {
        m_core.reset();
        BOWLINE_TRY(stark::VerifyingKey key, proving::verifyingKeyOf(program, stark::kCoreParameters));
        m_core.emplace(program, std::move(key));
    }
    return &m_core->second;
}

Result<Bytes> ProofMaker::lift(const ExecutionProof& plan, std::uint32_t index, ByteView shardProof)
{
    BOWLINE_TRY(const Span span, spanUnder(m_network, plan, index));
    BOWLINE_TRY(const stark::VerifyingKey* const core, coreKey(plan.program));
    const auto proof = stark::decode(*core, shardProof);
    if (!proof.ok()) return makeError(kBadInput, "shard's proof: " + proof.error().detail);
    BOWLINE_TRY(const std::size_t place, liftPlaceOf(m_network.keys, proof->heights));
    const std::size_t form = m_network.keys.lifts[place].form;
    std::unique_ptr<aggregate::Lift>& maker = m_lifts[place];
    if (!maker) {
        const aggregate::ShardShape shape{plan.program.programLog, proof->heights, stark::kCoreParameters};
        BOWLINE_TRY(maker, aggregate::Lift::make(shape, kForms.at(form), m_options));
    }
    BOWLINE_TRY(const SpanProof lifted, maker->prove(span, *proof, m_options));
    return fileOf(form, lifted);
}

Result<Bytes> ProofMaker::join(ByteView leftBytes, ByteView rightBytes)
{
    BOWLINE_TRY(const SpanFile left, inputSpan(leftBytes));
    BOWLINE_TRY(const SpanFile right, inputSpan(rightBytes));
    std::unique_ptr<aggregate::Join>& maker = m_joins[proven::ProofKeys::joinIndex(left.form, right.form)];
    if (!maker) {
        BOWLINE_TRY(maker,
                    aggregate::Join::make({kForms.at(left.form), kForms.at(right.form), aggregate::kJoinForm},
                                          m_options));
    }
    BOWLINE_TRY(const SpanProof joined, maker->prove(m_network.set, left.proof, right.proof, m_options));
    return fileOf(kJoined, joined);
}

Result<Bytes> ProofMaker::chain(const ExecutionProof& plan, std::optional<ByteView> before,
                                ByteView batchBytes)
{
    BOWLINE_TRY(const BatchProof batch, inputBatch(plan, batchBytes));
    ChainProof last;
    if (before) {
        BOWLINE_TRY(last, inputChain(*before));
    } else {
        BOWLINE_TRY(const auto genesis,
                    aggregate::Genesis::make(m_network.genesis, aggregate::kChainForm, m_options));
        BOWLINE_TRY(last, genesis->prove(m_network.set.root(), m_network.keys.chain, m_options));
    }
    if (!m_chain) {
        BOWLINE_TRY(m_chain, aggregate::Chain::make({}, m_options));
    }
    BOWLINE_TRY(const ChainProof chained, m_chain->prove(m_network.set, last, batch, m_options));
    return ProofFile{ProofFile::kChain, chained.program, chained.state.publicValues(), chained.proof}
        .encode();
}

Result<Bytes> ProofMaker::wrap(ByteView chain)
{
    BOWLINE_TRY(const ProofFile file, inputFile(chain));
    if (file.form != ProofFile::kChain) return makeError(kBadInput, "no proof of a chain");
    if (!m_wrap) {
        BOWLINE_TRY(const stark::VerifyingKey key, file.key());
        const recursion::MachineHeights& heights = *aggregate::kChainForm.heights;
        BOWLINE_TRY(m_wrap, aggregate::Wrap::make(key, stark::Heights(heights.begin(), heights.end()),
                                                  aggregate::kWrapParameters, m_options));
    }
    return m_wrap->prove(file.values, file.proof, m_options);
}

void ProofMaker::forget()
{
    m_core.reset();
    m_lifts.clear();
    m_joins.clear();
    m_chain.reset();
    m_wrap.reset();
}

Result<ProofChecker> ProofChecker::make(ProofNetwork network, proven::ChainRules rules)
{
    ProofChecker out(std::move(network), std::move(rules));
    for (std::size_t i = 0; i < out.m_forms.size(); ++i) {
        BOWLINE_TRY(out.m_forms[i], aggregate::keyOfPlace(i));
    }
    return out;
}

Status ProofChecker::verify(ByteView result, std::size_t form, const DigestWords& pinned,
                            const std::vector<field::Element>& values) const
{
    const auto file = ProofFile::decode(result);
    if (!file.ok()) return makeError(kWrongResult, file.error().detail);
    if (file->form != form) return makeError(kWrongResult, "a proof of another form");
    if (file->values != values) return makeError(kWrongResult, "a proof of something else");
    const stark::VerifyingKey key = recursion::withCommitment(m_forms.at(form), file->program);
    if (key.digest != pinned) return makeError(kWrongResult, "a proof under another key");
    const Status status = stark::verifyProof(key, values, file->proof);
    return status.ok() ? success() : Status(makeError(kWrongResult, status.error().detail));
}

Status ProofChecker::checkShape(ByteView shardProof, const stark::VerifyingKey& core) const
{
    const auto proof = stark::decode(core, shardProof);
    if (!proof.ok()) return makeError(kWrongResult, proof.error().detail);
    const auto place = liftPlaceOf(m_network.keys, proof->heights);
    return place.ok() ? success() : Status(makeError(kWrongResult, place.error().detail));
}

Status ProofChecker::checkLift(const ExecutionProof& plan, std::uint32_t index, ByteView shardProof,
                               const stark::VerifyingKey& core, ByteView result) const
{
    BOWLINE_TRY(const Span span, spanUnder(m_network, plan, index));
    BOWLINE_TRY(const aggregate::ShardShape shape, shapeOf(plan, shardProof, core));
    BOWLINE_TRY(const std::size_t place, liftPlaceOf(m_network.keys, shape.heights));
    const proven::LiftKey& lift = m_network.keys.lifts[place];
    return verify(result, lift.form, lift.key, span.publicValues());
}

Status ProofChecker::checkJoin(ByteView leftBytes, ByteView rightBytes, ByteView result) const
{
    BOWLINE_TRY(const SpanFile left, inputSpan(leftBytes));
    BOWLINE_TRY(const SpanFile right, inputSpan(rightBytes));
    const auto whole = aggregate::joined(left.proof.span, right.proof.span);
    if (!whole.ok()) return makeError(kBadInput, whole.error().detail);
    const std::size_t place = proven::ProofKeys::joinIndex(left.form, right.form);
    return verify(result, kJoined, m_network.keys.joins.at(place), whole->publicValues());
}

Status ProofChecker::checkChain(const ExecutionProof& plan, std::optional<ByteView> before,
                                ByteView batchBytes, ByteView result) const
{
    BOWLINE_TRY(const BatchProof batch, inputBatch(plan, batchBytes));
    aggregate::ChainState last = m_network.genesis;
    if (before) {
        BOWLINE_TRY(const ChainProof proof, inputChain(*before));
        last = proof.state;
    }
    const auto state = aggregate::advanced(last, batch);
    if (!state.ok()) return makeError(kBadInput, state.error().detail);
    return verify(result, ProofFile::kChain, m_network.keys.chain, state->publicValues());
}

Status ProofChecker::checkWrap(ByteView chain, ByteView result) const
{
    BOWLINE_TRY(const ProofFile file, inputFile(chain));
    const auto values = aggregate::verifyWrapped(m_rules.wrap, result);
    if (!values.ok()) return makeError(kWrongResult, values.error().detail);
    if (*values != file.values) return makeError(kWrongResult, "a proof of something else");
    const auto head = proven::headOf(m_rules, *values);
    return head.ok() ? success() : Status(makeError(kWrongResult, head.error().detail));
}

} // namespace bowline::prover
