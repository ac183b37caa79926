// SPDX-License-Identifier: MIT
// Opening, secrets, meta data, scripts, blocks and notes. Transactions and coins: wallet_store_coins.cpp.
#include "core/wallet/wallet_schema.h"
#include "core/wallet/wallet_store_state.h"

namespace bowline::wallet {

using base::makeError;
using base::success;
using store::Statement;

namespace {

AddressType typeFrom(std::uint32_t value)
{
    return value == 2 ? AddressType::SegwitV0 : AddressType::Taproot;
}
Branch branchFrom(std::uint32_t value) { return value == 1 ? Branch::Change : Branch::Receive; }
template <typename E>
std::uint32_t number(E value)
{
    return static_cast<std::uint32_t>(value);
}

/// The store's own words for a wrong password are for any database; ours are for this wallet.
base::Error translated(const base::Error& error)
{
    return error.code == store::kWrongPassphrase ? makeError(kWrongPassword) : error;
}

} // namespace

WalletStore::WalletStore(store::Database db) : m_state(std::make_unique<State>(std::move(db))) {}
WalletStore::WalletStore(WalletStore&&) noexcept = default;
WalletStore& WalletStore::operator=(WalletStore&&) noexcept = default;
WalletStore::~WalletStore() = default;

// ---- batches ----

Result<WalletStore::Batch> WalletStore::begin()
{
    if (m_state->inBatch) return Batch(nullptr, std::nullopt);
    BOWLINE_TRY(store::Transaction transaction, store::Transaction::begin(m_state->db));
    m_state->inBatch = true;
    return Batch(m_state.get(), std::move(transaction));
}

std::uint64_t WalletStore::rollbacks() const { return m_state->rollbacks; }

WalletStore::Batch::Batch(Batch&& other) noexcept
    : m_owned(std::exchange(other.m_owned, nullptr)), m_transaction(std::move(other.m_transaction))
{
}

WalletStore::Batch::~Batch()
{
    if (m_owned == nullptr) return;
    m_owned->inBatch = false;
    ++m_owned->rollbacks; // commit() lets go of it
}

Status WalletStore::Batch::commit()
{
    if (m_owned == nullptr) return success(); // the outer batch commits
    BOWLINE_CHECK(m_transaction->commit());
    std::exchange(m_owned, nullptr)->inBatch = false;
    return success();
}

// ---- opening ----

Result<WalletStore::Created> WalletStore::create(const std::string& path, const Creation& creation)
{
    if (creation.password.empty()) return makeError(kEmptyPassword);
    BOWLINE_TRY(store::Database opened, store::Database::open(path, walletSchema()));
    WalletStore out(std::move(opened));
    BOWLINE_TRY(Batch batch, out.begin());
    BOWLINE_TRY(Statement present, out.db().query("SELECT 1 FROM meta"));
    BOWLINE_TRY(const bool exists, present.step());
    if (exists) return makeError(kWalletExists);
    BOWLINE_TRY(store::SecretBox box, store::SecretBox::create(out.db(), creation.password, creation.scrypt));
    BOWLINE_CHECK(box.put(out.db(), "words", creation.words));
    BOWLINE_CHECK(box.put(out.db(), "seed", creation.seed));
    BOWLINE_CHECK(out.setMeta(creation.meta));
    for (const ChainRow& row : creation.chains) BOWLINE_CHECK(out.setChain(row));
    for (const SpecialRow& row : creation.specials) BOWLINE_CHECK(out.setSpecial(row));
    BOWLINE_CHECK(batch.commit());
    return Created{std::move(out), std::move(box)};
}

Result<WalletStore> WalletStore::open(const std::string& path)
{
    store::OpenOptions options;
    options.create = false;
    auto opened = store::Database::open(path, walletSchema(), options);
    if (!opened.ok()) {
        const base::Error& error = opened.error();
        return error.code == store::kCannotOpen ? makeError(kNoWallet, error.detail) : error;
    }
    WalletStore out(std::move(opened).value());
    BOWLINE_TRY(Statement present, out.db().query("SELECT 1 FROM meta"));
    BOWLINE_TRY(const bool exists, present.step());
    if (!exists) return makeError(kNoWallet, "its creation was cut off");
    return out;
}

// ---- secrets ----

Result<store::SecretBox> WalletStore::unlock(ByteView password)
{
    auto box = store::SecretBox::unlock(db(), password);
    if (!box.ok()) return translated(box.error());
    return box;
}

Status WalletStore::changePassword(ByteView before, ByteView after, const crypto::ScryptParameters& scrypt)
{
    if (after.empty()) return makeError(kEmptyPassword);
    const Status changed = store::SecretBox::changePassphrase(db(), before, after, scrypt);
    if (!changed.ok()) return translated(changed.error());
    return changed;
}

Result<base::SecureBytes> WalletStore::secret(const store::SecretBox& box, std::string_view name)
{
    return box.get(db(), name);
}

// ---- meta, chains, scripts ----

Result<WalletMeta> WalletStore::meta()
{
    BOWLINE_TRY(Statement row, db().query("SELECT network, created, birthday_height, birthday_time, "
                                          "backup_verified, rescan_from, rescan_until, restoring "
                                          "FROM meta"));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return makeError(kWalletDamaged, "no meta row");
    WalletMeta out;
    const std::string network = row.text(0);
    out.created = row.i64(1);
    if (!row.isNull(2)) out.birthdayHeight = row.height(2);
    out.birthdayTime = row.i64(3);
    out.backupVerified = row.boolean(4);
    if (!row.isNull(5)) out.rescanFrom = row.height(5);
    out.rescanUntil = row.height(6);
    out.restoring = row.boolean(7);
    BOWLINE_CHECK(row.rowStatus());
    BOWLINE_TRY(out.network, bitcoin::networkFromName(network));
    return out;
}

Status WalletStore::setMeta(const WalletMeta& meta)
{
    return db().run("INSERT OR REPLACE INTO meta VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?)",
                    bitcoin::networkName(meta.network), meta.created, meta.birthdayHeight, meta.birthdayTime,
                    meta.backupVerified ? 1 : 0, meta.rescanFrom, meta.rescanUntil, meta.restoring ? 1 : 0);
}

Result<std::vector<ChainRow>> WalletStore::chains()
{
    BOWLINE_TRY(Statement rows, db().query("SELECT type, branch, descriptor, next, used, derived FROM chain "
                                           "ORDER BY type, branch"));
    std::vector<ChainRow> out;
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) {
        out.push_back(
            {typeFrom(row.u32(0)), branchFrom(row.u32(1)), row.text(2), row.u32(3), row.u32(4), row.u32(5)});
    }));
    return out;
}

Status WalletStore::setChain(const ChainRow& row)
{
    return db().run("INSERT OR REPLACE INTO chain(type, branch, descriptor, next, used, derived) "
                    "VALUES (?, ?, ?, ?, ?, ?)",
                    number(row.type), number(row.branch), row.descriptor, row.next, row.used, row.derived);
}

Result<std::vector<SpecialRow>> WalletStore::specials()
{
    BOWLINE_TRY(Statement rows, db().query("SELECT account, xpub, next, used FROM special ORDER BY account"));
    std::vector<SpecialRow> out;
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) {
        out.push_back({row.u32(0), row.text(1), row.u32(2), row.u32(3)});
    }));
    return out;
}

Status WalletStore::setSpecial(const SpecialRow& row)
{
    return db().run("INSERT OR REPLACE INTO special(account, xpub, next, used) VALUES (?, ?, ?, ?)",
                    row.account, row.xpub, row.next, row.used);
}

Status WalletStore::addOwnScript(const Script& script, const OwnKey& key)
{
    return db().run("INSERT INTO script(script, type, branch, position, purpose, data) "
                    "VALUES (?, ?, ?, ?, '', x'') ON CONFLICT(script) DO NOTHING",
                    script, number(key.type), number(key.branch), key.index);
}

Result<bool> WalletStore::addWatchedScript(const WatchedScript& watched)
{
    BOWLINE_CHECK(db().run("INSERT INTO script(script, type, branch, position, purpose, data) "
                           "VALUES (?, NULL, NULL, ?, ?, ?) ON CONFLICT(script) DO NOTHING",
                           watched.script, watched.index, watched.purpose, watched.data));
    return db().changes() > 0;
}

Status WalletStore::forEachScript(const std::function<void(ByteView, ScriptOwner)>& fn)
{
    BOWLINE_TRY(Statement rows,
                db().query("SELECT script, type, branch, position, purpose, data FROM script"));
    return rows.forEach([&fn](Statement& row) {
        ScriptOwner owner;
        owner.index = row.u32(3);
        if (!row.isNull(1)) owner.key = OwnKey{typeFrom(row.u32(1)), branchFrom(row.u32(2)), owner.index};
        owner.purpose = row.text(4);
        owner.data = row.blob(5);
        fn(row.blobView(0), std::move(owner));
    });
}

// ---- blocks ----

Result<std::vector<BlockRef>> WalletStore::processedBlocks()
{
    BOWLINE_TRY(Statement rows, db().query("SELECT height, hash FROM block ORDER BY height DESC"));
    std::vector<BlockRef> out;
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) {
        out.push_back({row.height(0), row.hash<BlockHash>(1)});
    }));
    return out;
}

Status WalletStore::addBlocks(std::span<const BlockRef> blocks)
{
    if (blocks.empty()) return success();
    BOWLINE_TRY(Batch batch, begin());
    BOWLINE_TRY(Statement insert, db().prepare("INSERT OR REPLACE INTO block(height, hash) VALUES (?, ?)"));
    for (const BlockRef& block : blocks) {
        BOWLINE_CHECK(insert.bind(block.height, block.hash));
        BOWLINE_CHECK(insert.run());
    }
    const std::uint32_t top = blocks.back().height.value;
    BOWLINE_CHECK(
        db().run("DELETE FROM block WHERE height <= ?", std::int64_t{top} - std::int64_t{kKeptBlocks}));
    return batch.commit();
}

Status WalletStore::disconnectFrom(Height from)
{
    BOWLINE_TRY(Batch batch, begin());
    BOWLINE_CHECK(db().run("UPDATE coin SET spender = NULL WHERE spender IN "
                           "(SELECT id FROM tx WHERE height >= ?)",
                           from));
    BOWLINE_CHECK(db().run("UPDATE tx SET height = NULL, block_hash = NULL WHERE height >= ?", from));
    BOWLINE_CHECK(db().run("DELETE FROM block WHERE height >= ?", from));
    return batch.commit();
}

// ---- notes and records ----

Status WalletStore::setLabel(LabelKind kind, std::string_view reference, std::string_view text)
{
    if (text.empty()) {
        return db().run("DELETE FROM label WHERE kind = ? AND reference = ?", number(kind), reference);
    }
    return db().run("INSERT OR REPLACE INTO label(kind, reference, text) VALUES (?, ?, ?)", number(kind),
                    reference, text);
}

Result<std::string> WalletStore::label(LabelKind kind, std::string_view reference)
{
    BOWLINE_TRY(Statement row, db().query("SELECT text FROM label WHERE kind = ? AND reference = ?",
                                          number(kind), reference));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return std::string();
    std::string text = row.text(0);
    BOWLINE_CHECK(row.rowStatus());
    return text;
}

Status WalletStore::setFrozen(const OutPoint& outpoint, bool frozen)
{
    return db().run(frozen ? "INSERT OR IGNORE INTO frozen(txid, vout) VALUES (?, ?)"
                           : "DELETE FROM frozen WHERE txid = ? AND vout = ?",
                    outpoint.txid, outpoint.index);
}

Status WalletStore::putRecord(const BridgeRecord& record)
{
    return db().run("INSERT OR REPLACE INTO bridge_records(kind, id, data, updated) VALUES (?, ?, ?, ?)",
                    record.kind, record.id, record.data, record.updated);
}

Result<std::optional<BridgeRecord>> WalletStore::record(std::string_view kind, ByteView id)
{
    BOWLINE_TRY(Statement row, db().query("SELECT kind, id, data, updated FROM bridge_records "
                                          "WHERE kind = ? AND id = ?",
                                          kind, id));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return std::optional<BridgeRecord>();
    BridgeRecord out{row.text(0), row.blob(1), row.blob(2), row.i64(3)};
    BOWLINE_CHECK(row.rowStatus());
    return std::optional<BridgeRecord>(std::move(out));
}

Result<std::vector<BridgeRecord>> WalletStore::records(std::string_view kind)
{
    BOWLINE_TRY(Statement rows,
                db().query("SELECT kind, id, data, updated FROM bridge_records WHERE kind = ? "
                           "ORDER BY updated DESC, id",
                           kind));
    std::vector<BridgeRecord> out;
    BOWLINE_CHECK(rows.forEach([&out](Statement& row) {
        out.push_back({row.text(0), row.blob(1), row.blob(2), row.i64(3)});
    }));
    return out;
}

Status WalletStore::removeRecord(std::string_view kind, ByteView id)
{
    return db().run("DELETE FROM bridge_records WHERE kind = ? AND id = ?", kind, id);
}

} // namespace bowline::wallet
