// SPDX-License-Identifier: MIT
#include "app/zkvm/files.h"

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace bowline::zkvm_cli {

namespace {
constexpr std::size_t kMaxFileBytes = std::size_t{1} << 30U;
constexpr std::streamsize kPiece = 1 << 20;
} // namespace

base::Result<base::Bytes> readFile(const std::string& path)
{
    errno = 0;
    std::ifstream in(path, std::ios::binary);
    base::Bytes out;
    // Piece by piece: what is no plain file, such as a pipe, has no size.
    while (in && out.size() <= kMaxFileBytes) {
        const std::size_t before = out.size();
        out.resize(before + static_cast<std::size_t>(kPiece));
        in.read(reinterpret_cast<char*>(out.data() + before), kPiece); // NOLINT(*-reinterpret-cast)
        out.resize(before + static_cast<std::size_t>(in.gcount()));
    }
    if (out.size() > kMaxFileBytes) return base::makeError(kCannotRead, path + ": larger than 1 GiB");
    if (in.bad() || !in.eof())
        return base::makeError(kCannotRead, path + ": " + std::generic_category().message(errno));
    return out;
}

base::Status writeFile(const std::string& path, base::ByteView content)
{
    const std::string temporary = path + ".new";
    std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
    out.write(reinterpret_cast<const char*>(content.data()), // NOLINT(*-reinterpret-cast)
              static_cast<std::streamsize>(content.size()));
    out.close();
    std::error_code failure;
    if (out) std::filesystem::rename(temporary, path, failure);
    if (out && !failure) return base::success();
    std::error_code ignored;
    std::filesystem::remove(temporary, ignored);
    return base::makeError(kCannotWrite, path);
}

} // namespace bowline::zkvm_cli
