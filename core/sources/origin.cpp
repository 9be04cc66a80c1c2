// SPDX-License-Identifier: GPL-3.0-or-later
#include "origin.h"

#include <exception>

#include "runglass/base/text.h"
#include "runglass/base/translate.h"

namespace runglass::sources {

/// A library below a reader that throws after all costs this origin, not the program.
template <typename Call>
auto Origin::guarded(Call call) -> decltype(call(std::declval<Reader&>())) {
    const std::lock_guard lock(m_mutex);
    try {
        if (!m_reader) {
            m_reader = m_format->open(m_path);
            m_reader->separate(m_groups);
        }
        return call(*m_reader);
    } catch (const std::exception& exception) {
        m_reader.reset();
        return Error{ErrorCode::Internal,
                     tr("{} cannot be read as {}.", toValidUtf8(m_path.native()), m_format->name()),
                     exception.what()};
    }
}

Reading Origin::read(std::stop_token stop) {
    Reading reading;
    auto parts = guarded([&](Reader& reader) -> Result<std::vector<SharedPart>> {
        const auto retractions = reader.retractions();
        auto found = reader.read(stop);
        if (reader.retractions() != retractions) {
            renew();
        }
        reading.stamps = reader.stamps();
        return found;
    });
    if (parts) {
        reading.parts = std::move(parts).value();
    } else {
        reading.error = std::move(parts).error();
    }
    return reading;
}

bool Origin::separate(FileGroups groups) {
    const auto done = guarded([&](Reader& reader) {
        const bool can = reader.separate(groups);
        m_groups = can ? std::move(groups) : FileGroups();
        return Result<bool>(can);
    });
    return done.valueOr(false);
}

Result<model::RunDetail> Origin::detail(std::string_view key) {
    return guarded([&](Reader& reader) { return reader.detail(key); });
}

Result<model::Series> Origin::series(std::string_view key, std::string_view metric, std::size_t from,
                                     std::stop_token stop) {
    return guarded([&](Reader& reader) { return reader.series(key, metric, from, std::move(stop)); });
}

Result<ArtifactFile> Origin::openArtifact(std::string_view key, std::string_view path) {
    return guarded([&](Reader& reader) { return reader.openArtifact(key, path); });
}

Result<std::string> Origin::artifact(std::string_view key, std::string_view path, std::uint64_t limit) {
    return guarded([&](Reader& reader) { return reader.artifact(key, path, limit); });
}

Result<std::string> Origin::console(std::string_view key) {
    return guarded([&](Reader& reader) { return reader.console(key); });
}

}  // namespace runglass::sources
