// SPDX-License-Identifier: MIT
// Replacements and children.
#include "core/wallet/bump.h"

#include "core/wallet/draft.h"

#include <set>

namespace bowline::wallet {

using base::makeError;
using base::success;

namespace {

/// BIP431: a version 3 transaction with an unconfirmed parent is at most 1,000 vB.
constexpr std::int64_t kMaxVersion3ChildWeight = 4'000;

Amount outputSum(const Transaction& transaction)
{
    Amount sum;
    for (const TxOut& output : transaction.outputs) sum += output.value;
    return sum;
}

FeeRate rateOf(Amount fee, std::int64_t virtualSize) { return {fee.sat() * 1000 / virtualSize}; }

/// Live unconfirmed ancestors of a transaction that the wallet knows, parents first.
std::vector<const PendingTransaction*> ancestorsOf(const CoinView& view, const Transaction& transaction)
{
    std::set<Txid> wanted;
    std::vector<const PendingTransaction*> found;
    std::vector<const Transaction*> open{&transaction};
    while (!open.empty()) {
        const Transaction* at = open.back();
        open.pop_back();
        for (const bitcoin::TxIn& input : at->inputs) {
            const PendingTransaction* parent = view.findPending(input.prevout.txid);
            if (parent == nullptr || parent->state != TransactionState::Pending) continue;
            if (!wanted.insert(parent->row.txid).second) continue;
            open.push_back(&parent->row.transaction);
        }
    }
    // A parent stands before its children: count how deep each one lies.
    while (found.size() < wanted.size()) {
        for (const PendingTransaction& entry : view.pending()) {
            if (!wanted.contains(entry.row.txid)) continue;
            const auto placed = [&found](const Txid& txid) {
                return std::any_of(found.begin(), found.end(),
                                   [&txid](const PendingTransaction* p) { return p->row.txid == txid; });
            };
            const auto& inputs = entry.row.transaction.inputs;
            const bool ready = std::all_of(inputs.begin(), inputs.end(), [&](const bitcoin::TxIn& in) {
                return !wanted.contains(in.prevout.txid) || placed(in.prevout.txid);
            });
            if (ready && !placed(entry.row.txid)) found.push_back(&entry);
        }
    }
    return found;
}

/// The transaction's own change, to be used again by what takes its place: each fresh address would lie further
/// beyond those that a restore finds paid.
std::optional<std::pair<Script, OwnKey>> changeOf(const Wallet& wallet, const Transaction& transaction)
{
    for (const TxOut& output : transaction.outputs) {
        const std::optional<ScriptOwner> owner = wallet.ownerOf(output.scriptPubKey);
        if (owner && owner->key && owner->key->branch == Branch::Change) {
            return std::pair(output.scriptPubKey, *owner->key);
        }
    }
    return std::nullopt;
}

/// Why nobody can take the place of a transaction that others build on: these would be lost with it.
Status checkNoDescendants(const CoinView& view, const Txid& txid)
{
    const std::vector<Txid> descendants = view.descendantsOf(txid);
    if (descendants.empty()) return success();
    return makeError(kHasDescendants, descendants.front().displayHex() + " spends from it");
}

/// What a replacement needs to know of the transaction whose place it takes.
struct Replaced {
    const PendingTransaction* pending = nullptr;
    Amount fee;
    std::vector<DraftInput> inputs;
};

Result<Replaced> replaceable(Wallet& wallet, const CoinView& view, const Txid& txid, FeeRate rate)
{
    BOWLINE_CHECK(checkFeeRate(rate));
    Replaced out;
    out.pending = view.findPending(txid);
    if (out.pending == nullptr) {
        BOWLINE_TRY(const auto row, wallet.transaction(txid));
        return makeError(row ? kNotReplaceable : kUnknownTransaction);
    }
    if (out.pending->state != TransactionState::Pending || !out.pending->fromSelf) {
        return makeError(kNotReplaceable);
    }
    BOWLINE_CHECK(checkNoDescendants(view, txid));
    const Transaction& transaction = out.pending->row.transaction;
    out.fee = out.pending->spends - outputSum(transaction);
    if (rate <= rateOf(out.fee, transaction.virtualSize())) return makeError(kRateNotHigher);
    for (const bitcoin::TxIn& input : transaction.inputs) {
        const Coin* coin = view.find(input.prevout);
        if (coin == nullptr || !coin->key) return makeError(kNotReplaceable);
        out.inputs.push_back(inputFor(*coin));
    }
    return out;
}

DraftPlan replacementPlan(const CoinView& view, const Replaced& replaced, const BumpRequest& request)
{
    DraftPlan plan;
    const Transaction& old = replaced.pending->row.transaction;
    plan.required = replaced.inputs;
    plan.version = old.version == 3 ? 3 : 2;
    plan.fee = {request.rate, {}, replaced.fee, kIncrementalRelayRate};
    plan.guard = request.guard;
    plan.seed = request.seed;
    plan.replaces = replaced.pending->row.txid;
    for (const PendingTransaction* parent : ancestorsOf(view, old))
        plan.parents.push_back(parent->row.transaction);
    if (plan.version == 3) plan.maxWeight = plan.parents.empty() ? 40'000 : kMaxVersion3ChildWeight;
    return plan;
}

/// An earlier child of the same output that the new one takes the place of.
struct EarlierChild {
    Txid txid;
    Amount fee;
    std::optional<std::pair<Script, OwnKey>> change;
};

Result<std::optional<EarlierChild>> earlierChild(const Wallet& wallet, const CoinView& view,
                                                 const OutPoint& outpoint, const TxOut& output)
{
    for (const PendingTransaction& entry : view.pending()) {
        if (entry.state != TransactionState::Pending) continue;
        const auto& inputs = entry.row.transaction.inputs;
        const bool spendsIt = std::any_of(inputs.begin(), inputs.end(), [&outpoint](const bitcoin::TxIn& in) {
            return in.prevout == outpoint;
        });
        if (!spendsIt) continue;
        BOWLINE_CHECK(checkNoDescendants(view, entry.row.txid));
        Amount in;
        for (const bitcoin::TxIn& input : inputs) {
            const Coin* coin = view.find(input.prevout);
            if (coin == nullptr && input.prevout != outpoint) return makeError(kNotReplaceable);
            in += input.prevout == outpoint ? output.value : coin->output.value;
        }
        return std::optional(EarlierChild{entry.row.txid, in - outputSum(entry.row.transaction),
                                          changeOf(wallet, entry.row.transaction)});
    }
    return std::optional<EarlierChild>();
}

/// The output of the parent that the child spends: its anchor, else the largest that is ours.
Result<DraftInput> inputFromParent(const CoinView& view, const Transaction& parent)
{
    const Txid txid = parent.txid();
    std::optional<DraftInput> best;
    for (std::uint32_t vout = 0; vout < parent.outputs.size(); ++vout) {
        const TxOut& output = parent.outputs[vout];
        const OutPoint outpoint{txid, vout};
        if (bitcoin::outputTypeOf(output.scriptPubKey) == bitcoin::OutputType::PayToAnchor) {
            return DraftInput{outpoint, output, std::nullopt, std::nullopt, kAnchorInputWeight};
        }
        const Coin* coin = view.find(outpoint);
        if (coin == nullptr || !coin->key || coin->frozen || coin->confirmed) continue;
        if (!best || coin->output.value > best->spent.value) best = inputFor(*coin);
    }
    if (!best) return makeError(kNothingToSpend);
    return std::move(*best);
}

} // namespace

Result<SpendDraft> draftReplacement(Wallet& wallet, const Txid& txid, const BumpRequest& request)
{
    BOWLINE_TRY(const CoinView* view, wallet.coins());
    BOWLINE_TRY(const Replaced replaced, replaceable(wallet, *view, txid, request.rate));
    DraftPlan plan = replacementPlan(*view, replaced, request);
    plan.fixedOrder = true;
    const Transaction& old = replaced.pending->row.transaction;
    plan.change = changeOf(wallet, old);
    bool changeSeen = false;
    for (const TxOut& output : old.outputs) {
        const bool isChange = plan.change && !changeSeen && output.scriptPubKey == plan.change->first;
        changeSeen = changeSeen || isChange;
        if (!isChange) plan.recipients.push_back({output.scriptPubKey, output.value, false, {}});
    }
    plan.toSelf = plan.recipients.empty();
    if (request.takeFromRecipient && plan.recipients.size() == 1 && !plan.change) {
        plan.recipients[0].takesRest = true;
    } else {
        BOWLINE_TRY(plan.candidates, spendableInputs(wallet, {false, plan.version}, txid));
        std::erase_if(plan.candidates, [&plan](const DraftInput& candidate) {
            return std::any_of(
                plan.required.begin(), plan.required.end(),
                [&candidate](const DraftInput& input) { return input.outpoint == candidate.outpoint; });
        });
    }
    return buildDraft(wallet, std::move(plan));
}

Result<SpendDraft> draftCancellation(Wallet& wallet, const Txid& txid, const BumpRequest& request)
{
    BOWLINE_TRY(const CoinView* view, wallet.coins());
    BOWLINE_TRY(const Replaced replaced, replaceable(wallet, *view, txid, request.rate));
    DraftPlan plan = replacementPlan(*view, replaced, request);
    plan.change = changeOf(wallet, replaced.pending->row.transaction);
    plan.toSelf = true;
    return buildDraft(wallet, std::move(plan));
}

Result<SpendDraft> draftChild(Wallet& wallet, const ChildRequest& request)
{
    BOWLINE_CHECK(checkFeeRate(request.packageRate));
    if (request.parents.empty()) return makeError(kNothingToSpend);
    const Transaction& parent = request.parents.back();
    std::int64_t parentSize = 0;
    for (const Transaction& transaction : request.parents) parentSize += transaction.virtualSize();
    const Amount missing = request.packageRate.feeFor(parentSize) - request.parentFee;
    if (missing <= Amount{}) return makeError(kRateNotHigher);

    BOWLINE_TRY(const CoinView* view, wallet.coins());
    BOWLINE_TRY(DraftInput input, inputFromParent(*view, parent));
    BOWLINE_TRY(const auto earlier, earlierChild(wallet, *view, input.outpoint, input.spent));
    DraftPlan plan;
    plan.toSelf = true;
    plan.fee.rate = request.packageRate;
    plan.fee.extra = missing;
    if (earlier) {
        plan.replaces = earlier->txid;
        plan.change = earlier->change;
        plan.fee.replacedFee = earlier->fee;
        plan.fee.increment = kIncrementalRelayRate;
    }
    plan.version = parent.version == 3 ? 3 : 2;
    if (plan.version == 3) plan.maxWeight = kMaxVersion3ChildWeight;
    plan.fixedOrder = true;
    plan.guard = request.guard;
    plan.seed = request.seed;
    plan.parents = request.parents;
    plan.parentFee = request.parentFee;
    BOWLINE_TRY(plan.candidates, spendableInputs(wallet, {false, plan.version}, plan.replaces));
    std::erase_if(plan.candidates,
                  [&input](const DraftInput& candidate) { return candidate.outpoint == input.outpoint; });
    plan.required.push_back(std::move(input));
    return buildDraft(wallet, std::move(plan));
}

Result<SpendDraft> draftChildOf(Wallet& wallet, const Txid& txid, const BumpRequest& request)
{
    BOWLINE_TRY(const CoinView* view, wallet.coins());
    const PendingTransaction* pending = view->findPending(txid);
    if (pending == nullptr) return makeError(kUnknownTransaction);
    if (pending->state != TransactionState::Pending) return makeError(kNothingToSpend);
    ChildRequest child;
    child.packageRate = request.rate;
    child.guard = request.guard;
    child.seed = request.seed;
    std::vector<const PendingTransaction*> family = ancestorsOf(*view, pending->row.transaction);
    family.push_back(pending);
    for (const PendingTransaction* member : family) {
        if (!member->fromSelf && !request.parentFee) return makeError(kParentFeeUnknown);
        child.parents.push_back(member->row.transaction);
        if (member->fromSelf) child.parentFee += member->spends - outputSum(member->row.transaction);
    }
    if (!pending->fromSelf) child.parentFee += *request.parentFee;
    return draftChild(wallet, child);
}

} // namespace bowline::wallet
