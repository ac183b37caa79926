// SPDX-License-Identifier: MIT
#include "core/proven/follower.h"

#include "core/bitcoin/uint256.h"

namespace bowline::proven {

using base::makeError;
using base::Status;
using base::success;
using bitcoin::Uint256;

namespace {

std::string nameOf(const Head& head)
{
    return "batch " + std::to_string(head.batch.value) + ' ' + head.hash.hex().substr(0, 16);
}

} // namespace

Status checkPlace(const Head& head, const WorkChain& bitcoin)
{
    if (head.l1Height > bitcoin.tip()) return makeError(kL1Behind, nameOf(head));
    const std::optional<WorkChain::Block> own = bitcoin.blockAt(head.l1Height);
    if (!own || own->hash != head.l1Hash) return makeError(kL1Elsewhere, nameOf(head));
    const Uint256 counted = Uint256::fromLittleEndian(head.l1Work);
    const Uint256 real = Uint256::fromLittleEndian(own->work);
    if (counted < real) return makeError(kLessWork, nameOf(head));
    if (counted > real) return makeError(kMoreWork, nameOf(head));
    return success();
}

Status checkHead(const Head& head, const Surroundings& around)
{
    BOWLINE_CHECK(checkPlace(head, around.bitcoin));
    const std::optional<l2::BatchHash> own = around.hashOf(head.batch);
    if (!own) return makeError(kNoHeader, nameOf(head));
    if (*own != head.hash) return makeError(kOtherHistory, nameOf(head));
    return success();
}

Result<CheckedFile> Follower::check(base::Bytes file) const
{
    if (m_held && m_held->file == file) return *m_held;
    m_checker.prepare();
    const auto begin = std::chrono::steady_clock::now();
    BOWLINE_TRY(const Head head, m_checker.check(file));
    const auto time = std::chrono::steady_clock::now() - begin;
    return CheckedFile{std::move(file), head, std::chrono::duration_cast<std::chrono::microseconds>(time)};
}

Status Follower::mayTake(const Head& head, const Surroundings& around) const
{
    BOWLINE_CHECK(checkHead(head, around));
    if (m_held && checkPlace(m_held->head, around.bitcoin).ok()) {
        // A header that is not held yet says nothing against the file.
        const std::optional<l2::BatchHash> own = around.hashOf(m_held->head.batch);
        if (own && *own != m_held->head.hash) return makeError(kOtherHistory, nameOf(head));
        if (head.batch <= m_held->head.batch) return makeError(kNotNewer, nameOf(head));
    }
    return success();
}

Status Follower::take(CheckedFile file, const Surroundings& around)
{
    BOWLINE_CHECK(mayTake(file.head, around));
    m_held = std::move(file);
    return success();
}

Status Follower::restore(base::Bytes file)
{
    BOWLINE_TRY(m_held, check(std::move(file)));
    return success();
}

std::optional<Head> Follower::head(const Surroundings& around) const
{
    if (!m_held || !checkHead(m_held->head, around).ok()) return std::nullopt;
    return m_held->head;
}

} // namespace bowline::proven
