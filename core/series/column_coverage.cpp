// SPDX-License-Identifier: GPL-3.0-or-later
#include "column_coverage.h"

#include <algorithm>
#include <cmath>

namespace runglass::series {

namespace {

constexpr int kPadding = 4;      // rows beyond the bottom that an edge may touch
constexpr float kShort = 0.25F;  // edges over fewer rows count as level at their mean
constexpr float kVisible = 1.0F / 512;

std::uint32_t partsOf(float coverage) {
    return static_cast<std::uint32_t>(std::clamp(coverage, 0.0F, 1.0F) * 256.0F + 0.5F);
}

void blendRun(std::uint32_t* pixels, int count, std::uint32_t color, std::uint32_t parts) {
    const std::uint32_t part = share(color, parts);
    constexpr int kGroup = 8;
    int i = 0;
    for (; i + kGroup <= count; i += kGroup) {
        std::uint32_t any = 0;
        for (int k = 0; k < kGroup; ++k) {
            any |= pixels[i + k];
        }
        if (any == 0) {  // most often
            for (int k = 0; k < kGroup; ++k) {
                pixels[i + k] = part;
            }
            continue;
        }
        for (int k = 0; k < kGroup; ++k) {
            pixels[i + k] = under(pixels[i + k], part, 256);
        }
    }
    for (; i < count; ++i) {
        pixels[i] = under(pixels[i], part, 256);
    }
}

/// Rows [from, to) but for those that are covered.
void blendVisible(std::uint32_t* column, int from, int to, std::uint32_t color, std::uint32_t parts,
                  const CoveredRows& covered) {
    const int above = std::min(to, std::max(from, covered.begin));
    if (covered.begin >= covered.end || covered.end <= from || covered.begin >= to) {
        blendRun(column + from, to - from, color, parts);
        return;
    }
    blendRun(column + from, above - from, color, parts);
    const int below = std::max(from, covered.end);
    if (below < to) {
        blendRun(column + below, to - below, color, parts);
    }
}

}  // namespace

void CoveredRows::add(int from, int to) {
    if (from <= end && to >= begin && begin < end) {
        begin = std::min(begin, from);
        end = std::max(end, to);
    } else if (to - from > end - begin) {
        begin = from;
        end = to;
    }
}

void fillInterval(std::uint32_t* column, int height, float y0, float y1, float weight, std::uint32_t color,
                  CoveredRows& covered) {
    y0 = std::max(y0, 0.0F);
    y1 = std::min(y1, static_cast<float>(height));
    if (!(y0 < y1)) {
        return;
    }
    const int top = static_cast<int>(y0);
    const int bottom = static_cast<int>(y1);
    if (top >= covered.begin && bottom < covered.end) {
        return;
    }
    if (top == bottom) {
        column[top] = under(column[top], color, partsOf((y1 - y0) * weight));
        return;
    }
    // A row that the interval begins on the edge of is a whole one.
    const int first = y0 == static_cast<float>(top) ? top : top + 1;
    if (first > top) {
        column[top] = under(column[top], color, partsOf((static_cast<float>(first) - y0) * weight));
    }
    if (bottom > first) {
        blendVisible(column, first, bottom, color, partsOf(weight), covered);
        if (weight >= 1 && (color >> 24U) == 255) {
            covered.add(first, bottom);
        }
    }
    if (bottom < height) {
        column[bottom] = under(column[bottom], color, partsOf((y1 - static_cast<float>(bottom)) * weight));
    }
}

void ColumnCoverage::setHeight(int height) {
    m_height = height;
    m_begin = height;
    m_end = 0;
    m_first.assign(static_cast<std::size_t>(height + kPadding), 0);
    m_second.assign(static_cast<std::size_t>(height + kPadding), 0);
}

void ColumnCoverage::touch(int from, int to) {
    m_begin = std::min(m_begin, from);
    m_end = std::max(m_end, to);
}

// With c(row) the part of a row below a level edge at y = j + f, the differences from row to row are 1 − f at
// j and f at j + 1. Below an edge that goes evenly from y0 to y1, c grows quadratically, then linearly, then
// quadratically; its second differences are (1 − f)²/2, 1/2 + f − f², f²/2 at j … j + 2 for y0, divided by
// y1 − y0, and the same with the opposite sign for y1.
void ColumnCoverage::addBelow(float y0, float y1, float weight) {
    const auto bottom = static_cast<float>(m_height);
    if (y0 > y1) {
        std::swap(y0, y1);
    }
    if (!(y0 < bottom)) {
        touch(m_height, m_height);  // what an edge above began goes on to the last row
        return;
    }
    if (y1 - y0 < kShort || y1 <= 0) {
        const float y = std::max(0.5F * (y0 + y1), 0.0F);
        const int j = static_cast<int>(y);
        if (j >= m_height) {
            return;
        }
        const float f = y - static_cast<float>(j);
        m_first[static_cast<std::size_t>(j)] += weight * (1 - f);
        m_first[static_cast<std::size_t>(j) + 1] += weight * f;
        touch(j, j + 2);
        return;
    }
    // What goes beyond the image is cut, in proportion to the width that it crosses there.
    const float slope = weight / (y1 - y0);
    if (y0 < 0) {
        m_first[0] += slope * -y0;
        touch(0, 1);
        y0 = 0;
    }
    y1 = std::min(y1, bottom);
    const auto end = [this](float y, float s) {
        const int j = static_cast<int>(y);
        const float f = y - static_cast<float>(j);
        auto* at = m_second.data() + j;
        at[0] += s * 0.5F * (1 - f) * (1 - f);
        at[1] += s * (0.5F + f - f * f);
        at[2] += s * 0.5F * f * f;
        touch(j, j + 3);
    };
    end(y0, slope);
    end(y1, -slope);
}

void ColumnCoverage::draw(std::uint32_t* column, std::uint32_t color, float opacity) {
    const int end = std::min(m_end, m_height);
    float slope = 0;
    float coverage = 0;
    const float* first = m_first.data();
    const float* second = m_second.data();
    for (int row = m_begin; row < end;) {
        slope += second[row];
        coverage += first[row] + slope;
        const float visible = coverage * opacity;
        // Inside, nothing changes over many rows.
        int same = row + 1;
        if (std::abs(slope) < 1e-6F) {
            while (same + 4 <= end && first[same] == 0 && second[same] == 0 && first[same + 1] == 0 &&
                   second[same + 1] == 0 && first[same + 2] == 0 && second[same + 2] == 0 &&
                   first[same + 3] == 0 && second[same + 3] == 0) {
                same += 4;
            }
        }
        if (visible > kVisible) {
            auto parts = partsOf(visible);
            parts = parts >= 255 ? 256 : parts;  // sums of parts of 1 are not always 1
            if (same == row + 1) {
                column[row] = under(column[row], color, parts);
            } else {
                blendRun(column + row, same - row, color, parts);
            }
        }
        row = same;
    }
    if (m_end > m_begin) {
        std::fill(m_first.begin() + m_begin, m_first.begin() + m_end, 0.0F);
        std::fill(m_second.begin() + m_begin, m_second.begin() + m_end, 0.0F);
    }
    m_begin = m_height;
    m_end = 0;
}

}  // namespace runglass::series
