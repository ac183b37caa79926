// SPDX-License-Identifier: MIT
// What a client pays for a longer history: chains of 10 and of 100 batches (or of the numbers given), each wrapped once, and the time
// to check the wrapped proof. The batches' proofs are of a program that proves any span, which stands in the set of keys in the
// place of a join; chain and wrap are the release's. A batch takes some three seconds of processor time on two threads, so that a
// hundred of them take three minutes on two idle cores. Prints JSON, and on standard error how far it is.
#include "core/aggregate/wrap.h"
#include "core/field/cells.h"
#include "tests/bench/timing.h"
#include "tests/unit/aggregate/chained.h"

#include <algorithm>
#include <cstdio>
#include <string>

using namespace bowline;
using test::expect;

namespace {
double checkMilliseconds(const stark::VerifyingKey& key, const base::Bytes& file)
{
    double best = 1e9;
    for (int i = 0; i < 20; ++i) {
        best = std::min(best, bench::processorSecondsOf([&] {
                            if (!aggregate::verifyWrapped(key, file).ok()) std::abort();
                        }));
    }
    return best * 1e3;
}
} // namespace

int main(int argc, char** argv)
{
    std::vector<unsigned long> stops;
    for (int i = 1; i < argc; ++i) stops.push_back(std::stoul(argv[i])); // NOLINT(*-pointer-arithmetic)
    if (stops.empty()) stops = {10, 100};
    const field::CellsReuse reuse;
    stark::ProverOptions options;
    options.threads = 2;
    const auto chain = expect(aggregate::Chain::make({}, options));
    const auto genesis = expect(aggregate::Genesis::make(
        test::stateOf(test::statementOf(0), aggregate::programOf(test::startOf(test::kOld))),
        aggregate::kChainForm, options));
    const test::Anything batches(aggregate::Span::kValues, aggregate::kJoinForm);
    const auto keys = expect(aggregate::KeySet::make(
        {batches.machine.key().verifying().digest, chain->key().digest, genesis->key().digest}));
    const recursion::MachineHeights& heights = *aggregate::kChainForm.heights;
    const auto wrap = expect(aggregate::Wrap::make(
        chain->key(), stark::Heights(heights.begin(), heights.end()), aggregate::kWrapParameters, options));
    auto proof = expect(genesis->prove(keys.root(), chain->key().digest, options));
    std::printf("{\n  \"benchmark\": \"history\"");
    double chaining = 0;
    for (std::uint64_t number = 1; number <= *std::max_element(stops.begin(), stops.end()); ++number) {
        const auto batch =
            test::batchOf(test::statementOf(number), keys.root(), batches, {}, test::kOld, options);
        chaining +=
            bench::processorSecondsOf([&] { proof = expect(chain->prove(keys, proof, batch, options)); });
        if (number % 10 == 0) std::fprintf(stderr, "batch %llu\n", static_cast<unsigned long long>(number));
        if (std::find(stops.begin(), stops.end(), number) == stops.end()) continue;
        const base::Bytes file = expect(wrap->prove(proof.state.publicValues(), proof.proof, options));
        const std::string name = std::to_string(number) + "_batches";
        std::printf(",\n  \"%s_check_milliseconds\": %.2f,\n  \"%s_bytes\": %zu,\n"
                    "  \"%s_chain_processor_seconds_a_batch\": %.2f",
                    name.c_str(), checkMilliseconds(wrap->key(), file), name.c_str(), file.size(),
                    name.c_str(), chaining / static_cast<double>(number));
        std::fflush(stdout);
    }
    std::printf("\n}\n");
    return 0;
}
