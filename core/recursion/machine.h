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

/// Rows of the tables by Table, each as a power of two.
using MachineHeights = std::array<unsigned, kTables>;
/// The least that the program's tables have.
[[nodiscard]] MachineHeights heightsOf(const Program& program);

/// What the machine's proofs have in common, whatever their programs: with given heights keys of several programs differ in the
/// commitment to the preprocessed columns alone, and one circuit can verify all of their proofs.
struct MachineForm {
    stark::Parameters parameters = stark::kRecursionParameters;
    std::optional<MachineHeights> heights{}; // none: each program's least
};
/// The key of all programs of the form with so many public values, heights given: commitment and digest are nobody's.
[[nodiscard]] base::Result<stark::VerifyingKey> keyOfForm(const MachineForm& form, std::size_t publicValues);
/// The same key with a program's commitment.
[[nodiscard]] stark::VerifyingKey withCommitment(stark::VerifyingKey key,
                                                 const field::DigestWords& preprocessed);

/// The program's tables have more rows than the form.
inline constexpr base::ErrorCode kTooTall{"recursion.too-tall"};

/// Tables of a program, ready to be proven.
class Machine {
public:
    /// The program outlives the machine.
    [[nodiscard]] static base::Result<Machine> make(const Program& program, const MachineForm& form,
                                                    const stark::ProverOptions& options = {});

    [[nodiscard]] const Program& program() const { return *m_program; }
    [[nodiscard]] const stark::ProvingKey& key() const { return m_key; }
    /// The execution as filled tables.
    [[nodiscard]] stark::Traces traces(const Execution& execution,
                                       const stark::ProverOptions& options = {}) const;
    [[nodiscard]] base::Result<stark::Proof> prove(const Execution& execution,
                                                   const stark::ProverOptions& options = {}) const;

private:
    Machine(const Program& program, const MachineHeights& heights, stark::ProvingKey key)
        : m_program(&program), m_heights(heights), m_key(std::move(key))
    {
    }

    const Program* m_program;
    MachineHeights m_heights;
    stark::ProvingKey m_key;
};

/// The constraints of all tables over the program's columns.
[[nodiscard]] base::Result<stark::System> systemOf(const Program& program, const MachineHeights& heights,
                                                   const stark::Parameters& parameters);
[[nodiscard]] stark::Traces tracesOf(const Program& program, const MachineHeights& heights,
                                     const Execution& execution, const stark::ProverOptions& options);

} // namespace bowline::recursion
