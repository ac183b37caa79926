// SPDX-License-Identifier: MIT
// A stream of bytes as a peer sends it: framing, then the payload by its command. The first byte of the input picks
// a payload parser directly, so that the checksum does not keep the fuzzer out.
#include "core/bitcoin/filter.h"
#include "core/chain/wire.h"

#include <cstdlib>

using namespace bowline;
using namespace bowline::chain;

namespace {

constexpr Magic kMagic{0xfa, 0xbf, 0xb5, 0xda};

/// What parses must be written the same way again.
template <typename T, typename Parse, typename Write>
void roundTrip(base::ByteView payload, Parse parse, Write write)
{
    const base::Result<T> parsed = parse(payload);
    if (parsed.ok() && write(*parsed) != base::toBytes(payload)) std::abort();
}

void parsePayload(std::uint8_t kind, base::ByteView payload)
{
    switch (kind % 8) {
    case 0: roundTrip<std::vector<bitcoin::BlockHeader>>(payload, parseHeaders, writeHeaders); break;
    case 1: roundTrip<std::vector<InventoryItem>>(payload, parseInventory, writeInventory); break;
    case 2: roundTrip<FilterHeadersMessage>(payload, parseFilterHeaders, writeFilterHeaders); break;
    case 3: roundTrip<FilterMessage>(payload, parseFilter, writeFilter); break;
    case 4:
        roundTrip<FilterCheckpointsMessage>(payload, parseFilterCheckpoints, writeFilterCheckpoints);
        break;
    case 5: roundTrip<std::uint64_t>(payload, parsePing, writePing); break;
    case 6: {
        // Addresses are not kept, so only the rest can be compared.
        const auto version = parseVersion(payload);
        if (!version.ok()) break;
        for (const char c : sanitizeAgent(version->agent)) {
            if (c < 0x20 || c > 0x7e) std::abort();
        }
        const auto again = parseVersion(writeVersion(*version));
        if (!again.ok() || again->agent != version->agent || again->services != version->services)
            std::abort();
        break;
    }
    default: {
        const auto filter = parseFilter(payload);
        if (filter.ok()) static_cast<void>(bitcoin::checkFilter({filter->block, filter->encoded}));
    }
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    if (size == 0) return 0;
    parsePayload(data[0], input.subspan(1));
    if (size < kMessageHeadSize) return 0;
    const auto head = parseMessageHead(input.first(kMessageHeadSize), kMagic);
    if (!head.ok()) return 0;
    if (head->size > payloadLimit(head->command) || head->command.empty()) std::abort();
    static_cast<void>(checkPayload(*head, input.subspan(kMessageHeadSize)));
    return 0;
}
