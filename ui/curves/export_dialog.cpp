// SPDX-License-Identifier: GPL-3.0-or-later
#include "export_dialog.h"

#include <QComboBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardPaths>
#include <utility>

#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/buttons.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/remark.h"

namespace runglass::ui {

namespace {

QSpinBox* pixels(int value, QWidget* parent) {
    auto* box = new QSpinBox(parent);
    box->setRange(kLeastChart, kMostChart);
    box->setValue(value);
    return box;
}

}  // namespace

ExportDialog::ExportDialog(ChartImage light, ChartImage dark, ProjectSession* session, QWidget* parent)
    : QDialog(parent)
    , m_light(std::move(light))
    , m_dark(std::move(dark))
    , m_session(session)
    , m_format(new QComboBox(this))
    , m_theme(new QComboBox(this))
    , m_width(pixels(m_light.width, this))
    , m_height(pixels(m_light.height, this))
    , m_scale(new QDoubleSpinBox(this))
    , m_file(new QLineEdit(this))
    , m_message(new Remark({}, Token::SemanticDanger, this)) {
    setObjectName(QStringLiteral("exportChart"));
    setWindowTitle(tr("Export %1").arg(m_light.metric));
    m_format->setObjectName(QStringLiteral("format"));
    m_format->addItem(tr("SVG, for the web and papers"), QStringLiteral("svg"));
    m_format->addItem(tr("PDF"), QStringLiteral("pdf"));
    m_format->addItem(tr("PNG"), QStringLiteral("png"));
    m_format->addItem(tr("CSV with the points"), QStringLiteral("csv"));
    m_theme->setObjectName(QStringLiteral("theme"));
    m_theme->addItem(tr("Light"));
    m_theme->addItem(tr("Dark"));
    m_scale->setObjectName(QStringLiteral("scale"));
    m_scale->setRange(0.5, 16);
    m_scale->setSingleStep(0.5);
    m_scale->setValue(2);
    m_scale->setSuffix(QStringLiteral(" ×"));
    m_file->setObjectName(QStringLiteral("file"));
    m_file->setMinimumWidth(320);
    auto name = m_light.metric;
    for (const char c : {'/', '\\', ':', '*', '?', '"', '<', '>', '|'}) {
        name.replace(QLatin1Char(c), QLatin1Char('-'));
    }
    const auto documents = QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
    const bool there = !documents.isEmpty() && QDir(documents).exists();
    m_file->setText(
        QDir(there ? documents : QDir::homePath()).filePath(name.left(80) + QStringLiteral(".svg")));
    auto* choose = makeButton(tr("Choose…"), {}, {}, this);
    auto* accept = makeButton(tr("Export"), {}, ButtonKind::Primary, this);
    accept->setObjectName(QStringLiteral("export"));
    accept->setDefault(true);
    auto* cancel = makeButton(tr("Cancel"), {}, {}, this);
    auto* size = new QHBoxLayout;
    size->addWidget(m_width);
    size->addWidget(new QLabel(QStringLiteral("×"), this));
    size->addWidget(m_height);
    size->addStretch(1);
    auto* file = new QHBoxLayout;
    file->addWidget(m_file, 1);
    file->addWidget(choose);
    auto* form = new QFormLayout;
    form->addRow(tr("Format"), m_format);
    form->addRow(tr("Colors"), m_theme);
    form->addRow(tr("Size"), size);
    form->addRow(tr("Scale"), m_scale);
    form->addRow(tr("File"), file);
    auto* buttons = new QHBoxLayout;
    buttons->addStretch(1);
    buttons->addWidget(cancel);
    buttons->addWidget(accept);
    auto* layout = new QVBoxLayout(this);
    layout->addLayout(form);
    layout->addWidget(m_message);
    layout->addLayout(buttons);
    connect(m_format, &QComboBox::currentIndexChanged, this, &ExportDialog::showFormat);
    connect(choose, &QPushButton::clicked, this, &ExportDialog::chooseFile);
    connect(cancel, &QPushButton::clicked, this, &QDialog::reject);
    connect(accept, &QPushButton::clicked, this, &ExportDialog::write);
    showFormat();
}

void ExportDialog::showFormat() {
    const auto format = m_format->currentData().toString();
    m_scale->setEnabled(format == QLatin1String("png"));
    m_theme->setEnabled(format != QLatin1String("csv"));
    m_width->setEnabled(format != QLatin1String("csv"));
    m_height->setEnabled(format != QLatin1String("csv"));
    const auto path = m_file->text();
    const auto dot = path.lastIndexOf(QLatin1Char('.'));
    m_file->setText((dot > path.lastIndexOf(QLatin1Char('/')) ? path.left(dot) : path) + QLatin1Char('.') +
                    format);
}

void ExportDialog::chooseFile() {
    const auto file = QFileDialog::getSaveFileName(this, windowTitle(), m_file->text());
    if (!file.isEmpty()) {
        m_file->setText(file);
        m_mayReplace = file;  // it has asked
    }
}

// Drawing belongs to this thread and takes as long as a frame of that size. Points may be millions.
void ExportDialog::write() {
    auto& image = m_theme->currentIndex() == 1 ? m_dark : m_light;
    image.width = m_width->value();
    image.height = m_height->value();
    image.scale = m_scale->value();
    const auto name = m_file->text();
    if (QFileInfo::exists(name) && std::exchange(m_mayReplace, name) != name) {
        m_message->setColor(Token::SemanticWarn);
        m_message->setText(tr("%1 is there already. Export once more to replace it.").arg(name));
        return;
    }
    const std::filesystem::path file = name.toStdString();
    if (chartFormatOf(file) != ChartFormat::Csv) {
        finish(writeChart(image, file));
        return;
    }
    m_message->setColor(Token::TextTertiary);
    m_message->setText(tr("Writing…"));
    setEnabled(false);
    m_job = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [image, file](jobs::JobContext&) { return writeChart(image, file); },
        [this](const Result<void>& written) {
            setEnabled(true);
            finish(written);
        });
}

void ExportDialog::finish(const Result<void>& written) {
    if (written) {
        accept();
    } else {
        m_message->setColor(Token::SemanticDanger);
        m_message->setText(projectText(written.error().message));
    }
}

}  // namespace runglass::ui
