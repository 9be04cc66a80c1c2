// SPDX-License-Identifier: GPL-3.0-or-later
#include "edit_queue.h"

#include "runglass/store/run_writer.h"

namespace runglass::ui {
namespace {

Result<void> write(const std::filesystem::path& project, const EditQueue::Edit& edit) {
    RUNGLASS_ASSIGN(store::Database database, store::Database::open(project, store::OpenMode::ReadWrite));
    if (!database.report().writable) {
        return Error{ErrorCode::ReadOnly, database.report().whyNotWritable, {}};
    }
    store::MarkWriter marks(database);
    return store::RunWriter(database).transaction([&] { return edit(marks, database); },
                                                  store::Durability::Decision);
}

}  // namespace

EditQueue::EditQueue(std::filesystem::path project, jobs::Executor executor, Callbacks callbacks)
    : m_project(std::move(project))
    , m_executor(std::move(executor))
    , m_callbacks(std::make_shared<const Callbacks>(std::move(callbacks)))
    , m_alive(std::make_shared<bool>(true)) {}

EditQueue::~EditQueue() {
    *m_alive = false;
}

void EditQueue::post(Edit edit) {
    m_writer.post([project = m_project, executor = m_executor, callbacks = m_callbacks, alive = m_alive,
                   edit = std::move(edit)] {
        const auto result = write(project, edit);
        executor([callbacks, alive, result] {
            if (!*alive) {
                return;
            }
            if (result) {
                callbacks->written();
            } else {
                callbacks->failed(result.error());
            }
        });
    });
}

EditCommand::EditCommand(const QString& text, std::shared_ptr<EditQueue> queue, EditQueue::Edit forward,
                         EditQueue::Edit backward)
    : QUndoCommand(text)
    , m_queue(std::move(queue))
    , m_forward(std::move(forward))
    , m_backward(std::move(backward)) {}

void EditCommand::redo() {
    m_queue->post(m_forward);
}

void EditCommand::undo() {
    m_queue->post(m_backward);
}

}  // namespace runglass::ui
