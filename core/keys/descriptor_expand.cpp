// SPDX-License-Identifier: MIT
// Key expressions at an index, and as text.
#include "core/crypto/hash.h"
#include "core/keys/descriptor_key.h"
#include "core/keys/secure_text.h"

#include <algorithm>

namespace bowline::keys {

using base::makeError;
using base::SecureBytes;

namespace {

template <typename... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <typename... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

/// The last step at an index; nothing for a key without /*.
std::optional<std::uint32_t> lastStep(const Steps& steps, std::uint32_t index)
{
    if (steps.wildcard == Wildcard::None) return std::nullopt;
    return steps.wildcard == Wildcard::Hardened ? index | kHardened : index;
}

DerivationPath pathAt(const Steps& steps, std::uint32_t index)
{
    DerivationPath out = steps.path;
    if (const auto step = lastStep(steps, index)) out.push_back(*step);
    return out;
}

Result<crypto::PublicKey> keyAt(const ExtendedKey& key, std::uint32_t index)
{
    const auto step = lastStep(key.steps, index);
    if (step && *step >= kHardened && key.secretBase) {
        BOWLINE_TRY(const auto child, key.secretBase->child(*step));
        return child.key().publicKey();
    }
    if (!key.base) return makeError(kHardenedNeedsPrivateKey);
    if (!step) return key.base->key();
    BOWLINE_TRY(const auto child, key.base->child(*step));
    return child.key();
}

Result<ExpandedExpression> expandSingle(const KeyExpression& expression, std::uint32_t index)
{
    const auto single = [&expression](const crypto::PublicKey& key, const Fingerprint& fingerprint,
                                      const DerivationPath& path) {
        KeyOrigin origin = expression.origin.value_or(KeyOrigin{fingerprint, {}});
        origin.path.insert(origin.path.end(), path.begin(), path.end());
        return ExpandedExpression{key, {ExpandedKey{key, std::move(origin), false, {}}}, std::nullopt};
    };
    if (const auto* constant = std::get_if<ConstantKey>(&expression.kind)) {
        return single(constant->key, fingerprintOf(constant->key), {});
    }
    const auto& extended = std::get<ExtendedKey>(expression.kind);
    BOWLINE_TRY(const crypto::PublicKey key, keyAt(extended, index));
    return single(key, extended.root.fingerprint(), pathAt(extended.steps, index));
}

Result<ExpandedExpression> expandMusig(const MusigKey& musig, std::uint32_t index)
{
    std::vector<ExpandedKey> singles;
    std::vector<crypto::PublicKey> keys;
    for (const KeyExpression& participant : musig.participants) {
        BOWLINE_TRY(ExpandedExpression expanded, expandSingle(participant, index));
        keys.push_back(expanded.key);
        singles.push_back(std::move(expanded.singles.front()));
    }
    BOWLINE_TRY(const auto aggregation, crypto::KeyAggregation::fromSortedKeys(std::move(keys)));
    const DerivationPath path = pathAt(musig.steps, index);
    BOWLINE_TRY(const auto derived, syntheticXpub(aggregation.key()).derive(path));
    ExpandedMusig out{aggregation.signers(), aggregation.key(), path, derived.key(), false, {}};
    return ExpandedExpression{derived.key(), std::move(singles), std::move(out)};
}

void printSteps(SecureBytes& out, const Steps& steps)
{
    appendText(out, formatSteps(steps.path));
    if (steps.wildcard != Wildcard::None) appendText(out, steps.wildcard == Wildcard::Plain ? "/*" : "/*h");
}

void printConstant(SecureBytes& out, const ConstantKey& key, bitcoin::Network network, Reveal reveal)
{
    if (reveal == Reveal::PrivateKeys && key.secret) {
        SecureBytes wif;
        wif.reserve(34);
        wif.push_back(bitcoin::chainParams(network).base58PrivateKey);
        wif.insert(wif.end(), key.secret->secret().begin(), key.secret->secret().end());
        wif.push_back(0x01);
        return appendText(out, asText(encodeSecretBase58Check(base::viewOf(wif))));
    }
    appendText(out, key.xOnly ? key.key.xOnly().hex() : base::toHex(key.key.view()));
}

} // namespace

bool isRanged(const KeyExpression& key)
{
    if (const auto* extended = std::get_if<ExtendedKey>(&key.kind)) {
        return extended->steps.wildcard != Wildcard::None;
    }
    const auto* musig = std::get_if<MusigKey>(&key.kind);
    return musig != nullptr &&
           (musig->steps.wildcard != Wildcard::None ||
            std::any_of(musig->participants.begin(), musig->participants.end(), isRanged));
}

bool hasSecret(const KeyExpression& key)
{
    return std::visit(Overloaded{
                          [](const ConstantKey& k) { return k.secret.has_value(); },
                          [](const ExtendedKey& k) { return k.secretRoot.has_value(); },
                          [](const MusigKey& k) {
                              return std::any_of(k.participants.begin(), k.participants.end(), hasSecret);
                          },
                      },
                      key.kind);
}

Result<ExpandedExpression> expandKey(const KeyExpression& key, std::uint32_t index)
{
    if (index >= kHardened) return makeError(kDescriptorNumber, "index");
    if (const auto* musig = std::get_if<MusigKey>(&key.kind)) return expandMusig(*musig, index);
    return expandSingle(key, index);
}

base::Status collectSecrets(const KeyExpression& key, std::uint32_t index,
                            std::vector<crypto::PrivateKey>& out)
{
    if (index >= kHardened) return makeError(kDescriptorNumber, "index");
    if (const auto* constant = std::get_if<ConstantKey>(&key.kind)) {
        if (constant->secret) out.push_back(constant->secret->clone());
    } else if (const auto* extended = std::get_if<ExtendedKey>(&key.kind)) {
        if (!extended->secretBase) return base::success();
        const auto step = lastStep(extended->steps, index);
        BOWLINE_TRY(const auto derived,
                    extended->secretBase->derive(step ? DerivationPath{*step} : DerivationPath{}));
        out.push_back(derived.key().clone());
    } else {
        for (const KeyExpression& participant : std::get<MusigKey>(key.kind).participants) {
            BOWLINE_CHECK(collectSecrets(participant, index, out));
        }
    }
    return base::success();
}

void printKey(SecureBytes& out, const KeyExpression& key, bitcoin::Network network, Reveal reveal)
{
    if (key.origin) {
        appendText(out, "[" + base::toHex(key.origin->fingerprint) + formatSteps(key.origin->path) + "]");
    }
    if (const auto* constant = std::get_if<ConstantKey>(&key.kind)) {
        printConstant(out, *constant, network, reveal);
    } else if (const auto* extended = std::get_if<ExtendedKey>(&key.kind)) {
        if (reveal == Reveal::PrivateKeys && extended->secretRoot) {
            appendText(out, asText(extended->secretRoot->toText(network)));
        } else {
            appendText(out, extended->root.toString(network));
        }
        printSteps(out, extended->steps);
    } else {
        const auto& musig = std::get<MusigKey>(key.kind);
        appendText(out, "musig(");
        for (std::size_t i = 0; i < musig.participants.size(); ++i) {
            if (i > 0) appendText(out, ",");
            printKey(out, musig.participants[i], network, reveal);
        }
        appendText(out, ")");
        printSteps(out, musig.steps);
    }
}

ExtendedPublicKey syntheticXpub(const crypto::PublicKey& aggregate)
{
    // The chain code that BIP328 fixes.
    static const base::Digest chainCode = crypto::sha256(base::viewOf("MuSig2MuSig2MuSig2"));
    return ExtendedPublicKey{aggregate, chainCode.bytes};
}

Result<crypto::KeyAggregation> keyAggregationOf(const ExpandedMusig& musig)
{
    BOWLINE_TRY(auto out, crypto::KeyAggregation::fromKeys(musig.participants));
    ExtendedPublicKey current = syntheticXpub(musig.aggregate);
    for (const std::uint32_t step : musig.path) {
        BOWLINE_TRY(const auto tweak, current.childTweak(step));
        BOWLINE_CHECK(out.tweakPlain(tweak));
        BOWLINE_TRY(current, current.child(step));
    }
    return out;
}

} // namespace bowline::keys
