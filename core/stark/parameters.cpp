// SPDX-License-Identifier: MIT
#include "core/stark/parameters.h"

#include "core/stark/air.h"

#include <vector>

namespace bowline::stark {

namespace {
constexpr std::uint32_t kVersion = 2;
} // namespace

field::DigestWords Parameters::digest() const
{
    std::vector<std::uint32_t> numbers{kVersion,
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
    if (hash != HashKind::Poseidon2 || logFinal != kLogFinal) {
        numbers.push_back(static_cast<std::uint32_t>(hash));
        numbers.push_back(logFinal);
    }
    std::vector<field::Element> elements;
    for (const std::uint32_t number : numbers) elements.push_back(field::Element::from(number));
    return field::spongeOf(field::SpongeTag::ProofParameters, elements);
}

base::Status Parameters::check() const
{
    if (logBlowup < 1 || logBlowup > 8) return base::makeError(kBadParameters, "blowup");
    if (queries < 1 || queries > 512) return base::makeError(kBadParameters, "queries");
    for (const unsigned bits : {logUpWork, deepWork, batchWork, foldWork, queryWork}) {
        if (bits > (hash == HashKind::Blake3 ? kMaxWorkBitsOfBlake3 : kMaxWorkBits))
            return base::makeError(kBadParameters, "bits of work");
    }
    if (logFinal < kLogFinal || logFinal > kMaxLogFinal)
        return base::makeError(kBadParameters, "final polynomial");
    return base::success();
}

} // namespace bowline::stark
