// SPDX-License-Identifier: MIT
// Secrets from a prompt without echo, a file descriptor or an environment variable; never from an argument.
#pragma once

#include "app/cli/arguments.h"
#include "core/base/secure.h"

namespace bowline::cli {

inline constexpr base::ErrorCode kNoSecret{"cli.no-secret"};
inline constexpr base::ErrorCode kSecretsDiffer{"cli.secrets-differ"};

struct SecretSource {
    std::string fdOption;    // such as "password-fd"
    std::string environment; // such as "BOWLINE_PASSWORD"
    std::string prompt;
    bool optional = false; // an empty one is fine, and nobody is asked
    bool twice = false;    // at the prompt
};

[[nodiscard]] base::Result<base::SecureBytes> readSecret(const Arguments& arguments,
                                                         const SecretSource& source);
[[nodiscard]] SecretSource passwordSource();
[[nodiscard]] SecretSource newPasswordSource();
[[nodiscard]] SecretSource wordsSource();
[[nodiscard]] SecretSource passphraseSource();

} // namespace bowline::cli
