// SPDX-License-Identifier: MIT
// Questions to bitcoind over its JSON-RPC port, as bitcoin-cli asks them: a process for every question took more of the
// processors than everything that the tests ask about. Sockets and JSON are Boost's; none of our code is in between.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace bowline::test {

/// What bitcoin-cli would have left behind.
struct CliOutcome {
    int exitCode = 0;
    std::string out;
    std::string error;
};

struct BitcoinRpc {
    std::uint16_t port = 0;
    std::string cookieFile; // made anew at each start of bitcoind
    std::string wallet;     // empty: none is named

    /// `arguments` as for bitcoin-cli: the method, then its parameters as text. Nothing for a method whose parameters
    /// are not known to this file; those are for bitcoin-cli itself.
    [[nodiscard]] std::optional<CliOutcome> ask(const std::vector<std::string>& arguments) const;
};

} // namespace bowline::test
