// SPDX-License-Identifier: MIT
// core/seal: anchors as they are made, signed, read and judged.
#include "core/bitcoin/sighash.h"
#include "core/bridge/scripts.h"
#include "tests/unit/seal/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::seal;
using namespace bowline::seal::test;

namespace {
l2::BatchHeader batch(std::uint64_t number) { return makeHistory(number).at({number}); }
} // namespace

class TestSealAnchor : public QObject {
    Q_OBJECT
private slots:
    void aCommitmentHasItsBytesInOrder();
    void otherBytesAreNoCommitment();
    void aCommitmentSpeaksOfOneBatch();
    void anAnchorIsSignedForTheSealsKey();
    void anAnchorIsAsLargeAsItSays();
    void anAnchorPaysOutOfTheSeal();
    void whatWasAddedComesToTheNextSeal();
    void spendsAreToldApart();
    void theCommitteeEndsOrMovesTheChainByItsLeaf();
};

void TestSealAnchor::aCommitmentHasItsBytesInOrder()
{
    Commitment said;
    said.batch = {0x01020304};
    said.l1Height = {0x0a0b0c0d};
    said.l1Hash.bytes.fill(0x55);
    said.hash.bytes.fill(0x66);
    const std::string hex = "42574c53"
                            "01"
                            "01"
                            "04030201"
                            "0d0c0b0a" +
                            std::string(64, '5') + std::string(64, '6');
    QCOMPARE(base::toHex(said.encode()), hex);
    QCOMPARE(*parseCommitment(said.encode()), said);
    // OP_RETURN, OP_PUSHDATA1, 78: 81 bytes, of the 83 that nodes hand on.
    QCOMPARE(base::toHex(commitmentScript(said)), "6a4c4e" + hex);
}

void TestSealAnchor::otherBytesAreNoCommitment()
{
    const auto good = Commitment::of(batch(3))->encode();
    for (const std::size_t place : {0U, 4U, 5U}) {
        auto bytes = good;
        bytes.at(place) ^= 1;
        const auto parsed = parseCommitment(bytes);
        QVERIFY(!parsed.ok());
        QVERIFY(parsed.error().code == kBadCommitment);
    }
    QVERIFY(!parseCommitment(base::ByteView(good).first(77)).ok());
    base::Bytes longer = base::toBytes(good);
    longer.push_back(0);
    QVERIFY(!parseCommitment(longer).ok());
}

void TestSealAnchor::aCommitmentSpeaksOfOneBatch()
{
    const l2::BatchHeader header = batch(3);
    Commitment said = *Commitment::of(header);
    QVERIFY(said.speaksOf(header));
    QVERIFY(!said.speaksOf(batch(4)));
    QVERIFY(!said.speaksOf(makeHistory(3, 0, 1).at({3})));
    // The block that it names must be the header's: otherwise it could be void for some and not for others.
    said.l1Height.value += 1;
    QVERIFY(!said.speaksOf(header));
    l2::BatchHeader far = header;
    far.height = {1ULL << 32U};
    QVERIFY(!Commitment::of(far).ok());
}

void TestSealAnchor::anAnchorIsSignedForTheSealsKey()
{
    const SealTerms terms = makeTerms();
    const SealFollower follower(terms);
    const bitcoin::Transaction anchor = anchorOf(follower, batch(3));
    const bitcoin::TxOut spent{terms.first().value, terms.script()};
    const base::Digest hash =
        *bitcoin::SighashContext(anchor, {&spent, 1}).taproot(0, bitcoin::kSighashDefault);
    QCOMPARE(anchor.inputs[0].witness.size(), std::size_t{1});
    const auto signature = base::toArray<64>(anchor.inputs[0].witness[0]);
    QVERIFY(crypto::verifySchnorr(terms.output().outputKey(), hash.view(), *signature));
    const auto wrong =
        terms.makeAnchor(terms.first(), *Commitment::of(batch(3)), Amount::fromSat(400), committeeKey());
    QVERIFY(wrong.error().code == kWrongKey);
}

void TestSealAnchor::anAnchorIsAsLargeAsItSays()
{
    QCOMPARE(anchorOf(SealFollower(makeTerms()), batch(3)).virtualSize(), SealTerms::kAnchorSize);
}

void TestSealAnchor::anAnchorPaysOutOfTheSeal()
{
    const SealTerms terms = makeTerms();
    const Commitment said = *Commitment::of(batch(3));
    const auto make = [&](std::int64_t value, std::int64_t fee) {
        return terms.makeAnchor({terms.first().outpoint, Amount::fromSat(value)}, said, Amount::fromSat(fee),
                                sequencerKey());
    };
    QCOMPARE(make(10'000, 400)->outputs[0].value, Amount::fromSat(9'600));
    QVERIFY(make(730, 400).ok()); // 330 is no dust
    QVERIFY(make(729, 400).error().code == kDry);
}

void TestSealAnchor::whatWasAddedComesToTheNextSeal()
{
    const SealTerms terms = makeTerms();
    const Commitment said = *Commitment::of(batch(3));
    const std::vector<Seal> added{{{Txid{{8}}, 0}, Amount::fromSat(50'000)},
                                  {{Txid{{9}}, 2}, Amount::fromSat(1'000)}};
    const auto anchor = *terms.makeAnchor(terms.first(), said, Amount::fromSat(700), sequencerKey(), added);
    QCOMPARE(anchor.inputs.size(), std::size_t{3});
    QVERIFY(anchor.inputs[0].prevout == terms.first().outpoint);
    QCOMPARE(anchor.outputs[0].value, terms.first().value + Amount::fromSat(51'000 - 700));
    QVERIFY(terms.judge(anchor, 0).kind == SpendKind::Anchor);
    std::vector<bitcoin::TxOut> spent{{terms.first().value, terms.script()}};
    for (const Seal& each : added) spent.push_back({each.value, terms.script()});
    const bitcoin::SighashContext sighash(anchor, spent);
    for (std::size_t i = 0; i < spent.size(); ++i) {
        const auto signature = base::toArray<64>(anchor.inputs[i].witness.at(0));
        const base::Digest hash = *sighash.taproot(i, bitcoin::kSighashDefault);
        QVERIFY(crypto::verifySchnorr(terms.output().outputKey(), hash.view(), *signature));
    }
    const std::span<const bitcoin::TxOut> further(spent.data() + 1, 2);
    QVERIFY(terms.isSigned(anchor, terms.first().value, further));
    QVERIFY(!terms.isSigned(anchor, terms.first().value, further.first(1)));
    QVERIFY(!terms.isSigned(anchor, terms.first().value + Amount::fromSat(1), further));
    QVERIFY(anchor.virtualSize() <= SealTerms::kAnchorSize + 2 * SealTerms::kAddedSize);
    // A seal that alone would be dry goes on with what was added.
    const Seal dry{terms.first().outpoint, Amount::fromSat(400)};
    QVERIFY(terms.makeAnchor(dry, said, Amount::fromSat(402), sequencerKey()).error().code == kDry);
    QVERIFY(terms.makeAnchor(dry, said, Amount::fromSat(402), sequencerKey(), added).ok());
}

void TestSealAnchor::spendsAreToldApart()
{
    const SealTerms terms = makeTerms();
    const bitcoin::Transaction good = anchorOf(SealFollower(terms), batch(3));
    const auto judged = terms.judge(good, 0);
    QVERIFY(judged.kind == SpendKind::Anchor);
    QVERIFY(judged.commitment && judged.commitment->speaksOf(batch(3)));

    using Change = std::function<void(bitcoin::Transaction&)>;
    const std::vector<Change> ends{
        [](auto& t) { t.outputs[0].scriptPubKey[5] ^= 1; },         // to somebody else
        [](auto& t) { t.outputs[0].value = Amount::fromSat(329); }, // dust
        [](auto& t) { std::swap(t.outputs[0], t.outputs[1]); },     // other order
    };
    const std::vector<Change> moves{
        [](auto& t) { t.outputs.pop_back(); },              // says nothing
        [](auto& t) { t.outputs[1].scriptPubKey[3] ^= 1; }, // another magic
        [](auto& t) { t.outputs[1].scriptPubKey.insert(t.outputs[1].scriptPubKey.begin() + 1, 0x61); },
        [](auto& t) { t.outputs[1].scriptPubKey.push_back(0x61); }, // more behind it
    };
    for (const auto& [changes, kind] :
         {std::pair(ends, SpendKind::Foreign), std::pair(moves, SpendKind::Move)}) {
        for (const Change& change : changes) {
            bitcoin::Transaction other = good;
            change(other);
            QVERIFY(terms.judge(other, 0).kind == kind);
            QVERIFY(!terms.judge(other, 0).commitment);
        }
    }
    bitcoin::Transaction second = good; // the seal is not the first input
    second.inputs.insert(second.inputs.begin(), bitcoin::TxIn{{Txid{{9}}, 0}, {}, 0, {}});
    QVERIFY(terms.judge(second, 1).kind == SpendKind::Foreign);
    bitcoin::Transaction annexed = good; // an annex is no script
    annexed.inputs[0].witness.push_back({bitcoin::kAnnexTag, 1});
    QVERIFY(terms.judge(annexed, 0).kind == SpendKind::Anchor);
    bitcoin::Transaction paid = good; // the owner adds money and takes change
    paid.inputs.push_back({{Txid{{9}}, 0}, {}, 0, {}});
    paid.outputs.push_back({Amount::fromSat(1'000), terms.script()});
    QVERIFY(terms.judge(paid, 0).kind == SpendKind::Anchor);
}

void TestSealAnchor::theCommitteeEndsOrMovesTheChainByItsLeaf()
{
    const SealTerms terms = makeTerms();
    const bitcoin::Script payTo = bitcoin::payToTaproot(committeeKey().xOnlyPublicKey());
    bitcoin::Transaction recovery = *terms.recovery(terms.first(), Amount::fromSat(500), payTo);
    QCOMPARE(recovery.inputs[0].sequence, 60U); // blocks, BIP68
    const base::Digest hash = *terms.recoverySighash(terms.first(), recovery);
    const auto signature = *crypto::signSchnorr(committeeKey(), hash.view());
    recovery = terms.signedRecovery(recovery, signature);
    const auto& witness = recovery.inputs[0].witness;
    QCOMPARE(witness.size(), std::size_t{3});
    const auto control = *bitcoin::parseControlBlock(witness[2]);
    QVERIFY(bitcoin::checkTaprootCommitment(terms.output().outputKey(), control, witness[1]).ok());
    QCOMPARE(witness[1], *bridge::delayedSignatureLeaf(60, committeeKey().xOnlyPublicKey()));
    QVERIFY(terms.judge(recovery, 0).kind == SpendKind::Recovery);
    QVERIFY(terms.isSigned(recovery, terms.first().value, {}));
    // A signature of the committee for a spend that CHECKSEQUENCEVERIFY does not let through.
    for (const std::uint32_t sequence : {59U, 0xffffffffU, 60U | (1U << 22U)}) {
        bitcoin::Transaction early = recovery;
        early.inputs[0].sequence = sequence;
        const base::Digest said = *terms.recoverySighash(terms.first(), early);
        early = terms.signedRecovery(early, *crypto::signSchnorr(committeeKey(), said.view()));
        QVERIFY(!terms.isSigned(early, terms.first().value, {}));
    }
    // To the next seal it goes on with the chain, and may name a batch: the program sees no witness.
    const Commitment said = *Commitment::of(batch(3));
    const auto named = *terms.recovery(terms.first(), Amount::fromSat(500), terms.script(), said);
    const auto signedNamed = terms.signedRecovery(named, signature);
    QVERIFY(terms.judge(signedNamed, 0).kind == SpendKind::Anchor);
    QCOMPARE(*terms.judge(signedNamed, 0).commitment, said);
    const auto moved = *terms.recovery(terms.first(), Amount::fromSat(500), terms.script());
    QVERIFY(terms.judge(terms.signedRecovery(moved, signature), 0).kind == SpendKind::Move);
}

QTEST_GUILESS_MAIN(TestSealAnchor)
#include "tst_seal_anchor.moc"
