// SPDX-License-Identifier: GPL-3.0-or-later
#include "project_banner.h"

#include <QFile>

#include "runglass/ui/widgets/format.h"

namespace runglass::ui {
namespace {

/// Up to three of the damaged runs by name.
QString namesText(const ProjectSession& session) {
    constexpr int most = 3;
    QStringList names;
    for (const auto& run : session.namedDamage()) {
        if (names.size() < most && !run.id.isNull()) {
            names += projectText(run.name.empty() ? run.id.shortHex() : run.name);
        }
    }
    if (names.isEmpty()) {
        return {};
    }
    const bool all = static_cast<std::uint64_t>(names.size()) == session.damagedRuns();
    return QLatin1Char(' ') +
           (all ? ProjectBanner::tr("Damaged: %1.") : ProjectBanner::tr("Damaged: %1 and others."))
               .arg(names.join(QStringLiteral(", ")));
}

QString damageText(const ProjectSession& session) {
    const std::uint64_t runs = session.damagedRuns();
    const QString what =
        runs == 0 ? ProjectBanner::tr(
                        "Part of the run database is damaged. In a terminal, runglass check names it.")
        : runs == 1
            ? ProjectBanner::tr("The run database is damaged. 1 run cannot be read, or only in part.")
            : ProjectBanner::tr("The run database is damaged. %1 runs cannot be read, or only in part.")
                  .arg(formatCount(static_cast<std::int64_t>(runs)));
    return what + namesText(session) + QLatin1Char(' ') +
           ProjectBanner::tr("The file stays as it is. Save a copy of what can be read.");
}

QString fileText(const std::filesystem::path& path) {
    return QFile::decodeName(QByteArray::fromStdString(path.string()));
}

}  // namespace

ProjectBanner::ProjectBanner(QWidget* parent)
    : Banner(Tone::Warn, {}, parent) {
    setObjectName(QStringLiteral("projectBanner"));
    setClosable(true);
    hide();
    connect(this, &Banner::clicked, this, [this] {
        if (m_copy.isEmpty()) {
            Q_EMIT copyRequested();
        } else {
            Q_EMIT openCopyRequested(m_copy);
        }
    });
}

void ProjectBanner::showSession(const ProjectSession* session) {
    QString text;
    const bool loaded = session != nullptr && session->loaded();
    const bool damaged = loaded && session->damaged();
    if (damaged) {
        text = damageText(*session);
    } else if (loaded && !session->writable()) {
        text = session->whyNotWritable();
    }
    if (text == m_shown) {
        return;
    }
    m_shown = text;
    m_copy.clear();
    setTone(damaged ? Tone::Danger : Tone::Warn);
    setText(text);
    setButton(damaged ? tr("Save a copy…") : QString());
    setVisible(!text.isEmpty());
}

void ProjectBanner::showCopy(const std::filesystem::path& folder, std::uint64_t runs,
                             const QStringList& findings) {
    m_copy = fileText(folder);
    QString text = tr("A copy with %n run(s) is in %1.", nullptr, static_cast<int>(runs))
                       .arg(projectText(folder.string()));
    if (!findings.isEmpty()) {
        text += QLatin1Char(' ') + tr("Not in it: %1").arg(findings.first());
    }
    if (findings.size() > 1) {
        text += QLatin1Char(' ') +
                tr("%n more under Help, What went wrong.", nullptr, static_cast<int>(findings.size()) - 1);
    }
    setText(text);
    setButton(tr("Open the copy"));
    show();
}

std::filesystem::path copyFolder(const std::filesystem::path& project, const std::filesystem::path& parent) {
    const std::string name = project.filename().string() + "-rescued";
    std::filesystem::path folder = parent / name;
    std::error_code code;
    for (int i = 2; std::filesystem::exists(std::filesystem::symlink_status(folder, code)); ++i) {
        folder = parent / (name + "-" + std::to_string(i));
    }
    return folder;
}

}  // namespace runglass::ui
