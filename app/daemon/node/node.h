// SPDX-License-Identifier: MIT
// L2Node: a node's copy of the layer 2. It executes every batch itself, keeps state and history, knows which
// batches still stand on its own Bitcoin chain, and undoes those that do not.
//
// Not thread-safe: it lives on the node's strand (RoleContext::executor), as everything that uses it.
#pragma once

#include "app/daemon/node/engine.h"
#include "app/daemon/node/l2_store.h"
#include "core/l2/light_client.h"

#include <deque>
#include <memory>

namespace bowline::daemon {

/// The batch does not follow the head.
inline constexpr base::ErrorCode kNotNext{"node.not-next"};
/// The own Bitcoin chain has not come to the batch's block yet: try again later.
inline constexpr base::ErrorCode kL1Behind{"node.l1-behind"};
/// The own Bitcoin chain has another block at that height.
inline constexpr base::ErrorCode kL1Elsewhere{"node.l1-elsewhere"};
/// Execution refused the batch, or came to another result.
inline constexpr base::ErrorCode kInvalidBatch{"node.invalid-batch"};
/// The state of that batch is not kept any more.
inline constexpr base::ErrorCode kStateNotKept{"node.state-not-kept"};

/// A batch's Bitcoin block seen from the own best chain.
enum class L1Place {
    Stands,
    Left,  // another block is at its height
    Ahead, // the own chain is not there yet
};

/// How the chain of batches changed.
struct HeadChange {
    base::BatchNumber fork; // batches above were undone; equal to the old head when only new ones came
    l2::SignedHeader head;
};

class L2Node {
public:
    /// How many past states are kept in memory for state_get with a batch number.
    static constexpr std::size_t kStatesKept = 128;

    /// `engine` and `bitcoin` outlive the node.
    [[nodiscard]] static base::Result<std::unique_ptr<L2Node>> open(const std::string& path,
                                                                    const l2::NetworkParams& params,
                                                                    const Engine& engine,
                                                                    const l2::BestChain& bitcoin);

    [[nodiscard]] const l2::NetworkParams& params() const { return m_params; }
    [[nodiscard]] const l2::ChainId& chainId() const { return m_chainId; }
    [[nodiscard]] const l2::SignedHeader& head() const { return m_head; }
    [[nodiscard]] const l2::StateTree& state() const { return m_states.back().tree; }
    /// State after batch `number`; kNotHere above the head, kStateNotKept far below it unless it is pinned.
    [[nodiscard]] base::Result<l2::StateTree> stateAt(base::BatchNumber number) const;
    /// Keeps the state after that batch until another one is pinned, or the batch is undone. One that is not in memory
    /// any more is made from what later batches changed. kNotHere above the head.
    [[nodiscard]] base::Status pin(base::BatchNumber number);
    [[nodiscard]] L2Store& store() { return m_store; }
    [[nodiscard]] const Engine& engine() const { return m_engine; }
    [[nodiscard]] const l2::BestChain& bitcoin() const { return m_bitcoin; }

    [[nodiscard]] L1Place placeOf(const l2::BatchHeader& header) const;
    /// The newest batch whose Bitcoin block is on the own best chain: the head, unless a reorg went deeper than
    /// k. Genesis is not undone.
    [[nodiscard]] base::Result<base::BatchNumber> lastStanding();

    /// The follower's way: everything about the batch is checked and it is executed, then kept.
    [[nodiscard]] base::Status applyBatch(const l2::SignedBatch& batch, const L2Store::Also& also = {});
    /// The sequencer's way: keeps what it executed and signed itself.
    [[nodiscard]] base::Status commit(const l2::SignedHeader& head, const l2::Execution& execution,
                                      const L2Store::Also& also);
    [[nodiscard]] base::Status rollbackTo(base::BatchNumber last, const L2Store::Also& also = {});

    /// Objects of the head, decoded. An object that does not decode is a bug of the program: kStoreDamaged.
    [[nodiscard]] base::Result<l2::L1View> l1View() const;
    [[nodiscard]] base::Result<l2::Counters> counters() const;
    [[nodiscard]] base::Result<l2::ChainObject> chainObject() const;
    /// Empty for an account that nothing ever touched.
    [[nodiscard]] base::Result<l2::Account> account(const base::XOnlyPublicKey& key) const;

    /// After every change, in order of registration. Lives as long as the node.
    void onHead(std::function<void(const HeadChange&)> fn) { m_listeners.push_back(std::move(fn)); }

private:
    struct KeptState {
        base::BatchNumber number;
        l2::StateTree tree;
    };

    L2Node(L2Store store, const l2::NetworkParams& params, const Engine& engine,
           const l2::BestChain& bitcoin);
    base::Status loadState();
    base::Status checkFollows(const l2::SignedBatch& batch) const;
    void announce(base::BatchNumber fork);

    L2Store m_store;
    l2::NetworkParams m_params;
    l2::ChainId m_chainId;
    const Engine& m_engine;
    const l2::BestChain& m_bitcoin;
    l2::SignedHeader m_head;
    std::deque<KeptState> m_states; // the last is the head's
    std::optional<KeptState> m_pinned;
    std::vector<std::function<void(const HeadChange&)>> m_listeners;
};

} // namespace bowline::daemon
