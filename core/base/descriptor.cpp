// SPDX-License-Identifier: MIT
#include "core/base/descriptor.h"

#include <cerrno>

#include <unistd.h>

namespace bowline::base {

void Descriptor::close()
{
    if (m_number < 0) return;
    const int before = errno;
    ::close(std::exchange(m_number, -1));
    errno = before;
}

std::optional<std::size_t> readFully(const Descriptor& from, std::span<std::uint8_t> into)
{
    std::size_t size = 0;
    while (size < into.size()) {
        const ssize_t count = ::read(from.get(), into.data() + size, into.size() - size);
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) return std::nullopt;
        if (count == 0) break;
        size += static_cast<std::size_t>(count);
    }
    return size;
}

bool writeFully(const Descriptor& to, std::span<const std::uint8_t> bytes)
{
    while (!bytes.empty()) {
        const ssize_t count = ::write(to.get(), bytes.data(), bytes.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        bytes = bytes.subspan(static_cast<std::size_t>(count));
    }
    return true;
}

} // namespace bowline::base
