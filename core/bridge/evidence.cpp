// SPDX-License-Identifier: MIT
// Evidence as bytes, and the check that needs nothing but the evidence and the network's parameters.
#include "core/bridge/evidence.h"

#include "core/bridge/ceremony_log.h"

namespace bowline::bridge {

namespace {

constexpr std::uint8_t kVersion = 1;
/// A proposal, and two messages of each member.
constexpr std::size_t kMaxMessages = 2 * kMaxMembers + 2;
constexpr std::size_t kMaxMessageSize = kMaxPayload + 256;

} // namespace

std::string_view faultName(Fault fault)
{
    switch (fault) {
    case Fault::Malformed: return "malformed";
    case Fault::Equivocation: return "equivocation";
    case Fault::BadProposal: return "bad-proposal";
    case Fault::BadPartial: return "bad-partial";
    case Fault::BadHolding: return "bad-holding";
    }
    return "unknown";
}

Bytes Evidence::serialize() const
{
    base::Writer writer;
    writer.u8(kVersion);
    writer.u8(static_cast<std::uint8_t>(fault));
    writer.hash(accused);
    writeTerms(writer, terms);
    writer.u16le(static_cast<std::uint16_t>(messages.size()));
    for (const Bytes& message : messages) {
        writer.u32le(static_cast<std::uint32_t>(message.size()));
        writer.bytes(message);
    }
    return writer.take();
}

Result<Evidence> Evidence::parse(ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.u8() != kVersion) reader.fail(kBadMessage, "version of evidence");
    Evidence out;
    const std::uint8_t fault = reader.u8();
    if (fault < static_cast<std::uint8_t>(Fault::Malformed) ||
        fault > static_cast<std::uint8_t>(Fault::BadHolding)) {
        reader.fail(kBadMessage, "fault");
    }
    out.fault = static_cast<Fault>(fault);
    out.accused = reader.hash<XOnlyPublicKey>();
    out.terms = readTerms(reader);
    const std::size_t count = reader.u16le();
    if (count > kMaxMessages) reader.fail(kBadMessage, "too many messages");
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        const std::size_t size = reader.u32le();
        if (size > kMaxMessageSize) reader.fail(kBadMessage, "message is too long");
        if (!reader.failed()) out.messages.push_back(base::toBytes(reader.bytes(size)));
    }
    BOWLINE_CHECK(reader.finish());
    return out;
}

Status checkEvidence(const ContextPtr& context, const Evidence& evidence)
{
    BOWLINE_TRY(Deposit deposit, Deposit::create(context, evidence.terms));
    CeremonyLog log(std::move(deposit));
    for (const Bytes& bytes : evidence.messages) {
        BOWLINE_TRY(const Message message, openMessage(bytes, context->chainId));
        log.add(message);
    }
    for (const Evidence& found : log.takeEvidence()) {
        if (found.fault == evidence.fault && found.accused == evidence.accused) return base::success();
    }
    return base::makeError(kEvidenceDoesNotHold, std::string(faultName(evidence.fault)));
}

} // namespace bowline::bridge
