// SPDX-License-Identifier: MIT
// Shards of one instruction, and the search for false ones.
//
// A shard may end anywhere, so one step is a statement of its own: the same state before it, another state behind it is
// false. The search takes a part of the constraints away, changes a cell of the honest row, and sets other cells, one after
// the other, until nothing that is left is broken. What comes out is played through with all tables.
#pragma once

#include "tests/unit/proving/random_code.h"
#include "tests/unit/proving/row_oracle.h"

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

/// One honest step.
struct Scene {
    const proving::PreparedProgram* program = nullptr;
    const RowOracle* oracle = nullptr;
    zkvm::Code code{};
    std::uint32_t number = 0; // of a primitive
    std::vector<RowAt> rows;  // the instruction's, and a precompile's
    chips::Statement statement;
    zkvm::MemoryTree tree; // before it
    std::map<std::uint32_t, zkvm::LeafWords> leaves;
};

using Limbs = std::array<std::uint32_t, 2>; // low, high
struct Held {
    Limbs value{};
    std::uint32_t time = 0;
};

/// What has to change for the step to be accepted: `node` of a row should be `target`, or any zero of an assertion.
struct Problem {
    std::size_t row = 0;
    std::uint32_t node = 0;
    bool isAssertion = false;
    bool isHopeless = false;
    std::vector<field::Element> targets;
};

struct Play {
    std::vector<Problem> problems;
    std::map<Limbs, Held> words; // touched ones, at the end, by address
    RowOracle::Message state;    // pc, npc, time behind it
    std::optional<Limbs> exitCode;
    int calls = 0; // made, less answered
};

/// Lets rows act on the state before the scene.
class Stage {
public:
    Stage(const Scene& scene, const Removed& removed) : m_scene(&scene), m_removed(removed)
    {
        m_honest.resize(scene.rows.size());
        for (std::size_t i = 0; i < scene.rows.size(); ++i)
            scene.oracle->evaluate(scene.rows[i].chip, scene.rows[i].cells, 0, m_honest[i]);
    }
    [[nodiscard]] std::size_t work() const { return m_work; }

    [[nodiscard]] Play play(const std::vector<RowAt>& rows)
    {
        Play out;
        std::vector<Access> accesses;
        for (std::size_t r = 0; r < rows.size(); ++r) {
            Cells nodes;
            m_scene->oracle->evaluate(rows[r].chip, rows[r].cells, 0, nodes);
            m_work += nodes.size();
            assertions(rows[r].chip, r, nodes, out);
            messages(rows[r].chip, r, nodes, out, accesses);
        }
        // Rows that do nothing make no step, and a call that nobody answers is none.
        const bool idle = out.state.empty() && !m_removed.isBus(chips::kStateBus);
        if (idle || (out.calls != 0 && !m_removed.isBus(chips::kCallBus)))
            out.problems.push_back({0, 0, false, true, {}});
        std::stable_sort(accesses.begin(), accesses.end(),
                         [](const Access& a, const Access& b) { return a.after[5] < b.after[5]; });
        for (const Access& access : accesses) act(access, out);
        return out;
    }
    /// Whether what is proven differs.
    [[nodiscard]] bool differs(const Play& a, const Play& b) const
    {
        if (a.state != b.state || a.exitCode != b.exitCode) return true;
        for (const auto* both : {&a, &b}) {
            for (const auto& [address, held] : both->words) {
                if (valueIn(a, address) != valueIn(b, address)) return true;
            }
        }
        return false;
    }
    [[nodiscard]] Limbs initial(const Limbs& address) const
    {
        const std::uint32_t whole = address[0] | address[1] << 16U;
        const auto found = m_scene->leaves.find(whole / zkvm::kLeafBytes);
        if (found == m_scene->leaves.end()) return {};
        const std::uint32_t word = found->second[whole / 4 % zkvm::kLeafWords];
        return {word & 0xffffU, word >> 16U};
    }

private:
    struct Access {
        std::size_t row;
        const stark::Interaction* receive;
        RowOracle::Message before;
        RowOracle::Message after;
    };
    [[nodiscard]] Limbs valueIn(const Play& play, const Limbs& address) const
    {
        const auto found = play.words.find(address);
        return found == play.words.end() ? initial(address) : found->second.value;
    }
    void assertions(std::size_t chip, std::size_t r, const Cells& nodes, Play& out) const
    {
        const auto& all = m_scene->oracle->constraints(chip).assertions;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (m_removed.chip == chip && m_removed.assertion == k) continue;
            if (!nodes[all[k].node].isZero()) out.problems.push_back({r, all[k].node, true, false, {}});
        }
    }
    void messages(std::size_t chip, std::size_t r, const Cells& nodes, Play& out,
                  std::vector<Access>& accesses) const
    {
        const auto& all = m_scene->oracle->constraints(chip).interactions;
        for (std::size_t i = 0; i < all.size(); ++i) {
            const auto message = m_scene->oracle->interaction(chip, i, nodes);
            if (message.multiplicity.isZero() || m_removed.isBus(all[i].bus)) continue;
            const auto one = field::Element::from(1);
            const bool once = message.multiplicity == (all[i].send ? one : -one);
            if (!once && !RowOracle::isAnswered(all[i].bus)) {
                out.problems.push_back({r, all[i].multiplicity, false, true, {}});
                continue;
            }
            switch (all[i].bus) {
            case chips::kStateBus:
                if (all[i].send) {
                    out.state.assign(message.message.begin() + 1, message.message.end());
                } else {
                    expect(r, all[i], message.message,
                           {all[i].bus, m_scene->statement.pcBefore, m_scene->statement.npcBefore,
                            chips::kFirstTime},
                           out);
                }
                break;
            case chips::kMemoryBus:
                if (!all[i].send) {
                    accesses.push_back({r, &all[i], message.message, {}});
                } else {
                    accesses.back().after = message.message;
                }
                break;
            case chips::kHaltBus: out.exitCode = Limbs{message.message[1], message.message[2]}; break;
            case chips::kCallBus:
                out.calls += all[i].send ? 1 : -1;
                expect(r, all[i], message.message, m_scene->oracle->interaction(chip, i, m_honest[r]).message,
                       out);
                break;
            default: lookup(chip, r, i, message.message, out);
            }
        }
    }
    void expect(std::size_t r, const stark::Interaction& i, const RowOracle::Message& is,
                const RowOracle::Message& should, Play& out) const
    {
        for (std::size_t f = 0; f < i.fields.size(); ++f) {
            if (is[f + 1] == should[f + 1] || (m_removed.isFieldOf(i.bus) && m_removed.field == f)) continue;
            out.problems.push_back({r, i.fields[f], false, false, {field::Element::from(should[f + 1])}});
        }
    }
    void lookup(std::size_t chip, std::size_t r, std::size_t index, RowOracle::Message message,
                Play& out) const
    {
        const auto& i = m_scene->oracle->constraints(chip).interactions[index];
        const RowOracle& oracle = *m_scene->oracle;
        if (m_removed.isFieldOf(i.bus)) {
            // Some value of the field makes it true: the honest one, or another.
            const std::size_t f = *m_removed.field + 1;
            message[f] = oracle.interaction(chip, index, m_honest[r]).message[f];
            if (i.bus <= chips::kProgramBus && f == 1) return;
            for (std::uint32_t other = 0;
                 i.bus != chips::kPermuteBus && i.bus != chips::kPermuteAllBus && other < 256; ++other) {
                if (oracle.isTrue(message)) return;
                message[f] = other;
            }
        }
        if (oracle.isTrue(message)) return;
        const auto number = [](std::uint32_t x) { return field::Element::from(x); };
        Problem problem{r, i.fields[0], false, false, {}};
        switch (i.bus) {
        case chips::kLimbBus: problem.targets = {number(0), number(1), number(0xffff)}; break;
        case chips::kBitsBus: problem.targets = {number(0), number((1U << message[2] % 16) - 1)}; break;
        case chips::kPairBus:
            if (message[1] < 256) problem.node = i.fields[1];
            problem.targets = {number(0), number(1), number(255)};
            break;
        case chips::kByteBus:
            if (message[2] >= 256 || message[3] >= 256) {
                problem.node = i.fields[message[2] < 256 ? 2 : 1];
                problem.targets = {number(0), number(255)};
            } else {
                problem.node = i.fields[3];
                problem.targets = {number(RowOracle::ofBytes(message[1], message[2], message[3]))};
            }
            break;
        case chips::kProgramBus: {
            const auto honest = oracle.interaction(chip, index, m_honest[r]).message;
            return expect(r, i, message, honest, out);
        }
        default:
            problem.isHopeless = i.bus != chips::kFieldBus;
            problem.targets = {number(0), number(0x7effU)};
        }
        out.problems.push_back(problem);
    }
    void act(const Access& access, Play& out) const
    {
        const Limbs address{access.before[1], access.before[2]};
        if (address[0] % 4 != 0 || address[0] > 0xffffU || address[1] > 0xffffU) {
            out.problems.push_back({access.row,
                                    access.receive->fields[0],
                                    false,
                                    false,
                                    {field::Element::from(address[0] & 0xfffcU)}});
            return;
        }
        const auto found = out.words.find(address);
        const Held held = found == out.words.end() ? Held{initial(address), 0} : found->second;
        expect(access.row, *access.receive, access.before,
               {chips::kMemoryBus, address[0], address[1], held.value[0], held.value[1], held.time}, out);
        out.words[address] = {{access.after[3], access.after[4]}, access.after[5]};
    }

    const Scene* m_scene;
    Removed m_removed;
    std::vector<Cells> m_honest; // nodes
    std::size_t m_work = 0;
};

/// Depth-first, one cell after the other.
class FalseStepSearch {
public:
    FalseStepSearch(const Scene& scene, std::size_t row, const Removed& removed, std::size_t work)
        : m_scene(&scene), m_row(row), m_chip(scene.rows[row].chip), m_stage(scene, removed),
          m_honest(m_stage.play(scene.rows)), m_work(work)
    {
    }
    /// Starts with each of the columns.
    [[nodiscard]] std::optional<std::vector<RowAt>> find(const std::vector<std::size_t>& columns)
    {
        // Few changes first: most assertions fall to one or two.
        for (const unsigned depth : {0U, 1U, 2U, 5U}) {
            std::vector<RowAt> rows = m_scene->rows;
            for (const std::size_t column : columns) {
                const field::Element value = rows[m_row].cells[column];
                for (const field::Element other : firstChanges(value)) {
                    if (other == value) continue;
                    rows[m_row].cells[column] = other;
                    std::vector<bool> touched(rows[m_row].cells.size());
                    touched[column] = true;
                    if (goOn(rows, touched, depth)) return rows;
                }
                rows[m_row].cells[column] = value;
            }
        }
        return std::nullopt;
    }
    /// The columns that a node reads.
    [[nodiscard]] static std::vector<std::size_t> columnsOf(const stark::Constraints& constraints,
                                                            std::uint32_t node)
    {
        std::set<std::size_t> out;
        std::set<std::uint32_t> seen;
        std::vector<std::uint32_t> todo{node};
        while (!todo.empty()) {
            const std::uint32_t at = todo.back();
            todo.pop_back();
            if (!seen.insert(at).second) continue;
            const stark::Node& n = constraints.nodes[at];
            if (n.kind == stark::NodeKind::Main) out.insert(n.a);
            if (n.kind >= stark::NodeKind::Add) {
                todo.push_back(n.a);
                todo.push_back(n.b);
            }
        }
        return {out.begin(), out.end()};
    }

private:
    static std::vector<field::Element> firstChanges(field::Element value)
    {
        const auto one = field::Element::from(1);
        const auto number = [](std::uint32_t x) { return field::Element::from(x); };
        return {one - value,
                value + one,
                value - one,
                value + number(0x10000),
                value - number(0x10000),
                number(2),
                value + number(256),
                value - number(256),
                value + number(0x8000),
                value - number(0x8000),
                value + number(4),
                number(0x1234567)};
    }
    [[nodiscard]] bool goOn(std::vector<RowAt>& rows, std::vector<bool>& touched, unsigned depth)
    {
        if (m_stage.work() > m_work && m_plays > 120) return false;
        ++m_plays;
        const Play play = m_stage.play(rows);
        if (play.problems.empty()) return m_stage.differs(play, m_honest);
        if (depth == 0 || play.problems.size() > 12) return false;
        for (const Problem& problem : play.problems) {
            if (problem.isHopeless) return false;
        }
        const Problem& problem = play.problems.front();
        if (problem.row != m_row) return false;
        for (const std::size_t column : columnsOf(m_scene->oracle->constraints(m_chip), problem.node)) {
            if (touched[column]) continue;
            const field::Element value = rows[m_row].cells[column];
            for (const field::Element other : fixes(rows[m_row].cells, problem, column)) {
                rows[m_row].cells[column] = other;
                touched[column] = true;
                if (goOn(rows, touched, depth - 1)) return true;
                touched[column] = false;
            }
            rows[m_row].cells[column] = value;
        }
        return false;
    }
    [[nodiscard]] std::vector<field::Element> fixes(const Cells& cells, const Problem& problem,
                                                    std::size_t column) const
    {
        std::vector<field::Element> out;
        const auto add = [&](std::uint32_t node, field::Element target) {
            Cells changed = cells;
            Cells nodes;
            m_scene->oracle->evaluate(m_chip, changed, 0, nodes);
            const field::Element here = nodes[node];
            changed[column] += field::Element::from(1);
            m_scene->oracle->evaluate(m_chip, changed, 0, nodes);
            const field::Element slope = nodes[node] - here;
            if (slope.isZero()) return;
            const field::Element other = cells[column] + (target - here) * slope.inverse();
            if (other != cells[column] && std::find(out.begin(), out.end(), other) == out.end())
                out.push_back(other);
        };
        if (problem.isAssertion) {
            for (const std::uint32_t factor : factorsOf(problem.node)) add(factor, {});
        }
        for (const field::Element target : problem.targets) add(problem.node, target);
        return out;
    }
    // An assertion that is a product holds if a factor is zero.
    [[nodiscard]] std::vector<std::uint32_t> factorsOf(std::uint32_t node) const
    {
        const stark::Node& n = m_scene->oracle->constraints(m_chip).nodes[node];
        if (n.kind != stark::NodeKind::Multiply) return {node};
        std::vector<std::uint32_t> out = factorsOf(n.a);
        for (const std::uint32_t factor : factorsOf(n.b)) out.push_back(factor);
        return out;
    }

    const Scene* m_scene;
    std::size_t m_row;
    std::size_t m_chip;
    Stage m_stage;
    Play m_honest;
    std::size_t m_work;
    std::size_t m_plays = 0;
};

} // namespace bowline::test
