// SPDX-License-Identifier: MIT
#include "core/recursion/optimize.h"

#include <algorithm>

namespace bowline::recursion {

namespace {
constexpr std::uint32_t kNone = 0xffffffffU;

// The program with the operations that are kept, in the same order.
[[nodiscard]] Program keep(Program program, const std::vector<bool>& keptSteps)
{
    Program out = std::move(program);
    std::vector<Program::Step> order;
    std::vector<WordOp> words;
    std::vector<AluOp> alu;
    std::vector<LanesOp> lanes;
    for (std::size_t i = 0; i < out.order.size(); ++i) {
        if (!keptSteps[i]) continue;
        Program::Step step = out.order[i];
        const auto move = [&step](auto& to, const auto& from) {
            to.push_back(from[step.index]);
            step.index = static_cast<std::uint32_t>(to.size() - 1);
        };
        switch (step.kind) {
        case Program::Kind::Word: move(words, out.words); break;
        case Program::Kind::Alu: move(alu, out.alu); break;
        case Program::Kind::Lanes: move(lanes, out.lanes); break;
        default: break; // never left out
        }
        order.push_back(step);
    }
    out.order = std::move(order);
    out.words = std::move(words);
    out.alu = std::move(alu);
    out.lanes = std::move(lanes);
    return out;
}

struct Constants {
    Address zero = kNone;
    Address one = kNone;

    explicit Constants(const Program& program)
    {
        for (const WordOp& op : program.words) {
            if (op.form != WordOp::Form::Constant) continue;
            if (op.value == Extension{}) zero = op.out;
            if (op.value == Extension::from(1)) one = op.out;
        }
    }
};
} // namespace

Program withFusedProducts(Program program)
{
    const Constants constants(program);
    const std::vector<std::uint32_t> uses = program.countUses();
    std::vector<std::uint32_t> product(program.memorySize(),
                                       kNone); // by address: the AluOp a b + 0 that wrote it
    std::vector<bool> absorbed(program.alu.size());
    for (const Program::Step& step : program.order) {
        if (step.kind != Program::Kind::Alu) continue;
        AluOp& op = program.alu[step.index];
        if (op.check) continue;
        if (op.c == constants.zero) {
            product[op.out] = step.index;
            continue;
        }
        const auto single = [&](Address a) { return product[a] != kNone && uses[a] == 1; };
        // x 1 + c, or 1 x + c, with x a product; or x 1 + c with c one.
        const Address summand = op.b == constants.one ? op.a : (op.a == constants.one ? op.b : kNone);
        if (summand == kNone) continue;
        Address from = kNone;
        Address rest = kNone;
        if (single(summand)) {
            from = summand;
            rest = op.c;
        } else if (single(op.c)) {
            from = op.c;
            rest = summand;
        }
        if (from == kNone) continue;
        const AluOp& factor = program.alu[product[from]];
        absorbed[product[from]] = true;
        op.a = factor.a;
        op.b = factor.b;
        op.c = rest;
    }
    std::vector<bool> kept;
    for (const Program::Step& step : program.order)
        kept.push_back(step.kind != Program::Kind::Alu || !absorbed[step.index]);
    return keep(std::move(program), kept);
}

Program withoutUnread(Program program)
{
    std::vector<std::uint32_t> uses = program.countUses();
    std::vector<bool> kept(program.order.size(), true);
    for (std::size_t i = program.order.size(); i-- > 0;) {
        const Program::Step& step = program.order[i];
        if (step.kind == Program::Kind::Word) {
            kept[i] = uses[program.words[step.index].out] != 0;
        } else if (step.kind == Program::Kind::Alu) {
            const AluOp& op = program.alu[step.index];
            const auto isPublic = [&program](Address a) { return a < program.publicWords(); };
            kept[i] = op.check || uses[op.out] != 0 || isPublic(op.a) || isPublic(op.b) || isPublic(op.c);
            if (!kept[i]) {
                for (const Address a : {op.a, op.b, op.c}) --uses[a];
            }
        } else if (step.kind == Program::Kind::Lanes) {
            const LanesOp& op = program.lanes[step.index];
            const auto read = [&uses](Address a) { return uses[a] != 0; };
            kept[i] = op.pack ? read(op.word) : std::any_of(op.elements.begin(), op.elements.end(), read);
            if (!kept[i]) {
                if (!op.pack) --uses[op.word];
                for (const Address a : op.elements) uses[a] -= op.pack ? 1U : 0U;
            }
        }
    }
    Program out = keep(std::move(program), kept);
    out.uses = out.countUses();
    return out;
}

} // namespace bowline::recursion
