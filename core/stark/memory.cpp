// SPDX-License-Identifier: MIT
#include "core/stark/memory.h"

#include "core/stark/commitment.h"

namespace bowline::stark {

namespace {
constexpr std::uint64_t kElementBytes = sizeof(field::Element);
constexpr std::uint64_t kExtensionBytes = 4 * kElementBytes;
constexpr std::uint64_t kDigestBytes = 8 * kElementBytes;

// As core/field/cells.h takes memory.
[[nodiscard]] std::uint64_t cells(std::uint64_t count)
{
    constexpr std::uint64_t kLargePage = std::uint64_t{2} << 20U;
    const std::uint64_t bytes = count * kElementBytes;
    return bytes < kLargePage ? bytes : (bytes + kLargePage - 1) / kLargePage * kLargePage;
}
} // namespace

std::uint64_t traceBytes(const VerifyingKey& key, const Heights& heights)
{
    std::uint64_t out = 0;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        if (heights[i]) out += cells(std::uint64_t{key.chips[i].constraints.width} << *heights[i]);
    }
    return out;
}

std::uint64_t proverBytes(const VerifyingKey& key, const Heights& heights)
{
    const unsigned logBlowup = key.parameters.logBlowup;
    const unsigned kept = keptLogBlowupOf(logBlowup);
    std::uint64_t committed = 0;    // columns of all batches on the part of the larger domain that is kept
    std::uint64_t coefficients = 0; // of the same columns, while the rest is computed
    std::uint64_t oneChip = 0;      // LogUp's trace, or the quotient before it is extended, of one chip
    std::uint64_t present = 0;      // bit h: a table of 2^h rows
    unsigned tallest = 0;
    for (std::size_t i = 0; i < heights.size(); ++i) {
        if (!heights[i]) continue;
        const unsigned log = *heights[i];
        const std::uint64_t logUp = 4 * std::uint64_t{key.chips[i].batches.size()};
        for (const std::uint64_t width :
             {std::uint64_t{key.chips[i].constraints.width}, logUp, std::uint64_t{kQuotientWidth}}) {
            committed += cells(width << (log + kept));
            if (kept < logBlowup) coefficients += cells(width << log);
        }
        // Two cosets of 4 columns, the halves, the selectors' three columns and what they are copied from.
        const std::uint64_t quotient = 2 * cells(std::uint64_t{4} << log) + cells(kQuotientWidth << log) +
                                       cells(std::uint64_t{4} << log);
        oneChip = std::max({oneChip, cells(logUp << log), quotient});
        present |= std::uint64_t{1} << log;
        tallest = std::max(tallest, log);
    }
    const std::uint64_t domain = std::uint64_t{1} << (tallest + logBlowup);
    // A tree has two digests a leaf, and half as many more while it is built.
    const std::uint64_t trees = 3 * 2 * domain * kDigestBytes + domain * kDigestBytes / 2;
    // Of `present` rows on the larger domain: points and factors of the transforms, in all as if each were one table.
    const std::uint64_t points = (present << logBlowup) * 2 * kElementBytes + 8 * domain * kElementBytes;
    const std::uint64_t inverses = 2 * (present << logBlowup) * kExtensionBytes;
    const std::uint64_t joined = (present << logBlowup) * kExtensionBytes;
    // Layers of FRI, a fold in several steps, and its trees.
    const std::uint64_t folding = domain * (2 * kExtensionBytes + kDigestBytes);
    const std::uint64_t last = std::max({oneChip, inverses + joined, joined + folding});
    return traceBytes(key, heights) + committed + coefficients + trees + points + last;
}

} // namespace bowline::stark
