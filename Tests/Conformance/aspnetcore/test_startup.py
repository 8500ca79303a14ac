"""StartupTests: how applications come to run, and what is said where they do not (reference §2, §6, §7, §12, §20.1)."""

import json
import os
import shutil
import unittest
from pathlib import Path

from aspnetcore import dotnet
from aspnetcore.hosted import INPROCESS, OUTOFPROCESS, Case, web_config
from aspnetcore.rows import decided_otherwise
from instance import wait_until

ADDITIONAL = {"ANCM_ADDITIONAL_ERROR_PAGE_LINK": "http://example.com"}
HOOK = """
internal class StartupHook
{
    public static void Initialize() { System.Environment.SetEnvironmentVariable("HOOK_RAN", "indeed"); }
}
"""




class StartupTests(Case):
    def fails(self, application, number=1020, *, containing=""):
        """The first request's answer is the module's start-up page, and the event says why."""
        answer = application.ask()
        self.assert_startup_failure(answer)
        return answer, application.host.says(number, containing=containing)

    def starts(self, application, path="/HelloWorld", body="Hello World"):
        answer = application.ask(path)
        self.assertEqual((answer.status, answer.text), (200, body), answer)
        return answer

    # Where the program is

    def test_ExpandEnvironmentVariableInWebConfig(self):
        application = self.serve(
            pool={"DotnetLocation": str(dotnet.root() / "dotnet"), "ANSWER": "conformance.dll"},
            process="%DOTNETLOCATION%", arguments="%Answer%", model=OUTOFPROCESS)
        self.starts(application)

    def test_InvalidProcessPath_ExpectServerError(self):
        for process, arguments in [
                ("bogus", "hellos"), ("/usr/local/nothing/dotnet", ".\\conformance.dll"),
                (".\\nothing\\dotnet.exe", ".\\conformance.dll"), ("dotnet", ""), ("dotnet.zip", ".\\conformance.dll")]:
            with self.subTest(process=process):
                application = self.serve(process=process, arguments=arguments, model=OUTOFPROCESS)
                before = application.host.count()
                answer = application.ask()
                self.assert_startup_failure(answer)
                application.host.says(1000, containing="/LM/W3SVC/1/ROOT")
                application.host.says(1020)
                # Failed starts are not sticky: each request tries again, twice (reference §12).
                after = application.host.count()
                self.assert_startup_failure(application.ask())
                application.host.says(1020, after=after)
                self.assertGreaterEqual(len(application.host.said(1000, after=before)), 2)
                application.host.stop()

    def test_StartsWithDotnetLocationWithoutExe(self):
        self.starts(self.serve(process=str(dotnet.root() / "dotnet"), model=INPROCESS))

    def test_StartsWithDotnetLocationUppercase(self):
        self.starts(self.serve(process="DOTNET.EXE", model=INPROCESS))

    def test_StartsWithDotnetOnThePath(self):
        for process in ["dotnet", "dotnet.exe"]:
            with self.subTest(process=process):
                path = f"{dotnet.root()}:/usr/bin:/bin"
                application = self.serve(pool={"PATH": path, "DOTNET_ROOT": None}, process=process, model=OUTOFPROCESS)
                self.starts(application)
                application.host.stop()

    def test_StartsWithDotnetInstallLocation(self):
        application = self.serve(process="dotnet", model=OUTOFPROCESS)
        self.starts(application)
        self.assertEqual(application.variable("DOTNET_ROOT"), str(dotnet.root()))

    def test_HelloWorld(self):
        for model in [INPROCESS, OUTOFPROCESS, ""]:
            with self.subTest(model=model):
                application = self.serve(model=model)
                self.starts(application)
                application.host.says(
                    1001, matching=r"/LM/W3SVC/1/ROOT.*started process '\d+' successfully and process '\d+' is listening")
                application.host.stop()

    def test_StartsWithPortableAndBootstraperExe(self):
        self.starts(self.serve(process=".\\conformance.exe", arguments="", model=INPROCESS))

    def test_StartsWithWebConfigVariationsPortable(self):
        def moved(application, folder):
            place = application.folder / folder
            place.mkdir()
            for file in list(application.folder.iterdir()):
                if file.is_file() and file.name != "web.config":
                    file.rename(place / file.name)
            return place

        for name, folder, arguments, expected in [
                ("bin folder, whole path, exec and quotes", "bin", 'exec "{place}/conformance.dll" extra arguments',
                 "extra|arguments"),
                ("bin folder, quoted exec", "bin", '"exec" ".\\bin\\conformance.dll" extra arguments', "extra|arguments"),
                ("folder with a space, quotes", "sub dir", '"sub dir\\conformance.dll" "extra argument"', "extra argument"),
                ("folder with a space, no quotes", "sub dir", "sub dir\\conformance.dll", ""),
                ("folder with a space, whole path", "sub dir", "{place}/conformance.dll", ""),
                ("extra arguments", "", '.\\conformance.dll one "two three" four', "one|two three|four")]:
            with self.subTest(name):
                host = self.host()
                application = host.deploy(model=INPROCESS)
                place = moved(application, folder) if folder else application.folder
                application.configure(arguments=arguments.format(place=place))
                host.serve()
                self.starts(application, "/CommandLineArgs", expected)
                host.stop()

    def test_StartsWithWebConfigVariationsStandalone(self):
        for name, process, arguments, expected in [
                ("relative", ".\\conformance", "", ""),
                ("whole path, arguments", "{folder}/conformance", 'one "two three"', "one|two three")]:
            with self.subTest(name):
                host = self.host()
                application = host.deploy(model=INPROCESS)
                application.configure(process=process.format(folder=application.folder), arguments=arguments)
                host.serve()
                self.starts(application, "/CommandLineArgs", expected)
                host.stop()

    def test_EnvironmentVariableForLauncherPathIsPreferred(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                application = self.serve(
                    pool={"ANCM_LAUNCHER_PATH": str(dotnet.root() / "dotnet")}, process="nonsense", model=model)
                self.starts(application)
                application.host.stop()

    def test_EnvironmentVariableForLauncherArgsIsPreferred(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            with self.subTest(model=model):
                application = self.serve(
                    pool={"ANCM_LAUNCHER_ARGS": ".\\conformance.dll launched"}, arguments="nonsense", model=model)
                self.starts(application, "/CommandLineArgs", "launched")
                application.host.stop()

    # What does not fit this machine

    def test_PublishWithWrongBitness(self):
        application = self.serve("web-x86", model=INPROCESS)
        answer = application.ask()
        self.assertEqual(answer.status, 500, answer)
        self.assertIn("500.32", answer.text)
        application.host.says(1010, containing="/LM/W3SVC/1/ROOT")

    def test_RemoveHostfxrFromApp_InProcessHostfxrLoadFailure(self):
        application = self.broken_host(b"no library")
        answer, _ = self.fails(application)
        self.assertEqual(application.ask().status, answer.status)

    def test_RemoveHostfxrFromApp_InProcessHostfxrAPIAbsent(self):
        # A library that loads and has none of what is asked of a host.
        library = next(Path("/usr/lib").glob("*/libz.so.1"), None) or next(Path("/lib").glob("*/libz.so.1"))
        self.fails(self.broken_host(library.read_bytes()))

    def broken_host(self, content):
        host = self.host()
        application = host.deploy(model=OUTOFPROCESS)
        folder = host.path / "dotnet"
        shutil.copytree(dotnet.root(), folder, symlinks=True, copy_function=os.symlink)
        # What a link names is looked up beside its target.
        (folder / "dotnet").unlink()
        shutil.copy(dotnet.root() / "dotnet", folder / "dotnet")
        for library in folder.glob("host/fxr/*/libhostfxr.so"):
            library.unlink()
            library.write_bytes(content)
        host.pool(variables={"DOTNET_ROOT": str(folder)})
        return host.serve() and application

    def other_framework(self, **configuration):
        """An application that asks for a version of its framework that is not here."""
        host = self.host()
        application = host.deploy(**configuration)
        file = application.folder / "conformance.runtimeconfig.json"
        wanted = json.loads(file.read_text(encoding="utf-8-sig"))
        for framework in wanted["runtimeOptions"]["frameworks"]:
            framework["version"] = "2.9.9"
        wanted["runtimeOptions"]["tfm"] = "netcoreapp2.9"
        file.write_text(json.dumps(wanted))
        host.serve()
        return application

    def test_TargedDifferenceSharedFramework_FailedToFindNativeDependencies(self):
        application = self.other_framework(model=INPROCESS)
        answer = application.ask()
        self.assertEqual(answer.status // 100, 5, answer)
        # What is wanted and what is there.
        application.host.says(None, containing="2.9.9")
        application.host.says(None, containing="10.0.")
        self.assertNotIn("2.9.9", answer.text)

    def test_TargedDifferenceSharedFramework_FailedToFindNativeDependenciesErrorInResponse(self):
        application = self.other_framework(model=INPROCESS, variables={"ASPNETCORE_DETAILEDERRORS": "true"})
        self.assertIn("2.9.9", application.ask().text)

    # Applications that do not start

    def test_LogsStartupExceptionExitError(self):
        application = self.serve(mode="Throw", model=INPROCESS)
        answer, event = self.fails(application, containing="Program was asked to throw")
        self.assertIn("System.InvalidOperationException", event["text"])
        self.assertNotIn("Program was asked to throw", answer.text)

    def test_LogsUnexpectedThreadExitError(self):
        application = self.serve(mode="EarlyReturn", model=INPROCESS)
        self.fails(application)
        application.host.says(1000, containing="/LM/W3SVC/1/ROOT")
        self.assertEqual(len(application.host.said(1000)), 2)

    def test_Gets500_30_ErrorPage(self):
        self.fails(self.serve(mode="EarlyReturn", model=INPROCESS))

    def test_StartupTimeoutIsApplied(self):
        application = self.serve(mode="Hang", model=INPROCESS, startupTimeLimit=1)
        self.fails(application)
        # Both attempts are ended when their time is over.
        wait_until(lambda: not application.host.backends(), "a process that never listened is left")

    def test_StartupTimeoutIsApplied_DisableRecycleOnStartupTimeout(self):
        application = self.serve(mode="Hang", model=INPROCESS, startupTimeLimit=1,
                                 settings={"suppressRecycleOnStartupTimeout": "true"})
        self.fails(application)
        worker = application.host.worker()
        self.assert_startup_failure(application.ask())
        self.assertEqual(application.host.worker(), worker)

    def test_ExceptionIsLoggedToEventLogAndPutInResponseWhenDeveloperExceptionPageIsEnabled(self):
        for name, value in [("ASPNETCORE_ENVIRONMENT", "Development"), ("DOTNET_ENVIRONMENT", "deVelopment"),
                            ("ASPNETCORE_DETAILEDERRORS", "1"), ("ASPNETCORE_DETAILEDERRORS", "TRUE")]:
            with self.subTest(name=name, value=value):
                application = self.serve(pool={name: value}, mode="Throw", model=INPROCESS)
                answer, _ = self.fails(application, containing="Program was asked to throw")
                self.assertIn("Program was asked to throw", answer.text)
                application.host.stop()

    def test_ExceptionIsLoggedToEventLogAndPutInResponseWhenDeveloperExceptionPageIsEnabledViaWebConfig(self):
        application = self.serve(mode="Throw", model=INPROCESS, variables={"ASPNETCORE_ENVIRONMENT": "Development"})
        answer, _ = self.fails(application, containing="Program was asked to throw")
        self.assertIn("Program was asked to throw", answer.text)

    def test_ExceptionIsLoggedToEventLogAndPutInResponseDuringHostingStartupProcess(self):
        for variable in ["ASPNETCORE_DETAILEDERRORS", "ASPNETCORE_ENVIRONMENT"]:
            with self.subTest(variable=variable):
                value = "Development" if variable == "ASPNETCORE_ENVIRONMENT" else "true"
                application = self.serve(mode="ThrowInStartup", model=INPROCESS, variables={variable: value})
                answer, _ = self.fails(application, containing="Startup was asked to throw")
                self.assertIn("Startup was asked to throw", answer.text)
                application.host.stop()

    def test_ExceptionIsLoggedToEventLogDoesNotWriteToResponse(self):
        application = self.serve(mode="ThrowInStartup", model=INPROCESS)
        answer, _ = self.fails(application, containing="Startup was asked to throw")
        self.assertNotIn("Startup was asked to throw", answer.text)

    def test_CheckStdoutWithLargeWrites_TestSink(self):
        for mode, kept in [("CheckLargeStdOutWrites", 30000), ("CheckLargeStdErrWrites", 30000),
                           ("CheckOversizedStdOutWrites", 30000), ("CheckOversizedStdErrWrites", 30000)]:
            with self.subTest(mode):
                application = self.serve(mode=mode, model=INPROCESS)
                _, event = self.fails(application)
                letters = max(len(run) for run in "".join(c if c == "a" else " " for c in event["text"]).split())
                # Of both attempts together, the first 30,000 characters.
                self.assertLessEqual(letters, kept)
                self.assertGreater(letters, 29900)
                application.host.stop()

    def test_CheckStdoutWithLargeWrites_LogFile(self):
        for mode in ["CheckLargeStdOutWrites", "CheckLargeStdErrWrites"]:
            with self.subTest(mode):
                application = self.serve(
                    mode=mode, model=INPROCESS, stdoutLogEnabled="true", stdoutLogFile=".\\logs\\out")
                self.assert_startup_failure(application.ask())
                texts = [file.read_text() for file in application.written("logs/out*.log")]
                self.assertTrue(any("a" * 30000 in text for text in texts), [len(text) for text in texts])
                application.host.stop()

    def test_CheckValidConsoleFunctions(self):
        application = self.serve(mode="CheckUnicode", model=INPROCESS)
        _, event = self.fails(application, containing="彡⾔")
        self.assertIn("漢字", event["text"])

    # Pages

    def test_IncludesAdditionalErrorPageTextInProcessHandlerLoadFailure_CorrectString(self):
        application = self.serve("web-x86", pool=ADDITIONAL, model=INPROCESS)
        answer = application.ask()
        self.assert_page(answer, "500.32", "Failed to load .NET Core host", details=self.link())

    def test_IncludesAdditionalErrorPageTextOutOfProcessStartupFailure_CorrectString(self):
        application = self.serve(pool=ADDITIONAL, process="doesnotexist", model=OUTOFPROCESS)
        answer, _ = self.fails(application)
        self.assertIn("HTTP Error 502.5 - ANCM Out-Of-Process Startup Failure", answer.text)
        self.assertIn(self.link(), answer.text)

    def test_IncludesAdditionalErrorPageTextInProcessStartupFailure_CorrectString(self):
        application = self.serve(pool=ADDITIONAL, mode="EarlyReturn", model=INPROCESS)
        answer, _ = self.fails(application)
        self.assertIn(self.link(), answer.text)

    @staticmethod
    def link():
        return '<a href="http://example.com"> <cite> http://example.com </cite></a> and '

    # Configuration that cannot be read

    def refused(self, text, **configuration):
        host = self.host()
        if text:
            application = host.deploy(text=text)
        else:
            application = host.deploy(**configuration)
        host.serve()
        answer = application.ask()
        self.assertEqual(answer.status, 500, answer)
        self.assertNotIn("Hello World", answer.text)
        return application

    def test_CheckInvalidHostingModelParameter(self):
        self.refused("", model="bogus").host.says(1034, containing="Unknown hosting model 'bogus'")

    @decided_otherwise("of three: a section that cannot be read is the configuration's error, with file and line, "
                       "and no event of the module's; the other two are told with their texts")
    def test_ReportsWebConfigAuthoringErrors(self):
        for text, said in [
                (web_config("", ".\\conformance.dll", model=INPROCESS), "Attribute 'processPath' is required."),
                (web_config("dotnet", ".\\conformance.dll", model="outofproces"), "Unknown hosting model 'outofproces'"),
                (web_config("dotnet", ".\\conformance.dll", inner='<environmentVariables><add name="a" value="b"/>'
                            "</environmentVariables>"), "")]:
            with self.subTest(said):
                application = self.refused(text)
                if said:
                    application.host.says(1034, containing=said)
                application.host.stop()

    # Environment

    def both_models(self, judge, **configuration):
        """`judge(application)` for the model that the test's name ends with: what the module says, to any program."""
        model = INPROCESS if self._testMethodName.endswith("_InProcess") else OUTOFPROCESS
        application = self.backend(model=model, **configuration)
        return judge(application)

    def expect(self, name, value, **configuration):
        def judge(application):
            self.assertEqual(application.variable(name), value)
        self.both_models(judge, **configuration)

    def test_GetLongEnvironmentVariable_InProcess(self):
        self.expect("ASPNETCORE_INPROCESS_TESTING_LONG_VALUE", "AVeryLong" * 40,
                    variables={"ASPNETCORE_INPROCESS_TESTING_LONG_VALUE": "AVeryLong" * 40})

    def test_GetLongEnvironmentVariable_OutOfProcess(self):
        self.test_GetLongEnvironmentVariable_InProcess()

    def test_AuthHeaderEnvironmentVariableRemoved_InProcess(self):
        self.expect("ASPNETCORE_IIS_HTTPAUTH", "anonymous;", variables={"ASPNETCORE_IIS_HTTPAUTH": "shouldberemoved"})

    def test_AuthHeaderEnvironmentVariableRemoved_OutOfProcess(self):
        self.test_AuthHeaderEnvironmentVariableRemoved_InProcess()

    def test_WebConfigOverridesGlobalEnvironmentVariables_InProcess(self):
        self.expect("ASPNETCORE_ENVIRONMENT", "Development", pool={"ASPNETCORE_ENVIRONMENT": "Production"},
                    variables={"aspnetcore_environment": "Production", "ASPNETCORE_ENVIRONMENT": "Development"})

    def test_WebConfigOverridesGlobalEnvironmentVariables_OutOfProcess(self):
        self.test_WebConfigOverridesGlobalEnvironmentVariables_InProcess()

    def test_WebConfigAppendsHostingStartup_OutOfProcess(self):
        self.expect("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Asm1;Microsoft.AspNetCore.Server.IISIntegration",
                    pool={"ASPNETCORE_HOSTINGSTARTUPASSEMBLIES": "Asm1"})
        self.expect("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", ";Microsoft.AspNetCore.Server.IISIntegration")

    def test_WebConfigOverridesHostingStartup_InProcess(self):
        self.expect("ASPNETCORE_HOSTINGSTARTUPASSEMBLIES", "Asm2", pool={"ASPNETCORE_HOSTINGSTARTUPASSEMBLIES": "Asm1"},
                    variables={"ASPNETCORE_HOSTINGSTARTUPASSEMBLIES": "Asm2"})

    def test_WebConfigOverridesHostingStartup_OutOfProcess(self):
        self.test_WebConfigOverridesHostingStartup_InProcess()

    def test_WebConfigExpandsVariables_InProcess(self):
        self.expect("OtherVariable", "%TestVariable%;Hello", variables={"OtherVariable": "%TestVariable%;Hello"})
        self.expect("OtherVariable", "Hello;Hello", pool={"TestVariable": "Hello"},
                    variables={"OtherVariable": "%TestVariable%;Hello"})

    def test_WebConfigExpandsVariables_OutOfProcess(self):
        self.test_WebConfigExpandsVariables_InProcess()

    def test_PreferEnvironmentVariablesOverWebConfigWhenConfigured(self):
        for model in [INPROCESS, OUTOFPROCESS]:
            for switch in ["1", "true"]:
                with self.subTest(model=model, switch=switch):
                    application = self.backend(
                        pool={"ANCM_PREFER_ENVIRONMENT_VARIABLES": switch, "MY_PLACE": "pool"},
                        variables={"MY_PLACE": "web.config", "OTHER": "web.config"}, model=model)
                    variables = application.variables()
                    self.assertEqual((variables["MY_PLACE"], variables["OTHER"]), ("pool", "web.config"))
                    application.host.stop()

    def https(self, *ports, source="backend", **configuration):
        host = self.host()
        host.bindings["Main"] = [("https", f"*:{port}:{name}") for port, name in ports]
        application = host.deploy(source, model=OUTOFPROCESS, **configuration)
        host.serve()
        return application

    def test_AncmHttpsPortCanBeOverriden(self):
        application = self.https((44399, "localhost"), variables={"ASPNETCORE_ANCM_HTTPS_PORT": "123"})
        self.assertEqual(application.variable("ASPNETCORE_ANCM_HTTPS_PORT"), "123")

    def test_HttpsRedirectionWorksIn30AndNot22(self):
        application = self.https((44399, "localhost"), source="conformance")
        self.assertEqual(application.variable("ASPNETCORE_ANCM_HTTPS_PORT"), "44399")
        answer = application.ask("/HttpsRedirect")
        self.assertEqual((answer.status, answer.headers.get("location")), (307, "https://localhost:44399/"))

    def test_MultipleHttpsPortsProduceNoEnvVar(self):
        application = self.https((44399, "localhost"), (44398, "localhost"))
        self.assertFalse(application.variable("ASPNETCORE_ANCM_HTTPS_PORT"))

    def test_SetsConnectionCloseHeader(self):
        application = self.serve(model=OUTOFPROCESS, settings={"forwardResponseConnectionHeader": "true"})
        answer = application.ask("/ConnectionClose")
        self.assertEqual((answer.text, answer.headers.get("connection")), ("Connection Close", "close"))
        application.configure(settings={"forwardResponseConnectionHeader": "false"})
        application.until(lambda answer: "connection" not in answer.headers, "/ConnectionClose")

    # Startup hooks of the application's own

    def hook(self, **configuration):
        library = dotnet.compiled("Hook", HOOK)
        application = self.serve(
            variables={"DOTNET_STARTUP_HOOKS": str(library)}, model=INPROCESS, **configuration)
        self.assertEqual(application.variable("HOOK_RAN"), "indeed")

    def test_CanAddCustomStartupHook(self):
        self.hook()

    def test_CanAddCustomStartupHookWhenIISOneIsDisabled(self):
        self.hook(settings={"callStartupHook": "false"})


if __name__ == "__main__":
    unittest.main()
