// SPDX-License-Identifier: MIT
// core/l2: paths in the lists of transactions and receipts of a batch, of every length up to 40, and what is none.
#include "core/l2/hashes.h"
#include "core/l2/list_path.h"
#include "tests/unit/l2/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

namespace {
std::vector<Digest> leavesOf(std::size_t count)
{
    std::vector<Digest> out;
    for (std::size_t i = 0; i < count; ++i) out.push_back(digestOf(static_cast<std::uint8_t>(i)));
    return out;
}
} // namespace

class TestListPath : public QObject {
    Q_OBJECT
private slots:
    void everyLeafOfEveryListLeadsToItsRoot();
    void anotherPlaceLengthOrSiblingLeadsElsewhere();
    void pathsOfTheWrongLengthAreNone();
};

void TestListPath::everyLeafOfEveryListLeadsToItsRoot()
{
    for (std::size_t count = 1; count <= 40; ++count) {
        const std::vector<Digest> leaves = leavesOf(count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto root = rootOfListPath(leaves[i], listPath(leaves, i));
            QVERIFY(root.ok());
            QCOMPARE(root->hex(), listRoot(leaves).hex());
        }
        QCOMPARE(rootOfListTop(count, listTop(leaves)).hex(), listRoot(leaves).hex());
        QVERIFY(rootOfListTop(count + 1, listTop(leaves)) != listRoot(leaves));
    }
    QCOMPARE(rootOfListTop(0, listTop({})).hex(), listRoot({}).hex());
}

void TestListPath::anotherPlaceLengthOrSiblingLeadsElsewhere()
{
    const std::vector<Digest> leaves = leavesOf(11);
    const Digest root = listRoot(leaves);
    for (std::size_t i = 0; i < leaves.size(); ++i) {
        const ListPath path = listPath(leaves, i);
        const auto leadsThere = [&root](const Digest& leaf, const ListPath& shown) {
            const auto reached = rootOfListPath(leaf, shown);
            return reached.ok() && *reached == root;
        };
        QVERIFY(!leadsThere(digestOf(99), path));
        for (std::uint64_t other = 0; other < leaves.size(); ++other) {
            ListPath moved = path;
            moved.index = other;
            QCOMPARE(leadsThere(leaves[i], moved), other == i);
        }
        for (std::uint64_t count = 0; count < 20; ++count) {
            ListPath resized = path;
            resized.count = count;
            QCOMPARE(leadsThere(leaves[i], resized), count == leaves.size());
        }
        for (std::size_t s = 0; s < path.siblings.size(); ++s) {
            ListPath bent = path;
            bent.siblings[s].bytes[7] ^= 1U;
            QVERIFY(!leadsThere(leaves[i], bent));
        }
    }
}

void TestListPath::pathsOfTheWrongLengthAreNone()
{
    const std::vector<Digest> leaves = leavesOf(6);
    ListPath path = listPath(leaves, 2);
    path.siblings.push_back(digestOf(1));
    QVERIFY(rootOfListPath(leaves[2], path).error().code == kBadListPath);
    path.siblings.resize(path.siblings.size() - 2);
    QVERIFY(rootOfListPath(leaves[2], path).error().code == kBadListPath);
    // An inner node passed off as a leaf of a shorter list: the root commits to the length.
    const Digest inner = domainHash(Domain::ListNode, {leaves[0].view(), leaves[1].view()});
    const ListPath shorter{0, 3, {listPath(leaves, 0).siblings[1], listPath(leaves, 0).siblings[2]}};
    const auto reached = rootOfListPath(inner, shorter);
    QVERIFY(reached.ok() && *reached != listRoot(leaves));
    QVERIFY(!rootOfListPath(leaves[0], {0, kMaxTransactions + 1, {}}).ok());
}

QTEST_APPLESS_MAIN(TestListPath)
#include "tst_list_path.moc"
