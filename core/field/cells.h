// SPDX-License-Identifier: MIT
// A fixed number of elements that start as zero, for tables of many megabytes.
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

/// Like a vector that never grows. Large ones come from the system as zeros, in large pages where it has them: zeroing
/// and touching fresh memory page by page took two fifths of a proof's processor time (docs/zkvm.md, "Speed").
class Cells {
public:
    Cells() = default;
    explicit Cells(std::size_t size);
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

} // namespace bowline::field
