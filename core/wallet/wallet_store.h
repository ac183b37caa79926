// SPDX-License-Identifier: MIT
// The wallet's file: one SQLite database. Keys and words are in it only as boxes sealed under the password
// (core/store/secret_box.h); everything needed to watch is plain, so that a locked wallet still sees its
// money and keeps in step with the chain.
//
// One writer, one thread. Every public function that writes is one transaction, or takes part in the one that
// a Batch holds open: after kill -9 the file is as before it or as after it. Confirmations are stored as
// (height, hash); that a coin is spent is derived from confirmed transactions and undone with them.
#pragma once

#include "core/store/secret_box.h"
#include "core/wallet/coins.h"

#include <functional>
#include <span>

namespace bowline::wallet {

/// Where an address chain stands. Scripts exist for all indexes below `derived`.
struct ChainRow {
    AddressType type = AddressType::Taproot;
    Branch branch = Branch::Receive;
    std::string descriptor; // public, ranged, with checksum (BIP380)
    std::uint32_t next = 0; // the next index to hand out
    /// One above the highest index that a block has paid to: all that a restore from the words can go by.
    std::uint32_t used = 0;
    std::uint32_t derived = 0;
};

/// Keys by fixed path outside of the address chains: m/86h/coin h/account h, and below it /0/index.
struct SpecialRow {
    std::uint32_t account = 0;
    std::string xpub;
    std::uint32_t next = 0; // as in ChainRow
    std::uint32_t used = 0;
};

struct WalletMeta {
    bitcoin::Network network = bitcoin::Network::Regtest;
    UnixTime created = 0;
    /// Blocks before it hold nothing of ours. Without a height yet, it is found by time once headers are
    /// there.
    std::optional<Height> birthdayHeight;
    UnixTime birthdayTime = 0;
    bool backupVerified = false;
    /// Blocks from here up were, or may have been, not looked at for every script: look again.
    std::optional<Height> rescanFrom;
    /// rescanFrom is done once a block above this one was processed.
    Height rescanUntil;
    /// Made from words that may have a past, and not in step with the chain for the first time yet.
    bool restoring = false;
};

/// Whose a stored script is.
struct ScriptOwner {
    std::optional<OwnKey> key;
    std::string purpose; // of a watched script
    std::uint32_t index = 0;
    Bytes data;
};

struct TransactionRow {
    Txid txid;
    Transaction transaction;
    std::optional<BlockRef> confirmed;
    UnixTime firstSeen = 0;
    bool abandoned = false;
};

/// One line of the history.
struct HistoryEntry {
    Txid txid;
    std::int64_t row = 0; // order of arrival
    std::optional<BlockRef> confirmed;
    UnixTime firstSeen = 0;
    Amount received; // to our keys
    Amount spent;    // from our keys
    /// When every input is ours.
    std::optional<Amount> fee;
    TransactionState state = TransactionState::Pending;
    std::string label;
    [[nodiscard]] Amount delta() const { return received - spent; }
};

/// The place in the history after which to go on: unconfirmed first, then from the highest block down.
struct HistoryCursor {
    std::optional<Height> height;
    std::int64_t row = 0;
};

/// What labels are for, as in BIP329.
enum class LabelKind : std::uint8_t { Transaction = 1, Address = 2, Output = 3 };

/// A record of the bridge: the wallet keeps it, its meaning is the caller's.
struct BridgeRecord {
    std::string kind;
    Bytes id;
    Bytes data;
    UnixTime updated = 0;
};

class WalletStore {
    struct State;

public:
    /// Creates the file with everything in one transaction; kWalletExists if there is a wallet in it.
    struct Creation {
        WalletMeta meta;
        std::vector<ChainRow> chains;
        std::vector<SpecialRow> specials;
        base::ByteView password;
        base::ByteView words;
        base::ByteView seed;
        crypto::ScryptParameters scrypt;
    };
    struct Created;
    static Result<Created> create(const std::string& path, const Creation& creation);
    static Result<WalletStore> open(const std::string& path);

    /// Several writes as one. Nested batches join the outer one; without commit() nothing happened.
    class [[nodiscard]] Batch {
    public:
        Status commit();
        ~Batch();
        Batch(Batch&& other) noexcept;
        Batch(const Batch&) = delete;
        Batch& operator=(const Batch&) = delete;
        Batch& operator=(Batch&&) = delete;

    private:
        friend class WalletStore;
        Batch(State* owned, std::optional<store::Transaction> transaction)
            : m_owned(owned), m_transaction(std::move(transaction))
        {
        }
        State* m_owned; // null when it joined an outer batch, or was moved from
        std::optional<store::Transaction> m_transaction;
    };
    Result<Batch> begin();
    /// How many batches ended without commit: who keeps copies of stored values reads them again then.
    [[nodiscard]] std::uint64_t rollbacks() const;

    // ---- secrets ----
    Result<store::SecretBox> unlock(ByteView password);
    Status changePassword(ByteView before, ByteView after, const crypto::ScryptParameters& scrypt);
    [[nodiscard]] Result<base::SecureBytes> secret(const store::SecretBox& box, std::string_view name);

    // ---- meta, chains of addresses, scripts ----
    [[nodiscard]] Result<WalletMeta> meta();
    Status setMeta(const WalletMeta& meta);
    [[nodiscard]] Result<std::vector<ChainRow>> chains();
    Status setChain(const ChainRow& row);
    [[nodiscard]] Result<std::vector<SpecialRow>> specials();
    Status setSpecial(const SpecialRow& row);
    Status addOwnScript(const Script& script, const OwnKey& key);
    /// Known scripts keep their owner. True if it is new.
    Result<bool> addWatchedScript(const WatchedScript& watched);
    Status forEachScript(const std::function<void(ByteView script, ScriptOwner owner)>& fn);

    // ---- blocks ----
    /// The blocks processed last, newest first, at most kKeptBlocks.
    [[nodiscard]] Result<std::vector<BlockRef>> processedBlocks();
    /// Adds blocks in ascending order and forgets those more than kKeptBlocks below.
    Status addBlocks(std::span<const BlockRef> blocks);
    /// Forgets blocks from `from` up; their transactions become unconfirmed.
    Status disconnectFrom(Height from);

    // ---- transactions and coins ----
    /// Inserts, or updates the confirmation of a known one (a confirmation is not taken away by an absent
    /// one). `outputs`: positions of outputs that belong to stored scripts.
    Status putTransaction(const Transaction& transaction, const std::optional<BlockRef>& confirmed,
                          UnixTime now, std::span<const std::uint32_t> outputs);
    Status setAbandoned(const Txid& txid, bool abandoned);
    /// Whether an output of a stored script is at this place, spent or not.
    [[nodiscard]] Result<bool> hasCoin(const OutPoint& outpoint);
    /// Whether anything was ever paid to the script.
    [[nodiscard]] Result<bool> isPaid(ByteView script);
    /// Watched scripts that a block has paid to.
    [[nodiscard]] Result<std::vector<Script>> paidWatchedScripts();
    /// The output there, spent or not, if it is of a stored script.
    [[nodiscard]] Result<std::optional<Coin>> coin(const OutPoint& outpoint);
    [[nodiscard]] Result<std::optional<TransactionRow>> transaction(const Txid& txid);
    /// Stored transactions that spend the output, confirmed ones first.
    [[nodiscard]] Result<std::vector<Txid>> spendersOf(const OutPoint& outpoint);
    /// Outputs no confirmed transaction spends, and all unconfirmed transactions.
    [[nodiscard]] Result<CoinView> coinView();
    /// States of unconfirmed ones are as in `view`.
    [[nodiscard]] Result<std::vector<HistoryEntry>>
    history(const CoinView& view, const std::optional<HistoryCursor>& after, std::size_t limit);
    [[nodiscard]] Result<std::optional<HistoryEntry>> historyEntry(const CoinView& view, const Txid& txid);
    [[nodiscard]] Result<std::uint64_t> transactionCount();

    // ---- labels, frozen coins, records ----
    /// An empty text removes it. `reference`: txid, address or "txid:vout", as in BIP329.
    Status setLabel(LabelKind kind, std::string_view reference, std::string_view text);
    [[nodiscard]] Result<std::string> label(LabelKind kind, std::string_view reference);
    Status setFrozen(const OutPoint& outpoint, bool frozen);
    Status putRecord(const BridgeRecord& record);
    [[nodiscard]] Result<std::optional<BridgeRecord>> record(std::string_view kind, ByteView id);
    /// Newest first.
    [[nodiscard]] Result<std::vector<BridgeRecord>> records(std::string_view kind);
    Status removeRecord(std::string_view kind, ByteView id);

    /// Reorganisations are undone exactly this far down.
    static constexpr std::uint32_t kKeptBlocks = 2016;

private:
    explicit WalletStore(store::Database db);
    [[nodiscard]] store::Database& db();
    std::unique_ptr<State> m_state; // its address must stay: batches refer to it

public:
    WalletStore(WalletStore&&) noexcept;
    WalletStore& operator=(WalletStore&&) noexcept;
    ~WalletStore();
};

struct WalletStore::Created {
    WalletStore store;
    store::SecretBox box;
};

} // namespace bowline::wallet
