// SPDX-License-Identifier: MIT
#include "core/field/page_store.h"

#include <algorithm>
#include <cstdint>
#include <new>
#include <utility>

#include <sys/mman.h>

namespace bowline::field {

namespace {
// Addresses alone, aligned to large pages, as only those that are move as one entry. Nothing that a limit counts is there yet.
[[nodiscard]] std::byte* reserved(std::size_t bytes)
{
    constexpr std::size_t kLarge = PageStore::kLargePage;
    void* memory =
        ::mmap(nullptr, bytes + kLarge, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    auto* const begin = static_cast<std::byte*>(memory);
    const std::size_t before = (kLarge - reinterpret_cast<std::uintptr_t>(begin) % kLarge) % kLarge;
    if (before != 0) ::munmap(begin, before);
    if (before != kLarge) ::munmap(begin + before + bytes, kLarge - before);
    return begin + before;
}

[[nodiscard]] bool open(std::byte* memory, std::size_t bytes)
{
    if (bytes == 0) return true;
    if (::mprotect(memory, bytes, PROT_READ | PROT_WRITE) != 0) return false;
    // A wish: without it all is the same, but slower.
    static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));
    return true;
}
} // namespace

PageStore& PageStore::instance()
{
    static auto* const out = new PageStore;
    return *out;
}

PageRange PageStore::take(std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    PageRange out = fromOne(bytes);
    if (out.memory == nullptr) out = fromMany(bytes);
    m_used += bytes;
    const std::size_t mostBefore = std::exchange(m_most, std::max(m_most, m_used));
    shrink(room()); // before there is more: a process may be limited to what it needs
    if (open(out.memory + out.used, bytes - out.used)) return out;
    m_used -= bytes;
    m_most = mostBefore;
    m_parts.erase(out.memory);
    ::munmap(out.memory, bytes);
    throw std::bad_alloc();
}

// The smallest piece that is large enough; what is left of it stays where it is.
PageRange PageStore::fromOne(std::size_t bytes)
{
    auto best = m_free.end();
    for (auto it = m_free.begin(); it != m_free.end(); ++it) {
        if (it->bytes >= bytes && (best == m_free.end() || it->bytes < best->bytes)) best = it;
    }
    if (best == m_free.end()) return {};
    const PageRange out{best->memory, bytes, bytes};
    if (best->bytes == bytes) {
        m_free.erase(best);
    } else {
        *best = {best->memory + bytes, best->bytes - bytes};
    }
    m_kept -= bytes;
    return out;
}

// All that is kept is smaller: the largest pieces first, for few calls.
PageRange PageStore::fromMany(std::size_t bytes)
{
    PageRange out{reserved(bytes), bytes, 0};
    std::vector<Piece> parts;
    while (out.used < bytes && !m_free.empty()) {
        const auto largest = std::max_element(
            m_free.begin(), m_free.end(), [](const Piece& a, const Piece& b) { return a.bytes < b.bytes; });
        const std::size_t moved = std::min(largest->bytes, bytes - out.used);
        std::byte* const target = out.memory + out.used;
        if (::mremap(largest->memory, moved, moved, MREMAP_MAYMOVE | MREMAP_FIXED, target) == MAP_FAILED)
            break;
        parts.push_back({target, moved});
        out.used += moved;
        m_kept -= moved;
        if (moved == largest->bytes) {
            m_free.erase(largest);
        } else {
            *largest = {largest->memory + moved, largest->bytes - moved};
        }
    }
    if (!parts.empty()) {
        if (out.used < bytes) parts.push_back({out.memory + out.used, bytes - out.used});
        m_parts.emplace(out.memory, std::move(parts));
    }
    return out;
}

void PageStore::give(std::byte* memory, std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    m_used -= bytes;
    std::vector<Piece> parts{{memory, bytes}};
    if (const auto found = m_parts.find(memory); found != m_parts.end()) {
        parts = std::move(found->second);
        m_parts.erase(found);
    }
    m_free.insert(m_free.end(), parts.begin(), parts.end());
    m_kept += bytes;
    shrink(m_owners == 0 ? 0 : room());
}

void PageStore::begin()
{
    const std::lock_guard lock(m_mutex);
    if (m_owners++ == 0) m_most = m_used;
}

void PageStore::end()
{
    const std::lock_guard lock(m_mutex);
    if (--m_owners != 0) return;
    m_limit = kNoLimit;
    shrink(0);
}

void PageStore::limit(std::size_t bytes)
{
    const std::lock_guard lock(m_mutex);
    if (m_owners == 0) return;
    m_limit = bytes;
    shrink(room());
}

std::size_t PageStore::used()
{
    const std::lock_guard lock(m_mutex);
    return m_used;
}

std::size_t PageStore::kept()
{
    const std::lock_guard lock(m_mutex);
    return m_kept;
}

std::size_t PageStore::room() const
{
    const std::size_t most = std::min(m_most, m_limit);
    return most > m_used ? most - m_used : 0;
}

// Down to a multiple of the large page that is at most `most`.
void PageStore::shrink(std::size_t most)
{
    std::size_t emptied = 0;
    while (m_kept > most) {
        Piece& oldest = m_free[emptied];
        const std::size_t excess = (m_kept - most + kLargePage - 1) / kLargePage * kLargePage;
        const std::size_t gone = std::min(excess, oldest.bytes);
        ::munmap(oldest.memory, gone);
        m_kept -= gone;
        oldest = {oldest.memory + gone, oldest.bytes - gone};
        if (oldest.bytes == 0) ++emptied;
    }
    m_free.erase(m_free.begin(), m_free.begin() + static_cast<std::ptrdiff_t>(emptied));
}

} // namespace bowline::field
