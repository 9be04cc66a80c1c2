// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "runglass/ui/theme/theme.h"

namespace runglass::ui {

/// What a chip, banner or toast is about.
enum class Tone { Plain, Accent, Ok, Warn, Danger, Info };
Token toneInk(Tone tone);     ///< colour of text and icon
Token toneGround(Tone tone);  ///< colour behind it
/// Icon that goes with the tone (`warn`, `error` …).
QString toneIcon(Tone tone);

/// A small label of 18 px, e.g. a tag.
class Chip : public QWidget {
    Q_OBJECT
public:
    explicit Chip(const QString& text, Tone tone = Tone::Plain, QWidget* parent = nullptr);
    void setText(const QString& text);
    void setTone(Tone tone);
    [[nodiscard]] QSize sizeHint() const override;
    [[nodiscard]] QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString m_text;
    Tone m_tone;
};

/// A count in a pill of 14 px.
class Badge : public QWidget {
    Q_OBJECT
public:
    explicit Badge(QWidget* parent = nullptr);
    /// Hidden at zero.
    void setCount(int count);
    [[nodiscard]] QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    int m_count = 0;
};

}  // namespace runglass::ui
