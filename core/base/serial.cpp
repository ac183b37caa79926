// SPDX-License-Identifier: MIT
#include "core/base/serial.h"

namespace bowline::base {

void Reader::fail(ErrorCode code, std::string detail)
{
    if (!m_failure) m_failure = makeError(code, std::move(detail));
    m_rest = {};
}

ByteView Reader::bytes(std::size_t count)
{
    if (failed()) return {};
    if (count > m_rest.size()) {
        fail(kTruncated, "input ends too early");
        return {};
    }
    const ByteView out = m_rest.first(count);
    m_rest = m_rest.subspan(count);
    return out;
}

namespace {
std::uint64_t littleOf(ByteView view)
{
    std::uint64_t out = 0;
    for (std::size_t i = view.size(); i-- > 0;) out = out << 8U | view[i];
    return out;
}
} // namespace

std::uint8_t Reader::u8() { return static_cast<std::uint8_t>(littleOf(bytes(1))); }
std::uint16_t Reader::u16le() { return static_cast<std::uint16_t>(littleOf(bytes(2))); }
std::uint32_t Reader::u32le() { return static_cast<std::uint32_t>(littleOf(bytes(4))); }
std::uint64_t Reader::u64le() { return littleOf(bytes(8)); }
std::uint16_t Reader::u16be()
{
    const std::uint16_t swapped = u16le();
    return static_cast<std::uint16_t>(swapped << 8U | swapped >> 8U);
}

std::uint64_t Reader::compactSize(std::uint64_t limit)
{
    const std::uint8_t first = u8();
    std::uint64_t value = first;
    std::uint64_t smallest = 0;
    if (first == 0xfd) {
        value = u16le();
        smallest = 0xfd;
    } else if (first == 0xfe) {
        value = u32le();
        smallest = 0x10000;
    } else if (first == 0xff) {
        value = u64le();
        smallest = 0x100000000;
    }
    if (failed()) return 0;
    if (value < smallest) {
        fail(kNotCanonical, "compact size longer than needed");
        return 0;
    }
    if (value > limit) {
        fail(kTooLong, "compact size above its limit");
        return 0;
    }
    return value;
}

ByteView Reader::variableBytes(std::size_t limit)
{
    return bytes(static_cast<std::size_t>(compactSize(limit)));
}

Status Reader::status() const
{
    if (m_failure) return *m_failure;
    return success();
}

Status Reader::finish()
{
    if (!failed() && remaining() != 0) fail(kTrailingBytes, "bytes after the end");
    return status();
}

void Writer::compactSize(std::uint64_t v)
{
    if (v < 0xfd) {
        u8(static_cast<std::uint8_t>(v));
    } else if (v <= 0xffff) {
        u8(0xfd);
        u16le(static_cast<std::uint16_t>(v));
    } else if (v <= 0xffffffff) {
        u8(0xfe);
        u32le(static_cast<std::uint32_t>(v));
    } else {
        u8(0xff);
        u64le(v);
    }
}

} // namespace bowline::base
