// SPDX-License-Identifier: MIT
// Attacks on a precompile's table. Thousands of false tables are judged by the table's own rows and the boundary, without
// the 2^16 rows of the lookup tables: a question to those counts as answered exactly if its answer is true, as
// whoever makes a proof may count them at will. The tests compare this judgement with the whole system's.
#pragma once

#include "core/stark/check.h"
#include "core/stark/verifier.h"
#include "core/zkvm/layout.h"
#include "tests/unit/chips/call_fixture.h"

#include <QString>

#include <random>
#include <set>
#include <sstream>

namespace bowline::test {

inline bool isLookup(std::uint32_t bus) { return bus >= chips::kLimbBus && bus <= chips::kFieldBus; }

/// Whether the lookup tables hold this message.
inline bool isTrueLookup(std::uint32_t bus, const std::vector<std::uint32_t>& fields)
{
    switch (bus) {
    case chips::kLimbBus: return fields[0] < 1U << 16U;
    case chips::kBitsBus: return fields[1] <= 15 && fields[0] < 1U << fields[1];
    case chips::kPairBus: return fields[0] < 256 && fields[1] < 256;
    case chips::kAddressBus:
        return fields[0] >= zkvm::kMemoryBegin >> 16U && fields[0] < zkvm::kMemoryEnd >> 16U;
    default: return false;
    }
}

/// A table that claims to answer what the boundary asks: the system has no lookup tables.
struct CallTable {
    stark::System system;
    stark::Matrix trace;
};

inline stark::System callSystem(const chips::CallChip& chip, const std::vector<OwnedCall>& calls)
{
    const std::vector<const stark::Air*> airs{&chip};
    auto system = stark::System::make(kTestParameters, 0, airs, [&calls](stark::AirBuilder& b) {
        for (const OwnedCall& call : calls) {
            std::vector<stark::Expr> fields = detail::constantsOf(b, {call.number, call.time});
            for (const std::uint32_t pointer : call.pointers) {
                fields.push_back(b.constant(pointer & 0xffffU));
                fields.push_back(b.constant(pointer >> 16U));
            }
            b.send(chips::kCallBus, b.constant(1U), fields, "call");
            detail::playMemory(b, call.pointers[1], call.time + chips::kAtSecond, call.second);
            detail::playMemory(b, call.pointers[2], call.time + chips::kAtThird, call.third);
            detail::playMemory(b, call.pointers[0], call.time + chips::kAtFirst, call.first);
        }
    });
    return std::move(system).value();
}

/// Lets an attack write into the table as the chip's fill does.
inline void edit(stark::Matrix& trace, std::size_t at, const std::function<void(const chips::Row&)>& change)
{
    std::vector<std::uint32_t> raw(trace.data.size());
    for (std::size_t i = 0; i < raw.size(); ++i) raw[i] = trace.data[i].value();
    change(chips::Row(raw.data(), trace.log, at));
    for (std::size_t i = 0; i < raw.size(); ++i) trace.data[i] = Element::from(raw[i]);
}

/// `filled` are the calls as the table tells them, at least one row of padding behind them.
inline stark::Matrix callTrace(const chips::CallChip& chip, const std::vector<OwnedCall>& filled)
{
    unsigned log = 1;
    while ((std::size_t{1} << log) <= filled.size()) ++log;
    stark::Matrix out(chip.width(), log);
    std::vector<std::uint32_t> raw(out.data.size());
    for (std::size_t i = 0; i < filled.size(); ++i) chip.fill(raw.data(), log, i, filled[i].view());
    for (std::size_t i = 0; i < raw.size(); ++i) out.data[i] = Element::from(raw[i]);
    return out;
}

inline CallTable callTable(const chips::CallChip& chip, const std::vector<OwnedCall>& asked,
                           const std::vector<OwnedCall>& filled)
{
    return {callSystem(chip, asked), callTrace(chip, filled)};
}

/// What does not hold: constraints, false lookups, calls and accesses that do not balance.
inline std::vector<std::string> faultsOf(const CallTable& table)
{
    std::vector<std::string> out;
    for (const stark::Violation& v : stark::findViolations(table.system, {table.trace}, {}, 100000)) {
        if (v.chip.empty()) {
            // "bus N (a, b, c) sums to n"
            QString text = QString::fromStdString(v.what);
            const QStringList fields = text.mid(text.indexOf('(') + 1).section(')', 0, 0).split(", ");
            const std::uint32_t bus = text.section(' ', 1, 1).toUInt();
            std::vector<std::uint32_t> values;
            for (const QString& field : fields) values.push_back(field.toUInt());
            if (isLookup(bus) && isTrueLookup(bus, values)) continue;
        }
        out.push_back(v.what);
    }
    return out;
}

inline Element valueOf(const stark::Constraints& constraints, const stark::Matrix& trace, std::size_t row,
                       std::uint32_t node)
{
    std::vector<Element> values;
    for (const stark::Node& n : constraints.nodes) {
        switch (n.kind) {
        case stark::NodeKind::Constant: values.push_back(Element::from(n.a)); break;
        case stark::NodeKind::Main: values.push_back(trace.at(row, n.a)); break;
        case stark::NodeKind::Add: values.push_back(values[n.a] + values[n.b]); break;
        case stark::NodeKind::Subtract: values.push_back(values[n.a] - values[n.b]); break;
        case stark::NodeKind::Multiply: values.push_back(values[n.a] * values[n.b]); break;
        default: values.emplace_back(); // a table of single rows has no other
        }
        if (values.size() == node + 1) break;
    }
    return values.back();
}

/// Chooses a row's cells `columns` one after the other so that the assertions of that name hold, each of which is
/// linear in the next cell: carries as quotients in the field, whatever they are.
inline void solveInField(CallTable& table, std::size_t row, const std::string& name,
                         const std::vector<std::size_t>& columns)
{
    const stark::Constraints& constraints = table.system.chips[0].constraints;
    std::size_t next = 0;
    for (const stark::Assertion& assertion : constraints.assertions) {
        if (assertion.name != name || next == columns.size()) continue;
        Element& cell = table.trace.at(row, columns[next++]);
        cell = Element{};
        const Element at0 = valueOf(constraints, table.trace, row, assertion.node);
        cell = Element::from(1);
        const Element slope = valueOf(constraints, table.trace, row, assertion.node) - at0;
        cell = -at0 * slope.inverse();
    }
}

/// Adds the lookup tables, counted from the table's messages, and asks the whole system.
inline bool proofAcceptsCalls(const chips::CallChip& chip, const CallTable& table)
{
    const chips::RangeTable range;
    const chips::ByteTable bytes;
    const std::vector<const stark::Air*> airs{&chip, &range, &bytes};
    stark::System system = stark::System::make(kTestParameters, 0, airs).value();
    system.boundary = table.system.boundary;
    stark::Matrix trace(table.trace.width, std::max(table.trace.log, stark::kLogFinal));
    for (std::size_t c = 0; c < trace.width; ++c) {
        for (std::size_t r = 0; r < table.trace.rows(); ++r) trace.at(r, c) = table.trace.at(r, c);
    }
    chips::LookupCounter counter;
    counter.count(system.chips[0], trace, field::kernels().backend);
    const stark::Traces traces{trace, counter.range(), counter.bytes()};
    const auto key = stark::ProvingKey::make(system);
    if (!key.ok()) return false;
    const auto proof = stark::prove(*key, traces, {});
    return proof.ok() && stark::verifyProof(key->verifying(), {}, *proof).ok();
}

struct Corruptions {
    std::size_t tried = 0;
    std::set<std::size_t> unnoticed; // columns
};

/// Each column of a row by itself: + 1, a random element, 0, and 256 more with one less in the next column.
inline Corruptions corruptColumns(const CallTable& honest, std::size_t row, std::uint32_t seed)
{
    std::mt19937 random(seed);
    Corruptions out;
    for (std::size_t c = 0; c < honest.trace.width; ++c) {
        for (int way = 0; way < 4; ++way) {
            CallTable bad = honest;
            Element& cell = bad.trace.at(row, c);
            const Element old = cell;
            if (way == 0) cell += Element::from(1);
            if (way == 1) cell = Element::from(static_cast<std::uint32_t>(random() % Element::kModulus));
            if (way == 2) cell = Element{};
            if (way == 3) {
                if (c + 1 == honest.trace.width) continue;
                cell += Element::from(256);
                bad.trace.at(row, c + 1) += -Element::from(1);
            }
            if (cell == old) continue;
            ++out.tried;
            if (faultsOf(bad).empty()) out.unnoticed.insert(c);
        }
    }
    return out;
}

struct CallWitness {
    std::string name;
    CallTable table;
};

/// Puts another number into a field of the boundary's messages on a bus: those from `first` on, `count` of them.
inline void bendBoundary(CallTable& table, std::uint32_t bus, std::size_t first, std::size_t count,
                         std::size_t field, const std::function<Element(Element)>& change)
{
    stark::Constraints& boundary = table.system.boundary;
    std::size_t seen = 0;
    for (stark::Interaction& message : boundary.interactions) {
        if (message.bus != bus || seen++ < first || seen > first + count) continue;
        const Element old = valueOf(boundary, {}, 0, message.fields[field]);
        boundary.nodes.push_back({stark::NodeKind::Constant, change(old).value()});
        message.fields[field] = static_cast<std::uint32_t>(boundary.nodes.size() - 1);
    }
}

/// One witness for every field of the call and of an access: the boundary said or has something else.
inline std::vector<CallWitness> bindingWitnesses(const CallTable& honest)
{
    std::vector<CallWitness> out;
    for (const auto& [bus, fields] :
         {std::pair<std::uint32_t, std::size_t>{chips::kCallBus, 8}, {chips::kMemoryBus, 5}}) {
        for (std::size_t f = 0; f < fields; ++f) {
            CallTable bad = honest;
            bendBoundary(bad, bus, 0, 1, f, [](Element x) { return x + Element::from(1); });
            out.push_back({"bus " + std::to_string(bus) + " has another field " + std::to_string(f), bad});
        }
    }
    return out;
}

/// An operand of a chip under attack. Of the boundary's accesses, two messages each, its own begin with number `first`.
struct OperandUnderAttack {
    std::string name;
    std::size_t which = 0;
    std::size_t first = 0;
    const chips::Operand* operand = nullptr;
};

/// Wrong addresses and stale reads. `call` makes an honest call with those pointers.
inline std::vector<CallWitness>
operandWitnesses(const chips::CallChip& chip, const std::vector<OperandUnderAttack>& operands,
                 const std::array<std::uint32_t, 3>& pointers,
                 const std::function<OwnedCall(std::array<std::uint32_t, 3>)>& call)
{
    std::vector<CallWitness> out;
    const auto minus1 = -Element::from(1);
    for (const OperandUnderAttack& o : operands) {
        const auto at = [&](const std::string& what, std::uint32_t pointer) {
            std::array<std::uint32_t, 3> moved = pointers;
            moved[o.which] = pointer;
            const OwnedCall made = call(moved);
            out.push_back({o.name + " " + what, callTable(chip, {made}, {made})});
        };
        at("begins below the memory", 0xfffc);
        at("ends beyond the memory", 0x7efffffc);
        at("is not aligned", pointers[o.which] + 2);

        const OwnedCall made = call(pointers);
        CallTable crossed = callTable(chip, {made}, {made});
        edit(crossed.trace, 0, [&](const chips::Row& row) {
            row.set(o.operand->address().flag(1), 1U);
            row.set(o.operand->address().flag(2), minus1);
        });
        bendBoundary(crossed, chips::kMemoryBus, o.first + 2, 2, 0,
                     [](Element x) { return x - Element::from(65536); });
        bendBoundary(crossed, chips::kMemoryBus, o.first + 2, 2, 1,
                     [](Element x) { return x + Element::from(1); });
        out.push_back({o.name + " has a word elsewhere", crossed});

        // The first word was last accessed 5 later than now.
        OwnedCall stale = made;
        auto& accesses = o.which == 0 ? stale.first : o.which == 1 ? stale.second : stale.third;
        accesses[0].previousTime = stale.time + 7;
        const CallTable gaps = callTable(chip, {stale}, {stale});
        out.push_back({o.name + " from the future", gaps});
        CallTable gap = gaps;
        edit(gap.trace, 0, [&](const chips::Row& row) {
            const chips::Port& port = o.operand->port(0);
            constexpr std::array<std::uint32_t, 3> subTimes{chips::kAtFirst, chips::kAtSecond,
                                                            chips::kAtThird};
            const std::uint32_t now = stale.time + subTimes[o.which];
            row.set(port.gap, Element::from(now) - Element::from(stale.time + 8));
        });
        out.push_back({o.name + " from the future, gap no limb", gap});
    }
    return out;
}

struct CallKillReport {
    std::size_t pieces = 0;
    std::vector<std::string> survivors;
    std::vector<std::string> acceptedByWhole;
    QString table;
};

namespace detail {
struct Piece {
    std::string name;
    std::function<void(stark::System&)> remove;
};

inline std::vector<Piece> piecesOf(const stark::System& system)
{
    const stark::Constraints& constraints = system.chips[0].constraints;
    std::set<std::string> assertions;
    std::set<std::string> lookups;
    for (const stark::Assertion& a : constraints.assertions) assertions.insert(a.name);
    for (const stark::Interaction& i : constraints.interactions) {
        if (isLookup(i.bus)) lookups.insert(i.name);
    }
    std::vector<Piece> out;
    for (const std::string& name : assertions) {
        out.push_back({name, [name](stark::System& s) {
                           std::erase_if(s.chips[0].constraints.assertions,
                                         [&](const auto& a) { return a.name == name; });
                       }});
    }
    for (const std::string& name : lookups) {
        out.push_back({"lookup " + name, [name](stark::System& s) {
                           std::erase_if(s.chips[0].constraints.interactions,
                                         [&](const auto& i) { return isLookup(i.bus) && i.name == name; });
                       }});
    }
    const auto edited = [](std::uint32_t bus, std::optional<std::size_t> field) {
        return [bus, field](stark::System& s) {
            for (stark::Constraints* c : {&s.boundary, &s.chips[0].constraints}) {
                if (!field) {
                    std::erase_if(c->interactions, [&](const auto& i) { return i.bus == bus; });
                    continue;
                }
                c->nodes.push_back({stark::NodeKind::Constant, 0, 0});
                for (stark::Interaction& i : c->interactions) {
                    if (i.bus == bus) i.fields[*field] = static_cast<std::uint32_t>(c->nodes.size() - 1);
                }
            }
        };
    };
    for (const auto& [bus, fields] :
         {std::pair<std::uint32_t, std::size_t>{chips::kMemoryBus, 5}, {chips::kCallBus, 8}}) {
        out.push_back({"bus " + std::to_string(bus), edited(bus, {})});
        for (std::size_t f = 0; f < fields; ++f)
            out.push_back({"bus " + std::to_string(bus) + ", field " + std::to_string(f), edited(bus, f)});
    }
    return out;
}
} // namespace detail

/// As kill_matrix.h, with constraints of one name as one piece, judged by rows.
inline CallKillReport killCalls(const std::vector<CallWitness>& witnesses)
{
    CallKillReport out;
    for (const CallWitness& w : witnesses) {
        if (faultsOf(w.table).empty()) out.acceptedByWhole.push_back(w.name);
    }
    for (const detail::Piece& piece : detail::piecesOf(witnesses.front().table.system)) {
        ++out.pieces;
        std::string killer;
        for (const CallWitness& w : witnesses) {
            CallTable mutant = w.table;
            piece.remove(mutant.system);
            if (!faultsOf(mutant).empty()) continue;
            killer = w.name;
            break;
        }
        if (killer.empty()) out.survivors.push_back(piece.name);
        out.table += QString("%1 %2\n")
                         .arg(QString::fromStdString(piece.name), -28)
                         .arg(killer.empty() ? QString("SURVIVES") : QString::fromStdString(killer));
    }
    return out;
}

} // namespace bowline::test
