// SPDX-License-Identifier: MIT
// The command line of bowline-zkvm: one command, one file, options.
#pragma once

#include "core/base/bytes.h"

#include <map>

namespace bowline::zkvm_cli {

inline constexpr base::ErrorCode kUsage{"zkvm.usage"};

struct Arguments {
    bool json = false;
    bool help = false;
    std::vector<std::string> words;
    std::map<std::string, std::string> options; // without dashes; flags have an empty value

    [[nodiscard]] bool has(const std::string& option) const { return options.contains(option); }
    [[nodiscard]] base::Result<std::string> value(const std::string& option) const;
    [[nodiscard]] base::Result<std::uint64_t> number(const std::string& option, std::uint64_t fallback) const;
    /// The one word behind the command.
    [[nodiscard]] base::Result<std::string> file() const;
};

[[nodiscard]] base::Result<Arguments> parseArguments(const std::vector<std::string>& arguments);
[[nodiscard]] std::string usageText();

} // namespace bowline::zkvm_cli
