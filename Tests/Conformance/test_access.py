"""Who is let in, as clients and the access log see it (reference §5.2, §5.4)."""

import base64
import unittest

from instance import Instance, wait_until

USERS = "alice:$apr1$cZCdQ1w7$BG3VVwzdHL9zS3rfWzkyQ.\n"


def security(sections):
    return f"<system.webServer><security>{sections}</security></system.webServer>"


def credentials(name, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


class Access(unittest.TestCase):
    def instance(self, more):
        instance = Instance()
        self.addCleanup(instance.clean)
        self.users = instance.write("users", USERS)
        instance.configure(instance.site("Main", 1), more=more.replace("USERS", str(self.users)))
        return instance.serve()

    def log_lines(self, instance, count):
        folder = instance.state / "logs" / "W3SVC1"

        def lines():
            return [
                line for file in folder.glob("u_ex*.log") for line in file.read_text().splitlines()
                if not line.startswith("#")]
        wait_until(lambda: len(lines()) >= count, "no lines")
        return lines()

    def test_basic_authentication_lets_users_in_and_logs_their_names(self):
        instance = self.instance(security(
            '<authentication><anonymousAuthentication enabled="false"/>'
            '<basicAuthentication enabled="true" realm="Staff" usersFile="USERS"/></authentication>'))
        asked = instance.ask("/")
        self.assertEqual(asked.status, 401)
        self.assertEqual(asked.headers["www-authenticate"], 'Basic realm="Staff", charset="UTF-8"')
        for _ in range(3):
            answer = instance.ask("/", headers=credentials("alice", "secret pass"))
            self.assertEqual((answer.status, answer.text), (200, "the page"))
        self.assertEqual(instance.ask("/", headers=credentials("alice", "wrong")).status, 401)
        self.assertEqual(instance.ask("/", headers=credentials("mallory", "secret pass")).status, 401)
        lines = self.log_lines(instance, 6)
        self.assertEqual([line.split()[7] for line in lines], ["-", "alice", "alice", "alice", "-", "-"])
        self.assertEqual(
            [line.split()[-4:-1] for line in lines],
            [["401", "2", "5"], *[["200", "0", "0"]] * 3, *[["401", "1", "1326"]] * 2])
        # Nobody finds a password in what the server writes.
        written = [file.read_bytes() for file in instance.state.rglob("*") if file.is_file()]
        written.append("".join(filter(None, instance.lines)).encode())
        for secret in [b"secret pass", base64.b64encode(b"alice:secret pass")]:
            for text in written:
                self.assertNotIn(secret, text)
        # A user who is struck off is out within moments.
        self.users.write_text("# nobody\n")
        wait_until(lambda: instance.ask("/", headers=credentials("alice", "secret pass")).status == 401, "still let in")
        instance.stop()

    def test_a_signed_in_users_page_is_nobody_elses(self):
        instance = self.instance(security(
            '<authentication><basicAuthentication enabled="true" usersFile="USERS"/></authentication>'
            '<authorization><clear/><add accessType="Allow" users="alice"/></authorization>'))
        for _ in range(5):
            self.assertEqual(instance.ask("/index.html", headers=credentials("alice", "secret pass")).status, 200)
            self.assertEqual(instance.ask("/index.html").status, 401)
        instance.stop()

    def test_abort_request_closes_the_connection_without_a_word(self):
        instance = self.instance(security('<ipSecurity denyAction="AbortRequest"><add ipAddress="127.0.0.1"/></ipSecurity>'))
        request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        self.assertEqual(instance.raw(request), b"")
        self.assertEqual(instance.raw(b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello"), b"")
        instance.stop()

    def test_a_denied_address_is_refused_and_logged(self):
        instance = self.instance(security('<ipSecurity><add ipAddress="127.0.0.0" subnetMask="255.0.0.0"/></ipSecurity>'))
        for _ in range(3):
            self.assertEqual(instance.ask("/").status, 403)
        self.assertEqual([line.split()[-4:-2] for line in self.log_lines(instance, 3)], [["403", "6"]] * 3)
        instance.stop()

    def test_a_client_that_asks_too_often_is_refused(self):
        instance = self.instance(security(
            '<dynamicIpSecurity><denyByRequestRate enabled="true" maxRequests="5" requestIntervalInMilliseconds="600000"/>'
            '</dynamicIpSecurity>'))
        # Nothing comes from the router's cache, which would not count.
        self.assertEqual([instance.ask("/").status for _ in range(8)], [200] * 5 + [403] * 3)
        instance.stop()

    def test_a_preflight_is_answered_where_only_users_are_let_in(self):
        instance = self.instance(security(
            '<authentication><anonymousAuthentication enabled="false"/></authentication>').replace(
                "</system.webServer>",
                '<cors enabled="true"><add origin="https://*.example.com" maxAge="60"><allowMethods><add method="PUT"/>'
                '</allowMethods></add></cors></system.webServer>'))
        answer = instance.ask("/", method="OPTIONS", headers={
            "Origin": "https://app.example.com", "Access-Control-Request-Method": "PUT"})
        self.assertEqual(answer.status, 204)
        self.assertEqual(answer.headers["access-control-allow-origin"], "https://app.example.com")
        self.assertEqual(answer.headers["access-control-allow-methods"], "PUT")
        self.assertEqual(answer.headers["vary"], "Origin")
        self.assertEqual(instance.ask("/", headers={"Origin": "https://app.example.com"}).status, 401)
        instance.stop()

    def test_an_origins_answer_is_not_given_to_another(self):
        instance = self.instance(
            '<system.webServer><cors enabled="true"><add origin="https://a.test"/><add origin="https://b.test"/></cors>'
            '</system.webServer>')
        for origin in ["https://a.test", "https://b.test"] * 3:
            answer = instance.ask("/index.html", headers={"Origin": origin})
            self.assertEqual(answer.headers["access-control-allow-origin"], origin)
        self.assertNotIn("access-control-allow-origin", instance.ask("/index.html").headers)
        instance.stop()


if __name__ == "__main__":
    unittest.main()
