// SPDX-License-Identifier: MIT
// Any text as a payment link: what is accepted says the same after it was written and read again.
#include "core/bitcoin/uri.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string text(data, data + size);
    const auto uri = bitcoin::parsePaymentUri(text, bitcoin::Network::Main);
    if (!uri) return 0;
    const std::string written = bitcoin::formatPaymentUri(*uri);
    if (written.size() > bitcoin::kMaxUriLength) return 0; // escaping made it longer than a link may be
    const auto again = bitcoin::parsePaymentUri(written, bitcoin::Network::Main);
    if (!again || !(*again == *uri)) std::abort();
    return 0;
}
