// SPDX-License-Identifier: GPL-3.0-or-later
#include "csv.h"

#include "output.h"

namespace runglass::cli {

void printCsv(const std::vector<std::string>& fields) {
    std::string line;
    for (std::size_t i = 0; i < fields.size(); ++i) {
        line += i == 0 ? "" : ",";
        const auto& field = fields[i];
        // A record of one empty field would be an empty line, which readers skip.
        if (field.find_first_of(",\"\r\n") == std::string::npos && !(field.empty() && fields.size() == 1)) {
            line += field;
            continue;
        }
        line += '"';
        for (const char c : field) {
            line += c;
            if (c == '"') {
                line += c;
            }
        }
        line += '"';
    }
    print(line + "\r\n");
}

}  // namespace runglass::cli
