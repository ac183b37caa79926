// SPDX-License-Identifier: MIT
// A fixed number of elements, for tables of many megabytes, and how the memory of released ones is used again.
#pragma once

#include "core/field/koalabear.h"

#include <cstddef>
#include <memory>
#include <utility>

namespace bowline::field {

struct CellsRelease {
    std::size_t bytes = 0; // of a mapping; 0: from malloc
    void operator()(Element* memory) const;
};

/// Like a vector that never grows. Large ones come from the system in large pages where it has them: zeroing and touching
/// fresh memory page by page took two fifths of a proof's processor time (docs/zkvm.md, "Speed").
class Cells {
public:
    Cells() = default;
    /// Zeros.
    explicit Cells(std::size_t size);
    /// For who writes every element before it is read: what is in it now may be left over from others.
    [[nodiscard]] static Cells unset(std::size_t size);
    Cells(const Cells& other);
    Cells& operator=(const Cells& other);
    Cells(Cells&& other) noexcept : m_data(std::move(other.m_data)), m_size(std::exchange(other.m_size, 0)) {}
    Cells& operator=(Cells&& other) noexcept
    {
        m_data = std::move(other.m_data);
        m_size = std::exchange(other.m_size, 0);
        return *this;
    }
    ~Cells() = default;

    [[nodiscard]] std::size_t size() const { return m_size; }
    [[nodiscard]] bool empty() const { return m_size == 0; }
    [[nodiscard]] Element* data() { return m_data.get(); }
    [[nodiscard]] const Element* data() const { return m_data.get(); }
    [[nodiscard]] Element& operator[](std::size_t i) { return m_data[i]; }
    [[nodiscard]] Element operator[](std::size_t i) const { return m_data[i]; }
    [[nodiscard]] Element* begin() { return data(); }
    [[nodiscard]] Element* end() { return data() + m_size; }
    [[nodiscard]] const Element* begin() const { return data(); }
    [[nodiscard]] const Element* end() const { return data() + m_size; }

private:
    std::unique_ptr<Element[], CellsRelease> m_data;
    std::size_t m_size = 0;
};

/// As long as one lives, the process keeps the memory of large Cells that are released, for later ones of any
/// size: a prover's from shard to shard, and from a shard to its lift. What is kept and what is in use are together never more than what was in
/// use at once since the first one began, nor than the limit; so keeping does not raise the peak. Any thread.
class CellsReuse {
public:
    CellsReuse();
    ~CellsReuse();
    CellsReuse(const CellsReuse&) = delete;
    CellsReuse& operator=(const CellsReuse&) = delete;

    /// Bytes of large Cells in use.
    [[nodiscard]] static std::size_t used();
    /// Bytes that are kept and not in use.
    [[nodiscard]] static std::size_t kept();
    /// From now on `used` and `kept` are together at most so much, as far as it is not all in use; until the last one ends.
    static void limit(std::size_t bytes);
};

} // namespace bowline::field
