// SPDX-License-Identifier: MIT
// Every command by its words; one file per group.
#pragma once

#include "app/cli/runner.h"

namespace bowline::cli {

// wallet_commands.cpp
CommandResult walletCreate(Runner& runner);
CommandResult walletRestore(Runner& runner);
CommandResult walletList(Runner& runner);
CommandResult walletInfo(Runner& runner);

// money_commands.cpp
CommandResult balance(Runner& runner);
CommandResult receive(Runner& runner);
CommandResult send(Runner& runner);
CommandResult txList(Runner& runner);
CommandResult txShow(Runner& runner);
CommandResult txBump(Runner& runner);

// bridge_commands.cpp
CommandResult deposit(Runner& runner);
CommandResult withdraw(Runner& runner);
CommandResult refund(Runner& runner);
CommandResult reclaim(Runner& runner);
CommandResult bridgeList(Runner& runner);
CommandResult bridgeShow(Runner& runner);
CommandResult bridgeWait(Runner& runner);

// layer_two_commands.cpp
CommandResult l2Head(Runner& runner);
CommandResult l2Account(Runner& runner);
CommandResult l2History(Runner& runner);
CommandResult l2Proof(Runner& runner);
CommandResult l2Batch(Runner& runner);
CommandResult l2Send(Runner& runner);

// network_commands.cpp
CommandResult syncStatus(Runner& runner);
CommandResult syncWait(Runner& runner);

// node_commands.cpp
CommandResult nodeStatus(Runner& runner);
CommandResult nodeStop(Runner& runner);
CommandResult nodeRefill(Runner& runner);

// devnet_commands.cpp
CommandResult devnetUp(Runner& runner);
CommandResult devnetStatus(Runner& runner);
CommandResult devnetMine(Runner& runner);
CommandResult devnetFund(Runner& runner);
CommandResult devnetDown(Runner& runner);
CommandResult devnetMiner(Runner& runner);

// explorer_commands.cpp
CommandResult l2Find(Runner& runner);
CommandResult l2Save(Runner& runner);
CommandResult l2Compare(Runner& runner);
CommandResult l2Evidence(Runner& runner);

// prover_commands.cpp
CommandResult proverStart(Runner& runner);
CommandResult proverStatus(Runner& runner);
CommandResult proverStop(Runner& runner);
CommandResult proverLimits(Runner& runner);

// verify_command.cpp
CommandResult verifyFile(Runner& runner);

/// Waits a moment until a peer asked for the transaction, and says what came of it: "sent", or "kept" when nobody
/// asked yet. Either way it is in the wallet's file and sent again by every later run (Runner::sendWhatWaits): it must
/// not be made anew.
[[nodiscard]] base::Result<std::string> waitSent(Runner& runner, const std::string& txid);
/// Fee rate of --fee in sat/vB, as satoshi per 1,000 virtual bytes.
[[nodiscard]] base::Result<std::int64_t> feeRate(const Arguments& arguments);

} // namespace bowline::cli
