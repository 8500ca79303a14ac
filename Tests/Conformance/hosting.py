"""Starts the built program on free loopback ports and talks to it as a client would."""

import http.client
import os
import pathlib
import pwd
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import time

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PROGRAMS = pathlib.Path(os.environ.get("HOSTELRY_BIN", PROJECT / ".build/release"))
HOSTELRY = PROGRAMS / "hostelry"
#: How long anything may take before a test gives up. Unit: seconds.
PATIENCE = 20


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def site(name, number, port, path, pool="Pool", host="", more=""):
    """One <site> with a root application."""
    return f"""<site name="{name}" id="{number}">
  <bindings><binding protocol="http" bindingInformation="*:{port}:{host}"/></bindings>
  <application path="/" applicationPool="{pool}"><virtualDirectory path="/" physicalPath="{path}"/></application>
  {more}
</site>"""


def server(sites, pools=("Pool",), more=""):
    """A whole applicationHost.config above the built-in sections."""
    names = "".join(f'<add name="{name}"/>' for name in pools)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<configuration>
<system.applicationHost>
<applicationPools>{names}</applicationPools>
<sites>
{sites}
</sites>
</system.applicationHost>
{more}
</configuration>
"""


def web_config(sections):
    return f"<configuration>\n<system.webServer>\n{sections}\n</system.webServer>\n</configuration>\n"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")


class Instance:
    """One `hostelry run` with a folder of its own, as the current user or as an ordinary one."""

    def __init__(self, user=None):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hostelry-test-"))
        self.config = self.folder / "applicationHost.config"
        self.state = self.folder / "state"
        self.content = self.folder / "content"
        self.content.mkdir()
        self.user = user
        self.process = None

    def write(self, path, text):
        """Writes a file below the instance's folder."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text) if isinstance(text, str) else file.write_bytes(text)
        return file

    def start(self, config=None, arguments=()):
        """Starts and waits until the service manager would be told that it is ready."""
        if config is not None:
            self.config.write_text(config)
        self.folder.chmod(0o755)
        identity = {}
        if self.user:
            account = pwd.getpwnam(self.user)
            for path in [self.folder, *self.folder.rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        with tempfile.TemporaryDirectory(prefix="hostelry-notify-") as notices, \
                socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as notify:
            os.chmod(notices, 0o777)
            address = os.path.join(notices, "socket")
            notify.bind(address)
            os.chmod(address, 0o777)
            self.log = open(self.folder / "log", "ab")
            self.process = subprocess.Popen(
                [HOSTELRY, "run", "--config", self.config, "--state", self.state, *arguments],
                stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                env={"PATH": os.environ["PATH"], "NOTIFY_SOCKET": address}, **identity)
            deadline = time.monotonic() + PATIENCE
            while time.monotonic() < deadline:
                if select.select([notify], [], [], 0.05)[0] and b"READY=1" in notify.recv(4096):
                    return self
                if self.process.poll() is not None:
                    raise AssertionError(f"ended with {self.process.returncode}:\n{self.output}")
        raise AssertionError(f"not ready:\n{self.output}")

    @property
    def output(self):
        return (self.folder / "log").read_text(errors="replace")

    def processes(self):
        """The pids of the master and of every process below it."""
        return descendants(self.process.pid)

    def stop(self):
        """Ends it gracefully; answers its exit status after checking that no process stays behind."""
        if self.process is None:
            return None
        family = self.processes()
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(PATIENCE)
        self.process = None
        self.log.close()
        wait_until(lambda: not [pid for pid in family if alive(pid)], "processes stayed behind")
        return status

    def close(self):
        try:
            if self.process is not None:
                self.stop()
        finally:
            shutil.rmtree(self.folder, ignore_errors=True)

    def get(self, port, path="/", host="localhost", method="GET", headers=None, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers={"Host": host, **(headers or {})})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def raw(self, port, data):
        """Sends bytes and answers everything that comes back until the server closes."""
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            received = b""
            while True:
                try:
                    piece = connection.recv(65536)
                except ConnectionResetError:
                    return received
                if not piece:
                    return received
                received += piece


def alive(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def descendants(pid):
    """`pid` and every process below it."""
    children = {}
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        children.setdefault(parent, []).append(int(entry.name))
    found, waiting = [], [pid]
    while waiting:
        found.append(waiting.pop())
        waiting += children.get(found[-1], [])
    return found


def named(pids, name):
    """Those of the processes whose program is `name`."""
    chosen = []
    for pid in pids:
        try:
            if os.path.basename(os.readlink(f"/proc/{pid}/exe")) == name:
                chosen.append(pid)
        except OSError:
            continue
    return chosen


def wait_until(condition, what):
    """Polls a condition of processes outside; gives up after `PATIENCE`."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise AssertionError(what)
        select.select([], [], [], 0.005)
