// SPDX-License-Identifier: MIT
#include "core/aggregate/proof_file.h"

#include <algorithm>

namespace bowline::aggregate {

using base::makeError;

namespace {
constexpr std::array<std::uint8_t, 8> kMagic{'B', 'W', 'L', 'R', 'P', 'R', 'O', 'F'};
constexpr std::uint16_t kVersion = 1;
constexpr std::uint32_t kLimb = 0x10000;

[[nodiscard]] std::size_t valuesOf(std::size_t form)
{
    return form == ProofFile::kChain ? std::size_t{ChainState::kValues} : std::size_t{Span::kValues};
}

[[nodiscard]] Result<Element> elementIn(base::Reader& reader)
{
    const std::uint32_t word = reader.u32le();
    if (!reader.status().ok()) return makeError(kBadProofFile, "cut off");
    if (word >= Element::kModulus) return makeError(kBadProofFile, "a word that is no element");
    return Element::from(word);
}

[[nodiscard]] DigestWords digestAt(std::span<const Element> values, std::size_t first)
{
    DigestWords out;
    std::copy_n(values.begin() + std::ptrdiff_t(first), out.size(), out.begin());
    return out;
}
} // namespace

Result<stark::VerifyingKey> keyOfPlace(std::size_t form)
{
    if (form > ProofFile::kChain) return makeError(kBadProofFile, "no such form");
    return recursion::keyOfForm(form == ProofFile::kChain ? kChainForm : kForms.at(form), valuesOf(form));
}

Result<stark::VerifyingKey> ProofFile::key() const
{
    BOWLINE_TRY(stark::VerifyingKey out, keyOfPlace(form));
    return recursion::withCommitment(std::move(out), program);
}

Result<base::Bytes> ProofFile::encode() const
{
    BOWLINE_TRY(const stark::VerifyingKey verifying, key());
    base::Writer writer;
    writer.bytes(kMagic);
    writer.u16le(kVersion);
    writer.u8(static_cast<std::uint8_t>(form));
    for (const Element x : program) writer.u32le(x.value());
    for (const Element x : values) writer.u32le(x.value());
    writer.bytes(stark::encode(verifying, proof));
    return writer.take();
}

Result<ProofFile> ProofFile::decode(base::ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.array<8>() != kMagic) return makeError(kBadProofFile, "no proof of the recursion machine");
    if (reader.u16le() != kVersion) return makeError(kBadProofFile, "another version");
    ProofFile out;
    out.form = reader.u8();
    if (!reader.status().ok()) return makeError(kBadProofFile, "cut off");
    if (out.form > kChain) return makeError(kBadProofFile, "no such form");
    for (Element& x : out.program) {
        BOWLINE_TRY(x, elementIn(reader));
    }
    const std::size_t count = valuesOf(out.form);
    for (std::size_t i = 0; i < count; ++i) {
        BOWLINE_TRY(const Element x, elementIn(reader));
        out.values.push_back(x);
    }
    BOWLINE_TRY(const stark::VerifyingKey verifying, out.key());
    BOWLINE_TRY(out.proof, stark::decode(verifying, reader.bytes(reader.remaining())));
    return out;
}

Result<Span> spanIn(std::span<const Element> values)
{
    if (values.size() != Span::kValues) return makeError(kBadProofFile, "number of public values");
    for (const std::size_t i : {Span::kExitLow, Span::kExitHigh}) {
        if (values[i].value() >= kLimb) return makeError(kBadProofFile, "an exit code that is none");
    }
    if (values[Span::kHalted].value() > 1) return makeError(kBadProofFile, "neither halted nor not");
    Span out;
    out.shard.rootBefore = digestAt(values, Span::kRootBefore);
    out.shard.rootAfter = digestAt(values, Span::kRootAfter);
    out.tables = digestAt(values, Span::kTables);
    out.keySet = digestAt(values, Span::kKeySet);
    out.shard.pcBefore = values[Span::kPcBefore].value();
    out.shard.npcBefore = values[Span::kNpcBefore].value();
    out.shard.pcAfter = values[Span::kPcAfter].value();
    out.shard.npcAfter = values[Span::kNpcAfter].value();
    out.shard.halted = values[Span::kHalted].value() == 1;
    out.shard.exitCode = values[Span::kExitLow].value() | values[Span::kExitHigh].value() << 16U;
    out.programLog = values[Span::kProgramLog].value();
    return out;
}

Result<ChainState> chainStateIn(std::span<const Element> values)
{
    if (values.size() != ChainState::kValues) return makeError(kBadProofFile, "number of public values");
    ChainState out;
    out.keySet = digestAt(values, ChainState::kKeySet);
    out.chainKey = digestAt(values, ChainState::kChainKey);
    out.program = digestAt(values, ChainState::kProgram);
    for (std::size_t i = 0; i < out.kept.size(); i += 2) {
        const std::uint32_t limb = values[ChainState::kLimbs + i / 2].value();
        // No proof of the chain has one: the program's kernel hashed 16 bits.
        if (limb >= kLimb) return makeError(kBadProofFile, "a number that is no limb");
        out.kept[i] = static_cast<std::uint8_t>(limb);
        out.kept[i + 1] = static_cast<std::uint8_t>(limb >> 8U);
    }
    return out;
}

} // namespace bowline::aggregate
