// SPDX-License-Identifier: MIT
// One process for one data folder.
#pragma once

#include "core/base/descriptor.h"
#include "core/base/result.h"

#include <chrono>

namespace bowline::base {

/// Another process holds the folder; the detail names its id where that is known.
inline constexpr ErrorCode kFolderInUse{"base.folder-in-use"};
/// The lock file cannot be made: no such folder, no right to write there, no locks on this file system.
inline constexpr ErrorCode kCannotLockFolder{"base.cannot-lock-folder"};

/// Holds `<folder>/lock` until the object ends, or the process, whatever ends it. Two processes on one folder would
/// hand out the same addresses and coins, sign two batches of one height, or lose each other's nonces.
class FolderLock {
public:
    /// Waits for at most `patience` while another process holds the folder.
    [[nodiscard]] static Result<FolderLock> take(const std::string& folder,
                                                 std::chrono::milliseconds patience = {});
    /// Whether another process holds it at this moment. A folder that is not there is held by nobody.
    [[nodiscard]] static bool isHeld(const std::string& folder);
    // The file stays when it is unlocked: who waits for it has it open already, and would lock a file that nobody finds
    // any more.

private:
    explicit FolderLock(Descriptor file) : m_file(std::move(file)) {}
    Descriptor m_file;
};

} // namespace bowline::base
