// SPDX-License-Identifier: MIT
#include "core/recursion/program.h"

#include <algorithm>

namespace bowline::recursion {

using base::makeError;

namespace {
// Shows every address that an operation reads, or writes.
template <typename Read, typename Write>
void visit(const Program& program, const Program::Step& step, const Read& read, const Write& write)
{
    switch (step.kind) {
    case Program::Kind::Word: write(program.words[step.index].out); break;
    case Program::Kind::Alu: {
        const AluOp& op = program.alu[step.index];
        for (const Address a : {op.a, op.b, op.c}) read(a);
        op.check ? read(op.out) : write(op.out);
        break;
    }
    case Program::Kind::Lanes: {
        const LanesOp& op = program.lanes[step.index];
        if (!op.pack) read(op.word);
        for (const Address a : op.elements) op.pack ? read(a) : write(a);
        if (op.pack) write(op.word);
        break;
    }
    case Program::Kind::Bits: {
        const BitsOp& op = program.bits[step.index];
        read(op.in);
        for (std::uint32_t i = 0; i < op.count; ++i) write(op.first + i);
        break;
    }
    case Program::Kind::Permute: {
        const PermuteOp& op = program.permutes[step.index];
        for (const Address a : op.in) read(a);
        for (std::uint32_t i = 0; i < 4; ++i) write(op.out + i);
        break;
    }
    case Program::Kind::Row: {
        const RowOp& op = program.rows[step.index];
        for (std::size_t i = 0; i < op.blocks(); ++i) read(op.gamma);
        for (std::size_t i = 0; !op.isPrivate && i < 2 * op.blocks(); ++i)
            read(program.rowWords[op.first + i]);
        for (const Address a : {op.digest, op.digest + 1, op.sum()}) write(a);
        break;
    }
    case Program::Kind::Path: {
        const PathOp& op = program.paths[step.index];
        for (const Address a : {op.start, op.start + 1, op.root[0], op.root[1]}) read(a);
        for (const PathStep& path : op.steps) {
            read(path.at);
            if (!path.climb) read(path.at + 1);
        }
        break;
    }
    }
}

// Every operation has one place in the order.
[[nodiscard]] bool orderIsWhole(const Program& program)
{
    const std::array<std::size_t, 7> counts{
        program.words.size(),    program.alu.size(),  program.lanes.size(), program.bits.size(),
        program.permutes.size(), program.rows.size(), program.paths.size()};
    std::array<std::vector<bool>, 7> seen;
    std::size_t all = 0;
    for (std::size_t kind = 0; kind < counts.size(); ++kind) {
        seen[kind].resize(counts[kind]);
        all += counts[kind];
    }
    for (const Program::Step& step : program.order) {
        std::vector<bool>& ofKind = seen[static_cast<std::size_t>(step.kind)];
        if (step.index >= ofKind.size() || ofKind[step.index]) return false;
        ofKind[step.index] = true;
    }
    return program.order.size() == all;
}

// Addresses of words that are 0 or 1 whatever the stream is.
[[nodiscard]] std::vector<bool> bitsOf(const Program& program)
{
    std::vector<bool> out(program.memorySize());
    for (const BitsOp& op : program.bits) {
        for (std::uint32_t i = 0; i < op.count; ++i) out[op.first + i] = true;
    }
    for (const WordOp& op : program.words) {
        if (op.form == WordOp::Form::Constant && (op.value == Extension{} || op.value == Extension::from(1)))
            out[op.out] = true;
    }
    return out;
}

[[nodiscard]] base::Status checkForms(const Program& program)
{
    const auto fail = [](const char* why) { return makeError(kBadProgram, why); };
    const std::vector<bool> isBit = bitsOf(program);
    for (const BitsOp& op : program.bits) {
        if (op.count == 0 || op.count > kMaxBits) return fail("number of bits");
    }
    for (const RowOp& op : program.rows) {
        if (op.length == 0) return fail("an empty row");
        const std::size_t from = op.isPrivate ? program.privates.size() : program.rowWords.size();
        if (op.first + (op.isPrivate ? op.length : 2 * op.blocks()) > from) return fail("a row's elements");
        if (!op.isPrivate && op.length % 8 != 0) return fail("a row of words that does not fill its blocks");
    }
    for (const PathOp& op : program.paths) {
        if (op.steps.empty()) return fail("a path without steps");
        for (const PathStep& step : op.steps) {
            if (step.climb && !isBit[step.at]) return fail("a path's bit");
            if (step.climb && step.sibling + 8 > program.streamSize) return fail("a sibling's place");
        }
    }
    for (const std::uint32_t place : program.privates) {
        if (place >= program.streamSize) return fail("a private element's place");
    }
    return base::success();
}
} // namespace

std::vector<std::uint32_t> Program::countUses() const
{
    std::vector<std::uint32_t> out(memorySize());
    for (const Step& step : order)
        visit(
            *this, step, [&out](Address a) { ++out[a]; }, [](Address) {});
    return out;
}

base::Status Program::check() const
{
    if (memorySize() >= Element::kModulus / 2) return makeError(kBadProgram, "too many words");
    if (!orderIsWhole(*this)) return makeError(kBadProgram, "an operation without its one place");
    std::vector<bool> written(memorySize());
    std::fill_n(written.begin(), publicWords(), true);
    const char* wrong = nullptr;
    for (const Step& step : order) {
        visit(
            *this, step,
            [&](Address a) {
                if (a >= written.size() || !written[a]) wrong = "a word is read before it is written";
            },
            [](Address) {});
        visit(
            *this, step, [](Address) {},
            [&](Address a) {
                if (a >= written.size()) {
                    wrong = "an address out of memory";
                } else if (written[a]) {
                    wrong = "a word is written twice";
                } else {
                    written[a] = true;
                }
            });
        if (wrong != nullptr) return makeError(kBadProgram, wrong);
    }
    if (countUses() != uses) return makeError(kBadProgram, "numbers of reads");
    for (std::size_t word = 0; word < publicWords(); ++word) {
        if (uses[word] != 1) return makeError(kBadProgram, "public values are read once");
    }
    return checkForms(*this);
}

} // namespace bowline::recursion
