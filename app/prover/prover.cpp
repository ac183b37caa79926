// SPDX-License-Identifier: MIT
#include "app/prover/prover.h"

#include "app/prover/worker.h"
#include "core/base/folder_lock.h"
#include "core/base/log.h"
#include "core/crypto/hash.h"
#include "core/crypto/random.h"
#include "core/net/params.h"
#include "core/tasks/service.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include <unistd.h>

namespace bowline::prover_app {

namespace json = net::json;
using base::makeError;
using base::Status;
using base::success;
using std::chrono::milliseconds;

namespace {
constexpr milliseconds kSoon{200};
constexpr milliseconds kLater{2'000};
constexpr std::chrono::seconds kWorkerStays{20};
constexpr unsigned kMostDoublings = 7; // four minutes
// Below what a node takes as one request (net::ServerLimits), in hex.
constexpr std::size_t kUploadBytes = 800U << 10U;
constexpr std::size_t kMaxName = 64;

std::string besideThis(const char* name)
{
    std::error_code failure;
    return std::filesystem::read_symlink("/proc/self/exe", failure).parent_path() / name;
}

/// Random, made at the first start.
Result<std::string> nameIn(const std::string& folder)
{
    const std::string path = folder + "/name";
    if (const auto known = readFile(path, kMaxName); known.ok())
        return std::string(known->begin(), known->end());
    base::ByteArray<8> random{};
    BOWLINE_CHECK(crypto::randomBytes(random));
    const std::string name = "prover-" + base::toHex(random);
    BOWLINE_CHECK(writeFile(path, base::viewOf(name)));
    return name;
}

std::atomic<bool> g_stop{false};
void onSignal(int /*number*/) { g_stop = true; }
} // namespace

Result<std::optional<Assignment>> parseAssignment(const json::value& answer)
{
    BOWLINE_TRY(const json::object whole, net::asObject(answer));
    if (!net::hasField(whole, "task")) return std::optional<Assignment>{};
    BOWLINE_TRY(const json::object task, net::fieldObject(whole, "task"));
    Assignment out;
    BOWLINE_TRY(const auto lease, net::fieldHex32(task, "lease"));
    out.lease = base::toHex(lease);
    BOWLINE_TRY(out.task.bytes, net::fieldHex32(task, "id"));
    BOWLINE_TRY(const std::string kind, net::fieldText(task, "kind"));
    BOWLINE_TRY(out.kind, tasks::kindFromName(kind));
    BOWLINE_TRY(out.place, net::fieldU32(task, "place"));
    BOWLINE_TRY(out.batch, net::fieldU64(task, "batch"));
    BOWLINE_TRY(out.leaseSeconds, net::fieldU32(task, "lease_seconds"));
    BOWLINE_TRY(const auto image, net::fieldHex32(task, "image"));
    out.image = base::toHex(image);
    constexpr std::size_t kMaxNetwork = 1024;
    BOWLINE_TRY(const base::Bytes network, net::fieldHex(task, "network", kMaxNetwork));
    out.network = base::toHex(network);
    BOWLINE_TRY(out.input.bytes, net::fieldHex32(task, "input"));
    BOWLINE_TRY(const json::array inputs, net::fieldArray(task, "inputs"));
    for (const json::value& item : inputs) {
        BOWLINE_TRY(const base::Digest digest,
                    base::Digest::fromHex(item.is_string() ? std::string_view(item.get_string()) : ""));
        out.inputs.push_back(digest);
    }
    return std::optional<Assignment>{std::move(out)};
}

Result<std::unique_ptr<Prover>> Prover::open(ProverOptions options)
{
    std::error_code failure;
    for (const char* folder : {"/blobs", "/results"}) {
        std::filesystem::create_directories(options.datadir + folder, failure);
        if (failure) return makeError(kCannotWrite, options.datadir + folder);
    }
    if (options.threads == 0) options.threads = std::max(1U, std::thread::hardware_concurrency());
    if (options.stfImage.empty()) options.stfImage = besideThis("bowline-stf.image");
    std::unique_ptr<Prover> out(new Prover(std::move(options)));
    BOWLINE_TRY(out->m_name, nameIn(out->m_options.datadir));
    return out;
}

std::string Prover::blobPath(const base::Digest& digest) const
{
    return m_options.datadir + "/blobs/" + digest.hex();
}

std::string Prover::resultPath() const { return m_options.datadir + "/results/" + m_task->task.hex(); }

void Prover::run(const std::atomic<bool>& stop)
{
    base::logInfo("prover", m_name + " works for " + m_options.node.text());
    while (!stop) {
        milliseconds left = turn();
        for (; left.count() > 0 && !stop; left -= kSoon) std::this_thread::sleep_for(std::min(left, kSoon));
    }
    m_child.reset();
    writeStatus("stopped");
}

milliseconds Prover::turn()
{
    const bool hadTask = m_task.has_value();
    m_isIdle = !m_options.onlyWhenIdle || m_idle.isIdle();
    if (m_child) m_child->pause(!m_isIdle);
    Status done = success();
    if (!m_task && m_isIdle) {
        done = takeTask();
    } else if (m_isWorking) {
        if (const auto how = taskEnded()) {
            done = childEnded(*how);
        } else if (Steady::now() >= m_nextBeat) {
            done = beat();
        }
    } else if (m_task) {
        done = deliver(); // again: the node did not answer
    }
    if (!done.ok() && done.error().code == tasks::kLeaseLost) {
        base::logWarning("prover", "the task was given to another one");
        forget();
    }
    const std::string trouble =
        done.ok() ? std::string() : std::string(done.error().code.name()) + ' ' + done.error().detail;
    if (!trouble.empty() && trouble != m_trouble) base::logWarning("prover", trouble);
    m_trouble = trouble;
    writeStatus(!m_isIdle ? "paused" : m_task ? "working" : done.ok() ? "waiting" : "failing");
    if (m_isWorking) return kSoon;
    // What it keeps for the next task is others' memory.
    if (m_task) m_idleSince = Steady::now();
    if (m_child && Steady::now() - m_idleSince > kWorkerStays) m_child.reset();
    // What fails again and again, as on a full disk, is not to use up the tries of all tasks.
    if (!m_task && m_failedInARow > 1) return kLater * (1U << std::min(m_failedInARow, kMostDoublings));
    // After a task the next one at once.
    return done.ok() && hadTask && !m_task ? milliseconds(0) : kLater;
}

Status Prover::connect()
{
    net::ClientOptions options;
    options.timeout = std::chrono::seconds(120); // the node checks a result before it answers
    BOWLINE_TRY(options.token, net::AccessToken::readFile(m_options.tokenFile));
    m_client = std::make_unique<net::BlockingClient>(m_options.node, options);
    return success();
}

Result<json::value> Prover::call(const char* method, json::object params)
{
    if (!m_client) BOWLINE_CHECK(connect());
    auto answer = m_client->call(method, params);
    if (!answer.ok() && answer.error().code == net::kUnauthorized)
        m_client.reset(); // its token is another one now
    return answer;
}

Status Prover::takeTask()
{
    json::array kinds;
    for (const tasks::Kind kind : tasks::kKinds) {
        if (tasks::contains(m_options.kinds, kind)) kinds.emplace_back(tasks::kindName(kind));
    }
    BOWLINE_TRY(const json::value answer, call("proving_take", {{"prover", m_name},
                                                                {"kinds", std::move(kinds)},
                                                                {"memory_mib", m_options.memoryMib},
                                                                {"started", m_started}}));
    m_started = false;
    BOWLINE_TRY(m_task, parseAssignment(answer));
    if (!m_task) return success();
    base::logInfo("prover", "batch " + std::to_string(m_task->batch) + ", " +
                                std::string(tasks::kindName(m_task->kind)) + ' ' +
                                std::to_string(m_task->place));
    m_begun = Steady::now();
    const Status begun = begin();
    if (begun.ok() || begun.error().code == tasks::kLeaseLost) return begun;
    if (net::isConnectionFailure(begun.error().code)) {
        m_task.reset(); // the node gives the same lease again
        return begun;
    }
    return giveUp(std::string(begun.error().code.name()) + ' ' + begun.error().detail);
}

Status Prover::begin()
{
    // Made before this process was killed, and not delivered.
    if (std::filesystem::exists(resultPath())) return deliver();
    BOWLINE_CHECK(fetch(m_task->input));
    for (const base::Digest& digest : m_task->inputs) BOWLINE_CHECK(fetch(digest));
    BOWLINE_CHECK(give());
    m_nextBeat = Steady::now();
    return success();
}

Status Prover::give()
{
    json::array arguments{"--task",         tasks::kindName(m_task->kind),
                          "--place",        std::to_string(m_task->place),
                          "--image",        m_options.stfImage,
                          "--image-digest", m_task->image,
                          "--input",        blobPath(m_task->input),
                          "--network",      m_task->network,
                          "--output",       resultPath(),
                          "--threads",      std::to_string(m_options.threads)};
    for (const base::Digest& digest : m_task->inputs) {
        arguments.emplace_back("--needs");
        arguments.emplace_back(blobPath(digest));
    }
    const std::string line = json::serialize(arguments);
    m_isWorking = true;
    if (m_child && m_child->ask(line)) return success();
    // By this name the program is there even when its file was replaced by a newer one.
    BOWLINE_TRY(Child child, Child::start({"/proc/self/exe", "--role", "prover-worker", "--serve"},
                                          {m_options.memoryMib, m_options.niceness},
                                          m_options.datadir + "/worker.log", true));
    m_child.reset();
    m_child.emplace(std::move(child));
    if (!m_child->ask(line)) return makeError(kCannotStart, "the worker takes no task");
    return success();
}

std::optional<std::string> Prover::taskEnded()
{
    if (auto said = m_child->answer()) return said;
    auto how = m_child->ended();
    if (how && how->empty()) return "the worker ended without an answer";
    return how;
}

Status Prover::fetch(const base::Digest& digest)
{
    const std::string path = blobPath(digest);
    if (const auto known = readFile(path, tasks::kMaxResult); known.ok() && crypto::sha256(*known) == digest)
        return success();
    base::Bytes bytes;
    for (;;) {
        BOWLINE_TRY(const json::value answer,
                    call("proving_blob", {{"digest", digest.hex()}, {"offset", bytes.size()}}));
        BOWLINE_TRY(const json::object part, net::asObject(answer));
        BOWLINE_TRY(const std::uint64_t size, net::fieldU64(part, "size"));
        BOWLINE_TRY(const base::Bytes piece, net::fieldHex(part, "hex", tasks::kMaxResult));
        base::append(bytes, piece);
        if (bytes.size() >= size) break;
        if (piece.empty() || bytes.size() > tasks::kMaxResult) return makeError(net::kBadResponse, "no end");
    }
    if (crypto::sha256(bytes) != digest) return makeError(net::kBadResponse, "other bytes than asked for");
    return writeFile(path, bytes);
}

Status Prover::beat()
{
    m_nextBeat = Steady::now() + std::chrono::seconds(std::max<std::int64_t>(1, m_task->leaseSeconds / 4));
    BOWLINE_CHECK(call("proving_heartbeat", {{"lease", m_task->lease}}));
    return success();
}

Status Prover::childEnded(const std::string& how)
{
    m_isWorking = false;
    if (m_child->ended()) m_child.reset();
    if (how.empty() && std::filesystem::exists(resultPath())) return deliver();
    return giveUp(how.empty() ? "the worker left no result" : how);
}

Status Prover::deliver()
{
    const auto read = readFile(resultPath(), tasks::kMaxResult);
    if (!read.ok()) return giveUp("the result cannot be read");
    const base::Bytes& result = *read;
    for (std::size_t at = 0; at < result.size(); at += kUploadBytes) {
        const auto piece = base::ByteView(result).subspan(at, std::min(kUploadBytes, result.size() - at));
        BOWLINE_CHECK(
            call("proving_upload", {{"lease", m_task->lease}, {"offset", at}, {"hex", base::toHex(piece)}}));
    }
    const auto taken =
        call("proving_result", {{"lease", m_task->lease}, {"digest", crypto::sha256(result).hex()}});
    const bool isOver = taken.ok() || taken.error().code == tasks::kWrongResult;
    if (!isOver) return taken.error();
    if (taken.ok()) {
        const double seconds = std::chrono::duration<double>(Steady::now() - m_begun).count();
        m_failedInARow = 0;
        auto& [count, sum] = m_done[m_task->kind];
        ++count;
        sum += seconds;
        base::logInfo("prover", "delivered after " + std::to_string(seconds) + " s");
    } else {
        ++m_failed;
        ++m_failedInARow;
    }
    forget();
    return taken.ok() ? success() : Status(taken.error());
}

Status Prover::giveUp(const std::string& why)
{
    ++m_failed;
    ++m_failedInARow;
    const auto told = call("proving_fail", {{"lease", m_task->lease}, {"reason", why}});
    forget();
    if (!told.ok()) return told.error();
    return makeError(kTaskFailed, why);
}

void Prover::forget()
{
    // A task that is not wanted any more is ended with its worker.
    if (std::exchange(m_isWorking, false)) m_child.reset();
    m_idleSince = Steady::now();
    std::error_code ignored;
    if (m_task) std::filesystem::remove(resultPath(), ignored);
    // Inputs of this batch's next tasks are worth keeping; older ones are not.
    constexpr auto kKept = std::chrono::hours(1);
    for (const auto& entry : std::filesystem::directory_iterator(m_options.datadir + "/blobs", ignored)) {
        const auto written = entry.last_write_time(ignored);
        if (!ignored && std::filesystem::file_time_type::clock::now() - written > kKept)
            std::filesystem::remove(entry.path(), ignored);
    }
    m_task.reset();
}

void Prover::writeStatus(std::string_view state)
{
    json::object done;
    for (const auto& [kind, sum] : m_done) {
        done[tasks::kindName(kind)] = {{"count", sum.first},
                                       {"mean_seconds", sum.second / double(sum.first)}};
    }
    json::object out{{"name", m_name}, {"state", state},     {"pid", ::getpid()},
                     {"done", done},   {"failed", m_failed}, {"error", m_trouble}};
    if (m_task) {
        out["task"] = {{"kind", tasks::kindName(m_task->kind)},
                       {"place", m_task->place},
                       {"batch", m_task->batch},
                       {"worker", m_isWorking ? m_child->id() : 0},
                       {"seconds", std::chrono::duration<double>(Steady::now() - m_begun).count()}};
    }
    static_cast<void>(writeFile(m_options.datadir + "/status.json", base::viewOf(json::serialize(out))));
}

int runProver(const std::vector<std::string>& arguments)
{
    if (std::find(arguments.begin(), arguments.end(), "--help") != arguments.end()) {
        std::fputs(std::string(proverUsage()).c_str(), stdout);
        return 0;
    }
    const auto fail = [](const base::Error& error) {
        const std::string code(error.code.name());
        std::fprintf(stderr, "bowlined: %s: %s\n", code.c_str(), error.detail.c_str());
        return error.code == kUsage ? 2 : 1;
    };
    const auto options = parseProver(arguments);
    if (!options.ok()) return fail(options.error());
    base::setLogLevel(options->verbose ? base::LogLevel::Debug : base::LogLevel::Info);
    std::error_code failure;
    std::filesystem::create_directories(options->datadir, failure);
    std::filesystem::permissions(options->datadir, std::filesystem::perms::owner_all, failure);
    const auto lock = base::FolderLock::take(options->datadir);
    if (!lock.ok()) return fail(lock.error());
    const auto opened = Prover::open(*options);
    if (!opened.ok()) return fail(opened.error());
    for (const int number : {SIGINT, SIGTERM}) std::signal(number, &onSignal);
    std::printf("%s\n", json::serialize(json::object{{"ready", true}, {"role", "prover"}}).c_str());
    std::fflush(stdout);
    (*opened)->run(g_stop);
    return 0;
}

} // namespace bowline::prover_app
