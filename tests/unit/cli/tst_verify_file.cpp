// SPDX-License-Identifier: MIT
// bowline-cli verify: the built program, on files that were written from a real layer 2, without a connection.
#include "tests/support/devnet.h"
#include "tests/unit/verify/fixture.h"

#include <QProcess>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {
const SealedWorld& world()
{
    static const SealedWorld kWorld;
    return kWorld;
}
} // namespace

class TestVerifyFile : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { QVERIFY(m_folder.isValid()); }
    void aGoodFileIsValid();
    void everyCheckIsPrinted();
    void whatIsNotCheckedIsSaid();
    void aChangedFileIsRefused();
    void anotherNetworkIsRefused();
    void whatIsNoFileIsAnError();

private:
    struct Run {
        int exitCode = -1;
        QByteArray out;
        QByteArray error;
        [[nodiscard]] json::value value() const { return json::parse(out.toStdString()); }
    };
    Run run(const QStringList& arguments) const;
    QString write(const QString& name, const std::string& text) const;

    QTemporaryDir m_folder;
};

TestVerifyFile::Run TestVerifyFile::run(const QStringList& arguments) const
{
    QProcess process;
    process.setEnvironment({QStringLiteral("HOME=/nonexistent")});
    process.setWorkingDirectory(m_folder.path());
    process.start(programFolder() + QStringLiteral("/bowline-cli"), QStringList{"verify"} + arguments);
    if (!process.waitForFinished(60'000)) qFatal("bowline-cli does not end");
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

QString TestVerifyFile::write(const QString& name, const std::string& text) const
{
    QFile file(m_folder.filePath(name));
    if (!file.open(QIODevice::WriteOnly)) qFatal("cannot write");
    file.write(text.data(), static_cast<qint64>(text.size()));
    return name;
}

void TestVerifyFile::aGoodFileIsValid()
{
    const QString network = write("network.json", toNetworkJson(world().network));
    const QString file = write("account.json", verify::toText(world().historyFile()));
    for (const char* option : {"--network", "--network-file"}) {
        const Run checked = run({file, option, network, "--json"});
        QCOMPARE(checked.exitCode, 0);
        const json::value report = checked.value();
        QCOMPARE(report.at("valid").as_bool(), true);
        QCOMPARE(json::value_to<std::string>(report.at("finality")), std::string("sealed"));
        QCOMPARE(report.at("says").at("balance_sat").to_number<std::int64_t>(),
                 world().layer.balance(world().layer.alice).sat());
        QCOMPARE(report.at("batch").to_number<std::uint64_t>(), world().layer.head().height.value);
    }
    QCOMPARE(run({write("payment.json", verify::toText(world().paymentFile(1)))}).exitCode, 0);
    QCOMPARE(run({write("batch.json", verify::toText(world().batchFile()))}).exitCode, 0);
}

void TestVerifyFile::everyCheckIsPrinted()
{
    const QString network = write("network.json", toNetworkJson(world().network));
    const QString file = write("payment.json", verify::toText(world().paymentFile(1)));
    const Run people = run({file, "--network", network});
    QCOMPARE(people.exitCode, 0);
    QVERIFY(people.out.startsWith("VALID: transaction in batch"));
    QCOMPARE(people.out.count("\n  passed: "), 9);
    QVERIFY(people.out.contains("amount: 0.00007000 BTC"));
    QVERIFY(people.out.contains(world().payments[1].hash().hex().c_str()));
    const Run script = run({file, "--network", network, "--json"});
    QCOMPARE(script.out.count('\n'), 1);
    QCOMPARE(script.value().at("checks").as_array().size(), std::size_t{10});
}

void TestVerifyFile::whatIsNotCheckedIsSaid()
{
    const QString file = write("account.json", verify::toText(world().accountFile(world().layer.bob)));
    const Run people = run({file});
    QCOMPARE(people.exitCode, 0);
    QVERIFY(people.out.contains("Compare the chain id with the network.json that you trust"));
    QVERIFY(people.out.contains(world().network.params.chainId().hex().c_str()));
    QVERIFY(people.out.contains("no proof of the chain was checked"));
    QVERIFY(people.out.contains("compare height and hash of the last block"));
    const json::value report = run({file, "--json"}).value();
    json::array expected{"network-not-compared", "root-not-proven", "best-chain", "later-batches"};
    QVERIFY(report.at("not_shown").as_array() == expected);
}

void TestVerifyFile::aChangedFileIsRefused()
{
    verify::ProofFile file = world().accountFile(world().layer.bob);
    auto& value = std::get<verify::ShownState>(file.subject).value;
    value->at(9) ^= 1U; // Bob's balance
    const QString name = write("forged.json", verify::toText(file));
    const Run people = run({name});
    QCOMPARE(people.exitCode, 1);
    QVERIFY(people.out.startsWith("NOT VALID: account"));
    QVERIFY(people.out.contains("FAILED: the value lies under the batch's state root: l2.proof-wrong-root"));
    const Run script = run({name, "--json"});
    QCOMPARE(script.exitCode, 1);
    QCOMPARE(script.value().at("valid").as_bool(), false);
    QCOMPARE(json::value_to<std::string>(script.value().at("finality")), std::string());
}

void TestVerifyFile::anotherNetworkIsRefused()
{
    Network other = world().network;
    other.params.minFee = Amount::fromSat(101);
    const QString network = write("other.json", toNetworkJson(other));
    const QString file = write("payment.json", verify::toText(world().paymentFile(0)));
    const Run refused = run({file, "--network", network});
    QCOMPARE(refused.exitCode, 1);
    QVERIFY(refused.out.contains("FAILED: the file is about the network that you named: other-network"));
    QCOMPARE(run({file, "--network", "nothing.json"}).exitCode, 1);
    QCOMPARE(run({file, "--network", file}).exitCode, 1);
}

void TestVerifyFile::whatIsNoFileIsAnError()
{
    const auto codeOf = [this](const QString& name) {
        const Run refused = run({name, "--json"});
        if (refused.exitCode != 1) return std::string("exit ") + std::to_string(refused.exitCode);
        return json::value_to<std::string>(refused.value().at("error").at("code"));
    };
    const std::string text = verify::toText(world().paymentFile(0));
    QCOMPARE(codeOf("nothing.json"), std::string("verify.no-file"));
    QCOMPARE(codeOf(m_folder.path()), std::string("verify.no-file"));
    QCOMPARE(codeOf(write("empty.json", "")), std::string("verify.bad-file"));
    QCOMPARE(codeOf(write("half.json", text.substr(0, text.size() / 2))), std::string("verify.bad-file"));
    QCOMPARE(codeOf(write("space.json", text + ' ')), std::string("verify.file-not-canonical"));
    const std::string huge(verify::kMaxFileBytes + 1, ' ');
    QCOMPARE(codeOf(write("huge.json", huge)), std::string("verify.file-too-long"));
    QCOMPARE(run({}).exitCode, 2);
}

QTEST_GUILESS_MAIN(TestVerifyFile)
#include "tst_verify_file.moc"
