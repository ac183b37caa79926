// SPDX-License-Identifier: MIT
// Proofs of the chain for tests of those who follow them: a file that says what it proves, and who believes it.
#pragma once

#include "core/base/serial.h"
#include "core/proven/follower.h"

#include <atomic>

namespace bowline::proven::test {

inline constexpr std::uint8_t kGood = 0x50;
inline constexpr std::uint8_t kForeign = 0x46; // of another genesis or key
inline constexpr std::uint8_t kNewProgram = 0x55;

/// `kind` says how FakeChecker judges it. Another `salt` is another proof of the same.
[[nodiscard]] inline base::Bytes makeFile(const Head& head, std::uint8_t kind = kGood, std::uint8_t salt = 0)
{
    base::Writer out;
    out.u8(kind);
    out.u8(salt);
    out.u64le(head.batch.value);
    out.hash(head.hash);
    out.hash(head.state);
    out.u32le(head.l1Height.value);
    out.hash(head.l1Hash);
    out.bytes(head.l1Work);
    out.hash(head.program);
    return out.take();
}

class FakeChecker final : public Checker {
public:
    [[nodiscard]] Result<Head> check(ByteView file) const override
    {
        ++m_checks;
        base::Reader in(file);
        const std::uint8_t kind = in.u8();
        static_cast<void>(in.u8());
        Head out;
        out.batch.value = in.u64le();
        out.hash = in.hash<l2::BatchHash>();
        out.state = in.hash<l2::StateRoot>();
        out.l1Height.value = in.u32le();
        out.l1Hash = in.hash<base::BlockHash>();
        out.l1Work = in.array<32>();
        out.program = in.hash<Digest>();
        if (!in.finish().ok()) return base::makeError(kNotProven, "no proof");
        if (kind == kNewProgram) return base::makeError(kUnknownProgram, out.program.hex());
        if (kind != kGood) return base::makeError(kNotProven, "of another genesis");
        return out;
    }
    [[nodiscard]] int checks() const { return m_checks; }

private:
    mutable std::atomic<int> m_checks = 0;
};

/// Work of a chain of regtest blocks: two hashes each.
[[nodiscard]] inline base::ByteArray<32> regtestWork(base::Height height)
{
    base::ByteArray<32> out{};
    for (std::size_t i = 0; i < 4; ++i)
        out[i] = static_cast<std::uint8_t>((2 * (std::uint64_t{height.value} + 1)) >> (8 * i));
    return out;
}

/// A chain of regtest blocks with its work.
class Worked final : public WorkChain {
public:
    explicit Worked(const l2::BestChain& chain) : m_chain(chain) {}
    [[nodiscard]] base::Height tip() const override { return m_chain.tip(); }
    [[nodiscard]] std::optional<base::BlockHash> hashAt(base::Height height) const override
    {
        return m_chain.hashAt(height);
    }
    [[nodiscard]] std::optional<Block> blockAt(base::Height height) const override
    {
        const auto hash = m_chain.hashAt(height);
        return hash ? std::optional(Block{*hash, regtestWork(height)}) : std::nullopt;
    }

private:
    const l2::BestChain& m_chain;
};

/// What a proof of this header says.
[[nodiscard]] inline Head headOf(const l2::BatchHeader& header)
{
    Head out;
    out.batch = header.height;
    out.hash = header.hash();
    out.state = header.stateRoot;
    out.l1Height = header.l1Height;
    out.l1Hash = header.l1Hash;
    out.l1Work = regtestWork(header.l1Height);
    out.program.bytes[0] = 7;
    return out;
}

} // namespace bowline::proven::test
