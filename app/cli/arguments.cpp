// SPDX-License-Identifier: MIT
#include "app/cli/arguments.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>

namespace bowline::cli {

namespace {
constexpr std::array kFlags{"json",     "help", "wait", "no-wait", "segwit",
                            "by-child", "all",  "bare", "proving", "mine-when-needed"};
constexpr std::array kValues{
    "datadir",  "network",       "network-file",  "bitcoin", "node",       "wallet",        "password-fd",
    "words-fd", "passphrase-fd", "fee",           "label",   "timeout",    "words",         "birthday",
    "dir",      "signers",       "operators",     "provers", "mine-every", "until",         "token-file",
    "to",       "with",          "most-unproven", "threads", "memory",     "only-when-idle"};

template <typename Names>
bool contains(const Names& names, const std::string& name)
{
    return std::any_of(names.begin(), names.end(), [&](const char* known) { return name == known; });
}

std::string defaultDatadir()
{
    if (const char* named = std::getenv("BOWLINE_DATADIR"); named != nullptr && *named != '\0') return named;
    const char* home = std::getenv("HOME");
    return std::string(home == nullptr ? "." : home) + "/.bowline";
}
} // namespace

std::string Arguments::get(const std::string& option, const std::string& fallback) const
{
    const auto found = options.find(option);
    return found == options.end() ? fallback : found->second;
}

base::Result<std::uint64_t> Arguments::number(const std::string& option, std::uint64_t fallback) const
{
    const auto found = options.find(option);
    if (found == options.end()) return fallback;
    std::uint64_t value = 0;
    const std::string& text = found->second;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size()) {
        return base::makeError(kUsage, "--" + option + " takes a whole number");
    }
    return value;
}

base::Result<std::string> Arguments::word(std::size_t position, const std::string& what) const
{
    if (position >= words.size()) return base::makeError(kUsage, "missing " + what);
    return words[position];
}

base::Result<Arguments> parseArguments(const std::vector<std::string>& arguments)
{
    Arguments out;
    bool optionsEnded = false;
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const std::string& argument = arguments[i];
        if (optionsEnded || argument.rfind("--", 0) != 0) {
            out.words.push_back(argument);
            continue;
        }
        if (argument == "--") {
            optionsEnded = true;
            continue;
        }
        const auto equals = argument.find('=');
        const std::string name = argument.substr(2, equals == std::string::npos ? equals : equals - 2);
        if (contains(kFlags, name) && equals == std::string::npos) {
            out.options[name] = "";
        } else if (contains(kValues, name)) {
            if (equals == std::string::npos && i + 1 >= arguments.size()) {
                return base::makeError(kUsage, argument + " takes a value");
            }
            out.options[name] = equals == std::string::npos ? arguments[++i] : argument.substr(equals + 1);
        } else {
            return base::makeError(kUsage, "unknown option " + argument);
        }
    }
    out.json = out.has("json");
    out.help = out.has("help");
    out.datadir = out.get("datadir", defaultDatadir());
    out.network = out.get("network");
    return out;
}

bool wantsJson(const std::vector<std::string>& arguments)
{
    const auto optionsEnd = std::find(arguments.begin(), arguments.end(), "--");
    return std::find(arguments.begin(), optionsEnd, "--json") != optionsEnd;
}

std::string usageText()
{
    return R"(bowline-cli [--datadir D] [--network N] [--json] COMMAND

Wallets (--wallet NAME, default "main"; secrets by prompt, file descriptor or environment only)
  wallet create [--words 12|24]       new words, shown once; protect them with a password
  wallet restore [--birthday UNIX]    from words you have
  wallet list | info
  balance                             Bitcoin and layer 2
  receive [--segwit] [--label T]      a fresh address
  send ADDRESS AMOUNT [--fee SAT/VB]  on Bitcoin; --all sends everything
  tx list | show TXID                 tx bump TXID --fee SAT/VB [--by-child]

Bridge
  deposit AMOUNT [--fee SAT/VB] [--wait]
  withdraw AMOUNT ADDRESS [--wait]
  refund ID [--fee SAT/VB]            takes an unfinished deposit back after its time lock
  reclaim ID                          takes an unpaid withdrawal back
  bridge list | show ID | wait ID     wait keeps this wallet at work until the item is over

Layer 2
  l2 head | account KEY | batch N | history KEY | proof KEY
  l2 send KEY AMOUNT
  l2 find QUERY                       a batch, transaction, account, deposit or withdrawal, and how it was checked
  l2 save QUERY --to FILE             the same as a proof file
  l2 compare QUERY --with URL         the same from another node; exit status 1 unless both agree
  l2 evidence                         what this computer has kept against the sequencer or a node
  verify FILE [--network network.json]  checks a proof file, offline; exit status 1 when anything in it is wrong

Prover (--threads N, --memory MIB, --only-when-idle yes|no, and --node URL --token-file FILE for another node than the wallet's)
  prover start                        lends the processor until it is stopped or interrupted; has the data folder meanwhile
  prover status | stop
  prover limits                       shows what may be used, and sets it, also while it works

Network
  sync status | wait [--timeout S]
  node status | stop (--node URL --token-file FILE)  your own node, by the token in its data folder
  node refill HEIGHT TXID (likewise)  a payment to the seal's address: the sequencer's next anchor takes it along
  devnet up --dir D [--signers N] [--operators M] [--proving] [--provers P] [--most-unproven B]
            [--mine-every S] [--mine-when-needed] [--bare]
  devnet status | mine N | fund ADDRESS AMOUNT | down   (all with --dir D)

Where to connect is read from client.json in the data folder, or given by --network-file, --bitcoin HOST:PORT
and --node URL; https://HOST:PORT#sha256=HEX is a node with that certificate. Amounts are in BTC, such as 0.015.
Secrets: BOWLINE_PASSWORD, BOWLINE_WORDS, BOWLINE_PASSPHRASE, or --password-fd N, --words-fd N, --passphrase-fd N.
)";
}

} // namespace bowline::cli
