"""IISMiddlewareTests and IISExtensionTests: the application's side, asked on its own port (reference §14, §20.11)."""

import contextlib
import http.client
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

from aspnetcore import dotnet
from aspnetcore.hosted import OUTOFPROCESS, Answer, Case, SharedCase
from instance import PATIENCE, free_port, is_running, wait_until

SHUTDOWN = {"MS-ASPNETCORE-EVENT": "shutdown", "Content-Length": "0"}


def ask(port, path="/HelloWorld", method="GET", headers=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request(method, path, headers=headers or {})
        return Answer(connection.getresponse())


class IISMiddlewareTests(SharedCase):
    CONFIGURATION = {"model": OUTOFPROCESS, "variables": {"ASPNETCORE_URLS": "http://127.0.0.1:1"}}

    @classmethod
    def prepare(cls, host):
        cls.sub = host.deploy(path="/pathBase", model=OUTOFPROCESS, folder="applications/base")

    def backend(self, application=None):
        """Port and token of the running application."""
        variables = (application or self.application).variables()
        return int(variables["ASPNETCORE_PORT"]), variables["ASPNETCORE_TOKEN"]

    def direct(self, path, method="GET", application=None, **headers):
        port, token = self.backend(application)
        return ask(port, path, method, {"MS-ASPNETCORE-TOKEN": token, **headers})

    def test_MiddlewareSkippedIfTokenIsMissing(self):
        # Started by hand, without a host: no token is asked for.
        if not dotnet.PUBLISHED.is_dir():
            self.skipTest(dotnet.MISSING)
        folder = Path(tempfile.mkdtemp(prefix="hostelry-by-hand-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        shutil.copytree(dotnet.PUBLISHED / "conformance", folder / "application")
        port = free_port()
        process = subprocess.Popen(
            [dotnet.root() / "dotnet", "conformance.dll"], cwd=folder / "application", stdout=subprocess.DEVNULL,
            env={**os.environ, **dotnet.variables(), "ASPNETCORE_PORT": str(port), "ASPNETCORE_APPL_PATH": "/",
                 "ASPNETCORE_URLS": f"http://127.0.0.1:{port}"})
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)

        def answers():
            with contextlib.suppress(OSError):
                return ask(port)
            return None
        wait_until(answers, "it does not answer")
        self.assertEqual(ask(port).text, "Hello World")
        self.assertEqual(ask(port, "/iisintegration", "POST", SHUTDOWN).status, 404)

    def test_MiddlewareRejectsRequestIfTokenHeaderIsMissing(self):
        port, _ = self.backend()
        self.assertEqual((ask(port).status, ask(port).body), (400, b""))
        self.assertEqual(ask(port, headers={"MS-ASPNETCORE-TOKEN": "another"}).status, 400)

    def test_a_visitor_cannot_bring_a_token_or_an_event(self):
        pid = self.application.pid()
        answer = self.ask("/RequestHeaders", headers={
            "ms-aspnetcore-Token": "mine", "MS-ASPNETCORE-WINAUTHTOKEN": "7", "Ms-AspNetCore-ClientCert": "x",
            "MS-ASPNETCORE-EVENT": "shutdown"}).json()
        _, token = self.backend()
        mine = {name: values for name, values in answer.items() if name.lower().startswith("ms-aspnetcore")}
        self.assertEqual(mine, {"MS-ASPNETCORE-TOKEN": [token]})
        self.assertEqual(self.ask("/iisintegration", "POST", headers=SHUTDOWN).status, 404)
        self.assertEqual(self.application.pid(), pid)

    def test_MiddlewareShutsdownGivenANCMShutdown(self):
        for application, path, event in [
                (self.application, "/iisintegration", "shutdown"), (self.application, "/iisintegration", "SHUTDOWN"),
                (self.sub, "/pathBase/iisintegration", "shutdown"), (self.sub, "/PATHBASE/IISIntegration", "Shutdown")]:
            with self.subTest(path=path, event=event):
                pid = application.pid()
                answer = self.direct(path, "POST", application,
                                     **{"MS-ASPNETCORE-EVENT": event, "Content-Length": "0"})
                self.assertEqual(answer.status, 202)
                wait_until(lambda pid=pid: not is_running(pid), "it does not stop")
                self.assertNotEqual(application.pid(), pid)

    def ignored(self, path, method, event):
        pid = self.application.pid()
        answer = self.direct(path, method, **{"MS-ASPNETCORE-EVENT": event, "Content-Length": "0"})
        self.assertEqual(answer.status, 404)
        self.assertEqual(self.application.pid(), pid)

    def test_MiddlewareIgnoresShutdownGivenWrongMethod(self):
        for method in ["GET", "PUT", "DELETE", "OPTIONS"]:
            with self.subTest(method):
                self.ignored("/iisintegration", method, "shutdown")

    def test_MiddlewareIgnoresShutdownGivenWrongPath(self):
        for path in ["/", "/path", "/path/iisintegration"]:
            if path == "/":
                # The application has a page there.
                self.assertEqual(self.direct("/", "POST", **SHUTDOWN).text, "Hello World")
                continue
            with self.subTest(path):
                self.ignored(path, "POST", "shutdown")

    def test_MiddlewareIgnoresShutdownGivenWrongEvent(self):
        for event in ["event", "", "shutdownx"]:
            with self.subTest(event):
                self.ignored("/iisintegration", "POST", event)

    def test_UrlDelayRegisteredAndPreferHostingUrlsSet(self):
        port, _ = self.backend()
        self.assertEqual(self.ask("/ServerAddresses").text, f"http://127.0.0.1:{port}")

    def test_AddsUsePathBaseMiddlewareWhenPathBaseSpecified(self):
        seen = self.sub.ask("/PathAndPathBase/x").text
        self.assertEqual(seen, "PathBase: /pathBase; Path: /PathAndPathBase/x")

    def test_DoesNotBlowUpWithoutAuth(self):
        for path in ["/HelloWorld", "/Connection"]:
            self.assertEqual(self.ask(path).status, 200)


class IISExtensionTests(Case):
    def test_CallingUseIISIntegrationMultipleTimesWorks(self):
        # The host's variable asks for it, and so does the application's own start.
        application = self.serve("legacy", mode="webhost")
        self.assertEqual(application.ask("/x").status, 200)


if __name__ == "__main__":
    unittest.main()
