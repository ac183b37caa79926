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
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bowline::prover_app {

namespace {
constexpr int kNotStarted = 127;

/// Between fork and exec: nothing but system calls.
[[noreturn]] void become(char* const* arguments, const ChildLimits& limits, int log, int socket, pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(kNotStarted); // it was gone before the line above
    ::setpriority(PRIO_PROCESS, 0, limits.niceness);
    const rlim_t memory = rlim_t{limits.memoryMib} << 20U;
    const rlimit data{memory, memory};
    const rlimit none{0, 0};
    if (::setrlimit(RLIMIT_DATA, &data) != 0 || ::setrlimit(RLIMIT_CORE, &none) != 0) ::_exit(kNotStarted);
    const int nothing = ::open("/dev/null", O_RDWR);
    ::dup2(socket >= 0 ? socket : nothing, STDIN_FILENO);
    ::dup2(socket >= 0 ? socket : nothing, STDOUT_FILENO);
    ::dup2(log >= 0 ? log : nothing, STDERR_FILENO);
    ::execv(arguments[0], arguments);
    ::_exit(kNotStarted);
}
} // namespace

base::Result<Child> Child::start(const std::vector<std::string>& arguments, const ChildLimits& limits,
                                 const std::string& log, bool talks)
{
    std::vector<std::string> copy = arguments;
    std::vector<char*> pointers;
    for (std::string& argument : copy) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    std::array<int, 2> sockets{-1, -1}; // ours, the child's
    if (talks && ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets.data()) != 0)
        return base::makeError(kCannotStart, "no socket");
    const int output = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    const pid_t parent = ::getpid();
    const pid_t pid = ::fork();
    if (pid == 0) become(pointers.data(), limits, output, sockets[1], parent);
    for (const int file : {output, sockets[1]}) {
        if (file >= 0) ::close(file);
    }
    if (pid > 0) return Child(pid, sockets[0]);
    if (sockets[0] >= 0) ::close(sockets[0]);
    return base::makeError(kCannotStart, arguments.front());
}

Child::Child(Child&& other) noexcept
    : m_pid(std::exchange(other.m_pid, -1)), m_socket(std::exchange(other.m_socket, -1)),
      m_said(std::move(other.m_said)), m_paused(other.m_paused), m_end(std::move(other.m_end))
{
}

Child::~Child()
{
    kill();
    if (m_socket >= 0) ::close(m_socket);
}

bool Child::ask(const std::string& line)
{
    const std::string text = line + '\n';
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t sent = ::send(m_socket, text.data() + at, text.size() - at, MSG_NOSIGNAL);
        if (sent < 0 && errno != EINTR) return false;
        at += sent > 0 ? static_cast<std::size_t>(sent) : 0;
    }
    return true;
}

std::optional<std::string> Child::answer()
{
    std::array<char, 1024> piece{};
    for (;;) {
        const ssize_t got = ::recv(m_socket, piece.data(), piece.size(), MSG_DONTWAIT);
        if (got <= 0) break;
        m_said.append(piece.data(), static_cast<std::size_t>(got));
    }
    const std::size_t end = m_said.find('\n');
    if (end == std::string::npos) return std::nullopt;
    std::string out = m_said.substr(0, end);
    m_said.erase(0, end + 1);
    return out;
}

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
