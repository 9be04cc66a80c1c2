// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/theme/theme.h"

#include <QApplication>
#include <QPalette>
#include <array>
#include <utility>

#include "color_scale.h"
#include "runglass/ui/theme/theme_scope.h"
#include "style.h"
#include "tokens.h"

namespace runglass::ui {
namespace {

Theme* s_current = nullptr;
std::optional<bool> s_darkScope;  // of the innermost ThemeScope

struct RoleMetrics {
    const char* size;
    const char* lineHeight;
    bool mono;
};

constexpr RoleMetrics metricsOf(TextRole role) {
    switch (role) {
        case TextRole::Micro:
            return {"font.size.micro", "font.lineHeight.micro", false};
        case TextRole::Caption:
            return {"font.size.caption", "font.lineHeight.caption", false};
        case TextRole::Body:
            return {"font.size.body", "font.lineHeight.body", false};
        case TextRole::Strong:
            return {"font.size.strong", "font.lineHeight.strong", false};
        case TextRole::Title:
            return {"font.size.title", "font.lineHeight.title", false};
        case TextRole::Display:
            return {"font.size.display", "font.lineHeight.display", false};
        case TextRole::Code:
            return {"font.size.body", "font.lineHeight.strong", true};
        case TextRole::CodeSmall:
            return {"font.size.caption", "font.lineHeight.body", true};
    }
    return {"font.size.body", "font.lineHeight.body", false};
}

/// Latin, Greek, Cyrillic and signs read the same without shaping; other scripts do not.
bool needsShaping(const QString& text) {
    return std::any_of(text.begin(), text.end(), [](QChar c) {
        if (c.unicode() < 0x300) {
            return false;
        }
        const auto script = c.script();
        return script != QChar::Script_Common && script != QChar::Script_Latin &&
               script != QChar::Script_Greek && script != QChar::Script_Cyrillic;
    });
}

/// Who asks for high contrast gets each faint line and text in the next stronger one.
constexpr Token strengthened(Token token) {
    switch (token) {
        case Token::BorderSubtle:
        case Token::BorderDefault:
            return Token::BorderStrong;
        case Token::TextTertiary:
            return Token::TextSecondary;
        default:
            return token;
    }
}

}  // namespace

struct Theme::Data {
    Tokens tokens = Tokens::read();
};

Theme::Theme(QObject* parent, bool systemIsDark)
    : QObject(parent)
    , m_data(std::make_unique<Data>())
    , m_systemIsDark(systemIsDark) {}

Theme::~Theme() {
    s_current = nullptr;
}

Theme& Theme::install(QApplication& application, ThemeChoice choice) {
    if (s_current == nullptr) {
        const QPalette system = QApplication::palette();
        const bool dark =
            system.color(QPalette::Window).lightness() < system.color(QPalette::WindowText).lightness();
        s_current = new Theme(&application, dark);
        s_current->m_choice = choice;
        // The palette first: with it, setting the style costs no second round of palette changes.
        s_current->apply();
        QApplication::setStyle(new RunglassStyle);
    } else {
        s_current->setChoice(choice);
    }
    return *s_current;
}

Theme& Theme::current() {
    Q_ASSERT(s_current);
    return *s_current;
}

void Theme::setChoice(ThemeChoice choice) {
    m_choice = choice;
    update();
}

void Theme::setSystemLook(const SystemLook& look) {
    m_systemIsDark = look.dark.value_or(m_systemIsDark);
    m_systemHasHighContrast = look.highContrast;
    update();
}

void Theme::setContrast(ContrastChoice choice) {
    m_contrast = choice;
    update();
}

Theme::Shown Theme::wanted() const {
    return {
        m_choice == ThemeChoice::System ? m_systemIsDark : m_choice == ThemeChoice::Dark,
        m_contrast == ContrastChoice::System ? m_systemHasHighContrast : m_contrast == ContrastChoice::High};
}

void Theme::update() {
    if (wanted() != m_shown) {
        apply();
        Q_EMIT changed();
    }
}

void Theme::setDensity(Density density) {
    if (density != m_density) {
        m_density = density;
        apply();
        Q_EMIT changed();
    }
}

void Theme::apply() {
    m_shown = wanted();
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, Token token) { palette.setColor(role, color(token)); };
    set(QPalette::Window, Token::SurfacePanel);
    set(QPalette::WindowText, Token::TextPrimary);
    set(QPalette::Text, Token::TextPrimary);
    set(QPalette::ButtonText, Token::TextPrimary);
    set(QPalette::Base, Token::SurfaceBase);
    set(QPalette::AlternateBase, Token::SurfaceAlt);
    set(QPalette::Button, Token::SurfaceRaised);
    set(QPalette::BrightText, Token::SemanticDanger);
    set(QPalette::ToolTipBase, Token::ChartTooltipBg);
    set(QPalette::ToolTipText, Token::ChartTooltipText);
    set(QPalette::Highlight, Token::SelectionBg);
    set(QPalette::HighlightedText, Token::SelectionText);
    set(QPalette::Link, Token::TextLink);
    set(QPalette::LinkVisited, Token::TextLink);
    set(QPalette::PlaceholderText, Token::TextTertiary);
    set(QPalette::Light, Token::SurfaceRaised);
    set(QPalette::Midlight, Token::BorderSubtle);
    set(QPalette::Mid, Token::BorderDefault);
    set(QPalette::Dark, Token::BorderStrong);
    set(QPalette::Shadow, Token::TextPrimary);
    for (const auto role : {QPalette::Text, QPalette::WindowText, QPalette::ButtonText}) {
        palette.setColor(QPalette::Disabled, role, color(Token::TextDisabled));
    }
    palette.setColor(QPalette::Inactive, QPalette::Highlight, color(Token::SelectionInactive));
    QApplication::setPalette(palette);

    QApplication::setFont(font(TextRole::Body));
    QApplication::setFont(font(TextRole::Caption, 500), "QHeaderView");
    QApplication::setFont(font(TextRole::Caption), "QTipLabel");
    QApplication::setFont(font(TextRole::Body, 500), "QPushButton");
    QApplication::setFont(font(TextRole::Body, 500), "QToolButton");
}

QColor Theme::color(Token token) const {
    const Token shown = m_shown.highContrast ? strengthened(token) : token;
    return colors().tokens[static_cast<std::size_t>(shown)];
}

const ThemeColors& Theme::colors() const {
    return s_darkScope.value_or(m_shown.dark) ? m_data->tokens.dark : m_data->tokens.light;
}

QColor Theme::seriesColor(int index) const {
    const auto& series = colors().series;
    return series[static_cast<std::size_t>(qMax(index, 0)) % series.size()];
}

Qt::PenStyle Theme::seriesPenStyle(int index) const {
    switch (qMax(index, 0) / 12 % 3) {
        case 1:
            return Qt::DashLine;
        case 2:
            return Qt::DotLine;
        default:
            return Qt::SolidLine;
    }
}

QColor Theme::laneColor(int lane) const {
    constexpr std::array kSeries{0, 1, 2, 4, 5, 6};
    return seriesColor(kSeries.at(static_cast<std::size_t>(qMax(lane, 0)) % kSeries.size()));
}

QColor Theme::ansiColor(int index) const {
    const auto& ansi = colors().ansi;
    return ansi[static_cast<std::size_t>(qBound(0, index, static_cast<int>(ansi.size()) - 1))];
}

QColor Theme::sequential(double t) const {
    return interpolateOkLab(colors().sequential, t);
}

QColor Theme::diverging(double t) const {
    return interpolateOkLab(colors().diverging, t);
}

QFont Theme::font(TextRole role, int weight) const {
    const RoleMetrics metrics = metricsOf(role);
    QFont font(metrics.mono ? m_data->tokens.monoFamilies : m_data->tokens.uiFamilies);
    const bool larger = m_density == Density::Comfortable && role == TextRole::Body;
    font.setPixelSize(qRound(metric(larger ? "font.size.strong" : metrics.size)));
    font.setWeight(static_cast<QFont::Weight>(weight));
    font.setHintingPreference(qApp->devicePixelRatio() >= 1.5 ? QFont::PreferNoHinting
                                                              : QFont::PreferVerticalHinting);
    if (metrics.mono) {
        font.setStyleHint(QFont::Monospace);
        font.setFixedPitch(true);
    }
    return font;
}

QFont Theme::verbatim(QFont font, const QString& text) {
    if (!needsShaping(text)) {
        font.setStyleStrategy(
            static_cast<QFont::StyleStrategy>(font.styleStrategy() | QFont::PreferNoShaping));
    }
    return font;
}

int Theme::lineHeight(TextRole role) const {
    return qRound(metric(metricsOf(role).lineHeight));
}

double Theme::metric(const char* path) const {
    const auto found = m_data->tokens.metrics.constFind(
        QByteArray::fromRawData(path, static_cast<qsizetype>(qstrlen(path))));
    if (found == m_data->tokens.metrics.cend()) {
        qFatal("tokens.json has no number %s", path);
    }
    return *found;
}

int Theme::rowHeight() const {
    switch (m_density) {
        case Density::Compact:
            return qRound(metric("size.rowCompact"));
        case Density::Comfortable:
            return qRound(metric("size.rowComfortable"));
        case Density::Normal:
            break;
    }
    return qRound(metric("size.row"));
}

ThemeScope::ThemeScope(bool dark)
    : m_before(std::exchange(s_darkScope, dark)) {}

ThemeScope::~ThemeScope() {
    s_darkScope = m_before;
}

QColor themeColor(Token token) {
    return Theme::current().color(token);
}

QPen hairPen(Token token) {
    QPen pen(themeColor(token), 1);
    pen.setCosmetic(false);
    return pen;
}

}  // namespace runglass::ui
