// SPDX-License-Identifier: MIT
// One question to the node whose answer is good for one head of the layer 2: when to ask it, and whether it was
// answered. Whoever reads a state waits for that, or it takes what nobody asked for yet for nothing.
#pragma once

#include <utility>

namespace bowline::services {

class Freshness {
public:
    /// What was answered before is out of date.
    void headMoved()
    {
        m_isVerified = false;
        m_wasTried = false;
        m_hasMovedMeanwhile = m_isAsked;
    }
    /// True: ask now, and tell answered().
    [[nodiscard]] bool begin()
    {
        if (m_isVerified || m_isAsked) return false;
        return m_isAsked = true;
    }
    /// `verified`: it need not be asked again for this head. True: the head moved meanwhile, ask anew.
    [[nodiscard]] bool answered(bool verified)
    {
        m_isAsked = false;
        if (std::exchange(m_hasMovedMeanwhile, false)) return true;
        m_wasTried = true;
        m_isVerified = verified;
        return false;
    }
    /// Answered for this head, be it with a failure.
    [[nodiscard]] bool wasTried() const { return m_wasTried; }

private:
    bool m_isAsked = false;
    bool m_isVerified = false;
    bool m_wasTried = false;
    bool m_hasMovedMeanwhile = false;
};

} // namespace bowline::services
