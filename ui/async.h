// SPDX-License-Identifier: MIT
// Brings the answer of a service onto the GUI thread, and drops it when whoever asked is gone or the wallet was
// locked meanwhile. The only place where the two threads meet.
#pragma once

#include "app/services/interfaces/task.h"

#include <QCoreApplication>
#include <QPointer>

#include <memory>

namespace bowline::ui {

/// Counts locks on the GUI thread; an answer to a question of an earlier count is dropped.
using Generation = std::shared_ptr<const std::uint64_t>;

/// A completion for the services that calls `function(Result<T>)` in a later turn of the GUI thread's event loop.
/// Call it on the GUI thread. The function runs at most once and never after `context` is destroyed.
template <typename T, typename Function>
[[nodiscard]] services::Completion<T> onGui(QObject* context, Generation generation, Function function)
{
    struct Call {
        QPointer<QObject> context; // read on the GUI thread only
        Generation generation;
        std::uint64_t born;
        Function function;
    };
    const std::uint64_t born = *generation;
    auto call = std::make_shared<Call>(
        Call{QPointer<QObject>(context), std::move(generation), born, std::move(function)});
    return [call](base::Result<T> result) {
        QCoreApplication* application = QCoreApplication::instance();
        if (application == nullptr) return;
        auto held = std::make_shared<base::Result<T>>(std::move(result));
        QMetaObject::invokeMethod(
            application,
            [call, held] {
                if (call->context.isNull() || *call->generation != call->born) return;
                call->function(std::move(*held));
            },
            Qt::QueuedConnection);
    };
}

} // namespace bowline::ui
