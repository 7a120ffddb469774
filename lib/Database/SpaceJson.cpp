//===- SpaceJson.cpp - Spaces, tasks and targets as JSON ------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "SpaceJson.h"

#include "JsonReader.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include <array>
#include <limits>
#include <nlohmann/json.hpp>

namespace chameleon {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
using Op = Expression::Op;

template <typename Enum> struct Name {
  const char *text;
  Enum value;
};

constexpr std::array<Name<KnobKind>, 4> knobKinds = {{{"tile", KnobKind::Tile},
                                                      {"vector", KnobKind::Vector},
                                                      {"unroll", KnobKind::Unroll},
                                                      {"choice", KnobKind::Choice}}};
constexpr std::array<Name<Op>, 8> ops = {{{"constant", Op::Constant},
                                          {"knob", Op::Knob},
                                          {"add", Op::Add},
                                          {"sub", Op::Sub},
                                          {"mul", Op::Mul},
                                          {"floordiv", Op::FloorDiv},
                                          {"ceildiv", Op::CeilDiv},
                                          {"mod", Op::Mod}}};

template <typename Enum, size_t n>
const char *nameOf(const std::array<Name<Enum>, n> &names, Enum value) {
  for (const Name<Enum> &name : names) {
    if (name.value == value) {
      return name.text;
    }
  }
  return "";
}

template <typename Enum, size_t n>
absl::StatusOr<Enum> valueOf(const std::array<Name<Enum>, n> &names, absl::string_view text) {
  for (const Name<Enum> &name : names) {
    if (name.text == text) {
      return name.value;
    }
  }
  std::string known = absl::StrJoin(names, ", ", [](std::string *out, const Name<Enum> &name) {
    absl::StrAppend(out, name.text);
  });
  return absl::InvalidArgumentError(
      absl::StrCat("expected one of ", known, ", but got '", text, "'"));
}

absl::StatusOr<KnobKind> parseKnobKind(absl::string_view text) { return valueOf(knobKinds, text); }
absl::StatusOr<Op> parseOp(absl::string_view text) { return valueOf(ops, text); }

ordered_json conditionsToJson(absl::Span<const Condition> conditions) {
  ordered_json result = ordered_json::array();
  for (const Condition &condition : conditions) {
    result.push_back({{"knob", condition.knob}, {"value", condition.value}});
  }
  return result;
}

ordered_json knobToJson(const Knob &knob) {
  ordered_json result = {{"name", knob.name},     {"kind", nameOf(knobKinds, knob.kind)},
                         {"dim", knob.dim},       {"values", knob.values},
                         {"labels", knob.labels}, {"condition", conditionsToJson(knob.condition)},
                         {"start", knob.start}};
  if (knob.parallel) { // earlier recordings know of no such knob
    result["parallel"] = true;
  }
  return result;
}

ordered_json constraintToJson(const Constraint &constraint) {
  ordered_json code = ordered_json::array();
  for (const Expression::Instruction &instruction : constraint.expression.instructions()) {
    code.push_back({{"op", nameOf(ops, instruction.op)}, {"operand", instruction.operand}});
  }
  return {{"message", constraint.message},
          {"equality", constraint.equality},
          {"code", code},
          {"condition", conditionsToJson(constraint.condition)}};
}

std::vector<Condition> readConditions(JsonReader &reader) {
  std::vector<Condition> result;
  reader.each("condition", [&](JsonReader &item) {
    result.push_back({static_cast<size_t>(item.unsignedInteger("knob")), item.integer("value")});
  });
  return result;
}

Knob readKnob(JsonReader &reader) {
  Knob knob;
  knob.name = reader.text("name");
  knob.kind = reader.parsed("kind", parseKnobKind);
  knob.dim = reader.text("dim");
  knob.values = reader.integers("values");
  knob.labels = reader.texts("labels");
  knob.condition = readConditions(reader);
  knob.start = reader.integer32("start");
  reader.require(static_cast<size_t>(knob.start) < knob.values.size(), "start",
                 "the position of one of the values");
  knob.parallel = reader.booleanOrFalse("parallel");
  return knob;
}

Constraint readConstraint(JsonReader &reader) {
  Constraint constraint;
  constraint.message = reader.text("message");
  constraint.equality = reader.boolean("equality");
  constraint.condition = readConditions(reader);
  std::vector<Expression::Instruction> code;
  reader.each("code", [&](JsonReader &item) {
    code.push_back({item.parsed("op", parseOp), item.integer("operand")});
  });
  constraint.expression = Expression(std::move(code));
  return constraint;
}

/// Null where the space does not offer the algorithm.
ordered_json winogradToJson(const absl::optional<WinogradKnobs> &knobs) {
  if (!knobs) {
    return nullptr;
  }
  ordered_json object = {{"outputs", knobs->outputs},
                         {"rows", knobs->rows},
                         {"columns", knobs->columns},
                         {"steps", knobs->steps}};
  if (knobs->chunk) {
    object["chunk"] = *knobs->chunk;
  }
  return object;
}

/// Files written before there was such a member do not have it.
absl::Status readWinograd(const json &object, Space &space) {
  auto found = object.find("winograd");
  if (found == object.end() || found->is_null()) {
    return absl::OkStatus();
  }
  JsonReader reader(*found, "space.winograd");
  WinogradKnobs knobs;
  knobs.outputs = reader.unsignedInteger("outputs");
  knobs.rows = reader.unsignedInteger("rows");
  knobs.columns = reader.unsignedInteger("columns");
  knobs.steps = reader.unsignedInteger("steps");
  if (found->contains("chunk")) {
    knobs.chunk = reader.unsignedInteger("chunk");
  }
  return reader.status().ok() ? space.setWinograd(knobs) : reader.status();
}

LoopInfo readLoop(JsonReader &reader) {
  return {reader.text("name"), reader.integer("extent"), reader.boolean("reduction"),
          reader.integer("input_step")};
}

AccessInfo readAccess(JsonReader &reader) {
  return {reader.integers("strides"), reader.integer("element_bits"), reader.integer("elements"),
          reader.boolean("write"), reader.boolean("constant")};
}

} // namespace

ordered_json spaceToJson(const Space &space) {
  ordered_json knobs = ordered_json::array();
  for (const Knob &knob : space.knobs()) {
    knobs.push_back(knobToJson(knob));
  }
  ordered_json constraints = ordered_json::array();
  for (const Constraint &constraint : space.constraints()) {
    constraints.push_back(constraintToJson(constraint));
  }
  return {{"schedule", space.schedule()},
          {"knobs", knobs},
          {"constraints", constraints},
          {"default", space.defaultConfiguration().indices},
          {"winograd", winogradToJson(space.winograd())}};
}

absl::StatusOr<Space> spaceFromJson(const json &object) {
  JsonReader reader(object, "space");
  std::vector<Knob> knobs;
  std::vector<Constraint> constraints;
  reader.each("knobs", [&](JsonReader &item) { knobs.push_back(readKnob(item)); });
  reader.each("constraints",
              [&](JsonReader &item) { constraints.push_back(readConstraint(item)); });
  Configuration first;
  for (int64_t index : reader.integers("default")) {
    reader.require(index >= 0 && index <= std::numeric_limits<int32_t>::max(), "default",
                   "positions of values");
    first.indices.push_back(static_cast<int32_t>(index));
  }
  std::string schedule = reader.text("schedule");
  if (!reader.status().ok()) {
    return reader.status();
  }
  absl::StatusOr<Space> space =
      Space::create(schedule, std::move(knobs), std::move(constraints), first);
  if (!space.ok()) {
    return space;
  }
  if (absl::Status status = readWinograd(object, *space); !status.ok()) {
    return status;
  }
  return space;
}

ordered_json taskToJson(const TaskInfo &task) {
  ordered_json loops = ordered_json::array();
  for (const LoopInfo &loop : task.loops) {
    loops.push_back({{"name", loop.name},
                     {"extent", loop.extent},
                     {"reduction", loop.reduction},
                     {"input_step", loop.inputStep}});
  }
  ordered_json accesses = ordered_json::array();
  for (const AccessInfo &access : task.accesses) {
    accesses.push_back({{"strides", access.strides},
                        {"element_bits", access.elementBits},
                        {"elements", access.elements},
                        {"write", access.write},
                        {"constant", access.constant}});
  }
  return {{"key", task.key},
          {"kind", task.kind},
          {"name", task.name},
          {"loops", loops},
          {"accesses", accesses},
          {"element_bits", task.elementBits},
          {"floating_point", task.floatingPoint},
          {"flops", task.flops},
          {"weight", task.weight},
          {"numerics", task.numerics}};
}

absl::StatusOr<TaskInfo> taskFromJson(const json &object) {
  JsonReader reader(object, "task");
  TaskInfo task;
  task.key = reader.text("key");
  task.kind = reader.text("kind");
  task.name = reader.text("name");
  reader.each("loops", [&](JsonReader &item) { task.loops.push_back(readLoop(item)); });
  reader.each("accesses", [&](JsonReader &item) {
    task.accesses.push_back(readAccess(item));
    item.require(task.accesses.back().strides.size() == task.loops.size(), "strides",
                 "a stride per loop");
  });
  task.elementBits = reader.integer("element_bits");
  task.floatingPoint = reader.boolean("floating_point");
  task.flops = reader.number("flops");
  task.weight = reader.number("weight");
  task.numerics = reader.integer32("numerics");
  if (!reader.status().ok()) {
    return reader.status();
  }
  return task;
}

ordered_json targetToJson(const TargetInfo &target) {
  return {{"triple", target.triple},
          {"cpu", target.cpu},
          {"features", target.features},
          {"cores", target.cores},
          {"vector_bytes", target.vectorBytes},
          {"vector_registers", target.vectorRegisters},
          {"l1_bytes", target.l1Bytes},
          {"l2_bytes", target.l2Bytes},
          {"l3_bytes", target.l3Bytes},
          {"cache_line_bytes", target.cacheLineBytes}};
}

absl::StatusOr<TargetInfo> targetFromJson(const json &object) {
  JsonReader reader(object, "target");
  TargetInfo target;
  target.triple = reader.text("triple");
  target.cpu = reader.text("cpu");
  target.features = reader.text("features");
  target.cores = reader.integer32("cores");
  target.vectorBytes = reader.integer("vector_bytes");
  target.vectorRegisters = reader.integer32("vector_registers");
  target.l1Bytes = reader.integer("l1_bytes");
  target.l2Bytes = reader.integer("l2_bytes");
  target.l3Bytes = reader.integer("l3_bytes");
  target.cacheLineBytes = reader.integer("cache_line_bytes");
  reader.require(target.vectorBytes > 0, "vector_bytes", "a positive number");
  reader.require(target.vectorRegisters > 0, "vector_registers", "a positive number");
  reader.require(target.cacheLineBytes > 0, "cache_line_bytes", "a positive number");
  if (!reader.status().ok()) {
    return reader.status();
  }
  return target;
}

} // namespace chameleon
