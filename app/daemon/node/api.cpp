// SPDX-License-Identifier: MIT
#include "app/daemon/node/api.h"

#include "app/daemon/node/claim_paths.h"
#include "app/daemon/node/evidence.h"
#include "app/daemon/node/explorer_api.h"
#include "core/net/params.h"

namespace bowline::daemon {

namespace json = net::json;
using base::BatchNumber;
using base::Bytes;
using base::makeError;
using base::Result;
using base::toHex;

namespace {

constexpr std::size_t kMaxObjectId = 64;
constexpr std::size_t kMaxListed = 500;

/// The batch that a question is about: the named one, or the head.
Result<BatchNumber> batchOf(L2Node& node, const json::object& params)
{
    if (!net::hasField(params, "batch")) return node.head().header.height;
    BOWLINE_TRY(const std::uint64_t number, net::fieldU64(params, "batch"));
    return BatchNumber{number};
}

/// {batch, header, signature, value, proof}: one object as it was after a batch.
Result<json::object> stateAnswer(L2Node& node, BatchNumber batch, const l2::StateKey& key)
{
    BOWLINE_TRY(const l2::StateTree state, node.stateAt(batch));
    BOWLINE_TRY(const l2::SignedHeader head, node.store().header(batch));
    const Bytes* value = state.find(key);
    json::object out{{"batch", batch.value},
                     {"header", toHex(head.header.encode())},
                     {"signature", toHex(head.signature)},
                     {"proof", toHex(state.prove(key).encode())}};
    if (value != nullptr) {
        out["value"] = toHex(*value);
    } else {
        out["value"] = nullptr;
    }
    return out;
}

Result<json::value> chainHeader(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"n"}));
    BOWLINE_TRY(const std::uint64_t number, net::fieldU64(params, "n"));
    BOWLINE_TRY(const l2::SignedHeader head, node.store().header({number}));
    return json::value(headJson(head));
}

Result<json::value> chainHeaders(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"first", "count"}));
    BOWLINE_TRY(const std::uint64_t first, net::fieldU64(params, "first"));
    BOWLINE_TRY(const std::uint32_t count, net::fieldU32(params, "count"));
    BOWLINE_TRY(const auto headers,
                node.store().headers({first}, std::min<std::size_t>(count, kMaxHeadersListed)));
    return json::value(toHex(l2::encodeHeaders(headers)));
}

Result<json::value> chainBatch(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"n"}));
    BOWLINE_TRY(const std::uint64_t number, net::fieldU64(params, "n"));
    BOWLINE_TRY(const Bytes bytes, node.store().batchBytes({number}));
    return json::value(toHex(bytes));
}

Result<json::value> stateGet(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"kind", "id", "batch"}));
    BOWLINE_TRY(const std::uint32_t kind, net::fieldU32(params, "kind"));
    if (kind == 0 || kind > 255) return makeError(net::kInvalidParams, "kind: from 1 to 255");
    BOWLINE_TRY(Bytes id, net::fieldHex(params, "id", kMaxObjectId));
    BOWLINE_TRY(const BatchNumber batch, batchOf(node, params));
    const l2::ObjectId object{static_cast<l2::ObjectKind>(kind), std::move(id)};
    BOWLINE_TRY(json::object out, stateAnswer(node, batch, object.key()));
    return json::value(std::move(out));
}

Result<json::value> accountHistory(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"key", "batch"}));
    BOWLINE_TRY(const auto raw, net::fieldHex32(params, "key"));
    const base::XOnlyPublicKey key{raw};
    BOWLINE_TRY(const BatchNumber batch, batchOf(node, params));
    BOWLINE_TRY(json::object out, stateAnswer(node, batch, l2::accountId(key).key()));
    BOWLINE_TRY(const auto entries, node.store().history(key, batch, kMaxHistoryEntries + 1));
    if (entries.size() > kMaxHistoryEntries) return makeError(kTooMany);
    json::array list;
    list.reserve(entries.size());
    for (const l2::HistoryEntry& entry : entries) {
        list.push_back(
            {{"hash", entry.transaction.hex()}, {"batch", entry.batch.value}, {"index", entry.index}});
    }
    out["entries"] = std::move(list);
    return json::value(std::move(out));
}

/// The counters object with its proof, whose frontier the path leads to.
Result<json::value> claimsProof(L2Node& node, ClaimPaths& claims, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"index"}));
    BOWLINE_TRY(const std::uint64_t index, net::fieldU64(params, "index"));
    BOWLINE_TRY(const ClaimTree* tree, claims.tree());
    if (index >= tree->size()) return makeError(kNotHere, "no such claim");
    BOWLINE_TRY(json::object out, stateAnswer(node, node.head().header.height, l2::countersId().key()));
    out["claim"] = tree->leaf(index).hex();
    json::array path;
    for (const base::Digest& sibling : tree->path(index)) path.push_back(json::value(sibling.hex()));
    out["path"] = std::move(path);
    return json::value(std::move(out));
}

Result<json::value> txStatus(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"hash"}));
    BOWLINE_TRY(const auto raw, net::fieldHex32(params, "hash"));
    BOWLINE_TRY(auto included, includedJson(node, l2::TxHash{raw}));
    if (included) return json::value(std::move(*included));
    return json::value{{"status", "unknown"}};
}

json::object withdrawalJson(std::uint64_t id, const l2::Withdrawal& withdrawal)
{
    return {{"id", id},
            {"owner", withdrawal.owner.hex()},
            {"amount", withdrawal.amount.sat()},
            {"operator_fee", withdrawal.operatorFee.sat()},
            {"script", toHex(withdrawal.script)},
            {"status", static_cast<std::uint8_t>(withdrawal.status)},
            {"operator", withdrawal.operatorKey.hex()},
            {"acceptance", withdrawal.acceptance},
            {"pay_height", withdrawal.payHeight.value},
            {"bond", withdrawal.bond.sat()}};
}

/// How many entries a list may have; kMaxListed unless the question says less.
Result<std::size_t> limitOf(const json::object& params)
{
    if (!net::hasField(params, "limit")) return kMaxListed;
    BOWLINE_TRY(const std::uint32_t limit, net::fieldU32(params, "limit"));
    return std::min<std::size_t>(limit, kMaxListed);
}

Result<json::value> withdrawalsList(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"status", "owner", "after", "limit"}));
    std::optional<std::uint32_t> status;
    if (net::hasField(params, "status")) {
        BOWLINE_TRY(status, net::fieldU32(params, "status"));
    }
    Bytes after;
    if (net::hasField(params, "after")) {
        BOWLINE_TRY(const std::uint64_t id, net::fieldU64(params, "after"));
        after = l2::withdrawalId(id).id;
    }
    BOWLINE_TRY(const std::size_t limit, limitOf(params));
    json::array out;
    const auto take = [&](const l2::StateObject& object) -> Result<bool> {
        if (out.size() >= limit) return false;
        BOWLINE_TRY(const l2::Withdrawal withdrawal, l2::parseWithdrawal(object.value));
        if (status && static_cast<std::uint32_t>(withdrawal.status) != *status) return true;
        base::Reader id(object.id.id);
        out.push_back(withdrawalJson(id.u64le(), withdrawal));
        return true;
    };
    if (net::hasField(params, "owner")) {
        BOWLINE_TRY(const auto owner, net::fieldHex32(params, "owner"));
        BOWLINE_CHECK(node.store().visitWithdrawalsOf(base::XOnlyPublicKey{owner}, after, take));
    } else {
        BOWLINE_CHECK(node.store().visitKind(l2::ObjectKind::Withdrawal, after, take));
    }
    return json::value(std::move(out));
}

Result<json::value> vaultsList(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"after", "limit"}));
    Bytes after;
    if (net::hasField(params, "after")) {
        BOWLINE_TRY(after, net::fieldHex(params, "after", kMaxObjectId));
    }
    BOWLINE_TRY(const std::size_t limit, limitOf(params));
    json::array out;
    BOWLINE_CHECK(node.store().visitKind(
        l2::ObjectKind::Vault, after, [&](const l2::StateObject& object) -> Result<bool> {
            if (out.size() >= limit) return false;
            BOWLINE_TRY(const l2::Vault vault, l2::parseVault(object.value));
            out.push_back({{"outpoint", toHex(object.id.id)},
                           {"value", vault.value.sat()},
                           {"recipient", vault.recipient.hex()},
                           {"graph_root", vault.graphRoot.hex()},
                           {"status", static_cast<std::uint8_t>(vault.status)},
                           {"claim_index", vault.claimIndex}});
            return true;
        }));
    return json::value(std::move(out));
}

/// What this node can prove against the sequencer: anybody may ask for it and check it.
Result<json::value> chainEvidence(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {}));
    BOWLINE_TRY(const std::vector<EquivocationRow> rows, equivocationsIn(node.store()));
    json::array out;
    for (const EquivocationRow& row : rows)
        out.push_back({{"first", headJson(row.first)}, {"second", headJson(row.second)}});
    BOWLINE_TRY(const std::vector<SealedOtherwiseRow> sealed, sealedOtherwiseIn(node.store()));
    json::array otherwise;
    for (const SealedOtherwiseRow& row : sealed)
        otherwise.push_back({{"signed", headJson(row.header)},
                             {"commitment", toHex(row.anchor.commitment.encode())},
                             {"anchor", row.anchor.txid.displayHex()},
                             {"block", row.anchor.block.displayHex()},
                             {"height", row.anchor.height.value}});
    return json::value{{"equivocations", std::move(out)}, {"sealed_otherwise", std::move(otherwise)}};
}

Result<json::value> notHere(const json::object&) { return makeError(kNotSequencer, "ask the sequencer"); }

} // namespace

json::object headJson(const l2::SignedHeader& head)
{
    return {{"number", head.header.height.value},
            {"hash", head.header.hash().hex()},
            {"header", toHex(head.header.encode())},
            {"signature", toHex(head.signature)}};
}

Result<std::optional<json::object>> includedJson(L2Node& node, const l2::TxHash& hash)
{
    BOWLINE_TRY(const auto place, node.store().find(hash));
    if (!place) return std::optional<json::object>{};
    return std::optional<json::object>{json::object{{"status", "included"},
                                                    {"batch", place->batch.value},
                                                    {"index", place->index},
                                                    {"kind", static_cast<std::uint8_t>(place->kind)},
                                                    {"fee", place->fee.sat()},
                                                    {"reference", place->reference}}};
}

void addNodeMethods(net::Dispatcher& dispatcher, const asio::any_io_executor& executor, L2Node& node)
{
    using Method = Result<json::value> (*)(L2Node&, const json::object&);
    struct Named {
        const char* name;
        Method method;
        std::uint32_t cost; // in cheap reads (net::MethodRules)
    };
    // A batch may be megabytes; a state of the past is found by replaying to it; lists read up to 500 rows.
    const std::initializer_list<Named> methods = {
        {"chain_header", &chainHeader, 1},        {"chain_headers", &chainHeaders, 10},
        {"chain_batch", &chainBatch, 4},          {"state_get", &stateGet, 2},
        {"account_history", &accountHistory, 10}, {"tx_status", &txStatus, 1},
        {"vaults_list", &vaultsList, 5},          {"withdrawals_list", &withdrawalsList, 5},
        {"chain_evidence", &chainEvidence, 5}};
    for (const auto& [name, method, cost] : methods) {
        dispatcher.add(name, executor,
                       [&node, run = method](const json::object& params) { return run(node, params); },
                       {.cost = cost});
    }
    addExplorerMethods(dispatcher, executor, node);
    const auto claims = std::make_shared<ClaimPaths>(node);
    node.onHead([claims](const HeadChange& change) { claims->headChanged(change); });
    constexpr std::uint32_t kClaimsProofCost = 5; // 32 siblings, and a proof of the counters
    dispatcher.add("claims_proof", executor,
                   [&node, claims](const json::object& params) { return claimsProof(node, *claims, params); },
                   {.cost = kClaimsProofCost});
    dispatcher.add("chain_head", executor, [&node](const json::object& params) -> Result<json::value> {
        BOWLINE_CHECK(net::onlyFields(params, {}));
        return json::value(headJson(node.head()));
    });
    for (const char* name : {"tx_submit", "relay_post", "relay_list"})
        dispatcher.add(name, executor, &notHere);
}

} // namespace bowline::daemon
