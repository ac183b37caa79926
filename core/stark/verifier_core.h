// SPDX-License-Identifier: MIT
// The verifier, one source for plain numbers (Native) and for a circuit's wires: it asks its backend to add,
// multiply, select and require, and never looks at a value itself. docs/proofs.md gives the protocol.
#pragma once

#include "core/stark/constraint_check.h"
#include "core/stark/hash.h"
#include "core/stark/proof.h"
#include "core/stark/transcript.h"

namespace bowline::stark {

/// The point is neither a row of a trace nor a committed point; the largest domain of each kind holds the others.
template <typename B>
void requireOutOfDomain(B& backend, const typename B::Ext& point, unsigned maxLog, unsigned logBlowup)
{
    const auto constant = [&backend](Element x) { return backend.constant(field::Extension{x}); };
    const auto one = constant(Element::from(1));
    auto trace = point;
    for (unsigned i = 0; i < maxLog; ++i) trace = trace * trace;
    backend.requireNotZero(trace - one, "point in the trace domain");
    auto coset = point * constant(Element::from(Element::kGenerator).inverse());
    for (unsigned i = 0; i < maxLog + logBlowup; ++i) coset = coset * coset;
    backend.requireNotZero(coset - one, "point in a committed domain");
}

template <typename B, typename Hash = Poseidon2Hash<B>,
          typename ProofType = BasicProof<typename B::Felt, typename B::Ext>>
class VerifierCore {
public:
    using Felt = typename B::Felt;
    using Ext = typename B::Ext;
    using Bit = typename B::Bit;
    using Digest = typename B::Digest;

    /// The proof has the shape's form: callers have looked (decode, or fits()).
    VerifierCore(B& backend, const VerifyingKey& key, const Shape& shape, const ProofType& proof,
                 const std::vector<Felt>& publicValues, TranscriptLog<Felt>* log = nullptr)
        : VerifierCore(backend, key, KeyValues<B>::of(backend, key), shape, proof, publicValues, log)
    {
    }
    /// The same for a key of which digest and commitment are values: a circuit for all keys that differ in nothing else.
    VerifierCore(B& backend, const VerifyingKey& key, const KeyValues<B>& keyValues, const Shape& shape,
                 const ProofType& proof, const std::vector<Felt>& publicValues,
                 TranscriptLog<Felt>* log = nullptr)
        : m_b(backend), m_key(key), m_keyValues(keyValues), m_shape(shape), m_proof(proof),
          m_publicValues(publicValues), m_challenger(backend, log)
    {
    }

    void run()
    {
        absorbStatement(m_challenger, m_keyValues, m_shape, m_publicValues);
        m_challenger.absorb(Step::MainRoot, m_proof.mainRoot);
        if (m_key.hasLogUp()) logUp();
        if (m_b.rejected()) return;
        const Ext c = m_challenger.sample(Step::ConstraintChallenge);
        m_challenger.absorb(Step::QuotientRoot, m_proof.quotientRoot);
        m_challenger.checkWork(Step::DeepWork, m_proof.deepWork, m_key.parameters.deepWork);
        m_zeta = m_challenger.sample(Step::Point);
        requireOutOfDomain(m_b, m_zeta, m_shape.maxLog, logBlowup());
        for (const auto& batch : m_proof.values) {
            for (const auto& matrix : batch) {
                for (const auto& point : matrix) m_challenger.absorb(Step::Values, point);
            }
        }
        constraints(c);
        if (m_b.rejected()) return;
        m_challenger.checkWork(Step::BatchWork, m_proof.batchWork, m_key.parameters.batchWork);
        joinValues(m_challenger.sample(Step::BatchChallenge));
        for (const auto& fold : m_proof.folds) {
            m_challenger.absorb(Step::FoldRoot, fold.root);
            m_challenger.checkWork(Step::FoldWork, fold.work, m_key.parameters.foldWork);
            m_betas.push_back(m_challenger.sample(Step::FoldChallenge));
        }
        m_challenger.absorb(Step::FinalPolynomial, m_proof.finalPolynomial);
        m_challenger.checkWork(Step::QueryWork, m_proof.queryWork, m_key.parameters.queryWork);
        for (std::size_t q = 0; q < m_proof.queries.size(); ++q)
            m_positions.push_back(m_challenger.sampleBits(Step::QueryPosition, m_shape.maxLog + logBlowup()));
        answers();
    }

private:
    // 1 over the roots of unity of the orders that one folding step has.
    static constexpr std::array<Element, 4> kInverseRoots{
        Element::rootOfUnity(0).inverse(), Element::rootOfUnity(1).inverse(),
        Element::rootOfUnity(2).inverse(), Element::rootOfUnity(3).inverse()};

    [[nodiscard]] unsigned logBlowup() const { return m_key.parameters.logBlowup; }
    [[nodiscard]] Ext one() { return m_b.constant(field::Extension::from(1)); }
    [[nodiscard]] Ext zero() { return m_b.constant(field::Extension{}); }
    [[nodiscard]] Ext number(Element x) { return m_b.constant(field::Extension{x}); }

    void logUp()
    {
        m_challenger.checkWork(Step::LogUpWork, m_proof.logUpWork, m_key.parameters.logUpWork);
        m_alpha = m_challenger.sample(Step::LogUpChallenge);
        m_beta = m_challenger.sample(Step::LogUpChallenge);
        m_challenger.absorb(Step::Sums, m_proof.sums);
        Ext total = ConstraintCheck<B>(m_b, m_publicValues, m_alpha, m_beta).boundary(m_key.boundary);
        for (const Ext& sum : m_proof.sums) total = total + sum;
        m_b.requireEqual(total, zero(), "the messages of the chips do not balance");
        if (!m_shape.logUpChips.empty()) m_challenger.absorb(Step::LogUpRoot, m_proof.logUpRoot);
    }

    void constraints(const Ext& c)
    {
        std::vector<ChipValues<Ext>> chips(m_key.chips.size());
        for (std::size_t b = 0; b < m_shape.batches.size(); ++b) {
            for (std::size_t m = 0; m < m_shape.batches[b].matrices.size(); ++m) {
                const auto& points = m_proof.values[b][m];
                const std::vector<Ext>* next = points.size() > 1 ? &points[1] : nullptr;
                ChipValues<Ext>& chip = chips[m_shape.batches[b].matrices[m].chip];
                switch (m_shape.batches[b].kind) {
                case BatchKind::Preprocessed:
                    chip.preprocessed = &points[0];
                    chip.preprocessedNext = next;
                    break;
                case BatchKind::Main:
                    chip.main = &points[0];
                    chip.mainNext = next;
                    break;
                case BatchKind::LogUp:
                    chip.logUp = &points[0];
                    chip.logUpNext = next;
                    break;
                case BatchKind::Quotient: chip.quotient = &points[0]; break;
                }
            }
        }
        for (std::size_t k = 0; k < m_shape.logUpChips.size(); ++k)
            chips[m_shape.logUpChips[k]].sum = m_proof.sums[k];
        ConstraintCheck<B> check(m_b, m_publicValues, m_alpha, m_beta);
        for (std::size_t i = 0; i < chips.size(); ++i) {
            if (m_shape.heights[i]) check.chip(m_key.chips[i], *m_shape.heights[i], chips[i], m_zeta, c);
        }
    }

    // Matrices of one commitment and one height: their rows are hashed as one, and summed up as one.
    struct Term {
        unsigned log = 0;         // rows of the trace
        std::vector<Ext> sums;    // of each point: of the values there as of a row
        std::vector<Ext> factors; // of each point: the power of gamma in front
        std::vector<Ext> rows;    // of each query
    };

    [[nodiscard]] PathForm formOf(const BatchShape& batch) const
    {
        PathForm form;
        for (unsigned log = batch.logDomain + 1; log-- > 0;) {
            PathLevel level{log, {}};
            for (std::size_t m = 0; m < batch.matrices.size(); ++m) {
                if (batch.matrices[m].log + logBlowup() == log) level.rows.push_back(m);
            }
            if (!level.rows.empty()) form.push_back(std::move(level));
        }
        return form;
    }

    void joinValues(const Ext& gamma)
    {
        std::map<unsigned, std::size_t> used; // powers by height
        for (std::size_t b = 0; b < m_shape.batches.size(); ++b) {
            const auto& matrices = m_shape.batches[b].matrices;
            for (const PathLevel& level : formOf(m_shape.batches[b])) {
                Term term{level.log - logBlowup(), {}, {}, {}};
                std::size_t width = 0;
                for (const std::size_t m : level.rows) width += matrices[m].width;
                const std::size_t padded = filledRow(width);
                std::size_t& first = used[term.log];
                const std::size_t points = matrices[level.rows.front()].points; // Shape: of all alike
                while (m_powers.size() <= first + padded * points)
                    m_powers.push_back(m_powers.empty() ? one() : m_powers.back() * gamma);
                for (std::size_t k = 0; k < points; ++k, first += padded) {
                    Ext sum = zero();
                    std::size_t power = padded;
                    for (const std::size_t m : level.rows) {
                        for (const Ext& value : m_proof.values[b][m][k])
                            sum = sum + m_powers[--power] * value;
                    }
                    term.sums.push_back(sum);
                    term.factors.push_back(m_powers[first]);
                }
                m_terms.push_back(std::move(term));
            }
        }
    }

    // For every query the generator of each domain to the power of its position, and its inverse, by the domain's log.
    void findPoints()
    {
        const unsigned top = m_shape.maxLog + logBlowup();
        for (const std::vector<Bit>& bits : m_positions) {
            const Felt x = power(Element::rootOfUnity(top), bits, 0, top);
            m_points.push_back(squaresDown(x, top));
            m_inversePoints.push_back(squaresDown(m_b.inverse(x), top));
        }
    }
    [[nodiscard]] static std::vector<Felt> squaresDown(Felt x, unsigned top)
    {
        std::vector<Felt> out(top + 1);
        for (unsigned log = top;; --log) {
            out[log] = x;
            if (log == 0) return out;
            x = x * x;
        }
    }
    // generator^(the number that bits first .. first + count spell).
    [[nodiscard]] Felt power(Element generator, const std::vector<Bit>& bits, unsigned first, unsigned count)
    {
        const Felt single = m_b.constant(Element::from(1));
        Felt out = single;
        for (unsigned i = 0; i < count; ++i, generator *= generator)
            out = out * m_b.select(bits[first + i], m_b.constant(generator), single);
        return out;
    }

    // All queries step by step, so that a backend can hash and add up many rows at once.
    void answers()
    {
        std::size_t term = 0;
        for (std::size_t b = 0; b < m_shape.batches.size(); ++b) openRowsOf(b, term);
        if (m_b.rejected()) return;
        findPoints();
        const std::map<unsigned, std::vector<Ext>> joined = joinedOpenings();
        std::vector<Ext> values = joined.at(m_shape.maxLog);
        for (std::size_t f = 0; f < m_shape.folds.size(); ++f) {
            if (m_b.rejected()) return;
            foldAll(f, values);
            const FoldShape& fold = m_shape.folds[f];
            Ext weight = m_betas[f]; // to the power 2^logArity, which no folded part has
            for (unsigned i = 0; i < fold.logArity; ++i) weight = weight * weight;
            const auto joins = joined.find(fold.logDomain - fold.logArity - logBlowup());
            if (joins == joined.end()) continue;
            for (std::size_t q = 0; q < values.size(); ++q) values[q] = values[q] + weight * joins->second[q];
        }
        const unsigned last = m_key.parameters.logFinal + logBlowup();
        for (std::size_t q = 0; q < values.size(); ++q) {
            const Felt& x = m_points[q][last];
            Ext expected = zero();
            for (std::size_t k = m_proof.finalPolynomial.size(); k-- > 0;)
                expected = expected * x + m_proof.finalPolynomial[k];
            m_b.requireEqual(values[q], expected, "final polynomial");
        }
    }

    // The opened rows of one commitment: their paths, and their sums for the terms from number `term` on.
    void openRowsOf(std::size_t index, std::size_t& term)
    {
        const BatchShape& batch = m_shape.batches[index];
        std::vector<PathItem<B, decltype(ProofType::Opening::rows), decltype(ProofType::Opening::path)>>
            items;
        for (std::size_t q = 0; q < m_positions.size(); ++q) {
            const auto& opening = m_proof.queries[q].batches[index];
            items.push_back({&opening.rows, &opening.path, &m_positions[q]});
        }
        auto sums = openRows<B, Hash>(m_b, formOf(batch), items, rootOf(batch.kind), m_powers,
                                      "path of an opened row");
        for (auto& ofLevel : sums) m_terms[term++].rows = std::move(ofLevel);
    }
    [[nodiscard]] Digest rootOf(BatchKind kind)
    {
        switch (kind) {
        case BatchKind::Main: return m_proof.mainRoot;
        case BatchKind::LogUp: return m_proof.logUpRoot;
        case BatchKind::Quotient: return m_proof.quotientRoot;
        case BatchKind::Preprocessed: break;
        }
        return m_keyValues.preprocessed;
    }

    // By height, for every query: the sum over terms and points of factor (p(z) - p(x)) / (z - x).
    [[nodiscard]] std::map<unsigned, std::vector<Ext>> joinedOpenings()
    {
        std::map<unsigned, std::array<std::vector<Ext>, 2>> differences; // of each point, not yet divided
        for (const Term& term : m_terms) {
            for (std::size_t k = 0; k < term.sums.size(); ++k) {
                std::vector<Ext>& total = differences[term.log][k];
                total.resize(term.rows.size(), zero());
                for (std::size_t q = 0; q < term.rows.size(); ++q)
                    total[q] = total[q] + term.factors[k] * (term.sums[k] - term.rows[q]);
            }
        }
        std::map<unsigned, std::vector<Ext>> out;
        for (const auto& [log, ofPoints] : differences) {
            const std::vector<Felt> at = queriedPoints(log);
            std::vector<Ext>& total = out[log];
            total.resize(at.size(), zero());
            for (std::size_t k = 0; k < ofPoints.size() && !ofPoints[k].empty(); ++k) {
                const Ext z = k == 0 ? m_zeta : m_zeta * number(Element::rootOfUnity(log));
                const std::vector<Ext> inverse = inverseDistances(m_b, z, at, "point in a committed domain");
                for (std::size_t q = 0; q < at.size(); ++q) total[q] = total[q] + ofPoints[k][q] * inverse[q];
            }
        }
        return out;
    }
    // The points of the committed domain for 2^log rows at which the queries look.
    [[nodiscard]] std::vector<Felt> queriedPoints(unsigned log)
    {
        const Felt shift = m_b.constant(Element::from(Element::kGenerator));
        std::vector<Felt> out;
        for (const std::vector<Felt>& points : m_points) out.push_back(points[log + logBlowup()] * shift);
        return out;
    }

    // Checks the cosets that the values belong to and folds them.
    void foldAll(std::size_t index, std::vector<Ext>& values)
    {
        const FoldShape& shape = m_shape.folds[index];
        const unsigned leafBits = shape.logDomain - shape.logArity;
        std::vector<std::vector<Ext>> cosets;
        std::vector<std::vector<std::vector<Felt>>> rows(values.size()); // one an item
        std::vector<PathItem<B, std::vector<std::vector<Felt>>, decltype(ProofType::FoldOpening::path)>>
            items;
        for (std::size_t q = 0; q < values.size(); ++q) {
            const auto& opening = m_proof.queries[q].folds[index];
            cosets.push_back(coset(opening.siblings, values[q], m_positions[q], leafBits, shape.logArity));
            std::vector<Felt>& row = rows[q].emplace_back();
            row.reserve(4 * cosets.back().size());
            for (const Ext& v : cosets.back()) {
                for (const Felt& c : m_b.coefficients(v)) row.push_back(c);
            }
            items.push_back({&rows[q], &opening.path, &m_positions[q]});
        }
        requirePaths<B, Hash>(m_b, {{leafBits, {0}}}, items, m_proof.folds[index].root,
                              "path of a folding step");
        // The root to the power 2^leafBits: what stands for the bits that tell the coset's points apart.
        const Element within = Element::rootOfUnity(shape.logArity);
        for (std::size_t q = 0; q < values.size(); ++q) {
            const Felt inverse =
                m_inversePoints[q][shape.logDomain] * power(within, m_positions[q], leafBits, shape.logArity);
            values[q] = fold(std::move(cosets[q]), shape.logArity, m_betas[index], inverse);
        }
    }
    // The values are at x w^j, w of order 2^logArity; inverse is 1 / x.
    [[nodiscard]] Ext fold(std::vector<Ext> values, unsigned logArity, Ext beta, Felt inverse)
    {
        // f(x) = e(x^2) + x o(x^2) -> e + beta o, logArity times; values j and j + half are those at x and -x.
        constexpr Element kHalf = Element::from(2).inverse();
        for (unsigned step = logArity; step > 0; --step) {
            const std::size_t count = std::size_t{1} << (step - 1);
            const Element root = kInverseRoots[step];
            const Ext slope = beta * inverse;
            Element factor = kHalf;
            for (std::size_t j = 0; j < count; ++j, factor *= root) {
                values[j] = (values[j] + values[j + count]) * m_b.constant(kHalf) +
                            (values[j] - values[j + count]) * (slope * m_b.constant(factor));
            }
            beta = beta * beta;
            inverse = inverse * inverse;
        }
        return values[0];
    }
    // The siblings with the value put at its place, which bits[first .. first + logArity) spell.
    template <typename Siblings>
    [[nodiscard]] std::vector<Ext> coset(const Siblings& siblings, const Ext& value,
                                         const std::vector<Bit>& bits, unsigned first, unsigned logArity)
    {
        if constexpr (requires { m_b.placed(siblings, value, bits, first, logArity); })
            return m_b.placed(siblings, value, bits, first, logArity);
        std::vector<Ext> out;
        out.reserve(siblings.size() + 1);
        Bit placed = m_b.bit(false);
        for (std::size_t j = 0; j < std::size_t{1} << logArity; ++j) {
            Bit here = m_b.bit(true);
            for (unsigned i = 0; i < logArity; ++i)
                here = m_b.both(here, ((j >> i) & 1U) != 0 ? bits[first + i] : m_b.opposite(bits[first + i]));
            const Ext before = j < siblings.size() ? siblings[j] : value;
            const Ext after = j > 0 ? siblings[j - 1] : value;
            out.push_back(m_b.select(here, value, m_b.select(placed, after, before)));
            placed = m_b.either(placed, here);
        }
        return out;
    }

    B& m_b;
    const VerifyingKey& m_key;
    KeyValues<B> m_keyValues;
    const Shape& m_shape;
    const ProofType& m_proof;
    const std::vector<Felt>& m_publicValues;
    Challenger<B, typename Hash::Sponge> m_challenger;
    Ext m_alpha{};
    Ext m_beta{};
    Ext m_zeta{};
    std::vector<Ext> m_powers;
    std::vector<Term> m_terms;
    std::vector<Ext> m_betas;
    std::vector<std::vector<Bit>> m_positions; // of the queries, least bit first
    std::vector<std::vector<Felt>> m_points;   // of the queries, by the log of the domain
    std::vector<std::vector<Felt>> m_inversePoints;
};

} // namespace bowline::stark
