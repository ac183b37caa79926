// SPDX-License-Identifier: MIT
#include "app/services/local/explorer.h"

#include "app/services/local/batch_view.h"
#include "core/l2/address.h"
#include "core/l2/list_path.h"

#include <boost/json.hpp>

#include <algorithm>
#include <charconv>

namespace bowline::services {

namespace json = boost::json;
using base::makeError;
using base::Result;
using l2::ObjectKind;
using verify::Outcome;

namespace {
constexpr std::size_t kPage = 20;
constexpr std::string_view kNodeHasNot = "node.not-here";

std::optional<std::uint64_t> numberIn(std::string_view text)
{
    std::uint64_t out = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
    const bool whole = failure == std::errc{} && end == text.data() + text.size() && !text.empty();
    return whole ? std::optional(out) : std::nullopt;
}

std::optional<l2::ObjectId> vaultIn(std::string_view text)
{
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const auto txid = base::Txid::fromDisplayHex(text.substr(0, colon));
    const auto index = numberIn(text.substr(colon + 1));
    if (!txid.ok() || !index || *index > 0xffffffff) return std::nullopt;
    return l2::vaultId({*txid, static_cast<std::uint32_t>(*index)});
}

/// The object that a text names which says its kind.
std::optional<l2::ObjectId> objectIn(std::string_view kind, std::string_view text, bitcoin::Network network)
{
    const auto number = numberIn(text);
    if (kind == "withdrawal" && number) return l2::withdrawalId(*number);
    if (kind == "claim" && number) return l2::claimObjectId(*number);
    if (kind == "vault") return vaultIn(text);
    if (kind == "payment") {
        const auto txid = base::Txid::fromDisplayHex(text);
        return txid.ok() ? std::optional(l2::paymentId(*txid)) : std::nullopt;
    }
    if (kind != "account" && kind != "operator") return std::nullopt;
    auto key = base::XOnlyPublicKey::fromHex(text);
    if (!key.ok()) key = l2::accountFromText(text, network);
    if (!key.ok()) return std::nullopt;
    return kind == "account" ? l2::accountId(*key) : l2::operatorId(*key);
}

Result<std::vector<base::Digest>> digestsOf(const json::value& answer, std::string_view name)
{
    const json::object* object = answer.if_object();
    const json::value* field = object == nullptr ? nullptr : object->if_contains(name);
    if (field == nullptr || !field->is_array() || field->get_array().size() > 32)
        return badAnswer("no " + std::string(name));
    std::vector<base::Digest> out;
    for (const json::value& item : field->get_array()) {
        if (!item.is_string()) return badAnswer("bad " + std::string(name));
        BOWLINE_TRY(const base::Digest digest, base::Digest::fromHex(item.get_string()));
        out.push_back(digest);
    }
    return out;
}

Result<l2::Receipt> receiptOf(base::ByteView bytes)
{
    base::Reader reader(bytes);
    const l2::Receipt out = l2::readReceipt(reader);
    BOWLINE_CHECK(reader.finish());
    return out;
}

bool anyFailed(const std::vector<verify::Check>& checks)
{
    return std::any_of(checks.begin(), checks.end(),
                       [](const verify::Check& check) { return check.outcome == Outcome::Failed; });
}

EntryView entryOf(base::ByteView transaction, std::uint64_t batch, std::uint32_t index,
                  const Verdict& verdict, bitcoin::Network network)
{
    EntryView out;
    out.query = "tx:" + l2::hashOfEncoded(transaction).hex();
    out.batch = batch;
    out.place = index + 1;
    out.verdict = verdict;
    if (const auto facts = verify::factsOf(transaction, network); facts.ok()) {
        out.kind = valueIn(*facts, "type");
        out.amount = amountIn(*facts, "amount");
    }
    return out;
}
} // namespace

Result<Query> parseQuery(std::string text, bitcoin::Network network)
{
    constexpr std::string_view kSpace = " \t\r\n";
    const std::size_t first = text.find_first_not_of(kSpace);
    if (first == std::string::npos) return makeError(kBadQuery, "empty");
    text = text.substr(first, text.find_last_not_of(kSpace) - first + 1);
    Query out;
    out.text = text;
    const std::size_t colon = text.find(':');
    const std::string kind = colon == std::string::npos ? "" : text.substr(0, colon);
    const std::string rest = colon == std::string::npos ? text : text.substr(colon + 1);
    if (const auto number = numberIn(rest); number && (kind.empty() || kind == "batch")) {
        out.batch = {*number};
        if (kind.empty()) out.object = l2::withdrawalId(*number); // unless there is such a batch
        return out;
    }
    if (kind == "tx") {
        BOWLINE_TRY(out.transaction, l2::TxHash::fromHex(rest));
        return out;
    }
    if (!kind.empty()) {
        out.object = objectIn(kind, rest, network);
        if (!out.object) out.object = vaultIn(text);
        if (!out.object) return makeError(kBadQuery, text);
        return out;
    }
    if (const auto hash = base::Digest::fromHex(text); hash.ok()) {
        out.hash = *hash;
        return out;
    }
    out.object = text == "counters" ? l2::countersId() : objectIn("account", text, network);
    if (!out.object) return makeError(kBadQuery, text);
    return out;
}

std::string queryOf(const l2::ObjectId& object)
{
    const std::string name(verify::nameOf(object.kind));
    if (object.id.empty()) return name;
    const verify::Facts facts = verify::factsOf(object, std::nullopt, bitcoin::Network::Regtest);
    return facts.empty() ? name : name + ':' + facts.front().value;
}

Result<Found> Explorer::find(const Query& query)
{
    if (query.transaction) return transaction(*query.transaction);
    if (query.hash) return anything(*query.hash);
    if (query.batch) {
        if (*query.batch > m_access.client.head().header.height) static_cast<void>(m_access.catchUp().ok());
        if (*query.batch <= m_access.client.head().header.height || !query.object) return batch(*query.batch);
    }
    if (query.object->kind == ObjectKind::Account) return account(*query.object);
    BOWLINE_TRY(Found found, object(*query.object));
    const auto& state = std::get<verify::ShownState>(found.shown.subject);
    // A number that is no batch, and no withdrawal either.
    if (query.batch && !state.value) return makeError(kNotFound, query.text);
    return found;
}

// ---- batches ----

bool Explorer::holds(const l2::SignedHeader& head) const
{
    const l2::SignedHeader* held = m_access.client.headerAt(head.header.height);
    return held != nullptr && held->header == head.header;
}

BatchView Explorer::batchView(const l2::SignedHeader& head, const l2::Verdict& verdict) const
{
    BatchView out = batchViewOf(head, verdict, m_access.provider);
    if (m_sealsKnown && holds(head))
        out.seal = sealViewOf(m_access.sealed.verdictOf(head.header.height, m_access.bitcoin));
    setFinality(out, m_params.depth);
    return out;
}

Result<Shown> shownBatchOf(const json::value& batch, const json::value& receipts)
{
    if (!batch.is_string() || !receipts.is_string()) return badAnswer("no batch");
    BOWLINE_TRY(const base::Bytes bytes, base::fromHex(batch.get_string()));
    BOWLINE_TRY(l2::SignedBatch parsed, l2::parseSignedBatch(bytes));
    BOWLINE_TRY(const base::Bytes list, base::fromHex(receipts.get_string()));
    constexpr std::size_t kReceipt = 49;
    if (list.size() != kReceipt * parsed.body.transactions.size()) return badAnswer("receipts");
    verify::ShownBatch shown{std::move(parsed.body), {}};
    for (std::size_t at = 0; at < list.size(); at += kReceipt) {
        BOWLINE_TRY(const l2::Receipt receipt, receiptOf(base::ByteView(list).subspan(at, kReceipt)));
        shown.receipts.push_back(receipt);
    }
    return Shown{parsed.head, std::move(shown)};
}

Result<Found> Explorer::batch(base::BatchNumber number)
{
    BOWLINE_TRY(const json::value batch, m_access.rpc.call("chain_batch", {{"n", number.value}}));
    BOWLINE_TRY(const json::value receipts, m_access.rpc.call("chain_receipts", {{"n", number.value}}));
    Found out;
    BOWLINE_TRY(out.shown, shownBatchOf(batch, receipts));
    if (out.shown.batch.header.height != number) return badAnswer("another batch");
    if (number > m_access.client.head().header.height) BOWLINE_CHECK(m_access.catchUp());
    const auto& shown = std::get<verify::ShownBatch>(out.shown.subject);
    l2::Verdict verdict = m_access.client.addBatch({out.shown.batch, shown.body}, m_access.provider);
    if (anyFailed(verify::checkSubject(out.shown.batch.header, out.shown.subject)))
        verdict = l2::Invalid{std::string(l2::kReasonBadBody), m_access.provider};

    FoundView& view = out.view;
    view.kind = "batch";
    view.query = "batch:" + std::to_string(number.value);
    view.verdict = verdictView(verdict, m_access.provider);
    view.batch = batchView(out.shown.batch, verdict);
    view.batch.transactions = static_cast<std::uint32_t>(shown.body.transactions.size());
    view.facts = factViews({verify::hashFact("batch-hash", out.shown.batch.header.hash())});
    view.checks = checksOf(out.shown);
    view.entryCount = shown.body.transactions.size();
    const std::size_t most = std::min<std::size_t>(shown.body.transactions.size(), FoundView::kMostEntries);
    for (std::uint32_t i = 0; i < most; ++i)
        view.entries.push_back(
            entryOf(shown.body.transactions[i], number.value, i, view.verdict, m_params.bitcoinNetwork));
    return out;
}

Result<std::vector<BatchView>> Explorer::batches(std::optional<std::uint64_t> before, std::size_t count)
{
    std::vector<BatchView> out;
    const std::uint64_t head = m_access.client.head().header.height.value;
    std::uint64_t end = before ? std::min(*before, head + 1) : head + 1;
    for (count = std::min(count, kPage); count > 0 && end > 0; --count) {
        const base::BatchNumber number{--end};
        const l2::SignedHeader* held = m_access.client.headerAt(number);
        if (held == nullptr) break;
        out.push_back(batchView(*held, m_access.client.verdictOf(number)));
    }
    countTransactions(out);
    return out;
}

/// A number that does not make the header's root is left out: the list does not depend on the node.
void Explorer::countTransactions(std::vector<BatchView>& views)
{
    if (views.empty()) return;
    const auto answer =
        m_access.rpc.call("batch_counts", {{"first", views.back().number}, {"count", views.size()}});
    if (!answer.ok() || !answer->is_array()) return;
    for (const json::value& row : answer->get_array()) {
        const auto number = numberField(row, "batch");
        const auto count = numberField(row, "transactions");
        const auto top = hexField(row, "top");
        if (!number.ok() || !count.ok() || !top.ok() || top->size() != 32) continue;
        const l2::SignedHeader* held = m_access.client.headerAt({*number});
        const base::Digest digest{*base::toArray<32>(*top)};
        if (held == nullptr || l2::rootOfListTop(*count, digest) != held->header.txsRoot) continue;
        for (BatchView& view : views) {
            if (view.number == *number) view.transactions = static_cast<std::uint32_t>(*count);
        }
    }
}

// ---- transactions ----

Result<Shown> shownTransactionOf(const json::value& answer)
{
    Shown out;
    verify::ShownTransaction shown;
    BOWLINE_TRY(out.batch, signedHeaderOf(answer));
    BOWLINE_TRY(shown.transaction, hexField(answer, "transaction"));
    BOWLINE_TRY(shown.path.index, numberField(answer, "index"));
    BOWLINE_TRY(shown.path.count, numberField(answer, "count"));
    BOWLINE_TRY(shown.path.siblings, digestsOf(answer, "path"));
    BOWLINE_TRY(const base::Bytes receipt, hexField(answer, "receipt"));
    BOWLINE_TRY(shown.receipt, receiptOf(receipt));
    BOWLINE_TRY(shown.receiptSiblings, digestsOf(answer, "receipt_path"));
    out.subject = std::move(shown);
    return out;
}

Result<Found> Explorer::transaction(const l2::TxHash& hash)
{
    const auto answer = m_access.rpc.call("tx_proof", {{"hash", hash.hex()}});
    if (!answer.ok() && answer.error().code.name() == kNodeHasNot) return makeError(kNotFound, hash.hex());
    if (!answer.ok()) return answer.error();
    Found out;
    BOWLINE_TRY(out.shown, shownTransactionOf(*answer));
    const auto& shown = std::get<verify::ShownTransaction>(out.shown.subject);
    if (l2::hashOfEncoded(shown.transaction) != hash) return badAnswer("another transaction");
    const l2::BatchHeader& header = out.shown.batch.header;
    if (header.height > m_access.client.head().header.height) BOWLINE_CHECK(m_access.catchUp());
    l2::Verdict verdict = holds(out.shown.batch)
                              ? m_access.client.verdictOf(header.height)
                              : m_access.client.addHeader(out.shown.batch, m_access.provider);
    if (anyFailed(verify::checkSubject(header, out.shown.subject)))
        verdict = l2::Invalid{std::string(l2::kReasonBadProof), m_access.provider};

    FoundView& view = out.view;
    view.kind = "transaction";
    view.query = "tx:" + hash.hex();
    verify::Facts facts = verify::factsOf(shown.transaction, m_params.bitcoinNetwork)
                              .valueOr({verify::hashFact("transaction", hash)});
    facts.push_back(verify::numberFact("place", shown.path.index + 1));
    facts.push_back(verify::numberFact("of", shown.path.count));
    if (shown.receipt.reference != 0) {
        const bool isWithdrawal = shown.receipt.kind == l2::TxType::WithdrawRequest;
        facts.push_back(
            verify::numberFact(isWithdrawal ? "withdrawal-id" : "reference", shown.receipt.reference));
    }
    view.facts = factViews(facts);
    view.verdict = verdictView(verdict, m_access.provider);
    view.batch = batchView(out.shown.batch, verdict);
    view.batch.transactions = static_cast<std::uint32_t>(shown.path.count);
    view.checks = checksOf(out.shown);
    return out;
}

// ---- objects ----

Found Explorer::foundState(const l2::StateAnswer& answer, const l2::Verdict& verdict,
                           verify::ShownState shown) const
{
    Found out;
    FoundView& view = out.view;
    view.kind = verify::nameOf(shown.object.kind);
    view.query = queryOf(shown.object);
    view.facts = factViews(verify::factsOf(shown.object, shown.value, m_params.bitcoinNetwork));
    view.verdict = verdictView(verdict, m_access.provider);
    view.batch = batchView(answer.batch, verdict);
    out.shown = {answer.batch, std::move(shown)};
    view.checks = checksOf(out.shown);
    return out;
}

Result<Found> Explorer::object(const l2::ObjectId& object)
{
    const base::BatchNumber atLeast = m_access.client.head().header.height;
    BOWLINE_TRY(const json::value answer,
                m_access.rpc.call("state_get",
                                  {{"kind", static_cast<int>(object.kind)}, {"id", base::toHex(object.id)}}));
    BOWLINE_TRY(const l2::StateAnswer read, stateAnswerOf(answer, m_access.provider));
    if (read.batch.header.height > m_access.client.head().header.height) BOWLINE_CHECK(m_access.catchUp());
    const l2::Verdict verdict = m_access.client.checkState(read, object, atLeast);
    return foundState(read, verdict, {object, read.value, read.proof, {}});
}

Result<Found> Explorer::account(const l2::ObjectId& object)
{
    const base::BatchNumber atLeast = m_access.client.head().header.height;
    const base::XOnlyPublicKey key{*base::toArray<32>(object.id)};
    BOWLINE_TRY(const json::value answer, m_access.rpc.call("account_history", {{"key", key.hex()}}));
    BOWLINE_TRY(const l2::StateAnswer read, stateAnswerOf(answer, m_access.provider));
    BOWLINE_TRY(const std::vector<l2::HistoryEntry> entries, historyOf(answer));
    if (read.batch.header.height > m_access.client.head().header.height) BOWLINE_CHECK(m_access.catchUp());
    const l2::Verdict verdict = m_access.client.checkHistory(read, key, entries, atLeast);
    Found out = foundState(read, verdict, {object, read.value, read.proof, entries});
    FoundView& view = out.view;
    view.facts.push_back({"address", l2::accountText(key, m_params.bitcoinNetwork), FactView::Kind::Text});
    view.entryCount = entries.size();
    for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
        if (view.entries.size() == FoundView::kMostEntries) break;
        EntryView row;
        row.query = "tx:" + entry->transaction.hex();
        row.batch = entry->batch.value;
        row.place = entry->index + 1;
        row.verdict = view.verdict;
        view.entries.push_back(std::move(row));
    }
    return out;
}

std::optional<base::BatchNumber> Explorer::batchOfHash(const base::Digest& hash) const
{
    // Each header names the one before it: only the head's own hash has to be computed.
    const l2::BatchHeader& head = m_access.client.head().header;
    if (head.hash().bytes == hash.bytes) return head.height;
    for (std::uint64_t number = head.height.value; number > 0; --number) {
        const l2::SignedHeader* held = m_access.client.headerAt({number});
        if (held != nullptr && held->header.parent.bytes == hash.bytes) return base::BatchNumber{number - 1};
    }
    return std::nullopt;
}

/// Of a batch, a transaction, an account, a payment, a deposit: in this order.
Result<Found> Explorer::anything(const base::Digest& hash)
{
    if (const auto number = batchOfHash(hash)) return batch(*number);
    auto found = transaction(l2::TxHash{hash.bytes});
    if (found.ok() || !(found.error().code == kNotFound)) return found;
    const base::XOnlyPublicKey key{hash.bytes};
    const bool isKey = crypto::isOnCurve(key);
    auto shown = isKey ? account(l2::accountId(key)) : Result<Found>(makeError(kNotFound, hash.hex()));
    if (!shown.ok() && !(shown.error().code == kNotFound)) return shown;
    if (shown.ok() && std::get<verify::ShownState>(shown->shown.subject).value) return shown;
    const base::Txid txid = *base::Txid::fromDisplayHex(hash.hex());
    for (const l2::ObjectId& id : {l2::paymentId(txid), l2::vaultId({txid, 0})}) {
        BOWLINE_TRY(Found candidate, object(id));
        if (std::get<verify::ShownState>(candidate.shown.subject).value) return candidate;
    }
    return shown; // that there is no such account is an answer too
}

Result<ListView> Explorer::list(ObjectKind kind, const std::string& after)
{
    json::object params{{"kind", static_cast<int>(kind)}, {"limit", kPage}};
    if (!after.empty()) params["after"] = after;
    BOWLINE_TRY(const json::value answer, m_access.rpc.call("objects_list", params));
    BOWLINE_TRY(const l2::SignedHeader head, signedHeaderOf(answer));
    if (head.header.height > m_access.client.head().header.height) BOWLINE_CHECK(m_access.catchUp());
    const json::value* entries = answer.as_object().if_contains("entries");
    if (entries == nullptr || !entries->is_array() || entries->get_array().size() > kPage)
        return badAnswer("no entries");
    ListView out;
    std::string last = after;
    for (const json::value& item : entries->get_array()) {
        BOWLINE_TRY(const base::Bytes id, hexField(item, "id"));
        BOWLINE_TRY(const base::Bytes value, hexField(item, "value"));
        BOWLINE_TRY(const base::Bytes proof, hexField(item, "proof"));
        l2::StateAnswer shown{head, value, {}, m_access.provider};
        BOWLINE_TRY(shown.proof, l2::parseStateProof(proof));
        // In order, or a page could be shown for ever.
        const std::string name = base::toHex(id);
        if (!last.empty() && name <= last) return badAnswer("not in order");
        last = name;
        const l2::ObjectId object{kind, id};
        const verify::Facts facts = verify::factsOf(object, value, m_params.bitcoinNetwork);
        EntryView row;
        row.query = queryOf(object);
        row.kind = verify::nameOf(kind);
        row.status = valueIn(facts, "status");
        row.amount = amountIn(facts, kind == ObjectKind::Operator ? "stake" : "amount");
        row.batch = head.header.height.value;
        row.verdict = verdictView(m_access.client.checkState(shown, object), m_access.provider);
        out.entries.push_back(std::move(row));
    }
    if (out.entries.size() == kPage) out.next = last;
    return out;
}

// ---- checks ----

verify::Check Explorer::sealCheck(base::BatchNumber batch) const
{
    verify::Check out{std::string(verify::kCheckSeal), Outcome::NotMade, {}, {}, {}};
    if (!m_sealsKnown) {
        out.reason = "blocks-not-looked-at";
        return out;
    }
    const seal::SealVerdict verdict = m_access.sealed.verdictOf(batch, m_access.bitcoin);
    if (verdict.state == seal::SealState::Sequenced) {
        out.reason = verify::kReasonNotSealed;
        return out;
    }
    const bool isSealed = verdict.state == seal::SealState::Sealed;
    out.outcome = isSealed ? Outcome::Passed : Outcome::Failed;
    if (!isSealed) out.reason = verify::kReasonSealedOther;
    out.facts = {verify::hashFact("anchor", verdict.anchor.displayHex()),
                 verify::numberFact("block-height", verdict.height.value),
                 verify::numberFact("confirmations", verdict.confirmations)};
    for (const seal::Link& link : m_access.seals) {
        if (link.txid != verdict.anchor) continue;
        out.facts.push_back(verify::numberFact("sealed-batch", link.commitment.batch.value));
        out.facts.push_back(verify::hashFact("sealed-hash", link.commitment.hash));
        out.facts.push_back(verify::hashFact("block-hash", link.block.displayHex()));
    }
    return out;
}

verify::Check Explorer::proofCheck(const l2::BatchHeader& batch) const
{
    verify::Check out{std::string(verify::kCheckChainProof), Outcome::NotMade, "no-proof-yet", {}, {}};
    const std::optional<ProvenHead> proven = m_access.proof.head();
    if (!proven) return out;
    if (proven->head.batch < batch.height) {
        out.reason = "not-covered-yet";
        out.facts = {verify::numberFact("proven-batch", proven->head.batch.value)};
        return out;
    }
    const l2::SignedHeader* named = m_access.client.headerAt(proven->head.batch);
    std::vector<l2::BatchHeader> headers;
    if (named != nullptr) headers.push_back(named->header);
    const auto workAt = [this](base::Height height) -> std::optional<bitcoin::Uint256> {
        const auto block = m_access.bitcoin.blockAt(height);
        if (!block) return std::nullopt;
        return bitcoin::Uint256::fromLittleEndian(block->work);
    };
    out = verify::checkHead(proven->head, batch, headers, m_access.bitcoin, workAt);
    out.facts.push_back(verify::numberFact("proof-bytes", proven->bytes));
    return out;
}

std::vector<CheckView> Explorer::checksOf(const Shown& shown) const
{
    const l2::BatchHeader& header = shown.batch.header;
    std::vector<CheckView> out;
    out.push_back(checkView(verify::checkNetwork(m_params, m_params.chainId())));
    out.push_back(checkView(verify::checkSignature(m_params, shown.batch)));
    verify::Check links{std::string(verify::kCheckLinks), Outcome::Passed, {}, {}, {}};
    links.facts = {verify::numberFact("first-batch", 0),
                   verify::numberFact("last-batch", header.height.value),
                   verify::hashFact("last-batch-hash", header.hash()),
                   verify::hashFact("genesis-hash", m_access.client.headerAt({})->header.hash())};
    if (!holds(shown.batch)) {
        links.outcome = Outcome::NotMade;
        links.reason = verify::kReasonNotLinked;
    }
    out.push_back(checkView(links));
    for (const verify::Check& check : verify::checkSubject(header, shown.subject))
        out.push_back(checkView(check));
    verify::Check block = verify::checkBitcoinBlock(header, m_access.bitcoin);
    // Not beyond what will come, unlike in a file.
    if (block.reason == verify::kReasonBlockMissing && header.l1Height > m_access.bitcoin.tip()) {
        block.outcome = Outcome::NotMade;
        block.reason = l2::kReasonL1Behind;
    }
    out.push_back(checkView(block));
    out.push_back(checkView(sealCheck(header.height)));
    out.push_back(checkView(proofCheck(header)));
    return out;
}

} // namespace bowline::services
