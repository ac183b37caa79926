// SPDX-License-Identifier: MIT
// core/base: descriptors and files with a secret in them.
#include "core/base/descriptor.h"
#include "core/base/private_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace bowline::base;

namespace {
constexpr ErrorCode kFailed{"test.failed"};
constexpr ErrorCode kThere{"test.there"};

std::string contentOf(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : "(not readable)";
}

mode_t modeOf(const std::string& path)
{
    struct stat info = {};
    return ::stat(path.c_str(), &info) == 0 ? info.st_mode & 0777U : 0;
}

bool isOpen(int descriptor) { return ::fcntl(descriptor, F_GETFD) != -1; }

/// While it lives no file grows beyond `bytes`.
class SmallFiles {
public:
    explicit SmallFiles(rlim_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit small{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &small);
    }
    ~SmallFiles() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    SmallFiles(const SmallFiles&) = delete;
    SmallFiles& operator=(const SmallFiles&) = delete;

private:
    rlimit m_before{};
};

class TestFiles : public QObject {
    Q_OBJECT

private slots:
    void aDescriptorIsClosedOnce();
    void writingReplacesAndIsForTheOwnerAlone();
    void creatingLeavesWhatIsThere();
    void aFailedWriteLeavesNothing();
    void whatOthersMayReadIsRefused();
    void whatIsTooLongIsRefused();

private:
    [[nodiscard]] std::string path() const
    {
        return m_folder.filePath(QStringLiteral("secret")).toStdString();
    }
    void init() { QFile::remove(QString::fromStdString(path())); }
    QTemporaryDir m_folder;
};
} // namespace

void TestFiles::aDescriptorIsClosedOnce()
{
    int number = -1;
    {
        Descriptor first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        number = first.get();
        QVERIFY(first.isOpen() && isOpen(number));
        const Descriptor second(std::move(first));
        QVERIFY(isOpen(number));
        QCOMPARE(second.get(), number);
    }
    QVERIFY(!isOpen(number));
    Descriptor third(::open("/dev/null", O_RDONLY | O_CLOEXEC));
    number = third.get();
    errno = ENOENT;
    third.close();
    QCOMPARE(errno, ENOENT);
    QVERIFY(!third.isOpen() && !isOpen(number));
}

void TestFiles::writingReplacesAndIsForTheOwnerAlone()
{
    init();
    QVERIFY(writePrivateFile(path(), viewOf("long before"), kFailed).ok());
    QCOMPARE(modeOf(path()), mode_t{0600});
    QVERIFY(::chmod(path().c_str(), 0644) == 0);
    QVERIFY(writePrivateFile(path(), viewOf("now"), kFailed).ok());
    QCOMPARE(contentOf(path()), std::string("now"));
    QCOMPARE(modeOf(path()), mode_t{0600});
    QCOMPARE(writePrivateFile(path() + "/x", viewOf("now"), kFailed).error().code, kFailed);
}

void TestFiles::creatingLeavesWhatIsThere()
{
    init();
    QVERIFY(createPrivateFile(path(), viewOf("first"), kFailed, kThere).ok());
    QCOMPARE(modeOf(path()), mode_t{0600});
    QCOMPARE(createPrivateFile(path(), viewOf("second"), kFailed, kThere).error().code, kThere);
    QCOMPARE(contentOf(path()), std::string("first"));
}

void TestFiles::aFailedWriteLeavesNothing()
{
    init();
    QVERIFY(writePrivateFile(path(), viewOf("before"), kFailed).ok());
    const std::string other = path() + "-2";
    {
        const SmallFiles limit(3);
        QCOMPARE(writePrivateFile(path(), viewOf("after"), kFailed).error().code, kFailed);
        QCOMPARE(createPrivateFile(other, viewOf("after"), kFailed, kThere).error().code, kFailed);
    }
    QCOMPARE(contentOf(path()), std::string("before"));
    QVERIFY(!QFile::exists(QString::fromStdString(other)));
}

void TestFiles::whatOthersMayReadIsRefused()
{
    init();
    QVERIFY(writePrivateFile(path(), viewOf("secret"), kFailed).ok());
    const auto mine = readPrivateFile(path(), 6, Exposure::OwnerOnly, kFailed);
    QVERIFY(mine.ok());
    QCOMPARE(*mine, std::string("secret"));
    QVERIFY(::chmod(path().c_str(), 0640) == 0);
    QVERIFY(!readPrivateFile(path(), 6, Exposure::OwnerOnly, kFailed).ok());
    QVERIFY(readPrivateFile(path(), 6, Exposure::NotToEverybody, kFailed).ok());
    QVERIFY(::chmod(path().c_str(), 0644) == 0);
    QVERIFY(!readPrivateFile(path(), 6, Exposure::NotToEverybody, kFailed).ok());
}

void TestFiles::whatIsTooLongIsRefused()
{
    init();
    QVERIFY(writePrivateFile(path(), viewOf("secret"), kFailed).ok());
    QCOMPARE(readPrivateFile(path(), 5, Exposure::OwnerOnly, kFailed).error().code, kFailed);
    QCOMPARE(readPrivateFile("/dev/zero", 5, Exposure::OwnerOnly, kFailed).error().code, kFailed);
}

QTEST_GUILESS_MAIN(TestFiles)
#include "tst_files.moc"
