"""In-process rows that an application of a process of its own shows as well; compiled here (reference §11, §20)."""

import json
import os
import shutil
import socket
import time
import unittest

from aspnetcore import dotnet
from aspnetcore.hosted import OUTOFPROCESS, SharedCase
from aspnetcore.web_socket import TEXT, WebSocket
from instance import PATIENCE, wait_until

SOURCE = """
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Net.WebSockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

var builder = WebApplication.CreateBuilder(args);
builder.WebHost.ConfigureKestrel(k => { k.AllowSynchronousIO = true; k.RequestHeaderEncodingSelector = _ => Encoding.Latin1; });
var app = builder.Build();
var seen = new ConcurrentQueue<string>();
app.UseWebSockets();
void Get(string path, RequestDelegate work) => app.Map(path, work);

Get("/Seen", c => c.Response.WriteAsync(string.Join(",", seen)));
Get("/OnCompletedThrows", async c => { c.Response.OnCompleted(() => throw new Exception()); await c.Response.WriteAsync("fine"); });
Get("/Synchronously", c =>
{
    var b = new byte[16]; int n;
    while ((n = c.Request.Body.Read(b, 0, b.Length)) > 0) c.Response.Body.Write(b, 0, n);
    return Task.CompletedTask;
});
Get("/UnflushedPipe", c => { c.Response.BodyWriter.GetMemory(10).Span.Slice(0, 10).Fill((byte)'a'); c.Response.BodyWriter.Advance(10); return Task.CompletedTask; });
Get("/FlushedPipeAndThenUnflushedPipe", async c =>
{
    c.Response.BodyWriter.GetMemory(10).Span.Slice(0, 10).Fill((byte)'a'); c.Response.BodyWriter.Advance(10);
    await c.Response.BodyWriter.FlushAsync();
    c.Response.BodyWriter.GetMemory(10).Span.Slice(0, 10).Fill((byte)'b'); c.Response.BodyWriter.Advance(10);
});
Get("/Fields", c => c.Response.WriteAsync($"{c.Request.Host.Value} {c.Request.Method} {c.Connection.LocalIpAddress} {c.Connection.Id.Length > 0} {c.TraceIdentifier.Length > 0}"));
Get("/CompleteAsync", async c => { await c.Response.WriteAsync("early"); await c.Response.CompleteAsync(); await Task.Delay(3000); seen.Enqueue("complete:worked on"); });
Get("/MissingHeader", c => c.Response.WriteAsync($"[{c.Request.Headers["not-there"]}] {c.Request.Headers["not-there"].Count}"));
Get("/Latin1", c => c.Response.WriteAsync(c.Request.Headers["odd"].ToString()));
Get("/Big", async c => { var b = new byte[256 << 20]; Array.Fill(b, (byte)'a'); await c.Response.Body.WriteAsync(b); });
Get("/ReadAll", async c =>
{
    var first = new byte[1]; await c.Request.Body.ReadAsync(first); seen.Enqueue("began-" + c.Request.Query["id"]);
    try { await c.Request.Body.CopyToAsync(Stream.Null); seen.Enqueue("whole"); }
    catch (Exception e) { seen.Enqueue(c.Request.Query["id"] + ":" + e.GetType().Name); throw; }
});
Get("/WriteOn", async c =>
{
    await c.Response.StartAsync(); await c.Response.Body.FlushAsync();
    var gone = new TaskCompletionSource(); c.RequestAborted.Register(() => gone.TrySetResult()); await gone.Task;
    try { await c.Response.WriteAsync(new string('a', 100000)); seen.Enqueue("wrote:on"); } catch (Exception e) { seen.Enqueue("write:" + e.GetType().Name); }
    try { await c.Response.WriteAsync("a", c.RequestAborted); seen.Enqueue("token:ignored"); } catch (OperationCanceledException) { seen.Enqueue("token:cancelled"); }
});
Get("/AbortSeen", async c =>
{
    var token = c.RequestAborted; c.Abort();
    var gone = new TaskCompletionSource(); token.Register(() => gone.TrySetResult()); await gone.Task; seen.Enqueue("abort:tripped");
    try { await c.Response.WriteAsync("nobody reads"); seen.Enqueue("abort:wrote"); } catch (Exception e) { seen.Enqueue("abort:" + e.GetType().Name); }
    try { await c.Request.Body.ReadAsync(new byte[1]); seen.Enqueue("abort:read"); } catch (Exception e) { seen.Enqueue("abort:read:" + e.GetType().Name); }
    _ = token.WaitHandle.WaitOne(0); token.Register(() => { }).Dispose(); seen.Enqueue("abort:usable");
});
Get("/WebSocketStarted", async c =>
{
    c.Response.OnStarting(() => { c.Response.Headers["started"] = "yes"; return Task.CompletedTask; });
    using var socket = await c.WebSockets.AcceptWebSocketAsync();
    await socket.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, true, default);
});
Get("/WebSocketReadFirst", async c =>
{
    var n = await c.Request.Body.ReadAsync(new byte[10]);
    using var socket = await c.WebSockets.AcceptWebSocketAsync();
    await socket.SendAsync(Encoding.UTF8.GetBytes("read " + n), WebSocketMessageType.Text, true, default);
});
app.Run();
"""
RUNTIME = {"runtimeOptions": {"tfm": "net8.0", "frameworks": [
    {"name": name, "version": "8.0.0"} for name in ("Microsoft.NETCore.App", "Microsoft.AspNetCore.App")]}}


class OwnApplication(SharedCase):
    """The application, compiled once, one process of it for each class below."""

    SOURCE = None

    @classmethod
    def prepare(cls, host):
        if dotnet.MISSING:
            raise unittest.SkipTest(dotnet.MISSING)
        application = cls.application
        shutil.copy(dotnet.compiled("Own", SOURCE, "exe"), application.folder / "Own.dll")
        (application.folder / "Own.runtimeconfig.json").write_text(json.dumps(RUNTIME))
        application.configure(process="dotnet", arguments=".\\Own.dll", model=OUTOFPROCESS)

    def seen(self, word):
        wait_until(lambda: word in self.ask("/Seen").text.split(","), f"no {word}: {self.ask('/Seen').text}")

    def connection(self):
        return socket.create_connection(("127.0.0.1", self.shared.port), timeout=PATIENCE)


class RequestResponseTests(OwnApplication):
    def test_ReadAndWriteSynchronously(self):
        self.assertEqual(self.ask("/Synchronously", "POST", body="hello world" * 1000).text, "hello world" * 1000)

    def test_ResponseBodyTest_UnflushedPipe_AutoFlushed(self):
        self.assertEqual(self.ask("/UnflushedPipe").text, "a" * 10)

    def test_ResponseBodyTest_FlushedPipeAndThenUnflushedPipe_AutoFlushed(self):
        self.assertEqual(self.ask("/FlushedPipeAndThenUnflushedPipe").text, "a" * 10 + "b" * 10)

    def test_ResponseBodyTest_GettingHttpContextFieldsWork(self):
        self.assertEqual(self.ask("/Fields", headers={"Host": "named.test"}).text, "named.test GET 127.0.0.1 True True")

    def test_ResponseBodyTest_CompleteAsyncWorks(self):
        self.assertEqual(self.ask("/Seen").status, 200)
        began = time.monotonic()
        self.assertEqual(self.ask("/CompleteAsync").text, "early")
        # The answer was whole while the application still worked, for three seconds.
        self.assertLess(time.monotonic() - began, 2.5)
        self.seen("complete:worked on")

    def test_TestStringValuesEmptyForMissingHeaders(self):
        self.assertEqual(self.ask("/MissingHeader").text, "[] 0")

    def test_BasePathIsNotPrefixedBySlashSlashQuestionMark(self):
        environment = open(f"/proc/{self.shared.backends()[0]}/environ").read() if self.ask("/Seen").status == 200 else ""
        self.assertIn(f"ASPNETCORE_IIS_PHYSICAL_PATH={self.application.folder}/\0", environment)


class StartupTests(OwnApplication):
    def test_OnCompletedDoesNotFailRequest(self):
        for _ in range(3):
            self.assertEqual(self.ask("/OnCompletedThrows").text, "fine")


class Latin1Tests(OwnApplication):
    def test_Latin1Works(self):
        data, _ = self.application.raw_request(
            b"GET /Latin1 HTTP/1.1\r\nHost: localhost\r\nodd: \xa3 caf\xe9\r\nConnection: close\r\n\r\n")
        self.assertIn("£ café".encode(), data)


class WebSocketsTests(OwnApplication):
    def test_OnStartedCalledForWebSocket(self):
        with WebSocket(self.shared.port, "/WebSocketStarted") as connection:
            self.assertIn(b"started: yes", connection.head.lower())
            self.assertEqual(connection.message(), (TEXT, b"hello"))

    def test_WebReadBeforeUpgrade(self):
        with WebSocket(self.shared.port, "/WebSocketReadFirst") as connection:
            self.assertEqual(connection.message(), (TEXT, b"read 0"))


class ResponseBodySizeTests(OwnApplication):
    @unittest.skipUnless(os.environ.get("HOSTELRY_WHOLE"), "256 MB of one write, with HOSTELRY_WHOLE=1 only")
    def test_WriteAsyncShouldCorrectlyHandleBigBuffers(self):
        self.assertEqual(len(self.ask("/Big").body), 256 << 20)


class ClientDisconnectTests(OwnApplication):
    def test_ReadThrowsAfterClientDisconnect(self):
        with self.connection() as connection:
            connection.sendall(b"POST /ReadAll?id=left HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\nhello")
            self.seen("began-left")
        wait_until(lambda: "left:" in self.ask("/Seen").text, "the application is not told")

    def test_ReaderThrowsResetExceptionOnInvalidBody(self):
        with self.connection() as connection:
            connection.sendall(b"POST /ReadAll?id=odd HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
                               b"5\r\nhello\r\n")
            self.seen("began-odd")
            connection.sendall(b"not a size\r\n")
            connection.recv(1000)
        wait_until(lambda: "odd:" in self.ask("/Seen").text, "the application is not told")

    def leave(self):
        with self.connection() as connection:
            connection.sendall(b"GET /WriteOn HTTP/1.1\r\nHost: localhost\r\n\r\n")
            connection.recv(1000)

    def test_WritesSucceedAfterClientDisconnect(self):
        self.leave()
        self.seen("wrote:on")

    def test_WritesCanceledWhenUsingAbortedToken(self):
        self.leave()
        self.seen("token:cancelled")


class ResponseAbortTests(OwnApplication):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.application.raw_request(b"GET /AbortSeen HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    def test_RequestAbortedIsTrippedAfterAbort(self):
        self.seen("abort:tripped")

    def test_WritesNoopAfterAbort(self):
        self.seen("abort:wrote")

    def test_ReadsThrowAfterAbort(self):
        wait_until(lambda: "abort:read:" in self.ask("/Seen").text, "reads do not throw")

    def test_CancellationTokenIsUsableAfterAbortingRequest(self):
        self.seen("abort:usable")


if __name__ == "__main__":
    unittest.main()
