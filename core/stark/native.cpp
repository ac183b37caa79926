// SPDX-License-Identifier: MIT
#include "core/stark/native.h"

#include "core/field/kernels.h"
#include "core/field/ntt.h"
#include "core/stark/kernels.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace bowline::stark {

namespace {
using field::Element;
using field::Extension;

using Digest = Native::Digest;

[[nodiscard]] std::size_t padded(std::size_t count)
{
    const std::size_t lanes = field::kernels().lanes;
    return (count + lanes - 1) / lanes * lanes;
}

// Rows as columns: element c of row i at c * stride + i. A row is one list, or several behind each other.
class Turned {
public:
    Turned(std::size_t rows, std::size_t width)
        : m_rows(rows), m_stride(padded(rows)), m_words(width * m_stride)
    {
    }
    void append(const std::vector<const std::uint32_t*>& lists, std::size_t width)
    {
        std::uint32_t* out = m_words.data() + m_columns.size() * m_stride;
        field::kernels().turnRows(lists.data(), m_rows, width, out, m_stride);
        for (std::size_t c = 0; c < width; ++c) m_columns.push_back(out + c * m_stride);
    }
    [[nodiscard]] std::size_t rows() const { return m_rows; }
    [[nodiscard]] std::size_t stride() const { return m_stride; }
    [[nodiscard]] const std::vector<const std::uint32_t*>& columns() const { return m_columns; }

private:
    std::size_t m_rows;
    std::size_t m_stride;
    std::vector<std::uint32_t> m_words;
    std::vector<const std::uint32_t*> m_columns;
};

[[nodiscard]] std::vector<Digest> hashRows(const Turned& rows)
{
    const std::size_t stride = rows.stride();
    std::vector<Element> words(8 * stride); // word w of row i at w * stride + i
    const Element tag = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));
    const Element length = Element::from(static_cast<std::uint32_t>(rows.columns().size()));
    field::kernels().hashRows(rows.columns().data(), rows.columns().size(), stride, tag.residue(),
                              length.residue(), field::wordsOf(words.data()), stride);
    std::vector<Digest> out(rows.rows());
    for (std::size_t w = 0; w < 8; ++w) {
        for (std::size_t i = 0; i < out.size(); ++i) out[i][w] = words[w * stride + i];
    }
    return out;
}

// Pairs of digests to be hashed side by side.
struct Pairs {
    std::vector<const std::uint32_t*> left;
    std::vector<const std::uint32_t*> right;

    void add(const Element* leftOne, const Element* rightOne)
    {
        left.push_back(field::wordsOf(leftOne));
        right.push_back(field::wordsOf(rightOne));
    }
    [[nodiscard]] std::vector<Digest> compressed() const
    {
        std::vector<Digest> out(left.size());
        static_assert(sizeof(Digest) == 8 * sizeof(Element));
        field::kernels().compressPairs(left.data(), right.data(), left.size(),
                                       field::wordsOf(out.front().data()));
        return out;
    }
};

// Paths side by side on their way to one root. Where several have come to the same node, one of them leads: it alone
// is hashed on, and the others must bring the same rows and siblings as it does. That accepts what hashing each by
// itself would, but for two openings that collide.
class PathBundle {
public:
    explicit PathBundle(const Native::Paths& paths)
        : m_paths(paths), m_form(*paths.form), m_top(m_form.front().log), m_order(paths.count)
    {
        // Nodes are numbered by the last bits of a position: with the first bit as the most significant one, paths that
        // will meet stand together.
        std::vector<std::size_t> reversed;
        for (const std::size_t position : paths.positions)
            reversed.push_back(field::bitReverse(position, m_top));
        std::iota(m_order.begin(), m_order.end(), std::size_t{0});
        std::stable_sort(m_order.begin(), m_order.end(),
                         [&](std::size_t a, std::size_t b) { return reversed[a] < reversed[b]; });
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            if (m_leaders.empty() || position(m_leaders.back()) != position(i)) m_leaders.push_back(i);
            m_leaderOf.push_back(m_leaders.back());
        }
    }

    [[nodiscard]] bool leadsTo(const Digest& root)
    {
        if (!rowsAgree(m_form[0])) return false;
        std::vector<Digest> nodes = leadersRows(m_form[0]);
        std::size_t next = 1;
        for (unsigned log = m_top; log-- > 0;) {
            if (!siblingsAgree(m_top - 1 - log)) return false;
            auto parents = climb(nodes, log);
            if (!parents) return false;
            nodes = std::move(*parents);
            if (next < m_form.size() && m_form[next].log == log) {
                if (!rowsAgree(m_form[next])) return false;
                const std::vector<Digest> rows = leadersRows(m_form[next++]);
                Pairs pairs;
                for (std::size_t k = 0; k < nodes.size(); ++k) pairs.add(nodes[k].data(), rows[k].data());
                nodes = pairs.compressed();
            }
        }
        return nodes.front() == root;
    }

private:
    // Of the i-th path as they stand.
    [[nodiscard]] std::size_t position(std::size_t i) const { return m_paths.positions[m_order[i]]; }
    [[nodiscard]] const Element* sibling(std::size_t i, std::size_t depth) const
    {
        return m_paths.siblings[m_order[i]] + 8 * depth;
    }
    [[nodiscard]] bool siblingIs(std::size_t i, std::size_t depth, const Element* digest) const
    {
        return std::equal(digest, digest + 8, sibling(i, depth));
    }
    [[nodiscard]] const Element* row(std::size_t i, std::size_t matrix) const
    {
        return m_paths.rows[m_order[i] * m_paths.widths.size() + matrix];
    }

    // Digests of the leaders' rows.
    [[nodiscard]] std::vector<Digest> leadersRows(const PathLevel& level) const
    {
        std::size_t width = 0;
        for (const std::size_t matrix : level.rows) width += m_paths.widths[matrix];
        Turned turned(m_leaders.size(), width);
        std::vector<const std::uint32_t*> lists(m_leaders.size());
        for (const std::size_t matrix : level.rows) {
            for (std::size_t k = 0; k < lists.size(); ++k)
                lists[k] = field::wordsOf(row(m_leaders[k], matrix));
            turned.append(lists, m_paths.widths[matrix]);
        }
        return hashRows(turned);
    }
    [[nodiscard]] bool rowsAgree(const PathLevel& level) const
    {
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            const std::size_t leader = m_leaderOf[i];
            if (leader == i) continue;
            for (const std::size_t matrix : level.rows) {
                const Element* mine = row(i, matrix);
                if (!std::equal(mine, mine + m_paths.widths[matrix], row(leader, matrix))) return false;
            }
        }
        return true;
    }
    [[nodiscard]] bool siblingsAgree(std::size_t depth) const
    {
        for (std::size_t i = 0; i < m_order.size(); ++i) {
            const std::size_t leader = m_leaderOf[i];
            if (leader != i && !siblingIs(i, depth, sibling(leader, depth))) return false;
        }
        return true;
    }

    // From the leaders' nodes of one layer to their parents in layer `log`. Two leaders that are each other's siblings
    // must say so of each other; the first leads on.
    [[nodiscard]] std::optional<std::vector<Digest>> climb(const std::vector<Digest>& nodes, unsigned log)
    {
        const std::size_t depth = m_top - 1 - log;
        const std::size_t mask = (std::size_t{1} << log) - 1;
        std::vector<std::size_t> leaders;
        Pairs pairs;
        std::size_t place = 0; // of the last leader among the nodes
        for (std::size_t k = 0; k < m_leaders.size(); ++k) {
            const std::size_t i = m_leaders[k];
            if (leaders.empty() || ((position(leaders.back()) ^ position(i)) & mask) != 0) {
                leaders.push_back(i);
                place = k;
                if (((position(i) >> log) & 1U) != 0) {
                    pairs.add(sibling(i, depth), nodes[k].data());
                } else {
                    pairs.add(nodes[k].data(), sibling(i, depth));
                }
                continue;
            }
            const std::size_t twin = leaders.back();
            if (!siblingIs(i, depth, nodes[place].data()) || !siblingIs(twin, depth, nodes[k].data()))
                return std::nullopt;
            m_leaderOf[i] = twin;
        }
        for (std::size_t& leader : m_leaderOf) leader = m_leaderOf[leader];
        m_leaders = std::move(leaders);
        return pairs.compressed();
    }

    const Native::Paths& m_paths;
    const PathForm& m_form;
    unsigned m_top;                      // the log of the number of leaves
    std::vector<std::size_t> m_order;    // the paths as they meet; below, paths are numbered so
    std::vector<std::size_t> m_leaders;  // ascending
    std::vector<std::size_t> m_leaderOf; // of each path; a leader's is itself
};
} // namespace

namespace {
// Coefficient c of value i stands at c * stride + i.
[[nodiscard]] std::vector<Extension> extensionsOf(const std::vector<Element>& words, std::size_t stride,
                                                  std::size_t count)
{
    std::vector<Extension> out;
    out.reserve(count);
    for (std::size_t i = 0; i < count; ++i)
        out.push_back(Extension{{words[i], words[stride + i], words[2 * stride + i], words[3 * stride + i]}});
    return out;
}
} // namespace

bool Native::pathsLeadTo(const Paths& paths, const Digest& root) { return PathBundle(paths).leadsTo(root); }

std::vector<Extension> Native::weightedSums(const std::vector<std::span<const Felt>>& rows,
                                            std::span<const Ext> weights)
{
    std::vector<const std::uint32_t*> lists;
    lists.reserve(rows.size());
    for (const std::span<const Felt> row : rows) lists.push_back(field::wordsOf(row.data()));
    Turned turned(rows.size(), weights.size());
    turned.append(lists, weights.size());
    std::vector<Element> words;
    words.reserve(4 * weights.size());
    for (const Ext& weight : weights) {
        for (const Element c : weight.coefficients()) words.push_back(c);
    }
    const std::size_t stride = turned.stride();
    std::vector<Element> sums(4 * stride);
    starkKernelsOf(field::kernels().backend)
        .combineColumns(turned.columns().data(), turned.columns().size(), stride,
                        field::wordsOf(words.data()), field::wordsOf(sums.data()), stride);
    return extensionsOf(sums, stride, rows.size());
}

std::vector<Extension> Native::inverseDistances(const Ext& point, const std::vector<Felt>& from,
                                                std::string_view why)
{
    const std::size_t stride = padded(from.size());
    std::vector<Element> x(stride, from.front());
    std::copy(from.begin(), from.end(), x.begin());
    std::vector<Element> inverses(4 * stride);
    starkKernelsOf(field::kernels().backend)
        .inverseDistances(field::wordsOf(x.data()), stride, field::wordsOf(point.coefficients().data()),
                          field::wordsOf(inverses.data()), stride);
    std::vector<Ext> out = extensionsOf(inverses, stride, from.size());
    for (const Ext& inverse : out) {
        if (inverse.isZero()) reject(why);
    }
    return out;
}

} // namespace bowline::stark
