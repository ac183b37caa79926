// SPDX-License-Identifier: MIT
// A prover in memory, whose state the test sets. Answers come from the fakes' thread.
#pragma once

#include "app/services/interfaces/prover.h"

#include <list>
#include <mutex>

namespace bowline::test {

using namespace services;

class FakeProver final : public ProverService {
public:
    using Post = std::function<void(std::function<void()>)>;
    explicit FakeProver(Post post);

    /// What a test does with it: any change of the view.
    void update(const std::function<void(ProverView&)>& change);
    /// A task at work, with everything that a page can show.
    void work(const std::string& kind);
    void failNext(base::ErrorCode code, std::string detail);
    [[nodiscard]] int starts() const;

    [[nodiscard]] ProverViewPtr view() const override;
    [[nodiscard]] Subscription handleView(std::function<void(ProverViewPtr)> function) override;
    Task start(Completion<base::Unit> done) override;
    Task stop(Completion<base::Unit> done) override;
    Task configure(ProverSettings settings, Completion<base::Unit> done) override;
    Task measure(Completion<ProverSpeed> done) override;

private:
    struct Listener {
        std::mutex mutex;
        std::function<void(ProverViewPtr)> function;
    };
    /// None unless a failure was asked for.
    [[nodiscard]] std::optional<base::Error> failure();

    Post m_post;
    mutable std::recursive_mutex m_mutex; // of everything below
    ProverView m_now;
    std::list<std::shared_ptr<Listener>> m_listeners;
    std::optional<base::Error> m_nextFailure;
    int m_starts = 0;
};

} // namespace bowline::test
