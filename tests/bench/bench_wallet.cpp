// SPDX-License-Identifier: MIT
// How a wallet with 100,000 transactions opens and pages, what memory it takes, and how long choosing among
// 10,000 coins lasts. Prints JSON. `bench_wallet [transactions]`; it writes a file of some 60 MB into a
// temporary folder.
#include "core/wallet/spend.h"

#include <chrono>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace bowline;
using namespace bowline::wallet;

namespace {

constexpr std::uint32_t kPerBlock = 100;
/// One coin in ten is never spent.
constexpr std::uint32_t kKeptOneIn = 10;

template <typename Fn>
double millisecondsOf(const Fn& fn)
{
    const auto begin = std::chrono::steady_clock::now();
    fn();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    return took.count();
}

template <typename T>
T must(Result<T> result)
{
    if (result.ok()) return std::move(result).value();
    std::fprintf(stderr, "%s %s\n", std::string(result.error().code.name()).c_str(),
                 result.error().detail.c_str());
    std::abort();
}

BlockRef blockAt(std::uint32_t height)
{
    BlockRef out{{height}, {}};
    std::memcpy(out.hash.bytes.data(), &height, sizeof height);
    return out;
}

/// Half of the transactions pay the wallet from outside, the others spend what came before and pay some back.
Transaction transactionOf(std::uint32_t number, const Script& script, std::vector<OutPoint>& open)
{
    Transaction out;
    bitcoin::TxIn input;
    input.witness = {Bytes(64, 1)};
    if (number % 2 == 1 && open.size() >= 2) {
        for (int i = 0; i < 2; ++i) {
            input.prevout = open.back();
            open.pop_back();
            out.inputs.push_back(input);
        }
    } else {
        input.prevout.txid.bytes[31] = 0xee;
        std::memcpy(input.prevout.txid.bytes.data(), &number, sizeof number);
        out.inputs.push_back(input);
    }
    out.outputs = {{Amount::fromSat(10'000 + number), script}, {Amount::fromSat(1'000), {0x00, 0x14}}};
    if (number % kKeptOneIn != 0) open.push_back({out.txid(), 0});
    return out;
}

/// As one write: what is measured is reading.
void fill(Wallet& wallet, std::uint32_t transactions)
{
    WalletStore::Batch batch = must(wallet.store().begin());
    std::vector<OutPoint> open;
    for (std::uint32_t number = 0; number < transactions;) {
        bitcoin::Block block;
        for (std::uint32_t i = 0; i < kPerBlock && number < transactions; ++i, ++number) {
            const Script script = must(wallet.currentAddress(AddressType::Taproot)).script;
            block.transactions.push_back(transactionOf(number, script, open));
        }
        must(wallet.connectBlock(blockAt(wallet.tipHeight().value + 1), &block));
    }
    if (!batch.commit().ok()) std::abort();
}

std::int64_t residentKilobytes()
{
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with("VmRSS:")) return std::stoll(line.substr(6));
    }
    return 0;
}

double selectionTime(std::size_t coins)
{
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < coins; ++i) {
        candidates.push_back({Amount::fromSat(static_cast<std::int64_t>(5'000 + i * 7'919 % 900'001)), 230});
    }
    SelectionProblem problem;
    problem.target = Amount::fromSat(123'456'789);
    problem.fee.rate = {12'000};
    problem.baseWeight = 214;
    problem.changeWeight = 172;
    problem.changeSpendWeight = 230;
    problem.changeFloor = Amount::fromSat(575);
    return millisecondsOf([&] { must(selectCoins(candidates, problem)); });
}

} // namespace

int main(int argc, char** argv)
{
    const auto transactions = static_cast<std::uint32_t>(argc > 1 ? std::stoul(argv[1]) : 100'000);
    char name[] = "/tmp/bowline-bench-XXXXXX";
    if (::mkdtemp(name) == nullptr) return 1;
    const std::string path = std::string(name) + "/w";
    const base::SystemClock clock;
    double filling = 0;
    {
        NewWallet options;
        const std::string_view words =
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        options.words = base::toSecure(base::viewOf(words));
        options.password = base::toSecure(base::viewOf(std::string_view("bench")));
        options.birthday.height = Height{1};
        options.scrypt = crypto::ScryptParameters{crypto::kScryptMinN, 8, 1};
        const auto wallet = must(Wallet::create(path, options, clock));
        filling = millisecondsOf([&] { fill(*wallet, transactions); });
    }
    const std::int64_t before = residentKilobytes();
    std::unique_ptr<Wallet> wallet;
    const double opening = millisecondsOf([&] { wallet = must(Wallet::open(path, clock)); });
    std::size_t coins = 0;
    const double balance = millisecondsOf([&] {
        must(wallet->balance());
        coins = must(wallet->coins())->coins().size();
    });
    const double snapshot = millisecondsOf([&] { must(wallet->snapshot()); });
    std::optional<HistoryCursor> cursor;
    const double pages = millisecondsOf([&] {
        for (int page = 0; page < 200; ++page) {
            const std::vector<HistoryEntry> entries = must(wallet->history(cursor, 50));
            if (entries.empty()) return;
            cursor = HistoryCursor{entries.back().confirmed->height, entries.back().row};
        }
    });
    const double draft = millisecondsOf([&] {
        SpendRequest request;
        request.recipients = {{bitcoin::payToTaproot({}), Amount::fromSat(5'000'000), false, {}}};
        must(draftSpend(*wallet, request));
    });
    std::printf(
        "{\n  \"benchmark\": \"wallet\",\n  \"transactions\": %u,\n  \"coins\": %zu,\n  \"fill_ms\": %.0f,\n"
        "  \"open_ms\": %.1f,\n  \"balance_ms\": %.1f,\n  \"snapshot_ms\": %.1f,\n  \"page_of_50_ms\": "
        "%.2f,\n"
        "  \"draft_ms\": %.1f,\n  \"rss_kb\": %lld,\n  \"rss_grown_kb\": %lld,\n"
        "  \"select_10000_coins_ms\": %.1f\n}\n",
        transactions, coins, filling, opening, balance, snapshot, pages / 200, draft,
        static_cast<long long>(residentKilobytes()), static_cast<long long>(residentKilobytes() - before),
        selectionTime(10'000));
    wallet.reset();
    std::filesystem::remove_all(name);
}
