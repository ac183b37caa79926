// SPDX-License-Identifier: MIT
#include "core/recursion/execution.h"

#include "core/field/kernels.h"
#include "core/field/poseidon2_rounds.h"
#include "core/recursion/hashing.h"
#include "core/recursion/permutation.h"

#include <map>

namespace bowline::recursion {

namespace {
// The digests of the private rows, which depend on nothing that is worked out: those of one length together, so that a
// register holds a row a lane. Of other rows nothing.
class PrivateRows {
public:
    PrivateRows(const Program& program, const Stream& stream)
        : m_program(program), m_stream(stream), m_digests(program.rows.size())
    {
        std::map<std::uint32_t, std::vector<std::size_t>> byLength;
        for (std::size_t i = 0; i < program.rows.size(); ++i) {
            if (program.rows[i].isPrivate) byLength[program.rows[i].length].push_back(i);
        }
        for (const auto& [length, ops] : byLength) {
            for (std::size_t first = 0; first < ops.size(); first += kTogether)
                hash(std::span(ops).subspan(first, std::min(kTogether, ops.size() - first)), length);
        }
    }
    [[nodiscard]] const field::DigestWords& digest(std::size_t op) const { return m_digests[op]; }

private:
    static constexpr std::size_t kTogether = 64;

    void hash(std::span<const std::size_t> ops, std::uint32_t length)
    {
        std::vector<Element> columns(length * kTogether);
        std::vector<const std::uint32_t*> pointers;
        for (std::size_t c = 0; c < length; ++c)
            pointers.push_back(field::wordsOf(columns.data() + c * kTogether));
        for (std::size_t j = 0; j < ops.size(); ++j) {
            const std::uint32_t* place = m_program.privates.data() + m_program.rows[ops[j]].first;
            for (std::size_t c = 0; c < length; ++c) columns[c * kTogether + j] = m_stream[place[c]];
        }
        std::array<Element, 8 * kTogether> digests;
        field::kernels().hashRows(pointers.data(), length, ops.size(), kRowTag.residue(),
                                  Element::from(length).residue(), field::wordsOf(digests.data()), kTogether);
        for (std::size_t j = 0; j < ops.size(); ++j) {
            for (std::size_t w = 0; w < 8; ++w) m_digests[ops[j]][w] = digests[w * kTogether + j];
        }
    }

    const Program& m_program;
    const Stream& m_stream;
    std::vector<field::DigestWords> m_digests; // by operation
};

class Executor {
public:
    Executor(const Program& program, Execution& execution) : m_program(program), m_out(execution)
    {
        if (m_out.lies == nullptr) m_privateRows.emplace(program, m_out.stream);
        m_out.memory.resize(program.memorySize());
        for (std::size_t i = 0; i < m_out.publicValues.size(); ++i) {
            std::array<Element, 4> c = m_out.memory[i / 4].coefficients();
            c[i % 4] = m_out.publicValues[i];
            m_out.memory[i / 4] = Extension{c};
        }
    }

    base::Status run()
    {
        for (const Program::Step& step : m_program.order) {
            const std::uint32_t* why = one(step);
            if (m_out.lies != nullptr && m_out.lies->result)
                m_out.lies->result(step.kind, step.index, m_out.memory);
            if (why != nullptr && (m_out.lies == nullptr || !m_out.lies->goOn))
                return base::makeError(kRejected, m_program.reasons[*why]);
        }
        return base::success();
    }

private:
    // The reason of a check that fails.
    [[nodiscard]] const std::uint32_t* one(const Program::Step& step)
    {
        switch (step.kind) {
        case Program::Kind::Word: word(m_program.words[step.index]); break;
        case Program::Kind::Alu: return alu(step.index);
        case Program::Kind::Lanes: lanes(m_program.lanes[step.index]); break;
        case Program::Kind::Bits: bits(m_program.bits[step.index]); break;
        case Program::Kind::Permute: permute(step.index); break;
        case Program::Kind::Row: row(step.index); break;
        case Program::Kind::Path: return path(m_program.paths[step.index]);
        }
        return nullptr;
    }
    [[nodiscard]] Extension& at(Address a) { return m_out.memory[a]; }
    [[nodiscard]] Extension fromStream(std::size_t first) const
    {
        const Stream& s = m_out.stream;
        return Extension{{s[first], s[first + 1], s[first + 2], s[first + 3]}};
    }
    void word(const WordOp& op)
    {
        if (op.form == WordOp::Form::Constant) {
            at(op.out) = op.value;
            return;
        }
        switch (op.advice.kind) {
        case Advice::Kind::Stream:
            at(op.out) = op.form == WordOp::Form::Element ? Extension{m_out.stream[op.advice.first]}
                                                          : fromStream(op.advice.first);
            break;
        case Advice::Kind::Inverse: at(op.out) = at(op.advice.of).inverse(); break;
        case Advice::Kind::Placed: {
            std::size_t own = 0;
            for (std::size_t i = 0; i < op.advice.bitCount; ++i)
                own |= std::size_t{at(op.advice.bits[i]).isZero() ? 0U : 1U} << i;
            const std::size_t place = op.advice.place;
            at(op.out) = place == own ? at(op.advice.of)
                                      : fromStream(op.advice.first + 4 * (place < own ? place : place - 1));
            break;
        }
        }
    }
    [[nodiscard]] const std::uint32_t* alu(std::size_t index)
    {
        const AluOp& op = m_program.alu[index];
        const auto [a, b, c] = operandsOf(op, index, m_out);
        const Extension result = a * b + c;
        if (op.check) return result == at(op.out) ? nullptr : &op.why;
        at(op.out) = result;
        return nullptr;
    }
    void lanes(const LanesOp& op)
    {
        if (op.pack) {
            std::array<Element, 4> c;
            for (std::size_t i = 0; i < 4; ++i) c[i] = at(op.elements[i])[0];
            at(op.word) = Extension{c};
            return;
        }
        for (std::size_t i = 0; i < 4; ++i) at(op.elements[i]) = Extension{at(op.word)[i]};
    }
    void bits(const BitsOp& op)
    {
        const std::uint32_t value = at(op.in)[0].value();
        for (std::uint32_t i = 0; i < op.count; ++i) at(op.first + i) = Extension::from(value >> i & 1U);
    }
    void permute(std::size_t index)
    {
        const PermuteOp& op = m_program.permutes[index];
        field::State state;
        for (std::size_t i = 0; i < 16; ++i) state[i] = at(op.in[i / 4])[i % 4];
        applyInput(m_out.lies, Program::Kind::Permute, index, state);
        permuteWith(m_out.lies, Program::Kind::Permute, index, state);
        for (std::size_t i = 0; i < 4; ++i)
            at(op.out + static_cast<Address>(i)) =
                Extension{{state[4 * i], state[4 * i + 1], state[4 * i + 2], state[4 * i + 3]}};
    }
    void row(std::size_t index)
    {
        const RowOp& op = m_program.rows[index];
        const bool known = op.isPrivate && m_privateRows;
        RowDigest result =
            hashRow(m_program, op, m_row, m_out, [&](const RowBlock& block, field::State& state) {
                if (known) return; // the sum alone is missing
                applyInput(m_out.lies, Program::Kind::Row, block.row, state);
                permuteWith(m_out.lies, Program::Kind::Row, block.row, state);
            });
        if (known) result.digest = m_privateRows->digest(index);
        m_row += op.blocks();
        const auto& d = result.digest;
        at(op.digest) = Extension{{d[0], d[1], d[2], d[3]}};
        at(op.digest + 1) = Extension{{d[4], d[5], d[6], d[7]}};
        at(op.sum()) = result.sum;
    }
    [[nodiscard]] const std::uint32_t* path(const PathOp& op)
    {
        const field::DigestWords root =
            climb(op, m_out, [this](std::size_t, bool, field::State& state, std::array<Element, 8>& before) {
                applyInput(m_out.lies, Program::Kind::Path, m_path, state);
                std::copy_n(state.begin() + 8, 8, before.begin());
                permuteWith(m_out.lies, Program::Kind::Path, m_path++, state);
            });
        return root == digestAt(m_out, op.root[0], op.root[1]) ? nullptr : &op.why;
    }

    const Program& m_program;
    Execution& m_out;
    std::optional<PrivateRows> m_privateRows; // if nobody lies
    std::size_t m_row = 0;                    // of the tables of rows and paths
    std::size_t m_path = 0;
};
} // namespace

base::Result<Execution> execute(const Program& program, Stream stream,
                                const std::vector<Element>& publicValues, const Lies* lies)
{
    if (stream.size() != program.streamSize) return base::makeError(kBadInput, "length of the stream");
    if (publicValues.size() != program.publicValues)
        return base::makeError(kBadInput, "number of public values");
    Execution out{{}, std::move(stream), publicValues, lies};
    BOWLINE_CHECK(Executor(program, out).run());
    return out;
}

} // namespace bowline::recursion
