// SPDX-License-Identifier: MIT
// How much memory this process needs at most while something happens.
#pragma once

#include <cstddef>
#include <fstream>
#include <string>

#include <malloc.h>

namespace bowline::test {

/// Begins to measure when made. Linux only; grown() is 0 elsewhere, so tell by supported().
class PeakMemory {
public:
    PeakMemory()
    {
        ::malloc_trim(0);                              // what earlier tests freed is not ours to count with
        std::ofstream("/proc/self/clear_refs") << "5"; // the peak becomes what is resident now
        m_before = read("VmRSS:");
    }
    /// What the process holds now, freed memory given back first.
    [[nodiscard]] static std::size_t resident()
    {
        ::malloc_trim(0);
        return read("VmRSS:");
    }
    [[nodiscard]] bool supported() const { return m_before > 0; }
    /// Bytes by which the peak since the beginning exceeds what was resident then.
    [[nodiscard]] std::size_t grown() const
    {
        const std::size_t peak = read("VmHWM:");
        return peak > m_before ? peak - m_before : 0;
    }

private:
    static std::size_t read(const std::string& name)
    {
        std::ifstream status("/proc/self/status");
        for (std::string word; status >> word;) {
            std::size_t kibibytes = 0;
            if (word == name && status >> kibibytes) return kibibytes * 1024;
        }
        return 0;
    }
    std::size_t m_before = 0;
};

} // namespace bowline::test
