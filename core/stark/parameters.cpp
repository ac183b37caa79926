// SPDX-License-Identifier: MIT
#include "core/stark/parameters.h"

#include "core/stark/air.h"

namespace bowline::stark {

namespace {
constexpr std::uint32_t kVersion = 2;
} // namespace

field::DigestWords Parameters::digest() const
{
    const std::array<std::uint32_t, 18> numbers{kVersion,
                                                field::Element::kModulus - 1,
                                                4, // the extension's degree and its x^4 = 3
                                                3,
                                                16,
                                                8,
                                                20, // width, full and partial rounds of Poseidon2
                                                field::Element::kGenerator,
                                                kLogFinal,
                                                kMaxLogArity,
                                                kMaxDegree,
                                                logBlowup,
                                                queries,
                                                logUpWork,
                                                deepWork,
                                                batchWork,
                                                foldWork,
                                                queryWork};
    std::array<field::Element, numbers.size()> elements;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        elements[i] = field::Element::from(numbers[i]);
    }
    return field::spongeOf(field::SpongeTag::ProofParameters, elements);
}

base::Status Parameters::check() const
{
    if (logBlowup < 1 || logBlowup > 8) return base::makeError(kBadParameters, "blowup");
    if (queries < 1 || queries > 512) return base::makeError(kBadParameters, "queries");
    for (const unsigned bits : {logUpWork, deepWork, batchWork, foldWork, queryWork}) {
        if (bits > kMaxWorkBits) return base::makeError(kBadParameters, "bits of work");
    }
    return base::success();
}

} // namespace bowline::stark
