// SPDX-License-Identifier: MIT
// The layer 2: Poseidon2 permutations, changes of the state tree, and a batch of 1,000 transfers through the
// real program, as a sequencer proposes it and as a follower repeats it. Prints JSON.
#include "tests/unit/l2/fixture.h"

#include <chrono>
#include <cstdio>

using namespace bowline;
using namespace bowline::test;

namespace {

template <typename Fn>
double secondsOf(const Fn& fn)
{
    const auto begin = std::chrono::steady_clock::now();
    fn();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

constexpr int kPermutations = 200'000;
constexpr std::uint64_t kObjects = 20'000;
constexpr std::uint64_t kTransfers = 1'000;

double permutationsPerSecond()
{
    field::State state{};
    const double seconds = secondsOf([&state] {
        for (int i = 0; i < kPermutations; ++i) field::permute(state);
    });
    // The result is looked at, so that the work cannot be left out.
    return state[0] == field::Element{} ? 0 : kPermutations / seconds;
}

double changesPerSecond()
{
    StateTree tree;
    const Bytes value(122, 7); // as long as an account
    const double seconds = secondsOf([&tree, &value] {
        for (std::uint64_t i = 0; i < kObjects; ++i) tree = tree.with(withdrawalId(i).key(), value);
    });
    return static_cast<double>(tree.size()) / seconds;
}

BatchBody transfers(const Layer& layer)
{
    BatchBody body = layer.bodyWith({});
    for (std::uint64_t i = 0; i < kTransfers; ++i) {
        Transaction tx;
        tx.nonce = i;
        tx.fee = layer.params.minFee;
        XOnlyPublicKey to = digestOf(static_cast<std::uint8_t>(i)).bytes[0] % 2 == 0
                                ? layer.bob.xOnlyPublicKey()
                                : XOnlyPublicKey{digestOf(static_cast<std::uint8_t>(i)).bytes};
        tx.payload = Transfer{to, Amount::fromSat(1'000)};
        body.transactions.push_back(layer.sign(tx, layer.alice).encode());
    }
    return body;
}

} // namespace

int main()
{
    Layer layer;
    layer.fund(layer.alice, Amount::fromSat(100'000'000));
    const BatchBody body = transfers(layer);
    Execution done;
    const double proposed = secondsOf([&] { done = std::get<Execution>(layer.propose(body)); });
    if (done.receipts.size() != kTransfers) return 1;
    bool same = false;
    const double followed = secondsOf([&] {
        const auto result = must(layer.executor.apply(layer.head(), layer.state(), done.header, body));
        same = std::holds_alternative<Execution>(result);
    });
    const double empty = secondsOf([&layer] { (void)layer.propose(layer.bodyWith({})); });
    if (!same) return 1;
    std::printf("{\n  \"benchmark\": \"l2\",\n  \"poseidon2_permutations_per_second\": %.0f,\n"
                "  \"state_changes_per_second\": %.0f,\n  \"empty_batch_milliseconds\": %.2f,\n"
                "  \"transfers\": %llu,\n  \"propose_milliseconds\": %.1f,\n  \"apply_milliseconds\": %.1f,\n"
                "  \"transfers_per_second\": %.0f\n}\n",
                permutationsPerSecond(), changesPerSecond(), empty * 1e3,
                static_cast<unsigned long long>(kTransfers), proposed * 1e3, followed * 1e3,
                static_cast<double>(kTransfers) / followed);
    return 0;
}
