// SPDX-License-Identifier: MIT
// A person who believes nobody: looks things up, sees what was checked and copies a hash of it, saves a file, opens one that
// is good and one that is not, and asks another node.
#include "tests/gui/person.h"
#include "ui/flows/checks_panel.h"
#include "ui/flows/found_card.h"
#include "ui/models/models.h"

#include <QFileDialog>
#include <QLineEdit>

using namespace bowline;
using namespace bowline::test;
using ui::PageId;

namespace {
bool openPage(Person& person)
{
    if (!person.openWallet()) return false;
    person.services.mine(1);
    return person.hands.goTo(PageId::LayerTwo) && person.waitToSee("Look up");
}

bool lookUp(Person& person, const QString& query)
{
    return person.hands.type("explorerQuery", query) && person.hands.press("explorerFind");
}

/// Types a path into the dialog and accepts it.
bool choose(Person& person, const QString& name, const QString& path)
{
    QFileDialog* dialog = nullptr;
    const bool there = person.hands.waitFor(name, [&] {
        dialog = person.window.findChild<QFileDialog*>(name);
        return dialog != nullptr && dialog->isVisible();
    });
    if (!there) return false;
    auto* edit = dialog->findChild<QLineEdit*>("fileNameEdit");
    if (edit == nullptr) return false;
    edit->setText(path);
    QTest::keyClick(edit, Qt::Key_Return);
    return true;
}
} // namespace

class TestExplorer : public QObject {
    Q_OBJECT

private slots:
    void initTestCase() { QCoreApplication::setAttribute(Qt::AA_DontUseNativeDialogs); }
    void theOwnAccountIsFoundWithoutTypingAnything()
    {
        Person person;
        QVERIFY(openPage(person));
        QVERIFY(person.hands.press("explorerFind"));
        QVERIFY(person.waitToSee("How this was checked"));
        QVERIFY(person.waitToSee("The value lies under the state root of the batch"));
        QVERIFY(person.waitToSee("The history is complete: nothing is left out"));
        QVERIFY(person.waitToSee("No proof of the chain was seen yet."));
        QVERIFY(person.waitToSee("Transactions: 2"));
    }
    void everyHashOfACheckCanBeSeenAndCopied()
    {
        Person person;
        QVERIFY(openPage(person));
        QVERIFY(person.hands.press("explorerFind"));
        QVERIFY(person.waitToSee("How this was checked"));
        QVERIFY(!person.seen().contains("Sibling 19"));
        QVERIFY(person.hands.lookAt("hashes-state-path"));
        QVERIFY(person.hands.press("hashes-state-path"));
        QVERIFY(person.waitToSee("Sibling 19"));
        QVERIFY(person.waitToSee("it ends in the root"));
        int copied = 0;
        for (auto* button : person.window.findChildren<ui::CopyButton*>()) {
            if (button->isVisible() && button->accessibleName() == "Copy Sibling 19") ++copied;
        }
        QCOMPARE(copied, 1);
        QVERIFY(person.hands.press("hashes-state-path"));
        QVERIFY(!person.seen().contains("Sibling 19"));
    }
    void fromABatchToItsTransactions()
    {
        Person person;
        QVERIFY(openPage(person));
        const auto batches = person.window.session().snapshot().batches;
        QVERIFY(person.hands.select("batchTable", QString::fromStdString(batches.at(0).hash)));
        QVERIFY(person.hands.lookAt("batchOpen") && person.hands.press("batchOpen"));
        QVERIFY(person.waitToSee("The transactions are those of the header, all of them"));
        auto* table = person.find<ui::RowsTable>("foundEntries");
        QVERIFY(table != nullptr);
        QCOMPARE(table->model()->rowCount(), 2);
        QCOMPARE(table->model()->index(1, ui::EntriesModel::Kind).data().toString(),
                 QString("Withdrawal requested"));
        QVERIFY(
            person.hands.select("foundEntries", table->model()->index(0, 0).data(ui::kKeyRole).toString()));
        QTest::keyClick(table, Qt::Key_Return);
        QVERIFY(person.waitToSee("The transaction lies under the batch's root of transactions"));
        QVERIFY(person.find<QLineEdit>("explorerQuery")->text().startsWith("tx:"));
    }
    void whatWasForgedIsNotShownAsAValue()
    {
        Person person;
        QVERIFY(openPage(person));
        QVERIFY(lookUp(person, "forged"));
        QVERIFY(person.waitToSee("The path leads to another root."));
        auto* facts = person.window.findChild<ui::Facts*>("foundFacts");
        QVERIFY(facts != nullptr && !facts->isVisible());
        QVERIFY(!person.find<QPushButton>("saveProof")->isEnabled());
        QVERIFY(!person.find<QPushButton>("compareNodes")->isEnabled());
    }
    void whatIsNotThereIsSaid()
    {
        Person person;
        QVERIFY(openPage(person));
        QVERIFY(lookUp(person, "999999"));
        QVERIFY(person.waitToSee("The node knows nothing of that name."));
        QVERIFY(person.find<QWidget>("foundVerdict") == nullptr);
    }
    void aSavedFileCanBeOpenedAndSaysWhatItDoesNotShow()
    {
        Person person;
        QVERIFY(openPage(person));
        QVERIFY(person.hands.press("explorerFind"));
        QVERIFY(person.waitToSee("How this was checked"));
        QVERIFY(person.hands.lookAt("saveProof") && person.hands.press("saveProof"));
        const QString path = person.folder.filePath("account.json");
        QVERIFY(choose(person, "saveDialog", path));
        QVERIFY(person.waitToSee("Saved and checked"));
        QVERIFY(person.waitToSee("bowline-cli verify"));
        QVERIFY(QFile::exists(path));
        QVERIFY(person.hands.lookAt("openProof") && person.hands.press("openProof"));
        QVERIFY(choose(person, "openDialog", path));
        QVERIFY(person.waitToSee("What this file does not show"));
        QVERIFY(person.waitToSee("Account, as it was after batch 7"));
        QVERIFY(person.waitToSee("That no Bitcoin chain with more work exists"));
        QVERIFY(person.hands.lookAt("closeFile") && person.hands.press("closeFile"));
        QVERIFY(!person.seen().contains("What this file does not show"));
    }
    void aForgedFileIsNotBelieved()
    {
        Person person;
        QVERIFY(openPage(person));
        const QString path = person.folder.filePath("forged.json");
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("forged") > 0);
        file.close();
        QVERIFY(person.hands.lookAt("openProof") && person.hands.press("openProof"));
        QVERIFY(choose(person, "openDialog", path));
        QVERIFY(person.waitToSee("A check failed: do not believe what this file says."));
        QVERIFY(person.waitToSee("The sequencer's signature is wrong."));
        QVERIFY(!person.seen().contains("Balance"));
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write("nothing") > 0);
        file.close();
        QVERIFY(person.hands.lookAt("openProof") && person.hands.press("openProof"));
        QVERIFY(choose(person, "openDialog", path));
        QVERIFY(person.waitToSee("This is no proof file, or a damaged one."));
    }
    void twoNodesAreCompared()
    {
        Person person;
        QVERIFY(openPage(person));
        QVERIFY(person.hands.press("explorerFind"));
        QVERIFY(person.waitToSee("How this was checked"));
        QVERIFY(person.hands.type("otherNode", "https://other:9000"));
        QVERIFY(person.hands.lookAt("compareNodes") && person.hands.press("compareNodes"));
        QVERIFY(person.waitToSee("Both nodes show the same"));
        QVERIFY(person.hands.type("otherNode", "https://liar:9000"));
        QVERIFY(person.hands.lookAt("compareNodes") && person.hands.press("compareNodes"));
        QVERIFY(person.waitToSee("The sequencer signed two different batches of this number"));
        QVERIFY(person.waitToSee("kept on this computer as evidence"));
        QVERIFY(person.waitToSee("https://liar:9000"));
    }
    void listsComeAPageAtATime()
    {
        Person person;
        QVERIFY(openPage(person));
        QVERIFY(person.hands.lookAt("showList") && person.hands.press("showList"));
        QVERIFY(
            person.hands.waitFor("deposits", [&] { return person.find<QWidget>("listTable") != nullptr; }));
        auto* table = person.find<ui::RowsTable>("listTable");
        QCOMPARE(table->model()->rowCount(), 20);
        QVERIFY(person.hands.lookAt("moreOfList") && person.hands.press("moreOfList"));
        QVERIFY(person.hands.waitFor("more", [&] { return table->model()->rowCount() == 23; }));
        QVERIFY(person.find<QWidget>("moreOfList") == nullptr);
    }
    void theListOfBatchesCountsTransactionsAndTurnsBack()
    {
        Person person;
        QVERIFY(openPage(person));
        auto* table = person.find<ui::RowsTable>("batchTable");
        QVERIFY(person.hands.waitFor("counts", [&] {
            return table->model()->index(0, ui::BatchesModel::Transactions).data().toString() == "2";
        }));
        person.services.update([](Snapshot& state) { state.batches.front().finality = "proven"; });
        QVERIFY(person.hands.waitFor("finality", [&] {
            return table->model()->index(0, ui::BatchesModel::Finality).data().toString() == "Proven";
        }));
    }
};

BOWLINE_GUI_MAIN(TestExplorer)
#include "tst_gui_explorer.moc"
