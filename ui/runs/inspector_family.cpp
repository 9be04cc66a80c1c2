// SPDX-License-Identifier: GPL-3.0-or-later
// The section of the inspector about the runs around a run: the one that it is nested in, those nested in it.
#include <QMenu>
#include <algorithm>

#include "fact_list.h"
#include "inspector_parts.h"
#include "run_family.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/widgets/format.h"
#include "runglass/ui/widgets/run_status.h"

namespace runglass::ui {

namespace {

enum FamilyItem : int { kParent, kChildren };

QString childrenFilter(const RunId& id) {
    return QStringLiteral("parent = '%1'").arg(QString::fromStdString(id.shortHex()));
}

Fact parentFact(const RunId& id, const model::RunRecord* parent) {
    Fact fact;
    fact.key = Inspector::tr("Parent");
    fact.value = projectText(parent && !parent->name.empty() ? parent->name : id.shortHex());
    fact.tooltip = QString::fromStdString(id.hex());
    if (parent) {
        fact.ink = Token::TextLink;
        fact.remark = statusText(parent->status);
        fact.item = kParent;
    } else {
        fact.remark = Inspector::tr("not in this project");
    }
    return fact;
}

Fact childrenFact(const std::vector<RunId>& children, const model::RunTable& table) {
    const auto running = std::count_if(children.begin(), children.end(), [&](const RunId& id) {
        return table.find(id)->status == model::RunStatus::Running;
    });
    Fact fact;
    fact.key = Inspector::tr("Children");
    fact.value = formatCount(static_cast<std::int64_t>(children.size()));
    fact.ink = Token::TextLink;
    if (running > 0) {
        const bool all = running == std::ssize(children);
        fact.remark = all ? Inspector::tr("running") : Inspector::tr("%1 running").arg(formatCount(running));
    }
    fact.tooltip = Inspector::tr("Show these runs in the table");
    fact.item = kChildren;
    return fact;
}

}  // namespace

void Inspector::buildFamily(InspectorPage* page) {
    m_family = new FactList(tr("Nested runs"), FactList::Style::Facts, page);
    page->add(m_family);
    const auto selectParent = [this] { m_session->select({*m_run->parent}); };
    const auto showChildren = [this] { Q_EMIT filterRequested(childrenFilter(*m_id)); };
    connect(m_family, &FactList::activated, this,
            [=](int item) { item == kParent ? selectParent() : showChildren(); });
    connect(m_family, &FactList::menuRequested, this, [=, this](int item, QMenu* menu) {
        if (item == kParent) {
            menu->addAction(tr("Select parent"), this, selectParent);
        } else {
            menu->addAction(tr("Show children in the table"), this, showChildren);
            menu->addAction(tr("Select children"), this,
                            [this] { m_session->select(childrenOf(*m_id, *m_session->runs())); });
        }
    });
}

void Inspector::showFamily() {
    const auto& table = *m_session->runs();
    std::vector<Fact> facts;
    if (m_run->parent) {
        facts.push_back(parentFact(*m_run->parent, table.find(*m_run->parent)));
    }
    if (const auto children = childrenOf(*m_id, table); !children.empty()) {
        facts.push_back(childrenFact(children, table));
    }
    m_family->setFacts(std::move(facts));
}

}  // namespace runglass::ui
