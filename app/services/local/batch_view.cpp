// SPDX-License-Identifier: MIT
#include "app/services/local/batch_view.h"

#include "app/services/local/node_link.h"

namespace bowline::services {

namespace {
/// The checks that it passed, in the order in which they are made. A header that is held here but rests on a Bitcoin
/// block that is not on the own chain passed all but that one.
std::vector<std::string> checksOf(const l2::BatchHeader& header, const l2::Verdict& verdict)
{
    std::vector<std::string> out;
    if (std::holds_alternative<l2::Invalid>(verdict)) return out;
    const auto* unverified = std::get_if<l2::Unverified>(&verdict);
    const bool isHeld = unverified == nullptr || unverified->reason == l2::kReasonL1Behind ||
                        unverified->reason == l2::kReasonL1Elsewhere;
    if (!isHeld) return out;
    if (header.height.value == 0)
        out = {"genesis-computed"}; // it carries no signature and has no parent
    else
        out = {"chain-id", "sequencer-signature", "parent-links"};
    if (unverified == nullptr) out.emplace_back("bitcoin-block-on-own-chain");
    return out;
}
} // namespace

SealView sealViewOf(const seal::SealVerdict& verdict)
{
    SealView out;
    out.state = seal::nameOf(verdict.state);
    if (verdict.state == seal::SealState::Sequenced) return out;
    out.confirmations = verdict.confirmations;
    out.height = verdict.height.value;
    out.anchor = verdict.anchor.displayHex();
    return out;
}

ProvenView provenViewOf(const ProvenHead& proven)
{
    ProvenView out;
    out.batch = proven.head.batch.value;
    out.hash = proven.head.hash.hex();
    out.stateRoot = proven.head.state.hex();
    out.program = proven.head.program.hex();
    out.bitcoinHeight = proven.head.l1Height.value;
    out.bitcoinHash = proven.head.l1Hash.displayHex();
    out.proofBytes = proven.bytes;
    out.checkMicroseconds = static_cast<std::uint64_t>(proven.checkTime.count());
    return out;
}

void setFinality(BatchView& batch, std::uint32_t depth)
{
    // Bitcoin says that another batch counts: however well this one follows the rules, nobody will pay for it.
    if (batch.seal.state == seal::nameOf(seal::SealState::Conflict)) {
        batch.finality = "sequenced";
        return;
    }
    const bool isSealed = batch.seal.state == seal::nameOf(seal::SealState::Sealed);
    const bool isProven =
        batch.verdict.kind == Verdict::Kind::Verified && batch.verdict.finality == "root-proven";
    if (isProven)
        batch.finality = isSealed && batch.seal.confirmations > depth ? "withdrawable" : "proven";
    else
        batch.finality = isSealed ? "sealed" : "sequenced";
}

BatchView batchViewOf(const l2::SignedHeader& head, const l2::Verdict& verdict, const std::string& provider)
{
    const l2::BatchHeader& header = head.header;
    const bool isGenesis = header.height.value == 0;
    BatchView out;
    out.number = header.height.value;
    out.hash = header.hash().hex();
    out.time = static_cast<UnixTime>(header.time);
    out.bitcoinHeight = header.l1Height.value;
    out.bitcoinHash = header.l1Hash.displayHex();
    out.stateRoot = header.stateRoot.hex();
    out.verdict = verdictView(verdict, provider);
    out.headerHex = base::toHex(header.encode());
    if (!isGenesis) {
        out.parentHash = header.parent.hex();
        out.signatureHex = base::toHex(head.signature);
    }
    out.checks = checksOf(header, verdict);
    return out;
}

} // namespace bowline::services
