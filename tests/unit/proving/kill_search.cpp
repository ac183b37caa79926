// SPDX-License-Identifier: MIT
#include "tests/unit/proving/kill_search.h"

namespace bowline::test {

using field::Element;
using zkvm::Code;

namespace {
constexpr std::size_t kTriedScenes = 16;
constexpr std::size_t kTriedStarts = 40;
constexpr std::size_t kPlays = 450; // tries of an assertion, per scene
} // namespace

void KillSearch::load()
{
    using namespace mips;
    RandomCode random(3);
    const zkvm::Registers registers = random.registers();
    std::vector<Word> code = random.code(700);
    std::vector<Word> call;
    loadWord(call, 4, kDataBase + 4 * kElements);
    call.push_back(trap(BOWLINE_POSEIDON2));
    code.insert(code.end() - 2, call.begin(), call.end()); // before HALT
    const std::size_t ownStates = code.size();
    std::vector<State> list = scenes::faults();
    for (const State& state : scenes::states()) list.push_back(state);
    for (const State& state : list) code.insert(code.end(), {state.word, kNop, kNop, kNop});
    m_code.emplace(code.size());
    code.insert(code.end(), m_code->words.begin(), m_code->words.end());
    m_all.add(code, randomData(3), registers);
    zkvm::Registers reserved{};
    reserved[kBase] = kDataBase;
    m_all.add({ll(1, 0, kBase), trap(0)}, {1, 2}, reserved);
    m_all.addStates(ownStates, list);
    const auto& first = m_all.scenes.front();
    for (std::size_t chip = 0; chip < first.program->tables().placeOfLeaf(); ++chip) {
        if (!first.oracle->covers(chip)) continue;
        m_idle.push_back(first);
        m_idle.back().rows.push_back({chip, Cells(first.oracle->constraints(chip).width)});
    }
    m_whole = m_all.programs[0]->prepared->key().system();
    m_mutant = m_whole;
}

std::string KillSearch::nameOf(const Scene& scene)
{
    char pc[16];
    std::snprintf(pc, sizeof pc, "%x", scene.statement.pcBefore);
    return std::string(zkvm::mnemonic(scene.code)) + " at " + pc;
}

std::vector<Code> KillSearch::codesOf(std::size_t chip)
{
    std::vector<Code> out;
    for (std::size_t code = 0; code < zkvm::kCodeCount; ++code) {
        if (static_cast<std::size_t>(chips::kindOf(static_cast<Code>(code))) == chip)
            out.push_back(static_cast<Code>(code));
    }
    return out;
}

/// Each as it is filled, and with what the scene's state holds put in.
std::vector<Cells> KillSearch::rowsFilledFor(const Scene& scene, Stage& stage) const
{
    std::vector<Cells> out;
    if (scene.filled) out.push_back(*scene.filled);
    const auto step = stepOf(scene);
    if (!step || !scene.isHonest || filled(scene, *step) != scene.rows.front().cells) return out;
    for (const chips::Step& other : otherSteps(*step, codesOf(scene.rows.front().chip))) {
        out.insert(out.end(), 2, filled(scene, other));
        putState(scene, stage, out.back());
    }
    // What the same word does from other states.
    for (const Scene& other : m_all.scenes) {
        if (!other.registers || !other.isHonest || other.statement.pcBefore != scene.statement.pcBefore ||
            &other == &scene)
            continue;
        out.push_back(other.rows.front().cells);
        putState(scene, stage, out.back());
    }
    return out;
}

void KillSearch::fillRows()
{
    for (Scene& scene : m_all.scenes) {
        if (scene.rows.empty() || scene.rows.front().chip >= chips::kKinds) continue;
        Stage stage(scene, {});
        const Play honest = stage.play(scene.rows);
        for (const Cells& cells : rowsFilledFor(scene, stage)) judgeFilled(scene, stage, honest, cells);
    }
}

void KillSearch::judgeFilled(Scene& scene, Stage& stage, const Play& honest, const Cells& cells)
{
    const std::size_t chip = scene.rows.front().chip;
    std::vector<RowAt> rows = scene.rows;
    rows.front().cells = cells;
    const Play play = stage.play(rows);
    if (play.problems.empty()) return;
    const bool isAsking = std::none_of(play.problems.begin(), play.problems.end(),
                                       [](const Problem& p) { return p.isAssertion || p.row != 0; });
    if (play.problems.size() <= (isAsking ? 8 : 3) || !scene.isHonest) {
        scene.starts.push_back({cells, {}});
        for (const Problem& problem : play.problems) {
            if (problem.isAssertion) scene.starts.back().broken.push_back(problem.node);
        }
    }
    const Problem& only = play.problems[0];
    if (play.problems.size() != 1 || !only.isAssertion || only.row != 0) return;
    if (scene.isHonest && !stage.differs(play, honest)) return;
    const auto& assertions = m_whole.chips[chip].constraints.assertions;
    for (std::size_t k = 0; k < assertions.size(); ++k) {
        if (assertions[k].node != only.node || m_byFilling.count({chip, k}) != 0) continue;
        if (m_found++ % 8 != 0 || confirm(scene, rows, ofAssertion(chip, k)))
            m_byFilling[{chip, k}] = "another step for " + nameOf(scene);
    }
}

Finding KillSearch::findAgainst(std::size_t chip, std::size_t assertion)
{
    const Removed removed = ofAssertion(chip, assertion);
    const std::string& name = m_whole.chips[chip].constraints.assertions[assertion].name;
    const auto known = m_byFilling.find({chip, assertion});
    if (known != m_byFilling.end()) return {Verdict::FalseStatement, known->second};
    Finding best = searchNamed(removed, name);
    if (best.isFalse()) return best;
    if (const auto lie = lieAgainst(chip, name)) {
        if (lie->isOften && m_found++ % 8 != 0 ? isAcceptedOnStage(*lie, removed) : tell(lie->lie, removed))
            return {Verdict::FalseStatement, lie->name};
    }
    return chip < tables().placeOfLeaf() ? findAgainstRow(removed) : Finding{};
}

Finding KillSearch::findAgainstRow(const Removed& removed)
{
    const stark::Constraints& constraints = m_whole.chips[*removed.chip].constraints;
    const stark::Assertion& assertion = constraints.assertions[removed.assertion];
    const auto columns = FalseStepSearch::columnsOf(constraints, assertion.node);
    if (assertion.name == "real" && *removed.chip < chips::kKinds)
        return searchGhosts(removed, columns.at(0));
    Finding best;
    if (assertion.name.rfind("flag ", 0) == 0) best = searchAliases(removed, assertion.name.substr(5));
    if (assertion.name == "fused") best = searchFused(removed);
    if (!best.isFalse()) best = searchFilled(removed);
    if (best.isFalse()) return best;
    return searchScenes(
        removed, *removed.chip, [&](std::size_t) { return columns; }, best);
}

Finding KillSearch::searchNamed(const Removed& removed, const std::string& target)
{
    for (const FalseRow& row : m_named) {
        if (row.assertion != target || (removed.chip && row.chip != m_whole.chips[*removed.chip].name))
            continue;
        for (const Scene& scene : m_all.scenes) {
            if (scene.rows.empty() || m_whole.chips[scene.rows.front().chip].name != row.chip) continue;
            const auto start = startOf(scene, row);
            if (!start) continue;
            const Finding found = tryAs(scene, removed, start->first, start->second);
            if (found.isFalse()) return {found.verdict, row.name};
        }
    }
    return {};
}

Finding KillSearch::tryAs(const Scene& scene, const Removed& removed, const Cells& cells,
                          const std::vector<std::size_t>& fixed)
{
    FalseStepSearch search(scene, 0, removed, kPlays);
    const auto found = search.findFrom(cells, 10, kPlays, fixed);
    if (!found || !found->isFalse) return {};
    check(*found, removed);
    if ((m_found++ % 8 == 0 || !removed.chip) && !confirm(scene, found->rows, removed)) return {};
    return {Verdict::FalseStatement, nameOf(scene)};
}

std::vector<std::pair<std::size_t, Code>> KillSearch::flagsOf(std::size_t chip) const
{
    std::vector<std::pair<std::size_t, Code>> out;
    const stark::Constraints& constraints = m_whole.chips[chip].constraints;
    for (const Code code : codesOf(chip)) {
        const std::string name = "flag " + std::string(zkvm::mnemonic(code));
        for (const stark::Assertion& assertion : constraints.assertions) {
            if (assertion.name == name)
                out.push_back({FalseStepSearch::columnsOf(constraints, assertion.node).at(0), code});
        }
    }
    return out;
}

// Several flags whose numbers add up to that of another instruction, which is done as those do it: one of them, which need
// not be a bit, makes their sum one.
Finding KillSearch::searchAliases(const Removed& removed, const std::string& flag)
{
    const std::size_t chip = *removed.chip;
    const auto flags = flagsOf(chip);
    if (flags.size() < 3) return {};
    const auto self = std::find_if(flags.begin(), flags.end(),
                                   [&](const auto& f) { return zkvm::mnemonic(f.second) == flag; });
    std::vector<std::size_t> columns;
    for (const auto& each : flags) columns.push_back(each.first);
    for (const Scene& scene : m_all.scenes) {
        if (!scene.isHonest || scene.rows.size() != 1 || scene.rows.front().chip >= chips::kKinds) continue;
        const auto step = stepOf(scene);
        if (!step) continue;
        for (const auto& first : flags) {
            for (const auto& second : flags) {
                if (first.second >= second.second || &first == &*self || &second == &*self) continue;
                const int number = static_cast<int>(first.second) + static_cast<int>(second.second) -
                                   static_cast<int>(self->second);
                if (number != static_cast<int>(scene.code)) continue;
                Scene as = scene;
                as.truth = std::make_shared<Play>(Stage(scene, {}).play(scene.rows));
                as.rows.front() = {chip, Cells(m_whole.chips[chip].constraints.width)};
                for (const auto& filledAs : {first, second}) {
                    chips::Step other = *step;
                    other.code = filledAs.second;
                    Cells cells = filled(as, other);
                    for (const std::size_t c : columns) cells[c] = {};
                    cells[first.first] = cells[second.first] = Element::from(1);
                    cells[self->first] = -Element::from(1);
                    as.rows.front().cells = cells;
                    const Finding found = tryAs(as, removed, cells, columns);
                    if (found.isFalse()) return {found.verdict, "flags that make " + found.name};
                }
            }
        }
    }
    return {};
}

// A branch is taken for another one, whose number is this one's and a fraction of kFused.
Finding KillSearch::searchFused(const Removed& removed)
{
    const std::size_t chip = *removed.chip;
    const auto flags = flagsOf(chip);
    const std::size_t fused = columnOf(m_whole.chips[chip].constraints, "fused");
    for (const Scene& scene : m_all.scenes) {
        if (!scene.isHonest || scene.rows.front().chip != chip) continue;
        const auto step = stepOf(scene);
        for (const auto& [column, code] : flags) {
            if (!step || code == scene.code) continue;
            chips::Step other = *step;
            other.code = code;
            Cells cells = filled(scene, other);
            cells[fused] += (Element::from(chips::kFused).inverse()) *
                            (Element::from(static_cast<std::uint32_t>(scene.code)) -
                             Element::from(static_cast<std::uint32_t>(code)));
            const Finding found = tryAs(scene, removed, cells, {column, fused});
            if (found.isFalse()) return {found.verdict, "a fraction fused: " + found.name};
        }
    }
    return {};
}

Finding KillSearch::searchGhosts(const Removed& removed, std::size_t real)
{
    for (const bool changeWord : {true, false}) {
        for (const Scene& scene : m_all.scenes) {
            if (!scene.isHonest || scene.program != m_all.programs[0]->prepared.get()) continue;
            if (scene.rows.back().chip != *removed.chip) continue;
            const Lie lie = lies::ghosts(scene, scene.rows.size() - 1, real, changeWord);
            if (changeWord && !lie.options.leaves) continue;
            if (!tell(lie, removed)) break;
            return {changeWord ? Verdict::FalseStatement : Verdict::OtherTrace,
                    changeWord ? "a row and its opposite put a word" : "a row and its opposite"};
        }
    }
    return {};
}

/// From rows filled from other steps that break the assertion and little else.
Finding KillSearch::searchFilled(const Removed& removed)
{
    Finding best;
    const std::size_t chip = *removed.chip;
    const std::uint32_t node = m_whole.chips[chip].constraints.assertions[removed.assertion].node;
    std::size_t tried = 0;
    for (const Scene& scene : m_all.scenes) {
        if (scene.starts.empty() || scene.rows.front().chip != chip) continue;
        FalseStepSearch search(scene, 0, removed, 1);
        for (const auto& [cells, broken] : scene.starts) {
            const bool breaks = std::find(broken.begin(), broken.end(), node) != broken.end();
            if (scene.isHonest && (!breaks || ++tried > kTriedStarts)) continue;
            const auto found =
                search.findFrom(cells, scene.isHonest ? 4 : 10, scene.isHonest ? kPlays / 20 : kPlays);
            if (found) check(*found, removed);
            if (!found || (!found->isFalse && best.verdict == Verdict::OtherTrace)) continue;
            if (m_found++ % 8 == 0 && !confirm(scene, found->rows, removed)) continue;
            if (found->isFalse) return {Verdict::FalseStatement, "almost another step: " + nameOf(scene)};
            best = {Verdict::OtherTrace, nameOf(scene)};
        }
    }
    return best;
}

Finding KillSearch::searchFilledOfBus(const Removed& removed)
{
    for (const Scene& scene : m_all.scenes) {
        Stage stage(scene, removed);
        const Play honest = stage.play(scene.rows);
        std::vector<RowAt> rows = scene.rows;
        for (const auto& [cells, broken] : scene.starts) {
            if (!broken.empty() || rows.size() != 1) continue;
            rows.front().cells = cells;
            const Play play = stage.play(rows);
            if (!play.problems.empty() || (scene.isHonest && !stage.differs(play, honest))) continue;
            if (confirm(scene, rows, removed))
                return {Verdict::FalseStatement, "another step for " + nameOf(scene)};
        }
    }
    return {};
}

Finding KillSearch::searchScenes(const Removed& removed, std::optional<std::size_t> chip,
                                 const Columns& columnsOf, Finding best)
{
    struct Place {
        const Scene* scene;
        std::size_t row;
    };
    std::vector<Place> honest;
    std::vector<Place> places; // all faults and rows that fill up, and some of the honest ones
    for (const Scene& scene : m_all.scenes) {
        for (std::size_t row = 0; row < scene.rows.size(); ++row) {
            const bool concerned =
                chip ? scene.rows[row].chip == *chip : !columnsOf(scene.rows[row].chip).empty();
            const bool isOften = scene.isHonest && scene.program == m_all.programs[0]->prepared.get();
            if (concerned) (isOften ? honest : places).push_back({&scene, row});
        }
    }
    for (const Scene& scene : m_idle) {
        if (!chip || scene.rows.back().chip == *chip) places.push_back({&scene, scene.rows.size() - 1});
    }
    const std::size_t most = chip ? kTriedScenes : 4 * kTriedScenes;
    for (std::size_t i = 0; i < std::min(most, honest.size()); ++i)
        places.push_back(honest[i * honest.size() / std::min(most, honest.size())]);
    for (const auto& [scene, row] : places) {
        const std::vector<std::size_t> columns = columnsOf(scene->rows[row].chip);
        if (columns.empty()) continue;
        const bool isFirst = best.verdict == Verdict::Nothing;
        FalseStepSearch search(*scene, row, removed, isFirst ? kPlays : kPlays / 4);
        const auto found = search.find(columns);
        if (found) check(*found, removed);
        if (!found || (!found->isFalse && !isFirst)) continue;
        // Every eighth is played through with all tables: the others rest on the stage, which these check.
        if ((m_found++ % 8 == 0 || !removed.chip) && !confirm(*scene, found->rows, removed)) continue;
        if (found->isFalse) return {Verdict::FalseStatement, "found for " + nameOf(*scene)};
        best = {Verdict::OtherTrace, "found for " + nameOf(*scene)};
    }
    return best;
}

// The most valuable find: a false step that breaks nothing at all.
void KillSearch::check(const FalseStep& found, const Removed& removed)
{
    if (removed.chip && found.isFalse && !found.breaksRemoved)
        m_accepted.push_back(m_whole.chips[*removed.chip].name);
}

const Scene& KillSearch::sceneThatChangesTheFirstLeaf() const
{
    return *std::find_if(m_all.scenes.begin(), m_all.scenes.end(), [](const Scene& scene) {
        const Stage stage(scene, {});
        const Play play = Stage(scene, {}).play(scene.rows);
        return scene.rows.size() == 1 &&
               std::any_of(play.words.begin(), play.words.end(), [&](const auto& word) {
                   return word.first[1] == 0x7f00U && word.first[0] < 32 &&
                          word.second.value != stage.initial(word.first);
               });
    });
}

const Scene& KillSearch::sceneOfPoseidon() const
{
    return *std::find_if(m_all.scenes.begin(), m_all.scenes.end(), [](const Scene& s) {
        return s.rows.size() == 2 && s.rows[1].cells[2].value() == 4 * mips::kElements;
    });
}

std::string KillSearch::refusals(const stark::System& system, const FalseWitness& witness)
{
    std::string out;
    for (const auto& violation : stark::findViolations(system, witness.traces, witness.publicValues, 3))
        out += violation.chip + ": " + violation.what + "; ";
    return out;
}

// By the rows alone, for one of many lies of a form.
bool KillSearch::isAcceptedOnStage(const NamedLie& lie, const Removed& removed)
{
    if (lie.isOtherDigest) return *lie.isOtherDigest;
    return Stage(*lie.lie.scene, removed).play(lie.lie.rows).problems.empty() &&
           !Stage(*lie.lie.scene, {}).play(lie.lie.rows).problems.empty();
}

bool KillSearch::tell(const Lie& lie, const Removed& removed)
{
    if (lie.play) {
        FalseWitness witness = FalseShard(*lie.scene, lie.rows, *lie.play, lie.options).witness("lie");
        return isKilled(removed, witness);
    }
    // What the rows do, for whatever bus is taken away, is what the lie's own row says.
    Play play = Stage(*lie.scene, removed).play(lie.rows);
    if (removed.isBus(chips::kStateBus) || removed.isBus(chips::kHaltBus))
        play = Stage(*lie.scene, {}).play(lie.rows);
    if (removed.isBus(chips::kMemoryBus)) play.words = Stage(*lie.scene, {}).play(lie.rows).words;
    if (play.state.size() != 3) return false;
    FalseWitness witness = FalseShard(*lie.scene, lie.rows, play, lie.options).witness("lie");
    return isKilled(removed, witness);
}

bool KillSearch::confirm(const Scene& scene, const std::vector<RowAt>& rows, const Removed& removed)
{
    const FalseShard shard(scene, rows, Stage(scene, removed).play(rows));
    FalseWitness witness = shard.witness("step");
    if (scene.program == m_all.programs[0]->prepared.get()) return isKilled(removed, witness);
    // Another program's tables.
    std::swap(m_whole, m_other);
    m_whole = scene.program->key().system();
    std::swap(m_mutant, m_otherMutant);
    m_mutant = m_whole;
    const bool killed = isKilled(removed, witness);
    std::swap(m_whole, m_other);
    std::swap(m_mutant, m_otherMutant);
    return killed;
}

// Whether the mutant accepts what the whole system refuses.
bool KillSearch::isKilled(const Removed& removed, FalseWitness& witness)
{
    const std::string whole = refusals(m_whole, witness);
    if (whole.empty()) {
        m_accepted.push_back(witness.name);
        return false;
    }
    std::string left;
    if (removed.chip) {
        auto& assertions = m_mutant.chips[*removed.chip].constraints.assertions;
        const auto at = assertions.begin() + static_cast<std::ptrdiff_t>(removed.assertion);
        const stark::Assertion kept = *at;
        assertions.erase(at);
        left = refusals(m_mutant, witness);
        assertions.insert(assertions.begin() + static_cast<std::ptrdiff_t>(removed.assertion), kept);
    } else {
        const Mutant mutant = removed.field ? withoutField(m_whole, removed.bus, *removed.field)
                                            : withoutBus(m_whole, removed.bus);
        if (removed.field && RowOracle::isAnswered(removed.bus))
            FalseShard::countAgain(mutant.system, tables(), removed.bus, witness.traces);
        if (!removed.field && RowOracle::isAnswered(removed.bus))
            FalseShard::countNothing(m_whole, removed.bus, tables().placeOfPermutation(), witness.traces);
        left = refusals(mutant.system, witness);
    }
    ++m_confirmed;
    if (!left.empty()) m_unconfirmed.push_back(witness.name + ": " + left);
    return left.empty();
}

} // namespace bowline::test
