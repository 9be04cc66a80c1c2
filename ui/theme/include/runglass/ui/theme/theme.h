// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QFont>
#include <QObject>
#include <QPen>
#include <QString>
#include <memory>
#include <optional>

class QApplication;
class QPalette;

namespace runglass::ui {

struct ThemeColors;

/// Names of VISUAL.md §4, in the order of tokens.json; theme.cpp ties each to its path there
/// (`surface.window` …).
enum class Token {
    SurfaceWindow,
    SurfacePanel,
    SurfaceBase,
    SurfaceAlt,
    SurfaceRaised,
    SurfaceHover,
    SurfacePressed,
    SurfaceHeader,
    TextPrimary,
    TextSecondary,
    TextTertiary,
    TextDisabled,
    TextLink,
    TextOnAccent,
    BorderSubtle,
    BorderDefault,
    BorderStrong,
    AccentBase,
    AccentHover,
    AccentPressed,
    AccentTint,
    AccentFocus,
    SelectionBg,
    SelectionInactive,
    SelectionText,
    SemanticOk,
    SemanticOkBg,
    SemanticWarn,
    SemanticWarnBg,
    SemanticDanger,
    SemanticDangerBg,
    SemanticInfo,
    SemanticInfoBg,
    StatusScheduled,
    StatusRunning,
    StatusFinished,
    StatusFailed,
    StatusKilled,
    StatusLost,
    DiffAddedBg,
    DiffAddedWord,
    DiffRemovedBg,
    DiffRemovedWord,
    DiffChangedBg,
    DiffChangedWord,
    DiffGutterAdded,
    DiffGutterRemoved,
    DiffFiller,
    ChartBg,
    ChartGrid,
    ChartAxis,
    ChartTick,
    ChartCrosshair,
    ChartTooltipBg,
    ChartTooltipText,
    ChartTooltipBorder,
    ChartZeroLine,
    ChartSelectBox,
    SyntaxKeyword,
    SyntaxString,
    SyntaxNumber,
    SyntaxComment,
    SyntaxFunction,
    SyntaxType,
    Scrim,
    Scroll,
    Count
};

/// Roles of VISUAL.md §3.
enum class TextRole { Micro, Caption, Body, Strong, Title, Display, Code, CodeSmall };

enum class ThemeChoice { System, Light, Dark };
enum class ContrastChoice { System, Normal, High };
enum class Density { Compact, Normal, Comfortable };

/// What the desktop asks its programs to look like.
struct SystemLook {
    std::optional<bool> dark;  ///< empty: it does not say
    bool highContrast = false;

    bool operator==(const SystemLook&) const = default;
};

/// Colours, fonts and sizes of the one visual language, read from tokens.json. There is one per process, made
/// by Theme::install() before the first widget. GUI thread only.
class Theme final : public QObject {
    Q_OBJECT
public:
    /// Reads the tokens, sets style, palette and font of the application.
    static Theme& install(QApplication& application, ThemeChoice choice);
    /// The installed theme.
    static Theme& current();
    ~Theme() override;

    void setChoice(ThemeChoice choice);
    [[nodiscard]] ThemeChoice choice() const { return m_choice; }
    [[nodiscard]] bool isDark() const { return m_shown.dark; }
    /// What the choices "System" mean, from now on. Before the first call: the palette that Qt had found.
    void setSystemLook(const SystemLook& look);
    void setContrast(ContrastChoice choice);
    /// Strong lines, no pale text and no faint curves (VISUAL.md §10).
    [[nodiscard]] bool isHighContrast() const { return m_shown.highContrast; }
    void setDensity(Density density);
    [[nodiscard]] Density density() const { return m_density; }

    [[nodiscard]] QColor color(Token token) const;
    /// Colour of the series with this 0-based index (12 colours, then again).
    [[nodiscard]] QColor seriesColor(int index) const;
    /// Dash pattern of the series: solid for the first 12, 5-3 for the next, then 1-3.
    [[nodiscard]] Qt::PenStyle seriesPenStyle(int index) const;
    [[nodiscard]] QColor laneColor(int lane) const;
    [[nodiscard]] QColor ansiColor(int index) const;  ///< 0 … 15
    [[nodiscard]] QColor sequential(double t) const;  ///< 0 … 1, interpolated in OKLab
    [[nodiscard]] QColor diverging(double t) const;

    [[nodiscard]] QFont font(TextRole role, int weight = 400) const;
    /// The same without ligatures and contextual forms, for names, params and code of a project, which are
    /// shown as they are (`256x2` stays `256x2`). Scripts that need shaping keep it.
    [[nodiscard]] static QFont verbatim(QFont font, const QString& text);
    /// Height of one line of text of this role.
    [[nodiscard]] int lineHeight(TextRole role) const;
    /// `size.*`, `space.*`, `radius.*` of tokens.json, e.g. metric("size.row"); device-independent pixels.
    [[nodiscard]] double metric(const char* path) const;
    [[nodiscard]] int rowHeight() const;  ///< of tables, by density

Q_SIGNALS:
    /// Colours or density changed; the palette is set already.
    void changed();

private:
    struct Data;
    struct Shown {
        bool dark = false;
        bool highContrast = false;
        bool operator==(const Shown&) const = default;
    };
    Theme(QObject* parent, bool systemIsDark);
    [[nodiscard]] Shown wanted() const;
    [[nodiscard]] const ThemeColors& colors() const;
    void update();
    void apply();

    std::unique_ptr<Data> m_data;
    ThemeChoice m_choice = ThemeChoice::System;
    ContrastChoice m_contrast = ContrastChoice::System;
    Density m_density = Density::Normal;
    bool m_systemIsDark = false;
    bool m_systemHasHighContrast = false;
    Shown m_shown;
};

/// Short for Theme::current().color(token).
QColor themeColor(Token token);
/// A pen of one device-independent pixel.
QPen hairPen(Token token);

}  // namespace runglass::ui
