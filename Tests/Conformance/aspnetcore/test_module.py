"""The rows of §20.5, §20.9 and §20.12 that are about the module: ports, limits, hosting models, preload, paths."""

import gzip
import os
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aspnetcore import dotnet
from aspnetcore.hosted import INPROCESS, OUTOFPROCESS, Case, SharedCase
from instance import PATIENCE, free_port, is_running, processes_of, wait_until
from test_access import USERS, credentials
from test_express import Express


def limits(value):
    return f'<security><requestFiltering><requestLimits maxAllowedContentLength="{value}"/></requestFiltering></security>'


class AspNetCorePortTests(Case):
    def test_EnvVarInWebConfig_Valid(self):
        port = free_port()
        application = self.serve(model=OUTOFPROCESS, variables={"ASPNETCORE_PORT": str(port)})
        self.assertEqual(application.ask("/ServerAddresses").text, f"http://127.0.0.1:{port}")

    def test_EnvVarInWebConfig_Empty(self):
        application = self.serve(model=OUTOFPROCESS, variables={"ASPNETCORE_PORT": ""})
        port = int(application.ask("/ServerAddresses").text.rpartition(":")[2])
        self.assertTrue(1025 <= port <= 48000, port)

    def test_EnvVarInWebConfig_Invalid(self):
        for value in ["1024", "48001", "twelve"]:
            with self.subTest(value):
                application = self.serve(model=OUTOFPROCESS, variables={"ASPNETCORE_PORT": value})
                answer = application.ask()
                self.assertEqual(answer.status, 502, answer)
                event = application.host.says(1001)
                self.assertEqual(event["level"], "error")
                # No second attempt with the same port.
                self.assertEqual(len(application.host.said(1001)), 1)
                application.host.stop()

    def test_ShutdownMultipleTimesWorks(self):
        application = self.serve(model=OUTOFPROCESS)
        for _ in range(2):
            pid = application.pid()
            self.assertEqual(application.ask("/Shutdown").status, 200)
            for _ in range(10):
                answer = application.ask("/ProcessId")
                if answer.status == 200 and answer.text != str(pid):
                    break
                wait_until(lambda pid=pid: not is_running(pid), "it does not end")
            self.assertEqual(answer.status, 200, answer)
            self.assertNotEqual(answer.text, str(pid))


class BasicAuthTests(Case):
    def test_BasicAuthTest(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                host = self.host()
                users = host.write("users", USERS)
                host.more = ('<system.webServer><security><authentication><anonymousAuthentication enabled="false"/>'
                             f'<basicAuthentication enabled="true" usersFile="{users}"/></authentication></security>'
                             "</system.webServer>")
                application = host.deploy(model=model)
                host.serve()
                refused = application.ask("/HelloWorld")
                self.assertEqual(refused.status, 401)
                self.assertIn("Basic", refused.headers["www-authenticate"])
                signed_in = credentials("alice", "secret pass")
                answer = application.ask("/HelloWorld", headers=signed_in)
                self.assertEqual((answer.status, answer.text), (200, "Hello World"))
                variables = application.ask("/Environment", headers=signed_in).json()
                self.assertEqual(variables["ASPNETCORE_IIS_HTTPAUTH"], "basic;")
                host.stop()


class CompressionTests(SharedCase):
    CONFIGURATION = {"model": OUTOFPROCESS, "more": '<urlCompression doDynamicCompression="true"/>'}

    def lines(self, headers):
        """Lines sent one after the other, each back before the next."""
        connection = self.application.connect()
        connection.putrequest("POST", "/ReadAndWriteEchoLinesNoBuffering")
        for name, value in {"Transfer-Encoding": "chunked", **headers}.items():
            connection.putheader(name, value)
        connection.endheaders()
        connection.send(b"7\r\nfirst\r\n\r\n")
        response = connection.getresponse()
        self.assertNotIn("content-encoding", {name.lower() for name, _ in response.getheaders()})
        self.assertEqual(response.readline(), b"first\r\n")
        for number in range(5):
            line = b"line %d\r\n" % number
            connection.send(b"%x\r\n%s\r\n" % (len(line), line))
            self.assertEqual(response.readline(), line)
        connection.send(b"0\r\n\r\n")
        self.assertEqual(response.read(), b"")
        connection.close()

    def test_BufferingDisabledWithCompressedRequest(self):
        self.lines({"Accept-Encoding": "gzip"})

    def test_BufferingDisabledWithoutCompressedRequest(self):
        self.lines({})

    def test_DynamicResponsesAreCompressed(self):
        # One that comes whole at once and has less than 150 bytes is not worth it.
        answer = self.ask("/Environment", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(answer.headers.get("content-encoding"), "gzip", answer)
        self.assertIn(b"ASPNETCORE_IIS_SITE_NAME", gzip.decompress(answer.body))


class MaxRequestBodySizeTests(Case):
    """The server's own limit; of a published application Kestrel's 30,000,000 bytes hold besides."""

    def limited(self, limit):
        application = self.backend(model=INPROCESS, more=limits(limit) if limit else "")
        self.assertEqual(application.ask().status, 200)
        return application

    def said_length(self, application, length):
        """The answer to a request that only says how long its body is."""
        data, _ = application.raw_request(
            f"POST /count HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
            .encode())
        return int(data.split()[1])

    def counted(self, application, length):
        return application.ask("/count", "POST", body=b"x" * length).text.split()[0]

    def test_SetIISLimitMaxRequestBodySizeE2EWorks(self):
        application = self.limited(2)
        self.assertEqual(self.counted(application, 2), "2")
        self.assertIn(application.ask("/count", "POST", body="abc").status, (404, 413))
        self.assertIn(application.ask("/count", "POST", body=iter([b"ab", b"c"])).status, (404, 413))

    def test_SetIISLimitMaxRequestBodySizeE2EWorksWithLargerLimit(self):
        application = self.limited(41_000_000)
        self.assertEqual(self.counted(application, 40_000_000), "40000000")
        self.assertIn(self.said_length(application, 41_000_001), (404, 413))

    def test_SetIISLimitMaxRequestBodySizeE2EWorksWithIntMaxValue(self):
        self.assertEqual(self.counted(self.limited(4294967295), 31_000_000), "31000000")

    def test_IISRejectsContentLengthTooLargeByDefault(self):
        application = self.limited(None)
        self.assertIn(self.said_length(application, 30_000_001), (404, 413))
        self.assertEqual(self.counted(application, 30_000_000), "30000000")


class Latin1Tests(SharedCase):
    def test_Latin1InvalidCharacters_HttpSysRejects(self):
        for bad in [b"\x00", b"\x01", b"\x7f"]:
            data, _ = self.application.raw_request(
                b"GET /HelloWorld HTTP/1.1\r\nHost: localhost\r\nfoo: a" + bad + b"b\r\nConnection: close\r\n\r\n")
            self.assertTrue(data.startswith(b"HTTP/1.1 400"), (bad, data[:200]))


class MultiApplicationTests(Case):
    def two(self, first, second):
        host = self.host()
        one = host.deploy(model=first, path="/")
        other = host.deploy(model=second, path="/other")
        host.serve()
        return host, one, other

    def test_RunsTwoOutOfProcessApps(self):
        host, one, other = self.two(OUTOFPROCESS, OUTOFPROCESS)
        self.assertNotEqual(one.pid(), other.pid())
        self.assertEqual(len(host.workers()), 1)
        self.assertEqual(sorted(host.backends()), sorted([one.pid(), other.pid()]))
        host.stop()

    def second_is_refused(self, first, second, status, title, event):
        host, one, other = self.two(first, second)
        self.assertEqual(one.ask("/HelloWorld").status, 200)
        self.assert_page(other.ask("/HelloWorld"), status, title)
        host.says(event)
        self.assertEqual(one.ask("/HelloWorld").status, 200)
        host.stop()

    def test_FailsAndLogsWhenRunningTwoInProcessApps(self):
        self.second_is_refused(
            INPROCESS, INPROCESS, "500.35", "does not support multiple apps in the same app pool", 1008)

    def test_FailsAndLogsEventLogForMixedHostingModel(self):
        for first, second in [(INPROCESS, OUTOFPROCESS), (OUTOFPROCESS, INPROCESS)]:
            with self.subTest(first=first):
                self.second_is_refused(first, second, "500.34", "does not support mixing hosting models", 1009)


class ApplicationInitializationTests(Case):
    def preloaded(self, model, source="conformance", more="", attributes='preloadEnabled="true"', mode=""):
        host = self.host()
        host.pool(attributes='startMode="AlwaysRunning"')
        application = host.deploy(source, model=model, more=more, mode=mode)
        host.attributes[application] = attributes
        host.serve()
        return application

    def test_ApplicationPreloadStartsApp(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                application = self.preloaded(model, mode="CreateFile Started.txt")
                wait_until((application.folder / "Started.txt").exists, "it is not started without a request")
                application.host.says(1001)
                application.host.stop()

    def test_ApplicationInitializationPageIsRequested(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                application = self.preloaded(
                    model, "backend", '<applicationInitialization doAppInitAfterRestart="true">'
                    '<add initializationPage="/create?name=one"/><add initializationPage="/create?name=two"/>'
                    "</applicationInitialization>", 'preloadEnabled="true"')
                wait_until((application.folder / "two").exists, "the page is not asked for")
                self.assertTrue((application.folder / "one").exists())
                application.host.stop()


class MultipleAppTests(Case):
    def test_Startup(self):
        host = self.host()
        applications = [host.deploy(site=f"Site{number}", model=OUTOFPROCESS) for number in range(5)]
        host.serve()
        with ThreadPoolExecutor(10) as threads:
            answers = list(threads.map(lambda application: application.ask("/ProcessId"), applications * 2))
        self.assertEqual({answer.status for answer in answers}, {200})
        self.assertEqual(len({answer.text for answer in answers}), len(applications))
        host.stop()


class IISExpressShutdownTests(Case):
    """The published folder under `hostelry express`."""

    def express(self):
        folder = Path(tempfile.mkdtemp(prefix="hostelry-express-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        (folder / "base").mkdir()
        site = folder / "site"
        if not dotnet.PUBLISHED.is_dir():
            self.skipTest(dotnet.MISSING)
        shutil.copytree(dotnet.PUBLISHED / "conformance", site)
        saved = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(saved)))
        os.environ.update(dotnet.variables())
        os.environ["PATH"] = f"{dotnet.root()}:{os.environ['PATH']}"
        express = Express(self, "--path", str(site), "--port", str(free_port()), base=folder / "base")
        _, port = express.address()
        wait_until(lambda: express.get("/HelloWorld", port)[0] == 200, "it does not run")
        backend = int(express.get("/ProcessId", port)[1])
        return express, backend

    def test_GracefulShutdown_DoesNotCrashProcess(self):
        express, backend = self.express()
        self.assertEqual(express.interrupt(), 0)
        self.assertFalse(is_running(backend))

    def test_ForcefulShutdown_DoesCrashProcess(self):
        express, backend = self.express()
        children = processes_of(express.process.pid)
        express.process.kill()
        self.assertNotEqual(express.process.wait(PATIENCE), 0)
        for child in children:
            os.kill(child, signal.SIGKILL) if is_running(child) else None
        wait_until(lambda: not is_running(backend), "the application outlives its host")


class BindingInformationTest(Case):
    def test_ParsesInformationCorrectly(self):
        for bindings, port in [
                ([("https", "*:44301:")], "44301"), ([("https", "127.0.0.1:44302:name.test")], "44302"),
                ([("https", "*:44303:one.test"), ("https", "*:44303:two.test")], "44303"), ([], "")]:
            with self.subTest(bindings):
                host = self.host()
                host.bindings["Main"] = bindings
                application = host.deploy("backend", model=OUTOFPROCESS)
                host.serve()
                self.assertEqual(application.variable("ASPNETCORE_ANCM_HTTPS_PORT") or "", port)
                host.stop()


class ConfigUtilityTest(Case):
    def debug_file(self, settings, name):
        application = self.backend(model=OUTOFPROCESS, settings=settings)
        application.ask()
        wait_until((application.folder / name).exists, f"no {name}")
        return application

    def test_CheckDebugLogFile(self):
        for key in ["debugFile", "DebugFIle", "DEBUGFILE"]:
            with self.subTest(key):
                self.debug_file({key: "here.txt", "debugLevel": "file"}, "here.txt").host.stop()

    def test_CheckDebugLevel(self):
        for key in ["debugLevel", "DebugLEVEL"]:
            with self.subTest(key):
                self.debug_file({key: "FILE,trace", "debugFile": "here.txt"}, "here.txt").host.stop()


class ConfigUtilityTestSingle(Case):
    def test_MultipleElements(self):
        application = self.backend(model=OUTOFPROCESS, settings=[
            ("other", "x"), ("debugFile", "first.txt"), ("debugLevel", "file"), ("debugFile", "second.txt")])
        application.ask()
        wait_until((application.folder / "first.txt").exists, "the first does not hold")
        self.assertFalse((application.folder / "second.txt").exists())

    def test_IgnoresFailedGetElement(self):
        application = self.backend(model=OUTOFPROCESS)
        self.assertEqual(application.ask().status, 200)
        self.assertEqual(application.host.said(1034), [])


class Dotnet_EXE_Path_Tests(Case):
    def test_EndWith_dotnet(self):
        for process in ["dotnet", "DotNet", "dotnet.exe", str(dotnet.root() / "dotnet")]:
            with self.subTest(process):
                application = self.serve(process=process, model=OUTOFPROCESS)
                self.assertEqual(application.ask("/HelloWorld").status, 200)
                application.host.stop()


LONG = "AVeryLongValue" * 100


class Expansion(SharedCase):
    SOURCE = "backend"
    CONFIGURATION = {"model": OUTOFPROCESS, "variables": {
        "EXPANDED": "%ROOT_OF_ALL%/x", "CASE": "%root_Of_all%", "LONG": "%LONG_VALUE%", "UNSET": "a %NOT_SET_ANYWHERE% b",
        "PLAIN": "100%"}}

    @classmethod
    def prepare(cls, host):
        host.pool(variables={"ROOT_OF_ALL": "/evil", "LONG_VALUE": LONG})


class PassUnexpandedEnvString(Expansion):
    def test_ExpandsResult(self):
        variables = self.application.variables()
        self.assertEqual((variables["EXPANDED"], variables["CASE"]), ("/evil/x", "/evil"))
        self.assertEqual(variables["PLAIN"], "100%")

    def test_LongStringExpandsResults(self):
        self.assertEqual(self.application.variable("LONG"), LONG)


class GetEnvironmentVariableValue(Expansion):
    def test_ReturnsCorrectLenght(self):
        self.assertEqual(len(self.application.variable("LONG_VALUE")), len(LONG))

    def test_ReturnsNulloptWhenNotFound(self):
        self.assertEqual(self.application.variable("UNSET"), "a %NOT_SET_ANYWHERE% b")


class InProcessTest(SharedCase):
    SOURCE = "backend"
    CONFIGURATION = {"model": OUTOFPROCESS, "variables": {"ASPNETCORE_APPL_PATH": "/forged"}}

    @classmethod
    def prepare(cls, host):
        cls.sub = host.deploy("backend", path="/some/app", model=OUTOFPROCESS)

    def test_GeneratesVirtualPath(self):
        variables = self.sub.variables()
        self.assertEqual(variables["ASPNETCORE_APPL_PATH"], "/some/app")
        self.assertEqual(variables["ASPNETCORE_IIS_APP_CONFIG_PATH"], "MACHINE/WEBROOT/APPHOST/Main/some/app")
        self.assertEqual(variables["ASPNETCORE_IIS_APPLICATION_ID"], "/LM/W3SVC/1/ROOT/some/app")

    def test_GeneratesVirtualPathForDefaultApp(self):
        self.assertEqual(self.application.variable("ASPNETCORE_APPL_PATH"), "/")


class ManyProcesses(Case):
    """processesPerApplication and rapid fails (reference §12)."""

    def test_requests_take_turns(self):
        application = self.backend(model=OUTOFPROCESS, processesPerApplication=3)
        pids = [application.pid() for _ in range(9)]
        self.assertEqual(len(set(pids)), 3)
        self.assertEqual(pids[:3], pids[3:6])
        self.assertEqual(pids[:3], pids[6:])

    def test_more_crashes_in_a_minute_than_are_allowed_end_the_starts(self):
        application = self.backend(model=OUTOFPROCESS, rapidFailsPerMinute=2)
        # The limit and one more.
        for _ in range(3):
            pid = application.pid()
            application.ask("/answer-and-crash")
            wait_until(lambda pid=pid: not is_running(pid), "it does not crash")
            application.host.says(1030, containing=str(pid))
        answer = application.ask()
        self.assert_startup_failure(answer)
        application.host.says(1003)
        self.assertEqual(application.host.backends(), [])

    def test_none_is_allowed_where_the_limit_is_0(self):
        application = self.backend(model=OUTOFPROCESS, rapidFailsPerMinute=0)
        application.ask("/answer-and-crash")
        application.host.says(1030)
        self.assert_startup_failure(application.ask())

    def test_the_start_is_one_for_all_that_wait(self):
        application = self.backend(model=OUTOFPROCESS, mode="late 0.7")
        with ThreadPoolExecutor(20) as threads:
            pids = list(threads.map(lambda _: application.ask("/pid").text, range(20)))
        self.assertEqual(len(set(pids)), 1, pids)
        self.assertEqual(len(application.host.said(1001)), 1)

    def test_a_listener_of_a_child_or_on_the_other_loopback_address_is_ready(self):
        for mode in ["child", "ipv6"]:
            with self.subTest(mode):
                application = self.backend(model=OUTOFPROCESS, mode=mode)
                self.assertEqual(application.ask().text, "the backend")
                application.host.stop()

    def test_a_started_backend_is_noticed_quickly(self):
        application = self.backend(model=OUTOFPROCESS)
        began = time.monotonic()
        application.ask()
        # A listener that is looked for each 250 ms, as elsewhere, would take longer on a machine as fast as that.
        self.assertLess(time.monotonic() - began, PATIENCE / 3)


class PlatformHandler(Case):
    """httpPlatform: any program that listens on HTTP_PLATFORM_PORT."""

    def test_a_program_is_told_its_port_in_arguments_and_variables(self):
        application = self.serve(
            "backend", section="httpPlatform", module="httpPlatformHandler", mode="serve %HTTP_PLATFORM_PORT%",
            variables={"MY_PORT": "%HTTP_PLATFORM_PORT%"})
        variables = application.variables()
        port = variables["HTTP_PLATFORM_PORT"]
        self.assertEqual(variables["arguments"], ["serve", port])
        self.assertEqual(variables["MY_PORT"], port)
        self.assertNotIn("ASPNETCORE_TOKEN", variables)
        self.assertEqual(application.ask().text, "the backend")


class VersionOne(Case):
    """modules="AspNetCoreModule" is the same module, out of process (issue 9, 1)."""

    def test_the_old_name_runs_applications(self):
        application = self.serve("legacy", module="AspNetCoreModule")
        self.assertIn("Kestrel", application.ask("/a/b").text)
        said = subprocess.run(
            [application.host.programs / "hostelry", "check", "--config", application.host.configuration,
             "--state", application.host.state], capture_output=True, text=True, timeout=PATIENCE)
        self.assertNotIn("no such module", said.stdout.lower())


if __name__ == "__main__":
    unittest.main()
