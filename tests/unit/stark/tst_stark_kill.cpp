// SPDX-License-Identifier: MIT
// The kill matrix of the example system, and that its harness tells a redundant constraint.
#include "tests/unit/stark/kill_matrix.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::stark;
using namespace bowline::test;

namespace {
using Column = FibonacciAir;

// Rows from (a, b) on; `bend` may change a row's pair as it is computed. Then everything that follows from a, b, v
// and flag is made to follow: t, the counts of bytes, the mirror and the last value.
struct Story {
    std::uint32_t a = 3;
    std::uint32_t b = 5;
    std::function<void(std::size_t, Element&, Element&)> bend;
    std::function<void(Matrix&)> columns; // v and flag
    std::function<void(Traces&, std::vector<Element>&)> finally;
};

FalseWitness tell(const std::string& name, const Story& story)
{
    Example e = makeExample();
    Matrix& fibonacci = *e.traces[0];
    Matrix& bytes = *e.traces[1];
    Matrix& mirror = *e.traces[2];
    std::fill(bytes.data.begin(), bytes.data.end(), Element{});
    std::fill(mirror.data.begin(), mirror.data.end(), Element{});
    if (story.columns) story.columns(fibonacci);
    Element a = Element::from(story.a);
    Element b = Element::from(story.b);
    std::size_t row = 0;
    for (std::size_t i = 0; i < fibonacci.rows(); ++i) {
        if (story.bend) story.bend(i, a, b);
        const Element v = fibonacci.at(i, Column::V);
        const std::array values{a, b, v, a * b * v};
        for (std::size_t c = 0; c < 4; ++c) fibonacci.at(i, c) = values[c];
        if (v.value() < 256) bytes.at(v.value(), 0) += Element::from(1);
        for (std::uint32_t k = 0; k < fibonacci.at(i, Column::Flag).value(); ++k, ++row) {
            mirror.at(row, MirrorAir::A) = a;
            mirror.at(row, MirrorAir::B) = b;
            mirror.at(row, MirrorAir::T) = values[3];
            mirror.at(row, MirrorAir::Real) = Element::from(1);
        }
        e.publicValues[2] = b;
        const Element sum = a + b;
        a = b;
        b = sum;
    }
    if (story.finally) story.finally(e.traces, e.publicValues);
    return {name, std::move(e.traces), std::move(e.publicValues)};
}

std::vector<FalseWitness> falseWitnesses()
{
    const Element one = Element::from(1);
    std::vector<FalseWitness> out;
    const auto add = [&out](const std::string& name, const Story& story) {
        out.push_back(tell(name, story));
    };
    add("starts with another a", {4, 5, {}, {}, {}});
    add("starts with another b", {3, 6, {}, {}, {}});
    add("an a from nowhere",
        {3, 5, [=](std::size_t i, Element& a, Element&) { a += i == 10 ? one : Element{}; }, {}, {}});
    add("a b from nowhere",
        {3, 5, [=](std::size_t i, Element&, Element& b) { b += i == 10 ? one : Element{}; }, {}, {}});
    add("a product from nowhere", {3, 5, {}, {}, [=](Traces& t, auto&) { t[0]->at(0, Column::T) += one; }});
    add("flagged twice", {3, 5, {}, [](Matrix& m) { m.at(1, Column::Flag) = Element::from(2); }, {}});
    Story merged{0, 0, {}, {}, {}};
    merged.finally = [](Traces& t, std::vector<Element>& values) {
        values = {Element{}, Element{}, Element{}};
        t[2]->at(0, MirrorAir::Real) =
            Element::from(2); // all messages are (0, 0, 0): one row for two of them
        t[2]->at(1, MirrorAir::Real) = Element{};
    };
    add("received twice in one row", merged);
    add("a byte of 300", {3, 5, {}, [](Matrix& m) { m.at(7, Column::V) = Element::from(300); }, {}});
    Story counted{3, 5, {}, [](Matrix& m) { m.at(7, Column::V) = Element::from(300); }, {}};
    counted.finally = [=](Traces& t, auto&) { t[1]->at(9, 0) += one; };
    add("a byte of 300 counted as 9", counted);
    add("a pair nobody sent", {3, 5, {}, {}, [=](Traces& t, auto&) { t[2]->at(31, MirrorAir::Real) = one; }});
    add("another a in the mirror",
        {3, 5, {}, {}, [=](Traces& t, auto&) { t[2]->at(0, MirrorAir::A) += one; }});
    add("another b in the mirror",
        {3, 5, {}, {}, [=](Traces& t, auto&) { t[2]->at(0, MirrorAir::B) += one; }});
    add("another t in the mirror",
        {3, 5, {}, {}, [=](Traces& t, auto&) { t[2]->at(0, MirrorAir::T) += one; }});
    add("another last value", {3, 5, {}, {}, [=](Traces&, std::vector<Element>& v) { v[2] += one; }});
    return out;
}
} // namespace

class TestStarkKill : public QObject {
    Q_OBJECT
private slots:
    void theHonestStoryIsAccepted();
    void everyPieceIsKilled();
    void redundantConstraintsSurvive();
};

void TestStarkKill::theHonestStoryIsAccepted()
{
    const FalseWitness honest = tell("honest", {});
    QVERIFY(findViolations(exampleSystem(kTestParameters), honest.traces, honest.publicValues).empty());
    QVERIFY(proofAccepts(exampleSystem(kTestParameters), honest));
}

void TestStarkKill::everyPieceIsKilled()
{
    const KillReport report = killMatrix(exampleSystem(kTestParameters), falseWitnesses());
    qInfo().noquote() << "\n" << report.table;
    qInfo() << report.mutants - report.survivors.size() << "of" << report.mutants << "killed";
    QCOMPARE(report.mutants, std::size_t{7 + 3 + 1 + 3 + 1});
    QVERIFY(report.survivors.empty());
    QVERIFY(report.acceptedByWhole.empty());
    QVERIFY(report.useless.empty());
}

void TestStarkKill::redundantConstraintsSurvive()
{
    System system = exampleSystem(kTestParameters);
    auto& assertions = system.chips[0].constraints.assertions;
    assertions.push_back(assertions.back());
    const KillReport report = killMatrix(system, falseWitnesses());
    QCOMPARE(report.survivors.size(), std::size_t{2}); // the flag's, twice
    QCOMPARE(report.useless.size(), std::size_t{1});
}

QTEST_APPLESS_MAIN(TestStarkKill)
#include "tst_stark_kill.moc"
