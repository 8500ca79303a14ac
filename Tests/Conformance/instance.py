"""An instance of the built program for one test: its own folder, its own free ports, its events as they come."""

import atexit
import contextlib
import http.client
import json
import os
import pwd
import random
import select
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def reachable_binaries():
    """The built programs where ordinary users can run them too: a copy, where the clone lies in a folder of root's own."""
    built = Path(os.environ.get("HOSTELRY_BIN", ROOT / ".build" / "release")).resolve()
    if os.geteuid() != 0 or all(folder.stat().st_mode & 0o001 for folder in [built, *built.parents]):
        return built
    copy = Path(tempfile.mkdtemp(prefix="hostelry-programs-"))
    atexit.register(shutil.rmtree, copy, ignore_errors=True)
    copy.chmod(0o755)
    for name in ["hostelry", "hostelry-router", "hostelry-worker", "RequestStreamReader"]:
        if (built / name).exists():
            shutil.copy(built / name, copy / name)
    return copy


BINARIES = reachable_binaries()
# Pools of a master that is root run as users of their own, and read what tests write.
os.umask(0o022)
# No wait of a test lasts longer. Seconds.
PATIENCE = 30


def free_port():
    """One that no client's connection is given meanwhile: from below the ports that the system chooses."""
    while True:
        port = random.randrange(10000, 30000)
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("", port))
            return port


def processes_of(parent):
    """The process ids whose parent is `parent`."""
    children = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError, ValueError, IndexError):
            status = (entry / "stat").read_text()
            if int(status.rsplit(")", 1)[1].split()[1]) == parent:
                children.append(int(entry.name))
    return children


def registered_in(state):
    """The process ids of the roles that run according to a state folder, whoever is their parent."""
    pids = []
    for entry in sorted((Path(state) / "roles").glob("*")):
        with contextlib.suppress(OSError, ValueError, IndexError):
            pid = int(entry.read_text().split()[1])
            if pid and command_of(pid).startswith("hostelry-") and is_running(pid):
                pids.append(pid)
    return pids


def command_of(pid):
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_text().split("\0")[0]
    except OSError:
        return ""


def is_running(pid):
    """Whether any thread of the process is left; what it has open is closed by the last one."""
    process = Path("/proc") / str(pid)
    try:
        state = (process / "stat").read_text().rsplit(")", 1)[1].split()[0]
        return state != "Z" or len(list((process / "task").iterdir())) > 1
    except OSError:
        return False


def wait_until(condition, what):
    """Polls a condition that no event tells of; gives up after `PATIENCE`."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, what
        select.select([], [], [], 0.005)


def web_config(sections):
    return f"<configuration>\n<system.webServer>\n{sections}\n</system.webServer>\n</configuration>\n"


class Answer:
    """A response that has been read whole."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()
        self.text = self.body.decode("utf-8", "replace")


class Instance:
    """Hostelry with a configuration of the test's, from `start` to `stop`, as the current user or as another."""

    def __init__(self, sites="", pools='<add name="Main"/>', user=None):
        self.folder = tempfile.TemporaryDirectory(prefix="hostelry-")
        self.path = Path(self.folder.name)
        # Pools of a master that is root run as users of their own.
        self.path.chmod(0o755)
        self.user = user
        self.configuration = self.path / "applicationHost.config"
        self.state = self.path / "state"
        self.port = free_port()
        self.process = None
        self.programs = BINARIES
        self.events = []
        self.lines = []
        self.streams = []
        self.changed = threading.Condition()
        self.content("content", "index.html", "the page")
        self.configure(sites or self.site("Main", 1), pools)

    def content(self, folder, name, text):
        self.write(f"{folder}/{name}", text)

    def write(self, path, text):
        """Writes a file below the instance's folder."""
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        return file

    def site(self, name, number, *, port=None, host="", pool="Main", folder="content", more=""):
        return f"""
            <site name="{name}" id="{number}">
                <application path="/" applicationPool="{pool}">
                    <virtualDirectory path="/" physicalPath="%HOSTELRY_CONFIG_DIR%/{folder}"/>
                </application>
                <bindings>
                    <binding protocol="http" bindingInformation="*:{port or self.port}:{host}"/>
                </bindings>
                {more}
            </site>"""

    def configure(self, sites, pools='<add name="Main"/>', more=""):
        self.configuration.write_text(f"""<?xml version="1.0"?>
<configuration>
    <system.applicationHost>
        <applicationPools>{pools}</applicationPools>
        <sites>{sites}</sites>
    </system.applicationHost>
    {more}
</configuration>
""")

    # Its life

    def start(self, *arguments):
        """Starts the master; returns at once."""
        self.events, self.lines = [], []
        identity = {}
        if self.user:
            account = pwd.getpwnam(self.user)
            for path in [self.path, *self.path.rglob("*")]:
                os.chown(path, account.pw_uid, account.pw_gid, follow_symlinks=False)
            self.path.chmod(0o755)
            identity = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        self.process = subprocess.Popen(
            [self.programs / "hostelry", "run", "--config", self.configuration, "--state", self.state, "--log", "json",
             *arguments],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **identity)
        # Each process's lines go to the lists of its own time.
        reader = threading.Thread(
            target=self.read, args=(self.process.stderr, self.lines, self.events), daemon=True)
        reader.start()
        return self

    def serve(self):
        """Starts it and waits until its sites are served."""
        self.start()
        self.event("server-started")
        return self

    def read(self, stream, lines, events):
        for line in stream:
            with self.changed:
                lines.append(line)
                with contextlib.suppress(json.JSONDecodeError):
                    events.append(json.loads(line))
                self.changed.notify_all()
        with self.changed:
            lines.append(None)
            self.changed.notify_all()

    def event(self, name, *, after=0, where=lambda event: True):
        """The first event of that name from number `after` on, waited for."""
        def found():
            return next((e for e in self.events[after:] if e["event"] == name and where(e)), None)
        with self.changed:
            self.changed.wait_for(lambda: found() or None in self.lines, PATIENCE)
            event = found()
        assert event, f"no event {name} in\n{''.join(filter(None, self.lines))}"
        return event

    def count(self):
        with self.changed:
            return len(self.events)

    def signal(self, number):
        self.process.send_signal(number)

    def ended(self):
        """Waits for the end; the exit status."""
        return self.process.wait(PATIENCE)

    def stop(self):
        """Ends it as an administrator does, and sees that nothing is left."""
        children = self.roles()
        self.signal(signal.SIGTERM)
        status = self.ended()
        left = [child for child in children if is_running(child)]
        assert status == 0, f"status {status}\n{''.join(filter(None, self.lines))}"
        assert not left, f"left running: {left}"

    def die(self):
        """Kills the master alone. What it leaves running keeps its standard error open."""
        self.process.kill()
        self.ended()
        self.streams.append(self.process.stderr)

    def clean(self):
        """After the test, whatever became of it."""
        if self.process:
            children = self.roles()
            if self.process.poll() is None:
                self.process.kill()
                self.process.wait()
            for child in children:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, signal.SIGKILL)
            for stream in {self.process.stderr, *self.streams}:
                stream.close()
        self.folder.cleanup()

    # Its answers

    def connect(self, port=None):
        return http.client.HTTPConnection("127.0.0.1", port or self.port, timeout=PATIENCE)

    def get(self, path="/", *, host=None, port=None):
        """Status and body."""
        connection = self.connect(port)
        try:
            connection.request("GET", path, headers={"Host": host or f"localhost:{port or self.port}"})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()

    def ask(self, path="/", *, host="localhost", port=None, method="GET", headers=None):
        """The whole answer."""
        connection = self.connect(port)
        try:
            connection.request(method, path, headers={"Host": host, **(headers or {})})
            return Answer(connection.getresponse())
        finally:
            connection.close()

    def raw(self, data, port=None):
        """Sends bytes and answers everything that comes back until the server closes."""
        received = b""
        with socket.create_connection(("127.0.0.1", port or self.port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            with contextlib.suppress(ConnectionResetError):
                while piece := connection.recv(65536):
                    received += piece
        return received

    def roles(self):
        """The process ids of everything that the master runs, or that an earlier one left running."""
        return sorted({*processes_of(self.process.pid), *registered_in(self.state)})

    def pid(self, role):
        """The process ids of the roles named `hostelry-router` or `hostelry-worker`."""
        return [pid for pid in self.roles() if command_of(pid) == role and is_running(pid)]
