// SPDX-License-Identifier: MIT
#include "app/services/local/evidence.h"

#include "app/services/local/explorer_view.h"
#include "core/crypto/hash.h"

namespace bowline::services {

using store::Statement;

namespace {
constexpr std::size_t kMaxEquivocations = 20; // one convicts

/// A header and its signature, in two columns.
base::Result<l2::SignedHeader> headerIn(Statement& row, int column)
{
    l2::SignedHeader out;
    const base::Bytes header = row.blob(column);
    out.signature = row.array<64>(column + 1);
    BOWLINE_CHECK(row.rowStatus());
    BOWLINE_TRY(out.header, l2::parseBatchHeader(header));
    return out;
}

void addHeader(verify::Facts& facts, const std::string& which, const l2::SignedHeader& shown)
{
    facts.push_back(verify::hashFact(which + "batch-hash", shown.header.hash()));
    facts.push_back(verify::hashFact(which + "header", base::toHex(shown.header.encode())));
    facts.push_back(verify::hashFact(which + "signature", base::toHex(shown.signature)));
}

EvidenceView viewOf(std::string kind, const l2::SignedHeader& own, const verify::Facts& facts)
{
    return {std::move(kind), own.header.height.value, factViews(facts)};
}

base::Result<EvidenceView> bothSigned(Statement& row)
{
    BOWLINE_TRY(const l2::SignedHeader first, headerIn(row, 0));
    BOWLINE_TRY(const l2::SignedHeader second, headerIn(row, 2));
    verify::Facts facts;
    addHeader(facts, "", first);
    addHeader(facts, "second-", second);
    return viewOf("both-signed", first, facts);
}

base::Result<EvidenceView> sealedOtherwise(Statement& row)
{
    BOWLINE_TRY(const l2::SignedHeader own, headerIn(row, 0));
    verify::Facts facts;
    addHeader(facts, "", own);
    facts.push_back(verify::hashFact("commitment", base::toHex(row.blobView(2))));
    facts.push_back(verify::numberFact("block-height", row.height(3).value));
    facts.push_back(verify::hashFact("block-hash", row.hash<base::BlockHash>(4).displayHex()));
    facts.push_back(verify::hashFact("anchor", row.hash<base::Txid>(5).displayHex()));
    BOWLINE_CHECK(row.rowStatus());
    return viewOf("sealed-otherwise", own, facts);
}

base::Result<EvidenceView> provenOtherwise(Statement& row)
{
    BOWLINE_TRY(const l2::SignedHeader own, headerIn(row, 0));
    verify::Facts facts;
    addHeader(facts, "", own);
    facts.push_back(verify::hashFact("proven-hash", row.hash<l2::BatchHash>(2)));
    const base::Bytes file = row.blob(3);
    facts.push_back(verify::numberFact("proof-bytes", file.size()));
    facts.push_back(verify::hashFact("proof-digest", crypto::sha256(file)));
    facts.push_back({"provider", row.text(4), verify::Fact::Kind::Text});
    BOWLINE_CHECK(row.rowStatus());
    return viewOf("proven-otherwise", own, facts);
}
} // namespace

base::Result<std::size_t> keepEvidence(store::Database& db, const std::vector<l2::Equivocation>& news,
                                       const std::optional<SealedOtherwise>& sealed)
{
    BOWLINE_TRY(Statement count, db.query("SELECT (SELECT count(*) FROM equivocation) + "
                                          "(SELECT count(*) FROM sealed_otherwise)"));
    BOWLINE_CHECK(count.step());
    auto kept = static_cast<std::size_t>(count.u64(0));
    BOWLINE_CHECK(count.rowStatus());
    for (const l2::Equivocation& found : news) {
        if (kept >= kMaxEquivocations) break;
        BOWLINE_CHECK(
            db.run("INSERT OR IGNORE INTO equivocation(first, first_signature, second, second_signature) "
                   "VALUES (?, ?, ?, ?)",
                   found.first.header.encode(), found.first.signature, found.second.header.encode(),
                   found.second.signature));
        if (db.changes() > 0) ++kept;
    }
    if (!sealed || kept >= kMaxEquivocations) return kept;
    const auto& [own, anchor] = *sealed;
    BOWLINE_CHECK(
        db.run("INSERT OR IGNORE INTO sealed_otherwise(header, signature, commitment, height, block, txid) "
               "VALUES (?, ?, ?, ?, ?, ?)",
               own.header.encode(), own.signature, anchor.commitment.encode(), anchor.height, anchor.block,
               anchor.txid));
    if (db.changes() > 0) ++kept;
    return kept;
}

base::Result<std::vector<EvidenceView>> evidenceIn(store::Database& db)
{
    using Read = base::Result<EvidenceView> (*)(Statement&);
    constexpr std::pair<const char*, Read> kKinds[] = {
        {"SELECT first, first_signature, second, second_signature FROM equivocation ORDER BY first, second",
         &bothSigned},
        {"SELECT header, signature, commitment, height, block, txid FROM sealed_otherwise "
         "ORDER BY header, commitment",
         &sealedOtherwise},
        {"SELECT header, signature, hash, file, provider FROM proven_otherwise ORDER BY header, hash",
         &provenOtherwise}};
    std::vector<EvidenceView> out;
    for (const auto& [sql, reader] : kKinds) {
        BOWLINE_TRY(Statement rows, db.query(sql));
        BOWLINE_CHECK(rows.forEach([&out, read = reader](Statement& row) -> base::Status {
            BOWLINE_TRY(EvidenceView view, read(row));
            out.push_back(std::move(view));
            return base::success();
        }));
    }
    return out;
}

} // namespace bowline::services
