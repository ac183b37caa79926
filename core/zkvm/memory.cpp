// SPDX-License-Identifier: MIT
#include "core/zkvm/memory.h"

namespace bowline::zkvm {

Memory::Memory(const Text& text, std::size_t maxPages)
    : m_text(&text), m_maxPages(maxPages), m_readable(emptyTable<const std::uint32_t*>()),
      m_writable(emptyTable<std::uint32_t*>())
{
}

Page* Memory::ensurePage(std::uint32_t index)
{
    const auto found = m_pages.find(index);
    if (found != m_pages.end()) return found->second.get();
    if (index >= kTableSize || !isAddress(index * kPageBytes) || m_pages.size() >= m_maxPages) return nullptr;
    Page* page = m_pages.emplace(index, std::make_unique<Page>()).first->second.get();
    m_readable[index] = page->data();
    if (!m_text->overlaps(index * kPageBytes, kPageBytes)) m_writable[index] = page->data();
    return page;
}

Access Memory::storeSlowly(std::uint32_t address, std::uint32_t word)
{
    if (!isAddress(address)) return Access::BadAddress;
    if (m_text->overlaps(address, 4)) return Access::WriteToText;
    Page* page = ensurePage(address / kPageBytes);
    if (page == nullptr) return Access::OutOfMemory;
    (*page)[address % kPageBytes / 4] = word;
    return Access::Ok;
}

const Page* Memory::page(std::uint32_t index) const
{
    const auto found = m_pages.find(index);
    return found == m_pages.end() ? nullptr : found->second.get();
}

std::vector<std::uint32_t> Memory::pageIndices() const
{
    std::vector<std::uint32_t> out;
    out.reserve(m_pages.size());
    for (const auto& [index, page] : m_pages) out.push_back(index);
    return out;
}

bool Memory::setPage(std::uint32_t index, const Page& content)
{
    Page* page = ensurePage(index);
    if (page == nullptr) return false;
    *page = content;
    return true;
}

base::Bytes Memory::bytes(std::uint32_t address, std::uint32_t size) const
{
    base::Bytes out;
    for (std::uint64_t at = address; at < std::uint64_t{address} + size && at < kMemoryEnd; ++at) {
        std::uint32_t word = 0;
        if (load(static_cast<std::uint32_t>(at) & ~3U, word) != Access::Ok) break;
        out.push_back(static_cast<std::uint8_t>(word >> 8 * (at % 4)));
    }
    return out;
}

} // namespace bowline::zkvm
