// SPDX-License-Identifier: MIT
// A wallet: a file, its keys while unlocked, its accounts, and what it knows of the chain.
//
// Threads. A Wallet belongs to one thread (or strand) and is not locked inside: whoever owns it calls it from
// there only, and hands immutable Snapshots to everybody else. create(), unlock() and changePassword() take
// about a second on purpose (scrypt), nothing else blocks for long.
//
// Locked or not, it watches: addresses, coins, history and drafts work; signing and everything that yields a
// private key fails with kLocked. lock() wipes the keys before it returns.
//
// Accounts: BIP86 (P2TR) first, BIP84 (P2WPKH), both number 0, as public output descriptors. Further keys by
// fixed path (rule A17 of the bridge): the layer-2 account at m/86h/coin h/900h/0/0, refund keys of deposits
// at m/86h/coin h/1000h/0/index. Everything is found again from the words alone.
#pragma once

#include "core/keys/bip32.h"
#include "core/keys/descriptor.h"
#include "core/wallet/balance.h"
#include "core/wallet/wallet_store.h"

#include <deque>
#include <functional>
#include <memory>
#include <set>
#include <unordered_map>

namespace bowline::wallet {

/// When the keys of the wallet came into being: earlier blocks are not scanned.
struct Birthday {
    /// Taken when known. Otherwise found from `time`, see WalletSync.
    std::optional<Height> height;
    UnixTime time = 0; // 0: scan everything
};

struct NewWallet {
    base::SecureBytes words;      // BIP39, any supported language, UTF-8
    base::SecureBytes passphrase; // BIP39, may be empty
    base::SecureBytes password;   // protects this file
    bitcoin::Network network = bitcoin::Network::Regtest;
    Birthday birthday;
    /// The words may have a past: until the first sync is over, more addresses are looked for, and each time more
    /// come into sight from the birthday on. They need no backup check.
    bool restored = false;
    /// Absent: calibrated to about one second. Tests give something cheaper.
    std::optional<crypto::ScryptParameters> scrypt;
};

inline constexpr std::uint32_t kLayerTwoAccount = 900;
inline constexpr std::uint32_t kBridgeRefundAccount = 1000;

struct ReceiveAddress {
    std::string address;
    Script script;
    OwnKey key;
    bool used = false;
    std::string label;
};

/// The scripts to watch for one refund key: where a deposit made with it would be. Called for indexes from 0
/// up to 20 beyond the last that was found on the chain or handed out. Must be pure.
using RefundScripts =
    std::function<std::vector<WatchedScript>(std::uint32_t index, const base::XOnlyPublicKey& refundKey)>;

/// Scripts that were not watched before; blocks from `from` on have to be looked at for them.
using NewScripts = std::function<void(const std::vector<Script>& scripts, Height from)>;

/// One immutable picture for user interfaces. Free of secrets.
struct Snapshot {
    bitcoin::Network network = bitcoin::Network::Regtest;
    bool locked = true;
    bool backupVerified = false;
    std::optional<BlockRef> scannedTo;
    Balance balance;
    std::vector<Coin> coins;
    std::vector<HistoryEntry> recent; // newest first, at most 20
    std::uint64_t transactionCount = 0;
    ReceiveAddress receive; // P2TR, the first that is not used
};

class Wallet {
public:
    /// A new file at `path`; kWalletExists if there is a wallet already. The result is unlocked.
    static Result<std::unique_ptr<Wallet>> create(const std::string& path, const NewWallet& options,
                                                  const base::Clock& clock);
    /// Locked. `clock` must outlive the wallet.
    static Result<std::unique_ptr<Wallet>> open(const std::string& path, const base::Clock& clock);
    ~Wallet();
    Wallet(const Wallet&) = delete;
    Wallet& operator=(const Wallet&) = delete;

    [[nodiscard]] bitcoin::Network network() const { return m_meta.network; }
    [[nodiscard]] Birthday birthday() const { return {m_meta.birthdayHeight, m_meta.birthdayTime}; }
    Status setBirthdayHeight(Height height);

    // ---- keys ----
    [[nodiscard]] bool isLocked() const { return m_unlocked == nullptr; }
    /// kWrongPassword. Unlocking an unlocked wallet checks the password.
    Status unlock(ByteView password);
    void lock();
    /// All or nothing, also when the process dies meanwhile. Works locked or unlocked and changes neither.
    Status changePassword(ByteView before, ByteView after,
                          const std::optional<crypto::ScryptParameters>& scrypt = std::nullopt);
    /// The words, to be written down. Needs the wallet unlocked.
    [[nodiscard]] Result<base::SecureBytes> backupWords();
    /// The user typed the words again: kOtherWords, or remembered as verified. Needs the wallet unlocked.
    Status verifyBackup(ByteView words);
    [[nodiscard]] bool backupVerified() const { return m_meta.backupVerified; }

    /// Private key that spends `key` (BIP86: before the tweak of BIP341). kLocked.
    [[nodiscard]] Result<crypto::PrivateKey> privateKey(const OwnKey& key) const;
    /// Key at m/86h/coin h/account h/0/index; account is one of kLayerTwoAccount, kBridgeRefundAccount.
    /// kLocked.
    [[nodiscard]] Result<crypto::PrivateKey> specialPrivateKey(std::uint32_t account,
                                                               std::uint32_t index) const;
    /// The same key's public half, locked or not.
    [[nodiscard]] Result<crypto::PublicKey> specialPublicKey(std::uint32_t account,
                                                             std::uint32_t index) const;
    [[nodiscard]] Result<crypto::PrivateKey> layerTwoKey() const
    {
        return specialPrivateKey(kLayerTwoAccount, 0);
    }
    [[nodiscard]] Result<base::XOnlyPublicKey> layerTwoAccount() const;
    [[nodiscard]] Result<crypto::PrivateKey> refundKey(std::uint32_t index) const
    {
        return specialPrivateKey(kBridgeRefundAccount, index);
    }
    /// A refund key index that no deposit has used, remembered at once: it is not given out twice. After 20 that
    /// no block has paid to, those come again whose request was not made before this wallet was opened, or can
    /// never be mined; kGapLimit without any: a restore would not find more. setRefundScripts() comes first, or
    /// payments go unnoticed.
    Result<std::uint32_t> takeRefundIndex();

    // ---- addresses and scripts ----
    /// The first address that was neither paid to nor given out by nextAddress().
    [[nodiscard]] Result<ReceiveAddress> currentAddress(AddressType type);
    /// Hands the current one out, labelled, and moves on. kGapLimit after 20 that no block has paid to.
    Result<ReceiveAddress> nextAddress(AddressType type, std::string_view label);
    /// Newest first: all that were handed out or paid to.
    [[nodiscard]] Result<std::vector<ReceiveAddress>> addresses(AddressType type);
    /// Where change goes next. It moves on when a transaction that uses it is added, but not out of the gap that
    /// a restore looks at: after 20 that were never mined the last one is used again.
    [[nodiscard]] Result<std::pair<Script, OwnKey>> changeScript(AddressType type) const;
    /// Public, ranged, with checksum.
    [[nodiscard]] Result<std::string> descriptor(AddressType type, Branch branch) const;
    [[nodiscard]] std::optional<ScriptOwner> ownerOf(ByteView script) const;
    /// All scripts to look for on the chain.
    [[nodiscard]] std::vector<Script> scripts() const;
    /// Watches a script; blocks from `from` on are looked at for it. Known scripts are fine.
    Status watch(const WatchedScript& watched, Height from);
    /// Rule A17: watches what the function names for each refund key, now and as more are found on the chain.
    /// Set at each opening, before syncing starts (it is code, not data). New scripts are looked for from the
    /// birthday on.
    Status setRefundScripts(RefundScripts fn);
    /// Called whenever a write added scripts (an address was paid or handed out and the gap moved on,
    /// watch(), setRefundScripts()), after it was committed. One listener: WalletSync. Empty: none.
    void setNewScriptsListener(NewScripts fn) { m_newScripts = std::move(fn); }

    // ---- chain ----
    /// The last block processed.
    [[nodiscard]] std::optional<BlockRef> scannedTo() const;
    /// Newest first; for chain::FollowFrom.
    [[nodiscard]] std::vector<BlockRef> processedBlocks() const;
    /// A block of the best chain; what was there at its height and above is undone first. `block` may be null
    /// when nothing in it concerns the wallet. `again` looks at a block below the tip once more and moves
    /// nothing. Returns the ids of transactions that concern the wallet. Blocks without any are written down
    /// together later, see flush().
    Result<std::vector<Txid>> connectBlock(const BlockRef& at, const bitcoin::Block* block,
                                           bool again = false);
    /// Undoes the block and all above.
    Status disconnectBlock(const BlockRef& at);
    /// Writes blocks down that connectBlock() still holds back (at most kHeldBackBlocks). Losing them by a
    /// crash costs nothing but seeing them again.
    Status flush();
    /// A transaction not in a block: our own before it is sent, or one heard of. kNotOurs. Known ones are
    /// fine. An abandoned one comes back to life.
    Status addUnconfirmed(const Transaction& transaction);
    /// Gives an unconfirmed transaction up: its coins are free again. What it does not do: make others forget
    /// it.
    Status abandon(const Txid& txid);
    /// Live unconfirmed transactions in the order in which nodes must hear of them.
    [[nodiscard]] Result<std::vector<Transaction>> pendingTransactions();
    /// Everything up to the end of the chain was looked at, for the first time after a restore perhaps.
    Status noteInStep();
    /// Scripts must be looked for again from there (a crash came between): see WalletSync.
    [[nodiscard]] std::optional<Height> rescanFrom() const { return m_meta.rescanFrom; }
    /// The rescan is certain to be over once a block above `height` was processed.
    Status setRescanUntil(Height height);

    // ---- views ----
    /// Computed when something changed since; valid until the next call that writes.
    [[nodiscard]] Result<const CoinView*> coins();
    /// 0 before anything was scanned.
    [[nodiscard]] Height tipHeight() const;
    [[nodiscard]] Result<Balance> balance();
    /// Set by WalletSync: the scan has reached the end of the chain.
    void setSynced(bool synced) { m_synced = synced; }
    [[nodiscard]] bool isSynced() const { return m_synced; }
    [[nodiscard]] Result<std::vector<HistoryEntry>> history(const std::optional<HistoryCursor>& after,
                                                            std::size_t limit);
    [[nodiscard]] Result<std::optional<HistoryEntry>> historyEntry(const Txid& txid);
    [[nodiscard]] Result<std::optional<TransactionRow>> transaction(const Txid& txid);
    [[nodiscard]] Result<std::shared_ptr<const Snapshot>> snapshot();

    // ---- the user's notes ----
    Status setLabel(LabelKind kind, std::string_view reference, std::string_view text);
    [[nodiscard]] Result<std::string> label(LabelKind kind, std::string_view reference);
    Status setFrozen(const OutPoint& outpoint, bool frozen);

    /// Records of the bridge (putRecord(), records(), ...) and batches that join them with wallet writes.
    /// Write nothing else through it: this object would not notice.
    [[nodiscard]] WalletStore& store() { return m_store; }

    static constexpr std::size_t kHeldBackBlocks = 1000;
    static constexpr std::uint32_t kRescanDepth = 2016;

private:
    struct Unlocked;
    struct AddressChain {
        ChainRow row;
        keys::Descriptor descriptor;
    };
    struct SpecialChain {
        SpecialRow row;
        keys::ExtendedPublicKey key;
    };
    struct ScriptHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view script) const
        {
            return std::hash<std::string_view>{}(script);
        }
    };
    template <typename T>
    using ByScript = std::unordered_map<std::string, T, ScriptHash, std::equal_to<>>;

    Wallet(WalletStore store, const base::Clock& clock);
    Status read();
    [[nodiscard]] Result<std::vector<AddressChain>> readChains(bitcoin::Network network);
    [[nodiscard]] Result<std::vector<SpecialChain>> readSpecials(bitcoin::Network network);
    Status deriveScripts();
    Status install(store::SecretBox box);
    /// Runs `fn` as one write. When it fails, the file is as before and memory is read from it again, with the next
    /// write if that fails too.
    Status write(const std::function<Status()>& fn);
    void announceNewScripts();

    [[nodiscard]] AddressChain* chainOf(AddressType type, Branch branch);
    [[nodiscard]] const AddressChain* chainOf(AddressType type, Branch branch) const;
    [[nodiscard]] SpecialChain* specialOf(std::uint32_t account);
    [[nodiscard]] const SpecialChain* specialOf(std::uint32_t account) const;
    Status extendChain(AddressChain& chain, Height from);
    Status extendRefunds(Height from);
    Status addWatched(const WatchedScript& watched, Height from);
    Status noteUse(ByteView script, const ScriptOwner& owner, bool confirmed, Height from);
    [[nodiscard]] Result<std::uint32_t> freeRefundIndex();
    [[nodiscard]] std::uint32_t wantedScripts(std::uint32_t next, std::uint32_t derived) const;
    void noteNewScript(Script script, Height from);
    [[nodiscard]] Result<ReceiveAddress> addressAt(const AddressChain& chain, std::uint32_t index);

    [[nodiscard]] Result<bool> concernsUs(const Transaction& transaction);
    Status addTransaction(const Transaction& transaction, const std::optional<BlockRef>& confirmed);
    Status needRescan(Height from);
    Result<std::vector<Txid>> applyBlock(const BlockRef& at, const bitcoin::Block& block, bool again);
    Status undoFrom(Height from);
    Status blockProcessed(const BlockRef& at);
    [[nodiscard]] Height rescanStart(Height at) const;
    [[nodiscard]] Height nextHeight() const;

    WalletStore m_store;
    const base::Clock& m_clock;
    WalletMeta m_meta;
    std::vector<AddressChain> m_chains;
    std::vector<SpecialChain> m_specials;
    ByScript<ScriptOwner> m_owners;
    RefundScripts m_refundScripts;
    ByScript<std::uint32_t> m_refundIndexes; // of the scripts that m_refundScripts names
    std::uint32_t m_refundsDerived = 0;      // it was asked for all indexes below
    std::set<std::uint32_t> m_refundsGiven;  // since this was opened: their requests may still be made
    std::deque<BlockRef> m_blocks;           // processed and stored, ascending
    std::vector<BlockRef> m_heldBack;        // processed, not stored yet, ascending
    NewScripts m_newScripts;
    std::vector<Script> m_added; // scripts of the write under way
    Height m_addedFrom;
    /// As of the last read(); none when that failed and memory is not to be relied on.
    std::optional<std::uint64_t> m_rollbacksSeen;
    bool m_synced = false;
    std::optional<CoinView> m_view;
    std::unique_ptr<Unlocked> m_unlocked;
};

} // namespace bowline::wallet
