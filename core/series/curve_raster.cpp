// SPDX-License-Identifier: GPL-3.0-or-later
#include "runglass/series/curve_raster.h"

#include <algorithm>
#include <cmath>

#include "column_coverage.h"

namespace runglass::series {

namespace {

constexpr int kSamples = 4;  // positions a pixel at which the outline of a sparse curve is computed
constexpr float kSample = 1.0F / kSamples;
constexpr float kAbsent = 1e30F;
constexpr float kPresent = 1e20F;  // what is interpolated with kAbsent is larger
constexpr float kLevel = 1.0F;     // slopes up to this are drawn slanted whatever comes next to them
constexpr float kBulge = 0.25F;    // pixels by which a column may exceed its slanted line
constexpr float kSteep = 3.0F;     // dashes do not cut what is steeper

/// The part of pixel column k that lies in a dash.
float dashShare(const RasterPen& pen, int k) {
    if (pen.dashOn <= 0) {
        return 1;
    }
    const float period = pen.dashOn + pen.dashOff;
    const auto below = [&](float x) {  // length of dashes up to x
        const float turns = std::floor((x - pen.dashOrigin) / period);
        const float rest = (x - pen.dashOrigin) - turns * period;
        return turns * pen.dashOn + std::min(rest, pen.dashOn);
    };
    return below(static_cast<float>(k + 1)) - below(static_cast<float>(k));
}

}  // namespace

/// A curve within one pixel column.
struct Span {
    int pixel = 0;
    float top = 0;
    float bottom = 0;
    float left = 0;  ///< where it enters
    float right = 0;
    bool joinsPrevious = false;
    bool known = false;  ///< left and right are

    [[nodiscard]] float slope() const { return right - left; }
    /// Whether the line from left to right says it all.
    [[nodiscard]] bool isLine() const {
        return known && std::min(left, right) - top < kBulge && bottom - std::max(left, right) < kBulge;
    }
    void include(float y) {
        top = std::min(top, y);
        bottom = std::max(bottom, y);
    }
};

struct CurveRaster::Scratch {
    ColumnCoverage coverage;
    std::vector<Span> spans;
    // Of a sparse curve, at each sample: the curve itself, and the outline of its line.
    std::vector<float> curveTop;
    std::vector<float> curveBottom;
    std::vector<float> top;
    std::vector<float> bottom;
};

CurveRaster::CurveRaster()
    : m_scratch(std::make_unique<Scratch>()) {}
CurveRaster::CurveRaster(CurveRaster&&) noexcept = default;
CurveRaster& CurveRaster::operator=(CurveRaster&&) noexcept = default;
CurveRaster::~CurveRaster() = default;

int CurveRaster::margin(float penWidth) {
    return static_cast<int>(std::ceil(std::max(penWidth, 1.0F) / 2)) + 1;
}

void CurveRaster::begin(int left, int width, int height) {
    m_left = left;
    m_width = width;
    if (height != m_height) {
        m_height = height;
        m_scratch->coverage.setHeight(height);
    }
    m_pixels.assign(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), 0);
    m_covered.assign(static_cast<std::size_t>(width), {});
    m_touchedTop = height;
    m_touchedBottom = 0;
}

void CurveRaster::touch(float top, float bottom) {
    const auto height = static_cast<float>(m_height);
    m_touchedTop = std::min(m_touchedTop, static_cast<int>(std::clamp(top, 0.0F, height)));
    m_touchedBottom =
        std::max(m_touchedBottom, static_cast<int>(std::ceil(std::clamp(bottom, 0.0F, height))));
}

// Goes through the columns in groups: those that are hidden below what is drawn already cost next to nothing.
void CurveRaster::drawColumns(std::span<const Column> columns, const PixelScale& y, const RasterPen& pen,
                              bool fine) {
    constexpr std::size_t kGroup = 16;
    const auto around = static_cast<std::size_t>(margin(pen.width)) + 1;
    std::size_t begin = 0;
    std::size_t end = 0;  // of the columns that wait to be drawn
    for (std::size_t at = 0; at < columns.size(); at += kGroup) {
        const auto last = std::min(at + kGroup, columns.size());
        const auto from = at - std::min(at, around);
        const auto to = std::min(last + around, columns.size());
        if (isHidden(columns.subspan(from, to - from), y, pen.width)) {
            continue;
        }
        if (from > end) {
            drawRun(columns.subspan(begin, end - begin), y, pen, fine);
            begin = from;
        }
        end = to;
    }
    drawRun(columns.subspan(begin, end - begin), y, pen, fine);
}

bool CurveRaster::isHidden(std::span<const Column> columns, const PixelScale& y, float penWidth) const {
    const int first = std::clamp(columns.front().pixel - m_left - 1, 0, m_width);
    const int last = std::clamp(columns.back().pixel - m_left + 2, 0, m_width);
    int top = 0;
    int bottom = m_height;
    for (int k = first; k < last; ++k) {
        const auto& covered = m_covered[static_cast<std::size_t>(k)];
        top = std::max(top, covered.begin);
        bottom = std::min(bottom, covered.end);
    }
    if (top >= bottom) {
        return false;
    }
    double low = columns.front().min;
    double high = columns.front().max;
    for (const auto& column : columns) {
        low = column.min < low ? column.min : low;
        high = column.max > high ? column.max : high;
    }
    const float a = y(low);
    const float b = y(high);
    const float reach = penWidth + 2;
    return std::min(a, b) - reach > static_cast<float>(top) &&
           std::max(a, b) + reach < static_cast<float>(bottom);
}

void CurveRaster::drawRun(std::span<const Column> columns, const PixelScale& y, const RasterPen& pen,
                          bool fine) {
    auto& spans = m_scratch->spans;
    spans.clear();
    const int border = margin(pen.width);
    float previousLast = 0;
    for (const auto& column : columns) {
        const float a = y(column.min);
        const float b = y(column.max);
        Span span{column.pixel, std::min(a, b), std::max(a, b), 0, 0, column.joinsPrevious, false};
        span.known = !std::isnan(column.first);
        if (span.known) {
            span.left = y(column.first);
            span.right = column.min == column.max ? span.left : y(column.last);
        }
        const float last = span.right;
        if (span.joinsPrevious && !spans.empty()) {
            auto& before = spans.back();
            const int pixel = before.pixel;
            const float from = before.known ? previousLast : std::clamp(span.top, before.top, before.bottom);
            const float to = span.known ? span.left : std::clamp(from, span.top, span.bottom);
            const auto gap = static_cast<float>(span.pixel - pixel);
            const auto at = [=](float place) { return from + (to - from) * (place / gap); };
            const float leaves = at(0.5F);
            const float enters = at(gap - 0.5F);
            before.include(leaves);
            before.right = leaves;
            span.include(enters);
            span.left = enters;
            // Columns without a point, which the line crosses.
            for (int k = std::max(pixel + 1, m_left - border);
                 k < std::min(span.pixel, m_left + m_width + border); ++k) {
                const float in = at(static_cast<float>(k - pixel) - 0.5F);
                const float out = at(static_cast<float>(k - pixel) + 0.5F);
                spans.push_back({k, std::min(in, out), std::max(in, out), in, out, true, true});
            }
        }
        previousLast = last;
        spans.push_back(span);
    }
    drawSpans(pen, fine);
}

// Smooth stretches are slanted bands as thick as the pen, which need a neighbour that goes on like them.
// Everything else is a bar from minimum to maximum, widened by the pen.
void CurveRaster::drawSpans(const RasterPen& pen, bool fine) {
    const auto& spans = m_scratch->spans;
    const float radius = std::max(pen.width, 1.0F) / 2;
    const float opacity = std::min(pen.width, 1.0F);
    const float widening = fine || pen.width >= 1.5F ? radius - 0.5F : 0;
    const int reach = static_cast<int>(widening);
    const float strip = widening - static_cast<float>(reach);
    const auto count = static_cast<std::ptrdiff_t>(spans.size());
    const auto at = [&](std::ptrdiff_t i) -> const Span& { return spans[static_cast<std::size_t>(i)]; };
    // The neighbour in a column `distance` away when the line leads there.
    const auto neighbour = [&](std::ptrdiff_t i, int direction) -> const Span* {
        const auto j = i + direction;
        if (j < 0 || j >= count) {
            return nullptr;
        }
        return at(direction > 0 ? j : i).joinsPrevious ? &at(j) : nullptr;
    };
    const auto isBand = [&](std::ptrdiff_t i) {
        const auto& span = at(i);
        if (!span.isLine()) {
            return false;
        }
        const float slope = span.slope();
        if (std::abs(slope) <= kLevel) {
            return true;
        }
        const auto follows = [slope](const Span* other) {
            return other == nullptr || (other->isLine() && other->slope() * slope > 0 &&
                                        std::abs(other->slope()) > 0.5F * std::abs(slope));
        };
        return follows(neighbour(i, -1)) && follows(neighbour(i, 1));
    };
    auto& coverage = m_scratch->coverage;
    for (std::ptrdiff_t i = 0; i < count; ++i) {
        const auto& span = at(i);
        const int k = span.pixel - m_left;
        if (k < 0 || k >= m_width) {
            continue;
        }
        auto* column = m_pixels.data() + static_cast<std::ptrdiff_t>(k) * m_height;
        const bool steep = span.bottom - span.top > kSteep;
        const float visible = opacity * (steep ? 1 : dashShare(pen, span.pixel));
        if (visible <= 0) {
            continue;
        }
        const bool band = isBand(i);
        if (widening < 0.05F) {
            const float most = radius * (1 + std::abs(span.slope()));
            touch(span.top - most - 1, span.bottom + most + 1);
        }
        const auto& covered = m_covered[static_cast<std::size_t>(k)];
        if (covered.begin < covered.end && span.top - 2 * radius > static_cast<float>(covered.begin) &&
            span.bottom + 2 * radius < static_cast<float>(covered.end) && widening < 0.05F) {
            continue;
        }
        if (band) {
            const float slope = span.slope();
            const float half = radius * std::sqrt(1 + slope * slope);
            const float up = half + 0.5F * (std::min(span.left, span.right) - span.top);
            const float down = half + 0.5F * (span.bottom - std::max(span.left, span.right));
            coverage.addBelow(span.left - up, span.right - up, 1);
            coverage.addBelow(span.left + down, span.right + down, -1);
        }
        if (widening < 0.05F) {
            if (!band) {
                fillInterval(column, m_height, span.top - radius, span.bottom + radius, visible, pen.color,
                             m_covered[static_cast<std::size_t>(k)]);
                continue;
            }
            coverage.draw(column, pen.color, visible);
            continue;
        }
        // The bars of the columns around reach into this one: `outer` columns on either side into its strips,
        // one less into all of it.
        const auto hull = [&](int left, int right, float& top, float& bottom) {
            for (const int direction : {-1, 1}) {
                auto j = i;
                for (int step = direction < 0 ? left : right; step > 0 && neighbour(j, direction); --step) {
                    j += direction;
                    if (!isBand(j)) {
                        top = std::min(top, at(j).top);
                        bottom = std::max(bottom, at(j).bottom);
                    }
                }
            }
        };
        float coreTop = band ? kAbsent : span.top;
        float coreBottom = band ? -kAbsent : span.bottom;
        hull(reach, reach, coreTop, coreBottom);
        float leftTop = coreTop;
        float leftBottom = coreBottom;
        hull(reach + 1, reach, leftTop, leftBottom);
        float rightTop = coreTop;
        float rightBottom = coreBottom;
        hull(reach, reach + 1, rightTop, rightBottom);
        const auto add = [&](float top, float bottom, float weight) {
            if (top < kPresent && weight > 0) {
                coverage.addInterval(top - radius, bottom + radius, weight);
            }
        };
        if (strip <= 0.5F) {
            add(leftTop, leftBottom, strip);
            add(coreTop, coreBottom, 1 - 2 * strip);
            add(rightTop, rightBottom, strip);
        } else {
            add(leftTop, leftBottom, 1 - strip);
            add(std::min(leftTop, rightTop), std::max(leftBottom, rightBottom), 2 * strip - 1);
            add(rightTop, rightBottom, 1 - strip);
        }
        touch(static_cast<float>(coverage.firstRow()), static_cast<float>(coverage.endRow()));
        coverage.draw(column, pen.color, visible);
    }
}

void CurveRaster::drawPoints(std::span<const PixelPoint> points, const RasterPen& line) {
    const auto pen = points.size() == 1 ? RasterPen{line.color, kDotWidths * line.width} : line;
    auto& scratch = *m_scratch;
    const int border = margin(pen.width) + 1;
    const auto samples = static_cast<std::size_t>((m_width + 2 * border) * kSamples + 1);
    const auto start = static_cast<float>(m_left - border);
    const float end = start + static_cast<float>(samples - 1) * kSample;
    scratch.curveTop.assign(samples, kAbsent);
    scratch.curveBottom.assign(samples, -kAbsent);
    auto* top = scratch.curveTop.data();
    auto* bottom = scratch.curveBottom.data();
    std::size_t first = samples;
    std::size_t last = 0;
    const auto include = [&](std::size_t j, float y) {
        top[j] = std::min(top[j], y);
        bottom[j] = std::max(bottom[j], y);
        first = std::min(first, j);
        last = std::max(last, j);
    };
    for (std::size_t i = 0; i < points.size(); ++i) {
        const auto& p = points[i];
        if (p.x >= start && p.x <= end) {  // a corner counts at the nearest sample
            include(static_cast<std::size_t>((p.x - start) * kSamples + 0.5F), p.y);
        }
        if (i + 1 == points.size() || points[i + 1].x < start || p.x > end) {
            continue;
        }
        const auto& q = points[i + 1];
        const float from = std::max(0.0F, std::ceil((p.x - start) * kSamples));
        const float to = std::min(static_cast<float>(samples - 1), std::floor((q.x - start) * kSamples));
        const float slope = q.x > p.x ? (q.y - p.y) / (q.x - p.x) : 0;
        for (float j = from; j <= to; j += 1) {
            include(static_cast<std::size_t>(j), p.y + slope * (start + j * kSample - p.x));
        }
    }
    if (first <= last) {
        drawEnvelope(first, last, pen);
    }
}

// The outline is the curve moved by every offset within the radius, up and down by what the disc is high
// there. Sixteen directions are within 2 % of all.
void CurveRaster::drawEnvelope(std::size_t first, std::size_t last, const RasterPen& pen) {
    auto& scratch = *m_scratch;
    const std::size_t samples = scratch.curveTop.size();
    const float radius = std::max(pen.width, 1.0F) / 2;
    const auto whole = static_cast<std::size_t>(radius * kSamples) + 1;
    const std::size_t begin = std::max(first, whole + 1) - whole - 1;
    const std::size_t end = std::min(samples, last + whole + 2);
    scratch.top.assign(samples, kAbsent);
    scratch.bottom.assign(samples, -kAbsent);
    float* top = scratch.top.data();
    float* bottom = scratch.bottom.data();
    const auto move = [&](float distance, float height) {
        const float place = std::floor(distance);
        const float part = distance - place;
        const auto offset = static_cast<std::ptrdiff_t>(place);
        const std::ptrdiff_t next = part > 1e-3F ? 1 : 0;
        const auto low = std::max(static_cast<std::ptrdiff_t>(begin), -offset);
        const auto high =
            std::min(static_cast<std::ptrdiff_t>(end), static_cast<std::ptrdiff_t>(samples) - offset - next);
        const float* fromTop = scratch.curveTop.data() + offset;
        const float* fromBottom = scratch.curveBottom.data() + offset;
        for (std::ptrdiff_t j = low; j < high; ++j) {
            const float t = fromTop[j] + (fromTop[j + next] - fromTop[j]) * part - height;
            const float b = fromBottom[j] + (fromBottom[j + next] - fromBottom[j]) * part + height;
            top[j] = t < top[j] ? t : top[j];
            bottom[j] = b > bottom[j] ? b : bottom[j];
        }
    };
    const float reach = std::floor(radius * kSamples);
    for (float distance = -reach; distance <= reach; distance += 1) {
        const float across = distance * kSample;
        move(distance, std::sqrt(radius * radius - across * across));
    }
    constexpr int kQuarter = 4;
    for (int k = -kQuarter; k <= kQuarter; ++k) {
        const float angle = static_cast<float>(k) * 1.57079633F / kQuarter;
        move(radius * std::sin(angle) * kSamples, radius * std::cos(angle));
    }
    const int border = margin(pen.width) + 1;
    const float opacity = std::min(pen.width, 1.0F);
    auto& coverage = scratch.coverage;
    const int firstColumn = std::max(0, static_cast<int>(begin) / kSamples - border);
    const int lastColumn = std::min(m_width - 1, static_cast<int>(end) / kSamples - border);
    for (int k = firstColumn; k <= lastColumn; ++k) {
        const auto j = static_cast<std::size_t>((k + border) * kSamples);
        float highest = kAbsent;
        float lowest = -kAbsent;
        bool all = true;
        for (std::size_t s = 0; s <= kSamples; ++s) {
            all = all && top[j + s] < kPresent;
        }
        const auto straight = [&](const float* edge) {
            const float step = (edge[j + kSamples] - edge[j]) * kSample;
            bool same = true;
            for (std::size_t s = 1; s < kSamples; ++s) {
                same = same && std::abs(edge[j] + step * static_cast<float>(s) - edge[j + s]) < 0.03F;
            }
            return same;
        };
        if (all && straight(top) && straight(bottom)) {
            coverage.addBelow(top[j], top[j + kSamples], 1);
            coverage.addBelow(bottom[j], bottom[j + kSamples], -1);
            highest = std::min(top[j], top[j + kSamples]);
            lowest = std::max(bottom[j], bottom[j + kSamples]);
        } else {
            for (std::size_t s = j; s < j + kSamples; ++s) {
                if (top[s] < kPresent && top[s + 1] < kPresent) {
                    coverage.addBelow(top[s], top[s + 1], kSample);
                    coverage.addBelow(bottom[s], bottom[s + 1], -kSample);
                    highest = std::min({highest, top[s], top[s + 1]});
                    lowest = std::max({lowest, bottom[s], bottom[s + 1]});
                }
            }
        }
        if (coverage.firstRow() < coverage.endRow()) {
            touch(static_cast<float>(coverage.firstRow()), static_cast<float>(coverage.endRow()));
            const bool steep = lowest - highest > kSteep + 2 * radius;
            const float dash = steep ? 1 : dashShare(pen, m_left + k);
            coverage.draw(m_pixels.data() + static_cast<std::ptrdiff_t>(k) * m_height, pen.color,
                          opacity * dash);
        }
    }
}

// In blocks, so that neither side jumps through memory for each pixel.
void CurveRaster::copyTo(std::uint32_t* image, std::ptrdiff_t stride) const {
    constexpr int kBlock = 16;
    for (int top = m_touchedTop; top < m_touchedBottom; top += kBlock) {
        const int bottom = std::min(top + kBlock, m_touchedBottom);
        for (int left = 0; left < m_width; left += kBlock) {
            const int right = std::min(left + kBlock, m_width);
            for (int row = top; row < bottom; ++row) {
                std::uint32_t* out = image + row * stride + m_left;
                const std::uint32_t* in = m_pixels.data() + row;
                for (int k = left; k < right; ++k) {
                    out[k] = in[static_cast<std::ptrdiff_t>(k) * m_height];
                }
            }
        }
    }
}

}  // namespace runglass::series
