// SPDX-License-Identifier: MIT
// Executes an image. One instruction at a time is the meaning; basic blocks decoded once are the speed.
//
// The state is (pc, npc, registers, memory). What cannot be proven is a fault and ends the execution: a trap
// condition, a signed overflow, an address that is unaligned or out of range, a store to code, a word that is
// no instruction, an operand a precompile refuses.
#pragma once

#include "core/zkvm/trace.h"

#include <functional>
#include <memory>

namespace bowline::zkvm {

inline constexpr base::ErrorCode kTooLarge{"zkvm.too-large"};

enum class Fault : std::uint8_t {
    None,
    BadJump,        // pc is not in the code
    BadInstruction, // a word that is no instruction, BREAK
    BadAddress,     // unaligned, or outside of the memory
    WriteToText,
    Overflow,    // of ADD, ADDI, SUB
    Trap,        // a taken TEQ and its relatives
    BadPrimitive // unknown number, or operands that it refuses
};
[[nodiscard]] std::string_view faultName(Fault fault);

enum class StopReason : std::uint8_t {
    Halted,
    Limit, // the given number of instructions was executed
    Fault,
    BeforeHint, // the next instruction would read private input, and that was to be a stop
    OutOfMemory // more pages than allowed
};

struct Stop {
    StopReason reason = StopReason::Limit;
    Fault fault = Fault::None;
    std::uint32_t exitCode = 0; // if halted

    friend bool operator==(const Stop&, const Stop&) = default;
};

struct MachineOptions {
    std::size_t maxPages = std::size_t{64} << 10U; // 256 MiB
    bool stopBeforeHint = false;
    /// What the guest writes to its descriptors 1 and 2. Proves nothing.
    std::function<void(std::uint32_t descriptor, base::ByteView bytes)> debug;
};

/// Everything an instruction can change, and what it needs for that.
struct Core {
    Core(Text code, std::size_t maxPages) : text(std::move(code)), memory(text, maxPages) {}
    Core(const Core&) = delete;
    Core& operator=(const Core&) = delete;

    Registers r{};
    std::uint32_t pc = 0;
    std::uint32_t npc = 0;
    std::uint32_t target = 0; // of the branch that was just executed
    Fault fault = Fault::None;
    std::uint32_t exitCode = 0;
    std::uint64_t cycles = 0;
    Text text;
    Memory memory;
    base::Bytes input;
    std::size_t inputAt = 0;
    MachineOptions options;
};

class Machine {
public:
    /// `input` is the private input, read by the hint primitives.
    [[nodiscard]] static Result<std::unique_ptr<Machine>> create(const Image& image, base::Bytes input,
                                                                 MachineOptions options);

    /// At most `limit` instructions. Can be called again after Limit, and after BeforeHint once
    /// allowHints() was called; the instruction in the way was not executed.
    template <typename Tracer>
    [[nodiscard]] Stop run(std::uint64_t limit, Tracer& tracer);
    [[nodiscard]] Stop run(std::uint64_t limit);
    void allowHints() { m_core->options.stopBeforeHint = false; }

    /// Instructions that completed, HALT included.
    [[nodiscard]] std::uint64_t cycles() const { return m_core->cycles; }
    [[nodiscard]] std::uint32_t pc() const { return m_core->pc; }
    [[nodiscard]] std::uint32_t npc() const { return m_core->npc; }
    [[nodiscard]] const Registers& registers() const { return m_core->r; }
    [[nodiscard]] const Memory& memory() const { return m_core->memory; }
    /// The state as an image; equals the image it was created from before the first instruction.
    [[nodiscard]] Image image() const;
    /// Bytes of the private input that were not read.
    [[nodiscard]] std::size_t inputLeft() const { return m_core->input.size() - m_core->inputAt; }

private:
    explicit Machine(std::unique_ptr<Core> core) : m_core(std::move(core)) {}

    std::unique_ptr<Core> m_core;
    std::uint32_t m_kernelVersion = kKernelVersion;
};

/// The sponge's tag of the journal's digest; Poseidon2 over 16-bit limbs behind the length.
inline constexpr auto kJournalTag = static_cast<field::SpongeTag>(BOWLINE_JOURNAL_TAG);

/// What a kernel leaves behind when it halts.
struct Outcome {
    field::FieldDigest journalDigest;
    base::Bytes journal;
    std::uint32_t detail = 0; // see struct bowline_result
};
inline constexpr base::ErrorCode kBadJournal{"zkvm.bad-journal"};
/// Reads the result region of a halted machine; an error if digest and journal do not belong together, which a
/// guest that writes to the kernel's memory can bring about.
[[nodiscard]] Result<Outcome> outcomeOf(const Machine& machine);

} // namespace bowline::zkvm
