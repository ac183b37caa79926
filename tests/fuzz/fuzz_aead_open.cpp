// SPDX-License-Identifier: MIT
// Opening sealed boxes from a damaged or hostile file: only the genuine box of the corpus opens.
#include "core/crypto/aead.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    crypto::AeadKey key;
    for (std::size_t i = 0; i < key.size(); ++i) key.data()[i] = static_cast<std::uint8_t>(i);
    const auto opened = crypto::openBox(key, {data, size}, base::viewOf("wallet seed"));
    if (opened.ok() && base::toBytes(base::viewOf(*opened)) != base::toBytes(base::viewOf("twelve words"))) {
        std::abort();
    }
    return 0;
}
