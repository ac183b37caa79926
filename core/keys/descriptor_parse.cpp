// SPDX-License-Identifier: MIT
// Reading descriptors: script expressions, trees, checksums. Keys are read in descriptor_key.cpp.
#include "core/keys/descriptor_data.h"

#include <charconv>

namespace bowline::keys {

using base::makeError;
using bitcoin::Network;

namespace {

constexpr std::size_t kMaxMultiAKeys = 999; // BIP387

struct Context {
    Network network;
    Multipath multipath;
};

/// Decimal, from 1 to below 2^31, without leading zeros.
Result<std::uint32_t> parseNumber(std::string_view text)
{
    std::uint32_t out = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
    if (error != std::errc{} || end != text.data() + text.size() || text.front() == '0' || out >= kHardened) {
        return makeError(kDescriptorNumber);
    }
    return out;
}

Result<LeafExpression> parseSingleKeyLeaf(LeafKind kind, std::string_view keyText, Context& context)
{
    LeafExpression out{kind, {}, 0};
    BOWLINE_TRY(KeyExpression key, parseKey(keyText, context.network, KeyPlace::Taproot, context.multipath));
    out.keys.push_back(std::move(key));
    return out;
}

/// and_v(v:pk(KEY),older(N)), the only conjunction known here.
Result<LeafExpression> parseAndV(std::string_view inside, Context& context)
{
    const auto arguments = splitArguments(inside);
    const auto lock = arguments.size() == 2 ? asCall(arguments[1]) : std::nullopt;
    const auto key = arguments.size() == 2 ? asCall(arguments[0]) : std::nullopt;
    if (!lock || lock->name != "older" || !key || key->name != "v:pk") {
        return makeError(kDescriptorUnsupported, "and_v() other than and_v(v:pk(KEY),older(N))");
    }
    BOWLINE_TRY(LeafExpression out, parseSingleKeyLeaf(LeafKind::PkOlder, key->inside, context));
    BOWLINE_TRY(out.number, parseNumber(lock->inside));
    return out;
}

Result<LeafExpression> parseMultiA(LeafKind kind, std::string_view inside, Context& context)
{
    const auto arguments = splitArguments(inside);
    LeafExpression out{kind, {}, 0};
    BOWLINE_TRY(out.number, parseNumber(arguments.front()));
    const std::size_t count = arguments.size() - 1;
    if (count > kMaxMultiAKeys || out.number > count) return makeError(kDescriptorNumber, "threshold");
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        BOWLINE_TRY(KeyExpression key,
                    parseKey(arguments[i], context.network, KeyPlace::Taproot, context.multipath));
        out.keys.push_back(std::move(key));
    }
    return out;
}

Result<LeafExpression> parseLeaf(std::string_view text, Context& context)
{
    const auto call = asCall(text);
    if (!call) return makeError(kDescriptorSyntax, "leaf of a tree");
    if (call->name == "pk") return parseSingleKeyLeaf(LeafKind::Pk, call->inside, context);
    if (call->name == "pkh") return parseSingleKeyLeaf(LeafKind::Pkh, call->inside, context);
    if (call->name == "and_v") return parseAndV(call->inside, context);
    if (call->name == "multi_a") return parseMultiA(LeafKind::MultiA, call->inside, context);
    if (call->name == "sortedmulti_a") return parseMultiA(LeafKind::SortedMultiA, call->inside, context);
    return makeError(kDescriptorUnsupported, std::string(call->name.substr(0, 20)) + "() in a tree");
}

Result<std::unique_ptr<TreeExpression>> parseTree(std::string_view text, Context& context, std::size_t depth)
{
    if (depth > bitcoin::kMaxTaprootDepth) return makeError(bitcoin::kTaprootTooDeep);
    auto out = std::make_unique<TreeExpression>();
    if (!text.starts_with('{')) {
        BOWLINE_TRY(out->leaf, parseLeaf(text, context));
        return out;
    }
    const auto branches = splitArguments(text.substr(1, text.size() - 2));
    if (text.back() != '}' || branches.size() != 2) return makeError(kDescriptorSyntax, "branch of a tree");
    BOWLINE_TRY(out->left, parseTree(branches[0], context, depth + 1));
    BOWLINE_TRY(out->right, parseTree(branches[1], context, depth + 1));
    return out;
}

Result<DescriptorData> parseExpression(std::string_view text, Context& context)
{
    const auto call = asCall(text);
    if (!call) return makeError(kDescriptorSyntax, "no descriptor function");
    const auto key = [&context](std::string_view keyText, KeyPlace place) {
        return parseKey(keyText, context.network, place, context.multipath);
    };
    if (call->name == "wpkh") {
        BOWLINE_TRY(KeyExpression single, key(call->inside, KeyPlace::Wpkh));
        return DescriptorData{DescriptorType::Wpkh, context.network, std::move(single), nullptr};
    }
    if (call->name == "rawtr") {
        BOWLINE_TRY(KeyExpression single, key(call->inside, KeyPlace::Taproot));
        return DescriptorData{DescriptorType::RawTr, context.network, std::move(single), nullptr};
    }
    if (call->name != "tr") {
        return makeError(kDescriptorUnsupported, std::string(call->name.substr(0, 20)) + "()");
    }
    const auto arguments = splitArguments(call->inside);
    if (arguments.size() > 2) return makeError(kDescriptorSyntax, "tr() takes a key and a tree");
    BOWLINE_TRY(KeyExpression internal, key(arguments[0], KeyPlace::Taproot));
    DescriptorData out{DescriptorType::Tr, context.network, std::move(internal), nullptr};
    if (arguments.size() == 2) {
        BOWLINE_TRY(out.tree, parseTree(arguments[1], context, 0));
    }
    return out;
}

/// The text before '#', after the checksum was looked at.
Result<std::string_view> withoutChecksum(std::string_view text, ChecksumRule rule)
{
    if (text.size() > kMaxDescriptorLength) return makeError(kDescriptorSyntax, "too long");
    const std::string_view expression = text.substr(0, text.find('#'));
    BOWLINE_TRY(const std::string checksum, descriptorChecksum(expression));
    if (expression.size() == text.size()) {
        if (rule == ChecksumRule::Required) return makeError(kDescriptorNoChecksum);
        return expression;
    }
    if (text.substr(expression.size() + 1) != checksum) return makeError(kDescriptorChecksum);
    return expression;
}

} // namespace

Result<std::vector<Descriptor>> Descriptor::parseMultipath(std::string_view text, Network network,
                                                           ChecksumRule rule)
{
    BOWLINE_TRY(const std::string_view expression, withoutChecksum(text, rule));
    std::vector<Descriptor> out;
    std::size_t count = 1;
    for (std::size_t chosen = 0; chosen < count; ++chosen) {
        Context context{network, Multipath{chosen, chosen == 0 ? 1 : count}};
        BOWLINE_TRY(DescriptorData data, parseExpression(expression, context));
        count = context.multipath.count;
        out.push_back(Descriptor{std::make_shared<const DescriptorData>(std::move(data))});
    }
    return out;
}

Result<Descriptor> Descriptor::parse(std::string_view text, Network network, ChecksumRule rule)
{
    BOWLINE_TRY(const std::vector<Descriptor> all, parseMultipath(text, network, rule));
    if (all.size() != 1) return makeError(kDescriptorMultipath);
    return all.front();
}

} // namespace bowline::keys
