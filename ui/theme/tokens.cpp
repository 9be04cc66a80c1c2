// SPDX-License-Identifier: GPL-3.0-or-later
#include "tokens.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace runglass::ui {
namespace {

constexpr std::array<const char*, static_cast<std::size_t>(Token::Count)> kPaths{"surface.window",
                                                                                 "surface.panel",
                                                                                 "surface.base",
                                                                                 "surface.alt",
                                                                                 "surface.raised",
                                                                                 "surface.hover",
                                                                                 "surface.pressed",
                                                                                 "surface.header",
                                                                                 "text.primary",
                                                                                 "text.secondary",
                                                                                 "text.tertiary",
                                                                                 "text.disabled",
                                                                                 "text.link",
                                                                                 "text.onAccent",
                                                                                 "border.subtle",
                                                                                 "border.default",
                                                                                 "border.strong",
                                                                                 "accent.base",
                                                                                 "accent.hover",
                                                                                 "accent.pressed",
                                                                                 "accent.tint",
                                                                                 "accent.focus",
                                                                                 "selection.bg",
                                                                                 "selection.inactive",
                                                                                 "selection.text",
                                                                                 "semantic.ok",
                                                                                 "semantic.okBg",
                                                                                 "semantic.warn",
                                                                                 "semantic.warnBg",
                                                                                 "semantic.danger",
                                                                                 "semantic.dangerBg",
                                                                                 "semantic.info",
                                                                                 "semantic.infoBg",
                                                                                 "status.scheduled",
                                                                                 "status.running",
                                                                                 "status.finished",
                                                                                 "status.failed",
                                                                                 "status.killed",
                                                                                 "status.lost",
                                                                                 "diff.addedBg",
                                                                                 "diff.addedWord",
                                                                                 "diff.removedBg",
                                                                                 "diff.removedWord",
                                                                                 "diff.changedBg",
                                                                                 "diff.changedWord",
                                                                                 "diff.gutterAdded",
                                                                                 "diff.gutterRemoved",
                                                                                 "diff.filler",
                                                                                 "chart.bg",
                                                                                 "chart.grid",
                                                                                 "chart.axis",
                                                                                 "chart.tick",
                                                                                 "chart.crosshair",
                                                                                 "chart.tooltipBg",
                                                                                 "chart.tooltipText",
                                                                                 "chart.tooltipBorder",
                                                                                 "chart.zeroLine",
                                                                                 "chart.selectBox",
                                                                                 "syntax.keyword",
                                                                                 "syntax.string",
                                                                                 "syntax.number",
                                                                                 "syntax.comment",
                                                                                 "syntax.function",
                                                                                 "syntax.type",
                                                                                 "scrim",
                                                                                 "scroll"};

/// tokens.json writes alpha last (#RRGGBBAA), QColor reads it first.
QColor parseColor(const QJsonValue& value, const char* path) {
    const QString text = value.toString();
    QColor color;
    if (text.size() == 9) {
        color = QColor(text.first(7));
        color.setAlpha(text.last(2).toInt(nullptr, 16));
    } else {
        color = QColor(text);
    }
    if (!color.isValid()) {
        qFatal("tokens.json: %s is not a colour", path);
    }
    return color;
}

QJsonValue at(const QJsonObject& root, const char* path) {
    QJsonValue value = root;
    for (const QString& part : QString::fromLatin1(path).split(QLatin1Char('.'))) {
        value = value.toObject().value(part);
    }
    return value;
}

std::vector<QColor> parseColors(const QJsonValue& array, const char* path) {
    std::vector<QColor> colors;
    for (const QJsonValue& value : array.toArray()) {
        colors.push_back(parseColor(value, path));
    }
    if (colors.empty()) {
        qFatal("tokens.json: %s is empty", path);
    }
    return colors;
}

ThemeColors parseTheme(const QJsonObject& root, const QString& name) {
    const QJsonObject theme = root.value(QLatin1String("theme")).toObject().value(name).toObject();
    const QJsonObject palette = root.value(QLatin1String("palette")).toObject();
    ThemeColors colors;
    for (std::size_t i = 0; i < kPaths.size(); ++i) {
        colors.tokens[i] = parseColor(at(theme, kPaths[i]), kPaths[i]);
    }
    colors.series = parseColors(theme.value(QLatin1String("series")), "series");
    colors.ansi = parseColors(theme.value(QLatin1String("ansi")), "ansi");
    colors.sequential =
        parseColors(palette.value(QLatin1String("sequential")).toObject().value(name), "sequential");
    colors.diverging =
        parseColors(palette.value(QLatin1String("diverging")).toObject().value(name), "diverging");
    return colors;
}

void collectNumbers(const QJsonObject& object, const QByteArray& prefix, QHash<QByteArray, double>* out) {
    for (auto it = object.begin(); it != object.end(); ++it) {
        const QByteArray path = prefix + '.' + it.key().toUtf8();
        if (it->isObject()) {
            collectNumbers(it->toObject(), path, out);
        } else if (it->isDouble()) {
            out->insert(path, it->toDouble());
        }
    }
}

QStringList parseFamilies(const QJsonValue& array) {
    QStringList families;
    for (const QJsonValue& value : array.toArray()) {
        families.push_back(value.toString());
    }
    return families;
}

}  // namespace

const char* tokenPath(Token token) {
    return kPaths.at(static_cast<std::size_t>(token));
}

Tokens Tokens::read() {
    QFile file(QStringLiteral(":/runglass/themes/tokens.json"));
    if (!file.open(QIODevice::ReadOnly)) {
        qFatal("tokens.json is not linked into this program (target runglass_resources)");
    }
    const QJsonObject root = QJsonDocument::fromJson(file.readAll()).object();
    Tokens tokens;
    tokens.light = parseTheme(root, QStringLiteral("light"));
    tokens.dark = parseTheme(root, QStringLiteral("dark"));
    for (const char* group : {"font", "space", "radius", "line", "size", "alpha", "motion"}) {
        collectNumbers(root.value(QLatin1String(group)).toObject(), group, &tokens.metrics);
    }
    const QJsonObject font = root.value(QLatin1String("font")).toObject();
    tokens.uiFamilies = parseFamilies(font.value(QLatin1String("ui")));
    tokens.monoFamilies = parseFamilies(font.value(QLatin1String("mono")));
    return tokens;
}

}  // namespace runglass::ui
