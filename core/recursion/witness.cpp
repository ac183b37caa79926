// SPDX-License-Identifier: MIT
#include "core/recursion/witness.h"

#include "core/stark/verifier_core.h"

namespace bowline::recursion {

using stark::BatchShape;
using stark::FoldShape;
using stark::Shape;
using stark::VerifyingKey;

namespace {
// Shows a proof's parts to a visitor in the order of the stream. Visitor: resize, element, extension, digest, and the
// private ones.
template <typename Visitor, typename ProofType>
class Walk {
public:
    Walk(const VerifyingKey& key, const Shape& shape, Visitor& visitor)
        : m_key(key), m_shape(shape), m_visitor(visitor)
    {
    }

    void proof(ProofType& p)
    {
        m_visitor.digest(p.mainRoot);
        if (m_key.hasLogUp()) {
            m_visitor.element(p.logUpWork);
            extensions(p.sums, m_shape.logUpChips.size());
            if (!m_shape.logUpChips.empty()) m_visitor.digest(p.logUpRoot);
        }
        m_visitor.digest(p.quotientRoot);
        m_visitor.element(p.deepWork);
        m_visitor.resize(p.values, m_shape.batches.size());
        for (std::size_t b = 0; b < m_shape.batches.size(); ++b) values(m_shape.batches[b], p.values[b]);
        m_visitor.element(p.batchWork);
        m_visitor.resize(p.folds, m_shape.folds.size());
        for (auto& fold : p.folds) {
            m_visitor.digest(fold.root);
            m_visitor.element(fold.work);
        }
        extensions(p.finalPolynomial, std::size_t{1} << stark::kLogFinal);
        m_visitor.element(p.queryWork);
        m_visitor.resize(p.queries, m_key.parameters.queries);
        for (auto& each : p.queries) query(each);
    }

private:
    template <typename List>
    void extensions(List& list, std::size_t count)
    {
        m_visitor.resize(list, count);
        for (auto& x : list) m_visitor.extension(x);
    }
    template <typename Values>
    void values(const BatchShape& batch, Values& list)
    {
        m_visitor.resize(list, batch.matrices.size());
        for (std::size_t m = 0; m < batch.matrices.size(); ++m) {
            m_visitor.resize(list[m], batch.matrices[m].points);
            for (auto& point : list[m]) extensions(point, batch.matrices[m].width);
        }
    }
    template <typename Path>
    void path(Path& list, std::size_t count)
    {
        m_visitor.resize(list, count);
        for (auto& digest : list) m_visitor.privateDigest(digest);
    }
    template <typename Query>
    void query(Query& q)
    {
        m_visitor.resize(q.batches, m_shape.batches.size());
        for (std::size_t b = 0; b < q.batches.size(); ++b) {
            const BatchShape& batch = m_shape.batches[b];
            m_visitor.resize(q.batches[b].rows, batch.matrices.size());
            for (std::size_t m = 0; m < batch.matrices.size(); ++m) {
                m_visitor.resize(q.batches[b].rows[m], batch.matrices[m].width);
                for (auto& x : q.batches[b].rows[m]) m_visitor.privateElement(x);
            }
            path(q.batches[b].path, batch.logDomain);
        }
        m_visitor.resize(q.folds, m_shape.folds.size());
        for (std::size_t f = 0; f < q.folds.size(); ++f) {
            const FoldShape& fold = m_shape.folds[f];
            m_visitor.resize(q.folds[f].siblings, (std::size_t{1} << fold.logArity) - 1);
            for (auto& x : q.folds[f].siblings) m_visitor.privateExtension(x);
            path(q.folds[f].path, fold.logDomain - fold.logArity);
        }
    }

    const VerifyingKey& m_key;
    const Shape& m_shape;
    Visitor& m_visitor;
};

struct WireVisitor {
    Circuit& circuit;

    template <typename List>
    void resize(List& list, std::size_t count)
    {
        list.resize(count);
    }
    void element(Circuit::Felt& x) { x = circuit.nextElement(); }
    void extension(Circuit::Ext& x) { x = circuit.nextExtension(); }
    void digest(Circuit::Digest& x) { x = circuit.nextDigest(); }
    void privateElement(Circuit::Felt& x) { x = circuit.nextPrivateElement(); }
    void privateExtension(Circuit::Ext& x) { x = circuit.nextPrivateExtension(); }
    void privateDigest(Circuit::Digest& x)
    {
        for (Circuit::Felt& word : x) word = circuit.nextPrivateElement();
    }
};

struct StreamVisitor {
    Stream& stream;
    bool fits = true;

    template <typename List>
    void resize(const List& list, std::size_t count)
    {
        fits = fits && list.size() == count;
    }
    void element(Element x) { stream.push_back(x); }
    void extension(const Extension& x)
    {
        for (const Element c : x.coefficients()) stream.push_back(c);
    }
    void digest(const field::DigestWords& x) { stream.insert(stream.end(), x.begin(), x.end()); }
    void privateElement(Element x) { element(x); }
    void privateExtension(const Extension& x) { extension(x); }
    void privateDigest(const field::DigestWords& x) { digest(x); }
};

[[nodiscard]] bool outerListsFit(const VerifyingKey& key, const Shape& shape, const stark::Proof& proof)
{
    if (proof.values.size() != shape.batches.size() || proof.queries.size() != key.parameters.queries)
        return false;
    for (std::size_t b = 0; b < shape.batches.size(); ++b) {
        const auto& matrices = shape.batches[b].matrices;
        if (proof.values[b].size() != matrices.size()) return false;
        for (std::size_t m = 0; m < matrices.size(); ++m) {
            if (proof.values[b][m].size() != matrices[m].points) return false;
        }
    }
    for (const auto& query : proof.queries) {
        if (query.batches.size() != shape.batches.size() || query.folds.size() != shape.folds.size())
            return false;
        for (std::size_t b = 0; b < shape.batches.size(); ++b) {
            if (query.batches[b].rows.size() != shape.batches[b].matrices.size()) return false;
        }
    }
    return true;
}
} // namespace

ProofWires proofWires(Circuit& circuit, const VerifyingKey& key, const Shape& shape)
{
    ProofWires out;
    out.heights = shape.heights;
    WireVisitor visitor{circuit};
    Walk<WireVisitor, ProofWires>(key, shape, visitor).proof(out);
    return out;
}

base::Status appendProof(Stream& stream, const VerifyingKey& key, const Shape& shape,
                         const stark::Proof& proof)
{
    StreamVisitor visitor{stream};
    if (outerListsFit(key, shape, proof))
        Walk<StreamVisitor, const stark::Proof>(key, shape, visitor).proof(proof);
    else
        visitor.fits = false;
    if (!visitor.fits) return base::makeError(kBadWitness, "a list of the wrong length");
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
