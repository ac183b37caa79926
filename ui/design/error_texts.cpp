// SPDX-License-Identifier: MIT
#include "ui/design/error_texts.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace bowline::ui {

namespace {
struct Entry {
    std::string_view code; // or a category
    const char* what;
    const char* money;
    const char* todo;
};

constexpr const char* kSafe = QT_TRANSLATE_NOOP("Errors", "Nothing was sent. Your money is where it was.");
constexpr const char* kOnDisk =
    QT_TRANSLATE_NOOP("Errors", "Your money is on the chain; your words bring it back.");
constexpr const char* kCheckAddress =
    QT_TRANSLATE_NOOP("Errors", "Copy the address again from where you got it. Do not correct it by hand.");
constexpr const char* kAmountRange =
    QT_TRANSLATE_NOOP("Errors", "Enter a number above zero with at most 8 decimals of BTC.");
constexpr const char* kTryAgain = QT_TRANSLATE_NOOP("Errors", "Try again.");
constexpr const char* kStartAgain = QT_TRANSLATE_NOOP("Errors", "Go back and review once more.");
constexpr const char* kOtherCoins =
    QT_TRANSLATE_NOOP("Errors", "Send less, or wait until pending money is confirmed.");
constexpr const char* kNodeTodo = QT_TRANSLATE_NOOP(
    "Errors",
    "Look at the Network page. Deposits and withdrawals go on by themselves once the node answers again.");

constexpr Entry kSession[] = {
    {"services.cancelled", QT_TRANSLATE_NOOP("Errors", "This was stopped before it finished."), kSafe,
     kTryAgain},
    {"services.not-ready", QT_TRANSLATE_NOOP("Errors", "The wallet is still catching up."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Wait until syncing is done, then try again.")},
    {"services.no-session", QT_TRANSLATE_NOOP("Errors", "No wallet is open."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Open and unlock a wallet first.")},
    {"services.not-configured", QT_TRANSLATE_NOOP("Errors", "No layer-2 network is configured."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Start Bowline with a network file.")},
    {"services.cannot-start", QT_TRANSLATE_NOOP("Errors", "Bowline could not start."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Check that the data folder exists and can be written.")},
    {"services.in-use", QT_TRANSLATE_NOOP("Errors", "Bowline is running on this data folder already."), kSafe,
     QT_TRANSLATE_NOOP("Errors",
                       "Use the other window, or close it and end other commands, then try again.")},
    {"services.bad-wallet-name", QT_TRANSLATE_NOOP("Errors", "This name cannot be used for a wallet."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Use letters, digits, spaces, dots and dashes, at most 64 of them.")},
    {"services.bad-recipient", QT_TRANSLATE_NOOP("Errors", "This is not a recipient Bowline understands."),
     kSafe, kCheckAddress},
    {"services.no-such-draft", QT_TRANSLATE_NOOP("Errors", "This review is no longer valid."), kSafe,
     kStartAgain},
    {"services.unknown-transaction",
     QT_TRANSLATE_NOOP("Errors", "This wallet does not know that transaction."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Check the id, or wait until syncing is done.")},
    {"services.unknown-bridge-id",
     QT_TRANSLATE_NOOP("Errors", "This wallet does not know that deposit or withdrawal."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Check the id, or wait until syncing is done.")},
    {"services.bad-record",
     QT_TRANSLATE_NOOP("Errors", "A record of a deposit or withdrawal cannot be read."),
     QT_TRANSLATE_NOOP("Errors", "The money itself is on the chain and can be found from your words."),
     QT_TRANSLATE_NOOP("Errors", "Restore the wallet from its words in a second file.")},
    {"services.account-unknown", QT_TRANSLATE_NOOP("Errors", "Your layer-2 account is not known yet."), kSafe,
     kNodeTodo},
    {"services.layer2-insufficient", QT_TRANSLATE_NOOP("Errors", "The layer-2 account does not hold enough."),
     kSafe, QT_TRANSLATE_NOOP("Errors", "Enter a smaller amount; the fee is paid on top.")},
    {"services.node-unreachable", QT_TRANSLATE_NOOP("Errors", "The layer-2 node does not answer."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: the node holds no keys."), kNodeTodo},
    {"services.nothing-proven", QT_TRANSLATE_NOOP("Errors", "No batch of the layer 2 is proven yet."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Wait: proofs come some minutes after their batches.")},
    {"services.node-bad-answer",
     QT_TRANSLATE_NOOP("Errors", "The layer-2 node gave an answer that does not check out."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: nothing unproven is believed."),
     QT_TRANSLATE_NOOP("Errors", "Do not rely on this node. Connect to another one.")},
    {"services.node-invalid",
     QT_TRANSLATE_NOOP("Errors", "The layer-2 node gave an answer that was shown to be wrong."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: nothing unproven is believed."),
     QT_TRANSLATE_NOOP("Errors", "Do not rely on this node. Connect to another one.")},
    {"services.deposit-too-small", QT_TRANSLATE_NOOP("Errors", "This is less than the smallest vault."),
     kSafe, QT_TRANSLATE_NOOP("Errors", "Deposit at least the smallest denomination.")},
    {"services.too-many-vaults", QT_TRANSLATE_NOOP("Errors", "This amount needs too many vaults at once."),
     kSafe, QT_TRANSLATE_NOOP("Errors", "Deposit it in several steps.")},
    {"services.withdrawal-too-small",
     QT_TRANSLATE_NOOP("Errors", "This is less than the smallest withdrawal."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Withdraw a larger amount.")},
    {"services.nothing-to-refund", QT_TRANSLATE_NOOP("Errors", "There is nothing to refund here."),
     QT_TRANSLATE_NOOP("Errors", "The deposit was completed or refunded already."),
     QT_TRANSLATE_NOOP("Errors", "Look at its timeline on the Bridge page.")},
    {"services.refund-on-its-way", QT_TRANSLATE_NOOP("Errors", "The refund is on its way already."),
     QT_TRANSLATE_NOOP("Errors", "It was sent and waits for a block."),
     QT_TRANSLATE_NOOP("Errors", "Wait, or send it again with a higher fee.")},
    {"services.fee-above-review",
     QT_TRANSLATE_NOOP("Errors", "The fee would be higher than the one you reviewed."), kSafe, kStartAgain},
    {"services.nothing-to-reclaim", QT_TRANSLATE_NOOP("Errors", "There is nothing to reclaim here."),
     QT_TRANSLATE_NOOP("Errors", "It is over, or its reclaim is on its way already."),
     QT_TRANSLATE_NOOP("Errors", "Look at its timeline on the Bridge page.")},
    {"services.reclaim-too-early", QT_TRANSLATE_NOOP("Errors", "It is too early to reclaim this."),
     QT_TRANSLATE_NOOP("Errors", "The amount is in escrow; an operator pays it or you get it back."),
     QT_TRANSLATE_NOOP("Errors", "Wait for the deadline in its timeline.")},
};

constexpr const char* kNoMoney = QT_TRANSLATE_NOOP("Errors", "Your money has nothing to do with it.");

constexpr Entry kProver[] = {
    {"services.prover-no-node", QT_TRANSLATE_NOOP("Errors", "There is no node to prove for."), kNoMoney,
     QT_TRANSLATE_NOOP("Errors", "Enter the address of a node on the Prover page.")},
    {"services.prover-no-token", QT_TRANSLATE_NOOP("Errors", "The node's access token is missing."), kNoMoney,
     QT_TRANSLATE_NOOP("Errors", "Ask the node's owner for the file access.token, and enter its place.")},
    {"services.prover-bad-settings",
     QT_TRANSLATE_NOOP("Errors", "These settings of the prover cannot be used."), kNoMoney,
     QT_TRANSLATE_NOOP("Errors", "Choose what this computer has, and check the node's address.")},
    {"services.prover-no-program", QT_TRANSLATE_NOOP("Errors", "The program that proves is not installed."),
     kNoMoney,
     QT_TRANSLATE_NOOP("Errors", "Put bowlined into the folder of Bowline, or install Bowline again.")},
    {"services.prover-not-measured", QT_TRANSLATE_NOOP("Errors", "The measurement came to no result."),
     kNoMoney, QT_TRANSLATE_NOOP("Errors", "Close what uses much memory or time, and measure again.")},
    {"services.prover-bad-file",
     QT_TRANSLATE_NOOP("Errors", "A file of the prover cannot be read or written."), kNoMoney,
     QT_TRANSLATE_NOOP("Errors", "Check that the disk has room and the data folder can be written.")},
};

constexpr const char* kLookSafe = QT_TRANSLATE_NOOP("Errors", "Looking moves no money.");
constexpr Entry kExplorer[] = {
    {"services.bad-query", QT_TRANSLATE_NOOP("Errors", "Nothing on the layer 2 is called like this."),
     kLookSafe, QT_TRANSLATE_NOOP("Errors", "Enter a number, a hash, a key or an address.")},
    {"services.not-found", QT_TRANSLATE_NOOP("Errors", "The node knows nothing of that name."), kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Check what you entered, or ask another node.")},
    {"services.evidence-gone", QT_TRANSLATE_NOOP("Errors", "This answer is too old to go on with."),
     kLookSafe, QT_TRANSLATE_NOOP("Errors", "Look it up again.")},
    {"services.bad-other-node", QT_TRANSLATE_NOOP("Errors", "This is not the address of another node."),
     kLookSafe, QT_TRANSLATE_NOOP("Errors", "Enter the address of a node other than your own.")},
    {"services.batch-left", QT_TRANSLATE_NOOP("Errors", "That batch is no longer part of the history."),
     kLookSafe, QT_TRANSLATE_NOOP("Errors", "Look it up again.")},
    {"services.block-missing",
     QT_TRANSLATE_NOOP("Errors", "A Bitcoin block with a seal could not be fetched."), kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Wait until Bitcoin peers are connected, then try again.")},
    {"services.proof-too-long", QT_TRANSLATE_NOOP("Errors", "The history is too long for one file."),
     kLookSafe, QT_TRANSLATE_NOOP("Errors", "Such long histories cannot be saved yet.")},
    {"services.proof-refused", QT_TRANSLATE_NOOP("Errors", "The file would not stand up to its own checks."),
     kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Nothing was written. Wait until syncing is done and look it up again.")},
    {"verify.no-file", QT_TRANSLATE_NOOP("Errors", "The file cannot be read."), kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Check that it exists and that you may read it.")},
    {"verify.not-written", QT_TRANSLATE_NOOP("Errors", "The file could not be written."), kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Choose another folder, or free some space.")},
    {"verify.bad-file", QT_TRANSLATE_NOOP("Errors", "This is no proof file, or a damaged one."), kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Ask for the file again. Nothing in it was believed.")},
    {"verify.file-not-canonical", QT_TRANSLATE_NOOP("Errors", "The file was changed after it was made."),
     kLookSafe, QT_TRANSLATE_NOOP("Errors", "Ask for the file again. Nothing in it was believed.")},
    {"verify.unknown-version", QT_TRANSLATE_NOOP("Errors", "The file is of a newer version."), kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Open it with a newer Bowline.")},
};

constexpr Entry kWallet[] = {
    {"wallet.wrong-password", QT_TRANSLATE_NOOP("Errors", "The password is wrong."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe. The wallet stays locked."),
     QT_TRANSLATE_NOOP("Errors", "Check Caps Lock and keyboard layout, then try again.")},
    {"wallet.wrong-passphrase", QT_TRANSLATE_NOOP("Errors", "The password is wrong."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe. The wallet stays locked."),
     QT_TRANSLATE_NOOP("Errors", "Check Caps Lock and keyboard layout, then try again.")},
    {"wallet.empty-password", QT_TRANSLATE_NOOP("Errors", "The password is empty."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Choose a password for this wallet.")},
    {"wallet.exists", QT_TRANSLATE_NOOP("Errors", "A wallet of this name exists already."),
     QT_TRANSLATE_NOOP("Errors", "The existing wallet was not touched."),
     QT_TRANSLATE_NOOP("Errors", "Choose another name.")},
    {"wallet.not-found", QT_TRANSLATE_NOOP("Errors", "This wallet file does not exist."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Check the data folder, or restore from words.")},
    {"wallet.locked", QT_TRANSLATE_NOOP("Errors", "The wallet is locked."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Unlock it and try again.")},
    {"wallet.other-words", QT_TRANSLATE_NOOP("Errors", "These are not this wallet's words."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe."),
     QT_TRANSLATE_NOOP("Errors", "Compare with what you wrote down, word by word.")},
    {"wallet.damaged", QT_TRANSLATE_NOOP("Errors", "The wallet file is damaged."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Restore the wallet from its words in a new file.")},
    {"wallet.bad-amount", QT_TRANSLATE_NOOP("Errors", "This amount cannot be sent."), kSafe, kAmountRange},
    {"wallet.bad-fee-rate", QT_TRANSLATE_NOOP("Errors", "This fee rate cannot be used."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Enter a rate of at least 1 sat/vB.")},
    {"wallet.fee-too-high", QT_TRANSLATE_NOOP("Errors", "The fee would be far too high."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Choose a lower fee rate.")},
    {"wallet.dust-output", QT_TRANSLATE_NOOP("Errors", "This amount is too small to be sent."), kSafe,
     QT_TRANSLATE_NOOP("Errors",
                       "Nodes refuse outputs that cost more to spend than they are worth. Send more.")},
    {"wallet.insufficient-funds",
     QT_TRANSLATE_NOOP("Errors", "There is not enough money for amount and fee."), kSafe, kOtherCoins},
    {"wallet.coin-unavailable", QT_TRANSLATE_NOOP("Errors", "A coin of this payment was spent meanwhile."),
     kSafe, kStartAgain},
    {"wallet.nothing-to-spend", QT_TRANSLATE_NOOP("Errors", "There is nothing to spend yet."), kSafe,
     kOtherCoins},
    {"wallet.no-recipient", QT_TRANSLATE_NOOP("Errors", "No recipient is given."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Enter an address.")},
    {"wallet.two-rests", QT_TRANSLATE_NOOP("Errors", "Two recipients cannot both get the rest."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Give one of them an amount.")},
    {"wallet.too-many-inputs", QT_TRANSLATE_NOOP("Errors", "This payment would need too many coins."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Send it in several payments.")},
    {"wallet.not-replaceable", QT_TRANSLATE_NOOP("Errors", "This transaction cannot be replaced any more."),
     QT_TRANSLATE_NOOP("Errors", "The original payment stays as it is."),
     QT_TRANSLATE_NOOP("Errors", "Wait for it, or speed it up by a child.")},
    {"wallet.rate-not-higher", QT_TRANSLATE_NOOP("Errors", "The new fee rate is not higher."),
     QT_TRANSLATE_NOOP("Errors", "The original payment stays as it is."),
     QT_TRANSLATE_NOOP("Errors", "Enter a higher rate.")},
    {"wallet.has-descendants", QT_TRANSLATE_NOOP("Errors", "Other transactions build on this one."),
     QT_TRANSLATE_NOOP("Errors", "The original payment stays as it is."),
     QT_TRANSLATE_NOOP("Errors", "Take back what builds on it first, or speed it up by a child.")},
    {"wallet.not-ours", QT_TRANSLATE_NOOP("Errors", "This does not belong to the wallet."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Choose one of your own transactions.")},
    {"wallet.unknown-transaction", QT_TRANSLATE_NOOP("Errors", "This wallet does not know that transaction."),
     kSafe, QT_TRANSLATE_NOOP("Errors", "Check the id, or wait until syncing is done.")},
    {"wallet.parent-fee-unknown",
     QT_TRANSLATE_NOOP("Errors", "The fee of the first transaction is not known."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Wait until it confirms.")},
    {"wallet.gap-limit", QT_TRANSLATE_NOOP("Errors", "Too many unused addresses are out already."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe."),
     QT_TRANSLATE_NOOP("Errors",
                       "Use an earlier address that has not received anything, or wait until what is "
                       "pending is confirmed.")},
    {"wallet.self-check-failed",
     QT_TRANSLATE_NOOP("Errors", "A signed transaction failed our own check and was thrown away."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Please report this with the details below.")},
    {"wallet.bad-transaction-version",
     QT_TRANSLATE_NOOP("Errors", "This kind of transaction cannot be made here."), kSafe, kStartAgain},
    {"wallet.block-out-of-order", QT_TRANSLATE_NOOP("Errors", "A block came out of order."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Restart Bowline; the scan resumes.")},
};

constexpr Entry kInput[] = {
    {"base.bad-amount", QT_TRANSLATE_NOOP("Errors", "This is not an amount."), kSafe, kAmountRange},
    {"bitcoin.address-unknown", QT_TRANSLATE_NOOP("Errors", "This is not a Bitcoin address."), kSafe,
     kCheckAddress},
    {"bitcoin.address-other-network", QT_TRANSLATE_NOOP("Errors", "This address belongs to another network."),
     kSafe, QT_TRANSLATE_NOOP("Errors", "Ask for an address of the network shown at the top of the window.")},
    {"bitcoin.address-wrong-form", QT_TRANSLATE_NOOP("Errors", "This address is written in the wrong form."),
     kSafe, kCheckAddress},
    {"bitcoin.address-bad-version", QT_TRANSLATE_NOOP("Errors", "This address has an unknown version."),
     kSafe, kCheckAddress},
    {"bitcoin.address-bad-program", QT_TRANSLATE_NOOP("Errors", "This address is damaged."), kSafe,
     kCheckAddress},
    {"bitcoin.bech32-bad-checksum", QT_TRANSLATE_NOOP("Errors", "The address has a typing error."), kSafe,
     kCheckAddress},
    {"bitcoin.bech32-bad-character",
     QT_TRANSLATE_NOOP("Errors", "The address has a character that no address has."), kSafe, kCheckAddress},
    {"bitcoin.bech32-bad-length", QT_TRANSLATE_NOOP("Errors", "The address is too short or too long."), kSafe,
     kCheckAddress},
    {"bitcoin.bech32-mixed-case", QT_TRANSLATE_NOOP("Errors", "The address mixes capital and small letters."),
     kSafe, kCheckAddress},
    {"bitcoin.base58-bad-checksum", QT_TRANSLATE_NOOP("Errors", "The address has a typing error."), kSafe,
     kCheckAddress},
    {"bitcoin.base58-bad-character",
     QT_TRANSLATE_NOOP("Errors", "The address has a character that no address has."), kSafe, kCheckAddress},
    {"bitcoin.base58-bad-length", QT_TRANSLATE_NOOP("Errors", "The address is too short or too long."), kSafe,
     kCheckAddress},
    {"bitcoin.bad-uri", QT_TRANSLATE_NOOP("Errors", "This payment link is damaged."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Ask for the link again.")},
    {"bitcoin.uri-requirement",
     QT_TRANSLATE_NOOP("Errors", "This payment link demands something Bowline does not know."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Ask for a plain address instead.")},
    {"bitcoin.uri-bad-amount", QT_TRANSLATE_NOOP("Errors", "The amount in this payment link is wrong."),
     kSafe, QT_TRANSLATE_NOOP("Errors", "Ask for the link again.")},
    {"l2.bad-account-text", QT_TRANSLATE_NOOP("Errors", "This is not a layer-2 address."), kSafe,
     kCheckAddress},
    {"l2.account-other-network",
     QT_TRANSLATE_NOOP("Errors", "This layer-2 address belongs to another network."), kSafe, kCheckAddress},
    {"l2.account-not-a-key", QT_TRANSLATE_NOOP("Errors", "This layer-2 address is not a key."), kSafe,
     kCheckAddress},
    {"l2.bad-network-file", QT_TRANSLATE_NOOP("Errors", "The network file cannot be read."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Get the file again from where your network publishes it.")},
    {"keys.mnemonic-length", QT_TRANSLATE_NOOP("Errors", "The number of words is wrong."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "There are 12, 15, 18, 21 or 24 words.")},
    {"keys.mnemonic-unknown-word", QT_TRANSLATE_NOOP("Errors", "One of the words is not in the list."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Check the spelling of each word.")},
    {"keys.mnemonic-checksum", QT_TRANSLATE_NOOP("Errors", "These words do not belong together."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Check each word and their order; one of them is wrong.")},
    {"bridge.refund-too-early", QT_TRANSLATE_NOOP("Errors", "It is too early for the refund."),
     QT_TRANSLATE_NOOP("Errors", "The deposit is yours and waits on the chain."),
     QT_TRANSLATE_NOOP("Errors", "Wait for the refund clock of this deposit.")},
    {"bridge.refund-too-small", QT_TRANSLATE_NOOP("Errors", "The fee would eat the whole refund."),
     QT_TRANSLATE_NOOP("Errors", "The deposit is yours and waits on the chain."),
     QT_TRANSLATE_NOOP("Errors", "Choose a lower fee rate.")},
    {"sequencer.tx-rejected", QT_TRANSLATE_NOOP("Errors", "The layer 2 refused this transaction."), kSafe,
     kStartAgain},
    {"sequencer.pool-full", QT_TRANSLATE_NOOP("Errors", "The layer 2 is too busy."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Try again in a few minutes.")},
    {"sequencer.account-full",
     QT_TRANSLATE_NOOP("Errors", "Too many of your layer-2 transactions are waiting."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Wait for the next batch.")},
    {"store.full", QT_TRANSLATE_NOOP("Errors", "The disk is full."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Free some space, then try again.")},
    {"store.read-only", QT_TRANSLATE_NOOP("Errors", "The data folder cannot be written."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Check the rights of the folder.")},
    {"store.busy", QT_TRANSLATE_NOOP("Errors", "Another program uses the wallet file."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Close the other Bowline, then try again.")},
    {"store.newer-version", QT_TRANSLATE_NOOP("Errors", "The wallet file was made by a newer Bowline."),
     kOnDisk, QT_TRANSLATE_NOOP("Errors", "Update Bowline.")},
    {"store.corrupt", QT_TRANSLATE_NOOP("Errors", "The wallet file is damaged."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Restore the wallet from its words in a new file.")},
    {"store.wrong-passphrase", QT_TRANSLATE_NOOP("Errors", "The password is wrong."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe. The wallet stays locked."),
     QT_TRANSLATE_NOOP("Errors", "Check Caps Lock and keyboard layout, then try again.")},
};

constexpr Entry kCategories[] = {
    {"base", QT_TRANSLATE_NOOP("Errors", "Some data could not be read."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Check what you entered.")},
    {"bitcoin", QT_TRANSLATE_NOOP("Errors", "Some Bitcoin data is not valid."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Check what you entered.")},
    {"crypto", QT_TRANSLATE_NOOP("Errors", "A cryptographic step failed."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Please report this with the details below.")},
    {"keys", QT_TRANSLATE_NOOP("Errors", "A key or its description is not valid."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Check what you entered.")},
    {"field", QT_TRANSLATE_NOOP("Errors", "Some layer-2 data is not valid."), kSafe, kNodeTodo},
    {"store", QT_TRANSLATE_NOOP("Errors", "The wallet's database reported a problem."), kOnDisk,
     QT_TRANSLATE_NOOP("Errors", "Restart Bowline. If it stays, check the disk.")},
    {"chain", QT_TRANSLATE_NOOP("Errors", "The Bitcoin network reported a problem."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: the chain is checked here."),
     QT_TRANSLATE_NOOP("Errors", "Look at the Network page; Bowline goes on trying.")},
    {"wallet", QT_TRANSLATE_NOOP("Errors", "The wallet reported a problem."), kSafe, kTryAgain},
    {"l2", QT_TRANSLATE_NOOP("Errors", "Some layer-2 data does not check out."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: nothing unproven is believed."), kNodeTodo},
    {"verify", QT_TRANSLATE_NOOP("Errors", "The proof file does not check out."), kLookSafe,
     QT_TRANSLATE_NOOP("Errors", "Ask for the file again. Nothing in it was believed.")},
    {"bridge", QT_TRANSLATE_NOOP("Errors", "A step of the bridge does not check out."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: a deposit that is not completed can be refunded."),
     QT_TRANSLATE_NOOP("Errors", "Look at the timeline on the Bridge page.")},
    {"proven", QT_TRANSLATE_NOOP("Errors", "The proof of the layer 2 could not be used."), kSafe,
     QT_TRANSLATE_NOOP("Errors",
                       "Nothing new counts as proven. Update Bowline, or connect to another node.")},
    {"seal", QT_TRANSLATE_NOOP("Errors", "The layer 2's seals on Bitcoin could not be made or read."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at that program's log.")},
    {"net", QT_TRANSLATE_NOOP("Errors", "The connection to the layer-2 node failed."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: the node holds no keys."), kNodeTodo},
    {"node", QT_TRANSLATE_NOOP("Errors", "The layer-2 node reported a problem."),
     QT_TRANSLATE_NOOP("Errors", "Your money is safe: the node holds no keys."), kNodeTodo},
    {"sequencer", QT_TRANSLATE_NOOP("Errors", "The layer 2 did not take this transaction."), kSafe,
     kTryAgain},
    {"services", QT_TRANSLATE_NOOP("Errors", "Bowline could not do this."), kSafe, kTryAgain},
    {"daemon", QT_TRANSLATE_NOOP("Errors", "A node program reported a problem."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at that program's log.")},
    {"signer", QT_TRANSLATE_NOOP("Errors", "A member of the committee reported a problem."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at that program's log.")},
    {"committee", QT_TRANSLATE_NOOP("Errors", "A member of the committee reported a problem."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at that program's log.")},
    {"operator", QT_TRANSLATE_NOOP("Errors", "An operator reported a problem."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at that program's log.")},
    {"relay", QT_TRANSLATE_NOOP("Errors", "The relay reported a problem."), kSafe, kNodeTodo},
    {"devnet", QT_TRANSLATE_NOOP("Errors", "The test network reported a problem."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at its log.")},
    {"stark", QT_TRANSLATE_NOOP("Errors", "A proof does not check out."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Please report this with the details below.")},
    {"zkvm", QT_TRANSLATE_NOOP("Errors", "The proven machine could not do this."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Please report this with the details below.")},
    {"proving",
     QT_TRANSLATE_NOOP("Errors", "An execution could not be proven, or its proof does not check out."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Please report this with the details below.")},
    {"recursion",
     QT_TRANSLATE_NOOP("Errors", "A proof of another proof could not be made, or does not check out."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Please report this with the details below.")},
    {"aggregate",
     QT_TRANSLATE_NOOP("Errors", "A proof of another proof could not be made, or does not check out."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Please report this with the details below.")},
    {"tasks", QT_TRANSLATE_NOOP("Errors", "The proving service reported a problem."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at that program's log.")},
    {"prover", QT_TRANSLATE_NOOP("Errors", "A prover could not do its task."), kSafe,
     QT_TRANSLATE_NOOP("Errors", "Look at that program's log.")},
    {"stf", QT_TRANSLATE_NOOP("Errors", "The layer 2's program is missing, or is not that of this network."),
     kSafe, QT_TRANSLATE_NOOP("Errors", "Install Bowline again from a source that you trust.")},
    {"cli", QT_TRANSLATE_NOOP("Errors", "The command was not understood."), kSafe, kTryAgain},
    {"ui", QT_TRANSLATE_NOOP("Errors", "The window could not do this."), kSafe, kTryAgain},
};

template <typename Range>
const Entry* findIn(const Range& range, std::string_view code)
{
    const auto found =
        std::find_if(std::begin(range), std::end(range), [code](const Entry& e) { return e.code == code; });
    return found == std::end(range) ? nullptr : &*found;
}

const Entry* ownEntry(std::string_view code)
{
    if (const Entry* entry = findIn(kSession, code)) return entry;
    if (const Entry* entry = findIn(kProver, code)) return entry;
    if (const Entry* entry = findIn(kWallet, code)) return entry;
    if (const Entry* entry = findIn(kExplorer, code)) return entry;
    return findIn(kInput, code);
}

const Entry* categoryEntry(std::string_view code)
{
    return findIn(kCategories, code.substr(0, code.find('.')));
}
} // namespace

bool hasOwnErrorText(std::string_view code) { return ownEntry(code) != nullptr; }

bool hasCategoryText(std::string_view code) { return categoryEntry(code) != nullptr; }

ErrorText errorText(base::ErrorCode code)
{
    const auto say = [](const char* text) { return QCoreApplication::translate("Errors", text); };
    const Entry* entry = ownEntry(code.name());
    if (entry == nullptr) entry = categoryEntry(code.name());
    if (entry == nullptr) entry = findIn(kCategories, "services");
    return {say(entry->what), say(entry->money), say(entry->todo)};
}

} // namespace bowline::ui
