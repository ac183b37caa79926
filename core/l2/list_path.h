// SPDX-License-Identifier: MIT
// That a hash is number `index` of the `count` hashes under a list root (core/l2/hashes.h): of the transactions or the
// receipts of a batch.
#pragma once

#include "core/l2/types.h"

#include <span>
#include <vector>

namespace bowline::l2 {

/// No path of a list: an index beyond its end, or another number of siblings than a list of that length has.
inline constexpr ErrorCode kBadListPath{"l2.bad-list-path"};

struct ListPath {
    std::uint64_t index = 0; // from 0
    std::uint64_t count = 0; // of the whole list: the root commits to it
    /// From the bottom up. Where the node is the odd last one of its row it has none: it is carried up unchanged.
    std::vector<Digest> siblings;
    friend bool operator==(const ListPath&, const ListPath&) = default;
};

/// The top of the tree over the hashes; zero when there are none. With the number of hashes it makes the list's root, and so
/// shows how many there are.
[[nodiscard]] Digest listTop(std::span<const Digest> hashes);
[[nodiscard]] Digest rootOfListTop(std::uint64_t count, const Digest& top);

/// `index` is below the number of hashes.
[[nodiscard]] ListPath listPath(std::span<const Digest> hashes, std::uint64_t index);
/// The root that the path leads to. kBadListPath; lists have at most kMaxTransactions hashes.
[[nodiscard]] Result<Digest> rootOfListPath(const Digest& leaf, const ListPath& path);

} // namespace bowline::l2
