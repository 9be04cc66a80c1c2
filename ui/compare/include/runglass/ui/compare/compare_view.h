// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "runglass/ui/session/view.h"

namespace runglass::ui {

/// The selected runs side by side, differences first; the first selected is the baseline.
class CompareView final : public View {
    Q_OBJECT
public:
    explicit CompareView(QWidget* parent = nullptr);
    ~CompareView() override;

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
