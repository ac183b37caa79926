// SPDX-License-Identifier: MIT
// The kill matrix of the recursion machine: each assertion of its tables, its bus and each field of the bus is taken away
// in turn, and a false statement must pass then that the whole machine refuses.
//
// The statement is a small program's: its public inputs and what it makes of them, every operation's result among its public
// outputs. A lie is told at one place and everything behind it is honest, so that the outputs are others for the same
// inputs.
#include "core/recursion/columns.h"
#include "core/recursion/hashing.h"
#include "core/recursion/permutation.h"
#include "tests/unit/recursion/fixture.h"
#include "tests/unit/stark/kill_matrix.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::recursion;
using namespace bowline::test;

namespace {
using field::DigestWords;

constexpr std::size_t kInputs = 12;  // three words: two of any elements, and small numbers
constexpr std::size_t kOutputs = 18; // words
constexpr std::size_t kPrivate = 13; // elements of the private row
constexpr std::size_t kClimbs = 3;

// The program and where its outputs are.
struct Story {
    Program program;
    std::vector<Address> outputs;
    Stream stream;

    Story()
    {
        Circuit c(kInputs + 4 * kOutputs);
        std::vector<Circuit::Ext> inputs;
        for (std::size_t i = 0; i < kInputs; i += 4)
            inputs.push_back(Circuit::Ext(
                {c.publicValue(i), c.publicValue(i + 1), c.publicValue(i + 2), c.publicValue(i + 3)}));
        std::vector<Circuit::Ext> out;
        const auto m = inputs[0] * inputs[1] + inputs[2];
        out.push_back(m);
        out.push_back(inputs[1] * inputs[0] * inputs[0]);
        out.push_back(inputs[2] * c.constant(Extension{{number(7), number(8), number(9), number(10)}}));
        const auto lanes = c.coefficients(m);
        out.push_back(Circuit::Ext({lanes[2], lanes[0], lanes[3], lanes[1]}));
        for (const auto& from : {c.coefficients(inputs[2])[1], lanes[0]}) {
            auto sum = c.constant(Extension{});
            for (const auto& bit : c.bits(from, 24))
                sum = sum * c.constant(Element::from(3)) +
                      c.extension(c.select(bit, c.constant(Element::from(5)), c.constant(Element::from(1))));
            out.push_back(sum);
        }
        std::array<Circuit::Felt, 16> state;
        for (std::size_t i = 0; i < 16; ++i) state[i] = c.coefficients(out[i / 4])[i % 4];
        c.permute(state);
        words(out, state);
        rowsAndPaths(c, inputs, m, out);
        for (const auto& x : out) outputs.push_back(x.address());
        for (std::size_t i = 0; i < out.size(); ++i) {
            std::array<Circuit::Felt, 4> claimed;
            for (std::size_t k = 0; k < 4; ++k) claimed[k] = c.publicValue(kInputs + 4 * i + k);
            c.requireEqual(out[i], Circuit::Ext(claimed), "an output");
        }
        program = *c.finish();
        for (std::size_t i = 0; i < program.streamSize; ++i)
            stream.push_back(Element::from(static_cast<std::uint32_t>(1000003 * i + 17)));
    }
    // Which word of the public values the one at `copy` is.
    [[nodiscard]] Address publicWord(Address copy) const
    {
        for (const AluOp& op : program.alu) {
            if (op.out == copy && op.a < program.publicWords()) return op.a;
        }
        qFatal("no public word");
    }
    // The first operation that is no copy of public values.
    [[nodiscard]] std::size_t firstProduct() const
    {
        const auto found = std::find_if(program.alu.begin(), program.alu.end(),
                                        [&](const AluOp& op) { return op.a >= program.publicWords(); });
        return static_cast<std::size_t>(found - program.alu.begin());
    }
    static Element number(std::uint32_t x) { return Element::from(x); }
    template <typename Felts>
    static void words(std::vector<Circuit::Ext>& out, const Felts& from)
    {
        for (std::size_t i = 0; i < from.size(); i += 4)
            out.push_back(Circuit::Ext({from[i], from[i + 1], from[i + 2], from[i + 3]}));
    }
    // Two paths from private rows and from a row of words, the roots public: so rows and siblings are bound to them.
    static void rowsAndPaths(Circuit& c, const std::vector<Circuit::Ext>& inputs, const Circuit::Ext& m,
                             std::vector<Circuit::Ext>& out)
    {
        std::vector<std::vector<Circuit::Felt>> rows(3);
        for (std::size_t i = 0; i < kPrivate; ++i) rows[0].push_back(c.nextPrivateElement());
        rows[1].push_back(c.nextPrivateElement());
        for (const auto& word : {inputs[0], inputs[1], inputs[2], m, out[1], out[2]}) {
            for (const auto& x : c.coefficients(word)) rows[2].push_back(x);
        }
        std::vector<Circuit::Digest> path(kClimbs);
        for (auto& digest : path) {
            for (auto& x : digest) x = c.nextPrivateElement();
        }
        const auto bits = c.bits(c.coefficients(inputs[2])[3], kClimbs);
        for (const stark::PathForm& form :
             {stark::PathForm{{3, {0}}, {1, {1}}}, stark::PathForm{{3, {2}}, {2, {0}}}}) {
            Circuit::Digest root;
            for (auto& x : root) x = c.publicValue(kInputs + 4 * out.size() + std::size_t(&x - root.data()));
            const stark::PathItem<Circuit> item{&rows, &path, &bits};
            const std::array powers{c.constant(Extension::from(1)), m};
            const auto sums = c.openRows(form, {item}, root, powers, "a root");
            words(out, root);
            for (const auto& level : sums) out.push_back(level[0]);
        }
    }
};
const Story& story()
{
    static const Story out;
    return out;
}

std::vector<Element> inputs()
{
    std::vector<Element> out;
    for (std::uint32_t i = 0; i < 8; ++i) out.push_back(Element::from(123456789U * (i + 3)));
    for (const std::uint32_t x : {6U, 5U, 77U, 5U}) out.push_back(Element::from(x));
    return out;
}

// What the path comes to, lies included.
DigestWords rootOf(std::size_t index, const Execution& execution)
{
    std::size_t row = 0;
    for (std::size_t i = 0; i < index; ++i) row += story().program.paths[i].steps.size();
    return climb(story().program.paths[index], execution,
                 [&](std::size_t, bool, field::State& state, std::array<Element, 8>& before) {
                     applyInput(execution.lies, Program::Kind::Path, row, state);
                     std::copy_n(state.begin() + 8, 8, before.begin());
                     permuteWith(execution.lies, Program::Kind::Path, row++, state);
                 });
}

using Patch = std::function<void(stark::Traces&)>;

// The outputs that follow from the lie, and the tables of that.
FalseWitness tell(const std::string& name, Lies lies, const Patch& patch = {})
{
    lies.goOn = true;
    std::vector<Element> values = inputs();
    values.resize(story().program.publicValues);
    FalseWitness out{name, {}, {}};
    // Outputs are compared, and roots are what paths come to: so often until nothing changes.
    for (int round = 0; round < 3; ++round) {
        const Execution execution = *execute(story().program, story().stream, values, &lies);
        std::vector<DigestWords> roots;
        for (std::size_t p = 0; p < story().program.paths.size(); ++p) roots.push_back(rootOf(p, execution));
        for (std::size_t i = 0; i < story().outputs.size(); ++i) {
            for (std::size_t k = 0; k < 4; ++k)
                values[kInputs + 4 * i + k] = execution.memory[story().outputs[i]][k];
        }
        for (std::size_t p = 0; p < roots.size(); ++p) {
            for (std::size_t k = 0; k < 8; ++k)
                values[4 * story().publicWord(story().program.paths[p].root[k / 4]) + k % 4] = roots[p][k];
        }
        if (round < 2) continue;
        out.traces = tracesOf(story().program, heightsOf(story().program), execution, {});
        if (patch) patch(out.traces);
    }
    out.publicValues = values;
    return out;
}

// Lies by the name of the piece whose absence lets them pass.
using Lie = std::pair<std::string, FalseWitness>;

Extension bumped(const Extension& x, std::size_t lane)
{
    std::array<Element, 4> c = x.coefficients();
    c[lane] += Element::from(1);
    return Extension{c};
}

void bump(std::vector<Extension>& memory, Address at, std::size_t i) { memory[at] = bumped(memory[at], i); }

// The result of one operation is another in element i.
FalseWitness tellResult(const std::string& name, Program::Kind kind, std::size_t index, std::size_t i)
{
    const Program& program = story().program;
    const Address at = kind == Program::Kind::Word ? program.words[index].out : program.alu[index].out;
    Lies lies;
    lies.result = [=](Program::Kind k, std::size_t n, std::vector<Extension>& memory) {
        if (k == kind && n == index) bump(memory, at, i);
    };
    return tell(name, lies);
}

// Constants and products of each slot.
void addResults(std::vector<Lie>& out)
{
    using columns::alu::kSlots;
    const auto add = [&](const std::string& table, std::size_t slot, const std::string& what,
                         const std::string& name, Program::Kind kind, std::size_t index) {
        for (std::size_t i = 0; i < 4; ++i)
            out.emplace_back(table + ": slot " + std::to_string(slot) + ", " + what + std::to_string(i),
                             tellResult(name, kind, index, i));
    };
    const auto& words = story().program.words;
    const auto fixed = std::find_if(words.begin(), words.end(), [](const WordOp& op) {
        return op.form == WordOp::Form::Constant && op.value[3] == Element::from(10);
    });
    const auto seven = static_cast<std::size_t>(fixed - words.begin());
    for (const std::size_t at : {seven, seven + 1})
        add("words", at % columns::words::kSlots, "fixed element ", "another constant", Program::Kind::Word,
            at);
    for (std::size_t at = story().firstProduct(); at < story().firstProduct() + kSlots; ++at)
        add("alu", at % kSlots, "product and sum ", "another product", Program::Kind::Alu, at);
}

void addReads(std::vector<Lie>& out)
{
    const std::size_t product = story().firstProduct();
    for (std::size_t i = 0; i < 4; ++i) {
        Lies lies;
        lies.alu = [=](std::size_t index, std::array<Extension, 3>& operands) {
            if (index == product) operands[0] = bumped(operands[0], i);
        };
        out.emplace_back("bus 1, field " + std::to_string(1 + i), tell("read what nobody wrote", lies));
        if (i == 0) out.emplace_back("bus 1", tell("read what nobody wrote", lies));
    }
    Lies lies;
    lies.alu = [=](std::size_t index, std::array<Extension, 3>& operands) {
        if (index == product) std::swap(operands[0], operands[2]);
    };
    out.emplace_back("bus 1, field 0", tell("read from the other address", lies));
}

// The bits of the first BitsOp, which takes 5 apart, and the products of the upper ones.
FalseWitness tellBits(const std::string& name, const std::vector<Element>& bits,
                      const std::vector<Element>& top)
{
    Lies lies;
    lies.result = [=](Program::Kind kind, std::size_t index, std::vector<Extension>& memory) {
        const BitsOp& op = story().program.bits[0];
        for (std::uint32_t k = 0; kind == Program::Kind::Bits && index == 0 && k < op.count; ++k)
            memory[op.first + k] = bits[k];
    };
    return tell(name, lies, [=](stark::Traces& traces) {
        for (std::size_t k = 0; k < bits.size(); ++k) traces[kBits]->at(0, k) = bits[k];
        for (std::size_t k = 0; k < 3; ++k) traces[kBits]->at(0, columns::bits::MTop + k) = top[k];
    });
}

void addBits(std::vector<Lie>& out)
{
    const Element one = Element::from(1);
    for (std::size_t i = 0; i < columns::bits::kAll; ++i) {
        // Another of the lower bits is flipped, and this one makes up for it.
        std::vector<Element> bits(columns::bits::kAll);
        bits[0] = bits[2] = one;
        const std::size_t flipped = i == 9 ? 10 : 9;
        bits[flipped] = one;
        Element others;
        for (std::size_t k = 0; k < bits.size(); ++k)
            others += k == i ? Element{} : bits[k] * Element::from(1U << k);
        bits[i] = (Element::from(5) - others) * Element::from(1U << i).inverse();
        out.emplace_back("bits: bit " + std::to_string(i), tellBits("no bit", bits, {{}, {}, {}}));
    }
    // 5 + p = 127 2^24 + 6.
    std::vector<Element> alias(columns::bits::kAll);
    alias[1] = alias[2] = one;
    std::fill(alias.begin() + 24, alias.end(), one);
    out.emplace_back("bits: below p", tellBits("5 + p", alias, {one, one, one}));
    out.emplace_back("bits: upper bits 0", tellBits("5 + p", alias, {{}, {}, {}}));
    out.emplace_back("bits: upper bits 1", tellBits("5 + p", alias, {one, {}, {}}));
    out.emplace_back("bits: upper bits 2", tellBits("5 + p", alias, {one, one, {}}));
}

void addPermutations(std::vector<Lie>& out)
{
    struct At {
        Program::Kind kind;
        const char* name;
        std::size_t row;
    };
    for (const At& at : {At{Program::Kind::Permute, "permutes", 0}, At{Program::Kind::Row, "rows", 4},
                         At{Program::Kind::Path, "paths", 1}}) {
        for (std::size_t i = 0; i < field::kRoundValues; ++i) {
            if (!columns::isKept(i, at.kind == Program::Kind::Path)) continue;
            Lies lies;
            lies.round = [at, i](Program::Kind kind, std::size_t row, std::size_t number, Element value) {
                return kind == at.kind && row == at.row && number == i ? value + Element::from(1) : value;
            };
            out.emplace_back(std::string(at.name) + ": round value " + std::to_string(i),
                             tell("another round", lies));
        }
    }
}

FalseWitness tellInput(Program::Kind kind, std::size_t row, const std::function<void(field::State&)>& change,
                       const Patch& patch = {})
{
    Lies lies;
    lies.input = [=](Program::Kind k, std::size_t r, field::State& state) {
        if (k == kind && r == row) change(state);
    };
    return tell("another input", lies, patch);
}

// Rows: the private one of two blocks (0, 1), the one of one element (2), the one of words (3 to 5), the first again.
void addRows(std::vector<Lie>& out)
{
    const auto bump = [](std::size_t i) {
        return [i](field::State& state) { state[i] += Element::from(1); };
    };
    for (std::size_t i = 0; i < 16; ++i)
        out.emplace_back("rows: input " + std::to_string(i), tellInput(Program::Kind::Row, 4, bump(i)));
    const std::array names{"gamma squared ", "gamma cubed ", "gamma to the 4 ", "gamma to the 8 "};
    for (std::size_t i = 0; i < 4; ++i) {
        for (std::size_t power = 1; power < 5; ++power) {
            Lies lies;
            lies.data = [=](RowBlock& block) {
                auto& g = block.powers;
                if (block.row != 3) return;
                g[power] = bumped(g[power], i);
                if (power < 2) g[2] = g[1] * g[0];
                if (power < 3 && power != 2) g[3] = g[1] * g[1];
                if (power < 4) g[4] = g[3] * g[3];
            };
            out.emplace_back("rows: " + (names[power - 1] + std::to_string(i)), tell("another power", lies));
        }
        Lies lies;
        lies.summed = [=](RowBlock& block) {
            if (block.row == 4) block.sum = bumped(block.sum, i);
        };
        out.emplace_back("rows: sum " + std::to_string(i), tell("another sum", lies));
    }
    for (std::size_t i = 1; i < 8; ++i) {
        Lies lies;
        lies.data = [=](RowBlock& block) {
            if (block.row == 2) block.data[i] += Element::from(1);
        };
        out.emplace_back("rows: behind the end " + std::to_string(i), tell("more than the row", lies));
    }
}

// The first path: at the right (0), at the left (1), joined by another row (2), at the right (3).
void addPaths(std::vector<Lie>& out)
{
    const auto bump = [](std::size_t i) {
        return [i](field::State& state) { state[i] += Element::from(1); };
    };
    for (std::size_t i = 0; i < 8; ++i) {
        const std::string number = std::to_string(i);
        out.emplace_back("paths: start " + number, tellInput(Program::Kind::Path, 0, bump(8 + i)));
        out.emplace_back("paths: next node " + number, tellInput(Program::Kind::Path, 1, bump(i)));
        out.emplace_back("paths: joined row " + number, tellInput(Program::Kind::Path, 2, bump(8 + i)));
    }
    // A bit of 2: the node is twice the right half less the left one.
    const auto mirror = [](field::State& state) {
        for (std::size_t i = 0; i < 8; ++i) state[i] = state[8 + i].doubled() - state[i];
    };
    out.emplace_back("paths: no bit", tellInput(Program::Kind::Path, 2, mirror, [](stark::Traces& traces) {
                         traces[kPaths]->at(2, columns::paths::MBit) = Element::from(2);
                     }));
}

const std::vector<Lie>& allLies()
{
    static const std::vector<Lie> out = [] {
        std::vector<Lie> lies;
        addResults(lies);
        addReads(lies);
        addBits(lies);
        addPermutations(lies);
        addRows(lies);
        addPaths(lies);
        return lies;
    }();
    return out;
}
constexpr stark::Parameters kKillParameters{1, 8, 0, 0, 0, 0, 0};
const stark::System& wholeSystem()
{
    static const stark::System out = *systemOf(story().program, heightsOf(story().program), kKillParameters);
    return out;
}
} // namespace

class TestRecursionKill : public QObject {
    Q_OBJECT
private slots:
    void theHonestStoryIsAccepted();
    void everyPieceIsKilled();
    void everyLieIsAFalseStatement();
};

void TestRecursionKill::theHonestStoryIsAccepted()
{
    const FalseWitness honest = tell("honest", {});
    for (const auto& v : stark::findViolations(wholeSystem(), honest.traces, honest.publicValues))
        qInfo() << v.chip.c_str() << v.what.c_str() << static_cast<qulonglong>(v.row);
    QVERIFY(stark::findViolations(wholeSystem(), honest.traces, honest.publicValues, 1).empty());
    QVERIFY(proofAccepts(wholeSystem(), honest));
    QVERIFY(execute(story().program, story().stream, honest.publicValues).ok());
}

void TestRecursionKill::everyPieceIsKilled()
{
    std::map<std::string, const FalseWitness*> lies;
    for (const auto& [piece, witness] : allLies()) lies[piece] = &witness;
    std::size_t killed = 0;
    std::size_t proven = 0;
    std::vector<std::string> survivors;
    const std::vector<Mutant> mutants = mutantsOf(wholeSystem());
    for (std::size_t i = 0; i < mutants.size(); ++i) {
        const auto found = lies.find(mutants[i].name);
        const bool passes =
            found != lies.end() &&
            stark::findViolations(mutants[i].system, found->second->traces, found->second->publicValues, 1)
                .empty();
        if (!passes) {
            survivors.push_back(mutants[i].name);
            continue;
        }
        ++killed;
        // Real proofs confirm what the rows say: of every eighth, and of all but round values.
        if (i % 8 != 0 && mutants[i].name.find("round value") != std::string::npos) continue;
        ++proven;
        if (!proofAccepts(mutants[i].system, *found->second)) QFAIL(mutants[i].name.c_str());
        if (proofAccepts(wholeSystem(), *found->second)) QFAIL(mutants[i].name.c_str());
    }
    for (const std::string& survivor : survivors) qWarning() << survivor.c_str();
    qInfo() << killed << "of" << mutants.size() << "killed," << proven << "by real proofs";
    QVERIFY(survivors.empty());
    QCOMPARE(mutants.size(), lies.size()); // each lie is about one piece
}

void TestRecursionKill::everyLieIsAFalseStatement()
{
    const FalseWitness honest = tell("honest", {});
    for (const auto& [piece, witness] : allLies()) {
        for (std::size_t i = 0; i < kInputs; ++i) QCOMPARE(witness.publicValues[i], honest.publicValues[i]);
        if (witness.publicValues == honest.publicValues) QFAIL(piece.c_str());
        if (stark::findViolations(wholeSystem(), witness.traces, witness.publicValues, 1).empty())
            QFAIL(piece.c_str());
        // The honest execution of these inputs does not come to these outputs.
        QVERIFY(!execute(story().program, story().stream, witness.publicValues).ok());
    }
}

QTEST_APPLESS_MAIN(TestRecursionKill)
#include "tst_recursion_kill.moc"
