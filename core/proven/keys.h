// SPDX-License-Identifier: MIT
// The verifying keys of all proofs above a shard's: resources/proofs/keys.json, compiled in. Every node, prover and client has
// the same, and takes none from anybody else (docs/recursion.md, "The pinned keys").
#pragma once

#include "core/aggregate/form.h"
#include "core/aggregate/key_set.h"
#include "core/aggregate/wrap.h"
#include "core/proving/shapes.h"

namespace bowline::proven {

using base::Result;
using field::DigestWords;

/// The file that was compiled in has not this form.
inline constexpr base::ErrorCode kBadKeys{"proven.bad-keys"};

/// A shape that shards are filled up to, and what lifts its proofs.
struct LiftKey {
    stark::Heights heights;
    std::size_t form = 0; // of the lift's own proofs, in aggregate::kForms
    DigestWords key{};    // digest
    friend bool operator==(const LiftKey&, const LiftKey&) = default;
};

struct ProofKeys {
    static constexpr std::size_t kForms = aggregate::kForms.size();

    unsigned programLog = 0; // of the program's table of code: lifts hang on it
    std::vector<LiftKey> lifts;
    std::array<DigestWords, kForms * kForms> joins{}; // by joinIndex
    DigestWords chain{};
    aggregate::WrapKey wrap; // of a proof of the chain

    /// Places of the forms in aggregate::kForms.
    [[nodiscard]] static constexpr std::size_t joinIndex(std::size_t left, std::size_t right)
    {
        return left * kForms + right;
    }
    /// What shards are filled up to.
    [[nodiscard]] proving::ShardShapes shapes() const;
    /// All of them but the genesis's, in the order of their places in the set.
    [[nodiscard]] std::vector<DigestWords> digests() const;
};

/// The pinned ones. They are parsed once.
[[nodiscard]] const Result<ProofKeys>& pinnedKeys();
/// From another text of the form of keys.json.
[[nodiscard]] Result<ProofKeys> keysIn(std::string_view json);
[[nodiscard]] std::string toJson(const ProofKeys& keys);

/// Records all programs anew and makes their keys, for these shapes. A few seconds. Errors are those of the parts:
/// kTooTall (recursion) for a shape whose lift fits none of the forms.
[[nodiscard]] Result<ProofKeys> makeKeys(unsigned programLog, const proving::ShardShapes& shapes,
                                         const stark::ProverOptions& options = {});
/// The place in aggregate::kForms of the first form that the lift of this shape fits in. kTooTall.
[[nodiscard]] Result<std::size_t> liftFormOf(const recursion::Program& lift);

} // namespace bowline::proven
