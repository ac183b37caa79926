// SPDX-License-Identifier: MIT
// A secret box whose rows somebody else has written. The scrypt parameters come from the file too: they must not
// make the program take memory or time without bound, so only those that are refused are let through to it here,
// and the cheap ones.
#include "core/base/serial.h"
#include "core/store/secret_box.h"

#include <cstdlib>

using namespace bowline;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const std::array<const char*, 1> kSteps{store::kSecretBoxTables};
    static const store::Schema kSchema{1, kSteps};
    auto db = store::Database::open(":memory:", kSchema);
    if (!db.ok()) std::abort();
    base::Reader in({data, size});
    std::uint64_t n = in.u64le() >> 1U;
    const std::uint32_t r = in.u8();
    const std::uint32_t p = in.u8();
    if (n > 64 && n < (std::uint64_t{1} << 40U)) n %= 64;
    const auto salt = in.array<32>();
    const base::Bytes rest = base::toBytes(in.bytes(in.remaining()));
    if (!db->run("INSERT INTO secret_box VALUES (1, ?, ?, ?, ?, ?)", n, r, p, salt, rest).ok()) std::abort();
    const auto box = store::SecretBox::unlock(*db, base::viewOf("passphrase"));
    // Nobody seals a key under this passphrase by chance.
    if (box.ok()) std::abort();
    return 0;
}
