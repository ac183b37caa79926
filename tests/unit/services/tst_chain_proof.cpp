// SPDX-License-Identifier: MIT
// A wallet's line to a node that lies with proofs: stale, forged, of another genesis, another history, another Bitcoin. Each
// is refused by name with what convicts kept, and no balance is ever shown that is not proven. A real socket, a real
// database; batches are made by the real program.
#include "app/services/local/batch_view.h"
#include "core/crypto/hash.h"
#include "tests/support/fault_play.h"
#include "tests/support/patience.h"
#include "tests/unit/proven/real_proofs.h"
#include "tests/unit/services/link_fixture.h"

#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <future>

using namespace bowline;
using namespace bowline::services;
using namespace bowline::test;
using proven::Head;
using proven::test::FakeChecker;
using proven::test::headOf;
using proven::test::makeFile;

namespace {

/// Alice has 0.1 BTC less what she pays in each batch; the node shows all of it, and the wallet is hers.
struct World {
    Layer layer;
    FakeBackend bitcoin;
    FakeNode node;
    QTemporaryDir folder;
    Worker owner;
    std::mutex mutex;
    NodeViewPtr view = std::make_shared<NodeView>();
    std::shared_ptr<FakeChecker> checker = std::make_shared<FakeChecker>();
    std::shared_ptr<const proven::Checker> real; // instead of it
    std::unique_ptr<NodeLink> link;
    std::optional<StateValue> answer; // of the last question
    std::string answerCode;

    World()
    {
        layer.fund(layer.alice);
        while (layer.batches.size() < 7) {
            layer.chain.mine();
            pay(1'000);
        }
        seeAll();
    }
    ~World() { close(); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    void pay(std::int64_t amount)
    {
        layer.commit(
            {layer.make(layer.alice, Transfer{layer.bob.xOnlyPublicKey(), Amount::fromSat(amount)})});
    }
    void seeAll() { bitcoin.show(layer.chain, layer.chain.tip().value); }
    [[nodiscard]] std::vector<SignedHeader> headers() const
    {
        std::vector<SignedHeader> out;
        for (const SignedBatch& batch : layer.batches) out.push_back(batch.head);
        return out;
    }
    void open()
    {
        node.serve(headers());
        node.showState([this](const json::object& params) { return stateOf(params); });
        NodeLink::Events events;
        events.view = [this](NodeViewPtr next) {
            const std::lock_guard lock(mutex);
            view = std::move(next);
        };
        events.relay = [] {};
        l2::Network network;
        network.params = layer.params;
        link = must(NodeLink::open(database(), network, bitcoin, node.endpoint, owner, std::move(events),
                                   real ? real : checker));
        link->start();
    }
    void close()
    {
        if (link) link->stop();
        link.reset();
        const std::lock_guard lock(mutex);
        view = std::make_shared<NodeView>();
    }
    [[nodiscard]] std::string database() const { return folder.filePath("layer2.sqlite").toStdString(); }
    [[nodiscard]] NodeViewPtr now()
    {
        const std::lock_guard lock(mutex);
        return view;
    }
    /// The truth about any account after any batch.
    [[nodiscard]] json::object stateOf(const json::object& params) const
    {
        const std::size_t batch =
            params.contains("batch") ? params.at("batch").to_number<std::size_t>() : layer.batches.size() - 1;
        const ObjectId id{static_cast<ObjectKind>(params.at("kind").to_number<int>()),
                          must(base::fromHex(std::string(params.at("id").as_string())))};
        const SignedHeader& head = layer.batches[batch].head;
        json::object out{{"batch", batch},
                         {"header", base::toHex(head.header.encode())},
                         {"signature", base::toHex(head.signature)},
                         {"value", nullptr},
                         {"proof", base::toHex(layer.states[batch].prove(id.key()).encode())}};
        if (const Bytes* value = layer.states[batch].find(id.key())) out["value"] = base::toHex(*value);
        return out;
    }
    [[nodiscard]] Head proofOf(std::size_t number) const { return headOf(layer.batches[number].head.header); }
    [[nodiscard]] std::uint64_t proven()
    {
        const auto held = now()->proven;
        return held ? held->head.batch.value : 0;
    }
    void look()
    {
        link->poke();
        QTest::qWait(1); // nothing of this test hangs on it
    }
    /// The node shows this, and the wallet has judged it.
    void show(const Bytes& file, const std::optional<SignedHeader>& header = {})
    {
        node.showProof(file, header);
        const int before = checker->checks();
        look();
        EVENTUALLY(checker->checks() > before);
    }
    /// Of batch `number`, as the window shows it.
    [[nodiscard]] BatchView row(std::uint64_t number)
    {
        const NodeViewPtr held = now();
        for (const JudgedHeader& judged : held->recent) {
            if (judged.header.header.height.value == number)
                return batchViewOf(judged.header, judged.verdict, "node");
        }
        return {};
    }
    /// What the wallet learns of an account under the proven root: "ok", the reason, or the error.
    [[nodiscard]] std::string askProven(const crypto::PrivateKey& key)
    {
        std::atomic<bool> isThere = false;
        link->provenState(accountId(key.xOnlyPublicKey()), [&](base::Result<StateValue> value) {
            answer.reset();
            if (value.ok()) answer = std::move(*value);
            answerCode = value.ok() ? "ok" : std::string(value.error().code.name());
            isThere = true;
        });
        if (!eventually([&] { return isThere.load(); })) return "no answer";
        if (!answer) return answerCode;
        const auto* wrong = std::get_if<Invalid>(&answer->verdict);
        if (wrong != nullptr) return wrong->reason;
        const auto* open = std::get_if<Unverified>(&answer->verdict);
        if (open != nullptr) return open->reason;
        return std::get<Verified>(answer->verdict).finality.rootProof == RootProof::Proven ? "ok"
                                                                                           : "not proven";
    }
    [[nodiscard]] std::size_t rows(const std::string& table)
    {
        // It is there already; the steps only have to be as many.
        static constexpr const char* kSteps[] = {"", "", "", "", ""};
        auto db = must(store::Database::open(database(), {0x426c4c32, kSteps}));
        auto count = must(db.query("SELECT count(*) FROM " + table));
        return count.step().valueOr(false) ? static_cast<std::size_t>(count.u64(0)) : 99;
    }
    /// While it is closed.
    void damage(const std::string& sql)
    {
        static constexpr const char* kSteps[] = {"", "", "", "", ""};
        auto db = must(store::Database::open(database(), {0x426c4c32, kSteps}));
        if (!db.run(sql).ok()) std::abort();
    }
};

} // namespace

class TestChainProof : public QObject {
    Q_OBJECT
private slots:
    void whatIsProvenIsShownAndKept();
    void aDamagedProofIsDropped();
    void aProofOfAnotherGenesisIsInvalid();
    void aForgedFileIsInvalid();
    void anUnknownProgramIsNotCalledALie();
    void withoutKeysNobodyIsCalledALiar();
    void aStaleProofChangesNothing();
    void aForkOfBitcoinProvesNothing();
    void otherWorkIsInvalid();
    void aProofBesideOtherHeadersIsInvalidAndKept();
    void aRestartMakesNoLiarHonest();
    void evidenceIsListed();
    void twoSignedHeadersAreFoundByTheProof();
    void whereTheOwnBlockHasLeftNobodyIsConvicted();
    void aReorganisationTakesItAndGivesItBack();
    void theProvenStateIsAskedForByItsBatch();
    void aForgedProvenValueIsInvalid();
    void anOmittedAccountIsInvalid();
    void theStateOfAnotherBatchIsRefused();
    void aWrongClaimsRootIsNoneOfTheProven();
    void aRealProofIsTakenAndAChangedOneIsNot();
    void aDiskThatFailsNeverLeavesAnotherProof();
};

void TestChainProof::whatIsProvenIsShownAndKept()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(4)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{4});
    QCOMPARE(w.now()->invalid, std::string());
    QVERIFY(w.now()->proven->head == w.proofOf(4));
    QCOMPARE(w.now()->proven->bytes, makeFile(w.proofOf(4)).size());
    QCOMPARE(w.row(4).verdict.finality, std::string("root-proven"));
    QCOMPARE(w.row(1).verdict.finality, std::string("root-proven"));
    QCOMPARE(w.row(5).verdict.finality, std::string("root-not-proven"));
    w.node.showProof(makeFile(w.proofOf(5)));
    w.look();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{5});
    // After a restart, of a node that has none.
    w.close();
    w.node.showNoProof();
    w.open();
    EVENTUALLY(w.now()->asked);
    QCOMPARE(w.proven(), std::uint64_t{5});
    QCOMPARE(w.row(5).verdict.finality, std::string("root-proven"));
}

void TestChainProof::aDamagedProofIsDropped()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(4)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{4});
    w.close();
    w.node.showNoProof();
    w.damage("UPDATE proof SET file = substr(file, 2)");
    w.open();
    EVENTUALLY(w.now()->asked);
    QCOMPARE(w.proven(), std::uint64_t{0});
    QCOMPARE(w.row(4).verdict.finality, std::string("root-not-proven"));
    w.close();
    QCOMPARE(w.rows("proof"), std::size_t{0});
}

void TestChainProof::aProofOfAnotherGenesisIsInvalid()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(4), proven::test::kForeign));
    w.open();
    EVENTUALLY_EQUAL(w.now()->invalid, std::string("bad-chain-proof"));
    QCOMPARE(w.proven(), std::uint64_t{0});
    w.close();
    QCOMPARE(w.rows("proof"), std::size_t{0});
}

void TestChainProof::aForgedFileIsInvalid()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(3)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{3});
    w.node.showProof(Bytes(1'000, 7));
    w.look();
    EVENTUALLY_EQUAL(w.now()->invalid, std::string("bad-chain-proof"));
    QCOMPARE(w.proven(), std::uint64_t{3}); // what was proven stays
    w.node.showProof(Bytes((std::size_t{1} << 20U) + 1));
    w.look();
    EVENTUALLY_EQUAL(w.now()->problem, std::string("services.node-bad-answer"));
    w.node.showProof(makeFile(w.proofOf(4)));
    w.look();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{4});
    QCOMPARE(w.now()->invalid, std::string());
}

void TestChainProof::anUnknownProgramIsNotCalledALie()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(4), proven::test::kNewProgram));
    w.open();
    EVENTUALLY_EQUAL(w.now()->problem, std::string("proven.unknown-program"));
    QCOMPARE(w.now()->invalid, std::string());
    QCOMPARE(w.proven(), std::uint64_t{0});
}

void TestChainProof::withoutKeysNobodyIsCalledALiar()
{
    World w;
    w.checker.reset();
    w.node.showProof(makeFile(w.proofOf(4)));
    w.open();
    EVENTUALLY_EQUAL(w.now()->head.header.height.value, std::uint64_t{6});
    QCOMPARE(w.now()->problem, std::string());
    QCOMPARE(w.now()->invalid, std::string());
    QCOMPARE(w.proven(), std::uint64_t{0});
    QCOMPARE(w.row(4).verdict.kind, services::Verdict::Kind::Verified);
}

void TestChainProof::aStaleProofChangesNothing()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(5)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{5});
    w.show(makeFile(w.proofOf(3)));
    w.show(makeFile(w.proofOf(5), proven::test::kGood, 1));
    EVENTUALLY(w.now()->problem.empty());
    QCOMPARE(w.proven(), std::uint64_t{5});
    QVERIFY(w.now()->proven->head == w.proofOf(5));
}

void TestChainProof::aForkOfBitcoinProvesNothing()
{
    World w;
    Head fork = w.proofOf(4);
    fork.l1Hash.bytes[5] ^= 1;
    w.node.showProof(makeFile(fork));
    w.open();
    EVENTUALLY_EQUAL(w.now()->problem, std::string("proven.l1-elsewhere"));
    QCOMPARE(w.proven(), std::uint64_t{0});
    QCOMPARE(w.row(4).verdict.finality, std::string("root-not-proven"));
}

void TestChainProof::otherWorkIsInvalid()
{
    World w;
    w.open();
    for (const bool isLess : {true, false}) {
        w.node.showNoProof();
        w.look();
        EVENTUALLY(w.now()->asked && w.now()->invalid.empty());
        Head other = w.proofOf(4);
        other.l1Work[0] = static_cast<std::uint8_t>(other.l1Work[0] + (isLess ? -1 : 1));
        w.node.showProof(makeFile(other));
        w.look();
        EVENTUALLY_EQUAL(w.now()->invalid, std::string("bad-chain-proof"));
        QCOMPARE(w.proven(), std::uint64_t{0});
    }
}

void TestChainProof::aProofBesideOtherHeadersIsInvalidAndKept()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(2)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{2});
    // Valid by the rules, and nobody signed it: anybody can make one.
    BatchHeader other = w.layer.batches[5].head.header;
    other.time += 1;
    w.show(makeFile(headOf(other)));
    EVENTUALLY_EQUAL(w.now()->invalid, std::string("proven-otherwise"));
    QCOMPARE(w.proven(), std::uint64_t{2});
    QCOMPARE(w.row(4).verdict.kind, services::Verdict::Kind::Verified);
    QCOMPARE(w.row(5).verdict.kind, services::Verdict::Kind::Invalid);
    QCOMPARE(w.row(5).verdict.reason, std::string("proven-otherwise"));
    QCOMPARE(w.now()->verifiedHead.value, std::uint64_t{4});
    QCOMPARE(w.now()->equivocations, std::size_t{0});
    // Proven values are what they were.
    QCOMPARE(w.askProven(w.layer.alice), std::string("ok"));
    QCOMPARE(
        must(parseAccount(*w.answer->answer.value)).btc,
        must(parseAccount(*w.layer.states[2].find(accountId(w.layer.alice.xOnlyPublicKey()).key()))).btc);
    // The proof of what was signed settles it; the evidence stays.
    w.node.showProof(makeFile(w.proofOf(6)));
    w.look();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{6});
    QCOMPARE(w.row(6).verdict.kind, services::Verdict::Kind::Verified);
    w.close();
    QCOMPARE(w.rows("proven_otherwise"), std::size_t{1});
}

void TestChainProof::aRestartMakesNoLiarHonest()
{
    World w;
    BatchHeader other = w.layer.batches[5].head.header;
    other.time += 1;
    w.node.showProof(makeFile(headOf(other)));
    w.open();
    EVENTUALLY_EQUAL(w.row(5).verdict.reason, std::string("proven-otherwise"));
    w.close();
    // The node shows that proof no more.
    w.node.showNoProof();
    w.open();
    EVENTUALLY(w.now()->asked);
    QCOMPARE(w.row(5).verdict.reason, std::string("proven-otherwise"));
    QCOMPARE(w.row(5).verdict.provider, w.node.endpoint.text());
    QCOMPARE(w.row(4).verdict.kind, services::Verdict::Kind::Verified);
    // Proven as far is settled, also for the next start.
    w.node.showProof(makeFile(w.proofOf(5)));
    w.look();
    EVENTUALLY_EQUAL(w.row(5).verdict.kind, services::Verdict::Kind::Verified);
    w.close();
    w.open();
    EVENTUALLY(w.now()->asked);
    QCOMPARE(w.row(5).verdict.kind, services::Verdict::Kind::Verified);
    // What another node has shown says nothing against this one.
    w.close();
    w.node.showNoProof();
    w.damage("DELETE FROM proof");
    w.open();
    EVENTUALLY(w.now()->asked);
    QCOMPARE(w.row(5).verdict.reason, std::string("proven-otherwise"));
    w.close();
    w.damage("UPDATE proven_otherwise SET provider = 'http://elsewhere:1'");
    w.open();
    EVENTUALLY(w.now()->asked);
    QCOMPARE(w.row(5).verdict.kind, services::Verdict::Kind::Verified);
}

void TestChainProof::evidenceIsListed()
{
    World w;
    const auto listed = [&w] {
        std::promise<base::Result<std::vector<EvidenceView>>> promise;
        w.link->ask<std::vector<EvidenceView>>(
            [](NodeAccess& access) { return access.evidence(); },
            [&promise](base::Result<std::vector<EvidenceView>> kept) { promise.set_value(std::move(kept)); });
        return must(promise.get_future().get());
    };
    const auto factOf = [](const EvidenceView& view, std::string_view name) {
        for (const FactView& fact : view.facts) {
            if (fact.name == name) return fact.value;
        }
        return std::string("none");
    };
    w.open();
    QVERIFY(listed().empty());
    BatchHeader other = w.layer.batches[5].head.header;
    other.time += 1;
    w.node.showProof(makeFile(headOf(other)));
    w.look();
    EVENTUALLY_EQUAL(listed().size(), std::size_t{1});
    const EvidenceView proven = listed().front();
    QCOMPARE(proven.kind, std::string("proven-otherwise"));
    QCOMPARE(proven.batch, std::uint64_t{5});
    QCOMPARE(factOf(proven, "batch-hash"), w.layer.batches[5].head.header.hash().hex());
    QCOMPARE(factOf(proven, "header"), base::toHex(w.layer.batches[5].head.header.encode()));
    QCOMPARE(factOf(proven, "signature"), base::toHex(w.layer.batches[5].head.signature));
    QCOMPARE(factOf(proven, "proven-hash"), other.hash().hex());
    QCOMPARE(factOf(proven, "proof-digest"), crypto::sha256(makeFile(headOf(other))).hex());
    QCOMPARE(factOf(proven, "provider"), w.node.endpoint.text());
    // With a signature under it, and beside an anchor for another one: the other two kinds.
    const SignedHeader signedToo = must(signHeader(other, w.layer.sequencer));
    w.node.showProof(makeFile(headOf(other)), signedToo);
    seal::Link anchor{w.layer.batches[4].head.header.l1Height + 1, {}, {}, seal::SpendKind::Anchor, {}, {}};
    anchor.block = *w.layer.chain.hashAt(anchor.height);
    BatchHeader sealedToo = w.layer.batches[4].head.header;
    sealedToo.time += 1;
    anchor.commitment = must(seal::Commitment::of(sealedToo));
    w.link->setSeals({anchor});
    w.look();
    EVENTUALLY_EQUAL(listed().size(), std::size_t{3});
    const std::vector<EvidenceView> all = listed();
    QCOMPARE(all[0].kind, std::string("both-signed"));
    QCOMPARE(factOf(all[0], "second-batch-hash"), other.hash().hex());
    QCOMPARE(factOf(all[0], "second-signature"), base::toHex(signedToo.signature));
    QCOMPARE(all[1].kind, std::string("sealed-otherwise"));
    QCOMPARE(all[1].batch, std::uint64_t{4});
    QCOMPARE(factOf(all[1], "commitment"), base::toHex(anchor.commitment.encode()));
    QCOMPARE(factOf(all[1], "block-hash"), anchor.block.displayHex());
    QCOMPARE(all[2].kind, std::string("proven-otherwise"));
}

void TestChainProof::twoSignedHeadersAreFoundByTheProof()
{
    World w;
    BatchHeader other = w.layer.batches[5].head.header;
    other.time += 1;
    w.node.showProof(makeFile(headOf(other)), must(signHeader(other, w.layer.sequencer)));
    w.open();
    EVENTUALLY_EQUAL(w.now()->invalid, std::string("equivocation"));
    EVENTUALLY_EQUAL(w.now()->equivocations, std::size_t{1});
    QCOMPARE(w.proven(), std::uint64_t{0});
    w.close();
    QCOMPARE(w.rows("equivocation"), std::size_t{1});
}

/// The header held here is the one that will go, and the node shows a proof of the one that comes.
void TestChainProof::whereTheOwnBlockHasLeftNobodyIsConvicted()
{
    World w;
    w.open();
    EVENTUALLY_EQUAL(w.now()->head.header.height.value, std::uint64_t{6});
    BatchHeader other = w.layer.batches[6].head.header;
    w.layer.chain.cut({other.l1Height.value - 1});
    w.layer.chain.mineMany(4, 9);
    w.seeAll();
    other.l1Hash = *w.layer.chain.hashAt(other.l1Height);
    w.show(makeFile(headOf(other)));
    EVENTUALLY_EQUAL(w.row(6).verdict.reason, std::string("l1-elsewhere"));
    QCOMPARE(w.now()->invalid, std::string());
    w.close();
    QCOMPARE(w.rows("proven_otherwise"), std::size_t{0});
}

void TestChainProof::aReorganisationTakesItAndGivesItBack()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(6)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{6});
    const MinedChain before = w.layer.chain;
    w.layer.chain.cut({w.layer.batches[6].head.header.l1Height.value - 1});
    w.layer.chain.mineMany(4, 9);
    w.seeAll();
    w.look();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{0});
    EVENTUALLY_EQUAL(w.row(3).verdict.finality, std::string("root-not-proven"));
    QCOMPARE(w.askProven(w.layer.alice), std::string("services.nothing-proven"));
    w.layer.chain = before;
    w.seeAll();
    w.look();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{6});
}

void TestChainProof::theProvenStateIsAskedForByItsBatch()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(3)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{3});
    QCOMPARE(w.askProven(w.layer.alice), std::string("ok"));
    QCOMPARE(w.answer->answer.batch.header.height.value, std::uint64_t{3});
    QCOMPARE(*w.answer->answer.value,
             *w.layer.states[3].find(accountId(w.layer.alice.xOnlyPublicKey()).key()));
    QCOMPARE(w.askProven(keyOf(99)), std::string("ok")); // proven to hold nothing
    QVERIFY(!w.answer->answer.value);
}

void TestChainProof::aForgedProvenValueIsInvalid()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(3)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{3});
    w.node.showState([&w](const json::object& params) {
        json::object out = w.stateOf(params);
        Account richer = must(parseAccount(must(base::fromHex(std::string(out.at("value").as_string())))));
        richer.btc += Amount::fromSat(1);
        out["value"] = base::toHex(richer.encode());
        return out;
    });
    QCOMPARE(w.askProven(w.layer.alice), std::string("bad-proof"));
}

void TestChainProof::anOmittedAccountIsInvalid()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(3)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{3});
    w.node.showState([&w](const json::object& params) {
        json::object out = w.stateOf(params);
        out["value"] = nullptr;
        return out;
    });
    QCOMPARE(w.askProven(w.layer.alice), std::string("bad-proof"));
    w.node.showState([&w](const json::object& params) { // an honest proof of somebody else's absence
        json::object other = params;
        other["id"] = base::toHex(accountId(keyOf(99).xOnlyPublicKey()).id);
        return w.stateOf(other);
    });
    QCOMPARE(w.askProven(w.layer.alice), std::string("bad-proof"));
}

void TestChainProof::theStateOfAnotherBatchIsRefused()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(3)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{3});
    for (const int batch : {2, 5}) { // an older balance, and one that is not proven
        w.node.showState([&w, batch](const json::object& params) {
            json::object other = params;
            other["batch"] = batch;
            return w.stateOf(other);
        });
        QCOMPARE(w.askProven(w.layer.alice), std::string("services.node-bad-answer"));
    }
    // Another batch's value under the proven header.
    w.node.showState([&w](const json::object& params) {
        json::object other = params;
        other["batch"] = 5;
        json::object out = w.stateOf(other);
        const json::object right = w.stateOf(params);
        for (const char* name : {"batch", "header", "signature"}) out[name] = right.at(name);
        return out;
    });
    QCOMPARE(w.askProven(w.layer.alice), std::string("bad-proof"));
}

/// Claims are counted in the state: a frontier that the proven root does not hold is no counters object.
void TestChainProof::aWrongClaimsRootIsNoneOfTheProven()
{
    World w;
    w.node.showProof(makeFile(w.proofOf(3)));
    w.open();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{3});
    std::atomic<bool> isThere = false;
    std::optional<l2::Verdict> verdict;
    w.node.showState([&w](const json::object& params) {
        json::object out = w.stateOf(params);
        Counters forged = must(parseCounters(must(base::fromHex(std::string(out.at("value").as_string())))));
        forged.claims.count += 1;
        forged.claims.nodes.push_back(digestOf(9));
        out["value"] = base::toHex(forged.encode());
        return out;
    });
    w.link->provenState(countersId(), [&](base::Result<StateValue> value) {
        if (value.ok()) verdict = value->verdict;
        isThere = true;
    });
    EVENTUALLY(isThere.load());
    QVERIFY(verdict && std::holds_alternative<Invalid>(*verdict));
    QCOMPARE(std::get<Invalid>(*verdict).reason, std::string("bad-proof"));
}

/// The same with wrapped proofs and the checker of the product.
void TestChainProof::aRealProofIsTakenAndAChangedOneIsNot()
{
    World w;
    const proven::test::RealProofs proofs(w.layer.params);
    w.real = proofs.checker();
    const Bytes file = proofs.fileOf(w.proofOf(4));
    Bytes changed = file;
    changed[changed.size() / 2] ^= 1;
    w.node.showProof(changed);
    w.open();
    EVENTUALLY_EQUAL(w.now()->invalid, std::string("bad-chain-proof"));
    QCOMPARE(w.proven(), std::uint64_t{0});
    w.node.showProof(file);
    w.look();
    EVENTUALLY_EQUAL(w.proven(), std::uint64_t{4});
    QCOMPARE(w.now()->proven->head.program, proofs.program());
    QCOMPARE(w.row(4).verdict.finality, std::string("root-proven"));
    QCOMPARE(w.askProven(w.layer.alice), std::string("ok"));
    // Another network's, with the same keys and the same history.
    l2::NetworkParams other = w.layer.params;
    other.genesisTime += 1;
    const proven::test::RealProofs foreign(other);
    w.node.showProof(foreign.fileOf(w.proofOf(5)));
    w.look();
    EVENTUALLY_EQUAL(w.now()->invalid, std::string("bad-chain-proof"));
    QCOMPARE(w.proven(), std::uint64_t{4});
    // Checked again at the next start, not believed.
    w.close();
    w.node.showNoProof();
    w.open();
    EVENTUALLY(w.now()->asked);
    QCOMPARE(w.proven(), std::uint64_t{4});
}

namespace {
/// What a wallet holds of the chain's proof, without the line to a node.
struct Kept {
    store::Database db;
    proven::test::Worked bitcoin;
    LightClient client;
    ChainProof proof;

    Kept(store::Database opened, const Layer& layer)
        : db(std::move(opened)), bitcoin(layer.chain), client(layer.params, bitcoin),
          proof(db, std::make_shared<FakeChecker>(), bitcoin, client)
    {
    }
    static base::Result<std::unique_ptr<Kept>> open(const std::string& path, const Layer& layer)
    {
        static constexpr const char* kSteps[] = {ChainProof::kTables, ChainProof::kProviderStep};
        BOWLINE_TRY(store::Database db, store::Database::open(path, {0x12345678, kSteps}));
        auto out = std::make_unique<Kept>(std::move(db), layer);
        for (std::size_t i = 1; i < layer.batches.size(); ++i)
            static_cast<void>(out->client.addHeader(layer.batches[i].head, "node"));
        BOWLINE_CHECK(out->proof.load("node"));
        return out;
    }
    base::Status take(const Head& head)
    {
        return proof.take(json::value{{"proof", base::toHex(makeFile(head))}}, "node");
    }
};
} // namespace

void TestChainProof::aDiskThatFailsNeverLeavesAnotherProof()
{
    const World w;
    const std::string path = w.folder.filePath("kept.sqlite").toStdString();
    FaultyDisk disk;
    disk.setScope("kept.sqlite");
    FaultStage<Kept> stage;
    stage.name = "proofs";
    stage.reset = [&path] {
        for (const char* tail : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(path + tail);
    };
    stage.open = [&] { return Kept::open(path, w.layer); };
    stage.steps = {[&w](Kept& kept) { return kept.take(w.proofOf(2)); },
                   [&w](Kept& kept) { return kept.take(w.proofOf(5)); }};
    stage.picture = [&path] { return databaseText(path); };
    stage.complaint = [&w](Kept& kept) -> std::string {
        const auto head = kept.proof.head();
        if (head && !(head->head == w.proofOf(head->head.batch.value))) return "another head";
        return {};
    };
    FaultPlay<Kept> play(disk, std::move(stage));
    for (const auto& wrong : {play.crashes(1), play.full(1), play.broken(1)}) {
        if (wrong) QFAIL(wrong->c_str());
    }
    QVERIFY(play.played() > 20);
}

QTEST_GUILESS_MAIN(TestChainProof)
#include "tst_chain_proof.moc"
