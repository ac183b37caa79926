// SPDX-License-Identifier: MIT
#include "tests/support/devnet.h"

#include <QDir>
#include <QFile>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

namespace bowline::test {

namespace json = boost::json;

namespace {
constexpr int kCommandLimitMs = 180'000;
// A node asks who connected to it for an announced transaction after two seconds only: blocks that come much faster
// than that leave payments no time to be heard of.
constexpr int kBlockMs = 1'500;

QString bitcoinCliProgram()
{
    const QString local = QStringLiteral(BOWLINE_SOURCE_DIR) + QStringLiteral("/.deps/bin/bitcoin-cli");
    return QFile::exists(local) ? local : QStringLiteral("bitcoin-cli");
}

CliAnswer answerOf(QProcess& process)
{
    CliAnswer answer;
    answer.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    answer.text = process.readAllStandardOutput().toStdString();
    boost::system::error_code failure;
    const json::value value = json::parse(answer.text, failure);
    if (!failure && value.is_object()) answer.json = value.get_object();
    if (answer.exitCode != 0) {
        answer.text += process.readAllStandardError().toStdString();
        qInfo("%s: %s", qPrintable(process.arguments().join(QLatin1Char(' '))), answer.text.c_str());
    }
    return answer;
}
} // namespace

QString programFolder() { return QStringLiteral(BOWLINE_BINARY_DIR) + QStringLiteral("/bin"); }

std::string CliAnswer::errorCode() const
{
    const json::value* error = json.if_contains("error");
    if (error == nullptr || !error->is_object()) return {};
    return json::value_to<std::string>(error->get_object().at("code"));
}

std::unique_ptr<QProcess> CliWallet::launch(const QStringList& arguments,
                                            const QStringList& environment) const
{
    auto process = std::make_unique<QProcess>();
    QStringList all = QProcess::systemEnvironment();
    all << QStringLiteral("BOWLINE_PASSWORD=") + QString::fromStdString(m_password) << environment;
    process->setEnvironment(all);
    process->start(programFolder() + QStringLiteral("/bowline-cli"),
                   QStringList{QStringLiteral("--json"), QStringLiteral("--datadir"),
                               QString::fromStdString(m_datadir)} +
                       arguments);
    return process;
}

CliAnswer CliWallet::run(const QStringList& arguments, const QStringList& environment) const
{
    const auto process = launch(arguments, environment);
    if (!process->waitForFinished(kCommandLimitMs)) process->kill();
    process->waitForFinished();
    return answerOf(*process);
}

CliAnswer CliWallet::runWhile(const QStringList& arguments, const std::function<void()>& meanwhile) const
{
    const auto process = launch(arguments, {});
    QElapsedTimer clock;
    clock.start();
    while (!process->waitForFinished(kBlockMs) && process->state() != QProcess::NotRunning) {
        if (clock.elapsed() > kCommandLimitMs) process->kill();
        meanwhile();
    }
    return answerOf(*process);
}

bool CliWallet::runAndKill(const QStringList& arguments, const std::function<bool()>& now) const
{
    const auto process = launch(arguments, {});
    QElapsedTimer clock;
    clock.start();
    while (!now() && process->state() != QProcess::NotRunning && clock.elapsed() < kCommandLimitMs) {
        process->waitForFinished(20);
    }
    const bool alive = process->state() != QProcess::NotRunning;
    process->kill();
    process->waitForFinished();
    return alive;
}

TestDevnet::TestDevnet(const QStringList& options)
{
    m_state = devnet(QStringList{QStringLiteral("up")} + options);
}

TestDevnet::~TestDevnet()
{
    if (!m_state.empty()) devnet({QStringLiteral("down")});
    if (!QTest::currentTestFailed()) return;
    // The folder goes with the object: what the processes said is the best help there is.
    QProcess tail;
    tail.start(QStringLiteral("sh"),
               {QStringLiteral("-c"),
                QStringLiteral("tail -n 15 '%1'/logs/*.log | grep -v bitcoind-debug").arg(m_dir.path())});
    tail.waitForFinished();
    qInfo("%s", tail.readAllStandardOutput().constData());
}

CliWallet TestDevnet::wallet(const std::string& name) const
{
    const std::string folder = dir() + "/person-" + name;
    QDir().mkpath(QString::fromStdString(folder));
    QFile::copy(m_dir.path() + QStringLiteral("/client/client.json"),
                QString::fromStdString(folder) + QStringLiteral("/client.json"));
    return {folder, "a password of " + name};
}

json::object TestDevnet::devnet(const QStringList& arguments) const
{
    const CliWallet anybody(dir() + "/none", "");
    const CliAnswer answer = anybody.run(QStringList{QStringLiteral("devnet")} + arguments +
                                         QStringList{QStringLiteral("--dir"), m_dir.path()});
    if (answer.exitCode != 0)
        qFatal("devnet %s: %s", qPrintable(arguments.join(QLatin1Char(' '))), answer.text.c_str());
    return answer.json;
}

void TestDevnet::mine(int blocks) const
{
    bitcoin({QStringLiteral("-rpcwallet=miner"), QStringLiteral("-generate"), QString::number(blocks)});
}

std::string TestDevnet::bitcoin(const QStringList& arguments) const
{
    const QString rpc = QString::fromStdString(json::value_to<std::string>(m_state.at("bitcoin_rpc")));
    const QString data = QString::fromStdString(json::value_to<std::string>(m_state.at("bitcoin_datadir")));
    const QString port = rpc.section(QLatin1Char(':'), 1);
    std::vector<std::string> words;
    for (const QString& argument : arguments) words.push_back(argument.toStdString());
    const BitcoinRpc quick{port.toUShort(), data.toStdString() + "/regtest/.cookie", {}};
    if (const auto answered = quick.ask(words)) {
        if (answered->exitCode == 0) return answered->out;
        qFatal("%s: %s", words.front().c_str(), answered->error.c_str());
    }
    QProcess process;
    process.start(bitcoinCliProgram(),
                  QStringList{QStringLiteral("-regtest"), QStringLiteral("-datadir=") + data,
                              QStringLiteral("-rpcport=") + port} +
                      arguments);
    process.waitForFinished(kCommandLimitMs);
    if (process.exitCode() != 0) {
        qFatal("bitcoin-cli %s: %s", qPrintable(arguments.join(QLatin1Char(' '))),
               process.readAllStandardError().constData());
    }
    return process.readAllStandardOutput().trimmed().toStdString();
}

json::value TestDevnet::bitcoinJson(const QStringList& arguments) const
{
    return json::parse(bitcoin(arguments));
}

json::array TestDevnet::mempoolBesideSeals() const
{
    // In output 1: OP_RETURN, a push of 78 bytes, "BWLS" (docs/protocol.md, section 8).
    constexpr std::string_view kCommitment = "6a4c4e42574c53";
    json::array out;
    const json::value all = bitcoinJson({"getrawmempool"});
    for (const json::value& txid : all.as_array()) {
        const auto id = QString::fromStdString(json::value_to<std::string>(txid));
        // Empty, and no failure, for one that was replaced or mined meanwhile.
        if (bitcoin({"gettxout", id, "1", "true"}).find(kCommitment) == std::string::npos)
            out.push_back(txid);
    }
    return out;
}

int TestDevnet::height() const
{
    return QString::fromStdString(bitcoin({QStringLiteral("getblockcount")})).toInt();
}

const json::object& TestDevnet::program(const std::string& name) const
{
    for (const json::value& program : m_state.at("programs").as_array()) {
        if (json::value_to<std::string>(program.at("name")) == name) return program.as_object();
    }
    qFatal("no program %s", name.c_str());
}

qint64 TestDevnet::pidOf(const std::string& name) const
{
    return json::value_to<qint64>(program(name).at("pid"));
}

std::string TestDevnet::endpointOf(const std::string& name) const
{
    return json::value_to<std::string>(program(name).at("endpoint"));
}

} // namespace bowline::test
