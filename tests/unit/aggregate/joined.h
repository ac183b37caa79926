// SPDX-License-Identifier: MIT
// One execution in three shards of one shape, their lifts, and what joins them; with few queries.
#pragma once

#include "core/aggregate/join.h"
#include "core/aggregate/lift.h"
#include "core/aggregate/verify.h"
#include "core/stark/verifier.h"
#include "tests/unit/proving/random_code.h"

namespace bowline::test {

using namespace aggregate;

struct Joined {
    static constexpr stark::Parameters kFewQueries{1, 4, 1, 1, 1, 1, 1};
    static constexpr stark::Parameters kFormParameters{2, 4, 1, 1, 1, 1, 1};

    zkvm::Image image =
        expect(zkvm::bareImageFromElf(mips::elfOf(mips::RandomCode(3).code(600), mips::randomData(9), 0)));
    std::unique_ptr<proving::PreparedProgram> program;
    std::vector<chips::Statement> statements;
    std::vector<stark::Proof> shards;
    stark::Heights shape;
    recursion::MachineForm form{kFormParameters, {}};
    std::unique_ptr<Lift> lift;
    std::unique_ptr<Join> join;
    KeySet keys = expect(KeySet::make({}));
    std::vector<SpanProof> lifts;

    Joined()
    {
        image.registers = mips::RandomCode(4).registers();
        image.registers[0] = 0;
        program = expect(proving::PreparedProgram::make(image, kFewQueries, {}));
        shape = roomFor(executed({}));
        for (auto& shard : executed({shape})) {
            shards.push_back(
                expect(stark::prove(program->key(), shard.witness.traces, shard.statement.publicValues())));
            statements.push_back(shard.statement);
        }
        const ShardShape shardShape{program->commitment().programLog, shape, kFewQueries};
        form.heights = heightsOf(expect(liftProgram(shardShape)));
        while (!covers(*form.heights, heightsOf(expect(joinProgram(form))))) {
        }
        lift = expect(Lift::make(shardShape, form));
        join = expect(Join::make(form));
        keys = expect(KeySet::make({lift->key().digest, join->key().digest}));
        for (std::size_t i = 0; i < shards.size(); ++i)
            lifts.push_back(expect(lift->prove(span(i), shards[i])));
    }
    [[nodiscard]] Span span(std::size_t i, const DigestWords& keySet) const
    {
        return {statements[i], program->commitment().tables, program->commitment().programLog, keySet};
    }
    [[nodiscard]] Span span(std::size_t i) const { return span(i, keys.root()); }

    /// Why the circuit refuses these two for this claim about the whole; "accepted" if it does not.
    [[nodiscard]] std::string circuit(const KeySet& set, const SpanProof& left, const SpanProof& right,
                                      const std::vector<Element>& whole) const
    {
        const auto stream = join->stream(set, left, right);
        if (!stream.ok()) return "no stream: " + stream.error().detail;
        const auto execution = recursion::execute(join->program(), *stream, whole);
        return execution.ok() ? "accepted" : execution.error().detail;
    }
    /// What somebody would claim who joins them all the same.
    [[nodiscard]] static Span claimOf(const Span& left, const Span& right)
    {
        Span out = left;
        out.shard.rootAfter = right.shard.rootAfter;
        out.shard.pcAfter = right.shard.pcAfter;
        out.shard.npcAfter = right.shard.npcAfter;
        out.shard.halted = right.shard.halted;
        out.shard.exitCode = right.shard.exitCode;
        return out;
    }

private:
    [[nodiscard]] std::vector<proving::ExecutedShard> executed(const proving::ShardShapes& shapes) const
    {
        proving::ProvingOptions options = mips::testOptions(250);
        options.parameters = kFewQueries;
        options.shapes = shapes;
        const auto machine = expect(zkvm::Machine::create(image, {}, {}));
        zkvm::MemoryTree tree = program->tree();
        std::vector<proving::ExecutedShard> out;
        do {
            out.push_back(expect(proving::executeShard(*program, *machine, tree, options)));
        } while (!out.back().statement.halted);
        return out;
    }
    // Twice what the shards have, and room for what one more instruction could add to the memory's tree.
    [[nodiscard]] stark::Heights roomFor(const std::vector<proving::ExecutedShard>& all) const
    {
        stark::Heights out(all[0].witness.traces.size());
        for (const auto& shard : all) {
            for (std::size_t i = 0; i < out.size(); ++i) {
                const auto& trace = shard.witness.traces[i];
                if (trace) out[i] = std::max(out[i].value_or(0), trace->log + 1);
            }
        }
        const chips::MachineTables& tables = program->tables();
        for (const std::size_t place : {tables.placeOfNode(), tables.placeOfPermutation()})
            out[place] = std::max(*out[place], 13U);
        for (const std::size_t place :
             {tables.placeOfProgram(), tables.placeOfRange(), tables.placeOfBytes()})
            out[place] = program->key().verifying().chips[place].preprocessedLog;
        return out;
    }
    [[nodiscard]] static bool covers(recursion::MachineHeights& heights,
                                     const recursion::MachineHeights& least)
    {
        bool out = true;
        for (std::size_t i = 0; i < heights.size(); ++i) {
            out = out && heights[i] >= least[i];
            heights[i] = std::max(heights[i], least[i]);
        }
        return out;
    }
};

} // namespace bowline::test
