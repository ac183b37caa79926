// SPDX-License-Identifier: MIT
// Typed access to JSON objects from outside: parameters of a request, fields of a response.
//
// Every function fails with kInvalidParams and the field's name. Binary values are hex strings.
#pragma once

#include "core/base/bytes.h"
#include "core/base/types.h"
#include "core/net/jsonrpc.h"

#include <initializer_list>

namespace bowline::net {

/// Refuses names that are not listed, so that a misspelt optional parameter is an error and not ignored.
[[nodiscard]] base::Status onlyFields(const json::object& object,
                                      std::initializer_list<std::string_view> names);

[[nodiscard]] bool hasField(const json::object& object, std::string_view name);
[[nodiscard]] Result<std::uint64_t> fieldU64(const json::object& object, std::string_view name);
[[nodiscard]] Result<std::uint32_t> fieldU32(const json::object& object, std::string_view name);
/// At most `limit` bytes.
[[nodiscard]] Result<std::string> fieldText(const json::object& object, std::string_view name,
                                            std::size_t limit = 1024);
/// At most `limit` bytes after decoding.
[[nodiscard]] Result<base::Bytes> fieldHex(const json::object& object, std::string_view name,
                                           std::size_t limit);
[[nodiscard]] Result<base::ByteArray<32>> fieldHex32(const json::object& object, std::string_view name);
[[nodiscard]] Result<json::array> fieldArray(const json::object& object, std::string_view name);
[[nodiscard]] Result<json::object> fieldObject(const json::object& object, std::string_view name);
/// The value itself as an object.
[[nodiscard]] Result<json::object> asObject(const json::value& value);

} // namespace bowline::net
