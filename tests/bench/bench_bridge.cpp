// SPDX-License-Identifier: MIT
// How many blocks a deposit and a withdrawal take, on a devnet of real processes with 3 signers and 2 operators. A
// block is mined only after everybody has had two seconds since the last one, so that the figures are what the
// protocol needs and not how fast this machine is. Prints one JSON object.
#include "tests/support/devnet.h"

#include <QCoreApplication>

#include <cstdio>

using namespace bowline::test;
namespace json = boost::json;

namespace {

constexpr int kBlockMilliseconds = 2'000;

/// Runs the command, mining a block every two seconds; how many were mined until it ended.
int blocksOf(const TestDevnet& net, const CliWallet& wallet, const QStringList& command, CliAnswer& answer)
{
    int blocks = 0;
    QElapsedTimer clock;
    clock.start();
    answer = wallet.runWhile(command, [&] {
        if (clock.elapsed() < kBlockMilliseconds) return;
        net.mine(1);
        ++blocks;
        clock.restart();
    });
    if (answer.exitCode != 0) qFatal("%s: %s", qPrintable(command.first()), answer.text.c_str());
    return blocks;
}

int heightOfStep(const json::value& item, std::string_view id)
{
    for (const json::value& step : item.at("steps").as_array()) {
        if (step.at("id").as_string() == id) return step.at("height").to_number<int>();
    }
    qFatal("no step %s", std::string(id).c_str());
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    // Without a prover: what is measured is the bridge.
    const TestDevnet net({"--signers", "3", "--operators", "2"});
    const CliWallet alice = net.wallet("alice");
    if (alice.run({"wallet", "create"}).exitCode != 0) qFatal("no wallet");
    const CliAnswer received = alice.run({"receive"});
    net.devnet(
        {"fund", QString::fromStdString(json::value_to<std::string>(received.json.at("address"))), "0.5"});
    net.mine(1);

    CliAnswer answer;
    const int credited = blocksOf(net, alice, {"deposit", "0.01", "--wait", "--timeout", "170"}, answer);
    const int asked = net.height();
    const QString address =
        QString::fromStdString(net.bitcoin({"-rpcwallet=miner", "getnewaddress", "", "bech32m"}));
    const int done =
        blocksOf(net, alice, {"withdraw", "0.005", address, "--wait", "--timeout", "170"}, answer);
    const int paid = heightOfStep(answer.json.at("items").at(0), "withdrawal.paid") - asked;
    std::printf("{\"signers\":3,\"operators\":2,\"depth\":1,\"deposit_to_credit_blocks\":%d,"
                "\"withdraw_to_paid_blocks\":%d,\"withdraw_to_confirmed_blocks\":%d}\n",
                credited, paid, done);
    return 0;
}
