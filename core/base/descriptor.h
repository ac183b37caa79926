// SPDX-License-Identifier: MIT
// A descriptor of the system (file, socket, pipe) that is closed at the end of its scope.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

namespace bowline::base {

class Descriptor {
public:
    Descriptor() = default;
    /// What open() and its like return; a negative number is none.
    explicit Descriptor(int number) : m_number(number) {}
    ~Descriptor() { close(); }
    Descriptor(Descriptor&& other) noexcept : m_number(std::exchange(other.m_number, -1)) {}
    Descriptor& operator=(Descriptor&& other) noexcept
    {
        std::swap(m_number, other.m_number);
        return *this;
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    [[nodiscard]] int get() const { return m_number; }
    [[nodiscard]] bool isOpen() const { return m_number >= 0; }
    /// Leaves errno as it is.
    void close();

private:
    int m_number = -1;
};

/// Reads until `into` is full or nothing more comes, and says how many bytes came. None when reading failed; errno
/// says why.
[[nodiscard]] std::optional<std::size_t> readFully(const Descriptor& from, std::span<std::uint8_t> into);
/// False when it could not write all; errno says why.
[[nodiscard]] bool writeFully(const Descriptor& to, std::span<const std::uint8_t> bytes);

} // namespace bowline::base
