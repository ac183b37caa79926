// SPDX-License-Identifier: MIT
// core/l2: network.json, which decides whom a client trusts (rule A5), and the text of accounts.
#include "core/l2/address.h"
#include "tests/unit/l2/fixture.h"

#include <QTest>

#include <algorithm>

using namespace bowline;
using namespace bowline::test;

namespace {
Member member(std::uint8_t number, const XOnlyPublicKey& message)
{
    const auto vault = keyOf(number);
    const Digest text = possessionMessage(vault.publicKey(), message);
    return {vault.publicKey(), message, must(crypto::signSchnorr(vault, text.view()))};
}

Member member(std::uint8_t number)
{
    return member(number, keyOf(static_cast<std::uint8_t>(number + 50)).xOnlyPublicKey());
}

// Brings the hashes and the aggregate key in line with the lists.
void seal(Network& network)
{
    if (!pinLists(network).ok()) std::abort();
}

Network goodNetwork()
{
    Network out;
    const MinedChain chain;
    out.params.sequencerKey = keyOf(1).xOnlyPublicKey();
    out.params.checkpointHeight = chain.tip();
    out.params.checkpointHeader = chain.header(chain.tip());
    out.params.lastTimes[0] = chain.at(chain.tip()).header.time;
    for (const int i : {10, 11, 12}) out.members.push_back(member(static_cast<std::uint8_t>(i)));
    for (const int i : {20, 21})
        out.operators.push_back(keyOf(static_cast<std::uint8_t>(i)).xOnlyPublicKey());
    std::sort(out.operators.begin(), out.operators.end());
    out.sequencerUrls = {"http://127.0.0.1:1234"};
    out.seal = {{base::Txid{{1}}, 2}, Amount::fromSat(100'000), 60};
    seal(out);
    return out;
}

std::string codeOf(const Status& status)
{
    return status.ok() ? "ok" : std::string(status.error().code.name());
}
} // namespace

class TestNetwork : public QObject {
    Q_OBJECT
private slots:
    void fileComesBackAsItWas();
    void aFileLeavesRoomForASealBeforeThePayHeight();
    void listsMustHashToTheParameters();
    void everyMemberMustProveItsKey();
    void membersHaveMessageKeysOfTheirOwn();
    void rogueAggregateIsRefused();
    void otherNetworksThanRegtestAreRefused();
    void senselessParametersAreRefused_data();
    void senselessParametersAreRefused();
    void damagedFilesAreRefused();
    void accountsReadBackAndTypingErrorsAreFound();
    void accountsOfOtherNetworksAreRefused();
};

void TestNetwork::fileComesBackAsItWas()
{
    const Network network = goodNetwork();
    QCOMPARE(codeOf(checkNetwork(network)), std::string("ok"));
    const std::string text = toNetworkJson(network);
    const Network again = must(parseNetworkJson(text));
    QCOMPARE(again.params, network.params);
    QCOMPARE(again.operators, network.operators);
    QCOMPARE(again.seal, network.seal);
    QCOMPARE(again.sequencerUrls, network.sequencerUrls);
    QCOMPARE(again.members.size(), std::size_t{3});
    QCOMPARE(toNetworkJson(again), text);
    QCOMPARE(must(parseParams(network.params.encode())), network.params);
}

void TestNetwork::aFileLeavesRoomForASealBeforeThePayHeight()
{
    Network network = goodNetwork();
    network.params.payWindow = network.params.depth + 6;
    QVERIFY(parseNetworkJson(toNetworkJson(network)).ok());
    network.params.payWindow -= 1;
    const auto tight = parseNetworkJson(toNetworkJson(network));
    QVERIFY(!tight.ok());
    QVERIFY(tight.error().code == kBadParams);
}

void TestNetwork::listsMustHashToTheParameters()
{
    Network members = goodNetwork();
    std::swap(members.members[0], members.members[1]);
    QCOMPARE(codeOf(checkNetwork(members)), std::string("l2.network-mismatch"));
    Network otherSeal = goodNetwork();
    otherSeal.seal.outpoint.index = 3;
    QCOMPARE(codeOf(checkNetwork(otherSeal)), std::string("l2.network-mismatch"));
    Network laterRecovery = goodNetwork();
    laterRecovery.seal.recoveryBlocks = 61;
    QCOMPARE(codeOf(checkNetwork(laterRecovery)), std::string("l2.network-mismatch"));
    Network noSeal = goodNetwork();
    noSeal.seal.value = Amount();
    QCOMPARE(codeOf(checkNetwork(noSeal)), std::string("l2.bad-params"));
    Network fewer = goodNetwork();
    fewer.members.pop_back();
    QCOMPARE(codeOf(checkNetwork(fewer)), std::string("l2.network-mismatch"));
    Network operators = goodNetwork();
    operators.operators.pop_back();
    QCOMPARE(codeOf(checkNetwork(operators)), std::string("l2.network-mismatch"));
    Network unsorted = goodNetwork();
    std::swap(unsorted.operators[0], unsorted.operators[1]);
    unsorted.params.operatorsHash = operatorsHash(unsorted.operators);
    QCOMPARE(codeOf(checkNetwork(unsorted)), std::string("l2.network-mismatch"));
    Network key = goodNetwork();
    key.params.committeeKey = keyOf(99).xOnlyPublicKey();
    QCOMPARE(codeOf(checkNetwork(key)), std::string("l2.network-mismatch"));
}

void TestNetwork::everyMemberMustProveItsKey()
{
    Network network = goodNetwork();
    network.members[1].possession[0] ^= 1;
    QCOMPARE(codeOf(checkNetwork(network)), std::string("l2.no-possession"));
    // A good proof, but for another message key.
    Network moved = goodNetwork();
    moved.members[1].messageKey = keyOf(99).xOnlyPublicKey();
    seal(moved);
    QCOMPARE(codeOf(checkNetwork(moved)), std::string("l2.no-possession"));
}

/// A member proves that its vault key is its own, of its message key only that it chose it.
void TestNetwork::membersHaveMessageKeysOfTheirOwn()
{
    Network network = goodNetwork();
    network.members[2] = member(12, network.members[0].messageKey);
    seal(network);
    QCOMPARE(codeOf(checkNetwork(network)), std::string("l2.network-mismatch"));
}

void TestNetwork::rogueAggregateIsRefused()
{
    Network network = goodNetwork();
    network.members.clear();
    network.params.committeeHash = committeeHash(network.members, network.seal);
    QVERIFY(!checkNetwork(network).ok());
}

void TestNetwork::otherNetworksThanRegtestAreRefused()
{
    for (const auto other : {bitcoin::Network::Main, bitcoin::Network::Testnet4, bitcoin::Network::Signet}) {
        Network network = goodNetwork();
        network.params.bitcoinNetwork = other;
        QCOMPARE(codeOf(checkNetwork(network)), std::string("l2.bad-params"));
        QVERIFY(!parseParams(network.params.encode()).ok());
        QVERIFY(!StfExecutor(network.params, stfProgram()).genesis().ok());
    }
}

using Change = void (*)(NetworkParams&);
Q_DECLARE_METATYPE(Change)

void TestNetwork::senselessParametersAreRefused_data()
{
    QTest::addColumn<Change>("change");
    const auto row = [](const char* name, Change change) { QTest::newRow(name) << change; };
    row("version", [](NetworkParams& p) { p.version = 2; });
    row("depth 0", [](NetworkParams& p) { p.depth = 0; });
    row("depth 101", [](NetworkParams& p) { p.depth = 101; });
    row("pay window", [](NetworkParams& p) { p.payWindow = 0; });
    row("refund 0", [](NetworkParams& p) { p.refundBlocks = 0; });
    row("refund beyond CSV", [](NetworkParams& p) { p.refundBlocks = 65'536; });
    row("take 0", [](NetworkParams& p) { p.takeBlocks = 0; });
    row("no denominations", [](NetworkParams& p) { p.denominations.clear(); });
    row("too many denominations", [](NetworkParams& p) {
        p.denominations.clear();
        for (int i = 1; i <= 17; ++i) p.denominations.push_back(Amount::fromSat(i));
    });
    row("zero denomination", [](NetworkParams& p) { p.denominations[0] = {}; });
    row("equal denominations", [](NetworkParams& p) { p.denominations[1] = p.denominations[0]; });
    row("descending denominations",
        [](NetworkParams& p) { std::swap(p.denominations[0], p.denominations[1]); });
    row("more than all money",
        [](NetworkParams& p) { p.denominations[2] = Amount::fromSat(Amount::kMaxSat + 1); });
    row("bond above all", [](NetworkParams& p) { p.bondBps = 10'001; });
    row("negative fee", [](NetworkParams& p) { p.minFee = Amount::fromSat(-1); });
    row("times", [](NetworkParams& p) { p.lastTimes[0] += 1; });
}

void TestNetwork::senselessParametersAreRefused()
{
    QFETCH(Change, change);
    NetworkParams params = goodNetwork().params;
    QVERIFY(checkParams(params).ok());
    change(params);
    QCOMPARE(codeOf(checkParams(params)), std::string("l2.bad-params"));
    QVERIFY(!parseParams(params.encode()).ok());
    // The program refuses the same.
    const StfExecutor executor(params, stfProgram());
    QCOMPARE(executor.genesis().error().code, kStfFailed);
}

void TestNetwork::damagedFilesAreRefused()
{
    const std::string good = toNetworkJson(goodNetwork());
    const auto with = [&good](const std::string& from, const std::string& to) {
        std::string text = good;
        const auto at = text.find(from);
        if (at == std::string::npos) std::abort();
        return parseNetworkJson(text.replace(at, from.size(), to)).ok();
    };
    QVERIFY(with("\"version\": 1", "\"version\":1"));
    QVERIFY(!with("\"version\": 1", "\"version\": 1.0"));
    QVERIFY(!with("\"version\": 1", "\"version\": -1"));
    QVERIFY(!with("\"version\": 1", "\"version\": 65537"));
    QVERIFY(!with("\"depth_k\"", "\"depth\""));
    QVERIFY(!with("\"depth_k\": 1", "\"depth_k\": 2")); // the chain id no longer fits
    QVERIFY(!with("\"depth_k\": 1", "\"depth_k\": \"1\""));
    QVERIFY(!with("\"regtest\"", "\"main\""));
    QVERIFY(!with("\"members\": [", "\"members\": [1,"));
    QVERIFY(!with("\"operators\": [", "\"operators\": [\"00\","));
    QVERIFY(!with("\"denominations\": [", "\"denominations\": [2100000000000001,"));
    QVERIFY(!parseNetworkJson("").ok());
    QVERIFY(!parseNetworkJson("[]").ok());
    QVERIFY(!parseNetworkJson(good.substr(0, good.size() / 2)).ok());
    QVERIFY(!parseNetworkJson(std::string(100'000, '[')).ok());
}

void TestNetwork::accountsReadBackAndTypingErrorsAreFound()
{
    const XOnlyPublicKey key = keyOf(5).xOnlyPublicKey();
    const std::string text = accountText(key, bitcoin::Network::Regtest);
    QCOMPARE(text.substr(0, 6), std::string("bwlrt1"));
    QCOMPARE(accountFromText(text, bitcoin::Network::Regtest).value(), key);
    for (std::size_t i = 6; i < text.size(); ++i) {
        std::string typo = text;
        typo[i] = typo[i] == 'q' ? 'p' : 'q';
        QVERIFY(!accountFromText(typo, bitcoin::Network::Regtest).ok());
    }
    QVERIFY(!accountFromText(text.substr(1), bitcoin::Network::Regtest).ok());
    QVERIFY(!accountFromText("", bitcoin::Network::Regtest).ok());
    XOnlyPublicKey noKey;
    noKey.bytes.fill(0xff);
    const std::string nobody = accountText(noKey, bitcoin::Network::Regtest);
    QCOMPARE(accountFromText(nobody, bitcoin::Network::Regtest).error().code, kAccountNotAKey);
}

void TestNetwork::accountsOfOtherNetworksAreRefused()
{
    const XOnlyPublicKey key = keyOf(5).xOnlyPublicKey();
    const std::string main = accountText(key, bitcoin::Network::Main);
    QCOMPARE(main.substr(0, 4), std::string("bwl1"));
    QCOMPARE(accountFromText(main, bitcoin::Network::Regtest).error().code, kAccountOtherNetwork);
    QCOMPARE(accountText(key, bitcoin::Network::Signet), accountText(key, bitcoin::Network::Testnet4));
    QCOMPARE(accountFromText("bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080", bitcoin::Network::Regtest)
                 .error()
                 .code,
             kBadAccountText);
}

QTEST_APPLESS_MAIN(TestNetwork)
#include "tst_l2_network.moc"
