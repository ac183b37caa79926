// SPDX-License-Identifier: MIT
// The operators' claims of the vaults that this wallet's deposits made: whether a vault was burned for, and what of
// the claim is to be seen on Bitcoin. It concerns nobody's deposit; it lets a user follow the challenge window of
// what was once the own vault.
//
// The claim object of the layer 2 names kickoff, take and funding, so that nothing of the committee's messages is
// needed and a restored wallet follows the same claims. Lives on the services' thread.
#pragma once

#include "app/services/interfaces/views.h"
#include "app/services/local/node_link.h"
#include "core/bridge/graph.h"
#include "core/chain/backend.h"

#include <map>
#include <set>

namespace bowline::services {

class ClaimBook {
public:
    using Ask = std::function<void(l2::ObjectId, NodeLink::Answer<StateValue>)>;

    /// `ask` answers later and on the same thread. `changed`: items() or takeNewScripts() have something new.
    ClaimBook(bridge::ContextPtr context, Ask ask, std::function<void()> changed);
    ~ClaimBook();
    ClaimBook(const ClaimBook&) = delete;
    ClaimBook& operator=(const ClaimBook&) = delete;

    /// Blocks from `from` on, which the caller follows with the vault's script, may hold something of its claim.
    void follow(const bridge::Deposit& deposit, base::Height from);
    /// The vault object as verified now.
    void vaultIs(const base::Digest& depositId, const std::optional<l2::Vault>& vault);
    void blockConnected(const chain::BlockConnected& block);
    void blockDisconnected(base::Height height);

    /// Scripts of claims that were learnt after the last call, and where to look for them.
    [[nodiscard]] std::vector<std::pair<base::Bytes, base::Height>> takeNewScripts();
    /// No question to the node is open.
    [[nodiscard]] bool isIdle() const { return m_callsOpen == 0; }
    /// All of them, also those that were taken.
    [[nodiscard]] std::vector<base::Bytes> scripts() const { return {m_scripts.begin(), m_scripts.end()}; }
    [[nodiscard]] std::vector<BridgeItem> items() const;

private:
    struct Block {
        base::UnixTime time = 0;
        std::vector<bitcoin::Transaction> transactions; // those that concern the vault
    };
    struct Entry {
        bridge::Deposit deposit;
        base::Height from;
        std::map<base::Height, Block> blocks{};
        std::optional<std::uint64_t> index{}; // of the latest claim
        std::optional<l2::Claim> claim{};     // as verified last
        base::BatchNumber batch{};            // in which it was verified
        base::UnixTime seen = 0;              // time of the batch in which it was seen first
    };
    void ask(const base::Digest& depositId);
    void take(Entry& entry, const StateValue& value);
    void watchGraph(const Entry& entry);
    void watch(const bitcoin::Script& script, base::Height from);
    [[nodiscard]] static bool concerns(const Entry& entry, const bitcoin::Transaction& transaction);
    [[nodiscard]] BridgeItem itemOf(const Entry& entry) const;

    bridge::ContextPtr m_context;
    Ask m_ask;
    std::function<void()> m_changed;
    std::map<base::Digest, Entry> m_entries; // by deposit id
    base::Height m_tip;
    std::size_t m_callsOpen = 0;
    std::set<base::Bytes> m_scripts;
    std::vector<std::pair<base::Bytes, base::Height>> m_newScripts;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
