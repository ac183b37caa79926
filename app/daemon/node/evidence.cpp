// SPDX-License-Identifier: MIT
#include "app/daemon/node/evidence.h"

namespace bowline::daemon {

using base::Result;

namespace {

Result<l2::SignedHeader> headerIn(store::Statement& row, int column)
{
    const base::Bytes header = row.blob(column);
    const auto signature = row.array<64>(column + 1);
    BOWLINE_CHECK(row.rowStatus());
    BOWLINE_TRY(const l2::BatchHeader parsed, l2::parseBatchHeader(header));
    return l2::SignedHeader{parsed, signature};
}

} // namespace

Result<bool> keepEquivocation(L2Store& store, const EquivocationRow& row)
{
    BOWLINE_TRY(const std::uint64_t known, store.equivocations());
    if (known >= kMaxEquivocations) return false;
    return store.addEquivocation(row);
}

Result<bool> keepSealedOtherwise(L2Store& store, const SealedOtherwiseRow& row)
{
    BOWLINE_TRY(const std::uint64_t known, store.equivocations());
    if (known >= kMaxEquivocations) return false;
    return store.addSealedOtherwise(row);
}

Result<std::vector<EquivocationRow>> equivocationsIn(L2Store& store)
{
    BOWLINE_TRY(
        store::Statement statement,
        store.database().query("SELECT first, first_signature, second, second_signature FROM equivocation "
                               "ORDER BY first, second"));
    std::vector<EquivocationRow> out;
    BOWLINE_CHECK(statement.forEach([&out](store::Statement& row) -> base::Status {
        BOWLINE_TRY(const l2::SignedHeader first, headerIn(row, 0));
        BOWLINE_TRY(const l2::SignedHeader second, headerIn(row, 2));
        out.push_back({first, second});
        return base::success();
    }));
    return out;
}

Result<std::vector<SealedOtherwiseRow>> sealedOtherwiseIn(L2Store& store)
{
    BOWLINE_TRY(store::Statement statement,
                store.database().query(
                    "SELECT header, signature, commitment, height, block, txid FROM sealed_otherwise "
                    "ORDER BY header, commitment"));
    std::vector<SealedOtherwiseRow> out;
    BOWLINE_CHECK(statement.forEach([&out](store::Statement& row) -> base::Status {
        SealedOtherwiseRow read;
        BOWLINE_TRY(read.header, headerIn(row, 0));
        BOWLINE_TRY(read.anchor.commitment, seal::parseCommitment(row.blobView(2)));
        read.anchor.height = row.height(3);
        read.anchor.block = row.hash<base::BlockHash>(4);
        read.anchor.txid = row.hash<base::Txid>(5);
        BOWLINE_CHECK(row.rowStatus());
        out.push_back(std::move(read));
        return base::success();
    }));
    return out;
}

bool isHistoryInDoubt(L2Store& store)
{
    const Result<std::uint64_t> known = store.equivocations();
    return !known.ok() || *known > 0;
}

} // namespace bowline::daemon
