// SPDX-License-Identifier: MIT
// Somebody locks while the password is still being checked: the answer is that it was cancelled, and the keys are not
// there. Played with the whole services, without a network.
#include "app/services/local_services.h"
#include "tests/support/patience.h"
#include "tests/unit/bridge/fixture.h"
#include "tests/unit/wallet/wallet_fixture.h"

#include <future>

using namespace bowline;
using namespace bowline::services;

class TestWalletLock : public QObject {
    Q_OBJECT
private slots:
    void lockingDuringUnlockWins();
    void lockingDuringCreationWins();

private:
    using Answer = std::future<base::Result<WalletInfo>>;
    static std::unique_ptr<Services> open(const QTemporaryDir& folder);
    static Answer create(Services& services, const std::string& name);
    static Answer unlock(Services& services, const std::string& name);
};

namespace {
/// A quarter of a second or so: long enough to lock in the middle of it.
constexpr std::uint64_t kSlowScrypt = 1U << 17U;
constexpr int kMeanwhileMs = 30;

std::pair<Completion<WalletInfo>, std::future<base::Result<WalletInfo>>> awaited()
{
    auto promise = std::make_shared<std::promise<base::Result<WalletInfo>>>();
    auto future = promise->get_future();
    return {[promise](base::Result<WalletInfo> info) { promise->set_value(std::move(info)); },
            std::move(future)};
}
} // namespace

std::unique_ptr<Services> TestWalletLock::open(const QTemporaryDir& folder)
{
    LocalOptions options;
    options.dataDir = folder.path().toStdString();
    options.network = bridge::test::makeNetworkFile(3, 2);
    options.node = bridge::test::must(net::parseEndpoint("127.0.0.1:1")); // nobody is there
    options.scryptCost = kSlowScrypt;
    return bridge::test::must(makeLocalServices(std::move(options)));
}

TestWalletLock::Answer TestWalletLock::create(Services& services, const std::string& name)
{
    auto [done, answer] = awaited();
    services.wallets().create(name, test::secure(test::kAbandonWords), {}, test::secure(test::kPassword),
                              std::move(done));
    return std::move(answer);
}

TestWalletLock::Answer TestWalletLock::unlock(Services& services, const std::string& name)
{
    auto [done, answer] = awaited();
    services.wallets().unlock(name, test::secure(test::kPassword), std::move(done));
    return std::move(answer);
}

void TestWalletLock::lockingDuringUnlockWins()
{
    QTemporaryDir folder;
    const auto services = open(folder);
    QVERIFY(create(*services, "w").get().ok());
    services->wallets().lock();
    Answer answer = unlock(*services, "w");
    QTest::qWait(kMeanwhileMs);
    services->wallets().lock();
    COMPARE_ERROR(answer.get(), kCancelled);
    EVENTUALLY(services->snapshot()->wallet.name == "w" && services->snapshot()->wallet.locked);
    // And it is no worse than that.
    const auto again = unlock(*services, "w").get();
    VERIFY_OK(again);
    QVERIFY(!again->locked);
}

void TestWalletLock::lockingDuringCreationWins()
{
    QTemporaryDir folder;
    const auto services = open(folder);
    Answer answer = create(*services, "w");
    QTest::qWait(kMeanwhileMs);
    services->wallets().lock();
    COMPARE_ERROR(answer.get(), kCancelled);
    QVERIFY(services->snapshot()->wallet.name.empty()); // no session came of it
    // The file is there all the same, as its words may be written down already.
    VERIFY_OK(unlock(*services, "w").get());
}

QTEST_GUILESS_MAIN(TestWalletLock)
#include "tst_wallet_lock.moc"
