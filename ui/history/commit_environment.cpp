// SPDX-License-Identifier: GPL-3.0-or-later
#include "commit_environment.h"

#include <QVBoxLayout>
#include <algorithm>

#include "runglass/compare/comparison.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kNamed = 3;  // differing rows that are written out

/// `torch 2.3.1 → 2.4.0`.
QString changeText(const compare::Row& row) {
    const auto text = [](const std::optional<std::string>& value) {
        return value ? projectText(*value) : CommitEnvironment::tr("none");
    };
    return QStringLiteral("%1 %2 → %3").arg(projectText(row.key), text(row.values[0]), text(row.values[1]));
}

QString sectionText(const compare::Section& section) {
    const auto differing = section.differing();
    const auto all = static_cast<std::int64_t>(section.rows.size());
    if (differing == 0) {
        return CommitEnvironment::tr("equal, %1").arg(formatCount(all));
    }
    QStringList named;
    for (const auto& row : section.rows) {
        if (row.differs && static_cast<std::size_t>(named.size()) < kNamed) {
            named << changeText(row);
        }
    }
    if (differing > kNamed) {
        named << CommitEnvironment::tr("%1 more").arg(
            formatCount(static_cast<std::int64_t>(differing - kNamed)));
    }
    return named.join(QStringLiteral(", "));
}

QString sectionName(compare::Section::Kind kind) {
    switch (kind) {
        case compare::Section::Kind::Packages:
            return CommitEnvironment::tr("Packages");
        case compare::Section::Kind::Environment:
            return CommitEnvironment::tr("Variables");
        case compare::Section::Kind::Hardware:
            return CommitEnvironment::tr("Hardware");
        case compare::Section::Kind::Data:
            return CommitEnvironment::tr("Data");
        default:
            return {};
    }
}

}  // namespace

CommitEnvironment::CommitEnvironment(QWidget* parent)
    : QWidget(parent)
    , m_header(new SectionHeader(tr("Environment"), false))
    , m_grid(new QGridLayout) {
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    m_grid->setContentsMargins(12, 4, 12, 8);
    m_grid->setHorizontalSpacing(12);
    m_grid->setVerticalSpacing(4);
    m_grid->setColumnStretch(1, 1);
    column->addLayout(m_grid);
    setVisible(false);
}

void CommitEnvironment::show(ProjectSession* session, const model::SharedRun& before,
                             const model::SharedRun& here, const QString& where) {
    if (session == nullptr || !before || !here) {
        m_job = {};
        m_shown.reset();
        setLines({});
        return;
    }
    if (m_shown == std::pair(before->id, here->id)) {
        return;
    }
    m_shown = std::pair(before->id, here->id);
    m_header->setRemark(tr("against the runs of %1").arg(where));
    compare::CompareOptions options;
    options.code = false;
    m_job = jobs::start(
        session->pool(), session->guiExecutor(),
        [project = session->project(), runs = std::vector<RunId>{before->id, here->id}, options](
            jobs::JobContext& context) { return compare::compareRuns(project, runs, options, context.stop); },
        [this](const Result<compare::Comparison>& comparison) {
            std::vector<Line> lines;
            for (std::size_t i = 0; comparison.ok() && i < comparison->sections.size(); ++i) {
                const auto& section = comparison->sections[i];
                const auto name = sectionName(section.kind);
                if (!name.isEmpty() && !section.rows.empty()) {
                    lines.push_back({name, sectionText(section), section.differing() > 0});
                }
            }
            setLines(lines);
        });
}

void CommitEnvironment::setLines(const std::vector<Line>& lines) {
    while (auto* item = m_grid->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_lines.clear();
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const auto& line = lines[i];
        const int row = static_cast<int>(i);
        auto* name = new Label(line.name, TextRole::Body, 400, Token::TextSecondary);
        auto* text = new Label(line.text, TextRole::Body, 400,
                               line.differs ? Token::SemanticWarn : Token::TextPrimary);
        text->setVerbatim(true);
        text->setElideMode(Qt::ElideRight);
        m_grid->addWidget(name, row, 0);
        m_grid->addWidget(text, row, 1);
        m_lines << QStringLiteral("%1: %2").arg(line.name, line.text);
    }
    setVisible(!lines.empty());
}

}  // namespace runglass::ui
