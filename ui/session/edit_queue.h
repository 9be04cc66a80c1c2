// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QUndoStack>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "runglass/base/result.h"
#include "runglass/jobs/executor.h"
#include "runglass/jobs/thread_pool.h"
#include "runglass/store/marks.h"

namespace runglass::ui {

/// Carries edits to the run database one after the other, in a thread of their own. The table shows an edit
/// when the database has it, not before.
class EditQueue {
public:
    using Edit = std::function<Result<void>(store::MarkWriter& writer, store::Database& database)>;
    struct Callbacks {
        std::function<void()> written;
        std::function<void(const Error&)> failed;
    };

    EditQueue(std::filesystem::path project, jobs::Executor executor, Callbacks callbacks);
    ~EditQueue();

    void post(Edit edit);

private:
    std::filesystem::path m_project;
    jobs::Executor m_executor;
    std::shared_ptr<const Callbacks> m_callbacks;
    std::shared_ptr<bool> m_alive;  ///< read and written on the GUI thread only
    jobs::ThreadPool m_writer{1};
};

/// An edit with its inverse. Both are closures over values, so they hold whatever happens to the view.
class EditCommand final : public QUndoCommand {
public:
    EditCommand(const QString& text, std::shared_ptr<EditQueue> queue, EditQueue::Edit forward,
                EditQueue::Edit backward);
    void redo() override;
    void undo() override;

private:
    std::shared_ptr<EditQueue> m_queue;
    EditQueue::Edit m_forward;
    EditQueue::Edit m_backward;
};

}  // namespace runglass::ui
