// SPDX-License-Identifier: MIT
#include "tests/support/bitcoin_facts.h"

#include <boost/json/value_to.hpp>

namespace bowline::test {

namespace json = boost::json;

namespace {
// Parameters of every devnet.
constexpr int kTakeBlocks = 10;
constexpr std::int64_t kStake = 100'000;
constexpr std::int64_t kConnector = 10'000;
constexpr std::int64_t kTakeFee = 1'000;
constexpr std::int64_t kAnchor = 240;
constexpr const char* kAnchorScript = "51024e73";

int confirmations(const TestDevnet& net, const std::string& txid)
{
    return net.bitcoinJson({"getrawtransaction", QString::fromStdString(txid), "1"})
        .at("confirmations")
        .to_number<int>();
}

bool isVersion3(const json::object& transaction, std::size_t inputs, std::size_t outputs)
{
    return transaction.at("version").to_number<int>() == 3 &&
           transaction.at("vin").as_array().size() == inputs &&
           transaction.at("vout").as_array().size() == outputs;
}
} // namespace

std::int64_t satOf(const json::value& btc) { return qRound64(btc.to_number<double>() * 100'000'000); }

json::array unspentAt(const TestDevnet& net, const std::string& address)
{
    const auto found = net.bitcoinJson(
        {"scantxoutset", "start", QStringLiteral("[\"addr(%1)\"]").arg(QString::fromStdString(address))});
    return found.at("unspents").as_array();
}

std::vector<json::object> transactionsFrom(const TestDevnet& net, int fromHeight)
{
    std::vector<json::object> out;
    for (int height = fromHeight; height <= net.height(); ++height) {
        const std::string hash = net.bitcoin({"getblockhash", QString::number(height)});
        const auto block = net.bitcoinJson({"getblock", QString::fromStdString(hash), "2"});
        for (const json::value& transaction : block.at("tx").as_array())
            out.push_back(transaction.as_object());
    }
    return out;
}

std::optional<json::object> spenderOf(const std::vector<json::object>& transactions, const std::string& txid,
                                      int vout)
{
    for (const json::object& transaction : transactions) {
        for (const json::value& input : transaction.at("vin").as_array()) {
            const json::value* spent = input.as_object().if_contains("txid"); // a coinbase has none
            if (spent == nullptr || json::value_to<std::string>(*spent) != txid) continue;
            if (input.at("vout").to_number<int>() == vout) return transaction;
        }
    }
    return std::nullopt;
}

std::string txidOf(const json::object& transaction)
{
    return json::value_to<std::string>(transaction.at("txid"));
}

std::int64_t outputSat(const json::object& transaction, std::size_t index)
{
    return satOf(transaction.at("vout").at(index).at("value"));
}

std::string outputScript(const json::object& transaction, std::size_t index)
{
    return json::value_to<std::string>(transaction.at("vout").at(index).at("scriptPubKey").at("hex"));
}

bool looksLikeVault(const json::object& transaction)
{
    return isVersion3(transaction, 1, 2) && outputScript(transaction, 0).rfind("5120", 0) == 0 &&
           outputScript(transaction, 1) == kAnchorScript && outputSat(transaction, 1) == kAnchor;
}

bool looksLikeTake(const json::object& transaction)
{
    return isVersion3(transaction, 3, 2) && outputScript(transaction, 1) == kAnchorScript;
}

bool looksLikePayment(const json::object& transaction)
{
    if (transaction.at("vin").at(0).as_object().contains("coinbase")) return false;
    if (transaction.at("vout").as_array().size() < 2) return false;
    const std::string second = outputScript(transaction, 1);
    return second.rfind("6a20", 0) == 0 && second.size() == 68;
}

std::string wrongAboutTake(const TestDevnet& net, const json::object& take, std::int64_t vaultSat)
{
    if (!looksLikeTake(take)) return "its shape is not that of a take";
    const json::array& inputs = take.at("vin").as_array();
    if (inputs.at(2).at("sequence").to_number<int>() != kTakeBlocks)
        return "the connector is not locked for the window";
    if (outputSat(take, 0) != vaultSat + kStake + kConnector - kTakeFee - kAnchor)
        return "the operator gets another amount";
    const std::string kickoff = json::value_to<std::string>(inputs.at(1).at("txid"));
    if (kickoff != json::value_to<std::string>(inputs.at(2).at("txid")))
        return "stake and connector are of two kickoffs";
    const auto info =
        net.bitcoinJson({"getrawtransaction", QString::fromStdString(kickoff), "1"}).as_object();
    if (!isVersion3(info, 1, 3) || outputSat(info, 0) != kStake || outputSat(info, 1) != kConnector) {
        return "its kickoff is none";
    }
    const int blocks = confirmations(net, kickoff) - confirmations(net, txidOf(take));
    return blocks >= kTakeBlocks ? "" : "it was mined before the window ended";
}

} // namespace bowline::test
