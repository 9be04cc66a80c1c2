// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "runglass/ui/widgets/flat_button.h"

namespace runglass::ui {

class Endpoint;

/// The endpoint in the status bar: where it listens, and how many calls were not answered. Hidden while there
/// is neither.
class EndpointItem final : public FlatButton {
    Q_OBJECT
public:
    explicit EndpointItem(const Endpoint* endpoint, QWidget* parent = nullptr);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void showEndpoint();

    const Endpoint* m_endpoint;
    QString m_place;    ///< `127.0.0.1:5000`
    QString m_warning;  ///< `3 calls not answered`
};

}  // namespace runglass::ui
