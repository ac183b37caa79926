// SPDX-License-Identifier: MIT
// The tree over the keys' digests.
#include "core/aggregate/key_set.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::aggregate;

namespace {
DigestWords digest(std::uint32_t n)
{
    DigestWords out;
    for (std::uint32_t i = 0; i < 8; ++i) out[i] = Element::from(1000 * n + i + 1);
    return out;
}
KeySet setOf(std::uint32_t count)
{
    std::vector<DigestWords> keys;
    for (std::uint32_t i = 0; i < count; ++i) keys.push_back(digest(i));
    return KeySet::make(std::move(keys)).value();
}
// As the documentation of the tree says, from the leaf up.
DigestWords rootFrom(const DigestWords& key, const KeyOpening& opening)
{
    DigestWords node = field::spongeOf(field::SpongeTag::ProofRow, key);
    for (unsigned layer = 0; layer < KeySet::kDepth; ++layer) {
        const bool right = (opening.place >> (KeySet::kDepth - 1 - layer) & 1U) != 0;
        const DigestWords& sibling = opening.path[layer];
        node = right ? field::compressPair(sibling, node) : field::compressPair(node, sibling);
    }
    return node;
}
} // namespace

class TestAggregateKeySet : public QObject {
    Q_OBJECT
private slots:
    void everyKeyHasItsPath();
    void theRootNamesKeysAndPlaces();
    void whatIsNotInIt();
};

void TestAggregateKeySet::everyKeyHasItsPath()
{
    for (const std::uint32_t count : {1U, 2U, 3U, 255U, 256U}) {
        const KeySet set = setOf(count);
        for (std::uint32_t i = 0; i<count; i += count> 3 ? 37 : 1) {
            const KeyOpening opening = set.open(digest(i)).value();
            QCOMPARE(opening.place, i);
            QCOMPARE(opening.path.size(), std::size_t{KeySet::kDepth});
            QVERIFY(rootFrom(digest(i), opening) == set.root());
            // Nothing else is at that place, and it is at no other.
            QVERIFY(rootFrom(digest(i + 1), opening) != set.root());
            for (unsigned bit = 0; bit < KeySet::kDepth; ++bit) {
                KeyOpening other = opening;
                other.place ^= 1U << bit;
                QVERIFY(rootFrom(digest(i), other) != set.root());
                other = opening;
                other.path[bit][5] += Element::from(1);
                QVERIFY(rootFrom(digest(i), other) != set.root());
            }
        }
    }
}

void TestAggregateKeySet::theRootNamesKeysAndPlaces()
{
    const DigestWords root = setOf(3).root();
    QVERIFY(setOf(2).root() != root && setOf(4).root() != root);
    QVERIFY(KeySet::make({digest(1), digest(0), digest(2)})->root() != root);
    QVERIFY(KeySet::make({digest(0), digest(1), digest(2)})->root() == root);
    // Pinned: it is a value of the protocol.
    QCOMPARE(root[0].value(), 480431480U);
}

void TestAggregateKeySet::whatIsNotInIt()
{
    const KeySet set = setOf(3);
    QVERIFY(set.contains(digest(2)) && !set.contains(digest(3)));
    QCOMPARE(set.open(digest(3)).error().code, kKeyNotInSet);
    QCOMPARE(set.open(DigestWords{}).error().code, kKeyNotInSet);
    QCOMPARE(KeySet::make({digest(0), digest(1), digest(0)}).error().code, kBadKeySet);
    QCOMPARE(KeySet::make({digest(0), DigestWords{}}).error().code, kBadKeySet);
    std::vector<DigestWords> many;
    for (std::uint32_t i = 0; i < 257; ++i) many.push_back(digest(i));
    QCOMPARE(KeySet::make(many).error().code, kBadKeySet);
}

QTEST_APPLESS_MAIN(TestAggregateKeySet)
#include "tst_aggregate_key_set.moc"
