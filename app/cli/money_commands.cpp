// SPDX-License-Identifier: MIT
#include "app/cli/commands.h"
#include "app/cli/views_json.h"

#include <charconv>
#include <thread>

namespace bowline::cli {

base::Result<std::int64_t> feeRate(const Arguments& arguments)
{
    constexpr std::int64_t kDefault = 2'000;
    if (!arguments.has("fee")) return kDefault;
    // Decimal sat/vB with at most three places, read as satoshi per 1,000 vB.
    const std::string text = arguments.get("fee");
    const auto dot = text.find('.');
    std::string places = dot == std::string::npos ? "" : text.substr(dot + 1);
    if (places.size() > 3) return base::makeError(kUsage, "--fee takes at most three decimals");
    places.resize(3, '0');
    const std::string digits = text.substr(0, dot) + places;
    std::int64_t value = 0;
    const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (failure != std::errc{} || end != digits.data() + digits.size() || value <= 0) {
        return base::makeError(kUsage, "--fee takes satoshi per virtual byte");
    }
    return value;
}

base::Result<std::string> waitSent(Runner& runner, const std::string& txid)
{
    BOWLINE_TRY(services::Services * all, runner.services());
    constexpr int kTries = 200;
    for (int i = 0; i < kTries; ++i) {
        const auto view = runner.wait<services::TransactionView>(
            [&](auto done) { return all->wallets().showTransaction(txid, std::move(done)); });
        if (!view.ok()) break; // nothing after the payment was made may look like its failure
        if (view->height || view->broadcastState == "requested" || view->broadcastState == "seen")
            return std::string("sent");
        std::this_thread::sleep_for(std::chrono::milliseconds(50));
    }
    return std::string("kept");
}

CommandResult balance(Runner& runner)
{
    BOWLINE_TRY(const services::WalletInfo info, runner.openWallet());
    if (!runner.arguments().has("no-wait")) {
        BOWLINE_CHECK(runner.waitSynced());
    }
    BOWLINE_TRY(services::Services * all, runner.services());
    const services::SnapshotPtr snapshot = all->snapshot();
    return json::object{{"wallet", info.name},
                        {"bitcoin", toJson(snapshot->bitcoin)},
                        {"layer2", toJson(snapshot->layerTwo)},
                        {"tip_height", snapshot->sync.tipHeight}};
}

CommandResult receive(Runner& runner)
{
    BOWLINE_CHECK(runner.openWallet());
    BOWLINE_TRY(services::Services * all, runner.services());
    const auto type =
        runner.arguments().has("segwit") ? services::AddressType::SegwitV0 : services::AddressType::Taproot;
    BOWLINE_TRY(const auto address, runner.wait<services::AddressView>([&](auto done) {
        return all->wallets().nextAddress(type, runner.arguments().get("label"), std::move(done));
    }));
    return json::object{{"address", address.address}, {"uri", address.uri}, {"index", address.index}};
}

CommandResult send(Runner& runner)
{
    services::Recipient recipient;
    BOWLINE_TRY(recipient.address, runner.arguments().word(1, "ADDRESS"));
    recipient.sendAll = runner.arguments().has("all");
    if (!recipient.sendAll) {
        BOWLINE_TRY(const std::string amount, runner.arguments().word(2, "AMOUNT"));
        BOWLINE_TRY(recipient.amount, base::parseBtc(amount));
    }
    BOWLINE_TRY(const std::int64_t rate, feeRate(runner.arguments()));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto review, runner.wait<services::SpendReview>([&](auto done) {
        return all->spending().review({recipient}, rate, std::move(done));
    }));
    BOWLINE_TRY(const std::string txid, runner.wait<std::string>([&](auto done) {
        return all->spending().confirm(review.draftId, std::move(done));
    }));
    json::object out = toJson(review);
    out["txid"] = txid;
    BOWLINE_TRY(out["state"], waitSent(runner, txid));
    return out;
}

CommandResult txList(Runner& runner)
{
    BOWLINE_CHECK(runner.openWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    constexpr std::size_t kMost = 1000;
    BOWLINE_TRY(const auto list, runner.wait<std::vector<services::TransactionView>>([&](auto done) {
        return all->wallets().listTransactions(0, kMost, std::move(done));
    }));
    return json::object{{"transactions", toJsonList(list)}};
}

CommandResult txShow(Runner& runner)
{
    BOWLINE_TRY(const std::string txid, runner.arguments().word(2, "TXID"));
    BOWLINE_CHECK(runner.openWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto view, runner.wait<services::TransactionView>([&](auto done) {
        return all->wallets().showTransaction(txid, std::move(done));
    }));
    return toJson(view);
}

CommandResult txBump(Runner& runner)
{
    BOWLINE_TRY(const std::string txid, runner.arguments().word(2, "TXID"));
    BOWLINE_TRY(const std::int64_t rate, feeRate(runner.arguments()));
    BOWLINE_CHECK(runner.unlockWallet());
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto review, runner.wait<services::SpendReview>([&](auto done) {
        return all->spending().reviewBump(txid, rate, runner.arguments().has("by-child"), std::move(done));
    }));
    BOWLINE_TRY(const std::string sent, runner.wait<std::string>([&](auto done) {
        return all->spending().confirm(review.draftId, std::move(done));
    }));
    json::object out = toJson(review);
    out["txid"] = sent;
    BOWLINE_TRY(out["state"], waitSent(runner, sent));
    return out;
}

} // namespace bowline::cli
