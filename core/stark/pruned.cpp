// SPDX-License-Identifier: MIT
#include "core/stark/pruned.h"

#include "core/field/kernels.h"
#include "core/stark/verifier.h"
#include "core/stark/verifier_core.h"
#include "core/stark/walk.h"

#include <algorithm>
#include <array>
#include <utility>

namespace bowline::stark {

using base::makeError;

void BitWriter::element(Element x)
{
    m_bits |= std::uint64_t{x.value()} << m_count;
    for (m_count += 31; m_count >= 8; m_count -= 8, m_bits >>= 8U)
        m_out.push_back(static_cast<std::uint8_t>(m_bits));
}

base::Bytes BitWriter::take()
{
    if (m_count != 0) m_out.push_back(static_cast<std::uint8_t>(m_bits));
    m_count = 0;
    m_bits = 0;
    return std::move(m_out);
}

base::Result<std::vector<Element>> unpackElements(base::ByteView bytes, std::size_t count)
{
    if (bytes.size() != packedSize(count)) return makeError(kBadProof, "size");
    // Piece by piece, so that what lies between bits and elements stays in the nearest cache.
    constexpr std::size_t kPiece = 512;
    std::array<std::uint8_t, 4 * kPiece> words;
    std::vector<Element> out(count);
    std::uint64_t bits = 0;
    unsigned have = 0;
    std::size_t at = 0;
    for (std::size_t first = 0; first < count; first += kPiece) {
        const std::size_t piece = std::min(kPiece, count - first);
        for (std::size_t i = 0; i < piece; ++i) {
            for (; have < 31; have += 8) bits |= std::uint64_t{bytes[at++]} << have;
            for (std::size_t k = 0; k < 4; ++k)
                words[4 * i + k] = static_cast<std::uint8_t>((bits & 0x7fffffffU) >> (8 * k));
            bits >>= 31U;
            have -= 31;
        }
        if (!field::kernels().readWords(words.data(), piece, field::wordsOf(out.data() + first)))
            return makeError(base::kNotCanonical, "an element is not below the modulus");
    }
    if (bits != 0) return makeError(base::kNotCanonical, "a bit behind the last element");
    return out;
}

base::Result<Shape> prunedShape(const VerifyingKey& key)
{
    if (key.parameters.hash != HashKind::Blake3) return makeError(kNotPrunable, "hash");
    Heights heights;
    for (const VerifyingKey::ChipKey& chip : key.chips) {
        if (!chip.preprocessedLog) return makeError(kNotPrunable, chip.name);
        heights.push_back(*chip.preprocessedLog);
    }
    return Shape::make(key, heights);
}

namespace {
// All parts but the paths, whose nodes come behind.
struct Writing : ReadOnlyVisitor<Writing> {
    BitWriter writer;

    void element(Element x) { writer.element(x); }
    void extension(const Extension& x)
    {
        for (const Element c : x.coefficients()) element(c);
    }
    void digest(const DigestWords& words)
    {
        for (const Element x : words) element(x);
    }
    [[nodiscard]] bool path(const std::vector<DigestWords>&, std::size_t) { return true; }
};

// From exactly the elements that the walk asks for.
struct Reading {
    const Element* next;
    std::span<const std::vector<std::size_t>> ends; // of each batch's rows

    [[nodiscard]] bool resize(auto& list, std::size_t count)
    {
        list.resize(count);
        return true;
    }
    void element(Element& x) { x = *next++; }
    void extension(Extension& x)
    {
        x = Extension{{next[0], next[1], next[2], next[3]}};
        next += 4;
    }
    void digest(DigestWords& words)
    {
        for (Element& x : words) element(x);
    }
    [[nodiscard]] bool rows(RowsView& list, std::size_t number, const BatchShape&)
    {
        list = {next, ends[number]};
        next += ends[number].back();
        return true;
    }
    [[nodiscard]] bool siblings(GroupsView<Extension, 4>& list, std::size_t count)
    {
        list = GroupsView<Extension, 4>({std::exchange(next, next + 4 * count), 4 * count});
        return true;
    }
    [[nodiscard]] bool path(SharedNodes&, std::size_t) { return true; }
};

// Whether lists are as long as the shape says. Nodes are counted where positions are known.
struct Checking {
    [[nodiscard]] bool resize(const auto& list, std::size_t count) const { return list.size() == count; }
    void element(const Element&) const {}
    void extension(const Extension&) const {}
    void digest(const DigestWords&) const {}
    [[nodiscard]] bool rows(const RowsView& rows, std::size_t, const BatchShape& batch) const
    {
        if (rows.size() != batch.matrices.size()) return false;
        for (std::size_t m = 0; m < rows.size(); ++m) {
            if (rows[m].size() != batch.matrices[m].width) return false;
        }
        return true;
    }
    [[nodiscard]] bool siblings(const GroupsView<Extension, 4>& list, std::size_t count) const
    {
        return list.size() == count;
    }
    [[nodiscard]] bool path(const SharedNodes&, std::size_t) const { return true; }
};

// Elements of everything but the nodes.
[[nodiscard]] std::size_t fixedElements(const VerifyingKey& key, const Shape& shape)
{
    std::size_t out = 8 + 8 + 3; // roots of main and quotient, three nonces
    if (key.hasLogUp()) out += 1 + 4 * shape.logUpChips.size() + (shape.logUpChips.empty() ? 0U : 8U);
    std::size_t ofQuery = 0;
    for (const BatchShape& batch : shape.batches) {
        for (const MatrixShape& matrix : batch.matrices) {
            out += 4 * matrix.points * matrix.width;
            ofQuery += matrix.width;
        }
    }
    for (const FoldShape& fold : shape.folds) ofQuery += 4 * ((std::size_t{1} << fold.logArity) - 1);
    return out + 9 * shape.folds.size() + (std::size_t{4} << key.parameters.logFinal) +
           key.parameters.queries * ofQuery;
}

// The depth of each commitment's tree: batches, then folds.
[[nodiscard]] std::vector<unsigned> depths(const Shape& shape)
{
    std::vector<unsigned> out;
    for (const BatchShape& batch : shape.batches) out.push_back(batch.logDomain);
    for (const FoldShape& fold : shape.folds) out.push_back(fold.logDomain - fold.logArity);
    return out;
}

// The positions that a transcript chose.
[[nodiscard]] std::vector<std::size_t> positionsOf(const TranscriptLog<Element>& log, unsigned logDomain)
{
    std::vector<std::size_t> out;
    for (const auto& entry : log) {
        if (entry.step == Step::QueryPosition)
            out.push_back(entry.values.at(0).value() & ((std::size_t{1} << logDomain) - 1));
    }
    return out;
}
} // namespace

base::Result<base::Bytes> encodePruned(const VerifyingKey& key, std::span<const Element> publicValues,
                                       const Proof& proof)
{
    BOWLINE_TRY(const Shape shape, prunedShape(key));
    TranscriptLog<Element> log;
    BOWLINE_CHECK(verifyProof(key, publicValues, proof, &log));
    const std::vector<std::size_t> positions = positionsOf(log, shape.maxLog + key.parameters.logBlowup);
    std::vector<std::vector<DigestWords>> nodes;
    const std::vector<unsigned> logs = depths(shape);
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const std::size_t batches = shape.batches.size();
        std::vector<const std::vector<DigestWords>*> siblings;
        for (const auto& query : proof.queries)
            siblings.push_back(i < batches ? &query.batches[i].path : &query.folds[i - batches].path);
        nodes.push_back(sharedNodes(SharedPlan(positions, logs[i]), siblings));
        if (nodes.back().size() > kMaxSharedNodes) return makeError(kNotPrunable, "too many nodes");
    }
    base::Writer counts;
    for (const auto& list : nodes) counts.u16le(static_cast<std::uint16_t>(list.size()));
    Writing visitor;
    if (!ProofWalk<Writing, const Proof>(key, shape, visitor).proof(proof))
        return makeError(kBadProof, "a list of the wrong length");
    for (const auto& list : nodes) {
        for (const DigestWords& node : list) visitor.digest(node);
    }
    base::Bytes out = counts.take();
    base::append(out, visitor.writer.take());
    return out;
}

base::Result<PrunedProof> decodePruned(const VerifyingKey& key, base::ByteView bytes)
{
    BOWLINE_TRY(const Shape shape, prunedShape(key));
    base::Reader reader(bytes);
    std::vector<std::size_t> counts;
    std::size_t elements = fixedElements(key, shape);
    for (const unsigned depth : depths(shape)) {
        counts.push_back(reader.u16le());
        if (counts.back() > std::size_t{key.parameters.queries} * depth)
            return makeError(kBadProof, "more nodes than paths can have");
        elements += 8 * counts.back();
    }
    if (!reader.status().ok()) return makeError(kBadProof, "size");
    PrunedProof out;
    BOWLINE_TRY(out.elements, unpackElements(reader.bytes(reader.remaining()), elements));
    out.heights = shape.heights;
    for (const BatchShape& batch : shape.batches) {
        std::vector<std::size_t>& ends = out.ends.emplace_back();
        for (const MatrixShape& matrix : batch.matrices)
            ends.push_back((ends.empty() ? 0 : ends.back()) + matrix.width);
    }
    Reading visitor{out.elements.data(), out.ends};
    static_cast<void>(ProofWalk<Reading, PrunedProof>(key, shape, visitor).proof(out)); // says yes to all
    for (const std::size_t count : counts) {
        std::vector<DigestWords>& list = out.nodes.emplace_back(count);
        for (DigestWords& node : list) visitor.digest(node);
    }
    for (auto& query : out.queries) {
        for (std::size_t b = 0; b < query.batches.size(); ++b) query.batches[b].path = {out.nodes[b]};
        for (std::size_t f = 0; f < query.folds.size(); ++f)
            query.folds[f].path = {out.nodes[query.batches.size() + f]};
    }
    return out;
}

base::Status verifyPruned(const VerifyingKey& key, std::span<const Element> publicValues,
                          const PrunedProof& proof)
{
    if (publicValues.size() != key.publicValues) return makeError(kBadProof, "number of public values");
    BOWLINE_TRY(const Shape shape, prunedShape(key));
    Checking checking;
    if (!ProofWalk<Checking, const PrunedProof>(key, shape, checking).proof(proof))
        return makeError(kBadProof, "read with another key");
    Native native;
    const std::vector<Element> values(publicValues.begin(), publicValues.end());
    VerifierCore<Native, Blake3Hash<Native>, PrunedProof>(native, key, shape, proof, values).run();
    if (native.rejected()) return makeError(kRejected, std::string(native.reason()));
    return base::success();
}

} // namespace bowline::stark
