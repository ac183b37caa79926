// SPDX-License-Identifier: MIT
// Messages of Bitcoin's peer-to-peer protocol, version 1 transport: framing, and the payloads that a light
// client speaks (BIP130 sendheaders, BIP144 witness, BIP157 filters, BIP339 wtxid relay). All parsers take hostile
// bytes and are strict: counts within the protocol's own limits, nothing after the end.
#pragma once

#include "core/base/serial.h"
#include "core/bitcoin/block.h"

#include <string>
#include <vector>

namespace bowline::chain {

/// The first four bytes are not those of this network.
inline constexpr base::ErrorCode kBadMagic{"chain.bad-magic"};
/// The command is not printable ASCII padded with zeros.
inline constexpr base::ErrorCode kBadCommand{"chain.bad-command"};
/// Longer than a message of this command can be.
inline constexpr base::ErrorCode kMessageTooLarge{"chain.message-too-large"};
inline constexpr base::ErrorCode kBadChecksum{"chain.bad-checksum"};
/// A payload that breaks a rule of its message other than length.
inline constexpr base::ErrorCode kBadMessage{"chain.bad-message"};

using Magic = base::ByteArray<4>;

inline constexpr std::size_t kMessageHeadSize = 24;
/// The largest payload of any message, and the limit for commands unknown here.
inline constexpr std::uint32_t kMaxPayload = 4'000'000;
inline constexpr std::size_t kMaxHeadersPerMessage = 2000;
inline constexpr std::size_t kMaxInventory = 50'000;
inline constexpr std::size_t kMaxFiltersPerRequest = 1000;       // BIP157 getcfilters
inline constexpr std::size_t kMaxFilterHeadersPerRequest = 2000; // BIP157 getcfheaders
inline constexpr std::uint32_t kFilterCheckpointInterval = 1000; // BIP157 cfcheckpt

struct MessageHead {
    std::string command;
    std::uint32_t size = 0;
    base::ByteArray<4> checksum{};
};
/// `bytes` are exactly 24. The size is already held against payloadLimit().
[[nodiscard]] base::Result<MessageHead> parseMessageHead(base::ByteView bytes, const Magic& magic);
[[nodiscard]] std::uint32_t payloadLimit(std::string_view command);
[[nodiscard]] base::Status checkPayload(const MessageHead& head, base::ByteView payload);
/// Head and payload.
[[nodiscard]] base::Bytes frameMessage(const Magic& magic, std::string_view command, base::ByteView payload);

namespace service {
inline constexpr std::uint64_t kNetwork = 1U << 0U;
inline constexpr std::uint64_t kWitness = 1U << 3U;
inline constexpr std::uint64_t kCompactFilters = 1U << 6U;
inline constexpr std::uint64_t kNetworkLimited = 1U << 10U; // BIP159: the last 288 blocks
} // namespace service

inline constexpr std::uint32_t kProtocolVersion = 70016;
/// Older peers lack sendheaders (BIP130).
inline constexpr std::uint32_t kMinPeerProtocol = 70012;

struct VersionMessage {
    std::uint32_t protocol = kProtocolVersion;
    std::uint64_t services = 0;
    std::int64_t time = 0;
    std::uint64_t nonce = 0;
    std::string agent; // at most 256 bytes; hostile: show sanitizeAgent() of it
    std::int32_t startHeight = 0;
    bool relay = true;
};
[[nodiscard]] base::Bytes writeVersion(const VersionMessage& message);
[[nodiscard]] base::Result<VersionMessage> parseVersion(base::ByteView payload);
/// Printable ASCII only, everything else becomes '?'.
[[nodiscard]] std::string sanitizeAgent(std::string_view agent);

enum InventoryType : std::uint32_t {
    kInvTx = 1,
    kInvBlock = 2,
    kInvWtx = 5, // BIP339
    kInvWitnessTx = 0x40000001,
    kInvWitnessBlock = 0x40000002,
};
struct InventoryItem {
    std::uint32_t type = 0;
    base::ByteArray<32> hash{};
    friend bool operator==(const InventoryItem&, const InventoryItem&) = default;
};
/// inv, getdata, notfound.
[[nodiscard]] base::Bytes writeInventory(const std::vector<InventoryItem>& items);
[[nodiscard]] base::Result<std::vector<InventoryItem>> parseInventory(base::ByteView payload);

[[nodiscard]] base::Bytes writeGetHeaders(const std::vector<base::BlockHash>& locator,
                                          const base::BlockHash& stop);
[[nodiscard]] base::Bytes writeHeaders(const std::vector<bitcoin::BlockHeader>& headers);
[[nodiscard]] base::Result<std::vector<bitcoin::BlockHeader>> parseHeaders(base::ByteView payload);

/// getcfilters and getcfheaders for the basic filter.
[[nodiscard]] base::Bytes writeGetFilters(base::Height first, const base::BlockHash& last);
[[nodiscard]] base::Bytes writeGetFilterCheckpoints(const base::BlockHash& last);

struct FilterHeadersMessage { // cfheaders
    base::BlockHash last;
    base::FilterHeader previous;
    std::vector<base::Digest> filterHashes;
};
[[nodiscard]] base::Bytes writeFilterHeaders(const FilterHeadersMessage& message);
[[nodiscard]] base::Result<FilterHeadersMessage> parseFilterHeaders(base::ByteView payload);

struct FilterMessage { // cfilter
    base::BlockHash block;
    base::Bytes encoded;
};
[[nodiscard]] base::Bytes writeFilter(const FilterMessage& message);
[[nodiscard]] base::Result<FilterMessage> parseFilter(base::ByteView payload);

struct FilterCheckpointsMessage { // cfcheckpt
    base::BlockHash last;
    std::vector<base::FilterHeader> headers; // of heights 1000, 2000, ...
};
[[nodiscard]] base::Bytes writeFilterCheckpoints(const FilterCheckpointsMessage& message);
[[nodiscard]] base::Result<FilterCheckpointsMessage> parseFilterCheckpoints(base::ByteView payload);

/// ping and pong (BIP31).
[[nodiscard]] base::Bytes writePing(std::uint64_t nonce);
[[nodiscard]] base::Result<std::uint64_t> parsePing(base::ByteView payload);

} // namespace bowline::chain
