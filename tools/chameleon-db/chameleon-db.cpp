//===- chameleon-db.cpp - Inspects and moves tuning records --------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Options.h"
#include "Report.h"
#include "absl/strings/str_cat.h"
#include "chameleon/Database/Database.h"
#include "chameleon/Database/Exchange.h"
#include "chameleon/Database/Summary.h"
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

namespace chameleon {
namespace {

using Opened = absl::StatusOr<std::unique_ptr<Database>>;

absl::Status print(absl::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  if (std::fflush(stdout) != 0) {
    return absl::ErrnoToStatus(errno, "expected to write to standard output, but could not");
  }
  return absl::OkStatus();
}

std::string printJson(const nlohmann::ordered_json &json) {
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

absl::StatusOr<std::string> readText(const std::string &path) {
  if (path == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), {});
  }
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) {
    return absl::NotFoundError(
        absl::StrCat("expected a file with JSON, but '", path, "' cannot be read"));
  }
  return text;
}

void reportCounts(const std::string &from, const TransferCounts &counts) {
  std::fprintf(stderr, "%s: added %lld sessions, %lld tasks, %lld records\n", from.c_str(),
               static_cast<long long>(counts.sessions), static_cast<long long>(counts.tasks),
               static_cast<long long>(counts.records));
}

absl::Status show(const Options &options) {
  Opened database = Database::open(options.file, Database::Mode::Read);
  if (!database.ok()) {
    return database.status();
  }
  absl::StatusOr<Summary> summary = summarize(**database);
  if (!summary.ok()) {
    return summary.status();
  }
  return print(options.json ? printJson(summaryToJson(*summary)) : report(options.file, *summary));
}

absl::Status check(const Options &options) {
  Opened database = Database::open(options.file, Database::Mode::Read);
  if (!database.ok()) {
    return database.status();
  }
  absl::StatusOr<std::vector<std::string>> problems = (*database)->check();
  if (!problems.ok()) {
    return problems.status();
  }
  if (problems->empty()) {
    return print(absl::StrCat(options.file, ": sound\n"));
  }
  for (const std::string &problem : *problems) {
    std::fprintf(stderr, "%s: %s\n", options.file.c_str(), problem.c_str());
  }
  return absl::DataLossError(
      absl::StrCat("expected a sound database, but found ", problems->size(), " problems"));
}

absl::Status exportRows(const Options &options) {
  Opened database = Database::open(options.file, Database::Mode::Read);
  if (!database.ok()) {
    return database.status();
  }
  absl::StatusOr<nlohmann::ordered_json> document = exportJson(**database);
  return document.ok() ? print(printJson(*document)) : document.status();
}

absl::Status importRows(const Options &options) {
  std::vector<nlohmann::json> documents;
  for (const std::string &other : options.others) { // all are read before anything is written
    absl::StatusOr<std::string> text = readText(other);
    if (!text.ok()) {
      return text.status();
    }
    documents.push_back(nlohmann::json::parse(*text, nullptr, /*allow_exceptions=*/false));
    if (documents.back().is_discarded()) {
      return absl::InvalidArgumentError(absl::StrCat("expected JSON, but '", other, "' is none"));
    }
  }
  Opened database = Database::open(options.file, Database::Mode::Write);
  if (!database.ok()) {
    return database.status();
  }
  for (size_t i = 0; i < documents.size(); ++i) {
    absl::StatusOr<TransferCounts> counts = importJson(**database, documents[i]);
    if (!counts.ok()) {
      return absl::Status(counts.status().code(),
                          absl::StrCat(options.others[i], ": ", counts.status().message()));
    }
    reportCounts(options.others[i], *counts);
  }
  return absl::OkStatus();
}

absl::Status merge(const Options &options) {
  std::vector<std::unique_ptr<Database>> others;
  for (const std::string &other : options.others) { // all are opened before anything is written
    Opened opened = Database::open(other, Database::Mode::Read);
    if (!opened.ok()) {
      return opened.status();
    }
    others.push_back(*std::move(opened));
  }
  Opened database = Database::open(options.file, Database::Mode::Write);
  if (!database.ok()) {
    return database.status();
  }
  for (const std::unique_ptr<Database> &other : others) {
    absl::StatusOr<TransferCounts> counts = mergeDatabase(**database, *other);
    if (!counts.ok()) {
      return counts.status();
    }
    reportCounts(other->path(), *counts);
  }
  return absl::OkStatus();
}

absl::Status run(const Options &options) {
  switch (options.action) {
  case Action::Show:
    return show(options);
  case Action::Check:
    return check(options);
  case Action::Export:
    return exportRows(options);
  case Action::Import:
    return importRows(options);
  case Action::Merge:
    return merge(options);
  case Action::Help:
    return print(helpText());
  case Action::Version:
    return print(absl::StrCat("chameleon-db ", CHAMELEON_VERSION, ", schema version ",
                              Database::schemaVersion, "\n"));
  }
  return absl::InternalError("expected a known action");
}

} // namespace
} // namespace chameleon

int main(int argc, char **argv) {
  absl::StatusOr<chameleon::Options> options =
      chameleon::parseOptions(absl::MakeConstSpan(argv + 1, static_cast<size_t>(argc - 1)));
  const absl::Status status = options.ok() ? chameleon::run(*options) : options.status();
  if (!status.ok()) {
    std::fprintf(stderr, "chameleon-db: error: %s\n", std::string(status.message()).c_str());
    return 1;
  }
  return 0;
}
