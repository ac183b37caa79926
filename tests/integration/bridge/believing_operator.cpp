// SPDX-License-Identifier: MIT
// bowlined as an operator that pays for what is proven, and believes files of the tests' making (FakeChecker). Everything else
// is the product's own code.
#include "app/daemon/daemon.h"
#include "tests/unit/proven/fixture.h"

#include <csignal>
#include <cstdio>

int main(int argc, char** argv)
{
    using namespace bowline::daemon;
    std::signal(SIGPIPE, SIG_IGN);
    auto options = parseOptions(std::vector<std::string>(argv + 1, argv + argc));
    if (!options) return 2;
    options->payFor = PayFor::Proven;
    const auto opened =
        Daemon::open(*options, makeRole, std::make_shared<bowline::proven::test::FakeChecker>());
    if (!opened) {
        std::fprintf(stderr, "%s\n", opened.error().detail.c_str());
        return 1;
    }
    const auto ended = (*opened)->run([&] {
        std::puts((*opened)->readyLine().c_str());
        std::fflush(stdout);
    });
    return ended.ok() ? 0 : 1;
}
