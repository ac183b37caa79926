// SPDX-License-Identifier: MIT
#include "core/net/params.h"

#include <limits>

namespace bowline::net {

namespace {
Error bad(std::string_view name, std::string_view why)
{
    return base::makeError(kInvalidParams, std::string(name) + ": " + std::string(why));
}

Result<const json::value*> find(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    if (value == nullptr) return bad(name, "missing");
    return value;
}
} // namespace

base::Status onlyFields(const json::object& object, std::initializer_list<std::string_view> names)
{
    for (const auto& pair : object) {
        const std::string_view key = pair.key();
        if (std::find(names.begin(), names.end(), key) == names.end()) {
            return bad(key.substr(0, kMaxMethodLength), "unknown");
        }
    }
    return base::success();
}

bool hasField(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(name);
    return value != nullptr && !value->is_null();
}

Result<std::uint64_t> fieldU64(const json::object& object, std::string_view name)
{
    BOWLINE_TRY(const json::value* value, find(object, name));
    if (value->is_uint64()) return value->get_uint64();
    if (value->is_int64() && value->get_int64() >= 0) return static_cast<std::uint64_t>(value->get_int64());
    return bad(name, "must be an integer that is not negative");
}

Result<std::uint32_t> fieldU32(const json::object& object, std::string_view name)
{
    BOWLINE_TRY(const std::uint64_t value, fieldU64(object, name));
    if (value > std::numeric_limits<std::uint32_t>::max()) return bad(name, "too large");
    return static_cast<std::uint32_t>(value);
}

Result<std::string> fieldText(const json::object& object, std::string_view name, std::size_t limit)
{
    BOWLINE_TRY(const json::value* value, find(object, name));
    if (!value->is_string()) return bad(name, "must be a string");
    if (value->get_string().size() > limit) return bad(name, "too long");
    return std::string(value->get_string());
}

Result<base::Bytes> fieldHex(const json::object& object, std::string_view name, std::size_t limit)
{
    BOWLINE_TRY(const json::value* value, find(object, name));
    if (!value->is_string()) return bad(name, "must be a string of hex digits");
    if (value->get_string().size() > 2 * limit) return bad(name, "too long");
    auto bytes = base::fromHex(value->get_string());
    if (!bytes) return bad(name, "must be a string of hex digits");
    return bytes;
}

Result<base::ByteArray<32>> fieldHex32(const json::object& object, std::string_view name)
{
    BOWLINE_TRY(const base::Bytes bytes, fieldHex(object, name, 32));
    auto out = base::toArray<32>(bytes);
    if (!out) return bad(name, "must be 32 bytes of hex");
    return out;
}

Result<json::array> fieldArray(const json::object& object, std::string_view name)
{
    BOWLINE_TRY(const json::value* value, find(object, name));
    if (!value->is_array()) return bad(name, "must be an array");
    return value->get_array();
}

Result<json::object> fieldObject(const json::object& object, std::string_view name)
{
    BOWLINE_TRY(const json::value* value, find(object, name));
    if (!value->is_object()) return bad(name, "must be an object");
    return value->get_object();
}

Result<json::object> asObject(const json::value& value)
{
    if (!value.is_object()) return base::makeError(kInvalidParams, "must be an object");
    return value.get_object();
}

} // namespace bowline::net
