"""The real .NET and the published applications that tests run; skipped, saying so, where they are not there."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from instance import ROOT

SHARED = ROOT.parent / "shared" / "dotnet"
PUBLISHED = SHARED / "published"
MISSING = "" if PUBLISHED.is_dir() else f"no published applications: {PUBLISHED}"


def is_reachable(folder):
    """Whether users of pools get there."""
    return os.geteuid() != 0 or all(place.stat().st_mode & 0o001 for place in [folder, *folder.parents])


@functools.cache
def root():
    """DOTNET_ROOT: the one that `HOSTELRY_DOTNET_ROOT` names, else the shared one, unpacked."""
    named = os.environ.get("HOSTELRY_DOTNET_ROOT")
    if named:
        return Path(named)
    if MISSING:
        raise unittest.SkipTest(MISSING)
    place = ROOT / ".build" / "dotnet"
    place.mkdir(parents=True, exist_ok=True)
    if not is_reachable(place):
        place = Path(tempfile.mkdtemp(prefix="hostelry-dotnet-"))
        place.chmod(0o755)
        atexit.register(shutil.rmtree, place, ignore_errors=True)
    said = subprocess.run([SHARED / "unpack", place], check=True, capture_output=True, text=True)
    return Path(said.stdout.strip())


@functools.cache
def variables():
    """What a pool must say so that the applications find this .NET, and need no ICU where the system has none."""
    found = {"DOTNET_ROOT": str(root())}
    if not any(list(Path(folder).glob("**/libicuuc.so*")) for folder in ["/usr/lib/x86_64-linux-gnu", "/usr/lib64"]):
        found["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1"
    return found


@functools.cache
def compiled(name, source, kind="library"):
    """The assembly of that source, a `library` or an `exe`, compiled against ASP.NET Core 8."""
    compiler = root().parent / "compiler"
    if not compiler.is_dir():
        raise unittest.SkipTest(f"no C# compiler: {compiler}")
    folder = Path(tempfile.mkdtemp(prefix="hostelry-compiled-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    folder.chmod(0o755)
    (folder / f"{name}.cs").write_text(source)
    (folder / "references.rsp").write_text(
        "".join(f"-r:{file}\n" for file in sorted((compiler / "reference-8.0").glob("*.dll"))))
    subprocess.run(
        [root() / "dotnet", "exec", compiler / "csc.dll", "-noconfig", "-nostdlib", "-nologo", f"-target:{kind}",
         f"-out:{name}.dll", "@references.rsp", f"{name}.cs"],
        cwd=folder, check=True, capture_output=True, env={**os.environ, **variables()})
    return folder / f"{name}.dll"
