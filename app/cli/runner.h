// SPDX-License-Identifier: MIT
// What a command has at hand: arguments, the services (started when first asked for), and waiting for answers.
#pragma once

#include "app/cli/arguments.h"
#include "app/cli/secrets.h"
#include "app/services/interfaces/services.h"

#include <boost/json.hpp>

#include <chrono>
#include <future>
#include <memory>

namespace bowline::cli {

namespace json = boost::json;

inline constexpr base::ErrorCode kTimeout{"cli.timeout"};
inline constexpr base::ErrorCode kNoConnection{"cli.no-connection"};

class Runner {
public:
    explicit Runner(const Arguments& arguments) : m_arguments(arguments) {}

    [[nodiscard]] const Arguments& arguments() const { return m_arguments; }
    /// Light clients and wallets; connects on first use.
    [[nodiscard]] base::Result<services::Services*> services();
    /// The wallet of --wallet, watch-only.
    [[nodiscard]] base::Result<services::WalletInfo> openWallet();
    [[nodiscard]] base::Result<services::WalletInfo> unlockWallet();
    /// Up to --timeout seconds (default 120).
    [[nodiscard]] base::Result<services::SyncView> waitSynced();
    /// For the end of a command, after its answer was printed: stays until a peer has asked for each payment of the
    /// wallet that waits for that, four seconds at most. Nodes ask about two seconds after they were told; for what
    /// they have already they never ask. Does nothing for a command that did not wait for the chain.
    void sendWhatWaits() const;
    [[nodiscard]] std::string walletName() const { return m_arguments.get("wallet", "main"); }

    /// The answer is complete, and it is no: exit status 1.
    void setFailed() { m_hasFailed = true; }
    [[nodiscard]] bool hasFailed() const { return m_hasFailed; }
    /// What people see instead of the answer's fields one by one.
    void setReadable(std::string text) { m_readable = std::move(text); }
    [[nodiscard]] const std::string& readable() const { return m_readable; }

    /// Calls `ask` with a completion and waits for it.
    template <typename T>
    [[nodiscard]] base::Result<T>
    wait(const std::function<services::Task(services::Completion<T>)>& ask) const
    {
        auto promise = std::make_shared<std::promise<base::Result<T>>>();
        auto future = promise->get_future();
        services::Task task =
            ask([promise](base::Result<T> result) { promise->set_value(std::move(result)); });
        BOWLINE_TRY(const std::uint64_t limit, m_arguments.number("timeout", 120));
        if (future.wait_for(std::chrono::seconds(limit)) != std::future_status::ready) {
            task.cancel();
            return base::makeError(kTimeout, "no answer within " + std::to_string(limit) + " s");
        }
        return future.get();
    }

private:
    const Arguments& m_arguments;
    std::unique_ptr<services::Services> m_services;
    bool m_isWalletOpen = false;
    bool m_isSynced = false;
    bool m_hasFailed = false;
    std::string m_readable;
};

using CommandResult = base::Result<json::object>;
using Command = CommandResult (*)(Runner&);

} // namespace bowline::cli
