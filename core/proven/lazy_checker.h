// SPDX-License-Identifier: MIT
// A network's checker, made when the first file comes: a program that sees none need not wait for it.
#pragma once

#include "core/proven/checker.h"

#include <mutex>

namespace bowline::proven {

class LazyChecker final : public Checker {
public:
    explicit LazyChecker(l2::NetworkParams params) : m_params(std::move(params)) {}

    /// Also kNotProven for a network for which nothing is pinned.
    [[nodiscard]] Result<Head> check(ByteView file) const override
    {
        const std::lock_guard lock(m_mutex);
        if (!m_made) {
            auto made = ChainChecker::make(m_params);
            if (!made.ok())
                return base::makeError(kNotProven,
                                       std::string(made.error().code.name()) + ' ' + made.error().detail);
            m_made = std::move(*made);
        }
        return m_made->check(file);
    }

private:
    l2::NetworkParams m_params;
    mutable std::mutex m_mutex;
    mutable std::unique_ptr<ChainChecker> m_made;
};

} // namespace bowline::proven
