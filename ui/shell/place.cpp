// SPDX-License-Identifier: GPL-3.0-or-later
#include "place.h"

#include <QCoreApplication>

#include "runglass/ui/compare/compare_view.h"
#include "runglass/ui/history/history_view.h"
#include "runglass/ui/launch/launch_view.h"
#include "workspace_page.h"

namespace runglass::ui {
namespace {

template <typename Page>
View* make(QWidget* parent) {
    return new Page(parent);
}

}  // namespace

const std::vector<Place>& places() {
    static const std::vector<Place> kPlaces{
        {"runs", QT_TRANSLATE_NOOP("Place", "Runs"), "runs", "workspace"},
        {"curves", QT_TRANSLATE_NOOP("Place", "Curves"), "curves", "workspace"},
        {"compare", QT_TRANSLATE_NOOP("Place", "Compare"), "compare", "compare"},
        {"history", QT_TRANSLATE_NOOP("Place", "History"), "history", "history"},
        {"launch", QT_TRANSLATE_NOOP("Place", "Launch"), "launch", "launch"},
    };
    return kPlaces;
}

const std::vector<Page>& pages() {
    static const std::vector<Page> kPages{
        {"workspace", make<WorkspacePage>},
        {"compare", make<CompareView>},
        {"history", make<HistoryView>},
        {"launch", make<LaunchView>},
    };
    return kPages;
}

const Place* findPlace(const QString& name) {
    for (const Place& place : places()) {
        if (name == QLatin1String(place.name)) {
            return &place;
        }
    }
    return nullptr;
}

QString placeTitle(const Place& place) {
    return QCoreApplication::translate("Place", place.title);
}

}  // namespace runglass::ui
