// SPDX-License-Identifier: MIT
#include "core/zkvm/elf.h"

#include "core/base/serial.h"

namespace bowline::zkvm {

namespace {

constexpr std::uint32_t kLoad = 1;
constexpr std::uint32_t kInterpreter = 3;
constexpr std::uint32_t kSegmentExecutable = 1;
constexpr std::uint32_t kSectionProgBits = 1;
constexpr std::uint32_t kSectionAllocated = 2;
constexpr std::uint32_t kSectionExecutable = 4;
constexpr std::size_t kSegmentHeaderBytes = 32;
constexpr std::size_t kSectionHeaderBytes = 40;
constexpr std::uint16_t kMaxHeaders = 256;

struct Header {
    std::uint32_t entry = 0;
    std::uint32_t segmentsAt = 0;
    std::uint32_t sectionsAt = 0;
    std::uint16_t segmentCount = 0;
    std::uint16_t sectionCount = 0;
};

struct Segment {
    std::uint32_t type = 0;
    std::uint32_t offset = 0;
    std::uint32_t address = 0;
    std::uint32_t fileSize = 0;
    std::uint32_t memorySize = 0;
    std::uint32_t flags = 0;

    [[nodiscard]] std::uint64_t end() const { return std::uint64_t{address} + memorySize; }
};

struct Section {
    std::uint32_t type = 0;
    std::uint32_t flags = 0;
    std::uint32_t address = 0;
    std::uint32_t size = 0;
};

[[nodiscard]] base::Error bad(std::string detail) { return base::makeError(kBadElf, std::move(detail)); }

// The architecture level in e_flags: MIPS I, II, 32 and 32r2 are subsets of what the machine executes.
[[nodiscard]] bool isSupportedArchitecture(std::uint32_t flags)
{
    const std::uint32_t level = flags & 0xf0000000U;
    const bool compressed = (flags & 0x06000000U) != 0; // MIPS16e or microMIPS
    const bool wide = (flags & 0x00000020U) != 0;       // n32
    return !compressed && !wide &&
           (level == 0 || level == 0x10000000U || level == 0x50000000U || level == 0x70000000U);
}

[[nodiscard]] Result<Header> readHeader(base::ByteView file)
{
    base::Reader reader(file);
    const auto identity = reader.array<16>();
    const std::uint16_t type = reader.u16le();
    const std::uint16_t machine = reader.u16le();
    const std::uint32_t version = reader.u32le();
    Header out;
    out.entry = reader.u32le();
    out.segmentsAt = reader.u32le();
    out.sectionsAt = reader.u32le();
    const std::uint32_t flags = reader.u32le();
    const std::uint16_t headerSize = reader.u16le();
    const std::uint16_t segmentSize = reader.u16le();
    out.segmentCount = reader.u16le();
    const std::uint16_t sectionSize = reader.u16le();
    out.sectionCount = reader.u16le();
    static_cast<void>(reader.u16le());
    if (!looksLikeElf(file)) return bad("no ELF file");
    if (reader.failed()) return bad("it ends early");
    if (identity[4] != 1 || identity[5] != 1 || identity[6] != 1 || version != 1 || headerSize != 52)
        return bad("not 32 bits little-endian");
    if (machine != 8 || type != 2) return bad("not a statically linked MIPS executable");
    if (!isSupportedArchitecture(flags)) return bad("not for MIPS32 up to release 2");
    if (out.segmentCount == 0 || out.segmentCount > kMaxHeaders || segmentSize != kSegmentHeaderBytes)
        return bad("program headers");
    if (out.sectionCount > kMaxHeaders || (out.sectionCount > 0 && sectionSize != kSectionHeaderBytes))
        return bad("section headers");
    return out;
}

// A reader at `count` entries of `size` bytes, or an error if they are not all inside the file.
[[nodiscard]] Result<base::Reader> tableAt(base::ByteView file, std::uint32_t at, std::size_t count,
                                           std::size_t size)
{
    if (at > file.size() || count * size > file.size() - at) return bad("a header table outside of the file");
    return base::Reader(file.subspan(at, count * size));
}

[[nodiscard]] Result<std::vector<Segment>> readSegments(base::ByteView file, const Header& header)
{
    BOWLINE_TRY(auto reader, tableAt(file, header.segmentsAt, header.segmentCount, kSegmentHeaderBytes));
    std::vector<Segment> out;
    for (std::uint16_t i = 0; i < header.segmentCount; ++i) {
        Segment segment;
        segment.type = reader.u32le();
        segment.offset = reader.u32le();
        segment.address = reader.u32le();
        static_cast<void>(reader.u32le()); // physical address
        segment.fileSize = reader.u32le();
        segment.memorySize = reader.u32le();
        segment.flags = reader.u32le();
        static_cast<void>(reader.u32le()); // alignment
        if (segment.type == kInterpreter) return bad("dynamically linked");
        if (segment.type == kLoad && segment.memorySize > 0) out.push_back(segment);
    }
    return out;
}

[[nodiscard]] base::Status checkSegments(base::ByteView file, const std::vector<Segment>& segments,
                                         std::uint32_t lowest, std::uint32_t highest)
{
    std::uint64_t total = 0;
    std::uint64_t end = lowest;
    for (const Segment& segment : segments) {
        total += segment.memorySize;
        if (segment.address < end || segment.end() > highest)
            return bad("segments overlap, are not in order or lie outside of a program's addresses");
        // Linkers give a segment of zeros any offset.
        const bool inFile = segment.fileSize == 0 || (segment.offset <= file.size() &&
                                                      segment.fileSize <= file.size() - segment.offset);
        if (segment.fileSize > segment.memorySize || !inFile) return bad("a segment outside of the file");
        if (total > kMaxProgramBytes) return bad("too large");
        end = segment.end();
    }
    return base::success();
}

// Only executable code with content in one piece inside an executable segment counts.
[[nodiscard]] Result<std::vector<Section>> readExecutableSections(base::ByteView file, const Header& header)
{
    std::vector<Section> out;
    if (header.sectionCount == 0) return out;
    BOWLINE_TRY(auto reader, tableAt(file, header.sectionsAt, header.sectionCount, kSectionHeaderBytes));
    for (std::uint16_t i = 0; i < header.sectionCount; ++i) {
        Section section;
        static_cast<void>(reader.u32le()); // name
        section.type = reader.u32le();
        section.flags = reader.u32le();
        section.address = reader.u32le();
        static_cast<void>(reader.u32le()); // offset: the segment's bytes are what is loaded
        section.size = reader.u32le();
        static_cast<void>(reader.bytes(16));
        const std::uint32_t wanted = kSectionAllocated | kSectionExecutable;
        if (section.type == kSectionProgBits && (section.flags & wanted) == wanted && section.size > 0)
            out.push_back(section);
    }
    return out;
}

void copySegment(base::ByteView file, const Segment& segment, Pages& pages)
{
    Page* page = nullptr;
    std::uint32_t pageIndex = 0;
    for (std::uint32_t i = 0; i < segment.fileSize; ++i) {
        const std::uint8_t byte = file[segment.offset + i];
        if (byte == 0) continue;
        const std::uint32_t address = segment.address + i;
        if (page == nullptr || pageIndex != address / kPageBytes) {
            pageIndex = address / kPageBytes;
            page = &pages[pageIndex];
        }
        (*page)[address % kPageBytes / 4] |= std::uint32_t{byte} << 8 * (address % 4);
    }
}

[[nodiscard]] TextRange wordsOf(const Pages& pages, std::uint32_t begin, std::uint32_t end)
{
    TextRange out;
    out.base = (begin + 3) & ~3U;
    for (std::uint32_t at = out.base; at + 4 <= end; at += 4) {
        const auto page = pages.find(at / kPageBytes);
        out.words.push_back(page == pages.end() ? 0 : page->second[at % kPageBytes / 4]);
    }
    return out;
}

[[nodiscard]] Result<std::vector<TextRange>>
textOf(const ElfProgram& program, const std::vector<Segment>& segments, const std::vector<Section>& sections)
{
    std::vector<TextRange> out;
    const auto add = [&](std::uint32_t begin, std::uint32_t end) {
        TextRange range = wordsOf(program.pages, begin, end);
        if (!range.words.empty()) out.push_back(std::move(range));
    };
    for (const Segment& segment : segments) {
        if ((segment.flags & kSegmentExecutable) == 0) continue;
        const std::uint32_t fileEnd = segment.address + segment.fileSize;
        if (sections.empty()) add(segment.address, fileEnd);
        std::uint64_t last = segment.address;
        for (const Section& section : sections) {
            const std::uint64_t end = std::uint64_t{section.address} + section.size;
            if (section.address < segment.address || end > fileEnd) continue;
            if (section.address < last) return bad("executable sections overlap or are not in order");
            add(section.address, static_cast<std::uint32_t>(end));
            last = end;
        }
    }
    if (out.empty()) return bad("no code");
    return out;
}

} // namespace

bool looksLikeElf(base::ByteView file)
{
    return file.size() >= 4 && file[0] == 0x7f && file[1] == 'E' && file[2] == 'L' && file[3] == 'F';
}

Result<ElfProgram> parseElf(base::ByteView file, std::uint32_t lowest, std::uint32_t highest)
{
    BOWLINE_TRY(const Header header, readHeader(file));
    BOWLINE_TRY(const auto segments, readSegments(file, header));
    BOWLINE_CHECK(checkSegments(file, segments, lowest, highest));
    BOWLINE_TRY(const auto sections, readExecutableSections(file, header));
    ElfProgram out;
    out.entry = header.entry;
    for (const Segment& segment : segments) {
        copySegment(file, segment, out.pages);
        out.end = static_cast<std::uint32_t>(segment.end());
    }
    BOWLINE_TRY(out.text, textOf(out, segments, sections));
    for (const TextRange& range : out.text) {
        if (header.entry >= range.base && header.entry < range.end() && header.entry % 4 == 0) return out;
    }
    return bad("the entry is not in the code");
}

} // namespace bowline::zkvm
