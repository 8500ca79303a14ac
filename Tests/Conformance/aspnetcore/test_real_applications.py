"""Real applications as they were published: ASP.NET Core's own templates, SignalR, Blazor, and those in other languages."""

import contextlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sysconfig
import tempfile
import time
import unittest
import urllib.parse
from pathlib import Path

from aspnetcore import dotnet
from aspnetcore.hosted import INPROCESS, PYTHON, Case
from aspnetcore.web_socket import WebSocket
from instance import BINARIES, PATIENCE, is_running, wait_until
from test_express import Express

COOKIES = """
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
var app = builder.Build();
app.UseAuthentication();
app.MapGet("/login", async (HttpContext c) =>
{
    var who = new ClaimsIdentity(new[] { new Claim(ClaimTypes.Name, "alice") }, "cookie");
    await c.SignInAsync(new ClaimsPrincipal(who));
    await c.Response.WriteAsync("in");
});
app.MapGet("/who", (HttpContext c) =>
    c.Response.WriteAsync((c.User.Identity?.Name ?? "nobody") + " " + System.Environment.ProcessId));
app.Run();
"""
# As the record separator of SignalR's messages.
MARK = "\x1e"


class Published(Case):
    """The folders that `dotnet publish` left, web.config and all, as root and as sub-application."""

    # The root, and a sub-application in a pool of its own: two in-process applications never share one.
    def unmodified(self, source):
        host = self.host()
        applications = []
        for path, pool in [("/", "Main"), ("/sub/app", "Second")]:
            published = dotnet.PUBLISHED / source / "web.config"
            if not published.exists():
                self.skipTest(dotnet.MISSING or f"no {published}")
            application = host.deploy(
                source, path=path, pool=pool, text=published.read_text(encoding="utf-8-sig"),
                folder=f"applications/{pool}")
            applications.append(application)
        host.serve()
        return applications

    def test_web(self):
        for application in self.unmodified("web"):
            self.assertEqual(application.ask("/").text, "Hello World!")
            self.assertEqual(application.ask("/nothing").status, 404)

    def test_web_win_x64(self):
        for application in self.unmodified("web-win-x64"):
            self.assertEqual(application.ask("/").text, "Hello World!")

    def test_web_api(self):
        for application in self.unmodified("web-api"):
            forecast = application.ask("/weatherforecast")
            self.assertEqual(forecast.headers["content-type"], "application/json; charset=utf-8")
            self.assertEqual(len(forecast.json()), 5)

    def test_razor_pages(self):
        for application in self.unmodified("razor-pages"):
            base = "" if application.path == "/" else application.path
            page = application.ask("/")
            self.assertIn("<h1 class=\"display-4\">Welcome</h1>", page.text)
            self.assertEqual(application.ask("/Privacy").status, 200)
            for link in re.findall(r'(?:href|src)="([^"]+\.(?:css|js)[^"]*)"', page.text):
                answer = application.ask(link.removeprefix(base))
                self.assertEqual(answer.status, 200, link)
            # What was compressed beforehand is the application's choice.
            script = next(link for link in re.findall(r'src="([^"]+\.js)', page.text))
            answer = application.ask(script.removeprefix(base), headers={"Accept-Encoding": "br, gzip"})
            self.assertIn(answer.headers.get("content-encoding"), ("br", "gzip"))
            self.assertTrue(answer.headers.get("etag"))
            again = application.ask(script.removeprefix(base), headers={
                "Accept-Encoding": "br, gzip", "If-None-Match": answer.headers["etag"]})
            self.assertEqual(again.status, 304)

    def test_legacy(self):
        for application in self.unmodified("legacy"):
            base = "" if application.path == "/" else application.path
            self.assertRegex(application.ask("/x/y").text, rf"KestrelServer\S* {base} /x/y 8\.0\.\d+")

    def test_signalr(self):
        for application in self.unmodified("signalr"):
            self.assertIn("SignalR chat", application.ask("/").text)
            self.sockets(application)
            self.events(application)
            self.polling(application)

    def negotiated(self, application):
        answer = application.ask("/chat/negotiate?negotiateVersion=1", "POST", body="")
        self.assertEqual(answer.status, 200, answer)
        said = answer.json()
        self.assertEqual({each["transport"] for each in said["availableTransports"]},
                         {"WebSockets", "ServerSentEvents", "LongPolling"})
        return urllib.parse.quote(said["connectionToken"])

    HANDSHAKE = json.dumps({"protocol": "json", "version": 1}) + MARK
    CALL = json.dumps({"type": 1, "target": "Say", "arguments": ["me", "hello"]}) + MARK

    def sockets(self, application):
        with WebSocket(application.host.port, application.at(f"/chat?id={self.negotiated(application)}")) as connection:
            connection.send(self.HANDSHAKE)
            self.assertEqual(connection.message()[1].decode(), "{}" + MARK)
            connection.send(self.CALL)
            heard = connection.message()[1].decode()
            while '"said"' not in heard:
                heard = connection.message()[1].decode()
            self.assertIn('"hello"', heard)

    def events(self, application):
        token = self.negotiated(application)
        stream = application.connect()
        stream.request("GET", application.at(f"/chat?id={token}"), headers={"Accept": "text/event-stream"})
        response = stream.getresponse()
        self.assertEqual(response.getheader("Content-Type"), "text/event-stream")
        for message in [self.HANDSHAKE, self.CALL]:
            self.assertEqual(application.ask(f"/chat?id={token}", "POST", body=message).status, 200)
        heard = ""
        while '"hello"' not in heard:
            heard = response.readline().decode()
        stream.close()

    def polling(self, application):
        token = self.negotiated(application)
        self.assertEqual(application.ask(f"/chat?id={token}").status, 200)
        self.assertEqual(application.ask(f"/chat?id={token}", "POST", body=self.HANDSHAKE).status, 200)
        self.assertEqual(application.ask(f"/chat?id={token}", "POST", body=self.CALL).status, 200)
        heard = ""
        while '"hello"' not in heard:
            heard += application.ask(f"/chat?id={token}").text
        self.assertEqual(application.ask(f"/chat?id={token}", "DELETE").status, 202)

    def test_blazor(self):
        for application in self.unmodified("blazor"):
            page = application.ask("/")
            self.assertIn("<h1>Counter</h1>", page.text)
            self.assertEqual(application.ask("/_framework/blazor.web.js").status, 200)


class WithoutWebConfig(Case):
    """What was published for Linux has no web.config; one is written as the SDK would have (issue 9, 7)."""

    def write_web_config(self, application, *arguments):
        said = subprocess.run([BINARIES / "hostelry", "web-config", application.folder, *arguments],
                              capture_output=True, text=True, timeout=PATIENCE)
        self.assertEqual(said.returncode, 0, said.stderr)
        text = (application.folder / "web.config").read_text(encoding="utf-8-sig")
        self.assertIn('modules="AspNetCoreModuleV2"', text)
        return text

    def test_web_linux_x64(self):
        host = self.host()
        application = host.deploy("web-linux-x64")
        (application.folder / "web.config").unlink()
        host.serve()
        answer = application.ask("/")
        self.assertEqual(answer.status, 403)
        self.assertIn("web-config", answer.text)
        text = self.write_web_config(application)
        self.assertIn("Stock.Web", text)
        application.until(lambda answer: answer.text == "Hello World!")

    def test_web_self_contained(self):
        host = self.host()
        application = host.deploy(None)
        if dotnet.MISSING:
            self.skipTest(dotnet.MISSING)
        subprocess.run([dotnet.SHARED / "assemble-self-contained", application.folder, dotnet.root()],
                       check=True, capture_output=True)
        application.open_to_pools()
        application.folder.chmod(0o777)
        self.write_web_config(application, "--hosting-model", "outofprocess")
        # It needs no .NET of the machine's.
        host.pool(variables={**dotnet.variables(), "DOTNET_ROOT": None})
        host.serve()
        self.assertEqual(application.ask("/").text, "Hello World!")


class DataProtection(Case):
    def test_a_login_survives_a_recycle_of_the_pool(self):
        host = self.host()
        application = host.deploy(None)
        shutil.copy(dotnet.compiled("Cookies", COOKIES, "exe"), application.folder / "Cookies.dll")
        (application.folder / "Cookies.runtimeconfig.json").write_text(json.dumps({"runtimeOptions": {
            "tfm": "net8.0", "frameworks": [{"name": name, "version": "8.0.0"} for name in
                                            ("Microsoft.NETCore.App", "Microsoft.AspNetCore.App")]}}))
        application.configure(process="dotnet", arguments=".\\Cookies.dll", model=INPROCESS)
        host.serve()
        cookie = application.ask("/login").headers["set-cookie"].split(";")[0]
        name, pid = application.ask("/who", headers={"Cookie": cookie}).text.split()
        self.assertEqual(name, "alice")
        host.recycle()

        def other():
            found, process = application.ask("/who", headers={"Cookie": cookie}).text.split()
            self.assertEqual(found, "alice")
            return process != pid
        wait_until(other, "the pool is not recycled")
        host.stop()
        host.serve()
        self.assertEqual(application.ask("/who", headers={"Cookie": cookie}).text.split()[0], "alice")
        self.assertEqual(application.ask("/who").text.split()[0], "nobody")
        keys = list((host.state / "homes" / "main").rglob("key-*.xml"))
        self.assertEqual(len(keys), 1)


FLASK = """
import os
import flask
app = flask.Flask(__name__)

@app.route("/<path:rest>", methods=["GET", "POST"])
@app.route("/", methods=["GET", "POST"])
def everything(rest=""):
    return {"path": flask.request.path, "body": flask.request.get_data(as_text=True), "host": flask.request.host}

app.run(host="127.0.0.1", port=int(os.environ["HTTP_PLATFORM_PORT"]), threaded=True)
"""
SOCKET = """
import http.server, os, socketserver, sys

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = f"{self.path} {sys.argv[1] == os.environ['HTTP_PLATFORM_SOCKET']}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass

class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True

Server(sys.argv[1], Handler).serve_forever()
"""
UVICORN = """
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    for number in range(3):
        await send({"type": "http.response.body", "body": b"%d " % number, "more_body": True})
    await send({"type": "http.response.body", "body": scope["path"].encode() + b" " + body})
"""
NODE = """
const http = require("http");
http.createServer((request, response) => {
  let body = "";
  request.on("data", piece => body += piece);
  request.on("end", () => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ url: request.url, body, from: request.headers["x-forwarded-for"] }));
  });
}).listen(process.env.PORT || process.env.ASPNETCORE_PORT, "127.0.0.1");
"""
JAVA = """
import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;

public class Server {
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", port), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = ("java " + exchange.getRequestURI() + " " + body.length).getBytes("UTF-8");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
    }
}
"""


class OtherLanguages(Case):
    def deployed(self, files, **configuration):
        host = self.host()
        application = host.deploy(None)
        for name, text in files.items():
            (application.folder / name).write_text(text)
        application.configure(**configuration)
        return application

    PLATFORM = {"section": "httpPlatform", "module": "httpPlatformHandler"}

    def packages(self, application, *names):
        """Packages of the tests' Python where the pool can read them."""
        missing = [name for name in names if not importlib.util.find_spec(name)]
        if missing:
            self.skipTest(f"not installed: {', '.join(missing)}")
        for entry in Path(sysconfig.get_paths()["purelib"]).iterdir():
            if not entry.name.lower().startswith(("pip", "selenium", "axe", "_distutils", "setuptools", "trio")):
                target = application.folder / "packages" / entry.name
                if entry.is_dir():
                    shutil.copytree(entry, target)
                else:
                    target.parent.mkdir(exist_ok=True)
                    shutil.copy(entry, target)
        application.configure(variables={"PYTHONPATH": str(application.folder / "packages"), "PYTHONUNBUFFERED": "1"})

    def test_python_flask(self):
        application = self.deployed(
            {"server.py": FLASK}, process=PYTHON, arguments="server.py", stdoutLogEnabled="true", **self.PLATFORM)
        self.packages(application, "flask")
        application.host.serve()
        answer = application.ask("/a/b?c", "POST", body="a body", headers={"Host": "flask.test"})
        self.assertEqual(answer.json(), {"path": "/a/b", "body": "a body", "host": "flask.test"})

    def test_python_at_a_unix_socket(self):
        application = self.deployed(
            {"server.py": SOCKET}, process=PYTHON, arguments="server.py %HTTP_PLATFORM_SOCKET%", **self.PLATFORM)
        application.host.serve()
        for _ in range(3):
            self.assertEqual(application.ask("/a/b").text, "/a/b True")
        self.assertIn("is listening on socket '", application.host.says(1001)["text"])

    def test_python_uvicorn(self):
        application = self.deployed(
            {"server.py": UVICORN}, process=PYTHON,
            arguments="-m uvicorn server:app --host 127.0.0.1 --port %HTTP_PLATFORM_PORT%", **self.PLATFORM)
        self.packages(application, "uvicorn")
        application.host.serve()
        self.assertEqual(application.ask("/x", "POST", body="a body").text, "0 1 2 /x a body")

    def test_node(self):
        node = shutil.which("node")
        if not node:
            self.skipTest("not installed: nodejs")
        for configuration in [
                {**self.PLATFORM, "variables": {"PORT": "%HTTP_PLATFORM_PORT%"}}, {"variables": {"OTHER": "1"}}]:
            with self.subTest(configuration.get("section", "aspNetCore")):
                application = self.deployed({"server.js": NODE}, process="node", arguments=".\\server.js", **configuration)
                application.host.serve()
                answer = application.ask("/x?y", "POST", body="a body").json()
                self.assertEqual((answer["url"], answer["body"]), ("/x?y", "a body"))
                self.assertIn("127.0.0.1:", answer["from"])
                application.host.stop()

    def test_java(self):
        java = shutil.which("java")
        if not java:
            self.skipTest("not installed: a Java runtime with its compiler (java)")
        if subprocess.run([java, "--list-modules"], capture_output=True, text=True).stdout.find("jdk.compiler") < 0:
            self.skipTest("this Java has no compiler (jdk.compiler), which runs a source file")
        application = self.deployed(
            {"Server.java": JAVA}, process=java, arguments="Server.java %HTTP_PLATFORM_PORT%", startupTimeLimit=60,
            **self.PLATFORM)
        application.host.serve()
        self.assertEqual(application.ask("/x?y", "POST", body="a body").text, "java /x?y 6")
        pid, = application.host.backends()
        application.touch()
        application.until(lambda answer: answer.status == 200)
        wait_until(lambda: not is_running(pid), "the old process is left")


class ExpressFolders(Case):
    """`hostelry express --path FOLDER` just runs it, web.config or none."""

    def test_a_folder_published_for_linux(self):
        if dotnet.MISSING:
            self.skipTest(dotnet.MISSING)
        folder = Path(tempfile.mkdtemp(prefix="hostelry-express-"))
        self.addCleanup(shutil.rmtree, folder, ignore_errors=True)
        folder.chmod(0o755)
        (folder / "base").mkdir()
        shutil.copytree(dotnet.PUBLISHED / "web-linux-x64", folder / "site")
        saved = dict(os.environ)
        self.addCleanup(lambda: (os.environ.clear(), os.environ.update(saved)))
        os.environ.update(dotnet.variables())
        express = Express(self, "--path", str(folder / "site"), base=folder / "base")
        _, port = express.address()
        deadline = time.monotonic() + PATIENCE
        answer = (0, "")
        while answer != (200, "Hello World!") and time.monotonic() < deadline:
            with contextlib.suppress(OSError):
                answer = express.get("/", port)
        self.assertEqual(answer, (200, "Hello World!"))
        self.assertEqual(express.interrupt(), 0)


if __name__ == "__main__":
    unittest.main()
