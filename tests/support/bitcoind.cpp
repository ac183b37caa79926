// SPDX-License-Identifier: MIT
#include "tests/support/bitcoind.h"

#include <QDir>
#include <QElapsedTimer>
#include <QFileInfo>
#include <QStandardPaths>
#include <QThread>

#include <boost/json/parse.hpp>
#include <boost/json/value_to.hpp>

#include <csignal>
#include <random>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace bowline::test {

namespace {

QString program(const QString& name)
{
    const QString local = QStringLiteral(BOWLINE_SOURCE_DIR) + QStringLiteral("/.deps/bin/") + name;
    if (QFileInfo(local).isExecutable()) return local;
    if (const QByteArray named = qgetenv("BOWLINE_BITCOIND"); !named.isEmpty()) {
        return QFileInfo(QString::fromUtf8(named)).dir().filePath(name);
    }
    return QStandardPaths::findExecutable(name);
}

QStringList toList(const std::vector<std::string>& arguments)
{
    QStringList out;
    for (const std::string& argument : arguments) out << QString::fromStdString(argument);
    return out;
}

} // namespace

bool bitcoindPresent()
{
    return !program(QStringLiteral("bitcoind")).isEmpty() &&
           !program(QStringLiteral("bitcoin-cli")).isEmpty();
}

std::uint16_t freePort()
{
    // Below the ports that the system gives to connections and to listeners without a wish: what is free there now is
    // free until it is used, unless another test draws the same of twenty thousand.
    static std::mt19937 random{std::random_device{}()};
    std::uniform_int_distribution<std::uint16_t> ports(10'000, 32'000);
    for (int i = 0; i < 1'000; ++i) {
        const std::uint16_t port = ports(random);
        const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic = reinterpret_cast<sockaddr*>(&address); // NOLINT(*-reinterpret-cast)
        const bool isFree = ::bind(listener, generic, sizeof address) == 0;
        ::close(listener);
        if (isFree) return port;
    }
    qFatal("no free port on the loopback interface");
}

Bitcoind::Bitcoind(Options options)
    : m_options(std::move(options)), m_dir(QDir::tempPath() + QStringLiteral("/bowline-bitcoind-XXXXXX")),
      m_p2pPort(freePort()), m_rpcPort(freePort())
{
}

std::unique_ptr<Bitcoind> Bitcoind::start(Options options)
{
    std::unique_ptr<Bitcoind> node(new Bitcoind(std::move(options)));
    node->launch();
    const Outcome created = node->run({"createwallet", "test"}, false);
    if (created.exitCode != 0) qFatal("createwallet: %s", created.error.c_str());
    return node;
}

Bitcoind::~Bitcoind()
{
    if (m_process.state() != QProcess::NotRunning) stop();
}

void Bitcoind::launch(const std::vector<std::string>& once)
{
    QStringList arguments{"-regtest",
                          "-server",
                          "-listen=1",
                          "-acceptnonstdtxn=0",
                          "-corepolicy=1",
                          "-blockfilterindex=1",
                          "-peerblockfilters=1",
                          "-txindex=1",
                          "-fallbackfee=0.0001",
                          "-listenonion=0",
                          "-dnsseed=0",
                          "-fixedseeds=0",
                          "-natpmp=0",
                          "-discover=0",
                          "-debuglogfile=debug.log",
                          "-printtoconsole=0"};
    arguments << QStringLiteral("-datadir=%1").arg(m_dir.path())
              << QStringLiteral("-bind=127.0.0.1:%1").arg(m_p2pPort)
              << QStringLiteral("-rpcport=%1").arg(m_rpcPort) << QStringLiteral("-rpcbind=127.0.0.1")
              << QStringLiteral("-rpcallowip=127.0.0.1");
    for (const std::string& other : m_options.connectTo) {
        arguments << QStringLiteral("-addnode=") + QString::fromStdString(other);
    }
    arguments << toList(m_options.extraArguments) << toList(once);
    // A test that is killed takes its nodes with it.
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.start(program(QStringLiteral("bitcoind")), arguments);
    if (!m_process.waitForStarted()) qFatal("bitcoind does not start");
    waitUntilAnswering();
}

void Bitcoind::waitUntilAnswering()
{
    QElapsedTimer timer;
    timer.start();
    while (timer.elapsed() < 60'000) {
        if (run({"getblockcount"}, false).exitCode == 0) return;
        if (m_process.waitForFinished(50)) qFatal("bitcoind ended while starting");
    }
    qFatal("bitcoind does not answer");
}

Bitcoind::Outcome Bitcoind::run(const std::vector<std::string>& arguments, bool withWallet) const
{
    const BitcoinRpc rpc{m_rpcPort, dataDir() + "/regtest/.cookie", withWallet ? "test" : ""};
    if (auto answered = rpc.ask(arguments)) return *answered;
    QStringList all{QStringLiteral("-regtest"), QStringLiteral("-datadir=%1").arg(m_dir.path()),
                    QStringLiteral("-rpcport=%1").arg(m_rpcPort)};
    if (withWallet) all << QStringLiteral("-rpcwallet=test");
    QProcess process;
    process.start(program(QStringLiteral("bitcoin-cli")), all + toList(arguments));
    if (!process.waitForFinished(120'000)) qFatal("bitcoin-cli %s hangs", arguments.front().c_str());
    return {process.exitCode(), process.readAllStandardOutput().trimmed().toStdString(),
            process.readAllStandardError().trimmed().toStdString()};
}

Bitcoind::Outcome Bitcoind::tryCli(const std::vector<std::string>& arguments) const
{
    return run(arguments, true);
}

std::string Bitcoind::cli(const std::vector<std::string>& arguments) const
{
    Outcome outcome = tryCli(arguments);
    if (outcome.exitCode != 0) qFatal("bitcoin-cli %s: %s", arguments.front().c_str(), outcome.error.c_str());
    return outcome.out;
}

boost::json::value Bitcoind::json(const std::vector<std::string>& arguments) const
{
    return boost::json::parse(cli(arguments));
}

std::string Bitcoind::mine(int blocks, const std::string& address) const
{
    const std::string to = address.empty() ? newAddress() : address;
    const boost::json::value hashes = json({"generatetoaddress", std::to_string(blocks), to});
    return boost::json::value_to<std::string>(hashes.as_array().back());
}

std::string Bitcoind::newAddress(const std::string& type) const { return cli({"getnewaddress", "", type}); }

std::string Bitcoind::send(const std::string& address, const std::string& btc) const
{
    const std::string txid = cli({"sendtoaddress", address, btc});
    // A wallet that was started with -walletbroadcast=0 keeps it to itself.
    if (tryCli({"getmempoolentry", txid}).exitCode != 0) {
        const auto kept = json({"gettransaction", txid});
        cli({"sendrawtransaction", boost::json::value_to<std::string>(kept.at("hex"))});
    }
    return txid;
}

int Bitcoind::height() const { return std::stoi(cli({"getblockcount"})); }

std::string Bitcoind::bestBlock() const { return cli({"getbestblockhash"}); }

std::string Bitcoind::p2pAddress() const { return "127.0.0.1:" + std::to_string(m_p2pPort); }

void Bitcoind::stop()
{
    m_process.terminate();
    if (!m_process.waitForFinished(30'000)) kill();
}

void Bitcoind::kill()
{
    m_process.kill();
    m_process.waitForFinished(10'000);
}

void Bitcoind::restart(const std::vector<std::string>& once)
{
    launch(once);
    const Outcome loaded = run({"loadwallet", "test"}, false);
    const bool alreadyThere = loaded.error.find("already loaded") != std::string::npos;
    if (loaded.exitCode != 0 && !alreadyThere) qFatal("loadwallet: %s", loaded.error.c_str());
}

} // namespace bowline::test
