// SPDX-License-Identifier: MIT
#include "tests/support/bitcoin_rpc.h"

#include <QByteArray>

#include <boost/asio/ip/tcp.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

namespace bowline::test {

namespace json = boost::json;

namespace {

/// As long as bitcoin-cli was waited for.
constexpr std::chrono::seconds kPatience{120};
constexpr int kNoAnswer = 1;

/// Which parameters of a method are JSON, not text. The others of a method are text.
const std::map<std::string, std::set<std::size_t>>& jsonParameters()
{
    static const std::map<std::string, std::set<std::size_t>> known{
        {"generateblock", {1}},         {"generatetoaddress", {0}},
        {"getbestblockhash", {}},       {"getblock", {1}},
        {"getblockcount", {}},          {"getblockhash", {0}},
        {"getblockheader", {1}},        {"getmempoolentry", {}},
        {"getnewaddress", {}},          {"getrawmempool", {0, 1}},
        {"getrawtransaction", {1}},     {"getreceivedbyaddress", {1}},
        {"gettransaction", {1, 2}},     {"gettxout", {1, 2}},
        {"invalidateblock", {}},        {"listreceivedbyaddress", {0, 1, 2}},
        {"sendrawtransaction", {1, 2}}, {"sendtoaddress", {1}},
    };
    return known;
}

/// The body of the answer; empty when there is none.
std::string post(std::uint16_t port, const std::string& path, const std::string& cookie,
                 const std::string& body)
{
    boost::asio::ip::tcp::iostream stream;
    stream.expires_after(kPatience);
    stream.connect("127.0.0.1", std::to_string(port));
    if (!stream) return {};
    stream << "POST " << path << " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nAuthorization: Basic "
           << QByteArray::fromStdString(cookie).toBase64().toStdString()
           << "\r\nContent-Type: application/json\r\nContent-Length: " << body.size() << "\r\n\r\n"
           << body << std::flush;
    std::ostringstream all;
    all << stream.rdbuf();
    const std::string answer = all.str();
    const auto end = answer.find("\r\n\r\n");
    return end == std::string::npos ? std::string() : answer.substr(end + 4);
}

/// The result in bitcoind's own spelling, as numbers are compared as text: the answer is
/// {"result":...,"error":null,"id":1}.
std::string resultAsText(const std::string& body, const json::value& result)
{
    if (result.is_null()) return {};
    if (result.is_string()) return std::string(result.as_string());
    const std::string before = R"({"result":)";
    return body.substr(before.size(), body.rfind(R"(,"error":)") - before.size());
}

} // namespace

std::optional<CliOutcome> BitcoinRpc::ask(const std::vector<std::string>& arguments) const
{
    const auto known = jsonParameters().find(arguments.front());
    if (known == jsonParameters().end()) return std::nullopt;
    json::array params;
    for (std::size_t i = 0; i + 1 < arguments.size(); ++i) {
        const std::string& text = arguments[i + 1];
        params.push_back(known->second.contains(i) ? json::parse(text) : json::value(text));
    }
    std::string cookie;
    std::getline(std::ifstream(cookieFile), cookie);
    const std::string request =
        json::serialize(json::object{{"method", arguments.front()}, {"params", params}, {"id", 1}});
    const std::string body = post(port, wallet.empty() ? "/" : "/wallet/" + wallet, cookie, request);
    boost::system::error_code bad;
    const json::value answer = json::parse(body, bad);
    if (bad) return CliOutcome{kNoAnswer, {}, "bitcoind does not answer"};
    const json::value& error = answer.at("error");
    if (error.is_null()) return CliOutcome{0, resultAsText(body, answer.at("result")), {}};
    const auto code = error.at("code").to_number<int>();
    return CliOutcome{std::abs(code),
                      {},
                      "error code: " + std::to_string(code) + "\nerror message:\n" +
                          std::string(error.at("message").as_string())};
}

} // namespace bowline::test
