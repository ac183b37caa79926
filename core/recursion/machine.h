// SPDX-License-Identifier: MIT
// The recursion machine's tables: a program and its execution as a proof system of core/stark.
//
// One bus carries the memory: (address, four elements). Addresses and how often each word is read are preprocessed columns,
// so part of the verifying key: a word's one writer sends it as often as it is read, and every reader receives it
// once. docs/recursion.md has the argument.
#pragma once

#include "core/recursion/execution.h"
#include "core/stark/prover.h"

namespace bowline::recursion {

inline constexpr std::uint32_t kMemoryBus = 1;

/// Places in the system.
enum Table : std::size_t { kWords, kAlu, kLanes, kBits, kPermutes, kRows, kPaths, kTables };

/// Tables of a program, ready to be proven.
class Machine {
public:
    /// The program outlives the machine.
    [[nodiscard]] static base::Result<Machine> make(const Program& program,
                                                    const stark::Parameters& parameters,
                                                    const stark::ProverOptions& options = {});

    [[nodiscard]] const Program& program() const { return *m_program; }
    [[nodiscard]] const stark::ProvingKey& key() const { return m_key; }
    /// The execution as filled tables.
    [[nodiscard]] stark::Traces traces(const Execution& execution,
                                       const stark::ProverOptions& options = {}) const;
    [[nodiscard]] base::Result<stark::Proof> prove(const Execution& execution,
                                                   const stark::ProverOptions& options = {}) const;

private:
    Machine(const Program& program, stark::ProvingKey key) : m_program(&program), m_key(std::move(key)) {}

    const Program* m_program;
    stark::ProvingKey m_key;
};

/// The constraints of all tables over the program's columns.
[[nodiscard]] base::Result<stark::System> systemOf(const Program& program,
                                                   const stark::Parameters& parameters);
[[nodiscard]] stark::Traces tracesOf(const Program& program, const Execution& execution,
                                     const stark::ProverOptions& options);

} // namespace bowline::recursion
