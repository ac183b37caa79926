// SPDX-License-Identifier: MIT
#include "core/base/folder_lock.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <system_error>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

namespace bowline::base {

namespace {

constexpr std::chrono::milliseconds kPause{50};

std::string systemText(int code) { return std::generic_category().message(code); }

/// " (process 123)", or nothing when the holder has not said who it is.
std::string holderOf(int descriptor)
{
    std::array<char, 20> text{};
    const ssize_t length = ::pread(descriptor, text.data(), text.size(), 0);
    if (length <= 0) return {};
    const auto* end =
        std::find_if(text.data(), text.data() + length, [](unsigned char c) { return std::isdigit(c) == 0; });
    const std::string id(text.data(), static_cast<std::size_t>(end - text.data()));
    return id.empty() ? std::string() : " (process " + id + ")";
}

/// For people only: the lock does not depend on what is in the file.
void writeHolder(int descriptor)
{
    const std::string id = std::to_string(::getpid()) + "\n";
    if (::ftruncate(descriptor, 0) != 0) return;
    [[maybe_unused]] const ssize_t written = ::pwrite(descriptor, id.data(), id.size(), 0);
}

} // namespace

Result<FolderLock> FolderLock::take(const std::string& folder, std::chrono::milliseconds patience)
{
    const std::string path = folder + "/lock";
    FolderLock out(Descriptor(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600)));
    if (!out.m_file.isOpen()) return makeError(kCannotLockFolder, path + ": " + systemText(errno));
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (::flock(out.m_file.get(), LOCK_EX | LOCK_NB) != 0) {
        const int code = errno;
        if (code == EINTR) continue;
        if (code != EWOULDBLOCK) return makeError(kCannotLockFolder, path + ": " + systemText(code));
        if (std::chrono::steady_clock::now() >= deadline) {
            return makeError(kFolderInUse, folder + holderOf(out.m_file.get()));
        }
        std::this_thread::sleep_for(kPause);
    }
    writeHolder(out.m_file.get());
    return out;
}

bool FolderLock::isHeld(const std::string& folder)
{
    // Shared, and only for a moment: two who look do not take each other for a holder.
    const Descriptor file(::open((folder + "/lock").c_str(), O_RDONLY | O_CLOEXEC));
    return file.isOpen() && ::flock(file.get(), LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

} // namespace bowline::base
