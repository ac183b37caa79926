// SPDX-License-Identifier: MIT
// The level that a batch is shown at (docs/trust.md): what is proven, what Bitcoin has sealed, and what it contradicts.
#include "app/services/local/batch_view.h"
#include "core/seal/history.h"

#include <QTest>

using namespace bowline;
using services::BatchView;

class TestBatchView : public QObject {
    Q_OBJECT
private slots:
    void levels_data();
    void levels();
};

void TestBatchView::levels_data()
{
    QTest::addColumn<int>("state");
    QTest::addColumn<unsigned>("confirmations");
    QTest::addColumn<bool>("proven");
    QTest::addColumn<QString>("level");
    using seal::SealState;
    const auto row = [](const char* name, SealState state, unsigned confirmations, bool proven,
                        const char* level) {
        QTest::newRow(name) << static_cast<int>(state) << confirmations << proven << QString(level);
    };
    row("signed", SealState::Sequenced, 0, false, "sequenced");
    row("in a block", SealState::Sealed, 1, false, "sealed");
    row("deep", SealState::Sealed, 9, false, "sealed");
    row("proven", SealState::Sequenced, 0, true, "proven");
    row("proven, not deep", SealState::Sealed, 3, true, "proven");
    row("proven and deep", SealState::Sealed, 4, true, "withdrawable");
    // Anybody proves a second history; it is not the one.
    row("another one is sealed", SealState::Conflict, 9, false, "sequenced");
    row("proven, and another one is sealed", SealState::Conflict, 9, true, "sequenced");
}

void TestBatchView::levels()
{
    QFETCH(int, state);
    QFETCH(unsigned, confirmations);
    QFETCH(bool, proven);
    QFETCH(QString, level);
    constexpr std::uint32_t kDepth = 3;
    BatchView batch;
    batch.seal.state = seal::nameOf(static_cast<seal::SealState>(state));
    batch.seal.confirmations = confirmations;
    batch.verdict.kind = services::Verdict::Kind::Verified;
    batch.verdict.finality = proven ? "root-proven" : "root-not-proven";
    services::setFinality(batch, kDepth);
    QCOMPARE(QString::fromStdString(batch.finality), level);
    // A root that is proven is worth nothing where the batch was not verified.
    batch.verdict.kind = services::Verdict::Kind::Unverified;
    services::setFinality(batch, kDepth);
    QVERIFY(batch.finality == "sequenced" || batch.finality == "sealed");
}

QTEST_GUILESS_MAIN(TestBatchView)
#include "tst_batch_view.moc"
