// SPDX-License-Identifier: MIT
// Looking at the layer 2 from a terminal: what is called so, saved as a proof file, or held against another node.
#include "app/cli/commands.h"
#include "app/cli/views_json.h"

#include <algorithm>

namespace bowline::cli {

namespace {
using services::CheckView;
using services::FactView;

std::string_view nameOf(CheckView::Outcome outcome)
{
    switch (outcome) {
    case CheckView::Outcome::Passed: return "passed";
    case CheckView::Outcome::Failed: return "failed";
    case CheckView::Outcome::NotMade: return "not-made";
    }
    return "";
}

json::object toJson(const std::vector<FactView>& facts)
{
    json::object out;
    for (const FactView& fact : facts) {
        std::string name = fact.name;
        std::replace(name.begin(), name.end(), '-', '_');
        const bool isAmount = fact.kind == FactView::Kind::Amount;
        if (isAmount) name += "_sat";
        if (isAmount || fact.kind == FactView::Kind::Number || fact.kind == FactView::Kind::Time) {
            out[name] = std::stoull(fact.value);
        } else {
            out[name] = fact.value;
        }
    }
    return out;
}

json::object toJson(const services::FoundView& found)
{
    json::object out{{"kind", found.kind},
                     {"query", found.query},
                     {"says", toJson(found.facts)},
                     {"batch", found.batch.number},
                     {"finality", found.batch.finality},
                     {"verdict", cli::toJson(found.verdict)}};
    json::array& checks = out["checks"].emplace_array();
    for (const CheckView& check : found.checks) {
        json::object made{{"name", check.name}, {"outcome", nameOf(check.outcome)}};
        if (!check.reason.empty()) made["reason"] = check.reason;
        made["facts"] = toJson(check.facts);
        checks.push_back(std::move(made));
    }
    json::array& entries = out["entries"].emplace_array();
    for (const services::EntryView& entry : found.entries)
        entries.push_back(
            {{"query", entry.query}, {"kind", entry.kind}, {"batch", entry.batch}, {"place", entry.place}});
    out["entry_count"] = found.entryCount;
    return out;
}

base::Result<services::FoundView> find(Runner& runner)
{
    BOWLINE_TRY(const std::string query, runner.arguments().word(2, "QUERY"));
    BOWLINE_CHECK(runner.waitSynced());
    BOWLINE_TRY(services::Services * all, runner.services());
    return runner.wait<services::FoundView>(
        [&](auto done) { return all->explorer().find(query, std::move(done)); });
}

base::Result<std::string> option(Runner& runner, const std::string& name)
{
    const std::string value = runner.arguments().get(name);
    if (value.empty()) return base::makeError(kUsage, "missing --" + name);
    return value;
}
} // namespace

CommandResult l2Find(Runner& runner)
{
    BOWLINE_TRY(const services::FoundView found, find(runner));
    if (found.verdict.kind == services::Verdict::Kind::Invalid) runner.setFailed();
    return toJson(found);
}

CommandResult l2Save(Runner& runner)
{
    BOWLINE_TRY(const std::string path, option(runner, "to"));
    BOWLINE_TRY(const services::FoundView found, find(runner));
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const std::uint64_t bytes, runner.wait<std::uint64_t>([&](auto done) {
        return all->explorer().saveProof(found.evidence, path, std::move(done));
    }));
    return json::object{{"file", path},
                        {"bytes", bytes},
                        {"kind", found.kind},
                        {"batch", found.batch.number},
                        {"finality", found.batch.finality}};
}

CommandResult l2Evidence(Runner& runner)
{
    BOWLINE_TRY(services::Services * all, runner.services());
    using Kept = std::vector<services::EvidenceView>;
    BOWLINE_TRY(const Kept kept,
                runner.wait<Kept>([&](auto done) { return all->explorer().evidence(std::move(done)); }));
    json::object out;
    json::array& list = out["evidence"].emplace_array();
    for (const services::EvidenceView& each : kept)
        list.push_back({{"kind", each.kind}, {"batch", each.batch}, {"facts", toJson(each.facts)}});
    return out;
}

CommandResult l2Compare(Runner& runner)
{
    BOWLINE_TRY(const std::string other, option(runner, "with"));
    BOWLINE_TRY(const services::FoundView found, find(runner));
    BOWLINE_TRY(services::Services * all, runner.services());
    BOWLINE_TRY(const auto view, runner.wait<services::ComparisonView>([&](auto done) {
        return all->explorer().compare(found.evidence, other, std::move(done));
    }));
    if (view.outcome != "agree") runner.setFailed();
    json::object out{{"outcome", view.outcome}, {"reason", view.reason},
                     {"first", view.first},     {"second", view.second},
                     {"batch", view.batch},     {"evidence_kept", view.evidenceKept}};
    json::array& rows = out["rows"].emplace_array();
    for (const auto& row : view.rows)
        rows.push_back({{"name", row.name}, {"first", row.first}, {"second", row.second}});
    return out;
}

} // namespace bowline::cli
