// SPDX-License-Identifier: MIT
// The guest's memory: pages of 4 KiB that exist once something is stored in them; all others read as zero.
//
// Words are kept in the host's order; bytes inside a word are little-endian whatever the host is.
#pragma once

#include "core/base/bytes.h"
#include "core/zkvm/text.h"

#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <new>

namespace bowline::zkvm {

using Page = std::array<std::uint32_t, kPageWords>;
/// By page index (address / 4096); pages that are missing are zero.
using Pages = std::map<std::uint32_t, Page>;

enum class Access : std::uint8_t { Ok, BadAddress, WriteToText, OutOfMemory };

class Memory {
public:
    /// `text` outlives the memory. At most `maxPages` pages exist at any time.
    Memory(const Text& text, std::size_t maxPages);

    /// The word at a multiple of 4.
    [[nodiscard]] Access load(std::uint32_t address, std::uint32_t& out) const
    {
        const std::uint32_t* page = m_readable[address / kPageBytes];
        if (page != nullptr) [[likely]] {
            out = page[address % kPageBytes / 4];
            return Access::Ok;
        }
        out = 0;
        return isAddress(address) ? Access::Ok : Access::BadAddress;
    }
    [[nodiscard]] Access store(std::uint32_t address, std::uint32_t word)
    {
        std::uint32_t* page = m_writable[address / kPageBytes];
        if (page == nullptr) [[unlikely]]
            return storeSlowly(address, word);
        page[address % kPageBytes / 4] = word;
        return Access::Ok;
    }

    /// The page with that index, or nullptr if it is all zero and was never written.
    [[nodiscard]] const Page* page(std::uint32_t index) const;
    /// Indices of all pages that exist, ascending.
    [[nodiscard]] std::vector<std::uint32_t> pageIndices() const;
    [[nodiscard]] std::size_t pageCount() const { return m_pages.size(); }
    /// Puts a page in place, text or not. False when there is no room or it is outside of the memory.
    [[nodiscard]] bool setPage(std::uint32_t index, const Page& content);
    /// `size` bytes from any address; bytes outside of the memory are left out.
    [[nodiscard]] base::Bytes bytes(std::uint32_t address, std::uint32_t size) const;

private:
    [[nodiscard]] Access storeSlowly(std::uint32_t address, std::uint32_t word);
    [[nodiscard]] Page* ensurePage(std::uint32_t index);

    static constexpr std::size_t kTableSize = std::size_t{1} << 20U;
    // Zeros that the operating system makes when they are touched: most never are.
    struct Free {
        void operator()(void* memory) const { std::free(memory); }
    };
    template <typename Pointer>
    using Table = std::unique_ptr<Pointer[], Free>;
    template <typename Pointer>
    [[nodiscard]] static Table<Pointer> emptyTable()
    {
        void* memory = std::calloc(kTableSize, sizeof(Pointer));
        if (memory == nullptr) throw std::bad_alloc();
        return Table<Pointer>(static_cast<Pointer*>(memory));
    }

    const Text* m_text;
    std::size_t m_maxPages;
    std::map<std::uint32_t, std::unique_ptr<Page>> m_pages;
    // One entry for each of the 2^20 page numbers. A page with code in it is never in m_writable.
    Table<const std::uint32_t*> m_readable;
    Table<std::uint32_t*> m_writable;
};

} // namespace bowline::zkvm
