// SPDX-License-Identifier: MIT
#include "core/aggregate/join.h"

#include "core/recursion/witness.h"
#include "core/stark/verifier_core.h"

namespace bowline::aggregate {

using recursion::Circuit;

namespace {
[[nodiscard]] Result<ChildForm> childFormOf(const recursion::MachineForm& form)
{
    ChildForm out;
    BOWLINE_TRY(out.key, recursion::keyOfForm(form, Span::kValues));
    const recursion::MachineHeights& heights = *form.heights;
    BOWLINE_TRY(out.shape, stark::Shape::make(out.key, stark::Heights(heights.begin(), heights.end())));
    return out;
}

// A child as it comes from the stream; Join::stream is its other side.
struct ChildWires {
    SpanWires span;
    Circuit::Digest program; // commitment of its key
    std::vector<Circuit::Bit> place;
    std::vector<Circuit::Digest> path;
    recursion::ProofWires proof;
};

[[nodiscard]] ChildWires nextChild(Circuit& circuit, const ChildForm& form)
{
    ChildWires out;
    out.span = SpanWires::nextOf(circuit);
    out.program = circuit.nextDigest();
    out.place = circuit.bits(circuit.nextElement(), KeySet::kDepth);
    for (unsigned i = 0; i < KeySet::kDepth; ++i) {
        Circuit::Digest& sibling = out.path.emplace_back();
        for (Circuit::Felt& x : sibling) x = circuit.nextPrivateElement();
    }
    out.proof = recursion::proofWires(circuit, form.key, form.shape);
    return out;
}

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

// The child's key is in the set, and its proof is one under this key.
void verifyChild(Circuit& circuit, const ChildForm& form, const ChildWires& child,
                 const Circuit::Digest& keySet)
{
    std::vector<Circuit::Felt> elements;
    for (const Element x : stark::keyElements(form.key)) elements.push_back(circuit.constant(x));
    std::copy(child.program.begin(), child.program.end(), elements.end() - 8);
    stark::KeyValues<Circuit> key;
    key.preprocessed = child.program;
    key.digest = circuit.spongeOf(field::SpongeTag::ProofKey, elements);
    const std::vector<std::vector<Circuit::Felt>> rows{{key.digest.begin(), key.digest.end()}};
    circuit.requirePaths(KeySet::form(), {{&rows, &child.path, &child.place}}, keySet,
                         "a key that is not in the set");
    stark::VerifierCore<Circuit>(circuit, form.key, key, form.shape, child.proof, child.span.values()).run();
}

[[nodiscard]] Result<recursion::Program> record(const std::array<ChildForm, 2>& forms)
{
    Circuit circuit(Span::kValues);
    const SpanWires whole = SpanWires::ownOf(circuit);
    const ChildWires left = nextChild(circuit, forms[0]);
    const ChildWires right = nextChild(circuit, forms[1]);
    requireAdjacent(circuit, left.span, right.span);
    requireSame(circuit, whole, left.span);
    requireSame(circuit, whole, right.span);
    requireEnds(circuit, whole, left.span, right.span);
    verifyChild(circuit, forms[0], left, whole.digest(Span::kKeySet));
    verifyChild(circuit, forms[1], right, whole.digest(Span::kKeySet));
    return circuit.finish();
}
} // namespace

Result<recursion::Program> joinProgram(const recursion::MachineForm& left,
                                       const recursion::MachineForm& right)
{
    std::array<ChildForm, 2> forms;
    BOWLINE_TRY(forms[0], childFormOf(left));
    BOWLINE_TRY(forms[1], childFormOf(right));
    return record(forms);
}

Result<std::unique_ptr<Join>> Join::make(const JoinForms& forms, const stark::ProverOptions& options)
{
    std::unique_ptr<Join> out(new Join);
    BOWLINE_TRY(out->m_children[0], childFormOf(forms.left));
    BOWLINE_TRY(out->m_children[1], childFormOf(forms.right));
    BOWLINE_TRY(out->m_program, record(out->m_children));
    BOWLINE_TRY(recursion::Machine machine, recursion::Machine::make(out->m_program, forms.own, options));
    out->m_machine.emplace(std::move(machine));
    return out;
}

Result<recursion::Stream> Join::stream(const KeySet& keys, const SpanProof& left,
                                       const SpanProof& right) const
{
    recursion::Stream out;
    const auto digest = [&out](const DigestWords& words) {
        out.insert(out.end(), words.begin(), words.end());
    };
    for (std::size_t i = 0; i < m_children.size(); ++i) {
        const ChildForm& form = m_children[i];
        const SpanProof* child = i == 0 ? &left : &right;
        if (child->proof.heights != form.shape.heights)
            return base::makeError(recursion::kBadWitness, "a proof of another form");
        BOWLINE_TRY(const KeyOpening opening,
                    keys.open(recursion::withCommitment(form.key, child->program).digest));
        const std::vector<Element> values = child->span.publicValues();
        out.insert(out.end(), values.begin(), values.end());
        digest(child->program);
        out.push_back(Element::from(opening.place));
        for (const DigestWords& sibling : opening.path) digest(sibling);
        BOWLINE_CHECK(recursion::appendProof(out, form.key, form.shape, child->proof));
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
