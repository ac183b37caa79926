// SPDX-License-Identifier: MIT
// The message board: who may post what where, what happens when somebody posts too much, and that nothing is
// lost or renumbered.
#include "app/daemon/relay/relay.h"
#include "core/bridge/committee.h"
#include "core/crypto/hash.h"

#include <QTemporaryDir>
#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using daemon::Relay;

namespace {

crypto::PrivateKey keyOf(std::uint8_t number)
{
    base::Bytes secret(32, 0x21);
    secret[31] = number;
    return *crypto::PrivateKey::fromBytes(secret);
}

/// A network with two members and one operator, and a depositor with a deposit.
struct Board {
    explicit Board(daemon::RelayLimits given = {}) : limits(given)
    {
        for (std::uint8_t i = 1; i <= 2; ++i) {
            network.members.push_back(
                {keyOf(i).publicKey(), keyOf(static_cast<std::uint8_t>(10 + i)).xOnlyPublicKey(), {}});
        }
        network.operators.push_back(oper.xOnlyPublicKey());
        reopen();
    }
    void reopen()
    {
        relay.reset();
        auto opened = Relay::open(dir.path().toStdString() + "/relay.sqlite", network, clock, limits);
        if (!opened.ok()) qFatal("relay");
        relay.emplace(std::move(opened).value());
    }
    [[nodiscard]] Digest topicOf(const crypto::PrivateKey& who) const
    {
        return depositId(network.params.chainId(), who.xOnlyPublicKey(), who.xOnlyPublicKey(), value);
    }
    [[nodiscard]] Message request(const crypto::PrivateKey& who) const
    {
        const RequestPayload payload{{Txid{}, 0}, who.xOnlyPublicKey(), who.xOnlyPublicKey(), value};
        return sign(who, topicOf(who), payload);
    }
    [[nodiscard]] Message sign(const crypto::PrivateKey& who, const Digest& topic, const Payload& payload,
                               std::uint8_t session = 1) const
    {
        const MessageType type = typeOf(payload);
        Digest id;
        if (type > MessageType::Join) id.bytes.fill(session);
        return *signMessage(who, network.params.chainId(), topic, id, payload);
    }
    std::string post(const Message& message)
    {
        const auto posted = relay->post(message.serialize());
        return posted.ok() ? (posted->fresh ? "fresh" : "known") : std::string(posted.error().code.name());
    }

    QTemporaryDir dir;
    l2::Network network;
    daemon::RelayLimits limits;
    base::ManualClock clock{1'700'000'000};
    crypto::PrivateKey member = keyOf(11);
    crypto::PrivateKey oper = keyOf(20);
    crypto::PrivateKey depositor = keyOf(30);
    crypto::PrivateKey stranger = keyOf(40);
    Amount value = Amount::fromSat(1'000'000);
    std::optional<Relay> relay;
};

const JoinPayload kJoin{1, {}, {}};
const HoldingPayload kHolding{};
const RefusalPayload kRefusal{RefusalCode::TooLate, "too late"};

} // namespace

class TestRelay : public QObject {
    Q_OBJECT

private slots:
    void everybodyPostsTheirOwnKindOfMessage()
    {
        Board board;
        const Digest topic = board.topicOf(board.depositor);
        QCOMPARE(board.post(board.request(board.depositor)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.oper, topic, OfferPayload{{}, {}, Script(34, 1)})),
                 std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.member, topic, kJoin)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.depositor, topic, kHolding)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.oper, topic, kRefusal)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.member, topic, OfferPayload{{}, {}, Script(34, 1)})),
                 std::string("relay.not-allowed"));
        QCOMPARE(board.post(board.sign(board.oper, topic, kJoin)), std::string("relay.not-allowed"));
        QCOMPARE(board.post(board.sign(board.depositor, topic, kJoin)), std::string("relay.not-allowed"));
    }

    void aStrangerPostsNothingIntoSomebodysDeposit()
    {
        Board board;
        const Digest topic = board.topicOf(board.depositor);
        QCOMPARE(board.post(board.request(board.depositor)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.stranger, topic, kHolding)), std::string("relay.not-allowed"));
        QCOMPARE(board.post(board.sign(board.stranger, topic, kRefusal)), std::string("relay.not-allowed"));
        // The depositor's words under the stranger's signature, and the stranger's own under this topic.
        const RequestPayload theirs{
            {Txid{}, 0}, board.depositor.xOnlyPublicKey(), board.depositor.xOnlyPublicKey(), board.value};
        QCOMPARE(board.post(board.sign(board.stranger, topic, theirs)), std::string("relay.not-allowed"));
        const RequestPayload own{
            {Txid{}, 0}, board.stranger.xOnlyPublicKey(), board.stranger.xOnlyPublicKey(), board.value};
        QCOMPARE(board.post(board.sign(board.stranger, topic, own)), std::string("relay.not-allowed"));
    }

    void aDepositorSpeaksOnlyAfterItsRequest()
    {
        Board board;
        QCOMPARE(board.post(board.sign(board.depositor, board.topicOf(board.depositor), kHolding)),
                 std::string("relay.not-allowed"));
    }

    void forgedForeignAndBrokenMessagesAreRefused()
    {
        Board board;
        Message forged = board.request(board.depositor);
        forged.signature[1] ^= 1;
        QCOMPARE(board.post(forged), std::string("bridge.bad-message-signature"));
        l2::ChainId other;
        other.bytes.fill(9);
        const RequestPayload payload{
            {Txid{}, 0}, board.depositor.xOnlyPublicKey(), board.depositor.xOnlyPublicKey(), board.value};
        QCOMPARE(
            board.post(*signMessage(board.depositor, other, board.topicOf(board.depositor), {}, payload)),
            std::string("bridge.other-network"));
        QCOMPARE(std::string(board.relay->post(base::Bytes(50, 7)).error().code.name()),
                 std::string("bridge.bad-message"));
    }

    void theSameBytesAreKeptOnceUnderTheirFirstNumber()
    {
        Board board;
        const Message request = board.request(board.depositor);
        const auto first = board.relay->post(request.serialize());
        const auto second = board.relay->post(request.serialize());
        QVERIFY(first->fresh && !second->fresh);
        QCOMPARE(first->number, second->number);
        QCOMPARE(board.relay->list(std::nullopt, 0)->size(), std::size_t{1});
    }

    void listsInOrderByTopicAfterARestartToo()
    {
        Board board;
        QCOMPARE(board.post(board.request(board.depositor)), std::string("fresh"));
        QCOMPARE(board.post(board.request(board.stranger)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.depositor, board.topicOf(board.depositor), kHolding)),
                 std::string("fresh"));
        board.reopen();
        const auto all = *board.relay->list(std::nullopt, 0);
        QCOMPARE(all.size(), std::size_t{3});
        QVERIFY(all[0].number < all[1].number && all[1].number < all[2].number);
        QVERIFY(parseMessage(all[2].bytes)->type == MessageType::Holding);
        QCOMPARE(board.relay->list(board.topicOf(board.depositor), 0)->size(), std::size_t{2});
        QCOMPARE(board.relay->list(board.topicOf(board.depositor), all[0].number)->size(), std::size_t{1});
        QCOMPARE(board.relay->list(std::nullopt, all[2].number)->size(), std::size_t{0});
    }

    void nobodyFillsATopic()
    {
        Board board(daemon::RelayLimits{.maxPerSender = 3, .maxOfDepositor = 3, .maxPerTopic = 5});
        QCOMPARE(board.post(board.request(board.depositor)), std::string("fresh"));
        const Digest topic = board.topicOf(board.depositor);
        for (std::uint8_t session = 1; session <= 2; ++session) {
            QCOMPARE(board.post(board.sign(board.depositor, topic, kHolding, session)), std::string("fresh"));
        }
        QCOMPARE(board.post(board.sign(board.depositor, topic, kHolding, 3)), std::string("relay.full"));
        for (std::uint8_t session = 1; session <= 2; ++session) {
            QCOMPARE(board.post(board.sign(board.member, topic, kHolding, session)), std::string("fresh"));
        }
        QCOMPARE(board.post(board.sign(board.member, topic, kHolding, 3)), std::string("relay.full"));
    }

    void aDepositorHasASmallShare()
    {
        Board board(daemon::RelayLimits{.maxOfDepositor = 6, .maxRequests = 2});
        const Digest topic = board.topicOf(board.depositor);
        const auto request = [&board, &topic](std::uint32_t output) {
            const auto key = board.depositor.xOnlyPublicKey();
            return board.sign(board.depositor, topic,
                              RequestPayload{{Txid{}, output}, key, key, board.value});
        };
        QCOMPARE(board.post(request(0)), std::string("fresh"));
        QCOMPARE(board.post(request(1)), std::string("fresh"));
        QCOMPARE(board.post(request(2)), std::string("relay.full"));
        for (std::uint8_t session = 1; session <= 4; ++session) {
            QCOMPARE(board.post(board.sign(board.depositor, topic, kHolding, session)), std::string("fresh"));
        }
        QCOMPARE(board.post(board.sign(board.depositor, topic, kHolding, 5)), std::string("relay.full"));
        QCOMPARE(board.post(board.sign(board.member, topic, kHolding, 1)), std::string("fresh"));
    }

    void strangersFillNoMoreThanTheBoardHoldsAndNeverACeremony()
    {
        Board board(daemon::RelayLimits{.maxBytes = 10'000});
        QCOMPARE(board.post(board.request(board.depositor)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.member, board.topicOf(board.depositor), kJoin)),
                 std::string("fresh"));
        for (std::uint8_t i = 100; i < 160; ++i) {
            QCOMPARE(board.post(board.request(keyOf(i))), std::string("fresh"));
            if (i % 20 == 0) board.reopen(); // the sums are those of the messages
        }
        std::size_t bytes = 0;
        const auto all = *board.relay->list(std::nullopt, 0);
        for (const auto& message : all) bytes += message.bytes.size();
        QVERIFY2(bytes <= 10'000 && bytes > 9'000, qPrintable(QString::number(bytes)));
        QCOMPARE(board.relay->list(board.topicOf(board.depositor), 0)->size(), std::size_t{2});
        QCOMPARE(board.relay->list(board.topicOf(keyOf(100)), 0)->size(), std::size_t{0});
        QCOMPARE(board.relay->list(board.topicOf(keyOf(159)), 0)->size(), std::size_t{1});
        // Who goes on talking pushes out others, never its own request.
        for (std::uint8_t session = 1; session <= 20; ++session) {
            QCOMPARE(board.post(board.sign(keyOf(159), board.topicOf(keyOf(159)), kHolding, session)),
                     std::string("fresh"));
        }
        QCOMPARE(board.relay->list(board.topicOf(keyOf(159)), 0)->size(), std::size_t{21});
        QCOMPARE(board.relay->list(board.topicOf(board.depositor), 0)->size(), std::size_t{2});
    }

    void aBoardOfTheFirstVersionIsTakenOverWithItsSums()
    {
        static constexpr std::array<const char*, 1> kFirst{R"(
CREATE TABLE message(number INTEGER PRIMARY KEY AUTOINCREMENT, topic BLOB NOT NULL, sender BLOB NOT NULL,
                     type INTEGER NOT NULL, member INTEGER NOT NULL, digest BLOB NOT NULL UNIQUE,
                     bytes BLOB NOT NULL) STRICT;
CREATE INDEX message_by_topic ON message(topic, number);
CREATE INDEX message_by_sender ON message(topic, sender);
)"};
        Board board(daemon::RelayLimits{.maxTopics = 2});
        const std::string path = board.dir.path().toStdString() + "/old.sqlite";
        const Message request = board.request(board.depositor);
        const Message join = board.sign(board.member, board.topicOf(board.depositor), kJoin);
        {
            auto old = store::Database::open(path, store::Schema{0x4257524c, kFirst});
            for (const Message& message : {request, join}) {
                const base::Bytes bytes = message.serialize();
                const bool isMember = message.sender == board.member.xOnlyPublicKey();
                QVERIFY(old->run("INSERT INTO message(topic, sender, type, member, digest, bytes) "
                                 "VALUES (?, ?, ?, ?, ?, ?)",
                                 message.topic, message.sender, static_cast<std::uint8_t>(message.type),
                                 isMember ? 1 : 0, crypto::sha256(bytes), bytes)
                            .ok());
            }
        }
        auto relay = Relay::open(path, board.network, board.clock, board.limits);
        QVERIFY(!relay->post(request.serialize())->fresh);
        for (std::uint8_t i = 50; i < 55; ++i)
            QVERIFY(relay->post(board.request(keyOf(i)).serialize())->fresh);
        QCOMPARE(relay->list(board.topicOf(board.depositor), 0)->size(), std::size_t{2});
        QCOMPARE(relay->list(std::nullopt, 0)->size(), std::size_t{3}); // one stranger beside the ceremony
    }

    void aCeremonyThatIsLongOverGivesItsPlaceToANewOne()
    {
        Board board(daemon::RelayLimits{.maxTopics = 2, .maxAge = 100});
        for (const std::uint8_t i : {std::uint8_t{50}, std::uint8_t{51}}) {
            QCOMPARE(board.post(board.request(keyOf(i))), std::string("fresh"));
            QCOMPARE(board.post(board.sign(board.member, board.topicOf(keyOf(i)), kJoin)),
                     std::string("fresh"));
            board.clock.set(board.clock.now() + 60);
        }
        QCOMPARE(board.post(board.request(board.depositor)),
                 std::string("fresh")); // 120 seconds after the first
        QCOMPARE(board.relay->list(board.topicOf(keyOf(50)), 0)->size(), std::size_t{0});
        QCOMPARE(board.relay->list(board.topicOf(keyOf(51)), 0)->size(), std::size_t{2});
        QCOMPARE(board.post(board.sign(board.member, board.topicOf(board.depositor), kJoin)),
                 std::string("fresh"));
        QCOMPARE(board.post(board.request(board.stranger)), std::string("relay.full"));
    }

    void aClockThatJumpsNeitherPushesOutACeremonyNorKeepsItsPlaceForEver()
    {
        constexpr base::UnixTime kYear = 365 * 24 * 3600;
        Board board(daemon::RelayLimits{.maxTopics = 2, .maxAge = 100});
        const auto ceremony = [&](std::uint8_t i) {
            return board.post(board.request(keyOf(i))) + ' ' +
                   board.post(board.sign(board.member, board.topicOf(keyOf(i)), kJoin));
        };
        const base::UnixTime now = board.clock.now();
        QCOMPARE(ceremony(50), std::string("fresh fresh"));
        board.clock.set(now - 3600);
        QCOMPARE(ceremony(51), std::string("fresh fresh"));
        board.clock.set(now + kYear);
        QCOMPARE(board.relay->list(std::nullopt, 0)->size(), std::size_t{4}); // nothing goes by itself
        QCOMPARE(ceremony(52), std::string("fresh fresh"));                   // the oldest gives way, no more
        QCOMPARE(board.relay->list(board.topicOf(keyOf(51)), 0)->size(), std::size_t{2});
        // Set right again, the one from the future holds no place for a year.
        board.clock.set(now + 60);
        QCOMPARE(ceremony(53), std::string("fresh fresh"));
        QCOMPARE(ceremony(54), std::string("fresh fresh"));
        QCOMPARE(board.relay->list(board.topicOf(keyOf(52)), 0)->size(), std::size_t{0});
        QCOMPARE(ceremony(55).substr(0, 10), std::string("relay.full"));
    }

    void manyRequestsDoNotPushOutACeremonyThatRuns()
    {
        Board board(daemon::RelayLimits{.maxTopics = 3});
        QCOMPARE(board.post(board.request(board.depositor)), std::string("fresh"));
        QCOMPARE(board.post(board.sign(board.member, board.topicOf(board.depositor), kJoin)),
                 std::string("fresh"));
        const std::uint64_t before = board.relay->list(std::nullopt, 0)->back().number;
        for (std::uint8_t i = 50; i < 60; ++i)
            QCOMPARE(board.post(board.request(keyOf(i))), std::string("fresh"));
        const auto kept = *board.relay->list(board.topicOf(board.depositor), 0);
        QCOMPARE(kept.size(), std::size_t{2});
        QCOMPARE(board.relay->list(board.topicOf(keyOf(50)), 0)->size(), std::size_t{0});
        QCOMPARE(board.relay->list(board.topicOf(keyOf(59)), 0)->size(), std::size_t{1});
        QVERIFY(board.relay->list(std::nullopt, 0)->back().number ==
                before + 10); // numbers are never used again
    }
};

QTEST_GUILESS_MAIN(TestRelay)
#include "tst_relay.moc"
