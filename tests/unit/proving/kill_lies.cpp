// SPDX-License-Identifier: MIT
// Which lie is told about what.
#include "tests/unit/proving/kill_search.h"

namespace bowline::test {

using field::Element;
using zkvm::Code;

Lie KillSearch::lieOfRegisters() const
{
    for (const Scene& scene : m_all.scenes) {
        if (scene.isHonest || scene.code != Code::Lw || !scene.filled) continue;
        if (scene.registers && (*scene.registers)[18] == zkvm::kMemoryEnd + 32) {
            Lie out{&scene, scene.rows, {}, {}, {}};
            out.rows.front().cells = *scene.filled;
            return out;
        }
    }
    qFatal("no load from the registers");
}

std::optional<KillSearch::NamedLie> KillSearch::lieAgainst(std::size_t chip,
                                                           const std::string& assertion) const
{
    const std::string& table = m_whole.chips[chip].name;
    const std::size_t digits = assertion.find_last_not_of("0123456789") + 1;
    const std::string stem = assertion.substr(0, digits);
    const std::size_t number = digits < assertion.size() ? std::stoul(assertion.substr(digits)) : 0;
    const auto as = [](Lie lie, const char* name, bool isOften = false) {
        return NamedLie{std::move(lie), name, isOften, {}};
    };
    if (stem == "round value ") {
        if (number < chips::PermutationTable::kRounds - 8) {
            const Scene& scene = sceneThatChangesTheFirstLeaf();
            NamedLie out = as(lies::round(scene, number), "another digest of a leaf", true);
            FalseLeaves leaves;
            FalseLeaf& leaf = lies::leafAt(leaves, scene, zkvm::kFirstRegisterLeaf);
            lies::round(scene, number).options.leaves(leaves);
            out.isOtherDigest = *leaf.digestAfter != digestOfLimbs(leaf.after);
            return out;
        }
        return as(runs::lastRound(m_all, *m_code, number), "another result of a call");
    }
    if (table == "node") {
        if (assertion == "real")
            return as(runs::leafOfNoTree(m_all, *m_code, runs::Sender::Opposite), "a leaf of no tree");
        if (assertion == "left of a real node")
            return as(runs::leafOfNoTree(m_all, *m_code, runs::Sender::Left), "a leaf of no tree");
        if (assertion == "right of a real node")
            return as(runs::leafOfNoTree(m_all, *m_code, runs::Sender::Right), "a leaf of no tree");
        if (assertion == "left touched") return as(runs::twice(m_all, *m_code, true), "a leaf twice");
        if (assertion == "right touched") return as(runs::twice(m_all, *m_code, false), "a leaf twice");
        return as(lies::child(sceneOf(Code::Addu), stem.rfind("left", 0) == 0, number),
                  "a child that changes untouched");
    }
    if (table == "leaf") return as(runs::leafAndOpposite(m_all, *m_code), "a word moved back in time");
    if (assertion == "only addresses") return as(lieOfRegisters(), "a load from the registers");
    if (assertion == "only field elements")
        return as(runs::notBelowP(m_all, *m_code, 0, false), "an element and p");
    if (table == "poseidon2" && assertion == "real")
        return as(runs::callAndOpposite(m_all, *m_code), "a word moved back in time");
    if (table == "poseidon2" && assertion.find("below p") != std::string::npos) {
        const std::size_t word = std::stoul(assertion.substr(5));
        if (assertion.find("before") != std::string::npos)
            return as(runs::wordOfP(m_all, *m_code, word), "p + 4 is permuted", true);
        return as(runs::notBelowP(m_all, *m_code, word, true), "a small element and p", true);
    }
    if (table == "primitive" && assertion == "kind 5")
        return as(runs::haltThatGoesOn(m_all, *m_code, m_whole.chips[chip].constraints), "HALT goes on");
    if (table == "nop") return as(runs::nopBackwards(m_all, *m_code), "a NOP backwards");
    if (assertion.rfind("flag ", 0) == 0) {
        if (const auto ghost = runs::ghostOf(table, assertion.substr(5)))
            return as(runs::ghostWrite(m_all, *m_code, chip, m_whole.chips[chip].constraints, *ghost),
                      "a row of two flags that cancel writes");
    }
    return std::nullopt;
}

std::optional<Lie> KillSearch::lieAgainstCalls(std::optional<std::size_t> field) const
{
    const Scene& call = sceneOfPoseidon();
    switch (field.value_or(8)) {
    case 0: return runs::permutation(m_all, m_code->otherCall, runs::kSomeWords, [](auto&) {});
    case 1: return runs::lateCall(m_all, *m_code);
    case 2: return lies::poseidon(call, 64, std::nullopt);
    case 3: return lies::poseidon(call, 0x10000U, std::nullopt);
    case 4: return runs::otherPointer(m_all, *m_code, 1, 32);
    case 5: return runs::otherPointer(m_all, *m_code, 1, 0x10000);
    case 6: return runs::otherPointer(m_all, *m_code, 2, 32);
    case 7: return runs::otherPointer(m_all, *m_code, 2, 0x10000);
    default: return Lie{&call, {call.rows[0]}, {}, {}, {}};
    }
}

std::optional<Lie> KillSearch::lieAgainstBus(const Removed& removed) const
{
    const Scene& scene = sceneOf(Code::Addu);
    const std::size_t f = removed.field.value_or(0);
    switch (removed.bus) {
    case chips::kStateBus:
        return lies::statement(scene, [f](chips::Statement& s) {
            (f == 0 ? s.pcAfter : f == 1 ? s.npcAfter : s.timeAfter) += 4;
        });
    case chips::kProgramBus:
        return f == 0 && removed.field ? std::optional(runs::nopInstead(m_all, *m_code)) : std::nullopt;
    case chips::kAddressBus: return lieOfRegisters();
    case chips::kFieldBus: return runs::notBelowP(m_all, *m_code, 0, false);
    case chips::kHaltBus: {
        const auto halts = std::find_if(m_all.scenes.begin(), m_all.scenes.end(),
                                        [](const Scene& s) { return s.number == BOWLINE_HALT; });
        return lies::statement(*halts, [f](chips::Statement& s) { s.exitCode ^= 1U << 16 * f; });
    }
    case chips::kNodeBus:
        if (removed.field && f == 0) return runs::deeperTree(m_all, *m_code);
        if (removed.field && f == 1) return runs::leavesSwapped(m_all, *m_code);
        return lies::statement(scene, [&removed](chips::Statement& s) {
            const std::size_t i = removed.field.value_or(10) - 2;
            (i < 8 ? s.rootBefore : s.rootAfter)[i % 8] += Element::from(1);
        });
    case chips::kPermuteBus: return lies::permute(scene, removed.field);
    case chips::kPermuteAllBus:
        if (!removed.field || f >= 16) return std::nullopt;
        return lies::poseidon(sceneOfPoseidon(), 0, f);
    case chips::kCallBus: return lieAgainstCalls(removed.field);
    default: return std::nullopt;
    }
}

Finding KillSearch::findAgainstMemoryBus(const Removed& removed)
{
    for (const Scene& each : m_all.scenes) {
        if (each.code != Code::Addu && each.code != Code::Subu) continue;
        const auto lie = lies::memory(each, removed.field);
        if (lie && tell(*lie, removed)) return {Verdict::FalseStatement, "a lie about a word"};
    }
    return {};
}

Finding KillSearch::findAgainstBus(const Removed& removed)
{
    if (removed.bus == chips::kMemoryBus) return findAgainstMemoryBus(removed);
    if (const auto lie = lieAgainstBus(removed)) {
        if (tell(*lie, removed)) return {Verdict::FalseStatement, "a lie about it"};
    }
    std::string target = "bus " + std::to_string(removed.bus);
    if (removed.field) target += ", field " + std::to_string(*removed.field);
    Finding found = searchNamed(removed, target);
    if (!found.isFalse()) found = searchFilledOfBus(removed);
    return found.isFalse() ? found : searchColumnsOfBus(removed);
}

/// From the columns of the field, or of all fields.
Finding KillSearch::searchColumnsOfBus(const Removed& removed)
{
    return searchScenes(removed, std::nullopt, [&](std::size_t chip) {
        std::set<std::size_t> out;
        const auto& constraints = m_whole.chips[chip].constraints;
        for (const stark::Interaction& i : constraints.interactions) {
            if (i.bus != removed.bus) continue;
            for (std::size_t field = 0; field < i.fields.size(); ++field) {
                if (removed.field && field != *removed.field) continue;
                for (const std::size_t c : FalseStepSearch::columnsOf(constraints, i.fields[field]))
                    out.insert(c);
            }
        }
        return std::vector<std::size_t>(out.begin(), out.end());
    });
}

} // namespace bowline::test
