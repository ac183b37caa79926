// SPDX-License-Identifier: MIT
// Any amounts, weights and rates: coin selection answers with a sum that adds up, or refuses.
#include "core/base/serial.h"
#include "core/wallet/selection.h"

#include <cstdlib>

using namespace bowline;

namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

std::vector<wallet::Candidate> readCandidates(base::Reader& reader, std::size_t most)
{
    std::vector<wallet::Candidate> out(reader.u8() % most);
    for (wallet::Candidate& candidate : out) {
        candidate.value = reader.amountLe();
        candidate.inputWeight = 1 + reader.u16le() % 4'000;
    }
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    base::Reader reader({data, size});
    wallet::SelectionProblem problem;
    problem.target = reader.amountLe();
    problem.fee.rate = {reader.u32le() % 20'000'000};
    problem.fee.extra = reader.amountLe();
    problem.fee.replacedFee = reader.amountLe();
    problem.fee.increment = {reader.u16le()};
    problem.changeFloor = reader.amountLe();
    problem.baseWeight = 42 + reader.u16le();
    problem.changeWeight = 172;
    problem.changeSpendWeight = 230;
    problem.seed = reader.u64le();
    const std::vector<wallet::Candidate> required = readCandidates(reader, 4);
    const std::vector<wallet::Candidate> candidates = readCandidates(reader, 40);
    if (reader.failed()) return 0;
    for (const bool everything : {false, true}) {
        const auto selection = everything ? selectAll(candidates, problem, required)
                                          : selectCoins(candidates, problem, required);
        if (!selection.ok()) continue;
        base::Amount total;
        for (const wallet::Candidate& input : required) total += input.value;
        for (const std::size_t chosen : selection->chosen) total += candidates.at(chosen).value;
        require(total == problem.target + selection->fee + selection->change);
        require(selection->fee >= problem.fee.feeFor(selection->weight));
        require(selection->change >= base::Amount{});
    }
    return 0;
}
