// SPDX-License-Identifier: MIT
#include "ui/design/prover_texts.h"

#include "ui/design/error_texts.h"
#include "ui/design/format.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QLocale>

#include <algorithm>
#include <cmath>

namespace bowline::ui {

using services::ProverState;
using services::ProverTask;
using services::ProverView;

namespace {
QString say(const char* text, int count = -1)
{
    return QCoreApplication::translate("Prover", text, nullptr, count);
}

struct Word {
    std::string_view code;
    const char* text;
};

constexpr Word kKinds[] = {
    {"execute", QT_TRANSLATE_NOOP("Prover", "Execution")}, {"shard", QT_TRANSLATE_NOOP("Prover", "Shard")},
    {"lift", QT_TRANSLATE_NOOP("Prover", "Lift")},         {"join", QT_TRANSLATE_NOOP("Prover", "Join")},
    {"chain", QT_TRANSLATE_NOOP("Prover", "Chain")},       {"wrap", QT_TRANSLATE_NOOP("Prover", "Wrap")},
};

constexpr Word kMeanings[] = {
    {"execute", QT_TRANSLATE_NOOP("Prover", "runs the batch and cuts it into shards")},
    {"shard", QT_TRANSLATE_NOOP("Prover", "proves one piece of the execution")},
    {"lift", QT_TRANSLATE_NOOP("Prover", "proves that a shard's proof is right")},
    {"join", QT_TRANSLATE_NOOP("Prover", "makes one proof of two neighbours")},
    {"chain", QT_TRANSLATE_NOOP("Prover", "adds the batch to the proof of all before it")},
    {"wrap", QT_TRANSLATE_NOOP("Prover", "makes the proof small enough for wallets")},
};

constexpr Word kEvents[] = {
    {"delivered", QT_TRANSLATE_NOOP("Prover", "Accepted")},
    {"failed", QT_TRANSLATE_NOOP("Prover", "Failed")},
    {"rejected", QT_TRANSLATE_NOOP("Prover", "Refused by the node")},
    {"lost", QT_TRANSLATE_NOOP("Prover", "Given to another prover")},
    {"started", QT_TRANSLATE_NOOP("Prover", "Turned on")},
    {"stopped", QT_TRANSLATE_NOOP("Prover", "Turned off")},
    {"crashed", QT_TRANSLATE_NOOP("Prover", "Ended by itself")},
};

template <typename Words>
QString wordOf(const Words& words, const std::string& code)
{
    const auto found = std::find_if(std::begin(words), std::end(words),
                                    [&code](const Word& word) { return word.code == code; });
    return found == std::end(words) ? fromStd(code) : say(found->text);
}

/// "at 12:31", or nothing.
QString nextTryText(const ProverView& view)
{
    if (view.nextTry == 0) return {};
    const QString time =
        QLocale().toString(QDateTime::fromSecsSinceEpoch(view.nextTry).time(), QStringLiteral("HH:mm:ss"));
    return ' ' + say(QT_TRANSLATE_NOOP("Prover", "The next try is at %1.")).arg(time);
}

ProverStanding offStanding(const ProverView& view)
{
    const QString title = say(QT_TRANSLATE_NOOP("Prover", "The prover is off"));
    if (view.code == services::kProverNoToken.name()) {
        return {
            Tone::Warning, Glyph::Warning, say(QT_TRANSLATE_NOOP("Prover", "Off")),
            say(QT_TRANSLATE_NOOP("Prover", "The node's access token is missing")),
            say(QT_TRANSLATE_NOOP(
                "Prover", "A node gives tasks to those who have its token. Ask the node's owner for the file "
                          "access.token, and enter its place below."))};
    }
    if (!view.code.empty()) {
        const ErrorText error = errorText(base::ErrorCode{view.code});
        return {Tone::Warning, Glyph::Warning, say(QT_TRANSLATE_NOOP("Prover", "Off")), error.what,
                error.todo};
    }
    return {Tone::Neutral, Glyph::Dot, say(QT_TRANSLATE_NOOP("Prover", "Off")), title,
            say(QT_TRANSLATE_NOOP("Prover", "Turned on, it proves batches of the layer 2 for the node below, "
                                            "also while the wallet is locked, "
                                            "and ends with this window."))};
}

ProverStanding workingStanding(const ProverView& view)
{
    QString title = view.task ? proverTaskText(*view.task) : say(QT_TRANSLATE_NOOP("Prover", "Working"));
    QString text;
    if (view.task && !proverKindMeaning(view.task->kind).isEmpty())
        text = proverKind(view.task->kind) + QStringLiteral(": ") + proverKindMeaning(view.task->kind);
    if (!view.code.empty())
        text = say(QT_TRANSLATE_NOOP(
            "Prover", "The node does not answer at the moment. The work goes on, and its result is kept."));
    return {Tone::Success, Glyph::Check, say(QT_TRANSLATE_NOOP("Prover", "Working")), std::move(title),
            std::move(text)};
}

ProverStanding refusedStanding(const ProverView& view)
{
    if (view.code == "net.method-not-found") {
        return {Tone::Danger, Glyph::Cross, say(QT_TRANSLATE_NOOP("Prover", "No tasks")),
                say(QT_TRANSLATE_NOOP("Prover", "This node has no batches proven")),
                say(QT_TRANSLATE_NOOP("Prover",
                                      "It runs without --proving. Choose another node, or ask its owner."))};
    }
    if (view.code == "net.bad-token-file") {
        return {Tone::Danger, Glyph::Cross, say(QT_TRANSLATE_NOOP("Prover", "No token")),
                say(QT_TRANSLATE_NOOP("Prover", "The file with the node's token cannot be read")),
                say(QT_TRANSLATE_NOOP("Prover", "It has to be there, belong to you, and be readable by "
                                                "nobody else. The node writes a new one at "
                                                "each start."))};
    }
    return {
        Tone::Danger, Glyph::Cross, say(QT_TRANSLATE_NOOP("Prover", "Refused")),
        say(QT_TRANSLATE_NOOP("Prover", "The node does not take the token")),
        say(QT_TRANSLATE_NOOP(
            "Prover",
            "A node has another token after each start. Bring the file access.token of the node below again; "
            "it is read anew by itself."))};
}

ProverStanding failingStanding(const ProverView& view)
{
    QString title = view.failedInARow > 1 ? say(QT_TRANSLATE_N_NOOP("Prover", "The last %n task(s) failed"),
                                                int(view.failedInARow))
                                          : say(QT_TRANSLATE_NOOP("Prover", "The last try failed"));
    if (fromStd(view.detail).contains("out of memory")) {
        return {
            Tone::Warning, Glyph::Warning, say(QT_TRANSLATE_NOOP("Prover", "Failing")), std::move(title),
            say(QT_TRANSLATE_NOOP(
                "Prover",
                "The memory that is allowed was not enough. Allow more below, or leave it: the task goes to "
                "another prover.")) +
                nextTryText(view)};
    }
    return {Tone::Warning, Glyph::Warning, say(QT_TRANSLATE_NOOP("Prover", "Failing")), std::move(title),
            say(QT_TRANSLATE_NOOP("Prover", "The log below says why. It goes on by itself.")) +
                nextTryText(view)};
}

ProverStanding crashedStanding(const ProverView& view)
{
    QString text = say(QT_TRANSLATE_NOOP("Prover", "The wallet is not touched by that."));
    if (fromStd(view.detail).contains("signal 9"))
        text += ' ' + say(QT_TRANSLATE_NOOP(
                          "Prover", "The computer may have run out of memory: allow less of it below."));
    if (view.failedInARow > 2)
        text += ' ' + say(QT_TRANSLATE_N_NOOP("Prover", "It ended %n time(s) in a row, so the pauses grow. "
                                                        "If it goes on like this, turn the prover "
                                                        "off and report it with what the log says."),
                          int(view.failedInARow));
    return {Tone::Danger, Glyph::Cross, say(QT_TRANSLATE_NOOP("Prover", "Crashed")),
            say(QT_TRANSLATE_NOOP("Prover", "The prover's process ended by itself")),
            text + nextTryText(view)};
}
} // namespace

ProverStanding standingOf(const ProverView& view)
{
    switch (view.state) {
    case ProverState::Off: return offStanding(view);
    case ProverState::Starting:
        return {Tone::Accent,
                Glyph::Refresh,
                say(QT_TRANSLATE_NOOP("Prover", "Starting")),
                say(QT_TRANSLATE_NOOP("Prover", "The prover starts")),
                {}};
    case ProverState::Waiting:
        return {Tone::Accent, Glyph::Clock, say(QT_TRANSLATE_NOOP("Prover", "Waiting")),
                say(QT_TRANSLATE_NOOP("Prover", "Waiting for work")),
                say(QT_TRANSLATE_NOOP("Prover",
                                      "Everything that can be proven now is proven, or others work on it."))};
    case ProverState::Working: return workingStanding(view);
    case ProverState::Paused:
        return {Tone::Neutral, Glyph::Clock, say(QT_TRANSLATE_NOOP("Prover", "Paused")),
                say(QT_TRANSLATE_NOOP("Prover", "Paused: the computer is busy")),
                say(QT_TRANSLATE_NOOP("Prover", "Something else uses a quarter of the processors or more. "
                                                "The prover goes on when that is over."))};
    case ProverState::NoConnection:
        return {Tone::Warning, Glyph::Warning, say(QT_TRANSLATE_NOOP("Prover", "No connection")),
                say(QT_TRANSLATE_NOOP("Prover", "The node does not answer")),
                say(QT_TRANSLATE_NOOP(
                    "Prover", "It goes on trying. Look whether the node runs, and at its address below."))};
    case ProverState::Refused: return refusedStanding(view);
    case ProverState::Failing: return failingStanding(view);
    case ProverState::Crashed: return crashedStanding(view);
    case ProverState::Stopping:
        return {Tone::Neutral,
                Glyph::Dot,
                say(QT_TRANSLATE_NOOP("Prover", "Stopping")),
                say(QT_TRANSLATE_NOOP("Prover", "The prover ends")),
                {}};
    }
    return {};
}

QString proverLine(const ProverView& view)
{
    if (view.state == ProverState::Off) return {};
    return say(QT_TRANSLATE_NOOP("Prover", "Prover: %1")).arg(standingOf(view).badge);
}

QString proverKind(const std::string& kind) { return wordOf(kKinds, kind); }
QString proverKindMeaning(const std::string& kind)
{
    const QString out = wordOf(kMeanings, kind);
    return out == fromStd(kind) ? QString() : out;
}

QString proverEventText(const std::string& code) { return wordOf(kEvents, code); }

Tone proverEventTone(const std::string& code)
{
    if (code == "delivered") return Tone::Success;
    if (code == "failed" || code == "rejected" || code == "crashed") return Tone::Danger;
    return code == "lost" ? Tone::Warning : Tone::Neutral;
}

QString proverTaskText(const ProverTask& task)
{
    constexpr std::uint32_t kPlaceBits = 16; // joins: the level above, the place in it below
    const QString batch = countText(task.batch);
    if (task.kind == "join")
        return say(QT_TRANSLATE_NOOP("Prover", "Join %1 of level %2, batch %3"))
            .arg(countText((task.place & 0xffffU) + 1), countText(task.place >> kPlaceBits), batch);
    //: %1: kind of task, %2: which one, %3: number of the batch
    if (task.kind == "shard" || task.kind == "lift")
        return say(QT_TRANSLATE_NOOP("Prover", "%1 %2 of batch %3"))
            .arg(proverKind(task.kind), countText(task.place + 1), batch);
    //: %1: kind of task, %2: number of the batch
    return say(QT_TRANSLATE_NOOP("Prover", "%1 of batch %2")).arg(proverKind(task.kind), batch);
}

QString durationText(double seconds)
{
    const auto whole = static_cast<std::int64_t>(std::llround(std::max(0.0, seconds)));
    if (seconds > 0 && seconds < 10) return say(QT_TRANSLATE_NOOP("Prover", "%1 s")).arg(seconds, 0, 'f', 1);
    if (whole < 60) return say(QT_TRANSLATE_NOOP("Prover", "%1 s")).arg(whole);
    if (whole < 3600) return say(QT_TRANSLATE_NOOP("Prover", "%1 min %2 s")).arg(whole / 60).arg(whole % 60);
    return say(QT_TRANSLATE_NOOP("Prover", "%1 h %2 min")).arg(whole / 3600).arg(whole % 3600 / 60);
}

QString memoryText(std::uint64_t mib)
{
    const double gib = double(mib) / 1024;
    const bool isWhole = std::abs(gib - std::round(gib)) < 0.05;
    return QStringLiteral("%1 GiB").arg(gib, 0, 'f', isWhole ? 0 : 1);
}

QString vectorsText(const std::string& vectors)
{
    if (vectors == "avx512") return say(QT_TRANSLATE_NOOP("Prover", "AVX-512 (fastest)"));
    if (vectors == "avx2") return say(QT_TRANSLATE_NOOP("Prover", "AVX2 (fast)"));
    return say(QT_TRANSLATE_NOOP("Prover", "none that help (slow)"));
}

std::optional<int> progressOf(const ProverTask& task, double seconds)
{
    constexpr int kAlmost = 990; // what takes longer than usual is not done yet
    if (!task.usualSeconds || *task.usualSeconds <= 0) return std::nullopt;
    return std::min(kAlmost, int(seconds * 1000 / *task.usualSeconds));
}

QString progressText(const ProverTask& task, double seconds)
{
    if (!task.usualSeconds)
        return say(QT_TRANSLATE_NOOP("Prover", "for %1; how long it takes is not known yet"))
            .arg(durationText(seconds));
    const double left = *task.usualSeconds - seconds;
    if (left <= 0)
        return say(QT_TRANSLATE_NOOP("Prover", "for %1, longer than the usual %2"))
            .arg(durationText(seconds), durationText(*task.usualSeconds));
    return say(QT_TRANSLATE_NOOP("Prover", "for %1 of usually %2, about %3 left"))
        .arg(durationText(seconds), durationText(*task.usualSeconds), durationText(left));
}

QString paceText(double batchesAnHour)
{
    if (batchesAnHour <= 0) return say(QT_TRANSLATE_NOOP("Prover", "not measured yet"));
    if (batchesAnHour < 1) return say(QT_TRANSLATE_NOOP("Prover", "less than one batch an hour"));
    return say(QT_TRANSLATE_N_NOOP("Prover", "about %n batch(es) an hour"), int(std::lround(batchesAnHour)));
}

} // namespace bowline::ui
