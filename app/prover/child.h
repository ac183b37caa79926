// SPDX-License-Identifier: MIT
// A child process that may crash, run out of memory, or be stopped: nothing of it touches its parent, and it ends with
// its parent.
#pragma once

#include "core/base/result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace bowline::prover_app {

inline constexpr base::ErrorCode kCannotStart{"prover.cannot-start"};

/// As setpriority(2) has it: such a process runs when no other wants to.
inline constexpr int kLowestPriority = 19;

/// A child that ends with this status says that it had no memory left.
inline constexpr int kOutOfMemory = 3;

struct ChildLimits {
    std::uint32_t memoryMib = 3072; // of its own data; beyond it allocations fail
    int niceness = kLowestPriority;
};

class Child {
public:
    /// `arguments`: the program's path first. Standard error goes to `log`, standard output nowhere.
    /// With `talks` its standard input and output are one socket, for ask() and answer().
    [[nodiscard]] static base::Result<Child> start(const std::vector<std::string>& arguments,
                                                   const ChildLimits& limits, const std::string& log,
                                                   bool talks = false);
    ~Child();
    Child(Child&& other) noexcept;
    Child& operator=(Child&&) = delete;
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    /// How it ended: "" for success, else a few words. None while it runs.
    [[nodiscard]] std::optional<std::string> ended();
    /// A line, without the end of it. False when the child takes none any more.
    [[nodiscard]] bool ask(const std::string& line);
    /// The next line that it has said, if it is there already.
    [[nodiscard]] std::optional<std::string> answer();
    /// SIGSTOP, SIGCONT.
    void pause(bool paused);
    /// SIGKILL, and waits.
    void kill();
    [[nodiscard]] pid_t id() const { return m_pid; }

private:
    Child(pid_t pid, int socket) : m_pid(pid), m_socket(socket) {}
    pid_t m_pid = -1;
    int m_socket = -1;
    std::string m_said;
    bool m_paused = false;
    std::optional<std::string> m_end;
};

/// Of what all processors did between two looks, the part that neither idled nor was of low priority, as ours is.
class IdleWatch {
public:
    static constexpr double kBusy = 0.25;
    /// False while others use a quarter of the machine or more. The first look says true.
    [[nodiscard]] bool isIdle();
    /// For tests: the first line of /proc/stat.
    [[nodiscard]] bool isIdle(const std::string& line);

private:
    std::uint64_t m_others = 0;
    std::uint64_t m_all = 0;
};

} // namespace bowline::prover_app
