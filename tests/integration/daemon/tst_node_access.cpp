// SPDX-License-Identifier: MIT
// Who gets into real nodes, and how: TLS between them, the owner's token, and a port that strangers flood.
#include "tests/integration/daemon/scene.h"
#include "tests/support/raw_client.h"

#include <QFileInfo>
#include <QProcess>

#include <atomic>
#include <memory>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {

std::string codeOf(const base::Result<json::value>& result)
{
    return result.ok() ? "ok" : std::string(result.error().code.name());
}

net::AccessToken tokenOf(const Bowlined& node)
{
    const auto token = net::AccessToken::readFile(node.datadir() + "/access.token");
    if (!token.ok()) qFatal("%s", token.error().detail.c_str());
    return *token;
}

base::Result<json::value> callWith(const Bowlined& node, const net::AccessToken& token,
                                   const std::string& method)
{
    return net::BlockingClient(node.endpoint(), {.token = token}).call(method);
}

/// The code of its last error, without the detail.
std::string errorOfFirstUpstream(const Bowlined& node)
{
    const auto text = json::value_to<std::string>(node.must("node_info").at("upstream").at(0).at("error"));
    return text.substr(0, text.find(' '));
}

/// A sequencer behind TLS.
struct SecuredScene {
    SecuredScene() : bitcoin(Scene::start()), network(*bitcoin, {})
    {
        sequencer = start("sequencer", {}, true);
    }
    [[nodiscard]] std::unique_ptr<Bowlined> start(const std::string& name, std::vector<std::string> upstream,
                                                  bool tls = false) const
    {
        return Bowlined::start({.role = name.substr(0, name.find('-')),
                                .datadir = network.datadir(name),
                                .networkFile = network.file(),
                                .bitcoin = bitcoin->p2pAddress(),
                                .upstream = std::move(upstream),
                                .extra = {},
                                .tls = tls});
    }
    std::unique_ptr<Bitcoind> bitcoin;
    TestNetwork network;
    std::unique_ptr<Bowlined> sequencer;
};

} // namespace

class TestNodeAccess : public QObject {
    Q_OBJECT

private slots:
    void initTestCase()
    {
        SKIP_WITHOUT_BITCOIND();
        m_scene = std::make_unique<SecuredScene>();
    }
    void cleanupTestCase() { m_scene.reset(); }

    void followersComeByTlsWithThePin()
    {
        SKIP_WITHOUT_BITCOIND();
        const Bowlined& sequencer = *m_scene->sequencer;
        QVERIFY(sequencer.endpoint().tls && sequencer.endpoint().pin);
        for (const char* name : {"/tls.key", "/tls.crt", "/access.token"}) {
            const QFileInfo file(QString::fromStdString(sequencer.datadir() + name));
            QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther),
                     QFile::Permissions{});
        }
        const auto signer = m_scene->start("signer-1", {sequencer.address()});
        m_scene->bitcoin->mine(2);
        QVERIFY(within(20, [&] { return sequencer.head() > 0; }));
        QVERIFY(Scene::agree(sequencer, *signer));
        QCOMPARE(errorOfFirstUpstream(*signer), std::string());

        net::Endpoint foreign = sequencer.endpoint();
        foreign.pin->front() ^= 1U;
        const auto misled = m_scene->start("signer-2", {foreign.url()});
        QVERIFY(within(30, [&] { return errorOfFirstUpstream(*misled) == "net.wrong-pin"; }));
        QCOMPARE(misled->head(), std::uint64_t{0});
        // Neither does it go on in plain text.
        const auto plain = m_scene->start("operator-1", {sequencer.endpoint().text()});
        QVERIFY(within(30, [&] { return errorOfFirstUpstream(*plain) == "net.needs-tls"; }));
        QCOMPARE(plain->head(), std::uint64_t{0});
    }

    void beyondLoopbackWithoutTlsItDoesNotStart()
    {
        SKIP_WITHOUT_BITCOIND();
        QProcess node;
        node.start(QStringLiteral(BOWLINE_BINARY_DIR "/bin/bowlined"),
                   {"--role", "operator", "--datadir",
                    QString::fromStdString(m_scene->network.datadir("operator-2")), "--network-file",
                    QString::fromStdString(m_scene->network.file()), "--bitcoin",
                    QString::fromStdString(m_scene->bitcoin->p2pAddress()), "--upstream", "127.0.0.1:1",
                    "--listen", "0.0.0.0:0"});
        QVERIFY(node.waitForFinished(20'000));
        QCOMPARE(node.exitCode(), 1);
        const QByteArray said = node.readAllStandardError();
        QVERIFY2(said.contains("net.plain-beyond-loopback") && said.contains("https://"), said.constData());
    }

    void itsOwnerAndNobodyElseAdministersIt()
    {
        SKIP_WITHOUT_BITCOIND();
        const auto node = m_scene->start("operator-2", {m_scene->sequencer->address()});
        const net::AccessToken token = tokenOf(*node);
        const auto status = callWith(*node, token, "admin_status");
        QVERIFY(status.ok());
        QCOMPARE(status->at("pid").to_number<qint64>(), node->processId());
        QVERIFY(status->at("connections").as_object().contains("127.0.0.1"));
        QCOMPARE(codeOf(node->call("admin_status")), std::string("net.unauthorized"));
        QCOMPARE(codeOf(node->call("admin_stop")), std::string("net.unauthorized"));
        QCOMPARE(codeOf(callWith(*node, tokenOf(*m_scene->sequencer), "admin_stop")),
                 std::string("net.unauthorized"));
        QVERIFY(
            callWith(*node, token, "admin_status")->at("refused").at("net.unauthorized").to_number<int>() >=
            3);

        QVERIFY(callWith(*node, token, "admin_stop").ok());
        QCOMPARE(node->waitForEnd(), 0);
        node->launch();
        QCOMPARE(codeOf(callWith(*node, token, "admin_stop")),
                 std::string("net.unauthorized")); // of the run before
        QVERIFY(callWith(*node, tokenOf(*node), "admin_status").ok());
    }

    void aFloodedNodeServesOn()
    {
        SKIP_WITHOUT_BITCOIND();
        const Bowlined& sequencer = *m_scene->sequencer;
        const auto follower = m_scene->start("operator-2", {sequencer.address()});
        QVERIFY(Scene::agree(sequencer, *follower));
        const std::string body(100'000, '[');
        std::vector<std::unique_ptr<RawClient>> strangers;
        m_scene->bitcoin->mine(2);
        for (int i = 0; i < 1'000; ++i) {
            if (strangers.size() >= 200) strangers.erase(strangers.begin());
            strangers.push_back(std::make_unique<RawClient>(sequencer.endpoint(), "127.0.0.2"));
            switch (i % 4) {
            case 0: break; // silent
            case 1: strangers.back()->send("POST / HTTP/1.1\r\nHost:"); break;
            case 2: strangers.back()->send(std::string("\x16\x03\x01\x02\x00\x01", 6)); break;
            default:
                strangers.back()->send("POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: "
                                       "100000\r\n\r\n" +
                                       body);
            }
            if (i % 50 == 0) QCOMPARE(codeOf(sequencer.call("chain_head")), std::string("ok"));
        }
        QVERIFY(Scene::agree(sequencer, *follower));
        const auto status = callWith(sequencer, tokenOf(sequencer), "admin_status");
        QVERIFY(status.ok());
        QVERIFY(status->at("accepted").to_number<int>() >= 1'000);
        QVERIFY(status->at("refused").at("net.needs-tls").to_number<int>() > 0);
    }

private:
    std::unique_ptr<SecuredScene> m_scene;
};

QTEST_GUILESS_MAIN(TestNodeAccess)
#include "tst_node_access.moc"
