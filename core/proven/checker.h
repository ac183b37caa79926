// SPDX-License-Identifier: MIT
// Checks wrapped proofs of a network's chain against what is pinned.
#pragma once

#include "core/proven/genesis.h"
#include "core/proven/head.h"

namespace bowline::proven {

/// What a wrapped proof is held against.
struct ChainRules {
    stark::VerifyingKey wrap; // of the files
    DigestWords keySet{};     // root
    DigestWords chainKey{};   // digest
    l2::ChainId chainId;
    l2::BatchHash genesisHash;
    std::vector<field::FieldDigest> programs; // ids that this version knows

    /// The pinned keys and program of the network. Takes some tenths of a second: the genesis's key is made.
    /// kBadKeys; kNotPinned (stf) for a network without a program.
    [[nodiscard]] static Result<ChainRules> make(const l2::NetworkParams& params);
    /// With other keys or another program: for tests.
    [[nodiscard]] static Result<ChainRules> make(const l2::NetworkParams& params, const ProofKeys& keys,
                                                 const field::FieldDigest& program);
};

class ChainChecker final : public Checker {
public:
    /// ChainRules::make: once a network, some tenths of a second.
    [[nodiscard]] static Result<std::unique_ptr<ChainChecker>> make(const l2::NetworkParams& params);
    explicit ChainChecker(ChainRules rules) : m_rules(std::move(rules)) {}

    [[nodiscard]] Result<Head> check(ByteView file) const override;

private:
    const ChainRules m_rules;
};

/// What the public values of a chain's proof say, the keys and the network in them held against the rules. Whether they were
/// proven is not looked at. kNotProven, kUnknownProgram.
[[nodiscard]] Result<Head> headOf(const ChainRules& rules, std::span<const field::Element> publicValues);

} // namespace bowline::proven
