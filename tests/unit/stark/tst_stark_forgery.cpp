// SPDX-License-Identifier: MIT
// Provers that lie at one place and are honest at all others: each is refused, for the reason expected. The groups are
// those of the design: sums of LogUp (7), FRI and commitments (10).
#include "core/stark/prover_steps.h"
#include "core/stark/verifier.h"
#include "core/stark/verifier_core.h"
#include "tests/unit/stark/example.h"

#include <QtTest>

#include <random>
#include <set>

using namespace bowline;
using namespace bowline::stark;
using namespace bowline::test;

namespace {
constexpr Parameters kTwoBits{2, 20, 2, 1, 3, 2, 4};

struct Setting {
    Example example;
    ProvingKey key;
    explicit Setting(Example e = makeExample())
        : example(std::move(e)), key(*ProvingKey::make(example.system))
    {
    }

    // Why the proof of a lying prover is refused; "accepted" if it is not.
    [[nodiscard]] std::string reason(const ProverHooks& hooks, const Traces* traces = nullptr) const
    {
        const Proof proof =
            *proveWith(key, traces ? *traces : example.traces, example.publicValues, {}, hooks);
        return reason(proof);
    }
    [[nodiscard]] std::string reason(const Proof& proof) const
    {
        const base::Status status = verifyProof(key.verifying(), example.publicValues, proof);
        return status.ok() ? "accepted" : status.error().detail;
    }
    [[nodiscard]] Proof honest() const { return *prove(key, example.traces, example.publicValues); }
};

std::mt19937 random32(17);
Element anyElement() { return Element::from(static_cast<std::uint32_t>(random32())); }

// A sender and a receiver of one column each, on buses to choose.
struct OneMessageAir : Air {
    std::uint32_t bus;
    bool send;
    OneMessageAir(std::uint32_t b, bool s) : bus(b), send(s) {}
    [[nodiscard]] std::string name() const override { return send ? "sender" : "receiver"; }
    [[nodiscard]] std::size_t width() const override { return 1; }
    void eval(AirBuilder& b) const override
    {
        if (send) {
            b.send(bus, b.constant(1U), {b.main(0)}, "message");
        } else {
            b.receive(bus, b.constant(1U), {b.main(0)}, "message");
        }
    }
};

std::string busesBalance(std::uint32_t sendBus, std::uint32_t receiveBus)
{
    const OneMessageAir sender(sendBus, true);
    const OneMessageAir receiver(receiveBus, false);
    const std::vector<const Air*> airs{&sender, &receiver};
    const ProvingKey key = *ProvingKey::make(*System::make(kTestParameters, 0, airs));
    Matrix trace(1, 5);
    for (std::size_t i = 0; i < trace.rows(); ++i)
        trace.at(i, 0) = Element::from(static_cast<std::uint32_t>(i));
    const Proof proof = *prove(key, {trace, trace}, {});
    const base::Status status = verifyProof(key.verifying(), {}, proof);
    return status.ok() ? "accepted" : status.error().detail;
}
} // namespace

class TestStarkForgery : public QObject {
    Q_OBJECT
private slots:
    void theHonestProverIsAccepted();
    void forgedSumsAreRefused();
    void busesAreNotConfused();
    void leftOutChipsSendNothing();
    void workMustBeDone();
    void highDegreesAreRefused();
    void wrongFoldsAreRefused();
    void wrongFinalPolynomialsAreRefused();
    void wrongValuesAreRefused();
    void wrongLengthsAreRefused();
    void openingsBelongToTheirPosition();
    void pointsInADomainAreRefused();
    void pathsOneByOneAndManyAtOnceAgree();
    void bytesAndProofsInMemoryAreJudgedAlike();
};

void TestStarkForgery::theHonestProverIsAccepted()
{
    QCOMPARE(Setting().reason(ProverHooks{}), std::string("accepted"));
    QCOMPARE(Setting(makeExample(kTwoBits)).reason(ProverHooks{}), std::string("accepted"));
}

void TestStarkForgery::forgedSumsAreRefused()
{
    const Setting s;
    Traces traces = s.example.traces;
    traces[1]->at(5, 0) += Element::from(1); // a byte counted once too often
    QCOMPARE(s.reason({}, &traces), std::string("the messages of the chips do not balance"));
    // A sum that is not the chip's: alone it does not balance, and when another takes it up, neither is what its
    // running sum closes on.
    const std::size_t chips = s.honest().sums.size();
    for (std::size_t chip = 0; chip < chips; ++chip) {
        ProverHooks hooks;
        hooks.sums = [chip](std::vector<Extension>& sums) { sums[chip] += Extension::from(1); };
        QCOMPARE(s.reason(hooks), std::string("the messages of the chips do not balance"));
        hooks.sums = [chip](std::vector<Extension>& sums) {
            sums[chip] += Extension::from(1);
            sums[(chip + 1) % sums.size()] -= Extension::from(1);
        };
        QCOMPARE(s.reason(hooks), std::string("constraints"));
    }
    ProverHooks swap;
    swap.sums = [](std::vector<Extension>& sums) { std::swap(sums[0], sums[1]); };
    QCOMPARE(s.reason(swap), std::string("constraints"));
}

void TestStarkForgery::busesAreNotConfused()
{
    QCOMPARE(busesBalance(7, 7), std::string("accepted"));
    QCOMPARE(busesBalance(7, 8), std::string("the messages of the chips do not balance"));
    QCOMPARE(busesBalance(8, 7), std::string("the messages of the chips do not balance"));
}

void TestStarkForgery::leftOutChipsSendNothing()
{
    const Setting s;
    Traces traces = s.example.traces;
    traces[2].reset(); // rows are flagged, and nobody receives them
    QCOMPARE(s.reason({}, &traces), std::string("the messages of the chips do not balance"));
}

void TestStarkForgery::workMustBeDone()
{
    // Each site in turn asks for 12 bits, which the nonce 0 has with a chance of 1 in 4096.
    for (unsigned Parameters::*site : {&Parameters::logUpWork, &Parameters::deepWork, &Parameters::batchWork,
                                       &Parameters::foldWork, &Parameters::queryWork}) {
        Parameters parameters{1, 20, 0, 0, 0, 0, 0};
        parameters.*site = 12;
        const Setting s(makeExample(parameters));
        ProverHooks lazy;
        lazy.work = false;
        QCOMPARE(s.reason(lazy), std::string("work"));
        QCOMPARE(s.reason(ProverHooks{}), std::string("accepted"));
    }
}

void TestStarkForgery::highDegreesAreRefused()
{
    const Setting s(makeExample(kTwoBits));
    // At blowup 4 values out of the domain and quotient are worked out on cosets 0 and 2: on the others the
    // prover commits to what it likes, and only FRI can tell.
    for (const BatchKind kind : {BatchKind::Main, BatchKind::LogUp, BatchKind::Quotient}) {
        for (std::size_t matrix = 0; matrix < 3; ++matrix) {
            ProverHooks hooks;
            hooks.columns = [kind, matrix](BatchKind now, CommittedBatch& batch) {
                if (now != kind) return;
                Matrix& columns = batch.matrices[matrix].columns;
                const std::size_t coset = columns.rows() / 4;
                for (const std::size_t r : {std::size_t{1}, std::size_t{3}}) {
                    for (std::size_t i = 0; i < coset; ++i) columns.at(r * coset + i, 0) = anyElement();
                }
            };
            QCOMPARE(s.reason(hooks), std::string("final polynomial"));
        }
    }
    // The whole column another polynomial of the right degree: FRI is content, the constraints are not.
    ProverHooks hooks;
    hooks.columns = [](BatchKind now, CommittedBatch& batch) {
        if (now != BatchKind::Main) return;
        for (std::size_t i = 0; i < batch.matrices[0].columns.rows(); ++i)
            batch.matrices[0].columns.at(i, FibonacciAir::T) += Element::from(1);
    };
    QCOMPARE(s.reason(hooks), std::string("constraints"));
}

void TestStarkForgery::wrongFoldsAreRefused()
{
    const Setting s(makeExample(kTestParameters, 11, 7));
    const std::size_t folds = s.honest().folds.size();
    QVERIFY(folds >= 3);
    for (std::size_t f = 0; f < folds; ++f) {
        ProverHooks hooks;
        hooks.folded = [f](std::size_t now, std::span<Element> values) {
            for (std::size_t i = 0; now == f && i < values.size(); i += 2) values[i] += Element::from(1);
        };
        QVERIFY(s.reason(hooks) == "final polynomial" || s.reason(hooks) == "path of a folding step");
        // A fold to nothing at all, which has every degree.
        hooks.folded = [f](std::size_t now, std::span<Element> values) {
            if (now == f) std::fill(values.begin(), values.end(), Element{});
        };
        QVERIFY(s.reason(hooks) == "final polynomial" || s.reason(hooks) == "path of a folding step");
    }
}

void TestStarkForgery::wrongFinalPolynomialsAreRefused()
{
    const Setting s;
    for (const std::size_t k : {0U, 1U, 31U}) {
        ProverHooks hooks;
        hooks.finalPolynomial = [k](std::vector<Extension>& p) { p[k] += Extension::from(1); };
        QCOMPARE(s.reason(hooks), std::string("final polynomial"));
    }
    // Longer, even by zeros, or shorter.
    ProverHooks hooks;
    hooks.finalPolynomial = [](std::vector<Extension>& p) { p.push_back({}); };
    QCOMPARE(s.reason(hooks), std::string("a list of the wrong length"));
    hooks.finalPolynomial = [](std::vector<Extension>& p) { p.resize(64); };
    QCOMPARE(s.reason(hooks), std::string("a list of the wrong length"));
    hooks.finalPolynomial = [](std::vector<Extension>& p) { p.pop_back(); };
    QCOMPARE(s.reason(hooks), std::string("a list of the wrong length"));
}

void TestStarkForgery::wrongValuesAreRefused()
{
    const Setting s;
    const Proof honest = s.honest();
    // Batches: preprocessed, main, LogUp, quotient. The next row of columns v, t and flag is opened, but read by no
    // constraint; the other values are.
    for (std::size_t b = 0; b < honest.values.size(); ++b) {
        for (std::size_t m = 0; m < honest.values[b].size(); ++m) {
            for (std::size_t k = 0; k < honest.values[b][m].size(); ++k) {
                for (std::size_t c = 0; c < honest.values[b][m][k].size(); ++c) {
                    ProverHooks hooks;
                    hooks.values = [=](Proof& p) { p.values[b][m][k][c] += Extension::from(1); };
                    const bool unread = k == 1 && ((b == 1 && m == 0 && c >= FibonacciAir::V) ||
                                                   (b == 2 && c + 4 < honest.values[b][m][k].size()));
                    QCOMPARE(s.reason(hooks), std::string(unread ? "final polynomial" : "constraints"));
                }
            }
        }
    }
}

void TestStarkForgery::wrongLengthsAreRefused()
{
    const Setting s(makeExample(kTestParameters, 9, 6));
    const Proof honest = s.honest();
    const std::vector<std::function<void(Proof&)>> changes{
        [](Proof& p) { p.queries.clear(); },
        [](Proof& p) { p.queries.pop_back(); },
        [](Proof& p) { p.queries.push_back(p.queries.back()); },
        [](Proof& p) { p.queries[3].batches[1].path.pop_back(); },
        [](Proof& p) { p.queries[3].batches[1].path.push_back({}); },
        [](Proof& p) { p.queries[3].batches[1].rows[0].push_back({}); },
        [](Proof& p) { p.queries[3].batches[1].rows[0].pop_back(); },
        [](Proof& p) { p.queries[3].batches[1].rows.pop_back(); },
        [](Proof& p) { p.queries[3].batches.pop_back(); },
        [](Proof& p) { p.queries[3].folds.pop_back(); },
        [](Proof& p) { p.queries[3].folds[0].siblings.pop_back(); },
        [](Proof& p) { p.queries[3].folds[0].siblings.push_back({}); },
        [](Proof& p) { p.queries[3].folds[0].path.pop_back(); },
        [](Proof& p) { p.queries[3].folds[0].path.push_back({}); },
        [](Proof& p) { p.folds.pop_back(); },
        [](Proof& p) { p.folds.push_back({}); },
        [](Proof& p) { p.sums.pop_back(); },
        [](Proof& p) { p.sums.push_back({}); },
        [](Proof& p) { p.values.pop_back(); },
        [](Proof& p) { p.values[1][0].pop_back(); },
        [](Proof& p) { p.values[1][1].push_back(p.values[1][1][0]); },
        [](Proof& p) { p.values[1][0][0].push_back({}); },
        [](Proof& p) { p.heights.pop_back(); },
        [](Proof& p) { p.heights.push_back(5U); },
        [](Proof& p) { p.heights[0] = 10U; },
    };
    for (const auto& change : changes) {
        Proof other = honest;
        change(other);
        const base::Status status = verifyProof(s.key.verifying(), s.example.publicValues, other);
        QVERIFY(!status.ok() && (status.error().code == kBadProof || status.error().code == kBadShape));
    }
}

void TestStarkForgery::openingsBelongToTheirPosition()
{
    const Setting s(makeExample(kTestParameters, 9, 6));
    const Proof honest = s.honest();
    std::set<std::string> reasons;
    const auto refused = [&](const std::function<void(Proof&)>& change) {
        Proof other = honest;
        change(other);
        const std::string why = s.reason(other);
        reasons.insert(why);
        return why != "accepted";
    };
    QVERIFY(refused([](Proof& p) { std::swap(p.queries[0], p.queries[1]); }));
    QVERIFY(refused([](Proof& p) { p.queries[1] = p.queries[0]; }));
    QVERIFY(refused([](Proof& p) { std::swap(p.queries[0].batches[1], p.queries[1].batches[1]); }));
    QVERIFY(refused([](Proof& p) { std::swap(p.queries[0].folds[0], p.queries[1].folds[0]); }));
    QVERIFY(refused(
        [](Proof& p) { std::swap(p.queries[0].folds[1].siblings[0], p.queries[0].folds[1].siblings[1]); }));
    QVERIFY(refused(
        [](Proof& p) { std::swap(p.queries[0].batches[1].path[0], p.queries[0].batches[1].path[1]); }));
    for (std::size_t b = 0; b < honest.queries[0].batches.size(); ++b) {
        for (std::size_t m = 0; m < honest.queries[0].batches[b].rows.size(); ++m)
            QVERIFY(refused([&](Proof& p) { p.queries[5].batches[b].rows[m].back() += Element::from(1); }));
        for (std::size_t i = 0; i < honest.queries[0].batches[b].path.size(); ++i)
            QVERIFY(refused([&](Proof& p) { p.queries[5].batches[b].path[i][7] += Element::from(1); }));
    }
    for (std::size_t f = 0; f < honest.queries[0].folds.size(); ++f) {
        for (std::size_t i = 0; i < honest.queries[0].folds[f].siblings.size(); ++i)
            QVERIFY(refused([&](Proof& p) { p.queries[19].folds[f].siblings[i] += Extension::from(1); }));
        for (std::size_t i = 0; i < honest.queries[0].folds[f].path.size(); ++i)
            QVERIFY(refused([&](Proof& p) { p.queries[19].folds[f].path[i][0] += Element::from(1); }));
    }
    QVERIFY(reasons.count("path of an opened row") == 1 && reasons.count("path of a folding step") == 1);
}

void TestStarkForgery::pointsInADomainAreRefused()
{
    const auto outOfDomain = [](const Extension& point) {
        Native native;
        requireOutOfDomain(native, point, 6, 1);
        return native.rejected() ? std::string(native.reason()) : std::string("out");
    };
    Element x = Element::from(1);
    for (int i = 0; i < 64; ++i, x *= Element::rootOfUnity(6))
        QCOMPARE(outOfDomain(x), std::string("point in the trace domain"));
    x = domainShift();
    for (int i = 0; i < 128; ++i, x *= Element::rootOfUnity(7))
        QCOMPARE(outOfDomain(x), std::string("point in a committed domain"));
    QCOMPARE(outOfDomain(Extension::from(2)), std::string("out"));
    QCOMPARE(outOfDomain(Extension{{Element::from(1), Element::from(1), Element{}, Element{}}}),
             std::string("out"));
}

namespace {
// The verifier without its vector code, as a circuit would run it.
struct OneByOne : Native {
    void requirePaths() = delete;
    void weightedSums() = delete;
    void inverseDistances() = delete;
};
} // namespace

void TestStarkForgery::pathsOneByOneAndManyAtOnceAgree()
{
    const Setting s(makeExample(kTestParameters, 9, 6));
    const VerifyingKey& key = s.key.verifying();
    const Proof honest = s.honest();
    const Shape shape = *Shape::make(key, honest.heights);
    const auto oneByOne = [&](const Proof& proof) {
        OneByOne backend;
        VerifierCore<OneByOne>(backend, key, shape, proof, s.example.publicValues).run();
        return backend.rejected() ? std::string(backend.reason()) : std::string("accepted");
    };
    QCOMPARE(oneByOne(honest), std::string("accepted"));
    for (int i = 0; i < 400; ++i) {
        base::Bytes bytes = encode(key, honest);
        bytes[20 + random32() % (bytes.size() - 20)] ^= static_cast<std::uint8_t>(1U << (random32() % 8));
        const auto decoded = decode(key, bytes);
        if (!decoded.ok() || decoded->heights != honest.heights) continue;
        const std::string why = s.reason(*decoded);
        QVERIFY(why != "accepted");
        QCOMPARE(oneByOne(*decoded), why);
    }
}

void TestStarkForgery::bytesAndProofsInMemoryAreJudgedAlike()
{
    // verify() reads bytes into shared arrays, decode() into vectors: two forms of the same lists.
    const Setting s(makeExample(kTestParameters, 9, 6));
    const VerifyingKey& key = s.key.verifying();
    const base::Bytes honest = encode(key, s.honest());
    const auto reason = [](const base::Status& status) {
        return status.ok() ? std::string("accepted")
                           : std::string(status.error().code.name()) + ": " + status.error().detail;
    };
    QCOMPARE(reason(verify(key, s.example.publicValues, honest)), std::string("accepted"));
    for (int i = 0; i < 2000; ++i) {
        base::Bytes bytes = honest;
        bytes[random32() % bytes.size()] ^= static_cast<std::uint8_t>(1U << (random32() % 8));
        if (i % 50 == 0) bytes.resize(random32() % bytes.size());
        const auto decoded = decode(key, bytes);
        const base::Status status =
            decoded.ok() ? verifyProof(key, s.example.publicValues, *decoded) : base::Status(decoded.error());
        QVERIFY(!status.ok());
        QCOMPARE(reason(verify(key, s.example.publicValues, bytes)), reason(status));
    }
}

QTEST_APPLESS_MAIN(TestStarkForgery)
#include "tst_stark_forgery.moc"
