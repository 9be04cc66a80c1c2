// SPDX-License-Identifier: GPL-3.0-or-later
#include "compare_model.h"

#include <algorithm>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

using SectionKind = compare::Section::Kind;

SectionKind kindOf(ComparePart part) {
    switch (part) {
        case ComparePart::Config:
            return SectionKind::Config;
        case ComparePart::Packages:
            return SectionKind::Packages;
        case ComparePart::Environment:
            return SectionKind::Environment;
        case ComparePart::Hardware:
            return SectionKind::Hardware;
        case ComparePart::Data:
            return SectionKind::Data;
        case ComparePart::CommandLine:
            return SectionKind::CommandLine;
        case ComparePart::Tags:
            return SectionKind::Tags;
        default:
            return SectionKind::Params;
    }
}

}  // namespace

QString partTitle(ComparePart part) {
    switch (part) {
        case ComparePart::Params:
            return CompareModel::tr("Params");
        case ComparePart::Config:
            return CompareModel::tr("Config files");
        case ComparePart::Code:
            return CompareModel::tr("Code");
        case ComparePart::Packages:
            return CompareModel::tr("Packages");
        case ComparePart::Environment:
            return CompareModel::tr("Environment");
        case ComparePart::Hardware:
            return CompareModel::tr("Hardware");
        case ComparePart::Data:
            return CompareModel::tr("Data");
        case ComparePart::CommandLine:
            return CompareModel::tr("Command line");
        case ComparePart::Tags:
            return CompareModel::tr("Tags");
        case ComparePart::Count:
            break;
    }
    return {};
}

QString runLetter(int index) {
    return QChar(static_cast<char16_t>(u'A' + index));
}

void CompareModel::setComparison(SharedComparison comparison) {
    beginResetModel();
    m_comparison = std::move(comparison);
    rebuild();
    endResetModel();
}

void CompareModel::setOnlyDifferences(bool only) {
    if (only == m_onlyDifferences) {
        return;
    }
    beginResetModel();
    m_onlyDifferences = only;
    rebuild();
    endResetModel();
}

void CompareModel::setFilter(const QString& text) {
    if (text == m_filter) {
        return;
    }
    beginResetModel();
    m_filter = text;
    rebuild();
    endResetModel();
}

const compare::Section* CompareModel::section(ComparePart part) const {
    if (!m_comparison || part == ComparePart::Code) {
        return nullptr;
    }
    const auto& sections = m_comparison->comparison.sections;
    const auto it = std::find_if(sections.begin(), sections.end(),
                                 [part](const compare::Section& each) { return each.kind == kindOf(part); });
    return it == sections.end() ? nullptr : &*it;
}

bool CompareModel::shows(const compare::Row& row) const {
    if (m_onlyDifferences && !row.differs) {
        return false;
    }
    if (m_filter.isEmpty()) {
        return true;
    }
    const auto holds = [this](const std::string& text) {
        return QString::fromStdString(text).contains(m_filter, Qt::CaseInsensitive);
    };
    return holds(row.key) || std::any_of(row.values.begin(), row.values.end(),
                                         [&](const auto& value) { return value && holds(*value); });
}

void CompareModel::rebuild() {
    m_parts.clear();
    for (int i = 0; m_comparison && i < static_cast<int>(ComparePart::Count); ++i) {
        Part part;
        part.part = static_cast<ComparePart>(i);
        if (const auto* rows = section(part.part)) {
            for (const auto& row : rows->rows) {
                if (shows(row)) {
                    part.rows.push_back(&row);
                }
            }
        }
        const bool code = part.part == ComparePart::Code &&
                          (differing(part.part) > 0 || !m_comparison->comparison.codeProblem.empty());
        if (code || !part.rows.empty()) {
            m_parts.push_back(std::move(part));
        }
    }
}

int CompareModel::runCount() const {
    return m_comparison ? static_cast<int>(m_comparison->comparison.runs.size()) : 0;
}

int CompareModel::differing(ComparePart part) const {
    if (part == ComparePart::Code) {
        return m_comparison && m_comparison->code ? static_cast<int>(m_comparison->code->files().size()) : 0;
    }
    const auto* rows = section(part);
    return rows == nullptr ? 0 : static_cast<int>(rows->differing());
}

int CompareModel::total(ComparePart part) const {
    const auto* rows = section(part);
    return rows == nullptr ? differing(part) : static_cast<int>(rows->rows.size());
}

bool CompareModel::allEqual() const {
    for (int i = 0; i < static_cast<int>(ComparePart::Count); ++i) {
        if (differing(static_cast<ComparePart>(i)) > 0) {
            return false;
        }
    }
    return true;
}

QString CompareModel::remark(ComparePart part) const {
    if (part != ComparePart::Code) {
        return differing(part) == 0 ? tr("%1 equal").arg(total(part))
                                    : tr("%1 of %2 differ").arg(differing(part)).arg(total(part));
    }
    if (!m_comparison || !m_comparison->code) {
        return {};
    }
    const auto files = differing(part);
    QString text = (files == 1 ? tr("1 file, +%2 −%3") : tr("%1 files, +%2 −%3").arg(files))
                       .arg(m_comparison->code->added())
                       .arg(m_comparison->code->removed());
    return runCount() > 2 ? text + tr(", B against A") : text;
}

ComparePart CompareModel::partOf(const QModelIndex& index) const {
    const auto row = isPart(index) ? static_cast<std::size_t>(index.row())
                                   : static_cast<std::size_t>(index.internalId() - 1);
    return m_parts[row].part;
}

bool CompareModel::isCode(const QModelIndex& index) const {
    return index.isValid() && !isPart(index) && partOf(index) == ComparePart::Code;
}

const compare::Row* CompareModel::rowOf(const QModelIndex& index) const {
    if (!index.isValid() || isPart(index) || isCode(index)) {
        return nullptr;
    }
    return m_parts[index.internalId() - 1].rows[static_cast<std::size_t>(index.row())];
}

QModelIndex CompareModel::partIndex(ComparePart part) const {
    const auto it =
        std::find_if(m_parts.begin(), m_parts.end(), [part](const Part& each) { return each.part == part; });
    return it == m_parts.end() ? QModelIndex() : index(static_cast<int>(it - m_parts.begin()), 0);
}

QModelIndex CompareModel::codeIndex() const {
    const auto code = partIndex(ComparePart::Code);
    return code.isValid() ? index(0, 0, code) : QModelIndex();
}

QModelIndex CompareModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent)) {
        return {};
    }
    return createIndex(row, column, parent.isValid() ? static_cast<quintptr>(parent.row()) + 1 : 0);
}

QModelIndex CompareModel::parent(const QModelIndex& index) const {
    return !index.isValid() || isPart(index)
               ? QModelIndex()
               : createIndex(static_cast<int>(index.internalId()) - 1, 0, quintptr{0});
}

int CompareModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid()) {
        return static_cast<int>(m_parts.size());
    }
    if (!isPart(parent) || parent.column() != 0) {
        return 0;
    }
    const auto& part = m_parts[static_cast<std::size_t>(parent.row())];
    return part.part == ComparePart::Code ? 1 : static_cast<int>(part.rows.size());
}

int CompareModel::columnCount(const QModelIndex& /*parent*/) const {
    return 1 + runCount() + (hasChangeColumn() ? 1 : 0);
}

QVariant CompareModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() ||
        (role != Qt::DisplayRole && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)) {
        return {};
    }
    if (isPart(index)) {
        const auto part = partOf(index);
        return index.column() > 0 ? QVariant()
               : role == Qt::AccessibleTextRole
                   ? QVariant(partTitle(part) + QStringLiteral(", ") + remark(part))
                   : QVariant(partTitle(part));
    }
    const auto* row = rowOf(index);
    if (row == nullptr) {
        return index.column() == 0 && role == Qt::AccessibleTextRole ? QVariant(tr("Differences in the code"))
                                                                     : QVariant();
    }
    if (index.column() == 0) {
        return projectText(row->key);
    }
    const auto run = static_cast<std::size_t>(index.column()) - 1;
    if (run >= row->values.size()) {
        return QString::fromStdString(row->change);
    }
    const auto& value = row->values[run];
    return value ? projectText(*value) : tr("not set");
}

QVariant CompareModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) {
        return {};
    }
    if (section == 0) {
        return tr("Key");
    }
    if (section <= runCount()) {
        return section == 1 ? tr("%1, baseline").arg(runLetter(0)) : runLetter(section - 1);
    }
    return tr("Change");
}

}  // namespace runglass::ui
