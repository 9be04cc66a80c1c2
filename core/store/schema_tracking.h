// SPDX-License-Identifier: GPL-3.0-or-later
//
// What the tracking protocol (core/tracking) knows beyond runs: experiments as things of their own, inputs
// and outputs of runs, logged models and the model registry. A migration like those of schema.cpp.
#pragma once

#include <string_view>

namespace runglass::store {

inline constexpr std::string_view kTrackingTables = R"sql(
-- Experiments with an identity. A run names its experiment by the word; one that only runs name gets its row when a
-- client first asks for it. Number 0 is the experiment of runs that name none.
CREATE TABLE experiment(
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    word INTEGER NOT NULL UNIQUE REFERENCES word,
    artifact_location TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
);
INSERT OR IGNORE INTO word(text) VALUES('default');
INSERT INTO experiment(id, word, artifact_location, created_ms, updated_ms)
    SELECT 0, id, '', CAST(strftime('%s', 'now') AS INTEGER) * 1000, CAST(strftime('%s', 'now') AS INTEGER) * 1000
    FROM word WHERE text = 'default';
CREATE TABLE experiment_tag(
    experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY(experiment, key)
) WITHOUT ROWID;
-- What a client says of a run that the run itself has no place for. deleted: 0 no, 1 by itself, 2 with its experiment.
CREATE TABLE tracked_run(
    run INTEGER PRIMARY KEY REFERENCES run ON DELETE CASCADE,
    user TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0
);
-- The greatest point by (step, time, value) of those metrics in which it is not the one that came last. The value is
-- kept as its 64 bits: SQLite has no NaN.
CREATE TABLE latest_point(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    metric INTEGER NOT NULL REFERENCES word,
    step INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    value_bits INTEGER NOT NULL,
    PRIMARY KEY(run, metric)
) WITHOUT ROWID;
CREATE TABLE dataset_version(
    id INTEGER PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    source_type TEXT NOT NULL,
    source TEXT NOT NULL,
    schema TEXT NOT NULL,
    profile TEXT NOT NULL,
    UNIQUE(experiment, name, digest)
);
CREATE TABLE run_input(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    position INTEGER NOT NULL,
    dataset INTEGER NOT NULL REFERENCES dataset_version,
    tags BLOB NOT NULL,
    PRIMARY KEY(run, dataset)
) WITHOUT ROWID;
CREATE INDEX run_input_dataset ON run_input(dataset);
-- Models that a run read (output = 0) or made (output = 1).
CREATE TABLE run_model(
    run INTEGER NOT NULL REFERENCES run ON DELETE CASCADE,
    output INTEGER NOT NULL,
    model TEXT NOT NULL,
    step INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY(run, output, model)
) WITHOUT ROWID;
CREATE TABLE logged_model(
    id TEXT PRIMARY KEY,
    experiment INTEGER NOT NULL REFERENCES experiment ON DELETE CASCADE,
    name TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    status INTEGER NOT NULL,
    type TEXT NOT NULL,
    source_run TEXT NOT NULL,
    deleted INTEGER NOT NULL DEFAULT 0,
    params BLOB NOT NULL
);
CREATE INDEX logged_model_experiment ON logged_model(experiment);
CREATE TABLE logged_model_tag(
    model TEXT NOT NULL REFERENCES logged_model ON DELETE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY(model, key)
) WITHOUT ROWID;
CREATE TABLE logged_model_metric(
    model TEXT NOT NULL REFERENCES logged_model ON DELETE CASCADE,
    key TEXT NOT NULL,
    step INTEGER NOT NULL,
    time_ms INTEGER NOT NULL,
    value_bits INTEGER NOT NULL,
    run TEXT NOT NULL,
    dataset TEXT NOT NULL,
    digest TEXT NOT NULL,
    PRIMARY KEY(model, key, step, time_ms, value_bits, run, dataset, digest)
) WITHOUT ROWID;
-- Artifacts that belong to no run, by their path below the root: those of logged models.
CREATE TABLE loose_artifact(
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    time_ms INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE registered_model(
    name TEXT PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    description TEXT NOT NULL,
    last_version INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE TABLE registered_model_tag(
    model TEXT NOT NULL REFERENCES registered_model ON DELETE CASCADE ON UPDATE CASCADE,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY(model, key)
) WITHOUT ROWID;
CREATE TABLE registered_model_alias(
    model TEXT NOT NULL REFERENCES registered_model ON DELETE CASCADE ON UPDATE CASCADE,
    alias TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY(model, alias)
) WITHOUT ROWID;
CREATE TABLE model_version(
    model TEXT NOT NULL REFERENCES registered_model ON DELETE CASCADE ON UPDATE CASCADE,
    version INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    description TEXT NOT NULL,
    user TEXT NOT NULL,
    stage TEXT NOT NULL,
    source TEXT NOT NULL,
    location TEXT NOT NULL,
    run TEXT NOT NULL,
    run_link TEXT NOT NULL,
    logged_model TEXT NOT NULL,
    PRIMARY KEY(model, version)
) WITHOUT ROWID;
CREATE TABLE model_version_tag(
    model TEXT NOT NULL,
    version INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY(model, version, key),
    FOREIGN KEY(model, version) REFERENCES model_version ON DELETE CASCADE ON UPDATE CASCADE
) WITHOUT ROWID;
-- Calls of clients that nothing answers yet: what a person may miss.
CREATE TABLE unanswered_call(
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    count INTEGER NOT NULL,
    last_ms INTEGER NOT NULL,
    client TEXT NOT NULL,
    PRIMARY KEY(method, path)
) WITHOUT ROWID;
)sql";

/// The first schema version that has these.
inline constexpr int kTrackingVersion = 3;

}  // namespace runglass::store
