// SPDX-License-Identifier: MIT
// A use case, written as steps of which each is one write, played with a disk that fails at its first, second, ...
// operation. Whatever happens, a step was done whole or not at all, one that was acknowledged stays done, and the
// steps that are left lead to the same end as if nothing had happened.
#pragma once

#include "core/base/result.h"
#include "tests/support/faulty_disk.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace bowline::test {

template <typename Subject>
struct FaultStage {
    std::string name;
    /// Puts the files back to where the use case begins.
    std::function<void()> reset;
    std::function<base::Result<std::unique_ptr<Subject>>()> open;
    std::vector<std::function<base::Status(Subject&)>> steps;
    /// All that the files hold, as text; the same for the same content. Also asked for while they are open.
    std::function<std::string()> picture;
    /// What is wrong with it in itself; empty: nothing.
    std::function<std::string(Subject&)> complaint;
};

/// Each run gives what went wrong, or nothing.
template <typename Subject>
class FaultPlay {
public:
    FaultPlay(FaultyDisk& disk, FaultStage<Subject> stage) : m_disk(disk), m_stage(std::move(stage))
    {
        for (std::size_t count = 0; count <= m_stage.steps.size(); ++count) learn(count);
    }
    [[nodiscard]] unsigned played() const { return m_played; }

    /// The process or the computer ends at each operation, closing included. With one seed the losses take turns,
    /// with more of them each operation sees all.
    std::optional<std::string> crashes(std::uint32_t seeds)
    {
        constexpr Loss kLosses[] = {Loss::Torn, Loss::Process, Loss::Power};
        bool isOver = false;
        for (std::uint64_t at = 1; !isOver; ++at) {
            for (std::uint32_t seed = 0; seed < seeds && !isOver; ++seed) {
                // Killed and without power, one outcome is as good as many.
                const Loss loss = seeds == 1 ? kLosses[at % 3] : kLosses[std::min(seed, 6U) % 3];
                const auto wrong = crash(at, loss, static_cast<std::uint32_t>(at) * 1'000 + seed, isOver);
                if (wrong) return told("crash", at, *wrong + " (loss " + std::to_string(int(loss)) + ")");
            }
        }
        return std::nullopt;
    }
    /// The disk is full from each operation on, and has room again after the first error. With one seed from every
    /// second one; broken() has the others.
    std::optional<std::string> full(std::uint32_t seeds)
    {
        const auto begin = [this](std::uint64_t at) { m_disk.fillUpAt(at); };
        return troubles("full", begin, {"store.full", "store.cannot-open"}, 1, seeds == 1 ? 2 : 1);
    }
    /// The same with a disk that cannot be read or written.
    std::optional<std::string> broken(std::uint32_t seeds)
    {
        const auto begin = [this](std::uint64_t at) { m_disk.breakAt(at); };
        return troubles("broken", begin, {"store.io", "store.cannot-open"}, seeds == 1 ? 2 : 1,
                        seeds == 1 ? 2 : 1);
    }

private:
    using Trouble = std::function<void(std::uint64_t)>;

    void learn(std::size_t count)
    {
        m_stage.reset();
        m_disk.heal();
        auto subject = m_stage.open();
        if (!subject.ok()) return m_states.push_back("cannot open: " + text(subject.error()));
        for (std::size_t step = 0; step < count; ++step) {
            const base::Status done = m_stage.steps[step](**subject);
            if (!done.ok()) return m_states.push_back("step failed: " + text(done.error()));
        }
        subject->reset();
        m_states.push_back(m_stage.picture());
        m_disk.settle();
    }

    std::optional<std::string> crash(std::uint64_t at, Loss loss, std::uint32_t seed, bool& isOver)
    {
        m_stage.reset();
        m_disk.crashAt(at, loss, seed);
        std::size_t done = 0;
        {
            auto subject = m_stage.open();
            while (subject.ok() && done < m_stage.steps.size() && m_stage.steps[done](**subject).ok()) ++done;
        }
        isOver = !m_disk.hasStruck();
        m_disk.settle();
        if (isOver && done != m_stage.steps.size()) return "it fails undisturbed";
        ++m_played;

        auto subject = m_stage.open();
        if (!subject.ok()) return "cannot be opened: " + text(subject.error());
        const std::string now = m_stage.picture();
        const bool isOneFurther =
            now != m_states[done] && done < m_stage.steps.size() && now == m_states[done + 1];
        if (now != m_states[done] && !isOneFurther) {
            return "after " + std::to_string(done) +
                   " steps it is neither as before nor as after the next:\n" + now + "\ninstead of\n" +
                   m_states[done];
        }
        if (const std::string wrong = m_stage.complaint(**subject); !wrong.empty()) return wrong;
        return finish(std::move(subject).value(), done + (isOneFurther ? 1 : 0));
    }

    std::optional<std::string> troubles(std::string_view what, const Trouble& begin,
                                        const std::vector<std::string>& codes, std::uint64_t first,
                                        std::uint64_t step)
    {
        for (std::uint64_t at = first;; at += step) {
            bool isOver = false;
            const auto wrong = trouble(at, begin, codes, isOver);
            if (wrong) return told(what, at, *wrong);
            if (isOver) return std::nullopt;
        }
    }

    std::optional<std::string> trouble(std::uint64_t at, const Trouble& begin,
                                       const std::vector<std::string>& codes, bool& isOver)
    {
        m_stage.reset();
        begin(at);
        auto subject = m_stage.open();
        std::optional<std::string> wrong;
        if (!subject.ok()) {
            wrong = judge(subject.error(), codes);
            m_disk.heal();
            if (!wrong) subject = m_stage.open();
            if (!wrong && !subject.ok()) wrong = "cannot be opened later: " + text(subject.error());
        }
        if (wrong) return wrong;
        std::size_t done = 0;
        for (; done < m_stage.steps.size(); ++done) {
            const base::Status step = m_stage.steps[done](**subject);
            if (step.ok()) continue;
            if (const auto bad = judge(step.error(), codes)) return bad;
            break;
        }
        isOver = !m_disk.hasStruck() && done == m_stage.steps.size();
        m_disk.heal();
        ++m_played;
        if (m_stage.picture() != m_states[done]) return "an error left something half done";
        if (const std::string bad = m_stage.complaint(**subject); !bad.empty()) return bad;
        return finish(std::move(subject).value(), done); // with the same object, which must have forgotten it
    }

    std::optional<std::string> finish(std::unique_ptr<Subject> subject, std::size_t from)
    {
        for (std::size_t step = from; step < m_stage.steps.size(); ++step) {
            const base::Status done = m_stage.steps[step](*subject);
            if (!done.ok())
                return "step " + std::to_string(step) + " does not work later: " + text(done.error());
        }
        const std::string wrong = m_stage.complaint(*subject);
        subject.reset();
        const std::string end = m_stage.picture();
        m_disk.settle();
        if (!wrong.empty()) return "at the end: " + wrong;
        if (end != m_states.back()) return "another end:\n" + end + "\ninstead of\n" + m_states.back();
        return std::nullopt;
    }

    static std::optional<std::string> judge(const base::Error& error, const std::vector<std::string>& codes)
    {
        for (const std::string& code : codes) {
            if (error.code.name() == code && !error.detail.empty()) return std::nullopt;
        }
        return "an error of another kind: " + text(error);
    }
    static std::string text(const base::Error& error)
    {
        return std::string(error.code.name()) + " (" + error.detail + ")";
    }
    [[nodiscard]] std::string told(std::string_view what, std::uint64_t at, const std::string& wrong) const
    {
        return m_stage.name + ", " + std::string(what) + " at operation " + std::to_string(at) + ": " + wrong;
    }

    FaultyDisk& m_disk;
    FaultStage<Subject> m_stage;
    std::vector<std::string> m_states; // after so many steps, undisturbed
    unsigned m_played = 0;
};

/// Everything in a database but tables of these names, and what SQLite thinks of it.
[[nodiscard]] std::string databaseText(const std::string& path, const std::vector<std::string>& without = {});

} // namespace bowline::test
