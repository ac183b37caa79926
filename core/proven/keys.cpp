// SPDX-License-Identifier: MIT
#include "core/proven/keys.h"

#include "core/proven/pinned_keys.h"

#include <boost/json.hpp>

#include <sstream>

namespace bowline::proven {

namespace json = boost::json;
using base::makeError;

namespace {
constexpr std::size_t kMaxShapes = 16;

// Eight words of eight digits, the lowest digit of each last: as they stand in the source of a circuit.
std::string hexOf(const DigestWords& words)
{
    base::Writer out;
    for (const field::Element word : words) out.u32le(word.value());
    return base::toHex(out.data());
}

Result<DigestWords> wordsIn(const json::value& value)
{
    if (!value.is_string()) return makeError(kBadKeys, "no text where a digest should be");
    const auto bytes = base::arrayFromHex<32>(std::string_view(value.get_string()));
    if (!bytes || !field::isCanonical(*bytes)) return makeError(kBadKeys, "no digest");
    return field::elementsOf(*bytes);
}

Result<unsigned> heightIn(const json::value& value)
{
    if (!value.is_int64() || value.get_int64() < 0 || value.get_int64() > 30)
        return makeError(kBadKeys, "no height");
    return static_cast<unsigned>(value.get_int64());
}

Result<LiftKey> liftIn(const json::object& object)
{
    LiftKey out;
    for (const json::value& value : object.at("heights").as_array()) {
        if (value.is_null()) {
            out.heights.emplace_back();
            continue;
        }
        BOWLINE_TRY(const unsigned height, heightIn(value));
        out.heights.emplace_back(height);
    }
    BOWLINE_TRY(const unsigned form, heightIn(object.at("form")));
    if (form >= ProofKeys::kForms) return makeError(kBadKeys, "no such form");
    out.form = form;
    BOWLINE_TRY(out.key, wordsIn(object.at("key")));
    return out;
}

Result<aggregate::WrapKey> wrapIn(const json::object& object)
{
    aggregate::WrapKey out;
    out.publicValues = static_cast<std::size_t>(object.at("public_values").as_int64());
    const json::array& heights = object.at("heights").as_array();
    if (heights.size() != out.heights.size()) return makeError(kBadKeys, "heights of the wrap");
    for (std::size_t i = 0; i < heights.size(); ++i) {
        BOWLINE_TRY(out.heights[i], heightIn(heights[i]));
    }
    BOWLINE_TRY(out.columns, wordsIn(object.at("columns")));
    return out;
}

Result<ProofKeys> parse(const json::object& object)
{
    ProofKeys out;
    BOWLINE_TRY(out.programLog, heightIn(object.at("program_log")));
    const json::array& lifts = object.at("lifts").as_array();
    if (lifts.empty() || lifts.size() > kMaxShapes) return makeError(kBadKeys, "number of shapes");
    for (const json::value& value : lifts) {
        BOWLINE_TRY(LiftKey lift, liftIn(value.as_object()));
        out.lifts.push_back(std::move(lift));
    }
    const json::array& joins = object.at("joins").as_array();
    if (joins.size() != out.joins.size()) return makeError(kBadKeys, "number of joins");
    for (std::size_t i = 0; i < joins.size(); ++i) {
        BOWLINE_TRY(out.joins[i], wordsIn(joins[i]));
    }
    BOWLINE_TRY(out.chain, wordsIn(object.at("chain")));
    BOWLINE_TRY(out.wrap, wrapIn(object.at("wrap").as_object()));
    return out;
}
} // namespace

proving::ShardShapes ProofKeys::shapes() const
{
    proving::ShardShapes out;
    for (const LiftKey& lift : lifts) out.push_back(lift.heights);
    return out;
}

std::vector<DigestWords> ProofKeys::digests() const
{
    std::vector<DigestWords> out;
    for (const LiftKey& lift : lifts) out.push_back(lift.key);
    out.insert(out.end(), joins.begin(), joins.end());
    out.push_back(chain);
    return out;
}

Result<ProofKeys> keysIn(std::string_view text)
{
    boost::system::error_code failure;
    const json::value root = json::parse(text, failure);
    if (failure || !root.is_object()) return makeError(kBadKeys, "no JSON object");
    try {
        return parse(root.get_object());
    } catch (const std::exception& error) { // of at() and as_...(): a field is missing or of another type
        return makeError(kBadKeys, error.what());
    }
}

const Result<ProofKeys>& pinnedKeys()
{
    static const Result<ProofKeys> out = keysIn(kPinnedKeysJson);
    return out;
}

std::string toJson(const ProofKeys& keys)
{
    std::ostringstream out;
    out << "{\n  \"comment\": \"Verifying keys of the proofs above shards: docs/recursion.md, The pinned "
           "keys. "
           "Written by bowline-proof-keys.\",\n  \"program_log\": "
        << keys.programLog << ",\n  \"lifts\": [";
    const char* comma = "\n";
    for (const LiftKey& lift : keys.lifts) {
        out << comma << "    {\"form\": " << lift.form << ", \"key\": \"" << hexOf(lift.key)
            << "\",\n     \"heights\": [";
        for (std::size_t i = 0; i < lift.heights.size(); ++i) {
            out << (i == 0 ? "" : ", ");
            if (lift.heights[i])
                out << *lift.heights[i];
            else
                out << "null";
        }
        out << "]}";
        comma = ",\n";
    }
    out << "\n  ],\n  \"joins\": [";
    comma = "\n";
    for (const DigestWords& join : keys.joins) {
        out << comma << "    \"" << hexOf(join) << '"';
        comma = ",\n";
    }
    out << "\n  ],\n  \"chain\": \"" << hexOf(keys.chain)
        << "\",\n  \"wrap\": {\"public_values\": " << keys.wrap.publicValues << ", \"columns\": \""
        << hexOf(keys.wrap.columns) << "\", \"heights\": [";
    for (std::size_t i = 0; i < keys.wrap.heights.size(); ++i)
        out << (i == 0 ? "" : ", ") << keys.wrap.heights[i];
    out << "]}\n}\n";
    return out.str();
}

} // namespace bowline::proven
