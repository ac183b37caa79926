// SPDX-License-Identifier: MIT
#include "app/cli/views_json.h"

namespace bowline::cli {

namespace {
std::string_view networkText(services::NetworkKind kind)
{
    switch (kind) {
    case services::NetworkKind::Main: return "main";
    case services::NetworkKind::Testnet4: return "testnet4";
    case services::NetworkKind::Signet: return "signet";
    case services::NetworkKind::Regtest: return "regtest";
    }
    return "";
}

std::string_view lineName(services::ProgressLine::Kind kind)
{
    switch (kind) {
    case services::ProgressLine::Kind::Peers: return "peers";
    case services::ProgressLine::Kind::Headers: return "headers";
    case services::ProgressLine::Kind::FilterHeaders: return "filter_headers";
    case services::ProgressLine::Kind::Filters: return "filters";
    }
    return "";
}

std::string_view stateName(services::StepState state)
{
    switch (state) {
    case services::StepState::Done: return "done";
    case services::StepState::Current: return "current";
    case services::StepState::Future: return "future";
    case services::StepState::Failed: return "failed";
    case services::StepState::Skipped: return "skipped";
    }
    return "";
}

std::string_view kindName(services::BridgeItem::Kind kind)
{
    switch (kind) {
    case services::BridgeItem::Kind::Deposit: return "deposit";
    case services::BridgeItem::Kind::Withdrawal: return "withdrawal";
    case services::BridgeItem::Kind::VaultClaim: return "vault-claim";
    }
    return "";
}

template <typename T>
json::value orNull(const std::optional<T>& value)
{
    if (!value) return nullptr;
    return json::value_from(*value);
}

json::array amounts(const std::vector<base::Amount>& list)
{
    json::array out;
    for (const base::Amount amount : list) out.emplace_back(amount.sat());
    return out;
}

json::object toJson(const services::TimelineStep& step)
{
    json::object out{{"id", step.id},     {"state", stateName(step.state)}, {"actor", step.actor},
                     {"txid", step.txid}, {"height", orNull(step.height)},  {"note", step.note}};
    if (step.clock) {
        out["clock"] = json::object{{"start_height", step.clock->startHeight},
                                    {"length_blocks", step.clock->lengthBlocks},
                                    {"passed_blocks", step.clock->passedBlocks}};
    }
    return out;
}
} // namespace

json::object toJson(const services::WalletInfo& info)
{
    return {{"name", info.name},
            {"network", networkText(info.network)},
            {"locked", info.locked},
            {"backup_confirmed", info.backupConfirmed},
            {"layer2_address", info.layerTwoAddress}};
}

json::object toJson(const services::BitcoinBalance& balance)
{
    return {{"confirmed_sat", balance.confirmed.sat()},
            {"pending_incoming_sat", balance.pendingIncoming.sat()},
            {"pending_outgoing_sat", balance.pendingOutgoing.sat()},
            {"immature_sat", balance.immature.sat()},
            {"locked_in_bridge_sat", balance.lockedInBridge.sat()},
            {"partial", balance.partial}};
}

json::object toJson(const services::Verdict& verdict)
{
    using Kind = services::Verdict::Kind;
    const auto name = verdict.kind == Kind::Verified  ? "verified"
                      : verdict.kind == Kind::Invalid ? "invalid"
                                                      : "unverified";
    json::object out{{"verdict", name}, {"provider", verdict.provider}};
    if (verdict.kind == Kind::Verified) {
        out["root"] = verdict.root;
        out["batch"] = verdict.batch;
        out["finality"] = verdict.finality;
    } else {
        out["reason"] = verdict.reason;
    }
    return out;
}

json::object toJson(const services::ProvenBalance& balance)
{
    return {{"available_sat", balance.available.sat()},
            {"staked_sat", balance.staked.sat()},
            {"nonce", balance.nonce},
            {"batch", balance.batch}};
}

json::object toJson(const services::ProvenView& proven)
{
    return {{"batch", proven.batch},
            {"hash", proven.hash},
            {"state_root", proven.stateRoot},
            {"program", proven.program},
            {"bitcoin_height", proven.bitcoinHeight},
            {"bitcoin_hash", proven.bitcoinHash},
            {"proof_bytes", proven.proofBytes},
            {"check_microseconds", proven.checkMicroseconds}};
}

json::object toJson(const services::LayerTwoBalance& balance)
{
    return {{"available_sat", balance.available.sat()},
            {"staked_sat", balance.staked.sat()},
            {"in_escrow_sat", balance.inEscrow.sat()},
            {"nonce", balance.nonce},
            {"verdict", toJson(balance.verdict)},
            {"proven", balance.proven ? json::value(toJson(*balance.proven)) : json::value(nullptr)}};
}

namespace {
json::value programChangeJson(const std::optional<services::ProgramChangeView>& change)
{
    if (!change) return nullptr;
    return json::object{
        {"program", change->program}, {"height", orNull(change->height)}, {"delay", change->delay}};
}
} // namespace

json::object toJson(const services::SyncView& sync)
{
    json::object lines;
    for (const services::ProgressLine& line : sync.lines) {
        lines[lineName(line.kind)] = json::object{{"done", line.done},
                                                  {"total", line.total},
                                                  {"per_second", line.perSecond},
                                                  {"seconds_left", orNull(line.secondsLeft)}};
    }
    return {{"synced", sync.synced},
            {"tip_height", sync.tipHeight},
            {"tip_hash", sync.tipHash},
            {"tip_time", sync.tipTime},
            {"filter_headers_from_one_peer", sync.filterHeadersFromOnePeer},
            {"clock_suspect", sync.clockSuspect},
            {"layer2_head", sync.layerTwoHead},
            {"layer2_reachable", sync.layerTwoReachable},
            {"layer2_problem", sync.layerTwoProblem},
            {"layer2_invalid", sync.layerTwoInvalid},
            {"layer2_equivocations", sync.layerTwoEquivocations},
            {"layer2_sealed", orNull(sync.layerTwoSealed)},
            {"layer2_seal_conflict", sync.layerTwoSealConflict},
            {"layer2_proven",
             sync.layerTwoProven ? json::value(toJson(*sync.layerTwoProven)) : json::value(nullptr)},
            {"layer2_seal_doubt", sync.layerTwoSealDoubt},
            {"layer2_program_change", programChangeJson(sync.layerTwoProgramChange)},
            {"progress", std::move(lines)}};
}

json::object toJson(const services::PeerView& peer)
{
    return {{"address", peer.address},     {"agent", peer.userAgent}, {"height", peer.height},
            {"connected", peer.connected}, {"verdict", peer.verdict}, {"reason", peer.reason}};
}

json::object toJson(const services::TransactionView& transaction)
{
    json::object out{{"txid", transaction.txid},
                     {"delta_sat", transaction.delta.sat()},
                     {"height", orNull(transaction.height)},
                     {"confirmations", transaction.confirmations},
                     {"time", transaction.time},
                     {"label", transaction.label},
                     {"can_bump", transaction.canBump},
                     {"addresses", json::value_from(transaction.addresses)},
                     {"broadcast", transaction.broadcastState}};
    out["fee_sat"] = transaction.fee ? json::value(transaction.fee->sat()) : json::value(nullptr);
    return out;
}

json::object toJson(const services::SpendReview& review)
{
    json::array recipients;
    for (const services::Recipient& recipient : review.recipients) {
        recipients.push_back(
            json::object{{"address", recipient.address}, {"amount_sat", recipient.amount.sat()}});
    }
    return {{"recipients", std::move(recipients)},    {"inputs", review.inputCount},
            {"change_sat", review.change.sat()},      {"fee_sat", review.fee.sat()},
            {"fee_sat_per_kvb", review.feeSatPerKvb}, {"virtual_bytes", review.virtualBytes},
            {"total_sat", review.total.sat()},        {"warnings", json::value_from(review.warnings)}};
}

json::object toJson(const services::BridgeItem& item)
{
    json::array steps;
    for (const services::TimelineStep& step : item.steps) steps.push_back(toJson(step));
    return {{"id", item.id},
            {"kind", kindName(item.kind)},
            {"amount_sat", item.amount.sat()},
            {"state", item.state},
            {"finished", item.finished},
            {"failed", item.failed},
            {"created", item.created},
            {"next_action", item.nextAction},
            {"destination", item.destination},
            {"refund_height", orNull(item.refundHeight)},
            {"deposit_id", item.depositId},
            {"steps", std::move(steps)}};
}

json::object toJson(const services::DepositQuote& quote)
{
    return {{"asked_sat", quote.asked.sat()},
            {"vaults_sat", amounts(quote.vaults)},
            {"remainder_sat", quote.remainder.sat()},
            {"request_fees_sat", quote.requestFees.sat()},
            {"bitcoin_fee_sat", quote.bitcoinFee.sat()},
            {"refund_blocks", quote.refundBlocks},
            {"depth", quote.depth},
            {"committee_size", quote.committeeSize}};
}

json::object toJson(const services::WithdrawQuote& quote)
{
    return {{"amount_sat", quote.amount.sat()},
            {"address", quote.address},
            {"operator_fee_sat", quote.operatorFee.sat()},
            {"layer2_fee_sat", quote.layerTwoFee.sat()},
            {"total_sat", quote.total.sat()},
            {"pay_window_blocks", quote.payWindowBlocks},
            {"worst_case_blocks", quote.worstCaseBlocks}};
}

json::object toJson(const services::SealView& seal)
{
    json::object out{{"state", seal.state}};
    if (seal.anchor.empty()) return out;
    out["confirmations"] = seal.confirmations;
    out["height"] = seal.height;
    out["anchor"] = seal.anchor;
    return out;
}

json::object toJson(const services::BatchView& batch)
{
    return {{"number", batch.number},
            {"hash", batch.hash},
            {"time", batch.time},
            {"transactions", batch.transactions},
            {"bitcoin_height", batch.bitcoinHeight},
            {"state_root", batch.stateRoot},
            {"verdict", toJson(batch.verdict)},
            {"seal", toJson(batch.seal)},
            {"finality", batch.finality},
            {"parent_hash", batch.parentHash},
            {"bitcoin_hash", batch.bitcoinHash},
            {"header", batch.headerHex},
            {"signature", batch.signatureHex},
            {"checks", json::value_from(batch.checks)}};
}

json::object toJson(const services::ProvenValue& value)
{
    json::array fields;
    json::object byName;
    for (const auto& [name, text] : value.fields) {
        fields.push_back(json::object{{"name", name}, {"value", text}});
        byName[name] = text;
    }
    return {{"title", value.title},        {"fields", std::move(fields)},
            {"values", std::move(byName)}, {"verdict", toJson(value.verdict)},
            {"header", value.headerHex},   {"signature", value.signatureHex},
            {"proof", value.proofHex},     {"checks", json::value_from(value.checks)}};
}

} // namespace bowline::cli
