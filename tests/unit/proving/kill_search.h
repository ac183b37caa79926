// SPDX-License-Identifier: MIT
// The search for what a mutant of the machine's tables accepts and the whole system refuses.
#pragma once

#include "tests/unit/proving/false_rows.h"
#include "tests/unit/proving/false_runs.h"

namespace bowline::test {

/// What is accepted without a piece, and refused with it.
enum class Verdict { Nothing, OtherTrace, FalseStatement };

/// The best witness against a piece.
struct Finding {
    Verdict verdict = Verdict::Nothing;
    std::string name;

    [[nodiscard]] bool isFalse() const { return verdict == Verdict::FalseStatement; }
};

class KillSearch {
public:
    void load();
    /// Fills rows from other steps: what breaks one assertion alone kills it.
    void fillRows();
    /// Of any table.
    [[nodiscard]] Finding findAgainst(std::size_t chip, std::size_t assertion);
    [[nodiscard]] Finding findAgainstBus(const Removed& removed);
    /// Whether the mutant accepts a lie that the whole system refuses.
    bool tell(const Lie& lie, const Removed& removed);
    /// A false step that the mutant accepts: `columnsOf` a table are where it may start.
    using Columns = std::function<std::vector<std::size_t>(std::size_t)>;
    [[nodiscard]] Finding searchScenes(const Removed& removed, std::optional<std::size_t> chip,
                                       const Columns& columnsOf, Finding best = {});
    /// Rows filled from other steps of which a mutant without a bus or a field asks nothing that is not true.
    [[nodiscard]] Finding searchFilledOfBus(const Removed& removed);

    [[nodiscard]] const Programs& programs() const { return m_all; }
    [[nodiscard]] const stark::System& whole() const { return m_whole; }
    [[nodiscard]] const chips::MachineTables& tables() const { return m_all.programs[0]->prepared->tables(); }
    [[nodiscard]] const Scene& sceneOf(zkvm::Code code) const
    {
        return *std::find_if(m_all.scenes.begin(), m_all.scenes.end(),
                             [code](const Scene& scene) { return scene.code == code; });
    }
    [[nodiscard]] const Scene& sceneThatChangesTheFirstLeaf() const;
    [[nodiscard]] const Scene& sceneOfPoseidon() const;
    [[nodiscard]] static Removed ofAssertion(std::size_t chip, std::size_t assertion)
    {
        Removed out;
        out.chip = chip;
        out.assertion = assertion;
        return out;
    }
    [[nodiscard]] static std::string refusals(const stark::System& system, const FalseWitness& witness);
    /// What the whole system accepted, and where the stage and the tables disagreed.
    [[nodiscard]] const std::vector<std::string>& accepted() const { return m_accepted; }
    [[nodiscard]] const std::vector<std::string>& unconfirmed() const { return m_unconfirmed; }
    [[nodiscard]] std::size_t confirmed() const { return m_confirmed; }

private:
    [[nodiscard]] std::vector<Cells> rowsFilledFor(const Scene& scene, Stage& stage) const;
    void judgeFilled(Scene& scene, Stage& stage, const Play& honest, const Cells& cells);
    /// `target`: of the rows' assertions.
    [[nodiscard]] Finding searchNamed(const Removed& removed, const std::string& target);
    [[nodiscard]] Finding searchColumnsOfBus(const Removed& removed);
    struct NamedLie {
        Lie lie;
        std::string name;
        bool isOften = false; // many are told in this form, of which some are played through with all tables
        std::optional<bool> isOtherDigest; // the rows are honest, and whether the lie about a digest is one
    };
    [[nodiscard]] std::optional<NamedLie> lieAgainst(std::size_t chip, const std::string& assertion) const;
    [[nodiscard]] static bool isAcceptedOnStage(const NamedLie& lie, const Removed& removed);
    [[nodiscard]] std::optional<Lie> lieAgainstBus(const Removed& removed) const;
    [[nodiscard]] std::optional<Lie> lieAgainstCalls(std::optional<std::size_t> field) const;
    [[nodiscard]] Lie lieOfRegisters() const; // a load from where the registers are
    [[nodiscard]] Finding findAgainstMemoryBus(const Removed& removed);
    [[nodiscard]] Finding findAgainstRow(const Removed& removed);
    [[nodiscard]] Finding searchFilled(const Removed& removed);
    [[nodiscard]] Finding searchAliases(const Removed& removed, const std::string& flag);
    [[nodiscard]] Finding searchFused(const Removed& removed);
    [[nodiscard]] Finding searchGhosts(const Removed& removed, std::size_t real);
    [[nodiscard]] Finding tryAs(const Scene& scene, const Removed& removed, const Cells& cells,
                                const std::vector<std::size_t>& fixed);
    void check(const FalseStep& found, const Removed& removed);
    bool confirm(const Scene& scene, const std::vector<RowAt>& rows, const Removed& removed);
    bool isKilled(const Removed& removed, FalseWitness& witness);
    [[nodiscard]] std::vector<std::pair<std::size_t, zkvm::Code>> flagsOf(std::size_t chip) const;
    [[nodiscard]] static std::vector<zkvm::Code> codesOf(std::size_t chip);
    [[nodiscard]] static std::string nameOf(const Scene& scene);

    Programs m_all;
    std::optional<RunCode> m_code;
    std::vector<Scene> m_idle; // of each table, with one row that fills it up
    std::vector<FalseRow> m_named = rows::all();
    std::map<std::pair<std::size_t, std::size_t>, std::string>
        m_byFilling; // chip, assertion: a false statement
    stark::System m_whole;
    stark::System m_mutant;
    stark::System m_other; // of a program that is looked at for a moment
    stark::System m_otherMutant;
    std::vector<std::string> m_accepted;
    std::vector<std::string> m_unconfirmed;
    std::size_t m_found = 0;
    std::size_t m_confirmed = 0;
};

} // namespace bowline::test
