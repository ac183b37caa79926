// SPDX-License-Identifier: MIT
#include "core/stark/key.h"

#include "core/stark/canonical.h"
#include "core/stark/kernels.h"
#include "core/stark/key_texts.h"

#include <algorithm>

namespace bowline::stark {

using base::makeError;
using field::SpongeTag;

namespace {
void appendNumber(std::vector<Element>& out, std::size_t number)
{
    out.push_back(Element::from(static_cast<std::uint32_t>(number & 0xffffU)));
    out.push_back(Element::from(static_cast<std::uint32_t>(number >> 16U)));
}

[[nodiscard]] DigestWords digestOfText(const std::string& text)
{
    const base::ByteView bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
    return field::elementsOf(field::hashBytes(SpongeTag::ProofConstraints, bytes).view());
}

void appendDigest(std::vector<Element>& out, const DigestWords& digest)
{
    out.insert(out.end(), digest.begin(), digest.end());
}

[[nodiscard]] base::Status checkBuses(const Constraints& constraints,
                                      std::map<std::uint32_t, std::size_t>& lengths)
{
    for (const Interaction& interaction : constraints.interactions) {
        const auto [at, fresh] = lengths.try_emplace(interaction.bus, interaction.fields.size());
        if (at->second != interaction.fields.size())
            return makeError(kBadSystem, interaction.name + ": the bus has messages of another length");
        if (interaction.bus >= Element::kModulus)
            return makeError(kBadSystem, interaction.name + ": bus number");
    }
    return base::success();
}
} // namespace

base::Result<System> System::make(const Parameters& parameters, std::size_t publicValues,
                                  std::span<const Air* const> airs,
                                  const std::function<void(AirBuilder&)>& boundary)
{
    System out;
    out.parameters = parameters;
    out.publicValues = publicValues;
    for (const Air* air : airs) {
        BOWLINE_TRY(Constraints constraints, record(*air, publicValues));
        out.chips.push_back({air->name(), std::move(constraints), air->preprocessed(), air->optional()});
    }
    AirBuilder builder(0, 0, publicValues);
    if (boundary) boundary(builder);
    out.boundary = inCanonicalOrder(builder.take());
    BOWLINE_CHECK(out.check());
    return out;
}

base::Status System::check() const
{
    BOWLINE_CHECK(parameters.check());
    if (chips.empty() || chips.size() > 200) return makeError(kBadSystem, "number of chips");
    if (publicValues > 0xffffU) return makeError(kBadSystem, "number of public values");
    std::map<std::uint32_t, std::size_t> lengths;
    for (const Chip& chip : chips) {
        BOWLINE_CHECK(chip.constraints.check());
        BOWLINE_CHECK(checkBuses(chip.constraints, lengths));
        if (chip.constraints.width == 0) return makeError(kBadSystem, chip.name + ": no columns");
        if (chip.constraints.width > 0xffffU) return makeError(kBadSystem, chip.name + ": too many columns");
        if (chip.optional && chip.hasPreprocessed())
            return makeError(kBadSystem, chip.name + ": a chip with preprocessed columns is never left out");
        if (chip.constraints.preprocessedWidth != chip.preprocessed.width)
            return makeError(kBadSystem, chip.name + ": preprocessed columns");
    }
    BOWLINE_CHECK(boundary.check());
    BOWLINE_CHECK(checkBuses(boundary, lengths));
    const bool rows = std::any_of(boundary.nodes.begin(), boundary.nodes.end(), [](const Node& n) {
        return n.kind == NodeKind::FirstRow || n.kind == NodeKind::LastRow || n.kind == NodeKind::Transition;
    });
    if (boundary.width != 0 || boundary.preprocessedWidth != 0 || !boundary.assertions.empty() || rows)
        return makeError(kBadSystem, "the boundary has messages of public values and constants alone");
    return base::success();
}

bool System::hasLogUp() const
{
    return std::any_of(chips.begin(), chips.end(),
                       [](const Chip& c) { return !c.constraints.interactions.empty(); });
}

bool VerifyingKey::hasLogUp() const
{
    return std::any_of(chips.begin(), chips.end(), [](const ChipKey& c) { return !c.batches.empty(); });
}

namespace {
// `texts`: as textDigestsOf.
[[nodiscard]] std::vector<Element> keyElements(const VerifyingKey& key, std::span<const DigestWords> texts)
{
    const DigestWords parameters = key.parameters.digest();
    std::vector<Element> elements(parameters.begin(), parameters.end());
    appendNumber(elements, key.publicValues);
    appendNumber(elements, key.chips.size());
    for (std::size_t i = 0; i < key.chips.size(); ++i) {
        const VerifyingKey::ChipKey& chip = key.chips[i];
        appendDigest(elements, digestOfText(chip.name));
        appendDigest(elements, texts[i]);
        appendNumber(elements, chip.optional ? 1 : 0);
        appendNumber(elements, chip.preprocessedLog ? *chip.preprocessedLog : 0xffU);
    }
    appendDigest(elements, texts.back());
    appendNumber(elements, key.preprocessed ? 1 : 0);
    if (key.preprocessed) appendDigest(elements, *key.preprocessed);
    return elements;
}

[[nodiscard]] TextDigests textDigestsOf(const VerifyingKey& key)
{
    TextDigests out;
    for (const VerifyingKey::ChipKey& chip : key.chips) out.push_back(digestOfText(chip.constraints.text()));
    out.push_back(digestOfText(key.boundary.text()));
    return out;
}
} // namespace

TextDigests textDigestsOf(const System& system)
{
    TextDigests out;
    for (const Chip& chip : system.chips) out.push_back(digestOfText(chip.constraints.text()));
    out.push_back(digestOfText(system.boundary.text()));
    return out;
}

std::vector<Element> keyElements(const VerifyingKey& key) { return keyElements(key, textDigestsOf(key)); }

DigestWords digestOf(const VerifyingKey& key)
{
    return field::spongeOf(SpongeTag::ProofKey, keyElements(key));
}

namespace {
// All but the digest.
[[nodiscard]] base::Result<VerifyingKey> keyWithoutDigest(const System& system,
                                                          const std::optional<DigestWords>& preprocessed)
{
    BOWLINE_CHECK(system.check());
    VerifyingKey key;
    key.parameters = system.parameters;
    key.publicValues = system.publicValues;
    key.boundary = system.boundary;
    bool any = false;
    for (const Chip& chip : system.chips) {
        VerifyingKey::ChipKey chipKey{chip.name,
                                      chip.constraints,
                                      chip.constraints.batches(),
                                      {},
                                      chip.optional,
                                      chip.constraints.readsNext(NodeKind::Main),
                                      chip.constraints.readsNext(NodeKind::Preprocessed)};
        if (chipKey.batches.size() > kMaxBatches)
            return makeError(kBadSystem, chip.name + ": too many interactions");
        if (chip.hasPreprocessed()) {
            any = true;
            chipKey.preprocessedLog = chip.preprocessed.log;
            if (chip.preprocessed.log < key.parameters.logFinal ||
                chip.preprocessed.log > key.parameters.maxLogHeight())
                return makeError(kBadSystem, chip.name + ": rows of the preprocessed columns");
        }
        key.chips.push_back(std::move(chipKey));
    }
    if (any != preprocessed.has_value())
        return makeError(kBadSystem, "a commitment to preprocessed columns belongs to such columns");
    key.preprocessed = preprocessed;
    return key;
}
} // namespace

base::Result<VerifyingKey> verifyingKeyOf(const System& system,
                                          const std::optional<DigestWords>& preprocessed)
{
    BOWLINE_TRY(VerifyingKey key, keyWithoutDigest(system, preprocessed));
    key.digest = digestOf(key);
    return key;
}

base::Result<VerifyingKey> verifyingKeyOf(const System& system,
                                          const std::optional<DigestWords>& preprocessed,
                                          std::span<const DigestWords> texts)
{
    BOWLINE_TRY(VerifyingKey key, keyWithoutDigest(system, preprocessed));
    if (texts.size() != key.chips.size() + 1) return makeError(kBadSystem, "number of texts");
    key.digest = field::spongeOf(SpongeTag::ProofKey, keyElements(key, texts));
    return key;
}

namespace {
[[nodiscard]] base::Status checkHeights(const VerifyingKey& key, const Heights& heights)
{
    if (heights.size() != key.chips.size()) return makeError(kBadShape, "number of chips");
    // Every row may send or receive each of its messages once: a message met p times would count as never.
    std::uint64_t messages = key.boundary.interactions.size();
    bool any = false;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        const VerifyingKey::ChipKey& chip = key.chips[i];
        if (!heights[i]) {
            if (!chip.optional) return makeError(kBadShape, chip.name + " is missing");
            continue;
        }
        any = true;
        if (*heights[i] < key.parameters.logFinal || *heights[i] > key.parameters.maxLogHeight())
            return makeError(kBadShape, chip.name + ": number of rows");
        if (chip.preprocessedLog && *chip.preprocessedLog != *heights[i])
            return makeError(kBadShape, chip.name + ": rows of the preprocessed columns");
        messages += std::uint64_t{chip.constraints.interactions.size()} << *heights[i];
    }
    if (!any) return makeError(kBadShape, "no chip");
    if (messages >= Element::kModulus) return makeError(kBadShape, "more messages than the field can count");
    return base::success();
}

void addBatch(Shape& shape, const VerifyingKey& key, BatchKind kind)
{
    BatchShape batch;
    batch.kind = kind;
    for (std::size_t i = 0; i < key.chips.size(); ++i) {
        if (!shape.heights[i]) continue;
        const VerifyingKey::ChipKey& chip = key.chips[i];
        MatrixShape matrix{i, *shape.heights[i], 0, 1};
        switch (kind) {
        case BatchKind::Preprocessed:
            matrix.width = chip.constraints.preprocessedWidth;
            matrix.points = chip.nextPreprocessed ? 2 : 1;
            break;
        case BatchKind::Main:
            matrix.width = chip.constraints.width;
            matrix.points = chip.nextMain ? 2 : 1;
            break;
        case BatchKind::LogUp:
            matrix.width = 4 * chip.batches.size();
            matrix.points = 2;
            break;
        case BatchKind::Quotient: matrix.width = kQuotientWidth; break;
        }
        if (matrix.width == 0) continue;
        batch.logDomain = std::max(batch.logDomain, matrix.log + key.parameters.logBlowup);
        batch.matrices.push_back(matrix);
    }
    // Rows of one height are summed up as one, so at the same points.
    for (MatrixShape& matrix : batch.matrices) {
        for (const MatrixShape& other : batch.matrices) {
            if (other.log == matrix.log) matrix.points = std::max(matrix.points, other.points);
        }
    }
    if (!batch.matrices.empty()) shape.batches.push_back(std::move(batch));
}

// Folds as far as possible at once, but stops at the height of every chip, whose openings join there.
void addFolds(Shape& shape, const Parameters& parameters)
{
    unsigned log = shape.maxLog;
    while (log > parameters.logFinal) {
        unsigned next = log > parameters.logFinal + kMaxLogArity ? log - kMaxLogArity : parameters.logFinal;
        for (const auto& height : shape.heights) {
            if (height && *height < log) next = std::max(next, *height);
        }
        shape.folds.push_back({log + parameters.logBlowup, log - next});
        log = next;
    }
}
} // namespace

base::Result<Shape> Shape::make(const VerifyingKey& key, const Heights& heights)
{
    BOWLINE_CHECK(checkHeights(key, heights));
    Shape out;
    out.heights = heights;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        if (heights[i] && !key.chips[i].batches.empty()) out.logUpChips.push_back(i);
    }
    for (const auto& height : heights) out.maxLog = std::max(out.maxLog, height.value_or(0));
    for (const BatchKind kind :
         {BatchKind::Preprocessed, BatchKind::Main, BatchKind::LogUp, BatchKind::Quotient}) {
        addBatch(out, key, kind);
    }
    addFolds(out, key.parameters);
    return out;
}

} // namespace bowline::stark
