// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

class QWidget;

namespace runglass::ui {

class View;

/// An entry of the navigation rail. Several places may be served by one page (Runs and Curves are two layouts
/// of one).
struct Place {
    const char* name;   ///< in --view, viewRequested() and settings
    const char* title;  ///< marked for translation
    const char* icon;
    const char* page;
};

/// Makes a page when it is shown for the first time.
struct Page {
    const char* name;
    View* (*make)(QWidget* parent);
};

/// In the order of the rail and of Ctrl+1, Ctrl+2 …
const std::vector<Place>& places();
const std::vector<Page>& pages();

/// Null when there is none of this name.
const Place* findPlace(const QString& name);
QString placeTitle(const Place& place);

}  // namespace runglass::ui
