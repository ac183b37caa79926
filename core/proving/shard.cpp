// SPDX-License-Identifier: MIT
#include "core/proving/shard.h"

#include "core/chips/lookups.h"
#include "core/stark/messages.h"
#include "core/stark/parallel.h"

#include <map>
#include <mutex>

namespace bowline::proving {

using chips::Kind;
using chips::Row;
using field::Element;
using stark::Matrix;

namespace {
constexpr std::size_t kRowsAtOnce = 1024;

[[nodiscard]] unsigned logOf(std::size_t rows)
{
    unsigned log = stark::kLogFinal;
    while ((std::size_t{1} << log) < rows) ++log;
    return log;
}

// The rows that a table gets; none: it is left out.
[[nodiscard]] std::optional<unsigned> heightOf(const stark::Heights& shape, std::size_t place,
                                               std::size_t used)
{
    if (!shape.empty()) return shape[place];
    if (used == 0) return std::nullopt;
    return logOf(used);
}

// Canonical values to elements, in place.
void toElements(Matrix& table, const stark::ProverOptions& options)
{
    // 2^32 mod p as an element is 2^64 as a word: a product with it takes a number to Montgomery form.
    static const std::vector<Element> kFactors(kRowsAtOnce, Element::from(0x01fffffeU));
    const field::Kernels& kernels = field::kernelsOf(options.backend);
    std::uint32_t* words = field::wordsOf(table.data.data());
    stark::parallelFor(
        options.threads, table.data.size(), kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
            for (std::size_t at = begin; at < end; at += kRowsAtOnce) {
                const std::size_t count = std::min(kRowsAtOnce, end - at);
                kernels.multiply(words + at, words + at, field::wordsOf(kFactors.data()), count);
            }
        });
}

// A table whose used rows are filled one by one.
template <typename Fill>
[[nodiscard]] Matrix fillRows(std::size_t width, std::size_t used, unsigned log,
                              const stark::ProverOptions& options, const Fill& fill)
{
    Matrix out(width, log);
    std::uint32_t* words = field::wordsOf(out.data.data());
    stark::parallelFor(options.threads, used, kRowsAtOnce, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) fill(Row(words, out.log, i), i);
    });
    toElements(out, options);
    return out;
}

[[nodiscard]] std::optional<Matrix> instructionTable(const chips::InstructionChip& chip,
                                                     const std::vector<chips::Step>& steps,
                                                     const std::optional<unsigned>& log,
                                                     const stark::ProverOptions& options)
{
    if (!log) return std::nullopt;
    return fillRows(chip.width(), steps.size(), *log, options,
                    [&](const Row& row, std::size_t i) { chip.fill(row, steps[i]); });
}

[[nodiscard]] std::optional<Matrix> callTable(const chips::MachineTables::CallTable& table,
                                              const ShardRecord& record, const stark::Heights& shape,
                                              std::size_t place, const stark::ProverOptions& options)
{
    std::vector<const ShardRecord::Call*> calls;
    for (const ShardRecord::Call& call : record.calls) {
        if (call.number == table.number) calls.push_back(&call);
    }
    const std::size_t rows = table.chip->rowsPerCall();
    const std::optional<unsigned> log = heightOf(shape, place, calls.size() * rows);
    if (!log) return std::nullopt;
    Matrix out(table.chip->width(), *log);
    std::uint32_t* words = field::wordsOf(out.data.data());
    stark::parallelFor(options.threads, calls.size(), 16, [&](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i)
            table.chip->fill(words, out.log, i * rows, record.view(*calls[i]));
    });
    table.chip->fillRest(words, out.log, calls.size() * rows);
    toElements(out, options);
    return out;
}

struct PermutationCounts {
    std::uint32_t halves = 0;
    std::uint32_t wholes = 0;
};
using PermutationInput = std::array<std::uint32_t, chips::PermutationTable::kWidth>;

// What the tables ask the table of permutations for, each input once.
[[nodiscard]] std::map<PermutationInput, PermutationCounts>
countPermutations(const stark::System& system, const stark::Traces& traces, field::Backend backend)
{
    static constexpr std::array<std::uint32_t, 2> kBuses{chips::kPermuteBus, chips::kPermuteAllBus};
    std::map<PermutationInput, PermutationCounts> out;
    for (std::size_t i = 0; i < traces.size(); ++i) {
        if (!traces[i]) continue;
        stark::visitSends(system.chips[i], *traces[i], kBuses, {}, backend,
                          [&](const stark::MessageBlock& block) {
                              for (std::size_t row = 0; row < block.rows; ++row) {
                                  if (block.multiplicity[row] == 0) continue;
                                  PermutationInput input;
                                  for (std::size_t f = 0; f < input.size(); ++f)
                                      input[f] = block.fields[f][row];
                                  PermutationCounts& counts = out[input];
                                  (block.bus == chips::kPermuteBus ? counts.halves : counts.wholes) +=
                                      block.multiplicity[row];
                              }
                          });
    }
    return out;
}

[[nodiscard]] Matrix permutationTable(const std::map<PermutationInput, PermutationCounts>& counts,
                                      unsigned least, const stark::ProverOptions& options)
{
    std::vector<std::pair<PermutationInput, PermutationCounts>> rows(counts.begin(), counts.end());
    const unsigned log = std::max(least, logOf(rows.size()));
    rows.resize(std::size_t{1} << log); // rows that nobody asks for are permutations of zeros
    const std::size_t width = chips::PermutationTable::kWholes + 1;
    return fillRows(width, rows.size(), log, options, [&](const Row& row, std::size_t i) {
        chips::PermutationTable::fill(row, rows[i].first, rows[i].second.halves, rows[i].second.wholes);
    });
}
} // namespace

std::vector<chips::TouchedNode> moveTree(zkvm::MemoryTree& tree, std::vector<chips::TouchedLeaf>& leaves)
{
    using Pair = std::array<zkvm::NodeDigest, 2>;
    std::map<std::uint32_t, Pair> touched;
    for (chips::TouchedLeaf& leaf : leaves) {
        leaf.digestBefore = zkvm::hashLeaf(leaf.before);
        leaf.digestAfter = leaf.after == leaf.before ? leaf.digestBefore : zkvm::hashLeaf(leaf.after);
        touched[leaf.index] = {leaf.digestBefore, leaf.digestAfter};
        tree.put(0, leaf.index, leaf.digestAfter);
    }
    std::vector<chips::TouchedNode> out;
    for (unsigned level = 1; level <= zkvm::MemoryTree::kDepth; ++level) {
        std::map<std::uint32_t, Pair> parents;
        for (const auto& entry : touched) {
            const std::uint32_t index = entry.first / 2;
            if (!parents.empty() && parents.rbegin()->first == index) continue; // the left child was here
            const auto child = [&](std::uint32_t which, bool& isTouched) {
                const auto found = touched.find(which);
                isTouched = found != touched.end();
                if (isTouched) return found->second;
                const zkvm::NodeDigest& digest = tree.node(level - 1, which);
                return Pair{digest, digest};
            };
            chips::TouchedNode node;
            node.level = level;
            node.index = index;
            node.left = child(2 * index, node.leftTouched);
            node.right = child(2 * index + 1, node.rightTouched);
            for (std::size_t when = 0; when < 2; ++when)
                node.parent[when] = zkvm::hashNode(node.left[when], node.right[when]);
            parents[index] = node.parent;
            tree.put(level, index, node.parent[1]);
            out.push_back(node);
        }
        touched = std::move(parents);
    }
    return out;
}

void fillLookups(const chips::MachineTables& tables, const stark::System& system, stark::Traces& traces,
                 const stark::ProverOptions& options, unsigned permutationLog)
{
    traces[tables.placeOfPermutation()] =
        permutationTable(countPermutations(system, traces, options.backend), permutationLog, options);
    chips::LookupCounter all(&tables.program());
    std::mutex mutex;
    stark::parallelFor(options.threads, tables.placeOfPermutation(), 1,
                       [&](std::size_t begin, std::size_t end) {
                           chips::LookupCounter counter(&tables.program());
                           for (std::size_t i = begin; i < end; ++i) {
                               if (traces[i]) counter.count(system.chips[i], *traces[i], options.backend);
                           }
                           const std::lock_guard lock(mutex);
                           all.add(counter);
                       });
    traces[tables.placeOfProgram()] = all.program();
    traces[tables.placeOfRange()] = all.range();
    traces[tables.placeOfBytes()] = all.bytes();
}

ShardWitness witnessOf(const chips::MachineTables& tables, const stark::System& system, ShardRecord record,
                       zkvm::MemoryTree& tree, const stark::ProverOptions& options,
                       const stark::Heights& shape)
{
    ShardWitness out;
    out.traces.resize(tables.size());
    out.rootBefore = tree.node(zkvm::MemoryTree::kDepth, 0);
    const std::vector<chips::TouchedNode> nodes = moveTree(tree, record.leaves);
    out.rootAfter = tree.node(zkvm::MemoryTree::kDepth, 0);
    for (std::size_t i = 0; i < chips::kKinds && !stark::isCanceled(options.cancel); ++i) {
        std::vector<chips::Step> steps = std::move(record.steps[i]); // freed when it is in the table
        out.traces[i] = instructionTable(tables.instruction(static_cast<Kind>(i)), steps,
                                         heightOf(shape, i, steps.size()), options);
    }
    for (std::size_t i = 0; i < tables.calls().size() && !stark::isCanceled(options.cancel); ++i)
        out.traces[tables.placeOfCall(i)] =
            callTable(tables.calls()[i], record, shape, tables.placeOfCall(i), options);
    out.traces[tables.placeOfLeaf()] =
        fillRows(tables.leaf().width(), record.leaves.size(),
                 *heightOf(shape, tables.placeOfLeaf(), record.leaves.size()), options,
                 [&](const Row& row, std::size_t i) { tables.leaf().fill(row, record.leaves[i]); });
    out.traces[tables.placeOfNode()] =
        fillRows(tables.node().width(), nodes.size(), *heightOf(shape, tables.placeOfNode(), nodes.size()),
                 options, [&](const Row& row, std::size_t i) { tables.node().fill(row, nodes[i]); });
    if (!stark::isCanceled(options.cancel))
        fillLookups(tables, system, out.traces, options,
                    shape.empty() ? 0 : shape[tables.placeOfPermutation()].value_or(0));
    return out;
}

} // namespace bowline::proving
