//===- Format.h - Numbers and tables for people --------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_FORMAT_H
#define CHAMELEON_SUPPORT_FORMAT_H

#include "absl/strings/string_view.h"
#include <string>
#include <vector>

namespace chameleon {

/// A time with three digits and the unit that fits: "812 ns", "3.05 us", "12.3 ms", "4.00 s"; "-"
/// if it is not a positive number.
std::string formatNs(double ns);
/// Minutes and seconds: "0:07", "12:34", "1:02:03" from an hour on. Negative counts as 0.
std::string formatClock(double seconds);
/// "1.52x"; "-" if it is not a positive number.
std::string formatRatio(double ratio);
/// `text` cut to `width` characters, the last three dots if something was cut. Counts UTF-8 code
/// points, and never cuts within one.
std::string fitWidth(absl::string_view text, size_t width);

/// Columns of text, aligned. The first column is left-aligned, the others to the right, unless said
/// otherwise.
class TextTable {
public:
  explicit TextTable(std::vector<std::string> header);

  /// Left-aligns column `index`.
  void alignLeft(size_t index) { leftAligned[index] = true; }
  /// Precondition: as many cells as the header has.
  void addRow(std::vector<std::string> cells);
  bool empty() const { return rows.size() == 1; }

  /// Header and rows, one line each, columns two blanks apart, no blanks at the ends of lines.
  std::vector<std::string> lines() const;
  /// The same as one text; each line ends with a newline.
  std::string str() const;

private:
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> leftAligned;
};

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_FORMAT_H
