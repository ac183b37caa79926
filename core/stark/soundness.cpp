// SPDX-License-Identifier: MIT
#include "core/stark/soundness.h"

#include "core/stark/hash.h"

#include <cmath>
#include <cstdio>

namespace bowline::stark {

namespace {
// What proximity costs in one regime: how far a word may be from the code, how many codewords are then near
// it, and the error of a random combination of two words.
struct Regime {
    double distance = 0;
    double list = 1;
    double rate = 0;
    unsigned multiplicity = 0; // 0: unique decoding

    [[nodiscard]] double linearError(double domain, double field) const
    {
        if (multiplicity == 0) return (distance * domain + 1) / field;
        const double m = multiplicity + 0.5;
        const double first =
            (2 * std::pow(m, 5) + 3 * m * distance * rate) / (3 * std::pow(rate, 1.5)) * domain;
        return (first + m / std::sqrt(rate)) / field;
    }
};

[[nodiscard]] Regime uniqueDecoding(double rate) { return {(1 - rate) / 2, 1, rate, 0}; }
[[nodiscard]] Regime johnson(double rate, unsigned m)
{
    const double root = std::sqrt(rate);
    return {1 - root - root / (2 * m), (m + 0.5) / root, rate, m};
}

struct Error {
    std::string name;
    unsigned work = 0;
    double value = 0;
};

// That a sample, one of p numbers, ends in so many zero bits: zero itself makes it a bit more than 2^-work.
[[nodiscard]] double chanceOf(unsigned work)
{
    constexpr double kModulus = Element::kModulus;
    return (std::floor((kModulus - 1) / std::ldexp(1.0, static_cast<int>(work))) + 1) / kModulus;
}

[[nodiscard]] std::vector<Error> errorsOf(const Parameters& p, const ProofBounds& b, const Regime& regime)
{
    const double field = std::pow(double{Element::kModulus}, 4);
    const double domain = std::ldexp(1.0, static_cast<int>(b.maxLogHeight + p.logBlowup));
    std::vector<Error> out;
    const auto add = [&out](const std::string& name, unsigned work, double error) {
        out.push_back({name, work, error * chanceOf(work)});
    };
    // A sum of fractions that is not zero as a function of alpha and beta has a numerator of this degree.
    add("LogUp challenges", p.logUpWork, b.messages * b.messageSize / field);
    add("constraint challenge", 0, regime.list * b.constraints / field);
    // Constraints and quotient differ in a polynomial of degree below 3 n, and one more n for the opened values.
    add("point out of the domain", p.deepWork, regime.list * 4 * b.rows / (field - 2 * domain));
    double joining = 0;
    double left = b.openings;
    for (unsigned log = 0; log < b.openingsOf.size(); ++log) {
        const double size = std::ldexp(1.0, static_cast<int>(log + p.logBlowup));
        joining += b.openingsOf[log] * regime.linearError(size, field);
        left -= b.openingsOf[log];
    }
    joining += std::max(left, 0.0) * regime.linearError(domain, field);
    add("joining of openings", p.batchWork, joining);
    // The fold of 2^k parts and what joins there is a curve of degree 2^k.
    double folds = 0;
    for (unsigned log = b.maxLogHeight; log > p.logFinal;) {
        const unsigned arity = std::min(kMaxLogArity, log - p.logFinal);
        folds += std::ldexp(regime.linearError(std::ldexp(1.0, int(log + p.logBlowup)), field), int(arity));
        log -= arity;
    }
    add("folding challenges", p.foldWork, folds);
    add("query positions", p.queryWork, std::pow(1 - regime.distance, p.queries));
    // Two rows with one digest, or two transcripts with one state: half of 8 elements.
    add("collision of the hash", 0, std::pow(double{Element::kModulus}, -4));
    return out;
}

[[nodiscard]] double bits(double error) { return -std::log2(error); }

[[nodiscard]] double totalBits(const std::vector<Error>& errors)
{
    double sum = 0;
    for (const Error& error : errors) sum += error.value;
    return bits(sum);
}
} // namespace

ProofBounds ProofBounds::of(const VerifyingKey& key, const Heights& heights)
{
    ProofBounds out;
    out.messages = double(key.boundary.interactions.size());
    const auto longest = [&out](const Constraints& of) {
        for (const Interaction& i : of.interactions)
            out.messageSize = std::max(out.messageSize, static_cast<unsigned>(i.fields.size() + 1));
    };
    longest(key.boundary);
    bool nextMain = false;
    bool nextPreprocessed = false;
    for (std::size_t i = 0; i < key.chips.size() && i < heights.size(); ++i) {
        nextMain = nextMain || (heights[i] && key.chips[i].nextMain);
        nextPreprocessed = nextPreprocessed || (heights[i] && key.chips[i].nextPreprocessed);
    }
    for (std::size_t i = 0; i < key.chips.size(); ++i) {
        if (i >= heights.size() || !heights[i]) continue;
        const VerifyingKey::ChipKey& chip = key.chips[i];
        const double rows = std::ldexp(1.0, static_cast<int>(*heights[i]));
        out.maxLogHeight = std::max(out.maxLogHeight, *heights[i]);
        out.rows += rows;
        out.messages += rows * double(chip.constraints.interactions.size());
        out.constraints += double(chip.constraints.assertions.size() + chip.batches.size());
        // Powers of the challenge: rows are filled up, and opened at the next point if any of their height is.
        const double openings =
            double(filledRow(chip.constraints.width) * (nextMain ? 2U : 1U) +
                   filledRow(chip.constraints.preprocessedWidth) * (nextPreprocessed ? 2U : 1U) +
                   2 * filledRow(4 * chip.batches.size()) + kQuotientWidth);
        out.openings += openings;
        out.openingsOf.at(*heights[i]) += openings;
        longest(chip.constraints);
    }
    return out;
}

SoundnessReport soundness(const Parameters& parameters, const ProofBounds& bounds)
{
    const double rate = std::ldexp(1.0, -static_cast<int>(parameters.logBlowup));
    const std::vector<Error> unique = errorsOf(parameters, bounds, uniqueDecoding(rate));
    std::vector<Error> best;
    SoundnessReport out;
    for (unsigned m = 1; m <= 64; ++m) {
        std::vector<Error> candidate = errorsOf(parameters, bounds, johnson(rate, m));
        if (!best.empty() && totalBits(candidate) <= totalBits(best)) continue;
        best = std::move(candidate);
        out.johnsonMultiplicity = m;
    }
    for (std::size_t i = 0; i < unique.size(); ++i)
        out.terms.push_back({unique[i].name, unique[i].work, bits(unique[i].value), bits(best[i].value)});
    out.unique = totalBits(unique);
    out.johnson = totalBits(best);
    return out;
}

std::string SoundnessReport::table(const std::string& title) const
{
    char line[160];
    std::string out = title + "\n";
    std::snprintf(line, sizeof line, "%-28s %6s %10s %10s\n", "", "work", "unique", "Johnson");
    out += line;
    for (const SoundnessTerm& term : terms) {
        std::snprintf(line, sizeof line, "%-28s %6u %10.1f %10.1f\n", term.name.c_str(), term.work,
                      term.unique, term.johnson);
        out += line;
    }
    std::snprintf(line, sizeof line, "%-28s %6s %10.1f %10.1f  (m = %u)\n", "all together", "", unique,
                  johnson, johnsonMultiplicity);
    return out + line;
}

} // namespace bowline::stark
