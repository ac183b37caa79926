// SPDX-License-Identifier: MIT
// What a WalletStore holds. Private to its two source files.
#pragma once

#include "core/wallet/wallet_store.h"

namespace bowline::wallet {

struct WalletStore::State {
    explicit State(store::Database database) : db(std::move(database)) {}
    store::Database db;
    bool inBatch = false;
    std::uint64_t rollbacks = 0;
    /// Asked for every input of every block that may concern us; prepared once. Must end before the database.
    std::optional<store::Statement> hasCoin;
};

inline store::Database& WalletStore::db() { return m_state->db; }

} // namespace bowline::wallet
