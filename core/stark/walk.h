// SPDX-License-Identifier: MIT
// The order of a proof's parts, in one place: encoder, decoders, a circuit's wires, the stream of elements that fills them,
// and the check of a proof's form all go by it, so they cannot differ.
#pragma once

#include "core/stark/proof.h"

namespace bowline::stark {

/// Shows the parts to a visitor. Visitor has
///   bool resize(list, count)   makes a list that long, or says whether it is;
///   element(x), extension(x), digest(x);
///   and of the queries, whose lists a proof may keep in its own way and a circuit uses in its own way:
///   bool rows(rows, number of the batch, its shape), bool siblings(list, count), bool path(list, count).
/// False ends the walk. ProofType may be const.
template <typename Visitor, typename ProofType>
class ProofWalk {
public:
    ProofWalk(const VerifyingKey& key, const Shape& shape, Visitor& visitor)
        : m_key(key), m_shape(shape), m_visitor(visitor)
    {
    }

    /// Whether the visitor said yes throughout.
    [[nodiscard]] bool proof(ProofType& p)
    {
        m_visitor.digest(p.mainRoot);
        if (m_key.hasLogUp()) {
            m_visitor.element(p.logUpWork);
            if (!extensions(p.sums, m_shape.logUpChips.size())) return false;
            if (!m_shape.logUpChips.empty()) m_visitor.digest(p.logUpRoot);
        } else if (!m_visitor.resize(p.sums, 0)) {
            return false;
        }
        m_visitor.digest(p.quotientRoot);
        m_visitor.element(p.deepWork);
        if (!values(p.values)) return false;
        m_visitor.element(p.batchWork);
        if (!m_visitor.resize(p.folds, m_shape.folds.size())) return false;
        for (auto& fold : p.folds) {
            m_visitor.digest(fold.root);
            m_visitor.element(fold.work);
        }
        if (!extensions(p.finalPolynomial, std::size_t{1} << m_key.parameters.logFinal)) return false;
        m_visitor.element(p.queryWork);
        if (!m_visitor.resize(p.queries, m_key.parameters.queries)) return false;
        for (auto& each : p.queries) {
            if (!query(each)) return false;
        }
        return true;
    }

private:
    template <typename List>
    [[nodiscard]] bool extensions(List& list, std::size_t count)
    {
        if (!m_visitor.resize(list, count)) return false;
        for (auto& x : list) m_visitor.extension(x);
        return true;
    }
    template <typename Values>
    [[nodiscard]] bool values(Values& list)
    {
        if (!m_visitor.resize(list, m_shape.batches.size())) return false;
        for (std::size_t b = 0; b < list.size(); ++b) {
            const auto& matrices = m_shape.batches[b].matrices;
            if (!m_visitor.resize(list[b], matrices.size())) return false;
            for (std::size_t m = 0; m < matrices.size(); ++m) {
                if (!m_visitor.resize(list[b][m], matrices[m].points)) return false;
                for (auto& point : list[b][m]) {
                    if (!extensions(point, matrices[m].width)) return false;
                }
            }
        }
        return true;
    }
    template <typename Query>
    [[nodiscard]] bool query(Query& q)
    {
        if (!m_visitor.resize(q.batches, m_shape.batches.size())) return false;
        for (std::size_t b = 0; b < q.batches.size(); ++b) {
            const BatchShape& batch = m_shape.batches[b];
            if (!m_visitor.rows(q.batches[b].rows, b, batch)) return false;
            if (!m_visitor.path(q.batches[b].path, batch.logDomain)) return false;
        }
        if (!m_visitor.resize(q.folds, m_shape.folds.size())) return false;
        for (std::size_t f = 0; f < q.folds.size(); ++f) {
            const FoldShape& fold = m_shape.folds[f];
            if (!m_visitor.siblings(q.folds[f].siblings, (std::size_t{1} << fold.logArity) - 1)) return false;
            if (!m_visitor.path(q.folds[f].path, fold.logDomain - fold.logArity)) return false;
        }
        return true;
    }

    const VerifyingKey& m_key;
    const Shape& m_shape;
    Visitor& m_visitor;
};

/// Lists of a proof's own. Parts, which derives from it, says how lists become long and what single parts are; queries'
/// parts are like all others unless Parts says otherwise.
template <typename Parts>
class OwnListsVisitor {
public:
    template <typename Rows>
    [[nodiscard]] bool rows(Rows& rows, std::size_t /*number*/, const BatchShape& batch)
    {
        if (!parts().resize(rows, batch.matrices.size())) return false;
        for (std::size_t m = 0; m < batch.matrices.size(); ++m) {
            if (!parts().resize(rows[m], batch.matrices[m].width)) return false;
            for (auto& x : rows[m]) parts().queryElement(x);
        }
        return true;
    }
    template <typename List>
    [[nodiscard]] bool siblings(List& list, std::size_t count)
    {
        if (!parts().resize(list, count)) return false;
        for (auto& x : list) parts().queryExtension(x);
        return true;
    }
    template <typename List>
    [[nodiscard]] bool path(List& list, std::size_t count)
    {
        if (!parts().resize(list, count)) return false;
        for (auto& x : list) parts().queryDigest(x);
        return true;
    }
    template <typename T>
    void queryElement(T& x)
    {
        parts().element(x);
    }
    template <typename T>
    void queryExtension(T& x)
    {
        parts().extension(x);
    }
    template <typename T>
    void queryDigest(T& x)
    {
        parts().digest(x);
    }

private:
    [[nodiscard]] Parts& parts() { return static_cast<Parts&>(*this); }
};

/// Visits a proof as it is: lists are looked at, and a wrong length ends the walk.
template <typename Parts>
class ReadOnlyVisitor : public OwnListsVisitor<Parts> {
public:
    template <typename List>
    [[nodiscard]] bool resize(const List& list, std::size_t count)
    {
        return list.size() == count;
    }
};

/// Whether every list of the proof is as long as the shape says.
[[nodiscard]] bool fits(const VerifyingKey& key, const Shape& shape, const Proof& proof);

} // namespace bowline::stark
