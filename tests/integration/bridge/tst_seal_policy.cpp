// SPDX-License-Identifier: MIT
// The chain of seals before a real bitcoind with its own policy: anchors, their replacement, and the committee's way out.
#include "core/seal/anchor.h"
#include "tests/integration/bridge/policy_scene.h"

#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;

namespace {

constexpr Amount kSealValue = Amount::fromSat(100'000);

/// A network whose first seal is a real output. Replacements cost what Bitcoin Core asked up to version 29.
struct Sealed {
    Scene scene{3,
                {.extraArguments = {"-acceptnonstdtxn=0", "-incrementalrelayfee=0.00001"}, .connectTo = {}}};
    crypto::PrivateKey sequencer = keyOf("sequencer");
    seal::SealTerms terms = make({});

    Sealed() { terms = make(scene.pay({kSealValue, terms.script()})); }
    [[nodiscard]] seal::SealTerms make(const OutPoint& first) const
    {
        return must(seal::SealTerms::create(scene.network.context->params(), {first, kSealValue, 20}));
    }
    [[nodiscard]] Transaction anchor(const seal::Seal& open, std::uint64_t batch, std::int64_t fee,
                                     const std::vector<seal::Seal>& added = {}) const
    {
        l2::BatchHeader header;
        header.height = {batch};
        return must(terms.makeAnchor(open, must(seal::Commitment::of(header)), Amount::fromSat(fee),
                                     sequencer, added));
    }
    [[nodiscard]] Transaction recovery(const seal::Seal& open) const
    {
        return signedBy(open, must(terms.recovery(open, Amount::fromSat(500), payoutOf("committee"))));
    }
    [[nodiscard]] Transaction signedBy(const seal::Seal& open, const Transaction& unsignedOne) const
    {
        const Digest hash = must(terms.recoverySighash(open, unsignedOne));
        std::vector<crypto::PublicKey> keys;
        for (const PrivateKey& key : scene.network.vaultKeys) keys.push_back(key.publicKey());
        const auto aggregate = must(crypto::KeyAggregation::fromKeys(keys));
        return terms.signedRecovery(unsignedOne, committeeSigns(scene.network, aggregate, hash));
    }
    static seal::Seal after(const Transaction& anchor)
    {
        return {{anchor.txid(), 0}, anchor.outputs[0].value};
    }
};

} // namespace

class TestSealPolicy : public QObject {
    Q_OBJECT
private slots:
    void initTestCase() { SKIP_WITHOUT_BITCOIND(); }
    void anchorsFollowEachOther();
    void aStuckAnchorIsReplaced();
    void whatWasAddedFillsTheSealUp();
    void theCommitteeWaitsForItsBlock();
    void theCommitteeMovesASeal();
};

void TestSealPolicy::anchorsFollowEachOther()
{
    const Sealed sealed;
    const Transaction first = sealed.anchor(sealed.terms.first(), 5, 201); // 1 sat/vB
    QCOMPARE(sealed.scene.refusal(first), std::string());
    sealed.scene.send(first);
    const Transaction second = sealed.anchor(Sealed::after(first), 6, 201);
    sealed.scene.confirm(second); // on top of an unconfirmed one
    QVERIFY(sealed.scene.isConfirmed(first));
    // One seal, one anchor: another one for the first seal comes too late.
    QCOMPARE(sealed.scene.refusal(sealed.anchor(sealed.terms.first(), 5, 5'000)),
             std::string("missing-inputs"));
}

void TestSealPolicy::aStuckAnchorIsReplaced()
{
    const Sealed sealed;
    const Transaction stuck = sealed.anchor(sealed.terms.first(), 5, 402);
    sealed.scene.send(stuck);
    QVERIFY(!sealed.scene.refusal(sealed.anchor(sealed.terms.first(), 5, 402 + 200)).empty());
    const Transaction quick = sealed.anchor(sealed.terms.first(), 5, 804); // twice the rate
    sealed.scene.confirm(quick);
    QCOMPARE(sealed.scene.refusal(stuck), std::string("missing-inputs"));
}

void TestSealPolicy::whatWasAddedFillsTheSealUp()
{
    const Sealed sealed;
    const seal::Seal added{sealed.scene.pay({Amount::fromSat(70'000), sealed.terms.script()}),
                           Amount::fromSat(70'000)};
    const std::int64_t fee = seal::SealTerms::kAnchorSize + seal::SealTerms::kAddedSize; // 1 sat/vB
    const Transaction anchor = sealed.anchor(sealed.terms.first(), 5, fee, {added});
    sealed.scene.confirm(anchor);
    QCOMPARE(anchor.outputs[0].value, kSealValue + added.value - Amount::fromSat(fee));
    sealed.scene.confirm(sealed.anchor(Sealed::after(anchor), 6, 201)); // and the chain goes on
}

void TestSealPolicy::theCommitteeMovesASeal()
{
    const Sealed sealed;
    const Transaction anchor = sealed.anchor(sealed.terms.first(), 5, 402);
    sealed.scene.confirm(anchor);
    sealed.scene.node->mine(19);
    l2::BatchHeader header;
    header.height = {6};
    const seal::Seal open = Sealed::after(anchor);
    const Transaction moved =
        sealed.signedBy(open, must(sealed.terms.recovery(open, Amount::fromSat(500), sealed.terms.script(),
                                                         must(seal::Commitment::of(header)))));
    sealed.scene.confirm(moved);
    QVERIFY(sealed.terms.judge(moved, 0).kind == seal::SpendKind::Anchor);
    sealed.scene.confirm(sealed.anchor(Sealed::after(moved), 7, 402)); // the sequencer's again
}

void TestSealPolicy::theCommitteeWaitsForItsBlock()
{
    const Sealed sealed;
    const Transaction anchor = sealed.anchor(sealed.terms.first(), 5, 402);
    sealed.scene.confirm(anchor);
    const Transaction recovery = sealed.recovery(Sealed::after(anchor));
    QCOMPARE(sealed.scene.refusal(recovery), std::string("non-BIP68-final"));
    sealed.scene.node->mine(18);
    QCOMPARE(sealed.scene.refusal(recovery), std::string("non-BIP68-final"));
    sealed.scene.node->mine(1); // the next block is the twentieth after the anchor's
    QCOMPARE(sealed.scene.refusal(recovery), std::string());
    sealed.scene.confirm(recovery);
    QVERIFY(sealed.terms.judge(recovery, 0).kind == seal::SpendKind::Recovery);
}

QTEST_GUILESS_MAIN(TestSealPolicy)
#include "tst_seal_policy.moc"
