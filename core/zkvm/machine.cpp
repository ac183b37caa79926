// SPDX-License-Identifier: MIT
#include "core/zkvm/machine.h"

#include "core/zkvm/machine_run.h"

namespace bowline::zkvm {

std::string_view faultName(Fault fault)
{
    switch (fault) {
    case Fault::None: return "none";
    case Fault::BadJump: return "bad-jump";
    case Fault::BadInstruction: return "bad-instruction";
    case Fault::BadAddress: return "bad-address";
    case Fault::WriteToText: return "write-to-text";
    case Fault::Overflow: return "overflow";
    case Fault::Trap: return "trap";
    case Fault::BadPrimitive: return "bad-primitive";
    }
    return "unknown";
}

Result<std::unique_ptr<Machine>> Machine::create(const Image& image, base::Bytes input,
                                                 MachineOptions options)
{
    BOWLINE_TRY(Text text, Text::decoded(image.text));
    auto core = std::make_unique<Core>(std::move(text), options.maxPages);
    for (const auto& [index, page] : image.pages) {
        if (!core->memory.setPage(index, page))
            return base::makeError(kTooLarge, "the program alone needs more memory than allowed");
    }
    core->r = image.registers;
    core->pc = image.pc;
    core->npc = image.npc;
    core->input = std::move(input);
    core->options = std::move(options);
    auto out = std::unique_ptr<Machine>(new Machine(std::move(core)));
    out->m_kernelVersion = image.kernelVersion;
    return out;
}

Stop Machine::run(std::uint64_t limit)
{
    NullTracer tracer;
    return run(limit, tracer);
}

Image Machine::image() const
{
    Image out;
    out.kernelVersion = m_kernelVersion;
    out.pc = m_core->pc;
    out.npc = m_core->npc;
    out.registers = m_core->r;
    out.text = m_core->text.ranges();
    for (const std::uint32_t index : m_core->memory.pageIndices())
        out.pages.emplace_hint(out.pages.end(), index, *m_core->memory.page(index));
    return out;
}

Result<Outcome> outcomeOf(const Machine& machine)
{
    const Memory& memory = machine.memory();
    const base::Bytes digest = memory.bytes(BOWLINE_RESULT, 32);
    const auto word = [&memory](std::uint32_t address) {
        std::uint32_t out = 0;
        return memory.load(address, out) == Access::Ok ? out : 0;
    };
    const std::uint32_t length = word(BOWLINE_RESULT + 32);
    if (length > BOWLINE_JOURNAL_MAX) return base::makeError(kBadJournal, "its length");
    Outcome out;
    out.detail = word(BOWLINE_RESULT + 36);
    out.journal = memory.bytes(BOWLINE_JOURNAL, length);
    out.journalDigest = field::hashBytes(kJournalTag, out.journal);
    if (!std::equal(digest.begin(), digest.end(), out.journalDigest.bytes.begin(),
                    out.journalDigest.bytes.end()))
        return base::makeError(kBadJournal, "its digest is of something else");
    return out;
}

} // namespace bowline::zkvm
