// SPDX-License-Identifier: MIT
#include "core/field/kernels.h"
#include "core/stark/walk.h"

#include <utility>

namespace bowline::stark {

using base::makeError;

namespace {
constexpr std::uint32_t kMagic = 0x50545342U; // "BSTP"
constexpr std::uint16_t kVersion = 1;
constexpr std::uint8_t kAbsent = 0xff;

struct WritingVisitor : ReadOnlyVisitor<WritingVisitor> {
    base::Writer writer;

    void element(Element x) { writer.u32le(x.value()); }
    void extension(const Extension& x)
    {
        for (const Element c : x.coefficients()) element(c);
    }
    void digest(const DigestWords& words)
    {
        for (const Element x : words) element(x);
    }
};

struct FormVisitor : ReadOnlyVisitor<FormVisitor> {
    static void element(Element /*x*/) {}
    static void extension(const Extension& /*x*/) {}
    static void digest(const DigestWords& /*words*/) {}
};

// From exactly the elements that the walk asks for: decode() has compared the size.
struct ReadingVisitor : OwnListsVisitor<ReadingVisitor> {
    const Element* next = nullptr;
    std::span<const std::vector<std::size_t>> ends; // of each batch's rows, for a CompactProof

    using OwnListsVisitor::path;
    using OwnListsVisitor::rows;
    using OwnListsVisitor::siblings;

    template <typename List>
    [[nodiscard]] static bool resize(List& list, std::size_t count)
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
        std::copy_n(next, words.size(), words.begin());
        next += words.size();
    }
    // Of a CompactProof: each list is where it has been read.
    [[nodiscard]] bool siblings(GroupsView<Extension, 4>& list, std::size_t count)
    {
        list = GroupsView<Extension, 4>(take(4 * count));
        return true;
    }
    [[nodiscard]] bool path(GroupsView<DigestWords, 8>& list, std::size_t count)
    {
        list = GroupsView<DigestWords, 8>(take(8 * count));
        return true;
    }
    [[nodiscard]] bool rows(RowsView& list, std::size_t number, const BatchShape& /*batch*/)
    {
        list = {take(ends[number].back()).data(), ends[number]};
        return true;
    }

private:
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
    elements += 9 * shape.folds.size() + (std::size_t{4} << key.parameters.logFinal);
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
    if (!ProofWalk<WritingVisitor, const Proof>(key, *shape, visitor).proof(proof)) return {};
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
    ReadingVisitor visitor;
    visitor.next = elements.data();
    if constexpr (std::is_same_v<ProofType, CompactProof>) {
        out.ends = endsOfRows(shape);
        visitor.ends = out.ends;
    }
    static_cast<void>(ProofWalk<ReadingVisitor, ProofType>(key, shape, visitor).proof(out));
    if constexpr (std::is_same_v<ProofType, CompactProof>) out.elements = std::move(elements);
    return out;
}
} // namespace

bool fits(const VerifyingKey& key, const Shape& shape, const Proof& proof)
{
    FormVisitor visitor;
    return ProofWalk<FormVisitor, const Proof>(key, shape, visitor).proof(proof);
}

base::Result<Proof> decode(const VerifyingKey& key, base::ByteView bytes)
{
    return decodeAs<Proof>(key, bytes);
}

base::Result<CompactProof> decodeCompact(const VerifyingKey& key, base::ByteView bytes)
{
    return decodeAs<CompactProof>(key, bytes);
}

} // namespace bowline::stark
