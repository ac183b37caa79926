// SPDX-License-Identifier: MIT
// Own messages for the relay, posted until it confirmed each. A member of the committee waits for them, and nobody
// else has them: one that is lost on the way would stall its deposit. The relay knows the same bytes again, so that
// once too often harms nobody. Lives on the services' thread.
#pragma once

#include "core/base/bytes.h"
#include "core/base/result.h"

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace bowline::services {

class RelayOutbox {
public:
    using Answer = std::function<void(base::Result<boost::json::value>)>;
    /// A call to the node, answered on the services' thread.
    using Call = std::function<void(std::string method, boost::json::object params, Answer done)>;

    explicit RelayOutbox(Call call) : m_call(std::move(call)) {}
    ~RelayOutbox() { *m_alive = false; }
    RelayOutbox(const RelayOutbox&) = delete;
    RelayOutbox& operator=(const RelayOutbox&) = delete;

    void post(const base::Bytes& message);
    /// What was not confirmed, unless its answer is still to come.
    void postAgain();

private:
    void send(const base::Bytes& message);

    Call m_call;
    std::map<base::Bytes, bool> m_waiting; // not confirmed; true: a call for it is on its way
    std::shared_ptr<bool> m_alive = std::make_shared<bool>(true);
};

} // namespace bowline::services
