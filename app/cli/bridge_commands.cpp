// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/views_json.h"

#include <algorithm>
#include <thread>

namespace bowline::cli {

namespace {
base::Result<services::BridgeItem> showItem(Runner& runner, const std::string& id)
{
    BOWLINE_TRY(services::Services * all, runner.services());
    return runner.wait<services::BridgeItem>(
        [&](auto done) { return all->bridge().show(id, std::move(done)); });
}

/// Of the transaction that pays a deposit's request.
base::Result<std::string> requestTxid(Runner& runner, const std::string& id)
{
    BOWLINE_TRY(const services::BridgeItem item, showItem(runner, id));
    for (const services::TimelineStep& step : item.steps) {
        if (step.id == "deposit.request-sent") return step.txid;
    }
    return base::makeError(services::kNotReady, "no request in the timeline of " + id);
}

/// Until the item is over, has reached the state of --until, or --timeout has passed.
base::Result<services::BridgeItem> waitItem(Runner& runner, const std::string& id)
{
    BOWLINE_TRY(const std::uint64_t limit, runner.arguments().number("timeout", 120));
    const std::string until = runner.arguments().get("until");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(limit);
    while (true) {
        BOWLINE_TRY(services::BridgeItem item, showItem(runner, id));
        const bool reached = std::any_of(item.steps.begin(), item.steps.end(), [&](const auto& step) {
            return step.id == until && step.state == services::StepState::Done;
        });
        if (item.finished || item.failed || reached || (!until.empty() && item.state == until)) return item;
        if (std::chrono::steady_clock::now() > deadline) {
            return base::makeError(kTimeout, id + " is still at " + item.state + " after " +
                                                 std::to_string(limit) + " s");
        }
        std::this_thread::sleep_for(std::chrono::milliseconds(200));
    }
}

base::Result<json::object> itemsWhenAsked(Runner& runner, json::object out,
                                          const std::vector<std::string>& ids)
{
    if (!runner.arguments().has("wait")) return out;
    json::array items;
    for (const std::string& id : ids) {
        BOWLINE_TRY(const services::BridgeItem item, waitItem(runner, id));
        items.push_back(toJson(item));
    }
    out["items"] = std::move(items);
    return out;
}
} // namespace

CommandResult deposit(Runner& runner)
{
    BOWLINE_TRY(const std::string text, runner.arguments().word(1, "AMOUNT"));
    BOWLINE_TRY(const base::Amount amount, base::parseBtc(text));
    BOWLINE_TRY(const std::int64_t rate, feeRate(runner.arguments()));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto quote, runner.wait<services::DepositQuote>([&](auto done) {
        return all->bridge().quoteDeposit(amount, rate, std::move(done));
    }));
    BOWLINE_TRY(const auto ids, runner.wait<std::vector<std::string>>([&](auto done) {
        return all->bridge().startDeposit(quote.draftId, std::move(done));
    }));
    json::object out = toJson(quote);
    out["ids"] = json::value_from(ids);
    if (const auto request = requestTxid(runner, ids.front()); request.ok()) { // one pays the requests of all
        out["request_txid"] = *request;
        BOWLINE_TRY(out["state"], waitSent(runner, *request));
    }
    return itemsWhenAsked(runner, std::move(out), ids);
}

CommandResult withdraw(Runner& runner)
{
    BOWLINE_TRY(const std::string text, runner.arguments().word(1, "AMOUNT"));
    BOWLINE_TRY(const base::Amount amount, base::parseBtc(text));
    BOWLINE_TRY(const std::string address, runner.arguments().word(2, "ADDRESS"));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto quote, runner.wait<services::WithdrawQuote>([&](auto done) {
        return all->bridge().quoteWithdrawal(amount, address, std::move(done));
    }));
    BOWLINE_TRY(const std::string id, runner.wait<std::string>([&](auto done) {
        return all->bridge().startWithdrawal(quote.draftId, std::move(done));
    }));
    json::object out = toJson(quote);
    out["id"] = id;
    return itemsWhenAsked(runner, std::move(out), {id});
}

CommandResult refund(Runner& runner)
{
    BOWLINE_TRY(const std::string id, runner.arguments().word(1, "ID"));
    BOWLINE_TRY(const std::int64_t rate, feeRate(runner.arguments()));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const std::string txid, runner.wait<std::string>([&](auto done) {
        return all->bridge().refund(id, rate, std::move(done));
    }));
    json::object out{{"txid", txid}};
    BOWLINE_TRY(out["state"], waitSent(runner, txid));
    return out;
}

CommandResult reclaim(Runner& runner)
{
    BOWLINE_TRY(const std::string id, runner.arguments().word(1, "ID"));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const std::string hash, runner.wait<std::string>([&](auto done) {
        return all->bridge().reclaim(id, std::move(done));
    }));
    return json::object{{"hash", hash}};
}

CommandResult bridgeList(Runner& runner)
{
    BOWLINE_CHECK(runner.openWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto list, runner.wait<std::vector<services::BridgeItem>>(
                                     [&](auto done) { return all->bridge().list(std::move(done)); }));
    return json::object{{"items", toJsonList(list)}};
}

CommandResult bridgeShow(Runner& runner)
{
    BOWLINE_TRY(const std::string id, runner.arguments().word(2, "ID"));
    BOWLINE_CHECK(runner.openWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(const services::BridgeItem item, showItem(runner, id));
    return toJson(item);
}

CommandResult bridgeWait(Runner& runner)
{
    BOWLINE_TRY(const std::string id, runner.arguments().word(2, "ID"));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(const services::BridgeItem item, waitItem(runner, id));
    return toJson(item);
}

} // namespace bowline::cli
