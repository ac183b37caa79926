// SPDX-License-Identifier: MIT
// core/proven: which file counts as the proof of the chain (rules A6, B12), one test a rule; and what is proven when
// Bitcoin goes another way and comes back.
#include "tests/unit/proven/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::proven;
using namespace bowline::proven::test;
using base::BatchNumber;
using base::BlockHash;
using base::Height;

namespace {

std::string codeOf(const base::Status& status)
{
    return status.ok() ? "ok" : std::string(status.error().code.name());
}

BlockHash blockHash(std::uint32_t height, std::uint8_t branch)
{
    BlockHash out;
    out.bytes[0] = static_cast<std::uint8_t>(height);
    out.bytes[1] = branch;
    out.bytes[2] = 1;
    return out;
}

/// Blocks 0 to a tip; another branch is another chain above some height.
class HashChain final : public l2::BestChain {
public:
    explicit HashChain(std::uint32_t tip) { grow(tip, 0); }
    void grow(std::uint32_t tip, std::uint8_t branch)
    {
        while (m_hashes.size() <= tip)
            m_hashes.push_back(blockHash(static_cast<std::uint32_t>(m_hashes.size()), branch));
    }
    void cut(std::uint32_t tip) { m_hashes.resize(tip + 1); }
    [[nodiscard]] Height tip() const override { return {static_cast<std::uint32_t>(m_hashes.size()) - 1}; }
    [[nodiscard]] std::optional<BlockHash> hashAt(Height height) const override
    {
        if (height > tip()) return std::nullopt;
        return m_hashes[height.value];
    }

private:
    std::vector<BlockHash> m_hashes;
};

/// Batches 1 to 9, batch n on the Bitcoin block 10 + n; the client sees Bitcoin up to 30.
struct World {
    HashChain blocks{30};
    Worked bitcoin{blocks};
    std::map<BatchNumber, l2::BatchHeader> headers;
    FakeChecker checker;
    Follower follower{checker};

    World() { batches(1, 9, 0); }
    /// Of another `branch` of Bitcoin are other batches.
    void batches(std::uint64_t first, std::uint64_t last, std::uint8_t branch)
    {
        headers.erase(headers.lower_bound({first}), headers.end());
        for (std::uint64_t n = first; n <= last; ++n) headers[{n}] = header(n, branch);
    }
    [[nodiscard]] static l2::BatchHeader header(std::uint64_t number, std::uint8_t branch)
    {
        l2::BatchHeader out;
        out.height = {number};
        out.l1Height = {static_cast<std::uint32_t>(10 + number)};
        out.l1Hash = blockHash(out.l1Height.value, branch);
        return out;
    }
    [[nodiscard]] Surroundings around() const
    {
        return {bitcoin, [this](BatchNumber number) -> std::optional<l2::BatchHash> {
                    const auto found = headers.find(number);
                    return found == headers.end() ? std::nullopt : std::optional(found->second.hash());
                }};
    }
    [[nodiscard]] Head proofOf(std::uint64_t number) const { return headOf(headers.at({number})); }
    [[nodiscard]] std::string offer(const base::Bytes& file)
    {
        auto checked = follower.check(file);
        return checked.ok() ? codeOf(follower.take(std::move(*checked), around()))
                            : std::string(checked.error().code.name());
    }
    [[nodiscard]] std::string offer(const Head& head) { return offer(makeFile(head)); }
    [[nodiscard]] std::uint64_t proven() const
    {
        const auto head = follower.head(around());
        return head ? head->batch.value : 0;
    }
};

} // namespace

class TestProvenFollower : public QObject {
    Q_OBJECT
private slots:
    void aGoodFileIsTakenAndALaterOneReplacesIt();
    void whatIsNoProofIsRefused();
    void aBlockOfAForkIsRefused();
    void aBlockAheadOfTheOwnChainWaits();
    void workThatIsNotTheOwnIsRefused();
    void theHeaderMustBeHeld();
    void anotherHistoryIsRefused();
    void anOlderOneReplacesNothing();
    void theHeadLeavesWithItsBlockAndComesBack();
    void whenTheBlockHasLeftAnyOtherReplacesIt();
    void whenTheHeldOneIsOfAnotherHistoryNothingReplacesIt();
    void aKeptFileIsCheckedAgain();
    void theSameBytesAreCheckedOnce();
};

void TestProvenFollower::aGoodFileIsTakenAndALaterOneReplacesIt()
{
    World w;
    QCOMPARE(w.proven(), 0ULL);
    QCOMPARE(w.offer(w.proofOf(3)), std::string("ok"));
    QCOMPARE(w.proven(), 3ULL);
    QCOMPARE(w.follower.held()->file, makeFile(w.proofOf(3)));
    QCOMPARE(w.offer(w.proofOf(7)), std::string("ok"));
    QVERIFY(*w.follower.head(w.around()) == w.proofOf(7));
}

void TestProvenFollower::whatIsNoProofIsRefused()
{
    World w;
    QCOMPARE(w.offer(base::Bytes{}), std::string("proven.not-proven"));
    QCOMPARE(w.offer(makeFile(w.proofOf(3), kForeign)), std::string("proven.not-proven"));
    QCOMPARE(w.offer(makeFile(w.proofOf(3), kNewProgram)), std::string("proven.unknown-program"));
    base::Bytes longer = makeFile(w.proofOf(3));
    longer.push_back(0);
    QCOMPARE(w.offer(longer), std::string("proven.not-proven"));
    QVERIFY(!w.follower.held());
}

void TestProvenFollower::aBlockOfAForkIsRefused()
{
    World w;
    Head fork = w.proofOf(3);
    fork.l1Hash = blockHash(13, 1);
    QCOMPARE(w.offer(fork), std::string("proven.l1-elsewhere"));
    QVERIFY(!w.follower.held());
}

void TestProvenFollower::aBlockAheadOfTheOwnChainWaits()
{
    World w;
    w.blocks.cut(12);
    QCOMPARE(w.offer(w.proofOf(3)), std::string("proven.l1-behind"));
    w.blocks.grow(13, 0);
    QCOMPARE(w.offer(w.proofOf(3)), std::string("ok"));
}

void TestProvenFollower::workThatIsNotTheOwnIsRefused()
{
    World w;
    // The lowest and a high byte: it is one number, not some of its bytes.
    for (const std::size_t byte : {std::size_t{0}, std::size_t{31}}) {
        Head other = w.proofOf(3);
        other.l1Work[byte] += 1;
        QCOMPARE(w.offer(other), std::string("proven.more-work"));
    }
    Head less = w.proofOf(3);
    less.l1Work[0] -= 1;
    QCOMPARE(w.offer(less), std::string("proven.less-work"));
    QCOMPARE(w.offer(w.proofOf(3)), std::string("ok"));
}

void TestProvenFollower::theHeaderMustBeHeld()
{
    World w;
    const Head ahead = headOf(World::header(12, 0));
    QCOMPARE(w.offer(ahead), std::string("proven.no-header"));
    w.batches(10, 12, 0);
    QCOMPARE(w.offer(ahead), std::string("ok"));
    // Headers that are fetched anew: nothing is known as proven until they are there.
    w.batches(12, 0, 0);
    QCOMPARE(w.proven(), 0ULL);
    // And the file is not given up for an older one meanwhile.
    QCOMPARE(w.offer(w.proofOf(5)), std::string("proven.not-newer"));
    w.batches(12, 12, 0);
    QCOMPARE(w.proven(), 12ULL);
}

void TestProvenFollower::anotherHistoryIsRefused()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(3)), std::string("ok"));
    // Valid by the rules, on the own Bitcoin chain, later than what is held: and not what the sequencer signed.
    Head other = w.proofOf(7);
    other.hash.bytes[0] ^= 1;
    QCOMPARE(w.offer(other), std::string("proven.other-history"));
    QCOMPARE(w.proven(), 3ULL);
}

void TestProvenFollower::anOlderOneReplacesNothing()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(7)), std::string("ok"));
    QCOMPARE(w.offer(w.proofOf(6)), std::string("proven.not-newer"));
    QCOMPARE(w.offer(makeFile(w.proofOf(7), kGood, 1)), std::string("proven.not-newer"));
    QCOMPARE(w.follower.held()->file, makeFile(w.proofOf(7)));
}

void TestProvenFollower::theHeadLeavesWithItsBlockAndComesBack()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(7)), std::string("ok"));
    w.blocks.cut(16); // batch 7 rests on block 17
    w.blocks.grow(40, 1);
    QCOMPARE(w.proven(), 0ULL);
    QVERIFY(w.follower.held()); // kept: the chain may come back
    w.blocks.cut(16);
    QCOMPARE(w.proven(), 0ULL);
    w.blocks.grow(17, 0);
    QCOMPARE(w.proven(), 7ULL);
}

void TestProvenFollower::whenTheBlockHasLeftAnyOtherReplacesIt()
{
    World w;
    const Head before = w.proofOf(7);
    QCOMPARE(w.offer(before), std::string("ok"));
    w.blocks.cut(16);
    w.blocks.grow(40, 1);
    w.batches(7, 9, 1);              // the sequencer's new ones
    const Head older = w.proofOf(5); // of an earlier batch, whose block stands
    QCOMPARE(w.offer(older), std::string("ok"));
    QCOMPARE(w.proven(), 5ULL);
    QCOMPARE(w.offer(w.proofOf(7)), std::string("ok"));
    QCOMPARE(w.proven(), 7ULL);
    // What is proven of the chain that left stays refused.
    QCOMPARE(w.offer(before), std::string("proven.l1-elsewhere"));
}

void TestProvenFollower::whenTheHeldOneIsOfAnotherHistoryNothingReplacesIt()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(7)), std::string("ok"));
    // Its Bitcoin block stands, so that no reorganisation explains other headers.
    for (std::uint64_t n = 7; n <= 9; ++n) w.headers[{n}].time = 99;
    QCOMPARE(w.proven(), 0ULL);
    QCOMPARE(w.offer(w.proofOf(8)), std::string("proven.other-history"));
    QVERIFY(w.follower.held()->head.batch == BatchNumber{7});
}

void TestProvenFollower::aKeptFileIsCheckedAgain()
{
    World w;
    QCOMPARE(codeOf(w.follower.restore(makeFile(w.proofOf(4), kForeign))), std::string("proven.not-proven"));
    QVERIFY(!w.follower.held());
    QCOMPARE(codeOf(w.follower.restore(makeFile(w.proofOf(4)))), std::string("ok"));
    QCOMPARE(w.proven(), 4ULL);
    World elsewhere;
    Head fork = elsewhere.proofOf(4);
    fork.l1Hash = blockHash(14, 1);
    QCOMPARE(codeOf(elsewhere.follower.restore(makeFile(fork))), std::string("ok"));
    QCOMPARE(elsewhere.proven(), 0ULL); // good, and its block is not on the own chain
    QCOMPARE(elsewhere.offer(elsewhere.proofOf(2)), std::string("ok"));
}

void TestProvenFollower::theSameBytesAreCheckedOnce()
{
    World w;
    QCOMPARE(w.offer(w.proofOf(4)), std::string("ok"));
    QCOMPARE(w.checker.checks(), 1);
    QCOMPARE(w.offer(w.proofOf(4)), std::string("proven.not-newer"));
    QCOMPARE(w.checker.checks(), 1);
}

QTEST_APPLESS_MAIN(TestProvenFollower)
#include "tst_proven_follower.moc"
