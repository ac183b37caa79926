// SPDX-License-Identifier: MIT
// Which unconfirmed transactions live and what the balance is: replacement, double spends, chains of them,
// and circles that only an attacker or a damaged file would bring.
#include "core/wallet/balance.h"

#include "wallet_fixture.h"

using namespace bowline;
using namespace bowline::wallet;
using bowline::test::MadeUpChain;
using bowline::test::sat;

namespace {

Coin coinOf(const OutPoint& outpoint, std::int64_t amount, std::optional<std::uint32_t> height)
{
    Coin out;
    out.outpoint = outpoint;
    out.output = {sat(amount), {0x51}};
    out.key = OwnKey{};
    if (height) out.confirmed = MadeUpChain::ref(*height);
    return out;
}

/// Spends `from` and pays one output of ours (index 0) and one to somebody else.
PendingRow spendOf(const std::vector<OutPoint>& from, std::int64_t back, std::int64_t away)
{
    PendingRow row;
    for (const OutPoint& outpoint : from) row.transaction.inputs.push_back({outpoint, {}, 0xfffffffd, {}});
    row.transaction.outputs = {{sat(back), {0x51}}, {sat(away), MadeUpChain::foreignScript()}};
    row.txid = row.transaction.txid();
    return row;
}

OutPoint funding(std::uint8_t salt)
{
    OutPoint out;
    out.txid.bytes[3] = salt;
    return out;
}

} // namespace

class TestCoins : public QObject {
    Q_OBJECT
private slots:
    void aLaterSpendReplacesAnEarlierOne();
    void childrenOfTheReplacedDieWithIt();
    void aConfirmedDoubleSpendKillsTheFamily();
    void anAbandonedReplacementBringsTheFirstBack();
    void aReplacementThatIsDeadItselfReplacesNothing();
    void circlesDoNotHang();
    void aChildThatSpendsItsParentsInputIsDead();
    void coinbaseMaturesAfterHundredBlocks();
    void onlyOurOwnChangeIsSpentUnconfirmed();
    void versionThreeStaysAmongItself();
    void balancePartsAddUp();
};

void TestCoins::aLaterSpendReplacesAnEarlierOne()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    const PendingRow first = spendOf({coin.outpoint}, 60'000, 39'000);
    const PendingRow second = spendOf({coin.outpoint}, 55'000, 39'000);
    const CoinView view({coin, coinOf({first.txid, 0}, 60'000, {}), coinOf({second.txid, 0}, 55'000, {})},
                        {first, second});
    QVERIFY(view.findPending(first.txid)->state == TransactionState::Replaced);
    QVERIFY(view.findPending(second.txid)->state == TransactionState::Pending);
    QVERIFY(view.find({first.txid, 0}) == nullptr);
    QVERIFY(view.find({second.txid, 0})->fromSelf);
    QVERIFY(view.find(coin.outpoint)->spentBy == second.txid);
}

void TestCoins::childrenOfTheReplacedDieWithIt()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    const PendingRow first = spendOf({coin.outpoint}, 60'000, 39'000);
    const PendingRow child = spendOf({{first.txid, 0}}, 50'000, 9'000);
    const PendingRow second = spendOf({coin.outpoint}, 55'000, 39'000);
    const CoinView view({coin, coinOf({first.txid, 0}, 60'000, {}), coinOf({child.txid, 0}, 50'000, {}),
                         coinOf({second.txid, 0}, 55'000, {})},
                        {first, child, second});
    QVERIFY(view.findPending(child.txid)->state == TransactionState::Conflicted);
    QCOMPARE(view.coins().size(), std::size_t{2});
}

void TestCoins::aConfirmedDoubleSpendKillsTheFamily()
{
    // The coin itself is gone from the stored ones: a confirmed transaction spends it.
    PendingRow first = spendOf({funding(1)}, 60'000, 39'000);
    first.conflictsWithConfirmed = true;
    const PendingRow child = spendOf({{first.txid, 0}}, 50'000, 9'000);
    const CoinView view({coinOf({first.txid, 0}, 60'000, {}), coinOf({child.txid, 0}, 50'000, {})},
                        {first, child});
    QVERIFY(view.findPending(first.txid)->state == TransactionState::Conflicted);
    QVERIFY(view.findPending(child.txid)->state == TransactionState::Conflicted);
    QVERIFY(view.coins().empty());
    QVERIFY(balanceOf(view, {10}, false).pendingIncoming == Amount{});
}

void TestCoins::anAbandonedReplacementBringsTheFirstBack()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    const PendingRow first = spendOf({coin.outpoint}, 60'000, 39'000);
    PendingRow second = spendOf({coin.outpoint}, 55'000, 39'000);
    second.abandoned = true;
    const CoinView view({coin, coinOf({first.txid, 0}, 60'000, {}), coinOf({second.txid, 0}, 55'000, {})},
                        {first, second});
    QVERIFY(view.findPending(first.txid)->state == TransactionState::Pending);
    QVERIFY(view.findPending(second.txid)->state == TransactionState::Abandoned);
}

void TestCoins::aReplacementThatIsDeadItselfReplacesNothing()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    PendingRow doomed = spendOf({funding(2)}, 5'000, 100);
    doomed.conflictsWithConfirmed = true;
    const PendingRow first = spendOf({coin.outpoint}, 60'000, 39'000);
    const PendingRow second = spendOf({coin.outpoint, {doomed.txid, 0}}, 65'000, 39'000);
    const CoinView view({coin, coinOf({first.txid, 0}, 60'000, {}), coinOf({doomed.txid, 0}, 5'000, {})},
                        {doomed, first, second});
    QVERIFY(view.findPending(second.txid)->state == TransactionState::Conflicted);
    QVERIFY(view.findPending(first.txid)->state == TransactionState::Pending);
}

void TestCoins::circlesDoNotHang()
{
    // Ids are given, not computed: no hash function yields such a pair.
    PendingRow a = spendOf({funding(1)}, 1'000, 1'000);
    PendingRow b = spendOf({funding(2)}, 1'000, 1'000);
    a.txid.bytes[0] = 1;
    b.txid.bytes[0] = 2;
    a.transaction.inputs[0].prevout = {b.txid, 0};
    b.transaction.inputs[0].prevout = {a.txid, 0};
    const CoinView view({coinOf({a.txid, 0}, 1'000, {}), coinOf({b.txid, 0}, 1'000, {})}, {a, b});
    QVERIFY(view.coins().empty());
    QVERIFY(view.descendantsOf(a.txid).empty());
}

void TestCoins::aChildThatSpendsItsParentsInputIsDead()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    const PendingRow parent = spendOf({coin.outpoint}, 60'000, 39'000);
    const PendingRow child = spendOf({{parent.txid, 0}, coin.outpoint}, 1'000, 1'000);
    // Whichever arrived first: never both.
    for (const auto& order : {std::vector{parent, child}, std::vector{child, parent}}) {
        const CoinView view({coin, coinOf({parent.txid, 0}, 60'000, {}), coinOf({child.txid, 0}, 1'000, {})},
                            order);
        QVERIFY(view.findPending(child.txid)->state != TransactionState::Pending);
        QVERIFY(view.findPending(parent.txid)->state == TransactionState::Pending);
    }
}

void TestCoins::coinbaseMaturesAfterHundredBlocks()
{
    Coin coin = coinOf(funding(1), 5'000'000'000, 10);
    coin.coinbase = true;
    QVERIFY(!isMature(coin, {108}));
    QVERIFY(isMature(coin, {109})); // it can be spent in block 110
    QVERIFY(!isSpendable(coin, {108}, {}));
    const CoinView view({coin}, {});
    QVERIFY(balanceOf(view, {108}, false).immature == sat(5'000'000'000));
    QVERIFY(balanceOf(view, {109}, false).confirmed == sat(5'000'000'000));
}

void TestCoins::onlyOurOwnChangeIsSpentUnconfirmed()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    const PendingRow own = spendOf({coin.outpoint}, 60'000, 39'000);
    const PendingRow foreign = spendOf({funding(9)}, 7'000, 1'000);
    const CoinView view({coin, coinOf({own.txid, 0}, 60'000, {}), coinOf({foreign.txid, 0}, 7'000, {})},
                        {own, foreign});
    QVERIFY(isSpendable(*view.find({own.txid, 0}), {10}, {}));
    QVERIFY(!isSpendable(*view.find({own.txid, 0}), {10}, {false, 2}));
    QVERIFY(!isSpendable(*view.find({foreign.txid, 0}), {10}, {}));
    QVERIFY(!isSpendable(*view.find(coin.outpoint), {10}, {})); // spent already
}

void TestCoins::versionThreeStaysAmongItself()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    PendingRow own = spendOf({coin.outpoint}, 60'000, 39'000);
    Coin change = coinOf({own.txid, 0}, 60'000, {});
    change.transactionVersion = 3;
    const CoinView view({coin, change}, {own});
    QVERIFY(!isSpendable(*view.find({own.txid, 0}), {10}, {true, 2}));
    QVERIFY(!isSpendable(*view.find({own.txid, 0}), {10}, {true, 3}));
}

void TestCoins::balancePartsAddUp()
{
    const Coin coin = coinOf(funding(1), 100'000, 5);
    Coin frozen = coinOf(funding(2), 30'000, 6);
    frozen.frozen = true;
    Coin bridge = coinOf(funding(3), 1'001'000, 6);
    bridge.key.reset();
    bridge.purpose = "bridge.request";
    const PendingRow out = spendOf({coin.outpoint}, 60'000, 39'000);
    const PendingRow in = spendOf({funding(9)}, 7'000, 1'000);
    const CoinView view(
        {coin, frozen, bridge, coinOf({out.txid, 0}, 60'000, {}), coinOf({in.txid, 0}, 7'000, {})},
        {out, in});
    const Balance balance = balanceOf(view, {10}, true);
    QCOMPARE(balance.confirmed.sat(), std::int64_t{130'000});
    QCOMPARE(balance.pendingOutgoing.sat(), std::int64_t{40'000});
    QCOMPARE(balance.pendingIncoming.sat(), std::int64_t{7'000});
    QCOMPARE(balance.spendable.sat(), std::int64_t{60'000});
    QCOMPARE(balance.frozen.sat(), std::int64_t{30'000});
    QCOMPARE(balance.lockedInBridge.sat(), std::int64_t{1'001'000});
    QVERIFY(balance.partial);
    // What there will be once all is mined: coin gone, change, the frozen and the incoming one.
    QCOMPARE((balance.confirmed + balance.pendingIncoming - balance.pendingOutgoing).sat(),
             std::int64_t{60'000 + 30'000 + 7'000});
}

QTEST_GUILESS_MAIN(TestCoins)
#include "tst_coins.moc"
