// SPDX-License-Identifier: MIT
// What the tests of this folder share: hexadecimal input, the recorded block of a real node (data/record.sh).
#pragma once

#include "core/bitcoin/block.h"
#include "tests/support/vectors.h"

#include <boost/json.hpp>

#include <fstream>
#include <sstream>

namespace bowline::test {

/// For input that the test itself provides: anything else is a mistake in the test.
inline base::Bytes bytesOf(std::string_view hex)
{
    const auto parsed = base::fromHex(hex);
    if (!parsed) qFatal("not hexadecimal: %.*s", static_cast<int>(hex.size()), hex.data());
    return *parsed;
}

// Text literals convert to a JSON value as well as to a view.
inline base::Bytes bytesOf(const char* hex) { return bytesOf(std::string_view(hex)); }
inline base::Bytes bytesOf(const std::string& hex) { return bytesOf(std::string_view(hex)); }

inline std::string textOf(const boost::json::value& value) { return std::string(value.as_string()); }

inline base::Bytes bytesOf(const boost::json::value& value) { return bytesOf(textOf(value)); }

template <typename Hash>
Hash shownHash(std::string_view hex)
{
    const auto parsed = Hash::fromDisplayHex(hex);
    if (!parsed) qFatal("not a hash: %.*s", static_cast<int>(hex.size()), hex.data());
    return *parsed;
}

template <typename Hash = base::Digest>
Hash hashOf(const boost::json::value& value)
{
    const auto parsed = Hash::fromHex(textOf(value));
    if (!parsed) qFatal("not a hash: %s", textOf(value).c_str());
    return *parsed;
}

/// The answers of a node about one block, see data/record.sh.
inline const boost::json::object& recordedBlock()
{
    static const boost::json::value recorded = [] {
        std::ifstream in(std::string(BOWLINE_SOURCE_DIR) + "/tests/unit/bitcoin/data/regtest_block.json");
        std::ostringstream text;
        text << in.rdbuf();
        return boost::json::parse(text.str());
    }();
    return recorded.as_object();
}

inline bitcoin::Block parsedRecordedBlock()
{
    const auto block = bitcoin::parseBlock(bytesOf(recordedBlock().at("raw")));
    if (!block) qFatal("the recorded block does not parse: %s", block.error().detail.c_str());
    return *block;
}

/// BTC in a node's JSON is a number, and as such a double here; below 2^53 satoshi the rounding is exact.
inline base::Amount amountOf(const boost::json::value& btc)
{
    const double value = btc.is_double() ? btc.as_double() : static_cast<double>(btc.as_int64());
    return base::Amount::fromSat(qRound64(value * static_cast<double>(base::Amount::kSatPerBtc)));
}

/// The outputs that the inputs of the recorded block's transaction `number` spend, as the node knows them.
inline std::vector<bitcoin::TxOut> recordedSpentOutputs(std::size_t number)
{
    std::vector<bitcoin::TxOut> out;
    const auto& transaction = recordedBlock().at("block").at("tx").as_array().at(number);
    for (const auto& input : transaction.at("vin").as_array()) {
        const auto& previous = input.at("prevout");
        out.push_back({amountOf(previous.at("value")), bytesOf(previous.at("scriptPubKey").at("hex"))});
    }
    return out;
}

} // namespace bowline::test
