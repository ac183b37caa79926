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
static_assert(kTables == kTableCount);

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

/// What a verifier has to know of a program: everything but its columns.
struct ProgramSummary {
    std::size_t publicValues = 0;
    std::vector<std::uint32_t> publicUses; // of each word of public values: how often it is read
    std::array<unsigned, kTables> logs{};  // of the tables' rows
    field::DigestWords columns{};          // the commitment to the preprocessed columns

    /// Of a program whose tables have been committed to.
    [[nodiscard]] static ProgramSummary of(const Machine& machine);
};
/// The same key as that of a machine of the program.
[[nodiscard]] base::Result<stark::VerifyingKey> verifyingKeyOf(const ProgramSummary& summary,
                                                               const stark::Parameters& parameters);
/// Rows of each table of a program, as powers of two.
[[nodiscard]] std::array<unsigned, kTables> logsOf(const Program& program);

/// The constraints of all tables over the program's columns.
[[nodiscard]] base::Result<stark::System> systemOf(const Program& program,
                                                   const stark::Parameters& parameters);
[[nodiscard]] stark::Traces tracesOf(const Program& program, const Execution& execution,
                                     const stark::ProverOptions& options);

} // namespace bowline::recursion
