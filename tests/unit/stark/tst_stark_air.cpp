// SPDX-License-Identifier: MIT
// The recording of constraints: degrees, batches of messages, the text in the key, and what is refused.
#include "core/stark/check.h"
#include "core/stark/program.h"
#include "tests/unit/stark/example.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::stark;
using namespace bowline::test;

namespace {
struct LambdaAir : Air {
    std::function<void(AirBuilder&)> body;
    explicit LambdaAir(std::function<void(AirBuilder&)> f) : body(std::move(f)) {}
    [[nodiscard]] std::string name() const override { return "lambda"; }
    [[nodiscard]] std::size_t width() const override { return 4; }
    void eval(AirBuilder& b) const override { body(b); }
};

bool recorded(std::function<void(AirBuilder&)> body) { return record(LambdaAir(std::move(body)), 2).ok(); }
} // namespace

class TestStarkAir : public QObject {
    Q_OBJECT
private slots:
    void degreesAreWorkedOut();
    void tooHighDegreesAreRefused();
    void unknownColumnsAreRefused();
    void messagesAreBatchedWithinTheDegree();
    void theTextNamesEveryConstraint();
    void equalExpressionsAreOneNode();
    void theOrderOfEvaluationLeavesNoTrace();
    void busesHaveOneMessageLength();
    void theKeyBindsEverything();
    void shapesAreBounded();
    void theRowCheckerFindsWhatIsWrong();
    void programsReuseTheirRegisters();
};

void TestStarkAir::degreesAreWorkedOut()
{
    AirBuilder b(4, 0, 0);
    const Expr cubic = b.main(0) * b.next(1) * b.main(2) + b.constant(7U);
    const Expr guarded = b.transition() * cubic;
    const Expr first = b.firstRow() * b.main(0);
    const auto nodes = std::array{cubic.node(), guarded.node(), first.node()};
    const std::vector<Degree> degrees = b.take().degrees();
    QCOMPARE(degrees[nodes[0]].columns, 3U);
    QCOMPARE(degrees[nodes[0]].transitions, 0U);
    QCOMPARE(degrees[nodes[1]].columns, 3U);
    QCOMPARE(degrees[nodes[1]].transitions, 1U);
    QCOMPARE(degrees[nodes[2]].columns, 2U);
}

void TestStarkAir::tooHighDegreesAreRefused()
{
    QVERIFY(recorded([](AirBuilder& b) { b.assertZero(b.main(0) * b.main(1) * b.main(2), "3"); }));
    QVERIFY(
        !recorded([](AirBuilder& b) { b.assertZero(b.main(0) * b.main(1) * b.main(2) * b.main(3), "4"); }));
    QVERIFY(!recorded(
        [](AirBuilder& b) { b.assertZero(b.firstRow() * b.main(1) * b.main(2) * b.main(3), "4"); }));
    QVERIFY(
        !recorded([](AirBuilder& b) { b.assertZero(b.transition() * b.transition() * b.main(0), "twice"); }));
    const auto send = [](unsigned fieldDegree, unsigned multiplicityDegree) {
        return recorded([=](AirBuilder& b) {
            Expr field = b.main(0);
            for (unsigned i = 1; i < fieldDegree; ++i) field = field * b.main(i);
            Expr multiplicity = b.main(0);
            for (unsigned i = 1; i < multiplicityDegree; ++i) multiplicity = multiplicity * b.main(i);
            b.send(1, multiplicity, {field}, "message");
        });
    };
    QVERIFY(send(1, 1) && send(2, 3) && send(1, 3));
    QVERIFY(!send(3, 1) && !send(1, 4));
    QVERIFY(!recorded([](AirBuilder& b) { b.send(1, b.transition(), {b.main(0)}, "transition"); }));
}

void TestStarkAir::unknownColumnsAreRefused()
{
    QVERIFY(!recorded([](AirBuilder& b) { b.assertZero(b.main(4), "column"); }));
    QVERIFY(!recorded([](AirBuilder& b) { b.assertZero(b.preprocessed(0), "preprocessed"); }));
    QVERIFY(recorded([](AirBuilder& b) { b.assertZero(b.publicValue(1), "public"); }));
    QVERIFY(!recorded([](AirBuilder& b) { b.assertZero(b.publicValue(2), "public"); }));
}

void TestStarkAir::messagesAreBatchedWithinTheDegree()
{
    AirBuilder b(4, 0, 0);
    const Expr x = b.main(0);
    b.send(1, x, {x}, "linear");
    b.send(1, x, {x}, "linear");             // pairs with the first
    b.send(1, x, {x * b.main(1)}, "square"); // 1 + 2 + 1 is too much: alone
    b.send(1, x * x * x, {x}, "cubic multiplicity");
    b.send(1, x, {x}, "linear"); // 3 + 1 is too much for the one before
    const auto batches = b.take().batches();
    QCOMPARE(batches.size(), std::size_t{4});
    QCOMPARE(batches[0].size(), std::size_t{2});
    for (std::size_t i = 1; i < 4; ++i) QCOMPARE(batches[i].size(), std::size_t{1});
}

void TestStarkAir::theTextNamesEveryConstraint()
{
    const Constraints base = *record(FibonacciAir(), 3);
    const std::string text = base.text();
    for (std::size_t i = 0; i < base.assertions.size(); ++i) {
        Constraints other = base;
        other.assertions.erase(other.assertions.begin() + std::ptrdiff_t(i));
        QVERIFY(other.text() != text);
    }
    for (std::size_t i = 0; i < base.nodes.size(); ++i) {
        Constraints other = base;
        other.nodes[i].b ^= 1U;
        QVERIFY(other.text() != text);
    }
    Constraints flipped = base;
    flipped.interactions[1].send = false;
    QVERIFY(flipped.text() != text);
    flipped = base;
    flipped.interactions[1].bus += 1;
    QVERIFY(flipped.text() != text);
    flipped = base;
    std::swap(flipped.interactions[1].fields[0], flipped.interactions[1].fields[1]);
    QVERIFY(flipped.text() != text);
}

void TestStarkAir::equalExpressionsAreOneNode()
{
    AirBuilder b(4, 0, 0);
    QCOMPARE((b.main(0) + b.main(1)).node(), (b.main(1) + b.main(0)).node());
    QCOMPARE((b.main(0) * b.main(1)).node(), (b.main(1) * b.main(0)).node());
    QVERIFY((b.main(0) - b.main(1)).node() != (b.main(1) - b.main(0)).node());
    QCOMPARE((b.main(0) * 1U).node(), b.main(0).node());
    QCOMPARE((b.main(0) + 0U).node(), b.main(0).node());
}

void TestStarkAir::theOrderOfEvaluationLeavesNoTrace()
{
    // (x0 - x1) * (x2 + 3 x0') + x1 x2, its parts recorded in different orders, with and without what nobody uses.
    const auto textOf = [](bool backwards) {
        const LambdaAir air([backwards](AirBuilder& b) {
            if (backwards) {
                const Expr product = b.main(2) * b.main(1);
                const Expr right = b.next(0) * b.constant(3U) + b.main(2);
                static_cast<void>(right * right);
                b.assertZero(product + right * (b.main(0) - b.main(1)), "sum");
                b.send(1, b.main(2), {right, b.main(0)}, "message");
            } else {
                const Expr left = b.main(0) - b.main(1);
                const Expr right = b.main(2) + b.constant(3U) * b.next(0);
                b.assertZero(left * right + b.main(1) * b.main(2), "sum");
                b.send(1, b.main(2), {right, b.main(0)}, "message");
            }
        });
        const auto out = record(air, 2);
        return out.ok() ? out->text() : std::string();
    };
    QVERIFY(!textOf(false).empty());
    QCOMPARE(textOf(true), textOf(false));
}

void TestStarkAir::busesHaveOneMessageLength()
{
    const LambdaAir one([](AirBuilder& b) { b.send(1, b.main(0), {b.main(1)}, "one"); });
    const LambdaAir two([](AirBuilder& b) { b.receive(1, b.main(0), {b.main(1), b.main(2)}, "two"); });
    const std::vector<const Air*> airs{&one, &two};
    QCOMPARE(System::make(kTestParameters, 0, airs).error().code, kBadSystem);
    Parameters bad = kTestParameters;
    bad.queries = 0;
    const std::vector<const Air*> single{&one};
    QVERIFY(System::make(kTestParameters, 0, single).ok());
    QCOMPARE(System::make(bad, 0, single).error().code, kBadParameters);
    bad = kTestParameters;
    bad.queryWork = 25;
    QCOMPARE(System::make(bad, 0, single).error().code, kBadParameters);
}

void TestStarkAir::theKeyBindsEverything()
{
    const VerifyingKey key = ProvingKey::make(exampleSystem(kTestParameters))->verifying();
    std::vector<VerifyingKey> others(9, key);
    others[0].parameters.queries += 1;
    others[1].publicValues += 1;
    others[2].chips[0].name += "x";
    others[3].chips[0].constraints.assertions.pop_back();
    others[4].chips[1].preprocessedLog = 9;
    others[5].chips[2].optional = false;
    others[6].boundary.interactions[0].bus += 1;
    (*others[7].preprocessed)[3] += Element::from(1);
    std::swap(others[8].chips[0], others[8].chips[2]);
    for (const VerifyingKey& other : others) QVERIFY(digestOf(other) != key.digest);
    QVERIFY(digestOf(key) == key.digest);
}

void TestStarkAir::shapesAreBounded()
{
    const VerifyingKey key = ProvingKey::make(exampleSystem(kTestParameters))->verifying();
    QVERIFY(Shape::make(key, {6U, 8U, 5U}).ok());
    QVERIFY(Shape::make(key, {6U, 8U, std::nullopt}).ok());
    const std::vector<Heights> bad{
        {},           {6U, 8U},     {6U, 8U, 5U, 5U}, {std::nullopt, 8U, 5U}, {6U, std::nullopt, 5U},
        {4U, 8U, 5U}, {0U, 8U, 5U}, {24U, 8U, 5U},    {255U, 8U, 5U},         {6U, 7U, 5U},
        {6U, 9U, 5U}};
    for (const Heights& heights : bad) QCOMPARE(Shape::make(key, heights).error().code, kBadShape);
    // Messages that a bus could count up to p: 300 in each of 2^23 rows.
    const LambdaAir wide([](AirBuilder& b) {
        for (int i = 0; i < 250; ++i) b.send(1, b.main(0), {b.main(1)}, "many");
    });
    const std::vector<const Air*> airs{&wide};
    const VerifyingKey many = ProvingKey::make(*System::make(kTestParameters, 0, airs))->verifying();
    QVERIFY(Shape::make(many, {22U}).ok());
    QVERIFY(Shape::make(many, {23U}).ok());
    VerifyingKey more = many;
    more.chips[0].constraints.interactions.resize(255, more.chips[0].constraints.interactions[0]);
    QCOMPARE(Shape::make(more, {23U}).error().code, kBadShape);
}

void TestStarkAir::theRowCheckerFindsWhatIsWrong()
{
    const Example example = makeExample();
    QVERIFY(findViolations(example.system, example.traces, example.publicValues).empty());
    Traces wrong = example.traces;
    wrong[0]->at(10, FibonacciAir::Flag) = Element::from(2);
    const auto found = findViolations(example.system, wrong, example.publicValues);
    QVERIFY(!found.empty());
    QCOMPARE(found[0].what, std::string("flag"));
    QCOMPARE(found[0].row, std::size_t{10});
    wrong = example.traces;
    wrong[1]->at(3, 0) += Element::from(1);
    const auto bus = findViolations(example.system, wrong, example.publicValues);
    QCOMPARE(bus.size(), std::size_t{1});
    QVERIFY(bus[0].chip.empty());
}

void TestStarkAir::programsReuseTheirRegisters()
{
    AirBuilder b(4, 0, 0);
    Expr sum = b.main(0) * b.main(1);
    for (std::size_t i = 0; i < 40; ++i) sum = sum * b.main(i % 4) + b.main((i + 1) % 4) - sum;
    Constraints constraints = b.take();
    constraints.assertions.push_back({sum.node(), "long"});
    const Program program = Program::compile(constraints, true);
    QVERIFY(program.cells <= program.inputs.size() + 4);
    // Without assertions nothing is left to do.
    QVERIFY(Program::compile(constraints, false).code.empty());
}

QTEST_APPLESS_MAIN(TestStarkAir)
#include "tst_stark_air.moc"
