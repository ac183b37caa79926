// SPDX-License-Identifier: MIT
// guest/stf in the machine: a batch as the native program executed it gives the same result, state root and public
// values.
#include "tests/unit/l2/fixture.h"
#include "tests/unit/zkvm/fixture.h"

#include <QFile>
#include <QTemporaryDir>
#include <QtTest>

using namespace bowline;
using namespace bowline::test;

class TestZkvmStf : public QObject {
    Q_OBJECT
private slots:
    void aBatchIsTheSameInTheMachine();
};

void TestZkvmStf::aBatchIsTheSameInTheMachine()
{
    // In place of the program stands one that keeps what goes in and what comes out.
    QTemporaryDir folder;
    QFile script(folder.filePath("stf"));
    QVERIFY(script.open(QIODevice::WriteOnly));
    script.write(QString("#!/bin/sh\ncd %1\ncat > frame\n%2 < frame > result 3> public\ncode=$?\n"
                         "cat result\ncat public >&3\nexit $code\n")
                     .arg(folder.path(), BOWLINE_BINARY_DIR "/bin/bowline-stf")
                     .toUtf8());
    script.close();
    script.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);

    Layer layer;
    layer.fund(layer.alice, Amount::fromSat(1'000'000));
    const l2::StfExecutor recording(layer.params, {script.fileName().toStdString()});
    const BatchBody body = layer.bodyWith(
        {layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(5'000)})});
    const auto native = must(recording.propose(layer.head(), layer.state(), layer.nextTime(), body));
    const auto& execution = std::get<Execution>(native);
    QCOMPARE(execution.rejected.size(), std::size_t{0});

    const auto read = [&folder](const char* name) {
        QFile file(folder.filePath(name));
        if (!file.open(QIODevice::ReadOnly)) qFatal("no %s", name);
        const QByteArray content = file.readAll();
        return base::Bytes(content.begin(), content.end());
    };
    const GuestRun run = runGuest(builtGuest("bowline-stf"), read("frame"));
    QCOMPARE(run.stop, (zkvm::Stop{zkvm::StopReason::Halted, zkvm::Fault::None, 0}));
    QCOMPARE(base::toBytes(base::viewOf(run.shown[0])), read("result"));
    QCOMPARE(run.journal, read("public"));
    QVERIFY(!run.journal.empty());
    QCOMPARE(run.journal, execution.statement.encode());
    qInfo("%llu cycles for one transfer", static_cast<unsigned long long>(run.cycles));
}

QTEST_GUILESS_MAIN(TestZkvmStf)
#include "tst_zkvm_stf.moc"
