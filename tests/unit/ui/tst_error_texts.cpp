// SPDX-License-Identifier: MIT
// No failure without words: every ErrorCode of the source has a text of its own or that of its part, and every stable
// code of the bridge's states has a word.
#include "ui/design/code_texts.h"
#include "ui/design/error_texts.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSet>
#include <QTest>

using namespace bowline;
using namespace bowline::ui;

namespace {
QString read(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

QSet<QString> matchesIn(const QStringList& folders, const QString& pattern)
{
    static const QStringList kinds{"*.h", "*.cpp"};
    QSet<QString> out;
    for (const QString& folder : folders) {
        QDirIterator files(QStringLiteral(BOWLINE_SOURCE_DIR "/") + folder, kinds, QDir::Files,
                           QDirIterator::Subdirectories);
        while (files.hasNext()) {
            auto found = QRegularExpression(pattern).globalMatch(read(files.next()));
            while (found.hasNext()) out.insert(found.next().captured(1));
        }
    }
    return out;
}
} // namespace

class TestErrorTexts : public QObject {
    Q_OBJECT

private slots:
    void everyErrorCodeHasWords()
    {
        const QSet<QString> codes = matchesIn({"core", "app"}, "ErrorCode\\s+k\\w+\\s*\\{\\s*\"([^\"]+)\"");
        QVERIFY2(codes.size() > 150, qPrintable(QString::number(codes.size())));
        for (const QString& code : codes) {
            const std::string name = code.toStdString();
            QVERIFY2(hasOwnErrorText(name) || hasCategoryText(name), qPrintable(code));
        }
    }
    void codesOfWalletAndServicesHaveTheirOwn()
    {
        for (const QString& code :
             matchesIn({"core/wallet", "app/services"}, "ErrorCode\\s+k\\w+\\s*\\{\\s*\"([^\"]+)\"")) {
            QVERIFY2(hasOwnErrorText(code.toStdString()), qPrintable(code));
        }
    }
    void textsSayWhatHappenedAboutTheMoneyAndWhatToDo()
    {
        for (const char* code :
             {"wallet.wrong-password", "services.node-unreachable", "chain.no-peer", "no-such.code"}) {
            const ErrorText text = errorText(base::ErrorCode{code});
            QVERIFY(!text.what.isEmpty() && !text.money.isEmpty() && !text.todo.isEmpty());
        }
    }
    void everyStepOfTheBridgeHasAName()
    {
        const QSet<QString> steps =
            matchesIn({"core/bridge"}, "\\.id = \"((?:deposit|withdrawal|claim)\\.[^\"]+)\"");
        QVERIFY2(steps.size() >= 15, qPrintable(QString::number(steps.size())));
        for (const QString& step : steps) QVERIFY2(stepTitle(step.toStdString()) != step, qPrintable(step));
    }
    void aRefusedWithdrawalIsNotCalledReclaimed()
    {
        services::BridgeItem item;
        item.kind = services::BridgeItem::Kind::Withdrawal;
        item.finished = item.failed = true;
        item.state = "withdrawal.reclaim";
        const QString reclaimed = standingOf(item).text;
        item.state = "withdrawal.requested"; // nothing left the account, so nothing came back
        QVERIFY(!standingOf(item).text.isEmpty());
        QVERIFY(standingOf(item).text != reclaimed);
        QCOMPARE(standingOf(item).text, activityStateText("refused"));
    }
    void everyReasonAgainstTheLayer2HasWords()
    {
        const QSet<QString> reasons = matchesIn({"core/l2"}, "kReason\\w+\\s*=\\s*\"([^\"]+)\"");
        QVERIFY2(reasons.size() >= 10, qPrintable(QString::number(reasons.size())));
        for (const QString& reason : reasons)
            QVERIFY2(verdictReasonText(reason.toStdString()) != reason, qPrintable(reason));
    }
};

QTEST_MAIN(TestErrorTexts)
#include "tst_error_texts.moc"
