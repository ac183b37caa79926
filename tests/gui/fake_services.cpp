// SPDX-License-Identifier: MIT
#include "tests/gui/fake_services.h"

#include "core/base/bytes.h"

#include <algorithm>
#include <ctime>

namespace bowline::test {

const std::string FakeServices::kWords =
    "legal winner thank year wave sausage worth useful legal winner thank yellow";

namespace {
std::string textOf(const base::SecureBytes& bytes) { return {bytes.begin(), bytes.end()}; }

constexpr std::uint32_t kStartHeight = 210;
} // namespace

FakeWorker::FakeWorker() : m_thread([this] { run(); }) {}

FakeWorker::~FakeWorker()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void FakeWorker::post(std::function<void()> task)
{
    {
        const std::lock_guard lock(m_mutex);
        m_tasks.push_back(std::move(task));
    }
    m_wake.notify_all();
}

void FakeWorker::hold(bool held)
{
    {
        const std::lock_guard lock(m_mutex);
        m_held = held;
    }
    m_wake.notify_all();
}

std::size_t FakeWorker::waiting() const
{
    const std::lock_guard lock(m_mutex);
    return m_tasks.size();
}

void FakeWorker::run()
{
    std::unique_lock lock(m_mutex);
    while (true) {
        m_wake.wait(lock, [this] { return m_stop || (!m_held && !m_tasks.empty()); });
        if (m_stop) return;
        auto task = std::move(m_tasks.front());
        m_tasks.pop_front();
        lock.unlock();
        task();
        lock.lock();
    }
}

FakeServices::FakeServices() : m_snapshot(std::make_shared<Snapshot>())
{
    using Kind = ProgressLine::Kind;
    for (const Kind kind : {Kind::Peers, Kind::Headers, Kind::FilterHeaders, Kind::Filters}) {
        ProgressLine line;
        line.kind = kind;
        line.total = kind == Kind::Peers ? 2 : kStartHeight;
        line.done = line.total;
        m_state.sync.lines.push_back(line);
    }
    m_state.sync.synced = true;
    m_state.sync.tipHeight = kStartHeight;
    m_state.sync.tipHash = "3f1a0c7be5d2946087a1b2c3d4e5f60718293a4b5c6d7e8f9001122334455667";
    m_state.sync.tipTime = std::time(nullptr) - 240;
    m_state.sync.layerTwoReachable = true;
    m_state.peers = {
        {"127.0.0.1:18444", "/Satoshi:29.0.0/", kStartHeight, true, "", "", 1},
        {"127.0.0.1:18544", "/Satoshi:29.0.0/Knots/", kStartHeight, true, "", "", 3},
        {"127.0.0.1:18644", "/old:0.1/", 12, false, "limited", "no compact filters", std::nullopt}};
    for (int i = 0; i < 6; ++i) addBatch();
    publish();
}

FakeServices::~FakeServices() = default;

void FakeServices::publish()
{
    std::list<std::shared_ptr<Listener>> listeners;
    SnapshotPtr next;
    {
        const std::lock_guard lock(m_mutex);
        m_state.epoch = m_epoch;
        m_snapshot = next = std::make_shared<Snapshot>(m_state);
        listeners = m_listeners;
    }
    for (const auto& listener : listeners) {
        const std::lock_guard lock(listener->mutex);
        if (listener->function) listener->function(next);
    }
}

SnapshotPtr FakeServices::snapshot() const
{
    const std::lock_guard lock(m_mutex);
    return m_snapshot;
}

Subscription FakeServices::handleSnapshot(std::function<void(SnapshotPtr)> function)
{
    auto listener = std::make_shared<Listener>();
    listener->function = std::move(function);
    {
        const std::lock_guard lock(m_mutex);
        m_listeners.push_back(listener);
    }
    return Subscription([this, listener] {
        {
            const std::lock_guard lock(listener->mutex);
            listener->function = nullptr;
        }
        const std::lock_guard lock(m_mutex);
        m_listeners.remove(listener);
    });
}

void FakeServices::addWallet(const std::string& name, const std::string& password)
{
    const std::lock_guard lock(m_mutex);
    m_files[name] = {password, kWords};
    m_backupConfirmed = true;
}

void FakeServices::update(const std::function<void(Snapshot&)>& change)
{
    {
        const std::lock_guard lock(m_mutex);
        change(m_state);
    }
    publish();
}

void FakeServices::failNext(base::ErrorCode code, std::string detail)
{
    const std::lock_guard lock(m_mutex);
    m_nextFailure = base::makeError(code, std::move(detail));
}

std::string FakeServices::nextId()
{
    base::ByteArray<32> bytes{};
    std::uint64_t value = ++m_ids * 0x9e3779b97f4a7c15ULL;
    for (auto& byte : bytes) {
        value ^= value << 13;
        value ^= value >> 7;
        value ^= value << 17;
        byte = std::uint8_t(value);
    }
    return base::toHex(bytes);
}

void FakeServices::payTo(const std::string& address, Amount amount)
{
    update([&](Snapshot& state) {
        TransactionView view;
        view.txid = nextId();
        view.delta = amount;
        view.time = std::time(nullptr);
        view.addresses = {address};
        m_transactions.insert(m_transactions.begin(), view);
        state.bitcoin.pendingIncoming += amount;
        state.recentActivity.insert(state.recentActivity.begin(),
                                    {view.txid, "received", amount, view.time, "pending"});
    });
}

void FakeServices::addBatch()
{
    BatchView view;
    view.number = m_state.sync.layerTwoHead + 1;
    view.hash = nextId();
    view.time = std::time(nullptr);
    view.bitcoinHeight = m_state.sync.tipHeight - 1;
    view.stateRoot = nextId();
    view.verdict.kind = Verdict::Kind::Verified;
    view.verdict.root = view.stateRoot;
    view.verdict.batch = view.number;
    view.verdict.finality = "root-not-proven";
    view.verdict.provider = "http://127.0.0.1:9650";
    view.bitcoinHash = nextId();
    view.parentHash = m_state.batches.empty() ? nextId() : m_state.batches.front().hash;
    view.headerHex = nextId() + nextId() + nextId();
    view.signatureHex = nextId() + nextId();
    view.checks = {"chain-id", "sequencer-signature", "parent-links", "bitcoin-block-on-own-chain"};
    m_state.sync.layerTwoHead = view.number;
    m_state.layerTwo.verdict = view.verdict;
    m_state.batches.insert(m_state.batches.begin(), view);
    if (m_state.batches.size() > 20) m_state.batches.resize(20);
}

void FakeServices::mine(std::uint32_t blocks)
{
    update([&](Snapshot& state) {
        for (std::uint32_t i = 0; i < blocks; ++i) {
            const std::uint32_t tip = ++state.sync.tipHeight;
            state.sync.tipTime = std::time(nullptr);
            for (ProgressLine& line : state.sync.lines) {
                if (line.kind != ProgressLine::Kind::Peers) line.done = line.total = tip;
            }
            state.bitcoin.confirmed += state.bitcoin.pendingIncoming;
            state.bitcoin.pendingIncoming = {};
            state.bitcoin.pendingOutgoing = {};
            for (ActivityView& row : state.recentActivity) {
                if (row.state == "pending") row.state = "confirmed";
            }
            addBatch();
            for (BridgeItem& item : state.bridge) {
                if (item.finished) continue;
                switch (item.kind) {
                case BridgeItem::Kind::Deposit: moveDeposit(item, tip); break;
                case BridgeItem::Kind::Withdrawal: moveWithdrawal(item, tip); break;
                case BridgeItem::Kind::VaultClaim: moveClaim(item, tip); break;
                }
                for (ActivityView& row : state.recentActivity) {
                    if (row.id == item.id) row.state = item.state;
                }
            }
            claimAVault(tip);
        }
    });
}

std::vector<Recipient> FakeServices::sentTo() const
{
    const std::lock_guard lock(m_mutex);
    return m_sent;
}

std::string FakeServices::wordsOf(const std::string& wallet) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_files.find(wallet);
    return found == m_files.end() ? std::string() : found->second.second;
}

SyncView FakeServices::sync() const { return snapshot()->sync; }
std::vector<PeerView> FakeServices::peers() const { return snapshot()->peers; }

Task FakeServices::waitSynced(Completion<SyncView> done)
{
    return answer<SyncView>(std::move(done), [this]() -> base::Result<SyncView> { return m_state.sync; });
}

// --- WalletService

Task FakeServices::listWallets(Completion<std::vector<WalletInfo>> done)
{
    using List = std::vector<WalletInfo>;
    return answer<List>(std::move(done), [this]() -> base::Result<List> {
        List out;
        for (const auto& [name, file] : m_files) {
            WalletInfo info;
            info.name = name;
            out.push_back(info);
        }
        return out;
    });
}

Task FakeServices::generateWords(int, Completion<base::SecureBytes> done)
{
    return answer<base::SecureBytes>(std::move(done), []() -> base::Result<base::SecureBytes> {
        return base::SecureBytes(kWords.begin(), kWords.end());
    });
}

base::Result<WalletInfo> FakeServices::openWallet(const std::string& name)
{
    ++m_epoch;
    m_state.wallet.name = name;
    m_state.wallet.locked = false;
    m_state.wallet.backupConfirmed = m_backupConfirmed;
    m_state.wallet.layerTwoAddress = "bowr1qy352euf40x77qfrg4ncn27dauqjx3t83x4ummcpydzk0zdtehhs7l2c9w";
    m_state.bitcoin.partial = false;
    return m_state.wallet;
}

Task FakeServices::create(std::string name, base::SecureBytes words, base::SecureBytes,
                          base::SecureBytes password, Completion<WalletInfo> done)
{
    return answer<WalletInfo>(std::move(done), [this, name, words, password]() -> base::Result<WalletInfo> {
        if (m_files.contains(name)) return base::makeError(base::ErrorCode{"wallet.exists"}, name);
        m_files[name] = {textOf(password), textOf(words)};
        m_backupConfirmed = false;
        return openWallet(name);
    });
}

Task FakeServices::restore(std::string name, base::SecureBytes words, base::SecureBytes passphrase,
                           base::SecureBytes password, UnixTime, Completion<WalletInfo> done)
{
    if (textOf(words) != kWords) {
        return answer<WalletInfo>(std::move(done), []() -> base::Result<WalletInfo> {
            return base::makeError(base::ErrorCode{"keys.mnemonic-checksum"});
        });
    }
    return create(std::move(name), std::move(words), std::move(passphrase), std::move(password),
                  std::move(done));
}

Task FakeServices::open(std::string name, Completion<WalletInfo> done)
{
    return answer<WalletInfo>(std::move(done), [this, name]() { return openWallet(name); });
}

Task FakeServices::unlock(std::string name, base::SecureBytes password, Completion<WalletInfo> done)
{
    return answer<WalletInfo>(std::move(done), [this, name, password]() -> base::Result<WalletInfo> {
        const auto found = m_files.find(name);
        if (found == m_files.end()) return base::makeError(base::ErrorCode{"wallet.not-found"}, name);
        if (found->second.first != textOf(password))
            return base::makeError(base::ErrorCode{"wallet.wrong-password"});
        return openWallet(name);
    });
}

void FakeServices::lock()
{
    ++m_epoch;
    m_worker.post([this] { update([](Snapshot& state) { state.wallet.locked = true; }); });
}

Task FakeServices::confirmBackup(base::SecureBytes words, Completion<base::Unit> done)
{
    return answer<base::Unit>(std::move(done), [this, words]() -> base::Result<base::Unit> {
        if (textOf(words) != m_files[m_state.wallet.name].second)
            return base::makeError(base::ErrorCode{"wallet.other-words"});
        m_backupConfirmed = m_state.wallet.backupConfirmed = true;
        std::erase_if(m_state.needsYou, [](const NeedsYou& need) { return need.kind == "backup"; });
        return base::Unit{};
    });
}

Task FakeServices::changePassword(base::SecureBytes before, base::SecureBytes after,
                                  Completion<base::Unit> done)
{
    return answer<base::Unit>(std::move(done), [this, before, after]() -> base::Result<base::Unit> {
        auto& file = m_files[m_state.wallet.name];
        if (file.first != textOf(before)) return base::makeError(base::ErrorCode{"wallet.wrong-password"});
        file.first = textOf(after);
        return base::Unit{};
    });
}

Task FakeServices::nextAddress(AddressType type, std::string label, Completion<AddressView> done)
{
    return answer<AddressView>(std::move(done), [this, type, label]() -> base::Result<AddressView> {
        static const std::string kTaproot[] = {
            "bcrt1p5cyxnuxmeuwuvkwfem96lqzszd02n6xdcjrs20cac6yqjjwudpxqvg32hk",
            "bcrt1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqc8gma6"};
        AddressView out;
        out.address = type == AddressType::Taproot ? kTaproot[m_addresses % 2]
                                                   : "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
        out.index = m_addresses++;
        out.uri = "bitcoin:" + out.address;
        out.label = label;
        return out;
    });
}

Task FakeServices::listTransactions(std::size_t, std::size_t, Completion<std::vector<TransactionView>> done)
{
    using List = std::vector<TransactionView>;
    return answer<List>(std::move(done), [this]() -> base::Result<List> { return m_transactions; });
}

Task FakeServices::showTransaction(std::string txid, Completion<TransactionView> done)
{
    return answer<TransactionView>(std::move(done), [this, txid]() -> base::Result<TransactionView> {
        for (const TransactionView& view : m_transactions) {
            if (view.txid == txid) return view;
        }
        return base::makeError(base::ErrorCode{"services.unknown-transaction"});
    });
}

} // namespace bowline::test
