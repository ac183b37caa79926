// SPDX-License-Identifier: MIT
#include "core/field/kernels.h"
#include "core/stark/proof.h"

#include <utility>

namespace bowline::stark {

using base::makeError;

namespace {
constexpr std::uint32_t kMagic = 0x50545342U; // "BSTP"
constexpr std::uint16_t kVersion = 1;
constexpr std::uint8_t kAbsent = 0xff;

// One walk over a proof's parts serves the encoder and the decoders: they cannot differ. Visitor has elements(span).
template <typename Visitor, typename ProofType>
class Walk {
public:
    Walk(const VerifyingKey& key, const Shape& shape, Visitor& visitor)
        : m_key(key), m_shape(shape), m_visitor(visitor)
    {
    }

    void proof(ProofType& p)
    {
        digest(p.mainRoot);
        if (m_key.hasLogUp()) {
            element(p.logUpWork);
            extensions(p.sums, m_shape.logUpChips.size());
            if (!m_shape.logUpChips.empty()) digest(p.logUpRoot);
        }
        digest(p.quotientRoot);
        element(p.deepWork);
        values(p);
        element(p.batchWork);
        p.folds.resize(m_shape.folds.size());
        for (auto& fold : p.folds) {
            digest(fold.root);
            element(fold.work);
        }
        extensions(p.finalPolynomial, std::size_t{1} << kLogFinal);
        element(p.queryWork);
        p.queries.resize(m_key.parameters.queries);
        for (auto& query : p.queries) this->query(query);
    }

private:
    void element(Element& x) { m_visitor.elements(std::span<Element, 1>(&x, 1)); }
    void digest(DigestWords& words) { m_visitor.elements(std::span<Element, 8>(words)); }
    void extension(Extension& value)
    {
        std::array<Element, 4> c = value.coefficients();
        m_visitor.elements(std::span<Element, 4>(c));
        value = Extension{c};
    }
    void extensions(std::vector<Extension>& list, std::size_t count)
    {
        list.resize(count);
        for (Extension& value : list) extension(value);
    }
    void path(std::vector<DigestWords>& list, std::size_t count)
    {
        list.resize(count);
        for (DigestWords& words : list) digest(words);
    }
    void rows(std::vector<std::vector<Element>>& list, std::size_t b)
    {
        const auto& matrices = m_shape.batches[b].matrices;
        list.resize(matrices.size());
        for (std::size_t m = 0; m < matrices.size(); ++m) {
            list[m].resize(matrices[m].width);
            m_visitor.elements(std::span<Element>(list[m]));
        }
    }
    // Of a CompactProof: each list is where it has been read.
    void extensions(GroupsView<Extension, 4>& list, std::size_t count)
    {
        list = GroupsView<Extension, 4>(m_visitor.take(4 * count));
    }
    void path(GroupsView<DigestWords, 8>& list, std::size_t count)
    {
        list = GroupsView<DigestWords, 8>(m_visitor.take(8 * count));
    }
    void rows(RowsView& list, std::size_t b)
    {
        const std::vector<std::size_t>& ends = m_visitor.ends[b];
        list = {m_visitor.take(ends.back()).data(), ends};
    }
    void values(ProofType& p)
    {
        p.values.resize(m_shape.batches.size());
        for (std::size_t b = 0; b < p.values.size(); ++b) {
            const BatchShape& batch = m_shape.batches[b];
            p.values[b].resize(batch.matrices.size());
            for (std::size_t m = 0; m < batch.matrices.size(); ++m) {
                p.values[b][m].resize(batch.matrices[m].points);
                for (auto& point : p.values[b][m]) extensions(point, batch.matrices[m].width);
            }
        }
    }
    void query(typename ProofType::Query& q)
    {
        q.batches.resize(m_shape.batches.size());
        for (std::size_t b = 0; b < q.batches.size(); ++b) {
            rows(q.batches[b].rows, b);
            path(q.batches[b].path, m_shape.batches[b].logDomain);
        }
        q.folds.resize(m_shape.folds.size());
        for (std::size_t f = 0; f < q.folds.size(); ++f) {
            const FoldShape& fold = m_shape.folds[f];
            extensions(q.folds[f].siblings, (std::size_t{1} << fold.logArity) - 1);
            path(q.folds[f].path, fold.logDomain - fold.logArity);
        }
    }

    const VerifyingKey& m_key;
    const Shape& m_shape;
    Visitor& m_visitor;
};

struct WritingVisitor {
    base::Writer writer;
    template <std::size_t kCount>
    void elements(std::span<Element, kCount> list)
    {
        for (const Element x : list) writer.u32le(x.value());
    }
};

// From exactly the elements that the walk asks for: decode() has compared the size.
struct ReadingVisitor {
    const Element* next;
    std::span<const std::vector<std::size_t>> ends; // of each batch's rows, for a CompactProof
    template <std::size_t kCount>
    void elements(std::span<Element, kCount> list)
    {
        std::copy_n(next, list.size(), list.begin());
        next += list.size();
    }
    [[nodiscard]] std::span<const Element> take(std::size_t count)
    {
        return {std::exchange(next, next + count), count};
    }
};

[[nodiscard]] std::size_t headerSize(const VerifyingKey& key) { return 4 + 2 + 8 + 1 + key.chips.size(); }

// A key's first two digest words: a proof shown to the wrong key is told so.
[[nodiscard]] std::uint64_t keyHint(const VerifyingKey& key)
{
    return key.digest[0].value() | std::uint64_t{key.digest[1].value()} << 32U;
}

[[nodiscard]] std::size_t elementsOfQuery(const Shape& shape)
{
    std::size_t out = 0;
    for (const BatchShape& batch : shape.batches) {
        for (const MatrixShape& matrix : batch.matrices) out += matrix.width;
        out += 8 * std::size_t{batch.logDomain};
    }
    for (const FoldShape& fold : shape.folds)
        out += 4 * ((std::size_t{1} << fold.logArity) - 1) + 8 * std::size_t{fold.logDomain - fold.logArity};
    return out;
}
} // namespace

std::size_t encodedSize(const VerifyingKey& key, const Shape& shape)
{
    std::size_t elements = 8 + 8 + 3; // roots of main and quotient, three nonces
    if (key.hasLogUp()) {
        const std::size_t sums = shape.logUpChips.size();
        elements += 1 + 4 * sums + (sums != 0 ? 8U : 0U);
    }
    for (const BatchShape& batch : shape.batches) {
        for (const MatrixShape& matrix : batch.matrices) elements += 4 * matrix.points * matrix.width;
    }
    elements += 9 * shape.folds.size() + (std::size_t{4} << kLogFinal);
    elements += key.parameters.queries * elementsOfQuery(shape);
    return headerSize(key) + 4 * elements;
}

base::Bytes encode(const VerifyingKey& key, const Proof& proof)
{
    const auto shape = Shape::make(key, proof.heights);
    if (!shape.ok()) return {};
    WritingVisitor visitor;
    visitor.writer.u32le(kMagic);
    visitor.writer.u16le(kVersion);
    visitor.writer.u64le(keyHint(key));
    visitor.writer.u8(static_cast<std::uint8_t>(key.chips.size()));
    for (const auto& height : proof.heights)
        visitor.writer.u8(height ? static_cast<std::uint8_t>(*height) : kAbsent);
    Proof copy = proof;
    Walk<WritingVisitor, Proof>(key, *shape, visitor).proof(copy);
    return visitor.writer.take();
}

namespace {
[[nodiscard]] std::vector<std::vector<std::size_t>> endsOfRows(const Shape& shape)
{
    std::vector<std::vector<std::size_t>> out;
    for (const BatchShape& batch : shape.batches) {
        std::vector<std::size_t>& ends = out.emplace_back();
        for (const MatrixShape& matrix : batch.matrices)
            ends.push_back((ends.empty() ? 0 : ends.back()) + matrix.width);
    }
    return out;
}

template <typename ProofType>
[[nodiscard]] base::Result<ProofType> decodeAs(const VerifyingKey& key, base::ByteView bytes)
{
    base::Reader reader(bytes);
    if (reader.u32le() != kMagic) return makeError(kBadProof, "not a proof");
    if (reader.u16le() != kVersion) return makeError(kBadProof, "another version");
    if (reader.u64le() != keyHint(key)) return makeError(kBadProof, "a proof for another key");
    if (reader.u8() != key.chips.size()) return makeError(kBadProof, "number of chips");
    ProofType out;
    for (std::size_t i = 0; i < key.chips.size(); ++i) {
        const std::uint8_t height = reader.u8();
        out.heights.push_back(height == kAbsent ? std::nullopt : std::optional<unsigned>(height));
    }
    BOWLINE_CHECK(reader.status());
    BOWLINE_TRY(const Shape shape, Shape::make(key, out.heights));
    if (bytes.size() != encodedSize(key, shape)) return makeError(kBadProof, "size");
    const base::ByteView body = reader.bytes(reader.remaining());
    std::vector<Element> elements(body.size() / 4);
    if (!field::kernels().readWords(body.data(), elements.size(), field::wordsOf(elements.data())))
        return makeError(base::kNotCanonical, "an element is not below the modulus");
    ReadingVisitor visitor{elements.data(), {}};
    if constexpr (std::is_same_v<ProofType, CompactProof>) {
        out.ends = endsOfRows(shape);
        visitor.ends = out.ends;
    }
    Walk<ReadingVisitor, ProofType>(key, shape, visitor).proof(out);
    if constexpr (std::is_same_v<ProofType, CompactProof>) out.elements = std::move(elements);
    return out;
}
} // namespace

base::Result<Proof> decode(const VerifyingKey& key, base::ByteView bytes)
{
    return decodeAs<Proof>(key, bytes);
}

base::Result<CompactProof> decodeCompact(const VerifyingKey& key, base::ByteView bytes)
{
    return decodeAs<CompactProof>(key, bytes);
}

} // namespace bowline::stark
