// SPDX-License-Identifier: MIT
// core/chain: the header chain, its forks and its store, with headers mined at regtest's difficulty.
#include "core/chain/header_chain.h"
#include "tests/support/scripted_peer.h"

#include <QTemporaryDir>
#include <QTest>

#include <sqlite3.h>

#include <csignal>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

using namespace bowline;
using namespace bowline::chain;
using namespace bowline::test;
using bitcoin::BlockHeader;

namespace {
constexpr base::UnixTime kNow = 1'800'000'000;

void tamper(const std::string& path, const std::string& sql)
{
    sqlite3* db = nullptr;
    sqlite3_open(path.c_str(), &db);
    sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    sqlite3_close(db);
}
} // namespace

class TestHeaderChain : public QObject {
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void growsFromGenesisAndSurvivesARestart();
    void refusesHeadersThatBreakARule_data();
    void refusesHeadersThatBreakARule();
    void followsMoreWorkAndKeepsTheFork();
    void tiesKeepTheFirst();
    void forksAreKeptAndForgottenAsAWhole();
    void aBranchIsDetachedByAReorgBelowIt();
    void segwitBeginsAtItsHeightOnEveryFork();
    void disconnectsToAHeightAndBack();
    void wrongFilterHeadersAreDroppedAndTold();
    void doesNotStoreALowWorkChain();
    void holdsCheckpoints();
    void locatorLeadsHome();
    void cutsADamagedStoreWhereItIsDamaged();
    void refusesTheStoreOfAnotherNetwork();
    void survivesKillNine();

private:
    void open(HeaderRules rules = {})
    {
        m_chain.reset();
        m_store.emplace(std::move(ChainStore::open(m_path, regtest())).value());
        m_chain = std::move(HeaderChain::load(regtest(), std::move(rules), *m_store)).value();
    }
    /// Extends from the first header's parent and commits.
    base::Result<CommitResult> add(const std::vector<BlockHeader>& headers)
    {
        BOWLINE_TRY(Branch branch, m_chain->branchAt(headers.front().previous));
        BOWLINE_CHECK(m_chain->extend(branch, headers, kNow));
        return m_chain->commit(branch);
    }
    [[nodiscard]] BlockHeader tipHeader() const { return m_chain->tip().header; }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_path;
    std::optional<ChainStore> m_store;
    std::unique_ptr<HeaderChain> m_chain;
};

void TestHeaderChain::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_path = m_dir->filePath("chain.sqlite").toStdString();
    open();
}

void TestHeaderChain::cleanup()
{
    m_chain.reset();
    m_store.reset();
}

void TestHeaderChain::growsFromGenesisAndSurvivesARestart()
{
    // The regtest genesis block as every node shows it, and the work of regtest's target: two hashes a block.
    QCOMPARE(m_chain->tip().hash.displayHex(),
             std::string("0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"));
    const auto headers = mineHeaders(regtest().genesis, 2500);
    QVERIFY(add(headers).value() == CommitResult::NewTip);
    for (int round = 0; round < 2; ++round) {
        QCOMPARE(m_chain->height().value, 2500U);
        QCOMPARE(m_chain->tip().hash, headers.back().hash());
        QVERIFY(m_chain->tip().work == bitcoin::Uint256(2 * 2501));
        QVERIFY(m_chain->at({2016})->work == bitcoin::Uint256(2 * 2017));
        QVERIFY(m_chain->at({1234})->work == bitcoin::Uint256(2 * 1235));
        QCOMPARE(m_chain->hashAt({77}), std::optional(headers[76].hash()));
        QCOMPARE(m_chain->heightOf(headers[76].hash())->value, 77U);
        QVERIFY(!m_chain->at({2501}));
        open();
    }
}

void TestHeaderChain::refusesHeadersThatBreakARule_data()
{
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("code");
    QTest::newRow("no work") << "work"
                             << "bitcoin.insufficient-work";
    QTest::newRow("easier target") << "bits"
                                   << "bitcoin.wrong-difficulty";
    QTest::newRow("time of the past") << "old"
                                      << "bitcoin.time-too-old";
    QTest::newRow("time of the future") << "new"
                                        << "bitcoin.time-too-new";
    QTest::newRow("not after the one before") << "link"
                                              << "chain.bad-link";
    QTest::newRow("outdated version") << "version"
                                      << "bitcoin.bad-block-version";
}

void TestHeaderChain::refusesHeadersThatBreakARule()
{
    QFETCH(QString, what);
    QFETCH(QString, code);
    auto headers = mineHeaders(regtest().genesis, 20);
    BlockHeader& bad = headers[15];
    if (what == "bits") bad.bits = 0x207ffffe;
    if (what == "old") bad.time = headers[3].time;
    if (what == "new") bad.time = static_cast<std::uint32_t>(kNow + 3 * 3600);
    if (what == "link") bad.previous = headers[3].hash();
    if (what == "version") bad.version = 1;
    const bool wantWork = what != "work";
    while (bitcoin::checkProofOfWork(bad, regtest()).ok() != wantWork) ++bad.nonce;
    Branch branch = m_chain->branchAt(regtest().genesisHash).value();
    const base::Status status = m_chain->extend(branch, headers, kNow);
    QVERIFY(!status.ok());
    QCOMPARE(std::string(status.error().code.name()), code.toStdString());
    // The good ones before it are kept.
    QCOMPARE(branch.headers.size(), std::size_t{15});
    QVERIFY(m_chain->commit(branch).value() == CommitResult::NewTip);
    QCOMPARE(m_chain->height().value, 15U);
}

void TestHeaderChain::followsMoreWorkAndKeepsTheFork()
{
    const auto common = mineHeaders(regtest().genesis, 50);
    QVERIFY(add(common).ok());
    const auto first = mineHeaders(common.back(), 5, 1);
    const auto second = mineHeaders(common.back(), 7, 2);
    QVERIFY(add(first).value() == CommitResult::NewTip);
    QVERIFY(add({second.begin(), second.begin() + 3}).value() == CommitResult::Side);
    QCOMPARE(m_chain->tip().hash, first.back().hash());
    QVERIFY(!m_chain->heightOf(second[0].hash()));
    QVERIFY(m_chain->find(second[0].hash()));
    QCOMPARE(m_chain->forkHeight(second[2].hash())->value, 50U);
    // Across a restart the fork is still known, and its continuation wins.
    open();
    QVERIFY(add({second.begin() + 3, second.end()}).value() == CommitResult::NewTip);
    QCOMPARE(m_chain->tip().hash, second.back().hash());
    QCOMPARE(m_chain->height().value, 57U);
    QCOMPARE(m_chain->hashAt({51}), std::optional(second[0].hash()));
    QVERIFY(!m_chain->heightOf(first[0].hash()));
    // And back again: the abandoned branch was kept.
    QVERIFY(add(mineHeaders(first.back(), 4, 1)).value() == CommitResult::NewTip);
    QCOMPARE(m_chain->hashAt({51}), std::optional(first[0].hash()));
    QVERIFY(m_chain->tip().work == bitcoin::Uint256(2 * 60));
    open();
    QCOMPARE(m_chain->height().value, 59U);
}

void TestHeaderChain::tiesKeepTheFirst()
{
    QVERIFY(add(mineHeaders(regtest().genesis, 3, 1)).ok());
    const auto tip = m_chain->tip().hash;
    QVERIFY(add(mineHeaders(regtest().genesis, 3, 2)).value() == CommitResult::Side);
    QCOMPARE(m_chain->tip().hash, tip);
}

void TestHeaderChain::forksAreKeptAndForgottenAsAWhole()
{
    // A fork so long that its beginning is further below the tip than forks are kept, and its end is not.
    const auto common = mineHeaders(regtest().genesis, 100);
    QVERIFY(add(common).ok());
    const auto old = mineHeaders(common.back(), 2100, 1);
    QVERIFY(add(old).ok());
    QVERIFY(add(mineHeaders(common.back(), 2101, 2)).value() == CommitResult::NewTip);
    QVERIFY(add(mineHeaders(tipHeader(), 1000)).ok());
    for (int round = 0; round < 2; ++round) {
        const auto branch = m_chain->branchAt(old.back().hash());
        QVERIFY(branch.ok());
        QCOMPARE(branch->fork.value, 100U);
        QCOMPARE(m_chain->heightOnAnyChain(old.back().hash())->value, 2200U);
        open();
    }
    QVERIFY(add(mineHeaders(tipHeader(), 1016)).ok());
    for (int round = 0; round < 2; ++round) {
        QVERIFY(!m_chain->find(old.back().hash()));
        QVERIFY(!m_chain->find(old.front().hash()));
        open();
    }
}

void TestHeaderChain::aBranchIsDetachedByAReorgBelowIt()
{
    const auto common = mineHeaders(regtest().genesis, 10);
    QVERIFY(add(common).ok());
    const auto first = mineHeaders(common.back(), 5, 1);
    QVERIFY(add(first).ok());
    // Held by somebody, not stored; and an empty one.
    Branch held = m_chain->branchAt(first.back().hash()).value();
    QVERIFY(m_chain->isAttached(held));
    QVERIFY(m_chain->extend(held, mineHeaders(first.back(), 2, 3), kNow).ok());
    QVERIFY(m_chain->isAttached(held));
    QVERIFY(add(mineHeaders(common.back(), 7, 2)).value() == CommitResult::NewTip);
    QVERIFY(!m_chain->isAttached(held));
}

void TestHeaderChain::segwitBeginsAtItsHeightOnEveryFork()
{
    using bitcoin::WitnessRule;
    bitcoin::ChainParams params = regtest();
    params.segwitFrom = base::Height{12};
    m_chain = std::move(HeaderChain::load(params, {}, *m_store)).value();
    const auto common = mineHeaders(regtest().genesis, 10);
    QVERIFY(add(common).ok());
    const auto best = mineHeaders(common.back(), 5, 1);
    QVERIFY(add(best).ok());
    const auto fork = mineHeaders(common.back(), 3, 2);
    QVERIFY(add(fork).value() == CommitResult::Side);
    for (const auto& chain : {best, fork}) {
        QVERIFY(m_chain->witnessRuleOf(chain[0].hash()) == WitnessRule::BeforeSegwit); // height 11
        QVERIFY(m_chain->witnessRuleOf(chain[1].hash()) == WitnessRule::Segwit);
    }
    QVERIFY(m_chain->witnessRuleOf(base::BlockHash{{1}}) == WitnessRule::Segwit);
    m_chain.reset(); // before its parameters
}

void TestHeaderChain::disconnectsToAHeightAndBack()
{
    const auto headers = mineHeaders(regtest().genesis, 30);
    QVERIFY(add(headers).ok());
    std::vector<base::FilterHeader> filters(31);
    for (std::size_t i = 0; i < filters.size(); ++i) filters[i].bytes[0] = static_cast<std::uint8_t>(i + 1);
    QVERIFY(m_chain->appendFilterHeaders(filters).ok());
    QVERIFY(m_chain->setVouchedEnd({31}).ok());
    QVERIFY(m_chain->disconnectTo({20}, {}).ok());
    for (int round = 0; round < 2; ++round) {
        QCOMPARE(m_chain->height().value, 20U);
        QCOMPARE(m_chain->filterEnd().value, 21U);
        QCOMPARE(m_chain->vouchedEnd().value, 21U);
        QVERIFY(m_chain->find(headers[29].hash()));
        open();
    }
    Branch branch = m_chain->branchAt(headers[29].hash()).value();
    QVERIFY(m_chain->commit(branch).value() == CommitResult::NewTip);
    QCOMPARE(m_chain->tip().hash, headers[29].hash());
    QCOMPARE(m_chain->filterEnd().value, 21U);
}

void TestHeaderChain::wrongFilterHeadersAreDroppedAndTold()
{
    const auto headers = mineHeaders(regtest().genesis, 30);
    QVERIFY(add(headers).ok());
    QVERIFY(m_chain->appendFilterHeaders(std::vector<base::FilterHeader>(31)).ok());
    std::size_t seen = 0;
    QVERIFY(!m_chain->filterCutsSince(seen));
    QVERIFY(m_chain->dropFilterHeaders({25}).ok());
    QVERIFY(m_chain->dropFilterHeaders({12}).ok());
    QCOMPARE(m_chain->tip().hash, headers.back().hash()); // headers are not at fault
    QCOMPARE(m_chain->filterEnd().value, 12U);
    QCOMPARE(m_chain->filterCutsSince(seen)->value, 12U);
    QVERIFY(!m_chain->filterCutsSince(seen));
    open();
    QCOMPARE(m_chain->height().value, 30U);
    QCOMPARE(m_chain->filterEnd().value, 12U);
}

void TestHeaderChain::doesNotStoreALowWorkChain()
{
    HeaderRules rules;
    rules.minimumWork = bitcoin::Uint256(2 * 101);
    open(rules);
    const auto headers = mineHeaders(regtest().genesis, 100);
    Branch branch = m_chain->branchAt(regtest().genesisHash).value();
    QVERIFY(m_chain->extend(branch, std::span(headers).first(99), kNow).ok());
    QVERIFY(m_chain->commit(branch).value() == CommitResult::LowWork);
    QCOMPARE(m_chain->height().value, 0U);
    QVERIFY(!m_chain->find(headers[0].hash()));
    QVERIFY(m_chain->extend(branch, std::span(headers).last(1), kNow).ok());
    QVERIFY(m_chain->commit(branch).value() == CommitResult::NewTip);
    QCOMPARE(m_chain->height().value, 100U);
    // A fork far below the tip's work is not stored either, whoever mines it.
    QVERIFY(add(mineHeaders(m_chain->tip().header, 200)).ok());
    QVERIFY(add(mineHeaders(regtest().genesis, 120, 9)).value() == CommitResult::LowWork);
}

void TestHeaderChain::holdsCheckpoints()
{
    const auto headers = mineHeaders(regtest().genesis, 20, 1);
    HeaderRules rules;
    rules.checkpoints = {{{10}, headers[9].hash()}};
    open(rules);
    QVERIFY(add(mineHeaders(regtest().genesis, 9, 2)).ok());
    const auto other = mineHeaders(m_chain->tip().header, 5, 2);
    QVERIFY(add(other).error().code == kCheckpoint);
    QVERIFY(add(headers).ok());
    QCOMPARE(m_chain->height().value, 20U);
}

void TestHeaderChain::locatorLeadsHome()
{
    const auto headers = mineHeaders(regtest().genesis, 1000);
    QVERIFY(add(headers).ok());
    const auto locator = m_chain->locator({1000});
    QCOMPARE(locator.front(), headers.back().hash());
    QCOMPARE(locator.back(), regtest().genesisHash);
    QVERIFY(locator.size() < 25);
    QCOMPARE(m_chain->locator({10}).front(), headers[9].hash());
    QVERIFY(m_chain->branchAt(base::BlockHash{{1}}).error().code == kUnconnected);
}

void TestHeaderChain::cutsADamagedStoreWhereItIsDamaged()
{
    QVERIFY(add(mineHeaders(regtest().genesis, 30)).ok());
    m_chain.reset();
    m_store.reset();
    tamper(m_path,
           "UPDATE header SET header = (SELECT header FROM header WHERE height = 3) WHERE height = 21");
    open();
    QCOMPARE(m_chain->height().value, 20U);
    m_chain.reset();
    m_store.reset();
    tamper(m_path, "DELETE FROM header WHERE height = 10");
    m_store.emplace(std::move(ChainStore::open(m_path, regtest())).value());
    QVERIFY(HeaderChain::load(regtest(), {}, *m_store).error().code == store::kBadRow);
}

void TestHeaderChain::refusesTheStoreOfAnotherNetwork()
{
    QVERIFY(ChainStore::open(m_path, bitcoin::chainParams(bitcoin::Network::Main)).error().code ==
            kWrongNetwork);
}

void TestHeaderChain::survivesKillNine()
{
    // The child grows the chain, with a reorg of three blocks now and then, and is killed at any moment. What is
    // left is always one consistent chain, and never less than what the child had reported.
    m_chain.reset();
    m_store.reset();
    std::mt19937 random(3);
    std::uint32_t reported = 0;
    for (int round = 0; round < 15; ++round) {
        int channel[2];
        QCOMPARE(pipe(channel), 0);
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            open();
            for (std::uint32_t salt = 1;; ++salt) {
                const BlockHeader from = salt % 4 == 0 && m_chain->height().value > 3
                                             ? m_chain->at({m_chain->height().value - 3})->header
                                             : m_chain->tip().header;
                if (!add(mineHeaders(from, 5, salt)).ok()) _exit(1);
                if (!m_chain->appendFilterHeaders(std::vector<base::FilterHeader>(3)).ok()) _exit(2);
                const std::uint32_t height = m_chain->height().value;
                if (write(channel[1], &height, sizeof height) != sizeof height) _exit(3);
            }
        }
        ::close(channel[1]);
        std::uint32_t last = 0;
        QVERIFY(read(channel[0], &last, sizeof last) == sizeof last);
        usleep(static_cast<useconds_t>(random() % 30'000));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        do {
            reported = std::max(reported, last);
        } while (read(channel[0], &last, sizeof last) == sizeof last);
        ::close(channel[0]);
        open(); // aborts when the stored chain does not load
        QVERIFY(m_chain->height().value >= reported);
        QVERIFY(m_chain->filterEnd() <= m_chain->height() + 1);
        BlockHeader below = regtest().genesis;
        for (std::uint32_t height = 1; height <= m_chain->height().value; ++height) {
            const auto entry = m_chain->at({height});
            QCOMPARE(entry->header.previous, below.hash());
            below = entry->header;
        }
        m_chain.reset();
        m_store.reset();
    }
    qInfo("%u headers over 15 deaths", reported);
}

QTEST_GUILESS_MAIN(TestHeaderChain)
#include "tst_header_chain.moc"
