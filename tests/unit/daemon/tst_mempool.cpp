// SPDX-License-Identifier: MIT
// Transactions that wait: order of nonces and fees, and what goes when there is no room.
#include "app/daemon/sequencer/mempool.h"

#include <QTest>

using namespace bowline;
using namespace bowline::daemon;

namespace {

base::XOnlyPublicKey account(std::uint8_t number)
{
    base::XOnlyPublicKey out;
    out.bytes.fill(number);
    return out;
}

PoolEntry entry(std::uint8_t sender, std::uint64_t nonce, std::int64_t fee, std::size_t size = 100)
{
    static std::uint64_t arrivals = 0;
    PoolEntry out;
    out.arrival = ++arrivals;
    out.sender = sender == 0 ? base::XOnlyPublicKey{} : account(sender);
    out.nonce = nonce;
    out.fee = base::Amount::fromSat(fee);
    out.encoded = base::Bytes(size, 0);
    std::memcpy(out.hash.bytes.data(), &out.arrival, sizeof out.arrival);
    return out;
}

std::uint64_t zero(const base::XOnlyPublicKey&) { return 0; }

/// "sender.nonce" of each, in order.
QString order(const Mempool& pool, const Mempool::NextNonce& next = zero, std::size_t count = 100,
              std::size_t bytes = 1'000'000)
{
    QStringList out;
    for (const PoolEntry* selected : pool.select(next, count, bytes)) {
        out << QStringLiteral("%1.%2").arg(selected->sender.bytes[0]).arg(selected->nonce);
    }
    return out.join(' ');
}

std::string codeOf(const base::Result<std::vector<l2::TxHash>>& result)
{
    return result.ok() ? "ok" : std::string(result.error().code.name());
}

} // namespace

class TestMempool : public QObject {
    Q_OBJECT

private slots:
    void theBestFeePerByteGoesFirstButNoncesStayInOrder()
    {
        Mempool pool;
        QVERIFY(pool.add(entry(1, 1, 9'000)).ok());
        QVERIFY(pool.add(entry(1, 0, 100)).ok());
        QVERIFY(pool.add(entry(2, 0, 500)).ok());
        QVERIFY(pool.add(entry(3, 0, 900, 1'000)).ok()); // more in all, less a byte
        QCOMPARE(order(pool), QString("2.0 1.0 1.1 3.0"));
    }

    void mintsGoFirstInTheOrderInWhichTheyCame()
    {
        Mempool pool;
        QVERIFY(pool.add(entry(1, 0, 1'000'000)).ok());
        QVERIFY(pool.add(entry(0, 0, 0)).ok());
        QCOMPARE(order(pool), QString("0.0 1.0"));
    }

    void aGapHoldsBackWhatFollows()
    {
        Mempool pool;
        QVERIFY(pool.add(entry(1, 2, 100)).ok());
        QVERIFY(pool.add(entry(1, 4, 100)).ok());
        QVERIFY(pool.add(entry(1, 3, 100)).ok());
        QCOMPARE(order(pool), QString());
        QCOMPARE(order(pool, [](const auto&) { return std::uint64_t{3}; }), QString("1.3 1.4"));
        QCOMPARE(pool.stale([](const auto&) { return std::uint64_t{4}; }).size(), std::size_t{2});
    }

    void aHigherFeeReplacesTheSameNonce()
    {
        Mempool pool;
        const PoolEntry first = entry(1, 0, 100);
        QVERIFY(pool.add(first).ok());
        QCOMPARE(codeOf(pool.add(entry(1, 0, 100))), std::string("sequencer.nonce-taken"));
        const auto gone = pool.add(entry(1, 0, 101));
        QVERIFY(gone.ok() && gone->size() == 1 && gone->front() == first.hash);
        QCOMPARE(pool.size(), std::size_t{1});
        QCOMPARE(pool.bytes(), std::size_t{100});
    }

    void oneAccountCannotFillThePool()
    {
        Mempool pool(PoolLimits{100, 100'000, 3});
        for (std::uint64_t nonce = 0; nonce < 3; ++nonce) QVERIFY(pool.add(entry(1, nonce, 1'000)).ok());
        QCOMPARE(codeOf(pool.add(entry(1, 3, 1'000'000))), std::string("sequencer.account-full"));
        QVERIFY(pool.add(entry(2, 0, 1)).ok());
    }

    void whenFullTheCheapestLastOneGoesForABetterOneOnly()
    {
        Mempool pool(PoolLimits{3, 100'000, 10});
        QVERIFY(pool.add(entry(1, 0, 10)).ok());
        QVERIFY(pool.add(entry(1, 1, 500)).ok()); // last of its account, so the cheap one before it stays
        const PoolEntry cheap = entry(2, 0, 100);
        QVERIFY(pool.add(cheap).ok());
        QCOMPARE(codeOf(pool.add(entry(3, 0, 100))), std::string("sequencer.pool-full"));
        QCOMPARE(pool.size(), std::size_t{3});
        const auto gone = pool.add(entry(3, 0, 101));
        QVERIFY(gone.ok() && gone->size() == 1 && gone->front() == cheap.hash);
    }

    void aPromiseNeverPushesOutWhatPaysAndIsPushedOutFirst()
    {
        Mempool pool(PoolLimits{2, 100'000, 10});
        PoolEntry paying = entry(1, 0, 10);
        paying.judged = true;
        QVERIFY(pool.add(paying).ok());
        const PoolEntry promise = entry(2, 7, 100'000);
        QVERIFY(pool.add(promise).ok());
        PoolEntry another = entry(3, 0, 11);
        another.judged = true;
        const auto gone = pool.add(another);
        QVERIFY(gone.ok() && gone->size() == 1 && gone->front() == promise.hash);
        QCOMPARE(codeOf(pool.add(entry(4, 7, 1'000'000))), std::string("sequencer.pool-full"));
        QCOMPARE(pool.size(), std::size_t{2});
    }

    void aRefusalChangesNothing()
    {
        Mempool pool(PoolLimits{10, 300, 10});
        QVERIFY(pool.add(entry(1, 0, 10)).ok());
        QVERIFY(pool.add(entry(2, 0, 1'000)).ok());
        QVERIFY(pool.add(entry(3, 0, 1'000)).ok());
        // Room for 200 bytes needs two to go, the second of which pays better: the first must come back.
        QCOMPARE(codeOf(pool.add(entry(4, 0, 500, 200))), std::string("sequencer.pool-full"));
        QCOMPARE(order(pool), QString("2.0 3.0 1.0"));
        QCOMPARE(pool.bytes(), std::size_t{300});
    }

    void aBatchHoldsNoMoreThanItMay()
    {
        Mempool pool;
        for (std::uint8_t sender = 1; sender < 10; ++sender) QVERIFY(pool.add(entry(sender, 0, 100)).ok());
        QCOMPARE(order(pool, zero, 2), QString("1.0 2.0"));
        QCOMPARE(order(pool, zero, 100, 399), QString("1.0 2.0 3.0"));
    }
};

QTEST_APPLESS_MAIN(TestMempool)
#include "tst_mempool.moc"
