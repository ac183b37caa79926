// SPDX-License-Identifier: MIT
// What a test does with a result: takes the value, or asks for the error's code.
#pragma once

#include "core/base/result.h"

#include <QtGlobal>

#include <string>

namespace bowline::test {

/// The value; ends the test program when there is none.
template <typename T>
T must(base::Result<T> result)
{
    if (!result.ok()) {
        qFatal("unexpected error: %s (%s)", std::string(result.error().code.name()).c_str(),
               result.error().detail.c_str());
    }
    return std::move(result).value();
}

/// "ok" when there is none.
template <typename T>
std::string codeOf(const base::Result<T>& result)
{
    return result.ok() ? "ok" : std::string(result.error().code.name());
}

} // namespace bowline::test
