// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/launch/flags_form.h"

#include <QGridLayout>

#include "flag_row.h"
#include "runglass/ui/launch/flag_edit.h"

namespace runglass::ui {

namespace {

constexpr int kTwoColumnsFrom = 640;

bool sameFlags(const launch::ScriptFlags& a, const launch::ScriptFlags& b) {
    return a.flags.size() == b.flags.size() &&
           std::equal(a.flags.begin(), a.flags.end(), b.flags.begin(), [](const auto& x, const auto& y) {
               return x.name == y.name && x.type == y.type && x.defaultValue == y.defaultValue &&
                      x.choices == y.choices && x.aliases == y.aliases && x.help == y.help;
           });
}

}  // namespace

FlagsForm::FlagsForm(QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this)) {
    m_grid->setContentsMargins({});
    m_grid->setHorizontalSpacing(28);
    m_grid->setVerticalSpacing(0);
}

void FlagsForm::setFlags(const launch::ScriptFlags& flags) {
    if (sameFlags(flags, m_flags)) {
        return;
    }
    m_flags = flags;
    for (auto* row : m_rows) {
        delete row;
    }
    m_rows.clear();
    for (const auto& flag : m_flags.flags) {
        if (flag.positional) {
            continue;  // its place among the words is what the command itself shows
        }
        auto* row = new FlagRow(flag, this);
        connect(row, &FlagRow::valueEdited, this, [this, row](const std::optional<std::string>& value) {
            m_command = QString::fromStdString(withFlagValue(m_command.toStdString(), row->flag(), value));
            showCommand(m_command);
            Q_EMIT commandEdited(m_command);
        });
        m_rows.push_back(row);
    }
    showCommand(m_command);
    arrange();
}

void FlagsForm::showCommand(const QString& command) {
    m_command = command;
    for (auto* row : m_rows) {
        row->showValue(flagValue(command.toStdString(), row->flag(), m_flags));
    }
    if (m_onlySet) {
        arrange();
    }
}

void FlagsForm::setOnlySet(bool onlySet) {
    m_onlySet = onlySet;
    arrange();
}

int FlagsForm::setCount() const {
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [](const FlagRow* row) { return row->isSet(); }));
}

void FlagsForm::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    const int columns = width() >= kTwoColumnsFrom ? 2 : 1;
    if (columns != m_columns) {
        m_columns = columns;
        arrange();
    }
}

void FlagsForm::arrange() {
    const int columns = std::max(1, m_columns);
    int place = 0;
    for (auto* row : m_rows) {
        m_grid->removeWidget(row);
        const bool visible = !m_onlySet || row->isSet();
        row->setVisible(visible);
        if (visible) {
            m_grid->addWidget(row, place / columns, place % columns);
            ++place;
        }
    }
    for (int column = 0; column < 2; ++column) {
        m_grid->setColumnStretch(column, column < columns ? 1 : 0);
    }
}

}  // namespace runglass::ui
