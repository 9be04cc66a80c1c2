// SPDX-License-Identifier: GPL-3.0-or-later
#include "aside_catalog.h"

#include <string_view>
#include <utility>

#include "runglass/store/run_writer.h"

namespace runglass::tracking {

namespace {

/// Turns are short, but for one that takes over much.
constexpr std::int64_t kPatienceMs = 1000;

ByteView bytesOf(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

std::string_view textOf(const Bytes& bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

Result<store::Database*> AsideCatalog::database() {
    if (m_turn) {
        return &m_copy->database();
    }
    auto turn = m_log.turn(kPatienceMs);
    const auto done = turn.ok() ? bringUpToDate(*turn) : turn.error();
    if (!m_copy) {
        return done.error();
    }
    return &m_copy->database();
}

Result<void> AsideCatalog::begin() {
    RUNGLASS_ASSIGN(auto turn, m_log.turn(kPatienceMs));
    RUNGLASS_TRY(bringUpToDate(turn));
    m_turn.emplace(std::move(turn));
    return {};
}

Result<void> AsideCatalog::bringUpToDate(store::CatalogLog::Turn& turn) {
    const bool isOutdated = !m_copy || !turn.goesOn() || m_copy->isOutdated().valueOr(false);
    if (isOutdated) {
        auto copy = store::CatalogCopy::of(m_project);
        if (!copy.ok()) {
            return m_copy && turn.goesOn() ? readOn(turn) : copy.error();
        }
        m_writer.reset();
        m_copy.emplace(std::move(copy).value());
        m_writer.emplace(m_copy->database());
        turn.readAgain();
    }
    return readOn(turn);
}

Result<void> AsideCatalog::readOn(store::CatalogLog::Turn& turn) {
    auto done = store::RunWriter(m_copy->database()).transaction([&] {
        return turn.readOn([&](std::string_view record) -> Result<void> {
            const auto changes = store::decodeCatalogChanges(bytesOf(record));
            return changes ? m_writer->restore(*changes) : Result<void>();
        });
    });
    if (!done.ok()) {
        forget();
    }
    return done;
}

Result<void> AsideCatalog::add(store::CatalogChanges& changes, const Keep& keep) {
    bool isKept = false;
    auto added = store::RunWriter(m_copy->database()).transaction([&]() -> Result<void> {
        for (auto& change : changes) {
            RUNGLASS_TRY(m_writer->write(change));
        }
        return keep([&] { return isKept = m_turn->add(textOf(store::encodeCatalogChanges(changes))); });
    });
    if (!added.ok() && isKept) {
        forget();  // it has what the copy has not
    }
    return added;
}

void AsideCatalog::release() {
    const auto lock = this->lock();
    if (m_log.empty()) {
        forget();
    }
}

void AsideCatalog::forget() {
    m_writer.reset();
    m_copy.reset();
}

}  // namespace runglass::tracking
