// SPDX-License-Identifier: MIT
// How many tasks a second each store gives out and takes back: take, heartbeat and finish with a result of 1 KiB, by one
// connection and by four at once. A task itself takes seconds to minutes.
#include "tests/unit/tasks/fixture.h"

#include <atomic>
#include <cstdio>
#include <thread>

using namespace bowline;
using namespace bowline::test;

namespace {
constexpr std::uint64_t kBatches = 16;
constexpr std::uint32_t kShards = 4;
constexpr std::uint64_t kTasks = kBatches * (3 * kShards - 1 + 3);

using Opener = std::function<std::unique_ptr<TaskStore>()>;

std::uint64_t work(TaskStore& store, const std::string& name, const std::atomic<std::uint64_t>& done)
{
    std::uint64_t out = 0;
    while (done + out < kTasks) {
        const auto lease = must(store.take({name, kAll, kMuch, false}));
        if (!lease) return out; // what is left waits for what others have
        must(store.heartbeat(lease->token));
        std::vector<Task> more;
        if (lease->task.kind == Kind::Execute) more = must(tasksAfterExecution(lease->job, kShards));
        Bytes result(1024);
        std::copy(lease->task.id.bytes.begin(), lease->task.id.bytes.end(), result.begin());
        must(store.finish(lease->token, result, more));
        ++out;
    }
    return out;
}

double tasksPerSecond(const Opener& open, unsigned workers)
{
    const auto first = open();
    for (std::uint64_t n = 1; n <= kBatches; ++n) must(first->addBatch(jobOf(n), inputOf(n)));
    std::atomic<std::uint64_t> done{0};
    const auto begin = std::chrono::steady_clock::now();
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < workers; ++i) {
        threads.emplace_back([&, i] {
            const auto store = open();
            while (done < kTasks) {
                done += work(*store, "worker-" + std::to_string(i), done);
                QThread::msleep(
                    2); // whoever asks without a pause keeps SQLite from those who have something to say
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
    return static_cast<double>(kTasks) / seconds;
}
} // namespace

int main()
{
    std::setvbuf(stdout, nullptr, _IONBF, 0); // each figure as soon as it is known
    const base::SystemClock clock;
    std::printf("{");
    for (const unsigned workers : {1U, 4U}) {
        QTemporaryDir folder;
        const std::string path = folder.filePath("tasks").toStdString();
        std::printf("\"sqlite_tasks_per_second_%u\": %.0f, ", workers,
                    tasksPerSecond([&] { return must(openSqliteStore(path, clock)); }, workers));
    }
    if (PostgresServer::isPresent()) {
        PostgresServer server(PostgresServer::Sync::Yes);
        for (const unsigned workers : {1U, 4U}) {
            const std::string where = server.makeDatabase("bench" + std::to_string(workers));
            std::printf("\"postgres_tasks_per_second_%u\": %.0f, ", workers,
                        tasksPerSecond([&] { return must(openPostgresStore(where, clock)); }, workers));
        }
    }
    std::printf("\"tasks\": %llu}\n", static_cast<unsigned long long>(kTasks));
}
