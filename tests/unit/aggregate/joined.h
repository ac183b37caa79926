// SPDX-License-Identifier: MIT
// One execution in four shards of one shape, their lifts, and what joins them; with few queries.
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
    std::vector<recursion::MachineForm> forms{{kFormParameters, {}},
                                              {kFormParameters, {}}}; // of lifts, of joins
    std::unique_ptr<Lift> lift;
    std::array<std::unique_ptr<Join>, 4>
        joins;                  // of lifts, with a join at the left, at the right, on both sides
    const Join* join = nullptr; // the first
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
        forms[0].heights = heightsOf(expect(liftProgram(shardShape)));
        forms[1].heights = heightsOf(expect(joinProgram(forms[0], forms[0])));
        for (bool enough = false; !enough;) {
            enough = true;
            for (std::size_t i = 0; i < joins.size(); ++i)
                enough =
                    covers(*forms[1].heights, heightsOf(expect(joinProgram(left(i), right(i))))) && enough;
        }
        lift = expect(Lift::make(shardShape, forms[0]));
        for (std::size_t i = 0; i < joins.size(); ++i)
            joins[i] = expect(Join::make({left(i), right(i), forms[1]}));
        join = joins[0].get();
        keys = expect(KeySet::make(keyDigests()));
        for (std::size_t i = 0; i < shards.size(); ++i)
            lifts.push_back(expect(lift->prove(span(i), shards[i])));
    }
    [[nodiscard]] Span span(std::size_t i, const DigestWords& keySet) const
    {
        return {statements[i], program->commitment().tables, program->commitment().programLog, keySet};
    }
    [[nodiscard]] Span span(std::size_t i) const { return span(i, keys.root()); }
    [[nodiscard]] std::vector<DigestWords> keyDigests() const
    {
        std::vector<DigestWords> out{lift->key().digest};
        for (const auto& one : joins) out.push_back(one->key().digest);
        return out;
    }
    /// The join for children of their forms.
    [[nodiscard]] const Join& joinFor(const SpanProof& leftOne, const SpanProof& rightOne) const
    {
        const auto isJoin = [&](const SpanProof& x) { return x.proof.heights != lifts[0].proof.heights; };
        return *joins[(isJoin(leftOne) ? 1U : 0U) + (isJoin(rightOne) ? 2U : 0U)];
    }
    [[nodiscard]] SpanProof prove(const SpanProof& leftOne, const SpanProof& rightOne) const
    {
        return expect(joinFor(leftOne, rightOne).prove(keys, leftOne, rightOne));
    }

    /// Why the circuit refuses these two for this claim about the whole; "accepted" if it does not.
    [[nodiscard]] std::string circuit(const KeySet& set, const SpanProof& leftOne, const SpanProof& rightOne,
                                      const std::vector<Element>& whole) const
    {
        const Join& one = joinFor(leftOne, rightOne);
        const auto stream = one.stream(set, leftOne, rightOne);
        if (!stream.ok()) return "no stream: " + stream.error().detail;
        const auto execution = recursion::execute(one.program(), *stream, whole);
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
    [[nodiscard]] const recursion::MachineForm& left(std::size_t i) const { return forms[i % 2]; }
    [[nodiscard]] const recursion::MachineForm& right(std::size_t i) const { return forms[i / 2]; }
    [[nodiscard]] std::vector<proving::ExecutedShard> executed(const proving::ShardShapes& shapes) const
    {
        proving::ProvingOptions options = mips::testOptions(190);
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
