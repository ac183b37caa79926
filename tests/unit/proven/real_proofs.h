// SPDX-License-Identifier: MIT
// Wrapped proofs of any head of a network's chain, checked by the real checker: what they prove was made by a program that
// proves any state, and the checker is told to take that program's key for the chain's. For tests of those who follow
// proofs; what a batch's proof holds is tested elsewhere.
#pragma once

#include "core/proven/checker.h"

#include <memory>

namespace bowline::proven::test {

class RealProofs {
public:
    /// How they are wrapped: as small tests do, or with all queries and work (some seconds, and the size and time of
    /// verification that the product has).
    enum class Wrapping { Quick, AsShipped };
    explicit RealProofs(const l2::NetworkParams& params, Wrapping wrapping = Wrapping::Quick);
    ~RealProofs();
    RealProofs(const RealProofs&) = delete;
    RealProofs& operator=(const RealProofs&) = delete;

    [[nodiscard]] std::shared_ptr<const Checker> checker() const;
    /// That this version knows.
    [[nodiscard]] Digest program() const;
    /// Head::program is taken for program() whatever it is.
    [[nodiscard]] base::Bytes fileOf(const Head& head) const;

private:
    struct Scene;
    std::unique_ptr<const Scene> m_scene;
};

} // namespace bowline::proven::test
