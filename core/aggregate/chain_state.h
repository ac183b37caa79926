// SPDX-License-Identifier: MIT
// What a proof of the chain says: from this genesis on, batch after batch was executed by the program that was due, and led to
// this state. And what one more batch has to fulfil (rules B12, B13).
#pragma once

#include "core/aggregate/span.h"
#include "core/proving/proof.h"

namespace bowline::aggregate {

/// The batch does not follow, or is none.
inline constexpr base::ErrorCode kDoesNotFollow{"aggregate.does-not-follow"};

/// A part of the public values of the layer 2's program (docs/protocol.md, section 5: "The program").
struct JournalField {
    std::size_t at;
    std::size_t bytes;
};
inline constexpr std::size_t kJournalBytes = 698;
inline constexpr JournalField kVersionField{0, 2};
inline constexpr JournalField kFirstField{66, 8};
inline constexpr JournalField kPrevHashField{82, 32};
inline constexpr JournalField kPrevStateField{146, 32};

/// The parts that the chain hands on, in the order of its public values. Numbers are little-endian.
enum class Kept : std::size_t {
    ChainId,
    Batch,
    BatchHash,
    State,
    ClaimsRoot,
    ClaimsCount,
    L1Height,
    L1Hash,
    L1Work,
    SealedBatch,
    GenesisHash,
    NextProgram, // the 8 elements of an id as 32-bit words; with Activation: of the batch from which on it is due
    Activation,
    Count,
};
inline constexpr std::array<JournalField, std::size_t(Kept::Count)> kKeptFields{{{2, 32},
                                                                                 {74, 8},
                                                                                 {114, 32},
                                                                                 {178, 32},
                                                                                 {370, 32},
                                                                                 {402, 8},
                                                                                 {410, 4},
                                                                                 {414, 32},
                                                                                 {446, 32},
                                                                                 {618, 8},
                                                                                 {626, 32},
                                                                                 {658, 32},
                                                                                 {690, 8}}};
/// Where a part begins among those that are kept.
[[nodiscard]] constexpr std::size_t keptOffset(Kept field)
{
    std::size_t out = 0;
    for (std::size_t i = 0; i < std::size_t(field); ++i) out += kKeptFields[i].bytes;
    return out;
}
inline constexpr std::size_t kKeptBytes = keptOffset(Kept::Count);

/// Public values: keySet, chainKey, program, then the kept bytes as 16-bit limbs, little-endian.
struct ChainState {
    DigestWords keySet{};   // root of the set of keys that was verified under
    DigestWords chainKey{}; // digest of the key of the chain's own proofs
    DigestWords program{};  // the id of the program that executed the last batch
    std::array<std::uint8_t, kKeptBytes> kept{};

    static constexpr std::size_t kKeySet = 0;
    static constexpr std::size_t kChainKey = 8;
    static constexpr std::size_t kProgram = 16;
    static constexpr std::size_t kLimbs = 24;
    static constexpr std::size_t kValues = kLimbs + kKeptBytes / 2;
    [[nodiscard]] std::vector<Element> publicValues() const;
    [[nodiscard]] base::ByteView field(Kept field) const;
    [[nodiscard]] std::uint64_t number(Kept field) const;
    /// The program that is due for the batch behind this one: the announced one from its batch on (rule B13).
    [[nodiscard]] DigestWords nextProgram() const;

    friend bool operator==(const ChainState&, const ChainState&) = default;
};

/// A batch's execution from the program's start to its end, and its public values under the memory's root.
struct BatchProof {
    SpanProof span;
    proving::ResultOpening result;
    base::Bytes journal;
};

/// The id of the program whose execution starts as the span does.
[[nodiscard]] DigestWords programOf(const Span& span);

/// The state behind the batch, if it is the one that follows: what a chain of both says. Proofs are not looked at.
[[nodiscard]] Result<ChainState> advanced(const ChainState& before, const BatchProof& batch);

/// Why it does not follow; the circuit gives the same reasons.
namespace reasons {
inline constexpr const char* kKeySet = "under two sets of keys";
inline constexpr const char* kChainKey = "of two chains";
inline constexpr const char* kNotGenesis = "neither a genesis nor a proof of this chain";
inline constexpr const char* kUnfinished = "the batch's execution did not end well";
inline constexpr const char* kProgram = "not by the program that is due";
inline constexpr const char* kResult = "the result is not under the memory's root";
inline constexpr const char* kVersion = "public values of another version";
inline constexpr const char* kNetwork = "of another network or genesis";
inline constexpr const char* kNumber = "not the batch that follows";
inline constexpr const char* kState = "not from the state before";
inline constexpr const char* kKept = "the state behind it is not the batch's";
} // namespace reasons

} // namespace bowline::aggregate
