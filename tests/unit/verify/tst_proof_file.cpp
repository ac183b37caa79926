// SPDX-License-Identifier: MIT
// core/verify: the text of proof files: one spelling, every field there, everything bounded.
#include "tests/unit/verify/fixture.h"

#include <QTest>

#include <boost/json.hpp>

using namespace bowline;
using namespace bowline::test;
namespace json = boost::json;

namespace {
const SealedWorld& world()
{
    static const SealedWorld kWorld;
    return kWorld;
}

std::string replaced(std::string text, std::string_view what, std::string_view with)
{
    const std::size_t at = text.find(what);
    if (at == std::string::npos) std::abort();
    return text.replace(at, what.size(), with);
}

/// In the spelling of files.
std::string spelled(const json::object& object)
{
    std::string out = "{\n";
    for (auto it = object.begin(); it != object.end(); ++it) {
        out += "  \"" + std::string(it->key()) + "\": " + json::serialize(it->value());
        out += std::next(it) == object.end() ? "\n" : ",\n";
    }
    return out + "}\n";
}

QString refusalOf(const std::string& text)
{
    const auto parsed = verify::parseProofFile(text);
    if (parsed.ok()) return QStringLiteral("ok");
    return QString::fromStdString(std::string(parsed.error().code.name()) + ' ' + parsed.error().detail);
}

std::vector<verify::ProofFile> allFiles()
{
    verify::ProofFile proven = world().accountFile(world().layer.bob);
    proven.chainProof = world().proof().file;
    return {world().accountFile(world().layer.alice),
            world().accountFile(keyOf(99)),
            world().historyFile(),
            world().stateFile(vaultId(world().vault.outpoint)),
            world().paymentFile(2),
            world().batchFile(),
            proven};
}
} // namespace

class TestProofFile : public QObject {
    Q_OBJECT
private slots:
    void whatIsWrittenIsReadBack();
    void anotherSpellingIsRefused();
    void everyFieldMustBeThere();
    void everyFieldHasItsForm_data();
    void everyFieldHasItsForm();
    void whatIsTooMuchIsRefusedBeforeItIsRead();
    void anotherVersionIsNotGuessedAt();
    void noTextIsAFileByChance();
};

void TestProofFile::whatIsWrittenIsReadBack()
{
    for (const verify::ProofFile& file : allFiles()) {
        const std::string text = verify::toText(file);
        const auto read = verify::parseProofFile(text);
        QVERIFY2(read.ok(), qPrintable(refusalOf(text)));
        QVERIFY(read->bitcoin == file.bitcoin);
        QVERIFY(read->headers == file.headers);
        QVERIFY(read->batch == file.batch && read->signature == file.signature);
        QVERIFY(read->subject == file.subject);
        QVERIFY(read->anchors == file.anchors);
        QVERIFY(read->chainProof == file.chainProof);
        QVERIFY(read->network.params == file.network.params);
        QCOMPARE(verify::toText(*read), text);
    }
}

void TestProofFile::anotherSpellingIsRefused()
{
    const std::string text = verify::toText(world().paymentFile(0));
    QCOMPARE(refusalOf(text), QStringLiteral("ok"));
    const QString other = QStringLiteral("verify.file-not-canonical ");
    QCOMPARE(refusalOf(text + "\n"), other);
    QCOMPARE(refusalOf(" " + text), other);
    const std::string batch = "\"batch\": " + std::to_string(world().paidIn);
    QCOMPARE(refusalOf(replaced(text, batch, "\"batch\":  " + std::to_string(world().paidIn))), other);
    // Upper case digits, an unknown member, one that comes twice.
    QCOMPARE(refusalOf(replaced(text, "\"signature\": \"", "\"note\": \"x\",\n  \"signature\": \"")), other);
    QCOMPARE(refusalOf(replaced(text, batch, batch + ",\n  " + batch)), other);
    json::object upper = json::parse(text).get_object();
    std::string signature(upper["signature"].get_string());
    std::transform(signature.begin(), signature.end(), signature.begin(),
                   [](char c) { return c >= 'a' && c <= 'f' ? static_cast<char>(c - 32) : c; });
    upper["signature"] = signature;
    QCOMPARE(refusalOf(spelled(upper)), other);
    json::object inNetwork = json::parse(text).get_object();
    inNetwork["network"].get_object()["motto"] = "trust me";
    QCOMPARE(refusalOf(spelled(inNetwork)), other);
}

void TestProofFile::everyFieldMustBeThere()
{
    for (const verify::ProofFile& file : allFiles()) {
        const json::object whole = json::parse(verify::toText(file)).get_object();
        QCOMPARE(refusalOf(spelled(whole)), QStringLiteral("ok"));
        for (const auto& member : whole) {
            json::object less = whole;
            less.erase(member.key());
            const QString refusal = refusalOf(spelled(less));
            QVERIFY2(refusal == "verify.bad-file " + QString::fromStdString(std::string(member.key())),
                     qPrintable(refusal));
        }
        for (const auto& member : whole.at("subject").get_object()) {
            json::object less = whole;
            less["subject"].get_object().erase(member.key());
            const QString refusal = refusalOf(spelled(less));
            QVERIFY2(refusal ==
                         "verify.bad-file subject." + QString::fromStdString(std::string(member.key())),
                     qPrintable(refusal));
        }
    }
}

void TestProofFile::everyFieldHasItsForm_data()
{
    QTest::addColumn<QString>("field");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("code");
    const auto row = [](const char* field, const char* value, const char* code = "verify.bad-file") {
        QTest::addRow("%s %s", field, value) << field << value << code;
    };
    for (const char* field : {"bitcoin", "headers", "signature"}) {
        row(field, "7");
        row(field, "\"zz\"");
        row(field, "\"00\"");
    }
    for (const char* value : {"-1", "1.5", "\"3\"", "null", "18446744073709551616"}) row("batch", value);
    row("network", "[]");
    row("network", "{}", "l2.bad-network-file");
    row("subject", "[]");
    row("anchors", "{}");
    row("anchors", "[3]");
    row("chain_proof", "3");
    row("chain_proof", "\"0\"");
    row("bowline_proof", "\"1\"");
}

void TestProofFile::everyFieldHasItsForm()
{
    QFETCH(QString, field);
    QFETCH(QString, value);
    QFETCH(QString, code);
    json::object object = json::parse(verify::toText(world().batchFile())).get_object();
    object[field.toStdString()] = json::parse(value.toStdString());
    const QString refusal = refusalOf(spelled(object));
    QVERIFY2(refusal.startsWith(code), qPrintable(refusal));
    if (code == "verify.bad-file") QVERIFY2(refusal.startsWith(code + ' ' + field), qPrintable(refusal));
}

void TestProofFile::whatIsTooMuchIsRefusedBeforeItIsRead()
{
    const std::string text = verify::toText(world().batchFile());
    const json::object whole = json::parse(text).get_object();
    const auto withText = [&whole](const char* field, std::size_t bytes) {
        json::object out = whole;
        out[field] = std::string(2 * bytes, '0');
        return refusalOf(spelled(out));
    };
    const QString much = QStringLiteral("verify.file-too-much ");
    QCOMPARE(withText("bitcoin", 80 * (verify::kMaxBitcoinHeaders + 1)), much + "bitcoin");
    QCOMPARE(withText("headers", 438 * (verify::kMaxBatchHeaders + 1)), much + "headers");
    QCOMPARE(withText("chain_proof", verify::kMaxChainProofBytes + 1), much + "chain_proof");
    // Small in the file, large when it is read: before any of it is.
    const std::string values(2 * verify::kMaxValues, ',');
    QCOMPARE(refusalOf("{\"x\": [" + values), much + "values");
    QCOMPARE(refusalOf("{\"x\": " + std::string(verify::kMaxValues + 1, '[')), much + "values");
    json::object anchors = whole;
    anchors["anchors"] = json::array(verify::kMaxAnchors + 1, whole.at("anchors").get_array()[0]);
    QCOMPARE(refusalOf(spelled(anchors)), much + "anchors");
    json::object members = whole;
    json::object& network = members["network"].get_object();
    network["members"] = json::array(5'000, network["members"].get_array()[0]);
    QCOMPARE(refusalOf(spelled(members)), much + "network");
    QCOMPARE(refusalOf(std::string(verify::kMaxFileBytes + 1, ' ')), QStringLiteral("verify.file-too-long "));
}

void TestProofFile::anotherVersionIsNotGuessedAt()
{
    const std::string text = verify::toText(world().batchFile());
    QCOMPARE(refusalOf(replaced(text, "\"bowline_proof\": 1", "\"bowline_proof\": 2")),
             QStringLiteral("verify.unknown-version 2"));
}

void TestProofFile::noTextIsAFileByChance()
{
    for (const char* text : {"", "{}", "[]", "null", "{\"bowline_proof\":1}", "\xff\xfe"})
        QVERIFY(!verify::parseProofFile(text).ok());
    QVERIFY(!verify::parseProofFile(std::string(100'000, '[')).ok());
    QVERIFY(!verify::parseProofFile(verify::toText(world().batchFile()).substr(0, 5'000)).ok());
}

QTEST_APPLESS_MAIN(TestProofFile)
#include "tst_proof_file.moc"
