// SPDX-License-Identifier: GPL-3.0-or-later
#include "comparison_text.h"

#include <QStringList>

#include "compare_model.h"
#include "runglass/base/text.h"

namespace runglass::ui {

namespace {

QString markdownCell(QString text) {
    text.replace(QLatin1Char('\\'), QStringLiteral("\\\\"));
    text.replace(QLatin1Char('|'), QStringLiteral("\\|"));
    text.replace(QLatin1Char('\n'), QStringLiteral(" "));
    return text;
}

/// RFC 4180. A leading `=`, `+`, `-` or `@` would be run as a formula by spreadsheets where it is not a
/// number.
QString csvCell(QString text) {
    bool number = false;
    text.toDouble(&number);
    if (!number && !text.isEmpty() && QStringLiteral("=+-@").contains(text.front())) {
        text.prepend(QLatin1Char('\''));
    }
    if (text.contains(QLatin1Char('"')) || text.contains(QLatin1Char(',')) ||
        text.contains(QLatin1Char('\n')) || text.contains(QLatin1Char('\r'))) {
        text.replace(QLatin1Char('"'), QStringLiteral("\"\""));
        text = QLatin1Char('"') + text + QLatin1Char('"');
    }
    return text;
}

class Writer {
public:
    explicit Writer(TextFormat format)
        : m_format(format) {}
    void line(const QStringList& cells) {
        const bool markdown = m_format == TextFormat::Markdown;
        QStringList out;
        for (const auto& cell : cells) {
            out << (markdown ? markdownCell(cell) : csvCell(cell));
        }
        m_text += markdown ? QStringLiteral("| ") + out.join(QStringLiteral(" | ")) + QStringLiteral(" |\n")
                           : out.join(QLatin1Char(',')) + QStringLiteral("\r\n");
    }
    void rule(qsizetype columns) {
        if (m_format == TextFormat::Markdown) {
            m_text += QLatin1Char('|') + QStringLiteral(" --- |").repeated(columns) + QLatin1Char('\n');
        }
    }
    [[nodiscard]] QString text() const { return m_text; }

private:
    TextFormat m_format;
    QString m_text;
};

QString partWord(compare::Section::Kind kind) {
    using Kind = compare::Section::Kind;
    switch (kind) {
        case Kind::Params:
            return partTitle(ComparePart::Params);
        case Kind::Config:
            return partTitle(ComparePart::Config);
        case Kind::Packages:
            return partTitle(ComparePart::Packages);
        case Kind::Environment:
            return partTitle(ComparePart::Environment);
        case Kind::Hardware:
            return partTitle(ComparePart::Hardware);
        case Kind::Data:
            return partTitle(ComparePart::Data);
        case Kind::CommandLine:
            return partTitle(ComparePart::CommandLine);
        case Kind::Tags:
            return partTitle(ComparePart::Tags);
    }
    return {};
}

}  // namespace

QString comparisonText(const LoadedComparison& loaded, TextFormat format, bool onlyDifferences) {
    const auto& comparison = loaded.comparison;
    Writer writer(format);
    QStringList head{CompareModel::tr("part"), CompareModel::tr("key")};
    for (const auto& run : comparison.runs) {
        head << QString::fromStdString(run.record.name.empty() ? run.record.id.shortHex() : run.record.name);
    }
    writer.line(head);
    writer.rule(head.size());
    for (const auto& section : comparison.sections) {
        for (const auto& row : section.rows) {
            if (onlyDifferences && !row.differs) {
                continue;
            }
            QStringList cells{partWord(section.kind), QString::fromStdString(row.key)};
            for (const auto& value : row.values) {
                cells << QString::fromStdString(value.value_or(std::string()));
            }
            writer.line(cells);
        }
    }
    for (const auto& row : comparison.metrics) {
        if (onlyDifferences && !row.differs) {
            continue;
        }
        QStringList cells{CompareModel::tr("Metrics (last)"), QString::fromStdString(row.key)};
        for (const auto& value : row.values) {
            cells << (value && value->count > 0 ? QString::fromStdString(formatDouble(value->last))
                                                : QString());
        }
        writer.line(cells);
    }
    return writer.text();
}

}  // namespace runglass::ui
