// SPDX-License-Identifier: GPL-3.0-or-later
#include "table_dialog.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTreeWidget>
#include <algorithm>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/label.h"
#include "runglass/ui/widgets/remark.h"

namespace runglass::ui {
namespace {

constexpr std::size_t kRows = 8;           ///< shown of each column
constexpr std::size_t kMostColumns = 500;  ///< that can be told apart by hand
constexpr int kMargin = 16;

QComboBox* makeRoleBox() {
    auto* box = new QComboBox;
    // In the order of ColumnRole.
    box->addItems({TableDialog::tr("metric"), TableDialog::tr("param"), TableDialog::tr("step"),
                   TableDialog::tr("time"), TableDialog::tr("run"), TableDialog::tr("not read")});
    return box;
}

QString firstValues(const sources::PreviewColumn& column) {
    QStringList texts;
    for (const auto& value : column.values) {
        texts << (value.empty() ? QStringLiteral("–") : projectText(value));
    }
    return texts.join(QStringLiteral(",  "));
}

}  // namespace

TableDialog::TableDialog(ProjectSession* session, std::filesystem::path file, QWidget* parent)
    : QDialog(parent)
    , m_session(session)
    , m_file(std::move(file))
    , m_name(new QLineEdit)
    , m_list(new QTreeWidget)
    , m_remark(new Remark)
    , m_problem(new Remark(QString(), Token::SemanticDanger))
    , m_save(makeButton(tr("Read as a run"), {}, ButtonKind::Primary)) {
    setObjectName(QStringLiteral("tableDialog"));
    setWindowTitle(tr("Read a table"));
    resize(640, 480);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(kMargin, kMargin, kMargin, kMargin);
    column->setSpacing(8);
    const auto below = m_file.lexically_relative(session->project());
    const bool isOutside = below.empty() || *below.begin() == "..";
    auto* title = new Label(projectText((isOutside ? m_file : below).native()), TextRole::Strong, 600);
    title->setVerbatim(true);
    column->addWidget(title);
    column->addWidget(m_remark);
    auto* nameRow = new QHBoxLayout;
    nameRow->setSpacing(8);
    auto* nameLabel = new QLabel(tr("Name of the run"));
    nameLabel->setBuddy(m_name);
    m_name->setObjectName(QStringLiteral("tableName"));
    nameRow->addWidget(nameLabel);
    nameRow->addWidget(m_name, 1);
    column->addLayout(nameRow);
    m_list->setObjectName(QStringLiteral("tableColumns"));
    m_list->setAccessibleName(tr("Columns"));
    m_list->setHeaderLabels({tr("Column"), tr("Read as"), tr("First rows")});
    m_list->setRootIsDecorated(false);
    m_list->setSelectionMode(QAbstractItemView::NoSelection);
    m_list->setFocusPolicy(Qt::NoFocus);  // the choices in it take the focus
    m_list->header()->setStretchLastSection(true);
    m_list->setColumnWidth(0, 180);
    m_list->setColumnWidth(1, 120);
    column->addWidget(m_list, 1);
    m_problem->setObjectName(QStringLiteral("tableProblem"));
    column->addWidget(m_problem);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    auto* cancel = makeButton(tr("Cancel"));
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    m_save->setObjectName(QStringLiteral("tableSave"));
    m_save->setDefault(true);
    connect(m_save, &QPushButton::clicked, this, &TableDialog::save);
    buttons->addWidget(cancel);
    buttons->addWidget(m_save);
    column->addLayout(buttons);
    showProblem({});
    m_save->setEnabled(false);
    m_job = jobs::start(
        session->pool(), session->guiExecutor(),
        [project = session->project(), path = m_file](jobs::JobContext& context) {
            return begin(project, path, context.stop);
        },
        [this](Result<Start> start) {
            if (start) {
                showStart(std::move(*start));
            } else {
                showProblem(projectText(start.error().message));
            }
        });
}

Result<TableDialog::Start> TableDialog::begin(const std::filesystem::path& project,
                                              const std::filesystem::path& file,
                                              const std::stop_token& stop) {
    Start start;
    RUNGLASS_ASSIGN(start.columns, sources::previewTable(file, kRows, stop));
    RUNGLASS_ASSIGN(const auto mappings, sources::readTableMappings(project));
    const auto known = std::find_if(mappings.begin(), mappings.end(), [&](const auto& mapping) {
        return (project / mapping.path).lexically_normal() == file.lexically_normal();
    });
    start.known = known != mappings.end();
    if (start.known) {
        start.mapping = *known;
    } else {
        RUNGLASS_ASSIGN(start.mapping, sources::suggestTableMapping(project, file));
    }
    return start;
}

void TableDialog::showStart(Start start) {
    m_columns = std::move(start.columns);
    m_mapping = std::move(start.mapping);
    m_save->setText(start.known ? tr("Change") : tr("Read as a run"));
    m_name->setPlaceholderText(projectText((m_file.parent_path().filename() / m_file.stem()).native()));
    m_name->setText(QString::fromStdString(m_mapping.name));
    const auto roles = rolesOf(m_mapping, m_columns);
    const auto count = static_cast<std::int64_t>(m_columns.size());
    m_remark->setText(m_columns.size() > kMostColumns
                          ? tr("The first %1 of %2 columns; those after them are metrics where they hold "
                               "numbers.")
                                .arg(kMostColumns)
                                .arg(formatCount(count))
                          : tr("Each row is a step. The file stays where it is and is followed while it "
                               "grows."));
    m_columns.resize(std::min(m_columns.size(), kMostColumns));
    showColumns(roles);
    check();
    m_roles.front()->setFocus();
}

void TableDialog::showColumns(const std::vector<ColumnRole>& roles) {
    for (std::size_t i = 0; i < m_columns.size(); ++i) {
        const auto& column = m_columns[i];
        const auto values = firstValues(column);
        auto* item = new QTreeWidgetItem(m_list, {projectText(column.name), {}, values});
        item->setToolTip(0, projectText(column.name).toHtmlEscaped());
        item->setToolTip(2, values.toHtmlEscaped());
        item->setForeground(2, themeColor(Token::TextTertiary));
        auto* box = makeRoleBox();
        box->setAccessibleName(tr("Read %1 as").arg(projectText(column.name)));
        box->setCurrentIndex(static_cast<int>(roles[i]));
        connect(box, &QComboBox::currentIndexChanged, this, [this, i] { roleChosen(i); });
        m_list->setItemWidget(item, 1, box);
        item->setSizeHint(1, {100, box->sizeHint().height() + 2});
        m_roles.push_back(box);
    }
}

/// There is one step, one time and one run: the column that was it before is a metric again.
void TableDialog::roleChosen(std::size_t column) {
    const int role = m_roles[column]->currentIndex();
    const bool single = role == static_cast<int>(ColumnRole::Step) ||
                        role == static_cast<int>(ColumnRole::Time) ||
                        role == static_cast<int>(ColumnRole::Run);
    for (std::size_t i = 0; single && i < m_roles.size(); ++i) {
        if (i != column && m_roles[i]->currentIndex() == role) {
            m_roles[i]->setCurrentIndex(
                static_cast<int>(m_columns[i].numbers ? ColumnRole::Metric : ColumnRole::Ignored));
        }
    }
    check();
}

std::vector<ColumnRole> TableDialog::roles() const {
    std::vector<ColumnRole> roles;
    for (const auto* box : m_roles) {
        roles.push_back(static_cast<ColumnRole>(box->currentIndex()));
    }
    return roles;
}

void TableDialog::check() {
    const auto now = roles();
    const bool any = std::find(now.begin(), now.end(), ColumnRole::Metric) != now.end();
    showProblem(any ? QString() : tr("No column is a metric. Choose at least one to draw."));
    m_save->setEnabled(any);
}

void TableDialog::showProblem(const QString& problem) {
    m_problem->setText(problem);
    m_problem->setVisible(!problem.isEmpty());
}

void TableDialog::save() {
    if (!m_session) {
        return;
    }
    m_mapping.name = m_name->text().trimmed().toStdString();
    setRoles(roles(), m_columns, &m_mapping);
    m_save->setEnabled(false);
    m_job = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), mapping = m_mapping](jobs::JobContext&) {
            return sources::saveTableMapping(project, mapping);
        },
        [this](const Result<void>& kept) {
            if (kept) {
                Q_EMIT saved();
                accept();
            } else {
                showProblem(projectText(kept.error().message));
                m_save->setEnabled(true);
            }
        });
}

}  // namespace runglass::ui
