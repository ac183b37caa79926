// SPDX-License-Identifier: MIT
// The file in which header chain, filter headers and bans survive the process. Everything in it can be fetched
// again, so it is written with Durability::Normal: a power loss may cost the last seconds, never consistency.
//
// Every method is one transaction. What is read back is not trusted further than its shape: HeaderChain checks
// linkage and proof of work anew.
#pragma once

#include "core/base/clock.h"
#include "core/bitcoin/params.h"
#include "core/store/database.h"

#include <map>

namespace bowline::chain {

/// The file belongs to another network.
inline constexpr base::ErrorCode kWrongNetwork{"chain.wrong-network"};

struct StoredHeader {
    base::Height height;
    base::BlockHash hash;
    bitcoin::BlockHeader header;
};

struct StoredChain {
    /// The best chain from genesis on, without a gap.
    std::vector<bitcoin::BlockHeader> best;
    std::vector<StoredHeader> side;
    /// From height 0 without a gap, never longer than `best`.
    std::vector<base::FilterHeader> filters;
    /// Filter headers below this height were given alike by two peers or more.
    base::Height vouched;
};

/// One step from a best chain to another. Applied as a whole.
struct ChainChange {
    base::Height fork;                           // stays
    std::vector<bitcoin::BlockHeader> connected; // from fork + 1 on
    std::vector<StoredHeader> toSide;            // left the best chain, kept as a side chain
    std::vector<base::BlockHash> fromSide; // side headers that are in `connected` now, or too old to matter
};

struct BanRecord {
    std::string address;
    base::UnixTime until = 0;
    std::string reason;
    base::Bytes evidence; // the offending bytes, cut off at kMaxEvidence
};
inline constexpr std::size_t kMaxEvidence = 4096;

class ChainStore {
public:
    static base::Result<ChainStore> open(const std::string& path, const bitcoin::ChainParams& params);

    base::Result<StoredChain> load();
    /// Filter headers above the fork are dropped in the same transaction.
    base::Status apply(const ChainChange& change);
    base::Status addSide(const std::vector<StoredHeader>& headers);
    /// Appends after the last stored one, which has height `first` - 1.
    base::Status appendFilters(base::Height first, const std::vector<base::FilterHeader>& headers);
    base::Status setVouched(base::Height vouched);

    base::Status addBan(const BanRecord& ban);
    base::Result<std::vector<BanRecord>> activeBans(base::UnixTime now);

private:
    explicit ChainStore(store::Database db) : m_db(std::move(db)) {}
    base::Status bindNetwork(const bitcoin::ChainParams& params);
    base::Status insertSide(const std::vector<StoredHeader>& headers);
    store::Database m_db;
};

} // namespace bowline::chain
