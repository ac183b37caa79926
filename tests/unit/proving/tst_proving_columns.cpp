// SPDX-License-Identifier: MIT
// Every column of every table: a cell that holds something else is noticed, in used rows and in those that fill a table up.
// Cells of which that is not so are listed, each with the reason why nothing hangs on it.
//
// The tables that answer lookups are counted anew after each change, as a dishonest prover would (row_oracle.h says how
// that is known without counting); a sample is played through with real tables, proofs and the verifier.
#include "core/stark/verifier.h"
#include "tests/unit/proving/random_code.h"
#include "tests/unit/proving/row_oracle.h"

#include <QtTest>

#include <set>

using namespace bowline;
using namespace bowline::test;
using namespace bowline::test::mips;
using field::Element;

namespace {
struct DontCare {
    const char* chip;
    std::set<std::size_t> columns;
    const char* why;
};

const std::vector<DontCare>& dontCares()
{
    const auto range = [](std::size_t first, std::size_t last) {
        std::set<std::size_t> out;
        for (std::size_t c = first; c <= last; ++c) out.insert(c);
        return out;
    };
    const auto everySecond = [](std::size_t first, std::size_t last) {
        std::set<std::size_t> out;
        for (std::size_t c = first; c <= last; c += 2) out.insert(c);
        return out;
    };
    static const char* const kSkipped =
        "an access that this instruction does not make, which only looks back 2^16 further";
    static const char* const kInverse =
        "a witness that something is not zero, where it is zero or another one shows it";
    static const std::vector<DontCare> kAll{
        {"checked add", {17}, kSkipped},
        {"compare", {18}, kSkipped},
        {"logic", {25}, kSkipped},
        {"trap", {25}, kSkipped},
        {"trap", {32}, kInverse},
        {"shift", {16, 17}, "the register with the amount, where a number in the code says it"},
        {"shift", {18}, kSkipped},
        {"branch", {23, 24}, kInverse},
        {"branch", {25}, "the sign, where the branch is by equality"},
        {"jump", {14, 15}, "the register with the target, where the code says it"},
        {"jump", {16, 20}, kSkipped},
        {"jump", {18, 19}, "what rd held, where no link is written"},
        {"unaligned", {38, 39}, "what rd held, where a store writes none"},
        {"unaligned", {40}, kSkipped},
        {"linked", {14, 15}, "what LL would store"},
        {"linked", {16}, kSkipped},
        {"linked", {21, 22}, kInverse},
        {"move if", {23}, kInverse},
        {"divide", {31}, kInverse},
        {"divide", range(41, 44), "|q| by zero, where the quotient is pinned and |q| times 0 is 0"},
        {"divide", range(47, 49), "|b| - 1 - |r| by zero"},
        {"bits", range(15, 46), "bits of rs, where the instruction reads rt alone"},
        {"bits", {47, 81}, kSkipped},
        {"bits", range(50, 76), "bits of rt that EXT, which does not read it, covers"},
        {"bits", {116}, "the size of a field, where there is none"},
        {"primitive", {12, 13, 16, 17, 20, 21}, "$4, $5, $6 of a primitive that does not read them"},
        {"primitive", {14, 18, 22, 26, 32}, kSkipped},
        {"primitive", {24, 25, 28, 29}, "a result, old and new, that this primitive does not write"},
        {"primitive", {30, 31}, "the reservation, which only the kernel's entry clears"},
        {"poseidon2", everySecond(119, 149),
         "a witness that the upper limb is not 0x7f00, where the lower one is 0"},
    };
    return kAll;
}

bool isListed(const std::string& chip, std::size_t column)
{
    return std::any_of(dontCares().begin(), dontCares().end(), [&](const DontCare& entry) {
        return chip == entry.chip && entry.columns.count(column) != 0;
    });
}

std::vector<Element> changesOf(Element value, std::mt19937& random)
{
    const std::uint32_t x = value.value();
    std::vector<Element> out;
    for (const Element other :
         {value + Element::from(1), value - Element::from(1), Element{}, Element::from(1) - value,
          value + Element::from(0x10000), value - Element::from(0x10000), Element::from(x ^ 0x8000U),
          Element::from(static_cast<std::uint32_t>(random()))}) {
        if (other != value) out.push_back(other);
    }
    return out;
}

struct Change {
    std::size_t chip;
    std::size_t row;
    std::size_t column;
    Element value;
};

// Rows to look at: the first and last one used, some of every operation, and the first that fills the table up.
std::vector<std::size_t> sampleRows(const RowOracle& oracle, std::size_t chip, const stark::Matrix& table)
{
    const auto& interactions = oracle.constraints(chip).interactions;
    const auto program = std::find_if(interactions.begin(), interactions.end(),
                                      [](const auto& i) { return i.bus == chips::kProgramBus && i.send; });
    std::map<std::uint32_t, std::size_t> ofOperation;
    std::set<std::size_t> out;
    std::optional<std::size_t> last;
    std::size_t unused = 0;
    // Of the tables of 2^16 rows every 97th will do.
    const std::size_t step = table.rows() > 4096 ? 97 : 1;
    Cells nodes;
    for (std::size_t row = 0; row < table.rows(); row += step) {
        oracle.evaluate(chip, RowOracle::cellsOf(table, row), row, nodes);
        if (!oracle.isUsed(chip, nodes)) {
            if (unused++ == 0) out.insert(row);
            continue;
        }
        last = row;
        const std::uint32_t operation = program == interactions.end() ? 0 : nodes[program->fields[1]].value();
        if (ofOperation[operation]++ < 3) out.insert(row);
    }
    if (last) out.insert(*last);
    return {out.begin(), out.end()};
}
} // namespace

class TestProvingColumns : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        RandomCode random(77);
        const zkvm::Registers registers = random.registers();
        m_executed = std::make_unique<Executed>(random.code(5000), randomData(77), registers);
        m_system = &m_executed->program.prepared->key().system();
        const std::string violations = m_executed->violations();
        QVERIFY2(violations.empty(), violations.c_str());
        m_oracle = std::make_unique<RowOracle>(*m_system, m_executed->program.prepared->tables());
    }
    // Otherwise the other tests would not say what they seem to.
    void everyTableAndCodeIsUsed()
    {
        std::set<std::uint32_t> operations;
        const auto& tables = m_executed->program.prepared->tables();
        const auto& counts = *traces()[tables.placeOfProgram()];
        for (std::size_t row = 0; row < counts.rows(); ++row) {
            if (!counts.at(row, 0).isZero())
                operations.insert(static_cast<std::uint32_t>(tables.program().at(row).code));
        }
        std::string missing;
        for (std::size_t code = 0; code < zkvm::kCodeCount; ++code) {
            const auto which = static_cast<zkvm::Code>(code);
            const chips::Kind kind = chips::kindOf(which);
            if (kind == chips::Kind::None || operations.count(static_cast<std::uint32_t>(code)) != 0)
                continue;
            // What the program's table writes as an addition of a number.
            if (kind == chips::Kind::AddImmediate && which != zkvm::Code::Addiu) continue;
            missing += std::string(zkvm::mnemonic(which)) + " ";
        }
        QVERIFY2(missing.empty(), missing.c_str());
        for (std::size_t chip = 0; chip < m_system->chips.size(); ++chip)
            QCOMPARE(traces()[chip].has_value(), m_oracle->covers(chip));
    }
    void changedCells()
    {
        std::mt19937 random(5);
        std::map<std::pair<std::string, std::size_t>, std::size_t> survivors;
        std::set<std::pair<std::string, std::size_t>> listedAndSeen;
        std::map<std::string, std::size_t> reasons;
        std::size_t all = 0;
        std::size_t columns = 0;
        std::size_t idle = 0;
        for (std::size_t chip = 0; chip < m_system->chips.size(); ++chip) {
            if (!m_oracle->covers(chip)) continue;
            QVERIFY(traces()[chip].has_value());
            const stark::Matrix& table = *traces()[chip];
            const std::string& name = m_system->chips[chip].name;
            columns += table.width;
            for (const std::size_t row : sampleRows(*m_oracle, chip, table)) {
                const Cells before = RowOracle::cellsOf(table, row);
                Cells oldNodes;
                Cells nodes;
                m_oracle->evaluate(chip, before, row, oldNodes);
                const bool used = m_oracle->isUsed(chip, oldNodes);
                for (std::size_t column = 0; column < table.width; ++column) {
                    for (const Element value : changesOf(before[column], random)) {
                        ++all;
                        Cells after = before;
                        after[column] = value;
                        const auto refusal = m_oracle->refusal(chip, row, oldNodes, after);
                        if (refusal) {
                            ++reasons[*refusal];
                            if (m_samples.size() < 4000 && random() % 8 == 0)
                                m_samples.push_back({chip, row, column, value});
                            continue;
                        }
                        m_oracle->evaluate(chip, after, row, nodes);
                        if (!used && !m_oracle->isUsed(chip, nodes)) {
                            ++idle; // says nothing to anybody, before and after
                        } else if (isListed(name, column)) {
                            listedAndSeen.insert({name, column});
                            ++reasons["don't care"];
                        } else {
                            ++survivors[{name, column}];
                        }
                    }
                }
            }
        }
        for (const auto& [where, count] : survivors)
            qInfo("%s, column %zu: %zu changes survive", where.first.c_str(), where.second, count);
        for (const auto& [reason, count] : reasons) qInfo("%-12s %zu", reason.c_str(), count);
        qInfo("%zu columns, %zu changes, %zu of them in rows that stay without any message", columns, all,
              idle);
        QCOMPARE(survivors.size(), std::size_t{0});
        for (const DontCare& entry : dontCares()) {
            for (const std::size_t column : entry.columns) {
                const std::string where = std::string(entry.chip) + ", column " + std::to_string(column);
                QVERIFY2(listedAndSeen.count({entry.chip, column}) != 0,
                         ("no need to list " + where).c_str());
            }
        }
    }
    // SYSCALL 0, which none of the code above can make, as there is no kernel to go on in: its row's cells, of which only
    // those of registers that it does not read are of no account. It puts the address behind it in its register and
    // clears the reservation, which LL has made before.
    void theEntryIntoTheKernel()
    {
        zkvm::Registers registers{};
        registers[kBase] = kDataBase;
        const BareProgram program({ll(1, 0, kBase), trap(0), kNop}, {1, 2}, registers);
        const auto machine = expect(zkvm::Machine::create(program.image, {}, {}));
        zkvm::MemoryTree tree = program.prepared->tree();
        const auto shard = expect(proving::executeShard(*program.prepared, *machine, tree, testOptions(2)));
        const stark::System& system = program.prepared->key().system();
        QCOMPARE(violationsOf(system, shard), std::string{});
        QCOMPARE(shard.statement.pcAfter, zkvm::kKernelVector);
        const RowOracle oracle(system, program.prepared->tables());
        const std::size_t chip = chips::MachineTables::placeOf(chips::Kind::Primitive);
        const Cells before = RowOracle::cellsOf(*shard.witness.traces[chip], 0);
        Cells oldNodes;
        oracle.evaluate(chip, before, 0, oldNodes);
        QVERIFY(oracle.isUsed(chip, oldNodes));
        std::mt19937 random(8);
        std::set<std::size_t> survivors;
        for (std::size_t column = 0; column < before.size(); ++column) {
            for (const Element value : changesOf(before[column], random)) {
                Cells after = before;
                after[column] = value;
                if (!oracle.refusal(chip, 0, oldNodes, after)) survivors.insert(column);
            }
        }
        QCOMPARE(survivors, (std::set<std::size_t>{12, 13, 14, 16, 17, 18, 20, 21, 22}));
    }
    // The oracle's refusals against the whole system: rows checked one by one, and real proofs.
    void sampledChangesByFullCheck()
    {
        std::mt19937 random(6);
        const auto& prepared = *m_executed->program.prepared;
        const auto publicValues = m_executed->shard.statement.publicValues();
        constexpr std::size_t kProofs = 30;
        for (std::size_t i = 0; i < kProofs; ++i) {
            const Change& change = m_samples[random() % m_samples.size()];
            stark::Traces changed = traces();
            changed[change.chip]->at(change.row, change.column) = change.value;
            if (change.chip < prepared.tables().placeOfPermutation())
                proving::fillLookups(prepared.tables(), *m_system, changed, {});
            const auto proof = stark::prove(prepared.key(), changed, publicValues);
            if (!proof.ok()) continue; // the prover itself refused
            const auto status = stark::verifyProof(prepared.key().verifying(), publicValues, *proof);
            QVERIFY2(!status.ok(),
                     qPrintable(QString("%1, row %2, column %3")
                                    .arg(QString::fromStdString(m_system->chips[change.chip].name))
                                    .arg(change.row)
                                    .arg(change.column)));
        }
    }

private:
    [[nodiscard]] const stark::Traces& traces() const { return m_executed->shard.witness.traces; }

    std::unique_ptr<Executed> m_executed;
    const stark::System* m_system = nullptr;
    std::unique_ptr<RowOracle> m_oracle;
    std::vector<Change> m_samples;
};

QTEST_GUILESS_MAIN(TestProvingColumns)
#include "tst_proving_columns.moc"
