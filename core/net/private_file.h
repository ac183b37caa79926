// SPDX-License-Identifier: MIT
// Small files with a secret in them. Private to the library.
#pragma once

#include "core/base/result.h"

#include <string>
#include <string_view>

namespace bowline::net {

/// Mode 0600 from its first byte on; replaces what was there as a whole, and is on the disk when this returns.
[[nodiscard]] base::Status writePrivateFile(const std::string& path, std::string_view text,
                                            base::ErrorCode failed);

enum class Exposure { OwnerOnly, NotToEverybody };
/// A regular file of at most `limit` bytes that others cannot read: nobody but its owner, or not everybody (keys
/// of a web server are often shared with a group).
[[nodiscard]] base::Result<std::string> readPrivateFile(const std::string& path, std::size_t limit,
                                                        Exposure allowed, base::ErrorCode failed);

} // namespace bowline::net
