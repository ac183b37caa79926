// SPDX-License-Identifier: MIT
// core/chain: framing and payloads of the peer-to-peer protocol.
#include "core/chain/wire.h"
#include "core/crypto/hash.h"
#include "tests/support/scripted_peer.h"

#include <QTest>

using namespace bowline;
using namespace bowline::chain;

namespace {
const Magic kMain{0xf9, 0xbe, 0xb4, 0xd9};
base::Bytes hex(std::string_view text) { return base::fromHex(text).value(); }
} // namespace

class TestWire : public QObject {
    Q_OBJECT
private slots:
    void readsMessagesOfTheDocumentation();
    void refusesHeadsThatLie_data();
    void refusesHeadsThatLie();
    void aChangedPayloadIsNoticed();
    void versionSurvivesAndHidesNothing();
    void everyPayloadSurvivesAndRefusesTruncation();
    void refusesCountsBeyondTheProtocol();
    void refusesHeadersWithTransactions();
    void refusesOtherFilterTypes();
};

void TestWire::readsMessagesOfTheDocumentation()
{
    // The verack and version messages shown on the protocol page of the Bitcoin wiki.
    const base::Bytes verack = hex("f9beb4d976657261636b000000000000000000005df6e0e2");
    QCOMPARE(base::toHex(frameMessage(kMain, "verack", {})), base::toHex(verack));
    const auto head = parseMessageHead(verack, kMain);
    QVERIFY(head.ok());
    QCOMPARE(head->command, std::string("verack"));
    QVERIFY(checkPayload(*head, {}).ok());

    const auto version = parseVersion(
        hex("62ea0000010000000000000011b2d05000000000010000000000000000000000000000000000ffff"
            "000000000000000000000000000000000000000000000000ffff0000000000003b2eb35d8ce617650f2f"
            "5361746f7368693a302e372e322fc03e0300"));
    QVERIFY(version.ok());
    QCOMPARE(version->protocol, 60002U);
    QCOMPARE(version->agent, std::string("/Satoshi:0.7.2/"));
    QCOMPARE(version->startHeight, 212672);
    QCOMPARE(version->time, std::int64_t{1355854353});
}

void TestWire::refusesHeadsThatLie_data()
{
    QTest::addColumn<QString>("head");
    QTest::addColumn<QString>("code");
    QTest::newRow("other network") << "0b11090776657261636b000000000000000000005df6e0e2"
                                   << "chain.bad-magic";
    QTest::newRow("no command") << "f9beb4d9000000000000000000000000000000005df6e0e2"
                                << "chain.bad-command";
    QTest::newRow("bytes behind the padding") << "f9beb4d976657261636b000000000061000000005df6e0e2"
                                              << "chain.bad-command";
    QTest::newRow("control character") << "f9beb4d976651b61636b000000000000000000005df6e0e2"
                                       << "chain.bad-command";
    QTest::newRow("verack with payload") << "f9beb4d976657261636b000000000000010000005df6e0e2"
                                         << "chain.message-too-large";
    QTest::newRow("unknown, too large") << "f9beb4d97765697264000000000000000109 3d005df6e0e2"
                                        << "chain.message-too-large";
    QTest::newRow("four gigabytes") << "f9beb4d9686561646572730000000000ffffffff5df6e0e2"
                                    << "chain.message-too-large";
    QTest::newRow("short") << "f9beb4d976657261636b0000"
                           << "base.truncated";
}

void TestWire::refusesHeadsThatLie()
{
    QFETCH(QString, head);
    QFETCH(QString, code);
    const auto parsed = parseMessageHead(hex(head.remove(' ').toStdString()), kMain);
    QVERIFY(!parsed.ok());
    QCOMPARE(QString::fromStdString(std::string(parsed.error().code.name())), code);
}

void TestWire::aChangedPayloadIsNoticed()
{
    const base::Bytes ping = frameMessage(kMain, "ping", writePing(42));
    const auto head = parseMessageHead(base::ByteView(ping).first(kMessageHeadSize), kMain);
    base::Bytes payload(ping.begin() + kMessageHeadSize, ping.end());
    QVERIFY(checkPayload(*head, payload).ok());
    QCOMPARE(parsePing(payload).value(), std::uint64_t{42});
    payload[3] ^= 1U;
    QVERIFY(checkPayload(*head, payload).error().code == kBadChecksum);
    payload.pop_back();
    QVERIFY(!checkPayload(*head, payload).ok());
}

void TestWire::versionSurvivesAndHidesNothing()
{
    VersionMessage message;
    message.services = service::kWitness;
    message.time = 1'700'000'000;
    message.nonce = 99;
    message.agent = "/x\x1b[31m\xff/";
    message.startHeight = 500;
    const auto parsed = parseVersion(writeVersion(message));
    QVERIFY(parsed.ok());
    QCOMPARE(parsed->services, message.services);
    QCOMPARE(parsed->nonce, message.nonce);
    QCOMPARE(parsed->agent, message.agent);
    QCOMPARE(sanitizeAgent(parsed->agent), std::string("/x?[31m?/"));
    message.agent.assign(257, 'a');
    QVERIFY(!parseVersion(writeVersion(message)).ok());
}

void TestWire::everyPayloadSurvivesAndRefusesTruncation()
{
    const auto headers = test::mineHeaders(test::regtest().genesis, 3);
    const base::Bytes wire = writeHeaders(headers);
    QCOMPARE(parseHeaders(wire).value(), headers);
    const std::vector<InventoryItem> items{{kInvWtx, {1}}, {kInvWitnessBlock, {2}}};
    QCOMPARE(parseInventory(writeInventory(items)).value(), items);
    const FilterHeadersMessage filterHeaders{{{1}}, {{2}}, {{{3}}, {{4}}}};
    QCOMPARE(parseFilterHeaders(writeFilterHeaders(filterHeaders))->filterHashes, filterHeaders.filterHashes);
    const FilterMessage filter{{{5}}, {1, 2, 3}};
    QCOMPARE(parseFilter(writeFilter(filter))->encoded, filter.encoded);
    const FilterCheckpointsMessage checkpoints{{{6}}, {{{7}}, {{8}}}};
    QCOMPARE(parseFilterCheckpoints(writeFilterCheckpoints(checkpoints))->headers, checkpoints.headers);

    const auto refusesAllPrefixes = [](const base::Bytes& whole, auto parse) {
        for (std::size_t size = 0; size < whole.size(); ++size) {
            if (parse(base::ByteView(whole).first(size)).ok()) return false;
        }
        base::Bytes longer = whole;
        longer.push_back(0);
        return !parse(base::ByteView(longer)).ok();
    };
    QVERIFY(refusesAllPrefixes(wire, parseHeaders));
    QVERIFY(refusesAllPrefixes(writeInventory(items), parseInventory));
    QVERIFY(refusesAllPrefixes(writeFilterHeaders(filterHeaders), parseFilterHeaders));
    QVERIFY(refusesAllPrefixes(writeFilter(filter), parseFilter));
    QVERIFY(refusesAllPrefixes(writeFilterCheckpoints(checkpoints), parseFilterCheckpoints));
    QVERIFY(refusesAllPrefixes(writePing(1), parsePing));
}

void TestWire::refusesCountsBeyondTheProtocol()
{
    base::Writer headers;
    headers.compactSize(kMaxHeadersPerMessage + 1);
    QVERIFY(parseHeaders(headers.data()).error().code == base::kTooLong);
    base::Writer inventory;
    inventory.compactSize(kMaxInventory + 1);
    QVERIFY(parseInventory(inventory.data()).error().code == base::kTooLong);
}

void TestWire::refusesHeadersWithTransactions()
{
    base::Writer out;
    out.compactSize(1);
    out.bytes(test::regtest().genesis.serialize());
    out.compactSize(1);
    QVERIFY(parseHeaders(out.data()).error().code == kBadMessage);
}

void TestWire::refusesOtherFilterTypes()
{
    base::Bytes message = writeFilter({{{5}}, {1}});
    message[0] = 1;
    QVERIFY(parseFilter(message).error().code == kBadMessage);
}

QTEST_GUILESS_MAIN(TestWire)
#include "tst_wire.moc"
