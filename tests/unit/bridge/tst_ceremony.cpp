// SPDX-License-Identifier: MIT
// The ceremony with committees of many sizes, relays of bad habits, members that lie and members that die.
#include "tests/unit/bridge/fixture.h"

#include <QTest>

using namespace bowline;
using namespace bowline::bridge;
using namespace bowline::bridge::test;

namespace {

std::vector<Message> messagesOf(const Party& party, MessageType type)
{
    std::vector<Message> out;
    for (const Bytes& bytes : party.relay.messages()) {
        Message message = must(openMessage(bytes, party.network.context->chainId));
        if (message.type == type) out.push_back(std::move(message));
    }
    return out;
}

/// Member i's message with another payload, signed by the member itself.
Bytes resigned(const Party& party, std::size_t i, const Message& message, const Payload& payload)
{
    return must(signMessage(party.network.messageKeys[i], message.chainId, message.topic, message.session,
                            payload))
        .serialize();
}

/// Every public nonce that was ever shown, of all members, slots and sessions, is another one.
bool noNonceTwice(const Party& party)
{
    std::set<crypto::PublicNonce> seen;
    std::set<std::pair<Digest, XOnlyPublicKey>> sessions;
    for (const Message& message : messagesOf(party, MessageType::Nonces)) {
        if (!sessions.emplace(message.session, message.sender).second) continue; // posted once more
        const Payload payload = must(decodePayload(message));
        for (const crypto::PublicNonce& nonce : std::get<NoncesPayload>(payload).nonces) {
            if (!seen.insert(nonce).second) return false;
        }
    }
    return !seen.empty();
}

/// What must hold of every finished ceremony, judged by BIP340 over sighashes computed from the transactions.
void checkOutcome(const Party& party)
{
    QVERIFY(!party.broadcast.empty());
    for (const Transaction& confirm : party.broadcast) {
        QVERIFY(confirm.txid() == party.deposit.confirmTxid());
        Signature64 signature{};
        QCOMPARE(confirm.inputs[0].witness[0].size(), signature.size());
        std::copy_n(confirm.inputs[0].witness[0].begin(), signature.size(), signature.begin());
        QVERIFY(crypto::verifySchnorr(party.deposit.depositKeys().xOnlyKey(),
                                      party.deposit.confirmSighash().view(), signature));
    }
    QVERIFY(party.authorisation.has_value());
    QVERIFY(
        party.deposit.mintSignatureIsValid(party.authorisation->graphRoot, party.authorisation->signature));
    for (const MemberMemory& memory : party.memories) {
        QVERIFY(memory.signedGraph.has_value());
        const DepositGraph graph = must(memory.signedGraph->open(party.network.context));
        QVERIFY(graph.root() == party.authorisation->graphRoot);
        for (std::size_t i = 0; i < graph.operators().size(); ++i) {
            QVERIFY(
                makeTake(graph.operators()[i], memory.signedGraph->takes[i], party.network.operatorKeys[i])
                    .ok());
        }
    }
    QVERIFY(noNonceTwice(party));
    QVERIFY(party.evidence.empty());
}

} // namespace

class TestCeremony : public QObject {
    Q_OBJECT

private slots:
    void aCommitteeOfAnySizeSignsOverAnyRelay_data();
    void aCommitteeOfAnySizeSignsOverAnyRelay();
    void aMemberThatDiesInAnyRoundComesBack_data();
    void aMemberThatDiesInAnyRoundComesBack();
    void twoMembersDyingAtOnceComeBack();
    void aWrongPartialSignatureNamesItsMember_data();
    void aWrongPartialSignatureNamesItsMember();
    void aMemberWithTwoSetsOfNoncesConvictsItself();
    void aMemberWithTwoSetsOfNoncesCannotHaveAnotherBlamed();
    void aProposalOfAnotherGraphConvictsMemberZero();
    void aWrongHoldingConvictsItsMember();
    void evidenceWithoutItsMessagesProvesNothing();
    void nobodySignsTheVaultBeforeEverybodyHoldsItsMint_data();
    void nobodySignsTheVaultBeforeEverybodyHoldsItsMint();
    void theCommitteeRefusesWhenHalfOfTheRefundTimePassed();
    void theCommitteeSignsOnlyForWhatStandsOnTheChain_data();
    void theCommitteeSignsOnlyForWhatStandsOnTheChain();
    void aMemberSignsForOneGraphOfADepositOnly();
    void aFundingOfAnotherDepositsGraphIsRefused();
    void messagesOfAnEarlierAttemptAreWorthless();
    void operatorsFindTheirTakeSignaturesInPublicMessages();
    void aLockedWalletLosesNothing();
    void onlyTheVaultTransactionCanBeMinted();
    void aVetoIsDueWhenHalfOfTheWindowPassedWithoutAClaim();
};

void TestCeremony::aCommitteeOfAnySizeSignsOverAnyRelay_data()
{
    QTest::addColumn<int>("members");
    QTest::addColumn<int>("operators");
    QTest::addColumn<int>("reorder");
    QTest::addColumn<int>("repeat");
    QTest::addColumn<int>("drop");
    for (const int members : {1, 2, 3, 5, 15}) {
        const QByteArray name = QByteArray::number(members);
        QTest::newRow(name + " in order") << members << 2 << 1 << 0 << 0;
        QTest::newRow(name + " out of order and repeated") << members << 2 << 50 << 30 << 0;
        if (members < 15) QTest::newRow(name + " with losses") << members << 3 << 10 << 20 << 20;
    }
}

void TestCeremony::aCommitteeOfAnySizeSignsOverAnyRelay()
{
    QFETCH(int, members);
    QFETCH(int, operators);
    QFETCH(int, reorder);
    QFETCH(int, repeat);
    QFETCH(int, drop);
    const Habits habits{static_cast<unsigned>(reorder), static_cast<unsigned>(repeat),
                        static_cast<unsigned>(drop)};
    Party party(static_cast<std::size_t>(members), static_cast<std::size_t>(operators), habits, 7);
    party.postOffers();
    QVERIFY(party.run());
    checkOutcome(party);
}

void TestCeremony::aMemberThatDiesInAnyRoundComesBack_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("member");
    QTest::addColumn<bool>("posted");
    for (const int member : {0, 2}) {
        for (int type = static_cast<int>(MessageType::Join);
             type <= static_cast<int>(MessageType::ConfirmPartial); ++type) {
            for (const bool posted : {true, false}) {
                QTest::addRow("member %d, message %d, %s", member, type,
                              posted ? "after posting" : "before posting")
                    << type << member << posted;
            }
        }
    }
}

void TestCeremony::aMemberThatDiesInAnyRoundComesBack()
{
    QFETCH(int, type);
    QFETCH(int, member);
    QFETCH(bool, posted);
    Party party(3, 2);
    const auto mortal = static_cast<std::size_t>(member);
    bool dead = false;
    party.tamper = [&](std::size_t i, const Bytes& bytes) -> std::optional<Bytes> {
        if (i != mortal || dead) return bytes;
        dead = must(parseMessage(bytes)).type == static_cast<MessageType>(type);
        return dead && !posted ? std::nullopt : std::optional(bytes);
    };
    party.postOffers();
    while (!dead && party.turn()) {
    }
    QVERIFY(dead);
    party.restart(mortal);
    QVERIFY(party.run());
    checkOutcome(party);
    std::set<std::pair<Digest, bool>> sessions;
    for (const ReleasedRecord& record : party.released) sessions.emplace(record.session, record.confirm);
    for (const auto& [session, confirm] : sessions) { // in one session each member releases once
        const auto count =
            std::count_if(party.released.begin(), party.released.end(), [&](const auto& record) {
                return record.session == session && record.confirm == confirm;
            });
        QVERIFY(count <= 3);
    }
}

void TestCeremony::twoMembersDyingAtOnceComeBack()
{
    Party party(5, 2);
    party.postOffers();
    for (int i = 0; i < 3; ++i) party.turn();
    party.restart(1);
    party.restart(4);
    QVERIFY(party.run());
    checkOutcome(party);
}

void TestCeremony::aWrongPartialSignatureNamesItsMember_data()
{
    QTest::addColumn<int>("slot"); // -1: the last
    QTest::newRow("mint authorisation") << 0;
    QTest::newRow("Take1") << 3;
    QTest::newRow("T1") << -1;
}

void TestCeremony::aWrongPartialSignatureNamesItsMember()
{
    QFETCH(int, slot);
    Party party(5, 2);
    const std::size_t liar = 3;
    party.tamper = [&](std::size_t i, const Bytes& bytes) -> std::optional<Bytes> {
        const Message message = must(parseMessage(bytes));
        const MessageType type = slot < 0 ? MessageType::ConfirmPartial : MessageType::Partials;
        if (i != liar || message.type != type) return bytes;
        Payload payload = must(decodePayload(message));
        const Bytes one(32, 1);
        const auto wrong = must(crypto::PartialSignature::parse(one));
        if (auto* partials = std::get_if<PartialsPayload>(&payload)) {
            partials->partials[static_cast<std::size_t>(slot)] = wrong;
        } else {
            std::get<ConfirmPartialPayload>(payload).partial = wrong;
        }
        return resigned(party, i, message, payload);
    };
    party.postOffers();
    // The liar itself saw its own, good message first; everybody else sees the bad one.
    QVERIFY(!party.run(2));
    std::size_t accusers = 0;
    for (const Evidence& evidence : party.evidence) {
        if (evidence.fault != Fault::BadPartial) continue;
        ++accusers;
        QVERIFY(evidence.accused == party.network.messageKeys[liar].xOnlyPublicKey());
        QVERIFY(checkEvidence(party.network.context, evidence).ok());
        QVERIFY(must(Evidence::parse(evidence.serialize())) == evidence);
    }
    QCOMPARE(accusers, std::size_t{4});
    for (std::size_t i = 0; i < party.members.size(); ++i) {
        if (i == liar) continue;
        QVERIFY(party.members[i]->phase() == CeremonyPhase::Refused);
        QVERIFY(party.members[i]->refusal()->code == RefusalCode::BadPartial);
        QCOMPARE(party.members[i]->refusal()->text, std::string("member 3"));
    }
    if (slot >= 0) QVERIFY(messagesOf(party, MessageType::ConfirmPartial).empty());
    QVERIFY(party.broadcast.empty());

    // It thinks better of it and starts over: the others go along.
    party.tamper = nullptr;
    party.evidence.clear();
    party.restart(liar);
    QVERIFY(party.run());
}

void TestCeremony::aMemberWithTwoSetsOfNoncesConvictsItself()
{
    Party party(3, 2);
    std::optional<Message> first;
    party.tamper = [&](std::size_t i, const Bytes& bytes) -> std::optional<Bytes> {
        const Message message = must(parseMessage(bytes));
        if (i == 1 && message.type == MessageType::Nonces) first = message;
        return bytes;
    };
    party.postOffers();
    while (!first && party.turn()) {
    }
    Payload second = must(decodePayload(*first));
    std::swap(std::get<NoncesPayload>(second).nonces.front(), std::get<NoncesPayload>(second).nonces.back());
    party.relay.post(resigned(party, 1, *first, second));
    QVERIFY(party.run(1)); // the first set counts for everybody
    QVERIFY(!party.evidence.empty());
    for (const Evidence& evidence : party.evidence) {
        QVERIFY(evidence.fault == Fault::Equivocation);
        QVERIFY(evidence.accused == party.network.messageKeys[1].xOnlyPublicKey());
        QVERIFY(checkEvidence(party.network.context, evidence).ok());
    }
}

void TestCeremony::aMemberWithTwoSetsOfNoncesCannotHaveAnotherBlamed()
{
    // A log that is shown other nonces of member 1 than member 0 saw cannot judge member 0.
    Party party(3, 2);
    party.postOffers();
    party.run();
    CeremonyLog log(party.deposit);
    for (const Bytes& bytes : party.relay.messages()) {
        const Message message = must(openMessage(bytes, party.network.context->chainId));
        if (message.type == MessageType::Nonces &&
            message.sender == party.network.messageKeys[1].xOnlyPublicKey()) {
            Payload other = must(decodePayload(message));
            std::swap(std::get<NoncesPayload>(other).nonces.front(),
                      std::get<NoncesPayload>(other).nonces.back());
            log.add(must(openMessage(resigned(party, 1, message, other), message.chainId)));
        } else {
            log.add(message);
        }
    }
    QVERIFY(log.latestAttempt()->allNonces());
    QVERIFY(log.latestAttempt()->liars().empty());
    QVERIFY(log.takeEvidence().empty());
    QVERIFY(log.signedAttempt() == nullptr);
}

void TestCeremony::aProposalOfAnotherGraphConvictsMemberZero()
{
    Party party(3, 3);
    party.tamper = [&](std::size_t i, const Bytes& bytes) -> std::optional<Bytes> {
        const Message message = must(parseMessage(bytes));
        if (i != 0 || message.type != MessageType::Proposal) return bytes;
        Payload payload = must(decodePayload(message));
        std::get<ProposalPayload>(payload).graphRoot.bytes[5] ^= 1U;
        return resigned(party, i, message, payload);
    };
    party.postOffers();
    QVERIFY(!party.run(1));
    QVERIFY(party.released.empty());
    bool accused = false;
    for (const Evidence& evidence : party.evidence) {
        if (evidence.fault != Fault::BadProposal) continue;
        accused = true;
        QVERIFY(evidence.accused == party.network.messageKeys[0].xOnlyPublicKey());
        QVERIFY(checkEvidence(party.network.context, evidence).ok());
    }
    QVERIFY(accused);
}

void TestCeremony::aWrongHoldingConvictsItsMember()
{
    Party party(3, 2);
    party.tamper = [&](std::size_t i, const Bytes& bytes) -> std::optional<Bytes> {
        const Message message = must(parseMessage(bytes));
        if (i != 2 || message.type != MessageType::Holding) return bytes;
        Payload payload = must(decodePayload(message));
        std::get<HoldingPayload>(payload).mintSignature[3] ^= 1U;
        return resigned(party, i, message, payload);
    };
    party.postOffers();
    QVERIFY(!party.run(1));
    QVERIFY(std::any_of(party.evidence.begin(), party.evidence.end(), [&](const Evidence& evidence) {
        return evidence.fault == Fault::BadHolding &&
               evidence.accused == party.network.messageKeys[2].xOnlyPublicKey() &&
               checkEvidence(party.network.context, evidence).ok();
    }));
}

void TestCeremony::evidenceWithoutItsMessagesProvesNothing()
{
    Party party(3, 2);
    party.postOffers();
    QVERIFY(party.run());
    // Honest messages, presented as evidence.
    Evidence framed{
        Fault::BadPartial, party.network.messageKeys[1].xOnlyPublicKey(), party.deposit.terms(), {}};
    for (const Bytes& bytes : party.relay.messages()) framed.messages.push_back(bytes);
    QVERIFY(!checkEvidence(party.network.context, framed).ok());
    framed.messages.back()[10] ^= 1U;
    QVERIFY(!checkEvidence(party.network.context, framed).ok());
}

void TestCeremony::nobodySignsTheVaultBeforeEverybodyHoldsItsMint_data()
{
    QTest::addColumn<int>("silent"); // a member, or 3 for the depositor
    QTest::newRow("the depositor") << 3;
    QTest::newRow("a member") << 1;
    QTest::newRow("member 0") << 0;
}

void TestCeremony::nobodySignsTheVaultBeforeEverybodyHoldsItsMint()
{
    QFETCH(int, silent);
    Party party(3, 2);
    party.tamper = [&](std::size_t i, const Bytes& bytes) -> std::optional<Bytes> {
        const bool holding = must(parseMessage(bytes)).type == MessageType::Holding;
        return holding && static_cast<int>(i) == silent ? std::nullopt : std::optional(bytes);
    };
    party.postOffers();
    if (silent == 3) {
        // It never answers: its side gets another deposit to look at.
        DepositTerms other = standardTerms();
        other.refundKey = keyOf("refund").xOnlyPublicKey();
        other.value = Amount::fromSat(1'000'000);
        party.depositor.emplace(must(Deposit::create(party.network.context, other)), std::nullopt);
    }
    QVERIFY(!party.run(2));
    for (const Message& message : messagesOf(party, MessageType::ConfirmPartial)) {
        // The silent member alone believes that it was heard.
        QVERIFY(static_cast<int>(*party.network.context->committee.indexOfMessageKey(message.sender)) ==
                silent);
    }
    QVERIFY(party.broadcast.empty());
}

void TestCeremony::theCommitteeRefusesWhenHalfOfTheRefundTimePassed()
{
    // refund_blocks is 40 and the request is in block 105.
    for (const std::uint32_t tip : {124U, 125U}) {
        Party party(3, 2);
        party.facts.tip = {tip};
        party.postOffers();
        QCOMPARE(party.run(1), tip == 124);
        QCOMPARE(messagesOf(party, MessageType::Refusal).empty(), tip == 124);
        QCOMPARE(party.released.empty(), tip != 124);
    }
    // It passes while the last round is under way.
    Party party(3, 2);
    party.tamper = [&](std::size_t, const Bytes& bytes) -> std::optional<Bytes> {
        if (must(parseMessage(bytes)).type == MessageType::Holding) party.facts.tip = {125};
        return bytes;
    };
    party.postOffers();
    QVERIFY(!party.run(1));
    QVERIFY(messagesOf(party, MessageType::ConfirmPartial).empty());
}

void TestCeremony::theCommitteeSignsOnlyForWhatStandsOnTheChain_data()
{
    QTest::addColumn<int>("what");
    QTest::newRow("request missing") << 0;
    QTest::newRow("request not deep") << 1;
    QTest::newRow("request of another value") << 2;
    QTest::newRow("request with another script") << 3;
    QTest::newRow("request spent") << 4;
    QTest::newRow("funding missing") << 5;
    QTest::newRow("funding not deep") << 6;
    QTest::newRow("funding a satoshi short") << 7;
    QTest::newRow("funding with another script") << 8;
    QTest::newRow("funding spent") << 9;
}

void TestCeremony::theCommitteeSignsOnlyForWhatStandsOnTheChain()
{
    QFETCH(int, what);
    Party party(3, 2);
    const OutPoint outpoint =
        what < 5 ? party.deposit.terms().request : standardOffers(party.network)[0].funding;
    const OutputFact original = party.facts.outputs[outpoint];
    OutputFact& fact = party.facts.outputs[outpoint];
    switch (what % 5) {
    case 0: party.facts.outputs.erase(outpoint); break;
    case 1: fact.height = party.facts.tip; break;
    case 2: fact.output.value += Amount::fromSat(-1); break;
    case 3: fact.output.scriptPubKey = payoutOf("other"); break;
    case 4: fact.spentBy = Txid{{9}}; break;
    default: break;
    }
    party.postOffers();
    QVERIFY(!party.run(1));
    QVERIFY(messagesOf(party, MessageType::Partials).empty());
    QVERIFY(party.released.empty());
    party.facts.outputs[outpoint] = original; // a reorg, or a block, and all is well
    QVERIFY(party.run());
}

void TestCeremony::aFundingOfAnotherDepositsGraphIsRefused()
{
    // An operator offers one funding for two deposits: its Kickoff for one would close its way out of the other.
    Party first(3, 2);
    first.postOffers();
    QVERIFY(first.run());
    std::map<OutPoint, OutPoint> bound;
    for (const ReleasedRecord& record : first.released) {
        QCOMPARE(record.fundings.size(), std::size_t{2});
        for (const OutPoint& funding : record.fundings) bound[funding] = first.deposit.terms().request;
    }
    QCOMPARE(bound.size(), std::size_t{2});

    Party same(3, 2); // the deposit that they are bound to itself goes on
    same.facts.boundFundings = bound;
    same.postOffers();
    QVERIFY(same.run());

    Party second(3, 2);
    second.facts.boundFundings = {{standardOffers(second.network)[1].funding, outpointOf("another request")}};
    second.postOffers();
    QVERIFY(!second.run(1));
    QVERIFY(second.released.empty());
    QVERIFY(messagesOf(second, MessageType::Proposal).empty());

    // Also when it is bound between the join and the partial signatures: both ceremonies ran at once.
    Party late(3, 2);
    late.tamper = [&](std::size_t, const Bytes& bytes) -> std::optional<Bytes> {
        if (must(parseMessage(bytes)).type == MessageType::Nonces) {
            late.facts.boundFundings = {
                {standardOffers(late.network)[0].funding, outpointOf("another request")}};
        }
        return bytes;
    };
    late.postOffers();
    QVERIFY(!late.run(1));
    QVERIFY(!messagesOf(late, MessageType::Nonces).empty());
    QVERIFY(late.released.empty());
}

void TestCeremony::aMemberSignsForOneGraphOfADepositOnly()
{
    Party party(3, 3);
    bool stop = false;
    party.tamper = [&](std::size_t i, const Bytes& bytes) -> std::optional<Bytes> {
        const Message message = must(parseMessage(bytes));
        if (message.type == MessageType::Holding && i == 0) stop = true;
        return message.type == MessageType::Holding ? std::nullopt : std::optional(bytes);
    };
    party.postOffers();
    while (!stop && party.turn()) {
    }
    QCOMPARE(party.released.size(), std::size_t{3});
    // Member 0 proposes two of the three operators, signed with its own key.
    std::vector<Message> offers;
    for (std::size_t i = 0; i < 2; ++i) {
        offers.push_back(
            must(makeOffer(party.deposit, standardOffers(party.network)[i], party.network.operatorKeys[i])));
    }
    std::vector<OperatorOffer> two = standardOffers(party.network);
    two.pop_back();
    const DepositGraph other = must(DepositGraph::create(party.deposit, two));
    party.relay.post(
        must(signMessage(party.network.messageKeys[0], party.network.context->chainId, party.deposit.id(), {},
                         ProposalPayload{2, party.deposit.terms().request, offers, other.root()}))
            .serialize());
    while (party.turn()) {
    }
    QCOMPARE(party.released.size(), std::size_t{3});
    for (const auto& member : party.members) {
        QVERIFY(member->refusal() && member->refusal()->code == RefusalCode::BoundElsewhere);
    }
}

void TestCeremony::messagesOfAnEarlierAttemptAreWorthless()
{
    Party party(3, 2);
    party.postOffers();
    while (messagesOf(party, MessageType::Partials).size() < 3) QVERIFY(party.turn());
    const std::vector<Message> nonces = messagesOf(party, MessageType::Nonces);
    const std::vector<Message> partials = messagesOf(party, MessageType::Partials);
    party.restart(2);
    party.turn();
    party.turn();
    CeremonyLog log(party.deposit);
    for (const Bytes& bytes : party.relay.messages()) {
        log.add(must(openMessage(bytes, party.network.context->chainId)));
    }
    const Attempt* attempt = log.latestAttempt();
    QVERIFY(attempt != nullptr && attempt->number() == 2);
    // The old messages under the new session do not verify: the session is part of what is signed.
    for (Message message : {nonces[0], partials[0]}) {
        message.session = attempt->session();
        QVERIFY(!openMessage(message.serialize(), message.chainId).ok());
    }
}

void TestCeremony::operatorsFindTheirTakeSignaturesInPublicMessages()
{
    Party party(3, 3);
    party.postOffers();
    QVERIFY(party.run());
    CeremonyLog log(party.deposit);
    for (const Bytes& bytes : party.relay.messages()) {
        log.add(must(openMessage(bytes, party.network.context->chainId)));
    }
    const Attempt* attempt = log.signedAttempt();
    QVERIFY(attempt != nullptr);
    for (std::size_t i = 0; i < 3; ++i) {
        const OperatorGraph& own = attempt->graph().operators()[i];
        QVERIFY(makeTake(own, attempt->signedGraph()->takes[i], party.network.operatorKeys[i]).ok());
    }
}

void TestCeremony::aLockedWalletLosesNothing()
{
    Party party(3, 2);
    DepositorCeremony locked(party.deposit, std::nullopt);
    const DepositorEffects nothing = must(locked.step(party.facts, nullptr));
    QVERIFY(nothing.post.empty());
    QVERIFY(locked.needsKey());
    const PrivateKey wrongKey = keyOf("somebody");
    QVERIFY(!locked.step(party.facts, &wrongKey).ok());
    party.postOffers();
    QVERIFY(party.run());
    // It reads the whole ceremony while locked: the authorisation is kept, the answer waits for the key.
    for (const Bytes& bytes : party.relay.messages()) {
        locked.add(must(openMessage(bytes, party.network.context->chainId)));
    }
    const DepositorEffects read = must(locked.step(party.facts, nullptr));
    QVERIFY(read.authorisation && *read.authorisation == *party.authorisation);
    QVERIFY(read.post.empty());
    const PrivateKey key = keyOf("refund");
    const DepositorEffects unlocked = must(locked.step(party.facts, &key));
    QCOMPARE(unlocked.post.size(), std::size_t{2}); // request and holding
    QVERIFY(!locked.needsKey());
}

void TestCeremony::onlyTheVaultTransactionCanBeMinted()
{
    Party party(3, 2);
    party.postOffers();
    QVERIFY(party.run());
    l2::TxProof proof;
    proof.transaction = party.deposit.confirm().serializeWithoutWitness();
    const l2::Transaction mint = must(mintTransaction(party.deposit, *party.authorisation, proof));
    const auto& content = std::get<l2::Mint>(mint.payload);
    const Digest message =
        l2::mintMessage(party.network.context->chainId, party.deposit.vault(), standardTerms().value,
                        content.recipient, content.graphRoot, content.depositId);
    QVERIFY(crypto::verifySchnorr(party.network.context->params().committeeKey, message.view(),
                                  content.committeeSignature));
    QVERIFY(mint.sender.isZero() && mint.fee == Amount());
    proof.transaction = party.deposit.confirm().serialize();
    proof.transaction[0] ^= 1U;
    QVERIFY(!mintTransaction(party.deposit, *party.authorisation, proof).ok());
    MintAuthorisation forged = *party.authorisation;
    forged.graphRoot.bytes[0] ^= 1U;
    QVERIFY(!mintTransaction(party.deposit, forged, proof).ok());
}

void TestCeremony::aVetoIsDueWhenHalfOfTheWindowPassedWithoutAClaim()
{
    const l2::NetworkParams params = makeNetworkFile(1, 2).params; // take_blocks is 10
    const Height there{100};
    QVERIFY(!vetoIsDue(params, {100}, {100}, Burn::None, there));
    QVERIFY(!vetoIsDue(params, {100}, {104}, Burn::None, there));
    QVERIFY(vetoIsDue(params, {100}, {105}, Burn::None, there));
    QVERIFY(vetoIsDue(params, {100}, {109}, Burn::None, there));
    QVERIFY(!vetoIsDue(params, {100}, {109}, Burn::There, there));
    // A member that is still catching up does not accuse an honest operator, but not for ever.
    const Height behind{99};
    QVERIFY(!vetoIsDue(params, {100}, {107}, Burn::None, behind));
    QVERIFY(vetoIsDue(params, {100}, {108}, Burn::None, behind));
    QVERIFY(!vetoIsDue(params, {100}, {109}, Burn::There, behind));
    // Nor does one that saw the burn and then its batch undone: the replay may be held up, but Take1 is not waited for.
    QVERIFY(!vetoIsDue(params, {100}, {107}, Burn::Undone, there));
    QVERIFY(vetoIsDue(params, {100}, {108}, Burn::Undone, there));
    // More than k blocks are left to a late veto; where the half leaves no more, the half it is.
    l2::NetworkParams deep = params;
    deep.depth = 6;
    deep.takeBlocks = 16;
    QVERIFY(!vetoIsDue(deep, {100}, {108}, Burn::Undone, there));
    QVERIFY(vetoIsDue(deep, {100}, {109}, Burn::Undone, there));
    l2::NetworkParams shortest = params;
    shortest.takeBlocks = 4;
    QVERIFY(!vetoIsDue(shortest, {100}, {101}, Burn::Undone, there));
    QVERIFY(vetoIsDue(shortest, {100}, {102}, Burn::Undone, there));
}

QTEST_GUILESS_MAIN(TestCeremony)
#include "tst_ceremony.moc"
