// SPDX-License-Identifier: MIT
#include "app/devnet/process.h"

#include "core/base/descriptor.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <random>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ; // NOLINT(readability-redundant-declaration): POSIX asks for it

namespace bowline::devnet {

namespace {
std::vector<char*> pointersOf(std::vector<std::string>& arguments)
{
    std::vector<char*> out;
    out.reserve(arguments.size() + 1);
    for (std::string& argument : arguments) out.push_back(argument.data());
    out.push_back(nullptr);
    return out;
}

/// Field 22 of the stat line, counted behind the command's closing parenthesis; 0 when there is no process.
std::uint64_t startTicksOf(int pid)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(in, line);
    const auto close = line.rfind(')');
    if (close == std::string::npos) return 0;
    std::istringstream fields(line.substr(close + 1));
    std::string field;
    for (int i = 3; i <= 22; ++i) fields >> field;
    if (!fields) return 0;
    return std::strtoull(field.c_str(), nullptr, 10);
}

bool isZombie(int pid)
{
    std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    std::getline(in, line);
    const auto close = line.rfind(')');
    return close != std::string::npos && line.size() > close + 2 && line[close + 2] == 'Z';
}

base::Error systemError(base::ErrorCode code, const std::string& what, int number)
{
    return base::makeError(code, what + ": " + std::strerror(number));
}

/// Reads both pipes until they close or the deadline passes; false when it passed.
bool drain(int outFd, int errFd, std::string& out, std::string& err,
           std::chrono::steady_clock::time_point deadline)
{
    std::array<pollfd, 2> watched{{{outFd, POLLIN, 0}, {errFd, POLLIN, 0}}};
    std::array<std::string*, 2> sinks{&out, &err};
    int open = 2;
    while (open > 0) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
            deadline - std::chrono::steady_clock::now());
        if (left.count() <= 0) return false;
        if (poll(watched.data(), watched.size(), static_cast<int>(left.count())) <= 0) continue;
        for (std::size_t i = 0; i < watched.size(); ++i) {
            if (watched.at(i).fd < 0 || watched.at(i).revents == 0) continue;
            std::array<char, 4096> buffer{};
            const ssize_t got = read(watched.at(i).fd, buffer.data(), buffer.size());
            if (got > 0) {
                sinks.at(i)->append(buffer.data(), static_cast<std::size_t>(got));
            } else {
                watched.at(i).fd = -1;
                --open;
            }
        }
    }
    return true;
}
} // namespace

base::Result<std::string> runCommand(const std::vector<std::string>& arguments, std::chrono::seconds limit)
{
    std::array<int, 2> outPipe{};
    std::array<int, 2> errPipe{};
    if (pipe2(outPipe.data(), O_CLOEXEC) != 0) return systemError(kCannotStart, "pipe", errno);
    const base::Descriptor outRead(outPipe[0]);
    base::Descriptor outWrite(outPipe[1]);
    if (pipe2(errPipe.data(), O_CLOEXEC) != 0) return systemError(kCannotStart, "pipe", errno);
    const base::Descriptor errRead(errPipe[0]);
    base::Descriptor errWrite(errPipe[1]);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, outWrite.get(), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errWrite.get(), STDERR_FILENO);
    std::vector<std::string> copy = arguments;
    pid_t pid = 0;
    const int failure =
        posix_spawnp(&pid, copy.front().c_str(), &actions, nullptr, pointersOf(copy).data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) return systemError(kCannotStart, arguments.front(), failure);
    outWrite.close();
    errWrite.close();

    std::string out;
    std::string err;
    const bool inTime =
        drain(outRead.get(), errRead.get(), out, err, std::chrono::steady_clock::now() + limit);
    if (!inTime) kill(pid, SIGKILL);
    int status = 0;
    waitpid(pid, &status, 0);
    if (!inTime) return base::makeError(kCommandFailed, arguments.front() + " took too long");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return base::makeError(kCommandFailed, arguments.front() + ": " +
                                                   err.substr(err.size() > 600 ? err.size() - 600 : 0));
    }
    return out;
}

base::Result<ProcessId> startDetached(const std::vector<std::string>& arguments, const std::string& logFile)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, logFile.c_str(), O_WRONLY | O_CREAT | O_APPEND,
                                     0600);
    posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    std::vector<std::string> copy = arguments;
    pid_t pid = 0;
    const int failure =
        posix_spawnp(&pid, copy.front().c_str(), &actions, &attributes, pointersOf(copy).data(), environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) return systemError(kCannotStart, arguments.front(), failure);
    return ProcessId{pid, startTicksOf(pid)};
}

bool isRunning(const ProcessId& process)
{
    if (process.pid <= 0) return false;
    // Our own ended children stay as zombies until they are waited for.
    waitpid(process.pid, nullptr, WNOHANG);
    return startTicksOf(process.pid) == process.startTicks && process.startTicks != 0 &&
           !isZombie(process.pid);
}

void endProcess(const ProcessId& process, std::chrono::seconds grace)
{
    if (!isRunning(process)) return;
    kill(process.pid, SIGTERM);
    const auto deadline = std::chrono::steady_clock::now() + grace;
    while (isRunning(process)) {
        if (std::chrono::steady_clock::now() > deadline) kill(process.pid, SIGKILL);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
}

base::Result<std::vector<std::uint16_t>> freePorts(std::size_t count)
{
    // Below the ports that the system gives to connections: what is free there now is still free when a program of the
    // devnet comes to listen on it, and after each restart. All sockets stay open until every port is known.
    constexpr std::uint16_t kFirst = 10'000;
    constexpr std::uint32_t kCount = 22'000;
    constexpr int kTries = 1'000;
    std::random_device random;
    std::vector<base::Descriptor> open;
    std::vector<std::uint16_t> ports;
    for (int i = 0; i < kTries && ports.size() < count; ++i) {
        base::Descriptor socketOf(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const auto port = static_cast<std::uint16_t>(kFirst + random() % kCount);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        auto* generic =
            reinterpret_cast<sockaddr*>(&address); // NOLINT(*-reinterpret-cast): the sockets interface
        if (bind(socketOf.get(), generic, sizeof address) != 0) continue;
        open.push_back(std::move(socketOf));
        ports.push_back(port);
    }
    if (ports.size() < count) return systemError(kNoFreePort, "bind", errno);
    return ports;
}

} // namespace bowline::devnet
