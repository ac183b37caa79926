// SPDX-License-Identifier: MIT
// What bitcoind says about the money on a devnet, asked through bitcoin-cli and without any of our code: the bridge's
// transactions told by their shape alone.
#pragma once

#include "tests/support/devnet.h"

#include <optional>
#include <vector>

namespace bowline::test {

/// Of bitcoin-cli's BTC, a decimal number.
[[nodiscard]] std::int64_t satOf(const boost::json::value& btc);
[[nodiscard]] boost::json::array unspentAt(const TestDevnet& net, const std::string& address);
/// Every transaction of the blocks from `fromHeight` on, in order, as getblock tells them.
[[nodiscard]] std::vector<boost::json::object> transactionsFrom(const TestDevnet& net, int fromHeight);
[[nodiscard]] std::optional<boost::json::object>
spenderOf(const std::vector<boost::json::object>& transactions, const std::string& txid, int vout);
[[nodiscard]] std::string txidOf(const boost::json::object& transaction);
[[nodiscard]] std::int64_t outputSat(const boost::json::object& transaction, std::size_t index);
[[nodiscard]] std::string outputScript(const boost::json::object& transaction, std::size_t index);

/// T1: version 3, one input, a vault and an anchor of 240 sat (decision 1).
[[nodiscard]] bool looksLikeVault(const boost::json::object& transaction);
/// Take1: version 3, of vault, stake and connector.
[[nodiscard]] bool looksLikeTake(const boost::json::object& transaction);
/// A withdrawal's payment: bound to it by an OP_RETURN of 32 bytes in output 1 (rule A10).
[[nodiscard]] bool looksLikePayment(const boost::json::object& transaction);

/// What of the take of a vault with `vaultSat` is not as docs/protocol.md has it, or empty: three inputs of which two
/// are of one kickoff, the window of ten blocks, and where the money went.
[[nodiscard]] std::string wrongAboutTake(const TestDevnet& net, const boost::json::object& take,
                                         std::int64_t vaultSat);

} // namespace bowline::test
