// SPDX-License-Identifier: MIT
#include "core/verify/facts.h"

#include "core/bitcoin/address.h"

namespace bowline::verify {

using l2::ObjectKind;

namespace {
template <typename Enum, std::size_t N>
std::string_view wordOf(Enum value, const std::string_view (&words)[N])
{
    const auto at = static_cast<std::size_t>(value);
    return at < N && !words[at].empty() ? words[at] : "unknown";
}

constexpr std::string_view kKinds[] = {"",         "account",    "l1-view",  "l1-block",
                                       "vault",    "withdrawal", "operator", "payment",
                                       "counters", "claim",      "seals",    "earlier-batch"};
constexpr std::string_view kTypes[] = {"",
                                       "transfer",
                                       "mint",
                                       "withdraw-request",
                                       "withdraw-accept",
                                       "withdraw-prove",
                                       "withdraw-reclaim",
                                       "operator-register",
                                       "operator-leave",
                                       "claim-vault",
                                       "claim-void",
                                       "claim-settle",
                                       "seal-proof",
                                       "program-change"};
constexpr std::string_view kVaultWords[] = {"", "live", "claimed", "taken"};
constexpr std::string_view kWithdrawalWords[] = {"", "requested", "accepted", "paid", "cancelled"};
constexpr std::string_view kOperatorWords[] = {"", "active", "left"};
constexpr std::string_view kClaimWords[] = {"", "live", "void", "taken"};

Fact outPointFact(std::string name, const l2::OutPoint& outpoint)
{
    return {std::move(name), outpoint.txid.displayHex() + ':' + std::to_string(outpoint.index),
            Fact::Kind::Hash};
}

Fact scriptFact(std::string name, const l2::Script& script, bitcoin::Network network)
{
    const auto address = bitcoin::addressFromScript(script, network);
    if (address.ok()) return {std::move(name), *address, Fact::Kind::Text};
    return hashFact(std::move(name), base::toHex(script));
}

/// What the id says, for ids that are not a hash already.
Facts idFacts(const l2::ObjectId& object)
{
    base::Reader id(object.id);
    switch (object.kind) {
    case ObjectKind::Account:
    case ObjectKind::Operator: return {hashFact("key", base::toHex(object.id))};
    case ObjectKind::L1Block: return {numberFact("block-height", id.u32le())};
    case ObjectKind::Vault: return {outPointFact("outpoint", bitcoin::readOutPoint(id))};
    case ObjectKind::Withdrawal: return {numberFact("withdrawal-id", id.u64le())};
    case ObjectKind::Payment: return {hashFact("payment-txid", id.hash<base::Txid>().displayHex())};
    case ObjectKind::Claim: return {numberFact("claim-index", id.u64le())};
    default: return {};
    }
}

Facts fieldsOf(const l2::Account& account, bitcoin::Network)
{
    return {amountFact("balance", account.btc), amountFact("staked", account.staked),
            numberFact("nonce", account.nonce), hashFact("history-accumulator", account.history)};
}

Facts fieldsOf(const l2::L1View& view, bitcoin::Network)
{
    return {numberFact("tip-height", view.tipHeight.value), hashFact("tip-hash", view.tipHash.displayHex()),
            numberFact("confirmed-height", view.confirmedHeight.value),
            hashFact("confirmed-hash", view.confirmedHash.displayHex())};
}

Facts fieldsOf(const base::BlockHash& hash, bitcoin::Network)
{
    return {hashFact("block-hash", hash.displayHex())};
}

Facts fieldsOf(const l2::Vault& vault, bitcoin::Network)
{
    Facts out{codeFact("status", wordOf(vault.status, kVaultWords)), amountFact("amount", vault.value),
              hashFact("recipient", vault.recipient), hashFact("graph-root", vault.graphRoot)};
    if (vault.status != l2::VaultStatus::Live) out.push_back(numberFact("claim-index", vault.claimIndex));
    return out;
}

Facts fieldsOf(const l2::Withdrawal& withdrawal, bitcoin::Network network)
{
    Facts out{codeFact("status", wordOf(withdrawal.status, kWithdrawalWords)),
              amountFact("amount", withdrawal.amount), amountFact("operator-fee", withdrawal.operatorFee),
              hashFact("owner", withdrawal.owner), scriptFact("pays-to", withdrawal.script, network)};
    if (withdrawal.acceptance == 0) return out;
    out.push_back(hashFact("operator", withdrawal.operatorKey));
    out.push_back(numberFact("acceptance", withdrawal.acceptance));
    out.push_back(numberFact("pay-height", withdrawal.payHeight.value));
    out.push_back(amountFact("bond", withdrawal.bond));
    return out;
}

Facts fieldsOf(const l2::Operator& object, bitcoin::Network)
{
    return {codeFact("status", wordOf(object.status, kOperatorWords)), amountFact("stake", object.stake),
            numberFact("open-acceptances", object.openAcceptances)};
}

Facts fieldsOf(const std::uint64_t& withdrawal, bitcoin::Network)
{
    return {numberFact("withdrawal-id", withdrawal)};
}

Facts fieldsOf(const l2::Counters& counters, bitcoin::Network)
{
    const auto sum = [](std::string name, std::uint64_t satoshi) {
        return Fact{std::move(name), std::to_string(satoshi), Fact::Kind::Amount};
    };
    return {sum("minted", counters.minted), sum("burned", counters.burned), sum("fees", counters.fees),
            numberFact("mints", counters.inboxCount), numberFact("claims", counters.claims.count)};
}

Facts fieldsOf(const l2::Claim& claim, bitcoin::Network)
{
    return {codeFact("status", wordOf(claim.status, kClaimWords)),
            hashFact("operator", claim.operatorKey),
            outPointFact("outpoint", claim.vault),
            outPointFact("funding", claim.funding),
            hashFact("kickoff", claim.kickoff.displayHex()),
            hashFact("take", claim.take.displayHex()),
            hashFact("burn", claim.burn)};
}

Facts fieldsOf(const l2::ChainObject& chain, bitcoin::Network)
{
    Facts out{outPointFact("outpoint", chain.seal), numberFact("sealed-batch", chain.sealedBatch.value),
              numberFact("block-height", chain.sealHeight.value)};
    if (chain.announced.isZero()) return out;
    out.push_back(hashFact("announced-program", chain.announced));
    out.push_back(numberFact("delay", chain.delay));
    return out;
}

Facts fieldsOf(const l2::BatchObject& batch, bitcoin::Network)
{
    return {hashFact("batch-hash", batch.hash), numberFact("confirmed-height", batch.l1Height.value),
            hashFact("confirmed-hash", batch.l1Hash.displayHex())};
}

template <typename T>
void addFields(Facts& out, base::Result<T> parsed, bitcoin::Network network)
{
    if (!parsed.ok()) return;
    for (Fact& fact : fieldsOf(*parsed, network)) out.push_back(std::move(fact));
}

void addFields(Facts& out, ObjectKind kind, base::ByteView value, bitcoin::Network network)
{
    switch (kind) {
    case ObjectKind::Account: return addFields(out, l2::parseAccount(value), network);
    case ObjectKind::L1View: return addFields(out, l2::parseL1View(value), network);
    case ObjectKind::L1Block: return addFields(out, l2::parseL1Block(value), network);
    case ObjectKind::Vault: return addFields(out, l2::parseVault(value), network);
    case ObjectKind::Withdrawal: return addFields(out, l2::parseWithdrawal(value), network);
    case ObjectKind::Operator: return addFields(out, l2::parseOperator(value), network);
    case ObjectKind::Payment: return addFields(out, l2::parsePayment(value), network);
    case ObjectKind::Counters: return addFields(out, l2::parseCounters(value), network);
    case ObjectKind::Claim: return addFields(out, l2::parseClaim(value), network);
    case ObjectKind::Chain: return addFields(out, l2::parseChainObject(value), network);
    case ObjectKind::Batch: return addFields(out, l2::parseBatchObject(value), network);
    }
}

// What a payload says beside who sent it.
struct PayloadFacts {
    bitcoin::Network network;
    Facts operator()(const l2::Transfer& p) const
    {
        return {hashFact("recipient", p.to), amountFact("amount", p.amount)};
    }
    Facts operator()(const l2::Mint& p) const
    {
        Facts out{hashFact("recipient", p.recipient), hashFact("deposit-id", p.depositId),
                  numberFact("block-height", p.deposit.height.value)};
        const auto deposit = bitcoin::parseTransactionWithoutWitness(p.deposit.transaction);
        if (!deposit.ok() || deposit->outputs.empty()) return out;
        out.push_back(outPointFact("outpoint", {deposit->txid(), 0}));
        out.push_back(amountFact("amount", deposit->outputs[0].value));
        return out;
    }
    Facts operator()(const l2::WithdrawRequest& p) const
    {
        return {amountFact("amount", p.amount), amountFact("operator-fee", p.operatorFee),
                scriptFact("pays-to", p.script, network)};
    }
    Facts operator()(const l2::WithdrawAccept& p) const { return {numberFact("withdrawal-id", p.id)}; }
    Facts operator()(const l2::WithdrawProve& p) const
    {
        Facts out{numberFact("withdrawal-id", p.id), numberFact("block-height", p.payment.height.value)};
        const auto payment = bitcoin::parseTransactionWithoutWitness(p.payment.transaction);
        if (payment.ok()) out.push_back(hashFact("payment-txid", payment->txid().displayHex()));
        return out;
    }
    Facts operator()(const l2::WithdrawReclaim& p) const { return {numberFact("withdrawal-id", p.id)}; }
    Facts operator()(const l2::OperatorRegister& p) const { return {amountFact("stake", p.stake)}; }
    Facts operator()(const l2::OperatorLeave&) const { return {}; }
    Facts operator()(const l2::ClaimVault& p) const
    {
        return {outPointFact("outpoint", p.vault), hashFact("kickoff", p.kickoff.displayHex())};
    }
    Facts operator()(const l2::ClaimVoid& p) const { return {numberFact("claim-index", p.claim)}; }
    Facts operator()(const l2::ClaimSettle& p) const { return {numberFact("claim-index", p.claim)}; }
    Facts operator()(const l2::SealProof& p) const
    {
        Facts out{numberFact("block-height", p.anchor.height.value)};
        const auto anchor = bitcoin::parseTransactionWithoutWitness(p.anchor.transaction);
        if (anchor.ok()) out.push_back(hashFact("anchor", anchor->txid().displayHex()));
        return out;
    }
    Facts operator()(const l2::ProgramChange& p) const
    {
        return {hashFact("announced-program", p.program), numberFact("delay", p.delay)};
    }
};
} // namespace

Fact numberFact(std::string name, std::uint64_t value)
{
    return {std::move(name), std::to_string(value), Fact::Kind::Number};
}

Fact amountFact(std::string name, base::Amount value)
{
    return {std::move(name), std::to_string(value.sat()), Fact::Kind::Amount};
}

Fact codeFact(std::string name, std::string_view code)
{
    return {std::move(name), std::string(code), Fact::Kind::Code};
}

Fact hashFact(std::string name, std::string hex)
{
    return {std::move(name), std::move(hex), Fact::Kind::Hash};
}

std::string_view nameOf(ObjectKind kind)
{
    const std::string_view word = wordOf(kind, kKinds);
    return word == "unknown" ? "object" : word;
}

std::string_view nameOf(l2::TxType type) { return wordOf(type, kTypes); }

Facts factsOf(const l2::ObjectId& object, const std::optional<base::Bytes>& value, bitcoin::Network network)
{
    Facts out = idFacts(object);
    out.push_back(codeFact("exists", value ? "yes" : "no"));
    if (!value) return out;
    const std::size_t before = out.size();
    addFields(out, object.kind, *value, network);
    if (out.size() == before) out.push_back(hashFact("value", base::toHex(*value)));
    return out;
}

base::Result<Facts> factsOf(base::ByteView transaction, bitcoin::Network network)
{
    BOWLINE_TRY(const l2::Transaction parsed, l2::parseTransaction(transaction));
    Facts out{codeFact("type", nameOf(parsed.type())), hashFact("transaction", parsed.hash())};
    if (parsed.type() != l2::TxType::Mint) {
        out.push_back(hashFact("sender", parsed.sender));
        out.push_back(numberFact("nonce", parsed.nonce));
        out.push_back(amountFact("fee", parsed.fee));
    }
    for (Fact& fact : std::visit(PayloadFacts{network}, parsed.payload)) out.push_back(std::move(fact));
    return out;
}

Facts factsOf(const l2::Receipt& receipt)
{
    Facts out{codeFact("type", nameOf(receipt.kind)), amountFact("fee", receipt.fee)};
    if (receipt.reference != 0) out.push_back(numberFact("reference", receipt.reference));
    return out;
}

} // namespace bowline::verify
