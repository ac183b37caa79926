// SPDX-License-Identifier: MIT
#include "app/zkvm/files.h"

#include <filesystem>
#include <fstream>

namespace bowline::zkvm_cli {

namespace {
constexpr std::uintmax_t kMaxFileBytes = std::uintmax_t{1} << 30U;
} // namespace

base::Result<base::Bytes> readFile(const std::string& path)
{
    std::error_code failure;
    const std::uintmax_t size = std::filesystem::file_size(path, failure);
    if (failure) return base::makeError(kCannotRead, path + ": " + failure.message());
    if (size > kMaxFileBytes) return base::makeError(kCannotRead, path + ": larger than 1 GiB");
    base::Bytes out(size);
    std::ifstream in(path, std::ios::binary);
    in.read(reinterpret_cast<char*>(out.data()),
            static_cast<std::streamsize>(size)); // NOLINT(*-reinterpret-cast)
    if (!in) return base::makeError(kCannotRead, path);
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
