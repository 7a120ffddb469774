//===- Format.cpp - Numbers and tables for people ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Format.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include <algorithm>
#include <cmath>

namespace chameleon {
namespace {

bool startsCodePoint(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) != 0x80; }

size_t displayWidth(absl::string_view text) {
  return static_cast<size_t>(std::count_if(text.begin(), text.end(), startsCodePoint));
}

/// The first `count` code points.
absl::string_view prefix(absl::string_view text, size_t count) {
  size_t at = 0;
  for (; at < text.size(); ++at) {
    if (startsCodePoint(text[at]) && count-- == 0) {
      break;
    }
  }
  return text.substr(0, at);
}

std::string threeDigits(double value, const char *unit) {
  const int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  return absl::StrFormat("%.*f %s", decimals, value, unit);
}

} // namespace

std::string formatNs(double ns) {
  if (!(ns > 0) || std::isinf(ns)) {
    return "-";
  }
  if (ns < 999.5) {
    return threeDigits(ns, "ns");
  }
  if (ns < 999.5e3) {
    return threeDigits(ns / 1e3, "us");
  }
  if (ns < 999.5e6) {
    return threeDigits(ns / 1e6, "ms");
  }
  return threeDigits(ns / 1e9, "s");
}

std::string formatClock(double seconds) {
  const auto whole = static_cast<int64_t>(std::max(0.0, seconds));
  const int64_t hours = whole / 3600, minutes = whole / 60 % 60;
  if (hours > 0) {
    return absl::StrFormat("%d:%02d:%02d", hours, minutes, whole % 60);
  }
  return absl::StrFormat("%d:%02d", minutes, whole % 60);
}

std::string formatRatio(double ratio) {
  if (!(ratio > 0) || std::isinf(ratio)) {
    return "-";
  }
  return absl::StrFormat("%.*fx", ratio < 99.95 ? 2 : 0, ratio);
}

std::string fitWidth(absl::string_view text, size_t width) {
  if (displayWidth(text) <= width) {
    return std::string(text);
  }
  if (width <= 3) {
    return std::string(prefix(text, width));
  }
  return absl::StrCat(prefix(text, width - 3), "...");
}

TextTable::TextTable(std::vector<std::string> header) : leftAligned(header.size(), false) {
  leftAligned[0] = true;
  rows.push_back(std::move(header));
}

void TextTable::addRow(std::vector<std::string> cells) { rows.push_back(std::move(cells)); }

std::vector<std::string> TextTable::lines() const {
  std::vector<size_t> widths(leftAligned.size(), 0);
  for (const std::vector<std::string> &row : rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], displayWidth(row[i]));
    }
  }
  std::vector<std::string> result;
  for (const std::vector<std::string> &row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      const std::string padding(widths[i] - displayWidth(row[i]), ' ');
      absl::StrAppend(&line, i ? "  " : "", leftAligned[i] ? "" : padding, row[i],
                      leftAligned[i] ? padding : "");
    }
    line.erase(line.find_last_not_of(' ') + 1);
    result.push_back(std::move(line));
  }
  return result;
}

std::string TextTable::str() const {
  std::string text;
  for (const std::string &line : lines()) {
    absl::StrAppend(&text, line, "\n");
  }
  return text;
}

} // namespace chameleon
