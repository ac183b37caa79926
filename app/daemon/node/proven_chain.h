// SPDX-License-Identifier: MIT
// The node's own batches held against the chain's proof: which of them are proven, and the file that shows it to anybody
// (docs/recursion.md, rule B12). Every node checks the proof itself and serves it on.
//
// A proof of another history than the own one says nothing by itself, as anybody can prove batches of their own making. With
// a header of the sequencer's signature it is a pair of signed headers, as any other (decision 114).
//
// Lives on the node's strand.
#pragma once

#include "app/daemon/node/node.h"
#include "core/net/jsonrpc.h"
#include "core/proven/follower.h"

namespace bowline::daemon {

/// Files longer than this are not looked at. A wrapped proof has less than 200 KiB.
inline constexpr std::size_t kMaxProofFile = 1U << 20U;

class ProvenChain {
public:
    /// Of proofs of other histories, with the own header. One is enough to look at what happened.
    static constexpr std::uint64_t kMaxOtherHistories = 5;

    /// All given by reference outlive it. A file that is kept and is no proof any more is dropped.
    [[nodiscard]] static base::Result<std::unique_ptr<ProvenChain>> open(const std::string& path,
                                                                         const proven::Checker& checker,
                                                                         L2Node& node,
                                                                         const proven::WorkChain& bitcoin);

    /// A file, of another node with the header that it has for the proven batch. Ok: it is held now, on disk too. Otherwise
    /// the codes of proven::Follower; the file held before stays.
    [[nodiscard]] base::Status offer(base::Bytes file, const std::optional<l2::SignedHeader>& theirs = {});
    /// Of the own coordinator, which has each file once: what comes while the own Bitcoin chain or the own batches are elsewhere is
    /// offered again with every new head, until another one comes.
    [[nodiscard]] base::Status offerOwn(base::Bytes file);

    /// What is proven of the own history at this moment.
    [[nodiscard]] std::optional<proven::Head> head() const;
    [[nodiscard]] bool isProven(base::BatchNumber batch) const;
    /// The batch that holds the newest transaction of this kind with this reference (l2::Receipt) is proven.
    [[nodiscard]] bool isProven(l2::TxType kind, std::uint64_t reference) const;
    /// After another file was taken. Lives as long as the node.
    void onChange(std::function<void()> fn) { m_listeners.push_back(std::move(fn)); }

    /// For node_info: {batch, hash, bytes, check_microseconds, other_histories}; batch null while nothing is proven.
    [[nodiscard]] net::json::object describe();
    /// chain_proof: {n, hash, header, signature, proof}, or {} when nothing beyond `after` is proven.
    [[nodiscard]] base::Result<net::json::object> answer(std::optional<base::BatchNumber> after);

private:
    ProvenChain(store::Database db, const proven::Checker& checker, L2Node& node,
                const proven::WorkChain& bitcoin);
    [[nodiscard]] proven::Surroundings around() const;
    base::Status load();
    base::Status keep(const base::Bytes& file);
    void lookAgain();
    void pin();
    void judgeOther(const proven::CheckedFile& file, const std::optional<l2::SignedHeader>& theirs);
    base::Status keepOther(const l2::SignedHeader& own, const proven::CheckedFile& file);
    [[nodiscard]] base::Result<std::uint64_t> otherHistories();

    store::Database m_db;
    proven::Follower m_follower;
    L2Node& m_node;
    const proven::WorkChain& m_bitcoin;
    std::vector<std::function<void()>> m_listeners;
    std::optional<base::Bytes> m_early; // an own file that waits for a new head
};

} // namespace bowline::daemon
