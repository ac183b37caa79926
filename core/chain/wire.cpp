// SPDX-License-Identifier: MIT
#include "core/chain/wire.h"

#include "core/bitcoin/filter.h"
#include "core/crypto/hash.h"

namespace bowline::chain {

using base::Bytes;
using base::ByteView;
using base::makeError;
using base::Reader;
using base::Result;
using base::Status;
using base::Writer;

namespace {

constexpr std::size_t kCommandSize = 12;
constexpr std::size_t kMaxAgent = 256;
constexpr std::uint8_t kBasicFilter = 0;
// More than the checkpoints of two thousand years of blocks.
constexpr std::size_t kMaxFilterCheckpoints = 100'000;

base::ByteArray<4> checksumOf(ByteView payload)
{
    const base::Digest digest = crypto::sha256d(payload);
    return {digest.bytes[0], digest.bytes[1], digest.bytes[2], digest.bytes[3]};
}

Result<std::string> parseCommand(ByteView bytes)
{
    const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
    const bool printable =
        std::all_of(bytes.begin(), end, [](std::uint8_t c) { return c >= 0x20 && c < 0x7f; });
    const bool padded = std::all_of(end, bytes.end(), [](std::uint8_t c) { return c == 0; });
    if (!printable || !padded || end == bytes.begin()) return makeError(kBadCommand, base::toHex(bytes));
    return std::string(bytes.begin(), end);
}

/// The address fields of version: services, an all-zero IPv6 address, port. Nobody needs to know ours.
void writeNoAddress(Writer& out, std::uint64_t services)
{
    out.u64le(services);
    out.bytes(base::ByteArray<18>{});
}

/// Reads the type byte that begins every answer of BIP157.
void readFilterType(Reader& in)
{
    if (in.u8() != kBasicFilter) in.fail(kBadMessage, "not the basic filter type");
}

} // namespace

Result<MessageHead> parseMessageHead(ByteView bytes, const Magic& magic)
{
    Reader in(bytes);
    const Magic seen = in.array<4>();
    const ByteView command = in.bytes(kCommandSize);
    MessageHead head;
    head.size = in.u32le();
    head.checksum = in.array<4>();
    BOWLINE_CHECK(in.finish());
    if (seen != magic) return makeError(kBadMagic, "magic " + base::toHex(seen));
    BOWLINE_TRY(head.command, parseCommand(command));
    if (head.size > payloadLimit(head.command)) {
        return makeError(kMessageTooLarge, head.command + " of " + std::to_string(head.size) + " bytes");
    }
    return head;
}

std::uint32_t payloadLimit(std::string_view command)
{
    struct Limit {
        std::string_view command;
        std::uint32_t bytes;
    };
    constexpr std::uint32_t kInventory = 3 + 36 * static_cast<std::uint32_t>(kMaxInventory);
    static constexpr std::array kLimits{
        Limit{"version", 1024},
        Limit{"verack", 0},
        Limit{"wtxidrelay", 0},
        Limit{"sendaddrv2", 0},
        Limit{"sendheaders", 0},
        Limit{"ping", 8},
        Limit{"pong", 8},
        Limit{"feefilter", 8},
        Limit{"inv", kInventory},
        Limit{"getdata", kInventory},
        Limit{"notfound", kInventory},
        Limit{"headers", 3 + 81 * static_cast<std::uint32_t>(kMaxHeadersPerMessage)},
        Limit{"cfheaders", 1 + 32 + 32 + 3 + 32 * static_cast<std::uint32_t>(kMaxFilterHeadersPerRequest)},
        Limit{"cfcheckpt", 1 + 32 + 5 + 32 * static_cast<std::uint32_t>(kMaxFilterCheckpoints)},
    };
    for (const Limit& limit : kLimits) {
        if (limit.command == command) return limit.bytes;
    }
    return kMaxPayload;
}

Status checkPayload(const MessageHead& head, ByteView payload)
{
    if (payload.size() != head.size || checksumOf(payload) != head.checksum) {
        return makeError(kBadChecksum, head.command);
    }
    return base::success();
}

Bytes frameMessage(const Magic& magic, std::string_view command, ByteView payload)
{
    Writer out;
    out.bytes(magic);
    base::ByteArray<kCommandSize> padded{};
    std::copy_n(command.begin(), std::min(command.size(), kCommandSize), padded.begin());
    out.bytes(padded);
    out.u32le(static_cast<std::uint32_t>(payload.size()));
    out.bytes(checksumOf(payload));
    out.bytes(payload);
    return out.take();
}

Bytes writeVersion(const VersionMessage& message)
{
    Writer out;
    out.u32le(message.protocol);
    out.u64le(message.services);
    out.i64le(message.time);
    writeNoAddress(out, 0);
    writeNoAddress(out, message.services);
    out.u64le(message.nonce);
    out.variableBytes(base::viewOf(message.agent));
    out.i32le(message.startHeight);
    out.u8(message.relay ? 1 : 0);
    return out.take();
}

Result<VersionMessage> parseVersion(ByteView payload)
{
    Reader in(payload);
    VersionMessage out;
    out.protocol = in.u32le();
    out.services = in.u64le();
    out.time = in.i64le();
    in.bytes(26);
    in.bytes(26);
    out.nonce = in.u64le();
    const ByteView agent = in.variableBytes(kMaxAgent);
    out.agent.assign(agent.begin(), agent.end());
    out.startHeight = in.i32le();
    // Old peers leave this byte out (BIP37); new ones may append fields that we do not know.
    if (in.remaining() > 0) out.relay = in.u8() != 0;
    BOWLINE_CHECK(in.status());
    return out;
}

std::string sanitizeAgent(std::string_view agent)
{
    std::string out(agent);
    for (char& c : out) {
        if (c < 0x20 || c > 0x7e) c = '?';
    }
    return out;
}

Bytes writeInventory(const std::vector<InventoryItem>& items)
{
    Writer out;
    out.compactSize(items.size());
    for (const InventoryItem& item : items) {
        out.u32le(item.type);
        out.bytes(item.hash);
    }
    return out.take();
}

Result<std::vector<InventoryItem>> parseInventory(ByteView payload)
{
    Reader in(payload);
    std::vector<InventoryItem> out;
    const std::uint64_t count = in.compactSize(kMaxInventory);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        const std::uint32_t type = in.u32le();
        out.push_back({type, in.array<32>()});
    }
    BOWLINE_CHECK(in.finish());
    return out;
}

Bytes writeGetHeaders(const std::vector<base::BlockHash>& locator, const base::BlockHash& stop)
{
    Writer out;
    out.u32le(kProtocolVersion);
    out.compactSize(locator.size());
    for (const base::BlockHash& hash : locator) out.hash(hash);
    out.hash(stop);
    return out.take();
}

Bytes writeHeaders(const std::vector<bitcoin::BlockHeader>& headers)
{
    Writer out;
    out.compactSize(headers.size());
    for (const bitcoin::BlockHeader& header : headers) {
        out.bytes(header.serialize());
        out.compactSize(0);
    }
    return out.take();
}

Result<std::vector<bitcoin::BlockHeader>> parseHeaders(ByteView payload)
{
    Reader in(payload);
    std::vector<bitcoin::BlockHeader> out;
    const std::uint64_t count = in.compactSize(kMaxHeadersPerMessage);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i) {
        out.push_back(bitcoin::readBlockHeader(in));
        if (in.u8() != 0) in.fail(kBadMessage, "header with transactions");
    }
    BOWLINE_CHECK(in.finish());
    return out;
}

Bytes writeGetFilters(base::Height first, const base::BlockHash& last)
{
    Writer out;
    out.u8(kBasicFilter);
    out.u32le(first.value);
    out.hash(last);
    return out.take();
}

Bytes writeGetFilterCheckpoints(const base::BlockHash& last)
{
    Writer out;
    out.u8(kBasicFilter);
    out.hash(last);
    return out.take();
}

Bytes writeFilterHeaders(const FilterHeadersMessage& message)
{
    Writer out;
    out.u8(kBasicFilter);
    out.hash(message.last);
    out.hash(message.previous);
    out.compactSize(message.filterHashes.size());
    for (const base::Digest& hash : message.filterHashes) out.hash(hash);
    return out.take();
}

Result<FilterHeadersMessage> parseFilterHeaders(ByteView payload)
{
    Reader in(payload);
    FilterHeadersMessage out;
    readFilterType(in);
    out.last = in.hash<base::BlockHash>();
    out.previous = in.hash<base::FilterHeader>();
    const std::uint64_t count = in.compactSize(kMaxFilterHeadersPerRequest);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i)
        out.filterHashes.push_back(in.hash<base::Digest>());
    BOWLINE_CHECK(in.finish());
    return out;
}

Bytes writeFilter(const FilterMessage& message)
{
    Writer out;
    out.u8(kBasicFilter);
    out.hash(message.block);
    out.variableBytes(message.encoded);
    return out.take();
}

Result<FilterMessage> parseFilter(ByteView payload)
{
    Reader in(payload);
    FilterMessage out;
    readFilterType(in);
    out.block = in.hash<base::BlockHash>();
    out.encoded = base::toBytes(in.variableBytes(bitcoin::kMaxFilterSize));
    BOWLINE_CHECK(in.finish());
    return out;
}

Bytes writeFilterCheckpoints(const FilterCheckpointsMessage& message)
{
    Writer out;
    out.u8(kBasicFilter);
    out.hash(message.last);
    out.compactSize(message.headers.size());
    for (const base::FilterHeader& header : message.headers) out.hash(header);
    return out.take();
}

Result<FilterCheckpointsMessage> parseFilterCheckpoints(ByteView payload)
{
    Reader in(payload);
    FilterCheckpointsMessage out;
    readFilterType(in);
    out.last = in.hash<base::BlockHash>();
    const std::uint64_t count = in.compactSize(kMaxFilterCheckpoints);
    for (std::uint64_t i = 0; i < count && !in.failed(); ++i)
        out.headers.push_back(in.hash<base::FilterHeader>());
    BOWLINE_CHECK(in.finish());
    return out;
}

Bytes writePing(std::uint64_t nonce)
{
    Writer out;
    out.u64le(nonce);
    return out.take();
}

Result<std::uint64_t> parsePing(ByteView payload)
{
    Reader in(payload);
    const std::uint64_t nonce = in.u64le();
    BOWLINE_CHECK(in.finish());
    return nonce;
}

} // namespace bowline::chain
