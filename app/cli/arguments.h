// SPDX-License-Identifier: MIT
// The command line: global options, the words of the command, and the command's own options.
#pragma once

#include "core/base/types.h"

#include <map>
#include <string>
#include <vector>

namespace bowline::cli {

inline constexpr base::ErrorCode kUsage{"cli.usage"};

struct Arguments {
    bool json = false;
    bool help = false;
    std::string datadir;
    std::string network; // as named by the user; empty: that of the network file
    /// Positional words in order: "wallet", "create", ...
    std::vector<std::string> words;
    /// Options with a value ("--fee 2") and flags ("--wait", with an empty value).
    std::map<std::string, std::string> options;

    [[nodiscard]] bool has(const std::string& option) const { return options.contains(option); }
    [[nodiscard]] std::string get(const std::string& option, const std::string& fallback = {}) const;
    [[nodiscard]] base::Result<std::uint64_t> number(const std::string& option, std::uint64_t fallback) const;
    /// The word at `position`, or kUsage naming what is missing.
    [[nodiscard]] base::Result<std::string> word(std::size_t position, const std::string& what) const;
};

/// Options may stand anywhere; "--" ends them. Unknown options are refused.
[[nodiscard]] base::Result<Arguments> parseArguments(const std::vector<std::string>& arguments);
/// Whether errors are to be told in JSON, also of arguments that cannot be read.
[[nodiscard]] bool wantsJson(const std::vector<std::string>& arguments);
[[nodiscard]] std::string usageText();

} // namespace bowline::cli
