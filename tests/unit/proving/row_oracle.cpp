// SPDX-License-Identifier: MIT
// In a file of its own because it is the tests' inner loop, and tests are not optimised.
#include "tests/unit/proving/row_oracle.h"

namespace bowline::test {

void RowOracle::evaluate(std::size_t chip, const Cells& cells, std::size_t row, Cells& out) const
{
    const stark::Constraints& constraints = m_system->chips[chip].constraints;
    const stark::Matrix& fixed = m_system->chips[chip].preprocessed;
    out.resize(constraints.nodes.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
        const stark::Node& node = constraints.nodes[i];
        switch (node.kind) {
        case stark::NodeKind::Constant: out[i] = field::Element::from(node.a); break;
        case stark::NodeKind::Main: out[i] = cells[node.a]; break;
        case stark::NodeKind::Preprocessed: out[i] = fixed.at(row, node.a); break;
        case stark::NodeKind::Add: out[i] = out[node.a] + out[node.b]; break;
        case stark::NodeKind::Subtract: out[i] = out[node.a] - out[node.b]; break;
        case stark::NodeKind::Multiply: out[i] = out[node.a] * out[node.b]; break;
        default: out[i] = {}; break; // not in these tables
        }
    }
}

RowOracle::Interaction RowOracle::interaction(std::size_t chip, std::size_t index, const Cells& nodes) const
{
    const stark::Interaction& i = constraints(chip).interactions[index];
    Interaction out{{i.bus}, nodes[i.multiplicity]};
    if (!i.send) out.multiplicity = -out.multiplicity;
    for (const std::uint32_t f : i.fields) out.message.push_back(nodes[f].value());
    return out;
}

std::optional<std::string> RowOracle::refusal(std::size_t chip, std::size_t row, const Cells& oldNodes,
                                              const Cells& after) const
{
    const stark::Constraints& all = constraints(chip);
    Cells nodes;
    evaluate(chip, after, row, nodes);
    for (const stark::Assertion& assertion : all.assertions) {
        if (!nodes[assertion.node].isZero()) return "constraint";
    }
    // A table's own multiplicities are what was changed: nobody counts them anew.
    const bool answers = chip >= m_tables->placeOfPermutation();
    std::map<Message, field::Element> changes;
    for (std::size_t i = 0; i < all.interactions.size(); ++i) {
        const Interaction now = interaction(chip, i, nodes);
        if (isAnswered(all.interactions[i].bus) && !answers) {
            if (!now.multiplicity.isZero() && !isTrue(now.message)) return "lookup";
            continue;
        }
        const Interaction then = interaction(chip, i, oldNodes);
        if (now.message == then.message && now.multiplicity == then.multiplicity) continue;
        changes[now.message] += now.multiplicity;
        changes[then.message] -= then.multiplicity;
    }
    for (const auto& change : changes) {
        if (!change.second.isZero()) return "balance";
    }
    return std::nullopt;
}

} // namespace bowline::test
