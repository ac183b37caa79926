// SPDX-License-Identifier: MIT
// Any bytes as a script: the operations lie in order within it, pushes that are minimal are written the same
// way, numbers and addresses agree with their inverse.
#include "core/bitcoin/address.h"

#include <algorithm>
#include <cstdlib>

using namespace bowline;

namespace {
void require(bool condition)
{
    if (!condition) std::abort();
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const base::ByteView script(data, size);
    bitcoin::ScriptReader reader(script);
    std::size_t at = 0;
    while (const auto op = reader.next()) {
        require(op->offset == at && op->offset + 1 + op->data.size() <= size);
        at += 1 + op->data.size();
        if (op->opcode == bitcoin::OP_PUSHDATA1) at += 1;
        if (op->opcode == bitcoin::OP_PUSHDATA2) at += 2;
        if (op->opcode == bitcoin::OP_PUSHDATA4) at += 4;
        if (!op->isDataPush() || !op->isMinimal()) continue;
        const bitcoin::Script again = bitcoin::ScriptBuilder().push(op->data).take();
        require(
            std::equal(again.begin(), again.end(), script.begin() + static_cast<std::ptrdiff_t>(op->offset)));
    }
    require(reader.malformed() || at == size);

    const auto number = bitcoin::decodeScriptNumber(script, 8);
    if (number) {
        const base::Bytes again = bitcoin::encodeScriptNumber(*number);
        require(std::equal(again.begin(), again.end(), script.begin(), script.end()));
    }
    static_cast<void>(bitcoin::dustThreshold(script));
    const auto address = bitcoin::addressFromScript(script, bitcoin::Network::Signet);
    if (address) {
        const auto again = bitcoin::scriptFromAddress(*address, bitcoin::Network::Signet);
        require(again.ok() && std::equal(again->begin(), again->end(), script.begin(), script.end()));
    }
    return 0;
}
