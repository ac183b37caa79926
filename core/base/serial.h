// SPDX-License-Identifier: MIT
// Bounded reading and writing of binary formats: little-endian integers, Bitcoin's compact sizes,
// fixed and length-prefixed byte strings.
//
// A Reader never reads past its view. The first failure sticks: later reads yield zeros, and the
// caller checks once with finish() or failed(). That keeps parsers short without exceptions.
#pragma once

#include "core/base/types.h"

namespace bowline::base {

inline constexpr ErrorCode kTruncated{"base.truncated"};
inline constexpr ErrorCode kTrailingBytes{"base.trailing-bytes"};
inline constexpr ErrorCode kNotCanonical{"base.not-canonical"};
inline constexpr ErrorCode kTooLong{"base.too-long"};

class Reader {
public:
    explicit Reader(ByteView bytes) : m_rest(bytes), m_size(bytes.size()) {}

    [[nodiscard]] std::size_t remaining() const { return m_rest.size(); }
    [[nodiscard]] std::size_t position() const { return m_size - m_rest.size(); }
    [[nodiscard]] bool failed() const { return m_failure.has_value(); }
    /// Marks the input as bad; the first reason stays.
    void fail(ErrorCode code, std::string detail);

    std::uint8_t u8();
    std::uint16_t u16le();
    std::uint32_t u32le();
    std::uint64_t u64le();
    std::int32_t i32le() { return static_cast<std::int32_t>(u32le()); }
    std::int64_t i64le() { return static_cast<std::int64_t>(u64le()); }
    std::uint16_t u16be();
    /// Bitcoin's compact size; refuses a longer form than needed and values above `limit`.
    std::uint64_t compactSize(std::uint64_t limit);
    /// A view into the input; empty when there are too few bytes.
    ByteView bytes(std::size_t count);
    /// A compact size (at most `limit`) and that many bytes.
    ByteView variableBytes(std::size_t limit);
    template <std::size_t N>
    ByteArray<N> array()
    {
        ByteArray<N> out{};
        const ByteView view = bytes(N);
        if (view.size() == N) std::copy(view.begin(), view.end(), out.begin());
        return out;
    }
    template <typename H>
    H hash()
    {
        return H{array<32>()};
    }
    Amount amountLe() { return Amount::fromSat(i64le()); }

    /// Success if nothing failed; trailing bytes are an error.
    [[nodiscard]] Status finish();
    /// Success if nothing failed, whatever is left.
    [[nodiscard]] Status status() const;

private:
    ByteView m_rest;
    std::size_t m_size;
    std::optional<Error> m_failure;
};

class Writer {
public:
    void u8(std::uint8_t v) { m_out.push_back(v); }
    void u16le(std::uint16_t v) { little(v, 2); }
    void u32le(std::uint32_t v) { little(v, 4); }
    void u64le(std::uint64_t v) { little(v, 8); }
    void i32le(std::int32_t v) { u32le(static_cast<std::uint32_t>(v)); }
    void i64le(std::int64_t v) { u64le(static_cast<std::uint64_t>(v)); }
    void u16be(std::uint16_t v)
    {
        u8(static_cast<std::uint8_t>(v >> 8U));
        u8(static_cast<std::uint8_t>(v));
    }
    void amountLe(Amount v) { i64le(v.sat()); }
    void compactSize(std::uint64_t v);
    void bytes(ByteView v) { append(m_out, v); }
    void variableBytes(ByteView v)
    {
        compactSize(v.size());
        bytes(v);
    }
    template <typename Tag>
    void hash(const Hash256<Tag>& v)
    {
        bytes(v.view());
    }
    [[nodiscard]] const Bytes& data() const { return m_out; }
    [[nodiscard]] Bytes take() { return std::move(m_out); }

private:
    void little(std::uint64_t v, int count)
    {
        for (int i = 0; i < count; ++i) u8(static_cast<std::uint8_t>(v >> (8U * static_cast<unsigned>(i))));
    }
    Bytes m_out;
};

} // namespace bowline::base
