// SPDX-License-Identifier: MIT
// The state transition, claims of vaults: an operator burns exactly a vault's value, one live claim per
// vault, and only Bitcoin ends a claim (rule A12).
#include "tests/unit/l2/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

namespace {
// Two operators with money, and a vault of Alice's.
struct Claimable : Layer {
    TestVault target;
    Claimable()
    {
        registerOperator(0);
        registerOperator(1);
        fund(operators[0]);
        fund(operators[1]);
        target = fund(alice);
    }
    [[nodiscard]] Transaction claimBy(std::size_t index) const
    {
        return make(operators[index], target.claims[index]);
    }
    [[nodiscard]] const ClaimVault& graph(std::size_t index) const { return target.claims[index]; }
    [[nodiscard]] bitcoin::Transaction kickoff(std::size_t index) const
    {
        return spend({graph(index).funding},
                     {{Amount::fromSat(100'000), Bytes{0x51}}, {Amount::fromSat(10'000), Bytes{0x52}}});
    }
    [[nodiscard]] bitcoin::Transaction take(std::size_t index) const
    {
        return spend({target.outpoint, {graph(index).kickoff, 0}, {graph(index).kickoff, 1}},
                     {{target.value, Bytes{0x53}}});
    }
    [[nodiscard]] TxProof mined(const bitcoin::Transaction& transaction)
    {
        const Height height = chain.mine({transaction});
        confirm();
        return chain.prove(height, 1);
    }
};
} // namespace

class TestStfClaim : public QObject {
    Q_OBJECT
private slots:
    void claimBurnsTheValueOfTheVault();
    void claimEntersTheClaimsTree();
    void vaultHasOneLiveClaim();
    void unknownVaultCannotBeClaimed();
    void graphThatTheVaultDoesNotNameIsRefused();
    void leafOfAnotherOperatorIsRefused();
    void onlyOperatorsWithEnoughClaim();
    void settledByItsTake();
    void otherTransactionsDoNotSettle();
    void voidWhenTheFundingWentElsewhere();
    void voidWhenTheKickoffWasVetoed();
    void ownKickoffAndTakeDoNotVoid();
    void endedClaimsStayEnded();
    void voidedVaultIsClaimedAgain();
};

void TestStfClaim::claimBurnsTheValueOfTheVault()
{
    Claimable layer;
    const Amount before = layer.balance(layer.operators[0]);
    const auto done = layer.commit({layer.claimBy(0)});
    QCOMPARE(layer.balance(layer.operators[0]), before - layer.target.value - layer.params.minFee);
    QCOMPARE(layer.vault(layer.target.outpoint).status, VaultStatus::Claimed);
    QCOMPARE(layer.counters().burned, 10'000'000ULL);
    QCOMPARE(layer.claim(0).status, ClaimStatus::Live);
    QCOMPARE(layer.claim(0).operatorKey, layer.operators[0].xOnlyPublicKey());
    QCOMPARE(done.receipts[0].reference, 0ULL);
    QCOMPARE(done.runs, 1U);
    QVERIFY(layer.conserved());
}

void TestStfClaim::claimEntersTheClaimsTree()
{
    Claimable layer;
    const Transaction tx = layer.claimBy(1);
    const auto done = layer.commit({tx});
    const Digest id = claimId(tx.hash(), layer.target.depositId, layer.operators[1].xOnlyPublicKey(),
                              layer.target.leaves[1]);
    const std::vector<Digest> leaves{id};
    const auto path = appendPath(AppendHash::Claims, leaves, 0);
    QVERIFY(verifyAppended(AppendHash::Claims, layer.counters().claims, id, 0, path).ok());
    QCOMPARE(done.statement.claimsRoot, layer.counters().claims.root(AppendHash::Claims));
    QCOMPARE(done.statement.claimsCount, 1ULL);
    QCOMPARE(layer.claim(0).burn, tx.hash());
    const Digest outbox = outboxLeaf(OutboxKind::Claim, 0, tx.hash());
    QCOMPARE(layer.head().outboxAcc,
             rootOfAppendPath(AppendHash::Outbox, outbox, 0,
                              appendPath(AppendHash::Outbox, std::span(&outbox, 1), 0)));
}

void TestStfClaim::vaultHasOneLiveClaim()
{
    Claimable layer;
    const auto both = layer.propose(layer.bodyWith({layer.claimBy(0), layer.claimBy(1)}));
    QCOMPARE(std::get<Execution>(both).rejected.size(), std::size_t{1});
    layer.commit({layer.claimBy(0)});
    QCOMPARE(layer.refusal(layer.claimBy(1)), std::string("claim-vault-not-live"));
    QCOMPARE(layer.refusal(layer.claimBy(0)), std::string("claim-vault-not-live"));
}

void TestStfClaim::unknownVaultCannotBeClaimed()
{
    Claimable layer;
    ClaimVault claim = layer.graph(0);
    claim.vault.index = 1;
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], claim)), std::string("claim-vault-not-live"));
    const TestVault notMinted = layer.makeVault(layer.alice, layer.target.value);
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], notMinted.claims[0])),
             std::string("claim-vault-not-live"));
}

void TestStfClaim::graphThatTheVaultDoesNotNameIsRefused()
{
    Claimable layer;
    const std::string refused = "claim-wrong-graph";
    const auto with = [&layer](void (*change)(ClaimVault&)) {
        ClaimVault claim = layer.graph(0);
        change(claim);
        return layer.refusal(layer.make(layer.operators[0], claim));
    };
    QCOMPARE(with([](ClaimVault& c) { c.funding.index ^= 1; }), refused);
    QCOMPARE(with([](ClaimVault& c) { c.kickoff.bytes[0] ^= 1; }), refused);
    QCOMPARE(with([](ClaimVault& c) { c.take.bytes[0] ^= 1; }), refused);
    QCOMPARE(with([](ClaimVault& c) { c.payout.back() ^= 1; }), refused);
    QCOMPARE(with([](ClaimVault& c) { c.depositId.bytes[0] ^= 1; }), refused);
    QCOMPARE(with([](ClaimVault& c) { c.graphLeaves.pop_back(); }), refused);
    QCOMPARE(with([](ClaimVault& c) { c.graphLeaves.push_back(c.graphLeaves[0]); }), refused);
    QCOMPARE(with([](ClaimVault& c) { std::swap(c.graphLeaves[1], c.graphLeaves[2]); }), refused);
    QCOMPARE(with([](ClaimVault& c) { c.ownIndex = 3; }), std::string("malformed"));
    // A graph of one's own: leaf and list fit each other, but not the vault.
    ClaimVault own = layer.graph(0);
    own.take.bytes[0] ^= 1;
    own.graphLeaves = {
        graphLeaf(layer.operators[0].xOnlyPublicKey(), own.funding, own.kickoff, own.take, own.payout)};
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], own)), refused);
}

void TestStfClaim::leafOfAnotherOperatorIsRefused()
{
    Claimable layer;
    QCOMPARE(layer.refusal(layer.make(layer.operators[1], layer.graph(0))), std::string("claim-wrong-graph"));
    ClaimVault misplaced = layer.graph(0);
    misplaced.ownIndex = 1;
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], misplaced)), std::string("claim-wrong-graph"));
}

void TestStfClaim::onlyOperatorsWithEnoughClaim()
{
    Claimable layer;
    // Operator 2 is in the vault's graph, but never registered.
    layer.fund(layer.operators[2]);
    QCOMPARE(layer.refusal(layer.claimBy(2)), std::string("not-an-operator"));
    const Amount spare = layer.balance(layer.operators[0]) - layer.target.value - layer.params.minFee * 2;
    layer.commit({layer.make(layer.operators[0], Transfer{layer.bob.xOnlyPublicKey(), spare})});
    QCOMPARE(layer.refusal(layer.claimBy(0)), std::string());
    layer.commit({layer.make(layer.operators[0], Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(1)})});
    QCOMPARE(layer.refusal(layer.claimBy(0)), std::string("balance-low"));
}

void TestStfClaim::settledByItsTake()
{
    Claimable layer;
    layer.commit({layer.claimBy(0)});
    (void)layer.mined(layer.kickoff(0));
    const TxProof proof = layer.mined(layer.take(0));
    layer.commit({layer.make(layer.alice, ClaimSettle{0, proof})}); // anybody may show it
    QCOMPARE(layer.claim(0).status, ClaimStatus::Taken);
    QCOMPARE(layer.vault(layer.target.outpoint).status, VaultStatus::Taken);
    QVERIFY(layer.conserved());
    QCOMPARE(layer.refusal(layer.claimBy(1)), std::string("claim-vault-not-live"));
}

void TestStfClaim::otherTransactionsDoNotSettle()
{
    Claimable layer;
    layer.commit({layer.claimBy(0)});
    const TxProof kickoff = layer.mined(layer.kickoff(0));
    const std::string refused = "claim-not-the-take";
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], ClaimSettle{0, kickoff})), refused);
    const TxProof other = layer.mined(layer.take(1));
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], ClaimSettle{0, other})), refused);
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], ClaimSettle{7, other})),
             std::string("claim-unknown"));
    const Height unconfirmed = layer.chain.mine({layer.take(0)});
    QCOMPARE(layer.refusal(layer.make(layer.operators[0], ClaimSettle{0, layer.chain.prove(unconfirmed, 1)})),
             std::string("proof-not-confirmed"));
}

void TestStfClaim::voidWhenTheFundingWentElsewhere()
{
    Claimable layer;
    layer.commit({layer.claimBy(0)});
    const Amount before = layer.balance(layer.operators[0]);
    const TxProof proof = layer.mined(spend({layer.graph(0).funding}, {{Amount::fromSat(1), Bytes{0x51}}}));
    layer.commit({layer.make(layer.alice, ClaimVoid{0, proof})});
    QCOMPARE(layer.claim(0).status, ClaimStatus::Void);
    QCOMPARE(layer.vault(layer.target.outpoint).status, VaultStatus::Live);
    QCOMPARE(layer.balance(layer.operators[0]), before + layer.target.value);
    QCOMPARE(layer.counters().burned, 0ULL);
    QVERIFY(layer.conserved());
}

void TestStfClaim::voidWhenTheKickoffWasVetoed()
{
    for (const std::uint32_t output : {0U, 1U}) {
        Claimable layer;
        layer.commit({layer.claimBy(0)});
        (void)layer.mined(layer.kickoff(0));
        const TxProof veto =
            layer.mined(spend({{layer.graph(0).kickoff, output}}, {{Amount{}, Bytes{0x6a}}}));
        layer.commit({layer.make(layer.alice, ClaimVoid{0, veto})});
        QCOMPARE(layer.claim(0).status, ClaimStatus::Void);
        QVERIFY(layer.conserved());
    }
}

void TestStfClaim::ownKickoffAndTakeDoNotVoid()
{
    Claimable layer;
    layer.commit({layer.claimBy(0)});
    const std::string refused = "claim-still-possible";
    const TxProof kickoff = layer.mined(layer.kickoff(0));
    QCOMPARE(layer.refusal(layer.make(layer.alice, ClaimVoid{0, kickoff})), refused);
    const TxProof take = layer.mined(layer.take(0));
    QCOMPARE(layer.refusal(layer.make(layer.alice, ClaimVoid{0, take})), refused);
    // The fee bump spends the anchor, output 2, and ends nothing; so does a stranger's transaction.
    const TxProof child =
        layer.mined(spend({{layer.graph(0).kickoff, 2}}, {{Amount::fromSat(1), Bytes{0x51}}}));
    QCOMPARE(layer.refusal(layer.make(layer.alice, ClaimVoid{0, child})), refused);
    const TxProof vault = layer.mined(layer.kickoff(1));
    QCOMPARE(layer.refusal(layer.make(layer.alice, ClaimVoid{0, vault})), refused);
}

void TestStfClaim::endedClaimsStayEnded()
{
    Claimable layer;
    layer.commit({layer.claimBy(0)});
    const TxProof elsewhere =
        layer.mined(spend({layer.graph(0).funding}, {{Amount::fromSat(1), Bytes{0x51}}}));
    layer.commit({layer.make(layer.alice, ClaimVoid{0, elsewhere})});
    QCOMPARE(layer.refusal(layer.make(layer.alice, ClaimVoid{0, elsewhere})), std::string("claim-not-live"));
    const TxProof take = layer.mined(layer.take(0));
    QCOMPARE(layer.refusal(layer.make(layer.alice, ClaimSettle{0, take})), std::string("claim-not-live"));
}

void TestStfClaim::voidedVaultIsClaimedAgain()
{
    Claimable layer;
    layer.commit({layer.claimBy(0)});
    const TxProof elsewhere =
        layer.mined(spend({layer.graph(0).funding}, {{Amount::fromSat(1), Bytes{0x51}}}));
    // Void and the next claim in one batch.
    layer.commit({layer.make(layer.alice, ClaimVoid{0, elsewhere}), layer.claimBy(1)});
    QCOMPARE(layer.claim(1).operatorKey, layer.operators[1].xOnlyPublicKey());
    QCOMPARE(layer.vault(layer.target.outpoint).claimIndex, 1ULL);
    QCOMPARE(layer.vault(layer.target.outpoint).status, VaultStatus::Claimed);
    QVERIFY(layer.conserved());
}

QTEST_APPLESS_MAIN(TestStfClaim)
#include "tst_stf_claim.moc"
