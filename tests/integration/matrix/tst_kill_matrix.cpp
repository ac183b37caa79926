// SPDX-License-Identifier: MIT
// kill -9 of every process, alone and in pairs, at every transition of deposit, withdrawal and claim: it is started
// again a block later, and everything comes to the same end as undisturbed. No secret nonce signs two messages, no
// withdrawal is paid twice, no claim has two Kickoffs. bitcoind itself is restarted and stalled at the same points.
//
// BOWLINE_KILL_MATRIX: "victims/ceremony points/flow", victims as "signer-1,sequencer+operator-1", "singles", "pairs",
// "bitcoind-restarted", "bitcoind-stalled" or "bitcoind-pruned", points as numbers of messages in the ceremony's topic
// ("*": 0 to 20), flow 0 or 1. Unset: a few.
#include "tests/integration/matrix/flow.h"

#include <csignal>
#include <set>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

namespace {

/// Messages of an undisturbed ceremony: request, two offers, proposal, three joins, nonces and partials, four
/// holdings, three partials of T1.
constexpr int kCeremonyMessages = 20;
constexpr int kStallMs = 8'000;

const QStringList kProcesses{QStringLiteral("sequencer"), QStringLiteral("signer-1"),
                             QStringLiteral("signer-2"), QStringLiteral("operator-1"),
                             QStringLiteral("operator-2")};

struct Plan {
    QStringList victims;
    std::vector<int> points; // of the ceremony
    bool hasFlow = true;
    std::size_t stride = 1; // every how many transitions of the flow
};

std::vector<QStringList> victimsFrom(const QString& spec)
{
    std::vector<QStringList> out;
    for (const QString& entry : spec.split(QLatin1Char(','))) {
        if (entry == QLatin1String("singles")) {
            for (const QString& name : kProcesses) out.push_back({name});
        } else if (entry == QLatin1String("pairs")) {
            for (int i = 0; i < kProcesses.size(); ++i) {
                for (int j = i + 1; j < kProcesses.size(); ++j) out.push_back({kProcesses[i], kProcesses[j]});
            }
        } else {
            out.push_back(entry.split(QLatin1Char('+')));
        }
    }
    return out;
}

std::vector<Plan> plansFrom(const QString& spec)
{
    const QStringList parts = spec.split(QLatin1Char('/'));
    if (parts.size() != 3) qFatal("BOWLINE_KILL_MATRIX: %s", qPrintable(spec));
    std::vector<int> points;
    if (parts[1] == QLatin1String("*")) {
        for (int i = 0; i <= kCeremonyMessages; ++i) points.push_back(i);
    } else {
        const QStringList numbers = parts[1].split(QLatin1Char(','), Qt::SkipEmptyParts);
        for (const QString& number : numbers) points.push_back(number.toInt());
    }
    std::vector<Plan> out;
    for (const QStringList& victims : victimsFrom(parts[0]))
        out.push_back({victims, points, parts[2] == QLatin1String("1"), 1});
    return out;
}

} // namespace

class TestKillMatrix : public QObject {
    Q_OBJECT

private slots:
    void everythingComesToTheSameEnd_data();
    void everythingComesToTheSameEnd();
    void cleanup()
    {
        if (QTest::currentTestFailed() && m_flow) {
            qInfo("%s", m_flow->logs().c_str());
            m_flow.reset();
        }
    }
    void cleanupTestCase()
    {
        m_flow.reset();
        qInfo(R"({"figure": "kill_cells", "played": %d, "passed": %d})", m_played, m_passed);
    }

private:
    void killInFlow(const QStringList& victims, std::size_t stride);
    void killInCeremony(const QStringList& victims, int point);
    void strike(const QStringList& victims);
    [[nodiscard]] Bowlined& process(const QString& name);
    [[nodiscard]] std::vector<bridge::Message> messagesOf(const Depositor& depositor) const;
    [[nodiscard]] std::string wrongWithNonces(const Depositor& depositor) const;
    [[nodiscard]] bool takeInMempool() { return m_flow->world().inMempool(m_flow->takeTxid()); }
    void count(const std::string& what, const std::string& wrong)
    {
        ++m_played;
        if (wrong.empty()) ++m_passed;
        qInfo("%s: %s", what.c_str(), wrong.empty() ? "good" : wrong.c_str());
    }

    std::unique_ptr<Flow> m_flow;
    std::vector<Plan> m_plans;
    int m_played = 0;
    int m_passed = 0;
};

void TestKillMatrix::everythingComesToTheSameEnd_data()
{
    QTest::addColumn<int>("plan");
    const QString spec = qEnvironmentVariable("BOWLINE_KILL_MATRIX");
    m_plans = spec.isEmpty() ? std::vector<Plan>{{{kProcesses[1], kProcesses[3]}, {9, 14}, true, 3}}
                             : plansFrom(spec);
    for (std::size_t i = 0; i < m_plans.size(); ++i) {
        QTest::newRow(qPrintable(m_plans[i].victims.join(QLatin1String(" and ")))) << static_cast<int>(i);
    }
}

void TestKillMatrix::everythingComesToTheSameEnd()
{
    SKIP_WITHOUT_BITCOIND();
    QFETCH(int, plan);
    const Plan& wanted = m_plans.at(static_cast<std::size_t>(plan));
    const bool isPruned = wanted.victims.front() == QLatin1String("bitcoind-pruned");
    // Handed on at once: the pauses between two nodes that privacy asks for are longer than blocks take here.
    m_flow = std::make_unique<Flow>(1, std::vector<std::string>{"-whitelist=noban@127.0.0.1"}, isPruned);
    // The claim first: afterwards there are other vaults that the operator could choose.
    if (wanted.hasFlow) killInFlow(wanted.victims, wanted.stride);
    for (const int point : wanted.points) {
        if (QTest::currentTestFailed()) return;
        killInCeremony(wanted.victims, point);
    }
}

Bowlined& TestKillMatrix::process(const QString& name)
{
    World& world = m_flow->world();
    if (name == kProcesses[0]) return *world.sequencer;
    const auto index = static_cast<std::size_t>(name.back().digitValue() - 1);
    return name.startsWith(QLatin1String("signer")) ? *world.signers.at(index) : *world.operators.at(index);
}

/// They die, a block comes, they are back.
void TestKillMatrix::strike(const QStringList& victims)
{
    Bitcoind& bitcoin = *m_flow->world().bitcoin;
    if (victims.front() == QLatin1String("bitcoind-restarted")) {
        bitcoin.stop();
        bitcoin.restart();
        bitcoin.mine(1);
        return;
    }
    if (victims.front() == QLatin1String("bitcoind-stalled")) {
        ::kill(static_cast<pid_t>(bitcoin.processId()), SIGSTOP);
        QThread::msleep(kStallMs);
        ::kill(static_cast<pid_t>(bitcoin.processId()), SIGCONT);
        bitcoin.mine(1);
        return;
    }
    if (victims.front() == QLatin1String("bitcoind-pruned")) {
        bitcoin.mine(1);
        return;
    }
    for (const QString& name : victims) process(name).kill();
    QThread::msleep(300);
    bitcoin.mine(1);
    for (const QString& name : victims) process(name).launch();
}

void TestKillMatrix::killInFlow(const QStringList& victims, std::size_t stride)
{
    World& world = m_flow->world();
    m_flow->begin();
    QVERIFY(m_flow->reach(Step::Minted));
    QVERIFY(m_flow->reach(Step::Transferred));
    struct Point {
        const char* name;
        std::function<bool()> isReached;
        int blocks; // to mine at most before
    };
    const auto step = [this](Step wanted) { return [this, wanted] { return m_flow->holds(wanted); }; };
    const auto inWindow = [this, &world] {
        const auto kickoff = world.minedAt(m_flow->kickoffTxid());
        return kickoff && world.bitcoin->height() >= *kickoff + 5;
    };
    const std::vector<Point> points{
        {"withdrawal submitted", [this] { return m_flow->start(Step::WithdrawalRequested); }, 0},
        {"withdrawal accepted", step(Step::WithdrawalAccepted), 6},
        {"payment in mempool", [this] { return m_flow->paymentTxid().has_value(); }, 6 + kSealBlocks},
        {"payment mined", step(Step::PaymentMined), 6},
        {"payment proven", step(Step::PaymentProven), 10},
        {"money to claim submitted", [this] { return m_flow->start(Step::ClaimBurnt); }, 0},
        {"claim burnt", step(Step::ClaimBurnt), 10},
        {"Kickoff in mempool or mined",
         [this, &world] {
             return world.inMempool(m_flow->kickoffTxid()) || m_flow->holds(Step::KickoffMined);
         },
         10 + kSealBlocks},
        {"Kickoff mined", step(Step::KickoffMined), 10},
        {"within the window", inWindow, 10},
        {"Take1 in mempool or mined", [this] { return takeInMempool() || m_flow->holds(Step::TakeMined); },
         15},
        {"Take1 mined", step(Step::TakeMined), 10},
        {"claim settled", step(Step::ClaimSettled), 10},
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point& point = points[i];
        QVERIFY2(m_flow->mineUntil(point.blocks, point.isReached), point.name);
        if (i % stride != stride / 2) continue;
        strike(victims);
        std::string wrong = m_flow->isSettled() ? m_flow->wrong() : "the nodes do not agree";
        count(qPrintable(victims.join(QLatin1Char('+'))) + std::string(" at ") + point.name, wrong);
        QCOMPARE(wrong, std::string());
    }
    QCOMPARE(m_flow->wrongAtTheEnd(), std::string());
    QCOMPARE(wrongWithNonces(m_flow->deposit()), std::string());
}

void TestKillMatrix::killInCeremony(const QStringList& victims, int point)
{
    World& world = m_flow->world();
    Depositor depositor(world, Amount::fromSat(Flow::kDeposit), 2);
    m_flow->know(depositor.account.xOnlyPublicKey());
    int reached = 0;
    QElapsedTimer clock;
    clock.start();
    // Looked at as often as possible: messages come in bursts.
    while (reached < point) {
        reached = static_cast<int>(messagesOf(depositor).size());
        if (reached >= point || depositor.isConfirmKnown()) break;
        depositor.step();
        if (clock.elapsed() < 2'000) continue;
        world.bitcoin->mine(1);
        clock.restart();
    }
    strike(victims);
    std::string wrong;
    const auto isDone = [&] {
        depositor.step();
        return depositor.isMinted();
    };
    if (!m_flow->mineUntil(30, isDone)) wrong = "the deposit does not come to its end";
    if (wrong.empty() && !m_flow->isSettled()) wrong = "the nodes do not agree";
    if (wrong.empty()) wrong = wrongWithNonces(depositor);
    if (wrong.empty()) wrong = m_flow->wrong();
    const std::int64_t balance = world.account(depositor.account.xOnlyPublicKey()).btc.sat();
    if (wrong.empty() && balance != Flow::kDeposit) wrong = "credited with " + std::to_string(balance);
    if (wrong.empty() && !world.isUnspent(depositor.deposit().vault())) wrong = "the vault is not there";
    count(qPrintable(victims.join(QLatin1Char('+'))) + std::string(" at message ") + std::to_string(reached) +
              " of the ceremony",
          wrong);
    QCOMPARE(wrong, std::string());
}

std::vector<bridge::Message> TestKillMatrix::messagesOf(const Depositor& depositor) const
{
    const World& world = m_flow->world();
    std::vector<bridge::Message> out;
    for (std::uint64_t after = 0;;) {
        const auto answer = world.sequencer->must(
            "relay_list", {{"topic", depositor.deposit().id().hex()}, {"after", after}});
        const auto& messages = answer.at("messages").as_array();
        if (messages.empty()) return out;
        for (const json::value& entry : messages) {
            after = entry.at("number").to_number<std::uint64_t>();
            const auto bytes = take(base::fromHex(json::value_to<std::string>(entry.at("message"))));
            out.push_back(take(bridge::openMessage(bytes, world.context->chainId)));
        }
    }
}

/// From what the relay has seen: a public nonce belongs to one session, in a session every member has one set of
/// nonces and one answer with each, and nobody ever held two graphs.
std::string TestKillMatrix::wrongWithNonces(const Depositor& depositor) const
{
    using Part = std::tuple<base::XOnlyPublicKey, base::Digest, bridge::MessageType>;
    std::map<Part, base::Bytes> said;
    std::map<base::Bytes, base::Digest> sessionOfNonce;
    std::set<base::Digest> held;
    for (const bridge::Message& message : messagesOf(depositor)) {
        using Type = bridge::MessageType;
        if (message.type == Type::Holding) {
            held.insert(std::get<bridge::HoldingPayload>(take(bridge::decodePayload(message))).graphRoot);
        }
        if (message.type != Type::Nonces && message.type != Type::Partials &&
            message.type != Type::ConfirmPartial)
            continue;
        const auto [part, isNew] =
            said.emplace(Part{message.sender, message.session, message.type}, message.payload);
        if (!isNew && part->second != message.payload) return "a member spoke twice in one session";
        if (message.type != Type::Nonces) continue;
        const base::ByteView all(message.payload);
        for (std::size_t at = 0; at + 66 <= all.size(); at += 66) {
            const base::Bytes nonce(all.begin() + static_cast<std::ptrdiff_t>(at),
                                    all.begin() + static_cast<std::ptrdiff_t>(at + 66));
            const auto [entry, isFirst] = sessionOfNonce.emplace(nonce, message.session);
            if (!isFirst && entry->second != message.session) return "a nonce was used in two sessions";
        }
    }
    if (sessionOfNonce.empty()) return "no nonces were seen";
    return held.size() == 1 ? "" : std::to_string(held.size()) + " graphs were held";
}

QTEST_GUILESS_MAIN(TestKillMatrix)
#include "tst_kill_matrix.moc"
