// SPDX-License-Identifier: MIT
// A real sequencer has its batches proven by a real prover process, which is killed in the middle and started again: the
// task is given again, the proofs verify, and what they say is the batch.
#include "core/l2/statement.h"
#include "core/proving/verifier.h"
#include "core/stf/pins.h"
#include "tests/integration/daemon/scene.h"

#include <QFile>

#include <csignal>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {

/// The node that the prover works for, with its owner's token.
class Owner {
public:
    explicit Owner(const Bowlined& node) : m_node(node) {}
    [[nodiscard]] base::Result<json::value> call(const std::string& method, json::object params = {}) const
    {
        const auto token = net::AccessToken::readFile(m_node.datadir() + "/access.token");
        if (!token.ok()) return token.error();
        return net::BlockingClient(m_node.endpoint(), {.token = *token}).call(method, std::move(params));
    }
    [[nodiscard]] std::string codeOf(const std::string& method, json::object params = {}) const
    {
        const auto answer = call(method, std::move(params));
        return answer.ok() ? "ok" : std::string(answer.error().code.name());
    }

private:
    const Bowlined& m_node;
};

class ProverProcess {
public:
    ProverProcess(const Bowlined& node, QString folder) : m_folder(std::move(folder))
    {
        m_arguments << "--role"
                    << "prover"
                    << "--datadir" << m_folder << "--node" << QString::fromStdString(node.address())
                    << "--token-file" << QString::fromStdString(node.datadir() + "/access.token")
                    << "--threads"
                    << "2";
        start();
    }
    ~ProverProcess()
    {
        m_process.terminate();
        if (!m_process.waitForFinished(20'000)) kill();
    }
    void start()
    {
        m_process.setStandardErrorFile(m_folder + "/log", QIODevice::Append);
        m_process.start(QString(BOWLINE_BINARY_DIR) + "/bin/bowlined", m_arguments);
        if (!m_process.waitForStarted()) qFatal("the prover does not start");
    }
    void kill()
    {
        m_process.kill();
        m_process.waitForFinished();
        QFile::remove(m_folder + "/status.json"); // what it says is over
    }
    /// Of status.json.
    [[nodiscard]] json::object status() const
    {
        QFile file(m_folder + "/status.json");
        if (!file.open(QIODevice::ReadOnly)) return {};
        boost::system::error_code failure;
        const json::value out = json::parse(file.readAll().toStdString(), failure);
        return failure || !out.is_object() ? json::object{} : out.get_object();
    }
    /// The process id of the worker that does a task of this kind; 0 when there is none.
    [[nodiscard]] int workerOf(const char* kind) const
    {
        const json::object now = status();
        const json::value* task = now.if_contains("task");
        if (task == nullptr || task->at("kind").as_string() != kind) return 0;
        return task->at("worker").to_number<int>();
    }
    [[nodiscard]] QString log() const
    {
        QFile file(m_folder + "/log");
        return file.open(QIODevice::ReadOnly) ? QString(file.readAll()) : QString();
    }

private:
    QString m_folder;
    QStringList m_arguments;
    QProcess m_process;
};

/// Neither gone nor a zombie that nobody has asked for yet.
bool isRunning(int pid)
{
    QFile file(QString("/proc/%1/stat").arg(pid));
    if (!file.open(QIODevice::ReadOnly)) return false;
    const QByteArray line = file.readAll();
    return line.mid(line.lastIndexOf(')') + 2, 1) != "Z";
}

base::Bytes proofOf(const Bowlined& node, std::uint64_t number)
{
    base::Bytes out;
    for (;;) {
        const json::value part = node.must("proof_get", {{"n", number}, {"offset", out.size()}});
        const auto piece = base::fromHex(part.at("hex").as_string());
        base::append(out, *piece);
        if (out.size() >= part.at("size").to_number<std::size_t>()) return out;
    }
}

std::string stageOf(const Bowlined& node, std::uint64_t number)
{
    const auto answer = node.call("proof_status", {{"n", number}});
    return answer.ok() ? json::value_to<std::string>(answer->at("stage"))
                       : std::string(answer.error().code.name());
}

} // namespace

class TestProvingService : public QObject {
    Q_OBJECT

private slots:
    void batchesAreProvenAsTheyCome()
    {
        SKIP_WITHOUT_BITCOIND();
        Scene s;
        s.sequencer->stop();
        s.sequencer->setExtra({"--proving", "sqlite"});
        s.sequencer->launch();
        const Bowlined& node = *s.sequencer;
        const Owner owner(node);
        // Strangers get no tasks and bring no results; what nothing can do is refused by name.
        const json::object ask{{"prover", "p"}, {"kinds", json::array{"shard"}}, {"memory_mib", 1}};
        QCOMPARE(std::string(node.call("proving_take", ask).error().code.name()),
                 std::string("net.unauthorized"));
        QCOMPARE(owner.codeOf("proving_take", {{"prover", "p"}, {"kinds", json::array{"join"}}, {"memory_mib", 9999}}),
                 std::string("tasks.kind-not-there"));
        QCOMPARE(owner.codeOf("proving_heartbeat", {{"lease", std::string(64, '0')}}),
                 std::string("tasks.lease-lost"));
        QCOMPARE(
            owner.codeOf("proving_upload", {{"lease", std::string(64, '0')}, {"offset", 0}, {"hex", "00"}}),
            std::string("tasks.lease-lost"));

        // A mint, then one transfer: its batch is the last one.
        const Person alice(s.network.params().chainId());
        const Person bob(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(node, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(node, mint));
        const l2::Transaction payment = alice.pay(0, bob.key(), 1'000);
        QVERIFY(s.submit(payment).ok());
        QVERIFY(s.included(node, payment));
        const std::uint64_t last = node.head();
        QVERIFY(within(60, [&] { return stageOf(node, last) == "planned"; }));

        QTemporaryDir folder;
        ProverProcess prover(node, folder.path());
        // Killed while its worker proves a shard; the worker goes with it.
        int worker = 0;
        QVERIFY2(within(400, [&] { return (worker = prover.workerOf("shard")) != 0; }),
                 qPrintable(prover.log()));
        QThread::msleep(300);
        prover.kill();
        QVERIFY(within(10, [&] { return !isRunning(worker); }));
        prover.start();
        // A worker that dies is a failed try, and the prover goes on.
        QVERIFY2(within(400, [&] { return (worker = prover.workerOf("shard")) != 0; }),
                 qPrintable(prover.log()));
        ::kill(worker, SIGKILL);

        const auto isLifted = [&] { return stageOf(node, last) == "lifted"; };
        QVERIFY2(within(1000, isLifted), qPrintable(prover.log()));
        checkProof(node, last, payment);
        checkCounts(owner);
        // What is not there yet is said, with its code.
        const json::value status = node.must("proof_status", {{"n", last}});
        QCOMPARE(json::value_to<std::string>(status.at("waits_for").at("code")),
                 std::string("tasks.kind-not-there"));
        QCOMPARE(json::value_to<std::string>(status.at("waits_for").at("kind")), std::string("chain"));

        // All of it is there after a kill of the node.
        s.sequencer->kill();
        s.sequencer->launch();
        QVERIFY(within(20, [&] { return stageOf(node, last) == "lifted"; }));
    }

private:
    static void checkProof(const Bowlined& node, std::uint64_t number, const l2::Transaction& payment)
    {
        const auto pin = stf::pinOf(bitcoin::Network::Regtest);
        const auto verified = proving::verifyExecution(proofOf(node, number), pin->id);
        QVERIFY2(verified.ok(), verified.ok() ? "" : verified.error().detail.c_str());
        const auto statement = l2::parseStatement(verified->journal);
        QVERIFY(statement.ok());
        const l2::BatchHeader header = Scene::headerOf(node.header(number));
        QVERIFY(statement->lastHash == header.hash() && statement->state == header.stateRoot);
        QVERIFY(statement->last.value == number && statement->first.value == number);
        const json::value place = node.must("tx_status", {{"hash", payment.hash().hex()}});
        QCOMPARE(place.at("batch").to_number<std::uint64_t>(), number);
    }

    static void checkCounts(const Owner& owner)
    {
        const auto status = owner.call("proving_status");
        QVERIFY(status.ok());
        QCOMPARE(status->at("queue").at("failed").to_number<int>(), 0);
        const json::array& provers = status->at("provers").as_array();
        int lapsed = 0;
        int givenUp = 0;
        int rejected = 0;
        for (const json::value& one : provers) {
            lapsed += one.at("lapsed").to_number<int>();
            givenUp += one.at("given_up").to_number<int>();
            rejected += one.at("rejected").to_number<int>();
        }
        QCOMPARE(lapsed, 1);
        QCOMPARE(givenUp, 1);
        QCOMPARE(rejected, 0);
    }
};

QTEST_GUILESS_MAIN(TestProvingService)
#include "tst_proving_service.moc"
