// SPDX-License-Identifier: MIT
// A wallet file over its life: created, locked, opened with a wrong password, its password changed, its words
// checked, its addresses handed out; and killed in the middle of all that.
#include "core/bitcoin/address.h"
#include "core/keys/mnemonic.h"
#include "core/store/database.h"
#include "core/wallet/wallet_schema.h"
#include "tests/support/vectors.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QProcess>

#include <boost/json.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

#include "wallet_fixture.h"

using namespace bowline;
using namespace bowline::wallet;
using bowline::test::kPassword;
using bowline::test::MadeUpChain;
using bowline::test::newWallet;
using bowline::test::sat;
using bowline::test::WalletFixture;

namespace {

constexpr const char* kOtherPassword = "another one";
constexpr const char* kChildTask = "BOWLINE_WALLET_CHILD";
constexpr const char* kChildPath = "BOWLINE_WALLET_PATH";

base::ByteView bytes(std::string_view text) { return base::viewOf(text); }

/// Blocks of one payment of 1,000 sat each, as fast as it goes; says the height after each is written.
int payForEver(Wallet& wallet)
{
    for (;;) {
        const auto address = wallet.nextAddress(AddressType::Taproot, "child");
        const std::uint32_t height = wallet.tipHeight().value + 1;
        if (!address.ok()) return 3;
        const bitcoin::Block block =
            MadeUpChain::block({MadeUpChain::payment(address->script, sat(1'000), height)});
        if (!wallet.connectBlock(MadeUpChain::ref(height), &block).ok()) return 4;
        std::cout << height << std::endl;
    }
}

int changePasswordForEver(Wallet& wallet)
{
    for (;;) {
        if (!wallet.changePassword(bytes(kPassword), bytes(kOtherPassword), test::cheapScrypt()).ok())
            return 3;
        std::cout << "x" << std::endl;
        if (!wallet.changePassword(bytes(kOtherPassword), bytes(kPassword), test::cheapScrypt()).ok())
            return 4;
        std::cout << "x" << std::endl;
    }
}

int createForEver(const std::string& path, const base::Clock& clock)
{
    std::cout << "x" << std::endl;
    for (int i = 0;; ++i) (void)Wallet::create(path + std::to_string(i), newWallet(), clock);
}

int childMain()
{
    const std::string path = qgetenv(kChildPath).toStdString();
    const QByteArray task = qgetenv(kChildTask);
    const base::ManualClock clock(test::kNow);
    if (task == "create") return createForEver(path, clock);
    auto wallet = Wallet::open(path, clock);
    if (!wallet.ok()) return 2;
    return task == "pay" ? payForEver(**wallet) : changePasswordForEver(**wallet);
}

/// Starts this program as a child on the file, lets it report at least once and kills it after a while. The
/// last line that it wrote.
QByteArray killChild(const char* task, const std::string& path, int milliseconds)
{
    QProcess child;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(kChildTask, task);
    environment.insert(kChildPath, QString::fromStdString(path));
    child.setProcessEnvironment(environment);
    child.start(QCoreApplication::applicationFilePath(), {});
    if (!child.waitForReadyRead(20'000)) return {};
    QTest::qWait(milliseconds);
    child.kill(); // SIGKILL
    child.waitForFinished();
    const QList<QByteArray> lines = child.readAllStandardOutput().trimmed().split('\n');
    return lines.isEmpty() ? QByteArray() : lines.last();
}

} // namespace

class TestWallet : public QObject {
    Q_OBJECT
private slots:
    void firstAddressesAreThoseOfBip86AndBip84();
    void specialKeysLieAtTheirFixedPaths();
    void aWrongPasswordOpensNothing();
    void lockingTakesTheKeysAway();
    void theFileHoldsNoSecretInPlain();
    void changingThePasswordKeepsEverything();
    void aNewPasswordNeedsTheOldOne();
    void backupWordsAreChecked();
    void aSecondWalletDoesNotOverwriteTheFirst();
    void aMissingFileIsNoWallet();
    void badWordsCreateNothing();
    void theGapLimitStopsAtTwentyUnpaidAddresses();
    void aPaymentFarInTheGapMovesItOn();
    void unconfirmedPaymentsDoNotStretchTheGap();
    void aFileOfBeforeRestoresWereMarkedOpens();
    void labelsAndRecordsStay();
    void aBatchGivenUpLeavesNoTrace();
    void killedWhileReceiving();
    void killedWhileChangingThePassword();
    void killedWhileBeingCreated();
};

void TestWallet::firstAddressesAreThoseOfBip86AndBip84()
{
    SKIP_WITHOUT_VECTORS();
    QTemporaryDir folder;
    const base::ManualClock clock(test::kNow);
    auto created =
        Wallet::create(folder.filePath("w").toStdString(), newWallet(bitcoin::Network::Main), clock);
    VERIFY_OK(created);
    Wallet& wallet = **created;
    for (const auto& [type, file] : {std::pair(AddressType::Taproot, "bip86/vectors.json"),
                                     std::pair(AddressType::SegwitV0, "bip84/vectors.json")}) {
        const boost::json::value vectors = test::readVectorJson(file);
        std::vector<std::string> expected;
        for (const auto& entry : vectors.as_array()) {
            if (const auto* address = entry.as_object().if_contains("address")) {
                expected.emplace_back(address->as_string());
            }
        }
        QCOMPARE(expected.size(), std::size_t{3}); // receive 0, receive 1, change 0
        const auto first = wallet.nextAddress(type, {});
        const auto second = wallet.nextAddress(type, {});
        VERIFY_OK(first);
        VERIFY_OK(second);
        QCOMPARE(first->address, expected[0]);
        QCOMPARE(second->address, expected[1]);
        const auto change = wallet.changeScript(type);
        VERIFY_OK(change);
        QCOMPARE(*bitcoin::addressFromScript(change->first, bitcoin::Network::Main), expected[2]);
    }
}

void TestWallet::specialKeysLieAtTheirFixedPaths()
{
    WalletFixture fixture;
    const auto seed = keys::Mnemonic::parse(bytes(test::kAbandonWords))->toSeed({});
    const auto master = keys::ExtendedPrivateKey::fromSeed(base::viewOf(*seed));
    const auto layerTwo = master->derive(*keys::parsePath("m/86h/1h/900h/0/0"));
    const auto refund = master->derive(*keys::parsePath("m/86h/1h/1000h/0/7"));
    QVERIFY(fixture.wallet->layerTwoKey()->publicKey() == layerTwo->key().publicKey());
    QVERIFY(fixture.wallet->refundKey(7)->publicKey() == refund->key().publicKey());
    fixture.wallet->lock();
    QVERIFY(*fixture.wallet->layerTwoAccount() == layerTwo->key().xOnlyPublicKey());
    QVERIFY(*fixture.wallet->specialPublicKey(kBridgeRefundAccount, 7) == refund->key().publicKey());
}

void TestWallet::aWrongPasswordOpensNothing()
{
    WalletFixture fixture;
    fixture.reopen();
    COMPARE_ERROR(fixture.wallet->unlock(bytes("correct hors")), kWrongPassword);
    COMPARE_ERROR(fixture.wallet->unlock({}), kWrongPassword);
    QVERIFY(fixture.wallet->isLocked());
    VERIFY_OK(fixture.wallet->unlock(bytes(kPassword)));
    QVERIFY(!fixture.wallet->isLocked());
}

void TestWallet::lockingTakesTheKeysAway()
{
    WalletFixture fixture;
    fixture.receive(sat(100'000));
    SpendRequest request;
    request.recipients = {{MadeUpChain::foreignScript(), sat(50'000), false, {}}};
    const auto draft = draftSpend(*fixture.wallet, request);
    VERIFY_OK(draft);
    VERIFY_OK(signDraft(*fixture.wallet, *draft, FeeConsent::Refuse));
    fixture.wallet->lock();
    COMPARE_ERROR(signDraft(*fixture.wallet, *draft, FeeConsent::Refuse), kLocked);
    COMPARE_ERROR(fixture.wallet->privateKey(OwnKey{}), kLocked);
    COMPARE_ERROR(fixture.wallet->layerTwoKey(), kLocked);
    COMPARE_ERROR(fixture.wallet->refundKey(0), kLocked);
    COMPARE_ERROR(fixture.wallet->backupWords(), kLocked);
    COMPARE_ERROR(fixture.wallet->verifyBackup(bytes(test::kAbandonWords)), kLocked);
    // Watching goes on.
    fixture.receive(sat(20'000));
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{120'000});
    VERIFY_OK(draftSpend(*fixture.wallet, request));
}

void TestWallet::theFileHoldsNoSecretInPlain()
{
    WalletFixture fixture;
    const auto key = fixture.wallet->privateKey(OwnKey{});
    const std::string secret(key->secret().begin(), key->secret().end());
    const auto seed = keys::Mnemonic::parse(bytes(test::kAbandonWords))->toSeed({});
    const std::string seedText(seed->begin(), seed->end());
    fixture.receive(sat(5'000));
    for (const char* suffix : {"", "-wal"}) {
        std::ifstream file(fixture.path + suffix, std::ios::binary);
        const std::string content{std::istreambuf_iterator<char>(file), {}};
        QVERIFY(content.find("abandon abandon") == std::string::npos);
        QVERIFY(content.find(seedText.substr(0, 16)) == std::string::npos);
        QVERIFY(content.find(secret) == std::string::npos);
        QVERIFY(content.find("tprv") == std::string::npos);
    }
}

void TestWallet::changingThePasswordKeepsEverything()
{
    WalletFixture fixture;
    fixture.receive(sat(100'000));
    const auto before = fixture.wallet->layerTwoKey()->publicKey();
    VERIFY_OK(fixture.wallet->changePassword(bytes(kPassword), bytes(kOtherPassword), test::cheapScrypt()));
    fixture.reopen();
    COMPARE_ERROR(fixture.wallet->unlock(bytes(kPassword)), kWrongPassword);
    VERIFY_OK(fixture.wallet->unlock(bytes(kOtherPassword)));
    QVERIFY(fixture.wallet->layerTwoKey()->publicKey() == before);
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{100'000});
}

void TestWallet::aNewPasswordNeedsTheOldOne()
{
    WalletFixture fixture;
    COMPARE_ERROR(fixture.wallet->changePassword(bytes("guess"), bytes(kOtherPassword), test::cheapScrypt()),
                  kWrongPassword);
    COMPARE_ERROR(fixture.wallet->changePassword(bytes(kPassword), {}, test::cheapScrypt()), kEmptyPassword);
    VERIFY_OK(fixture.wallet->unlock(bytes(kPassword)));
}

void TestWallet::backupWordsAreChecked()
{
    WalletFixture fixture;
    QVERIFY(!fixture.wallet->backupVerified());
    const char* const other = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";
    COMPARE_ERROR(fixture.wallet->verifyBackup(bytes(other)), kOtherWords);
    QVERIFY(!fixture.wallet->backupVerified());
    VERIFY_OK(fixture.wallet->verifyBackup(bytes(std::string("  ") + test::kAbandonWords + "\n")));
    fixture.reopen();
    QVERIFY(fixture.wallet->backupVerified());
}

void TestWallet::aSecondWalletDoesNotOverwriteTheFirst()
{
    WalletFixture fixture;
    COMPARE_ERROR(Wallet::create(fixture.path, newWallet(), fixture.clock), kWalletExists);
    fixture.reopen();
    fixture.unlock();
}

void TestWallet::aMissingFileIsNoWallet()
{
    QTemporaryDir folder;
    const base::ManualClock clock(test::kNow);
    COMPARE_ERROR(Wallet::open(folder.filePath("none").toStdString(), clock), kNoWallet);
}

void TestWallet::badWordsCreateNothing()
{
    QTemporaryDir folder;
    const base::ManualClock clock(test::kNow);
    const std::string path = folder.filePath("w").toStdString();
    NewWallet options = newWallet();
    options.words = test::secure("abandon abandon abandon");
    COMPARE_ERROR(Wallet::create(path, options, clock), keys::kMnemonicLength);
    QVERIFY(!QFile::exists(QString::fromStdString(path)));
}

void TestWallet::theGapLimitStopsAtTwentyUnpaidAddresses()
{
    WalletFixture fixture;
    std::string last;
    for (int i = 0; i < 20; ++i) {
        const auto address = fixture.wallet->nextAddress(AddressType::Taproot, {});
        VERIFY_OK(address);
        last = address->address;
    }
    COMPARE_ERROR(fixture.wallet->nextAddress(AddressType::Taproot, {}), kGapLimit);
    QCOMPARE(fixture.wallet->currentAddress(AddressType::Taproot)->address, last);
    VERIFY_OK(fixture.wallet->nextAddress(AddressType::SegwitV0, {}));
}

void TestWallet::aPaymentFarInTheGapMovesItOn()
{
    WalletFixture fixture;
    std::vector<Script> announced;
    fixture.wallet->setNewScriptsListener(
        [&announced](const std::vector<Script>& scripts, Height) { announced = scripts; });
    const auto descriptor = keys::Descriptor::parse(
        *fixture.wallet->descriptor(AddressType::Taproot, Branch::Receive), bitcoin::Network::Regtest);
    const Script nineteenth = *descriptor->scriptAt(19);
    const Script thirtyNinth = *descriptor->scriptAt(39);
    QVERIFY(fixture.wallet->ownerOf(nineteenth).has_value());
    QVERIFY(!fixture.wallet->ownerOf(thirtyNinth).has_value());
    fixture.mineEmpty(3'000);
    fixture.mine({MadeUpChain::payment(nineteenth, sat(10'000), 1)});
    QVERIFY(fixture.wallet->ownerOf(thirtyNinth).has_value());
    QCOMPARE(announced.size(), std::size_t{20});
    QCOMPARE(announced.back(), thirtyNinth);
    QCOMPARE(fixture.wallet->currentAddress(AddressType::Taproot)->key.index, 20U);
    // The past has to be looked at for the new ones, and that is remembered across a crash.
    fixture.reopen();
    QVERIFY(fixture.wallet->rescanFrom().has_value());
    QCOMPARE(fixture.wallet->rescanFrom()->value, 3'000U - Wallet::kRescanDepth);
    QVERIFY(fixture.wallet->ownerOf(thirtyNinth).has_value());
    VERIFY_OK(fixture.wallet->setRescanUntil({3'003}));
    fixture.mineEmpty(2);
    QVERIFY(fixture.wallet->rescanFrom().has_value());
    fixture.mineEmpty(1);
    QVERIFY(!fixture.wallet->rescanFrom().has_value());
    // A block far below that is looked at late: what it brings into sight was paid around that time.
    const bitcoin::Block late = MadeUpChain::block({MadeUpChain::payment(thirtyNinth, sat(10'000), 2)});
    VERIFY_OK(fixture.wallet->connectBlock(MadeUpChain::ref(2'500), &late, true));
    QVERIFY(fixture.wallet->rescanFrom().has_value());
    QCOMPARE(fixture.wallet->rescanFrom()->value, 2'500U - Wallet::kRescanDepth);
}

void TestWallet::unconfirmedPaymentsDoNotStretchTheGap()
{
    WalletFixture fixture;
    std::vector<bitcoin::Transaction> payments;
    for (std::uint32_t i = 0; i < 20; ++i) {
        const auto address = fixture.wallet->nextAddress(AddressType::Taproot, {});
        VERIFY_OK(address);
        payments.push_back(MadeUpChain::payment(address->script, sat(5'000), i));
        VERIFY_OK(fixture.wallet->addUnconfirmed(payments.back()));
    }
    // None of them may ever be mined: a restore would look at these 20 and no further.
    COMPARE_ERROR(fixture.wallet->nextAddress(AddressType::Taproot, {}), kGapLimit);
    QCOMPARE(fixture.wallet->currentAddress(AddressType::Taproot)->key.index, 19U);
    fixture.mine({payments[3]});
    for (std::uint32_t index = 20; index < 24; ++index) {
        QCOMPARE(fixture.wallet->nextAddress(AddressType::Taproot, {})->key.index, index);
    }
    COMPARE_ERROR(fixture.wallet->nextAddress(AddressType::Taproot, {}), kGapLimit);
}

void TestWallet::aFileOfBeforeRestoresWereMarkedOpens()
{
    WalletFixture fixture;
    fixture.receive(sat(5'000));
    fixture.wallet.reset();
    {
        auto db = store::Database::open(fixture.path, walletSchema());
        VERIFY_OK(db);
        VERIFY_OK(db->run("ALTER TABLE meta DROP COLUMN restoring"));
        VERIFY_OK(db->run("PRAGMA user_version = 2"));
    }
    fixture.reopen();
    fixture.unlock();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{5'000});
    fixture.receive(sat(6'000));
    fixture.reopen();
    QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{11'000});
}

void TestWallet::labelsAndRecordsStay()
{
    WalletFixture fixture;
    const auto address = fixture.wallet->nextAddress(AddressType::Taproot, "rent \xe2\x82\xbf");
    VERIFY_OK(address);
    VERIFY_OK(fixture.wallet->store().putRecord({"deposit", {1, 2}, {9, 9, 9}, 5}));
    VERIFY_OK(fixture.wallet->store().putRecord({"deposit", {3}, {}, 7}));
    VERIFY_OK(fixture.wallet->store().putRecord({"deposit", {1, 2}, {8}, 6}));
    fixture.reopen();
    QCOMPARE(fixture.wallet->addresses(AddressType::Taproot)->front().label,
             std::string("rent \xe2\x82\xbf"));
    const auto records = fixture.wallet->store().records("deposit");
    VERIFY_OK(records);
    QCOMPARE(records->size(), std::size_t{2});
    QCOMPARE(records->front().id, (base::Bytes{3}));
    QCOMPARE(fixture.wallet->store().record("deposit", base::Bytes{1, 2})->value().data, (base::Bytes{8}));
    VERIFY_OK(fixture.wallet->store().removeRecord("deposit", base::Bytes{3}));
    QVERIFY(!fixture.wallet->store().record("deposit", base::Bytes{3})->has_value());
}

void TestWallet::aBatchGivenUpLeavesNoTrace()
{
    WalletFixture fixture;
    VERIFY_OK(fixture.wallet->setRefundScripts([](std::uint32_t index, const base::XOnlyPublicKey&) {
        return std::vector<WatchedScript>{{MadeUpChain::foreignScript(static_cast<std::uint8_t>(100 + index)),
                                           "bridge.request",
                                           index,
                                           {}}};
    }));
    {
        const auto batch = fixture.wallet->store().begin();
        VERIFY_OK(batch);
        QCOMPARE(*fixture.wallet->takeRefundIndex(), 0U);
        VERIFY_OK(fixture.wallet->store().putRecord({"deposit", {1}, {}, 5}));
        VERIFY_OK(fixture.wallet->nextAddress(AddressType::Taproot, "lost"));
    }
    QVERIFY(fixture.wallet->store().records("deposit")->empty());
    // The index counts as never taken, and payments to watched scripts are still noticed.
    QCOMPARE(*fixture.wallet->takeRefundIndex(), 0U);
    QCOMPARE(fixture.wallet->nextAddress(AddressType::Taproot, {})->key.index, 0U);
    fixture.mine({MadeUpChain::payment(MadeUpChain::foreignScript(100 + 15), sat(50'000), 1)});
    QCOMPARE(*fixture.wallet->takeRefundIndex(), 16U);
}

void TestWallet::killedWhileReceiving()
{
    WalletFixture fixture;
    fixture.wallet.reset();
    for (int round = 0; round < 6; ++round) {
        const QByteArray last = killChild("pay", fixture.path, 40 + 31 * round);
        QVERIFY2(!last.isEmpty(), "the child never got going");
        fixture.reopen();
        // What was reported is there, and each block is there whole: with its payment or not at all.
        const std::uint32_t height = fixture.wallet->tipHeight().value;
        QVERIFY(height >= last.toUInt());
        QCOMPARE(fixture.balance().confirmed.sat(), std::int64_t{height} * 1'000);
        QCOMPARE(fixture.wallet->history(std::nullopt, 100'000)->size(), std::size_t{height});
        fixture.wallet.reset();
    }
}

void TestWallet::killedWhileChangingThePassword()
{
    WalletFixture fixture;
    fixture.wallet.reset();
    for (int round = 0; round < 3; ++round) {
        QVERIFY(!killChild("password", fixture.path, 150 * round).isEmpty());
        fixture.reopen();
        // Exactly one of the two opens it, and the seed behind it is the same.
        const bool first = fixture.wallet->unlock(bytes(kPassword)).ok();
        const bool second = fixture.wallet->unlock(bytes(kOtherPassword)).ok();
        QVERIFY(first != second);
        const auto words = fixture.wallet->backupWords();
        VERIFY_OK(words);
        QCOMPARE(std::string(words->begin(), words->end()), std::string(test::kAbandonWords));
        if (second) {
            VERIFY_OK(
                fixture.wallet->changePassword(bytes(kOtherPassword), bytes(kPassword), test::cheapScrypt()));
        }
        fixture.wallet.reset();
    }
}

void TestWallet::killedWhileBeingCreated()
{
    QTemporaryDir folder;
    const base::ManualClock clock(test::kNow);
    const std::string path = folder.filePath("w").toStdString();
    for (const int milliseconds : {20, 170, 330}) {
        QVERIFY(!killChild("create", path, milliseconds).isEmpty());
        for (const QFileInfo& file : QDir(folder.path()).entryInfoList({"w*"}, QDir::Files)) {
            if (file.fileName().contains('-')) continue; // SQLite's own
            const std::string name = file.filePath().toStdString();
            auto wallet = Wallet::open(name, clock);
            if (wallet.ok()) {
                VERIFY_OK((*wallet)->unlock(bytes(kPassword)));
                continue;
            }
            COMPARE_ERROR(wallet, kNoWallet);
            VERIFY_OK(Wallet::create(name, newWallet(), clock)); // nothing is in the way of trying again
        }
    }
}

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    if (qEnvironmentVariableIsSet(kChildTask)) return childMain();
    TestWallet test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_wallet.moc"
