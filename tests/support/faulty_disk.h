// SPDX-License-Identifier: MIT
// A disk that fails at a moment of the test's choosing: a VFS of SQLite that stands in front of the system's own
// and is the default one for as long as the object lives, so that code under test needs to know nothing of it.
//
// Counted are writes, syncs, truncations and deletions of database files, logs and journals, from 1. Everything
// that is not counted (reads, locks, shared memory) goes through. What happens is the same for the same seed.
//
//   FaultyDisk disk;
//   disk.crashAt(7, Loss::Torn, seed);
//   ... // opens, writes, fails; all connections closed
//   disk.settle(); // the files are now as a computer finds them that was switched on again
#pragma once

#include <cstdint>
#include <memory>
#include <string>

namespace bowline::test {

/// What a crash leaves.
enum class Loss {
    Process, ///< the process was killed: what was written is there, of the last write perhaps the first sectors
    Power,   ///< of what was not synced nothing is there
    Torn     ///< of what was not synced any sectors may be there, files created or deleted may be so or not
};

class FaultyDisk {
public:
    static constexpr std::size_t kSectorBytes = 512;

    /// One at a time; before the first connection, and until after the last.
    FaultyDisk();
    ~FaultyDisk();
    FaultyDisk(const FaultyDisk&) = delete;
    FaultyDisk& operator=(const FaultyDisk&) = delete;

    /// Counts and harms files only whose path holds this; empty: all.
    void setScope(std::string pathPart);
    /// Each of these begins to count anew. From operation number `at` on nothing works any more.
    void crashAt(std::uint64_t at, Loss loss, std::uint32_t seed);
    /// From there on whatever would be written finds no room (SQLITE_FULL); all else works.
    void fillUpAt(std::uint64_t at);
    /// From there on reads, writes and syncs fail (SQLITE_IOERR).
    void breakAt(std::uint64_t at);
    /// Nothing fails, operations are counted.
    void heal();
    /// After a crash, with all connections closed: leaves in the files what the crash left.
    void settle();

    [[nodiscard]] std::uint64_t operations() const;
    /// The moment came.
    [[nodiscard]] bool hasStruck() const;

    struct State;

private:
    std::unique_ptr<State> m_state;
};

} // namespace bowline::test
