// SPDX-License-Identifier: MIT
// Addresses, the gap between paid and watched ones, and scripts watched for others.
#include "core/bitcoin/address.h"
#include "core/wallet/wallet_unlocked.h"

namespace bowline::wallet {

using base::makeError;
using base::success;

namespace {

/// A payment to `index`: the place of handing out moves on, that of what was found on the chain only with a block.
/// A transaction that is replaced or given up leaves nothing that a restore could find, and whatever lay 20 beyond
/// it would be lost. True if something changed.
template <typename Row>
bool moveOn(Row& row, std::uint32_t index, bool confirmed)
{
    const std::uint32_t next = std::exchange(row.next, std::max(row.next, index + 1));
    const std::uint32_t used = std::exchange(row.used, confirmed ? std::max(row.used, index + 1) : row.used);
    return row.next != next || row.used != used;
}

} // namespace

Wallet::AddressChain* Wallet::chainOf(AddressType type, Branch branch)
{
    for (AddressChain& chain : m_chains) {
        if (chain.row.type == type && chain.row.branch == branch) return &chain;
    }
    return nullptr;
}

const Wallet::AddressChain* Wallet::chainOf(AddressType type, Branch branch) const
{
    for (const AddressChain& chain : m_chains) {
        if (chain.row.type == type && chain.row.branch == branch) return &chain;
    }
    return nullptr;
}

Wallet::SpecialChain* Wallet::specialOf(std::uint32_t account)
{
    for (SpecialChain& special : m_specials) {
        if (special.row.account == account) return &special;
    }
    return nullptr;
}

const Wallet::SpecialChain* Wallet::specialOf(std::uint32_t account) const
{
    for (const SpecialChain& special : m_specials) {
        if (special.row.account == account) return &special;
    }
    return nullptr;
}

/// From where to look again when the block at `at` pays an address that this wallet did not hand out: it has a
/// twin, or the block is looked at late because its filter was a lie. What comes into sight then was handed out
/// after an address at most 20 before it was seen paid, so not long before that block. While the wallet is being
/// restored nothing is known of the order in which its addresses were paid: everything is looked at.
Height Wallet::rescanStart(Height at) const
{
    const Height birthday = m_meta.birthdayHeight.value_or(Height{0});
    if (m_meta.restoring) return birthday;
    const std::uint32_t seen = std::min(at, tipHeight()).value;
    return std::max(Height{seen > kRescanDepth ? seen - kRescanDepth : 0}, birthday);
}

/// How far beyond `next` scripts are to be there, when there are `derived` of them: as many as there are, or so
/// many more that this need not be done again soon.
std::uint32_t Wallet::wantedScripts(std::uint32_t next, std::uint32_t derived) const
{
    if (derived >= next + kAddressGap) return derived;
    return next + (m_meta.restoring ? kRestoreAhead : kAddressGap);
}

/// The first block that was not looked at yet.
Height Wallet::nextHeight() const
{
    const std::optional<BlockRef> scanned = scannedTo();
    return scanned ? scanned->height + 1 : m_meta.birthdayHeight.value_or(Height{0});
}

void Wallet::noteNewScript(Script script, Height from)
{
    m_addedFrom = m_added.empty() ? from : std::min(m_addedFrom, from);
    m_added.push_back(std::move(script));
}

/// To be called within write().
Status Wallet::extendChain(AddressChain& chain, Height from)
{
    const std::uint32_t wanted = wantedScripts(chain.row.next, chain.row.derived);
    const std::size_t addedBefore = m_added.size();
    while (chain.row.derived < wanted) {
        const OwnKey key{chain.row.type, chain.row.branch, chain.row.derived};
        BOWLINE_TRY(Script script, chain.descriptor.scriptAt(key.index));
        BOWLINE_CHECK(m_store.addOwnScript(script, key));
        ScriptOwner owner;
        owner.key = key;
        owner.index = key.index;
        m_owners.insert_or_assign(std::string(asText(script)), std::move(owner));
        noteNewScript(std::move(script), from);
        ++chain.row.derived;
    }
    BOWLINE_CHECK(m_store.setChain(chain.row));
    return m_added.size() == addedBefore ? success() : needRescan(from);
}

/// Remembers that blocks from `from` on were not looked at for every script, until WalletSync has seen to it.
Status Wallet::needRescan(Height from)
{
    const std::optional<BlockRef> scanned = scannedTo();
    if (!scanned || from > scanned->height) return success(); // they will be looked at in any case
    m_meta.rescanFrom = m_meta.rescanFrom ? std::min(*m_meta.rescanFrom, from) : from;
    m_meta.rescanUntil = {std::numeric_limits<std::uint32_t>::max()};
    return m_store.setMeta(m_meta);
}

/// To be called within write().
Status Wallet::addWatched(const WatchedScript& watched, Height from)
{
    BOWLINE_TRY(const bool added, m_store.addWatchedScript(watched));
    if (!added) return success();
    ScriptOwner owner;
    owner.purpose = watched.purpose;
    owner.index = watched.index;
    owner.data = watched.data;
    m_owners.insert_or_assign(std::string(asText(watched.script)), std::move(owner));
    noteNewScript(watched.script, from);
    return needRescan(from);
}

/// To be called within write().
Status Wallet::extendRefunds(Height from)
{
    if (!m_refundScripts) return success();
    const SpecialChain* refunds = specialOf(kBridgeRefundAccount);
    const std::uint32_t wanted = wantedScripts(refunds->row.next, m_refundsDerived);
    for (; m_refundsDerived < wanted; ++m_refundsDerived) {
        const std::uint32_t index = m_refundsDerived;
        BOWLINE_TRY(const crypto::PublicKey key, specialPublicKey(kBridgeRefundAccount, index));
        for (const WatchedScript& watched : m_refundScripts(index, key.xOnly())) {
            BOWLINE_CHECK(addWatched(watched, from));
            m_refundIndexes.insert_or_assign(std::string(asText(watched.script)), index);
        }
    }
    return success();
}

/// To be called within write(). Something was paid to this script; what comes into sight is looked for from
/// `from`.
Status Wallet::noteUse(ByteView script, const ScriptOwner& owner, bool confirmed, Height from)
{
    if (owner.key) {
        AddressChain& chain = *chainOf(owner.key->type, owner.key->branch);
        return moveOn(chain.row, owner.key->index, confirmed) ? extendChain(chain, from) : success();
    }
    BOWLINE_CHECK(extendRefunds(from)); // forgotten, if a write failed meanwhile
    const auto refund = m_refundIndexes.find(asText(script));
    if (refund == m_refundIndexes.end()) return success();
    SpecialChain& refunds = *specialOf(kBridgeRefundAccount);
    if (!moveOn(refunds.row, refund->second, confirmed)) return success();
    BOWLINE_CHECK(m_store.setSpecial(refunds.row));
    return extendRefunds(from);
}

Status Wallet::watch(const WatchedScript& watched, Height from)
{
    return write([&] { return addWatched(watched, from); });
}

Status Wallet::setRefundScripts(RefundScripts fn)
{
    m_refundScripts = std::move(fn);
    return write([this]() -> Status {
        m_refundIndexes.clear();
        m_refundsDerived = 0;
        const Height birthday = m_meta.birthdayHeight.value_or(Height{0});
        BOWLINE_CHECK(extendRefunds(birthday));
        // Found on the chain while nobody had told which scripts belong to refund keys.
        BOWLINE_TRY(const std::vector<Script> paid, m_store.paidWatchedScripts());
        for (const Script& script : paid) BOWLINE_CHECK(noteUse(script, ScriptOwner{}, true, birthday));
        return success();
    });
}

Result<std::uint32_t> Wallet::takeRefundIndex()
{
    std::uint32_t index = 0;
    BOWLINE_CHECK(write([this, &index]() -> Status {
        BOWLINE_TRY(index, freeRefundIndex());
        SpecialChain& refunds = *specialOf(kBridgeRefundAccount);
        refunds.row.next = std::max(refunds.row.next, index + 1);
        BOWLINE_CHECK(m_store.setSpecial(refunds.row));
        return extendRefunds(nextHeight());
    }));
    m_refundsGiven.insert(index);
    return index;
}

/// The next index; with the gap used up, one whose request was never made or can never be mined any more. To be
/// called within write().
Result<std::uint32_t> Wallet::freeRefundIndex()
{
    const SpecialRow& row = specialOf(kBridgeRefundAccount)->row;
    if (row.next < row.used + kAddressGap) return row.next;
    if (!m_refundScripts) return makeError(kGapLimit); // nobody knows what was paid to which
    BOWLINE_CHECK(extendRefunds(nextHeight()));        // forgotten, if a write failed meanwhile
    std::set<std::uint32_t> taken = m_refundsGiven;
    BOWLINE_TRY(const CoinView* view, coins());
    for (const PendingTransaction& entry : view->pending()) {
        if (entry.row.conflictsWithConfirmed) continue; // replaced or given up, it could still be mined
        for (const TxOut& output : entry.row.transaction.outputs) {
            const auto refund = m_refundIndexes.find(asText(output.scriptPubKey));
            if (refund != m_refundIndexes.end()) taken.insert(refund->second);
        }
    }
    for (std::uint32_t index = row.used; index < row.used + kAddressGap; ++index) {
        if (!taken.contains(index)) return index;
    }
    return makeError(kGapLimit);
}

Result<ReceiveAddress> Wallet::addressAt(const AddressChain& chain, std::uint32_t index)
{
    ReceiveAddress out;
    out.key = {chain.row.type, chain.row.branch, index};
    BOWLINE_TRY(out.script, chain.descriptor.scriptAt(index));
    BOWLINE_TRY(out.address, bitcoin::addressFromScript(out.script, m_meta.network));
    BOWLINE_TRY(out.used, m_store.isPaid(out.script));
    BOWLINE_TRY(out.label, m_store.label(LabelKind::Address, out.address));
    return out;
}

Result<ReceiveAddress> Wallet::currentAddress(AddressType type)
{
    const AddressChain& chain = *chainOf(type, Branch::Receive);
    // With the gap used up, the last one handed out: a further one would not be found by a restore.
    return addressAt(chain, std::min(chain.row.next, chain.row.used + kAddressGap - 1));
}

Result<ReceiveAddress> Wallet::nextAddress(AddressType type, std::string_view label)
{
    ReceiveAddress out;
    BOWLINE_CHECK(write([&]() -> Status { // which begins with what the file says, should a write have failed
        AddressChain& chain = *chainOf(type, Branch::Receive);
        if (chain.row.next >= chain.row.used + kAddressGap) return makeError(kGapLimit);
        BOWLINE_TRY(out, currentAddress(type));
        out.label = std::string(label);
        chain.row.next = std::max(chain.row.next, out.key.index + 1);
        BOWLINE_CHECK(extendChain(chain, nextHeight()));
        return m_store.setLabel(LabelKind::Address, out.address, label);
    }));
    return out;
}

Result<std::vector<ReceiveAddress>> Wallet::addresses(AddressType type)
{
    const AddressChain& chain = *chainOf(type, Branch::Receive);
    std::vector<ReceiveAddress> out;
    for (std::uint32_t index = chain.row.next; index-- > 0;) {
        BOWLINE_TRY(ReceiveAddress address, addressAt(chain, index));
        out.push_back(std::move(address));
    }
    return out;
}

Result<std::pair<Script, OwnKey>> Wallet::changeScript(AddressType type) const
{
    const AddressChain& chain = *chainOf(type, Branch::Change);
    const std::uint32_t index = std::min(chain.row.next, chain.row.used + kAddressGap - 1);
    BOWLINE_TRY(Script script, chain.descriptor.scriptAt(index));
    return std::pair(std::move(script), OwnKey{type, Branch::Change, index});
}

Result<std::string> Wallet::descriptor(AddressType type, Branch branch) const
{
    return chainOf(type, branch)->descriptor.toString();
}

std::optional<ScriptOwner> Wallet::ownerOf(ByteView script) const
{
    const auto at = m_owners.find(asText(script));
    if (at == m_owners.end()) return std::nullopt;
    return at->second;
}

std::vector<Script> Wallet::scripts() const
{
    std::vector<Script> out;
    out.reserve(m_owners.size());
    for (const auto& [script, owner] : m_owners) out.emplace_back(script.begin(), script.end());
    return out;
}

} // namespace bowline::wallet
