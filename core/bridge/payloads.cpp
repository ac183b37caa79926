// SPDX-License-Identifier: MIT
// The payloads of relay messages. Every reader accepts exactly what the writer beside it yields.
#include "core/bridge/messages.h"

#include <algorithm>

namespace bowline::bridge {

namespace {

using base::Reader;
using base::Writer;

constexpr std::size_t kNonceSize = 66;
constexpr std::size_t kPartialSize = 32;

void write(Writer& writer, const RequestPayload& payload)
{
    bitcoin::writeOutPoint(writer, payload.request);
    writer.hash(payload.refundKey);
    writer.hash(payload.recipient);
    writer.amountLe(payload.value);
}

void write(Writer& writer, const OfferPayload& payload)
{
    bitcoin::writeOutPoint(writer, payload.request);
    bitcoin::writeOutPoint(writer, payload.funding);
    l2::writeScript(writer, payload.payoutScript);
}

void write(Writer& writer, const ProposalPayload& payload)
{
    writer.u32le(payload.attempt);
    bitcoin::writeOutPoint(writer, payload.request);
    writer.u8(static_cast<std::uint8_t>(payload.offers.size()));
    for (const Message& offer : payload.offers) {
        const Bytes bytes = offer.serialize();
        writer.u32le(static_cast<std::uint32_t>(bytes.size()));
        writer.bytes(bytes);
    }
    writer.hash(payload.graphRoot);
}

void write(Writer& writer, const JoinPayload& payload)
{
    writer.u32le(payload.attempt);
    writer.hash(payload.graphRoot);
    writer.bytes(payload.fresh);
}

void write(Writer& writer, const NoncesPayload& payload)
{
    for (const crypto::PublicNonce& nonce : payload.nonces) writer.bytes(nonce.bytes());
}

void write(Writer& writer, const PartialsPayload& payload)
{
    writer.hash(payload.view);
    for (const crypto::PartialSignature& partial : payload.partials) writer.bytes(partial.bytes());
}

void write(Writer& writer, const HoldingPayload& payload)
{
    writer.hash(payload.graphRoot);
    writer.bytes(payload.mintSignature);
}

void write(Writer& writer, const ConfirmPartialPayload& payload)
{
    writer.hash(payload.view);
    writer.bytes(payload.partial.bytes());
}

void write(Writer& writer, const RefusalPayload& payload)
{
    writer.u8(static_cast<std::uint8_t>(payload.code));
    writer.bytes(base::viewOf(payload.text));
}

Result<Payload> readRequest(Reader& reader)
{
    RequestPayload payload;
    payload.request = bitcoin::readOutPoint(reader);
    payload.refundKey = reader.hash<XOnlyPublicKey>();
    payload.recipient = reader.hash<XOnlyPublicKey>();
    payload.value = l2::readAmount(reader);
    BOWLINE_CHECK(reader.finish());
    return Payload{payload};
}

Result<Payload> readOffer(Reader& reader)
{
    OfferPayload payload;
    payload.request = bitcoin::readOutPoint(reader);
    payload.funding = bitcoin::readOutPoint(reader);
    payload.payoutScript = l2::readScript(reader);
    BOWLINE_CHECK(reader.finish());
    return Payload{std::move(payload)};
}

std::uint32_t readAttempt(Reader& reader)
{
    const std::uint32_t attempt = reader.u32le();
    if (attempt == 0 || attempt > kMaxAttempts) reader.fail(kBadMessage, "attempt");
    return attempt;
}

Result<Payload> readProposal(Reader& reader)
{
    ProposalPayload payload;
    payload.attempt = readAttempt(reader);
    payload.request = bitcoin::readOutPoint(reader);
    const std::size_t count = reader.u8();
    if (count > kMaxOffers) reader.fail(kBadMessage, "too many offers");
    for (std::size_t i = 0; i < count && !reader.failed(); ++i) {
        const ByteView bytes = reader.bytes(reader.u32le());
        if (reader.failed()) break;
        BOWLINE_TRY(Message offer, parseMessage(bytes));
        if (offer.type != MessageType::Offer) reader.fail(kBadMessage, "no offer");
        payload.offers.push_back(std::move(offer));
    }
    payload.graphRoot = reader.hash<Digest>();
    BOWLINE_CHECK(reader.finish());
    const bool ascending =
        std::is_sorted(payload.offers.begin(), payload.offers.end(),
                       [](const Message& a, const Message& b) { return a.sender < b.sender; });
    if (!ascending) return base::makeError(kBadMessage, "offers out of order");
    return Payload{std::move(payload)};
}

Result<Payload> readJoin(Reader& reader)
{
    JoinPayload payload;
    payload.attempt = readAttempt(reader);
    payload.graphRoot = reader.hash<Digest>();
    payload.fresh = reader.array<32>();
    BOWLINE_CHECK(reader.finish());
    return Payload{payload};
}

/// All that is left, in pieces of N bytes.
template <std::size_t N, typename T>
Status readPieces(Reader& reader, std::vector<T>& out)
{
    const std::size_t count = reader.remaining() / N;
    if (count == 0 || count > kMaxSlots) return base::makeError(kBadMessage, "number of slots");
    for (std::size_t i = 0; i < count; ++i) {
        BOWLINE_TRY(T piece, T::parse(reader.bytes(N)));
        out.push_back(std::move(piece));
    }
    return reader.finish();
}

Result<Payload> readNonces(Reader& reader)
{
    NoncesPayload payload;
    BOWLINE_CHECK((readPieces<kNonceSize>(reader, payload.nonces)));
    return Payload{std::move(payload)};
}

Result<Payload> readPartials(Reader& reader)
{
    PartialsPayload payload;
    payload.view = reader.hash<Digest>();
    BOWLINE_CHECK((readPieces<kPartialSize>(reader, payload.partials)));
    return Payload{std::move(payload)};
}

Result<Payload> readHolding(Reader& reader)
{
    HoldingPayload payload;
    payload.graphRoot = reader.hash<Digest>();
    payload.mintSignature = reader.array<64>();
    BOWLINE_CHECK(reader.finish());
    return Payload{payload};
}

Result<Payload> readConfirmPartial(Reader& reader)
{
    const Digest view = reader.hash<Digest>();
    const ByteView bytes = reader.bytes(kPartialSize);
    BOWLINE_CHECK(reader.finish());
    BOWLINE_TRY(const crypto::PartialSignature partial, crypto::PartialSignature::parse(bytes));
    return Payload{ConfirmPartialPayload{view, partial}};
}

Result<Payload> readRefusal(Reader& reader)
{
    const std::uint8_t code = reader.u8();
    if (code > static_cast<std::uint8_t>(RefusalCode::BadPartial)) reader.fail(kBadMessage, "refusal code");
    if (reader.remaining() > kMaxRefusalText) reader.fail(kBadMessage, "refusal text is too long");
    BOWLINE_CHECK(reader.status());
    RefusalPayload payload{static_cast<RefusalCode>(code), {}};
    for (const std::uint8_t byte : reader.bytes(reader.remaining())) {
        if (byte < 0x20 || byte > 0x7e) return base::makeError(kBadMessage, "refusal text is not printable");
        payload.text.push_back(static_cast<char>(byte));
    }
    return Payload{std::move(payload)};
}

} // namespace

MessageType typeOf(const Payload& payload)
{
    return static_cast<MessageType>(payload.index() + 1); // the variant lists them in the order of the types
}

Bytes encodePayload(const Payload& payload)
{
    Writer writer;
    std::visit([&](const auto& content) { write(writer, content); }, payload);
    return writer.take();
}

Result<Payload> decodePayload(const Message& message)
{
    Reader reader(message.payload);
    switch (message.type) {
    case MessageType::Request: return readRequest(reader);
    case MessageType::Offer: return readOffer(reader);
    case MessageType::Proposal: return readProposal(reader);
    case MessageType::Join: return readJoin(reader);
    case MessageType::Nonces: return readNonces(reader);
    case MessageType::Partials: return readPartials(reader);
    case MessageType::Holding: return readHolding(reader);
    case MessageType::ConfirmPartial: return readConfirmPartial(reader);
    case MessageType::Refusal: return readRefusal(reader);
    }
    return base::makeError(kBadMessage, "type");
}

} // namespace bowline::bridge
