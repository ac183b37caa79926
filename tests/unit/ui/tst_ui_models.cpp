// SPDX-License-Identifier: MIT
// The tables' models: they announce exactly what changes, keep the selection, and sort by numbers.
#include "ui/design/display.h"
#include "ui/models/models.h"

#include <QAbstractItemModelTester>
#include <QItemSelectionModel>
#include <QRandomGenerator>
#include <QSignalSpy>
#include <QSortFilterProxyModel>
#include <QTest>

using namespace bowline;
using namespace bowline::ui;

namespace {
services::BridgeItem item(const std::string& id, std::int64_t satoshi,
                          const std::string& state = "deposit.signed")
{
    services::BridgeItem out;
    out.id = id;
    out.amount = base::Amount::fromSat(satoshi);
    out.state = state;
    return out;
}

/// Random lists one after another, with the tester watching; the model must then hold exactly the last.
template <typename Model, typename Row>
void shuffleThrough(Row (*make)(int))
{
    Model model;
    const QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::QtTest);
    QRandomGenerator random(7);
    for (int round = 0; round < 60; ++round) {
        std::vector<Row> rows;
        for (int i = 0; i < 12; ++i) {
            if (random.bounded(2) == 1) rows.push_back(make(i));
        }
        std::shuffle(rows.begin(), rows.end(), random);
        model.setRows(rows);
        QCOMPARE(model.rowCount(), int(rows.size()));
        for (int row = 0; row < model.rowCount(); ++row) {
            for (int column = 0; column < model.columnCount(); ++column) {
                QVERIFY(model.data(model.index(row, column), Qt::DisplayRole).isValid());
                QVERIFY(model.data(model.index(row, column), kSortRole).isValid());
            }
        }
    }
}
} // namespace

class TestModels : public QObject {
    Q_OBJECT

private slots:
    void anyOrderOfSnapshotsKeepsModelsSound()
    {
        shuffleThrough<BridgeModel, services::BridgeItem>([](int i) { return item(std::to_string(i), i); });
        shuffleThrough<ActivityModel, services::ActivityView>([](int i) {
            return services::ActivityView{std::to_string(i), "received", base::Amount::fromSat(i), i,
                                          "pending"};
        });
        shuffleThrough<PeersModel, services::PeerView>([](int i) {
            return services::PeerView{std::to_string(i), "agent", 5, true, "", "", std::nullopt};
        });
        shuffleThrough<BatchesModel, services::BatchView>([](int i) {
            services::BatchView out;
            out.hash = std::to_string(i);
            return out;
        });
    }
    void selectionStaysWithItsRowWhenANewOneComes()
    {
        BridgeModel model;
        model.setRows({item("a", 1), item("b", 2)});
        QItemSelectionModel selection(&model);
        selection.setCurrentIndex(model.index(1, 0), QItemSelectionModel::SelectCurrent);
        model.setRows({item("new", 3), item("a", 1), item("b", 2)});
        QCOMPARE(selection.currentIndex().data(kKeyRole).toString(), QString("b"));
    }
    void unchangedSnapshotAnnouncesNothing()
    {
        BridgeModel model;
        model.setRows({item("a", 1), item("b", 2)});
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        QSignalSpy inserted(&model, &QAbstractItemModel::rowsInserted);
        QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
        model.setRows({item("a", 1), item("b", 2)});
        QCOMPARE(changed.count() + inserted.count() + reset.count(), 0);
        model.setRows({item("a", 1), item("b", 2, "deposit.credited")});
        QCOMPARE(changed.count(), 1);
        QCOMPARE(changed.front().front().toModelIndex().row(), 1);
    }
    void amountsSortAsNumbers()
    {
        BridgeModel model;
        model.setRows({item("a", 900), item("b", 10'000), item("c", 20)});
        QSortFilterProxyModel sorted;
        sorted.setSourceModel(&model);
        sorted.setSortRole(kSortRole);
        sorted.sort(BridgeModel::Money);
        QCOMPARE(sorted.index(0, 0).data(kKeyRole).toString() + sorted.index(1, 0).data(kKeyRole).toString(),
                 QString("ca"));
    }
    void hidingAmountsChangesTheAmountColumn()
    {
        BridgeModel model;
        model.setRows({item("a", 900)});
        QSignalSpy changed(&model, &QAbstractItemModel::dataChanged);
        ui::Display::current().setHidesAmounts(true);
        QCOMPARE(changed.count(), 1);
        QCOMPARE(model.index(0, BridgeModel::Money).data().toString(), hiddenAmount());
        ui::Display::current().setHidesAmounts(false);
    }
};

QTEST_MAIN(TestModels)
#include "tst_ui_models.moc"
