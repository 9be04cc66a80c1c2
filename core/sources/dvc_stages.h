// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "dvc_templates.h"
#include "yaml_tree.h"

namespace runglass::sources {

/// One stage of a pipeline.
struct DvcStage {
    std::string name;                    ///< as dvc.lock has it: `train`, `train@a`
    const YamlTree* body = nullptr;      ///< within the tree that it was made of
    std::vector<model::Variable> names;  ///< what `${item}` and `${key}` stand for in it
};

/// Appends the stages that an entry of `stages` makes: itself, one for each item of its `foreach`, or one for
/// each combination of its `matrix`
/// (https://dvc.org/doc/user-guide/project-structure/dvcyaml-files#foreach-stages). Where nobody can tell the
/// items, or they are thousands, what stands there for all of them is one stage with open names.
void addDvcStages(const std::string& name, const YamlTree& entry, const DvcNames& names,
                  std::vector<DvcStage>& stages);

}  // namespace runglass::sources
