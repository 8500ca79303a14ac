"""Applications behind a running host: deployed, asked, watched, and nothing of theirs left behind."""

import base64
import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import unittest
from pathlib import Path
from xml.sax.saxutils import quoteattr

from aspnetcore import dotnet
from instance import PATIENCE, Instance, command_of, is_running, wait_until

BACKEND = Path(__file__).resolve().parent / "backend.py"
PYTHON = shutil.which("python3", path="/usr/bin:/usr/local/bin:/bin") or "python3"
# Of the published applications, the library that is started.
LIBRARY = {"web": "Stock.Web", "web-x86": "Stock.Web", "web-win-x64": "Stock.Web", "web-linux-x64": "Stock.Web",
           "web-self-contained": "Stock.web", "razor-pages": "Stock.webapp", "web-api": "Stock.webapi"}
# Of the module's events.
NUMBERS = range(1000, 1037)
INPROCESS, OUTOFPROCESS = "inprocess", "outofprocess"


def elements(name, pairs):
    """A collection such as `environmentVariables`; several values of one name as pairs."""
    if not pairs:
        return ""
    rows = "".join(f"<{name} name={quoteattr(key)} value={quoteattr(value)}/>"
                   for key, value in (pairs.items() if isinstance(pairs, dict) else pairs))
    return f"<{name}s>{rows}</{name}s>"


def web_config(
        process, arguments="", *, model="", section="aspNetCore", module="AspNetCoreModuleV2", variables=None,
        settings=None, more="", inner="", **attributes):
    """What the SDK writes, and what a test adds: attributes by their names, `more` beside the section, `inner` within."""
    if model:
        attributes["hostingModel"] = model
    said = "".join(f" {name}={quoteattr(str(value))}" for name, value in attributes.items())
    path = "" if process is None else f" processPath={quoteattr(process)}"
    return f"""<?xml version="1.0" encoding="utf-8"?>
<configuration>
  <location path="." inheritInChildApplications="false">
    <system.webServer>
      <handlers>
        <add name="aspNetCore" path="*" verb="*" modules="{module}" resourceType="Unspecified" />
      </handlers>
      <{section}{path} arguments={quoteattr(arguments)}{said}>
        {elements("environmentVariable", variables)}{elements("handlerSetting", settings)}{inner}
      </{section}>
      {more}
    </system.webServer>
  </location>
</configuration>
"""


class Answer:
    """A response that was read whole."""

    def __init__(self, response):
        self.status, self.reason, self.version = response.status, response.reason, response.version
        self.pairs = response.getheaders()
        self.headers = {name.lower(): value for name, value in self.pairs}
        self.body = response.read()
        self.text = self.body.decode("utf-8", "replace")

    def all(self, name):
        return [value for key, value in self.pairs if key.lower() == name.lower()]

    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"{self.status} {self.reason} {self.pairs} {self.text[:600]!r}"


class Application:
    """A published application, or the test's backend, in a folder of the instance's, at a path of a site."""

    def __init__(self, host, source, folder, site, path):
        self.host, self.source, self.site, self.path = host, source, site, path
        self.folder = host.path / folder
        self.name = "localhost" if site == "Main" else f"{site.lower()}.test"
        self.configured = {}
        if source == "backend":
            self.folder.mkdir(parents=True, exist_ok=True)
            shutil.copy(BACKEND, self.folder / "backend.py")
            self.process, self.arguments = PYTHON, "-S -E backend.py"
        elif source:
            published = dotnet.PUBLISHED / source
            if not published.is_dir():
                raise unittest.SkipTest(f"no published applications: {published}")
            shutil.copytree(published, self.folder, dirs_exist_ok=True, copy_function=shutil.copy)
            self.open_to_pools()
            self.process, self.arguments = "dotnet", f".\\{LIBRARY.get(source, source)}.dll"
        else:
            self.folder.mkdir(parents=True, exist_ok=True)
            self.process, self.arguments = None, ""
        # Pools are users of their own; what they write beside the application is theirs.
        self.folder.chmod(0o777)

    def open_to_pools(self):
        for place in [self.folder, *self.folder.rglob("*")]:
            place.chmod(0o755 if place.is_dir() or os.access(place, os.X_OK) or "." not in place.name else 0o644)

    def needs_dotnet(self):
        return self.source not in (None, "backend") or self.configured.get("process") == "dotnet"

    # Its configuration

    def configure(self, **changes):
        """Writes web.config: what was said before with these changes."""
        self.configured.update(changes)
        said = dict(self.configured)
        mode = said.pop("mode", "")
        process = said.pop("process", self.process)
        arguments = said.pop("arguments", self.arguments)
        text = web_config(process, f"{arguments} {mode}".strip(), **said)
        # In one step: what watches the file sees the old or the new one.
        new = self.folder / ".web.config.new"
        new.write_text(text, encoding="utf-8")
        new.rename(self.folder / "web.config")
        return self

    def touch(self):
        """Changes web.config in one step, its meaning left as it is: half a file is a mistake of its own."""
        file = self.folder / "web.config"
        new = self.folder / ".web.config.new"
        new.write_text(file.read_text(encoding="utf-8") + " ", encoding="utf-8")
        new.rename(file)

    def go_offline(self, text="offline now"):
        new = self.folder / ".offline.new"
        new.write_text(text, encoding="utf-8")
        new.rename(self.folder / "app_offline.htm")

    def go_online(self):
        (self.folder / "app_offline.htm").unlink()

    # Its answers

    def connect(self, timeout=PATIENCE):
        return http.client.HTTPConnection("127.0.0.1", self.host.port, timeout=timeout)

    def at(self, path):
        return ("" if self.path == "/" else self.path) + path

    def ask(self, path="/", method="GET", headers=None, body=None, connection=None):
        own = connection or self.connect()
        try:
            own.request(method, self.at(path), body=body, headers={"Host": self.name, **(headers or {})})
            return Answer(own.getresponse())
        finally:
            if not connection:
                own.close()

    def raw_request(self, data):
        """Sends bytes; everything that comes back until the end, `None` at its end where the connection was reset."""
        received = b""
        with socket.create_connection(("127.0.0.1", self.host.port), timeout=PATIENCE) as connection:
            connection.sendall(data)
            try:
                while piece := connection.recv(65536):
                    received += piece
            except ConnectionResetError:
                return received, True
        return received, False

    def answers_raw(self, data, *, method="GET", later=None, ms=0, pad=0, **how):
        """The answer to a request whose backend sends these bytes: see `Connection.on_raw` in `backend.py`."""
        def encoded(data):
            return base64.urlsafe_b64encode(data).decode()
        query = "".join(f"&{name}" for name, wanted in how.items() if wanted)
        if pad:
            query += f"&pad={pad}"
        if later:
            query += f"&later={encoded(later)}&ms={ms}"
        return self.ask(f"/raw?base64={encoded(data)}{query}", method)

    def until(self, judge, path="/", patience=PATIENCE):
        """Asks again and again until an answer pleases; the answer."""
        deadline = time.monotonic() + patience
        while True:
            answer = self.ask(path)
            if judge(answer):
                return answer
            assert time.monotonic() < deadline, f"never as expected, last {answer}"
            time.sleep(0.02)

    def pid(self):
        """The process that answers."""
        answer = self.ask("/pid" if self.source == "backend" else "/ProcessId")
        assert answer.status == 200, answer
        return int(answer.text)

    def variable(self, name):
        return self.variables().get(name)

    def variables(self):
        answer = self.ask("/environment" if self.source == "backend" else "/Environment")
        assert answer.status == 200, answer
        return answer.json()

    def written(self, pattern):
        """Files below the application's folder, oldest first."""
        return sorted(self.folder.glob(pattern))


class Host(Instance):
    """An instance whose sites hold applications: `deploy` them, then `serve`."""

    def __init__(self, *, user=None):
        super().__init__(user=user)
        self.applications = []
        self.pools = {}
        self.bindings = {}
        self.more = ""
        self.attributes = {}

    def deploy(self, source="conformance", *, site="Main", path="/", pool="Main", folder="", **configuration):
        """An application at a path of a site; its web.config from `configuration` (see `web_config`)."""
        folder = folder or f"applications/{site}{path.replace('/', '-')}".rstrip("-")
        application = Application(self, source, folder, site, path)
        self.applications.append((application, pool))
        self.pools.setdefault(pool, {})
        if "text" in configuration:
            (application.folder / "web.config").write_text(configuration["text"], encoding="utf-8")
        elif source:
            application.configure(**configuration)
        return application

    def pool(self, name="Main", *, variables=None, attributes="", inner=""):
        """What a pool says: environment variables beside those that .NET needs."""
        self.pools[name] = {"variables": variables or {}, "attributes": attributes, "inner": inner}

    def hosting(self):
        """Writes applicationHost.config."""
        pools = ""
        for name, said in self.pools.items():
            needed = dotnet.variables() if any(
                pool == name and application.needs_dotnet() for application, pool in self.applications) else {}
            variables = {**needed, **said.get("variables", {})}
            rows = "".join(f"<add name={quoteattr(key)} value={quoteattr(value)}/>"
                           for key, value in variables.items() if value is not None)
            pools += (f'<add name="{name}" {said.get("attributes", "")}>{said.get("inner", "")}'
                      f"<environmentVariables>{rows}</environmentVariables></add>")
        sites = ""
        names = list(dict.fromkeys(application.site for application, _ in self.applications))
        for number, name in enumerate(names):
            inner = "".join(
                f'<application path="{application.path}" applicationPool="{pool}" {self.attributes.get(application, "")}>'
                f'<virtualDirectory path="/" physicalPath="{application.folder}"/></application>'
                for application, pool in self.applications if application.site == name)
            # Names below localhost are this machine's in browsers.
            hosts = [""] if name == "Main" else [f"{name.lower()}.test", f"{name.lower()}.localhost"]
            bindings = [*(("http", f"*:{self.port}:{host}") for host in hosts), *self.bindings.get(name, [])]
            sites += f'<site name="{name}" id="{number + 1}">{inner}<bindings>' + "".join(
                f'<binding protocol="{scheme}" bindingInformation="{information}"/>' for scheme, information in bindings
            ) + "</bindings></site>"
        self.configure(sites, pools, self.more)

    def start(self, *arguments):
        self.hosting()
        return super().start(*arguments)

    def reconfigure(self):
        """Takes a changed applicationHost.config."""
        before = self.count()
        self.hosting()
        self.signal(signal.SIGHUP)
        self.event("configuration-applied", after=before)

    def recycle(self, pool="Main"):
        subprocess.run([self.programs / "hostelry", "recycle", pool, "--state", self.state],
                       check=True, capture_output=True, timeout=PATIENCE)

    # What the module said

    @staticmethod
    def number(event):
        """The module's own number of an event, `None` of an event that is the server's."""
        return event["id"] if "source" in event else None

    def said(self, number, *, after=0, containing=""):
        """The module's events of that number so far."""
        with self.changed:
            return [event for event in self.events[after:]
                    if self.number(event) == number and containing in event["text"]]

    def says(self, number, *, after=0, containing="", matching=""):
        """The first of the module's events of that number (`None`: of any), waited for."""
        def found():
            return next((event for event in self.events[after:] if self.number(event) in ([number] if number else NUMBERS)
                         and containing in event["text"] and re.search(matching, event["text"])), None)
        with self.changed:
            self.changed.wait_for(lambda: found() or None in self.lines, PATIENCE)
            event = found()
        assert event, f"no module event {number} {containing}{matching} in\n{''.join(filter(None, self.lines))[-6000:]}"
        return event

    # Its processes

    def workers(self):
        return self.pid("hostelry-worker")

    def worker(self):
        worker, = self.workers()
        return worker

    def backends(self):
        """Every process that works in the instance's folder and is no role: backends and what they left."""
        found = []
        for entry in Path("/proc").iterdir():
            with contextlib.suppress(OSError, ValueError):
                pid = int(entry.name)
                place = os.readlink(entry / "cwd").removesuffix(" (deleted)")
                if (place.startswith(f"{self.path}/applications") and pid != os.getpid()
                        and not Path(command_of(pid)).name.startswith("hostelry") and is_running(pid)):
                    found.append(pid)
        return found

    def descriptors(self, pid=None):
        return len(os.listdir(f"/proc/{pid or self.worker()}/fd"))

    def stop(self):
        super().stop()
        wait_until(lambda: not self.backends(), f"processes are left: {[(p, command_of(p)) for p in self.backends()]}")

    def clean(self):
        if self.process and self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
                with contextlib.suppress(Exception):
                    self.process.wait(15)
        for pid in self.backends():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        super().clean()


class Case(unittest.TestCase):
    """A test with hosts of its own."""

    def host(self, **named):
        host = Host(**named)
        self.addCleanup(host.clean)
        return host

    def serve(self, source="conformance", *, pool=None, user=None, **configuration):
        """One application at the root of one site, served."""
        host = self.host(user=user)
        if pool:
            host.pool(variables=pool)
        application = host.deploy(source, **configuration)
        host.serve()
        return application

    def backend(self, **configuration):
        return self.serve("backend", **configuration)

    # Pages

    def assert_page(self, answer, status, title, *, details=None):
        """One of the module's own pages: `502.5`, a part of its title, and its form (reference §6)."""
        number, sub = status.split(".")
        self.assertEqual(answer.status, int(number), answer)
        self.assertIn(f"HTTP Error {status}", answer.text)
        self.assertIn(title, answer.text)
        self.assertTrue(answer.headers["content-type"].startswith("text/html"), answer)
        self.assertTrue(answer.body.endswith(b"</html>\r\n"), answer.body[-40:])
        if details is not None:
            self.assertIn(details, answer.text)

    def assert_startup_failure(self, answer):
        self.assert_page(answer, "502.5", "ANCM Out-Of-Process Startup Failure")


class SharedCase(Case):
    """Tests of one application that runs for the whole class."""

    SOURCE = "conformance"
    CONFIGURATION = {}

    @classmethod
    def setUpClass(cls):
        cls.shared = Host()
        cls.addClassCleanup(cls.shared.clean)
        cls.application = cls.shared.deploy(cls.SOURCE, **cls.CONFIGURATION)
        cls.prepare(cls.shared)
        cls.shared.serve()

    @classmethod
    def prepare(cls, host):
        """More applications, sections and pools of the class."""

    @classmethod
    def tearDownClass(cls):
        cls.shared.stop()

    def ask(self, *arguments, **named):
        return self.application.ask(*arguments, **named)
