// SPDX-License-Identifier: MIT
// The envelope of relay messages.
#include "core/bridge/messages.h"

#include "core/l2/hashes.h"

namespace bowline::bridge {

namespace {

constexpr std::uint8_t kVersion = 1;

Bytes signedPart(const Message& message)
{
    base::Writer writer;
    writer.u8(kVersion);
    writer.u8(static_cast<std::uint8_t>(message.type));
    writer.hash(message.chainId);
    writer.hash(message.topic);
    writer.hash(message.session);
    writer.hash(message.sender);
    writer.u32le(static_cast<std::uint32_t>(message.payload.size()));
    writer.bytes(message.payload);
    return writer.take();
}

bool isKnownType(std::uint8_t type)
{
    return type >= static_cast<std::uint8_t>(MessageType::Request) &&
           type <= static_cast<std::uint8_t>(MessageType::Refusal);
}

bool mayHaveSession(MessageType type) { return type >= MessageType::Nonces; }

bool mayLackSession(MessageType type) { return type < MessageType::Nonces || type == MessageType::Refusal; }

} // namespace

Bytes Message::serialize() const
{
    Bytes out = signedPart(*this);
    base::append(out, signature);
    return out;
}

Digest Message::digest() const { return l2::bowlineHash("relay", {signedPart(*this)}); }

bool Message::signatureIsValid() const { return crypto::verifySchnorr(sender, digest().view(), signature); }

Result<Message> parseMessage(ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.u8() != kVersion) reader.fail(kBadMessage, "version");
    const std::uint8_t type = reader.u8();
    if (!isKnownType(type)) reader.fail(kBadMessage, "type");
    Message message;
    message.type = static_cast<MessageType>(type);
    message.chainId = reader.hash<ChainId>();
    message.topic = reader.hash<Digest>();
    message.session = reader.hash<Digest>();
    message.sender = reader.hash<XOnlyPublicKey>();
    const std::uint32_t length = reader.u32le();
    if (length > kMaxPayload) reader.fail(kBadMessage, "payload is too long");
    message.payload = base::toBytes(reader.failed() ? ByteView{} : reader.bytes(length));
    message.signature = reader.array<64>();
    BOWLINE_CHECK(reader.finish());
    if (message.session.isZero() ? !mayLackSession(message.type) : !mayHaveSession(message.type)) {
        return base::makeError(kBadMessage, "session");
    }
    return message;
}

Result<Message> openMessage(ByteView bytes, const ChainId& chainId)
{
    BOWLINE_TRY(Message message, parseMessage(bytes));
    if (message.chainId != chainId) return base::makeError(kOtherNetwork);
    if (!message.signatureIsValid()) return base::makeError(kBadMessageSignature);
    return message;
}

Result<Message> signMessage(const PrivateKey& sender, const ChainId& chainId, const Digest& topic,
                            const Digest& session, const Payload& payload)
{
    Message message;
    message.type = typeOf(payload);
    message.chainId = chainId;
    message.topic = topic;
    if (mayHaveSession(message.type)) message.session = session;
    message.sender = sender.xOnlyPublicKey();
    message.payload = encodePayload(payload);
    BOWLINE_TRY(message.signature, crypto::signSchnorr(sender, message.digest().view()));
    return message;
}

Digest sessionId(const OutPoint& request, const Digest& graphRoot, std::uint32_t attempt,
                 const std::vector<ByteArray<32>>& fresh)
{
    base::Writer writer;
    bitcoin::writeOutPoint(writer, request);
    writer.hash(graphRoot);
    writer.u32le(attempt);
    for (const ByteArray<32>& bytes : fresh) writer.bytes(bytes);
    return l2::bowlineHash("session", {writer.data()});
}

} // namespace bowline::bridge
