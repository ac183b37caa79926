// SPDX-License-Identifier: MIT
#include "core/l2/child_process.h"

#include "core/base/descriptor.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace bowline::l2 {

namespace {
using base::Descriptor;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

base::Error systemError(const char* what)
{
    return base::makeError(kStfFailed, std::string(what) + ": " + std::strerror(errno));
}

// Two connected ends. A socket instead of a pipe, because writing to a child that died must not raise
// SIGPIPE.
struct Channel {
    Descriptor ours;
    Descriptor theirs;
};
base::Result<Channel> makeChannel()
{
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
        return systemError("socketpair");
    Channel out{Descriptor(ends[0]), Descriptor(ends[1])};
    // Above the numbers that the child gets, so that setting one up does not overwrite another.
    constexpr int kAboveAll = 10;
    Descriptor high(::fcntl(out.theirs.get(), F_DUPFD_CLOEXEC, kAboveAll));
    if (!high.isOpen() || ::fcntl(out.ours.get(), F_SETFL, O_NONBLOCK) != 0) return systemError("fcntl");
    out.theirs = std::move(high);
    return out;
}

struct SpawnActions {
    posix_spawn_file_actions_t actions{};
    SpawnActions() { ::posix_spawn_file_actions_init(&actions); }
    ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions); }
    SpawnActions(const SpawnActions&) = delete;
    SpawnActions& operator=(const SpawnActions&) = delete;
};

base::Result<pid_t> spawn(const std::string& program, int input, int result, int values)
{
    SpawnActions file;
    ::posix_spawn_file_actions_adddup2(&file.actions, input, 0);
    ::posix_spawn_file_actions_adddup2(&file.actions, result, 1);
    ::posix_spawn_file_actions_adddup2(&file.actions, values, 3);
    ::posix_spawn_file_actions_addclosefrom_np(&file.actions, 4);
    std::string name = program;
    std::array<char*, 2> arguments{name.data(), nullptr};
    std::array<char*, 1> environment{nullptr};
    pid_t pid = 0;
    const int error =
        ::posix_spawn(&pid, program.c_str(), &file.actions, nullptr, arguments.data(), environment.data());
    if (error != 0) return base::makeError(kStfFailed, program + ": " + std::strerror(error));
    return pid;
}

// Sends what fits; closes our end of the input when nothing is left, or nobody reads any more.
void feed(Descriptor& to, base::ByteView& rest)
{
    const ssize_t sent = ::send(to.get(), rest.data(), rest.size(), MSG_NOSIGNAL);
    if (sent > 0) rest = rest.subspan(static_cast<std::size_t>(sent));
    const bool gone = sent < 0 && errno != EAGAIN && errno != EINTR;
    if (rest.empty() || gone) to.close();
}

// Reads what is there; closes at the end.
void drain(Descriptor& from, base::Bytes& out)
{
    std::array<std::uint8_t, 65536> buffer; // NOLINT(*-member-init): filled by recv
    const ssize_t count = ::recv(from.get(), buffer.data(), buffer.size(), 0);
    if (count > 0) out.insert(out.end(), buffer.begin(), buffer.begin() + count);
    const bool gone = count < 0 && errno != EAGAIN && errno != EINTR;
    if (count == 0 || gone) from.close();
}

struct Exchange {
    Descriptor input;
    Descriptor result;
    Descriptor values;
    base::ByteView rest;
    ProgramOutput output;
    std::size_t maxOutput = 0;

    base::Status run(steady_clock::time_point deadline)
    {
        while (result.isOpen() || values.isOpen()) {
            const auto left =
                std::chrono::duration_cast<milliseconds>(deadline - steady_clock::now()).count();
            if (left <= 0) return base::makeError(kStfFailed, "timed out");
            std::array<pollfd, 3> waiting{
                {{input.get(), POLLOUT, 0}, {result.get(), POLLIN, 0}, {values.get(), POLLIN, 0}}};
            if (::poll(waiting.data(), waiting.size(), static_cast<int>(std::min<long>(left, 1'000'000))) <
                    0 &&
                errno != EINTR) {
                return systemError("poll");
            }
            if (input.isOpen() && waiting[0].revents != 0) feed(input, rest);
            if (result.isOpen() && waiting[1].revents != 0) drain(result, output.result);
            if (values.isOpen() && waiting[2].revents != 0) drain(values, output.values);
            if (output.result.size() > maxOutput || output.values.size() > maxOutput) {
                return base::makeError(kStfFailed, "too much output");
            }
        }
        return base::success();
    }
};

// Waits until the deadline, then ends the child. Both outputs are closed: it is about to end by itself.
base::Result<int> collect(pid_t pid, bool killNow, steady_clock::time_point deadline)
{
    int status = 0;
    for (;;) {
        if (killNow || steady_clock::now() >= deadline) {
            ::kill(pid, SIGKILL);
            killNow = true;
        }
        const pid_t ended = ::waitpid(pid, &status, killNow ? 0 : WNOHANG);
        if (ended == pid) break;
        if (ended < 0 && errno != EINTR) return systemError("waitpid");
        std::this_thread::sleep_for(milliseconds(1));
    }
    if (WIFEXITED(status)) return WEXITSTATUS(status);
    return base::makeError(kStfFailed, "killed by signal " + std::to_string(WTERMSIG(status)));
}
} // namespace

base::Result<ProgramOutput> runChild(const std::string& program, base::ByteView input, milliseconds timeout,
                                     std::size_t maxOutput)
{
    const auto deadline = steady_clock::now() + timeout;
    BOWLINE_TRY(Channel in, makeChannel());
    BOWLINE_TRY(Channel result, makeChannel());
    BOWLINE_TRY(Channel values, makeChannel());
    BOWLINE_TRY(const pid_t pid, spawn(program, in.theirs.get(), result.theirs.get(), values.theirs.get()));
    in.theirs.close();
    result.theirs.close();
    values.theirs.close();
    Exchange exchange{std::move(in.ours), std::move(result.ours), std::move(values.ours), input, {},
                      maxOutput};
    const base::Status done = exchange.run(deadline);
    const auto code = collect(pid, !done.ok(), deadline);
    if (!done) return done.error();
    if (!code) return code.error();
    exchange.output.exitCode = *code;
    return std::move(exchange.output);
}

} // namespace bowline::l2
