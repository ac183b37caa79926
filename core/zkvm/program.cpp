// SPDX-License-Identifier: MIT
#include "core/zkvm/program.h"

namespace bowline::zkvm {

namespace {

// Numbers of the protocol, beside those of core/field/sponge.h.
constexpr auto kProgramTag = static_cast<field::SpongeTag>(33);
constexpr auto kTextTag = static_cast<field::SpongeTag>(34);

void appendWord(std::vector<field::Element>& out, std::uint32_t word)
{
    out.push_back(field::Element::from(word & 0xffffU));
    out.push_back(field::Element::from(word >> 16U));
}

void appendDigest(std::vector<field::Element>& out, const field::FieldDigest& digest)
{
    const auto elements = field::elementsOf(digest.view());
    out.insert(out.end(), elements.begin(), elements.end());
}

} // namespace

field::FieldDigest textDigest(const std::vector<TextRange>& text)
{
    std::vector<field::Element> elements;
    appendWord(elements, static_cast<std::uint32_t>(text.size()));
    for (const TextRange& range : text) {
        appendWord(elements, range.base);
        appendWord(elements, static_cast<std::uint32_t>(range.words.size()));
        for (const std::uint32_t word : range.words) appendWord(elements, word);
    }
    return field::hashElements(kTextTag, elements);
}

field::FieldDigest programId(const Image& image)
{
    std::vector<field::Element> elements;
    appendDigest(elements, textDigest(image.text));
    appendDigest(elements, rootOf(image));
    appendWord(elements, image.pc);
    appendWord(elements, image.npc);
    appendWord(elements, image.kernelVersion);
    return field::hashElements(kProgramTag, elements);
}

Result<Snapshot> takeSnapshot(const Image& image, std::uint64_t limit, MachineOptions options)
{
    options.stopBeforeHint = true;
    BOWLINE_TRY(const auto machine, Machine::create(image, {}, std::move(options)));
    const Stop stop = machine->run(limit);
    switch (stop.reason) {
    case StopReason::BeforeHint: return Snapshot{machine->image(), machine->cycles()};
    case StopReason::Halted:
        return base::makeError(kNoSnapshot, "the program ends without reading its input");
    case StopReason::Limit:
        return base::makeError(kNoSnapshot, "the limit was reached before the input is read");
    case StopReason::OutOfMemory: return base::makeError(kTooLarge, "more memory than allowed");
    case StopReason::Fault: break;
    }
    return base::makeError(kNoSnapshot,
                           "fault before the input is read: " + std::string(faultName(stop.fault)));
}

} // namespace bowline::zkvm
