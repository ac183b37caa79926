// SPDX-License-Identifier: MIT
// From a plan to a draft: checks, coin selection per type of address, layout, warnings.
#include "core/wallet/draft.h"

#include "core/crypto/random.h"

#include <cstring>

namespace bowline::wallet {

using base::makeError;
using base::success;

namespace {

/// What spending change will cost some day, and from which waste is counted: 10 sat/vB.
constexpr FeeRate kLongTermRate{10'000};

std::int64_t outputWeight(ByteView script)
{
    const std::int64_t lengthSize = script.size() < 0xfd ? 1 : 3;
    return 4 * (8 + lengthSize + static_cast<std::int64_t>(script.size()));
}

std::vector<Candidate> asCandidates(const std::vector<DraftInput>& inputs)
{
    std::vector<Candidate> out;
    out.reserve(inputs.size());
    for (const DraftInput& input : inputs) out.push_back({input.spent.value, input.weight});
    return out;
}

/// One way to pay: the chosen inputs, and where change would go.
struct Choice {
    Selection selection;
    std::vector<DraftInput> inputs;
    Script changeScript;
    OwnKey changeKey;
};

class DraftBuilder {
public:
    DraftBuilder(Wallet& wallet, DraftPlan plan) : m_wallet(wallet), m_plan(std::move(plan)) {}
    Result<SpendDraft> build();

private:
    Status checkRecipients();
    Status chooseSeed();
    Result<Choice> choose();
    Result<Choice> chooseAmong(const std::vector<DraftInput>& candidates, AddressType changeType);
    [[nodiscard]] SelectionProblem problemFor(const Script& changeScript, AddressType changeType) const;
    Status layOut(const Choice& choice);
    void placeChange(const Choice& choice);
    Status fillTransaction();
    void addWarnings();
    [[nodiscard]] std::uint32_t lockTime();
    [[nodiscard]] std::uint64_t random();

    Wallet& m_wallet;
    DraftPlan m_plan;
    std::optional<std::size_t> m_rest; // the recipient that takes the rest
    Amount m_fixed;                    // what the others get
    std::uint64_t m_random = 0;
    SpendDraft m_draft;
};

std::uint64_t DraftBuilder::random()
{
    // SplitMix64, see selection.cpp: privacy of the layout, nothing secret.
    std::uint64_t z = (m_random += 0x9e3779b97f4a7c15U);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31U);
}

Status DraftBuilder::checkRecipients()
{
    if (m_plan.version != 2 && m_plan.version != 3) return makeError(kBadTransactionVersion);
    if (m_plan.recipients.empty() != m_plan.toSelf) return makeError(kNoRecipient);
    for (std::size_t i = 0; i < m_plan.recipients.size(); ++i) {
        const Recipient& recipient = m_plan.recipients[i];
        if (recipient.takesRest) {
            if (m_rest) return makeError(kTwoRests);
            m_rest = i;
            continue;
        }
        if (!recipient.amount.isValidMoney()) return makeError(kBadRecipientAmount);
        if (recipient.amount < bitcoin::dustThreshold(recipient.script)) {
            return makeError(kDustOutput, "output " + std::to_string(i));
        }
        m_fixed += recipient.amount;
        if (!m_fixed.isValidMoney()) return makeError(kBadRecipientAmount);
    }
    return success();
}

Status DraftBuilder::chooseSeed()
{
    if (m_plan.seed) {
        m_random = *m_plan.seed;
        return success();
    }
    base::ByteArray<8> bytes{};
    BOWLINE_CHECK(crypto::randomBytes(bytes));
    std::memcpy(&m_random, bytes.data(), bytes.size());
    return success();
}

SelectionProblem DraftBuilder::problemFor(const Script& changeScript, AddressType changeType) const
{
    SelectionProblem problem;
    problem.fee = m_plan.fee;
    problem.longTermRate = kLongTermRate;
    problem.maxWeight = m_plan.maxWeight;
    problem.seed = m_random;
    // Version, lock time and the two counts; marker and flag of BIP144 count as witness.
    problem.baseWeight = 4 * (4 + 4 + 1 + 1) + 2 + countWeight(m_plan.recipients.size() + 1);
    for (const Recipient& recipient : m_plan.recipients) problem.baseWeight += outputWeight(recipient.script);
    const Amount dust = bitcoin::dustThreshold(changeScript);
    const std::int64_t spendWeight = signedInputWeight(changeType);
    if (m_plan.toSelf) {
        // The output is there in any case; what goes beyond the least value is no output of its own.
        problem.target = dust;
        problem.baseWeight += outputWeight(changeScript);
        problem.changeFloor = Amount::fromSat(1);
        return problem;
    }
    problem.target = m_fixed;
    problem.changeWeight = outputWeight(changeScript);
    problem.changeSpendWeight = spendWeight;
    problem.changeFloor = std::max(dust, kLongTermRate.feeFor((spendWeight + 3) / 4));
    return problem;
}

Result<Choice> DraftBuilder::chooseAmong(const std::vector<DraftInput>& candidates, AddressType changeType)
{
    Choice out;
    if (m_plan.change) {
        std::tie(out.changeScript, out.changeKey) = *m_plan.change;
    } else {
        BOWLINE_TRY(std::tie(out.changeScript, out.changeKey), m_wallet.changeScript(changeType));
    }
    const SelectionProblem problem = problemFor(out.changeScript, out.changeKey.type);
    const std::vector<Candidate> list = asCandidates(candidates);
    const std::vector<Candidate> required = asCandidates(m_plan.required);
    BOWLINE_TRY(out.selection,
                m_rest ? selectAll(list, problem, required) : selectCoins(list, problem, required));
    out.inputs = m_plan.required;
    for (const std::size_t i : out.selection.chosen) out.inputs.push_back(candidates[i]);
    return out;
}

/// Inputs of one type where that suffices: the mixture would tell observers that both types are one wallet's.
Result<Choice> DraftBuilder::choose()
{
    if (m_rest || !m_plan.required.empty()) {
        const auto own = std::find_if(m_plan.required.begin(), m_plan.required.end(),
                                      [](const DraftInput& input) { return input.key.has_value(); });
        const bool given = own != m_plan.required.end();
        return chooseAmong(m_plan.candidates, given ? own->key->type : AddressType::Taproot);
    }
    std::optional<Choice> best;
    for (const AddressType type : {AddressType::Taproot, AddressType::SegwitV0}) {
        std::vector<DraftInput> ofType;
        std::copy_if(m_plan.candidates.begin(), m_plan.candidates.end(), std::back_inserter(ofType),
                     [type](const DraftInput& input) { return input.key && input.key->type == type; });
        Result<Choice> choice = chooseAmong(ofType, type);
        if (!choice.ok()) continue;
        if (!best || choice->selection.waste < best->selection.waste) best = std::move(choice).value();
    }
    if (best) return std::move(*best);
    return chooseAmong(m_plan.candidates, AddressType::Taproot);
}

std::uint32_t DraftBuilder::lockTime()
{
    // Only at the end of the chain: otherwise it would tell how far this wallet has got.
    if (!m_wallet.isSynced()) return 0;
    const std::uint32_t tip = m_wallet.tipHeight().value;
    const std::uint64_t back = random() % 10 == 0 ? random() % 100 : 0;
    return tip > back ? tip - static_cast<std::uint32_t>(back) : 0;
}

void DraftBuilder::placeChange(const Choice& choice)
{
    const Amount value = m_plan.toSelf ? choice.selection.change + bitcoin::dustThreshold(choice.changeScript)
                                       : choice.selection.change;
    if (m_rest || value == Amount{}) return;
    m_draft.change = value;
    DraftOutput change{{value, choice.changeScript}, OutputRole::Change, choice.changeKey, {}};
    const std::size_t places = m_draft.outputs.size() + 1;
    const std::size_t place = m_plan.fixedOrder ? places - 1 : static_cast<std::size_t>(random() % places);
    m_draft.outputs.insert(m_draft.outputs.begin() + static_cast<std::ptrdiff_t>(place), std::move(change));
}

Status DraftBuilder::layOut(const Choice& choice)
{
    m_draft.fee = choice.selection.fee;
    m_draft.weight = choice.selection.weight;
    m_draft.inputs = choice.inputs;
    if (!m_plan.fixedOrder) {
        for (std::size_t i = m_draft.inputs.size(); i > 1; --i) {
            std::swap(m_draft.inputs[i - 1], m_draft.inputs[static_cast<std::size_t>(random() % i)]);
        }
    }
    for (std::size_t i = 0; i < m_plan.recipients.size(); ++i) {
        const Recipient& recipient = m_plan.recipients[i];
        const Amount amount = m_rest == i ? choice.selection.change : recipient.amount;
        if (amount < bitcoin::dustThreshold(recipient.script)) {
            return makeError(kInsufficientFunds, "what is left is below the dust limit");
        }
        const std::optional<ScriptOwner> owner = m_wallet.ownerOf(recipient.script);
        m_draft.outputs.push_back({{amount, recipient.script},
                                   OutputRole::Recipient,
                                   owner ? owner->key : std::nullopt,
                                   recipient.label});
    }
    placeChange(choice);
    if (!m_rest && !m_plan.toSelf && choice.selection.change == Amount{} &&
        m_draft.fee > m_plan.fee.feeFor(m_draft.weight)) {
        m_draft.warnings.push_back(Warning::ChangeDropped);
    }
    return success();
}

Status DraftBuilder::fillTransaction()
{
    Transaction& transaction = m_draft.transaction;
    transaction.version = m_plan.version;
    transaction.lockTime = lockTime();
    Amount in;
    for (const DraftInput& input : m_draft.inputs) {
        transaction.inputs.push_back({input.outpoint, {}, bitcoin::kSequenceReplaceable, {}});
        in += input.spent.value;
    }
    Amount out;
    for (const DraftOutput& output : m_draft.outputs) {
        transaction.outputs.push_back(output.output);
        out += output.output.value;
    }
    if (in - out != m_draft.fee || m_draft.fee < Amount{}) return makeError(kSelfCheckFailed, "fee");
    return bitcoin::checkTransaction(transaction);
}

void DraftBuilder::addWarnings()
{
    m_draft.rate = {m_draft.fee.sat() * 1000 / m_draft.virtualSize()};
    std::int64_t packageSize = m_draft.virtualSize();
    for (const Transaction& parent : m_plan.parents) packageSize += parent.virtualSize();
    m_draft.packageRate = {(m_draft.fee + m_plan.parentFee).sat() * 1000 / packageSize};

    const FeeGuard& guard = m_plan.guard;
    const Amount sent = m_draft.sent();
    const bool largeShare = sent > Amount{} && m_draft.fee > guard.percentFrom &&
                            m_draft.fee * 100 > sent * guard.percentOfAmount;
    // A child pays for its parents: its own rate says nothing.
    if (m_draft.packageRate > guard.rate || m_draft.fee > guard.fee || largeShare) {
        m_draft.warnings.push_back(Warning::HighFee);
    }
    const auto unconfirmed = [](const DraftInput& input) { return !input.confirmed; };
    if (std::any_of(m_draft.inputs.begin(), m_draft.inputs.end(), unconfirmed)) {
        m_draft.warnings.push_back(Warning::UnconfirmedInput);
    }
    for (const DraftOutput& output : m_draft.outputs) {
        if (output.role != OutputRole::Recipient) continue;
        const bool unknown =
            bitcoin::outputTypeOf(output.output.scriptPubKey) == bitcoin::OutputType::UnknownWitness;
        if (unknown && !m_draft.hasWarning(Warning::UnknownRecipientScript)) {
            m_draft.warnings.push_back(Warning::UnknownRecipientScript);
        }
        if (output.key && !m_draft.hasWarning(Warning::PaysSelf))
            m_draft.warnings.push_back(Warning::PaysSelf);
    }
}

Result<SpendDraft> DraftBuilder::build()
{
    BOWLINE_CHECK(checkRecipients());
    BOWLINE_CHECK(chooseSeed());
    BOWLINE_TRY(const Choice choice, choose());
    m_draft.replaces = m_plan.replaces;
    m_draft.parents = m_plan.parents;
    BOWLINE_CHECK(layOut(choice));
    BOWLINE_CHECK(fillTransaction());
    addWarnings();
    return std::move(m_draft);
}

} // namespace

Result<SpendDraft> buildDraft(Wallet& wallet, DraftPlan plan)
{
    return DraftBuilder(wallet, std::move(plan)).build();
}

DraftInput inputFor(const Coin& coin)
{
    return {coin.outpoint, coin.output, coin.key, coin.confirmed, signedInputWeight(coin.key->type)};
}

Result<std::vector<DraftInput>> spendableInputs(Wallet& wallet, const CoinPolicy& policy,
                                                const std::optional<Txid>& replaced)
{
    BOWLINE_TRY(const CoinView* view, wallet.coins());
    std::vector<DraftInput> out;
    for (Coin coin : view->coins()) {
        if (replaced && coin.spentBy == replaced) coin.spentBy.reset();
        // Never what the replaced transaction itself created.
        if (replaced && coin.outpoint.txid == *replaced) continue;
        if (isSpendable(coin, wallet.tipHeight(), policy)) out.push_back(inputFor(coin));
    }
    return out;
}

Status checkFeeRate(FeeRate rate)
{
    if (rate < kLeastFeeRate || rate > kLargestFeeRate) return makeError(kBadFeeRate);
    return success();
}

} // namespace bowline::wallet
