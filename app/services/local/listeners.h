// SPDX-License-Identifier: MIT
// Whoever wants to be told. A subscription that has ended calls nobody any more (interfaces/task.h).
#pragma once

#include "app/services/interfaces/task.h"

#include <mutex>
#include <vector>

namespace bowline::services {

template <typename T>
class Listeners {
public:
    [[nodiscard]] Subscription add(std::function<void(T)> function)
    {
        auto one = std::make_shared<One>();
        one->function = std::move(function);
        const std::lock_guard lock(m_shared->mutex);
        m_shared->all.push_back(one);
        return Subscription([one, shared = m_shared] {
            {
                const std::lock_guard alone(one->mutex);
                one->function = nullptr;
            }
            const std::lock_guard alone(shared->mutex);
            std::erase(shared->all, one);
        });
    }
    /// On one thread at a time.
    void tell(const T& value) const
    {
        std::vector<std::shared_ptr<One>> all;
        {
            const std::lock_guard lock(m_shared->mutex);
            all = m_shared->all;
        }
        for (const auto& one : all) {
            const std::lock_guard lock(one->mutex);
            if (one->function) one->function(value);
        }
    }

private:
    struct One {
        std::recursive_mutex mutex; // held while the function runs: its end waits for it
        std::function<void(T)> function;
    };
    struct Shared {
        std::mutex mutex;
        std::vector<std::shared_ptr<One>> all;
    };
    std::shared_ptr<Shared> m_shared = std::make_shared<Shared>();
};

} // namespace bowline::services
