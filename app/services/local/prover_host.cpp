// SPDX-License-Identifier: MIT
#include "app/services/prover_host.h"

#include "app/services/local/prover_service.h"
#include "app/services/local_services.h"
#include "core/base/folder_lock.h"
#include "core/base/private_file.h"

#include <boost/json.hpp>

#include <fstream>
#include <future>
#include <thread>

namespace bowline::services {

namespace json = boost::json;
using base::makeError;
using base::Status;
using base::success;
using base::Unit;

namespace {
constexpr std::chrono::milliseconds kLookEvery{50};
constexpr std::size_t kMaxRequest = std::size_t{16} << 10U;

std::string proverFolder(const std::string& dataDir) { return dataDir + "/prover"; }
std::string requestPath(const std::string& dataDir) { return proverFolder(dataDir) + "/request.json"; }

base::Result<base::FolderLock> lockFolder(const std::string& dataDir, std::chrono::milliseconds patience)
{
    std::error_code failure;
    std::filesystem::create_directories(proverFolder(dataDir), failure);
    if (failure) return makeError(kCannotStart, dataDir + ": " + failure.message());
    auto lock = base::FolderLock::take(dataDir, patience);
    if (lock.ok()) return lock;
    const bool isInUse = lock.error().code == base::kFolderInUse;
    return makeError(isInUse ? kInUse : kCannotStart, lock.error().detail);
}

json::object toJson(const ProverRequest& request)
{
    json::object out{{"stops", request.stops}};
    if (const auto& settings = request.settings)
        out["settings"] = {{"threads", settings->threads},
                           {"memory_mib", settings->memoryMib},
                           {"only_when_idle", settings->onlyWhenIdle},
                           {"node", settings->node},
                           {"token_file", settings->tokenFile}};
    return out;
}

/// Written by a program of this user's: what does not fit is left alone.
std::optional<ProverRequest> requestIn(const std::string& path)
{
    std::ifstream in(path, std::ios::binary);
    if (!in) return std::nullopt;
    std::string text(kMaxRequest, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    boost::system::error_code failure;
    const json::value value = json::parse(text, failure);
    ProverRequest out;
    if (failure || !value.is_object()) return out;
    try {
        out.stops = value.at("stops").as_bool();
        if (const json::value* of = value.get_object().if_contains("settings")) {
            ProverSettings& settings = out.settings.emplace();
            settings.threads = of->at("threads").to_number<unsigned>();
            settings.memoryMib = of->at("memory_mib").to_number<std::uint32_t>();
            settings.onlyWhenIdle = of->at("only_when_idle").as_bool();
            settings.node = std::string(of->at("node").as_string());
            settings.tokenFile = std::string(of->at("token_file").as_string());
        }
    } catch (const std::exception&) {
        return ProverRequest{};
    }
    return out;
}

class LocalProverHost final : public ProverHost {
public:
    LocalProverHost(base::FolderLock lock, const ProverHostOptions& options)
        : m_lock(std::move(lock)), m_dataDir(options.dataDir),
          m_service({options.dataDir, options.program, options.node, options.tokenFile})
    {
        forget(); // of an earlier run
    }
    ~LocalProverHost() override { m_service.shutDown(); }
    LocalProverHost(const LocalProverHost&) = delete;
    LocalProverHost& operator=(const LocalProverHost&) = delete;

    [[nodiscard]] ProverService& service() override { return m_service; }
    [[nodiscard]] bool turn() override
    {
        const auto request = requestIn(requestPath(m_dataDir));
        if (!request) return false;
        if (request->settings)
            wait([&](auto done) { return m_service.configure(*request->settings, std::move(done)); });
        if (request->stops) wait([&](auto done) { return m_service.stop(std::move(done)); });
        forget(); // which is the answer
        return request->stops;
    }

private:
    void forget() const
    {
        std::error_code failure;
        std::filesystem::remove(requestPath(m_dataDir), failure);
    }
    /// What fails the service's view says.
    template <typename Ask>
    static void wait(const Ask& ask)
    {
        auto promise = std::make_shared<std::promise<void>>();
        ask([promise](const base::Result<Unit>&) { promise->set_value(); });
        promise->get_future().wait();
    }

    base::FolderLock m_lock;
    std::string m_dataDir;
    LocalProverService m_service;
};
} // namespace

base::Result<std::unique_ptr<ProverHost>> ProverHost::open(const ProverHostOptions& options)
{
    BOWLINE_TRY(base::FolderLock lock, lockFolder(options.dataDir, options.patience));
    return std::unique_ptr<ProverHost>(std::make_unique<LocalProverHost>(std::move(lock), options));
}

Status askProverHost(const std::string& dataDir, const ProverRequest& request,
                     std::chrono::milliseconds patience)
{
    const std::string path = requestPath(dataDir);
    BOWLINE_CHECK(
        base::writePrivateFile(path, base::viewOf(json::serialize(toJson(request))), kProverBadFile));
    const auto deadline = std::chrono::steady_clock::now() + patience;
    std::error_code failure;
    while (std::filesystem::exists(path, failure)) {
        if (std::chrono::steady_clock::now() < deadline) {
            std::this_thread::sleep_for(kLookEvery);
            continue;
        }
        // Taken back; if it is gone by now it was done after all.
        if (std::filesystem::remove(path, failure)) return makeError(kInUse, dataDir);
    }
    return success();
}

ProverView readProver(const ProverHostOptions& options)
{
    const std::string folder = proverFolder(options.dataDir);
    const ProverMachine machine = machineHere();
    ProverKept kept = readProverKept(options.dataDir + "/prover.json");
    ProverView out = readProverStatus(folder + "/status.json").valueOr(ProverView{});
    if (!base::FolderLock::isHeld(folder)) {
        out.state = ProverState::Off;
        out.process = 0;
        out.task.reset();
    }
    out.machine = machine;
    out.settings = fitted(kept.settings, machine);
    out.node = kept.settings.node.empty() ? options.node : kept.settings.node;
    out.tokenFile = !kept.settings.tokenFile.empty() ? kept.settings.tokenFile
                    : kept.settings.node.empty()     ? options.tokenFile
                                                     : std::string();
    out.speed = kept.speed;
    if (const auto pace = paceOf(out.done)) {
        out.speed.batchesAnHour = *pace;
        out.speed.isFromTasks = true;
    }
    return out;
}

Status checkProverSettings(const ProverSettings& settings) { return checkSettings(settings, machineHere()); }

} // namespace bowline::services
