// SPDX-License-Identifier: MIT
#include "core/chain/filter_proof.h"

#include <set>

namespace bowline::chain {

using base::makeError;
using base::Status;

namespace {

std::set<bitcoin::Script> scriptsOf(const bitcoin::Block& block)
{
    std::set<bitcoin::Script> out;
    for (const bitcoin::Transaction& transaction : block.transactions) {
        for (const bitcoin::TxOut& output : transaction.outputs) {
            const bitcoin::Script& script = output.scriptPubKey;
            if (!script.empty() && script.front() != bitcoin::OP_RETURN) out.insert(script);
        }
    }
    return out;
}

/// Inputs whose spent output is not created in this very block.
std::size_t foreignInputs(const bitcoin::Block& block)
{
    std::set<base::Txid> own;
    for (const base::Digest& txid : block.txids()) own.insert(base::Txid{txid.bytes});
    std::size_t count = 0;
    for (const bitcoin::Transaction& transaction : block.transactions) {
        if (transaction.isCoinbase()) continue;
        for (const bitcoin::TxIn& input : transaction.inputs) {
            if (!own.contains(input.prevout.txid)) ++count;
        }
    }
    return count;
}

} // namespace

Status checkFilterAgainstBlock(const bitcoin::BlockFilter& filter, const bitcoin::Block& block)
{
    const Status wellFormed = bitcoin::checkFilter(filter);
    if (!wellFormed.ok()) return makeError(kFilterContradictsBlock, wellFormed.error().detail);
    const std::set<bitcoin::Script> scripts = scriptsOf(block);
    BOWLINE_TRY(const std::uint64_t count, filter.count());
    if (count < scripts.size() || count > scripts.size() + foreignInputs(block)) {
        return makeError(kFilterContradictsBlock, std::to_string(count) + " elements");
    }
    for (const bitcoin::Script& script : scripts) {
        const bitcoin::ScriptSet one(std::span(&script, 1));
        BOWLINE_TRY(const bool matches, bitcoin::FilterMatcher(one).matchesAny(filter));
        if (!matches) return makeError(kFilterContradictsBlock, "lacks output script " + base::toHex(script));
    }
    return base::success();
}

} // namespace bowline::chain
