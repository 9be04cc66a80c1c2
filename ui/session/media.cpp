// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/ui/session/media.h"

#include <QBuffer>
#include <QImageReader>
#include <QPointer>

#include "runglass/sources/project_runs.h"

namespace runglass::ui {

namespace {

constexpr std::uint64_t kLargest = 32 << 20;  // bytes

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

void requestMedium(ProjectSession& session, const RunId& run, const model::Medium& medium, QObject* owner,
                   std::function<void(Result<std::string>)> done) {
    session.pool().post([project = session.project(), catalogue = session.catalogue(), run,
                         artifact = medium.artifact, gui = session.guiExecutor(),
                         guard = QPointer<QObject>(owner), done = std::move(done)] {
        sources::ProjectRuns runs(project, catalogue);
        gui([guard, done, content = runs.artifact(run, artifact, kLargest)] {
            if (!guard.isNull()) {
                done(content);
            }
        });
    });
}

QImage decodedImage(const std::string& bytes, int mostPixels) {
    QByteArray data = QByteArray::fromRawData(bytes.data(), static_cast<qsizetype>(bytes.size()));
    QBuffer buffer(&data);
    QImageReader reader(&buffer);
    reader.setAutoTransform(true);
    const auto size = reader.size();
    if (size.width() > mostPixels || size.height() > mostPixels) {
        reader.setScaledSize(size.scaled(mostPixels, mostPixels, Qt::KeepAspectRatio));
    }
    return reader.read();
}

}  // namespace runglass::ui
