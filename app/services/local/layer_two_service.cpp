// SPDX-License-Identifier: MIT
#include "app/services/local/layer_two_service.h"

#include "app/services/local/batch_view.h"
#include "core/l2/address.h"

namespace bowline::services {

namespace {
/// The checks behind a Verified, in the order in which they are made; a client that repeats them needs no more
/// than what ProvenValue carries and the pinned network parameters.
std::vector<std::string> checksBehind(const Verdict& verdict, bool history)
{
    if (verdict.kind != Verdict::Kind::Verified) return {};
    std::vector<std::string> out{"chain-id", "sequencer-signature", "parent-links",
                                 "bitcoin-block-on-own-chain", "state-path"};
    if (history) out.emplace_back("history-complete");
    return out;
}

ProvenValue provenFrom(const StateValue& value, const std::string& provider)
{
    ProvenValue out;
    out.verdict = verdictView(value.verdict, provider);
    out.headerHex = base::toHex(value.answer.batch.header.encode());
    out.signatureHex = base::toHex(value.answer.batch.signature);
    out.proofHex = base::toHex(value.answer.proof.encode());
    return out;
}

void fillAccount(ProvenValue& out, const base::XOnlyPublicKey& key, const StateValue& value)
{
    out.title = "account";
    out.fields.emplace_back("key", key.hex());
    if (!value.answer.value) {
        out.fields.emplace_back("exists", "no");
        return;
    }
    const auto account = l2::parseAccount(*value.answer.value);
    if (!account.ok()) return;
    out.fields.emplace_back("exists", "yes");
    out.fields.emplace_back("balance", std::to_string(account->btc.sat()));
    out.fields.emplace_back("staked", std::to_string(account->staked.sat()));
    out.fields.emplace_back("nonce", std::to_string(account->nonce));
    out.fields.emplace_back("value", base::toHex(*value.answer.value));
}
} // namespace

base::Result<base::XOnlyPublicKey> LocalLayerTwoService::accountKey(const std::string& text) const
{
    // Account texts have 64 characters too, but are no hexadecimal.
    if (const auto key = base::XOnlyPublicKey::fromHex(text); key.ok()) return key;
    return l2::accountFromText(text, m_hub.context()->params().bitcoinNetwork);
}

void LocalLayerTwoService::askBatch(base::BatchNumber number, const Reply<BatchView>& reply)
{
    using Answer = std::pair<l2::SignedBatch, l2::Verdict>;
    m_hub.node().batch(number, [this, reply](base::Result<Answer> answer) {
        if (!answer.ok()) return reply(answer.error());
        BatchView out = batchViewOf(answer->first.head, answer->second, m_hub.node().provider());
        out.transactions = static_cast<std::uint32_t>(answer->first.body.transactions.size());
        if (!out.checks.empty()) out.checks.emplace_back("body-hash");
        const base::BatchNumber asked = answer->first.head.header.height;
        m_hub.node().sealOf(asked, [this, reply, out](const base::Result<seal::SealVerdict>& seal) mutable {
            if (seal.ok()) out.seal = m_hub.sealView(*seal);
            setFinality(out, m_hub.context()->params().depth);
            reply(std::move(out));
        });
    });
}

Task LocalLayerTwoService::head(Completion<BatchView> done)
{
    return m_hub.request<BatchView>(std::move(done), [this](const Reply<BatchView>& reply) {
        askBatch(m_hub.nodeView()->head.header.height, reply);
    });
}

Task LocalLayerTwoService::batch(std::uint64_t number, Completion<BatchView> done)
{
    return m_hub.request<BatchView>(
        std::move(done), [this, number](const Reply<BatchView>& reply) { askBatch({number}, reply); });
}

Task LocalLayerTwoService::account(std::string keyOrAddress, Completion<ProvenValue> done)
{
    return m_hub.request<ProvenValue>(std::move(done), [this, keyOrAddress](const Reply<ProvenValue>& reply) {
        const auto key = accountKey(keyOrAddress);
        if (!key.ok()) return reply(key.error());
        m_hub.node().state(l2::accountId(*key), [this, reply, key = *key](base::Result<StateValue> value) {
            if (!value.ok()) return reply(value.error());
            ProvenValue out = provenFrom(*value, m_hub.node().provider());
            out.checks = checksBehind(out.verdict, false);
            fillAccount(out, key, *value);
            reply(std::move(out));
        });
    });
}

Task LocalLayerTwoService::history(std::string keyOrAddress, Completion<ProvenValue> done)
{
    return m_hub.request<ProvenValue>(std::move(done), [this, keyOrAddress](const Reply<ProvenValue>& reply) {
        const auto key = accountKey(keyOrAddress);
        if (!key.ok()) return reply(key.error());
        using Answer = std::pair<StateValue, std::vector<l2::HistoryEntry>>;
        m_hub.node().history(*key, [this, reply, key = *key](base::Result<Answer> answer) {
            if (!answer.ok()) return reply(answer.error());
            ProvenValue out = provenFrom(answer->first, m_hub.node().provider());
            out.checks = checksBehind(out.verdict, true);
            fillAccount(out, key, answer->first);
            out.title = "history";
            for (const l2::HistoryEntry& entry : answer->second) {
                out.fields.emplace_back("entry", std::to_string(entry.batch.value) + ':' +
                                                     std::to_string(entry.index) + ' ' +
                                                     entry.transaction.hex());
            }
            reply(std::move(out));
        });
    });
}

} // namespace bowline::services
