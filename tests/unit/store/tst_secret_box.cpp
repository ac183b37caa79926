// SPDX-License-Identifier: MIT
// core/store: secrets under a passphrase.
#include "core/store/secret_box.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <fstream>
#include <iterator>
#include <random>

#include <sys/wait.h>
#include <unistd.h>

using namespace bowline;
using store::Database;
using store::SecretBox;

namespace {
const std::array<const char*, 1> kSteps{store::kSecretBoxTables};
const store::Schema kSchema{0x53424f58, kSteps};
constexpr crypto::ScryptParameters kCheap{crypto::kScryptMinN, 8, 1};
const base::ByteView kPass = base::viewOf("correct horse");
const base::ByteView kOtherPass = base::viewOf("battery staple");
} // namespace

class TestSecretBox : public QObject {
    Q_OBJECT
private slots:
    void init();
    void keepsASecretAcrossLocking();
    void refusesAWrongPassphrase();
    void theFileDoesNotHoldTheSecret();
    void changesThePassphraseWithoutTouchingSecrets();
    void aThiefCannotSwapOrAlterBoxes();
    void refusesWeakParametersAndASecondPassphrase();
    void aKillDuringThePassphraseChangeLeavesOneThatWorks();

private:
    [[nodiscard]] Database open() const { return std::move(Database::open(m_path, kSchema)).value(); }
    std::unique_ptr<QTemporaryDir> m_dir;
    std::string m_path;
};

void TestSecretBox::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_path = m_dir->filePath("secrets.sqlite").toStdString();
}

void TestSecretBox::keepsASecretAcrossLocking()
{
    const base::ByteView seed = base::viewOf("sixteen byte seed");
    {
        Database db = open();
        QVERIFY(!SecretBox::exists(db).value());
        QVERIFY(SecretBox::unlock(db, kPass).error().code == store::kNoSecretBox);
        auto box = SecretBox::create(db, kPass, kCheap);
        QVERIFY(box.ok());
        QVERIFY(box->put(db, "seed", seed).ok());
    }
    Database db = open();
    QVERIFY(SecretBox::exists(db).value());
    const auto box = SecretBox::unlock(db, kPass);
    QVERIFY(box.ok());
    QCOMPARE(base::toHex(base::viewOf(*box->get(db, "seed"))), base::toHex(seed));
    QVERIFY(box->get(db, "other").error().code == store::kNoSuchSecret);
    QVERIFY(SecretBox::remove(db, "seed").ok());
    QVERIFY(box->get(db, "seed").error().code == store::kNoSuchSecret);
    QVERIFY(SecretBox::remove(db, "seed").error().code == store::kNoSuchSecret);
}

void TestSecretBox::refusesAWrongPassphrase()
{
    Database db = open();
    QVERIFY(SecretBox::create(db, kPass, kCheap).ok());
    QVERIFY(SecretBox::unlock(db, kOtherPass).error().code == store::kWrongPassphrase);
    QVERIFY(SecretBox::unlock(db, base::viewOf("")).error().code == store::kWrongPassphrase);
    QVERIFY(SecretBox::changePassphrase(db, kOtherPass, kPass, kCheap).error().code ==
            store::kWrongPassphrase);
    QVERIFY(SecretBox::unlock(db, kPass).ok());
}

void TestSecretBox::theFileDoesNotHoldTheSecret()
{
    const std::string secret = "a phrase that nobody else has written";
    {
        Database db = open();
        const auto box = SecretBox::create(db, kPass, kCheap);
        QVERIFY(box->put(db, "seed", base::viewOf(secret)).ok());
    }
    for (const char* suffix : {"", "-wal"}) {
        std::ifstream file(m_path + suffix, std::ios::binary);
        const std::string bytes(std::istreambuf_iterator<char>(file), {});
        QVERIFY(bytes.find(secret) == std::string::npos);
        QVERIFY(bytes.find("correct horse") == std::string::npos);
    }
}

void TestSecretBox::changesThePassphraseWithoutTouchingSecrets()
{
    Database db = open();
    const auto box = SecretBox::create(db, kPass, kCheap);
    QVERIFY(box->put(db, "seed", base::viewOf("secret")).ok());
    const auto boxOf = [&] {
        auto row = db.prepare("SELECT box FROM secret");
        return row->step().value() ? row->blob(0) : base::Bytes();
    };
    const base::Bytes before = boxOf();
    QVERIFY(SecretBox::changePassphrase(db, kPass, kOtherPass, kCheap).ok());
    QCOMPARE(boxOf(), before);
    QVERIFY(SecretBox::unlock(db, kPass).error().code == store::kWrongPassphrase);
    const auto reopened = SecretBox::unlock(db, kOtherPass);
    QCOMPARE(base::toHex(base::viewOf(*reopened->get(db, "seed"))), base::toHex(base::viewOf("secret")));
    QVERIFY(box->get(db, "seed").ok()); // who was unlocked stays so
}

void TestSecretBox::aThiefCannotSwapOrAlterBoxes()
{
    Database db = open();
    const auto box = SecretBox::create(db, kPass, kCheap);
    QVERIFY(box->put(db, "mine", base::viewOf("one")).ok());
    QVERIFY(box->put(db, "theirs", base::viewOf("two")).ok());
    QVERIFY(
        db.run("UPDATE secret SET box = (SELECT box FROM secret WHERE name = 'theirs') WHERE name = 'mine'")
            .ok());
    QVERIFY(box->get(db, "mine").error().code == store::kSecretDamaged);
    QVERIFY(box->put(db, "mine", base::viewOf("one")).ok());
    auto row = db.prepare("SELECT box FROM secret WHERE name = 'mine'");
    base::Bytes altered = row->step().value() ? row->blob(0) : base::Bytes();
    row->reset();
    altered.back() ^= 1U;
    QVERIFY(db.run("UPDATE secret SET box = ? WHERE name = 'mine'", altered).ok());
    QVERIFY(box->get(db, "mine").error().code == store::kSecretDamaged);
    QVERIFY(db.run("UPDATE secret_box SET wrapped_key = x'01020304'").ok());
    QVERIFY(SecretBox::unlock(db, kPass).error().code == store::kSecretDamaged);
}

void TestSecretBox::refusesWeakParametersAndASecondPassphrase()
{
    Database db = open();
    QVERIFY(SecretBox::create(db, kPass, {1024, 8, 1}).error().code == store::kWeakParameters);
    QVERIFY(!SecretBox::exists(db).value());
    QVERIFY(SecretBox::create(db, kPass, kCheap).ok());
    QVERIFY(SecretBox::create(db, kOtherPass, kCheap).error().code == store::kSecretBoxExists);
    // A forged file must not make the program allocate what it says.
    QVERIFY(db.run("UPDATE secret_box SET scrypt_n = ?", std::uint64_t{1} << 40U).ok());
    QVERIFY(!SecretBox::unlock(db, kPass).ok());
}

void TestSecretBox::aKillDuringThePassphraseChangeLeavesOneThatWorks()
{
    {
        Database db = open();
        const auto box = SecretBox::create(db, kPass, kCheap);
        QVERIFY(box->put(db, "seed", base::viewOf("secret")).ok());
    }
    std::mt19937 random(2);
    for (int round = 0; round < 4; ++round) {
        const pid_t child = fork();
        QVERIFY(child >= 0);
        if (child == 0) {
            Database db = open();
            for (;;) {
                if (!SecretBox::changePassphrase(db, kPass, kOtherPass, kCheap).ok() &&
                    !SecretBox::changePassphrase(db, kOtherPass, kPass, kCheap).ok()) {
                    _exit(1);
                }
            }
        }
        usleep(static_cast<useconds_t>(100'000 + random() % 500'000));
        kill(child, SIGKILL);
        int status = 0;
        waitpid(child, &status, 0);
        QVERIFY(WIFSIGNALED(status));
        Database db = open();
        auto box = SecretBox::unlock(db, kPass);
        if (!box.ok()) box = SecretBox::unlock(db, kOtherPass);
        QVERIFY(box.ok());
        QVERIFY(box->get(db, "seed").ok());
    }
}

QTEST_GUILESS_MAIN(TestSecretBox)
#include "tst_secret_box.moc"
