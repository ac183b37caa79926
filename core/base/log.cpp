// SPDX-License-Identifier: MIT
#include "core/base/log.h"

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <memory>
#include <mutex>

namespace bowline::base {

namespace {
struct FileCloser {
    void operator()(std::FILE* file) const
    {
        if (file != nullptr) std::fclose(file);
    }
};

struct Sink {
    std::mutex mutex;
    std::unique_ptr<std::FILE, FileCloser> file;
};

Sink& sink()
{
    static Sink instance;
    return instance;
}

std::atomic<LogLevel>& smallestLevel()
{
    static std::atomic<LogLevel> level{LogLevel::Info};
    return level;
}

const char* nameOf(LogLevel level)
{
    static constexpr std::array<const char*, 4> kNames{"debug", "info", "warning", "error"};
    return kNames.at(static_cast<std::size_t>(level));
}
} // namespace

void setLogLevel(LogLevel smallest) { smallestLevel() = smallest; }

void setLogFile(const std::string& path)
{
    const std::lock_guard lock(sink().mutex);
    sink().file.reset(path.empty() ? nullptr : std::fopen(path.c_str(), "ae"));
}

void log(LogLevel level, std::string_view category, std::string_view text)
{
    if (level < smallestLevel()) return;
    using namespace std::chrono;
    const auto now = system_clock::now();
    const std::time_t seconds = system_clock::to_time_t(now);
    const auto millis = duration_cast<milliseconds>(now.time_since_epoch()).count() % 1000;
    std::tm parts{};
    gmtime_r(&seconds, &parts);
    std::array<char, 32> stamp{};
    std::strftime(stamp.data(), stamp.size(), "%Y-%m-%dT%H:%M:%S", &parts);

    const std::lock_guard lock(sink().mutex);
    std::FILE* out = sink().file ? sink().file.get() : stderr;
    std::fprintf(out, "%s.%03dZ %s [%.*s] %.*s\n", stamp.data(), static_cast<int>(millis), nameOf(level),
                 static_cast<int>(category.size()), category.data(), static_cast<int>(text.size()),
                 text.data());
    std::fflush(out);
}

} // namespace bowline::base
