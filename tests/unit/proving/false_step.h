// SPDX-License-Identifier: MIT
// Shards of one instruction, and the search for false ones.
//
// A shard may end anywhere, so one step is a statement of its own: the same state before it, another state behind it is
// false. The search takes a part of the constraints away, changes cells of a row, and sets other cells, one after the
// other, until nothing that is left is broken. What comes out is played through with all tables.
#pragma once

#include "core/proving/prover.h"
#include "tests/unit/proving/row_oracle.h"

#include <functional>
#include <map>
#include <memory>
#include <set>

namespace bowline::test {

/// What a mutant lacks: an assertion of a chip, or a bus, or a field of a bus.
struct Removed {
    std::optional<std::size_t> chip;
    std::size_t assertion = 0;
    std::uint32_t bus = 0;
    std::optional<std::size_t> field;

    [[nodiscard]] bool isBus(std::uint32_t other) const { return !chip && bus == other && !field; }
    [[nodiscard]] bool isFieldOf(std::uint32_t other) const { return !chip && bus == other && field; }
};

struct RowAt {
    std::size_t chip = 0;
    Cells cells;
};

/// A row that is not the honest one, and the nodes of its table's assertions that do not hold for it.
struct StartRow {
    Cells cells;
    std::vector<std::uint32_t> broken;
};

struct Play;

/// One step, or where one starts from that there is no honest one of.
struct Scene {
    const proving::PreparedProgram* program = nullptr;
    const RowOracle* oracle = nullptr;
    zkvm::Code code{};
    std::uint32_t number = 0;     // of a primitive
    std::vector<RowAt> rows;      // the instruction's, a precompile's, and perhaps one that fills a table up
    std::vector<StartRow> starts; // other first rows to search from
    std::optional<Cells> filled;  // one of them, where there is no honest row
    bool isHonest = true;         // otherwise the machine stops here, and whatever is accepted is false
    std::optional<zkvm::Registers> registers; // before it, where they were made for it
    std::shared_ptr<const Play> truth;        // what happens, if not what the rows say
    chips::Statement statement;
    zkvm::MemoryTree tree; // before it
    std::map<std::uint32_t, zkvm::LeafWords> leaves;
};

using Limbs = std::array<std::uint32_t, 2>; // low, high
struct Held {
    Limbs value{};
    std::uint32_t time = 0;
};

/// What has to change for the step to be accepted: `node` of a row should be one of `targets`, or any zero of an
/// assertion.
struct Problem {
    std::size_t row = 0;
    std::uint32_t node = 0;
    bool isAssertion = false;
    bool isHopeless = false;
    std::vector<field::Element> targets;
};

struct Play {
    std::vector<Problem> problems;
    bool breaksRemoved = false;  // the assertion that was taken away does not hold
    std::map<Limbs, Held> words; // touched ones, at the end, by address
    RowOracle::Message state;    // pc, npc, time behind it
    std::optional<Limbs> exitCode;
    int calls = 0; // made, less answered
};

/// Lets rows act on the state before the scene.
class Stage {
public:
    Stage(const Scene& scene, const Removed& removed);
    [[nodiscard]] std::size_t work() const { return m_work; }
    [[nodiscard]] Play play(const std::vector<RowAt>& rows);
    /// Whether what is proven differs.
    [[nodiscard]] bool differs(const Play& a, const Play& b) const;
    [[nodiscard]] Limbs initial(const Limbs& address) const;

private:
    struct Access {
        std::size_t row;
        const stark::Interaction* receive;
        RowOracle::Message before;
        RowOracle::Message after;
    };
    [[nodiscard]] Limbs valueIn(const Play& play, const Limbs& address) const;
    void assertions(std::size_t chip, std::size_t r, const Cells& nodes, Play& out) const;
    void messages(std::size_t chip, std::size_t r, const Cells& nodes, Play& out,
                  std::vector<Access>& accesses) const;
    void expect(std::size_t r, const stark::Interaction& i, const RowOracle::Message& is,
                const RowOracle::Message& should, Play& out) const;
    void lookup(std::size_t chip, std::size_t r, std::size_t index, RowOracle::Message message,
                Play& out) const;
    void act(const Access& access, Play& out) const;

    const Scene* m_scene;
    Removed m_removed;
    std::vector<Cells> m_honest; // nodes
    std::size_t m_work = 0;
};

/// What a search came to.
struct FalseStep {
    std::vector<RowAt> rows;
    /// Another state is proven. Otherwise the same one, by rows that the removed assertion alone refuses.
    bool isFalse = false;
    bool breaksRemoved = false;
};

/// Depth-first, one cell after the other; cells that an assertion gives as an expression of others follow by themselves.
class FalseStepSearch {
public:
    FalseStepSearch(const Scene& scene, std::size_t row, const Removed& removed, std::size_t plays);
    /// Starts with each of the columns, then with several flags at once. Keeps on for a false one.
    [[nodiscard]] std::optional<FalseStep> find(const std::vector<std::size_t>& columns);
    /// From another row in its place, of which some columns stay as they are.
    [[nodiscard]] std::optional<FalseStep> findFrom(const Cells& row, unsigned depth, std::size_t plays,
                                                    const std::vector<std::size_t>& fixed = {});
    /// The columns that a node reads.
    [[nodiscard]] static std::vector<std::size_t> columnsOf(const stark::Constraints& constraints,
                                                            std::uint32_t node);

private:
    using Change = std::vector<std::pair<std::size_t, field::Element>>; // of columns
    [[nodiscard]] std::vector<Change> startsOf(const std::vector<std::size_t>& columns) const;
    [[nodiscard]] std::vector<field::Element> valuesOfChecks(std::size_t column) const;
    [[nodiscard]] bool goOn(std::vector<RowAt>& rows, std::vector<bool>& touched, const Change& change,
                            unsigned depth);
    [[nodiscard]] bool judge(std::vector<RowAt>& rows, std::vector<bool>& touched, unsigned depth);
    void follow(Cells& cells, const std::vector<bool>& touched) const;
    [[nodiscard]] std::vector<Change> fixes(const Cells& cells, const Problem& problem,
                                            const std::vector<bool>& touched) const;
    [[nodiscard]] std::vector<std::uint32_t> factorsOf(std::uint32_t node) const;
    [[nodiscard]] const stark::Constraints& constraints() const
    {
        return m_scene->oracle->constraints(m_chip);
    }

    const Scene* m_scene;
    std::size_t m_row;
    std::size_t m_chip;
    Removed m_removed;
    Stage m_stage;
    Play m_honest;
    std::size_t m_mostPlays;
    std::size_t m_limit = 0; // of the start that is being followed
    std::size_t m_plays = 0;
    std::optional<FalseStep> m_found;
};

} // namespace bowline::test
