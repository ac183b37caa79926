// SPDX-License-Identifier: MIT
// Drafts and signed transactions: that what was reviewed is what is signed, fees and sizes are as promised,
// and mistakes that cost money are refused or said. Real nodes judge the same in tests/integration/wallet.
#include "core/bitcoin/sighash.h"
#include "core/crypto/hash.h"
#include "core/wallet/bump.h"

#include <random>
#include <set>

#include "wallet_fixture.h"

using namespace bowline;
using namespace bowline::wallet;
using bowline::test::MadeUpChain;
using bowline::test::sat;
using bowline::test::WalletFixture;

namespace {

SpendRequest pay(std::int64_t amount, std::int64_t satPerKvb = 2'000)
{
    SpendRequest request;
    request.recipients = {{MadeUpChain::foreignScript(), sat(amount), false, {}}};
    request.rate = {satPerKvb};
    request.seed = 1;
    return request;
}

SignedSpend signedSpend(WalletFixture& fixture, const SpendDraft& draft)
{
    auto spend = signDraft(*fixture.wallet, draft, FeeConsent::Accept);
    if (!spend.ok()) qFatal("%s", test::describe(spend.error()).c_str());
    return std::move(spend).value();
}

/// Drafts, signs and remembers a payment.
SignedSpend sent(WalletFixture& fixture, const SpendRequest& request)
{
    auto draft = draftSpend(*fixture.wallet, request);
    if (!draft.ok()) qFatal("%s", test::describe(draft.error()).c_str());
    SignedSpend spend = signedSpend(fixture, *draft);
    if (!fixture.wallet->addUnconfirmed(spend.transaction).ok()) qFatal("not taken");
    return spend;
}

std::int64_t feeOf(const SignedSpend& spend)
{
    std::int64_t fee = 0;
    for (const DraftInput& input : spend.draft.inputs) fee += input.spent.value.sat();
    for (const TxOut& output : spend.transaction.outputs) fee -= output.value.sat();
    return fee;
}

BumpRequest bump(std::int64_t satPerKvb)
{
    BumpRequest request;
    request.rate = {satPerKvb};
    request.seed = 1;
    return request;
}

/// A wallet made from the same words that looks 20 addresses ahead, having seen the other's blocks.
std::unique_ptr<WalletFixture> restoredFrom(WalletFixture& original)
{
    std::vector<TransactionRow> mined;
    const std::vector<HistoryEntry> history = *original.wallet->history(std::nullopt, 1'000);
    for (const HistoryEntry& entry : history) {
        if (entry.confirmed) mined.push_back(**original.wallet->transaction(entry.txid));
    }
    auto out = std::make_unique<WalletFixture>();
    std::for_each(mined.rbegin(), mined.rend(),
                  [&out](const TransactionRow& row) { out->mine({row.transaction}); });
    return out;
}

constexpr int kMoreThanTheGap = 25;

/// A stuck transaction of somebody else's making with a keyless anchor, as the bridge makes them.
bitcoin::Transaction anchored(std::uint32_t version)
{
    bitcoin::Transaction out = MadeUpChain::payment(MadeUpChain::foreignScript(), sat(1'000'000), 321);
    out.version = version;
    out.outputs.push_back({sat(240), bitcoin::payToAnchor()});
    return out;
}

} // namespace

class TestSpend : public QObject {
    Q_OBJECT
private slots:
    void estimatedWeightIsThatOfTheSignedTransaction();
    void signaturesHoldForThoseWhoOnlySeeTheOutputs();
    void sendAllLeavesNothing();
    void changeGoesToTheTypeOfTheInputs();
    void fixedOrderKeepsTheProtocolsLayout();
    void dustAndNonsenseAreRefused();
    void aHighFeeNeedsConsent();
    void aCoinSpentMeanwhileIsNoticed();
    void aTamperedDraftIsNotSigned();
    void inputsSignalReplacementAndLockTimeIsTheTip();
    void coinControlUsesOnlyWhatWasNamed();
    void theSameSeedDraftsTheSame();
    void aReplacementPaysMoreAndKeepsTheRecipients();
    void aReplacementAddsCoinsWhenChangeDoesNotSuffice();
    void aReplacementOfSendAllTakesFromTheRecipient();
    void notEverythingCanBeReplaced();
    void aCancellationBringsEverythingBack();
    void aChildPaysForItsParent();
    void aChildPaysForIncomingMoney();
    void aChildSpendsTheAnchor();
    void aSecondChildReplacesTheFirst();
    void versionThreeIsObeyed();
    void unconfirmedChangeIsLeftAloneWhenAskedTo();
    void aPaymentWithoutChangeIsReplacedInItsOrder();
    void aPaymentThatOthersBuildOnIsNotTakenBack();
    void aRestoreFindsTheChangeOfAChildReplacedManyTimes();
    void aRestoreFindsWhatManyCancellationsBroughtBack();
    void aRestoreFindsTheChangeAfterManyPaymentsGivenUp();
};

void TestSpend::estimatedWeightIsThatOfTheSignedTransaction()
{
    WalletFixture fixture;
    std::mt19937_64 random(5);
    for (int i = 0; i < 12; ++i) {
        fixture.receive(sat(20'000 + static_cast<std::int64_t>(random() % 30'000)),
                        i % 2 == 0 ? AddressType::Taproot : AddressType::SegwitV0);
    }
    for (int round = 0; round < 40; ++round) {
        SpendRequest request = pay(1'000 + static_cast<std::int64_t>(random() % 250'000),
                                   1'000 + static_cast<std::int64_t>(random() % 9'000));
        request.seed = random();
        const auto draft = draftSpend(*fixture.wallet, request);
        VERIFY_OK(draft);
        const SignedSpend spend = signedSpend(fixture, *draft);
        // An ECDSA signature may come out shorter by chance, by a byte once in 256.
        std::int64_t v0 = 0;
        for (const DraftInput& input : draft->inputs) v0 += input.key->type == AddressType::SegwitV0 ? 1 : 0;
        const std::int64_t difference = draft->weight - spend.transaction.weight();
        QVERIFY2(difference >= 0 && difference <= 2 * v0, std::to_string(difference).c_str());
        if (v0 == 0) QCOMPARE(difference, std::int64_t{0});
        QCOMPARE(feeOf(spend), draft->fee.sat());
        QVERIFY(draft->fee >= request.rate.feeFor(spend.transaction.virtualSize()));
    }
}

void TestSpend::signaturesHoldForThoseWhoOnlySeeTheOutputs()
{
    WalletFixture fixture;
    fixture.receive(sat(60'000), AddressType::Taproot);
    fixture.receive(sat(70'000), AddressType::SegwitV0);
    const auto draft = draftSpend(*fixture.wallet, pay(125'000));
    VERIFY_OK(draft);
    const SignedSpend spend = signedSpend(fixture, *draft);
    QCOMPARE(spend.transaction.inputs.size(), std::size_t{2});
    std::vector<TxOut> spent;
    for (const DraftInput& input : draft->inputs) spent.push_back(input.spent);
    const bitcoin::SighashContext sighashes(spend.transaction, spent);
    for (std::size_t i = 0; i < 2; ++i) {
        const auto program = bitcoin::witnessProgramOf(spent[i].scriptPubKey);
        const auto& witness = spend.transaction.inputs[i].witness;
        if (program->version == 1) {
            QCOMPARE(witness.size(), std::size_t{1});
            const base::XOnlyPublicKey key{*base::toArray<32>(program->program)};
            QVERIFY(
                crypto::verifySchnorr(key, sighashes.taproot(i, 0)->view(), *base::toArray<64>(witness[0])));
        } else {
            const auto hash = crypto::hash160(witness[1]);
            QVERIFY(std::equal(hash.begin(), hash.end(), program->program.begin()));
            const auto digest =
                sighashes.segwitV0(i, bitcoin::witnessKeyHashScriptCode(hash), spent[i].value, 1);
            const auto der = base::ByteView(witness[0]).first(witness[0].size() - 1);
            QVERIFY(crypto::verifyEcdsa(*crypto::PublicKey::parse(witness[1]), *digest, der));
        }
    }
}

void TestSpend::sendAllLeavesNothing()
{
    WalletFixture fixture;
    fixture.receive(sat(60'000));
    fixture.receive(sat(40'000), AddressType::SegwitV0);
    fixture.receive(sat(100)); // costs more than it brings
    SpendRequest request = pay(10'000, 5'000);
    request.recipients.push_back({MadeUpChain::foreignScript(9), {}, true, "rest"});
    const auto draft = draftSpend(*fixture.wallet, request);
    VERIFY_OK(draft);
    QCOMPARE(draft->inputs.size(), std::size_t{2});
    QCOMPARE(draft->outputs.size(), std::size_t{2});
    QVERIFY(draft->change == Amount{});
    QCOMPARE((draft->sent() + draft->fee).sat(), std::int64_t{100'000});
    QCOMPARE(draft->fee.sat(), FeeRate{5'000}.feeFor(draft->virtualSize()).sat());
    (void)signedSpend(fixture, *draft);
    request.recipients.push_back({MadeUpChain::foreignScript(10), {}, true, {}});
    COMPARE_ERROR(draftSpend(*fixture.wallet, request), kTwoRests);
}

void TestSpend::changeGoesToTheTypeOfTheInputs()
{
    for (const AddressType type : {AddressType::Taproot, AddressType::SegwitV0}) {
        WalletFixture fixture;
        fixture.receive(sat(500'000), type);
        const auto draft = draftSpend(*fixture.wallet, pay(100'000));
        VERIFY_OK(draft);
        for (const DraftOutput& output : draft->outputs) {
            if (output.role != OutputRole::Change) continue;
            QVERIFY(output.key->type == type);
            QVERIFY(output.key->branch == Branch::Change);
            QCOMPARE(output.key->index, 0U);
        }
        QVERIFY(draft->change > Amount{});
        // The next one does not reuse the address.
        const SignedSpend spend = signedSpend(fixture, *draft);
        VERIFY_OK(fixture.wallet->addUnconfirmed(spend.transaction));
        QCOMPARE(fixture.wallet->changeScript(type)->second.index, 1U);
    }
}

void TestSpend::fixedOrderKeepsTheProtocolsLayout()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    SpendRequest request = pay(123'456);
    request.fixedOrder = true;
    const base::ByteArray<32> digest{1, 2, 3};
    request.recipients.push_back({bitcoin::nullDataScript(digest), {}, false, {}});
    for (std::uint64_t seed = 0; seed < 8; ++seed) {
        request.seed = seed;
        const auto draft = draftSpend(*fixture.wallet, request);
        VERIFY_OK(draft);
        QCOMPARE(draft->outputs.size(), std::size_t{3});
        QCOMPARE(draft->transaction.outputs[0].value.sat(), std::int64_t{123'456});
        QCOMPARE(draft->transaction.outputs[1].scriptPubKey, bitcoin::nullDataScript(digest));
        QVERIFY(draft->outputs[2].role == OutputRole::Change);
    }
    // Otherwise change takes any place: nobody can tell it by its position.
    request.fixedOrder = false;
    std::set<std::size_t> places;
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        request.seed = seed;
        const auto draft = draftSpend(*fixture.wallet, request);
        for (std::size_t i = 0; i < 3; ++i) {
            if (draft->outputs[i].role == OutputRole::Change) places.insert(i);
        }
    }
    QCOMPARE(places.size(), std::size_t{3});
}

void TestSpend::dustAndNonsenseAreRefused()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(293)), kDustOutput); // P2WPKH: 294
    VERIFY_OK(draftSpend(*fixture.wallet, pay(294)));
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(-1)), kBadRecipientAmount);
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(Amount::kMaxSat + 1)), kBadRecipientAmount);
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(Amount::kMaxSat)), kInsufficientFunds);
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(500'000)), kInsufficientFunds);
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(10'000, 999)), kBadFeeRate);
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(10'000, 10'000'001)), kBadFeeRate);
    SpendRequest none = pay(10'000);
    none.recipients.clear();
    COMPARE_ERROR(draftSpend(*fixture.wallet, none), kNoRecipient);
    SpendRequest old = pay(10'000);
    old.version = 1;
    COMPARE_ERROR(draftSpend(*fixture.wallet, old), kBadTransactionVersion);
}

void TestSpend::aHighFeeNeedsConsent()
{
    WalletFixture fixture;
    fixture.receive(sat(2'000'000));
    const auto share = draftSpend(*fixture.wallet, pay(50'000, 200'000)); // some 28,000 sat for 50,000
    VERIFY_OK(share);
    QVERIFY(share->hasWarning(Warning::HighFee));
    COMPARE_ERROR(signDraft(*fixture.wallet, *share, FeeConsent::Refuse), kFeeTooHigh);
    VERIFY_OK(signDraft(*fixture.wallet, *share, FeeConsent::Accept));
    const auto rate = draftSpend(*fixture.wallet, pay(1'500'000, 1'100'000));
    VERIFY_OK(rate);
    QVERIFY(rate->hasWarning(Warning::HighFee));
    const auto fine = draftSpend(*fixture.wallet, pay(1'500'000, 20'000));
    VERIFY_OK(fine);
    QVERIFY(!fine->hasWarning(Warning::HighFee));
}

void TestSpend::aCoinSpentMeanwhileIsNoticed()
{
    WalletFixture fixture;
    fixture.receive(sat(100'000));
    const auto first = draftSpend(*fixture.wallet, pay(50'000));
    const auto second = draftSpend(*fixture.wallet, pay(60'000));
    VERIFY_OK(first);
    VERIFY_OK(second);
    VERIFY_OK(fixture.wallet->addUnconfirmed(signedSpend(fixture, *first).transaction));
    COMPARE_ERROR(signDraft(*fixture.wallet, *second, FeeConsent::Accept), kCoinUnavailable);
}

void TestSpend::aTamperedDraftIsNotSigned()
{
    WalletFixture fixture;
    fixture.receive(sat(100'000));
    const auto draft = draftSpend(*fixture.wallet, pay(50'000));
    VERIFY_OK(draft);
    SpendDraft redirected = *draft;
    redirected.transaction.outputs[0].value -= sat(10'000); // what was reviewed is another fee
    COMPARE_ERROR(signDraft(*fixture.wallet, redirected, FeeConsent::Accept), kSelfCheckFailed);
    SpendDraft otherValue = *draft;
    otherValue.inputs[0].spent.value += sat(1);
    COMPARE_ERROR(signDraft(*fixture.wallet, otherValue, FeeConsent::Accept), kCoinUnavailable);
    SpendDraft otherKey = *draft;
    otherKey.inputs[0].key->index += 1;
    COMPARE_ERROR(signDraft(*fixture.wallet, otherKey, FeeConsent::Accept), kCoinUnavailable);
    SpendDraft lighter = *draft;
    lighter.weight -= 1;
    COMPARE_ERROR(signDraft(*fixture.wallet, lighter, FeeConsent::Accept), kSelfCheckFailed);
}

void TestSpend::inputsSignalReplacementAndLockTimeIsTheTip()
{
    WalletFixture fixture;
    fixture.receive(sat(100'000));
    fixture.mineEmpty(499);
    auto draft = draftSpend(*fixture.wallet, pay(50'000));
    QCOMPARE(draft->transaction.lockTime, 0U); // not synced: it would tell how far we are
    fixture.wallet->setSynced(true);
    int atTip = 0;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        SpendRequest request = pay(50'000);
        request.seed = seed;
        draft = draftSpend(*fixture.wallet, request);
        QCOMPARE(draft->transaction.inputs[0].sequence, 0xfffffffdU);
        QCOMPARE(draft->transaction.version, 2U);
        QVERIFY(draft->transaction.lockTime <= 500 && draft->transaction.lockTime > 400);
        atTip += draft->transaction.lockTime == 500 ? 1 : 0;
    }
    QVERIFY(atTip > 40 && atTip < 60);
}

void TestSpend::coinControlUsesOnlyWhatWasNamed()
{
    WalletFixture fixture;
    const OutPoint a = fixture.receive(sat(50'000));
    const OutPoint b = fixture.receive(sat(60'000));
    fixture.receive(sat(1'000'000));
    SpendRequest request = pay(20'000);
    request.coins = {a, b};
    auto draft = draftSpend(*fixture.wallet, request);
    VERIFY_OK(draft);
    for (const DraftInput& input : draft->inputs) QVERIFY(input.outpoint == a || input.outpoint == b);
    request.useAllCoins = true;
    draft = draftSpend(*fixture.wallet, request);
    VERIFY_OK(draft);
    QCOMPARE(draft->inputs.size(), std::size_t{2});
    request.recipients[0].amount = sat(500'000);
    COMPARE_ERROR(draftSpend(*fixture.wallet, request), kInsufficientFunds);
    request.coins = {OutPoint{}};
    COMPARE_ERROR(draftSpend(*fixture.wallet, request), kCoinUnavailable);
}

void TestSpend::theSameSeedDraftsTheSame()
{
    WalletFixture fixture;
    for (int i = 0; i < 15; ++i) fixture.receive(sat(10'000 + 777 * i));
    SpendRequest request = pay(66'000);
    request.seed = 42;
    QVERIFY(draftSpend(*fixture.wallet, request)->transaction ==
            draftSpend(*fixture.wallet, request)->transaction);
}

void TestSpend::aReplacementPaysMoreAndKeepsTheRecipients()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    const SignedSpend first = sent(fixture, pay(100'000, 1'000));
    const auto draft = draftReplacement(*fixture.wallet, first.transaction.txid(), bump(10'000));
    VERIFY_OK(draft);
    QVERIFY(draft->replaces == first.transaction.txid());
    QCOMPARE(draft->sent().sat(), std::int64_t{100'000});
    QCOMPARE(draft->inputs.size(), std::size_t{1});
    QVERIFY(draft->fee >= FeeRate{10'000}.feeFor(draft->virtualSize()));
    const SignedSpend second = signedSpend(fixture, *draft);
    VERIFY_OK(fixture.wallet->addUnconfirmed(second.transaction));
    QVERIFY((*fixture.wallet->historyEntry(first.transaction.txid()))->state == TransactionState::Replaced);
    QCOMPARE(fixture.balance().pendingOutgoing.sat(), 100'000 + draft->fee.sat());
    // Change goes where it went before: another address would tell observers which output it is.
    const auto changeOf = [](const SpendDraft& d) {
        for (const DraftOutput& output : d.outputs) {
            if (output.role == OutputRole::Change) return output.output.scriptPubKey;
        }
        return Script{};
    };
    QCOMPARE(changeOf(*draft), changeOf(first.draft));
    // A small step up still pays for its own relay: rule 4.
    const auto step = draftReplacement(*fixture.wallet, second.transaction.txid(), bump(10'100));
    VERIFY_OK(step);
    QVERIFY(step->fee.sat() >= draft->fee.sat() + step->virtualSize());
}

void TestSpend::aReplacementAddsCoinsWhenChangeDoesNotSuffice()
{
    WalletFixture fixture;
    fixture.receive(sat(110'000));
    fixture.receive(sat(80'000));
    const SignedSpend first = sent(fixture, pay(100'000, 11'000));
    QCOMPARE(first.draft.inputs.size(), std::size_t{1});
    const auto draft = draftReplacement(*fixture.wallet, first.transaction.txid(), bump(150'000));
    VERIFY_OK(draft);
    QCOMPARE(draft->inputs.size(), std::size_t{2});
    QVERIFY(draft->inputs[0].outpoint == first.transaction.inputs[0].prevout);
    QCOMPARE(draft->sent().sat(), std::int64_t{100'000});
    (void)signedSpend(fixture, *draft);
}

void TestSpend::aReplacementOfSendAllTakesFromTheRecipient()
{
    WalletFixture fixture;
    fixture.receive(sat(100'000));
    SpendRequest request = pay(0, 1'000);
    request.recipients[0].takesRest = true;
    const SignedSpend first = sent(fixture, request);
    COMPARE_ERROR(draftReplacement(*fixture.wallet, first.transaction.txid(), bump(9'000)),
                  kInsufficientFunds);
    BumpRequest less = bump(9'000);
    less.takeFromRecipient = true;
    const auto draft = draftReplacement(*fixture.wallet, first.transaction.txid(), less);
    VERIFY_OK(draft);
    QCOMPARE((draft->sent() + draft->fee).sat(), std::int64_t{100'000});
    QVERIFY(draft->fee.sat() >= 9 * draft->virtualSize());
    (void)signedSpend(fixture, *draft);
}

void TestSpend::notEverythingCanBeReplaced()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    COMPARE_ERROR(draftReplacement(*fixture.wallet, Txid{}, bump(5'000)), kUnknownTransaction);
    const SignedSpend first = sent(fixture, pay(100'000, 3'000));
    const Txid txid = first.transaction.txid();
    COMPARE_ERROR(draftReplacement(*fixture.wallet, txid, bump(3'000)), kRateNotHigher);
    const SignedSpend child = sent(fixture, pay(50'000, 3'000)); // spends the change
    COMPARE_ERROR(draftReplacement(*fixture.wallet, txid, bump(9'000)), kHasDescendants);
    VERIFY_OK(draftReplacement(*fixture.wallet, child.transaction.txid(), bump(9'000)));
    fixture.mine({first.transaction, child.transaction});
    COMPARE_ERROR(draftReplacement(*fixture.wallet, txid, bump(9'000)), kNotReplaceable);
    const Script mine = fixture.wallet->currentAddress(AddressType::Taproot)->script;
    const bitcoin::Transaction incoming = MadeUpChain::payment(mine, sat(9'000), 5);
    VERIFY_OK(fixture.wallet->addUnconfirmed(incoming));
    COMPARE_ERROR(draftReplacement(*fixture.wallet, incoming.txid(), bump(9'000)), kNotReplaceable);
}

void TestSpend::aCancellationBringsEverythingBack()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    const SignedSpend first = sent(fixture, pay(100'000, 1'000));
    const auto draft = draftCancellation(*fixture.wallet, first.transaction.txid(), bump(4'000));
    VERIFY_OK(draft);
    QCOMPARE(draft->outputs.size(), std::size_t{1});
    QCOMPARE((draft->change + draft->fee).sat(), std::int64_t{500'000});
    VERIFY_OK(fixture.wallet->addUnconfirmed(signedSpend(fixture, *draft).transaction));
    QCOMPARE(fixture.balance().pendingOutgoing.sat(), draft->fee.sat());
}

void TestSpend::aChildPaysForItsParent()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    const SignedSpend parent = sent(fixture, pay(100'000, 1'000));
    const auto draft = draftChildOf(*fixture.wallet, parent.transaction.txid(), bump(20'000));
    VERIFY_OK(draft);
    QCOMPARE(draft->parents.size(), std::size_t{1});
    const SignedSpend child = signedSpend(fixture, *draft);
    QCOMPARE(child.package.size(), std::size_t{2});
    const std::int64_t size = parent.transaction.virtualSize() + child.transaction.virtualSize();
    QVERIFY(parent.draft.fee + draft->fee >= FeeRate{20'000}.feeFor(size));
    QVERIFY((parent.draft.fee + draft->fee).sat() <= FeeRate{20'000}.feeFor(size).sat() + 60);
    QVERIFY(draft->packageRate.satPerKvb >= 20'000);
    COMPARE_ERROR(draftChildOf(*fixture.wallet, parent.transaction.txid(), bump(1'000)), kRateNotHigher);
}

void TestSpend::aChildPaysForIncomingMoney()
{
    WalletFixture fixture;
    const Script mine = fixture.wallet->currentAddress(AddressType::SegwitV0)->script;
    const bitcoin::Transaction incoming = MadeUpChain::payment(mine, sat(90'000), 5);
    VERIFY_OK(fixture.wallet->addUnconfirmed(incoming));
    COMPARE_ERROR(draftChildOf(*fixture.wallet, incoming.txid(), bump(20'000)), kParentFeeUnknown);
    BumpRequest request = bump(20'000);
    request.parentFee = sat(110);
    const auto draft = draftChildOf(*fixture.wallet, incoming.txid(), request);
    VERIFY_OK(draft);
    QVERIFY(draft->inputs[0].outpoint == (OutPoint{incoming.txid(), 0}));
    const SignedSpend child = signedSpend(fixture, *draft);
    QVERIFY(draft->fee.sat() + 110 >=
            FeeRate{20'000}.feeFor(incoming.virtualSize() + child.transaction.virtualSize()).sat());
}

void TestSpend::aChildSpendsTheAnchor()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    ChildRequest request;
    request.parents = {anchored(3)};
    request.parentFee = sat(1'000);
    request.packageRate = {30'000};
    const auto draft = draftChild(*fixture.wallet, request);
    VERIFY_OK(draft);
    QCOMPARE(draft->transaction.version, 3U);
    QVERIFY(draft->inputs[0].outpoint == (OutPoint{request.parents[0].txid(), 1}));
    QVERIFY(!draft->inputs[0].key);
    const SignedSpend child = signedSpend(fixture, *draft);
    QVERIFY(child.transaction.inputs[0].witness.empty());
    QVERIFY(!child.transaction.inputs[1].witness.empty());
    QCOMPARE(child.transaction.weight(), draft->weight);
    QVERIFY(child.transaction.virtualSize() <= 1'000);
    // A parent without an anchor and without money for us gives nothing to hold on to.
    request.parents = {MadeUpChain::payment(MadeUpChain::foreignScript(), sat(5'000), 3)};
    COMPARE_ERROR(draftChild(*fixture.wallet, request), kNothingToSpend);
}

void TestSpend::aSecondChildReplacesTheFirst()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000)); // the only coin: the second child must take it over from the first
    ChildRequest request;
    request.parents = {anchored(3)};
    request.parentFee = sat(0);
    request.packageRate = {5'000};
    const auto first = draftChild(*fixture.wallet, request);
    VERIFY_OK(first);
    const SignedSpend firstChild = signedSpend(fixture, *first);
    VERIFY_OK(fixture.wallet->addUnconfirmed(firstChild.transaction));
    request.packageRate = {15'000};
    const auto second = draftChild(*fixture.wallet, request);
    VERIFY_OK(second);
    QVERIFY(second->replaces == firstChild.transaction.txid());
    QVERIFY(second->fee.sat() >= first->fee.sat() + second->virtualSize());
    const SignedSpend secondChild = signedSpend(fixture, *second);
    VERIFY_OK(fixture.wallet->addUnconfirmed(secondChild.transaction));
    QVERIFY((*fixture.wallet->historyEntry(firstChild.transaction.txid()))->state ==
            TransactionState::Replaced);
}

void TestSpend::versionThreeIsObeyed()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    SpendRequest request = pay(100'000);
    request.version = 3;
    const SignedSpend first = sent(fixture, request);
    QCOMPARE(first.transaction.version, 3U);
    // Its change is out of bounds for either version until it is confirmed.
    COMPARE_ERROR(draftSpend(*fixture.wallet, pay(50'000)), kInsufficientFunds);
    COMPARE_ERROR(draftSpend(*fixture.wallet, request), kInsufficientFunds);
    // Except for the child that pays for it.
    const auto child = draftChildOf(*fixture.wallet, first.transaction.txid(), bump(20'000));
    VERIFY_OK(child);
    QCOMPARE(child->transaction.version, 3U);
    fixture.mine({first.transaction});
    VERIFY_OK(draftSpend(*fixture.wallet, request));
}

void TestSpend::unconfirmedChangeIsLeftAloneWhenAskedTo()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    const SignedSpend first = sent(fixture, pay(100'000));
    SpendRequest careful = pay(50'000);
    careful.unconfirmedChange = false;
    COMPARE_ERROR(draftSpend(*fixture.wallet, careful), kInsufficientFunds);
    fixture.receive(sat(80'000));
    const auto draft = draftSpend(*fixture.wallet, careful);
    VERIFY_OK(draft);
    QVERIFY(!draft->hasWarning(Warning::UnconfirmedInput));
    for (const DraftInput& input : draft->inputs) QVERIFY(input.confirmed.has_value());
    careful.recipients[0].amount = sat(200'000);
    COMPARE_ERROR(draftSpend(*fixture.wallet, careful), kInsufficientFunds);
    careful.unconfirmedChange = true;
    const auto careless = draftSpend(*fixture.wallet, careful);
    VERIFY_OK(careless);
    QVERIFY(careless->hasWarning(Warning::UnconfirmedInput));
    fixture.mine({first.transaction});
    careful.unconfirmedChange = false;
    VERIFY_OK(draftSpend(*fixture.wallet, careful));
}

void TestSpend::aPaymentWithoutChangeIsReplacedInItsOrder()
{
    // As an operator pays a withdrawal: the amount, then what binds the payment to it (rule A10).
    WalletFixture fixture;
    fixture.receive(sat(50'000));
    SpendRequest request = pay(49'500);
    request.fixedOrder = true;
    const Script binding = bitcoin::nullDataScript(base::ByteArray<32>{1, 2, 3});
    request.recipients.push_back({binding, {}, false, {}});
    const SignedSpend first = sent(fixture, request);
    QCOMPARE(first.transaction.outputs.size(), std::size_t{2});
    fixture.receive(sat(40'000));
    COMPARE_ERROR(draftChildOf(*fixture.wallet, first.transaction.txid(), bump(20'000)), kNothingToSpend);
    Txid last = first.transaction.txid();
    for (const std::int64_t rate : {20'000, 30'000}) { // the second time there is change
        const auto draft = draftReplacement(*fixture.wallet, last, bump(rate));
        VERIFY_OK(draft);
        const bitcoin::Transaction& faster = draft->transaction;
        QCOMPARE(faster.outputs.size(), std::size_t{3});
        QVERIFY(faster.outputs[0] == first.transaction.outputs[0]);
        QVERIFY(faster.outputs[1] == first.transaction.outputs[1]);
        QVERIFY(draft->outputs[2].role == OutputRole::Change);
        QCOMPARE(draft->outputs[2].key->index, 0U);
        QVERIFY(faster.inputs[0].prevout == first.transaction.inputs[0].prevout);
        const SignedSpend spend = signedSpend(fixture, *draft);
        VERIFY_OK(fixture.wallet->addUnconfirmed(spend.transaction));
        last = spend.transaction.txid();
    }
}

void TestSpend::aPaymentThatOthersBuildOnIsNotTakenBack()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    const SignedSpend parent = sent(fixture, pay(100'000, 3'000));
    const SignedSpend child = sent(fixture, pay(50'000, 3'000)); // spends the change
    const auto refused = draftCancellation(*fixture.wallet, parent.transaction.txid(), bump(9'000));
    COMPARE_ERROR(refused, kHasDescendants);
    const std::string& why = refused.error().detail;
    QVERIFY2(why.find(child.transaction.txid().displayHex()) != std::string::npos, why.c_str());
    // From the end on it can be undone.
    const auto last = draftCancellation(*fixture.wallet, child.transaction.txid(), bump(9'000));
    VERIFY_OK(last);
    VERIFY_OK(fixture.wallet->abandon(child.transaction.txid()));
    VERIFY_OK(draftCancellation(*fixture.wallet, parent.transaction.txid(), bump(9'000)));
}

void TestSpend::aRestoreFindsTheChangeOfAChildReplacedManyTimes()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    ChildRequest request;
    request.parents = {anchored(3)};
    bitcoin::Transaction last;
    for (int i = 0; i < kMoreThanTheGap; ++i) {
        request.packageRate = {2'000 + 1'000 * i};
        const auto draft = draftChild(*fixture.wallet, request);
        VERIFY_OK(draft);
        last = signedSpend(fixture, *draft).transaction;
        VERIFY_OK(fixture.wallet->addUnconfirmed(last));
    }
    fixture.mine({last});
    QVERIFY(fixture.balance().confirmed > sat(400'000));
    QVERIFY(restoredFrom(fixture)->balance() == fixture.balance());
}

void TestSpend::aRestoreFindsWhatManyCancellationsBroughtBack()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    Txid last = sent(fixture, pay(100'000, 1'000)).transaction.txid();
    for (int i = 0; i < kMoreThanTheGap; ++i) {
        const auto draft = draftCancellation(*fixture.wallet, last, bump(3'000 + 2'000 * i));
        VERIFY_OK(draft);
        const SignedSpend spend = signedSpend(fixture, *draft);
        VERIFY_OK(fixture.wallet->addUnconfirmed(spend.transaction));
        last = spend.transaction.txid();
    }
    fixture.mine({(*fixture.wallet->transaction(last))->transaction});
    QVERIFY(fixture.balance().confirmed > sat(400'000));
    QVERIFY(restoredFrom(fixture)->balance() == fixture.balance());
}

void TestSpend::aRestoreFindsTheChangeAfterManyPaymentsGivenUp()
{
    WalletFixture fixture;
    fixture.receive(sat(500'000));
    for (int i = 0; i < kMoreThanTheGap; ++i) {
        VERIFY_OK(fixture.wallet->abandon(sent(fixture, pay(100'000 + i)).transaction.txid()));
    }
    fixture.mine({sent(fixture, pay(200'000)).transaction});
    QVERIFY(fixture.balance().confirmed > sat(250'000));
    QVERIFY(restoredFrom(fixture)->balance() == fixture.balance());
    // Once it is mined the addresses go on.
    QCOMPARE(fixture.wallet->changeScript(AddressType::Taproot)->second.index, 20U);
}

QTEST_GUILESS_MAIN(TestSpend)
#include "tst_spend.moc"
