// SPDX-License-Identifier: MIT
// Secrets inside a database: each sealed under a random data key, the data key sealed under a key that scrypt
// derives from the passphrase (core/crypto: aead.h, kdf.h).
//
// Changing the passphrase seals the data key anew in one transaction and touches no secret. Every box is bound to
// what it is (its name) by the AEAD's associated data, so rows cannot be swapped. The data key exists only in
// locked memory of an unlocked SecretBox: destroying the object locks it.
//
// The tables are created by one migration step of the owning schema: put kSecretBoxTables among its steps.
#pragma once

#include "core/crypto/aead.h"
#include "core/crypto/kdf.h"
#include "core/store/database.h"

namespace bowline::store {

inline constexpr base::ErrorCode kWrongPassphrase{"store.wrong-passphrase"};
inline constexpr base::ErrorCode kSecretBoxExists{"store.secret-box-exists"};
/// No passphrase was ever set in this database.
inline constexpr base::ErrorCode kNoSecretBox{"store.no-secret-box"};
inline constexpr base::ErrorCode kNoSuchSecret{"store.no-such-secret"};
/// The box is there but was changed by somebody: not by this program.
inline constexpr base::ErrorCode kSecretDamaged{"store.secret-damaged"};
/// The scrypt parameters are below crypto::isStrongEnough.
inline constexpr base::ErrorCode kWeakParameters{"store.weak-parameters"};

extern const char* const kSecretBoxTables;

class SecretBox {
public:
    /// Sets the passphrase of a database that has none. Takes as long as `parameters` ask for. May run inside a
    /// transaction of the caller, so that a wallet and its seed come into being at once.
    static base::Result<SecretBox> create(Database& db, base::ByteView passphrase,
                                          const crypto::ScryptParameters& parameters);
    [[nodiscard]] static base::Result<bool> exists(Database& db);
    static base::Result<SecretBox> unlock(Database& db, base::ByteView passphrase);
    /// The old passphrase is asked for again, unlocked or not. All or nothing.
    static base::Status changePassphrase(Database& db, base::ByteView oldPassphrase,
                                         base::ByteView newPassphrase,
                                         const crypto::ScryptParameters& parameters);

    /// Inserts or replaces. Names are not secret: "seed", "operator-key". `db` is the one that was unlocked.
    base::Status put(Database& db, std::string_view name, base::ByteView secret) const;
    [[nodiscard]] base::Result<base::SecureBytes> get(Database& db, std::string_view name) const;
    /// Needs no key, and is here to stand beside put().
    static base::Status remove(Database& db, std::string_view name);

private:
    explicit SecretBox(crypto::AeadKey key) : m_dataKey(std::move(key)) {}
    crypto::AeadKey m_dataKey;
};

} // namespace bowline::store
