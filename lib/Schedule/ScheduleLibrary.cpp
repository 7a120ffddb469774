//===- ScheduleLibrary.cpp - The schedules, read from files ---------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Schedule/ScheduleLibrary.h"
#include "AllowedOps.h"
#include "DiagnosticText.h"
#include "RootOp.h"
#include "SpaceBuilder.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "chameleon/Dialect/Classify.h"
#include "chameleon/Dialect/PrintingFlags.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Transform/IR/TransformOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Parser/Parser.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/SHA256.h"
#include <map>

using namespace mlir;
using namespace chameleon;

/// On a named sequence: the root ops ("linalg.matmul") or kinds ("contraction") that it is for.
static constexpr char kMatchesAttr[] = "chameleon.matches";
/// On a named sequence: of several that match, the higher one is tried first.
static constexpr char kBenefitAttr[] = "chameleon.benefit";

namespace {
struct Entry {
  transform::NamedSequenceOp sequence;
  std::string hash;
  int64_t benefit = 0;
};
} // namespace

struct ScheduleLibrary::Impl {
  std::vector<OwningOpRef<ModuleOp>> modules;
  llvm::MapVector<StringRef, Entry> entries; // in order of files and of definition
};

ScheduleLibrary::ScheduleLibrary() : impl(std::make_unique<Impl>()) {}
ScheduleLibrary::ScheduleLibrary(ScheduleLibrary &&) = default;
ScheduleLibrary &ScheduleLibrary::operator=(ScheduleLibrary &&) = default;
ScheduleLibrary::~ScheduleLibrary() = default;

//===----------------------------------------------------------------------===//
// Loading
//===----------------------------------------------------------------------===//

/// The `.mlir` files of `path` (a file or a folder), sorted.
static absl::Status collectFiles(const std::string &path, std::vector<std::string> &files) {
  if (!llvm::sys::fs::exists(path)) {
    return absl::NotFoundError(
        absl::StrCat("expected a schedule file or folder at '", path, "', but there is none"));
  }
  if (!llvm::sys::fs::is_directory(path)) {
    files.push_back(path);
    return absl::OkStatus();
  }
  std::vector<std::string> found;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(path, error), end; it != end && !error;
       it.increment(error)) {
    if (StringRef(it->path()).ends_with(".mlir")) {
      found.push_back(it->path());
    }
  }
  if (error) {
    return absl::PermissionDeniedError(
        absl::StrCat("cannot read the schedule folder '", path, "': ", error.message()));
  }
  if (found.empty()) {
    return absl::NotFoundError(absl::StrCat("expected schedules (*.mlir) in the folder '", path,
                                            "', but there are none; subfolders are not read"));
  }
  llvm::sort(found);
  files.insert(files.end(), found.begin(), found.end());
  return absl::OkStatus();
}

/// SHA-256 of the whole file's module without locations: a schedule may include its neighbours.
static std::string hashModule(ModuleOp module) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  module.print(stream, plainPrintingFlags());
  llvm::SHA256 hash;
  hash.update(text);
  return llvm::toHex(hash.final(), /*LowerCase=*/true);
}

/// Fails unless the marks of `sequence` are what they have to be.
static absl::Status checkMarks(transform::NamedSequenceOp sequence, const std::string &file) {
  auto fail = [&](StringRef name, StringRef expected) {
    std::string value;
    llvm::raw_string_ostream(value) << sequence->getAttr(name);
    return absl::InvalidArgumentError(
        absl::StrCat("cannot use the schedules of '", file, "': expected '", name.str(), "' of @",
                     sequence.getSymName().str(), " to be ", expected.str(), ", but got ", value));
  };
  auto patterns = sequence->getAttrOfType<ArrayAttr>(kMatchesAttr);
  if (!patterns || !llvm::all_of(patterns, llvm::IsaPred<StringAttr>)) {
    return fail(kMatchesAttr, "an array of strings");
  }
  if (sequence->hasAttr(kBenefitAttr) && !sequence->getAttrOfType<IntegerAttr>(kBenefitAttr)) {
    return fail(kBenefitAttr, "an integer");
  }
  return absl::OkStatus();
}

absl::StatusOr<ScheduleLibrary> ScheduleLibrary::load(MLIRContext &context,
                                                      absl::Span<const std::string> paths) {
  std::vector<std::string> files;
  for (const std::string &path : paths) {
    if (absl::Status status = collectFiles(path, files); !status.ok()) {
      return status;
    }
  }
  ScheduleLibrary library;
  for (const std::string &file : files) {
    DiagnosticText diagnostics(context);
    OwningOpRef<ModuleOp> module = parseSourceFile<ModuleOp>(file, &context);
    if (!module || failed(verifyAllowedOps(*module))) {
      return absl::InvalidArgumentError(
          absl::StrCat("cannot use the schedules of '", file, "': ", diagnostics.text()));
    }
    std::string hash = hashModule(*module);
    for (auto sequence : module->getOps<transform::NamedSequenceOp>()) {
      if (!sequence->hasAttr(kMatchesAttr)) {
        continue; // a helper of its neighbours
      }
      if (absl::Status status = checkMarks(sequence, file); !status.ok()) {
        return status;
      }
      auto benefit = sequence->getAttrOfType<IntegerAttr>(kBenefitAttr);
      Entry entry{sequence, hash, benefit ? benefit.getInt() : 0};
      if (!library.impl->entries.insert({sequence.getSymName(), entry}).second) {
        return absl::AlreadyExistsError(absl::StrCat("two schedules are named @",
                                                     sequence.getSymName().str(),
                                                     "; the second is in '", file, "'"));
      }
    }
    library.impl->modules.push_back(std::move(module));
  }
  return library;
}

//===----------------------------------------------------------------------===//
// Questions
//===----------------------------------------------------------------------===//

std::vector<std::string> ScheduleLibrary::names() const {
  std::vector<std::string> names;
  for (const auto &[name, entry] : impl->entries) {
    names.push_back(name.str());
  }
  return names;
}

std::string ScheduleLibrary::patterns(const std::string &schedule) const {
  transform::NamedSequenceOp sequence = lookup(schedule);
  std::vector<std::string> patterns;
  if (sequence) {
    for (StringAttr pattern :
         sequence->getAttrOfType<ArrayAttr>(kMatchesAttr).getAsRange<StringAttr>()) {
      patterns.push_back(pattern.str());
    }
  }
  return absl::StrJoin(patterns, ", ");
}

transform::NamedSequenceOp ScheduleLibrary::lookup(const std::string &schedule) const {
  auto found = impl->entries.find(schedule);
  return found == impl->entries.end() ? transform::NamedSequenceOp() : found->second.sequence;
}

std::string ScheduleLibrary::hash(const std::string &schedule) const {
  auto found = impl->entries.find(schedule);
  return found == impl->entries.end() ? "" : found->second.hash;
}

static bool matchesRoot(transform::NamedSequenceOp sequence, StringRef opName, StringRef kind) {
  auto patterns = sequence->getAttrOfType<ArrayAttr>(kMatchesAttr);
  return patterns && llvm::any_of(patterns.getAsRange<StringAttr>(), [&](StringAttr pattern) {
           return pattern.getValue() == opName || pattern.getValue() == kind ||
                  pattern.getValue() == "any";
         });
}

std::vector<std::string> ScheduleLibrary::matches(func::FuncOp task) const {
  absl::StatusOr<linalg::LinalgOp> root = findRoot(task);
  if (!root.ok()) {
    return {};
  }
  if (auto space = root->getOperation()->getAttrOfType<SpaceAttr>(kSpaceAttr)) {
    return {space.getSchedule().getValue().str()};
  }
  StringRef opName = root->getOperation()->getName().getStringRef();
  std::string kind = classify(*root).kind;
  std::multimap<int64_t, std::string, std::greater<>> found; // equal benefits keep their order
  for (const auto &[name, entry] : impl->entries) {
    if (matchesRoot(entry.sequence, opName, kind)) {
      found.emplace(entry.benefit, name.str());
    }
  }
  std::vector<std::string> names;
  for (auto &[benefit, name] : found) {
    names.push_back(std::move(name));
  }
  return names;
}

absl::StatusOr<Space> ScheduleLibrary::space(const std::string &schedule, func::FuncOp task,
                                             const TargetInfo &target) const {
  transform::NamedSequenceOp sequence = lookup(schedule);
  if (!sequence) {
    return absl::NotFoundError(absl::StrCat("expected a schedule of the library (",
                                            absl::StrJoin(names(), ", "), "), but got '", schedule,
                                            "'"));
  }
  absl::StatusOr<TaskInfo> info = describeTask(task);
  absl::StatusOr<linalg::LinalgOp> root = findRoot(task);
  if (!info.ok() || !root.ok()) {
    return info.ok() ? root.status() : info.status();
  }
  return buildSpace(sequence, *info, target,
                    root->getOperation()->getAttrOfType<SpaceAttr>(kSpaceAttr));
}
