// SPDX-License-Identifier: MIT
// What a proof names a program by, and the keys that go with it.
#pragma once

#include "core/chips/machine.h"
#include "core/stark/prover.h"

namespace bowline::proving {

using base::Result;

/// Of a program's id: a number of the protocol, beside those of core/field/sponge.h.
inline constexpr auto kProgramTag = static_cast<field::SpongeTag>(33);

/// Everything that an execution depends on but its private input. The hash of it is the program's id (rule B6): of the
/// commitment to the code and the lookup tables, the number of rows of the code's table, the memory's root, pc, npc and
/// the kernel's version.
struct ProgramCommitment {
    field::DigestWords tables{};
    unsigned programLog = 0;
    zkvm::NodeDigest root{};
    std::uint32_t pc = 0;
    std::uint32_t npc = 0;
    std::uint32_t kernelVersion = 0;

    [[nodiscard]] field::FieldDigest id() const;
};

/// A program ready to be proven. The image outlives it.
class PreparedProgram {
public:
    [[nodiscard]] static Result<std::unique_ptr<PreparedProgram>>
    make(const zkvm::Image& image, const stark::Parameters& parameters, const stark::ProverOptions& options);

    [[nodiscard]] const zkvm::Image& image() const { return *m_image; }
    [[nodiscard]] const ProgramCommitment& commitment() const { return m_commitment; }
    [[nodiscard]] const chips::MachineTables& tables() const { return *m_tables; }
    [[nodiscard]] const stark::ProvingKey& key() const { return *m_key; }
    /// The memory's tree at the start.
    [[nodiscard]] const zkvm::MemoryTree& tree() const { return m_tree; }

private:
    PreparedProgram() = default;

    const zkvm::Image* m_image = nullptr;
    zkvm::Text m_text;
    std::optional<chips::MachineTables> m_tables;
    std::optional<stark::ProvingKey> m_key;
    zkvm::MemoryTree m_tree;
    ProgramCommitment m_commitment;
};

/// The id of a program under the parameters of release.
[[nodiscard]] Result<field::FieldDigest> programId(const zkvm::Image& image);

/// The key that proofs of the program's shards are verified with.
[[nodiscard]] Result<stark::VerifyingKey> verifyingKeyOf(const ProgramCommitment& commitment,
                                                         const stark::Parameters& parameters);

} // namespace bowline::proving
