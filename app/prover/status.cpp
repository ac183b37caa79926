// SPDX-License-Identifier: MIT
#include "app/prover/status.h"

#include "app/prover/worker.h"
#include "core/net/params.h"

#include <unistd.h>

namespace bowline::prover_app {

namespace json = net::json;

namespace {
constexpr std::size_t kMaxFile = std::size_t{1} << 20U;
constexpr std::size_t kMaxDetail = 300;
constexpr double kNewShare = 0.3;

base::UnixTime unixNow() { return base::SystemClock().now(); }

double numberAt(const json::object& object, std::string_view name)
{
    const json::value* field = object.if_contains(name);
    boost::system::error_code failure;
    const double out = field != nullptr ? field->to_number<double>(failure) : 0;
    return failure || !(out >= 0) ? 0 : out;
}

json::object taskJson(const StatusFile::TaskNow& task)
{
    return {{"kind", tasks::kindName(task.kind)},
            {"place", task.place},
            {"batch", task.batch},
            {"seconds", task.seconds}};
}
} // namespace

StatusFile::StatusFile(std::string path) : m_path(std::move(path)) { read(); }

void StatusFile::read()
{
    const auto bytes = readFile(m_path, kMaxFile);
    if (!bytes.ok()) return;
    boost::system::error_code failure;
    const json::value whole = json::parse(std::string(bytes->begin(), bytes->end()), failure);
    if (failure || !whole.is_object()) return;
    const json::object& object = whole.get_object();
    m_failed = static_cast<std::uint64_t>(numberAt(object, "failed"));
    const json::value* done = object.if_contains("done");
    for (const tasks::Kind kind : tasks::kKinds) {
        const json::value* entry = done != nullptr && done->is_object()
                                       ? done->get_object().if_contains(tasks::kindName(kind))
                                       : nullptr;
        if (entry == nullptr || !entry->is_object()) continue;
        const json::object& of = entry->get_object();
        m_done[kind] = {static_cast<std::uint64_t>(numberAt(of, "count")),
                        static_cast<std::uint64_t>(numberAt(of, "timed")), numberAt(of, "seconds"),
                        numberAt(of, "usual_seconds")};
    }
    if (const json::value* events = object.if_contains("events"); events != nullptr && events->is_array()) {
        for (const json::value& event : events->get_array()) {
            if (event.is_object() && m_events.size() < kEvents) m_events.push_back(event.get_object());
        }
    }
}

void StatusFile::addEvent(std::string_view code, const TaskNow& task, const std::string& detail)
{
    json::object event = taskJson(task);
    event["time"] = unixNow();
    event["code"] = code;
    event["detail"] = detail.substr(0, kMaxDetail);
    m_events.push_back(std::move(event));
    if (m_events.size() > kEvents) m_events.pop_front();
    m_isChanged = true;
}

void StatusFile::delivered(const TaskNow& task)
{
    KindCount& of = m_done[task.kind];
    ++of.count;
    if (task.seconds > 0) {
        of.usual = of.usual == 0 ? task.seconds : of.usual + kNewShare * (task.seconds - of.usual);
        of.seconds += task.seconds;
        ++of.timed;
    }
    addEvent("delivered", task, {});
}

void StatusFile::failed(std::string_view code, const TaskNow& task, const std::string& why)
{
    if (code != "lost") ++m_failed;
    addEvent(code, task, why);
}

void StatusFile::setNode(const json::value& status, std::string_view name)
{
    if (!status.is_object()) return;
    json::object node{{"time", unixNow()}};
    if (const json::value* queue = status.get_object().if_contains("queue")) node["queue"] = *queue;
    if (const json::value* provers = status.get_object().if_contains("provers");
        provers != nullptr && provers->is_array()) {
        node["provers"] = provers->get_array().size();
        for (const json::value& one : provers->get_array()) {
            const json::value* known = one.is_object() ? one.get_object().if_contains("name") : nullptr;
            if (known != nullptr && known->is_string() && std::string_view(known->get_string()) == name)
                node["own"] = one;
        }
    }
    m_node = std::move(node);
    m_isChanged = true;
}

void StatusFile::write(const Now& now)
{
    const auto moment = std::chrono::steady_clock::now();
    if (m_state != now.state) {
        m_state = now.state;
        m_since = unixNow();
        m_isChanged = true;
    }
    if (!m_isChanged && moment - m_written < kPause) return;
    m_isChanged = false;
    m_written = moment;
    json::object done;
    for (const auto& [kind, of] : m_done) {
        done[tasks::kindName(kind)] = {{"count", of.count},
                                       {"timed", of.timed},
                                       {"seconds", of.seconds},
                                       {"mean_seconds", of.timed == 0 ? 0.0 : of.seconds / double(of.timed)},
                                       {"usual_seconds", of.usual}};
    }
    json::array events;
    for (const json::object& event : m_events) events.push_back(event);
    const auto& trouble = now.trouble;
    json::object out{
        {"name", now.name},
        {"pid", ::getpid()},
        {"time", unixNow()},
        {"state", now.state},
        {"since", m_since},
        {"threads", now.options.threads},
        {"memory_mib", now.options.memoryMib},
        {"only_when_idle", now.options.onlyWhenIdle},
        {"done", std::move(done)},
        {"failed", m_failed},
        {"failed_in_a_row", now.failedInARow},
        {"next_try", now.nextTry},
        {"code", trouble ? trouble->code.name() : std::string_view()},
        {"error", trouble ? std::string(trouble->code.name()) + ' ' + trouble->detail : std::string()},
        {"node", m_node},
        {"events", std::move(events)}};
    if (now.task) {
        out["task"] = taskJson(*now.task);
        out["task"].as_object()["worker"] = now.task->worker;
        if (const auto of = m_done.find(now.task->kind); of != m_done.end() && of->second.timed != 0)
            out["task"].as_object()["usual_seconds"] = of->second.usual;
    }
    static_cast<void>(writeFile(m_path, base::viewOf(json::serialize(out))));
}

} // namespace bowline::prover_app
