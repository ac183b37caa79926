// SPDX-License-Identifier: MIT
#include "app/services/local/wallet_service.h"

#include "core/bitcoin/address.h"
#include "core/bitcoin/uri.h"
#include "core/keys/mnemonic.h"
#include "core/l2/address.h"

#include <algorithm>
#include <filesystem>

namespace bowline::services {

namespace {
constexpr std::string_view kSuffix = ".bowline";

bool isGoodName(const std::string& name)
{
    if (name.empty() || name.size() > 64 || name.front() == '.') return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
               c == '_' || c == '.';
    });
}

/// Secrets are move-only in spirit, std::function wants copies: one owner behind a shared pointer.
using SharedSecret = std::shared_ptr<base::SecureBytes>;
SharedSecret shared(base::SecureBytes secret)
{
    return std::make_shared<base::SecureBytes>(std::move(secret));
}
} // namespace

std::string LocalWalletService::pathOf(const std::string& name) const
{
    return m_hub.walletFolder() + '/' + name + std::string(kSuffix);
}

WalletInfo LocalWalletService::info(Session& session) const
{
    WalletInfo out;
    out.name = session.name();
    out.path = pathOf(session.name());
    out.network = NetworkKind::Regtest;
    out.locked = session.wallet().isLocked();
    out.backupConfirmed = session.wallet().backupVerified();
    if (const auto account = session.wallet().layerTwoAccount(); account.ok()) {
        out.layerTwoAddress = l2::accountText(*account, session.wallet().network());
    }
    return out;
}

Task LocalWalletService::listWallets(Completion<std::vector<WalletInfo>> done)
{
    using List = std::vector<WalletInfo>;
    return m_hub.request<List>(std::move(done), [this](const Reply<List>& reply) {
        List out;
        std::error_code failure;
        for (const auto& entry : std::filesystem::directory_iterator(m_hub.walletFolder(), failure)) {
            if (entry.path().extension() != kSuffix) continue;
            WalletInfo found;
            found.name = entry.path().stem().string();
            found.path = entry.path().string();
            found.locked = m_hub.session() == nullptr || m_hub.session()->name() != found.name ||
                           m_hub.session()->wallet().isLocked();
            out.push_back(std::move(found));
        }
        std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
        reply(std::move(out));
    });
}

Task LocalWalletService::generateWords(int count, Completion<base::SecureBytes> done)
{
    return m_hub.request<base::SecureBytes>(std::move(done), [count](const Reply<base::SecureBytes>& reply) {
        auto mnemonic = keys::Mnemonic::generate(count < 0 ? 0 : static_cast<std::size_t>(count));
        if (!mnemonic.ok()) return reply(mnemonic.error());
        reply(mnemonic->text());
    });
}

Task LocalWalletService::create(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                                base::SecureBytes password, Completion<WalletInfo> done)
{
    wallet::NewWallet options;
    options.words = std::move(words);
    options.passphrase = std::move(passphrase);
    options.password = std::move(password);
    options.birthday.time = m_hub.clock().now();
    return make(std::move(name), std::move(options), std::move(done));
}

Task LocalWalletService::restore(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                                 base::SecureBytes password, UnixTime birthday, Completion<WalletInfo> done)
{
    wallet::NewWallet options;
    options.words = std::move(words);
    options.passphrase = std::move(passphrase);
    options.password = std::move(password);
    options.birthday.time = birthday;
    options.restored = true;
    return make(std::move(name), std::move(options), std::move(done));
}

Task LocalWalletService::make(std::string name, wallet::NewWallet options, Completion<WalletInfo> done)
{
    options.network = m_hub.context()->params().bitcoinNetwork;
    if (m_hub.options().scryptCost) {
        options.scrypt = crypto::ScryptParameters{};
        options.scrypt->n = *m_hub.options().scryptCost;
    }
    auto held = std::make_shared<wallet::NewWallet>(std::move(options));
    return m_hub.request<WalletInfo>(std::move(done), [this, name, held](const Reply<WalletInfo>& reply) {
        if (!isGoodName(name)) return reply(base::makeError(kBadWalletName));
        auto wallet = wallet::Wallet::create(pathOf(name), *held, m_hub.clock());
        if (!wallet.ok()) return reply(wallet.error());
        // The file stays; its keys go with the object when somebody locked meanwhile.
        if (!reply.beginEpoch()) return reply(base::makeError(kCancelled));
        const base::Status opened = m_hub.openSession(name, std::move(*wallet));
        if (!opened.ok()) return reply(opened.error());
        reply(info(*m_hub.session()));
    });
}

base::Status LocalWalletService::openFile(const std::string& name, const Reply<WalletInfo>& reply)
{
    if (!isGoodName(name)) return base::makeError(kBadWalletName);
    if (m_hub.session() != nullptr && m_hub.session()->name() == name) return base::success();
    BOWLINE_TRY(auto wallet, wallet::Wallet::open(pathOf(name), m_hub.clock()));
    if (!reply.beginEpoch()) return base::makeError(kCancelled);
    return m_hub.openSession(name, std::move(wallet));
}

Task LocalWalletService::open(std::string name, Completion<WalletInfo> done)
{
    return m_hub.request<WalletInfo>(std::move(done), [this, name](const Reply<WalletInfo>& reply) {
        const base::Status opened = openFile(name, reply);
        if (!opened.ok()) return reply(opened.error());
        reply(info(*m_hub.session()));
    });
}

Task LocalWalletService::unlock(std::string name, base::SecureBytes password, Completion<WalletInfo> done)
{
    return m_hub.request<WalletInfo>(
        std::move(done), [this, name, secret = shared(std::move(password))](const Reply<WalletInfo>& reply) {
            const base::Status opened = openFile(name, reply);
            if (!opened.ok()) return reply(opened.error());
            Session& session = *m_hub.session();
            const base::Status unlocked = session.wallet().unlock(base::viewOf(*secret));
            if (!unlocked.ok()) return reply(unlocked.error());
            if (!reply.beginEpoch()) {
                session.lockKeys(); // locked while the password was checked
                return reply(base::makeError(kCancelled));
            }
            session.keysUnlocked();
            m_hub.changed();
            reply(info(session));
        });
}

void LocalWalletService::lock()
{
    m_hub.nextEpoch();
    m_hub.worker().post([this] {
        if (m_hub.session() != nullptr) m_hub.session()->lockKeys();
        m_hub.changed();
    });
}

Task LocalWalletService::confirmBackup(base::SecureBytes words, Completion<base::Unit> done)
{
    return m_hub.sessionRequest<base::Unit>(std::move(done),
                                            [secret = shared(std::move(words))](Session& session) {
                                                return session.wallet().verifyBackup(base::viewOf(*secret));
                                            });
}

Task LocalWalletService::changePassword(base::SecureBytes before, base::SecureBytes after,
                                        Completion<base::Unit> done)
{
    return m_hub.sessionRequest<base::Unit>(
        std::move(done),
        [first = shared(std::move(before)), second = shared(std::move(after))](Session& session) {
            return session.wallet().changePassword(base::viewOf(*first), base::viewOf(*second));
        });
}

Task LocalWalletService::nextAddress(AddressType type, std::string label, Completion<AddressView> done)
{
    return m_hub.sessionRequest<AddressView>(
        std::move(done), [type, label](Session& session) -> base::Result<AddressView> {
            const auto kind =
                type == AddressType::Taproot ? wallet::AddressType::Taproot : wallet::AddressType::SegwitV0;
            BOWLINE_TRY(const wallet::ReceiveAddress found, session.wallet().nextAddress(kind, label));
            AddressView out;
            out.address = found.address;
            bitcoin::PaymentUri uri;
            uri.address = found.address;
            uri.label = label;
            out.uri = bitcoin::formatPaymentUri(uri);
            out.index = found.key.index;
            out.used = found.used;
            out.label = found.label;
            return out;
        });
}

base::Result<TransactionView> LocalWalletService::viewOf(Session& session,
                                                         const wallet::HistoryEntry& entry) const
{
    wallet::Wallet& wallet = session.wallet();
    TransactionView out;
    out.txid = entry.txid.displayHex();
    out.delta = entry.delta();
    out.fee = entry.fee;
    out.time = entry.firstSeen;
    out.label = entry.label;
    const bool pending = entry.state == wallet::TransactionState::Pending;
    if (entry.confirmed) {
        out.height = entry.confirmed->height.value;
        out.confirmations = wallet.tipHeight().value - entry.confirmed->height.value + 1;
    }
    out.canBump = pending && entry.fee.has_value();
    out.canAccelerateByChild = pending;
    BOWLINE_TRY(const auto row, wallet.transaction(entry.txid));
    if (row) {
        for (const bitcoin::TxOut& output : row->transaction.outputs) {
            const auto owner = wallet.ownerOf(output.scriptPubKey);
            const bool own = owner && owner->key;
            if (own == (entry.delta().sat() < 0)) continue; // sent: theirs; received: ours
            const auto address = bitcoin::addressFromScript(output.scriptPubKey, wallet.network());
            if (address.ok()) out.addresses.push_back(*address);
        }
    }
    if (const auto status = m_hub.backend().broadcastStatus(entry.txid); status && pending) {
        using State = chain::BroadcastState;
        out.broadcastState = status->state == State::Seen        ? "seen"
                             : status->state == State::Requested ? "requested"
                                                                 : "sent";
    }
    return out;
}

Task LocalWalletService::listTransactions(std::size_t offset, std::size_t count,
                                          Completion<std::vector<TransactionView>> done)
{
    using List = std::vector<TransactionView>;
    return m_hub.sessionRequest<List>(
        std::move(done), [this, offset, count](Session& session) -> base::Result<List> {
            BOWLINE_TRY(const auto entries, session.wallet().history(std::nullopt, offset + count));
            List out;
            for (std::size_t i = offset; i < entries.size(); ++i) {
                BOWLINE_TRY(TransactionView view, viewOf(session, entries[i]));
                out.push_back(std::move(view));
            }
            return out;
        });
}

Task LocalWalletService::showTransaction(std::string txid, Completion<TransactionView> done)
{
    return m_hub.sessionRequest<TransactionView>(
        std::move(done), [this, txid](Session& session) -> base::Result<TransactionView> {
            BOWLINE_TRY(const auto id, base::Txid::fromDisplayHex(txid));
            BOWLINE_TRY(const auto entry, session.wallet().historyEntry(id));
            if (!entry) return base::makeError(kUnknownTransactionId, txid);
            return viewOf(session, *entry);
        });
}

} // namespace bowline::services
