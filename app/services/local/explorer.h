// SPDX-License-Identifier: MIT
// Finds things of the layer 2 at a node and checks them: everything here runs on the node thread, believes no answer, and
// says of each check what was compared.
#pragma once

#include "app/services/local/explorer_view.h"
#include "app/services/local/node_link.h"

namespace bowline::services {

/// Nothing of the kinds that can be looked for is written like this.
inline constexpr base::ErrorCode kBadQuery{"services.bad-query"};
/// Neither held here nor shown by the node.
inline constexpr base::ErrorCode kNotFound{"services.not-found"};

/// What a node showed, for a proof file and for another node's opinion.
struct Shown {
    l2::SignedHeader batch;
    verify::Subject subject;
};

struct Found {
    FoundView view;
    Shown shown;
};

/// A question, its text read: one of them is there.
struct Query {
    std::optional<base::BatchNumber> batch;
    std::optional<l2::ObjectId> object;
    std::optional<base::Digest> hash; // of anything
    std::optional<l2::TxHash> transaction;
    std::string text;
};
/// "batch:N", "tx:HASH", "account:KEY", "vault:TXID:N", "withdrawal:N", "operator:KEY", "payment:TXID" and "claim:N" say what
/// they are; without that a number is a batch or a withdrawal, and a hash anything. kBadQuery.
[[nodiscard]] base::Result<Query> parseQuery(std::string text, bitcoin::Network network);
/// What finds the object again.
[[nodiscard]] std::string queryOf(const l2::ObjectId& object);

class Explorer {
public:
    /// `sealsKnown`: all own blocks were looked at for seals.
    Explorer(NodeAccess& access, const l2::NetworkParams& params, bool sealsKnown)
        : m_access(access), m_params(params), m_sealsKnown(sealsKnown)
    {
    }

    [[nodiscard]] base::Result<Found> find(const Query& query);
    [[nodiscard]] base::Result<ListView> list(l2::ObjectKind kind, const std::string& after);
    /// Headers held here, newest first; the numbers of transactions are shown by the node and checked.
    [[nodiscard]] base::Result<std::vector<BatchView>> batches(std::optional<std::uint64_t> before,
                                                               std::size_t count);

private:
    [[nodiscard]] base::Result<Found> batch(base::BatchNumber number);
    [[nodiscard]] base::Result<Found> transaction(const l2::TxHash& hash);
    [[nodiscard]] base::Result<Found> account(const l2::ObjectId& object);
    [[nodiscard]] base::Result<Found> object(const l2::ObjectId& object);
    [[nodiscard]] base::Result<Found> anything(const base::Digest& hash);
    [[nodiscard]] std::optional<base::BatchNumber> batchOfHash(const base::Digest& hash) const;
    [[nodiscard]] Found foundState(const l2::StateAnswer& answer, const l2::Verdict& verdict,
                                   verify::ShownState shown) const;
    [[nodiscard]] std::vector<CheckView> checksOf(const Shown& shown) const;
    [[nodiscard]] verify::Check sealCheck(base::BatchNumber batch) const;
    [[nodiscard]] verify::Check proofCheck(const l2::BatchHeader& batch) const;
    [[nodiscard]] BatchView batchView(const l2::SignedHeader& head, const l2::Verdict& verdict) const;
    [[nodiscard]] bool holds(const l2::SignedHeader& head) const;
    void countTransactions(std::vector<BatchView>& views);

    NodeAccess& m_access;
    const l2::NetworkParams& m_params;
    bool m_sealsKnown;
};

/// {batch header, transaction, index, count, path, receipt, receipt_path} of tx_proof.
[[nodiscard]] base::Result<Shown> shownTransactionOf(const boost::json::value& answer);
/// Of chain_batch and chain_receipts.
[[nodiscard]] base::Result<Shown> shownBatchOf(const boost::json::value& batch,
                                               const boost::json::value& receipts);

} // namespace bowline::services
