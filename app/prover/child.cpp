// SPDX-License-Identifier: MIT
#include "app/prover/child.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bowline::prover_app {

namespace {
constexpr int kNotStarted = 127;

/// Between fork and exec: nothing but system calls.
[[noreturn]] void become(char* const* arguments, const ChildLimits& limits, int log, pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kNotStarted); // it was gone before the line above
    ::setpriority(PRIO_PROCESS, 0, limits.niceness);
    const rlim_t memory = rlim_t{limits.memoryMib} << 20U;
    const rlimit data{memory, memory};
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_DATA, &data) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0) ::_exit(kNotStarted);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(nothing, STDIN_FILENO);
    ::dup2(nothing, STDOUT_FILENO);
    ::dup2(log >= 0 ? log : nothing, STDERR_FILENO);
    ::execv(arguments[0], arguments);
    ::_exit(kNotStarted);
}
} // namespace

base::Result<Child> Child::start(const std::vector<std::string>& arguments, const ChildLimits& limits,
                                 const std::string& log)
{
    std::vector<std::string> copy = arguments;
    std::vector<char*> pointers;
    for (std::string& argument : copy) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become(pointers.data(), limits, output, parent);
    if (output >= 0) ::close(output);
    if (pid < 0) return base::makeError(kCannotStart, arguments.front());
    return Child(pid);
}

Child::Child(Child&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)), m_paused(other.m_paused), m_end(std::move(other.m_end))
{
}

Child::~Child() { kill(); }

std::optional<std::string> Child::ended()
{
    if (m_end || m_pid < 0) return m_end;
    int status = 0;
    if (::waitpid(m_pid, &status, WNOHANG) != m_pid) return std::nullopt;
    m_pid = -1;
    if (WIFSIGNALED(status)) {
        m_end = "killed by signal " + std::to_string(WTERMSIG(status));
    } else if (WEXITSTATUS(status) == kNotStarted) {
        m_end = "the worker does not start";
    } else if (WEXITSTATUS(status) == kOutOfMemory) {
        m_end = "out of memory";
    } else {
        m_end = WEXITSTATUS(status) == 0 ? "" : "ended with status " + std::to_string(WEXITSTATUS(status));
    }
    return m_end;
}

void Child::pause(bool paused)
{
    if (m_pid < 0 || paused == m_paused) return;
    ::kill(m_pid, paused ? SIGSTOP : SIGCONT);
    m_paused = paused;
}

void Child::kill()
{
    if (m_pid < 0) return;
    ::kill(m_pid, SIGKILL);
    int status = 0;
    while (::waitpid(m_pid, &status, 0) < 0 && errno == EINTR) {
    }
    m_pid = -1;
    m_end = "killed by the prover";
}

bool IdleWatch::isIdle()
{
    std::ifstream in("/proc/stat");
    std::string line;
    std::getline(in, line);
    return isIdle(line);
}

bool IdleWatch::isIdle(const std::string& line)
{
    // cpu user nice system idle iowait irq softirq steal
    std::istringstream in(line);
    std::string name;
    in >> name;
    std::array<std::uint64_t, 8> ticks{};
    for (std::uint64_t& value : ticks) in >> value;
    if (!in && !in.eof()) return true;
    const std::uint64_t others = ticks[0] + ticks[2] + ticks[5] + ticks[6];
    std::uint64_t all = 0;
    for (const std::uint64_t value : ticks) all += value;
    const std::uint64_t othersNow = others - std::exchange(m_others, others);
    const std::uint64_t before = std::exchange(m_all, all);
    if (before == 0 || all <= before) return true;
    return static_cast<double>(othersNow) < kBusy * static_cast<double>(all - before);
}

} // namespace bowline::prover_app
