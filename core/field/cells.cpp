// SPDX-License-Identifier: MIT
#include "core/field/cells.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include <sys/mman.h>

namespace bowline::field {

namespace {
constexpr std::size_t kLargePage = std::size_t{2} << 20U;
} // namespace

Cells::Cells(std::size_t size) : m_size(size)
{
    const std::size_t bytes = size * sizeof(Element);
    if (bytes < kLargePage) {
        void* memory = std::calloc(std::max<std::size_t>(size, 1), sizeof(Element));
        if (memory == nullptr) throw std::bad_alloc();
        m_data = {static_cast<Element*>(memory), CellsRelease{}};
        return;
    }
    // Fresh mappings are zero.
    const std::size_t mapped = (bytes + kLargePage - 1) / kLargePage * kLargePage;
    void* memory = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    static_cast<void>(
        ::madvise(memory, mapped, MADV_HUGEPAGE)); // a wish: without it all is the same, but slower
    m_data = {static_cast<Element*>(memory), CellsRelease{mapped}};
}

Cells::Cells(const Cells& other) : Cells(other.m_size) { std::copy(other.begin(), other.end(), begin()); }

Cells& Cells::operator=(const Cells& other)
{
    if (this != &other) *this = Cells(other);
    return *this;
}

void CellsRelease::operator()(Element* memory) const
{
    if (bytes == 0) {
        std::free(memory);
    } else {
        ::munmap(memory, bytes);
    }
}

} // namespace bowline::field
