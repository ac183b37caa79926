// SPDX-License-Identifier: MIT
// Every example, of every compiler that built one, proven whole and verified by bowline-zkvm. Prints what each took.
#include "tests/support/vectors.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QtTest>

#include <boost/json.hpp>

using namespace bowline;
namespace json = boost::json;

namespace {
const QString kGuests = BOWLINE_BINARY_DIR "/guests/";

struct Called {
    int status = -1;
    json::object object;
};

Called call(const QStringList& arguments)
{
    QProcess process;
    process.start(BOWLINE_BINARY_DIR "/bin/bowline-zkvm", arguments + QStringList{"--json"});
    if (!process.waitForFinished(-1)) qFatal("bowline-zkvm does not end");
    boost::system::error_code failure;
    const auto value = json::parse(process.readAllStandardOutput().toStdString(), failure);
    Called out{process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, {}};
    if (!failure && value.is_object()) out.object = value.as_object();
    return out;
}

// What the build makes for the machine, beside the program of the layer 2, which needs a batch as its input, and what
// is compiled for qemu or for this computer.
QStringList examples()
{
    QStringList out;
    for (const QString folder : {"", "newer/"}) {
        for (const QFileInfo& file : QDir(kGuests + folder).entryInfoList(QDir::Files, QDir::Name)) {
            if (file.fileName() != "bowline-stf" && file.suffix() != "native")
                out << folder + file.fileName();
        }
    }
    return out;
}

// The official signatures, as guest/examples/bip340 reads them; their verdicts, a byte each.
struct Signatures {
    QByteArray input;
    QByteArray verdicts;

    Signatures()
    {
        const QStringList lines =
            QString::fromStdString(test::readVectorFile("bip340/test-vectors.csv")).split('\n');
        for (const QString& line : lines.mid(1)) {
            const QStringList fields = line.trimmed().split(',');
            if (fields.size() < 7) continue;
            const QByteArray message = QByteArray::fromHex(fields[4].toLatin1());
            input += QByteArray::fromHex(fields[2].toLatin1()) + QByteArray::fromHex(fields[5].toLatin1());
            for (int shift = 0; shift < 32; shift += 8) input += char(message.size() >> shift & 0xff);
            input += message;
            verdicts += char(fields[6] == "TRUE" ? 1 : 0);
        }
    }
};
} // namespace

class TestZkvmExamples : public QObject {
    Q_OBJECT
private slots:
    void isProvenAndVerified_data();
    void isProvenAndVerified();
};

void TestZkvmExamples::isProvenAndVerified_data()
{
    QTest::addColumn<QString>("guest");
    const QStringList all = examples();
    QVERIFY(all.size() >= 23); // ten in Go, by two compilers, and three in C
    for (const QString& guest : all) QTest::newRow(qPrintable(guest)) << guest;
}

void TestZkvmExamples::isProvenAndVerified()
{
    QFETCH(QString, guest);
    const bool signatures = guest.endsWith("bip340");
    if (signatures) SKIP_WITHOUT_VECTORS();
    QTemporaryDir folder;
    const QString input = folder.filePath("input");
    const QString proof = folder.filePath("proof");
    QFile file(input);
    QVERIFY(file.open(QIODevice::WriteOnly));
    if (signatures) file.write(Signatures().input);
    if (guest.endsWith("collatz")) file.write("27"); // it exits with 1 without a number
    file.close();
    const Called run = call({"run", kGuests + guest, "--input", input});
    const Called proven = call({"prove", kGuests + guest, "--input", input, "-o", proof});
    QVERIFY(!proven.object.empty() && proven.object.contains("id"));
    const QString id = QString::fromStdString(std::string(proven.object.at("id").as_string()));
    const Called verified = call({"verify", proof, "--id", id});
    QCOMPARE(verified.status, 0);
    QVERIFY(verified.object.at("verified").as_bool());
    for (const char* name : {"exit_code", "journal"})
        QVERIFY2(verified.object.at(name) == run.object.at(name), name);
    if (signatures) {
        QCOMPARE(QByteArray::fromStdString(std::string(run.object.at("journal").as_string())),
                 Signatures().verdicts.toHex());
    }
    qInfo().noquote() << QString::fromStdString(json::serialize(proven.object));
    // Another program's id is refused.
    QCOMPARE(call({"verify", proof, "--id", QString(64, '0')}).status, 1);
}

QTEST_GUILESS_MAIN(TestZkvmExamples)
#include "tst_zkvm_examples.moc"
