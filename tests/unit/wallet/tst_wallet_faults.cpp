// SPDX-License-Identifier: MIT
// Each thing that a wallet writes, cut off at each of its operations on the disk: by the end of the process, by the
// loss of power, by a full disk and by a broken one.
#include "tests/support/fault_play.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "wallet_fixture.h"

using namespace bowline;
using namespace bowline::wallet;
using bowline::test::FaultPlay;
using bowline::test::FaultStage;
using bowline::test::FaultyDisk;
using bowline::test::MadeUpChain;
using bowline::test::sat;
using bowline::test::WalletFixture;

namespace {

using Step = std::function<base::Status(Wallet&)>;
using Stage = FaultStage<Wallet>;

constexpr std::int64_t kSecondCoin = 70'000;

/// With one, the losses take turns over the operations; more come from the nightly run.
std::uint32_t seeds()
{
    const char* asked = std::getenv("BOWLINE_FAULT_SEEDS");
    return asked == nullptr ? 1 : static_cast<std::uint32_t>(std::max(1, std::atoi(asked)));
}

std::string bytesOf(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

/// A wallet of three blocks with two coins, as bytes, and what may happen to it.
class Works {
public:
    Works() : m_clock(test::kNow), m_path(m_folder.filePath("w.wallet").toStdString())
    {
        WalletFixture fixture;
        const auto pay = [&](std::int64_t amount, std::uint32_t salt) {
            const auto address = fixture.wallet->nextAddress(AddressType::Taproot, {});
            payments.push_back(MadeUpChain::payment(address->script, sat(amount), salt));
            fixture.mine({payments.back()});
            remember(MadeUpChain::ref(static_cast<std::uint32_t>(payments.size())), {payments.back()});
        };
        pay(100'000, 1);
        pay(kSecondCoin, 2);
        fixture.mineEmpty(1);
        remember(MadeUpChain::ref(3), {});
        if (!fixture.wallet->flush().ok()) qFatal("cannot prepare");
        next = fixture.wallet->currentAddress(AddressType::Taproot)->script;
        spend.inputs.push_back({{payments[0].txid(), 0}, {}, 0xfffffffd, {}});
        spend.outputs = {{sat(60'000), fixture.wallet->changeScript(AddressType::Taproot)->first},
                         {sat(39'000), MadeUpChain::foreignScript()}};
        fixture.wallet.reset();
        m_bytes = bytesOf(fixture.path);
    }

    [[nodiscard]] Stage stage(std::string name, std::vector<Step> steps)
    {
        Stage out;
        out.name = std::move(name);
        out.reset = [this] { reset(m_bytes); };
        out.open = [this] { return Wallet::open(m_path, m_clock); };
        out.steps = std::move(steps);
        out.picture = [this] { return test::databaseText(m_path, {"secret_box", "secret"}); };
        out.complaint = [this](Wallet& wallet) { return complaint(wallet); };
        return out;
    }
    void reset(const std::string& bytes)
    {
        for (const char* tail : {"-wal", "-shm", "-journal"}) std::filesystem::remove(m_path + tail);
        std::filesystem::remove(m_path);
        if (!bytes.empty()) std::ofstream(m_path, std::ios::binary) << bytes;
        handedOut.clear();
    }
    [[nodiscard]] const std::string& path() const { return m_path; }
    [[nodiscard]] const base::Clock& clock() const { return m_clock; }

    /// The block and what the wallet is to make of it.
    [[nodiscard]] Step connect(std::uint32_t height, std::uint32_t salt,
                               std::vector<bitcoin::Transaction> all)
    {
        const BlockRef at = MadeUpChain::ref(height, salt);
        remember(at, all);
        return [at, block = MadeUpChain::block(std::move(all))](Wallet& wallet) -> base::Status {
            const auto found = wallet.connectBlock(at, &block);
            return found.ok() ? base::success() : base::Status(found.error());
        };
    }
    [[nodiscard]] Step address(AddressType type, std::string label)
    {
        return [this, type, label](Wallet& wallet) -> base::Status {
            BOWLINE_TRY(const ReceiveAddress given, wallet.nextAddress(type, label));
            handedOut.push_back(given.address);
            return base::success();
        };
    }
    [[nodiscard]] Step refundKey()
    {
        return [this](Wallet& wallet) -> base::Status {
            BOWLINE_TRY(const std::uint32_t index, wallet.takeRefundIndex());
            handedOut.push_back("refund key " + std::to_string(index));
            return base::success();
        };
    }

    std::vector<bitcoin::Transaction> payments; // of the first two blocks
    Script next;                                // of the address that is handed out next
    bitcoin::Transaction spend;                 // of the first coin
    std::vector<std::string> handedOut;

private:
    void remember(const BlockRef& at, std::vector<bitcoin::Transaction> all)
    {
        m_blocks[at.hash] = std::move(all);
    }

    /// What the blocks say that the wallet has, without it.
    [[nodiscard]] Amount confirmedBy(const std::vector<BlockRef>& newestFirst, const Wallet& wallet) const
    {
        std::map<OutPoint, Amount> coins;
        for (auto at = newestFirst.rbegin(); at != newestFirst.rend(); ++at) {
            for (const bitcoin::Transaction& transaction : m_blocks.at(at->hash)) {
                for (const bitcoin::TxIn& input : transaction.inputs) coins.erase(input.prevout);
                for (std::uint32_t vout = 0; vout < transaction.outputs.size(); ++vout) {
                    const bitcoin::TxOut& output = transaction.outputs[vout];
                    const auto owner = wallet.ownerOf(output.scriptPubKey);
                    if (owner && owner->key) coins[{transaction.txid(), vout}] = output.value;
                }
            }
        }
        Amount sum;
        for (const auto& [outpoint, value] : coins) sum += value;
        return sum;
    }
    [[nodiscard]] std::string complaint(Wallet& wallet) const
    {
        const std::set<std::string> once(handedOut.begin(), handedOut.end());
        if (once.size() != handedOut.size()) return "something was handed out twice";
        const auto balance = wallet.balance();
        if (!balance.ok()) return "no balance: " + test::describe(balance.error());
        const Amount expected = confirmedBy(wallet.processedBlocks(), wallet);
        if (balance->confirmed == expected) return {};
        return "a balance of " + std::to_string(balance->confirmed.sat()) + " instead of " +
               std::to_string(expected.sat());
    }

    QTemporaryDir m_folder;
    base::ManualClock m_clock;
    std::string m_path;
    std::string m_bytes;
    std::map<base::BlockHash, std::vector<bitcoin::Transaction>> m_blocks;
};

BridgeRecord record(std::string kind, std::uint8_t id, std::size_t size)
{
    return {std::move(kind), Bytes{id}, Bytes(size, id), test::kNow};
}

/// A record and the transaction that it speaks of, as deposits, refunds and an operator's payments are written.
Step recordWith(BridgeRecord what, bitcoin::Transaction transaction)
{
    return [what = std::move(what), transaction = std::move(transaction)](Wallet& wallet) -> base::Status {
        BOWLINE_TRY(auto batch, wallet.store().begin());
        BOWLINE_CHECK(wallet.store().putRecord(what));
        BOWLINE_CHECK(wallet.addUnconfirmed(transaction));
        return batch.commit();
    };
}
Step put(BridgeRecord what)
{
    return [what = std::move(what)](Wallet& wallet) { return wallet.store().putRecord(what); };
}

} // namespace

class TestWalletFaults : public QObject {
    Q_OBJECT
private slots:
    void everyWriteIsWholeOrNot_data();
    void everyWriteIsWholeOrNot();
    void aDiskThatCouldNotBeReadIsGoneOnWith();
    void aWalletCutOffWhileItIsMadeIsMadeAgain();
    void aPasswordIsTheOldOrTheNewOne();
    void cleanupTestCase();

private:
    FaultyDisk m_disk;
    unsigned m_played = 0;
};

void TestWalletFaults::everyWriteIsWholeOrNot_data()
{
    QTest::addColumn<QString>("name");
    for (const char* name : {"addresses", "blocks", "reorganisation", "payment", "deposit", "refund",
                             "withdrawal", "notes", "blocks without effect"}) {
        QTest::newRow(name) << QString(name);
    }
}

void TestWalletFaults::everyWriteIsWholeOrNot()
{
    QFETCH(QString, name);
    Works works;
    const OutPoint second{works.payments[1].txid(), 0};
    const std::map<QString, std::vector<Step>> all{
        {"addresses",
         {works.address(AddressType::Taproot, "rent"), works.address(AddressType::SegwitV0, "tea"),
          works.address(AddressType::Taproot, {})}},
        {"blocks",
         {works.connect(4, 0, {works.spend}),
          works.connect(5, 0, {MadeUpChain::payment(works.next, sat(5), 9)})}},
        {"reorganisation",
         {works.connect(4, 0, {works.spend}),
          [](Wallet& wallet) { return wallet.disconnectBlock(MadeUpChain::ref(4)); },
          [](Wallet& wallet) { return wallet.disconnectBlock(MadeUpChain::ref(2)); },
          works.connect(2, 1, {works.payments[1], works.spend})}},
        {"payment",
         {[&](Wallet& wallet) { return wallet.addUnconfirmed(works.spend); },
          [&](Wallet& wallet) { return wallet.abandon(works.spend.txid()); },
          [&](Wallet& wallet) { return wallet.addUnconfirmed(works.spend); },
          works.connect(4, 0, {works.spend})}},
        {"deposit",
         {works.refundKey(), works.refundKey(), recordWith(record("deposit", 1, 300), works.spend)}},
        {"refund", {put(record("deposit", 1, 300)), recordWith(record("deposit", 1, 332), works.spend)}},
        {"withdrawal",
         {put(record("withdrawal", 1, 5'000)), put(record("withdrawal", 2, 400)),
          [](Wallet& wallet) { return wallet.store().removeRecord("withdrawal", Bytes{1}); }}},
        {"notes",
         {[&](Wallet& wallet) {
              return wallet.setLabel(LabelKind::Transaction, works.spend.txid().displayHex(), "boots");
          },
          [&](Wallet& wallet) { return wallet.setFrozen(second, true); },
          [](Wallet& wallet) { return wallet.setBirthdayHeight({1}); },
          [&](Wallet& wallet) {
              return wallet.watch({MadeUpChain::foreignScript(9), "bridge.request", 3, {7}}, {2});
          },
          [](Wallet& wallet) { return wallet.setRescanUntil({9}); },
          [&](Wallet& wallet) { return wallet.setFrozen(second, false); }}},
        {"blocks without effect", {[&](Wallet& wallet) -> base::Status {
             const auto scanned = wallet.scannedTo();
             for (std::uint32_t height = scanned->height.value + 1; height <= 40; ++height) {
                 const auto found = wallet.connectBlock(MadeUpChain::ref(height), nullptr);
                 if (!found.ok()) return found.error();
             }
             return wallet.flush();
         }}}};
    if (name == "blocks without effect") {
        for (std::uint32_t height = 4; height <= 40; ++height) {
            static_cast<void>(works.connect(height, 0, {}));
        }
    }
    FaultPlay<Wallet> play(m_disk, works.stage(name.toStdString(), all.at(name)));
    for (const auto& wrong : {play.crashes(seeds()), play.full(seeds()), play.broken(seeds())}) {
        QVERIFY2(!wrong, wrong ? wrong->c_str() : "");
    }
    m_played += play.played();
    qInfo("%s: %u scenarios", qPrintable(name), play.played());
}

void TestWalletFaults::aDiskThatCouldNotBeReadIsGoneOnWith()
{
    Works works;
    // Nothing comes back of it, so that the wallet must look for the coin in its file.
    bitcoin::Transaction away = works.spend;
    away.outputs.erase(away.outputs.begin());
    const Step block = works.connect(4, 0, {away});
    const Step address = works.address(AddressType::Taproot, "rent");
    const Stage stage = works.stage("reading", {});
    stage.reset();
    auto wallet = stage.open();
    VERIFY_OK(wallet);
    { // within a write that has begun already, the coin is the first thing that is read
        const auto batch = (*wallet)->store().begin();
        VERIFY_OK(batch);
        m_disk.breakAt(0); // from now on, nothing but what is in memory
        COMPARE_ERROR(block(**wallet), store::kIo);
    }
    COMPARE_ERROR(block(**wallet), store::kIo);
    COMPARE_ERROR(address(**wallet), store::kIo);
    m_disk.heal();
    QVERIFY2(stage.complaint(**wallet).empty(), stage.complaint(**wallet).c_str());
    VERIFY_OK(block(**wallet));
    VERIFY_OK(address(**wallet));
    QCOMPARE((*wallet)->balance()->confirmed.sat(), kSecondCoin);
    QVERIFY2(stage.complaint(**wallet).empty(), stage.complaint(**wallet).c_str());
    wallet = base::makeError(kLocked); // closed
    m_disk.settle();
    m_played += 1;
}

void TestWalletFaults::aWalletCutOffWhileItIsMadeIsMadeAgain()
{
    Works works;
    const auto make = [&] { return Wallet::create(works.path(), test::newWallet(), works.clock()); };
    const auto picture = [&] { return test::databaseText(works.path(), {"secret_box", "secret"}); };
    works.reset({});
    QVERIFY(make().ok());
    const std::string whole = picture();
    m_disk.settle();
    unsigned played = 0;
    for (std::uint64_t at = 1;; ++at) {
        for (const auto loss : {test::Loss::Torn, test::Loss::Process, test::Loss::Power}) {
            if (seeds() == 1 && at % 3 != static_cast<unsigned>(loss)) continue;
            works.reset({});
            m_disk.crashAt(at, loss, static_cast<std::uint32_t>(at));
            const bool made = make().ok();
            const bool isOver = !m_disk.hasStruck();
            m_disk.settle();
            if (isOver) {
                QVERIFY(made);
                m_played += played;
                qInfo("creation: %u scenarios", played);
                return;
            }
            ++played;
            const std::string where = "at operation " + std::to_string(at);
            const bool isShort = seeds() == 1 && at % 4 != 0; // scrypt is slow on purpose
            // There, with its words, or not there at all; never something that is no wallet and cannot become one.
            auto opened = Wallet::open(works.path(), works.clock());
            if (!opened.ok()) {
                QVERIFY2(!made, where.c_str());
                QVERIFY2(opened.error().code == kNoWallet, test::describe(opened.error()).c_str());
                if (isShort) continue;
                const auto again = make();
                QVERIFY2(again.ok(), again.ok() ? "" : (where + test::describe(again.error())).c_str());
            } else if (!isShort) {
                QVERIFY2((*opened)->unlock(base::viewOf(std::string_view(test::kPassword))).ok(),
                         where.c_str());
                QVERIFY2(base::viewOf(*(*opened)->backupWords()).size() > 0, where.c_str());
            }
            opened = base::makeError(kLocked); // closed
            QVERIFY2(picture() == whole, where.c_str());
            m_disk.settle();
        }
    }
}

void TestWalletFaults::aPasswordIsTheOldOrTheNewOne()
{
    Works works;
    const Stage stage = works.stage("password", {});
    const auto secret = [](std::string_view text) { return base::viewOf(text); };
    unsigned played = 0;
    for (std::uint64_t at = 1;; ++at) {
        stage.reset();
        m_disk.crashAt(at, static_cast<test::Loss>(at % 3), static_cast<std::uint32_t>(at));
        bool changed = false;
        {
            const auto wallet = stage.open();
            changed = wallet.ok() && (*wallet)
                                         ->changePassword(secret(test::kPassword), secret("battery staple"),
                                                          test::cheapScrypt())
                                         .ok();
        }
        const bool isOver = !m_disk.hasStruck();
        m_disk.settle();
        if (isOver) break;
        ++played;
        const auto wallet = stage.open();
        VERIFY_OK(wallet);
        const bool isNew = (*wallet)->unlock(secret("battery staple")).ok();
        QVERIFY(isNew || !changed);
        QVERIFY(isNew || (*wallet)->unlock(secret(test::kPassword)).ok());
        if (isNew) COMPARE_ERROR((*wallet)->unlock(secret(test::kPassword)), kWrongPassword);
    }
    m_disk.settle();
    m_played += played;
    qInfo("password: %u scenarios", played);
}

void TestWalletFaults::cleanupTestCase() { qInfo(R"({"figure": "disk_scenarios", "passed": %u})", m_played); }

QTEST_GUILESS_MAIN(TestWalletFaults)
#include "tst_wallet_faults.moc"
