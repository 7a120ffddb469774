//===- Progress.h - What a session shows while it runs -------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// On a terminal: a table with one line per task that updates in place, then elapsed time and time
// left. Elsewhere: a plain line now and then, and the table once at the end. Written to standard
// error, so that standard output stays the tool's.
//
//   task                      uses  tried  failed  default    best  speed-up
//   conv3x3s1 64x56x56 -> 64     4    128      12  1.23 ms  810 us     1.52x
//   elapsed 0:45, about 1:15 left
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_PROGRESS_H
#define CHAMELEON_SUPPORT_PROGRESS_H

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace chameleon {

/// One task's line. Times are 0 while unknown.
struct TaskProgress {
  std::string name;
  double uses = 1; // how often the model calls it
  int64_t tried = 0;
  int64_t failed = 0; // of those tried
  double defaultNs = 0;
  double bestNs = 0;
};

/// Where the display goes; tests put their own here.
struct ProgressOptions {
  std::function<void(absl::string_view)> write;
  std::function<absl::Time()> now;
  bool terminal = false;
  size_t width = 80;  // of the terminal, in characters; lines are cut to it
  size_t height = 24; // of the terminal; tasks beyond it are counted, not shown
  absl::Duration refresh = absl::Milliseconds(100); // at most one redraw per this, on a terminal
  absl::Duration plainInterval = absl::Seconds(5);  // at most one line per this, elsewhere

  /// Standard error as it is: a terminal with its size, or not (also if TERM is "dumb").
  static ProgressOptions standardError();
};

/// Not for concurrent use.
class Progress {
public:
  /// Time runs from here on.
  explicit Progress(ProgressOptions options = ProgressOptions::standardError());
  /// Finishes the display if that was not done.
  ~Progress();
  Progress(const Progress &) = delete;
  Progress &operator=(const Progress &) = delete;

  /// Replaces task `index` (in order of first mention; a new index extends the list), and redraws
  /// if it is time to.
  void update(size_t index, TaskProgress task);
  /// How much of the budget is used, 0 to 1: the time left is extrapolated from it. 0: unknown.
  void setFractionDone(double fraction);
  /// A line for people that stays, above the table.
  void note(absl::string_view line);
  /// Draws the last state and leaves the cursor below it. Later calls have no effect.
  void finish();

private:
  std::vector<std::string> tableLines(size_t maxTasks) const;
  std::string timeLine() const;
  void redraw();
  void erase();
  void writePlain(size_t index);

  ProgressOptions options;
  absl::Time start, lastDraw;
  std::vector<TaskProgress> tasks;
  double fractionDone = 0;
  size_t linesDrawn = 0;
  size_t lastUpdated = 0;
  bool finished = false;
};

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_PROGRESS_H
