// SPDX-License-Identifier: MIT
// Spending, the bridge and the layer 2 of the services in memory.
#include "tests/gui/fake_services.h"

#include <algorithm>
#include <ctime>

namespace bowline::test {

namespace {
constexpr std::uint32_t kDepth = 1;
constexpr std::uint32_t kRefundBlocks = 40;
constexpr std::uint32_t kPayWindow = 12;
constexpr std::uint32_t kReclaimAfter = 8;
constexpr std::uint32_t kTakeBlocks = 10;
constexpr std::int64_t kVirtualBytes = 154;

const base::ErrorCode kInsufficient{"wallet.insufficient-funds"};
const base::ErrorCode kUnknownAddress{"bitcoin.address-unknown"};

TimelineStep step(const std::string& id, const std::string& actor)
{
    TimelineStep out;
    out.id = id;
    out.actor = actor;
    return out;
}

TimelineStep& stepOf(BridgeItem& item, const std::string& id)
{
    return *std::find_if(item.steps.begin(), item.steps.end(),
                         [&](const TimelineStep& s) { return s.id == id; });
}

/// The first step that is not done becomes the current one.
void settle(BridgeItem& item)
{
    for (TimelineStep& each : item.steps) {
        if (each.state == StepState::Skipped) continue;
        if (each.state == StepState::Current) each.state = StepState::Future;
    }
    for (TimelineStep& each : item.steps) {
        if (each.state != StepState::Future) continue;
        each.state = StepState::Current;
        item.state = each.id;
        return;
    }
}

/// The way out is open: it is the user's turn, and who was awaited was too slow.
void overtake(BridgeItem& item, const std::string& wayOut, const std::string& note)
{
    if (stepOf(item, wayOut).state == StepState::Current) return;
    settle(item);
    TimelineStep& late = stepOf(item, item.state);
    late.state = StepState::Failed;
    late.note = note;
    stepOf(item, wayOut).state = StepState::Current;
    item.state = wayOut;
}

std::uint32_t passed(std::uint32_t start, std::uint32_t length, std::uint32_t tip)
{
    return std::min(length, tip + 1 - start);
}
} // namespace

// --- SpendService

Task FakeServices::review(std::vector<Recipient> recipients, std::int64_t feeSatPerKvb,
                          Completion<SpendReview> done)
{
    return answer<SpendReview>(
        std::move(done), [this, recipients, feeSatPerKvb]() -> base::Result<SpendReview> {
            SpendReview out;
            out.recipients = recipients;
            out.fee = base::FeeRate{feeSatPerKvb}.feeFor(kVirtualBytes);
            out.feeSatPerKvb = feeSatPerKvb;
            out.virtualBytes = kVirtualBytes;
            for (Recipient& recipient : out.recipients) {
                if (!recipient.address.starts_with("bcrt1"))
                    return base::makeError(kUnknownAddress, recipient.address);
                if (recipient.sendAll) recipient.amount = m_state.bitcoin.confirmed - out.fee;
                out.total += recipient.amount;
            }
            out.total += out.fee;
            out.inputCount = 2;
            out.inputTotal = m_state.bitcoin.confirmed;
            out.change = m_state.bitcoin.confirmed - out.total;
            if (out.change.sat() < 0)
                return base::makeError(kInsufficient, "needs " + base::formatBtc(out.total));
            out.draftId = nextId();
            out.warnings = m_warnings;
            m_drafts[out.draftId] = out.recipients;
            return out;
        });
}

Task FakeServices::confirm(std::string draftId, Completion<std::string> done)
{
    return answer<std::string>(std::move(done), [this, draftId]() -> base::Result<std::string> {
        const auto found = m_drafts.find(draftId);
        if (found == m_drafts.end())
            return base::makeError(base::ErrorCode{"services.no-such-draft"}, draftId);
        for (const Recipient& recipient : found->second) {
            m_sent.push_back(recipient);
            m_state.bitcoin.confirmed -= recipient.amount;
            m_state.recentActivity.insert(
                m_state.recentActivity.begin(),
                {nextId(), "sent", -recipient.amount, std::time(nullptr), "pending"});
        }
        m_drafts.erase(found);
        return nextId();
    });
}

Task FakeServices::reviewBump(std::string, std::int64_t feeSatPerKvb, bool, Completion<SpendReview> done)
{
    return review({}, feeSatPerKvb, std::move(done));
}

Task FakeServices::reviewLayerTwo(std::string recipient, Amount amount, Completion<LayerTwoReview> done)
{
    return answer<LayerTwoReview>(
        std::move(done), [this, recipient, amount]() -> base::Result<LayerTwoReview> {
            LayerTwoReview out;
            out.recipient = recipient;
            out.amount = amount;
            out.fee = Amount::fromSat(100);
            out.total = amount + out.fee;
            if (out.total > m_state.layerTwo.available)
                return base::makeError(base::ErrorCode{"services.layer2-insufficient"});
            out.draftId = nextId();
            m_drafts[out.draftId] = {{recipient, amount, "", false}};
            return out;
        });
}

Task FakeServices::confirmLayerTwo(std::string draftId, Completion<std::string> done)
{
    return answer<std::string>(std::move(done), [this, draftId]() -> base::Result<std::string> {
        const auto found = m_drafts.find(draftId);
        if (found == m_drafts.end())
            return base::makeError(base::ErrorCode{"services.no-such-draft"}, draftId);
        const Recipient recipient = found->second.front();
        m_drafts.erase(found);
        m_sent.push_back(recipient);
        m_state.layerTwo.available -= recipient.amount + Amount::fromSat(100);
        addBatch();
        m_state.recentActivity.insert(m_state.recentActivity.begin(),
                                      {nextId(), "layer2-sent", -(recipient.amount + Amount::fromSat(100)),
                                       std::time(nullptr), "sequenced"});
        return nextId();
    });
}

// --- BridgeService

Task FakeServices::quoteDeposit(Amount amount, std::int64_t feeSatPerKvb, Completion<DepositQuote> done)
{
    return answer<DepositQuote>(
        std::move(done), [this, amount, feeSatPerKvb]() -> base::Result<DepositQuote> {
            DepositQuote out;
            out.asked = amount;
            out.remainder = amount;
            for (const std::int64_t value : {100'000'000, 10'000'000, 1'000'000}) {
                while (out.remainder.sat() >= value && out.vaults.size() < 12) {
                    out.vaults.push_back(Amount::fromSat(value));
                    out.remainder -= Amount::fromSat(value);
                }
            }
            if (out.vaults.empty()) return base::makeError(base::ErrorCode{"services.deposit-too-small"});
            if (amount > m_state.bitcoin.confirmed) return base::makeError(kInsufficient);
            out.requestFees = Amount::fromSat(1000) * std::int64_t(out.vaults.size());
            out.bitcoinFee = base::FeeRate{feeSatPerKvb}.feeFor(111 + 43 * std::int64_t(out.vaults.size()));
            out.refundBlocks = kRefundBlocks;
            out.depth = kDepth;
            out.committeeSize = 3;
            out.draftId = nextId();
            m_depositDrafts[out.draftId] = out;
            return out;
        });
}

Task FakeServices::startDeposit(std::string draftId, Completion<std::vector<std::string>> done)
{
    using List = std::vector<std::string>;
    return answer<List>(std::move(done), [this, draftId]() -> base::Result<List> {
        const auto found = m_depositDrafts.find(draftId);
        if (found == m_depositDrafts.end())
            return base::makeError(base::ErrorCode{"services.no-such-draft"}, draftId);
        List ids;
        for (const Amount vault : found->second.vaults) {
            BridgeItem item;
            item.id = nextId();
            item.amount = vault;
            item.created = std::time(nullptr);
            item.steps = {step("deposit.request-sent", "you"),   step("deposit.request-confirmed", "bitcoin"),
                          step("deposit.signed", "committee"),   step("deposit.vault-confirmed", "bitcoin"),
                          step("deposit.credited", "sequencer"), step("deposit.refund", "you")};
            item.steps.front().state = StepState::Done;
            item.steps.front().txid = nextId();
            item.steps.back().state = StepState::Skipped;
            item.nextAction = "wait";
            settle(item);
            ids.push_back(item.id);
            m_state.bitcoin.confirmed -= vault + Amount::fromSat(1000);
            m_state.bitcoin.lockedInBridge += vault;
            m_state.recentActivity.insert(m_state.recentActivity.begin(),
                                          {item.id, "deposit", vault, item.created, item.state});
            m_state.bridge.insert(m_state.bridge.begin(), std::move(item));
        }
        m_depositDrafts.erase(found);
        return ids;
    });
}

void FakeServices::moveDeposit(BridgeItem& item, std::uint32_t tip)
{
    TimelineStep& request = stepOf(item, "deposit.request-confirmed");
    TimelineStep& signing = stepOf(item, "deposit.signed");
    TimelineStep& vault = stepOf(item, "deposit.vault-confirmed");
    TimelineStep& refund = stepOf(item, "deposit.refund");
    const bool wasConfirmed = request.state == StepState::Done;
    if (!request.height) {
        request.height = tip;
        request.txid = item.steps.front().txid;
        item.refundHeight = tip + kRefundBlocks - 1;
    }
    request.clock = BlockClock{*request.height, kDepth + 1, passed(*request.height, kDepth + 1, tip)};
    if (request.clock->passedBlocks == kDepth + 1) request.state = StepState::Done;
    if (!vault.height)
        refund.clock =
            BlockClock{*request.height, kRefundBlocks, passed(*request.height, kRefundBlocks, tip)};
    if (!m_committeeWorks) {
        if (item.nextAction != "refund")
            signing.note = tip >= *request.height + kRefundBlocks / 2 ? "too-late" : "nonces";
        if (refund.clock->passedBlocks == kRefundBlocks && item.nextAction != "refund") {
            item.nextAction = "refund";
            item.refundVirtualBytes = 130;
            item.refundValue = item.amount + Amount::fromSat(1000);
            m_state.needsYou.push_back({"refund-available", item.id});
        }
        return item.nextAction == "refund" ? overtake(item, "deposit.refund", "refund-open") : settle(item);
    }
    if (wasConfirmed && signing.state != StepState::Done) {
        signing.state = StepState::Done;
    } else if (signing.state == StepState::Done && vault.state != StepState::Done) {
        if (!vault.height) vault.height = tip;
        vault.txid = vault.txid.empty() ? nextId() : vault.txid;
        refund.clock.reset();
        vault.clock = BlockClock{*vault.height, kDepth + 1, passed(*vault.height, kDepth + 1, tip)};
        if (vault.clock->passedBlocks == kDepth + 1) vault.state = StepState::Done;
    } else if (vault.state == StepState::Done) {
        TimelineStep& credited = stepOf(item, "deposit.credited");
        credited.state = StepState::Done;
        credited.txid = "l2:" + nextId();
        item.finished = true;
        item.nextAction.clear();
        m_state.layerTwo.available += item.amount;
        m_state.bitcoin.lockedInBridge -= item.amount;
    }
    settle(item);
    if (item.finished) item.state = "deposit.credited";
}

Task FakeServices::quoteWithdrawal(Amount amount, std::string address, Completion<WithdrawQuote> done)
{
    return answer<WithdrawQuote>(std::move(done), [this, amount, address]() -> base::Result<WithdrawQuote> {
        if (!address.starts_with("bcrt1")) return base::makeError(kUnknownAddress, address);
        WithdrawQuote out;
        out.amount = amount;
        out.address = address;
        out.operatorFee = Amount::fromSat(amount.sat() / 1000 + 500);
        out.layerTwoFee = Amount::fromSat(100);
        out.total = amount + out.operatorFee + out.layerTwoFee;
        if (out.total > m_state.layerTwo.available)
            return base::makeError(base::ErrorCode{"services.layer2-insufficient"});
        out.payWindowBlocks = kPayWindow;
        out.worstCaseBlocks = kPayWindow + kReclaimAfter;
        out.draftId = nextId();
        m_withdrawDrafts[out.draftId] = out;
        return out;
    });
}

Task FakeServices::startWithdrawal(std::string draftId, Completion<std::string> done)
{
    return answer<std::string>(std::move(done), [this, draftId]() -> base::Result<std::string> {
        const auto found = m_withdrawDrafts.find(draftId);
        if (found == m_withdrawDrafts.end())
            return base::makeError(base::ErrorCode{"services.no-such-draft"}, draftId);
        BridgeItem item;
        item.id = nextId();
        item.kind = BridgeItem::Kind::Withdrawal;
        item.amount = found->second.amount;
        item.destination = found->second.address;
        item.created = std::time(nullptr);
        item.steps = {step("withdrawal.requested", "you"),    step("withdrawal.accepted", "operator"),
                      step("withdrawal.paid", "operator"),    step("withdrawal.payment-confirmed", "bitcoin"),
                      step("withdrawal.settled", "operator"), step("withdrawal.reclaim", "you")};
        item.steps.front().state = StepState::Done;
        item.steps.front().txid = "l2:" + nextId();
        item.steps.back().state = StepState::Skipped;
        item.nextAction = "cancel";
        settle(item);
        m_state.layerTwo.available -= found->second.total;
        m_state.layerTwo.inEscrow += found->second.total;
        m_state.recentActivity.insert(m_state.recentActivity.begin(),
                                      {item.id, "withdrawal", -item.amount, item.created, item.state});
        m_state.bridge.insert(m_state.bridge.begin(), item);
        m_withdrawDrafts.erase(found);
        return item.id;
    });
}

void FakeServices::moveWithdrawal(BridgeItem& item, std::uint32_t tip)
{
    TimelineStep& accepted = stepOf(item, "withdrawal.accepted");
    TimelineStep& paid = stepOf(item, "withdrawal.paid");
    TimelineStep& confirmed = stepOf(item, "withdrawal.payment-confirmed");
    TimelineStep& reclaim = stepOf(item, "withdrawal.reclaim");
    if (accepted.state != StepState::Done) {
        accepted.state = StepState::Done;
        accepted.height = tip;
        item.nextAction = "wait";
        paid.clock = BlockClock{tip, kPayWindow + 1, 1};
    } else if (!m_operatorsWork) {
        const std::uint32_t start = paid.clock->startHeight;
        paid.clock->passedBlocks = passed(start, kPayWindow + 1, tip);
        if (tip > start + kPayWindow) {
            if (item.nextAction != "reclaim") paid.note = "overdue";
            reclaim.clock =
                BlockClock{start + kPayWindow, kReclaimAfter, passed(start + kPayWindow, kReclaimAfter, tip)};
            if (reclaim.clock->passedBlocks == kReclaimAfter && item.nextAction != "reclaim") {
                item.nextAction = "reclaim";
                m_state.needsYou.push_back({"reclaim-available", item.id});
            }
        }
    } else if (paid.state != StepState::Done) {
        paid.state = StepState::Done;
        paid.height = tip;
        paid.txid = nextId();
        confirmed.height = tip;
        confirmed.txid = paid.txid;
        confirmed.clock = BlockClock{tip, kDepth + 1, 1};
    } else {
        confirmed.clock->passedBlocks = passed(*confirmed.height, kDepth + 1, tip);
        confirmed.state = StepState::Done;
        item.finished = true;
        item.nextAction.clear();
        m_state.layerTwo.inEscrow = {};
        m_state.bitcoin.confirmed += item.amount;
    }
    if (item.nextAction == "reclaim") return overtake(item, "withdrawal.reclaim", "reclaim-open");
    settle(item);
    if (item.finished) item.state = "withdrawal.payment-confirmed";
}

void FakeServices::claimAVault(std::uint32_t tip)
{
    const auto begin = m_state.bridge.begin();
    const auto end = m_state.bridge.end();
    const auto isPaid = [](const BridgeItem& item) {
        return item.kind == BridgeItem::Kind::Withdrawal && item.finished && !item.failed;
    };
    const auto isVault = [](const BridgeItem& item) {
        return item.kind == BridgeItem::Kind::Deposit && item.finished && !item.failed;
    };
    const auto isClaim = [](const BridgeItem& item) { return item.kind == BridgeItem::Kind::VaultClaim; };
    const auto vault = std::find_if(begin, end, isVault);
    if (vault == end || std::none_of(begin, end, isPaid) || std::any_of(begin, end, isClaim)) return;
    BridgeItem claim;
    claim.id = nextId();
    claim.kind = BridgeItem::Kind::VaultClaim;
    claim.depositId = vault->id;
    claim.amount = vault->amount;
    claim.created = std::time(nullptr);
    claim.nextAction = "wait";
    claim.steps = {step("claim.burned", "operator"),   step("claim.kickoff", "operator"),
                   step("claim.window", "committee"),  step("claim.taken", "operator"),
                   step("claim.settled", "sequencer"), step("claim.voided", "sequencer")};
    claim.steps.front().state = StepState::Done;
    claim.steps.front().txid = "l2:" + nextId();
    claim.steps[1].state = StepState::Done;
    claim.steps[1].txid = claim.id;
    claim.steps[1].height = tip;
    claim.steps[2].clock = BlockClock{tip, kTakeBlocks, 1};
    claim.steps.back().state = StepState::Skipped;
    settle(claim);
    m_state.bridge.insert(begin, std::move(claim));
}

void FakeServices::moveClaim(BridgeItem& item, std::uint32_t tip)
{
    TimelineStep& window = stepOf(item, "claim.window");
    TimelineStep& taken = stepOf(item, "claim.taken");
    window.clock->passedBlocks = passed(window.clock->startHeight, kTakeBlocks, tip);
    if (taken.state == StepState::Done) {
        stepOf(item, "claim.settled").state = StepState::Done;
        item.finished = true;
        item.nextAction.clear();
    } else if (window.state == StepState::Done) {
        taken.state = StepState::Done;
        taken.height = tip;
        taken.txid = nextId();
    } else if (window.clock->passedBlocks == kTakeBlocks) {
        window.state = StepState::Done;
    }
    settle(item);
    if (item.finished) item.state = "claim.settled";
}

Task FakeServices::refund(std::string bridgeId, std::int64_t feeSatPerKvb, Completion<std::string> done)
{
    m_refundRate = feeSatPerKvb;
    return answer<std::string>(std::move(done), [this, bridgeId]() -> base::Result<std::string> {
        for (BridgeItem& item : m_state.bridge) {
            if (item.id != bridgeId) continue;
            if (item.nextAction != "refund")
                return base::makeError(base::ErrorCode{"bridge.refund-too-early"});
            TimelineStep& refund = stepOf(item, "deposit.refund");
            refund.state = StepState::Done;
            refund.txid = nextId();
            refund.height = m_state.sync.tipHeight;
            stepOf(item, "deposit.signed").state = StepState::Failed;
            item.failed = item.finished = true;
            item.nextAction.clear();
            item.state = "deposit.refund";
            std::erase_if(m_state.needsYou,
                          [&](const NeedsYou& need) { return need.referenceId == bridgeId; });
            return refund.txid;
        }
        return base::makeError(base::ErrorCode{"services.unknown-bridge-id"}, bridgeId);
    });
}

Task FakeServices::reclaim(std::string bridgeId, Completion<std::string> done)
{
    return answer<std::string>(std::move(done), [this, bridgeId]() -> base::Result<std::string> {
        for (BridgeItem& item : m_state.bridge) {
            if (item.id != bridgeId) continue;
            TimelineStep& reclaim = stepOf(item, "withdrawal.reclaim");
            reclaim.state = StepState::Done;
            reclaim.txid = "l2:" + nextId();
            item.failed = item.finished = true;
            item.nextAction.clear();
            item.state = "withdrawal.reclaim";
            m_state.layerTwo.available += m_state.layerTwo.inEscrow;
            m_state.layerTwo.inEscrow = {};
            std::erase_if(m_state.needsYou,
                          [&](const NeedsYou& need) { return need.referenceId == bridgeId; });
            return reclaim.txid;
        }
        return base::makeError(base::ErrorCode{"services.unknown-bridge-id"}, bridgeId);
    });
}

Task FakeServices::list(Completion<std::vector<BridgeItem>> done)
{
    using List = std::vector<BridgeItem>;
    return answer<List>(std::move(done), [this]() -> base::Result<List> { return m_state.bridge; });
}

Task FakeServices::show(std::string bridgeId, Completion<BridgeItem> done)
{
    return answer<BridgeItem>(std::move(done), [this, bridgeId]() -> base::Result<BridgeItem> {
        for (const BridgeItem& item : m_state.bridge) {
            if (item.id == bridgeId) return item;
        }
        return base::makeError(base::ErrorCode{"services.unknown-bridge-id"}, bridgeId);
    });
}

// --- LayerTwoService

Task FakeServices::head(Completion<BatchView> done)
{
    return answer<BatchView>(std::move(done),
                             [this]() -> base::Result<BatchView> { return m_state.batches.front(); });
}

Task FakeServices::batch(std::uint64_t number, Completion<BatchView> done)
{
    return answer<BatchView>(std::move(done), [this, number]() -> base::Result<BatchView> {
        for (const BatchView& view : m_state.batches) {
            if (view.number == number) return view;
        }
        return base::makeError(base::ErrorCode{"node.not-here"});
    });
}

Task FakeServices::account(std::string keyOrAddress, Completion<ProvenValue> done)
{
    return answer<ProvenValue>(std::move(done), [this, keyOrAddress]() -> base::Result<ProvenValue> {
        if (keyOrAddress.size() < 60)
            return base::makeError(base::ErrorCode{"l2.bad-account-text"}, keyOrAddress);
        ProvenValue out;
        out.title = "account";
        out.fields = {{"key", "1b268cff12bf9fd1a4a1e7a13aa1e4f5c6d7e8f90112233445566778899aabbc"},
                      {"exists", "yes"},
                      {"balance", std::to_string(m_state.layerTwo.available.sat())},
                      {"staked", "0"},
                      {"nonce", "3"}};
        out.verdict = m_state.layerTwo.verdict;
        out.headerHex = nextId() + nextId() + nextId();
        out.signatureHex = nextId() + nextId();
        out.proofHex = nextId() + nextId() + nextId() + nextId();
        out.checks = {"chain-id", "sequencer-signature", "parent-links", "bitcoin-block-on-own-chain",
                      "state-path"};
        return out;
    });
}

Task FakeServices::history(std::string keyOrAddress, Completion<ProvenValue> done)
{
    return account(std::move(keyOrAddress), std::move(done));
}

} // namespace bowline::test
