// SPDX-License-Identifier: MIT
// The recursion machine proves that a proof was verified, and such a proof can itself be verified by a program.
#include "core/recursion/columns.h"
#include "core/stark/check.h"
#include "tests/unit/recursion/fixture.h"

#include <QtTest>

#include <random>

using namespace bowline;
using namespace bowline::recursion;
using namespace bowline::test;

namespace {
// Of the machine: few queries and no work, as blowup 4 asks for no more to be tested.
constexpr stark::Parameters kMachineParameters{2, 6, 1, 1, 1, 1, 1};
// The proof that is verified has few queries, so that the tables are small.
constexpr stark::Parameters kInner{1, 3, 1, 1, 1, 1, 1};

struct Proven {
    VerifiedExample inner{makeExample(kInner, 11, 7)};
    Machine machine = *Machine::make(inner.program, {kMachineParameters});
    Execution execution = *execute(inner.program, inner.stream(inner.proof), inner.example.publicValues);
    stark::Traces traces = machine.traces(execution);
    stark::Proof proof = *machine.prove(execution);
};
const Proven& proven()
{
    static const Proven out;
    return out;
}

bool accepts(const stark::Proof& proof, const std::vector<Element>& values)
{
    return stark::verifyProof(proven().machine.key().verifying(), values, proof).ok();
}
bool rowsAccept(const stark::Traces& traces)
{
    return stark::findViolations(proven().machine.key().system(), traces, proven().execution.publicValues, 1)
        .empty();
}
} // namespace

class TestRecursionMachine : public QObject {
    Q_OBJECT
private slots:
    void anHonestExecutionIsProven();
    void publicValuesAreBound();
    void aProofOfAProofIsVerified();
    void shortcutsOfTheHonestChangeNothing();
    void everyColumnIsBound();
    void idleRowsDoNothing();
    void everyBranchOfTheTablesIsUsed();
};

void TestRecursionMachine::anHonestExecutionIsProven()
{
    const auto violations = stark::findViolations(proven().machine.key().system(), proven().traces,
                                                  proven().execution.publicValues);
    for (const auto& v : violations)
        qInfo() << v.chip.c_str() << v.what.c_str() << static_cast<qulonglong>(v.row);
    QVERIFY(violations.empty());
    QVERIFY(accepts(proven().proof, proven().execution.publicValues));
    for (std::size_t i = 0; i < kTables; ++i)
        qInfo() << proven().machine.key().system().chips[i].name.c_str() << "2 ^" << proven().traces[i]->log;
}

void TestRecursionMachine::publicValuesAreBound()
{
    for (std::size_t i = 0; i < 3; ++i) {
        std::vector<Element> values = proven().execution.publicValues;
        values[i] += Element::from(1);
        QVERIFY(!accepts(proven().proof, values));
    }
}

void TestRecursionMachine::aProofOfAProofIsVerified()
{
    const stark::VerifyingKey& key = proven().machine.key().verifying();
    const stark::Shape shape = *stark::Shape::make(key, proven().proof.heights);
    const Program program = *verifierProgram(key, shape);
    Stream stream;
    QVERIFY(appendProof(stream, key, shape, proven().proof).ok());
    QVERIFY(execute(program, stream, proven().execution.publicValues).ok());
    const Machine machine = *Machine::make(program, {kMachineParameters});
    const Execution execution = *execute(program, stream, proven().execution.publicValues);
    const stark::Proof proof = *machine.prove(execution);
    QVERIFY(stark::verifyProof(machine.key().verifying(), execution.publicValues, proof).ok());
    std::vector<Element> values = proven().execution.publicValues;
    values[2] += Element::from(1);
    QVERIFY(!stark::verifyProof(machine.key().verifying(), values, proof).ok());
    QVERIFY(!execute(program, stream, values).ok());
}

namespace {
// Cells that mean nothing: of rows that stand for nothing, and digests where no digest is read.
bool isFree(std::size_t table, std::size_t row, std::size_t column)
{
    const stark::Matrix& p = proven().machine.key().system().chips[table].preprocessed;
    const auto no = [&](std::size_t c) { return p.at(row, c).isZero(); };
    const std::size_t word = column / columns::words::MSlot * columns::words::PSlot;
    switch (table) {
    case kWords: return no(word + columns::words::PTimes) && no(word + columns::words::PFixRest);
    case kAlu: return no(column / columns::alu::MSlot * columns::alu::PSlot + columns::alu::PReal);
    case kBits: return no(columns::bits::PReal);
    case kLanes: return no(columns::lanes::PWordTimes);
    case kPaths:
        return column >= columns::paths::MDigest && no(columns::paths::PStart) && no(columns::paths::PJoin);
    default: return false;
    }
}
} // namespace

// Who lies is followed step by step, in the execution and in the tables. With nothing but truths that comes to the same memory
// and cells as the kernels, on every back end and with more threads than there are pieces.
void TestRecursionMachine::shortcutsOfTheHonestChangeNothing()
{
    const Lies truths;
    const VerifiedExample& inner = proven().inner;
    const Execution slowly =
        *execute(inner.program, inner.stream(inner.proof), inner.example.publicValues, &truths);
    QVERIFY(slowly.memory == proven().execution.memory);
    const stark::Traces expected = proven().machine.traces(slowly);
    for (const field::Backend backend : field::availableBackends()) {
        for (const unsigned threads : {1U, 2U, 64U}) {
            const stark::Traces traces = proven().machine.traces(proven().execution, {backend, threads});
            for (std::size_t i = 0; i < kTables; ++i) {
                const auto& data = traces[i]->data;
                QVERIFY(
                    std::equal(data.begin(), data.end(), expected[i]->data.begin(), expected[i]->data.end()));
            }
        }
    }
}

void TestRecursionMachine::everyColumnIsBound()
{
    std::mt19937 random(11);
    std::size_t corrupted = 0;
    std::size_t free = 0;
    for (std::size_t table = 0; table < kTables; ++table) {
        const stark::Matrix& honest = *proven().traces[table];
        for (std::size_t column = 0; column < honest.width; ++column) {
            for (int k = 0; k < 3; ++k) {
                const std::size_t row = k == 0 ? 0 : (k == 1 ? honest.rows() - 1 : random() % honest.rows());
                stark::Traces traces = proven().traces;
                traces[table]->at(row, column) += Element::from(k == 2 ? std::uint32_t(random() | 1U) : 1U);
                const bool accepted = rowsAccept(traces);
                if (accepted && !isFree(table, row, column)) {
                    qWarning() << proven().machine.key().system().chips[table].name.c_str() << row << column;
                    QFAIL("a changed cell is accepted");
                }
                accepted ? ++free : ++corrupted;
                if (k != 2 || accepted || random() % 8 != 0) continue;
                const auto proof =
                    stark::prove(proven().machine.key(), traces, proven().execution.publicValues);
                QVERIFY(!accepts(*proof, proven().execution.publicValues));
            }
        }
    }
    qInfo() << corrupted << "cells refused," << free << "that mean nothing";
    QVERIFY(free < corrupted / 10);
}

void TestRecursionMachine::idleRowsDoNothing()
{
    // Every message of a row behind the last operation has a preprocessed multiplicity of 0.
    const stark::System& system = proven().machine.key().system();
    const std::array<std::size_t, kTables> used{
        proven().inner.program.words.size(), proven().inner.program.alu.size(),
        proven().inner.program.lanes.size(), proven().inner.program.bits.size(),
        proven().inner.program.permutes.size()};
    // Operations in a row, and the preprocessed columns of each.
    const std::array<std::array<std::size_t, 2>, 5> layout{{{columns::words::kSlots, columns::words::PSlot},
                                                            {columns::alu::kSlots, columns::alu::PSlot},
                                                            {1, columns::lanes::PWidth},
                                                            {1, columns::bits::PWidth},
                                                            {1, columns::permutes::PWidth}}};
    for (std::size_t table = 0; table < 5; ++table) {
        const stark::Constraints& c = system.chips[table].constraints;
        for (const stark::Interaction& interaction : c.interactions) {
            const stark::Node& node = c.nodes[interaction.multiplicity];
            QVERIFY(node.kind == stark::NodeKind::Preprocessed && node.b == 0);
            const auto [inRow, width] = layout[table];
            for (std::size_t row = 0; row < system.chips[table].preprocessed.rows(); ++row) {
                if (row * inRow + node.a / width < used[table]) continue;
                QVERIFY(system.chips[table].preprocessed.at(row, node.a).isZero());
            }
        }
    }
}

void TestRecursionMachine::everyBranchOfTheTablesIsUsed()
{
    const Program& p = proven().inner.program;
    const auto any = [](const auto& list, const auto& is) {
        return std::any_of(list.begin(), list.end(), is);
    };
    QVERIFY(any(p.words, [](const WordOp& op) { return op.form == WordOp::Form::Element; }));
    QVERIFY(any(p.words, [](const WordOp& op) { return op.advice.kind == Advice::Kind::Placed; }));
    QVERIFY(any(p.words, [](const WordOp& op) { return op.advice.kind == Advice::Kind::Inverse; }));
    QVERIFY(any(p.alu, [](const AluOp& op) { return op.check; }));
    QVERIFY(any(p.lanes, [](const LanesOp& op) { return op.pack; }));
    QVERIFY(any(p.lanes, [](const LanesOp& op) { return !op.pack; }));
    QVERIFY(any(p.rows, [](const RowOp& op) { return !op.isPrivate; }));
    QVERIFY(any(p.rows, [](const RowOp& op) { return op.isPrivate && op.length % 8 != 0; }));
    QVERIFY(any(p.rows, [](const RowOp& op) { return op.blocks() > 2; }));
    QVERIFY(any(p.paths, [](const PathOp& op) {
        return std::any_of(op.steps.begin(), op.steps.end(), [](const PathStep& s) { return !s.climb; });
    }));
}

QTEST_APPLESS_MAIN(TestRecursionMachine)
#include "tst_recursion_machine.moc"
