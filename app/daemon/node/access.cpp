// SPDX-License-Identifier: MIT
#include "app/daemon/node/access.h"

#include "core/base/log.h"
#include "core/net/params.h"

#include <chrono>

#include <sys/stat.h>
#include <unistd.h>

namespace bowline::daemon {

namespace json = net::json;
using base::Result;

namespace {
bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<std::shared_ptr<net::ServerTls>> openTls(const Options& options)
{
    if (!options.tlsCertificate.empty()) return net::ServerTls::load(options.tlsCertificate, options.tlsKey);
    const std::string certificate = certificateFileOf(options.datadir);
    const std::string key = certificateKeyFileOf(options.datadir);
    // Never over a certificate that clients may have pinned: only when none is there.
    if (!exists(certificate)) {
        net::SelfSigned own;
        if (!options.listen.isLoopback()) own.names.push_back(options.listen.host);
        BOWLINE_CHECK(net::makeSelfSigned(certificate, key, own));
    }
    return net::ServerTls::load(certificate, key);
}
} // namespace

std::string certificateFileOf(const std::string& datadir) { return datadir + "/tls.crt"; }

std::string certificateKeyFileOf(const std::string& datadir) { return datadir + "/tls.key"; }

std::string tokenFileOf(const std::string& datadir) { return datadir + "/access.token"; }

Result<net::ServerAccess> openAccess(const Options& options)
{
    net::ServerAccess out;
    if (options.listen.tls) {
        BOWLINE_TRY(out.tls, openTls(options));
        base::logInfo("daemon", "certificate, SHA-256: " + base::toHex(out.tls->fingerprint()));
    }
    BOWLINE_TRY(out.token, net::AccessToken::generate());
    BOWLINE_CHECK(out.token->writeFile(tokenFileOf(options.datadir)));
    return out;
}

void addAdminMethods(net::Dispatcher& dispatcher, const net::asio::any_io_executor& executor,
                     std::function<net::ServerStatistics()> statistics, std::function<void()> stop)
{
    const auto began = std::chrono::steady_clock::now();
    const auto status = [statistics = std::move(statistics),
                         began](const json::object& params) -> Result<json::value> {
        BOWLINE_CHECK(net::onlyFields(params, {}));
        const net::ServerStatistics now = statistics();
        const auto up = std::chrono::steady_clock::now() - began;
        json::object refused;
        for (const auto& [code, count] : now.refused) refused[code] = count;
        json::object connections;
        for (const auto& [address, count] : now.connections) connections[address] = count;
        return json::value{{"pid", ::getpid()},
                           {"up_seconds", std::chrono::duration_cast<std::chrono::seconds>(up).count()},
                           {"accepted", now.accepted},
                           {"requests", now.requests},
                           {"refused", std::move(refused)},
                           {"connections", std::move(connections)}};
    };
    const auto end = [stop = std::move(stop)](const json::object& params) -> Result<json::value> {
        BOWLINE_CHECK(net::onlyFields(params, {}));
        base::logInfo("daemon", "told to stop by admin_stop");
        stop();
        return json::value{{"stopping", true}};
    };
    dispatcher.add("admin_status", executor, status, {.admin = true});
    dispatcher.add("admin_stop", executor, end, {.admin = true});
}

} // namespace bowline::daemon
