// SPDX-License-Identifier: MIT
#include "core/stark/proof.h"

namespace bowline::stark {

using base::makeError;

namespace {
constexpr std::uint32_t kMagic = 0x50545342U; // "BSTP"
constexpr std::uint16_t kVersion = 1;
constexpr std::uint8_t kAbsent = 0xff;

template <typename T>
void resize(std::vector<T>& list, std::size_t count)
{
    list.resize(count);
}
template <typename T>
void resize(std::span<T> /*list*/, std::size_t /*count*/) // layOut() has
{
}

// The arrays of a proof of this shape, and every list's part of them.
void layOut(CompactProof& p, const VerifyingKey& key, const Shape& shape)
{
    std::size_t elements = 0; // of one query, like the others
    std::size_t digests = 0;
    std::size_t extensions = 0;
    for (const BatchShape& batch : shape.batches) {
        std::vector<std::size_t>& ends = p.ends.emplace_back();
        for (const MatrixShape& matrix : batch.matrices)
            ends.push_back((ends.empty() ? 0 : ends.back()) + matrix.width);
        elements += ends.back();
        digests += batch.logDomain;
    }
    for (const FoldShape& fold : shape.folds) {
        extensions += (std::size_t{1} << fold.logArity) - 1;
        digests += fold.logDomain - fold.logArity;
    }
    p.elements.resize(key.parameters.queries * elements);
    p.digests.resize(key.parameters.queries * digests);
    p.extensions.resize(key.parameters.queries * extensions);
    Element* nextElement = p.elements.data();
    DigestWords* nextDigest = p.digests.data();
    Extension* nextExtension = p.extensions.data();
    const auto path = [&nextDigest](std::size_t count) {
        return std::span<DigestWords>(std::exchange(nextDigest, nextDigest + count), count);
    };
    p.queries.resize(key.parameters.queries);
    for (auto& query : p.queries) {
        query.batches.resize(shape.batches.size());
        for (std::size_t b = 0; b < shape.batches.size(); ++b) {
            query.batches[b].rows = {nextElement, p.ends[b]};
            nextElement += p.ends[b].back();
            query.batches[b].path = path(shape.batches[b].logDomain);
        }
        query.folds.resize(shape.folds.size());
        for (std::size_t f = 0; f < shape.folds.size(); ++f) {
            const std::size_t count = (std::size_t{1} << shape.folds[f].logArity) - 1;
            query.folds[f].siblings = {nextExtension, count};
            nextExtension += count;
            query.folds[f].path = path(shape.folds[f].logDomain - shape.folds[f].logArity);
        }
    }
}

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
    template <typename List>
    void extensions(List& list, std::size_t count)
    {
        resize(list, count);
        for (Extension& value : list) extension(value);
    }
    template <typename List>
    void path(List& list, std::size_t count)
    {
        resize(list, count);
        for (DigestWords& words : list) digest(words);
    }
    template <typename List>
    void row(List&& list,
             std::size_t count) // NOLINT(cppcoreguidelines-missing-std-forward): a vector, or a view
    {
        resize(list, count);
        m_visitor.elements(std::span<Element>(list));
    }
    static void resizeRows(std::vector<std::vector<Element>>& rows, std::size_t count) { rows.resize(count); }
    static void resizeRows(const RowsView<Element>& /*rows*/, std::size_t /*count*/) {}
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
            const BatchShape& batch = m_shape.batches[b];
            resizeRows(q.batches[b].rows, batch.matrices.size());
            for (std::size_t m = 0; m < batch.matrices.size(); ++m)
                row(q.batches[b].rows[m], batch.matrices[m].width);
            path(q.batches[b].path, batch.logDomain);
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

// Of exactly the bytes that the walk asks for: decode() has compared the size.
struct ReadingVisitor {
    const std::uint8_t* next;
    bool canonical = true;
    template <std::size_t kCount>
    void elements(std::span<Element, kCount> list)
    {
        std::uint32_t largest = 0;
        for (std::size_t i = 0; i < list.size(); ++i) {
            const std::uint8_t* at = next + 4 * i;
            const std::uint32_t word = std::uint32_t{at[0]} | std::uint32_t{at[1]} << 8U |
                                       std::uint32_t{at[2]} << 16U | std::uint32_t{at[3]} << 24U;
            largest = std::max(largest, word);
            list[i] = Element::from(word);
        }
        next += 4 * list.size();
        canonical = canonical && largest < Element::kModulus;
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
    if constexpr (std::is_same_v<ProofType, CompactProof>) layOut(out, key, shape);
    ReadingVisitor visitor{reader.bytes(reader.remaining()).data()};
    Walk<ReadingVisitor, ProofType>(key, shape, visitor).proof(out);
    if (!visitor.canonical) return makeError(base::kNotCanonical, "an element is not below the modulus");
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
