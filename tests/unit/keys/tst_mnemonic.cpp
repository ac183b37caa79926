// SPDX-License-Identifier: MIT
// Seed words: the vectors of BIP39 in all languages, words as people type them, and the Unicode normalisation
// beneath, held against Python's unicodedata.
#include "core/keys/bip32.h"
#include "core/keys/mnemonic.h"
#include "core/keys/unicode.h"
#include "tests/support/vectors.h"

#include <QTest>

#include <boost/json.hpp>

#include <fstream>
#include <map>
#include <set>

using namespace bowline;
using namespace bowline::keys;
using base::Bytes;
using base::viewOf;
namespace json = boost::json;

namespace {
const std::map<std::string, Language> kLanguages = {
    {"english", Language::English},
    {"chinese_simplified", Language::ChineseSimplified},
    {"chinese_traditional", Language::ChineseTraditional},
    {"french", Language::French},
    {"italian", Language::Italian},
    {"japanese", Language::Japanese},
    {"korean", Language::Korean},
    {"spanish", Language::Spanish},
};
const char* const kTwelve =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

std::string stringOf(const base::SecureBytes& bytes) { return {bytes.begin(), bytes.end()}; }
std::string nfkd(std::string_view text) { return stringOf(*normalizeNfkd(viewOf(text))); }
base::ErrorCode parseError(std::string_view text) { return Mnemonic::parse(viewOf(text)).error().code; }
} // namespace

class TestMnemonic : public QObject {
    Q_OBJECT
private slots:
    void vectorsOfAllLanguages_data();
    void vectorsOfAllLanguages();
    void japanesePassphraseIsNormalised();
    void everyLanguageGeneratesAndReadsBack();
    void generatedSentencesDiffer();
    void sloppyTypingIsUnderstood();
    void wrongWordsAreNamedByPosition();
    void aSwappedWordIsFound();
    void otherLengthsAreRefused();
    void wordsOfTwoLanguagesAreRefused();
    void completionHelpsWhileTyping();
    void normalisationAgreesWithPython();
    void malformedUtf8IsRefused();
};

void TestMnemonic::vectorsOfAllLanguages_data()
{
    QTest::addColumn<QString>("language");
    if (!test::vectorsPresent()) return;
    const json::value file = test::readVectorJson("bip39/vectors.json");
    for (const auto& entry : file.as_object()) {
        const std::string name(entry.key());
        QTest::newRow(name.c_str()) << QString::fromStdString(name);
    }
}

void TestMnemonic::vectorsOfAllLanguages()
{
    SKIP_WITHOUT_VECTORS();
    QFETCH(QString, language);
    const json::value file = test::readVectorJson("bip39/vectors.json");
    const auto known = kLanguages.find(language.toStdString());
    for (const json::value& one : file.at(language.toStdString()).as_array()) {
        const Bytes entropy = *base::fromHex(std::string_view(one.at(0).as_string()));
        const std::string_view sentence = one.at(1).as_string();
        const std::string seedHex(one.at(2).as_string());
        const auto seed = seedFromSentence(viewOf(sentence), viewOf("TREZOR"));
        QCOMPARE(base::toHex(viewOf(*seed)), seedHex);
        const auto text = ExtendedPrivateKey::fromSeed(viewOf(*seed))->toText(bitcoin::Network::Main);
        QCOMPARE(stringOf(text), std::string(one.at(3).as_string()));
        if (known == kLanguages.end()) continue; // a language without a list here: the seed does not need one
        const auto made = Mnemonic::fromEntropy(entropy, known->second);
        QCOMPARE(nfkd(stringOf(made->text())), nfkd(sentence));
        QCOMPARE(base::toHex(viewOf(*made->toSeed(viewOf("TREZOR")))), seedHex);
        const auto read = Mnemonic::parse(viewOf(sentence), known->second);
        QVERIFY(read.ok());
        QCOMPARE(base::toHex(read->entropy()), base::toHex(entropy));
        // Without being told the language: whichever list fits, the words are the same, hence the seed too.
        QCOMPARE(nfkd(stringOf(Mnemonic::parse(viewOf(sentence))->text())), nfkd(sentence));
    }
}

void TestMnemonic::japanesePassphraseIsNormalised()
{
    // Computed with Python's hashlib and unicodedata; also the first of the published Japanese vectors.
    const auto words = Mnemonic::fromEntropy(Bytes(16, 0), Language::Japanese);
    const auto seed = words->toSeed(viewOf("㍍ガバヴァぱばぐゞちぢ十人十色"));
    QCOMPARE(base::toHex(viewOf(*seed)),
             std::string("a262d6fb6122ecf45be09c50492b31f92e9beb7d9a845987a02cefda57a15f9c"
                         "467a17872029a9e92299b5cbdf306e3a0ee620245cbd508959b6cb7ca637bd55"));
    QVERIFY(stringOf(words->text()).find("\u3000") != std::string::npos);
}

void TestMnemonic::everyLanguageGeneratesAndReadsBack()
{
    for (const auto& [name, language] : kLanguages) {
        const auto words = wordsOf(language);
        QCOMPARE(words.size(), std::size_t{2048});
        QCOMPARE(std::set<std::string_view>(words.begin(), words.end()).size(), words.size());
        for (const std::size_t count : {12U, 15U, 18U, 21U, 24U}) {
            const auto made = Mnemonic::generate(count, language);
            QVERIFY(made.ok());
            QCOMPARE(made->wordCount(), count);
            const auto read = Mnemonic::parse(viewOf(made->text()), language);
            QVERIFY(read.ok());
            QCOMPARE(base::toHex(read->entropy()), base::toHex(made->entropy()));
        }
    }
}

void TestMnemonic::generatedSentencesDiffer()
{
    std::set<std::string> seen;
    for (int i = 0; i < 50; ++i) seen.insert(stringOf(Mnemonic::generate(12)->text()));
    QCOMPARE(seen.size(), std::size_t{50});
}

void TestMnemonic::sloppyTypingIsUnderstood()
{
    const std::string expected = base::toHex(viewOf(*seedFromSentence(viewOf(kTwelve), {})));
    for (const char* typed :
         {"  abandon abandon abandon abandon abandon abandon\nabandon abandon abandon abandon\tabandon "
          "about\r\n",
          "Abandon abandon ABANDON abandon abandon abandon abandon abandon abandon abandon abandon about",
          "abandon\u3000abandon\u00a0abandon abandon abandon abandon abandon abandon abandon abandon abandon "
          "about"}) {
        const auto words = Mnemonic::parse(viewOf(typed));
        QVERIFY(words.ok());
        QCOMPARE(base::toHex(viewOf(*words->toSeed({}))), expected); // what the standard spelling yields
    }
}

void TestMnemonic::wrongWordsAreNamedByPosition()
{
    std::string typo(kTwelve);
    typo.replace(typo.rfind("abandon"), 7, "abandom");
    const auto read = Mnemonic::parse(viewOf(typo));
    QVERIFY(read.error().code == kMnemonicUnknownWord);
    QCOMPARE(read.error().detail, std::string("word 11")); // and not the word
}

void TestMnemonic::aSwappedWordIsFound()
{
    QVERIFY(parseError("about abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                       "abandon abandon") == kMnemonicChecksum);
    QVERIFY(parseError("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                       "abandon abandon") == kMnemonicChecksum);
}

void TestMnemonic::otherLengthsAreRefused()
{
    QVERIFY(parseError("") == kMnemonicLength);
    QVERIFY(parseError("abandon") == kMnemonicLength);
    QVERIFY(parseError(std::string(kTwelve) + " about") == kMnemonicLength);
    std::string many;
    for (int i = 0; i < 27; ++i) many += "abandon ";
    QVERIFY(parseError(many) == kMnemonicLength);
    for (const std::size_t size : {0U, 8U, 12U, 15U, 17U, 33U, 36U, 64U}) {
        QVERIFY(Mnemonic::fromEntropy(Bytes(size, 0), Language::English).error().code == kMnemonicLength);
    }
    QVERIFY(Mnemonic::generate(13).error().code == kMnemonicLength);
}

void TestMnemonic::wordsOfTwoLanguagesAreRefused()
{
    QVERIFY(parseError("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon "
                       "abandon abaco") == kMnemonicUnknownWord);
    QVERIFY(Mnemonic::parse(viewOf(kTwelve), Language::Italian).error().code == kMnemonicUnknownWord);
}

void TestMnemonic::completionHelpsWhileTyping()
{
    const std::vector<std::string_view> aba{"abandon"};
    QVERIFY(completeWord("aba", Language::English, 10) == aba);
    QVERIFY(completeWord("ABA", Language::English, 10) == aba);
    QCOMPARE(completeWord("a", Language::English, 5).size(), std::size_t{5});
    QVERIFY(completeWord("zzz", Language::English, 5).empty());
    QVERIFY(completeWord("\xff", Language::English, 5).empty());
    // Accents may be left out, or typed in either Unicode form.
    const std::vector<std::string_view> abaco{"\u00e1baco"};
    for (const char* typed : {"abac", "\u00e1bac", "a\u0301bac"}) {
        QVERIFY(completeWord(typed, Language::Spanish, 10) == abaco);
    }
    QVERIFY(isWord("\u00e1baco", Language::Spanish));
    QVERIFY(isWord("a\u0301baco", Language::Spanish));
    QVERIFY(!isWord("abaco", Language::Spanish)); // completed, but not a word of the list
    QVERIFY(isWord("Zoo", Language::English));
    QVERIFY(!isWord("zo", Language::English));
}

void TestMnemonic::normalisationAgreesWithPython()
{
    // Each line: a random string and its NFKD, in hexadecimal UTF-8, made by tools/wordlists/generate.py.
    std::ifstream file(std::string(BOWLINE_BINARY_DIR) + "/generated/keys/nfkd_samples.txt");
    QVERIFY(file.is_open());
    std::string input;
    std::string expected;
    int lines = 0;
    while (file >> input >> expected) {
        QCOMPARE(base::toHex(viewOf(*normalizeNfkd(*base::fromHex(input)))), expected);
        ++lines;
    }
    QVERIFY(lines > 5000);
}

void TestMnemonic::malformedUtf8IsRefused()
{
    // Unicode, section 3.9: lone continuation, overlong forms, surrogates, beyond the last plane, cut short.
    for (const char* hex :
         {"80", "c080", "c1bf", "e08080", "e09fbf", "f0808080", "f08fbfbf", "eda080", "edbfbf", "f4908080",
          "f5808080", "ff", "c3", "e381", "f09f92", "c328", "e28028"}) {
        const auto bytes = base::fromHex(hex);
        QVERIFY2(!normalizeNfkd(*bytes).ok(), hex);
    }
    QVERIFY(!normalizeNfkd(Bytes(kMaxNormalizedInput + 1, 'a')).ok());
}

QTEST_APPLESS_MAIN(TestMnemonic)
#include "tst_mnemonic.moc"
