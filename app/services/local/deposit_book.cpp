// SPDX-License-Identifier: MIT
#include "app/services/local/deposit_book.h"

#include "app/services/local/bridge_view.h"
#include "core/base/log.h"

#include <boost/json.hpp>

#include <algorithm>

namespace bowline::services {

namespace json = boost::json;

struct DepositBook::Entry {
    Entry(DepositRecord r, bridge::Deposit d)
        : record(std::move(r)), deposit(d), ceremony(d, record.authorisation), states(std::move(d))
    {
    }
    DepositRecord record;
    bridge::Deposit deposit;
    bridge::DepositorCeremony ceremony;
    bridge::DepositStates states;
    /// Blocks that hold something for this deposit, for facts and for the proof of the mint.
    std::map<base::Height, std::pair<base::BlockHash, chain::BlockPtr>> blocks;
    base::Height tip;
    std::uint64_t relayAfter = 0;
    bool relayAsked = false;
    bool mintAsked = false;
    std::optional<base::BatchNumber> mintTriedAt;
    bool minted = false;
    std::optional<bridge::DepositorEffects>
        unkept;          // of a step that could not be written: nothing of it was done
    Freshness freshness; // of the vault
    base::BatchNumber head;
};

namespace {
/// Of the signed refund to one of the wallet's own taproot addresses, without a key.
std::int64_t refundSize(const bridge::Deposit& deposit)
{
    bitcoin::Transaction refund;
    refund.version = 2;
    refund.inputs = {bitcoin::TxIn{deposit.terms().request, {}, deposit.context().params().refundBlocks, {}}};
    refund.outputs = {
        bitcoin::TxOut{deposit.requestOutput().value, bitcoin::payToTaproot(deposit.terms().refundKey)}};
    refund.inputs[0].witness =
        bridge::leafWitness(deposit.requestScripts(), bridge::kRefundLeaf, crypto::Signature64{});
    return refund.virtualSize();
}
} // namespace

DepositBook::DepositBook(const Surroundings& around, wallet::Wallet& wallet, wallet::WalletSync& sync,
                         ClaimBook& claims)
    : m_around(around), m_wallet(wallet), m_sync(sync), m_claims(claims),
      m_outbox([this](std::string method, json::object params, RelayOutbox::Answer done) {
          m_around.node.call(std::move(method), std::move(params), std::move(done));
      })
{
}

DepositBook::~DepositBook() { *m_alive = false; }

base::Status DepositBook::load()
{
    BOWLINE_TRY(const auto rows, m_wallet.store().records(DepositRecord::kKind));
    for (const wallet::BridgeRecord& row : rows) {
        BOWLINE_TRY(const DepositRecord record, parseDepositRecord(row.data));
        BOWLINE_CHECK(insert(record));
    }
    return base::success();
}

base::Status DepositBook::insert(const DepositRecord& record)
{
    BOWLINE_TRY(bridge::Deposit deposit, bridge::Deposit::create(m_around.context, record.terms));
    const base::Digest id = deposit.id();
    auto entry = std::make_unique<Entry>(record, std::move(deposit));
    entry->states.requestSent();
    if (record.authorisation) entry->states.authorisationKept();
    entry->tip = m_around.backend.tip().height;
    m_newScripts.emplace_back(entry->deposit.requestOutput().scriptPubKey, record.createdAt);
    m_newScripts.emplace_back(entry->deposit.vaultOutput().scriptPubKey, record.createdAt);
    m_claims.follow(entry->deposit, record.createdAt);
    m_entries[id] = std::move(entry);
    return base::success();
}

base::Result<base::Digest> DepositBook::idOf(const DepositRecord& record) const
{
    BOWLINE_TRY(const bridge::Deposit deposit, bridge::Deposit::create(m_around.context, record.terms));
    return deposit.id();
}

base::Status DepositBook::start(const std::vector<DepositRecord>& records, const wallet::SignedSpend& request)
{
    BOWLINE_TRY(auto batch, m_wallet.store().begin());
    for (const DepositRecord& record : records) {
        BOWLINE_TRY(const base::Digest id, idOf(record));
        BOWLINE_CHECK(keep(id, record));
    }
    BOWLINE_CHECK(m_wallet.addUnconfirmed(request.transaction));
    BOWLINE_CHECK(batch.commit());
    for (const DepositRecord& record : records) {
        BOWLINE_CHECK(insert(record));
        BOWLINE_TRY(const base::Digest id, idOf(record));
        advance(*m_entries.at(id));
    }
    // From here on the deposit is under way: what is written down is sent, also when there is no room to note it again.
    if (const base::Status sent = m_sync.submit(request.package); !sent.ok()) {
        base::logWarning("services", "request of a deposit: " + sent.error().detail);
        m_around.backend.broadcast(request.package);
    }
    return base::success();
}

base::Status DepositBook::keep(const base::Digest& id, const DepositRecord& record)
{
    return m_wallet.store().putRecord(
        {std::string(DepositRecord::kKind), base::toBytes(id.view()), encode(record), m_around.clock.now()});
}

base::Status DepositBook::adoptFoundRequests()
{
    BOWLINE_TRY(const wallet::CoinView* view, m_wallet.coins());
    BOWLINE_TRY(const base::XOnlyPublicKey account, m_wallet.layerTwoAccount());
    for (const wallet::Coin& coin : view->coins()) {
        if (coin.purpose != "bridge.request" || !coin.confirmed) continue;
        const bool known = std::any_of(m_entries.begin(), m_entries.end(), [&](const auto& entry) {
            return entry.second->record.terms.request == coin.outpoint;
        });
        const auto owner = m_wallet.ownerOf(coin.output.scriptPubKey);
        if (known || !owner) continue;
        BOWLINE_TRY(const auto key, m_wallet.specialPublicKey(wallet::kBridgeRefundAccount, owner->index));
        DepositRecord record;
        record.terms = {coin.outpoint, key.xOnly(), account,
                        coin.output.value - m_around.context->params().requestFee};
        record.refundIndex = owner->index;
        record.created = m_around.clock.now();
        record.createdAt = coin.confirmed->height;
        if (!m_around.context->params().isDenomination(record.terms.value)) continue;
        BOWLINE_TRY(const base::Digest id, idOf(record));
        BOWLINE_CHECK(keep(id, record));
        BOWLINE_CHECK(insert(record));
        Entry& entry = *m_entries.at(id);
        advance(entry);
        askVault(entry);
    }
    return base::success();
}

std::vector<base::Bytes> DepositBook::scripts() const
{
    std::vector<base::Bytes> out;
    for (const auto& [id, entry] : m_entries) {
        out.push_back(entry->deposit.requestOutput().scriptPubKey);
        out.push_back(entry->deposit.vaultOutput().scriptPubKey);
    }
    return out;
}

std::optional<base::Height> DepositBook::firstHeight() const
{
    std::optional<base::Height> first;
    for (const auto& [id, entry] : m_entries) {
        if (!first || entry->record.createdAt < *first) first = entry->record.createdAt;
    }
    return first;
}

std::vector<std::pair<base::Bytes, base::Height>> DepositBook::takeNewScripts()
{
    return std::exchange(m_newScripts, {});
}

void DepositBook::blockConnected(const chain::BlockConnected& block)
{
    for (auto& [id, entry] : m_entries) {
        if (!block.again) entry->tip = block.height;
        static const std::vector<bitcoin::Transaction> kNone;
        const auto& transactions = block.block ? block.block->transactions : kNone;
        if (block.block) entry->blocks[block.height] = {block.hash, block.block};
        if (!block.again) {
            entry->states.blockConnected(block.height, transactions);
        } else if (block.block) {
            entry->states.blockSeenAgain(block.height, transactions, entry->tip);
        }
        advance(*entry);
    }
}

void DepositBook::blockDisconnected(base::Height height)
{
    for (auto& [id, entry] : m_entries) {
        entry->blocks.erase(entry->blocks.lower_bound(height), entry->blocks.end());
        entry->tip = base::Height{height.value - 1};
        entry->states.blockDisconnected(height);
        advance(*entry);
    }
}

void DepositBook::relayChanged()
{
    m_outbox.postAgain();
    for (auto& [id, entry] : m_entries) {
        if (!entry->minted) askRelay(id);
    }
}

void DepositBook::headChanged(const NodeView& view)
{
    for (auto& [id, entry] : m_entries) {
        if (view.head.header.height < entry->head) entry->states.batchesReplaced(view.head.header.height);
        entry->head = view.head.header.height;
        entry->freshness.headMoved();
        askVault(*entry);
    }
}

void DepositBook::lookAgain()
{
    for (auto& [id, entry] : m_entries) askVault(*entry);
}

bool DepositBook::isAnswered() const
{
    return std::all_of(m_entries.begin(), m_entries.end(),
                       [](const auto& row) { return row.second->freshness.wasTried(); });
}

void DepositBook::keysChanged()
{
    for (auto& [id, entry] : m_entries) advance(*entry);
}

/// Outputs of the request and of the vault as the followed blocks have them.
bridge::ChainFacts DepositBook::factsOf(const Entry& entry) const
{
    bridge::ChainFacts facts;
    facts.tip = entry.tip;
    const std::vector<bitcoin::OutPoint> wanted{entry.record.terms.request, entry.deposit.vault()};
    for (const auto& [height, block] : entry.blocks) {
        for (const bitcoin::Transaction& transaction : block.second->transactions) {
            const base::Txid txid = transaction.txid();
            for (const bitcoin::TxIn& input : transaction.inputs) {
                const auto spent = facts.outputs.find(input.prevout);
                if (spent != facts.outputs.end()) spent->second.spentBy = txid;
            }
            for (const bitcoin::OutPoint& outpoint : wanted) {
                if (outpoint.txid != txid || outpoint.index >= transaction.outputs.size()) continue;
                facts.outputs[outpoint] = {transaction.outputs[outpoint.index], height, std::nullopt};
            }
        }
    }
    return facts;
}

void DepositBook::advance(Entry& entry)
{
    if (entry.minted) return;
    // What could not be kept is tried again before anything else: the ceremony says it once only.
    if (auto unkept = std::exchange(entry.unkept, std::nullopt)) act(entry, std::move(*unkept));
    if (entry.unkept) return;
    std::optional<crypto::PrivateKey> key;
    if (auto held = m_wallet.refundKey(entry.record.refundIndex); held.ok()) key = std::move(*held);
    auto effects = entry.ceremony.step(factsOf(entry), key ? &*key : nullptr);
    if (!effects.ok()) {
        base::logWarning("services", "deposit " + entry.deposit.id().hex() + ": " + effects.error().detail);
        return;
    }
    act(entry, std::move(*effects));
    entry.states.relay(bridge::progressOf(entry.ceremony.log()));
    mintWhenDeep(entry);
    m_around.changed();
}

void DepositBook::act(Entry& entry, bridge::DepositorEffects effects)
{
    if (effects.authorisation) {
        // Kept before the committee hears that we hold it (rule A3), and said to be kept only when it is.
        DepositRecord record = entry.record;
        record.authorisation = effects.authorisation;
        if (const auto status = keep(entry.deposit.id(), record); !status.ok()) {
            base::logError("services", "cannot keep the mint authorisation: " + status.error().detail);
            entry.unkept = std::move(effects);
            return;
        }
        entry.record = std::move(record);
    }
    if (entry.record.authorisation) entry.states.authorisationKept(entry.ceremony.needsKey());
    for (const bridge::Evidence& evidence : effects.evidence) {
        static_cast<void>(evidence);
        base::logWarning("services",
                         "deposit " + entry.deposit.id().hex() + ": a committee message was refused");
    }
    for (const base::Bytes& message : effects.post) m_outbox.post(message);
    if (!effects.broadcast.empty()) m_around.backend.broadcast(std::move(effects.broadcast));
}

void DepositBook::askRelay(const base::Digest& topic)
{
    Entry& entry = *m_entries.at(topic);
    if (entry.relayAsked) return;
    entry.relayAsked = true;
    m_around.node.call("relay_list", {{"topic", topic.hex()}, {"after", entry.relayAfter}},
                       [this, alive = m_alive, topic](base::Result<json::value> answer) {
                           if (!*alive || !m_entries.contains(topic)) return;
                           m_entries.at(topic)->relayAsked = false;
                           if (answer.ok()) takeMessages(topic, *answer);
                       });
}

void DepositBook::takeMessages(const base::Digest& topic, const json::value& answer)
{
    Entry& entry = *m_entries.at(topic);
    const json::object* object = answer.if_object();
    const json::value* list = object == nullptr ? nullptr : object->if_contains("messages");
    if (list == nullptr || !list->is_array()) return;
    bool ownRequestThere = false;
    for (const json::value& row : list->get_array()) {
        const auto bytes = hexField(row, "message");
        const json::value* number = row.is_object() ? row.get_object().if_contains("number") : nullptr;
        if (!bytes.ok() || number == nullptr || !number->is_number()) continue;
        boost::system::error_code failure;
        entry.relayAfter = std::max(entry.relayAfter, number->to_number<std::uint64_t>(failure));
        const auto message = bridge::openMessage(*bytes, m_around.context->chainId);
        if (!message.ok()) continue; // the relay is trusted with nothing
        ownRequestThere = ownRequestThere || message->type == bridge::MessageType::Request;
        static_cast<void>(entry.ceremony.add(*message));
    }
    // An empty board does not know us yet, or lost us.
    if (entry.relayAfter == 0 && !ownRequestThere) {
        for (const base::Bytes& message : entry.ceremony.repost()) m_outbox.post(message);
    }
    advance(entry);
}

void DepositBook::askVault(Entry& entry)
{
    if (!entry.freshness.begin()) return;
    const base::Digest id = entry.deposit.id();
    m_around.node.state(
        l2::vaultId(entry.deposit.vault()), [this, alive = m_alive, id](base::Result<StateValue> value) {
            if (!*alive || !m_entries.contains(id)) return;
            Entry& found = *m_entries.at(id);
            const bool verified = value.ok() && std::holds_alternative<l2::Verified>(value->verdict);
            if (verified) takeVault(found, *value);
            if (found.freshness.answered(verified)) askVault(found);
            mintWhenDeep(found);
            m_around.changed();
        });
}

void DepositBook::takeVault(Entry& entry, const StateValue& value)
{
    std::optional<l2::Vault> vault;
    if (value.answer.value) {
        const auto parsed = l2::parseVault(*value.answer.value);
        if (!parsed.ok()) return;
        vault = *parsed;
    }
    entry.minted = vault.has_value();
    entry.states.batch(value.answer.batch.header.height, vault);
    m_claims.vaultIs(entry.deposit.id(), vault);
}

void DepositBook::mintWhenDeep(Entry& entry)
{
    const auto height = entry.states.confirmHeight();
    if (!height || entry.minted || entry.mintAsked || !entry.record.authorisation) return;
    if (!entry.freshness.wasTried())
        return; // it may be minted already: the answer about the vault comes here again
    if (!bridge::isDeep(*height, entry.tip, m_around.context->params().depth)) return;
    // Once a batch is enough: the node keeps what it takes, and says why it does not.
    if (entry.mintTriedAt == entry.head) return;
    const auto block = entry.blocks.find(*height);
    if (block == entry.blocks.end()) return;
    entry.mintTriedAt = entry.head;
    submitMint(entry.deposit.id(), block->second.second, *height);
}

void DepositBook::submitMint(const base::Digest& topic, const chain::BlockPtr& block, base::Height height)
{
    Entry& entry = *m_entries.at(topic);
    const auto& transactions = block->transactions;
    const auto at =
        std::find_if(transactions.begin(), transactions.end(), [&](const bitcoin::Transaction& transaction) {
            return transaction.txid() == entry.deposit.confirmTxid();
        });
    if (at == transactions.end()) return;
    auto proof = l2::buildTxProof(*block, height, static_cast<std::uint32_t>(at - transactions.begin()));
    if (!proof.ok()) return;
    auto mint = bridge::mintTransaction(entry.deposit, *entry.record.authorisation, std::move(*proof));
    if (!mint.ok()) return;
    entry.mintAsked = true;
    const l2::TxHash hash = mint->hash();
    m_around.node.call("tx_submit", {{"hex", base::toHex(mint->encode())}},
                       [this, alive = m_alive, topic, hash](base::Result<json::value> answer) {
                           if (!*alive || !m_entries.contains(topic)) return;
                           Entry& found = *m_entries.at(topic);
                           found.mintAsked = false;
                           if (answer.ok()) found.states.mintSubmitted(hash);
                           m_around.changed();
                       });
}

DepositBook::Entry* DepositBook::find(const std::string& id)
{
    const auto digest = base::Digest::fromHex(id);
    if (!digest.ok()) return nullptr;
    const auto found = m_entries.find(*digest);
    return found == m_entries.end() ? nullptr : found->second.get();
}

BridgeItem DepositBook::itemOf(const Entry& entry) const
{
    BridgeItem item;
    item.id = entry.deposit.id().hex();
    item.kind = BridgeItem::Kind::Deposit;
    item.amount = entry.record.terms.value;
    item.created = entry.record.created;
    bridge::DepositStates states = entry.states;
    const auto refund = waitingRefund(entry);
    states.refundSent(refund ? std::optional(refund->txid) : std::nullopt);
    fillFromTimeline(item, states.timeline());
    if (const auto height = entry.states.requestHeight()) {
        item.refundHeight = bridge::refundHeight(m_around.context->params(), *height).value;
    }
    if (item.nextAction == "refund") {
        item.refundVirtualBytes = refundSize(entry.deposit);
        item.refundValue = entry.deposit.requestOutput().value;
    }
    return item;
}

std::vector<BridgeItem> DepositBook::items() const
{
    std::vector<BridgeItem> out;
    for (const auto& [id, entry] : m_entries) out.push_back(itemOf(*entry));
    return out;
}

/// The refund that was sent, as long as the wallet knows no reason why it could not be mined.
std::optional<wallet::HistoryEntry> DepositBook::waitingRefund(const Entry& entry) const
{
    if (!entry.record.refund) return std::nullopt;
    auto found = m_wallet.historyEntry(*entry.record.refund);
    if (!found.ok() || !*found || (*found)->state != wallet::TransactionState::Pending) return std::nullopt;
    return std::move(*found);
}

base::Result<base::Txid> DepositBook::refund(const std::string& id, base::FeeRate rate)
{
    Entry* entry = find(id);
    if (entry == nullptr) return base::makeError(kUnknownBridgeId, id);
    const auto height = entry->states.requestHeight();
    const bridge::ChainFacts facts = factsOf(*entry);
    const bridge::OutputFact* request = facts.find(entry->record.terms.request);
    if (!height || request == nullptr || request->spentBy) return base::makeError(kNothingToRefund);
    const base::Height opens = bridge::refundHeight(m_around.context->params(), *height);
    if (entry->tip.value + 1 < opens.value) {
        return base::makeError(bridge::kRefundTooEarly, "possible in block " + std::to_string(opens.value));
    }
    BOWLINE_TRY(const crypto::PrivateKey key, m_wallet.refundKey(entry->record.refundIndex));
    BOWLINE_TRY(const auto address, m_wallet.currentAddress(wallet::AddressType::Taproot));
    BOWLINE_TRY(const bitcoin::Transaction refund,
                bridge::refundTransaction(entry->deposit, address.script, rate, key));
    if (const auto before = waitingRefund(*entry)) {
        // Nodes take a replacement that pays for its own way on top (BIP125).
        const base::Amount fee = entry->deposit.requestOutput().value - refund.outputs[0].value;
        const base::Amount paid = entry->deposit.requestOutput().value - before->received;
        if (fee < paid + base::Amount::fromSat(refund.virtualSize())) {
            return base::makeError(kRefundOnItsWay, entry->record.refund->displayHex());
        }
    }
    DepositRecord record = entry->record;
    record.refund = refund.txid();
    {
        // As one: a record that names a refund the wallet does not know would offer a second one.
        BOWLINE_TRY(auto batch, m_wallet.store().begin());
        BOWLINE_CHECK(keep(entry->deposit.id(), record));
        BOWLINE_CHECK(m_wallet.addUnconfirmed(refund));
        BOWLINE_CHECK(batch.commit());
    }
    entry->record = std::move(record);
    if (const base::Status sent = m_sync.submit({refund}); !sent.ok()) {
        // It is written; whoever sends it needs no more room on the disk.
        base::logWarning("services", "refund of a deposit: " + sent.error().detail);
        m_around.backend.broadcast({refund});
    }
    m_around.changed();
    return refund.txid();
}

} // namespace bowline::services
