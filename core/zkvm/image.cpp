// SPDX-License-Identifier: MIT
#include "core/zkvm/image.h"

#include "core/base/serial.h"
#include "core/zkvm/elf.h"
#include "core/zkvm/kernel.h"

#include <algorithm>

namespace bowline::zkvm {

namespace {

constexpr std::string_view kMagic = "BWLZKIMG";
constexpr std::uint32_t kVersion = 1;
constexpr std::uint32_t kMaxRanges = 1024;
constexpr std::uint32_t kMaxImagePages = kMaxProgramBytes / kPageBytes;

[[nodiscard]] base::Error bad(std::string detail) { return base::makeError(kBadImage, std::move(detail)); }

[[nodiscard]] bool isZero(const Page& page)
{
    return std::all_of(page.begin(), page.end(), [](std::uint32_t word) { return word == 0; });
}

void setWord(Pages& pages, std::uint32_t address, std::uint32_t word)
{
    pages[address / kPageBytes][address % kPageBytes / 4] = word;
}

[[nodiscard]] std::uint32_t wordAt(const Pages& pages, std::uint32_t address)
{
    const auto page = pages.find(address / kPageBytes);
    return page == pages.end() ? 0 : page->second[address % kPageBytes / 4];
}

// The registers that a machine could not have in any state.
[[nodiscard]] bool areReachable(const Registers& registers)
{
    return registers[0] == 0 && registers[37] == 0 && registers[38] == 0 && registers[39] == 0;
}

struct RangeHeader {
    std::uint32_t base = 0;
    std::uint32_t words = 0;
};

[[nodiscard]] Result<std::vector<RangeHeader>> readRanges(base::Reader& reader)
{
    const std::uint32_t count = reader.u32le();
    if (count > kMaxRanges) return bad("too many code ranges");
    std::vector<RangeHeader> out;
    std::uint64_t end = 0;
    std::uint64_t total = 0;
    for (std::uint32_t i = 0; i < count && !reader.failed(); ++i) {
        RangeHeader range;
        range.base = reader.u32le();
        range.words = reader.u32le();
        const std::uint64_t rangeEnd = range.base + std::uint64_t{range.words} * 4;
        total += range.words;
        if (range.words == 0 || range.base % 4 != 0 || range.base < kMemoryBegin || range.base < end ||
            rangeEnd > kMemoryEnd || total > kMaxTextWords)
            return bad("code ranges");
        end = rangeEnd;
        out.push_back(range);
    }
    return out;
}

[[nodiscard]] Result<Pages> readPages(base::Reader& reader)
{
    const std::uint32_t count = reader.u32le();
    if (count > kMaxImagePages || std::uint64_t{count} * (4 + kPageBytes) > reader.remaining())
        return bad("page count");
    Pages out;
    for (std::uint32_t i = 0; i < count; ++i) {
        const std::uint32_t index = reader.u32le();
        if (index >= kMemoryEnd / kPageBytes || index < kMemoryBegin / kPageBytes ||
            (!out.empty() && out.rbegin()->first >= index))
            return bad("page index");
        Page page{};
        for (std::uint32_t& word : page) word = reader.u32le();
        if (isZero(page)) return bad("a page of zeros");
        out.emplace_hint(out.end(), index, page);
    }
    return out;
}

} // namespace

base::Bytes Image::serialize() const
{
    base::Writer out;
    out.bytes(base::viewOf(kMagic));
    out.u32le(kVersion);
    out.u32le(kernelVersion);
    out.u32le(pc);
    out.u32le(npc);
    for (const std::uint32_t word : registers) out.u32le(word);
    out.u32le(static_cast<std::uint32_t>(text.size()));
    for (const TextRange& range : text) {
        out.u32le(range.base);
        out.u32le(static_cast<std::uint32_t>(range.words.size()));
    }
    const auto count =
        std::count_if(pages.begin(), pages.end(), [](const auto& p) { return !isZero(p.second); });
    out.u32le(static_cast<std::uint32_t>(count));
    for (const auto& [index, page] : pages) {
        if (isZero(page)) continue;
        out.u32le(index);
        for (const std::uint32_t word : page) out.u32le(word);
    }
    return out.take();
}

Result<Image> Image::parse(base::ByteView file)
{
    base::Reader reader(file);
    if (!looksLikeImage(file)) return bad("no image file");
    static_cast<void>(reader.bytes(kMagic.size()));
    if (reader.u32le() != kVersion) return bad("another version");
    Image out;
    out.kernelVersion = reader.u32le();
    out.pc = reader.u32le();
    out.npc = reader.u32le();
    for (std::uint32_t& word : out.registers) word = reader.u32le();
    if (reader.failed()) return bad("it ends early");
    if (!areReachable(out.registers)) return bad("registers");
    BOWLINE_TRY(const auto ranges, readRanges(reader));
    BOWLINE_TRY(out.pages, readPages(reader));
    if (!reader.finish().ok()) return bad("it ends early, or late");
    for (const RangeHeader& header : ranges) {
        TextRange range{header.base, {}};
        range.words.reserve(header.words);
        for (std::uint32_t i = 0; i < header.words; ++i)
            range.words.push_back(wordAt(out.pages, header.base + 4 * i));
        out.text.push_back(std::move(range));
    }
    return out;
}

bool looksLikeImage(base::ByteView file)
{
    const base::ByteView magic = base::viewOf(kMagic);
    return file.size() >= magic.size() && std::equal(magic.begin(), magic.end(), file.begin());
}

Result<Image> bareImageFromElf(base::ByteView elf)
{
    BOWLINE_TRY(ElfProgram program, parseElf(elf, BOWLINE_MEMORY_BEGIN, BOWLINE_MEMORY_END));
    Image out;
    out.pc = program.entry;
    out.npc = program.entry + 4;
    out.pages = std::move(program.pages);
    out.text = std::move(program.text);
    return out;
}

Result<Image> imageFromElf(base::ByteView elf)
{
    BOWLINE_TRY(ElfProgram guest, parseElf(elf, BOWLINE_MEMORY_BEGIN, BOWLINE_ARENA_BASE));
    BOWLINE_TRY(ElfProgram kernel, parseElf(kernelElf(), BOWLINE_KERNEL_BASE, BOWLINE_BOOT));
    Image out;
    out.pc = kernel.entry;
    out.npc = kernel.entry + 4;
    out.pages = std::move(guest.pages);
    out.pages.merge(kernel.pages);
    setWord(out.pages, BOWLINE_BOOT, guest.entry);
    setWord(out.pages, BOWLINE_BOOT + 4, (guest.end + kPageBytes - 1) / kPageBytes * kPageBytes);
    out.text = std::move(guest.text);
    out.text.insert(out.text.end(), kernel.text.begin(), kernel.text.end());
    return out;
}

Result<Image> imageFromFile(base::ByteView file)
{
    return looksLikeImage(file) ? Image::parse(file) : imageFromElf(file);
}

} // namespace bowline::zkvm
