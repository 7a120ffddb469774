//===- Loader.cpp - Object code into this process ----------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Loader.h"
#include "AllowedSymbols.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "chameleon/Dialect/Names.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/ExecutionEngine/Orc/SelfExecutorProcessControl.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/TargetSelect.h"
#include <vector>

using namespace llvm;

namespace chameleon {

struct LoadedObject::Jit {
  std::unique_ptr<orc::LLJIT> engine;
};

namespace {

/// Resolves what an object does not define itself; symbols not on the list stay unresolved.
class AllowedSymbols : public orc::DefinitionGenerator {
public:
  Error tryToGenerate(orc::LookupState &, orc::LookupKind, orc::JITDylib &dylib,
                      orc::JITDylibLookupFlags, const orc::SymbolLookupSet &names) override {
    orc::SymbolMap found;
    for (const auto &[name, flags] : names)
      if (void *address = findAllowedSymbol((*name).str()))
        found[name] = {orc::ExecutorAddr::fromPtr(address), JITSymbolFlags::Exported};
    return found.empty() ? Error::success() : dylib.define(orc::absoluteSymbols(std::move(found)));
  }
};

absl::Status toStatus(absl::string_view what, Error error) {
  return absl::InvalidArgumentError(absl::StrCat(what, ": ", llvm::toString(std::move(error))));
}

/// The symbols that an object needs from outside and that are not on the list.
absl::StatusOr<std::vector<std::string>> foreignSymbols(absl::string_view elf) {
  auto file = object::ObjectFile::createELFObjectFile(
      MemoryBufferRef(StringRef(elf.data(), elf.size()), "candidate"));
  if (!file)
    return toStatus("expected an object file for this machine", file.takeError());
  std::vector<std::string> foreign;
  for (const object::SymbolRef &symbol : (*file)->symbols()) {
    auto flags = symbol.getFlags();
    auto name = symbol.getName();
    if (!flags || !name) {
      consumeError(flags.takeError());
      return toStatus("expected an object file with symbols that have names", name.takeError());
    }
    bool undefined = *flags & object::SymbolRef::SF_Undefined;
    if (undefined && !name->empty() && *name != "_GLOBAL_OFFSET_TABLE_" &&
        !isAllowedSymbol({name->data(), name->size()}))
      foreign.push_back(name->str());
  }
  return foreign;
}

/// An engine that works in the calling thread, so that it can be made in a forked child.
Expected<std::unique_ptr<orc::LLJIT>> makeEngine() {
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  auto control = orc::SelfExecutorProcessControl::Create(
      nullptr, std::make_unique<orc::InPlaceTaskDispatcher>());
  if (!control)
    return control.takeError();
  return orc::LLJITBuilder()
      .setExecutorProcessControl(std::move(*control))
      .setLinkProcessSymbolsByDefault(false)
      .setPlatformSetUp(orc::setUpInactivePlatform)
      .create();
}

} // namespace

LoadedObject::LoadedObject(std::unique_ptr<Jit> jit) : jit(std::move(jit)) {}
LoadedObject::~LoadedObject() = default;

absl::StatusOr<std::unique_ptr<LoadedObject>> LoadedObject::load(absl::string_view elf) {
  auto foreign = foreignSymbols(elf);
  if (!foreign.ok())
    return foreign.status();
  if (!foreign->empty())
    return absl::PermissionDeniedError(absl::StrCat(
        "expected code that needs only libm, memory copies, assertions and OpenMP, but it needs ",
        absl::StrJoin(*foreign, ", ")));
  auto engine = makeEngine();
  if (!engine)
    return toStatus("cannot set up the linker for loaded code", engine.takeError());
  // Lookups that fail are returned; what else would be printed adds nothing.
  (*engine)->getExecutionSession().setErrorReporter(
      [](Error error) { consumeError(std::move(error)); });
  (*engine)->getMainJITDylib().addGenerator(std::make_unique<AllowedSymbols>());
  auto buffer = MemoryBuffer::getMemBufferCopy(StringRef(elf.data(), elf.size()), "candidate");
  if (Error error = (*engine)->addObjectFile(std::move(buffer)))
    return toStatus("expected an object file for this machine", std::move(error));
  auto jit = std::make_unique<Jit>();
  jit->engine = std::move(*engine);
  return std::unique_ptr<LoadedObject>(new LoadedObject(std::move(jit)));
}

absl::StatusOr<LoadedObject::Call> LoadedObject::lookup(const std::string &function) {
  std::string symbol = kCallPrefix + function;
  auto address = jit->engine->lookup(symbol);
  if (address)
    return address->toPtr<Call>();
  return absl::NotFoundError(
      absl::StrCat("expected a public function \"", function,
                   "\", but it cannot be linked: ", llvm::toString(address.takeError())));
}

} // namespace chameleon
