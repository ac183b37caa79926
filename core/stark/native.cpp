// SPDX-License-Identifier: MIT
#include "core/stark/native.h"

#include "core/field/kernels.h"
#include "core/field/ntt.h"
#include "core/stark/kernels.h"

#include <algorithm>
#include <memory>
#include <optional>

namespace bowline::stark {

namespace {
using field::Element;
using field::Extension;

// Digests of many nodes: word w of node i at w * stride + i. Filled up to whole vector registers.
struct Digests {
    std::size_t stride = 0;
    std::vector<Element> words;

    explicit Digests(std::size_t count) : stride(padded(count)), words(8 * stride) {}
    [[nodiscard]] static std::size_t padded(std::size_t count)
    {
        const std::size_t lanes = field::kernels().lanes;
        return (count + lanes - 1) / lanes * lanes;
    }
    [[nodiscard]] Native::Digest at(std::size_t i) const
    {
        Native::Digest out;
        for (std::size_t w = 0; w < 8; ++w) out[w] = words[w * stride + i];
        return out;
    }
    void set(std::size_t i, const Native::Digest& digest)
    {
        for (std::size_t w = 0; w < 8; ++w) words[w * stride + i] = digest[w];
    }
};

// Rows as columns: element c of row i at c * stride + i. A row is one vector, or several behind each other.
class Turned {
public:
    Turned(std::size_t rows, std::size_t width)
        : m_stride(Digests::padded(rows)),
          m_elements(std::make_unique_for_overwrite<Element[]>(width * m_stride))
    {
        for (std::size_t c = 0; c < width; ++c) {
            Element* column = m_elements.get() + c * m_stride;
            std::fill(column + rows, column + m_stride, Element{});
            m_columns.push_back(field::wordsOf(column));
        }
    }
    // part(i): what row i has from column `first` on; all parts are of one width.
    template <typename Part>
    void fill(std::size_t first, std::size_t rows, const Part& part)
    {
        const std::size_t width = part(0).size();
        constexpr std::size_t kTogether = 16; // of a cache line
        for (std::size_t from = 0; from < width; from += kTogether) {
            const std::size_t to = std::min(width, from + kTogether);
            for (std::size_t i = 0; i < rows; ++i) {
                const Element* row = part(i).data();
                Element* out = m_elements.get() + first * m_stride + i;
                for (std::size_t c = from; c < to; ++c) out[c * m_stride] = row[c];
            }
        }
    }
    [[nodiscard]] std::size_t stride() const { return m_stride; }
    [[nodiscard]] const std::vector<const std::uint32_t*>& columns() const { return m_columns; }

private:
    std::size_t m_stride;
    std::unique_ptr<Element[]> m_elements;
    std::vector<const std::uint32_t*> m_columns;
};

[[nodiscard]] Digests hashRows(const Turned& rows, std::size_t count)
{
    Digests out(count);
    const Element tag = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));
    const Element length = Element::from(static_cast<std::uint32_t>(rows.columns().size()));
    field::kernels().hashRows(rows.columns().data(), rows.columns().size(), out.stride, tag.residue(),
                              length.residue(), field::wordsOf(out.words.data()), out.stride);
    return out;
}

[[nodiscard]] Digests compress(const Digests& left, const Digests& right)
{
    Digests out = left;
    field::kernels().compress(field::wordsOf(left.words.data()), field::wordsOf(right.words.data()),
                              left.stride, field::wordsOf(out.words.data()), out.stride, out.stride);
    return out;
}

// Paths side by side on their way to one root. Where several have come to the same node, one of them leads: it alone
// is hashed on, and the others must bring the same rows and siblings as it does. That accepts what hashing each by
// itself would, but for two openings that collide.
class PathBundle {
public:
    using Path = Native::NativePath;

    PathBundle(const PathForm& form, const std::vector<Path>& paths) : m_form(form), m_top(form.front().log)
    {
        // Nodes are numbered by the last bits of a position: with the first bit as the most significant one, paths that
        // will meet stand together.
        std::vector<std::pair<std::size_t, const Path*>> sorted;
        for (const Path& path : paths) {
            std::size_t position = 0;
            for (unsigned i = 0; i < m_top; ++i) position |= std::size_t{(*path.bits)[i]} << i;
            sorted.emplace_back(field::bitReverse(position, m_top), &path);
        }
        std::stable_sort(sorted.begin(), sorted.end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (const auto& [reversed, path] : sorted) {
            m_paths.push_back(path);
            m_positions.push_back(field::bitReverse(reversed, m_top));
            if (m_leaders.empty() || m_positions[m_leaders.back()] != m_positions.back())
                m_leaders.push_back(m_paths.size() - 1);
            m_leaderOf.push_back(m_leaders.back());
        }
    }

    [[nodiscard]] bool leadsTo(const Native::Digest& root)
    {
        if (!rowsAgree(m_form[0])) return false;
        Digests nodes = leadersRows(m_form[0]);
        std::size_t next = 1;
        for (unsigned log = m_top; log-- > 0;) {
            if (!siblingsAgree(m_top - 1 - log)) return false;
            const auto parents = climb(nodes, log);
            if (!parents) return false;
            nodes = *parents;
            if (next < m_form.size() && m_form[next].log == log) {
                if (!rowsAgree(m_form[next])) return false;
                nodes = compress(nodes, leadersRows(m_form[next++]));
            }
        }
        return nodes.at(0) == root;
    }

private:
    // Digests of the leaders' rows.
    [[nodiscard]] Digests leadersRows(const PathLevel& level) const
    {
        std::size_t width = 0;
        for (const std::size_t row : level.rows) width += (*m_paths.front()->rows)[row].size();
        Turned turned(m_leaders.size(), width);
        std::size_t first = 0;
        for (const std::size_t row : level.rows) {
            turned.fill(first, m_leaders.size(), [&](std::size_t k) -> const std::vector<Element>& {
                return (*m_paths[m_leaders[k]]->rows)[row];
            });
            first += (*m_paths.front()->rows)[row].size();
        }
        return hashRows(turned, m_leaders.size());
    }
    [[nodiscard]] bool rowsAgree(const PathLevel& level) const
    {
        for (std::size_t i = 0; i < m_paths.size(); ++i) {
            const std::size_t leader = m_leaderOf[i];
            if (leader == i) continue;
            for (const std::size_t row : level.rows) {
                if ((*m_paths[i]->rows)[row] != (*m_paths[leader]->rows)[row]) return false;
            }
        }
        return true;
    }
    [[nodiscard]] bool siblingsAgree(std::size_t depth) const
    {
        for (std::size_t i = 0; i < m_paths.size(); ++i) {
            const std::size_t leader = m_leaderOf[i];
            if (leader != i && (*m_paths[i]->path)[depth] != (*m_paths[leader]->path)[depth]) return false;
        }
        return true;
    }

    // From the leaders' nodes of one layer to their parents in layer `log`. Two leaders that are each other's siblings
    // must say so of each other; the first leads on.
    [[nodiscard]] std::optional<Digests> climb(const Digests& nodes, unsigned log)
    {
        const std::size_t depth = m_top - 1 - log;
        const std::size_t mask = (std::size_t{1} << log) - 1;
        std::vector<std::size_t> leaders;
        std::vector<std::size_t> places; // of the leaders among the nodes
        for (std::size_t k = 0; k < m_leaders.size(); ++k) {
            const std::size_t i = m_leaders[k];
            if (leaders.empty() || ((m_positions[leaders.back()] ^ m_positions[i]) & mask) != 0) {
                leaders.push_back(i);
                places.push_back(k);
                continue;
            }
            const std::size_t twin = leaders.back();
            if ((*m_paths[i]->path)[depth] != nodes.at(places.back()) ||
                (*m_paths[twin]->path)[depth] != nodes.at(k))
                return std::nullopt;
            m_leaderOf[i] = twin;
        }
        for (std::size_t& leader : m_leaderOf) leader = m_leaderOf[leader];
        m_leaders = std::move(leaders);
        Digests left(m_leaders.size());
        Digests right(m_leaders.size());
        for (std::size_t k = 0; k < m_leaders.size(); ++k) {
            const bool isRight = ((m_positions[m_leaders[k]] >> log) & 1U) != 0;
            (isRight ? right : left).set(k, nodes.at(places[k]));
            (isRight ? left : right).set(k, (*m_paths[m_leaders[k]]->path)[depth]);
        }
        return compress(left, right);
    }

    const PathForm& m_form;
    unsigned m_top;                       // the log of the number of leaves
    std::vector<const Path*> m_paths;     // as they meet
    std::vector<std::size_t> m_positions; // of the leaves
    std::vector<std::size_t> m_leaders;   // ascending
    std::vector<std::size_t> m_leaderOf;  // of each path; a leader's is itself
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

bool Native::pathsLeadTo(const PathForm& form, const std::vector<NativePath>& paths, const Digest& root)
{
    return PathBundle(form, paths).leadsTo(root);
}

std::vector<Extension> Native::weightedSums(const std::vector<const std::vector<Felt>*>& rows,
                                            std::span<const Ext> weights)
{
    Turned turned(rows.size(), weights.size());
    turned.fill(0, rows.size(), [&](std::size_t i) -> const std::vector<Element>& { return *rows[i]; });
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
    const std::size_t stride = Digests::padded(from.size());
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
