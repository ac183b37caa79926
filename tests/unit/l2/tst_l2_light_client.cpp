// SPDX-License-Identifier: MIT
// core/l2: the light client against nodes that lie: forged headers, values and proofs, things left out, old
// batches, and a sequencer that signs twice.
#include "tests/unit/l2/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::test;

namespace {
const std::string kNode = "node-1";

std::string verdictName(const Verdict& verdict)
{
    if (std::holds_alternative<Verified>(verdict)) return "verified";
    if (const auto* open = std::get_if<Unverified>(&verdict)) return "unverified " + open->reason;
    return "invalid " + std::get<Invalid>(verdict).reason;
}

// Alice's deposit and one payment to Bob; everything shown to the client.
struct World {
    Layer layer;
    TestVault vault;
    Transaction payment;
    LightClient client;

    World() : vault(layer.fund(layer.alice)), client(layer.params, layer.chain)
    {
        payment = layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(5'000)});
        layer.commit({payment});
        layer.commit();
        for (std::size_t i = 1; i < layer.batches.size(); ++i) {
            if (!std::holds_alternative<Verified>(client.addBatch(layer.batches[i], kNode))) std::abort();
        }
    }
    [[nodiscard]] StateAnswer answer(const ObjectId& id, std::size_t batch) const
    {
        const StateTree& state = layer.states[batch];
        StateAnswer out;
        out.batch = layer.batches[batch].head;
        if (const Bytes* value = state.find(id.key())) out.value = *value;
        out.proof = state.prove(id.key());
        out.provider = kNode;
        return out;
    }
    [[nodiscard]] StateAnswer answer(const ObjectId& id) const { return answer(id, layer.states.size() - 1); }
    [[nodiscard]] ObjectId alice() const { return accountId(layer.alice.xOnlyPublicKey()); }
    [[nodiscard]] SignedHeader resigned(BatchHeader header) const
    {
        return must(signHeader(header, layer.sequencer));
    }
    [[nodiscard]] BatchHeader next() const
    {
        BatchHeader out = layer.head();
        out.parent = layer.head().hash();
        out.height.value += 1;
        out.time += 5;
        return out;
    }
};
} // namespace

class TestLightClient : public QObject {
    Q_OBJECT
private slots:
    void provenValueIsVerifiedButTheRootIsNot();
    void provenAbsenceIsVerified();
    void forgedValueIsInvalid();
    void wrongProofIsInvalid();
    void omittedAccountIsInvalid();
    void replayedOldBatchIsStale();
    void headerOfAStrangerIsInvalid();
    void headerOfAnotherChainIsInvalid();
    void headerWithForeignFieldsIsInvalid();
    void rootUnderAHeaderNobodyLinkedIsUnverified();
    void gapsAreUnverifiedAndWrongParentsInvalid();
    void timeAndBitcoinNeverRunBackwards();
    void blockThatTheOwnChainDoesNotHaveIsUnverified();
    void twoHeadersOfOneHeightAreEvidence();
    void replacementNeedsTheOldBlockToHaveLeftBitcoin();
    void bodyThatIsNotTheHeadersIsInvalid();
    void completeHistoryIsVerifiedAndAnOmissionNoticed();
    void claimIsVerifiedAgainstTheCounters();
    void storedHeadersAreCheckedAgain();
    void aVerdictFollowsTheOwnBitcoinChain();
    void whatIsProvenReachesBackFromItsHash();
    void nothingIsProvenWhileTheProofsBlockIsGone();
    void aLaterContradictionHidesNoEarlierOne();
    void aProofOfAnotherHashProvesNothing();
    void aContradictionIsInvalidFromItsNumberOn();
    void aContradictionEndsWithAProofOfTheOwnHeaders();
    void aContradictionEndsWhenTheHeaderIsReplaced();
};

void TestLightClient::provenValueIsVerifiedButTheRootIsNot()
{
    World w;
    const Verdict verdict = w.client.checkState(w.answer(w.alice()), w.alice());
    const auto* verified = std::get_if<Verified>(&verdict);
    QVERIFY2(verified != nullptr, verdictName(verdict).c_str());
    QCOMPARE(verified->batch, w.layer.head().height);
    QCOMPARE(verified->root, w.layer.head().stateRoot);
    QCOMPARE(verified->finality.rootProof, RootProof::NotProven);
    QCOMPARE(verified->finality.l1Height, w.layer.head().l1Height);
    QCOMPARE(verified->finality.l1Confirmations, 2U); // k = 1: the block and one on top
}

void TestLightClient::provenAbsenceIsVerified()
{
    World w;
    const ObjectId nobody = accountId(keyOf(99).xOnlyPublicKey());
    QCOMPARE(verdictName(w.client.checkState(w.answer(nobody), nobody)), std::string("verified"));
}

void TestLightClient::forgedValueIsInvalid()
{
    World w;
    StateAnswer forged = w.answer(w.alice());
    Account account = must(parseAccount(*forged.value));
    account.btc += Amount::fromSat(1);
    forged.value = account.encode();
    const Verdict verdict = w.client.checkState(forged, w.alice());
    QCOMPARE(verdictName(verdict), std::string("invalid bad-proof"));
    QCOMPARE(std::get<Invalid>(verdict).provider, kNode);
}

void TestLightClient::wrongProofIsInvalid()
{
    World w;
    StateAnswer other = w.answer(w.alice());
    other.proof = w.answer(accountId(w.layer.bob.xOnlyPublicKey())).proof;
    QCOMPARE(verdictName(w.client.checkState(other, w.alice())), std::string("invalid bad-proof"));
    StateAnswer bobs = w.answer(accountId(w.layer.bob.xOnlyPublicKey()));
    QCOMPARE(verdictName(w.client.checkState(bobs, w.alice())), std::string("invalid bad-proof"));
    // A good proof of an older batch under the newest header.
    StateAnswer mixed = w.answer(w.alice(), 1);
    mixed.batch = w.layer.batches.back().head;
    QCOMPARE(verdictName(w.client.checkState(mixed, w.alice())), std::string("invalid bad-proof"));
}

void TestLightClient::omittedAccountIsInvalid()
{
    World w;
    StateAnswer omitted = w.answer(w.alice());
    omitted.value.reset();
    QCOMPARE(verdictName(w.client.checkState(omitted, w.alice())), std::string("invalid bad-proof"));
    omitted.proof.end = ProofEnd::Empty;
    QCOMPARE(verdictName(w.client.checkState(omitted, w.alice())), std::string("invalid bad-proof"));
    const ObjectId nobody = accountId(keyOf(99).xOnlyPublicKey());
    omitted.proof = w.answer(nobody).proof; // an honest proof of somebody else's absence
    QCOMPARE(verdictName(w.client.checkState(omitted, w.alice())), std::string("invalid bad-proof"));
}

void TestLightClient::replayedOldBatchIsStale()
{
    World w;
    const StateAnswer old = w.answer(w.alice(), 2);
    const BatchNumber newest = w.layer.head().height;
    QCOMPARE(verdictName(w.client.checkState(old, w.alice(), newest)), std::string("unverified stale"));
    // Without a demand it is true of its own batch, and says which.
    const Verdict verdict = w.client.checkState(old, w.alice());
    QCOMPARE(std::get<Verified>(verdict).batch.value, 2ULL);
}

void TestLightClient::headerOfAStrangerIsInvalid()
{
    World w;
    const SignedHeader forged = must(signHeader(w.next(), w.layer.alice));
    QCOMPARE(verdictName(w.client.addHeader(forged, kNode)), std::string("invalid bad-signature"));
    StateAnswer answer = w.answer(w.alice());
    answer.batch.header.stateRoot.bytes[0] ^= 1;
    QCOMPARE(verdictName(w.client.checkState(answer, w.alice())), std::string("invalid bad-signature"));
    QVERIFY(w.client.evidence().empty());
    // Genesis carries no signature, so that nothing but the genesis computed here may pass for it.
    StateAnswer genesis = w.answer(countersId(), 0);
    QCOMPARE(verdictName(w.client.checkState(genesis, countersId())), std::string("verified"));
    genesis.batch.header.time += 1;
    QCOMPARE(verdictName(w.client.checkState(genesis, countersId())), std::string("invalid bad-header"));
    QCOMPARE(verdictName(w.client.addHeader(genesis.batch, kNode)), std::string("invalid bad-signature"));
}

void TestLightClient::headerOfAnotherChainIsInvalid()
{
    World w;
    BatchHeader header = w.next();
    header.chainId.bytes[0] ^= 1;
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(header), kNode)),
             std::string("invalid foreign-chain"));
}

void TestLightClient::headerWithForeignFieldsIsInvalid()
{
    World w;
    const auto refused = [&w](void (*change)(BatchHeader&)) {
        BatchHeader header = w.next();
        change(header);
        return verdictName(w.client.addHeader(w.resigned(header), kNode)) == "invalid bad-header";
    };
    QVERIFY(refused([](BatchHeader& h) { h.seqSet.bytes[0] ^= 1; }));
    QVERIFY(refused([](BatchHeader& h) { h.nextSeqSet.bytes[0] ^= 1; }));
    QVERIFY(refused([](BatchHeader& h) { h.proposer[0] ^= 1; }));
    QVERIFY(refused([](BatchHeader& h) { h.gasLimit += 1; }));
    QVERIFY(refused([](BatchHeader& h) { h.gasUsed = h.gasLimit + 1; }));
    QVERIFY(refused([](BatchHeader& h) { h.baseFee = 0; }));
    QVERIFY(refused([](BatchHeader& h) { h.stateRoot.bytes.fill(0xff); }));
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(w.next()), kNode)), std::string("verified"));
}

void TestLightClient::rootUnderAHeaderNobodyLinkedIsUnverified()
{
    World w;
    w.layer.commit();
    w.layer.commit();
    const StateAnswer ahead = w.answer(w.alice());
    QCOMPARE(verdictName(w.client.checkState(ahead, w.alice())), std::string("unverified unknown-batch"));
}

void TestLightClient::gapsAreUnverifiedAndWrongParentsInvalid()
{
    World w;
    BatchHeader far = w.next();
    far.height.value += 1;
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(far), kNode)), std::string("unverified not-linked"));
    BatchHeader stray = w.next();
    stray.parent.bytes[0] ^= 1;
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(stray), kNode)), std::string("invalid bad-parent"));
}

void TestLightClient::timeAndBitcoinNeverRunBackwards()
{
    World w;
    BatchHeader early = w.next();
    early.time = w.layer.head().time;
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(early), kNode)), std::string("invalid bad-header"));
    BatchHeader lower = w.next();
    lower.l1Height.value -= 1;
    lower.l1Hash = *w.layer.chain.hashAt(lower.l1Height);
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(lower), kNode)), std::string("invalid bad-header"));
}

void TestLightClient::blockThatTheOwnChainDoesNotHaveIsUnverified()
{
    World w;
    BatchHeader behind = w.next();
    behind.l1Height = w.layer.chain.tip() + 5;
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(behind), kNode)), std::string("unverified l1-behind"));
    World v;
    BatchHeader elsewhere = v.next();
    elsewhere.l1Hash.bytes[0] ^= 1;
    QCOMPARE(verdictName(v.client.addHeader(v.resigned(elsewhere), kNode)),
             std::string("unverified l1-elsewhere"));
}

void TestLightClient::twoHeadersOfOneHeightAreEvidence()
{
    World w;
    BatchHeader second = w.layer.head();
    second.time += 1;
    const SignedHeader other = w.resigned(second);
    QCOMPARE(verdictName(w.client.addHeader(other, "node-2")), std::string("invalid equivocation"));
    QCOMPARE(verdictName(w.client.addHeader(other, "node-2")), std::string("invalid equivocation"));
    QCOMPARE(w.client.evidence().size(), std::size_t{1});
    const Equivocation& found = w.client.evidence()[0];
    QCOMPARE(found.first, w.layer.batches.back().head);
    QCOMPARE(found.second, other);
    QVERIFY(checkHeaderSignature(found.first, w.layer.params.sequencerKey).ok());
    QVERIFY(checkHeaderSignature(found.second, w.layer.params.sequencerKey).ok());
    QCOMPARE(w.client.head(), w.layer.batches.back().head); // what was there first stays
}

void TestLightClient::replacementNeedsTheOldBlockToHaveLeftBitcoin()
{
    World w;
    const SignedHeader old = w.client.head();
    BatchHeader replacement = old.header;
    replacement.time += 1;
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(replacement), kNode)),
             std::string("invalid equivocation"));
    // A reorg takes away the Bitcoin block that the old batches had confirmed.
    w.layer.chain.cut({old.header.l1Height.value - 1});
    w.layer.chain.mineMany(4, 77);
    // A replacement that also stands on the lost block helps nobody.
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(replacement), kNode)),
             std::string("unverified l1-elsewhere"));
    QCOMPARE(w.client.head(), old);
    // The first replaced batch is the first one that named the lost block, not the head.
    BatchNumber first = old.header.height;
    while (w.client.headerAt({first.value - 1})->header.l1Height >= old.header.l1Height) first.value -= 1;
    BatchHeader fresh = w.client.headerAt(first)->header;
    fresh.time += 1;
    fresh.l1Hash = *w.layer.chain.hashAt(fresh.l1Height);
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(fresh), kNode)), std::string("verified"));
    QCOMPARE(w.client.head().header.height, first);
    QCOMPARE(w.client.evidence().size(), std::size_t{1}); // only the one from before the reorg
}

void TestLightClient::bodyThatIsNotTheHeadersIsInvalid()
{
    World w;
    SignedBatch batch = w.layer.batches[2];
    batch.body.transactions.clear();
    QCOMPARE(verdictName(w.client.addBatch(batch, kNode)), std::string("invalid bad-body"));
    SignedBatch known = w.layer.batches[2];
    QCOMPARE(verdictName(w.client.addBatch(known, kNode)), std::string("verified"));
    QCOMPARE(must(parseSignedBatch(known.encode())), known);
}

void TestLightClient::completeHistoryIsVerifiedAndAnOmissionNoticed()
{
    World w;
    const XOnlyPublicKey key = w.layer.alice.xOnlyPublicKey();
    std::vector<HistoryEntry> entries{{w.vault.mint.hash(), {1}, 0}, {w.payment.hash(), {2}, 0}};
    const StateAnswer account = w.answer(w.alice());
    QCOMPARE(verdictName(w.client.checkHistory(account, key, entries)), std::string("verified"));
    entries.pop_back();
    QCOMPARE(verdictName(w.client.checkHistory(account, key, entries)), std::string("invalid bad-history"));
    QCOMPARE(verdictName(w.client.checkHistory(account, key, {})), std::string("invalid bad-history"));
    const XOnlyPublicKey nobody = keyOf(99).xOnlyPublicKey();
    const StateAnswer absent = w.answer(accountId(nobody));
    QCOMPARE(verdictName(w.client.checkHistory(absent, nobody, {})), std::string("verified"));
    QCOMPARE(verdictName(w.client.checkHistory(absent, nobody, entries)), std::string("invalid bad-history"));
}

void TestLightClient::claimIsVerifiedAgainstTheCounters()
{
    World w;
    w.layer.registerOperator(0);
    w.layer.fund(w.layer.operators[0]);
    const Transaction burn = w.layer.make(w.layer.operators[0], w.vault.claims[0]);
    w.layer.commit({burn});
    for (std::size_t i = 4; i < w.layer.batches.size(); ++i)
        (void)w.client.addBatch(w.layer.batches[i], kNode);
    const Digest id =
        claimId(burn.hash(), w.vault.depositId, w.layer.operators[0].xOnlyPublicKey(), w.vault.leaves[0]);
    const auto path = appendPath(AppendHash::Claims, std::span(&id, 1), 0);
    const StateAnswer counters = w.answer(countersId());
    QCOMPARE(verdictName(w.client.checkClaim(counters, id, 0, path)), std::string("verified"));
    Digest other = id;
    other.bytes[0] ^= 1;
    QCOMPARE(verdictName(w.client.checkClaim(counters, other, 0, path)), std::string("invalid bad-proof"));
    QCOMPARE(verdictName(w.client.checkClaim(counters, id, 1, path)), std::string("invalid bad-proof"));
}

void TestLightClient::storedHeadersAreCheckedAgain()
{
    World w;
    std::vector<SignedHeader> stored;
    for (std::size_t i = 1; i < w.layer.batches.size(); ++i) stored.push_back(w.layer.batches[i].head);
    LightClient again(w.layer.params, w.layer.chain);
    QVERIFY(again.restore(stored).ok());
    QCOMPARE(again.head(), w.client.head());
    LightClient damaged(w.layer.params, w.layer.chain);
    stored[1].signature[0] ^= 1;
    QVERIFY(!damaged.restore(stored).ok());
    stored[1] = stored[2];
    LightClient gap(w.layer.params, w.layer.chain);
    QVERIFY(!gap.restore(stored).ok());
}

void TestLightClient::aVerdictFollowsTheOwnBitcoinChain()
{
    World w;
    const BatchNumber head = w.client.head().header.height;
    QCOMPARE(verdictName(w.client.verdictOf(head)), std::string("verified"));
    QCOMPARE(w.client.verifiedHead(), head);
    QCOMPARE(verdictName(w.client.verdictOf({head.value + 1})), std::string("unverified unknown-batch"));
    // The own chain loses the block that the head names.
    const Height l1 = w.client.head().header.l1Height;
    w.layer.chain.cut({l1.value - 1});
    QCOMPARE(verdictName(w.client.verdictOf(head)), std::string("unverified l1-behind"));
    w.layer.chain.mineMany(4, 77);
    QCOMPARE(verdictName(w.client.verdictOf(head)), std::string("unverified l1-elsewhere"));
    const BatchNumber last = w.client.verifiedHead();
    QVERIFY(last < head);
    QCOMPARE(verdictName(w.client.verdictOf(last)), std::string("verified"));
    QCOMPARE(verdictName(w.client.verdictOf({last.value + 1})), std::string("unverified l1-elsewhere"));
}

namespace {
ProvenBatch provenBatch(const World& w, std::size_t number)
{
    return {{number}, w.layer.batches[number].head.header.hash()};
}
ProvenBatch otherBatch(std::size_t number) { return {{number}, BatchHash{digestOf(3).bytes}}; }
bool isProven(const LightClient& client, std::uint64_t number)
{
    return std::get<Verified>(client.verdictOf({number})).finality.rootProof == RootProof::Proven;
}
} // namespace

void TestLightClient::whatIsProvenReachesBackFromItsHash()
{
    World w;
    w.client.setProven(provenBatch(w, 2));
    for (const std::uint64_t n : {0U, 1U, 2U}) QVERIFY(isProven(w.client, n));
    QVERIFY(!isProven(w.client, 3));
    const Verdict old = w.client.checkState(w.answer(w.alice(), 2), w.alice());
    QCOMPARE(std::get<Verified>(old).finality.rootProof, RootProof::Proven);
    const Verdict newest = w.client.checkState(w.answer(w.alice()), w.alice());
    QCOMPARE(std::get<Verified>(newest).finality.rootProof, RootProof::NotProven);
    // A forged value is not proven by the root.
    StateAnswer forged = w.answer(w.alice(), 2);
    forged.value->front() ^= 1;
    QCOMPARE(verdictName(w.client.checkState(forged, w.alice())), std::string("invalid bad-proof"));
    w.client.setProven(std::nullopt);
    QVERIFY(!isProven(w.client, 1));
    // Told before its header is there: it counts when that comes.
    LightClient fresh(w.layer.params, w.layer.chain);
    fresh.setProven(provenBatch(w, 2));
    QVERIFY(!isProven(fresh, 0));
    std::vector<SignedHeader> headers;
    for (std::size_t i = 1; i <= 2; ++i) headers.push_back(w.layer.batches[i].head);
    QCOMPARE(verdictName(fresh.addHeader(headers[0], kNode)), std::string("verified"));
    QVERIFY(!isProven(fresh, 1));
    QCOMPARE(verdictName(fresh.addHeader(headers[1], kNode)), std::string("verified"));
    QVERIFY(isProven(fresh, 1));
    LightClient restored(w.layer.params, w.layer.chain);
    restored.setProven(provenBatch(w, 2));
    QVERIFY(restored.restore(headers).ok());
    QVERIFY(isProven(restored, 2));
}

void TestLightClient::nothingIsProvenWhileTheProofsBlockIsGone()
{
    World w;
    w.layer.chain.mineMany(3);
    w.layer.commit(); // names a later block than those before
    QCOMPARE(verdictName(w.client.addBatch(w.layer.batches.back(), kNode)), std::string("verified"));
    const std::size_t last = w.layer.batches.size() - 1;
    w.client.setProven(provenBatch(w, last));
    QVERIFY(isProven(w.client, last) && isProven(w.client, 1));
    // A reorganisation takes that block and leaves the earlier ones. Nobody has told the client yet.
    const MinedChain before = w.layer.chain;
    w.layer.chain.cut({w.layer.head().l1Height.value - 1});
    w.layer.chain.mineMany(4, 9);
    QCOMPARE(verdictName(w.client.verdictOf({last})), std::string("unverified l1-elsewhere"));
    QCOMPARE(verdictName(w.client.verdictOf({1})), std::string("verified"));
    QVERIFY(!isProven(w.client, 1));
    const Verdict old = w.client.checkState(w.answer(w.alice(), 2), w.alice());
    QCOMPARE(std::get<Verified>(old).finality.rootProof, RootProof::NotProven);
    w.layer.chain = before;
    QVERIFY(isProven(w.client, 1));
}

void TestLightClient::aLaterContradictionHidesNoEarlierOne()
{
    World w;
    w.client.contradict(otherBatch(2), kNode);
    w.client.contradict(otherBatch(3), kNode);
    QCOMPARE(verdictName(w.client.verdictOf({1})), std::string("verified"));
    QCOMPARE(verdictName(w.client.verdictOf({2})), std::string("invalid proven-otherwise"));
    // Each is settled for itself.
    w.client.setProven(provenBatch(w, 2));
    QCOMPARE(verdictName(w.client.verdictOf({2})), std::string("verified"));
    QCOMPARE(verdictName(w.client.verdictOf({3})), std::string("invalid proven-otherwise"));
    w.client.setProven(provenBatch(w, 3));
    QCOMPARE(verdictName(w.client.verdictOf({3})), std::string("verified"));
}

void TestLightClient::aProofOfAnotherHashProvesNothing()
{
    World w;
    w.client.setProven(otherBatch(2));
    for (const std::uint64_t n : {0U, 1U, 2U, 3U}) QVERIFY(!isProven(w.client, n));
}

void TestLightClient::aContradictionIsInvalidFromItsNumberOn()
{
    World w;
    w.client.contradict(otherBatch(2), kNode);
    QCOMPARE(verdictName(w.client.verdictOf({1})), std::string("verified"));
    QCOMPARE(verdictName(w.client.verdictOf({2})), std::string("invalid proven-otherwise"));
    QCOMPARE(std::get<Invalid>(w.client.verdictOf({3})).provider, kNode);
    QCOMPARE(w.client.verifiedHead().value, 1ULL);
    QCOMPARE(verdictName(w.client.checkState(w.answer(w.alice()), w.alice())),
             std::string("invalid proven-otherwise"));
    // What follows is of the same history, and known all the same.
    w.layer.commit();
    QCOMPARE(verdictName(w.client.addBatch(w.layer.batches.back(), kNode)),
             std::string("invalid proven-otherwise"));
    QCOMPARE(w.client.head().header, w.layer.head());
    // An older proof of the own headers does not explain it.
    w.client.setProven(provenBatch(w, 1));
    QCOMPARE(verdictName(w.client.verdictOf({2})), std::string("invalid proven-otherwise"));
}

void TestLightClient::aContradictionEndsWithAProofOfTheOwnHeaders()
{
    World w;
    w.client.contradict(otherBatch(2), kNode);
    w.client.setProven(provenBatch(w, 2));
    for (const std::uint64_t n : {1U, 2U}) QVERIFY(isProven(w.client, n));
    QCOMPARE(verdictName(w.client.verdictOf({3})), std::string("verified"));
    // The hash that is held contradicts nothing, and neither does one of a number that is not held.
    w.client.contradict(provenBatch(w, 3), kNode);
    w.client.contradict(otherBatch(9), kNode);
    QCOMPARE(verdictName(w.client.verdictOf({3})), std::string("verified"));
}

void TestLightClient::aContradictionEndsWhenTheHeaderIsReplaced()
{
    World w;
    w.layer.chain.mineMany(3);
    w.layer.commit(); // names the block that leaves
    const std::uint64_t number = w.layer.head().height.value;
    QCOMPARE(verdictName(w.client.addBatch(w.layer.batches.back(), kNode)), std::string("verified"));
    BatchHeader other = w.layer.head();
    const Height fork{other.l1Height.value - 1};
    w.layer.chain.cut(fork);
    w.layer.chain.mineMany(6, 9);
    other.l1Hash = *w.layer.chain.hashAt(other.l1Height);
    w.client.contradict({{number}, other.hash()}, kNode);
    QCOMPARE(verdictName(w.client.addHeader(w.resigned(other), kNode)), std::string("verified"));
    QCOMPARE(verdictName(w.client.verdictOf({number})), std::string("verified"));
}

QTEST_APPLESS_MAIN(TestLightClient)
#include "tst_l2_light_client.moc"
