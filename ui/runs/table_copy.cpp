// SPDX-License-Identifier: GPL-3.0-or-later
#include "table_copy.h"

#include <QStringList>

namespace runglass::ui {

namespace {

QString csvField(const QString& text) {
    // A leading sign would make a formula of a name in a spreadsheet; numbers may keep theirs.
    bool isNumber = false;
    text.toDouble(&isNumber);
    const bool formula = !text.isEmpty() && QStringLiteral("=+-@").contains(text[0]) && !isNumber;
    auto field = formula ? QLatin1Char('\'') + text : text;
    if (field.contains(QLatin1Char(',')) || field.contains(QLatin1Char('"')) ||
        field.contains(QLatin1Char('\n')) || field.contains(QLatin1Char('\r'))) {
        field.replace(QLatin1Char('"'), QLatin1String("\"\""));
        return QLatin1Char('"') + field + QLatin1Char('"');
    }
    return field;
}

QString oneLine(QString text) {
    return text.replace(QLatin1Char('\t'), QLatin1Char(' '))
        .replace(QLatin1Char('\n'), QLatin1Char(' '))
        .remove(QLatin1Char('\r'));
}

QString markdownField(const QString& text) {
    auto escaped = oneLine(text);
    for (const char c : {'\\', '|', '*', '_', '`', '<'}) {
        escaped.replace(QLatin1Char(c), QLatin1Char('\\') + QString(QLatin1Char(c)));
    }
    return escaped;
}

QString latexField(const QString& text) {
    QString escaped;
    for (const QChar c : oneLine(text)) {
        switch (c.unicode()) {
            case '\\':
                escaped += QLatin1String("\\textbackslash{}");
                break;
            case '~':
                escaped += QLatin1String("\\textasciitilde{}");
                break;
            case '^':
                escaped += QLatin1String("\\textasciicircum{}");
                break;
            case '&':
            case '%':
            case '$':
            case '#':
            case '_':
            case '{':
            case '}':
                escaped += QLatin1Char('\\');
                [[fallthrough]];
            default:
                escaped += c;
        }
    }
    return escaped;
}

QString field(const QString& text, TableFormat format) {
    switch (format) {
        case TableFormat::TabSeparated:
            return oneLine(text);
        case TableFormat::Csv:
            return csvField(text);
        case TableFormat::Markdown:
            return markdownField(text);
        case TableFormat::Latex:
            break;
    }
    return latexField(text);
}

QString rowText(QStringList fields, TableFormat format) {
    for (auto& text : fields) {
        text = field(text, format);
    }
    switch (format) {
        case TableFormat::TabSeparated:
            return fields.join(QLatin1Char('\t')) + QLatin1Char('\n');
        case TableFormat::Csv:
            return fields.join(QLatin1Char(',')) + QLatin1Char('\n');
        case TableFormat::Markdown:
            return QLatin1String("| ") + fields.join(QLatin1String(" | ")) + QLatin1String(" |\n");
        case TableFormat::Latex:
            break;
    }
    return fields.join(QLatin1String(" & ")) + QLatin1String(" \\\\\n");
}

QString markdownRule(const std::vector<RunColumn>& columns) {
    QString rule = QStringLiteral("|");
    for (const auto& column : columns) {
        rule += column.numeric() ? QLatin1String(" ---: |") : QLatin1String(" --- |");
    }
    return rule + QLatin1Char('\n');
}

QString latexHead(const std::vector<RunColumn>& columns) {
    QString alignments;
    for (const auto& column : columns) {
        alignments += QLatin1Char(column.numeric() ? 'r' : 'l');
    }
    return QStringLiteral("\\begin{tabular}{%1}\n\\toprule\n").arg(alignments);
}

}  // namespace

QString tableText(const std::vector<const model::RunRecord*>& runs, const std::vector<RunColumn>& columns,
                  TableFormat format, const CellContext& context) {
    std::vector<RunColumn> shown;
    QStringList titles;
    for (const auto& column : columns) {
        if (column.kind != RunColumn::Kind::Visibility) {
            shown.push_back(column);
            titles << (column.title().isEmpty() ? column.description() : column.title());
        }
    }
    const auto latex = format == TableFormat::Latex;
    QString out = latex ? latexHead(shown) : QString();
    out += rowText(titles, format);
    if (format == TableFormat::Markdown) {
        out += markdownRule(shown);
    }
    out += latex ? QStringLiteral("\\midrule\n") : QString();
    for (const auto* run : runs) {
        QStringList fields;
        for (const auto& column : shown) {
            fields << cellForCopy(*run, column, context);
        }
        out += rowText(fields, format);
    }
    return latex ? out + QStringLiteral("\\bottomrule\n\\end{tabular}\n") : out;
}

}  // namespace runglass::ui
