// SPDX-License-Identifier: MIT
// The statement about a run of batches: the public values of the program (docs/protocol.md, section 5).
// The chain's proof opens them under the memory's root (core/aggregate/chain_state.h).
#pragma once

#include "core/l2/batch.h"

namespace bowline::l2 {

inline constexpr ErrorCode kBadStatement{"l2.bad-statement"};

struct Statement {
    std::uint16_t version = 1;
    ChainId chainId;
    Digest programId; // zero: a program does not know its own id, the chain's proof names it
    BatchNumber first;
    BatchNumber last;
    BatchHash prevHash;
    BatchHash lastHash;
    StateRoot prevState;
    StateRoot state;
    Digest prevInbox;
    Digest inbox;
    std::uint64_t prevInboxCount = 0;
    std::uint64_t inboxCount = 0;
    Digest prevOutbox;
    Digest outbox;
    std::uint64_t prevOutboxCount = 0;
    std::uint64_t outboxCount = 0;
    Digest claimsRoot;
    std::uint64_t claimsCount = 0;
    Height l1Height;
    BlockHash l1Hash;
    ByteArray<32> l1Work{}; // u256 little-endian, cumulative up to the confirmed block
    Digest seqSetIn;
    Digest seqSetOut;
    Digest daHash;
    Digest foreignRoots;    // of a later stage
    std::uint64_t fees = 0; // of the batches first to last, in satoshi
    std::uint32_t emissionEpoch = 0;
    std::uint64_t sealedBatch = 0;
    BatchHash genesisHash;
    Digest nextProgramId;
    std::uint64_t activationBatch = 0;

    [[nodiscard]] Bytes encode() const;
    /// SHA-256 of the encoding.
    [[nodiscard]] Digest digest() const;
    friend bool operator==(const Statement&, const Statement&) = default;
};
[[nodiscard]] Result<Statement> parseStatement(ByteView bytes);

} // namespace bowline::l2
