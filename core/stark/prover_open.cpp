// SPDX-License-Identifier: MIT
// Openings out of the domain, the polynomials that join them, FRI, and the answers to the queries.
#include "core/stark/prover_steps.h"

namespace bowline::stark {

namespace {
// Extension values of the points of a domain: coefficient c of address a at words[c * size + a].
struct ExtensionColumn {
    std::size_t size = 0;
    field::Cells data;

    ExtensionColumn() = default;
    explicit ExtensionColumn(std::size_t n) : size(n), data(4 * n) {}
    /// For who writes all of it.
    [[nodiscard]] static ExtensionColumn unset(std::size_t n)
    {
        ExtensionColumn out;
        out.size = n;
        out.data = field::Cells::unset(4 * n);
        return out;
    }
    [[nodiscard]] std::uint32_t* words(std::size_t at = 0) { return field::wordsOf(data.data() + at); }
    [[nodiscard]] const std::uint32_t* words(std::size_t at = 0) const
    {
        return field::wordsOf(data.data() + at);
    }
    [[nodiscard]] Extension at(std::size_t address) const
    {
        return Extension{
            {data[address], data[size + address], data[2 * size + address], data[3 * size + address]}};
    }
};

struct Layer {
    ExtensionColumn values;
    MerkleTree tree;
};

template <typename Hash>
class Opener {
public:
    Opener(Workshop& workshop, const VerifyingKey& key, const Shape& shape,
           std::span<const CommittedBatch* const> batches, NativeChallenger<Hash>& challenger,
           const ProverHooks& hooks, Proof& proof)
        : m_workshop(workshop), m_key(key), m_shape(shape), m_batches(batches), m_challenger(challenger),
          m_hooks(hooks), m_proof(proof)
    {
    }

    void run(const Extension& zeta)
    {
        openValues(zeta);
        if (m_workshop.canceled()) return;
        m_proof.batchWork =
            doWork(m_workshop, Step::BatchWork, m_key.parameters.batchWork, m_hooks, m_challenger);
        joinOpenings(m_challenger.sample(Step::BatchChallenge));
        if (m_workshop.canceled()) return;
        m_inverses.clear();
        foldAll();
        if (m_workshop.canceled()) return;
        m_proof.queryWork =
            doWork(m_workshop, Step::QueryWork, m_key.parameters.queryWork, m_hooks, m_challenger);
        answerQueries();
    }

private:
    using PointKey = std::pair<unsigned, std::size_t>; // rows of the trace, which point

    [[nodiscard]] const ExtensionColumn& inverses(unsigned log, std::size_t point, const Extension& z)
    {
        ExtensionColumn& out = m_inverses[{log, point}];
        if (out.size != 0) return out;
        const std::vector<Element>& x = m_workshop.points(log);
        out = ExtensionColumn::unset(pointsJoined(log));
        parallelFor(m_workshop.threads(), out.size, 512, [&](std::size_t begin, std::size_t end) {
            m_workshop.starkKernels().inverseDistances(field::wordsOf(x.data() + begin), end - begin,
                                                       wordsOf(z).data(), out.words(begin), out.size);
        });
        return out;
    }

    // If not all of the domain is kept the openings are joined on the first coset alone, which fixes a polynomial of fewer
    // than n coefficients, and that is extended.
    [[nodiscard]] std::size_t pointsJoined(unsigned log) const
    {
        return std::size_t{1} << (m_workshop.keepsAll() ? log + m_workshop.logBlowup() : log);
    }

    // p(z) = ((z / s)^n - 1) / n * the sum of p(x) x / (z - x) over the n points x of the first coset.
    void openValues(const Extension& zeta)
    {
        m_proof.values.resize(m_batches.size());
        for (std::size_t b = 0; b < m_batches.size(); ++b) {
            const BatchShape& shape = m_shape.batches[b];
            m_proof.values[b].resize(shape.matrices.size());
            for (std::size_t m = 0; m < shape.matrices.size(); ++m) {
                for (std::size_t k = 0; k < shape.matrices[m].points; ++k) {
                    if (m_workshop.canceled()) return;
                    const Extension z =
                        k == 0 ? zeta : zeta * Extension{Element::rootOfUnity(shape.matrices[m].log)};
                    m_proof.values[b][m].push_back(
                        openMatrix(m_batches[b]->matrices[m].columns, shape.matrices[m].log, k, z));
                }
            }
        }
        if (m_hooks.values) m_hooks.values(m_proof);
        for (const auto& batch : m_proof.values) {
            for (const auto& matrix : batch) {
                for (const auto& point : matrix) m_challenger.absorb(Step::Values, point);
            }
        }
        m_weights.clear();
    }
    [[nodiscard]] std::vector<Extension> openMatrix(const Matrix& columns, unsigned log, std::size_t point,
                                                    const Extension& z)
    {
        const std::size_t n = std::size_t{1} << log;
        const ExtensionColumn& weights = weightsOf(log, point, z);
        const Extension scale = ((z * domainShift().inverse()).power(n) - Extension::from(1)) *
                                Element::from(static_cast<std::uint32_t>(n)).inverse();
        std::vector<Extension> out(columns.width);
        parallelFor(m_workshop.threads(), columns.width, 1, [&](std::size_t begin, std::size_t end) {
            for (std::size_t c = begin; c < end; ++c) {
                std::array<Element, 4> sum;
                m_workshop.starkKernels().dot(field::wordsOf(columns.column(c)), weights.words(), n, n,
                                              field::wordsOf(sum.data()));
                out[c] = Extension{sum} * scale;
            }
        });
        return out;
    }
    [[nodiscard]] const ExtensionColumn& weightsOf(unsigned log, std::size_t point, const Extension& z)
    {
        ExtensionColumn& out = m_weights[{log, point}];
        if (out.size != 0) return out;
        const std::size_t n = std::size_t{1} << log;
        const ExtensionColumn& inverse = inverses(log, point, z);
        out = ExtensionColumn(n);
        for (std::size_t c = 0; c < 4; ++c) {
            m_workshop.kernels().multiply(out.words(c * n), inverse.words(c * inverse.size),
                                          field::wordsOf(m_workshop.points(log).data()), n);
        }
        return out;
    }

    // For each height the sum over its columns and points of gamma^i (p(z) - p(x)) / (z - x). The matrices of one
    // commitment and height are one row: its last column has the smallest power, as if zeros filled it up.
    void joinOpenings(const Extension& gamma)
    {
        std::map<unsigned, Extension> next; // the power that comes next
        for (std::size_t b = 0; b < m_batches.size(); ++b) {
            const auto& matrices = m_shape.batches[b].matrices;
            std::map<unsigned, std::size_t> widths;
            for (const MatrixShape& matrix : matrices) widths[matrix.log] += matrix.width;
            std::map<unsigned, std::size_t> left; // of the row's exponents
            for (const auto& [log, width] : widths) left[log] = filledRow(width);
            for (std::size_t m = 0; m < matrices.size(); ++m) {
                if (m_workshop.canceled()) return;
                const MatrixShape& matrix = matrices[m];
                const Extension& first = next.try_emplace(matrix.log, Extension::from(1)).first->second;
                left[matrix.log] -= matrix.width;
                joinMatrix(m_batches[b]->matrices[m].columns, matrix, m_proof.values[b][m], gamma,
                           first * gamma.power(left[matrix.log]), gamma.power(filledRow(widths[matrix.log])));
            }
            for (const auto& [log, width] : widths) {
                std::size_t points = 0;
                for (const MatrixShape& matrix : matrices)
                    points = matrix.log == log ? matrix.points : points;
                next.at(log) *= gamma.power(filledRow(width) * points);
            }
        }
        for (auto& [log, joined] : m_joined) {
            if (!m_workshop.keepsAll()) joined = extended(joined, log);
        }
    }
    // From the points of the first coset to all of them.
    [[nodiscard]] ExtensionColumn extended(const ExtensionColumn& values, unsigned log) const
    {
        Matrix coefficients = Matrix::unset(4, log);
        for (std::size_t c = 0; c < 4; ++c) {
            std::vector<Element> column(values.data.begin() + std::ptrdiff_t(c * values.size),
                                        values.data.begin() + std::ptrdiff_t((c + 1) * values.size));
            field::coefficientsOf(column, domainShift(), m_workshop.kernels());
            std::copy(column.begin(), column.end(), coefficients.column(c));
        }
        Matrix all = m_workshop.extendCoefficientsWholly(coefficients);
        ExtensionColumn out;
        out.size = all.rows();
        out.data = std::move(all.data);
        return out;
    }
    // `power` is that of the last column at the first point, `step` leads from there to the next point's.
    void joinMatrix(const Matrix& columns, const MatrixShape& shape,
                    const std::vector<std::vector<Extension>>& values, const Extension& gamma,
                    const Extension& power, const Extension& step)
    {
        const std::size_t size = pointsJoined(shape.log);
        ExtensionColumn& joined = m_joined.try_emplace(shape.log, size).first->second;
        const std::vector<std::uint32_t> powers = powerWords(power, gamma, columns.width);
        std::vector<Extension> sums;
        for (const auto& point : values) {
            Extension sum;
            for (const Extension& value : point) sum = sum * gamma + value;
            sums.push_back(sum * power);
        }
        parallelFor(m_workshop.threads(), size, 512, [&](std::size_t begin, std::size_t end) {
            ExtensionColumn sum(end - begin);
            std::vector<const std::uint32_t*> pointers;
            for (std::size_t c = columns.width; c-- > 0;)
                pointers.push_back(field::wordsOf(columns.column(c) + begin));
            m_workshop.starkKernels().combineColumns(pointers.data(), pointers.size(), end - begin,
                                                     powers.data(), sum.words(), sum.size);
            Extension factor = Extension::from(1);
            for (std::size_t k = 0; k < shape.points; ++k, factor *= step) {
                const ExtensionColumn& inverse = m_inverses.at({shape.log, k});
                m_workshop.starkKernels().addQuotient(
                    sum.words(), sum.size, inverse.words(begin), inverse.size, sum.size,
                    wordsOf(sums[k]).data(), wordsOf(factor).data(), joined.words(begin), joined.size);
            }
        });
    }
    void foldAll()
    {
        ExtensionColumn current = std::move(m_joined.at(m_shape.maxLog));
        for (const FoldShape& fold : m_shape.folds) {
            if (m_workshop.canceled()) return;
            MerkleTree tree = commitLayer(current, fold);
            m_challenger.absorb(Step::FoldRoot, tree.root());
            m_proof.folds.push_back({tree.root(), {}});
            m_proof.folds.back().work =
                doWork(m_workshop, Step::FoldWork, m_key.parameters.foldWork, m_hooks, m_challenger);
            Extension beta = m_challenger.sample(Step::FoldChallenge);
            m_layers.push_back({std::move(current), std::move(tree)});
            const ExtensionColumn* from = &m_layers.back().values;
            for (unsigned step = 0; step < fold.logArity; ++step, beta *= beta) {
                ExtensionColumn half = foldOnce(*from, beta);
                current = std::move(half);
                from = &current;
            }
            // beta is now the power 2^logArity of the challenge, which no folded part has.
            const unsigned log = fold.logDomain - fold.logArity - m_key.parameters.logBlowup;
            const auto joins = m_joined.find(log);
            if (joins != m_joined.end()) {
                m_workshop.starkKernels().addScaled(joins->second.words(), current.size, wordsOf(beta).data(),
                                                    current.words(), current.size, current.size);
            }
            if (m_hooks.folded)
                m_hooks.folded(m_layers.size() - 1, {current.data.data(), current.data.size()});
        }
        finish(current);
    }
    [[nodiscard]] MerkleTree commitLayer(const ExtensionColumn& values, const FoldShape& fold) const
    {
        const std::size_t coset = values.size >> m_key.parameters.logBlowup;
        LeafMatrix leaf{{}, fold.logDomain - fold.logArity, coset, nullptr};
        for (std::size_t j = 0; j < std::size_t{1} << fold.logArity; ++j) {
            for (std::size_t c = 0; c < 4; ++c)
                leaf.columns.push_back(values.data.data() + c * values.size + j * (coset >> fold.logArity));
        }
        return MerkleTree({&leaf, 1}, m_key.parameters.logBlowup, m_workshop.hashOptions());
    }
    // f(x) = e(x^2) + x o(x^2) -> e + beta o.
    [[nodiscard]] ExtensionColumn foldOnce(const ExtensionColumn& in, const Extension& beta) const
    {
        const unsigned logBlowup = m_key.parameters.logBlowup;
        const auto log = static_cast<unsigned>(std::countr_zero(in.size));
        const std::size_t half = in.size >> (logBlowup + 1); // of a coset
        ExtensionColumn out = ExtensionColumn::unset(in.size / 2);
        const Element root = Element::rootOfUnity(log).inverse();
        const Element step = root.power(1U << logBlowup);
        std::vector<Element> halfInverse(half);
        Element coset = Element::from(2).inverse();
        for (std::size_t r = 0; r < std::size_t{1} << logBlowup; ++r, coset *= root) {
            Element x = coset;
            for (Element& h : halfInverse) {
                h = x;
                x *= step;
            }
            parallelFor(m_workshop.threads(), half, 1024, [&](std::size_t begin, std::size_t end) {
                const std::uint32_t* a = in.words(2 * r * half + begin);
                m_workshop.starkKernels().fold(
                    a, a + half, in.size, field::wordsOf(halfInverse.data() + begin), wordsOf(beta).data(),
                    out.words(r * half + begin), out.size, end - begin);
            });
        }
        return out;
    }
    void finish(const ExtensionColumn& last)
    {
        // The first coset's points are the roots of unity of this order.
        const unsigned log = m_key.parameters.logFinal;
        const std::size_t count = std::size_t{1} << log;
        std::array<std::vector<Element>, 4> columns;
        for (std::size_t c = 0; c < 4; ++c) {
            const auto from = last.data.begin() + c * last.size;
            columns[c].assign(from, from + std::ptrdiff_t(count));
            field::coefficientsOf(columns[c], Element::from(1), m_workshop.kernels());
        }
        for (std::size_t k = 0; k < count; ++k) {
            const std::size_t at = field::bitReverse(k, log);
            m_proof.finalPolynomial.push_back(
                Extension{{columns[0][at], columns[1][at], columns[2][at], columns[3][at]}});
        }
        if (m_hooks.finalPolynomial) m_hooks.finalPolynomial(m_proof.finalPolynomial);
        m_challenger.absorb(Step::FinalPolynomial, m_proof.finalPolynomial);
    }

    void answerQueries()
    {
        const unsigned logDomain = m_shape.maxLog + m_key.parameters.logBlowup;
        std::vector<std::size_t> positions;
        for (std::size_t q = 0; q < m_key.parameters.queries; ++q) {
            const std::vector<bool> bits = m_challenger.sampleBits(Step::QueryPosition, logDomain);
            std::size_t e = 0;
            for (std::size_t i = 0; i < bits.size(); ++i) e |= std::size_t{bits[i]} << i;
            positions.push_back(e);
            m_proof.queries.push_back(answer(e));
        }
        RowReader reader(m_workshop, std::move(positions));
        for (std::size_t b = 0; b < m_batches.size(); ++b) {
            for (const CommittedMatrix& matrix : m_batches[b]->matrices) {
                auto rows = reader.rows(matrix);
                for (std::size_t q = 0; q < rows.size(); ++q)
                    m_proof.queries[q].batches[b].rows.push_back(std::move(rows[q]));
            }
        }
    }
    // All but the rows.
    [[nodiscard]] Proof::Query answer(std::size_t e) const
    {
        const unsigned logBlowup = m_key.parameters.logBlowup;
        Proof::Query out;
        for (const CommittedBatch* batch : m_batches) {
            const MerkleTree& tree = *batch->tree;
            Proof::Opening opening;
            opening.path = tree.path(e & ((std::size_t{1} << tree.logDomain()) - 1));
            out.batches.push_back(std::move(opening));
        }
        for (std::size_t f = 0; f < m_layers.size(); ++f) {
            const FoldShape& fold = m_shape.folds[f];
            const std::size_t leaves = std::size_t{1} << (fold.logDomain - fold.logArity);
            const std::size_t leaf = e & (leaves - 1);
            const std::size_t own = (e & ((std::size_t{1} << fold.logDomain) - 1)) / leaves;
            Proof::FoldOpening opening;
            for (std::size_t j = 0; j < std::size_t{1} << fold.logArity; ++j) {
                if (j == own) continue;
                opening.siblings.push_back(
                    m_layers[f].values.at(addressOf(leaf + j * leaves, fold.logDomain, logBlowup)));
            }
            opening.path = m_layers[f].tree.path(leaf);
            out.folds.push_back(std::move(opening));
        }
        return out;
    }

    Workshop& m_workshop;
    const VerifyingKey& m_key;
    const Shape& m_shape;
    std::span<const CommittedBatch* const> m_batches;
    NativeChallenger<Hash>& m_challenger;
    const ProverHooks& m_hooks;
    Proof& m_proof;
    std::map<PointKey, ExtensionColumn> m_inverses;
    std::map<PointKey, ExtensionColumn> m_weights;
    std::map<unsigned, ExtensionColumn> m_joined; // by rows of the trace
    std::vector<Layer> m_layers;
};
} // namespace

std::uint32_t findNonce(const Workshop& workshop, const Poseidon2Sponge<Native>& sponge, std::uint32_t mask,
                        std::uint32_t from, std::uint32_t to)
{
    const auto work = sponge.workState();
    return workshop.kernels().grind(field::wordsOf(work.state.data()), work.position, mask, from, to);
}

std::uint32_t findNonce(const Workshop& workshop, const Blake3Sponge<Native>& sponge, std::uint32_t mask,
                        std::uint32_t from, std::uint32_t to)
{
    const auto message = sponge.state().beforeNonce();
    return workshop.starkKernels().blake3Grind(message.data(), blake3Key(Blake3Use::Transcript).data(), mask,
                                               from, to);
}

template <typename Hash>
void openAndFold(Workshop& workshop, const VerifyingKey& key, const Shape& shape,
                 std::span<const CommittedBatch* const> batches, const Extension& point,
                 NativeChallenger<Hash>& challenger, const ProverHooks& hooks, Proof& proof)
{
    Opener<Hash>(workshop, key, shape, batches, challenger, hooks, proof).run(point);
}
template void openAndFold<Poseidon2Hash<Native>>(Workshop&, const VerifyingKey&, const Shape&,
                                                 std::span<const CommittedBatch* const>, const Extension&,
                                                 NativeChallenger<Poseidon2Hash<Native>>&, const ProverHooks&,
                                                 Proof&);
template void openAndFold<Blake3Hash<Native>>(Workshop&, const VerifyingKey&, const Shape&,
                                              std::span<const CommittedBatch* const>, const Extension&,
                                              NativeChallenger<Blake3Hash<Native>>&, const ProverHooks&,
                                              Proof&);

} // namespace bowline::stark
