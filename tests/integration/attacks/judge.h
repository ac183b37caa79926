// SPDX-License-Identifier: MIT
// Who has what, told from outside after each attack: Bitcoin's side is recomputed from bitcoind's blocks, the layer 2's
// side from the objects that every node serves, and the two must fit.
#pragma once

#include "tests/integration/bridge/world.h"

#include <map>
#include <set>

namespace bowline::test {

/// All money at one moment, in satoshi.
struct Books {
    // From the blocks.
    std::int64_t vaults = 0; // unspent outputs that have the shape of a vault
    std::vector<std::int64_t>
        operators;         // coins of operator-1 and so on, fundings and stakes at work included
    std::int64_t paid = 0; // by payments of withdrawals
    int kickoffs = 0;
    int takes = 0;
    // From the layer 2.
    std::map<base::XOnlyPublicKey, std::int64_t> accounts; // staked included
    std::int64_t escrow = 0; // of withdrawals that are not finished, bonds included
    std::int64_t minted = 0;
    std::int64_t burned = 0;
    std::int64_t fees = 0;
};

class Judge {
public:
    /// Knows the operators of `world`; everybody else with an account is named by know().
    explicit Judge(const World& world);
    ~Judge();
    void know(const base::XOnlyPublicKey& account) { m_accounts.insert(account); }

    [[nodiscard]] Books books() const;
    /// What does not fit, or empty: money on the layer 2 that no vault stands for, a vault that is not an output of
    /// exactly its value, nodes that do not agree.
    [[nodiscard]] std::string wrongNow() const;
    /// What an attack changed although nobody may gain or lose by it, or empty. Miners' fees of operators up to
    /// `operatorFees` each are not the attack's doing.
    [[nodiscard]] std::string changedSince(const Books& before, std::int64_t operatorFees = 5'000) const;

private:
    struct Chain; // what was read of the blocks so far
    void readBlocks(Books& books) const;
    void readNewBlocks() const;
    [[nodiscard]] std::string wrongIn(const Books& now) const;
    void readLayerTwo(Books& books) const;
    [[nodiscard]] std::string wrongVaults(const Books& books) const;

    const World& m_world;
    std::set<base::XOnlyPublicKey> m_accounts;
    std::vector<std::string> m_operatorScripts; // hex
    mutable std::unique_ptr<Chain> m_chain;
};

/// Counts scenarios; prints one line of JSON for the test's log at its end.
class Scenarios {
public:
    explicit Scenarios(std::string test) : m_test(std::move(test)) {}
    ~Scenarios();
    Scenarios(const Scenarios&) = delete;
    Scenarios& operator=(const Scenarios&) = delete;
    void begin(std::string name);
    void pass(std::string name) { m_passed.push_back(std::move(name)); }
    /// The one begun last has passed.
    void pass() { pass(m_played.back()); }

private:
    std::string m_test;
    std::vector<std::string> m_played;
    std::vector<std::string> m_passed;
};

} // namespace bowline::test
