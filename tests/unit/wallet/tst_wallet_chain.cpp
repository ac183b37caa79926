// SPDX-License-Identifier: MIT
// Blocks coming and going: what a reorganisation does to coins, history and balance, deposits found again
// from the words alone, and gaps in what is delivered.
#include "wallet_fixture.h"

using namespace bowline;
using namespace bowline::wallet;
using bowline::test::MadeUpChain;
using bowline::test::sat;
using bowline::test::WalletFixture;

namespace {

/// Everything a user would see, as text, to compare moments.
std::string picture(Wallet& wallet)
{
    std::string out;
    const Balance balance = *wallet.balance();
    for (const Amount part : {balance.confirmed, balance.immature, balance.pendingIncoming,
                              balance.pendingOutgoing, balance.spendable, balance.lockedInBridge}) {
        out += std::to_string(part.sat()) + " ";
    }
    for (const Coin& coin : (*wallet.coins())->coins()) {
        out += "\n" + bitcoin::toString(coin.outpoint) + (coin.confirmed ? " confirmed" : " pending") +
               (coin.spentBy ? " spent" : "");
    }
    const std::vector<HistoryEntry> history = *wallet.history(std::nullopt, 1000);
    for (const HistoryEntry& entry : history) {
        out += "\n" + entry.txid.hex() + " " + std::to_string(entry.delta().sat()) + " " +
               std::to_string(static_cast<int>(entry.state));
    }
    return out;
}

bitcoin::Transaction spendTo(const OutPoint& from, const Script& back, std::int64_t amount)
{
    bitcoin::Transaction out;
    out.inputs.push_back({from, {}, 0xfffffffd, {}});
    out.outputs = {{sat(amount), back}, {sat(1'000), MadeUpChain::foreignScript()}};
    return out;
}

std::vector<WatchedScript> requestScripts(std::uint32_t index, const base::XOnlyPublicKey& key)
{
    // As the bridge would: a script per denomination that commits to the key.
    std::vector<WatchedScript> out;
    for (const std::uint8_t denomination : base::Bytes{1, 2, 3}) {
        base::XOnlyPublicKey output = key;
        output.bytes[0] = denomination;
        out.push_back({bitcoin::payToTaproot(output), "bridge.request", index, {denomination}});
    }
    return out;
}

} // namespace

class TestWalletChain : public QObject {
    Q_OBJECT
private slots:
    void aReorganisationUndoesExactlyWhatTheBlocksDid();
    void aPaymentComesBackInAnotherBlock();
    void aDoubleSpendAfterAReorganisationWins();
    void coinbaseOfALostBlockIsGone();
    void blocksSeenAgainChangeNothing();
    void aGapInTheBlocksIsRefused();
    void reorganisationWhileClosedIsUndoneLater();
    void blocksWithoutEffectAreWrittenTogether();
    void historyIsPagedFromTheNewest();
    void depositsAreFoundAgainFromTheWords();
    void aDepositFarInTheGapIsFound();
    void depositsThatNeverHappenedDoNotStretchTheGap();
    void foreignTransactionsAreNotTaken();
    void frozenCoinsStayFrozen();
};

void TestWalletChain::aReorganisationUndoesExactlyWhatTheBlocksDid()
{
    WalletFixture fixture;
    const OutPoint coin = fixture.receive(sat(100'000));
    fixture.mineEmpty(2);
    const std::string before = picture(*fixture.wallet);
    const auto change = fixture.wallet->changeScript(AddressType::Taproot);
    const bitcoin::Transaction spend = spendTo(coin, change->first, 90'000);
    fixture.mine({spend});
    fixture.mine(
        {MadeUpChain::payment(fixture.wallet->currentAddress(AddressType::SegwitV0)->script, sat(500), 77)});
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{90'500});

    VERIFY_OK(fixture.wallet->disconnectBlock(MadeUpChain::ref(5)));
    VERIFY_OK(fixture.wallet->disconnectBlock(MadeUpChain::ref(4)));
    QCOMPARE(fixture.wallet->tipHeight().value, 3U);
    // Back in the pool: pending, the first coin confirmed again.
    const Balance balance = fixture.balance();
    QCOMPARE(balance.confirmed.sat(), std::int64_t{100'000});
    QCOMPARE(balance.pendingOutgoing.sat(), std::int64_t{10'000});
    QCOMPARE(balance.pendingIncoming.sat(), std::int64_t{500});
    // Without the pool it is as if the blocks had never been.
    const std::vector<HistoryEntry> history = *fixture.wallet->history(std::nullopt, 10);
    for (const HistoryEntry& entry : history) {
        if (!entry.confirmed) VERIFY_OK(fixture.wallet->abandon(entry.txid));
    }
    const std::string after = picture(*fixture.wallet);
    QCOMPARE(after.substr(0, before.find('\n')), before.substr(0, before.find('\n')));
    QVERIFY((*fixture.wallet->coins())->find(coin)->confirmed == MadeUpChain::ref(1));
    QVERIFY(!(*fixture.wallet->coins())->find(coin)->spentBy);
}

void TestWalletChain::aPaymentComesBackInAnotherBlock()
{
    WalletFixture fixture;
    const Script script = fixture.wallet->currentAddress(AddressType::Taproot)->script;
    const bitcoin::Transaction payment = MadeUpChain::payment(script, sat(7'000), 1);
    fixture.mine({payment}, 1);
    const std::string before = picture(*fixture.wallet);
    // Without being told of the disconnection: a block at a height that was there replaces it and all above.
    fixture.mineEmpty(2);
    const bitcoin::Block block = MadeUpChain::block({payment});
    VERIFY_OK(fixture.wallet->connectBlock(MadeUpChain::ref(1, 2), &block));
    QCOMPARE(picture(*fixture.wallet), before);
    QVERIFY((*fixture.wallet->coins())->coins().front().confirmed == MadeUpChain::ref(1, 2));
    QCOMPARE(fixture.wallet->tipHeight().value, 1U);
}

void TestWalletChain::aDoubleSpendAfterAReorganisationWins()
{
    WalletFixture fixture;
    const OutPoint coin = fixture.receive(sat(100'000));
    const Script mine = fixture.wallet->changeScript(AddressType::Taproot)->first;
    const bitcoin::Transaction first = spendTo(coin, mine, 90'000);
    const bitcoin::Transaction second = spendTo(coin, mine, 20'000);
    fixture.mine({first});
    VERIFY_OK(fixture.wallet->disconnectBlock(MadeUpChain::ref(2)));
    fixture.mine({second}, 9);
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{20'000});
    QVERIFY((*fixture.wallet->historyEntry(first.txid()))->state == TransactionState::Conflicted);
    QVERIFY(fixture.wallet->pendingTransactions()->empty());
    // And back again.
    VERIFY_OK(fixture.wallet->disconnectBlock(MadeUpChain::ref(2, 9)));
    fixture.mine({first});
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{90'000});
    QVERIFY((*fixture.wallet->historyEntry(second.txid()))->state == TransactionState::Conflicted);
}

void TestWalletChain::coinbaseOfALostBlockIsGone()
{
    WalletFixture fixture;
    const Script script = fixture.wallet->currentAddress(AddressType::Taproot)->script;
    fixture.mine({MadeUpChain::coinbase(script, sat(5'000'000'000), 1)});
    QCOMPARE(fixture.balance().immature.sat(), std::int64_t{5'000'000'000});
    fixture.mineEmpty(99);
    QCOMPARE(fixture.balance().immature.sat(), std::int64_t{0});
    QCOMPARE(fixture.balance().spendable.sat(), std::int64_t{5'000'000'000});
    VERIFY_OK(fixture.wallet->disconnectBlock(MadeUpChain::ref(1)));
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{0});
    QCOMPARE(fixture.balance().pendingIncoming.sat(), std::int64_t{0});
    QVERIFY(fixture.wallet->pendingTransactions()->empty());
}

void TestWalletChain::blocksSeenAgainChangeNothing()
{
    WalletFixture fixture;
    const OutPoint coin = fixture.receive(sat(100'000));
    const bitcoin::Transaction spend =
        spendTo(coin, fixture.wallet->changeScript(AddressType::Taproot)->first, 9'000);
    fixture.mine({spend});
    fixture.mineEmpty(3);
    const std::string before = picture(*fixture.wallet);
    const bitcoin::Block block = MadeUpChain::block({spend});
    const auto found = fixture.wallet->connectBlock(MadeUpChain::ref(2), &block, true);
    VERIFY_OK(found);
    QCOMPARE(found->size(), std::size_t{1});
    QCOMPARE(picture(*fixture.wallet), before);
    QCOMPARE(fixture.wallet->tipHeight().value, 5U);
}

void TestWalletChain::aGapInTheBlocksIsRefused()
{
    WalletFixture fixture;
    fixture.mineEmpty(2);
    COMPARE_ERROR(fixture.wallet->connectBlock(MadeUpChain::ref(4), nullptr), kBlockOutOfOrder);
    COMPARE_ERROR(fixture.wallet->connectBlock(MadeUpChain::ref(9), nullptr, true), kBlockOutOfOrder);
    QCOMPARE(fixture.wallet->tipHeight().value, 2U);
}

void TestWalletChain::reorganisationWhileClosedIsUndoneLater()
{
    WalletFixture fixture;
    fixture.receive(sat(100'000));
    fixture.receive(sat(50'000));
    fixture.reopen();
    const std::vector<BlockRef> processed = fixture.wallet->processedBlocks();
    QCOMPARE(processed.size(), std::size_t{2});
    QVERIFY(processed.front() == MadeUpChain::ref(2));
    VERIFY_OK(fixture.wallet->disconnectBlock(processed.front()));
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{100'000});
    QCOMPARE(fixture.balance().pendingIncoming.sat(), std::int64_t{50'000});
}

void TestWalletChain::blocksWithoutEffectAreWrittenTogether()
{
    WalletFixture fixture;
    for (std::uint32_t height = 1; height <= Wallet::kHeldBackBlocks + 5; ++height) {
        VERIFY_OK(fixture.wallet->connectBlock(MadeUpChain::ref(height), nullptr));
    }
    QCOMPARE(fixture.wallet->tipHeight().value, Wallet::kHeldBackBlocks + 5);
    fixture.reopen(); // the last five were not written: they will come again
    QCOMPARE(fixture.wallet->tipHeight().value, Wallet::kHeldBackBlocks);
    fixture.mineEmpty(3);
    VERIFY_OK(fixture.wallet->flush());
    fixture.reopen();
    QCOMPARE(fixture.wallet->tipHeight().value, Wallet::kHeldBackBlocks + 3);
    // Only as many as are needed to undo reorganisations are kept.
    fixture.mineEmpty(2 * WalletStore::kKeptBlocks);
    VERIFY_OK(fixture.wallet->flush());
    fixture.reopen();
    QCOMPARE(fixture.wallet->processedBlocks().size(), std::size_t{WalletStore::kKeptBlocks});
}

void TestWalletChain::historyIsPagedFromTheNewest()
{
    WalletFixture fixture;
    for (int i = 0; i < 25; ++i) fixture.receive(sat(1'000 + i));
    const Script script = fixture.wallet->currentAddress(AddressType::Taproot)->script;
    const bitcoin::Transaction pending = MadeUpChain::payment(script, sat(9), 500);
    VERIFY_OK(fixture.wallet->addUnconfirmed(pending));
    VERIFY_OK(fixture.wallet->setLabel(LabelKind::Transaction, pending.txid().displayHex(), "soon"));
    std::vector<std::int64_t> deltas;
    std::optional<HistoryCursor> cursor;
    for (;;) {
        const auto page = fixture.wallet->history(cursor, 7);
        VERIFY_OK(page);
        if (page->empty()) break;
        if (!cursor) QCOMPARE(page->front().label, std::string("soon"));
        for (const HistoryEntry& entry : *page) deltas.push_back(entry.delta().sat());
        const HistoryEntry& last = page->back();
        cursor =
            HistoryCursor{last.confirmed ? std::optional(last.confirmed->height) : std::nullopt, last.row};
    }
    QCOMPARE(deltas.size(), std::size_t{26});
    QCOMPARE(deltas[0], std::int64_t{9});
    for (std::size_t i = 1; i < deltas.size(); ++i) QCOMPARE(deltas[i], 1'025 - static_cast<std::int64_t>(i));
}

void TestWalletChain::depositsAreFoundAgainFromTheWords()
{
    WalletFixture original;
    VERIFY_OK(original.wallet->setRefundScripts(requestScripts));
    const std::uint32_t index = *original.wallet->takeRefundIndex();
    const auto key = original.wallet->refundKey(index)->xOnlyPublicKey();
    const bitcoin::Transaction request =
        MadeUpChain::payment(requestScripts(index, key)[1].script, sat(10'001'000), 4);
    original.mine({request});
    QCOMPARE(original.balance().lockedInBridge.sat(), std::int64_t{10'001'000});
    QCOMPARE(original.balance().confirmed.sat(), std::int64_t{0});

    WalletFixture restored; // the same words, nothing else; locked, as watching needs no key
    restored.wallet->lock();
    VERIFY_OK(restored.wallet->setRefundScripts(requestScripts));
    restored.mine({request});
    QCOMPARE(restored.balance().lockedInBridge.sat(), std::int64_t{10'001'000});
    const Coin* coin = (*restored.wallet->coins())->find({request.txid(), 0});
    QVERIFY(coin != nullptr);
    const auto owner = restored.wallet->ownerOf(coin->output.scriptPubKey);
    QCOMPARE(owner->index, index);
    QCOMPARE(owner->data, (base::Bytes{2}));
    // The same refund key is not used twice.
    QCOMPARE(*restored.wallet->takeRefundIndex(), index + 1);
    // Nobody spends it by accident.
    SpendRequest request2;
    request2.recipients = {{MadeUpChain::foreignScript(), sat(5'000), false, {}}};
    COMPARE_ERROR(draftSpend(*restored.wallet, request2), kInsufficientFunds);
}

void TestWalletChain::aDepositFarInTheGapIsFound()
{
    WalletFixture fixture;
    VERIFY_OK(fixture.wallet->setRefundScripts(requestScripts));
    const auto script = [&fixture](std::uint32_t index) {
        return requestScripts(index,
                              fixture.wallet->specialPublicKey(kBridgeRefundAccount, index)->xOnly())[0]
            .script;
    };
    QVERIFY(fixture.wallet->ownerOf(script(19)).has_value());
    QVERIFY(!fixture.wallet->ownerOf(script(20)).has_value());
    fixture.mine({MadeUpChain::payment(script(19), sat(1'001'000), 1)});
    QVERIFY(fixture.wallet->ownerOf(script(39)).has_value());
    // Found before anybody said which scripts these are: as good.
    fixture.reopen();
    fixture.mine({MadeUpChain::payment(script(39), sat(1'001'000), 2)});
    QVERIFY(!fixture.wallet->ownerOf(script(59)).has_value());
    VERIFY_OK(fixture.wallet->setRefundScripts(requestScripts));
    QVERIFY(fixture.wallet->ownerOf(script(59)).has_value());
    // No more than a restore would find.
    for (int i = 0; i < 20; ++i) VERIFY_OK(fixture.wallet->takeRefundIndex());
    COMPARE_ERROR(fixture.wallet->takeRefundIndex(), kGapLimit);
}

void TestWalletChain::depositsThatNeverHappenedDoNotStretchTheGap()
{
    WalletFixture fixture;
    const OutPoint coin = fixture.receive(sat(2'000'000));
    VERIFY_OK(fixture.wallet->setRefundScripts(requestScripts));
    const auto script = [&fixture](std::uint32_t index) {
        return requestScripts(index,
                              fixture.wallet->specialPublicKey(kBridgeRefundAccount, index)->xOnly())[0]
            .script;
    };
    // Each request takes the place of the one before.
    for (std::uint32_t i = 0; i < 20; ++i) {
        QCOMPARE(*fixture.wallet->takeRefundIndex(), i);
        VERIFY_OK(fixture.wallet->addUnconfirmed(spendTo(coin, script(i), 1'001'000)));
    }
    COMPARE_ERROR(fixture.wallet->takeRefundIndex(), kGapLimit); // a restore would not look further
    fixture.reopen();
    VERIFY_OK(fixture.wallet->setRefundScripts(requestScripts));
    COMPARE_ERROR(fixture.wallet->takeRefundIndex(), kGapLimit); // each of them may still be mined
    fixture.mine({spendTo(coin, fixture.wallet->currentAddress(AddressType::Taproot)->script, 1'900'000)});
    // Now none of them can: their keys are free again, each for one deposit.
    QCOMPARE(*fixture.wallet->takeRefundIndex(), 0U);
    QCOMPARE(*fixture.wallet->takeRefundIndex(), 1U);
    const bitcoin::Transaction request = MadeUpChain::payment(script(1), sat(1'001'000), 9);
    fixture.mine({request});
    QCOMPARE(fixture.balance().lockedInBridge.sat(), std::int64_t{1'001'000});
    QCOMPARE(*fixture.wallet->takeRefundIndex(), 20U);

    WalletFixture restored;
    VERIFY_OK(restored.wallet->setRefundScripts(requestScripts));
    restored.mine({request});
    QCOMPARE(restored.balance().lockedInBridge.sat(), std::int64_t{1'001'000});
}

void TestWalletChain::foreignTransactionsAreNotTaken()
{
    WalletFixture fixture;
    const bitcoin::Transaction foreign = MadeUpChain::payment(MadeUpChain::foreignScript(), sat(1'000), 1);
    COMPARE_ERROR(fixture.wallet->addUnconfirmed(foreign), kNotOurs);
    fixture.mine({foreign});
    QVERIFY(fixture.wallet->history(std::nullopt, 10)->empty());
    COMPARE_ERROR(fixture.wallet->abandon(foreign.txid()), kUnknownTransaction);
}

void TestWalletChain::frozenCoinsStayFrozen()
{
    WalletFixture fixture;
    const OutPoint coin = fixture.receive(sat(100'000));
    VERIFY_OK(fixture.wallet->setFrozen(coin, true));
    fixture.reopen();
    QCOMPARE(fixture.balance().frozen.sat(), std::int64_t{100'000});
    QCOMPARE(fixture.balance().spendable.sat(), std::int64_t{0});
    SpendRequest request;
    request.recipients = {{MadeUpChain::foreignScript(), sat(5'000), false, {}}};
    COMPARE_ERROR(draftSpend(*fixture.wallet, request), kInsufficientFunds);
    request.coins = {coin};
    COMPARE_ERROR(draftSpend(*fixture.wallet, request), kCoinUnavailable);
    VERIFY_OK(fixture.wallet->setFrozen(coin, false));
    VERIFY_OK(draftSpend(*fixture.wallet, request));
}

QTEST_GUILESS_MAIN(TestWalletChain)
#include "tst_wallet_chain.moc"
