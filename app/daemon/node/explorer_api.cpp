// SPDX-License-Identifier: MIT
#include "app/daemon/node/explorer_api.h"

#include "core/l2/list_path.h"
#include "core/net/params.h"

namespace bowline::daemon {

namespace json = net::json;
using base::Bytes;
using base::Digest;
using base::makeError;
using base::Result;
using base::toHex;

namespace {
constexpr std::size_t kMaxObjectId = 64;

json::array hexList(std::span<const Digest> digests)
{
    json::array out;
    for (const Digest& digest : digests) out.emplace_back(digest.hex());
    return out;
}

json::object headed(const l2::SignedHeader& head)
{
    return {{"batch", head.header.height.value},
            {"header", toHex(head.header.encode())},
            {"signature", toHex(head.signature)}};
}

Result<json::value> txProof(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"hash"}));
    BOWLINE_TRY(const auto raw, net::fieldHex32(params, "hash"));
    BOWLINE_TRY(const auto place, node.store().find(l2::TxHash{raw}));
    if (!place) return makeError(kNotHere, "no such transaction");
    BOWLINE_TRY(const l2::SignedBatch batch, node.store().batch(place->batch));
    BOWLINE_TRY(const std::vector<l2::Receipt> receipts, receiptsOf(node, batch.body));
    std::vector<Digest> hashes;
    std::vector<Digest> receiptHashes;
    for (const l2::Receipt& receipt : receipts) {
        hashes.push_back(Digest{receipt.transaction.bytes});
        receiptHashes.push_back(receipt.hash());
    }
    json::object out = headed(batch.head);
    out["index"] = place->index;
    out["count"] = receipts.size();
    out["transaction"] = toHex(batch.body.transactions.at(place->index));
    out["path"] = hexList(l2::listPath(hashes, place->index).siblings);
    out["receipt"] = toHex(receipts.at(place->index).encode());
    out["receipt_path"] = hexList(l2::listPath(receiptHashes, place->index).siblings);
    return json::value(std::move(out));
}

Result<json::value> chainReceipts(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"n"}));
    BOWLINE_TRY(const std::uint64_t number, net::fieldU64(params, "n"));
    BOWLINE_TRY(const l2::SignedBatch batch, node.store().batch({number}));
    BOWLINE_TRY(const std::vector<l2::Receipt> receipts, receiptsOf(node, batch.body));
    Bytes out;
    for (const l2::Receipt& receipt : receipts) base::append(out, receipt.encode());
    return json::value(toHex(out));
}

/// How many transactions each batch has: with `top` the number makes the header's txs_root.
Result<json::value> batchCounts(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"first", "count"}));
    BOWLINE_TRY(const std::uint64_t first, net::fieldU64(params, "first"));
    BOWLINE_TRY(const std::uint32_t count, net::fieldU32(params, "count"));
    json::array out;
    for (std::uint64_t i = 0; i < std::min<std::uint64_t>(count, kMaxBatchesCounted); ++i) {
        if (first > node.head().header.height.value || i > node.head().header.height.value - first) break;
        BOWLINE_TRY(const l2::SignedBatch batch, node.store().batch({first + i}));
        std::vector<Digest> hashes;
        for (const Bytes& transaction : batch.body.transactions)
            hashes.push_back(Digest{l2::hashOfEncoded(transaction).bytes});
        out.push_back(
            {{"batch", first + i}, {"transactions", hashes.size()}, {"top", l2::listTop(hashes).hex()}});
    }
    return json::value(std::move(out));
}

Result<json::value> objectsList(L2Node& node, const json::object& params)
{
    BOWLINE_CHECK(net::onlyFields(params, {"kind", "after", "limit"}));
    BOWLINE_TRY(const std::uint32_t kind, net::fieldU32(params, "kind"));
    if (kind == 0 || kind > 255) return makeError(net::kInvalidParams, "kind: from 1 to 255");
    std::size_t limit = kMaxProvenListed;
    if (net::hasField(params, "limit")) {
        BOWLINE_TRY(const std::uint32_t asked, net::fieldU32(params, "limit"));
        limit = std::min<std::size_t>(asked, limit);
    }
    Bytes after;
    if (net::hasField(params, "after")) {
        BOWLINE_TRY(after, net::fieldHex(params, "after", kMaxObjectId));
    }
    json::object out = headed(node.head());
    json::array& entries = out["entries"].emplace_array();
    const l2::StateTree& state = node.state();
    BOWLINE_CHECK(node.store().visitKind(
        static_cast<l2::ObjectKind>(kind), after, [&](const l2::StateObject& object) -> Result<bool> {
            if (entries.size() >= limit) return false;
            const Bytes proof = state.prove(object.id.key()).encode();
            entries.push_back(
                {{"id", toHex(object.id.id)}, {"value", toHex(object.value)}, {"proof", toHex(proof)}});
            return true;
        }));
    return json::value(std::move(out));
}
} // namespace

Result<std::vector<l2::Receipt>> receiptsOf(L2Node& node, const l2::BatchBody& body)
{
    std::vector<l2::Receipt> out;
    out.reserve(body.transactions.size());
    for (const Bytes& transaction : body.transactions) {
        const l2::TxHash hash = l2::hashOfEncoded(transaction);
        BOWLINE_TRY(const auto place, node.store().find(hash));
        if (!place) return makeError(kStoreDamaged, "a transaction of a batch has no place");
        out.push_back({hash, place->kind, place->fee, place->reference});
    }
    return out;
}

void addExplorerMethods(net::Dispatcher& dispatcher, const net::asio::any_io_executor& executor, L2Node& node)
{
    // A batch is read as a whole for each.
    constexpr std::uint32_t kBatchCost = 10;
    dispatcher.add("tx_proof", executor,
                   [&node](const json::object& params) { return txProof(node, params); },
                   {.cost = kBatchCost});
    dispatcher.add("chain_receipts", executor,
                   [&node](const json::object& params) { return chainReceipts(node, params); },
                   {.cost = kBatchCost});
    constexpr std::uint32_t kListCost = 20; // fifty proofs, or twenty batches
    dispatcher.add("batch_counts", executor,
                   [&node](const json::object& params) { return batchCounts(node, params); },
                   {.cost = kListCost});
    dispatcher.add("objects_list", executor,
                   [&node](const json::object& params) { return objectsList(node, params); },
                   {.cost = kListCost});
}

} // namespace bowline::daemon
