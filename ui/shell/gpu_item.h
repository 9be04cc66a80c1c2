// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace runglass::ui {

class GpuMonitor;

/// `GPU 71 %` and the last minute of it, in the header; each GPU in the tooltip. Hidden where there is none.
class GpuItem final : public QWidget {
    Q_OBJECT
public:
    explicit GpuItem(QWidget* parent = nullptr);
    /// Shows what this one sees; it outlives the item.
    void follow(const GpuMonitor* monitor);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QString text() const { return m_text; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showLoads();

    const GpuMonitor* m_monitor = nullptr;
    QString m_text;
};

}  // namespace runglass::ui
