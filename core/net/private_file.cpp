// SPDX-License-Identifier: MIT
#include "core/net/private_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bowline::net {

using base::ErrorCode;
using base::makeError;
using base::Result;
using base::Status;

namespace {
/// Closes the descriptor at the end of its scope.
class File {
public:
    explicit File(int descriptor) : m_descriptor(descriptor) {}
    ~File()
    {
        if (m_descriptor >= 0) ::close(m_descriptor);
    }
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    [[nodiscard]] int get() const { return m_descriptor; }

private:
    int m_descriptor;
};

base::Error failure(ErrorCode code, const std::string& path)
{
    return makeError(code, path + ": " + std::strerror(errno));
}

bool writeAll(const File& file, std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(file.get(), text.data(), text.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return ::fsync(file.get()) == 0;
}
} // namespace

Status writePrivateFile(const std::string& path, std::string_view text, ErrorCode failed)
{
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str()); // of a run that ended here
    {
        const File file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (file.get() < 0 || !writeAll(file, text)) return failure(failed, fresh);
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return failure(failed, path);
    return base::success();
}

Result<std::string> readPrivateFile(const std::string& path, std::size_t limit, Exposure allowed,
                                    ErrorCode failed)
{
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info = {};
    if (file.get() < 0 || ::fstat(file.get(), &info) != 0) return failure(failed, path);
    const mode_t others = allowed == Exposure::OwnerOnly ? S_IRWXG | S_IRWXO : S_IRWXO;
    if (!S_ISREG(info.st_mode)) return makeError(failed, path + " is no file");
    if ((info.st_mode & others) != 0) return makeError(failed, path + " can be read by others: chmod 600 it");
    std::string out(limit + 1, '\0');
    std::size_t size = 0;
    while (size < out.size()) {
        const ssize_t count = ::read(file.get(), out.data() + size, out.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return failure(failed, path);
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    if (size > limit) return makeError(failed, path + " is too long");
    out.resize(size);
    return out;
}

} // namespace bowline::net
