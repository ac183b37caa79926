// SPDX-License-Identifier: MIT
// The domain-separated SHA-256 hashes of docs/protocol.md, section 2.
#pragma once

#include "core/l2/types.h"

#include <initializer_list>
#include <span>
#include <string_view>

namespace bowline::l2 {

/// The first byte of every plain SHA-256 of the layer 2.
enum class Domain : std::uint8_t {
    Header = 0x01,
    Transaction = 0x02,
    Receipt = 0x03,
    ListNode = 0x04,
    OutboxLeaf = 0x05,
    OutboxNode = 0x06,
    Address = 0x10,
    Inbox = 0x14,
    SequencerSet = 0x16,
    Body = 0x17,
};

[[nodiscard]] Digest domainHash(Domain domain, std::initializer_list<ByteView> parts);
/// SHA(tag, parts...): the tagged hash of BIP340 with the tag "Bowline/<tag>".
[[nodiscard]] Digest bowlineHash(std::string_view tag, std::initializer_list<ByteView> parts);
/// Commits to the number of hashes and their order; an odd last node is carried up unchanged.
[[nodiscard]] Digest listRoot(std::span<const Digest> hashes);

} // namespace bowline::l2
