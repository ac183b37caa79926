// SPDX-License-Identifier: MIT
// Output descriptors: whatever parses prints to text that parses to the same outputs, and never shows a
// private key.
#include "core/keys/descriptor.h"

#include <cstdlib>

using namespace bowline;

namespace {
void check(const keys::Descriptor& descriptor)
{
    const auto network = descriptor.network();
    const std::string shown = descriptor.toString();
    const auto watching = keys::Descriptor::parse(shown, network, keys::ChecksumRule::Required);
    if (!watching.ok() || watching->toString() != shown || watching->hasPrivateKeys()) std::abort();
    const auto text = descriptor.toPrivateText();
    const auto again =
        keys::Descriptor::parse(std::string(text.begin(), text.end()), network, keys::ChecksumRule::Required);
    if (!again.ok()) std::abort();
    const auto script = descriptor.scriptAt(1);
    const auto repeated = again->scriptAt(1);
    if (script.ok() != repeated.ok() || (script.ok() && *script != *repeated)) std::abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    for (const auto network : {bitcoin::Network::Main, bitcoin::Network::Regtest}) {
        const auto all = keys::Descriptor::parseMultipath(text, network);
        if (!all.ok()) continue;
        for (const keys::Descriptor& one : *all) check(one);
    }
    return 0;
}
