// SPDX-License-Identifier: MIT
#include "core/l2/list_path.h"

#include "core/l2/hashes.h"

namespace bowline::l2 {

namespace {
Digest nodeOf(const Digest& left, const Digest& right)
{
    return domainHash(Domain::ListNode, {left.view(), right.view()});
}

/// A node that has no right neighbour, in a row of `width`.
bool isCarried(std::uint64_t index, std::uint64_t width) { return index + 1 == width && index % 2 == 0; }

std::vector<Digest> rowAbove(std::span<const Digest> row)
{
    std::vector<Digest> out;
    for (std::size_t i = 0; i + 1 < row.size(); i += 2) out.push_back(nodeOf(row[i], row[i + 1]));
    if (row.size() % 2 != 0) out.push_back(row.back());
    return out;
}
} // namespace

Digest listTop(std::span<const Digest> hashes)
{
    std::vector<Digest> row(hashes.begin(), hashes.end());
    while (row.size() > 1) row = rowAbove(row);
    return row.empty() ? Digest{} : row.front();
}

Digest rootOfListTop(std::uint64_t count, const Digest& top)
{
    base::Writer writer;
    writer.u64le(count);
    return domainHash(Domain::ListNode, {writer.data(), top.view()});
}

ListPath listPath(std::span<const Digest> hashes, std::uint64_t index)
{
    ListPath out{index, hashes.size(), {}};
    std::vector<Digest> row(hashes.begin(), hashes.end());
    while (row.size() > 1) {
        if (!isCarried(index, row.size())) out.siblings.push_back(row[index ^ 1U]);
        row = rowAbove(row);
        index /= 2;
    }
    return out;
}

Result<Digest> rootOfListPath(const Digest& leaf, const ListPath& path)
{
    if (path.index >= path.count || path.count > kMaxTransactions)
        return base::makeError(kBadListPath, "index");
    Digest node = leaf;
    std::uint64_t index = path.index;
    std::size_t used = 0;
    for (std::uint64_t width = path.count; width > 1; width = (width + 1) / 2, index /= 2) {
        if (isCarried(index, width)) continue;
        if (used == path.siblings.size()) return base::makeError(kBadListPath, "too short");
        const Digest& sibling = path.siblings[used++];
        node = index % 2 == 0 ? nodeOf(node, sibling) : nodeOf(sibling, node);
    }
    if (used != path.siblings.size()) return base::makeError(kBadListPath, "too long");
    return rootOfListTop(path.count, node);
}

} // namespace bowline::l2
