// SPDX-License-Identifier: MIT
// Words for what the prover's service says: states with what to do, kinds of tasks, events, the machine. Codes that are not known
// are shown as they are.
#pragma once

#include "app/services/interfaces/prover.h"
#include "ui/design/icons.h"

namespace bowline::ui {

struct ProverStanding {
    Tone tone = Tone::Neutral;
    Glyph glyph = Glyph::Dot;
    QString badge; // a word or two
    QString title; // what goes on
    QString text;  // what it means and what to do; may be empty
};
[[nodiscard]] ProverStanding standingOf(const services::ProverView& view);
/// For the status line; empty while it is off.
[[nodiscard]] QString proverLine(const services::ProverView& view);

/// "Shard", "Lift", ...
[[nodiscard]] QString proverKind(const std::string& kind);
/// What that does; empty for a kind of another version.
[[nodiscard]] QString proverKindMeaning(const std::string& kind);
/// "Shard 2 of batch 7".
[[nodiscard]] QString proverTaskText(const services::ProverTask& task);
[[nodiscard]] QString proverEventText(const std::string& code);
[[nodiscard]] Tone proverEventTone(const std::string& code);

/// "8 s", "2 min 5 s", "1 h 3 min".
[[nodiscard]] QString durationText(double seconds);
/// "3 GiB", "2.5 GiB".
[[nodiscard]] QString memoryText(std::uint64_t mib);
[[nodiscard]] QString vectorsText(const std::string& vectors);
/// "12 s of usually 30 s, about 18 s left".
[[nodiscard]] QString progressText(const services::ProverTask& task, double seconds);
/// Of 1000; none while it is not known how long such a task takes.
[[nodiscard]] std::optional<int> progressOf(const services::ProverTask& task, double seconds);
/// "about 120 batches an hour".
[[nodiscard]] QString paceText(double batchesAnHour);

} // namespace bowline::ui
