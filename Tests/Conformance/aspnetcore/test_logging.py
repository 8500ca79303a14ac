"""LoggingTests: what applications print and what the module writes down (reference §8, §20.3)."""

import os
import re
import unittest

from aspnetcore.hosted import INPROCESS, OUTOFPROCESS, Case, SharedCase
from instance import wait_until

MESSAGE = "TEST MESSAGE"


class LoggingTests(Case):
    def text_of(self, application, pattern="logs/stdout*.log"):
        return "".join(file.read_text(encoding="utf-8") for file in application.written(pattern))

    def logged(self, mode, message=MESSAGE, **configuration):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                application = self.serve(
                    mode=mode, model=model, stdoutLogEnabled="true", stdoutLogFile=".\\logs\\stdout", **configuration)
                self.assertEqual(application.ask("/HelloWorld").status, 200)
                wait_until(lambda: message in self.text_of(application), "the output is not in the file")
                text = self.text_of(application)
                self.assertNotIn("\r\r", text)
                self.assertNotIn(f"{message}\n\n", text.replace("\r\n", "\n"))
                application.host.stop()

    def test_CheckStdoutLoggingToFile(self):
        self.logged("ConsoleWriteStartServer")

    def test_CheckStdoutErrLoggingToFile(self):
        self.logged("ConsoleErrorWriteStartServer")

    def test_InvalidFilePathForLogs_ServerStillRuns(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                host = self.host()
                application = host.deploy(model=model, stdoutLogEnabled="true", stdoutLogFile=".\\file\\stdout")
                # A folder cannot be made where a file is.
                (application.folder / "file").write_text("")
                host.serve()
                self.assertEqual(application.ask("/HelloWorld").text, "Hello World")
                host.says(1004)
                host.stop()

    def test_StartupMessagesAreLoggedIntoDebugLogFile(self):
        application = self.serve(
            model=INPROCESS, settings={"debugLevel": "file", "debugFile": "subdirectory\\debug.txt"})
        self.assertEqual(application.ask("/HelloWorld").status, 200)
        self.assert_debug_log(application, "subdirectory/debug.txt")

    def assert_debug_log(self, application, name):
        file = application.folder / name
        wait_until(lambda: file.exists() and "Initializing logs for" in file.read_text(), f"no {name}")
        lines = file.read_text().splitlines()
        self.assertRegex(lines[0], r"^\[.+, PID: \d+\] \[.+\] Initializing logs for '.+'\. Process Id: \d+\.")
        self.assertIn("IIS ASP.NET Core Module V2", lines[0])
        return lines

    def test_StartupMessagesAreLoggedIntoDefaultDebugLogFile(self):
        application = self.serve(model=INPROCESS, settings={"debugLevel": "file"})
        application.ask("/HelloWorld")
        self.assert_debug_log(application, "aspnetcore-debug.log")

    def test_StartupMessagesAreLoggedIntoDefaultDebugLogFileWhenEnabledWithEnvVar(self):
        application = self.serve(model=INPROCESS, pool={"ASPNETCORE_MODULE_DEBUG": "file"})
        application.ask("/HelloWorld")
        self.assert_debug_log(application, "aspnetcore-debug.log")

    def test_StartupMessagesLogFileSwitchedWhenLogFilePresentInWebConfig(self):
        host = self.host()
        first = host.path / "applications" / "first.txt"
        first.parent.mkdir(exist_ok=True)
        first.parent.chmod(0o777)
        host.pool(variables={"ASPNETCORE_MODULE_DEBUG": "file", "ASPNETCORE_MODULE_DEBUG_FILE": str(first)})
        application = host.deploy(model=INPROCESS, settings={"debugFile": "second.txt", "debugLevel": "file"})
        host.serve()
        application.ask("/HelloWorld")
        self.assert_debug_log(application, "second.txt")
        self.assertIn("Switching debug log files to", first.read_text())

    def test_DebugLogsAreWrittenToEventLog(self):
        application = self.serve(model=INPROCESS, settings={"debugLevel": "file,eventlog"})
        application.ask("/HelloWorld")
        application.host.says(1036)

    def test_CheckUTF8File(self):
        host = self.host()
        application = host.deploy(
            mode="CheckUnicode", model=INPROCESS, folder="applications/彡⾔", stdoutLogEnabled="true",
            stdoutLogFile="logs\\漢字")
        host.serve()
        self.assert_startup_failure(application.ask())
        wait_until(lambda: "彡⾔" in self.text_of(application, "logs/漢字*.log"), "no such text in a file")
        self.assertIn("漢字", self.text_of(application, "logs/漢字*.log"))
        host.says(1000, containing="彡⾔")

    def test_OnlyOneFileCreatedWithProcessStartTime(self):
        application = self.serve(model=INPROCESS, stdoutLogEnabled="true", stdoutLogFile="logs\\stdout")
        application.ask("/ConsoleWrite")
        wait_until(lambda: MESSAGE in self.text_of(application), "the output is not in the file")
        file, = application.written("logs/*")
        # In UTC, and the worker's process.
        self.assertRegex(file.name, rf"^stdout_20\d{{12}}_{application.host.worker()}\.log$")

    def test_CaptureLogsForOutOfProcessWhenProcessFailsToStart(self):
        application = self.serve(mode=f'ConsoleWrite "{MESSAGE}"', model=OUTOFPROCESS)
        self.assert_startup_failure(application.ask())
        application.host.says(1020, containing=MESSAGE)

    def test_DisableRedirectionNoLogs(self):
        application = self.serve(
            mode=f'ConsoleWrite "{MESSAGE}"', model=OUTOFPROCESS, settings={"enableOutOfProcessConsoleRedirection": "false"})
        self.assert_startup_failure(application.ask())
        # Its command line stands there.
        text = application.host.says(1020)["text"].replace(f'ConsoleWrite "{MESSAGE}"', "")
        self.assertNotIn(MESSAGE, text)

    def test_CaptureLogsForOutOfProcessWhenProcessFailsToStart30KbMax(self):
        application = self.serve(mode="ConsoleWrite30Kb", model=OUTOFPROCESS)
        self.assert_startup_failure(application.ask())
        event = application.host.says(1020)
        self.assertEqual(max(len(run) for run in re.findall("a+", event["text"])), 30000)

    def test_CheckStdoutLoggingToPipeWithFirstWrite(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                application = self.serve(mode="ConsoleWriteSingle", model=model)
                self.assert_startup_failure(application.ask())
                application.host.says(1020, containing="Wow!")
                application.host.stop()


class StdOutRedirectionTests(Case):
    def missing_framework(self, **configuration):
        host = self.host()
        application = host.deploy(**configuration)
        file = application.folder / "conformance.runtimeconfig.json"
        file.write_text(re.sub(r'"version": "10[^"]*"', '"version": "2.9.9"', file.read_text(encoding="utf-8-sig")))
        host.serve()
        self.assertEqual(application.ask().status // 100, 5)
        return application

    def test_FrameworkNotFoundExceptionLogged_Pipe(self):
        self.missing_framework(model=INPROCESS).host.says(None, containing="2.9.9")

    def test_FrameworkNotFoundExceptionLogged_File(self):
        application = self.missing_framework(
            model=INPROCESS, stdoutLogEnabled="true", stdoutLogFile=".\\logs\\stdout")
        # Whether dotnet says so itself, or is not even asked.
        wait_until(lambda: "2.9.9" in self.told(application), "it is nowhere said")

    def told(self, application):
        return "".join([*(file.read_text() for file in application.written("logs/*")),
                        *(event["text"] for event in application.host.events if "source" in event)])

    def traced(self, **configuration):
        return self.serve(variables={"COREHOST_TRACE": "1", "DOTNET_HOST_TRACE": "1"}, **configuration)

    def test_EnableCoreHostTraceLogging_PipeCaptureNativeLogs(self):
        for mode in ["CheckLargeStdErrWrites", "CheckOversizedStdOutWrites"]:
            with self.subTest(mode):
                application = self.traced(mode=mode, model=INPROCESS)
                self.assert_startup_failure(application.ask())
                application.host.says(1020, containing="hostfxr")
                application.host.stop()

    def test_EnableCoreHostTraceLogging_FileCaptureNativeLogs(self):
        for mode in ["CheckLargeStdErrWrites", "CheckOversizedStdOutWrites"]:
            with self.subTest(mode):
                application = self.traced(
                    mode=mode, model=INPROCESS, stdoutLogEnabled="true", stdoutLogFile=".\\logs\\stdout")
                self.assert_startup_failure(application.ask())
                text = "".join(file.read_text() for file in application.written("logs/*"))
                self.assertIn("hostfxr", text)
                self.assertIn("a" * 30000, text)
                application.host.stop()


class FileRedirectionOutputTest(SharedCase):
    CONFIGURATION = {"model": OUTOFPROCESS, "stdoutLogEnabled": "true", "stdoutLogFile": "logs\\stdout"}

    def printed(self, path, text):
        self.ask(f"{path}?text={text}")
        wait_until(lambda: any(text in file.read_text() for file in self.application.written("logs/*")),
                   "the output is not in the file")

    def test_WriteToFileCheckContentsWritten(self):
        self.printed("/ConsoleWrite", "written")

    def test_WriteToFileCheckContentsWrittenErr(self):
        self.printed("/ConsoleErrorWrite", "complained")


class Captured(Case):
    """What is kept of a program's output in memory, for the day that it fails."""

    def captured(self, mode, text):
        application = self.serve(mode=mode, model=OUTOFPROCESS)
        self.assert_startup_failure(application.ask())
        return application.host.says(1020, containing=text)["text"]


class PipeManagerOutputTest(Captured):
    def test_StdOut(self):
        self.captured("ConsoleWrite plain", "plain")

    def test_StdOutMultiToWide(self):
        self.captured("CheckUnicode", "彡⾔")

    def test_StdErr(self):
        self.captured("ConsoleErrorWrite plain", "plain")

    def test_CheckMaxPipeSize(self):
        text = self.captured("CheckOversizedStdOutWrites", "aaa")
        self.assertEqual(max(len(run) for run in re.findall("a+", text)), 30000)

    def test_CreateDeleteMultipleTimesStdOutWorks(self):
        application = self.serve(mode="ConsoleWrite again", model=OUTOFPROCESS)
        descriptors = set()
        for _ in range(5):
            before = application.host.count()
            self.assert_startup_failure(application.ask())
            application.host.says(1020, after=before, containing="again")
            descriptors.add(application.host.descriptors())
        self.assertLess(max(descriptors) - min(descriptors), 3, descriptors)

    def test_CreateDeleteKeepOriginalStdErr(self):
        # The worker's own standard error goes where it went before.
        application = self.serve(mode="ConsoleWrite once", model=OUTOFPROCESS)
        application.ask()
        worker = application.host.worker()
        before = os.readlink(f"/proc/{worker}/fd/2")
        application.ask()
        self.assertEqual(os.readlink(f"/proc/{worker}/fd/2"), before)


class StringStreamRedirectionOutputTest(Captured):
    def test_StdOut(self):
        self.captured("ConsoleWrite words", "words")

    def test_StdErr(self):
        self.captured("ConsoleErrorWrite words", "words")

    def test_CapAt30KB(self):
        text = self.captured("CheckOversizedStdErrWrites", "aaa")
        self.assertEqual(max(len(run) for run in re.findall("a+", text)), 30000)


class LogFolders(SharedCase):
    """Windows' shape of a log file's place: the pool's home, whose LogFiles is made (issue 9, 1)."""

    CONFIGURATION = {"model": OUTOFPROCESS, "stdoutLogEnabled": "true", "stdoutLogFile": r"\\?\%home%\LogFiles\stdout"}

    def test_the_pools_home_has_the_log(self):
        self.ask("/ConsoleWrite?text=homely")
        folder = self.shared.state / "homes" / "main" / "LogFiles"
        wait_until(lambda: folder.is_dir() and any("homely" in file.read_text() for file in folder.glob("stdout_*.log")),
                   "no log in the pool's home")


if __name__ == "__main__":
    unittest.main()
