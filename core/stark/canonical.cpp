// SPDX-License-Identifier: MIT
#include "core/stark/canonical.h"

#include <algorithm>
#include <optional>

namespace bowline::stark {

namespace {
[[nodiscard]] bool isOperation(const Node& node)
{
    return node.kind == NodeKind::Add || node.kind == NodeKind::Subtract || node.kind == NodeKind::Multiply;
}

// The finaliser of splitmix64, chained. It orders operands and nothing else.
[[nodiscard]] std::uint64_t mixed(std::uint64_t seed, std::uint64_t x)
{
    x += seed * 0x9e3779b97f4a7c15U + 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31U);
}

class Renumbering {
public:
    explicit Renumbering(const std::vector<Node>& nodes) : m_from(nodes), m_places(nodes.size())
    {
        for (const Node& node : nodes) {
            std::uint64_t a = node.a;
            std::uint64_t b = node.b;
            if (isOperation(node)) {
                a = m_signatures[node.a];
                b = m_signatures[node.b];
                if (node.kind != NodeKind::Subtract && a > b) std::swap(a, b); // both orders are one node
            }
            m_signatures.push_back(mixed(mixed(static_cast<std::uint64_t>(node.kind), a), b));
        }
    }

    // The new number of a node.
    [[nodiscard]] std::uint32_t place(std::uint32_t index)
    {
        if (m_places[index]) return *m_places[index];
        Node node = m_from[index];
        if (isOperation(node)) {
            if (node.kind != NodeKind::Subtract && m_signatures[node.a] > m_signatures[node.b])
                std::swap(node.a, node.b);
            node.a = place(node.a);
            node.b = place(node.b);
            if (node.kind != NodeKind::Subtract && node.a > node.b) std::swap(node.a, node.b);
        }
        m_places[index] = static_cast<std::uint32_t>(m_nodes.size());
        m_nodes.push_back(node);
        return *m_places[index];
    }
    [[nodiscard]] std::vector<Node> take() { return std::move(m_nodes); }

private:
    const std::vector<Node>& m_from;
    std::vector<std::uint64_t> m_signatures; // of what a node computes, however its operands are numbered
    std::vector<std::optional<std::uint32_t>> m_places;
    std::vector<Node> m_nodes;
};
} // namespace

Constraints inCanonicalOrder(Constraints recorded)
{
    Renumbering numbers(recorded.nodes);
    for (Assertion& assertion : recorded.assertions) assertion.node = numbers.place(assertion.node);
    for (Interaction& interaction : recorded.interactions) {
        interaction.multiplicity = numbers.place(interaction.multiplicity);
        for (std::uint32_t& field : interaction.fields) field = numbers.place(field);
    }
    recorded.nodes = numbers.take();
    return recorded;
}

} // namespace bowline::stark
