// SPDX-License-Identifier: MIT
// Memory for secrets: locked against swapping where the system allows it, zeroed before it is given back.
#pragma once

#include "core/base/bytes.h"

#include <limits>
#include <memory>
#include <new>

namespace bowline::base {

/// Overwrites memory in a way that the compiler may not leave out.
void secureZero(void* data, std::size_t size);
/// Locked memory of its own pages, or nullptr when out of memory. Locking is best effort: without
/// the right (RLIMIT_MEMLOCK) the memory is still zeroed on release.
[[nodiscard]] void* secureAllocate(std::size_t size);
void secureRelease(void* data, std::size_t size);

template <typename T>
struct SecureAllocator {
    using value_type = T;
    SecureAllocator() = default;
    template <typename U>
    SecureAllocator(const SecureAllocator<U>&) noexcept // NOLINT(google-explicit-constructor)
    {
    }
    [[nodiscard]] T* allocate(std::size_t count)
    {
        if (count > std::numeric_limits<std::size_t>::max() / sizeof(T)) throw std::bad_array_new_length{};
        void* memory = secureAllocate(count * sizeof(T));
        if (memory == nullptr) throw std::bad_alloc{};
        return static_cast<T*>(memory);
    }
    void deallocate(T* data, std::size_t count) noexcept { secureRelease(data, count * sizeof(T)); }
    friend bool operator==(const SecureAllocator&, const SecureAllocator&) { return true; }
};

/// A growing secret byte string (seeds, passphrases as UTF-8, decrypted boxes).
using SecureBytes = std::vector<std::uint8_t, SecureAllocator<std::uint8_t>>;
[[nodiscard]] inline ByteView viewOf(const SecureBytes& bytes) { return {bytes.data(), bytes.size()}; }
[[nodiscard]] inline SecureBytes toSecure(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

/// A secret of N bytes in locked memory; moved, never copied by accident (use clone()).
template <std::size_t N>
class SecureArray {
public:
    SecureArray() : m_data(N, 0) {}
    explicit SecureArray(const ByteArray<N>& value) : m_data(value.begin(), value.end()) {}
    SecureArray(SecureArray&&) noexcept = default;
    SecureArray& operator=(SecureArray&&) noexcept = default;
    SecureArray(const SecureArray&) = delete;
    SecureArray& operator=(const SecureArray&) = delete;
    ~SecureArray() = default;

    [[nodiscard]] SecureArray clone() const
    {
        SecureArray out;
        std::copy(m_data.begin(), m_data.end(), out.m_data.begin());
        return out;
    }
    [[nodiscard]] std::uint8_t* data() { return m_data.data(); }
    [[nodiscard]] const std::uint8_t* data() const { return m_data.data(); }
    [[nodiscard]] static constexpr std::size_t size() { return N; }
    [[nodiscard]] ByteView view() const { return {m_data.data(), m_data.size()}; }

private:
    SecureBytes m_data;
};

/// Process hardening at start: no core dumps, no ptrace by others, umask 077.
void hardenProcess();

} // namespace bowline::base
