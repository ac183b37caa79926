// SPDX-License-Identifier: MIT
// Nodes of the daemon over a chain of Bitcoin blocks mined in memory; the real program executes.
#pragma once

#include "app/daemon/node/bitcoin_view.h"
#include "app/daemon/node/node.h"
#include "tests/unit/l2/fixture.h"
#include "tests/unit/proven/fixture.h"

#include <QTemporaryDir>

namespace bowline::test {

class ChainView final : public daemon::BitcoinView {
public:
    explicit ChainView(const MinedChain& chain) : m_chain(chain) {}
    [[nodiscard]] Height tip() const override { return m_chain.tip(); }
    [[nodiscard]] std::optional<BlockHash> hashAt(Height height) const override
    {
        return m_chain.hashAt(height);
    }
    [[nodiscard]] std::optional<Block> blockAt(Height height) const override
    {
        const auto hash = m_chain.hashAt(height);
        return hash ? std::optional(Block{*hash, proven::test::regtestWork(height)}) : std::nullopt;
    }
    [[nodiscard]] std::optional<Header> headerAt(Height height) const override
    {
        if (!m_chain.hashAt(height)) return std::nullopt;
        return m_chain.header(height);
    }

private:
    const MinedChain& m_chain;
};

/// A node with a folder of its own, seeing the Bitcoin chain of `chain`.
struct TestNode {
    TestNode(const NetworkParams& parameters, const MinedChain& chain)
        : view(chain), engine(parameters, stfProgram()), params(parameters)
    {
        reopen();
    }
    void reopen()
    {
        node.reset();
        node = must(daemon::L2Node::open(path(), params, engine, view));
    }
    [[nodiscard]] std::string path() const { return dir.path().toStdString() + "/l2.sqlite"; }

    QTemporaryDir dir;
    ChainView view;
    daemon::StfEngine engine;
    NetworkParams params;
    std::unique_ptr<daemon::L2Node> node;
};

[[nodiscard]] inline std::string codeOf(const base::Status& status)
{
    return status.ok() ? "ok" : std::string(status.error().code.name());
}

} // namespace bowline::test
