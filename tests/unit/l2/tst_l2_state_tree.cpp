// SPDX-License-Identifier: MIT
// core/l2: the state tree, its proofs, and what a lying node could try with them.
#include "core/l2/proof.h"

#include <QTest>

#include <boost/json.hpp>

#include <fstream>
#include <random>
#include <sstream>

using namespace bowline;
using namespace bowline::l2;
namespace json = boost::json;

namespace {
json::value knownTree()
{
    std::ifstream in(std::string(BOWLINE_SOURCE_DIR) + "/tests/unit/l2/data/known_answers.json");
    std::stringstream text;
    text << in.rdbuf();
    return json::parse(text.str()).at("state_tree");
}

StateKey keyAt(const json::value& known, std::size_t index)
{
    return StateKey::fromHex(std::string(known.at("keys").at(index).as_string())).value();
}

Bytes valueAt(const json::value& known, std::size_t index)
{
    return base::fromHex(std::string(known.at("values").at(index).as_string())).value();
}

StateTree firstLeaves(const json::value& known, std::size_t count)
{
    StateTree tree;
    for (std::size_t i = count; i-- > 0;) tree = tree.with(keyAt(known, i), valueAt(known, i));
    return tree;
}

ObjectId numbered(std::uint64_t number) { return withdrawalId(number); }

StateTree manyLeaves(std::uint64_t count)
{
    StateTree tree;
    for (std::uint64_t i = 0; i < count; ++i)
        tree = tree.with(numbered(i).key(), Bytes{static_cast<std::uint8_t>(i)});
    return tree;
}
} // namespace

class TestStateTree : public QObject {
    Q_OBJECT
private slots:
    void rootsAreThoseOfTheKnownAnswers();
    void proofsAndWitnessesAreThoseOfTheKnownAnswers();
    void orderOfInsertionDoesNotMatter();
    void olderTreesStandAfterChanges();
    void everyPresentKeyIsProvenAndNoOther();
    void changedValueIsRefused();
    void absenceCannotBeClaimedForWhatIsThere();
    void presenceCannotBeClaimedForWhatIsNot();
    void proofOfAnotherKeyIsRefused();
    void changedProofIsRefused();
    void hostileProofBytesAreRefused();
    void missingHistoryEntryIsNoticed();
    void claimAtAnotherPlaceIsRefused();
};

void TestStateTree::rootsAreThoseOfTheKnownAnswers()
{
    const json::value known = knownTree();
    for (const json::value& c : known.at("roots").as_array()) {
        const StateTree tree = firstLeaves(known, c.at("count").to_number<std::size_t>());
        QCOMPARE(tree.root().hex(), std::string(c.at("root").as_string()));
        QCOMPARE(tree.size(), c.at("count").to_number<std::size_t>());
    }
}

void TestStateTree::proofsAndWitnessesAreThoseOfTheKnownAnswers()
{
    const json::value known = knownTree();
    const StateTree tree = firstLeaves(known, known.at("size").to_number<std::size_t>());
    for (const json::value& c : known.at("proofs").as_array()) {
        const StateProof proof = tree.prove(keyAt(known, c.at("key").to_number<std::size_t>()));
        const std::string expected(c.at("proof").as_string());
        QCOMPARE(base::toHex(proof.encode()), expected);
        QCOMPARE(parseStateProof(base::fromHex(expected).value()).value(), proof);
    }
    std::vector<StateKey> keys;
    for (const json::value& i : known.at("witness_keys").as_array()) {
        keys.push_back(keyAt(known, i.to_number<std::size_t>()));
    }
    QCOMPARE(base::toHex(tree.witness(keys)), std::string(known.at("witness").as_string()));
}

void TestStateTree::orderOfInsertionDoesNotMatter()
{
    std::vector<std::uint64_t> order(200);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    std::mt19937_64 random(5);
    std::shuffle(order.begin(), order.end(), random);
    StateTree tree;
    for (const std::uint64_t i : order) tree = tree.with(numbered(i).key(), Bytes{0});
    for (const std::uint64_t i : order)
        tree = tree.with(numbered(i).key(), Bytes{static_cast<std::uint8_t>(i)});
    QCOMPARE(tree.root(), manyLeaves(200).root());
    QCOMPARE(tree.size(), std::size_t{200});
}

void TestStateTree::olderTreesStandAfterChanges()
{
    const StateTree before = manyLeaves(50);
    const StateRoot root = before.root();
    const StateTree after = before.with(numbered(7).key(), Bytes{99}).with(numbered(1000).key(), Bytes{1});
    QCOMPARE(before.root(), root);
    QCOMPARE(*before.find(numbered(7).key()), Bytes{7});
    QCOMPARE(*after.find(numbered(7).key()), Bytes{99});
    QVERIFY(before.find(numbered(1000).key()) == nullptr);
    QVERIFY(after.root() != root);
    QCOMPARE(after.with(numbered(7).key(), Bytes{7}).with(numbered(1000).key(), Bytes{2}).size(),
             std::size_t{51});
}

void TestStateTree::everyPresentKeyIsProvenAndNoOther()
{
    const StateTree tree = manyLeaves(300);
    for (std::uint64_t i = 0; i < 600; ++i) {
        const StateKey key = numbered(i).key();
        const StateProof proof = tree.prove(key);
        const std::optional<Bytes> value =
            i < 300 ? std::optional(Bytes{static_cast<std::uint8_t>(i)}) : std::nullopt;
        QVERIFY(verifyState(tree.root(), key, value, proof).ok());
        QCOMPARE(proof.end == ProofEnd::Found, i < 300);
    }
    QVERIFY(verifyState({}, numbered(1).key(), std::nullopt, StateTree{}.prove(numbered(1).key())).ok());
}

void TestStateTree::changedValueIsRefused()
{
    const StateTree tree = manyLeaves(100);
    const StateKey key = numbered(5).key();
    QCOMPARE(verifyState(tree.root(), key, Bytes{6}, tree.prove(key)).error().code, kProofWrongRoot);
    QCOMPARE(verifyState(tree.root(), key, Bytes{5, 0}, tree.prove(key)).error().code, kProofWrongRoot);
}

void TestStateTree::absenceCannotBeClaimedForWhatIsThere()
{
    const StateTree tree = manyLeaves(100);
    const StateKey key = numbered(5).key();
    const StateProof honest = tree.prove(key);
    QCOMPARE(verifyState(tree.root(), key, std::nullopt, honest).error().code, kProofValueMismatch);
    StateProof empty = honest;
    empty.end = ProofEnd::Empty;
    QCOMPARE(verifyState(tree.root(), key, std::nullopt, empty).error().code, kProofWrongRoot);
    StateProof itself = honest;
    itself.end = ProofEnd::Other;
    itself.otherKey = key;
    itself.otherValue = valueDigest(Bytes{5});
    QCOMPARE(verifyState(tree.root(), key, std::nullopt, itself).error().code, kProofWrongPath);
    // Another leaf with its own, good path.
    StateProof elsewhere = tree.prove(numbered(6).key());
    elsewhere.end = ProofEnd::Other;
    elsewhere.otherKey = numbered(6).key();
    elsewhere.otherValue = valueDigest(Bytes{6});
    QVERIFY(!verifyState(tree.root(), key, std::nullopt, elsewhere).ok());
}

void TestStateTree::presenceCannotBeClaimedForWhatIsNot()
{
    const StateTree tree = manyLeaves(100);
    const StateKey key = numbered(500).key();
    StateProof proof = tree.prove(key);
    proof.end = ProofEnd::Found;
    QVERIFY(!verifyState(tree.root(), key, Bytes{1}, proof).ok());
}

void TestStateTree::proofOfAnotherKeyIsRefused()
{
    const StateTree tree = manyLeaves(100);
    QVERIFY(!verifyState(tree.root(), numbered(5).key(), Bytes{6}, tree.prove(numbered(6).key())).ok());
}

void TestStateTree::changedProofIsRefused()
{
    const StateTree tree = manyLeaves(100);
    const StateKey key = numbered(5).key();
    const StateProof honest = tree.prove(key);
    for (std::size_t i = 0; i < honest.siblings.size(); ++i) {
        StateProof changed = honest;
        changed.siblings[i].bytes[0] ^= 1;
        QVERIFY(!verifyState(tree.root(), key, Bytes{5}, changed).ok());
        StateProof shorter = honest;
        shorter.siblings.erase(shorter.siblings.begin() + static_cast<std::ptrdiff_t>(i));
        QVERIFY(!verifyState(tree.root(), key, Bytes{5}, shorter).ok());
    }
    // w and w + p are the same element: only one of them may stand in a proof (rule B3).
    StateProof aliased = honest;
    base::Reader reader(honest.siblings[0].view());
    const std::uint64_t word = reader.u32le() + std::uint64_t{field::Element::kModulus};
    QVERIFY(word <= 0xffffffffU);
    for (std::size_t i = 0; i < 4; ++i)
        aliased.siblings[0].bytes[i] = static_cast<std::uint8_t>(word >> (8 * i));
    QCOMPARE(verifyState(tree.root(), key, Bytes{5}, aliased).error().code, kBadStateProof);
}

void TestStateTree::hostileProofBytesAreRefused()
{
    const Bytes good = manyLeaves(100).prove(numbered(500).key()).encode();
    for (std::size_t cut = 0; cut < good.size(); ++cut)
        QVERIFY(!parseStateProof(ByteView(good).first(cut)).ok());
    Bytes deep(1 + 249 * 32 + 1, 0);
    deep[0] = 249;
    QCOMPARE(parseStateProof(deep).error().code, kBadStateProof);
    Bytes unknownEnd{0, 3};
    QCOMPARE(parseStateProof(unknownEnd).error().code, kBadStateProof);
}

void TestStateTree::missingHistoryEntryIsNoticed()
{
    std::vector<HistoryEntry> entries;
    field::FieldDigest accumulator;
    for (std::uint8_t i = 0; i < 5; ++i) {
        HistoryEntry entry;
        entry.transaction.bytes[0] = i;
        entry.batch = {std::uint64_t{i} + 1};
        entry.index = i;
        accumulator = historyStep(accumulator, entry.transaction, entry.batch, entry.index);
        entries.push_back(entry);
    }
    QVERIFY(verifyHistory(accumulator, entries).ok());
    for (std::size_t i = 0; i < entries.size(); ++i) {
        auto omitted = entries;
        omitted.erase(omitted.begin() + static_cast<std::ptrdiff_t>(i));
        QCOMPARE(verifyHistory(accumulator, omitted).error().code, kHistoryIncomplete);
        auto moved = entries;
        moved[i].batch.value += 1;
        QVERIFY(!verifyHistory(accumulator, moved).ok());
    }
    QVERIFY(verifyHistory({}, {}).ok());
}

void TestStateTree::claimAtAnotherPlaceIsRefused()
{
    std::vector<Digest> leaves(5);
    Frontier frontier;
    for (std::uint8_t i = 0; i < 5; ++i) {
        leaves[i].bytes[0] = static_cast<std::uint8_t>(i + 1);
        frontier.append(AppendHash::Claims, leaves[i]);
    }
    const auto path = appendPath(AppendHash::Claims, leaves, 3);
    QVERIFY(verifyAppended(AppendHash::Claims, frontier, leaves[3], 3, path).ok());
    QVERIFY(!verifyAppended(AppendHash::Claims, frontier, leaves[3], 2, path).ok());
    QVERIFY(!verifyAppended(AppendHash::Claims, frontier, leaves[2], 3, path).ok());
    QVERIFY(!verifyAppended(AppendHash::Outbox, frontier, leaves[3], 3, path).ok());
    // An empty place is in the tree, but was never appended.
    const auto emptyPath = appendPath(AppendHash::Claims, leaves, 5);
    QVERIFY(!verifyAppended(AppendHash::Claims, frontier, {}, 5, emptyPath).ok());
    QVERIFY(!verifyAppended(AppendHash::Claims, frontier, leaves[3], 3, std::span(path).first(31)).ok());
}

QTEST_APPLESS_MAIN(TestStateTree)
#include "tst_l2_state_tree.moc"
