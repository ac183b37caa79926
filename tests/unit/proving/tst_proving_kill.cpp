// SPDX-License-Identifier: MIT
// The kill matrix of the machine's tables: take one assertion, one bus or one field of a bus away, and a false shard must
// be accepted that the whole system refuses; or at least another trace of the same statement, which shows that nothing
// else implies the assertion. The two are counted apart. Each witness has a name: it was found by a search (false_step.h),
// filled from another step (false_fill.h), or made by hand (false_rows.h, false_runs.h, false_tables.h). What nothing kills is
// in a list, with the reason why nothing can; the test fails if something else survives or one of these falls.
#include "tests/unit/proving/kill_search.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::test;

namespace {
/// Of the assertions, by false statements: what is reached today, in per cent.
constexpr std::size_t kLeastFalse = 87;

struct Survivor {
    const char* name; // of all tables, if it begins with a colon
    const char* why;
};
/// What nothing can kill, because the rest implies it.
constexpr Survivor kSurvivors[] = {
    {": one flag",
     "a sum above 1 would take the state more than once, and it is there once, as times only rise"},
    {"primitive: one kind",
     "two kinds ask for two numbers, and no table answers a call of a number that is another kind's"},
    {"primitive: kind 0",
     "the sum of kinds is 0 or 1, so another kind would be set too, of which the same is true"},
    {"primitive: kind 1", "as of kind 0"},
    {"primitive: kind 2", "as of kind 0"},
    {"primitive: kind 3", "as of kind 0"},
    {"primitive: kind 4", "as of kind 0"},
    {": equal is a bit",
     "no difference makes it 1 (real), and any difference 0: the two assertions behind it"},
    {": zero is a bit", "as of the equality"},
    {"linked: holds is a bit", "as of the equality"},
    {"bits: zeros above 31", "there is no bit above: it is 0 = 0"},
    {"bits: ones above 31", "there is no bit above: it is 0 = 0"},
};

[[nodiscard]] const char* whyItSurvives(const std::string& name)
{
    for (const Survivor& each : kSurvivors) {
        const std::string wanted = each.name;
        if (name == wanted || (wanted[0] == ':' && name.size() > wanted.size() &&
                               name.compare(name.size() - wanted.size(), wanted.size(), wanted) == 0))
            return each.why;
    }
    return nullptr;
}

std::string stemOf(const std::string& name)
{
    const std::size_t end = name.find_last_not_of("0123456789");
    return name.substr(0, end == std::string::npos ? 0 : end + 1);
}

struct Line {
    std::size_t all = 0;
    std::size_t other = 0;  // another trace of the same statement
    std::size_t killed = 0; // a false statement
    std::string name;       // of the first witness
};
} // namespace

class TestProvingKill : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        m_search.load();
        // The stage agrees with the tables on what is honest.
        for (const Scene& scene : m_search.programs().scenes) {
            if (!scene.isHonest) continue;
            Stage stage(scene, {});
            QVERIFY2(stage.play(scene.rows).problems.empty(), zkvm::mnemonic(scene.code).data());
        }
        const Scene& scene = m_search.sceneOf(zkvm::Code::Addu);
        const FalseWitness honest =
            FalseShard(scene, scene.rows, Stage(scene, {}).play(scene.rows)).witness("honest");
        QCOMPARE(KillSearch::refusals(m_search.whole(), honest), std::string{});
        qInfo("%zu scenes", m_search.programs().scenes.size());
    }
    void filledRows() { m_search.fillRows(); }
    void assertions()
    {
        for (std::size_t chip = 0; chip < m_search.tables().size(); ++chip) {
            if (!m_search.programs().oracles[0]->covers(chip)) continue;
            const auto& all = m_search.whole().chips[chip].constraints.assertions;
            for (std::size_t k = 0; k < all.size(); ++k)
                count(m_assertions, m_search.whole().chips[chip].name + ": " + all[k].name,
                      m_search.findAgainst(chip, k));
        }
        report("assertions", m_assertions, kLeastFalse);
    }
    void buses()
    {
        std::map<std::uint32_t, std::size_t> fields;
        stark::System system = m_search.whole();
        for (const stark::Constraints* constraints : allConstraints(system)) {
            for (const stark::Interaction& i : constraints->interactions) fields[i.bus] = i.fields.size();
        }
        fields.erase(chips::kSha256Bus); // of tst_chips_sha256
        for (const auto& [bus, all] : fields) {
            Removed removed;
            removed.bus = bus;
            const std::string name = "bus " + std::to_string(bus);
            count(m_buses, name, m_search.findAgainstBus(removed));
            for (std::size_t f = 0; f < all; ++f) {
                removed.field = f;
                count(m_buses, name + ", field " + std::to_string(f), m_search.findAgainstBus(removed));
            }
        }
        report("buses and their fields", m_buses, 100);
    }
    void nothingSurvivesWithoutReason();
    void nothingIsAcceptedByTheWhole();

private:
    void count(std::map<std::string, Line>& lines, const std::string& name, const Finding& finding);
    void report(const char* what, const std::map<std::string, Line>& lines, std::size_t leastFalse) const;

    KillSearch m_search;
    std::map<std::string, Line> m_assertions;
    std::map<std::string, Line> m_buses;
    std::set<std::string> m_survivors;
    std::set<std::string> m_fallen;
};

void TestProvingKill::count(std::map<std::string, Line>& lines, const std::string& name,
                            const Finding& finding)
{
    Line& line = lines[stemOf(name)];
    ++line.all;
    if (finding.verdict == Verdict::FalseStatement) ++line.killed;
    if (finding.verdict == Verdict::OtherTrace) ++line.other;
    (finding.verdict == Verdict::Nothing ? m_survivors : m_fallen).insert(name);
    if (line.name.empty() || finding.verdict == Verdict::OtherTrace) line.name = finding.name;
}

void TestProvingKill::report(const char* what, const std::map<std::string, Line>& lines,
                             std::size_t leastFalse) const
{
    Line sum;
    for (const auto& [name, line] : lines) {
        qInfo("%-50s %3zu and %3zu of %3zu %s%s", name.c_str(), line.killed, line.other, line.all,
              line.killed + line.other < line.all ? "SURVIVES " : "", line.name.c_str());
        sum.all += line.all;
        sum.killed += line.killed;
        sum.other += line.other;
    }
    const std::size_t percent = sum.all == 0 ? 0 : 100 * sum.killed / sum.all;
    qInfo("%s: of %zu, %zu by a false statement (%zu%%), %zu by another trace (with those %zu%%)", what,
          sum.all, sum.killed, percent, sum.other,
          sum.all == 0 ? 0 : 100 * (sum.killed + sum.other) / sum.all);
    QVERIFY(percent >= leastFalse);
}

// The list is exact: what falls is not in it, and what is not in it falls.
void TestProvingKill::nothingSurvivesWithoutReason()
{
    QStringList unexplained;
    for (const std::string& name : m_survivors) {
        const char* why = whyItSurvives(name);
        qInfo("survives: %s%s%s", name.c_str(), why != nullptr ? ": " : "", why != nullptr ? why : "");
        if (why == nullptr) unexplained += QString::fromStdString(name);
    }
    QCOMPARE(unexplained, QStringList());
    for (const std::string& name : m_fallen)
        QVERIFY2(whyItSurvives(name) == nullptr, (name + " falls, and is in the list").c_str());
}

void TestProvingKill::nothingIsAcceptedByTheWhole()
{
    qInfo("%zu false shards checked in full", m_search.confirmed());
    for (const std::string& name : m_search.unconfirmed()) qInfo("not confirmed: %s", name.c_str());
    for (const std::string& name : m_search.accepted()) qInfo("accepted: %s", name.c_str());
    QVERIFY2(m_search.accepted().empty(), "the whole system accepts a false shard");
    QVERIFY2(m_search.unconfirmed().empty(), "the stage and the tables disagree");
}

QTEST_GUILESS_MAIN(TestProvingKill)
#include "tst_proving_kill.moc"
