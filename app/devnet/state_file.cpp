// SPDX-License-Identifier: MIT
#include "app/devnet/state_file.h"

#include <boost/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace bowline::devnet {

namespace json = boost::json;

const Program* State::find(const std::string& name) const
{
    for (const Program& program : programs) {
        if (program.name == name) return &program;
    }
    return nullptr;
}

std::string stateFileOf(const std::string& dir) { return dir + "/devnet.json"; }

std::string stateJson(const State& state)
{
    json::array programs;
    for (const Program& program : state.programs) {
        programs.push_back(json::object{{"name", program.name},
                                        {"pid", program.process.pid},
                                        {"start_ticks", program.process.startTicks},
                                        {"endpoint", program.endpoint}});
    }
    return json::serialize(json::object{{"dir", state.dir},
                                        {"program_folder", state.programFolder},
                                        {"network_file", state.networkFile},
                                        {"bitcoin_peer", state.bitcoinPeer},
                                        {"bitcoin_rpc", state.bitcoinRpc},
                                        {"bitcoin_datadir", state.bitcoinDatadir},
                                        {"programs", std::move(programs)}});
}

base::Status saveState(const State& state)
{
    // Written beside and renamed, so that a reader sees the old or the new one.
    const std::string target = stateFileOf(state.dir);
    {
        std::ofstream out(target + ".new", std::ios::trunc);
        out << stateJson(state) << '\n';
        if (!out) return base::makeError(kBadState, "cannot write " + target);
    }
    std::error_code failure;
    std::filesystem::rename(target + ".new", target, failure);
    if (failure) return base::makeError(kBadState, failure.message());
    return base::success();
}

namespace {
State stateOf(const json::object& object)
{
    const auto text = [](const json::object& from, const char* key) {
        return json::value_to<std::string>(from.at(key));
    };
    State state;
    state.dir = text(object, "dir");
    state.programFolder = text(object, "program_folder");
    state.networkFile = text(object, "network_file");
    state.bitcoinPeer = text(object, "bitcoin_peer");
    state.bitcoinRpc = text(object, "bitcoin_rpc");
    state.bitcoinDatadir = text(object, "bitcoin_datadir");
    for (const json::value& entry : object.at("programs").as_array()) {
        const json::object& program = entry.as_object();
        state.programs.push_back({text(program, "name"),
                                  {json::value_to<int>(program.at("pid")),
                                   json::value_to<std::uint64_t>(program.at("start_ticks"))},
                                  text(program, "endpoint")});
    }
    return state;
}
} // namespace

base::Result<State> loadState(const std::string& dir)
{
    std::ifstream in(stateFileOf(dir));
    if (!in) return base::makeError(kNotUp, "no devnet in " + dir);
    std::ostringstream text;
    text << in.rdbuf();
    try {
        return stateOf(json::parse(text.str()).as_object());
    } catch (const std::exception& failure) {
        return base::makeError(kBadState, stateFileOf(dir) + ": " + failure.what());
    }
}

} // namespace bowline::devnet
