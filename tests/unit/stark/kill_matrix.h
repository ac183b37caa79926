// SPDX-License-Identifier: MIT
// The kill matrix of a system: take one constraint away, and a named false witness must be accepted that the whole
// system refuses. A constraint that nobody's absence lets through is redundant or untested.
//
// Pieces are the assertions of every chip; every bus, all of its messages; and every field of a bus, in all of
// its messages: one side of a bus alone cannot be taken away, as then nothing balances. Chips' suites bring their
// own witnesses.
#pragma once

#include "core/stark/check.h"
#include "core/stark/verifier.h"
#include "tests/unit/stark/example.h"

#include <QString>

#include <set>

namespace bowline::test {

struct FalseWitness {
    std::string name;
    stark::Traces traces;
    std::vector<Element> publicValues;
};

struct Mutant {
    std::string name;
    stark::System system;
};

inline std::vector<stark::Constraints*> allConstraints(stark::System& system)
{
    std::vector<stark::Constraints*> out{&system.boundary};
    for (stark::Chip& chip : system.chips) out.push_back(&chip.constraints);
    return out;
}

inline Mutant withoutBus(const stark::System& system, std::uint32_t bus)
{
    Mutant out{"bus " + std::to_string(bus), system};
    for (stark::Constraints* constraints : allConstraints(out.system))
        std::erase_if(constraints->interactions, [bus](const stark::Interaction& i) { return i.bus == bus; });
    return out;
}

inline Mutant withoutField(const stark::System& system, std::uint32_t bus, std::size_t field)
{
    Mutant out{"bus " + std::to_string(bus) + ", field " + std::to_string(field), system};
    for (stark::Constraints* constraints : allConstraints(out.system)) {
        constraints->nodes.push_back({stark::NodeKind::Constant, 0, 0});
        for (stark::Interaction& i : constraints->interactions) {
            if (i.bus == bus) i.fields[field] = static_cast<std::uint32_t>(constraints->nodes.size() - 1);
        }
    }
    return out;
}

inline std::vector<Mutant> mutantsOf(const stark::System& system)
{
    std::vector<Mutant> out;
    std::map<std::uint32_t, std::size_t> buses;
    stark::System copy = system;
    for (std::size_t c = 0; c < system.chips.size(); ++c) {
        const stark::Constraints& constraints = system.chips[c].constraints;
        for (std::size_t k = 0; k < constraints.assertions.size(); ++k) {
            Mutant mutant{system.chips[c].name + ": " + constraints.assertions[k].name, system};
            auto& assertions = mutant.system.chips[c].constraints.assertions;
            assertions.erase(assertions.begin() + static_cast<std::ptrdiff_t>(k));
            out.push_back(std::move(mutant));
        }
    }
    for (const stark::Constraints* constraints : allConstraints(copy)) {
        for (const stark::Interaction& i : constraints->interactions) buses[i.bus] = i.fields.size();
    }
    for (const auto& [bus, fields] : buses) {
        out.push_back(withoutBus(system, bus));
        for (std::size_t f = 0; f < fields; ++f) out.push_back(withoutField(system, bus, f));
    }
    return out;
}

/// By a real proof.
inline bool proofAccepts(const stark::System& system, const FalseWitness& witness)
{
    const auto key = stark::ProvingKey::make(system);
    if (!key.ok()) return false;
    const auto proof = stark::prove(*key, witness.traces, witness.publicValues);
    return proof.ok() && stark::verifyProof(key->verifying(), witness.publicValues, *proof).ok();
}

struct KillReport {
    std::size_t mutants = 0;
    std::vector<std::string> survivors;       // no witness passes without them
    std::vector<std::string> acceptedByWhole; // witnesses that are not false
    std::vector<std::string> useless;         // witnesses that kill nothing
    QString table;
};

/// Rows decide which witness kills; real proofs confirm that it passes the mutant and not the whole system.
inline KillReport killMatrix(const stark::System& system, const std::vector<FalseWitness>& witnesses)
{
    KillReport out;
    for (const FalseWitness& witness : witnesses) {
        if (stark::findViolations(system, witness.traces, witness.publicValues, 1).empty() ||
            proofAccepts(system, witness))
            out.acceptedByWhole.push_back(witness.name);
    }
    std::set<std::string> used;
    for (const Mutant& mutant : mutantsOf(system)) {
        ++out.mutants;
        const FalseWitness* killer = nullptr;
        for (const FalseWitness& witness : witnesses) {
            if (!stark::findViolations(mutant.system, witness.traces, witness.publicValues, 1).empty())
                continue;
            if (!proofAccepts(mutant.system, witness)) continue;
            used.insert(witness.name);
            if (killer == nullptr) killer = &witness;
        }
        if (killer == nullptr) out.survivors.push_back(mutant.name);
        out.table += QString("%1 %2\n")
                         .arg(QString::fromStdString(mutant.name), -28)
                         .arg(killer ? QString::fromStdString(killer->name) : QString("SURVIVES"));
    }
    for (const FalseWitness& witness : witnesses) {
        if (used.count(witness.name) == 0) out.useless.push_back(witness.name);
    }
    return out;
}

} // namespace bowline::test
