// SPDX-License-Identifier: MIT
// The whole main job in steps that a test can stop at: a deposit, a payment on the layer 2, a withdrawal, the claim of
// the vault; over and over in one world of real processes. And what must be true between any two steps, asked of
// bitcoin-cli and recomputed from balances.
#pragma once

#include "tests/integration/bridge/world.h"

namespace bowline::test {

/// In the order in which they are reached.
enum class Step {
    RequestMined,
    VaultMined,
    Minted,
    Transferred, // the layer-2 payment that lives on the mint
    WithdrawalRequested,
    WithdrawalAccepted,
    PaymentMined,
    PaymentProven,
    ClaimBurnt,
    KickoffMined,
    TakeMined,
    ClaimSettled,
};
inline constexpr std::array kSteps{Step::RequestMined, Step::VaultMined,          Step::Minted,
                                   Step::Transferred,  Step::WithdrawalRequested, Step::WithdrawalAccepted,
                                   Step::PaymentMined, Step::PaymentProven,       Step::ClaimBurnt,
                                   Step::KickoffMined, Step::TakeMined,           Step::ClaimSettled};
[[nodiscard]] std::string nameOf(Step step);

class Flow {
public:
    /// `isPruned`: the roles' only peer is a pruned node.
    explicit Flow(std::uint32_t depth, std::vector<std::string> bitcoind = {}, bool isPruned = false);

    [[nodiscard]] World& world() { return *m_world; }
    [[nodiscard]] Depositor& deposit() { return *m_round.deposit; }
    /// A new deposit, with its request in the newest block.
    void begin();
    /// Starts what the step needs once, then steps and mines until it holds.
    [[nodiscard]] bool reach(Step step);
    [[nodiscard]] bool holds(Step step);
    /// A block every two seconds until then, and ten seconds for the last.
    [[nodiscard]] bool mineUntil(int blocks, const std::function<bool()>& condition) const;
    /// What reach() begins with: submitted to the sequencer, which has answered; once per round.
    [[nodiscard]] bool start(Step step);

    /// Txids as bitcoin-cli takes them.
    [[nodiscard]] std::string requestTxid() const;
    [[nodiscard]] std::string kickoffTxid();
    [[nodiscard]] std::string takeTxid();
    /// The payment of this round's withdrawal that is in the mempool or in a block.
    [[nodiscard]] std::optional<std::string> paymentTxid() const;
    [[nodiscard]] std::optional<l2::Withdrawal> withdrawal() const;

    /// The sequencer has followed Bitcoin to its tip and all nodes that run have its head.
    [[nodiscard]] bool isSettled() const;
    /// A node with an empty folder comes to the head that everybody has.
    [[nodiscard]] bool replayAgrees();
    /// The first thing that is not as it must be, or empty: value conserved, every vault of the state on Bitcoin and k
    /// deep, every withdrawal paid once at most, every claim taken by its own Take1, nobody accused.
    [[nodiscard]] std::string wrong();
    /// After wrong(): this round's deposit was credited once, its withdrawal was paid once, its claim had one Kickoff.
    [[nodiscard]] std::string wrongAtTheEnd();
    /// Someone whose layer-2 balance is to be counted.
    void know(const base::XOnlyPublicKey& key) { m_known.push_back(key); }
    [[nodiscard]] std::string logs() const;

    static constexpr std::int64_t kDeposit = 1'000'000;
    static constexpr std::int64_t kTransfer = 300'000;
    static constexpr std::int64_t kWithdrawal = 100'000;
    static constexpr std::int64_t kWithdrawalFee = 5'000;

private:
    struct Round {
        std::unique_ptr<Depositor> deposit;
        std::optional<base::XOnlyPublicKey> shop;
        std::string address; // of the withdrawal; empty before
        bitcoin::Script script;
        bool isToppedUp = false; // the operator has the money to claim
    };
    [[nodiscard]] bool submit(const crypto::PrivateKey& key, const l2::Payload& payload);
    [[nodiscard]] bool topUpOperator();
    [[nodiscard]] const bridge::OperatorGraph& claimant();
    [[nodiscard]] std::int64_t balanceOf(const base::XOnlyPublicKey& key) const
    {
        return m_world->account(key).btc.sat();
    }
    [[nodiscard]] std::vector<std::string> paymentsTo(const std::string& address) const;
    [[nodiscard]] std::string wrongWithTheSum() const;
    [[nodiscard]] std::string wrongWithVault(const l2::Vault& vault, const bitcoin::OutPoint& outpoint) const;
    [[nodiscard]] std::string wrongWithPayments() const;
    [[nodiscard]] std::string wrongWithNodes() const;
    [[nodiscard]] std::vector<const Bowlined*> nodes() const;

    std::unique_ptr<World> m_world;
    std::unique_ptr<Depositor> m_base; // 1 BTC: pays for what operators need on the layer 2
    Round m_round;
    std::vector<base::XOnlyPublicKey> m_known;
    std::map<std::string, bitcoin::Script> m_addresses; // of all withdrawals so far
    int m_replays = 0;
};

} // namespace bowline::test
