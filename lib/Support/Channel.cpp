//===- Channel.cpp - JSON messages over descriptors ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "chameleon/Support/Channel.h"

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace chameleon {
namespace {

constexpr size_t headerBytes = 8;

void appendLength(std::string &out, size_t length) {
  for (int shift = 0; shift < 32; shift += 8) {
    out.push_back(static_cast<char>((length >> shift) & 0xff));
  }
}

uint32_t parseLength(const char *bytes) {
  uint32_t length = 0;
  for (int i = 3; i >= 0; --i) {
    length = (length << 8) | static_cast<unsigned char>(bytes[i]);
  }
  return length;
}

void makeNonBlocking(int descriptor) {
  fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK);
}

/// Milliseconds for poll until `deadline`: -1 for ever, at least 1 before it, 0 after it.
int pollTimeoutMs(absl::Time deadline) {
  if (deadline == absl::InfiniteFuture()) {
    return -1;
  }
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::ZeroDuration()) {
    return 0;
  }
  const int64_t ms = absl::ToInt64Milliseconds(left) + 1;
  return static_cast<int>(std::min<int64_t>(ms, int64_t{3600} * 1000));
}

/// Writes without SIGPIPE where the descriptor is a socket.
ssize_t writeSome(int descriptor, absl::string_view data) {
  const ssize_t sent = ::send(descriptor, data.data(), data.size(), MSG_NOSIGNAL);
  if (sent < 0 && errno == ENOTSOCK) {
    return ::write(descriptor, data.data(), data.size());
  }
  return sent;
}

bool wouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK; }
bool peerGone(int error) { return error == EPIPE || error == ECONNRESET; }

absl::Status tooLarge(int64_t size, int64_t maxBytes) {
  return absl::ResourceExhaustedError(
      absl::StrCat("expected a message of at most ", maxBytes, " bytes, but got ", size));
}

} // namespace

Channel::Channel(int readDescriptor, int writeDescriptor, int64_t maxBytes)
    : readEnd(readDescriptor), writeEnd(writeDescriptor), maxBytes(maxBytes) {
  makeNonBlocking(readEnd);
  makeNonBlocking(writeEnd);
}

Channel::~Channel() { close(); }

void Channel::close() {
  if (writeEnd >= 0 && writeEnd != readEnd) {
    ::close(writeEnd);
  }
  if (readEnd >= 0) {
    ::close(readEnd);
  }
  readEnd = writeEnd = -1;
}

absl::Status Channel::awaitReady(int descriptor, short events, absl::Time deadline) {
  // A peer that trickles must not outlive the deadline: time is checked before each wait.
  while (absl::Now() < deadline) {
    pollfd entry = {descriptor, events, 0};
    const int ready = ::poll(&entry, 1, pollTimeoutMs(deadline));
    if (ready > 0) {
      return absl::OkStatus();
    }
    if (ready < 0 && errno != EINTR) {
      return absl::ErrnoToStatus(errno, "expected to poll a channel, but could not");
    }
  }
  return absl::DeadlineExceededError("expected the peer to answer in time, but it did not");
}

absl::Status Channel::write(absl::string_view data, absl::Time deadline) {
  while (!data.empty()) {
    const ssize_t count = writeSome(writeEnd, data);
    if (count >= 0) {
      data.remove_prefix(static_cast<size_t>(count));
    } else if (wouldBlock(errno)) {
      if (absl::Status ready = awaitReady(writeEnd, POLLOUT, deadline); !ready.ok()) {
        return ready;
      }
    } else if (peerGone(errno)) {
      return absl::UnavailableError("expected the peer to listen, but it closed the channel");
    } else if (errno != EINTR) {
      return absl::ErrnoToStatus(errno, "expected to write to a channel, but could not");
    }
  }
  return absl::OkStatus();
}

absl::Status Channel::read(char *data, size_t size, bool atBoundary, absl::Time deadline) {
  size_t filled = 0;
  while (filled < size) {
    const ssize_t count = ::read(readEnd, data + filled, size - filled);
    if (count > 0) {
      filled += static_cast<size_t>(count);
    } else if (count == 0 || peerGone(errno)) {
      if (atBoundary && filled == 0) {
        return absl::UnavailableError("expected a message, but the peer closed the channel");
      }
      return absl::DataLossError("expected the rest of a message, but the peer closed the channel");
    } else if (wouldBlock(errno)) {
      if (absl::Status ready = awaitReady(readEnd, POLLIN, deadline); !ready.ok()) {
        return ready;
      }
    } else if (errno != EINTR) {
      return absl::ErrnoToStatus(errno, "expected to read from a channel, but could not");
    }
  }
  return absl::OkStatus();
}

absl::Status Channel::send(const nlohmann::json &message, absl::Time deadline,
                           absl::string_view bytes) {
  const std::string text = message.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const auto size = static_cast<int64_t>(text.size() + bytes.size());
  if (size > std::min<int64_t>(maxBytes, UINT32_MAX)) {
    return tooLarge(size, maxBytes);
  }
  std::string head;
  head.reserve(headerBytes + text.size());
  appendLength(head, text.size());
  appendLength(head, bytes.size());
  head += text;
  if (absl::Status status = write(head, deadline); !status.ok()) {
    return status;
  }
  return write(bytes, deadline);
}

absl::StatusOr<nlohmann::json> Channel::receive(absl::Time deadline, std::string *bytes) {
  char header[headerBytes];
  if (absl::Status status = read(header, headerBytes, true, deadline); !status.ok()) {
    return status;
  }
  const size_t textSize = parseLength(header);
  const size_t bytesSize = parseLength(header + 4);
  const auto size = static_cast<int64_t>(textSize + bytesSize);
  if (size > maxBytes) {
    return tooLarge(size, maxBytes);
  }
  std::string text(textSize, '\0');
  if (absl::Status status = read(text.data(), textSize, false, deadline); !status.ok()) {
    return status;
  }
  std::string received(bytesSize, '\0');
  if (absl::Status status = read(received.data(), bytesSize, false, deadline); !status.ok()) {
    return status;
  }
  nlohmann::json message = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (message.is_discarded()) {
    return absl::InvalidArgumentError(
        absl::StrCat("expected a JSON message, but got '", text.substr(0, 80), "'"));
  }
  if (bytes) {
    *bytes = std::move(received);
  }
  return message;
}

} // namespace chameleon
