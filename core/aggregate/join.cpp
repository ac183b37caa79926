// SPDX-License-Identifier: MIT
#include "core/aggregate/join.h"

namespace bowline::aggregate {

using recursion::Circuit;

namespace {
void requireAdjacent(Circuit& circuit, const SpanWires& left, const SpanWires& right)
{
    const char* const why = "the right one does not start where the left one ended";
    circuit.requireEqual(left.at(Span::kHalted), circuit.constant(Element{}), "the left one has halted");
    circuit.requireEqual(left.digest(Span::kRootAfter), right.digest(Span::kRootBefore), why);
    circuit.requireEqual(left.at(Span::kPcAfter), right.at(Span::kPcBefore), why);
    circuit.requireEqual(left.at(Span::kNpcAfter), right.at(Span::kNpcBefore), why);
}

void requireSame(Circuit& circuit, const SpanWires& whole, const SpanWires& part)
{
    circuit.requireEqual(whole.digest(Span::kTables), part.digest(Span::kTables), "of two programs");
    circuit.requireEqual(whole.at(Span::kProgramLog), part.at(Span::kProgramLog), "of two programs");
    circuit.requireEqual(whole.digest(Span::kKeySet), part.digest(Span::kKeySet), "under two sets of keys");
}

void requireEnds(Circuit& circuit, const SpanWires& whole, const SpanWires& left, const SpanWires& right)
{
    const char* const begins = "the whole begins elsewhere";
    const char* const ends = "the whole ends elsewhere";
    circuit.requireEqual(whole.digest(Span::kRootBefore), left.digest(Span::kRootBefore), begins);
    for (const std::size_t i : {Span::kPcBefore, Span::kNpcBefore})
        circuit.requireEqual(whole.at(i), left.at(i), begins);
    circuit.requireEqual(whole.digest(Span::kRootAfter), right.digest(Span::kRootAfter), ends);
    for (const std::size_t i :
         {Span::kPcAfter, Span::kNpcAfter, Span::kHalted, Span::kExitLow, Span::kExitHigh})
        circuit.requireEqual(whole.at(i), right.at(i), ends);
}

[[nodiscard]] Result<recursion::Program> record(const std::array<ChildForm, 2>& forms)
{
    Circuit circuit(Span::kValues);
    const SpanWires whole = SpanWires::ownOf(circuit);
    const ChildWires left = ChildWires::next(circuit, forms[0]);
    const ChildWires right = ChildWires::next(circuit, forms[1]);
    const SpanWires before(left.values);
    const SpanWires behind(right.values);
    requireAdjacent(circuit, before, behind);
    requireSame(circuit, whole, before);
    requireSame(circuit, whole, behind);
    requireEnds(circuit, whole, before, behind);
    static_cast<void>(left.verify(circuit, forms[0], whole.digest(Span::kKeySet)));
    static_cast<void>(right.verify(circuit, forms[1], whole.digest(Span::kKeySet)));
    return circuit.finish();
}
} // namespace

Result<recursion::Program> joinProgram(const recursion::MachineForm& left,
                                       const recursion::MachineForm& right)
{
    std::array<ChildForm, 2> forms;
    BOWLINE_TRY(forms[0], ChildForm::make(left, Span::kValues));
    BOWLINE_TRY(forms[1], ChildForm::make(right, Span::kValues));
    return record(forms);
}

Result<std::unique_ptr<Join>> Join::make(const JoinForms& forms, const stark::ProverOptions& options)
{
    std::unique_ptr<Join> out(new Join);
    BOWLINE_TRY(out->m_children[0], ChildForm::make(forms.left, Span::kValues));
    BOWLINE_TRY(out->m_children[1], ChildForm::make(forms.right, Span::kValues));
    BOWLINE_TRY(out->m_program, record(out->m_children));
    BOWLINE_TRY(recursion::Machine machine, recursion::Machine::make(out->m_program, forms.own, options));
    out->m_machine.emplace(std::move(machine));
    return out;
}

Result<recursion::Stream> Join::stream(const KeySet& keys, const SpanProof& left,
                                       const SpanProof& right) const
{
    recursion::Stream out;
    for (std::size_t i = 0; i < m_children.size(); ++i) {
        const SpanProof& child = i == 0 ? left : right;
        BOWLINE_CHECK(
            appendChild(out, m_children[i], keys, {child.span.publicValues(), &child.program, &child.proof}));
    }
    return out;
}

Result<recursion::Execution> Join::execute(const KeySet& keys, const SpanProof& left,
                                           const SpanProof& right) const
{
    BOWLINE_TRY(const Span whole, joined(left.span, right.span));
    BOWLINE_TRY(recursion::Stream filled, stream(keys, left, right));
    return recursion::execute(m_program, std::move(filled), whole.publicValues());
}

Result<SpanProof> Join::prove(const KeySet& keys, const SpanProof& left, const SpanProof& right,
                              const stark::ProverOptions& options) const
{
    BOWLINE_TRY(const Span whole, joined(left.span, right.span));
    BOWLINE_TRY(const recursion::Execution execution, execute(keys, left, right));
    BOWLINE_TRY(stark::Proof proof, m_machine->prove(execution, options));
    return SpanProof{whole, *key().preprocessed, std::move(proof)};
}

} // namespace bowline::aggregate
