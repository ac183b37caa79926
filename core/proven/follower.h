// SPDX-License-Identifier: MIT
// The newest file that proves the chain, and whether what it says holds at this moment (rules A6, B12).
//
// A proof says that a history follows the rules, and there are many that do: anybody can make one of batches that the
// sequencer never signed. So a file is taken only for a batch whose signed header is held here, with the hash that is proven.
#pragma once

#include "core/l2/light_client.h"
#include "core/proven/head.h"

#include <chrono>
#include <functional>

namespace bowline::proven {

/// The own best header chain has not come to the Bitcoin block of the proof: try again later.
inline constexpr base::ErrorCode kL1Behind{"proven.l1-behind"};
/// The own best header chain has another block at that height: a fork, or a reorganisation took it.
inline constexpr base::ErrorCode kL1Elsewhere{"proven.l1-elsewhere"};
/// The block is the own one, and the work that the proof counts up to it is less than what there is.
inline constexpr base::ErrorCode kLessWork{"proven.less-work"};
/// The same with more work than there is.
inline constexpr base::ErrorCode kMoreWork{"proven.more-work"};
/// No header of that number is held here yet: try again later.
inline constexpr base::ErrorCode kNoHeader{"proven.no-header"};
/// The header that is held here has another hash: a proof of another history.
inline constexpr base::ErrorCode kOtherHistory{"proven.other-history"};
/// It proves no more than the file that is held already, whose Bitcoin block still stands.
inline constexpr base::ErrorCode kNotNewer{"proven.not-newer"};

/// The own best header chain of Bitcoin, with its work.
class WorkChain : public l2::BestChain {
public:
    struct Block {
        base::BlockHash hash;
        base::ByteArray<32> work{}; // u256 little-endian: of all blocks from genesis to this one
    };
    /// Both as they were at one moment. Nothing above the tip, or below where the chain begins.
    [[nodiscard]] virtual std::optional<Block> blockAt(base::Height height) const = 0;
};

/// What a proof is held against. It changes with time, and comes with every question.
struct Surroundings {
    const WorkChain& bitcoin;
    /// Of the signed headers that are held here; none above the last.
    std::function<std::optional<l2::BatchHash>(BatchNumber)> hashOf;
};

/// A file with what it says; its proof is good.
struct CheckedFile {
    base::Bytes file;
    Head head;
    std::chrono::microseconds checkTime{};
};

/// That the block of the head is the own one, with its work: kL1Behind, kL1Elsewhere, kLessWork, kMoreWork.
[[nodiscard]] base::Status checkPlace(const Head& head, const WorkChain& bitcoin);
/// The same, and that the header of the batch is the own one: kNoHeader, kOtherHistory.
[[nodiscard]] base::Status checkHead(const Head& head, const Surroundings& around);

/// Not thread-safe.
class Follower {
public:
    /// `checker` outlives the follower.
    explicit Follower(const Checker& checker) : m_checker(checker) {}

    /// The proof alone. kNotProven (also for another genesis or key), kUnknownProgram.
    [[nodiscard]] Result<CheckedFile> check(base::Bytes file) const;
    /// Whether it may take the place of the present one: when it is of the same history and proves more, or when the Bitcoin block of
    /// the present one has left. Otherwise the present one stays; codes as in checkHead(), and kNotNewer.
    [[nodiscard]] base::Status mayTake(const Head& head, const Surroundings& around) const;
    /// The same, and takes it.
    [[nodiscard]] base::Status take(CheckedFile file, const Surroundings& around);
    /// A file that was kept: the proof is checked again, whether it stands is said by head().
    [[nodiscard]] base::Status restore(base::Bytes file);

    /// The file that is held, whether it stands or not.
    [[nodiscard]] const std::optional<CheckedFile>& held() const { return m_held; }
    /// What is proven at this moment: nothing while the block of the held file is not in the own chain, or while the header
    /// is not held. It comes back as they do.
    [[nodiscard]] std::optional<Head> head(const Surroundings& around) const;

private:
    const Checker& m_checker;
    std::optional<CheckedFile> m_held;
};

} // namespace bowline::proven
