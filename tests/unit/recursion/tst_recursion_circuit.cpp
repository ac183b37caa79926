// SPDX-License-Identifier: MIT
// The verifier as a circuit: it decides as the native one does, for the same reason, on honest and on changed proofs.
#include "core/stark/prover_steps.h"
#include "tests/unit/recursion/fixture.h"

#include <QtTest>

#include <random>
#include <set>

using namespace bowline;
using namespace bowline::recursion;
using namespace bowline::test;

namespace {
constexpr stark::Parameters kTwoBits{2, 12, 1, 0, 2, 1, 3};

const VerifiedExample& small()
{
    static const VerifiedExample out;
    return out;
}
// Deeper, at blowup 4, with folds of every arity.
const VerifiedExample& deep()
{
    static const VerifiedExample out(makeExample(kTwoBits, 11, 7));
    return out;
}
const VerifiedExample& withoutMirror()
{
    static const VerifiedExample out(makeExample(kTestParameters, 9, 0));
    return out;
}

// Everything in a proof, to be changed in place.
std::vector<Element*> elementsOf(stark::Proof& p, bool hasLogUpRoot)
{
    std::vector<Element*> out;
    const auto element = [&out](Element& x) { out.push_back(&x); };
    const auto digest = [&](field::DigestWords& d) {
        for (Element& x : d) element(x);
    };
    digest(p.mainRoot);
    element(p.logUpWork);
    if (hasLogUpRoot) digest(p.logUpRoot);
    digest(p.quotientRoot);
    element(p.deepWork);
    element(p.batchWork);
    for (auto& fold : p.folds) {
        digest(fold.root);
        element(fold.work);
    }
    element(p.queryWork);
    for (auto& query : p.queries) {
        for (auto& batch : query.batches) {
            for (auto& row : batch.rows) {
                for (Element& x : row) element(x);
            }
            for (auto& d : batch.path) digest(d);
        }
        for (auto& fold : query.folds) {
            for (auto& d : fold.path) digest(d);
        }
    }
    return out;
}
std::vector<Extension*> extensionsOf(stark::Proof& p)
{
    std::vector<Extension*> out;
    for (Extension& x : p.sums) out.push_back(&x);
    for (auto& batch : p.values) {
        for (auto& matrix : batch) {
            for (auto& point : matrix) {
                for (Extension& x : point) out.push_back(&x);
            }
        }
    }
    for (Extension& x : p.finalPolynomial) out.push_back(&x);
    for (auto& query : p.queries) {
        for (auto& fold : query.folds) {
            for (Extension& x : fold.siblings) out.push_back(&x);
        }
    }
    return out;
}
} // namespace

class TestRecursionCircuit : public QObject {
    Q_OBJECT
private slots:
    void honestProofsAreAccepted();
    void theProgramHangsOnTheShapeAlone();
    void everyElementOfAProofIsJudgedAlike();
    void publicValuesAreJudgedAlike();
    void lyingProversAreJudgedAlike();
    void randomChangesAreJudgedAlike();
    void wrongLengthsAreRefused();
    void programsWithoutTheirRulesAreRefused();
};

void TestRecursionCircuit::honestProofsAreAccepted()
{
    for (const VerifiedExample* e : {&small(), &deep(), &withoutMirror()}) {
        QCOMPARE(e->native(e->proof, e->example.publicValues), std::string("accepted"));
        QCOMPARE(e->circuit(e->proof, e->example.publicValues), std::string("accepted"));
    }
}

void TestRecursionCircuit::theProgramHangsOnTheShapeAlone()
{
    // Other traces, so another proof: the same program accepts it.
    Example other = makeExample();
    other.publicValues = {Element::from(8), Element::from(1), {}};
    Element a = other.publicValues[0];
    Element b = other.publicValues[1];
    stark::Matrix& fibonacci = *other.traces[0];
    std::size_t mirrored = 0;
    std::fill(other.traces[2]->data.begin(), other.traces[2]->data.end(), Element{});
    for (std::size_t i = 0; i < fibonacci.rows(); ++i) {
        fibonacci.at(i, FibonacciAir::A) = a;
        fibonacci.at(i, FibonacciAir::B) = b;
        fibonacci.at(i, FibonacciAir::T) = a * b * fibonacci.at(i, FibonacciAir::V);
        if (!fibonacci.at(i, FibonacciAir::Flag).isZero()) {
            for (std::size_t c = 0; c < 3; ++c) {
                const std::array from{FibonacciAir::A, FibonacciAir::B, FibonacciAir::T};
                other.traces[2]->at(mirrored, c) = fibonacci.at(i, from[c]);
            }
            other.traces[2]->at(mirrored++, MirrorAir::Real) = Element::from(1);
        }
        other.publicValues[2] = b;
        const Element sum = a + b;
        a = b;
        b = sum;
    }
    const stark::Proof proof = *stark::prove(small().key, other.traces, other.publicValues);
    QCOMPARE(small().circuit(proof, other.publicValues), std::string("accepted"));
    QVERIFY(small().circuit(proof, small().example.publicValues) != "accepted");
}

void TestRecursionCircuit::everyElementOfAProofIsJudgedAlike()
{
    std::set<std::string> reasons;
    std::size_t changed = 0;
    for (const VerifiedExample* e : {&small(), &deep()}) {
        stark::Proof proof = e->proof;
        const auto look = [&](const std::string& what) {
            const std::string native = e->native(proof, e->example.publicValues);
            if (native == "accepted") QFAIL(what.c_str());
            QCOMPARE(e->circuit(proof, e->example.publicValues), native);
            reasons.insert(native);
            ++changed;
        };
        // All of the deep one's would take minutes: every seventeenth of them.
        const std::size_t step = e == &small() ? 1 : 17;
        const std::vector<Element*> elements = elementsOf(proof, true);
        for (std::size_t i = 0; i < elements.size(); i += step) {
            const Element before = *elements[i];
            *elements[i] += Element::from(1);
            look("element " + std::to_string(i));
            *elements[i] = before;
        }
        const std::vector<Extension*> extensions = extensionsOf(proof);
        for (std::size_t i = 0; i < extensions.size(); i += step) {
            for (std::size_t c = 0; c < 4; ++c) {
                const Extension before = *extensions[i];
                std::array<Element, 4> changedTo = before.coefficients();
                changedTo[c] += Element::from(1);
                *extensions[i] = Extension{changedTo};
                look("extension " + std::to_string(i));
                *extensions[i] = before;
            }
        }
    }
    qInfo() << changed << "changed proofs judged alike";
    for (const std::string& reason : reasons) qInfo() << reason.c_str();
    QVERIFY(reasons.size() >= 5);
}

void TestRecursionCircuit::publicValuesAreJudgedAlike()
{
    for (std::size_t i = 0; i < 3; ++i) {
        std::vector<Element> values = small().example.publicValues;
        values[i] += Element::from(1);
        const std::string native = small().native(small().proof, values);
        QVERIFY(native != "accepted");
        QCOMPARE(small().circuit(small().proof, values), native);
    }
}

void TestRecursionCircuit::lyingProversAreJudgedAlike()
{
    // The proofs are well formed and made with all work, but where the lie is.
    std::map<std::string, int> reasons;
    const auto look = [&](const VerifiedExample& e, const stark::Traces& traces,
                          const stark::ProverHooks& hooks) {
        const stark::Proof proof = *stark::proveWith(e.key, traces, e.example.publicValues, {}, hooks);
        const std::string native = e.native(proof, e.example.publicValues);
        QCOMPARE(e.circuit(proof, e.example.publicValues), native);
        ++reasons[native];
    };
    // Traces that break a constraint, or a bus; cells of rows that stand for nothing break none.
    for (std::size_t chip = 0; chip < 3; ++chip) {
        for (std::size_t column = 0; column < small().example.traces[chip]->width; ++column) {
            for (const std::size_t row : {std::size_t{0}, small().example.traces[chip]->rows() - 1}) {
                stark::Traces traces = small().example.traces;
                traces[chip]->at(row, column) += Element::from(1);
                look(small(), traces, {});
            }
        }
    }
    for (const VerifiedExample* e : {&small(), &deep()}) {
        for (const std::size_t k : {std::size_t{0}, std::size_t{31}}) {
            stark::ProverHooks hooks;
            hooks.finalPolynomial = [k](std::vector<Extension>& p) { p[k] += Extension::from(1); };
            look(*e, e->example.traces, hooks);
        }
        for (std::size_t f = 0; f < e->proof.folds.size(); ++f) {
            stark::ProverHooks hooks;
            hooks.folded = [f](std::size_t now, std::span<Element> values) {
                for (std::size_t i = 0; now == f && i < values.size(); i += 2) values[i] += Element::from(1);
            };
            look(*e, e->example.traces, hooks);
        }
        // A value at the next row that no constraint reads.
        stark::ProverHooks values;
        values.values = [](stark::Proof& p) { p.values[1][0][1][FibonacciAir::V] += Extension::from(1); };
        look(*e, e->example.traces, values);
        stark::ProverHooks sums;
        sums.sums = [](std::vector<Extension>& s) { std::swap(s[0], s[1]); };
        look(*e, e->example.traces, sums);
        stark::ProverHooks lazy;
        lazy.work = false;
        look(*e, e->example.traces, lazy);
    }
    for (const auto& [reason, count] : reasons) qInfo() << count << reason.c_str();
    for (const char* reason : {"constraints", "the messages of the chips do not balance", "final polynomial",
                               "path of a folding step", "work"})
        QVERIFY2(reasons[reason] > 0, reason);
    QVERIFY(reasons["accepted"] <= 4);
}

void TestRecursionCircuit::randomChangesAreJudgedAlike()
{
    std::mt19937 random(5);
    for (const VerifiedExample* e : {&deep(), &withoutMirror()}) {
        for (int round = 0; round < 150; ++round) {
            base::Bytes bytes = stark::encode(e->key.verifying(), e->proof);
            for (unsigned k = 0; k <= random() % 3; ++k)
                bytes[20 + random() % (bytes.size() - 20)] ^= static_cast<std::uint8_t>(1U << random() % 8);
            const auto proof = stark::decode(e->key.verifying(), bytes);
            if (!proof.ok() || proof->heights != e->proof.heights) continue;
            const std::string native = e->native(*proof, e->example.publicValues);
            QVERIFY(native != "accepted");
            QCOMPARE(e->circuit(*proof, e->example.publicValues), native);
        }
    }
}

void TestRecursionCircuit::wrongLengthsAreRefused()
{
    const VerifiedExample& e = small();
    Stream stream = e.stream(e.proof);
    QVERIFY(execute(e.program, stream, e.example.publicValues).ok());
    stream.push_back({});
    QVERIFY(!execute(e.program, stream, e.example.publicValues).ok());
    stream.pop_back();
    stream.pop_back();
    QVERIFY(!execute(e.program, stream, e.example.publicValues).ok());
    QVERIFY(!execute(e.program, e.stream(e.proof), {}).ok());
    const std::vector<std::function<void(stark::Proof&)>> changes{
        [](stark::Proof& p) { p.queries.pop_back(); },
        [](stark::Proof& p) { p.queries[0].batches.pop_back(); },
        [](stark::Proof& p) { p.queries[0].batches[1].rows[0].pop_back(); },
        [](stark::Proof& p) { p.queries[0].batches[1].rows.pop_back(); },
        [](stark::Proof& p) { p.queries[0].batches[1].path.pop_back(); },
        [](stark::Proof& p) { p.queries[0].folds.pop_back(); },
        [](stark::Proof& p) { p.queries[0].folds[0].siblings.pop_back(); },
        [](stark::Proof& p) { p.values.pop_back(); },
        [](stark::Proof& p) { p.values[1].pop_back(); },
        [](stark::Proof& p) { p.values[1][0].pop_back(); },
        [](stark::Proof& p) { p.values[1][0][0].pop_back(); },
        [](stark::Proof& p) { p.sums.pop_back(); },
        [](stark::Proof& p) { p.folds.pop_back(); },
        [](stark::Proof& p) { p.finalPolynomial.pop_back(); },
    };
    for (const auto& change : changes) {
        stark::Proof proof = e.proof;
        change(proof);
        Stream out;
        QVERIFY(!appendProof(out, e.key.verifying(), e.shape, proof).ok());
    }
}

void TestRecursionCircuit::programsWithoutTheirRulesAreRefused()
{
    const Program& good = small().program;
    QVERIFY(good.check().ok());
    const std::vector<std::function<void(Program&)>> changes{
        [](Program& p) { p.words[1].out = p.words[0].out; },
        [](Program& p) { p.alu[5].check ? p.alu[5].out = 0 : p.alu[5].out = p.words[0].out; },
        [](Program& p) { p.bits[0].first = p.bits[1].first; },
        [](Program& p) { p.permutes[0].out = p.permutes[1].out; },
        [](Program& p) { p.rows[0].digest = p.rows[1].digest; },
        [](Program& p) { ++p.uses[p.words[0].out]; },
        // The counts as they would then be: what is left wrong is that the word is no bit.
        [](Program& p) {
            p.paths[0].steps[0].at = p.rows[0].digest;
            p.uses = p.countUses();
        },
        // A word of public values is read by its copy alone, or its messages would hang on the program.
        [](Program& p) {
            p.alu.back().a = 0;
            p.uses = p.countUses();
        },
        [](Program& p) { p.paths[0].steps.clear(); },
        [](Program& p) { std::swap(p.order[10], p.order[p.order.size() - 10]); },
        [](Program& p) { p.order.pop_back(); },
        [](Program& p) { p.order.push_back(p.order.back()); },
        [](Program& p) { p.privates[0] = static_cast<std::uint32_t>(p.streamSize); },
        [](Program& p) { p.bits[0].count = 25; },
    };
    for (std::size_t i = 0; i < changes.size(); ++i) {
        Program program = good;
        changes[i](program);
        if (program.check().ok()) QFAIL(std::to_string(i).c_str());
    }
}

QTEST_APPLESS_MAIN(TestRecursionCircuit)
#include "tst_recursion_circuit.moc"
