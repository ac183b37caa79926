// SPDX-License-Identifier: MIT
#include "core/crypto/blake3.h"

#include <bit>

namespace bowline::crypto {

namespace {
constexpr std::size_t kBlock = 64;
constexpr std::size_t kChunk = 1024;
constexpr std::uint32_t kChunkStart = 1;
constexpr std::uint32_t kChunkEnd = 2;
constexpr std::uint32_t kParent = 4;
constexpr std::uint32_t kRoot = 8;
constexpr std::uint32_t kKeyed = 16;

using Words8 = std::array<std::uint32_t, 8>;
using Words16 = std::array<std::uint32_t, 16>;

constexpr Words8 kInitial{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                          0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
// How the message words move from one round to the next.
constexpr std::array<std::size_t, 16> kOrder{2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8};

void mix(Words16& v, std::array<std::size_t, 4> at, std::uint32_t x, std::uint32_t y)
{
    const auto [a, b, c, d] = at;
    v[a] += v[b] + x;
    v[d] = std::rotr(v[d] ^ v[a], 16);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 12);
    v[a] += v[b] + y;
    v[d] = std::rotr(v[d] ^ v[a], 8);
    v[c] += v[d];
    v[b] = std::rotr(v[b] ^ v[c], 7);
}

// The input of a compression that waits to be told whether it is the root.
struct Node {
    Words8 chaining = kInitial;
    Words16 words{};
    std::uint64_t counter = 0;
    std::uint32_t length = 0;
    std::uint32_t flags = 0;

    void load(ByteView block)
    {
        length = static_cast<std::uint32_t>(block.size());
        for (std::size_t i = 0; i < block.size(); ++i) {
            words[i / 4] |= static_cast<std::uint32_t>(block[i]) << (8 * (i % 4));
        }
    }

    [[nodiscard]] Words8 compress() const
    {
        Words16 v;
        std::copy(chaining.begin(), chaining.end(), v.begin());
        std::copy(kInitial.begin(), kInitial.begin() + 4, v.begin() + 8);
        v[12] = static_cast<std::uint32_t>(counter);
        v[13] = static_cast<std::uint32_t>(counter >> 32U);
        v[14] = length;
        v[15] = flags;
        Words16 m = words;
        for (int round = 0; round < 7; ++round) {
            mix(v, {0, 4, 8, 12}, m[0], m[1]);
            mix(v, {1, 5, 9, 13}, m[2], m[3]);
            mix(v, {2, 6, 10, 14}, m[4], m[5]);
            mix(v, {3, 7, 11, 15}, m[6], m[7]);
            mix(v, {0, 5, 10, 15}, m[8], m[9]);
            mix(v, {1, 6, 11, 12}, m[10], m[11]);
            mix(v, {2, 7, 8, 13}, m[12], m[13]);
            mix(v, {3, 4, 9, 14}, m[14], m[15]);
            Words16 next;
            for (std::size_t i = 0; i < 16; ++i) next[i] = m[kOrder[i]];
            m = next;
        }
        Words8 out;
        for (std::size_t i = 0; i < 8; ++i) out[i] = v[i] ^ v[i + 8];
        return out;
    }
};

// What every node starts with: the initial words, or a key and its flag.
struct Mode {
    Words8 start = kInitial;
    std::uint32_t flag = 0;
};

[[nodiscard]] Node lastBlock(const Mode& mode, ByteView data, std::uint64_t chunk)
{
    Node node;
    node.chaining = mode.start;
    node.counter = chunk;
    node.flags = mode.flag | kChunkStart;
    while (data.size() > kBlock) {
        node.load(data.first(kBlock));
        Node next;
        next.chaining = node.compress();
        next.counter = chunk;
        next.flags = mode.flag;
        node = next;
        data = data.subspan(kBlock);
    }
    node.load(data);
    node.flags |= kChunkEnd;
    return node;
}

// The left half is the largest power of two of whole chunks that leaves something for the right.
[[nodiscard]] Node treeOf(const Mode& mode, ByteView data, std::uint64_t chunk)
{
    if (data.size() <= kChunk) return lastBlock(mode, data, chunk);
    const std::size_t left = kChunk * std::bit_floor((data.size() - 1) / kChunk);
    const Words8 a = treeOf(mode, data.first(left), chunk).compress();
    const Words8 b = treeOf(mode, data.subspan(left), chunk + left / kChunk).compress();
    Node parent;
    parent.chaining = mode.start;
    std::copy(a.begin(), a.end(), parent.words.begin());
    std::copy(b.begin(), b.end(), parent.words.begin() + 8);
    parent.length = kBlock;
    parent.flags = mode.flag | kParent;
    return parent;
}

[[nodiscard]] Digest digestOf(const Mode& mode, ByteView data)
{
    Node root = treeOf(mode, data, 0);
    root.flags |= kRoot;
    const Words8 words = root.compress();
    Digest out;
    for (std::size_t i = 0; i < 32; ++i)
        out.bytes[i] = static_cast<std::uint8_t>(words[i / 4] >> (8 * (i % 4)));
    return out;
}
} // namespace

Digest blake3(ByteView data) { return digestOf({}, data); }

Digest blake3Keyed(const std::array<std::uint8_t, 32>& key, ByteView data)
{
    Mode mode{{}, kKeyed};
    for (std::size_t i = 0; i < 32; ++i) mode.start[i / 4] |= std::uint32_t{key[i]} << (8 * (i % 4));
    return digestOf(mode, data);
}

} // namespace bowline::crypto
