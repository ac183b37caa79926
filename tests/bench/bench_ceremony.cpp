// SPDX-License-Identifier: MIT
// How long the whole ceremony of one vault takes: every member, the depositor and three operators in one
// process and one thread, so that the figure is the work of all of them. Prints JSON.
#include "tests/unit/bridge/fixture.h"

#include <chrono>
#include <cstdio>

using namespace bowline::bridge::test;

namespace {

struct Figures {
    double milliseconds = 0;
    std::size_t messages = 0;
    std::size_t bytes = 0;
};

Figures ceremony(std::size_t members, std::size_t operators)
{
    Party party(members, operators);
    const auto begin = std::chrono::steady_clock::now();
    party.postOffers();
    if (!party.run()) std::abort();
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - begin;
    Figures out{took.count(), party.relay.messages().size(), 0};
    for (const auto& message : party.relay.messages()) out.bytes += message.size();
    return out;
}

} // namespace

int main()
{
    std::printf("{\n  \"benchmark\": \"ceremony\",\n  \"operators\": 3,\n  \"runs\": [\n");
    const std::size_t sizes[] = {3, 5, 15};
    for (const std::size_t members : sizes) {
        const Figures figures = ceremony(members, 3);
        std::printf("    {\"members\": %zu, \"milliseconds\": %.1f, \"messages\": %zu, \"bytes\": %zu}%s\n",
                    members, figures.milliseconds, figures.messages, figures.bytes, members == 15 ? "" : ",");
    }
    std::printf("  ]\n}\n");
}
