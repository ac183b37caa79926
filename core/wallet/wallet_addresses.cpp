// SPDX-License-Identifier: MIT
// Addresses, the gap between paid and watched ones, and scripts watched for others.
#include "core/bitcoin/address.h"
#include "core/wallet/wallet_unlocked.h"

namespace bowline::wallet {

using base::makeError;
using base::success;

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

/// From where to look again when a block pays an address that this wallet did not hand out: it is being
/// restored, or has a twin. What comes into sight then was handed out after an address at most 20 before it
/// was seen paid, so not long before.
Height Wallet::rescanStart() const
{
    const std::uint32_t tip = tipHeight().value;
    const std::uint32_t start = tip > kRescanDepth ? tip - kRescanDepth : 0;
    return {std::max(start, m_meta.birthdayHeight.value_or(Height{0}).value)};
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
    const std::uint32_t wanted = std::max(chain.row.next, chain.row.used) + kAddressGap;
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
    for (; m_refundsDerived < refunds->row.next + kAddressGap; ++m_refundsDerived) {
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
Status Wallet::noteUse(ByteView script, const ScriptOwner& owner, Height from)
{
    if (owner.key) {
        AddressChain& chain = *chainOf(owner.key->type, owner.key->branch);
        if (owner.key->index < chain.row.used) return success();
        chain.row.used = owner.key->index + 1;
        chain.row.next = std::max(chain.row.next, chain.row.used);
        return extendChain(chain, from);
    }
    BOWLINE_CHECK(extendRefunds(from)); // forgotten, if a write failed meanwhile
    const auto refund = m_refundIndexes.find(asText(script));
    SpecialChain& refunds = *specialOf(kBridgeRefundAccount);
    if (refund == m_refundIndexes.end() || refund->second < refunds.row.used) return success();
    refunds.row.used = refund->second + 1;
    refunds.row.next = std::max(refunds.row.next, refunds.row.used);
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
        for (const Script& script : paid) BOWLINE_CHECK(noteUse(script, ScriptOwner{}, birthday));
        return success();
    });
}

Result<std::uint32_t> Wallet::takeRefundIndex()
{
    const SpecialRow& row = specialOf(kBridgeRefundAccount)->row;
    if (row.next >= row.used + kAddressGap) return makeError(kGapLimit);
    std::uint32_t index = 0;
    BOWLINE_CHECK(write([this, &index]() -> Status {
        SpecialChain& refunds = *specialOf(kBridgeRefundAccount);
        index = refunds.row.next++;
        BOWLINE_CHECK(m_store.setSpecial(refunds.row));
        return extendRefunds(nextHeight());
    }));
    return index;
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
    {
        const AddressChain& chain = *chainOf(type, Branch::Receive);
        if (chain.row.next >= chain.row.used + kAddressGap) return makeError(kGapLimit);
    }
    BOWLINE_TRY(ReceiveAddress out, currentAddress(type));
    out.label = std::string(label);
    BOWLINE_CHECK(write([&]() -> Status {
        AddressChain& chain = *chainOf(type, Branch::Receive);
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
    BOWLINE_TRY(Script script, chain.descriptor.scriptAt(chain.row.next));
    return std::pair(std::move(script), OwnKey{type, Branch::Change, chain.row.next});
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
