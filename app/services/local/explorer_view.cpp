// SPDX-License-Identifier: MIT
#include "app/services/local/explorer_view.h"

#include <algorithm>
#include <charconv>

namespace bowline::services {

namespace {
FactView::Kind kindOf(verify::Fact::Kind kind)
{
    switch (kind) {
    case verify::Fact::Kind::Number: return FactView::Kind::Number;
    case verify::Fact::Kind::Amount: return FactView::Kind::Amount;
    case verify::Fact::Kind::Hash: return FactView::Kind::Hash;
    case verify::Fact::Kind::Code: return FactView::Kind::Code;
    case verify::Fact::Kind::Text: return FactView::Kind::Text;
    case verify::Fact::Kind::Time: return FactView::Kind::Time;
    }
    return FactView::Kind::Hash;
}

CheckView::Outcome outcomeOf(verify::Outcome outcome)
{
    switch (outcome) {
    case verify::Outcome::Passed: return CheckView::Outcome::Passed;
    case verify::Outcome::Failed: return CheckView::Outcome::Failed;
    case verify::Outcome::NotMade: return CheckView::Outcome::NotMade;
    }
    return CheckView::Outcome::Failed;
}

const verify::Fact* find(const verify::Facts& facts, std::string_view name)
{
    const auto found = std::find_if(facts.begin(), facts.end(),
                                    [name](const verify::Fact& fact) { return fact.name == name; });
    return found == facts.end() ? nullptr : &*found;
}
} // namespace

std::vector<FactView> factViews(const verify::Facts& facts)
{
    std::vector<FactView> out;
    out.reserve(facts.size());
    for (const verify::Fact& fact : facts) out.push_back({fact.name, fact.value, kindOf(fact.kind)});
    return out;
}

CheckView checkView(const verify::Check& check)
{
    return {check.name, outcomeOf(check.outcome), check.reason, factViews(check.facts)};
}

FileReport fileReportOf(const verify::Report& report)
{
    FileReport out;
    out.valid = report.valid();
    out.subject = report.subject;
    out.facts = factViews(report.says);
    out.batch = report.batch.value;
    out.batchTime = report.batchTime;
    out.finality = report.finality;
    for (const verify::Check& check : report.checks) out.checks.push_back(checkView(check));
    out.open = report.open;
    out.tipHeight = report.tip.value;
    out.tipHash = report.tipHash.displayHex();
    return out;
}

std::optional<Amount> amountIn(const verify::Facts& facts, std::string_view name)
{
    const verify::Fact* fact = find(facts, name);
    if (fact == nullptr || fact->kind != verify::Fact::Kind::Amount) return std::nullopt;
    std::int64_t sat = 0;
    const auto [end, failure] =
        std::from_chars(fact->value.data(), fact->value.data() + fact->value.size(), sat);
    return failure == std::errc{} ? std::optional(Amount::fromSat(sat)) : std::nullopt;
}

std::string valueIn(const verify::Facts& facts, std::string_view name)
{
    const verify::Fact* fact = find(facts, name);
    return fact == nullptr ? std::string() : fact->value;
}

} // namespace bowline::services
