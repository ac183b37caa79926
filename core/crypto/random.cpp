// SPDX-License-Identifier: MIT
#include "core/crypto/random.h"

#include <cerrno>

#include <sys/random.h>

namespace bowline::crypto {

base::Status randomBytes(std::span<std::uint8_t> out)
{
    while (!out.empty()) {
        const ssize_t got = getrandom(out.data(), out.size(), 0);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return base::makeError(kNoRandomness, "getrandom: " + std::to_string(errno));
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return base::success();
}

base::Result<base::SecureArray<32>> randomSecret()
{
    base::SecureArray<32> out;
    BOWLINE_CHECK(randomBytes({out.data(), out.size()}));
    return out;
}

} // namespace bowline::crypto
