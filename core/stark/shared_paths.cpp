// SPDX-License-Identifier: MIT
#include "core/stark/shared_paths.h"

#include "core/stark/kernels.h"

namespace bowline::stark {

using field::DigestWords;
using field::Element;

SharedPlan::SharedPlan(const std::vector<std::size_t>& queries, unsigned log) : m_layers(log + 1)
{
    for (unsigned at = log + 1; at-- > 0;) {
        Layer& layer = m_layers[at];
        const std::size_t mask = (std::size_t{1} << at) - 1;
        for (const std::size_t query : queries) layer.positions.push_back(query & mask);
        std::sort(layer.positions.begin(), layer.positions.end());
        layer.positions.erase(std::unique(layer.positions.begin(), layer.positions.end()),
                              layer.positions.end());
        layer.queries.resize(layer.positions.size());
        const auto placeOf = [](const Layer& of, std::size_t position) {
            const auto found = std::lower_bound(of.positions.begin(), of.positions.end(), position);
            return found != of.positions.end() && *found == position
                       ? static_cast<std::size_t>(found - of.positions.begin())
                       : kNone;
        };
        for (std::size_t q = 0; q < queries.size(); ++q) {
            layer.placeOf.push_back(placeOf(layer, queries[q] & mask));
            layer.queries[layer.placeOf.back()] = q;
        }
        if (at == log) continue;
        for (const std::size_t position : layer.positions) {
            const Layer& below = m_layers[at + 1];
            layer.parents.push_back(
                {placeOf(below, position), placeOf(below, position + (std::size_t{1} << at))});
        }
    }
}

std::size_t SharedPlan::missing() const
{
    std::size_t out = 0;
    for (const Layer& layer : m_layers) {
        for (const Parent& parent : layer.parents)
            out += (parent.left == kNone || parent.right == kNone) ? 1U : 0U;
    }
    return out;
}

std::vector<DigestWords> sharedNodes(const SharedPlan& plan,
                                     const std::vector<const std::vector<DigestWords>*>& siblings)
{
    std::vector<DigestWords> out;
    for (unsigned at = plan.log(); at-- > 0;) {
        const SharedPlan::Layer& below = plan.layer(at + 1);
        for (const SharedPlan::Parent& parent : plan.layer(at).parents) {
            if (parent.left != SharedPlan::kNone && parent.right != SharedPlan::kNone) continue;
            const std::size_t child = parent.left == SharedPlan::kNone ? parent.right : parent.left;
            out.push_back((*siblings[below.queries[child]])[plan.log() - 1 - at]);
        }
    }
    return out;
}

namespace {
// Digests side by side: word w of number i at words[w * stride + i].
struct Digests {
    std::size_t stride = 0;
    std::vector<Element> words;

    explicit Digests(std::size_t count) : stride(count), words(8 * count) {}
    void set(std::size_t i, const DigestWords& digest)
    {
        for (std::size_t w = 0; w < 8; ++w) words[w * stride + i] = digest[w];
    }
    void copy(std::size_t i, const Digests& from, std::size_t k)
    {
        for (std::size_t w = 0; w < 8; ++w) words[w * stride + i] = from.words[w * from.stride + k];
    }
    [[nodiscard]] DigestWords at(std::size_t i) const
    {
        DigestWords out;
        for (std::size_t w = 0; w < 8; ++w) out[w] = words[w * stride + i];
        return out;
    }
};

class Climb {
public:
    explicit Climb(const SharedOpening& opening)
        : m_opening(opening), m_plan(opening.positions, opening.form->front().log),
          m_kernels(starkKernelsOf(field::kernels().backend))
    {
    }

    [[nodiscard]] bool leadsTo(const DigestWords& root)
    {
        if (m_opening.nodes.size() != m_plan.missing()) return false;
        const PathForm& form = *m_opening.form;
        if (!rowsAgree(form[0])) return false;
        Digests nodes = rows(form[0]);
        std::size_t next = 1;
        for (unsigned log = m_plan.log(); log-- > 0;) {
            nodes = parents(nodes, log);
            if (next == form.size() || form[next].log != log) continue;
            if (!rowsAgree(form[next])) return false;
            nodes = pairs(nodes, rows(form[next++]));
        }
        return nodes.at(0) == root;
    }

private:
    [[nodiscard]] const Element* row(std::size_t query, std::size_t matrix) const
    {
        return m_opening.rows[query * m_opening.widths.size() + matrix];
    }
    // Queries at one position bring the same rows.
    [[nodiscard]] bool rowsAgree(const PathLevel& level) const
    {
        const SharedPlan::Layer& layer = m_plan.layer(level.log);
        for (std::size_t q = 0; q < layer.placeOf.size(); ++q) {
            const std::size_t other = layer.queries[layer.placeOf[q]];
            for (const std::size_t m : level.rows) {
                const Element* mine = row(q, m);
                if (other != q && !std::equal(mine, mine + m_opening.widths[m], row(other, m))) return false;
            }
        }
        return true;
    }
    [[nodiscard]] Digests rows(const PathLevel& level) const
    {
        const std::vector<std::size_t>& queries = m_plan.layer(level.log).queries;
        std::size_t width = 0;
        for (const std::size_t m : level.rows) width += m_opening.widths[m];
        const std::size_t lanes = field::kernels().lanes;
        const std::size_t stride = (queries.size() + lanes - 1) / lanes * lanes;
        std::vector<std::uint32_t> words(width * stride);
        std::vector<const std::uint32_t*> from(queries.size());
        std::size_t column = 0;
        for (const std::size_t m : level.rows) {
            for (std::size_t i = 0; i < from.size(); ++i) from[i] = field::wordsOf(row(queries[i], m));
            field::kernels().turnRows(from.data(), from.size(), m_opening.widths[m],
                                      words.data() + column * stride, stride);
            column += m_opening.widths[m];
        }
        std::vector<const std::uint32_t*> columns;
        for (std::size_t c = 0; c < width; ++c) columns.push_back(words.data() + c * stride);
        Digests out(stride);
        m_kernels.blake3Rows(columns.data(), width, stride, blake3Key(Blake3Use::Row).data(),
                             field::wordsOf(out.words.data()), stride);
        return out;
    }
    [[nodiscard]] Digests pairs(const Digests& left, const Digests& right) const
    {
        Digests out(std::min(left.stride, right.stride));
        Digests lefts(out.stride);
        Digests rights(out.stride);
        for (std::size_t i = 0; i < out.stride; ++i) {
            lefts.copy(i, left, i);
            rights.copy(i, right, i);
        }
        m_kernels.blake3Pairs(field::wordsOf(lefts.words.data()), field::wordsOf(rights.words.data()),
                              out.stride, blake3Key(Blake3Use::Pair).data(), field::wordsOf(out.words.data()),
                              out.stride, out.stride);
        return out;
    }
    [[nodiscard]] Digests parents(const Digests& below, unsigned log)
    {
        const std::vector<SharedPlan::Parent>& parents = m_plan.layer(log).parents;
        const std::size_t lanes = field::kernels().lanes;
        const std::size_t stride = (parents.size() + lanes - 1) / lanes * lanes;
        Digests left(stride);
        Digests right(stride);
        for (std::size_t i = 0; i < parents.size(); ++i) {
            const auto fill = [&](Digests& side, std::size_t child) {
                if (child == SharedPlan::kNone) {
                    side.set(i, m_opening.nodes[m_used++]);
                } else {
                    side.copy(i, below, child);
                }
            };
            fill(left, parents[i].left);
            fill(right, parents[i].right);
        }
        return pairs(left, right);
    }

    const SharedOpening& m_opening;
    SharedPlan m_plan;
    const StarkKernels& m_kernels;
    std::size_t m_used = 0;
};
} // namespace

bool sharedPathsLeadTo(const SharedOpening& opening, const DigestWords& root)
{
    return Climb(opening).leadsTo(root);
}

} // namespace bowline::stark
