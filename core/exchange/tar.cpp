// SPDX-License-Identifier: GPL-3.0-or-later
#include "tar.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <fstream>
#include <map>
#include <optional>

#include "runglass/base/file.h"
#include "runglass/base/new_file.h"
#include "runglass/base/text.h"
#include "runglass/base/translate.h"
#include "sha256.h"

namespace runglass::exchange {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBlock = 512;
constexpr std::size_t kPiece = std::size_t{1} << 20U;
constexpr std::string_view kSums = "SHA256SUMS";
constexpr std::uint64_t kLargestSums = std::uint64_t{256} << 20U;
constexpr std::uint64_t kLargestOctal = (std::uint64_t{1} << 33U) - 1;  // eleven digits

using Header = std::array<char, kBlock>;

struct Field {
    std::size_t at;
    std::size_t length;
};
constexpr Field kName{0, 100};
constexpr Field kMode{100, 8};
constexpr Field kSize{124, 12};
constexpr Field kTime{136, 12};
constexpr Field kChecksum{148, 8};
constexpr std::size_t kType = 156;
constexpr Field kMagic{257, 8};
constexpr std::string_view kUstar(
    "ustar\0"
    "00",
    8);

void putOctal(Header& header, Field field, std::uint64_t value) {
    for (std::size_t i = field.length - 1; i-- > 0;) {
        header[field.at + i] = static_cast<char>('0' + (value & 7U));
        value >>= 3U;
    }
}

void putSize(Header& header, std::uint64_t size) {
    if (size <= kLargestOctal) {
        putOctal(header, kSize, size);
        return;
    }
    for (std::size_t i = kSize.length; i-- > 1;) {
        header[kSize.at + i] = static_cast<char>(size & 0xFFU);
        size >>= 8U;
    }
    header[kSize.at] = static_cast<char>(0x80);
}

std::optional<std::uint64_t> number(const Header& header, Field field) {
    std::uint64_t value = 0;
    if ((static_cast<unsigned char>(header[field.at]) & 0x80U) != 0) {
        for (std::size_t i = 1; i < field.length; ++i) {
            if (value >> 55U != 0) {
                return std::nullopt;
            }
            value = value << 8U | static_cast<unsigned char>(header[field.at + i]);
        }
        return value;
    }
    for (std::size_t i = 0; i < field.length; ++i) {
        const char c = header[field.at + i];
        if (c == '\0' || c == ' ') {
            break;
        }
        if (c < '0' || c > '7') {
            return std::nullopt;
        }
        value = value << 3U | static_cast<std::uint64_t>(c - '0');
    }
    return value;
}

/// The sum of all bytes, those of the sum itself taken as blanks.
std::uint64_t checksumOf(Header header) {
    std::fill_n(header.begin() + kChecksum.at, kChecksum.length, ' ');
    std::uint64_t sum = 0;
    for (const char c : header) {
        sum += static_cast<unsigned char>(c);
    }
    return sum;
}

Header headerFor(const std::string& name, std::uint64_t size) {
    Header header{};
    std::copy_n(name.begin(), std::min(name.size(), kName.length), header.begin());
    putOctal(header, kMode, 0644);
    putSize(header, size);
    putOctal(header, kTime, 0);
    header[kType] = '0';
    std::ranges::copy(kUstar, header.begin() + kMagic.at);
    putOctal(header, kChecksum, checksumOf(header));
    return header;
}

Error notATar(const fs::path& tar) {
    return {ErrorCode::Damaged,
            tr("{} is no export of Runglass, or it is damaged.", toValidUtf8(tar.native())),
            {}};
}

/// The next header; nothing at the end.
Result<std::optional<Header>> nextHeader(std::ifstream& in, const fs::path& tar) {
    Header header{};
    in.read(header.data(), kBlock);
    if (in.gcount() != kBlock) {
        return notATar(tar);
    }
    if (std::ranges::all_of(header, [](char c) { return c == '\0'; })) {
        return std::optional<Header>();
    }
    const bool ustar = std::string_view(header.data() + kMagic.at, 5) == kUstar.substr(0, 5);
    if (!ustar || header[kType] != '0' || number(header, kChecksum) != checksumOf(header)) {
        return notATar(tar);
    }
    return std::optional(header);
}

std::string nameIn(const Header& header) {
    return {header.data(), ::strnlen(header.data(), kName.length)};
}

using Sums = decltype(TarContent::digests);

/// What fills the last block behind `size` bytes.
std::size_t paddingOf(std::uint64_t size) {
    return static_cast<std::size_t>((kBlock - size % kBlock) % kBlock);
}

/// Hands on the content of an entry, and passes over the padding behind it.
Result<void> readContent(std::ifstream& in, std::uint64_t size, const fs::path& tar,
                         const std::function<void(std::string_view)>& use) {
    std::string piece;
    for (std::uint64_t left = size; left > 0; left -= piece.size()) {
        piece.resize(static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece)));
        in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
        if (in.gcount() != static_cast<std::streamsize>(piece.size())) {
            return notATar(tar);
        }
        use(piece);
    }
    piece.assign(paddingOf(size), '\1');
    in.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    return piece.find_first_not_of('\0') == std::string::npos ? Result<void>() : notATar(tar);
}

/// Returns the digest of what has been extracted.
Result<std::string> extract(std::ifstream& in, std::uint64_t size, const fs::path& to, const fs::path& tar) {
    std::error_code failure;
    fs::create_directories(to.parent_path(), failure);
    errno = 0;
    std::ofstream out(to, std::ios::binary);
    Sha256 digest;
    RUNGLASS_TRY(readContent(in, size, tar, [&](std::string_view piece) {
        digest.update(piece);
        out << piece;
    }));
    out.flush();
    if (!out) {
        return errorFromErrno(errno != 0 ? errno : EIO, tr("The file cannot be written."), to);
    }
    return digest.finish();
}

/// `<64 digits>  <name>`, a line each.
Sums parseSums(std::string_view text) {
    constexpr std::size_t kDigits = 64;
    Sums sums;
    while (!text.empty()) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.size() > kDigits + 2) {
            sums.emplace(line.substr(kDigits + 2), line.substr(0, kDigits));
        }
    }
    return sums;
}

Result<void> checkSums(const Sums& told, const Sums& found, const fs::path& tar) {
    for (const auto& [name, digest] : found) {
        const auto known = told.find(name);
        if (known == told.end() || known->second != digest) {
            return Error{ErrorCode::Damaged,
                         tr("{} is damaged: {} in it is not what was exported. Nothing was imported; get the "
                            "file again.",
                            toValidUtf8(tar.native()), toValidUtf8(name)),
                         {}};
        }
    }
    return told.size() == found.size() ? Result<void>() : notATar(tar);
}

/// A second block of zeros, at least, and nothing else.
Result<void> checkEnd(std::ifstream& in, const fs::path& tar) {
    std::string rest(kPiece, '\0');
    std::uint64_t size = 0;
    do {
        in.read(rest.data(), static_cast<std::streamsize>(rest.size()));
        const std::string_view read(rest.data(), static_cast<std::size_t>(in.gcount()));
        if (read.find_first_not_of('\0') != std::string_view::npos) {
            return notATar(tar);
        }
        size += read.size();
    } while (in);
    return size > 0 && size % kBlock == 0 ? Result<void>() : notATar(tar);
}

Result<void> writeEntry(NewFile& out, const std::string& name, std::uint64_t size,
                        const std::function<Result<void>()>& writeContent) {
    const auto header = headerFor(name, size);
    RUNGLASS_TRY(out.write({header.data(), header.size()}));
    RUNGLASS_TRY(writeContent());
    return out.write(std::string(paddingOf(size), '\0'));
}

/// Returns the digest of the content.
Result<std::string> writeFile(NewFile& out, const TarEntry& entry) {
    std::error_code failure;
    const auto size = fs::file_size(entry.file, failure);
    if (failure || entry.name.size() >= kName.length) {
        return errorFromErrno(failure ? failure.value() : ENAMETOOLONG,
                              tr("The file cannot be put into the export."), entry.file);
    }
    Sha256 digest;
    const auto writeContent = [&]() -> Result<void> {
        std::string piece(kPiece, '\0');
        std::ifstream in(entry.file, std::ios::binary);
        for (std::uint64_t left = size; left > 0;) {
            const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(left, kPiece));
            in.read(piece.data(), static_cast<std::streamsize>(count));
            if (in.gcount() != static_cast<std::streamsize>(count)) {
                return errorFromErrno(EIO, tr("The file cannot be put into the export."), entry.file);
            }
            const auto read = std::string_view(piece).substr(0, count);
            digest.update(read);
            RUNGLASS_TRY(out.write(read));
            left -= count;
        }
        return {};
    };
    RUNGLASS_TRY(writeEntry(out, entry.name, size, writeContent));
    return digest.finish();
}

}  // namespace

Result<void> writeTar(const fs::path& tar, const std::vector<TarEntry>& entries) {
    RUNGLASS_ASSIGN(auto out, NewFile::begin(tar));
    std::string sums;
    for (const TarEntry& entry : entries) {
        RUNGLASS_ASSIGN(const auto digest, writeFile(out, entry));
        sums += digest + "  " + entry.name + "\n";
    }
    RUNGLASS_TRY(writeEntry(out, std::string(kSums), sums.size(), [&] { return out.write(sums); }));
    RUNGLASS_TRY(out.write(std::string(2 * kBlock, '\0')));
    return out.finish();
}

Result<TarContent> readTar(const fs::path& tar,
                           const std::function<Result<fs::path>(const std::string&)>& placeOf) {
    std::ifstream in(tar, std::ios::binary);
    if (!in) {
        return errorFromErrno(errno, tr("The file cannot be read."), tar);
    }
    TarContent content;
    auto& found = content.digests;
    std::string told;
    for (;;) {
        RUNGLASS_ASSIGN(const auto header, nextHeader(in, tar));
        if (!header) {
            RUNGLASS_TRY(checkEnd(in, tar));
            if (content.checked) {
                RUNGLASS_TRY(checkSums(parseSums(told), found, tar));
            }
            return content;
        }
        const auto size = number(*header, kSize);
        const auto name = nameIn(*header);
        if (!size || found.contains(name) || (name == kSums && *size > kLargestSums)) {
            return notATar(tar);
        }
        if (name == kSums) {
            content.checked = true;
            RUNGLASS_TRY(readContent(in, *size, tar, [&](std::string_view piece) { told += piece; }));
            continue;
        }
        RUNGLASS_ASSIGN(const auto place, placeOf(name));
        RUNGLASS_ASSIGN(auto digest, extract(in, *size, place, tar));
        found.emplace(name, std::move(digest));
    }
}

Result<std::string> firstNameInTar(const fs::path& tar) {
    std::ifstream in(tar, std::ios::binary);
    RUNGLASS_ASSIGN(const auto header, nextHeader(in, tar));
    return header ? Result<std::string>(nameIn(*header)) : notATar(tar);
}

}  // namespace runglass::exchange
