// SPDX-License-Identifier: MIT
#include "app/daemon/node/node.h"

#include "app/daemon/node/history_index.h"
#include "core/base/log.h"

namespace bowline::daemon {

using base::BatchNumber;
using base::makeError;
using base::Result;
using base::Status;
using base::success;

namespace {

std::string nameOf(const l2::BatchHeader& header)
{
    return "batch " + std::to_string(header.height.value) + ' ' + header.hash().hex().substr(0, 16);
}

template <typename T>
Result<T> objectIn(const l2::StateTree& state, const l2::ObjectId& id, Result<T> (*parse)(base::ByteView))
{
    const base::Bytes* value = state.find(id.key());
    if (value == nullptr) return makeError(kStoreDamaged, "an object that is always there is missing");
    return parse(*value);
}

BatchRecord genesisRecord(const l2::NetworkParams& params)
{
    BatchRecord out;
    out.batch = l2::genesisBatch(params);
    out.changes = l2::genesisObjects(params);
    return out;
}

} // namespace

L2Node::L2Node(L2Store store, const l2::NetworkParams& params, const Engine& engine,
               const l2::BestChain& bitcoin)
    : m_store(std::move(store)), m_params(params), m_chainId(params.chainId()), m_engine(engine),
      m_bitcoin(bitcoin)
{
}

Result<std::unique_ptr<L2Node>> L2Node::open(const std::string& path, const l2::NetworkParams& params,
                                             const Engine& engine, const l2::BestChain& bitcoin)
{
    BOWLINE_TRY(L2Store store, L2Store::open(path, genesisRecord(params)));
    std::unique_ptr<L2Node> out(new L2Node(std::move(store), params, engine, bitcoin));
    BOWLINE_CHECK(out->loadState());
    return out;
}

Status L2Node::loadState()
{
    BOWLINE_TRY(m_head, m_store.head());
    BOWLINE_TRY(const std::vector<l2::StateObject> objects, m_store.objects());
    l2::StateTree tree = l2::StateTree::fromObjects(objects);
    if (tree.root() != m_head.header.stateRoot) {
        return makeError(kStoreDamaged, "the stored state is not that of " + nameOf(m_head.header));
    }
    m_states.clear();
    m_states.push_back({m_head.header.height, std::move(tree)});
    return success();
}

Result<l2::StateTree> L2Node::stateAt(BatchNumber number) const
{
    if (number > m_head.header.height) return makeError(kNotHere, "no such batch");
    if (m_pinned && m_pinned->number == number) return m_pinned->tree;
    if (number < m_states.front().number) return makeError(kStateNotKept);
    return m_states[static_cast<std::size_t>(number.value - m_states.front().number.value)].tree;
}

Status L2Node::pin(BatchNumber number)
{
    if (m_pinned && m_pinned->number == number) return success();
    Result<l2::StateTree> kept = stateAt(number);
    if (!kept.ok() && kept.error().code == kStateNotKept) {
        BOWLINE_TRY(const l2::SignedHeader header, m_store.header(number));
        BOWLINE_TRY(const std::vector<l2::StateObject> objects, m_store.objectsAfter(number));
        kept = l2::StateTree::fromObjects(objects);
        if (kept->root() != header.header.stateRoot)
            return makeError(kStoreDamaged, "the state is not that of " + nameOf(header.header));
    }
    BOWLINE_CHECK(kept);
    m_pinned = {number, std::move(*kept)};
    return success();
}

L1Place L2Node::placeOf(const l2::BatchHeader& header) const
{
    const auto hash = m_bitcoin.hashAt(header.l1Height);
    if (!hash) return L1Place::Ahead;
    return *hash == header.l1Hash ? L1Place::Stands : L1Place::Left;
}

Result<BatchNumber> L2Node::lastStanding()
{
    l2::BatchHeader header = m_head.header;
    while (header.height.value > 0 && placeOf(header) == L1Place::Left) {
        BOWLINE_TRY(const l2::SignedHeader before, m_store.header({header.height.value - 1}));
        header = before.header;
    }
    return header.height;
}

Status L2Node::checkFollows(const l2::SignedBatch& batch) const
{
    const l2::BatchHeader& header = batch.head.header;
    if (header.chainId != m_chainId) return makeError(kInvalidBatch, "of another layer 2");
    if (header.height.value != m_head.header.height.value + 1 || header.parent != m_head.header.hash()) {
        return makeError(kNotNext, nameOf(header) + " does not follow " + nameOf(m_head.header));
    }
    BOWLINE_CHECK(l2::checkHeaderSignature(batch.head, m_params.sequencerKey));
    BOWLINE_CHECK(l2::checkBody(batch));
    switch (placeOf(header)) {
    case L1Place::Ahead: return makeError(kL1Behind, nameOf(header));
    case L1Place::Left: return makeError(kL1Elsewhere, nameOf(header));
    case L1Place::Stands: break;
    }
    return success();
}

Status L2Node::applyBatch(const l2::SignedBatch& batch, const L2Store::Also& also)
{
    BOWLINE_CHECK(checkFollows(batch));
    const l2::BatchHeader& header = batch.head.header;
    BOWLINE_TRY(const l2::ExecutionResult result, m_engine.apply(m_head.header, state(), header, batch.body));
    if (const auto* invalid = std::get_if<l2::InvalidBatch>(&result)) {
        return makeError(kInvalidBatch, nameOf(header) + ": " + invalid->reason);
    }
    const auto& execution = std::get<l2::Execution>(result);
    // The engine promises as much; what is about to be written is worth a second look.
    if (execution.header != header || execution.state.root() != header.stateRoot) {
        return makeError(kInvalidBatch, nameOf(header) + ": execution comes to another result");
    }
    return commit(batch.head, execution, also);
}

Status L2Node::commit(const l2::SignedHeader& head, const l2::Execution& execution, const L2Store::Also& also)
{
    BOWLINE_TRY(BatchIndex index, indexBatch(state(), execution));
    BatchRecord record;
    record.batch = {head, execution.body};
    record.receipts = execution.receipts;
    record.changes = execution.changes;
    record.history = std::move(index.history);
    record.claimLeaves = std::move(index.claimLeaves);
    BOWLINE_CHECK(m_store.append(record, also));
    const BatchNumber fork = m_head.header.height;
    m_head = head;
    m_states.push_back({head.header.height, execution.state});
    if (m_states.size() > kStatesKept) m_states.pop_front();
    announce(fork);
    return success();
}

Status L2Node::rollbackTo(BatchNumber last, const L2Store::Also& also)
{
    if (last >= m_head.header.height) return success();
    base::logWarning("node", "undoing batches above " + std::to_string(last.value) + ", head was " +
                                 nameOf(m_head.header));
    BOWLINE_CHECK(m_store.rollbackTo(last, also));
    while (!m_states.empty() && m_states.back().number > last) m_states.pop_back();
    if (m_pinned && m_pinned->number > last) m_pinned.reset();
    if (m_states.empty()) {
        BOWLINE_CHECK(loadState());
    } else {
        BOWLINE_TRY(m_head, m_store.head());
    }
    announce(last);
    return success();
}

Result<l2::L1View> L2Node::l1View() const
{
    return objectIn<l2::L1View>(state(), l2::l1ViewId(), &l2::parseL1View);
}

Result<l2::Counters> L2Node::counters() const
{
    return objectIn<l2::Counters>(state(), l2::countersId(), &l2::parseCounters);
}

Result<l2::ChainObject> L2Node::chainObject() const
{
    return objectIn<l2::ChainObject>(state(), l2::chainObjectId(), &l2::parseChainObject);
}

Result<l2::Account> L2Node::account(const base::XOnlyPublicKey& key) const
{
    const base::Bytes* value = state().find(l2::accountId(key).key());
    if (value == nullptr) return l2::Account{};
    return l2::parseAccount(*value);
}

void L2Node::announce(BatchNumber fork)
{
    const HeadChange change{fork, m_head};
    for (const auto& listener : m_listeners) listener(change);
}

} // namespace bowline::daemon
