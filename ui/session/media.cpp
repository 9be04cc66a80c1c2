// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/media.h"

#include <QPointer>
#include <algorithm>

#include "runglass/base/file.h"
#include "runglass/base/translate.h"
#include "runglass/store/layout.h"

namespace runglass::ui {

namespace {

constexpr std::uint64_t kLargest = 32 << 20;  // bytes

// A digest from a database that somebody else wrote must not become a path.
bool isDigest(const std::string& text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Result<std::string> contentOf(const std::filesystem::path& project, const model::Artifact& artifact) {
    if (!isDigest(artifact.sha256)) {
        return Error{ErrorCode::NotFound,
                     runglass::tr("The content of {} is not stored with the project.", artifact.path),
                     {}};
    }
    return readFile(store::Layout(project).artifact(artifact.sha256), kLargest);
}

}  // namespace

void requestMedia(ProjectSession& session, const RunId& run, QObject* owner,
                  std::function<void(Result<std::vector<model::Medium>>)> done) {
    session.requestDetail(run, owner, [done = std::move(done)](const Result<model::RunDetail>& detail) {
        if (detail) {
            done(model::mediaOf(detail->artifacts));
        } else {
            done(detail.error());
        }
    });
}

void requestMedium(ProjectSession& session, const model::Medium& medium, QObject* owner,
                   std::function<void(Result<std::string>)> done) {
    session.pool().post([project = session.project(), artifact = medium.artifact, gui = session.guiExecutor(),
                         guard = QPointer<QObject>(owner), done = std::move(done)] {
        gui([guard, done, content = contentOf(project, artifact)] {
            if (!guard.isNull()) {
                done(content);
            }
        });
    });
}

}  // namespace runglass::ui
