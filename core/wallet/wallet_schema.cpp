// SPDX-License-Identifier: MIT
#include "core/wallet/wallet_schema.h"

#include "core/store/secret_box.h"

#include <array>

namespace bowline::wallet {
namespace {

// Heights go with hashes: a height alone names no block. coin.spender names the confirmed transaction that
// spends the coin and is taken back with its confirmation; unconfirmed spenders are found by tables tx and
// spend. tx.id is the order of arrival. The row in meta is written with all others at creation: without it
// there is no wallet.
constexpr const char* kTables = R"sql(
CREATE TABLE meta(
    id INTEGER PRIMARY KEY CHECK (id = 1),
    network TEXT NOT NULL,
    created INTEGER NOT NULL,
    birthday_height INTEGER,
    birthday_time INTEGER NOT NULL,
    backup_verified INTEGER NOT NULL,
    rescan_from INTEGER,
    rescan_until INTEGER NOT NULL
) STRICT;
CREATE TABLE chain(
    type INTEGER NOT NULL,
    branch INTEGER NOT NULL,
    descriptor TEXT NOT NULL,
    next INTEGER NOT NULL,
    used INTEGER NOT NULL,
    derived INTEGER NOT NULL,
    PRIMARY KEY (type, branch)
) STRICT, WITHOUT ROWID;
CREATE TABLE special(
    account INTEGER PRIMARY KEY,
    xpub TEXT NOT NULL,
    next INTEGER NOT NULL,
    used INTEGER NOT NULL
) STRICT;
CREATE TABLE script(
    id INTEGER PRIMARY KEY,
    script BLOB NOT NULL UNIQUE,
    type INTEGER,
    branch INTEGER,
    position INTEGER NOT NULL,
    purpose TEXT NOT NULL,
    data BLOB NOT NULL,
    CHECK ((type IS NULL) = (branch IS NULL))
) STRICT;
CREATE TABLE block(
    height INTEGER PRIMARY KEY,
    hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;
CREATE TABLE tx(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    txid BLOB NOT NULL UNIQUE CHECK (length(txid) = 32),
    version INTEGER NOT NULL,
    coinbase INTEGER NOT NULL,
    output_total INTEGER NOT NULL,
    height INTEGER,
    block_hash BLOB CHECK (length(block_hash) = 32),
    first_seen INTEGER NOT NULL,
    abandoned INTEGER NOT NULL DEFAULT 0,
    raw BLOB NOT NULL, -- last, so that what stands before is read without it
    CHECK ((height IS NULL) = (block_hash IS NULL))
) STRICT;
CREATE INDEX tx_by_height ON tx(height, id);
CREATE TABLE coin(
    txid BLOB NOT NULL CHECK (length(txid) = 32),
    vout INTEGER NOT NULL,
    tx INTEGER NOT NULL REFERENCES tx(id),
    amount INTEGER NOT NULL CHECK (amount >= 0),
    script INTEGER NOT NULL REFERENCES script(id),
    spender INTEGER REFERENCES tx(id),
    PRIMARY KEY (txid, vout)
) STRICT, WITHOUT ROWID;
CREATE INDEX coin_unspent ON coin(tx) WHERE spender IS NULL;
CREATE INDEX coin_by_spender ON coin(spender) WHERE spender IS NOT NULL;
CREATE INDEX coin_by_script ON coin(script);
CREATE TABLE spend(
    txid BLOB NOT NULL CHECK (length(txid) = 32),
    vout INTEGER NOT NULL,
    tx INTEGER NOT NULL REFERENCES tx(id),
    PRIMARY KEY (txid, vout, tx)
) STRICT, WITHOUT ROWID;
CREATE INDEX spend_by_tx ON spend(tx);
CREATE TABLE frozen(
    txid BLOB NOT NULL CHECK (length(txid) = 32),
    vout INTEGER NOT NULL,
    PRIMARY KEY (txid, vout)
) STRICT, WITHOUT ROWID;
CREATE TABLE label(
    kind INTEGER NOT NULL,
    reference TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (kind, reference)
) STRICT, WITHOUT ROWID;
CREATE TABLE bridge_records(
    kind TEXT NOT NULL,
    id BLOB NOT NULL,
    data BLOB NOT NULL,
    updated INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
) STRICT, WITHOUT ROWID;
)sql";

constexpr const char* kRestoring = "ALTER TABLE meta ADD COLUMN restoring INTEGER NOT NULL DEFAULT 0;";

constexpr std::uint32_t kApplicationId = 0x42574c31; // "BWL1"

} // namespace

const store::Schema& walletSchema()
{
    static const std::array<const char*, 3> steps{kTables, store::kSecretBoxTables, kRestoring};
    static const store::Schema schema{kApplicationId, steps};
    return schema;
}

} // namespace bowline::wallet
