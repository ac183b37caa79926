// SPDX-License-Identifier: MIT
#include "core/l2/proof.h"

namespace bowline::l2 {

using field::FieldDigest;
using field::SpongeTag;

namespace {
// The digest that stands at the end of the path.
Result<FieldDigest> digestAtEnd(const StateKey& key, const std::optional<Bytes>& value,
                                const StateProof& proof)
{
    if (value.has_value() != (proof.end == ProofEnd::Found)) return base::makeError(kProofValueMismatch);
    if (proof.end == ProofEnd::Empty) return FieldDigest{};
    if (proof.end == ProofEnd::Found) return leafDigest(key, valueDigest(*value));
    if (proof.otherKey == key) return base::makeError(kProofWrongPath, "the other leaf is the one asked for");
    if (!field::isCanonical(proof.otherKey.view()) || !field::isCanonical(proof.otherValue.view())) {
        return base::makeError(kBadStateProof, "no digest");
    }
    for (std::size_t i = 0; i < proof.siblings.size(); ++i) {
        if (pathBit(key, i) != pathBit(proof.otherKey, i)) return base::makeError(kProofWrongPath);
    }
    return leafDigest(proof.otherKey, proof.otherValue);
}
} // namespace

Status verifyState(const StateRoot& root, const StateKey& key, const std::optional<Bytes>& value,
                   const StateProof& proof)
{
    if (proof.siblings.size() > kKeyBits) return base::makeError(kBadStateProof, "too deep");
    BOWLINE_TRY(FieldDigest node, digestAtEnd(key, value, proof));
    for (std::size_t depth = proof.siblings.size(); depth-- > 0;) {
        const FieldDigest& sibling = proof.siblings[depth];
        if (!field::isCanonical(sibling.view())) return base::makeError(kBadStateProof, "no digest");
        node = pathBit(key, depth) ? field::hashPair(SpongeTag::Node, sibling.view(), node.view())
                                   : field::hashPair(SpongeTag::Node, node.view(), sibling.view());
    }
    if (node.bytes != root.bytes) return base::makeError(kProofWrongRoot);
    return base::success();
}

Status verifyHistory(const FieldDigest& accumulator, std::span<const HistoryEntry> entries)
{
    FieldDigest folded;
    for (const HistoryEntry& entry : entries) {
        folded = historyStep(folded, entry.transaction, entry.batch, entry.index);
    }
    if (folded != accumulator) return base::makeError(kHistoryIncomplete);
    return base::success();
}

Status verifyAppended(AppendHash hash, const Frontier& frontier, const Digest& leaf, std::uint64_t index,
                      std::span<const Digest> path)
{
    if (index >= frontier.count || path.size() != kAppendDepth)
        return base::makeError(kBadAppendProof, "shape");
    if (rootOfAppendPath(hash, leaf, index, path) != frontier.root(hash)) {
        return base::makeError(kBadAppendProof, "wrong root");
    }
    return base::success();
}

} // namespace bowline::l2
