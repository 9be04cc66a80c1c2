// SPDX-License-Identifier: GPL-3.0-or-later
// What the sections of the inspector say.
#include <algorithm>
#include <cmath>

#include <QJsonDocument>
#include <QJsonObject>
#include <QTabBar>

#include "fact_list.h"
#include "runglass/git/repository.h"
#include "runglass/model/goal.h"
#include "runglass/model/uncommitted.h"
#include "runglass/ui/runs/inspector.h"
#include "runglass/ui/theme/theme.h"
#include "runglass/ui/widgets/format.h"

namespace runglass::ui {

namespace {

constexpr std::size_t kTopMetrics = 6;
constexpr std::size_t kTopParams = 7;
constexpr std::size_t kSparklines = 200;  // enough for the tab of all metrics of nearly everybody
constexpr std::size_t kSparklinePoints = 48;

bool alphabetical(Symbol a, Symbol b) {
    return a.text() < b.text();
}

// Held-out metrics before training ones, those that have a direction before those that do not.
int importance(std::string_view key) {
    const bool heldOut = key.find("val") != std::string_view::npos ||
                         key.find("test") != std::string_view::npos ||
                         key.find("eval") != std::string_view::npos;
    return (heldOut ? 2 : 0) + (model::goalOf(key) != model::Goal::Unknown ? 1 : 0);
}

// A line of some pixels needs no more, and a live run asks for it with each point that it logs.
constexpr std::size_t kMostOfBucket = 64;

std::vector<double> thinned(const model::GrowingSeries& series) {
    std::vector<double> out;
    const auto n = series.size();
    const auto buckets = std::min(n, kSparklinePoints);
    for (std::size_t b = 0; b < buckets; ++b) {
        double sum = 0;
        int count = 0;
        const auto begin = b * n / buckets;
        const auto end = (b + 1) * n / buckets;
        for (auto i = begin; i < end; i += std::max<std::size_t>(1, (end - begin) / kMostOfBucket)) {
            if (std::isfinite(series.values[i])) {
                sum += series.values[i];
                ++count;
            }
        }
        out.push_back(count > 0 ? sum / count : std::nan(""));
    }
    return out;
}

Fact metricFact(const model::Metric& metric, const QColor& color) {
    const auto& summary = metric.summary;
    const auto best = model::bestOf(summary, model::goalOf(metric.key.text()));
    Fact fact;
    fact.key = projectText(metric.key.text());
    fact.value = best ? formatMetric(*best) : QString();
    fact.remark = formatMetric(summary.last);
    fact.ink = std::isfinite(summary.last) ? Token::TextPrimary : Token::SemanticDanger;
    fact.sparklineColor = color;
    fact.tooltip =
        FactList::tr("last %1\nmin %2\nmax %3\n%4 points, last step %5")
            .arg(formatExact(summary.last), formatExact(summary.min), formatExact(summary.max),
                 formatCount(static_cast<std::int64_t>(summary.count)), formatCount(summary.lastStep));
    return fact;
}

void addFact(std::vector<Fact>& facts, const QString& key, const QString& value, bool mono = false) {
    if (!value.isEmpty()) {
        Fact fact;
        fact.key = key;
        fact.value = value;
        fact.mono = mono;
        facts.push_back(std::move(fact));
    }
}

}  // namespace

void Inspector::showMetrics() {
    if (!m_run) {
        return;
    }
    auto metrics = m_run->metrics;
    std::sort(metrics.begin(), metrics.end(),
              [](const auto& a, const auto& b) { return alphabetical(a.key, b.key); });
    const auto color = m_session->runColor(*m_run);
    std::vector<Fact> all;
    for (const auto& metric : metrics) {
        all.push_back(metricFact(metric, color));
    }
    m_allMetrics->setFacts(std::move(all));
    std::stable_sort(metrics.begin(), metrics.end(), [](const auto& a, const auto& b) {
        return importance(a.key.text()) > importance(b.key.text());
    });
    metrics.resize(std::min(metrics.size(), kTopMetrics));
    std::vector<Fact> top;
    for (const auto& metric : metrics) {
        top.push_back(metricFact(metric, color));
    }
    m_topMetrics->setFacts(std::move(top));
    const bool wantsAll = m_tabBar->currentIndex() == 2;
    for (std::size_t i = 0; i < (wantsAll ? std::min(m_run->metrics.size(), kSparklines) : metrics.size());
         ++i) {
        requestSparkline(wantsAll ? m_run->metrics[i] : metrics[i]);
    }
}

void Inspector::requestSparkline(const model::Metric& metric) {
    m_session->requestSeries(
        m_run->id, metric.key, this,
        [this, id = m_run->id, key = metric.key](const Result<model::SharedSeries>& series) {
            if (!series || !*series || m_id != id) {
                return;
            }
            const auto name = projectText(key.text());
            const auto values = thinned(**series);
            for (auto* list : {m_topMetrics, m_allMetrics}) {
                const auto& facts = list->facts();
                const auto at = std::find_if(facts.begin(), facts.end(),
                                             [&](const Fact& fact) { return fact.key == name; });
                if (at != facts.end()) {
                    list->setSparkline(static_cast<int>(at - facts.begin()), values);
                }
            }
        });
}

// What params are compared with: the second selected run; else the newest run tagged `baseline` of the
// experiment; else the run before in the experiment.
model::SharedRun Inspector::baseline() const {
    if (m_session->selection().size() > 1) {
        return m_session->run(m_session->selection()[1]);
    }
    model::SharedRun before;
    model::SharedRun tagged;
    const auto key = Symbol::find("baseline");
    for (const auto& run : m_session->runs()->runs) {
        if (run->experiment != m_run->experiment || run->id == m_run->id || run->archived) {
            continue;
        }
        if (!key.empty() && run->tag(key)) {
            tagged = run;
        }
        if (run->number < m_run->number) {
            before = run;
        }
    }
    return tagged ? tagged : before;
}

void Inspector::showParams() {
    const auto base = baseline();
    auto params = m_run->params;
    const auto differs = [&](const model::KeyValue& param) {
        return base && base->param(param.key) != param.value.text();
    };
    std::sort(params.begin(), params.end(),
              [](const auto& a, const auto& b) { return alphabetical(a.key, b.key); });
    std::stable_sort(params.begin(), params.end(),
                     [&](const auto& a, const auto& b) { return differs(a) && !differs(b); });
    std::vector<Fact> facts;
    std::size_t different = 0;
    for (const auto& param : params) {
        Fact fact;
        fact.key = projectText(param.key.text());
        fact.value = projectText(param.value.text());
        if (differs(param)) {
            ++different;
            const auto was = base->param(param.key);
            fact.remark = was ? tr("was %1").arg(projectText(*was)) : tr("was not set");
        }
        facts.push_back(std::move(fact));
    }
    const auto remark =
        base ? tr("%1, %2 differ from %3").arg(facts.size()).arg(different).arg(projectText(base->name))
             : QString::number(facts.size());
    m_allParams->setFacts(facts);
    m_allParams->setRemark(remark);
    facts.resize(std::min(facts.size(), std::max(kTopParams, std::min(different, std::size_t(16)))));
    m_topParams->setFacts(std::move(facts));
    m_topParams->setRemark(remark);
}

void Inspector::showSource() {
    const auto& git = m_run->git;
    std::vector<Fact> facts;
    addFact(facts, tr("Commit"), QString::fromStdString(git.commit.substr(0, 7)), true);
    if (!facts.empty()) {
        facts[0].ink = Token::TextLink;
        facts[0].remark = m_subjects.value(QString::fromStdString(git.commit));
        facts[0].tooltip = QString::fromStdString(git.commit);
    }
    addFact(facts, tr("Branch"), projectText(git.branch));
    if (const auto dirty = model::hadUncommittedChanges(*m_run)) {
        Fact fact;
        fact.key = tr("Uncommitted");
        fact.value = !*dirty                ? tr("nothing")
                     : git.snapshot.empty() ? tr("changes, not kept")
                                            : tr("changes, kept in the snapshot");
        fact.ink = *dirty ? Token::SemanticWarn : Token::TextPrimary;
        facts.push_back(std::move(fact));
    }
    if (!git.snapshot.empty()) {
        addFact(facts, tr("Snapshot"),
                QStringLiteral("refs/runglass/runs/%1").arg(QString::fromStdString(m_run->id.hex())), true);
    }
    addFact(facts, tr("Remote"), projectText(git.remote));
    const auto source = m_run->source.text();
    if (source != "runglass") {
        addFact(facts, tr("Read from"), projectText(source));
        addFact(facts, tr("Place"), projectText(m_run->location));
    }
    for (std::size_t i = source == "runglass" ? 0 : 1; m_detail && i < m_detail->origins.size(); ++i) {
        const auto& origin = m_detail->origins[i];
        addFact(facts, tr("Also read from"),
                projectText(origin.source.text()) + QStringLiteral(": ") + projectText(origin.location));
    }
    for (auto* list : m_source) {
        list->setFacts(facts);
    }
    if (!git.commit.empty() && !m_subjects.contains(QString::fromStdString(git.commit))) {
        requestSubject(git.commit);
    }
}

void Inspector::requestSubject(const std::string& commit) {
    m_subjectJob = jobs::start(
        m_session->pool(), m_session->guiExecutor(),
        [project = m_session->project(), commit](jobs::JobContext&) {
            const auto id = git::ObjectId::fromHex(commit);
            const auto repository = git::Repository::open(project);
            const auto found = id && repository ? repository->commit(*id)
                                                : Result<git::Commit>(Error{ErrorCode::NotFound, {}, {}});
            return found ? found->summary : std::string();
        },
        [this, commit](const std::string& subject) {
            m_subjects.insert(QString::fromStdString(commit), projectText(subject));
            if (m_run && m_run->git.commit == commit && !subject.empty()) {
                showSource();
            }
        });
}

void Inspector::showEnvironment() {
    std::vector<Fact> facts;
    std::vector<Fact> packages;
    if (m_detail && m_detail->environment) {
        const auto& environment = *m_detail->environment;
        auto python = projectText(environment.pythonVersion);
        if (!environment.virtualEnvironment.empty()) {
            python += tr(", venv %1").arg(projectText(environment.virtualEnvironment));
        }
        addFact(facts, tr("Python"), python);
        if (!environment.packages.empty()) {
            addFact(facts, tr("Packages"), QString::number(environment.packages.size()));
        }
        const auto& hardware = environment.hardware;
        addFact(facts, tr("Host"), projectText(hardware.hostName));
        addFact(facts, tr("System"), projectText(hardware.operatingSystem));
        addFact(facts, tr("CPU"),
                hardware.cpuCount > 0
                    ? tr("%1 × %2").arg(hardware.cpuCount).arg(projectText(hardware.cpuModel))
                    : QString());
        for (const auto& gpu : hardware.gpus) {
            addFact(facts, tr("GPU"), projectText(gpu));
        }
        for (const auto& package : environment.packages) {
            addFact(packages, projectText(package.name), projectText(package.version));
        }
    }
    if (m_detail && m_detail->peakMemoryBytes) {
        addFact(facts, tr("Peak memory"), formatBytes(*m_detail->peakMemoryBytes));
    }
    if (m_detail && m_detail->userSeconds) {
        const double seconds = *m_detail->userSeconds + m_detail->systemSeconds.value_or(0);
        addFact(facts, tr("CPU time"), formatDuration(static_cast<std::int64_t>(seconds * 1000)));
    }
    m_environment->setFacts(std::move(facts));
    m_packages->setRemark(packages.empty() ? QString() : QString::number(packages.size()));
    m_packages->setFacts(std::move(packages));
}

namespace {

/// Size and number of files, where the profile of a dataset has them as DVC's does.
QString extentOf(const model::Dataset& dataset) {
    constexpr std::size_t kLongest = 65536;
    if (dataset.profile.size() > kLongest) {
        return {};
    }
    const auto profile = QJsonDocument::fromJson(QByteArray::fromStdString(dataset.profile)).object();
    const auto size = profile[QLatin1String("size")];
    const auto files = profile[QLatin1String("files")].toInteger();
    if (!size.isDouble()) {
        return {};
    }
    const auto bytes = formatBytes(size.toInteger());
    return files > 0 ? Inspector::tr("%1 in %n file(s)", nullptr, static_cast<int>(files)).arg(bytes) : bytes;
}

}  // namespace

void Inspector::showFiles() {
    std::vector<Fact> facts;
    if (m_detail) {
        for (const auto& dataset : m_detail->datasets) {
            const auto digest = dataset.digest.empty()
                                    ? QString()
                                    : tr("digest %1").arg(projectText(dataset.digest).left(12));
            const auto place = dataset.location.empty() ? QStringLiteral("—") : projectText(dataset.location);
            QStringList words{extentOf(dataset), digest};
            words.removeAll(QString());
            addFact(facts, projectText(dataset.name),
                    words.isEmpty() ? place : words.join(QStringLiteral(", ")));
            constexpr std::size_t kShortProfile = 120;  // MLflow's may describe every column
            const bool isShort = !dataset.profile.empty() && dataset.profile.size() <= kShortProfile;
            facts.back().tooltip = projectText(dataset.location + "\n" + dataset.digest +
                                               (isShort ? "\n" + dataset.profile : std::string()));
        }
        for (const auto& file : m_detail->configFiles) {
            addFact(facts, projectText(file.path),
                    tr("config, sha256 %1").arg(QString::fromStdString(file.sha256.substr(0, 7))));
        }
        for (std::size_t i = 0; i < m_detail->artifacts.size(); ++i) {
            const auto& artifact = m_detail->artifacts[i];
            addFact(facts, projectText(artifact.path), formatBytes(artifact.size));
            facts.back().item = static_cast<int>(i);
            if (!artifact.sha256.empty()) {
                facts.back().tooltip =
                    tr("%1, sha256 %2").arg(facts.back().value, QString::fromStdString(artifact.sha256));
            }
        }
        for (const auto& file : m_detail->leftOut) {
            addFact(facts, projectText(file.path),
                    file.size > 0 ? tr("%1, not in the snapshot").arg(formatBytes(file.size))
                                  : tr("not in the snapshot"));
            facts.back().ink = Token::SemanticWarn;
        }
    }
    for (auto* list : m_files) {
        list->setFacts(facts);
    }
}

}  // namespace runglass::ui
