// SPDX-License-Identifier: MIT
#include "core/recursion/witness.h"

#include "core/stark/verifier_core.h"
#include "core/stark/walk.h"

namespace bowline::recursion {

using stark::Shape;
using stark::VerifyingKey;

namespace {
struct WireVisitor : stark::OwnListsVisitor<WireVisitor> {
    Circuit& circuit;

    explicit WireVisitor(Circuit& c) : circuit(c) {}
    template <typename List>
    [[nodiscard]] static bool resize(List& list, std::size_t count)
    {
        list.resize(count);
        return true;
    }
    void element(Circuit::Felt& x) { x = circuit.nextElement(); }
    void extension(Circuit::Ext& x) { x = circuit.nextExtension(); }
    void digest(Circuit::Digest& x) { x = circuit.nextDigest(); }
    // Rows and paths take these from the stream themselves.
    void queryElement(Circuit::Felt& x) { x = circuit.nextPrivateElement(); }
    void queryExtension(Circuit::Ext& x) { x = circuit.nextPrivateExtension(); }
    void queryDigest(Circuit::Digest& x)
    {
        for (Circuit::Felt& word : x) word = circuit.nextPrivateElement();
    }
};

struct StreamVisitor : stark::ReadOnlyVisitor<StreamVisitor> {
    Stream& stream;

    explicit StreamVisitor(Stream& s) : stream(s) {}
    void element(Element x) { stream.push_back(x); }
    void extension(const Extension& x)
    {
        for (const Element c : x.coefficients()) stream.push_back(c);
    }
    void digest(const field::DigestWords& x) { stream.insert(stream.end(), x.begin(), x.end()); }
};
} // namespace

ProofWires proofWires(Circuit& circuit, const VerifyingKey& key, const Shape& shape)
{
    ProofWires out;
    out.heights = shape.heights;
    WireVisitor visitor(circuit);
    static_cast<void>(stark::ProofWalk<WireVisitor, ProofWires>(key, shape, visitor).proof(out));
    return out;
}

base::Status appendProof(Stream& stream, const VerifyingKey& key, const Shape& shape,
                         const stark::Proof& proof)
{
    StreamVisitor visitor(stream);
    if (!stark::ProofWalk<StreamVisitor, const stark::Proof>(key, shape, visitor).proof(proof))
        return base::makeError(kBadWitness, "a list of the wrong length");
    return base::success();
}

base::Result<Program> verifierProgram(const VerifyingKey& key, const Shape& shape)
{
    Circuit circuit(key.publicValues);
    const ProofWires proof = proofWires(circuit, key, shape);
    std::vector<Circuit::Felt> values;
    for (std::size_t i = 0; i < key.publicValues; ++i) values.push_back(circuit.publicValue(i));
    stark::VerifierCore<Circuit>(circuit, key, shape, proof, values).run();
    return circuit.finish();
}

} // namespace bowline::recursion
