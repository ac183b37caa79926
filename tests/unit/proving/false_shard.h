// SPDX-License-Identifier: MIT
// All tables of a false shard: of rows that a search found, or of leaves, nodes and permutations that lie.
#pragma once

#include "tests/unit/proving/false_step.h"
#include "tests/unit/proving/random_code.h"
#include "tests/unit/stark/kill_matrix.h"

namespace bowline::test {

/// A leaf as its row has it; digests that are not set are computed.
struct FalseLeaf {
    std::array<field::Element, 16> before{};
    std::array<field::Element, 16> after{};
    std::array<std::uint32_t, 8> times{};
    std::optional<zkvm::NodeDigest> digestBefore;
    std::optional<zkvm::NodeDigest> digestAfter;
};
using FalseLeaves = std::map<std::uint32_t, FalseLeaf>;
using NodeRow = std::vector<field::Element>;

struct ShardOptions {
    std::function<void(FalseLeaves&)> leaves;
    std::function<void(std::vector<chips::TouchedNode>&)>
        nodes;                                         // from the leaves up; changes go up by themselves
    std::function<std::uint32_t(std::uint32_t)> place; // of a leaf in the tree, by its index
    std::function<void(stark::Traces&, chips::Statement&)> memory; // when leaves and nodes are in
    std::function<void(chips::Statement&)> statement;
    std::function<void(stark::Traces&)> last;
    bool recounts = false;                                    // rows that take back what others say
    std::optional<std::array<std::uint32_t, 16>> permutation; // one more
    std::vector<RowAt> more;                                  // rows behind the others
};

inline zkvm::NodeDigest digestOfLimbs(const std::array<field::Element, 16>& limbs)
{
    field::State state;
    std::copy(limbs.begin(), limbs.end(), state.begin());
    field::permute(state);
    zkvm::NodeDigest out;
    std::copy_n(state.begin(), out.size(), out.begin());
    return out;
}

inline NodeRow leafRow(std::uint32_t index, const FalseLeaf& leaf)
{
    NodeRow row{field::Element::from(1), field::Element::from(index & 2047U),
                field::Element::from(index >> 11U)};
    row.insert(row.end(), leaf.before.begin(), leaf.before.end());
    row.insert(row.end(), leaf.after.begin(), leaf.after.end());
    for (const std::uint32_t time : leaf.times) row.push_back(field::Element::from(time));
    const auto before = leaf.digestBefore.value_or(digestOfLimbs(leaf.before));
    const auto after = leaf.digestAfter.value_or(digestOfLimbs(leaf.after));
    row.insert(row.end(), before.begin(), before.end());
    row.insert(row.end(), after.begin(), after.end());
    return row;
}

inline NodeRow nodeRow(const chips::TouchedNode& node)
{
    NodeRow row;
    for (const std::uint32_t number :
         {1U, node.level, node.index, node.leftTouched ? 1U : 0U, node.rightTouched ? 1U : 0U})
        row.push_back(field::Element::from(number));
    for (const auto* pair : {&node.left, &node.right, &node.parent}) {
        for (const auto& digest : *pair) row.insert(row.end(), digest.begin(), digest.end());
    }
    return row;
}

/// Into the first row that is empty.
inline void appendRow(stark::Matrix& table, const NodeRow& cells)
{
    const auto put = [&cells](stark::Matrix& to, std::size_t row) {
        for (std::size_t c = 0; c < cells.size(); ++c) to.at(row, c) = cells[c];
    };
    for (std::size_t row = 0; row < table.rows(); ++row) {
        bool isEmpty = true;
        for (std::size_t c = 0; isEmpty && c < table.width; ++c) isEmpty = table.at(row, c).isZero();
        if (isEmpty) return put(table, row);
    }
    stark::Matrix larger(table.width, table.log + 1);
    for (std::size_t c = 0; c < table.width; ++c) {
        for (std::size_t row = 0; row < table.rows(); ++row) larger.at(row, c) = table.at(row, c);
    }
    put(larger, table.rows());
    table = std::move(larger);
}

class FalseShard {
public:
    FalseShard(const Scene& scene, const std::vector<RowAt>& rows, const Play& play,
               const ShardOptions& options = {})
        : m_scene(&scene), m_tables(&scene.program->tables()), m_statement(scene.statement)
    {
        m_traces.resize(m_tables->size());
        std::map<std::size_t, std::size_t> used; // rows of a table
        std::vector<RowAt> all = rows;
        all.insert(all.end(), options.more.begin(), options.more.end());
        for (const RowAt& row : all) {
            auto& table = m_traces[row.chip];
            if (!table) table.emplace(row.cells.size(), stark::kLogFinal);
            const std::size_t at = used[row.chip]++;
            for (std::size_t c = 0; c < row.cells.size(); ++c) table->at(at, c) = row.cells[c];
        }
        FalseLeaves leaves = leavesOf(play);
        if (options.leaves) options.leaves(leaves);
        putLeaves(leaves, options);
        putNodes(options);
        if (options.memory) options.memory(m_traces, m_statement);
        m_statement.pcAfter = play.state.at(0);
        m_statement.npcAfter = play.state.at(1);
        m_statement.timeAfter = play.state.at(2);
        m_statement.halted = play.exitCode.has_value();
        if (play.exitCode) m_statement.exitCode = (*play.exitCode)[0] | (*play.exitCode)[1] << 16U;
        if (options.statement) options.statement(m_statement);
        proving::fillLookups(*m_tables, scene.program->key().system(), m_traces, {});
        if (options.permutation) addPermutation(*options.permutation);
        if (options.last) options.last(m_traces);
        if (options.recounts) {
            for (const std::uint32_t bus :
                 {chips::kProgramBus, chips::kLimbBus, chips::kBitsBus, chips::kPairBus, chips::kByteBus,
                  chips::kAddressBus, chips::kFieldBus, chips::kPermuteBus, chips::kPermuteAllBus})
                countAgain(scene.program->key().system(), *m_tables, bus, m_traces);
        }
    }
    [[nodiscard]] FalseWitness witness(const std::string& name) const
    {
        return {name, m_traces, m_statement.publicValues()};
    }
    /// Counts one bus anew, as a mutant has it.
    static void countAgain(const stark::System& mutant, const chips::MachineTables& tables, std::uint32_t bus,
                           stark::Traces& traces)
    {
        const RowOracle oracle(mutant, tables);
        std::map<RowOracle::Message, field::Element> wanted;
        Cells nodes;
        for (std::size_t chip = 0; chip < traces.size(); ++chip) {
            if (!traces[chip]) continue;
            stark::Matrix& table = *traces[chip];
            const auto& all = oracle.constraints(chip).interactions;
            const bool concerned =
                std::any_of(all.begin(), all.end(), [&](const auto& i) { return i.bus == bus; });
            if (!concerned) continue;
            const bool answers = chip >= tables.placeOfPermutation();
            for (std::size_t row = 0; row < table.rows(); ++row) {
                oracle.evaluate(chip, RowOracle::cellsOf(table, row), row, nodes);
                for (std::size_t i = 0; i < all.size(); ++i) {
                    if (all[i].bus != bus) continue;
                    const auto message = oracle.interaction(chip, i, nodes);
                    if (!answers) {
                        if (!message.multiplicity.isZero()) wanted[message.message] += message.multiplicity;
                        continue;
                    }
                    const std::size_t column = oracle.constraints(chip).nodes[all[i].multiplicity].a;
                    const auto found = wanted.find(message.message);
                    table.at(row, column) = found == wanted.end() ? field::Element{} : found->second;
                    if (found == wanted.end()) continue;
                    if (isAllowed(oracle, chip, table, row)) {
                        wanted.erase(found);
                    } else {
                        table.at(row, column) = {};
                    }
                }
            }
        }
    }

    /// Nobody asks on a bus.
    static void countNothing(const stark::System& whole, std::uint32_t bus, std::size_t firstAnswering,
                             stark::Traces& traces)
    {
        for (std::size_t chip = firstAnswering; chip < traces.size(); ++chip) {
            const stark::Constraints& all = whole.chips[chip].constraints;
            for (const stark::Interaction& i : all.interactions) {
                if (i.bus != bus || !traces[chip]) continue;
                for (std::size_t row = 0; row < traces[chip]->rows(); ++row)
                    traces[chip]->at(row, all.nodes[i.multiplicity].a) = {};
            }
        }
    }

private:
    [[nodiscard]] static bool isAllowed(const RowOracle& oracle, std::size_t chip, const stark::Matrix& table,
                                        std::size_t row)
    {
        Cells nodes;
        oracle.evaluate(chip, RowOracle::cellsOf(table, row), row, nodes);
        const auto& all = oracle.constraints(chip).assertions;
        return std::all_of(all.begin(), all.end(), [&](const auto& a) { return nodes[a.node].isZero(); });
    }
    [[nodiscard]] FalseLeaves leavesOf(const Play& play) const
    {
        FalseLeaves out;
        const auto leafAt = [&](std::uint32_t index) -> FalseLeaf& {
            const auto [at, isNew] = out.try_emplace(index);
            const auto found = m_scene->leaves.find(index);
            if (isNew && found != m_scene->leaves.end()) {
                for (std::size_t i = 0; i < 16; ++i)
                    at->second.before[i] =
                        field::Element::from(found->second[i / 2] >> 16 * (i % 2) & 0xffffU);
                at->second.after = at->second.before;
            }
            return at->second;
        };
        for (std::uint32_t i = 0; i < zkvm::kRegisterCount / zkvm::kLeafWords; ++i)
            leafAt(zkvm::kFirstRegisterLeaf + i);
        for (const auto& [address, held] : play.words) {
            FalseLeaf& leaf = leafAt((address[0] | address[1] << 16U) / zkvm::kLeafBytes);
            const std::size_t word = address[0] / 4 % zkvm::kLeafWords;
            for (std::size_t i = 0; i < 2; ++i)
                leaf.after[2 * word + i] = field::Element::from(held.value[i]);
            leaf.times[word] = held.time;
        }
        return out;
    }
    void putLeaves(const FalseLeaves& leaves, const ShardOptions& options)
    {
        std::vector<std::vector<field::Element>> rows;
        for (const auto& [index, leaf] : leaves) {
            rows.push_back(leafRow(index, leaf));
            const std::uint32_t place = options.place ? options.place(index) : index;
            m_level[place] = {leaf.digestBefore.value_or(digestOfLimbs(leaf.before)),
                              leaf.digestAfter.value_or(digestOfLimbs(leaf.after))};
        }
        m_traces[m_tables->placeOfLeaf()] = tableOf(rows);
    }
    void putNodes(const ShardOptions& options)
    {
        std::vector<std::vector<field::Element>> rows;
        for (unsigned level = 1; level <= zkvm::MemoryTree::kDepth; ++level) {
            std::map<std::uint32_t, chips::TouchedNode> parents;
            for (const auto& [index, digests] : m_level) {
                chips::TouchedNode& node = parents[index / 2];
                node.level = level;
                node.index = index / 2;
                (index % 2 == 0 ? node.leftTouched : node.rightTouched) = true;
                (index % 2 == 0 ? node.left : node.right) = digests;
            }
            std::vector<chips::TouchedNode> nodes;
            for (auto& [index, node] : parents) {
                if (!node.leftTouched) node.left.fill(m_scene->tree.node(level - 1, 2 * index));
                if (!node.rightTouched) node.right.fill(m_scene->tree.node(level - 1, 2 * index + 1));
                nodes.push_back(node);
            }
            if (options.nodes) options.nodes(nodes);
            m_level.clear();
            for (chips::TouchedNode& node : nodes) {
                for (std::size_t when = 0; when < 2; ++when)
                    node.parent[when] = zkvm::hashNode(node.left[when], node.right[when]);
                m_level[node.index] = node.parent;
                rows.push_back(nodeRow(node));
            }
        }
        m_statement.rootBefore = m_level.at(0)[0];
        m_statement.rootAfter = m_level.at(0)[1];
        m_traces[m_tables->placeOfNode()] = tableOf(rows);
    }
    [[nodiscard]] static stark::Matrix tableOf(const std::vector<std::vector<field::Element>>& rows)
    {
        unsigned log = stark::kLogFinal;
        while ((std::size_t{1} << log) < rows.size()) ++log;
        stark::Matrix out(rows.front().size(), log);
        for (std::size_t r = 0; r < rows.size(); ++r) {
            for (std::size_t c = 0; c < rows[r].size(); ++c) out.at(r, c) = rows[r][c];
        }
        return out;
    }
    // In rows behind the others.
    void addPermutation(const std::array<std::uint32_t, 16>& input)
    {
        stark::Matrix& table = *m_traces[m_tables->placeOfPermutation()];
        std::vector<std::uint32_t> words(table.width);
        chips::PermutationTable::fill(chips::Row(words.data(), 0, 0), input, 0, 0);
        stark::Matrix larger(table.width, table.log + 1);
        for (std::size_t c = 0; c < words.size(); ++c) {
            for (std::size_t row = 0; row < larger.rows(); ++row)
                larger.at(row, c) = row < table.rows() ? table.at(row, c) : field::Element::from(words[c]);
        }
        table = larger;
    }

    const Scene* m_scene;
    const chips::MachineTables* m_tables;
    chips::Statement m_statement;
    stark::Traces m_traces;
    std::map<std::uint32_t, std::array<zkvm::NodeDigest, 2>> m_level;
};

} // namespace bowline::test
