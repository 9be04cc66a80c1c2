// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui_executor.h"

#include <QMetaObject>
#include <QObject>
#include <memory>

namespace runglass::ui {

jobs::Executor makeGuiExecutor() {
    // A worker may be the last to let go of the target, and must not delete it in its own thread.
    const std::shared_ptr<QObject> target(new QObject, [](QObject* object) { object->deleteLater(); });
    return [target](std::function<void()> task) {
        QMetaObject::invokeMethod(target.get(), std::move(task), Qt::QueuedConnection);
    };
}

}  // namespace runglass::ui
