// SPDX-License-Identifier: MIT
// A sequencer and its followers as real processes: batches follow Bitcoin's blocks, everybody comes to the same
// state, and what they show can be proven.
#include "core/l2/light_client.h"
#include "core/net/subscriber.h"
#include "tests/integration/daemon/scene.h"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <thread>

#include <sys/stat.h>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

class TestNodes : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<Scene> m_scene;

private slots:
    void initTestCase()
    {
        SKIP_WITHOUT_BITCOIND();
        m_scene = std::make_unique<Scene>();
        m_scene->addFollowers();
    }
    void cleanupTestCase() { m_scene.reset(); }

    void batchesFollowMinedBlocksAndFollowersAgree()
    {
        Scene& s = *m_scene;
        for (int i = 0; i < 3; ++i) {
            s.bitcoin->mine(1);
            QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        }
        // The layer 2's word about Bitcoin is Bitcoin's.
        const auto head = Scene::headerOf(s.sequencer->must("chain_head"));
        QCOMPARE(head.l1Hash.displayHex(),
                 s.bitcoin->cli({"getblockhash", std::to_string(s.bitcoin->height() - 1)}));
        QVERIFY(Scene::agree(*s.sequencer, *s.signer));
        QVERIFY(Scene::agree(*s.sequencer, *s.oper));
        const auto info = s.signer->must("node_info");
        QCOMPARE(json::value_to<std::string>(info.at("role")), std::string("signer"));
        QCOMPARE(json::value_to<std::string>(info.at("chain_id")), s.network.params().chainId().hex());
        QVERIFY(info.at("head_stands").as_bool());
        QCOMPARE(json::value_to<std::string>(info.at("l1").at("hash")), s.bitcoin->bestBlock());
    }

    void aDepositIsMintedPaidOnAndSeenByEverybodyWithProofs()
    {
        Scene& s = *m_scene;
        const Person alice(s.network.params().chainId());
        const Person bob(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        const auto accepted = s.submit(mint);
        QVERIFY2(accepted.ok(), accepted.ok() ? "" : accepted.error().detail.c_str());
        QCOMPARE(json::value_to<std::string>(accepted->at("hash")), mint.hash().hex());
        QVERIFY(s.included(*s.sequencer, mint));
        const l2::Transaction payment = alice.pay(0, bob.key(), 250'000);
        QVERIFY(s.submit(payment).ok());
        QVERIFY(s.included(*s.signer, payment));
        QVERIFY(s.included(*s.oper, payment));
        QVERIFY(Scene::agree(*s.signer, *s.oper));
        QCOMPARE(s.balance(*s.oper, alice.key()), 1'000'000 - 250'000 - 100);
        QCOMPARE(s.balance(*s.oper, bob.key()), 250'000);

        // A follower's answer proves itself against the root that the sequencer signed.
        const auto answer = s.oper->must("state_get", {{"kind", 1}, {"id", bob.key().hex()}});
        const l2::BatchHeader header = Scene::headerOf(answer);
        const auto signature = base::arrayFromHex<64>(answer.at("signature").as_string());
        QVERIFY(l2::checkHeaderSignature({header, *signature}, s.network.params().sequencerKey).ok());
        const auto value = base::fromHex(answer.at("value").as_string());
        const auto proof = l2::parseStateProof(*base::fromHex(answer.at("proof").as_string()));
        QVERIFY(l2::verifyState(header.stateRoot, l2::accountId(bob.key()).key(), *value, *proof).ok());

        const auto history = s.signer->must("account_history", {{"key", alice.key().hex()}});
        std::vector<l2::HistoryEntry> entries;
        for (const json::value& entry : history.at("entries").as_array()) {
            entries.push_back({*l2::TxHash::fromHex(entry.at("hash").as_string()),
                               {entry.at("batch").to_number<std::uint64_t>()},
                               entry.at("index").to_number<std::uint32_t>()});
        }
        QCOMPARE(entries.size(), std::size_t{2});
        const auto account = l2::parseAccount(*base::fromHex(history.at("value").as_string()));
        QVERIFY(l2::verifyHistory(account->history, entries).ok());
        entries.pop_back();
        QVERIFY(!l2::verifyHistory(account->history, entries).ok());
    }

    void aVaultIsMintedOnlyOnce()
    {
        Scene& s = *m_scene;
        const Person alice(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        QVERIFY(s.submit(mint).ok()); // the same bytes: known, and nothing happens
        l2::Transaction other = mint;
        std::get<l2::Mint>(other.payload).graphRoot.bytes.fill(0x33);
        const auto refused = s.submit(other);
        QVERIFY(!refused.ok());
        QCOMPARE(refused.error().code.name(), std::string_view("sequencer.tx-rejected"));
        QCOMPARE(s.balance(*s.sequencer, alice.key()), 1'000'000);
    }

    void listsComeInPagesAndAnOwnerSeesItsOwn()
    {
        Scene& s = *m_scene;
        const Person alice(s.network.params().chainId());
        const l2::Transaction mint =
            s.network.mint(*s.bitcoin, base::Amount::fromSat(1'000'000), alice.key());
        QVERIFY(s.reaches(*s.sequencer, s.bitcoin->height()));
        QVERIFY(s.submit(mint).ok());
        QVERIFY(s.included(*s.sequencer, mint));
        for (std::uint64_t nonce = 0; nonce < 3; ++nonce) {
            const auto request = alice.sign(
                nonce,
                l2::WithdrawRequest{base::Amount::fromSat(20'000), {}, bitcoin::payToTaproot(alice.key())});
            QVERIFY(s.submit(request).ok());
            QVERIFY(s.included(*s.sequencer, request));
        }
        const auto pages = [&s](const char* method, const char* id, json::object params) {
            json::array out;
            params["limit"] = 2;
            for (;;) {
                const json::value page = s.sequencer->must(method, params);
                out.insert(out.end(), page.as_array().begin(), page.as_array().end());
                if (page.as_array().size() < 2) return out;
                params["after"] = page.as_array().back().at(id);
            }
        };
        const json::object own{{"owner", alice.key().hex()}};
        const json::value all = s.sequencer->must("withdrawals_list", own);
        QCOMPARE(all.as_array().size(), std::size_t{3});
        QVERIFY(pages("withdrawals_list", "id", own) == all.as_array());
        QVERIFY(pages("withdrawals_list", "id", {}) == s.sequencer->must("withdrawals_list").as_array());
        QCOMPARE(pages("withdrawals_list", "id", {{"status", 3}}).size(), std::size_t{0});
        const Person nobody(s.network.params().chainId());
        QVERIFY(s.sequencer->must("withdrawals_list", {{"owner", nobody.key().hex()}}).as_array().empty());
        const json::value vaults = s.sequencer->must("vaults_list");
        QVERIFY(vaults.as_array().size() >= 2);
        QVERIFY(pages("vaults_list", "outpoint", {}) == vaults.as_array());
    }

    void aBadTransactionIsRefusedWithItsReason()
    {
        Scene& s = *m_scene;
        const Person nobody(s.network.params().chainId());
        const auto poor = s.submit(nobody.pay(0, nobody.key(), 5));
        QCOMPARE(poor.error().code.name(), std::string_view("sequencer.tx-rejected"));
        QCOMPARE(poor.error().detail, std::string("balance-low"));
        l2::Transaction forged = nobody.pay(0, nobody.key(), 5);
        forged.signature[3] ^= 1;
        QCOMPARE(s.submit(forged).error().detail, std::string("bad-signature"));
        const auto garbage = s.sequencer->call("tx_submit", {{"hex", "00ff"}});
        QCOMPARE(garbage.error().code.name(), std::string_view("l2.bad-transaction"));
        QCOMPARE(s.sequencer->call("tx_submit", {{"hex", "xyz"}}).error().code.name(),
                 std::string_view("net.invalid-params"));
    }

    void followersDoNotTakeWhatIsTheSequencers()
    {
        for (const char* method : {"tx_submit", "relay_post", "relay_list"}) {
            const auto answer = m_scene->signer->call(method);
            QCOMPARE(answer.error().code.name(), std::string_view("node.not-sequencer"));
        }
    }

    void aNewNodeCatchesUpFromAFollowerWhenTheSequencerIsAway()
    {
        Scene& s = *m_scene;
        QVERIFY(Scene::agree(*s.sequencer, *s.oper));
        QCOMPARE(s.sequencer->stop(), 0);
        const auto late =
            Bowlined::start(s.network, *s.bitcoin, "operator-2", {s.sequencer->address(), s.oper->address()});
        QVERIFY(Scene::agree(*late, *s.oper));
        QVERIFY(late->head() > 3);
        s.sequencer->launch();
        s.bitcoin->mine(1);
        QVERIFY(s.reaches(*late, s.bitcoin->height()));
    }

    void aNodeThatIsToldNothingFollowsWhomTheNetworkFileNames()
    {
        Scene& s = *m_scene;
        s.network.setSequencerUrls({"http://" + s.sequencer->address()});
        const auto signer = Bowlined::start(s.network, *s.bitcoin, "signer-2");
        QVERIFY(Scene::agree(*signer, *s.sequencer));
        s.bitcoin->mine(1);
        QVERIFY(s.reaches(*signer, s.bitcoin->height()));
        QVERIFY(Scene::agree(*signer, *s.sequencer));
        s.network.setSequencerUrls({});
    }

    void subscribersHearOfNewHeadsFromFollowersToo()
    {
        Scene& s = *m_scene;
        boost::asio::io_context io;
        std::atomic<std::uint64_t> number = 0;
        std::atomic<bool> connected = false;
        net::Subscriber subscriber(io.get_executor(), s.signer->endpoint(), {"heads"},
                                   {[&] { connected = true; }, [](const net::Error&) {},
                                    [&](std::string_view, const json::object& head) {
                                        number = head.at("number").to_number<std::uint64_t>();
                                    }});
        subscriber.start();
        std::thread thread([&io] { io.run(); });
        const bool heard = within(10, [&] { return connected.load(); });
        s.bitcoin->mine(1);
        const bool reached = s.reaches(*s.signer, s.bitcoin->height());
        const bool told = within(5, [&] { return number == s.signer->head(); });
        subscriber.stop();
        thread.join();
        QVERIFY(heard && reached && told);
    }

    void oneFolderIsUsedByOneProcess()
    {
        Scene& s = *m_scene;
        QProcess second;
        second.start(QStringLiteral(BOWLINE_BINARY_DIR) + "/bin/bowlined",
                     {"--role", "signer", "--datadir", QString::fromStdString(s.network.datadir("signer-1")),
                      "--network-file", QString::fromStdString(s.network.file()), "--bitcoin",
                      QString::fromStdString(s.bitcoin->p2pAddress())});
        QVERIFY(second.waitForFinished(10'000));
        QCOMPARE(second.exitCode(), 1);
        QVERIFY(second.readAllStandardError().contains("daemon.in-use"));
    }

    void keysAreTheOwnersAloneAndNeverOverwritten()
    {
        Scene& s = *m_scene;
        struct stat info = {};
        QCOMPARE(::stat((s.network.datadir("signer-2") + "/keys").c_str(), &info), 0);
        QCOMPARE(info.st_mode & 0777U, 0600U);
        const auto again = daemon::NodeKeys::create(s.network.datadir("signer-2"), daemon::NodeRole::Signer);
        QCOMPARE(again.error().code.name(), daemon::kKeyFileExists.name());
        QVERIFY(::chmod((s.network.datadir("signer-2") + "/keys").c_str(), 0640) == 0);
        const auto exposed = daemon::NodeKeys::load(s.network.datadir("signer-2"), daemon::NodeRole::Signer);
        QCOMPARE(exposed.error().code.name(), daemon::kKeyFileExposed.name());
        QVERIFY(::chmod((s.network.datadir("signer-2") + "/keys").c_str(), 0600) == 0);
    }

    void everyNodeEndsCleanly()
    {
        for (Bowlined* node : {m_scene->sequencer.get(), m_scene->signer.get(), m_scene->oper.get()}) {
            QCOMPARE(node->stop(), 0);
        }
    }
};

QTEST_GUILESS_MAIN(TestNodes)
#include "tst_nodes.moc"
