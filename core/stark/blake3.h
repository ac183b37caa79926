// SPDX-License-Identifier: MIT
// BLAKE3 for proofs that no circuit verifies: of rows, of pairs of digests, and as the transcript (docs/proofs.md, "BLAKE3").
//
// It is always the keyed mode, with a key for each of the three uses. Messages are elements as little-endian words of four
// bytes, each below p. A digest is the eight words of the output, each modulo p, so that it is eight elements here
// as it is with Poseidon2: two rows with one digest are as unlikely as with half of such a state, 2^-124 a pair.
#pragma once

#include "core/stark/challenger.h"
#include "core/stark/native.h"

#include <optional>

namespace bowline::stark {

/// What a hash is for: which key.
enum class Blake3Use : std::uint8_t { Row, Pair, Transcript };

/// The key's eight words, for the kernels.
[[nodiscard]] const std::array<std::uint32_t, 8>& blake3Key(Blake3Use use);
/// One message after the other; the kernels do many side by side.
[[nodiscard]] field::DigestWords blake3Of(Blake3Use use, std::span<const field::Element> elements);

/// The transcript's state: 32 bytes, at first zeros, and the elements absorbed since. To sample, the state becomes the hash of
/// itself, the number of those elements (four bytes) and the elements. Samples are the words of the state in order without
/// their highest bit; words that are not below p then are left out. When all are used up, the state is hashed again.
class Blake3State {
public:
    void push(field::Element x) { m_pending.push_back(x); }
    [[nodiscard]] field::Element pull();
    /// What has been absorbed is hashed, so that a nonce is hashed with the state alone.
    void settle();
    /// State and a count of 1: what stands in front of a nonce.
    [[nodiscard]] std::array<std::uint32_t, 9> beforeNonce() const;

private:
    void advance();

    std::array<std::uint32_t, 8> m_state{};
    std::size_t m_next = 8; // the word that is sampled next
    std::vector<field::Element> m_pending;
};

template <typename B>
class Blake3Sponge {
public:
    explicit Blake3Sponge(B&) {}
    void push(field::Element x) { m_state.push(x); }
    [[nodiscard]] field::Element pull() { return m_state.pull(); }
    void startWork() { m_state.settle(); }
    [[nodiscard]] const Blake3State& state() const { return m_state; }

private:
    Blake3State m_state;
};

template <typename B>
struct Blake3Hash {
    using Felt = typename B::Felt;
    using Digest = typename B::Digest;
    using Sponge = Blake3Sponge<B>;
    static constexpr HashKind kKind = HashKind::Blake3;

    [[nodiscard]] static Digest row(B&, const std::vector<Felt>& elements)
    {
        return blake3Of(Blake3Use::Row, elements);
    }
    [[nodiscard]] static Digest pair(B&, const Digest& left, const Digest& right)
    {
        std::array<field::Element, 16> both;
        std::copy(left.begin(), left.end(), both.begin());
        std::copy(right.begin(), right.end(), both.begin() + 8);
        return blake3Of(Blake3Use::Pair, both);
    }
};

} // namespace bowline::stark
