// SPDX-License-Identifier: MIT
// Writes down what a shard of execution does, as the tables need it.
#pragma once

#include "core/chips/machine.h"
#include "core/proving/memory.h"
#include "core/zkvm/machine_run.h"

#include <unordered_map>
#include <unordered_set>

namespace bowline::proving {

/// One shard as it was executed.
struct ShardRecord {
    std::array<std::vector<chips::Step>, chips::kKinds> steps; // by Kind
    struct Call {
        std::uint32_t number = 0;
        std::uint32_t time = 0;
        std::array<std::uint32_t, 3> pointers{};
        std::size_t at = 0; // of its first access
        chips::OperandWords words;
    };
    std::vector<Call> calls;
    std::vector<chips::Access> accesses;    // of the calls: first operand, second, third
    std::vector<chips::TouchedLeaf> leaves; // by ascending index; digests are not set
    std::uint32_t timeAfter = 0;

    [[nodiscard]] chips::Call view(const Call& call) const;
};

/// A tracer (core/zkvm/trace.h). Watches one shard from its first instruction to its last.
class Recorder {
public:
    static constexpr bool kActive = true;

    /// All outlive the recorder; the machine is about to execute the shard's first instruction.
    Recorder(const chips::ProgramTable& program, const zkvm::Machine& machine);

    void before(std::uint32_t pc, const zkvm::Op& op, const zkvm::Registers& registers);
    void memory(std::uint32_t address, std::uint32_t before, std::uint32_t after);
    void after(std::uint32_t pc, const zkvm::Registers& registers);

    /// Goes on with another machine, which is where this one was: for tests that change a machine's state.
    void follow(const zkvm::Machine& machine);

    /// Between a branch and the NOP that its row includes: no place to end a shard.
    [[nodiscard]] bool inFused() const { return m_slot; }
    /// Committed cells so far, without padding: what a shard's memory and time grow with.
    [[nodiscard]] std::uint64_t cells() const { return m_cells; }
    /// Rows of the tables so far.
    [[nodiscard]] RowCounts rows() const;
    /// What was recorded, when the shard is over.
    [[nodiscard]] ShardRecord finish(const zkvm::Registers& registers);

private:
    struct ShadowPage {
        std::array<std::uint32_t, zkvm::kPageWords> times{};
        std::array<std::uint32_t, zkvm::kPageBytes / zkvm::kLeafBytes> leaves{}; // place in m_leaves + 1
    };

    [[nodiscard]] chips::Access accessRegister(std::uint8_t index, std::uint32_t time, std::uint32_t before,
                                               std::uint32_t after);
    [[nodiscard]] chips::Access accessMemory(std::uint32_t address, std::uint32_t time, std::uint32_t before,
                                             std::uint32_t after);
    /// Yields where the word's last access is kept; a leaf's contents are taken down when it is touched first.
    std::uint32_t& touch(std::uint32_t address, std::uint32_t before);
    void startPrimitive(const zkvm::Registers& registers);
    void finishPrimitive(const zkvm::Registers& registers);
    void finishCall();
    void move(std::uint32_t pc);
    /// The nodes above a leaf that is touched first.
    void countNodes(std::uint32_t leaf);

    const chips::ProgramTable* m_program;
    const zkvm::Machine* m_machine;
    ShardRecord m_record;
    zkvm::Registers m_firstRegisters;
    std::array<std::uint32_t, zkvm::kRegisterCount> m_registerTimes{};
    std::unordered_map<std::uint32_t, std::unique_ptr<ShadowPage>> m_pages;
    std::uint32_t m_lastPage = 0xffffffffU;
    ShadowPage* m_lastShadow = nullptr;
    chips::Step m_step;
    chips::MicroOp m_op;
    std::uint32_t m_oldResult = 0;
    std::uint32_t m_oldExtra = 0;
    std::uint32_t m_npc;
    std::uint32_t m_time = chips::kFirstTime;
    bool m_slot = false;   // the next instruction is a NOP that is already recorded
    bool m_inSlot = false; // this one is
    struct WordAccess {
        std::uint32_t address;
        std::uint32_t before;
        std::uint32_t after;
    };
    std::vector<WordAccess> m_words; // of a precompile, in the machine's order
    std::uint64_t m_cells = 0;
    std::unordered_set<std::uint64_t> m_nodes;    // above touched leaves: level * 2^32 + index
    std::map<std::uint32_t, std::size_t> m_calls; // by number
};

} // namespace bowline::proving
