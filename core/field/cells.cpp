// SPDX-License-Identifier: MIT
#include "core/field/cells.h"

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <mutex>
#include <new>
#include <optional>
#include <vector>

#include <sys/mman.h>

namespace bowline::field {

namespace {
constexpr std::size_t kLargePage = std::size_t{2} << 20U;
constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

struct Mapping {
    void* memory;
    std::size_t bytes;
};

// Mappings that were released, the oldest first, and the sums that CellsReuse speaks of.
class Store {
public:
    void begin()
    {
        const std::lock_guard lock(m_mutex);
        if (m_owners++ == 0) m_most = m_used;
    }
    void end()
    {
        const std::lock_guard lock(m_mutex);
        if (--m_owners != 0) return;
        m_limit = kNoLimit;
        shrink(0);
    }
    // One that is kept and at most a quarter too large.
    [[nodiscard]] std::optional<Mapping> take(std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        auto best = m_free.end();
        for (auto it = m_free.begin(); it != m_free.end(); ++it) {
            if (it->bytes < bytes || it->bytes > bytes + bytes / 4) continue;
            if (best == m_free.end() || it->bytes < best->bytes) best = it;
        }
        if (best == m_free.end()) {
            use(bytes);
            return std::nullopt;
        }
        const Mapping out = *best;
        m_free.erase(best);
        m_kept -= out.bytes;
        use(out.bytes);
        return out;
    }
    void give(const Mapping& mapping)
    {
        const std::lock_guard lock(m_mutex);
        m_used -= mapping.bytes;
        if (m_owners == 0) {
            ::munmap(mapping.memory, mapping.bytes);
            return;
        }
        m_free.push_back(mapping);
        m_kept += mapping.bytes;
        shrink(room());
    }
    // What take() has counted could not be had.
    void refused(std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        m_used -= bytes;
    }
    void limit(std::size_t bytes)
    {
        const std::lock_guard lock(m_mutex);
        if (m_owners == 0) return;
        m_limit = bytes;
        shrink(room());
    }
    [[nodiscard]] std::size_t used()
    {
        const std::lock_guard lock(m_mutex);
        return m_used;
    }
    [[nodiscard]] std::size_t kept()
    {
        const std::lock_guard lock(m_mutex);
        return m_kept;
    }

private:
    void use(std::size_t bytes)
    {
        m_used += bytes;
        m_most = std::max(m_most, m_used);
        shrink(room());
    }
    [[nodiscard]] std::size_t room() const
    {
        const std::size_t most = std::min(m_most, m_limit);
        return most > m_used ? most - m_used : 0;
    }
    void shrink(std::size_t most)
    {
        std::size_t count = 0;
        while (m_kept > most) {
            ::munmap(m_free[count].memory, m_free[count].bytes);
            m_kept -= m_free[count++].bytes;
        }
        m_free.erase(m_free.begin(), m_free.begin() + static_cast<std::ptrdiff_t>(count));
    }

    std::mutex m_mutex;
    std::vector<Mapping> m_free;
    std::size_t m_owners = 0;
    std::size_t m_used = 0;
    std::size_t m_kept = 0;
    std::size_t m_most = 0; // of m_used, since the first owner
    std::size_t m_limit = kNoLimit;
};

// Never destroyed: Cells of static objects are released at any time.
[[nodiscard]] Store& store()
{
    static auto* const out = new Store;
    return *out;
}

struct Taken {
    void* memory;
    std::size_t mapped; // 0: from malloc
};

[[nodiscard]] Taken taken(std::size_t size, bool zero)
{
    const std::size_t bytes = std::max<std::size_t>(size, 1) * sizeof(Element);
    if (bytes < kLargePage) {
        void* memory = zero ? std::calloc(1, bytes) : std::malloc(bytes);
        if (memory == nullptr) throw std::bad_alloc();
        return {memory, 0};
    }
    const std::size_t mapped = (bytes + kLargePage - 1) / kLargePage * kLargePage;
    if (const auto kept = store().take(mapped)) {
        if (zero) std::memset(kept->memory, 0, bytes);
        return {kept->memory, kept->bytes};
    }
    // Fresh mappings are zero.
    void* memory = ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        store().refused(mapped);
        throw std::bad_alloc();
    }
    static_cast<void>(
        ::madvise(memory, mapped, MADV_HUGEPAGE)); // a wish: without it all is the same, but slower
    return {memory, mapped};
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
        store().give({memory, bytes});
    }
}

CellsReuse::CellsReuse() { store().begin(); }
CellsReuse::~CellsReuse() { store().end(); }
std::size_t CellsReuse::used() { return store().used(); }
std::size_t CellsReuse::kept() { return store().kept(); }
void CellsReuse::limit(std::size_t bytes) { store().limit(bytes); }

} // namespace bowline::field
