// SPDX-License-Identifier: MIT
#include "core/aggregate/wrap.h"

#include "core/field/cells.h"
#include "core/recursion/witness.h"

#include <algorithm>

namespace bowline::aggregate {

using base::makeError;
using recursion::kTables;
using recursion::MachineHeights;

namespace {
constexpr std::array<std::uint8_t, 8> kMagic{'B', 'W', 'L', 'W', 'R', 'A', 'P', 'P'};
constexpr std::uint16_t kVersion = 1;

[[nodiscard]] std::uint64_t keyHint(const stark::VerifyingKey& key)
{
    return key.digest[0].value() | std::uint64_t{key.digest[1].value()} << 32U;
}
} // namespace

base::Bytes WrapFile::encode(const stark::VerifyingKey& key, std::span<const Element> publicValues,
                             base::ByteView proof)
{
    base::Writer writer;
    writer.bytes(kMagic);
    writer.u16le(kVersion);
    writer.u64le(keyHint(key));
    writer.u16le(static_cast<std::uint16_t>(publicValues.size()));
    stark::BitWriter values;
    for (const Element x : publicValues) values.element(x);
    writer.bytes(values.take());
    writer.bytes(proof);
    return writer.take();
}

Result<WrapFile> WrapFile::decode(const stark::VerifyingKey& key, base::ByteView bytes)
{
    if (bytes.size() > kMaxWrapBytes) return makeError(kBadWrap, "too long");
    base::Reader reader(bytes);
    if (reader.array<8>() != kMagic) return makeError(kBadWrap, "no wrapped proof");
    if (reader.u16le() != kVersion) return makeError(kBadWrap, "another version");
    if (reader.u64le() != keyHint(key)) return makeError(kBadWrap, "a proof for another key");
    const std::size_t count = reader.u16le();
    if (!reader.status().ok()) return makeError(kBadWrap, "cut off");
    if (count != key.publicValues) return makeError(kBadWrap, "number of public values");
    const base::ByteView values = reader.bytes(stark::packedSize(count));
    if (!reader.status().ok()) return makeError(kBadWrap, "cut off");
    WrapFile out;
    BOWLINE_TRY(out.publicValues, stark::unpackElements(values, count));
    BOWLINE_TRY(out.proof, stark::decodePruned(key, reader.bytes(reader.remaining())));
    return out;
}

Result<std::vector<Element>> verifyWrapped(const stark::VerifyingKey& key, base::ByteView file)
{
    BOWLINE_TRY(WrapFile decoded, WrapFile::decode(key, file));
    BOWLINE_CHECK(stark::verifyPruned(key, decoded.publicValues, decoded.proof));
    return std::move(decoded.publicValues);
}

MachineHeights alignedLogs(const MachineHeights& logs, unsigned logFinal)
{
    const unsigned top = std::max(logFinal, *std::max_element(logs.begin(), logs.end()));
    unsigned second = 0;
    for (const unsigned log : logs) second = log < top ? std::max(second, log) : second;
    MachineHeights out{};
    for (std::size_t t = 0; t < kTables; ++t) {
        unsigned stop = second;
        while (stop >= logs[t] + 3 && stop >= logFinal + 3) stop -= 3;
        out[t] = logs[t] == top ? top : std::max(stop, logFinal);
    }
    return out;
}

Result<stark::VerifyingKey> verifyingKeyOf(const WrapKey& wrap, const stark::Parameters& parameters)
{
    BOWLINE_TRY(stark::VerifyingKey key, recursion::keyOfForm({parameters, wrap.heights}, wrap.publicValues));
    return recursion::withCommitment(std::move(key), wrap.columns);
}

Result<Wrap::Layer> Wrap::Layer::make(const stark::VerifyingKey& inner, const stark::Heights& heights,
                                      const stark::Parameters& parameters,
                                      const stark::ProverOptions& options)
{
    Layer out;
    out.inner = inner;
    BOWLINE_TRY(out.shape, stark::Shape::make(inner, heights));
    BOWLINE_TRY(recursion::Program program, recursion::verifierProgram(inner, out.shape));
    out.heights = alignedLogs(recursion::heightsOf(program), parameters.logFinal);
    out.program = std::make_unique<recursion::Program>(std::move(program));
    BOWLINE_TRY(recursion::Machine machine,
                recursion::Machine::make(*out.program, {parameters, out.heights}, options));
    out.machine.emplace(std::move(machine));
    return out;
}

Result<stark::Proof> Wrap::Layer::prove(std::span<const Element> publicValues, const stark::Proof& proof,
                                        const stark::ProverOptions& options) const
{
    if (proof.heights != shape.heights) return makeError(kBadWrap, "a proof of another shape");
    recursion::Stream stream;
    BOWLINE_CHECK(recursion::appendProof(stream, inner, shape, proof));
    BOWLINE_TRY(const recursion::Execution execution,
                recursion::execute(*program, std::move(stream),
                                   std::vector<Element>(publicValues.begin(), publicValues.end())));
    return machine->prove(execution, options);
}

Result<std::unique_ptr<Wrap>> Wrap::make(const stark::VerifyingKey& inner, const stark::Heights& heights,
                                         const WrapParameters& parameters,
                                         const stark::ProverOptions& options)
{
    for (const stark::Parameters& each : {inner.parameters, parameters.first}) {
        if (each.hash != stark::HashKind::Poseidon2)
            return makeError(kBadWrapKey, "no circuit verifies proofs that BLAKE3 hashes");
    }
    if (parameters.last.hash != stark::HashKind::Blake3)
        return makeError(kBadWrapKey, "the last proof is one that BLAKE3 hashes");
    std::unique_ptr<Wrap> out(new Wrap);
    BOWLINE_TRY(out->m_first, Layer::make(inner, heights, parameters.first, options));
    const MachineHeights& first = out->m_first.heights;
    BOWLINE_TRY(out->m_last,
                Layer::make(out->m_first.machine->key().verifying(),
                            stark::Heights(first.begin(), first.end()), parameters.last, options));
    return out;
}

Result<stark::Proof> Wrap::proveFirst(std::span<const Element> publicValues, const stark::Proof& inner,
                                      const stark::ProverOptions& options) const
{
    return m_first.prove(publicValues, inner, options);
}

Result<base::Bytes> Wrap::proveLast(std::span<const Element> publicValues, const stark::Proof& first,
                                    const stark::ProverOptions& options) const
{
    BOWLINE_TRY(const stark::Proof proof, m_last.prove(publicValues, first, options));
    BOWLINE_TRY(const base::Bytes pruned, stark::encodePruned(key(), publicValues, proof));
    return WrapFile::encode(key(), publicValues, pruned);
}

Result<base::Bytes> Wrap::prove(std::span<const Element> publicValues, const stark::Proof& inner,
                                const stark::ProverOptions& options) const
{
    const field::CellsReuse reuse; // the last step takes what the first one leaves
    BOWLINE_TRY(const stark::Proof first, proveFirst(publicValues, inner, options));
    return proveLast(publicValues, first, options);
}

} // namespace bowline::aggregate
