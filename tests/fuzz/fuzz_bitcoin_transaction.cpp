// SPDX-License-Identifier: MIT
// Any bytes as a transaction: what is accepted is written back byte for byte, and its checks and signature
// hashes terminate.
#include "core/bitcoin/sighash.h"

#include <algorithm>
#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView input(data, size);
    static_cast<void>(bitcoin::parseTransactionWithoutWitness(input));
    const auto transaction = bitcoin::parseTransaction(input);
    if (!transaction) return 0;
    const base::Bytes written = transaction->serialize();
    if (!std::equal(written.begin(), written.end(), input.begin(), input.end())) std::abort();
    const auto stripped = static_cast<std::int64_t>(transaction->serializeWithoutWitness().size());
    if (transaction->weight() != 3 * stripped + static_cast<std::int64_t>(size)) std::abort();
    static_cast<void>(bitcoin::checkTransaction(*transaction));
    const std::vector<bitcoin::TxOut> spent(transaction->inputs.size());
    const bitcoin::SighashContext context(*transaction, spent);
    for (const std::uint8_t type : std::array<std::uint8_t, 4>{0x00, 0x01, 0x02, 0x83}) {
        static_cast<void>(bitcoin::legacySighash(*transaction, 0, input, type));
        static_cast<void>(context.segwitV0(0, {}, {}, type));
        static_cast<void>(context.taproot(0, type));
    }
    return 0;
}
