//===- Protocol.h - What the tuner and its workers say to each other ------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Requests and replies as plain structs, and their JSON. One message is one JSON object with the
// keys `version` (kProtocolVersion), `kind` and `id` (a reply has the id of its request); objects
// travel in base64. Two roles of workers exist:
//
//   build   hello, schedule (one task under one configuration, as IR), build (the same, as an
//   object) run     hello, prepare (inputs, f64 reference, plain loop nest of a task, kept by the
//   worker),
//           measure (check and time one object), interleave (time several objects in turn)
//
// What becomes of a candidate is data (`failure`); a request that the worker does not understand is
// answered by an `error` message with words for people.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_MEASURE_PROTOCOL_H
#define CHAMELEON_MEASURE_PROTOCOL_H

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "chameleon/Search/Measurer.h"
#include "chameleon/Support/Channel.h"
#include "chameleon/Support/TargetInfo.h"
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace chameleon {

inline constexpr int kProtocolVersion = 3;

/// How much a result may differ from the f64 reference.
enum class Numerics {
  Strict,   // only the order of summation may change
  Accurate, // at most the error of the plain loop nest in the task's own precision
  Fast,     // an error budget relative to the largest element
};
/// Warm: calls follow each other. Cold: the constant operands are flushed from the caches before
/// each.
enum class MeasureMode { Warm, Cold };

absl::string_view numericsName(Numerics numerics);
absl::string_view measureModeName(MeasureMode mode);
/// Fail with the list of names.
absl::StatusOr<Numerics> parseNumerics(absl::string_view name);
absl::StatusOr<MeasureMode> parseMeasureMode(absl::string_view name);

/// Bounds of one request, set in the forked child that serves it. 0 means none.
struct RequestLimits {
  double wallSeconds = 10;
  double cpuSeconds = 10;
  int64_t memoryBytes = int64_t(2) << 30; // address space beyond what the worker has at the fork
  int64_t resultBytes = int64_t(64) << 20;
};

enum class ArgumentRole {
  Input,    // differs from call to call
  Constant, // known before the call (weights)
  Packed,   // a constant in the layout that the init function gives it
  Output,   // written by the call
};

/// One pointer argument of a compiled function.
struct ArgumentInfo {
  ArgumentRole role = ArgumentRole::Input;
  std::vector<int64_t> shape;
  std::string elementType; // as MLIR prints it: "f32", "bf16", "i8"

  int64_t elements() const;
};

/// How to call the object of a task: `chameleon_call_<function>(pointers of arguments)`, after, if
/// `init` is not empty, `chameleon_call_<init>(plain constants at `packed`, then packed ones at
/// `packed`)`.
struct TaskAbi {
  std::string function;
  std::vector<ArgumentInfo> arguments;
  std::string init;
  std::vector<int64_t> packed; // positions in `arguments`, role Packed, in ascending order
};

enum class BuildKind { Candidate, Naive, Reference };

/// (knob name, value or label).
using KnobPairs = std::vector<std::pair<std::string, std::string>>;

/// The first request. A run worker stays on the last `threads` of the cores that it may use, a
/// thread on each, if there are so many; build worker i on core i.
struct HelloRequest {
  std::vector<std::string> schedulePaths; // build role
  TargetInfo target;                      // build role: what to generate code for
  int builder = 0;                        // position among the build workers
  int threads = 1;                        // of what a run worker times
};
struct HelloReply {
  std::string role; // "build" or "run"
  int64_t pid = 0;
  TargetInfo target;                  // of the machine that the worker is on
  std::vector<std::string> schedules; // build role
  double peakFlops = 0;               // run role: f32 FMA peak of one core, flops per second
};

/// A module with one task function on tensors (Dialect/Names.h), and what to do to it.
struct ScheduleRequest {
  std::string taskIr;
  std::string schedule;
  KnobPairs knobs;
  RequestLimits limits;
};
struct ScheduleReply {
  FailureClass failure = FailureClass::None;
  std::string message;
  std::string ir; // the module after the schedule, before the tail
  double seconds = 0;
};

struct BuildRequest {
  std::string taskIr;
  BuildKind kind = BuildKind::Candidate;
  std::string schedule; // Candidate only; empty means none: the task goes to the tail as it is
  KnobPairs knobs;
  int threads = 1;
  RequestLimits limits;
};
struct BuildReply {
  FailureClass failure = FailureClass::None;
  std::string message;
  std::string object; // relocatable ELF
  TaskAbi abi;
  /// Largest magnitude of integer inputs for which every partial sum is exact in whatever order; 0
  /// if the code does arithmetic that rounds even then (division, exp, constants such as 1/6).
  int64_t exactMagnitude = 0;
  double workShare = 1; // of the task's operation count, in (0, 1], as the schedule says
  double scheduleSeconds = 0;
  double lowerSeconds = 0;
  double codegenSeconds = 0;
  double seconds = 0; // of the whole request
};

struct PrepareRequest {
  std::string taskId;
  TaskAbi abi;                // of the plain task
  int64_t exactMagnitude = 0; // of the plain task
  std::string reference;      // object; same inputs, outputs in f64 where they are floating point
  std::string naive;      // object of the plain loop nest; may be empty if `naiveError` is known
  double naiveError = -1; // from an earlier session; < 0: not known
  uint64_t seed = 0;
  MeasureMode mode = MeasureMode::Warm;
  RequestLimits limits;
};
struct PrepareReply {
  FailureClass failure = FailureClass::None;
  std::string message;
  double naiveNs = 0;    // 0 if there was no naive object
  double naiveError = 0; // relative to the reference
  double scale = 0;      // largest magnitude in the reference
  double seconds = 0;
};

/// When to stop taking samples. Several calls make one sample.
struct SamplingPolicy {
  double minSampleSeconds = 0.002;
  int minSamples = 3;
  int maxSamples = 10;
  double budgetSeconds = 0.1;  // no further sample after that, once there are `minSamples`
  double precisionRatio = 1.1; // nor where the fastest call is slower than this times the incumbent
  double dropRatio = 1.3; // a candidate whose fastest call is slower than this times the incumbent
                          // keeps its first sample and no more; 0: never
};

struct MeasureRequest {
  std::string taskId;
  std::string object;
  TaskAbi abi;
  int64_t exactMagnitude = 0; // of the candidate
  Numerics numerics = Numerics::Accurate;
  double errorBudget = 2e-5; // of Numerics::Fast
  MeasureMode mode = MeasureMode::Warm;
  int threads = 1;
  double incumbentNs = 0;  // 0: none
  double minimumFlops = 0; // of a direct algorithm; 0: no rate check
  double workShare = 1;    // of them, that this object really does; in (0, 1]
  SamplingPolicy sampling;
  RequestLimits limits;
};
struct MeasureReply {
  bool unknownTask = false; // prepare it (again) first; nothing was measured
  Measurement measurement;  // buildSeconds is not set
  double initNs = 0;        // packing of constants, one call
};

/// One object among those compared in turn.
struct InterleaveEntry {
  std::string object;
  TaskAbi abi;
};
struct InterleaveRequest {
  std::string taskId;
  std::vector<InterleaveEntry> entries;
  int rounds = 11;
  double minSampleSeconds = 0.002;
  MeasureMode mode = MeasureMode::Warm;
  int threads = 1;
  RequestLimits limits;
};
struct InterleaveReply {
  bool unknownTask = false;
  FailureClass failure = FailureClass::None;
  std::string message;
  int64_t culprit = -1;                       // the entry that failed, -1 if it is not known
  std::vector<std::vector<double>> samplesNs; // [entry][round]; rounds are taken side by side
};

/// What a message is and to which request it belongs.
struct Envelope {
  std::string kind; // "hello", "schedule", "build", "prepare", "measure", "interleave" or "error"
  int64_t id = 0;
};

/// Sends one message. Fails as Channel::send.
absl::Status send(Channel &channel, int64_t id, const HelloRequest &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const HelloReply &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const ScheduleRequest &message,
                  absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const ScheduleReply &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const BuildRequest &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const BuildReply &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const PrepareRequest &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const PrepareReply &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const MeasureRequest &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const MeasureReply &message, absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const InterleaveRequest &message,
                  absl::Time deadline);
absl::Status send(Channel &channel, int64_t id, const InterleaveReply &message,
                  absl::Time deadline);
absl::Status sendError(Channel &channel, int64_t id, absl::string_view words, absl::Time deadline);

/// Reads the envelope. Fails if the JSON is not an object or speaks another protocol version.
absl::StatusOr<Envelope> decodeEnvelope(const nlohmann::json &json);

/// Reads a whole message as Channel::receive gave it. Fail with the key that is missing or of the
/// wrong type; an `error` message gives its words as an Internal status.
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, HelloRequest &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, HelloReply &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, ScheduleRequest &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, ScheduleReply &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, BuildRequest &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, BuildReply &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, PrepareRequest &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, PrepareReply &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, MeasureRequest &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, MeasureReply &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes,
                    InterleaveRequest &message);
absl::Status decode(const nlohmann::json &json, absl::string_view bytes, InterleaveReply &message);

} // namespace chameleon

#endif // CHAMELEON_MEASURE_PROTOCOL_H
