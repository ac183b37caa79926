// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/views_json.h"

#include <charconv>

namespace bowline::cli {

namespace {
using Ask = services::Task (services::LayerTwoService::*)(std::string,
                                                          services::Completion<services::ProvenValue>);

base::Result<services::ProvenValue> askProven(Runner& runner, Ask ask)
{
    BOWLINE_TRY(const std::string key, runner.arguments().word(2, "KEY"));
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    return runner.wait<services::ProvenValue>(
        [&](auto done) { return (all->layerTwo().*ask)(key, std::move(done)); });
}
} // namespace

CommandResult l2Head(Runner& runner)
{
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto batch, runner.wait<services::BatchView>(
                                      [&](auto done) { return all->layerTwo().head(std::move(done)); }));
    return toJson(batch);
}

CommandResult l2Account(Runner& runner)
{
    BOWLINE_TRY(const services::ProvenValue value, askProven(runner, &services::LayerTwoService::account));
    json::object out = toJson(value);
    for (const char* heavy : {"header", "signature", "proof", "checks", "fields"}) out.erase(heavy);
    return out;
}

CommandResult l2History(Runner& runner)
{
    BOWLINE_TRY(const services::ProvenValue value, askProven(runner, &services::LayerTwoService::history));
    return toJson(value);
}

CommandResult l2Proof(Runner& runner)
{
    BOWLINE_TRY(const services::ProvenValue value, askProven(runner, &services::LayerTwoService::account));
    return toJson(value);
}

CommandResult l2Batch(Runner& runner)
{
    BOWLINE_TRY(const std::string text, runner.arguments().word(2, "N"));
    std::uint64_t number = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (failure != std::errc{} || end != text.data() + text.size())
        return base::makeError(kUsage, "N is a number");
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto batch, runner.wait<services::BatchView>([&](auto done) {
        return all->layerTwo().batch(number, std::move(done));
    }));
    return toJson(batch);
}

CommandResult l2Send(Runner& runner)
{
    BOWLINE_TRY(const std::string recipient, runner.arguments().word(2, "KEY"));
    BOWLINE_TRY(const std::string text, runner.arguments().word(3, "AMOUNT"));
    BOWLINE_TRY(const base::Amount amount, base::parseBtc(text));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto review, runner.wait<services::LayerTwoReview>([&](auto done) {
        return all->spending().reviewLayerTwo(recipient, amount, std::move(done));
    }));
    BOWLINE_TRY(const std::string hash, runner.wait<std::string>([&](auto done) {
        return all->spending().confirmLayerTwo(review.draftId, std::move(done));
    }));
    return json::object{{"hash", hash}, {"amount_sat", review.amount.sat()}, {"fee_sat", review.fee.sat()}};
}

} // namespace bowline::cli
