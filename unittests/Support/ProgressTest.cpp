//===- ProgressTest.cpp - Tests of Progress.h ----------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Progress.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gtest/gtest.h"

namespace chameleon {
namespace {

/// Collects what is written, with a clock that the test moves.
struct Fixture {
  explicit Fixture(bool terminal) {
    options.write = [this](absl::string_view text) { absl::StrAppend(&written, text); };
    options.now = [this] { return now; };
    options.terminal = terminal;
  }
  std::string take() { return std::exchange(written, ""); }

  ProgressOptions options;
  absl::Time now = absl::UnixEpoch();
  std::string written;
};

TaskProgress conv(int64_t tried) {
  return {"conv3x3s1 64x56x56 -> 64", 4, tried, 12, 1.23e6, 0.81e6};
}

/// What a terminal shows after `written`: enough of the escape sequences for Progress.
std::vector<std::string> screen(absl::string_view written) {
  std::vector<std::string> lines = {""};
  size_t row = 0, column = 0;
  for (size_t i = 0; i < written.size(); ++i) {
    if (written[i] == '\n') {
      column = 0;
      if (++row == lines.size()) {
        lines.emplace_back();
      }
    } else if (written[i] == '\r') {
      column = 0;
    } else if (written[i] == '\x1b') {
      const size_t end = written.find_first_of("AKJ", i);
      int count = 0;
      (void)absl::SimpleAtoi(written.substr(i + 2, end - i - 2), &count);
      if (written[end] == 'A') {
        row -= static_cast<size_t>(count);
      } else {
        lines[row].resize(column);
        if (written[end] == 'J') {
          lines.resize(row + 1);
        }
      }
      i = end;
    } else {
      lines[row].resize(std::max(lines[row].size(), column + 1), ' ');
      lines[row][column++] = written[i];
    }
  }
  return lines;
}

TEST(ProgressTest, TerminalUpdatesInPlace) {
  Fixture fixture(/*terminal=*/true);
  Progress progress(fixture.options);
  progress.update(0, conv(1));
  fixture.now += absl::Seconds(45);
  progress.setFractionDone(0.375);
  progress.update(0, conv(128));
  EXPECT_EQ(absl::StrJoin(screen(fixture.written), "\n"),
            "task                    uses  tried  failed  default    best  speed-up\n"
            "conv3x3s1 64x56x56 ...     4    128      12  1.23 ms  810 us     1.52x\n"
            "elapsed 0:45, about 1:15 left\n");
}

TEST(ProgressTest, TerminalIsRedrawnAtMostOncePerRefresh) {
  Fixture fixture(/*terminal=*/true);
  Progress progress(fixture.options);
  progress.update(0, conv(1));
  fixture.take();
  progress.update(0, conv(2));
  EXPECT_EQ(fixture.take(), "");
  fixture.now += absl::Milliseconds(100);
  progress.update(0, conv(3));
  EXPECT_NE(fixture.take(), "");
}

TEST(ProgressTest, NotesStayAboveTheTable) {
  Fixture fixture(/*terminal=*/true);
  Progress progress(fixture.options);
  progress.update(0, conv(1));
  progress.note("a remark");
  const std::vector<std::string> lines = screen(fixture.written);
  ASSERT_EQ(lines.size(), 5u);
  EXPECT_EQ(lines[0], "a remark");
  EXPECT_EQ(lines[3], "elapsed 0:00");
}

TEST(ProgressTest, NarrowTerminalsDoNotWrap) {
  Fixture fixture(/*terminal=*/true);
  fixture.options.width = 40;
  Progress progress(fixture.options);
  progress.update(0, conv(1));
  for (const std::string &line : screen(fixture.written)) {
    EXPECT_LT(line.size(), 40u);
  }
}

TEST(ProgressTest, LowTerminalsShowAWindow) {
  Fixture fixture(/*terminal=*/true);
  fixture.options.height = 8;
  fixture.options.refresh = absl::ZeroDuration();
  Progress progress(fixture.options);
  for (int i = 0; i < 20; ++i) {
    TaskProgress task = conv(i);
    task.name = absl::StrCat("task", i);
    progress.update(static_cast<size_t>(i), task);
  }
  const std::vector<std::string> lines = screen(fixture.written);
  ASSERT_EQ(lines.size(), 8u);
  EXPECT_EQ(lines[4].substr(0, 7), "task19 ");
  EXPECT_EQ(lines[5], "(16 more tasks)");
  fixture.take();
  progress.finish();
  EXPECT_EQ(screen(fixture.written.substr(fixture.written.find('J') + 1)).size(), 23u)
      << "the last table shows every task";
}

TEST(ProgressTest, PlainLinesAreRateLimitedAndEndWithTheTable) {
  Fixture fixture(/*terminal=*/false);
  {
    Progress progress(fixture.options);
    for (int i = 0; i < 100; ++i) {
      progress.update(0, conv(i));
      fixture.now += absl::Milliseconds(100);
    }
    EXPECT_EQ(fixture.take(),
              "elapsed 0:00: conv3x3s1 64x56x56 -> 64: tried 0, failed 12, default 1.23 ms, best "
              "810 us, speed-up 1.52x\n"
              "elapsed 0:05: conv3x3s1 64x56x56 -> 64: tried 50, failed 12, default 1.23 ms, best "
              "810 us, speed-up 1.52x\n");
  }
  EXPECT_EQ(fixture.take(),
            "task                      uses  tried  failed  default    best  speed-up\n"
            "conv3x3s1 64x56x56 -> 64     4     99      12  1.23 ms  810 us     1.52x\n"
            "elapsed 0:10\n");
}

TEST(ProgressTest, NothingToTuneShowsNothing) {
  Fixture fixture(/*terminal=*/true);
  {
    Progress progress(fixture.options);
  }
  EXPECT_EQ(fixture.written, "");
}

TEST(ProgressTest, UnknownTimesAreDashes) {
  Fixture fixture(/*terminal=*/false);
  Progress progress(fixture.options);
  progress.update(0, {"m", 1, 0, 0, 0, 0});
  EXPECT_EQ(fixture.written, "elapsed 0:00: m: tried 0, failed 0, default -, best -, speed-up -\n");
}

} // namespace
} // namespace chameleon
