// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/saved_views.h"

#include <QJsonDocument>
#include <QUrl>

#include "runglass/base/file.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

namespace runglass::ui::saved_views {

namespace {

constexpr std::uint64_t kLargest = 1 << 20;  // bytes of a file
constexpr qsizetype kLongest = 200;          // of a file's name
constexpr int kVersion = 1;
constexpr QLatin1String kVersionMember("version");

Error notUsable(const std::filesystem::path& path, const std::string& why) {
    return {ErrorCode::Damaged, runglass::tr("The view {} cannot be read. {}", path.string(), why), {}};
}

}  // namespace

std::filesystem::path file(const std::filesystem::path& project, const QString& name) {
    auto encoded = QUrl::toPercentEncoding(name.trimmed(), " ()");
    if (encoded.startsWith('.')) {
        encoded.replace(0, 1, "%2E");  // neither hidden nor a way out
    }
    if (encoded.isEmpty() || encoded.size() > kLongest) {
        return {};
    }
    return store::Layout(project).views() / (encoded.toStdString() + ".json");
}

QStringList names(const std::filesystem::path& project) {
    QStringList names;
    std::error_code failure;
    std::filesystem::directory_iterator entries(store::Layout(project).views(), failure);
    for (; !failure && entries != std::filesystem::directory_iterator(); entries.increment(failure)) {
        std::error_code ignored;
        if (entries->path().extension() == ".json" && entries->is_regular_file(ignored)) {
            names << QUrl::fromPercentEncoding(QByteArray::fromStdString(entries->path().stem().string()));
        }
    }
    names.sort(Qt::CaseInsensitive);
    return names;
}

Result<QJsonObject> read(const std::filesystem::path& project, const QString& name) {
    const auto path = file(project, name);
    RUNGLASS_ASSIGN(const auto text, readFile(path, kLargest));
    QJsonParseError problem;
    const auto document = QJsonDocument::fromJson(QByteArray::fromStdString(text), &problem);
    if (problem.error != QJsonParseError::NoError) {
        return notUsable(path, runglass::tr("It is not JSON: {} at byte {}.",
                                            problem.errorString().toStdString(), problem.offset));
    }
    const auto version = document.object()[kVersionMember];
    if (!document.isObject() || !version.isDouble()) {
        return notUsable(path, runglass::tr("It is not an object with the member `version`."));
    }
    if (version.toInt() > kVersion) {
        return Error{ErrorCode::TooNew,
                     runglass::tr("The view {} was saved by a newer version of Runglass.", path.string()),
                     {}};
    }
    return document.object();
}

Result<void> write(const std::filesystem::path& project, const QString& name, const QJsonObject& parts) {
    const auto path = file(project, name);
    if (path.empty()) {
        return Error{ErrorCode::Invalid,
                     runglass::tr("A view cannot have the name `{}`. Use one of 1 to about 60 characters.",
                                  name.toStdString()),
                     {}};
    }
    RUNGLASS_TRY(store::Layout(project).ensure());
    std::error_code failure;
    std::filesystem::create_directories(path.parent_path(), failure);
    if (failure) {
        return errorFromErrno(failure.value(), runglass::tr("The view cannot be saved."), path.parent_path());
    }
    QJsonObject view;
    if (std::filesystem::exists(path, failure)) {
        RUNGLASS_ASSIGN(view, read(project, name));  // never overwrite what cannot be read
    }
    view[kVersionMember] = kVersion;
    for (auto part = parts.begin(); part != parts.end(); ++part) {
        view[part.key()] = part.value();
    }
    return writeFileAtomically(path, QJsonDocument(view).toJson(QJsonDocument::Indented).toStdString());
}

Result<void> remove(const std::filesystem::path& project, const QString& name) {
    const auto path = file(project, name);
    std::error_code failure;
    if (!std::filesystem::remove(path, failure) && failure) {
        return errorFromErrno(failure.value(), runglass::tr("The view cannot be removed."), path);
    }
    return {};
}

}  // namespace runglass::ui::saved_views
