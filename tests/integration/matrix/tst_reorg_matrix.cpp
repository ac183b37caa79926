// SPDX-License-Identifier: MIT
// Reorganisations of a real bitcoind under every step of deposit, withdrawal and claim, with every role a real process:
// 1 to 6 blocks leave right after the step, and with them whatever came in those blocks before it. After each of them
// all nodes agree, a node that replays from genesis agrees with them, the sums are right; and the flow goes on to
// its end, in which everybody was credited and paid once.
//
// BOWLINE_REORG_MATRIX: "k/depths of reorgs/fates/steps" with lists or "*", for example "1/1,2,3/left-out,forgotten/*"
// (steps by number, from 0 on). Unset: a few of the worst cells.
#include "tests/integration/matrix/flow.h"

#include <filesystem>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;

namespace {

/// What becomes of the transactions of the blocks that leave.
enum class Fate {
    Returns,   // the longer branch holds them too
    LeftOut,   // it does not; they are in the mempool again
    Forgotten, // nor does the mempool: who needs them must send them again
};
constexpr std::array kFates{Fate::Returns, Fate::LeftOut, Fate::Forgotten};

std::string nameOf(Fate fate)
{
    switch (fate) {
    case Fate::Returns: return "returns";
    case Fate::LeftOut: return "left-out";
    case Fate::Forgotten: return "forgotten";
    }
    return "unknown";
}

struct Reorg {
    int depth = 0;
    Fate fate = Fate::LeftOut;
};

/// One round of the flow, with what happens to it after which step.
struct Plan {
    std::uint32_t k = 1;
    std::map<Step, Reorg> reorgs;
    std::optional<Reorg> refund;     // under the refund of another request
    std::optional<int> spentInstead; // so deep, and then its inputs are spent by another transaction
};

struct Range {
    std::uint32_t k = 1;
    std::vector<int> depths;
    std::vector<Fate> fates;
    std::vector<Step> steps;
    bool hasRefunds = false;
};

Range rangeFrom(const QString& spec)
{
    const QStringList parts = spec.split(QLatin1Char('/'));
    if (parts.size() != 4) qFatal("BOWLINE_REORG_MATRIX: %s", qPrintable(spec));
    Range out;
    out.k = parts[0].toUInt();
    const bool allDepths = parts[1] == QLatin1String("*");
    for (int depth = 1; depth <= 6; ++depth) {
        if (allDepths || parts[1].split(QLatin1Char(',')).contains(QString::number(depth)))
            out.depths.push_back(depth);
    }
    for (const Fate fate : kFates) {
        const bool listed = parts[2].split(QLatin1Char(',')).contains(QString::fromStdString(nameOf(fate)));
        if (parts[2] == QLatin1String("*") || listed) out.fates.push_back(fate);
    }
    out.hasRefunds = parts[3] == QLatin1String("*");
    for (const Step step : kSteps) {
        const QString number = QString::number(static_cast<int>(step));
        if (out.hasRefunds || parts[3].split(QLatin1Char(',')).contains(number)) out.steps.push_back(step);
    }
    return out;
}

} // namespace

class TestReorgMatrix : public QObject {
    Q_OBJECT

private slots:
    void theFlowSurvives_data();
    void theFlowSurvives();
    void cleanup()
    {
        // What went wrong once would be counted again in every later cell.
        if (QTest::currentTestFailed() && m_flow) {
            qInfo("%s", m_flow->logs().c_str());
            m_flow.reset();
        }
    }
    void cleanupTestCase()
    {
        m_flow.reset();
        qInfo(R"({"figure": "reorg_cells", "played": %d, "passed": %d})", m_played, m_passed);
    }

private:
    void play(const Plan& plan);
    void reorganise(const Reorg& reorg);
    void addBranch(const Reorg& reorg, const std::vector<std::vector<std::string>>& blocks);
    void forgetMempool();
    [[nodiscard]] std::string afterReorg();
    [[nodiscard]] std::string requestSpentInstead(int depth);
    [[nodiscard]] std::string refundTakenOut(const Reorg& reorg);
    void count(const std::string& what, const std::string& wrong)
    {
        ++m_played;
        if (wrong.empty()) ++m_passed;
        qInfo("%s: %s", what.c_str(), wrong.empty() ? "good" : wrong.c_str());
    }
    void sendAgain(const std::string& raw) const
    {
        static_cast<void>(m_flow->world().bitcoin->tryCli({"sendrawtransaction", raw}));
    }

    std::uint32_t m_k = 0; // of m_flow
    std::unique_ptr<Flow> m_flow;
    std::vector<Plan> m_plans;
    std::string m_request; // of this round, raw
    int m_played = 0;
    int m_passed = 0;
};

void TestReorgMatrix::theFlowSurvives_data()
{
    QTest::addColumn<int>("plan");
    const QString spec = qEnvironmentVariable("BOWLINE_REORG_MATRIX");
    if (spec.isEmpty()) {
        // The deepest ones under what only one side can bring back. The claim's took the money for the burn out of the
        // state and left the Kickoff: the operator did not burn again and was vetoed.
        Plan sample;
        sample.reorgs = {
            {Step::RequestMined, {3, Fate::LeftOut}},   {Step::VaultMined, {2, Fate::Forgotten}},
            {Step::Transferred, {6, Fate::LeftOut}},    {Step::PaymentMined, {2, Fate::Forgotten}},
            {Step::PaymentProven, {3, Fate::LeftOut}},  {Step::ClaimBurnt, {4, Fate::LeftOut}},
            {Step::KickoffMined, {3, Fate::Forgotten}}, {Step::TakeMined, {6, Fate::Forgotten}}};
        m_plans.push_back(sample);
        QTest::newRow("sample") << 0;
        return;
    }
    const Range range = rangeFrom(spec);
    const auto add = [this](const Plan& plan, const std::string& name) {
        QTest::newRow(name.c_str()) << static_cast<int>(m_plans.size());
        m_plans.push_back(plan);
    };
    for (const int depth : range.depths) {
        for (const Fate fate : range.fates) {
            Plan plan{range.k, {}, std::nullopt, std::nullopt};
            for (const Step step : range.steps) plan.reorgs[step] = {depth, fate};
            if (range.hasRefunds) plan.refund = Reorg{depth, fate};
            if (range.hasRefunds && fate == Fate::LeftOut) plan.spentInstead = depth;
            add(plan,
                "k " + std::to_string(range.k) + ", " + std::to_string(depth) + " blocks, " + nameOf(fate));
        }
    }
}

void TestReorgMatrix::theFlowSurvives()
{
    SKIP_WITHOUT_BITCOIND();
    QFETCH(int, plan);
    const Plan& wanted = m_plans.at(static_cast<std::size_t>(plan));
    if (!m_flow || m_k != wanted.k) {
        m_flow.reset();
        // Otherwise bitcoind's own wallet would send again what others must.
        m_flow = std::make_unique<Flow>(wanted.k, std::vector<std::string>{"-walletbroadcast=0"});
        m_k = wanted.k;
    }
    play(wanted);
}

void TestReorgMatrix::play(const Plan& plan)
{
    if (plan.spentInstead) {
        const std::string wrong = requestSpentInstead(*plan.spentInstead);
        count("request spent otherwise after " + std::to_string(*plan.spentInstead), wrong);
        QCOMPARE(wrong, std::string());
    }
    m_flow->begin();
    m_request = m_flow->world().bitcoin->cli({"getrawtransaction", m_flow->requestTxid()});
    for (const Step step : kSteps) {
        QVERIFY2(m_flow->reach(step), nameOf(step).c_str());
        const auto reorg = plan.reorgs.find(step);
        if (reorg == plan.reorgs.end()) continue;
        QElapsedTimer clock;
        clock.start();
        reorganise(reorg->second);
        sendAgain(m_request); // as the depositor's wallet does
        std::string wrong = afterReorg();
        const auto settled = clock.elapsed();
        if (wrong.empty() && !m_flow->reach(step)) {
            wrong = m_flow->holds(Step::RequestMined) ? "it does not come again"
                                                      : "the request does not come again";
        }
        if (wrong.empty()) wrong = m_flow->wrong();
        count(nameOf(step) + ", " + std::to_string(reorg->second.depth) + " blocks, " +
                  nameOf(reorg->second.fate) + " (" + std::to_string(settled) + " + " +
                  std::to_string(clock.elapsed() - settled) + " ms)",
              wrong);
        QCOMPARE(wrong, std::string());
    }
    QVERIFY(m_flow->isSettled());
    QCOMPARE(m_flow->wrong(), std::string());
    QCOMPARE(m_flow->wrongAtTheEnd(), std::string());
    if (plan.refund) {
        const std::string wrong = refundTakenOut(*plan.refund);
        count("refund, " + std::to_string(plan.refund->depth) + " blocks, " + nameOf(plan.refund->fate),
              wrong);
        QCOMPARE(wrong, std::string());
    }
}

std::string TestReorgMatrix::afterReorg()
{
    if (!m_flow->isSettled()) return "the nodes do not agree";
    if (!m_flow->replayAgrees()) return "a replay from genesis comes to another head";
    return m_flow->wrong();
}

void TestReorgMatrix::reorganise(const Reorg& reorg)
{
    const Bitcoind& bitcoin = *m_flow->world().bitcoin;
    const int first = bitcoin.height() - reorg.depth + 1;
    std::vector<std::vector<std::string>> blocks;
    for (int height = first; height <= bitcoin.height(); ++height) {
        const auto block =
            bitcoin.json({"getblock", bitcoin.cli({"getblockhash", std::to_string(height)}), "2"});
        std::vector<std::string>& raw = blocks.emplace_back();
        for (const json::value& transaction : block.at("tx").as_array())
            raw.push_back(json::value_to<std::string>(transaction.at("hex")));
        raw.erase(raw.begin()); // the coinbase
    }
    bitcoin.cli({"invalidateblock", bitcoin.cli({"getblockhash", std::to_string(first)})});
    addBranch(reorg, blocks);
    if (reorg.fate == Fate::Forgotten) forgetMempool();
}

/// One block longer than what it replaces.
void TestReorgMatrix::addBranch(const Reorg& reorg, const std::vector<std::vector<std::string>>& blocks)
{
    const Bitcoind& bitcoin = *m_flow->world().bitcoin;
    for (const std::vector<std::string>& raw : blocks) {
        json::array transactions;
        if (reorg.fate == Fate::Returns) {
            for (const std::string& each : raw) transactions.emplace_back(each);
        }
        bitcoin.cli({"generateblock", bitcoin.newAddress(), json::serialize(transactions)});
    }
    bitcoin.cli({"generateblock", bitcoin.newAddress(), "[]"});
}

void TestReorgMatrix::forgetMempool()
{
    Bitcoind& bitcoin = *m_flow->world().bitcoin;
    const auto connections = [&bitcoin] { return std::stoi(bitcoin.cli({"getconnectioncount"})); };
    const int before = connections();
    bitcoin.stop();
    std::filesystem::remove(bitcoin.dataDir() + "/regtest/mempool.dat");
    // The depositor's wallet is the first to be heard: a child that comes before its parent is kept as an orphan for
    // twenty minutes by bitcoind when the parent comes through its RPC, and not asked for again.
    bitcoin.restart({"-networkactive=0"});
    sendAgain(m_request);
    bitcoin.cli({"setnetworkactive", "true"});
    // Nodes wait longer for each connection that fails, up to as long as four blocks take here: of a node that is
    // away for days nobody asks that a replay waits for it.
    if (!within(60, [&] { return connections() >= before; })) qFatal("the nodes do not come back");
}

/// The request leaves the chain, and the depositor's wallet replaces it.
std::string TestReorgMatrix::requestSpentInstead(int depth)
{
    World& world = m_flow->world();
    Depositor depositor(world, Amount::fromSat(Flow::kDeposit), 1);
    m_flow->know(depositor.account.xOnlyPublicKey());
    const std::string request = depositor.deposit().terms().request.txid.displayHex();
    depositor.step();
    reorganise({depth, Fate::LeftOut});
    const auto bumped = world.bitcoin->json({"bumpfee", request, R"({"fee_rate":50})"});
    const auto replacement = json::value_to<std::string>(bumped.at("txid"));
    const auto kept = world.bitcoin->json({"gettransaction", replacement});
    sendAgain(json::value_to<std::string>(kept.at("hex")));
    for (int i = 0; i < static_cast<int>(world.network.params().depth) + 5; ++i) {
        world.mine(1);
        depositor.step();
    }
    if (!world.minedAt(replacement) || world.minedAt(request)) return "the replacement is not mined";
    if (depositor.isConfirmKnown() || depositor.isMinted()) return "a vault came of it";
    if (world.account(depositor.account.xOnlyPublicKey()).btc.sat() != 0) return "somebody was credited";
    return afterReorg();
}

/// A deposit that one member keeps from being signed, until its refund is mined; and then that leaves the chain while
/// the member is back.
std::string TestReorgMatrix::refundTakenOut(const Reorg& reorg)
{
    World& world = m_flow->world();
    world.signers[2]->stop();
    Depositor depositor(world, Amount::fromSat(Flow::kDeposit), 1);
    m_flow->know(depositor.account.xOnlyPublicKey());
    depositor.step();
    const auto& deposit = depositor.deposit();
    const auto script =
        take(bitcoin::scriptFromAddress(world.bitcoin->newAddress(), bitcoin::Network::Regtest));
    const auto refund = take(bridge::refundTransaction(deposit, script, {5'000}, depositor.refundKey()));
    world.bitcoin->mine(static_cast<int>(world.network.params().refundBlocks) - 1);
    const std::string raw = base::toHex(refund.serialize());
    world.bitcoin->cli({"sendrawtransaction", raw});
    world.bitcoin->mine(1);
    if (!world.minedAt(refund.txid().displayHex())) return "the refund is not mined";
    world.signers[2]->launch();
    reorganise(reorg);
    std::string wrong = afterReorg();
    if (!wrong.empty()) return wrong;
    const bool again = m_flow->mineUntil(8, [&] {
        depositor.step();
        sendAgain(raw);
        return world.minedAt(refund.txid().displayHex()).has_value();
    });
    if (!again) return "the refund does not come again";
    world.mine(2);
    if (depositor.isConfirmKnown() || depositor.isMinted()) return "a vault came of it";
    if (!world.isUnspent({refund.txid(), 0})) return "the refund is not there";
    return m_flow->isSettled() ? m_flow->wrong() : "the nodes do not agree";
}

QTEST_GUILESS_MAIN(TestReorgMatrix)
#include "tst_reorg_matrix.moc"
