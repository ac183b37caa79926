// SPDX-License-Identifier: MIT
#include "tests/support/faulty_disk.h"

#include <sqlite3.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>
#include <random>
#include <utility>
#include <vector>

namespace bowline::test {

namespace {

using Bytes = std::vector<char>;

/// What was done to a file since it was synced.
struct Change {
    enum class Kind { Write, Truncate, Create, Delete } kind = Kind::Write;
    std::size_t at = 0; // offset, or the size that is left
    Bytes data;
};

/// A file as it would be after a loss of power, and what is still to come to the disk.
struct Image {
    bool exists = false;
    Bytes durable;
    std::vector<Change> changes;
};

void put(Bytes& file, std::size_t at, const char* data, std::size_t size)
{
    if (file.size() < at + size) file.resize(at + size);
    std::copy_n(data, size, file.begin() + static_cast<std::ptrdiff_t>(at));
}

} // namespace

struct FaultyDisk::State {
    enum class Fault { None, Crash, Full, Io };

    sqlite3_vfs vfs{};
    sqlite3_vfs* real = nullptr;
    std::mutex mutex;
    std::string scope;
    Fault fault = Fault::None;
    Loss loss = Loss::Process;
    std::uint64_t at = 0;
    std::uint64_t count = 0;
    std::mt19937 random;
    std::map<std::string, Image> images;
    std::map<std::string, int> open;

    [[nodiscard]] bool concerns(const std::string& path) const
    {
        return path.find(scope) != std::string::npos;
    }
    void arm(Fault kind, std::uint64_t operation)
    {
        const std::lock_guard lock(mutex);
        fault = kind;
        at = operation;
        count = 0;
        std::erase_if(images, [this](const auto& entry) { return open[entry.first] == 0; });
    }
    [[nodiscard]] bool struck() const { return fault != Fault::None && count >= at; }
    [[nodiscard]] bool isDead() const { return fault == Fault::Crash && struck(); }
    [[nodiscard]] bool isBroken() const { return isDead() || (fault == Fault::Io && struck()); }

    [[nodiscard]] bool chance() { return (random() & 1U) != 0; }
    void note(const std::string& path, Change change) { images[path].changes.push_back(std::move(change)); }
    /// The write during which the process was killed.
    void noteCut(const std::string& path, std::size_t offset, const char* data, std::size_t size);
    void settle(const std::string& path, Image& image);
};

namespace {

using State = FaultyDisk::State;

struct File {
    sqlite3_file base;
    State* disk;
    std::string* path; // null when the file is none of ours
    sqlite3_file* real;
};

File* fileOf(sqlite3_file* file) { return reinterpret_cast<File*>(file); } // NOLINT(*-reinterpret-cast)
sqlite3_file* realOf(sqlite3_file* file) { return fileOf(file)->real; }
State* stateOf(sqlite3_vfs* vfs) { return static_cast<State*>(vfs->pAppData); }

void applyAll(Image& image)
{
    for (const Change& change : image.changes) {
        switch (change.kind) {
        case Change::Kind::Write:
            put(image.durable, change.at, change.data.data(), change.data.size());
            break;
        case Change::Kind::Truncate: image.durable.resize(change.at); break;
        case Change::Kind::Create:
            image.exists = true;
            image.durable.clear();
            break;
        case Change::Kind::Delete:
            image.exists = false;
            image.durable.clear();
            break;
        }
    }
    image.changes.clear();
}

bool isOfFolder(const Change& change)
{
    return change.kind == Change::Kind::Create || change.kind == Change::Kind::Delete;
}

/// The last change of which the folder tells; as many as there are changes without one.
std::size_t lastOfFolder(const Image& image)
{
    for (std::size_t i = image.changes.size(); i-- > 0;) {
        if (isOfFolder(image.changes[i])) return i;
    }
    return image.changes.size();
}

/// Files that were created are there, those that were deleted are not. What is in them is another matter.
void syncFolder(State& disk)
{
    for (auto& [path, image] : disk.images) {
        const std::size_t last = lastOfFolder(image);
        if (last == image.changes.size()) continue;
        const auto end = image.changes.begin() + static_cast<std::ptrdiff_t>(last);
        std::vector<Change> content(end + 1, image.changes.end());
        image.changes.erase(image.changes.begin(), end);
        image.changes.resize(1);
        applyAll(image);
        image.changes = std::move(content);
    }
}

/// Counts the operation. SQLITE_OK: it may be done.
int judge(State& disk, bool needsRoom, int ioError, bool* isTheLast = nullptr)
{
    const bool wasDead = disk.isDead();
    ++disk.count;
    if (!disk.struck()) return SQLITE_OK;
    if (isTheLast != nullptr) *isTheLast = !wasDead && disk.isDead();
    if (disk.fault == State::Fault::Full) return needsRoom ? SQLITE_FULL : SQLITE_OK;
    return ioError;
}

int closeFile(sqlite3_file* file)
{
    File* own = fileOf(file);
    const int result = own->real->pMethods != nullptr ? own->real->pMethods->xClose(own->real) : SQLITE_OK;
    if (own->path != nullptr) {
        const std::lock_guard lock(own->disk->mutex);
        --own->disk->open[*own->path];
    }
    delete own->path;
    own->path = nullptr;
    return result;
}

int readFile(sqlite3_file* file, void* into, int size, sqlite3_int64 offset)
{
    const File* own = fileOf(file);
    if (own->path != nullptr) {
        const std::lock_guard lock(own->disk->mutex);
        if (own->disk->isBroken()) return SQLITE_IOERR_READ;
    }
    return own->real->pMethods->xRead(own->real, into, size, offset);
}

int writeFile(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset)
{
    const File* own = fileOf(file);
    if (own->path == nullptr) return own->real->pMethods->xWrite(own->real, data, size, offset);
    const std::lock_guard lock(own->disk->mutex);
    bool isTheLast = false;
    const int verdict = judge(*own->disk, true, SQLITE_IOERR_WRITE, &isTheLast);
    const char* bytes = static_cast<const char*>(data);
    if (isTheLast) {
        own->disk->noteCut(*own->path, static_cast<std::size_t>(offset), bytes,
                           static_cast<std::size_t>(size));
    }
    if (verdict != SQLITE_OK) return verdict;
    const int result = own->real->pMethods->xWrite(own->real, data, size, offset);
    if (result == SQLITE_OK) {
        own->disk->note(*own->path,
                        {Change::Kind::Write, static_cast<std::size_t>(offset), Bytes(bytes, bytes + size)});
    }
    return result;
}

int truncateFile(sqlite3_file* file, sqlite3_int64 size)
{
    const File* own = fileOf(file);
    if (own->path == nullptr) return own->real->pMethods->xTruncate(own->real, size);
    const std::lock_guard lock(own->disk->mutex);
    const int verdict = judge(*own->disk, false, SQLITE_IOERR_TRUNCATE);
    if (verdict != SQLITE_OK) return verdict;
    const int result = own->real->pMethods->xTruncate(own->real, size);
    if (result == SQLITE_OK)
        own->disk->note(*own->path, {Change::Kind::Truncate, static_cast<std::size_t>(size), {}});
    return result;
}

int syncFile(sqlite3_file* file, int flags)
{
    const File* own = fileOf(file);
    if (own->path == nullptr) return own->real->pMethods->xSync(own->real, flags);
    const std::lock_guard lock(own->disk->mutex);
    const int verdict = judge(*own->disk, false, SQLITE_IOERR_FSYNC);
    if (verdict != SQLITE_OK) return verdict;
    // A real sync takes its time and adds nothing here: what is durable is what we say. With a log or journal that is
    // new, SQLite syncs the folder as well.
    Image& image = own->disk->images[*own->path];
    if (lastOfFolder(image) != image.changes.size()) syncFolder(*own->disk);
    applyAll(image);
    return SQLITE_OK;
}

int sizeOfFile(sqlite3_file* file, sqlite3_int64* size)
{
    const File* own = fileOf(file);
    if (own->path != nullptr) {
        const std::lock_guard lock(own->disk->mutex);
        if (own->disk->isBroken()) return SQLITE_IOERR_FSTAT;
    }
    return own->real->pMethods->xFileSize(own->real, size);
}

int lockFile(sqlite3_file* f, int kind) { return realOf(f)->pMethods->xLock(realOf(f), kind); }
int unlockFile(sqlite3_file* f, int kind) { return realOf(f)->pMethods->xUnlock(realOf(f), kind); }
int checkReserved(sqlite3_file* f, int* out)
{
    return realOf(f)->pMethods->xCheckReservedLock(realOf(f), out);
}
int control(sqlite3_file* f, int op, void* arg)
{
    return realOf(f)->pMethods->xFileControl(realOf(f), op, arg);
}
int sectorSize(sqlite3_file* f) { return realOf(f)->pMethods->xSectorSize(realOf(f)); }
int traits(sqlite3_file* f) { return realOf(f)->pMethods->xDeviceCharacteristics(realOf(f)); }
int shmMap(sqlite3_file* f, int page, int size, int extend, void volatile** out)
{
    return realOf(f)->pMethods->xShmMap(realOf(f), page, size, extend, out);
}
int shmLock(sqlite3_file* f, int offset, int n, int flags)
{
    return realOf(f)->pMethods->xShmLock(realOf(f), offset, n, flags);
}
void shmBarrier(sqlite3_file* f) { realOf(f)->pMethods->xShmBarrier(realOf(f)); }
int shmUnmap(sqlite3_file* f, int erase) { return realOf(f)->pMethods->xShmUnmap(realOf(f), erase); }

// Version 2: without memory-mapped reads, which would pass us by.
constexpr sqlite3_io_methods kMethods{2,          closeFile,  readFile, writeFile,  truncateFile,
                                      syncFile,   sizeOfFile, lockFile, unlockFile, checkReserved,
                                      control,    sectorSize, traits,   shmMap,     shmLock,
                                      shmBarrier, shmUnmap,   nullptr,  nullptr};

bool isTracked(int flags)
{
    return (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL)) != 0;
}

Bytes contentOf(sqlite3_file* file)
{
    sqlite3_int64 size = 0;
    if (file->pMethods->xFileSize(file, &size) != SQLITE_OK) std::abort();
    Bytes out(static_cast<std::size_t>(size));
    if (size > 0 && file->pMethods->xRead(file, out.data(), static_cast<int>(size), 0) != SQLITE_OK)
        std::abort();
    return out;
}

int openFile(sqlite3_vfs* vfs, const char* name, sqlite3_file* file, int flags, int* outFlags)
{
    State& disk = *stateOf(vfs);
    File* own = fileOf(file);
    own->base.pMethods = nullptr;
    own->disk = &disk;
    own->path = nullptr;
    own->real = reinterpret_cast<sqlite3_file*>(own + 1); // NOLINT(*-reinterpret-cast)
    own->real->pMethods = nullptr;
    const bool tracked = name != nullptr && isTracked(flags) && disk.concerns(name);
    const std::lock_guard lock(disk.mutex);
    if (tracked && disk.isBroken()) return SQLITE_CANTOPEN;
    const bool wasThere = tracked && std::filesystem::exists(name);
    if (tracked && !wasThere && disk.fault == State::Fault::Full && disk.struck()) return SQLITE_CANTOPEN;
    const int result = disk.real->xOpen(disk.real, name, own->real, flags, outFlags);
    if (result != SQLITE_OK) return result;
    own->base.pMethods = &kMethods;
    if (!tracked) return SQLITE_OK;
    own->path = new std::string(name);
    ++disk.open[*own->path];
    const auto [image, isNew] = disk.images.try_emplace(*own->path);
    if (isNew && wasThere) {
        image->second.exists = true;
        image->second.durable = contentOf(own->real);
    } else if (!wasThere) {
        image->second.changes.push_back({Change::Kind::Create, 0, {}});
    }
    return SQLITE_OK;
}

int deleteFile(sqlite3_vfs* vfs, const char* name, int folderToo)
{
    State& disk = *stateOf(vfs);
    const std::lock_guard lock(disk.mutex);
    if (!disk.concerns(name) || disk.images.count(name) == 0)
        return disk.real->xDelete(disk.real, name, folderToo);
    const int verdict = judge(disk, false, SQLITE_IOERR_DELETE);
    if (verdict != SQLITE_OK) return verdict;
    const int result = disk.real->xDelete(disk.real, name, folderToo);
    if (result != SQLITE_OK) return result;
    Image& image = disk.images.at(name);
    image.changes.push_back({Change::Kind::Delete, 0, {}});
    if (folderToo != 0) syncFolder(disk);
    return SQLITE_OK;
}

int accessFile(sqlite3_vfs* vfs, const char* name, int flags, int* out)
{
    State& disk = *stateOf(vfs);
    const std::lock_guard lock(disk.mutex);
    if (disk.concerns(name) && disk.isBroken()) return SQLITE_IOERR_ACCESS;
    return disk.real->xAccess(disk.real, name, flags, out);
}

} // namespace

void FaultyDisk::State::noteCut(const std::string& path, std::size_t offset, const char* data,
                                std::size_t size)
{
    const std::size_t sectors = size / kSectorBytes;
    const std::size_t whole = std::min(size, kSectorBytes * (random() % (sectors + 1)));
    // Of what was to be written when the power went the same may be there as of all that was not synced.
    const std::size_t kept = loss == Loss::Process ? whole : size;
    if (kept > 0) note(path, {Change::Kind::Write, offset, Bytes(data, data + kept)});
}

void FaultyDisk::State::settle(const std::string& path, Image& image)
{
    bool isAttached = true; // writes go to the file that the folder names
    std::vector<Change> changes = std::exchange(image.changes, {});
    for (Change& change : changes) {
        using Kind = Change::Kind;
        const bool folder = isOfFolder(change);
        if (loss == Loss::Power && !(folder && chance())) {
            if (change.kind == Kind::Create) isAttached = false;
            continue;
        }
        if (loss == Loss::Torn && folder && chance()) {
            if (change.kind == Kind::Create) isAttached = false;
            continue;
        }
        if (folder) {
            isAttached = true;
        } else if (!isAttached) {
            continue;
        }
        if (loss == Loss::Torn && change.kind == Kind::Truncate && chance()) continue;
        if (loss != Loss::Torn || change.kind != Kind::Write) {
            image.changes = {std::move(change)};
            applyAll(image);
            continue;
        }
        // Sector by sector, where the file's sectors begin.
        for (std::size_t from = 0; from < change.data.size();) {
            const std::size_t left = kSectorBytes - (change.at + from) % kSectorBytes;
            const std::size_t size = std::min(left, change.data.size() - from);
            if (chance()) put(image.durable, change.at + from, change.data.data() + from, size);
            from += size;
        }
    }
    if (!image.exists) {
        std::filesystem::remove(path);
        return;
    }
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(image.durable.data(), static_cast<std::streamsize>(image.durable.size()));
    if (!out.good()) std::abort();
}

FaultyDisk::FaultyDisk() : m_state(std::make_unique<State>())
{
    State& disk = *m_state;
    disk.real = sqlite3_vfs_find(nullptr);
    disk.vfs = *disk.real;
    disk.vfs.iVersion = 2;
    disk.vfs.szOsFile = static_cast<int>(sizeof(File)) + disk.real->szOsFile;
    disk.vfs.pNext = nullptr;
    disk.vfs.zName = "bowline-faulty-disk";
    disk.vfs.pAppData = &disk;
    disk.vfs.xOpen = openFile;
    disk.vfs.xDelete = deleteFile;
    disk.vfs.xAccess = accessFile;
    // What is left is asked of the system's own, which finds its own data.
    disk.vfs.xFullPathname = [](sqlite3_vfs* v, const char* name, int size, char* out) {
        return stateOf(v)->real->xFullPathname(stateOf(v)->real, name, size, out);
    };
    if (sqlite3_vfs_register(&disk.vfs, 1) != SQLITE_OK) std::abort();
}

FaultyDisk::~FaultyDisk()
{
    sqlite3_vfs_unregister(&m_state->vfs);
    sqlite3_vfs_register(m_state->real, 1);
}

void FaultyDisk::setScope(std::string pathPart) { m_state->scope = std::move(pathPart); }

void FaultyDisk::crashAt(std::uint64_t at, Loss loss, std::uint32_t seed)
{
    m_state->arm(State::Fault::Crash, at);
    m_state->loss = loss;
    m_state->random.seed(seed);
}

void FaultyDisk::fillUpAt(std::uint64_t at) { m_state->arm(State::Fault::Full, at); }
void FaultyDisk::breakAt(std::uint64_t at) { m_state->arm(State::Fault::Io, at); }
void FaultyDisk::heal() { m_state->arm(State::Fault::None, 0); }

void FaultyDisk::settle()
{
    State& disk = *m_state;
    const std::lock_guard lock(disk.mutex);
    for (const auto& [path, count] : disk.open) {
        if (count != 0) std::abort(); // SQLite would go on with what is no longer there
    }
    if (disk.isDead()) {
        for (auto& [path, image] : disk.images) disk.settle(path, image);
    }
    disk.images.clear();
    disk.fault = State::Fault::None;
    disk.count = 0;
}

std::uint64_t FaultyDisk::operations() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->count;
}

bool FaultyDisk::hasStruck() const
{
    const std::lock_guard lock(m_state->mutex);
    return m_state->struck();
}

} // namespace bowline::test
