// SPDX-License-Identifier: MIT
// Keeps a wallet in step with the chain: tells the backend which scripts to look for, takes its blocks in and
// undoes them, asks for another look when new addresses come into sight, and sends what is not mined yet.
//
// Threads: construct, use and destroy it on the wallet's thread. The backend calls on its own; `post` carries
// its events over, in order. Tasks that are still on their way when this object ends do nothing.
#pragma once

#include "core/wallet/wallet.h"

namespace bowline::wallet {

class WalletSync {
public:
    /// Runs a task on the wallet's thread, later, in the order given.
    using Post = std::function<void(std::function<void()>)>;
    /// The chain or the scan moved: read the wallet again. On the wallet's thread.
    using Changed = std::function<void()>;
    /// The wallet could not be written: told once, until a write works again. Syncing begins again with the next news of
    /// the backend.
    using Failed = std::function<void(const base::Error&)>;

    WalletSync(Wallet& wallet, chain::Backend& backend, Post post, Changed changed, Failed failed);
    ~WalletSync();
    WalletSync(const WalletSync&) = delete;
    WalletSync& operator=(const WalletSync&) = delete;

    /// Begins to follow the chain. A wallet whose birthday is a time waits for the headers first, and starts
    /// with the last block two days older than that.
    void start();
    /// Stores the transactions (parents first; those that do not concern the wallet are only sent) and sends
    /// them. Nothing is sent if storing fails.
    Status submit(const std::vector<Transaction>& package);
    /// Gives it up here and stops sending it.
    Status abandon(const Txid& txid);

private:
    struct Link;
    void begin();
    void followStatus();
    void onStatus(const chain::StatusPtr& status);
    void onEvent(const chain::BlockEvent& event);
    Status apply(const chain::BlockEvent& event);
    void lookFor(const std::vector<Script>& scripts, Height from);
    Status forgetDead();
    void updateSynced();
    void fail(const base::Error& error);
    [[nodiscard]] Height birthdayHeight() const;

    Wallet& m_wallet;
    chain::Backend& m_backend;
    Post m_post;
    Changed m_changed;
    Failed m_failed;
    std::shared_ptr<Link> m_link; // what events on their way refer to
    std::unique_ptr<chain::Follower> m_follower;
    std::unique_ptr<chain::Handler> m_status;
    bool m_backendSynced = false;
    /// Second looks that were asked for, and the last one that the backend has certainly heard of: what it
    /// says before that about being synced does not count.
    std::uint64_t m_looksAsked = 0;
    std::uint64_t m_looksHeard = 0;
    bool m_started = false;
    bool m_stopped = false;   // a write failed; the next news of the backend begin again
    bool m_isFailing = false; // and nothing worked since
    std::uint64_t m_walk = 0; // of the present follower: events of one before it are dropped
};

} // namespace bowline::wallet
