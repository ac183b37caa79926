// SPDX-License-Identifier: MIT
#include "core/aggregate/child.h"

#include "core/stark/verifier_core.h"

namespace bowline::aggregate {

using recursion::Circuit;

Result<ChildForm> ChildForm::make(const recursion::MachineForm& form, std::size_t publicValues)
{
    ChildForm out;
    BOWLINE_TRY(out.key, recursion::keyOfForm(form, publicValues));
    const recursion::MachineHeights& heights = *form.heights;
    BOWLINE_TRY(out.shape, stark::Shape::make(out.key, stark::Heights(heights.begin(), heights.end())));
    return out;
}

DigestWords ChildForm::keyDigest(const DigestWords& program) const
{
    return recursion::withCommitment(key, program).digest;
}

std::vector<Circuit::Felt> nextElements(Circuit& circuit, std::size_t count)
{
    std::vector<Circuit::Felt> out;
    while (out.size() < count) {
        for (const Circuit::Felt& x : circuit.coefficients(circuit.nextExtension())) out.push_back(x);
    }
    out.resize(count);
    return out;
}

void appendElements(recursion::Stream& stream, const std::vector<Element>& elements)
{
    stream.insert(stream.end(), elements.begin(), elements.end());
    stream.resize(stream.size() + (4 - elements.size() % 4) % 4);
}

ChildWires ChildWires::next(Circuit& circuit, const ChildForm& form)
{
    ChildWires out;
    out.values = nextElements(circuit, form.key.publicValues);
    out.program = circuit.nextDigest();
    out.place = circuit.bits(circuit.nextElement(), KeySet::kDepth);
    for (unsigned i = 0; i < KeySet::kDepth; ++i) {
        Circuit::Digest& sibling = out.path.emplace_back();
        for (Circuit::Felt& x : sibling) x = circuit.nextPrivateElement();
    }
    out.proof = recursion::proofWires(circuit, form.key, form.shape);
    return out;
}

Circuit::Digest ChildWires::verify(Circuit& circuit, const ChildForm& form,
                                   const Circuit::Digest& keySet) const
{
    std::vector<Circuit::Felt> elements;
    for (const Element x : stark::keyElements(form.key)) elements.push_back(circuit.constant(x));
    std::copy(program.begin(), program.end(), elements.end() - 8);
    stark::KeyValues<Circuit> key;
    key.preprocessed = program;
    key.digest = circuit.spongeOf(field::SpongeTag::ProofKey, elements);
    const std::vector<std::vector<Circuit::Felt>> rows{{key.digest.begin(), key.digest.end()}};
    circuit.requirePaths(KeySet::form(), {{&rows, &path, &place}}, keySet, "a key that is not in the set");
    stark::VerifierCore<Circuit>(circuit, form.key, key, form.shape, proof, values).run();
    return key.digest;
}

base::Status appendChild(recursion::Stream& stream, const ChildForm& form, const KeySet& keys,
                         const Child& child)
{
    if (child.proof->heights != form.shape.heights)
        return base::makeError(recursion::kBadWitness, "a proof of another form");
    BOWLINE_TRY(const KeyOpening opening, keys.open(form.keyDigest(*child.program)));
    const auto digest = [&stream](const DigestWords& words) {
        stream.insert(stream.end(), words.begin(), words.end());
    };
    appendElements(stream, child.values);
    digest(*child.program);
    stream.push_back(Element::from(opening.place));
    for (const DigestWords& sibling : opening.path) digest(sibling);
    return recursion::appendProof(stream, form.key, form.shape, *child.proof);
}

} // namespace bowline::aggregate
