// SPDX-License-Identifier: MIT
#include "app/daemon/bridge/bridge_state.h"

namespace bowline::daemon {

using base::Result;

namespace {

template <typename Object>
std::optional<Object> read(const L2Node& node, const l2::ObjectId& id,
                           Result<Object> (*parse)(base::ByteView))
{
    const base::Bytes* value = node.state().find(id.key());
    if (value == nullptr) return std::nullopt;
    Result<Object> object = parse(*value);
    return object.ok() ? std::optional(std::move(*object)) : std::nullopt;
}

} // namespace

std::uint32_t replayHold(const l2::NetworkParams& params)
{
    const std::uint32_t margin = params.reclaimMargin == 0 ? 0 : params.reclaimMargin - 1;
    return std::min(2 * params.depth + 6, margin);
}

Result<std::vector<net::Endpoint>> followedNodes(const Options& options, const l2::Network& network)
{
    if (options.role == NodeRole::Sequencer || !options.upstream.empty()) return options.upstream;
    std::vector<net::Endpoint> out;
    for (const std::string& url : network.sequencerUrls) {
        BOWLINE_TRY(net::Endpoint endpoint, net::parseEndpoint(url));
        out.push_back(std::move(endpoint));
    }
    return out;
}

Result<net::Endpoint> sequencerOf(const Options& options, const l2::Network& network)
{
    if (!network.sequencerUrls.empty()) return net::parseEndpoint(network.sequencerUrls.front());
    if (options.upstream.empty()) return base::makeError(kBadUsage, "no node to follow");
    return options.upstream.front();
}

std::optional<l2::Vault> vaultOf(const L2Node& node, const bitcoin::OutPoint& vault)
{
    return read(node, l2::vaultId(vault), l2::parseVault);
}

std::optional<l2::Claim> claimAt(const L2Node& node, std::uint64_t index)
{
    return read(node, l2::claimObjectId(index), l2::parseClaim);
}

std::optional<std::pair<std::uint64_t, l2::Claim>> claimOf(const L2Node& node, const bitcoin::OutPoint& vault)
{
    const auto object = vaultOf(node, vault);
    if (!object || object->status == l2::VaultStatus::Live) return std::nullopt;
    auto claim = claimAt(node, object->claimIndex);
    if (!claim || claim->vault != vault) return std::nullopt;
    return std::pair{object->claimIndex, std::move(*claim)};
}

std::optional<l2::Operator> operatorOf(const L2Node& node, const base::XOnlyPublicKey& key)
{
    return read(node, l2::operatorId(key), l2::parseOperator);
}

namespace {

/// The claim that the vault stands under, when it is the one of this graph.
std::optional<l2::Claim> claimOfGraph(const L2Node& node, const bridge::OperatorGraph& graph,
                                      const bitcoin::OutPoint& vault)
{
    const auto claim = claimOf(node, vault);
    const bool own = claim && claim->second.kickoff == graph.kickoffTxid() &&
                     claim->second.operatorKey == graph.offer().operatorKey;
    return own ? std::optional(claim->second) : std::nullopt;
}

} // namespace

bool hasLiveClaim(const L2Node& node, const bridge::OperatorGraph& graph, const bitcoin::OutPoint& vault)
{
    const auto claim = claimOfGraph(node, graph, vault);
    return claim && claim->status == l2::ClaimStatus::Live;
}

bridge::Burn burnOf(L2Node& node, const bridge::OperatorGraph& graph, const bitcoin::OutPoint& vault)
{
    const auto claim = claimOfGraph(node, graph, vault);
    if (claim && claim->status != l2::ClaimStatus::Void) return bridge::Burn::There;
    const Result<bool> undone = node.store().wasBurnUndone(graph.kickoffTxid());
    return undone.ok() && *undone ? bridge::Burn::Undone : bridge::Burn::None;
}

bool isProvable(const L2Node& node, base::Height height)
{
    const Result<l2::L1View> view = node.l1View();
    return view.ok() && view->confirmedHeight >= height;
}

} // namespace bowline::daemon
