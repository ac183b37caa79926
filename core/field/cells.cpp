// SPDX-License-Identifier: MIT
#include "core/field/cells.h"

#include "core/field/page_store.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

namespace bowline::field {

namespace {
struct Taken {
    void* memory;
    std::size_t mapped; // 0: from malloc
};

[[nodiscard]] Taken taken(std::size_t size, bool zero)
{
    constexpr std::size_t kLarge = PageStore::kLargePage;
    const std::size_t bytes = std::max<std::size_t>(size, 1) * sizeof(Element);
    if (bytes < kLarge) {
        void* memory = zero ? std::calloc(1, bytes) : std::malloc(bytes);
        if (memory == nullptr) throw std::bad_alloc();
        return {memory, 0};
    }
    const PageRange range = PageStore::instance().take((bytes + kLarge - 1) / kLarge * kLarge);
    if (zero) std::memset(range.memory, 0, std::min(range.used, bytes));
    return {range.memory, range.bytes};
}
} // namespace

Cells::Cells(std::size_t size) : m_size(size)
{
    const Taken memory = taken(size, true);
    m_data = {static_cast<Element*>(memory.memory), CellsRelease{memory.mapped}};
}

Cells Cells::unset(std::size_t size)
{
    const Taken memory = taken(size, false);
    Cells out;
    out.m_data = {static_cast<Element*>(memory.memory), CellsRelease{memory.mapped}};
    out.m_size = size;
    return out;
}

Cells::Cells(const Cells& other) : Cells(unset(other.m_size))
{
    std::copy(other.begin(), other.end(), begin());
}

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
        PageStore::instance().give(reinterpret_cast<std::byte*>(memory), bytes);
    }
}

CellsReuse::CellsReuse() { PageStore::instance().begin(); }
CellsReuse::~CellsReuse() { PageStore::instance().end(); }
std::size_t CellsReuse::used() { return PageStore::instance().used(); }
std::size_t CellsReuse::kept() { return PageStore::instance().kept(); }
void CellsReuse::limit(std::size_t bytes) { PageStore::instance().limit(bytes); }

} // namespace bowline::field
