// SPDX-License-Identifier: MIT
#include "ui/design/code_texts.h"

#include <QCoreApplication>

#include <algorithm>
#include <iterator>

namespace bowline::ui {

namespace {
struct Word {
    std::string_view code;
    const char* text;
};

#define T(text) QT_TRANSLATE_NOOP("Codes", text)

constexpr Word kSteps[] = {
    {"deposit.request-sent", T("Deposit sent")},
    {"deposit.request-confirmed", T("Deposit confirmed on Bitcoin")},
    {"deposit.signed", T("Committee signs")},
    {"deposit.vault-confirmed", T("Vault confirmed on Bitcoin")},
    {"deposit.credited", T("Credited on layer 2")},
    {"deposit.refund", T("Refund")},
    {"withdrawal.requested", T("Withdrawal requested")},
    {"withdrawal.accepted", T("Operator accepts")},
    {"withdrawal.paid", T("Operator pays on Bitcoin")},
    {"withdrawal.payment-confirmed", T("Payment confirmed")},
    {"withdrawal.settled", T("Operator gets the escrow")},
    {"withdrawal.reclaim", T("Reclaim")},
    {"claim.burned", T("Vault value burned on layer 2")},
    {"claim.kickoff", T("Kickoff on Bitcoin")},
    {"claim.window", T("Challenge window")},
    {"claim.taken", T("Vault taken")},
    {"claim.settled", T("Settled on layer 2")},
    {"claim.voided", T("Voided")},
};

constexpr Word kExplanations[] = {
    {"deposit.request-sent", T("Your wallet locked the money to the committee, with a way back for you.")},
    {"deposit.request-confirmed", T("Everyone waits until the block is deep enough to stay.")},
    {"deposit.signed", T("All members check the whole plan and sign it. You hold the result first.")},
    {"deposit.vault-confirmed", T("The money moves into the vault.")},
    {"deposit.credited", T("The layer 2 mints exactly the value of the vault for you.")},
    {"deposit.refund", T("If the committee does not finish, you take the money back alone.")},
    {"withdrawal.requested", T("Amount and fee go into escrow on the layer 2.")},
    {"withdrawal.accepted", T("An operator puts down a bond and promises to pay you.")},
    {"withdrawal.paid", T("The operator sends bitcoin from its own wallet to your address.")},
    {"withdrawal.payment-confirmed", T("From here on the bitcoin is yours: you are done.")},
    {"withdrawal.settled", T("The operator proves its payment. This does not concern your money any more.")},
    {"withdrawal.reclaim", T("If nobody pays in time, you get escrow and bond.")},
};

constexpr Word kNotes[] = {
    {"waiting-for-offers", T("Waiting for operators to offer themselves")},
    {"waiting-for-proposal", T("Waiting for the committee's plan")},
    {"joining", T("Members are joining")},
    {"nonces", T("Signing, first round")},
    {"partials", T("Signing, second round")},
    {"confirming", T("Last signature")},
    {"refused", T("A member refused. Nothing is lost: the refund remains.")},
    {"too-late", T("Too late for the committee. The refund will be possible.")},
    {"late", T("Paid after the operator's deadline. The money is yours all the same.")},
    {"overdue", T("The operator's deadline has passed.")},
    {"funding-spent", T("The operator's stake was spent elsewhere")},
    {"sent", T("Sent, waiting for a block")},
    {"vetoed", T("Vetoed by a member")},
};

constexpr Word kActors[] = {
    {"you", T("You")},
    {"committee", T("Committee")},
    {"operator", T("Operator")},
    {"bitcoin", T("Bitcoin")},
    {"sequencer", T("Sequencer")},
    {"anyone", T("Anyone")},
};

constexpr Word kWarnings[] = {
    {"high-fee", T("The fee is unusually high for this amount.")},
    {"dust-change-dropped", T("A rest too small to keep goes to the fee.")},
    {"unconfirmed-input", T("This spends money that is not confirmed yet.")},
    {"unknown-recipient-script", T("The recipient is of a kind that anybody may be able to spend.")},
    {"pays-self", T("This pays to your own wallet.")},
};

constexpr Word kChecks[] = {
    {"chain-id", T("The answer is about this network")},
    {"sequencer-signature", T("The batch is signed by the sequencer")},
    {"parent-links", T("The batch follows from the ones before")},
    {"bitcoin-block-on-own-chain", T("Its Bitcoin block is on the chain we checked ourselves")},
    {"state-path", T("The value is in the state root")},
    {"history-complete", T("The history is complete")},
    {"body-hash", T("The transactions are those of the header")},
};

constexpr Word kFields[] = {
    {"key", T("Key")},       {"exists", T("Exists")}, {"balance", T("Balance")},
    {"staked", T("Staked")}, {"nonce", T("Nonce")},   {"value", T("Raw value")},
    {"entry", T("Entry")},   {"yes", T("yes")},       {"no", T("no")},
};

constexpr Word kFinality[] = {
    {"root-not-proven", T("The root itself is not proven yet: it rests on the sequencer's signature.")},
};

constexpr Word kReasons[] = {
    {"unknown-batch", T("The batch is not known here yet.")},
    {"l1-behind", T("Our own Bitcoin chain is not that far yet.")},
    {"stale", T("The answer is older than what was seen already.")},
    {"not-linked", T("The batch is not linked to a verified one yet.")},
    {"bad-header", T("The batch header is damaged.")},
    {"bad-signature", T("The sequencer's signature is wrong.")},
    {"bad-parent", T("The batch does not follow from its parent.")},
    {"bad-body", T("The transactions are not those of the header.")},
    {"bad-proof", T("The path does not lead to the state root.")},
    {"bad-value", T("The value is not the one that was proven.")},
    {"bad-history", T("The history is not complete.")},
    {"foreign-chain", T("The answer is about another network.")},
    {"l1-elsewhere", T("The batch rests on a Bitcoin block that is not on our chain.")},
    {"equivocation", T("The sequencer signed two different batches of one number.")},
};

constexpr Word kActivities[] = {
    {"received", T("Received")},
    {"sent", T("Sent")},
    {"deposit", T("Deposit")},
    {"withdrawal", T("Withdrawal")},
    {"layer2-received", T("Received on layer 2")},
    {"layer2-sent", T("Sent on layer 2")},
};

constexpr Word kActivityStates[] = {
    {"confirmed", T("Confirmed")},
    {"pending", T("Pending")},
    {"sequenced", T("In a batch")},
};

constexpr Word kPeerVerdicts[] = {
    {"", T("Connected")},
    {"invalid", T("Banned: sent invalid data")},
    {"unresponsive", T("Does not answer")},
    {"offline", T("Offline")},
    {"limited", T("Cannot serve us")},
};

constexpr Word kOther[] = {
    {"finished-deposit", T("Completed")},
    {"finished-withdrawal", T("Paid")},
    {"finished-claim", T("Settled")},
    {"failed-deposit", T("Refunded")},
    {"failed-withdrawal", T("Reclaimed")},
    {"failed-claim", T("Voided")},
    {"refund", T("Refund possible")},
    {"reclaim", T("Reclaim possible")},
    {"unlock", T("Waits for you")},
    {"Deposit", T("Deposit")},
    {"Withdrawal", T("Withdrawal")},
    {"Claim", T("Vault claim")},
};
#undef T

template <typename Range>
QString find(const Range& range, std::string_view code)
{
    const auto found = std::find_if(std::begin(range), std::end(range), [code](const Word& w) { return w.code == code; });
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
    return code.empty() ? QCoreApplication::translate("Codes", "The node has not answered yet.") : findOr(kReasons, code);
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

Standing standingOf(const services::BridgeItem& item)
{
    const std::string kind(suffixOf(item.kind));
    if (item.failed) return {Tone::Warning, find(kOther, "failed-" + kind)};
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

bool isUsersBusiness(const std::string& stepId)
{
    return stepId != "withdrawal.settled";
}

} // namespace bowline::ui
