// SPDX-License-Identifier: MIT
// A wrap with the parameters that are shipped, of the lift of a whole shard: what the documents promise of its bits and size.
// It takes half a minute of processor time: by night.
#include "core/aggregate/lift.h"
#include "core/aggregate/wrap.h"
#include "core/field/cells.h"
#include "core/stark/soundness.h"
#include "tests/bench/first_shard.h"

#include <QtTest>

#include <thread>

using namespace bowline;
using namespace bowline::aggregate;

namespace {
stark::Heights heightsOf(const recursion::Machine& machine)
{
    stark::Heights out;
    for (const stark::Chip& chip : machine.key().system().chips) out.emplace_back(chip.preprocessed.log);
    return out;
}
stark::SoundnessReport reportOf(const recursion::Machine& machine)
{
    const stark::VerifyingKey& key = machine.key().verifying();
    return stark::soundness(key.parameters, stark::ProofBounds::of(key, heightsOf(machine)));
}
} // namespace

class TestAggregateWrappedLift : public QObject {
    Q_OBJECT
private slots:
    void aWrappedLiftIsSmallAndProven();
};

void TestAggregateWrappedLift::aWrappedLiftIsSmallAndProven()
{
    const field::CellsReuse reuse;
    stark::ProverOptions options;
    options.threads = std::max(1U, std::thread::hardware_concurrency());
    const auto shard = bench::firstShard("fibonacci", "1000000", std::uint64_t{1} << 20U, options);
    QVERIFY(shard.ok());
    const auto lift = Lift::make({shard->span.programLog, shard->proof.heights, stark::kCoreParameters},
                                 kWideLiftForm, options);
    QVERIFY(lift.ok());
    const auto inner = (*lift)->prove(shard->span, shard->proof, options);
    QVERIFY(inner.ok());
    const auto wrap = Wrap::make((*lift)->key(), inner->proof.heights, kWrapParameters, options);
    QVERIFY(wrap.ok());

    for (const recursion::Machine* machine : {&(*wrap)->first(), &(*wrap)->last()}) {
        const stark::SoundnessReport report = reportOf(*machine);
        qInfo().noquote() << "\n" << report.table("a step of the wrap").c_str();
        QVERIFY(report.johnson >= stark::kProvenBits);
    }
    for (const recursion::Machine* machine : {&(*wrap)->first(), &(*wrap)->last()}) {
        QString text;
        for (const auto& log : heightsOf(*machine)) text += QString::number(*log) + ' ';
        qInfo().noquote() << "heights:" << text;
    }

    const std::vector<Element> values = shard->span.publicValues();
    const auto file = (*wrap)->prove(values, inner->proof, options);
    QVERIFY(file.ok());
    qInfo() << file->size() << "bytes";
    QVERIFY(file->size() <= 200 * 1024);
    // Who checks it has a key that no prover made.
    const auto key = verifyingKeyOf((*wrap)->wrapKey());
    QVERIFY(key.ok());
    const auto proven = verifyWrapped(*key, *file);
    QVERIFY(proven.ok());
    QVERIFY(*proven == values);
    base::Bytes other = *file;
    other[20] ^= 1U; // of the first public value
    QCOMPARE(verifyWrapped(*key, other).error().code.name(), std::string_view("stark.rejected"));
}

QTEST_APPLESS_MAIN(TestAggregateWrappedLift)
#include "tst_aggregate_wrapped_lift.moc"
