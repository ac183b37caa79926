// SPDX-License-Identifier: MIT
// Messages on the relay: one encoding each, bound to network, deposit, session and sender.
#include "core/bridge/ceremony_log.h"
#include "tests/unit/bridge/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;

namespace {

const ChainId kChain{{1, 2, 3}};
const Digest kTopic{{4, 5, 6}};
const Digest kSession{{7, 8, 9}};

crypto::PublicNonce someNonce(const PrivateKey& key)
{
    const auto keys = must(crypto::KeyAggregation::fromKeys({key.publicKey()}));
    return must(crypto::SecretNonce::generate(key, keys, kTopic, kSession)).publicNonce();
}

crypto::PartialSignature somePartial(std::uint8_t byte)
{
    const Bytes bytes(32, byte);
    return must(crypto::PartialSignature::parse(bytes));
}

std::vector<Payload> onePayloadOfEachType()
{
    const Message offer =
        must(signMessage(keyOf("operator"), kChain, kTopic, {},
                         OfferPayload{outpointOf("request"), outpointOf("f"), payoutOf("p")}));
    return {RequestPayload{outpointOf("request"), keyOf("a").xOnlyPublicKey(), keyOf("b").xOnlyPublicKey(),
                           Amount::fromSat(5)},
            OfferPayload{outpointOf("request"), outpointOf("funding", 7), payoutOf("payout")},
            ProposalPayload{3, outpointOf("request"), {offer, offer}, kSession},
            JoinPayload{2, kTopic, {9, 9}},
            NoncesPayload{{someNonce(keyOf("a")), someNonce(keyOf("b"))}},
            PartialsPayload{kTopic, {somePartial(1), somePartial(2)}},
            HoldingPayload{kTopic, Signature64{3}},
            ConfirmPartialPayload{kTopic, somePartial(4)},
            RefusalPayload{RefusalCode::TooLate, "half of the refund time has passed"}};
}

} // namespace

class TestBridgeMessages : public QObject {
    Q_OBJECT

private slots:
    void everyTypeComesBackAsItWasSent();
    void truncatedAndExtendedMessagesAreRefused();
    void aMessageIsBoundToEverythingItNames();
    void valuesOutOfBoundsAreRefused();
    void twoSessionsShareNothing();
    void anOutsiderIsIgnored();
};

void TestBridgeMessages::everyTypeComesBackAsItWasSent()
{
    std::uint8_t type = 0;
    for (const Payload& payload : onePayloadOfEachType()) {
        ++type;
        const Message message = must(signMessage(keyOf("sender"), kChain, kTopic, kSession, payload));
        QCOMPARE(static_cast<std::uint8_t>(message.type), type);
        QVERIFY(message.session.isZero() == (type <= 4));
        const Message opened = must(openMessage(message.serialize(), kChain));
        QVERIFY(opened == message);
        QVERIFY(must(decodePayload(opened)) == payload);
        QVERIFY(encodePayload(must(decodePayload(opened))) == message.payload);
    }
}

void TestBridgeMessages::truncatedAndExtendedMessagesAreRefused()
{
    for (const Payload& payload : onePayloadOfEachType()) {
        Message message = must(signMessage(keyOf("sender"), kChain, kTopic, kSession, payload));
        Bytes bytes = message.serialize();
        QVERIFY(!parseMessage(base::ByteView(bytes).first(bytes.size() - 1)).ok());
        bytes.push_back(0);
        QVERIFY(!parseMessage(bytes).ok());
        if (message.type == MessageType::Refusal) continue; // its text has any length
        message.payload.pop_back();
        QVERIFY(!decodePayload(message).ok());
        message.payload.push_back(0);
        message.payload.push_back(0);
        QVERIFY(!decodePayload(message).ok());
    }
}

void TestBridgeMessages::aMessageIsBoundToEverythingItNames()
{
    const Message message =
        must(signMessage(keyOf("sender"), kChain, kTopic, kSession, HoldingPayload{kTopic, {}}));
    const Bytes bytes = message.serialize();
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        Bytes changed = bytes;
        changed[i] ^= 1U;
        QVERIFY(!openMessage(changed, kChain).ok());
    }
    const auto elsewhere = openMessage(bytes, ChainId{{9}});
    QVERIFY(!elsewhere.ok() && elsewhere.error().code == kOtherNetwork);
}

void TestBridgeMessages::valuesOutOfBoundsAreRefused()
{
    const auto refused = [](const Payload& payload) {
        return !decodePayload(must(signMessage(keyOf("s"), kChain, kTopic, kSession, payload))).ok();
    };
    QVERIFY(refused(JoinPayload{0, kTopic, {}}));
    QVERIFY(refused(JoinPayload{kMaxAttempts + 1, kTopic, {}}));
    QVERIFY(!refused(JoinPayload{kMaxAttempts, kTopic, {}}));
    QVERIFY(refused(RequestPayload{outpointOf("r"), {}, {}, Amount::fromSat(Amount::kMaxSat + 1)}));
    QVERIFY(refused(NoncesPayload{}));
    QVERIFY(refused(NoncesPayload{std::vector(kMaxSlots + 1, someNonce(keyOf("a")))}));
    QVERIFY(refused(RefusalPayload{RefusalCode::Other, std::string(kMaxRefusalText + 1, 'a')}));
    QVERIFY(refused(RefusalPayload{RefusalCode::Other, "line\nbreak"}));
    QVERIFY(refused(OfferPayload{outpointOf("r"), outpointOf("f"), Script(35, 0x51)}));
    Message nonces =
        must(signMessage(keyOf("s"), kChain, kTopic, kSession, NoncesPayload{{someNonce(keyOf("a"))}}));
    nonces.payload[1] ^= 0xff; // no point of the curve, or another one; the first byte decides below
    nonces.payload[0] = 5;
    QVERIFY(!decodePayload(nonces).ok());
    Message joined = must(signMessage(keyOf("s"), kChain, kTopic, kSession, JoinPayload{1, kTopic, {}}));
    joined.session = kSession;
    QVERIFY(!parseMessage(joined.serialize()).ok());
}

void TestBridgeMessages::twoSessionsShareNothing()
{
    const std::vector<ByteArray<32>> fresh{{1}, {2}, {3}};
    std::set<Digest> ids{sessionId(outpointOf("r"), kTopic, 1, fresh)};
    QVERIFY(ids.insert(sessionId(outpointOf("r", 1), kTopic, 1, fresh)).second);
    QVERIFY(ids.insert(sessionId(outpointOf("r"), kSession, 1, fresh)).second);
    QVERIFY(ids.insert(sessionId(outpointOf("r"), kTopic, 2, fresh)).second);
    QVERIFY(ids.insert(sessionId(outpointOf("r"), kTopic, 1, {{1}, {2}, {4}})).second);
    QVERIFY(ids.insert(sessionId(outpointOf("r"), kTopic, 1, {{2}, {1}, {3}})).second);
}

void TestBridgeMessages::anOutsiderIsIgnored()
{
    const TestNetwork network = makeNetwork(3, 2);
    const Deposit deposit = standardDeposit(network);
    CeremonyLog log(deposit);
    const auto add = [&](const PrivateKey& sender, const Digest& topic, const Payload& payload) {
        return log.add(must(signMessage(sender, network.context->chainId, topic, kSession, payload)));
    };
    const JoinPayload join{1, kTopic, {}};
    QVERIFY(add(keyOf("stranger"), deposit.id(), join) == Intake::NotOurs);
    QVERIFY(add(network.operatorKeys[0], deposit.id(), join) == Intake::NotOurs);
    QVERIFY(add(network.messageKeys[1], kTopic, join) == Intake::NotOurs);
    QVERIFY(add(network.messageKeys[1], deposit.id(), join) == Intake::Taken);
    QVERIFY(add(network.messageKeys[1], deposit.id(), join) == Intake::Duplicate);
    // Only member 0 proposes, only pinned operators offer, only the depositor asks.
    QVERIFY(add(network.messageKeys[1], deposit.id(), ProposalPayload{1, standardTerms().request, {}, {}}) ==
            Intake::NotOurs);
    QVERIFY(add(network.messageKeys[1], deposit.id(), OfferPayload{}) == Intake::NotOurs);
    QVERIFY(add(keyOf("refund"), deposit.id(), join) == Intake::NotOurs);
    // One sender cannot fill the log.
    Intake last = Intake::Taken;
    for (std::uint8_t i = 0; i < 200; ++i) {
        last = log.add(must(signMessage(network.messageKeys[2], network.context->chainId, deposit.id(),
                                        Digest{{1, i}}, HoldingPayload{})));
    }
    QVERIFY(last == Intake::Excess);
}

QTEST_GUILESS_MAIN(TestBridgeMessages)
#include "tst_bridge_messages.moc"
