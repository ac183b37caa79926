// SPDX-License-Identifier: MIT
// What a sequencer can sign although no honest one would, and how followers are shown it.
#pragma once

#include "core/l2/batch.h"
#include "core/l2/light_client.h"
#include "tests/integration/bridge/world.h"

namespace bowline::test {

[[nodiscard]] inline crypto::PrivateKey sequencerKey(const World& world)
{
    return world.network.keys("sequencer", daemon::NodeRole::Sequencer).key("sequencer").clone();
}

[[nodiscard]] inline l2::SignedHeader signedHeaderOf(const boost::json::value& answer)
{
    const auto bytes = [&](const char* name) {
        return take(base::fromHex(boost::json::value_to<std::string>(answer.at(name))));
    };
    return {take(l2::parseBatchHeader(bytes("header"))), take(base::toArray<64>(bytes("signature")))};
}

[[nodiscard]] inline boost::json::object jsonOf(const l2::SignedHeader& head)
{
    return {{"number", head.header.height.value},
            {"hash", head.header.hash().hex()},
            {"header", base::toHex(head.header.encode())},
            {"signature", base::toHex(head.signature)}};
}

/// A batch on the sequencer's head with these transactions and this state root, signed by the sequencer's own key,
/// whatever the rules make of it. Everything that can be checked without executing it is right.
[[nodiscard]] inline l2::SignedBatch forgedBatch(const World& world,
                                                 const std::vector<l2::Transaction>& transactions,
                                                 std::optional<l2::StateRoot> root = {})
{
    const l2::SignedHeader parent = signedHeaderOf(world.sequencer->must("chain_head"));
    const l2::L1View view = take(l2::parseL1View(*world.object(l2::l1ViewId())));
    l2::SignedBatch out;
    out.body.l1.keep = view.tipHeight;
    l2::BatchHeader& header = out.head.header;
    header = parent.header;
    header.height.value += 1;
    header.parent = parent.header.hash();
    header.time += 1;
    header.gasUsed = 0;
    std::vector<l2::Receipt> receipts;
    for (const l2::Transaction& transaction : transactions) {
        out.body.transactions.push_back(transaction.encode());
        header.gasUsed += out.body.transactions.back().size();
        receipts.push_back({transaction.hash(), transaction.type(), transaction.fee, 0});
    }
    header.txsRoot = l2::txsRootOf(out.body);
    header.receiptsRoot = l2::receiptsRootOf(receipts);
    header.daHash = l2::daHashOf(out.body.encode());
    if (root) header.stateRoot = *root;
    out.head = take(l2::signHeader(header, sequencerKey(world)));
    return out;
}

/// Answers as a sequencer whose head is this batch; of all else the truth.
[[nodiscard]] inline NodeProxy::Lie showing(const l2::SignedBatch& batch)
{
    return [batch](const std::string& method, const boost::json::object& params,
                   const NodeProxy::Ask& ask) -> NodeProxy::Answer {
        const auto isIt = [&] {
            return params.contains("n") &&
                   params.at("n").to_number<std::uint64_t>() == batch.head.header.height.value;
        };
        if (method == "chain_head" || (method == "chain_header" && isIt()))
            return boost::json::value(jsonOf(batch.head));
        if (method == "chain_batch" && isIt()) return boost::json::value(base::toHex(batch.encode()));
        return ask(method, params);
    };
}

/// Every signer and operator is shown the batch, refuses it for `reason` and stays where it was; then it goes on with
/// the true chain. Empty, or what was otherwise. The world has fronts.
[[nodiscard]] inline std::string notRefusedByFollowers(const World& world, const l2::SignedBatch& batch,
                                                       const std::string& reason)
{
    const auto head = world.sequencer->must("chain_head").at("hash");
    if (!world.allAgree()) return "the nodes did not agree before";
    for (const auto& [name, front] : world.fronts) front->lie(showing(batch));
    for (const auto& [name, front] : world.fronts) front->announceHead(jsonOf(batch.head));
    std::string wrong;
    const auto look = [&](const std::unique_ptr<Bowlined>& node) {
        std::string error;
        const bool named = within(60, [&] {
            const auto info = node->must("node_info");
            error = boost::json::value_to<std::string>(info.at("upstream").at(0).at("error"));
            return error.find(reason) != std::string::npos;
        });
        if (!named) wrong = "a follower says: " + error;
        if (node->must("chain_head").at("hash") != head) wrong = "a follower took the batch";
    };
    for (const auto& node : world.signers) look(node);
    for (const auto& node : world.operators) look(node);
    for (const auto& [name, front] : world.fronts) front->tellTheTruth();
    for (const auto& [name, front] : world.fronts)
        front->announceHead(world.sequencer->must("chain_head").as_object());
    return wrong;
}

} // namespace bowline::test
