//===- Options.cpp - Command line of chameleon-db ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/types/optional.h"

namespace chameleon {
namespace {

struct Flag {
  absl::string_view name;
  Action action;
  bool takesValue;
};

constexpr Flag flags[] = {{"--check", Action::Check, false},    {"--export", Action::Export, false},
                          {"--import", Action::Import, true},   {"--merge", Action::Merge, true},
                          {"--help", Action::Help, false},      {"-h", Action::Help, false},
                          {"--version", Action::Version, false}};

absl::Status usageError(absl::string_view problem) {
  return absl::InvalidArgumentError(absl::StrCat(
      problem, "; usage: chameleon-db FILE [--json | --check | --export | --import JSON "
               "| --merge OTHER]; see chameleon-db --help"));
}

/// The arguments one by one, with the state of what was said so far.
class Parser {
public:
  explicit Parser(absl::Span<const char *const> arguments) : arguments(arguments) {}

  absl::StatusOr<Options> parse() {
    while (next < arguments.size()) {
      const absl::string_view argument = arguments[next++];
      absl::Status status = absl::StartsWith(argument, "-") && argument.size() > 1
                                ? parseFlag(argument)
                                : parseFile(argument);
      if (!status.ok()) {
        return status;
      }
    }
    const bool needsFile = options.action != Action::Help && options.action != Action::Version;
    if (needsFile && options.file.empty()) {
      return usageError("expected a database file, but got none");
    }
    if (options.json && options.action != Action::Show && needsFile) {
      return usageError(absl::StrCat("expected --json alone, but got ", said, " too"));
    }
    return options;
  }

private:
  absl::Status parseFile(absl::string_view argument) {
    if (!options.file.empty()) {
      return usageError(absl::StrCat("expected one database file, but got '", options.file,
                                     "' and '", argument, "'"));
    }
    options.file = std::string(argument);
    return absl::OkStatus();
  }

  absl::Status parseFlag(absl::string_view argument) {
    const size_t equals = argument.find('=');
    const absl::string_view name = argument.substr(0, equals);
    absl::optional<std::string> value;
    if (equals != absl::string_view::npos) {
      value = std::string(argument.substr(equals + 1));
    }
    if (name == "--json" && !value) {
      options.json = true;
      return absl::OkStatus();
    }
    for (const Flag &flag : flags) {
      if (name == flag.name) {
        return applyFlag(flag, std::move(value));
      }
    }
    return usageError(absl::StrCat("expected a known option, but got '", argument, "'"));
  }

  absl::Status applyFlag(const Flag &flag, absl::optional<std::string> value) {
    const bool repeats = options.action == flag.action && flag.takesValue;
    if (options.action != Action::Show && !repeats) {
      return usageError(absl::StrCat("expected one action, but got ", said, " and ", flag.name));
    }
    options.action = flag.action;
    said = std::string(flag.name);
    if (!flag.takesValue && value) {
      return usageError(
          absl::StrCat("expected ", flag.name, " without a value, but got '", *value, "'"));
    }
    if (!flag.takesValue) {
      return absl::OkStatus();
    }
    if (!value && next < arguments.size()) {
      value = arguments[next++];
    }
    if (!value || value->empty()) {
      return usageError(absl::StrCat("expected a file after ", flag.name, ", but got none"));
    }
    options.others.push_back(*std::move(value));
    return absl::OkStatus();
  }

  absl::Span<const char *const> arguments;
  size_t next = 0;
  Options options;
  std::string said;
};

} // namespace

absl::StatusOr<Options> parseOptions(absl::Span<const char *const> arguments) {
  return Parser(arguments).parse();
}

std::string helpText() {
  return R"(chameleon-db shows and moves what the tuner remembers: sessions, tasks, the best
configuration of each task, and what became of every candidate.

usage: chameleon-db FILE [action]

without an action  print sessions, tasks and failures as tables
  --json           print them as one JSON object
  --check          read everything and say what is wrong; exit code 1 if something is
  --export         print every row as JSON
  --import JSON    add the rows of an exported file ("-": standard input)
  --merge OTHER    add the rows of another database; may be given more than once
  --help           print this
  --version        print the version and the schema version

Merging and importing leave out what is already there, so they may be repeated. FILE is made if it
is not there. What comes from elsewhere is marked as imported, and is baked and checked again
before the tuner uses it.

A file that is not a database of Chameleon, or is damaged, is refused and left as it is. Looking
at a database while a session writes to it is fine.

examples:
  chameleon-db tune.db
  chameleon-db tune.db --json | jq '.tasks[] | {name, default_ns, best_ns}'
  chameleon-db all.db --merge monday.db --merge tuesday.db
  chameleon-db tune.db --export > tune.json

exit codes: 0 done, 1 bad input or nothing could be written
)";
}

} // namespace chameleon
