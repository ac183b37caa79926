// SPDX-License-Identifier: MIT
// Batches for the chain whose proofs are those of a program that proves any span: a set of keys that has it is good for tests
// alone.
#pragma once

#include "core/aggregate/chain.h"
#include "core/l2/statement.h"
#include "core/zkvm/machine.h"
#include "tests/unit/zkvm/fixture.h"

namespace bowline::test {

using namespace aggregate;

template <typename Hash>
Hash hashOf(std::uint32_t seed)
{
    Hash out;
    for (std::size_t i = 0; i < out.bytes.size(); ++i) out.bytes[i] = std::uint8_t(seed * 37 + i * 11 + 1);
    return out;
}
inline DigestWords digestOf(std::uint32_t seed)
{
    DigestWords out;
    for (std::uint32_t i = 0; i < 8; ++i) out[i] = Element::from(seed * 1000003 + i * 77777);
    return out;
}

inline l2::Statement statementOf(std::uint64_t number)
{
    const auto n = static_cast<std::uint32_t>(number);
    l2::Statement out;
    out.chainId = hashOf<l2::ChainId>(900);
    out.genesisHash = hashOf<l2::BatchHash>(1000);
    out.first = out.last = l2::BatchNumber{number};
    out.prevHash = hashOf<l2::BatchHash>(1000 + n - 1);
    out.lastHash = hashOf<l2::BatchHash>(1000 + n);
    out.prevState = hashOf<l2::StateRoot>(2000 + n - 1);
    out.state = hashOf<l2::StateRoot>(2000 + n);
    out.claimsRoot = hashOf<l2::Digest>(3000 + n);
    out.claimsCount = 5 + n;
    out.l1Height.value = 70000 + n;
    out.l1Hash = hashOf<l2::BlockHash>(4000 + n);
    out.l1Work = hashOf<l2::Digest>(5000 + n).bytes;
    out.sealedBatch = number / 2;
    return out;
}

// The first state of executions of a program.
inline Span startOf(std::uint32_t program)
{
    Span out;
    out.tables = digestOf(program);
    out.programLog = 12;
    out.shard.rootBefore = digestOf(program + 1);
    out.shard.pcBefore = 0x7e001234;
    out.shard.npcBefore = 0x7e001238;
    out.shard.halted = true;
    return out;
}
inline constexpr std::uint32_t kOld = 1;
inline constexpr std::uint32_t kNew = 2;

// The state that a batch with this statement leaves behind.
inline ChainState stateOf(const l2::Statement& statement, const DigestWords& program)
{
    ChainState out;
    out.program = program;
    const base::Bytes journal = statement.encode();
    std::size_t at = 0;
    for (const JournalField& field : kKeptFields) {
        std::copy_n(journal.begin() + std::ptrdiff_t(field.at), field.bytes,
                    out.kept.begin() + std::ptrdiff_t(at));
        at += field.bytes;
    }
    return out;
}

// A program that checks nothing.
struct Anything {
    recursion::Program program;
    recursion::Machine machine;

    Anything(std::size_t publicValues, const recursion::MachineForm& form)
        : program(expect(recursion::Circuit(publicValues).finish())),
          machine(expect(recursion::Machine::make(program, form)))
    {
    }
    [[nodiscard]] const DigestWords& commitment() const { return *machine.key().verifying().preprocessed; }
    [[nodiscard]] stark::Proof prove(const std::vector<Element>& values,
                                     const stark::ProverOptions& options = {}) const
    {
        return expect(machine.prove(expect(recursion::execute(program, {}, values)), options));
    }
};

inline BatchProof batchOf(const l2::Statement& statement, const DigestWords& keySet, const Anything& prover,
                          const std::function<void(Span&)>& change = {}, std::uint32_t program = kOld,
                          const stark::ProverOptions& options = {})
{
    BatchProof out;
    out.journal = statement.encode();
    const auto words = field::elementsOf(field::hashBytes(zkvm::kJournalTag, out.journal).view());
    for (std::size_t i = 0; i < words.size(); ++i) out.result.leaves[0][i] = words[i].value();
    out.result.leaves[1][0] = std::uint32_t(out.journal.size());
    out.result.leaves[1][5] = 0xfffffffe;
    for (std::size_t i = 0; i < out.result.path.size(); ++i)
        out.result.path[i] = digestOf(std::uint32_t(60 + i));
    Span span = startOf(program);
    span.keySet = keySet;
    span.shard.rootAfter = out.result.root();
    if (change) change(span);
    out.span = {span, prover.commitment(), prover.prove(span.publicValues(), options)};
    return out;
}

} // namespace bowline::test
