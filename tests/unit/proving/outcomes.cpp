// SPDX-License-Identifier: MIT
#include "tests/unit/proving/outcomes.h"

#include "tests/unit/proving/polynomial.h"

#include <functional>

namespace bowline::test {

namespace {

using field::Element;
using stark::Constraints;
using stark::NodeKind;

/// Combinations of values that are tried with one equation, the more the less else there is to do; and values of one
/// unknown by itself.
constexpr std::array<std::size_t, 3> kMostCombinations{16, 1U << 10U, 1U << 18U};
constexpr std::size_t kMostTried = 300;
constexpr std::size_t kMostRows = 100;
/// Combinations of values, all together.
constexpr std::size_t kMostWork = 20'000'000;
/// Equations that are made of others.
constexpr std::size_t kMostSums = 400;

struct Lookup {
    std::uint32_t bus = 0;
    std::vector<Polynomial> fields;
};

/// What is known in the middle of a search. A column without a list may be anything.
struct State {
    std::vector<std::optional<std::vector<std::uint32_t>>> possible;
    bool isContradiction = false;
    [[nodiscard]] std::optional<Element> known(std::size_t column) const
    {
        const auto& values = possible[column];
        return values && values->size() == 1 ? std::optional(Element::from(values->front())) : std::nullopt;
    }
};

class Search {
public:
    Search(const RowOracle& oracle, std::size_t chip, std::optional<std::size_t> skipped, const Cells& honest)
        : m_oracle(&oracle), m_chip(chip), m_all(&oracle.constraints(chip)), m_skipped(skipped),
          m_honest(honest)
    {
        oracle.evaluate(chip, honest, 0, m_honestNodes);
    }

    Outcomes::Answer run()
    {
        for (const bool isNearFirst : {false, true}) {
            m_isNearFirst = isNearFirst;
            m_answer = {};
            m_work = 0;
            State state;
            state.possible.resize(m_all->width);
            explore(std::move(state));
            if (m_answer.verdict == Outcomes::Verdict::Another) break;
            m_answer.verdict = m_answer.open.empty() ? Outcomes::Verdict::One : Outcomes::Verdict::Undecided;
            if (m_answer.verdict == Outcomes::Verdict::One) break;
        }
        return m_answer;
    }

private:
    void explore(State state);
    /// The lists of possible values become as short as all rules make them, up to that effort.
    void propagate(State& state, std::size_t efforts = kMostCombinations.size());
    void combine(State& state);
    void probe(State& state);
    [[nodiscard]] std::vector<Polynomial> nodes(const State& state) const;
    [[nodiscard]] bool isSkipped(std::size_t place) const { return m_skipped && *m_skipped == place; }
    void collect(const std::vector<Polynomial>& nodes);
    void collectInput(const stark::Interaction& i, const std::vector<Polynomial>& nodes);
    void give(const stark::Interaction& i, const std::vector<Polynomial>& nodes, std::size_t firstField);
    [[nodiscard]] bool isHonest(const Polynomial& value, std::uint32_t node) const
    {
        return value.constant() == m_honestNodes[node];
    }
    void solve(State& state, const Polynomial& equation);
    void solveOne(State& state, const Polynomial& equation, std::size_t column);
    void solveMany(State& state, const Polynomial& equation, const std::vector<std::size_t>& unknowns);
    [[nodiscard]] std::optional<IntegerEquation> amongIntegers(const State& state,
                                                               const Polynomial& equation) const;
    void bound(State& state, const IntegerEquation& equation);
    void look(State& state, const Lookup& lookup);
    void limit(State& state, const Polynomial& value, const std::function<bool(std::uint32_t)>& isAllowed,
               std::uint32_t below);
    void narrow(State& state, std::size_t column, std::vector<std::uint32_t> values);
    template <typename Body>
    bool forAll(const State& state, const std::vector<std::size_t>& columns, const Body& body) const;
    [[nodiscard]] std::string unknownOutput(const std::vector<Polynomial>& nodes) const;
    [[nodiscard]] std::optional<std::size_t> nextToTry(const State& state,
                                                       const std::vector<Polynomial>& nodes) const;
    void guess(const State& state, const std::vector<Polynomial>& nodes);
    [[nodiscard]] std::string otherOutput(const State& state);

    const RowOracle* m_oracle;
    std::size_t m_chip;
    const Constraints* m_all;
    std::optional<std::size_t> m_skipped;
    Cells m_honest;
    Cells m_honestNodes;
    std::vector<Polynomial> m_equations;
    std::vector<Lookup> m_lookups;
    Outcomes::Answer m_answer;
    bool m_isChanged = false;
    bool m_isNearFirst = false;
    std::size_t m_effort = 0;
    mutable std::size_t m_work = 0;
};

std::vector<Polynomial> Search::nodes(const State& state) const
{
    std::vector<Polynomial> out(m_all->nodes.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const stark::Node& node = m_all->nodes[i];
        switch (node.kind) {
        case NodeKind::Constant: out[i] = Polynomial(Element::from(node.a)); break;
        case NodeKind::Main: {
            const auto known = state.known(node.a);
            out[i] = known ? Polynomial(*known) : Polynomial::column(node.a);
            break;
        }
        case NodeKind::Add: out[i] = out[node.a] + out[node.b]; break;
        case NodeKind::Subtract: out[i] = out[node.a] - out[node.b]; break;
        case NodeKind::Multiply: out[i] = out[node.a] * out[node.b]; break;
        default: qFatal("a table of instructions reads one row of columns of its own");
        }
    }
    return out;
}

/// The equations and lookups that hold in what is known now.
void Search::collect(const std::vector<Polynomial>& nodes)
{
    m_equations.clear();
    m_lookups.clear();
    for (std::size_t i = 0; i < m_all->assertions.size(); ++i) {
        if (!isSkipped(i)) m_equations.push_back(nodes[m_all->assertions[i].node]);
    }
    for (std::size_t i = 0; i < m_all->interactions.size(); ++i) {
        const stark::Interaction& interaction = m_all->interactions[i];
        const auto multiplicity = nodes[interaction.multiplicity].constant();
        if (interaction.bus == chips::kStateBus && !interaction.send)
            m_equations.push_back(nodes[interaction.multiplicity] - Polynomial(Element::from(1)));
        if (!multiplicity || multiplicity->isZero() || isSkipped(m_all->assertions.size() + i)) continue;
        if (!RowOracle::isAnswered(interaction.bus) || interaction.bus == chips::kProgramBus)
            collectInput(interaction, nodes);
        if (interaction.bus == chips::kStateBus || interaction.bus == chips::kProgramBus) continue;
        Lookup lookup{interaction.bus, {}};
        for (const std::uint32_t field : interaction.fields) lookup.fields.push_back(nodes[field]);
        m_lookups.push_back(std::move(lookup));
    }
}

void Search::collectInput(const stark::Interaction& i, const std::vector<Polynomial>& nodes)
{
    if (i.bus == chips::kStateBus && !i.send) give(i, nodes, 0);
    // One instruction stands at a pc, and one content with one time at an address.
    if (i.bus == chips::kProgramBus && isHonest(nodes[i.fields[0]], i.fields[0])) give(i, nodes, 1);
    if (i.bus == chips::kMemoryBus && !i.send && isHonest(nodes[i.fields[0]], i.fields[0]) &&
        isHonest(nodes[i.fields[1]], i.fields[1]))
        give(i, nodes, 2);
}

void Search::give(const stark::Interaction& i, const std::vector<Polynomial>& nodes, std::size_t firstField)
{
    for (std::size_t f = firstField; f < i.fields.size(); ++f)
        m_equations.push_back(nodes[i.fields[f]] - Polynomial(m_honestNodes[i.fields[f]]));
}

void Search::propagate(State& state, std::size_t efforts)
{
    m_effort = 0;
    while (!state.isContradiction && m_effort < efforts && m_work <= kMostWork) {
        m_isChanged = false;
        collect(nodes(state));
        // An equation that was made before another one was solved is still true, and solved anew in the next round.
        for (const Polynomial& equation : m_equations) {
            if (!state.isContradiction) solve(state, equation);
        }
        for (const Lookup& lookup : m_lookups) {
            if (!state.isContradiction) look(state, lookup);
        }
        // Before many combinations are tried, as it is much less work.
        if (!m_isChanged && !state.isContradiction && m_effort == 0 && efforts > 1) combine(state);
        m_effort = m_isChanged ? 0 : m_effort + 1;
    }
}

/// What follows from two equations among integers: first from those that alone have an unknown, a carry for instance,
/// then from two of which one was found so. A division is decided like this: the dividend's limbs give
/// |q| |b| + |r| = |a|, the room's |r| < |b|, and both together how small |q| can be.
void Search::combine(State& state)
{
    std::vector<IntegerEquation> known;
    std::map<std::size_t, std::size_t> uses;
    for (const Polynomial& equation : m_equations) {
        auto found = amongIntegers(state, equation);
        if (!found || found->factors.size() < 2) continue;
        for (const auto& term : found->factors) ++uses[term.first];
        known.push_back(std::move(*found));
    }
    std::size_t firstNew = 0;
    for (const bool areAllTaken : {false, true}) {
        const std::size_t count = known.size();
        for (std::size_t j = firstNew; j < count; ++j) {
            for (std::size_t i = 0; i < j; ++i) {
                for (const auto& term : IntegerEquation(known[i]).factors) {
                    if (!known[j].factors.contains(term.first)) continue;
                    if (!areAllTaken && uses[term.first] != 2) continue;
                    if (known.size() >= kMostSums) return;
                    IntegerEquation sum = without(term.first, known[i], known[j]);
                    if (!isModerate(sum)) continue;
                    bound(state, sum);
                    known.push_back(std::move(sum));
                    if (state.isContradiction) return;
                }
            }
        }
        firstNew = count;
    }
}

/// Bits of which one value soon breaks something have the other.
void Search::probe(State& state)
{
    bool isFound = true;
    while (isFound && !state.isContradiction) {
        isFound = false;
        for (std::size_t c = 0; c < state.possible.size(); ++c) {
            if (!state.possible[c] || state.possible[c]->size() != 2) continue;
            const std::vector<std::uint32_t> values = *state.possible[c];
            for (std::size_t which = 0; which < 2; ++which) {
                State next = state;
                next.possible[c] = std::vector<std::uint32_t>{values[which]};
                propagate(next, 1);
                if (!next.isContradiction) continue;
                state.possible[c] = std::vector<std::uint32_t>{values[1 - which]};
                propagate(state, 1);
                if (state.isContradiction) return;
                isFound = true;
                break;
            }
        }
    }
}

void Search::narrow(State& state, std::size_t column, std::vector<std::uint32_t> values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    auto& own = state.possible[column];
    if (own) {
        std::vector<std::uint32_t> both;
        std::set_intersection(own->begin(), own->end(), values.begin(), values.end(),
                              std::back_inserter(both));
        values = std::move(both);
        if (values.size() == own->size()) return;
    }
    own = std::move(values);
    m_isChanged = true;
    state.isContradiction = state.isContradiction || own->empty();
}

/// Calls body with every combination of possible values; false if these are too many, or not known.
template <typename Body>
bool Search::forAll(const State& state, const std::vector<std::size_t>& columns, const Body& body) const
{
    std::size_t combinations = 1;
    for (const std::size_t c : columns) {
        if (!state.possible[c]) return false;
        combinations *= state.possible[c]->size();
        if (combinations > kMostCombinations[m_effort]) return false;
    }
    m_work += combinations;
    Cells values = m_honest;
    for (std::size_t k = 0; k < combinations; ++k) {
        std::size_t rest = k;
        for (const std::size_t c : columns) {
            const auto& possible = *state.possible[c];
            values[c] = Element::from(possible[rest % possible.size()]);
            rest /= possible.size();
        }
        body(values);
    }
    return true;
}

void Search::solve(State& state, const Polynomial& equation)
{
    const auto unknowns = equation.unknowns();
    if (unknowns.empty()) {
        if (!equation.constant()->isZero()) state.isContradiction = true;
    } else if (unknowns.size() == 1) {
        solveOne(state, equation, unknowns.front());
    } else {
        solveMany(state, equation, unknowns);
    }
}

void Search::solveOne(State& state, const Polynomial& equation, std::size_t column)
{
    std::vector<std::uint32_t> roots;
    if (forAll(state, {column}, [&](const Cells& values) {
            if (equation.at(values).isZero()) roots.push_back(values[column].value());
        })) {
        narrow(state, column, roots);
        return;
    }
    if (state.possible[column]) return;
    Cells values = m_honest;
    if (const auto linear = equation.linearIn(column, values)) {
        narrow(state, column, {(-linear->second * linear->first.inverse()).value()});
        return;
    }
    // A polynomial has no more roots than its degree: those of a bit or a hint's number are soon found.
    for (std::uint32_t x = 0; x < 16; ++x) {
        values[column] = Element::from(x);
        if (equation.at(values).isZero()) roots.push_back(x);
    }
    if (roots.size() == equation.degree()) narrow(state, column, roots);
}

/// One unknown by all possible values of the others.
void Search::solveMany(State& state, const Polynomial& equation, const std::vector<std::size_t>& unknowns)
{
    // The one with the most possible values is worked out.
    const auto countOf = [&](std::size_t c) {
        return state.possible[c] ? state.possible[c]->size() : std::numeric_limits<std::size_t>::max();
    };
    const std::size_t target =
        *std::max_element(unknowns.begin(), unknowns.end(),
                          [&](std::size_t a, std::size_t b) { return countOf(a) < countOf(b); });
    std::vector<std::size_t> others;
    std::copy_if(unknowns.begin(), unknowns.end(), std::back_inserter(others),
                 [&](std::size_t c) { return c != target; });
    std::vector<std::vector<std::uint32_t>> found(m_all->width);
    if (!equation.linearIn(target, m_honest)) { // squared: with all its own values
        if (forAll(state, unknowns, [&](const Cells& values) {
                if (!equation.at(values).isZero()) return;
                for (const std::size_t c : unknowns) found[c].push_back(values[c].value());
            })) {
            for (const std::size_t c : unknowns) narrow(state, c, found[c]);
        }
        return;
    }
    bool isFree = false; // of some combination the equation says nothing about the target
    const auto& allowed = state.possible[target];
    if (!forAll(state, others, [&](const Cells& values) {
            const auto linear = equation.linearIn(target, values);
            const bool isSaid = linear && !linear->first.isZero();
            if (linear && !isSaid && !linear->second.isZero()) return;
            if (isSaid) {
                const std::uint32_t value = (-linear->second * linear->first.inverse()).value();
                if (allowed && !std::binary_search(allowed->begin(), allowed->end(), value)) return;
                found[target].push_back(value);
            }
            isFree = isFree || !isSaid;
            for (const std::size_t c : others) found[c].push_back(values[c].value());
        })) {
        if (const auto integers = amongIntegers(state, equation)) bound(state, *integers);
        return;
    }
    for (const std::size_t c : others) narrow(state, c, found[c]);
    if (!isFree) narrow(state, target, found[target]);
}

/// A sum of few small numbers, if it is zero among the integers too.
std::optional<IntegerEquation> Search::amongIntegers(const State& state, const Polynomial& equation) const
{
    if (equation.degree() != 1) return std::nullopt;
    IntegerEquation out;
    Wide least = 0;
    Wide most = 0;
    for (const auto& [product, factor] : equation.terms()) {
        const std::int64_t value = factor.value();
        const Wide integer = value > Element::kModulus / 2 ? value - std::int64_t{Element::kModulus} : value;
        if (product == 0) {
            out.constant = integer;
            least += integer;
            most += integer;
            continue;
        }
        const auto& values = state.possible[product - 1];
        if (!values || values->empty()) return std::nullopt;
        out.factors[product - 1] = integer;
        least += std::min(integer * values->front(), integer * values->back());
        most += std::max(integer * values->front(), integer * values->back());
    }
    if (least <= -Wide{Element::kModulus} || most >= Wide{Element::kModulus}) return std::nullopt;
    return out;
}

/// Values that the others cannot make up for, by their bounds or by what divides them all, are none.
void Search::bound(State& state, const IntegerEquation& equation)
{
    Wide least = equation.constant;
    Wide most = equation.constant;
    const auto bounds = [&](std::size_t c, Wide factor) {
        const Wide a = factor * state.possible[c]->front();
        const Wide b = factor * state.possible[c]->back();
        return std::pair{std::min(a, b), std::max(a, b)};
    };
    for (const auto& [c, factor] : equation.factors) {
        least += bounds(c, factor).first;
        most += bounds(c, factor).second;
    }
    if (least > 0 || most < 0) state.isContradiction = true;
    for (const auto& [c, factor] : equation.factors) {
        if (state.isContradiction) return;
        const auto [ownLeast, ownMost] = bounds(c, factor);
        Wide divisor = 0; // of all others
        for (const auto& [other, otherFactor] : equation.factors) {
            if (other != c && divisor != 1) divisor = commonDivisor(divisor, otherFactor);
        }
        const auto fits = [&](std::uint32_t value) {
            const Wide own = factor * value;
            return least - ownLeast + own <= 0 && most - ownMost + own >= 0 &&
                   (divisor == 0 || (own + equation.constant) % divisor == 0);
        };
        // Between two values that fit all others lie within the bounds.
        if (divisor == 1 && fits(state.possible[c]->front()) && fits(state.possible[c]->back())) continue;
        std::vector<std::uint32_t> kept;
        std::copy_if(state.possible[c]->begin(), state.possible[c]->end(), std::back_inserter(kept), fits);
        narrow(state, c, std::move(kept));
        if (state.isContradiction) return;
        const auto now = bounds(c, factor);
        least += now.first - ownLeast;
        most += now.second - ownMost;
    }
}

/// `value` is one of the numbers below `below` that are allowed.
void Search::limit(State& state, const Polynomial& value, const std::function<bool(std::uint32_t)>& isAllowed,
                   std::uint32_t below)
{
    const auto unknowns = value.unknowns();
    if (unknowns.empty()) {
        if (!isAllowed(value.constant()->value())) state.isContradiction = true;
        return;
    }
    std::vector<std::vector<std::uint32_t>> found(m_all->width);
    if (forAll(state, unknowns, [&](const Cells& values) {
            if (!isAllowed(value.at(values).value())) return;
            for (const std::size_t c : unknowns) found[c].push_back(values[c].value());
        })) {
        for (const std::size_t c : unknowns) narrow(state, c, found[c]);
        return;
    }
    if (unknowns.size() != 1 || state.possible[unknowns.front()]) return;
    const auto linear = value.linearIn(unknowns.front(), m_honest);
    if (!linear) return;
    const Element inverse = linear->first.inverse();
    std::vector<std::uint32_t> all;
    for (std::uint32_t x = 0; x < below; ++x) {
        if (isAllowed(x)) all.push_back(((Element::from(x) - linear->second) * inverse).value());
    }
    narrow(state, unknowns.front(), std::move(all));
}

void Search::look(State& state, const Lookup& lookup)
{
    const auto below = [](std::uint32_t bound) { return [bound](std::uint32_t x) { return x < bound; }; };
    const auto& f = lookup.fields;
    switch (lookup.bus) {
    case chips::kLimbBus: limit(state, f[0], below(1U << 16U), 1U << 16U); break;
    case chips::kBitsBus: {
        const auto count = f[1].constant();
        if (!count) break;
        if (count->value() < 1 || count->value() > 15) {
            state.isContradiction = true;
            break;
        }
        limit(state, f[0], below(1U << count->value()), 1U << count->value());
        break;
    }
    case chips::kAddressBus:
    case chips::kFieldBus: {
        const auto isAllowed = [&](std::uint32_t x) { return m_oracle->isTrue({lookup.bus, x}); };
        limit(state, f[0], isAllowed, 1U << 16U);
        break;
    }
    case chips::kPairBus:
        limit(state, f[0], below(256), 256);
        limit(state, f[1], below(256), 256);
        break;
    case chips::kByteBus: {
        limit(state, f[1], below(256), 256);
        limit(state, f[2], below(256), 256);
        const auto operation = f[0].constant();
        const auto a = f[1].constant();
        const auto b = f[2].constant();
        if (operation && a && b && !state.isContradiction) {
            if (operation->value() > 3) state.isContradiction = true;
            const auto c = RowOracle::ofBytes(operation->value(), a->value(), b->value());
            solve(state, f[3] - Polynomial(Element::from(c)));
        }
        break;
    }
    case chips::kMemoryBus: // a leaf has words at multiples of four alone (memory.h)
        limit(
            state, f[0], [](std::uint32_t x) { return x < 0x10000U && x % 4 == 0; }, 1U << 16U);
        break;
    case chips::kCallBus: // no table answers a number that is no precompile's
        limit(
            state, f[0], [](std::uint32_t x) { return chips::operandsOf(x).has_value(); }, 256);
        break;
    default: break; // says nothing here: fewer rows are excluded, none too many
    }
}

/// The first message to others that is not known, or empty.
std::string Search::unknownOutput(const std::vector<Polynomial>& nodes) const
{
    for (const stark::Interaction& i : m_all->interactions) {
        if (RowOracle::isAnswered(i.bus)) continue;
        const auto multiplicity = nodes[i.multiplicity].constant();
        if (!multiplicity) return "whether: " + i.name;
        if (multiplicity->isZero()) continue;
        for (std::size_t f = 0; f < i.fields.size(); ++f) {
            if (!nodes[i.fields[f]].constant()) return i.name + ", field " + std::to_string(f);
        }
    }
    return {};
}

/// The unknown with the fewest values; where that came to no end, of those that are sent, or stand in an equation with one
/// of them, and so on, as nothing may hang on the others.
std::optional<std::size_t> Search::nextToTry(const State& state, const std::vector<Polynomial>& nodes) const
{
    std::set<std::size_t> sent;
    for (const stark::Interaction& i : m_all->interactions) {
        if (RowOracle::isAnswered(i.bus)) continue;
        const auto multiplicity = nodes[i.multiplicity].constant();
        for (const std::size_t c : nodes[i.multiplicity].unknowns()) sent.insert(c);
        if (multiplicity && multiplicity->isZero()) continue;
        for (const std::uint32_t f : i.fields) {
            for (const std::size_t c : nodes[f].unknowns()) sent.insert(c);
        }
    }
    // Known, and not what it should be: so something else must break.
    if (!m_isNearFirst || sent.empty()) {
        for (std::size_t c = 0; c < state.possible.size(); ++c) sent.insert(c);
    }
    while (true) {
        std::optional<std::size_t> best;
        for (const std::size_t c : sent) {
            const auto& values = state.possible[c];
            if (!values || values->size() < 2 || values->size() > kMostTried) continue;
            if (!best || values->size() < state.possible[*best]->size()) best = c;
        }
        if (best) return best;
        std::set<std::size_t> near = sent;
        for (const stark::Assertion& assertion : m_all->assertions) {
            const auto unknowns = nodes[assertion.node].unknowns();
            if (std::any_of(unknowns.begin(), unknowns.end(),
                            [&](std::size_t c) { return sent.contains(c); }))
                near.insert(unknowns.begin(), unknowns.end());
        }
        if (near.size() == sent.size()) return std::nullopt;
        sent = std::move(near);
    }
}

/// Nothing is proven any more; but another outcome may still be found among a few values of what has too many.
void Search::guess(const State& state, const std::vector<Polynomial>& nodes)
{
    for (const stark::Interaction& i : m_all->interactions) {
        if (RowOracle::isAnswered(i.bus)) continue;
        for (const std::uint32_t f : i.fields) {
            for (const std::size_t c : nodes[f].unknowns()) {
                const auto& values = state.possible[c];
                for (const std::uint32_t change :
                     {1U, 0x10000U, Element::kModulus - 1, Element::kModulus - 0x10000U}) {
                    const std::uint32_t value = (m_honest[c] + Element::from(change)).value();
                    if (values && !std::binary_search(values->begin(), values->end(), value)) continue;
                    ++m_answer.tries;
                    State next = state;
                    next.possible[c] = std::vector<std::uint32_t>{value};
                    explore(std::move(next));
                    if (m_answer.verdict == Outcomes::Verdict::Another) return;
                }
            }
        }
    }
}

void Search::explore(State state)
{
    if (m_answer.verdict == Outcomes::Verdict::Another) return;
    if (m_answer.tries > kMostRows || m_work > kMostWork) {
        m_answer.open = "the search took too long";
        return;
    }
    propagate(state);
    if (!state.isContradiction && !unknownOutput(nodes(state)).empty()) {
        probe(state);
        propagate(state);
    }
    if (state.isContradiction) return;
    const auto all = nodes(state);
    std::string open = unknownOutput(all);
    if (open.empty()) {
        open = otherOutput(state);
        if (open.empty() || m_answer.verdict == Outcomes::Verdict::Another) return;
    }
    const auto best = nextToTry(state, all);
    if (!best) {
        m_answer.open = open;
        guess(state, all);
        return;
    }
    const std::vector<std::uint32_t> values = *state.possible[*best];
    for (const std::uint32_t value : values) {
        ++m_answer.tries;
        State next = state;
        next.possible[*best] = std::vector<std::uint32_t>{value};
        explore(std::move(next));
    }
}

/// All that is sent is known. Empty if it is the same as before; otherwise what is not, and it is another outcome if the rest
/// can be filled up.
std::string Search::otherOutput(const State& state)
{
    Cells row = m_honest;
    for (std::size_t c = 0; c < row.size(); ++c) {
        if (const auto& values = state.possible[c]) {
            const bool keeps = std::binary_search(values->begin(), values->end(), row[c].value());
            if (!keeps) row[c] = Element::from(values->front());
        }
    }
    Cells now;
    m_oracle->evaluate(m_chip, row, 0, now);
    std::string other;
    for (std::size_t i = 0; i < m_all->interactions.size(); ++i) {
        if (RowOracle::isAnswered(m_all->interactions[i].bus)) continue;
        const auto before = m_oracle->interaction(m_chip, i, m_honestNodes);
        const auto after = m_oracle->interaction(m_chip, i, now);
        const bool sameNumber = before.multiplicity == after.multiplicity;
        if (sameNumber && (after.multiplicity.isZero() || before.message == after.message)) continue;
        other = m_all->interactions[i].name;
    }
    if (other.empty()) return other;
    bool isTrue = true;
    for (std::size_t i = 0; i < m_all->assertions.size(); ++i) {
        if (!isSkipped(i) && !now[m_all->assertions[i].node].isZero()) isTrue = false;
    }
    for (std::size_t i = 0; i < m_all->interactions.size(); ++i) {
        const auto after = m_oracle->interaction(m_chip, i, now);
        const bool isLookup = RowOracle::isAnswered(m_all->interactions[i].bus);
        if (m_all->interactions[i].bus == chips::kCallBus && !after.multiplicity.isZero() &&
            !chips::operandsOf(after.message[1]))
            isTrue = false;
        if (!isLookup || after.multiplicity.isZero() || isSkipped(m_all->assertions.size() + i)) continue;
        if (!m_oracle->isTrue(after.message)) isTrue = false;
    }
    if (isTrue) {
        m_answer.verdict = Outcomes::Verdict::Another;
        m_answer.open = other;
        m_answer.row = std::move(row);
    }
    return other + ", which may be another one";
}

} // namespace

Outcomes::Outcomes(const RowOracle& oracle, std::size_t chip, std::optional<std::size_t> skipped)
    : m_oracle(&oracle), m_chip(chip), m_skipped(skipped)
{
}

Outcomes::Answer Outcomes::of(const Cells& honest) const
{
    return Search(*m_oracle, m_chip, m_skipped, honest).run();
}

} // namespace bowline::test
