// SPDX-License-Identifier: MIT
// The constraints of one chip at the point out of the domain, over a backend's values.
#pragma once

#include "core/field/extension.h"
#include "core/stark/key.h"

namespace bowline::stark {

/// What the prover claims of one chip at the point; columns as opened, base columns each.
template <typename Ext>
struct ChipValues {
    const std::vector<Ext>* main = nullptr;
    const std::vector<Ext>* mainNext = nullptr;
    const std::vector<Ext>* preprocessed = nullptr;
    const std::vector<Ext>* preprocessedNext = nullptr;
    const std::vector<Ext>* logUp = nullptr;
    const std::vector<Ext>* logUpNext = nullptr;
    const std::vector<Ext>* quotient = nullptr;
    Ext sum{};
};

template <typename B>
class ConstraintCheck {
public:
    using Felt = typename B::Felt;
    using Ext = typename B::Ext;

    ConstraintCheck(B& backend, const std::vector<Felt>& publicValues, const Ext& alpha, const Ext& beta)
        : m_b(backend), m_publicValues(publicValues), m_alpha(alpha), m_beta(beta)
    {
    }

    /// The sum over the messages that public values send: what the chips' sums must cancel.
    [[nodiscard]] Ext boundary(const Constraints& constraints)
    {
        const std::vector<Ext> nodes = nodeValues(constraints, {}, {});
        Ext out = zero();
        for (const Interaction& interaction : constraints.interactions) {
            const Ext term = signedMultiplicity(interaction, nodes) *
                             m_b.inverse(message(interaction, nodes), "boundary message");
            out = out + term;
        }
        return out;
    }

    /// Requires the sum of c^k C_k(zeta) to be Z(zeta) Q(zeta).
    void chip(const VerifyingKey::ChipKey& key, unsigned log, const ChipValues<Ext>& values, const Ext& zeta,
              const Ext& c)
    {
        Ext power = zeta; // zeta^n
        for (unsigned i = 0; i < log; ++i) power = power * power;
        const Ext vanishing = power - one();
        const std::vector<Ext> nodes = nodeValues(key.constraints, values, selectors(log, zeta, vanishing));
        Ext sum = zero();
        Ext weight = one();
        for (const Assertion& assertion : key.constraints.assertions) {
            sum = sum + weight * nodes[assertion.node];
            weight = weight * c;
        }
        if (!key.batches.empty()) sum = sum + weight * logUp(key, log, values, nodes, c);
        const Ext quotient = join(*values.quotient, 0) + power * join(*values.quotient, 4);
        m_b.requireEqual(sum, vanishing * quotient, "constraints");
    }

private:
    struct Selectors {
        Ext first{};
        Ext last{};
        Ext transition{};
    };

    [[nodiscard]] Ext one() { return m_b.constant(field::Extension::from(1)); }
    [[nodiscard]] Ext zero() { return m_b.constant(field::Extension{}); }
    [[nodiscard]] Ext number(Element x) { return m_b.constant(field::Extension{x}); }

    [[nodiscard]] Selectors selectors(unsigned log, const Ext& zeta, const Ext& vanishing)
    {
        const Element root = Element::rootOfUnity(log);
        const Ext scaled = vanishing * number(Element::from(1U << log).inverse());
        return {scaled * m_b.inverse(zeta - one(), "point in the trace domain"),
                scaled * m_b.inverse(zeta * number(root) - one(), "point in the trace domain"),
                zeta - number(root.inverse())};
    }

    [[nodiscard]] std::vector<Ext> nodeValues(const Constraints& constraints, const ChipValues<Ext>& values,
                                              const Selectors& selectors)
    {
        std::vector<Ext> out;
        out.reserve(constraints.nodes.size());
        for (const Node& node : constraints.nodes) {
            switch (node.kind) {
            case NodeKind::Constant: out.push_back(number(Element::from(node.a))); break;
            case NodeKind::Public: out.push_back(m_b.extension(m_publicValues[node.a])); break;
            case NodeKind::Main:
                out.push_back((node.b == 0 ? *values.main : *values.mainNext)[node.a]);
                break;
            case NodeKind::Preprocessed:
                out.push_back((node.b == 0 ? *values.preprocessed : *values.preprocessedNext)[node.a]);
                break;
            case NodeKind::FirstRow: out.push_back(selectors.first); break;
            case NodeKind::LastRow: out.push_back(selectors.last); break;
            case NodeKind::Transition: out.push_back(selectors.transition); break;
            case NodeKind::Add: out.push_back(out[node.a] + out[node.b]); break;
            case NodeKind::Subtract: out.push_back(out[node.a] - out[node.b]); break;
            case NodeKind::Multiply: out.push_back(out[node.a] * out[node.b]); break;
            }
        }
        return out;
    }

    // alpha + bus + the sum of beta^i field_i, i from 1.
    [[nodiscard]] Ext message(const Interaction& interaction, const std::vector<Ext>& nodes)
    {
        Ext out = m_alpha + number(Element::from(interaction.bus));
        Ext power = m_beta;
        for (const std::uint32_t field : interaction.fields) {
            out = out + power * nodes[field];
            power = power * m_beta;
        }
        return out;
    }
    [[nodiscard]] Ext signedMultiplicity(const Interaction& interaction, const std::vector<Ext>& nodes)
    {
        const Ext& multiplicity = nodes[interaction.multiplicity];
        return interaction.send ? multiplicity : zero() - multiplicity;
    }

    // Each batch's column is its fraction; the last batch's is what the running sum grows by beside the others.
    [[nodiscard]] Ext logUp(const VerifyingKey::ChipKey& key, unsigned log, const ChipValues<Ext>& values,
                            const std::vector<Ext>& nodes, const Ext& c)
    {
        Ext out = zero();
        Ext weight = one();
        Ext earlier = zero();
        for (std::size_t j = 0; j < key.batches.size(); ++j) {
            Ext fraction = join(*values.logUp, 4 * j);
            if (j + 1 == key.batches.size()) {
                const Ext share = values.sum * number(Element::from(1U << log).inverse());
                fraction = join(*values.logUpNext, 4 * j) - fraction + share - earlier;
            } else {
                earlier = earlier + fraction;
            }
            const Interaction& first = key.constraints.interactions[key.batches[j][0]];
            Ext denominator = message(first, nodes);
            Ext numerator = signedMultiplicity(first, nodes);
            if (key.batches[j].size() == 2) {
                const Interaction& second = key.constraints.interactions[key.batches[j][1]];
                const Ext other = message(second, nodes);
                numerator = numerator * other + signedMultiplicity(second, nodes) * denominator;
                denominator = denominator * other;
            }
            out = out + weight * (fraction * denominator - numerator);
            weight = weight * c;
        }
        return out;
    }

    // Four base columns' values to that of the extension column they make up.
    [[nodiscard]] Ext join(const std::vector<Ext>& columns, std::size_t first)
    {
        Ext out = columns[first];
        for (std::size_t i = 1; i < 4; ++i) {
            std::array<Element, 4> basis{};
            basis[i] = Element::from(1);
            out = out + m_b.constant(field::Extension{basis}) * columns[first + i];
        }
        return out;
    }

    B& m_b;
    const std::vector<Felt>& m_publicValues;
    Ext m_alpha;
    Ext m_beta;
};

} // namespace bowline::stark
