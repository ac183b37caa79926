// SPDX-License-Identifier: MIT
// The preprocessed columns of a program, and the filled tables of an execution.
#include "core/recursion/airs.h"
#include "core/recursion/columns.h"
#include "core/recursion/hashing.h"
#include "core/recursion/permutation.h"
#include "core/stark/parallel.h"

namespace bowline::recursion {

using stark::Matrix;

namespace {
[[nodiscard]] unsigned logOf(std::size_t rows)
{
    unsigned log = stark::kLogFinal;
    while ((std::size_t{1} << log) < rows) ++log;
    return log;
}

// Of so many operations, several in a row.
[[nodiscard]] constexpr std::size_t rowsOf(std::size_t operations, std::size_t slots)
{
    return (operations + slots - 1) / slots;
}

[[nodiscard]] Element number(std::size_t x) { return Element::from(static_cast<std::uint32_t>(x)); }
const Element kMinusOne = -Element::from(1);

// The first row of each operation that takes several, and behind the last one's.
template <typename Op, typename Count>
[[nodiscard]] std::vector<std::size_t> firstRows(const std::vector<Op>& ops, const Count& count)
{
    std::vector<std::size_t> out{0};
    for (const Op& op : ops) out.push_back(out.back() + count(op));
    return out;
}
[[nodiscard]] std::vector<std::size_t> firstRowsOf(const std::vector<RowOp>& ops)
{
    return firstRows(ops, [](const RowOp& op) { return op.blocks(); });
}
[[nodiscard]] std::vector<std::size_t> firstRowsOf(const std::vector<PathOp>& ops)
{
    return firstRows(ops, [](const PathOp& op) { return op.steps.size(); });
}

[[nodiscard]] Matrix wordsColumns(const Program& program, unsigned log)
{
    using namespace columns::words;
    Matrix out(PWidth, log);
    for (std::size_t i = 0; i < program.words.size(); ++i) {
        const WordOp& op = program.words[i];
        const auto cell = [&](std::size_t c) -> Element& {
            return out.at(i / kSlots, i % kSlots * PSlot + c);
        };
        cell(PAddress) = number(op.out);
        cell(PTimes) = number(program.uses[op.out]);
        cell(PFixFirst) = number(op.form == WordOp::Form::Constant ? 1 : 0);
        cell(PFixRest) = number(op.form == WordOp::Form::Extension ? 0 : 1);
        for (std::size_t k = 0; k < 4; ++k) cell(PValue + k) = op.value[k];
    }
    return out;
}

[[nodiscard]] Matrix aluColumns(const Program& program, unsigned log)
{
    using namespace columns::alu;
    Matrix out(PWidth, log);
    for (std::size_t i = 0; i < program.alu.size(); ++i) {
        const AluOp& op = program.alu[i];
        const auto cell = [&](std::size_t c) -> Element& {
            return out.at(i / kSlots, i % kSlots * PSlot + c);
        };
        cell(PA) = number(op.a);
        cell(PB) = number(op.b);
        cell(PC) = number(op.c);
        cell(POut) = number(op.out);
        cell(PReal) = number(1);
        cell(PTimes) = op.check ? kMinusOne : number(program.uses[op.out]);
    }
    return out;
}

[[nodiscard]] Matrix lanesColumns(const Program& program, unsigned log)
{
    using namespace columns::lanes;
    Matrix out(PWidth, log);
    for (std::size_t i = 0; i < program.lanes.size(); ++i) {
        const LanesOp& op = program.lanes[i];
        out.at(i, PWord) = number(op.word);
        out.at(i, PWordTimes) = op.pack ? number(program.uses[op.word]) : kMinusOne;
        for (std::size_t k = 0; k < 4; ++k) {
            out.at(i, PElements + k) = number(op.elements[k]);
            out.at(i, PTimes + k) = op.pack ? kMinusOne : number(program.uses[op.elements[k]]);
        }
    }
    return out;
}

[[nodiscard]] Matrix bitsColumns(const Program& program, unsigned log)
{
    using namespace columns::bits;
    Matrix out(PWidth, log);
    for (std::size_t i = 0; i < program.bits.size(); ++i) {
        const BitsOp& op = program.bits[i];
        out.at(i, PIn) = number(op.in);
        out.at(i, PFirst) = number(op.first);
        out.at(i, PReal) = number(1);
        for (std::size_t k = 0; k < op.count; ++k) out.at(i, PTimes + k) = number(program.uses[op.first + k]);
    }
    return out;
}

[[nodiscard]] Matrix permutesColumns(const Program& program, unsigned log)
{
    using namespace columns::permutes;
    Matrix out(PWidth, log);
    for (std::size_t i = 0; i < program.permutes.size(); ++i) {
        const PermuteOp& op = program.permutes[i];
        for (std::size_t k = 0; k < 4; ++k) {
            out.at(i, PIn + k) = number(op.in[k]);
            out.at(i, PTimes + k) = number(program.uses[op.out + k]);
        }
        out.at(i, POut) = number(op.out);
        out.at(i, PReal) = number(1);
    }
    return out;
}

[[nodiscard]] Matrix rowsColumns(const Program& program, unsigned log)
{
    using namespace columns::rows;
    const std::vector<std::size_t> first = firstRowsOf(program.rows);
    Matrix out(PWidth, log);
    for (std::size_t i = 0; i < program.rows.size(); ++i) {
        const RowOp& op = program.rows[i];
        for (std::size_t block = 0; block < op.blocks(); ++block) {
            const std::size_t row = first[i] + block;
            out.at(row, PGamma) = number(op.gamma);
            out.at(row, PReal) = number(1);
            for (std::size_t k = 0; !op.isPrivate && k < 2; ++k)
                out.at(row, PData + k) = number(program.rowWords[op.first + 2 * block + k]);
            out.at(row, PRead) = number(op.isPrivate ? 0 : 1);
            for (std::size_t k = 1; k < 8; ++k)
                out.at(row, PAbsent + k - 1) = number(8 * block + k < op.length ? 0 : 1);
        }
        out.at(first[i], PFirst) = number(1);
        out.at(first[i], PLength) = number(op.length);
        const std::size_t last = first[i + 1] - 1;
        out.at(last, PDigest) = number(op.digest);
        for (std::uint32_t k = 0; k < 2; ++k)
            out.at(last, PDigestTimes + k) = number(program.uses[op.digest + k]);
        out.at(last, PSumTimes) = number(program.uses[op.sum()]);
    }
    for (std::size_t row = first.back(); row < out.rows(); ++row) out.at(row, PFirst) = number(1);
    return out;
}

[[nodiscard]] Matrix pathsColumns(const Program& program, unsigned log)
{
    using namespace columns::paths;
    const std::vector<std::size_t> first = firstRowsOf(program.paths);
    Matrix out(PWidth, log);
    for (std::size_t i = 0; i < program.paths.size(); ++i) {
        const PathOp& op = program.paths[i];
        for (std::size_t k = 0; k < op.steps.size(); ++k) {
            const PathStep& step = op.steps[k];
            const std::size_t row = first[i] + k;
            out.at(row, PChained) = number(k == 0 ? 0 : 1);
            if (step.climb) {
                out.at(row, PBit) = number(step.at);
                out.at(row, PClimb) = number(1);
            } else {
                out.at(row, PDigest) = number(step.at);
                out.at(row, PJoin) = number(1);
            }
        }
        out.at(first[i], PDigest) = number(op.start);
        out.at(first[i], PStart) = number(1);
        const std::size_t last = first[i + 1] - 1;
        for (std::size_t k = 0; k < 2; ++k) out.at(last, PRoot + k) = number(op.root[k]);
        out.at(last, PEnd) = number(1);
    }
    return out;
}

// Fills the tables of one execution.
class Filler {
public:
    Filler(const Program& program, const MachineHeights& heights, const Execution& execution,
           const stark::ProverOptions& options)
        : m_program(program), m_heights(heights), m_execution(execution), m_options(options)
    {
    }

    stark::Traces run() const
    {
        stark::Traces out(kTables);
        out[kWords] = words();
        out[kAlu] = alu();
        out[kLanes] = lanes();
        out[kBits] = bits();
        out[kPermutes] = permutes();
        out[kRows] = rows();
        out[kPaths] = paths();
        return out;
    }

private:
    [[nodiscard]] const Extension& at(Address a) const { return m_execution.memory[a]; }
    template <typename Fill>
    void each(std::size_t count, const Fill& fill) const
    {
        stark::parallelPieces(m_options.threads, count, 64, m_options.cancel,
                              [&](std::size_t begin, std::size_t end) {
                                  for (std::size_t i = begin; i < end; ++i) fill(i);
                              });
    }
    static void set(Matrix& table, std::size_t row, std::size_t first, const Extension& value)
    {
        for (std::size_t k = 0; k < 4; ++k) table.at(row, first + k) = value[k];
    }
    // Writes the input of the permutation that a row holds; `state` becomes the output. The rounds are finish()'s, unless
    // somebody lies about them.
    void permutation(Matrix& table, Program::Kind kind, std::size_t row, field::State& state) const
    {
        for (std::size_t i = 0; i < 16; ++i) table.at(row, i) = state[i];
        if (m_execution.lies == nullptr) {
            field::permute(state);
            return;
        }
        const bool halved = kind == Program::Kind::Path;
        permuteStepByStep(m_execution.lies, kind, row, state, [&](std::size_t value, Element committed) {
            if (columns::isKept(value, halved))
                table.at(row, columns::roundColumn(value, halved)) = committed;
        });
    }
    // The rounds of the rows below `used`, and all of the rows that stand for nothing, which hold a permutation all the same.
    void finish(Matrix& table, Program::Kind kind, std::size_t used, const field::State& idle) const
    {
        for (std::size_t i = 0; i < idle.size(); ++i)
            std::fill(table.column(i) + used, table.column(i) + table.rows(), idle[i]);
        const std::size_t first = m_execution.lies == nullptr ? 0 : used;
        const field::Kernels& kernels = field::kernelsOf(m_options.backend);
        const auto fill = [&](std::size_t begin, std::size_t end) {
            std::array<const std::uint32_t*, 16> inputs{};
            for (std::size_t i = 0; i < inputs.size(); ++i)
                inputs[i] = field::wordsOf(table.column(i) + first + begin);
            std::array<std::uint32_t*, field::kRoundValues> rounds{};
            const bool halved = kind == Program::Kind::Path;
            for (std::size_t k = 0; k < rounds.size(); ++k) {
                if (!columns::isKept(k, halved)) continue;
                rounds[k] = field::wordsOf(table.column(columns::roundColumn(k, halved)) + first + begin);
            }
            kernels.permuteRows(inputs.data(), rounds.data(), end - begin);
        };
        stark::parallelPieces(m_options.threads, table.rows() - first, 1024, m_options.cancel, fill);
    }

    [[nodiscard]] Matrix words() const
    {
        using namespace columns::words;
        Matrix out(MWidth, m_heights[kWords]);
        each(m_program.words.size(), [&](std::size_t i) {
            set(out, i / kSlots, i % kSlots * MSlot + MValue, at(m_program.words[i].out));
        });
        return out;
    }
    [[nodiscard]] Matrix alu() const
    {
        using namespace columns::alu;
        Matrix out(MWidth, m_heights[kAlu]);
        each(m_program.alu.size(), [&](std::size_t i) {
            const AluOp& op = m_program.alu[i];
            const auto operands = operandsOf(op, i, m_execution);
            const std::size_t first = i % kSlots * MSlot;
            for (std::size_t k = 0; k < operands.size(); ++k)
                set(out, i / kSlots, first + MA + 4 * k, operands[k]);
            set(out, i / kSlots, first + MOut, at(op.out));
        });
        return out;
    }
    [[nodiscard]] Matrix lanes() const
    {
        Matrix out(columns::lanes::MWidth, m_heights[kLanes]);
        each(m_program.lanes.size(), [&](std::size_t i) { set(out, i, 0, at(m_program.lanes[i].word)); });
        return out;
    }
    [[nodiscard]] Matrix bits() const
    {
        using namespace columns::bits;
        Matrix out(MWidth, m_heights[kBits]);
        each(m_program.bits.size(), [&](std::size_t i) {
            const BitsOp& op = m_program.bits[i];
            const std::uint32_t value = at(op.in)[0].value();
            for (std::size_t k = 0; k < kAll; ++k) out.at(i, MBits + k) = number(value >> k & 1U);
            for (std::uint32_t k = 0; k < op.count; ++k) out.at(i, MBits + k) = at(op.first + k)[0];
            const auto bit = [&](std::size_t k) { return out.at(i, MBits + k); };
            out.at(i, MTop) = bit(24) * bit(25) * bit(26);
            out.at(i, MTop + 1) = out.at(i, MTop) * bit(27) * bit(28);
            out.at(i, MTop + 2) = out.at(i, MTop + 1) * bit(29) * bit(30);
        });
        return out;
    }
    [[nodiscard]] Matrix permutes() const
    {
        using namespace columns::permutes;
        Matrix out(MWidth, m_heights[kPermutes]);
        each(m_program.permutes.size(), [&](std::size_t i) {
            field::State state;
            for (std::size_t k = 0; k < 16; ++k) state[k] = at(m_program.permutes[i].in[k / 4])[k % 4];
            applyInput(m_execution.lies, Program::Kind::Permute, i, state);
            permutation(out, Program::Kind::Permute, i, state);
        });
        finish(out, Program::Kind::Permute, m_program.permutes.size(), {});
        return out;
    }
    [[nodiscard]] Matrix rows() const
    {
        using namespace columns::rows;
        const std::vector<std::size_t> first = firstRowsOf(m_program.rows);
        Matrix out(MWidth, m_heights[kRows]);
        each(m_program.rows.size(), [&](std::size_t i) {
            static_cast<void>(
                hashRow(m_program, m_program.rows[i], first[i], m_execution,
                        [&](const RowBlock& block, field::State& state) { fillBlock(out, block, state); }));
        });
        field::State start{};
        start[8] = kRowTag;
        finish(out, Program::Kind::Row, first.back(), start);
        return out;
    }
    void fillBlock(Matrix& out, const RowBlock& block, field::State& state) const
    {
        using namespace columns::rows;
        applyInput(m_execution.lies, Program::Kind::Row, block.row, state);
        permutation(out, Program::Kind::Row, block.row, state);
        for (std::size_t k = 0; k < 8; ++k) out.at(block.row, MData + k) = block.data[k];
        for (std::size_t k = 0; k < kPowers; ++k) set(out, block.row, MGamma + 4 * k, block.powers[k]);
        set(out, block.row, MSum, block.sum);
    }
    [[nodiscard]] Matrix paths() const
    {
        using namespace columns::paths;
        const std::vector<std::size_t> first = firstRowsOf(m_program.paths);
        Matrix out(MWidth, m_heights[kPaths]);
        each(m_program.paths.size(), [&](std::size_t i) {
            const PathOp& op = m_program.paths[i];
            const auto step = [&](std::size_t k, bool right, field::State& state,
                                  std::array<Element, 8>& before) {
                const std::size_t row = first[i] + k;
                applyInput(m_execution.lies, Program::Kind::Path, row, state);
                std::copy_n(state.begin() + 8, 8, before.begin());
                permutation(out, Program::Kind::Path, row, state);
                out.at(row, MBit) = number(right ? 1 : 0);
                if (k != 0 && op.steps[k].climb) return;
                const Address digest = k == 0 ? op.start : op.steps[k].at;
                set(out, row, MDigest, at(digest));
                set(out, row, MDigest + 4, at(digest + 1));
            };
            static_cast<void>(climb(op, m_execution, step));
        });
        finish(out, Program::Kind::Path, first.back(), {});
        return out;
    }

    const Program& m_program;
    const MachineHeights& m_heights;
    const Execution& m_execution;
    const stark::ProverOptions& m_options;
};
} // namespace

MachineHeights heightsOf(const Program& program)
{
    MachineHeights out{};
    out[kWords] = logOf(rowsOf(program.words.size(), columns::words::kSlots));
    out[kAlu] = logOf(rowsOf(program.alu.size(), columns::alu::kSlots));
    out[kLanes] = logOf(program.lanes.size());
    out[kBits] = logOf(program.bits.size());
    out[kPermutes] = logOf(program.permutes.size());
    out[kRows] = logOf(firstRowsOf(program.rows).back());
    out[kPaths] = logOf(firstRowsOf(program.paths).back());
    return out;
}

namespace {
[[nodiscard]] base::Result<stark::System>
systemOver(const std::vector<TableAir>& tables, std::size_t publicValues, const stark::Parameters& parameters)
{
    std::vector<const stark::Air*> airs;
    for (const TableAir& table : tables) airs.push_back(&table);
    return stark::System::make(parameters, publicValues, airs, [publicValues](stark::AirBuilder& b) {
        for (std::size_t word = 0; word < publicWordsOf(publicValues); ++word) {
            std::vector<stark::Expr> message{b.constant(static_cast<std::uint32_t>(word))};
            for (std::size_t i = 4 * word; i < 4 * word + 4; ++i)
                message.push_back(i < publicValues ? b.publicValue(i) : b.constant(0U));
            b.send(kMemoryBus, b.constant(1U), message, "public values " + std::to_string(word));
        }
    });
}

[[nodiscard]] base::Status checkHeights(const Program& program, const MachineHeights& heights)
{
    static constexpr std::array<const char*, kTables> kNames{"words",    "alu",  "lanes", "bits",
                                                             "permutes", "rows", "paths"};
    const MachineHeights least = heightsOf(program);
    for (std::size_t i = 0; i < kTables; ++i) {
        if (least[i] > heights[i])
            return base::makeError(kTooTall, std::string(kNames[i]) + ": 2^" + std::to_string(least[i]) +
                                                 " rows instead of 2^" + std::to_string(heights[i]));
    }
    return base::success();
}
} // namespace

base::Result<stark::System> systemOf(const Program& program, const MachineHeights& heights,
                                     const stark::Parameters& parameters)
{
    BOWLINE_CHECK(program.check());
    BOWLINE_CHECK(checkHeights(program, heights));
    const std::vector<TableAir> tables{
        {kWords, wordsColumns(program, heights[kWords])},
        {kAlu, aluColumns(program, heights[kAlu])},
        {kLanes, lanesColumns(program, heights[kLanes])},
        {kBits, bitsColumns(program, heights[kBits])},
        {kPermutes, permutesColumns(program, heights[kPermutes])},
        {kRows, rowsColumns(program, heights[kRows])},
        {kPaths, pathsColumns(program, heights[kPaths])},
    };
    return systemOver(tables, program.publicValues, parameters);
}

base::Result<stark::VerifyingKey> keyOfForm(const MachineForm& form, std::size_t publicValues)
{
    using namespace columns;
    if (!form.heights) return base::makeError(kTooTall, "a form without heights has no one key");
    static constexpr std::array<std::size_t, kTables> kWidths{words::PWidth, alu::PWidth,      lanes::PWidth,
                                                              bits::PWidth,  permutes::PWidth, rows::PWidth,
                                                              paths::PWidth};
    std::vector<TableAir> tables;
    for (std::size_t i = 0; i < kTables; ++i)
        tables.emplace_back(static_cast<Table>(i), Matrix(kWidths[i], (*form.heights)[i]));
    BOWLINE_TRY(const stark::System system, systemOver(tables, publicValues, form.parameters));
    return stark::verifyingKeyOf(system, field::DigestWords{});
}

stark::VerifyingKey withCommitment(stark::VerifyingKey key, const field::DigestWords& preprocessed)
{
    key.preprocessed = preprocessed;
    key.digest = stark::digestOf(key);
    return key;
}

stark::Traces tracesOf(const Program& program, const MachineHeights& heights, const Execution& execution,
                       const stark::ProverOptions& options)
{
    return Filler(program, heights, execution, options).run();
}

base::Result<Machine> Machine::make(const Program& program, const MachineForm& form,
                                    const stark::ProverOptions& options)
{
    const MachineHeights heights = form.heights ? *form.heights : heightsOf(program);
    BOWLINE_TRY(stark::System system, systemOf(program, heights, form.parameters));
    BOWLINE_TRY(stark::ProvingKey key, stark::ProvingKey::make(std::move(system), options));
    return Machine(program, heights, std::move(key));
}

stark::Traces Machine::traces(const Execution& execution, const stark::ProverOptions& options) const
{
    return tracesOf(*m_program, m_heights, execution, options);
}

base::Result<stark::Proof> Machine::prove(const Execution& execution,
                                          const stark::ProverOptions& options) const
{
    return stark::prove(m_key, traces(execution, options), execution.publicValues, options);
}

} // namespace bowline::recursion
