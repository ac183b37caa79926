// SPDX-License-Identifier: MIT
// The wallet's line to a node that is ahead of the wallet's Bitcoin chain, lies, or signs twice: what is called
// verified, what is named, and what is there again after a restart. A real socket, a real database; the node is ours.
#include "app/services/local/batch_view.h"
#include "app/services/local/node_link.h"
#include "tests/support/patience.h"
#include "tests/unit/services/link_fixture.h"

#include <QTemporaryDir>
#include <QTest>

using namespace bowline;
using namespace bowline::services;
using test::FakeBackend;
using test::FakeNode;
using test::must;

namespace {

/// A network with its sequencer, a node, and a wallet that looks at them.
struct World {
    test::Layer layer;
    FakeBackend bitcoin;
    FakeNode node;
    QTemporaryDir folder;
    std::vector<l2::SignedHeader> headers{{l2::genesisHeader(layer.params), {}}};
    Worker owner;
    std::mutex mutex;
    NodeViewPtr view = std::make_shared<NodeView>();
    int moves = 0; // views that were another layer 2 than the one before
    std::unique_ptr<NodeLink> link;

    World() { layer.chain.mineMany(10); }
    ~World() { close(); }
    World(const World&) = delete;
    World& operator=(const World&) = delete;

    /// One more batch, on this Bitcoin block.
    void batch(std::uint32_t bitcoinHeight, const std::optional<l2::ChainObject>& chain = {})
    {
        l2::BatchHeader next = headers.back().header;
        next.parent = headers.back().header.hash();
        next.height.value += 1;
        next.time += 5;
        next.l1Height = {bitcoinHeight};
        next.l1Hash = *layer.chain.hashAt({bitcoinHeight});
        if (chain) {
            const l2::StateTree state = l2::StateTree{}.with(l2::chainObjectId().key(), chain->encode());
            next.stateRoot = state.root();
            node.showState(state);
        }
        headers.push_back(must(l2::signHeader(next, layer.sequencer)));
    }
    void open()
    {
        node.serve(headers);
        NodeLink::Events events;
        events.view = [this](NodeViewPtr next) {
            const std::lock_guard lock(mutex);
            if (next->movedSince(*view)) ++moves;
            view = std::move(next);
        };
        events.relay = [] {};
        l2::Network network;
        network.params = layer.params;
        link = must(NodeLink::open(folder.filePath("layer2.sqlite").toStdString(), network, bitcoin,
                                   node.endpoint, owner, std::move(events)));
        link->start();
    }
    void close()
    {
        if (link) link->stop();
        link.reset();
    }
    [[nodiscard]] NodeViewPtr now()
    {
        const std::lock_guard lock(mutex);
        return view;
    }
    void forget()
    {
        const std::lock_guard lock(mutex);
        view = std::make_shared<NodeView>();
    }
    [[nodiscard]] int countMoves()
    {
        const std::lock_guard lock(mutex);
        return moves;
    }
    [[nodiscard]] std::uint64_t head() { return now()->head.header.height.value; }
    [[nodiscard]] std::uint64_t verified() { return now()->verifiedHead.value; }
    /// In the block at this height.
    [[nodiscard]] seal::Link anchor(std::uint32_t height, const l2::BatchHeader& batch) const
    {
        seal::Link out{{height}, *layer.chain.hashAt({height}), {}, seal::SpendKind::Anchor, {}, {}};
        out.commitment = must(seal::Commitment::of(batch));
        return out;
    }
    [[nodiscard]] seal::SealVerdict sealOf(std::uint64_t number)
    {
        const NodeViewPtr held = now();
        for (const JudgedHeader& judged : held->recent) {
            if (judged.header.header.height.value == number) return judged.seal;
        }
        return {};
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
};

} // namespace

class TestNodeLink : public QObject {
    Q_OBJECT

private slots:
    void aBatchAheadOfTheOwnBitcoinChainIsNotCalledVerified()
    {
        World w;
        w.batch(103);
        w.batch(105);
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{2});
        QCOMPARE(w.verified(), std::uint64_t{1});
        QCOMPARE(w.row(1).verdict.kind, Verdict::Kind::Verified);
        QCOMPARE(w.row(2).verdict.kind, Verdict::Kind::Unverified);
        QCOMPARE(w.row(2).verdict.reason, std::string("l1-behind"));
        const std::vector<std::string> passed{"chain-id", "sequencer-signature", "parent-links"};
        QCOMPARE(w.row(2).checks, passed); // and not the Bitcoin block
        // The wallet catches up: nothing new at the node, and all the same it is another layer 2.
        const int before = w.countMoves();
        w.bitcoin.show(w.layer.chain, 106);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{2});
        QCOMPARE(w.row(2).verdict.kind, Verdict::Kind::Verified);
        QCOMPARE(w.row(2).checks.back(), std::string("bitcoin-block-on-own-chain"));
        QCOMPARE(w.countMoves(), before + 1);
    }
    void aReorgOfTheOwnChainTakesTheVerdictBack()
    {
        World w;
        w.batch(103);
        w.batch(106);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{2});
        test::MinedChain other = w.layer.chain;
        other.cut({104});
        other.mineMany(6, 77);
        w.bitcoin.show(other, 110);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{1});
        QCOMPARE(w.head(), std::uint64_t{2});
        QCOMPARE(w.row(2).verdict.reason, std::string("l1-elsewhere"));
        QCOMPARE(w.row(1).verdict.kind, Verdict::Kind::Verified);
    }
    void aWrongSignatureIsNamedAndNothingOfItIsTaken()
    {
        World w;
        w.batch(103);
        w.batch(103);
        w.headers.back().signature[5] ^= 1;
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(QString::fromStdString(w.now()->invalid), QString("bad-signature"));
        QCOMPARE(w.now()->problem, std::string("services.node-invalid"));
        QVERIFY(w.now()->reachable);
        QCOMPARE(w.head(), std::uint64_t{1});
        // It mends its ways.
        w.headers.pop_back();
        w.batch(103);
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{2});
        QVERIFY(w.now()->invalid.empty() && w.now()->problem.empty());
    }
    void aSequencerThatSignedTwiceIsCounted()
    {
        World w;
        w.batch(103);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{1});
        QCOMPARE(w.now()->equivocations, std::size_t{0});
        w.headers.back().header.time += 1;
        w.headers.back() = must(l2::signHeader(w.headers.back().header, w.layer.sequencer));
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.now()->equivocations, std::size_t{1});
        QCOMPARE(w.now()->invalid, std::string("equivocation"));
    }
    void bitcoinSaysWhichBatchesCount()
    {
        World w;
        for (int i = 0; i < 3; ++i) w.batch(103);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{3});
        QVERIFY(!w.now()->sealedTo);
        const seal::Link first = w.anchor(106, w.headers[1].header);
        w.link->setSeals({first});
        EVENTUALLY_EQUAL(w.now()->sealedTo, std::optional(base::BatchNumber{1}));
        QVERIFY(w.sealOf(2).state == seal::SealState::Sequenced);
        QVERIFY(w.sealOf(1).state == seal::SealState::Sealed);
        QCOMPARE(w.sealOf(0).confirmations, 3U);
        // The sequencer has sealed another batch than the one that this node shows.
        l2::BatchHeader other = w.headers[2].header;
        other.time += 1;
        w.link->setSeals({first, w.anchor(107, other)});
        EVENTUALLY(w.now()->sealConflict);
        QVERIFY(w.sealOf(1).state == seal::SealState::Sealed);
        QVERIFY(w.sealOf(3).state == seal::SealState::Conflict);
        QCOMPARE(w.now()->equivocations, std::size_t{1});
        // It has signed both, and that is remembered.
        w.close();
        w.forget();
        w.open();
        EVENTUALLY_EQUAL(w.now()->equivocations, std::size_t{1});
        QVERIFY(!w.now()->sealConflict); // nothing was said of the blocks yet
    }
    void whatTheProgramSaysIsCheckedAndShown()
    {
        World w;
        for (int i = 0; i < 2; ++i) w.batch(103);
        l2::ChainObject said;
        said.sealedBatch = {1};
        said.announced.bytes[0] = 7;
        said.activationHeight = {230};
        w.batch(103, said);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY(w.now()->program.has_value());
        QCOMPARE(*w.now()->program, said);
        QVERIFY(w.now()->programInDoubt); // no block shows that seal
        w.link->setSeals({w.anchor(106, w.headers[1].header)});
        EVENTUALLY(!w.now()->programInDoubt);
        // The next head has another object, but the node shows the old one: it is not under that root.
        w.batch(103, l2::ChainObject{});
        w.node.showState(l2::StateTree{}.with(l2::chainObjectId().key(), said.encode()));
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{4});
        QCOMPARE(*w.now()->program, said); // what was known
        w.node.showState(l2::StateTree{}.with(l2::chainObjectId().key(), l2::ChainObject{}.encode()));
        w.link->poke();
        EVENTUALLY(*w.now()->program == l2::ChainObject{});
    }
    void anAnchorThatAReorganisationExplainsConvictsNobody()
    {
        World w;
        w.batch(103);
        w.bitcoin.show(w.layer.chain, 108);
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{1});
        test::MinedChain branch = w.layer.chain;
        branch.cut({102});
        branch.mineMany(8, 1);
        l2::BatchHeader other = w.headers[1].header;
        other.l1Hash = *branch.hashAt({103});
        w.bitcoin.show(branch, 108);
        seal::Link anchor = w.anchor(106, other);
        anchor.block = *branch.hashAt({106});
        w.link->setSeals({anchor});
        EVENTUALLY(w.now()->sealConflict); // the node has not heard of it yet
        QCOMPARE(w.now()->equivocations, std::size_t{0});
    }
    void whatWasAheadIsKeptAndThereAfterARestart()
    {
        World w;
        w.batch(103);
        w.batch(105);
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{2});
        w.batch(106);
        w.bitcoin.show(w.layer.chain, 108);
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{3});
        w.close();
        const int served = w.node.headersServed() + w.node.runsServed();
        w.forget();
        w.open();
        EVENTUALLY_EQUAL(w.verified(), std::uint64_t{3});
        EVENTUALLY(w.now()->reachable);
        QCOMPARE(w.node.headersServed() + w.node.runsServed(), served); // nothing had to be fetched again
    }
    void aLongHistoryIsFetchedInRuns()
    {
        World w;
        for (int i = 0; i < 450; ++i) w.batch(104);
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{450});
        QCOMPARE(w.verified(), std::uint64_t{450});
        QCOMPARE(w.node.runsServed(), 3); // of 200 each, and the rest
        QCOMPARE(w.node.headersServed(), 0);
        // One more is asked for alone; and all of them are there after a restart.
        w.batch(104);
        w.node.serve(w.headers);
        w.link->poke();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{451});
        QCOMPARE(w.node.runsServed(), 3);
        QCOMPARE(w.node.headersServed(), 2); // our head, to see that it is theirs too
        w.close();
        w.forget();
        w.open();
        EVENTUALLY(w.now()->asked);
        QCOMPARE(w.head(), std::uint64_t{451});
        QCOMPARE(w.node.runsServed(), 3);
    }
    void aRunThatIsNoneIsABadAnswer()
    {
        World w;
        for (int i = 0; i < 5; ++i) w.batch(104);
        w.bitcoin.show(w.layer.chain, 104);
        const std::string bad = "services.node-bad-answer";
        w.node.showRun([](std::size_t, std::size_t) { return std::string(); });
        w.open();
        EVENTUALLY_EQUAL(w.now()->problem, bad);
        QCOMPARE(w.head(), std::uint64_t{0});
        const std::string cut = "l2.bad-batch";
        const auto isRefused = [&](FakeNode::Run run, const std::string& code) {
            // Another problem first, so that the one of this run is seen to come.
            w.node.showRun([&](std::size_t, std::size_t) { return std::string(code == cut ? "" : "00"); });
            w.link->poke();
            if (!test::eventually([&] { return w.now()->problem == (code == cut ? bad : cut); }))
                return false;
            w.node.showRun(std::move(run));
            w.link->poke();
            return test::eventually([&] { return w.now()->problem == code; }) && w.head() == 0;
        };
        // Not from where it was asked for; with a gap; more than were asked for; cut off.
        QVERIFY(isRefused(
            [&](std::size_t first, std::size_t count) { return w.node.runOf(first + 1, count); }, bad));
        QVERIFY(isRefused([&](std::size_t first,
                              std::size_t) { return w.node.runOf(first, 1) + w.node.runOf(first + 2, 1); },
                          bad));
        w.batch(104); // that chain_head does not have yet
        const std::string more = base::toHex(l2::encodeHeaders(std::span(w.headers).subspan(1)));
        QVERIFY(isRefused([&](std::size_t, std::size_t) { return more; }, bad));
        QVERIFY(isRefused(
            [&](std::size_t first, std::size_t count) {
                std::string run = w.node.runOf(first, count);
                run.resize(run.size() - 2);
                return run;
            },
            cut));
        // Fewer than were asked for is no lie: the rest is asked for next.
        w.node.showRun([&](std::size_t first, std::size_t) { return w.node.runOf(first, 2); });
        w.link->poke();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{5});
    }
    void whatIsRightOfARunIsKept()
    {
        World w;
        for (int i = 0; i < 5; ++i) w.batch(104);
        w.bitcoin.show(w.layer.chain, 104);
        w.node.showRun([&](std::size_t first, std::size_t count) {
            std::string run = w.node.runOf(first, count);
            if (first > 3) return run;
            char& digit =
                run[(4 - first) * 2 * l2::SignedHeader::kSize - 1]; // the last one of the third signature
            digit = digit == '0' ? '1' : '0';
            return run;
        });
        w.open();
        EVENTUALLY_EQUAL(w.now()->invalid, std::string("bad-signature"));
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{2});
        w.close();
        w.forget();
        w.node.showRun({});
        w.node.serve({w.headers.front()}); // a node that has nothing
        NodeLink::Events none{[&w](NodeViewPtr next) {
                                  const std::lock_guard lock(w.mutex);
                                  w.view = std::move(next);
                              },
                              [] {}};
        l2::Network network;
        network.params = w.layer.params;
        w.link = must(NodeLink::open(w.folder.filePath("layer2.sqlite").toStdString(), network, w.bitcoin,
                                     w.node.endpoint, w.owner, std::move(none)));
        w.link->start();
        EVENTUALLY(w.now()->asked);
        QCOMPARE(w.head(), std::uint64_t{2});
    }
    void aKnownRunDeletesNothing()
    {
        World w;
        for (int i = 0; i < 6; ++i) w.batch(104);
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY_EQUAL(w.head(), std::uint64_t{6});
        // A node that denies what it has shown, and then shows a part of it again.
        const std::vector<l2::SignedHeader> all = w.headers;
        std::vector<l2::SignedHeader> other = all;
        for (const std::size_t n : {2U, 4U, 5U}) other[n].header.time += 1;
        w.node.serve({other.begin(), other.begin() + 5});
        w.node.showRun([all](std::size_t first, std::size_t count) {
            return base::toHex(
                l2::encodeHeaders(std::span(all).subspan(first, std::min(count, all.size() - first))));
        });
        const int runs = w.node.runsServed();
        w.link->poke();
        EVENTUALLY(w.node.runsServed() > runs);
        w.close();
        w.forget();
        w.node.serve({all.front()});
        w.headers = {all.front()};
        w.open();
        EVENTUALLY(w.now()->asked);
        QCOMPARE(w.head(), std::uint64_t{6});
    }
    void genesisIsShownAsComputedHere()
    {
        World w;
        w.bitcoin.show(w.layer.chain, 104);
        w.open();
        EVENTUALLY(w.now()->reachable);
        const std::vector<std::string> checks{"genesis-computed", "bitcoin-block-on-own-chain"};
        QCOMPARE(w.row(0).checks, checks);
        QVERIFY(w.row(0).signatureHex.empty());
        QVERIFY(!w.row(0).headerHex.empty());
    }
};

QTEST_GUILESS_MAIN(TestNodeLink)
#include "tst_node_link.moc"
