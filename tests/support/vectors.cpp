// SPDX-License-Identifier: MIT
#include "tests/support/vectors.h"

#include <boost/json/parse.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace bowline::test {

namespace {
std::string root()
{
    if (const char* named = std::getenv("BOWLINE_VECTORS"); named != nullptr && *named != '\0') return named;
    return std::string(BOWLINE_SOURCE_DIR) + "/../shared/vectors";
}
} // namespace

bool vectorsPresent() { return std::filesystem::is_directory(root()); }

bool vectorsRequired() { return std::getenv("BOWLINE_REQUIRE_VECTORS") != nullptr; }

std::string vectorPath(const std::string& relative) { return root() + '/' + relative; }

std::string readVectorFile(const std::string& relative)
{
    std::ifstream in(vectorPath(relative), std::ios::binary);
    if (!in) qFatal("cannot read test vectors %s", relative.c_str());
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

boost::json::value readVectorJson(const std::string& relative)
{
    return boost::json::parse(readVectorFile(relative));
}

} // namespace bowline::test
