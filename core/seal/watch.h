// SPDX-License-Identifier: MIT
// The chain of seals as a light client's blocks show it, kept in a small file: after a restart it is read on from the
// newest seal that still stands.
//
// Lives on its owner's thread; events of the backend are carried over to it in order.
#pragma once

#include "core/chain/backend.h"
#include "core/seal/follower.h"
#include "core/store/database.h"

#include <memory>

namespace bowline::seal {

/// The file speaks of another network's seals.
inline constexpr ErrorCode kOtherSeals{"seal.other-seals"};

class SealWatch {
public:
    struct Surroundings {
        chain::Backend* backend = nullptr;               // outlives the watch
        Height birthday;                                 // no seal is spent before
        std::function<void(std::function<void()>)> post; // runs a task on the owner's thread
        std::function<void()> changed;                   // after each change of links()
        std::function<void(const base::Error&)>
            failed; // a change could not be kept; it comes again after a restart
    };
    [[nodiscard]] static Result<std::unique_ptr<SealWatch>> open(const std::string& path, SealTerms terms,
                                                                 Surroundings around);
    ~SealWatch();
    SealWatch(const SealWatch&) = delete;
    SealWatch& operator=(const SealWatch&) = delete;

    void start();
    void stop();
    [[nodiscard]] const SealFollower& follower() const { return m_follower; }
    /// Every block up to the backend's tip was looked at.
    [[nodiscard]] bool isCurrent() const;

private:
    SealWatch(store::Database db, SealTerms terms, Surroundings around);
    Status load();
    Status keep();
    void onEvent(const chain::BlockEvent& event);

    store::Database m_db;
    SealFollower m_follower;
    std::size_t m_paidKept = 0; // how much of what was paid is in the file
    Surroundings m_around;
    std::shared_ptr<SealWatch*> m_self; // what events on their way refer to; null once it stopped
    std::unique_ptr<chain::Follower> m_walk;
    std::optional<BlockHash> m_seenTo;
};

} // namespace bowline::seal
