//===- FormatTest.cpp - Tests of Format.h --------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Format.h"

#include "gtest/gtest.h"
#include <cmath>

namespace chameleon {
namespace {

TEST(FormatTest, Ns) {
  EXPECT_EQ(formatNs(812), "812 ns");
  EXPECT_EQ(formatNs(1), "1.00 ns");
  EXPECT_EQ(formatNs(999.6), "1.00 us");
  EXPECT_EQ(formatNs(3049), "3.05 us");
  EXPECT_EQ(formatNs(99.96e3), "100 us");
  EXPECT_EQ(formatNs(12.34e6), "12.3 ms");
  EXPECT_EQ(formatNs(4e9), "4.00 s");
  EXPECT_EQ(formatNs(0), "-");
  EXPECT_EQ(formatNs(-1), "-");
  EXPECT_EQ(formatNs(NAN), "-");
  EXPECT_EQ(formatNs(INFINITY), "-");
}

TEST(FormatTest, ClockAndRatio) {
  EXPECT_EQ(formatClock(7.9), "0:07");
  EXPECT_EQ(formatClock(754), "12:34");
  EXPECT_EQ(formatClock(3723), "1:02:03");
  EXPECT_EQ(formatClock(-5), "0:00");
  EXPECT_EQ(formatRatio(1.519), "1.52x");
  EXPECT_EQ(formatRatio(123.4), "123x");
  EXPECT_EQ(formatRatio(NAN), "-");
}

TEST(FormatTest, FitWidthCountsCodePoints) {
  EXPECT_EQ(fitWidth("convolution", 11), "convolution");
  EXPECT_EQ(fitWidth("convolution", 8), "convo...");
  EXPECT_EQ(fitWidth("äöüäöü", 6), "äöüäöü");
  EXPECT_EQ(fitWidth("äöüäöü", 5), "äö...");
  EXPECT_EQ(fitWidth("abc", 0), "");
}

TEST(TextTableTest, AlignsColumns) {
  TextTable table({"task", "best", "note"});
  table.alignLeft(2);
  EXPECT_TRUE(table.empty());
  table.addRow({"conv", "1.20 ms", "x"});
  table.addRow({"matmul ä", "9 s", "yy"});
  EXPECT_FALSE(table.empty());
  EXPECT_EQ(table.str(), "task         best  note\n"
                         "conv      1.20 ms  x\n"
                         "matmul ä      9 s  yy\n");
}

} // namespace
} // namespace chameleon
