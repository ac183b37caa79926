// SPDX-License-Identifier: MIT
// A wallet file that somebody else wrote into: whatever stands in its rows, reading it yields values or
// errors.
#include "core/wallet/wallet.h"
#include "core/wallet/wallet_schema.h"

#include <cstdlib>
#include <filesystem>

#include <unistd.h>

using namespace bowline;
using namespace bowline::wallet;

namespace {

/// A wallet made once, and a second connection to write into it.
struct Victim {
    Victim()
    {
        char name[] = "/tmp/bowline-fuzz-XXXXXX";
        if (::mkdtemp(name) == nullptr) std::abort();
        folder = name;
        path = folder + "/w";
        NewWallet options;
        const std::string_view words =
            "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        options.words = base::toSecure(base::viewOf(words));
        options.password = base::toSecure(base::viewOf(std::string_view("x")));
        options.scrypt = crypto::ScryptParameters{crypto::kScryptMinN, 8, 1};
        if (!Wallet::create(path, options, clock).ok()) std::abort();
        store::OpenOptions fast;
        fast.durability = store::Durability::Normal;
        auto opened = store::Database::open(path, walletSchema(), fast);
        if (!opened.ok()) std::abort();
        writer.emplace(std::move(opened).value());
        if (!writer->execute("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF").ok()) std::abort();
        if (!writer
                 ->execute("CREATE TEMP TABLE kept_chain AS SELECT * FROM chain;"
                           "CREATE TEMP TABLE kept_special AS SELECT * FROM special;"
                           "CREATE TEMP TABLE kept_meta AS SELECT * FROM meta;")
                 .ok()) {
            std::abort();
        }
    }
    /// As it was, for the next input.
    void heal()
    {
        const bool healed = writer
                                ->execute("DELETE FROM coin; DELETE FROM spend; DELETE FROM tx; DELETE FROM "
                                          "script WHERE type IS NULL;"
                                          "INSERT OR REPLACE INTO chain SELECT * FROM kept_chain;"
                                          "INSERT OR REPLACE INTO special SELECT * FROM kept_special;"
                                          "INSERT OR REPLACE INTO meta SELECT * FROM kept_meta;")
                                .ok();
        if (!healed) std::abort();
    }
    ~Victim()
    {
        writer.reset();
        std::filesystem::remove_all(folder);
    }
    std::string folder;
    std::string path;
    base::ManualClock clock{1};
    std::optional<store::Database> writer;
};

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static Victim victim;
    if (size < 2) return 0;
    store::Database& db = *victim.writer;
    const base::ByteView rest(data + 2, size - 2);
    const std::string text(rest.begin(), rest.end());
    const base::ByteArray<32> id{data[1]};
    // Constraints of the tables may refuse some of it: fine as well.
    switch (data[0] % 6) {
    case 0:
        (void)db.run("INSERT INTO tx(txid, raw, version, coinbase, output_total, first_seen) VALUES (?, ?, "
                     "2, 0, 0, 0)",
                     id, rest);
        break;
    case 1: (void)db.run("UPDATE chain SET descriptor = ? WHERE type = 1 AND branch = 0", text); break;
    case 2: (void)db.run("UPDATE special SET xpub = ? WHERE account = 900", text); break;
    case 3: (void)db.run("UPDATE meta SET network = ?", text); break;
    case 4:
        (void)db.run("INSERT INTO script(script, position, purpose, data) VALUES (?, ?, ?, ?)", rest, size,
                     text, rest);
        break;
    default:
        (void)db.run("INSERT INTO coin(txid, vout, tx, amount, script) VALUES (?, ?, 1, ?, 1)", id, data[1],
                     size);
        (void)db.run("UPDATE chain SET derived = ?, next = ?, used = ?", data[1], size % 50, rest.size() % 7);
        break;
    }
    auto opened = Wallet::open(victim.path, victim.clock);
    if (opened.ok()) {
        (void)(*opened)->snapshot();
        (void)(*opened)->pendingTransactions();
        (void)(*opened)->transaction(Txid{id});
    }
    victim.heal();
    return 0;
}
