// SPDX-License-Identifier: MIT
#include "ui/design/explorer_texts.h"

#include "ui/design/code_texts.h"
#include "ui/design/error_texts.h"
#include "ui/design/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace bowline::ui {

using services::CheckView;

namespace {
struct Word {
    std::string_view code;
    const char* text;
};

constexpr Word kKinds[] = {
    {"batch", QT_TRANSLATE_NOOP("Explorer", "Batch")},
    {"account", QT_TRANSLATE_NOOP("Explorer", "Account")},
    {"transaction", QT_TRANSLATE_NOOP("Explorer", "Transaction")},
    {"vault", QT_TRANSLATE_NOOP("Explorer", "Deposit (vault)")},
    {"withdrawal", QT_TRANSLATE_NOOP("Explorer", "Withdrawal")},
    {"operator", QT_TRANSLATE_NOOP("Explorer", "Operator")},
    {"payment", QT_TRANSLATE_NOOP("Explorer", "Payment of a withdrawal")},
    {"claim", QT_TRANSLATE_NOOP("Explorer", "Claim of a vault")},
    {"counters", QT_TRANSLATE_NOOP("Explorer", "Sums of the layer 2")},
    {"l1-view", QT_TRANSLATE_NOOP("Explorer", "The layer 2's view of Bitcoin")},
    {"l1-block", QT_TRANSLATE_NOOP("Explorer", "Bitcoin block")},
    {"seals", QT_TRANSLATE_NOOP("Explorer", "Seals and programs, as the layer 2 knows them")},
    {"earlier-batch", QT_TRANSLATE_NOOP("Explorer", "Earlier batch")},
    {"object", QT_TRANSLATE_NOOP("Explorer", "Object")},
    {"transfer", QT_TRANSLATE_NOOP("Explorer", "Payment")},
    {"mint", QT_TRANSLATE_NOOP("Explorer", "Deposit credited")},
    {"withdraw-request", QT_TRANSLATE_NOOP("Explorer", "Withdrawal requested")},
    {"withdraw-accept", QT_TRANSLATE_NOOP("Explorer", "Withdrawal accepted")},
    {"withdraw-prove", QT_TRANSLATE_NOOP("Explorer", "Withdrawal paid")},
    {"withdraw-reclaim", QT_TRANSLATE_NOOP("Explorer", "Withdrawal reclaimed")},
    {"operator-register", QT_TRANSLATE_NOOP("Explorer", "Operator registered")},
    {"operator-leave", QT_TRANSLATE_NOOP("Explorer", "Operator left")},
    {"claim-vault", QT_TRANSLATE_NOOP("Explorer", "Vault claimed")},
    {"claim-void", QT_TRANSLATE_NOOP("Explorer", "Claim voided")},
    {"claim-settle", QT_TRANSLATE_NOOP("Explorer", "Claim settled")},
    {"seal-proof", QT_TRANSLATE_NOOP("Explorer", "Seal shown to the program")},
    {"program-change", QT_TRANSLATE_NOOP("Explorer", "Change of program announced")},
};

constexpr Word kFacts[] = {
    {"acceptance", QT_TRANSLATE_NOOP("Explorer", "Acceptance")},
    {"address", QT_TRANSLATE_NOOP("Explorer", "Address")},
    {"amount", QT_TRANSLATE_NOOP("Explorer", "Amount")},
    {"anchor", QT_TRANSLATE_NOOP("Explorer", "Anchor (Bitcoin transaction)")},
    {"anchors", QT_TRANSLATE_NOOP("Explorer", "Anchors")},
    {"announced-program", QT_TRANSLATE_NOOP("Explorer", "Announced program")},
    {"balance", QT_TRANSLATE_NOOP("Explorer", "Balance")},
    {"batch", QT_TRANSLATE_NOOP("Explorer", "Batch")},
    {"batch-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of the batch")},
    {"bitcoin-network", QT_TRANSLATE_NOOP("Explorer", "Bitcoin network")},
    {"block-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of the block")},
    {"block-height", QT_TRANSLATE_NOOP("Explorer", "Bitcoin block")},
    {"bond", QT_TRANSLATE_NOOP("Explorer", "Bond")},
    {"burn", QT_TRANSLATE_NOOP("Explorer", "Burn (transaction)")},
    {"burned", QT_TRANSLATE_NOOP("Explorer", "Burned in all")},
    {"chain-id", QT_TRANSLATE_NOOP("Explorer", "Chain id")},
    {"checkpoint-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of the checkpoint")},
    {"checkpoint-height", QT_TRANSLATE_NOOP("Explorer", "Checkpoint (Bitcoin block)")},
    {"claim-index", QT_TRANSLATE_NOOP("Explorer", "Claim")},
    {"claims", QT_TRANSLATE_NOOP("Explorer", "Claims")},
    {"committee-key", QT_TRANSLATE_NOOP("Explorer", "Key of the committee")},
    {"confirmations", QT_TRANSLATE_NOOP("Explorer", "Confirmations")},
    {"confirmed-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of the confirmed block")},
    {"confirmed-height", QT_TRANSLATE_NOOP("Explorer", "Confirmed block")},
    {"data-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of all data")},
    {"delay", QT_TRANSLATE_NOOP("Explorer", "Delay in Bitcoin blocks")},
    {"deposit-id", QT_TRANSLATE_NOOP("Explorer", "Deposit id")},
    {"entries", QT_TRANSLATE_NOOP("Explorer", "Entries of the history")},
    {"exists", QT_TRANSLATE_NOOP("Explorer", "Exists")},
    {"expected-chain-id", QT_TRANSLATE_NOOP("Explorer", "Chain id of this wallet")},
    {"fee", QT_TRANSLATE_NOOP("Explorer", "Fee")},
    {"fees", QT_TRANSLATE_NOOP("Explorer", "Fees in all")},
    {"first-batch", QT_TRANSLATE_NOOP("Explorer", "From batch")},
    {"funding", QT_TRANSLATE_NOOP("Explorer", "Funding output")},
    {"genesis-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of genesis")},
    {"graph-root", QT_TRANSLATE_NOOP("Explorer", "Root of the graphs")},
    {"head", QT_TRANSLATE_NOOP("Explorer", "Newest batch")},
    {"history-accumulator", QT_TRANSLATE_NOOP("Explorer", "Digest of the history")},
    {"key", QT_TRANSLATE_NOOP("Explorer", "Key")},
    {"kickoff", QT_TRANSLATE_NOOP("Explorer", "Kickoff (Bitcoin transaction)")},
    {"last-batch", QT_TRANSLATE_NOOP("Explorer", "To batch")},
    {"last-batch-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of the last batch")},
    {"leaf", QT_TRANSLATE_NOOP("Explorer", "Leaf")},
    {"minted", QT_TRANSLATE_NOOP("Explorer", "Minted in all")},
    {"mints", QT_TRANSLATE_NOOP("Explorer", "Deposits credited")},
    {"nonce", QT_TRANSLATE_NOOP("Explorer", "Transactions sent (nonce)")},
    {"of", QT_TRANSLATE_NOOP("Explorer", "Of so many")},
    {"open-acceptances", QT_TRANSLATE_NOOP("Explorer", "Open acceptances")},
    {"operator", QT_TRANSLATE_NOOP("Explorer", "Operator")},
    {"operator-fee", QT_TRANSLATE_NOOP("Explorer", "Operator's fee")},
    {"other-key", QT_TRANSLATE_NOOP("Explorer", "What is there instead")},
    {"outpoint", QT_TRANSLATE_NOOP("Explorer", "Output on Bitcoin")},
    {"own-block-hash", QT_TRANSLATE_NOOP("Explorer", "Block there on this chain")},
    {"owner", QT_TRANSLATE_NOOP("Explorer", "Owner")},
    {"pay-height", QT_TRANSLATE_NOOP("Explorer", "To be paid by block")},
    {"payment-txid", QT_TRANSLATE_NOOP("Explorer", "Payment (Bitcoin transaction)")},
    {"pays-to", QT_TRANSLATE_NOOP("Explorer", "Pays to")},
    {"place", QT_TRANSLATE_NOOP("Explorer", "Place in the batch")},
    {"program", QT_TRANSLATE_NOOP("Explorer", "Program")},
    {"proof-bytes", QT_TRANSLATE_NOOP("Explorer", "Size of the proof in bytes")},
    {"proven-batch", QT_TRANSLATE_NOOP("Explorer", "Proven up to batch")},
    {"receipts", QT_TRANSLATE_NOOP("Explorer", "Receipts")},
    {"receipts-root", QT_TRANSLATE_NOOP("Explorer", "Root of the receipts, from the header")},
    {"recipient", QT_TRANSLATE_NOOP("Explorer", "Recipient")},
    {"reference", QT_TRANSLATE_NOOP("Explorer", "Reference")},
    {"sealed-batch", QT_TRANSLATE_NOOP("Explorer", "Batch named by the anchor")},
    {"sealed-hash", QT_TRANSLATE_NOOP("Explorer", "Hash named by the anchor")},
    {"sender", QT_TRANSLATE_NOOP("Explorer", "Sender")},
    {"sequencer-key", QT_TRANSLATE_NOOP("Explorer", "Key of the sequencer")},
    {"signature", QT_TRANSLATE_NOOP("Explorer", "Signature")},
    {"stake", QT_TRANSLATE_NOOP("Explorer", "Stake")},
    {"staked", QT_TRANSLATE_NOOP("Explorer", "Staked")},
    {"state-key", QT_TRANSLATE_NOOP("Explorer", "Place in the state tree")},
    {"state-root", QT_TRANSLATE_NOOP("Explorer", "State root, from the header")},
    {"status", QT_TRANSLATE_NOOP("Explorer", "State")},
    {"take", QT_TRANSLATE_NOOP("Explorer", "Take (Bitcoin transaction)")},
    {"tip-hash", QT_TRANSLATE_NOOP("Explorer", "Hash of the newest block")},
    {"tip-height", QT_TRANSLATE_NOOP("Explorer", "Newest block")},
    {"transaction", QT_TRANSLATE_NOOP("Explorer", "Hash")},
    {"transactions", QT_TRANSLATE_NOOP("Explorer", "Transactions")},
    {"transactions-root", QT_TRANSLATE_NOOP("Explorer", "Root of the transactions, from the header")},
    {"type", QT_TRANSLATE_NOOP("Explorer", "Kind")},
    {"value", QT_TRANSLATE_NOOP("Explorer", "Value")},
    {"value-digest", QT_TRANSLATE_NOOP("Explorer", "Digest of the value")},
    {"withdrawal-id", QT_TRANSLATE_NOOP("Explorer", "Withdrawal")},
    {"work", QT_TRANSLATE_NOOP("Explorer", "Work of the chain")},
};

constexpr Word kWords[] = {
    {"yes", QT_TRANSLATE_NOOP("Explorer", "yes")},
    {"no", QT_TRANSLATE_NOOP("Explorer", "no")},
    {"live", QT_TRANSLATE_NOOP("Explorer", "live")},
    {"claimed", QT_TRANSLATE_NOOP("Explorer", "claimed")},
    {"taken", QT_TRANSLATE_NOOP("Explorer", "taken")},
    {"void", QT_TRANSLATE_NOOP("Explorer", "void")},
    {"requested", QT_TRANSLATE_NOOP("Explorer", "requested")},
    {"accepted", QT_TRANSLATE_NOOP("Explorer", "accepted")},
    {"paid", QT_TRANSLATE_NOOP("Explorer", "paid")},
    {"cancelled", QT_TRANSLATE_NOOP("Explorer", "cancelled")},
    {"active", QT_TRANSLATE_NOOP("Explorer", "active")},
    {"left", QT_TRANSLATE_NOOP("Explorer", "left")},
    {"empty-place", QT_TRANSLATE_NOOP("Explorer", "nothing there")},
};

constexpr Word kChecks[] = {
    {"network", QT_TRANSLATE_NOOP("Explorer", "It is about the network that this wallet is pinned to")},
    {"bitcoin-headers",
     QT_TRANSLATE_NOOP("Explorer", "The Bitcoin headers follow from the checkpoint, each with its work")},
    {"batch-signature", QT_TRANSLATE_NOOP("Explorer", "The sequencer has signed the batch")},
    {"batch-links", QT_TRANSLATE_NOOP("Explorer", "The batches follow each other, from genesis on")},
    {"bitcoin-block",
     QT_TRANSLATE_NOOP("Explorer", "The Bitcoin block that the batch rests on is on the chain we checked")},
    {"state-path", QT_TRANSLATE_NOOP("Explorer", "The value lies under the state root of the batch")},
    {"history-complete", QT_TRANSLATE_NOOP("Explorer", "The history is complete: nothing is left out")},
    {"transaction-path",
     QT_TRANSLATE_NOOP("Explorer", "The transaction lies under the batch's root of transactions")},
    {"transaction-signature", QT_TRANSLATE_NOOP("Explorer", "The sender has signed the transaction")},
    {"receipt-path", QT_TRANSLATE_NOOP("Explorer", "Its receipt lies under the batch's root of receipts")},
    {"batch-body", QT_TRANSLATE_NOOP("Explorer", "The transactions are those of the header, all of them")},
    {"batch-receipts", QT_TRANSLATE_NOOP("Explorer", "The receipts are those of the header, all of them")},
    {"seal",
     QT_TRANSLATE_NOOP("Explorer", "Bitcoin has sealed this batch, and so no other one of its number")},
    {"chain-proof",
     QT_TRANSLATE_NOOP("Explorer", "The proof of the chain covers it: the state follows from the rules")},
};

constexpr Word kMeanings[] = {
    {"network", QT_TRANSLATE_NOOP("Explorer", "The chain id is the hash of all parameters in network.json.")},
    {"bitcoin-headers",
     QT_TRANSLATE_NOOP("Explorer", "Link, difficulty, work and times of every header were computed here.")},
    {"batch-signature",
     QT_TRANSLATE_NOOP("Explorer", "A BIP340 signature under the hash of the header, by the pinned key.")},
    {"batch-links", QT_TRANSLATE_NOOP("Explorer", "Each header holds the hash of the one before it.")},
    {"bitcoin-block",
     QT_TRANSLATE_NOOP("Explorer", "Compared with the headers that this program checked itself.")},
    {"state-path",
     QT_TRANSLATE_NOOP("Explorer",
                       "Hash the leaf with its siblings, from the bottom up: it ends in the root.")},
    {"history-complete",
     QT_TRANSLATE_NOOP("Explorer",
                       "All entries, hashed one after the other, give the digest in the account.")},
    {"transaction-path",
     QT_TRANSLATE_NOOP("Explorer",
                       "Hash the leaf with its siblings, from the bottom up: it ends in the root.")},
    {"transaction-signature", QT_TRANSLATE_NOOP("Explorer", "A BIP340 signature by the sender's key.")},
    {"receipt-path",
     QT_TRANSLATE_NOOP("Explorer",
                       "Hash the leaf with its siblings, from the bottom up: it ends in the root.")},
    {"batch-body", QT_TRANSLATE_NOOP("Explorer", "All transactions were hashed again and compared.")},
    {"batch-receipts", QT_TRANSLATE_NOOP("Explorer", "All receipts were hashed again and compared.")},
    {"seal",
     QT_TRANSLATE_NOOP(
         "Explorer",
         "The sequencer writes hashes of batches into a chain of Bitcoin transactions. Each spends the "
         "one before it, so there cannot be two of them.")},
    {"chain-proof",
     QT_TRANSLATE_NOOP(
         "Explorer",
         "One proof for all batches since genesis, checked on this computer. Nobody has to be believed "
         "for it.")},
};

constexpr Word kReasons[] = {
    {"network-not-compared", QT_TRANSLATE_NOOP("Explorer", "Nobody said which network to expect.")},
    {"other-network", QT_TRANSLATE_NOOP("Explorer", "It is about another network than this wallet.")},
    {"not-in-file", QT_TRANSLATE_NOOP("Explorer", "The file does not hold what this needs.")},
    {"no-batch", QT_TRANSLATE_NOOP("Explorer", "The header of that batch is not there.")},
    {"bad-genesis", QT_TRANSLATE_NOOP("Explorer", "Genesis is another one than the network's.")},
    {"headers-beyond", QT_TRANSLATE_NOOP("Explorer", "There are headers that nothing vouches for.")},
    {"not-linked", QT_TRANSLATE_NOOP("Explorer", "A batch does not follow from the one before.")},
    {"block-elsewhere", QT_TRANSLATE_NOOP("Explorer", "Another block is at that height.")},
    {"block-missing", QT_TRANSLATE_NOOP("Explorer", "The Bitcoin headers do not reach that block.")},
    {"wrong-root", QT_TRANSLATE_NOOP("Explorer", "The path leads to another root.")},
    {"wrong-receipt", QT_TRANSLATE_NOOP("Explorer", "The receipt is another transaction's.")},
    {"headers-missing", QT_TRANSLATE_NOOP("Explorer", "The first batches are not in the file.")},
    {"not-sealed", QT_TRANSLATE_NOOP("Explorer", "Bitcoin has not sealed this batch yet.")},
    {"sealed-otherwise", QT_TRANSLATE_NOOP("Explorer", "Bitcoin has sealed another batch of this number.")},
    {"bad-anchor", QT_TRANSLATE_NOOP("Explorer", "The chain of seals is broken.")},
    {"blocks-not-looked-at", QT_TRANSLATE_NOOP("Explorer", "Not all Bitcoin blocks were looked at yet.")},
    {"no-checker", QT_TRANSLATE_NOOP("Explorer", "This program cannot check proofs of the chain.")},
    {"no-proof-yet", QT_TRANSLATE_NOOP("Explorer", "No proof of the chain was seen yet.")},
    {"not-covered-yet", QT_TRANSLATE_NOOP("Explorer", "The newest proof ends before this batch.")},
    {"batch-too-new", QT_TRANSLATE_NOOP("Explorer", "The proof ends before this batch.")},
    {"other-history", QT_TRANSLATE_NOOP("Explorer", "The proof speaks of another history.")},
    {"other-work", QT_TRANSLATE_NOOP("Explorer", "The proof counts another work than these headers.")},
    {"other-value", QT_TRANSLATE_NOOP("Explorer", "It shows another value.")},
    {"second-behind", QT_TRANSLATE_NOOP("Explorer", "It has not come to this batch yet.")},
    {"bad-answer", QT_TRANSLATE_NOOP("Explorer", "Its answer cannot be read.")},
    {"node.not-here", QT_TRANSLATE_NOOP("Explorer", "It does not have this batch.")},
    {"node.state-not-kept", QT_TRANSLATE_NOOP("Explorer", "It does not keep states that old.")},
    {"l2.proof-wrong-root", QT_TRANSLATE_NOOP("Explorer", "The path leads to another root.")},
    {"l2.proof-value-mismatch",
     QT_TRANSLATE_NOOP("Explorer", "The value does not belong to the end of the path.")},
    {"l2.proof-wrong-path", QT_TRANSLATE_NOOP("Explorer", "The leaf does not lie on the path.")},
    {"l2.history-incomplete", QT_TRANSLATE_NOOP("Explorer", "An entry is missing, added or changed.")},
    {"l2.bad-list-path", QT_TRANSLATE_NOOP("Explorer", "The path has not the form of one.")},
    {"l2.body-mismatch", QT_TRANSLATE_NOOP("Explorer", "The transactions are not those of the header.")},
    {"proven.not-proven", QT_TRANSLATE_NOOP("Explorer", "The proof is not valid for this network.")},
    {"proven.unknown-program",
     QT_TRANSLATE_NOOP("Explorer", "The proof is of a program that this version does not know.")},
};

constexpr Word kFinality[] = {
    {"sequenced", QT_TRANSLATE_NOOP("Explorer", "Sequenced")},
    {"sealed", QT_TRANSLATE_NOOP("Explorer", "Sealed")},
    {"proven", QT_TRANSLATE_NOOP("Explorer", "Proven")},
    {"withdrawable", QT_TRANSLATE_NOOP("Explorer", "Withdrawable")},
};

constexpr Word kFinalityMeanings[] = {
    {"sequenced", QT_TRANSLATE_NOOP("Explorer", "It rests on the sequencer's signature alone.")},
    {"sealed",
     QT_TRANSLATE_NOOP("Explorer", "Bitcoin says that this batch counts; its state is not proven yet.")},
    {"proven", QT_TRANSLATE_NOOP("Explorer", "Its state follows from the rules: proven, and checked here.")},
    {"withdrawable",
     QT_TRANSLATE_NOOP("Explorer", "Proven, and sealed so deep in Bitcoin that operators pay for it.")},
};

constexpr Word kOpen[] = {
    {"network-not-compared",
     QT_TRANSLATE_NOOP("Explorer", "Which network this is: compare the chain id with one that you trust.")},
    {"root-not-proven",
     QT_TRANSLATE_NOOP(
         "Explorer",
         "That the state follows from the rules: no proof of the chain was checked. It rests on the "
         "sequencer's signature.")},
    {"not-sealed",
     QT_TRANSLATE_NOOP("Explorer",
                       "That Bitcoin has sealed the batch: the sequencer could sign another one.")},
    {"earlier-batches", QT_TRANSLATE_NOOP("Explorer", "The batches before the first one in the file.")},
    {"best-chain",
     QT_TRANSLATE_NOOP(
         "Explorer",
         "That no Bitcoin chain with more work exists: compare its newest block with one that you "
         "trust.")},
    {"later-batches",
     QT_TRANSLATE_NOOP("Explorer", "What happened after this batch: the value may have changed.")},
};

constexpr Word kComparisons[] = {
    {"agree", QT_TRANSLATE_NOOP("Explorer", "Both nodes show the same")},
    {"behind", QT_TRANSLATE_NOOP("Explorer", "The other node has not come so far")},
    {"differ", QT_TRANSLATE_NOOP("Explorer", "The other node shows something that does not check out")},
    {"both-signed",
     QT_TRANSLATE_NOOP("Explorer", "The sequencer signed two different batches of this number")},
    {"unreachable", QT_TRANSLATE_NOOP("Explorer", "The other node cannot be reached")},
    {"no-answer", QT_TRANSLATE_NOOP("Explorer", "The other node does not answer this")},
};

template <typename Range>
QString find(const Range& range, std::string_view code)
{
    const auto found = std::find_if(std::begin(range), std::end(range),
                                    [code](const Word& word) { return word.code == code; });
    return found == std::end(range) ? QString() : QCoreApplication::translate("Explorer", found->text);
}

template <typename Range>
QString findOr(const Range& range, const std::string& code)
{
    const QString text = find(range, code);
    return text.isEmpty() ? fromStd(code) : text;
}
} // namespace

QString foundKindText(const std::string& kind) { return findOr(kKinds, kind); }

QString entryKindText(const std::string& kind)
{
    return kind.empty() ? find(kKinds, "transaction") : findOr(kKinds, kind);
}

QString factName(const std::string& name)
{
    constexpr std::string_view kSibling = "sibling-";
    if (!name.starts_with(kSibling)) return findOr(kFacts, name);
    return QCoreApplication::translate("Explorer", "Sibling %1").arg(fromStd(name.substr(kSibling.size())));
}

QString factWord(const std::string& value)
{
    const QString word = find(kWords, value);
    return word.isEmpty() ? findOr(kKinds, value) : word;
}

QString explorerCheckText(const std::string& name) { return findOr(kChecks, name); }
QString explorerCheckMeaning(const std::string& name) { return find(kMeanings, name); }

QString explorerReasonText(const std::string& reason)
{
    if (reason.empty()) return {};
    const QString own = find(kReasons, reason);
    if (!own.isEmpty()) return own;
    const QString shared = verdictReasonText(reason);
    if (shared != fromStd(reason)) return shared;
    if (hasOwnErrorText(reason) || hasCategoryText(reason)) return errorText(base::ErrorCode{reason}).what;
    return shared;
}

QString outcomeText(CheckView::Outcome outcome)
{
    switch (outcome) {
    case CheckView::Outcome::Passed: return QCoreApplication::translate("Explorer", "checked");
    case CheckView::Outcome::Failed: return QCoreApplication::translate("Explorer", "failed");
    case CheckView::Outcome::NotMade: return QCoreApplication::translate("Explorer", "not checked");
    }
    return {};
}

Tone outcomeTone(CheckView::Outcome outcome)
{
    switch (outcome) {
    case CheckView::Outcome::Passed: return Tone::Success;
    case CheckView::Outcome::Failed: return Tone::Danger;
    case CheckView::Outcome::NotMade: return Tone::Warning;
    }
    return Tone::Neutral;
}

QString finalityLevelText(const std::string& finality) { return findOr(kFinality, finality); }

QString finalityLevelText(const services::BatchView& batch)
{
    const QString text = finalityLevelText(batch.finality);
    if (batch.finality != "sealed") return text;
    //: %1: Sealed, %2: number of confirmations
    return QCoreApplication::translate("Explorer", "%1 (%2)").arg(text).arg(batch.seal.confirmations);
}

Tone finalityLevelTone(const std::string& finality)
{
    if (finality == "proven" || finality == "withdrawable") return Tone::Success;
    return finality == "sealed" ? Tone::Accent : Tone::Neutral;
}

QString finalityLevelMeaning(const std::string& finality) { return find(kFinalityMeanings, finality); }
QString notShownText(const std::string& code) { return findOr(kOpen, code); }
QString comparisonText(const std::string& outcome) { return findOr(kComparisons, outcome); }

Tone comparisonTone(const std::string& outcome)
{
    if (outcome == "agree") return Tone::Success;
    return outcome == "differ" || outcome == "both-signed" ? Tone::Danger : Tone::Warning;
}

} // namespace bowline::ui
