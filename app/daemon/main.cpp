// SPDX-License-Identifier: MIT
// bowlined: a node of the layer 2, in one of its roles.
#include "app/daemon/daemon.h"
#include "app/daemon/node/keys.h"
#include "app/prover/measure.h"
#include "app/prover/prover.h"
#include "app/prover/worker.h"
#include "core/base/log.h"
#include "core/base/secure.h"

#include <csignal>
#include <cstdio>

#include <unistd.h>

namespace {

using namespace bowline;
using daemon::Options;

int fail(const base::Error& error)
{
    const std::string_view code = error.code.name();
    std::fprintf(stderr, "bowlined: %.*s: %s\n", static_cast<int>(code.size()), code.data(),
                 error.detail.c_str());
    return error.code == daemon::kBadUsage ? 2 : 1;
}

int keygen(const Options& options)
{
    const auto keys = daemon::NodeKeys::create(options.datadir, options.role);
    if (!keys) return fail(keys.error());
    const auto shown = keys->publicKeys();
    if (!shown) return fail(shown.error());
    std::puts(net::json::serialize(*shown).c_str());
    return 0;
}

/// On standard output, and on the descriptor of --ready-fd, which is closed then.
void announce(const std::string& line, const std::optional<int>& descriptor)
{
    std::puts(line.c_str());
    std::fflush(stdout);
    if (!descriptor) return;
    const std::string whole = line + '\n';
    if (::write(*descriptor, whole.data(), whole.size()) < 0)
        base::logWarning("daemon", "nobody reads --ready-fd");
    ::close(*descriptor);
}

int serve(const Options& options)
{
    base::setLogLevel(options.verbose ? base::LogLevel::Debug : base::LogLevel::Info);
    const auto opened = daemon::Daemon::open(options);
    if (!opened) return fail(opened.error());
    daemon::Daemon& node = **opened;
    const base::Status ended = node.run([&] { announce(node.readyLine(), options.readyFd); });
    return ended.ok() ? 0 : fail(ended.error());
}

} // namespace

int main(int argc, char** argv)
{
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    const prover_app::Role role = prover_app::roleIn(arguments);
    // It has no secrets, and lowers its own place in the kernel's list, which a hardened process cannot.
    if (role == prover_app::Role::Worker) return prover_app::runWorker(arguments);
    if (role == prover_app::Role::Measure) return prover_app::runMeasure(arguments);
    base::hardenProcess();
    std::signal(SIGPIPE, SIG_IGN);
    if (role == prover_app::Role::Prover) return prover_app::runProver(arguments);
    const auto options = daemon::parseOptions(arguments);
    if (!options) {
        std::fputs(std::string(daemon::usageText()).c_str(), stderr);
        return fail(options.error());
    }
    switch (options->command) {
    case Options::Command::Help: std::fputs(std::string(daemon::usageText()).c_str(), stdout); return 0;
    case Options::Command::Version: std::puts(std::string(daemon::versionText()).c_str()); return 0;
    case Options::Command::Keygen: return keygen(*options);
    case Options::Command::Run: break;
    }
    return serve(*options);
}
