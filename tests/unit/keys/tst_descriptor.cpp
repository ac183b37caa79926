// SPDX-License-Identifier: MIT
// Output descriptors: the vectors of BIP380 to BIP390 and BIP328, what bitcoind derives from the same text,
// and spending from what a descriptor yields.
//
// Left out, because these expressions are not supported here; that they are refused as such is checked:
//   BIP381 pk(), pkh(), sh(); BIP383 multi(); BIP384 combo(); BIP385 raw(), addr(): 34 valid expressions;
//   BIP382 sh() and wsh(): 8 of 12; BIP389 alternatives in pk(), pkh(), multi(), sh(): 5 of 6;
//   BIP380 uncompressed keys: 2 of 21.
#include "core/bitcoin/address.h"
#include "core/crypto/hash.h"
#include "core/keys/descriptor.h"
#include "tests/support/vectors.h"

#include <QTest>

#include <boost/json.hpp>

using namespace bowline;
using namespace bowline::keys;
using base::Bytes;
using bitcoin::Network;
namespace json = boost::json;

namespace {

// The master key of BIP32's first test vector, on test networks.
#define TPUB                                                                                                 \
    "tpubD6NzVbkrYhZ4XHndKkuB8FifXm8r5FQHwrN6oZuWCz13qb93rtgKvD4PQsqC4HP4yhV3tA2fqr2RbY5mNXfM7RxXUoeABoDtsF" \
    "Uq2zJq6"                                                                                                \
    "YK"
#define KEY_A "02f9308a019258c31049344f85f89d5229b531c845836f99b08601f113bce036f9"
#define KEY_B "03dff1d77f2a671c5f36183726db2341be58feae1da2deced843240f7b502ba659"
#define NOBODY "50929b74c1a04954b78b4b6035e97a5e078a5a0f28ec96d547bfee9ace803ac0"

std::string_view textOf(const json::value& value) { return value.as_string(); }
std::string_view expressionOf(const json::value& value) { return textOf(value.at("expression")); }
base::ErrorCode errorOf(std::string_view text, Network network = Network::Main)
{
    return Descriptor::parse(text, network).error().code;
}
std::string stringOf(const base::SecureBytes& bytes) { return {bytes.begin(), bytes.end()}; }
json::value vectors() { return test::readVectorJson("descriptors/vectors.json"); }

/// Whether the descriptor yields the vector's scripts, also after it was printed and read again.
bool expandsTo(std::string_view text, const json::array& scripts)
{
    const auto parsed = Descriptor::parse(text, Network::Main);
    if (!parsed.ok()) return false;
    const auto reread =
        Descriptor::parse(stringOf(parsed->toPrivateText()), Network::Main, ChecksumRule::Required);
    if (!reread.ok() || reread->toString() != parsed->toString()) return false;
    for (std::uint32_t index = 0; index < scripts.size(); ++index) {
        const auto script = parsed->scriptAt(index);
        const auto again = reread->scriptAt(index);
        if (!script.ok() || base::toHex(*script) != textOf(scripts[index]) || *again != *script) return false;
    }
    return true;
}

} // namespace

class TestDescriptor : public QObject {
    Q_OBJECT
private slots:
    void keyExpressionVectors();
    void checksumVectors();
    void scriptVectors_data();
    void scriptVectors();
    void unsupportedGroupsAreRefusedAsSuch();
    void invalidVectorsAreRefused();
    void multipathVectors();
    void aggregateKeyVectorsOfBip328();
    void bitcoindDerivesTheSameAddresses_data();
    void bitcoindDerivesTheSameAddresses();
    void bitcoindDerivesTheSameAlternatives();
    void pastedTextNeedsItsChecksum();
    void brokenTextIsRefused_data();
    void brokenTextIsRefused();
    void keysOfAnotherNetworkAreRefused();
    void publicTextHidesPrivateKeys();
    void hardenedStepsOfAPublicKeyCannotBeTaken();
    void treesAreLimitedInDepth();
    void spendDataLeadsToTheOutput();
    void committeeSpendsAMusigDescriptor();
    void privateKeysFitTheScripts();
};

void TestDescriptor::keyExpressionVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value group = vectors().at("bip0380");
    int accepted = 0;
    for (const json::value& one : group.at("valid").as_array()) {
        const auto parsed = Descriptor::parse("wpkh(" + std::string(expressionOf(one)) + ")", Network::Main);
        const bool uncompressed = textOf(one.at("note")).find("ncompressed") != std::string_view::npos;
        QVERIFY2(parsed.ok() != uncompressed, expressionOf(one).data());
        accepted += parsed.ok() ? 1 : 0;
    }
    QCOMPARE(accepted, 19);
    for (const json::value& one : group.at("invalid").as_array()) {
        for (const char* function : {"wpkh(", "tr(", "rawtr("}) {
            QVERIFY2(!Descriptor::parse(function + std::string(expressionOf(one)) + ")", Network::Main).ok(),
                     expressionOf(one).data());
        }
    }
}

void TestDescriptor::checksumVectors()
{
    SKIP_WITHOUT_VECTORS();
    QCOMPARE(*descriptorChecksum("raw(deadbeef)"), std::string("89f8spxm"));
    const json::value file = vectors();
    for (const json::value& one : file.at("bip0380").at("checksum").as_array()) {
        const std::string_view note = textOf(one.at("note"));
        const auto error =
            Descriptor::parse(expressionOf(one), Network::Main, ChecksumRule::Required).error().code;
        if (note == "Valid checksum") {
            QVERIFY(error == kDescriptorUnsupported); // raw(): the checksum was fine
        } else if (note == "No checksum") {
            QVERIFY(error == kDescriptorNoChecksum);
        } else if (note == "Invalid characters in payload") {
            QVERIFY(error == kDescriptorSyntax);
        } else {
            QVERIFY2(error == kDescriptorChecksum, note.data());
        }
    }
}

void TestDescriptor::scriptVectors_data()
{
    QTest::addColumn<QString>("group");
    QTest::addColumn<int>("supported");
    QTest::newRow("BIP382") << "bip0382" << 4;
    QTest::newRow("BIP386") << "bip0386" << 6;
    QTest::newRow("BIP387") << "bip0387" << 6;
    QTest::newRow("BIP390") << "bip0390" << 6;
}

void TestDescriptor::scriptVectors()
{
    SKIP_WITHOUT_VECTORS();
    QFETCH(QString, group);
    QFETCH(int, supported);
    int checked = 0;
    const json::value file = vectors();
    for (const json::value& one : file.at(group.toStdString()).at("valid").as_array()) {
        const std::string_view text = expressionOf(one);
        if (text.starts_with("sh(") || text.starts_with("wsh(")) {
            QVERIFY(errorOf(text) == kDescriptorUnsupported);
            continue;
        }
        QVERIFY2(expandsTo(text, one.at("expands").as_array()), text.data());
        ++checked;
    }
    QCOMPARE(checked, supported);
}

void TestDescriptor::unsupportedGroupsAreRefusedAsSuch()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = vectors();
    int refused = 0;
    for (const char* group : {"bip0381", "bip0383", "bip0384", "bip0385"}) {
        for (const json::value& one : file.at(group).at("valid").as_array()) {
            const std::string_view text = expressionOf(one);
            if (text.find('(') == std::string_view::npos)
                continue; // 8 plain scripts that slipped into the file
            QVERIFY2(errorOf(text) == kDescriptorUnsupported, text.data());
            ++refused;
        }
    }
    QCOMPARE(refused, 34);
}

void TestDescriptor::invalidVectorsAreRefused()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = vectors();
    for (const auto& group : file.as_object()) {
        if (group.key() == "bip0380") continue; // keys alone, see above
        for (const json::value& one : group.value().at("invalid").as_array()) {
            QVERIFY2(!Descriptor::parseMultipath(expressionOf(one), Network::Main).ok(),
                     expressionOf(one).data());
        }
    }
}

void TestDescriptor::multipathVectors()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = vectors();
    int checked = 0;
    for (const json::value& one : file.at("bip0389").at("valid").as_array()) {
        // Where the function is not supported, its keys within wpkh() exercise the alternatives all the same.
        std::string text(expressionOf(one));
        const bool single = text.starts_with("pk(") || text.starts_with("pkh(") || text.starts_with("wpkh(");
        if (!single) continue;
        const auto asWpkh = [](std::string_view other) {
            return "wpkh" + std::string(other.substr(other.find('(')));
        };
        const auto all = Descriptor::parseMultipath(asWpkh(text), Network::Main);
        QVERIFY(all.ok());
        const json::array& expected = one.at("expands").as_array();
        QCOMPARE(all->size(), expected.size());
        for (std::size_t i = 0; i < all->size(); ++i) {
            const auto alone = Descriptor::parse(asWpkh(textOf(expected[i])), Network::Main);
            QCOMPARE((*all)[i].toString(), alone->toString());
            QVERIFY(*(*all)[i].scriptAt(5) == *alone->scriptAt(5));
        }
        QVERIFY(errorOf(asWpkh(text)) == kDescriptorMultipath);
        ++checked;
    }
    QCOMPARE(checked, 4);
}

void TestDescriptor::aggregateKeyVectorsOfBip328()
{
    SKIP_WITHOUT_VECTORS();
    const json::value file = test::readVectorJson("bip328/vectors.json");
    for (const json::value& one : file.as_array()) {
        std::vector<crypto::PublicKey> keys;
        for (const json::value& key : one.at("keys").as_array()) {
            keys.push_back(*crypto::PublicKey::parse(*base::fromHex(textOf(key))));
        }
        const auto aggregate = crypto::KeyAggregation::fromKeys(keys)->key();
        QCOMPARE(base::toHex(aggregate.view()), std::string(textOf(one.at("aggregate_pubkey"))));
        QCOMPARE(syntheticXpub(aggregate).toString(Network::Main), std::string(textOf(one.at("xpub"))));
    }
}

void TestDescriptor::bitcoindDerivesTheSameAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("addresses");
    // deriveaddresses of bitcoind 29 on regtest, the checksums from its getdescriptorinfo.
    QTest::newRow("wpkh") << "wpkh([0f056943/84h/1h/0h]" TPUB "/0/*)#s8ymvsep"
                          << QStringList{"bcrt1qklpstvpm2wl2xxe4hhmndlqssk03fyygr7jmvm",
                                         "bcrt1qd8enga5kttqwtkpx46urt9f0ukdfp5vk4yh7ac",
                                         "bcrt1qcvpqc3ps6flv7j95rtpg72cl8hpgnknp47gy00"};
    QTest::newRow("tr") << "tr(" TPUB "/0/*)#j7gxd8pq"
                        << QStringList{"bcrt1ptg3h625e33y2ewxku5x5sy4mrvxzmat23huz3nphzenr6nfdlmksj3npap",
                                       "bcrt1p7r29x6xjvlqskka6uzsgmx3e5js8549kvc6wgackurtjv9z3pnksgdeplc",
                                       "bcrt1p9nza68h8rwjysjn8gayktsvyttrdw6p7hr0jm4n8c2w24wfdwhqq7hf4r6"};
    QTest::newRow("and_v") << "tr(" NOBODY ",and_v(v:pk(" TPUB "/1/*),older(144)))#2wdqqs9n"
                           << QStringList{"bcrt1p6mspvhytqhprlg83yqn44ce3tdgr5x48e625uxh0g6zjvtuaxeks5w7zsz",
                                          "bcrt1pu2dh48q4jrdx8d89g4n0qz3vhdw672876u8y03k7twgyhtdr5uzsdhh489",
                                          "bcrt1p57jmjvcsfxdnhtxaycdvegdra3n9jydnuyvffgde3j6pn7322nusgxsd60"};
    QTest::newRow("tree") << "tr(" NOBODY ",{and_v(v:pk(" KEY_A "),older(65535)),{pk(" TPUB
                             "/2/*),multi_a(2," KEY_A "," KEY_B "," TPUB "/3/*)}})#nshk6v3j"
                          << QStringList{"bcrt1pwgudjzz2l4eru7stdfwlut9hjq39ufsk4lpkwayaggyhslz4rhrsxz2zpj",
                                         "bcrt1p96902vr73eh0qpchn69npljfgek98wsfuxvud0vg67eq2p38vyus08rp4h",
                                         "bcrt1pq4av86p7clg2wj90gz44qpyhspa0fy9w9rcum3rj83lwd65lmwqss8ve4y"};
    QTest::newRow("pkh and sortedmulti_a")
        << "tr(" TPUB "/0/*,{pkh(" KEY_A "),sortedmulti_a(1," KEY_B "," KEY_A ")})#apj35zvh"
        << QStringList{"bcrt1pyfkr7w0zut49wvmpc6etjcemqpqfxm2ra20p08xnl4v0j4l0hgeqeas4v0",
                       "bcrt1pyttfqg2893lqsz0ffes94qzxcgjhspwez4mwj3mfe93y92p3904qzptym3",
                       "bcrt1ptcz98qhnxwhgtdxrsme0rtctrc8g6g9vqezruuw70w6ld9grlmvqqj9jzh"};
    QTest::newRow("rawtr") << "rawtr(" TPUB "/7)#562td22v"
                           << QStringList{"bcrt1pp2lg3ta7yzf6uyjhrq950k5qeppts8lez6gdae7mpjd6cal6dgpq5x3e2m"};
}

void TestDescriptor::bitcoindDerivesTheSameAddresses()
{
    QFETCH(QString, text);
    QFETCH(QStringList, addresses);
    const auto parsed = Descriptor::parse(text.toStdString(), Network::Regtest, ChecksumRule::Required);
    QVERIFY(parsed.ok());
    QCOMPARE(parsed->toString(), text.toStdString());
    QCOMPARE(parsed->isRanged(), addresses.size() > 1);
    for (int i = 0; i < addresses.size(); ++i) {
        const auto script = parsed->scriptAt(static_cast<std::uint32_t>(i));
        QCOMPARE(*bitcoin::addressFromScript(*script, Network::Regtest), addresses[i].toStdString());
    }
}

void TestDescriptor::bitcoindDerivesTheSameAlternatives()
{
    const auto both = Descriptor::parseMultipath("wpkh(" TPUB "/<0;1>/*)#9f955h8c", Network::Regtest,
                                                 ChecksumRule::Required);
    QVERIFY(both.ok());
    QCOMPARE(both->size(), std::size_t{2});
    QCOMPARE(*bitcoin::addressFromScript(*(*both)[0].scriptAt(0), Network::Regtest),
             std::string("bcrt1qklpstvpm2wl2xxe4hhmndlqssk03fyygr7jmvm"));
    QCOMPARE(*bitcoin::addressFromScript(*(*both)[1].scriptAt(2), Network::Regtest),
             std::string("bcrt1qup7xc3mn65awfaxk9t8w736z5vuk28t6m0jdpl"));
}

void TestDescriptor::pastedTextNeedsItsChecksum()
{
    const std::string good = "tr(" TPUB "/0/*)#j7gxd8pq";
    QVERIFY(Descriptor::parse(good, Network::Regtest, ChecksumRule::Required).ok());
    for (std::size_t i = 0; i < good.size(); ++i) { // a typing error anywhere
        std::string typo = good;
        typo[i] = typo[i] == '1' ? '2' : '1';
        QVERIFY(!Descriptor::parse(typo, Network::Regtest, ChecksumRule::Required).ok());
    }
    QVERIFY(Descriptor::parse("tr(" TPUB "/0/*)", Network::Regtest).ok());
    QVERIFY(Descriptor::parse("tr(" TPUB "/0/*)", Network::Regtest, ChecksumRule::Required).error().code ==
            kDescriptorNoChecksum);
}

void TestDescriptor::brokenTextIsRefused_data()
{
    QTest::addColumn<QString>("text");
    for (const char* text : {"",
                             "tr",
                             "tr(",
                             "tr()",
                             ")",
                             "()",
                             "tr(" KEY_A,
                             KEY_A,
                             "tr(" KEY_A "))",
                             " tr(" KEY_A ")",
                             "tr(" KEY_A ") ",
                             "tr( " KEY_A ")",
                             "TR(" KEY_A ")",
                             "tr(" KEY_A ",)",
                             "tr(" KEY_A ",pk(" KEY_A ")",
                             "tr(,pk(" KEY_A "))",
                             "tr(" KEY_A ",{pk(" KEY_A ")})",
                             "tr(" KEY_A ",{pk(" KEY_A "),pk(" KEY_B "),pk(" KEY_B ")})",
                             "tr(" KEY_A ",pk(" KEY_A "),pk(" KEY_B "))",
                             "tr(" KEY_A ",{pk(" KEY_A "),pk(" KEY_B "))",
                             "tr(" KEY_A ",pk(" KEY_A "}})",
                             "tr(" KEY_A ",older(5))",
                             "tr(" KEY_A ",and_v(v:pk(" KEY_A "),older(0)))",
                             "tr(" KEY_A ",and_v(v:pk(" KEY_A "),older(2147483648)))",
                             "tr(" KEY_A ",and_v(v:pk(" KEY_A "),older(05)))",
                             "tr(" KEY_A ",and_v(pk(" KEY_A "),older(5)))",
                             "tr(" KEY_A ",and_v(v:pk(" KEY_A "),after(5)))",
                             "tr(" KEY_A ",and_v(v:pk(" KEY_A ")))",
                             "tr(" KEY_A ",multi_a())",
                             "tr(" KEY_A ",multi_a(1))",
                             "tr(" KEY_A ",multi_a(1,))",
                             "wpkh(" NOBODY ")",
                             "wpkh(musig(" KEY_A "," KEY_B "))",
                             "tr(musig(" KEY_A "," NOBODY "))",
                             "tr(musig())",
                             "tr(musig(" KEY_A ")",
                             "tr(musig(musig(" KEY_A ")))",
                             "tr([00000000/0]musig(" KEY_A "))",
                             "tr(musig(" KEY_A ")x)",
                             "tr([00000000/m/0]" KEY_A ")",
                             "wpkh(" TPUB "/*/0)",
                             "wpkh(" TPUB "/<0>/*)",
                             "wpkh(" TPUB "/<0;0>/*)",
                             "wpkh(" TPUB "/)",
                             "wpkh(" TPUB "//*)",
                             "wpkh(" TPUB "/**)",
                             "tr(" TPUB "/<0;1>/*,pk(" TPUB "/<0;1;2>/*))"}) {
        QTest::newRow(text) << text;
    }
}

void TestDescriptor::brokenTextIsRefused()
{
    QFETCH(QString, text);
    QVERIFY(!Descriptor::parseMultipath(text.toStdString(), Network::Regtest).ok());
}

void TestDescriptor::keysOfAnotherNetworkAreRefused()
{
    QVERIFY(Descriptor::parse("wpkh(" TPUB "/0/*)", Network::Testnet4).ok());
    QVERIFY(errorOf("wpkh(" TPUB "/0/*)", Network::Main) == kExtendedKeyVersion);
    const char* wif = "wpkh(L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1)"; // BIP382
    QVERIFY(Descriptor::parse(wif, Network::Main).ok());
    QVERIFY(errorOf(wif, Network::Regtest) == kDescriptorKey);
}

void TestDescriptor::publicTextHidesPrivateKeys()
{
    const char* text =
        "tr(xprvA1RpRA33e1JQ7ifknakTFpgNXPmW2YvmhqLQYMmrj4xJXXWYpDPS3xz7iAxn8L39njGVyuoseXzU6rcxFLJ8HFsTjSyQ"
        "bLYnMpCqE2VbFWc/0/*,pk(L4rK1yDtCWekvXuE6oXD9jCYfFNV2cWRpVuPLBcCU2z8TrisoyY1))";
    const auto parsed = *Descriptor::parse(text, Network::Main);
    QVERIFY(parsed.hasPrivateKeys());
    QVERIFY(stringOf(parsed.toPrivateText()).starts_with(text));
    const std::string shown = parsed.toString();
    QVERIFY(shown.find("xprv") == std::string::npos);
    QVERIFY(shown.find("L4rK1") == std::string::npos);
    const auto watching = *Descriptor::parse(shown, Network::Main, ChecksumRule::Required);
    QVERIFY(!watching.hasPrivateKeys());
    QVERIFY(watching.privateKeysAt(3)->empty());
    QVERIFY(*watching.scriptAt(3) == *parsed.scriptAt(3));
}

void TestDescriptor::hardenedStepsOfAPublicKeyCannotBeTaken()
{
    for (const char* text : {"wpkh(" TPUB "/0h/*)", "wpkh(" TPUB "/0/*h)"}) {
        const auto parsed = Descriptor::parse(text, Network::Regtest);
        QVERIFY(parsed.ok()); // BIP380 lists such expressions as valid
        QVERIFY(parsed->scriptAt(0).error().code == kHardenedNeedsPrivateKey);
    }
    const auto plain = Descriptor::parse("wpkh(" TPUB "/0/*)", Network::Regtest);
    QVERIFY(plain->scriptAt(kHardened - 1).ok());
    QVERIFY(plain->scriptAt(kHardened).error().code == kDescriptorNumber);
}

void TestDescriptor::treesAreLimitedInDepth()
{
    const auto chain = [](int depth) {
        std::string tree = "pk(" KEY_A ")";
        for (int i = 0; i < depth; ++i) tree = "{" + tree + ",pk(" KEY_B ")}";
        return "tr(" NOBODY "," + tree + ")";
    };
    const auto deepest = Descriptor::parse(chain(128), Network::Regtest);
    QVERIFY(deepest.ok());
    const auto output = deepest->outputAt(0);
    QVERIFY(output.ok());
    QCOMPARE(output->taproot->controlBlock(0).path.size(), std::size_t{128});
    QVERIFY(errorOf(chain(129), Network::Regtest) == bitcoin::kTaprootTooDeep);
    const std::string open = "tr(" NOBODY "," + std::string(100'000, '{');
    QVERIFY(!Descriptor::parse(open, Network::Regtest).ok());
    QVERIFY(!Descriptor::parse(open + std::string(100'000, '}') + ")", Network::Regtest).ok());
}

void TestDescriptor::spendDataLeadsToTheOutput()
{
    const char* text =
        "tr([0f056943/86h]" TPUB "/0/*,{and_v(v:pk(" TPUB "/1/*),older(144)),pk(" TPUB "/1/*)})";
    const DescriptorOutput output = *Descriptor::parse(text, Network::Regtest)->outputAt(9);
    const bitcoin::TaprootOutput& taproot = *output.taproot;
    QVERIFY(output.script == taproot.scriptPubKey());
    for (std::size_t leaf = 0; leaf < taproot.tree()->leafCount(); ++leaf) {
        QVERIFY(bitcoin::checkTaprootCommitment(taproot.outputKey(), taproot.controlBlock(leaf),
                                                taproot.tree()->leafAt(leaf).script)
                    .ok());
    }
    // <32 bytes> CHECKSIGVERIFY <144> CHECKSEQUENCEVERIFY
    const bitcoin::Script& refund = taproot.tree()->leafAt(0).script;
    QCOMPARE(base::toHex(base::ByteView(refund).subspan(33)), std::string("ad029000b2"));
    QCOMPARE(output.keys.size(), std::size_t{2}); // the key of both leaves is listed once
    QVERIFY(output.keys[0].internal && output.keys[0].leaves.empty());
    QCOMPARE(base::toHex(output.keys[0].origin.fingerprint), std::string("0f056943"));
    QCOMPARE(formatPath(output.keys[0].origin.path), std::string("m/86h/0/9"));
    QVERIFY(!output.keys[1].internal);
    QCOMPARE(output.keys[1].leaves.size(), std::size_t{2});
    QVERIFY(output.keys[1].leaves[0] == bitcoin::tapLeafHash(taproot.tree()->leafAt(0)));
}

void TestDescriptor::committeeSpendsAMusigDescriptor()
{
    const auto alice = *ExtendedPrivateKey::fromSeed(Bytes(32, 1));
    const auto bob = *ExtendedPrivateKey::fromSeed(Bytes(32, 2));
    const std::string text = "tr(musig(" + alice.extendedPublicKey().toString(Network::Regtest) + "," +
                             bob.extendedPublicKey().toString(Network::Regtest) + ")/7/*,pk(" KEY_A "))";
    const auto output = *Descriptor::parse(text, Network::Regtest)->outputAt(3);
    QCOMPARE(output.musigs.size(), std::size_t{1});
    const ExpandedMusig& musig = output.musigs[0];
    QVERIFY(musig.internal);
    QVERIFY(musig.path == (DerivationPath{7, 3}));
    QCOMPARE(output.keys.size(), std::size_t{3}); // two participants, one leaf

    auto keys = *keyAggregationOf(musig);
    QVERIFY(keys.key() == musig.key);
    QCOMPARE(keys.xOnlyKey().hex(), output.taproot->internalKey().hex());
    QVERIFY(keys.tweakXOnly(output.taproot->tweak().view()).ok());
    const base::Digest message = crypto::sha256(base::viewOf("spend"));
    const base::Digest sessionId = crypto::sha256(base::viewOf("session"));
    auto nonceA = *crypto::SecretNonce::generate(alice.key(), keys, message, sessionId);
    auto nonceB = *crypto::SecretNonce::generate(bob.key(), keys, message, sessionId);
    const std::vector<crypto::PublicNonce> nonces{nonceA.publicNonce(), nonceB.publicNonce()};
    const auto session =
        *crypto::Session::start(keys, *crypto::AggregateNonce::fromNonces(nonces), message, sessionId);
    const std::vector<crypto::PartialSignature> partials{*session.sign(std::move(nonceA), alice.key()),
                                                         *session.sign(std::move(nonceB), bob.key())};
    const auto signature = session.aggregate(partials);
    QVERIFY(signature.ok());
    QVERIFY(crypto::verifySchnorr(output.taproot->outputKey(), message.view(), *signature));
}

void TestDescriptor::privateKeysFitTheScripts()
{
    const auto master = *ExtendedPrivateKey::fromSeed(Bytes(32, 3));
    const std::string root = stringOf(master.toText(Network::Regtest));
    const auto descriptor = *Descriptor::parse("wpkh(" + root + "/84h/1h/0h/0/*h)", Network::Regtest);
    const auto secrets = *descriptor.privateKeysAt(5);
    QCOMPARE(secrets.size(), std::size_t{1});
    const auto keyHash = crypto::hash160(secrets[0].publicKey().view());
    QVERIFY(bitcoin::payToWitnessPublicKeyHash(keyHash) == *descriptor.scriptAt(5));
    QVERIFY(master.derive(descriptor.outputAt(5)->keys[0].origin.path)->key().publicKey() ==
            secrets[0].publicKey());
}

QTEST_APPLESS_MAIN(TestDescriptor)
#include "tst_descriptor.moc"
