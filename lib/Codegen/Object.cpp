//===- Object.cpp - LLVM dialect to object code ------------------------===//
//
// Part of the Chameleon project, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
#include "chameleon/Codegen/Object.h"
#include "CallWrappers.h"
#include "LoopHints.h"
#include "OddVectors.h"
#include "absl/strings/str_cat.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/OpenMP/OpenMPToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassInstrumentation.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/SubtargetFeature.h"

namespace chameleon {

namespace {

/// Only the host's instruction set is compiled for: LLVM's other code generators stay untouched.
void initializeHostTarget() {
  static const bool done = [] {
    llvm::InitializeNativeTarget();
    llvm::InitializeNativeTargetAsmPrinter();
    llvm::InitializeNativeTargetAsmParser();
    return true;
  }();
  (void)done;
}

std::string featuresOf(const TargetInfo &target) {
  std::string features = target.features;
  if (target.cpu == "native") {
    llvm::SubtargetFeatures host;
    for (const auto &feature : llvm::sys::getHostCPUFeatures())
      host.AddFeature(feature.first(), feature.second);
    features = absl::StrCat(host.getString(), features.empty() ? "" : ",", features);
  }
  // LLVM keeps to half the register on CPUs where wide ones once cost clock frequency.
  if (features.find("+avx512f") != std::string::npos)
    features += ",-prefer-256-bit";
  return features;
}

absl::StatusOr<std::unique_ptr<llvm::TargetMachine>> makeTargetMachine(const TargetInfo &target) {
  initializeHostTarget();
  llvm::Triple triple(target.triple.empty() ? llvm::sys::getDefaultTargetTriple() : target.triple);
  std::string error;
  const llvm::Target *backend = llvm::TargetRegistry::lookupTarget(triple, error);
  if (!backend)
    return absl::InvalidArgumentError(
        absl::StrCat("expected a triple of this machine's architecture, but got \"", triple.str(),
                     "\": ", error));
  llvm::TargetOptions options;
  options.AllowFPOpFusion = llvm::FPOpFusion::Fast;
  std::string cpu = target.cpu == "native" ? llvm::sys::getHostCPUName().str() : target.cpu;
  std::unique_ptr<llvm::TargetMachine> machine(
      backend->createTargetMachine(triple, cpu, featuresOf(target), options, llvm::Reloc::PIC_,
                                   std::nullopt, llvm::CodeGenOptLevel::Aggressive));
  if (!machine)
    return absl::InvalidArgumentError(absl::StrCat("no code generator for \"", triple.str(), "\""));
  return machine;
}

/// Of -O3, all that pays here. Moving loads of one iteration to the one before compares all pairs
/// of memory accesses of a loop: in unrolled code that took up to four fifths of the time and found
/// nothing.
bool paysHere(llvm::StringRef pass) { return pass != "LoopLoadEliminationPass"; }

void optimize(llvm::Module &module, llvm::TargetMachine &machine) {
  llvm::PassInstrumentationCallbacks callbacks;
  callbacks.registerShouldRunOptionalPassCallback(
      [](llvm::StringRef pass, const llvm::Any &) { return paysHere(pass); });
  llvm::LoopAnalysisManager loops;
  llvm::FunctionAnalysisManager functions;
  llvm::CGSCCAnalysisManager components;
  llvm::ModuleAnalysisManager modules;
  llvm::PassBuilder builder(&machine, llvm::PipelineTuningOptions(), std::nullopt, &callbacks);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  builder.buildPerModuleDefaultPipeline(llvm::OptimizationLevel::O3).run(module, modules);
}

/// Keeps the errors that LLVM reports, which would end the process otherwise.
struct ErrorCollector : llvm::DiagnosticHandler {
  explicit ErrorCollector(std::string &text) : text(text) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo &info) override {
    if (info.getSeverity() != llvm::DS_Error)
      return true;
    llvm::raw_string_ostream stream(text);
    llvm::DiagnosticPrinterRawOStream printer(stream);
    info.print(printer);
    stream << '\n';
    return true;
  }
  std::string &text;
};

void registerTranslations(mlir::MLIRContext &context) {
  mlir::DialectRegistry registry;
  mlir::registerBuiltinDialectTranslation(registry);
  mlir::registerLLVMDialectTranslation(registry);
  mlir::registerOpenMPDialectTranslation(registry);
  context.appendDialectRegistry(registry);
}

} // namespace

absl::StatusOr<std::string> emitObject(mlir::ModuleOp module, const TargetInfo &target) {
  auto machine = makeTargetMachine(target);
  if (!machine.ok())
    return machine.status();
  registerTranslations(*module.getContext());
  llvm::LLVMContext context;
  std::string errors;
  context.setDiagnosticHandler(std::make_unique<ErrorCollector>(errors));
  std::unique_ptr<llvm::Module> ir = mlir::translateModuleToLLVMIR(module, context);
  if (!ir)
    return absl::InvalidArgumentError(
        absl::StrCat("expected a module in the LLVM dialect (chameleon-lower-to-llvm makes one), "
                     "but it does not translate. ",
                     errors));
  ir->setTargetTriple((*machine)->getTargetTriple());
  ir->setDataLayout((*machine)->createDataLayout());
  addCallWrappers(*ir);
  keepScheduledLoops(*ir);
  optimize(*ir, **machine);
  widenOddVectors(*ir, **machine);

  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream stream(bytes);
  llvm::legacy::PassManager passes;
  if ((*machine)->addPassesToEmitFile(passes, stream, nullptr, llvm::CodeGenFileType::ObjectFile))
    return absl::InternalError("the target cannot emit object files");
  passes.run(*ir);
  if (!errors.empty())
    return absl::InternalError(absl::StrCat("code generation failed: ", errors));
  return std::string(bytes.data(), bytes.size());
}

} // namespace chameleon
