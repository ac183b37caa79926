// SPDX-License-Identifier: MIT
// Seals on a real bitcoind, between real processes: the sequencer seals its batches through kills and reorganisations, and
// every node reads the same from its own blocks.
#include "core/seal/anchor.h"
#include "tests/integration/daemon/scene.h"

#include <QProcess>

#include <filesystem>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {

std::string stateOf(const Bowlined& node, std::uint64_t batch)
{
    return json::value_to<std::string>(node.must("chain_seal", {{"n", batch}}).at("state"));
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
    SealedScene() : alice(network.params().chainId()), bob(network.params().chainId())
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
    void theCommitteeAnnouncesAProgram();
    void theCommitteeMovesASealThatStandsStill();
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
/// What bowline-committee prints, with the keys of all members.
std::string committeeSays(const SealedScene& s, QStringList arguments)
{
    arguments.insert(1, QString::fromStdString(s.network.file()));
    for (std::size_t i = 1; i <= s.network.network().members.size(); ++i)
        arguments.append(QString::fromStdString(s.network.datadir("signer-" + std::to_string(i))));
    QProcess process;
    process.start(QStringLiteral(BOWLINE_BINARY_DIR "/bin/bowline-committee"), arguments);
    if (!process.waitForFinished(30'000) || process.exitCode() != 0)
        qFatal("bowline-committee: %s", process.readAllStandardError().constData());
    return process.readAllStandardOutput().trimmed().toStdString();
}

QString text(std::uint64_t number) { return QString::number(number); }
} // namespace

/// And takes it back, in every node's state.
void TestSeals::theCommitteeAnnouncesAProgram()
{
    SealedScene& s = *m_scene;
    const std::string id = "07000000" + std::string(56, '0');
    const std::uint32_t delay = s.network.params().leastProgramDelay();
    const auto send = [&](const std::string& hex) { return s.sequencer->call("tx_submit", {{"hex", hex}}); };
    const std::string quick = committeeSays(s, {"program", QString::fromStdString(id), "0", text(delay - 1)});
    QVERIFY(!send(quick).ok());
    const std::string good = committeeSays(s, {"program", QString::fromStdString(id), "0", text(delay)});
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
