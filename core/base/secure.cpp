// SPDX-License-Identifier: MIT
#include "core/base/secure.h"

#include <cstring>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

namespace bowline::base {

namespace {
std::size_t roundedToPages(std::size_t size)
{
    const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return (size + page - 1) / page * page;
}
} // namespace

void secureZero(void* data, std::size_t size) { explicit_bzero(data, size); }

void* secureAllocate(std::size_t size)
{
    // Own pages: munlock() works on whole pages and must not unlock a neighbour's secret.
    const std::size_t length = roundedToPages(size == 0 ? 1 : size);
    void* memory = mmap(nullptr, length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return nullptr;
    static_cast<void>(mlock(memory, length)); // best effort, see the header
    static_cast<void>(madvise(memory, length, MADV_DONTDUMP));
    return memory;
}

void secureRelease(void* data, std::size_t size)
{
    if (data == nullptr) return;
    const std::size_t length = roundedToPages(size == 0 ? 1 : size);
    secureZero(data, length);
    munmap(data, length); // unlocks as well
}

void hardenProcess()
{
    const rlimit none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    umask(077);
}

} // namespace bowline::base
