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
constexpr const char* kOnDisk = QT_TRANSLATE_NOOP("Errors", "Your money is on the chain; your words bring it back.");
constexpr const char* kCheckAddress = QT_TRANSLATE_NOOP(
    "Errors", "Copy the address again from where you got it. Do not correct it by hand.");
constexpr const char* kAmountRange =
    QT_TRANSLATE_NOOP("Errors", "Enter a number above zero with at most 8 decimals of BTC.");
constexpr const char* kTryAgain = QT_TRANSLATE_NOOP("Errors", "Try again.");
constexpr const char* kStartAgain = QT_TRANSLATE_NOOP("Errors", "Go back and review once more.");
constexpr const char* kOtherCoins = QT_TRANSLATE_NOOP("Errors", "Send less, or wait until pending money is confirmed.");
constexpr const char* kNodeTodo = QT_TRANSLATE_NOOP(
    "Errors", "Look at the Network page. Deposits and withdrawals go on by themselves once the node answers again.");

#define T(text) QT_TRANSLATE_NOOP("Errors", text)

constexpr Entry kSession[] = {
    {"services.cancelled", T("This was stopped before it finished."), kSafe, kTryAgain},
    {"services.not-ready", T("The wallet is still catching up."), kSafe, T("Wait until syncing is done, then try again.")},
    {"services.no-session", T("No wallet is open."), kSafe, T("Open and unlock a wallet first.")},
    {"services.not-configured", T("No layer-2 network is configured."), kSafe,
     T("Start Bowline with a network file.")},
    {"services.cannot-start", T("Bowline could not start."), kOnDisk,
     T("Check that the data folder exists and can be written.")},
    {"services.bad-wallet-name", T("This name cannot be used for a wallet."), kSafe,
     T("Use letters, digits, spaces, dots and dashes, at most 64 of them.")},
    {"services.bad-recipient", T("This is not a recipient Bowline understands."), kSafe, kCheckAddress},
    {"services.no-such-draft", T("This review is no longer valid."), kSafe, kStartAgain},
    {"services.unknown-transaction", T("This wallet does not know that transaction."), kSafe,
     T("Check the id, or wait until syncing is done.")},
    {"services.unknown-bridge-id", T("This wallet does not know that deposit or withdrawal."), kSafe,
     T("Check the id, or wait until syncing is done.")},
    {"services.bad-record", T("A record of a deposit or withdrawal cannot be read."),
     T("The money itself is on the chain and can be found from your words."),
     T("Restore the wallet from its words in a second file.")},
    {"services.account-unknown", T("Your layer-2 account is not known yet."), kSafe, kNodeTodo},
    {"services.layer2-insufficient", T("The layer-2 account does not hold enough."), kSafe,
     T("Enter a smaller amount; the fee is paid on top.")},
    {"services.node-unreachable", T("The layer-2 node does not answer."),
     T("Your money is safe: the node holds no keys."), kNodeTodo},
    {"services.node-bad-answer", T("The layer-2 node gave an answer that does not check out."),
     T("Your money is safe: nothing unproven is believed."), T("Do not rely on this node. Connect to another one.")},
    {"services.deposit-too-small", T("This is less than the smallest vault."), kSafe,
     T("Deposit at least the smallest denomination.")},
    {"services.too-many-vaults", T("This amount needs too many vaults at once."), kSafe,
     T("Deposit it in several steps.")},
    {"services.withdrawal-too-small", T("This is less than the smallest withdrawal."), kSafe,
     T("Withdraw a larger amount.")},
    {"services.nothing-to-refund", T("There is nothing to refund here."),
     T("The deposit was completed or refunded already."), T("Look at its timeline on the Bridge page.")},
    {"services.nothing-to-reclaim", T("There is nothing to reclaim here yet."),
     T("The amount is in escrow; an operator pays it or you get it back."), T("Wait for the deadline in its timeline.")},
};

constexpr Entry kWallet[] = {
    {"wallet.wrong-password", T("The password is wrong."), T("Your money is safe. The wallet stays locked."),
     T("Check Caps Lock and keyboard layout, then try again.")},
    {"wallet.wrong-passphrase", T("The password is wrong."), T("Your money is safe. The wallet stays locked."),
     T("Check Caps Lock and keyboard layout, then try again.")},
    {"wallet.empty-password", T("The password is empty."), kSafe, T("Choose a password for this wallet.")},
    {"wallet.exists", T("A wallet of this name exists already."), T("The existing wallet was not touched."),
     T("Choose another name.")},
    {"wallet.not-found", T("This wallet file does not exist."), kOnDisk, T("Check the data folder, or restore from words.")},
    {"wallet.locked", T("The wallet is locked."), kSafe, T("Unlock it and try again.")},
    {"wallet.other-words", T("These are not this wallet's words."), T("Your money is safe."),
     T("Compare with what you wrote down, word by word.")},
    {"wallet.damaged", T("The wallet file is damaged."), kOnDisk, T("Restore the wallet from its words in a new file.")},
    {"wallet.bad-amount", T("This amount cannot be sent."), kSafe, kAmountRange},
    {"wallet.bad-fee-rate", T("This fee rate cannot be used."), kSafe, T("Enter a rate of at least 1 sat/vB.")},
    {"wallet.fee-too-high", T("The fee would be far too high."), kSafe, T("Choose a lower fee rate.")},
    {"wallet.dust-output", T("This amount is too small to be sent."), kSafe,
     T("Nodes refuse outputs that cost more to spend than they are worth. Send more.")},
    {"wallet.insufficient-funds", T("There is not enough money for amount and fee."), kSafe, kOtherCoins},
    {"wallet.coin-unavailable", T("A coin of this payment was spent meanwhile."), kSafe, kStartAgain},
    {"wallet.nothing-to-spend", T("There is nothing to spend yet."), kSafe, kOtherCoins},
    {"wallet.no-recipient", T("No recipient is given."), kSafe, T("Enter an address.")},
    {"wallet.two-rests", T("Two recipients cannot both get the rest."), kSafe, T("Give one of them an amount.")},
    {"wallet.too-many-inputs", T("This payment would need too many coins."), kSafe, T("Send it in several payments.")},
    {"wallet.not-replaceable", T("This transaction cannot be replaced any more."),
     T("The original payment stays as it is."), T("Wait for it, or speed it up by a child.")},
    {"wallet.rate-not-higher", T("The new fee rate is not higher."), T("The original payment stays as it is."),
     T("Enter a higher rate.")},
    {"wallet.has-descendants", T("Other transactions build on this one."), T("The original payment stays as it is."),
     T("Speed it up by a child instead.")},
    {"wallet.not-ours", T("This does not belong to the wallet."), kSafe, T("Choose one of your own transactions.")},
    {"wallet.unknown-transaction", T("This wallet does not know that transaction."), kSafe,
     T("Check the id, or wait until syncing is done.")},
    {"wallet.parent-fee-unknown", T("The fee of the first transaction is not known."), kSafe, T("Wait until it confirms.")},
    {"wallet.gap-limit", T("Too many unused addresses are out already."), T("Your money is safe."),
     T("Use an earlier address that has not received anything.")},
    {"wallet.self-check-failed", T("A signed transaction failed our own check and was thrown away."), kSafe,
     T("Please report this with the details below.")},
    {"wallet.bad-transaction-version", T("This kind of transaction cannot be made here."), kSafe, kStartAgain},
    {"wallet.block-out-of-order", T("A block came out of order."), kOnDisk, T("Restart Bowline; the scan resumes.")},
};

constexpr Entry kInput[] = {
    {"base.bad-amount", T("This is not an amount."), kSafe, kAmountRange},
    {"bitcoin.address-unknown", T("This is not a Bitcoin address."), kSafe, kCheckAddress},
    {"bitcoin.address-other-network", T("This address belongs to another network."), kSafe,
     T("Ask for an address of the network shown at the top of the window.")},
    {"bitcoin.address-wrong-form", T("This address is written in the wrong form."), kSafe, kCheckAddress},
    {"bitcoin.address-bad-version", T("This address has an unknown version."), kSafe, kCheckAddress},
    {"bitcoin.address-bad-program", T("This address is damaged."), kSafe, kCheckAddress},
    {"bitcoin.bech32-bad-checksum", T("The address has a typing error."), kSafe, kCheckAddress},
    {"bitcoin.bech32-bad-character", T("The address has a character that no address has."), kSafe, kCheckAddress},
    {"bitcoin.bech32-bad-length", T("The address is too short or too long."), kSafe, kCheckAddress},
    {"bitcoin.bech32-mixed-case", T("The address mixes capital and small letters."), kSafe, kCheckAddress},
    {"bitcoin.base58-bad-checksum", T("The address has a typing error."), kSafe, kCheckAddress},
    {"bitcoin.base58-bad-character", T("The address has a character that no address has."), kSafe, kCheckAddress},
    {"bitcoin.base58-bad-length", T("The address is too short or too long."), kSafe, kCheckAddress},
    {"bitcoin.bad-uri", T("This payment link is damaged."), kSafe, T("Ask for the link again.")},
    {"bitcoin.uri-requirement", T("This payment link demands something Bowline does not know."), kSafe,
     T("Ask for a plain address instead.")},
    {"bitcoin.uri-bad-amount", T("The amount in this payment link is wrong."), kSafe, T("Ask for the link again.")},
    {"l2.bad-account-text", T("This is not a layer-2 address."), kSafe, kCheckAddress},
    {"l2.account-other-network", T("This layer-2 address belongs to another network."), kSafe, kCheckAddress},
    {"l2.account-not-a-key", T("This layer-2 address is not a key."), kSafe, kCheckAddress},
    {"l2.bad-network-file", T("The network file cannot be read."), kSafe,
     T("Get the file again from where your network publishes it.")},
    {"keys.mnemonic-length", T("The number of words is wrong."), kSafe, T("There are 12, 15, 18, 21 or 24 words.")},
    {"keys.mnemonic-unknown-word", T("One of the words is not in the list."), kSafe, T("Check the spelling of each word.")},
    {"keys.mnemonic-checksum", T("These words do not belong together."), kSafe,
     T("Check each word and their order; one of them is wrong.")},
    {"bridge.refund-too-early", T("It is too early for the refund."), T("The deposit is yours and waits on the chain."),
     T("Wait for the refund clock of this deposit.")},
    {"bridge.refund-too-small", T("The fee would eat the whole refund."), T("The deposit is yours and waits on the chain."),
     T("Choose a lower fee rate.")},
    {"sequencer.tx-rejected", T("The layer 2 refused this transaction."), kSafe, kStartAgain},
    {"sequencer.pool-full", T("The layer 2 is too busy."), kSafe, T("Try again in a few minutes.")},
    {"sequencer.account-full", T("Too many of your layer-2 transactions are waiting."), kSafe, T("Wait for the next batch.")},
    {"store.full", T("The disk is full."), kOnDisk, T("Free some space, then try again.")},
    {"store.read-only", T("The data folder cannot be written."), kOnDisk, T("Check the rights of the folder.")},
    {"store.busy", T("Another program uses the wallet file."), kOnDisk, T("Close the other Bowline, then try again.")},
    {"store.newer-version", T("The wallet file was made by a newer Bowline."), kOnDisk, T("Update Bowline.")},
    {"store.corrupt", T("The wallet file is damaged."), kOnDisk, T("Restore the wallet from its words in a new file.")},
    {"store.wrong-passphrase", T("The password is wrong."), T("Your money is safe. The wallet stays locked."),
     T("Check Caps Lock and keyboard layout, then try again.")},
};

constexpr Entry kCategories[] = {
    {"base", T("Some data could not be read."), kSafe, T("Check what you entered.")},
    {"bitcoin", T("Some Bitcoin data is not valid."), kSafe, T("Check what you entered.")},
    {"crypto", T("A cryptographic step failed."), kSafe, T("Please report this with the details below.")},
    {"keys", T("A key or its description is not valid."), kSafe, T("Check what you entered.")},
    {"field", T("Some layer-2 data is not valid."), kSafe, kNodeTodo},
    {"store", T("The wallet's database reported a problem."), kOnDisk, T("Restart Bowline. If it stays, check the disk.")},
    {"chain", T("The Bitcoin network reported a problem."), T("Your money is safe: the chain is checked here."),
     T("Look at the Network page; Bowline goes on trying.")},
    {"wallet", T("The wallet reported a problem."), kSafe, kTryAgain},
    {"l2", T("Some layer-2 data does not check out."), T("Your money is safe: nothing unproven is believed."), kNodeTodo},
    {"bridge", T("A step of the bridge does not check out."),
     T("Your money is safe: a deposit that is not completed can be refunded."),
     T("Look at the timeline on the Bridge page.")},
    {"net", T("The connection to the layer-2 node failed."), T("Your money is safe: the node holds no keys."), kNodeTodo},
    {"node", T("The layer-2 node reported a problem."), T("Your money is safe: the node holds no keys."), kNodeTodo},
    {"sequencer", T("The layer 2 did not take this transaction."), kSafe, kTryAgain},
    {"services", T("Bowline could not do this."), kSafe, kTryAgain},
    {"daemon", T("A node program reported a problem."), kSafe, T("Look at that program's log.")},
    {"signer", T("A member of the committee reported a problem."), kSafe, T("Look at that program's log.")},
    {"operator", T("An operator reported a problem."), kSafe, T("Look at that program's log.")},
    {"relay", T("The relay reported a problem."), kSafe, kNodeTodo},
    {"devnet", T("The test network reported a problem."), kSafe, T("Look at its log.")},
    {"cli", T("The command was not understood."), kSafe, kTryAgain},
    {"ui", T("The window could not do this."), kSafe, kTryAgain},
};
#undef T

template <typename Range>
const Entry* findIn(const Range& range, std::string_view code)
{
    const auto found = std::find_if(std::begin(range), std::end(range), [code](const Entry& e) { return e.code == code; });
    return found == std::end(range) ? nullptr : &*found;
}

const Entry* ownEntry(std::string_view code)
{
    if (const Entry* entry = findIn(kSession, code)) return entry;
    if (const Entry* entry = findIn(kWallet, code)) return entry;
    return findIn(kInput, code);
}

const Entry* categoryEntry(std::string_view code)
{
    return findIn(kCategories, code.substr(0, code.find('.')));
}
} // namespace

bool hasOwnErrorText(std::string_view code)
{
    return ownEntry(code) != nullptr;
}

bool hasCategoryText(std::string_view code)
{
    return categoryEntry(code) != nullptr;
}

ErrorText errorText(base::ErrorCode code)
{
    const auto say = [](const char* text) { return QCoreApplication::translate("Errors", text); };
    const Entry* entry = ownEntry(code.name());
    if (entry == nullptr) entry = categoryEntry(code.name());
    if (entry == nullptr) entry = findIn(kCategories, "services");
    return {say(entry->what), say(entry->money), say(entry->todo)};
}

} // namespace bowline::ui
