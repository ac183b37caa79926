// SPDX-License-Identifier: MIT
// core/crypto: BLAKE3 against its official vectors (input byte i is i mod 251) around every boundary: block,
// chunk, and trees of two to nine chunks. More lengths, and a long chain, are in tests/unit/l2.
#include "core/crypto/blake3.h"

#include <QTest>

using namespace bowline;

class TestBlake3 : public QObject {
    Q_OBJECT
private slots:
    void officialVectors_data();
    void officialVectors();
    void threeLetters();
    void theKeyedMode();
};

void TestBlake3::officialVectors_data()
{
    QTest::addColumn<int>("length");
    QTest::addColumn<QByteArray>("digest");
    const auto row = [](int length, const char* digest) {
        QTest::newRow(QByteArray::number(length).constData()) << length << QByteArray(digest);
    };
    row(0, "af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262");
    row(1, "2d3adedff11b61f14c886e35afa036736dcd87a74d27b5c1510225d0f592e213");
    row(1023, "10108970eeda3eb932baac1428c7a2163b0e924c9a9e25b35bba72b28f70bd11");
    row(1024, "42214739f095a406f3fc83deb889744ac00df831c10daa55189b5d121c855af7");
    row(1025, "d00278ae47eb27b34faecf67b4fe263f82d5412916c1ffd97c8cb7fb814b8444");
    row(2048, "e776b6028c7cd22a4d0ba182a8bf62205d2ef576467e838ed6f2529b85fba24a");
    row(2049, "5f4d72f40d7a5f82b15ca2b2e44b1de3c2ef86c426c95c1af0b6879522563030");
    row(3072, "b98cb0ff3623be03326b373de6b9095218513e64f1ee2edd2525c7ad1e5cffd2");
    row(3073, "7124b49501012f81cc7f11ca069ec9226cecb8a2c850cfe644e327d22d3e1cd3");
    row(4096, "015094013f57a5277b59d8475c0501042c0b642e531b0a1c8f58d2163229e969");
    row(4097, "9b4052b38f1c5fc8b1f9ff7ac7b27cd242487b3d890d15c96a1c25b8aa0fb995");
    row(5121, "628bd2cb2004694adaab7bbd778a25df25c47b9d4155a55f8fbd79f2fe154cff");
    row(7169, "a003fc7a51754a9b3c7fae0367ab3d782dccf28855a03d435f8cfe74605e7817");
}

void TestBlake3::officialVectors()
{
    QFETCH(int, length);
    QFETCH(QByteArray, digest);
    base::Bytes data;
    for (int i = 0; i < length; ++i) data.push_back(static_cast<std::uint8_t>(i % 251));
    QCOMPARE(crypto::blake3(data).hex(), digest.toStdString());
}

void TestBlake3::threeLetters()
{
    const std::string expected = "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85";
    QCOMPARE(crypto::blake3(base::viewOf("abc")).hex(), expected);
}

void TestBlake3::theKeyedMode()
{
    // The official key; tests/unit/stark/data/blake3_transcript.py has the same figures from plain Python.
    const std::string text = "whats the Elvish word for friend";
    std::array<std::uint8_t, 32> key{};
    std::copy(text.begin(), text.end(), key.begin());
    const std::vector<std::pair<int, std::string>> expected{
        {0, "92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26"},
        {1, "6d7878dfff2f485635d39013278ae14f1454b8c0a3a2d34bc1ab38228a80c95b"},
        {1023, "c951ecdf03288d0fcc96ee3413563d8a6d3589547f2c2fb36d9786470f1b9d6e"},
        {1024, "75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4"},
        {1025, "357dc55de0c7e382c900fd6e320acc04146be01db6a8ce7210b7189bd664ea69"},
        {2049, "9f29700902f7c86e514ddc4df1e3049f258b2472b6dd5267f61bf13983b78dd5"},
        {4097, "00df940cd36bb9fa7cbbc3556744e0dbc8191401afe70520ba292ee3ca80abbc"},
    };
    for (const auto& [length, digest] : expected) {
        base::Bytes data;
        for (int i = 0; i < length; ++i) data.push_back(static_cast<std::uint8_t>(i % 251));
        QCOMPARE(crypto::blake3Keyed(key, data).hex(), digest);
    }
}

QTEST_APPLESS_MAIN(TestBlake3)
#include "tst_blake3.moc"
