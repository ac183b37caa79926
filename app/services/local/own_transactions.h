// SPDX-License-Identifier: MIT
// The own account's layer-2 transactions between their signature and a batch: which nonces they hold, and what
// became of them. One that the node lost is sent again, byte for byte; one that was refused gives its nonce back, or
// everything signed after it would wait for ever. Lives on the services' thread.
#pragma once

#include "core/base/result.h"
#include "core/l2/transaction.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace bowline::services {

class OwnTransactions {
public:
    using Answer = std::function<void(base::Result<boost::json::value>)>;
    /// A call to the node, answered on the services' thread, in the order of asking.
    using Call = std::function<void(std::string method, boost::json::object params, Answer done)>;
    /// This transaction will be in no batch; the reason is the node's, or "nonce-used".
    using Lost = std::function<void(const l2::TxHash& hash, const std::string& reason)>;

    OwnTransactions(Call call, Lost lost) : m_call(std::move(call)), m_lost(std::move(lost)) {}
    ~OwnTransactions() { *m_alive = false; }
    OwnTransactions(const OwnTransactions&) = delete;
    OwnTransactions& operator=(const OwnTransactions&) = delete;

    /// The first from the account's on that no transaction on its way holds.
    [[nodiscard]] std::uint64_t nextNonce() const;
    /// What is done when the node's answer does not come: the transaction may or may not have reached it.
    enum class Unanswered {
        Forget, ///< an error; the nonce is free again, so that at most one of this and a second try is applied
        Insist  ///< it is written down: it counts as sent, and is sent again until the node has it
    };
    void submit(const l2::Transaction& transaction, Unanswered unanswered,
                std::function<void(base::Result<l2::TxHash>)> done);
    /// One that was sent before and may still be on its way, or lost. A known one changes nothing.
    void track(const l2::Transaction& transaction);
    /// The nonce of the account as verified now: asks the node for each one on its way.
    void accountIs(std::uint64_t nonce);
    /// Asks once more, without news of the account: one that was refused makes no batch by which to notice it.
    void lookAgain();
    /// The first that the node cannot apply because a nonce before it is free: it waits until the user signs
    /// something else, and is carried out then.
    [[nodiscard]] std::optional<l2::TxHash> waitingBehindGap() const;

private:
    struct Entry {
        std::uint64_t nonce = 0;
        base::Bytes encoded;
        bool isAsked = false; // a call for it is on its way
    };
    void ask(const l2::TxHash& hash);
    void takeStatus(const l2::TxHash& hash, const boost::json::value& answer);
    void sendAgain(const l2::TxHash& hash);
    void lose(const l2::TxHash& hash, const std::string& reason);

    Call m_call;
    Lost m_lost;
    std::uint64_t m_accountNonce = 0;
    std::map<l2::TxHash, Entry> m_entries;
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
