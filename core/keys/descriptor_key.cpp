// SPDX-License-Identifier: MIT
// Reading key expressions. Expanding and printing them is in descriptor_expand.cpp.
#include "core/keys/descriptor_key.h"

#include "core/keys/secure_text.h"

#include <algorithm>

namespace bowline::keys {

using base::makeError;

namespace {

bool isHex(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    });
}

/// "deadbeef/86h/0h", what stands in brackets.
Result<KeyOrigin> parseOrigin(std::string_view text)
{
    const std::size_t slash = std::min(text.find('/'), text.size());
    const auto fingerprint = base::arrayFromHex<4>(text.substr(0, slash));
    if (!fingerprint.ok()) return makeError(kDescriptorSyntax, "fingerprint of a key origin");
    KeyOrigin out{*fingerprint, {}};
    if (slash == text.size()) return out;
    // "m" would be a path elsewhere, not here.
    const std::string_view path = text.substr(slash + 1);
    if (path.starts_with('m')) return makeError(kDescriptorSyntax, "path of a key origin");
    BOWLINE_TRY(out.path, parsePath(path));
    return out;
}

/// "<0;1>": the chosen alternative.
Result<std::uint32_t> parseAlternatives(std::string_view text, Multipath& multipath)
{
    text = text.substr(1, text.size() - 2);
    std::vector<std::uint32_t> steps;
    for (;;) {
        const std::size_t end = text.find(';');
        BOWLINE_TRY(const std::uint32_t step, parsePathStep(text.substr(0, end)));
        if (std::find(steps.begin(), steps.end(), step) != steps.end() || steps.size() == kMaxAlternatives) {
            return makeError(kDescriptorSyntax, "alternatives of a path");
        }
        steps.push_back(step);
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    const bool consistent = multipath.count == 1 || multipath.count == steps.size();
    if (steps.size() < 2 || !consistent) return makeError(kDescriptorSyntax, "number of alternatives");
    multipath.count = steps.size();
    return steps[multipath.chosen];
}

struct ParsedSteps {
    Steps steps;
    bool multipath = false;
};

/// "", "/0/1h", "/<0;1>/*", "/*h".
Result<ParsedSteps> parseSteps(std::string_view text, Multipath& multipath)
{
    ParsedSteps out;
    while (!text.empty()) {
        if (text.front() != '/' || out.steps.wildcard != Wildcard::None) {
            return makeError(kDescriptorSyntax, "path of a key");
        }
        text.remove_prefix(1);
        const std::string_view step = text.substr(0, text.find('/'));
        text.remove_prefix(step.size());
        if (step == "*") {
            out.steps.wildcard = Wildcard::Plain;
        } else if (step == "*h" || step == "*'") {
            out.steps.wildcard = Wildcard::Hardened;
        } else if (step.size() > 2 && step.front() == '<' && step.back() == '>') {
            if (out.multipath) return makeError(kDescriptorSyntax, "alternatives twice in one path");
            out.multipath = true;
            BOWLINE_TRY(const std::uint32_t index, parseAlternatives(step, multipath));
            out.steps.path.push_back(index);
        } else {
            BOWLINE_TRY(const std::uint32_t index, parsePathStep(step));
            out.steps.path.push_back(index);
        }
        if (out.steps.path.size() > kMaxDepth) return makeError(kTooDeep);
    }
    return out;
}

bool hasHardened(const DerivationPath& path)
{
    return std::any_of(path.begin(), path.end(), [](std::uint32_t step) { return step >= kHardened; });
}

Result<ConstantKey> parseHexKey(std::string_view text, KeyPlace place)
{
    if (text.size() == 64 && place == KeyPlace::Taproot) {
        BOWLINE_TRY(const auto xOnly, base::XOnlyPublicKey::fromHex(text));
        BOWLINE_TRY(const auto key, crypto::PublicKey::fromXOnly(xOnly));
        return ConstantKey{key, true, std::nullopt};
    }
    // Uncompressed keys have 130 digits and no place in segregated witness.
    if (text.size() != 66) return makeError(kDescriptorKey, "length of a public key");
    BOWLINE_TRY(const base::Bytes bytes, base::fromHex(text));
    BOWLINE_TRY(const auto key, crypto::PublicKey::parse(bytes));
    return ConstantKey{key, false, std::nullopt};
}

/// Wallet import format, compressed only: version, 32 bytes, 0x01.
Result<ConstantKey> parseWif(std::string_view text, bitcoin::Network network)
{
    BOWLINE_TRY(const base::SecureBytes bytes, decodeSecretBase58Check(text));
    if (bytes.size() != 34 || bytes.back() != 0x01)
        return makeError(kDescriptorKey, "no compressed private key");
    if (bytes.front() != bitcoin::chainParams(network).base58PrivateKey) {
        return makeError(kDescriptorKey, "private key of another network");
    }
    BOWLINE_TRY(auto secret, crypto::PrivateKey::fromBytes(base::viewOf(bytes).subspan(1, 32)));
    const crypto::PublicKey key = secret.publicKey();
    return ConstantKey{key, false, std::move(secret)};
}

Result<ExtendedKey> parseExtended(std::string_view text, Steps steps, bitcoin::Network network)
{
    std::optional<ExtendedPrivateKey> secretRoot;
    std::optional<ExtendedPrivateKey> secretBase;
    if (text.substr(1, 3) == "prv") {
        BOWLINE_TRY(secretRoot, ExtendedPrivateKey::parse(text, network));
        BOWLINE_TRY(secretBase, secretRoot->derive(steps.path));
        const ExtendedPublicKey root = secretRoot->extendedPublicKey();
        const ExtendedPublicKey base = secretBase->extendedPublicKey();
        return ExtendedKey{root, std::move(secretRoot), std::move(steps), base, std::move(secretBase)};
    }
    BOWLINE_TRY(const ExtendedPublicKey root, ExtendedPublicKey::parse(text, network));
    std::optional<ExtendedPublicKey> base;
    if (!hasHardened(steps.path)) {
        BOWLINE_TRY(base, root.derive(steps.path));
    }
    return ExtendedKey{root, std::nullopt, std::move(steps), base, std::nullopt};
}

/// `inside` are the participants, `rest` what follows the closing bracket.
Result<KeyExpression> parseMusig(std::string_view inside, std::string_view rest, bitcoin::Network network,
                                 Multipath& multipath)
{
    MusigKey out;
    const std::size_t alternativesOutside = multipath.count;
    Multipath own{multipath.chosen, 1};
    for (const std::string_view text : splitArguments(inside)) {
        BOWLINE_TRY(KeyExpression participant, parseKey(text, network, KeyPlace::Participant, own));
        out.participants.push_back(std::move(participant));
    }
    const bool participantsBranch = own.count > 1;
    BOWLINE_TRY(ParsedSteps parsed, parseSteps(rest, own));
    out.steps = std::move(parsed.steps);
    if (parsed.multipath && participantsBranch)
        return makeError(kDescriptorKey, "alternatives in and after musig()");
    if (alternativesOutside > 1 && own.count > 1 && own.count != alternativesOutside) {
        return makeError(kDescriptorSyntax, "number of alternatives");
    }
    multipath.count = std::max(alternativesOutside, own.count);
    if (out.participants.size() > crypto::kMaxSigners)
        return makeError(kDescriptorKey, "too many participants");
    if (!rest.empty()) {
        if (hasHardened(out.steps.path) || out.steps.wildcard == Wildcard::Hardened) {
            return makeError(kDescriptorKey, "hardened steps after musig()");
        }
        const bool derivable = std::all_of(
            out.participants.begin(), out.participants.end(), [](const KeyExpression& participant) {
                return std::holds_alternative<ExtendedKey>(participant.kind) && !isRanged(participant);
            });
        if (!derivable) return makeError(kDescriptorKey, "steps after musig() need extended keys without /*");
    }
    return KeyExpression{std::nullopt, std::move(out)};
}

} // namespace

std::optional<Call> asCall(std::string_view text)
{
    const std::size_t open = text.find('(');
    if (open == std::string_view::npos || open == 0 || text.back() != ')') return std::nullopt;
    return Call{text.substr(0, open), text.substr(open + 1, text.size() - open - 2)};
}

std::vector<std::string_view> splitArguments(std::string_view text)
{
    std::vector<std::string_view> out;
    int depth = 0;
    std::size_t start = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '(' || c == '{') ++depth;
        if (c == ')' || c == '}') --depth;
        if (c == ',' && depth == 0) {
            out.push_back(text.substr(start, i - start));
            start = i + 1;
        }
    }
    out.push_back(text.substr(start));
    return out;
}

Result<KeyExpression> parseKey(std::string_view text, bitcoin::Network network, KeyPlace place,
                               Multipath& multipath)
{
    if (place == KeyPlace::Taproot && text.starts_with("musig(")) {
        const std::size_t close = text.rfind(')');
        if (close == std::string_view::npos) return makeError(kDescriptorSyntax, "musig()");
        return parseMusig(text.substr(6, close - 6), text.substr(close + 1), network, multipath);
    }
    std::optional<KeyOrigin> origin;
    if (text.starts_with('[')) {
        const std::size_t close = text.find(']');
        if (close == std::string_view::npos) return makeError(kDescriptorSyntax, "key origin");
        BOWLINE_TRY(origin, parseOrigin(text.substr(1, close - 1)));
        text.remove_prefix(close + 1);
    }
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string_view key = text.substr(0, slash);
    const std::string_view rest = text.substr(slash);
    const std::string_view kind = key.substr(0, 4);
    if (kind == "xpub" || kind == "tpub" || kind == "xprv" || kind == "tprv") {
        BOWLINE_TRY(ParsedSteps parsed, parseSteps(rest, multipath));
        BOWLINE_TRY(ExtendedKey extended, parseExtended(key, std::move(parsed.steps), network));
        return KeyExpression{std::move(origin), std::move(extended)};
    }
    if (!rest.empty()) return makeError(kDescriptorKey, "steps after a single key");
    if (key.size() >= 64 && isHex(key)) {
        BOWLINE_TRY(ConstantKey constant, parseHexKey(key, place));
        return KeyExpression{std::move(origin), std::move(constant)};
    }
    BOWLINE_TRY(ConstantKey constant, parseWif(key, network));
    return KeyExpression{std::move(origin), std::move(constant)};
}

} // namespace bowline::keys
