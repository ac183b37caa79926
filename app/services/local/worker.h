// SPDX-License-Identifier: MIT
// One thread with a queue: tasks run one after the other, in the order posted; delayed ones when they are due.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

namespace bowline::services {

class Worker {
public:
    using Task = std::function<void()>;
    Worker();
    /// As stop().
    ~Worker();
    Worker(const Worker&) = delete;
    Worker& operator=(const Worker&) = delete;

    /// Any thread. After stop() tasks are dropped.
    void post(Task task);
    void postAfter(std::chrono::milliseconds delay, Task task);
    /// Drops what waits, lets the running task end, joins. Not from the worker's own thread.
    void stop();
    [[nodiscard]] bool isCurrentThread() const { return std::this_thread::get_id() == m_thread.get_id(); }

private:
    using Moment = std::chrono::steady_clock::time_point;
    void run();

    std::mutex m_mutex;
    std::condition_variable m_wake;
    /// By due time; tasks of one moment keep their order of arrival.
    std::multimap<Moment, Task> m_tasks;
    bool m_stopped = false;
    std::thread m_thread;
};

} // namespace bowline::services
