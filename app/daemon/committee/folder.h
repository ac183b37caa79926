// SPDX-License-Identifier: MIT
// A session's folder: the proposal and the members' messages, each a small text file. Nothing in it is a secret, and whoever
// carries files between the members' machines can lose them, but not change them unseen.
#pragma once

#include "app/daemon/committee/round.h"

#include <map>
#include <string>

namespace bowline::daemon {

/// A file cannot be read or written.
inline constexpr base::ErrorCode kCommitteeFolder{"committee.folder"};
/// What is written once is there already.
inline constexpr base::ErrorCode kCommitteeFileExists{"committee.file-exists"};

class SessionFolder {
public:
    explicit SessionFolder(std::string path) : m_path(std::move(path)) {}

    /// Makes the folder.
    [[nodiscard]] base::Status write(const Proposal& proposal) const;
    /// What is read stays what it is, whatever becomes of the file.
    [[nodiscard]] base::Result<Proposal> proposal();

    /// As nonce-N.hex or partial-N.hex, N from 1 on.
    [[nodiscard]] base::Status write(std::string_view kind, std::size_t member, base::ByteView message) const;
    /// Every message that is new since the last time. Those that are none are named once on standard error. When that
    /// convicts a member everything taken so far is kept in the folder `evidence`, which can be shown like this one.
    [[nodiscard]] base::Status readInto(Round& round);

private:
    [[nodiscard]] base::Status keepEvidence() const;
    std::string m_path;
    std::string m_proposal;                    // the text that was read
    std::map<std::string, std::string> m_seen; // text to the file's name
};

} // namespace bowline::daemon
