// SPDX-License-Identifier: MIT
// Categorised log lines to standard error or a file. Never pass secrets; addresses and amounts only at Debug.
#pragma once

#include <string>
#include <string_view>

namespace bowline::base {

enum class LogLevel { Debug, Info, Warning, Error };

void setLogLevel(LogLevel smallest);
/// Appends to `path` instead of standard error. An empty path goes back to standard error.
void setLogFile(const std::string& path);
/// One line: time, level, category ("chain", "wallet", ...), text. Thread-safe.
void log(LogLevel level, std::string_view category, std::string_view text);

inline void logDebug(std::string_view category, std::string_view text)
{
    log(LogLevel::Debug, category, text);
}
inline void logInfo(std::string_view category, std::string_view text) { log(LogLevel::Info, category, text); }
inline void logWarning(std::string_view category, std::string_view text)
{
    log(LogLevel::Warning, category, text);
}
inline void logError(std::string_view category, std::string_view text)
{
    log(LogLevel::Error, category, text);
}

} // namespace bowline::base
