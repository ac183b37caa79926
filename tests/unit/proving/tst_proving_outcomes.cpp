// SPDX-License-Identifier: MIT
// Every instruction has one outcome: from the same state, code and memory the constraints of its row let nothing else be
// sent than what the processor sends (outcomes.h says how that is found).
#include "tests/unit/proving/outcomes.h"
#include "tests/unit/proving/random_code.h"

#include <QtTest>

#include <map>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;
using field::Element;

namespace {
/// Rows of each instruction: one, and by night as many as BOWLINE_OUTCOME_ROWS says.
std::size_t rowsOfCode()
{
    const int asked = qEnvironmentVariableIntValue("BOWLINE_OUTCOME_ROWS");
    return asked > 0 ? static_cast<std::size_t>(asked) : 1;
}

struct Row {
    std::size_t chip = 0;
    std::string code;
    Cells cells;
};
} // namespace

class TestProvingOutcomes : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        for (const std::uint32_t seed : {11U, 12U}) {
            RandomCode random(seed);
            const auto registers = random.registers();
            m_programs.push_back(std::make_unique<Executed>(random.code(900), randomData(seed), registers));
            addRows(*m_programs.back());
        }
    }
    void everyInstructionHasOne();
    void aMissingConstraintIsNoticed_data();
    void aMissingConstraintIsNoticed();

private:
    void addRows(const Executed& executed);
    [[nodiscard]] const stark::System& system() const
    {
        return m_programs.front()->program.prepared->key().system();
    }

    std::vector<std::unique_ptr<Executed>> m_programs;
    std::unique_ptr<RowOracle> m_oracle;
    std::vector<Row> m_rows;
    std::map<std::string, std::size_t> m_counts;
};

/// Instructions alone: the search never asks for the program.
void TestProvingOutcomes::addRows(const Executed& executed)
{
    const auto& tables = executed.program.prepared->tables();
    if (!m_oracle) m_oracle = std::make_unique<RowOracle>(executed.program.prepared->key().system(), tables);
    Cells nodes;
    for (std::size_t chip = 0; chip < chips::kKinds; ++chip) {
        const auto& trace = executed.shard.witness.traces[chip];
        if (!trace) continue;
        for (std::size_t r = 0; r < trace->rows(); ++r) {
            const Cells cells = RowOracle::cellsOf(*trace, r);
            m_oracle->evaluate(chip, cells, 0, nodes);
            if (!m_oracle->isUsed(chip, nodes)) continue;
            const auto& all = m_oracle->constraints(chip).interactions;
            const auto fetch = std::find_if(all.begin(), all.end(),
                                            [](const auto& i) { return i.bus == chips::kProgramBus; });
            const std::uint32_t operation = nodes[fetch->fields[1]].value();
            const auto code = static_cast<zkvm::Code>(operation % chips::kFused);
            std::string name(zkvm::mnemonic(code));
            if (operation >= chips::kFused) name += " fused";
            if (code == zkvm::Code::Syscall) {
                const std::uint32_t number = nodes[fetch->fields[5]].value();
                if (number == BOWLINE_HINT_LEN || number == BOWLINE_HINT_WORD) continue; // may be anything
                name += " " + std::to_string(number);
            }
            if (m_counts[name]++ < rowsOfCode()) m_rows.push_back({chip, name, cells});
        }
    }
}

void TestProvingOutcomes::everyInstructionHasOne()
{
    std::map<std::string, std::pair<std::size_t, std::size_t>> lines; // decided of all
    std::map<std::string, std::string> open;
    std::size_t tries = 0;
    for (const Row& row : m_rows) {
        const auto answer = Outcomes(*m_oracle, row.chip).of(row.cells);
        QVERIFY2(answer.verdict != Outcomes::Verdict::Another,
                 (row.code + " can do something else: " + answer.open).c_str());
        auto& [decided, all] = lines[row.code];
        ++all;
        if (answer.verdict == Outcomes::Verdict::One) {
            ++decided;
        } else {
            open[row.code] = answer.open;
        }
        tries += answer.tries;
    }
    std::string list;
    for (const auto& [code, what] : open) {
        list += "\n  " + code + " (" + std::to_string(lines[code].first) + " of " +
                std::to_string(lines[code].second) + " rows decided): " + what;
    }
    qInfo("%zu instructions in %zu rows, %zu values tried; not decided: %zu%s", lines.size(), m_rows.size(),
          tries, open.size(), list.c_str());
    QVERIFY2(open.empty(), list.c_str());
}

void TestProvingOutcomes::aMissingConstraintIsNoticed_data()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("constraint");
    const auto add = [](const char* code, const char* constraint) {
        QTest::addRow("%s: %s", code, constraint) << code << constraint;
    };
    add("subu", "carry low");
    add("addiu", "sum high");
    add("lb", "top byte");
    add("mult", "product 0");
    add("mult", "carry 1");
    add("div", "q kept low");
    add("div", "dividend high");
    add("div", "product, third limb");
    add("divu", "room high");
    add("divu", "q kept high");
    add("ext", "extracted low");
    add("ext", "extracted high");
    add("ins", "inserted low");
    add("movz", "condition is zero");
    add("movz", "result low");
}

/// The same search with one assertion or interaction left out finds another outcome, which is checked by itself.
void TestProvingOutcomes::aMissingConstraintIsNoticed()
{
    QFETCH(QString, code);
    QFETCH(QString, constraint);
    const auto row = std::find_if(m_rows.begin(), m_rows.end(),
                                  [&](const Row& r) { return QString::fromStdString(r.code) == code; });
    QVERIFY(row != m_rows.end());
    const stark::Constraints& all = m_oracle->constraints(row->chip);
    std::vector<std::string> names;
    for (const auto& assertion : all.assertions) names.push_back(assertion.name);
    for (const auto& interaction : all.interactions) names.push_back(interaction.name);
    const auto place = std::find(names.begin(), names.end(), constraint.toStdString());
    QVERIFY(place != names.end());
    const auto skipped = static_cast<std::size_t>(place - names.begin());
    const auto answer = Outcomes(*m_oracle, row->chip, skipped).of(row->cells);
    QVERIFY(answer.verdict == Outcomes::Verdict::Another);
}

QTEST_GUILESS_MAIN(TestProvingOutcomes)
#include "tst_proving_outcomes.moc"
