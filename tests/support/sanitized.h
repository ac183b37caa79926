// SPDX-License-Identifier: MIT
// For tests of what a sanitizer changes: memory, which it needs a multiple of, and locks on it, which it drops.
#pragma once

namespace bowline::test {

#if defined(__has_feature)
inline constexpr bool kSanitized = __has_feature(address_sanitizer) || __has_feature(thread_sanitizer);
#else
inline constexpr bool kSanitized = false;
#endif

} // namespace bowline::test
