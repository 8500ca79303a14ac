"""What the benchmarks from outside share: the programs, servers beside them, load, and what a process holds."""

import contextlib
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "Tests" / "Conformance"))

from instance import Instance, free_port  # noqa: E402


def build():
    """The release programs; an up-to-date build costs seconds. `HOSTELRY_BIN` names programs that are built already."""
    if "HOSTELRY_BIN" not in os.environ:
        for product in ["hostelry", "hostelry-router", "hostelry-worker"]:
            subprocess.run(
                ["swift", "build", "-c", "release", "--static-swift-stdlib", "--product", product], cwd=ROOT, check=True,
                stdout=sys.stderr)


def allow_many_files():
    """Raises the limit of open files as far as it goes, for this process and those it starts."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    return hard


@contextlib.contextmanager
def serving(size=1024, more=""):
    """An instance with one site and a file of that size, `file.txt`, which the page cache holds."""
    host = Instance()
    try:
        host.write("content/file.txt", "x" * size)
        hour_ago = time.time() - 3600
        os.utime(host.path / "content/file.txt", (hour_ago, hour_ago))
        host.configure(host.site("Benchmark", 1, more=more))
        host.serve()
        host.get("/file.txt")
        yield host
        host.stop()
    finally:
        host.clean()


@contextlib.contextmanager
def nginx(content):
    """nginx with one worker process that serves the folder; answers its port."""
    with tempfile.TemporaryDirectory(prefix="nginx-") as folder:
        port = free_port()
        temporary = "\n".join(f"{name}_temp_path {folder}/{name};" for name in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"])
        (Path(folder) / "nginx.conf").write_text(f"""
            daemon off; master_process off; pid {folder}/pid; error_log {folder}/error.log;
            worker_rlimit_nofile 20000;
            events {{ worker_connections 16000; }}
            http {{
                access_log {folder}/access.log; sendfile on; keepalive_requests 1000000000; {temporary}
                types {{ text/plain txt; text/html html; }}
                server {{ listen 127.0.0.1:{port}; root {content}; }}
            }}""")
        process = subprocess.Popen(["nginx", "-p", folder, "-c", f"{folder}/nginx.conf"], stderr=subprocess.DEVNULL)
        try:
            subprocess.run(
                ["curl", "--silent", "--fail", "--retry", "300", "--retry-all-errors", "--retry-delay", "1", "--max-time", "60",
                 "--output", "/dev/null", f"http://127.0.0.1:{port}/file.txt"], check=True)
            yield port
        finally:
            process.terminate()
            process.wait()


def rate(port, seconds, connections=64, path="/file.txt"):
    """Requests a second of `wrk -t1`; every answer must be a good one."""
    said = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", f"http://127.0.0.1:{port}{path}"],
        check=True, capture_output=True, text=True, timeout=seconds + 30).stdout
    assert "Non-2xx" not in said and "Socket errors" not in said, said
    return float(re.search(r"Requests/sec:\s+([\d.]+)", said).group(1))


def private_memory(pid):
    """Private dirty bytes of a process."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.search(r"Private_Dirty:\s+(\d+) kB", text).group(1)) * 1024


def median(values):
    return sorted(values)[len(values) // 2]
