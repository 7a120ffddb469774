//===- Progress.cpp - What a session shows while it runs -----------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Progress.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "chameleon/Support/Format.h"
#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

namespace chameleon {
namespace {

void writeToStandardError(absl::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(STDERR_FILENO, text.data(), text.size());
    if (count > 0) {
      text.remove_prefix(static_cast<size_t>(count));
    } else if (count < 0 && errno != EINTR) {
      return; // a display that cannot be shown is no reason to stop tuning
    }
  }
}

std::string formatUses(double uses) {
  return uses == std::floor(uses) ? absl::StrFormat("%.0f", uses) : absl::StrFormat("%.2f", uses);
}

std::string speedUp(const TaskProgress &task) {
  return formatRatio(task.bestNs > 0 ? task.defaultNs / task.bestNs : 0);
}

} // namespace

ProgressOptions ProgressOptions::standardError() {
  ProgressOptions options;
  options.write = writeToStandardError;
  options.now = [] { return absl::Now(); };
  const char *term = std::getenv("TERM");
  options.terminal =
      isatty(STDERR_FILENO) && term && absl::string_view(term) != "dumb" && *term != '\0';
  winsize size = {};
  if (options.terminal && ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) {
    options.width = size.ws_col;
    options.height = size.ws_row;
  }
  return options;
}

Progress::Progress(ProgressOptions options)
    : options(std::move(options)), start(this->options.now()), lastDraw(absl::InfinitePast()) {}

Progress::~Progress() { finish(); }

void Progress::update(size_t index, TaskProgress task) {
  if (finished) {
    return;
  }
  tasks.resize(std::max(tasks.size(), index + 1));
  tasks[index] = std::move(task);
  lastUpdated = index;
  const absl::Duration pause = options.terminal ? options.refresh : options.plainInterval;
  if (options.now() - lastDraw < pause) {
    return;
  }
  lastDraw = options.now();
  if (options.terminal) {
    redraw();
  } else {
    writePlain(index);
  }
}

void Progress::setFractionDone(double fraction) { fractionDone = std::clamp(fraction, 0.0, 1.0); }

void Progress::note(absl::string_view line) {
  erase();
  options.write(absl::StrCat(line, "\n"));
  if (options.terminal && !finished) {
    redraw();
  }
}

void Progress::finish() {
  if (finished || tasks.empty()) {
    finished = true;
    return;
  }
  erase();
  std::string text;
  for (const std::string &line : tableLines(tasks.size())) {
    absl::StrAppend(&text, line, "\n");
  }
  options.write(absl::StrCat(text, "elapsed ",
                             formatClock(absl::ToDoubleSeconds(options.now() - start)), "\n"));
  finished = true;
}

std::string Progress::timeLine() const {
  const double elapsed = absl::ToDoubleSeconds(options.now() - start);
  std::string line = absl::StrCat("elapsed ", formatClock(elapsed));
  if (fractionDone > 0) {
    const double left = elapsed * (1 - fractionDone) / fractionDone;
    absl::StrAppend(&line, ", about ", formatClock(left), " left");
  }
  return line;
}

/// Header and at most `maxTasks` tasks: a window of the list that holds the one updated last.
std::vector<std::string> Progress::tableLines(size_t maxTasks) const {
  TextTable table({"task", "uses", "tried", "failed", "default", "best", "speed-up"});
  size_t first = 0;
  if (tasks.size() > maxTasks && lastUpdated >= maxTasks) {
    first = lastUpdated + 1 - maxTasks;
  }
  const size_t end = std::min(tasks.size(), first + maxTasks);
  const size_t nameWidth = std::max<size_t>(12, options.width > 58 ? options.width - 58 : 0);
  for (size_t i = first; i < end; ++i) {
    const TaskProgress &task = tasks[i];
    table.addRow({options.terminal ? fitWidth(task.name, nameWidth) : task.name,
                  formatUses(task.uses), absl::StrCat(task.tried), absl::StrCat(task.failed),
                  formatNs(task.defaultNs), formatNs(task.bestNs), speedUp(task)});
  }
  std::vector<std::string> lines = table.lines();
  if (end - first < tasks.size()) {
    lines.push_back(absl::StrCat("(", tasks.size() - (end - first), " more tasks)"));
  }
  return lines;
}

void Progress::redraw() {
  if (tasks.empty()) {
    return;
  }
  // Header, the count of hidden tasks, the time and the cursor's own line.
  const size_t maxTasks = std::max<size_t>(1, options.height > 4 ? options.height - 4 : 1);
  std::vector<std::string> lines = tableLines(maxTasks);
  lines.push_back(timeLine());
  std::string text;
  if (linesDrawn > 0) {
    text = absl::StrCat("\x1b[", linesDrawn, "A"); // to the first line of the last drawing
  }
  for (const std::string &line : lines) {
    // One character less than the width: some terminals wrap on the last column.
    absl::StrAppend(&text, "\r", fitWidth(line, options.width - 1), "\x1b[K\n");
  }
  absl::StrAppend(&text, "\x1b[J"); // what is below, if the last drawing was longer
  linesDrawn = lines.size();
  options.write(text);
}

void Progress::erase() {
  if (linesDrawn > 0) {
    options.write(absl::StrCat("\x1b[", linesDrawn, "A\r\x1b[J"));
    linesDrawn = 0;
  }
}

void Progress::writePlain(size_t index) {
  const TaskProgress &task = tasks[index];
  options.write(absl::StrCat(timeLine(), ": ", task.name, ": tried ", task.tried, ", failed ",
                             task.failed, ", default ", formatNs(task.defaultNs), ", best ",
                             formatNs(task.bestNs), ", speed-up ", speedUp(task), "\n"));
}

} // namespace chameleon
