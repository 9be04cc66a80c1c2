// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "runglass/ui/session/view.h"

namespace runglass::ui {

/// The commit graph with the runs, best value and metric of each commit, and one commit in detail.
class HistoryView final : public View {
    Q_OBJECT
public:
    explicit HistoryView(QWidget* parent = nullptr);
    ~HistoryView() override;

    void setSession(ProjectSession* session) override;
    [[nodiscard]] QList<QAction*> viewActions() const override;
    void startFind() override;
    [[nodiscard]] QString statusText() const override;
    [[nodiscard]] bool isSettled() const override;
    [[nodiscard]] QString helpPage() const override;

protected:
    void showEvent(QShowEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    class Private;
    std::unique_ptr<Private> d;
};

}  // namespace runglass::ui
