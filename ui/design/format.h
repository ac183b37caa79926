// SPDX-License-Identifier: MIT
// Numbers as people read them: amounts in one unit, addresses in fours, clocks in blocks. Free of widgets and of
// the locale; a decimal point is a point everywhere, because amounts are copied between people and programs.
#pragma once

#include "app/services/interfaces/views.h"

#include <QString>
#include <QStringList>

#include <optional>

namespace bowline::ui {

enum class Unit { Btc, Sat };

[[nodiscard]] QString unitName(Unit unit);
/// "0.01 234 567" with thin spaces, or "1 234 567". Always all decimals, so that columns line up.
[[nodiscard]] QString amountDigits(base::Amount amount, Unit unit);
/// Digits and unit, with "+" in front when asked for and positive. A minus is U+2212.
[[nodiscard]] QString amountText(base::Amount amount, Unit unit, bool showPlus = false);
/// What stands instead of an amount that is hidden.
[[nodiscard]] QString hiddenAmount();
/// What the user typed, in the unit: thin and plain spaces are skipped, a comma is refused.
[[nodiscard]] base::Result<base::Amount> parseAmount(const QString& text, Unit unit);
/// For a field: without grouping or trailing zeros.
[[nodiscard]] QString amountForEditing(base::Amount amount, Unit unit);

/// Pieces of four characters; the last may be shorter.
[[nodiscard]] QStringList addressChunks(const QString& address);
/// For screen readers and captions: the pieces with spaces between.
[[nodiscard]] QString spacedAddress(const QString& address);
/// "0123456789…cdef" for ids whose full text is one copy away.
[[nodiscard]] QString shortened(const QString& id, int head = 10, int tail = 8);

/// Seconds within which that many blocks come in 8 of 10 cases: blocks are a Poisson process of mean 600 s.
struct TimeRange {
    std::int64_t low = 0;
    std::int64_t high = 0;
};
[[nodiscard]] TimeRange rangeForBlocks(std::uint32_t blocks);
/// "8–11 h", "20–50 min", "5–9 days".
[[nodiscard]] QString rangeText(TimeRange range);
/// "87 / 144 blocks · about 8–11 h"; on regtest, where a block has no time, only the blocks.
[[nodiscard]] QString clockText(const services::BlockClock& clock, services::NetworkKind network);
/// "12 blocks (about 80–170 min)".
[[nodiscard]] QString blocksText(std::uint32_t blocks, services::NetworkKind network);

/// "just now", "5 min ago", "2 h ago", "3 days ago".
[[nodiscard]] QString ageText(std::int64_t seconds);
/// In the user's own date format.
[[nodiscard]] QString timeText(services::UnixTime time);
/// Rounded up, never a lone "0": "under 1 min", "about 3 min".
[[nodiscard]] QString remainingText(std::uint64_t seconds);
/// 12 345 with thin spaces.
[[nodiscard]] QString countText(std::uint64_t count);
/// "2.5 sat/vB" from satoshi per 1000 virtual bytes.
[[nodiscard]] QString feeRateText(std::int64_t satPerKvb);
/// Of what is typed as sat/vB with at most three decimals.
[[nodiscard]] std::optional<std::int64_t> parseFeeRate(const QString& text);

/// When a tip counts as old: an hour without a block happens once or twice a week, 90 minutes hardly ever.
inline constexpr std::int64_t kStaleAfterSeconds = 90 * 60;
[[nodiscard]] bool isStale(services::UnixTime tip, services::UnixTime now, services::NetworkKind network);

[[nodiscard]] QString networkName(services::NetworkKind network);
[[nodiscard]] inline QString fromStd(const std::string& text) { return QString::fromStdString(text); }

} // namespace bowline::ui
