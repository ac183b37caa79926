// SPDX-License-Identifier: MIT
#include "core/stf/pins.h"

#include "core/stf/pinned_json.h"

#include <boost/json.hpp>

namespace bowline::stf {

namespace json = boost::json;

namespace {
using base::makeError;
using base::Result;

Result<std::string> textIn(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    if (value == nullptr || !value->is_string())
        return makeError(kNotPinned, "no text named " + std::string(name));
    return std::string(value->get_string());
}

template <typename Hash>
Result<Hash> hashIn(const json::object& object, std::string_view name)
{
    BOWLINE_TRY(const std::string text, textIn(object, name));
    Result<Hash> hash = Hash::fromHex(text);
    if (!hash) return makeError(kNotPinned, std::string(name) + " is no hash");
    return hash;
}
} // namespace

Result<ProgramPin> pinIn(std::string_view text, bitcoin::Network network)
{
    boost::system::error_code failure;
    const json::value root = json::parse(text, failure);
    if (failure || !root.is_object()) return makeError(kNotPinned, "no JSON object");
    const json::value* networks = root.get_object().if_contains("networks");
    const json::value* pin = networks != nullptr && networks->is_object()
                                 ? networks->get_object().if_contains(bitcoin::networkName(network))
                                 : nullptr;
    if (pin == nullptr || !pin->is_object())
        return makeError(kNotPinned, std::string(bitcoin::networkName(network)));
    ProgramPin out;
    BOWLINE_TRY(out.imageDigest, hashIn<base::Digest>(pin->get_object(), "image_sha256"));
    BOWLINE_TRY(out.id, hashIn<field::FieldDigest>(pin->get_object(), "program_id"));
    BOWLINE_TRY(out.compiler, textIn(pin->get_object(), "compiler"));
    BOWLINE_TRY(out.kernelCompiler, textIn(pin->get_object(), "kernel_compiler"));
    return out;
}

Result<ProgramPin> pinOf(bitcoin::Network network) { return pinIn(kPinnedJson, network); }

} // namespace bowline::stf
