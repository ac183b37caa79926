// SPDX-License-Identifier: MIT
// `bowlined --role prover-worker`: does one task from files to a file and ends.
#pragma once

#include "app/prover/options.h"

namespace bowline::prover_app {

inline constexpr base::ErrorCode kCannotRead{"prover.cannot-read"};
inline constexpr base::ErrorCode kCannotWrite{"prover.cannot-write"};

/// At most `limit` bytes.
[[nodiscard]] Result<base::Bytes> readFile(const std::string& path, std::size_t limit);
/// Under another name first, then renamed: whole, or not there. Survives a kill; not the loss of power.
[[nodiscard]] base::Status writeFile(const std::string& path, base::ByteView bytes);

[[nodiscard]] base::Status work(const WorkerOptions& options);
/// What main() returns for this role: 0, 1 with the error on standard error, 2 for wrong usage,
/// base::kOutOfMemory.
[[nodiscard]] int runWorker(const std::vector<std::string>& arguments);

} // namespace bowline::prover_app
