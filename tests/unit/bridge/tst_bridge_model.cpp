// SPDX-License-Identifier: MIT
// All interleavings of blocks, reorgs, batches and the parties' own steps, up to a bound, against the state machines
// that tell users, operators and members what to do (docs/model.md). The layer 2's own rules are explored where they
// are written, in guest/stf/transition.
#include "tests/unit/bridge/model_claim.h"
#include "tests/unit/bridge/model_deposit.h"
#include "tests/unit/bridge/model_withdrawal.h"

#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;

namespace {

bool isDeepRun() { return qgetenv("BOWLINE_MODEL") == "deep"; }

template <typename States>
void keepsWaiting(const States&, Timeline& timeline)
{
    if (timeline.nextAction == "refund" || timeline.nextAction == "reclaim" || timeline.nextAction == "take")
        timeline.nextAction = "wait";
}
template <typename States>
void isNeverOver(const States&, Timeline& timeline)
{
    timeline.finished = false;
}
void mintsAtOnce(const DepositStates& states, Timeline& timeline)
{
    if (states.confirmHeight() && timeline.nextAction == "wait") timeline.nextAction = "mint";
}
void cancelsAlways(const WithdrawalStates&, Timeline& timeline)
{
    if (timeline.nextAction == "wait") timeline.nextAction = "cancel";
}
void kicksOffUnburned(const ClaimStates& states, Timeline& timeline)
{
    if (!states.kickoffHeight() && timeline.nextAction == "wait") timeline.nextAction = "kickoff";
}
void voidsAtOnce(const ClaimStates& states, Timeline& timeline)
{
    if (states.breach() && timeline.nextAction == "wait") timeline.nextAction = "void";
}
void settlesAtOnce(const ClaimStates& states, Timeline& timeline)
{
    if (states.takenHeight() && timeline.nextAction == "wait") timeline.nextAction = "settle";
}

template <typename States>
Exploration deposits(Bounds bounds, std::string_view only)
{
    return explore(DepositWorld<States>{.bounds = bounds}, only);
}
template <typename States>
Exploration withdrawals(Bounds bounds, std::string_view only)
{
    return explore(WithdrawalWorld<States>{.bounds = bounds}, only);
}
template <typename States, typename Member>
Exploration claims(Bounds bounds, std::string_view only)
{
    return explore(ClaimWorld<States, Member>{.bounds = bounds}, only);
}

void report(const char* what, const Bounds& bounds, const Exploration& found)
{
    qInfo("%s: %zu states, %zu transitions, %zu blocks, %zu undone", what, found.states, found.transitions,
          bounds.blocks, bounds.undone);
    const std::string broken = found.broken.empty() ? std::string() : *found.broken.begin();
    QVERIFY2(found.broken.empty(), (broken + found.path).c_str());
}

} // namespace

class TestBridgeModel : public QObject {
    Q_OBJECT

private slots:
    void everyPathOfADeposit()
    {
        const Bounds bounds = isDeepRun() ? Bounds{10, 3} : Bounds{9, 2};
        report("deposit", bounds, deposits<DepositStates>(bounds, {}));
    }
    void everyPathOfAWithdrawal()
    {
        const Bounds bounds = isDeepRun() ? Bounds{11, 3} : Bounds{9, 2};
        report("withdrawal", bounds, withdrawals<WithdrawalStates>(bounds, {}));
    }
    void everyPathOfAClaim()
    {
        const Bounds bounds = isDeepRun() ? Bounds{10, 2} : Bounds{9, 1};
        report("claim", bounds, claims<ClaimStates, Watchful>(bounds, {}));
    }
    void eachRuleNoticesItsBreach_data();
    void eachRuleNoticesItsBreach();
};

using Run = Exploration (*)(Bounds, std::string_view);
Q_DECLARE_METATYPE(Run)

void TestBridgeModel::eachRuleNoticesItsBreach_data()
{
    QTest::addColumn<Run>("run");
    QTest::addColumn<QString>("rule");
    using D = DepositStates;
    using W = WithdrawalStates;
    using C = ClaimStates;
    const auto row = [](const char* name, Run run, const char* rule) {
        QTest::newRow(name) << run << QString(rule);
    };
    row("deposit keeps what a reorg undid", deposits<Stubborn<D>>, "same-by-every-path");
    row("refund is never offered", deposits<Changed<D, keepsWaiting<D>>>, "refund-when-possible");
    row("depositor waits for ever", deposits<Changed<D, keepsWaiting<D>>>, "way-back");
    row("mint before depth", deposits<Changed<D, mintsAtOnce>>, "mint-when-possible");
    row("deposit never over", deposits<Changed<D, isNeverOver<D>>>, "finished-when-it-is");
    row("withdrawal keeps what a reorg undid", withdrawals<Stubborn<W>>, "same-by-every-path");
    row("reclaim is never offered", withdrawals<Changed<W, keepsWaiting<W>>>, "reclaim-when-possible");
    row("user waits for ever", withdrawals<Changed<W, keepsWaiting<W>>>, "way-back");
    row("cancel is always offered", withdrawals<Changed<W, cancelsAlways>>, "cancel-when-possible");
    row("withdrawal never over", withdrawals<Changed<W, isNeverOver<W>>>, "finished-when-it-is");
    row("claim keeps what a reorg undid", claims<Stubborn<C>, Watchful>, "same-by-every-path");
    row("take is never offered", claims<Changed<C, keepsWaiting<C>>, Watchful>, "take-when-possible");
    row("operator waits for ever", claims<Changed<C, keepsWaiting<C>>, Watchful>, "way-back");
    row("kickoff without burn", claims<Changed<C, kicksOffUnburned>, Watchful>, "kickoff-when-possible");
    row("void before depth", claims<Changed<C, voidsAtOnce>, Watchful>, "void-when-possible");
    row("settle before depth", claims<Changed<C, settlesAtOnce>, Watchful>, "settle-when-possible");
    row("no honest member", claims<C, Asleep>, "no-take-without-burn");
    row("a veto too late", claims<C, Late>, "no-take-without-burn");
}

void TestBridgeModel::eachRuleNoticesItsBreach()
{
    QFETCH(Run, run);
    QFETCH(QString, rule);
    const Exploration found = run({8, 1}, rule.toStdString());
    QVERIFY2(found.broken.contains(rule.toStdString()),
             found.broken.empty() ? "nothing was noticed" : found.broken.begin()->c_str());
}

QTEST_GUILESS_MAIN(TestBridgeModel)
#include "tst_bridge_model.moc"
