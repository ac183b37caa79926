// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/views_json.h"

namespace bowline::cli {

CommandResult walletCreate(Runner& runner)
{
    BOWLINE_TRY(const std::uint64_t count, runner.arguments().number("words", 12));
    BOWLINE_TRY(base::SecureBytes passphrase, readSecret(runner.arguments(), passphraseSource()));
    BOWLINE_TRY(base::SecureBytes password, readSecret(runner.arguments(), newPasswordSource()));
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const base::SecureBytes words, runner.wait<base::SecureBytes>([&](auto done) {
        return all->wallets().generateWords(static_cast<int>(count), std::move(done));
    }));
    BOWLINE_TRY(const services::WalletInfo info, runner.wait<services::WalletInfo>([&](auto done) {
        return all->wallets().create(runner.walletName(), words, std::move(passphrase), std::move(password),
                                     std::move(done));
    }));
    json::object out = toJson(info);
    // Shown once, on purpose: without them there is no backup. The user asked for them at a terminal or by a pipe.
    out["words"] = std::string(words.begin(), words.end());
    return out;
}

CommandResult walletRestore(Runner& runner)
{
    BOWLINE_TRY(const std::uint64_t birthday, runner.arguments().number("birthday", 0));
    BOWLINE_TRY(base::SecureBytes words, readSecret(runner.arguments(), wordsSource()));
    BOWLINE_TRY(base::SecureBytes passphrase, readSecret(runner.arguments(), passphraseSource()));
    BOWLINE_TRY(base::SecureBytes password, readSecret(runner.arguments(), newPasswordSource()));
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const services::WalletInfo info, runner.wait<services::WalletInfo>([&](auto done) {
        return all->wallets().restore(runner.walletName(), std::move(words), std::move(passphrase),
                                      std::move(password), static_cast<base::UnixTime>(birthday),
                                      std::move(done));
    }));
    return toJson(info);
}

CommandResult walletList(Runner& runner)
{
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto list, runner.wait<std::vector<services::WalletInfo>>(
                                     [&](auto done) { return all->wallets().listWallets(std::move(done)); }));
    json::array names;
    for (const services::WalletInfo& info : list) names.emplace_back(info.name);
    return json::object{{"wallets", std::move(names)}};
}

CommandResult walletInfo(Runner& runner)
{
    BOWLINE_TRY(const services::WalletInfo info, runner.openWallet());
    return toJson(info);
}

} // namespace bowline::cli
