// SPDX-License-Identifier: MIT
// The explorer of the services in memory: an account, a transaction, batches, and files that say "proof" or "forged".
#include "tests/gui/fake_services.h"

#include <filesystem>
#include <fstream>

namespace bowline::test {

namespace {
constexpr const char* kKey = "1b268cff12bf9fd1a4a1e7a13aa1e4f5c6d7e8f90112233445566778899aabbc";
constexpr const char* kText = "bwlrt1rvngelcjh7w06jsmeqk25x02fmr6ul56zwdvkcfem96lqzszd02n7a8hfe";

FactView hash(std::string name, std::string value) { return {std::move(name), std::move(value)}; }
FactView number(std::string name, std::uint64_t value)
{
    return {std::move(name), std::to_string(value), FactView::Kind::Number};
}
FactView code(std::string name, std::string value)
{
    return {std::move(name), std::move(value), FactView::Kind::Code};
}
FactView amount(std::string name, std::int64_t sat)
{
    return {std::move(name), std::to_string(sat), FactView::Kind::Amount};
}
} // namespace

/// With paths as long as those of a state of half a million objects.
std::vector<CheckView> FakeServices::checksFor(const std::string& kind)
{
    const std::string name = kind == "transaction" ? "transaction-path" : "state-path";
    CheckView path{name, CheckView::Outcome::Passed, {}, {hash("leaf", nextId())}};
    for (int level = 1; level <= 19; ++level)
        path.facts.push_back(hash("sibling-" + std::to_string(level), nextId()));
    path.facts.push_back(hash("state-root", nextId()));
    std::vector<CheckView> out{
        {"network", CheckView::Outcome::Passed, {}, {hash("chain-id", nextId())}},
        {"batch-signature",
         CheckView::Outcome::Passed,
         {},
         {number("batch", 7), hash("batch-hash", nextId()), hash("signature", nextId() + nextId())}},
        {"batch-links", CheckView::Outcome::Passed, {}, {number("first-batch", 0), number("last-batch", 7)}},
    };
    if (kind == "batch") {
        out.push_back({"batch-body", CheckView::Outcome::Passed, {}, {hash("data-hash", nextId())}});
        out.push_back({"batch-receipts", CheckView::Outcome::Passed, {}, {hash("receipts-root", nextId())}});
    } else {
        out.push_back(path);
    }
    if (kind == "account")
        out.push_back({"history-complete", CheckView::Outcome::Passed, {}, {number("entries", 2)}});
    out.push_back({"bitcoin-block", CheckView::Outcome::Passed, {}, {hash("block-hash", nextId())}});
    out.push_back(
        {"seal", CheckView::Outcome::Passed, {}, {hash("anchor", nextId()), number("confirmations", 3)}});
    out.push_back({"chain-proof", CheckView::Outcome::NotMade, "no-proof-yet", {}});
    return out;
}

FoundView FakeServices::foundAccount()
{
    FoundView out;
    out.kind = "account";
    out.query = std::string("account:") + kKey;
    out.facts = {
        hash("key", kKey),   code("exists", "yes"), amount("balance", m_state.layerTwo.available.sat()),
        amount("staked", 0), number("nonce", 3),    {"address", kText, FactView::Kind::Text}};
    out.verdict = m_state.layerTwo.verdict;
    if (!m_state.batches.empty()) out.batch = m_state.batches.front();
    out.checks = checksFor(out.kind);
    for (std::uint32_t i = 2; i > 0; --i) {
        EntryView row;
        row.query = "tx:" + nextId();
        row.batch = i;
        row.place = 1;
        row.verdict = out.verdict;
        out.entries.push_back(row);
    }
    out.entryCount = out.entries.size();
    out.evidence = 1;
    return out;
}

FoundView FakeServices::foundTransaction()
{
    FoundView out = foundAccount();
    out.kind = "transaction";
    out.query = "tx:" + nextId();
    out.facts = {code("type", "transfer"), hash("transaction", nextId()), hash("sender", kKey),
                 amount("amount", 5'000), amount("fee", 100)};
    out.checks = checksFor(out.kind);
    out.entries.clear();
    out.evidence = 2;
    return out;
}

FoundView FakeServices::foundBatch(const BatchView& batch)
{
    FoundView out = foundAccount();
    out.kind = "batch";
    out.query = "batch:" + std::to_string(batch.number);
    out.batch = batch;
    out.verdict = batch.verdict;
    out.facts = {hash("batch-hash", batch.hash)};
    out.checks = checksFor(out.kind);
    out.entries[0].kind = "transfer";
    out.entries[0].amount = Amount::fromSat(5'000);
    out.entries[1].kind = "withdraw-request";
    out.entries[1].amount = Amount::fromSat(50'000);
    return out;
}

Task FakeServices::batches(std::optional<std::uint64_t> before, std::size_t count,
                           Completion<std::vector<BatchView>> done)
{
    using Batches = std::vector<BatchView>;
    return answer<Batches>(std::move(done), [this, before, count]() -> base::Result<Batches> {
        Batches out;
        for (BatchView batch : m_state.batches) {
            if (out.size() == count) break;
            if (before && batch.number >= *before) continue;
            batch.transactions = 2;
            out.push_back(batch);
        }
        return out;
    });
}

Task FakeServices::find(std::string query, Completion<FoundView> done)
{
    return answer<FoundView>(std::move(done), [this, query]() -> base::Result<FoundView> {
        if (query.starts_with("tx:")) return foundTransaction();
        if (query == "forged") {
            FoundView out = foundAccount();
            out.verdict.kind = Verdict::Kind::Invalid;
            out.verdict.reason = "bad-proof";
            out.evidence = 0;
            for (CheckView& check : out.checks) {
                if (check.name != "state-path") continue;
                check.outcome = CheckView::Outcome::Failed;
                check.reason = "l2.proof-wrong-root";
            }
            return out;
        }
        const std::string digits = query.starts_with("batch:") ? query.substr(6) : query;
        for (const BatchView& batch : m_state.batches) {
            if (std::to_string(batch.number) == digits) return foundBatch(batch);
        }
        if (query.size() < 60) return base::makeError(base::ErrorCode{"services.not-found"}, query);
        return foundAccount();
    });
}

Task FakeServices::list(std::string kind, std::string after, Completion<ListView> done)
{
    return answer<ListView>(std::move(done), [this, kind, after]() -> base::Result<ListView> {
        ListView out;
        const std::size_t count = after.empty() ? 20 : 3;
        for (std::size_t i = 0; i < count; ++i) {
            EntryView row;
            row.query = kind + ':' + nextId() + ":0";
            row.kind = kind;
            row.status = kind == "vault" ? "live" : "paid";
            row.amount = Amount::fromSat(10'000'000);
            row.batch = 7;
            row.verdict = m_state.layerTwo.verdict;
            out.entries.push_back(row);
        }
        if (after.empty()) out.next = "next";
        return out;
    });
}

Task FakeServices::compare(std::uint64_t, std::string node, Completion<ComparisonView> done)
{
    return answer<ComparisonView>(std::move(done), [this, node]() -> base::Result<ComparisonView> {
        ComparisonView out;
        out.first = "127.0.0.1:9000";
        out.second = node;
        out.batch = 7;
        const std::string mine = nextId();
        const bool differs = node.find("liar") != std::string::npos;
        out.rows = {{"batch-hash", mine, differs ? nextId() : mine}};
        out.outcome = differs ? "both-signed" : "agree";
        out.reason = differs ? "equivocation" : "";
        out.evidenceKept = differs;
        return out;
    });
}

Task FakeServices::saveProof(std::uint64_t, std::string path, Completion<std::uint64_t> done)
{
    return answer<std::uint64_t>(std::move(done), [path]() -> base::Result<std::uint64_t> {
        std::ofstream out(path);
        out << "proof";
        out.close();
        if (!out) return base::makeError(base::ErrorCode{"verify.not-written"}, path);
        return std::uint64_t{5};
    });
}

Task FakeServices::evidence(Completion<std::vector<EvidenceView>> done)
{
    return answer<std::vector<EvidenceView>>(std::move(done), [] { return std::vector<EvidenceView>{}; });
}

Task FakeServices::checkFile(std::string path, Completion<FileReport> done)
{
    return answer<FileReport>(std::move(done), [this, path]() -> base::Result<FileReport> {
        std::ifstream in(path);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        if (text != "proof" && text != "forged")
            return base::makeError(base::ErrorCode{"verify.bad-file"}, path);
        FileReport out;
        const FoundView found = foundAccount();
        out.valid = text == "proof";
        out.subject = "account";
        out.facts = found.facts;
        out.batch = 7;
        out.batchTime = 1'790'000'000;
        out.finality = out.valid ? "sealed" : "";
        out.checks = found.checks;
        if (!out.valid) {
            out.checks[1].outcome = CheckView::Outcome::Failed;
            out.checks[1].reason = "bad-signature";
        }
        out.open = {"root-not-proven", "best-chain", "later-batches"};
        out.tipHeight = 132;
        out.tipHash = nextId();
        return out;
    });
}

} // namespace bowline::test
