// SPDX-License-Identifier: MIT
// The pinned keys are those of this build's circuits, all of them are in a network's set, and each network has its own genesis.
#include "core/proven/genesis.h"
#include "core/stark/soundness.h"
#include "core/stf/pins.h"
#include "tests/support/results.h"

#include <QtTest>

using namespace bowline;
using namespace bowline::proven;
using test::codeOf;
using test::must;

namespace {
const ProofKeys& pinned()
{
    static const ProofKeys out = must(Result<ProofKeys>(pinnedKeys()));
    return out;
}
const field::FieldDigest kProgram = must(stf::pinOf(bitcoin::Network::Regtest)).id;

std::string changed(std::string_view from, std::string_view to)
{
    std::string text = toJson(pinned());
    const std::size_t at = text.find(from);
    if (at == std::string::npos) qFatal("the file has no such part");
    return text.replace(at, from.size(), to);
}
} // namespace

class TestProvenKeys : public QObject {
    Q_OBJECT
private slots:
    void theyAreMadeAgain();
    void theFileIsReadBack();
    void otherFilesAreRefused_data();
    void otherFilesAreRefused();
    void everyKeyIsInTheSet();
    void eachNetworkHasItsGenesis();
    void theWrapReachesTheProvenBits();
};

// Whoever changed a circuit, a constraint, a form or a shape: build/bin/bowline-proof-keys writes the file anew.
void TestProvenKeys::theyAreMadeAgain()
{
    stark::ProverOptions options;
    options.threads = 2;
    const ProofKeys made = must(makeKeys(pinned().programLog, pinned().shapes(), options));
    QVERIFY(made.lifts == pinned().lifts);
    QVERIFY(made.joins == pinned().joins);
    QVERIFY(made.chain == pinned().chain);
    QVERIFY(made.wrap.columns == pinned().wrap.columns && made.wrap.heights == pinned().wrap.heights &&
            made.wrap.publicValues == pinned().wrap.publicValues);
    QCOMPARE(toJson(made), toJson(pinned()));
    // A shape with one table taller has another lift, one without a table none that fits all the same forms' key.
    proving::ShardShapes other{pinned().lifts[0].heights};
    other[0][1] = *other[0][1] + 1;
    const ProofKeys taller = must(makeKeys(pinned().programLog, other, options));
    QVERIFY(taller.lifts[0].key != pinned().lifts[0].key && taller.joins == pinned().joins);
}

void TestProvenKeys::theFileIsReadBack()
{
    const ProofKeys read = must(keysIn(toJson(pinned())));
    QCOMPARE(toJson(read), toJson(pinned()));
    QVERIFY(read.lifts == pinned().lifts && read.joins == pinned().joins);
}

void TestProvenKeys::otherFilesAreRefused_data()
{
    QTest::addColumn<QString>("text");
    const auto row = [](const char* name, const std::string& text) {
        QTest::newRow(name) << QString::fromStdString(text);
    };
    row("nothing", "");
    row("a list", "[]");
    row("no lifts", changed("\"lifts\"", "\"lists\""));
    row("no such form", changed("\"form\": 0", "\"form\": 3"));
    row("a height below zero", changed("\"program_log\": 18", "\"program_log\": -1"));
    row("a height too large", changed("\"program_log\": 18", "\"program_log\": 64"));
    row("no number", changed("\"program_log\": 18", "\"program_log\": \"18\""));
    row("a join less", changed("\"joins\": [\n", "\"joins\": [], \"more\": [\n"));
    row("no digest", changed("\"chain\": \"", "\"chain\": \"00"));
    row("a word that is no element",
        changed("\"chain\": \"" + toJson(pinned()).substr(toJson(pinned()).find("\"chain\": \"") + 10, 8),
                "\"chain\": \"ffffffff"));
    row("a wrap of six tables", changed("\"heights\": [12, 13, 12", "\"heights\": [12, 13"));
}

void TestProvenKeys::otherFilesAreRefused()
{
    QFETCH(QString, text);
    QCOMPARE(codeOf(keysIn(text.toStdString())), std::string("proven.bad-keys"));
}

void TestProvenKeys::everyKeyIsInTheSet()
{
    const NetworkKeys network = must(NetworkKeys::make(pinned(), {}, kProgram));
    const auto& digests = network.set.keys();
    QCOMPARE(digests.size(), pinned().lifts.size() + pinned().joins.size() + 2);
    for (const LiftKey& lift : pinned().lifts) QVERIFY(network.set.contains(lift.key));
    for (const DigestWords& join : pinned().joins) QVERIFY(network.set.contains(join));
    QVERIFY(network.set.contains(pinned().chain));
    QVERIFY(network.set.contains(network.genesis->key().digest));
    QVERIFY(std::set<std::string>([&] {
                std::set<std::string> out;
                for (const DigestWords& digest : digests) {
                    std::string text;
                    for (const field::Element x : digest) text += std::to_string(x.value()) + ' ';
                    out.insert(text);
                }
                return out;
            }())
                .size() == digests.size());
}

void TestProvenKeys::eachNetworkHasItsGenesis()
{
    const auto rootOf = [](const l2::NetworkParams& params, const field::FieldDigest& program) {
        return must(NetworkKeys::make(pinned(), params, program)).set.root();
    };
    const l2::NetworkParams params;
    const DigestWords root = rootOf(params, kProgram);
    QVERIFY(rootOf(params, kProgram) == root);
    l2::NetworkParams later;
    later.genesisTime = 1;
    QVERIFY(rootOf(later, kProgram) != root);
    l2::NetworkParams higher;
    higher.checkpointHeight.value = 9;
    QVERIFY(rootOf(higher, kProgram) != root);
    field::FieldDigest other = kProgram;
    other.bytes[0] ^= 1;
    QVERIFY(rootOf(params, other) != root);
}

// Of the last step at its own heights; of the first at least those of the release.
void TestProvenKeys::theWrapReachesTheProvenBits()
{
    const stark::VerifyingKey key = must(aggregate::verifyingKeyOf(pinned().wrap));
    const auto& logs = pinned().wrap.heights;
    const stark::Heights heights(logs.begin(), logs.end());
    const auto report = stark::soundness(key.parameters, stark::ProofBounds::of(key, heights));
    qInfo().noquote() << report.table("the wrap of the chain").c_str();
    QVERIFY(report.johnson >= stark::kProvenBits);
}

QTEST_APPLESS_MAIN(TestProvenKeys)
#include "tst_proven_keys.moc"
