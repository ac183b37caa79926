// SPDX-License-Identifier: MIT
// A network of the bridge in memory: keys and parameters of any committee, a chain that is only facts, and a
// relay whose habits a test can choose.
#pragma once

#include "core/bridge/depositor.h"
#include "core/bridge/operator.h"

#include <cstdio>
#include <functional>
#include <random>

namespace bowline::bridge::test {

/// The value, or the end of the test program with the error on stderr: for what a test takes for granted.
template <typename T>
T must(Result<T> result)
{
    if (!result.ok()) {
        std::fprintf(stderr, "%s: %s\n", std::string(result.error().code.name()).c_str(),
                     result.error().detail.c_str());
        std::abort();
    }
    return std::move(result).value();
}

/// The same for the same label, in every run.
[[nodiscard]] PrivateKey keyOf(std::string_view label);
[[nodiscard]] OutPoint outpointOf(std::string_view label, std::uint32_t index = 0);
[[nodiscard]] Script payoutOf(std::string_view label);

struct TestNetwork {
    std::vector<PrivateKey> vaultKeys;
    std::vector<PrivateKey> messageKeys;
    std::vector<PrivateKey> operatorKeys; // ascending by public key, as the network lists them
    ContextPtr context;
};
using Adjust = std::function<void(l2::NetworkParams&)>;
[[nodiscard]] l2::Network makeNetworkFile(std::size_t members, std::size_t operators,
                                          const Adjust& adjust = {});
[[nodiscard]] TestNetwork makeNetwork(std::size_t members, std::size_t operators, const Adjust& adjust = {});

/// The deposit most tests are about.
[[nodiscard]] DepositTerms standardTerms();
[[nodiscard]] Deposit standardDeposit(const TestNetwork& network);
[[nodiscard]] std::vector<OperatorOffer> standardOffers(const TestNetwork& network);
[[nodiscard]] DepositGraph standardGraph(const TestNetwork& network);

/// With all members in one process: the committee's signature over `message` under `keys`.
[[nodiscard]] Signature64 committeeSigns(const TestNetwork& network, const crypto::KeyAggregation& keys,
                                         const Digest& message);

/// Everybody's messages, in the order posted.
class Relay {
public:
    void post(Bytes message) { m_messages.push_back(std::move(message)); }
    [[nodiscard]] const std::vector<Bytes>& messages() const { return m_messages; }

private:
    std::vector<Bytes> m_messages;
};

/// What may happen to a message on the way to one reader.
struct Habits {
    unsigned reorderWithin = 1; // delivered in random order within so many messages; 1: in order
    unsigned repeatPercent = 0;
    unsigned dropPercent = 0; // readers get dropped messages when they are posted once more
};

/// A committee, its operators and a depositor, all in this process.
class Party {
public:
    Party(std::size_t members, std::size_t operators, Habits habits = {}, std::uint32_t seed = 1,
          const Adjust& adjust = {});
    /// For the deposit of somebody else, whose refund key it borrows for the depositor's messages.
    Party(TestNetwork ownNetwork, const DepositTerms& terms, PrivateKey refundKey, Habits habits = {},
          std::uint32_t seed = 1);

    ChainFacts facts; // the request and all fundings, deep
    TestNetwork network;
    Deposit deposit;
    Relay relay;
    std::vector<std::optional<MemberCeremony>> members;
    std::vector<MemberMemory> memories; // what each member was told to keep
    std::vector<ReleasedRecord> released;
    std::optional<DepositorCeremony> depositor;
    std::optional<MintAuthorisation> authorisation;
    std::vector<Evidence> evidence;
    std::vector<Transaction> broadcast;
    /// Sees every message of a member before the relay, and may change it (a lying member).
    std::function<std::optional<Bytes>(std::size_t, const Bytes&)> tamper;
    /// Keeps what a member's step asks for, before anything of it leaves. With a memory as the answer it could not:
    /// the member's process ended there, and the next one found this.
    std::function<std::optional<MemberMemory>(std::size_t, const Effects&)> keep;

    void postOffers();
    /// One turn: everybody reads what came and acts. False when nothing happened.
    bool turn();
    /// Turns until nothing happens, then reposts; until T1 is signed by all or `rounds` reposts passed.
    bool run(unsigned rounds = 30);
    /// Ends member i; it comes back with what it was told to keep.
    void restart(std::size_t i);
    void repost();
    [[nodiscard]] bool everybodySigned() const;

private:
    bool actMember(std::size_t i);
    bool actDepositor();
    void deliver(std::size_t reader, const std::function<void(const Message&)>& read);

    PrivateKey m_refundKey;
    Habits m_habits;
    std::mt19937 m_random;
    std::vector<std::size_t> m_positions; // of each reader in the relay; the last is the depositor
    std::vector<std::vector<Bytes>> m_waiting;
};

} // namespace bowline::bridge::test
