// SPDX-License-Identifier: MIT
// Where a deposit, a withdrawal and a claim of a vault stand: pure functions of what was seen on Bitcoin, on
// the layer 2 and on the relay. Facts are kept with the block or the batch they come from and leave with it,
// so that a reorg undoes exactly what it must; the timeline is computed from what is left.
//
// Clocks count Bitcoin blocks. Step ids and notes are stable codes; texts are the business of who shows them.
#pragma once

#include "core/bridge/ceremony.h"
#include "core/l2/objects.h"

#include <algorithm>
#include <span>

namespace bowline::bridge {

enum class StepState { Done, Current, Future, Failed, Skipped };
enum class Actor { You, Committee, Operator, Bitcoin, Sequencer };
[[nodiscard]] std::string_view actorName(Actor actor);

/// Counts confirmations: `passed` is 1 when the block at `start` is the tip, and never exceeds `length`. A
/// relative time lock of n blocks is over, for the next block to come, when n have passed.
struct BlockClock {
    Height start;
    std::uint32_t length = 0;
    std::uint32_t passed = 0;
    [[nodiscard]] bool isOver() const { return passed >= length; }
    friend bool operator==(const BlockClock&, const BlockClock&) = default;
};

struct Step {
    std::string id; // such as "deposit.request-confirmed"
    StepState state = StepState::Future;
    Actor actor = Actor::You;
    std::optional<Txid> txid = std::nullopt;         // on Bitcoin
    std::optional<l2::TxHash> l2Hash = std::nullopt; // on the layer 2
    std::optional<Height> height = std::nullopt;     // of the Bitcoin block
    std::optional<BatchNumber> batch = std::nullopt;
    std::optional<BlockClock> clock = std::nullopt;
    std::string note = {}; // why it waits or failed
    friend bool operator==(const Step&, const Step&) = default;
};

struct Timeline {
    std::string state; // id of the step that is current, or of the last one
    bool finished = false;
    bool failed = false;
    std::vector<Step> steps;
    /// The single thing that whoever follows it can do now: "", "wait"; for the depositor "unlock", "refund",
    /// "mint"; for who withdraws "cancel", "reclaim"; for the operator "kickoff", "take", "settle", "void".
    std::string nextAction;
    friend bool operator==(const Timeline&, const Timeline&) = default;
};

[[nodiscard]] BlockClock clockFrom(Height start, std::uint32_t length, Height tip);

/// Completes a timeline whose steps are Done, Failed, Skipped or Future: what lies before a done step is done
/// as well, and the first future step is the current one unless something failed.
void settle(Timeline& timeline);
/// The way out of this id is open: it is the current step now, and the step that everybody waited for was too
/// slow (it fails with `note`). After settle().
void overtake(Timeline& timeline, std::string_view wayOut, std::string_view note);

/// Facts of blocks by height.
template <typename Fact>
class FactLog {
public:
    void connect(Height height, std::vector<Fact> facts)
    {
        disconnect(height);
        m_tip = height;
        if (!facts.empty()) m_blocks[height] = std::move(facts);
    }
    /// A block below the tip was looked at once more: these are its facts now, what lies above it stays. `tip` is
    /// for who has seen no other block yet.
    void lookAgain(Height height, std::vector<Fact> facts, Height tip)
    {
        m_tip = std::max({m_tip, tip, height});
        if (facts.empty()) {
            m_blocks.erase(height);
        } else {
            m_blocks[height] = std::move(facts);
        }
    }
    /// The block at this height and all above it left the best chain.
    void disconnect(Height height)
    {
        m_blocks.erase(m_blocks.lower_bound(height), m_blocks.end());
        if (m_tip >= height) m_tip = Height{height.value == 0 ? 0 : height.value - 1};
    }
    [[nodiscard]] Height tip() const { return m_tip; }
    [[nodiscard]] const std::map<Height, std::vector<Fact>>& blocks() const { return m_blocks; }

private:
    std::map<Height, std::vector<Fact>> m_blocks;
    Height m_tip;
};

/// A value per batch, the latest of which counts.
template <typename Value>
class BatchLog {
public:
    void set(BatchNumber batch, Value value)
    {
        rollback(batch);
        if (m_values.empty() || !(m_values.rbegin()->second == value))
            m_values.emplace(batch, std::move(value));
    }
    /// The batch of this number and all after it were replaced.
    void rollback(BatchNumber batch) { m_values.erase(m_values.lower_bound(batch), m_values.end()); }
    [[nodiscard]] const Value* latest() const
    {
        return m_values.empty() ? nullptr : &m_values.rbegin()->second;
    }
    /// The first batch of the latest value.
    [[nodiscard]] std::optional<BatchNumber> since() const
    {
        if (m_values.empty()) return std::nullopt;
        return m_values.rbegin()->first;
    }

private:
    std::map<BatchNumber, Value> m_values;
};

/// A transaction that matters to a state, in the block it was found in.
struct Sighting {
    std::string role; // what it is for this state
    Txid txid;
    friend bool operator==(const Sighting&, const Sighting&) = default;
};
/// The highest sighting in that role.
[[nodiscard]] std::optional<std::pair<Height, Txid>> findSighting(const FactLog<Sighting>& log,
                                                                  std::string_view role);

/// What the relay says about a deposit; it comes and goes with the process that reads it.
struct CeremonyProgress {
    std::size_t offers = 0;
    std::uint32_t attempt = 0;
    std::size_t joined = 0; // members
    std::size_t nonces = 0;
    std::size_t partials = 0;
    std::size_t holding = 0;
    bool confirmSigned = false;
    std::string refusal; // the latest one's code and text
    friend bool operator==(const CeremonyProgress&, const CeremonyProgress&) = default;
};
[[nodiscard]] CeremonyProgress progressOf(const CeremonyLog& log);

class DepositStates {
public:
    explicit DepositStates(Deposit deposit) : m_deposit(std::move(deposit)) {}

    void requestSent() { m_sent = true; }
    /// All transactions of the block, or those that matter: the next block of the best chain.
    void blockConnected(Height height, std::span<const Transaction> transactions);
    /// A block at or below the tip once more, see FactLog.
    void blockSeenAgain(Height height, std::span<const Transaction> transactions, Height tip);
    void blockDisconnected(Height height) { m_chain.disconnect(height); }
    void relay(const CeremonyProgress& progress) { m_relay = progress; }
    void authorisationKept(bool needsKey = false);
    void mintSubmitted(const l2::TxHash& hash) { m_mint = hash; }
    /// A refund that was sent and may still be mined; none: no longer, it can be sent again.
    void refundSent(const std::optional<Txid>& refund) { m_refund = refund; }
    /// The vault object as of that batch; none: absent.
    void batch(BatchNumber number, const std::optional<l2::Vault>& vault) { m_vault.set(number, vault); }
    void batchesReplaced(BatchNumber from) { m_vault.rollback(from); }

    [[nodiscard]] Timeline timeline() const;
    /// Where T1 is confirmed, when it is.
    [[nodiscard]] std::optional<Height> confirmHeight() const;
    [[nodiscard]] std::optional<Height> requestHeight() const;

private:
    [[nodiscard]] std::vector<Sighting> sightingsIn(std::span<const Transaction> transactions) const;
    [[nodiscard]] Step requestStep() const;
    [[nodiscard]] Step signedStep() const;
    [[nodiscard]] Step vaultStep() const;
    [[nodiscard]] Step creditedStep() const;
    [[nodiscard]] Step refundStep() const;

    Deposit m_deposit;
    bool m_sent = false;
    FactLog<Sighting> m_chain;
    CeremonyProgress m_relay;
    bool m_authorised = false;
    bool m_needsKey = false;
    std::optional<l2::TxHash> m_mint;
    std::optional<Txid> m_refund;
    BatchLog<std::optional<l2::Vault>> m_vault;
};

class WithdrawalStates {
public:
    /// `requestHash`: of the layer-2 request, which names the withdrawal.
    WithdrawalStates(ContextPtr context, const l2::TxHash& requestHash, Amount amount, Script script);

    void blockConnected(Height height, std::span<const Transaction> transactions);
    /// A block at or below the tip once more, see FactLog.
    void blockSeenAgain(Height height, std::span<const Transaction> transactions, Height tip);
    void blockDisconnected(Height height) { m_chain.disconnect(height); }
    void batch(BatchNumber number, const std::optional<l2::Withdrawal>& withdrawal)
    {
        m_withdrawal.set(number, withdrawal);
    }
    void batchesReplaced(BatchNumber from) { m_withdrawal.rollback(from); }
    void reclaimSubmitted(const l2::TxHash& hash) { m_reclaim = hash; }
    /// It came to nothing, for instance because an acceptance was quicker: it may be sent again.
    void reclaimLost() { m_reclaim.reset(); }
    /// The request came to nothing: nothing left the account. A withdrawal that is there all the same outweighs it.
    void requestRefused() { m_isRefused = true; }

    [[nodiscard]] Timeline timeline() const;
    /// The height of the tip at which a withdrawal that was accepted and not paid can be reclaimed.
    [[nodiscard]] std::optional<Height> reclaimHeight() const;

private:
    [[nodiscard]] std::vector<Sighting> sightingsIn(std::span<const Transaction> transactions) const;
    [[nodiscard]] const l2::Withdrawal* current() const;
    /// Of the acceptance that stands.
    [[nodiscard]] std::optional<std::pair<Height, Txid>> payment() const;
    [[nodiscard]] Step acceptedStep() const;
    [[nodiscard]] Step paidStep() const;
    [[nodiscard]] Step confirmedStep() const;
    [[nodiscard]] Step settledStep() const;
    [[nodiscard]] Step reclaimStep() const;

    ContextPtr m_context;
    l2::TxHash m_request;
    Amount m_amount;
    Script m_script;
    bool m_isRefused = false;
    FactLog<Sighting> m_chain; // role: hex of output 1's script
    BatchLog<std::optional<l2::Withdrawal>> m_withdrawal;
    std::optional<l2::TxHash> m_reclaim;
};

class ClaimStates {
public:
    ClaimStates(ContextPtr context, OutPoint vault, const OperatorGraph& graph);
    /// For who has not the graph, but the claim: it names all that can be seen of the graph.
    ClaimStates(ContextPtr context, OutPoint vault, const l2::Claim& claim);

    void claimSubmitted(const l2::TxHash& hash) { m_burn = hash; }
    void kickoffSent() { m_kickoffSent = true; }
    void takeSent() { m_takeSent = true; }
    void blockConnected(Height height, std::span<const Transaction> transactions);
    void blockDisconnected(Height height) { m_chain.disconnect(height); }
    /// The claim object as of that batch; none: absent.
    void batch(BatchNumber number, const std::optional<l2::Claim>& claim) { m_claim.set(number, claim); }
    void batchesReplaced(BatchNumber from) { m_claim.rollback(from); }

    [[nodiscard]] Timeline timeline() const;
    [[nodiscard]] std::optional<Height> kickoffHeight() const;
    [[nodiscard]] std::optional<Height> takenHeight() const;
    /// A transaction other than the graph's own spent funding, stake or connector: a veto, or the operator's
    /// own way out. It is what a claim-void must prove.
    [[nodiscard]] std::optional<std::pair<Height, Txid>> breach() const;

private:
    [[nodiscard]] const l2::Claim* current() const;
    [[nodiscard]] std::string nextAction() const;
    [[nodiscard]] Step burnedStep() const;
    [[nodiscard]] Step kickoffStep() const;
    [[nodiscard]] Step windowStep() const;
    [[nodiscard]] Step takenStep() const;

    ContextPtr m_context;
    OutPoint m_vault;
    OutPoint m_funding;
    Txid m_kickoffTxid;
    Txid m_takeTxid;
    std::optional<l2::TxHash> m_burn;
    bool m_kickoffSent = false;
    bool m_takeSent = false;
    FactLog<Sighting> m_chain;
    BatchLog<std::optional<l2::Claim>> m_claim;
};

} // namespace bowline::bridge
