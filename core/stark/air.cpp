// SPDX-License-Identifier: MIT
#include "core/stark/air.h"

#include "core/stark/canonical.h"

#include <algorithm>

namespace bowline::stark {

using base::makeError;

Expr operator+(Expr a, Expr b)
{
    AirBuilder& builder = *a.m_builder;
    if (builder.isConstant(a, 0)) return b;
    if (builder.isConstant(b, 0)) return a;
    // Both orders are one node.
    return builder.add({NodeKind::Add, std::min(a.m_node, b.m_node), std::max(a.m_node, b.m_node)});
}

Expr operator-(Expr a, Expr b)
{
    AirBuilder& builder = *a.m_builder;
    if (builder.isConstant(b, 0)) return a;
    return builder.add({NodeKind::Subtract, a.m_node, b.m_node});
}

Expr operator*(Expr a, Expr b)
{
    AirBuilder& builder = *a.m_builder;
    if (builder.isConstant(a, 1) || builder.isConstant(b, 0)) return b;
    if (builder.isConstant(b, 1) || builder.isConstant(a, 0)) return a;
    return builder.add({NodeKind::Multiply, std::min(a.m_node, b.m_node), std::max(a.m_node, b.m_node)});
}

Expr operator-(Expr a) { return a.m_builder->constant(0U) - a; }
Expr operator+(Expr a, std::uint32_t b) { return a + a.m_builder->constant(b); }
Expr operator-(Expr a, std::uint32_t b) { return a - a.m_builder->constant(b); }
Expr operator-(std::uint32_t a, Expr b) { return b.m_builder->constant(a) - b; }
Expr operator*(Expr a, std::uint32_t b) { return a * a.m_builder->constant(b); }

AirBuilder::AirBuilder(std::size_t width, std::size_t preprocessedWidth, std::size_t publicValues)
{
    m_out.width = width;
    m_out.preprocessedWidth = preprocessedWidth;
    m_out.publicValues = publicValues;
}

Expr AirBuilder::add(Node node)
{
    const auto [at, fresh] = m_known.try_emplace(node, static_cast<std::uint32_t>(m_out.nodes.size()));
    if (fresh) m_out.nodes.push_back(node);
    return {this, at->second};
}

Expr AirBuilder::cell(NodeKind kind, std::size_t column, std::uint32_t row)
{
    return add({kind, static_cast<std::uint32_t>(column), row});
}

Expr AirBuilder::publicValue(std::size_t index)
{
    return add({NodeKind::Public, static_cast<std::uint32_t>(index)});
}
Expr AirBuilder::constant(std::uint32_t value)
{
    return add({NodeKind::Constant, Element::from(value).value()});
}

bool AirBuilder::isConstant(Expr e, std::uint32_t value) const
{
    const Node& node = m_out.nodes[e.m_node];
    return node.kind == NodeKind::Constant && node.a == value;
}

void AirBuilder::assertZero(Expr value, std::string name)
{
    m_out.assertions.push_back({value.m_node, std::move(name)});
}

void AirBuilder::send(std::uint32_t bus, Expr multiplicity, const std::vector<Expr>& fields, std::string name)
{
    interact(bus, true, multiplicity, fields, std::move(name));
}

void AirBuilder::receive(std::uint32_t bus, Expr multiplicity, const std::vector<Expr>& fields,
                         std::string name)
{
    interact(bus, false, multiplicity, fields, std::move(name));
}

void AirBuilder::interact(std::uint32_t bus, bool send, Expr multiplicity, const std::vector<Expr>& fields,
                          std::string name)
{
    Interaction out{bus, send, multiplicity.m_node, {}, std::move(name)};
    for (const Expr& field : fields) out.fields.push_back(field.m_node);
    m_out.interactions.push_back(std::move(out));
}

bool Constraints::readsNext(NodeKind kind) const
{
    return std::any_of(nodes.begin(), nodes.end(),
                       [kind](const Node& n) { return n.kind == kind && n.b == 1; });
}

std::vector<Degree> Constraints::degrees() const
{
    std::vector<Degree> out;
    out.reserve(nodes.size());
    for (const Node& node : nodes) {
        switch (node.kind) {
        case NodeKind::Constant:
        case NodeKind::Public: out.push_back({}); break;
        case NodeKind::Main:
        case NodeKind::Preprocessed:
        case NodeKind::FirstRow:
        case NodeKind::LastRow: out.push_back({1, 0}); break;
        case NodeKind::Transition: out.push_back({0, 1}); break;
        case NodeKind::Add:
        case NodeKind::Subtract:
            out.push_back({std::max(out[node.a].columns, out[node.b].columns),
                           std::max(out[node.a].transitions, out[node.b].transitions)});
            break;
        case NodeKind::Multiply:
            out.push_back({out[node.a].columns + out[node.b].columns,
                           out[node.a].transitions + out[node.b].transitions});
            break;
        }
    }
    return out;
}

namespace {
// Degrees of an interaction's denominator and numerator.
struct Fraction {
    unsigned message = 0;
    unsigned multiplicity = 0;
};

[[nodiscard]] Fraction fractionOf(const Interaction& interaction, const std::vector<Degree>& degrees)
{
    Fraction out;
    for (const std::uint32_t field : interaction.fields)
        out.message = std::max(out.message, degrees[field].columns);
    out.multiplicity = degrees[interaction.multiplicity].columns;
    return out;
}

[[nodiscard]] bool fitTogether(Fraction a, Fraction b)
{
    return 1 + a.message + b.message <= kMaxDegree && a.multiplicity + b.message <= kMaxDegree &&
           b.multiplicity + a.message <= kMaxDegree;
}

[[nodiscard]] const char* nameOf(NodeKind kind)
{
    switch (kind) {
    case NodeKind::Constant: return "constant";
    case NodeKind::Public: return "public";
    case NodeKind::Main: return "main";
    case NodeKind::Preprocessed: return "preprocessed";
    case NodeKind::FirstRow: return "first";
    case NodeKind::LastRow: return "last";
    case NodeKind::Transition: return "transition";
    case NodeKind::Add: return "add";
    case NodeKind::Subtract: return "subtract";
    case NodeKind::Multiply: return "multiply";
    }
    return "";
}
} // namespace

std::vector<std::vector<std::size_t>> Constraints::batches() const
{
    const std::vector<Degree> all = degrees();
    std::vector<std::vector<std::size_t>> out;
    for (std::size_t i = 0; i < interactions.size(); ++i) {
        if (!out.empty() && out.back().size() == 1 &&
            fitTogether(fractionOf(interactions[out.back()[0]], all), fractionOf(interactions[i], all))) {
            out.back().push_back(i);
        } else {
            out.push_back({i});
        }
    }
    return out;
}

std::string Constraints::text() const
{
    std::string out = "width " + std::to_string(width) + " preprocessed " +
                      std::to_string(preprocessedWidth) + " public " + std::to_string(publicValues) + "\n";
    for (std::size_t i = 0; i < nodes.size(); ++i) {
        out += std::to_string(i) + " " + nameOf(nodes[i].kind) + " " + std::to_string(nodes[i].a) + " " +
               std::to_string(nodes[i].b) + "\n";
    }
    for (const Assertion& assertion : assertions)
        out += "zero " + std::to_string(assertion.node) + " # " + assertion.name + "\n";
    for (const Interaction& interaction : interactions) {
        out += interaction.send ? "send " : "receive ";
        out += std::to_string(interaction.bus) + " times " + std::to_string(interaction.multiplicity) + " :";
        for (const std::uint32_t field : interaction.fields) out += " " + std::to_string(field);
        out += " # " + interaction.name + "\n";
    }
    return out;
}

namespace {
[[nodiscard]] base::Status checkNode(const Constraints& c, std::size_t index)
{
    const Node& node = c.nodes[index];
    const auto fail = [&](const char* why) {
        return makeError(kBadAir, std::string(why) + " in node " + std::to_string(index));
    };
    switch (node.kind) {
    case NodeKind::Constant:
        if (node.a >= Element::kModulus) return fail("a constant that is not below the modulus");
        break;
    case NodeKind::Public:
        if (node.a >= c.publicValues) return fail("no such public value");
        break;
    case NodeKind::Main:
        if (node.a >= c.width || node.b > 1) return fail("no such column");
        break;
    case NodeKind::Preprocessed:
        if (node.a >= c.preprocessedWidth || node.b > 1) return fail("no such preprocessed column");
        break;
    case NodeKind::FirstRow:
    case NodeKind::LastRow:
    case NodeKind::Transition: break;
    case NodeKind::Add:
    case NodeKind::Subtract:
    case NodeKind::Multiply:
        if (node.a >= index || node.b >= index) return fail("an operand behind its use");
        break;
    }
    return base::success();
}
} // namespace

base::Status Constraints::check() const
{
    for (std::size_t i = 0; i < nodes.size(); ++i) BOWLINE_CHECK(checkNode(*this, i));
    const std::vector<Degree> all = degrees();
    for (const Assertion& assertion : assertions) {
        if (assertion.node >= nodes.size()) return makeError(kBadAir, assertion.name + ": no such node");
        if (all[assertion.node].columns > kMaxDegree || all[assertion.node].transitions > 1)
            return makeError(kBadAir, assertion.name + ": the degree is above " + std::to_string(kMaxDegree));
    }
    for (const Interaction& interaction : interactions) {
        std::vector<std::uint32_t> used = interaction.fields;
        used.push_back(interaction.multiplicity);
        for (const std::uint32_t node : used) {
            if (node >= nodes.size()) return makeError(kBadAir, interaction.name + ": no such node");
            if (all[node].transitions > 0)
                return makeError(kBadAir, interaction.name + ": transition() in a message");
        }
        const Fraction fraction = fractionOf(interaction, all);
        if (1 + fraction.message > kMaxDegree || fraction.multiplicity > kMaxDegree)
            return makeError(kBadAir,
                             interaction.name + ": the degree is above " + std::to_string(kMaxDegree));
    }
    return base::success();
}

base::Result<Constraints> record(const Air& air, std::size_t publicValues)
{
    AirBuilder builder(air.width(), air.preprocessed().width, publicValues);
    air.eval(builder);
    Constraints out = builder.take();
    const base::Status good = out.check();
    if (!good.ok()) return makeError(kBadAir, air.name() + ": " + good.error().detail);
    return inCanonicalOrder(std::move(out));
}

} // namespace bowline::stark
