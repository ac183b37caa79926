// SPDX-License-Identifier: MIT
// Files of the command line: read whole, written so that only a complete file ever has the final name.
#pragma once

#include "core/base/bytes.h"

namespace bowline::zkvm_cli {

inline constexpr base::ErrorCode kCannotRead{"zkvm.cannot-read"};
inline constexpr base::ErrorCode kCannotWrite{"zkvm.cannot-write"};

/// At most 1 GiB; pipes and devices too.
[[nodiscard]] base::Result<base::Bytes> readFile(const std::string& path);
/// Through a temporary file beside it, which is removed on failure.
[[nodiscard]] base::Status writeFile(const std::string& path, base::ByteView content);

} // namespace bowline::zkvm_cli
