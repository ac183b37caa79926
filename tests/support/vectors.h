// SPDX-License-Identifier: MIT
// Finds the official test vectors: the folder named by BOWLINE_VECTORS, else ../shared/vectors beside the
// source tree. A test calls SKIP_WITHOUT_VECTORS() first: absent vectors skip it with a message, but fail
// it when BOWLINE_REQUIRE_VECTORS is set, as it is in continuous integration.
#pragma once

#include <QTest>

#include <boost/json/value.hpp>

#include <string>

namespace bowline::test {

[[nodiscard]] bool vectorsPresent();
[[nodiscard]] bool vectorsRequired();
[[nodiscard]] std::string vectorPath(const std::string& relative);
/// The whole file; ends the test program with a message when it cannot be read.
[[nodiscard]] std::string readVectorFile(const std::string& relative);
[[nodiscard]] boost::json::value readVectorJson(const std::string& relative);

} // namespace bowline::test

#define SKIP_WITHOUT_VECTORS()                                                                               \
    do {                                                                                                     \
        if (!bowline::test::vectorsPresent()) {                                                              \
            QVERIFY2(!bowline::test::vectorsRequired(), "test vectors are required but absent");             \
            QSKIP("test vectors absent: set BOWLINE_VECTORS to their folder");                               \
        }                                                                                                    \
    } while (false)
