// SPDX-License-Identifier: MIT
// Visiting every state that a set of steps leads to (docs/model.md), and the made-up chain that the steps mine.
#pragma once

#include "core/bridge/states.h"
#include "tests/unit/bridge/fixture.h"

#include <deque>
#include <set>

namespace bowline::bridge::test {

/// Blocks that hold nothing or one of the known transactions. It keeps the rules of spending that the bridge leans
/// on: an output is spent once, after it was made, and not before its relative lock is over (BIP68).
class ModelChain {
public:
    ModelChain(const std::vector<Transaction>& known, Height below);

    /// Whether the next block may hold it.
    [[nodiscard]] bool fits(std::size_t transaction) const;
    void mine(std::optional<std::size_t> transaction) { m_blocks.push_back(transaction); }
    void disconnect() { m_blocks.pop_back(); }

    [[nodiscard]] std::size_t length() const { return m_blocks.size(); }
    [[nodiscard]] Height tip() const { return m_below + static_cast<std::uint32_t>(m_blocks.size()); }
    [[nodiscard]] std::optional<Height> heightOf(std::size_t transaction) const;
    /// At least `depth` blocks stand on the transaction's.
    [[nodiscard]] bool isDeepIn(std::size_t transaction, std::uint32_t depth) const;
    /// What the block at that height holds.
    [[nodiscard]] std::vector<Transaction> at(Height height) const;
    [[nodiscard]] std::string key() const;

    /// Tells a state machine of the bridge about the block at the tip, or that it leaves.
    template <typename States>
    void connectTip(States& states) const
    {
        states.blockConnected(tip(), at(tip()));
    }
    /// The whole chain, from the first block up.
    template <typename States>
    void replay(States& states) const
    {
        for (Height height = m_below + 1; height <= tip(); height = height + 1)
            states.blockConnected(height, at(height));
    }

private:
    struct Known {
        Transaction transaction;
        Txid txid;
    };
    std::shared_ptr<const std::vector<Known>> m_known;
    Height m_below;
    std::vector<std::optional<std::size_t>> m_blocks;
};

/// What does not hold in a state, by the names of docs/model.md.
class Findings {
public:
    /// `only`: no other rule is looked at, unless it is empty.
    explicit Findings(std::string_view only = {}) : m_only(only) {}
    void holds(bool condition, std::string_view rule)
    {
        if (!condition && (m_only.empty() || m_only == rule)) m_broken.insert(std::string(rule));
    }
    [[nodiscard]] const std::set<std::string>& broken() const { return m_broken; }

private:
    std::string m_only;
    std::set<std::string> m_broken;
};

struct Exploration {
    std::size_t states = 0;
    std::size_t transitions = 0;
    std::set<std::string> broken; // of the first state where something is
    std::string path;             // that leads there
};

/// Every state that can be reached from `start`, shortest paths first, until a rule (or `only` that one) is broken. A World has
/// key() (what its future depends on), successors() (named steps) and check(Findings&).
template <typename World>
Exploration explore(World start, std::string_view only = {})
{
    struct Visit {
        World world;
        std::string step;
        std::size_t from;
    };
    Exploration out;
    std::deque<Visit> visits;
    std::set<std::string> seen{start.key()};
    visits.push_back({std::move(start), "start", 0});
    for (std::size_t i = 0; i < visits.size(); ++i) {
        Findings findings(only);
        visits[i].world.check(findings);
        if (!findings.broken().empty()) {
            out.broken = findings.broken();
            for (std::size_t at = i; at != 0; at = visits[at].from)
                out.path = "\n  " + visits[at].step + out.path;
            break;
        }
        std::vector<std::pair<std::string, World>> next = visits[i].world.successors();
        out.transitions += next.size();
        for (auto& [step, world] : next) {
            if (seen.insert(world.key()).second) visits.push_back({std::move(world), std::move(step), i});
        }
    }
    out.states = visits.size();
    return out;
}

/// A state machine whose answer is changed: what a rule of the model must notice.
template <typename States, void (*change)(const States&, Timeline&)>
class Changed : public States {
public:
    using States::States;
    [[nodiscard]] Timeline timeline() const
    {
        Timeline out = States::timeline();
        change(*this, out);
        return out;
    }
};

/// One that a reorg leaves untouched.
template <typename States>
class Stubborn : public States {
public:
    using States::States;
    void blockDisconnected(Height) {}
};

} // namespace bowline::bridge::test
