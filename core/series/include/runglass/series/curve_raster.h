// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "runglass/series/reduce.h"

namespace runglass::series {

/// Where an axis puts a value: offset + scale · (factor · v − origin), or of the natural logarithms without
/// the factor. In device pixels from the top or left edge of the image. With an origin within the window,
/// also values whose distances are small beside their size land where they belong; with a factor, also those
/// whose distance no double is large or small enough for.
struct PixelScale {
    double origin = 0;  ///< of a logarithmic axis > 0
    double offset = 0;
    double scale = 1;
    bool logarithmic = false;
    double factor = 1;

    /// Limited to a range far outside any image, so that no value overflows what follows.
    [[nodiscard]] float operator()(double value) const {
        const double at = offset + scale * (logarithmic ? std::log(value / origin) : value * factor - origin);
        return static_cast<float>(at < -kFar ? -kFar : at > kFar ? kFar : at);
    }
    static constexpr double kFar = 1e6;
};

struct RasterPen {
    std::uint32_t color = 0xff000000;  ///< ARGB, premultiplied
    float width = 1;                   ///< device pixels; below 1 the line gets fainter instead of thinner
    float dashOn = 0;                  ///< device pixels along x; 0 is a solid line
    float dashOff = 0;
    float dashOrigin = 0;  ///< where a dash begins
};

/// Diameter of a point without neighbours, in widths of the line: one as wide as the line would go unseen.
inline constexpr float kDotWidths = 4;

struct PixelPoint {
    float x = 0;
    float y = 0;
};

/// Draws curves into a strip of an image, antialiased, at a cost that depends on the columns and not on the
/// points. A strip is a range of pixel columns, stored column after column, since that is how curves go; for
/// one that fits the cache a fill of a column costs next to nothing. Strips are independent of each other:
/// one thread each.
///
/// A line is the set of all points within width / 2 of the curve (round ends and joins). As x never decreases
/// along a curve, a vertical cut through it is one interval; its ends as functions of x are computed, and the
/// pixels get exactly the area between (as FreeType's and font-rs' rasterisers accumulate it, on its side).
/// A curve never darkens itself, also when it is translucent.
///
/// Curves are drawn from the topmost down, each under what is there: of a thousand curves most are hidden in
/// most columns, which hides() tells before their points are looked at.
///
/// Dashes follow x, so that they stay in place while panning, and leave steep parts whole, so that no spike
/// falls into a gap.
class CurveRaster {
public:
    CurveRaster();
    CurveRaster(CurveRaster&&) noexcept;
    CurveRaster& operator=(CurveRaster&&) noexcept;
    ~CurveRaster();

    /// Starts an empty strip: columns [left, left + width) of an image `height` pixels high.
    void begin(int left, int width, int height);
    [[nodiscard]] int left() const { return m_left; }
    [[nodiscard]] int width() const { return m_width; }

    /// Columns beyond either end of the strip that influence it. Give them too.
    static int margin(float penWidth);
    /// What is drawn from columns stays within the extent of its own and of `columns` columns on either side,
    /// and `rows` above and below.
    struct Reach {
        int columns = 0;
        float rows = 0;
    };
    static Reach reach(const RasterPen& pen, bool fine);

    /// Whether nothing that is drawn from now on into columns [first, last) of the image, between two heights
    /// in pixels, would show; columns outside of the strip do not count. There is no need to draw it.
    [[nodiscard]] bool hides(int first, int last, float top, float bottom) const;

    /// A curve with more points than pixels, as its columns in order of x. Draws its exact minimum and
    /// maximum in each; smooth stretches as a slanted line. `fine` widens spikes to the width of the pen also
    /// where that is below 1.5 pixels; without, they are one pixel wide, which is faster.
    void drawColumns(std::span<const Column> columns, const PixelScale& y, const RasterPen& pen, bool fine);

    /// A curve with fewer points than pixels: one line through all of them, with x never decreasing. A single
    /// point is a dot of kDotWidths.
    void drawPoints(std::span<const PixelPoint> points, const RasterPen& line);

    /// Puts the strip over an image of premultiplied ARGB pixels; `stride` in pixels. Touches only columns of
    /// the strip.
    void paintOnto(std::uint32_t* image, std::ptrdiff_t stride) const;

private:
    struct Scratch;
    [[nodiscard]] std::size_t pixels() const;
    std::uint32_t* columnPixels(int k);
    void touch(int k, float top, float bottom);
    void drawSpans(const RasterPen& pen, bool fine);
    void drawEnvelope(std::size_t first, std::size_t last, const RasterPen& pen);

    int m_left = 0;
    int m_width = 0;
    int m_height = 0;
    std::vector<std::uint32_t> m_pixels;
    std::unique_ptr<Scratch> m_scratch;
};

}  // namespace runglass::series
