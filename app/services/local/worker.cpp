// SPDX-License-Identifier: MIT
#include "app/services/local/worker.h"

namespace bowline::services {

Worker::Worker() : m_thread([this] { run(); }) {}

Worker::~Worker() { stop(); }

void Worker::post(Task task)
{
    // The earliest moment there is: before every delayed task, behind what was posted before.
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopped) return;
        m_tasks.emplace(Moment::min(), std::move(task));
    }
    m_wake.notify_one();
}

void Worker::postAfter(std::chrono::milliseconds delay, Task task)
{
    {
        const std::lock_guard lock(m_mutex);
        if (m_stopped) return;
        m_tasks.emplace(std::chrono::steady_clock::now() + delay, std::move(task));
    }
    m_wake.notify_one();
}

void Worker::stop()
{
    std::multimap<Moment, Task> dropped; // destroyed outside of the lock: destructors may post
    {
        const std::lock_guard lock(m_mutex);
        m_stopped = true;
        dropped.swap(m_tasks);
    }
    m_wake.notify_one();
    if (m_thread.joinable()) m_thread.join();
}

void Worker::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stopped) {
        if (m_tasks.empty()) {
            m_wake.wait(lock);
            continue;
        }
        const auto first = m_tasks.begin();
        if (first->first > std::chrono::steady_clock::now()) {
            const Moment due = first->first;
            m_wake.wait_until(lock, due);
            continue;
        }
        const Task task = std::move(first->second);
        m_tasks.erase(first);
        lock.unlock();
        task();
        lock.lock();
    }
}

} // namespace bowline::services
