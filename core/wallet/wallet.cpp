// SPDX-License-Identifier: MIT
// Creating and opening a wallet; its keys. Addresses: wallet_addresses.cpp. Chain and views:
// wallet_chain.cpp.
#include "core/keys/account.h"
#include "core/keys/mnemonic.h"
#include "core/wallet/wallet_unlocked.h"

namespace bowline::wallet {

using base::makeError;
using base::success;
using keys::ExtendedPrivateKey;

namespace {

constexpr std::uint32_t kAccountNumber = 0;
constexpr std::chrono::milliseconds kUnlockTime{1000};

keys::AccountKind kindOf(AddressType type)
{
    return type == AddressType::Taproot ? keys::AccountKind::Bip86 : keys::AccountKind::Bip84;
}

/// m/86h/coin h/account h
keys::DerivationPath specialPath(bitcoin::Network network, std::uint32_t account)
{
    return {86 | keys::kHardened, bitcoin::chainParams(network).coinType | keys::kHardened,
            account | keys::kHardened};
}

Result<std::vector<ChainRow>> chainRows(const ExtendedPrivateKey& master, bitcoin::Network network)
{
    std::vector<ChainRow> out;
    for (const AddressType type : {AddressType::Taproot, AddressType::SegwitV0}) {
        BOWLINE_TRY(const keys::AccountDescriptors descriptors,
                    keys::accountDescriptors(master, kindOf(type), network, kAccountNumber));
        out.push_back({type, Branch::Receive, descriptors.receive.toString(), 0, 0, 0});
        out.push_back({type, Branch::Change, descriptors.change.toString(), 0, 0, 0});
    }
    return out;
}

Result<std::vector<SpecialRow>> specialRows(const ExtendedPrivateKey& master, bitcoin::Network network)
{
    std::vector<SpecialRow> out;
    for (const std::uint32_t account : {kLayerTwoAccount, kBridgeRefundAccount}) {
        BOWLINE_TRY(const ExtendedPrivateKey key, master.derive(specialPath(network, account)));
        out.push_back({account, key.extendedPublicKey().toString(network), 0, 0});
    }
    return out;
}

/// More deposits than anybody makes: keeps what a damaged file can make us derive within bounds.
constexpr std::uint32_t kMaxRefundKeys = 1U << 20U;

bool isSound(const ChainRow& row)
{
    return row.used <= row.next && row.next <= row.derived && row.derived < keys::kHardened - kAddressGap;
}
bool isSound(const SpecialRow& row) { return row.used <= row.next && row.next < kMaxRefundKeys; }

Result<crypto::ScryptParameters> scryptOrCalibrated(const std::optional<crypto::ScryptParameters>& given)
{
    if (given) return *given;
    return crypto::calibrateScrypt(kUnlockTime);
}

} // namespace

Wallet::Wallet(WalletStore store, const base::Clock& clock) : m_store(std::move(store)), m_clock(clock) {}
Wallet::~Wallet() = default;

Result<std::unique_ptr<Wallet>> Wallet::create(const std::string& path, const NewWallet& options,
                                               const base::Clock& clock)
{
    if (options.password.empty()) return makeError(kEmptyPassword);
    BOWLINE_TRY(const keys::Mnemonic mnemonic, keys::Mnemonic::parse(base::viewOf(options.words)));
    BOWLINE_TRY(const base::SecureBytes seed, mnemonic.toSeed(base::viewOf(options.passphrase)));
    BOWLINE_TRY(const ExtendedPrivateKey master, ExtendedPrivateKey::fromSeed(base::viewOf(seed)));
    const base::SecureBytes words = mnemonic.text();

    WalletStore::Creation creation;
    creation.meta.network = options.network;
    creation.meta.created = clock.now();
    creation.meta.birthdayHeight = options.birthday.height;
    creation.meta.birthdayTime = options.birthday.time;
    creation.meta.backupVerified = options.restored;
    creation.meta.restoring = options.restored;
    creation.password = base::viewOf(options.password);
    creation.words = base::viewOf(words);
    creation.seed = base::viewOf(seed);
    BOWLINE_TRY(creation.chains, chainRows(master, options.network));
    BOWLINE_TRY(creation.specials, specialRows(master, options.network));
    BOWLINE_TRY(creation.scrypt, scryptOrCalibrated(options.scrypt));
    BOWLINE_TRY(WalletStore::Created created, WalletStore::create(path, creation));

    std::unique_ptr<Wallet> wallet(new Wallet(std::move(created.store), clock));
    BOWLINE_CHECK(wallet->read());
    BOWLINE_CHECK(wallet->deriveScripts());
    BOWLINE_CHECK(wallet->install(std::move(created.box)));
    return wallet;
}

Result<std::unique_ptr<Wallet>> Wallet::open(const std::string& path, const base::Clock& clock)
{
    BOWLINE_TRY(WalletStore store, WalletStore::open(path));
    std::unique_ptr<Wallet> wallet(new Wallet(std::move(store), clock));
    BOWLINE_CHECK(wallet->read());
    BOWLINE_CHECK(wallet->deriveScripts());
    return wallet;
}

/// Everything that is kept in memory of the file. Blocks held back are not in the file and stay. All or nothing: with
/// a disk that cannot be read either, what was there is better than a part of it.
Status Wallet::read()
{
    m_rollbacksSeen.reset();
    m_view.reset();
    m_added.clear();
    const std::uint64_t rollbacks = m_store.rollbacks();
    BOWLINE_TRY(const WalletMeta meta, m_store.meta());
    BOWLINE_TRY(std::vector<AddressChain> chains, readChains(meta.network));
    BOWLINE_TRY(std::vector<SpecialChain> specials, readSpecials(meta.network));
    ByScript<ScriptOwner> owners;
    BOWLINE_CHECK(m_store.forEachScript(
        [&owners](ByteView script, ScriptOwner owner) { owners.emplace(asText(script), std::move(owner)); }));
    BOWLINE_TRY(const std::vector<BlockRef> blocks, m_store.processedBlocks());

    m_meta = meta;
    m_chains = std::move(chains);
    m_specials = std::move(specials);
    m_owners = std::move(owners);
    m_blocks.assign(blocks.rbegin(), blocks.rend());
    m_refundIndexes.clear();
    m_refundsDerived = 0;
    m_rollbacksSeen = rollbacks;
    return success();
}

Result<std::vector<Wallet::AddressChain>> Wallet::readChains(bitcoin::Network network)
{
    BOWLINE_TRY(const std::vector<ChainRow> rows, m_store.chains());
    std::vector<AddressChain> out;
    for (const ChainRow& row : rows) {
        if (!isSound(row)) return makeError(kWalletDamaged, "positions of addresses");
        BOWLINE_TRY(keys::Descriptor descriptor,
                    keys::Descriptor::parse(row.descriptor, network, keys::ChecksumRule::Required));
        out.push_back({row, std::move(descriptor)});
    }
    if (out.size() != 4) return makeError(kWalletDamaged, "accounts are missing");
    return out;
}

Result<std::vector<Wallet::SpecialChain>> Wallet::readSpecials(bitcoin::Network network)
{
    BOWLINE_TRY(const std::vector<SpecialRow> rows, m_store.specials());
    std::vector<SpecialChain> out;
    for (const SpecialRow& row : rows) {
        if (!isSound(row)) return makeError(kWalletDamaged, "positions of special keys");
        BOWLINE_TRY(const keys::ExtendedPublicKey key, keys::ExtendedPublicKey::parse(row.xpub, network));
        out.push_back({row, key});
    }
    for (const std::uint32_t account : {kLayerTwoAccount, kBridgeRefundAccount}) {
        const auto isIt = [account](const SpecialChain& special) { return special.row.account == account; };
        if (std::none_of(out.begin(), out.end(), isIt)) {
            return makeError(kWalletDamaged, "accounts are missing");
        }
    }
    return out;
}

/// A new wallet has no scripts yet, and one that was cut off before it had them is completed.
Status Wallet::deriveScripts()
{
    const bool complete = std::all_of(m_chains.begin(), m_chains.end(), [](const AddressChain& chain) {
        return chain.row.derived >= chain.row.next + kAddressGap;
    });
    if (complete) return success();
    return write([this]() -> Status {
        for (AddressChain& chain : m_chains) BOWLINE_CHECK(extendChain(chain, nextHeight()));
        return success();
    });
}

Status Wallet::write(const std::function<Status()>& fn)
{
    // A batch of a caller that joined our writes was given up, or reading failed: what we remember is not so.
    if (m_rollbacksSeen != m_store.rollbacks()) BOWLINE_CHECK(read());
    const auto attempt = [this, &fn]() -> Status {
        BOWLINE_TRY(WalletStore::Batch batch, m_store.begin());
        BOWLINE_CHECK(fn());
        return batch.commit();
    };
    const Status done = attempt();
    m_view.reset();
    if (!done.ok()) {
        static_cast<void>(read().ok()); // else at the beginning of the next write
        return done;
    }
    announceNewScripts();
    return success();
}

void Wallet::announceNewScripts()
{
    const std::vector<Script> added = std::exchange(m_added, {});
    if (m_newScripts && !added.empty()) m_newScripts(added, m_addedFrom);
}

Status Wallet::setBirthdayHeight(Height height)
{
    return write([this, height] {
        m_meta.birthdayHeight = height;
        return m_store.setMeta(m_meta);
    });
}

// ---- keys ----

Status Wallet::install(store::SecretBox box)
{
    BOWLINE_TRY(const base::SecureBytes seed, m_store.secret(box, "seed"));
    BOWLINE_TRY(const ExtendedPrivateKey master, ExtendedPrivateKey::fromSeed(base::viewOf(seed)));
    auto unlocked = std::make_unique<Unlocked>(std::move(box));
    for (const AddressType type : {AddressType::Taproot, AddressType::SegwitV0}) {
        BOWLINE_TRY(const auto path, keys::accountPath(kindOf(type), m_meta.network, kAccountNumber));
        BOWLINE_TRY(ExtendedPrivateKey key, master.derive(path));
        unlocked->accounts.emplace(type, std::move(key));
    }
    for (const SpecialChain& special : m_specials) {
        BOWLINE_TRY(ExtendedPrivateKey key, master.derive(specialPath(m_meta.network, special.row.account)));
        // The seed and the public half are stored apart: they must belong together.
        if (!(key.extendedPublicKey() == special.key)) return makeError(kWalletDamaged, "keys do not match");
        unlocked->specials.emplace(special.row.account, std::move(key));
    }
    m_unlocked = std::move(unlocked);
    return success();
}

Status Wallet::unlock(ByteView password)
{
    BOWLINE_TRY(store::SecretBox box, m_store.unlock(password));
    return install(std::move(box));
}

void Wallet::lock() { m_unlocked.reset(); }

Status Wallet::changePassword(ByteView before, ByteView after,
                              const std::optional<crypto::ScryptParameters>& scrypt)
{
    if (after.empty()) return makeError(kEmptyPassword);
    BOWLINE_TRY(const crypto::ScryptParameters parameters, scryptOrCalibrated(scrypt));
    return m_store.changePassword(before, after, parameters);
}

Result<base::SecureBytes> Wallet::backupWords()
{
    if (isLocked()) return makeError(kLocked);
    return m_store.secret(m_unlocked->box, "words");
}

Status Wallet::verifyBackup(ByteView words)
{
    BOWLINE_TRY(const base::SecureBytes ours, backupWords());
    BOWLINE_TRY(const keys::Mnemonic typed, keys::Mnemonic::parse(words));
    const base::SecureBytes text = typed.text();
    if (!base::constantTimeEqual(base::viewOf(text), base::viewOf(ours))) return makeError(kOtherWords);
    return write([this] {
        m_meta.backupVerified = true;
        return m_store.setMeta(m_meta);
    });
}

Result<crypto::PrivateKey> Wallet::privateKey(const OwnKey& key) const
{
    if (isLocked()) return makeError(kLocked);
    const ExtendedPrivateKey& account = m_unlocked->accounts.at(key.type);
    BOWLINE_TRY(const ExtendedPrivateKey child,
                account.derive({static_cast<std::uint32_t>(key.branch), key.index}));
    return child.key().clone();
}

Result<crypto::PrivateKey> Wallet::specialPrivateKey(std::uint32_t account, std::uint32_t index) const
{
    if (isLocked()) return makeError(kLocked);
    const auto at = m_unlocked->specials.find(account);
    if (at == m_unlocked->specials.end()) return makeError(keys::kBadAccount);
    BOWLINE_TRY(const ExtendedPrivateKey child, at->second.derive({0, index}));
    return child.key().clone();
}

Result<crypto::PublicKey> Wallet::specialPublicKey(std::uint32_t account, std::uint32_t index) const
{
    const SpecialChain* special = specialOf(account);
    if (special == nullptr) return makeError(keys::kBadAccount);
    BOWLINE_TRY(const keys::ExtendedPublicKey child, special->key.derive({0, index}));
    return child.key();
}

Result<base::XOnlyPublicKey> Wallet::layerTwoAccount() const
{
    BOWLINE_TRY(const crypto::PublicKey key, specialPublicKey(kLayerTwoAccount, 0));
    return key.xOnly();
}

} // namespace bowline::wallet
