// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>

#include "repository_impl.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

struct Space {
    std::string_view prefix;
    Reference::Kind kind;
};

constexpr Space kSpaces[] = {{"refs/heads/", Reference::Kind::LocalBranch},
                             {"refs/remotes/", Reference::Kind::RemoteBranch},
                             {"refs/tags/", Reference::Kind::Tag}};

/// The reference as it is listed; nothing for those of other spaces, `origin/HEAD`, and what points to no
/// commit that the repository has.
std::optional<Reference> listed(git_reference* reference) {
    const std::string_view name = git_reference_name(reference);
    for (const auto& space : kSpaces) {
        if (!name.starts_with(space.prefix)) {
            continue;
        }
        if (space.kind == Reference::Kind::RemoteBranch &&
            git_reference_type(reference) == GIT_REFERENCE_SYMBOLIC) {
            return std::nullopt;
        }
        ObjectHandle commit;
        if (git_reference_peel(out(commit), reference, GIT_OBJECT_COMMIT) < 0) {
            return std::nullopt;
        }
        return Reference{space.kind, toValidUtf8(name.substr(space.prefix.size())),
                         fromOid(*git_object_id(commit.get()))};
    }
    return std::nullopt;
}

/// `url` as git would contact it: the longest `url.<base>.insteadOf` that it starts with stands for the base.
std::string expanded(git_config* config, std::string url) {
    constexpr std::string_view kSection = "url.";
    constexpr std::string_view kVariable = ".insteadof";
    ConfigIteratorHandle iterator;
    if (git_config_iterator_new(out(iterator), config) < 0) {
        return url;
    }
    std::size_t replaced = 0;
    std::string base;
    for (git_config_entry* entry = nullptr; git_config_next(&entry, iterator.get()) == 0;) {
        const std::string_view name = entry->name;
        const std::string_view shorthand = entry->value == nullptr ? "" : entry->value;
        if (name.starts_with(kSection) && name.ends_with(kVariable) &&
            name.size() > kSection.size() + kVariable.size() && shorthand.size() > replaced &&
            url.starts_with(shorthand)) {
            replaced = shorthand.size();
            base = name.substr(kSection.size(), name.size() - kSection.size() - kVariable.size());
        }
    }
    return url.replace(0, replaced, base);
}

/// Read from the configuration because libgit2 1.5's git_remote_lookup loses 20 kB for each setting that it
/// compares with a pattern (it frees the match only where there is one), which the preview of a launch would
/// repeat at every change of a file.
std::string urlOfRemote(git_repository* repository, std::string_view name) {
    ConfigHandle config;
    const char* url = nullptr;
    const auto variable = "remote." + std::string(name) + ".url";
    if (git_repository_config_snapshot(out(config), repository) < 0 ||
        git_config_get_string(&url, config.get(), variable.c_str()) < 0) {
        return {};
    }
    return expanded(config.get(), url);
}

/// Without the `user:password@` of an authority; also where the password holds an unescaped '/', which a
/// strict parser would take for the path.
std::string_view withoutUser(std::string_view rest) {
    const auto slash = rest.find('/');
    const auto authority = rest.substr(0, slash);
    if (const auto at = authority.rfind('@'); at != std::string_view::npos) {
        return rest.substr(at + 1);
    }
    const auto colon = authority.rfind(':');
    const bool port = colon == std::string_view::npos ||
                      authority.find_first_not_of("0123456789", colon + 1) == std::string_view::npos;
    const auto at = rest.rfind('@');
    const bool ipv6 = authority.starts_with('[');
    return port || ipv6 || at == std::string_view::npos ? rest : rest.substr(at + 1);
}

}  // namespace

Result<std::vector<Reference>> Repository::references() const {
    ReferenceIteratorHandle iterator;
    RUNGLASS_TRY(check(git_reference_iterator_new(out(iterator), impl().get()),
                       "The branches and tags cannot be listed."));
    std::vector<Reference> references;
    for (;;) {
        ReferenceHandle reference;
        const int code = git_reference_next(out(reference), iterator.get());
        if (code == GIT_ITEROVER) {
            return references;
        }
        if (code < 0) {
            return gitError(code, tr("The branches and tags cannot be listed."));
        }
        if (auto entry = listed(reference.get())) {
            references.push_back(std::move(*entry));
        }
    }
}

std::string Repository::remoteUrl() const {
    git_repository* repository = impl().get();
    std::string url;
    ReferenceHandle head;
    Buffer remote;
    if (git_reference_lookup(out(head), repository, "HEAD") == 0 &&
        git_reference_type(head.get()) == GIT_REFERENCE_SYMBOLIC &&
        git_branch_upstream_remote(remote.get(), repository, git_reference_symbolic_target(head.get())) ==
            0) {
        url = urlOfRemote(repository, remote.text());
    }
    if (url.empty()) {
        url = urlOfRemote(repository, "origin");
    }
    return toValidUtf8(withoutCredentials(url));
}

std::string withoutCredentials(std::string_view url) {
    if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
        const auto start = scheme + 3;
        const auto rest = withoutUser(url.substr(start));
        // Some hosts take a token as a query.
        return std::string(url.substr(0, start)) + std::string(rest.substr(0, rest.find_first_of("?#")));
    }
    // `user@host:path`, unless a slash before the colon makes it a path of this machine.
    const auto colon = url.find(':');
    const auto host = url.substr(0, colon);
    if (colon != std::string_view::npos && host.find('/') == std::string_view::npos) {
        if (const auto at = host.rfind('@'); at != std::string_view::npos) {
            return std::string(url.substr(at + 1));
        }
    }
    return std::string(url);
}

}  // namespace runglass::git
