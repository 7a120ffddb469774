# The lit suites. Folders mirror lib/; tools/ holds the tests of programs. `// REQUIRES: slow` (or a lit.local.cfg.py
# with `config.unsupported = "slow" not in config.available_features`) keeps a test out of the quick target.
import os

import lit.formats

config.name = "Chameleon"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".mlir", ".test"]
config.excludes = ["Inputs", "schedules", "CMakeLists.txt"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = config.chameleon_test_dir

if lit_config.params.get("slow") == "1":
    config.available_features.add("slow")
if config.enable_torch:
    config.available_features.add("torch")
if config.enable_sanitizers:
    config.available_features.add("sanitizers")


def host_flags():
    """What this processor can do, as Linux names it."""
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith(("flags", "Features")):
                    return set(line.split(":")[1].split())
    except OSError:
        pass
    return set()


config.available_features |= host_flags() & {"avx2", "avx512f"}

# Programs are named as a user names them; lit looks them up here.
config.environment["PATH"] = os.pathsep.join(
    [config.chameleon_tools_dir, config.llvm_tools_dir, os.environ.get("PATH", "")])
for variable in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
    if variable in os.environ:
        config.environment[variable] = os.environ[variable]

config.substitutions += [
    ("%source_root", config.chameleon_source_dir),
    ("%schedules", os.path.join(config.chameleon_source_dir, "schedules")),
    ("%workloads", os.path.join(config.chameleon_source_dir, "benchmarks", "workloads")),
    ("%recordings", os.path.join(config.chameleon_source_dir, "benchmarks", "spaces")),
    ("%lib_dir", config.chameleon_lib_dir),
    ("%python", config.python),
]

# A test that hangs fails instead of hanging the suite; lit needs psutil for that.
try:
    import psutil  # noqa: F401

    lit_config.maxIndividualTestTime = 600 if "slow" in config.available_features else 60
except ImportError:
    pass
