// SPDX-License-Identifier: MIT
// Small files with a secret in them: mode 0600 from their first byte on. Errors have the code that the caller gives
// and name the file.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <string>

namespace bowline::base {

/// Replaces what was there as a whole; it is on the disk when this returns.
[[nodiscard]] Status writePrivateFile(const std::string& path, ByteView text, ErrorCode failed);
/// The same where nothing is yet; what is there stays, and the error is `exists`.
[[nodiscard]] Status createPrivateFile(const std::string& path, ByteView text, ErrorCode failed,
                                       ErrorCode exists);

enum class Exposure { OwnerOnly, NotToEverybody };
/// A regular file of at most `limit` bytes that others cannot read: nobody but its owner, or not everybody (keys
/// of a web server are often shared with a group).
[[nodiscard]] Result<std::string> readPrivateFile(const std::string& path, std::size_t limit,
                                                  Exposure allowed, ErrorCode failed);

} // namespace bowline::base
