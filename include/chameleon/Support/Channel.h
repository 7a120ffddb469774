//===- Channel.h - JSON messages over descriptors ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Both ends of a worker's connection speak in frames: a header of 8 bytes (two little-endian 32-bit
// lengths), a JSON text of the first length, and bytes of the second length, for what JSON carries
// badly: object code, bytecode. Most messages have no bytes.
//
// Every call has a deadline; signals (EINTR) and short reads or writes are dealt with inside. The
// peer is not trusted: a frame larger than the cap is refused before anything is allocated.
//
//===----------------------------------------------------------------------===//
#ifndef CHAMELEON_SUPPORT_CHANNEL_H
#define CHAMELEON_SUPPORT_CHANNEL_H

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>

namespace chameleon {

/// One end of a connection. Not for concurrent use. After an error other than DeadlineExceeded from
/// `receive` before the first byte of a frame, the stream is out of step: close it.
class Channel {
public:
  static constexpr int64_t defaultMaxBytes = int64_t{256} << 20;

  /// Takes over both descriptors (they may be the same one) and makes them non-blocking.
  /// `maxBytes` caps JSON and bytes of one frame together, in both directions.
  Channel(int readDescriptor, int writeDescriptor, int64_t maxBytes = defaultMaxBytes);
  ~Channel();
  Channel(const Channel &) = delete;
  Channel &operator=(const Channel &) = delete;

  /// Fails with
  ///   ResourceExhausted   the message is larger than the cap; nothing was sent
  ///   Unavailable         the peer closed the connection
  ///   DeadlineExceeded    the peer did not read it in time; part of it may have been sent
  /// Text that is not UTF-8 arrives with replacement characters: send it as bytes.
  absl::Status send(const nlohmann::json &message, absl::Time deadline,
                    absl::string_view bytes = {});

  /// The next message; its bytes go to `*bytes` (dropped if null). Fails with
  ///   Unavailable         the peer closed the connection between two messages
  ///   DataLoss            it closed the connection within one
  ///   ResourceExhausted   the peer announced more than the cap
  ///   InvalidArgument     the text is not JSON
  ///   DeadlineExceeded    no whole message came in time
  absl::StatusOr<nlohmann::json> receive(absl::Time deadline, std::string *bytes = nullptr);

  /// For poll: readable when a message has begun to arrive or the peer is gone.
  int readDescriptor() const { return readEnd; }

  /// Closes both descriptors; the peer sees the end of the stream.
  void close();

private:
  absl::Status write(absl::string_view data, absl::Time deadline);
  absl::Status read(char *data, size_t size, bool atBoundary, absl::Time deadline);
  absl::Status awaitReady(int descriptor, short events, absl::Time deadline);

  int readEnd = -1;
  int writeEnd = -1;
  int64_t maxBytes;
};

} // namespace chameleon

#endif // CHAMELEON_SUPPORT_CHANNEL_H
