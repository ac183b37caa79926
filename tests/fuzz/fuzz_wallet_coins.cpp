// SPDX-License-Identifier: MIT
// Any tangle of unconfirmed transactions, circles included: the decision who lives ends, and no coin is spent
// by two that live.
#include "core/base/serial.h"
#include "core/wallet/balance.h"

#include <cstdlib>
#include <set>

using namespace bowline;
using namespace bowline::wallet;

namespace {

void require(bool condition)
{
    if (!condition) std::abort();
}

Txid idOf(std::uint8_t number)
{
    Txid out;
    out.bytes[0] = number;
    out.bytes[1] = 1;
    return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    base::Reader reader({data, size});
    const std::uint8_t count = reader.u8() % 24;
    std::vector<PendingRow> rows;
    std::vector<Coin> coins;
    for (std::uint8_t i = 0; i < count; ++i) {
        PendingRow row;
        row.txid = idOf(i);
        const std::uint8_t flags = reader.u8();
        row.abandoned = (flags & 1U) != 0;
        row.conflictsWithConfirmed = (flags & 2U) != 0;
        for (unsigned n = 0; n <= (flags >> 2U) % 4U; ++n) {
            row.transaction.inputs.push_back({{idOf(reader.u8() % 32), reader.u8() % 2U}, {}, 0, {}});
        }
        rows.push_back(std::move(row));
    }
    for (std::uint8_t i = 0; i < 32; ++i) {
        Coin coin;
        coin.outpoint = {idOf(i), 0};
        coin.output.value = base::Amount::fromSat(i);
        coin.key = OwnKey{};
        if (i >= count) coin.confirmed = BlockRef{{i}, {}};
        coins.push_back(std::move(coin));
    }
    const CoinView view(std::move(coins), std::move(rows));
    std::set<OutPoint> spent;
    for (const PendingTransaction& entry : view.pending()) {
        (void)view.descendantsOf(entry.row.txid);
        if (entry.state != TransactionState::Pending) continue;
        std::set<OutPoint> own;
        for (const auto& input : entry.row.transaction.inputs) own.insert(input.prevout);
        for (const OutPoint& outpoint : own) {
            require(spent.insert(outpoint).second);
            const PendingTransaction* parent = view.findPending(outpoint.txid);
            require(parent == nullptr || parent->state == TransactionState::Pending);
        }
    }
    const Balance balance = balanceOf(view, {1'000}, false);
    require(balance.spendable >= Amount{} && balance.confirmed >= Amount{});
    return 0;
}
