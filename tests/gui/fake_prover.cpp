// SPDX-License-Identifier: MIT
#include "tests/gui/fake_prover.h"

#include <ctime>

namespace bowline::test {

FakeProver::FakeProver(Post post) : m_post(std::move(post))
{
    m_now.machine = {8, 16'384, "avx2", 8, 1024, 15'360};
    m_now.settings.threads = 4;
    m_now.node = "http://127.0.0.1:18600";
    m_now.tokenFile = "/srv/node/access.token";
}

void FakeProver::update(const std::function<void(ProverView&)>& change)
{
    ProverViewPtr next;
    std::list<std::shared_ptr<Listener>> listeners;
    {
        const std::lock_guard lock(m_mutex);
        change(m_now);
        next = std::make_shared<ProverView>(m_now);
        listeners = m_listeners;
    }
    for (const auto& listener : listeners) {
        const std::lock_guard lock(listener->mutex);
        if (listener->function) listener->function(next);
    }
}

void FakeProver::work(const std::string& kind)
{
    update([&](ProverView& view) {
        const base::UnixTime now = std::time(nullptr);
        view.state = ProverState::Working;
        view.since = view.statusTime = now;
        view.process = 4711;
        view.threadsInForce = view.settings.threads;
        view.memoryInForce = view.settings.memoryMib;
        view.task = ProverTask{kind, 1, 1207, 12.0, 30.0};
        view.done = {{"execute", 40, 1.4}, {"shard", 41, 8.2}, {"lift", 39, 12.5}};
        view.accepted = 120;
        view.failed = 2;
        view.queue = ProverQueue{3, 9, 2, 641, 0, 4, now - 8};
        view.speed.batchesAnHour = 163;
        view.speed.isFromTasks = true;
        view.events = {{now - 20, "delivered", {"shard", 0, 1207, 8.1, {}}, ""},
                       {now - 60, "failed", {"lift", 0, 1206, 3.4, {}}, "out of memory"},
                       {now - 90, "lost", {"execute", 0, 1206, 1.2, {}}, ""},
                       {now - 400, "crashed", {}, "killed by signal 9"},
                       {now - 500, "started", {}, ""}};
    });
}

void FakeProver::failNext(base::ErrorCode code, std::string detail)
{
    const std::lock_guard lock(m_mutex);
    m_nextFailure = base::makeError(code, std::move(detail));
}

std::optional<base::Error> FakeProver::failure()
{
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_nextFailure, std::nullopt);
}

int FakeProver::starts() const
{
    const std::lock_guard lock(m_mutex);
    return m_starts;
}

ProverViewPtr FakeProver::view() const
{
    const std::lock_guard lock(m_mutex);
    return std::make_shared<ProverView>(m_now);
}

Subscription FakeProver::handleView(std::function<void(ProverViewPtr)> function)
{
    auto listener = std::make_shared<Listener>();
    listener->function = std::move(function);
    {
        const std::lock_guard lock(m_mutex);
        m_listeners.push_back(listener);
    }
    return Subscription([this, listener] {
        {
            const std::lock_guard lock(listener->mutex);
            listener->function = nullptr;
        }
        const std::lock_guard lock(m_mutex);
        m_listeners.remove(listener);
    });
}

Task FakeProver::start(Completion<base::Unit> done)
{
    m_post([this, done = std::move(done)] {
        if (const auto failed = failure()) {
            update([&](ProverView& view) { view.code = failed->code.name(); });
            return done(*failed);
        }
        update([this](ProverView& view) {
            ++m_starts;
            view.state = ProverState::Waiting;
            view.code.clear();
            view.since = std::time(nullptr);
            view.events.insert(view.events.begin(), {std::time(nullptr), "started", {}, ""});
        });
        done(base::Unit{});
    });
    return {};
}

Task FakeProver::stop(Completion<base::Unit> done)
{
    m_post([this, done = std::move(done)] {
        update([](ProverView& view) {
            view.state = ProverState::Off;
            view.task.reset();
            view.code.clear();
            view.events.insert(view.events.begin(), {std::time(nullptr), "stopped", {}, ""});
        });
        done(base::Unit{});
    });
    return {};
}

Task FakeProver::configure(ProverSettings settings, Completion<base::Unit> done)
{
    m_post([this, settings = std::move(settings), done = std::move(done)] {
        if (const auto failed = failure()) return done(*failed);
        update([&](ProverView& view) {
            view.settings = settings;
            if (!settings.node.empty()) view.node = settings.node;
        });
        done(base::Unit{});
    });
    return {};
}

Task FakeProver::measure(Completion<ProverSpeed> done)
{
    m_post([this, done = std::move(done)] {
        if (const auto failed = failure()) return done(*failed);
        ProverSpeed speed;
        update([&](ProverView& view) {
            view.speed.seconds = 1.5;
            view.speed.threads = view.settings.threads;
            view.speed.batchesAnHour = 171;
            speed = view.speed;
        });
        done(speed);
    });
    return {};
}

} // namespace bowline::test
