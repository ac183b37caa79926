// SPDX-License-Identifier: MIT
// What the whole committee signs, by members that share nothing but messages: two rounds, who is convicted and who is not,
// and the proposal that all of them sign.
#include "app/daemon/committee/round.h"
#include "core/bitcoin/address.h"
#include "core/l2/hashes.h"

#include <QTest>

using namespace bowline;
using namespace bowline::daemon;
using base::Amount;
using base::Bytes;
using crypto::PrivateKey;

namespace {

template <typename T>
T must(base::Result<T> result)
{
    if (!result.ok())
        qFatal("%s %s", std::string(result.error().code.name()).c_str(), result.error().detail.c_str());
    return std::move(result).value();
}

template <typename T>
std::string codeOf(const base::Result<T>& result)
{
    return result.ok() ? "ok" : std::string(result.error().code.name());
}

PrivateKey keyOf(std::uint8_t number)
{
    Bytes bytes(32, 0);
    bytes.back() = number;
    return must(PrivateKey::fromBytes(bytes));
}

constexpr std::uint8_t kVault = 10; // and the members' numbers
constexpr std::uint8_t kMessage = 20;

l2::Network makeNetwork()
{
    l2::Network out;
    for (std::uint8_t i = 0; i < 3; ++i)
        out.members.push_back({keyOf(kVault + i).publicKey(), keyOf(kMessage + i).xOnlyPublicKey(), {}});
    out.params.sequencerKey = keyOf(5).xOnlyPublicKey();
    out.seal = {{base::Txid{{7}}, 1}, Amount::fromSat(100'000), 60};
    must(l2::pinLists(out));
    return out;
}

const l2::Network& network()
{
    static const l2::Network kNetwork = makeNetwork();
    return kNetwork;
}

ProgramTerms nextProgram()
{
    ProgramTerms out;
    out.program.bytes[0] = 7;
    out.number = 3;
    out.delay = network().params.leastProgramDelay();
    return out;
}

RecoveryTerms recovery(std::string address = {})
{
    return {{{base::Txid{{9}}, 0}, Amount::fromSat(90'000)}, Amount::fromSat(700), std::move(address)};
}

struct Scene {
    Proposal proposal = must(Proposal::make(network(), nextProgram()));
    std::vector<MemberPart> members;
    Scene()
    {
        for (std::uint8_t i = 0; i < 3; ++i) members.push_back(member(i));
    }
    [[nodiscard]] MemberPart member(std::uint8_t i) const
    {
        return must(MemberPart::begin(must(Round::begin(network(), proposal)), keyOf(kVault + i),
                                      keyOf(kMessage + i)));
    }
    [[nodiscard]] base::Result<Bytes> partial(std::uint8_t i)
    {
        return members[i].partialMessage(keyOf(kVault + i), keyOf(kMessage + i));
    }
    /// Everybody's nonces to everybody.
    void firstRound()
    {
        for (MemberPart& to : members) {
            for (const MemberPart& from : members) must(to.round().take(from.nonceMessage()));
        }
    }
};

} // namespace

class TestCommittee : public QObject {
    Q_OBJECT
private slots:
    void twoRoundsMakeTheSignature();
    void aMemberSignsOnceAndOnlyWithAllNonces();
    void aSecondNonceConvicts();
    void aWrongPartialSignatureConvictsItsMemberAlone();
    void whoSawOtherNoncesIsNotConvicted();
    void messagesOfOthersAreNotTaken();
    void aStrangerIsNoMember();
    void aProposalHasOneSpelling();
    void whatNodesWouldRefuseIsNotSigned();
    void whatIsSignedIsShown();
    void theSameTermsAgainAreAnotherSession();
};

void TestCommittee::twoRoundsMakeTheSignature()
{
    for (const std::variant<ProgramTerms, RecoveryTerms>& terms :
         {std::variant<ProgramTerms, RecoveryTerms>(nextProgram()), {recovery()}}) {
        Scene s;
        s.proposal = must(Proposal::make(network(), terms));
        s.members.clear();
        for (std::uint8_t i = 0; i < 3; ++i) s.members.push_back(s.member(i));
        Round observer = must(Round::begin(network(), s.proposal));
        QCOMPARE(observer.awaitedNonces(), (std::vector<std::size_t>{0, 1, 2}));
        s.firstRound();
        std::vector<Bytes> partials;
        for (std::uint8_t i = 0; i < 3; ++i) partials.push_back(must(s.partial(i)));
        for (const Bytes& partial : partials) { // before the nonces: messages come when they come
            for (MemberPart& to : s.members) must(to.round().take(partial));
            must(observer.take(partial));
        }
        QCOMPARE(codeOf(observer.signature()), std::string("committee.not-complete"));
        for (const MemberPart& from : s.members) must(observer.take(from.nonceMessage()));
        const auto signature = must(observer.signature());
        QVERIFY(must(s.members[1].round().signature()) == signature);
        const base::Digest message = must(messageOf(s.proposal, network()));
        QVERIFY(crypto::verifySchnorr(network().params.committeeKey, message.view(), signature));
        const Bytes made = must(base::fromHex(must(finish(s.proposal, network(), signature))));
        if (std::holds_alternative<ProgramTerms>(terms)) {
            const auto tx = must(l2::parseTransaction(made));
            QVERIFY(std::get<l2::ProgramChange>(tx.payload).program == nextProgram().program);
        } else {
            const auto seals = must(seal::SealTerms::create(network()));
            const auto tx = must(bitcoin::parseTransaction(made));
            QVERIFY(seals.isSigned(tx, recovery().seal.value, {}));
            QVERIFY(seals.judge(tx, 0).kind == seal::SpendKind::Move);
        }
        crypto::Signature64 other = signature;
        other[5] ^= 1U;
        QCOMPARE(codeOf(finish(s.proposal, network(), other)), std::string("crypto.musig-invalid-signature"));
    }
}

void TestCommittee::aMemberSignsOnceAndOnlyWithAllNonces()
{
    Scene s;
    must(s.members[0].round().take(s.members[1].nonceMessage()));
    QCOMPARE(codeOf(s.partial(0)), std::string("committee.not-complete"));
    QCOMPARE(s.members[0].round().awaitedNonces(), std::vector<std::size_t>{2});
    s.firstRound();
    QVERIFY(s.partial(0).ok());
    QCOMPARE(codeOf(s.partial(0)), std::string("crypto.musig-nonce-spent"));
    // A member that comes again has other nonces.
    QVERIFY(s.member(0).nonceMessage() != s.members[0].nonceMessage());
}

void TestCommittee::aSecondNonceConvicts()
{
    Scene s;
    s.firstRound();
    must(s.members[0].round().take(s.member(2).nonceMessage()));
    const auto& faults = s.members[0].round().faults();
    QCOMPARE(faults.size(), std::size_t{1});
    QVERIFY(faults.at(2) == RoundFault::TwoNonces);
    QCOMPARE(codeOf(s.partial(0)), std::string("committee.failed"));
    must(s.members[1].round().take(s.members[2].nonceMessage())); // the same again is none
    QVERIFY(s.members[1].round().faults().empty());
}

namespace {
/// The member's own partial signature message with one bit of the signature changed, signed by it again.
Bytes forged(const Bytes& partial, const PrivateKey& key)
{
    Bytes body(partial.begin(), partial.end() - 64);
    body.back() ^= 1U;
    const auto digest = l2::bowlineHash("committee", {body});
    base::append(body, must(crypto::signSchnorr(key, digest.view())));
    return body;
}
} // namespace

void TestCommittee::aWrongPartialSignatureConvictsItsMemberAlone()
{
    Scene s;
    s.firstRound();
    const Bytes good = must(s.partial(1));
    Round& judge = s.members[0].round();
    must(judge.take(forged(good, keyOf(kMessage + 1))));
    QCOMPARE(judge.faults().size(), std::size_t{1});
    QVERIFY(judge.faults().at(1) == RoundFault::WrongPartial);
    QCOMPARE(codeOf(judge.signature()), std::string("committee.failed"));
    // For whoever has the messages, and before the nonces are there it convicts nobody.
    Round later = must(Round::begin(network(), s.proposal));
    must(later.take(forged(good, keyOf(kMessage + 1))));
    QVERIFY(later.faults().empty());
    for (const MemberPart& from : s.members) must(later.take(from.nonceMessage()));
    QVERIFY(later.faults().at(1) == RoundFault::WrongPartial);
    must(s.members[2].round().take(good));
    must(s.members[2].round().take(forged(good, keyOf(kMessage + 1))));
    QVERIFY(s.members[2].round().faults().at(1) == RoundFault::TwoPartials);
}

/// Member 2 shows member 1 one nonce and member 0 another: member 1's partial signature does not fit what member 0 saw.
void TestCommittee::whoSawOtherNoncesIsNotConvicted()
{
    Scene s;
    const MemberPart twin = s.member(2);
    must(s.members[1].round().take(s.members[0].nonceMessage()));
    must(s.members[1].round().take(twin.nonceMessage()));
    must(s.members[0].round().take(s.members[1].nonceMessage()));
    must(s.members[0].round().take(s.members[2].nonceMessage()));
    must(s.members[0].round().take(must(s.partial(1))));
    QVERIFY(s.members[0].round().faults().empty());
    QCOMPARE(s.members[0].round().sawOthers(), std::vector<std::size_t>{1});
    QCOMPARE(codeOf(s.members[0].round().signature()), std::string("committee.failed"));
    must(s.members[0].round().take(twin.nonceMessage())); // what member 1 saw says who it was
    QVERIFY(s.members[0].round().faults().at(2) == RoundFault::TwoNonces);
    QVERIFY(!s.members[0].round().faults().contains(1));
}

void TestCommittee::messagesOfOthersAreNotTaken()
{
    Scene s;
    const Scene other;
    Round& round = s.members[0].round();
    const std::string bad = "committee.bad-message";
    QCOMPARE(codeOf(round.take(other.members[1].nonceMessage())), bad); // of another session
    const Bytes& good = s.members[1].nonceMessage();
    for (std::size_t i = 0; i < good.size(); ++i) {
        Bytes changed = good;
        changed[i] ^= 1U;
        QVERIFY2(!round.take(changed).ok(), std::to_string(i).c_str());
    }
    QVERIFY(!round.take({}).ok());
    QVERIFY(!round.take(base::ByteView(good).first(good.size() - 1)).ok());
    Bytes longer = good;
    longer.push_back(0);
    QVERIFY(!round.take(longer).ok());
    // Signed by a member under another's name.
    Bytes named(good.begin(), good.end() - 64);
    const auto digest = l2::bowlineHash("committee", {named});
    base::append(named, must(crypto::signSchnorr(keyOf(kMessage + 2), digest.view())));
    QCOMPARE(codeOf(round.take(named)), bad);
    QCOMPARE(round.awaitedNonces(), (std::vector<std::size_t>{1, 2}));
    QVERIFY(round.faults().empty());
}

void TestCommittee::aStrangerIsNoMember()
{
    const Scene s;
    const auto begin = [&s](std::uint8_t vault, std::uint8_t message) {
        return codeOf(
            MemberPart::begin(must(Round::begin(network(), s.proposal)), keyOf(vault), keyOf(message)));
    };
    QCOMPARE(begin(kVault, kMessage), std::string("ok"));
    QCOMPARE(begin(50, kMessage), std::string("committee.not-a-member"));
    QCOMPARE(begin(kVault, kMessage + 1), std::string("committee.not-a-member"));
}

void TestCommittee::aProposalHasOneSpelling()
{
    const std::string address = must(bitcoin::addressFromScript(
        bitcoin::payToTaproot(keyOf(40).xOnlyPublicKey()), bitcoin::Network::Regtest));
    ProgramTerms back = nextProgram();
    back.program = {};
    back.delay = 0;
    for (const std::variant<ProgramTerms, RecoveryTerms>& terms :
         {std::variant<ProgramTerms, RecoveryTerms>(nextProgram()),
          {back},
          {recovery()},
          {recovery(address)}}) {
        const Proposal made = must(Proposal::make(network(), terms));
        const std::string text = made.text();
        QVERIFY(must(Proposal::parse(text)) == made);
        for (std::size_t i = 0; i < text.size(); ++i) {
            for (const std::string& put :
                 {std::string(), std::string(" "), std::string("0"), std::string("\n")}) {
                std::string other = text;
                other.insert(i, put.empty() ? "x" : put);
                const auto read = Proposal::parse(other);
                QVERIFY(!read.ok() || (read->text() == other && *read != made));
                other = text.substr(0, i) + put + text.substr(i + 1);
                const auto without = Proposal::parse(other);
                QVERIFY(other == text || !without.ok() || (without->text() == other && *without != made));
            }
        }
        QCOMPARE(codeOf(Proposal::parse(text + "\n")), std::string("committee.bad-proposal"));
    }
    QCOMPARE(codeOf(Proposal::parse("")), std::string("committee.bad-proposal"));
    QCOMPARE(codeOf(Proposal::parse(std::string(5'000, 'a'))), std::string("committee.bad-proposal"));
}

void TestCommittee::whatNodesWouldRefuseIsNotSigned()
{
    const auto refusal = [](const std::variant<ProgramTerms, RecoveryTerms>& terms) {
        return codeOf(Proposal::make(network(), terms));
    };
    const std::string refused = "committee.refused";
    ProgramTerms next = nextProgram();
    next.delay -= 1;
    QCOMPARE(refusal(next), refused);
    next.delay = l2::kMaxProgramDelay + 1;
    QCOMPARE(refusal(next), refused);
    next = nextProgram();
    next.program.bytes.fill(0xff);
    QCOMPARE(refusal(next), refused);
    next.program = {};
    QCOMPARE(refusal(next), refused); // with a delay
    QCOMPARE(refusal(recovery("somewhere")), refused);
    RecoveryTerms dear = recovery();
    dear.fee = dear.seal.value;
    QCOMPARE(refusal(dear), refused);
    dear.fee = Amount::fromSat(-1);
    QCOMPARE(refusal(dear), refused);
    // A proposal of another network is not even begun.
    Proposal elsewhere = must(Proposal::make(network(), nextProgram()));
    elsewhere.chainId.bytes[0] ^= 1U;
    QCOMPARE(codeOf(Round::begin(network(), elsewhere)), std::string("committee.other-network"));
}

void TestCommittee::whatIsSignedIsShown()
{
    const auto shown = [](const std::variant<ProgramTerms, RecoveryTerms>& terms) {
        std::string out;
        for (const std::string& line : must(describe(must(Proposal::make(network(), terms)), network())))
            out += line + "\n";
        return out;
    };
    const std::string next = shown(nextProgram());
    QVERIFY(next.find(nextProgram().program.hex()) != std::string::npos);
    QVERIFY(next.find("S + " + std::to_string(nextProgram().delay)) != std::string::npos);
    QVERIFY(next.find(network().params.chainId().hex()) != std::string::npos);
    ProgramTerms back;
    back.number = 4;
    QVERIFY(shown(back).find("announcement 4: the announced program does NOT take over") !=
            std::string::npos);
    const std::string on = shown(recovery());
    QVERIFY(on.find(bitcoin::toString(recovery().seal.outpoint)) != std::string::npos);
    QVERIFY(on.find("89300 sat to the next seal") != std::string::npos);
    const std::string address = must(bitcoin::addressFromScript(
        bitcoin::payToTaproot(keyOf(40).xOnlyPublicKey()), bitcoin::Network::Regtest));
    const std::string off = shown(recovery(address));
    QVERIFY(off.find("89300 sat to " + address + ": the chain of seals ENDS") != std::string::npos);
}

void TestCommittee::theSameTermsAgainAreAnotherSession()
{
    const Proposal first = must(Proposal::make(network(), nextProgram()));
    const Proposal second = must(Proposal::make(network(), nextProgram()));
    QVERIFY(first.session() != second.session());
    QVERIFY(must(messageOf(first, network())) == must(messageOf(second, network())));
}

QTEST_GUILESS_MAIN(TestCommittee)
#include "tst_committee.moc"
