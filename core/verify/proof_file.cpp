// SPDX-License-Identifier: MIT
#include "core/verify/proof_file.h"

#include <boost/json.hpp>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace bowline::verify {

namespace json = boost::json;
using base::Digest;
using base::makeError;

namespace {
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kMaxNetworkBytes = 1U << 20U;
constexpr std::size_t kReceiptSize = 49;
constexpr std::size_t kHeaderSize = l2::BatchHeader::kSize;

// Reads the members of one object by name; the first failure sticks.
class Fields {
public:
    Fields(const json::object& object, std::string where) : m_object(object), m_where(std::move(where)) {}

    [[nodiscard]] Bytes hex(std::string_view name, std::size_t limit)
    {
        const json::value* value = find(name);
        const json::string* text = value == nullptr ? nullptr : value->if_string();
        if (text == nullptr) return refuse<Bytes>(name);
        if (text->size() > 2 * limit) return tooMuch<Bytes>(name);
        auto bytes = base::fromHex(*text);
        return bytes.ok() ? std::move(*bytes) : refuse<Bytes>(name);
    }
    template <std::size_t N>
    void hexArray(std::string_view name, base::ByteArray<N>& out)
    {
        const auto bytes = base::toArray<N>(hex(name, N));
        if (bytes.ok()) {
            out = *bytes;
        } else {
            fail(kBadFile, name);
        }
    }
    /// null or hexadecimal.
    [[nodiscard]] std::optional<Bytes> hexOrNull(std::string_view name, std::size_t limit)
    {
        const json::value* value = find(name);
        if (value != nullptr && value->is_null()) return std::nullopt;
        return hex(name, limit);
    }
    template <typename Integer>
    [[nodiscard]] Integer number(std::string_view name)
    {
        const json::value* value = find(name);
        return value == nullptr ? refuse<Integer>(name) : integer<Integer>(*value, name);
    }
    template <typename Integer>
    [[nodiscard]] Integer integer(const json::value& value, std::string_view name)
    {
        json::error_code error;
        const auto wide = value.to_number<std::uint64_t>(error);
        const bool whole = value.is_int64() || value.is_uint64();
        if (error || !whole || wide > std::numeric_limits<Integer>::max()) return refuse<Integer>(name);
        return static_cast<Integer>(wide);
    }
    [[nodiscard]] std::string text(std::string_view name)
    {
        const json::value* value = find(name);
        if (value == nullptr || !value->is_string()) return refuse<std::string>(name);
        return std::string(value->get_string());
    }
    [[nodiscard]] const json::object& object(std::string_view name)
    {
        static const json::object kNone;
        const json::value* value = find(name);
        if (value != nullptr && value->is_object()) return value->get_object();
        fail(kBadFile, name);
        return kNone;
    }
    [[nodiscard]] const json::array& list(std::string_view name, std::size_t limit)
    {
        static const json::array kNone;
        const json::value* value = find(name);
        if (value == nullptr || !value->is_array()) {
            fail(kBadFile, name);
            return kNone;
        }
        if (value->get_array().size() <= limit) return value->get_array();
        fail(kFileTooMuch, name);
        return kNone;
    }
    [[nodiscard]] std::vector<Digest> digests(std::string_view name)
    {
        std::vector<Digest> out;
        for (const json::value& item : list(name, 32)) {
            const auto digest =
                item.is_string() ? Digest::fromHex(item.get_string()) : Result<Digest>(makeError(kBadFile));
            if (!digest.ok()) return refuse<std::vector<Digest>>(name);
            out.push_back(*digest);
        }
        return out;
    }
    [[nodiscard]] bool isNull(std::string_view name)
    {
        const json::value* value = find(name);
        return value != nullptr && value->is_null();
    }
    void fail(base::ErrorCode code, std::string_view name)
    {
        if (!m_error) m_error = makeError(code, m_where + std::string(name));
    }
    [[nodiscard]] base::Status status() const { return m_error ? base::Status(*m_error) : base::success(); }

private:
    template <typename T>
    [[nodiscard]] T refuse(std::string_view name)
    {
        fail(kBadFile, name);
        return T{};
    }
    template <typename T>
    [[nodiscard]] T tooMuch(std::string_view name)
    {
        fail(kFileTooMuch, name);
        return T{};
    }
    [[nodiscard]] const json::value* find(std::string_view name) const { return m_object.if_contains(name); }

    const json::object& m_object;
    std::string m_where;
    std::optional<base::Error> m_error;
};

// ---- reading ----

Result<l2::Receipt> receiptOf(base::ByteView bytes)
{
    base::Reader reader(bytes);
    const l2::Receipt out = l2::readReceipt(reader);
    BOWLINE_CHECK(reader.finish());
    return out;
}

Result<Subject> readState(Fields& in)
{
    ShownState out;
    const auto kind = in.number<std::uint8_t>("object");
    out.object = {static_cast<l2::ObjectKind>(kind), in.hex("id", 64)};
    out.value = in.hexOrNull("value", l2::kMaxTransactionBytes);
    const auto proof = l2::parseStateProof(in.hex("path", 32 * (l2::kKeyBits + 4)));
    if (proof.ok()) {
        out.proof = *proof;
    } else {
        in.fail(kBadFile, "path");
    }
    if (!in.isNull("history")) {
        out.history.emplace();
        for (const json::value& item : in.list("history", kMaxShownHistory)) {
            const json::array* row = item.if_array();
            const bool isRow = row != nullptr && row->size() == 3 && (*row)[0].is_string();
            const auto hash =
                isRow ? l2::TxHash::fromHex((*row)[0].get_string()) : Result<l2::TxHash>(makeError(kBadFile));
            if (!hash.ok()) return makeError(kBadFile, "subject.history");
            out.history->push_back({*hash,
                                    {in.integer<std::uint64_t>((*row)[1], "history")},
                                    in.integer<std::uint32_t>((*row)[2], "history")});
        }
    }
    BOWLINE_CHECK(in.status());
    return Subject{std::move(out)};
}

Result<Subject> readTransaction(Fields& in)
{
    ShownTransaction out;
    out.transaction = in.hex("transaction", l2::kMaxTransactionBytes);
    out.path.index = in.number<std::uint64_t>("index");
    out.path.count = in.number<std::uint64_t>("count");
    out.path.siblings = in.digests("path");
    const auto receipt = receiptOf(in.hex("receipt", kReceiptSize));
    if (!receipt.ok()) in.fail(kBadFile, "receipt");
    out.receiptSiblings = in.digests("receipt_path");
    BOWLINE_CHECK(in.status());
    out.receipt = *receipt;
    return Subject{std::move(out)};
}

Result<Subject> readBatch(Fields& in)
{
    ShownBatch out;
    const auto body = l2::parseBatchBody(in.hex("body", l2::kMaxBatchBytes));
    if (!body.ok()) in.fail(kBadFile, "body");
    const Bytes receipts = in.hex("receipts", kReceiptSize * l2::kMaxTransactions);
    if (receipts.size() % kReceiptSize != 0) in.fail(kBadFile, "receipts");
    BOWLINE_CHECK(in.status());
    out.body = *body;
    for (std::size_t at = 0; at < receipts.size(); at += kReceiptSize) {
        const auto receipt = receiptOf(base::ByteView(receipts).subspan(at, kReceiptSize));
        if (!receipt.ok()) return makeError(kBadFile, "subject.receipts");
        out.receipts.push_back(*receipt);
    }
    return Subject{std::move(out)};
}

Result<Subject> readSubject(const json::object& object)
{
    Fields in(object, "subject.");
    const std::string kind = in.text("kind");
    if (kind == "state") return readState(in);
    if (kind == "transaction") return readTransaction(in);
    if (kind == "batch") return readBatch(in);
    return makeError(kBadFile, "subject.kind");
}

Result<ShownAnchor> readAnchor(const json::value& value)
{
    if (!value.is_object()) return makeError(kBadFile, "anchors");
    Fields in(value.get_object(), "anchors.");
    ShownAnchor out;
    out.height.value = in.number<std::uint32_t>("height");
    out.transaction = in.hex("transaction", bitcoin::kMaxBlockWeight);
    out.path.index = in.number<std::uint32_t>("index");
    out.path.siblings = in.digests("path");
    // Of most there is none, and then it is not written.
    if (value.get_object().contains("added")) {
        for (const json::value& each : in.list("added", kMaxAdded)) {
            const auto sat = in.integer<std::uint64_t>(each, "added");
            if (sat > static_cast<std::uint64_t>(base::Amount::kMaxSat))
                return makeError(kBadFile, "anchors.added");
            out.added.push_back(base::Amount::fromSat(static_cast<std::int64_t>(sat)));
        }
    }
    BOWLINE_CHECK(in.status());
    return out;
}

base::Status readHeaders(Fields& in, ProofFile& out)
{
    const Bytes bitcoin = in.hex("bitcoin", 80 * kMaxBitcoinHeaders);
    if (bitcoin.size() % 80 != 0) in.fail(kBadFile, "bitcoin");
    const Bytes headers = in.hex("headers", kHeaderSize * kMaxBatchHeaders);
    if (headers.size() % kHeaderSize != 0) in.fail(kBadFile, "headers");
    BOWLINE_CHECK(in.status());
    for (std::size_t at = 0; at < bitcoin.size(); at += 80) {
        BOWLINE_TRY(const auto header, base::toArray<80>(base::ByteView(bitcoin).subspan(at, 80)));
        out.bitcoin.push_back(header);
    }
    for (std::size_t at = 0; at < headers.size(); at += kHeaderSize) {
        const auto header = l2::parseBatchHeader(base::ByteView(headers).subspan(at, kHeaderSize));
        if (!header.ok()) return makeError(kBadFile, "headers");
        out.headers.push_back(*header);
    }
    return base::success();
}

Result<l2::Network> readNetwork(Fields& in)
{
    const std::string text = json::serialize(in.object("network"));
    BOWLINE_CHECK(in.status());
    // Each member costs a signature check and a place in the aggregate.
    if (text.size() > kMaxNetworkBytes) return makeError(kFileTooMuch, "network");
    return l2::parseNetworkJson(text);
}

Result<ProofFile> readFile(const json::object& object)
{
    Fields in(object, {});
    if (const auto version = in.number<std::uint64_t>("bowline_proof");
        in.status().ok() && version != kVersion)
        return makeError(kUnknownVersion, std::to_string(version));
    BOWLINE_CHECK(in.status());
    ProofFile out;
    BOWLINE_CHECK(readHeaders(in, out));
    out.batch.value = in.number<std::uint64_t>("batch");
    in.hexArray("signature", out.signature);
    const json::object& subject = in.object("subject");
    BOWLINE_CHECK(in.status());
    BOWLINE_TRY(out.subject, readSubject(subject));
    for (const json::value& value : in.list("anchors", kMaxAnchors)) {
        BOWLINE_TRY(ShownAnchor anchor, readAnchor(value));
        out.anchors.push_back(std::move(anchor));
    }
    out.chainProof = in.hexOrNull("chain_proof", kMaxChainProofBytes).value_or(Bytes{});
    BOWLINE_CHECK(in.status());
    BOWLINE_TRY(out.network, readNetwork(in));
    return out;
}

// ---- writing ----

json::array hexList(std::span<const Digest> digests)
{
    json::array out;
    for (const Digest& digest : digests) out.emplace_back(digest.hex());
    return out;
}

json::object writeSubject(const ShownState& state)
{
    json::object out{{"kind", "state"},
                     {"object", static_cast<std::uint8_t>(state.object.kind)},
                     {"id", base::toHex(state.object.id)},
                     {"value", nullptr},
                     {"path", base::toHex(state.proof.encode())},
                     {"history", nullptr}};
    if (state.value) out["value"] = base::toHex(*state.value);
    if (!state.history) return out;
    json::array& list = out["history"].emplace_array();
    for (const l2::HistoryEntry& entry : *state.history)
        list.push_back(json::array{entry.transaction.hex(), entry.batch.value, entry.index});
    return out;
}

json::object writeSubject(const ShownTransaction& shown)
{
    return {{"kind", "transaction"},
            {"transaction", base::toHex(shown.transaction)},
            {"index", shown.path.index},
            {"count", shown.path.count},
            {"path", hexList(shown.path.siblings)},
            {"receipt", base::toHex(shown.receipt.encode())},
            {"receipt_path", hexList(shown.receiptSiblings)}};
}

json::object writeSubject(const ShownBatch& batch)
{
    Bytes receipts;
    for (const l2::Receipt& receipt : batch.receipts) base::append(receipts, receipt.encode());
    return {
        {"kind", "batch"}, {"body", base::toHex(batch.body.encode())}, {"receipts", base::toHex(receipts)}};
}

json::object toJson(const ProofFile& file)
{
    json::object out;
    out["bowline_proof"] = kVersion;
    out["network"] = json::parse(l2::toNetworkJson(file.network));
    Bytes bitcoin;
    for (const auto& header : file.bitcoin) base::append(bitcoin, header);
    out["bitcoin"] = base::toHex(bitcoin);
    Bytes headers;
    for (const l2::BatchHeader& header : file.headers) base::append(headers, header.encode());
    out["headers"] = base::toHex(headers);
    out["batch"] = file.batch.value;
    out["signature"] = base::toHex(file.signature);
    out["subject"] = std::visit([](const auto& subject) { return writeSubject(subject); }, file.subject);
    json::array& anchors = out["anchors"].emplace_array();
    for (const ShownAnchor& anchor : file.anchors) {
        json::object one{{"height", anchor.height.value},
                         {"transaction", base::toHex(anchor.transaction)},
                         {"index", anchor.path.index},
                         {"path", hexList(anchor.path.siblings)}};
        if (!anchor.added.empty()) {
            json::array& added = one["added"].emplace_array();
            for (const base::Amount value : anchor.added) added.emplace_back(value.sat());
        }
        anchors.push_back(std::move(one));
    }
    out["chain_proof"] = nullptr;
    if (!file.chainProof.empty()) out["chain_proof"] = base::toHex(file.chainProof);
    return out;
}
} // namespace

const l2::BatchHeader* ProofFile::header() const
{
    if (headers.empty() || batch < headers.front().height) return nullptr;
    const std::uint64_t at = batch.value - headers.front().height.value;
    return at < headers.size() && headers[at].height == batch ? &headers[at] : nullptr;
}

Result<ProofFile> parseProofFile(std::string_view text)
{
    if (text.size() > kMaxFileBytes) return makeError(kFileTooLong);
    // No text in a file has a comma or a bracket in it, unless it is one that is refused later.
    const auto begins = [](char c) { return c == ',' || c == '[' || c == '{'; };
    if (std::count_if(text.begin(), text.end(), begins) > std::ptrdiff_t{kMaxValues})
        return makeError(kFileTooMuch, "values");
    json::error_code error;
    const json::value root = json::parse(json::string_view(text.data(), text.size()), error);
    if (error || !root.is_object()) return makeError(kBadFile, "not a JSON object");
    BOWLINE_TRY(ProofFile out, readFile(root.get_object()));
    // One spelling only: what was not read is nowhere in the file.
    if (toText(out) != text) return makeError(kFileNotCanonical);
    return out;
}

// One member a line: a person can see the parts of it.
std::string toText(const ProofFile& file)
{
    const json::object object = toJson(file);
    std::string out = "{\n";
    for (auto it = object.begin(); it != object.end(); ++it) {
        out += "  \"" + std::string(it->key()) + "\": " + json::serialize(it->value());
        out += std::next(it) == object.end() ? "\n" : ",\n";
    }
    return out + "}\n";
}

Result<std::string> readText(const std::string& path, std::size_t limit)
{
    std::ifstream in(path, std::ios::binary);
    if (!in || std::filesystem::is_directory(path)) return makeError(kNoFile, path);
    std::string text;
    std::array<char, 1U << 16U> piece;
    while (in.read(piece.data(), piece.size()) || in.gcount() > 0) {
        text.append(piece.data(), static_cast<std::size_t>(in.gcount()));
        if (text.size() > limit) return makeError(kFileTooLong, path);
    }
    return text;
}

base::Status writeText(const std::string& path, std::string_view text)
{
    const std::string part = path + ".part";
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        out.write(text.data(), static_cast<std::streamsize>(text.size()));
        out.close();
        if (!out) return makeError(kNotWritten, path);
    }
    std::error_code failure;
    std::filesystem::rename(part, path, failure);
    if (!failure) return base::success();
    std::filesystem::remove(part, failure);
    return makeError(kNotWritten, path);
}

} // namespace bowline::verify
