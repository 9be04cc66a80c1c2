// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QObject>
#include <functional>
#include <string>
#include <vector>

#include "runglass/base/result.h"
#include "runglass/model/media.h"
#include "runglass/ui/session/project_session.h"

namespace runglass::ui {

/// The media that a run has logged, by kind, tag and step. `done` runs on the GUI thread unless `owner` is
/// destroyed first.
void requestMedia(ProjectSession& session, const RunId& run, QObject* owner,
                  std::function<void(Result<std::vector<model::Medium>>)> done);

/// The bytes of one medium of a run, wherever the run lives, read in a job; TooLarge beyond 32 MB. The one
/// place where content of artifacts is fetched for the views.
void requestMedium(ProjectSession& session, const RunId& run, const model::Medium& medium, QObject* owner,
                   std::function<void(Result<std::string>)> done);

/// An image file's pixels, scaled down so that no side has more than `mostPixels`; null when it cannot be
/// decoded. Takes its time: call it in a job.
QImage decodedImage(const std::string& bytes, int mostPixels);

}  // namespace runglass::ui
