// SPDX-License-Identifier: MIT
#include "app/services/client_file.h"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace bowline::services {

namespace json = boost::json;

namespace {
ClientFile readClientFile(const std::string& dataDir)
{
    ClientFile out;
    std::ifstream in(dataDir + "/client.json");
    std::ostringstream text;
    text << in.rdbuf();
    boost::system::error_code failure;
    const json::value value = json::parse(text.str(), failure);
    if (failure || !value.is_object()) return out; // what is missing is named by the caller
    const auto textAt = [&](const char* key) {
        const json::value* field = value.get_object().if_contains(key);
        return field != nullptr && field->is_string() ? std::string(field->get_string()) : std::string();
    };
    out.networkFile = textAt("network_file");
    out.node = textAt("node");
    out.nodeTokenFile = textAt("node_token_file");
    if (const json::value* peers = value.get_object().if_contains("bitcoin");
        peers != nullptr && peers->is_array()) {
        for (const json::value& peer : peers->get_array()) {
            if (peer.is_string()) out.bitcoinPeers.emplace_back(peer.get_string());
        }
    }
    return out;
}
} // namespace

base::Result<LocalOptions> clientOptions(const std::string& dataDir, const ClientFile& given)
{
    ClientFile file = readClientFile(dataDir);
    if (!given.networkFile.empty()) file.networkFile = given.networkFile;
    if (!given.bitcoinPeers.empty()) file.bitcoinPeers = given.bitcoinPeers;
    if (!given.node.empty()) {
        file.node = given.node;
        file.nodeTokenFile.clear(); // that of another node
    }
    if (!given.nodeTokenFile.empty()) file.nodeTokenFile = given.nodeTokenFile;
    if (file.networkFile.empty()) return base::makeError(kNotConfigured, "no network file");
    if (file.bitcoinPeers.empty()) return base::makeError(kNotConfigured, "no Bitcoin peer");
    if (file.node.empty()) return base::makeError(kNotConfigured, "no layer-2 node");
    LocalOptions options;
    options.dataDir = dataDir;
    options.bitcoinPeers = file.bitcoinPeers;
    options.nodeTokenFile = file.nodeTokenFile;
    BOWLINE_TRY(options.network, readNetworkFile(file.networkFile));
    BOWLINE_TRY(options.node, net::parseEndpoint(file.node));
    return options;
}

base::Status writeClientFile(const std::string& dataDir, const ClientFile& file)
{
    std::error_code failure;
    std::filesystem::create_directories(dataDir, failure);
    json::array peers;
    for (const std::string& peer : file.bitcoinPeers) peers.emplace_back(peer);
    std::ofstream out(dataDir + "/client.json", std::ios::trunc);
    json::object object{
        {"network_file", file.networkFile}, {"bitcoin", std::move(peers)}, {"node", file.node}};
    if (!file.nodeTokenFile.empty()) object["node_token_file"] = file.nodeTokenFile;
    out << json::serialize(object) << '\n';
    if (!out) return base::makeError(kNotConfigured, "cannot write " + dataDir + "/client.json");
    return base::success();
}

} // namespace bowline::services
