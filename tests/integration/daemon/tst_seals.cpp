// SPDX-License-Identifier: MIT
// Seals on a real bitcoind, between real processes: the sequencer seals its batches through kills and reorganisations, and
// every node reads the same from its own blocks.
#include "app/daemon/node/keys.h"
#include "core/seal/anchor.h"
#include "tests/integration/daemon/committee_ceremony.h"
#include "tests/integration/daemon/scene.h"
#include "tests/support/devnet.h"

#include <QFile>

#include <filesystem>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {

std::string stateOf(const Bowlined& node, std::uint64_t batch)
{
    const auto seal = node.call("chain_seal", {{"n", batch}});
    if (!seal.ok()) return std::string(seal.error().code.name()); // such as a batch that has not come yet
    return json::value_to<std::string>(seal->at("state"));
}

base::Bytes bytesAt(const json::object& object, std::string_view key)
{
    return *base::fromHex(json::value_to<std::string>(object.at(key)));
}

/// What the layer 2's program says, of the node's head.
l2::ChainObject programOf(const Bowlined& node)
{
    const json::value answer = node.must("state_get", {{"kind", 10}, {"id", ""}});
    return *l2::parseChainObject(bytesAt(answer.as_object(), "value"));
}

/// The program of each node takes the batch for sealed, and the node's own blocks bear it out.
bool programsSay(std::initializer_list<const Bowlined*> nodes, std::uint64_t batch)
{
    return within(60, [&] {
        return std::all_of(nodes.begin(), nodes.end(), [batch](const Bowlined* node) {
            const json::value seal = node->must("node_info").at("seal");
            return seal.at("program") == json::value(batch) && seal.at("program_borne_out").as_bool();
        });
    });
}

/// The anchor that waits for a block, or nothing.
std::string pendingOf(const Bowlined& sequencer)
{
    const json::value anchor = sequencer.must("node_info").at("anchor");
    return anchor.is_null() ? std::string() : json::value_to<std::string>(anchor);
}

struct SealedScene : Scene {
    SealedScene() : Scene({.signers = 3}), alice(network.params().chainId()), bob(network.params().chainId())
    {
        const auto mint = network.mint(*bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        if (!reaches(*sequencer, bitcoin->height())) qFatal("no deposit");
        if (!submit(mint).ok() || !included(*sequencer, mint)) qFatal("no mint");
    }
    /// A payment; the number of its batch.
    std::uint64_t pay()
    {
        const auto payment = alice.pay(nonce++, bob.key(), 1'000);
        if (!submit(payment).ok() || !included(*sequencer, payment)) qFatal("no payment");
        return sequencer->must("tx_status", {{"hash", payment.hash().hex()}})
            .at("batch")
            .to_number<std::uint64_t>();
    }
    [[nodiscard]] bool inMempool(const std::string& txid) const
    {
        return !txid.empty() && bitcoin->tryCli({"getmempoolentry", txid}).exitCode == 0;
    }
    /// The anchor that waits is with the node too.
    [[nodiscard]] std::string heardAnchor() const
    {
        std::string out;
        const bool heard = within(60, [&] {
            out = pendingOf(*sequencer);
            return inMempool(out);
        });
        return heard ? out : std::string();
    }
    /// A block whenever an anchor has been heard of, until the batch is sealed.
    [[nodiscard]] bool seal(std::uint64_t batch) const
    {
        std::string mined;
        for (int i = 0; i < 4; ++i) {
            std::string anchor;
            const bool isNext = within(60, [&] {
                if (stateOf(*sequencer, batch) == "sealed") return true;
                anchor = pendingOf(*sequencer);
                return anchor != mined && inMempool(anchor);
            });
            if (!isNext) return false;
            if (stateOf(*sequencer, batch) == "sealed") return true;
            mined = anchor;
            bitcoin->mine(1);
        }
        return within(10, [&] { return stateOf(*sequencer, batch) == "sealed"; });
    }
    /// The last blocks give way to one more that hold nothing.
    void replaceByEmptyBlocks(int depth) const
    {
        bitcoin->cli({"invalidateblock",
                      bitcoin->cli({"getblockhash", std::to_string(bitcoin->height() - depth + 1)})});
        for (int i = 0; i <= depth; ++i) bitcoin->cli({"generateblock", bitcoin->newAddress(), "[]"});
    }
    Person alice;
    Person bob;
    std::uint64_t nonce = 0;
};

} // namespace

class TestSeals : public QObject {
    Q_OBJECT
private slots:
    void initTestCase()
    {
        SKIP_WITHOUT_BITCOIND();
        m_scene = std::make_unique<SealedScene>();
    }
    void cleanupTestCase() { m_scene.reset(); }
    void everyNodeReadsTheSealsInItsOwnBlocks();
    void aKillLeavesOneAnchor();
    void anAnchorThatWasNotSentYetSurvivesAKill();
    void aReorganisationBringsTheSameAnchorAgain();
    void aDeepReorganisationUnsealsInTheProgramToo();
    void theOwnerFillsTheSealUp();
    void aBadRefillIsGivenUp();
    void anAnchorWithRefillsIsReplaced();
    void aMemberThatDiesTakesTheSessionAlong();
    void aMemberThatShowsTwoNoncesIsNamed();
    void theCommitteeAnnouncesAProgram();
    void theCommitteeMovesASealThatStandsStill();
    void aProofFileShowsRefillsAndMoves();
    void aCopyOfTheSequencerSealsNothing();

private:
    static void checkEvidence(const SealedScene& s, const Bowlined& node);
    std::unique_ptr<SealedScene> m_scene;
};

void TestSeals::everyNodeReadsTheSealsInItsOwnBlocks()
{
    SealedScene& s = *m_scene;
    s.addFollowers();
    const std::uint64_t batch = s.pay();
    QCOMPARE(stateOf(*s.sequencer, batch), std::string("sequenced"));
    QVERIFY(s.seal(batch));
    for (const Bowlined* node : {s.sequencer.get(), s.signer.get(), s.oper.get()}) {
        QVERIFY(within(30, [&] { return stateOf(*node, batch) == "sealed"; }));
        const json::value now = node->must("chain_seal", {{"n", batch}});
        QCOMPARE(now.at("confirmations").to_number<int>(), 1);
        QCOMPARE(now.at("height").to_number<int>(), s.bitcoin->height());
        QCOMPARE(node->must("chain_seal", {{"n", 1}}).at("state"), json::value("sealed"));
        // bitcoind's own word for it.
        const auto anchor = json::value_to<std::string>(now.at("anchor"));
        const json::value raw = s.bitcoin->json({"getrawtransaction", anchor, "1"});
        QCOMPARE(json::value_to<std::string>(raw.at("blockhash")), s.bitcoin->bestBlock());
    }
    const json::value before = s.sequencer->must("node_info").at("seal");
    QVERIFY(before.at("program").to_number<std::uint64_t>() < batch);
    const auto named = before.at("batch").to_number<std::uint64_t>(); // the head when the anchor was made
    s.bitcoin->mine(2);
    QVERIFY(programsSay({s.sequencer.get(), s.signer.get(), s.oper.get()}, named)); // k blocks stand on it
    QVERIFY(programOf(*s.oper).seals == l2::SealsStatus::Open);
    QVERIFY(within(30, [&] {
        return s.oper->must("chain_seal", {{"n", batch}}).at("confirmations").to_number<int>() == 3;
    }));
    // A follower that is started again reads on where it was; one with an empty folder reads all of it.
    s.oper->stop();
    s.oper->launch();
    QVERIFY(within(30, [&] { return stateOf(*s.oper, batch) == "sealed"; }));
    // Batches that hold nothing but headers, or what shows the program a seal, are not worth an anchor.
    QThread::msleep(2'000);
    QCOMPARE(pendingOf(*s.sequencer), std::string());
}

void TestSeals::aKillLeavesOneAnchor()
{
    SealedScene& s = *m_scene;
    const std::uint64_t batch = s.pay();
    const std::string anchor = s.heardAnchor();
    QVERIFY(!anchor.empty());
    for (int i = 0; i < 3; ++i) {
        s.sequencer->kill();
        s.sequencer->launch();
        QVERIFY(within(30, [&] { return pendingOf(*s.sequencer) == anchor; }));
        s.pay(); // there is more to seal now, and still this seal says what it said
    }
    QCOMPARE(s.heardAnchor(), anchor);
    s.bitcoin->mine(1);
    QVERIFY(s.seal(batch));
    // Killed between blocks, and mined meanwhile.
    const std::uint64_t later = s.pay();
    QVERIFY(!s.heardAnchor().empty());
    s.sequencer->kill();
    s.bitcoin->mine(1);
    s.sequencer->launch();
    QVERIFY(s.seal(later));
}

/// Nobody to send it to: what is on disk alone when the sequencer dies is what is sent later.
void TestSeals::anAnchorThatWasNotSentYetSurvivesAKill()
{
    SealedScene& s = *m_scene;
    QVERIFY(s.seal(s.pay()));
    QVERIFY(within(30, [&] { return pendingOf(*s.sequencer).empty(); }));
    const auto anchors = [&s] {
        return s.sequencer->must("node_info").at("seal").at("anchors").to_number<int>();
    };
    const int before = anchors();
    s.bitcoin->cli({"setnetworkactive", "false"});
    QVERIFY(within(
        60, [&] { return s.sequencer->must("node_info").at("l1").at("peers").to_number<int>() == 0; }));
    const std::uint64_t batch = s.pay();
    std::string anchor;
    QVERIFY(within(30, [&] { return !(anchor = pendingOf(*s.sequencer)).empty(); }));
    QVERIFY(!s.inMempool(anchor));
    s.sequencer->kill();
    s.bitcoin->cli({"setnetworkactive", "true"});
    s.sequencer->launch();
    s.pay(); // there is more to seal now
    QCOMPARE(s.heardAnchor(), anchor);
    s.bitcoin->mine(1);
    QVERIFY(within(30, [&] { return stateOf(*s.sequencer, batch) == "sealed"; }));
    QCOMPARE(anchors(), before + 1);
}

void TestSeals::aReorganisationBringsTheSameAnchorAgain()
{
    SealedScene& s = *m_scene;
    const std::uint64_t batch = s.pay();
    QVERIFY(s.seal(batch));
    const json::value before = s.sequencer->must("chain_seal", {{"n", batch}});
    s.replaceByEmptyBlocks(1);
    QVERIFY(within(30, [&] { return stateOf(*s.sequencer, batch) == "sequenced"; }));
    const auto anchor = json::value_to<std::string>(before.at("anchor"));
    QVERIFY(within(30, [&] { return pendingOf(*s.sequencer) == anchor; }));
    QVERIFY(within(30, [&] { return s.inMempool(anchor); }));
    s.bitcoin->mine(1);
    QVERIFY(within(30, [&] { return stateOf(*s.sequencer, batch) == "sealed"; }));
    const json::value after = s.sequencer->must("chain_seal", {{"n", batch}});
    QCOMPARE(after.at("anchor"), before.at("anchor"));
    QCOMPARE(after.at("height").to_number<int>(), s.bitcoin->height());
}

/// Deeper than k: the nodes roll back, and the program with them.
void TestSeals::aDeepReorganisationUnsealsInTheProgramToo()
{
    SealedScene& s = *m_scene;
    const std::uint64_t batch = s.pay();
    QVERIFY(s.seal(batch));
    s.bitcoin->mine(1);
    QVERIFY(within(60, [&] { return programOf(*s.sequencer).sealedBatch.value >= batch; }));
    const auto sealedAt = programOf(*s.sequencer).sealHeight;
    s.replaceByEmptyBlocks(2);
    for (const Bowlined* node : {s.sequencer.get(), s.signer.get()}) {
        QVERIFY(within(60, [&] {
            return programOf(*node).sealedBatch.value < batch && s.reaches(*node, s.bitcoin->height());
        }));
    }
    // The same batch, or the one that came in its place.
    const std::uint64_t again = s.pay();
    QVERIFY(s.seal(again));
    s.bitcoin->mine(1);
    QVERIFY(within(60, [&] { return programOf(*s.sequencer).sealedBatch.value >= again; }));
    QVERIFY(programOf(*s.sequencer).sealHeight > sealedAt);
    QVERIFY(programsSay({s.signer.get()}, programOf(*s.sequencer).sealedBatch.value));
}

namespace {
/// As the owner does it, by the token in the node's folder.
bool ownerFills(const Bowlined& node, int height, const std::string& txid)
{
    QProcess process;
    process.start(QStringLiteral(BOWLINE_BINARY_DIR "/bin/bowline-cli"),
                  {"node", "refill", QString::number(height), QString::fromStdString(txid), "--node",
                   QString::fromStdString("http://" + node.address()), "--token-file",
                   QString::fromStdString(node.datadir() + "/access.token")});
    return process.waitForFinished(30'000) && process.exitCode() == 0;
}
} // namespace

/// Any wallet pays to the seal's address; the next anchor takes it along.
void TestSeals::theOwnerFillsTheSealUp()
{
    SealedScene& s = *m_scene;
    QVERIFY(s.seal(s.pay()));
    const auto seal = [&s] { return s.sequencer->must("node_info").at("seal"); };
    const auto address = json::value_to<std::string>(seal().at("address"));
    const auto value = seal().at("value").to_number<std::int64_t>();
    const std::string txid = s.bitcoin->cli({"sendtoaddress", address, "0.25"});
    s.bitcoin->mine(1);
    QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
    const int paidAt = s.bitcoin->height();
    const json::object request{{"height", s.bitcoin->height()}, {"txid", txid}};
    QVERIFY(!s.sequencer->call("admin_seal_refill", request).ok()); // the owner's alone
    QVERIFY(ownerFills(*s.sequencer, s.bitcoin->height(), txid));
    QVERIFY(within(30, [&] {
        return s.sequencer->must("node_info").at("refill").to_number<std::int64_t>() == 25'000'000 ||
               !pendingOf(*s.sequencer).empty();
    }));
    // A restart forgets nothing, and nothing is taken twice.
    s.sequencer->kill();
    s.sequencer->launch();
    const std::string anchor = s.heardAnchor();
    QVERIFY(!anchor.empty());
    const json::value raw = s.bitcoin->json({"getrawtransaction", anchor, "1"});
    QCOMPARE(raw.at("vin").as_array().size(), std::size_t{2});
    QCOMPARE(raw.at("vin").at(1).at("txid"), json::value(txid));
    s.bitcoin->mine(1);
    QVERIFY(within(30, [&] { return seal().at("value").to_number<std::int64_t>() > value + 24'990'000; }));
    QVERIFY(ownerFills(*s.sequencer, paidAt, txid));
    QVERIFY(within(30, [&] { return s.reaches(*s.sequencer, s.bitcoin->height()); }));
    QCOMPARE(s.sequencer->must("node_info").at("refill").to_number<int>(), 0);
    QVERIFY(within(60, [&] { return programOf(*s.sequencer).sealedBatch.value > 0; }));
}

namespace {
/// Nothing in it: what waits goes on waiting.
void mineEmpty(const SealedScene& s) { s.bitcoin->cli({"generateblock", s.bitcoin->newAddress(), "[]"}); }

std::int64_t refillOf(const Bowlined& sequencer)
{
    return sequencer.must("node_info").at("refill").to_number<std::int64_t>();
}

/// Two blocks pass and the time after which an anchor is replaced; the one that comes in its place.
std::string replaced(const SealedScene& s, const std::string& anchor)
{
    QThread::msleep(15'000);
    mineEmpty(s);
    mineEmpty(s);
    const bool isReplaced = within(30, [&] { return pendingOf(*s.sequencer) != anchor; });
    return isReplaced ? s.heardAnchor() : std::string();
}
} // namespace

/// What was named as a refill is spent already: no anchor with it is ever mined. It is tried twice, and not again with each
/// block's anchor until the seal is dry.
void TestSeals::aBadRefillIsGivenUp()
{
    SealedScene& s = *m_scene;
    QVERIFY(s.seal(s.pay()));
    const json::value seal = s.sequencer->must("node_info").at("seal");
    const std::string txid =
        s.bitcoin->cli({"sendtoaddress", json::value_to<std::string>(seal.at("address")), "0.1"});
    s.bitcoin->mine(1);
    const int paidAt = s.bitcoin->height();
    // The sequencer's own key spends it beside the chain of seals.
    const auto terms = *seal::SealTerms::create(s.network.network());
    const auto paid = *bitcoin::parseTransaction(*base::fromHex(s.bitcoin->cli({"getrawtransaction", txid})));
    const std::uint32_t index = paid.outputs[0].scriptPubKey == terms.script() ? 0 : 1;
    const auto key = s.network.keys("sequencer", daemon::NodeRole::Sequencer);
    const auto spent = *terms.makeAnchor({{paid.txid(), index}, paid.outputs[index].value}, {},
                                         base::Amount::fromSat(1'000), key.key("sequencer"));
    s.bitcoin->cli({"sendrawtransaction", base::toHex(spent.serialize())});
    s.bitcoin->mine(1);
    QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
    QVERIFY(ownerFills(*s.sequencer, paidAt, txid));
    std::string anchor;
    for (int tries = 0; tries < 2; ++tries) {
        QVERIFY(within(60, [&] { return !(anchor = pendingOf(*s.sequencer)).empty(); }));
        QVERIFY(!s.inMempool(anchor));
        QVERIFY(!replaced(s, anchor).empty()); // without it, so that nodes take it
        s.bitcoin->mine(1);
    }
    QVERIFY(within(30, [&] { return pendingOf(*s.sequencer).empty(); }));
    QCOMPARE(refillOf(*s.sequencer), std::int64_t{0});
    // Blocks come, and with them batches: nothing is worth an anchor.
    const auto anchors = [&s] {
        return s.sequencer->must("node_info").at("seal").at("anchors").to_number<int>();
    };
    const int before = anchors();
    for (int i = 0; i < 3; ++i) {
        s.bitcoin->mine(1);
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QThread::msleep(1'000);
    }
    QCOMPARE(pendingOf(*s.sequencer), std::string());
    QCOMPARE(anchors(), before);
    // A block that left the chain takes its refill along: what is in no block cannot be spent.
    const std::string gone =
        s.bitcoin->cli({"sendtoaddress", json::value_to<std::string>(seal.at("address")), "0.1"});
    s.bitcoin->mine(1);
    QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
    QVERIFY(ownerFills(*s.sequencer, s.bitcoin->height(), gone));
    const std::string taking = s.heardAnchor();
    QVERIFY(!taking.empty());
    QCOMPARE(refillOf(*s.sequencer), std::int64_t{10'000'000});
    s.replaceByEmptyBlocks(1);
    QVERIFY(within(30, [&] { return refillOf(*s.sequencer) == 0; }));
    s.bitcoin->mine(1); // both are in one block again
    QVERIFY(within(30, [&] {
        const json::value now = s.sequencer->must("node_info").at("seal");
        return now.at("value").to_number<std::int64_t>() >
               seal.at("value").to_number<std::int64_t>() + 9'990'000;
    }));
}

/// Five refills make it more than twice as long: at twice the rate alone it would cost less than what it is to replace, and
/// nodes would not take it.
void TestSeals::anAnchorWithRefillsIsReplaced()
{
    SealedScene& s = *m_scene;
    QVERIFY(s.seal(s.pay()));
    QVERIFY(within(30, [&] { return pendingOf(*s.sequencer).empty(); }));
    const json::value seal = s.sequencer->must("node_info").at("seal");
    std::vector<std::string> refills;
    for (int i = 0; i < 5; ++i)
        refills.push_back(
            s.bitcoin->cli({"sendtoaddress", json::value_to<std::string>(seal.at("address")), "0.01"}));
    s.bitcoin->mine(1);
    QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
    // All in one anchor: while the watch does not see the tip, none is made.
    for (const std::string& txid : refills) QVERIFY(ownerFills(*s.sequencer, s.bitcoin->height(), txid));
    std::string anchor = s.heardAnchor();
    const auto inputsOf = [&s](const std::string& txid) {
        return s.bitcoin->json({"getrawtransaction", txid, "1"}).at("vin").as_array().size();
    };
    if (inputsOf(anchor) < 6) { // the first ones were taken at once; the others go with the next one
        s.bitcoin->mine(1);
        QVERIFY(within(
            60, [&] { return pendingOf(*s.sequencer) != anchor && !pendingOf(*s.sequencer).empty(); }));
        anchor = s.heardAnchor();
    }
    QVERIFY(inputsOf(anchor) >= 5);
    const std::string next = replaced(s, anchor);
    QVERIFY(!next.empty());
    QCOMPARE(inputsOf(next), std::size_t{1});
    QVERIFY(!s.inMempool(anchor));
    s.bitcoin->mine(1);
    QVERIFY(within(60, [&] { return pendingOf(*s.sequencer) != next && !pendingOf(*s.sequencer).empty(); }));
    QVERIFY(inputsOf(s.heardAnchor()) >= 5); // once more
    s.bitcoin->mine(1);
    QVERIFY(within(30, [&] { return refillOf(*s.sequencer) == 0; }));
}

namespace {
/// The transaction that all members signed.
std::string committeeSays(const SealedScene& s, const QStringList& terms)
{
    Ceremony ceremony(s.network, terms);
    for (std::size_t i = 0; i < s.network.network().members.size(); ++i) ceremony.start(i);
    return ceremony.result();
}

QString text(std::uint64_t number) { return QString::number(number); }
const QString kSomeProgram = QStringLiteral("07000000") + QString(56, '0');
} // namespace

/// One says no, one dies with its nonce: nothing is signed, nobody comes back into the session, and a new one goes well.
void TestSeals::aMemberThatDiesTakesTheSessionAlong()
{
    SealedScene& s = *m_scene;
    const QStringList terms{"program", kSomeProgram, "0", text(s.network.params().leastProgramDelay())};
    Ceremony first(s.network, terms);
    first.start(0, "no\n");
    QCOMPARE(first.exitOf(0), 1);
    const std::string said = first.errorsOf(0);
    QVERIFY(said.find("committee.declined") != std::string::npos);
    QVERIFY(said.find(kSomeProgram.toStdString()) != std::string::npos); // it was shown before it was asked
    QVERIFY(!std::filesystem::exists(first.folder(0) + "/nonce-1.hex"));
    first.start(0);
    first.start(1);
    const std::string nonce = first.folder(1) + "/nonce-2.hex";
    QVERIFY(within(20, [&] { return std::filesystem::exists(nonce); }));
    first.kill(1);
    first.carry();
    std::filesystem::remove(nonce);
    first.start(1);
    QCOMPARE(first.exitOf(1), 1);
    QVERIFY(first.errorsOf(1).find("committee.began-already") != std::string::npos);
    first.start(2);
    QVERIFY(within(20, [&] {
        first.carry();
        return std::filesystem::exists(first.folder(0) + "/partial-3.hex") &&
               std::filesystem::exists(first.folder(0) + "/partial-1.hex");
    }));
    QProcess& shown = first.show(0);
    QCOMPARE(shown.exitCode(), 0);
    QVERIFY(shown.readAllStandardOutput().isEmpty());
    QVERIFY(shown.readAllStandardError().contains("awaiting partial signatures of 2\n"));
    QVERIFY(!committeeSays(s, terms).empty());
}

/// Somebody's second nonce: the others stop, and keep what shows it to anybody.
void TestSeals::aMemberThatShowsTwoNoncesIsNamed()
{
    SealedScene& s = *m_scene;
    Ceremony ceremony(s.network,
                      {"program", kSomeProgram, "0", text(s.network.params().leastProgramDelay())});
    const auto nonceOf = [&](std::size_t i) {
        return ceremony.folder(i) + "/nonce-" + std::to_string(i + 1) + ".hex";
    };
    ceremony.start(0);
    ceremony.start(2);
    QVERIFY(within(20, [&] { return std::filesystem::exists(nonceOf(2)); }));
    std::filesystem::copy_file(nonceOf(2), ceremony.folder(0) + "/nonce-3.hex");
    ceremony.kill(2);
    // As nobody does by accident: the record of the session goes, and the member comes again.
    for (const auto& file : std::filesystem::directory_iterator(s.network.datadir("signer-3"))) {
        if (file.path().filename().string().starts_with("committee-")) std::filesystem::remove(file.path());
    }
    std::filesystem::remove(nonceOf(2));
    ceremony.start(2);
    QVERIFY(within(20, [&] { return std::filesystem::exists(nonceOf(2)); }));
    std::filesystem::copy_file(nonceOf(2), ceremony.folder(0) + "/another.hex");
    QCOMPARE(ceremony.exitOf(0), 1);
    const std::string said = ceremony.errorsOf(0);
    QVERIFY2(said.find("member 3 has sent two nonces") != std::string::npos, said.c_str());
    const std::string evidence = ceremony.folder(0) + "/evidence";
    QProcess judge;
    judge.start(QStringLiteral(BOWLINE_BINARY_DIR "/bin/bowline-committee"),
                {"show", QString::fromStdString(s.network.file()), QString::fromStdString(evidence)});
    QVERIFY(judge.waitForFinished(30'000));
    QCOMPARE(judge.exitCode(), 1);
    QVERIFY(judge.readAllStandardError().contains("member 3 has sent two nonces"));
}

/// And takes it back, in every node's state.
void TestSeals::theCommitteeAnnouncesAProgram()
{
    SealedScene& s = *m_scene;
    const std::string id = kSomeProgram.toStdString();
    const std::uint32_t delay = s.network.params().leastProgramDelay();
    const auto send = [&](const std::string& hex) { return s.sequencer->call("tx_submit", {{"hex", hex}}); };
    const std::string good = committeeSays(s, {"program", kSomeProgram, "0", text(delay)});
    // What the signature covers cannot be changed by whoever brings it.
    std::string quick = good;
    quick.replace(quick.size() - 2 * (64 + 64 + 4), 2, "01"); // the delay's first byte
    QVERIFY(quick != good && !send(quick).ok());
    QVERIFY(send(good).ok());
    QVERIFY(within(60, [&] { return programOf(*s.signer).announced.hex() == id; }));
    // An anchor that seals it and is k deep sets the height.
    QVERIFY(s.seal(programOf(*s.signer).announcedBatch.value));
    s.bitcoin->mine(1);
    QVERIFY(within(60, [&] { return programOf(*s.signer).activationHeight.value != 0; }));
    const l2::ChainObject said = programOf(*s.signer);
    QCOMPARE(said.activationHeight.value, said.sealHeight.value + delay);
    QVERIFY(send(committeeSays(s, {"program", "none", "1", "0"})).ok());
    QVERIFY(within(60, [&] { return programOf(*s.signer).announced.isZero(); }));
}

/// The sequencer is gone for as long as recovery_blocks; what it left goes on from where the committee put it.
void TestSeals::theCommitteeMovesASealThatStandsStill()
{
    SealedScene& s = *m_scene;
    QVERIFY(s.seal(s.pay()));
    QVERIFY(within(30, [&] { return pendingOf(*s.sequencer).empty(); }));
    const json::value before = s.sequencer->must("node_info").at("seal");
    const auto anchor = json::value_to<std::string>(before.at("anchor"));
    s.sequencer->kill();
    const std::string hex =
        committeeSays(s, {"recover", QString::fromStdString(anchor), "0",
                          text(before.at("value").to_number<std::uint64_t>()), "1000", "next"});
    s.bitcoin->mine(static_cast<int>(s.network.network().seal.recoveryBlocks) - 2);
    QVERIFY(s.bitcoin->tryCli({"sendrawtransaction", hex}).exitCode != 0); // one block too early
    s.bitcoin->mine(1);
    const std::string moved = s.bitcoin->cli({"sendrawtransaction", hex});
    s.bitcoin->mine(1);
    s.sequencer->launch();
    QVERIFY(within(60, [&] {
        return s.signer->must("node_info").at("seal").at("anchors").to_number<int>() ==
               before.at("anchors").to_number<int>() + 1;
    }));
    QVERIFY(!s.signer->must("node_info").at("seal").at("ended").as_bool());
    const std::uint64_t batch = s.pay();
    QVERIFY(s.seal(batch)); // by an anchor that spends what the committee made
    s.bitcoin->mine(1);
    QVERIFY(within(60, [&] { return programOf(*s.sequencer).sealedBatch.value >= batch; }));
    QVERIFY(programOf(*s.sequencer).seals == l2::SealsStatus::Open);
    QCOMPARE(s.bitcoin->tryCli({"gettxout", moved, "0"}).out, std::string()); // spent
}

/// Behind refills and the committee's move: a wallet saves a file, and whoever has it sees that Bitcoin sealed the batch.
void TestSeals::aProofFileShowsRefillsAndMoves()
{
    SealedScene& s = *m_scene;
    const std::uint64_t batch = s.pay();
    QVERIFY(s.seal(batch));
    QTemporaryDir folder;
    QFile client(folder.filePath("client.json"));
    QVERIFY(client.open(QIODevice::WriteOnly));
    client.write(json::serialize(json::object{{"network_file", s.network.file()},
                                              {"bitcoin", json::array{s.bitcoin->p2pAddress()}},
                                              {"node", "http://" + s.sequencer->address()}})
                     .c_str());
    client.close();
    const CliWallet wallet(folder.path().toStdString(), "a password");
    QCOMPARE(wallet.run({"wallet", "create"}).exitCode, 0);
    const QString file = folder.filePath("batch.proof");
    const CliAnswer saved = wallet.run({"l2", "save", "batch:" + text(batch), "--to", file});
    QVERIFY2(saved.exitCode == 0, saved.text.c_str());
    const CliAnswer checked =
        wallet.run({"verify", file, "--network", QString::fromStdString(s.network.file())});
    QVERIFY2(checked.exitCode == 0, checked.text.c_str());
    for (const json::value& check : checked.json.at("checks").as_array()) {
        if (check.at("name") == "seal") QVERIFY2(check.at("outcome") == "passed", checked.text.c_str());
    }
    QCOMPARE(checked.json.at("finality"), json::value("sealed"));
    QFile shown(file);
    QVERIFY(shown.open(QIODevice::ReadOnly));
    QVERIFY(shown.readAll().contains("\"added\":["));
}

/// What a node hands out can be checked by anybody who has the anchor's block.
void TestSeals::checkEvidence(const SealedScene& s, const Bowlined& node)
{
    QCOMPARE(node.must("node_info").at("equivocations").to_number<int>(), 1);
    const json::array all = node.must("chain_evidence").at("sealed_otherwise").as_array();
    QCOMPARE(all.size(), std::size_t{1});
    const json::object& head = all[0].at("signed").as_object();
    const l2::SignedHeader own{*l2::parseBatchHeader(bytesAt(head, "header")),
                               *base::toArray<64>(bytesAt(head, "signature"))};
    QVERIFY(l2::checkHeaderSignature(own, s.network.params().sequencerKey).ok());
    const seal::Commitment said = *seal::parseCommitment(bytesAt(all[0].as_object(), "commitment"));
    QCOMPARE(said.batch, own.header.height);
    QVERIFY(!said.speaksOf(own.header));
    const auto txid = json::value_to<std::string>(all[0].at("anchor"));
    const auto block = json::value_to<std::string>(all[0].at("block"));
    QCOMPARE(s.bitcoin->cli({"getblockhash", std::to_string(all[0].at("height").to_number<int>())}), block);
    const auto raw = *base::fromHex(s.bitcoin->cli({"getrawtransaction", txid, "false", block}));
    const auto terms = *seal::SealTerms::create(s.network.network());
    QVERIFY(terms.judge(*bitcoin::parseTransaction(raw), 0).commitment == said);
}

/// Two sequencers on one key: the one whose anchor is in a block counts, and the other names it.
void TestSeals::aCopyOfTheSequencerSealsNothing()
{
    SealedScene& s = *m_scene;
    QVERIFY(s.seal(s.pay()));
    // Its batch of the last block is in both histories; otherwise one of the two could put it together with its payment,
    // and never come to the other's number.
    QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
    s.sequencer->stop();
    const std::string twin = s.network.datadir("sequencer-b");
    std::filesystem::copy(s.network.datadir("sequencer"), twin, std::filesystem::copy_options::recursive);
    s.sequencer->launch();
    const std::uint64_t batch = s.pay();
    QVERIFY(!s.heardAnchor().empty());
    const auto second = Bowlined::start({.role = "sequencer",
                                         .datadir = twin,
                                         .networkFile = s.network.file(),
                                         .bitcoin = s.bitcoin->p2pAddress(),
                                         .upstream = {},
                                         .extra = {}});
    const auto other = s.alice.pay(s.nonce - 1, s.alice.key(), 5);
    QVERIFY(second->call("tx_submit", {{"hex", base::toHex(other.encode())}}).ok());
    QVERIFY(within(60, [&] { return second->head() >= batch; }));
    s.bitcoin->mine(1);
    QVERIFY(within(30, [&] { return stateOf(*s.sequencer, batch) == "sealed"; }));
    QVERIFY(within(30, [&] { return stateOf(*second, batch) == "conflict"; }));
    QVERIFY(second->must("node_info").at("seal").at("conflict").as_bool());
    s.bitcoin->mine(2);
    QVERIFY(within(30, [&] { return stateOf(*second, second->head()) == "conflict"; }));
    // There would be something to seal, and an open seal.
    QThread::msleep(1'500);
    QCOMPARE(pendingOf(*second), std::string());
    // Nor for the program of each history: it sees which one Bitcoin says counts.
    QVERIFY(within(60, [&] { return programOf(*second).seals == l2::SealsStatus::Other; }));
    QVERIFY(programOf(*second).sealedBatch.value < batch);
    QVERIFY(second->must("node_info").at("seal").at("program_borne_out").as_bool());
    QVERIFY(within(60, [&] { return programOf(*s.sequencer).sealedBatch.value >= batch; }));
    QVERIFY(programOf(*s.sequencer).seals == l2::SealsStatus::Open);
    QVERIFY(!s.sequencer->must("node_info").at("seal").at("conflict").as_bool());
    QCOMPARE(s.sequencer->must("node_info").at("equivocations").to_number<int>(), 0);
    checkEvidence(s, *second);
    second->kill();
    second->launch();
    checkEvidence(s, *second);
}

QTEST_GUILESS_MAIN(TestSeals)
#include "tst_seals.moc"
