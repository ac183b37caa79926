// SPDX-License-Identifier: MIT
#include "app/daemon/options.h"

#include <array>
#include <charconv>
#include <functional>

namespace bowline::daemon {

using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

constexpr std::array kRoleNames{std::pair{NodeRole::Sequencer, std::string_view("sequencer")},
                                std::pair{NodeRole::Signer, std::string_view("signer")},
                                std::pair{NodeRole::Operator, std::string_view("operator")}};

Result<unsigned> numberFrom(std::string_view text, unsigned largest)
{
    unsigned value = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || value > largest) {
        return makeError(kBadUsage, "no number: " + std::string(text));
    }
    return value;
}

/// Whole satoshi per virtual byte.
Result<base::FeeRate> feeRateFrom(std::string_view text)
{
    BOWLINE_TRY(const unsigned rate, numberFrom(text, 10'000));
    if (rate == 0) return makeError(kBadUsage, "nothing below 1 sat/vB is relayed");
    return base::FeeRate{std::int64_t{rate} * 1'000};
}

Status addEndpoints(std::vector<net::Endpoint>& out, std::string_view list)
{
    while (!list.empty()) {
        const std::size_t comma = std::min(list.find(','), list.size());
        BOWLINE_TRY(net::Endpoint endpoint, net::parseEndpoint(list.substr(0, comma)));
        out.push_back(std::move(endpoint));
        list.remove_prefix(std::min(comma + 1, list.size()));
    }
    return success();
}

Status setListen(Options& out, std::string_view value)
{
    BOWLINE_TRY(out.listen, net::parseEndpoint(value));
    if (out.listen.pin)
        return makeError(kBadUsage, "--listen takes no pin: the node's own certificate has one");
    return success();
}

/// Bitcoin's own protocol, which knows no TLS.
Status addBitcoin(Options& out, std::string_view value)
{
    BOWLINE_CHECK(addEndpoints(out.bitcoin, value));
    for (const net::Endpoint& peer : out.bitcoin) {
        if (peer.tls) return makeError(kBadUsage, "--bitcoin takes HOST:PORT, without https");
    }
    return success();
}

/// As libpq has it: an address, or words NAME=VALUE.
Status setProving(Options& out, const std::string& value)
{
    const bool isAddress = value.starts_with("postgresql://") || value.starts_with("postgres://");
    if (value != kProvingSqlite && !isAddress && value.find('=') == std::string::npos)
        return makeError(kBadUsage, "--proving takes sqlite or a connection to PostgreSQL");
    out.proving = value;
    return success();
}

Status setPayFor(Options& out, const std::string& value)
{
    if (value != "proven" && value != "sealed")
        return makeError(kBadUsage, "--pay-for takes proven or sealed");
    out.payFor = value == "sealed" ? PayFor::Sealed : PayFor::Proven;
    return success();
}

Status setOption(Options& out, std::string_view name, const std::string& value)
{
    if (name == "--role") {
        BOWLINE_TRY(out.role, roleFromName(value));
    } else if (name == "--datadir") {
        out.datadir = value;
    } else if (name == "--network-file") {
        out.networkFile = value;
    } else if (name == "--listen") {
        return setListen(out, value);
    } else if (name == "--tls-cert") {
        out.tlsCertificate = value;
    } else if (name == "--tls-key") {
        out.tlsKey = value;
    } else if (name == "--bitcoin") {
        return addBitcoin(out, value);
    } else if (name == "--upstream") {
        return addEndpoints(out.upstream, value);
    } else if (name == "--stf-image") {
        out.stfImage = value;
    } else if (name == "--stf") {
        out.stf = value;
    } else if (name == "--ready-fd") {
        BOWLINE_TRY(const unsigned descriptor, numberFrom(value, 1023));
        out.readyFd = static_cast<int>(descriptor);
    } else if (name == "--interval") {
        BOWLINE_TRY(out.intervalMs, numberFrom(value, 600'000));
    } else if (name == "--most-unproven") {
        BOWLINE_TRY(out.mostUnproven, numberFrom(value, 1'000'000));
    } else if (name == "--gather-blocks") {
        BOWLINE_TRY(out.gatherBlocksSeconds, numberFrom(value, 3'600));
    } else if (name == "--proving") {
        return setProving(out, value);
    } else if (name == "--pay-for") {
        return setPayFor(out, value);
    } else if (name == "--fee-rate") {
        BOWLINE_TRY(out.feeRate, feeRateFrom(value));
    } else if (name == "--max-fee-rate") {
        BOWLINE_TRY(out.maxFeeRate, feeRateFrom(value));
    } else {
        return makeError(kBadUsage, "unknown option " + std::string(name));
    }
    return success();
}

Status checkComplete(const Options& options)
{
    if (options.datadir.empty()) return makeError(kBadUsage, "--datadir is missing");
    if (options.command == Options::Command::Keygen) return success();
    if (options.networkFile.empty()) return makeError(kBadUsage, "--network-file is missing");
    if (options.bitcoin.empty()) return makeError(kBadUsage, "--bitcoin is missing");
    if (options.role == NodeRole::Sequencer && !options.upstream.empty()) {
        return makeError(kBadUsage, "the sequencer follows nobody: --upstream is for other roles");
    }
    if (options.tlsCertificate.empty() != options.tlsKey.empty()) {
        return makeError(kBadUsage, "--tls-cert and --tls-key belong together");
    }
    if (!options.tlsCertificate.empty() && !options.listen.tls) {
        return makeError(kBadUsage, "--tls-cert needs --listen https://HOST:PORT");
    }
    if (options.maxFeeRate < options.feeRate) {
        return makeError(kBadUsage, "--max-fee-rate is below --fee-rate");
    }
    return success();
}

} // namespace

std::string_view roleName(NodeRole role)
{
    for (const auto& [known, name] : kRoleNames) {
        if (known == role) return name;
    }
    return "unknown";
}

Result<NodeRole> roleFromName(std::string_view name)
{
    for (const auto& [role, known] : kRoleNames) {
        if (known == name) return role;
    }
    return makeError(kBadUsage, "unknown role " + std::string(name));
}

Result<Options> parseOptions(const std::vector<std::string>& arguments)
{
    Options out;
    bool roleGiven = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (i == 0 && argument == "keygen") {
            out.command = Options::Command::Keygen;
        } else if (argument == "--help" || argument == "--version") {
            out.command = argument == "--help" ? Options::Command::Help : Options::Command::Version;
            return out;
        } else if (argument == "--verbose") {
            out.verbose = true;
        } else {
            if (i + 1 == arguments.size()) return makeError(kBadUsage, argument + " needs a value");
            roleGiven = roleGiven || argument == "--role";
            BOWLINE_CHECK(setOption(out, argument, arguments[++i]));
        }
    }
    if (!roleGiven) return makeError(kBadUsage, "--role is missing");
    BOWLINE_CHECK(checkComplete(out));
    return out;
}

std::string_view usageText()
{
    return "usage: bowlined --role sequencer|signer|operator --datadir DIR --network-file FILE\n"
           "                --bitcoin HOST:PORT[,...] [--listen [https://]HOST:PORT] [--upstream URL[,...]]\n"
           "                [--tls-cert FILE --tls-key FILE]\n"
           "                [--interval MILLISECONDS] [--most-unproven N] [--gather-blocks SECONDS]\n"
           "                [--stf-image FILE] [--stf PROGRAM] [--ready-fd N] [--verbose]\n"
           "                [--fee-rate N] [--max-fee-rate N] [--pay-for proven|sealed]\n"
           "                [--proving sqlite|postgresql://...]\n"
           "       bowlined keygen --role ROLE --datadir DIR\n"
           "       bowlined --role prover ... (its own --help)\n"
           "\n"
           "  --listen     where JSON-RPC is served; 127.0.0.1 and a free port unless told otherwise. With\n"
           "               https:// by TLS, and only so beyond this machine\n"
           "  --tls-cert   certificate in PEM and its key; without them the node makes its own, whose pin it "
           "prints\n"
           "  --bitcoin    peer-to-peer ports of Bitcoin nodes that serve compact filters\n"
           "  --upstream   nodes whose batches are followed (not for the sequencer); the network file's\n"
           "               sequencer_urls unless told otherwise. Transactions go to the first of those.\n"
           "               https://HOST:PORT#sha256=HEX names the certificate that must be there\n"
           "  --interval   how long the sequencer gathers transactions for a batch\n"
           "  --most-unproven  the sequencer waits, two minutes at most, while N batches are not proven;\n"
           "               what comes meanwhile goes into the next one\n"
           "  --gather-blocks  Bitcoin blocks alone make a batch so long after the first of them, and what "
           "comes\n"
           "               meanwhile goes into it; for blocks that come faster than batches are proven\n"
           "  --fee-rate   of an operator's payments, in sat/vB; 2 unless told otherwise. A stuck one is "
           "doubled\n"
           "               up to --max-fee-rate (200), and never beyond what the withdrawal is worth to it\n"
           "  --pay-for    an operator pays and kicks off when Bitcoin has sealed the batch and it is "
           "proven; sealed\n"
           "               is for networks that nobody proves\n"
           "  --stf-image  the state transition as it is proven, unless it lies beside this program\n"
           "  --stf        the same for this machine, which all but the sequencer hold against it; likewise\n"
           "  --proving    has the node's batches proven by bowlined --role prover, and keeps the tasks in a "
           "file "
           "or\n"
           "               in PostgreSQL, which nodes may share. A password belongs into a .pgpass file, not "
           "here\n"
           "  --ready-fd   gets the line that is also printed once requests are answered\n"
           "\n"
           "keygen makes the keys of a role, mode 0600, and prints their public parts as JSON.\n";
}

} // namespace bowline::daemon
