// SPDX-License-Identifier: MIT
// Ceremonies among members of whom one lies, and over a relay that drops, delays, reorders, repeats and swaps messages
// or numbers them wrongly, all of them real processes. Every deposit has one lie of its own, and all run at the same
// time. Each ends signed and minted or in its refund; who lied is named by the others with evidence that holds; nobody
// else is; no nonce is used twice.
#include "tests/integration/attacks/judge.h"

#include <fstream>

#include <unistd.h>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;
using base::Amount;
using bridge::MessageType;

namespace {

constexpr std::size_t kMembers = 3;
constexpr std::size_t kOperators = 2;
constexpr std::int64_t kVault = 1'000'000;

/// A relay that treats the messages of each deposit in a way of its own, towards one member.
class BadRelay {
public:
    void treat(const base::Digest& topic, const std::string& how)
    {
        const std::lock_guard lock(m_mutex);
        m_how[topic] = how;
    }
    [[nodiscard]] NodeProxy::Answer answer(const std::string& method, const json::object& params,
                                           const NodeProxy::Ask& ask);

private:
    struct Entry {
        std::uint64_t number = 0;
        base::Bytes bytes;
        bridge::Message message;
    };
    [[nodiscard]] std::string howOf(const base::Digest& topic) const
    {
        const auto found = m_how.find(topic);
        return found == m_how.end() ? std::string() : found->second;
    }
    [[nodiscard]] static std::vector<Entry> read(const json::value& answer);
    [[nodiscard]] json::value list(std::vector<Entry> entries, bool ofTopic);
    void holdBack(std::vector<Entry>& entries);
    void reorder(std::vector<Entry>& entries) const;

    // Own numbers are the relay's times this, so that there is room in between.
    static constexpr std::uint64_t kRoom = 1'000;
    std::mutex m_mutex;
    std::map<base::Digest, std::string> m_how;
    std::map<std::uint64_t, std::chrono::steady_clock::time_point> m_firstSeen;
    std::set<base::Digest> m_lied;                      // topics whose one lie was told
    std::map<base::Digest, base::Bytes> m_heldRequests; // until all offers were shown
    std::map<base::Digest, std::size_t> m_offers;
    std::map<base::Digest, base::Bytes> m_before;
    std::uint64_t m_lead = 0; // what the numbers were lifted by
};

std::vector<BadRelay::Entry> BadRelay::read(const json::value& answer)
{
    std::vector<Entry> out;
    for (const json::value& entry : answer.at("messages").as_array()) {
        auto bytes = take(base::fromHex(json::value_to<std::string>(entry.at("message"))));
        auto message = take(bridge::parseMessage(bytes));
        out.push_back({entry.at("number").to_number<std::uint64_t>(), std::move(bytes), std::move(message)});
    }
    return out;
}

/// A message that is to be late, and all after it. Before any other lie: what is exchanged with a message that is not
/// shown would be lost for good, as its number has passed.
void BadRelay::holdBack(std::vector<Entry>& entries)
{
    const auto now = std::chrono::steady_clock::now();
    const auto isHeld = [&](const Entry& entry) {
        if (howOf(entry.message.topic) != "delay") return false;
        const auto seen = m_firstSeen.try_emplace(entry.number, now).first->second;
        return now - seen < std::chrono::seconds(3);
    };
    entries.erase(std::find_if(entries.begin(), entries.end(), isHeld), entries.end());
}

/// The newest first, as far as one answer goes; numbers stay in order, as a relay that wants to be believed has them.
void BadRelay::reorder(std::vector<Entry>& entries) const
{
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < entries.size(); ++i)
        if (howOf(entries[i].message.topic) == "reorder") places.push_back(i);
    for (std::size_t i = 0; i < places.size() / 2; ++i) {
        Entry& one = entries[places[i]];
        Entry& other = entries[places[places.size() - 1 - i]];
        std::swap(one.bytes, other.bytes);
        std::swap(one.message, other.message);
    }
}

json::value BadRelay::list(std::vector<Entry> entries, bool ofTopic)
{
    const std::lock_guard lock(m_mutex);
    holdBack(entries);
    reorder(entries);
    json::array out;
    const auto show = [&](std::uint64_t number, const base::Bytes& bytes) {
        out.push_back({{"number", number}, {"message", base::toHex(bytes)}});
    };
    for (const Entry& entry : entries) {
        const base::Digest& topic = entry.message.topic;
        const std::string how = howOf(topic);
        const bool isRequest = entry.message.type == MessageType::Request;
        std::uint64_t number = entry.number * kRoom;
        if (how == "drop" && !isRequest) continue;
        if (how == "only-when-asked" && !isRequest && !ofTopic) continue;
        // Once, and another message in its place: nobody will ask for this number again.
        const bool mayLie = entry.message.type == MessageType::Join && !ofTopic;
        if (how == "swap" && mayLie && m_lied.insert(topic).second) {
            show(number, m_before.empty() ? base::Bytes{} : m_before.begin()->second);
            continue;
        }
        if (how == "request-last" && !ofTopic) {
            if (isRequest) {
                m_heldRequests[topic] = entry.bytes;
                continue;
            }
            // An answer may be lost and asked for again: then it is shown once more.
            if (entry.message.type == MessageType::Offer && ++m_offers[topic] >= kOperators) {
                show(number, entry.bytes);
                show(number + 1, m_heldRequests[topic]);
                continue;
            }
        }
        if (how == "number" && mayLie && m_lied.insert(topic).second) m_lead = 1'000'000 * kRoom;
        number += ofTopic ? 0 : m_lead;
        show(number, entry.bytes);
        if (how == "replay") { // and what was said before, in this topic and in others
            std::uint64_t extra = number;
            show(++extra, entry.bytes);
            for (const auto& [other, bytes] : m_before) show(++extra, bytes);
        }
        m_before[topic] = entry.bytes;
    }
    return json::value{{"messages", std::move(out)}};
}

NodeProxy::Answer BadRelay::answer(const std::string& method, const json::object& params,
                                   const NodeProxy::Ask& ask)
{
    if (method == "relay_post") {
        const auto bytes = take(base::fromHex(json::value_to<std::string>(params.at("hex"))));
        const auto message = bridge::parseMessage(bytes);
        const std::lock_guard lock(m_mutex);
        if (message.ok() && howOf(message->topic) == "drop") return json::value{{"number", 1}};
    }
    if (method != "relay_list") return ask(method, params);
    json::object asked = params;
    if (params.contains("after")) asked["after"] = params.at("after").to_number<std::uint64_t>() / kRoom;
    const NodeProxy::Answer truth = ask(method, std::move(asked));
    return truth.ok() ? NodeProxy::Answer(list(read(*truth), params.contains("topic"))) : truth;
}

enum class Ends {
    Minted,
    Refunded,
    Either, // the liar has the others' partial signatures and its own true one: it can finish the vault alone, or not
};

/// One deposit with one lie.
struct Case {
    std::string name;
    std::unique_ptr<Depositor> depositor;
    std::optional<std::size_t> liar; // member
    std::string fault;               // that the others keep evidence of; empty for none
    Ends ends = Ends::Refunded;
    std::string refundAddress;
};

} // namespace

class TestLyingMembers : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void cleanupTestCase();
    void everyDepositEndsMintedOrUnspent();
    void liarsAreNamedWithEvidenceAndNobodyElseIs();
    void silenceIsToldAndConvictsNobody();
    void noNonceIsUsedTwice();
    void whoWasNotMintedIsRefunded();
    void whoMissedSomethingAsksThoughOthersTalk();
    void thoseWhoWereBlindReadAgainAfterARestart();

private:
    void open(const std::string& name, const std::string& fault, Ends ends,
              std::optional<std::size_t> liar = {});
    void settleWhatIsOpen();
    [[nodiscard]] json::array evidenceOf(std::size_t member) const
    {
        return m_world->signers[member]->must("bridge_evidence").at("evidence").as_array();
    }
    [[nodiscard]] bool isNamed(const Case& one, std::size_t by) const;
    void prepareFundings(int number);
    template <typename Condition>
    [[nodiscard]] bool run(const std::vector<Depositor*>& depositors, int seconds, Condition done);

    QTemporaryDir m_lies;
    std::unique_ptr<World> m_world;
    std::array<BadRelay, kMembers> m_relays;
    std::vector<Case> m_cases;
    std::unique_ptr<Judge> m_judge;
    Books m_before;
    Scenarios m_scenarios{"lying relay and lying members"};
};

void TestLyingMembers::open(const std::string& name, const std::string& fault, Ends ends,
                            std::optional<std::size_t> liar)
{
    m_scenarios.begin(name);
    Case one{name, std::make_unique<Depositor>(*m_world, Amount::fromSat(kVault), 0), liar, fault, ends, {}};
    m_judge->know(one.depositor->account.xOnlyPublicKey());
    m_cases.push_back(std::move(one));
}

void TestLyingMembers::initTestCase()
{
    SKIP_WITHOUT_BITCOIND();
    const bool all = qEnvironmentVariableIsSet("BOWLINE_TEST_ALL");
    qputenv("BOWLINE_TEST_LIES", m_lies.path().toUtf8());
    // All deposits run at once: every operator needs a funding for each.
    const int fundings = all ? 45 : 18;
    qputenv("BOWLINE_TEST_FUNDINGS", QByteArray::number(fundings));
    World::Options options;
    options.operatorPrograms.assign(2, "bowline-faithless-operator");
    options.signerPrograms = std::vector<std::string>(kMembers, "bowline-lying-signer");
    options.fronts = World::Fronts::OfEach;
    m_world = std::make_unique<World>(options);
    prepareFundings(fundings);
    m_judge = std::make_unique<Judge>(*m_world);
    for (std::size_t member = 0; member < kMembers; ++member) {
        m_world->fronts.at("signer-" + std::to_string(member + 1))
            ->lie([relay = &m_relays[member]](const std::string& method, const json::object& params,
                                              const NodeProxy::Ask& ask) {
                return relay->answer(method, params, ask);
            });
    }
    // Each in turn, or every one of them with each.
    std::size_t turn = 0;
    for (const char* how : {"drop", "delay", "reorder", "request-last", "replay", "swap"}) {
        for (std::size_t member = 0; member < kMembers; ++member) {
            if (!all && member != turn % kMembers) continue;
            open("relay " + std::string(how) + " to member " + std::to_string(member), "",
                 std::string(how) == "drop" ? Ends::Refunded : Ends::Minted);
            m_relays[member].treat(m_cases.back().depositor->deposit().id(), how);
        }
        ++turn;
    }
    struct Lie {
        const char* name;
        const char* fault;
        Ends ends;
    };
    for (const Lie& lie :
         {Lie{"nonce-count", "malformed", Ends::Refunded}, Lie{"nonce-twice", "equivocation", Ends::Minted},
          Lie{"nonce-garbage", "", Ends::Refunded}, Lie{"partial", "bad-partial", Ends::Refunded},
          Lie{"confirm", "bad-partial", Ends::Either}, Lie{"holding", "bad-holding", Ends::Refunded},
          Lie{"join", "", Ends::Refunded}, Lie{"silence", "", Ends::Refunded},
          Lie{"graph", "bad-proposal", Ends::Refunded}}) {
        for (std::size_t member = 0; member < kMembers; ++member) {
            const bool proposes = std::string(lie.name) == "graph";
            if (proposes ? member != 0 : !all && member != turn % kMembers) continue;
            open("member " + std::to_string(member) + " lies: " + lie.name, lie.fault, lie.ends, member);
            std::ofstream file(m_lies.filePath(QString::number(member)).toStdString(), std::ios::app);
            file << m_cases.back().depositor->deposit().id().hex() << ' ' << lie.name << '\n';
        }
        ++turn;
    }
    m_world->mine(2);
    m_before = m_judge->books();
}

/// A coin for each funding, so that none waits for another's change.
void TestLyingMembers::prepareFundings(int number)
{
    for (const std::string& address : m_world->operatorAddresses) {
        for (int i = 0; i < number; ++i) m_world->bitcoin->send(address, "0.01");
    }
    for (int i = 0; i < 3; ++i) {
        m_world->bitcoin->mine(1);
        QThread::msleep(3'000);
    }
    const auto isQuiet = [this] { return m_world->bitcoin->json({"getrawmempool"}).as_array().empty(); };
    for (int i = 0; i < 10 && !isQuiet(); ++i) {
        m_world->bitcoin->mine(1);
        QThread::msleep(3'000);
    }
    m_world->mine(1);
}

/// Steps and mines until it is done, or for so long. Nobody joins a ceremony after half of the refund time: blocks come
/// slowly, and once most of that time is over only when nobody is still to be signed for.
template <typename Condition>
bool TestLyingMembers::run(const std::vector<Depositor*>& depositors, int seconds, Condition done)
{
    const int last = m_world->bitcoin->height() + 15;
    QElapsedTimer clock;
    clock.start();
    qint64 mined = 0;
    while (clock.elapsed() < seconds * 1'000) {
        for (Depositor* one : depositors) one->step();
        if (done()) return true;
        const bool waits = std::any_of(depositors.begin(), depositors.end(), [](const Depositor* one) {
            return one->isConfirmKnown() && !one->isMinted();
        });
        const bool signing = std::any_of(m_cases.begin(), m_cases.end(), [](const Case& one) {
            return one.ends == Ends::Minted && !one.depositor->isConfirmKnown();
        });
        const bool mayMine = m_world->bitcoin->height() < last || (waits && !signing);
        if (clock.elapsed() - mined > 4'000 && mayMine) {
            m_world->bitcoin->mine(1);
            mined = clock.elapsed();
        }
        QThread::msleep(300);
    }
    return done();
}

void TestLyingMembers::cleanup()
{
    if (!m_world || !QTest::currentTestFailed()) return;
    for (const auto& node : m_world->signers) qInfo("%s", node->log().c_str());
    for (const auto& node : m_world->operators) qInfo("%s", node->log().c_str());
}

void TestLyingMembers::cleanupTestCase()
{
    m_cases.clear();
    m_world.reset();
}

void TestLyingMembers::everyDepositEndsMintedOrUnspent()
{
    const auto isDone = [](const Case& one) {
        if (one.ends == Ends::Minted) return one.depositor->isMinted();
        return !one.depositor->isConfirmKnown() || (one.ends == Ends::Either && one.depositor->isMinted());
    };
    std::vector<Depositor*> depositors;
    for (const Case& one : m_cases) depositors.push_back(one.depositor.get());
    static_cast<void>(
        run(depositors, 900, [&] { return std::all_of(m_cases.begin(), m_cases.end(), isDone); }));
    std::string open; // all of them: which ones share their fate tells why
    for (const Case& one : m_cases) {
        if (isDone(one)) continue;
        const bool isSigned = one.depositor->isConfirmKnown();
        open += one.name + (isSigned ? ": signed, not minted" : ": not signed") + '\n';
    }
    QVERIFY2(open.empty(), open.c_str());
    QVERIFY(m_world->allAgree());
    QCOMPARE(m_judge->wrongNow(), std::string());
}

/// Evidence against this deposit's liar, that holds for somebody who knows nothing but the network's parameters.
bool TestLyingMembers::isNamed(const Case& one, std::size_t by) const
{
    const base::XOnlyPublicKey accused = m_world->network.network().members[*one.liar].messageKey;
    for (const json::value& entry : evidenceOf(by)) {
        const auto bytes = take(base::fromHex(json::value_to<std::string>(entry.at("evidence"))));
        const bridge::Evidence evidence = take(bridge::Evidence::parse(bytes));
        if (evidence.terms == one.depositor->deposit().terms() && evidence.accused == accused &&
            bridge::faultName(evidence.fault) == one.fault) {
            return bridge::checkEvidence(m_world->context, evidence).ok();
        }
    }
    return false;
}

void TestLyingMembers::liarsAreNamedWithEvidenceAndNobodyElseIs()
{
    for (const Case& one : m_cases) {
        if (one.fault.empty()) continue;
        for (std::size_t by = 0; by < kMembers; ++by) {
            if (by == *one.liar) continue;
            const auto named = [&] {
                one.depositor->step();
                return isNamed(one, by);
            };
            QVERIFY2(within(60, named), (one.name + " is not named by " + std::to_string(by)).c_str());
        }
    }
    for (std::size_t by = 0; by < kMembers; ++by) {
        for (const json::value& entry : evidenceOf(by)) {
            const auto evidence = take(bridge::Evidence::parse(
                take(base::fromHex(json::value_to<std::string>(entry.at("evidence"))))));
            const auto lied = [&](const Case& one) {
                return one.liar && evidence.terms == one.depositor->deposit().terms() &&
                       evidence.accused == m_world->network.network().members[*one.liar].messageKey;
            };
            QVERIFY2(std::any_of(m_cases.begin(), m_cases.end(), lied), "an honest party is convicted");
        }
    }
}

void TestLyingMembers::silenceIsToldAndConvictsNobody()
{
    for (const Case& one : m_cases) {
        if (!one.liar || !one.fault.empty()) continue;
        const std::string request = bitcoin::toString(one.depositor->deposit().terms().request);
        for (std::size_t by = 0; by < kMembers; ++by) {
            if (by == *one.liar) continue;
            const std::string expected = json::serialize(json::array{static_cast<std::int64_t>(*one.liar)});
            std::string told;
            const auto isTold = [&] {
                const auto awaited = m_world->signers[by]->must("node_info").at("awaited").as_object();
                told = awaited.contains(request) ? json::serialize(awaited.at(request)) : "nobody";
                return told == expected;
            };
            QVERIFY2(within(60, isTold), (one.name + " is told as " + told).c_str());
        }
    }
}

/// Over all that the relay holds: no two sessions share a nonce, and in one session a member signed once.
void TestLyingMembers::noNonceIsUsedTwice()
{
    std::set<std::pair<base::Digest, base::XOnlyPublicKey>> lying;
    for (const Case& one : m_cases) {
        if (one.liar)
            lying.insert(
                {one.depositor->deposit().id(), m_world->network.network().members[*one.liar].messageKey});
    }
    std::map<std::array<std::uint8_t, 66>, base::Digest> sessionOf;
    std::map<std::tuple<MessageType, base::Digest, base::XOnlyPublicKey>, base::Bytes> said;
    std::uint64_t after = 0;
    std::size_t nonces = 0;
    for (;;) {
        const auto answer = m_world->sequencer->must("relay_list", {{"after", after}});
        const auto& messages = answer.at("messages").as_array();
        if (messages.empty()) break;
        for (const auto& entry : messages) {
            after = entry.at("number").to_number<std::uint64_t>();
            const auto message = take(
                bridge::parseMessage(take(base::fromHex(json::value_to<std::string>(entry.at("message"))))));
            if (message.type < MessageType::Nonces || message.type > MessageType::ConfirmPartial ||
                lying.contains({message.topic, message.sender}))
                continue;
            const auto [first, fresh] =
                said.try_emplace({message.type, message.session, message.sender}, message.payload);
            QVERIFY2(fresh || first->second == message.payload, "two messages where there may be one");
            if (message.type != MessageType::Nonces || !fresh) continue;
            const auto payload = std::get<bridge::NoncesPayload>(take(bridge::decodePayload(message)));
            for (const crypto::PublicNonce& nonce : payload.nonces) {
                QVERIFY2(sessionOf.try_emplace(nonce.bytes(), message.session).second, "a nonce twice");
                ++nonces;
            }
        }
    }
    QVERIFY(nonces > 0);
}

/// Half of the refund time is over: who has signed, has.
void TestLyingMembers::settleWhatIsOpen()
{
    for (Case& one : m_cases) {
        if (one.ends != Ends::Either) continue;
        one.ends = one.depositor->isConfirmKnown() ? Ends::Minted : Ends::Refunded;
        if (one.ends != Ends::Minted) continue;
        QVERIFY2(m_world->mineUntil(4, [&] { return one.depositor->isMinted(); }), one.name.c_str());
    }
}

void TestLyingMembers::whoWasNotMintedIsRefunded()
{
    const auto half = m_world->network.params().refundBlocks / 2;
    for (const Case& one : m_cases) {
        const int wanted = static_cast<int>((one.depositor->height() + half).value);
        if (m_world->bitcoin->height() < wanted) m_world->mine(wanted - m_world->bitcoin->height());
    }
    settleWhatIsOpen();
    if (QTest::currentTestFailed()) return;
    QVERIFY(m_world->allAgree());
    const Books before = m_judge->books();
    int last = 0;
    for (const Case& one : m_cases)
        last = std::max(
            last, static_cast<int>((one.depositor->height() + m_world->network.params().refundBlocks).value));
    // Nobody's payment is awaited, so blocks may come quickly.
    m_world->bitcoin->mine(last - m_world->bitcoin->height());
    for (Case& one : m_cases) {
        if (one.ends == Ends::Minted) continue;
        one.refundAddress = m_world->bitcoin->newAddress();
        const auto script = take(bitcoin::scriptFromAddress(one.refundAddress, bitcoin::Network::Regtest));
        const bitcoin::Transaction refund = one.depositor->refundTo(script);
        m_world->bitcoin->cli({"sendrawtransaction", base::toHex(refund.serialize())});
    }
    m_world->bitcoin->mine(1);
    for (const Case& one : m_cases) {
        if (one.ends != Ends::Minted) {
            const auto sat = std::llround(
                std::stod(m_world->bitcoin->cli({"getreceivedbyaddress", one.refundAddress, "1"})) * 1e8);
            QVERIFY2(sat > kVault, one.name.c_str()); // with the request's fee, which no committee has earned
        } else {
            QCOMPARE(m_world->account(one.depositor->account.xOnlyPublicKey()).btc.sat(), kVault);
        }
        m_scenarios.pass(one.name);
    }
    QCOMPARE(m_judge->changedSince(before, 50'000), std::string());
    const auto minted = std::count_if(m_cases.begin(), m_cases.end(),
                                      [](const Case& one) { return one.ends == Ends::Minted; });
    QCOMPARE(before.vaults, minted * kVault);
    QCOMPARE(before.paid + before.kickoffs + before.takes,
             m_before.paid + m_before.kickoffs + m_before.takes);
}

/// One member hears of a ceremony only what it asks for; another deposit's depositor says something new every three
/// seconds, as often as a relay lets it. That must not keep the member from asking.
void TestLyingMembers::whoMissedSomethingAsksThoughOthersTalk()
{
    m_scenarios.begin("another deposit never rests");
    Depositor talker(*m_world, Amount::fromSat(kVault), 0);
    Depositor robbed(*m_world, Amount::fromSat(kVault));
    m_relays[2].treat(robbed.deposit().id(), "only-when-asked");
    m_judge->know(talker.account.xOnlyPublicKey());
    m_judge->know(robbed.account.xOnlyPublicKey());
    talker.step();
    bool isSigned = false;
    for (std::uint32_t word = 0; word < bridge::kMaxRefusals && !isSigned; ++word) {
        const bridge::RefusalPayload refusal{bridge::RefusalCode::Other, std::to_string(word)};
        const auto message = take(bridge::signMessage(talker.refundKey(), m_world->context->chainId,
                                                      talker.deposit().id(), {}, refusal));
        static_cast<void>(
            m_world->sequencer->must("relay_post", {{"hex", base::toHex(message.serialize())}}));
        isSigned = within(3, [&] {
            robbed.step();
            return robbed.isConfirmKnown();
        });
    }
    QVERIFY2(isSigned, "its member never asked again");
    QVERIFY(run({&talker, &robbed}, 240, [&] { return talker.isMinted() && robbed.isMinted(); }));
    QCOMPARE(m_judge->wrongNow(), std::string());
    m_scenarios.pass("another deposit never rests");
}

/// A relay that once gave a number far too high: the member asks for nothing below it any more, until it starts anew.
/// What it was told of it reads again.
void TestLyingMembers::thoseWhoWereBlindReadAgainAfterARestart()
{
    m_scenarios.begin("relay numbers wrongly");
    Depositor first(*m_world, Amount::fromSat(kVault));
    m_relays[1].treat(first.deposit().id(), "number");
    m_judge->know(first.account.xOnlyPublicKey());
    QVERIFY(run({&first}, 240, [&] { return first.isConfirmKnown(); }));
    m_world->fronts.at("signer-2")->tellTheTruth();
    m_world->signers[1]->kill();
    m_world->signers[1]->launch();
    Depositor second(*m_world, Amount::fromSat(kVault));
    m_judge->know(second.account.xOnlyPublicKey());
    QVERIFY(run({&first, &second}, 240, [&] { return first.isMinted() && second.isMinted(); }));
    QCOMPARE(m_judge->wrongNow(), std::string());
    m_scenarios.pass("relay numbers wrongly");
}

QTEST_GUILESS_MAIN(TestLyingMembers)
#include "tst_lying_members.moc"
