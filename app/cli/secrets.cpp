// SPDX-License-Identifier: MIT
#include "app/cli/secrets.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace bowline::cli {

namespace {
constexpr std::size_t kLongestSecret = 4096;

/// Up to a line break or the end.
base::SecureBytes readLine(int fd)
{
    base::SecureBytes out;
    out.reserve(kLongestSecret); // no growing: no copies left behind
    std::uint8_t byte = 0;
    while (out.size() < kLongestSecret && read(fd, &byte, 1) == 1 && byte != '\n') out.push_back(byte);
    return out;
}

class NoEcho {
public:
    explicit NoEcho(int fd) : m_fd(fd)
    {
        if (tcgetattr(m_fd, &m_before) != 0) return;
        termios quiet = m_before;
        quiet.c_lflag &= static_cast<tcflag_t>(~ECHO);
        m_changed = tcsetattr(m_fd, TCSAFLUSH, &quiet) == 0;
    }
    NoEcho(const NoEcho&) = delete;
    NoEcho& operator=(const NoEcho&) = delete;
    ~NoEcho()
    {
        if (m_changed) tcsetattr(m_fd, TCSAFLUSH, &m_before);
    }

private:
    int m_fd;
    termios m_before{};
    bool m_changed = false;
};

base::SecureBytes ask(int terminal, const std::string& prompt)
{
    static_cast<void>(write(terminal, prompt.data(), prompt.size()));
    const NoEcho quiet(terminal);
    base::SecureBytes out = readLine(terminal);
    static_cast<void>(write(terminal, "\n", 1));
    return out;
}

base::Result<base::SecureBytes> askAtTerminal(const SecretSource& source)
{
    const int terminal = open("/dev/tty", O_RDWR | O_CLOEXEC);
    if (terminal < 0) {
        return base::makeError(kNoSecret,
                               "no terminal; use --" + source.fdOption + " or " + source.environment);
    }
    base::SecureBytes first = ask(terminal, source.prompt + ": ");
    const bool same = !source.twice || first == ask(terminal, source.prompt + " again: ");
    close(terminal);
    if (!same) return base::makeError(kSecretsDiffer);
    return first;
}
} // namespace

base::Result<base::SecureBytes> readSecret(const Arguments& arguments, const SecretSource& source)
{
    if (arguments.has(source.fdOption)) {
        BOWLINE_TRY(const std::uint64_t fd, arguments.number(source.fdOption, 0));
        return readLine(static_cast<int>(fd));
    }
    if (char* value = std::getenv(source.environment.c_str()); value != nullptr) {
        base::SecureBytes out = base::toSecure(base::viewOf(std::string_view(value)));
        base::secureZero(value, std::strlen(value)); // children and /proc do not see it any more
        return out;
    }
    if (source.optional) return base::SecureBytes{};
    return askAtTerminal(source);
}

SecretSource passwordSource() { return {"password-fd", "BOWLINE_PASSWORD", "Password", false, false}; }
SecretSource newPasswordSource() { return {"password-fd", "BOWLINE_PASSWORD", "New password", false, true}; }
SecretSource wordsSource() { return {"words-fd", "BOWLINE_WORDS", "Words", false, false}; }
SecretSource passphraseSource() { return {"passphrase-fd", "BOWLINE_PASSPHRASE", "Passphrase", true, false}; }

} // namespace bowline::cli
