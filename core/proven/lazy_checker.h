// SPDX-License-Identifier: MIT
// A network's checker, made when the first file comes: a program that sees none need not wait for it.
#pragma once

#include "core/proven/checker.h"

#include <mutex>

namespace bowline::proven {

class LazyChecker final : public Checker {
public:
    explicit LazyChecker(l2::NetworkParams params) : m_params(std::move(params)) {}

    void prepare() const override { static_cast<void>(made()); }
    [[nodiscard]] Result<Head> check(ByteView file) const override
    {
        BOWLINE_TRY(const ChainChecker* checker, made());
        return checker->check(file);
    }

private:
    [[nodiscard]] Result<const ChainChecker*> made() const
    {
        const std::lock_guard lock(m_mutex);
        if (m_made) return static_cast<const ChainChecker*>(m_made.get());
        auto checker = ChainChecker::make(m_params);
        if (!checker.ok())
            return base::makeError(kNoKeys,
                                   std::string(checker.error().code.name()) + ' ' + checker.error().detail);
        m_made = std::move(*checker);
        return static_cast<const ChainChecker*>(m_made.get());
    }

    l2::NetworkParams m_params;
    mutable std::mutex m_mutex;
    mutable std::unique_ptr<ChainChecker> m_made;
};

} // namespace bowline::proven
