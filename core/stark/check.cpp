// SPDX-License-Identifier: MIT
#include "core/stark/check.h"

namespace bowline::stark {

namespace {
class RowChecker {
public:
    RowChecker(std::span<const Element> publicValues, std::size_t limit)
        : m_publicValues(publicValues), m_limit(limit)
    {
    }

    void chip(const Chip& chip, const Matrix& trace)
    {
        for (std::size_t row = 0; row < trace.rows(); ++row) {
            const std::vector<Element> nodes = evaluate(chip.constraints, &trace, &chip.preprocessed, row);
            for (const Assertion& assertion : chip.constraints.assertions) {
                if (!nodes[assertion.node].isZero()) add({chip.name, assertion.name, row});
            }
            messages(chip.constraints, nodes);
        }
    }
    void boundary(const Constraints& constraints)
    {
        messages(constraints, evaluate(constraints, nullptr, nullptr, 0));
    }
    std::vector<Violation> finish()
    {
        for (const auto& [message, sum] : m_sums) {
            if (sum.isZero()) continue;
            std::string what = "bus " + std::to_string(message.front()) + " (";
            for (std::size_t i = 1; i < message.size(); ++i)
                what += (i > 1 ? ", " : "") + std::to_string(message[i]);
            add({"", what + ") sums to " + std::to_string(sum.value()), 0});
        }
        return std::move(m_out);
    }

private:
    void add(Violation violation)
    {
        if (m_out.size() < m_limit) m_out.push_back(std::move(violation));
    }
    [[nodiscard]] std::vector<Element> evaluate(const Constraints& constraints, const Matrix* main,
                                                const Matrix* preprocessed, std::size_t row) const
    {
        std::vector<Element> out;
        out.reserve(constraints.nodes.size());
        const auto cell = [row](const Matrix& matrix, const Node& node) {
            return matrix.at((row + node.b) % matrix.rows(), node.a);
        };
        for (const Node& node : constraints.nodes) {
            switch (node.kind) {
            case NodeKind::Constant: out.push_back(Element::from(node.a)); break;
            case NodeKind::Public: out.push_back(m_publicValues[node.a]); break;
            case NodeKind::Main: out.push_back(cell(*main, node)); break;
            case NodeKind::Preprocessed: out.push_back(cell(*preprocessed, node)); break;
            case NodeKind::FirstRow: out.push_back(Element::from(row == 0 ? 1 : 0)); break;
            case NodeKind::LastRow: out.push_back(Element::from(row + 1 == main->rows() ? 1 : 0)); break;
            case NodeKind::Transition: out.push_back(Element::from(row + 1 == main->rows() ? 0 : 1)); break;
            case NodeKind::Add: out.push_back(out[node.a] + out[node.b]); break;
            case NodeKind::Subtract: out.push_back(out[node.a] - out[node.b]); break;
            case NodeKind::Multiply: out.push_back(out[node.a] * out[node.b]); break;
            }
        }
        return out;
    }
    void messages(const Constraints& constraints, const std::vector<Element>& nodes)
    {
        for (const Interaction& interaction : constraints.interactions) {
            const Element multiplicity = nodes[interaction.multiplicity];
            if (multiplicity.isZero()) continue;
            std::vector<std::uint32_t> message{interaction.bus};
            for (const std::uint32_t field : interaction.fields) message.push_back(nodes[field].value());
            m_sums[message] += interaction.send ? multiplicity : -multiplicity;
        }
    }

    std::span<const Element> m_publicValues;
    std::size_t m_limit;
    std::vector<Violation> m_out;
    std::map<std::vector<std::uint32_t>, Element> m_sums;
};
} // namespace

std::vector<Violation> findViolations(const System& system, const std::vector<std::optional<Matrix>>& traces,
                                      std::span<const Element> publicValues, std::size_t limit)
{
    RowChecker checker(publicValues, limit);
    for (std::size_t i = 0; i < system.chips.size(); ++i) {
        if (i < traces.size() && traces[i]) checker.chip(system.chips[i], *traces[i]);
    }
    checker.boundary(system.boundary);
    return checker.finish();
}

} // namespace bowline::stark
