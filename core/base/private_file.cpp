// SPDX-License-Identifier: MIT
#include "core/base/private_file.h"

#include "core/base/descriptor.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bowline::base {

namespace {
Error failure(ErrorCode code, const std::string& path)
{
    return makeError(code, path + ": " + std::strerror(errno));
}

Descriptor createAlone(const std::string& path)
{
    return Descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
}

bool writeToDisk(const Descriptor& file, ByteView text)
{
    return writeFully(file, text) && ::fsync(file.get()) == 0;
}
} // namespace

Status writePrivateFile(const std::string& path, ByteView text, ErrorCode failed)
{
    const std::string fresh = path + ".new";
    ::unlink(fresh.c_str()); // of a run that ended here
    {
        const Descriptor file = createAlone(fresh);
        if (!file.isOpen() || !writeToDisk(file, text)) return failure(failed, fresh);
    }
    if (std::rename(fresh.c_str(), path.c_str()) != 0) return failure(failed, path);
    return success();
}

Status createPrivateFile(const std::string& path, ByteView text, ErrorCode failed, ErrorCode exists)
{
    const Descriptor file = createAlone(path);
    if (!file.isOpen()) return failure(errno == EEXIST ? exists : failed, path);
    if (writeToDisk(file, text)) return success();
    const Error why = failure(failed, path);
    ::unlink(path.c_str()); // half a secret is none
    return why;
}

Result<std::string> readPrivateFile(const std::string& path, std::size_t limit, Exposure allowed,
                                    ErrorCode failed)
{
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    struct stat info = {};
    if (!file.isOpen() || ::fstat(file.get(), &info) != 0) return failure(failed, path);
    const mode_t others = allowed == Exposure::OwnerOnly ? S_IRWXG | S_IRWXO : S_IRWXO;
    if (!S_ISREG(info.st_mode)) return makeError(failed, path + " is no file");
    if ((info.st_mode & others) != 0) return makeError(failed, path + " can be read by others: chmod 600 it");
    std::string out(limit + 1, '\0');
    auto* room = reinterpret_cast<std::uint8_t*>(out.data()); // NOLINT(*-reinterpret-cast)
    const auto size = readFully(file, {room, out.size()});
    if (!size) return failure(failed, path);
    if (*size > limit) return makeError(failed, path + " is too long");
    out.resize(*size);
    return out;
}

} // namespace bowline::base
