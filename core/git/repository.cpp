// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/git/repository.h"

#include "commit_parser.h"
#include "repository_impl.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::git {

namespace {

constexpr std::string_view kBranches = "refs/heads/";

std::filesystem::path pathOrEmpty(const char* path) {
    std::string_view text = path == nullptr ? "" : path;
    if (text.size() > 1 && text.ends_with('/')) {
        text.remove_suffix(1);
    }
    return text;
}

Error openError(int code, const std::filesystem::path& folder) {
    const auto name = toValidUtf8(folder.native());
    if (code == GIT_ENOTFOUND) {
        return gitError(code, tr("{} is not in a git repository.", name));
    }
    auto error = gitError(code, tr("The git repository of {} cannot be opened.", name));
    if (error.code == ErrorCode::Unsupported || error.detail.find("object format") != std::string::npos) {
        error.code = ErrorCode::Unsupported;
        error.message =
            tr("The git repository of {} uses a format that is not supported: {}.", name, error.detail);
    }
    return error;
}

}  // namespace

Result<OdbObjectHandle> Repository::Impl::read(const ObjectId& id, git_object_t type) const {
    if (!m_odb) {
        RUNGLASS_TRY(check(git_repository_odb(out(m_odb), get()), "The git objects cannot be read."));
    }
    OdbObjectHandle object;
    const git_oid oid = toOid(id);
    if (const int code = git_odb_read(out(object), m_odb.get(), &oid); code < 0) {
        return gitError(code, code == GIT_ENOTFOUND ? tr("The repository has no object {}.", id.hex())
                                                    : tr("The git object {} cannot be read.", id.hex()));
    }
    if (type != GIT_OBJECT_ANY && git_odb_object_type(object.get()) != type) {
        return Error{ErrorCode::Invalid,
                     tr("{} is not a {}.", id.hex(), std::string(git_object_type2string(type))),
                     {}};
    }
    return object;
}

Result<TreeHandle> Repository::Impl::treeOf(const ObjectId& commit) const {
    TreeHandle tree;
    if (commit.isNull()) {
        return tree;
    }
    CommitHandle handle;
    const git_oid oid = toOid(commit);
    if (const int code = git_commit_lookup(out(handle), get(), &oid); code < 0) {
        return gitError(code, tr("The commit {} cannot be read.", commit.hex()));
    }
    if (const int code = git_commit_tree(out(tree), handle.get()); code < 0) {
        return gitError(code, tr("The files of commit {} cannot be read.", commit.hex()));
    }
    return tree;
}

Result<SignatureHandle> Repository::Impl::identity() const {
    SignatureHandle signature;
    if (git_signature_default(out(signature), get()) < 0) {
        RUNGLASS_TRY(check(git_signature_now(out(signature), "Runglass", "runglass@localhost"),
                           "The identity for the commit cannot be made."));
    }
    return signature;
}

bool Repository::Impl::configFlag(const char* name, bool otherwise) const {
    ConfigHandle config;
    int value = 0;
    if (git_repository_config_snapshot(out(config), get()) < 0 ||
        git_config_get_bool(&value, config.get(), name) < 0) {
        return otherwise;
    }
    return value != 0;
}

Repository::Repository(std::unique_ptr<Impl> impl)
    : m_impl(std::move(impl)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Result<Repository> Repository::open(const std::filesystem::path& folder) {
    ensureLibrary();
    RepositoryHandle handle;
    if (const int code = git_repository_open_ext(out(handle), folder.c_str(), 0, nullptr); code < 0) {
        return openError(code, folder);
    }
    return Repository(std::make_unique<Impl>(std::move(handle)));
}

bool Repository::isBare() const {
    return git_repository_is_bare(impl().get()) != 0;
}

bool Repository::isShallow() const {
    return git_repository_is_shallow(impl().get()) == 1;
}

std::filesystem::path Repository::workTree() const {
    return pathOrEmpty(git_repository_workdir(impl().get()));
}

std::filesystem::path Repository::gitFolder() const {
    return pathOrEmpty(git_repository_path(impl().get()));
}

std::filesystem::path Repository::commonFolder() const {
    return pathOrEmpty(git_repository_commondir(impl().get()));
}

Result<Head> Repository::head() const {
    ReferenceHandle reference;
    RUNGLASS_TRY(check(git_reference_lookup(out(reference), impl().get(), "HEAD"),
                       "The current branch cannot be read."));
    Head head;
    if (git_reference_type(reference.get()) == GIT_REFERENCE_SYMBOLIC) {
        std::string_view target = git_reference_symbolic_target(reference.get());
        if (target.starts_with(kBranches)) {
            target.remove_prefix(kBranches.size());
        }
        head.branch = toValidUtf8(target);
    }
    git_oid oid;
    const int code = git_reference_name_to_id(&oid, impl().get(), "HEAD");
    if (code == 0) {
        head.commit = fromOid(oid);
    } else if (code != GIT_ENOTFOUND) {
        return gitError(code, tr("The current branch cannot be read."));
    }
    return head;
}

Result<ObjectId> Repository::resolveCommit(std::string_view revision) const {
    const std::string text(revision);
    ObjectHandle object;
    const int code = git_revparse_single(out(object), impl().get(), text.c_str());
    if (code == GIT_EAMBIGUOUS) {
        return gitError(code, tr("{} fits several commits. Give more digits.", toValidUtf8(text)));
    }
    if (code < 0) {
        return gitError(code, tr("The repository has no commit, branch or tag {}.", toValidUtf8(text)));
    }
    ObjectHandle commit;
    if (const int peeled = git_object_peel(out(commit), object.get(), GIT_OBJECT_COMMIT); peeled < 0) {
        auto error = gitError(peeled, tr("{} is not a commit.", toValidUtf8(text)));
        error.code = ErrorCode::Invalid;
        return error;
    }
    return fromOid(*git_object_id(commit.get()));
}

Result<Commit> Repository::commit(const ObjectId& id) const {
    RUNGLASS_ASSIGN(const auto object, impl().read(id, GIT_OBJECT_COMMIT));
    return parseCommit(id, bytesOf(object)).commit;
}

Result<std::string> Repository::message(const ObjectId& id) const {
    RUNGLASS_ASSIGN(const auto object, impl().read(id, GIT_OBJECT_COMMIT));
    return parseMessage(bytesOf(object));
}

Result<std::string> Repository::fileAt(const ObjectId& commit, std::string_view path,
                                       std::uint64_t limit) const {
    RUNGLASS_ASSIGN(const auto tree, impl().treeOf(commit));
    const std::string name(path);
    TreeEntryHandle entry;
    const int code = tree ? git_tree_entry_bypath(out(entry), tree.get(), name.c_str()) : GIT_ENOTFOUND;
    if (code < 0 || git_tree_entry_type(entry.get()) != GIT_OBJECT_BLOB) {
        return gitError(GIT_ENOTFOUND, tr("Commit {} has no file {}.", commit.shortHex(), toValidUtf8(name)));
    }
    const auto id = fromOid(*git_tree_entry_id(entry.get()));
    BlobHandle blob;
    const git_oid oid = toOid(id);
    RUNGLASS_TRY(check(git_blob_lookup(out(blob), impl().get(), &oid), "The file cannot be read."));
    const auto size = static_cast<std::uint64_t>(git_blob_rawsize(blob.get()));
    if (size > limit) {
        return Error{ErrorCode::TooLarge,
                     tr("{} has {} bytes; at most {} are shown.", toValidUtf8(name), size, limit),
                     {}};
    }
    return std::string(static_cast<const char*>(git_blob_rawcontent(blob.get())),
                       static_cast<std::size_t>(size));
}

}  // namespace runglass::git
