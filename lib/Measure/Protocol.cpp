//===- Protocol.cpp -------------------------------------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Measure/Protocol.h"
#include "JsonArchive.h"
#include "absl/strings/str_cat.h"

namespace chameleon {

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

absl::string_view numericsName(Numerics numerics) {
  switch (numerics) {
  case Numerics::Strict:
    return "strict";
  case Numerics::Accurate:
    return "accurate";
  case Numerics::Fast:
    break;
  }
  return "fast";
}

absl::string_view measureModeName(MeasureMode mode) {
  return mode == MeasureMode::Warm ? "warm" : "cold";
}

absl::StatusOr<Numerics> parseNumerics(absl::string_view name) {
  for (Numerics numerics : {Numerics::Strict, Numerics::Accurate, Numerics::Fast})
    if (name == numericsName(numerics))
      return numerics;
  return absl::InvalidArgumentError(
      absl::StrCat("expected strict, accurate or fast for numerics, but got \"", name, "\""));
}

absl::StatusOr<MeasureMode> parseMeasureMode(absl::string_view name) {
  for (MeasureMode mode : {MeasureMode::Warm, MeasureMode::Cold})
    if (name == measureModeName(mode))
      return mode;
  return absl::InvalidArgumentError(
      absl::StrCat("expected warm or cold for measure-mode, but got \"", name, "\""));
}

int64_t ArgumentInfo::elements() const {
  int64_t product = 1;
  for (int64_t extent : shape)
    product *= extent;
  return product;
}

//===----------------------------------------------------------------------===//
// Fields of each message, once for writing and reading
//===----------------------------------------------------------------------===//

static FailureClass lastOf(FailureClass) { return FailureClass::ImpossibleRate; }
static Numerics lastOf(Numerics) { return Numerics::Fast; }
static MeasureMode lastOf(MeasureMode) { return MeasureMode::Cold; }
static ArgumentRole lastOf(ArgumentRole) { return ArgumentRole::Output; }
static BuildKind lastOf(BuildKind) { return BuildKind::Reference; }

template <typename A> void fields(A &archive, TargetInfo &target) {
  archive("triple", target.triple);
  archive("cpu", target.cpu);
  archive("features", target.features);
  archive("cores", target.cores);
  archive("vector_bytes", target.vectorBytes);
  archive("vector_registers", target.vectorRegisters);
  archive("l1_bytes", target.l1Bytes);
  archive("l2_bytes", target.l2Bytes);
  archive("l3_bytes", target.l3Bytes);
  archive("cache_line_bytes", target.cacheLineBytes);
}

template <typename A> void fields(A &archive, RequestLimits &limits) {
  archive("wall_seconds", limits.wallSeconds);
  archive("cpu_seconds", limits.cpuSeconds);
  archive("memory_bytes", limits.memoryBytes);
  archive("result_bytes", limits.resultBytes);
}

template <typename A> void fields(A &archive, ArgumentInfo &argument) {
  archive("role", argument.role);
  archive("shape", argument.shape);
  archive("element_type", argument.elementType);
}

template <typename A> void fields(A &archive, TaskAbi &abi) {
  archive("function", abi.function);
  archive("arguments", abi.arguments);
  archive("init", abi.init);
  archive("packed", abi.packed);
}

template <typename A> void fields(A &archive, SamplingPolicy &policy) {
  archive("min_sample_seconds", policy.minSampleSeconds);
  archive("min_samples", policy.minSamples);
  archive("max_samples", policy.maxSamples);
  archive("budget_seconds", policy.budgetSeconds);
  archive("precision_ratio", policy.precisionRatio);
  archive("drop_ratio", policy.dropRatio);
}

template <typename A> void fields(A &archive, Measurement &measurement) {
  archive("failure", measurement.failure);
  archive("median_ns", measurement.medianNs);
  archive("mad_ns", measurement.madNs);
  archive("samples", measurement.samples);
  archive("relative_error", measurement.relativeError);
  archive("build_seconds", measurement.buildSeconds);
  archive("run_seconds", measurement.runSeconds);
  archive("message", measurement.message);
}

template <typename A> void fields(A &archive, HelloRequest &message) {
  archive("schedule_paths", message.schedulePaths);
  archive("target", message.target);
  archive("builder", message.builder);
  archive("threads", message.threads);
}

template <typename A> void fields(A &archive, HelloReply &message) {
  archive("role", message.role);
  archive("pid", message.pid);
  archive("target", message.target);
  archive("schedules", message.schedules);
  archive("peak_flops", message.peakFlops);
}

template <typename A> void fields(A &archive, ScheduleRequest &message) {
  archive("task_ir", message.taskIr);
  archive("schedule", message.schedule);
  archive("knobs", message.knobs);
  archive("limits", message.limits);
}

template <typename A> void fields(A &archive, ScheduleReply &message) {
  archive("failure", message.failure);
  archive("message", message.message);
  archive("ir", message.ir);
  archive("seconds", message.seconds);
}

template <typename A> void fields(A &archive, BuildRequest &message) {
  archive("task_ir", message.taskIr);
  archive("build_kind", message.kind);
  archive("schedule", message.schedule);
  archive("knobs", message.knobs);
  archive("threads", message.threads);
  archive("limits", message.limits);
}

template <typename A> void fields(A &archive, BuildReply &message) {
  archive("failure", message.failure);
  archive("message", message.message);
  archive("object", Binary{message.object});
  archive("abi", message.abi);
  archive("exact_magnitude", message.exactMagnitude);
  archive("work_share", message.workShare);
  archive("schedule_seconds", message.scheduleSeconds);
  archive("lower_seconds", message.lowerSeconds);
  archive("codegen_seconds", message.codegenSeconds);
  archive("seconds", message.seconds);
}

template <typename A> void fields(A &archive, PrepareRequest &message) {
  archive("task_id", message.taskId);
  archive("abi", message.abi);
  archive("exact_magnitude", message.exactMagnitude);
  archive("reference", Binary{message.reference});
  archive("naive", Binary{message.naive});
  archive("naive_error", message.naiveError);
  archive("seed", message.seed);
  archive("mode", message.mode);
  archive("limits", message.limits);
}

template <typename A> void fields(A &archive, PrepareReply &message) {
  archive("failure", message.failure);
  archive("message", message.message);
  archive("naive_ns", message.naiveNs);
  archive("naive_error", message.naiveError);
  archive("scale", message.scale);
  archive("seconds", message.seconds);
}

template <typename A> void fields(A &archive, MeasureRequest &message) {
  archive("task_id", message.taskId);
  archive("object", Binary{message.object});
  archive("abi", message.abi);
  archive("exact_magnitude", message.exactMagnitude);
  archive("numerics", message.numerics);
  archive("error_budget", message.errorBudget);
  archive("mode", message.mode);
  archive("threads", message.threads);
  archive("incumbent_ns", message.incumbentNs);
  archive("minimum_flops", message.minimumFlops);
  archive("work_share", message.workShare);
  archive("sampling", message.sampling);
  archive("limits", message.limits);
}

template <typename A> void fields(A &archive, MeasureReply &message) {
  archive("unknown_task", message.unknownTask);
  archive("measurement", message.measurement);
  archive("init_ns", message.initNs);
}

template <typename A> void fields(A &archive, InterleaveEntry &entry) {
  archive("object", Binary{entry.object});
  archive("abi", entry.abi);
}

template <typename A> void fields(A &archive, InterleaveRequest &message) {
  archive("task_id", message.taskId);
  archive("entries", message.entries);
  archive("rounds", message.rounds);
  archive("min_sample_seconds", message.minSampleSeconds);
  archive("mode", message.mode);
  archive("threads", message.threads);
  archive("limits", message.limits);
}

template <typename A> void fields(A &archive, InterleaveReply &message) {
  archive("unknown_task", message.unknownTask);
  archive("failure", message.failure);
  archive("message", message.message);
  archive("culprit", message.culprit);
  archive("samples_ns", message.samplesNs);
}

//===----------------------------------------------------------------------===//
// Messages
//===----------------------------------------------------------------------===//

namespace {

void address(nlohmann::json &object, absl::string_view kind, int64_t id) {
  object["version"] = kProtocolVersion;
  object["kind"] = std::string(kind);
  object["id"] = id;
}

template <typename Message>
absl::Status sendMessage(Channel &channel, absl::string_view kind, int64_t id,
                         const Message &message, absl::Time deadline) {
  std::string bytes;
  JsonWriter writer(bytes);
  fields(writer, const_cast<Message &>(message)); // the writer only reads
  address(writer.object, kind, id);
  return channel.send(writer.object, deadline, bytes);
}

template <typename Message>
absl::Status decodeMessage(absl::string_view kind, const nlohmann::json &json,
                           absl::string_view bytes, Message &message) {
  absl::StatusOr<Envelope> envelope = decodeEnvelope(json);
  if (!envelope.ok())
    return envelope.status();
  JsonReader reader(json, bytes);
  if (envelope->kind == "error") {
    std::string words;
    reader("message", words);
    return absl::InternalError(words);
  }
  if (envelope->kind != kind)
    return absl::InvalidArgumentError(absl::StrCat("expected a message of kind \"", kind,
                                                   "\", but got \"", envelope->kind, "\""));
  fields(reader, message);
  return reader.status;
}

} // namespace

// NOLINTBEGIN(bugprone-macro-parentheses): a type takes none
#define CHAMELEON_MESSAGE(Type, kind)                                                              \
  absl::Status send(Channel &channel, int64_t id, const Type &message, absl::Time deadline) {      \
    return sendMessage(channel, (kind), id, message, deadline);                                    \
  }                                                                                                \
  absl::Status decode(const nlohmann::json &json, absl::string_view bytes, Type &message) {        \
    return decodeMessage((kind), json, bytes, message);                                            \
  }
// NOLINTEND(bugprone-macro-parentheses)
CHAMELEON_MESSAGE(HelloRequest, "hello")
CHAMELEON_MESSAGE(HelloReply, "hello")
CHAMELEON_MESSAGE(ScheduleRequest, "schedule")
CHAMELEON_MESSAGE(ScheduleReply, "schedule")
CHAMELEON_MESSAGE(BuildRequest, "build")
CHAMELEON_MESSAGE(BuildReply, "build")
CHAMELEON_MESSAGE(PrepareRequest, "prepare")
CHAMELEON_MESSAGE(PrepareReply, "prepare")
CHAMELEON_MESSAGE(MeasureRequest, "measure")
CHAMELEON_MESSAGE(MeasureReply, "measure")
CHAMELEON_MESSAGE(InterleaveRequest, "interleave")
CHAMELEON_MESSAGE(InterleaveReply, "interleave")
#undef CHAMELEON_MESSAGE

absl::Status sendError(Channel &channel, int64_t id, absl::string_view words, absl::Time deadline) {
  nlohmann::json object = nlohmann::json::object();
  object["message"] = std::string(words);
  address(object, "error", id);
  return channel.send(object, deadline);
}

absl::StatusOr<Envelope> decodeEnvelope(const nlohmann::json &json) {
  if (!json.is_object())
    return absl::InvalidArgumentError("expected a message that is a JSON object");
  int version = 0;
  Envelope envelope;
  absl::string_view none;
  JsonReader reader(json, none);
  reader("version", version);
  reader("kind", envelope.kind);
  reader("id", envelope.id);
  if (!reader.status.ok())
    return reader.status;
  if (version != kProtocolVersion)
    return absl::FailedPreconditionError(
        absl::StrCat("expected protocol version ", kProtocolVersion, ", but the other side speaks ",
                     version, ": use chameleon-worker and tools of one build"));
  return envelope;
}

} // namespace chameleon
