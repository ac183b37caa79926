// SPDX-License-Identifier: MIT
// All that is wrong with one chip's rows, whatever the other tables do: constraints that do not hold, look-ups that no
// table answers, and messages that caller and memory do not expect. Unlike stark::findViolations a false row cannot be
// found by lookup tables whose counts were not made for it: a cheat would count again.
#pragma once

#include "core/stark/check.h"
#include "core/stark/verifier.h"
#include "core/zkvm/layout.h"
#include "tests/unit/chips/call_fixture.h"

#include <random>
#include <set>

namespace bowline::test {

/// By the pieces of Constraints, so that a set of one means: without this piece nobody would notice.
struct Verdict {
    using Messages = std::map<std::vector<std::uint32_t>, Element>; // the bus first

    std::set<std::size_t> assertions;
    std::set<std::size_t> lookups; // interactions
    Messages messages;             // sums, those of lookups left out

    void settle()
    {
        std::erase_if(messages, [](const auto& entry) { return entry.second.isZero(); });
    }
    [[nodiscard]] std::set<std::uint32_t> buses() const
    {
        std::set<std::uint32_t> out;
        for (const auto& [message, sum] : messages) out.insert(message.front());
        return out;
    }
    [[nodiscard]] bool clean() const { return assertions.empty() && lookups.empty() && messages.empty(); }
    friend bool operator==(const Verdict&, const Verdict&) = default;
};

/// Words that are the same in every run.
class Random {
public:
    explicit Random(std::uint32_t seed) : m_source(seed) {}
    std::uint32_t operator()() { return static_cast<std::uint32_t>(m_source()); }
    Element element() { return Element::from((*this)() >> 2U); }

private:
    std::mt19937 m_source;
};

class Audit {
public:
    explicit Audit(const stark::Air& air) : m_constraints(stark::record(air, 0).value()) {}

    [[nodiscard]] const stark::Constraints& constraints() const { return m_constraints; }
    /// The nth assertion of that name.
    [[nodiscard]] std::size_t assertion(const std::string& name, std::size_t nth = 0) const
    {
        for (std::size_t i = 0; i < m_constraints.assertions.size(); ++i) {
            if (m_constraints.assertions[i].name == name && nth-- == 0) return i;
        }
        throw std::out_of_range(name);
    }

    [[nodiscard]] Verdict rows(const stark::Matrix& trace, const std::vector<std::size_t>& rows) const
    {
        Verdict out;
        for (const std::size_t row : rows) look(m_constraints, &trace, row % trace.rows(), out);
        out.settle();
        return out;
    }
    /// Every row, and the calls that the boundary plays.
    [[nodiscard]] Verdict all(const stark::Matrix& trace, const std::vector<OwnedCall>& calls) const
    {
        Verdict out;
        bool zero = false; // one of the rows that are zero, with zeros behind them, speaks for the others
        for (std::size_t row = 0; row < trace.rows(); ++row) {
            const bool now = isZero(trace, row) && isZero(trace, (row + 1) % trace.rows());
            if (!now || !zero) look(m_constraints, &trace, row, out);
            zero = zero || now;
        }
        AirBuilder builder(0, 0, 0);
        detail::playCalls(builder, calls);
        look(builder.take(), nullptr, 0, out);
        out.settle();
        return out;
    }
    [[nodiscard]] Element value(const stark::Matrix& trace, std::size_t assertion, std::size_t row) const
    {
        m_nodes.resize(m_constraints.nodes.size());
        for (const std::uint32_t i : coneOf(assertion)) compute(m_constraints, &trace, row % trace.rows(), i);
        return m_nodes[m_constraints.assertions[assertion].node];
    }
    /// Makes the assertion hold in `row` by a cell in which it is linear.
    void solve(stark::Matrix& trace, std::size_t assertion, std::size_t row, std::size_t cellRow,
               std::size_t column) const
    {
        Element& cell = trace.at(cellRow % trace.rows(), column);
        cell = Element::from(0);
        const Element atZero = value(trace, assertion, row);
        cell = Element::from(1);
        const Element slope = value(trace, assertion, row) - atZero;
        cell = -atZero * slope.inverse();
    }

    [[nodiscard]] const std::vector<Element>& nodes(const stark::Matrix& trace, std::size_t row) const
    {
        evaluate(m_constraints, &trace, row % trace.rows());
        return m_nodes;
    }
    [[nodiscard]] static bool isLookup(std::uint32_t bus)
    {
        return bus >= chips::kLimbBus && bus <= chips::kFieldBus;
    }
    [[nodiscard]] static bool isAnswered(const std::vector<std::uint32_t>& message)
    {
        const std::uint32_t x = message[1];
        switch (message[0]) {
        case chips::kLimbBus: return x < 0x10000;
        case chips::kBitsBus: return message[2] >= 1 && message[2] <= 15 && x < 1U << message[2];
        case chips::kPairBus: return x < 256 && message[2] < 256;
        case chips::kAddressBus: return x >= zkvm::kMemoryBegin >> 16U && x < zkvm::kMemoryEnd >> 16U;
        default: return false; // none of the others is asked
        }
    }

private:
    void compute(const stark::Constraints& constraints, const stark::Matrix* trace, std::size_t row,
                 std::size_t i) const
    {
        const stark::Node& node = constraints.nodes[i];
        switch (node.kind) {
        case stark::NodeKind::Constant: m_nodes[i] = Element::from(node.a); break;
        case stark::NodeKind::Main: m_nodes[i] = trace->at((row + node.b) % trace->rows(), node.a); break;
        case stark::NodeKind::Add: m_nodes[i] = m_nodes[node.a] + m_nodes[node.b]; break;
        case stark::NodeKind::Subtract: m_nodes[i] = m_nodes[node.a] - m_nodes[node.b]; break;
        case stark::NodeKind::Multiply: m_nodes[i] = m_nodes[node.a] * m_nodes[node.b]; break;
        default: throw std::logic_error("no precompile asks for this");
        }
    }
    void evaluate(const stark::Constraints& constraints, const stark::Matrix* trace, std::size_t row) const
    {
        m_nodes.resize(constraints.nodes.size());
        for (std::size_t i = 0; i < m_nodes.size(); ++i) compute(constraints, trace, row, i);
    }
    // The nodes that an assertion is computed from, in their order.
    [[nodiscard]] const std::vector<std::uint32_t>& coneOf(std::size_t assertion) const
    {
        std::vector<std::uint32_t>& out = m_cones[assertion];
        if (!out.empty()) return out;
        std::set<std::uint32_t> found{m_constraints.assertions[assertion].node};
        for (auto i = found.end(); i != found.begin();) {
            const stark::Node& node = m_constraints.nodes[*--i];
            if (node.kind >= stark::NodeKind::Add) found.insert({node.a, node.b});
        }
        out.assign(found.begin(), found.end());
        return out;
    }
    [[nodiscard]] static bool isZero(const stark::Matrix& trace, std::size_t row)
    {
        for (std::size_t c = 0; c < trace.width; ++c) {
            if (!trace.at(row, c).isZero()) return false;
        }
        return true;
    }
    void look(const stark::Constraints& constraints, const stark::Matrix* trace, std::size_t row,
              Verdict& out) const
    {
        evaluate(constraints, trace, row);
        for (std::size_t i = 0; i < constraints.assertions.size(); ++i) {
            if (!m_nodes[constraints.assertions[i].node].isZero()) out.assertions.insert(i);
        }
        for (std::size_t i = 0; i < constraints.interactions.size(); ++i) {
            const stark::Interaction& interaction = constraints.interactions[i];
            const Element multiplicity = m_nodes[interaction.multiplicity];
            if (multiplicity.isZero()) continue;
            std::vector<std::uint32_t> message{interaction.bus};
            for (const std::uint32_t field : interaction.fields) message.push_back(m_nodes[field].value());
            if (!isLookup(interaction.bus))
                out.messages[message] += interaction.send ? multiplicity : -multiplicity;
            else if (!isAnswered(message))
                out.lookups.insert(i);
        }
    }
    stark::Constraints m_constraints;
    mutable std::vector<Element> m_nodes;
    mutable std::map<std::size_t, std::vector<std::uint32_t>> m_cones;
};

/// Which pieces some false witness passes without: what is left of stark's kill matrix where a chip has too many
/// constraints to make a system without each.
class Kills {
public:
    explicit Kills(const Audit& audit) : m_audit(audit) {}

    /// Yields whether the witness shows one piece, and is refused.
    bool count(const Verdict& verdict)
    {
        const std::set<std::uint32_t> buses = verdict.buses();
        if (verdict.assertions.size() + verdict.lookups.size() + buses.size() != 1) {
            countGroup(verdict, buses.empty());
            return false;
        }
        m_assertions.insert(verdict.assertions.begin(), verdict.assertions.end());
        m_lookups.insert(verdict.lookups.begin(), verdict.lookups.end());
        m_buses.insert(buses.begin(), buses.end());
        countGroup(verdict, buses.empty());
        return true;
    }
    /// Says how many pieces and names are killed, and names the rest, "3 of 8 name" where not all of one are.
    [[nodiscard]] std::string report() const
    {
        const auto& c = m_audit.constraints();
        std::map<std::string, std::array<std::size_t, 2>> names; // killed, all
        for (std::size_t i = 0; i < c.assertions.size(); ++i) {
            auto& counts = names[c.assertions[i].name];
            counts[0] += m_assertions.count(i);
            ++counts[1];
        }
        for (std::size_t i = 0; i < c.interactions.size(); ++i) {
            const stark::Interaction& interaction = c.interactions[i];
            const bool lookup = Audit::isLookup(interaction.bus);
            auto& counts = names[lookup ? interaction.name : "bus " + std::to_string(interaction.bus)];
            counts[0] += lookup ? m_lookups.count(i) : m_buses.count(interaction.bus);
            ++counts[1];
        }
        std::array<std::size_t, 2> sum{};
        std::string rest;
        std::size_t groups = 0;
        for (const auto& [name, counts] : names) {
            for (std::size_t i = 0; i < 2; ++i) sum[i] += counts[i];
            const bool group = counts[0] == counts[1] || m_groups.count(name) != 0;
            groups += group ? 1 : 0;
            if (counts[0] < counts[1])
                rest += "\n  " + std::to_string(counts[0]) + " of " + std::to_string(counts[1]) + " " + name +
                        (group ? ", all together" : "");
        }
        return std::to_string(sum[0]) + " of " + std::to_string(sum[1]) + " pieces, " +
               std::to_string(groups) + " of " + std::to_string(names.size()) + " names; left:" + rest;
    }
    /// The names of which neither every piece nor all together are killed.
    [[nodiscard]] std::set<std::string> survivors() const
    {
        std::set<std::string> out;
        const auto& c = m_audit.constraints();
        for (std::size_t i = 0; i < c.assertions.size(); ++i) {
            if (m_assertions.count(i) == 0 && m_groups.count(c.assertions[i].name) == 0)
                out.insert(c.assertions[i].name);
        }
        for (std::size_t i = 0; i < c.interactions.size(); ++i) {
            const stark::Interaction& interaction = c.interactions[i];
            const bool lookup = Audit::isLookup(interaction.bus);
            if (lookup ? m_lookups.count(i) == 0 && m_groups.count(interaction.name) == 0
                       : m_buses.count(interaction.bus) == 0)
                out.insert(lookup ? interaction.name : "bus " + std::to_string(interaction.bus));
        }
        return out;
    }

private:
    void countGroup(const Verdict& verdict, bool balanced)
    {
        std::set<std::string> names;
        for (const std::size_t i : verdict.assertions) names.insert(m_audit.constraints().assertions[i].name);
        for (const std::size_t i : verdict.lookups) names.insert(m_audit.constraints().interactions[i].name);
        if (balanced && names.size() == 1) m_groups.insert(*names.begin());
    }

    const Audit& m_audit;
    std::set<std::size_t> m_assertions;
    std::set<std::size_t> m_lookups;
    std::set<std::uint32_t> m_buses;
    std::set<std::string> m_groups;
};

/// Whether a real proof of the trace is accepted, and the rows are found to be right; without that assertion, if one
/// is given.
inline bool isProven(const chips::CallChip& chip, const std::vector<OwnedCall>& calls,
                     const stark::Matrix& trace, std::optional<std::size_t> without = std::nullopt)
{
    CallExample example = makeCallExample(chip, calls, trace);
    auto& assertions = example.system.chips[0].constraints.assertions;
    if (without) assertions.erase(assertions.begin() + static_cast<std::ptrdiff_t>(*without));
    const bool right = stark::findViolations(example.system, example.traces, {}, 1).empty();
    const auto key = stark::ProvingKey::make(example.system);
    const auto proof = stark::prove(*key, example.traces, {});
    const bool accepted = proof.ok() && stark::verifyProof(key->verifying(), {}, *proof).ok();
    if (accepted != right) throw std::logic_error("the proof says other than the rows");
    return accepted;
}

/// Changes single cells of a trace that is all right, and computes again only what depends on them.
class CellAudit {
public:
    CellAudit(const Audit& audit, const stark::Matrix& trace) : m_audit(audit), m_trace(trace)
    {
        const stark::Constraints& c = audit.constraints();
        m_users.resize(c.nodes.size());
        m_assertions.resize(c.nodes.size());
        m_interactions.resize(c.nodes.size());
        for (std::uint32_t i = 0; i < c.nodes.size(); ++i) {
            const stark::Node& node = c.nodes[i];
            if (node.kind == stark::NodeKind::Main) m_cells[{node.a, node.b}] = i;
            if (node.kind < stark::NodeKind::Add) continue;
            m_users[node.a].push_back(i);
            if (node.b != node.a) m_users[node.b].push_back(i);
        }
        for (const stark::Assertion& assertion : c.assertions) m_assertions[assertion.node] = true;
        for (std::uint32_t i = 0; i < c.interactions.size(); ++i) {
            m_interactions[c.interactions[i].multiplicity].push_back(i);
            for (const std::uint32_t field : c.interactions[i].fields) m_interactions[field].push_back(i);
        }
    }

    /// The columns of a row whose change nobody notices, by one more, nothing or a random value. Messages that
    /// change are noticed, as nobody expects the others; look-ups if no table answers.
    [[nodiscard]] std::set<std::size_t> unnoticed(std::size_t row, Element random)
    {
        std::set<std::size_t> out;
        const std::size_t before = (row + m_trace.rows() - 1) % m_trace.rows();
        std::vector<Element> here = m_audit.nodes(m_trace, row);
        std::vector<Element> earlier = m_audit.nodes(m_trace, before);
        for (std::uint32_t column = 0; column < m_trace.width; ++column) {
            const std::vector<std::uint32_t> asNow = dependent(column, 0);
            const std::vector<std::uint32_t> asNext = dependent(column, 1);
            const Element honest = m_trace.at(row, column);
            for (const Element value : {honest + Element::from(1), random, Element::from(0)}) {
                if (value == honest || notices(here, asNow, value) || notices(earlier, asNext, value))
                    continue;
                out.insert(column);
                break;
            }
        }
        return out;
    }

private:
    // What depends on a cell of this row or of the next one, that cell first.
    [[nodiscard]] std::vector<std::uint32_t> dependent(std::uint32_t column, std::uint32_t next) const
    {
        const auto cell = m_cells.find({column, next});
        if (cell == m_cells.end()) return {};
        std::set<std::uint32_t> found{cell->second};
        // Users come behind what they use, so that the set grows behind the iterator.
        for (auto i = found.begin(); i != found.end(); ++i)
            found.insert(m_users[*i].begin(), m_users[*i].end());
        return {found.begin(), found.end()};
    }
    // `nodes` are those of a row, and are so again afterwards.
    [[nodiscard]] bool notices(std::vector<Element>& nodes, const std::vector<std::uint32_t>& changed,
                               Element value) const;
    [[nodiscard]] bool noticesNow(std::vector<Element>& nodes, const std::vector<std::uint32_t>& changed,
                                  Element value, std::map<std::uint32_t, Element>& old) const;

    const Audit& m_audit;
    const stark::Matrix& m_trace;
    std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> m_cells;
    std::vector<std::vector<std::uint32_t>> m_users;
    std::vector<bool> m_assertions;
    std::vector<std::vector<std::uint32_t>> m_interactions;
};

inline bool CellAudit::notices(std::vector<Element>& nodes, const std::vector<std::uint32_t>& changed,
                               Element value) const
{
    std::map<std::uint32_t, Element> old;
    const bool out = noticesNow(nodes, changed, value, old);
    for (const auto& [i, was] : old) nodes[i] = was;
    return out;
}

inline bool CellAudit::noticesNow(std::vector<Element>& nodes, const std::vector<std::uint32_t>& changed,
                                  Element value, std::map<std::uint32_t, Element>& old) const
{
    const stark::Constraints& c = m_audit.constraints();
    std::set<std::uint32_t> touched;
    for (const std::uint32_t i : changed) {
        const stark::Node& node = c.nodes[i];
        Element now = value;
        if (node.kind == stark::NodeKind::Add) now = nodes[node.a] + nodes[node.b];
        if (node.kind == stark::NodeKind::Subtract) now = nodes[node.a] - nodes[node.b];
        if (node.kind == stark::NodeKind::Multiply) now = nodes[node.a] * nodes[node.b];
        if (now == nodes[i]) continue;
        old[i] = nodes[i];
        nodes[i] = now;
        if (m_assertions[i]) return true; // it was zero
        touched.insert(m_interactions[i].begin(), m_interactions[i].end());
    }
    for (const std::uint32_t i : touched) {
        const stark::Interaction& interaction = c.interactions[i];
        if (old.count(interaction.multiplicity) != 0) return true;
        if (nodes[interaction.multiplicity].isZero()) continue;
        std::vector<std::uint32_t> message{interaction.bus};
        for (const std::uint32_t field : interaction.fields) message.push_back(nodes[field].value());
        if (!Audit::isLookup(interaction.bus) || !Audit::isAnswered(message)) return true;
    }
    return false;
}

} // namespace bowline::test
