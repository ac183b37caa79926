// SPDX-License-Identifier: MIT
#include "core/stark/native.h"

#include "core/field/kernels.h"

namespace bowline::stark {

namespace {
using field::Element;

// Digests of many paths: word w of path i at w * count + i.
using Digests = std::vector<Element>;

[[nodiscard]] Digests hashRows(const std::vector<const std::vector<Element>*>& rows)
{
    const std::size_t count = rows.size();
    const std::size_t width = rows.front()->size();
    std::vector<Element> turned(width * count);
    std::vector<const std::uint32_t*> columns;
    for (std::size_t c = 0; c < width; ++c) {
        for (std::size_t i = 0; i < count; ++i) turned[c * count + i] = (*rows[i])[c];
        columns.push_back(field::wordsOf(turned.data() + c * count));
    }
    Digests out(8 * count);
    const Element tag = Element::from(static_cast<std::uint32_t>(field::SpongeTag::ProofRow));
    const Element length = Element::from(static_cast<std::uint32_t>(width));
    field::kernels().hashRows(columns.data(), width, count, tag.residue(), length.residue(),
                              field::wordsOf(out.data()), count);
    return out;
}

void compress(const Digests& left, const Digests& right, Digests& out)
{
    const std::size_t count = out.size() / 8;
    field::kernels().compress(field::wordsOf(left.data()), field::wordsOf(right.data()), count,
                              field::wordsOf(out.data()), count, count);
}
} // namespace

bool Native::pathsLeadTo(const std::vector<NativePath>& paths, const Digest& root)
{
    const std::size_t count = paths.size();
    const auto rowsAt = [&paths](std::size_t k) {
        std::vector<const std::vector<Element>*> out;
        for (const NativePath& path : paths) out.push_back(&(*path.rows)[k].second);
        return hashRows(out);
    };
    const auto& form = *paths.front().rows;
    Digests nodes = rowsAt(0);
    Digests left(nodes.size());
    Digests right(nodes.size());
    std::size_t next = 1;
    for (unsigned log = form.front().first; log-- > 0;) {
        for (std::size_t i = 0; i < count; ++i) {
            const Digest& sibling = (*paths[i].path)[form.front().first - 1 - log];
            Digests& own = (*paths[i].bits)[log] ? right : left;
            Digests& other = (*paths[i].bits)[log] ? left : right;
            for (std::size_t w = 0; w < 8; ++w) {
                own[w * count + i] = nodes[w * count + i];
                other[w * count + i] = sibling[w];
            }
        }
        compress(left, right, nodes);
        if (next < form.size() && form[next].first == log) {
            left = nodes;
            compress(left, rowsAt(next++), nodes);
        }
    }
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        if (!(nodes[i] == root[i / count])) return false;
    }
    return true;
}

} // namespace bowline::stark
