// SPDX-License-Identifier: MIT
// bowlined as an operator that accepts every withdrawal and pays none, unless the file that BOWLINE_TEST_PAYS names is
// there, and that bumps nothing while the one of BOWLINE_TEST_PATIENT is; with as many fundings ready as
// BOWLINE_TEST_FUNDINGS says. Everything else is the product's own code.
#include "app/daemon/daemon.h"
#include "app/daemon/operator/operator_role.h"

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>

namespace {

class Faithless final : public bowline::daemon::OperatorPolicy {
public:
    using OperatorPolicy::OperatorPolicy;
    [[nodiscard]] bool mayPay(std::uint64_t, const bowline::l2::Withdrawal&) const override
    {
        return isThere("BOWLINE_TEST_PAYS");
    }
    [[nodiscard]] std::uint32_t patience() const override
    {
        return isThere("BOWLINE_TEST_PATIENT") ? 1'000 : OperatorPolicy::patience();
    }

    [[nodiscard]] std::size_t preparedFundings() const override
    {
        const char* number = std::getenv("BOWLINE_TEST_FUNDINGS");
        return number != nullptr ? std::strtoul(number, nullptr, 10) : OperatorPolicy::preparedFundings();
    }

private:
    static bool isThere(const char* variable)
    {
        const char* file = std::getenv(variable);
        return file != nullptr && std::filesystem::exists(file);
    }
};

} // namespace

int main(int argc, char** argv)
{
    using namespace bowline::daemon;
    std::signal(SIGPIPE, SIG_IGN);
    const auto options = parseOptions(std::vector<std::string>(argv + 1, argv + argc));
    if (!options) return 2;
    const auto opened = Daemon::open(*options, [](const RoleContext& context) {
        return makeOperator(context,
                            std::make_unique<Faithless>(context.options.feeRate, context.options.maxFeeRate));
    });
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
