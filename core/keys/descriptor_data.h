// SPDX-License-Identifier: MIT
// What a descriptor consists of. Internal to this library.
#pragma once

#include "core/keys/descriptor_key.h"

namespace bowline::keys {

enum class LeafKind { Pk, Pkh, PkOlder, MultiA, SortedMultiA };

struct LeafExpression {
    LeafKind kind = LeafKind::Pk;
    std::vector<KeyExpression> keys;
    std::uint32_t number = 0; // threshold, or relative lock time
};

/// A leaf, or two subtrees.
struct TreeExpression {
    std::optional<LeafExpression> leaf;
    std::unique_ptr<TreeExpression> left;
    std::unique_ptr<TreeExpression> right;
};

struct DescriptorData {
    DescriptorType type;
    bitcoin::Network network;
    KeyExpression key;
    std::unique_ptr<TreeExpression> tree;
};

} // namespace bowline::keys
