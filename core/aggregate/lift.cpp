// SPDX-License-Identifier: MIT
#include "core/aggregate/lift.h"

#include "core/recursion/witness.h"
#include "core/stark/verifier_core.h"

namespace bowline::aggregate {

using base::makeError;
using recursion::Circuit;

namespace {
struct Core {
    stark::VerifyingKey key;
    stark::Shape shape;
};

// The key of the shape's shards with a commitment of zeros, which the circuit replaces by the public one.
[[nodiscard]] Result<Core> coreOf(const ShardShape& shape)
{
    if (shape.programLog < stark::kLogFinal || shape.programLog > chips::kMaxTableLog)
        return makeError(kBadShard, "rows of the program's table");
    for (const auto& height : shape.heights) {
        if (height.value_or(0) > chips::kMaxTableLog) return makeError(kBadShard, "a table is too tall");
    }
    if (!chips::timesAreSafe(shape.heights))
        return makeError(kBadShard, "tables so tall that times could wrap");
    const chips::MachineTables tables(shape.programLog);
    BOWLINE_TRY(const stark::System system, tables.system(shape.parameters));
    Core out;
    BOWLINE_TRY(out.key, stark::verifyingKeyOf(system, DigestWords{}));
    BOWLINE_TRY(out.shape, stark::Shape::make(out.key, shape.heights));
    return out;
}

// The shard's public values: the span's, and the time after it, which is nobody's business above.
[[nodiscard]] std::vector<Circuit::Felt> shardValues(Circuit& circuit, const SpanWires& span)
{
    std::vector<Circuit::Felt> out{span.at(Span::kPcBefore), span.at(Span::kNpcBefore)};
    const auto digest = [&](std::size_t first) {
        for (const Circuit::Felt& x : span.digest(first)) out.push_back(x);
    };
    digest(Span::kRootBefore);
    out.push_back(span.at(Span::kPcAfter));
    out.push_back(span.at(Span::kNpcAfter));
    digest(Span::kRootAfter);
    out.push_back(circuit.nextElement());
    for (const std::size_t value : {Span::kHalted, Span::kExitLow, Span::kExitHigh})
        out.push_back(span.at(value));
    return out;
}

// What proving::verifyExecution asks of a shard's statement before it looks at the proof.
void requireSense(Circuit& circuit, const SpanWires& span)
{
    const Circuit::Ext zero = circuit.constant(field::Extension{});
    const Circuit::Ext one = circuit.constant(field::Extension::from(1));
    const auto value = [&](std::size_t i) { return circuit.extension(span.at(i)); };
    const Circuit::Ext halted = value(Span::kHalted);
    const Circuit::Ext running = one - halted;
    circuit.requireEqual(halted * running, zero, "halted or not");
    for (const std::size_t i : {Span::kPcAfter, Span::kNpcAfter})
        circuit.requireEqual(halted * value(i), zero, "halted, and yet somewhere");
    for (const std::size_t i : {Span::kExitLow, Span::kExitHigh})
        circuit.requireEqual(running * value(i), zero, "an exit code before the end");
}

// The digest of the key that has the public commitment.
[[nodiscard]] stark::KeyValues<Circuit> keyValues(Circuit& circuit, const stark::VerifyingKey& key,
                                                  const SpanWires& span)
{
    std::vector<Circuit::Felt> elements;
    for (const Element x : stark::keyElements(key)) elements.push_back(circuit.constant(x));
    stark::KeyValues<Circuit> out;
    out.preprocessed = span.digest(Span::kTables);
    std::copy(out.preprocessed.begin(), out.preprocessed.end(), elements.end() - 8);
    out.digest = circuit.spongeOf(field::SpongeTag::ProofKey, elements);
    return out;
}

[[nodiscard]] Result<recursion::Program> record(const Core& core, unsigned programLog)
{
    Circuit circuit(Span::kValues);
    const SpanWires span = SpanWires::ownOf(circuit);
    const std::vector<Circuit::Felt> values = shardValues(circuit, span);
    const recursion::ProofWires proof = recursion::proofWires(circuit, core.key, core.shape);
    requireSense(circuit, span);
    circuit.requireEqual(span.at(Span::kProgramLog), circuit.constant(Element::from(programLog)),
                         "rows of the program's table");
    stark::VerifierCore<Circuit>(circuit, core.key, keyValues(circuit, core.key, span), core.shape, proof,
                                 values)
        .run();
    return circuit.finish();
}
} // namespace

Result<recursion::Program> liftProgram(const ShardShape& shape)
{
    BOWLINE_TRY(const Core core, coreOf(shape));
    return record(core, shape.programLog);
}

Result<std::unique_ptr<Lift>> Lift::make(const ShardShape& shape, const recursion::MachineForm& form,
                                         const stark::ProverOptions& options)
{
    std::unique_ptr<Lift> out(new Lift);
    BOWLINE_TRY(Core core, coreOf(shape));
    BOWLINE_TRY(out->m_program, record(core, shape.programLog));
    out->m_core = std::move(core.key);
    out->m_shape = std::move(core.shape);
    BOWLINE_TRY(recursion::Machine machine, recursion::Machine::make(out->m_program, form, options));
    out->m_machine.emplace(std::move(machine));
    return out;
}

Result<recursion::Execution> Lift::execute(const Span& span, const stark::Proof& shard) const
{
    if (shard.heights != m_shape.heights) return makeError(kBadShard, "a proof of another shape");
    recursion::Stream stream{Element::from(span.shard.timeAfter)};
    BOWLINE_CHECK(recursion::appendProof(stream, m_core, m_shape, shard));
    return recursion::execute(m_program, std::move(stream), span.publicValues());
}

Result<SpanProof> Lift::prove(const Span& span, const stark::Proof& shard,
                              const stark::ProverOptions& options) const
{
    BOWLINE_TRY(const recursion::Execution execution, execute(span, shard));
    BOWLINE_TRY(stark::Proof proof, m_machine->prove(execution, options));
    return SpanProof{span, *key().preprocessed, std::move(proof)};
}

} // namespace bowline::aggregate
