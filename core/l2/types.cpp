// SPDX-License-Identifier: MIT
#include "core/l2/types.h"

namespace bowline::l2 {

Amount readAmount(base::Reader& reader)
{
    const Amount amount = reader.amountLe();
    if (amount.isValidMoney()) return amount;
    reader.fail(kBadAmountField, "no amount of money");
    return {};
}

Script readScript(base::Reader& reader)
{
    const std::size_t size = reader.u8();
    if (size > kMaxScript) {
        reader.fail(kBadField, "script too long");
        return {};
    }
    return base::toBytes(reader.bytes(size));
}

void writeScript(base::Writer& writer, const Script& script)
{
    writer.u8(static_cast<std::uint8_t>(script.size()));
    writer.bytes(script);
}

} // namespace bowline::l2
