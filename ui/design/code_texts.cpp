// SPDX-License-Identifier: MIT
#include "ui/design/code_texts.h"

#include "ui/design/error_texts.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace bowline::ui {

namespace {
struct Word {
    std::string_view code;
    const char* text;
};

constexpr Word kSteps[] = {
    {"deposit.request-sent", QT_TRANSLATE_NOOP("Codes", "Deposit sent")},
    {"deposit.request-confirmed", QT_TRANSLATE_NOOP("Codes", "Deposit confirmed on Bitcoin")},
    {"deposit.signed", QT_TRANSLATE_NOOP("Codes", "Committee signs")},
    {"deposit.vault-confirmed", QT_TRANSLATE_NOOP("Codes", "Vault confirmed on Bitcoin")},
    {"deposit.credited", QT_TRANSLATE_NOOP("Codes", "Credited on layer 2")},
    {"deposit.refund", QT_TRANSLATE_NOOP("Codes", "Refund")},
    {"withdrawal.requested", QT_TRANSLATE_NOOP("Codes", "Withdrawal requested")},
    {"withdrawal.accepted", QT_TRANSLATE_NOOP("Codes", "Operator accepts")},
    {"withdrawal.paid", QT_TRANSLATE_NOOP("Codes", "Operator pays on Bitcoin")},
    {"withdrawal.payment-confirmed", QT_TRANSLATE_NOOP("Codes", "Payment confirmed")},
    {"withdrawal.settled", QT_TRANSLATE_NOOP("Codes", "Operator gets the escrow")},
    {"withdrawal.reclaim", QT_TRANSLATE_NOOP("Codes", "Reclaim")},
    {"claim.burned", QT_TRANSLATE_NOOP("Codes", "Vault value burned on layer 2")},
    {"claim.kickoff", QT_TRANSLATE_NOOP("Codes", "Kickoff on Bitcoin")},
    {"claim.window", QT_TRANSLATE_NOOP("Codes", "Challenge window")},
    {"claim.taken", QT_TRANSLATE_NOOP("Codes", "Vault taken")},
    {"claim.settled", QT_TRANSLATE_NOOP("Codes", "Settled on layer 2")},
    {"claim.voided", QT_TRANSLATE_NOOP("Codes", "Voided")},
};

constexpr Word kExplanations[] = {
    {"deposit.request-sent",
     QT_TRANSLATE_NOOP("Codes", "Your wallet locked the money to the committee, with a way back for you.")},
    {"deposit.request-confirmed",
     QT_TRANSLATE_NOOP("Codes", "Everyone waits until the block is deep enough to stay.")},
    {"deposit.signed",
     QT_TRANSLATE_NOOP("Codes", "All members check the whole plan and sign it. You hold the result first.")},
    {"deposit.vault-confirmed", QT_TRANSLATE_NOOP("Codes", "The money moves into the vault.")},
    {"deposit.credited",
     QT_TRANSLATE_NOOP("Codes", "The layer 2 mints exactly the value of the vault for you.")},
    {"deposit.refund",
     QT_TRANSLATE_NOOP("Codes", "If the committee does not finish, you take the money back alone.")},
    {"withdrawal.requested", QT_TRANSLATE_NOOP("Codes", "Amount and fee go into escrow on the layer 2.")},
    {"withdrawal.accepted",
     QT_TRANSLATE_NOOP("Codes", "An operator puts down a bond and promises to pay you.")},
    {"withdrawal.paid",
     QT_TRANSLATE_NOOP("Codes", "The operator sends bitcoin from its own wallet to your address.")},
    {"withdrawal.payment-confirmed",
     QT_TRANSLATE_NOOP("Codes", "From here on the bitcoin is yours: you are done.")},
    {"withdrawal.settled",
     QT_TRANSLATE_NOOP("Codes",
                       "The operator proves its payment. This does not concern your money any more.")},
    {"withdrawal.reclaim", QT_TRANSLATE_NOOP("Codes", "If nobody pays in time, you get escrow and bond.")},
    {"claim.burned",
     QT_TRANSLATE_NOOP("Codes", "The operator gave up as much on the layer 2 as the vault holds.")},
    {"claim.kickoff",
     QT_TRANSLATE_NOOP("Codes",
                       "The operator puts down a stake on Bitcoin and announces to take the vault.")},
    {"claim.window",
     QT_TRANSLATE_NOOP("Codes", "Until it ends any member can stop an operator who did not burn.")},
    {"claim.taken",
     QT_TRANSLATE_NOOP("Codes", "Nobody objected: the operator takes the bitcoin of the vault.")},
    {"claim.settled", QT_TRANSLATE_NOOP("Codes", "The layer 2 knows that the vault is empty.")},
};

constexpr Word kNotes[] = {
    {"waiting-for-offers", QT_TRANSLATE_NOOP("Codes", "Waiting for operators to offer themselves")},
    {"waiting-for-proposal", QT_TRANSLATE_NOOP("Codes", "Waiting for the committee's plan")},
    {"joining", QT_TRANSLATE_NOOP("Codes", "Members are joining")},
    {"nonces", QT_TRANSLATE_NOOP("Codes", "Signing, first round")},
    {"partials", QT_TRANSLATE_NOOP("Codes", "Signing, second round")},
    {"confirming", QT_TRANSLATE_NOOP("Codes", "Last signature")},
    {"refused", QT_TRANSLATE_NOOP("Codes", "A member refused. Nothing is lost: the refund remains.")},
    {"request-refused", QT_TRANSLATE_NOOP("Codes", "The layer 2 refused it. Nothing has left your account.")},
    {"too-late", QT_TRANSLATE_NOOP("Codes", "Too late for the committee. The refund will be possible.")},
    {"late",
     QT_TRANSLATE_NOOP("Codes", "Paid after the operator's deadline. The money is yours all the same.")},
    {"overdue", QT_TRANSLATE_NOOP("Codes", "The operator's deadline has passed.")},
    {"refund-open", QT_TRANSLATE_NOOP("Codes", "Not in time. You can take the money back now.")},
    {"reclaim-open", QT_TRANSLATE_NOOP("Codes", "Not in time. You can take escrow and bond now.")},
    {"funding-spent", QT_TRANSLATE_NOOP("Codes", "The operator's stake was spent elsewhere")},
    {"sent", QT_TRANSLATE_NOOP("Codes", "Sent, waiting for a block")},
    {"vetoed", QT_TRANSLATE_NOOP("Codes", "Vetoed by a member")},
};

constexpr Word kActors[] = {
    {"you", QT_TRANSLATE_NOOP("Codes", "You")},
    {"committee", QT_TRANSLATE_NOOP("Codes", "Committee")},
    {"operator", QT_TRANSLATE_NOOP("Codes", "Operator")},
    {"bitcoin", QT_TRANSLATE_NOOP("Codes", "Bitcoin")},
    {"sequencer", QT_TRANSLATE_NOOP("Codes", "Sequencer")},
    {"anyone", QT_TRANSLATE_NOOP("Codes", "Anyone")},
};

constexpr Word kWarnings[] = {
    {"high-fee", QT_TRANSLATE_NOOP("Codes", "The fee is unusually high for this amount.")},
    {"dust-change-dropped", QT_TRANSLATE_NOOP("Codes", "A rest too small to keep goes to the fee.")},
    {"unconfirmed-input", QT_TRANSLATE_NOOP("Codes", "This spends money that is not confirmed yet.")},
    {"unknown-recipient-script",
     QT_TRANSLATE_NOOP("Codes", "The recipient is of a kind that anybody may be able to spend.")},
    {"pays-self", QT_TRANSLATE_NOOP("Codes", "This pays to your own wallet.")},
};

constexpr Word kChecks[] = {
    {"genesis-computed", QT_TRANSLATE_NOOP("Codes", "Computed on this computer from the pinned network")},
    {"chain-id", QT_TRANSLATE_NOOP("Codes", "The answer is about this network")},
    {"sequencer-signature", QT_TRANSLATE_NOOP("Codes", "The batch is signed by the sequencer")},
    {"parent-links", QT_TRANSLATE_NOOP("Codes", "The batch follows from the ones before")},
    {"bitcoin-block-on-own-chain",
     QT_TRANSLATE_NOOP("Codes", "Its Bitcoin block is on the chain we checked ourselves")},
    {"state-path", QT_TRANSLATE_NOOP("Codes", "The value is in the state root")},
    {"history-complete", QT_TRANSLATE_NOOP("Codes", "The history is complete")},
    {"body-hash", QT_TRANSLATE_NOOP("Codes", "The transactions are those of the header")},
};

constexpr Word kFields[] = {
    {"key", QT_TRANSLATE_NOOP("Codes", "Key")},         {"exists", QT_TRANSLATE_NOOP("Codes", "Exists")},
    {"balance", QT_TRANSLATE_NOOP("Codes", "Balance")}, {"staked", QT_TRANSLATE_NOOP("Codes", "Staked")},
    {"nonce", QT_TRANSLATE_NOOP("Codes", "Nonce")},     {"value", QT_TRANSLATE_NOOP("Codes", "Raw value")},
    {"entry", QT_TRANSLATE_NOOP("Codes", "Entry")},     {"yes", QT_TRANSLATE_NOOP("Codes", "yes")},
    {"no", QT_TRANSLATE_NOOP("Codes", "no")},
};

constexpr Word kFinality[] = {
    {"root-proven",
     QT_TRANSLATE_NOOP("Codes",
                       "The root is proven: this computer checked the proof of every batch up to here.")},
    {"root-not-proven",
     QT_TRANSLATE_NOOP("Codes", "The root itself is not proven yet: it rests on the sequencer's signature.")},
};

constexpr Word kReasons[] = {
    {"unknown-batch", QT_TRANSLATE_NOOP("Codes", "The batch is not known here yet.")},
    {"l1-behind", QT_TRANSLATE_NOOP("Codes", "Our own Bitcoin chain is not that far yet.")},
    {"stale", QT_TRANSLATE_NOOP("Codes", "The answer is older than what was seen already.")},
    {"not-linked", QT_TRANSLATE_NOOP("Codes", "The batch is not linked to a verified one yet.")},
    {"bad-header", QT_TRANSLATE_NOOP("Codes", "The batch header is damaged.")},
    {"bad-signature", QT_TRANSLATE_NOOP("Codes", "The sequencer's signature is wrong.")},
    {"bad-parent", QT_TRANSLATE_NOOP("Codes", "The batch does not follow from its parent.")},
    {"bad-body", QT_TRANSLATE_NOOP("Codes", "The transactions are not those of the header.")},
    {"bad-proof", QT_TRANSLATE_NOOP("Codes", "The path does not lead to the state root.")},
    {"bad-value", QT_TRANSLATE_NOOP("Codes", "The value is not the one that was proven.")},
    {"bad-history", QT_TRANSLATE_NOOP("Codes", "The history is not complete.")},
    {"foreign-chain", QT_TRANSLATE_NOOP("Codes", "The answer is about another network.")},
    {"l1-elsewhere",
     QT_TRANSLATE_NOOP("Codes", "The batch rests on a Bitcoin block that is not on our chain.")},
    {"equivocation", QT_TRANSLATE_NOOP("Codes", "The sequencer signed two different batches of one number.")},
    {"bad-chain-proof", QT_TRANSLATE_NOOP("Codes", "The proof of the chain is not valid.")},
    {"proven-otherwise",
     QT_TRANSLATE_NOOP("Codes", "The proof of the chain is of other batches than those shown.")},
};

constexpr Word kActivities[] = {
    {"received", QT_TRANSLATE_NOOP("Codes", "Received")},
    {"sent", QT_TRANSLATE_NOOP("Codes", "Sent")},
    {"deposit", QT_TRANSLATE_NOOP("Codes", "Deposit")},
    {"withdrawal", QT_TRANSLATE_NOOP("Codes", "Withdrawal")},
    {"layer2-received", QT_TRANSLATE_NOOP("Codes", "Received on layer 2")},
    {"layer2-sent", QT_TRANSLATE_NOOP("Codes", "Sent on layer 2")},
};

constexpr Word kActivityStates[] = {
    {"confirmed", QT_TRANSLATE_NOOP("Codes", "Confirmed")},
    {"pending", QT_TRANSLATE_NOOP("Codes", "Pending")},
    {"sequenced", QT_TRANSLATE_NOOP("Codes", "In a batch")},
    {"refused", QT_TRANSLATE_NOOP("Codes", "Refused")},
};

constexpr Word kPeerVerdicts[] = {
    {"", QT_TRANSLATE_NOOP("Codes", "Connected")},
    {"invalid", QT_TRANSLATE_NOOP("Codes", "Banned: sent invalid data")},
    {"unresponsive", QT_TRANSLATE_NOOP("Codes", "Does not answer")},
    {"offline", QT_TRANSLATE_NOOP("Codes", "Offline")},
    {"limited", QT_TRANSLATE_NOOP("Codes", "Cannot serve us")},
};

constexpr Word kTroubles[] = {
    {"equivocation", QT_TRANSLATE_NOOP("Codes", "The sequencer signed two different batches of one number")},
    {"equivocation-todo",
     QT_TRANSLATE_NOOP(
         "Codes", "Two histories are told, so accept no payment on the layer 2 until this is explained.")},
    {"invalid", QT_TRANSLATE_NOOP("Codes", "The layer-2 node gave an invalid answer")},
    {"invalid-todo", QT_TRANSLATE_NOOP("Codes", "Nothing of it was believed. Connect to another node.")},
    {"silent", QT_TRANSLATE_NOOP("Codes", "The layer-2 node does not answer.")},
    {"seal-conflict", QT_TRANSLATE_NOOP("Codes", "Bitcoin has sealed another history than the node shows")},
    {"seal-doubt",
     QT_TRANSLATE_NOOP("Codes", "The layer 2 takes batches for sealed that Bitcoin does not show")},
    {"program-change",
     QT_TRANSLATE_NOOP("Codes", "The committee has announced a change of the layer 2's rules")},
    {"program-change-at",
     QT_TRANSLATE_NOOP("Codes",
                       "They apply from Bitcoin block %1 on (it is %2 now). Who does not want them withdraws "
                       "before that.")},
    {"program-change-to-seal",
     QT_TRANSLATE_NOOP(
         "Codes", "They apply %1 blocks after Bitcoin has sealed the announcement. Who does not want them "
                  "withdraws before that.")},
};

/// In the middle of a line.
constexpr Word kSeals[] = {
    {"sequenced", QT_TRANSLATE_NOOP("Codes", "not sealed on Bitcoin yet")},
    {"sealed", QT_TRANSLATE_NOOP("Codes", "sealed on Bitcoin, confirmations: %1")},
    {"conflict", QT_TRANSLATE_NOOP("Codes", "Bitcoin has sealed another batch")},
};

/// In the middle of a line. What only Bitcoin says is in kSeals.
constexpr Word kLevels[] = {
    {"proven", QT_TRANSLATE_NOOP("Codes", "proven")},
    {"withdrawable", QT_TRANSLATE_NOOP("Codes", "proven and sealed deep enough to be paid")},
};

constexpr Word kOther[] = {
    {"finished-deposit", QT_TRANSLATE_NOOP("Codes", "Completed")},
    {"finished-withdrawal", QT_TRANSLATE_NOOP("Codes", "Paid")},
    {"finished-claim", QT_TRANSLATE_NOOP("Codes", "Settled")},
    {"failed-deposit", QT_TRANSLATE_NOOP("Codes", "Refunded")},
    {"failed-withdrawal", QT_TRANSLATE_NOOP("Codes", "Reclaimed")},
    {"refused-withdrawal", QT_TRANSLATE_NOOP("Codes", "Refused")},
    {"failed-claim", QT_TRANSLATE_NOOP("Codes", "Voided")},
    {"refund", QT_TRANSLATE_NOOP("Codes", "Refund possible")},
    {"reclaim", QT_TRANSLATE_NOOP("Codes", "Reclaim possible")},
    {"unlock", QT_TRANSLATE_NOOP("Codes", "Waits for you")},
    {"Deposit", QT_TRANSLATE_NOOP("Codes", "Deposit")},
    {"Withdrawal", QT_TRANSLATE_NOOP("Codes", "Withdrawal")},
    {"Claim", QT_TRANSLATE_NOOP("Codes", "Vault claim")},
};

template <typename Range>
QString find(const Range& range, std::string_view code)
{
    const auto found =
        std::find_if(std::begin(range), std::end(range), [code](const Word& w) { return w.code == code; });
    return found == std::end(range) ? QString() : QCoreApplication::translate("Codes", found->text);
}

template <typename Range>
QString findOr(const Range& range, const std::string& code)
{
    const QString found = find(range, code);
    return found.isEmpty() ? QString::fromStdString(code) : found;
}

std::string_view suffixOf(services::BridgeItem::Kind kind)
{
    switch (kind) {
    case services::BridgeItem::Kind::Deposit: return "deposit";
    case services::BridgeItem::Kind::Withdrawal: return "withdrawal";
    case services::BridgeItem::Kind::VaultClaim: return "claim";
    }
    return "";
}
} // namespace

QString stepTitle(const std::string& id) { return findOr(kSteps, id); }
QString stepExplanation(const std::string& id) { return find(kExplanations, id); }
QString noteText(const std::string& note) { return note.empty() ? QString() : findOr(kNotes, note); }
QString actorText(const std::string& actor) { return findOr(kActors, actor); }
QString warningText(const std::string& code) { return findOr(kWarnings, code); }
QString checkText(const std::string& code) { return findOr(kChecks, code); }
QString fieldText(const std::string& code) { return findOr(kFields, code); }
QString finalityText(const std::string& code) { return code.empty() ? QString() : findOr(kFinality, code); }
QString verdictReasonText(const std::string& code)
{
    return code.empty() ? QCoreApplication::translate("Codes", "The node has not answered yet.")
                        : findOr(kReasons, code);
}
QString activityText(const std::string& kind) { return findOr(kActivities, kind); }
QString peerVerdictText(const std::string& verdict) { return findOr(kPeerVerdicts, verdict); }

QString activityStateText(const std::string& state)
{
    const QString own = find(kActivityStates, state);
    return own.isEmpty() ? stepTitle(state) : own;
}

bool isHighRisk(const std::string& warning)
{
    return warning == "high-fee" || warning == "unknown-recipient-script";
}

Tone peerVerdictTone(const services::PeerView& peer)
{
    if (peer.verdict == "invalid") return Tone::Danger;
    if (!peer.verdict.empty() || !peer.connected) return Tone::Warning;
    return Tone::Success;
}

LayerTwoTrouble layerTwoTrouble(const services::SyncView& sync)
{
    if (sync.layerTwoEquivocations > 0)
        return {Tone::Danger, find(kTroubles, "equivocation"), find(kTroubles, "equivocation-todo")};
    if (sync.layerTwoSealConflict)
        return {Tone::Danger, find(kTroubles, "seal-conflict"), find(kTroubles, "equivocation-todo")};
    if (sync.layerTwoSealDoubt)
        return {Tone::Danger, find(kTroubles, "seal-doubt"), find(kTroubles, "equivocation-todo")};
    if (!sync.layerTwoInvalid.empty()) {
        return {Tone::Danger, find(kTroubles, "invalid"),
                verdictReasonText(sync.layerTwoInvalid) + ' ' + find(kTroubles, "invalid-todo")};
    }
    if (!sync.layerTwoReachable) return {Tone::Warning, find(kTroubles, "silent"), {}};
    if (!sync.layerTwoProblem.empty())
        return {Tone::Warning, errorText(base::ErrorCode{sync.layerTwoProblem}).what, {}};
    if (const auto& change = sync.layerTwoProgramChange) {
        const QString when =
            change->height ? find(kTroubles, "program-change-at").arg(*change->height).arg(sync.tipHeight)
                           : find(kTroubles, "program-change-to-seal").arg(change->delay);
        return {Tone::Warning, find(kTroubles, "program-change"), when};
    }
    return {};
}

QString sealText(const services::SealView& seal)
{
    const QString text = find(kSeals, seal.state);
    return seal.state == "sealed" ? text.arg(seal.confirmations) : text;
}

QString levelText(const services::BatchView& batch) { return find(kLevels, batch.finality); }

Standing standingOf(const services::BridgeItem& item)
{
    const std::string kind(suffixOf(item.kind));
    const bool refused = item.failed && item.state == "withdrawal.requested"; // no escrow ever came about
    if (item.failed) return {Tone::Warning, find(kOther, (refused ? "refused-" : "failed-") + kind)};
    if (item.finished) return {Tone::Success, find(kOther, "finished-" + kind)};
    const QString action = find(kOther, item.nextAction);
    if (!action.isEmpty()) return {Tone::Warning, action};
    return {Tone::Accent, stepTitle(item.state)};
}

QString bridgeKindText(services::BridgeItem::Kind kind)
{
    switch (kind) {
    case services::BridgeItem::Kind::Deposit: return find(kOther, "Deposit");
    case services::BridgeItem::Kind::Withdrawal: return find(kOther, "Withdrawal");
    case services::BridgeItem::Kind::VaultClaim: return find(kOther, "Claim");
    }
    return {};
}

bool isUsersBusiness(const std::string& stepId) { return stepId != "withdrawal.settled"; }

} // namespace bowline::ui
