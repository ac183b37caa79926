// SPDX-License-Identifier: MIT
#include "app/zkvm/profile.h"

#include <algorithm>

namespace bowline::zkvm_cli {

namespace {
constexpr std::uint32_t kSymbolTable = 2;
constexpr unsigned kFunction = 2;
constexpr std::size_t kSectionHeaderBytes = 40;
constexpr std::size_t kSymbolBytes = 16;

// Numbers of a file; what lies outside of it reads as zero.
struct Words {
    base::ByteView file;

    [[nodiscard]] std::uint32_t u8(std::size_t at) const { return at < file.size() ? file[at] : 0U; }
    [[nodiscard]] std::uint32_t u16(std::size_t at) const { return u8(at) | u8(at + 1) << 8U; }
    [[nodiscard]] std::uint32_t u32(std::size_t at) const { return u16(at) | u16(at + 2) << 16U; }
    [[nodiscard]] std::string text(std::size_t at) const
    {
        std::string out;
        while (u8(at) != 0) out += static_cast<char>(u8(at++));
        return out;
    }
};
} // namespace

std::vector<Symbol> functionsOf(base::ByteView elf)
{
    std::vector<Symbol> out;
    const Words words{elf};
    const std::size_t sections = words.u32(0x20);
    for (std::size_t i = 0; i < words.u16(0x30); ++i) {
        const std::size_t header = sections + i * kSectionHeaderBytes;
        if (words.u32(header + 4) != kSymbolTable) continue;
        const std::size_t names = words.u32(sections + words.u32(header + 24) * kSectionHeaderBytes + 16);
        const std::size_t begin = words.u32(header + 16);
        const std::size_t end = std::min<std::size_t>(begin + words.u32(header + 20), elf.size());
        for (std::size_t at = begin; at + kSymbolBytes <= end; at += kSymbolBytes) {
            if ((words.u8(at + 12) & 15U) != kFunction) continue;
            out.push_back({words.u32(at + 4), words.u32(at + 8), words.text(names + words.u32(at))});
        }
    }
    std::sort(out.begin(), out.end(), [](const Symbol& a, const Symbol& b) { return a.address < b.address; });
    return out;
}

ProfileTracer::ProfileTracer(const zkvm::Image& image)
{
    for (const zkvm::TextRange& range : image.text)
        m_ranges.push_back({range.base, std::vector<std::uint64_t>(range.words.size())});
}

boost::json::object ProfileTracer::byFunction(base::ByteView elf) const
{
    const std::vector<Symbol> functions = functionsOf(elf);
    std::map<std::string, std::uint64_t> sums;
    for (const Range& range : m_ranges) {
        for (std::size_t i = 0; i < range.counts.size(); ++i) {
            if (range.counts[i] == 0) continue;
            const auto pc = range.base + static_cast<std::uint32_t>(4 * i);
            const auto next =
                std::upper_bound(functions.begin(), functions.end(), pc,
                                 [](std::uint32_t at, const Symbol& symbol) { return at < symbol.address; });
            const bool named =
                next != functions.begin() && pc - std::prev(next)->address < std::prev(next)->size;
            const bool isKernel = pc >= BOWLINE_KERNEL_BASE;
            sums[named ? std::prev(next)->name : isKernel ? "kernel" : "?"] += range.counts[i];
        }
    }
    std::vector<std::pair<std::string, std::uint64_t>> sorted(sums.begin(), sums.end());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.second > b.second; });
    boost::json::object out;
    for (const auto& [name, count] : sorted) out[name] = count;
    return out;
}

} // namespace bowline::zkvm_cli
