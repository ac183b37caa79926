// SPDX-License-Identifier: MIT
#include "core/net/jsonrpc.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <mutex>
#include <set>

namespace bowline::net {

namespace {

struct Reserved {
    base::ErrorCode code;
    int number;
};
// The numbers that section 5.1 of the specification reserves.
constexpr std::array kReserved{Reserved{kParseError, -32700}, Reserved{kInvalidRequest, -32600},
                               Reserved{kMethodNotFound, -32601}, Reserved{kInvalidParams, -32602},
                               Reserved{kInternalError, -32603}};
constexpr int kApplicationError = -32000;

constexpr std::size_t kMaxCodeLength = 64;
/// More than any answer has (the longest history of an account: half a million). Each takes far more memory than its text.
constexpr std::size_t kMaxJsonValues = 1'000'000;
constexpr std::size_t kMaxRemoteCodes = 512;

int numberOf(base::ErrorCode code)
{
    for (const Reserved& reserved : kReserved) {
        if (reserved.code == code) return reserved.number;
    }
    return kApplicationError;
}

bool isCodeName(std::string_view name)
{
    if (name.empty() || name.size() > kMaxCodeLength) return false;
    return std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
}

Error remoteFailure(const json::object& error)
{
    std::string detail;
    if (const json::value* message = error.if_contains("message");
        message != nullptr && message->is_string()) {
        detail.assign(message->get_string().data(),
                      std::min<std::size_t>(message->get_string().size(), 1024));
    }
    base::ErrorCode code = kRemoteError;
    const json::value* data = error.if_contains("data");
    if (data != nullptr && data->is_object()) {
        const json::value* name = data->get_object().if_contains("code");
        if (name != nullptr && name->is_string()) code = remoteCode(name->get_string());
    }
    return base::makeError(code, std::move(detail));
}

/// A number beyond a double's range is read as infinity, which JSON has no word for: it would not come back as what it was.
bool isFinite(const json::value& value)
{
    if (value.is_double()) return std::isfinite(value.get_double());
    if (value.is_array()) return std::all_of(value.get_array().begin(), value.get_array().end(), isFinite);
    if (!value.is_object()) return true;
    return std::all_of(value.get_object().begin(), value.get_object().end(),
                       [](const json::key_value_pair& field) { return isFinite(field.value()); });
}

std::string envelope(const json::value& id, std::string_view key, json::value content)
{
    json::object out;
    out["jsonrpc"] = "2.0";
    out["id"] = id;
    out[key] = std::move(content);
    return json::serialize(out);
}

} // namespace

base::ErrorCode remoteCode(std::string_view name)
{
    if (!isCodeName(name)) return kRemoteError;
    static std::mutex mutex;
    static std::set<std::string, std::less<>> names; // nodes of a set never move
    const std::lock_guard lock(mutex);
    auto found = names.find(name);
    if (found == names.end()) {
        if (names.size() >= kMaxRemoteCodes) return kRemoteError;
        found = names.emplace(name).first;
    }
    return base::ErrorCode{*found};
}

Result<json::value> parseJson(std::string_view text)
{
    // Those in texts count as well.
    const auto begins = [](char c) { return c == ',' || c == '[' || c == '{'; };
    if (std::count_if(text.begin(), text.end(), begins) > std::ptrdiff_t{kMaxJsonValues})
        return base::makeError(kParseError, "too many values");
    json::parse_options options;
    options.max_depth = kMaxJsonDepth;
    boost::system::error_code failure;
    json::value out = json::parse(text, failure, {}, options);
    if (failure) return base::makeError(kParseError, failure.message());
    if (!isFinite(out)) return base::makeError(kParseError, "a number is too large");
    return out;
}

Result<Request> parseRequest(std::string_view text)
{
    BOWLINE_TRY(json::value parsed, parseJson(text));
    if (parsed.is_array()) return base::makeError(kInvalidRequest, "batch requests are not accepted");
    if (!parsed.is_object()) return base::makeError(kInvalidRequest, "a request is an object");
    json::object& object = parsed.get_object();
    const json::value* version = object.if_contains("jsonrpc");
    if (version == nullptr || *version != "2.0") {
        return base::makeError(kInvalidRequest, "jsonrpc must be \"2.0\"");
    }
    Request out;
    const json::value* method = object.if_contains("method");
    if (method == nullptr || !method->is_string() || method->get_string().size() > kMaxMethodLength) {
        return base::makeError(kInvalidRequest, "method must be a short string");
    }
    out.method = method->get_string();
    if (json::value* params = object.if_contains("params"); params != nullptr) {
        if (!params->is_object()) return base::makeError(kInvalidParams, "params must be an object");
        out.params = std::move(params->get_object());
    }
    if (json::value* id = object.if_contains("id"); id != nullptr) {
        const bool allowed = id->is_null() || id->is_string() || id->is_int64() || id->is_uint64();
        if (!allowed) return base::makeError(kInvalidRequest, "id must be a string, an integer or null");
        out.id = std::move(*id);
    }
    return out;
}

std::string makeRequest(std::uint64_t id, std::string_view method, const json::object& params)
{
    json::object out;
    out["jsonrpc"] = "2.0";
    out["id"] = id;
    out["method"] = method;
    out["params"] = params;
    return json::serialize(out);
}

std::string makeResult(const json::value& id, const json::value& result)
{
    return envelope(id, "result", result);
}

std::string makeErrorResponse(const json::value& id, const Error& error)
{
    json::object data;
    data["code"] = error.code.name();
    json::object object;
    object["code"] = numberOf(error.code);
    object["message"] = error.detail.empty() ? std::string(error.code.name()) : error.detail;
    object["data"] = std::move(data);
    return envelope(id, "error", std::move(object));
}

std::string makeNotification(std::string_view method, const json::value& params)
{
    json::object out;
    out["jsonrpc"] = "2.0";
    out["method"] = method;
    out["params"] = params;
    return json::serialize(out);
}

Result<json::value> parseResponse(std::string_view text, std::uint64_t id)
{
    auto parsed = parseJson(text);
    if (!parsed) return base::makeError(kBadResponse, parsed.error().detail);
    if (!parsed->is_object()) return base::makeError(kBadResponse, "a response is an object");
    json::object& object = parsed->get_object();
    const json::value* error = object.if_contains("error");
    // A server that could not read the request answers with the id null.
    const json::value* answered = object.if_contains("id");
    const bool ours = answered != nullptr && (*answered == id || (answered->is_null() && error != nullptr));
    if (!ours) return base::makeError(kBadResponse, "the response is to another request");
    if (error != nullptr) {
        if (!error->is_object()) return base::makeError(kBadResponse, "error must be an object");
        return remoteFailure(error->get_object());
    }
    json::value* result = object.if_contains("result");
    if (result == nullptr) return base::makeError(kBadResponse, "neither result nor error");
    return std::move(*result);
}

} // namespace bowline::net
