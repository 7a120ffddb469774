//===- Space.cpp - Knobs, constraints, configurations ---------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Search/Space.h"
#include "absl/container/flat_hash_set.h"
#include "absl/container/inlined_vector.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "chameleon/Search/ValidSampling.h"
#include <algorithm>

namespace chameleon {

static absl::Status checkKnob(const Knob &knob) {
  if (knob.values.empty())
    return absl::InvalidArgumentError(
        absl::StrCat("expected knob '", knob.name, "' to have a value, but it has none"));
  if (!knob.ordered() && knob.labels.size() != knob.values.size())
    return absl::InvalidArgumentError(absl::StrCat("expected choice '", knob.name, "' to have ",
                                                   knob.values.size(), " labels, but got ",
                                                   knob.labels.size()));
  absl::flat_hash_set<std::string> labels(knob.labels.begin(), knob.labels.end());
  if (labels.size() != knob.labels.size())
    return absl::InvalidArgumentError(absl::StrCat("expected the labels of choice '", knob.name,
                                                   "' to differ, but got ",
                                                   absl::StrJoin(knob.labels, ", ")));
  auto notAscending = std::adjacent_find(knob.values.begin(), knob.values.end(),
                                         [](int64_t a, int64_t b) { return a >= b; });
  if (knob.ordered() && notAscending != knob.values.end())
    return absl::InvalidArgumentError(absl::StrCat("expected the values of knob '", knob.name,
                                                   "' to ascend, but ", *notAscending,
                                                   " is followed by ", *(notAscending + 1)));
  return absl::OkStatus();
}

static absl::Status checkKnobs(absl::Span<const Knob> knobs) {
  absl::flat_hash_set<std::string> names;
  for (const Knob &knob : knobs) {
    if (absl::Status status = checkKnob(knob); !status.ok())
      return status;
    if (!names.insert(knob.name).second)
      return absl::InvalidArgumentError(
          absl::StrCat("expected knob names to differ, but got '", knob.name, "' twice"));
  }
  return absl::OkStatus();
}

static absl::Status checkConstraint(const Constraint &constraint, size_t numKnobs) {
  for (const Expression::Instruction &instruction : constraint.expression.instructions())
    if (instruction.op == Expression::Op::Knob &&
        (instruction.operand < 0 || instruction.operand >= static_cast<int64_t>(numKnobs)))
      return absl::InvalidArgumentError(
          absl::StrCat("expected constraint '", constraint.message, "' to name knobs 0 to ",
                       static_cast<int64_t>(numKnobs) - 1, ", but got ", instruction.operand));
  return absl::OkStatus();
}

static absl::Status checkShape(absl::Span<const Knob> knobs, const Configuration &configuration) {
  if (configuration.indices.size() != knobs.size())
    return absl::InvalidArgumentError(absl::StrCat("expected a configuration of ", knobs.size(),
                                                   " indices, but got ",
                                                   configuration.indices.size()));
  for (size_t i = 0; i < knobs.size(); ++i)
    if (configuration.indices[i] < 0 ||
        configuration.indices[i] >= static_cast<int64_t>(knobs[i].values.size()))
      return absl::InvalidArgumentError(
          absl::StrCat("expected an index below ", knobs[i].values.size(), " for knob '",
                       knobs[i].name, "', but got ", configuration.indices[i]));
  return absl::OkStatus();
}

absl::StatusOr<Space> Space::create(std::string schedule, std::vector<Knob> knobs,
                                    std::vector<Constraint> constraints,
                                    Configuration defaultConfiguration) {
  if (absl::Status status = checkKnobs(knobs); !status.ok())
    return status;
  for (const Constraint &constraint : constraints)
    if (absl::Status status = checkConstraint(constraint, knobs.size()); !status.ok())
      return status;
  bool given = !defaultConfiguration.indices.empty();
  if (given)
    if (absl::Status status = checkShape(knobs, defaultConfiguration); !status.ok())
      return status;

  Space space;
  space.scheduleName = std::move(schedule);
  space.knobList = std::move(knobs);
  space.constraintList = std::move(constraints);
  if (!given)
    defaultConfiguration.indices.assign(space.knobList.size(), 0);
  Rng rng(0);
  space.defaultConfig =
      ValidSampler(space).near(defaultConfiguration, rng).value_or(Configuration());
  return space;
}

double Space::size() const {
  double product = 1;
  for (const Knob &knob : knobList)
    product *= static_cast<double>(knob.values.size());
  return product;
}

std::vector<int64_t> Space::values(const Configuration &c) const {
  std::vector<int64_t> result(knobList.size());
  for (size_t i = 0; i < knobList.size(); ++i)
    result[i] = knobList[i].values[c.indices[i]];
  return result;
}

absl::optional<size_t> Space::firstViolation(const Configuration &c) const {
  absl::InlinedVector<int64_t, 24> knobValues(knobList.size());
  for (size_t i = 0; i < knobList.size(); ++i)
    knobValues[i] = knobList[i].values[c.indices[i]];
  for (size_t i = 0; i < constraintList.size(); ++i)
    if (!constraintList[i].holds(knobValues))
      return i;
  return absl::nullopt;
}

static std::string valueText(const Knob &knob, int32_t index) {
  return knob.ordered() ? absl::StrCat(knob.values[index]) : knob.labels[index];
}

static std::string domainText(const Knob &knob) {
  return knob.ordered() ? absl::StrJoin(knob.values, ", ") : absl::StrJoin(knob.labels, ", ");
}

static absl::StatusOr<int32_t> parseIndex(const Knob &knob, absl::string_view text) {
  for (size_t i = 0; i < knob.values.size(); ++i)
    if (valueText(knob, static_cast<int32_t>(i)) == text)
      return static_cast<int32_t>(i);
  return absl::InvalidArgumentError(absl::StrCat("expected knob '", knob.name, "' to be one of ",
                                                 domainText(knob), ", but got '", text, "'"));
}

absl::StatusOr<Configuration>
Space::parse(absl::Span<const std::pair<std::string, std::string>> values) const {
  Configuration result;
  result.indices.assign(knobList.size(), -1);
  for (const auto &[name, text] : values) {
    auto knob = std::find_if(knobList.begin(), knobList.end(),
                             [&name = name](const Knob &k) { return k.name == name; });
    if (knob == knobList.end())
      return absl::InvalidArgumentError(absl::StrCat(
          "expected a knob of schedule '", scheduleName, "' (",
          absl::StrJoin(knobList, ", ",
                        [](std::string *out, const Knob &k) { absl::StrAppend(out, k.name); }),
          "), but got '", name, "'"));
    absl::StatusOr<int32_t> index = parseIndex(*knob, text);
    if (!index.ok())
      return index.status();
    int32_t &slot = result.indices[knob - knobList.begin()];
    if (slot >= 0)
      return absl::InvalidArgumentError(
          absl::StrCat("expected one value for knob '", name, "', but got two"));
    slot = *index;
  }
  for (size_t i = 0; i < knobList.size(); ++i)
    if (result.indices[i] < 0)
      return absl::InvalidArgumentError(absl::StrCat(
          "expected a value for knob '", knobList[i].name, "', but got none; give every knob one"));
  return result;
}

std::string Space::print(const Configuration &c) const {
  return absl::StrJoin(toPairs(c), " ", absl::PairFormatter("="));
}

std::vector<std::pair<std::string, std::string>> Space::toPairs(const Configuration &c) const {
  std::vector<std::pair<std::string, std::string>> result;
  result.reserve(knobList.size());
  for (size_t i = 0; i < knobList.size(); ++i)
    result.emplace_back(knobList[i].name, valueText(knobList[i], c.indices[i]));
  return result;
}

} // namespace chameleon
