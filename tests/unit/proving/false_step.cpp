// SPDX-License-Identifier: MIT
// In a library because these are the tests' inner loops, and tests are not optimised.
#include "tests/unit/proving/false_step.h"

namespace bowline::test {

Stage::Stage(const Scene& scene, const Removed& removed) : m_scene(&scene), m_removed(removed)
{
    m_honest.resize(scene.rows.size());
    for (std::size_t i = 0; i < scene.rows.size(); ++i)
        scene.oracle->evaluate(scene.rows[i].chip, scene.rows[i].cells, 0, m_honest[i]);
}

Play Stage::play(const std::vector<RowAt>& rows)
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

bool Stage::differs(const Play& a, const Play& b) const
{
    if (a.state != b.state || a.exitCode != b.exitCode) return true;
    for (const auto* both : {&a, &b}) {
        for (const auto& [address, held] : both->words) {
            if (valueIn(a, address) != valueIn(b, address)) return true;
        }
    }
    return false;
}

Limbs Stage::initial(const Limbs& address) const
{
    const std::uint32_t whole = address[0] | address[1] << 16U;
    const auto found = m_scene->leaves.find(whole / zkvm::kLeafBytes);
    if (found == m_scene->leaves.end()) return {};
    const std::uint32_t word = found->second[whole / 4 % zkvm::kLeafWords];
    return {word & 0xffffU, word >> 16U};
}

Limbs Stage::valueIn(const Play& play, const Limbs& address) const
{
    const auto found = play.words.find(address);
    return found == play.words.end() ? initial(address) : found->second.value;
}

void Stage::assertions(std::size_t chip, std::size_t r, const Cells& nodes, Play& out) const
{
    const auto& all = m_scene->oracle->constraints(chip).assertions;
    for (std::size_t k = 0; k < all.size(); ++k) {
        if (nodes[all[k].node].isZero()) continue;
        if (m_removed.chip == chip && m_removed.assertion == k) {
            out.breaksRemoved = true;
        } else {
            out.problems.push_back({r, all[k].node, true, false, {}});
        }
    }
}

void Stage::messages(std::size_t chip, std::size_t r, const Cells& nodes, Play& out,
                     std::vector<Access>& accesses) const
{
    const auto& all = m_scene->oracle->constraints(chip).interactions;
    for (std::size_t i = 0; i < all.size(); ++i) {
        const auto message = m_scene->oracle->interaction(chip, i, nodes);
        if (message.multiplicity.isZero() || m_removed.isBus(all[i].bus)) continue;
        const auto one = field::Element::from(1);
        // Minus once is the other way round: a row can take back what it says.
        const auto usual = all[i].send ? one : -one;
        if (message.multiplicity != usual && message.multiplicity != -usual &&
            !RowOracle::isAnswered(all[i].bus)) {
            out.problems.push_back({r, all[i].multiplicity, false, true, {}});
            continue;
        }
        const bool sends = message.multiplicity == one;
        switch (all[i].bus) {
        case chips::kStateBus:
            if (sends) {
                if (!out.state.empty()) out.problems.push_back({r, all[i].multiplicity, false, true, {}});
                out.state.assign(message.message.begin() + 1, message.message.end());
            } else {
                expect(r, all[i], message.message,
                       {all[i].bus, m_scene->statement.pcBefore, m_scene->statement.npcBefore,
                        chips::kFirstTime},
                       out);
            }
            break;
        case chips::kMemoryBus:
            // The receive is recorded before the send.
            if (!all[i].send) accesses.push_back({r, nullptr, {}, {}});
            if (sends) {
                accesses.back().after = message.message;
            } else {
                accesses.back().receive = &all[i];
                accesses.back().before = message.message;
            }
            break;
        case chips::kHaltBus:
            if (!sends) out.problems.push_back({r, all[i].multiplicity, false, true, {}});
            out.exitCode = Limbs{message.message[1], message.message[2]};
            break;
        case chips::kCallBus:
            out.calls += sends ? 1 : -1;
            expect(r, all[i], message.message, m_scene->oracle->interaction(chip, i, m_honest[r]).message,
                   out);
            break;
        default: lookup(chip, r, i, message.message, out);
        }
    }
}

void Stage::expect(std::size_t r, const stark::Interaction& i, const RowOracle::Message& is,
                   const RowOracle::Message& should, Play& out) const
{
    for (std::size_t f = 0; f < i.fields.size(); ++f) {
        if (is[f + 1] == should[f + 1] || (m_removed.isFieldOf(i.bus) && m_removed.field == f)) continue;
        out.problems.push_back({r, i.fields[f], false, false, {field::Element::from(should[f + 1])}});
    }
}

void Stage::lookup(std::size_t chip, std::size_t r, std::size_t index, RowOracle::Message message,
                   Play& out) const
{
    const auto& i = m_scene->oracle->constraints(chip).interactions[index];
    const RowOracle& oracle = *m_scene->oracle;
    if (m_removed.isFieldOf(i.bus)) {
        // Some value of the field makes it true: the honest one, or another.
        const std::size_t f = *m_removed.field + 1;
        message[f] = oracle.interaction(chip, index, m_honest[r]).message[f];
        if (i.bus == chips::kProgramBus && oracle.isInProgramBut(message, f - 1)) return;
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
        if (honest != message) return expect(r, i, message, honest, out);
        problem.isHopeless = true; // another table's row, which asks for what the program has not
        break;
    }
    default: problem.isHopeless = i.bus != chips::kFieldBus; problem.targets = {number(0), number(0x7effU)};
    }
    out.problems.push_back(problem);
}

void Stage::act(const Access& access, Play& out) const
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
    // Behind the tree's last leaf.
    if (address[1] >= 0x8000U) {
        out.problems.push_back({access.row, access.receive->fields[1], false, true, {}});
        return;
    }
    const auto found = out.words.find(address);
    const Held held = found == out.words.end() ? Held{initial(address), 0} : found->second;
    expect(access.row, *access.receive, access.before,
           {chips::kMemoryBus, address[0], address[1], held.value[0], held.value[1], held.time}, out);
    out.words[address] = {{access.after[3], access.after[4]}, access.after[5]};
}

namespace {
/// What the search knows of a table.
struct Facts {
    std::vector<std::size_t> readers; // of each column: assertions and fields of messages
    std::map<std::uint32_t, std::vector<std::size_t>> columnsOf;  // of a node, least read ones first
    std::vector<std::pair<std::size_t, std::size_t>> definitions; // column, assertion: column = expression
    std::map<std::size_t, std::vector<std::size_t>> group; // a cell that is 0 or 1: those of the same name
};

std::string groupOf(const std::string& name)
{
    if (name.rfind("flag ", 0) == 0) return "flag";
    const std::size_t end = name.find_last_not_of("0123456789");
    return name.substr(0, end == std::string::npos ? 0 : end + 1);
}

bool isMain(const stark::Constraints& all, std::uint32_t node)
{
    return all.nodes[node].kind == stark::NodeKind::Main;
}

Facts makeFacts(const stark::Constraints& all)
{
    Facts out;
    out.readers.resize(all.width);
    std::map<std::string, std::vector<std::size_t>> groups;
    const auto read = [&](std::uint32_t node) {
        for (const std::size_t c : FalseStepSearch::columnsOf(all, node)) ++out.readers[c];
    };
    for (std::size_t k = 0; k < all.assertions.size(); ++k) {
        const stark::Node& n = all.nodes[all.assertions[k].node];
        read(all.assertions[k].node);
        const auto columns = FalseStepSearch::columnsOf(all, all.assertions[k].node);
        if (columns.size() == 1 && n.kind == stark::NodeKind::Multiply)
            groups[groupOf(all.assertions[k].name)].push_back(columns[0]);
        if (n.kind == stark::NodeKind::Subtract && isMain(all, n.a))
            out.definitions.push_back({all.nodes[n.a].a, k});
    }
    for (const stark::Interaction& i : all.interactions) {
        for (const std::uint32_t f : i.fields) read(f);
    }
    for (const auto& [name, columns] : groups) {
        for (const std::size_t c : columns) out.group[c] = columns;
    }
    return out;
}

Facts& factsOf(const stark::Constraints& all)
{
    static std::map<const stark::Constraints*, Facts> known;
    const auto found = known.find(&all);
    return found != known.end() ? found->second : known.emplace(&all, makeFacts(all)).first->second;
}

const std::vector<std::size_t>& leastReadFirst(const stark::Constraints& all, std::uint32_t node)
{
    Facts& facts = factsOf(all);
    const auto found = facts.columnsOf.find(node);
    if (found != facts.columnsOf.end()) return found->second;
    std::vector<std::size_t> columns = FalseStepSearch::columnsOf(all, node);
    std::stable_sort(columns.begin(), columns.end(),
                     [&](std::size_t a, std::size_t b) { return facts.readers[a] < facts.readers[b]; });
    return facts.columnsOf.emplace(node, std::move(columns)).first->second;
}

/// The derivative of a node by each column.
Cells slopesOf(const stark::Constraints& all, const Cells& nodes, std::uint32_t node)
{
    Cells slopes(node + 1);
    Cells out(all.width);
    slopes[node] = field::Element::from(1);
    for (std::uint32_t i = node + 1; i-- > 0;) {
        if (slopes[i].isZero()) continue;
        const stark::Node& n = all.nodes[i];
        switch (n.kind) {
        case stark::NodeKind::Main: out[n.a] += slopes[i]; break;
        case stark::NodeKind::Add:
            slopes[n.a] += slopes[i];
            slopes[n.b] += slopes[i];
            break;
        case stark::NodeKind::Subtract:
            slopes[n.a] += slopes[i];
            slopes[n.b] -= slopes[i];
            break;
        case stark::NodeKind::Multiply: {
            const field::Element a = slopes[i] * nodes[n.b];
            const field::Element b = slopes[i] * nodes[n.a];
            slopes[n.a] += a;
            slopes[n.b] += b;
            break;
        }
        default: break;
        }
    }
    return out;
}

std::vector<field::Element> firstChanges(field::Element value)
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
} // namespace

FalseStepSearch::FalseStepSearch(const Scene& scene, std::size_t row, const Removed& removed,
                                 std::size_t plays)
    : m_scene(&scene), m_row(row), m_chip(scene.rows[row].chip), m_removed(removed), m_stage(scene, removed),
      m_honest(scene.truth ? *scene.truth : m_stage.play(scene.rows)), m_mostPlays(plays)
{
}

std::vector<std::size_t> FalseStepSearch::columnsOf(const stark::Constraints& constraints, std::uint32_t node)
{
    std::set<std::size_t> out;
    std::vector<bool> seen(node + 1);
    std::vector<std::uint32_t> todo{node};
    while (!todo.empty()) {
        const std::uint32_t at = todo.back();
        todo.pop_back();
        if (seen[at]) continue;
        seen[at] = true;
        const stark::Node& n = constraints.nodes[at];
        if (n.kind == stark::NodeKind::Main) out.insert(n.a);
        if (n.kind >= stark::NodeKind::Add) {
            todo.push_back(n.a);
            todo.push_back(n.b);
        }
    }
    return {out.begin(), out.end()};
}

std::optional<FalseStep> FalseStepSearch::find(const std::vector<std::size_t>& columns)
{
    std::vector<std::size_t> leastReadFirst = columns;
    const auto& readers = factsOf(constraints()).readers;
    std::stable_sort(leastReadFirst.begin(), leastReadFirst.end(),
                     [&](std::size_t a, std::size_t b) { return readers[a] < readers[b]; });
    const std::vector<Change> starts = startsOf(leastReadFirst);
    static constexpr struct {
        unsigned depth;
        std::size_t plays; // for each start
    } kLevels[] = {{0, 1}, {2, 12}, {4, 40}, {9, 400}};
    for (const auto& level : kLevels) {
        for (const Change& change : starts) {
            if (m_plays > m_mostPlays) return m_found;
            m_limit = m_plays + level.plays;
            std::vector<RowAt> rows = m_scene->rows;
            std::vector<bool> touched(rows[m_row].cells.size());
            if (goOn(rows, touched, change, level.depth)) return m_found;
        }
    }
    return m_found;
}

std::optional<FalseStep> FalseStepSearch::findFrom(const Cells& row, unsigned depth, std::size_t plays,
                                                   const std::vector<std::size_t>& fixed)
{
    m_found.reset();
    m_limit = m_plays + plays;
    m_mostPlays = m_limit;
    std::vector<RowAt> rows = m_scene->rows;
    rows[m_row].cells = row;
    std::vector<bool> touched(row.size());
    for (const std::size_t column : fixed) touched[column] = true;
    static_cast<void>(goOn(rows, touched, {}, depth));
    return m_found;
}

std::vector<FalseStepSearch::Change> FalseStepSearch::startsOf(const std::vector<std::size_t>& columns) const
{
    const Cells& cells = m_scene->rows[m_row].cells;
    // Values with which a range check's number is a small one: a bit may be any of so many fractions.
    std::vector<Change> out;
    if (columns.size() == 1) {
        for (const field::Element other : valuesOfChecks(columns[0])) out.push_back({{columns[0], other}});
    }
    const auto& groups = factsOf(constraints()).group;
    const auto one = field::Element::from(1);
    if (!m_scene->isHonest) out.push_back({});
    for (const std::size_t column : columns) {
        for (const field::Element other : firstChanges(cells[column])) {
            if (other != cells[column]) out.push_back({{column, other}});
        }
    }
    for (const std::size_t column : columns) {
        const auto found = groups.find(column);
        if (found == groups.end()) continue;
        std::vector<std::size_t> set;
        for (const std::size_t c : found->second) {
            if (!cells[c].isZero()) set.push_back(c);
        }
        if (set.size() > 1) continue;
        for (const std::size_t other : found->second) {
            const bool moves = set.size() == 1 && (other == set[0]) != (column == set[0]);
            if (moves) out.push_back({{column, one - cells[column]}, {other, one - cells[other]}});
            if (other == column) continue;
            // Minus one here, so that one more can be set.
            out.push_back({{column, -one}, {other, one}});
            if (columns.size() > 1) continue;
            for (const std::size_t third : found->second) {
                if (third <= other || third == column) continue;
                Change change{{column, -one}, {other, one}, {third, one}};
                for (const std::size_t c : set) {
                    if (c != column && c != other && c != third) change.push_back({c, {}});
                }
                out.push_back(change);
            }
        }
    }
    return out;
}

std::vector<field::Element> FalseStepSearch::valuesOfChecks(std::size_t column) const
{
    std::vector<field::Element> out;
    const Cells& cells = m_scene->rows[m_row].cells;
    Cells nodes;
    m_scene->oracle->evaluate(m_chip, cells, 0, nodes);
    for (const stark::Interaction& i : constraints().interactions) {
        if (i.bus != chips::kBitsBus || nodes[i.multiplicity].isZero()) continue;
        const field::Element slope = slopesOf(constraints(), nodes, i.fields[0])[column];
        if (slope.isZero()) continue;
        for (const std::uint32_t wanted : {1U, 0U, 100U})
            out.push_back(cells[column] +
                          (field::Element::from(wanted) - nodes[i.fields[0]]) * slope.inverse());
    }
    return out;
}

// What the search has not set itself follows from the rest where an assertion says how.
void FalseStepSearch::follow(Cells& cells, const std::vector<bool>& touched) const
{
    const auto& all = constraints();
    Cells nodes;
    for (int pass = 0; pass < 6; ++pass) {
        m_scene->oracle->evaluate(m_chip, cells, 0, nodes);
        bool changed = false;
        for (const auto& [column, assertion] : factsOf(all).definitions) {
            const field::Element wrong = nodes[all.assertions[assertion].node];
            if (wrong.isZero() || touched[column] || (m_removed.chip && m_removed.assertion == assertion))
                continue;
            cells[column] -= wrong;
            changed = true;
        }
        if (!changed) return;
    }
}

bool FalseStepSearch::goOn(std::vector<RowAt>& rows, std::vector<bool>& touched, const Change& change,
                           unsigned depth)
{
    if (m_plays >= m_limit || m_plays > m_mostPlays) return false;
    ++m_plays;
    Cells& cells = rows[m_row].cells;
    const Cells before = cells;
    for (const auto& [column, value] : change) {
        cells[column] = value;
        touched[column] = true;
    }
    follow(cells, touched);
    const bool found = judge(rows, touched, depth);
    cells = before;
    for (const auto& [column, value] : change) touched[column] = false;
    return found;
}

bool FalseStepSearch::judge(std::vector<RowAt>& rows, std::vector<bool>& touched, unsigned depth)
{
    const Play play = m_stage.play(rows);
    if (play.problems.empty()) {
        const bool isFalse = !m_scene->isHonest || m_stage.differs(play, m_honest);
        if (isFalse || (play.breaksRemoved && !m_found)) {
            m_found = FalseStep{rows, isFalse, play.breaksRemoved};
            // The state may be false elsewhere: not much more is spent on it.
            m_mostPlays = std::min(m_mostPlays, m_plays + 400);
        }
        return isFalse;
    }
    if (depth == 0 || play.problems.size() > 16) return false;
    for (const Problem& problem : play.problems) {
        if (problem.isHopeless) return false;
    }
    const Problem& problem = play.problems.front();
    if (problem.row != m_row) return false;
    for (const Change& fix : fixes(rows[m_row].cells, problem, touched)) {
        if (goOn(rows, touched, fix, depth - 1)) return true;
    }
    return false;
}

std::vector<FalseStepSearch::Change> FalseStepSearch::fixes(const Cells& cells, const Problem& problem,
                                                            const std::vector<bool>& touched) const
{
    std::vector<Change> out;
    const auto& all = constraints();
    Cells nodes;
    m_scene->oracle->evaluate(m_chip, cells, 0, nodes);
    const auto add = [&](std::uint32_t node, field::Element target) {
        const Cells slopes = slopesOf(all, nodes, node);
        const field::Element missing = target - nodes[node];
        const auto& columns = leastReadFirst(all, node);
        // Two limbs or bytes of one number.
        for (const std::size_t low : columns) {
            if (touched[low] || slopes[low].isZero()) continue;
            for (const std::size_t high : columns) {
                for (const unsigned log : {8U, 16U}) {
                    const field::Element scale = field::Element::from(1U << log);
                    if (touched[high] || high == low || slopes[high] != slopes[low] * scale) continue;
                    const std::uint32_t number =
                        (cells[low] + scale * cells[high] + missing * slopes[low].inverse()).value();
                    out.push_back({{low, field::Element::from(number & ((1U << log) - 1))},
                                   {high, field::Element::from(number >> log)}});
                }
            }
        }
        for (const std::size_t column : columns) {
            if (touched[column] || slopes[column].isZero()) continue;
            const field::Element other = cells[column] + missing * slopes[column].inverse();
            if (other != cells[column]) out.push_back({{column, other}});
        }
    };
    if (problem.isAssertion) {
        for (const std::uint32_t factor : factorsOf(problem.node)) add(factor, {});
    }
    for (const field::Element target : problem.targets) add(problem.node, target);
    return out;
}

// An assertion that is a product holds if a factor is zero.
std::vector<std::uint32_t> FalseStepSearch::factorsOf(std::uint32_t node) const
{
    const stark::Node& n = constraints().nodes[node];
    if (n.kind != stark::NodeKind::Multiply) return {node};
    std::vector<std::uint32_t> out = factorsOf(n.a);
    for (const std::uint32_t factor : factorsOf(n.b)) out.push_back(factor);
    return out;
}

} // namespace bowline::test
