// SPDX-License-Identifier: MIT
// Where the memory of large Cells comes from and goes to: ranges of large pages, which are kept between two uses and put
// together anew.
#pragma once

#include <cstddef>
#include <limits>
#include <mutex>
#include <unordered_map>
#include <vector>

namespace bowline::field {

/// A range of large pages, and how much of its beginning holds something: the rest is zero.
struct PageRange {
    std::byte* memory = nullptr;
    std::size_t bytes = 0;
    std::size_t used = 0;
};

/// Kept pages move by their entries in the page table (mremap), never by their content: a range of any size is made of what
/// ranges of other sizes have left, and only what is missing is fresh memory that the system has to clear. Any thread.
class PageStore {
public:
    static constexpr std::size_t kLargePage = std::size_t{2} << 20U;

    /// Of all Cells. Never destroyed: Cells of static objects are released at any time.
    [[nodiscard]] static PageStore& instance();

    /// `bytes`, a multiple of kLargePage. Throws std::bad_alloc.
    [[nodiscard]] PageRange take(std::size_t bytes);
    /// A range that was taken, whole. It is kept if there is an owner.
    void give(std::byte* memory, std::size_t bytes);

    /// Between begin() and end() pages are kept. Sums are those of CellsReuse.
    void begin();
    void end();
    void limit(std::size_t bytes);
    [[nodiscard]] std::size_t used();
    [[nodiscard]] std::size_t kept();

private:
    PageStore() = default;
    // What the system has mapped at one time is one piece: only within one may a single call move pages.
    struct Piece {
        std::byte* memory;
        std::size_t bytes;
    };
    static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

    [[nodiscard]] PageRange fromOne(std::size_t bytes);
    /// Behind what comes from others, the range is addresses without memory.
    [[nodiscard]] PageRange fromMany(std::size_t bytes);
    [[nodiscard]] std::size_t room() const;
    void shrink(std::size_t most);

    std::mutex m_mutex;
    std::vector<Piece> m_free; // the longest kept first
    std::unordered_map<std::byte*, std::vector<Piece>>
        m_parts; // of ranges in use that are more than one piece
    std::size_t m_owners = 0;
    std::size_t m_used = 0;
    std::size_t m_kept = 0;
    std::size_t m_most = 0; // of m_used, since the first owner
    std::size_t m_limit = kNoLimit;
};

} // namespace bowline::field
