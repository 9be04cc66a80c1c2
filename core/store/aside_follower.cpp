// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/store/aside_follower.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <system_error>

#include "aside_records.h"
#include "runglass/base/file_descriptor.h"

namespace runglass::store {

namespace fs = std::filesystem;

namespace {

FileDescriptor openToRead(const fs::path& path) {
    return FileDescriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
}

template <typename Bytes>
bool readHead(int file, Bytes& into) {
    return ::pread(file, into.data(), into.size(), 0) == static_cast<ssize_t>(into.size());
}

}  // namespace

AsideFollower::AsideFollower(const fs::path& project)
    : m_folder(asideFolder(project)) {}

/// The catalog's, which the others refer to, then the oldest first.
std::vector<fs::path> AsideFollower::logs() const {
    auto logs = logsIn(m_folder);
    logs.insert(logs.begin(), m_folder / kCatalogLogName);
    return logs;
}

bool AsideFollower::hasRestarted() const {
    return std::any_of(m_places.begin(), m_places.end(), [](const auto& entry) {
        const auto& [path, place] = entry;
        const auto file = openToRead(path);
        std::array<char, 8> first{};
        return !file.valid() || sizeOfFile(file.get()) < place.offset || !readHead(file.get(), first) ||
               first != place.first;
    });
}

void AsideFollower::poll(const std::function<void()>& restart,
                         const std::function<Result<void>(std::string_view record)>& take) {
    if (hasRestarted()) {
        m_places.clear();
        restart();
    }
    for (const auto& path : logs()) {
        const auto known = m_places.find(path);
        const auto from = known != m_places.end() ? known->second.offset : 0;
        const auto file = openToRead(path);
        if (!file.valid() || sizeOfFile(file.get()) <= from) {
            continue;
        }
        Place place;
        place.offset = readRecords(file.get(), from, take).valueOr(from);
        if (place.offset > from && readHead(file.get(), place.first)) {
            m_places[path] = place;
        }
    }
}

}  // namespace runglass::store
