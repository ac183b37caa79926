// SPDX-License-Identifier: MIT
#include "core/store/secret_box.h"

#include "core/crypto/random.h"

namespace bowline::store {

using base::ByteView;
using base::makeError;
using base::Result;
using base::SecureBytes;
using base::Status;

const char* const kSecretBoxTables = R"sql(
CREATE TABLE secret_box(
    id INTEGER PRIMARY KEY CHECK (id = 1),
    scrypt_n INTEGER NOT NULL,
    scrypt_r INTEGER NOT NULL,
    scrypt_p INTEGER NOT NULL,
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    wrapped_key BLOB NOT NULL
) STRICT;
CREATE TABLE secret(
    name TEXT PRIMARY KEY,
    box BLOB NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

namespace {

constexpr std::string_view kDataKeyLabel = "bowline data key";
constexpr std::string_view kSecretLabel = "bowline secret ";

struct Wrapping {
    crypto::ScryptParameters parameters;
    base::ByteArray<32> salt{};
    base::Bytes wrappedKey;
};

crypto::AeadKey keyOf(const SecureBytes& bytes)
{
    crypto::AeadKey key;
    std::copy(bytes.begin(), bytes.end(), key.data());
    return key;
}

Result<crypto::AeadKey> passphraseKey(ByteView passphrase, const Wrapping& wrapping)
{
    BOWLINE_TRY(const SecureBytes bytes,
                crypto::scrypt(passphrase, wrapping.salt, wrapping.parameters, crypto::AeadKey::size()));
    return keyOf(bytes);
}

base::Bytes labelOf(std::string_view name)
{
    base::Bytes label = base::toBytes(base::viewOf(kSecretLabel));
    base::append(label, base::viewOf(name));
    return label;
}

Result<Wrapping> wrap(const crypto::AeadKey& dataKey, ByteView passphrase,
                      const crypto::ScryptParameters& parameters)
{
    if (!crypto::isStrongEnough(parameters)) return makeError(kWeakParameters, "scrypt parameters too weak");
    Wrapping out;
    out.parameters = parameters;
    BOWLINE_CHECK(crypto::randomBytes(out.salt));
    BOWLINE_TRY(const crypto::AeadKey key, passphraseKey(passphrase, out));
    BOWLINE_TRY(out.wrappedKey, crypto::sealBox(key, dataKey.view(), base::viewOf(kDataKeyLabel)));
    return out;
}

Status save(Database& db, const Wrapping& wrapping)
{
    return db.run("INSERT OR REPLACE INTO secret_box(id, scrypt_n, scrypt_r, scrypt_p, salt, wrapped_key) "
                  "VALUES (1, ?, ?, ?, ?, ?)",
                  wrapping.parameters.n, wrapping.parameters.r, wrapping.parameters.p, wrapping.salt,
                  wrapping.wrappedKey);
}

Result<Wrapping> load(Database& db)
{
    BOWLINE_TRY(Statement row,
                db.prepare("SELECT scrypt_n, scrypt_r, scrypt_p, salt, wrapped_key FROM secret_box"));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return makeError(kNoSecretBox, "no passphrase was set");
    Wrapping out;
    out.parameters = {row.u64(0), row.u32(1), row.u32(2)};
    out.salt = row.array<32>(3);
    out.wrappedKey = row.blob(4);
    BOWLINE_CHECK(row.rowStatus());
    return out;
}

Result<crypto::AeadKey> unwrap(ByteView passphrase, const Wrapping& wrapping)
{
    BOWLINE_TRY(const crypto::AeadKey key, passphraseKey(passphrase, wrapping));
    const auto opened = crypto::openBox(key, wrapping.wrappedKey, base::viewOf(kDataKeyLabel));
    if (!opened.ok() && opened.error().code == crypto::kBoxNotAuthentic) {
        return makeError(kWrongPassphrase, "the passphrase does not open the data key");
    }
    if (!opened.ok() || opened->size() != crypto::AeadKey::size()) {
        return makeError(kSecretDamaged, "the wrapped data key is damaged");
    }
    return keyOf(*opened);
}

} // namespace

Result<bool> SecretBox::exists(Database& db)
{
    BOWLINE_TRY(Statement row, db.prepare("SELECT 1 FROM secret_box"));
    return row.step();
}

Result<SecretBox> SecretBox::create(Database& db, ByteView passphrase,
                                    const crypto::ScryptParameters& parameters)
{
    BOWLINE_TRY(const bool there, exists(db));
    if (there) return makeError(kSecretBoxExists, "a passphrase is set already");
    BOWLINE_TRY(crypto::AeadKey dataKey, crypto::randomSecret());
    BOWLINE_TRY(const Wrapping wrapping, wrap(dataKey, passphrase, parameters));
    BOWLINE_CHECK(save(db, wrapping));
    return SecretBox(std::move(dataKey));
}

Result<SecretBox> SecretBox::unlock(Database& db, ByteView passphrase)
{
    BOWLINE_TRY(const Wrapping wrapping, load(db));
    BOWLINE_TRY(crypto::AeadKey dataKey, unwrap(passphrase, wrapping));
    return SecretBox(std::move(dataKey));
}

Status SecretBox::changePassphrase(Database& db, ByteView oldPassphrase, ByteView newPassphrase,
                                   const crypto::ScryptParameters& parameters)
{
    BOWLINE_TRY(const Wrapping before, load(db));
    BOWLINE_TRY(const crypto::AeadKey dataKey, unwrap(oldPassphrase, before));
    BOWLINE_TRY(const Wrapping after, wrap(dataKey, newPassphrase, parameters));
    return save(db, after); // one statement, one transaction
}

Status SecretBox::put(Database& db, std::string_view name, ByteView secret) const
{
    BOWLINE_TRY(const base::Bytes box, crypto::sealBox(m_dataKey, secret, labelOf(name)));
    return db.run("INSERT OR REPLACE INTO secret(name, box) VALUES (?, ?)", name, box);
}

Result<SecureBytes> SecretBox::get(Database& db, std::string_view name) const
{
    BOWLINE_TRY(Statement row, db.query("SELECT box FROM secret WHERE name = ?", name));
    BOWLINE_TRY(const bool found, row.step());
    if (!found) return makeError(kNoSuchSecret, std::string(name));
    const base::Bytes box = row.blob(0);
    BOWLINE_CHECK(row.rowStatus());
    auto opened = crypto::openBox(m_dataKey, box, labelOf(name));
    if (!opened.ok()) return makeError(kSecretDamaged, std::string(name) + ": " + opened.error().detail);
    return std::move(opened).value();
}

Status SecretBox::remove(Database& db, std::string_view name)
{
    BOWLINE_CHECK(db.run("DELETE FROM secret WHERE name = ?", name));
    if (db.changes() == 0) return makeError(kNoSuchSecret, std::string(name));
    return base::success();
}

} // namespace bowline::store
